"""The golden rows of line counting (LT1 to LT14), entered as patient files."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.lines_of_therapy import lines
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth


def course(drugs, setting, start, end=None, stopped="progression", **more):
    record = {"drugs": drugs, "setting": setting, "start": start, **more}
    if end is not None:
        record["end"] = end
    if stopped is not None:
        record["reason_stopped"] = stopped
    return record


ADJ_TCHP = [
    course("TCHP", "adjuvant", "2022-01", "2022-06-01", "completed"),
    course("THP", "metastatic", "2022-11", "2023-03", "planned_switch"),
    course("HP", "maintenance", "2023-04", None, None, ongoing=True),
]
RELAPSE = {"relapse_date": "2022-10-01"}
ADJ_H = [course("trastuzumab", "adjuvant", "2022-01", "2023-01-10", "completed")]
TWO = [
    course("T-DXd", "metastatic", "2024-01", "2024-09"),
    course("tucatinib triplet", "metastatic", "2024-10", "2025-05"),
]
ENDOCRINE = [
    course(["letrozole", "palbociclib"], "metastatic", "2021-01", "2022-05"),
    course("fulvestrant", "metastatic", "2022-06", "2023-02"),
]
UNKNOWN_FIRST = [
    course("a regimen nobody knows", None, "2021", None, None),
    course("THP", "metastatic", "2023-01", "2023-06"),
]
UNKNOWN_FIRST[0].pop("setting")

ROWS = {
    "LT1": (ADJ_TCHP, RELAPSE, {"relapse_window_months": 6}, (2, 2), None),
    "LT2": (ADJ_TCHP, RELAPSE, {"relapse_window_months": 0}, (1, 1), None),
    "LT3": (ADJ_H, {"relapse_date": "2023-09-20"}, {"max": 0, "relapse_window_months": 6}, None, "met"),
    "LT4": (ADJ_H, {"relapse_date": "2023-09-20"}, {"max": 0, "relapse_window_months": 12}, None, "not_met"),
    "LT5": (
        [
            course("THP", "metastatic", "2023-01", "2023-05", "planned_switch"),
            course("HP", "maintenance", "2023-06", "2023-10", "planned_switch"),
            course(["HP", "letrozole"], "maintenance", "2023-11", None, None, ongoing=True),
        ],
        {},
        {},
        (1, 1),
        None,
    ),
    "LT6": (
        [
            course(["cisplatin", "5-FU", "trastuzumab"], "metastatic", "2023-01", "2023-03", "toxicity"),
            course(["oxaliplatin", "5-FU", "trastuzumab"], "metastatic", "2023-04", None, None, ongoing=True),
        ],
        {},
        {},
        (1, 1),
        None,
    ),
    "LT7": (TWO, {}, {"max": 2}, (2, 2), "met"),
    "LT8": ([*TWO, course("capecitabine", "metastatic", "2025-06", "2025-09")], {}, {"max": 2}, (3, 3), "not_met"),
    "LT9": (ENDOCRINE, {}, {"max": 1, "of": "chemotherapy"}, (0, 0), "met"),
    "LT10": (UNKNOWN_FIRST, {}, {"min": 1}, (1, 2), "met"),
    "LT11": (UNKNOWN_FIRST, {}, {"max": 1}, (1, 2), "unknown"),
    "LT12": (ADJ_TCHP, RELAPSE, {"max": 1}, (1, 2), "unknown"),
    "LT13": (
        [{"drugs": "THP", "start": "2023-01", "end": "2023-06", "reason_stopped": "progression"}],
        {},
        {"min": 1, "relapse_window_months": 0},
        (0, 1),
        "unknown",
    ),
    "LT14": (ENDOCRINE, {}, {"max": 1}, (2, 2), "not_met"),
}


def case_of(therapies, cancer, **more):
    record = {
        "cancer": {"tumour_type": "breast", "setting": "metastatic", **cancer},
        "therapies": therapies,
        "complete": {"therapies": True},
        **more,
    }
    return Case(Patient.model_validate(record), date(2025, 12, 1), load_knowledge())


@pytest.mark.parametrize("row", ROWS)
def test_golden_row(row):
    therapies, cancer, params, counted, truth = ROWS[row]
    kind = kinds()["lines_of_therapy"]
    model = kind.params.model_validate(params)
    case = case_of(therapies, cancer)
    count = lines(model, case)
    if counted is not None:
        assert (count.low, count.high) == counted
    if truth is not None:
        assert kind.evaluate(model, Block([case])).at(0) is Truth(truth)


def test_all_golden_rows_are_entered(shared):
    text = (shared / "domain/eligibility_patterns.md").read_text()
    named = {line.split(",", 1)[0] for line in text.splitlines() if line.startswith("LT")}
    assert set(ROWS) == named


def test_open_list_has_no_upper_bound():
    case = Case(Patient.model_validate({"therapies": TWO}), date(2025, 12, 1), load_knowledge())
    count = lines(kinds()["lines_of_therapy"].params(), case)
    assert (count.low, count.high) == (2, 99)


def test_a_letters_own_count_stands_where_no_regimen_is_listed():
    case = case_of([], {}, lines_reported={"metastatic": 3})
    count = lines(kinds()["lines_of_therapy"].params(), case)
    assert (count.low, count.high) == (3, 3)


def test_class_change_after_toxicity_is_a_new_line():
    case = case_of(
        [
            course("docetaxel", "metastatic", "2023-01", "2023-03", "toxicity"),
            course("capecitabine", "metastatic", "2023-04", "2023-09"),
        ],
        {},
    )
    assert lines(kinds()["lines_of_therapy"].params(), case).low == 2


def test_bone_medicine_is_no_line():
    case = case_of([course("denosumab", "metastatic", "2023-01", None, None, ongoing=True)], {})
    count = lines(kinds()["lines_of_therapy"].params(), case)
    assert (count.low, count.high) == (0, 0)


def test_relapse_on_the_last_day_of_the_window_counts():
    for relapse, expected in (("2023-07-10", 1), ("2023-07-11", 0)):
        case = case_of([course("TCHP", "adjuvant", "2022-06", "2023-01-10", "completed")], {"relapse_date": relapse})
        model = kinds()["lines_of_therapy"].params.model_validate({"relapse_window_months": 6})
        assert lines(model, case).high == expected
