"""How propositions of one sentence are joined by the signs between them."""

from __future__ import annotations

from collections.abc import Mapping

from her2nav.criteria.cancers import narrows
from her2nav.criteria.connectors import Sign
from her2nav.criteria.contradictions import each_apart
from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.limits_alternate import of_the_last, variables
from her2nav.criteria.links import Links
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt, left_unread
from her2nav.criteria.looser_limits import is_limits, of_some
from her2nav.kinds.reading.base import Section, both_ways, is_doubt
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves

_EVERYBODY = frozenset({"age", "sex", "menopausal_status", "participation", "performance_status"})
"""What is asked of all, whatever alternatives follow."""
_WHO = _EVERYBODY - {"menopausal_status", "performance_status"}
"""The same, but for what may be one of the alternatives: "postmenopausal or sterile"."""
_MORE_THAN_EXAMPLES = frozenset({"cns_metastases", "infection", "peripheral_neuropathy", "immune"})
"""Kinds behind which a list often names other illnesses, which are meant as well."""
_BEHIND = frozenset({"age", "sex", "performance_status"})
_EXTENT = frozenset({"disease_setting", "metastatic_site"})
_ILLNESSES = ILLNESS - {"allergy", "second_malignancy"}
_MEASURED = frozenset({"lab_value", "lvef", "vital_sign", "qtc", "body_measure"})
_BEYOND_BRACKETS = "more than what stands in the brackets, or either without the other"


def joined(
    elements: list[Node],
    joints: list[Sign],
    behind_with: set[int],
    section: Section,
    links: Links,
    *,
    denied: bool,
) -> Node:
    """Join elements by the signs between them; a comma does what the next sign behind it does."""
    if section == "exclusion" and not denied and _of_one_cancer(elements, joints):
        return any_of([all_of(elements), in_doubt(any_of(elements))])
    if section == "inclusion" and not denied and joints and set(joints) == {Sign.COMMA} and each_apart(elements):
        # "(triple-negative, HR-positive and HER2-negative)": who has one of them cannot have the other.
        return _sorts_of_one(elements)
    if section == "exclusion" or denied:
        elements, joints = _narrowed(elements, joints, behind_with, links.shown_by)
    elif any(_of_some_patients(elements, place) for place in behind_with):
        elements, joints = _bound_to_some(elements, joints, behind_with)
        return joined(elements, joints, set(), section, links, denied=denied)
    elif lead := _of_everybody(elements, joints):
        further = {place - lead for place in behind_with if place >= lead}
        return all_of(
            [*elements[:lead], joined(elements[lead:], joints[lead:], further, section, links, denied=denied)]
        )
    if section == "inclusion" and not denied and (last := _of_everybody_behind(elements, joints)):
        fewer = {place for place in behind_with if place < last}
        return all_of(
            [joined(elements[:last], joints[: last - 1], fewer, section, links, denied=denied), *elements[last:]]
        )
    default = Sign.OR if section == "exclusion" or denied else Sign.AND
    resolved: list[Sign] = []
    for i, joint in enumerate(joints):
        following = next((item for item in joints[i:] if item is not Sign.COMMA), None)
        resolved.append(joint if joint is not Sign.COMMA else following or default)
    if denied:
        return any_of(elements)
    groups: list[list[Node]] = [[elements[0]]]
    for node, joint in zip(elements[1:], resolved, strict=True):
        if joint is Sign.OR:
            groups.append([node])
        else:
            groups[-1].append(node)
    first = len(groups[0])
    split = min((at for at in behind_with if 0 < at < first), default=0)
    if section == "inclusion" and split and len(groups) > 1 and narrows(groups, split):
        # "Lung cancer with progression on platinum or intolerance to it": the cancer is asked for in both.
        rest = [groups[0][split:], *groups[1:]]
        return all_of([*groups[0][:split], any_of([conjunction(group, section) for group in rest])])
    either = any_of([conjunction(group, section) for group in groups])
    return of_the_last(groups, joints, either, links.alike) if section == "inclusion" else either


def _sorts_of_one(elements: list[Node]) -> Node:
    """Alternatives that are sorts of one cancer, which the first of them may name for all."""
    named = [item for node in elements for item in leaves(node) if item.kind == "tumour_type"]
    one = {item.params for item in named}
    return all_of([named[0], any_of(elements)]) if len(one) == 1 else any_of(elements)


_OF_A_CANCER = frozenset({"disease_setting", "her2_status", "hormone_receptor", "unread", "judgement"})


