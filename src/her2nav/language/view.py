"""A text as the reader sees it: lower case and plain signs, with every character still at its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_SIGNS = {
    "≧": "≥", "˃": ">", "˂": "<", "⩾": "≥", "≦": "≤", "⩽": "≤", "＞": ">", "＜": "<", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "−": "-", "\u00ad": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": " ", "\ufeff": " ", "\t": " ",
    "\r": " ", "\n": " ", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "*", "✕": "*", "∗": "*", "µ": "u", "μ": "u",
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+",
    "＋": "+", "／": "/", "（": "(", "）": ")", "，": ",", "；": ";", "：": ":", "［": "[", "］": "]",
    "é": "e", "è": "e", "ê": "e", "ö": "o", "ü": "u", "ä": "a", "ï": "i", "ç": "c", "á": "a", "à": "a", "â": "a",
    "ã": "a", "í": "i", "ì": "i", "î": "i", "ó": "o", "ò": "o", "ô": "o", "õ": "o", "ú": "u", "ù": "u", "û": "u", "ñ": "n", "®": " ", "™": " ",
}  # fmt: skip
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LOST = re.compile(r"(?<=[\s(])(?<!\d[\s(])[³£](?=\s?\d)")
"""The sign of a comparison as it looks where its own typeface was lost: "platelets ³ 100", "AST £ 2.5"."""
_LOST_SIGNS = {"³": "≥", "£": "≤"}
_DECIMAL_COMMA = re.compile(
    r"(\d(?<![\d.,]\d)\d?),(?=\d{1,2} ?(?:x ?(?:the |of )*(?:uln|upper|unl|iuln|lln|normal|institutional|10\b)|\*|times\b|uln\b|mg/dl|g/dl|mmol))"
)
"""A comma in front of the fraction of a value: "2,5 x ULN"."""
_PLUS = re.compile(
    r"[0-3s](?<!\w.)(?:(?<=(?P<a>[0-3])) plus\b(?! \d)|(?<=s)core of (?P<b>[0-3])(?= (?:on|by|in) (?:ihc|immunohisto))|(?<=(?P<c>[0-3])) positive\b(?= ?[\[(]ihc))"
)
"""A score of staining in words: "IHC 3 plus", "a score of 3 on IHC"."""
_RAISED = re.compile(r"(?<=[a-z])\\?\^(?=[a-z])")
"""A raised mutation behind the name of its gene: "KRAS^G12C"."""
_APART = re.compile(
    r"\b(?:on-going|inter[- ]current|(?:auto-immun|cerebro-vascul|cardio-vascul|gastro-intestin|immuno-suppress|thrombo-embol|chemo-therap|radio-therap|contra-indicat|multi-foc|multi-centr|co-morbid|over-express)[a-z]*)"
)
"""Words that are commonly written as one: the sign between goes, and a space behind the word keeps its length."""
_LIKE_APART = re.compile(
    r"-(?:going|current|immun|vascul|intestin|suppress|embol|therap|indicat|foc|centr|morbid|express)"
)
"""Stands in all of them but "inter current"."""
_TOGETHER = re.compile(
    r"[anp](?<!\w.)(?:(?<=a)nti|(?<=n)(?:on|eo)|(?<=p)(?:ost|re))(?= (?:cancer|tumou?r|menopausal|operative|adjuvant|melanoma)\b)[ ]"
)
"""First parts of words that stand alone: a hyphen joins them."""
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_ENTITY = re.compile(r"&(gt|lt|ge|le|amp|nbsp|quot|apos|#39|#62|#60|#8805|#8804);")
_OF_NAME = re.compile(r"(?<=[a-z])[ \\]?&(?:#39|apos|#8217);s\b")
"""The s of a name behind an entity: "Gilbert&#39;s"."""
_FROM_TO = re.compile(r"(?<=\d)(?<!\b10)( ?)[~∼～〜](?= ?\d)")
"""A range as it is written in East Asia: "18~75 years"; "10~9" is a power that lost its sign."""
_ENTITIES = {
    "gt": ">", "#62": ">", "lt": "<", "#60": "<", "ge": "≥", "#8805": "≥", "le": "≤", "#8804": "≤", "amp": "&",
    "nbsp": " ", "quot": '"', "apos": "'", "#39": "'",
}  # fmt: skip
_GREATER = re.compile(
    r">\s?/\s?[=+]|>/(?=\s?\d)|=\s?/\s?>|>\s?(?:than )?or\s?=(?: to\b)?|>\s*(?:than )?or equals?(?: to)?|>\s?=|=\s?>|greater than (?:and )?equals?(?: to)?\b|greater than ?/ ?(?:or )?equals?(?: to)?"
)
_LESS = re.compile(
    r"<\s?/\s?[=+]|</(?=\s?\d)|=\s?/\s?<|<\s?(?:than )?or\s?=(?: to\b)?|<\s*(?:than )?or equals?(?: to)?|<\s?=|=\s?<|less than (?:and )?equals?(?: to)?\b|less than ?/ ?(?:or )?equals?(?: to)?"
)
_THEN = re.compile(
    r"(?<=[a-z] )then(?:(?<=less then)|(?<=more then)|(?<=fewer then)|(?<=lower then)|(?<=higher then)|(?<=greater then))(?= ?(?:or equal|[\d≥≤<>.]|one\b|two\b|twice\b|the (?:upper|lower)\b))"
)
"""A slip of the pen: "less then 2"."""
_THAN_OR = re.compile(r"\b(?:(?P<up>greater|more|higher)|less|lower|fewer) than or ?= ?(?:to\b)?(?=\s?\d)")
"""A comparison half in words: "greater than or = to 18"."""
_SIGN_GONE = re.compile(r"or(?<=\sor)\s?(?:=(?:\s?to\b)?|equal\sto\b)(?=\s?\d)")
"""What is left of "≥ or =" where the first sign was lost: "platelets  or = 100,000"; it compares no more."""
_NOT_GONE = re.compile(
    r"(?:[<>≥≤=\d%]|\b(?:than|greater|higher|more|less|lower|fewer|superior|inferior|above|below|over|under|older|younger|uln|normal))\Z"
)
"""In front of it: the other half of a comparison, or a limit of its own."""
_EL = re.compile(r"([≥≤<>] ?)l(?=\d{3}\b)")
"""A small L where a one is meant: "≥ l500"."""
_TWICE = re.compile(
    r"\((?:(?<=equal to \()|(?<=than \())\s*[≥≤<>]\s*\)|(?<=[≥≤<>])\s*\(\s*[≥≤<>]\s*\)|(?<=[≥≤<>])\s*\((?:greater|less|more) than(?: or equal to)?\)"
)
"""A sign that repeats the words before it in brackets, or the other way round."""
_COMPARED = re.compile(r"[≥≤<>]")
_TIMES = re.compile(
    r"x(?:(?<=\dx)(?= ?(?:uln|unl|upper|iuln|lln|institutional|normal|the (?:upper|uln|institution)|10\b|10[\^*e]))|(?<=\d x)(?=uln|unl|10[\^*e]))"
)
# A pattern that begins with a sign is looked for far faster than one that begins by looking back.
_RUN = re.compile(r" {2,}")


_WHOLES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_AND_A_HALF = re.compile(rf"\b({'|'.join(_WHOLES)}) and (?:a|one)[ -]half\b")
"""A number in words that is no whole one: "two and a half times"."""


def plain(text: str) -> str:
    r"""Return the text in lower case with one sign for each meaning, character for character as long as it was.

    >>> plain("Age \\>= 18"), plain("ANC &ge; 1.5 × 10⁹/L")
    ('age  ≥  18', 'anc    ≥ 1.5 * 109/l')
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    low = low.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if not low.isascii():
        low = _LOST.sub(lambda m: _LOST_SIGNS[m[0]], low)
        low = _FOREIGN.sub(_sign, low)
    if "inter c" in low or ("-" in low and _LIKE_APART.search(low)):
        low = _APART.sub(_as_one, low)
    low = _TOGETHER.sub(lambda m: f"{m[0][:-1]}-", low)
    if "^" in low:
        low = _RAISED.sub(lambda m: " " * len(m[0]), low)
    if "\\" in low:
        low = _ESCAPE.sub(" ", low)
    if "~" in low or "∼" in low or "～" in low or "〜" in low:
        low = _FROM_TO.sub(r"\1-", low)
    if "&" in low:
        low = _OF_NAME.sub(lambda m: "'s".ljust(len(m[0])), low)
        low = _ENTITY.sub(lambda m: _ENTITIES[m[1]].rjust(len(m[0])), low)
    if "x" in low:
        low = _TIMES.sub("*", low)
    if "ihc" in low or "immunohisto" in low:
        low = _PLUS.sub(lambda m: f"{m['a'] or m['b'] or m['c']}+".ljust(len(m[0])), low)
    if "," in low:
        low = _DECIMAL_COMMA.sub(r"\1.", low)
    if "half" in low:
        low = _AND_A_HALF.sub(lambda m: f"{_WHOLES[m[1]]}.5".ljust(len(m[0])), low)
    if "then" in low:
        low = _THEN.sub("than", low)
    if ">" in low or "=" in low or ("than" in low and "equal" in low):
        low = _GREATER.sub(lambda m: "≥".ljust(len(m[0])), low)
    if "<" in low or "=" in low or ("than" in low and "equal" in low):
        low = _LESS.sub(lambda m: "≤".ljust(len(m[0])), low)
    if "or" in low and ("=" in low or "equal to" in low):
        if "than or" in low:
            low = _THAN_OR.sub(lambda m: ("≥" if m["up"] else "≤").ljust(len(m[0])), low)
        low = _SIGN_GONE.sub(_without_rest, low)
    if "l" in low and _COMPARED.search(low):
        low = _EL.sub(r"\g<1>1", low)
    if "than" in low and "(" in low and _COMPARED.search(low):
        low = _TWICE.sub(lambda m: " " * len(m[0]), low)
    return low


