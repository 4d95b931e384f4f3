"""The order set before the first dose: what the record shows as done, what is too old, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from her2nav.facts.case import Case
from her2nav.facts.lab_results import result
from her2nav.knowledge.monitoring import Baseline, Item, Sheet
from her2nav.model.dates import PartialDate
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.monitoring_treatment import Treatment
from her2nav.therapy.safety_inputs import Readings, condition
from her2nav.therapy.safety_results import BaselineAnswer, BaselineStatus, SourceLine


@dataclass(frozen=True, slots=True)
class Found:
    """How the record shows that something was done.

    Attributes:
        day: When; None: undated.
        clinical: In a few words.
        lasting: True where age does not matter.
        missing: Parts that the record lacks.
    """

    clinical: str
    day: PartialDate | None = None
    lasting: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of an order set with the drug and the sheet that ask for it."""

    line: Baseline
    drug: str
    source: SourceLine
    readings: Readings


def asked_for(lines: Iterable[Baseline], case: Case, treatment: Treatment) -> list[Baseline]:
    """Return the lines that concern this tumour and setting; what is not known stays in."""
    found = []
    for line in lines:
        if line.tumours and case.tumour.any_of(line.tumours) is Truth.NOT_MET:
            continue
        if line.setting is not None and setting(case, treatment) not in (None, line.setting):
            continue
        found.append(line)
    return found


def setting(case: Case, treatment: Treatment) -> Literal["early", "metastatic"] | None:
    """Return whether the treatment is for early or metastatic disease; None: not known."""
    if treatment.early != treatment.metastatic:
        return "early" if treatment.early else "metastatic"
    if case.advanced is None:
        return None
    return "metastatic" if case.advanced else "early"


def can_be_pregnant(case: Case) -> Truth:
    """Whether pregnancy is possible: sex, menopause and what the record says of it."""
    who = case.patient.demographics
    if who.sex == "male" or who.pregnancy == "not_applicable" or who.menopausal_status == "postmenopausal":
        return Truth.NOT_MET
    if who.sex == "female" and who.menopausal_status in ("premenopausal", "perimenopausal"):
        return Truth.MET
    return Truth.MET if who.pregnancy == "pregnant" else Truth.UNKNOWN


def baseline(case: Case, asked: Sequence[Asked], deadline: date | None) -> tuple[BaselineAnswer, ...]:
    """Return the order set, each item once.

    Args:
        case: The patient and the day.
        asked: Lines of all drugs.
        deadline: First dose where it is known and past; what came later is no baseline.
    """
    book, answers = case.knowledge.monitoring, []
    if deadline is not None and deadline < case.as_of:
        case = Case(case.patient, deadline, case.knowledge)
    for name in dict.fromkeys(one.line.item for one in asked):
        mine = [one for one in asked if one.line.item == name]
        answers.append(_answer(case, book.items[name], mine, deadline))
    return tuple(answers)


def _answer(case: Case, item: Item, mine: Sequence[Asked], deadline: date | None) -> BaselineAnswer:
    on = deadline or case.as_of
    found = _READERS[item.reader](case, item, on)
    status, detail, plain = _status(item, found, on)
    if item.only_if is not None and can_be_pregnant(case) is Truth.NOT_MET:
        status, detail, plain = "not_applicable", "pregnancy is not possible by the record", "not needed for you"
    requirement, text = _requirement(mine)
    conditions = {one.line.condition for one in mine}
    return BaselineAnswer(
        item=item.id,
        name=item.name,
        plain_name=item.plain_name,
        status=status,
        detail=detail,
        plain_detail=plain,
        date=str(found.day) if found is not None and found.day is not None else None,
        # One line without a condition makes it due in any case.
        condition=None if None in conditions else "; ".join(sorted(str(one) for one in conditions)),
        requirement=requirement,
        requirement_text=text,
        drugs=tuple(dict.fromkeys(one.drug for one in mine)),
        sources=tuple({(s.source, s.locator): s for s in (one.source for one in mine)}.values()),
    )


def _status(item: Item, found: Found | None, on: date) -> tuple[BaselineStatus, str, str]:
    if found is None:
        return "missing", "not on record up to the first dose", "not in your record"
    if found.missing:
        return (
            "missing",
            f"{found.clinical}; not on record: {', '.join(found.missing)}",
            "part of it is not in your record",
        )
    if found.lasting or item.fresh is None:
        return "done", found.clinical, "done"
    if found.day is None:
        return (
            "stale",
            f"{found.clinical}, without a date",
            "done, but your record has no date: ask if it is new enough",
        )
    limit = item.fresh.shown
    if item.fresh.after(found.day.low) >= on:
        return "done", f"{found.clinical}, not older than {limit}", "done"
    if item.fresh.after(found.day.high) >= on:
        return "stale", f"{found.clinical}; it may be older than {limit}", "done, but it may be too old"
    return "stale", f"{found.clinical}; older than {limit}", "done, but too old"


def _requirement(mine: Sequence[Asked]) -> tuple[Literal["met", "not_met", "unknown"] | None, str | None]:
    """Judge what the results must be; the strictest line that is not met decides."""
    asked = [one for one in mine if one.line.requires]
    if not asked:
        return None, None
    answers = {
        one.line.requires_text: all_of(
            one.readings.value(name).meets(check) for name, check in one.line.requires.items()
        )
        for one in asked
    }
    for truth in (Truth.NOT_MET, Truth.UNKNOWN, Truth.MET):
        texts = [text for text, answer in answers.items() if answer is truth and text]
        if texts:
            words: dict[Truth, Literal["met", "not_met", "unknown"]] = {
                Truth.MET: "met",
                Truth.NOT_MET: "not_met",
                Truth.UNKNOWN: "unknown",
            }
            return words[truth], "; ".join(texts)
    return None, None


def _lvef(case: Case, item: Item, on: date) -> Found | None:
    measured = [one for one in case.patient.cardiac.lvef if one.date is None or one.date.low <= on]
    dated = [(one, one.date) for one in measured if one.date is not None]
    if dated:
        newest, day = max(dated, key=lambda pair: pair[1].high)
        return Found(f"{newest.percent} % ({newest.method or 'method not recorded'})", day)
    return Found(f"{measured[-1].percent} %") if measured else None


def _labs(case: Case, item: Item, on: date) -> Found | None:
    """All variables of a panel, dated by the oldest of their newest results."""
    days: list[PartialDate] = []
    there: list[str] = []
    missing: list[str] = []
    undated = False
    for name in item.of:
        one = result(case, name, derive=False)
        label = case.knowledge.variables.variables[name].name
        if one is None or (one.date is not None and one.date.low > on):
            missing.append(label)
            continue
        there.append(label)
        if one.date is None:
            undated = True
        else:
            days.append(one.date)
    if not there:
        return None
    oldest = min(days, key=lambda day: day.low) if days and not undated else None
    return Found(", ".join(there), oldest, missing=tuple(missing))


def _ecg(case: Case, item: Item, on: date) -> Found | None:
    heart = case.patient.cardiac
    qtc = heart.qtcf_ms or heart.qtcb_ms
    if qtc is None and heart.ecg_date is None:
        return None
    if heart.ecg_date is not None and heart.ecg_date.low > on:
        return None
    return Found(f"QTc {qtc} ms" if qtc is not None else "ECG", heart.ecg_date)


def _serology(case: Case, item: Item, on: date) -> Found | None:
    serology = case.patient.serology
    if serology is None:
        return None
    there = [name for name in item.of if getattr(serology, name) not in (None, "not_tested", "unknown")]
    if not there:
        return None
    missing = tuple(_serology_name(name) for name in item.of if name not in there)
    return Found(", ".join(map(_serology_name, there)), serology.date, lasting=True, missing=missing)


def _serology_name(name: str) -> str:
    return {"hbsag": "HBsAg", "anti_hbc": "anti-HBc", "anti_hcv": "anti-HCV"}.get(name, name)


def _weight(case: Case, item: Item, on: date) -> Found | None:
    weight = case.patient.demographics.weight_kg
    return Found(f"{weight} kg", lasting=True) if weight is not None else None


def _pregnancy(case: Case, item: Item, on: date) -> Found | None:
    state = case.patient.demographics.pregnancy
    if state in (None, "unknown"):
        return None
    return Found(str(state).replace("_", " "))


def _gene(case: Case, item: Item, on: date) -> Found | None:
    for name in item.of:
        gene = case.patient.biomarkers.genes.get(name)
        if gene is not None and gene.status not in ("not_tested", "unknown"):
            return Found(f"{name.upper()} {gene.status.replace('_', ' ')}", lasting=True)
    return None


def _imaging(case: Case, item: Item, on: date) -> Found | None:
    """An image among the procedures, by its words; the record has no place of its own for images."""
    days = [
        (one.end or one.date, one.name or one.technique or "")
        for one in case.patient.procedures
        if any(words in f"{one.name or ''} {one.technique or ''} {one.site or ''}".casefold() for words in item.words)
    ]
    cns = case.patient.cancer.cns
    if "cns" in item.of and cns is not None and cns.last_imaging is not None:
        days.append((cns.last_imaging, "imaging of the brain"))
    kept = [(day, text) for day, text in days if day is None or day.low <= on]
    dated = [(day, text) for day, text in kept if day is not None]
    if dated:
        day, text = max(dated, key=lambda pair: pair[0].high)
        return Found(text, day)
    return Found(kept[0][1]) if kept else None


def _history(case: Case, item: Item, on: date) -> Found | None:
    """A part of the history: recorded where a disease of it is, or where the list of diagnoses is complete."""
    truth, evidence = condition(case, item.of, ever=True)
    if truth is Truth.MET:
        return Found("; ".join(one.value for one in evidence), lasting=True)
    return Found("no disease on record", lasting=True) if truth is Truth.NOT_MET else None


def _none(case: Case, item: Item, on: date) -> Found | None:
    return None


_READERS: dict[str, Callable[[Case, Item, date], Found | None]] = {
    "lvef": _lvef,
    "labs": _labs,
    "ecg": _ecg,
    "serology": _serology,
    "weight": _weight,
    "pregnancy": _pregnancy,
    "gene": _gene,
    "imaging": _imaging,
    "history": _history,
    "none": _none,
}


def last_done(case: Case, item: Item) -> PartialDate | None:
    """Return when an item was last done by the record."""
    found = _READERS[item.reader](case, item, case.as_of)
    return found.day if found is not None and not found.missing else None


def sheet_lines(sheet: Sheet, day: date) -> tuple[Baseline, ...]:
    """Return the lines of a sheet that are of the day."""
    return tuple(line for line in sheet.baseline if line.holds_on(day))
