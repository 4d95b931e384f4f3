"""Scanned text and forms: spoilt letters and digits, and dotted lines, put right character for character."""

from __future__ import annotations

import re

_MIXED = re.compile(
    r"(?<![\w-])(?=\w*[A-Za-z]\w*[A-Za-z]\w*[A-Za-z])[A-Za-z01]*[A-Za-z][01][A-Za-z][A-Za-z01]*(?![\w-])"
)
_HINT = re.compile(r"[01](?<=[A-Za-z].)(?=[A-Za-z])")
_STAGING = re.compile(
    r"[a-z]{0,2}[Tt](?:[0-4]|is)|[ycpra]{0,2}[Nn][01][a-c]?(?:mi)?(?:[cp]?[Mm][01Xx][a-e]?)?\b|[cp]?[Mm][01][a-e]\b",
    re.ASCII,
)
_NAMES = re.compile(r"(?:[A-Z]{2,5}1[A-Z]\d?|[Hh]b?A1[cC]|F1L?CD[xX]|T1DM?|P1NP|L1CAM|H1N1|A1AT)\b", re.ASCII)
"""Names that are written with a digit among their letters: genes such as ARID1A, HbA1c."""
_LETTER_FOR_DIGIT = re.compile(r"(?<![A-Za-z\d])[lIO](?=\d)|(?<=\d)[lIO](?=\d|\s?%|[.,]\d)")
_CAPITALS = re.compile(r"[A-Z]l[A-Z]|(?<![\w.])0[A-Z]{2,}|(?<!\w)l[A-Z]{2}")
_BEFORE_CAPITAL = re.compile(r"[l0][A-Z]")
"""What stands in all of these, as their first or second sign, and is looked for far faster."""
_SMALL_L = re.compile(r"(?<=[A-Z])l(?=[A-Z])|(?<!\w)l(?=[A-Z]{2})|(?<=[A-Z]{2})l(?!\w)")
_ZERO_FIRST = re.compile(r"(?<![\w.])0(?=[A-Z]{2,}|ct\b|[a-z]{3,})")
_BEHIND_CAPITAL = re.compile(r"(?<=\b[A-Z])I(?=[a-z]{3})")
_LOOSE = re.compile(r"\w +[,.;:] ")
_MANY = 8
_WIDE_M = (
    "carcinoma", "adenocarcinoma", "mutant", "mutation", "mutated", "woman", "same", "tumor", "tumour", "metastatic", "metastases",
    "metastasis", "membrane", "oncomine", "from", "normal", "months", "staining", "moderate", "moderately", "mild", "amplified",
    "amplification", "mass", "mastectomy", "chemo", "chemotherapy", "haemoglobin", "hemoglobin", "symptoms", "measuring", "minimal",
    "tamoxifen", "lymph", "axillary lymph", "menopausal", "postmenopausal", "primary", "some", "mutations",
)  # fmt: skip
_RN = re.compile(
    r"\b(?:" + "|".join(word.replace("m", "rn") for word in _WIDE_M if "m" in word) + r")\b", re.IGNORECASE
)
"""Words whose "m" was read as "rn"."""
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])I(?=[a-z]|\b)")
_ENOUGH = 2
"""So many spoilt words make a text a scan; a single one may be a name."""


def unscanned(text: str) -> str:
    """Return a scanned text with 0, 1, l and I put right, as long as it was; other text as it is.

    >>> unscanned("PATH0L0GY, l2 / 06 / 2025, MICR0SC0PY of b1opsies, pT1bN0M0")
    'PATHOLOGY, 12 / 06 / 2025, MICROSCOPY of biopsies, pT1bN0M0'
    >>> unscanned("pT3 pN1b pM1a, HbA1c 48, ARID1A loss")
    'pT3 pN1b pM1a, HbA1c 48, ARID1A loss'
    """
    text = _put_together(text)
    capitals = _among_capitals(text)
    hints = [match.start() for match in _HINT.finditer(text)]
    if len(hints) + len(capitals) < _ENOUGH:
        return text
    spoilt = [match for match in _mixed(text, hints) if not _STAGING.match(match[0]) and not _NAMES.match(match[0])]
    if len({match[0] for match in spoilt}) + len({match[0] for match in capitals}) < _ENOUGH:
        return text
    parts: list[str] = []
    done = 0
    for match in spoilt:
        small = any(sign.islower() for sign in match[0])
        word = match[0].replace("0", "o" if small else "O").replace("1", "i" if small else "I")
        parts += (text[done : match.start()], word)
        done = match.end()
    parts.append(text[done:])
    text = _BEHIND_CAPITAL.sub("l", _CAPITAL_INSIDE.sub("l", "".join(parts)))
    text = text.replace("R0S1", "ROS1")
    text = _ZERO_FIRST.sub("O", _SMALL_L.sub("I", text))
    text = _RN.sub(lambda match: match[0].replace("rn", "m").ljust(len(match[0])), text)
    return _LETTER_FOR_DIGIT.sub(lambda match: "0" if match[0] == "O" else "1", text)


def _among_capitals(text: str) -> list[re.Match[str]]:
    """Return the matches of `_CAPITALS`, tried only where a spoilt sign stands: it is their first or second one."""
    found: list[re.Match[str]] = []
    done = 0
    for spoilt in _BEFORE_CAPITAL.finditer(text):
        for place in (spoilt.start() - 1, spoilt.start()):
            match = _CAPITALS.match(text, place) if place >= done else None
            if match is not None:
                found.append(match)
                done = match.end()
    return found


def _mixed(text: str, hints: list[int]) -> list[re.Match[str]]:
    """Return the matches of `_MIXED`, tried only at the beginning of the words in which a hint stands."""
    found: list[re.Match[str]] = []
    done = 0
    for place in hints:
        start = place
        while start > done and ((sign := text[start - 1]).isalnum() or sign in "_-"):
            start -= 1
        match = _MIXED.match(text, start) if place >= done else None
        if match is not None:
            found.append(match)
            done = match.end()
    return found


def _put_together(text: str) -> str:
    """Close up numbers of a text whose signs stand apart: "ratio 1 . 5" is no 1."""
    if " . " not in text or len(_LOOSE.findall(text)) < _MANY:
        return text
    text = _DECIMAL.sub(lambda match: f"{match[1]}.{match[2]}".ljust(len(match[0])), text)
    text = _BEFORE_SIGN.sub(r"\2\1", _OPEN.sub(r"\2\1", text))
    return _PLUS.sub(r"\1+\2", text)


_BEFORE_SIGN = re.compile(r"(?<=\S)( +)([,;:)]+)(?= |$)", re.MULTILINE)
_OPEN = re.compile(r"(\()( +)(?=\S)")
_PLUS = re.compile(r"(?<=[\s(])([0-3])( +)\+(?=[ ,.;)]|$)", re.MULTILINE)
_DECIMAL = re.compile(r"(?<![\d.])(\d{1,3}) \. ?(\d{1,2})(?![\d.])")


_LEADER = re.compile(r"(?<=\S)[ \t]\.{3,}(?=[ \t])|(?<=[A-Za-z)%])\.{5,}(?=[ \t])")
_LONG_LEADER = re.compile(r"\.{5,}")


def unled(text: str) -> str:
    r"""Return a form with a colon for every dotted line between a name and its value; other text as it is.

    >>> unled("pT ......... pT3a\npN ......... pN1")
    'pT:          pT3a\npN:          pN1'
    """
    if "....." not in text or len(_LONG_LEADER.findall(text)) < _ENOUGH:
        return text
    return _LEADER.sub(lambda match: ":" + " " * (len(match[0]) - 1), text)
