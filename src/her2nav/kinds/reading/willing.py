"""What somebody must be willing to do, whatever it is: only the person can say so.

"Willing to keep a record of the blood pressure", "agrees to stop smoking": the words behind belong to the promise, up to
a verb that makes a demand of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import Node, Not

_LEAD = r"(?:\b(?:the |all |any )?(?:patients?|participants?|subjects?|individuals?|who|is|are|be|must|should|would|will|has|have|stated|demonstrates?|expresses?|their|currently|also|and|fully|physically|medically)\b[\s,]*)*"
_WILLING = Sought(
    rf"{_LEAD}\b(?P<word>(?:able|available) and (?:are )?willing(?:ness)?|willing(?:ness)?(?:,? and (?:\w+ )?able)?|agree(?:s|d|able|ment)?|prepared|commit(?:s|ted|ment)?|unwilling(?:ness)?(?: or unable)?|unable or unwilling|not (?:be )?willing|declin(?:es?|ed)(?= to)|refus(?:es?|ed|al)(?= to))\b(?:,)? (?:(?:not )?to|for)\b"
)
_STOP = re.compile(
    r"[.;:]|,? (?:and|but|or|as well as) (?:(?:has|have|had|having|is|are|was|were|must|should|can|may|no|not|who|with|without|at least|the absence|patients?|participants?|subjects?|women|men|adequate|measurable|documented|life|age|if|for whom)\b|[<>≥≤])"
    r"|,? (?:who|whose|unless|except|provided|but|if (?!applicable|available|needed|required|necessary|indicated|possible))\b|[<>≥≤]|, (?:has|have|is|are|must|no|with|and (?:has|have|is|are|no|with))\b"
)
_LONGEST = 220
_TAIL = re.compile(r"(?:[\s,(/-]|\b(?:and|or|the|a|an|to|of|in|on|for|at|by|with|during|while|as)\b)+\Z")
_BIOPSY = re.compile(r"\bbiops(?:y|ies)\b")
_REFUSED = re.compile(r"unwilling|not |declin|refus")


def _promise(sentence: Sentence) -> Iterator[Stretched]:
    """Read what somebody is willing to do, or not."""
    text = sentence.text
    end = -1
    for found in _WILLING.finditer(text):
        if found.start() < end:
            continue
        stop = _STOP.search(text, found.end())
        last = min(stop.start() if stop else len(text.rstrip(" .;")), found.end() + _LONGEST)
        if last <= found.end() + 1 or (last == found.end() + _LONGEST and (stop is None or stop.start() > last)):
            continue
        opened = text.count("(", found.start(), last) - text.count(")", found.start(), last)
        if opened > 0:
            close = text.find(")", last)
            last = (
                close + 1
                if 0 <= close - last < _LONGEST and opened == 1 and stop is None
                else text.rindex("(", 0, last)
            )
        elif opened < 0:
            last = text.index(")", found.end())
        if tail := _TAIL.search(text, found.end(), last):
            last = tail.start()
        if last <= found.end():
            continue
        end = last
        what = "biopsy_on_study" if _BIOPSY.search(text, found.end(), last) else "procedures"
        refused = _REFUSED.search(found["word"]) is not None
        yield Stretched(found.start(), last, _node(what, refused=refused, section=sentence.section))


def _node(what: str, *, refused: bool, section: str) -> Node:
    """A promise; among demands a refusal is a state of the person, as in "unfit for surgery or refuses it"."""
    if refused and section == "inclusion":
        return leaf("judgement", topic="whether the person declines it")
    node = leaf("participation", what=what)
    return Not(node) if refused else node


_COMPLIES = Sought(
    r"\b(?:to )?(?:comply|adhere|cooperate) (?:with|to) (?:the |all |any )?(?:[\w-]+ ){0,3}?(?:requirements?|procedures?|protocol|study|trial|instructions?|visits?|schedules?|regimen|restrictions?|treatment|follow-?up)\b(?:(?:,| and| or)? (?:the |all )?(?:requirements?|procedures?|restrictions?|visits?|schedules?|instructions?|follow-?up)\b)*"
)


def _complies(sentence: Sentence) -> Iterator[Stretched]:
    """Read "… and comply with the requirements of the study" beside another ability."""
    for found in _COMPLIES.finditer(sentence.text):
        yield Stretched(*found.span(), leaf("participation", what="compliance"))


SCANNERS = (
    Scanner(
        "participation.complies",
        ("comply", "adhere", "cooperate"),
        _complies,
        priority=-5,
        sought=(_COMPLIES,),
        texts=(("Takes part and complies; comply with study visits", {"participation": {"what": "compliance"}}),),
    ),
    Scanner(
        "participation.willing",
        ("willing", "willingness", "agree", "agrees", "agreed", "agreeable", "agreement", "prepared", "commit", "commits", "committed", "commitment", "unwilling", "unwillingness", "declines", "declined", "refuses", "refused", "refusal", "refuse", "decline"),
        _promise,
        priority=-4,
        sought=(_WILLING,),
        texts=(
            ("Willing to keep a record of the daily blood pressure", {"participation": {"what": "procedures"}}),
            ("Unfit for surgery or refuses to have it", {"judgement": {"topic": "whether the person declines it"}}),
        ),
    ),
)  # fmt: skip
