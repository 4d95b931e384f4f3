"""Where a list ends: behind a colon of exceptions, at "as well as", at what defines all of it."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth

VITILIGO = {"conditions": [{"name": "vitiligo"}], "complete": {"conditions": True}}
PSORIASIS = {"conditions": [{"name": "psoriasis"}], "complete": {"conditions": True}}
CROHN = {"conditions": [{"name": "Crohn's disease"}], "complete": {"conditions": True}}
OTHER_THAN = "Active autoimmune disease other than: vitiligo; psoriasis; type 1 diabetes"
EXCEPT_FOR = "Any autoimmune disease (except for: vitiligo, psoriasis)"
SKIN = (
    "Autoimmune disease with the exception of vitiligo, psoriasis or other skin disease not requiring systemic therapy"
)
AS_WELL = "History of myocarditis, as well as unstable angina, or myocardial infarction within 6 months before entry"
RESISTANT = (
    "Trastuzumab-resistant carcinoma of breast or axillary origin, defined as progression within 6 months of "
    "trastuzumab"
)


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


@pytest.mark.parametrize(
    ("words", "record", "expected"),
    [
        (OTHER_THAN, VITILIGO, MET),
        (OTHER_THAN, PSORIASIS, MET),
        (OTHER_THAN, CROHN, NOT_MET),
        (EXCEPT_FOR, PSORIASIS, MET),
        (EXCEPT_FOR, CROHN, NOT_MET),
        (SKIN, PSORIASIS, UNKNOWN),
    ],
)
def test_exceptions_behind_a_colon(reader, words, record, expected):
    assert truth(reader, f"{SHUTS_OUT}* {words}", record) == expected


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("myocarditis", "2012-03-01", UNKNOWN),
        ("myocarditis", "2026-04-01", NOT_MET),
        ("myocardial infarction", "2012-03-01", MET),
    ],
)
def test_a_time_behind_as_well_as(reader, name, day, expected):
    record = {"conditions": [{"name": name, "date": day}], "complete": {"conditions": True}}
    assert truth(reader, f"{SHUTS_OUT}* {AS_WELL}", record) == expected


def test_a_definition_of_the_whole_list(reader):
    late = {
        "cancer": {"tumour_type": "breast"},
        "therapies": [{"drugs": ["docetaxel"], "start": "2024-01", "end": "2024-06"}],
        "complete": {"therapies": True},
    }
    assert truth(reader, f"{DEMAND}* {RESISTANT}", late) == NOT_MET
