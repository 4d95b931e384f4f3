"""The worklist as a self-contained page: by trial, patients with the one question left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from her2nav.report.html import environment

HEADINGS = {
    "fits": "Fits on the record; the trial team confirms",
    "may_fit": "May fit",
    "soon": "Waits for a date",
    "lost": "No longer fits",
}


def worklist_page(found: Mapping[str, Any], words: Mapping[str, str], closing: list[str]) -> str:
    """Return the page of a worklist in the form of its JSON.

    Args:
        found: The worklist.
        words: What is new, by code.
        closing: Sentences that stand below.
    """
    return (
        environment()
        .get_template("worklist.html.j2")
        .render(found=found, headings=HEADINGS, words=words, closing=closing)
    )
