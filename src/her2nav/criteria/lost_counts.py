"""Leads that ask for some of several points which stand in one line of their own behind them.

"Meets 3 of the following 5 signs:" and a line "A; B; C; D; E": nobody is asked for all five.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AnyOf
from her2nav.model.trial import Criterion, Role

_LEAD = Sought(
    r"\b(?:[1-9]|one|two|three|four|five)(?: \(\d\))? (?:or more )?(?:out )?of (?:the )?(?:following|these)\b[^.;]*:\s*\Z"
)
_FEWEST = 2
"""Semicolons that make a list of a line."""


def opened(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return criteria of which those that such a lead counts shut out nobody by themselves.

    Args:
        criteria: Those of a text, in order.
        plain: The plain text.
    """
    found = list(criteria)
    for place, (lead, listed) in enumerate(itertools.pairwise(criteria), 1):
        if (
            listed.section == lead.section == "inclusion"
            and listed.role is Role.DECIDES
            and _counts(lead, listed, plain)
        ):
            some = leaf("unread", note="how many of these points hold is not read")
            found[place] = replace(listed, node=AnyOf((listed.node, some), listed.node.span))
    return found


def _counts(lead: Criterion, listed: Criterion, plain: str) -> bool:
    if isinstance(listed.node, AnyOf) or lead.span is None or listed.span is None:
        return False
    if plain.count(";", *listed.span) < _FEWEST:
        return False  # a list in lines of its own stands under its lead
    return _LEAD.search(" ".join(plain[slice(*lead.span)].split())) is not None
