"""How many lymph nodes hold cancer: one at least is a category of nodes, any other number is left to a person.

A count and a category are not the same thing, for the category may be the clinical one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node

TOPIC = "how many lymph nodes are involved"
_COUNT = (
    rf"(?:(?P<op>{MACROS['op']}|with) )?(?P<n>\d{{1,2}}|\b(?:one|two|three|four|five|six|ten)\b)(?: \(\d{{1,2}}\))?(?: ?(?:-|to) ?(?P<high>\d{{1,2}}|three|nine))?"
    r"(?P<more> or more)?"
)
_NODES = r"(?:(?:ipsilateral|regional|axillary|sentinel|lymph) ?)*(?:lymph )?nodes?(?: ?\(s\))?(?: ?\([^()]{1,30}\))?"
_HOLD = r"(?:positive|involved|metastatic|tumou?r-positive|histologically positive|pathologically positive)"
_SOUGHT = Sought(
    rf"(?:\bat least )?{_COUNT} (?:histologically |pathologically )?(?:{_HOLD} {_NODES}|{_NODES} (?:(?:that (?:is|are) |is |are )?{_HOLD})\b(?: by (?:breast )?(?:cancer|tumou?r)| with (?:metasta\w+|tumou?r))?)"
)
_UNDER_A_CONDITION = re.compile(
    r"\b(?:if|or(?! more\b)|either|stages?|allowed|permitted|eligible|defin\w+|neo-?adjuvant|risk|negative)\b|[:;]|\bt[0-4]"
)
"""Words beside which the count may belong to something else than the demand."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for found in _SOUGHT.finditer(text):
        if _UNDER_A_CONDITION.search(text):
            continue
        yield Stretched(*found.span(), _node(found))


def _node(found: re.Match[str]) -> Node:
    least, most = _ends(found)
    counted = leaf("judgement", topic=f"{TOPIC}: {' '.join(found[0].split())}")
    if least is None or least < 1:
        return counted
    positive = leaf("disease_setting", n=["N1", "N2", "N3"])
    return positive if least == 1 and most is None else AllOf((positive, counted))


def _ends(found: re.Match[str]) -> tuple[int | None, int | None]:
    """Return the least and the greatest number of nodes; None where there is none."""
    first = int(number(found["n"]))
    if found["high"]:
        return first, int(number(found["high"]))
    sign = ">=" if found["more"] or found[0].startswith("at least") else operator(found["op"] or "")
    match sign:
        case ">=":
            return first, None
        case ">":
            return first + 1, None
        case "<" | "<=":
            return None, first
    return first, first


SCANNERS = (
    Scanner(
        "disease_setting.nodes_counted",
        ("nodes", "node", "site"),
        _scan,
        priority=3,
        sought=(_SOUGHT,),
        texts=(
            ("At least one positive lymph node", {"disease_setting": {"n": ["N1", "N2", "N3"]}}),
            (
                "Four or more involved axillary nodes",
                {"all_of": [{"disease_setting": {"n": ["N1", "N2", "N3"]}}, {"judgement": {"topic": f"{TOPIC}: four or more involved axillary nodes"}}]},
            ),
            ("0-3 positive nodes", {"judgement": {"topic": f"{TOPIC}: 0-3 positive nodes"}}),
            ("At least 10 nodes removed", None),
        ),
    ),
)  # fmt: skip
