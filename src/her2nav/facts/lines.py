"""Counting lines of therapy as an interval, every rule a parameter (rules L1 to L8).

A course opens a new line when the one before it ended in progression, or in intolerance with a change of class
(L1). Maintenance, a planned switch, a swap within the class and a drug added without progression stay in the line
(L3). Where the record does not say why a course ended, both readings are kept: the count is an interval (L8).
(Neo)adjuvant therapy counts as one line when the disease came back within the window (L2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from her2nav.facts.case import Case
from her2nav.facts.medications import taken
from her2nav.facts.once import once_from
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import Course, drug_terms, in_doubt
from her2nav.knowledge.schema import LineRules
from her2nav.model.dates import PartialDate, add_months
from her2nav.model.truth import Truth, all_of, any_of

UNBOUNDED = 99
"""Stands for "no upper bound" when the therapy list is not known to be complete."""


@dataclass(frozen=True, slots=True)
class LineCount:
    """The number of lines: at least `low`, at most `high`.

    Attributes:
        certain: Courses that count for certain, for the explanation.
        notes: What made the count an interval.
        until: Last day on which a relapse whose date is not recorded counts for certain as one of the lines.
    """

    low: int
    high: int
    certain: tuple[Course, ...] = ()
    notes: tuple[str, ...] = ()
    until: date | None = None


@once_from("medications", "planned", "therapies", "cancer")
def unlisted(case: Case) -> tuple[tuple[TermSet, ...], ...]:
    """Return the drugs of systemic therapy that stand only as a medicine, or as a plan whose start may have come."""
    systemic, ontology = case.knowledge.line_rules.systemic, case.knowledge.drugs
    groups = [item.terms for item in taken(case) if item.known and not item.anticancer]
    groups += [
        tuple(terms for drug in plan.drugs for terms in drug_terms(ontology.resolve(drug.name), ontology))
        for plan in case.patient.planned
        if plan.start is not None and not plan.start.certainly_after(case.as_of)
    ]
    running = [course for course in case.courses if course.ongoing is not False]

    def stands(terms: TermSet) -> bool:
        return any(bool(one.has) and one.has <= terms.has for course in running for one in course.drugs)

    return tuple(
        group
        for group in groups
        if any(terms.any_of((systemic,)) is not Truth.NOT_MET for terms in group)
        and not all(stands(terms) for terms in group)
    )


@once_from("therapies", "cancer")
def doubtful(case: Case) -> frozenset[int]:
    """Return the courses not certainly given by the day: no cycle, a name in doubt, a start that may be later."""

    def unsure(index: int) -> bool:
        item = case.patient.therapies[index]
        ended = item.end is not None and item.end.high <= case.as_of
        later = item.start is not None and item.start.high > case.as_of and not ended and not item.cycles
        return item.cycles == 0 or later or any(in_doubt(drug.name) for drug in item.drugs)

    return frozenset(course.index for course in case.courses if unsure(course.index))


def counts_as(course: Course, of: Sequence[str], except_of: Sequence[str], rules: LineRules) -> Truth:
    """Whether a course holds a drug of the classes, exceptions apart; no class means any systemic therapy."""
    return _among(course.drugs, tuple(of) or (rules.systemic,), tuple(except_of))


@lru_cache(maxsize=16384)
def _among(drugs: tuple[TermSet, ...], wanted: tuple[str, ...], except_of: tuple[str, ...]) -> Truth:
    return any_of(
        all_of((terms.any_of(wanted), terms.any_of(except_of).negated() if except_of else Truth.MET)) for terms in drugs
    )


def count_lines(
    courses: Sequence[Course],
    *,
    rules: LineRules,
    of: Sequence[str] = (),
    except_of: Sequence[str] = (),
    setting: str = "metastatic",
    relapse_window_months: int | None = None,
    relapse: PartialDate | None = None,
    advanced: bool | None = None,
    complete: bool,
    reported: int | None = None,
    set_aside: bool = False,
    in_doubt: frozenset[int] = frozenset(),
    beside: Sequence[Sequence[TermSet]] = (),
    as_of: date,
    parted: dict[str, list[Line]] | None = None,
) -> LineCount:
    """Count the lines given by `as_of`.

    Args:
        courses: In order of the record.
        rules: Which classes are systemic therapy, perioperative therapy, or too wide to be a swap.
        of: Drugs or classes a line must hold; empty: any systemic therapy.
        except_of: Courses made only of these do not count.
        setting: `metastatic`, or `any` to count every setting.
        relapse_window_months: Relapse within so many months of (neo)adjuvant chemotherapy or anti-HER2 therapy counts
            as a line; 0: never; None: the criterion is silent, so both readings stand.
        relapse: Date of the relapse, where the record has one.
        advanced: Whether the disease is advanced or has come back by now; None: not known.
        complete: Whether the therapy list is known to be complete.
        reported: The letter's own count, used when no course is listed; beside a list it widens the interval.
        set_aside: Whether courses were left out, for they were given after the day.
        in_doubt: Positions of courses that may not have been given.
        beside: Drugs of systemic therapy that stand outside the list; together they may be one more line.
        as_of: The patient's day.
        parted: The same courses parted into lines by setting, as far as that was done before; it is filled.
    """
    notes: list[str] = []
    low, high, certain = 0, 0, []
    until: date | None = None
    known = {} if parted is None else parted
    if setting not in known:
        known[setting] = _segments(courses, setting, rules, in_doubt)
    for line in known[setting]:
        answers = [(course, counts_as(course, of, except_of, rules), chance) for course, chance in line.courses]
        is_met = any(truth is Truth.MET and chance for course, truth, chance in answers)
        if is_met:
            low += line.certain_start
            certain += [course for course, truth, chance in answers if truth is Truth.MET and chance]
        if any(truth is not Truth.NOT_MET for _, truth, _ in answers):
            high += 1
    if low > high:
        low = high
    low = max(low, 1 if certain else 0)
    if setting == "metastatic":
        came_back = _Relapse(relapse, advanced, as_of)
        early_low, early_high, note = _perioperative(
            courses, of, except_of, relapse_window_months, came_back, rules, in_doubt
        )
        if early_low and relapse_window_months is not None:
            until = _undated_until(courses, relapse_window_months, came_back)
        low, high = low + early_low, high + early_high
        notes += note
    more = _beside(beside, of, except_of, rules)
    if reported is not None and not courses and not set_aside:
        return LineCount(reported, reported + more, notes=("count as given in the record",))
    if reported is not None and not low <= reported <= high:
        notes.append(f"the record's own count is {reported}, of those listed {low} to {high}")
        low, high = min(low, reported), max(high, reported)
    if more:
        high += more
        notes.append("a cancer medicine stands among the medications or plans and not among the treatments")
    if not complete:
        high = UNBOUNDED
        notes.append("the list of treatments is not marked complete")
    return LineCount(low, high, tuple(certain), tuple(notes), until)


def _beside(beside: Sequence[Sequence[TermSet]], of: Sequence[str], except_of: Sequence[str], rules: LineRules) -> int:
    """Return 1 when drugs outside the list of treatments may be a line of their own."""
    wanted = of or (rules.systemic,)
    answers = [
        all_of((terms.any_of(wanted), terms.any_of(except_of).negated() if except_of else Truth.MET))
        for drugs in beside
        for terms in drugs
    ]
    return int(any_of(answers) is not Truth.NOT_MET)


@dataclass(slots=True)
class Line:
    """Courses of one line, each with whether it was given for certain in the setting asked for."""

    courses: list[tuple[Course, bool]]
    certain_start: bool


def _segments(courses: Sequence[Course], setting: str, rules: LineRules, in_doubt: frozenset[int]) -> list[Line]:
    """Split courses into lines; a start that is only possible makes its own line with `certain_start` false."""
    lines: list[Line] = []
    previous: Course | None = None
    for course in courses:
        chance = _in_setting(course, setting)
        if chance is Truth.NOT_MET:
            continue
        certain = chance is Truth.MET and course.index not in in_doubt
        twin = next((line for line in lines for other, _ in line.courses if _same_start(other, course)), None)
        if twin is not None:
            twin.courses.append((course, certain))
            # A row in doubt that is repeated by a certain one is no less a line.
            previous = course if certain and twin is lines[-1] else previous
            continue
        starts = Truth.MET if previous is None else _starts_line(previous, course, rules)
        if starts is Truth.NOT_MET and lines:
            lines[-1].courses.append((course, certain))
        else:
            lines.append(Line([(course, certain)], certain and starts is Truth.MET))
        if certain:
            previous = course
    return lines


def _in_setting(course: Course, setting: str) -> Truth:
    if setting == "any":
        return Truth.NOT_MET if course.settings == {"local"} else Truth.MET
    if course.settings == {setting}:
        return Truth.MET
    return Truth.UNKNOWN if setting in course.settings else Truth.NOT_MET


def _same_start(one: Course, other: Course) -> bool:
    """True for two rows of one regimen: the same setting and first day, or the same drugs at the same times."""
    if one.settings != other.settings or None in one.start or one.start != other.start:
        return False
    return one.start[0] == one.start[1] or (one.end == other.end and one.drugs == other.drugs)


def _overlap(previous: Course, course: Course) -> bool:
    """True when a course began before the end of the one before it, and no progression in between is dated."""
    first, last = course.start
    if first is None or last is None or previous.end[0] is None or last >= previous.end[0]:
        return False
    if previous.start[0] is None or course.end[1] < previous.start[0]:
        return False
    return previous.progression is None or previous.progression[1] > first


def _starts_line(previous: Course, course: Course, rules: LineRules) -> Truth:
    """Whether a course opens a new line after the one before it."""
    if course.maintenance:
        return Truth.NOT_MET if not previous.progressed else Truth.MET
    if previous.settings != course.settings and len(previous.settings) == len(course.settings) == 1:
        return Truth.MET
    if previous.ongoing and _contains(course, previous) and not previous.progressed:
        return Truth.NOT_MET
    if _overlap(previous, course):
        return Truth.UNKNOWN
    if previous.progressed and _progression_before(previous, course):
        return Truth.MET
    if previous.stopped_for == "planned_switch":
        return Truth.NOT_MET
    if previous.stopped_for == "toxicity":
        return Truth.NOT_MET if _same_classes(previous, course, rules) else Truth.MET
    if previous.stopped_for == "progression":
        return Truth.MET
    if previous.ongoing and _contains(course, previous):
        return Truth.NOT_MET
    return Truth.UNKNOWN


def _progression_before(previous: Course, course: Course) -> bool:
    if previous.progression is None or course.start[1] is None:
        return True
    return previous.progression[0] <= course.start[1]


def _contains(course: Course, other: Course) -> bool:
    return all(terms in course.drugs for terms in other.drugs)


def _same_classes(previous: Course, course: Course, rules: LineRules) -> bool:
    """A swap within the class: every drug of each course shares its most telling classes with one of the other's."""

    def telling(item: Course) -> set[frozenset[str]]:
        return {frozenset(term for term in terms.has if term not in rules.wide) for terms in item.drugs if terms.has}

    first, second = telling(previous), telling(course)
    return all(any(one & other for other in second) for one in first) and all(
        any(one & other for other in first) for one in second
    )


