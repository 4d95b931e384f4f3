"""Nets under the reader: demands that nobody makes, and demands of which the text itself says that they bind a part.

Whatever slipped through before, a criterion does not shut out for certain where its own words speak of a cohort that it
was not limited to, where a metastasis only counts as a lesion, or where a sex stands in a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from her2nav.criteria.illness import NEVER_DEMANDED
from her2nav.criteria.logic import left_unread, with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, children, leaves
from her2nav.model.trial import Criterion, Role

_PART = Sought(
    r"\b(?:parts?|cohorts?|arms?|strat(?:um|a)|(?<!oncology )(?<!age )(?<!study )(?<!working )groups?|phases?|designs?|sub-?protocols?|sub-?stud(?:y|ies)|modules?) ?#?(?:\d{1,2}[a-d]?|[a-h]\d?|i{1,3}[ab]?|iv)\b(?! ?[/-]? ?(?:i{1,3}[ab]?|\d[ab]?)? ?(?:clinical )?(?:study|trial)s?\b(?! (?:part|portion)))"
    r"|\b(?:dose[- ])?(?:escalation|expansion|optimi[sz]ation) (?:cohorts?|phases?|parts?|stage|arms?|portion)\b|\b(?:expansion|escalation) (?:only|stage)\b|\bcohort (?:expansion|escalation)\b|\b(?:experimental|control|intervention|comparison) (?:arm|group|cohort)\b"
)
"""A part of the trial by its number or letter, not the trial itself."""
_OF_ALL = re.compile(
    r"\b(?:all|both|each|every|any|either|regardless of)\b[^.;:()]{0,40}\b(?:parts?|cohorts?|arms?|groups?|phases?|strata|escalation|expansion)\b"
)
_NO_PART = re.compile(
    r"\b(?:group [ab] strep\w*|hepatitis|child(?:-| )?pugh|vitamin|(?:prior|previous|another|other|earlier|a|any) phase (?:[ivx]+|\d)|new york heart|arm circumference|performed as part)\b"
)
"""Words that look like one."""
_OF_ALL_PARTS = frozenset({"unread", "judgement", "pregnancy", "allergy"})
"""Kinds that a part named beside them does not limit, or of which nothing was read."""
_MAY_BIND_A_PART = "whether this sentence binds everybody is not read"
_STOP = re.compile(r"[.;](?=\s)(?<!\bi\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+|\s[*-]\s")
_FORMULA = Sought(
    r"0[.,]85|\b140 ?-|\bage\b[^.;]{0,20}\bweight\b|\bweight\b[^.;]{0,20}\bage\b|\bcockcroft|=\s*[\[(]|\bc(?:r)?cl ?=|\bc ?cr\b"
)
_NO_OTHER = re.compile(r"\W*no\b[^.;:]{0,60}\b(?:malignan\w+|cancers?|neoplas\w+|carcinomas?)\b")
"""No other cancer: of those that it excepts none is asked for."""
_OR_FAILED = Sought(
    r"\bor (?:(?:have|has|had|who|are|is) )*(?:failed|progress\w+|relapsed|refractory|intoleran\w+|declin\w+|refus\w+)\b"
)
_OTHER_CANCER = Sought(
    r"\b(?:concurrent|other|second|prior|previous|another|additional) (?:\w+ )?(?:cancers?|malignan\w+)\b"
)
_LESIONS = re.compile(
    r"\b(?:measurable|evaluable)\b[^.;]{0,120}\b(?:lesions?|metasta\w+)\b|\blesions?\b[^.;]{0,60}\b(?:measurable|evaluable)\b|\bmetasta\w+[^.;]{0,50}[<>≤≥] ?\d|\bsole (?:indicator|site)\b"
)
_LIMIT_OF = Sought(
    r"\b(?:metasta\w+|cancers?|carcinoma|tumou?rs?|disease|involvement)\b(?:[^.;:]{0,30}\b(?:patients?|participants?|subjects?))?\s*:\s*(?:<|≤|up to|no more than|less than)|\bin the (?:presence|absence) of\b[^.;]{0,60}\bmetasta"
)
"""A population in front of a looser limit: "liver metastases: up to 5 x ULN"."""
_TIMES_FOLLOW = Sought(r"\bwithin(?: the following(?: (?:time|periods?|windows?|intervals?|frames?))*)?\s*:")
"""A list of times: of a treatment read without one, none was read."""
_NOT_IN_CHECK = Sought(
    r"\b(?:inadequately|poorly|insufficiently|not (?:adequately|well)) controlled\b|\buncontrolled\b"
)
_DENIES = re.compile(
    r"\b(?:no|not|without|absence|free of|never|none|neither|nor|exclu\w+|unless|except\w*|other than)\b"
)
_CRITERIA_OF = re.compile(
    r"\W*(?:additional |specific |further )*(?:inclusion |exclusion |eligibility )*criteri(?:on|a) (?:for|of) (?:the )?[\w/+ -]{2,40}?\b(?:cohorts?|arms?|groups?|parts?|portion|patients|participants|subjects)\b"
)
"""Criteria of some, in front of what they are."""
_SAYS_WHAT = re.compile(
    r"\b(?:will be|are|is|be) (?:also )?(?:defined|considered|regarded|classified|scored) (?:as|to be)\b[^.;]{0,90}\b(?:if|when|in case)\b"
    r"|\bhowever\b[^.;]{0,160}\b(?:are|is|may be|will be) (?:also )?(?:eligible|allowed|permitted|enrolled|included)\b"
    r"|\b(?:generally|in general|usually|typically)\b[^.;]{0,40}\bshould\b"
)
"""What a word means here, whom else the trial takes, and what is usual: none of it asks for anything for certain."""
_HER2 = re.compile(r"\bher-?2\b|\berbb2\b")
_ALLOWED = re.compile(r"\b(?:allowed|permitted|acceptable)\b")
_ASKED = re.compile(
    r"\b(?:must|required|requires?|only|at least|mandatory|should|received|(?:have|has|having) had|progress\w+)\b"
)
_HAIR_EXCEPTED = Sought(r"\b(?:exception of|except(?: for)?|excluding|other than)\b[^.;)]{0,40}\balopecia\b")
_POPULATIONS = frozenset({"metastatic_site", "tumour_type"})
_SEX_ALONE = re.compile(r"\W*for (?:(?:fe)?males?|(?:wo)?men)\W*|\W*(?:(?:fe)?males?|(?:wo)?men)\s*:\W*")


def caught(criterion: Criterion, written: str) -> Criterion:
    """Return a criterion without what it cannot shut out for certain.

    Args:
        criterion: As read.
        written: Its plain words.
    """
    if criterion.role is not Role.DECIDES:
        return criterion
    node = criterion.node
    if criterion.section == "inclusion" and (_FORMULA.search(written) or _SEX_ALONE.fullmatch(written)):
        node = _left(node, frozenset({"sex"}))
    if criterion.section == "inclusion":
        node = _without_sites(node, written, criterion.span[0] if criterion.span else 0)
        if _LIMIT_OF.search(written) and any(item.kind == "lab_value" for item in leaves(node)):
            node = _without_populations(node)
        if _NO_OTHER.match(written):
            node = _left(node, frozenset({"tumour_type"}))
        if _NOT_IN_CHECK.search(written) and not _DENIES.search(_NOT_IN_CHECK.sub(" ", written)) and _of_illness(node):
            node = AnyOf(
                (node, leaf("unread", note="no trial asks for a disease that is not under control")), node.span
            )
        if _HAIR_EXCEPTED.search(written):
            node = _anywhere(node, _is_hair_loss)
        node = _without_allowed(node, written, criterion.span[0] if criterion.span else 0)
        if _OR_FAILED.search(written):
            node = _not_failed(node)
    elif _OTHER_CANCER.search(written):
        node = _doubted(node)
    if _TIMES_FOLLOW.search(written):
        node = _anywhere(node, _without_time)
    if not criterion.scope and criterion.span is not None:
        of_parts = _PART.possible(written)
        parts = [
            (criterion.span[0] + start, criterion.span[0] + end)
            for start, end in _sentences(written)
            if (of_parts and _of_a_part(written[start:end]))
            or (criterion.section == "inclusion" and _says_what(written[start:end]))
        ]
        if _CRITERIA_OF.match(written) and _OF_ALL.search(written) is None:
            parts = [criterion.span]
        node = _opened(node, parts) if parts else node
    return criterion if node is criterion.node else replace(criterion, node=node)


def _sentences(written: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _STOP.finditer(written):
        yield at, found.start()
        at = found.end()
    yield at, len(written)


def _says_what(written: str) -> bool:
    """Whether a sentence only tells; what counts as HER2-positive is what a trial on HER2 asks for."""
    return _SAYS_WHAT.search(written) is not None and _HER2.search(written) is None


def _of_a_part(written: str) -> bool:
    """Whether words name a part of the trial and do not speak of all its parts."""
    found = _PART.expression.search(written)
    return found is not None and _OF_ALL.search(written) is None and _NO_PART.search(written) is None


def _opened(node: Node, parts: Sequence[tuple[int, int]]) -> Node:
    """Return a demand that whoever does not meet it may still escape: what these sentences ask may bind some alone."""
    if isinstance(node, AllOf):
        return AllOf(tuple(_opened(part, parts) for part in node.parts), node.span)
    told = [item.span for item in leaves(node) if item.span is not None and item.kind not in _OF_ALL_PARTS]
    if not _shuts(node) or not any(start <= span[0] < end for span in told for start, end in parts):
        return node
    if isinstance(node, AnyOf) and any(_says_nothing(item) for item in leaves(node)):
        return node  # the part stands among the alternatives
    return AnyOf((node, leaf("unread", note=_MAY_BIND_A_PART)), node.span)


def _says_nothing(node: Leaf) -> bool:
    return node.kind in ("unread", "judgement")


def _shuts(node: Node, *, denied: bool = False) -> bool:
    """Whether what was read can make a demand false (true, where it is denied), whatever the rest means."""
    match node:
        case Leaf():
            return not _says_nothing(node)
        case Not(part=part):
            return _shuts(part, denied=not denied)
        case When(when=when, then=then):
            known = (_shuts(when, denied=True), _shuts(then))
            return all(known) if not denied else _shuts(when) or _shuts(then, denied=True)
    parts = [_shuts(part, denied=denied) for part in children(node)]
    return any(parts) if isinstance(node, AllOf) is not denied else all(parts)


def _without_sites(node: Node, written: str, at: int) -> Node:
    """Return a demand without metastases that only count as lesions, or of which a limit is set.

    Args:
        node: The demand.
        written: Its plain words.
        at: Where they begin in the text.
    """
    sites = [item for item in leaves(node) if item.kind == "metastatic_site" and item.span is not None]
    found = _LESIONS.search(written) if sites else None
    if found is None or any(item.span is not None and item.span[1] - at <= found.start() for item in sites):
        return node
    return _left(node, frozenset({"metastatic_site"}))


def _left(node: Node, kinds: frozenset[str]) -> Node:
    """Return a demand with what it asks for of some kinds unread."""
    match node:
        case Leaf(kind=kind) if kind in kinds:
            return left_unread(node)
        case AllOf(parts=parts):
            return AllOf(tuple(_left(part, kinds) for part in parts), node.span)
    return node


def _of_illness(node: Node) -> bool:
    return {item.kind for item in leaves(node)} <= NEVER_DEMANDED | {"vital_sign", "judgement", "unread"}


def _is_hair_loss(item: Leaf) -> bool:
    return item.kind == "comorbidity" and getattr(item.params, "any_of", ()) == ("alopecia",)


def _without_allowed(node: Node, written: str, at: int) -> Node:
    """Return a demand without treatments that its sentence only allows.

    Args:
        node: The demand.
        written: Its plain words.
        at: Where they begin in the text.
    """
    allowed = [
        (at + start, at + end)
        for start, end in _sentences(written)
        if _ALLOWED.search(written, start, end) and not _ASKED.search(written, start, end)
    ]
    if not allowed:
        return node

    def is_allowed(item: Leaf) -> bool:
        span = item.span
        of_treatment = item.kind in ("prior_therapy", "procedure")
        return of_treatment and span is not None and any(start <= span[0] < end for start, end in allowed)

    match node:
        case Leaf() if is_allowed(node):
            return left_unread(node)
        case AllOf(parts=parts):
            return AllOf(
                tuple(left_unread(part) if isinstance(part, Leaf) and is_allowed(part) else part for part in parts),
                node.span,
            )
    return node


def _anywhere(node: Node, doubtful: Callable[[Leaf], bool]) -> Node:
    """Return a node with doubtful leaves unread, wherever they stand; the same object where there is none."""
    if not any(doubtful(item) for item in leaves(node)):
        return node
    return with_leaves(node, lambda item, _: left_unread(item) if doubtful(item) else item)


def _without_populations(node: Node) -> Node:
    """Return a demand that asks nobody for a site or a cancer that stands alone; beside its limit it stays."""
    match node:
        case Leaf(kind="metastatic_site" | "tumour_type"):
            return left_unread(node)
        case AllOf(parts=parts):
            return AllOf(tuple(map(_without_populations, parts)), node.span)
        case AnyOf(parts=parts):
            return AnyOf(
                tuple(
                    part if isinstance(part, AllOf) and _tells(part) else _without_populations(part) for part in parts
                ),
                node.span,
            )
        case When(when=Leaf() as when, then=Leaf() as then) if _begins(then) < _begins(when):
            # "Up to 1.5 x ULN; patients with liver metastases: up to 3 x ULN": the first limit is that of the others.
            return AnyOf(
                (then, AllOf((when, leaf("unread", note="the limit for these patients is not read")))), node.span
            )
        case When(when=when, then=then):
            return When(when, _without_populations(then), node.span)
    return node


def _begins(node: Leaf) -> int:
    return node.span[0] if node.span is not None else 0


def _tells(node: AllOf) -> bool:
    """Whether a site, or one of several conditions, stands beside its own limit: "liver metastases and AST up to 5"."""
    conditions = [part for part in node.parts if isinstance(part, Leaf | AnyOf)]
    return any(isinstance(item, Leaf) and item.kind in _POPULATIONS for one in conditions for item in _direct(one))


def _direct(node: Node) -> Sequence[Node]:
    return node.parts if isinstance(node, AnyOf) else (node,)


def _without_time(item: Leaf) -> bool:
    """Whether a treatment counts at any time."""
    if item.kind not in ("prior_therapy", "procedure"):
        return False
    return not any(
        getattr(item.params, name, None) for name in ("within_days", "ended_within_days", "ended_before_days")
    )


def _not_failed(node: Node) -> Node:
    """Return a demand that "no" does not turn behind an "or": "no therapy exists, or has failed it"."""
    match node:
        case Not(part=AnyOf(parts=parts)):
            kept = tuple(left_unread(part) if _is_failure(part) else part for part in parts)
            return Not(AnyOf(kept, node.part.span), node.span)
        case AllOf(parts=parts):
            return AllOf(tuple(map(_not_failed, parts)), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(_not_failed, parts)), node.span)
    return node


def _is_failure(node: Node) -> bool:
    return isinstance(node, Leaf) and (
        node.kind == "disease_progression" or getattr(node.params, "outcome", None) not in (None, "any")
    )


def _doubted(node: Node) -> Node:
    """Return an exclusion in which a wait may be that of another cancer's treatment: it stays a question."""
    match node:
        case Leaf(kind="washout") | Not(part=Leaf(kind="procedure")):
            return AnyOf((node, leaf("unread", note="which cancer's treatment is meant is not read")))
        case AllOf(parts=parts):
            return AllOf(tuple(map(_doubted, parts)), node.span)
    return node