def _without_rest(found: re.Match[str]) -> str:
    """Return blanks for the rest of a comparison that lost its sign."""
    before = found.string[: found.start()].rstrip()[-12:]
    return found[0] if _NOT_GONE.search(before) else " " * len(found[0])


def _as_one(found: re.Match[str]) -> str:
    """Return a word without the sign within it, a space behind it in its place."""
    return f"{found[0].replace('-', '').replace(' ', '')} "


def _sign(found: re.Match[str]) -> str:
    """Return the plain sign of a foreign one; signs for private use, which mark names, are never the text's own."""
    char = found[0]
    return _SIGNS.get(char) or (" " if "\ue000" <= char <= "\uf8ff" else char)


@dataclass(frozen=True)
class View:
    """One stretch of text, or several joined, with the way back to the original.

    Attributes:
        text: The plain form.
        pieces: (place in `text`, place in the original, length) of every stretch, in order.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, text: str, start: int, end: int) -> View:
        """Return the view of one stretch of a plain text, runs of spaces made one."""
        inside = text[start:end]
        if "  " not in inside:
            return cls(inside, ((0, start, end - start),))
        parts: list[str] = []
        pieces: list[tuple[int, int, int]] = []
        size = done = 0
        for run in _RUN.finditer(inside):
            stretch = inside[done : run.start() + 1]
            pieces.append((size, start + done, len(stretch)))
            parts.append(stretch)
            size += len(stretch)
            done = run.end()
        if done < len(inside):
            pieces.append((size, start + done, len(inside) - done))
            parts.append(inside[done:])
        return cls("".join(parts), tuple(pieces))

    def joined(self, other: View, between: str = " ") -> View:
        """Return this view followed by another."""
        shift = len(self.text) + len(between)
        moved = tuple((at + shift, origin, size) for at, origin, size in other.pieces)
        return View(self.text + between + other.text, self.pieces + moved)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece[0] for piece in self.pieces]

    def original(self, place: int) -> int:
        """Return the place in the original of a place in the view; between stretches, the end of the one before."""
        at, origin, size = self.pieces[max(0, bisect_right(self._starts, place) - 1)]
        return origin + min(place - at, size)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of a stretch of the view."""
        if len(self.pieces) == 1:
            at, origin, size = self.pieces[0]
            return origin + min(start - at, size), origin + min(end - 1 - at, size) + 1
        return self.original(start), self.original(end - 1) + 1
