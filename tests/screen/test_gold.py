"""The gold patients against the shipped catalogue, from the command line, in both directions."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main

Run = Callable[..., tuple[int, str, str]]
AS_OF = ("--as-of", "2026-01-15")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; returns exit status, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["her2nav", *arguments])
        with pytest.raises(SystemExit) as left:
            main.run()
        told = capsys.readouterr()
        return int(str(left.value.code)), told.out, told.err

    return call


@pytest.fixture
def gold(shared: Path) -> Path:
    """The gold patients."""
    return shared / "data" / "gold" / "patients"


def pairs(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the table of a run by patient and trial."""
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as stream:
        return {(row["patient"], row["nct_id"]): row for row in csv.DictReader(stream)}


@pytest.mark.slow
def test_all_trials_of_all_patients(run: Run, gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    status, text, err = run(
        "screen",
        str(gold),
        "--trials",
        "catalogue",
        *AS_OF,
        "--out",
        str(out),
        "--ids",
        "--every-pair",
        "--to",
        "csv,html",
    )
    assert (status, err) == (0, "")
    assert "6 records: 6 judged, 0 not read" in text
    found = pairs(out)
    for path in sorted(gold.glob("*.yaml")):
        status, matched, _ = run("match", str(path), "--trials", "catalogue", *AS_OF, "--format", "json")
        assert status == 0
        for one in json.loads(matched)["matches"]:
            row = found.pop((path.stem, one["nct_id"]))
            assert row["verdict"] == one["verdict"]
            assert row["arm"] == (one["best_arm"] or "")
            assert row["eligible_from"] == (one["eligible_from"] or "")
            assert row["missing_facts"] == ("; ".join(one["missing"]) if one["verdict"] == "possible" else "")
    assert found == {}
    page = (out / "worklist.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "Fits on the record" in page


def test_one_trial_and_its_patients_both_ways(run: Run, gold: Path, tmp_path: Path) -> None:
    everything, one = tmp_path / "all", tmp_path / "one"
    trial = "NCT06253871"
    common = ("screen", str(gold), "--trials", "catalogue", *AS_OF, "--ids")
    assert run(*common, "--out", str(everything))[0] == 0
    assert run(*common, "--trial", trial, "--out", str(one))[0] == 0
    of_all = {key: row for key, row in pairs(everything).items() if key[1] == trial}
    of_one = pairs(one)
    assert of_one.keys() == of_all.keys()
    for key, row in of_one.items():
        assert (row["verdict"], row["arm"]) == (of_all[key]["verdict"], of_all[key]["arm"])


def test_json_explain_and_review(run: Run, gold: Path, tmp_path: Path) -> None:
    out, reviews = tmp_path / "run", tmp_path / "reviews.jsonl"
    status, text, _ = run("screen", str(gold), "--trials", "catalogue", *AS_OF, "--out", str(out), "--format", "json")
    assert status == 0
    data = json.loads(text)
    jsonschema.validate(data, json_schema("screen"))
    entry = next(one for trial in data["trials"] for one in trial["patients"] if one["group"] == "may_fit")
    trial = next(trial for trial in data["trials"] if entry in trial["patients"])
    assert entry["patient"].startswith("P-")
    assert data["run"]["counts"]["out"] == 6

    status, text, _ = run("screen", "explain", str(out), entry["patient"], trial["nct_id"], "--format", "json")
    assert status == 0
    explained = json.loads(text)
    jsonschema.validate(explained, json_schema("screen-explain"))
    assert explained["verdict"] == explained["verdict_in_run"] == "possible"
    open_ = next(one for one in explained["criteria"] if one["truth"] == "unknown" and one["role"] == "decides")
    assert open_["reason"]

    status, text, _ = run("screen", "explain", str(out), entry["patient"], trial["nct_id"])
    assert status == 0
    assert open_["id"] in text

    told = ("--ruling", "met", "--by", "Nurse Doe", "--reason", "asked", "--into", str(reviews))
    status, text, _ = run("screen", "review", str(out), entry["patient"], trial["nct_id"], open_["id"], *told)
    assert status == 0
    assert len(reviews.read_text(encoding="utf-8").splitlines()) == 1
    status, text, _ = run(
        "screen", str(gold), "--trials", "catalogue", *AS_OF, "--out", str(out), "--reviews", str(reviews)
    )
    assert status == 0
    assert "ruled met by Nurse Doe" in text


def test_without_a_folder_nothing_is_kept(
    run: Run, gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, text, _ = run("screen", str(gold), "--trials", "catalogue", "--trial", "NCT06253871", *AS_OF)
    assert status == 0
    assert "NCT06253871" in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "no such file"),
        (("GOLD", "--to", "pdf"), "'pdf' is no format"),
        (("BAD",), "not one record could be judged"),
        (("GOLD", "--trial", "NCT09999999"), "no criteria are known"),
        (("GOLD", "--out", "RUN", "--since", "RUN"), "the earlier run is this folder"),
        (("GOLD", "--since", "RUN"), "there is no screening here"),
        (("GOLD", "--portfolio", "nowhere.yaml"), "no such file"),
        (("explain", "RUN", "a", "NCT06253871"), "there is no screening here"),
    ],
)
def test_a_mistake_is_one_line(run: Run, gold: Path, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}}\n", encoding="utf-8")
    named = {"GOLD": str(gold), "RUN": str(tmp_path / "run"), "BAD": str(bad)}
    words = [named.get(one, one) for one in arguments]
    more = ("--trials", "catalogue") if words[0] != "explain" else ()
    status, _, err = run("screen", *words, *more)
    assert status == 2
    lines = [line for line in err.splitlines() if "warning" not in line]
    assert len(lines) == 1
    assert told in lines[0]
