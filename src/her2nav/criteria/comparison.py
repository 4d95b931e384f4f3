"""Two readings of one text held against each other, kind by kind: a curator's tree and the reader's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, Span, When
from her2nav.model.trial import Criterion


@dataclass(slots=True)
class KindAgreement:
    """How often two trees agree on one kind.

    Attributes:
        curated: Leaves of the kind in the curated trees.
        found: Of these, a leaf of the kind was read from words that overlap, or from the same criterion.
        same_sign: Of these, both demand it or both exclude it.
        same: Of these, with the same parameters too.
        read: Leaves of the kind that were read.
        extra: Of these, none of the kind was curated there.
    """

    curated: int = 0
    found: int = 0
    same_sign: int = 0
    same: int = 0
    read: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A leaf on which the two trees differ: `missed`, `extra`, `sign` or `parameters`."""

    nct_id: str
    kind: str
    what: str
    span: Span | None
    curated: str
    read: str


@dataclass(slots=True)
class Comparison:
    """Agreement over several trials."""

    trials: int = 0
    kinds: dict[str, KindAgreement] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def add(self, nct_id: str, curated: Sequence[Criterion], read: Sequence[Criterion]) -> None:
        """Compare the trees of one trial; spans of both must count characters of the same text."""
        self.trials += 1
        ours, theirs = list(_signed(curated)), list(_signed(read))
        for kind in {item.leaf.kind for item in (*ours, *theirs)} - {"unread"}:
            self._kind(
                nct_id,
                kind,
                [item for item in ours if item.leaf.kind == kind],
                [item for item in theirs if item.leaf.kind == kind],
            )

    def totals(self) -> KindAgreement:
        """Return the sums over all kinds."""
        total = KindAgreement()
        for row in self.kinds.values():
            for name in KindAgreement.__dataclass_fields__:
                setattr(total, name, getattr(total, name) + getattr(row, name))
        return total

    def _kind(self, nct_id: str, kind: str, ours: list[_Signed], theirs: list[_Signed]) -> None:
        row = self.kinds.setdefault(kind, KindAgreement())
        row.curated += len(ours)
        row.read += len(theirs)
        used: Counter[int] = Counter()
        for item in ours:
            near = [i for i, other in enumerate(theirs) if _overlap(item, other)]
            if not near:
                self.differences.append(Difference(nct_id, kind, "missed", item.span, _said(item), ""))
                continue
            best = max(near, key=lambda i: (theirs[i].sign == item.sign, theirs[i].params == item.params, -used[i]))
            used[best] += 1
            other = theirs[best]
            row.found += 1
            if other.sign != item.sign:
                self.differences.append(Difference(nct_id, kind, "sign", item.span, _said(item), _said(other)))
                continue
            row.same_sign += 1
            if other.params == item.params:
                row.same += 1
            else:
                self.differences.append(Difference(nct_id, kind, "parameters", item.span, _said(item), _said(other)))
        for i, other in enumerate(theirs):
            if not used[i] and not any(_overlap(item, other) for item in ours):
                row.extra += 1
                self.differences.append(Difference(nct_id, kind, "extra", other.span, "", _said(other)))


@dataclass(frozen=True, slots=True)
class _Signed:
    leaf: Leaf
    sign: bool
    span: Span | None
    params: str


def _signed(criteria: Iterable[Criterion]) -> Iterable[_Signed]:
    for criterion in criteria:
        yield from _walk(criterion.node, True, criterion.span)


def _walk(node: Node, sign: bool, span: Span | None) -> Iterable[_Signed]:
    span = node.span or span
    match node:
        case Leaf():
            turned = _turned(node)
            if not sign and turned is not None:
                # "Not below 50 %" and "at least 50 %" are one demand.
                yield _Signed(node, True, span, turned)
            else:
                yield _Signed(node, sign, span, _params(node))
        case Not():
            yield from _walk(node.part, not sign, span)
        case When():
            yield from _walk(node.when, not sign, span)
            yield from _walk(node.then, sign, span)
        case AllOf() | AnyOf() | AtLeast():
            for part in node.parts:
                yield from _walk(part, sign, span)


def _params(leaf: Leaf) -> str:
    """Parameters in one order, lists sorted: what two people write differently and mean the same."""
    data = leaf.params.model_dump(mode="json", exclude_defaults=True)
    return str(sorted((name, sorted(map(str, v)) if isinstance(v, list) else v) for name, v in data.items()))


_OPPOSITE = {">=": "<", "<": ">=", "<=": ">", ">": "<="}


def _turned(leaf: Leaf) -> str | None:
    """Return the parameters of the leaf that says the opposite; None where the kind has none."""
    params = leaf.params
    if leaf.kind in ("lab_value", "lvef", "body_measure", "pd_l1"):
        return _params(Leaf(leaf.kind, params.model_copy(update={"op": _OPPOSITE[params.op]})))
    if leaf.kind == "lines_of_therapy" and (params.min is None) != (params.max is None):
        least, most = params.min, params.max
        other = {"max": least - 1, "min": None} if least is not None else {"min": most + 1, "max": None}
        if least != 0:
            return _params(Leaf(leaf.kind, params.model_copy(update=other)))
    return None


def _overlap(one: _Signed, other: _Signed) -> bool:
    if one.span is None or other.span is None:
        return one.span == other.span
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _said(item: _Signed) -> str:
    return f"{'' if item.sign else 'not '}{item.params}"
