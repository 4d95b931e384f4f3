"""Words beside what a criterion names that narrow it: what for, in whom, of which sort, by which definition.

The rules read the name and leave such words out. What they narrow is not certain by itself: it gets a point for a
person beside it, or stays open. The rest of the criterion stands as it was read.
"""

from __future__ import annotations

from dataclasses import replace

from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.limits_behind import limits_apart
from her2nav.criteria.logic import left_unread
from her2nav.criteria.stretches import Row, Table, mended
from her2nav.kinds.reading.base import TWO_WAYS, doubt_on, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


def opened(criterion: Criterion, plain: str) -> Criterion:
    """Return a criterion in which what other words narrow is not certain by itself.

    Args:
        criterion: As it was read.
        plain: Its plain text.
    """
    found = mended(criterion, plain, _TABLE)
    if found.role is not Role.DECIDES or found.span is None:
        return found
    if found.section == "exclusion":
        places = [(found.span[0] + one.start("what"), found.span[0] + one.end()) for one in _ADJECTIVE.finditer(plain)]
        return replace(found, node=_of_that_degree(found.node, places)) if places else found
    if _WHO_HAS.match(plain):
        return replace(found, node=left_unread(found.node))  # whoever takes the drug is asked for nothing here
    node = limits_apart(_stages_apart(found.node), plain, found.span[0])
    if _OF_A_HISTOLOGY.search(plain):
        node = _of_that_histology(node)
    return found if node == found.node else replace(found, node=node)


_WHO_HAS = Sought(
    r"\W*(?:patients?|participants?|subjects?|those) (?:(?:who )?(?:is|are) )?not (?:currently )?(?:receiving|taking|on|using) [^.;:,()]{3,80}? who (?:has|have) "
)
"""A limit of those who do not take a drug: it may bind them alone, or ask everybody to do without the drug."""
_ADJECTIVE = Sought(
    r"\b(?:significant|severe|serious|major)\s(?:(?:[\w-]+\s){0,2}[\w-]+,\s+){2,}(?:or|and)\s+(?P<what>(?:[\w-]+\s+)?[\w-]+\s+(?:diseases?|disorders?))\b"
)
"""An adjective in front of a list of illnesses, and the last of them."""


def _of_that_degree(node: Node, places: list[tuple[int, int]]) -> Node:
    """Return a list whose adjective holds for the last illness, too, where the entries between were not read."""
    match node:
        case Not(part=part):
            return Not(_of_that_degree(part, places), node.span)
        case AllOf(parts=parts):
            return AllOf(tuple(_of_that_degree(part, places) for part in parts), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(_graded(part, places) for part in parts), node.span)
    return node


def _graded(node: Node, places: list[tuple[int, int]]) -> Node:
    if not isinstance(node, Leaf):
        return _of_that_degree(node, places)
    span = node.span
    if node.kind not in ILLNESS or span is None or not any(start <= span[0] < end for start, end in places):
        return node
    return AllOf((node, leaf("judgement", topic="whether it is of the degree that the list names")), span)


_OF_A_HISTOLOGY = Sought(r"\bhistolog(?:y|ies|ic(?:al)?)\b(?: (?:sub-?)?types?)?\W*\Z")
"""At the end of a demand the sort of the cancers in front of it."""


def _of_that_histology(node: Node) -> Node:
    """Return "cancer of A or B, serous histology" as both; the sort by itself is no further cancer."""
    if not isinstance(node, AnyOf) or len(node.parts) != 2:
        return node
    cancer, sort = node.parts
    if not all(isinstance(part, Leaf) and part.kind == "tumour_type" for part in node.parts):
        return node
    named = [next(leaves(part)).params for part in (cancer, sort)]
    apart = named[0].types and not named[0].histologies and named[1].histologies and not named[1].types
    return AllOf(node.parts, node.span) if apart else node


def _stages_apart(node: Node) -> Node:
    """Return "stage II if A, or stage I if B" as both pairs: of other stages nobody is let in by a condition not met."""
    if not isinstance(node, AnyOf):
        return node
    others = [part for part in node.parts if not isinstance(part, When)]
    if not any(_names_stage(part) for part in others):
        return node
    parts = tuple(
        AllOf((part.when, part.then), part.span) if isinstance(part, When) and _names_stage(part.when) else part
        for part in node.parts
    )
    return AnyOf(parts, node.span)


def _names_stage(node: Node) -> bool:
    return not isinstance(node, Not) and any(
        item.kind == "disease_setting" and item.params.stages for item in leaves(node)
    )


def _asks_nobody(item: Leaf, _denied: bool, _said: str) -> Node:
    return left_unread(item)


def _of_another_cancer(item: Leaf, denied: bool, _said: str) -> Node:
    return (
        AllOf((item, leaf("judgement", topic="whether it was for an earlier or another cancer")), item.span)
        if denied
        else item
    )


def _as_treated(item: Leaf, denied: bool, _said: str) -> Node:
    return AllOf((item, doubt_on("the illness itself, too")), item.span) if denied else item


def _if_acute(item: Leaf, denied: bool, _said: str) -> Node:
    named = getattr(item.params, "any_of", ())
    if not denied or "heart_failure" not in named:
        return item
    return AllOf((item, leaf("judgement", topic="whether it is acute")), item.span)


def _of_some_perhaps(item: Leaf, denied: bool, _said: str) -> Node:
    return item if denied else AnyOf((item, leaf("unread", note=TWO_WAYS)), item.span)


