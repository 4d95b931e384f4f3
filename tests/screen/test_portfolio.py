"""The portfolio: the site's own word on its trials, and one clear line for each mistake in it."""

from pathlib import Path

import pytest

from her2nav.app.choice import Choice, TrialSet
from her2nav.app.cohort_trials import Asked, cohort_trials
from her2nav.app.worklist import worklist
from her2nav.cohort.runfile import RunFile
from her2nav.model.errors import InputError
from screen.cohort import ADULT, FIT, OWN, Ward, patient

CATALOGUE_TRIAL = "NCT06253871"
LOCAL = "trials:\n  - {{id: NCT06253871, local_criteria: [{{{}}}]}}"
ARMS = "arms:\n  - {id: A, label: Arm A}\n  - {id: B, label: Arm B}\n"


def asked(ward: Ward, text: str) -> Asked:
    """Write a portfolio and ask for it."""
    path = ward.folder / "portfolio.yaml"
    path.write_text(text, encoding="utf-8")
    return Asked(Choice(TrialSet.CATALOGUE), portfolio=str(path))


def test_own_status_beats_the_registry_and_own_trees_need_no_nct_number(ward: Ward) -> None:
    text = f"""
site: St. Elsewhere
trials:
  - {{id: {CATALOGUE_TRIAL}, status: on_hold, status_date: 2026-11-20}}
  - {{id: {OWN}, criteria: trials/{OWN}.yaml, protocol: v2, contact: ext. 4711, slots: 3, title: Another title}}
"""
    found = cohort_trials(ward.session, asked(ward, text))
    assert set(found.digests) == {CATALOGUE_TRIAL, OWN}
    held, own = (found.by_id[name].trial.record for name in (CATALOGUE_TRIAL, OWN))
    assert held.status.value.value == "SUSPENDED"
    assert held.status.source == "portfolio"
    assert held.status.date.isoformat() == "2026-11-20"
    assert own.status.value.value == "RECRUITING"
    assert own.status.date == ward.today
    assert own.title == "Another title"

    ward.write(patient("a"))
    done = ward.screen(ids=True, asked=asked(ward, text))
    with RunFile(done.out) as run:
        listed = worklist(done.trials, run, done.made, since=None, everything=False)
        everything = worklist(done.trials, run, done.made, since=None, everything=True)
    assert [(one.record.nct_id, one.contact, one.url) for one in listed.trials] == [(OWN, "ext. 4711", None)]
    assert (listed.closed, everything.closed) == (1, 0)


def test_local_criteria_count_like_the_others(ward: Ward) -> None:
    text = f"""
trials:
  - id: {OWN}
    criteria: trials/{OWN}.yaml
    local_criteria:
      - {{id: L1, section: inclusion, text: Women only here, rule: {{sex: {{any_of: [female]}}}}}}
"""
    ward.write(patient("a"), patient("b", demographics={"age": 50, "sex": "male"}))
    assert set(ward.by_patient(ward.screen(ids=True, asked=asked(ward, text)))) == {"a"}


def test_closed_arms_and_arms_without_slots_are_not_entered(ward: Ward) -> None:
    ward.trial(OWN, ADULT, FIT, arms=ARMS)
    text = f"trials:\n  - {{id: {OWN}, criteria: trials/{OWN}.yaml, arms: {{A: {{slots: 0}}}}}}\n"
    ward.write(patient("a"))
    assert ward.by_patient(ward.screen(ids=True, asked=asked(ward, text)))["a"]["arm"] == "B"


def test_a_trial_without_slots_is_not_listed(ward: Ward) -> None:
    text = f"trials:\n  - {{id: {OWN}, criteria: trials/{OWN}.yaml, slots: 0}}\n"
    ward.write(patient("a"))
    done = ward.screen(ids=True, asked=asked(ward, text))
    with RunFile(done.out) as run:
        found = worklist(done.trials, run, done.made, since=None, everything=False)
    assert (found.trials, found.closed) == ([], 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trials: []", "trials"),
        ("trials:\n  - {id: NCT06253871, statsu: open}", "unknown key 'statsu'; did you mean 'status'?"),
        ("trials:\n  - {id: NCT06253871, status: recruiting}", "'recruiting' is not allowed"),
        ("trials:\n  - {id: NCT06253871}\n  - {id: nct06253871}", "the trial 'nct06253871' stands twice"),
        ("trials:\n  - {id: NCT09999999}", "no criteria are known for the trial 'NCT09999999'"),
        ("trials:\n  - {id: X-1, criteria: nowhere.yaml}", "no such file"),
        (f"trials:\n  - {{id: X-1, criteria: trials/{OWN}.yaml}}", f"the file is on {OWN}"),
        ("trials:\n  - {id: NCT06253871, arms: {Z: {open: false}}}", "NCT06253871 has no arm 'Z'"),
        ("trials:\n  - {id: NCT06253871, slots: -1}", "out of range"),
        (
            LOCAL.format("id: i1, section: inclusion, text: x, rule: {age: {min: 9}}"),
            "the id 'i1' stands in the trial already",
        ),
        (
            LOCAL.format("id: L1, section: inclusion, text: x, rule: {sx: {}}"),
            "sx",
        ),
        ("[", "portfolio.yaml"),
    ],
)
def test_a_mistake_is_one_clear_line(ward: Ward, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        cohort_trials(ward.session, asked(ward, text))
    line = str(caught.value)
    assert told in line
    assert "\n" not in line
    assert str(ward.folder) in line
    assert caught.value.exit_status == 2


def test_a_trial_file_names_what_no_vocabulary_holds(ward: Ward) -> None:
    ward.trial(OWN, "{prior_therapy: {drugs: [wonderdrug]}}")
    with pytest.raises(InputError, match="unknown drug or class 'wonderdrug'"):
        cohort_trials(ward.session, Asked(files=(str(ward.trials),)))


def test_a_folder_without_trial_files_is_told(ward: Ward, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="the folder holds no trial file"):
        cohort_trials(ward.session, Asked(files=(str(empty),)))


def test_a_trial_that_closed_since_is_told(ward: Ward) -> None:
    text = f"trials:\n  - {{id: {OWN}, criteria: trials/{OWN}.yaml}}\n"
    ward.write(patient("a"))
    ward.screen(ids=True, asked=asked(ward, text))
    held = asked(ward, text.replace("}\n", ", status: on_hold}\n"))
    done = ward.screen("second", ids=True, asked=held, since=str(ward.folder / "run"))
    with RunFile(done.out) as run, RunFile(ward.folder / "run") as old:
        found = worklist(done.trials, run, done.made, since=old, everything=False)
    assert (found.trials, found.newly_closed) == ([], (OWN,))
