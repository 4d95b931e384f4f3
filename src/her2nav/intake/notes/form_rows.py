"""Rows of a form whose label stands in a column of its own: they are read as where a colon stands behind the label."""

from __future__ import annotations

import re

_LABELS = (
    r"assay(?: name| used| type)?",
    r"test(?: name| performed| type| method)?",
    r"method(?:ology)?|platform|panel|technique used",
    r"(?:specimen|sample|tissue)s?(?: type| site| source| taken| submitted| tested)?|procedure|block",
    r"(?:specimen |sample )?collected|(?:date )?(?:collected|taken|of collection)|collection date",
    r"copy number|(?:erbb2|her-?2) copy number",
    r"(?:ihc |her-?2 |ish |fish |final |overall )*(?:score|result|status|interpretation)|conclusion",
    r"(?:no\.? of |number of )?cells(?: counted| scored)?|(?:her-?2/cep17 )?ratio",
)
_ROW = re.compile(rf"^[ ]*(?:{'|'.join(_LABELS)}) ?\t(?=[^\t\n|]+$)", re.MULTILINE | re.IGNORECASE)
"""A label of a report on a specimen or a test, and one cell behind it."""


def with_colons(text: str, plain: str) -> str:
    """Return the plain words of a note with a colon behind each label that a gap parts from its value.

    Rows of several cells are tables: their columns stay.
    """
    if "\t" not in text:
        return plain
    parts: list[str] = []
    done = 0
    for row in _ROW.finditer(text):
        parts += [plain[done : row.end() - 1], ":"]
        done = row.end()
    return "".join([*parts, plain[done:]]) if parts else plain
