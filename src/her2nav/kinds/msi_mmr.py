"""Microsatellite instability and mismatch repair."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the tumour has this state (MSI-H and dMMR mean the same here, as do MSS and pMMR)."""

    status: Literal["MSI-H", "MSS"]


KIND = Kind(id="msi_mmr", name="msi mmr", taxonomy=(5,), params=Params)
