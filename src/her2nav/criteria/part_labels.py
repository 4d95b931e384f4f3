"""Labels that name a part of the trial by words, or people who take part beside its patients.

The outline knows cohorts by their number. "Expansion cohorts B2-B3: …", "Monotherapy groups" over nested items and
"Caregivers: …" bind nobody else either.
"""

from __future__ import annotations

import re

from her2nav.criteria.scopes import scopes_of

_PART = (
    r"(?<![\w-])(?:cohorts?|(?<!upper )(?<!lower )arms?|parts? (?:\d|[a-h]\b)[a-z\d]{0,2}|phases? (?:[ivx]{1,3}|\d)[a-c]?"
    r"|(?<!oncology )(?<!working )(?<!age )(?<!ethnic )(?<!blood )(?<!cooperative )(?<!co-operative )groups?|strat(?:um|a)|modules?|sub-?\s?stud(?:y|ies)|(?:dose[- ])?(?:escalation|expansion|optimi[sz]ation)"
    r"|lead-?in|portion|backfill|ph-?[iv]{1,3}[a-z]{0,3}|aims? \d|(?:test|control|case|screening|main|extension|safety|efficacy|randomi[sz]ed) populations?|[\w-]{3,} specific criteria|(?<=during the )[\w -]{3,60}? procedure)(?![\w-])"
)
_OTHERS = r"(?:(?:healthy|normal|non-?cancer|unaffected|related|unrelated) )*(?:controls\b|control(?= (?:group|arm|cohort|subject|population|participant|patient))|volunteers?|donors?|caregivers?|carers?|family members?|siblings?|spouses?|relatives?|physicians?|clinicians?|providers?|nurses?)\b"
_OTHER_PEOPLE = re.compile(rf"(?:for |the |\W)*{_OTHERS}")
_SAYS = r"\b(?:must|are|is|have|has|had|not|will|should|may|no|defined|with|who|than|least)\b|[<>≤≥]"
"""Words of a statement, which a mere name does not hold."""
_LABEL = re.compile(
    rf"\W*+(?!(?:all|both|any|every|each|either|one|no|for all)\b)(?=[^:.;]{{0,90}}?{_PART}|(?:for |the )*{_OTHERS})(?P<name>(?:\([^()]{{0,120}}\)|(?!{_SAYS})[^:.;()]){{3,110}}?)"
    r"(?:[\])]?\s*:\s*(?=\S)|(?<=[\w)])(?<!cohort)(?<!group)(?<!arm)(?<!part)(?<!phase)\s+(?=\(?(?:\d{1,2}|i|a)[.)]\s)|[\])]?\s*:\s*\Z)"
)
_BARE = re.compile(
    rf"\W*+(?!(?:all|both|any|every|each|either|one|no)\b)(?P<name>(?:(?!{_SAYS})[\w/+-]+ ){{0,3}}(?:cohorts?|(?<!upper )(?<!lower )arms?|(?<!oncology )(?<!age )groups?)|{_OTHERS}(?: group| cohort| arm)?|for (?:the )?(?:(?!{_SAYS})[\w/+-]+ ){{0,7}}(?:cohorts?|arms?|groups?|part|portion|phase))\s*(?:\([^()]{{0,120}}\))?\s*\Z"
)
"""A label without a colon, over nested items."""
_DASHED = re.compile(
    rf"\W*+(?P<name>(?:(?!{_SAYS})[^:;()]){{0,60}}?\b(?:arm|cohort|part|group) (?:[a-z]|\d{{1,2}}[a-z]?))\s+[-\u2013]\s+(?=\S)"
)
"""A label with a dash behind it: "Phase 2a, part 2, arm E - lung cancer …"."""
_MAY_NAME = re.compile(
    r"cohort|arm|part|phase|group|procedure|strat|module|stud|escalation|expansion|optimi|lead|portion|backfill|ph-?[iv]|aim|popul|specific|control|volunteer|donor|care|member|sibling|spouse|relative|physician|clinician|provider|nurse"
)
"""Without it no label names a part."""
_FAR = 110
_LEADS_A_LIST = re.compile(r"\b(?:following|any of|one of|either|criteria for|below)\b")
_STEP = re.compile(
    r"\b(?:pre-?)?(?:screening|treatment|registration|enrol\w*|randomi[sz]ation|eligibility|(?<!sub-)(?<!sub )study|trial|main|all|procurement|(?:leuk)?apheresis|infusion|lymphodepletion|consent)\b"
)
"""Steps that every patient takes, and the trial itself."""
_SUB_STUDY = re.compile(r"\bsub\s?stud(?:y|ies)\b")
_OF_THE_PART = re.compile(r"(?:the )?(?:patient|participant|subject|target|study)s? (?:group|population|cohort)s?")
"""Over those whom a part takes: it names no other part."""
_IN_FRONT = re.compile(r"\A(?:(?:inclusion|exclusion|eligibility) criteria )?(?:(?:for|in) )?(?:the )?")
_BRACKETS = re.compile(r"\([^()]*\)|[\[\]():*]")


