"""The pages of docs/ on studies and on contradictions, for reading and review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from her2nav.evidence.intervals import events_of
from her2nav.evidence.library import Library
from her2nav.evidence.rows import Row, rows
from her2nav.knowledge.citations import cited
from her2nav.knowledge.conflicts import BASES, Conflict
from her2nav.knowledge.schema import Source
from her2nav.knowledge.studies import GATES, MEASURES, SETTINGS, Figure, Result, Study

_SIGN = {"about": "about ", "more_than": "more than ", "at_least": "at least ", "up_to": "up to "}
_MAIN = ("orr", "dcr", "pfs", "dor", "os")
_LETTERS = {
    "A": "Rules of HER2 status and testing",
    "B": "Frequency, outlook, biology",
    "C": "Identity, class and status of trials",
    "D": "Numbers",
    "E": "Drugs, approvals, safety, mechanism",
    "F": "Variants",
    "G": "The documents themselves",
    "R": "Corrections that no other entry holds",
}


def evidence_page(stock: Library, sources: Mapping[str, Source], touching: Mapping[str, Sequence[Conflict]]) -> str:
    """Return a Markdown page of all studies and figures.

    Args:
        stock: Studies, figures and reviews.
        sources: Titles of the documents.
        touching: The conflicts of each study, by its id.
    """
    studies = list(stock.studies.values())
    arms = rows(studies)
    results = [result for row in arms for result in row.arm.results]
    size = f"{len(studies)} studies with {len(results)} results in {len(arms)} groups of patients"
    lines = [
        f"{size}, and {len(stock.figures)} figures around them.",
        "Numbers are as printed; a time in another unit also stands in months. Different trials are never compared.",
        "Confidence: V, M, O, P checked in a source (P also: a review or page was read, not the paper itself); K is",
        "medical knowledge; K? and UNV are unverified, and nothing is decided, pooled or drawn from them alone.\n",
        *(f"- [{name}](#{_anchor(name)})" for name in stock_names(stock)),
        "- [Figures](#figures)\n- [How the source documents were made](#how-the-source-documents-were-made)",
        "- [Shares that no count of patients gives](#shares-that-no-count-of-patients-gives)",
    ]
    for name, found in stock_names(stock).items():
        lines += [f"\n## {name}\n", *_studies(found, touching)]
    lines += ["\n## Figures\n", *_figures(stock.figures), "\n## How the source documents were made\n"]
    for review in stock.reviews:
        lines.append(f"- **{sources[review.source].title}** (`{review.source}`): {review.says}")
        parts = {
            "searched": f"{', '.join(review.databases)}, {review.searched_from} to {review.searched_to}"
            if review.databases
            else "",
            "keywords": ", ".join(review.keywords),
            "taken": "; ".join(review.included),
            "left out": "; ".join(review.excluded),
            "trial statuses of": str(review.trial_status_on or ""),
            "guideline": review.guideline_edition or "",
            "missing from the text held": "; ".join(review.missing),
        }
        lines += [f"  - {word}: {text}" for word, text in parts.items() if text]
    lines += ["\n## Shares that no count of patients gives\n", *_impossible(arms)]
    return "\n".join(lines) + "\n"


def stock_names(stock: Library) -> dict[str, list[Study]]:
    """Return the studies under the name of their file."""
    found: dict[str, list[Study]] = {}
    for study in stock.studies.values():
        name = stock.files[study.id].removeprefix("studies/").removesuffix(".yaml").replace("_", " ").capitalize()
        found.setdefault(name, []).append(study)
    return found


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _studies(found: Iterable[Study], touching: Mapping[str, Sequence[Conflict]]) -> list[str]:
    with_results = [study for study in found if study.has_results]
    lines = []
    if with_results:
        lines = [
            "| study | patients | n | ORR, % | DCR, % | PFS, months | DoR, months | OS, months | other | source |",
            "|---|---|---|---|---|---|---|---|---|---|",
            *(_row(row, touching) for row in rows(with_results)),
        ]
    rest = [study for study in found if not study.has_results]
    if rest:
        lines += [
            "",
            "| without results | regimen | HER2 | setting | status | note | source |",
            "|---|---|---|---|---|---|---|",
        ]
    for study in rest:
        status = f"{study.status or ''}{f' ({study.status_on})' if study.status_on else ''}"
        cells = (
            _named(study, touching),
            study.regimen,
            study.criteria or GATES[study.gate],
            study.line or SETTINGS[study.setting],
            status,
            study.note or "",
            f"{cited(study.cite)}; {study.confidence.value}",
        )
        lines.append(_line(cells))
    return lines


def _named(study: Study, touching: Mapping[str, Sequence[Conflict]]) -> str:
    marks = ", ".join(f"[{one.id}](conflicts.md#{one.id.lower()})" for one in touching[study.id])
    numbers = f" ({', '.join(study.registry)})" if study.registry else ""
    return f"{study.name}{numbers}{' ' + marks if marks else ''}"


def _row(row: Row, touching: Mapping[str, Sequence[Conflict]]) -> str:
    whom = "; ".join(part for part in (row.arm.name, GATES[row.gate], row.molecular, row.dose, row.arm.cut) if part)
    other = [_other(row, one) for one in row.arm.results if one.measure not in _MAIN or one.value is None]
    cells = (
        f"{_named(row.study, touching)}: {row.regimen}",
        whom,
        str(row.arm.n or ""),
        *("; ".join(_number(row, one) for one in row.of(name) if one.value is not None) for name in _MAIN),
        "; ".join(other),
        f"{cited(row.study.cite)}; {row.study.confidence.value}",
    )
    return _line(cells)


def _number(row: Row, one: Result) -> str:
    span = f" ({one.low} to {one.high})" if one.low is not None else ""
    level = f", {one.level} % interval" if one.level is not None and one.level != 95 else ""
    months = one.months(one.value)
    unit = f" {one.shown_unit} = {months} months" if months is not None and one.shown_unit != "months" else ""
    confidence = row.confidence(one)
    tag = "" if confidence is row.study.confidence else f" [{confidence.value}]"
    return f"{_SIGN.get(one.sign or '', '')}{one.value}{unit}{span}{level}{tag}"


def _other(row: Row, one: Result) -> str:
    what = one.event or MEASURES[one.measure].label
    grade = f" grade {one.grade}" if one.grade else ""
    when = f" at {one.at} months" if one.at else ""
    value = f" {_number(row, one)}{' %' if one.shown_unit == '%' else ''}" if one.value is not None else ""
    note = f" ({one.note})" if one.note else ""
    return f"{what}{grade}{when}{value}{note}"


def _figures(figures: Iterable[Figure]) -> list[str]:
    lines = ["| topic | of whom | what | value | source |", "|---|---|---|---|---|"]
    for one in figures:
        sign = _SIGN.get(one.sign or "", "")
        span = f"{one.low} to {one.high}" if one.low is not None else ""
        value = f"{one.value}{f' ({span})' if span else ''}" if one.value is not None else span
        shown = f"{sign}{value} {one.unit}" if value else ""
        count = f"{one.events} of {one.n}" if one.events is not None else ""
        parts = "; ".join(part for part in (shown, count, one.says) if part)
        lines.append(_line((one.topic, one.population, one.what, parts, f"{cited(one.cite)}; {one.confidence.value}")))
    return lines


def _impossible(arms: Iterable[Row]) -> list[str]:
    found = [
        f"- {row.study.name}, {row.arm.name}, {one.event or MEASURES[one.measure].label}: {one.value} % of {n}"
        for row in arms
        for one in row.arm.results
        if (n := row.patients(one)) is not None
        and MEASURES[one.measure].shape == "proportion"
        and one.value is not None
        and not events_of(row, one)
    ]
    return found or ["None."]


def conflicts_page(conflicts: Sequence[Conflict]) -> str:
    """Return a Markdown page of all contradictions."""
    count = Counter(one.severity for one in conflicts)
    grave = f"{count['high']} high, {count['medium']} medium, {count['low']} low"
    weak = sum(one.unverified for one in conflicts)
    lines = [
        f"{len(conflicts)} places where the source documents contradict each other, themselves or newer knowledge:",
        f"{grave}.",
        f"{sum(one.changes_answer for one in conflicts)} change an answer: they have a sentence in plain words.",
        f"{weak} rest on knowledge alone: unverified, and nothing is decided by them.\n",
        "A fact has a key, from wide to narrow: `study:mountaineer/combination/orr`, `trial:NCT05356897`,",
        "`drug:pertuzumab/approval`, `approval:tucatinib/colorectal`, `variant:V842I`, `rule:gastric/ish/copies`,",
        "`figure:crc_her2`, `assay:fish`, `guideline:`, `safety:`, `matching:`, `biology:`, `document:`, `term:`.",
        "Whoever shows a fact asks `conflicts_for` (in `her2nav.knowledge.conflicts`) with its key; a wide key finds",
        "all that it holds.\n",
    ]
    for letter, title in _LETTERS.items():
        lines += [f"## {title}\n"]
        for one in conflicts:
            if one.id[0] == letter:
                lines += _entry(one)
    return "\n".join(lines).rstrip() + "\n"


def _entry(one: Conflict) -> list[str]:
    lines = [f'<a id="{one.id.lower()}"></a>\n', f"### {one.id} {one.title}\n"]
    about = f"; {', '.join(one.tumours)}" if one.tumours else ""
    lines.append(f"Severity {one.severity}{about}. Facts: {', '.join(f'`{fact}`' for fact in one.facts)}.\n")
    lines += [f"- {claim.says} ({cited(claim.cite)})" for claim in one.claims]
    lines.append(f"- **used**: {one.used}")
    lines.append(f"- **why**: {one.why} ({'; '.join(BASES[basis] for basis in one.basis)})")
    if one.plain:
        lines.append(f"- **in plain words**: {one.plain}")
    return [*lines, ""]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
