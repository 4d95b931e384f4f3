"""What the sentences behind a course tell of it without naming its drugs again: how many were had, who came off it."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.course_cycles import NUMBERS
from her2nav.intake.notes.fields.course_group import dated_in
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_WHO = r"(?:(?:she|he|i|we|the patient|they) (?:has |have )?|(?:she|he|i|we|they)(?:'s|'ve|’s|’ve) )"
_N = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_SO_FAR = r"(?:so far|up to now|by now|to date|until now|in all|given|were given|have been|completed|altogether|already|of them)"
_COUNT_NEXT = re.compile(
    rf"\s*(?:and )?(?:{_WHO}(?:now |so far |already )?(?:had|received|completed|managed) |so far |altogether |in all |in total )?{_N}\s(?:cycles|courses|infusions|doses|rounds|series)(?=\s?(?:[,.;:(]|$|{_SO_FAR}))"
)
_NUMBER_GIVEN = re.compile(r"\s*(?:#|c|cycle )\s?(?P<n>[2-9]|1\d)(?:\s?d1)? (?:was )?given\b")
"""The last dose by its number: "#2 given 11 May"."""
_HAD_SO_MANY = re.compile(
    rf"\s*(?:and )?{_WHO}(?:now |so far |already )?(?:had|received|completed) {_N}(?=\s?(?:[.;]|$|{_SO_FAR}|,? (?:and )?(?:number|no\.?|the next|next)\b))"
)
"""A count without its noun: "I've had 11 and number 12 is tomorrow"."""


def told_next(note: Note, sentence: Sentence, current: Course) -> None:
    """Give a course what the sentence behind it counts: "Eribulin since May. Four cycles, the last on 3 July"."""
    if current.planned:
        return
    for pattern in (_COUNT_NEXT, _HAD_SO_MANY, _NUMBER_GIVEN):
        match = pattern.match(note.plain, sentence.start, sentence.end)
        if match is not None and not context(note, *match.span("n")).planned:
            number = match["n"]
            current.entry.put("cycles", int(number) if number.isdigit() else NUMBERS[number], match.span("n"))
    _came_off(note, sentence, current)
    _goes_on(note, sentence, current)
    told_today(note, sentence, current)


_CAME_OFF = Gated(
    r"\b(?:so|and|then|when|therefore)\s(?:i|we|she|he|they)\s(?:\w+\s)?(?:came off|stopped|was taken off|were taken off|had to stop)\s(?:both|it|them|that|this|the treatment|all of it)\b"
    r"|\b(?:both|it|they|so that|so this|the (?:treatment|combination|tablets|infusions|drugs|chemo\w*))\s(?:was|were)\s(?:then |therefore )?(?:stopped|discontinued|given up|ended)\b"
)


def _came_off(note: Note, sentence: Sentence, current: Course) -> None:
    """Read the end of a course from its own sentence: "In October 2025 the scan showed growth, so I came off both"."""
    match = _CAME_OFF.search(note.plain, sentence.start, sentence.end)
    if match is None:
        return
    said = context(note, *match.span())
    if said.negated or said.unsure or said.hypothetical or said.planned:
        return
    days = dated_in(note, sentence.start, sentence.end)
    start = current.entry.values.get("start")
    if len(days) == 1 and not (start is not None and days[0].value and str(start) > str(days[0].value)):
        current.entry.put("end", str(days[0].value), (days[0].start, days[0].end))
    current.entry.values.pop("ongoing", None)
    current.entry.put("ongoing", False, match.span())


_GOES_ON = re.compile(
    r"\s*(?:i|she|he|we)\s(?:will\s)?(?:go|goes|am going|is going|carry|carries|am staying|stay|stays|continue|continues)\s?(?:on)?\s(?:with|on)\s(?:it|this|them|the same)\b"
)


def _goes_on(note: Note, sentence: Sentence, current: Course) -> None:
    """Read that a course goes on: "I go on with it every three weeks"."""
    match = _GOES_ON.match(note.plain, sentence.start, sentence.end)
    if match is None or "reason_stopped" in current.entry.values:
        return
    for key in ("end", "ongoing"):
        current.entry.values.pop(key, None)  # the day told before was that of the newest dose
    current.entry.put("ongoing", True, match.span())


_TODAY = Gated(
    r"\bday[- ](?:unit|ward|clinic|case)\b|\binfusion\b|\bchemo(?:therapy)? (?:suite|unit|day)\b|\bsact\b|\btoday\b"
)
_DAY_OF_IT = re.compile(
    r"(?:\b(?:c|cycle |course |dose |infusion |number )|(?<!\w)#\s?)(?:no\.? )?(?P<n>\d{1,2})(?:d1)?\b(?!\s?d(?:ay )?(?:[2-9]|1\d))(?:\s?(?:of|/)\s?(?P<of>\d{1,2})\b)?"
)
_FIRST = re.compile(r"\bc(?:ycle )?1(?: ?d(?:ay )?1)?\s(?:was |on |given |started |of |= ?)*\(?$")
_WAS_GIVEN = Gated(
    r"\b(?:given(?! (?:leaflet|information|advice))|administered|infused|infusion (?:completed|finished|ended|over|well)|no (?:infusion )?reaction|tolerated|without (?:a )?reaction|c\d{1,2} in\b|ran over|over \d{2} min\w*)\b"
)
_PUT_OFF = Gated(
    r"\b(?:deferred|postponed|put back|withheld|held today|not given|cancelled|canceled|omitted|put off|sent home without|delayed (?:to|until|by)|not to be given|no go)\b"
)
_HEAD = 240


def told_today(note: Note, sentence: Sentence, current: Course) -> None:
    """Read the number of a cycle that is given on the day of the note, which says that it was given."""
    head = _TODAY.search(note.plain, 0, _HEAD) or _TODAY.search(note.plain, sentence.start, sentence.end)
    if current.planned or head is None or {"end", "reason_stopped"} & set(current.entry.values):
        return
    for one in dated_in(note, sentence.start, sentence.end):
        if _FIRST.search(note.plain, max(sentence.start, one.start - 24), one.start):
            current.entry.put("start", str(one.value), (one.start, one.end))
    if _PUT_OFF.search(note.plain) or not _WAS_GIVEN.search(note.plain):
        return
    low = max(sentence.start, current.span[0] - _NUMBERED_BEFORE)
    for match in _DAY_OF_IT.finditer(note.plain, low, min(sentence.end, low + _NEAR)):
        number = int(match["n"])
        near = dated_in(note, max(sentence.start, match.start() - _NUMBERED_BEFORE), match.start())
        elsewhere = (
            near
            or dated_in(note, match.end(), match.end() + 14)
            or _OTHER_CYCLE.search(note.plain, max(sentence.start, match.start() - 24), match.start())
        )
        if number < 2 or elsewhere or context(note, *match.span()).planned:
            continue
        current.entry.put("cycles", number, match.span("n"))
        if not {"end", "reason_stopped", "ongoing"} & set(current.entry.values) and match["n"] != match["of"]:
            current.entry.put("ongoing", True, match.span("n"))
        return


_NEAR = 90
_NUMBERED_BEFORE = 14
"""So many signs before the drug the number of its cycle may stand: "here for C7D1 Enhertu"."""
_OTHER_CYCLE = re.compile(r"\b(?:since|after|at|from|until|before|next|last|reduced (?:at|from)|by)\s(?:the\s)?$")
