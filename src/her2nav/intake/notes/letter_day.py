"""The day of a letter by where it stands: alone above the addressee, beside the town above the signature, at the end of a stay."""

from __future__ import annotations

import re

from her2nav.intake.notes.dates import Mention

_ADDRESSEE = re.compile(
    r"\s*(?:dr|dear|re|to|prof\w*|mr|mrs|ms|our ref|your ref|ref|typed|dictated|attention|attn|cc|private and confidential)\b",
    re.IGNORECASE,
)
"""How the line under the day of a letter begins."""
_HEAD_LINES = 12
_LONG = 90
"""A line as long as this is one of a story, and no letterhead."""
_LABEL = re.compile(
    r"(?:[:,]|\b(?:on|of|date|since|from|to|until|born|dob|birth|biopsy|surgery|operation|admi\w+|collected|received|taken|start\w*|diagnos\w+))\s*$",
    re.IGNORECASE,
)
"""What in the line above makes the date another one's."""
_TOWN = re.compile(
    r"\s*[A-Z][A-Za-zÀ-ÿ'’.-]+(?: (?:(?:de|do|da|del|am|an der|la|le) )?[A-Z][A-Za-zÀ-ÿ'’.-]+){0,3},\s*(?:the |le |el |den |on )?"
)
_SIGNER = re.compile(r"\s*(?:dra?|prof\w*|pd|signed|signature|sig)\b\.?", re.IGNORECASE)
_FOOT_LINES = 6
_REPORT = re.compile(r"\s*(?:[A-Za-z]+ ){0,2}[Rr]eport\s*(?::\s*|\t\s*|\s{2,})")
"""What stands before the day of a report on its line: "Report    17.09.2026", "Cytology report : 13-07-2026"."""
_STAY = re.compile(
    r"\s*(?:stay|hospital stay|in-?patient(?: stay)?|hospitali[sz](?:ed|ation)|period of (?:stay|hospitali[sz]ation)|admitted)\b[^\n\d]{0,24}[\d./-]{6,10}\s?(?:-|–|to|until|till)\s?",
    re.IGNORECASE,
)
"""What stands before the last day of a stay: "Stay from 3.2.2026 to "."""


def _line(text: str, mention: Mention) -> tuple[int, int]:
    """Return where the line of a date begins and ends."""
    stop = text.find("\n", mention.end)
    return text.rfind("\n", 0, mention.start) + 1, stop if stop >= 0 else len(text)


def _next(text: str, end: int) -> str:
    """Return the next line that is not empty."""
    return text[end:].lstrip().split("\n", 1)[0]


def heads_letter(text: str, mention: Mention) -> bool:
    """True for a date alone on its line under a letterhead and above the addressee."""
    start, end = _line(text, mention)
    above = text[:start].split("\n")
    if len(above) > _HEAD_LINES or text[start : mention.start].strip() or text[mention.end : end].strip(" ."):
        return False
    told = [one for one in above if one.strip()]
    return (
        bool(told)
        and all(len(one) < _LONG for one in told)
        and not _LABEL.search(told[-1])
        and _ADDRESSEE.match(_next(text, end)) is not None
    )


def signs_letter(text: str, mention: Mention) -> bool:
    """True for a date behind a town on a line at the foot, above the doctor's name: "Rosario, 25/08/2026"."""
    start, end = _line(text, mention)
    below = [one for one in text[end:].split("\n") if one.strip()]
    return (
        _TOWN.fullmatch(text, start, mention.start) is not None
        and not text[mention.end : end].strip(" .")
        and 0 < len(below) <= _FOOT_LINES
        and _SIGNER.match(below[0]) is not None
    )


def of_report_line(text: str, mention: Mention) -> bool:
    """True for the date of a line of a head that names the report and nothing else before it."""
    return _REPORT.fullmatch(text, text.rfind("\n", 0, mention.start) + 1, mention.start) is not None


def ends_stay(text: str, mention: Mention) -> bool:
    """True for the last day of a stay in hospital, on which its summary is written."""
    return _STAY.fullmatch(text, text.rfind("\n", 0, mention.start) + 1, mention.start) is not None
