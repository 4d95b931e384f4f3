"""A demand beside a remark, a formula or a reason is not lost with it; examples share the time."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


MINOR = "(a biopsy is not considered major surgery)"
PORT = "(placing a port is not considered as major surgery)."
FILTERED = "Creatinine clearance ≥ 30 mL/min CrCl = (140 - age) x weight / (72 x creatinine)"
COUNTRIES = "In countries where it is approved and available, prior trastuzumab deruxtecan"


def operated(day: str) -> dict:
    return {"procedures": [{"kind": "surgery", "date": day, "major": True}], "complete": {"procedures": True}}


def clearance(value: int) -> dict:
    return {"labs": [{"name": "creatinine_clearance", "value": value, "unit": "mL/min", "date": "2026-05-28"}]}


def infarction(day: str) -> dict:
    return {"conditions": [{"name": "myocardial infarction", "date": day}], "complete": {"conditions": True}}


def treated(*drugs: str, complete: bool = True) -> dict:
    return {
        "therapies": [{"drugs": drug, "start": "2024-01-02", "end": "2024-09-01"} for drug in drugs],
        "complete": {"therapies": complete},
        "cancer": {"tumour_type": "breast"},
    }


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        (f"{SHUTS_OUT}* Major surgery within 28 days {MINOR}", operated("2026-05-25"), NOT_MET),
        (f"{SHUTS_OUT}* Major surgery within 28 days {PORT}", operated("2026-05-25"), NOT_MET),
        (f"{SHUTS_OUT}* Major surgery within 28 days {MINOR}", operated("2025-05-25"), MET),
        (f"{DEMAND}* {FILTERED}", clearance(20), NOT_MET),
        (f"{DEMAND}* {FILTERED}", clearance(60), MET),
    ],
)
def test_what_stands_beside_a_remark_or_a_formula_is_asked(reader, text, record, expected):
    assert truth(reader, text, record) == expected


def test_a_remark_by_itself_asks_nothing(reader):
    assert not reader.read(f"{SHUTS_OUT}* Insertion of a stent is not considered major surgery").criteria


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("HIV is allowed as long as it has been under treatment for 4 weeks", "under treatment for 4 weeks"),
        ("No chemotherapy since the biopsy was taken", "biopsy"),
        ("Due to the risk of interactions, treatment with warfarin is not allowed", "warfarin"),
    ],
)
def test_a_condition_is_no_reason(reader, words, kept):
    found = reader.read(f"{DEMAND}* {words}")
    text = found.outline.text
    from her2nav.model.tree import leaves

    said = [
        text[slice(*one.span)] if one.kind == "unread" and one.span else str(one.params)
        for item in found.criteria
        for one in leaves(item.node)
    ]
    assert any(kept in one for one in said), said


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2014-03-01", MET), ("2026-04-01", NOT_MET)],
)
@pytest.mark.parametrize(
    "words",
    [
        "Significant cardiovascular disease within 6 months, including myocardial infarction and stroke",
        "Cardiovascular events in the past 6 months before the first dose, including: stroke, myocardial infarction",
        "Cardiac events (stroke, myocardial infarction) within 6 months of consent",
        "Any of the following procedures in the preceding 6 months: coronary angioplasty, myocardial infarction",
    ],
)
def test_examples_have_the_time_of_what_they_exemplify(reader, words, day, expected):
    found = truth(reader, f"{SHUTS_OUT}* {words}", infarction(day))
    assert found is NOT_MET if expected is NOT_MET else found is not NOT_MET


@pytest.mark.parametrize(
    ("words", "record", "expected"),
    [
        ("Prior trastuzumab and taxane (if clinically indicated)", treated("trastuzumab"), UNKNOWN),
        ("Prior trastuzumab and taxane (if clinically indicated)", treated("trastuzumab", "docetaxel"), MET),
        ("Prior trastuzumab deruxtecan (where locally available)", treated("trastuzumab"), UNKNOWN),
        (COUNTRIES, treated("trastuzumab"), UNKNOWN),
        ("Prior trastuzumab deruxtecan", treated("trastuzumab"), NOT_MET),
    ],
)
def test_what_was_not_to_be_had_is_not_asked_for_certain(reader, words, record, expected):
    assert truth(reader, f"{DEMAND}* {words}", record) == expected


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("Received at least one line, but not more than three lines, of systemic therapy for metastatic disease", 1, 3),
        ("At least 2 prior lines but no more than 4 prior lines of chemotherapy", 2, 4),
    ],
)
def test_a_noun_between_two_counts(reader, words, least, most):
    node = reader.read(f"{DEMAND}* {words}").criteria[0].node
    assert (node.kind, node.params.min, node.params.max) == ("lines_of_therapy", least, most)


def test_a_range_that_shuts_out_is_not_believed(reader):
    text = f"{SHUTS_OUT}* Has received at least one line, but not more than three lines, of systemic therapy"
    assert truth(reader, text, treated("trastuzumab")) is UNKNOWN


def test_both_ends_of_a_count(reader):
    text = f"{DEMAND}* Platelets >= 100,000/uL and =< 500,000/uL"
    record = {"labs": [{"name": "platelets", "value": 620000, "unit": "/uL", "date": "2026-05-28"}]}
    assert truth(reader, text, record) is NOT_MET


def test_who_is_asked_to_take_part_is_what_the_trial_wants(reader):
    text = f"{DEMAND}* Women with breast cancer will be invited to take part in this study"
    assert truth(reader, text, {"demographics": {"sex": "male"}, "cancer": {"tumour_type": "breast"}}) is NOT_MET


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        (f"{DEMAND}* The patient must be female.", {"demographics": {"sex": "male"}}, NOT_MET),
        (f"{DEMAND}* Male patients", {"demographics": {"sex": "female"}}, NOT_MET),
        (f"{SHUTS_OUT}* History of a positive HIV test (HIV testing is not mandatory).", {}, UNKNOWN),
        (f"{SHUTS_OUT}* HIV infection, testing is not mandatory", {}, UNKNOWN),
        (f"{DEMAND}* No requirement for intravenous alimentation", {}, UNKNOWN),
    ],
)
def test_a_line_of_its_own_is_asked(reader, text, record, expected):
    found = reader.read(text)
    assert found.criteria
    assert truth(reader, text, record) == expected


@pytest.mark.parametrize(
    "words",
    ["There is no requirement for prior chemotherapy", "HIV and hepatitis B testing are not required"],
)
def test_what_is_not_needed_is_asked_of_nobody(reader, words):
    assert not reader.read(f"{DEMAND}* {words}").criteria