def _of_that_time_perhaps(item: Leaf, denied: bool, _said: str) -> Node:
    if not denied or getattr(item.params, "within_days", 0) is not None:
        return item
    return AllOf((item, doubt_on("it whenever it was, too")), item.span)


def _in_that_cohort(item: Leaf, denied: bool, _said: str) -> Node:
    open_ = leaf("unread", note="whether the patient would enter this cohort is not known")
    return AllOf((item, open_), item.span) if denied else AnyOf((item, open_), item.span)


_PEOPLE = r"(?:patients?|participants?|subjects?|individuals?|children|adolescents|adults)"

_ROWS = (
    # "Prior treatment with A for any previous malignancy": for the cancer of the trial it may have been given.
    Row(
        Sought(
            r"(?P<what>\b(?:(?!\bfor\b)[^.;:]){3,160}?)\bfor (?:an? |any |some |the treatment of (?:an? |any )?)?(?:(?:previous|prior|earlier|other|another|different|unrelated|second|non-breast) )+"
            r"(?:cancers?|malignanc(?:y|ies)|tumou?rs?|neoplasms?|carcinomas?)\b"
        ),
        _of_another_cancer,
        frozenset({"prior_therapy", "procedure", "washout"}),
        "exclusion",
        begins=True,
    ),
    # "For younger participants who are below 2 years old, …" says whom the rest binds.
    Row(
        Sought(
            rf"\b(?:for|in) (?:the |all |any )?(?:(?:younger|older|p(?:a)?ediatric|adult|adolescent|elderly) )*{_PEOPLE} (?:(?:who|that) are |aged |between |of )(?P<what>[^.;:,]{{0,60}}),"
        ),
        _asks_nobody,
        frozenset({"age"}),
    ),
    # "Impaired renal function, i.e. clearance below A": the limit is what is meant.
    Row(
        Sought(
            r"(?P<what>\b(?:impaired|inadequate|abnormal|reduced|poor|decreased|insufficient) (?:renal|kidney|hepatic|liver|cardiac) functions?\b)[ ,(]*(?:i\.\s?e\.|that is|ie\b|defined (?:as|by))"
        ),
        _asks_nobody,
        ILLNESS,
        "exclusion",
    ),
    # "A carcinoma (any sort), including that of B": B is one of the cancers in front, with what is asked of these.
    Row(
        Sought(r"\b(?:carcinoma|cancer|tumou?r)s? \([^()]*\), including (?P<what>[^.;:-]{3,100})"),
        _asks_nobody,
        frozenset({"tumour_type"}),
        begins=True,
    ),
    # What is needed for one of the questions of the study, and not for taking part.
    Row(
        Sought(
            rf"(?P<what>[^.;]{{3,200}}?) (?:for|in order for) (?:an? |the )?{_PEOPLE} to be (?:evaluable|assessable|included in the analysis)\b"
        ),
        _asks_nobody,
        frozenset({"tissue_available", "measurable_disease"}),
    ),
    # What somebody is in counselling or training for.
    Row(
        Sought(
            r"\b(?:engaged|participating|enrolled|taking part|involved) in (?:an? )?[^.;:(]{0,40}\b(?:psychotherapy|behaviou?ral|counsell?ing|training|programs?|programmes?|therapy) (?:\w+ )?for (?P<what>(?:[^.;:]|\.(?=[\w,]))*)"
        ),
        _as_treated,
        ILLNESS,
        "exclusion",
        begins=True,
    ),
    Row(
        Sought(
            r"\bacute(?:ly)?(?:,? (?:or|and|and/or) (?!chronic)[\w-]+)? (?P<what>(?:(?:congestive|decompensated) )?(?:heart|cardiac) failure)\b"
        ),
        _if_acute,
        frozenset({"cardiac_history"}),
        "exclusion",
    ),
    # "(Up to 8 x ULN if A and B in the normal range)": B belongs to the looser limit.
    Row(
        Sought(
            r"\([^()]{3,80}\bif\b[^();]{3,60}?\band (?P<what>[^();]{3,80}\b(?:normal|within|≤|<|no more|less)\b[^();]*)\)"
        ),
        _of_some_perhaps,
        frozenset({"lab_value"}),
        begins=True,
    ),
    # "Abuse or dependence within a year": the time is that of both.
    Row(
        Sought(
            r"(?P<what>\b(?:abuse|misuse|use|addiction))(?: or|,| and/or) (?:dependence|dependency|addiction|misuse|abuse)\b[^.;:,]{0,20}\b(?:within|in|during|over) (?:the )?(?:\w+ ){0,2}(?:days?|weeks?|months?|years?)\b"
        ),
        _of_that_time_perhaps,
        frozenset({"comorbidity"}),
        "exclusion",
    ),
    # "A, B (or C) within 6 weeks": the time behind the bracket may be that of C.
    Row(
        Sought(r"(?P<what>[^.;:()]{3,160}?) ?\(\s*or\b[^()]{3,80}\) ?within \d+ (?:days?|weeks?|months?|years?)\b"),
        _asks_nobody,
        frozenset({"washout"}),
        None,
    ),
    # "For participants in the A cohorts, this also includes: B; C": C is of these, too.
    Row(
        Sought(
            rf"\b(?:for|in) (?:the )?{_PEOPLE} (?:(?:who are )?(?:enrolled|treated|included) )?(?:in|to) (?:the )?[^.;:,]{{1,60}}\bcohorts?,[^.:]{{3,120}}:(?P<what>(?:[^.]|\.(?=\d))*)"
        ),
        _in_that_cohort,
        section="exclusion",
        begins=True,
    ),
)
_TABLE = Table(_ROWS)
