"""Text that was not turned into a typed criterion: it is UNKNOWN and needs a person."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: whatever the text says."""

    note: str | None = None
    """Why it was not read, in our own words."""


KIND = Kind(id="unread", name="unread", taxonomy=(), params=Params)
