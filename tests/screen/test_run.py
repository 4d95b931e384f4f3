"""A screening: what it says of each pair, what it counts, and what it does when run again."""

import json
from pathlib import Path

import pytest

from her2nav.app.cohort_trials import Asked
from her2nav.app.match import match
from her2nav.app.screen import check_out
from her2nav.cohort.runfile import FILE, RunFile
from her2nav.intake.patient_file import read_patient
from her2nav.model.errors import FileError, InputError
from screen.cohort import ADULT, CATALOGUE, FIT, HEART, OWN, PAUSE, Ward, patient

TREATED = {"therapies": [{"drugs": ["trastuzumab"], "end": "2026-11-10", "ongoing": False}]}


def test_each_pair_has_its_verdict_and_what_is_open(ward: Ward) -> None:
    ward.write(
        patient("fits"),
        patient("open", performance=None),
        patient("out", demographics={"age": 12}),
        patient("waits", **TREATED),
    )
    found = ward.by_patient(ward.screen(ids=True))
    assert found.keys() == {"fits", "open", "waits"}
    assert found["fits"]["verdict"] == "eligible"
    assert found["fits"]["holds_until"] == "2026-12-08"
    assert found["open"]["verdict"] == "possible"
    assert found["open"]["next_question"] == "ECOG performance status"
    assert found["waits"]["verdict"] == "ineligible"
    assert found["waits"]["eligible_from"] == "2026-12-09"
    assert found["waits"]["repeat_before"] == ["Criterion 3"]


def test_every_pair_is_kept_where_that_is_asked_for(ward: Ward) -> None:
    ward.write(patient("out", demographics={"age": 12}))
    assert ward.rows(ward.screen(ids=True)) == []
    (row,) = ward.rows(ward.screen("every", ids=True, every=True))
    assert row["verdict"] == "ineligible"
    assert "Age 12" in row["blocking_reason"]


def test_patients_have_pseudonyms_that_differ_between_runs(ward: Ward) -> None:
    ward.write(patient("Erika Mustermann"))
    one, two = ward.rows(ward.screen("one"))[0]["patient"], ward.rows(ward.screen("two"))[0]["patient"]
    assert one != two
    assert one.startswith("P-")
    for path in (ward.folder / "one").iterdir():
        assert b"Mustermann" not in path.read_bytes()


def test_a_run_keeps_to_the_way_in_which_it_names_patients(ward: Ward) -> None:
    ward.write(patient("a"))
    ward.screen()
    with pytest.raises(FileError, match="this run was made with pseudonyms"):
        ward.screen(ids=True)


def test_the_deceased_and_those_not_to_be_contacted_are_never_listed(ward: Ward) -> None:
    ward.write(
        patient("a", demographics={"age": 50, "vital_status": "deceased"}),
        patient("b", demographics={"age": 50, "do_not_contact": True}),
        patient("c"),
    )
    done = ward.screen(ids=True, every=True)
    assert {row["patient"] for row in ward.rows(done)} == {"c"}
    assert done.made["counts"]["never_listed"] == {"deceased": 1, "do_not_contact": 1}
    assert done.made["counts"]["in"] == 3
    assert done.made["counts"]["out"] == 1


def test_a_bad_record_is_one_line_and_stops_nobody(ward: Ward) -> None:
    ward.write(
        patient("a"),
        "{not json",
        patient("b", performance={"ecog": 9}),
        patient("a"),
        patient("c", cancer={"tumour_type": "brest"}),
        patient("d"),
    )
    done = ward.screen(ids=True)
    assert {row["patient"] for row in ward.rows(done)} == {"a", "d"}
    assert len(ward.told) == done.made["counts"]["failed"] == 4
    assert [line.split(": ")[0].split(", key")[0].removeprefix(f"{ward.patients}, ") for line in ward.told] == [
        "line 2, line 1",
        "line 3",
        "line 4",
        "line 5",
    ]
    assert "did you mean" in ward.told[3]
    again = ward.screen(ids=True)
    assert len(ward.told) == again.made["counts"]["failed"] == 4


