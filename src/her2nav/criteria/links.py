"""What the vocabularies say of things that one sentence joins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from her2nav.knowledge.load import Knowledge


class Links(NamedTuple):
    """Links between conditions, values and time.

    Attributes:
        events: Conditions that happen at a time.
        alike: Laboratory variables that stand in for each other.
        shown_by: Condition to the variables that say how far a function is lost that it names.
    """

    events: frozenset[str]
    alike: tuple[frozenset[str], ...]
    shown_by: Mapping[str, frozenset[str]]


def links(knowledge: Knowledge) -> Links:
    """Return the links of a version of the knowledge."""
    rules = knowledge.numeric_rules
    return Links(knowledge.conditions.events, rules.alike, rules.shown_by)
