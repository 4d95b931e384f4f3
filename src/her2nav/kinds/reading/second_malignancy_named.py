"""Where a sentence names another cancer: the words around it, and that of the trial, which it is not."""

from __future__ import annotations

import re
from functools import lru_cache

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.sought import Sought

_FRAME = (
    r"(?:[ ,;()/-]|\b(?:non|nonbreast|concurrently|concomitant|actively|being|another|past|additional|synchronous|history|known|prior|previous|of|active|concurrent|any|a|an|the|or|and|has|have|had|with|diagnosed|diagnosis|current|currently|invasive|progressing|systemic|different|at|sites|site|elsewhere|whose|completed|progressed|"
    r"that|is|are|was|were|required|requires|requiring|active|treatment|treated|for|to|patients|participants|subjects|who|evidence|malignant|solid|tumors?|tumours?|disease|cancers?|"
    r"malignanc(?:y|ies)|neoplasms?|primary|than|other|study|under|trial|being|studied|investigation|besides|in|addition|breast|gastric|indication)\b)*"
)
_CORE = Sought(
    r"\b(?:non-?[ ]?breast|other|another|second|secondary|additional|prior|previous|concurrent|concomitant|synchronous|any|active|past|multiple|history of|treatment for|invasive (?:or|and/or) metastatic|invasive|presence of|evidence of|malignanc(?:y|ies)(?= (?:other than|\(other than)))"
    r"(?:[ ,/(-]+(?:or|and|and/or|known|primary|invasive (?:or|and/or) metastatic|invasive|active|malignant|solid|concurrent|prior|previous|other|second|past|current|history of|history|progressing|additional|a|an|any|another|concomitant|secondary|hematologic|haematologic|non-?[ ]?breast|nonbreast|non-[a-z]+|different|invasive|multiple|hematological|systemic)\)?)*"
    r"[ ]*(?:malignanc(?:y|ies)|cancers?|neoplasms?|neoplasias?|carcinomas?|malignant (?:tumou?rs?|neoplasms?|disease)|primary tumou?rs?|solid tumou?rs?)?\b"
)
_BARE = re.compile(
    r"\s*(?:(?:any|an?) )?(?:malignanc(?:y|ies)|cancers?)(?= (?:within|in the (?:last|past|previous)|during the (?:last|past|previous)) )"
)
"""A whole exclusion that leaves out "other": "Cancer within five years of screening, except ..."."""
_KIND = re.compile(
    r"(?:malignanc(?:y|ies)|cancers?|neoplasms?|neoplasias?|carcinomas?|malignant (?:tumou?rs?|disease)|primary tumou?rs?|solid tumou?rs?)$"
)
_GOES_ON = re.compile(
    r"\s*(?:$|[.;,(:]|(?:which|that|unless|except\w*|other than|excluding|within|in the|during|over|requiring|diagnosed|active|with the exception|≤|<|and/or|or|apart from|besides|not|treated|currently|whose|at|from|for|but|has|have|had|who|history)\b)"
)
_OWN = re.compile(
    r"[ ,(]*\b(?:other than|besides|in addition to|aside from|apart from|distinct from|excluding|except(?: for)?) (?:the |their |that |this |current |primary |study |adenocarcinoma of (?:the )?)*(?P<what>[^,;.()]{2,60}?)\)?"
    r"(?= (?:within|in the|in \d|during|over|for|diagnosed|that|which|treated|requiring|active|less|≤|<|except|with the exception|unless|at)\b|[,;.()]|$)"
)


@lru_cache(maxsize=2)
def _start(knowledge: Knowledge) -> Sought:
    words = dictionary(knowledge)
    cancer, own = (f"[{words.marks(name)}]++" for name in ("other_cancer", "tumour"))
    return Sought(rf"{_FRAME}(?P<cancer>{cancer}|(?<=non-){own}|(?<=non ){own}){_FRAME}")


_ANY_CANCER = re.compile(r"(?:an? |any |those )?(?:malignanc(?:y|ies)|cancers?|tumou?rs?|neoplasms?|history)")
_OTHER_THAN = re.compile(r"[ ,(]*\b(?:other than|in addition to|besides)\b[^.;]*$")
_BEFORE = re.compile(_FRAME + "$")
_BEHIND = re.compile(_FRAME)
_LET_IN = re.compile(
    r"basal|squamous|in[ -]situ|skin|curativ|treated|adequate|definitiv|successful|complete|appropriate|effective|proper|surgical|locali[sz]ed|early|stage|low[ -]|non-?invasive|non-?melanom|following|those|any|free|been|remission|\bcis\\b"
)
"""What shows that "except" names cancers that are let in, not the trial's own."""
_OTHER_NON = re.compile(r"\bnon[ -](?!breast)[^;.,()]*$")
"""Non-small cell, non-squamous: the name of a cancer, not what it is not."""
_THERAPY = re.compile(
    r"[\s-]*(?:directed |specific |targeted )?(?:treatments?|tx\b|therap(?:y|ies)|chemotherap|surger|regimens?|drugs?|agents?|vaccin|medications?|genetic|testing|screening|clinical|studies|study|trials?|immunotherap|radi)"
)
"""What makes of "prior cancer" a word on treatment."""


def opening(sentence: Sentence) -> tuple[int, int] | None:
    """Where another cancer is named, with the words around it, and that of the trial that it is not."""
    text = sentence.text
    start = _start(sentence.knowledge)
    found = start.search(sentence.masked)
    while found is not None and (
        _THERAPY.match(text, found.end("cancer")) or _OTHER_NON.search(text, 0, found.end("cancer"))
    ):
        found = start.search(sentence.masked, found.end("cancer"))
    place = found.span() if found else None
    if place is None and (bare := _BARE.match(text)) is not None:
        place = bare.span()
    if place is None:
        for core in _CORE.finditer(text):
            if _KIND.search(core[0]) and _GOES_ON.match(text, core.end()):
                before = _BEFORE.search(text, 0, core.start())
                behind = _BEHIND.match(text, core.end())
                place = (before.start() if before else core.start(), behind.end() if behind else core.end())
                # The own cancer of the trial stands behind "other than".
                place = (place[0], core.end()) if _OWN.match(text, core.end()) else place
                break
    if place is None:
        return None
    if (behind_other := _OTHER_THAN.search(text, *place)) is not None:
        place = (place[0], behind_other.start())
    own = _OWN.match(text, place[1])
    if own is None or _LET_IN.search(own["what"]) or _ANY_CANCER.fullmatch(own["what"].strip()):
        return place
    cured = (hit for hit in sentence.between(own.start(), len(text)) if hit.ids("cured_cancer"))
    return place if any(hit.start < own.end() for hit in cured) else (place[0], own.end())
