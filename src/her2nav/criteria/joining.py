"""How propositions of one sentence are joined by the signs between them."""

from __future__ import annotations

from her2nav.criteria.cancers import narrows
from her2nav.criteria.connectors import Sign
from her2nav.criteria.logic import all_of, any_of
from her2nav.kinds.reading.base import Section, both_ways, leaf
from her2nav.model.tree import AllOf, Leaf, Node, leaves

_EVERYBODY = frozenset({"age", "sex"})
"""What is asked of all, whatever alternatives follow."""


def joined(elements: list[Node], joints: list[Sign], behind_with: set[int], section: Section, *, denied: bool) -> Node:
    """Join elements by the signs between them; a comma does what the next sign behind it does."""
    if section == "exclusion" or denied:
        elements, joints = _narrowed(elements, joints, behind_with)
    elif lead := _of_everybody(elements, joints):
        further = {place - lead for place in behind_with if place >= lead}
        return all_of([*elements[:lead], joined(elements[lead:], joints[lead:], further, section, denied=denied)])
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
    return any_of([conjunction(group, section) for group in groups])


def _of_everybody(elements: list[Node], joints: list[Sign]) -> int:
    """How many elements in front say who is asked for, behind them a comma: "Women, 18 years old, A or B"."""
    if Sign.OR not in joints:
        return 0
    kinds = [{item.kind for item in leaves(node)} for node in elements]
    lead = 0
    while lead < len(joints) and joints[lead] is Sign.COMMA and kinds[lead] <= _EVERYBODY:
        lead += 1
    return lead if not any(group & _EVERYBODY for group in kinds[lead:]) else 0


def _narrowed(elements: list[Node], joints: list[Sign], behind_with: set[int]) -> tuple[list[Node], list[Sign]]:
    """Put what "with" adds to the element before it: "lung disease with loss of function" shuts out those with both."""
    out, between = elements[:1], []
    for i, (node, joint) in enumerate(zip(elements[1:], joints, strict=True), 1):
        if i in behind_with and joint is Sign.AND and _is_one(out[-1]) and _is_one(node):
            out[-1] = all_of([out[-1], node])
        else:
            out.append(node)
            between.append(joint)
    return out, between


def of_either(elements: list[Node], joints: list[Sign], first: int) -> tuple[list[Node], list[Sign]]:
    """Put what stands behind "either" together: "A and either B or C" asks for A, and for B or C."""
    behind = joints[first:]
    if joints[first - 1] is Sign.OR or Sign.OR not in behind or set(behind) - {Sign.OR, Sign.COMMA}:
        return elements, joints
    return [*elements[:first], any_of(elements[first:])], joints[:first]


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
    return both_ways(any_of(group), all_of(group))


def explained(parts: list[Node], inside: Node, kind: Sign) -> list[Node]:
    """Examples say nothing new of what is read and help where it is not; a definition takes the place of words."""
    kinds = {item.kind for part in parts for item in leaves(part)} - {"unread"}
    read = bool(kinds)
    if (
        kind is Sign.EXAMPLES
        and kinds == {"cns_metastases"}
        and any(item.kind not in kinds and item.kind != "unread" for item in leaves(inside))
    ):
        # "CNS disease (seizures, brain metastases, stroke)": more than metastases may be meant.
        return [any_of([all_of(parts), all_of([inside, leaf("unread", note="the text can be read in two ways")])])]
    if kind is Sign.EXAMPLES:
        return parts if read else [any_of([inside, all_of(parts)])] if parts else [inside]
    return [*parts, inside] if read else [inside]
