"""A therapy without a recorded end: it neither ends on its first day nor runs for certain."""

from datetime import date
from typing import Any

from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.report.timeline import Entry, entries, timeline_svg

TODAY = date(2026, 11, 20)


def therapy(**given: Any) -> tuple[Entry, str]:
    record = {
        "cancer": {"tumour_type": "breast"},
        "specimens": [{"kind": "biopsy", "collected": "2024-01-01", "ihc": {"score": "3+"}}],
        "therapies": [{"drugs": ["trastuzumab"], "start": "2025-01-01", **given}],
    }
    case = Case(Patient.model_validate(record), TODAY, load_knowledge())
    assert case.her2 is not None
    items = entries(case.patient, case.her2, TODAY)
    return next(one for one in items if one.kind == "therapy"), timeline_svg(items, TODAY, "x") or ""


def test_an_end_that_is_not_recorded_is_drawn_as_open() -> None:
    entry, picture = therapy()
    assert entry.when == "2025-01-01 to end not recorded"
    assert entry.open_until == TODAY
    assert "<title>end not recorded</title>" in picture


def test_a_running_or_ended_therapy_is_not() -> None:
    for given in ({"ongoing": True}, {"end": "2025-06-01"}):
        entry, picture = therapy(**given)
        assert entry.open_until is None
        assert "end not recorded" not in picture
