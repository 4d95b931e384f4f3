"""The days of the disease: when it was diagnosed, when metastases were first told of, when it came back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, own_sentences
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.diagnosis_day import heads_report
from her2nav.intake.notes.fields.tumour import DIAGNOSED, stated
from her2nav.intake.notes.found import Found, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

RELAPSE = Gated(
    r"\b(?:(?:cancer|illness|disease|tumou?r) (?:has |had )?(?:came|come) back|it (?:has |had )?(?:came|come) back(?= (?:in|again) )|(?<=[.;] )came back(?= (?:in )?(?:early |late )?(?:[a-z]{3,9}\.? )?(?:19|20)\d\d)|(?:cancer|illness|disease|tumou?r) (?:has |had )?returned|relapsed?|recurred|recurrence|recurrent disease|metastatic (?:relapse|recurrence))\b"
)


def first_spread(note: Note) -> Mention | None:
    """Return the earliest day of which a note says that there were metastases: "6/2023: bone mets", "metastases July 2024"."""
    if "first spread" not in note.memory:
        note.memory["first spread"] = _first_spread(note)
    known: Mention | None = note.memory["first spread"]
    return known


def _first_spread(note: Note) -> Mention | None:
    found: Mention | None = None
    seen = note.cued(_SPREAD_SEEN)
    for sentence in own_sentences(note):
        if sentence.start not in seen or sentence.section in ("history", "plan"):
            continue
        for match in _SPREAD_SEEN.finditer(note.plain, sentence.start, sentence.end):
            if not stated(note, match.span()) or in_node(note, sentence, match):
                continue
            row = note.row_date(match.start())
            behind = note.dates.within(match.end(), min(sentence.end, match.end() + 20))[:1]
            day = behind[0] if behind and _AT.fullmatch(note.plain, match.end(), behind[0].start) else None
            if match["w"]:
                if day is None or note.plain[day.end : day.end + 1] != ")":
                    continue
                row = None
            if day is None and row is None and not match["w"]:
                told = note.dates.within(max(sentence.start, match.start() - _CAME_REACH), match.start())[-1:]
                came = told and _CAME_WITH.fullmatch(note.plain, told[0].end, match.start())
                day = told[0] if came else None
            if day is None and row is not None and 0 <= match.start() - row.end < _ROW_REACH:
                day = row if not note.dates.within(row.end, match.start()) else None
            if day is None or day.value is None or not day.exact_order:
                continue
            if found is None or found.value is None or day.value.low < found.value.low:
                found = day
    return found


_SPREAD_SEEN = Gated(r"\bmets\b|\bmetastases\b|(?P<w>\bmetastatic [^.;:()\n]{3,60}(?=\())")
_AT = re.compile(r"\s?(?:\(|,)?\s?(?:in |on )?")
_ROW_REACH = 70
_CAME_REACH = 90
_CAME_WITH = re.compile(
    r",?\s(?:when\s|at which (?:point|time)\s)?(?:(?:she|he|i|we|the patient|the (?:cancer|disease)|it|a scan|the scan|scans?|ct|pet(?:-ct)?|mri)\s)"
    r"(?:(?:was|were|had|has|came|presented|developed|relapsed|recurred|found|diagnosed|showed|shows|revealed|noted|seen|then|also|back|to|us|clinic|with|have|new|multiple|several|widespread|the|to be|and|bone|liver|hepatic|lung|pulmonary|brain|skin|nodal|peritoneal|pleural)[\s,]{1,2}){1,9}"
)
"""Words between a day and the metastases that were found on it: "until May 2024, when he came to us with bone"."""
_EARLY_BEFORE = Gated(
    r"\b(?:neo-?)?adjuvant\b|\b(?:lumpectomy|mastectomy|gastrectomy|oesophagectomy|esophagectomy|hemicolectomy|sigmoidectomy|lobectomy|hysterectomy)\b|\bstage (?:i{1,3}|[123])[abc]?\b|(?<![a-z0-9])c?m0\b"
    r"|\bbefore (?:the |my |her |his )?(?:operation|surgery)\b|\blump (?:was )?(?:taken out|removed|cut out)\b|\bbreast could be kept\b"
)
"""Words of a time before there were metastases."""


def read_relapse(note: Note) -> Iterator[Item]:
    """Yield the relapse of a disease that was early once: the first day of which metastases are told."""
    day = first_spread(note)
    if day is None or day.value is None:
        return
    for sentence in own_sentences(note):
        if sentence.section in ("history", "plan"):
            continue
        for match in _EARLY_BEFORE.finditer(note.plain, sentence.start, sentence.end):
            # Treatment with an operation was for early disease, wherever the note tells of it.
            if stated(note, match.span()) and (
                match.end() <= day.start or match[0].endswith(("adjuvant", "operation", "surgery"))
            ):
                yield Found(
                    "cancer.relapse_date",
                    str(day.value),
                    (day.start, day.end),
                    day.value,
                    (day.start, day.end),
                    weight=0,
                )
                return


def in_node(note: Note, sentence: Sentence, match: re.Match[str]) -> bool:
    """True for a deposit in a node that was taken out: "1 of 3 nodes contains a 2.5 mm metastasis"."""
    if match[0] not in ("metastasis", "metastases") or _FAR.search(note.plain, sentence.start, sentence.end):
        return False
    sites = {str(hit.id("site")) for hit in note.hits_in(sentence.start, sentence.end, "site")}
    return sites == {"lymph_node"} and _NODES.search(note.plain, sentence.start, match.start()) is not None


_FAR = re.compile(
    r"\bdistant|\bm1|\bstage iv|\b(?:mediast|retroperit|supraclav|cervical|para-?aort|contralat)|\b(?:liver|bone|lung|brain)\b"
)
_NODES = re.compile(
    r"\b(?:\d{1,2}|one|two|three|four|five|six|sentinel|targeted|axillary|lymph)\s?(?:of \d{1,2} |/\d{1,2} )?(?:sentinel |axillary |lymph )*nodes?\b|\bslns?\b"
)


_OTHER_EVENT = re.compile(r"\.|;|\b(?:biopsy|bx|from|started|surgery|with mets)\b")
_BY_SAMPLE = re.compile(
    r"\s(?:by|on|from|at|with|via)\s(?:an?\s|the\s|her\s|his\s)?(?:[\w-]+\s){0,5}?(?:biops(?:y|ies)|bx|fna|core|cytology)(?:\sof\s(?:the\s)?(?:[\w-]+\s?){1,3})?[\s,(]{1,3}(?:(?:on|in|dated|of)\s)?"
)
"""Words between the diagnosis and the day of the sample that made it: "diagnosed by core biopsy 10/28/2025"."""
_WAS = re.compile(
    r"[\s:,–-]*(?:\((?:date|day|time|year) of\s)?(?:(?:she|he|was|initially|first|the|patient|pt|-|:)\s?)*"
)


def read_diagnosed(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Yield the day of the diagnosis, and that of a relapse, which a sentence names."""
    if sentence.section in ("history", "social", "family"):
        return
    for match in DIAGNOSED.finditer(note.plain, sentence.start, sentence.end):
        if not stated(note, match.span()) and not context(note, *match.span()).hypothetical:
            continue
        first, last = clause(note, sentence, *match.span())
        if match[0] == "ed" and (
            not note.text[match.start() : match.end()].isupper() or _AT_PLACE.search(note.plain, 0, match.start())
        ):
            continue  # the emergency department
        if match[0].startswith(("found", "from the")) and (
            _SPREAD.search(note.plain, sentence.start, match.start())
            or not note.hits_in(sentence.start, match.start(), "tumour", "histology")
        ):
            continue
        if match[0] == "diagnosis" and heads_report(note, match.end()):
            continue
        at_time = match[0] == "diagnosis" and _AT_TIME.search(note.plain, max(first, match.start() - 12), match.start())
        far = _NEXT_TO if at_time else _LINE if match[0] == "diagnosis" else 60
        dates = note.dates.within(match.end(), min(last, match.end() + far))
        reach = min(last, match.end() + 50, dates[0].start if dates else last)
        other = note.hits_in(match.end(), reach, "condition")
        if other and not note.hits_in(match.end(), reach, "tumour", "organ", "histology"):
            continue
        for mention in dates:
            between = note.plain[match.end() : mention.start]
            if far == _LINE and _SPREAD.search(between):
                break  # "Diagnosis: metastatic breast cancer - bone (2021)"
            own = not _OTHER_EVENT.search(between) or _BY_SAMPLE.fullmatch(between) is not None
            if mention.value and "dob" not in between and "born" not in between and own:
                yield Found("cancer.diagnosed", str(mention.value), (mention.start, mention.end), weight=2)
                break
            break
        else:
            before = note.dates.within(max(first, match.start() - 26), match.start())
            if (
                before
                and before[-1].value
                and _WAS.fullmatch(
                    note.plain[before[-1].end : match.start()],
                )
            ):
                yield Found("cancer.diagnosed", str(before[-1].value), (before[-1].start, before[-1].end), weight=2)
    for match in RELAPSE.finditer(note.plain, sentence.start, sentence.end):
        if not stated(note, match.span()) or context(note, *match.span()).planned:
            continue
        row = note.row_date(match.start())
        behind = note.dates.within(match.end(), min(sentence.end, match.end() + 30))[:1]
        if row is not None and row.end <= match.start() and match.start() - row.end < 8:
            behind = [row]
        if not behind:
            behind = _beside_places(note, sentence, match)
        for mention in behind:
            if mention.value and not _PARTED.search(note.plain, match.end(), mention.start):
                yield Found(
                    "cancer.relapse_date",
                    str(mention.value),
                    (mention.start, mention.end),
                    mention.value,
                    (mention.start, mention.end),
                )


