"""Whole patients: one scenario per file, with what HER2 rules and trial texts say about it, and why.

A file has four keys: `description`, `input` (a patient file, or the name of one under the repository), `expected`
and `explanation`. `expected` is a part of the answer: only what it names is compared. Under `her2` stand the overall
result, and `specimens` by id; under `trials`, by registry id, the verdict and the truths of criteria by id.
A list (`flags`, `next`) names codes that must be among those given.

`faults.csv` lists where the program is known to be wrong; a row that no longer holds fails the test.
"""

import csv
import difflib
from datetime import date
from pathlib import Path

import pytest

from her2nav.app.interpret import interpret, interpret_json
from her2nav.app.match import match, match_json
from her2nav.app.session import Session
from her2nav.files.jsonfile import parse_record
from her2nav.files.places import Document
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.intake.patient_file import check_patient, read_patient
from her2nav.model.patient import Patient

FAULTS = Path(__file__).parent / "faults.csv"
CASES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


def load(path):
    document = parse_record(*read_text(path))
    assert set(document.data) == {"description", "input", "expected", "explanation"}, path.name
    return document


def read(document, session, root):
    """Return the patient of a case: written in the file, or named by it."""
    given = document.data["input"]
    if isinstance(given, str):
        return read_patient(root / given, session.knowledge, session.today())
    lines = {path[1:]: line for path, line in document.lines.items() if path[:1] == ("input",)}
    inner = Document(given, document.name, lines)
    return check_patient(build(Patient, inner), inner, session.knowledge, session.today())


def answer(patient, session):
    """Return the answers of `interpret` and `match`, keyed so that a case can name a part of them."""
    her2 = interpret_json(session, interpret(session, patient), patient.warnings)
    overall = (her2["overall"] or {}) | {key: her2.get(key) for key in ("ever_positive", "ever_low", "scoring")}
    overall["mutation"] = her2["mutation"]["value"] if "mutation" in her2 else None
    overall["next"] = [step["code"] for step in her2["next_tests"]]
    overall["flags"] = [flag["code"] for flag in her2.get("flags", ())]
    overall["specimens"] = {
        one["id"] or str(i): one | {"next": [step["code"] for step in one["next"]]}
        for i, one in enumerate(her2["specimens"])
    }
    found = match_json(session, match(session, patient), full=True)["matches"]
    return {"her2": overall, "trials": {one["nct_id"]: _trial(one) for one in found}}


def _trial(one):
    return one | {
        "arms": {arm["id"]: arm["verdict"] for arm in one["arms"]},
        "criteria": {row["id"]: _criterion(row) for row in one["criteria"]},
    }


def _criterion(row):
    change = row["what_would_change_it"] or {}
    return {"truth": row["truth"], "code": row["code"], "by": change.get("by"), "date": change.get("date")}


def picture(expected, actual):
    """Return the part of `actual` that `expected` names, in the same form."""
    if isinstance(expected, dict):
        inner = actual if isinstance(actual, dict) else {}
        return {key: picture(value, inner.get(key, "(absent)")) for key, value in expected.items()}
    if isinstance(expected, list):
        return expected if isinstance(actual, list) and set(expected) <= set(actual) else actual
    if isinstance(actual, dict) and "truth" in actual:
        actual = actual["truth"]
    return str(actual).lower() if isinstance(actual, bool | int) else actual


def lines(value, indent=""):
    """Return nested values as indented lines."""
    written = []
    for key, inner in value.items():
        if isinstance(inner, dict):
            written += [f"{indent}{key}:", *lines(inner, indent + "  ")]
        else:
            written.append(f"{indent}{key}: {inner}")
    return written


def flat(value, at=""):
    """Return every named value by its dotted place."""
    if not isinstance(value, dict):
        return {at: value}
    return {
        place: one for key, inner in value.items() for place, one in flat(inner, f"{at}.{key}" if at else key).items()
    }


def faults(case):
    """Return the known faults of a case: place, what is right, what the program says."""
    rows = csv.DictReader(FAULTS.read_text().splitlines())
    return {(row["at"], row["expected"], row["answered"]) for row in rows if row["case"] == case}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, session, root):
    document = load(path)
    expected = document.data["expected"]
    actual = picture(expected, answer(read(document, session, root), session))
    right, said = flat(expected), flat(actual)
    wrong = {(at, str(right[at]), str(said.get(at))) for at in right if right[at] != said.get(at)}
    assert faults(path.stem) <= wrong, (
        f"mended, or changed: take the row out of faults.csv: {faults(path.stem) - wrong}"
    )
    if wrong - faults(path.stem):
        shown = difflib.unified_diff(lines(expected), lines(actual), "expected", "answered", lineterm="", n=3)
        pytest.fail("\n".join([document.data["description"], *shown, document.data["explanation"]]), pytrace=False)


def test_every_fault_names_a_case_and_says_why():
    rows = list(csv.DictReader(FAULTS.read_text().splitlines()))
    assert {row["case"] for row in rows} <= {path.stem for path in CASES}
    assert all(row["why"] for row in rows)


def test_every_case_says_what_and_why():
    said = [load(path).data for path in CASES]
    assert all(case["description"] and case["explanation"] and case["expected"].get("trials") for case in said)
    assert len({case["description"] for case in said}) == len(said)


def test_every_example_patient_is_a_case(root):
    used = {case["input"] for case in (load(path).data for path in CASES) if isinstance(case["input"], str)}
    assert used == {f"examples/{path.name}" for path in (root / "examples").glob("*.yaml")}
