"""Laboratory values with unit, limits and date; viral markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from her2nav.intake.notes.context import context, own_starts
from her2nav.intake.notes.fields.lab_table import Column, columns
from her2nav.intake.notes.found import Asked, Entry, Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit
from her2nav.model.dates import PartialDate

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,6}(?:[.,]\d{1,3})?"
_VALUE = re.compile(
    rf"(?:[\s:=|\t~*-]|,\s?total\b|\((?:total|abs|absolute|anc|alt|ast|hb|ck?d-?epi|sgot|sgpt)\)|is|was|of|level|count|total|serum|now|today|at|\(?(?:h|l|high|low)\)?(?=\s)){{0,12}}(?P<cmp>[<>≤≥]\s?)?(?P<v>{_NUMBER})(?!\d|,\d{{3}}|/(?!cu|mm|ul|l\b)|\.\d|\s?(?:weeks?|months?|years?|days?|cycles?|x\s?uln|times|%\s?of))"
)
_UNIT = re.compile(
    r"\s?(?P<u>x\s?10\s?[\^*]?\s?[369e]\s?/\s?[a-zu]{1,2}\b|10\s?[\^*]\s?[369]\s?/\s?[a-z]{1,2}\b|k/ul|k/mm3|th/ul|/ul|/mm3|/cumm|/cu\.? ?mm|cells/ul|cells/cumm|g/dl|gm/dl|g/l|mg/dl|mg/l|umol/l|mmol/l|ml/min(?:/1\.73\s?m\s?2)?|u/l|iu/l|ukat/l|meq/l|ng/ml|ug/l|pg/ml|u/ml|ku/l|s(?:ec)?\b|seconds|%)"
)
_UNIT_IN_BRACKETS = re.compile(rf"\s?\({_UNIT.pattern}\s?\)")
_LIMIT = re.compile(
    rf"[\s,]{{0,2}}(?:h\b|l\b|\*)?[\s,]{{0,2}}[(\[]\s?(?:(?:uln|upper limit(?: of normal)?)[\s:=]{{0,3}}(?P<uln>{_NUMBER})|(?:ref(?:erence)?(?: range)?|normal|nr|n|rr|range)?[\s:.]{{0,3}}(?P<lo>{_NUMBER})\s?(?:-|–|to)\s?(?P<hi>{_NUMBER})|(?:ref|normal|nr|n)?[\s:]{{0,2}}<\s?(?P<lt>{_NUMBER})|(?P<bare>{_NUMBER}))(?:\s?[a-z/0-9^*%]{{1,12}})?\s?[)\]]"
)
_ULN_AFTER = re.compile(rf"[\s,;]{{1,2}}uln[\s:=]{{0,2}}(?P<uln>{_NUMBER})")
_RANGE_CELL = re.compile(
    rf"[\s|\t]{{1,8}}(?:[a-z/0-9^*%]{{1,12}}[\s|\t]{{1,8}})?(?P<lo>{_NUMBER})\s?(?:-|–)\s?(?P<hi>{_NUMBER})(?![\d/-])"
)
_SHARED = re.compile(r"\s?/\s?$")
_CORE = r"(?:core(?: antibod\w+| ab)?|hbcab|anti-?hbc)"
_VIRAL = Gated(
    r"\b(?P<t>hbsag|hepatitis b surface antigen|hep(?:atitis)? b s-?ag|hbv(?! dna)|anti-?hbc|hbcab|hep(?:atitis)? b core(?: antibod\w+| ab)?|hep(?:atitis)? b(?: surface)?"
    r"|(?:(?<=[,;/+] )|(?<=and ))(?:s-?ag|core(?: antibod\w+| ab))|hbv dna|anti-?hcv|hcv(?: antibod\w+| ab)?(?! rna)|hep(?:atitis)? c(?: antibod\w+| ab)?|hcv rna|hiv)\b"
    rf"(?P<also>\s?(?:and|&|/|,|\+)\s?(?:hep(?:atitis)? b )?{_CORE})?"
    r"(?:[\s:=|/-]|status|test|both|is|are|was|were|serology|ab|antibody|antigen|and|1/2){0,6}(?P<r>negative|neg\b|non-?\s?reactive|nr\b|not detected|undetectable|positive|pos\b|reactive|detected|detectable|not tested|not done)"
)
_VIRAL_KEYS = {"hbsag": "hbsag", "hepatitis b surface antigen": "hbsag", "anti-hbc": "anti_hbc", "antihbc": "anti_hbc", "hbcab": "anti_hbc", "sag": "hbsag", "s-ag": "hbsag", "hbv dna": "hbv_dna", "anti-hcv": "anti_hcv", "antihcv": "anti_hcv", "hcv": "anti_hcv", "hcv antibody": "anti_hcv", "hcv ab": "anti_hcv", "hcv rna": "hcv_rna", "hiv": "hiv"}  # fmt: skip
_VIRAL_VALUES = {
    "neg": "negative",
    "non": "negative",
    "nr": "negative",
    "pos": "positive",
    "rea": "positive",
    "und": "undetectable",
    "not": "undetectable",
    "det": "detectable",
}
_NAMED_DAY = re.compile(r"[:\s,(|-]{0,4}$")
_SI = Gated(r"umol/l|mmol/l|(?<![md])g/l\b")
_GRAMS_PER_LITRE = Gated(r"\b(?:hb|hgb|haemoglobin|hemoglobin)[\s:=]{1,3}(?:[6-9]\d|1\d\d)\b(?!\.)")
_CONVENTIONAL = Gated(r"mg/dl|g/dl")
_MILLIGRAMS = Gated(r"mg/dl")
_MICROMOLES = Gated(r"\bcreat(?:inine)?[\s:=]{1,3}(?:[3-9]\d|[1-9]\d\d)(?!\d|[.,]\d|\s?%|\s?mg)")
"""A creatinine that without its unit can only be one in umol/L."""


def read_labs(note: Note) -> Iterator[Item]:
    """Yield the laboratory values of one note."""
    style = _style(note)
    day: tuple[PartialDate, Span] | None = None
    paragraph = -1
    named, viral, own_ones = note.naming("lab"), note.cued(_VIRAL), own_starts(note)
    for sentence in note.sentences:
        if sentence.paragraph != paragraph:
            paragraph, day = sentence.paragraph, None if sentence.section != "labs" else day
        if sentence.start not in own_ones:
            continue
        found = _values(note, sentence) if sentence.start in named else []
        own = _day_of(note, sentence, found[0][1][0] if found else None) if sentence.start in note.dated else None
        if own:
            day = own
        elif not found and sentence.section == "labs":
            day = day or own
        if found:
            yield from _entries(note, sentence, found, day if own or day else None, style)
        if sentence.start in viral:
            yield from _viral(note, sentence)


def _style(note: Note) -> str:
    si, conventional = bool(_SI.search(note.plain)), bool(_CONVENTIONAL.search(note.plain))
    if conventional and not si and _MILLIGRAMS.search(note.plain) is None:
        # Haemoglobin in g/dL is written beside either units: the other values must tell.
        if _MICROMOLES.search(note.plain):
            return "si"
        if note.order != "mdy":
            return "any"
    if not si and not conventional and _GRAMS_PER_LITRE.search(note.plain):
        return "si"
    if not si and not conventional:
        # Month first is written where the conventional units are.
        return "conventional" if note.order == "mdy" else "any"
    return "any" if si and conventional else "si" if si else "conventional"


_HEADED = Gated(
    r"\b(?:labs?|bloods?|results|analitica|laboratory|laborator\w+|cbc|fbc|chemistry|biochemistry|biology(?= of| \d)|component(?=\s+\d)|u&e|lft\w*|tests)\b"
)


_DAY_OPENS = re.compile(r"\b(?:on|dated|taken|from)\s$|[(](?:all )?$")


_EARLIER_VALUE = re.compile(rf"\s?[:=]\s?(?P<v>{_NUMBER})\s?\)")
"""An older value in brackets behind the new one: "112 ng/mL (07/2026: 64)"."""


def _day_of(note: Note, sentence: Sentence, first: int | None) -> tuple[PartialDate, Span] | None:
    """Return the date of a line of results: the last before the first value, with a heading's own date."""
    limit = first if first is not None else sentence.end
    dates = [one for one in note.dates.within(sentence.start, limit) if one.value and one.exact_order]
    if not dates:
        behind = [one for one in note.dates.within(limit, sentence.end) if one.value and one.exact_order]
        if (
            first is not None
            and behind
            and not _EARLIER_VALUE.match(note.plain, behind[-1].end)
            and _DAY_OPENS.search(note.plain[limit : behind[-1].start])
            and behind[-1].value
        ):
            return behind[-1].value, (behind[-1].start, behind[-1].end)
        return None
    last = dates[-1]
    heading = _HEADED.search(note.plain, sentence.start, limit)
    if first is None and not heading:
        return None
    if first is not None and first - last.end > 40 and not heading:
        return None
    return (last.value, (last.start, last.end)) if last.value else None


