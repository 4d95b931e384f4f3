"""What stands behind the name of a laboratory value: the number, its flag, its unit and the laboratory's limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

NUMBER = r"\d{1,2},\d\d,\d{3}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d{1,6}(?:[.,]\d{1,3})?"
_VERB = r"(?:has |have |had |have |is |was )?(?:(?:now )?(?:risen|fallen|come|gone|dropped|increased|decreased|improved|climbed|settled|recovered|peaked|rose|fell|went|up|down|stays|stayed|remains|stable|steady|back)\s){1,3}(?:up |down |back )?(?:at|to|of|around|about)?"
VALUE = re.compile(
    rf"(?:[\s:=|~*.-]|,\s?total\b|\((?P<ub>[a-z0-9/^*%.\s-]{{1,18}})\)|{_VERB}|,\s?direct\b|is|was|of|normal|level|count|total|direct|conjugated|absolute|serum|trend|now|today|at|ges\.|gesamt|on (?:admission|discharge|arrival)|came back(?: at)?|\(?(?:h|l|high|low|raised|elevated)\)?(?=\s)){{0,14}}"
    rf"(?P<cmp>[<>≤≥]\s?)?(?P<v>{NUMBER})(?![.,]?\d|[-–]\d|/(?!cu|cmm|mm|ul|l\b|nl|mcl)|[x*]\s?(?:the )?uln|\s?(?:weeks?|months?|years?|days?|cycles?|[x*]\s?(?:the )?(?:uln|upper)|times|%\s?of))"
)
"""A number with what may stand between it and its name."""
PAIR = re.compile(rf"[\s:=|~-]{{1,4}}(?P<v>{NUMBER})\s?(?:s(?:ec)?\.?|u/l|g/dl)?\s?/\s?(?P<w>{NUMBER})(?![.,]?\d|/)")
"""Two numbers of two names: "OT/PT 49/37"."""
OTHER_FLUID = Gated(
    r"\b(?:urine|urinalysis|msu|csf|liquor|cerebrospinal fluid|ascites|(?:ascitic|pleural|drain|joint) fluid|pleural effusion)(?: (?:sample|microscopy|dip\w*|analysis|culture))?\s?:\s?(?:\w+ )?$"
)
"""Another fluid than blood, of which the values are told."""
_FLAG = re.compile(r"\(?(?:hh?|ll?|high|low|\*{1,2}|\^)\)?(?=[\s|,;()]|$)")
_GAP = re.compile(r"[\s|]{0,8}")
_UNIT_LIKE = re.compile(
    r"\(?\s?(?P<u>(?:x\s?|\*\s?)?(?:lakhs?|lacs?|万|[a-z]{1,5}|\d{1,3}(?:[\^*]|e)?\s?\d?|%)?(?:\s?(?:%|/|per\s|cells?|cumm\b|cu\.? ?mm\b|1[.,]73|feu\b|m2\b|m\s2\b|[\^*]\s?\d|[a-z]{1,5}\d?)){0,5})\s?(?P<c>\))?"
)
_RANGE = rf"(?P<lo>{NUMBER})\s?(?:-|–|to)\s?(?P<hi>{NUMBER})(?![\d/-])"
_UP_TO = rf"(?:<|≤|up ?to\s|below\s|max\.?\s)\s?(?P<lt>{NUMBER})"
_FROM = rf"(?:>|≥|from\s|above\s|min\.?\s)\s?(?P<gt>{NUMBER})"
_LABEL = r"(?:(?:ref(?:erence)?(?: range| interval)?|normal(?: range| values?| up)?|norm(?:al)?bereich|nr|n|rr|range|uln/lln)[\s:.]{0,3})"
_IN_BRACKETS = re.compile(
    rf"[(\[]\s?(?:(?:uln|upper limit(?: of normal)?)[\s:=]{{0,3}}(?P<uln>{NUMBER})|{_LABEL}?(?:{_RANGE}|{_UP_TO}|{_FROM})|(?P<bare>{NUMBER}))(?:\s?[a-z/0-9^*%.]{{1,16}})?\s?[)\]]"
)
_SAID = re.compile(
    rf"[,;]?\s?(?:uln|upper limit(?: of normal)?|normal up to|normal <)[\s:=]{{0,3}}(?P<uln>{NUMBER})|[,;]?\s?{_LABEL}(?:{_RANGE}|{_UP_TO}|{_FROM})"
)
_BARE = re.compile(_RANGE)
_CELL = re.compile(
    rf"(?:{_RANGE}|{_UP_TO}|{_FROM})(?![\d.,]*\s?(?:[x*×]|times)\s?(?:the )?(?:uln|lln|upper|lower)|\d|[.,]\d)"
)
_SOME_UNIT = re.compile(
    r"\s?\(?(?:[x*]\s?10\s?[\^*e]?\s?\d{1,2}\b|10[\^*e]\d{1,2}\b|(?:[munpk]?(?:g|gm|mol|l|eq|iu|u|kat)|cells?)\s?/\s?(?:d?l|ml|[munp]l|cl|mm3|kg|h|24\s?h)\b)"
)
"""A power of ten, or an amount per volume."""
_PARTS = 5
"""Flag, unit, limits and once more a unit at most stand behind a number."""


@dataclass(slots=True)
class Tail:
    """What stands behind a number."""

    unit: str | None
    uln: str | None
    lln: str | None
    end: int
    strange: bool = False
    """True where the sign of a share stands there, which is no unit of this value."""
    unknown: bool = False
    """True where a unit stands there that this value is not known to have: none may be assumed."""


def number(written: str) -> Decimal | None:
    """Return a number with a point or a comma before its fraction, and commas between thousands.

    >>> number("11,200"), number("12,9"), number("1,88,000")
    (Decimal('11200'), Decimal('12.9'), Decimal('188000'))
    """
    text = written
    if _LAKHS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    if "," in written and not written.startswith("0") and _THOUSANDS.search(written):
        text = _THOUSANDS_SIGN.sub("", written)
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


_LAKHS = re.compile(r"\d{1,2},\d\d,\d{3}")
"""Figures in the Indian grouping: "1,88,000"."""
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")
_THOUSANDS_SIGN = re.compile(r",(?=\d{3}(?:\D|$))")


_TWO_LIMITS = re.compile(
    rf"[\s|\t(\[]*(?:{_LABEL}|uln[\s:]{{0,3}})?(?:<|≤|up ?to\s)?\s?(?P<v>{NUMBER})\s?/\s?(?:<|≤|up ?to\s)?\s?(?P<w>{NUMBER})(?![.,]?\d|/)"
)


def limit_of_pair(note: Note, end: int, part: str) -> tuple[str, Span] | None:
    """Return the upper limit of one of two values with a stroke, where two limits stand so: "22 / 27 U/L  < 40 / < 41"."""
    match = _TWO_LIMITS.match(note.plain, end)
    if match is None or not _SIGN_OF_LIMIT.search(note.plain, end, match.end()):
        return None
    return match[part], match.span(part)


_SIGN_OF_LIMIT = re.compile(r"[<≤]|up ?to|ref|normal|uln")


def unit_at(note: Note, name: str, place: int) -> tuple[str | None, int]:
    """Return the unit of a variable that is written at a place, the longest that it has, and where it ends."""
    start = place + 1 if note.plain[place : place + 1] == " " else place
    match = _UNIT_LIKE.match(note.plain, start)
    if match is None or not match["u"].strip():
        return None, place
    words, begun = match["u"], match.start("u")
    table = note.words.knowledge.variables
    end = len(words)
    while end > 0:
        behind = words[end : end + 1] or note.plain[begun + end : begun + end + 1]
        if words[end - 1] != " " and not (behind.isalnum() and words[end - 1].isalnum()):
            known = table.unit(name, _CUBIC.sub("mm3", words[:end].strip()).replace("1,73", "1.73"))
            if known is not None:
                stop = match.end() if match["c"] and end == len(words) else begun + end
                return known, stop
        end -= 1
    return None, place


_CUBIC = re.compile(r"cu\.? ?mm")


def tail(note: Note, name: str, start: int, stop: int, *, bare: bool) -> Tail:
    """Read flag, unit and limits behind a number, in the order in which they stand.

    Args:
        note: The note.
        name: The variable.
        start: Where the number ends.
        stop: Where the sentence, or the row of a table, ends.
        bare: True where a number alone in brackets is an upper limit.
    """
    found = Tail(None, None, None, start)
    for _ in range(_PARTS):
        gap = _GAP.match(note.plain, found.end, stop)
        place = gap.end() if gap else found.end
        flag = _FLAG.match(note.plain, place, stop)
        if flag is not None:
            found.end = flag.end()
            continue
        if found.unit is None:
            unit, end = unit_at(note, name, place)
            if unit is not None and end <= stop:
                found.unit, found.end = unit, end
                continue
        if found.uln is None and found.lln is None:
            limits = _limits(note, found.end, place, stop, bare=bare)
            if limits is not None:
                found.uln, found.lln, found.end = limits
                continue
        break
    found.strange = found.unit is None and note.plain[start : start + 2].strip()[:1] == "%"
    found.unknown = found.unit is None and _SOME_UNIT.match(note.plain, start, stop) is not None
    return found


def _limits(note: Note, end: int, place: int, stop: int, *, bare: bool) -> tuple[str | None, str | None, int] | None:
    match = _IN_BRACKETS.match(note.plain, place if note.plain[place : place + 1] in "([" else end, stop)
    if match is None and note.plain[place : place + 1] == ",":
        match = _IN_BRACKETS.match(note.plain, place + 2, stop)
    if match is not None:
        if match["bare"]:
            return (match["bare"], None, match.end()) if bare else None
        return _of(match) if match["uln"] is None else (match["uln"], None, match.end())
    match = _SAID.match(note.plain, place, stop)
    if match is not None:
        return _of(match) if match["uln"] is None else (match["uln"], None, match.end())
    if any(sign in note.text[end:place] for sign in "\t|"):
        match = _CELL.match(note.plain, place, stop)
        return _of(match) if match is not None else None
    match = _BARE.match(note.plain, place, stop)
    if match is None or place == end or not _ordered(match["lo"], match["hi"]):
        return None
    return match["hi"], match["lo"], match.end()


def _of(match: re.Match[str]) -> tuple[str | None, str | None, int] | None:
    """Return upper and lower limit of a match, and its end."""
    if match["hi"]:
        return (match["hi"], match["lo"], match.end()) if _ordered(match["lo"], match["hi"]) else None
    return match["lt"], match["gt"], match.end()


def _ordered(low: str, high: str) -> bool:
    one, two = number(low), number(high)
    return one is not None and two is not None and one < two


def usual_unit(note: Note, name: str, value: Decimal, styles: frozenset[str]) -> str | None:
    """Return the unit of a value that names none, where no other unit could give such a value."""
    fits = {
        row.unit
        for row in note.words.lab_units.get(name, [])
        if row.low <= float(value) <= row.high and row.style in styles
    }
    return fits.pop() if len(fits) == 1 else None


def possible(note: Note, name: str, value: Decimal, unit: str) -> bool:
    """Return whether a person may have such a value."""
    table = note.words.knowledge.variables
    converted = table.convert(name, value, unit)
    return converted is not None and table.plausible(name, converted.value)
