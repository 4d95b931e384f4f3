"""The attribute view of read criteria: the flat summary that people scan and that reading accuracy is measured on.

Vocabularies and rules of summarising are those of the attribute contract: a key is absent where the text is silent,
numbers take the loosest of sex-specific and cohort-specific values, lists hold what every cohort demands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from her2nav.criteria.reader import ReadText
from her2nav.kinds.reading.base import is_doubt
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A leaf as it stands in a criterion.

    Attributes:
        leaf: The proposition.
        wanted: Whether the trial asks for it (False: excludes it).
        alternative: It is one of several alternatives.
        guarded: It binds only where something else holds.
        permitted: The text only allows it.
        scope: Cohorts it binds.
        criterion: Where it stands.
        beside: The other leaves of the same conjunction.
        under: The leaves of the condition under which it binds, where that is no denial.
        denied_beside: The other leaves of the conjunction that is denied: "heart failure under A" excludes no A.
        condition: It says whom a demand binds and is none itself: the "A" of "if A, then B".
        denied_with: What is neither read nor to be looked up and stands beside it within the same denial.
    """

    leaf: Leaf
    wanted: bool
    alternative: bool
    guarded: bool
    permitted: bool
    scope: tuple[str, ...]
    criterion: Criterion
    beside: tuple[Leaf, ...] = ()
    under: tuple[Leaf, ...] = ()
    denied_with: tuple[Leaf, ...] = ()
    denied_beside: tuple[Leaf, ...] = ()
    condition: bool = False

    @property
    def params(self) -> Any:
        """Parameters of the leaf."""
        return self.leaf.params

    @property
    def narrowed(self) -> bool:
        """Whether it is excluded only together with words that no kind holds: "A that needed a lower dose"."""
        return bool(self.denied_with)


def seen(read: ReadText) -> list[Seen]:
    """Return every leaf of a text with how it stands there."""
    return [item for criterion in read.criteria for item in _walk(criterion.node, criterion, True, False, False, ())]


def _walk(
    node: Node,
    criterion: Criterion,
    wanted: bool,
    alternative: bool,
    guarded: bool,
    beside: tuple[Leaf, ...],
    under: tuple[Leaf, ...] = (),
    denied_with: tuple[Leaf, ...] = (),
    denied_beside: tuple[Leaf, ...] = (),
) -> Iterator[Seen]:
    match node:
        case Leaf():
            permitted = criterion.role is Role.PERMITS
            others = tuple(item for item in denied_beside if item is not node)
            yield Seen(
                node,
                wanted,
                alternative,
                guarded,
                permitted,
                criterion.scope,
                criterion,
                beside,
                under,
                denied_with,
                others,
            )
        case Not(part=part):
            yield from _walk(part, criterion, not wanted, alternative, guarded, beside, under)
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            joined = isinstance(node, AllOf) == wanted
            here = tuple(item for part in parts for item in _together(part)) if isinstance(node, AllOf) else ()
            around = (*here, *beside) if isinstance(node, AllOf) else ()
            if isinstance(node, AnyOf) and not wanted and all(isinstance(part, Leaf) for part in parts):
                around = beside  # "ALT or AST above 5 with liver metastases"
            open_ = _open_parts(node) if isinstance(node, AllOf) and not wanted else denied_with
            denied = _denied_together(node) if isinstance(node, AllOf) and not wanted else denied_beside
            asked = [part for part in parts if not _is_escape(part)] if isinstance(node, AnyOf) and wanted else []
            for part in parts:
                other = not joined and (asked != [part] or _is_open(part))
                yield from _walk(part, criterion, wanted, alternative or other, guarded, around, under, open_, denied)
        case When(when=when, then=then):
            for item in _walk(when, criterion, wanted, True, True, beside):
                yield replace(item, condition=True)
            named = () if isinstance(when, Not) else tuple(leaves(when))
            yield from _walk(then, criterion, wanted, alternative, True, beside, named)


def _open_parts(node: AllOf) -> tuple[Leaf, ...]:
    """Return the words of a conjunction that are not read or left to a person; notes of ours are none of them."""
    return tuple(
        part
        for part in node.parts
        if isinstance(part, Leaf)
        and part.kind in _OPEN
        and not (is_doubt(part) or getattr(part.params, "note", None))
        and not _OF_THIS_CANCER.match(getattr(part.params, "topic", None) or "")
    )


def _denied_together(node: AllOf) -> tuple[Leaf, ...]:
    """Return the leaves of a conjunction; of doubts those that bear on the whole of it."""
    return tuple(item for part in node.parts for item in _together(part) if item is part or not is_doubt(item))


def _together(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that hold wherever a part of a conjunction does; a condition of others is none of them.

    Where a part denies an illness, nobody has it: "above 2, unless Gilbert's" tells the limit of those without.
    """
    if isinstance(node, Not):
        return (item for item in leaves(node) if item.kind not in _ILLNESS)
    return leaves(node.then) if isinstance(node, When) else leaves(node)


def _is_escape(node: Node) -> bool:
    """Whether a branch lets patients off and asks for nothing: "… unless there are contraindications"."""
    return all(item.kind in _OPEN for item in leaves(node))


def _is_open(node: Node) -> bool:
    """Whether a branch counts under one of two readings only."""
    return any(map(is_doubt, leaves(node)))


_ILLNESS = frozenset({"metastatic_site", "comorbidity"})
_OPEN = frozenset({"unread", "judgement"})
_OF_THIS_CANCER = re.compile(
    r"whether it was for (?:the |their |this )*(?:current|currently diagnosed|present|newly diagnosed) (?:\w+ )?(?:cancer|carcinoma|disease)\Z"
)
"""Treatment of the cancer that the trial is about is what every summary tells of."""

Summary = Callable[[list[Seen], Attributes], None]
SUMMARIES: dict[str, Summary] = {}
"""How each attribute is summarised, by name of its function's attribute."""


def summary(name: str) -> Callable[[Summary], Summary]:
    """Register how an attribute is made."""

    def register(function: Summary) -> Summary:
        SUMMARIES[name] = function
        return function

    return register


_HINTS = ("conditions", "title")


def attributes(read: ReadText, nct_id: str | None = None, record: Attributes | None = None) -> Attributes:
    """Return the attribute view.

    Args:
        read: The criteria as read.
        nct_id: The trial.
        record: What the record's own fields say (age_min, age_max, sex), which comes first; its conditions and title
            help where the text is silent and are no attributes themselves.
    """
    out: Attributes = {"nct_id": nct_id} if nct_id else {}
    out.update({key: value for key, value in (record or {}).items() if value is not None})
    leaves = seen(read)
    for make in SUMMARIES.values():
        make(leaves, out)
    for key in _HINTS:
        out.pop(key, None)
    return out