_TO_PLACES = re.compile(
    r"[\s:]{0,2}(?:in |to |of |with )?(?:(?:the|her|his|my|both|left|right|multiple|several|bilateral|para-?aortic|retroperitoneal|mediastinal|in|new|and)\s|[,/&+]\s?)*"
)
_PLACES_REACH = 100
_TOLD_BEFORE = re.compile(
    r"[^.;]{0,80}\b(?:it turned out|turned out|showed|found|told|learn(?:ed|t)|seen|scan|pain|when|that)\b[^.;]{0,30}"
)


def _beside_places(note: Note, sentence: Sentence, match: re.Match[str]) -> list[Mention]:
    """Return the day behind the places of a relapse, or the one with which its sentence opens."""
    behind = note.dates.within(match.end(), min(sentence.end, match.end() + _PLACES_REACH))[:1]
    for one in behind:
        place, ok = match.end(), True
        for hit in [*note.hits_in(match.end(), one.start, "site", "organ"), None]:
            stop = hit.start if hit is not None else one.start
            ok = ok and _TO_PLACES.fullmatch(note.plain, place, max(place, stop)) is not None
            place = hit.end if hit is not None else place
        if ok and place > match.end():
            return [one]
    told = note.dates.within(sentence.start, match.start())
    opens = len(told) == 1 and not note.plain[sentence.start : told[0].start].strip(" -*•").removeprefix("in")
    if opens and _TOLD_BEFORE.fullmatch(note.plain, told[0].end, match.start()):
        return told
    return []


