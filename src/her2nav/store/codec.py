"""Trials and raw records to bytes and back."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from her2nav.model.dates import PartialDate, status_day
from her2nav.model.outline import Outline
from her2nav.model.trial import Recruitment

if TYPE_CHECKING:
    from her2nav.model.registry_trial import RegistryTrial

_NOT_SAID = {"current_on"}
_LEVEL = 3
"""zlib: half the time of level 6 for 6 % more bytes."""


@cache
def _adapter() -> TypeAdapter[RegistryTrial]:
    from her2nav.model.registry_trial import RegistryTrial

    return TypeAdapter(RegistryTrial)


def trial_json(trial: RegistryTrial) -> bytes:
    """Return what a record says as JSON: without what has its default value, and without the day it was fetched."""
    return _adapter().dump_json(trial, exclude_defaults=True, exclude=_NOT_SAID)


def trial_from_json(body: bytes, *days: str | None) -> RegistryTrial:
    """Return the trial of `trial_json`, known to be so on the latest of some days."""
    trial = _adapter().validate_json(body)
    latest = max((day for day in days if day), default=None)
    return trial if latest is None else replace(trial, current_on=date.fromisoformat(latest))


def outline_from_json(body: bytes, *days: str | None) -> Outline:
    """Return the outline of the trial of `trial_json`, known to be so on the latest of some days.

    To make a program for the whole of a record takes longer than to read some dozens of outlines without one.
    """
    found = json.loads(body)
    text, status, dates = found.get("eligibility", {}).get("text"), found.get("status"), found.get("dates", {})
    latest = max((day for day in days if day), default=None)
    update, verified = (
        PartialDate.parse(dates[name]) if name in dates else None for name in ("last_update", "verified")
    )
    return Outline(
        found["nct_id"],
        text,
        Recruitment(status) if status is not None else None,
        status_day(date.fromisoformat(latest) if latest is not None else None, update, verified),
    )


def sha256(body: bytes) -> str:
    """Return the hexadecimal SHA-256."""
    return hashlib.sha256(body).hexdigest()


def pack(body: bytes) -> bytes:
    """Return bytes compressed."""
    return zlib.compress(body, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """Return the bytes of `pack`."""
    return zlib.decompress(packed)
