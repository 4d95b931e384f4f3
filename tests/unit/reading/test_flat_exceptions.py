"""Lists and their headings at one indent: cancers that are let in, reasons behind a heading that says more."""

import pytest

from her2nav.criteria.flat_exceptions import announced, let_in
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from unit.reading.written import bare, denied


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


@pytest.mark.parametrize("bullet", ["* ", "- ", "  "])
def test_a_flat_list_of_exceptions_belongs_to_its_lead_and_ends_where_another_reason_begins(reader, bullet):
    lines = (
        "Other malignancy within 4 years with the following exceptions:",
        "Basal cell carcinoma of the skin",
        "Carcinoma in situ of the cervix",
        "Uncontrolled infection",
    )
    text = "Exclusion Criteria:\n\n" + "\n".join(bullet + line for line in lines)
    other, infection = (bare(write(one.node)) for one in reader.read(text).criteria)
    told = other["not"]["second_malignancy"]
    assert told["exceptions"] == ["basal_cell_skin", "in_situ_cervix"]
    assert infection == denied({"infection": {}})


def test_what_an_exclusion_says_by_itself_is_no_exception():
    assert announced("any other cancer in the last years, except for:")
    assert not announced("any other cancer in the last years")
    assert not announced("autoimmune disease with the following exceptions:")
    assert let_in("ductal carcinoma in situ that was resected")
    assert not let_in("history of ductal carcinoma in situ of this breast")
    assert not let_in("squamous cell carcinoma of the lung")
    assert not let_in("active infection")


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria Subjects who meet any of the following criteria will be excluded from taking part:",
        "Exclusion criteria: Patients with any of the following conditions are not eligible:",
        "The main exclusion criteria include but are not limited to the following:",
    ],
)
def test_a_heading_that_says_what_becomes_of_those_below_is_a_heading(reader, heading):
    text = f"Inclusion Criteria:\n  Aged 18 or older\n  {heading}\n  Pregnant women\n  Uncontrolled infection\n"
    read = reader.read(text).criteria
    assert [(one.section, next(leaves(one.node)).kind) for one in read] == [
        ("inclusion", "age"),
        ("exclusion", "pregnancy"),
        ("exclusion", "infection"),
    ]
