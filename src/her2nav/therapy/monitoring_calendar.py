"""The calendar: dates of every schedule from the first or the last dose, and what is due next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from her2nav.facts.case import Case
from her2nav.knowledge.monitoring import Phase, Schedule, Span
from her2nav.model.dates import add_months
from her2nav.therapy.monitoring_baseline import last_done
from her2nav.therapy.monitoring_treatment import Treatment
from her2nav.therapy.safety_results import CalendarEvent, CalendarLine, SourceLine

_AUTHORITIES = ("label", "trials", "good_practice", "guideline")
"""Whose dates stand in the calendar where several give some, first to last."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One schedule with what its dates need."""

    schedule: Schedule
    drug: str
    treatment: Treatment
    cycle: Span | None
    source: SourceLine

    @property
    def anchor(self) -> date | None:
        """The day it is counted from."""
        if self.schedule.anchor == "start":
            return self.treatment.first_day
        end = self.treatment.end
        return end[0] if end is not None and end[0] == end[1] else None


def calendar(
    case: Case, planned: Sequence[Planned], months: int
) -> tuple[tuple[CalendarLine, ...], tuple[CalendarEvent, ...]]:
    """Return every schedule with its dates, and all dates of those in use in order.

    For each item the dates of one schedule are used: a verified one before an unverified one, then by authority, then
    the closest interval; the others are listed without dates.

    Args:
        case: The patient and the day.
        planned: Schedules of all drugs.
        months: Length of the calendar from the first dose (of a schedule after the last dose: from that).
    """
    ranked = sorted(planned, key=_rank)
    chosen: dict[tuple[str, str], Planned] = {}
    for one in ranked:
        if _dates(one, months):
            chosen.setdefault((one.schedule.item, one.schedule.anchor), one)
    lines = [_line(case, one, chosen.get((one.schedule.item, one.schedule.anchor)) is one, months) for one in planned]
    events = [
        CalendarEvent(date=day, item=line.item, number=number)
        for line in lines
        if line.in_use
        for number, day in enumerate(line.dates, start=1)
    ]
    lines.sort(key=lambda line: (line.next_due or "9999", not line.in_use))
    return tuple(lines), tuple(sorted(events, key=lambda event: (event.date, event.item)))


def _rank(one: Planned) -> tuple[bool, int, int]:
    first = _first_step(one)
    days = (first.days or first.months * 30) if first is not None else 0
    return one.source.unverified, _AUTHORITIES.index(one.schedule.authority), days


def _first_step(one: Planned) -> Span | None:
    phases = one.schedule.phases
    return (phases[0].every or one.cycle) if phases else None


def _dates(one: Planned, months: int) -> tuple[date, ...]:
    anchor = one.anchor
    if anchor is None:
        return ()
    last = add_months(anchor, months)
    ended = one.treatment.end
    if one.schedule.anchor == "start" and ended is not None:
        last = min(last, ended[1])
    if one.schedule.anchor == "last_dose":
        last = max((phase.until.after(anchor) for phase in one.schedule.phases if phase.until), default=last)
    return tuple(_walk(anchor, one.schedule.phases, one.cycle, last))


def _walk(anchor: date, phases: Sequence[Phase], cycle: Span | None, last: date) -> Iterator[date]:
    """Yield the dates; each phase goes on from the last date of the one before it."""
    here = anchor
    for phase in phases:
        step = phase.every or cycle
        if step is None:
            return
        until = min(phase.until.after(anchor), last) if phase.until is not None else last
        times = 1
        while (day := step.after(here, times)) <= until:
            yield day
            times += 1
        here = step.after(here, times - 1)


def _line(case: Case, one: Planned, in_use: bool, months: int) -> CalendarLine:
    item = case.knowledge.monitoring.items[one.schedule.item]
    dates = _dates(one, months) if in_use else ()
    done = last_done(case, item)
    running = one.treatment.phase == "running" or (one.schedule.anchor == "last_dose" and one.treatment.end is not None)
    past = [day for day in dates if day <= case.as_of]
    # A test up to one interval before a date stands for it; without a date on record nothing is said to be overdue.
    step = _first_step(one)
    overdue = bool(running and past and done is not None and step is not None and step.after(done.high) < case.as_of)
    coming = [day for day in dates if day >= case.as_of]
    return CalendarLine(
        item=item.id,
        name=item.name,
        plain_name=item.plain_name,
        drug=one.drug,
        shown=one.schedule.shown,
        authority=one.schedule.authority,
        anchor=one.schedule.anchor,
        in_use=in_use,
        dates=tuple(day.isoformat() for day in dates),
        last_done=str(done) if done is not None else None,
        next_due=coming[0].isoformat() if coming else None,
        overdue=overdue,
        source=one.source,
    )
