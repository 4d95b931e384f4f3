"""How studies, figures and contradictions look on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from her2nav.app.answers import ConflictItem
from her2nav.app.evidence_answers import (
    ArmItem,
    EvidenceAnswer,
    FigureItem,
    IntervalItem,
    ResultItem,
    StudyItem,
)
from her2nav.cli.common import console, indented
from her2nav.evidence.tables import Table
from her2nav.knowledge.studies import GATES, MEASURES, SETTINGS

_COLUMNS = (("ORR", "orr"), ("DCR", "dcr"), ("PFS, months", "pfs"), ("DoR, months", "dor"), ("OS, months", "os"))
_BRAIN = (
    ("brain ORR", "intracranial_orr"),
    ("brain DCR", "intracranial_dcr"),
    ("brain CR", "intracranial_cr"),
    ("shrinkage", "brain_shrinkage"),
    ("ORR anywhere", "orr"),
)
_SIGN = {"about": "~", "more_than": ">", "at_least": "≥", "up_to": "≤"}
_UNVERIFIED = " (unverified)"


def show_evidence(answer: EvidenceAnswer, table: Table, *, whole: bool = False) -> None:
    """Print the answer of `evidence`.

    Args:
        answer: What was found.
        table: Which table was asked for.
        whole: One study was asked for: everything held of it is shown.
    """
    out = console()
    _SHOWN[table](out, answer, whole)
    _intervals(out, answer.intervals)
    _pooled(out, answer)
    if answer.cautions:
        _heading(out, "Before you compare")
        for caution in answer.cautions:
            out.print(indented(Text("• " + caution.says), 2))
    if answer.conflicts:
        _heading(out, f"Where the sources disagree ({len(answer.conflicts)})")
        for one in answer.conflicts:
            _conflict(out, one)
    _foot(out, answer)


def show_conflicts(answer: EvidenceAnswer, *, plain: bool = False) -> None:
    """Print contradictions: all values with sources, what is used and why; in plain words one sentence each."""
    out = console()
    if plain:
        changing = [one for one in answer.conflicts if one.plain is not None]
        out.print(
            "Where sources disagree, this is what it means for you:" if changing else "Nothing here changes an answer."
        )
        for one in changing:
            out.print(indented(Text(f"• {one.plain}"), 2))
        return
    changing = [one for one in answer.conflicts if one.changes_answer]
    out.print(f"{len(answer.conflicts)} places where the sources disagree; {len(changing)} change an answer (*)")
    for one in answer.conflicts:
        _conflict(out, one)
    _foot(out, answer)


def _results(out: Console, answer: EvidenceAnswer, whole: bool) -> None:
    if not answer.studies:
        out.print("No study is held for this.")
    for study in answer.studies:
        _study(out, study, _COLUMNS, whole)
    if answer.without_results:
        out.print()
        names = ", ".join(answer.without_results)
        out.print(Text(f"Held without results ({len(answer.without_results)}; --all shows them): {names}", style="dim"))


def _intracranial(out: Console, answer: EvidenceAnswer, whole: bool) -> None:
    if not answer.studies:
        out.print("No intracranial result is held for this.")
    for study in answer.studies:
        _study(out, study, _BRAIN, whole)


def _study(out: Console, study: StudyItem, columns: Sequence[tuple[str, str]], whole: bool) -> None:
    out.print()
    marks = f" [{', '.join(study.conflicts)}]" if study.conflicts else ""
    kind = "" if study.kind == "trial" else f" · {study.kind.replace('_', ' ')}"
    phase = f" · phase {study.phase}" if study.phase else ""
    number = f" · {', '.join(study.registry)}" if study.registry else ""
    weak = _UNVERIFIED if study.unverified else ""
    out.print(Text.assemble((study.name, "bold"), f" · {study.regimen}{kind}{phase}{number}{weak}", (marks, "yellow")))
    gate = GATES[study.gate]  # type: ignore[index]
    setting = SETTINGS[study.setting]  # type: ignore[index]
    parts = [gate, study.molecular, setting, study.line]
    out.print(indented(Text("; ".join(part for part in parts if part), style="dim"), 2))
    names = {name for _, name in columns}
    arms = [arm for arm in study.arms if any(_of(arm, name) for name in names)]
    if arms:
        out.print(indented(_arms(arms, columns, study.confidence), 2))
    for arm in study.arms:
        for result in arm.results:
            told = whole or result.measure != "adverse_event"
            if told and (result.measure not in names or result.value is None):
                out.print(indented(Text(f"{arm.name}: {_sentence(result, study.confidence)}"), 2))
    if whole:
        _sources(out, study)
    if whole:
        _details(out, study)
    if study.note:
        out.print(indented(Text(study.note, style="dim"), 2))
    out.print(indented(Text(f"{study.source}; {study.confidence}", style="dim"), 2))


def _sources(out: Console, study: StudyItem) -> None:
    """Name the places of the numbers that are not where the study is."""
    for arm in study.arms:
        for one in arm.results:
            if one.source != study.source:
                what = one.event or MEASURES[one.measure].label
                line = f"{arm.name}, {what}: {one.source}; {one.confidence}"
                out.print(indented(Text(line, style="dim"), 2))


def _details(out: Console, study: StudyItem) -> None:
    age = f" (on {study.status_on}, {study.status_age_days} days ago: ask the registry)" if study.status_on else ""
    lines = {
        "HER2 criterion": study.criteria,
        "patients": study.population,
        "design": study.design,
        "end points": ", ".join(study.endpoints),
        "brain metastases": study.brain,
        "side effects named": ", ".join(study.side_effects_named),
        "status": f"{study.status}{age}" if study.status else None,
        "paper": f"doi.org/{study.doi}" if study.doi else None,
    }
    for name, text in lines.items():
        if text:
            out.print(indented(Text(f"{name}: {text}"), 2))


def _arms(arms: Iterable[ArmItem], columns: Sequence[tuple[str, str]], usual: str) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    grid.add_column("", width=20, overflow="fold")
    grid.add_column("n", width=3, justify="right")
    for title, _ in columns:
        grid.add_column(title, width=12, overflow="fold")
    for arm in arms:
        told = arm.cut is None or arm.cut.partition(" (")[0] in arm.name
        label = arm.name if told else f"{arm.name} ({arm.cut})"
        cells = ["; ".join(_number(one, usual) for one in _of(arm, name)) for _, name in columns]
        grid.add_row(label, str(arm.n or ""), *cells)
    return grid


def _of(arm: ArmItem, measure: str) -> list[ResultItem]:
    return [result for result in arm.results if result.measure == measure and result.value is not None]


def _number(one: ResultItem, usual: str) -> str:
    """Return a number with interval and unit, a time in months; its confidence where that is not the study's."""
    sign = _SIGN.get(one.sign or "", "")
    unit = " %" if one.unit == "%" else ""
    value, low, high = one.value, one.low, one.high
    if one.months is not None and one.unit != "months":
        value, low, high = one.months, one.months_low, one.months_high
        unit = f" (printed {one.value} {one.unit})"
    span = f" ({low}–{high})" if low is not None else ""
    level = f" {one.level} % interval" if one.level not in (None, "95") else ""
    weak = _UNVERIFIED if one.unverified else f" {one.confidence}" if one.confidence != usual else ""
    return f"{sign}{value}{unit}{span}{level}{weak}"


