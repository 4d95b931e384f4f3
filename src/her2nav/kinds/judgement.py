"""What is left to the investigator's judgement."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the statement holds in the investigator's opinion."""

    topic: str
    """Two to six words of our own: what is to be judged."""


KIND = Kind(id="judgement", name="judgement", taxonomy=(), params=Params)