def _values(note: Note, sentence: Sentence) -> list[tuple[Hit, Span, re.Match[str]]]:
    found: list[tuple[Hit, Span, re.Match[str]]] = []
    hits = note.hits_in(sentence.start, sentence.end, "lab")
    for i, hit in enumerate(hits):
        stop = hits[i + 1].start if i + 1 < len(hits) else sentence.end
        match = _VALUE.match(note.plain, hit.end, min(sentence.end, stop + 1))
        if match is None or match.end("v") > stop or not _is_lab(note, hit):
            continue
        if _date_at(note, match.start("v")):
            # "Bilirubin 01/12/26: 0.9": the date is not the value.
            continue
        found.append((hit, match.span("v"), match))
    return found


_ENZYME = re.compile(r"[\s:=]{1,3}\d{2,4}\s?(?:i?u/l|ukat/l)")


def _is_lab(note: Note, hit: Hit) -> bool:
    """Refuse words of notes that are spelt as a laboratory name: PT for patient, Ca for cancer, K for thousand."""
    written = note.text[hit.start : hit.end]
    name = str(hit.id("lab"))
    if len(written) <= 2 and written.islower():
        return False
    if written == "AF":
        return _ENZYME.match(note.plain, hit.end) is not None
    if (
        written in ("PT", "Pt", "Ca", "CA", "TG", "T4", "PCR", "Mg", "MG", "FA")
        and note.sentence(hit.start).section != "labs"
    ):
        return False
    return name != "egfr_ckd" or not written.startswith("EGFR")


