"""Trees put together: and, or, not; branches of which nothing was read; places of what was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import doubt_on, is_doubt, leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, children, leaves

WORDS = "unread.words"
"""Rule of a leaf that stands for words which nothing has read; other such leaves stand for what was read and is in doubt."""


def all_of(parts: Sequence[Node]) -> Node:
    """Return the conjunction, flattened."""
    if len(parts) == 1 and not isinstance(parts[0], AllOf):
        return parts[0]
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, AllOf) and part.span is None else (part,))
    ]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(parts: Sequence[Node]) -> Node:
    """Return the disjunction, flattened."""
    if len(parts) == 1 and not isinstance(parts[0], AnyOf):
        return parts[0]
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) and part.span is None else (part,))
    ]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def deny(node: Node) -> Node:
    """Return the negation; two cancel."""
    return node.part if isinstance(node, Not) else Not(node)


def in_doubt(*nodes: Node, doubt: str | None = None) -> Node:
    """Return what holds together, but only by one of two readings of the text: never more than unknown."""
    return all_of([*nodes, doubt_on(doubt)])


def left_unread(node: Node) -> Leaf:
    """Return the words of a node as unread."""
    spans = [item.span for item in leaves(node) if item.span is not None]
    span = node.span or ((min(one[0] for one in spans), max(one[1] for one in spans)) if spans else None)
    return Leaf("unread", leaf("unread").params, span)


def with_leaves(node: Node, made: Callable[[Leaf, bool], Node], *, guards: bool = True, denied: bool = False) -> Node:
    """Return a tree with what is made of each leaf in its place.

    Args:
        node: The tree.
        made: Told a leaf and whether it stands under a denial; what is to stay it returns as it is.
        guards: The conditions in front of demands too ("if HER2-positive, …").
        denied: The tree itself stands under a denial.
    """
    match node:
        case Leaf():
            return made(node, denied)
        case Not(part=part):
            return replace(node, part=with_leaves(part, made, guards=guards, denied=not denied))
        case When(when=when, then=then):
            whom = with_leaves(when, made, guards=guards, denied=not denied) if guards else when
            return replace(node, when=whom, then=with_leaves(then, made, guards=guards, denied=denied))
    parts = tuple(with_leaves(part, made, guards=guards, denied=denied) for part in children(node))
    return replace(node, parts=parts)


def denied_together(node: Node, *, denied: bool = False) -> Node:
    """Return a tree in which a denied "if" is both of its halves.

    "If irradiated, then more than 10 Gy" shuts out those who were irradiated with more, not everybody who was not.
    """
    match node:
        case Not(part=part):
            return Not(denied_together(part, denied=not denied), node.span)
        case AllOf(parts=parts):
            return AllOf(tuple(denied_together(part, denied=denied) for part in parts), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(denied_together(part, denied=denied) for part in parts), node.span)
        case When(when=when, then=then) if denied:
            both = (denied_together(when, denied=True), denied_together(then, denied=True))
            return AllOf(both, node.span)
        case When(when=when, then=then):
            return When(
                denied_together(when, denied=not denied), denied_together(then, denied=denied), node.span, node.text
            )
    return node


def simplified(node: Node) -> Node:
    """Return the tree with every branch of which nothing was read as one `unread` leaf."""
    if isinstance(node, Leaf):
        return node
    # A branch of which nothing was read has become one such leaf, so that its parts tell it.
    parts = tuple(map(simplified, children(node)))
    if all(isinstance(part, Leaf) and part.kind == "unread" for part in parts):
        spans = [part.span for part in parts if part.span]
        span = (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
        rules = {part.rule for part in parts if isinstance(part, Leaf)}
        return Leaf("unread", leaf("unread").params, span, None, rules.pop() if len(rules) == 1 else None)
    match node:
        case AllOf():
            return AllOf(parts, node.span)
        case AnyOf():
            return AnyOf(parts, node.span)
        case Not():
            return Not(parts[0], node.span)
        case When():
            return When(parts[0], parts[1], node.span)
    return node


def placed(node: Node, span: tuple[int, int], rule: str) -> Node:
    """Return the node with its span and rule, where its rule has not given closer ones."""
    match node:
        case Leaf() if is_doubt(node):
            return node
        case Leaf():
            return node if node.span else Leaf(node.kind, node.params, span, node.text, rule)
        case AllOf(parts=parts):
            return AllOf(tuple(placed(part, span, rule) for part in parts), span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(placed(part, span, rule) for part in parts), span)
        case Not(part=part):
            return Not(placed(part, span, rule), span)
        case When(when=when, then=then):
            return When(placed(when, span, rule), placed(then, span, rule), span)
    return node