@dataclass(frozen=True, slots=True)
class _Relapse:
    """What is known of the relapse: its date, and whether the disease is advanced by now."""

    day: PartialDate | None
    advanced: bool | None
    as_of: date


def _perioperative(
    courses: Sequence[Course],
    of: Sequence[str],
    except_of: Sequence[str],
    window: int | None,
    relapse: _Relapse,
    rules: LineRules,
    in_doubt: frozenset[int],
) -> tuple[int, int, list[str]]:
    """Return the least and greatest number of lines that (neo)adjuvant therapy adds: 0 or 1 each."""
    if window == 0:
        return 0, 0, []
    months = rules.silent_window_months if window is None else window
    best = Truth.NOT_MET
    for course in courses:
        if not course.settings <= {"neoadjuvant", "adjuvant"}:
            continue
        counted = (counts_as(course, rules.perioperative, (), rules), counts_as(course, of, except_of, rules))
        given = Truth.UNKNOWN if course.index in in_doubt else Truth.MET
        best = any_of((best, all_of((given, *counted, _relapsed_within(course, courses, months, relapse)))))
    if best is Truth.NOT_MET:
        return 0, 0, []
    note = f"relapse within {months} months of (neo)adjuvant therapy may count as a line"
    if window is None:
        return 0, 1, [f"{note}; the criterion does not say"]
    return (1, 1, []) if best is Truth.MET else (0, 1, [note])


