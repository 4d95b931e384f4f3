"""The cumulative dose of anthracyclines, as doxorubicin or its equivalent; which drugs these are is data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.dictionary import Hit
from her2nav.language.numbers import operator
from her2nav.model.tree import Node, Not

_OP = (
    r"(?P<op>≥|≤|>|<|exceeding|exceeds|of more than|more than|greater than or equal to|greater than|less than or equal to|less than|at least|at most|no more than|no greater than|not (?:more|greater) than|no higher than|"
    r"not exceed(?:ing)?|not to exceed|above|over|up to) ?(?:or equal to )?"
)
_MG = r"(?P<dose>\d{3,4}) ?mg ?/ ?m ?\^?\{?(?:2|²)?\}?"
_DOSE_OF = r"total|maximum|cumulative|lifetime|doses?|dosing|load|exposure|prior|previous|equivalents?"
_FRONT = re.compile(
    r"(?:(?:\b(?:total|maximum|prior|previous|lifetime|cumulative|a|any|have|received|treatment with|therapy with|exposure to|doses?|load|exposure|of|to)\b ?)*)$"
)
_BEHIND = re.compile(
    r"(?:[ ,(]|\b(?:with|at|having|a|to|of|or|that|exceeds?|its|therapies|therapy|treatment|agents?|is|was|has|been|must|be|hydrochloride|conventional|as follows"
    rf"|{_DOSE_OF})\b|:|\))*{_OP}{_MG}(?:[ ,(]|\b(?:of|or|its|equivalents?|equivalent dose|an|dose|for|another)\b|\))*"
)
_BEFORE = re.compile(
    rf"(?:(?:prior|previous|any|treatment|therapy|exposure|exposed|received|receipt|with|to|of|history|cumulative|a|total|lifetime|doses?) )*{_OP}(?:a )?(?:(?:{_DOSE_OF}|of) )*{_MG}(?: ?\((?:{_DOSE_OF}| )*\))?(?: (?:of|in|the|{_DOSE_OF}))*(?: \()?[ ]?$"
)
_ANOTHER = re.compile(r"\d ?mg ?/ ?m")
_LONGEST = 110
_LEAST, _MOST = 100, 1000
"""Doses in mg/m2 that can be cumulative."""
_TO_THE_DRUG = re.compile(r"(?:[ (]|\b(?:of|prior|previous|for|in|the|an?)\b)*")
_TAIL = re.compile(r"(?: (?:hydrochloride|hcl|equivalents?|or (?:its )?equivalents?|therapy|exposure))*\)?")


def _doses(sentence: Sentence) -> Iterator[Stretched]:
    """Doses of other drugs beside it stay unread."""
    meant = {*sentence.knowledge.numeric_rules.anthracycline_doses}
    named = [hit for hit in sentence.hits if hit.ids("drug")]
    done = 0
    for hit in named:
        if not meant & {*hit.ids("drug")} or hit.start < done:
            continue
        found = _behind(sentence, hit, named, meant) or _before(sentence, hit)
        if found is not None:
            done = found.end
            yield found


def _behind(sentence: Sentence, hit: Hit, named: list[Hit], meant: set[str]) -> Stretched | None:
    """Read 'Doxorubicin to more than 360 mg/m2'."""
    text = sentence.text
    found = _BEHIND.match(text, hit.end)
    if found is None:
        return None
    node = _node(sentence, found, text[max(0, hit.start - 11) : found.end()])
    if node is None:
        return None
    end = hit.end + len(found[0].rstrip(" ,("))
    reach = end + len(_TO_THE_DRUG.match(text, end)[0])  # type: ignore[index]
    behind = next((other for other in named if end <= other.start <= reach), None)
    if behind is not None and "," not in text[found.end("dose") : behind.start]:
        if not meant & {*behind.ids("drug")}:
            return None  # "doxorubicin or > 720 mg/m2 epirubicin": the dose is the other drug's
        tail = _TAIL.match(text, behind.end)
        end = tail.end() if tail else behind.end
    front = _FRONT.search(text, max(0, hit.start - _LONGEST), hit.start)
    return Stretched(front.start() if front else hit.start, end, node)


def _before(sentence: Sentence, hit: Hit) -> Stretched | None:
    """Read 'More than 450 mg/m2 of prior doxorubicin'."""
    text = sentence.text
    found = _BEFORE.search(text, max(0, hit.start - _LONGEST), hit.start)
    if found is None or _ANOTHER.search(text, hit.end) is not None:
        return None  # in a list of drugs, each with its dose, each is read beside its own
    tail = _TAIL.match(text, hit.end)
    end = tail.end() if tail else hit.end
    node = _node(sentence, found, text[found.start() : end + 12])
    return Stretched(found.start(), end, node) if node is not None else None


def _node(sentence: Sentence, found: re.Match[str], around: str) -> Node | None:
    sign = operator(found["op"].replace("exceeds", "exceeding") if "not" not in found["op"] else "no more than")
    dose = Decimal(found["dose"])
    if sign is None or not _LEAST <= dose <= _MOST or "liposom" in around:
        return None
    if sign in ("<=", "<"):
        if sentence.section == "exclusion":
            return None  # "doxorubicin up to 400 mg/m2", excluded: whether who had none is meant, or who had more
        return leaf("anthracycline_dose", max_mg_m2=dose, exclusive=sign == "<")
    return Not(leaf("anthracycline_dose", max_mg_m2=dose, exclusive=sign == ">="))


SCANNERS = (
    Scanner(
        "anthracycline_dose.cumulative",
        ("drug",),
        _doses,
        priority=4,
        texts=(
            ("Total lifetime anthracycline load exceeding 360 mg/m2 doxorubicin or equivalent", {"not": {"anthracycline_dose": {"max_mg_m2": 360}}}),
            ("No more than 450 mg/m2 cumulative dose of prior doxorubicin", {"anthracycline_dose": {"max_mg_m2": 450}}),
            ("Epirubicin to more than 720 mg/m2", None),
        ),
    ),
)  # fmt: skip
