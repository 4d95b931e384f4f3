"""Rulings of persons: applied and told, and void as soon as the criterion or the facts are others."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.reviews import read_reviews
from her2nav.app.screen_explain import explain_pair, rule_on
from her2nav.model.errors import InputError
from screen.cohort import ADULT, FIT, HEART, OWN, PAUSE, Ward, patient


def rule(ward: Ward, who: str, criterion: str, ruling: str = "met", **more: Any) -> Path:
    """Rule on a criterion of the own trial."""
    into = ward.folder / "reviews.jsonl"
    known = {"ruling": ruling, "person": "Dr. Roe", "reason": "seen in the chart", "day": date(2026, 11, 21)}
    rule_on(ward.session, ward.folder / "run", who, OWN, criterion, into=into, **{**known, **more})
    return into


def test_a_ruling_is_applied_and_told(ward: Ward) -> None:
    ward.write(patient("a", performance=None), patient("b", performance=None))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    found = ward.by_patient(ward.screen(ids=True, reviews=str(file)))
    assert found["a"]["verdict"] == "eligible"
    assert found["a"]["ruled_by"] == ["i2 ruled met by Dr. Roe on 2026-11-21: seen in the chart"]
    assert found["b"]["verdict"] == "possible"
    assert file.stat().st_mode & 0o077 == 0


def test_only_the_patients_ruled_on_are_judged_again(ward: Ward) -> None:
    ward.write(*(patient(name, performance=None) for name in "abcd"))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    assert ward.screen(ids=True, reviews=str(file)).made["judged"] == {
        "anew": 1,
        "for_changed_trials": 0,
        "as_before": 3,
    }


def test_a_person_may_also_rule_a_patient_out(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    file = rule(ward, "a", "i1", "not_met")
    (row,) = ward.rows(ward.screen(ids=True, reviews=str(file)))
    assert row["verdict"] == "ineligible"
    assert row["blocking_reason"] == "i1 ruled not met by Dr. Roe on 2026-11-21: seen in the chart"


def test_a_ruling_is_void_when_the_facts_change(ward: Ward) -> None:
    ward.write(patient("a", performance=None))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    ward.write(patient("a", performance={"ecog": 2, "date": "2026-11-20"}))
    (row,) = ward.rows(ward.screen(ids=True, reviews=str(file)))
    assert row["verdict"] == "ineligible"
    assert row["void_rulings"] == [
        "the ruling of Dr. Roe of 2026-11-21 on i2 no longer counts: what is known of the patient changed"
    ]


def test_a_ruling_is_void_when_the_criterion_is_amended_or_gone(ward: Ward) -> None:
    ward.write(patient("a", performance=None))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    ward.trial(OWN, ADULT, "{performance_status: {ecog_max: 2}}", HEART, PAUSE)
    row = ward.by_patient(ward.screen("amended", ids=True, reviews=str(file)))["a"]
    assert row["verdict"] == "possible"
    assert "the criterion was amended" in row["void_rulings"][0]
    ward.trial(OWN, ADULT)
    row = ward.by_patient(ward.screen("gone", ids=True, reviews=str(file)))["a"]
    assert "the criterion is gone" in row["void_rulings"][0]


def test_other_facts_may_change_without_touching_a_ruling(ward: Ward) -> None:
    ward.write(patient("a", performance=None))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    ward.write(patient("a", performance=None, cardiac={}))
    row = ward.by_patient(ward.screen(ids=True, reviews=str(file)))["a"]
    assert row["ruled_by"]
    assert not row["void_rulings"]
    assert row["verdict"] == "possible"


def test_explain_shows_the_ruling_by_pseudonym_or_id(ward: Ward) -> None:
    ward.write(patient("a", performance=None), patient("b"))
    ward.screen()
    file = rule(ward, "a", "i2")
    done = ward.screen(reviews=str(file))
    by_id = explain_pair(ward.session, done.out, "a", OWN)
    by_name = explain_pair(ward.session, done.out, by_id.name, OWN.lower())
    assert by_id.name != "a"
    assert by_name.match.verdict is by_id.match.verdict
    (ruled,) = [item for item in by_id.match.criteria if item.criterion.id == "i2"]
    assert ruled.finding.reason.startswith("Ruled met by Dr. Roe on 2026-11-21: seen in the chart")
    assert by_id.differs == ()
    assert by_id.then is not None


def test_explain_tells_why_the_answer_may_be_another(ward: Ward) -> None:
    ward.write(patient("a"))
    done = ward.screen(ids=True)
    ward.trial(OWN, ADULT, FIT)
    assert explain_pair(ward.session, done.out, "a", OWN).differs == ("the trial's criteria changed since",)
    ward.write(patient("b"))
    with pytest.raises(InputError, match="no patient 'a' in the source of the run"):
        explain_pair(ward.session, done.out, "a", OWN)
    ward.patients.unlink()
    with pytest.raises(InputError, match="the patients' source is no longer there"):
        explain_pair(ward.session, done.out, "a", OWN)


def test_a_patient_who_may_not_be_listed_is_not_explained(ward: Ward) -> None:
    ward.write(patient("a", demographics={"age": 50, "vital_status": "deceased"}))
    done = ward.screen(ids=True)
    with pytest.raises(InputError, match="may not stand on any list"):
        explain_pair(ward.session, done.out, "a", OWN)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"criterion": "i9"}, "no criterion 'i9'"),
        ({"ruling": "maybe"}, "'maybe' is no ruling"),
        ({"person": " "}, "a ruling names the person and the reason"),
    ],
)
def test_a_ruling_that_is_none_is_one_line(ward: Ward, more: dict[str, str], told: str) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    criterion = more.pop("criterion", "i2")
    with pytest.raises(InputError, match=told):
        rule(ward, "a", criterion, **more)


def test_a_damaged_line_is_told_with_its_number(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    file = rule(ward, "a", "i2")
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"patient": "a"}) + "\n")
    with pytest.raises(InputError, match=r"reviews.jsonl, line 2"):
        read_reviews(file)
