"""Demands on some of the patients, told in other ways than "patients with A must have B".

A bracket behind a demand ("(patients with A should have had B)", "(…; if IHC is 2+ must be ISH-negative)"), the sex of
those meant ("females are postmenopausal"), where they are to be treated ("to be treated in the adjuvant setting"), or
an entry of a list of treatments ("trastuzumab for HER2-positive disease"). Nobody else is asked for what they name.
"""

from __future__ import annotations

import re

from her2nav.criteria.sentences import part
from her2nav.language.sought import Sought
from her2nav.language.view import View
from her2nav.model.tree import Node, leaves

_PEOPLE = r"(?:patients?|participants?|subjects?|individuals?)"
_MUST = r"(?:must|should|needs? to|has to|have to|(?:is|are) required to)"
_IN_BRACKETS = Sought(
    rf"\((?P<said>(?:all |any )?(?:{_PEOPLE}|those|women|men) (?:with|who have|whose|having) (?:(?!\b(?:not|only|gilbert\w*|liver|hepatic)\b)[^.;:()]){{3,120}}? {_MUST} (?!(?:be )?(?:not|considered|excluded))[^();]{{4,200}})\)"
)
"""A demand in brackets that says itself whom it binds."""
_IF_IN_BRACKETS = Sought(
    rf"(?<=[(\w)+])(?P<mark>[;,] ?|(?<=\())(?P<said>(?:if|when) (?=[^.,;:()]{{0,40}}(?:\bihc\b|her-?\s?2|receptor|\b[ep]r\b))[^.,;:()]{{3,80}}?,? {_MUST} (?:also )?(?:be|have|show) [^.;:()]{{3,80}})(?=\))"
)
"""The last words of a bracket: a condition, and what must hold under it."""
_BESIDE = Sought(r"\((?P<said>(?:\+|plus\b|and\b|with\b) ?[^();:]{5,90})\)")
"""A bracket of what was given beside."""
_OF_WOMEN = Sought(
    rf"(?s)\W*(?P<when>(?:(?:all|any|adult) )*(?:women|females?|female {_PEOPLE})) (?P<then>(?:(?:must|should|have to|need to|has to|needs to) (?:all )?be|are|is) (?:(?:either|documented|confirmed|clinically|biochemically|surgically|naturally|known|to|be) )*post-?\s?menopausal\b.*)"
)
"""A menopause asked of women, where men may take part too."""
_ON_CONTRACEPTION = re.compile(r"contracep|child-?\s?bearing|birth control|pregnan|abstin|barrier|condom|fertil")
_IN_A_SETTING = Sought(
    r"(?s)\W*(?P<what>[^.;:]{5,200}?),? (?P<who>to be (?:treated|enrolled|included|entered|randomi[sz]ed) (?:in|into|on) (?:the )?(?:(?:neo-?\s?|post-?\s?)?adjuvant|pre-?\s?operative|post-?\s?operative|first[- ]line|second[- ]line|metastatic)(?: (?:setting|treatment|therapy|part|portion|arm|cohort|group|population))?)\W*"
)
"""Whom a demand binds: those who are to be treated at one point of their illness."""
_LEAD_OF_SOME = Sought(
    rf"\W*(?P<who>(?:all |any )?{_PEOPLE} with (?!any\b|one\b|either\b|the following\b)[^.;:,()]{{3,60}}|(?!all\b|any\b|the\b|these\b|eligible\b|study\b)[\w -]{{3,50}}? {_PEOPLE}) (?:must|should)(?: also)? (?:have|meet|fulfil+|satisfy)(?: all(?: of)?| each of)?(?: the)?(?: following)?(?: (?:criteria|conditions|features))?\s*:\s*"
)
"""A lead that names whom its list binds."""
_MARKER = r"(?:her-?\s?2(?:[/ ]neu)?|er|pr|pgr|hr|(?:hormone|o?estrogen|progesterone)[- ]receptors?|hormone)"
_ENTRY = Sought(
    rf"\W*(?:(?:and|or|plus|with) )?(?P<drug>(?!(?:prior|previous|previously|received|history|no|not|candidates?|indication|planned|scheduled|eligible|patients?|women|treated|tumou?rs?|disease|cancer|diagnosis|adjuvant|neo-?adjuvant)\b)[a-z][\w/-]*(?: (?!(?:must|is|are|as|was|line)\b)[\w/-]+){{0,3}}) (?:for|in|if) (?:(?:{_PEOPLE}|those) with (?:an? )?)?"
    rf"(?:{_MARKER}[ -]*(?:positive|\+|-?over-?express\w+)|positive {_MARKER})(?:[ -](?:metastatic|advanced|breast))*(?: (?:disease|cancers?|tumou?rs?|{_PEOPLE}))?\W*"
)
"""A treatment, and in which patients it is the usual one."""


