"""Leptomeningeal disease."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node


def _present(found: Found) -> Node:
    return leaf("leptomeningeal_disease")


RULES = (
    Rule(
        "leptomeningeal_disease.named",
        (
            "[(known|documented|suspected|any|has|have|a)] [(history|evidence|diagnosis|presence|signs) of] [(or|and/or|/) (current|evidence of)] [(clinical|radiographic|clinically|radiologically|radiographically|active|untreated|symptomatic|concurrent|current|documented|known)] [(or|and|/) (active|current|known|symptomatic|concurrent)] {leptomeningeal} [\\(] [{leptomeningeal}] [\\)] [(metastases|metastasis|disease|carcinomatosis|involvement|spread|mets|tumors|tumours)] [\\(lmd\\)|\\(lm\\)]",
        ),
        _present,
        priority=1,
        texts=(
            ("Leptomeningeal carcinomatosis", {"leptomeningeal_disease": {}}),
            ("History of leptomeningeal disease (LMD)", {"leptomeningeal_disease": {}}),
            ("known carcinomatous meningitis", {"leptomeningeal_disease": {}}),
        ),
    ),
)
