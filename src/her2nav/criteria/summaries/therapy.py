"""Treatment before: lines, drugs asked for and excluded, washout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.criteria.let_through import LET_THROUGH
from her2nav.criteria.summaries.history import of_kind
from her2nav.kinds.reading.base import is_doubt
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not
from her2nav.model.tree import leaves as tree_leaves

_METASTATIC = "any_systemic_for_metastatic"
_CHEMOTHERAPY_FOR_METASTATIC = "chemotherapy_for_metastatic"
_LINE_CLASSES = ("chemotherapy", "anti_her2", "endocrine")
_WASHOUT_KEYS = {
    "chemotherapy": "chemotherapy", "antibody": "antibody", "monoclonal_antibody": "antibody", "anti_her2": "anti_her2",
    "anti_her2_antibody": "anti_her2", "antibody_drug_conjugate": "adc", "small_molecule": "small_molecule", "tyrosine_kinase_inhibitor": "small_molecule",
    "targeted_therapy": "small_molecule", "endocrine": "endocrine", "immunotherapy": "immunotherapy", "immune_checkpoint_inhibitor": "immunotherapy",
    "systemic_therapy": "any_systemic", "investigational_agent": "investigational",
}  # fmt: skip
"""Names of the attribute contract for the classes that texts name."""
_SORTS = (
    "antibody_drug_conjugate",
    "anti_her2",
    "endocrine",
    "immune_checkpoint_inhibitor",
    "small_molecule",
    "antibody",
)
"""Classes of which a window for a member alone is told, the closest first."""
_NO_TREATMENT = frozenset({"investigational_agent"})
"""What is told of by its washout, and names no treatment that somebody had."""
_CHECKPOINT = frozenset({"anti_pd1", "anti_pdl1", "anti_pd1_pdl1", "anti_pdl2", "anti_ctla4"})
"""Classes that say together: an immune checkpoint inhibitor of any sort."""
_ANY_CHECKPOINT = "immune_checkpoint_inhibitor"
_OF_TREATMENT = frozenset(
    {
        "prior_therapy",
        "lines_of_therapy",
        "concomitant_medication",
        "procedure",
        "judgement",
        "unread",
        "tumour_type",
        "her2_status",
        "hormone_receptor",
        "disease_setting",
    }
)
"""What may stand beside a treatment that is excluded without narrowing it to an illness."""
_BROAD = frozenset(
    {"chemotherapy", "endocrine", "immunotherapy", "antibody", "targeted_therapy", "investigational_agent"}
)
_MOST_OF_THEM = 3
"""So many of the broad classes excluded for advanced disease are any systemic therapy for it."""
_WEEKS = 84
"""Times up to so many days are written in weeks, longer ones in months."""


@summary("prior_lines")
def prior_lines(leaves: list[Seen], out: Attributes) -> None:
    """The loosest bounds of every cohort; lines of any systemic therapy before those of one class."""
    naive = [
        item
        for item in of_kind(leaves, "prior_therapy")
        if not (item.wanted or item.guarded or item.narrowed)
        and _any_therapy(item)
        and not any(map(is_doubt, item.denied_beside))
    ]
    told = [item for item in leaves if item.leaf.kind == "lines_of_therapy"]
    rows = [item for item in told if not (item.guarded or _of_one_cancer(item))]
    if rows and all(item.scope for item in rows) and _scopes(leaves) - _scopes([*told, *naive]):
        # Some cohorts count lines and others do not: the loosest is no bound.
        return
    if not rows and not naive:
        if any(map(_no_chemotherapy, _excluded(leaves))):
            out["prior_lines"] = {"max": 0, "of": "chemotherapy", "setting": "metastatic"}
        return
    general = [item for item in rows if not item.params.of] or rows
    if not rows or (naive and not general):
        setting = naive[0].params.settings
        out["prior_lines"] = {"max": 0, "of": "any"} | ({"setting": "metastatic"} if "metastatic" in setting else {})
        return
    each = [[_least(item) for item in general if scope in item.scope] for scope in sorted(_scopes(general))]
    free = any(all(value is None for value in values) for values in each)
    lows = [_least(item) for item in general if _everywhere(item.criterion.node)]
    least = None if free else _bound(lows, min)
    if least is None and general is not rows:
        # "At least one chemotherapy" and "no more than two lines": there was a line.
        asked = [item for item in rows if not (item.alternative or item.scope) and item.params.of and _least(item)]
        least = 1 if asked else None
    most = _greatest([item for item in general if _everywhere(item.criterion.node, but_open=True)])
    params = general[0].params
    classes = [one for one in params.of if one in _LINE_CLASSES]
    entry: dict[str, Any] = {}
    if least is not None:
        entry["min"] = least
    if most is not None:
        entry["max"] = most
    if not entry:
        return
    entry["of"] = classes[0] if classes else "any"
    if params.setting == "metastatic":
        entry["setting"] = "metastatic"
    out["prior_lines"] = entry


def _said(item: Seen) -> tuple[str, str]:
    """What a leaf says, by its criterion."""
    return item.criterion.id, repr(item.params)


def _of_some(item: Seen, rows: Iterable[Seen]) -> bool:
    """Whether a leaf binds some of the parts of a trial only."""
    everywhere = _scopes(rows)
    return bool(item.scope) and not (len(everywhere) > 1 and everywhere == set(item.scope))


def _scopes(rows: Iterable[Seen]) -> set[str]:
    return {scope for item in rows for scope in item.scope}


def _of_one_cancer(item: Seen) -> bool:
    """Whether a number of lines stands in an alternative for one cancer of several."""
    return item.alternative and any(other.kind == "tumour_type" for other in item.beside)


def _everywhere(node: Node, *, but_open: bool = False) -> bool:
    """Whether each of the alternatives counts lines, those apart that stand under one reading only.

    Args:
        node: Of a criterion.
        but_open: Alternatives of which nothing was read need not.
    """
    match node:
        case Leaf(kind=kind):
            return kind == "lines_of_therapy"
        case AllOf(parts=parts):
            return any(_everywhere(part, but_open=but_open) for part in parts)
        case AnyOf(parts=parts):
            return all(
                _everywhere(part, but_open=but_open)
                for part in parts
                if not any(map(is_doubt, tree_leaves(part))) and not (but_open and _says_nothing(part))
            )
        case Not(part=part):
            return any(item.kind == "lines_of_therapy" for item in tree_leaves(part))
    return False


def _says_nothing(node: Node) -> bool:
    return all(item.kind in ("unread", "judgement") for item in tree_leaves(node))


def _any_systemic(item: Seen) -> bool:
    """Whether treatment of any sort is meant: none is named, or for advanced disease most sorts are."""
    params = item.params
    named = frozenset(params.drugs)
    return not named or (params.settings == ("metastatic",) and len(named & _BROAD) >= _MOST_OF_THEM)


def _any_therapy(item: Seen) -> bool:
    params = item.params
    return (
        _any_systemic(item)
        and not (
            params.except_drugs
            or params.ended_within_days
            or params.progressed_within_months
            or params.outcome != "any"
        )
        and (not params.settings or "metastatic" in params.settings)
    )


def _least(item: Seen) -> int | None:
    value: int | None = item.params.min if item.wanted else None if item.params.max is None else item.params.max + 1
    return value


def _most(item: Seen) -> int | None:
    value: int | None = item.params.max if item.wanted else None if item.params.min is None else item.params.min - 1
    return value


def _greatest(rows: list[Seen]) -> int | None:
    """The loosest cap: one stated alone binds everybody; of ranges one without an end leaves none."""
    caps = [_most(item) for item in rows if _least(item) is None]
    if caps:
        return _bound(caps, max)
    ends = [_most(item) for item in rows]
    return None if None in ends else _bound(ends, max)


def _bound(values: Iterable[int | None], loosest: Any) -> int | None:
    known = [value for value in values if value is not None]
    return loosest(known) if known else None


@summary("prior_required")
def prior_required(leaves: list[Seen], out: Attributes) -> None:
    """Drugs that every cohort asks for."""
    plain = [item for item in leaves if item.wanted and not (item.guarded or item.permitted)]
    asked = [(item, _asked(item)) for item in plain if not item.alternative]
    for item in plain:
        if item.alternative and item.leaf.kind in _TREATED:
            each = _in_each(item.criterion.node)
            asked += [(item, [name]) for name in _named(item.leaf) if name in each]
    lines = [item for item in of_kind(leaves, "lines_of_therapy") if (_least(item) or 0) > 0 and not item.guarded]
    asked += [(item, list(item.params.of)) for item in lines if not item.alternative and len(item.params.of) == 1]
    names = _of_every_part(asked, leaves)
    of_any = [item for item in lines if not (item.params.of or item.scope) and item.params.setting == "metastatic"]
    if not names and of_any:
        names.append(_METASTATIC)
    if names:
        out["prior_required"] = names


def _asked(item: Seen) -> list[str]:
    """Return what a leaf that binds everybody asks for; lines are told of by themselves."""
    if item.leaf.kind == "prior_therapy" and item.params.ended_before_days is None:
        return list(_named(item.leaf))
    if item.leaf.kind == "disease_progression" and item.params.therapy is not None:
        return list(item.params.therapy.drugs)
    return []


def _of_every_part(named: Sequence[tuple[Seen, Sequence[str]]], leaves: list[Seen]) -> list[str]:
    """Return the names that stand in every part of a trial, or outside of its parts."""
    parts = _scopes(leaves)
    where: dict[str, set[str]] = {}
    for item, names in named:
        for name in names:
            where.setdefault(name, set()).update(item.scope or (_OF_ALL,))
    return [name for name, told in where.items() if _OF_ALL in told or (len(parts) > 1 and parts <= told)]


_OF_ALL = ""
_TREATED = frozenset({"prior_therapy", "lines_of_therapy"})
"""Kinds that ask for a treatment in one alternative of several."""


def _named(item: Leaf) -> tuple[str, ...]:
    params = cast(Any, item.params)
    if item.kind == "lines_of_therapy":
        return tuple(params.of) if len(params.of) == 1 and (params.min or 0) > 0 else ()
    return (*params.drugs, *params.together_with) if item.kind == "prior_therapy" else ()


def _lets_through(item: Leaf) -> bool:
    return is_doubt(item) and str(getattr(item.params, "topic", "")).endswith(LET_THROUGH)


def _in_each(node: Node) -> frozenset[str]:
    """Return the treatments that each alternative asks for; who is let through by what else the text allows is left out."""
    match node:
        case Leaf():
            return frozenset(_named(node))
        case AllOf(parts=parts):
            return frozenset().union(*map(_in_each, parts))
        case AnyOf(parts=parts):
            sure = [part for part in parts if not any(map(_lets_through, tree_leaves(part)))]
            return frozenset.intersection(*map(_in_each, sure)) if sure else frozenset()
    return frozenset()


def _excluded(leaves: list[Seen]) -> list[Seen]:
    """Return what every cohort excludes whatever else is said of the treatment."""
    # Of two readings one may narrow what the other does not.
    narrowed = {_said(item) for item in of_kind(leaves, "prior_therapy") if item.narrowed}
    return [
        item
        for item in of_kind(leaves, "prior_therapy")
        if not (
            item.wanted
            or item.guarded
            or _of_some(item, leaves)
            or item.narrowed
            or _said(item) in narrowed
            or any(other.kind not in _OF_TREATMENT for other in item.denied_beside)
            or item.params.progressed_within_months is not None
            or item.params.outcome != "any"
        )
    ]


def _no_chemotherapy(item: Seen) -> bool:
    """Whether chemotherapy for advanced disease is excluded, and not that before or after an operation."""
    params = item.params
    return params.drugs == ("chemotherapy",) and params.settings == ("metastatic",) and not params.ended_within_days


@summary("prior_excluded")
def prior_excluded(leaves: list[Seen], out: Attributes) -> None:
    """Drugs that every cohort excludes."""
    names: list[str] = []
    for item in _excluded(leaves):
        params = item.params
        if _any_systemic(item) and "metastatic" in params.settings:
            names.append(_METASTATIC)
        elif _no_chemotherapy(item):
            names.append(_CHEMOTHERAPY_FOR_METASTATIC)
        else:
            names += [one for one in params.drugs if one not in _NO_TREATMENT]
    for item in of_kind(leaves, "lines_of_therapy"):
        most = _most(item)
        if (
            most == 0
            and not item.alternative
            and item.params.setting == "metastatic"
            and not item.params.of
            and not item.scope
        ):
            names.append(_METASTATIC)
    if len(_CHECKPOINT & {*names}) > 1 or _ANY_CHECKPOINT in names:
        names = [_ANY_CHECKPOINT if one in _CHECKPOINT else one for one in names]
    if names:
        out["prior_excluded"] = list(dict.fromkeys(names))


@summary("washout_days")
def washout_days(leaves: list[Seen], out: Attributes) -> None:
    """The loosest window of each sort of treatment."""
    found: dict[str, list[int]] = {}
    closer: dict[str, list[int]] = {}
    for item in leaves:
        if item.leaf.kind == "washout" and item.wanted and item.params.days is not None:
            if item.params.settings:
                continue
            for name in item.params.drugs or ("systemic_therapy", *_sorts_named(item)):
                key = _WASHOUT_KEYS.get(name)
                if key is not None:
                    found.setdefault(key, []).append(_rounded(item.params.days))
                elif not (item.guarded or item.scope or item.params.days > _WEEKS) and (sort := _sort_of(name)):
                    closer.setdefault(sort, []).append(_rounded(item.params.days))
        elif item.leaf.kind == "procedure" and not item.wanted and item.params.within_days is not None:
            for kind in item.params.kinds:
                if kind in ("surgery", "radiotherapy") and item.params.major is not False and not item.params.sites:
                    found.setdefault(kind, []).append(_rounded(item.params.within_days))
    for key, days in closer.items():
        found.setdefault(key, days)
    if found:
        out["washout_days"] = {key: _common(days) for key, days in found.items()}


_TIME_BEGINS = re.compile(r"\b(?:within|less than|in the (?:last|past|previous))\b|[<≤]", re.IGNORECASE)
_SORT_NAMES = {
    "chemotherapy": re.compile(r"\b(?:chemotherap(?:y|ies)|cytotoxic)\b", re.IGNORECASE),
    "immunotherapy": re.compile(r"\bimmuno-?therap(?:y|ies)\b", re.IGNORECASE),
    "endocrine": re.compile(r"\b(?:hormon(?:e|al)|endocrine)\b", re.IGNORECASE),
    "antibody": re.compile(r"\b(?:antibod(?:y|ies)|biologic(?:al)?s?)\b", re.IGNORECASE),
    "small_molecule": re.compile(r"\b(?:small[- ]molecules?|targeted (?:therap(?:y|ies)|agents?|drugs?))\b", re.IGNORECASE),
    "investigational_agent": re.compile(r"\b(?:investigational|experimental)\b", re.IGNORECASE),
}  # fmt: skip
_LET_OUT = re.compile(r"\b(?:except|other than|excluding|unless|not|non)\b", re.IGNORECASE)


def _sorts_named(item: Seen) -> list[str]:
    """Return what is named beside treatment of any sort: "chemotherapy or another anticancer therapy within 2 weeks"."""
    whole, part = item.criterion.span, item.leaf.span
    if whole is None or part is None or item.params.except_drugs:
        return []
    text = item.criterion.text[part[0] - whole[0] : part[1] - whole[0]]
    time = _TIME_BEGINS.search(text)
    if time is None or _LET_OUT.search(text):
        return []
    return [name for name, word in _SORT_NAMES.items() if word.search(text, 0, time.start())]


def _sort_of(name: str) -> str | None:
    """Return the sort of treatment that a drug or a narrower class belongs to; of chemotherapy one drug tells nothing."""
    ontology = load_knowledge().drugs
    wider = (
        ontology.possible_terms_of(name) if name in ontology.drugs else ontology.class_closure.get(name, frozenset())
    )
    return next((_WASHOUT_KEYS[one] for one in _SORTS if one in wider), None)


def _common(days: list[int]) -> int:
    return days[0]


def _rounded(days: int) -> int:
    """Days as the text wrote them: "more than 28 days" is kept as 29, "at least 28 days" for a procedure as 27."""
    for written in (days, days - 1, days + 1):
        if written % 30 == 0 or (written % 7 == 0 and written <= _WEEKS) or written % 365 == 0:
            return written
    return days
