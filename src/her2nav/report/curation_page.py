"""A form for a curator: the registry's words and the tree side by side, with room for corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import Node, children
from her2nav.model.trial import Criterion, Trial
from her2nav.report.criterion_lines import Line, node_line
from her2nav.report.html import environment


@dataclass(frozen=True, slots=True)
class _Row:
    """A stretch of the text with the criterion that covers it; None: no criterion does."""

    words: str
    criterion: Criterion | None
    lines: tuple[tuple[int, Line], ...] = ()


def curation_page(trial: Trial, text: str, knowledge: Knowledge, versions: Mapping[str, Any]) -> str:
    """Return the form as a page.

    Args:
        trial: Curated or read; spans of its criteria count characters of `text`.
        text: The registry's eligibility text.
        knowledge: Names of drugs.
        versions: What the trees were made with.
    """
    rows = list(_rows(trial.criteria, text, knowledge))
    unread = sum(line.unread for row in rows for _, line in row.lines)
    uncovered = sum(row.criterion is None for row in rows)
    return (
        environment()
        .get_template("curation.html.j2")
        .render(
            trial=trial.record,
            made=trial.criteria_from,
            rows=rows,
            unread=unread,
            uncovered=uncovered,
            versions=versions,
        )
    )


def _rows(criteria: Sequence[Criterion], text: str, knowledge: Knowledge) -> Iterator[_Row]:
    placed = sorted((item for item in criteria if item.span), key=lambda item: item.span or (0, 0))
    at = 0
    for criterion in placed:
        assert criterion.span is not None
        first, end = criterion.span
        if words := _words(text[at:first]):
            yield _Row(words, None)
        yield _Row(_words(text[first:end]), criterion, tuple(_lines(criterion.node, text, knowledge)))
        at = max(at, end)
    if words := _words(text[at:]):
        yield _Row(words, None)
    for criterion in criteria:
        if not criterion.span:
            yield _Row("", criterion, tuple(_lines(criterion.node, text, knowledge)))


def _lines(node: Node, text: str, knowledge: Knowledge) -> Iterator[tuple[int, Line]]:
    stack = [(0, node)]
    while stack:
        depth, item = stack.pop()
        yield depth, node_line(item, text, knowledge)
        stack += [(depth + 1, part) for part in reversed(children(item))]


def _words(stretch: str) -> str:
    """The stretch with white space folded; nothing where it holds no letter or digit."""
    words = " ".join(stretch.split())
    return words if any(letter.isalnum() for letter in words) else ""
