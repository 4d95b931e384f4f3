"""Which other cancers a sentence lets in, behind "except", and whether every word of that was understood."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

EXCEPT = r"(?:\bexcept(?:ions?|ing)?\b|\bunless\b|\bother than\b|\bwith (?:the )?(?:following )?exceptions?\b|\bexcluding\b|\bapart from\b|\bexceptions include\b|\bexclusive of\b)"
_CURED = re.compile(
    r"\b(?:curatively|adequately|definitively|completely|successfully|appropriately|fully)\b[^.;]{0,20}\b(?:treated|resected|excised|cured|managed)\b|\btreated with curative intent\b|\bcured\b|\bcurative\b"
)
_FILL = re.compile(
    r"(?:[ ,;().:'*/≥>-]|\b(?:solid|for|of|the|a|an|and|or|if|with|any|that|has|have|had|been|is|are|was|were|no|not|which|who|who've|in|to|by|on|at|from|least|more|than|but|"
    r"adequately|curatively|definitively|successfully|appropriately|completely|fully|treated|resected|excised|cured|controlled|managed|effectively|previously|surgically|local|locally|"
    r"localized|localised|early|stage|stages|i|ii|patients?|participants?|subjects?|individuals?|history|therapy|treatment|surgery|surgical|resection|curative|intent|potentially|evidence|"
    r"recurrence|disease|free|progression|relapse|without|since|after|before|prior|within|years?|months?|time|such|as|including|include|limited|e\.?g|i\.?e|other|others|following|"
    r"undergone|therapies|considered|low|risk|very|skin|cancers?|carcinomas?|malignanc(?:y|ies)|tumou?rs?|lesions?|non|invasive|study|screening|enrollment|randomization|those|these|first|dose|drug|"
    r"day|cycle|known|active|required|requiring|apparent|current|currently|complete|remission|continuously|residual|metast\w+|five|three|two|exceptions?|allowed|permitted|eligible|only|also|"
    r"been|have|having|had|now|from|probability|likelihood|chance|appropriate|properly|effective|disease-free|tumor-free|lesion|minimum|period|duration|remain\w*|least|sign|signs|their|his|her|occurr\w+|diagnosis|diagnosed|believed|felt|deemed|judged|believes?|"
    r"cervix|cervical|breast|bladder|prostate|squamous|basal|cell|in|situ|uterine|superficial|consent|signing|informed|entry|start|initiation|interval|last|past|over)\b)*"
)
TIME = re.compile(MACROS["time"])
_ANY_CURED = frozenset({"curatively_treated_any", "not_interfering"})
_ANY_OF_THEM = _ANY_CURED | {"malignancy"}
"""Conditions of the vocabulary that speak of any cancer."""
_ANY_CURED_OTHER = re.compile(
    r"\bany (?:other )?(?:prior |previous )?(?:malignanc(?:y|ies)|cancers?|tumou?rs?|neoplasms?)(?: (?:that|which))?(?: (?:has|have) been| was| were)? (?:(?:adequately|definitively|previously) )?(?:treated|resected)[^,;.]{0,30}\bcurative|\bany (?:other )?curatively[ -]treated\b"
)
"""The last of those let in: any cancer that was treated for good."""


def of_those_named(sentence: Sentence, start: int, at: int) -> bool:
    """Whether a time behind "except" is that for which a cancer named there must be over, and not any cancer."""
    named = [
        hit.end
        for hit in sentence.between(start, at)
        if _OF_ANY.search(sentence.text, hit.start, hit.end) is None
        and _SET_APART.search(sentence.text, 0, hit.start) is None
        and (hit.ids("cured_cancer") or hit.ids("tumour") or (hit.id("condition") or "malignancy") not in _ANY_OF_THEM)
    ]
    if not named or (_OF_ANY.search(sentence.text, max(named), at) or _A_CANCER.search(sentence.text, max(named), at)):
        return False
    return _OVER.search(sentence.text, max(named), at) is not None


_OF_ANY = Sought(
    r"\b(?:any|others?|another|all|prior|previous|second|those|malignan\w*|cancers|carcinomas|neoplasms?|solid|tumou?rs|patients?|participants?|subjects?|history|if|unless|survivors?)\b"
)
"""Words of any cancer: a time behind them is not that of a cancer which is named in front."""
_A_CANCER = Sought(r"\b(?:cancer|carcinoma|tumou?r)\b")
_SET_APART = re.compile(r"\([^()]*\Z|\bother than (?:an? |the )?\Z|\bnon-? ?\Z")
"""Right in front of a name that only narrows what any cancer is: "any other (not of the breast)"."""
_OVER = re.compile(
    r"\b(?:free|recurrences?|relapses?|remission|no evidence)\b|\b(?:treated|resected|diagnosed|excised|removed|surgery|treatment|therapy)\b[^,;]{0,40}(?:[>≥]|\b(?:more than|at least|over|greater than)\b)"
)
"""Between a cancer and a time: so long it must be over."""


def with_in_situ(named: str, exceptions: list[str]) -> list[str]:
    """Return what is let in where only invasive cancers are shut out."""
    only = _INVASIVE.search(named) is not None and _NOT_INVASIVE.search(named) is None
    return [*exceptions, "in_situ_any"] if only and "in_situ_any" not in exceptions else exceptions


_INVASIVE = re.compile(
    r"\A(?:(?!malignan|cancer|carcinom|neoplas|tumou?r).)*?(?<!non)(?<!non[ -])(?<!minimally )\binvasive\b"
)
_NOT_INVASIVE = re.compile(r"\bnon-? ?invasive\b|\bin[ -]situ\b(?=[^.;]{0,20}\bor\b)")
_MARKER = re.compile(r"(?<![\w.])\(?(?:\d{1,2}|[a-h])[.)](?=\s)")
_SITES = {
    "breast": "in_situ_breast",
    "cervix": "in_situ_cervix",
    "uterine cervix": "in_situ_cervix",
    "bladder": "superficial_bladder",
}
_MORE_SITES = re.compile(
    r"(?:[\s,/]*(?:\bor\b|\band\b|\band/or\b|,|/)\s*(?:of )?(?:the )?(?:uterine cervix|cervix|breast|bladder)\b)+"
)


def let_in(sentence: Sentence, start: int, end: int, years: Decimal | None) -> tuple[list[str], bool]:
    """Return the cancers that are let in, and whether every word was understood.

    A time for which one must be free of a cancer that is let in is understood where it is the window itself.
    """
    found: list[str] = []
    at, clear = start, True
    masked = _MARKER.sub(lambda m: " " * len(m[0]), sentence.masked)
    for inner in TIME.finditer(masked, start, end):
        days = days_of(inner[0])
        if years is not None and days and Decimal(days) / 365 == years:
            masked = f"{masked[: inner.start()]}{' ' * len(inner[0])}{masked[inner.end() :]}"
    named = [
        hit for hit in sentence.between(start, end) if hit.ids("cured_cancer") or hit.id("condition") in _ANY_CURED
    ]
    for hit in named:
        if hit.ids("cured_cancer"):
            found += hit.ids("cured_cancer")
        elif len(named) == 1 or hit.id("condition") != "curatively_treated_any":
            found.append(str(hit.id("condition")))
        clear = clear and _filled(masked, at, hit.start)
        at = hit.end
        if any(item.startswith("in_situ") for item in hit.ids("cured_cancer")) and (
            more := _MORE_SITES.match(sentence.text, at, end)
        ):
            found += [name for site, name in _SITES.items() if re.search(rf"\b{site}\b", more[0])]
            at = more.end()
    clear = clear and _filled(masked, at, end)
    written = sentence.text[start:end]
    if (_CURED.search(written) and not found) or _ANY_CURED_OTHER.search(written):
        found.append("curatively_treated_any")
    return list(dict.fromkeys(found)), clear


def _filled(masked: str, start: int, end: int) -> bool:
    filled = _FILL.match(masked, start, end)
    return filled is not None and filled.end() >= end
