"""`her2nav tests` as a person calls it."""

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main


def run(*arguments, stdin=""):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "tests", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


@pytest.fixture
def equivocal(root):
    return root / "examples" / "gej-equivocal.yaml"


def test_json_fits_its_schema(root):
    schema = json_schema("tests")
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted((root / "examples").glob("*.yaml")):
        code, out, err = run(path, "--format", "json")
        assert code == 0, err
        answer = json.loads(out)
        jsonschema.validate(answer, schema)
        assert set(answer["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}


def test_the_first_test_with_specimen_reason_and_source(equivocal):
    code, out, _ = run(equivocal)
    assert code == 0
    text = " ".join(out.split())
    assert "1. HER2 ISH on the same tissue" in text
    assert "on junction-2026 (biopsy, primary, 5 Jan 2026)" in text
    assert re.search(r"IHC 2\+ is equivocal.*\[GA09: gea16, .*, V\]", text)
    assert "Depends on what is not known" in text
    assert "HER2 IHC 2+ on junction-2026" in text.split("Already done")[1]


def test_plain_words(root):
    from her2nav.knowledge.load import load_knowledge

    words = load_knowledge().words
    for path in sorted((root / "examples").glob("*.yaml")):
        code, out, _ = run(path, "--plain")
        assert code == 0
        text = " ".join(out.split()).lower().replace(path.stem, "")
        found = [word for word in words.banned_plain if re.search(rf"\b{re.escape(word)}\b", text)]
        assert not found, (path.name, found)
        assert words.safety_lines["not_only_marker"].plain.lower() in text
        assert "gea16" not in text
        assert "T-" not in out


def test_unverified_facts_say_so(root):
    _, out, _ = run(root / "examples" / "gastric-positive.yaml")
    assert "UNVERIFIED: About 30 % lose HER2" in " ".join(out.split())


def test_assays_are_listed(equivocal):
    _, out, _ = run(equivocal, "--assays")
    assert "Sanger" in out
    _, out, _ = run(equivocal, "--assays", "--plain")
    assert "research only" in out


def test_as_of_and_standard_input(equivocal):
    code, out, _ = run("-", "--as-of", "2026-01-04", "--format", "json", stdin=equivocal.read_text())
    answer = json.loads(out)
    assert code == 0
    assert answer["as_of"] == "2026-01-04"
    assert [item["test"] for item in answer["now"] if item["certain"]] == ["her2_ihc"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("cancer: {stage: IV}", "tumour type is needed"), ("cancer: {tumour_type: brest}", "did you mean 'breast'")],
)
def test_a_mistake_is_one_line_and_exit_2(tmp_path, text, message):
    path = tmp_path / "patient.yaml"
    path.write_text(text)
    code, out, err = run(path)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert message in err


RIVALS = """
cancer: {tumour_type: breast}
specimens:
  - {id: one, kind: biopsy, collected: 2025-03-01, ihc: {score: "3+", scoring: breast}}
  - {id: two, kind: biopsy, collected: 2025-03-01, ihc: {score: "2+", scoring: breast}}
"""


def test_specimens_that_disagree_are_results_all_the_same():
    code, out, err = run("-", "--format", "json", stdin=RIVALS)
    assert code == 0, err
    answer = json.loads(out)
    first = answer["now"][0]
    assert first["test"] == "pathologist_review"
    assert {target["path"] for target in first["specimens"]} == {"/specimens/0", "/specimens/1"}
    assert "her2_ihc" not in [item["test"] for item in answer["now"] if item["certain"]]


def test_the_page_is_one_file_that_holds_the_whole_plan(equivocal, tmp_path):
    page = tmp_path / "tests.html"
    code, out, err = run(equivocal, "--html", page)
    assert code == 0, err
    assert out.strip() == f"page: {page}"
    text = page.read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert not re.search(r"<script|<link|<img|src=|https?://", text)
    plan = json.loads(run(equivocal, "--format", "json")[1])
    for item in (*plan["now"], *plan["later"]):
        assert item["clinical"].split("(")[0].strip() in text
        for reason in item["reasons"]:
            assert all(rule in text for rule in reason["rules"])


def test_the_page_escapes_what_the_record_says(tmp_path):
    page = tmp_path / "tests.html"
    record = RIVALS.replace("id: one", 'id: "<b>one</b>"')
    assert run("-", "--html", page, stdin=record)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert "<b>one</b>" not in text
    assert "&lt;b&gt;one&lt;/b&gt;" in text


def test_a_patient_is_told_of_low_her2_beside_a_negative_result(root):
    text = run(root / "examples" / "breast-low.yaml", "--plain")[1]
    assert "HER2-negative" in text
    assert "HER2-low" in text
