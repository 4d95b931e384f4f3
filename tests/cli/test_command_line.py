"""The command as a person calls it: exit codes, one error shape, JSON that fits its schema."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main


@dataclass
class Done:
    """What a call of the command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments, stdin=None) -> Done:
    """Call the command in this process, as a fresh one would be called."""
    out, err = io.StringIO(), io.StringIO()
    source = io.TextIOWrapper(io.BytesIO((stdin or "").encode()))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", *map(str, arguments)])
        patch.setattr(sys, "stdin", source)
        with pytest.raises(SystemExit) as left:
            main.run()
    return Done(left.value.code or 0, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def example(root):
    return root / "examples" / "gastric-positive.yaml"


@pytest.fixture(scope="module")
def matched(example):
    done = run("match", example, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_match_json_fits_its_schema(matched):
    jsonschema.validate(matched, json_schema("match"))
    assert set(matched["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}


def test_match_judges_every_trial_and_orders_them(matched, root):
    shipped = {path.stem for path in (root / "src/her2nav/data/trials").glob("NCT*.yaml")}
    assert {match["nct_id"] for match in matched["matches"]} == shipped
    order = [["eligible", "possible", "ineligible"].index(match["verdict"]) for match in matched["matches"]]
    assert order == sorted(order)
    for match in matched["matches"]:
        low, high = {"eligible": (0.75, 1), "possible": (0.01, 0.74), "ineligible": (0, 0)}[match["verdict"]]
        assert low <= match["score"] <= high


def test_every_definite_finding_has_evidence(matched):
    def walk(item):
        if item["truth"] != "unknown":
            assert item["evidence"] or item["parts"], item
        else:
            assert item["unknown_kind"], item
        for part in item["parts"]:
            walk(part)

    for match in matched["matches"]:
        for item in match["criteria"]:
            walk(item)


def test_interpret_json_fits_its_schema(root):
    for path in sorted((root / "examples").glob("*.yaml")):
        done = run("interpret", path, "--format", "json")
        assert done.returncode == 0, done.stderr
        jsonschema.validate(json.loads(done.stdout), json_schema("interpret"))


def test_values_can_be_typed_in():
    done = run("interpret", "--tumour", "breast", "--ihc", "2+", "--ratio", "1.9", "--copies", "5.2")
    assert done.returncode == 0
    assert "NOT FINAL" in done.stdout
    assert "recount" in done.stdout


@pytest.mark.parametrize("name", ["patient", "trial", "match", "interpret"])
def test_schemas_are_schemas(name):
    done = run("schema", name)
    assert done.returncode == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))


def test_shipped_trials_fit_the_trial_schema(root):
    from her2nav.knowledge.load import load_knowledge

    validator = jsonschema.Draft202012Validator(json_schema("trial"))
    bundle = load_knowledge().bundle
    for name in bundle.folder("trials/")[:3]:
        data = json.loads(json.dumps(bundle.files[name]), parse_int=int)
        # The files hold every scalar as text; numbers are what the schema describes.
        assert not [error for error in validator.iter_errors(_numbers(data)) if error.validator == "required"]


def _numbers(value):
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value


MISTAKES = {
    "unknown key": ("spcimens: []", "unknown key 'spcimens'; did you mean 'specimens'?"),
    "tumour": ("cancer: {tumour_type: brest}", "unknown tumour type 'brest'; did you mean 'breast'?"),
    "score": ("specimens: [{ihc: {score: 4+}}]", "IHC score '4+' does not exist"),
    "ratio": ("specimens: [{ish: {her2_cep17_ratio: -0.1}}]", "out of range"),
    "percent": ("specimens: [{ihc: {percent_cells: 0.4}}]", "is it a fraction?"),
    "date": ("demographics: {birth_date: 1970-13-01}", "no such month"),
    "future": ("specimens: [{collected: 2999-01-01}]", "2999"),
    "as_of": ("as_of: 2026-01", "is not a day"),
    "empty": ("", "the file is empty"),
    "not a record": ("- 1\n- 2\n", "holds no record"),
}


@pytest.mark.parametrize("case", MISTAKES)
@pytest.mark.parametrize("command", ["match", "interpret", "validate"])
def test_a_mistake_is_one_line_and_exit_2(tmp_path, case, command):
    text, message = MISTAKES[case]
    path = tmp_path / "patient.yaml"
    path.write_text(text)
    done = run(command, path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_binary_and_huge_files(tmp_path):
    binary = tmp_path / "report.pdf"
    binary.write_bytes(b"%PDF-1.7\n\0\x01\xff" * 100)
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    cases = ((binary, "the PDF cannot be read"), (huge, "50 MB"), (tmp_path / "absent.yaml", "no such file"))
    for path, message in cases:
        done = run("match", path)
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


def test_errors_have_one_shape_for_machines(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text("cancer: {tumour_type: brest}")
    done = run("match", path, "--format", "json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"code", "message", "file", "place", "allowed"}
    assert error["code"] == "unknown_name"
    assert error["place"] == "line 1, key 'cancer/tumour_type'"


def test_unknown_drug_is_kept_and_flagged(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text("cancer: {tumour_type: breast}\ntherapies: [{drugs: [trastuzumb]}]\n")
    done = run("match", path, "--format", "json")
    assert done.returncode == 0
    assert "unknown drug 'trastuzumb' (nearest: trastuzumab" in done.stderr
    assert any("trastuzumb" in warning for warning in json.loads(done.stdout)["warnings"])


def test_standard_input_and_wrong_usage(example):
    done = run("validate", "-", stdin=example.read_text())
    assert done.returncode == 0
    assert run("match").returncode == 2
    assert run("match", example, "--format", "xml").returncode == 2
    assert run("nonsense").returncode == 2
    done = run("match", example, "--explain", "NCT99999999")
    assert done.returncode == 2
    assert "not in the catalogue" in done.stderr


def test_as_of_moves_the_day(example):
    done = run("match", example, "--as-of", "2026-01-10", "--format", "json")
    answer = json.loads(done.stdout)
    assert answer["as_of"] == "2026-01-10"
    assert any("set aside" in warning for warning in answer["warnings"])
    assert run("match", example, "--as-of", "soon").returncode == 2


def test_one_trial_is_explained_criterion_by_criterion(example, matched):
    nct = matched["matches"][0]["nct_id"]
    done = run("match", example, "--explain", nct)
    assert done.returncode == 0
    assert f"https://clinicaltrials.gov/study/{nct}" in done.stdout
    for item in matched["matches"][0]["criteria"]:
        assert item["text"].split(":")[0][:25].split("\n")[0] in " ".join(done.stdout.split())


@cache
def printed(path, *arguments):
    """What `match` prints for an example, asked for once by the tests that only read it."""
    return run("match", path, *arguments)


@pytest.mark.parametrize("extra", [[], ["--plain"]])
def test_no_person_reads_the_bare_word_or_a_percentage_of_chance(root, extra):
    for path in sorted((root / "examples").glob("*.yaml")):
        done = printed(path, "--status", "all", *extra)
        assert done.returncode == 0
        text = done.stdout.lower()
        assert "eligible" not in text
        scores = {f"{m['score']:.2f}" for m in json.loads(printed(path, "--format", "json").stdout)["matches"]}
        assert not [score for score in scores - {"0.00", "1.00"} if f" {score} " in text]


def test_plain_words_are_plain(root):
    from her2nav.knowledge.load import load_knowledge

    banned = load_knowledge().words.banned_plain
    for path in sorted((root / "examples").glob("*.yaml")):
        done = printed(path, "--status", "all", "--plain")
        titles = {m["title"] for m in json.loads(printed(path, "--format", "json").stdout)["matches"]}
        lines = [line for line in done.stdout.splitlines() if not any(title in line for title in titles)]
        text = " ".join(lines).lower()
        found = [word for word in banned if f" {word} " in text or f" {word}." in text]
        assert not found, (path.name, found)


def test_status_never_stands_without_date_and_age(example):
    done = run("match", example, "--status", "all")
    for line in done.stdout.splitlines():
        if " · " in line and "NCT" in line and "Status unknown: check the registry" not in line:
            assert any(
                month in line
                for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            ), line


def test_a_fresh_process_answers(example):
    done = subprocess.run(
        [sys.executable, "-m", "her2nav", "match", str(example)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "HER2-positive" in done.stdout
    absent = subprocess.run([sys.executable, "-m", "her2nav", "match", "absent"], capture_output=True, check=False)
    assert absent.returncode == 2


def test_broken_pipe_is_no_fault(example):
    with subprocess.Popen(
        [sys.executable, "-m", "her2nav", "match", str(example)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
