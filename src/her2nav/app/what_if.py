"""What if: the same trials with a result, a fact or a treatment put into the record; doors that a treatment closes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from pydantic import Field

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.intake.patient_file import check_patient
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.matching.changed import Changed, Effect, changed
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import codes_of_each
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.ranking import recruiting_now
from her2nav.matching.results import Match, match_patient
from her2nav.matching.single import Codes, as_array
from her2nav.matching.supposed import Supposed, Wanted, suppose
from her2nav.model.base import Frozen
from her2nav.model.dates import exact_day
from her2nav.model.errors import InputError, UnknownName, ValueProblem
from her2nav.model.patient import Patient
from her2nav.report.phrases import deciding_kind

FILE = "criteria/what_if.yaml"
OPTION = "what if"
"""Stands before what is wrong with a supposition, on a terminal and on a page."""
_DAY = "a day such as 2026-12-01"
_EXAMPLES = "a laboratory value such as anc=1.2, or a place of the patient file such as cancer.setting"
_SHORT = 12
_ALLOWED = "NAME=VALUE such as ish=positive, or 'start DRUG DATE' such as 'start trastuzumab deruxtecan 2026-12-01'"
_START = re.compile(r"^\s*start\s+(?P<drugs>.+?)(?:\s+(?P<day>\d{4}(?:-\d\d){0,2}))?\s*$", re.IGNORECASE)
_FACT = re.compile(r"^\s*(?P<name>[A-Za-z0-9_.\- ]+?)\s*=\s*(?P<value>.+?)\s*$")
_UNITS = re.compile(r"^(?P<value>-?\d+(?:\.\d+)?)\s*(?P<unit>\S.*)?$")
_VALUE = "VALUE"


class ShortName(Frozen):
    """A short name with what it writes."""

    name: str
    set: dict[str, Any] = Field(default_factory=dict)
    add: dict[str, Any] = Field(default_factory=dict)
    sample: dict[str, Any] = Field(default_factory=dict)
    of: Wanted | None = None


class ShortNames(Frozen):
    """`criteria/what_if.yaml`."""

    names: tuple[ShortName, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a supposition changes.

    Attributes:
        says: The supposition in words.
        day: The day on which both sides are judged; that of the start of a treatment.
        treatment: True where a treatment is started.
        changes: The trials whose answer differs.
        base: The patient on that day, without the supposition.
        then: The patient as supposed.
    """

    says: str
    day: date
    treatment: bool
    changes: tuple[Changed, ...]
    base: Case
    then: Case

    @property
    def counted(self) -> list[Changed]:
        """The changes of trials that recruit or are about to: the only ones that can be entered."""
        return [one for one in self.changes if self.recruiting(one)]

    @property
    def others(self) -> list[Changed]:
        """The changes of trials that take nobody now, or of which that is not known."""
        return [one for one in self.changes if not self.recruiting(one)]

    def recruiting(self, one: Changed) -> bool | None:
        """Return whether a trial takes patients now or soon; None where nothing is stated, or not for very long."""
        return may_enter(one.after, self.base)

    def with_effect(self, effect: Effect) -> list[Changed]:
        """Return the changes of one kind, of trials that recruit or are about to."""
        return [one for one in self.counted if one.effect is effect]


def may_enter(match: Match, case: Case) -> bool | None:
    """Return whether a trial recruits or is about to, as last stated; None where that is not known or very old."""
    return recruiting_now(match, case.as_of, rank_rules(case.knowledge).old_days)


def what_if(session: Session, case: Case, sets: Sequence[CompiledTrials], text: str) -> WhatIf:
    """Match again with a supposition.

    Args:
        session: Knowledge.
        case: The patient on their day.
        sets: The trials.
        text: `NAME=VALUE` or `start DRUG DATE`; a treatment is judged on its first day, with one dose given.

    Raises:
        InputError: The text is neither, names something that is not known, or a value that the fact cannot have.
    """
    started = _START.match(text)
    if started is not None:
        day = exact_day(started["day"], OPTION, _DAY) if started["day"] else case.as_of
        if day < case.as_of:
            raise ValueProblem(
                f"{day.isoformat()} lies before {case.as_of.isoformat()}", place=OPTION, allowed="a day from then on"
            )
        return started_on(case, sets, _drugs(session.knowledge, started["drugs"]), day)
    fact = _FACT.match(text)
    if fact is None:
        raise ValueProblem(f"'{text}' is not understood", place=OPTION, allowed=_ALLOWED)
    supposed, wanted = _supposed(session.knowledge, fact["name"].strip(), fact["value"])
    then = _then(session, case, supposed, wanted)
    return WhatIf(supposed.says, case.as_of, False, changed(_matches(case, sets), _matches(then, sets)), case, then)


