"""Sentences that name their own way out, what they mean, or two things run together; in words of our own."""

import pytest

from her2nav.criteria.further_nets import mended
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion, Role


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, text, section="Inclusion"):
    """Return what is read of one bullet of a section."""
    return reader.read(f"{section} Criteria:\n\n* {text}", ()).criteria


def told(found, *, role=Role.DECIDES):
    """Return the leaves of the criteria of a role."""
    return [item for one in found if one.role is role for item in leaves(one.node)]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Endocrine therapy ended 2 to 6 years before randomisation", False),
        ("Diagnosis 1 to 3 years ago", False),
        ("Finished adjuvant treatment between 3 and 7 years prior to study entry", False),
        ("Age 18 to 75 years", True),
        ("18-75 years", True),
        ("Patients between 18 and 75 years", True),
    ],
)
def test_years_that_lie_back_are_no_age(reader, words, asked):
    assert ("age" in {item.kind for item in told(criteria(reader, words))}) is asked


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("Stored tumour tissue must be asked for. If stored tissue is not available, a fresh biopsy is needed", True),
        ("Archival sample available. If not available, agrees to undergo a biopsy", True),
        ("Archival tumour sample available", False),
    ],
)
def test_a_biopsy_where_no_tissue_is_left_is_an_alternative(reader, words, instead):
    found = [item for item in told(criteria(reader, words)) if "archival" in getattr(item.params, "any_of", ())]
    assert found
    assert all(item.params.new_biopsy_instead is instead for item in found)


def test_what_was_not_yet_done_is_asked_for_too(reader):
    found = criteria(reader, "Have had a core biopsy, but not yet had breast surgery")
    tree = write(found[0].node)
    assert set(tree) & {"all_of"}
    assert "not" in tree["all_of"][1]


def test_no_disease_left_is_no_demand_for_a_setting(reader):
    settings = {
        name
        for item in told(criteria(reader, "No metastatic disease or local or locoregional disease"))
        for name in getattr(item.params, "settings", ())
    }
    assert "early" not in settings


def test_disease_that_cannot_be_operated_on_is_not_operable(reader):
    found = told(criteria(reader, "Stage IIIB non-operable non-small cell lung cancer"))
    settings = {name for item in found for name in getattr(item.params, "settings", ())}
    assert "locally_advanced_unresectable" in settings
    assert "early" not in settings


def test_ineligible_with_a_hyphen_lets_nobody_in(reader):
    found = criteria(reader, "Patients with a stroke are in-eligible to participate", "Exclusion")
    assert all(one.role is not Role.PERMITS for one in found)


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("Radiotherapy within 21 days of the start Unwillingness to comply with birth control", "Exclusion"),
        ("Signs the informed consent form- No therapeutic anticoagulation; low doses may be given", "Inclusion"),
    ],
)
def test_a_confirmation_takes_its_own_clause_only(reader, words, section):
    decides = told(criteria(reader, words, section))
    assert decides
    assert not {item.kind for item in decides} & {"participation", "contraception"}


@pytest.mark.parametrize(
    ("words", "open_"),
    [("Postmenopausal status is defined by either of these: ovaries taken out", True), ("Postmenopausal women", False)],
)
def test_a_definition_of_the_menopause_demands_it_of_nobody(words, open_):
    asked = Criterion("i1", Role.DECIDES, "inclusion", words, leaf("menopausal_status", any_of=["postmenopausal"]))
    after = mended(asked, words.lower())
    assert ("unread" in {item.kind for item in leaves(after.node)}) is open_
    assert open_ or after is asked


@pytest.mark.parametrize("section", ["Inclusion", "Exclusion"])
def test_a_biopsy_asked_for_may_be_on_record_as_a_sample_alone(reader, section):
    found = told(criteria(reader, "Has had a core biopsy", section))
    assert ("judgement" in {item.kind for item in found}) is (section == "Inclusion")