def _sentence(one: ResultItem, usual: str) -> str:
    label = MEASURES[one.measure].label
    if one.event is not None:
        grade = f", grade {one.grade}" if one.grade else ""
        label = f"{one.event}{grade}"
    when = f" at {one.at_months} months" if one.at_months else ""
    count = f", {one.events} of {one.of}" if one.events is not None else ""
    months = " months" if one.months is not None else ""
    number = f": {_number(one, usual)}{months}{count}" if one.value is not None else ""
    note = f" ({one.note})" if one.note else ""
    return f"{label}{when}{number}{note}"


def _figures(out: Console, answer: EvidenceAnswer, _whole: bool) -> None:
    if not answer.figures:
        out.print("No figure is held for this.")
    for topic in dict.fromkeys(one.topic for one in answer.figures):
        _heading(out, topic.capitalize())
        grid = Grid(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
        for title, width in (("of whom", 27), ("what", 27), ("", 17), ("source", 22)):
            grid.add_column(title, width=width, overflow="fold")
        for one in answer.figures:
            if one.topic == topic:
                marks = f" [{', '.join(one.conflicts)}]" if one.conflicts else ""
                grid.add_row(one.population, one.what, _amount(one), f"{one.source}; {one.confidence}{marks}")
        out.print(grid)


def _amount(one: FigureItem) -> str:
    sign = _SIGN.get(one.sign or "", "")
    unit = "" if one.unit == "ratio" else f" {one.unit}"
    weak = _UNVERIFIED if one.unverified else ""
    if one.value is not None:
        span = f" ({one.low}–{one.high})" if one.low is not None else ""
        count = f", {one.events} of {one.n}" if one.events is not None else ""
        says = f"; {one.says}" if one.says else ""
        return f"{sign}{one.value}{unit}{span}{count}{says}{weak}"
    if one.low is not None:
        return f"{sign}{one.low}–{one.high}{unit}{weak}"
    return f"{one.says}{weak}"


def _assays(out: Console, answer: EvidenceAnswer, _whole: bool) -> None:
    for one in answer.assays:
        use = "" if one.use == "routine" else f" ({one.use})"
        out.print()
        out.print(Text.assemble((one.name, "bold"), f"{use} · detects {', '.join(one.detects)} · {one.sample}"))
        out.print(indented(Text(f"for: {one.for_it}"), 2))
        out.print(indented(Text(f"against: {one.against_it}"), 2))
        out.print(indented(Text(one.source, style="dim"), 2))


def _reviews(out: Console, answer: EvidenceAnswer, _whole: bool) -> None:
    for one in answer.reviews:
        out.print()
        out.print(Text.assemble((one.title, "bold"), f" · {one.source}"))
        out.print(indented(Text(one.says), 2))
        period = f"{one.searched_from} to {one.searched_to}" if one.searched_from else None
        lines = {
            "databases": ", ".join(one.databases),
            "searched": period,
            "keywords": ", ".join(one.keywords),
            "taken": "; ".join(one.included),
            "left out": "; ".join(one.excluded),
            "extracted": ", ".join(one.extracted),
            "trial statuses of": one.trial_status_on,
            "guideline": one.guideline_edition,
            "missing from the text held": "; ".join(one.missing),
        }
        for name, text in lines.items():
            if text:
                out.print(indented(Text(f"{name}: {text}"), 2))
        out.print(indented(Text(one.place, style="dim"), 2))


def _drugs(out: Console, answer: EvidenceAnswer, _whole: bool) -> None:
    out.print("As one review prints it; its approvals are those of its day.")
    for one in answer.drug_table:
        marks = f" [{', '.join(one.conflicts)}]" if one.conflicts else ""
        name = one.drug.replace("_", " ")
        out.print()
        out.print(Text.assemble((name, "bold"), f" · {one.mechanism} · {one.approval_as_printed}", (marks, "yellow")))
        out.print(indented(Text(f"side effects: {', '.join(one.side_effects)}"), 2))
        out.print(indented(Text(f"{one.source}; {one.reference}", style="dim"), 2))


_SHOWN: dict[Table, Callable[[Console, EvidenceAnswer, bool], None]] = {
    Table.RESULTS: _results,
    Table.INTRACRANIAL: _intracranial,
    Table.FIGURES: _figures,
    Table.ASSAYS: _assays,
    Table.REVIEWS: _reviews,
    Table.DRUGS: _drugs,
}
_VERDICTS = {
    "clopper_pearson": "printed = Clopper-Pearson",
    "wilson": "printed = Wilson",
    "both": "printed = Clopper-Pearson and Wilson",
    "differs": "PRINTED DIFFERS",
    "no_interval_printed": "none printed",
    "not_attainable": "NO COUNT GIVES THIS SHARE",
    "ambiguous": "several counts give this share",
}


def _intervals(out: Console, found: Sequence[IntervalItem]) -> None:
    if not found:
        return
    _heading(out, "Intervals recomputed")
    for one in found:
        what = one.event or one.measure
        count = f"{one.events}/{one.n}" if one.events is not None else f"n {one.n}"
        printed = f" ({one.printed_low}–{one.printed_high})" if one.printed_low is not None else ""
        exact = f"; exact {one.clopper_pearson[0]:.1f}–{one.clopper_pearson[1]:.1f}" if one.clopper_pearson else ""
        wilson = f", Wilson {one.wilson[0]:.1f}–{one.wilson[1]:.1f}" if one.wilson else ""
        style = "yellow" if one.verdict in ("differs", "not_attainable") else ""
        line = f"{one.study}/{one.arm} {what}: {one.value} %{printed}, {count}{exact}{wilson}: {_VERDICTS[one.verdict]}"
        out.print(indented(Text(line, style=style), 2))


def _pooled(out: Console, answer: EvidenceAnswer) -> None:
    for one in answer.pooled:
        _heading(out, "Pooled response rate")
        genes = f", {one.molecular}" if one.molecular else ""
        drugs = " + ".join(drug.replace("_", " ") for drug in one.drugs)
        out.print(indented(Text(f"{drugs}, {one.dose}; {one.gate}{genes}; {one.setting}"), 2))
        for arm in one.arms:
            out.print(indented(Text(arm), 4))
        out.print(indented(Text(f"{one.share} % ({one.low}–{one.high}), {one.method}", style="bold"), 2))
        spread = f"I² {one.i2} %, tau² {one.tau2}, Q {one.q} on {one.df} df, p = {one.p}"
        out.print(indented(Text(f"Heterogeneity: {spread}. {one.caveat}"), 2))
    if answer.not_pooled:
        _heading(out, "Not pooled")
        for left in answer.not_pooled:
            out.print(indented(Text(f"{', '.join(left.trials)}: they differ in {', '.join(left.differ_in)}"), 2))


def _conflict(out: Console, one: ConflictItem) -> None:
    star = " *" if one.changes_answer else ""
    style = {"high": "bold red", "medium": "yellow"}.get(one.severity, "")
    out.print()
    out.print(Text.assemble((f"{one.conflict} {one.title}", style), f" · {one.severity}{star}"))
    for claim in one.claims:
        out.print(indented(Text.assemble(f"- {claim.says} ", (f"[{claim.source}]", "dim")), 2))
    weak = _UNVERIFIED if one.unverified else ""
    out.print(indented(Text(f"used: {one.used}{weak}"), 2))
    out.print(indented(Text(f"why: {one.why} ({'; '.join(one.basis)})"), 2))


def _heading(out: Console, title: str) -> None:
    out.print()
    out.print(Text(title, "bold underline"))


def _foot(out: Console, answer: EvidenceAnswer) -> None:
    out.print()
    if answer.studies:
        out.print(
            Text(
                "A letter behind a number: checked otherwise than its study (V source read, K knowledge).", style="dim"
            )
        )
    versions = answer.versions
    out.print(Text(f"her2nav {versions.her2nav} · knowledge {versions.knowledge}", style="dim"))
