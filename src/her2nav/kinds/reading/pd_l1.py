"""PD-L1: a score on its scale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.numbers import operator
from her2nav.language.patterns import MACROS

_NAME = r"(?:\bpd-?l1\b|\bprogrammed (?:cell )?death(?:-| )ligand(?:-| )1(?: ?\(pd-?l1\))?)"
_SCALE = (
    r"(?:(?:tumou?r proportion score|combined positive score)[ /(\[]+)?(?:(?P<cps>\bcombined positive score\b(?: ?\(cps\))?|\bcps\b)|(?P<tps>\btumou?r proportion score\b(?: ?\(tps\))?|\btps\b)|"
    r"(?P<tap>\btumou?r area positivity\b(?: ?\(tap\))?|\btap\b))"
)
_FILL = r"(?:[ ,/(\[:-]|\b(?:status|positive|positivity|expression|expressing|tumou?rs?|with|score|of|by|as|defined|a|an|is|are|level|be|the|must|have|having|membranous|ihc|immunohistochemistry|using|assay|22c3|28-8|sp263|pharmdx|dako)\b)*"
_SCORE = re.compile(
    rf"(?:{_NAME}{_FILL})?{_SCALE}{_FILL}(?P<op>{MACROS['op']}) ?(?P<n>\d+(?:\.\d+)?)(?P<pct> ?%)?(?: or (?:more|greater|higher))?(?:[ )]*\b(?:using|by|with|as|assessed|determined|per|the|dako|pd-?l1|ihc|22c3|28-8|sp263|pharmdx|assay|local|central|locally|centrally|testing|or|laboratory)\b)*"
)
_SIGN = re.compile(
    rf"{_NAME}(?:[ -]*(?:expression|status|tumou?rs?|is|must be|ihc))*[ -]*(?:(?P<pos>positiv\w*)|(?P<neg>negativ\w*)|(?:expression |score |level )?(?P<op>≥|>|<|≤|at least|of at least) ?(?P<n>\d+(?:\.\d+)?) ?%)"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    taken: list[tuple[int, int]] = []
    for found in _SCORE.finditer(sentence.text):
        scale = next(name for name in ("cps", "tps", "tap") if found[name])
        sign = operator(found["op"])
        if sign is None or Decimal(found["n"]) > 100:
            continue
        taken.append(found.span())
        yield Stretched(*found.span(), leaf("pd_l1", scale=scale, op=sign, value=found["n"]))
    for found in _SIGN.finditer(sentence.text):
        if any(start < found.end() and found.start() < end for start, end in taken):
            continue
        params: dict[str, Any] = {"name": "PD-L1"}
        if found["n"]:
            sign = operator(found["op"])
            if sign is None:
                continue
            params["status"] = f"{sign} {found['n']}"
        else:
            params["status"] = "positive" if found["pos"] else "negative"
        yield Stretched(*found.span(), leaf("other_biomarker", **params))


SCANNERS = (
    Scanner(
        "pd_l1.score",
        ("pd", "pdl1", "l1", "cps", "tps", "tap", "gene", "combined", "proportion", "programmed", "positivity"),
        _scan,
        priority=3,
        texts=(
            ("PD-L1 expression with CPS ≥ 1", {"pd_l1": {"scale": "cps", "op": ">=", "value": "1"}}),
            ("PD-L1 tumor proportion score (TPS) of at least 50 %", {"pd_l1": {"scale": "tps", "op": ">=", "value": "50"}}),
            ("CPS < 10", {"pd_l1": {"scale": "cps", "op": "<", "value": "10"}}),
            ("PD-L1 positive", {"other_biomarker": {"name": "PD-L1", "status": "positive"}}),
            ("prior anti-PD-L1 therapy", None),
        ),
    ),
)  # fmt: skip