def _of_one_cancer(elements: list[Node], joints: list[Sign]) -> bool:
    """Whether commas alone join what is said of one cancer: "node-negative, T1, grade 1 breast cancer"."""
    if not joints or any(joint is not Sign.COMMA for joint in joints):
        return False
    *before, last = ({item.kind for item in leaves(node)} for node in elements)
    read = [kinds - {"unread", "judgement"} for kinds in before]
    settings = [item.params for node in elements for item in leaves(node) if item.kind == "disease_setting"]
    repeated = any(sum(bool(getattr(each, name)) for each in settings) > 1 for name in ("stages", "settings", "t", "n"))
    return (
        "tumour_type" in last
        and last <= _OF_A_CANCER | {"tumour_type"}
        and all(read)
        and all(kinds <= _OF_A_CANCER for kinds in before)
        and not repeated
    )


def _of_everybody(elements: list[Node], joints: list[Sign]) -> int:
    """How many elements in front say who is asked for, behind them a comma: "Women, 18 years old, A or B"."""
    if Sign.OR not in joints:
        return 0
    kinds = [{item.kind for item in leaves(node)} for node in elements]
    lead = 0
    while lead < len(joints) and joints[lead] is Sign.COMMA and kinds[lead] <= _EVERYBODY:
        lead += 1
    if any(group & _WHO for group in kinds[lead:]):
        return 0
    return _with_cancer(kinds, joints, lead)


def _of_everybody_behind(elements: list[Node], joints: list[Sign]) -> int:
    """Where the elements begin that say behind a comma who is asked for: "A or B, 18 years or older"; 0: nowhere."""
    last = len(elements)
    while last > 1 and joints[last - 2] is Sign.COMMA and {item.kind for item in leaves(elements[last - 1])} <= _BEHIND:
        last -= 1
    return last if last < len(elements) and Sign.OR in joints[: last - 1] else 0


def _with_cancer(kinds: list[set[str]], joints: list[Sign], lead: int) -> int:
    """Take in the cancer behind them: "women, breast cancer, recurrent or metastatic" asks for the cancer of all."""
    place = next((i for i in range(lead, len(joints)) if "tumour_type" in kinds[i]), None)
    if not lead or place is None or any(joint is not Sign.COMMA for joint in joints[lead : place + 1]):
        return lead
    return place + 1 if all(group <= _EXTENT for group in kinds[place + 1 :]) else lead


def _narrowed(
    elements: list[Node], joints: list[Sign], behind_with: set[int], shown_by: Mapping[str, frozenset[str]]
) -> tuple[list[Node], list[Sign]]:
    """Put what "with" adds to the element before it: "lung disease with loss of function" shuts out those with both."""
    out, between = elements[:1], []
    for i, (node, joint) in enumerate(zip(elements[1:], joints, strict=True), 1):
        if i in behind_with and joint is Sign.AND and _is_one(out[-1]) and _is_one(node):
            out[-1] = _with(out[-1], node, shown_by)
        elif i in behind_with and joint is Sign.AND and _names_illness(out[-1]) and _narrows_it(node):
            # "Diabetes of type 1 or type 2 with vascular disease": whether it narrows the first too is not said.
            bare = in_doubt(out[-1], doubt="it without what is said behind it, too")
            out[-1] = any_of([all_of([out[-1], node]), bare])
        else:
            out.append(node)
            between.append(joint)
    return out, between


def _with(node: Node, more: Node, shown_by: Mapping[str, frozenset[str]]) -> Node:
    """Both of them, or what the second makes of the first: "renal insufficiency with a clearance below 40"."""
    named = {name for item in leaves(node) for name in getattr(item.params, "any_of", ())}
    measured = {getattr(item.params, "variable", None) for item in leaves(more)}
    if named and all(measured <= shown_by.get(name, frozenset()) for name in named):
        return any_of([more, in_doubt(node, doubt="the illness without the numbers given, too")])
    if {item.kind for item in leaves(more)} - {"unread"} == {"cns_metastases"} and {
        item.kind for item in leaves(node)
    } <= _ILLNESSES:
        # "Autoimmune disease with involvement of the nervous system" speaks of no metastases.
        return all_of([node, left_unread(more)])
    return all_of([node, more])


def _of_some_patients(elements: list[Node], place: int) -> bool:
    """Whether "with" adds to limits whom they are for: "ALP up to 5 x ULN with bone metastases"."""
    return 0 < place < len(elements) and is_limits(elements[place - 1]) and of_some(elements[place])


def _bound_to_some(elements: list[Node], joints: list[Sign], behind_with: set[int]) -> tuple[list[Node], list[Sign]]:
    out, between = elements[:1], []
    for place, (node, joint) in enumerate(zip(elements[1:], joints, strict=True), 1):
        if place in behind_with and _of_some_patients(elements, place):
            out[-1] = When(node, out[-1])
        else:
            out.append(node)
            between.append(joint)
    return out, between


