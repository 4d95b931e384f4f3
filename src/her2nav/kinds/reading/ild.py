"""Interstitial lung disease and pneumonitis."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node

_EVER = ("history_no_steroids", "history_with_steroids", "current")


def _ild(found: Found) -> Node:
    """A history is any, unless steroids are named; a ban on the current disease alone leaves the past out."""
    words = found.text()
    states: list[str] = []
    if found.has("steroids"):
        states.append("history_with_steroids")
    elif re.search(r"\bhistory\b|\bprior\b|\bprevious\b|\bpast\b", words):
        states += _EVER[:2]
    if found.has("steroids") and not re.search(r"\bcurrent|\bactive|\bhas\b|\bpresen|\bsuspect", words):
        states.append("current")
    if re.search(r"\bcurrent|\bactive|\bevidence|\bpresen|\bongoing|\bhas\b|\bexisting", words) or not states:
        states.append("current")
    if re.search(r"\bsuspect|\bcannot be ruled out|\bruled out|\bsuspicion", words):
        states.append("suspected")
    if "history_no_steroids" in states and "current" not in states:
        states.append("current")
    return leaf(
        "ild",
        any_of=[state for state in (*_EVER, "suspected") if state in states],
        excluding_radiation="non infectious and non radi" in words,
    )


_LUNG = "[(non infectious|noninfectious|idiopathic|drug induced|drug related|clinically significant|\\(non infectious\\)|\\(noninfectious\\))] {ild+}"
_STEROIDS = "[\\)] [,] [(that|which)] [(has|have)] [(required|requiring|requires|needed|treated with|was treated with|treated|necessitating)] [treatment with|the use of|use of|systemic|oral|intravenous|iv|oral or iv|corticosteroid|any]"
_STEROID_WORDS = "((steroids|corticosteroids|steroid|corticosteroid|glucocorticoids|glucocorticoid|{medication}|{drug}) [(therapy|treatment|intervention|administration|use)])"
_NOW = "[\\)] [,] [(and/or|or|and)] [(has|have|with|a|any)] [(current|active|currently|evidence of|present|ongoing)] [(suspected|history of|or suspected)] [(or|and)] [(suspected|active)] {ild+}"
_SUSPECT = "[\\)] [,] [(and/or|or|and|;)] [(where|when|in whom|in which|has|have|with)] [a] [(suspected|suspicion of|suspect)] {ild+} [(that|which|and|,)] [(cannot|can not|could not|can't) be (ruled out|excluded) [(by|on|with|at|using) [(imaging|screening|ct|baseline|the|high resolution|investigator)] [(imaging|at|scan|ct)] [(at|during)] [(screening|baseline)]]]"

RULES = (
    Rule(
        "ild.state",
        (
            f"[(known|medical|past|prior|any|a|has|have|had)] [(medical|a|known)] [history of] [(or|and|/|active|current)] [(active|current)] {_LUNG} {_STEROIDS} {_STEROID_WORDS}:steroids {_NOW} {_SUSPECT}",
            f"[(known|medical|past|prior|any|a|has|have|had)] [(medical|a|known)] [history of] {_LUNG} {_STEROIDS} {_STEROID_WORDS}:steroids {_SUSPECT}",
            f"[(known|medical|past|prior|any|a|has|have|had)] [(medical|a|known)] [history of] {_LUNG} {_STEROIDS} {_STEROID_WORDS}:steroids {_NOW}",
            f"[(known|medical|past|prior|any|a|has|have|had)] [(medical|a|known)] [history of] {_LUNG} {_STEROIDS} {_STEROID_WORDS}:steroids",
            f"(history|prior|previous) [of] [(or|and|/)] [(active|current|evidence of|presence of)] [(evidence of|presence of)] {_LUNG} {_SUSPECT}",
            f"[(known|any|has|have|had|presence of|medical|a)] [(active|current|evidence of|existing|clinically active)] [(history|evidence)] [of] [(or|and|/)] [(current|active|prior)] {_LUNG} {_SUSPECT}",
            f"[(known|any|has|have|had|presence of|medical|a)] [(active|current|evidence of|existing|clinically active)] [(history|evidence)] [of] [(or|and|/)] [(current|active|prior)] {_LUNG}",
        ),
        _ild,
        priority=2,
        texts=(
            ("History of ILD that required steroids", {"ild": {"any_of": ["history_with_steroids", "current"]}}),
            (
                "History of (non-infectious) ILD/pneumonitis requiring steroids, has current ILD, or suspected ILD that cannot be ruled out by imaging at screening",
                {"ild": {"any_of": ["history_with_steroids", "current", "suspected"]}},
            ),
            ("Active pneumonitis", {"ild": {"any_of": ["current"]}}),
            (
                "History of interstitial lung disease",
                {"ild": {"any_of": ["history_no_steroids", "history_with_steroids", "current"]}},
            ),
        ),
    ),
)
