"""Heart: ejection fraction, QT interval, NYHA class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.heart_table import METHOD
from her2nav.intake.notes.fields.limits_told import is_limit
from her2nav.intake.notes.fields.measured import date_of, stated
from her2nav.intake.notes.found import Entry, Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_LVEF = Gated(
    r"\b(?:lvef|left ventricular ejection fraction|ejection fraction|ef|fevi|fevg)(?:\s?\((?:lvef|ef|biplane|simpson\w*|3d|visual|teichholz)\))?(?: by \w+(?: \w+)?)?(?:\s(?:on|in|from|of)\s(?=[^;()%]{0,12}\d)[^;()%]{4,18}?\s(?=(?:was|is|showed)\s|\d\d\s?%))?(?:[\s:=|~,-]|of|is|showed|was|estimated|came(?: back)?|found|reported|reads|at|normal|preserved|approximately|about|calculated|measured|has|dropped|fell|fallen|declined|decreased|improved|recovered|rose|from|to){0,9}(?P<n>\d{2})(?:\.\d)?(?:\s?(?:-|–|to)\s?(?P<q>\d{2}))?\s?(?:%|percent|$|[\s,;.)])"
)
_EARLIER = Gated(
    r"(?:(?<=, )was|(?<=; )was|\bpreviously|\bprior|\bcompared (?:to|with)|\bdown from|\bup from|\bfrom)\s(?P<n>[2-8]\d)\s?%"
)
_WAS_BEFORE = re.compile(
    r"\s?%?,?\s(?:it |this |ef |lvef )?(?:was|had been)\s(?P<n>[2-8]\d)\s?%?\s(?:before|prior to|at)\s[^.;%]{3,40}?\s(?:in|on)\s"
)
"""The value before a treatment, with its day: "57%, it was 64 before trastuzumab in 2024"."""
_IT_WAS = re.compile(
    r"\s?(?:%|percent|per cent)[,;]?\s(?:and |but |while )?(?:it |this |the ef |ef |lvef )?(?:was|had been)\s(?P<n>[2-8]\d)\s?(?:%|percent|per cent)\s(?:in|on)\s"
)
"""The value of an earlier day behind the new one: "was 60 percent, it was 64 percent in January"."""
_BRACKET = re.compile(r"\s?%?,?\s?\((?P<b>[^()\n]{5,120})\)")
_PART_ENDS = re.compile(r"[;,](?=\s)")
_OLDER = re.compile(
    r"[\s:]*(?:(?:was|prior|previous(?:ly)?|last|baseline|pre-[\w-]+|before \w+|initial(?:ly)?|down from|up from|cf\.?|vs\.?|compared (?:with|to)|echo\w*|muga|tte|(?:lv)?ef|and|on|in|at|of|from|dated)[\s:]+)*"
    r"(?P<n>[2-8]\d)(?:\.\d)?\s?%?(?:[\s:]+(?:on|in|at|from|baseline|before \w+|echo\w*|muga|dated|study))*[\s:]*"
)
"""An older value and its day, which is painted over: "was 62 % in", "baseline 64 %"."""
_NEXT = re.compile(
    r"\s?%?(?:\s?\([^()%]{0,24}\)|[^%;()]{0,20}?(?:\s?\([^()%]{0,90}\))?)\s?(?:->|→|>|\bto\b|(?<=\)),)\s?(?:(?:lvef|ef)\s)?(?P<n>[1-8]\d)\s?%"
)
_MUGA = Gated(
    r"\b(?P<m>muga|echo(?:cardiogram)?|heart scan|heart function|(?:my|her|his) heart(?=\s?:))\b[^.;\n]{0,48}?[\s:](?P<n>[3-8]\d)\s?%"
)
_QT = Gated(
    r"\bqtc(?P<f>f|b)?\b(?:\s?\((?P<by>fridericia|bazett|f|b)\))?[\s:=|]{0,4}(?:of |is |was |interval )?(?P<n>[3-6]\d\d)(?!\d)"
)
_NYHA = Gated(r"\bnyha(?: class)?[\s:=]{0,3}(?P<n>iv|iii|ii|i|none|[1-4])\b")

HEART = Gate(_LVEF, _MUGA, _QT, _NYHA)
"""Where a sentence may speak of the heart."""


_LIMIT_BEFORE = re.compile(r"\b(?:if|should|below|drop\w* below|<|normal range|must)\s*$")


def read_heart(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the measurements of the heart in one sentence."""
    matches = list(_LVEF.finditer(note.plain, sentence.start, sentence.end))
    if not matches:
        matches = list(_MUGA.finditer(note.plain, sentence.start, sentence.end))
    for match in matches:
        span = (match.start(), match.end("n"))
        percent = int(match["n"])
        if (
            not stated(note, span)
            or is_limit(note, sentence, match.start(), match.start("n"))
            or not 10 <= percent <= 85
            or _LIMIT_BEFORE.search(
                note.plain[max(sentence.start, span[0] - 10) : span[0]],
            )
        ):
            continue
        entry = Entry("lvef")
        entry.put("percent", str(percent), span)
        inside = [one for one in note.dates.within(*span) if one.value]
        inside = inside or _own_bracket(note, sentence, match.end("n"))
        day, place = (inside[-1].value, (inside[-1].start, inside[-1].end)) if inside else date_of(note, sentence, span)
        if day and place:
            entry.put("date", str(day), place)
        methods = list(METHOD.finditer(note.plain, sentence.start, sentence.end))
        ahead = [one for one in methods if one.start() <= span[1]]
        method = ahead[-1] if ahead else methods[0] if methods else None
        if method:
            entry.put("method", method.lastgroup, method.span())
        ranged = match.groupdict().get("q") is not None
        now = None if ranged else _now(note, sentence, match.end("n"))
        if now is not None:
            if "date" in entry.values:
                entry.values.pop("method", None)
                yield entry
            yield now
            continue
        later = [] if ranged else _series(note, sentence, match.end("n"), entry)
        if later and "method" in entry.values and entry.spans["method"][0] > later[0].spans["percent"][0]:
            entry.values.pop("method")
        yield entry
        yield from later
        before = _in_bracket(note, sentence, match.end("n"))
        if method is not None and method.start() <= span[1] and "method" in entry.values:
            _same_method(note, method, before)
        yield from before
        was = _WAS_BEFORE.match(note.plain, match.end("n"), sentence.end) or _IT_WAS.match(
            note.plain, match.end("n"), sentence.end
        )
        told = [one for one in note.dates.within(was.end(), was.end() + 16) if one.start == was.end()] if was else []
        if was is not None and told and told[0].value:
            past = Entry("lvef")
            past.put("percent", was["n"], was.span("n"))
            past.put("date", str(told[0].value), (told[0].start, told[0].end))
            if method is not None and method.start() <= span[1] and "method" in entry.values:
                _same_method(note, method, [past])
            yield past
        earlier = None if before else _EARLIER.search(note.plain, span[1], min(sentence.end, span[1] + 80))
        if earlier:
            older = Entry("lvef")
            older.put("percent", earlier["n"], earlier.span("n"))
            behind = [
                one for one in note.dates.within(earlier.end(), min(sentence.end, earlier.end() + 26)) if one.value
            ]
            if behind:
                older.put("date", str(behind[0].value), (behind[0].start, behind[0].end))
                yield older
    listed = list(_listed(note, sentence, [(one.start(), one.end()) for one in matches]))
    by = list(METHOD.finditer(note.plain, sentence.start, sentence.end))
    if matches and len(by) == 1 and by[0].start() < matches[0].end("n"):
        _same_method(note, by[0], listed)
    yield from listed
    yield from _rhythm(note, sentence)


