"""`evidence` as a page: tables by study, the forest plot, cautions, contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from her2nav.app.answers import ConflictItem
from her2nav.app.evidence import Query, picture
from her2nav.app.evidence_answers import ArmItem, EvidenceAnswer, PooledItem, ResultItem, StudyItem
from her2nav.app.session import Session
from her2nav.evidence.tables import Table as Kind
from her2nav.knowledge.studies import GATES, MEASURES, SETTINGS
from her2nav.model.errors import InputError
from her2nav.report.pages import render
from her2nav.report.phrases import day
from her2nav.report.sections import Page, Section, Table, Told

_MAIN = (("orr", "ORR, %"), ("dcr", "DCR, %"), ("pfs", "PFS, months"), ("dor", "DoR, months"), ("os", "OS, months"))
_SIGN = {"about": "about ", "more_than": "more than ", "at_least": "at least ", "up_to": "up to "}


def evidence_html(session: Session, query: Query, answer: EvidenceAnswer, kind: Kind) -> str:
    """Return the answer of `evidence` as a page.

    Args:
        session: Knowledge and clock.
        query: What was asked; its response rates are drawn where the extra is installed.
        answer: Its answer.
        kind: Which table was asked for.
    """
    sections = [one for one in _sections(session, query, answer) if one.told or one.tables or one.svg or one.parts]
    if not sections:
        sections = [Section("none", "Nothing found", lead=("Nothing is held for this question.",))]
    about = [
        session.knowledge.tumours.types[answer.tumour].name if answer.tumour else "all tumours",
        *(session.knowledge.drugs.name(one) for one in answer.drugs[:2]),
        *([SETTINGS[answer.setting]] if answer.setting else []),  # type: ignore[index]
    ]
    named = _named_sources(session, sections)
    page = Page(
        title=f"HER2 evidence: {kind.value}",
        subtitle=f"{', '.join(about)} · as on {day(session.today())}",
        register="clinical",
        sections=(*sections, Section("sources", "Sources", named)) if named else tuple(sections),
        versions=answer.versions.model_dump(),
        foot=("Numbers are as printed in their source. Different trials stand side by side and are not compared.",),
        private=False,
    )
    return render(page, session.knowledge)


def _named_sources(session: Session, sections: Sequence[Section]) -> tuple[Told, ...]:
    """Return the documents whose ids stand in the tables and statements, with their titles."""
    cells = [cell for one in sections for table in one.tables for row in table.rows for cell in row]
    told = [item.clinical for one in sections for outer in one.told for item in (outer, *outer.items)]
    words = set(re.findall(r"[a-z0-9_]+", " ".join((*cells, *told))))
    return tuple(
        Told(f"{name}: {source.title}" + (f", {source.published}" if source.published else ""))
        for name, source in sorted(session.knowledge.sources.items())
        if name in words
    )


def _sections(session: Session, query: Query, answer: EvidenceAnswer) -> Iterator[Section]:
    yield Section("cautions", "Before you compare", tuple(Told(one.says) for one in answer.cautions))
    yield Section("results", "Results", tables=tuple(_results(answer.studies)))
    yield from _plot(session, query, answer)
    yield Section("pooled", "Pooled response rates", tuple(_pooled(one) for one in answer.pooled))
    yield Section("figures", "Figures", tables=tuple(_figures(answer)))
    yield Section("tables", "Tables", tables=tuple(_others(answer)))
    yield Section("intervals", "Intervals recomputed", tables=tuple(_intervals(answer)))
    yield Section("disputed", "Where the sources disagree", tuple(map(disputed_told, answer.conflicts)))


def _results(studies: Sequence[StudyItem]) -> Iterator[Table]:
    rows = [_row(study, arm) for study in studies for arm in study.arms if arm.results]
    if rows:
        head = ("Study", "Patients", "n", *(title for _, title in _MAIN), "Other", "Source")
        yield Table("One row for each group of patients", head, tuple(rows))
    bare = [study for study in studies if not any(arm.results for arm in study.arms)]
    if bare:
        yield Table(
            "Without results",
            ("Study", "Regimen", "HER2", "Setting", "Status", "Source"),
            tuple(
                (
                    _named(study),
                    study.regimen,
                    GATES[study.gate],  # type: ignore[index]
                    study.line or SETTINGS[study.setting],  # type: ignore[index]
                    f"{study.status} on {study.status_on}" if study.status else "",
                    f"{study.source}; {study.confidence}",
                )
                for study in bare
            ),
        )


def _named(study: StudyItem) -> str:
    marks = f" [{', '.join(study.conflicts)}]" if study.conflicts else ""
    number = f" ({', '.join(study.registry)})" if study.registry else ""
    return f"{study.name}{number}{marks}"


def _row(study: StudyItem, arm: ArmItem) -> tuple[str, ...]:
    names = {name for name, _ in _MAIN}
    whom = "; ".join(part for part in (arm.name, GATES[arm.gate], arm.molecular, arm.dose, arm.cut) if part)  # type: ignore[index]
    other = [_other(one, study.confidence) for one in arm.results if one.measure not in names or one.value is None]
    cells = [
        "; ".join(
            _number(one, study.confidence) for one in arm.results if one.measure == name and one.value is not None
        )
        for name, _ in _MAIN
    ]
    return (
        f"{_named(study)}: {arm.regimen}",
        whom,
        str(arm.n or ""),
        *cells,
        "; ".join(other),
        f"{study.source}; {study.confidence}",
    )


def _number(one: ResultItem, usual: str) -> str:
    """Return a number with its interval; a time in months; its confidence where that is not the study's."""
    value, low, high = one.value, one.low, one.high
    printed = ""
    if one.months is not None and one.unit != "months":
        value, low, high = one.months, one.months_low, one.months_high
        printed = f" (printed {one.value} {one.unit})"
    span = f" ({low} to {high})" if low is not None else ""
    weak = " unverified" if one.unverified else f" {one.confidence}" if one.confidence != usual else ""
    return f"{_SIGN.get(one.sign or '', '')}{value}{printed}{span}{weak}"