def label_of(low: str, start: int, end: int) -> tuple[int, tuple[str, ...]] | None:
    """Return where a label in front of a plain stretch ends and the parts that it names; None where none stands there.

    >>> label_of("expansion cohorts b2-b3: must have ovarian cancer", 0, 49)
    (25, ('cohort b2', 'cohort b3'))
    >>> label_of("monotherapy cohorts", 0, 19)
    (19, ('monotherapy cohorts',))
    >>> label_of("eastern cooperative oncology group status: 0 or 1", 0, 49)
    """
    found = _LABEL.match(low, start, end) if _MAY_NAME.search(low, start, min(end, start + _FAR)) else None
    found = found or _DASHED.match(low, start, end) or _BARE.match(low, start, end)
    if found is None:
        return None
    name = _IN_FRONT.sub("", " ".join(_BRACKETS.sub(" ", found["name"]).split()).strip(" -,/"))
    name = _SUB_STUDY.sub("sub-study", name)
    scopes = _told_apart(found["name"]) or scopes_of(found["name"]) or ((name,) if name and not is_step(name) else ())
    return (found.end(), scopes) if scopes else None


_BY_DRUGS = re.compile(
    r"(?P<label>\b(?:part|phase|arm|cohort) \w{1,3}) \((?P<how>(?:mono|combo|combination|single)[^()]{0,40})\)"
)


def _told_apart(name: str) -> tuple[str, ...]:
    """Return parts of one number that brackets tell apart: "part 1 (monotherapy)", "part 1 (combination) & part 2".

    >>> _told_apart("part 1 (monotherapy)"), _told_apart("part 1 (combination) & part 2"), _told_apart("part 1")
    (('monotherapy part 1',), ('combination part 1', 'part 2'), ())
    """
    found = [f"{one['how']} {one['label']}" for one in _BY_DRUGS.finditer(name)]
    return (*found, *scopes_of(_BY_DRUGS.sub(" ", name))) if found else ()


def is_step(written: str) -> bool:
    """Whether words in front of "inclusion criteria" name a step that every patient takes.

    >>> is_step("treatment"), is_step("melanoma")
    (True, False)
    """
    return _STEP.search(written) is not None


def of_the_same_part(labels: tuple[str, ...]) -> bool:
    """Whether a label within a part names its patients, and no other part: "patient group".

    >>> of_the_same_part(("patient group",)), of_the_same_part(("control group",))
    (True, False)
    """
    return len(labels) == 1 and _OF_THE_PART.fullmatch(labels[0]) is not None


def leads_a_list(written: str) -> bool:
    """Whether a label also says how its list is meant: "cohort of patients with any of the following:"."""
    return _LEADS_A_LIST.search(written) is not None


def of_other_people(label: str) -> bool:
    """Whether a label names people who are no patients of the trial.

    >>> of_other_people("healthy controls"), of_other_people("cohort 1")
    (True, False)
    """
    return _OTHER_PEOPLE.match(label) is not None