def _same_method(note: Note, method: re.Match[str], others: list[Entry]) -> None:
    """Give the method named before a value to those told behind it without one: "Echo 24/8 LVEF 60 % (63 % on 2 April)"."""
    for one in others:
        place = one.spans["percent"]
        if "method" not in one.values and not METHOD.pattern.search(
            note.plain, max(method.end(), place[0] - _NEAR), place[1] + _NEAR
        ):
            one.put("method", method.lastgroup, method.span())


_NEAR = 30
_SHARE = re.compile(r"(?<![\d.])(?P<n>[2-8]\d)(?:\.\d)?\s?%")
_PARTS = re.compile(r"[;,]|\)\s?,?|\band\b")
_ITEM = re.compile(
    r"[\s:,(-]*(?:(?:heart function|cardiac|monitoring|baseline|repeat|repeated|prior|previous|study|follow-?up|then|latest|last|\d+[- ]?(?:month|mo|week|wk)s?|is|now|on|in|at|of|was|is|showed|(?:lv)?ef|by|scan|(?:muga|echo\w*|tte|(?:cardiac )?mri|cmr))[\s:,()-]*){1,6}"
)
"""What leads to a share that can only be an ejection fraction: "repeat 30/06/2026 55%", "3-month MUGA 62%"."""