def apart(view: View) -> list[View]:
    """Return a demand and what brackets in it ask of some of its patients, each by itself.

    >>> def view(written):
    ...     return View.of(written, 0, len(written))
    >>> [each.text for each in apart(view("no drug a (patients with her2-positive disease must have had b)"))]
    ['no drug a ', 'patients with her2-positive disease must have had b']
    >>> [each.text for each in apart(view("her2-negative (ihc 0 to 2+; if ihc is 2+ must be ish-negative)"))]
    ['her2-negative (ihc 0 to 2+)', 'if ihc is 2+ must be ish-negative']
    """
    text = view.text
    beside = _BESIDE.search(text)
    if beside is not None and usual_treatment(beside["said"]):
        return _cut(view, beside.span(), beside.span("said"))
    found = _IN_BRACKETS.search(text)
    if found is not None:
        return _cut(view, found.span(), found.span("said"))
    found = _IF_IN_BRACKETS.search(text)
    if found is None:
        return [view]
    whole = (found.start("mark"), found.end())
    if not found["mark"]:
        whole = (found.start() - 1, found.end() + 1)
    return _cut(view, whole, found.span("said"))


def _cut(view: View, whole: tuple[int, int], said: tuple[int, int]) -> list[View]:
    before, after = part(view, 0, whole[0]), part(view, whole[1], len(view.text))
    if not re.search(r"\w", before.text):
        return [view]
    own = before.joined(after, "") if after.text.strip(" .") or after.text.startswith(")") else before
    return [own, part(view, *said)]


def of_women(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where women and the menopause asked of them stand.

    >>> of_women("female patients must be postmenopausal") is not None
    True
    >>> of_women("women must be postmenopausal or use contraception")
    """
    found = _OF_WOMEN.fullmatch(written)
    if found is None or _ON_CONTRACEPTION.search(written):
        return None
    return found.span("when"), found.span("then")


_OF_A_SEX = Sought(
    rf"(?s)\W*(?:(?:for|in) (?:(?:all|any|adult|the) )*(?=[a-z ]*[,:])|(?:all |adult )*(?=[a-z ]*(?::| (?:must|should|need|has to|have to))))(?P<when>(?:fe)?males?|(?:wo)?m[ae]n)(?: {_PEOPLE})?(?: only)? ?(?:[:,]| (?={_MUST}\b))\s*(?P<then>\S.*)"
)
_MEASURED = frozenset({"lab_value", "qtc", "lvef", "vital_sign", "body_measure"})
_LIMIT_FIRST = re.compile(r"\W*(?:[<>≤≥]|\d|(?:less|greater|more|lower|higher|fewer|at least|at most|no more|up to)\b)")


def of_a_sex(written: str) -> tuple[tuple[int, int], tuple[int, int], str] | None:
    """Return where a sex in front of limits, and the limits, stand, and which sex it is.

    >>> of_a_sex("for women: haemoglobin at least 12 g/dl")
    ((4, 9), (11, 39), 'female')
    """
    found = _OF_A_SEX.fullmatch(written)
    if found is None:
        return None
    return found.span("when"), found.span("then"), "female" if found["when"][0] in "fw" else "male"


def is_measured(node: Node, written: str) -> bool:
    """Whether what stands behind a sex is a limit of what is measured, and nothing else."""
    kinds = {item.kind for item in leaves(node)} - {"unread"}
    return kinds <= _MEASURED and (bool(kinds) or _LIMIT_FIRST.match(written) is not None)


def in_a_setting(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where those who are to be treated at one point of their illness, and what is asked of them, stand."""
    found = _IN_A_SETTING.fullmatch(written)
    return (found.span("who"), found.span("what")) if found is not None else None


def lead_of_some(view: View) -> View | None:
    """Return the people whom a lead of a list names; None where it names none, or everybody."""
    found = _LEAD_OF_SOME.fullmatch(view.text)
    return part(view, *found.span("who")) if found is not None else None


def usual_treatment(written: str) -> bool:
    """Whether words only name a treatment and in which patients it is the usual one.

    >>> usual_treatment("trastuzumab for her2-positive disease"), usual_treatment("+ drug a in er-positive patients")
    (True, True)
    >>> usual_treatment("previous trastuzumab for her2-positive disease")
    False
    """
    return _ENTRY.fullmatch(written) is not None
