"""Numbers and signs as they are dictated: "fifty-seven per cent", "two point six", "the fourteenth of May twenty twenty-four"."""

from __future__ import annotations

import re

FILLER = "\x00"
"""Fills the place of words that a figure stands for, so that the text keeps its length."""
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: number for number, word in enumerate(_ONES.split())} | {"nought": 0, "naught": 0, "nil": 0}
_TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * number for number, word in enumerate(_TENTHS.split(), 2)}
_DAYS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
    " seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {word: number for number, word in enumerate(_DAYS.split(), 1)} | {"thirtieth": 30}
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_S = "(?:{})".format("|".join(sorted(_SMALL, key=len, reverse=True)))
_T = "(?:{})".format("|".join(_TENS))
_UNDER_100 = rf"(?:{_T}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|{_S})"
_NUMBER = rf"(?:(?P<h>one|two|three|four)\shundred(?:\s(?:and\s)?(?P<r>{_UNDER_100}))?|(?P<n>{_UNDER_100}))"
_UNIT = r"(?:per\s?cent|percent|%|micromol\w*|kilos?|kilogram(?:me)?s?|kg|millimet(?:re|er)s?|mm|centimet(?:re|er)s?|cm|grays?|gy|milligrams?|mg|beats|years?[ -](?:old|of age))"
_ORDINAL = "(?:(?:twenty|thirty)[ -])?(?:{})".format("|".join(sorted(_ORDINALS, key=len, reverse=True)))
_SPOKEN = re.compile(
    rf"\b(?:(?P<decimal>(?P<whole>{_UNDER_100}|\d{{1,3}})\spoint\s(?P<digits>(?:{_S}|\d{{1,2}})(?:\s(?:zero|nought|one|two|three|four|five|six|seven|eight|nine)\b)?))"
    rf"|(?P<measure>{_NUMBER})(?(h)|(?=[ -]{_UNIT}(?!\w)))"
    rf"|(?P<day>{_ORDINAL})\s(?:of\s)?(?=(?:{_MONTHS})\b)"
    rf"|(?<=\s)(?P<year>twenty[ -](?P<yt>twenty|thirty|nineteen|eighteen|seventeen|sixteen|fifteen|fourteen|thirteen|twelve|eleven|ten)(?:[ -](?P<yo>one|two|three|four|five|six|seven|eight|nine))?)(?!\w)"
    rf"|(?<=grade\s)(?P<grade>one|two|three|four)"
    rf"|(?P<grave>(?<=\d\s)grays?))\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\bHER[ -](?:two|TWO|Two)\b|\b[Hh]er[ -]two(?= (?:was|is|were|remains?|came back|returned) (?:(?:again|now|still|also|as|clearly) )?(?:positive|negative|equivocal|(?:nought|naught|zero|one|two|three) plus))|\b[Hh]er[ -](?:two|Two)(?=[ -](?:positiv|negativ|low|ultra|status|neu\b|score|expression|testing|amplif|immuno|(?:nought|naught|zero|one|two|three) plus))"
)
"""HER2 as it is dictated; "her two sons" is no name of a gene."""
_NOUGHT = re.compile(
    r"(?<=HER2)(?P<gap>\x00*,?(?:\s(?:status|score|ihc|immuno\w*|is|was|of|at|again|now|still|also|came back|returned|scored|had been|has been|as)){0,4},?\s)(?P<n>nought|naught)\b(?! plus)",
    re.IGNORECASE,
)
"""Score 0, spoken."""
_BEGINS = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?=[a-z])(?:{'|'.join(sorted({*_SMALL, *_TENS, *_ORDINALS, 'gray'}, key=len, reverse=True))})|\d{{1,3}}(?=\spoint\b))",
    re.IGNORECASE,
)
"""Where a spoken number may begin."""
_PERCENT = re.compile(r"(?<=[\d\x00])(?P<gap>[ ]?)(?P<w>per\s?cent|pct)\b", re.IGNORECASE)
_STOP = re.compile(r"(?<=\w)\sfull stop\b\.?", re.IGNORECASE)
_LIKE = (
    "point", "hundred", "percent", "per cent", "per\ncent", "per\tcent", "kilo", "millimet", "centimet", "full stop",
    "grade one", "grade two", "grade three", "grade four", "years old", "year old", "years of age", "twenty", "th of ",
    "st of ", "nd of ", "rd of ", "gray", "her two", "her-two",
)  # fmt: skip
"""One of these stands in every text with dictated numbers; a piece of a text is found far faster than an expression."""
_MONTH_BEFORE = re.compile(rf"(?:{_MONTHS}),?\s$", re.IGNORECASE)
_ONE_DAY = {**_SMALL, **_TENS}


def figured(text: str) -> str:
    """Return a text with dictated numbers in figures, as long as it was; other text as it is.

    >>> figured("fifty-seven per cent").replace(FILLER, "")
    '57 %'
    >>> figured("ratio two point six, grade two, the fourteenth of May twenty twenty-four").replace(FILLER, "")
    'ratio 2.6, grade 2, the 14 May 2024'
    >>> figured("HER two was nought, HER two two plus; her two sons").replace(FILLER, "")
    'HER2 was 0, HER2 two plus; her two sons'
    """
    low = text.lower()
    if not any(piece in low for piece in _LIKE):
        return text
    text = _NAME.sub(lambda match: "HER2".ljust(len(match[0]), FILLER), text)
    text = _NOUGHT.sub(lambda match: match["gap"] + "0".ljust(len(match["n"]), FILLER), text)
    text = _numbered(text)
    text = _PERCENT.sub(lambda match: match["gap"] + "%".ljust(len(match["w"]), FILLER), text)
    return _STOP.sub(lambda match: ".".ljust(len(match[0]), FILLER), text)


def _numbered(text: str) -> str:
    """Return the text with its spoken numbers in figures; looked for only where one may begin."""
    parts: list[str] = []
    done = 0
    for one in _BEGINS.finditer(text):
        match = _SPOKEN.match(text, one.start()) if one.start() >= done else None
        if match is not None:
            parts += (text[done : match.start()], _figure(match))
            done = match.end()
    return "".join([*parts, text[done:]]) if parts else text


def _figure(match: re.Match[str]) -> str:
    size = len(match[0])
    kind = match.lastgroup
    if match["decimal"]:
        digits = "".join(str(_count(one)) for one in match["digits"].split())
        return f"{_count(match['whole'])}.{digits}".ljust(size, FILLER)
    if match["measure"]:
        hundreds = _SMALL[match["h"].lower()] * 100 + (_count(match["r"]) if match["r"] else 0) if match["h"] else None
        return str(hundreds if hundreds is not None else _count(match["n"])).ljust(size, FILLER)
    if match["day"]:
        tens, _, last = match["day"].lower().replace("-", " ").rpartition(" ")
        return (str(_TENS.get(tens, 0) + _ORDINALS[last]) + " ").ljust(size, FILLER)
    if match["year"]:
        if _MONTH_BEFORE.search(match.string, max(0, match.start() - 14), match.start()) is None:
            return match[0]
        year = 2000 + _ONE_DAY[match["yt"].lower()] + (_SMALL[match["yo"].lower()] if match["yo"] else 0)
        return str(year).ljust(size, FILLER)
    if match["grade"]:
        return str(_SMALL[match["grade"].lower()]).ljust(size, FILLER)
    return "Gy".ljust(size, FILLER) if kind else match[0]


def _count(words: str) -> int:
    """Return the number below a hundred that words, or figures, stand for."""
    if words.isdigit():
        return int(words)
    return sum(_ONE_DAY[one] for one in words.lower().replace("-", " ").split())
