"""Headings: the words over the sections and groups of an eligibility text."""

from __future__ import annotations

import re

WHAT = re.compile(
    r"(?P<what>non-?inclusion|inclusion|exclusion|ineligibility|eligibility|not eligible)s?(?:[ /]*(?:criteria|criterion|criterias|critera))?\b"
)
_LEADING = frozenset(
    [
        "key",
        "selected",
        "abbreviated",
        "detailed",
        "primary",
        "basic",
        "clinical",
        "medical",
        "main",
        "major",
        "general",
        "principal",
        "specific",
        "additional",
        "important",
        "other",
        "patient",
        "subject",
        "participant",
        "study",
        "trial",
        "disease",
        "protocol",
        "criteria",
        "criterion",
        "eligibility",
        "pre",
        "registration",
        "preregistration",
        "master",
        "core",
        "common",
        "overall",
        "global",
        "shared",
        "module",
        "sub",
        "substudy",
        "study-wide",
        "randomization",
        "randomisation",
        "screening",
        "step",
        "part",
        "phase",
        "cohort",
        "cohorts",
        "arm",
        "arms",
        "all",
        "for",
        "the",
        "both",
        "phases",
        "only",
        "patients",
        "participants",
        "subjects",
        "population",
        "recipient",
        "recipients",
        "strata",
        "stratum",
        "and",
        "or",
        "of",
        "to",
        "in",
        "dose",
        "escalation",
        "expansion",
    ]
)
"""Words that may stand before "inclusion criteria" in a heading; so may labels of one to three characters."""
NAMED_SECTION = re.compile(
    r"(?=.*\b(?:specific|cohorts?|arms?|groups?|sub-?study|sub study|module|populations?|donors?|controls?|caregivers?|physicians?|providers?)\b)(?P<who>[^:.;()]{3,60}?)?[ -]?(?:specific )?(?:additional )?(?<![a-z])(?:inclusion|exclusion) criteria(?P<for> for (?:the )?[^:.;()]{3,60}?)?(?:\s*\([^()]{0,100}\))?\s*:?\s*"
)
"""A heading of criteria for a drug, a disease or a cohort that has a name and no number."""
SHORT_SECTION = re.compile(
    r"(?!.*\b(?:no|not|any|meets?|meeting|met|fulfil\w*|satisf\w*|violat\w*|following|above|below|see|per|as)\b)(?P<who>(?:[\w/-]+ ){1,4}?)(?:specific )?(?:inclusion|exclusion) criteria\s*:\s*"
)
"""A heading of one to four words and a colon: "Treatment exclusion criteria:"."""
REST = re.compile(r"(?P<rest>[^.]{0,130}?)(?P<colon>[:\-.]*)\s*")
INLINE = re.compile(
    r"(?P<what>inclusion|exclusion|non-?inclusion) criteria(?: (?:include|are|for [^:.]{1,40}))?\s*[:\-]+\s*"
)
POPULATION = re.compile(
    r"criteria\s*[-:(]?\s*(?:for )?(?:(?P<all>all)|(?:patients|participants|subjects) with (?P<who>[^:.;()]{3,80}))(?: (?:patients|participants|subjects))?\)?\s*:"
)
"""Behind "inclusion": whom the criteria below bind, where a trial has several populations."""
WHOLE = re.compile(
    r"^(?:(?:all|both) (?:cohorts?|arms?|parts?|phases?|patients|participants|subjects)|(?:dose[- ])?escalation (?:and|&|/) (?:dose[- ])?expansion(?: (?:phases?|parts?|cohorts?|stages?))?)\s*:?\s*$"
)
"""A heading that ends what was limited to a part."""
FOR_ALL = re.compile(
    r"^(?:disease characteristics|patient characteristics|prior[ /]concurrent therapy|characteristics)\s*:\s*$"
)
"""A heading of a group of criteria of the whole trial."""
OTHER_HEADING = re.compile(
    r"^(?:disease characteristics|patient characteristics|prior concurrent therapy|prior/concurrent therapy|age|sex|"
    r"menopausal status|performance status|life expectancy|hematopoietic|haematopoietic|hepatic|renal|cardiovascular|"
    r"pulmonary|other|biologic therapy|chemotherapy|endocrine therapy|radiotherapy|surgery|immunologic|gastrointestinal|"
    r"neurologic|characteristics|medical history|prior therapy|laboratory(?: values)?|note)\s*:\s*$"
)


_NAMES = re.compile(r"[^\s:,()/.&-]+")
_VERB = re.compile(r"\b(?:must|are|is|have|has|not|will|should)\b")


def leads(written: str) -> bool:
    """Whether words may stand before "inclusion criteria" in a heading."""
    return all(word in _LEADING or len(word) <= 3 or word.isdigit() for word in _NAMES.findall(written))


def has_verb(rest: str) -> bool:
    """Whether words say something, so that they are no mere name."""
    return _VERB.search(rest) is not None


_WHO_IS_OUT = re.compile(
    r"\W*(?:any |all |those |the )?(?:patients|participants|subjects|individuals|women|persons|candidates)\b[^:]{0,60}\b(?:any|one|either)\b[^:]{0,30}\bfollowing\b[^:]{0,30}\b(?:will|are|is|must|should|shall)\b[^:]{0,12}\b(?:excluded|ineligible|not (?:be )?(?:eligible|included|enrol+ed))\b[^:]*"
)


def tells_who_is_out(what: str, rest: str) -> bool:
    """Whether behind "exclusion criteria" only stands that whoever meets one of them is excluded."""
    return what != "inclusion" and _WHO_IS_OUT.fullmatch(rest) is not None


_NAMES_SOME = re.compile(
    r"\W*(?:include|includes|included|are|comprise),? (?:but )?(?:(?:are|is|were) )?not (?:be )?limited to(?: (?:any of )?the following)?(?: criteria)?\W*"
)


def names_some(rest: str) -> bool:
    """Whether behind "exclusion criteria" only stands that some of them follow: "include but are not limited to"."""
    return _NAMES_SOME.fullmatch(rest) is not None
