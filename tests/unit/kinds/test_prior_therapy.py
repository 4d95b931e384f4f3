"""Prior therapy against a naive reading of whole worlds: a record that knows less never says what is not so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.dates import add_months
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

TODAY = date(2026, 6, 15)
KIND = kinds()["prior_therapy"]
KNOWLEDGE = load_knowledge()
DRUGS = ("trastuzumab", "pertuzumab", "trastuzumab deruxtecan", "capecitabine", "docetaxel", "letrozole", "doxorubicin")
TERMS = (
    "anti_her2",
    "anti_her2_adc",
    "chemotherapy",
    "taxane",
    "anthracycline",
    "endocrine",
    "trastuzumab",
    "capecitabine",
)
SETTINGS = ("neoadjuvant", "adjuvant", "metastatic")


@dataclass(frozen=True)
class Given:
    """One course as it truly was."""

    drugs: tuple[str, ...]
    setting: str
    start: date
    end: date
    cycles: int
    reason: str
    response: str
    progression: date | None


@st.composite
def courses(draw: st.DrawFn) -> Given:
    start = TODAY - timedelta(days=draw(st.integers(0, 900)))
    end = min(TODAY, start + timedelta(days=draw(st.integers(0, 300))))
    reason = draw(st.sampled_from(("progression", "toxicity", "completed")))
    progression = None
    if reason == "progression":
        progression = end
    elif draw(st.booleans()):
        progression = min(TODAY, end + timedelta(days=draw(st.integers(0, 400))))
    drugs = tuple(draw(st.lists(st.sampled_from(DRUGS), min_size=1, max_size=3, unique=True)))
    response, cycles = draw(st.sampled_from(("CR", "PR", "SD"))), draw(st.integers(1, 9))
    return Given(drugs, draw(st.sampled_from(SETTINGS)), start, end, cycles, reason, response, progression)


@st.composite
def filters(draw: st.DrawFn) -> dict:
    some = st.lists(st.sampled_from(TERMS), max_size=2, unique=True)
    params = {"drugs": draw(some), "settings": draw(st.lists(st.sampled_from(SETTINGS), max_size=2, unique=True))}
    if params["drugs"]:
        params["except_drugs"] = draw(some)
        params["together_with"] = draw(st.lists(st.sampled_from(TERMS), max_size=1))
    params["outcome"] = draw(
        st.sampled_from(
            ("any", "any", "progression", "intolerance", "progression_or_intolerance", "completed", "response")
        )
    )
    for name, values in (
        ("min_cycles", (2, 5)),
        ("ended_within_days", (28, 180)),
        ("ended_before_days", (14, 90)),
        ("progressed_within_months", (6, 12)),
        ("started_within_days", (42, 180)),
        ("max_cycles", (3, 6)),
    ):
        if draw(st.integers(0, 3)) == 0:
            params[name] = draw(st.sampled_from(values))
    params["most_recent"] = draw(st.integers(0, 4)) == 0
    return params


def is_one(drug: str, terms: list[str]) -> bool:
    return bool(KNOWLEDGE.drugs.terms_of(KNOWLEDGE.drugs.resolve(drug).drugs[0]) & set(terms))


def fits(one: Given, params: dict) -> bool:
    """Read every parameter as its description says, of one course that is wholly known."""
    wanted = params["drugs"] or ["systemic_therapy"]
    if not any(is_one(drug, wanted) and not is_one(drug, params.get("except_drugs", [])) for drug in one.drugs):
        return False
    if not all(any(is_one(drug, [other]) for drug in one.drugs) for other in params.get("together_with", [])):
        return False
    if params["settings"] and one.setting not in params["settings"]:
        return False
    outcome, age = params["outcome"], (TODAY - one.end).days
    answers = {
        "any": True,
        "progression": one.progression is not None,
        "intolerance": one.reason == "toxicity",
        "progression_or_intolerance": one.progression is not None or one.reason == "toxicity",
        "completed": one.reason == "completed",
        "response": one.response in ("CR", "PR"),
    }
    if not answers[outcome]:
        return False
    if "progressed_within_months" in params:
        months = params["progressed_within_months"]
        if one.progression is None or one.progression > add_months(one.end, months):
            return False
    return (
        one.cycles >= params.get("min_cycles", 0)
        and one.cycles <= params.get("max_cycles", 99)
        and age <= params.get("ended_within_days", 99999)
        and age >= params.get("ended_before_days", 0)
        and (TODAY - one.start).days <= params.get("started_within_days", 99999)
    )


def naive(world: list[Given], params: dict) -> bool:
    if not params["most_recent"]:
        return any(fits(one, params) for one in world)
    last = max((one.end for one in world), default=None)
    return any(fits(one, params) for one in world if one.end == last)


@st.composite
def records(draw: st.DrawFn, world: list[Given]) -> dict:
    """Write a world down with things left out, rounded or in doubt."""
    rows, dropped = [], False
    for one in world:
        if draw(st.integers(0, 7)) == 0:
            dropped = True
            continue
        drugs = list(one.drugs)
        how = draw(st.integers(0, 7))
        if how == 0:
            drugs[0] = "mystery-77"
        elif how == 1:
            drugs[0] = f"{drugs[0]}?"
        elif how == 2 and is_one(drugs[0], ["chemotherapy"]):
            drugs[0] = "chemotherapy"
        row = {
            "drugs": drugs,
            "setting": one.setting,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "cycles": one.cycles,
            "reason_stopped": one.reason,
            "best_response": one.response,
            "progression_date": one.progression.isoformat() if one.progression else None,
        }
        for name in draw(st.lists(st.sampled_from([key for key in row if key != "drugs"]), max_size=4, unique=True)):
            written = row[name]
            dated = name in ("start", "end", "progression_date") and isinstance(written, str)
            row[name] = written[: draw(st.sampled_from((4, 7)))] if dated and draw(st.booleans()) else None
        rows.append(row)
    closed = not dropped and draw(st.booleans())
    return {"as_of": TODAY.isoformat(), "therapies": rows, "complete": {"therapies": closed}}


def judged(record: dict, params: dict) -> Truth:
    model = KIND.params.model_validate(params)
    case = Case(Patient.model_validate(record), TODAY, KNOWLEDGE)
    truth = KIND.evaluate(model, Block([case])).at(0)
    assert KIND.finding(model, case, truth).truth is truth
    return truth


@given(st.data())
@settings(max_examples=400)
def test_a_record_that_knows_less_never_says_what_is_not_so(data):
    world = data.draw(st.lists(courses(), max_size=3))
    params = data.draw(filters())
    truth = judged(data.draw(records(world)), params)
    assert truth in (Truth.UNKNOWN, Truth.MET if naive(world, params) else Truth.NOT_MET)


def full(world: list[Given]) -> dict:
    rows = [
        {
            "drugs": list(one.drugs),
            "setting": one.setting,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "cycles": one.cycles,
            "reason_stopped": one.reason,
            "best_response": one.response,
            "progression_date": one.progression.isoformat() if one.progression else None,
        }
        for one in world
    ]
    return {"as_of": TODAY.isoformat(), "therapies": rows, "complete": {"therapies": True}}


@given(st.lists(courses(), max_size=3), filters())
@settings(max_examples=200)
def test_a_record_that_knows_all_is_answered(world, params):
    """Progression apart, whose absence no record states, and equal last days."""
    ends = [one.end for one in world]
    about = {"progression", "progression_or_intolerance"}
    if params["outcome"] in about or "progressed_within_months" in params or len(set(ends)) < len(ends):
        return
    assert judged(full(world), params) is (Truth.MET if naive(world, params) else Truth.NOT_MET)


def row(drugs, **more):
    return {"drugs": drugs, "setting": "metastatic", "start": "2025-01-01", "end": "2025-06-01", **more}


CLOSED = {"complete": {"therapies": True}}
NO_PROGRESSION = {"drugs": "pertuzumab", "outcome": "no_progression"}


@pytest.mark.parametrize(
    ("params", "therapies", "expected"),
    [
        # three courses never add up to one
        (
            {"drugs": "trastuzumab", "settings": "metastatic", "outcome": "completed"},
            [
                row("trastuzumab", setting="adjuvant", reason_stopped="completed"),
                row("capecitabine", start="2025-07-01", end="2025-09-01", reason_stopped="completed"),
                row("trastuzumab", start="2025-10-01", end="2025-12-01", reason_stopped="toxicity"),
            ],
            "not_met",
        ),
        # without progression: the course ended for another reason, or runs with the disease controlled
        (NO_PROGRESSION, [row("HP", reason_stopped="completed")], "met"),
        (NO_PROGRESSION, [row("HP", end=None, ongoing=True, best_response="SD")], "met"),
        (NO_PROGRESSION, [row("HP", end=None, ongoing=True)], "unknown"),
        (NO_PROGRESSION, [row("HP")], "unknown"),
        (NO_PROGRESSION, [row("HP", reason_stopped="completed", progression_date="2025-09-01")], "not_met"),
        # an end for another reason does not exclude progression later
        ({"drugs": "pertuzumab", "outcome": "progression"}, [row("HP", reason_stopped="completed")], "unknown"),
        # two rows of one regimen are not two courses
        ({"drugs": "anti_her2", "min_count": 2}, [row("trastuzumab"), row("pertuzumab")], "unknown"),
        (
            {"drugs": "anti_her2", "min_count": 2},
            [row("trastuzumab"), row("T-DXd", start="2025-07-01", end="2025-12-01")],
            "met",
        ),
        (
            {"drugs": "anti_her2", "min_count": 2},
            [row("THP"), row("HP", setting="maintenance", start="2025-07-01", end="2025-12-01")],
            "unknown",
        ),
        # a running course may yet get more cycles
        ({"drugs": "trastuzumab", "min_cycles": 7}, [row("trastuzumab", end=None, ongoing=True, cycles=6)], "unknown"),
        ({"drugs": "trastuzumab", "min_cycles": 7}, [row("trastuzumab", cycles=6)], "not_met"),
        ({"drugs": "trastuzumab", "max_cycles": 6}, [row("trastuzumab", end=None, ongoing=True, cycles=6)], "unknown"),
        ({"drugs": "trastuzumab", "max_cycles": 6}, [row("trastuzumab", end=None, ongoing=True, cycles=7)], "not_met"),
        ({"drugs": "trastuzumab", "max_cycles": 6}, [row("trastuzumab", cycles=6)], "met"),
        # stopped for progression: it came before the end
        ({"progressed_within_months": 6}, [row("trastuzumab", reason_stopped="progression")], "met"),
        # no cycle, a name in doubt, a start that may lie ahead
        ({"drugs": "trastuzumab"}, [row("trastuzumab", cycles=0)], "unknown"),
        ({"drugs": "trastuzumab"}, [row("trastuzumab?")], "unknown"),
        ({"drugs": "pertuzumab"}, [row("trastuzumab?")], "unknown"),
        ({"drugs": "trastuzumab"}, [{"drugs": "trastuzumab", "start": "2026"}], "unknown"),
        # a course that begins later is set aside
        ({"drugs": "trastuzumab"}, [{"drugs": "trastuzumab", "start": "2026-07-01"}], "not_met"),
        # letters that leave a drug open
        ({"drugs": "pertuzumab"}, [row("PH")], "unknown"),
        ({"drugs": "trastuzumab"}, [row("PH")], "met"),
        ({"drugs": "anthracycline"}, [row("PH")], "not_met"),
        ({"drugs": "systemic_therapy"}, [row("TP")], "met"),
        ({"drugs": "anti_her2"}, [row("TP")], "unknown"),
        # the start of a course
        ({"drugs": "trastuzumab", "started_within_days": 530}, [row("trastuzumab")], "met"),
        ({"drugs": "trastuzumab", "started_within_days": 529}, [row("trastuzumab")], "not_met"),
        ({"drugs": "trastuzumab", "started_within_days": 400}, [row("trastuzumab", start="2025")], "unknown"),
        ({"drugs": "trastuzumab", "started_within_days": 400}, [row("trastuzumab", start=None)], "unknown"),
    ],
)
def test_courses_are_judged_one_by_one(params, therapies, expected):
    record = {"as_of": "2026-06-15", "therapies": therapies, **CLOSED}
    assert judged(record, params) == Truth(expected)


def test_most_recent_needs_a_complete_list_or_a_running_course():
    record = {"as_of": "2026-06-15", "therapies": [row("trastuzumab")]}
    params = {"drugs": "trastuzumab", "most_recent": True}
    assert judged(record, params) is Truth.UNKNOWN
    assert judged({**record, **CLOSED}, params) is Truth.MET
    running = {**record, "therapies": [row("trastuzumab", end=None, ongoing=True)]}
    assert judged(running, params) is Truth.MET


@pytest.mark.parametrize(
    ("relapse", "expected"),
    [("2025-12-01", "met"), ("2025-12-02", "not_met"), ("2025-12", "unknown"), (None, "unknown")],
)
def test_relapse_after_adjuvant_therapy_is_counted_in_calendar_months(relapse, expected):
    record = {
        "as_of": "2026-06-15",
        "cancer": {"setting": "metastatic", "relapse_date": relapse},
        "therapies": [row("trastuzumab", setting="adjuvant", reason_stopped="completed")],
        **CLOSED,
    }
    assert judged(record, {"settings": "adjuvant", "progressed_within_months": 6}) == Truth(expected)