def _other(one: ResultItem, usual: str) -> str:
    label = (one.event or MEASURES[one.measure].label) + (f" grade {one.grade}" if one.grade else "")
    when = f" at {one.at_months} months" if one.at_months else ""
    unit = " %" if one.unit == "%" else ""
    number = f" {_number(one, usual)}{unit}" if one.value is not None else ""
    return f"{label}{when}{number}" + (f" ({one.note})" if one.note else "")


def _plot(session: Session, query: Query, answer: EvidenceAnswer) -> Iterator[Section]:
    """Draw the response rates; where the extra is absent the page says how to get it."""
    if not answer.studies:
        return
    try:
        svg, drawn = picture(session, query)
    except InputError as problem:
        yield Section("plot", "Forest plot", (Told(f"Not drawn: {problem}"),))
        return
    if drawn:
        start = svg.index("<svg")
        yield Section(
            "plot", "Forest plot of response rates", svg=svg[start:], quiet=(f"{drawn} groups; exact 95 % intervals.",)
        )


def _pooled(one: PooledItem) -> Told:
    return Told(
        f"{', '.join(one.arms)} ({one.dose}): {one.share:.1f} % ({one.low:.1f} to {one.high:.1f}); I² {one.i2:.0f} %, "
        f"tau² {one.tau2:.3f}, Q {one.q:.2f} on {one.df} df, p {one.p:.2f}. {one.method}. {one.caveat}"
    )


def _figures(answer: EvidenceAnswer) -> Iterator[Table]:
    for topic in dict.fromkeys(one.topic for one in answer.figures):
        rows = []
        for one in answer.figures:
            if one.topic == topic:
                span = f"{one.low} to {one.high}" if one.low is not None else ""
                number = f"{one.value} ({span})" if one.value and span else one.value or span
                shown = f"{_SIGN.get(one.sign or '', '')}{number} {one.unit}" if number else ""
                says = "; ".join(part for part in (shown, one.says) if part)
                marks = f" [{', '.join(one.conflicts)}]" if one.conflicts else ""
                weak = " unverified" if one.unverified else ""
                rows.append((f"{one.population}{marks}", one.what, says, f"{one.source}; {one.confidence}{weak}"))
        yield Table(topic.capitalize(), ("Of whom", "What", "Value", "Source"), tuple(rows))


def _others(answer: EvidenceAnswer) -> Iterator[Table]:
    """Tables of assays, reviews and drugs, column by column as the answer names them."""
    for title, items in (("Assays", answer.assays), ("Reviews", answer.reviews), ("Drugs", answer.drug_table)):
        data = [one.model_dump(mode="json") for one in items]
        if data:
            head = tuple(name.replace("_", " ").capitalize() for name in data[0])
            yield Table(title, head, tuple(tuple(_cell(value) for value in one.values()) for one in data))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value).replace("_", " ")


def _intervals(answer: EvidenceAnswer) -> Iterator[Table]:
    rows = tuple(
        (
            f"{one.study} {one.arm}",
            one.event or MEASURES[one.measure].label,
            f"{one.events if one.events is not None else '?'} of {one.n}",
            f"{one.printed_low} to {one.printed_high}" if one.printed_low else "",
            _bounds(one.clopper_pearson),
            _bounds(one.wilson),
            one.verdict.replace("_", " "),
        )
        for one in answer.intervals
    )
    if rows:
        head = ("Study", "Measure", "Count", "Printed", "Clopper-Pearson", "Wilson", "Verdict")
        yield Table("Printed against recomputed", head, rows)


def _bounds(bounds: Sequence[float] | None) -> str:
    return f"{bounds[0]:.1f} to {bounds[1]:.1f}" if bounds else ""


def disputed_told(one: ConflictItem) -> Told:
    """Return a contradiction of the answer with all its values, what is used and why."""
    weak = " (unverified)" if one.unverified else ""
    items: Iterable[Told] = (Told(f"{claim.says} [{claim.source}]") for claim in one.claims)
    used = Told(f"Used here: {one.used}{weak}. Why: {one.why}.")
    return Told(f"{one.conflict}: {one.title} ({one.severity})", items=(*items, used))