def _relapsed_within(course: Course, courses: Sequence[Course], months: int, relapse: _Relapse) -> Truth:
    """Whether the disease came back during a course or within `months` of its last dose, the limit day included."""
    end_low, end_high = course.end
    if relapse.day is not None:
        first, last = relapse.day.low, min(relapse.day.high, relapse.as_of)
    elif course.progression is not None:
        first, last = course.progression
    elif end_low is None:
        return Truth.UNKNOWN
    else:
        later = _advanced_after(course, courses)
        starts = [item.start[1] for item in later if item.start[1] is not None]
        if not starts and relapse.advanced is False:
            return Truth.NOT_MET
        first, last = end_low, min(starts, default=relapse.as_of)
        came_back = relapse.advanced is True or any(item.settings == {"metastatic"} for item in later)
        if not came_back and first <= add_months(end_high, months):
            return Truth.UNKNOWN
    if end_low is not None and last <= add_months(end_low, months):
        return Truth.MET
    return Truth.NOT_MET if first > add_months(end_high, months) else Truth.UNKNOWN


def _undated_until(courses: Sequence[Course], months: int, relapse: _Relapse) -> date | None:
    """Return the last day on which a relapse without a date is certainly inside the window; None: it has a date."""
    early = [item for item in courses if item.settings <= {"neoadjuvant", "adjuvant"}]
    if relapse.day is not None or any(item.progression is not None for item in early):
        return None
    if any(item.start[1] is not None for course in early for item in _advanced_after(course, courses)):
        return None
    return max((add_months(item.end[0], months) for item in early if item.end[0] is not None), default=None)


def _advanced_after(course: Course, courses: Sequence[Course]) -> list[Course]:
    return [item for item in courses if item.index > course.index and "metastatic" in item.settings]
