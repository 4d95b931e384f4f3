"""Whether HER2 must be known: "HER2 status known", "unknown HER2 status".

Known means positive or negative, so a patient who was not tested leaves the criterion open and is not shut out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AnyOf, Leaf, Node, Not


@lru_cache(maxsize=2)
def _known(knowledge: Knowledge) -> re.Pattern[str]:
    gene = f"(?:[{dictionary(knowledge).marks('her2')}]++(?: \\([^()]{{1,24}}\\))?)"
    status = r"(?: (?:receptor|gene|protein|expression|tumou?r|overexpression))* ?(?:status|test(?:ing)?(?: results?)?|results?)"
    return re.compile(
        rf"\bunknown (?P<neg>or negative )?(?:for )?{gene}{status}\b"
        rf"|{gene}{status} (?:(?:is|was|are) )?(?P<unknown>unknown|not known)\b"
        rf"|(?P<known>\bknown {gene}{status}\b(?! (?:of|as) ?)|{gene}{status} (?:(?:must|should|has to) be |is |was )?known\b(?! (?:to be|as)))(?![ ,(]*(?:positiv|negativ|\d ?\+|[+]))"
    )


_LET_IN = re.compile(r"(?<!not )\b(?:are|is|be) (?:still |also )?(?:eligible|allowed|permitted|included|acceptable)\b")
"""What is said of patients who are let in is no demand."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _known(sentence.knowledge).finditer(sentence.masked):
        if not found["known"] and not sentence.permits and _LET_IN.search(sentence.text, found.end()):
            continue
        known: Leaf = leaf("her2_status", any_of=[{"status": "positive"}, {"status": "negative"}])
        node: Node = known if found["known"] else Not(known)
        if found["neg"]:
            node = AnyOf((node, leaf("her2_status", any_of=[{"status": "negative"}])))
        yield Stretched(*found.span(), node)


_EITHER = {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}

SCANNERS = (
    Scanner(
        "her2_status.known",
        ("her2",),
        _scan,
        priority=8,
        texts=(
            ("HER2/neu status must be known", _EITHER),
            ("Unknown HER-2 status", {"not": _EITHER}),
            (
                "Unknown or negative HER2 testing",
                {"any_of": [{"not": _EITHER}, {"her2_status": {"any_of": [{"status": "negative"}]}}]},
            ),
            ("HER2-positive status (patients with unknown HER2 status are eligible)", None),
            ("Known HER2 status positive by FISH", None),
        ),
    ),
)  # fmt: skip