def _listed(note: Note, sentence: Sentence, known: list[Span]) -> Iterator[Entry]:
    """Yield the further values of a list of examinations, each in a part of its own with its day."""
    for match in _SHARE.finditer(note.plain, sentence.start, sentence.end):
        if any(start <= match.start() < end + 1 for start, end in known) or not stated(note, match.span()):
            continue
        parts = [one.end() for one in _PARTS.finditer(note.plain, sentence.start, match.start())]
        low = max(parts[-1] if parts else sentence.start, note.text.rfind("\t", sentence.start, match.start()) + 1)
        dates = [one for one in note.dates.within(low, match.start()) if one.value and one.exact_order]
        behind = _BEHIND.match(note.plain, match.end(), sentence.end)
        day = next(iter(dates), None)
        if behind is not None and not dates:
            found = note.dates.within(behind.end(), min(sentence.end, behind.end() + 20))[:1]
            day = next((one for one in found if one.value and one.start == behind.end()), None)
        words = _undated(note, low, match.start(), dates)
        in_row = bool(dates) and (
            note.text[low - 1 : low] == "\t" or not note.plain[dates[-1].end : match.start()].strip(" :=")
        )
        in_series = bool(known) and (behind is not None or in_row) and not words.strip(" ,:")
        if day is None or not (in_series or _ITEM.fullmatch(words)):
            continue
        entry = Entry("lvef")
        entry.put("percent", match["n"], match.span("n"))
        entry.put("date", str(day.value), (day.start, day.end))
        method = METHOD.pattern.search(words)
        if method is not None:
            entry.put("method", method.lastgroup, (low + method.start(), low + method.end()))
        elif behind is not None and behind["m"] and not dates:
            by = METHOD.search(note.plain, *behind.span("m"))
            if by is not None:
                entry.put("method", by.lastgroup, behind.span("m"))
        yield entry


_BEHIND = re.compile(
    r"\s?(?:\((?:(?:by |on )?(?P<m>(?:echo\w*|tte|muga|cmr))[ ,]{1,2})?(?:on |in |of )?|(?:on|in) |(?=today))"
)


def _undated(note: Note, low: int, high: int, dates: list[Mention]) -> str:
    """Return the words of a stretch with its days painted over."""
    words = note.plain[low:high]
    for one in dates:
        words = words[: one.start - low] + " " * (one.end - one.start) + words[one.end - low :]
    return words


def _in_bracket(note: Note, sentence: Sentence, start: int) -> list[Entry]:
    """Return the older values in the bracket behind a new one: "57% (was 62% 5/2026)", "60% (4/2026 63%; baseline 64% in 10/2025)"."""
    found: list[Entry] = []
    bracket = _BRACKET.match(note.plain, start, sentence.end)
    if bracket is None:
        # "61 % echo 15.10.2026 (66 % in 05.2025)"
        led = _SHARE_BY_ECHO.match(note.plain, start, sentence.end)
        own = note.dates.within(led.end(), min(sentence.end, led.end() + 20))[:1] if led is not None else []
        if led is None or not own or own[0].start != led.end():
            return found
        bracket = _BRACKET.match(note.plain, own[0].end, sentence.end)
    if bracket is None:
        return found
    low = bracket.start("b")
    days = [one for one in note.dates.within(low, bracket.end("b")) if one.value and one.exact_order]
    whole = _OLDER.fullmatch(_undated(note, low, bracket.end("b"), days).replace(",", " ")) if len(days) == 1 else None
    if whole is not None:
        entry = Entry("lvef")
        entry.put("percent", whole["n"], (low + whole.start("n"), low + whole.end("n")))
        entry.put("date", str(days[0].value), (days[0].start, days[0].end))
        return [entry]
    for end in (*(one.start() for one in _PART_ENDS.finditer(note.plain, low, bracket.end("b"))), bracket.end("b")):
        days = [one for one in note.dates.within(low, end) if one.value and one.exact_order]
        part = _OLDER.fullmatch(_undated(note, low, end, days))
        if part is not None and len(days) == 1:
            entry = Entry("lvef")
            entry.put("percent", part["n"], (low + part.start("n"), low + part.end("n")))
            entry.put("date", str(days[0].value), (days[0].start, days[0].end))
            found.append(entry)
        low = end + 1
    return found


_BRACKET_BEHIND = re.compile(r"\s?\((?P<b>[^()%]{2,90})\)")


def _series(note: Note, sentence: Sentence, start: int, first: Entry) -> list[Entry]:
    """Return the values that arrows lead to, the newest last: "55% (3/2026) -> 48% (9/2026)".

    Without dates only the last one is known to be the newest: it takes the place of the first.
    """
    found: list[Entry] = []
    while (match := _NEXT.match(note.plain, start, sentence.end)) is not None:
        entry = Entry("lvef")
        entry.put("percent", match["n"], match.span("n"))
        behind = note.dates.within(match.end(), min(sentence.end, match.end() + 26))
        day = next((one for one in behind if one.value and "%" not in note.plain[match.end() : one.start]), None)
        if day is not None:
            entry.put("date", str(day.value), (day.start, day.end))
        beside = _BRACKET_BEHIND.match(note.plain, day.end if day is not None else match.end(), sentence.end)
        method = METHOD.pattern.search(beside["b"]) if beside is not None else None
        if beside is not None and method is not None:
            entry.put("method", method.lastgroup, beside.span("b"))
        found.append(entry)
        start = match.end()
    if "date" in first.values and all("date" in one.values for one in found):
        return found
    if found:
        for key in ("percent", "date"):
            first.values.pop(key, None)
            first.spans.pop(key, None)
        for key, value in found[-1].values.items():
            first.put(key, value, found[-1].spans[key])
    return []


