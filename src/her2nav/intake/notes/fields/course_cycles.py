"""How many cycles of a course were given: counted, or told by the number of the last one."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group, dated_in
from her2nav.intake.notes.found import Entry
from her2nav.intake.notes.note import Note

_CYCLES = re.compile(
    r"(?<![\d.])(?:(?<![a-z])x\s?(?P<x>\d{1,2})\b(?!\s?(?:10|mg|y(?:ea)?rs?\b|y\b|months?|mo\b|weeks?|wks?|d\b|days?|h\b|hrs?\b|hours?|nights?|/\s?\d))|(?P<of>\d{1,2})\s?(?:of|/)\s?(?P<all>\d{1,2})\s(?:cycles|doses|weekly|done|given|completed|received|infusions)\b|(?:dose|cycle)\s(?P<nth>\d{1,2})\s?(?:of|/)\s?\d{1,2}\b(?!/)|(?P<w>[5-9]|\d\d|six|eight|nine|ten|twelve)\s(?:once-?weekly|weekly|3-weekly|three-weekly)\s(?=[a-z])|(?<!q)(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s?(?:#|cycles?|ciclos|cures|doses|courses|infusions|series|rounds|kuren|zyklen)\b|(?P<t>\d{1,2}|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\stimes\b(?!\s(?:daily|a\s|per\s|the\s|higher|upper|weekly))|(?P<z>\d{1,2})\s?[x×](?=\s?(?:[,;)]|$))|(?<=[a-z] )times\s(?P<s>two|three|four|five|six|seven|eight|nine|ten|twelve)\b|c(?P<c>\d{1,2})\b(?=\s?(?:completed|given|done))|×\s?(?P<y>\d{1,2}))"
)
NUMBERS = {
    word: number
    for number, word in enumerate(
        re.split(
            " ",
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen twenty",
        ),
        start=1,
    )
}
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_CYCLE_GIVEN = re.compile(
    r"\bc(?:ycle )?(?P<c>\d{1,2})(?:\s?d(?:ay )?1)?\s(?:on|was given|given|administered|received|today)\b|\bs/p c(?P<d>\d{1,2})\b"
    r"|(?<=[,;] )c(?P<e>\d{1,2})(?:\s?d1)?\s(?=\d{1,2}[/.-]\d{1,2}|\d{1,2}(?:st|nd|rd|th)? [a-z]{3})"
    r"|\b(?:most recent|latest|last)(?: (?:one|cycle|dose|infusion|treatment))?(?: (?:was|is|being))?[ :(]{1,2}c(?:ycle )?(?P<f>\d{1,2})\b"
    r"|\b(?P<g>\d{1,2})(?:st|nd|rd|th) (?:injection|dose|infusion|cycle) (?:was )?(?:given|administered|received|today)\b"
    rf"|\b(?:had|received|completed|tolerated) (?:her |his |the )?(?P<o>{'|'.join(_ORDINALS)}) (?:cycle|dose|infusion)\b"
)
"""A cycle with its day says how many there were."""
_LIKE_CYCLES = re.compile(
    r"\/\d{1,2} [dgcri]|[cdwxisrtkz#×](?:(?<=c)(?:ycle|iclos|ures|ourses|\d)|(?<=d)ose|(?<=w)eekly|(?<=x)\s?\d|(?<=i)nfusions|(?<=s)eries|(?<=r)ounds|(?<=t)imes|(?<=k)uren|(?<=z)yklen|(?<=[#×])|(?<=\dx)|(?<=\d\sx))"
)
"""What stands in all of these, and is looked for faster."""
_TOTAL = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)})\s(?:cycles|doses|courses|infusions)\s(?:in total|altogether|in all|overall)\b"
    rf"|\b(?:a total of|altogether|in total)\s(?P<m>\d{{1,2}}|{'|'.join(NUMBERS)})\s(?:cycles|doses|courses|infusions)\b"
)
_DAY_NEAR = 20
CYCLE_DAY = re.compile(r"[\s:,-]{0,4}c(?:[2-9]|\d\d)\s?d\d{1,2}\b")
LATER_CYCLE = re.compile(
    r"\bc(?:ycle )?(?:[2-9]|\d\d)(?:\s?d(?:ay )?\d{1,2})?[\s:,(]{1,3}(?:was |is |to be )?(?:given|administered|received|due|on|\s)*$"
)
"""The day of a later cycle is no first day: "C8 given 1 November"."""
CYCLE_NAMED = re.compile(r"[\s,(:-]{1,3}(?:c|cycle |course |dose )(?:[2-9]|\d\d)\b")
_SWITCHED_AFTER = re.compile(r"\b(?:switched|changed) to [^,;.]{2,48}\safter\s$")
"""The cycles behind "switched to X after" are those of the course before."""


def read_cycles(
    note: Note, entry: Entry, low: int, high: int, *, group: Group | None, follow: bool, stopping: bool
) -> None:
    """Read the cycles of a course inside a stretch that belongs to it."""
    cycles = _counted(note, low, high) if _LIKE_CYCLES.search(note.plain, low, high) else None
    switched = cycles and _SWITCHED_AFTER.search(note.plain, max(low, cycles.start() - 70), cycles.start())
    if cycles and not follow and not stopping and not switched:
        number = next(value for value in cycles.group("x", "n", "c", "y", "z", "of", "nth", "w", "t", "s") if value)
        entry.put("cycles", NUMBERS[number] if number in NUMBERS else int(number), cycles.span())
        counted = cycles["all"] is not None and cycles[0].endswith(("cycles", "doses", "weekly"))
        if counted and int(cycles["of"]) < int(cycles["all"]) and "reason_stopped" not in entry.values:
            # "8/12 weekly doses given, last 15 September": the last so far
            entry.values.pop("end", None)
            entry.spans.pop("end", None)
    given = _OF_INTENDED.search(note.plain, low, high) if "cycles" not in entry.values else None
    if given is not None:
        entry.put("cycles", NUMBERS[given["n"]] if given["n"] in NUMBERS else int(given["n"]), given.span())
    total = _TOTAL.search(note.plain, low, high) if follow and "cycles" not in entry.values else None
    if total is not None:
        number = total["n"] or total["m"]
        entry.put("cycles", NUMBERS[number] if number in NUMBERS else int(number), total.span())
    if group is not None and "cycles" not in entry.values:
        _counted_before(note, entry, group)
    for later in _CYCLE_GIVEN.finditer(note.plain, low, high):
        if follow and not (later["c"] or later["d"]):
            continue
        number = (
            _ORDINALS.index(later["o"]) + 1
            if later["o"]
            else int(next(one for one in later.group("c", "d", "e", "f", "g") if one))
        )
        day = next((one for one in dated_in(note, later.end(), later.end() + _DAY_NEAR)), None)
        past = day is None or note.day is None or (day.value is not None and day.value.low <= note.day.high)
        if day is not None and past and number > 1 and cycles and cycles["x"] and int(cycles["x"]) == number:
            entry.put("end", str(day.value), (day.start, day.end))  # "TCHP x6, C1 28 October, C6 10 February"
        if past and number > 1 and number > int(entry.values.get("cycles") or 0):
            entry.values["cycles"], entry.spans["cycles"] = number, later.span()


_LEFT_OUT = re.compile(
    r"\b(?:held|with?held|missed|skipped|omitted|paused|interrupted|delayed|without)\b[^.;,]{0,14}$|\b(?:first|last|next|previous)\s$|\bplan(?:ned)?:? (?:for |of )?$"
)
"""Doses that were not given, or not yet: "held for 2 doses in August", "planned for 14 cycles"."""


def _counted(note: Note, low: int, high: int) -> re.Match[str] | None:
    """Return the first count of a stretch, but none of doses left out."""
    for match in _CYCLES.finditer(note.plain, low, high):
        if _INTENDED.match(note.plain, match.end(), high):
            continue  # "14 cycles planned, 6 given"
        if _LEFT_OUT.search(note.plain, max(low, match.start() - 26), match.start()) is None:
            return match
    return None


_INTENDED = re.compile(
    r"\s(?:were |was |had been |initially |originally )*(?:planned|intended|scheduled|foreseen|prescribed)\b"
)
_OF_INTENDED = re.compile(
    rf"\b(?:planned|intended|scheduled|foreseen|prescribed)[\s,;:(]{{1,3}}(?:but |of which |only |just ){{0,3}}(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)})\s(?:were |was )?(?:given|received|done|completed|administered)\b"
)
_BEFORE = re.compile(
    r"(?<![\w.,/-])(?P<n>\d{1,2}|three|four|five|six|seven|eight|nine|ten|twelve)\s?(?:[x×]|(?:cycles?|courses|rounds|series|infusions|doses) (?:of|with)|(?<=[,;:(+.] \d))\s(?:adjuvant |neoadjuvant |iv |q3w )?$"
)
"""Cycles counted right before the drugs: "4 x EC"."""
_NEAR = 32


def _counted_before(note: Note, entry: Entry, group: Group) -> None:
    match = _BEFORE.search(note.plain, max(0, group.start - _NEAR), group.start)
    if match is not None:
        number = match["n"]
        entry.put("cycles", NUMBERS[number] if number in NUMBERS else int(number), match.span("n"))
