"""What a statement about treatment becomes: leaves of prior therapy, washout, procedures and medicines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from her2nav.kinds.reading.base import Sentence, both_ways, leaf
from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_tokens import Setting, Window
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_SETTINGS: tuple[Setting, ...] = get_args(Setting)
_STEROID = "systemic_corticosteroid"


@dataclass
class Group:
    """Treatments that share a time and a setting.

    Attributes:
        items: The treatments.
        joints: What stands between each two of them: and, or, comma.
        joint: What stands before the group.
        examples: Treatments named as examples or parts of the last item.
        narrow: The examples are demanded.
        preset: The window stands before the items.
        generic: No treatment is named but therapy in general.
        except_settings: Courses in these settings, and ended before `except_window`, do not count.
    """

    items: list[Treatment] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    joint: str = ""
    examples: list[Treatment] = field(default_factory=list)
    narrow: bool = False
    settings: tuple[Setting, ...] = ()
    window: Window | None = None
    preset: bool = False
    generic: bool = False
    noun: bool = False
    disease: bool = False
    except_drugs: tuple[str, ...] = ()
    except_settings: tuple[Setting, ...] = ()
    except_window: Window | None = None


@dataclass
class Said:
    """A statement about treatment.

    Attributes:
        denied: It stands under a "no".
        prior, exposed, current: What it says about the time: before, given, now.
        outcome: How the treatment ended, empty where it is not said.
        used: A weak word for it: "treatment with".
        planned: It lies ahead.
        latest: The last therapy is meant.
        chronic: The word that says how long it is taken.
    """

    groups: list[Group]
    denied: bool
    prior: bool
    exposed: bool
    current: bool
    outcome: str
    latest: bool = False
    used: bool = False
    planned: bool = False
    chronic: str = ""


def node_of(said: Said, sentence: Sentence) -> Node | None:
    """Return the positive proposition; None where the statement does not add up to one."""
    alternatives = said.denied or sentence.section == "exclusion"
    timed = [group.window is not None for group in said.groups]
    if any(timed) and not all(timed):
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
    elapsed = all(group.window is not None and group.window.elapsed for group in said.groups)
    if alternatives and not elapsed:
        return AnyOf(tuple(parts))
    if elapsed or set(joints) <= {"and", "comma", ""}:
        return AllOf(tuple(parts))
    return AnyOf(tuple(parts)) if set(joints) <= {"or", "comma", ""} else None


def _group(group: Group, said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    items = _with_examples(group, sentence.knowledge)
    told = said.prior or said.exposed or bool(said.outcome)
    if said.planned:
        return _ahead(group, items, told)
    if group.generic and not items and said.current and not told and group.window is None:
        disease = group.disease and group.noun and not group.settings
        return leaf("concomitant_medication", any_of=["other_anticancer_therapy"]) if disease else None
    if group.generic and not items:
        return _generic(group, said)
    if group.window is not None:
        if group.window.elapsed and (sentence.section == "exclusion" or said.denied):
            return None  # "no X for at least 10 days" and "X at least 10 days before", excluded, are not safe to read
        return _timed(group, items, said, sentence, alternatives)
    if said.current and not said.prior:
        node = _taken(items, group)
        if node is not None and said.chronic:
            return AllOf((node, leaf("judgement", topic="whether it is " + said.chronic)))
        return node
    if not told or any(item.medicine for item in items):
        taken = (told or said.used) and not said.outcome and all(item.medicine for item in items) and not said.prior
        if taken:
            return _taken(items, group)
        if told or not said.used or said.outcome or sentence.section != "exclusion":
            return None
        # "Treatment with A": now, or ever.
        if all(item.drugs == ("investigational_agent",) for item in items):
            return _taken(items, group)
        now, ever = _taken(items, group), _given(group, items, said, sentence, alternatives)
        return both_ways(now, ever) if now is not None and ever is not None else None
    return _given(group, items, said, sentence, alternatives)


def _ahead(group: Group, items: list[Treatment], told: bool) -> Node | None:
    """Therapy that is planned."""
    if told or group.window or group.settings or not items or any(item.procedure or item.medicine for item in items):
        return None
    if any(not item.drugs for item in items):
        return leaf("planned_therapy")
    return leaf(
        "planned_therapy", drugs=tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together)))
    )


def _generic(group: Group, said: Said) -> Node | None:
    """Therapy with nothing named: read where it is told for which setting or disease, or that it failed."""
    if group.window is not None:
        return None
    if said.outcome:
        return (
            leaf("disease_progression", after="last_therapy" if said.latest else "any_therapy")
            if group.noun and not group.settings and said.outcome == "progression"
            else None
        )
    if not (said.prior or said.exposed):
        return None
    if group.settings:
        return leaf("prior_therapy", settings=group.settings)
    if not group.disease or not group.noun:
        return None
    systemic = leaf("prior_therapy")
    return both_ways(systemic, AnyOf((systemic, leaf("procedure", kinds=("surgery", "radiotherapy")))))


def _with_examples(group: Group, knowledge: Knowledge) -> list[Treatment]:
    """The items, with what brackets add beyond examples of a class: procedures, and drugs of other classes."""
    items = list(group.items)
    for example in group.examples:
        if example.procedure is not None:
            if example not in items:
                items.append(example)
                group.joints.append("comma")
        elif not any(within(example.drugs, item.drugs, knowledge) for item in items if item.procedure is None):
            items.append(example)
            group.joints.append("or")
    return items


def within(inner: Sequence[str], outer: Sequence[str], knowledge: Knowledge) -> bool:
    """Whether every drug or class belongs to one of the others; no name means any systemic therapy."""
    if not outer:
        return True
    ontology = knowledge.drugs

    def terms(one: str) -> frozenset[str]:
        if one in ontology.drugs:
            return ontology.possible_terms_of(one) | {one}
        return ontology.class_closure.get(one, frozenset()) | {one}

    if not inner:
        return "systemic_therapy" in outer
    return all(terms(one) & set(outer) for one in inner)


def _days(window: Window) -> int | None:
    """Days that must have passed since the last dose."""
    if window.days is None:
        return None
    return window.days + 1 if window.elapsed and window.strict else window.days


def _timed(group: Group, items: list[Treatment], said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    """Treatments within, or longer ago than, a time; where the text leaves open which bound counts, both readings."""
    window = group.window
    if window is None or not window.unclear:
        return _at_time(group, items, said, sentence, alternatives)
    nodes: list[Node] = []
    for which in ("shorter", "longer"):
        group.window = replace(window, whichever=which, unclear=False)
        node = _at_time(group, items, said, sentence, alternatives)
        if node is None:
            return None
        nodes.append(node)
    group.window = window
    return both_ways(*nodes)


def _at_time(group: Group, items: list[Treatment], said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    """Treatments within, or longer ago than, a time."""
    window = group.window
    assert window is not None
    if said.outcome:
        return _relapsed(group, items, said, window)
    kept: list[Node] = []
    drugs = [item for item in items if item.procedure is None]
    anticancer = [item for item in drugs if not item.medicine]
    medicines = [item for item in drugs if item.medicine]
    if anticancer:
        kept.append(_washout(anticancer, group, window))
    for item in medicines:
        node = _medicine(item, window)
        if node is None:
            return None
        kept.append(node)
    for item in items:
        if item.procedure is not None:
            node = _procedure(item, window)
            if node is None or group.settings:
                return None
            kept.append(node)
    if not kept:
        return None
    if window.elapsed:
        return kept[0] if len(kept) == 1 else AllOf(tuple(kept))
    if not alternatives and anticancer and len(items) == len(anticancer) and window.half_lives is None:
        if said.current or group.except_drugs:
            return None
        names = (
            tuple(dict.fromkeys(drug for item in anticancer for drug in item.drugs))
            if all(item.drugs for item in anticancer)
            else ()
        )
        if len(anticancer) > 1 and set(group.joints) & {"and"}:
            return None
        return leaf("prior_therapy", drugs=names, settings=group.settings, ended_within_days=window.days)
    parts = [_denial(node) for node in kept]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _denial(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def _washout(items: list[Treatment], group: Group, window: Window) -> Node:
    """The washout is kept; of drugs that are given together each is meant."""
    anything = any(not item.drugs for item in items)
    names = () if anything else tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together)))
    return leaf(
        "washout",
        drugs=names,
        except_drugs=group.except_drugs,
        days=_days(window),
        half_lives=window.half_lives,
        whichever=window.whichever,
        anchor=window.anchor,
        settings=group.settings,
    )


def _medicine(item: Treatment, window: Window) -> Node | None:
    if window.half_lives is not None:
        return leaf(
            "washout",
            drugs=item.drugs,
            days=_days(window),
            half_lives=window.half_lives,
            whichever=window.whichever,
            anchor=window.anchor,
        )
    days = window.days
    if days is None:
        return None
    within = days - 1 if window.elapsed and not window.strict else days
    return Not(
        leaf("concomitant_medication", any_of=_classes(item.drugs), within_days=max(within, 0), **dict(item.params))
    )


def _classes(drugs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_STEROID if drug == "corticosteroid" else drug for drug in drugs)


def _procedure(item: Treatment, window: Window) -> Node | None:
    if window.days is None:
        return None
    within = window.days
    if window.elapsed != window.strict:
        within = window.days - 1
    if item.procedure == "vaccination":
        return Not(leaf("immune", any_of="live_vaccine", within_days=max(within, 0)))
    if item.procedure == "comorbidity":
        return Not(leaf("comorbidity", within_days=max(within, 0), **_params(item)))
    return Not(leaf("procedure", kinds=item.procedure, within_days=max(within, 0), **_params(item)))


def _params(item: Treatment) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in item.params:
        out[name] = (
            (*out[name], value)
            if name in out and isinstance(out[name], tuple)
            else (value,)
            if isinstance(value, str)
            else value
        )
    return out


def _relapsed(group: Group, items: list[Treatment], said: Said, window: Window) -> Node | None:
    """Progression within a time of a treatment."""
    if (
        window.elapsed
        or window.days is None
        or window.anchor != "first_dose"
        or any(item.procedure for item in items)
        or said.outcome != "progression"
    ):
        return None
    months = window.days // 30 if window.days % 30 == 0 else None
    if months is None and window.days % 365 == 0:
        months = window.days // 365 * 12
    if months is None or len(items) > 1:
        return None
    names = items[0].drugs if items else ()
    return leaf("prior_therapy", drugs=names, settings=group.settings, progressed_within_months=months)


def _taken(items: list[Treatment], group: Group) -> Node | None:
    """Medicines taken now; of radiotherapy beside them a person judges whether it goes on."""
    others = [item for item in items if item.procedure]
    items = [item for item in items if not item.procedure]
    if group.settings or group.except_drugs:
        return None
    if others and not items:
        return _goes_on(others)
    if not items:
        return None
    names = tuple(
        dict.fromkeys(drug for item in items for drug in _classes(item.drugs) or ("other_anticancer_therapy",))
    )
    dose = next((dict(item.params) for item in items if item.params), {})
    if dose and len(items) > 1:
        return None
    node = leaf("concomitant_medication", any_of=names, **dose)
    return AnyOf((node, _goes_on(others))) if others else node


def _goes_on(items: list[Treatment]) -> Node:
    """A procedure that goes on: no record says so, a person does."""
    return leaf(
        "judgement", topic="at the same time: " + ", ".join(dict.fromkeys(str(item.procedure) for item in items))
    )


def _given(group: Group, items: list[Treatment], said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    """Treatments given at any time."""
    nodes: list[Node] = []
    drugs = [item for item in items if item.procedure is None]
    others = [item for item in items if item.procedure is not None]
    if others and not drugs and group.settings and not said.outcome:
        done = [_done(item) for item in others]
        whole = done[0] if len(done) == 1 else AnyOf(tuple(done))
        return AllOf((whole, leaf("judgement", topic="whether the setting was " + " or ".join(group.settings))))
    if others and (group.settings or said.outcome):
        return None
    if alternatives or not drugs or _joined_by_or(group, items):
        plain = [item for item in drugs if not item.together]
        if plain:
            nodes.append(_prior(plain, group, said))
        nodes += [_prior([item], group, said) for item in drugs if item.together]
        nodes += [_done(item) for item in others]
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))
    explicit = {joint for joint in group.joints if joint in ("and", "or")}
    if len(explicit) > 1:
        return None
    if "beside" in group.joints and len(items) > 1:
        return None
    nodes = [_prior([item], group, said) for item in drugs] + [_done(item) for item in others]
    if group.examples and group.narrow and len(group.items) == 1:
        extra = [_prior([item], group, said) for item in group.examples if item.procedure is None]
        if extra:
            return both_ways(nodes[0], AllOf((nodes[0], *extra)))
    if len(nodes) > 1 and not explicit:
        return both_ways(AllOf(tuple(nodes)), AnyOf(tuple(nodes)))
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
        return leaf("disease_progression", after="last_therapy" if said.latest else "any_therapy")
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
        parts.append(leaf("prior_therapy", **(params | {"settings": kept, "ended_within_days": within})))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _done(item: Treatment) -> Node:
    if item.procedure == "vaccination":
        return leaf("immune", any_of="live_vaccine")
    if item.procedure == "comorbidity":
        return leaf("comorbidity", **_params(item))
    return leaf("procedure", kinds=item.procedure, **_params(item))
