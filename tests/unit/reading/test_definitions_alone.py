"""Definitions that stand alone, and leads that only say that there is a choice, with their entries at their indent."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AnyOf, leaves


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def kinds(criterion):
    return [one.kind for one in leaves(criterion.node)]


@pytest.mark.parametrize(
    "line",
    [
        "HER2 positivity is defined as IHC 3+ or FISH+",
        "HER-2/neu positive is defined as 3+ by immunohistochemistry",
        "ER and PR negative defined as less than 1% by IHC",
    ],
)
def test_a_definition_that_no_demand_needs_shuts_nobody_out(reader, line):
    text = f"Inclusion Criteria:\n- Metastatic breast cancer\n- HER2 status known\n- {line}"
    last = reader.read(text).criteria[-1]
    assert not {"her2_status", "hormone_receptor"} & set(kinds(last))


@pytest.mark.parametrize(
    ("demand", "line", "kind"),
    [
        ("HER2 positive breast cancer", "HER2 positivity is defined as IHC 3+ or FISH+", "her2_status"),
        ("ER negative breast cancer", "ER negative is defined as less than 1% by IHC", "hormone_receptor"),
    ],
)
def test_a_definition_of_what_is_demanded_counts(reader, demand, line, kind):
    last = reader.read(f"Inclusion Criteria:\n- {demand}\n- {line}").criteria[-1]
    assert kind in kinds(last)


def test_a_demand_with_its_definition_is_a_demand(reader):
    (one,) = reader.read("Inclusion Criteria:\n- HER2 positive breast cancer, defined as IHC 3+ or FISH+").criteria
    assert "her2_status" in kinds(one)


def test_a_definition_for_a_part_of_the_trial_needs_its_demand_for_all(reader):
    text = (
        "Inclusion Criteria:\n- Any ER or PR level is acceptable (phase I)\n- Triple-negative disease only (phase II)\n"
        "- ER and PR negative defined as 1% by IHC"
    )
    assert "hormone_receptor" not in kinds(reader.read(text).criteria[-1])


@pytest.mark.parametrize(
    "lead",
    [
        "Meets 1 of the following criteria:",
        "Patients must have one of the following:",
        "One of the following:",
        "Must meet at least one of the following conditions:",
    ],
)
@pytest.mark.parametrize("bullet", ["  ", "- "])
def test_entries_at_the_indent_of_a_bare_lead_are_alternatives(reader, lead, bullet):
    lines = ("Breast cancer", lead, "Measurable disease", "Bone metastases only", "ECOG 0-1")
    criteria = reader.read("Inclusion Criteria:\n" + "\n".join(bullet + one for one in lines)).criteria
    choice = next(one for one in criteria if "measurable_disease" in kinds(one))
    assert isinstance(choice.node, AnyOf)
    assert "metastatic_site" in kinds(choice)
    assert any(kinds(one) == ["performance_status"] for one in criteria)


def test_a_lead_that_says_more_keeps_its_first_demand_apart(reader):
    lines = ("Progression by one of the following:", "Measurable disease", "ECOG 0-1")
    criteria = reader.read("Inclusion Criteria:\n" + "\n".join("- " + one for one in lines)).criteria
    assert any(kinds(one) == ["measurable_disease"] for one in criteria)
