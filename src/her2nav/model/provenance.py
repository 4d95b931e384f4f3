"""Where a fact comes from and how far it may be trusted."""

from datetime import date
from enum import StrEnum

from her2nav.model.base import Frozen


class Confidence(StrEnum):
    """How a fact was checked.

    V, M, O, P: the source itself was read (guideline or paper, curated regulatory file, openFDA, press or news).
    S: verified by script. K: medical knowledge, text not consulted. WEAK (K?) and UNV: not to decide anything alone.
    """

    V = "V"
    M = "M"
    O = "O"  # noqa: E741 - the tag of the domain files
    P = "P"
    S = "S"
    K = "K"
    WEAK = "K?"
    UNV = "UNV"

    @property
    def unverified(self) -> bool:
        """True when the fact is shown as "unverified" and never decides anything alone."""
        return self in (Confidence.WEAK, Confidence.UNV)


class Provenance(Frozen):
    """The source of a fact: an id of `data/sources.yaml`, the place in it, the day it was checked."""

    covers: tuple[str, ...] = ()
    """Field names of the record that this line supports; empty: all of them."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence
