"""Immune system: what medicines, vaccinations and side effects say, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.case import Case
from her2nav.facts.conditions import condition_rows
from her2nav.facts.medications import taken
from her2nav.facts.once import once
from her2nav.facts.procedures import procedures
from her2nav.kinds.base import ask, finding
from her2nav.kinds.condition_words import lists_evidence
from her2nav.kinds.freshness import dated, inside_until, within
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.dates import PartialDate, plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import Grade, OneOrMany

State = Literal[
    "autoimmune_disease",
    "immunodeficiency",
    "immunosuppression",
    "organ_transplant",
    "stem_cell_transplant",
    "live_vaccine",
    "immune_related_adverse_event",
]


class Params(KindParams):
    """P: one of the states is present."""

    any_of: Annotated[OneOrMany[State], Field(min_length=1)]
    steroid_over_mg_prednisone: Decimal | None = None
    """Immunosuppression: systemic steroids above this daily dose, prednisone equivalent."""
    min_grade: Grade | None = None
    """Immune-related adverse events: of this CTCAE grade or more."""
    within_days: Days | None = None
    exceptions: OneOrMany[str] = ()


def immunosuppression(case: Case, params: Params, state: str) -> Finding:
    """Judge medicines: steroids by their dose; others by a person, for the record has no form or dose."""
    classes, limit = case.knowledge.conditions.rules.classes, params.steroid_over_mg_prednisone
    found: list[tuple[Truth, Evidence]] = []
    for item in taken(case):
        if item.anticancer:
            continue
        steroid = any_of(terms.any_of(classes.steroid) for terms in item.terms)
        other = any_of(terms.any_of(classes.immunosuppressant) for terms in item.terms)
        if steroid is Truth.MET and other is Truth.NOT_MET and limit is not None and item.prednisone_mg is not None:
            truth = Truth.MET if item.prednisone_mg > limit else Truth.NOT_MET
        else:
            truth = Truth.NOT_MET if steroid is other is Truth.NOT_MET else Truth.UNKNOWN
        dose = f", {item.prednisone_mg} mg prednisone a day" if item.prednisone_mg is not None else ""
        found.append((truth, Evidence(item.path, f"{item.name}{dose}", str(item.since) if item.since else None)))
    cns = case.patient.cancer.cns
    if cns is not None and (cns.on_steroids or cns.steroid_mg_prednisone):
        dose_mg = cns.steroid_mg_prednisone
        truth = Truth.UNKNOWN
        if limit is not None and dose_mg is not None:
            truth = Truth.MET if dose_mg > limit else Truth.NOT_MET
        shown = f"{dose_mg} mg prednisone a day" if dose_mg is not None else "on steroids"
        found.append((truth, Evidence("/cancer/cns/on_steroids", shown)))
    asked = "immunosuppressive medicines" + (f", steroids above {limit} mg prednisone a day" if limit else "")
    return _by_entries(case, state, found, asked, ("medications",), "medicine that calms the immune system")


def vaccine(case: Case, params: Params, state: str) -> Finding:
    """Judge vaccinations by what they are and when they were given."""
    knowledge, classes = case.knowledge, case.knowledge.conditions.rules.classes
    found: list[tuple[Truth, Evidence]] = []
    days: list[Change] = []
    listed = {done.path: done for done in procedures(case)}
    for i, item in enumerate(case.patient.procedures):
        done = listed.get(f"/procedures/{i}")
        if done is None or done.is_kind(("vaccination",)) is Truth.NOT_MET:
            continue
        live = any_of(_live(case, text) for text in (item.name, item.technique) if text) if _named(item) else None
        recent = within(item.date, params.within_days, case.as_of)
        truth = all_of((live or Truth.UNKNOWN, done.is_kind(("vaccination",)), recent))
        shown = f"{item.name or item.technique or 'vaccination'} ({dated(item.date, case.as_of)})"
        found.append((truth, Evidence(f"/procedures/{i}", shown, str(item.date) if item.date else None)))
        if truth is Truth.MET and item.date is not None and params.within_days is not None:
            free = plus_days(item.date.high, params.within_days + 1)
            days.append(Change(ChangeBy.DATE, f"more than {params.within_days} days since the vaccine", free))
    for i, medicine in enumerate(case.patient.medications):
        if medicine.since is not None and medicine.since.certainly_after(case.as_of):
            continue
        names = knowledge.drugs.resolve(medicine.name)
        vaccine = any(knowledge.drugs.class_closure.get(one, frozenset()) & {*classes.vaccine} for one in names.classes)
        substance = knowledge.substances.find(medicine.name)
        if vaccine or (substance is not None and substance.group == "vaccine"):
            truth = all_of((_live(case, medicine.name), within(medicine.since, params.within_days, case.as_of)))
            since = str(medicine.since) if medicine.since else None
            found.append((truth, Evidence(f"/medications/{i}", medicine.name, since)))
    asked = "live vaccine" + (f" within {params.within_days} days" if params.within_days is not None else "")
    lists = ("procedures", "medications")
    found_now = _by_entries(case, state, found, asked, lists, "a live vaccine", change=days[-1] if days else None)
    return _until(found_now, found, params)


def _named(item: object) -> bool:
    return bool(getattr(item, "name", None) or getattr(item, "technique", None))


def _live(case: Case, written: str) -> Truth:
    substance = case.knowledge.substances.find(written)
    if substance is not None and substance.live is not None:
        return Truth.MET if substance.live else Truth.NOT_MET
    names = case.knowledge.drugs.resolve(written)
    closures = [case.knowledge.drugs.class_closure.get(one, frozenset()) for one in names.classes]
    live = case.knowledge.conditions.rules.classes.live_vaccine
    return Truth.MET if any(closure & {*live} for closure in closures) else Truth.UNKNOWN


@once
def inhibitor_given(case: Case) -> Truth:
    """Return whether a checkpoint inhibitor was given."""
    wanted = case.knowledge.conditions.rules.classes.checkpoint_inhibitor
    given = any_of(terms.any_of(wanted) for course in case.courses for terms in course.drugs)
    return Truth.UNKNOWN if given is Truth.NOT_MET and not case.patient.complete.therapies else given


def immune_event(case: Case, params: Params, state: str) -> Finding:
    """Judge side effects of checkpoint inhibitors; without such a drug there is none."""
    ontology, drugs = case.knowledge.conditions, case.knowledge.drugs
    wanted, given = ontology.rules.classes.checkpoint_inhibitor, inhibitor_given(case)
    found: list[tuple[Truth, Evidence]] = []
    for i, item in enumerate(case.patient.toxicities):
        if item.date is not None and item.date.certainly_after(case.as_of):
            continue
        ids = [named.id for named in ontology.resolve(item.name) if named.id]
        by_name = any(state in ontology.wider(one) for one in ids)
        cause = Truth.MET if by_name else given if item.due_to is None else Truth.UNKNOWN
        names = drugs.resolve(item.due_to) if item.due_to else None
        if names is not None and names.known and not by_name:
            terms = [drugs.possible_terms_of(one) for one in names.drugs]
            terms += [drugs.class_closure[one] for one in names.classes]
            cause = Truth.MET if any(one & {*wanted} for one in terms) else Truth.NOT_MET
        if cause is Truth.MET and not by_name and item.due_to is None:
            cause = Truth.UNKNOWN
        graded = Truth.MET
        if params.min_grade is not None:
            graded = Truth.UNKNOWN
            if item.grade is not None:
                graded = Truth.MET if item.grade >= params.min_grade else Truth.NOT_MET
        truth = all_of((cause, graded, within(item.date, params.within_days, case.as_of)))
        shown = item.name + (f" grade {item.grade}" if item.grade is not None else "")
        shown += f", {item.due_to}" if item.due_to else ""
        found.append((truth, Evidence(f"/toxicities/{i}", shown, str(item.date) if item.date else None)))
    for row in condition_rows(case):
        if row.origin == "diagnosis" and row.id is not None and state in ontology.wider(row.id):
            graded = Truth.MET if params.min_grade is None else Truth.UNKNOWN
            if params.min_grade is not None and row.grade is not None:
                graded = Truth.MET if row.grade >= params.min_grade else Truth.NOT_MET
            found.append((all_of((graded, within(row.date, params.within_days, case.as_of))), row.evidence))
    asked = "immune-related adverse event" + (f" of grade {params.min_grade} or higher" if params.min_grade else "")
    # A complete list of therapies without such a drug rules its side effects out.
    lists: tuple[str, ...] = ("therapies",) if given is Truth.NOT_MET else ("toxicities",)
    found_now = _by_entries(case, state, found, asked, lists, "a side effect of immune treatment", lasting=True)
    return _until(found_now, found, params)


def _until(made: Finding, found: list[tuple[Truth, Evidence]], params: Params) -> Finding:
    """Add the last day on which one of the entries that count lies inside the window."""
    if made.truth is not Truth.MET or params.within_days is None:
        return made
    dates = (PartialDate.parse(item.date) if item.date else None for truth, item in found if truth is Truth.MET)
    return replace(made, holds_until=inside_until(dates, params.within_days))


def _by_entries(
    case: Case,
    state: str,
    found: list[tuple[Truth, Evidence]],
    asked: str,
    lists: tuple[str, ...],
    plain: str,
    *,
    change: Change | None = None,
    lasting: bool = False,
) -> Finding:
    """Make the finding of entries that are judged one by one."""
    truth = any_of(value for value, _ in found)
    closed = all(getattr(case.patient.complete, name) for name in lists)
    if truth is Truth.NOT_MET and not closed:
        truth = Truth.UNKNOWN
    deciding = tuple(evidence for value, evidence in found if value is truth)
    shown = "; ".join(evidence.value for evidence in deciding)
    if truth is Truth.MET:
        fallback = Change(ChangeBy.NEVER if lasting else ChangeBy.TREATMENT, shown)
        text = f"On record: {shown}. Asked: {asked}."
        code = f"immune_{state}_present"
        return finding(truth, code, text, f"This is on your record: {plain}.", deciding, change=change or fallback)
    if truth is Truth.NOT_MET:
        text = f"No record of it in complete lists ({' and '.join(lists)}). Asked: {asked}."
        code = f"immune_{state}_no_record"
        return finding(truth, code, text, f"There is no record of {plain}.", (*deciding, *lists_evidence(lists)))
    text = f"May count, details are missing: {shown}." if shown else "Not in the record, or the lists are not complete."
    return finding(
        truth,
        f"immune_{state}_unclear" if shown else f"immune_{state}_missing",
        f"{text} Asked: {asked}.",
        f"We need to know about {plain}.",
        deciding,
        change=ask(f"any {asked}, with dose and date?", Effort.ASK),
    )