def _then(session: Session, case: Case, supposed: Supposed, wanted: Wanted | None) -> Case:
    """Return the patient as supposed.

    Raises:
        ValueProblem: The fact cannot have that value, or would count as unknown with it.
    """
    place = f"{OPTION} {supposed.says}"
    try:
        then = suppose(case, supposed, wanted) or suppose(case, supposed, "tissue", or_new=True)
        assert then is not None
        before, after = (_not_understood(session, one) for one in (case, then))
    except InputError as error:
        raise ValueProblem(error.message, place=place, allowed=error.allowed) from None
    new = [warning for warning in after if warning not in before]
    if new:
        raise ValueProblem(new[0].split(": ", 1)[-1], place=place, allowed="a value that the program knows")
    return then


def _not_understood(session: Session, case: Case) -> list[str]:
    """Return what is kept in a record and does not count; a name or a unit that is none is an error."""
    nowhere = Document({}, OPTION)
    found = check_patient(case.patient, nowhere, session.knowledge, session.today(), case.as_of)
    return list(found.warnings)


def started_on(
    case: Case, sets: Sequence[CompiledTrials], drugs: Sequence[str], day: date, before: Sequence[Match] | None = None
) -> WhatIf:
    """Match on the first day of a treatment, without it and with one dose given.

    Args:
        case: The patient on their day.
        sets: The trials.
        drugs: Names.
        day: Of the first dose, not before the patient's day.
        before: Matches of that day where they are known.
    """
    base = case if day == case.as_of else Case(case.patient, day, case.knowledge)
    then = with_course(base, drugs)
    known = before if before is not None and day == case.as_of else _matches(base, sets)
    like = {id(one.judged.program): as_array(one.judged.codes) for one in _one_of_each(known)}
    codes = {
        id(compiled.program): codes_of_each(compiled.program, [then], like[id(compiled.program)], compiled)[0]
        for compiled in sets
        if id(compiled.program) in like
    }
    after = _matches(then, sets, [codes.get(id(compiled.program)) for compiled in sets])
    return WhatIf(f"starting {' + '.join(drugs)} on {day.isoformat()}", day, True, changed(known, after), base, then)


def with_course(case: Case, drugs: Sequence[str]) -> Case:
    """Return the patient with one dose of a regimen given on their day, in the setting of the disease."""
    day = case.as_of.isoformat()
    course: dict[str, Any] = {"drugs": list(drugs), "start": day, "end": day}
    setting = setting_of(case)
    if setting is not None:
        course["setting"] = setting
    then = suppose(case, Supposed(says="course", add={"therapies": course}))
    assert then is not None
    return then


def setting_of(case: Case) -> str | None:
    """Return the setting in which a treatment of today is given; None where the record does not say."""
    if case.advanced is None:
        return None
    if case.advanced:
        return "metastatic"
    residual = case.patient.cancer.residual
    return "adjuvant" if residual is not None and residual.status is not None else "neoadjuvant"


def planned_doors(case: Case, sets: Sequence[CompiledTrials], before: Sequence[Match]) -> list[WhatIf]:
    """Return what each planned treatment would change; one whose day is past or not known is taken to start today."""
    found = []
    for plan in case.patient.planned:
        day = max(plan.start.low, case.as_of) if plan.start is not None else case.as_of
        drugs = [drug.name for drug in plan.drugs]
        if drugs:
            found.append(started_on(case, sets, drugs, day, before))
    return found


def _one_of_each(found: Sequence[Match]) -> list[Match]:
    """Return one match of each set of trials."""
    return list({id(one.judged): one for one in found if one.judged.program is not None}.values())


def _matches(case: Case, sets: Sequence[CompiledTrials], codes: Sequence[Codes | None] | None = None) -> list[Match]:
    """Match against every set; `codes` holds the codes of each set where they are known."""
    known = codes or [None] * len(sets)
    return [one for compiled, own in zip(sets, known, strict=True) for one in match_patient(case, compiled, own)]


def _drugs(knowledge: Knowledge, written: str) -> tuple[str, ...]:
    found = knowledge.drugs.resolve(written)
    if not found.known:
        near = ", ".join(found.nearest) or "a drug, a class or a regimen"
        raise UnknownName(f"unknown drug '{written}'", place=OPTION, allowed=near)
    return (written.strip(),)


def _supposed(knowledge: Knowledge, name: str, written: str) -> tuple[Supposed, Wanted | None]:
    says = f"{name} = {written}"
    short = _short_names(knowledge).get(name.casefold())
    if short is not None:
        value = _value(written)
        filled = [_filled(part, value) for part in (short.set, short.add, short.sample)]
        return Supposed(says=says, set=filled[0], add=filled[1], sample=filled[2]), short.of
    variable = knowledge.variables.find(name)
    if variable is not None:
        number = _UNITS.match(written)
        units = ", ".join(knowledge.variables.units(variable))
        if number is None:
            raise ValueProblem(
                f"'{written}' is not a number", place=f"{OPTION} {says}", allowed=f"a number with a unit: {units}"
            )
        unit = number["unit"] or knowledge.variables.variables[variable].unit
        entry = {"name": variable, "value": number["value"], "unit": unit, "date": "TODAY"}
        return Supposed(says=says, add={"labs": entry}), None
    if name.split(".", 1)[0] not in Patient.model_fields:
        raise _unknown(knowledge, name)
    return Supposed(says=says, set={name: _value(written)}), None


