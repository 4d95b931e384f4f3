"""Tokens put in order before a stretch is read: short names in brackets, sites and purposes of procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.treatment_words import Token

_SHORT = re.compile(r"\((?=[a-z0-9/-]*\d)[a-z0-9/-]{3,9}s?\)")
"""A short name with a number: "topoisomerase I inhibitor (TOPO1i)"."""


_SAME = re.compile(
    r"\((?:hormonal|hormone|endocrine|cytotoxic|anti-?o?estrogen(?:ic)?|mabs?|therapeutic or diagnostic)\)"
)
_NTH = re.compile(r"\(i\.? ?e\.?,? (?:\d(?:st|nd|rd|th)|first|second|third|fourth)\b[^()]{0,40}\)")
"""Which lines a number of lines means."""
"""Another word for the treatment in front of it: "endocrine (hormonal) therapy"."""
_SORTS = ("hormon", "endocrine", "cytotoxic", "anti", "mab", "therapeutic", "i.e", "ie")
_AT_A_SITE = frozenset({"radiotherapy", "surgery"})
"""Procedures in front of whose name the part of the body may stand."""


def unshortened(text: str, found: list[Token]) -> Iterator[Token]:
    """Yield the tokens, the short name in brackets behind a treatment as a word that says nothing."""
    last: Token | None = None
    stop = 0
    for token in found:
        if token.start < stop:
            continue
        opened = token.kind == "open" and last is not None
        short = (
            (_SHORT.match(text, token.start) or _SAME.match(text, token.start) or _NTH.match(text, token.start))
            if opened
            else None
        )
        if short is not None and last is not None and last.kind == "item":
            inside = [one for one in found if token.start < one.start < short.end()]
            if text[token.end :].startswith(_SORTS) or all(one.kind in ("word", "close", "frame") for one in inside):
                stop = short.end()
                yield Token("frame", token.start, stop)
                continue
        if token.kind != "frame":
            last = token
        yield token


def sited(text: str, found: list[Token]) -> Iterator[Token]:
    """Yield the tokens with "chest wall radiation" as one: the procedure with its site."""
    skip = 0
    for i, token in enumerate(found):
        if skip:
            skip -= 1
            continue
        if token.kind == "setting" and text[token.start : token.end] == "palliative":
            at = next(
                (n for n, other in enumerate(found[i + 1 : i + 4], 1) if other.kind != "frame"),
                0,
            )
            other = found[i + at]
            if at and other.kind == "item" and other.value.procedure == "radiotherapy":
                item = other.value.model_copy(update={"narrow": ("palliative", *other.value.narrow)})
                skip = at
                yield Token("item", token.start, other.end, item)
                continue
        if token.kind == "site":
            behind = [
                (n, other)
                for n, other in enumerate(found[i + 1 : i + 3], 1)
                if (other.kind, other.end - other.start) != ("frame", 1)
            ][:1]
            near = behind[0][1].value.procedure if behind and behind[0][1].kind == "item" else None
            if near in _AT_A_SITE and not (near == "surgery" and "lymph_node" in token.value):
                n, other = behind[0]
                item = other.value.model_copy(update={"params": (*other.value.params, ("sites", token.value[0]))})
                skip = n
                yield Token("item", token.start, other.end, item)
                continue
        yield token
