"""Criterion trees: typed propositions joined by logic, each with its span in the registry text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int]
"""First and one-past-last character of a criterion in the registry's eligibility text."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A typed proposition about the patient: the id of a criterion kind and its parameters."""

    kind: str
    params: Any
    span: Span | None = None
    text: str | None = None
    rule: str | None = field(default=None, compare=False)
    """The reading rule that made it; None where a person wrote it."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Node, ...]
    span: Span | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Node, ...]
    span: Span | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false. An exclusion is `Not(proposition)`."""

    part: Node
    span: Span | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when `n` of the parts are."""

    n: int
    parts: tuple[Node, ...]
    span: Span | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A guard: `then` must hold where `when` does; where `when` is false the criterion does not apply and is MET."""

    when: Node
    then: Node
    span: Span | None = None
    text: str | None = None


Node = Leaf | AllOf | AnyOf | Not | AtLeast | When


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of a node."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case When(when=when, then=then):
            return (when, then)
    return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """Return every leaf, left to right."""
    if isinstance(node, Leaf):
        return iter((node,))
    found: list[Leaf] = []
    left: list[Node] = [node]
    while left:
        now = left.pop()
        if isinstance(now, Leaf):
            found.append(now)
        elif isinstance(now, Not):
            left.append(now.part)
        elif isinstance(now, When):
            left += (now.then, now.when)
        else:
            left.extend(now.parts[::-1])
    return iter(found)
