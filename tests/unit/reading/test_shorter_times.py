"""A shorter time for a narrower treatment is an exception to the longer one that the same criterion names."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def ended(days_before: int, drug: str) -> dict:
    """Return a patient whose only course ended so many days before the first of June."""
    day = 31 - days_before
    return {
        "therapies": [{"drugs": drug, "start": "2026-01-02", "end": f"2026-05-{day + 1:02d}"}],
        "complete": {"therapies": True, "medications": True, "procedures": True},
    }


def irradiated(days_before: int) -> dict:
    return {
        "procedures": [{"kind": "radiotherapy", "date": f"2026-05-{32 - days_before:02d}"}],
        "complete": {"procedures": True, "therapies": True, "medications": True},
    }


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        # the class has a time of its own
        (f"{SHUTS_OUT}* Anticancer therapy within 28 days. Endocrine therapy within 7 days", ("letrozole", 14), MET),
        (
            f"{SHUTS_OUT}* Anticancer therapy within 28 days. Endocrine therapy within 7 days",
            ("paclitaxel", 14),
            NOT_MET,
        ),
        (f"{SHUTS_OUT}* Anticancer therapy within 28 days. Endocrine therapy within 7 days", ("letrozole", 3), NOT_MET),
        # the sentence behind it is not read
        (
            f"{SHUTS_OUT}* Anticancer therapy within 28 days. The interval may be 14 days for oral treatments",
            ("capecitabine", 20),
            UNKNOWN,
        ),
        (f"{SHUTS_OUT}* Chemotherapy within 14 days. Endocrine therapy within 7 days", ("paclitaxel", 10), NOT_MET),
    ],
)
def test_drugs_of_which_a_shorter_time_is_told(reader, text, record, expected):
    drug, days = record
    assert truth(reader, text, ended(days, drug)) is expected


@pytest.mark.parametrize(
    ("text", "days", "expected"),
    [
        (
            f"{SHUTS_OUT}* Radiotherapy within 14 days. A washout of 7 days will do for palliative radiation",
            10,
            UNKNOWN,
        ),
        (f"{SHUTS_OUT}* Radiotherapy within 28 days and palliative radiotherapy within 7 days", 10, UNKNOWN),
        (f"{SHUTS_OUT}* Radiotherapy within 28 days. Chemotherapy within 7 days", 10, NOT_MET),
        (f"{SHUTS_OUT}* Radiotherapy within 28 days. Any tablets must have been stopped 7 days before", 10, NOT_MET),
        (f"{DEMAND}* At least 28 days since radiotherapy", 10, NOT_MET),
    ],
)
def test_procedures_of_which_a_shorter_time_is_told(reader, text, days, expected):
    assert truth(reader, text, irradiated(days)) is expected


@pytest.mark.parametrize(
    ("drug", "days", "expected"),
    [("lapatinib", 20, UNKNOWN), ("lapatinib", 10, NOT_MET), ("paclitaxel", 20, NOT_MET), ("paclitaxel", 30, MET)],
)
def test_an_entry_of_its_own_may_shorten_the_time_too(reader, drug, days, expected):
    text = f"{SHUTS_OUT}* Small-molecule kinase inhibitors within 14 days\n* Systemic anticancer therapy within 28 days"
    assert truth(reader, text, ended(days, drug)) is expected


def test_years_without_a_treatment_are_no_washout(reader):
    text = f"{SHUTS_OUT}* Systemic anticancer therapy within 2 years\n* Endocrine therapy within 7 days"
    assert truth(reader, text, ended(20, "letrozole")) is NOT_MET
