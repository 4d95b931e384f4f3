"""A newer document added to a patient file: what is new, what is newer, what differs, what cannot be told apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.adding.add import add
from her2nav.intake.adding.names import Names
from her2nav.intake.adding.values import agree, united
from her2nav.intake.patient_file import read_patient
from her2nav.intake.reading import Origin, Reading, Sourced
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient, to_record

_FIXED = ("cancer.tumour_type", "cancer.histology", "cancer.diagnosed")
_OLD, _NEW = "2026-01-10", "2026-04-20"


def _reading(document: dict[str, Any]) -> Reading:
    """Return a reading of which every value has its own words as origin."""
    found: list[Sourced] = []

    def walk(value: Any, path: str) -> None:
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if not isinstance(value, (dict, list)):
            found.append(Sourced(path, value, Origin("letter.txt", 0, 1, 1, str(value))))
        for key, item in items:
            walk(item, f"{path}/{key}")

    walk(document, "")
    return Reading(document, tuple(found))


def _added(file: dict[str, Any], document: dict[str, Any], day: str = _OLD) -> Reading:
    names = Names(load_knowledge())
    return add(Patient.model_validate(file), "patient.yaml", date.fromisoformat(day), _reading(document), _FIXED, names)


def _told(reading: Reading) -> dict[str, Any]:
    return {one.path: one.value for one in reading.provenance}


def test_what_the_file_lacks_is_added_with_its_place() -> None:
    found = _added({"cancer": {"tumour_type": "breast"}}, {"as_of": _NEW, "cancer": {"tumour_size_mm": 26}})
    assert found.patient["cancer"] == {"tumour_type": "breast", "tumour_size_mm": "26"}
    assert _told(found) == {"/cancer/tumour_size_mm": 26, "/as_of": _NEW}


def test_a_later_value_counts_and_the_earlier_is_listed() -> None:
    file = {"as_of": _OLD, "performance": {"ecog": 0, "date": _OLD}, "cancer": {"setting": "early"}}
    found = _added(file, {"as_of": _NEW, "performance": {"ecog": 2, "date": _NEW}, "cancer": {"setting": "metastatic"}})
    assert found.patient["performance"] == {"ecog": 2, "date": _NEW}
    assert found.patient["cancer"]["setting"] == "metastatic"
    assert {(one.path, one.value) for one in found.older} == {("/performance/ecog", 0), ("/cancer/setting", "early")}
    assert found.patient["as_of"] == _NEW


def test_an_earlier_document_changes_nothing_that_is_known() -> None:
    file = {"as_of": _NEW, "performance": {"ecog": 2, "date": _NEW}}
    found = _added(file, {"as_of": _OLD, "performance": {"ecog": 0, "date": _OLD}}, day=_NEW)
    assert found.patient == {"as_of": _NEW, "performance": {"ecog": 2, "date": _NEW}}
    assert [(one.path, one.value) for one in found.older] == [("/performance/ecog", 0)]


def test_two_values_of_one_day_are_left_out_and_shown() -> None:
    found = _added({"as_of": _OLD, "cancer": {"stage": "IIB"}}, {"as_of": _OLD, "cancer": {"stage": "IIIA"}})
    assert "stage" not in found.patient.get("cancer", {})
    (clash,) = found.contradictions
    assert [one.value for one in clash.choices] == ["IIIA", "IIB"]
    assert [one.origin.source for one in clash.choices] == ["letter.txt", "patient.yaml"]


def test_what_holds_for_life_is_a_contradiction_however_late() -> None:
    found = _added({"cancer": {"tumour_type": "breast"}}, {"as_of": _NEW, "cancer": {"tumour_type": "gastric"}})
    assert "tumour_type" not in found.patient.get("cancer", {})
    assert len(found.contradictions) == 1


def test_the_more_exact_tumour_type_and_date_are_kept() -> None:
    found = _added(
        {"cancer": {"tumour_type": "colorectal", "diagnosed": "2025-03"}},
        {"as_of": _NEW, "cancer": {"tumour_type": "colon", "diagnosed": "2025-03-09"}},
    )
    assert found.patient["cancer"] == {"tumour_type": "colon", "diagnosed": "2025-03-09"}
    assert found.contradictions == ()


@pytest.mark.parametrize(
    ("field", "mine", "theirs"), [("birth_date", "1979-08-17", "1997-08-17"), ("sex", "female", "male")]
)
def test_a_document_of_another_person_is_refused(field: str, mine: str, theirs: str) -> None:
    with pytest.raises(InputError, match=field):
        _added({"demographics": {field: mine}}, {"demographics": {field: theirs}})


def test_an_age_is_not_added_to_a_birth_date() -> None:
    found = _added({"demographics": {"birth_date": "1979-08-17"}}, {"as_of": _NEW, "demographics": {"age": 47}})
    assert found.patient["demographics"] == {"birth_date": "1979-08-17"}


def test_the_same_sample_is_filled_and_another_day_is_another_sample() -> None:
    mine = {"kind": "biopsy", "site": "primary", "collected": "2025-12-18", "ihc": {"score": "2+"}}
    same = {"site": "primary", "collected": "2025-12", "ish": {"her2_cep17_ratio": 2.4, "her2_copy_number": 6.1}}
    other = {"site": "metastasis", "organ": "liver", "collected": "2026-04-02", "ihc": {"score": "1+"}}
    found = _added({"specimens": [mine]}, {"as_of": _NEW, "specimens": [other, same]})
    first, second = found.patient["specimens"]
    assert (first["ihc"], first["ish"]["her2_cep17_ratio"]) == ({"score": "2+"}, "2.4")
    assert first["collected"] == "2025-12-18"
    assert second["organ"] == "liver"
    assert "/specimens/1/ihc/score" in _told(found)


def test_two_scores_of_one_sample_are_left_out() -> None:
    mine = {"id": "a", "site": "primary", "collected": "2025-12-18", "ihc": {"score": "2+", "percent_cells": 30}}
    theirs = {"site": "primary", "collected": "2025-12-18", "ihc": {"score": "3+"}}
    found = _added({"specimens": [mine]}, {"as_of": _NEW, "specimens": [theirs]})
    assert found.patient["specimens"][0]["ihc"] == {"percent_cells": "30"}
    assert "3+ or 2+" in found.contradictions[0].message


def test_a_sample_that_may_be_the_same_is_asked_about_and_not_added() -> None:
    mine = {"site": "primary", "ihc": {"score": "2+"}}
    theirs = {"site": "primary", "collected": "2025-12-18", "ihc": {"score": "3+"}}
    found = _added({"specimens": [mine]}, {"as_of": _NEW, "specimens": [theirs]})
    assert found.patient["specimens"] == [mine]
    assert [one.code for one in found.questions] == ["same_entry"]


def test_a_course_that_ran_is_ended_and_its_names_may_differ() -> None:
    mine = {"drugs": ["T-DXd"], "start": "2025-07-08", "ongoing": True}
    theirs = {
        "drugs": ["trastuzumab deruxtecan"],
        "start": "2025-07",
        "end": "2026-03-30",
        "reason_stopped": "progression",
    }
    found = _added({"therapies": [mine]}, {"as_of": _NEW, "therapies": [theirs]})
    (course,) = found.patient["therapies"]
    assert course["end"] == "2026-03-30"
    assert course["reason_stopped"] == "progression"
    assert course["start"] == "2025-07-08"
    assert "ongoing" not in course


def test_a_course_that_shares_drugs_and_days_is_asked_about() -> None:
    mine = {"drugs": ["trastuzumab", "pertuzumab", "docetaxel"], "start": "2025-01-06"}
    found = _added(
        {"therapies": [mine]}, {"as_of": _NEW, "therapies": [{"drugs": ["trastuzumab"], "start": "2025-01"}]}
    )
    assert len(found.patient["therapies"]) == 1
    assert [one.code for one in found.questions] == ["same_entry"]


def test_new_values_stand_in_their_order_and_keep_their_places() -> None:
    labs = [{"name": "creatinine", "value": v, "unit": "mg/dL", "date": d} for v, d in ((0.9, _OLD), (1.1, _NEW))]
    between = {"name": "creatinine", "value": 1.4, "unit": "mg/dL", "date": "2026-02-01"}
    found = _added({"labs": labs}, {"as_of": "2026-02-01", "labs": [between]})
    assert [one["value"] for one in found.patient["labs"]] == ["0.9", "1.4", "1.1"]
    assert _told(found)["/labs/1/value"] == 1.4


def test_a_measurement_that_differs_leaves_nothing_behind() -> None:
    first = {"name": "creatinine", "value": 0.9, "unit": "mg/dL", "date": _OLD}
    other = {"name": "platelets", "value": 200, "unit": "10*9/L", "date": _OLD}
    labs = [{**first, "value": 0.9, "unit": "umol/L"}, {"name": "albumin", "value": 39, "unit": "g/L", "date": _OLD}]
    found = _added({"labs": [first, other]}, {"as_of": _NEW, "labs": labs})
    assert [one["name"] for one in found.patient["labs"]] == ["platelets", "albumin"]
    assert _told(found)["/labs/1/value"] == 39
    assert len(found.contradictions) == 1
    hearts = _added({"cardiac": {"lvef": [{"percent": 60}]}}, {"cardiac": {"lvef": [{"percent": 45}]}})
    assert hearts.patient["cardiac"]["lvef"] == []
    assert len(hearts.contradictions) == 1


def test_a_side_effect_follows_the_later_document_and_a_wider_name_is_no_second_one() -> None:
    file = {"as_of": _OLD, "toxicities": [{"name": "peripheral neuropathy", "grade": 1, "ongoing": True}]}
    later = {"as_of": _NEW, "toxicities": [{"name": "peripheral neuropathy", "grade": 2, "ongoing": True}]}
    found = _added(file, later)
    assert found.patient["toxicities"] == [{"name": "peripheral neuropathy", "grade": 2, "ongoing": True}]
    sensory = {"as_of": _NEW, "toxicities": [{"name": "peripheral sensory neuropathy", "grade": 1}]}
    assert len(_added(file, sensory).patient["toxicities"]) == 1


def test_metastases_that_came_up_are_added_and_none_against_some_is_settled_by_date() -> None:
    found = _added(
        {"as_of": _OLD, "cancer": {"metastatic_sites": ["bone"]}}, {"cancer": {"metastatic_sites": ["bone", "liver"]}}
    )
    assert found.patient["cancer"]["metastatic_sites"] == ["bone", "liver"]
    early = {"as_of": _OLD, "cancer": {"metastatic_sites": []}}
    assert _added(early, {"as_of": _NEW, "cancer": {"metastatic_sites": ["liver"]}}).patient["cancer"] == {
        "metastatic_sites": ["liver"]
    }
    undated = _added(early, {"cancer": {"metastatic_sites": ["liver"]}})
    assert "metastatic_sites" not in undated.patient.get("cancer", {})
    assert len(undated.contradictions) == 1


def test_dates_of_viral_markers_are_never_newer_than_the_markers() -> None:
    file = {"as_of": _OLD, "serology": {"hbsag": "negative", "date": _OLD}}
    found = _added(file, {"as_of": _NEW, "serology": {"hiv": "negative", "date": _NEW}})
    assert found.patient["serology"] == {"hbsag": "negative", "date": _OLD, "hiv": "negative"}
    undated = _added(file, {"as_of": _NEW, "serology": {"hiv": "negative"}})
    assert undated.patient["serology"] == {"hbsag": "negative", "hiv": "negative"}


def test_completeness_is_not_taken_from_a_document_beside_known_courses() -> None:
    file = {"as_of": _OLD, "therapies": [{"drugs": ["TCHP"], "start": "2025-01"}]}
    found = _added(file, {"as_of": _NEW, "therapies": [], "complete": {"therapies": True}})
    assert "complete" not in found.patient


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[3] / "examples").glob("*.yaml")), ids=lambda one: one.stem
)
def test_a_record_added_to_itself_stays_as_it_is(file: Path) -> None:
    knowledge = load_knowledge()
    try:
        read = read_patient(file, knowledge, date(2026, 11, 22))
    except InputError:
        pytest.skip("no patient file")
    record = to_record(read.patient)
    found = _added(record, record, day=str(read.as_of))
    assert Patient.model_validate(found.patient) == read.patient
    assert (found.contradictions, found.questions, found.provenance) == ((), (), ())


@given(st.sampled_from(["0.7", "1.0", "12", "abc", "2025-03", "2025-03-09"]))
def test_a_value_agrees_with_itself(value: str) -> None:
    assert agree(value, value)
    assert agree(value, value.upper())


@given(st.lists(st.sampled_from(["ERBB2", "KRAS", "TP53"]), unique=True), st.lists(st.sampled_from(["KRAS", "NRAS"])))
def test_a_united_list_holds_both(one: list[str], other: list[str]) -> None:
    both = united(one, other)
    assert both[: len(one)] == one
    assert set(both) == set(one) | set(other)
