"""Limits of a laboratory value that bind one sex: "at least 13 g/dL in men and at least 12 g/dL in women".

Each binds its own sex, whether or not the limit of the other one is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from her2nav.kinds.reading.base import Sentence, Stretched, leaf
from her2nav.kinds.reading.lab_further import Limits
from her2nav.kinds.reading.lab_grammar import grammar_of
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, When

_PEOPLE = r"(?: (?:subjects?|patients?|participants?|individuals?|volunteers?))?"
_NAMED = r"(?:fe)?males?|(?:wo)?m[ae]n|[mf](?=\))"
_BEHIND = rf"[ ,(\[-]*(?:(?:for|in|if|the|adult|all|those who are)[ ]+)*\b(?P<SEX>{_NAMED})\b{_PEOPLE}[)\]]*"
_FRONT = rf"(?:(?:for|in|the|adult|if)[ ]+)*[(\[]?\b(?P<SEX>{_NAMED})\b{_PEOPLE}[)\]]*(?: (?:must|should) (?:be|have)| is| are)?[ :,=-]*"
_IN_OTHER_UNITS = r"(?: ?[(\[][^()\[\]]{2,24}/ ?[dm]?l[)\]])?"
_JOINT = r"[ ,;/&]*(?:(?:and/or|and|or|but|while)\b)?[ ,]*"
_AGAIN = r"(?:(?:[MARKS]+|must|should|be|have|levels?|values?|count|serum|is|are|of)[ :=]*)*"
_BOTH = Sought(
    r"(?<![a-z])(?:men|males?|man|m\))[^.]{1,80}?(?<![a-z])(?:women|woman|females?|f\))|(?<![a-z])(?:women|woman|females?|f\))[^.]{1,80}?(?<![a-z])(?:men|males?|man|m\))"
)


_ALONE = re.compile(
    _IN_OTHER_UNITS
    + _BEHIND.replace("SEX", "one")
    + rf"(?![ ,/]*(?:(?:and|or|&|/|and/or)[ ]*)?(?:non-?\s?pregnant )?(?:{_NAMED})\b)(?![ ](?:with|who|of|aged|over|under|on|taking|receiving)\b)"
)
_OR = re.compile(r"[ ,;/]*or\b")
_SEX = re.compile(rf"(?:[^.;<>≤≥]|\.(?=\d)){{0,40}}?\b(?:{_NAMED})\b")
_FOR_OTHERS = "the limit of the other sex is not read"


class _Grammar(NamedTuple):
    """Expressions of two limits: the sex behind each, or in front of each."""

    behind: re.Pattern[str]
    fronted: re.Pattern[str]


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> _Grammar:
    marks = dictionary(knowledge).marks("variable")
    limit = grammar_of(knowledge).limit
    loose = re.sub(r"\)\Z", ")?", limit.replace("<xop>", "<op2>").replace("<xn>", "<n2>").replace("<xunit>", "<unit2>"))
    first = re.sub(r"\)\Z", ")?", limit.replace("<xop>", "<op1>").replace("<xn>", "<n1>").replace("<xunit>", "<unit1>"))
    last = re.sub(r".*(\(\?P<xunit>)", r"(?:\1", limit).replace("<xunit>", "<unit3>") + ")?"
    again = _AGAIN.replace("MARKS", marks)
    return _Grammar(
        re.compile(
            _IN_OTHER_UNITS
            + _BEHIND.replace("SEX", "one")
            + _JOINT
            + again
            + loose
            + _IN_OTHER_UNITS
            + _BEHIND.replace("SEX", "two")
            + rf" ?{last}(?! ?[\d<>≤≥])"
        ),
        re.compile(
            rf"[{marks}]++(?:[ ,:(=-]|\b(?:levels?|values?|must be|should be|count|serum|of|is)\b)*"
            + _FRONT.replace("SEX", "one")
            + first
            + _JOINT
            + again
            + _FRONT.replace("SEX", "two")
            + loose
            + r"(?![\d.]\d)"
        ),
    )


def behind(
    sentence: Sentence, ids: list[str], found: re.Match[str], sign: str | None, limits: Limits
) -> tuple[Node, int] | None:
    """Return a limit bound to the sex behind it, with that of the other sex, and where it ends; None where none stands there.

    Args:
        sentence: The sentence.
        ids: The values.
        found: The first limit, with its number and unit.
        sign: Its comparison.
        limits: Makes a limit.
    """
    if not found["n"] or sign is None or _SEX.match(sentence.text, found.end()) is None:
        return None
    other = _grammar(sentence.knowledge).behind.match(sentence.masked, found.end())
    if other is not None:
        unit = found["unit"] or other["unit2"] or other["unit3"]
        second = other["unit2"] or other["unit3"] or found["unit"]
        node = _each(
            sentence,
            (other["one"], limits(sentence, ids, sign, found["n"], unit)),
            (other["two"], limits(sentence, ids, other["op2"] or sign, other["n2"], second)),
        )
        if node is not None:
            return node, other.end()
    alone = _ALONE.match(sentence.text, found.end())
    limit = limits(sentence, ids, sign, found["n"], found["unit"])
    if alone is None or limit is None:
        return None
    whom = _of(alone["one"])
    if sentence.section == "exclusion":
        return AllOf((limit, whom)), alone.end()
    if _OR.match(sentence.text, alone.end()):
        return AnyOf((AllOf((limit, whom)), leaf("unread", note=_FOR_OTHERS))), alone.end()
    return When(whom, limit), alone.end()


def fronted(sentence: Sentence, limits: Limits) -> Iterator[Stretched]:
    """Read limits with the sex in front of each: "creatinine: men up to 1.5 mg/dL, women up to 1.4 mg/dL"."""
    if not _BOTH.possible(sentence.text):
        return
    for found in _grammar(sentence.knowledge).fronted.finditer(sentence.masked):
        ids = list(dict.fromkeys(item for hit in sentence.between(*found.span()) for item in hit.ids("variable")))
        one, two = found["op1"], found["op2"] or found["op1"]
        if len(ids) != 1 or one is None:
            continue
        unit, other = found["unit1"] or found["unit2"], found["unit2"] or found["unit1"]
        node = _each(
            sentence,
            (found["one"], limits(sentence, ids, one, found["n1"], unit)),
            (found["two"], limits(sentence, ids, two, found["n2"], other)),
        )
        if node is not None:
            yield Stretched(*found.span(), node)


def _each(sentence: Sentence, one: tuple[str, Node | None], two: tuple[str, Node | None]) -> Node | None:
    """Return each limit for its sex; None where both are of one, or a limit is none."""
    (first, least), (second, other) = one, two
    if _female(first) is _female(second) or least is None or other is None:
        return None
    pairs = [(_of(name), limit) for name, limit in ((first, least), (second, other))]
    if sentence.section == "exclusion":
        return AnyOf(tuple(AllOf((sex, limit)) for sex, limit in pairs))
    return AllOf(tuple(When(sex, limit) for sex, limit in pairs))


def _of(name: str) -> Node:
    return leaf("sex", any_of=["female" if _female(name) else "male"])


def _female(name: str) -> bool:
    return name.startswith(("f", "w"))
