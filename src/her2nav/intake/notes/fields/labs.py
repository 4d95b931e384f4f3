"""Laboratory values with unit, limits and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from her2nav.intake.notes.context import context, own_starts
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.lab_days import (
    EARLIER,
    EARLIER_ON,
    Day,
    day_of,
    day_of_all,
    day_of_arrival,
    day_of_hour,
    on_arrival,
    row_day,
)
from her2nav.intake.notes.fields.lab_names import short_names, with_own_unit
from her2nav.intake.notes.fields.lab_series import day_behind, following, moved
from her2nav.intake.notes.fields.lab_table import Column, by_day, columns, demanded
from her2nav.intake.notes.fields.lab_values import (
    NUMBER,
    OTHER_FLUID,
    PAIR,
    VALUE,
    limit_of_pair,
    number,
    possible,
    tail,
    unit_at,
    usual_unit,
)
from her2nav.intake.notes.fields.limits_told import is_limit, of_delay
from her2nav.intake.notes.fields.serology import read_serology
from her2nav.intake.notes.fields.then_now import become
from her2nav.intake.notes.found import Asked, Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_SHARED = re.compile(r"\s?/\s?$")
_ANOTHER_SENSE = frozenset(["TW", "PT", "Pt", "Ca", "CA", "TG", "T4", "PCR", "Mg", "MG", "FA", "PN", "GR", "GB"])
"""Abbreviations that mean something else too: they count among other values, or with a unit of their own."""
_WITH_UNIT_ONLY = frozenset(["AF", "AP", "ACE", "PAL", "plates", "Plates"])
_SI = Gated(r"umol/l|mmol/l|(?<![md])g/l\b")
_GRAMS_PER_LITRE = Gated(r"\b(?:hb|hgb|haemoglobin|hemoglobin)[\s:=]{1,3}(?:[6-9]\d|1\d\d)\b(?!\.)")
_CONVENTIONAL = Gated(r"mg/dl|g/dl|mg ?%|gm? ?%")
_MILLIGRAMS = Gated(r"mg/dl|mg ?%")
_MICROMOLES = Gated(r"\bcr(?:ea)?(?:t(?:inine)?)?[\s:=]{1,3}(?:[3-9]\d|[1-9]\d\d)(?!\d|[.,]\d|\s?%|\s?mg)")
"""A creatinine that without its unit can only be one in umol/L."""
_CREATININE_MG = Gated(r"\bcr(?:ea)?(?:t(?:inine)?)?[\s:=]{1,3}0[.,]\d{1,2}(?!\d)")
_PER_MICROLITRE = Gated(
    r"\b(?:wbc|tlc|leu[ck]ocytes?|white (?:blood )?cells?|neut\w*|anc)\b(?:[\s:=|(),]|count){1,6}\d{1,2},?\d{3}(?!\d|\.\d)"
)
"""White cells in thousands: platelets in ten thousands are written beside them in Japan."""
_FIGURE = re.compile(r"\d")
_BOTH = 2
_ENOUGH = 2
"""So many other values beside an abbreviation tell that it is one too."""


class Written(NamedTuple):
    """A value where it is written."""

    name: str
    hit: Hit
    span: Span
    words: str
    compared: bool = False
    unit: str | None = None
    """A unit in brackets before the value."""
    day: Day | None = None
    """The day that stands between the name and the value."""
    part: str = ""
    """Which of two numbers with a stroke it is: `v` or `w`."""


def read_labs(note: Note) -> Iterator[Item]:
    """Yield the laboratory values of one note, and the viral markers."""
    items: list[Item] = []
    styles = _styles(note)
    day: Day | None = None
    paragraph = -1
    inherited: list[Entry] = []
    named, own_ones = _naming(note), own_starts(note)
    for sentence in note.sentences:
        if sentence.paragraph != paragraph:
            paragraph, day = sentence.paragraph, None if sentence.section != "labs" else day
            inherited = []
        if sentence.start not in own_ones:
            continue
        found = _values(note, sentence) if sentence.start in named else []
        dated = sentence.start in note.dated
        own = day_of(note, sentence, found[0].span[0] if found else None) if dated else None
        own = own or (day_of_hour(note, sentence) if found else None)
        if not found:
            of_all = day_of_all(note, sentence) if dated and inherited else None
            if of_all is not None:
                for entry in inherited[-_BOTH:] if of_all.both else inherited:
                    entry.values.pop("date", None)
                    entry.put("date", str(of_all.day[0]), of_all.day[1])
                inherited, own = [], None
        if own:
            day = own
        if found:
            arrived = on_arrival(note, sentence) and not own
            of_day = day_of_arrival(note) if arrived else day
            new = list(_entries(note, sentence, found, of_day, styles))
            if arrived:
                items += new
                continue
            items += new
            told = day[1] if day and not own else None
            inherited += [one for one in new if isinstance(one, Entry) and one.spans.get("date", told) == told]
    items += _rows_of_days(note, styles)
    yield from _once(items)
    yield from read_serology(note)


def _once(items: list[Item]) -> Iterator[Item]:
    """Yield the items; a value that is told again without its day is that of the day."""
    dated = {_said(one) for one in items if isinstance(one, Entry) and "date" in one.values}
    for one in items:
        if not (isinstance(one, Entry) and "date" not in one.values and _said(one) in dated):
            yield one


def _said(one: Entry) -> tuple[str, str, str]:
    return str(one.values.get("name")), str(one.values.get("value")), str(one.values.get("unit"))


def _rows_of_days(note: Note, styles: frozenset[str]) -> Iterator[Entry]:
    """Yield the results of tables with a row for each day."""
    for cell in by_day(note):
        value = number(note.text[slice(*cell.span)])
        heading = _UNIT_OF_HEADING.search(note.plain, *cell.heading)
        unit = unit_at(note, cell.name, heading.start("ub"))[0] if heading else None
        unit = unit or (usual_unit(note, cell.name, value, styles) if value is not None else None)
        if value is not None and unit is not None and possible(note, cell.name, value, unit):
            entry = _entry(cell.name, cell.heading, value, cell.span, unit)
            entry.put("date", str(cell.day[0]), cell.day[1])
            yield entry


_UNIT_OF_HEADING = re.compile(r"[(\[,]\s?(?P<ub>[a-z0-9/^*%. ]{1,18})")


def _naming(note: Note) -> frozenset[int]:
    """Return the sentences, by their starts, that name a laboratory value."""
    named, pairs = note.naming("lab"), note.naming("lab_pair")
    short = {note.sentence(hit.start).start for hit in short_names(note) if with_own_unit(note, hit)}
    return frozenset(
        [one.start for one in note.sentences if one.start in named or one.start in pairs or one.start in short]
    )


def _styles(note: Note) -> frozenset[str]:
    """Return the ways in which a note gives its values, `any` among them."""
    counted = _PER_MICROLITRE.search(note.plain) is not None
    return frozenset(("any", _style(note), *(("per_microlitre",) if counted else ())))


def _style(note: Note) -> str:
    si, conventional = bool(_SI.search(note.plain)), bool(_CONVENTIONAL.search(note.plain))
    if conventional and not si and _MILLIGRAMS.search(note.plain) is None:
        # Haemoglobin in g/dL is written beside either units: the other values must tell.
        if _MICROMOLES.search(note.plain):
            return "si"
        if note.order != "mdy":
            return "any"
    if not si and not conventional and (_GRAMS_PER_LITRE.search(note.plain) or _MICROMOLES.search(note.plain)):
        return "any" if _CREATININE_MG.search(note.plain) else "si"
    if not si and not conventional:
        # Month first is written where the conventional units are.
        return "conventional" if note.order == "mdy" else "any"
    return "any" if si and conventional else "si" if si else "conventional"


def _values(note: Note, sentence: Sentence) -> list[Written]:
    found: list[Written] = []
    doubtful: list[Written] = []
    hits = _with_letters(note, sentence, note.hits_in(sentence.start, sentence.end, "lab", "lab_pair"))
    if hits and OTHER_FLUID.search(note.plain, sentence.start, hits[0].start) is not None:
        return []
    for i, hit in enumerate(hits):
        stop = hits[i + 1].start if i + 1 < len(hits) else sentence.end
        pair = hit.id("lab_pair")
        both = _pair(note, pair, hit) if pair else []
        found += both
        if both or hit.id("lab") is None:
            continue
        if i + 1 < len(hits) and _SHARED.fullmatch(note.plain, hit.end, stop):
            both = _pair(note, f"{hit.id('lab')}+{hits[i + 1].id('lab')}", hit, hits[i + 1])
            found += both
            if both:
                continue
        one = _value(note, sentence, hit, stop)
        if one is None or any(one.span == other.span for other in found):
            continue
        (doubtful if _other_sense(note, sentence, one) else found).append(one)
    if len(found) >= _ENOUGH:
        # "Na 131, K 4.9, Ca 2.2": what stands among values is one.
        found += [one for one in doubtful if note.text[one.hit.start : one.hit.end] not in _WITH_UNIT_ONLY]
    return sorted(found, key=lambda one: one.span)


def _with_letters(note: Note, sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """Add the short names, which count among others or with their unit only: "Na 138, K 4.1", "K (mmol/l)  3.0"."""
    letters = [hit for hit in short_names(note) if sentence.start <= hit.start and hit.end <= sentence.end]
    return sorted([*hits, *letters], key=lambda one: one.start) if letters else hits


def _pair(note: Note, names: str, hit: Hit, last: Hit | None = None) -> list[Written]:
    """Return the two values of two names that share a stroke: "OT/PT 49/37"."""
    first, _, second = names.partition("+")
    unit, behind = _unit_of_row(note, first, last or hit)
    match = PAIR.match(note.plain, behind)
    if match is None or note.dates.around(match.start("v")):
        return []
    written = [Written(first, last or hit, match.span("v"), match["v"], unit=unit, part="v")]
    if second:
        written.append(Written(second, last or hit, match.span("w"), match["w"], unit=unit, part="w"))
    return written


def _value(note: Note, sentence: Sentence, hit: Hit, stop: int) -> Written | None:
    """Return the value behind a name, before the next one."""
    if not _is_lab(note, hit):
        return None
    name = str(hit.id("lab"))
    between = _day_between_name(note, hit, stop)
    if between is not None:
        match = _VALUE_BEHIND_DAY.match(note.plain, between.end, min(sentence.end, stop + 1))
        if match is None or between.value is None or _date_at(note, match.start("v")):
            return None
        return Written(name, hit, match.span("v"), match["v"], day=(between.value, (between.start, between.end)))
    own_unit, behind_name = _unit_of_row(note, name, hit)
    match = VALUE.match(note.plain, behind_name, min(sentence.end, stop + 1))
    if match is None or match.end("v") > stop:
        match = moved(note, hit.end, min(sentence.end, stop + 1))
        if match is None or match.end("v") > stop:
            return None
        return Written(name, hit, match.span("v"), match["v"])
    if _date_at(note, match.start("v")):
        # "Bilirubin 01/12/26: 0.9": the date is not the value.
        return None
    unit = unit_at(note, name, match.start("ub"))[0] if match["ub"] else own_unit
    if is_limit(note, sentence, hit.start, match.start("v")):
        return None
    if name == "inr" and _SECONDS.match(note.plain, match.end("v")):
        return None
    kind = _PART.match(note.plain, hit.end) if name == "bilirubin" else None
    if kind is not None:
        if kind["other"]:
            return None
        name = "direct_bilirubin"
    return Written(name, hit, match.span("v"), match["v"], bool(match["cmp"]), unit)


def _unit_of_row(note: Note, name: str, hit: Hit) -> tuple[str | None, int]:
    """Return the unit that fills the cell of a name, and where it ends: "Hb mmol/L   7.4   7.1"."""
    if not note.tabbed and "|" not in note.text:
        return None, hit.end
    led = _LEADS_TO_UNIT.match(note.plain, hit.end)
    unit, end = unit_at(note, name, led.end()) if led is not None else (None, hit.end)
    closes = _CLOSES_CELL.match(note.text, end) if unit is not None else None
    return (unit, closes.end()) if closes is not None else (None, hit.end)


_LEADS_TO_UNIT = re.compile(r"(?: (?:t|total|tot|ges|count|serum)\b\.?)?,? ?[(\[]?(?=[a-z0-9/^%*])")
_CLOSES_CELL = re.compile(r"[)\]]?\s*(?=[\t|])")
_LEADS_TO_DAY = re.compile(r"[\s,]{1,2}\(?(?:on |of |from |dated |taken )?")
_VALUE_BEHIND_DAY = re.compile(
    rf"\)?(?:[\s:=,]|was|is|of|at){{1,5}}(?P<v>{NUMBER})(?![.,]?\d|[/-]\d|\s?(?:weeks?|months?|years?|days?))"
)


def _day_between_name(note: Note, hit: Hit, stop: int) -> Mention | None:
    """Return the day between a name and its value: "CEA 27 August 2026: 64.2", "CA 15-3 of 3 May = 41"."""
    for one in note.dates.within(hit.end, min(stop, hit.end + 26))[:1]:
        if one.value and one.exact_order and _LEADS_TO_DAY.fullmatch(note.plain, hit.end, one.start):
            return one
    return None


_SECONDS = re.compile(r"\s?s(?:ec|econds)?\b")
_PART = re.compile(r"[\s(,:-]{1,4}(?:(?:direct|conjugated|dir)\b|(?P<other>indirect|unconjugated)\b)")
"""The part of the bilirubin that is named behind it."""


def _is_lab(note: Note, hit: Hit) -> bool:
    written = note.text[hit.start : hit.end]
    if len(written) <= 2 and written.islower():
        return False
    return hit.id("lab") != "egfr_ckd" or not written.startswith("EGFR")


def _other_sense(note: Note, sentence: Sentence, one: Written) -> bool:
    """True for words that are spelt as a laboratory name and may be none: PT for patient, Ca for cancer."""
    written = note.text[one.hit.start : one.hit.end]
    alone = written in _WITH_UNIT_ONLY
    if not alone and (written not in _ANOTHER_SENSE or sentence.section == "labs"):
        return False
    return one.unit is None and unit_at(note, one.name, one.span[1])[0] is None


def _date_at(note: Note, place: int) -> bool:
    return any(one.start <= place < one.end for one in note.dates.within(max(0, place - 12), place + 14))


def _entries(
    note: Note, sentence: Sentence, found: list[Written], day: Day | None, styles: frozenset[str]
) -> Iterator[Item]:
    named_uln = any("uln" in note.plain[one.span[1] : one.span[1] + 14] for one in found)
    made: list[tuple[Entry, int, int, Decimal | None]] = []
    done = found[0].span[1]
    for i, one in enumerate(found):
        day = _day_between(note, done, one.hit.start) or day
        done = one.span[1]
        value = number(one.words)
        if value is None or not _stated(note, (one.hit.start, one.span[1])):
            continue
        row = columns(note, one.hit.end, part=one.part, single=True)
        if row is not None:
            yield from _row(note, one, row, styles)
            continue
        shown = note.text[one.hit.start : one.span[1]].strip()
        place = (one.hit.start, one.span[1])
        if one.compared:
            yield Asked("bound", f"'{shown}' is a bound, not a value; not used", place)
            continue
        behind = tail(note, one.name, one.span[1], sentence.end, bare=named_uln)
        both = _limit_of_part(note, sentence, one)
        if both is not None:
            behind.uln, behind.lln = both[0], None
        if behind.strange:
            continue  # the share of the neutrophils is no count
        if behind.unknown:
            yield Asked("unit", f"'{shown}' stands in a unit that is not known of it; not used", place)
            continue
        stop = found[i + 1].hit.start if i + 1 < len(found) else sentence.end
        own = day_behind(note, behind.end, stop)
        end = own[1] if own else behind.end
        further = list(following(note, sentence, one.name, end, stop)) if _FIGURE.search(note.plain, end, stop) else []
        newer = become(note, sentence, end, stop) if not further and not one.part else None
        if newer is not None and (later := number(note.text[slice(*newer.span)])) is not None:
            if own is not None or one.day is not None:
                unit_then = behind.unit or one.unit or usual_unit(note, one.name, later, styles)
                if unit_then is not None and possible(note, one.name, later, unit_then):
                    more = _entry(one.name, newer.span, later, newer.span, unit_then)
                    if newer.today and note.day is not None and note.day_mention is not None:
                        more.put("date", str(note.day), (note.day_mention.start, note.day_mention.end))
                    yield more
            else:  # "ALT 210 -> 65": the first value is the old one
                value, one = later, one._replace(span=newer.span)
                behind = tail(note, one.name, one.span[1], sentence.end, bare=named_uln)
        unit = behind.unit or one.unit or next((step.unit for step in further if step.unit), None)
        assumed = unit is None
        unit = unit or usual_unit(note, one.name, value, styles)
        if unit is None:
            yield Asked("unit", f"'{shown}' names no unit and may be in several; not used", place)
            continue
        if not possible(note, one.name, value, unit):
            yield Asked("impossible", f"'{shown}' is not possible in {unit}; not used", place)
            continue
        name = "corrected_calcium" if one.name == "calcium" and _ADJUSTED.match(note.plain, behind.end) else one.name
        entry = _entry(name, (one.hit.start, one.hit.end), value, one.span, unit)
        entry.spans["unit"] = (one.span[0], behind.end) if not assumed else one.span
        for key, limit in (("uln", behind.uln), ("lln", behind.lln)):
            if limit is not None and not demanded(note, one.span[1]):
                entry.put(key, f"{number(limit)}", both[1] if both else (one.span[1], behind.end))
        when = own[0] if own else one.day or row_day(note, behind.end) or (None if further else day) or day
        if when:
            entry.put("date", str(when[0]), when[1])
        made.append((entry, one.hit.start, one.span[1], number(behind.uln) if behind.uln else None))
        for step in further:
            if step.day and possible(note, one.name, step.value, step.unit or unit):
                more = _entry(one.name, step.span, step.value, step.span, step.unit or unit)
                more.put("date", str(step.day[0]), step.day[1])
                yield more
        if own is None and one.day is None and of_delay(note, sentence, one.hit.start):
            made.pop()
        older = _older(note, sentence, one.name, unit, behind.end)
        if older is not None:
            yield older
    for i, (entry, _, end, own_limit) in enumerate(made):
        if (
            own_limit is None
            and i + 1 < len(made)
            and made[i + 1][3] is not None
            and _SHARED.fullmatch(note.plain[end : made[i + 1][1]])
        ):
            entry.put("uln", str(made[i + 1][3]), made[i + 1][0].spans["uln"])
        yield entry


def _limit_of_part(note: Note, sentence: Sentence, one: Written) -> tuple[str, Span] | None:
    """Return the limit of one of two values of two names, behind both and their unit."""
    if not one.part:
        return None
    end = one.span[1]
    if one.part == "v":
        other = _OTHER_PART.match(note.plain, end, sentence.end)
        if other is None:
            return None
        end = other.end()
    unit, place = unit_at(note, one.name, end)
    return limit_of_pair(note, place if unit is not None else end, one.part)


_OTHER_PART = re.compile(rf"\s?/\s?(?:{NUMBER})")


def _day_between(note: Note, start: int, stop: int) -> Day | None:
    """Return the day that opens a new series of values inside a sentence: "Hb 10.2, ALT 31; 24.06.2026: Hb 9.4"."""
    for one in note.dates.within(start, stop)[-1:]:
        if one.value and one.exact_order and _OPENS_SERIES.fullmatch(note.plain, one.end, stop):
            return one.value, (one.start, one.end)
    return None


_OPENS_SERIES = re.compile(r"\s?:[\s\w]{0,8}")


def _entry(name: str, named: Span, value: Decimal, span: Span, unit: str) -> Entry:
    entry = Entry("labs")
    entry.put("name", name, named)
    entry.put("value", f"{value}", span)
    entry.put("unit", unit, span)
    return entry


def _older(note: Note, sentence: Sentence, name: str, unit: str, end: int) -> Entry | None:
    """Return the older value that stands with its day in brackets behind the new one."""
    for mention in note.dates.within(end, min(sentence.end, end + _OLDER_REACH))[:1]:
        match = EARLIER.match(note.plain, mention.end, sentence.end)
        if match is None or note.plain[end : mention.start].strip() != "(":
            closes = note.plain[mention.end : mention.end + 1] == ")"
            match = EARLIER_ON.match(note.plain[: mention.start], end) if closes else None
        if match is None or mention.value is None:
            continue
        value = number(match["v"])
        if value is not None and possible(note, name, value, unit):
            entry = _entry(name, match.span("v"), value, match.span("v"), unit)
            entry.put("date", str(mention.value), (mention.start, mention.end))
            return entry
    return None


_OLDER_REACH = 32
_ADJUSTED = re.compile(r"\s?[(,]\s?(?:adj|corr)")
"""A calcium of which is said behind it that it is the one corrected for albumin."""


def _row(note: Note, one: Written, row: list[Column], styles: frozenset[str]) -> Iterator[Item]:
    """Yield the results of a row with several columns, each with the day of its heading."""
    hit, name = one.hit, one.name
    if not row:
        yield Asked(
            "column",
            f"'{note.text[hit.start : hit.end]}' has several results and no heading says when; not used",
            (hit.start, one.span[1]),
        )
        return
    end = row[-1].span[1]
    line = note.line_starts[note.line(end)] - 1 if note.line(end) < len(note.line_starts) else len(note.plain)
    for column in row:
        if column.bound(note):
            shown = note.text[column.span[0] - 2 : column.span[1]].strip()
            yield Asked(
                "bound", f"'{note.text[hit.start : hit.end]} {shown}' is a bound, not a value; not used", column.span
            )
            continue
        value = number(note.text[slice(*column.span)])
        gap = _CELLS.match(note.text, column.span[1], line)
        behind = tail(note, name, gap.end() if gap else column.span[1], line, bare=False)
        unit = behind.unit or one.unit or (usual_unit(note, name, value, styles) if value is not None else None)
        if value is None or unit is None or behind.unknown or not possible(note, name, value, unit):
            continue
        entry = _entry(name, (hit.start, hit.end), value, column.span, unit)
        entry.spans["unit"] = (column.span[1], max(behind.end, column.span[1]))
        for key, limit in (("uln", behind.uln), ("lln", behind.lln)):
            if limit is not None:
                entry.put(key, f"{number(limit)}", (column.span[1], behind.end))
        if column.day:
            entry.put("date", str(column.day[0]), column.day[1])
        yield entry


_CELLS = re.compile(
    r"(?:\s?\(?[HLhl*]{1,2}\)?(?=\s|$|\|))?(?:\s*[\t|]\s*\d{1,6}(?:[.,]\d{1,3})?(?:\s?\(?[HLhl*]{1,2}\)?)?(?=\s*(?:[\t|]|$)))*"
)
"""The further results of a row, up to its unit."""


def _stated(note: Note, span: Span) -> bool:
    said = context(note, *span)
    return not (said.family or said.template or said.hypothetical)
