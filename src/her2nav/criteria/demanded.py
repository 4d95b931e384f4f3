"""Whether the criteria read from a text certainly ask for a kind of cancer.

A cancer that stands in a condition, among alternatives that were not read, or behind "no" asks nobody for it. A trial
whose text asks for none would take everybody, whatever its cancer: the record's own list of conditions then asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.model.tree import AllOf, AnyOf, Leaf, Node
from her2nav.model.trial import Criterion, Role

_KIND = "tumour_type"


def demands_tumour(criteria: Sequence[Criterion], scopes: Sequence[str]) -> bool:
    """Return whether every patient who meets the criteria has one of the cancers that they name.

    Args:
        criteria: Of one trial.
        scopes: Ids of its parts and cohorts; where every one of them asks, the trial does.
    """
    asking = [one for one in criteria if one.role is Role.DECIDES and _asks(one.node)]
    if any(not one.scope for one in asking):
        return True
    return bool(scopes) and set(scopes) <= {scope for one in asking for scope in one.scope}


def _asks(node: Node) -> bool:
    if isinstance(node, Leaf):
        return node.kind == _KIND
    if isinstance(node, AllOf):
        return any(_asks(part) for part in node.parts)
    if isinstance(node, AnyOf):
        return bool(node.parts) and all(_asks(part) for part in node.parts)
    return False
