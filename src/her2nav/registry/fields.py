"""Single fields of registry records: dates, statuses, phases, ids, as each shape of record writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

from her2nav.model.dates import PartialDate
from her2nav.model.registry_trial import NCT_ID
from her2nav.model.trial import Recruitment

Json = dict[str, Any]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WORDS_DATE = re.compile(r"([A-Za-z]+)\.?\s+(?:(\d{1,2}),\s*)?(\d{4})")
_ISO_PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
_NOT_WORD = re.compile(r"[^A-Z0-9]+")

_STATUS_SYNONYMS = {"UNKNOWN_STATUS": "UNKNOWN", "ACTIVE_NOT_RECRUITING": "ACTIVE_NOT_RECRUITING"}
_STATUSES = {status.value: status for status in Recruitment}
_ACCESS_STATUSES = {
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
}
"""Statuses of expanded access and of withheld records: kept as written, no recruitment status."""

_PHASES = {
    "EARLY_PHASE_1": "EARLY_PHASE1",
    "EARLY_PHASE1": "EARLY_PHASE1",
    "PHASE_0": "EARLY_PHASE1",
    "PHASE_1": "PHASE1",
    "PHASE1": "PHASE1",
    "PHASE_2": "PHASE2",
    "PHASE2": "PHASE2",
    "PHASE_3": "PHASE3",
    "PHASE3": "PHASE3",
    "PHASE_4": "PHASE4",
    "PHASE4": "PHASE4",
    "NA": "NA",
    "N_A": "NA",
    "NOT_APPLICABLE": "NA",
}


class Unreadable(ValueError):
    """A record cannot be used at all; the message is the reason for people."""


class Fields:
    """Tolerant access to a record: what has the wrong form is left out and listed, the rest is read."""

    __slots__ = ("faults",)

    def __init__(self) -> None:
        self.faults: list[str] = []

    def group(self, data: Json, key: str) -> Json:
        """Return a nested group; an absent one is empty."""
        value = data.get(key)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.faults.append(f"'{key}' is not a group of fields")
        return {}

    def items(self, data: Json, key: str) -> list[Any]:
        """Return a list; a single value counts as a list of one."""
        value = data.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def groups(self, data: Json, key: str) -> list[Json]:
        """Return a list of groups, without what is none."""
        found = self.items(data, key)
        kept = [item for item in found if isinstance(item, dict)]
        if len(kept) != len(found):
            self.faults.append(f"'{key}' holds something that is not a group of fields")
        return kept

    def text(self, data: Json, key: str) -> str | None:
        """Return a text without white space around it; None when absent or empty."""
        value = data.get(key)
        if isinstance(value, str):
            return value.strip() or None
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        self.faults.append(f"'{key}' is not a text")
        return None

    def texts(self, data: Json, key: str) -> tuple[str, ...]:
        """Return a list of texts, without empty ones."""
        return unique(item.strip() for item in self.items(data, key) if isinstance(item, str))

    def date(self, value: str | None, name: str) -> PartialDate | None:
        """Return a date; what is none is listed as a fault."""
        if not value:
            return None
        found = read_date(value)
        if found is None:
            self.faults.append(f"the {name} date '{value[:40]}' is not a date")
        return found

    def status(self, value: str | None) -> Recruitment | None:
        """Return a recruitment status."""
        if not value:
            return None
        found = read_status(value)
        if found is None and constant(value) not in _ACCESS_STATUSES:
            self.faults.append(f"the status '{value[:40]}' is not known")
        return found

    def phases(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return phases in the registry's constants, from `Phase 1/Phase 2`, `PHASE2` or a list."""
        found: list[str] = []
        for value in values:
            for part in re.split(r"[/|,]", value) if constant(value) not in _PHASES else [value]:
                if not part.strip():
                    continue
                phase = _PHASES.get(constant(part))
                if phase is None:
                    self.faults.append(f"the phase '{part.strip()[:40]}' is not known")
                elif phase not in found:
                    found.append(phase)
        return tuple(found)

    def number(self, value: object) -> int | None:
        """Return a count."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int):
            return value
        if isinstance(value, str) and value.strip().isdigit() and len(value) < 12:
            return int(value)
        return None

    def coordinate(self, value: object, limit: float) -> float | None:
        """Return a latitude (limit 90) or longitude (limit 180) in degrees."""
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                value = None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not -limit <= value <= limit:
            return None
        return float(value)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return texts in order, each once, without empty ones."""
    return tuple(dict.fromkeys(value for value in values if value))


def guarded_id(value: object) -> str:
    """Return an NCT number, or refuse the record.

    Raises:
        Unreadable: Absent, or not `NCT` and eight digits.
    """
    text = value.strip().upper() if isinstance(value, str) else ""
    if not text:
        raise Unreadable("no registry id (NCT and eight digits)")
    if NCT_ID.fullmatch(text) is None or not text.isascii():
        raise Unreadable(f"'{text[:40]}' is not a registry id (NCT and eight digits)")
    return text


@lru_cache(maxsize=4096)
def constant(value: str) -> str:
    """Return words as a constant: `Active, not recruiting` is ACTIVE_NOT_RECRUITING."""
    return _NOT_WORD.sub("_", value.upper()).strip("_")


@lru_cache(maxsize=1024)
def read_status(value: str) -> Recruitment | None:
    """Return a recruitment status of any shape; None when it is not one."""
    name = constant(value)
    return _STATUSES.get(_STATUS_SYNONYMS.get(name, name))


@lru_cache(maxsize=65536)
def read_date(value: str) -> PartialDate | None:
    """Return a date written as 2025-06-03, 2025-06, `June 3, 2025` or `June 2025`; None when it is none of them."""
    text = value.strip()
    words = _WORDS_DATE.fullmatch(text)
    if words is not None:
        month = _MONTHS.get(words[1].lower())
        if month is None:
            return None
        text = f"{words[3]}-{month:02}" + (f"-{int(words[2]):02}" if words[2] else "")
    else:
        stamp = _ISO_PREFIX.fullmatch(text)
        text = stamp[1] if stamp else text
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def read_sex(value: str | None) -> Literal["all", "female", "male"] | None:
    """Return the sexes a trial takes."""
    word = (value or "").strip().lower()
    if word in ("all", "both"):
        return "all"
    return word if word in ("female", "male") else None  # type: ignore[return-value]


def read_age(value: str | None) -> str | None:
    """Return an age as written; `N/A` and the like mean no limit."""
    text = (value or "").strip()
    return text if text and text.upper() not in ("N/A", "NA", "NONE") else None


def read_yes(value: object) -> bool | None:
    """Return yes or no in any of the registry's forms."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if value is not None else ""
    if word in ("yes", "true", "accepts healthy volunteers"):
        return True
    return False if word in ("no", "false") else None