UNTIL_RELAPSE = Gated(
    r"\b(?:until|till|stopped (?:at|for|on)|ended (?:at|with|by))\s(?:the\s|her\s|his\s|a\s)?(?:(?:bone|liver|lung|brain|distant|metastatic|visceral|nodal|skin|pleural|systemic)\s){0,2}(?:relapse|recurrence|metastases|metastasis|mets)\b"
)


def ended_by_relapse(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Yield the last day of a course that was given until the relapse: "9/2019 to 8/2023: anastrozole, until bone relapse"."""
    for match in UNTIL_RELAPSE.finditer(note.plain, sentence.start, sentence.end):
        days = [one for one in note.dates.within(sentence.start, match.start()) if one.value]
        ranged = len(days) == _ENDS and _RANGE.fullmatch(note.plain, days[0].end, days[1].start)
        if ranged and stated(note, match.span()):
            day = days[1]
            yield Found("cancer.relapse_date", str(day.value), (day.start, day.end), day.value, (day.start, day.end))


_ENDS = 2
_RANGE = re.compile(r"\s?(?:-|–|to|until|till|through)\s?")
_AT_PLACE = re.compile(r"\b(?:in|to|at|from|via|the|an)\s$")
_SPREAD = re.compile(r"metasta|\bmets?\b|relaps|recurr|\bm(?:bc|crc)\b")
_AT_TIME = re.compile(r"\b(?:at|since|from|after|before|of|to)\s(?:the\s|first\s|initial\s)?$")
_NEXT_TO, _LINE = 14, 110
"""How far behind "at diagnosis", and behind the label "Diagnosis:", the day may stand."""
_PARTED = re.compile(r"[.;]")
