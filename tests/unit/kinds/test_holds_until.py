"""The last day on which a truth holds: what a finding claims is what the same record says on later days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from pydantic import BaseModel

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.finding import ChangeBy
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

LATER = (1, 3, 7, 14, 28, 29, 60, 91, 182, 183, 190, 366, 800, 1100, 1900)
CLOSED = {
    "complete": dict.fromkeys(
        ("procedures", "conditions", "toxicities", "medications", "therapies", "allergies", "specimens"), True
    )
}


def dates_of(value: object) -> Iterator[PartialDate]:
    if isinstance(value, PartialDate):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from dates_of(getattr(value, name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from dates_of(inner)


def check(kind, params, record) -> Truth | None:
    """Hold what a finding claims against later days; what the record dates later is another story."""
    model, patient = kind.params.model_validate(params), Patient.model_validate(record)
    today = patient.as_of.high if patient.as_of else date(2026, 11, 21)
    planned = set(map(id, dates_of(patient.planned)))
    if any(day.low > today for day in dates_of(patient) if id(day) not in planned):
        return None

    def on(day):
        return kind.evaluate(model, Block([Case(patient, day, load_knowledge())])).at(0)

    truth = on(today)
    if truth is Truth.UNKNOWN:
        return truth
    case = Case(patient, today, load_knowledge())
    until = kind.finding(model, case, truth).holds_until
    if until is not None:
        assert until >= today
        assert on(until) is truth, until
        assert on(until + timedelta(days=1)) is not truth, until
    for days in LATER:
        day = today + timedelta(days=days)
        if until is None or day <= until:
            assert on(day) is truth, (params, record, until, day)
    return truth


@pytest.mark.parametrize("kind", [kind for kind in kinds().values() if kind.evaluated], ids=lambda kind: kind.id)
def test_examples_hold_as_long_as_they_say(kind):
    for params, record, _ in kind.examples:
        check(kind, params, record)


def on(day: str, **parts) -> dict:
    return {"as_of": day, **parts, **CLOSED}


def course(**more) -> dict:
    return {"drugs": "trastuzumab", "setting": "metastatic", "start": "2025-01-01", **more}


def conditions(*rows: dict) -> dict:
    return on("2026-01-29", conditions=list(rows))


MORE: dict[str, tuple[list[dict], list[dict]]] = {
    "prior_therapy": (
        [
            {"drugs": "trastuzumab", "ended_within_days": 90},
            {"drugs": "trastuzumab", "ended_before_days": 90},
            {"drugs": "trastuzumab", "started_within_days": 500},
            {"ended_before_days": 180, "min_count": 2},
            {"ended_within_days": 180, "min_count": 2},
            {"most_recent": True, "drugs": "anti_her2"},
            {"drugs": "trastuzumab", "ended_within_days": 90, "ended_before_days": 30},
        ],
        [
            on("2026-04-01", therapies=[course(end="2026-03-01")]),
            on("2026-04-01", therapies=[course(end="2026-03")]),
            on("2026-04-01", therapies=[course(end="2025-12")]),
            on("2026-04-01", therapies=[course(ongoing=True)]),
            on("2026-04-01", therapies=[course(), course(end="2026-01-01")]),
            on(
                "2026-04-01",
                therapies=[
                    course(end="2026-02-01"),
                    course(drugs="capecitabine", start="2026-02-10", end="2026-03-10"),
                ],
            ),
        ],
    ),
    "disease_progression": (
        [{"within_days": 90, "after": "any_therapy"}, {"within_days": 90}],
        [
            on("2026-04-01", therapies=[course(end="2026-03-01", progression_date="2026-03-01")]),
            on("2026-04-01", therapies=[course(end="2026-03-01", progression_date="2026-03")]),
        ],
    ),
    "cns_metastases": (
        [
            {"accepted": "treated_stable", "min_days_since_local_therapy": 28, "min_days_off_steroids": 14},
            {"accepted": "treated_stable", "min_days_off_steroids": 14},
            {"accepted": "treated_stable", "imaging_within_days": 30},
        ],
        [
            on(
                "2026-02-01",
                cancer={
                    "cns": {
                        "status": "treated_stable",
                        "last_local_therapy": therapy,
                        "steroid_free_since": free,
                        "on_steroids": False,
                        "last_imaging": "2026-01-25",
                    }
                },
            )
            for therapy, free in product(("2026-01-10", "2026-01", "2025-06-01"), ("2026-01-25", "2026-01", "2025"))
        ],
    ),
    "her2_status": (
        [{"any_of": [{"status": "positive"}], "max_age_days": 180}],
        [
            on(
                "2026-04-01",
                cancer={"tumour_type": "breast"},
                specimens=[{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "3+"}}],
            )
        ],
    ),
    "performance_status": (
        [{"ecog_max": 1, "within_days": 28}],
        [on("2026-04-01", performance={"ecog": score, "date": "2026-03-20"}) for score in (1, 3)],
    ),
    "lab_value": (
        [
            {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10*9/L", "within_days": 14},
            {
                "variable": "anc",
                "op": ">=",
                "value": "1.5",
                "unit": "10*9/L",
                "within_days": 14,
                "without_growth_factor_days": 14,
            },
        ],
        [
            on("2026-04-01", labs=[{"name": "anc", "value": value, "unit": "10*9/L", "date": "2026-03-25"}])
            for value in ("2", "1")
        ],
    ),
    "lines_of_therapy": (
        [{"min": 1, "relapse_window_months": 6}, {"max": 0, "relapse_window_months": 6}, {"max": 0}],
        [
            on("2026-04-01", cancer=cancer, therapies=[course(setting="adjuvant", start="2023-01-01", end=end)])
            for cancer, end in product(({}, {"setting": "metastatic"}, {"setting": "early"}), ("2026-01-01", "2024"))
        ],
    ),
    "comorbidity": (
        [{"any_of": "uncontrolled_hypertension"}, {"any_of": "fracture", "within_days": 28}],
        [
            on(
                "2026-01-29",
                conditions=[{"name": "HTN", "status": "active"}],
                vitals={"blood_pressure": "132/84", "date": "2026-01-10"},
            ),
            conditions({"name": "hip fracture", "date": "2026-01"}, {"name": "rib fracture", "date": "2026-01-11"}),
        ],
    ),
    "procedure": (
        [{"kinds": "surgery", "within_days": 28, "major": True}],
        [
            on(
                "2026-01-29",
                procedures=[
                    {"kind": "surgery", "major": True, "date": day},
                    {"kind": "surgery", "major": True, "date": "2026-01-05"},
                ],
            )
            for day in ("2026-01-10", "2026-01")
        ],
    ),
    "washout": (
        [{"days": 28}, {"half_lives": 5}, {"days": 28, "half_lives": 5}],
        [
            on("2026-01-29", therapies=[course(end=end, drugs=drugs)])
            for end, drugs in product(("2026-01-10", "2026-01"), ("trastuzumab", ["capecitabine", "utidelone"]))
        ],
    ),
    "second_malignancy": (
        [{"within_years": 3}, {"within_years": 5}, {"within_years": 3, "counted_from": "diagnosis"}],
        [
            on(
                "2026-02-28",
                cancer={"tumour_type": "breast", "diagnosed": "2025-01-01"},
                conditions=[{"name": "melanoma", "status": "resolved", "date": day}],
            )
            for day in ("2023-08-31", "2024-02-29", "2024-02", "2024", "2016-03-31")
        ],
    ),
    "immune": (
        [{"any_of": "live_vaccine", "within_days": 30}],
        [
            on("2026-01-29", procedures=[{"kind": "vaccination", "name": "MMR", "date": day}])
            for day in ("2026-01-15", "2026-01")
        ],
    ),
    "age": (
        [{"max": 65}, {"min": 18}, {"min": 18, "max": 65}],
        [
            on("2026-02-20", demographics={"birth_date": born})
            for born in ("1960-02-29", "1960-03", "1960", "2008-02-29", "2008-02", "2009")
        ],
    ),
    "viral_infection": (
        [{"virus": "hiv", "state": "known", "within_days": 7}],
        [on("2026-01-29", serology={"hiv": result, "date": "2026-01-25"}) for result in ("positive", "negative")],
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_records_hold_as_long_as_they_say(name):
    params, records = MORE[name]
    kind = kinds()[name]
    found = {check(kind, one, record) for one, record in product(params, records)}
    assert found & {Truth.MET, Truth.NOT_MET}


@pytest.mark.parametrize(
    ("name", "params", "record", "day"),
    [
        (
            "prior_therapy",
            {"drugs": "trastuzumab", "ended_within_days": 28},
            on("2026-04-01", therapies=[course(end="2026-03-20")]),
            date(2026, 4, 18),
        ),
        (
            "prior_therapy",
            {"drugs": "trastuzumab", "ended_before_days": 28},
            on("2026-04-01", therapies=[course(end="2026-03-20")]),
            date(2026, 4, 17),
        ),
        ("age", {"min": 18}, {"as_of": "2026-02-20", "demographics": {"birth_date": "2008-02-29"}}, date(2026, 3, 1)),
        (
            "second_malignancy",
            {"within_years": 3, "counted_from": "diagnosis"},
            on(
                "2026-02-28",
                cancer={"tumour_type": "breast"},
                conditions=[{"name": "melanoma", "status": "resolved", "date": "2023-08-31"}],
            ),
            date(2026, 9, 1),
        ),
    ],
)
def test_waiting_ends_on_the_day_that_is_named(name, params, record, day):
    kind, patient = kinds()[name], Patient.model_validate(record)
    model, case = kind.params.model_validate(params), Case(patient, patient.as_of.high, load_knowledge())
    truth = kind.evaluate(model, Block([case])).at(0)
    change = kind.finding(model, case, truth).change
    assert (change.by, change.date) == (ChangeBy.DATE, day)

    def at(when):
        return kind.evaluate(model, Block([Case(patient, when, load_knowledge())])).at(0)

    assert at(day - timedelta(days=1)) is truth
    assert at(day) is truth.negated()


@pytest.mark.parametrize("kind", [kind for kind in kinds().values() if kind.evaluated], ids=lambda kind: kind.id)
def test_a_day_that_is_named_changes_the_truth(kind):
    """Where time alone is said to change an answer, it is another on that day."""
    for params, record, _ in kind.examples:
        patient, model = Patient.model_validate(record), kind.params.model_validate(params)
        today = patient.as_of.high if patient.as_of else date(2026, 11, 21)
        case = Case(patient, today, load_knowledge())
        truth = kind.evaluate(model, Block([case])).at(0)
        change = kind.finding(model, case, truth).change
        if truth is Truth.UNKNOWN or change is None or change.by is not ChangeBy.DATE or change.date is None:
            continue
        assert change.date > today
        later = Block([Case(patient, change.date, load_knowledge())])
        assert kind.evaluate(model, later).at(0) is not truth, (params, record, change)
