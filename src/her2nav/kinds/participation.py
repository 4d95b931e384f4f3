"""Consent, willingness, ability to comply, logistics: what only the person and the team can confirm."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the participation requirement is fulfilled."""

    what: Literal[
        "consent",
        "compliance",
        "follow_up",
        "biopsy_on_study",
        "procedures",
        "insurance",
        "distance",
        "language",
        "device",
        "questionnaires",
        "other_trial",
        "donation",
        "slot",
    ]


KIND = Kind(id="participation", name="participation", taxonomy=(42,), params=Params)