def test_a_record_at_which_the_program_stumbles_costs_only_itself(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    from her2nav.app import screen_judge

    plain = screen_judge.missing

    def stumbling(items: list[object]) -> list[str]:
        found = plain(items)
        if "LVEF" in str(found) or "echo" in str(found):
            raise ZeroDivisionError
        return found

    monkeypatch.setattr(screen_judge, "missing", stumbling)
    ward.write(patient("a"), patient("b", cardiac={}))
    done = ward.screen(ids=True)
    assert {row["patient"] for row in ward.rows(done)} == {"a"}
    assert ward.told == [f"{ward.patients}, line 2: the program stumbled at this record (ZeroDivisionError)"]


def test_a_second_run_judges_only_what_changed(ward: Ward) -> None:
    ward.write(*(patient(name) for name in "abcde"))
    first = ward.screen(ids=True)
    assert first.made["judged"] == {"anew": 5, "for_changed_trials": 0, "as_before": 0}
    assert ward.screen(ids=True).made["judged"] == {"anew": 0, "for_changed_trials": 0, "as_before": 5}

    ward.write(*(patient(name, performance={"ecog": 2 if name == "b" else 1}) for name in "abcde"))
    changed = ward.screen(ids=True)
    assert changed.made["judged"]["anew"] == 5  # every record lost the date of its ECOG
    ward.write(
        *(patient(name, performance={"ecog": 0 if name == "c" else 2 if name == "b" else 1}) for name in "abcde")
    )
    assert ward.screen(ids=True).made["judged"] == {"anew": 1, "for_changed_trials": 0, "as_before": 4}

    ward.trial("NCT00000007", ADULT)
    more = ward.screen(ids=True)
    assert more.made["judged"] == {"anew": 0, "for_changed_trials": 5, "as_before": 0}
    afresh = ward.screen("afresh", ids=True)
    assert ward.rows(more) == ward.rows(afresh)

    ward.trial(OWN, ADULT, HEART, PAUSE)
    fewer = ward.screen(ids=True)
    assert fewer.made["judged"] == {"anew": 0, "for_changed_trials": 5, "as_before": 0}
    assert ward.by_patient(fewer)["b"]["verdict"] == "eligible"


def test_who_is_no_longer_in_the_source_is_gone(ward: Ward) -> None:
    ward.write(*(patient(name) for name in "abcdef"))
    ward.screen(ids=True)
    ward.write(patient("a"), patient("f"))
    done = ward.screen(ids=True)
    assert set(ward.by_patient(done)) == {"a", "f"}
    assert done.made["counts"]["out"] == 2


def test_a_day_later_everything_that_hangs_on_time_is_judged_again(ward: Ward) -> None:
    ward.write(patient("a"))
    assert ward.by_patient(ward.screen(ids=True))["a"]["verdict"] == "eligible"
    from datetime import date

    ward.today = date(2026, 12, 9)
    found = ward.by_patient(ward.screen(ids=True))["a"]
    assert found["verdict"] == "possible"


@pytest.mark.slow
def test_several_processes_say_the_same_as_one(ward: Ward) -> None:
    ward.write(*(patient(f"p{n}", performance={"ecog": n % 3}) for n in range(9)))
    one, two = ward.screen("one", ids=True), ward.screen("two", ids=True, processes=2)
    assert ward.rows(one) == ward.rows(two)


def test_a_screening_says_what_match_says(ward: Ward, root: Path) -> None:
    files = [root / "examples" / f"{name}.yaml" for name in ("breast-low", "gastric-positive", "sparse")]
    done = ward.screen(sources=tuple(map(str, files)), asked=CATALOGUE, ids=True, every=True)
    rows = ward.rows(done)
    for path in files:
        answer = match(ward.session, read_patient(path, ward.session.knowledge, ward.today))
        for one in answer.matches:
            (row,) = [
                row
                for row in rows
                if (row["patient"], row["nct_id"]) == (answer.case.patient.id, one.trial.record.nct_id)
            ]
            assert row["verdict"] == one.verdict.word
            assert row["arm"] == one.best_arm
            assert row["eligible_from"] == (one.eligible_from.isoformat() if one.eligible_from else None)


def test_without_reasons_verdicts_and_dates_are_the_same(ward: Ward, root: Path) -> None:
    from her2nav.app.cohort_trials import cohort_trials
    from her2nav.app.screen_judge import Screener, Wanted

    trials = cohort_trials(ward.session, CATALOGUE)
    names = ("breast-low", "gastric-positive", "lung-mutated", "sparse")
    reads = [read_patient(root / "examples" / f"{name}.yaml", ward.session.knowledge, ward.today) for name in names]

    def judged(*, every: bool, reasons: bool) -> list[dict[str, tuple[object, ...]]]:
        screener = Screener(trials.sets, lambda _: None, Wanted(every=every, reasons=reasons))
        found = screener.judge([ward.session.case(read) for read in reads])
        return [{pair.trial: (pair.verdict, pair.arm, pair.eligible_from) for pair in pairs} for pairs in found]

    bare, told, every = (
        judged(every=False, reasons=False),
        judged(every=False, reasons=True),
        judged(every=True, reasons=True),
    )
    assert bare == told
    for kept, all_ in zip(bare, every, strict=True):
        # The bitsets leave out no pair that waits for nothing but a date.
        assert kept == {name: one for name, one in all_.items() if one[0] != "ineligible" or one[2] is not None}


def test_quick_names_the_criteria_in_the_place_of_reasons(ward: Ward) -> None:
    ward.write(patient("open", performance=None), patient("waits", **TREATED))
    found = ward.by_patient(ward.screen(ids=True, quick=True))
    assert found["open"]["missing_facts"] == ["performance status"]
    assert found["waits"]["eligible_from"] == "2026-12-09"


def test_one_trial_is_found_by_an_id_of_any_case_and_an_unknown_one_is_told(ward: Ward) -> None:
    ward.trial("NCT00000007", FIT)
    ward.write(patient("a"))
    done = ward.screen(ids=True, asked=Asked(files=(str(ward.trials),), only=("nct00000007",)))
    assert [row["nct_id"] for row in ward.rows(done)] == ["NCT00000007"]
    with pytest.raises(InputError, match="no criteria are known for the trial 'NCT99999999'"):
        ward.screen(asked=Asked(files=(str(ward.trials),), only=("NCT99999999",)))


def test_two_screenings_do_not_write_into_one_folder(ward: Ward) -> None:
    import sqlite3

    ward.write(patient("a"))
    ward.screen()
    other = sqlite3.connect(ward.folder / "run" / "run.lock", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="another screening writes here"):
        ward.screen()
    other.close()
    ward.screen()


def test_run_json_tells_with_what_the_run_was_made(ward: Ward) -> None:
    ward.write(patient("a"))
    done = ward.screen()
    made = json.loads((done.out / "run.json").read_text(encoding="utf-8"))
    assert made["state"] == "done"
    assert made["versions"] == ward.session.versions(snapshot="own files")
    assert made["options"]["sources"] == ["patients.jsonl"]
    assert made["trials"]["digests"] == done.trials.digests
    assert made["tables"]
    assert str(ward.folder) not in json.dumps(made)
    assert (done.out / FILE).stat().st_mode & 0o077 == 0


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(FileError, match="the folder holds something else"):
        check_out(tmp_path)
    with pytest.raises(FileError, match="there is no screening here"):
        RunFile(tmp_path)
