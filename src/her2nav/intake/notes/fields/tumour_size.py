"""The size of the primary tumour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

SIZE = Gated(r"(?<![\d.,/])(?P<n>\d{1,3}(?:[.,]\d)?)(?:\s?[x×*]\s?\d{1,3}(?:[.,]\d)?){0,2}[\s-]?(?P<u>mm|cm)\b(?!\s?/)")
"""Any length; the words around it say whether it is that of the tumour."""
_NOUN = r"(?:(?:adeno|cholangio|carcino)?carcinoma|adeno-?ca|carcinosarcoma|sarcoma|cancer|ca|idc|ilc|nst|tumou?r|mass|lump|neoplasm|neoformation|growth|primary)"
_NAMED_BEFORE = re.compile(
    rf"\b(?:{_NOUN}|(?:ulcerated|ulcerating|breast|gastric|antral|main|dominant|index|solitary|spiculated|primary) lesion|multifocal lesions|(?:maximum|maximal|max\.?|largest|greatest|overall|whole|invasive|total) (?:tumou?r )?(?:diameter|dimension|extent|size|foc(?:us|al)|component)|(?:ductal|lobular|serous|mucinous)(?= ?$)|\b[cp]?t[1-4][a-d]?(?=\s?\(\s?$)|(?:grade|gd|gr\.?|g)\s?[1-3](?=,?\s(?:[a-z]{{2,12}},?\s)?$))\b[^;]{{0,60}}$"
)
_NAMED_BEHIND = re.compile(
    rf"(?:(?!with|and\b)[^.;,\n]){{0,30}}?\b(?:{_NOUN}|lesion|(?:ductal|lobular|mucinous|serous|invasive|poorly|moderately|well)\b)"
    r"|,?\s?\(?(?:grade|gd|gr\.?|g)\s?[1-3],?\s(?:[a-z]+,?\s){0,4}p?t[1-4]|,?\s?\(?p?t[1-4][a-d]?[\s,]{0,2}p?n"
)
_OTHERS = re.compile(
    r"margin|distance|depth|thick|infiltrat|invad|invasion of|extend|beyond|within|clear|closest|nearest|node|axill|nodul|metast|mets\b|deposit|satellite|dcis|in situ|insitu|polyp\b|cyst|liver|hepat|brain|cerebr|cerebell|frontal|pariet|occipit|lung\b|pulmon|bone|verteb|pleur|periton|oment|adrenal|spleen|splen|kidney|segment|slice|section|core|clip|wire|needle|biops(?:y|ies) (?:of|measur)|probe|gauge|wall|myometr|second|smaller|other\b|another|fibroid|adenoma|lipoma|effusion|target|margins|block|residual|\bbed\b|\bleft\b.{0,3}$|effect|shift|\bat\s?$|uptake|scar|shr[iau]nk|reduc|suv|\bfrom\b|\bto\b|was\s?$|\bnow\s?$|with (?:an? )?$"
)
"""Words of lengths that are not the size of the primary tumour."""
_OTHER_TAIL = re.compile(
    r"[^.;,()\n\d]{0,25}\b(?:brain|liver|lungs?|bones?|nodes?|nodules?|core|deposits?|metast\w*)\b"
)
_CLAUSE_ENDS = re.compile(r"[.,](?=\s)|[;\n(]|\s{3,}|\b(?:and|with|plus)\b")
_CLAUSE_BEGINS = re.compile(r"[.,:](?=\s)|[;\n]|\s{3,}")
_BEHIND_OTHERS = re.compile(
    r"\s?(?:from|to|beyond|of margin|deep|depth|clear|margin|away|proximal|distal|slice|cuff|invasion|thick|fn\b|in (?:greatest )?linear|midline|of (?:\w+ ){1,3}(?:left|remain)|\(was\b|in (?:the )?(?:liver|lungs?|brain|nodes?)|of (?:the )?(?:liver|dcis|myometri)|below|above|lateral|medial|anterior|posterior|short axis|per\b|h\b)"
)
_MEASURED_IN = re.compile(
    r"\b(?:\w*ectomy|wle|excision|resection|specimen|patholog\w+|histolog\w+|microscop\w+|y?p ?t ?[0-4]|idc|ilc|invasive)\b"
)
_SCANNED = re.compile(r"\b(?:mammogra\w+|ultrasound|uss|us|mri|ct|scan|imaging|palpa\w+|clinical(?:ly)?)\b")
_FELT = re.compile(r"\b(?:palpa\w+|mobile|o'clock|skin|on examination|o/e|clinical(?:ly)? (?:measur\w+)|hard|firm)\b")
"""What a hand measured counts for less than what was seen on a scan."""
_LEFT_OVER = re.compile(r"\b(?:residual|post[- ]nact|ypt|viable|cellularity)")
_LEFT_REACH = 250
"""What treatment before the operation left is not the size of the tumour."""
_BEFORE = 100
_IN_FRONT = 30
_BEHIND = 45
_TAIL = 30
_DAY_OPENS = re.compile(r"(?:\(|in|on|at diagnosis in)\s?$")


def dated(note: Note, sentence: Sentence, span: Span) -> tuple[PartialDate | None, Span | None]:
    """Return the day of a finding: in front of it in its sentence, or in brackets behind it."""
    before = [one for one in note.dates.within(max(sentence.start, span[0] - 50), span[0]) if one.value]
    if before and ";" not in note.plain[before[-1].end : span[0]]:
        return before[-1].value, (before[-1].start, before[-1].end)
    behind = [one for one in note.dates.within(span[1], min(sentence.end, span[1] + 30)) if one.value]
    if behind and _DAY_OPENS.search(note.plain[span[1] : behind[0].start]):
        return behind[0].value, (behind[0].start, behind[0].end)
    return None, None


def read_sizes(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the size of the primary tumour in one sentence: the first that is told."""
    for match in SIZE.finditer(note.plain, sentence.start, sentence.end):
        if not _of_tumour(note, sentence, match) or not stated(note, match.span()):
            continue
        if _LEFT_OVER.search(note.plain, max(0, match.start() - _LEFT_REACH), match.end() + 40):
            return
        number = float(match["n"].replace(",", "."))
        size = f"{number * (10 if match['u'] == 'cm' else 1):g}"
        # What was measured under the microscope counts for more than what a scan showed.
        around = note.said(sentence.start, sentence.end)
        weight = (
            0
            if _FELT.search(around) and not _SCANNED.search(around)
            else 2
            if _MEASURED_IN.search(around) and not _SCANNED.search(around)
            else 1
        )
        yield Found("cancer.tumour_size_mm", size, match.span(), *dated(note, sentence, match.span()), weight=weight)
        return


def _of_tumour(note: Note, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the words in front of a length, or right behind it, name the tumour, and nothing else that has a length."""
    start, end = match.span()
    if _BEHIND_OTHERS.match(note.plain, end, sentence.end):
        return False
    before = note.plain[max(sentence.start, start - _BEFORE) : start]
    named = _NAMED_BEFORE.search(before)
    if named is not None:
        tail = note.plain[end : min(end + _TAIL, sentence.end)]
        return _OTHERS.search(before, _clause(before, named.start())) is None and _OTHER_TAIL.match(tail) is None
    behind = _NAMED_BEHIND.match(note.plain, end, min(sentence.end, end + _BEHIND))
    if behind is None or _OTHERS.search(before, _clause(before, len(before))):
        return False
    following = _CLAUSE_ENDS.search(note.plain, behind.end(), sentence.end)
    return _OTHERS.search(note.plain, end, following.start() if following else sentence.end) is None


def _clause(before: str, end: int) -> int:
    """Return where the words that belong to a place begin: at most some words in front of it."""
    low = max(0, end - _IN_FRONT)
    return max((one.end() for one in _CLAUSE_BEGINS.finditer(before, low, end)), default=low)
