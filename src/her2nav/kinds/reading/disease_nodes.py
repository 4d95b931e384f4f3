"""What the name of a disease asks: the kind that judges its group, with what narrows it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from her2nav.kinds.reading import disease_words as words
from her2nav.kinds.reading.base import Sentence, both_ways, doubt_on, leaf
from her2nav.kinds.reading.named_diseases import NamedDisease
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node

_KIND = {
    "heart": "cardiac_history",
    "vessels": "cardiac_history",
    "lung": "lung_disease",
    "eye": "eye_disease",
    "infection": "infection",
}
_EVENTS = {
    "venous_thromboembolism": ("venous_thromboembolism",),
    "pulmonary_embolism": ("pulmonary_embolism",),
    "arterial_thromboembolism": ("arterial_thromboembolism",),
    "thromboembolism": ("venous_thromboembolism", "pulmonary_embolism", "arterial_thromboembolism"),
    "bleeding": ("bleeding",),
    "bleeding_disorder": ("bleeding_disorder",),
}
_GUT = {
    "cannot_swallow": "cannot_swallow", "malabsorption": "malabsorption", "uncontrolled_diarrhoea": "uncontrolled_diarrhoea",
    "bowel_obstruction": "obstruction", "inflammatory_bowel_disease": "inflammatory_bowel_disease", "gi_resection": "resection",
    "peptic_ulcer": "ulcer", "gi_bleeding": "bleeding", "gi_perforation": "perforation", "gastroparesis": "gastroparesis",
}  # fmt: skip
_IMMUNE = {
    "autoimmune_disease": ("autoimmune_disease",),
    "immunodeficiency": ("immunodeficiency",),
    "organ_transplant": ("organ_transplant",),
    "stem_cell_transplant": ("stem_cell_transplant",),
    "transplant": ("organ_transplant", "stem_cell_transplant"),
}
_WINDOWED = frozenset(
    {"cardiac_history", "lung_disease", "infection", "bleeding_thrombosis", "gastrointestinal", "comorbidity", "immune"}
)


_HEAVY = frozenset({"serious", "significant", "clinically significant", "clinically serious", "clinically relevant"})
"""What an infection is that needs antibiotics or is not under control."""


def any_of(nodes: list[Node]) -> Node:
    """Return the alternatives, leaves that differ only in what they look for made one."""
    merged: dict[str, tuple[Leaf, list[str]]] = {}
    rest: list[Node] = []
    for node in nodes:
        if isinstance(node, Leaf) and "any_of" in (params := node.params.model_dump(exclude_defaults=True)):
            wanted = params.pop("any_of")
            merged.setdefault(f"{node.kind} {params}", (node, []))[1].extend(wanted)
        elif node not in rest:
            rest.append(node)
    joined: list[Node] = [
        leaf(node.kind, **(node.params.model_dump(exclude_defaults=True) | {"any_of": list(dict.fromkeys(wanted))}))
        for node, wanted in merged.values()
    ]
    found = joined + rest
    return found[0] if len(found) == 1 else AnyOf(tuple(found))


def node_of(sentence: Sentence, item: NamedDisease) -> Node:
    """Return what a named disease asks; true in both readings where what narrows its list may narrow it too."""
    if (ways := _either(sentence, item)) is not None:
        return any_of([node_of(sentence, way) for way in ways])
    node = _narrowed(sentence, item, f"{item.before} {item.after}")
    if item.shared:
        node = _maybe_narrowed(
            node, _narrowed(sentence, item, f"{item.before} {item.after} {item.shared}"), item.shared
        )
    for other, doubt in item.extra:
        node = both_ways(node, other, doubt)
    if item.id == _LONG_QT and not (
        _KNOWN.search(f"{item.before} {item.name} {item.after}") or _LENGTH.search(sentence.text)
    ):
        return any_of([node, doubt_on("a QT interval that is measured too long, too")])
    return node


_LONG_QT = "long_qt_syndrome"
_KNOWN = re.compile(r"\b(?:syndrome|congenital|familial|inherited|lqts|history|known)\b")
"""Words of an illness that somebody has been told of, and not of what is measured now."""
_LENGTH = re.compile(r"\b[345]\d\d\b ?(?:ms|milli)")
"""A length in the sentence: the measured interval is read for itself."""


_NARROWING = (words.UNCONTROLLED, words.SEVERE, words.SYMPTOMATIC, words.HARD)


def _maybe_narrowed(node: Node, narrow: Node, shared: str) -> Node:
    """Return a disease that a word in front of the one before it may narrow too: "uncontrolled hypertension, arrhythmia"."""
    if node == narrow:
        return node
    if isinstance(narrow, AllOf) and narrow.parts[0] == node:
        return narrow  # a physician is asked for the word in any case
    said = dict.fromkeys(found[0] for pattern in _NARROWING for found in pattern.finditer(shared))
    doubt = doubt_on(f"it only where it is {', '.join(said)}" if said else None)
    return AnyOf((narrow, AllOf((node, doubt))))


def _either(sentence: Sentence, item: NamedDisease) -> tuple[NamedDisease, NamedDisease] | None:
    """Return the two diseases of "severe or uncontrolled hypertension": one of the words suffices."""
    found = words.EITHER.search(item.before)
    if found is not None:
        head, tail = item.before[: found.start()], item.before[found.end() :]
        return replace(item, before=f"{head}{found['one']}{tail}"), replace(
            item, before=f"{head}{found['other']}{tail}"
        )
    found = words.OR_ITSELF.search(item.before)
    known = sentence.knowledge.conditions.conditions.get(item.id)
    if found is not None and words.ITSELF.match(item.name) and (known is None or known.state is None):
        # "Active or chronic hepatitis": the name holds the second word and says no more by it.
        return replace(item, before=item.before[: found.start()]), replace(item, before=item.before[: found.end("one")])
    if found is None or known is None or known.state is None or not known.parents:
        return None
    wider = replace(item, id=known.parents[0], before=item.before[: found.end("one")])
    return replace(item, before=item.before[: found.start()]), wider


def _narrowed(sentence: Sentence, item: NamedDisease, said: str) -> Node:
    ontology = sentence.knowledge.conditions
    identifier = item.id
    ever = words.HISTORY.search(said) is not None
    if ever and words.HAD_ACTIVE.search(f"{item.before} {item.name}"):
        # "Patients who had an active infection": it is active.
        ever = False
    known = ontology.conditions.get(identifier)
    if (
        ever
        and item.days is None
        and known
        and known.group == "infection"
        and (now := _lately(item.before)) is not None
    ):
        # "Active or recent infection": of one that is over only a recent one counts.
        over = _open(leaf("comorbidity", any_of=[identifier], ever=True), ["recent"])
        return any_of([_narrowed(sentence, replace(item, before=now, after=""), now), over])
    uncontrolled = words.UNCONTROLLED.search(said) is not None
    open_words = [found[0] for found in words.HARD.finditer(said)]
    if not uncontrolled and words.CONTROLLED.search(said):
        open_words.append("under control")
    if identifier in ontology.rules.may_last and words.ACUTE_ALONE.search(f"{item.before} {item.name}"):
        open_words.append("acute")
    if item.stage:
        open_words.append(f"of {item.stage}")
    if item.hinders:
        open_words.append("such that it would hinder taking part")
    if item.days is None and known and known.course == "event" and words.RECENT.search(said):
        open_words.append("recent")
    if uncontrolled and known and (narrower := ontology.uncontrolled(identifier)) != identifier:
        identifier, uncontrolled = narrower, False
        known = ontology.conditions.get(identifier)
    kind, ids = _kind(known.group if known else "", identifier, ever=ever and not uncontrolled)
    params: dict[str, Any] = {"any_of": ids}
    stated = states_itself(sentence, identifier)
    # A class of the heart failure says how far it is felt.
    felt = item.nyha is None and words.SYMPTOMATIC.search(said)
    symptomatic = not stated and bool(felt or item.requiring)
    severe = words.SEVERE.search(said) is not None
    if kind == "infection" and words.UNRESOLVED.search(said):
        # "Active or unresolved infection": one that lasts without being active may be meant.
        node, open_words = _infection(
            sentence,
            item,
            ids,
            words.UNRESOLVED.sub(" ", said),
            [w for w in open_words if w not in words.UNRESOLVED_WORDS],
        )
        lasting = _open(leaf("comorbidity", any_of=ids, ever=True), ["unresolved"])
        return any_of([_open(node, open_words), lasting])
    if kind == "infection":
        node, open_words = _infection(sentence, item, ids, said, open_words)
        return _open(node, open_words)
    if kind in ("comorbidity", "lung_disease"):
        params["ever"] = ever
    if kind == "comorbidity" and words.ACTIVE.search(said) and not ever:
        params["active_only"] = True
    if (kind == "comorbidity" and item.grade) or (kind == "bleeding_thrombosis" and item.grade):
        params["min_grade"] = item.grade
    elif item.grade:
        open_words.append(f"grade {item.grade}")
    if kind == "lung_disease" and severe:
        params["severe_only"] = True
    elif severe:
        open_words.append("severe")
    if kind == "cardiac_history":
        params["nyha_min"] = item.nyha
        params["needs_treatment"] = uncontrolled or symptomatic
        if uncontrolled and identifier in ontology.rules.treated_for_life:
            # Treated or of class II is not uncontrolled yet.
            open_words.append("uncontrolled")
        if identifier in ontology.rules.may_rest and words.BARE_ACTIVE.search(said) and not ever:
            # "Active ischaemic heart disease": an old one may rest.
            open_words.append("active")
    elif uncontrolled or symptomatic:
        open_words.append("uncontrolled, symptomatic or treated")
    if kind == "eye_disease" and words.ACTIVE.search(said):
        open_words.append("active")
    if item.days is not None:
        if kind in _WINDOWED:
            params["within_days"] = item.days
        else:
            open_words.append("within a time")
    return _open(leaf(kind, **params), open_words)


def _lately(before: str) -> str | None:
    """Return what stands in front of a disease without "recent"; None where there is none, or other words on its past."""
    own = before.removesuffix(" history")  # which "recent" itself brought in
    rest = words.RECENT.sub(" ", own)
    return rest if rest != own and words.HISTORY.search(rest) is None else None


def states_itself(sentence: Sentence, identifier: str) -> bool:
    """Whether the name of a disease says what state it is in."""
    known = sentence.knowledge.conditions.conditions.get(identifier)
    return known is not None and known.state is not None


def _infection(
    sentence: Sentence, item: NamedDisease, ids: list[str], said: str, open_words: list[str]
) -> tuple[Node, list[str]]:
    """An infection is as active as the words ask; "systemic" and "chronic" say nothing more of it."""
    need = f"{item.requiring} "
    severity = "any_active"
    grades, grade = sentence.knowledge.conditions.rules.grades, item.grade or 0
    if words.UNCONTROLLED.search(said):
        severity = "uncontrolled"
    elif (
        any(word in need for word in ("intravenous", "iv ", "parenteral", "hospital"))
        or grade >= grades.intravenous_from
    ):
        severity = "needs_iv_treatment"
    elif item.requiring or grade > grades.untreated_up_to:
        severity = "needs_systemic_treatment"
    if " or " in need and severity == "needs_iv_treatment" and "oral" in need:
        severity = "needs_systemic_treatment"
    told = severity != "any_active"
    if words.SEVERE.search(said) and not told:
        open_words.append("severe")
    rest = [
        word
        for word in open_words
        if word not in ("systemic", "chronic", "disseminated", "acquired") and not (told and word in _HEAVY)
    ]
    agents = [item for item in ids if item != "infection"]
    return leaf("infection", severity=severity, agents=agents, within_days=item.days), rest


def _kind(group: str, identifier: str, *, ever: bool) -> tuple[str, list[str]]:
    if identifier in _EVENTS:
        return "bleeding_thrombosis", list(_EVENTS[identifier])
    if identifier in _GUT and not (
        ever and identifier in ("inflammatory_bowel_disease", "peptic_ulcer", "uncontrolled_diarrhoea")
    ):
        return "gastrointestinal", [_GUT[identifier]]
    if identifier == "cardiac_dysfunction":
        # A heart that does not work well is judged by its class too.
        return "cardiac_history", [identifier, "heart_failure"]
    if identifier in _IMMUNE:
        return "immune", list(_IMMUNE[identifier])
    if group == "infection" and ever:
        return "comorbidity", [identifier]
    return _KIND.get(group, "comorbidity"), [identifier]


def _open(node: Node, open_words: list[str]) -> Node:
    """The disease, and what must be seen beside it that no parameter holds: a physician says whether it is so."""
    if not open_words:
        return node
    return AllOf((node, leaf("judgement", topic="whether it is " + ", ".join(dict.fromkeys(open_words)))))
