"""Answers in exchange formats: trials as JSON, a table or a FHIR searchset, next steps as a FHIR CarePlan."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from her2nav.app.derived import Derived
from her2nav.app.fhir_match import searchset_of
from her2nav.app.match import match_json, missing
from her2nav.exchange.fhir_plan import Step, care_plan
from her2nav.model.errors import InputError
from her2nav.model.truth import Truth
from her2nav.report.phrases import closing_lines

COLUMNS = (
    "nct_id",
    "title",
    "verdict",
    "status",
    "status_date",
    "met",
    "not_met",
    "open",
    "waits_for",
    "eligible_from",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TRIALS = 10
Made = tuple[str, str, str]
"""Content, media type, name of a file."""


def export(derived: Derived, to: str) -> Made:
    """Return the answers of a patient in a format.

    Args:
        derived: The patient with every answer.
        to: `json`, `csv`, `fhir` or `careplan`.

    Raises:
        InputError: There is no such format, or the record names no tumour type.
    """
    if to not in FORMATS:
        raise InputError(f"no format '{to}'", place="--to", allowed=", ".join(FORMATS))
    return FORMATS[to](derived)


def _json(derived: Derived) -> Made:
    data = match_json(derived.session, derived.matched)
    return _written(data), "application/json", "her2nav-match.json"


def _csv(derived: Derived) -> Made:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in derived.matched.matches:
        record = one.trial.record
        counts = [one.count(truth) for truth in (Truth.MET, Truth.NOT_MET, Truth.UNKNOWN)]
        waits = "; ".join(missing(one.with_truth(Truth.UNKNOWN)))
        row = (record.nct_id, record.title, one.verdict.word, record.status.value.value, record.status.date, *counts)
        writer.writerow([_cell(value) for value in (*row, waits, one.eligible_from or "")])
    return out.getvalue(), "text/csv; charset=utf-8", "her2nav-trials.csv"


def _cell(value: object) -> str:
    """A cell that a spreadsheet would run as a formula is kept as text."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _fhir(derived: Derived) -> Made:
    data = searchset_of(derived.session, derived.matched)
    return _written(data), "application/fhir+json", "her2nav-trials.fhir.json"


def _care_plan(derived: Derived) -> Made:
    knowledge = derived.knowledge
    steps = [
        Step("ServiceRequest", item.clinical, tuple(reason.clinical for reason in item.reasons)) for item in derived.due
    ]
    steps += [
        Step("Task", f"Ask about the trial {one.trial.record.title} ({one.trial.record.nct_id})")
        for one in derived.trials[:_TRIALS]
    ]
    lines = closing_lines(knowledge.words, "clinical", lung=derived.lung)
    plan = care_plan("HER2: next tests and trials to ask about", derived.case.as_of, steps, lines)
    return _written(plan), "application/fhir+json", "her2nav-careplan.fhir.json"


def _written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=str, indent=1)


FORMATS: dict[str, Callable[[Derived], Made]] = {"json": _json, "csv": _csv, "fhir": _fhir, "careplan": _care_plan}