def limited(parts: list[Node]) -> list[Node]:
    """Bind limits to those who are named right behind them: "ALP up to 5 x ULN in patients with bone metastases"."""
    out: list[Node] = []
    for part in parts:
        if out and is_limits(out[-1]) and of_some(part):
            out[-1] = When(part, out[-1])
        else:
            out.append(part)
    return out


def of_either(elements: list[Node], joints: list[Sign], first: int) -> tuple[list[Node], list[Sign]]:
    """Put what stands behind "either" together: "A and either B or C" asks for A, and for B or C."""
    behind = joints[first:]
    if joints[first - 1] is Sign.OR or Sign.OR not in behind or set(behind) - {Sign.OR, Sign.COMMA}:
        return elements, joints
    return [*elements[:first], any_of(elements[first:])], joints[:first]


def of_last_limit(node: Node, condition: Node, section: Section) -> Node | None:
    """Bind the last of several limits to the condition behind it: "up to 1.5 x ULN, or up to 3 if the liver is involved".

    None where the alternatives are no limits. Among exclusions the looser limit takes the place of the first one for
    those whom it is for.
    """
    if not isinstance(node, AnyOf) or node.span is not None:
        return None
    *front, last = node.parts
    named, others = (variables(all_of(parts)) for parts in (front, [last]))
    if not named or not (others or (isinstance(last, Leaf) and last.kind == "unread")):
        return None
    bound = all_of([last, condition])
    if section == "inclusion":
        # "A up to 1.5 x ULN, or B normal in those with A above 1.5": the condition says again that A is not met.
        again = variables(condition)
        return any_of([*front, last if again and again <= named else bound])
    same = not others or others <= named
    return any_of([all_of([any_of(front), deny(condition)]), bound] if same else [*front, bound])


def _names_illness(node: Node) -> bool:
    """Whether a node names illnesses and nothing else."""
    return {item.kind for item in leaves(node) if not is_doubt(item)} - {"judgement"} <= _ILLNESSES


def _narrows_it(node: Node) -> bool:
    """Whether what stands behind "with" says more of an illness: another one, or a heart rate."""
    return _names_illness(node) or {item.kind for item in leaves(node)} == {"vital_sign"}


def _is_one(node: Node) -> bool:
    """Whether a node names one thing: what "with" adds behind a list may belong to its last entry alone."""
    return isinstance(node, Leaf | AllOf) and all(len(getattr(item.params, "any_of", ())) < 2 for item in leaves(node))


def conjunction(group: list[Node], section: Section) -> Node:
    """Join by "and"; among exclusions "HIV, HBV and HCV" lists alternatives, other pairs can be read both ways."""
    if len(group) == 1 or section == "inclusion":
        return all_of(group)
    kinds = [{item.kind for item in leaves(node)} for node in group]
    if (
        all(isinstance(node, Leaf) for node in group)
        and len(set(map(frozenset, kinds))) == 1
        and kinds[0] != {"unread"}
    ):
        return any_of(group)
    read = all("unread" not in each for each in kinds)
    return both_ways(any_of(group), all_of(group), "one of them without the other, too" if read else None)


_TOO_HIGH = frozenset({"lab_value", "vital_sign"})
_HARMFUL_HIGH = frozenset(
    {"glucose", "fasting_glucose", "hba1c", "systolic", "diastolic", "creatinine", "bilirubin", "tsh"}
)
"""Of these too much makes the illness."""


def _has_looser_limits(item: Leaf) -> bool:
    """Whether a leaf says for whom looser limits of values are."""
    named = set(getattr(item.params, "any_of", ()))
    whom = {"metastatic_site": {"liver", "bone"}, "comorbidity": {"gilbert_syndrome"}}.get(item.kind, set())
    return bool(named) and named <= whom


def by_numbers(parts: list[Node], inside: Node) -> list[Node] | None:
    """An illness with the numbers that define it: these decide, the word alone leaves it open.

    "Uncontrolled hypertension (above 150/90)", "coagulopathy (INR above 1.8)".
    """
    named = {item.kind for part in parts for item in leaves(part)} - {"judgement", "unread"}
    within = {item.kind for item in leaves(inside) if not _has_looser_limits(item)} - {"judgement", "unread", "sex"}
    if not named or not within or not named <= _ILLNESSES or not within <= _MEASURED:
        return None
    if all(getattr(item.params, "op", ">") in ("<", "<=") for item in leaves(inside) if item.kind in _TOO_HIGH) and any(
        item.kind in _TOO_HIGH
        and getattr(item.params, "variable", getattr(item.params, "measure", "")) in _HARMFUL_HIGH
        for item in leaves(inside)
    ):
        # "Diabetes (glucose no greater than 200)": the number says what is still allowed.
        inside = deny(inside)
    if (
        isinstance(inside, AllOf)
        and _of_pressure(inside)
        and all(item.params.op in (">", ">=") for item in leaves(inside))
    ):
        inside = any_of(list(inside.parts))  # either pressure makes the illness, whatever stands between them
    return [any_of([inside, in_doubt(*parts, doubt="the illness without the numbers given, too")])]


