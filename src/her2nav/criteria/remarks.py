"""Sentences that ask nobody for what they name, and words in front that change nothing of what follows.

A note on how a disease is called, what the trial will do with some patients, what does not count as a lesion: these
name cancers, sites and treatments, and ask for none of them.
"""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Section
from her2nav.language.sought import Several, Sought

_PEOPLE = r"(?:patients?|participants?|subjects?|individuals?|women|men|those|tumou?rs?)"
_NOTE = Sought(
    r"(?s)\A\W*(?:note|nb|please note|of note)\b(?!.*\b(?:must|shall|should|will|may|can|cannot|required?|requires|requirement|need|needs|eligible|eligibility|ineligible|allowed|permitted|acceptable|accepted|exclud\w+|includ\w+|only|not|no|unless|if|provided|except|defined|considered|sufficient|mandatory)\b)"
)
"""A note in which nothing is asked, allowed, shut out or explained."""
_NAMING = Sought(
    r"\b(?:terminology|nomenclature|classification (?:scheme|system)|new classification)\b[^.;]*\b(?:adopted|replace[sd]?|used|uses|called|known as|according)\b|\b(?:is|are) (?:now )?closed to (?:accrual|enrol+ment|recruitment)\b"
)
"""What a disease is called, and of which no more patients are taken."""
_GETS = Sought(
    rf"\A(?!\W*(?:if|when|for|in)\b)(?:(?!\b(?:must|should|who will|that will|eligible|scheduled|planned)\b)[^.;:]){{0,160}}?\b{_PEOPLE}\b(?:(?!\b(?:must|should|who|scheduled|planned)\b)[^.;:]){{0,160}}?\bwill (?:then |also |all |each |both |instead )?"
    r"(?:receive(?! or)|be (?:treated with|given|randomi[sz]ed|assigned|stratified|allocated|offered|followed|monitored|divided|grouped|categori[sz]ed|classified|(?:invited|asked) to(?! (?:participate|take part|join|enter|enrol+)\b(?! in (?:the|an?) \w+ (?:sub-?study|study|trial)))))\b"
)
"""What the trial does with its patients."""
_NO_LESION = Sought(
    r"\b(?:is|are|will be) (?:not (?:acceptable|allowed|accepted|sufficient|suitable|adequate)|unacceptable|inadequate|insufficient) as (?:an? |the |any )?(?:sole |only |single |target |measurable |evaluable )*(?:indicator|measurable|target|evaluable|assessable|sites?|lesions?|disease|evidence)\b"
)
"""What does not suffice as a lesion."""
_SAYS_WHO_IS_UNFIT = Sought(
    r"\A\W*(?:the )?(?:[\w/-]+ ){0,5}(?:ineligib\w+|unfit\w*|unsuitab\w+|intoleran\w+|contraindicat\w+)\b[\w/ -]{0,40} (?:is|are|will be|was) (?:defined|considered|determined)\b"
)
"""A definition of whom a treatment does not suit: it asks nobody for that."""
_DECIDED_LATER = Sought(
    rf"\A\W*(?:note\W+)?(?:for|in) (?:all |any )?{_PEOPLE} (?:who|with|that|whose|receiving|on)\b[^;:]{{3,240}}?,? (?:the )?(?:treating |study |principal |responsible )*(?:investigators?|physicians?|oncologists?|sponsor) (?:will|may|should|can) (?:then |also )?(?:decide|determine|judge|assess|choose|evaluate)\b"
)
"""What the doctors will decide for some patients asks nobody to be one of them."""
_NOT_MEASURED = Sought(
    r"\A\W*(?:the|these|this|such|it|they)\b[^.;:]{0,60}\bwill not be (?:measured|evaluated|assessed|followed|analy[sz]ed)\b"
)
"""What the trial does not measure."""
_HOW_MANY = Sought(
    rf"\A\W*(?:the |a )?(?:(?:total|maximum|minimum|planned|overall) )*(?:number|proportion|percentage|share) of (?:(?:enrolled|all|the|study|such) )*{_PEOPLE}\b[^.;:]{{0,160}}\b(?:will|may|should|must|can)(?:not)?\b(?: not)? (?:be|exceed|not)\b"
)
"""How many of its patients a trial wants of one sort."""
_SOME_FIRST = Sought(
    r"\A\W*(?:the )?first \d+ (?:patients|participants|subjects)\b|\bthe first \d+ (?:patients|participants|subjects) (?:enrol+ed|treated|entered)\b"
)
"""A rule for those who come first."""
_NOT_ELIGIBLE = Sought(
    rf"\A\W*(?:all |any )?{_PEOPLE} (?:is|are|will be) (?:also )?(?:not (?:be )?(?:eligible|allowed|permitted|included|enrolled)|ineligible|excluded)(?: (?:for|from|in) (?:the|this) (?:study|trial|protocol))?,? (?=(?:who|whose|with|having|that)\b)"
)
"""In front of those whom a sentence shuts out."""
_AT_A_TIME = Sought(
    r"\A(?![^,]*\b(?:phase|part|cohorts?|arm|expansion|escalation)\b)\W*(?:at|on|as of|prior to|before|by) (?:the )?(?:(?:time|start|day|date|moment) of )?(?:the )?(?:day (?:-?\d+|one)|cycle \d+|screening|baseline|enrol+ment|study (?:entry|start)|entry|registration|randomi[sz]ation|inclusion|(?:signing )?(?:informed )?consent|first dose)[^.;:,]{0,40}, "
    r"(?=(?:(?:all|any|the|female|male|adult) )*(?:patients|participants|subjects|women|men)\b)"
)
"""A time in front of the people of whom the sentence speaks."""


