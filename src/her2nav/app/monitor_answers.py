"""The documented shape of the answer of `monitor`; docs/monitoring.md describes it."""

from __future__ import annotations

from her2nav.app.answers import ConflictItem, Versions
from her2nav.therapy.safety_results import SafetyAnswer


class MonitorAnswer(SafetyAnswer):
    """The answer of `monitor`."""

    patient: str | None
    as_of: str
    conflicts: list[ConflictItem]
    warnings: list[str]
    versions: Versions
