"""Entries of a list of washouts: "washout as follows: chemotherapy: 3 weeks", "within the following windows: A: 21 days"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_times import LISTED_TIME, window_token
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.sought import Sought

_HEAD = Sought(
    r"\b(?P<recent>(?:within|in|during) (?:the |one of the )?(?:following|specified|indicated)(?: minimum| required)? ?(?:(?:time|treatment)[ -]?)?(?:periods?|frames?|windows?|intervals?|limits?|wash-?outs?(?: periods?| times?)?)[^:;.]{0,90}:)"
    r"|(?P<elapsed>\bwash-?outs?\b(?:[^:;.]{0,130}:|[^:;.]{0,100}\b(?:as follows|defined as)))"
)
_LEAD = re.compile(
    r"(?:[ ,()/*\d.-]|\b(?:must|should|patients?|participants?|subjects?|to|has|have|having|had|been|will|be|undergo|undergone|complete|completed|met|observe|the|an?|any|all|other|another|of|from|with|for|in|or|and|and/or|is|are|was|were|"
    r"adequate|sufficient|appropriate|required?|minimum|minimal|at|least|following|prior|previous|previously|recent|last|most|ongoing|current|concurrent|use|receipt|received|receiving|treatments?|treated|therap(?:y|ies)|medications?|"
    r"drugs?|agents?|products?|regimens?|systemic|anti-?cancer|cancer|anti-?tumou?r|anti-?neoplastic|investigational|experimental|chemotherapy|wash-?outs?|periods?|times?|intervals?|windows?|frames?|limits?|timeframes?|within|during|"
    r"specified|indicated|end|completion|until|before|between|first|dose|doses|dosing|administration|study|trial|protocol|day|cycle|c1d1|one|start|starting|initiation|planned|randomi[sz]ation|enrol+ment|registration|inclusion|"
    r"screening|baseline|intervention|insufficient|inadequate|defined|specified|described|listed|as|follows?|detailed|below|that|these|this|their|include|includes|including)\b)*:?\s*"
)
"""Words of a lead that ask for nothing beside the times below it."""
_LACKING = re.compile(r"\b(?:inadequate|insufficient)\b")
_NOT = re.compile(r"\b(?:no|not|without|never)\b")
_HEADS = frozenset({"item", "close", "noun", "narrow", "setting", "purpose"})


def listed(sentence: Sentence, tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with the lead of a list of washouts as one, and a time behind a treatment as its window."""
    found = _HEAD.search(sentence.text)
    if found is None or not _entry_has_a_time(sentence, found):
        return [*tokens]
    start, end = _start(sentence.text, found.start()), found.end()
    lead = sentence.text[start:end]
    exclusion = sentence.section == "exclusion"
    recent = found["recent"] is not None or _LACKING.search(lead) is not None
    if recent != exclusion or _NOT.search(lead) or _LEAD.fullmatch(lead) is None:
        return [*tokens]
    behind = [token for token in tokens if token.start >= end]
    if any(token.kind in ("deny", "plan", "current") for token in behind):
        return [*tokens]
    front = [token for token in tokens if token.end <= start]
    return [*front, Token("washout", start, end), *_with_times(sentence, behind)]


def leads_times(written: str) -> bool:
    """Whether a lead says no more than that each entry below has a time of its own: "prior treatment within the following windows:"."""
    return (
        written.rstrip().endswith(":")
        and _HEAD.search(written) is not None
        and _LEAD.fullmatch(written.strip()) is not None
        and _NOT.search(written) is None
    )


def _start(text: str, at: int) -> int:
    """Where the clause of a lead begins."""
    return max(text.rfind(sign, 0, at) for sign in (". ", "; ", ": ")) + 1


def _entry_has_a_time(sentence: Sentence, found: re.Match[str]) -> bool:
    return LISTED_TIME.search(sentence.text, found.end()) is not None


def _with_times(sentence: Sentence, tokens: Sequence[Token]) -> list[Token]:
    made: list[Token] = []
    done = 0
    for token in tokens:
        if token.start < done:
            continue
        last = next((one for one in reversed(made) if one.kind not in ("frame", "open")), None)
        window = _bare(sentence, token) if last is not None and last.kind in _HEADS else None
        made.append(token if window is None else window)
        done = made[-1].end
    return made


def _bare(sentence: Sentence, token: Token) -> Token | None:
    """Return the time that begins at a token, behind a colon, a dash or an open bracket."""
    if token.kind not in ("word", "frame", "instead", "count", "amount") or not _BEHIND.search(
        sentence.text, 0, token.start
    ):
        return None
    found = LISTED_TIME.match(sentence.text, token.start)
    return window_token(found, sentence.section == "inclusion", sentence) if found is not None else None


_BEHIND = re.compile(r"(?:[:(–—]| -) ?$")
