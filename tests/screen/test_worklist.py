"""What a coordinator reads first: the order of the list, one clock, and trials of which only the head is held."""

from datetime import date
from typing import Any

from her2nav.app.cohort_trials import Asked
from her2nav.app.header_notes import header_note
from her2nav.app.screen import Screened
from her2nav.app.worklist import Worklist, worklist, worklist_json
from her2nav.cohort.runfile import RunFile
from screen.cohort import OWN, Ward, patient

BARE = "NCT05845450"
"""A trial of the catalogue whose criteria are not at hand."""


def listed(done: Screened, *, everything: bool = False) -> Worklist:
    with RunFile(done.out) as run:
        return worklist(done.trials, run, done.made, since=None, everything=everything)


def test_the_age_of_a_status_is_counted_to_the_day_of_the_run(ward: Ward) -> None:
    ward.write(patient("a"))
    for day in (None, date(2026, 3, 1)):
        done = ward.screen(f"run-{day}", ids=True, as_of=day)
        (one,) = listed(done).trials
        assert one.status_age_days == ((day or ward.today) - one.record.status.date).days
        assert done.made["as_of"] == (day or ward.today).isoformat()


def test_a_portfolio_without_a_date_says_so_on_the_day_of_the_run(ward: Ward) -> None:
    path = ward.folder / "own.yaml"
    path.write_text(f"trials: [{{id: {OWN}, criteria: trials/{OWN}.yaml}}]\n", encoding="utf-8")
    ward.write(patient("a"))
    done = ward.screen(ids=True, as_of=date(2026, 3, 1), asked=Asked(portfolio=str(path)))
    (one,) = listed(done).trials
    assert one.record.status.date == date(2026, 3, 1)
    assert one.status_age_days == 0


def test_records_with_a_day_of_their_own_are_counted_and_named(ward: Ward) -> None:
    own_day: dict[str, Any] = {"as_of": "2026-02-01"}
    ward.write(patient("a"), patient("b", **own_day))
    counts = ward.screen(ids=True).made["counts"]
    assert counts["on_own_day"] == 1
    assert counts["days"] == sorted(["2026-02-01", ward.today.isoformat()])
    again = ward.screen("fixed", ids=True, as_of=date(2026, 3, 1)).made["counts"]
    assert (again["on_own_day"], again["days"]) == (0, ["2026-03-01", "2026-03-01"])


def test_trials_without_criteria_are_counted_and_not_listed_unless_asked_for(ward: Ward) -> None:
    ward.write(patient("a", cancer={"tumour_type": "colorectal"}))
    done = ward.screen(ids=True, asked=Asked())
    found = listed(done)
    assert header_note(done.trials.by_id[BARE].trial) is not None
    assert found.without_criteria[BARE] == 1
    assert BARE not in {one.record.nct_id for one in found.trials}
    assert BARE in {one.record.nct_id for one in listed(done, everything=True).trials}
    assert all(header_note(done.trials.by_id[one.record.nct_id].trial) is None for one in found.trials)
    assert worklist_json(found)["trials_without_criteria"] == found.without_criteria

    (only,) = listed(ward.screen("only", ids=True, asked=Asked(only=(BARE,)))).trials
    assert only.record.nct_id == BARE
    assert any("HER2-positive" in note for note in only.notes)


def test_trials_that_recruit_by_a_fresh_status_stand_first_and_the_most_certain_patients(ward: Ward) -> None:
    ward.write(*(patient(name, cancer={"tumour_type": "breast"}) for name in "ab"))
    done = ward.screen(ids=True, asked=Asked())
    found = listed(done)
    limit = done.made["status_age_limit_days"]
    places = [one.place(limit) for one in found.trials]
    assert places == sorted(places)
    assert len({place[0] for place in places}) > 1
    for one in found.trials:
        open_points = [len(entry.pair.missing) for entry in one.groups["may_fit"]]
        assert open_points == sorted(open_points)
