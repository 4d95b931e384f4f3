"""What a statement about treatment becomes: leaves of prior therapy, washout, procedures and medicines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

from her2nav.kinds.reading.base import Sentence, both_ways, leaf
from her2nav.kinds.reading.treatment_names import (
    Treatment,
    medicine_classes,
    parameters,
    treatment_of,
    within,
)
from her2nav.kinds.reading.treatment_narrowing import narrowed
from her2nav.kinds.reading.treatment_said import Group, Said
from her2nav.kinds.reading.treatment_timed import relapsed, timed
from her2nav.kinds.reading.treatment_times import Window
from her2nav.kinds.reading.treatment_words import Setting
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_STEROIDS = frozenset({"corticosteroid", "systemic_corticosteroid"})
_ELSEWHERE = frozenset(
    {
        "topical",
        "inhaled",
        "intranasal",
        "intra-articular",
        "ocular",
        "intrathecal",
        "local",
    }
)
"""Ways to give a steroid that leave the rest of the body out."""
_BREAST_SURGERY = ("mastectomy", "breast_conserving")
_TRIAL_DRUG = ("investigational_agent",)
_SETTINGS: tuple[Setting, ...] = get_args(Setting)


def node_of(said: Said, sentence: Sentence) -> Node | None:
    """Return the positive proposition; None where the statement does not add up to one."""
    alternatives = said.denied or sentence.section == "exclusion"
    bound = [group.window is not None for group in said.groups if not group.ever]
    if any(bound) and not all(bound):
        return None  # a time may be meant for all of them
    parts: list[Node] = []
    joints: list[str] = []
    for group in said.groups:
        node = _group(group, said, sentence, alternatives)
        if node is None:
            return None
        if parts:
            joints.append(group.joint)
        parts.append(node)
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    elapsed = said.elapsed
    if alternatives and not elapsed:
        return AnyOf(tuple(parts))
    if elapsed or set(joints) <= {"and", "comma", ""}:
        return AllOf(tuple(parts))
    return AnyOf(tuple(parts)) if set(joints) <= {"or", "comma", ""} else None


def _group(group: Group, said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    """Read what vocabularies name; of other names a person says whether they were given."""
    items = _with_examples(group, sentence.knowledge)
    if group.window is not None:
        # "Recent surgery within 4 weeks": the time says how recent.
        items = [
            item.model_copy(update={"narrow": tuple(one for one in item.narrow if one != "recent")}) for item in items
        ]
    sorts = dict.fromkeys((item.unknown != "", item.narrow) for item in items)
    if not sorts or [*sorts] == [(False, ())]:
        return _named(group, items, said, sentence, alternatives)
    elapsed = group.window is not None and group.window.elapsed
    if elapsed and alternatives:
        return None
    if any(_ELSEWHERE & {*item.narrow} and _STEROIDS & {*item.drugs} for item in items):
        return None  # the class asked for holds what works in the whole body
    nodes: list[Node] = []
    for unknown, narrow in sorts:
        alike = [item for item in items if (item.unknown != "", item.narrow) == (unknown, narrow)]
        node = (
            _asked(group, alike, said, elapsed=elapsed)
            if unknown
            else _named(group, alike, said, sentence, alternatives)
        )
        if node is None:
            return None
        nodes.append(node if unknown else narrowed(node, narrow, elapsed=elapsed))
    if len(nodes) == 1:
        return nodes[0]
    explicit = {joint for joint in group.joints if joint in ("and", "or")}
    if not elapsed and (alternatives or explicit == {"or"}):
        return AnyOf(tuple(nodes))
    return AllOf(tuple(nodes)) if elapsed or explicit == {"and"} else None


def _asked(group: Group, items: list[Treatment], said: Said, *, elapsed: bool) -> Node | None:
    """Whether a treatment was given that no vocabulary holds."""
    if not (said.prior or said.exposed or said.used or said.current or said.planned or said.outcome or group.window):
        return None
    names = (item.unknown + (f" ({', '.join(item.narrow)})" if item.narrow else "") for item in items)
    asked = leaf("judgement", topic="treatment with " + ", ".join(dict.fromkeys(names)))
    return Not(asked) if elapsed else asked


_LISTED = re.compile(
    r"\b(?:therap(?:y|ies)|treatments?|agents?|drugs?) ?\((?!\W*(?:e\.?g|for example|such as|includ|other|any|except|excluding))(?P<inside>[^()]*)\)"
)
"""Names in brackets that say which treatments are meant, and give no mere examples of them."""


def _members(sentence: Sentence) -> list[str]:
    """Return what "anticancer therapy (chemotherapy, immunotherapy)" means: the names, where they are said in full."""
    found = _LISTED.search(sentence.text)
    hits = sentence.between(*found.span("inside")) if found is not None else []
    named = [treatment_of(hit, sentence) for hit in hits]
    drugs = [drug for one in named if one is not None for drug in medicine_classes(one.drugs)]
    every = len(drugs) > 1 and all(one is not None and one.drugs for one in named)
    return list(dict.fromkeys(drugs)) if every else ["other_anticancer_therapy"]


def _named(
    group: Group,
    items: list[Treatment],
    said: Said,
    sentence: Sentence,
    alternatives: bool,
) -> Node | None:
    told = said.prior or said.exposed or bool(said.outcome)
    if said.planned:
        return _ahead(group, items, told)
    if group.generic and not items and said.current and not told and group.window is None:
        disease = group.disease and group.noun and not group.settings
        return leaf("concomitant_medication", any_of=_members(sentence)) if disease else None
    if group.generic and not items:
        return _generic(group, said)
    if group.window is not None:
        if group.window.elapsed and (sentence.section == "exclusion" or said.denied):
            return None  # "no X for at least 10 days" and "X at least 10 days before", excluded, are not safe to read
        dated = timed(group, items, said, sentence, alternatives)
        if dated is not None and said.chronic and not group.window.elapsed:
            return AllOf((dated, leaf("judgement", topic="whether it is " + said.chronic)))
        return dated
    if said.current and not said.prior:
        node = _taken(items, group, sentence)
        if node is not None and said.chronic:
            return AllOf((node, leaf("judgement", topic="whether it is " + said.chronic)))
        return node
    if not told or any(item.medicine for item in items):
        taken = (told or said.used) and not said.outcome and all(item.medicine for item in items) and not said.prior
        if taken:
            return _taken(items, group, sentence)
        if told or not said.used or said.outcome or sentence.section != "exclusion":
            return None
        # "Treatment with A": now, or ever.
        if all(item.medicine or item.drugs == _TRIAL_DRUG for item in items):
            return _taken(items, group, sentence)
        now, ever = (
            _taken(items, group, sentence),
            _given(group, items, said, sentence, alternatives),
        )
        return both_ways(now, ever, "it when given at any time, too") if now is not None and ever is not None else None
    return _given(group, items, said, sentence, alternatives)


def _ahead(group: Group, items: list[Treatment], told: bool) -> Node | None:
    """Therapy that is planned."""
    if told or group.window or group.settings or not items or any(item.medicine for item in items):
        return None
    if all(item.procedure for item in items):
        names = (("major " if ("major", True) in item.params else "") + str(item.procedure) for item in items)
        return leaf("judgement", topic="planned: " + ", ".join(dict.fromkeys(names)))
    if any(item.procedure for item in items):
        return None
    if any(not item.drugs for item in items):
        return leaf("planned_therapy")
    return leaf(
        "planned_therapy",
        drugs=tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together))),
    )


def _generic(group: Group, said: Said) -> Node | None:
    """Therapy with nothing named: read where it is told for which setting or disease, or that it failed."""
    if group.window is not None:
        return _generic_at_time(group, group.window, said)
    if said.outcome:
        if not group.noun or said.outcome != "progression":
            return None
        last = leaf(
            "disease_progression",
            after="last_therapy" if said.latest else "any_therapy",
        )
        if not group.settings:
            return last
        failed = leaf("prior_therapy", settings=group.settings, outcome="progression")
        return AllOf((last, failed)) if said.latest else failed
    if not (said.prior or said.exposed):
        return None
    if group.settings:
        return leaf("prior_therapy", settings=group.settings)
    if not group.disease or not group.noun:
        return None
    systemic = leaf("prior_therapy")
    return both_ways(
        systemic,
        AnyOf((systemic, leaf("procedure", kinds=("surgery", "radiotherapy")))),
        "operations and radiotherapy, too",
    )


def _generic_at_time(group: Group, window: Window, said: Said) -> Node | None:
    """Read 'At least 3 weeks since prior therapy for the cancer': drugs and radiotherapy; operations are not told."""
    if said.outcome and group.settings and "metastatic" not in group.settings and not said.latest:
        return relapsed(group, [], said, window)
    told = group.disease and group.noun and said.prior and not said.outcome and not group.settings
    if not told or not window.elapsed or said.denied or window.days is None or window.half_lives is not None:
        return None
    days = window.days + 1 if window.strict else window.days
    kept = leaf("washout", days=days, anchor=window.anchor)
    return AllOf(
        (
            kept,
            Not(leaf("procedure", kinds="radiotherapy", within_days=max(days - 1, 0))),
        )
    )


def _with_examples(group: Group, knowledge: Knowledge) -> list[Treatment]:
    """The items, with what brackets add beyond examples of a class: procedures, and drugs of other classes."""
    items = list(group.items)
    if items and all(item.drugs == _TRIAL_DRUG for item in items):
        # "Another trial, including hormonal therapy": what is tried there, not what others take.
        return items
    for example in group.examples:
        if example.procedure is not None:
            if example not in items:
                items.append(example)
                group.joints.append("comma")
        elif not any(within(example.drugs, item.drugs, knowledge) for item in items if item.procedure is None):
            items.append(example)
            group.joints.append("or")
    return items


def _taken(items: list[Treatment], group: Group, sentence: Sentence) -> Node | None:
    """Medicines taken now; of radiotherapy beside them a person judges whether it goes on."""
    others = [item for item in items if item.procedure]
    items = [item for item in items if not item.procedure]
    if group.settings == ("metastatic",) and items and not others and all(item.drugs == _TRIAL_DRUG for item in items):
        # "Receiving other investigational agents for advanced cancer": what those taken are for, a person says.
        taken = _taken(items, replace(group, settings=()), sentence)
        return AllOf((taken, leaf("judgement", topic="whether it is for advanced disease"))) if taken else None
    if group.settings or group.except_drugs:
        return None
    if others and not items:
        return _goes_on(others)
    if not items:
        return None
    names = tuple(dict.fromkeys(drug for item in items for drug in medicine_classes(item.drugs) or _members(sentence)))
    dose = next((dict(item.params) for item in items if item.params), {})
    if dose and len(items) > 1:
        if not set(group.joints) <= {"or", "comma"} or others:
            return None
        single = [_taken([item], group, sentence) for item in items]
        return AnyOf(tuple(node for node in single if node is not None)) if None not in single else None
    beside = [one for item in items for one in item.together]
    if beside and len(items) > 1:
        return None
    node: Node = leaf("concomitant_medication", any_of=names, **dose)
    if beside:
        node = AllOf((node, *(leaf("concomitant_medication", any_of=one) for one in beside)))
    return AnyOf((node, _goes_on(others))) if others else node


def _goes_on(items: list[Treatment]) -> Node:
    """A procedure that goes on: no record says so, a person does."""
    return leaf(
        "judgement",
        topic="at the same time: " + ", ".join(dict.fromkeys(str(item.procedure) for item in items)),
    )


def _given(
    group: Group,
    items: list[Treatment],
    said: Said,
    sentence: Sentence,
    alternatives: bool,
) -> Node | None:
    """Treatments given at any time."""
    nodes: list[Node] = []
    drugs = [item for item in items if item.procedure is None]
    others = [item for item in items if item.procedure is not None]
    if others and not drugs and group.settings and not said.outcome:
        done = [_done(item) for item in others]
        whole = done[0] if len(done) == 1 else AnyOf(tuple(done))
        return AllOf(
            (
                whole,
                leaf(
                    "judgement",
                    topic="whether the setting was " + " or ".join(group.settings),
                ),
            )
        )
    if others and (group.settings or said.outcome):
        return None
    if alternatives or not drugs or _joined_by_or(group, items):
        plain = [item for item in drugs if not item.together]
        if plain:
            nodes.append(_prior(plain, group, said))
        nodes += [_prior([item], group, said) for item in drugs if item.together]
        nodes += [_of_the_disease(item, group) for item in others]
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))
    explicit = {joint for joint in group.joints if joint in ("and", "or")}
    if len(explicit) > 1:
        return None
    if "beside" in group.joints and len(items) > 1:
        return None
    nodes = [_prior([item], group, said) for item in drugs] + [_of_the_disease(item, group) for item in others]
    if group.examples and group.narrow and len(group.items) == 1:
        extra = [_prior([item], group, said) for item in group.examples if item.procedure is None]
        if extra:
            return both_ways(nodes[0], AllOf((nodes[0], *extra)), "each of those named beside it, too")
    if len(nodes) > 1 and not explicit:
        return both_ways(AllOf(tuple(nodes)), AnyOf(tuple(nodes)), "one of these treatments alone, too")
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))


def _joined_by_or(group: Group, items: list[Treatment]) -> bool:
    explicit = {joint for joint in group.joints if joint in ("and", "or")}
    return explicit == {"or"} and "beside" not in group.joints


def _prior(items: list[Treatment], group: Group, said: Said) -> Node:
    anything = any(not item.drugs for item in items)
    names = () if anything else tuple(dict.fromkeys(drug for item in items for drug in item.drugs))
    together = items[0].together if len(items) == 1 else ()
    params: dict[str, Any] = {
        "drugs": names, "together_with": together, "settings": group.settings, "outcome": said.outcome or "any", "except_drugs": group.except_drugs,
    }  # fmt: skip
    if group.except_settings or group.except_window:
        return _unless(params, group)
    if said.outcome == "progression" and not (names or group.settings or group.except_drugs):
        return leaf(
            "disease_progression",
            after="last_therapy" if said.latest else "any_therapy",
        )
    return leaf("prior_therapy", **params, most_recent=said.latest and not names)


def _unless(params: dict[str, Any], group: Group) -> Node:
    """Courses that lie outside the setting and time let in: each course is judged by itself."""
    parts: list[Node] = []
    if group.except_settings:
        others = tuple(one for one in _SETTINGS if one not in group.except_settings)
        parts.append(leaf("prior_therapy", **(params | {"settings": others})))
    if group.except_window is not None:
        days = group.except_window.days or 0
        within = days if group.except_window.strict else days - 1
        kept = group.except_settings or params["settings"]
        parts.append(
            leaf(
                "prior_therapy",
                **(params | {"settings": kept, "ended_within_days": within}),
            )
        )
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _of_the_disease(item: Treatment, group: Group) -> Node:
    """Read 'Surgery for this cancer': an operation that is told may have been another."""
    node = _done(item)
    if item.procedure != "surgery" or item.params or not group.disease:
        return node
    asked = AllOf((node, leaf("judgement", topic="whether it was for this disease")))
    if not group.of_breast:
        return asked
    return AnyOf((leaf("procedure", kinds="surgery", techniques=_BREAST_SURGERY), asked))


def _done(item: Treatment) -> Node:
    if item.procedure == "vaccination":
        return leaf("immune", any_of="live_vaccine")
    if item.procedure == "comorbidity":
        return leaf("comorbidity", **parameters(item))
    return leaf("procedure", kinds=item.procedure, **parameters(item))