def _date_at(note: Note, place: int) -> bool:
    return any(one.start <= place < one.end for one in note.dates.within(max(0, place - 12), place + 14))


def _entries(
    note: Note,
    sentence: Sentence,
    found: list[tuple[Hit, Span, re.Match[str]]],
    day: tuple[PartialDate, Span] | None,
    style: str,
) -> Iterator[Item]:
    named_uln = any("uln" in note.plain[span[1] : span[1] + 14] for _, span, _ in found)
    made: list[tuple[Entry, int, int, Decimal | None]] = []
    table = note.words.knowledge.variables
    for hit, span, match in found:
        name = str(hit.id("lab"))
        if not _stated(note, (hit.start, span[1])):
            continue
        value = _number(match["v"])
        if value is None:
            continue
        row = columns(note, hit.end)
        if row is not None:
            yield from _row(note, name, hit, row, span)
            continue
        if match["cmp"]:
            yield Asked(
                "bound",
                f"'{note.text[hit.start : span[1]].strip()}' is a bound, not a value; not used",
                (hit.start, span[1]),
            )
            continue
        entry = Entry("labs")
        entry.put("name", name, (hit.start, hit.end))
        end = span[1]
        lakh = _LAKH.match(note.plain, end)
        if lakh and table.unit(name, "10*9/L"):
            value, end = value * 100, lakh.end()  # a hundred thousand a microlitre
            unit: str | None = "10*9/L"
        else:
            unit, end = _unit(note, name, end)
        uln, lln, end = _limits(note, end, sentence.end, value, bare=named_uln)
        if unit is None:
            unit, _ = _unit(note, name, end)
        assumed = unit is None
        unit = unit or _usual_unit(note, name, value, style)
        if unit is None:
            yield Asked(
                "unit",
                f"'{note.text[hit.start : span[1]].strip()}' names no unit and may be in several; not used",
                (hit.start, span[1]),
            )
            continue
        converted = table.convert(name, value, unit)
        if converted is None or not table.plausible(name, converted.value):
            yield Asked(
                "impossible",
                f"'{note.text[hit.start : span[1]].strip()}' is not possible in {unit}; not used",
                (hit.start, span[1]),
            )
            continue
        entry.put("value", f"{value}", span)
        entry.put("unit", unit, (span[0], end) if not assumed else span)
        for key, limit in (("uln", uln), ("lln", lln)):
            if limit is not None:
                entry.put(key, limit, (span[1], end))
        if day:
            entry.put("date", str(day[0]), day[1])
        made.append((entry, hit.start, span[1], _number(uln) if uln else None))
        older = _older(note, sentence, name, unit, end)
        if older is not None:
            yield older
    for i, (entry, _, end, own) in enumerate(made):
        if (
            own is None
            and i + 1 < len(made)
            and made[i + 1][3] is not None
            and _SHARED.fullmatch(note.plain[end : made[i + 1][1]])
        ):
            entry.put("uln", str(made[i + 1][3]), made[i + 1][0].spans["uln"])
        yield entry


