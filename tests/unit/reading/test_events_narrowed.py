"""What is told of treatments and events, with the clauses that narrow it and the words that do not."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from unit.reading.written import bare, denied, either, every


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def excluded(reader: Reader, text: str) -> object:
    """Return what stands below the denial of one exclusion."""
    (one,) = reader.read(f"Exclusion Criteria:\n\n* {text}").criteria
    return bare(write(one.node))


def included(reader: Reader, text: str) -> object:
    """Return what one inclusion asks for."""
    (one,) = reader.read(f"Inclusion Criteria:\n\n* {text}").criteria
    return bare(write(one.node))


def her2(*definitions: dict) -> dict:
    return {"her2_status": {"any_of": list(definitions)}}


STRONG = {"ihc": ["3+"]}
BOTH = {"ihc": ["2+"], "ish": "positive"}


@pytest.mark.parametrize("words", ["in combination with", "combined with", "together with"])
def test_a_result_in_combination_with_a_score_is_asked_of_that_score_alone(reader, words):
    said = included(reader, f"HER2 overexpression (IHC 3+ or IHC 2+ {words} ISH+)")
    assert said == her2(STRONG, BOTH)


@pytest.mark.parametrize("text", ["IHC 2+ or 3+ and ISH+", "IHC 2+ or IHC 3+ with ISH+"])
def test_of_the_weaker_score_no_less_is_asked_than_of_the_stronger(reader, text):
    assert included(reader, f"HER2 positive ({text})") == her2({"ihc": ["2+", "3+"], "ish": "positive"})


def test_palliative_radiation_outside_the_brain_binds_no_other_radiation(reader):
    said = excluded(reader, "Extracranial palliative radiotherapy within 5 days")
    told = {"kinds": ["radiotherapy"], "except_sites": ["brain"], "techniques": ["palliative"], "within_days": 5}
    assert said == denied({"procedure": told})


def test_an_operation_without_recovery_is_asked_of_a_person(reader):
    said = excluded(reader, "Major surgery within 3 weeks without full recovery")
    surgery = {"procedure": {"kinds": ["surgery"], "major": True, "within_days": 21}}
    assert said == denied(every(surgery, {"judgement": {"topic": "recovery from surgery"}}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Immunization with attenuated live vaccines within 10 days or during the study",
            denied({"immune": {"any_of": ["live_vaccine"], "within_days": 10}}),
        ),
        (
            "Clinically significant (i.e., active) cardiovascular disease",
            denied(
                every(
                    {"judgement": {"topic": "which state is meant (clinically significant)"}},
                    {"cardiac_history": {"any_of": ["cardiovascular_disease"]}},
                )
            ),
        ),
        (
            "The use of concomitant medications that may prolong the QT/QTc interval",
            denied({"concomitant_medication": {"any_of": ["qt_prolonging"]}}),
        ),
        (
            "Malabsorption or other condition that would interfere with enteral absorption",
            denied(
                either(
                    {"gastrointestinal": {"any_of": ["malabsorption"]}},
                    {"judgement": {"topic": "whether it would hinder the absorption of the study drug"}},
                )
            ),
        ),
        (
            "Pre-existing grade >= 3 motor or sensorial neurotoxicity",
            denied({"peripheral_neuropathy": {"min_grade": 3}}),
        ),
    ],
)
def test_words_that_change_nothing_are_not_left_over(reader, text, expected):
    assert excluded(reader, text) == expected


def test_a_ratio_of_bilirubin_narrows_the_limit(reader):
    said = excluded(reader, "ALT >= 4 x ULN (with >40% direct bilirubin)")
    assert {"judgement": {"topic": "the share of direct bilirubin"}} in said["not"]["all_of"]


@pytest.mark.parametrize(
    ("entry", "doubtful"),
    [
        ("History of heart failure, stroke, myocardial infarction within 6 months, serious arrhythmia", True),
        ("History of stroke, angina pectoris, or bypass graft within 6 months and/or active heart disease", False),
        ("History of heart failure, stroke, myocardial infarction within 6 months", False),
    ],
)
def test_a_time_inside_a_list_may_be_that_of_one_entry(reader: Reader, entry: str, doubtful: bool) -> None:
    whole = reader.read(f"Exclusion Criteria:\n\n* {entry}\n", ("breast",))
    topics = [leaf.params.topic for one in whole.criteria for leaf in leaves(one.node) if leaf.kind == "judgement"]
    assert ("whether the trial means it whenever it was, too" in topics) is doubtful


def test_a_lesion_that_can_be_reached_is_no_tissue(reader: Reader) -> None:
    whole = reader.read("Inclusion Criteria:\n\n* Must have tumour tissue amenable to biopsy\n")
    assert [leaf.kind for one in whole.criteria for leaf in leaves(one.node)] == ["judgement"]
