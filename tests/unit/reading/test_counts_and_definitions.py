"""Limits on lines in other words, courses that are no lines, definitions that move a cut-off, treatment to come."""

from decimal import Decimal

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves


def read(section, text):
    found = reader(load_knowledge()).read(f"{section} Criteria:\n{text}", ())
    return [leaf for criterion in found.criteria for leaf in leaves(criterion.node)]


def of_kind(kind, section, text):
    return [leaf.params for leaf in read(section, text) if leaf.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        "A limit of two earlier chemotherapy regimens applies, which patients may have received",
        "Limit of 2 prior chemotherapy regimens",
        "No more than two prior chemotherapy regimens",
    ],
)
def test_a_limit_is_the_most_and_not_the_least(text):
    (lines,) = of_kind("lines_of_therapy", "Inclusion", text)
    assert (lines.min, lines.max) == (None, 2)


def test_courses_that_are_asked_for_are_no_lines():
    text = "One platinum-based regimen, consisting of at least 4 courses"
    assert not [one for one in of_kind("lines_of_therapy", "Inclusion", text) if (one.min or 0) > 1]
    (most,) = of_kind("lines_of_therapy", "Inclusion", "No more than 2 prior courses of chemotherapy")
    assert most.max == 2


@pytest.mark.parametrize(
    "text",
    [
        "Patients who receive pembrolizumab with carboplatin",
        "Must receive trastuzumab",
        "Patients will receive docetaxel",
    ],
)
def test_treatment_now_or_to_come_is_none_of_the_past(text):
    assert not of_kind("prior_therapy", "Inclusion", text)


def test_treatment_that_was_received_is_asked_for():
    (prior,) = of_kind("prior_therapy", "Inclusion", "Patients who received trastuzumab")
    assert prior.drugs == ("trastuzumab",)


@pytest.mark.parametrize(
    "text",
    [
        "ER-negative and PR-negative, defined as <10% staining by IHC",
        "Estrogen receptor-negative and PgR-negative breast cancer defined as less than 10% expression",
    ],
)
def test_a_definition_of_negative_moves_the_cut_off_of_both_receptors(text):
    (receptors,) = of_kind("hormone_receptor", "Inclusion", text)
    assert receptors.status == "negative"
    assert receptors.cutoff_percent == Decimal(10)


def test_without_a_definition_the_usual_cut_off_holds():
    (receptors,) = of_kind(
        "hormone_receptor", "Inclusion", "ER-negative and PR-negative breast cancer, HER2 defined as <10%"
    )
    assert receptors.cutoff_percent == Decimal(1)


def test_names_in_brackets_close_the_list_of_cancer_treatments():
    closed = "Concurrent anti-cancer therapy (chemotherapy, immunotherapy) during the study"
    (taken,) = of_kind("concomitant_medication", "Exclusion", closed)
    assert taken.any_of == ("chemotherapy", "immunotherapy")
    open_ = "Concurrent anti-cancer therapy (e.g. chemotherapy, immunotherapy) during the study"
    (taken,) = of_kind("concomitant_medication", "Exclusion", open_)
    assert taken.any_of == ("other_anticancer_therapy",)


def test_tx_is_treatment_and_no_regimen():
    (prior,) = of_kind("prior_therapy", "Inclusion", "Prior platinum-based tx")
    assert (prior.drugs, prior.together_with) == (("platinum",), ())
    assert not of_kind("second_malignancy", "Inclusion", "At least 4 weeks since prior cancer tx")


def test_other_times_behind_an_exception_are_read_with_the_wait():
    text = "Chemotherapy within 4 weeks with the following exceptions: 1 week for weekly paclitaxel"
    waits = of_kind("washout", "Exclusion", text)
    assert {(one.drugs, one.days) for one in waits} == {(("chemotherapy",), 28), (("paclitaxel",), 7)}


@pytest.mark.parametrize("text", ["ER positive (>= 10%) and/or PR positive", "ER-positive >= 10%, PR-positive"])
def test_a_limit_of_one_receptor_is_not_that_of_the_other(text):
    limits = {one.receptor: one.cutoff_percent for one in of_kind("hormone_receptor", "Inclusion", text)}
    assert limits == {"er": Decimal(10), "pr": Decimal(1)}
