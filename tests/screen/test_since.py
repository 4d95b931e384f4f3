"""What is new since an earlier run, and why."""

from datetime import date
from typing import Any

from her2nav.app.screen import Screened
from her2nav.app.worklist import Worklist, worklist, worklist_json
from her2nav.cohort.runfile import RunFile
from screen.cohort import ADULT, FIT, HEART, OWN, PAUSE, Ward, patient

TREATED = {"therapies": [{"drugs": ["trastuzumab"], "end": "2026-11-10", "ongoing": False}]}


def news(ward: Ward, done: Screened) -> dict[str, list[str]]:
    """Return what is new about each patient and the own trial."""
    return {name: row["new"] for name, row in ward.by_patient(done).items() if row["new"]}


def since(ward: Ward, **more: Any) -> Screened:
    """Screen again into another folder, comparing with the first."""
    return ward.screen("second", ids=True, since=str(ward.folder / "run"), **more)


def listed(ward: Ward, done: Screened) -> Worklist:
    """Return what is new as a worklist."""
    with RunFile(done.out) as run, RunFile(ward.folder / "run") as old:
        return worklist(done.trials, run, done.made, since=old, everything=False)


def test_nothing_changed_is_nothing_new(ward: Ward) -> None:
    ward.write(patient("a"), patient("b", performance=None))
    ward.screen(ids=True)
    done = since(ward)
    assert news(ward, done) == {}
    assert done.made["judged"]["as_before"] == 2
    assert listed(ward, done).trials == []


def test_new_patients_new_fits_and_the_lost(ward: Ward) -> None:
    ward.write(patient("better", performance={"ecog": 2}), patient("worse"), patient("same"), patient("gone"))
    ward.screen(ids=True)
    ward.write(patient("better"), patient("worse", performance={"ecog": 2}), patient("same"), patient("young"))
    done = since(ward)
    assert news(ward, done) == {"better": ["new_fit"], "worse": ["lost"], "young": ["new_patient"]}
    assert "ECOG 2" in ward.by_patient(done)["worse"]["blocking_reason"]
    assert done.made["counts"]["no_longer_listed_since"] == 1
    (one,) = listed(ward, done).trials
    assert one.counts == {"fits": 2, "may_fit": 0, "soon": 0, "lost": 1}


def test_time_alone_ends_a_wait_and_ages_a_result(ward: Ward) -> None:
    ward.write(
        patient("waits", cardiac={"lvef_percent": 60, "lvef_date": "2026-11-20"}, **TREATED),
        patient("ages", cardiac={"lvef_percent": 60, "lvef_date": "2026-10-28"}),
    )
    before = ward.by_patient(ward.screen(ids=True))
    assert before["waits"]["eligible_from"] == "2026-12-09"
    assert before["ages"]["holds_until"] == "2026-11-25"
    ward.today = date(2026, 12, 9)
    done = since(ward)
    assert news(ward, done) == {"waits": ["wait_ended"], "ages": ["stale"]}


def test_a_result_that_was_taken_out_is_no_stale_one(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    ward.write(patient("a", cardiac={}))
    assert news(ward, since(ward)) == {"a": ["reopened"]}


def test_an_amended_criterion_is_named_with_the_patients_it_moves(ward: Ward) -> None:
    ward.write(patient("a", performance={"ecog": 2}), patient("b"), patient("c", performance=None))
    ward.screen(ids=True)
    ward.trial(OWN, ADULT, "{performance_status: {ecog_max: 2}}", HEART, PAUSE)
    done = since(ward)
    assert news(ward, done) == {"a": ["amended"]}
    (one,) = listed(ward, done).trials
    assert one.amended == ("i2 changed",)


def test_a_new_trial_is_new_and_a_trial_that_went_is_lost(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    ward.trial("NCT00000007", ADULT)
    (ward.trials / f"{OWN}.yaml").unlink()
    rows = {row["nct_id"]: row for row in ward.rows(since(ward))}
    assert rows["NCT00000007"]["new"] == ["new_trial"]
    assert rows[OWN]["new"] == ["lost"]
    assert rows[OWN]["blocking_reason"] == "the trial is no longer among those screened for"


def test_pseudonyms_of_the_two_runs_differ_and_are_joined_all_the_same(ward: Ward) -> None:
    ward.write(patient("a"), patient("b", performance={"ecog": 2}))
    ward.screen()
    ward.write(patient("a"), patient("b"))
    done = ward.screen("second", since=str(ward.folder / "run"))
    (row,) = [row for row in ward.rows(done) if row["new"]]
    assert row["new"] == ["new_fit"]


def test_a_patient_who_may_no_longer_be_listed_is_only_counted(ward: Ward) -> None:
    ward.write(patient("a"), patient("b"))
    ward.screen(ids=True)
    ward.write(patient("a", demographics={"age": 50, "do_not_contact": True}), patient("b"))
    done = since(ward)
    assert set(ward.by_patient(done)) == {"b"}
    assert done.made["counts"]["no_longer_listed_since"] == 1


def test_lost_pairs_do_not_stay_when_the_run_is_repeated(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen(ids=True)
    ward.write(patient("a", performance={"ecog": 2}))
    first, again = ward.rows(since(ward)), ward.rows(since(ward))
    assert [row["new"] for row in first] == [["lost"]]
    assert first == again
    assert ward.rows(ward.screen("second", ids=True)) == []


def test_the_worklist_as_data_has_one_question_for_each_patient(ward: Ward) -> None:
    ward.trial(OWN, ADULT, FIT, HEART, '{unread: {note: "read me"}}')
    ward.write(patient("a", performance=None), patient("b"))
    done = ward.screen(ids=True)
    with RunFile(done.out) as run:
        found = worklist_json(worklist(done.trials, run, done.made, since=None, everything=False))
    (trial,) = found["trials"]
    asked = {one["patient"]: one["question"] for one in trial["patients"]}
    assert asked["a"] == "ECOG performance status"
    assert asked["b"] is None or "read" in asked["b"]
    assert trial["counts"]["may_fit"] == 2
