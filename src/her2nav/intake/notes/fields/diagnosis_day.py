"""The day right behind the name of the tumour, as in a list of problems: "Left breast cancer 2021: ..."."""

from __future__ import annotations

import re
from datetime import date

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.note import Note

_SPREAD_BEFORE = re.compile(
    r"metasta|\bm(?:bc|crc|gc)\b|recur|relaps|advanced|progress|stage iv|\bmets?\b|contralateral|second"
)
_DAY_NEXT = re.compile(
    r"(?:,?\swith synchronous (?:[a-z]+ ){0,3}(?:mets|metastases))?,?\s\(?(?:(?:left|right|bilateral|l|r|in|dx|idc|ilc|nst|tnbc|gr(?:ade)?\.?\s?[1-3]|g[1-3]|first found|found|,)\s?){0,4}"
)
_DAY_CLOSES = re.compile(r"\s?(?:[:;,.()–\n-]|$)")
_ROW_NEXT = re.compile(
    r"\s?[:–-]?\s?(?:(?:(?:routine |screening )?(?:mammogra\w+|ultrasound|colonoscopy|gastroscopy|endoscopy|ogd|biops\w+|core(?: biopsy)?)(?: showed| of)?|lump|mass|breast|in|my|her|his|the|and|[.]|dx|diagnosed with|stage [iv]{1,3}[abc]?|t\dn\d|early|screen[- ]detected|left|right|l|r|lt|rt|invasive|ductal|lobular|infiltrating|primary|found|diagnosed|cancer of the|carcinoma of the|hr\+|er\+|,)\s?){0,9}"
)
"""What may stand between the day that opens a line of a history and the name of the tumour."""
_REACH = 64


def named_days(note: Note) -> list[tuple[int, Mention]]:
    """Return the days of the first diagnosis that stand so, each with the place of the tumour's name."""
    found: list[tuple[int, Mention]] | None = note.memory.get("named days")
    if found is None:
        found = note.memory["named days"] = _named_days(note)
    return found


def _named_days(note: Note) -> list[tuple[int, Mention]]:
    wider = note.words.knowledge.tumours.wider
    found: list[tuple[int, Mention]] = []
    rows: list[tuple[int, Mention]] = []
    for identifier, span, _ in note.tumours:
        sentence = note.sentence(span[0])
        if sentence.section in ("plan", "trial", "method", "family") or not stated(note, span):
            continue
        present = note.present_tumours or {identifier}
        if not any(identifier in wider(one) or one in wider(identifier) for one in present):
            continue
        if _SPREAD_BEFORE.search(note.plain, max(sentence.start, span[0] - 40), span[1]):
            continue
        row = note.row_date(span[0])
        if row is not None and row.value and row.end <= span[0] and _ROW_NEXT.fullmatch(note.plain, row.end, span[0]):
            if note.day is None or row.value.low <= note.day.high:
                rows.append((span[0], row))
            continue
        for mention in note.dates.within(span[1], min(sentence.end, span[1] + _REACH))[:1]:
            day = mention.value
            if day is None or not _DAY_NEXT.fullmatch(note.plain, span[1], mention.start):
                continue
            if (note.day is None or day.low <= note.day.high) and _DAY_CLOSES.match(note.plain, mention.end):
                found.append((span[0], mention))
    if rows and not found:
        first = min(rows, key=lambda one: one[1].value.low if one[1].value else date.max)
        found.append(first)
    return found


def heads_report(note: Note, end: int) -> bool:
    """True for "Diagnosis (21 January 2026):" in a report on tissue: the tumour may have been known for long."""
    return _OF_REPORT.match(note.plain, end) is not None and _TISSUE_SEEN.search(note.plain) is not None


_OF_REPORT = re.compile(r"\s?\([^()\n]{6,20}\)\s?:")
_TISSUE_SEEN = re.compile(
    r"\b(?:macroscop\w+|microscop\w+|institute of pathology|supplementary report|immunohistology)\b"
)
