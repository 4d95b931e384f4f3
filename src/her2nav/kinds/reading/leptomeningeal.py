"""Leptomeningeal disease."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node

_EXPLAINED = re.compile(r"\bdefined as\b|\bconsidered to(?: have)?\b|\bfor (?:the )?purposes? of\b")
"""What stands behind these words says what a word means."""
_SIGN = re.compile(r"[ -]*(?:symptoms?|signs?|enhancement)\b")


def _present(found: Found) -> Node | None:
    text, end = found.sentence.text, found.match.end()
    if _EXPLAINED.search(text, 0, found.match.start()) or _SIGN.match(text, end):
        return None
    return leaf("leptomeningeal_disease")


_ONLY = Sought(
    r"(?:\b(?:isolated|sole) )?\b(?:leptomeningeal (?:disease|metastas[ei]s|carcinomatosis|involvement|spread)|carcinomatous meningitis|meningeal carcinomatosis)(?: \(lmd?\))? as (?:the |an? )?(?:only|sole) (?:site|manifestation|evidence|location)s? of (?:the )?(?:cns|central nervous system|brain|intracranial)(?: \(cns\))?(?: (?:involvement|disease|metastas[ei]s|spread))?"
)


def _alone(sentence: Sentence) -> Iterator[Stretched]:
    """The lining alone is affected, and not the brain itself."""
    for found in _ONLY.finditer(sentence.text):
        yield Stretched(
            *found.span(), AllOf((leaf("leptomeningeal_disease"), leaf("cns_metastases", accepted=["none"])))
        )


SCANNERS = (
    Scanner(
        "leptomeningeal_disease.only",
        ("leptomeningeal", "meningeal", "meningitis"),
        _alone,
        priority=7,
        texts=(
            (
                "Leptomeningeal carcinomatosis as the only site of CNS involvement",
                {"all_of": [{"leptomeningeal_disease": {}}, {"cns_metastases": {"accepted": ["none"]}}]},
            ),
        ),
    ),
)

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
            ("Patients with enhancement on imaging are considered to have leptomeningeal disease", None),
            ("leptomeningeal enhancement on MRI", None),
            ("known carcinomatous meningitis", {"leptomeningeal_disease": {}}),
        ),
    ),
)
