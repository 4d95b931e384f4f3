"""`her2nav options` as a person calls it."""

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout

import jsonschema
import pytest
import yaml

from her2nav.app.schemas import json_schema
from her2nav.cli import main


def run(*arguments, stdin=""):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "options", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


def examples(root):
    return sorted((root / "examples").glob("*.yaml"))


def test_json_fits_its_schema(root):
    schema = json_schema("options")
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in examples(root):
        code, out, err = run(path, "--format", "json", "--as-of", "2026-11-20")
        assert code == 0, err
        answer = json.loads(out)
        jsonschema.validate(answer, schema)
        assert set(answer["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}
        for one in answer["options"]:
            assert (one["approval"] is None) == (one["trial"] is not None)


def test_plain_words_hold_nothing_banned_and_no_bare_eligible(root):
    words = yaml.safe_load((root / "src/her2nav/data/words.yaml").read_text(encoding="utf-8"))["banned_plain"]
    banned = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b", re.IGNORECASE)
    for path in examples(root):
        code, out, err = run(path, "--plain", "--as-of", "2026-11-20")
        assert code == 0, err
        told = out.split("\n", 1)[1]  # the first line names the patient's file
        assert not banned.search(told), banned.search(told)
        assert "HER2 is one of several markers" in " ".join(out.split())
        assert "[K" not in out


def test_clinical_words_never_say_the_bare_word_eligible(root):
    for path in examples(root):
        assert not re.search(r"\b(?:in)?eligible\b", run(path, "--full", "--as-of", "2026-11-20")[1])


def test_an_unverified_wording_is_said_in_both_registers(root):
    path = root / "examples" / "gastric-positive.yaml"
    assert "approved 25 Aug 2026, wording not verified" in run(path, "--as-of", "2026-11-20")[1]
    assert "We have not read the exact words" in run(path, "--as-of", "2026-11-20", "--plain")[1]


def test_the_warning_on_the_lungs_stands_where_such_a_drug_is_open(root):
    lines = " ".join(run(root / "examples" / "breast-low.yaml", "--plain", "--as-of", "2026-11-20")[1].split())
    assert "New cough, breathlessness or fever: call your cancer team now, day or night." in lines


def test_a_tumour_and_a_country_for_which_nothing_is_held(root):
    record = "id: t\ncancer: {tumour_type: thymoma, setting: metastatic}\n"
    code, out, err = run("-", "--country", "Brazil", "--plain", "--as-of", "2026-11-20", stdin=record)
    assert code == 0, err
    assert "We hold no HER2 treatment that is made for thymoma." in out
    assert "We do not know which medicines are approved in Brazil." in out
    assert "New cough, breathlessness or fever" in out  # a study with such a drug is listed


def test_bad_input_is_one_line_and_exit_2(root):
    code, _, err = run(root / "examples" / "biliary-3plus.yaml", "--country", "Atlantis")
    assert (code, err.count("\n")) == (2, 1)
    assert "Atlantis" in err
    code, _, err = run("-", stdin="id: x\n")
    assert code == 2
    assert "tumour type" in err


def test_a_series_of_plasma_results_is_written_as_a_picture(tmp_path, root):
    record = """
id: plasma
cancer: {tumour_type: NSCLC, setting: metastatic}
therapies: [{drugs: pyrotinib, setting: metastatic, start: 2026-01-01, ongoing: true}]
ctdna:
  - {gene: ERBB2, variant: p.Y772_A775dup, date: 2025-12-28, vaf_percent: 12}
  - {gene: ERBB2, variant: p.Y772_A775dup, date: 2026-02-08, result: not_detected}
"""
    target = tmp_path / "series.svg"
    code, out, err = run("-", "--as-of", "2026-03-01", "--ctdna", target, stdin=record)
    assert code == 0, err
    assert "Not detected in a sample by day 40" in out
    assert target.read_text(encoding="utf-8").startswith("<svg")
    code, _, err = run(root / "examples" / "biliary-3plus.yaml", "--ctdna", target)
    assert code == 2
    assert "no plasma result" in err


def test_a_negative_tumour_is_the_first_reason_and_no_missing_treatment(root):
    out = run(root / "examples" / "breast-low.yaml", "--plain", "--as-of", "2026-11-20")[1]
    told = out.split("Does not fit today")[1]
    assert "It asks for: a HER2-positive result." in told
    assert "It asks for: earlier trastuzumab." not in told


def test_the_safety_line_names_the_partners_too(root):
    out = run(root / "examples" / "breast-positive.yaml", "--full", "--as-of", "2026-11-20")[1]
    assert "--drug tucatinib+trastuzumab+capecitabine" in " ".join(out.split())
