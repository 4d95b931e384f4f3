"""Visceral crisis or rapidly progressing, life-threatening disease."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: visceral crisis or rapid progression."""


KIND = Kind(id="visceral_crisis", name="visceral crisis", taxonomy=(15,), params=Params)
