"""Approvals, recommendations and remarks as tables, for review by people (docs/approvals.md)."""

from __future__ import annotations

from collections.abc import Iterable

from her2nav.knowledge.approvals import Approval, Period, Remark
from her2nav.model.provenance import Provenance
from her2nav.report.option_words import dated
from her2nav.therapy.book import REMARKS, TherapyBook


def approvals_page(book: TherapyBook) -> str:
    """Return every entry, gate and remark as Markdown tables."""
    labels = [one for one in book.approvals if one.standing != "guideline"]
    lines = [
        f"{len(labels)} labels and applications, {len(book.approvals) - len(labels)} recommendations,",
        f"{len(book.gates)} gates. Confidence: V, M, O, P read; K knowledge; K? and UNV unverified, which decide",
        "nothing.\n",
        "## Labels and applications\n",
        "| entry | where | regimen | gates | status and days | wording | source |",
        "|---|---|---|---|---|---|---|",
        *(_row(one) for one in labels),
        "\n## Recommendations of guidelines, off label\n",
        "| entry | where | regimen | gates | status and days | wording | source |",
        "|---|---|---|---|---|---|---|",
        *(_row(one) for one in book.approvals if one.standing == "guideline"),
        "\n## Gates\n",
        "| gate | about | asks for | confidence |",
        "|---|---|---|---|",
        *(f"| `{one.id}` | {one.about} | {one.clinical} | {one.confidence.value} |" for one in book.gates.values()),
    ]
    topics = {name.replace("_", " "): book.remarks[name] for name in REMARKS}
    for title, items in {**topics, "brain": book.brain.remarks, "ctdna": book.ctdna.caveats}.items():
        lines += _remarks(title, items)
    return "\n".join(lines) + "\n"


def _row(item: Approval) -> str:
    gates = ", ".join(
        f"`{use.gate}`"
        + (f" from {dated(use.valid_from)}" if use.valid_from else "")
        + (f" until {dated(use.valid_to)}" if use.valid_to else "")
        + (f" ({use.confidence.value})" if use.confidence else "")
        for use in item.gates
    )
    days = "; ".join(map(_period, item.periods)) or item.standing + (
        f" since {dated(item.since)}" if item.since else ""
    )
    return (
        f"| {item.id} | {item.jurisdiction} | {item.regimen} | {gates} | {days} | {item.wording} "
        f"| {_sources(item.provenance)} |"
    )


def _period(period: Period) -> str:
    until = f" to {dated(period.valid_to)}" if period.valid_to else ""
    return f"{period.status.replace('_', ' ')} from {dated(period.valid_from)}{until}"


def _remarks(title: str, items: Iterable[Remark]) -> list[str]:
    return [
        f"\n## Remarks: {title}\n",
        "| remark | does | about | evidence | says | source |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.id} | {one.effect} | {', '.join(one.drugs) or 'any'} | {one.level} | {one.clinical} "
            f"| {_sources(one.provenance)} |"
            for one in items
        ),
    ]


def _sources(lines: tuple[Provenance, ...]) -> str:
    return "; ".join(f"{line.source}, {line.locator}, {line.confidence.value}" for line in lines)
