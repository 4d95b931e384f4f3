"""Dates as notes write them: day first or month first, partial, without a year, relative."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick

from her2nav.intake.notes.day_signs import in_series, is_day
from her2nav.intake.notes.months import MONTH as _MONTH
from her2nav.intake.notes.months import MONTHS, short_years
from her2nav.model.dates import PartialDate, add_months

Order = Literal["dmy", "mdy"]

_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
    "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
_ORDINALS = {word: number for number, word in enumerate(_ORDINAL_WORDS.split(), start=1)}
"""Days as they are dictated: "June thirtieth 2026"."""
_ORDINAL = "|".join(word.replace("-", "[ -]") for word in sorted(_ORDINALS, key=len, reverse=True))
_PATTERN = re.compile(
    rf"""(?x)
    (?<![\w./])(?:(?<![A-Za-z]-)|(?<=(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ary|rch|ril|une|uly|ust|ber)-))(?:
      (?=\d)(?:
        (?P<iso>(?P<iy>(?:19|20)\d\d)(?:-(?P<im>\d{{1,2}})(?:-(?P<id>\d{{1,2}}))?(?![\d/])|(?P<ysep>[./])(?P<im2>0?[1-9]|1[0-2])(?P=ysep)(?P<id2>\d{{1,2}})(?![\d/]|\.\d)|\.(?P<im3>0[1-9]|1[0-2])(?![\d/%]|\.\d)))
      | (?P<isomon>(?P<ny4>(?:19|20)\d\d)[-/ ](?P<nm4>{_MONTH})[-/ ](?P<nd4>\d{{1,2}})(?![\d/]))
      | (?P<dotr>(?P<ra>\d{{1,2}})\.(?P<rb>\d{{1,2}})(?:\.|(?<=\.\d\d))(?=\s?(?:-|–|to|bis|until)\s?\d{{1,2}}\.(?P<rlast>\d{{1,2}})\.(?P<ryr>(?:19|20)\d\d)(?!\d)))
      | (?P<num>(?P<a>\d{{1,2}})(?:(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)|\s/\s(?P<b2>\d{{1,2}})\s/\s(?P<y2>(?:19|20)\d\d))(?![\d/%]|\.\d))
      | (?P<dmon>(?<!(?<![a-z])[x×]\s)(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?[\s/-]{{0,2}}(?:of\s|de\s)?(?P<dm>{_MONTH})\b\.?,?(?:[\s/-]{{1,2}}(?:de[l]?\s)?'?(?P<dy>(?:19|20)\d\d|\d\d(?![\d:/.]|\s?(?:%|kg|mm|cm|ml|gy)\b|\s?%)))?)
      | (?P<dots>(?P<da>0[1-9]|[12]\d|3[01])\.(?P<db>0[1-9]|1[0-2])\.(?=\s?[:,;)]|\s|$))
      | (?P<my4>(?P<pm>\d{{1,2}})(?:[/-]|(?<=0[1-9])\.|(?<=1[0-2])\.)(?P<py>(?:19|20)\d\d)(?![\d/]|\s?%|\.\d))
      | (?P<two>(?P<ta>\d{{1,2}})/(?P<tb>\d{{1,2}})(?![\d/%]|\.\d)(?:(?=\s?(?:-|–|to)\s?(?P<tc>\d{{1,2}})/(?P<td>\d\d)(?![\d/%]|\.\d)))?)
      | (?P<year>(?:19|20)\d\d)(?![\d/%]|-(?!(?:19|20)\d\d\b)|\.\d|\s?(?:mg|cells|ml|g\b|iu|/|u\b))
      )
    | (?=[a-z])(?:
        (?P<mond>(?P<mm>{_MONTH})\.?\s(?P<md>\d{{1,2}})(?:st|nd|rd|th)?,\s{{0,2}}(?P<my>(?:19|20)\d\d)(?!\d))
      | (?P<mond2>(?P<nm>{_MONTH})\.?[\s/-](?P<nd>\d{{1,2}})(?:st|nd|rd|th)?[\s/-](?P<ny>(?:19|20)\d\d)(?!\d))
      | (?P<mondw>(?P<wm>{_MONTH})\s(?:the\s)?(?P<wd>{_ORDINAL}),?\s(?P<wy>(?:19|20)\d\d)(?!\d))
      | (?P<mond0>(?P<sm>{_MONTH})\.?\s(?P<sd>[1-9]\d?)(?:st|nd|rd|th)?(?![\w%/-]|[.,:]\d|,?\s(?:19|20)\d\d|\s(?:cycles?|doses?|weeks?|months?|days?|years?|mg|more|times|courses?|lesions?|to\s\d|of\s\d)))
      | (?P<rm>{_MONTH})\.?(?=\s?(?:-|–|to|and)\s?(?:{_MONTH})\.?\s(?P<ry>(?:19|20)\d\d))
      | (?P<mony>(?P<ym>{_MONTH})\.?[\s/-]{{0,2}}(?:of\s|de[l]?\s)?(?:'(?P<yshort>\d\d)|(?P<yy>(?:19|20)\d\d)|(?<=[/-])(?P<yd>\d\d))(?!\d|[/-]\d))
      | (?P<word>today|this\s(?:morning|afternoon|evening)|yesterday|(?<!the\s)last\s(?:week|month|year))\b
      )
    | (?P<ago>(?:about\s|approx\.?\s|~)?(?P<an>\d{{1,2}}|{"|".join(_NUMBERS)})\s?(?P<au>day|week|wk|month|mo|year|yr)s?\s(?:ago|earlier|prior to (?:this )?visit))
    )"""
)
_FIGURE = re.compile(
    r"[\d~](?<![\w./].)(?=\d{3}|\d?(?:[/-]|\s?[adefjmnorstwy]|\s[\s/-]|\.\d{1,2}\.|\.(?:19|20)\d\d|\.\d\d\s?[-–])|(?<=~))"
)
"""A figure that may begin a date: a year, or one or two digits before a sign, a month, "ago", or the end of "1st"."""
_OPENING = AhoCorasick(sorted({*MONTHS, "today", "this", "yesterday", "last"}))
_AGO_WORDS = ("ago", "earlier", "prior to")
_AGO = re.compile(rf"\s(?:{'|'.join(_AGO_WORDS)})")
_AGO_REACH = 30
_WORD_BEGINS = re.compile(r"[a-z](?<!\w.)")
_GUIDELINE = re.compile(
    r"(?:cap|asco|nccn|esmo|ajcc|who|ctcae|uicc|recist|edition|version|guidelines?|v\.?)[ ./\d:,()-]{0,12}$"
)
_TWO_PARTS = re.compile(
    r"(?:^|\b(?:from|since|in|until|till|to|on|by|dx|dx'd|dxd|diagnosed|started|starting|commenced|completed|stopped|ended|bloods|labs|ended|finished|at|relapsed|"
    r"progressed|pd|progression|echo|muga|ct|mri|pet|bx|biopsy|date|dated|after|before|seen|reviewed|o/e|exam|begun|between|and|through|thru)|[(:\u2013-]|[a-z]\s)\s{0,2}$"
    r"|\bc\d{1,2}\s{1,2}$"
    r"|(?:\b(?:labs?|bloods?|results?|tests?|date|values?|parameter|analyte|component)\s{0,2}|[a-z]\s?)(?:\|\s?)?(?:\d{1,2}/\d{1,2}\s{0,2}(?:\|\s?)?){1,5}$|[a-z]\s?\|\s?$"
)
_NOT_A_DATE = re.compile(
    r"(?:score|allred|bp|grade|nodes?|ln|lns|her2|hrs?|pain|vas|psa|h-score|of|out|\+|gleason|bloom|nottingham|ecog|ps|visual acuity|acuity|cycles?|weekly|clock|o'clock|\b(?:er|pg?r|(?:o?estrogen|progesterone) receptors?)(?:\s(?:positive|pos|negative|neg|strong))?)\s{0,2}[:=]?\s{0,2}$|\bnodes?\s\($"
)
_NODES = re.compile(
    r"(?:\b[yca]{0,2}p?n[0-3x][abcmi]{0,3}(?:\s?\((?:sn|i[+-]|mol[+-])\))*|\b(?:alnd|slnb|slns?|snb|axilla|clearance|sentinel|lymphadenectomy))[\s,:(=-]*$"
)
"""Nodes involved of nodes examined stand behind these: "pN1a (2/14)"."""
_OF_NODES = re.compile(
    r"[\s)]{0,2}(?:(?:\+ve|pos(?:itive)?|neg(?:ative)?|involved|axillary|lymph|sentinel|regional)\s){0,3}(?:nodes?|lns?|slns?)\b"
)
_PIVOT = 30


class Mention(NamedTuple):
    """A date in a text."""

    start: int
    end: int
    value: PartialDate | None
    exact_order: bool = True
    """False: the order of day and month is open; `value` holds only the year, or nothing."""
    ahead: PartialDate | None = None
    """The other day that a day and month without their year may be: the one just to come, of the year of the note."""


@dataclass(frozen=True, slots=True)
class Dates:
    """All dates of one text.

    Attributes:
        order: Day first or month first; None: open.
        conflict: Both orders are proven by dates of the same text.
        open: Dates that wait for the order.
    """

    mentions: tuple[Mention, ...]
    order: Order | None
    conflict: bool
    open: tuple[Mention, ...]

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, mentions: list[Mention], order: Order | None, *, conflict: bool) -> Dates:
        """Return the dates of a text by their mentions, which stand in order."""
        waiting = tuple([one for one in mentions if not one.exact_order])
        starts, ends = tuple([one.start for one in mentions]), tuple([one.end for one in mentions])
        return cls(tuple(mentions), order, conflict, waiting, starts, ends)

    def around(self, place: int) -> bool:
        """True when a place lies inside a date."""
        index = bisect_right(self.starts, place) - 1
        return index >= 0 and place < self.mentions[index].end

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the dates inside a stretch."""
        first = bisect_left(self.starts, start)
        if first == len(self.starts) or self.starts[first] >= end:
            return []
        return list(self.mentions[first : bisect_right(self.ends, end, first)])


def written_dates(plain: str, text: str = "") -> list[re.Match[str]]:
    """Return everything that is written like a date; looked for only where a figure or one of the words of dates begins.

    `text` are the same words with the tabs between the columns of tables, which no date crosses.
    """
    words = {start for _, start, _ in _OPENING.find_matches_as_indexes(plain, overlapping=True)}
    places = words | {one.start() for one in _FIGURE.finditer(plain)}
    for ago in _AGO.finditer(plain) if any(word in plain for word in _AGO_WORDS) else ():
        places.update(
            one.start() for one in _WORD_BEGINS.finditer(plain, max(0, ago.start() - _AGO_REACH), ago.start())
        )
    found: list[re.Match[str]] = []
    short = {one.start(): one for one in short_years(plain, words)}
    done = 0
    for place in sorted({*places, *short}):
        match = (short.get(place) or _PATTERN.match(plain, place)) if place >= done else None
        if match is not None and (cell := text.find("\t", place, match.end())) >= 0:
            match = _PATTERN.match(plain, place, cell)  # what the next column holds is no year
        if match is not None and match.lastgroup == "dots" and not is_day(match, plain, text):
            match = None
        if match is not None:
            found.append(match)
            done = match.end()
    return found


def find_order(written: list[re.Match[str]]) -> tuple[Order | None, bool]:
    """Return the order that the text's own numeric dates prove, and whether both are proven.

    Where none proves it, days written as "9th September 2026" tell a hand that puts the day first, if none stands as
    "September 9, 2026".
    """
    day_first = month_first = said_first = said_last = False
    for match in written:
        said_first |= match.lastgroup == "dmon" and _ORDINAL_DAY.match(match[0]) is not None
        said_last |= match.lastgroup in ("mond", "mond2", "mondw")
        if match["num"]:
            a, b = int(match["a"]), int(match["b"] or match["b2"])
            day_first |= 12 < a <= 31 and b <= 12
            month_first |= 12 < b <= 31 and a <= 12
            # Points between the numbers are used with the day first only.
            day_first |= match["sep"] == "." and len(match["y"]) == 4 and a <= 31 and b <= 12
    if day_first and month_first:
        return None, True
    if not (day_first or month_first) and said_first and not said_last:
        return "dmy", False
    return ("dmy" if day_first else "mdy" if month_first else None), False


_ORDINAL_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)\b")


def find_dates(written: list[re.Match[str]], plain: str, order: Order | None, note_day: date | None) -> list[Mention]:
    """Return the dates of a text in a given order of day and month, relative ones against the note's own day."""
    found: list[Mention] = []
    for match in written:
        mention = _read(match, plain, order, note_day)
        if mention is not None:
            found.append(mention)
    return found


def _read(match: re.Match[str], plain: str, order: Order | None, note_day: date | None) -> Mention | None:
    start, end = match.span()
    kind = match.lastgroup
    if kind == "iso":
        return _made(start, end, match["iy"], match["im"] or match["im2"] or match["im3"], match["id"] or match["id2"])
    year: int | None
    if kind == "dots":
        year = _year_before(note_day, int(match["db"]), int(match["da"]))
        made = _made(start, end, year, match["db"], match["da"]) if year else None
        return _with_day_ahead(made, note_day) if made and note_day else made
    if kind == "dotr":
        return _made(start, end, int(match["ryr"]) - (int(match["rb"]) > int(match["rlast"])), match["rb"], match["ra"])
    if kind == "num":
        return _numeric(match, order, note_day)
    if kind == "dmon":
        if match["dm"] in _ALSO_WORDS and not match["dy"] and " " not in match[0] and not _HYPHENED.fullmatch(match[0]):
            return None
        if match["dm"] == "ago" and not match["dy"]:
            return None
        year = (
            _year(match["dy"], note_day)
            if match["dy"]
            else _year_of_range(match, plain) or _year_before(note_day, MONTHS[match["dm"]], int(match["dd"]))
        )
        made = _made(start, end, year, MONTHS[match["dm"]], match["dd"]) if year else None
        without = made is not None and note_day is not None and not (match["dy"] or _year_of_range(match, plain))
        return _with_day_ahead(made, note_day) if made and note_day and without else made
    if kind == "mond":
        return _made(start, end, match["my"], MONTHS[match["mm"]], match["md"])
    if kind == "mond2":
        return _made(start, end, match["ny"], MONTHS[match["nm"]], match["nd"])
    if kind == "mond0":
        return _yearless(match, plain, note_day)
    if kind == "isomon":
        return _made(start, end, match["ny4"], MONTHS[match["nm4"]], match["nd4"])
    if kind == "mondw":
        return _made(start, end, match["wy"], MONTHS[match["wm"]], _ORDINALS[match["wd"].replace(" ", "-")])
    if kind == "ry":
        return _made(start, end, match["ry"], MONTHS[match["rm"]], None)
    if kind == "mony":
        year = _year(match["yy"] or match["yshort"] or match["yd"], note_day)
        return _made(start, end, year, MONTHS[match["ym"]], None)
    if kind == "my4":
        return _made(start, end, match["py"], match["pm"], None)
    if kind == "two":
        if _OF_NODES.match(plain, end):
            return None
        return _two_parts(match, plain[max(0, start - 48) : start], order, note_day)
    if kind == "year":
        return (
            None
            if _GUIDELINE.search(plain[max(0, start - 24) : start])
            else _made(start, end, match["year"], None, None)
        )
    return _relative(match, note_day)


def _made(start: int, end: int, year: object, month: object, day: object) -> Mention | None:
    parts = [str(int(str(part))).zfill(2) for part in (month, day) if part is not None]
    try:
        return Mention(start, end, PartialDate.parse("-".join([str(year), *parts])))
    except ValueError:
        return None


def _year(written: str, note_day: date | None) -> int:
    """Return a year of two digits as one not after the note, or the next at most; without a note's day, up to 2030."""
    value = int(written)
    if value > 99:
        return value
    newest = note_day.year + 1 if note_day else 2000 + _PIVOT
    return 2000 + value if 2000 + value <= newest else 1900 + value


_ALSO_WORDS = ("mar", "may", "set", "dic", "ene", "ago", "mai")
_HYPHENED = re.compile(r"\d{1,2}-(?:mar|may)")
_LAST_OF_RANGE = re.compile(
    rf"\s?(?:to|until|till|through|and|-|–)\s?(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})\.?,?\s(?P<y>(?:19|20)\d\d)(?!\d)"
)


def _year_of_range(match: re.Match[str], plain: str) -> int | None:
    """Return the year of the first day of "7 May to 27 August 2024", which its last one gives."""
    last = _LAST_OF_RANGE.match(plain, match.end())
    if last is None:
        return None
    return int(last["y"]) - (MONTHS[match["dm"]] > MONTHS[last["m"]])


OLDEST_DAY = 10
"""From here on a figure behind a month may be a year as well."""
_ON_DAY = re.compile(r"\b(?:on|of|dated)\s(?:the\s)?$")


def _yearless(match: re.Match[str], plain: str, note_day: date | None) -> Mention | None:
    """Read "on June 28", the last one before the note; "of June 22", which may be a month of 2022, is left alone."""
    start, end = match.span()
    month, day = MONTHS[match["sm"]], int(match["sd"])
    last = _TO_MONTH_FIRST.match(plain, end)
    if last is not None:
        return _made(start, end, int(last["y"]) - (month > MONTHS[last["m"]]), month, match["sd"])
    before = _ON_DAY.search(plain, max(0, start - 12), start) or _RESULTS_BEHIND.match(plain, end)
    if note_day is None or before is None or not 1 <= day <= 31:
        return None
    if not before[0].startswith(("on", ":")) and OLDEST_DAY <= day <= note_day.year % 100 + 1:
        return None
    year = _year_before(note_day, month, day)
    made = _made(start, end, year, month, match["sd"]) if year else None
    return _with_day_ahead(made, note_day) if made else None


_TO_MONTH_FIRST = re.compile(
    rf"\s?(?:to|until|till|through|thru|-|–)\s?(?P<m>{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?P<y>(?:19|20)\d\d)(?!\d)"
)
"""The last day of a range whose first has no year: "February 3 through May 20, 2025"."""
_RESULTS_BEHIND = re.compile(
    r":\s?(?:labs?|bloods?|hb|hgb|ha?emoglobin|wbc|wcc|anc|neut\w*|plt|platelets|cea|ca ?\d|creat\w*|cr|bili\w*|alt|ast|alp|ldh|crp|na|k)\b"
)
"""What makes a month and a figure the day of results: "Aug 19: CEA 188"."""


def _with_day_ahead(made: Mention, note_day: date) -> Mention:
    """Add the day a year later, where that lies in the weeks behind the note."""
    value = made.value
    if value is None or not _just_ahead(value.low.day, value.low.month, note_day) or value.low == note_day:
        return made
    later = PartialDate.parse(f"{value.low.year + 1:04}-{value.low.month:02}-{value.low.day:02}")
    return made._replace(ahead=later)


def _year_before(note_day: date | None, month: int, day: int) -> int | None:
    """Return the year that puts a day and month last before the note."""
    if note_day is None:
        return None
    return note_day.year if (month, day) <= (note_day.month, note_day.day) else note_day.year - 1


def _numeric(match: re.Match[str], order: Order | None, note_day: date | None) -> Mention | None:
    a, b, year = int(match["a"]), int(match["b"] or match["b2"]), _year(match["y"] or match["y2"], note_day)
    start, end = match.span()
    if a > 12 or b > 12 or match["sep"] == ".":
        day, month = (b, a) if b > 12 else (a, b)
        return _made(start, end, year, month, day)
    if a == b:
        return _made(start, end, year, a, b)
    if order is None:
        return Mention(start, end, PartialDate.parse(year), exact_order=False)
    day, month = (a, b) if order == "dmy" else (b, a)
    return _made(start, end, year, month, day)


def _two_parts(match: re.Match[str], before: str, order: Order | None, note_day: date | None) -> Mention | None:
    """Read `12/01` or `07/25`: a day of the last months, or month and year; nothing where both may be meant."""
    a, b = int(match["ta"]), int(match["tb"])
    last = _TO_NUMBERS.match(match.string, match.end())
    if last is not None:
        return _first_of_range(match, last, order, note_day)
    if note_day is not None:
        first = _RANGE_BEFORE.search(before)
        parts = (first["a"], first["b"], match["ta"], match["tb"]) if first else match.group("ta", "tb", "tc", "td")
        if parts[-1] and _are_months((int(parts[0]), int(parts[1])), (int(parts[2]), int(parts[3])), note_day):
            return _made(match.start(), match.end(), 2000 + b, a, None)
    if note_day is None or _NOT_A_DATE.search(before) or _NODES.search(before):
        return None
    if not (_TWO_PARTS.search(before) or in_series(match, before)):
        return None
    if order is not None and in_series(match, before):
        # "EF 55%, 12/6 57%, 10/3 61%": the next measurement, however long ago
        day, month = (a, b) if order == "dmy" else (b, a)
        return _made(match.start(), match.end(), _year_before(note_day, month, day), month, day)
    readings: list[PartialDate] = []
    for day, month in ((a, b),) if order == "dmy" else ((b, a),) if order == "mdy" else ((a, b), (b, a)):
        if 1 <= month <= 12 and 1 <= day <= 31:
            year = _year_before(note_day, month, day)
            made = _made(match.start(), match.end(), year, month, day)
            if made and made.value and (note_day - made.value.low).days <= 120:
                readings.append(made.value)
    own_day, own_month = (a, b) if order == "dmy" else (b, a)
    if order is not None and not readings and _just_ahead(own_day, own_month, note_day):
        # "OPA 12/05" of a letter of the 8th of May is no month of 2005
        to_come = _made(match.start(), match.end(), note_day.year + (own_month < note_day.month), own_month, own_day)
        return to_come._replace(value=None, ahead=to_come.value) if to_come else None
    if 1 <= a <= 12 and 0 < b <= note_day.year % 100 and len(match["tb"]) == 2:
        month_year = PartialDate.parse(f"{2000 + b}-{a:02}")
        if month_year.low <= note_day and not (readings and (note_day - readings[0].low).days <= 62):
            readings.append(month_year)
    if len(readings) == 1:
        return Mention(match.start(), match.end(), readings[0])
    if len(readings) == 2 and readings[1].low <= readings[0].low <= readings[1].high:
        return Mention(match.start(), match.end(), readings[1])
    return None


_TO_NUMBERS = re.compile(
    r"\s?(?:-|–|to|until|till|through)\s?(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)\d\d|\d\d)(?![\d/%])"
)
"""The last day of a range whose first has no year: "23/3 - 25/5/26"."""


def _first_of_range(
    match: re.Match[str], last: re.Match[str], order: Order | None, note_day: date | None
) -> Mention | None:
    """Read the first day of a range from the year of its last one, where the order of both is known."""
    a, b, c, d = int(match["ta"]), int(match["tb"]), int(last["a"]), int(last["b"])
    if order is None and max(a, c) > _MONTHS_OF_YEAR >= max(b, d):
        order = "dmy"
    elif order is None and max(b, d) > _MONTHS_OF_YEAR >= max(a, c):
        order = "mdy"
    if order is None:
        return None
    day, month = (a, b) if order == "dmy" else (b, a)
    day_last, month_last = (c, d) if order == "dmy" else (d, c)
    year = _year(last["y"], note_day) - ((month, day) > (month_last, day_last))
    return _made(match.start(), match.end(), year, month, day)


_MONTHS_OF_YEAR = 12


def _just_ahead(day: int, month: int, note_day: date) -> bool:
    """True for a day and month of the weeks behind the note."""
    try:
        ahead = (date(note_day.year + (month < note_day.month), month, day) - note_day).days
    except ValueError:
        return False
    return 0 <= ahead <= _AHEAD


_AHEAD = 92
_RANGE_BEFORE = re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d\d)\s?(?:-|–|to)\s?$")


def _are_months(first: tuple[int, int], last: tuple[int, int], note_day: date) -> bool:
    """True for a range such as "12/22-6/23": months with their years, in order, the last before the note."""
    if not (1 <= first[0] <= 12 and 1 <= last[0] <= 12 and first[1] > 12 and last[1] > 12):
        return False
    return first[::-1] < last[::-1] <= (note_day.year % 100, note_day.month)


def _relative(match: re.Match[str], note_day: date | None) -> Mention | None:
    if note_day is None:
        return None
    start, end = match.span()
    if match["word"]:
        said = match["word"]
        if said == "today" or said.startswith("this"):
            return Mention(start, end, PartialDate.parse(note_day))
        if said == "yesterday":
            return Mention(start, end, PartialDate.parse(note_day - timedelta(days=1)))
        if said.endswith("year"):
            return Mention(start, end, PartialDate.parse(note_day.year - 1))
        day = note_day - timedelta(days=7) if said.endswith("week") else add_months(note_day, -1)
        return Mention(start, end, PartialDate.parse(f"{day.year:04}-{day.month:02}"))
    amount = _NUMBERS.get(match["an"]) or int(match["an"])
    unit = match["au"]
    if unit in ("year", "yr"):
        return Mention(start, end, PartialDate.parse(note_day.year - amount))
    if unit in ("month", "mo"):
        day = add_months(note_day, -amount)
    else:
        day = note_day - timedelta(days=amount * (7 if unit in ("week", "wk") else 1))
    return Mention(start, end, PartialDate.parse(f"{day.year:04}-{day.month:02}"))
