"""`intake` and `screen` of tables and OMOP folders, as a user runs them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from her2nav.app.cohort_source import raw_records
from her2nav.app.intake_profile import Profile, demand, rows, what_of
from her2nav.app.intake_tables import TableOptions, are_tables, open_sources
from her2nav.app.schemas import json_schema
from her2nav.app.session import Session
from her2nav.cli.main import run as run_command
from her2nav.intake.tables.fields import NoField, entry_field, field_of
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from unit.intake_tables.table_helpers import SESSION, table

jsonschema = pytest.importorskip("jsonschema")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command; return its status, output and what it told."""

    def running(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["her2nav", *arguments])
        with pytest.raises(SystemExit) as left:
            run_command()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return running


@pytest.fixture(scope="module")
def omop_folder(root: Path) -> Path:
    """The example folder."""
    return root / "examples" / "omop"


def test_an_omop_folder_becomes_one_record_a_line(run: Run, omop_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "patients.ndjson"
    mapping = str(omop_folder / "mapping.yaml")
    status, said, told = run(
        "intake", str(omop_folder), "--mapping", mapping, "--as-of-column", "data_until", "--out", str(out)
    )
    assert status == 0
    assert said.startswith("3 patients, ")
    found = {one["id"]: one for one in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert found["1"]["specimens"][0]["ihc"]["score"] == "2+"
    assert found["1"]["complete"] == {"conditions": True}
    assert found["2"]["demographics"]["vital_status"] == "deceased"
    assert "complete by mapping.yaml: therapies, conditions" in told
    assert "medicine not known" in told


def test_the_profile_counts_fields_and_criteria(run: Run, omop_folder: Path) -> None:
    mapping = str(omop_folder / "mapping.yaml")
    status, said, _ = run("intake", str(omop_folder), "--mapping", mapping, "--profile", "--format", "json")
    assert status == 0
    answer = json.loads(said)
    jsonschema.validate(answer, json_schema("intake-profile"))
    fields = {one["field"]: one for one in answer["fields"]}
    assert (answer["patients"], answer["deceased"]) == (3, 1)
    assert fields["tumour type"]["coded"] == 3
    assert fields["laboratory: haemoglobin"] | {"criteria": 0} == {
        "field": "laboratory: haemoglobin",
        "coded": 1,
        "text_only": 0,
        "absent": 2,
        "criteria": 0,
    }
    asked, labs = demand(Session())
    assert fields["LVEF"]["criteria"] == asked["lvef"] > 0
    assert fields["laboratory: haemoglobin"]["criteria"] == labs["haemoglobin"] > 0
    assert any("medicine not known" in one["what"] for one in answer["not_used"])
    assert answer["complete"]["therapies"] == 2


def test_words_that_no_vocabulary_knows_are_text_only(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "id: no\ntables:\n  - {file: a.csv, entry: conditions, columns: {d: name}}\n"
        "  - {file: b.csv, entry: therapies, columns: {d: drugs}}\n"
    )
    a = table(tmp_path / "a.csv", [("no", "d"), ("A", "hypertension"), ("B", "gobbledegook")])
    b = table(tmp_path / "b.csv", [("no", "d"), ("A", "study drug X"), ("B", "trastuzumab")])
    profile = Profile(SESSION)
    for one in open_sources(SESSION, [a, b], TableOptions(str(mapping))).readings:
        profile.add(one)
    found = {one.field: (one.coded, one.text_only, one.absent) for one in profile.answer(()).fields}
    assert found["other diseases"] == (1, 1, 0)
    assert found["cancer medicines"] == (1, 1, 0)
    assert found["LVEF"] == (0, 0, 2)


def test_every_criterion_kind_that_data_can_answer_is_in_the_profile_and_every_path_exists() -> None:
    knowledge = load_knowledge()
    listed = {kind for row in rows(knowledge) for kind in row.kinds}
    judged_elsewhere = {"judgement", "unread", "participation", "life_expectancy", "lab_value"}
    assert set(kinds()) - listed == judged_elsewhere
    assert listed <= set(kinds())
    for row in rows(knowledge):
        for path in row.paths:
            section, star, rest = path.partition(".*.")
            if star:
                assert entry_field(section, rest)
            elif not path.endswith((".*", "@gene")):
                assert _exists(path), path


def _exists(path: str) -> bool:
    try:
        return bool(field_of(path, load_knowledge().genes))
    except NoField as error:
        return "is a list" in error.message or "is a group" in error.message


def test_a_table_with_paths_as_columns_needs_no_mapping(run: Run, tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        [("id", "demographics.age", "cancer.metastatic_sites", "ward"), ("A", "62", "[liver, bone]", "4")],
    )
    status, said, told = run("intake", path)
    assert status == 0
    assert "metastatic_sites: [liver, bone]" in said
    assert "columns not read: ward" in told


def test_a_table_that_says_nothing_of_itself_needs_a_mapping(run: Run, tmp_path: Path) -> None:
    status, _, told = run("intake", table(tmp_path / "a.csv", [("nr", "alter"), ("A", "62")]))
    assert status == 2
    assert "--mapping FILE" in told


def test_a_table_of_the_mapping_that_is_not_there_is_an_error(root: Path, tmp_path: Path) -> None:
    mapping = str(root / "examples" / "tables" / "mapping.yaml")
    with pytest.raises(InputError, match=r"the table 'her2\.csv' of the mapping file is not among the sources"):
        open_sources(SESSION, [str(root / "examples" / "tables" / "patients.csv")], TableOptions(mapping))
    with pytest.raises(InputError, match="no table is there"):
        open_sources(SESSION, [str(tmp_path)], TableOptions(mapping))
    with pytest.raises(InputError, match="no OMOP folder"):
        open_sources(SESSION, [str(tmp_path)], TableOptions(None, "until"))


def test_open_points_are_shown_with_table_row_and_column(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text("id: no\ntables:\n  - {file: a.csv, columns: {e: performance.ecog, s: demographics.sex}}\n")
    rows = [("no", "e", "s"), *((f"P{n}", "7", "") for n in range(14)), ("Q", "", "male"), ("Q", "", "female")]
    status, said, told = run("intake", table(tmp_path / "a.csv", rows), "--mapping", str(mapping))
    assert status == 0
    assert said == ""
    assert "to settle: a.csv line 2, e: performance.ecog: '7': out of range (allowed: at most 5); left out" in told
    assert told.count("to settle: ") == 10
    assert "5 more to look at" in told


def test_what_counts_as_a_table(root: Path) -> None:
    assert are_tables([str(root / "examples" / "omop")], TableOptions())
    assert are_tables([str(root / "examples" / "tables")], TableOptions())
    assert are_tables(["a.csv", "b.parquet"], TableOptions())
    assert not are_tables(["letter.txt"], TableOptions())
    assert not are_tables([str(root / "examples")], TableOptions())
    assert not are_tables(["-"], TableOptions())


def test_screen_takes_tables_and_never_lists_the_dead_or_the_barred(run: Run, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    folder = root / "examples" / "tables"
    status, said, told = run(
        "screen", str(folder), "--mapping", str(folder / "mapping.yaml"), "--quick", "--ids", "--out", str(out),
        "--processes", "1", "--format", "json", "--trial", "NCT02693535",
    )  # fmt: skip
    assert status == 0, told
    assert "T-001" in said
    assert "T-003" not in said
    made = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert made["complete_by_mapping"] == ["therapies"]
    assert made["options"]["mapping"] == "mapping.yaml"
    assert made["counts"]["never_listed"]["do_not_contact"] == 1
    status, said, told = run("screen", "explain", str(out), "T-001", "NCT02693535")
    assert status == 0, told


def test_records_of_an_omop_folder_in_a_cohort(omop_folder: Path) -> None:
    options = TableOptions(str(omop_folder / "mapping.yaml"), "data_until")
    found = list(raw_records(SESSION, [str(omop_folder)], options))
    assert [json.loads(one.text)["id"] for one in found] == ["1", "2", "3"]
    assert found[0].place.endswith("patient 1 (person.csv line 2)")
    plain = list(raw_records(SESSION, [str(omop_folder)]))
    assert [json.loads(one.text).get("as_of") for one in plain] == [None] * 3


def test_two_days_at_once_are_refused(run: Run, omop_folder: Path) -> None:
    status, _, told = run("screen", str(omop_folder), "--as-of", "2026-01-01", "--as-of-column", "data_until")
    assert status == 2
    assert "one of the two options" in told


def test_reasons_are_counted_without_their_rows() -> None:
    assert what_of("note: 12 notes, not read (x)") == ("note: not read (x)", 12)
    assert what_of("measurement: not mapped: code 1") == ("measurement: not mapped: code 1", 1)