def _older(note: Note, sentence: Sentence, name: str, unit: str, end: int) -> Entry | None:
    """Return the older value that stands with its day in brackets behind the new one."""
    for mention in note.dates.within(end, min(sentence.end, end + _OLDER_REACH))[:1]:
        match = _EARLIER_VALUE.match(note.plain, mention.end, sentence.end)
        if match is None or mention.value is None or note.plain[end : mention.start].strip() != "(":
            continue
        value = _number(match["v"])
        converted = note.words.knowledge.variables.convert(name, value, unit) if value is not None else None
        if converted is not None and note.words.knowledge.variables.plausible(name, converted.value):
            entry = Entry("labs")
            entry.put("name", name, match.span("v"))
            entry.put("value", f"{value}", match.span("v"))
            entry.put("unit", unit, match.span("v"))
            entry.put("date", str(mention.value), (mention.start, mention.end))
            return entry
    return None


_OLDER_REACH = 20


def _row(note: Note, name: str, hit: Hit, row: list[Column], first: Span) -> Iterator[Item]:
    """Yield the results of a row with several columns, each with the day of its heading."""
    if not row:
        yield Asked(
            "column",
            f"'{note.text[hit.start : hit.end]}' has several results and no heading says when; not used",
            (hit.start, first[1]),
        )
        return
    end = row[-1].span[1]
    line = note.line_starts[note.line(end)] if note.line(end) < len(note.line_starts) else len(note.plain)
    table = note.words.knowledge.variables
    for column in row:
        value = _number(note.text[slice(*column.span)])
        gap = re.match(r"(?:\s*[\t|]\s*\d{1,6}(?:[.,]\d{1,3})?(?=\s*[\t|]))*[\s|]*", note.text[column.span[1] : line])
        unit, stop = _unit(note, name, column.span[1] + (gap.end() if gap else 0))
        if value is None or unit is None:
            continue
        converted = table.convert(name, value, unit)
        if converted is None or not table.plausible(name, converted.value):
            continue
        entry = Entry("labs")
        entry.put("name", name, (hit.start, hit.end))
        entry.put("value", f"{value}", column.span)
        entry.put("unit", unit, (column.span[1], stop))
        uln, lln, limit = _limits(note, stop, line, value, bare=False)
        for key, number in (("uln", uln), ("lln", lln)):
            if number is not None:
                entry.put(key, number, (stop, limit))
        if column.day:
            entry.put("date", str(column.day[0]), column.day[1])
        yield entry


