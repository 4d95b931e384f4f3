"""The size of the sheet that a page is printed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from her2nav.report.sections import Paper

from enum import StrEnum


class PaperChoice(StrEnum):
    """Sheets that pages are laid out for."""

    A4 = "A4"
    LETTER = "letter"

    @property
    def sheet(self) -> Paper:
        """The sheet as the pages name it."""
        return "A4" if self is PaperChoice.A4 else "letter"
