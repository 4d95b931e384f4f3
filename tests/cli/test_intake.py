"""`her2nav intake` and `her2nav start` as a person calls them."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

import jsonschema
import pytest
import yaml

from her2nav.app.schemas import json_schema
from her2nav.cli import main

NOTE = """Clinic 20 February 2026
58-year-old woman with metastatic breast cancer. ECOG 1.
Liver biopsy 4 January 2026: HER2 IHC 2+, FISH not amplified, ratio 1.4.
She likes gardening.
"""


def run(*arguments, stdin=""):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_the_patient_file_goes_to_standard_output_and_is_valid(note, tmp_path):
    code, out, err = run("intake", note)
    assert code == 0
    assert yaml.safe_load(out)["performance"] == {"ecog": 1}
    assert "conflict" in err
    path = tmp_path / "patient.yaml"
    path.write_text(out, encoding="utf-8")
    assert run("validate", path)[0] == 0


def test_written_file_is_what_other_commands_read(note, tmp_path):
    for name in ("patient.yaml", "patient.json"):
        path = tmp_path / name
        code, out, _ = run("intake", note, "--out", path)
        assert code == 0
        assert str(path) in out
        code, out, err = run("interpret", path)
        assert code == 0, err
        assert "HER2" in out


def test_json_fits_its_schema(note):
    schema = json_schema("intake")
    jsonschema.Draft202012Validator.check_schema(schema)
    code, out, _ = run("intake", note, "--format", "json")
    assert code == 0
    answer = json.loads(out)
    jsonschema.validate(answer, schema)
    places = {one["path"]: one["origin"] for one in answer["provenance"]}
    assert places["/specimens/0/ihc/score"]["line"] == 3
    origin = places["/specimens/0/ihc/score"]
    assert NOTE[origin["start"] : origin["end"]] == origin["quote"] == "2+"
    assert [(one["text"], one["part"]) for one in answer["unused"]] == [("She likes gardening.", False)]


def test_review_shows_both_sides_and_takes_corrections(note, tmp_path):
    path = tmp_path / "patient.yaml"
    code, out, _ = run(
        "intake",
        note,
        "--review",
        "--out",
        path,
        stdin="performance.ecog = 9\nperformance.ecog = 2\n- specimens.0.ish\nnonsense\n\n",
    )
    assert code == 0
    text = " ".join(out.split())
    assert "performance.ecog = 1" in text
    assert "values read, 0 conflict" in text
    assert out.count("not done:") == 2
    record = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert record["performance"]["ecog"] == 2
    assert "ish" not in record["specimens"][0]


def test_conflicts_are_shown_and_left_out(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("58-year-old woman.\nThis 58-year-old man has breast cancer.", encoding="utf-8")
    code, out, err = run("intake", path)
    assert code == 0
    assert "sex" not in yaml.safe_load(out)["demographics"]
    assert "conflict, left out: sex" in err


def test_order_of_dates_is_asked_for_and_taken(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Breast cancer. Started capecitabine 02/03/2025.", encoding="utf-8")
    _, out, err = run("intake", path)
    assert "--date-order" in err
    assert str(yaml.safe_load(out)["therapies"][0]["start"]) == "2025"
    _, out, _ = run("intake", path, "--date-order", "dmy")
    assert str(yaml.safe_load(out)["therapies"][0]["start"]) == "2025-03-02"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", b"... +++"])
def test_bad_files_are_one_line_and_exit_2(tmp_path, content):
    path = tmp_path / "note.txt"
    path.write_bytes(content)
    code, out, err = run("intake", path)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert str(path) in err


def test_start_makes_a_file_from_six_answers(tmp_path):
    path = tmp_path / "patient.yaml"
    spread, given = "stage IV, metastases in liver and bone", "TCHP 2023, T-DXd 2024"
    answers = f"breast\nIHC 2+, FISH not amplified\n{spread}\n{given}\n58, woman\n1\n"
    code, _, err = run("start", "--out", path, stdin=answers)
    assert code == 0, err
    record = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert record["cancer"]["tumour_type"] == "breast"
    assert record["cancer"]["metastatic_sites"] == ["liver", "bone"]
    assert record["demographics"] == {"age": 58, "sex": "female"}
    assert [one["drugs"][-1] for one in record["therapies"]] == ["pertuzumab", "trastuzumab deruxtecan"]
    assert run("interpret", path)[0] == 0
    assert run("start", "--out", path, stdin=answers)[0] == 2


def test_start_without_any_answer(tmp_path):
    path = tmp_path / "patient.yaml"
    code, _, err = run("start", "--out", path, stdin="\n" * 6)
    assert code == 2
    assert "no answer" in err
    assert not path.exists()


def test_a_new_letter_goes_into_the_patient_file_there_is(tmp_path):
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text(NOTE, encoding="utf-8")
    second.write_text(
        "Clinic 5 June 2026\nECOG 2. HER2 IHC 2+ on the liver biopsy of 4 January 2026. "
        "Started capecitabine on 1 June 2026.\n",
        encoding="utf-8",
    )
    file, newer = tmp_path / "patient.yaml", tmp_path / "newer.yaml"
    assert run("intake", first, "--out", file)[0] == 0
    before = file.read_text(encoding="utf-8")
    code, out, err = run("intake", second, "--into", file, "--out", newer)
    assert code == 0, err
    assert file.read_text(encoding="utf-8") == before
    assert "added to patient.yaml" in out
    assert "replaced by a later value: performance.ecog 1" in err
    record = yaml.safe_load(newer.read_text(encoding="utf-8"))
    assert record["performance"] == {"ecog": 2}
    assert [one["drugs"] for one in record["therapies"]] == [["capecitabine"]]
    assert len(record["specimens"]) == 1
    assert run("validate", newer)[0] == 0


def test_a_letter_of_another_person_is_refused(tmp_path):
    file, letter, newer = tmp_path / "patient.yaml", tmp_path / "letter.txt", tmp_path / "newer.yaml"
    file.write_text("demographics: {birth_date: 1960-02-03}\ncancer: {tumour_type: breast}\n", encoding="utf-8")
    letter.write_text("Clinic 5 June 2026\nDOB: 03/02/1961. Breast cancer, ECOG 1.\n", encoding="utf-8")
    code, _, err = run("intake", letter, "--into", file, "--out", newer, "--date-order", "dmy")
    assert code == 2
    assert "birth date differs between patient.yaml and the document" in err
    assert not newer.exists()


def test_into_takes_documents_of_one_patient(note, tmp_path):
    table = tmp_path / "patients.csv"
    table.write_text("id,sex\n1,female\n", encoding="utf-8")
    code, _, err = run("intake", table, "--into", tmp_path / "patient.yaml")
    assert code == 2
    assert "documents of one patient" in err
    code, _, err = run("intake", note, "--into", tmp_path / "missing.yaml")
    assert code == 2
    assert "missing.yaml" in err
