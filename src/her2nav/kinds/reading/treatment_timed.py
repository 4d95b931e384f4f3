"""Treatments within, or longer ago than, a time: washouts, medicines and procedures of the last weeks, early relapses."""

from __future__ import annotations

import re
from dataclasses import replace

from her2nav.kinds.reading.base import Sentence, both_ways, leaf
from her2nav.kinds.reading.treatment_names import Treatment, medicine_classes, parameters
from her2nav.kinds.reading.treatment_said import Group, Said
from her2nav.kinds.reading.treatment_times import Window
from her2nav.model.tree import AllOf, AnyOf, Node, Not


def _days(window: Window) -> int | None:
    """Days that must have passed since the last dose."""
    if window.days is None:
        return None
    return window.days + 1 if window.elapsed and window.strict else window.days


def timed(group: Group, items: list[Treatment], said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
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
    return both_ways(nodes[0], nodes[1], "the longer of the two times")


def _at_time(group: Group, items: list[Treatment], said: Said, sentence: Sentence, alternatives: bool) -> Node | None:
    """Treatments within, or longer ago than, a time."""
    window = group.window
    assert window is not None
    if said.outcome:
        return relapsed(group, items, said, window)
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
            if node is None:
                return None
            if group.settings:
                alone = all(one.procedure == "radiotherapy" for one in items) and (window.elapsed or alternatives)
                if not alone or not isinstance(node, Not):
                    return None
                asked = leaf("judgement", topic="whether the setting was " + " or ".join(group.settings))
                node = Not(AllOf((node.part, asked)))
            kept.append(node)
    if window.half_lives is None and not group.settings and _any_sort(anticancer, items, sentence):
        # Radiotherapy is a treatment of the cancer too.
        rays = _procedure(Treatment(procedure="radiotherapy"), window)
        kept += [] if rays is None else [rays]
    if not kept:
        return None
    if window.elapsed:
        return kept[0] if len(kept) == 1 else AllOf(tuple(kept))
    if not alternatives and anticancer and len(items) == len(anticancer) and window.half_lives is None:
        if said.current or group.except_drugs:
            return None
        if not (said.prior or said.exposed or said.used):
            # "Hormonal therapy within a week" among demands: a list of exclusions that lost its heading.
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


_OF_ANY_SORT = re.compile(
    r"\b(?:anti-? ?cancer|anti-? ?tumou?r(?:al)?|anti-?neoplastic|cancer)(?:-directed)? (?:therap(?:y|ies)|treatments?)\b"
)
_OF_ONE_SORT = re.compile(
    r"\b(?:systemic|drugs?|medic(?:ations?|ines?)|agents?|pharmac\w*|radi\w+|irradiat\w+|infusions?|doses?)\b"
)


def _any_sort(anticancer: list[Treatment], items: list[Treatment], sentence: Sentence) -> bool:
    """Whether treatments of the cancer of any sort are meant: "chemotherapy or another anticancer therapy"."""
    anything = len(anticancer) == len(items) and any(not item.drugs for item in anticancer)
    text = sentence.text
    return anything and _OF_ANY_SORT.search(text) is not None and _OF_ONE_SORT.search(text) is None


def _denial(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def _washout(items: list[Treatment], group: Group, window: Window) -> Node:
    """The washout is kept; of drugs that are given together each is meant."""
    anything = any(not item.drugs for item in items)
    names = () if anything else tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together)))
    kept = leaf(
        "washout",
        drugs=names,
        except_drugs=group.except_drugs,
        days=_days(window),
        half_lives=window.half_lives,
        whichever=window.whichever,
        anchor=window.anchor,
        settings=group.settings,
    )
    if window.cap is None:
        return kept
    enough = leaf(
        "washout",
        drugs=names,
        except_drugs=group.except_drugs,
        days=window.cap,
        anchor=window.anchor,
        settings=group.settings,
    )
    return AnyOf((enough, kept))


_SUPPORTIVE = ("supportive",)


def _medicine(item: Treatment, window: Window) -> Node | None:
    if item.drugs == _SUPPORTIVE:
        # "Transfusions or other supportive medicines": those against the same trouble, whatever it is.
        return Not(leaf("judgement", topic="supportive medicines of the same sort"))
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
        leaf(
            "concomitant_medication",
            any_of=medicine_classes(item.drugs),
            within_days=max(within, 0),
            **dict(item.params),
        )
    )


def _procedure(item: Treatment, window: Window) -> Node | None:
    if window.days is None:
        return None
    within = window.days
    if window.elapsed != window.strict:
        within = window.days - 1
    if item.procedure == "vaccination":
        return Not(leaf("immune", any_of="live_vaccine", within_days=max(within, 0)))
    if item.procedure == "comorbidity":
        return Not(leaf("comorbidity", within_days=max(within, 0), **parameters(item)))
    return Not(leaf("procedure", kinds=item.procedure, within_days=max(within, 0), **parameters(item)))


def relapsed(group: Group, items: list[Treatment], said: Said, window: Window) -> Node | None:
    """Progression within a time of a treatment, of any of several, or of therapy in a setting."""
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
    if len(items) > 1 and ("or" not in group.joints or any(not one.drugs for one in items)):
        return None
    if any(item.together or item.unknown or item.medicine for item in items):
        return None
    names = tuple(dict.fromkeys(drug for item in items for drug in item.drugs))
    if months is None:
        # "Within 4 weeks of": relapses are told in months; the treatment is asked for, the days a person counts.
        given = leaf("prior_therapy", drugs=names, settings=group.settings)
        asked = leaf("judgement", topic=f"whether the cancer grew or came back within {window.days} days of it")
        return AllOf((given, asked)) if names else None
    return leaf("prior_therapy", drugs=names, settings=group.settings, progressed_within_months=months)
