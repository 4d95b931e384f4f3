"""One hold rule judged on a patient: the outcome, the values looked at, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.facts.case import Case
from her2nav.knowledge.monitoring import General, MonitoringBook, Rule, Sheet
from her2nav.therapy.monitoring_baseline import setting
from her2nav.therapy.monitoring_treatment import Treatment
from her2nav.therapy.safety_inputs import Readings
from her2nav.therapy.safety_results import FindOut, Flag, Outcome, RuleAnswer, ValueLine
from her2nav.therapy.safety_sources import source_line
from her2nav.therapy.safety_tables import Decision, decide

_HEADINGS: dict[Flag, str] = {
    "none": "no hold by this rule",
    "check": "check",
    "treat": "treat",
    "hold": "HOLD",
    "stop": "STOP",
    "possible_hold": "possible hold: check the label",
    "hold_until_reviewed": "hold until reviewed",
    "unknown": "not known",
}


def rule_answer(
    case: Case,
    book: MonitoringBook,
    rule: Rule,
    file: Sheet | General,
    drug: str,
    treatment: Treatment,
    readings: Readings,
) -> RuleAnswer:
    """Judge one rule on the patient's values; `file` is the sheet or the general file that it stands in."""
    decision = decide(rule, readings)
    return RuleAnswer(
        rule=rule.id,
        drug=drug,
        topic=rule.topic,
        title=rule.title,
        setting=rule.setting if setting(case, treatment) is None else None,
        code=decision.code(readings),
        flag=decision.flag,
        heading=_heading(decision),
        outcomes=tuple(
            Outcome(
                code=row.code,
                action=row.action,
                clinical=row.clinical,
                certain=decision.certain,
                source=source_line(book, row, file, rule),
                note=row.note,
                plain=row.plain,
            )
            for row in decision.rows
        ),
        values=tuple(_values(book, decision, readings)),
        find_out=tuple(_find_out(book, name) for name in decision.missing),
        after_hold=rule.after_hold if decision.flag in ("hold", "stop", "hold_until_reviewed") else None,
        note=rule.note,
        source=source_line(book, rule, file),
    )


def _values(book: MonitoringBook, decision: Decision, readings: Readings) -> Iterator[ValueLine]:
    """Yield the values looked at that the record tells something of; a derived one names its parts."""
    names: dict[str, None] = {}
    for name in decision.used:
        item = book.inputs[name]
        names |= dict.fromkeys(one for one in item.of if one in book.inputs)
        names[name] = None
    for name in names:
        item, value = book.inputs[name], readings.value(name)
        shown = value.shown(item)
        if shown == "not known":
            continue
        yield ValueLine(
            input=name,
            name=item.name,
            plain_name=item.plain_name,
            value=shown,
            date=max((line.date for line in value.evidence if line.date), default=None),
            paths=tuple(line.path for line in value.evidence),
        )


def _find_out(book: MonitoringBook, name: str) -> FindOut:
    item = book.inputs[name]
    return FindOut(input=name, clinical=item.find_out, plain=item.plain_find_out)


def _heading(decision: Decision) -> str:
    text = _HEADINGS[decision.flag]
    if not decision.certain and decision.flag in ("hold", "stop"):
        return f"{text} at least"
    return text
