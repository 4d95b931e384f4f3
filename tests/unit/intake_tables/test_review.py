"""`intake --review` of tables, OMOP and exports: values with their rows, corrections, the file; progress shown."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from her2nav.cli.intake_review import place_of
from her2nav.cli.intake_tables import Ticker
from her2nav.cli.main import run as run_command
from her2nav.intake.reading import Origin, Reading

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with what a person types; return its status, output and what it told."""

    def running(*arguments: object, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["her2nav", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        monkeypatch.setenv("COLUMNS", "160")
        with pytest.raises(SystemExit) as left:
            run_command()
        told = capsys.readouterr()
        return int(left.value.code or 0), " ".join(told.out.split()), told.err

    return running


def _records(path: Path) -> dict[str, dict]:
    return {one["id"]: one for one in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def test_tables_are_shown_patient_by_patient_and_corrected(run: Run, root: Path, tmp_path: Path) -> None:
    folder, out = root / "examples" / "tables", tmp_path / "patients.ndjson"
    typed = "performance.ecog = 2\nperformance.ecog = 9\n\n- demographics.sex\nrest\n"
    status, said, _ = run("intake", folder, "--mapping", folder / "mapping.yaml", "--review", "--out", out, typed=typed)
    assert status == 0
    assert "patient 1: T-001" in said
    assert "specimens.0.ihc.score 2+ her2.csv line 2, ihc" in said
    assert "labs.0.value 31 labs.csv line 4, result" in said
    assert "to settle: labs.csv line 7, result: value: '<0.5' is a bound and no value" in said
    assert "not used: labs.csv line 8: test: not mapped: XYZ" in said
    assert said.count("done;") == 2
    assert said.count("not done:") == 1
    assert "patient 3" not in said
    found = _records(out)
    assert found["T-001"]["performance"]["ecog"] == "2"
    assert "sex" not in found["T-002"]["demographics"]
    assert found["T-003"]["demographics"]["sex"] == "female"


def test_the_end_of_the_input_takes_the_others_as_read(run: Run, root: Path, tmp_path: Path) -> None:
    folder, out = root / "examples" / "omop", tmp_path / "patients.ndjson"
    status, said, _ = run("intake", folder, "--mapping", folder / "mapping.yaml", "--review", "--out", out)
    assert status == 0
    assert "demographics.birth_date 1964-02-03 person.csv line 2, year_of_birth" in said
    assert len(_records(out)) == 3


def test_several_patients_need_a_place_for_what_was_corrected(run: Run, root: Path) -> None:
    folder = root / "examples" / "omop"
    status, _, told = run("intake", folder, "--mapping", folder / "mapping.yaml", "--review", typed="\n\n\n")
    assert status == 2
    assert "--out FILE.ndjson" in told.splitlines()[-1]


def test_one_patient_of_a_table_becomes_a_patient_file(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "one.csv", tmp_path / "patient.yaml"
    source.write_text("id,demographics.sex,performance.ecog,demographics.age\nA1,female,1,200\n", encoding="utf-8")
    status, said, told = run("intake", source, "--review", "--out", out, typed="performance.ecog = 0\n\n")
    assert status == 0
    assert "performance.ecog 1 one.csv line 2, performance.ecog" in said
    assert "demographics.age: '200'" in said
    assert "her2nav: to settle" not in told
    record = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert record["performance"]["ecog"] == 0
    assert record["demographics"] == {"sex": "female"}


def test_an_export_of_several_patients_is_reviewed_too(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "all.ndjson", tmp_path / "patients.ndjson"
    people = [{"resourceType": "Patient", "id": f"p{n}", "gender": "female"} for n in range(3)]
    source.write_text("\n".join(map(json.dumps, people)) + "\n", encoding="utf-8")
    status, said, _ = run("intake", source, "--review", "--out", out, typed="demographics.sex = male\n\nrest\n")
    assert status == 0
    assert "patient 2: all.ndjson:2" in said
    assert [one["demographics"]["sex"] for one in _records(out).values()] == ["male", "female", "female"]


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        (Origin("a/labs.csv", None, None, 4, "result"), "labs.csv line 4, result"),
        (
            Origin("measurement.csv", None, None, 7, "measurement.unit_concept_id"),
            "measurement.csv line 7, unit_concept_id",
        ),
        (Origin("b.json", None, None, None, "Bundle.entry[2].Patient.gender"), "Bundle.entry[2].Patient.gender"),
        (Origin("c.ndjson", None, None, 3, "Patient.gender"), "c.ndjson line 3, Patient.gender"),
    ],
)
def test_places(origin: Origin, shown: str) -> None:
    assert place_of(origin) == shown


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Say that somebody looks on."""
        return True


@pytest.mark.parametrize(("screen", "shown"), [(Screen(), True), (io.StringIO(), False)])
def test_progress_is_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, screen: io.StringIO, shown: bool
) -> None:
    monkeypatch.setattr("sys.stderr", screen)
    ticker = Ticker()
    ticker.tell("measurement.csv: 16,384 rows")
    assert ("measurement.csv: 16,384 rows" in screen.getvalue()) is shown
    assert len(list(ticker.counting([Reading({})] * 3))) == 3
    ticker.stop()
    ticker.tell("nothing more")
    assert "nothing more" not in screen.getvalue()
