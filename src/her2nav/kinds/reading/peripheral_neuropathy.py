"""Peripheral neuropathy and its grade."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.disease_words import GRADE, GRADE_TAIL, HISTORY, WINDOW, grade
from her2nav.language.sought import Sought
from her2nav.model.tree import Node, Not

_LEAD = (
    r"(?:\b(?:peripheral|sensory|sensorial|motor|neurologic|chemo|chemotherapy|induced|related|pre-?existing|pre|existing|ongoing|current|currently|baseline|persistent|known|any|of|a|history|prior|has|have|and|or|with|presence|"
    r"evidence|the|who|are|is|patients?|subjects?|participants?|treatment|clinically|significant|symptomatic|severe|active|concurrent|chronic|residual|diabetic|painful|signs|symptoms)\b[\s,/()-]*)*"
)
_NAME = Sought(
    rf"{_LEAD}\b(?:(?:poly)?neuropath(?:y|ies)|neurotoxicity|neurosensory (?:disorder|toxicity))\b(?:\s*\((?:motor|sensory|and|or|/|\s|peripheral|neuropathy)+\))?(?:,? (?:sensory|motor)(?:,? (?:or|and) (?:sensory|motor))?,?)?"
)
_BETWEEN = re.compile(
    r"(?:[\s,(:-]|\b(?:of|that|is|which|with|severity|a|any|at|graded|nci|ctcae|ctc|version|toxicity|criteria|common|terminology|for|adverse|events?|national|cancer|institute|defined|as|must|have|be|it|should|v?\d\.\d|in|"
    r"cause|has|greater|from|due|to|prior|taxane|therapy|treatment|disease|secondary|no|recovered|resolved|improved|returned|who|are|allowed|permitted|eligible|acceptable|if|provided|long|they|this|to|present)\b)*"
)
_LOW = re.compile(
    r"(?P<sign>≤|<|no (?:more|greater|worse|higher) than|not (?:more|greater|worse|higher) than|not exceeding|less than or equal to|at most|maximum)\s*(?:nci[ -]?|ctcae[ ,]*|v?\d\.\d|\s)*\b(?:grade|gr\.?|g)\s*(?P<n>[0-5]|iv|i{1,3})\b"
    r"|\b(?:grade|gr\.?|g)\s*(?P<sign2>≤|<)\s*(?P<n2>[0-5]|iv|i{1,3})\b|\b(?:grade|g)\s*(?P<n3>[0-5]|iv|i{1,3})\s*or (?:less|lower|better|below)|\bgrade 0\s*(?:-|to|or)\s*(?P<n4>[1-3])\b"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ELSEWHERE = Sought(
    r"\brecover|\bresol|\btoxicit(?:y|ies) (?:of|from|due|related|must)|\badverse events? (?:of|from|due|related|to)|\balopecia\b|\breturned\b"
)
_ADJACENT = re.compile(r"[\s,/()-]*(?:\b(?:or|and|of|any|pre-?existing|the|in|a|for)\b[\s,/()-]*)*")
_DENIED = re.compile(r"\bno(?:t)?\b|\bwithout\b|\babsence\b|\bfree of\b")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    elsewhere = _ELSEWHERE.search(text) is not None
    for found in _NAME.finditer(text):
        start, end = found.span()
        start += len(found[0]) - len(found[0].lstrip(" ,/()-"))
        low = _low(text, start, end)
        if low is not None:
            if not elsewhere or _ELSEWHERE.search(f"{text[: low[0]]} {text[low[1] :]}") is None:
                yield Stretched(*low)
            continue
        graded = _graded(text, start, end)
        if graded is None:
            if not elsewhere and (node := _plain(sentence, text[start:end])) is not None:
                yield Stretched(start, end, node)
            continue
        lowest, signed, first, last = graded
        if not signed and sentence.permits:
            yield Stretched(first, last, Not(leaf("peripheral_neuropathy", min_grade=lowest + 1)))
        elif not elsewhere and (signed or sentence.section == "exclusion" or _DENIED.search(text[:first])):
            yield Stretched(first, last, leaf("peripheral_neuropathy", min_grade=lowest))


def _low(text: str, start: int, end: int) -> tuple[int, int, Node] | None:
    """Neuropathy of at most a grade, which is asked for or let in."""
    for match in _LOW.finditer(text):
        written = match["n"] or match["n2"] or match["n3"] or match["n4"]
        highest = _ROMAN.get(written) or int(written)
        if match["sign"] == "<" or match["sign2"] == "<":
            highest -= 1
        before = match.end() <= start and _ADJACENT.fullmatch(text, match.end(), start)
        if before or (match.start() >= end and _BETWEEN.fullmatch(text, end, match.start())):
            node = Not(leaf("peripheral_neuropathy", min_grade=max(1, highest + 1)))
            return min(start, match.start()), _measured(text, max(end, match.end())), node
    return None


def _graded(text: str, start: int, end: int) -> tuple[int, bool, int, int] | None:
    """Return the lowest grade, whether a sign stands beside it, and the stretch."""
    for match in (*GRADE.finditer(text, 0, start), *GRADE.finditer(text, end)):
        at_least = grade(text, match)
        if at_least is None:
            continue
        signed = bool(match["sign"] or match["after"] or match["more"] or match["list"])
        if match.end() <= start and _ADJACENT.fullmatch(text, match.end(), start):
            return at_least.at_least, signed, match.start(), _measured(text, end)
        if match.start() >= end and _BETWEEN.fullmatch(text, end, match.start()):
            return at_least.at_least, signed, start, _measured(text, match.end())
    return None


def _measured(text: str, place: int) -> int:
    """Return where the words end that say how and when the grade is taken."""
    tail = GRADE_TAIL.match(text, place)
    end = tail.end() if tail else place
    when = WINDOW.match(text, place + len(text[place:end].rstrip(" ,.(-")))
    return place + len(text[place : max(end, when.end() if when else 0)].rstrip(" ,.(-"))


def _plain(sentence: Sentence, written: str) -> Node | None:
    """Neuropathy without a grade: any, or severe."""
    if sentence.section != "exclusion" and not _DENIED.search(sentence.text):
        return None
    if HISTORY.search(written):
        return leaf("comorbidity", any_of=["peripheral_neuropathy"], ever=True)
    if "severe" in written:
        severe = sentence.knowledge.conditions.rules.grades.severe_from
        return leaf("peripheral_neuropathy", min_grade=severe)
    if "significant" in written or "symptomatic" in written or "diabetic" in written:
        return None
    return leaf("peripheral_neuropathy", min_grade=1)


SCANNERS = (
    Scanner(
        "peripheral_neuropathy.grade",
        ("toxicity", "condition", "neuropathy", "neurotoxicity", "polyneuropathy"),
        _scan,
        priority=3,
        sought=(_NAME,),
        texts=(
            ("Grade 2 or higher peripheral neuropathy", {"peripheral_neuropathy": {"min_grade": 2}}),
            ("Neuropathy (motor or sensory) > grade 1", {"peripheral_neuropathy": {"min_grade": 2}}),
            ("No neuropathy of grade ≥ 2 by CTCAE v5.0", {"peripheral_neuropathy": {"min_grade": 2}}),
            (
                "Patients with earlier peripheral neuropathy that has resolved to grade 1 or less",
                {"not": {"peripheral_neuropathy": {"min_grade": 2}}},
            ),
            ("Peripheral neuropathy must be ≤ grade 1", {"not": {"peripheral_neuropathy": {"min_grade": 2}}}),
        ),
    ),
)
