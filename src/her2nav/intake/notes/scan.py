"""Scanned text and forms: spoilt letters and digits, and dotted lines, put right character for character."""

from __future__ import annotations

import re

_MIXED = re.compile(
    r"(?<![\w-])(?=\w*[A-Za-z]\w*[A-Za-z]\w*[A-Za-z])[A-Za-z01]*[A-Za-z][01][A-Za-z][A-Za-z01]*(?![\w-])"
)
_HINT = re.compile(r"[A-Za-z][01](?=[A-Za-z])")
_STAGING = re.compile(r"[a-z]{0,2}[Tt](?:[0-4]|is)", re.ASCII)
_LETTER_FOR_DIGIT = re.compile(r"(?<![A-Za-z\d])[lIO](?=\d)|(?<=\d)[lIO](?=\d|\s?%)")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])I(?=[a-z]|\b)")
_ENOUGH = 2
"""So many spoilt words make a text a scan; a single one may be a name."""


def unscanned(text: str) -> str:
    """Return a scanned text with 0, 1, l and I put right, as long as it was; other text as it is.

    >>> unscanned("PATH0L0GY, l2 / 06 / 2025, MICR0SC0PY of b1opsies, pT1bN0M0")
    'PATHOLOGY, 12 / 06 / 2025, MICROSCOPY of biopsies, pT1bN0M0'
    """
    if len(_HINT.findall(text)) < _ENOUGH:
        return text
    spoilt = [match for match in _MIXED.finditer(text) if not _STAGING.match(match[0])]
    if len({match[0] for match in spoilt}) < _ENOUGH:
        return text
    parts: list[str] = []
    done = 0
    for match in spoilt:
        small = any(sign.islower() for sign in match[0])
        word = match[0].replace("0", "o" if small else "O").replace("1", "i" if small else "I")
        parts += (text[done : match.start()], word)
        done = match.end()
    parts.append(text[done:])
    text = _CAPITAL_INSIDE.sub("l", "".join(parts))
    return _LETTER_FOR_DIGIT.sub(lambda match: "0" if match[0] == "O" else "1", text)


_LEADER = re.compile(r"(?<=\S)[ \t]\.{3,}(?=[ \t])|(?<=[A-Za-z)%])\.{5,}(?=[ \t])")
_LONG_LEADER = re.compile(r"\.{5,}")


def unled(text: str) -> str:
    r"""Return a form with a colon for every dotted line between a name and its value; other text as it is.

    >>> unled("pT ......... pT3a\npN ......... pN1")
    'pT:          pT3a\npN:          pN1'
    """
    if len(_LONG_LEADER.findall(text)) < _ENOUGH:
        return text
    return _LEADER.sub(lambda match: ":" + " " * (len(match[0]) - 1), text)
