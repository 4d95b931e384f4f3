"""Blood-count support: growth factors and transfusions around the day of a blood sample and up to the patient's day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from her2nav.facts.case import Case
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import drug_terms
from her2nav.model.dates import PartialDate, plus_days
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth, all_of

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Use:
    """Support that was given, or may have been.

    Attributes:
        span: First and last day on which it can have been given.
        last: First and last day that the last use can be; None: not known.
        sure: False when it may be something else.
        free_from: First day after the wait; None: it is still in use or undated.
    """

    label: str
    span: Span
    last: Span | None
    sure: bool
    days: int
    evidence: Evidence
    free_from: date | None


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a value stands without support.

    Attributes:
        truth: MET: no support near the sample or the patient's day; UNKNOWN: not certain.
        uses: What decides it.
        closed: Lists marked complete that say there is nothing more.
        open_lists: Lists that are not marked complete.
    """

    truth: Truth
    uses: tuple[Use, ...]
    closed: tuple[Evidence, ...]
    open_lists: tuple[str, ...]


def unsupported(
    case: Case,
    variable_id: str,
    sample: PartialDate | None,
    growth_factor_days: int | None,
    transfusion_days: int | None,
) -> Support:
    """Judge support within so many days before the sample, or before the patient's day.

    A growth factor that does not act on the variable, and a medicine whose name is not known, leave it unknown.
    """
    wanted: list[tuple[str, bool]] = []
    uses: list[Use] = []
    if growth_factor_days is not None:
        wanted.append(("medications", case.patient.complete.medications))
        uses += _growth_factors(case, variable_id, growth_factor_days)
    if transfusion_days is not None:
        wanted.append(("procedures", case.patient.complete.procedures))
        uses += _transfusions(case, transfusion_days)
    judged = [(_free(use, sample, case.as_of), use) for use in uses]
    closed = tuple(Evidence(f"/complete/{name}", "true") for name, complete in wanted if complete)
    opened = tuple(name for name, complete in wanted if not complete)
    truth = all_of([*(answer for answer, _ in judged), *(Truth.UNKNOWN for _ in opened)])
    deciding = tuple(use for answer, use in judged if answer is truth) if truth is not Truth.MET else ()
    return Support(truth, deciding, closed, opened)


def _free(use: Use, sample: PartialDate | None, as_of: date) -> Truth:
    """Return whether a use lies outside the windows."""
    window = timedelta(days=use.days)
    today = (as_of - window, as_of)
    taken = sample.possibly_by(as_of) if sample is not None else None
    core = (taken.high - window, taken.low) if taken is not None else None
    reach = (taken.low - window, taken.high) if taken is not None else (date.min, as_of)
    for span in (use.span, use.last):
        if span is not None and (_inside(span, today) or (core is not None and _inside(span, core))):
            return Truth.NOT_MET if use.sure else Truth.UNKNOWN
    apart = all(use.span[1] < window[0] or use.span[0] > window[1] for window in (today, reach))
    return Truth.MET if apart else Truth.UNKNOWN


def _inside(span: Span, window: Span) -> bool:
    return window[0] <= span[0] and span[1] <= window[1]


def _growth_factors(case: Case, variable_id: str, days: int) -> Iterator[Use]:
    ontology = case.knowledge.drugs
    for i, item in enumerate(case.patient.medications):
        if item.since is not None and item.since.certainly_after(case.as_of):
            continue
        names = ontology.resolve(item.name)
        found = [_is_growth_factor(case, variable_id, terms) for terms in drug_terms(names, ontology)]
        if all(answer is Truth.NOT_MET for answer in found):
            continue
        start = item.since.low if item.since is not None else date.min
        evidence = Evidence(f"/medications/{i}", item.name, str(item.since) if item.since else None)
        today = (case.as_of, case.as_of)
        yield Use(item.name, (start, case.as_of), today, Truth.MET in found, days, evidence, None)
    for course in case.courses:
        # A course whose drugs are not known at all is anticancer therapy, not a growth factor.
        found = [
            Truth.NOT_MET if terms.could is None else _is_growth_factor(case, variable_id, terms)
            for terms in course.drugs
        ]
        if all(answer is Truth.NOT_MET for answer in found):
            continue
        alone = all(answer is not Truth.NOT_MET for answer in found)
        low, high = course.end
        evidence = Evidence(course.path, course.label, low.isoformat() if low == high else None)
        yield Use(
            course.label,
            (course.start[0] or date.min, high),
            (low, high) if alone and low is not None else None,
            Truth.MET in found,
            days,
            evidence,
            None if course.ongoing else plus_days(high, days + 1),
        )


def _is_growth_factor(case: Case, variable_id: str, terms: TermSet) -> Truth:
    answer = terms.any_of((case.knowledge.numeric_rules.growth_factor_class,))
    unrelated = case.knowledge.variables.variables[variable_id].unrelated_growth_factors
    if answer is Truth.MET and unrelated and terms.any_of(unrelated) is Truth.MET:
        return Truth.UNKNOWN
    return answer


def _transfusions(case: Case, days: int) -> Iterator[Use]:
    for i, item in enumerate(case.patient.procedures):
        if item.kind != "transfusion" or (item.date is not None and item.date.certainly_after(case.as_of)):
            continue
        last = (item.end or item.date).possibly_by(case.as_of) if item.date is not None else None
        span = (item.date.low, last.high) if item.date is not None and last is not None else (date.min, case.as_of)
        yield Use(
            item.name or "transfusion",
            span,
            (last.low, last.high) if last is not None else None,
            True,
            days,
            Evidence(f"/procedures/{i}", item.name or "transfusion", str(item.date) if item.date else None),
            plus_days(last.high, days + 1) if last is not None else None,
        )