def _unknown(knowledge: Knowledge, name: str) -> UnknownName:
    """Return the error that says which facts there are, the nearest first."""
    known = [one for one in _short_names(knowledge) if "." not in one]
    near = (
        difflib.get_close_matches(name.casefold(), known, n=2, cutoff=0.6) or [*knowledge.variables.nearest(name)][:2]
    )
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    listed = ", ".join(known[:_SHORT])
    return UnknownName(f"no fact is called '{name}'{hint}", place=OPTION, allowed=f"{listed}, …, {_EXAMPLES}")


@lru_cache(maxsize=4)
def _short_names(knowledge: Knowledge) -> dict[str, ShortName]:
    return {one.name: one for one in knowledge.record(FILE, ShortNames).names}


def _filled(template: Any, value: Any) -> Any:
    if isinstance(template, dict):
        return {key: _filled(item, value) for key, item in template.items()}
    return value if template == _VALUE else template


def _value(written: str) -> Any:
    """Return a value as the patient file would read it; words and scores stay text.

    Raises:
        ValueProblem: A bracket is not closed.
    """
    try:
        found = yaml.safe_load(written) if written[:1] in "[{" or written in ("true", "false", "null") else written
    except yaml.YAMLError:
        raise ValueProblem(
            f"'{written}' is not understood", place=OPTION, allowed="a word, a number, or a list such as [liver, bone]"
        ) from None
    return int(written) if isinstance(found, str) and written.isdigit() else found


def sentence(found: WhatIf) -> str:
    """Say what a treatment closes, pauses and opens, of trials that recruit or are about to; then how many others."""
    closes, pauses, opens = (found.with_effect(one) for one in (Effect.CLOSES, Effect.PAUSES, Effect.OPENS))
    parts = []
    if closes:
        parts.append(f"closes {_trials(len(closes))} ({_reasons(closes)})")
    if pauses:
        last = max(one.until for one in pauses if one.until is not None)
        first = min(one.until for one in pauses if one.until is not None)
        until = last.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
        parts.append(f"pauses {_trials(len(pauses))} until {until}")
    if opens:
        parts.append(f"opens {_trials(len(opens))}")
    says = found.says[:1].upper() + found.says[1:]
    said = f"{says} {', '.join(parts)}." if parts else f"{says} closes, pauses and opens no trial that recruits."
    doors = (Effect.CLOSES, Effect.PAUSES, Effect.OPENS)
    return " ".join(filter(None, (said, _others(sum(one.effect in doors for one in found.others)))))


def _others(count: int) -> str:
    """Tell apart the trials that nobody can enter now."""
    if not count:
        return ""
    verb = "changes" if count == 1 else "change"
    return f"Not counted: {_trials(count)} that {verb} too but do{'es' if count == 1 else ''} not recruit, or may not."


def others_line(found: WhatIf) -> str:
    """Say how many of the changes are of trials that take nobody now; empty where none is."""
    return _others(len(found.others))


def her2_words(case: Case, *, plain: bool = False) -> str:
    """Return HER2 status and expression of a record in words; empty where no rule applies."""
    if case.her2 is None:
        return ""
    words, overall = case.knowledge.words, case.her2.overall
    found = [words.status.get(overall.status.shown, words.status["unknown"])]
    if overall.expression.value not in ("positive", "unknown"):
        found.append(words.expression.get(overall.expression.word, words.expression["unknown"]))
    return " · ".join(one.plain if plain else one.clinical for one in found)


def _trials(count: int) -> str:
    return f"{count} trial" + ("" if count == 1 else "s")


def _reasons(closes: Sequence[Changed]) -> str:
    counts: Counter[str] = Counter()
    for one in closes:
        if one.because is not None:
            kind = deciding_kind(one.because.criterion.node, one.because.finding)
            counts[kinds()[kind].name + ("" if one.for_good else ", may change")] += 1
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def what_if_json(found: WhatIf) -> dict[str, Any]:
    """Return what changes as plain data."""
    return {
        "what": found.says,
        "day": found.day.isoformat(),
        "treatment": found.treatment,
        "summary": sentence(found) if found.treatment else None,
        "her2_before": her2_words(found.base) or None,
        "her2_after": her2_words(found.then) or None,
        "changes": [
            {
                "nct_id": one.nct_id,
                "title": one.after.trial.record.title,
                "recruiting": found.recruiting(one),
                "effect": one.effect.value,
                "before": one.before.verdict.word,
                "after": one.after.verdict.word,
                "until": one.until.isoformat() if one.until else None,
                "for_good": one.for_good,
                "because": one.because.finding.reason if one.because else None,
                "criterion": one.because.criterion.text if one.because else None,
                "open_before": one.open_before,
                "open_after": one.open_after,
            }
            for one in found.changes
        ],
    }
