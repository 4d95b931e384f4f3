"""Another cancer, within a window, but for those that count as cured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, Node

_FRAME = (
    r"(?:[ ,;()/-]|\b(?:history|known|prior|previous|of|active|concurrent|any|a|an|the|or|and|has|have|had|with|diagnosed|diagnosis|current|currently|invasive|progressing|"
    r"that|is|are|was|were|required|requires|requiring|active|treatment|treated|for|to|patients|participants|subjects|who|evidence|malignant|solid|tumors?|tumours?|disease|cancers?|"
    r"malignanc(?:y|ies)|neoplasms?|primary|than|other|study|under|trial|being|studied|investigation|besides|in|addition|breast|gastric|indication)\b)*"
)
_EXCEPT = r"(?:\bexcept(?:ions?|ing)?\b|\bunless\b|\bother than\b|\bwith the exception\b|\bexcluding\b|\bapart from\b|\bexceptions include\b|\bexclusive of\b)"
_CURED = re.compile(
    r"\b(?:curatively|adequately|definitively|completely|successfully|appropriately|fully)\b[^.;]{0,20}\b(?:treated|resected|excised|cured|managed)\b|\btreated with curative intent\b|\bcured\b|\bcurative\b"
)
_FILL = re.compile(
    r"(?:[ ,;().:'*/-]|\b(?:for|of|the|a|an|and|or|if|with|any|that|has|have|had|been|is|are|was|were|no|not|which|who|who've|in|to|by|on|at|from|least|more|than|but|"
    r"adequately|curatively|definitively|successfully|appropriately|completely|fully|treated|resected|excised|cured|controlled|managed|effectively|previously|surgically|local|locally|"
    r"localized|localised|early|stage|i|patients?|participants?|subjects?|individuals?|history|therapy|treatment|surgery|surgical|resection|curative|intent|potentially|evidence|"
    r"recurrence|disease|free|progression|relapse|without|since|after|before|prior|within|years?|months?|time|such|as|including|include|limited|e\.?g|i\.?e|other|others|following|"
    r"undergone|therapies|considered|low|risk|very|skin|cancers?|carcinomas?|malignanc(?:y|ies)|tumou?rs?|lesions?|non|invasive|study|screening|enrollment|randomization|those|these|first|dose|drug|"
    r"day|cycle|known|active|required|requiring|apparent|current|currently|complete|remission|continuously|residual|metast\w+|five|three|two|exceptions?|allowed|permitted|eligible|only|also|"
    r"cervix|cervical|breast|bladder|prostate|squamous|basal|cell|in|situ|uterine|superficial|consent|signing|informed|entry|start|initiation|interval|last|past|over)\b)*"
)
_TIME = re.compile(MACROS["time"])


@lru_cache(maxsize=2)
def _start(knowledge: Knowledge) -> re.Pattern[str]:
    cancer = f"[{dictionary(knowledge).marks('other_cancer')}]++"
    return re.compile(rf"{_FRAME}(?P<cancer>{cancer}){_FRAME}")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    found = _start(sentence.knowledge).search(sentence.masked)
    if found is None:
        return
    start, end = found.span()
    window = re.compile(
        rf"(?:\b(?:within|in|during|over|for|less than|≤|<|any time in|of)\b ?)+(?:the )?(?:last |past |previous |preceding )?(?P<time>{MACROS['time']})(?P<since>(?:[ ,]|\b(?:prior|before|of|to|the|study|first|dose|drug|entry|screening|enrollment|enrolment|randomi[sz]ation|registration|consent|signing|informed|preceding|inclusion|treatment|start|administration|initiation)\b|[\ue000-\uf8ff]+)*)"
    ).match(sentence.masked, end)
    years: Decimal | None = None
    if window:
        days = days_of(window["time"])
        years = Decimal(days) / 365 if days else None
        end = window.end()
    excepted = re.compile(rf"[ ,;.()]*{_EXCEPT}").match(sentence.masked, end)
    exceptions: list[str] = []
    clear = True
    if excepted:
        stop = re.compile(r"[.;](?=\s|$)").search(sentence.masked, excepted.end())
        last = stop.start() if stop else len(sentence.masked)
        exceptions, clear = _exceptions(sentence, excepted.end(), last)
        if years is None and (inner := _TIME.search(sentence.masked, excepted.end(), last)) is not None:
            free = days_of(inner[0])
            years = Decimal(free) / 365 if free and free >= 180 else None
        end = last
    elif (inner := _TIME.search(sentence.masked, end)) is not None and years is None:
        return
    end = len(sentence.masked[:end].rstrip(" ,;("))
    active = (
        re.search(
            r"\bactive\b|\bprogressing\b|\bconcurrent\b|\bconcomitant\b|\bsynchronous\b", sentence.text[start:end]
        )
        is not None
    )
    past = (
        re.search(r"\bhistory\b|\bprior\b|\bprevious\b|\bsecond\b|\bother\b|\banother\b", sentence.text[start:end])
        is not None
    )
    node: Node = leaf(
        "second_malignancy",
        within_years=_years(years),
        active_only=active and not past and years is None,
        exceptions=exceptions,
    )
    if not clear:
        node = AllOf((node, leaf("unread", note="some of the cancers that are let in were not read")))
    if end > start:
        yield Stretched(
            start + len(sentence.masked[start:end]) - len(sentence.masked[start:end].lstrip(" ,;)")), end, node
        )


def _years(years: Decimal | None) -> Decimal | int | None:
    return None if years is None else int(years) if years == int(years) else round(years, 2)


def _exceptions(sentence: Sentence, start: int, end: int) -> tuple[list[str], bool]:
    """Return the cancers that are let in, and whether every word was understood."""
    found: list[str] = []
    at, clear = start, True
    for hit in (hit for hit in sentence.between(start, end) if hit.ids("cured_cancer")):
        found += hit.ids("cured_cancer")
        clear = clear and _filled(sentence.masked, at, hit.start)
        at = hit.end
    clear = clear and _filled(sentence.masked, at, end)
    written = sentence.text[start:end]
    if _CURED.search(written) and not found:
        found.append("curatively_treated_any")
    return list(dict.fromkeys(found)), clear


def _filled(masked: str, start: int, end: int) -> bool:
    filled = _FILL.match(masked, start, end)
    return filled is not None and filled.end() >= end


SCANNERS = (
    Scanner(
        "second_malignancy.window",
        ("other_cancer",),
        _scan,
        priority=3,
        texts=(
            (
                "Other malignancy within 5 years, except adequately treated basal cell carcinoma of the skin or carcinoma in situ of the cervix",
                {"second_malignancy": {"within_years": "5", "exceptions": ["basal_cell_skin", "in_situ_cervix"]}},
            ),
            ("Second malignancy within the last 3 years", {"second_malignancy": {"within_years": "3"}}),
        ),
    ),
)
