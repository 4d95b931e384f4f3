"""Values outside the normal range, as a reason to exclude: too little or too much of any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.dictionary import Hit
from her2nav.language.sought import Sought
from her2nav.model.tree import AnyOf

_SOUGHT = Sought(r"\b(?:outside|out of|not within|beyond)\b[^.;]{0,60}\b(?:ranges?|limits?)\b")
_BEHIND = re.compile(
    r"[ ,:()-]*(?:(?:levels?|values?|concentrations?|is|are|that|which|serum)[ ,]+)*(?:outside|out of|not within|beyond)(?: of)? (?:the |an? )?"
    r"(?:(?:normal|institutional|institution's|laboratory|lab|local|reference|site's?) )*(?P<normal>limits?|ranges?)(?: of normal)?(?: (?:for|of|at) (?:the )?(?:site|institution|laboratory|local laboratory))?"
)
_LISTED = re.compile(r"[ ,/]*(?:(?:or|and|and/or)[ ,/]+)?(?:serum )?")
_NORMAL = re.compile(r"\b(?:normal|reference|institutional|institution's)\b")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    runs: list[list[Hit]] = []
    for hit in sentence.hits:
        if not hit.id("variable"):
            continue
        if runs and _LISTED.fullmatch(sentence.text[runs[-1][-1].end : hit.start]):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    table = sentence.knowledge.variables.variables
    for run in runs:
        found = _BEHIND.match(sentence.text, run[-1].end)
        ids = list(dict.fromkeys(str(hit.id("variable")) for hit in run))
        if found is None or _NORMAL.search(found[0]) is None or any(table[item].limit for item in ids):
            # Of a value of which only too much is bad, or too little, the other end is perhaps not meant.
            continue
        ends = [
            leaf("lab_value", variable=item, op=sign, value="1", unit=unit)
            for item in ids
            for sign, unit in (("<", "xLLN"), (">", "xULN"))
        ]
        yield Stretched(run[0].start, found.end(), AnyOf(tuple(ends)))


SCANNERS = (
    Scanner(
        "lab_value.outside",
        ("variable",),
        _scan,
        priority=1,
        section="exclusion",
        sought=(_SOUGHT,),
        texts=(
            (
                "Sodium outside the normal range",
                {
                    "any_of": [
                        {"lab_value": {"variable": "sodium", "op": "<", "value": "1", "unit": "xLLN"}},
                        {"lab_value": {"variable": "sodium", "op": ">", "value": "1", "unit": "xULN"}},
                    ]
                },
            ),
            ("AST outside the normal range", None),
        ),
    ),
)
