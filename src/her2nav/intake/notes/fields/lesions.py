"""Samples that are named by what was sampled only: "HER2 1+ on the primary, 2+ on the liver metastasis"."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.specimens import Anchor, put_date
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_LESION_NAMED = Gated(
    r"\b(?P<primary>(?:first|initial|earlier|previous|old)(?= (?:breast |gastric |lung )?(?:cancer|tumou?r|carcinoma)\b)|primary|original(?!\s(?:her-?2\s)?(?:results?|scores?|reports?|ihc|fish|slides?|status)))(?: breast| gastric| lung)?(?: (?:tumou?r|cancer|carcinoma|lesion|site))?(?=\s?[:(),;.]|\s?$|\s(?:was|is|had|showed|her-?2|and|\d|-|–|\[|(?:from|in|of)\s(?:19|20)\d\d))"
    r"|\b(?P<residual>residual (?:invasive )?(?:disease|tumou?r|cancer|carcinoma)(?=\s?[:(,]|\s(?:was|is|her-?2|er\b)))"
    r"|\b(?P<met>mets?|metastas[ei]s|metastatic (?:site|lesion|disease|deposit)|recurrence|relapse|deposits?|implants?)\b"
)
"""A sample that is named by what was sampled only: "HER2 1+ on the primary, 2+ on the liver metastasis"."""
_VERDICT = Gated(r"\b(?:her-?2(?:/neu)?|triple)[\s-](?:was |is )?neg(?:ative)?\b")
"""The denial is its result: "your first cancer was HER2-negative"."""
_OPENS_PHRASE = re.compile(
    r"(?:^|[;:.(,>•|-])\s*$|\b(?:on|in|from|of|the|her|his|your|my|their|our)\s(?:the\s)?(?:breast\s|gastric\s|lung\s)?$"
)
_ON_ORGAN = Gated(
    r"\b(?:(?:her-?2|ihc|immunohisto\w*|fish|review|ngs|result|panel|sequencing|cdx|foundation ?one|tempus(?: xt)?|caris|oncomine|tso-? ?500|oncology 500)\s(?:on|of|from|in)|[0-3]\+\s(?:on|in|from))\s(?:the\s)?(?:left\s|right\s)?$"
)
_SPECIMEN_OF = re.compile(
    r"\s(?:specimen|sample|block)\s(?:was|is|showed|her-?2|ihc)\b(?! (?:not|in))|\s(?:has\s|have\s)?(?:came|come) back\b(?=[^.;]{0,24}her-?2)"
)
_OF_YEAR = Gated(
    r"\b(?:(?:on|from|of|in|to|with|against)\s(?:the\s|her\s|his\s|my\s|that\s|their\s)?|(?:the|her|his|my)\s)(?P<y>(?:19|20)\d\d)\s(?:breast\s|gastric\s|lung\s|surgical\s|original\s)?(?:tumou?r|cancer|carcinoma|primary|specimens?|samples?|tissue|material|blocks?|slides?|case)\b"
)
"""A sample that is named by its year only: "sequencing of the 2023 tumour"."""
_SIDE_NAMED = re.compile(
    r"(?:^|[;.]\s*|\n)[\s>*•-]*(?P<s>left|right)(?: breast(?:\s(?:tumou?r|cancer|carcinoma|lesion|mass|primary))?(?=\s?(?:[:(-]|was\b|is\b|her-?2))|(?=: ?(?:er|her-?2)\b))"
    r"|(?:^|[;.]\s*|\n)[\s>*•-]*(?P<c>[lr])(?=\s?:\s)"
)
_DAY_BEFORE = re.compile(r"\s?(?:[-–:,]\s)?(?:left |right )?")
_ITEM_ENDS = re.compile(r"\s?(?:[-–:,(]|biopsy|bx|[0-3]\s?\+|0(?![\d.%])|her-?2|ihc)")


def _item(note: Note, hit: Hit, days: list[Mention]) -> bool:
    """True for the organ of an item of a time line: "9/2025 - liver - IHC 0", "8/2023 liver 1+"."""
    day = next((one for one in reversed(days) if one.end <= hit.start), None)
    if day is None or not _DAY_BEFORE.fullmatch(note.plain, day.end, hit.start):
        return False
    return _ITEM_ENDS.match(note.plain, hit.end) is not None


def lesions(note: Note, sentence: Sentence, named: list[Anchor]) -> list[Anchor]:
    """Return the samples that are named by the lesion only, beside those that a procedure names."""
    found: list[Anchor] = []

    def near(start: int, end: int) -> bool:
        beside = any(abs(one.start - end) < 30 or abs(one.end - start) < 30 for one in named)
        return beside or any(one.start < end + 4 and start < one.end + 4 for one in found)

    for match in _LESION_NAMED.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        denied = said.negated and not _VERDICT.search(note.plain, match.end(), min(sentence.end, match.end() + 44))
        if near(*match.span()) or denied or said.unsure or said.family or said.hypothetical:
            continue
        anchor = Anchor(match.start(), match.end(), lesion=match.lastgroup, spans={"lesion": match.span()})
        if match.lastgroup == "residual":
            # What treatment left was measured on the operation's specimen.
            anchor.lesion, anchor.kind, anchor.word = "primary", "resection", "residual"
            (anchor.spans or {})["kind"] = match.span()
        if match.lastgroup == "primary" and not _OPENS_PHRASE.search(note.plain[sentence.start : match.start()]):
            continue  # "consistent with a breast primary" names no sample
        if match.lastgroup == "met":
            organs = [
                (hit, organ)
                for hit, organ in organs_in(note, max(sentence.start, match.start() - 24), match.end())
                if hit.end > match.start() or not note.plain[hit.end : match.start()].strip(" -")
            ]
            if not organs:
                behind = re.match(r"\s(?:in|to|of)\s(?:the\s)?", note.plain[match.end() : match.end() + 10])
                stop = match.end() + (behind.end() if behind else 0)
                organs = [one for one in organs_in(note, stop, stop + 20) if behind and one[0].start == stop]
            if not organs:
                continue
            hit, anchor.organ = organs[-1]
            anchor.start = min(anchor.start, hit.start)
            anchor.recurrent = match[0].startswith(("recurr", "relaps"))
            (anchor.spans or {})["organ"] = (hit.start, hit.end)
        put_date(note, sentence, anchor)
        found.append(anchor)
    for match in _OF_YEAR.finditer(note.plain, sentence.start, sentence.end):
        day = note.dates.within(*match.span("y"))
        if day and day[0].value is not None and not near(*match.span("y")):
            found.append(Anchor(*match.span("y"), date=day[0].value, spans={"collected": match.span("y")}))
    for match in _SIDE_NAMED.finditer(note.plain[sentence.start : sentence.end]):
        group = "s" if match["s"] else "c"
        place = sentence.start + match.start(group), sentence.start + match.end()
        if group == "c" and not note.text[place[0]].isupper():
            continue
        if not near(*place):
            side = "left" if match[group].startswith("l") else "right"
            found.append(Anchor(*place, organ="breast", side=side, spans={"organ": place}))
    days = note.dates.within(sentence.start, sentence.end)
    for hit, organ in organs_in(note, sentence.start, sentence.end):
        on_it = _ON_ORGAN.search(note.plain, max(sentence.start, hit.start - 40), hit.start) or _item(note, hit, days)
        if near(hit.start, hit.end) or not (on_it or _SPECIMEN_OF.match(note.plain, hit.end)):
            continue
        anchor = Anchor(hit.start, hit.end, organ=organ, spans={"organ": (hit.start, hit.end)})
        put_date(note, sentence, anchor)
        found.append(anchor)
    return sorted(found, key=lambda one: one.start)