def _stated(note: Note, span: Span) -> bool:
    said = context(note, *span)
    return not (said.family or said.template or said.hypothetical)


_LAKH = re.compile(r"\s?lakhs?\b(?:\s?(?:/|per)\s?(?:cu\.? ?mm|cumm|cmm|mm3|ul))?")
_CUBIC = re.compile(r"cu\.? ?mm")


def _unit(note: Note, name: str, end: int) -> tuple[str | None, int]:
    match = _UNIT.match(note.plain, end) or _UNIT_IN_BRACKETS.match(note.plain, end)
    if match is None:
        return None, end
    written = _CUBIC.sub("mm3", match["u"])
    known = note.words.knowledge.variables.unit(name, written)
    return (known, match.end()) if known else (None, end)


def _limits(note: Note, end: int, stop: int, value: Decimal, *, bare: bool) -> tuple[str | None, str | None, int]:
    match = _LIMIT.match(note.plain, end, stop)
    if match is not None:
        if match["uln"]:
            return match["uln"], None, match.end()
        if match["hi"] and _ordered(match["lo"], match["hi"]):
            return match["hi"], match["lo"], match.end()
        if match["lt"]:
            return match["lt"], None, match.end()
        if match["bare"] and bare:
            return match["bare"], None, match.end()
        return None, None, end
    for pattern in (_ULN_AFTER, _RANGE_CELL):
        other = pattern.match(note.plain, end, stop)
        if other is not None:
            if pattern is _ULN_AFTER:
                return other["uln"], None, other.end()
            if _ordered(other["lo"], other["hi"]):
                return other["hi"], other["lo"], other.end()
    return None, None, end


def _ordered(low: str, high: str) -> bool:
    one, two = _number(low), _number(high)
    return one is not None and two is not None and one < two


def _usual_unit(note: Note, name: str, value: Decimal, style: str) -> str | None:
    """Return the unit of a value that names none, where no other unit could give such a value."""
    fits = {
        row.unit
        for row in note.words.lab_units.get(name, [])
        if row.low <= float(value) <= row.high and row.style in ("any", style)
    }
    return fits.pop() if len(fits) == 1 else None


_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")
_THOUSANDS_SIGN = re.compile(r",(?=\d{3}(?:\D|$))")


def _number(written: str) -> Decimal | None:
    text = written
    if "," in written and not written.startswith("0") and _THOUSANDS.search(written):
        text = _THOUSANDS_SIGN.sub("", written)
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _viral(note: Note, sentence: Sentence) -> Iterator[Found]:
    for match in _VIRAL.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        keys = [_viral_key(match["t"]), "anti_hbc" if match["also"] else None]
        if said.family or said.unsure or said.template:
            continue
        if not match["t"].startswith(("h", "a")) and not _HEPATITIS_B.search(
            note.plain, max(sentence.start, match.start() - 60), match.start()
        ):
            continue
        result = match["r"]
        for key in keys:
            if key is None:
                continue
            value = "not_tested" if result in ("not tested", "not done") else _VIRAL_VALUES[result[:3]]
            if not key.endswith(("dna", "rna")):
                value = {"undetectable": "negative", "detectable": "positive"}.get(value, value)
            yield Found(f"serology.{key}", value, match.span())


def _viral_key(written: str) -> str | None:
    """Return the test of a name: the surface antigen, an antibody, or the nucleic acid."""
    known = _VIRAL_KEYS.get(written)
    if known is None and "core" in written:
        return "anti_hbc"
    if known is None and re.fullmatch(r"hep(?:atitis)? b s-?ag", written):
        return "hbsag"
    if known is None and re.match(r"(?:hep(?:atitis)? c|hcv) a", written):
        return "anti_hcv"
    return known


_HEPATITIS_B = Gated(r"\bhep(?:atitis)? b\b|\bhbv\b|\bhb[sc]")
