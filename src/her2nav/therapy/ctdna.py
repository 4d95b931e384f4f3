"""A dated series of plasma results: clearance by a day after the start of treatment, the lowest value, a rise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from her2nav.facts.case import Case
from her2nav.facts.therapies import Course
from her2nav.knowledge.approvals import CtDnaRules
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import CtDna
from her2nav.model.truth import Truth, from_bounds

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Point:
    """One result.

    Attributes:
        day: As recorded.
        vaf_percent: Allele frequency; 0 where nothing was detected; None where it is not stated.
        detected: None where the record does not say.
        path: Pointer into the patient file.
    """

    day: PartialDate
    vaf_percent: Decimal | None
    detected: bool | None
    path: str


@dataclass(frozen=True, slots=True)
class Series:
    """The results of one marker, oldest first.

    Attributes:
        marker: Gene and variant.
        points: Dated results; undated and failed ones are left out and counted.
        left_out: How many were.
        assays: Every assay named; more than one: the numbers are not comparable.
        start: First day of the treatment that the series is read against; None where none is dated to the day.
        treatment: Its drugs.
        clearance: Whether a sample by the day of clearance showed nothing; UNKNOWN where none was taken in time.
        clearance_day: That day, counted from the start.
        cleared_on: First sample after the start that showed nothing.
        lowest: Lowest allele frequency after the start.
        rise: Whether the last value lies above the lowest one before it, or the marker is found again.
        reason: In words.
        plain: For a patient.
    """

    marker: str
    points: tuple[Point, ...]
    left_out: int
    assays: tuple[str, ...]
    start: date | None
    treatment: str | None
    clearance: Truth
    clearance_day: int
    cleared_on: date | None
    lowest: Decimal | None
    rise: Truth
    reason: str
    plain: str


def series_of(case: Case, rules: CtDnaRules) -> tuple[Series, ...]:
    """Return one series for each marker of the record."""
    groups: dict[str, list[tuple[int, CtDna]]] = {}
    for index, item in enumerate(case.patient.ctdna):
        marker = " ".join(part for part in (item.gene, item.variant) if part) or "marker not named"
        groups.setdefault(marker, []).append((index, item))
    course = _course(case)
    return tuple(_series(marker, items, course, rules) for marker, items in groups.items())


def _course(case: Case) -> Course | None:
    """Return the course begun last whose first day is known."""
    dated = [course for course in case.courses if course.start[0] is not None and course.start[0] == course.start[1]]
    return max(dated, key=lambda course: course.start[0] or date.min, default=None)


def _series(marker: str, items: list[tuple[int, CtDna]], course: Course | None, rules: CtDnaRules) -> Series:
    points = [
        Point(item.date, _vaf(item), _detected(item), f"/ctdna/{index}")
        for index, item in items
        if item.date is not None and item.result != "failed" and (_vaf(item) is not None or item.result is not None)
    ]
    points.sort(key=lambda point: (point.day.low, point.day.high))
    start = course.start[0] if course else None
    after = [point for point in points if start is not None and point.day.low >= start]
    clearance, cleared_on = _clearance(after, start, rules.clearance_day)
    lowest, rise = _rise(after if start is not None else points)
    reason, plain = _words(points, start, clearance, cleared_on, rise, rules.clearance_day)
    return Series(
        marker=marker,
        points=tuple(points),
        left_out=len(items) - len(points),
        assays=tuple(dict.fromkeys(item.assay for _, item in items if item.assay)),
        start=start,
        treatment=course.label if course else None,
        clearance=clearance,
        clearance_day=rules.clearance_day,
        cleared_on=cleared_on,
        lowest=lowest,
        rise=rise,
        reason=reason,
        plain=plain,
    )


def _vaf(item: CtDna) -> Decimal | None:
    return _ZERO if item.result == "not_detected" else item.vaf_percent


def _detected(item: CtDna) -> bool | None:
    if item.result in ("detected", "not_detected"):
        return item.result == "detected"
    return None if item.vaf_percent is None else item.vaf_percent > 0


def _clearance(after: list[Point], start: date | None, day: int) -> tuple[Truth, date | None]:
    """Return whether a sample taken by the day showed nothing, and the first that did at any time."""
    if start is None:
        return Truth.UNKNOWN, None
    clear = [point for point in after if point.detected is False]
    first = clear[0].day.low if clear else None
    in_time = [point for point in after if point.day.low > start and (point.day.high - start).days <= day]
    answer = from_bounds(
        any(point.detected is False for point in in_time),
        bool(in_time) and all(point.detected is True for point in in_time),
    )
    return answer, first


def _rise(points: list[Point]) -> tuple[Decimal | None, Truth]:
    """Return the lowest value before the last one, and whether the last lies above it."""
    measured = [point for point in points if point.vaf_percent is not None]
    if len(measured) < 2:
        return (measured[0].vaf_percent if measured else None), Truth.UNKNOWN
    last = measured[-1].vaf_percent
    lowest = min(point.vaf_percent for point in measured[:-1] if point.vaf_percent is not None)
    assert last is not None
    return lowest, from_bounds(last > lowest, last <= lowest)


def _words(
    points: list[Point], start: date | None, clearance: Truth, cleared_on: date | None, rise: Truth, day: int
) -> tuple[str, str]:
    if not points:
        return "No dated result.", "There is no dated blood result to show."
    parts, plain = [], []
    if start is None:
        parts.append("No treatment with a known first day: clearance cannot be dated.")
    elif clearance is Truth.MET:
        parts.append(f"Not detected in a sample by day {day} of treatment.")
        plain.append("The marker was no longer found early in treatment.")
    elif clearance is Truth.NOT_MET:
        parts.append(f"Still detected in every sample by day {day} of treatment.")
        plain.append("The marker was still found early in treatment.")
    else:
        parts.append(f"No usable sample between the start of treatment and day {day}.")
    if cleared_on is not None and clearance is not Truth.MET:
        parts.append(f"First not detected on {cleared_on.isoformat()}.")
    if rise is Truth.MET:
        parts.append("The last value lies above the lowest before it.")
        plain.append("The last result is higher than an earlier one. Ask your team what it means.")
    elif rise is Truth.NOT_MET:
        parts.append("The last value does not lie above the lowest before it.")
        plain.append("The last result is not higher than before.")
    return " ".join(parts), " ".join(plain) or "Your team can explain these blood results."