def asks_nobody(written: str, section: Section) -> bool:
    """Whether a plain sentence asks nobody for what it names."""
    if _SOME_FIRST.search(written):
        return True
    if section == "exclusion":
        return False
    return any(_OF_NOBODY.search(written))


_OF_NOBODY = Several((_NOTE, _NAMING, _GETS, _NO_LESION, _SAYS_WHO_IS_UNFIT, _DECIDED_LATER, _NOT_MEASURED, _HOW_MANY))
_AND_MORE = Sought(
    r"\b(?:must|should|shall|required?|eligib\w+|ineligib\w+|exclu\w+|unless|except\w*|only if|provided|allowed|permitted|positive|negative|progress\w+|who|whose)\b|[<>≥≤]"
)


def surely_nothing(written: str, section: Section) -> bool:
    """Whether a sentence that asks nobody for what it names holds nothing else either, so that it may be left out."""
    if section == "exclusion" or _AND_MORE.search(written):
        return False
    return any(pattern.search(written) is not None for pattern in (_NOTE, _NAMING, _GETS))


def front(written: str, section: Section) -> int:
    """Return where a sentence begins behind words in front that say nothing of the patient; 0 where none stand there."""
    pattern = _NOT_ELIGIBLE if section == "exclusion" else _AT_A_TIME
    found = pattern.match(written)
    return found.end() if found is not None else 0


_FOR_A_CANCER = Sought(
    r"\A\W*(?:for|in) (?P<when>(?:(?:patients|those|subjects|participants) with )?(?:(?!all\b|any\b|the\b|which\b)[\w/-]+ ){0,5}(?:cancers?|carcinomas?|melanomas?|sarcomas?|lymphomas?|gliomas?)(?: \([^()]{1,20}\))?),? (?=(?:at least |no more than |up to )?(?:one|two|three|four|no|\d+) (?:\w+ ){0,2}(?:treatments?|lines?|regimens?|therap\w+)\b)"
)
"""Which cancer a count of treatments is for."""


def cancer_in_front(written: str) -> tuple[tuple[int, int], int] | None:
    """Return where "for ovarian cancer, one prior line" names the cancer and where it goes on; None without."""
    found = _FOR_A_CANCER.match(written)
    return (found.span("when"), found.end()) if found is not None else None


_TWO_IN_ONE = re.compile(
    r"\A(?P<what>[^.;:()]{5,120}?\b(?<!not )(?<!no )(?:allowed|permitted)) (?=(?:all|no|at least|more than|must|recovered)\b(?! (?:ages|sexes|limit)))"
)


def second_behind_permission(written: str) -> int:
    """Return where "prior tamoxifen allowed at least a month since chemotherapy" goes on with a demand; 0 nowhere."""
    found = _TWO_IN_ONE.match(written)
    return found.end() if found is not None else 0
