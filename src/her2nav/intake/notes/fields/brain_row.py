"""The row of a form that speaks of the brain alone: "Brain | 2 metastases, 11 and 6 mm. SRS ... MRI ...: stable"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_ROW = re.compile(
    r"[ \t|\d.)*-]{0,14}(?:brain|cns|brain mets|brain metastases)[ \t]*(?P<by>\((?=[^()\n]*(?:mri|mr|ct)\b)[^()\n]{2,50}\))?[ \t]*(?:[|:\t]|[ ]-[ ])",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\s*(?:no|none|without|free of)\s?(?:evidence of |signs of |known )?(?:brain |cerebral )?(?:metasta\w+|mets?)\b"
)
_LESIONS = re.compile(
    r"(?<![\d.,/])(?P<n>\d{1,2}|one|two|three|four|five|single|solitary)\s(?:\w+\s)?(?:metastas[ie]s|mets?|lesions?)\b"
    r"(?:[,:\s(]{1,3}(?:of |measuring |(?P<largest>largest ))?(?P<a>\d{1,2})(?:\s?mm)?(?:(?:,\s?|\s?/\s?|\s?and\s)(?P<b>\d{1,2}))?\s?mm\b)?"
)
_COUNTS = {"single": 1, "solitary": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_TREATED = re.compile(r"\b(?:srs|srt|wbrt|radiosurgery|gamma knife|cyberknife|stereota\w+|craniotomy|resect\w+)\b")
_SCAN = re.compile(r"\b(?:mri|mr|ct)\b[\s(]{0,2}(?:brain |head )?(?:on |of )?")
_OFF = re.compile(
    r"\b(?:dex\w*|steroids?|prednis\w+)\s(?:was |were |has been )?(?:ended|stopped|finished|weaned off|off|discontinued)\b"
    r"|\boff (?:dex\w*|steroids?)\b"
)
_SINCE = re.compile(r"\s(?:(?:since|from|on|in)\s)?")
_CALM = re.compile(r"\b(?:stable|unchanged|nothing new|no (?:new|change|progress\w+)|smaller|respon\w+)\b")
_WORSE = re.compile(r"(?<!no )(?<!nothing )\b(?:new|progress\w*|growing|grown|larger|enlarg\w+|increas\w+|worse)\b")
_MENINGES = re.compile(r"\bmening\w+ (?:are |is )?(?:free|clear|uninvolved|normal)\b|\bno lmd\b")
_NEAR = 40


def read_brain_rows(note: Note) -> Iterator[Item]:
    """Yield what such rows say: lesions, local treatment, the last scan, steroids; the state where all fits together."""
    if "brain" not in note.plain and "cns" not in note.plain:
        return
    for low, high in zip(note.line_starts, [*note.line_starts[1:], len(note.text)], strict=True):
        row = _ROW.match(note.text, low, high)
        if row is None:
            continue
        low = row.end()
        free = _FREE.match(note.plain, low, high)
        if free is not None:
            yield from _free(note, free, row.span("by") if row["by"] else (free.end(), high))
            continue
        lesions = _LESIONS.search(note.plain, low, high)
        if lesions is None or not context(note, *lesions.span()).stated:
            continue
        yield from _size(note, lesions)
        local = _local(note, low, high)
        if local is not None:
            yield Found("cancer.cns.last_local_therapy", str(local[0]), local[1])
        yield from _steroids(note, low, high)
        meninges = _MENINGES.search(note.plain, low, high)
        if meninges is not None:
            yield Found("cancer.cns.leptomeningeal", False, meninges.span())
        scan = _scan(note, low, high)
        if scan is None or scan.value is None:
            continue
        span = (scan.start, scan.end)
        yield Found("cancer.cns.last_imaging", str(scan.value), span)
        calm = _CALM.search(note.plain, scan.end, high)
        worse = _WORSE.search(note.plain, scan.end, high)
        if local is not None and calm and not worse and scan.value.high >= local[0].low:
            yield Found("cancer.cns.status", "treated_stable", span)


def _free(note: Note, free: re.Match[str], told: Span) -> Iterator[Item]:
    """Yield that the brain is free, and the day of the scan that showed it."""
    if context(note, free.end() - 1, free.end()).unsure:
        return
    yield Found("cancer.cns.status", "none", free.span())
    days = [one for one in note.dates.within(*told) if one.value]
    if len(days) == 1 and _SCAN.search(note.plain, *told):
        yield Found("cancer.cns.last_imaging", str(days[0].value), (days[0].start, days[0].end))


def _size(note: Note, lesions: re.Match[str]) -> Iterator[Item]:
    """Yield the number of lesions, and the size of the largest where all are measured."""
    number = _COUNTS[lesions["n"]] if lesions["n"] in _COUNTS else int(lesions["n"])
    yield Found("cancer.metastatic_sites", "brain", lesions.span())
    yield Found("cancer.setting", "metastatic", lesions.span(), weight=3)
    yield Found("cancer.cns.lesions", number, lesions.span())
    sizes = [int(one) for one in (lesions["a"], lesions["b"]) if one]
    if sizes and (len(sizes) == number or lesions["largest"]):
        yield Found("cancer.cns.largest_mm", f"{max(sizes)}", lesions.span())


def _local(note: Note, low: int, high: int) -> tuple[PartialDate, Span] | None:
    """Return the last day of local treatment that was given."""
    found: tuple[PartialDate, Span] | None = None
    for match in _TREATED.finditer(note.plain, low, high):
        said = context(note, *match.span())
        if not said.stated or said.planned:
            continue
        for one in note.dates.within(match.end(), min(high, match.end() + _NEAR))[:1]:
            past = one.value is not None and (note.day is None or one.value.low <= note.day.high)
            if one.value is not None and past and (found is None or one.value.low > found[0].low):
                found = (one.value, (one.start, one.end))
    return found


def _steroids(note: Note, low: int, high: int) -> Iterator[Item]:
    """Yield that steroids were ended, and since when."""
    match = _OFF.search(note.plain, low, high)
    if match is None or context(note, *match.span()).planned or context(note, *match.span()).unsure:
        return
    yield Found("cancer.cns.on_steroids", False, match.span())
    since = _SINCE.match(note.plain, match.end(), high)
    for one in note.dates.within(since.end(), min(high, since.end() + 16))[:1] if since is not None else ():
        if one.value and since is not None and one.start == since.end():
            yield Found("cancer.cns.steroid_free_since", str(one.value), (one.start, one.end))


def _scan(note: Note, low: int, high: int) -> Mention | None:
    """Return the day of the newest scan that the row tells."""
    found: Mention | None = None
    for match in _SCAN.finditer(note.plain, low, high):
        for one in note.dates.within(match.end(), min(high, match.end() + 16))[:1]:
            past = one.value is not None and (note.day is None or one.value.low <= note.day.high)
            if one.start != match.end() or not past or one.value is None:
                continue
            if found is None or found.value is None or one.value.low > found.value.low:
                found = one
    return found
