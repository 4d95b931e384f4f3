"""Other cancers, with those that are let in: behind semicolons, in lists of their own, under other names."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from unit.reading.written import bare, denied

_TABLE = load_knowledge()


def _read(text: str, section: str = "Exclusion") -> list[object]:
    return [bare(write(one.node)) for one in reader(_TABLE).read(f"{section} Criteria:\n\n* {text}\n").criteria]


def _other(years: str, *exceptions: str) -> dict[str, object]:
    params = {"within_years": years, "exceptions": list(exceptions)} if exceptions else {"within_years": years}
    return denied({"second_malignancy": params})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Cancer within 5 years of screening except basal cell carcinoma", _other("5", "basal_cell_skin")),
        ("Any cancer in the last 3 years", _other("3")),
        (
            "Other malignancy within 5 years, except basal cell cancer; cervical cancer in situ; or in situ carcinoma",
            _other("5", "basal_cell_skin", "in_situ_cervix", "in_situ_any"),
        ),
        (
            "Cancer within 4 years with the exception of non-melanoma skin cancer; or in-situ carcinoma of the cervix",
            _other("4", "non_melanoma_skin", "in_situ_cervix"),
        ),
        (
            "Prior invasive or metastatic cancer within 5 years of the diagnosis, excluding basal cell carcinoma",
            _other("5", "basal_cell_skin", "in_situ_any"),
        ),
        ("History of other neoplasias in the past 5 years", _other("5")),
        ("Other malignancy within 3 years of day 1, except basal cell carcinoma", _other("3", "basal_cell_skin")),
        (
            "Other malignancy within 3 years, except squamous cell cancer of the skin",
            _other("3", "squamous_cell_skin"),
        ),
        (
            "Other malignancy within 3 years prior to registration\n  * EXCEPTIONS: basal cell or in situ carcinoma",
            _other("3", "basal_cell_skin", "in_situ_any"),
        ),
        (
            "Other malignancy within 5 years, except:\n  * Basal cell carcinoma\n  * Cervical cancer in situ",
            _other("5", "basal_cell_skin", "in_situ_cervix"),
        ),
    ],
)
def test_those_let_in_belong_to_the_other_cancer(text, wanted):
    assert _read(text) == [wanted]


def test_a_demand_among_those_let_in_is_not_swallowed():
    text = (
        "No other prior malignancy within the past 5 years, except:\n  * Curatively treated basal cell carcinoma\n"
        "  * No dementia"
    )
    criteria = reader(_TABLE).read(f"Inclusion Criteria:\n\n* {text}\n").criteria
    assert any(leaf.kind in ("comorbidity", "unread") for one in criteria for leaf in leaves(one.node))


@pytest.mark.parametrize(
    "text",
    ["Cancer therapy within 4 weeks", "Cancer vaccine in the last 2 years", "Cancer of the breast within 5 years"],
)
def test_cancer_in_front_of_another_word_is_no_other_cancer(text):
    assert all("second_malignancy" not in str(one) for one in _read(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Other malignancy within 5 years except basal cell carcinoma, uncontrolled hypertension", "cardiac_history"),
        ("Other malignancy within 5 years except basal cell carcinoma, or pregnancy", "pregnancy"),
        ("Other malignancy within 5 years except basal cell carcinoma, LVEF < 50 %", "lvef"),
    ],
)
def test_what_is_no_cancer_is_not_let_in(text, kind):
    (one,) = _read(text)
    assert kind in str(one)
    assert "among those let in" not in str(one)


def test_a_value_of_a_cancer_that_is_let_in_stays_with_it():
    (one,) = _read(
        "Other malignancy within 5 years except basal cell carcinoma or resected prostate cancer with normal PSA"
    )
    assert "among those let in" in str(one)


def test_the_time_behind_those_let_in_is_that_of_the_other_cancer():
    (one,) = _read("Another malignancy (except basal cell carcinoma) within 5 years of entry - pregnancy")
    assert "'second_malignancy': {'exceptions'" not in str(one)
