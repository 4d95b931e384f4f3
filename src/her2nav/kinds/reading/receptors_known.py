"""Whether the receptors must be known: "ER and PgR status known", "unknown hormone receptor status", "HER2 status required".

Known means positive or negative, so a patient who was not tested leaves the criterion open and is not shut out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_SHORT = r"(?: ?\((?:er|pg?r|hr|her-?2(?:/neu)?|er/pg?r|er and/or pg?r)\))?"
_RECEPTORS = (
    ("er", rf"(?:o?estrogen|er\b)(?:[ -]receptors?)?{_SHORT}"),
    ("pr", rf"(?:progesterone|pg?r\b)(?:[ -]receptors?)?{_SHORT}"),
    ("er_or_pr", rf"(?:hormon(?:e|al)|steroid)[ -]?receptors?{_SHORT}"),
    ("her2", rf"(?:her[ -]?2(?:[ -/]*neu)?|erbb-?2|human epidermal growth factor receptor[ -]?2){_SHORT}"),
)
_NAME = re.compile("|".join(rf"(?P<{name}>\b{written})" for name, written in _RECEPTORS))
_ONE = rf"(?:{'|'.join(written for _, written in _RECEPTORS)})"
_LIST = rf"\b{_ONE}(?:(?:[ ,/]|\band/or\b|\band\b|\bor\b|&)+{_ONE})*"
_WHAT = r"(?:[ -]*receptors?)?(?: (?:expression|tumou?r|protein))?"
_ASIDE = rf"(?: ?\((?:(?:{_ONE}|[ ,/]|\balone\b|\bor\b|\band\b|\band/or\b|\bstatus\b)+)\))?"
_RESULT = r" ?(?:status(?:es)?|results?|test(?:ing|s)?(?: results?)?|analys[ie]s)"
_HELD = r"(?:known|available|required|documented|determined|assessed|evaluated|established|tested|performed|obtained)"
_SOUGHT = Sought(
    rf"\bunknown (?P<unknown>{_LIST}{_WHAT}{_RESULT}{_ASIDE})"
    rf"|(?P<missing>{_LIST}{_WHAT}{_RESULT}{_ASIDE}) (?:(?:is|are|was|were) )?(?:unknown|not known)\b"
    rf"|\b(?:known|documented|available) (?:tumou?r )?(?P<known>{_LIST}{_WHAT}{_RESULT}{_ASIDE})"
    rf"|(?P<held>{_LIST}{_WHAT}{_RESULT}?{_ASIDE}),? (?:(?:in|of|on) (?:the )?(?:primary )?(?:tumou?r|cancer)s? )?(?:(?:,|must|should|has to|have to|to|shall|is|are|was|were|be|been|have|has) )*{_HELD}\b(?: or pending)?(?: (?:in|of|on) (?:the )?primary (?:tumou?r|cancer)\b(?: in (?:the )?(?:biopsy|surgical|resection) (?:materials?|specimens?|samples?|tissue))?)?"
)
_SAYS_WHICH = re.compile(
    r"[^.;]{0,90}(?:\bpositiv|\bnegativ|\d ?%|\d ?\+|[<>≥≤]|\bamplif|\boverexpress|\blow\b|\bto be\b)|[ ,(]*(?:[+-]|as\b)"
)
"""Behind it stands which result is asked for."""
_LET_IN = re.compile(r"(?<!not )\b(?:are|is|be) (?:still |also )?(?:eligible|allowed|permitted|included|acceptable)\b")
_HOW = re.compile(
    r"(?: (?:by|using|with|on|per|via)\b(?:[ ,/()-]|\b(?:ihc|ish|fish|cish|sish|immunohistochemi\w+|immunohistochemical|in[ -]situ|fluorescen(?:ce|t)|chromogenic|silver|hybridi[sz]ations?|assays?|methods?|tests?|testing|analysis|local|central|laborator(?:y|ies)|institutional|standard|the|an?|or|and|and/or|staining)\b)+)?"
)
_BARE = re.compile(rf"{_ONE}\Z")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for found in _SOUGHT.finditer(text):
        name = found.lastgroup or next(name for name, words in found.groupdict().items() if words)
        if _SAYS_WHICH.match(text, found.end()):
            continue
        denied = name in ("unknown", "missing")
        if denied and not sentence.permits and _LET_IN.search(text, found.end()):
            continue
        if not denied and sentence.section == "exclusion":
            continue
        node = _known(found[name])
        how = _HOW.match(text, found.end())
        end = found.start() + len(text[found.start() : how.end() if how else found.end()].rstrip(" ,(/-"))
        yield Stretched(found.start(), end, Not(node) if denied else node)


def _known(written: str) -> Node:
    """Return that each receptor named has a result."""
    names = list(dict.fromkeys(found.lastgroup or "" for found in _NAME.finditer(written)))
    if "er_or_pr" in names:
        # What stands in brackets behind it says which receptors are meant.
        names = [name for name in names if name not in ("er", "pr")]
    parts: list[Node] = []
    for name in names:
        if name == "her2":
            parts.append(leaf("her2_status", any_of=[{"status": "positive"}, {"status": "negative"}]))
        else:
            either = (leaf("hormone_receptor", receptor=name, status=status) for status in ("positive", "negative"))
            parts.append(AnyOf(tuple(either)))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _either(receptor: str) -> dict[str, list[dict[str, dict[str, str]]]]:
    named = {} if receptor == "er_or_pr" else {"receptor": receptor}
    return {"any_of": [{"hormone_receptor": {**named, "status": status}} for status in ("positive", "negative")]}


SCANNERS = (
    Scanner(
        "hormone_receptor.known",
        ("er", "pr", "pgr", "hr", "estrogen", "oestrogen", "progesterone", "hormone", "hormonal", "steroid", "gene", "condition", "substance", "medication", "drug", "her2"),
        _scan,
        priority=7,
        sought=(_SOUGHT,),
        texts=(
            ("The ER and PgR status must be known", {"all_of": [_either("er"), _either("pr")]}),
            ("Unknown hormone receptor status (ER/PR)", {"not": _either("er_or_pr")}),
            ("ER status is known to be positive", None),
            ("PR status documented as negative", None),
        ),
    ),
)  # fmt: skip