_DAY_BRACKET = re.compile(r"\s?%?\s?\((?:(?:in|on|echo\w*|tte|muga|cmr)\s){0,2}")


def _own_bracket(note: Note, sentence: Sentence, start: int) -> list[Mention]:
    """Return the day that alone fills the bracket right behind a value: "44% (September 2025)"."""
    opens = _DAY_BRACKET.match(note.plain, start, sentence.end)
    for one in note.dates.within(opens.end(), opens.end() + 20)[:1] if opens is not None else ():
        if opens is not None and one.value and one.start == opens.end() and note.plain[one.end : one.end + 1] == ")":
            return [one]
    return []


_AND_NOW = re.compile(
    r"\s?%(?:\s?\([^()%]{3,20}\))?,\s(?:is\s)?now\s(?P<m>[1-8]\d)\s?%|\s?%[^.;%]{0,40}?(?:\b(?:and|but|it)|,)\s(?:is|has (?:fallen|dropped|gone (?:down|up)|risen|recovered|come (?:down|up)) to)\s(?:now\s)?(?P<n>[1-8]\d)\s?%(?:\s(?:now|today))?"
)
_SHARE_BY_ECHO = re.compile(r"\s?%\s?(?:by |on |in )?(?:echo\w*|tte|muga|cmr)?[\s,]*(?:on |of |in )?")
_BY_ECHO = re.compile(r"\s?\(?(?:by |on |in )?(?:(?P<echo>echo\w*|tte)|(?P<muga>muga))?[\s,]*(?:on |of |in )?")


def _now(note: Note, sentence: Sentence, start: int) -> Entry | None:
    """Return the value of now behind the one that was: "was 64 % in January and is 57 % now (echo 5 October)"."""
    match = _AND_NOW.match(note.plain, start, sentence.end)
    if match is None:
        return None
    entry = Entry("lvef")
    key = "n" if match["n"] else "m"
    entry.put("percent", match[key], match.span(key))
    led = _BY_ECHO.match(note.plain, match.end(), sentence.end)
    if led is not None:
        day = next((one for one in note.dates.within(led.end(), led.end() + 20) if one.start == led.end()), None)
        if day is not None and day.value:
            entry.put("date", str(day.value), (day.start, day.end))
        if led.lastgroup:
            entry.put("method", led.lastgroup, led.span(led.lastgroup))
    return entry


_ECG_BEHIND = re.compile(r"\s?(?:ms(?:ec)?)?\s?[(,]\s?(?:by |on )?(?:12-lead )?e[ck]g\s?(?:on |of |dated |,\s?)?")
_ECG = re.compile(r"\be[ck]g\b[\s(:,]{0,3}(?:(?:on|of|dated|from) )?$")


def _ecg_behind(note: Note, sentence: Sentence, end: int) -> tuple[PartialDate | None, Span | None]:
    """Return the day of the tracing in brackets behind an interval: "QTcF 421 ms (ECG 13 April 2026)"."""
    led = _ECG_BEHIND.match(note.plain, end, sentence.end)
    for one in note.dates.within(led.end(), led.end() + 20)[:1] if led is not None else ():
        if led is not None and one.start == led.end() and one.value and one.exact_order:
            return one.value, (one.start, one.end)
    return None, None


def _of_ecg(note: Note, value: Span, day: Span) -> bool:
    """True for the day that stands behind "ECG", before or behind the interval: "ECG 7 August: QTcF 441 ms"."""
    return _ECG.search(note.plain, max(0, day[0] - 16), day[0]) is not None and abs(day[0] - value[1]) < _FAR


_FAR = 60


def _rhythm(note: Note, sentence: Sentence) -> Iterator[Item]:
    for match in _QT.finditer(note.plain, sentence.start, sentence.end):
        by = match["f"] or (match["by"] or "")[:1]
        if by and stated(note, match.span()):
            day, place = date_of(note, sentence, match.span())
            if day is None:
                day, place = _ecg_behind(note, sentence, match.end())
            yield Found(f"cardiac.qtc{by}_ms", match["n"], match.span(), day, place)
            if day is not None and place is not None and _of_ecg(note, match.span(), place):
                yield Found("cardiac.ecg_date", str(day), place)
    for match in _NYHA.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, match.span()):
            classes = {"1": "I", "2": "II", "3": "III", "4": "IV", "none": "none"}
            yield Found("cardiac.nyha", classes.get(match["n"], match["n"].upper()), match.span())
