"""A draft of a trial file from a registry record: it validates, and it names every stretch that was not read."""

from datetime import date

import pytest

from her2nav.app.criteria import draft_of
from her2nav.catalogue.check import trial_faults
from her2nav.catalogue.text import text_sha256
from her2nav.catalogue.trialfile import read_trial
from her2nav.files.yamlfile import parse_yaml
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from her2nav.model.registry_trial import Eligibility, Intervention, RegistryTrial, Site

TEXT = """Inclusion Criteria:

* HER2-positive breast cancer
* ECOG performance status 0 or 1
* Owns a bicycle with three wheels

Exclusion Criteria:

* Pregnant or breastfeeding women
"""


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.fixture(scope="module")
def written(knowledge):
    record = RegistryTrial(
        "NCT00000001",
        "test",
        title="A made-up trial of trastuzumab",
        interventions=(Intervention("Trastuzumab"),),
        sites=(Site(country="France"), Site(country="France"), Site(country="Atlantis")),
        current_on=date(2026, 1, 5),
        eligibility=Eligibility(text=TEXT, minimum_age="18 Years"),
    )
    return draft_of(knowledge, record)


def test_it_is_a_trial_file(written, knowledge):
    trial = read_trial(parse_yaml(written, "draft.yaml"))
    assert trial_faults(trial, knowledge) == []
    assert trial.record.review.state == "draft"
    assert trial.record.text_sha256 == text_sha256(TEXT)
    assert trial.record.countries == ("FR",)
    assert trial.record.her2 == ("positive",)
    assert trial.record.arms[0].drugs == ("trastuzumab",)


def test_every_word_has_a_place(written):
    trial = read_trial(parse_yaml(written, "draft.yaml"))
    covered = {at for item in trial.criteria if item.span for at in range(*item.span)}
    left = "".join(letter for at, letter in enumerate(TEXT) if at not in covered)
    assert left.replace("Inclusion Criteria:", "").replace("Exclusion Criteria:", "").strip(" *\n") == ""


def test_what_was_not_read_is_named(written):
    trial = read_trial(parse_yaml(written, "draft.yaml"))
    notes = [item.note for item in trial.criteria if item.note]
    assert any("three wheels" in note for note in notes)
    assert all(note.startswith("not read: ") for note in notes)


def test_a_text_without_an_id(knowledge):
    with pytest.raises(InputError):
        draft_of(knowledge, RegistryTrial("", "text", eligibility=Eligibility(text=TEXT)))
