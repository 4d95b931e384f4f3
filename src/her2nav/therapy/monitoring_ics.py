"""The calendar as iCalendar text (RFC 5545): whole days, neutral titles unless full ones are asked for.

Only events of whole days with three text values are written, so the forty lines here do what a library would need
three more packages for; the tests read the result back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from her2nav.therapy.safety_results import CalendarEvent

_WIDTH = 75
"""Octets of a line, its break not counted (RFC 5545, section 3.1)."""
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))


def to_ics(
    events: Iterable[CalendarEvent], titles: dict[str, str], *, neutral: str, owner: str, stamp: date, version: str
) -> str:
    """Return the events as one calendar.

    Args:
        events: Dates with the item to check; items of one day are one event.
        titles: Names of the items; empty: every event has the neutral title and no description.
        neutral: The title that tells nothing.
        owner: Keeps the events of two people apart; it enters a digest only.
        stamp: The day the calendar was made.
        version: Version of the program, for PRODID.
    """
    days: dict[str, list[str]] = {}
    for event in events:
        days.setdefault(event.date, []).append(event.item)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//her2nav//{version}//EN", "CALSCALE:GREGORIAN"]
    for day, items in sorted(days.items()):
        first = date.fromisoformat(day)
        names = [titles[item] for item in dict.fromkeys(items) if item in titles]
        # One identifier for a day: a new export replaces the old event.
        identifier = hashlib.sha256(f"her2nav {owner} {day}".encode()).hexdigest()[:20]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{identifier}@her2nav.invalid",
            f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{first + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(', '.join(names) if names else neutral)}",
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for plain, written in _ESCAPES:
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a character; the rest begins with a blank."""
    parts, here, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _WIDTH:
            parts.append(here)
            here, size = " ", 1
        here += character
        size += octets
    return "\r\n".join([*parts, here])