_SIGNS = frozenset(
    {"abdominal_pain", "nausea_vomiting", "fever", "weight_loss", "fatigue", "pain", "diarrhoea", "dyspnoea", "cough", "headache", "rash", "oedema", "dizziness", "jaundice"}
)  # fmt: skip
"""What an illness shows itself by."""


def _signs(node: Node) -> bool:
    """Whether nothing but signs by which an illness shows is named."""
    named = {name for item in leaves(node) for name in getattr(item.params, "any_of", ())}
    return bool(named) and named <= _SIGNS


def in_other_words(parts: list[Node], inside: Node, kind: Sign | None) -> list[Node] | None:
    """An illness that is shut out, with what brackets say of it: other words for it, a part of it, or what it must be."""
    named, within = (
        {item.kind for part in some for item in leaves(part)} - {"judgement", "unread"} for some in (parts, [inside])
    )
    if not named or not within or not named | within <= _ILLNESSES:
        return None
    if list(parts) == [inside]:
        return parts  # "pregnant (a positive test)"
    if kind is Sign.DEFINES:
        if _signs(inside) and not all(map(_signs, parts)):
            # "A worsening of liver disease (i.e. fever, pain)": signs by which it shows shut out nobody by themselves.
            return [in_doubt(any_of([inside, *parts]), doubt=_BEYOND_BRACKETS)]
        return [any_of([inside, in_doubt(*parts, doubt=_BEYOND_BRACKETS)])]
    together, either = all_of([*parts, inside]), any_of([all_of(parts), inside])
    return [both_ways(together, either, _BEYOND_BRACKETS)] if kind is None else None


def _is_limit(node: Node) -> bool:
    """Whether a denial is a limit that is not kept: a QT interval above 480 ms."""
    return {item.kind for item in leaves(node)} <= _MEASURED


def _named(inside: Node) -> Node:
    """Return what is read of examples without what narrows them: whoever has one of them is open, and nobody else."""
    if not isinstance(inside, AllOf | AnyOf):
        return inside
    silent = ("unread", "judgement")
    named = [_named(part) for part in inside.parts if not isinstance(part, Leaf) or part.kind not in silent]
    read = [part for part in named if not isinstance(part, Not) or _is_limit(part)]
    return any_of(list(dict.fromkeys(read))) if read else inside


def _of_pressure(node: Node) -> bool:
    return all(
        item.kind == "vital_sign" and item.params.measure in ("systolic", "diastolic") for item in leaves(node)
    ) and not isinstance(node, Not | When)


def explained(parts: list[Node], inside: Node, kind: Sign, *, denied: bool = False) -> list[Node]:
    """Examples say nothing new of what is read and help where it is not; a definition takes the place of words."""
    kinds = {item.kind for part in parts for item in leaves(part)} - {"unread"}
    read = bool(kinds)
    sorts = kinds - {"judgement"}
    """What is named, without what a physician judges of it."""
    if kind is Sign.EXAMPLES and denied and sorts == {"cardiac_history"} and _of_pressure(inside):
        # "Uncontrolled hypertension (e.g. above 180/100)": the illness is asked for, and weighs a pressure on record.
        return parts
    if (defined := by_numbers(parts, inside)) is not None:
        return defined
    if denied and kind is Sign.DEFINES and (said := in_other_words(parts, inside, kind)) is not None:
        return said
    if (
        kind is Sign.EXAMPLES
        and sorts
        and (sorts <= _MORE_THAN_EXAMPLES or (denied and sorts <= _ILLNESSES))
        and any(item.kind not in (kinds if not denied else set()) | {"unread", "judgement"} for item in leaves(inside))
    ):
        # "CNS disease (seizures, brain metastases, stroke)": more than metastases may be meant.
        return [any_of([all_of(parts), in_doubt(_named(inside), doubt="the examples by themselves, too")])]
    if kind is Sign.DEFINES and kinds == {"measurable_disease"} and isinstance(inside, AnyOf):
        # "Measurable disease defined as A or B": lesions of the second sort suffice.
        return [inside]
    if kind is Sign.EXAMPLES:
        if not read and parts and denied and {item.kind for item in leaves(inside)} - {"unread"} <= _ILLNESSES:
            # "Any condition (such as A) that would …": how far the words in front narrow A, was not read.
            return [any_of([in_doubt(inside, doubt="the examples by themselves, too"), all_of(parts)])]
        return parts if read else [any_of([inside, all_of(parts)])] if parts else [inside]
    return [*parts, inside] if read else [inside]
