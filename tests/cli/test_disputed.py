"""Where the sources disagree, beside an interpretation and beside trials."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import jsonschema
import pytest

from her2nav.app.disputed import disputed_interpretation, disputed_plan
from her2nav.app.interpret import typed_in
from her2nav.app.schemas import json_schema
from her2nav.app.session import Session
from her2nav.app.tests_plan import plan_tests
from her2nav.cli import main
from her2nav.intake.patient_file import read_patient
from her2nav.therapy.disputed import disputed_safety

DAY = date(2026, 11, 20)
SESSION = Session(today=lambda: DAY)


def run(*arguments):
    """Call the command in this process; return standard output."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(io.StringIO()):
        patch.setattr(sys, "argv", ["her2nav", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main.run()
    assert not left.value.code
    return out.getvalue()


def found(tumour, **specimen):
    """Return the conflicts of one specimen: id to whether the plain view says so."""
    case = SESSION.case(typed_in(SESSION, {"tumour_type": tumour, **specimen}, DAY))
    return {one.id: one.plain is not None for one in disputed_interpretation(case)}


DUAL = {"method": "dual_probe", "her2_cep17_ratio": "1.7"}


@pytest.mark.parametrize(
    ("tumour", "specimen", "shown", "hidden"),
    [
        # Six copies and more with a low ratio: positive in the stomach, polysomy in the lung.
        ("gastric", {"kind": "biopsy", "ihc": {"score": "2+"}, "ish": {**DUAL, "her2_copy_number": "6.5"}},
         {"A01": True, "R02": False}, {"B04"}),
        ("gastric", {"kind": "biopsy", "ihc": {"score": "2+"}, "ish": {**DUAL, "her2_copy_number": "3.1"}},
         {}, {"A01"}),
        ("NSCLC", {"kind": "biopsy", "ish": {**DUAL, "her2_copy_number": "5.5"}}, {"A01": True}, set()),
        ("NSCLC", {"kind": "biopsy", "ish": {**DUAL, "her2_copy_number": "3.0"}}, {}, {"A01"}),
        # The kind of specimen decides how a gastric stain is read.
        (
            "gastric",
            {"ihc": {"intensity": "intense", "cluster_cells": "3", "percent_cells": "4"}},
            {"A03": True},
            {"B04"},
        ),
        (
            "gastric",
            {"kind": "biopsy", "ihc": {"intensity": "intense", "cluster_cells": "3", "percent_cells": "4"}},
            {"A03": False},
            set(),
        ),
        ("breast", {"kind": "biopsy", "ihc": {"score": "1+"}}, {"A05": True, "A12": True}, {"A01", "A15"}),
        ("breast", {"kind": "biopsy", "ihc": {"score": "3+"}}, {}, {"A05", "A12"}),
        # Where the percentage is nowhere near its limit, nothing is in dispute.
        ("breast", {"ihc": {"percent_cells": "90", "intensity": "intense", "completeness": "complete"}},
         {}, {"A02", "A04"}),
        ("breast", {"ihc": {"percent_cells": "5", "intensity": "intense", "completeness": "complete"}},
         {"A04": False}, set()),
        # 3+ in 10 to 49 % of bowel cancer cells depends on the rule; in 80 % it does not.
        ("colorectal", {"kind": "biopsy", "ihc": {"score": "3+", "intensity": "intense", "percent_cells": "30"}},
         {"A15": True, "A02": True}, {"A04"}),
        ("colorectal", {"kind": "biopsy", "ihc": {"score": "3+", "intensity": "intense", "percent_cells": "80"}},
         {"A15": False, "A02": False}, {"A04"}),
        ("colorectal", {"ngs": {"matrix": "tissue", "variants": [{"gene": "ERBB2", "hgvs": "p.V842I"}]}},
         {"F01": True}, {"F02"}),
    ],
)  # fmt: skip
def test_a_conflict_is_shown_where_its_fact_is(tumour, specimen, shown, hidden):
    told = found(tumour, **specimen)
    assert shown.items() <= told.items()
    assert hidden.isdisjoint(told)


def test_the_clinical_view_holds_both_values_sources_choice_and_reason():
    out = " ".join(run("interpret", "--tumour", "breast", "--ihc", "1+", "--as-of", DAY).split())
    assert "A05 What HER2-low means" in out
    assert "- low is IHC 1+, or 2+ with ISH negative [seed_000, line 5" in out
    assert "used: two axes" in out
    assert "why: one result is low on one page and negative on another" in out


def test_the_plain_view_holds_one_sentence_where_an_answer_changes():
    out = " ".join(run("interpret", "--tumour", "breast", "--ihc", "1+", "--plain", "--as-of", DAY).split())
    assert "A result can be HER2-negative and HER2-low at once" in out
    assert "seed_000" not in out
    assert "used:" not in out


def test_nothing_is_said_where_nothing_is_disputed():
    out = run("interpret", "--tumour", "breast", "--ihc", "3+", "--plain", "--as-of", DAY)
    assert "does not agree" not in out


def test_json_of_both_commands_holds_them(root):
    patient = root / "examples/colorectal-positive.yaml"
    told = json.loads(run("interpret", patient, "--format", "json", "--as-of", DAY))
    jsonschema.validate(told, json_schema("interpret"))
    assert {"A15", "A07"} <= {one["conflict"] for one in told["conflicts"]}
    assert all(one["claims"] and one["used"] and one["why"] for one in told["conflicts"])
    told = json.loads(run("match", patient, "--format", "json", "--trials", "catalogue", "--as-of", DAY))
    jsonschema.validate(told, json_schema("match"))
    assert "C24" in {one["conflict"] for one in told["conflicts"]}


def test_trials_say_so_in_the_list_and_alone(root):
    patient = root / "examples/colorectal-positive.yaml"
    out = run("match", patient, "--trials", "catalogue", "--plain", "--as-of", DAY)
    assert "A trial can open or close at any time" in out
    told = run("match", patient, "--trials", "catalogue", "--explain", "NCT04585958", "--as-of", DAY)
    assert "Where the sources disagree" in told


def test_brain_conflicts_wait_for_brain_metastases(root):
    quiet = run("match", root / "examples/colorectal-positive.yaml", "--trials", "catalogue", "--full", "--as-of", DAY)
    assert "E24 " not in quiet
    told = run("match", root / "examples/breast-positive.yaml", "--trials", "catalogue", "--full", "--as-of", DAY)
    assert "E24 " in told


def test_tests_and_variants_say_so_too(root):
    out = run("tests", root / "examples/breast-positive.yaml", "--as-of", DAY)
    assert "Where the sources disagree" not in out
    told = json.loads(run("tests", root / "examples/lung-mutated.yaml", "--format", "json", "--as-of", DAY))
    jsonschema.validate(told, json_schema("tests"))
    assert "A10" in {one["conflict"] for one in told["conflicts"]}
    assert "does not agree" not in run("tests", root / "examples/lung-mutated.yaml", "--plain", "--as-of", DAY)
    assert "F01 V841I or V842I" in run("variant", "ERBB2 V842I")
    assert "disagree" not in run("variant", "S310F")
    told = json.loads(run("variant", "I655V", "--format", "json"))
    jsonschema.validate(told, json_schema("variant"))
    assert [one["conflict"] for one in told["conflicts"]] == ["F04"]


def test_a_test_that_is_due_says_so_in_plain_words(tmp_path):
    patient = tmp_path / "lung.yaml"
    patient.write_text(
        "cancer: {tumour_type: NSCLC, histology: adenocarcinoma, setting: metastatic}\n"
        "specimens: [{kind: biopsy, site: primary, collected: 2026-01-05, tissue_available: true}]\n",
        encoding="utf-8",
    )
    case, plan = plan_tests(SESSION, read_patient(patient, SESSION.knowledge, DAY, DAY))
    due = {item.test for item in plan.now if item.certain}
    assert "tissue_ngs" in due
    told = {one.id: one.plain for one in disputed_plan(case, plan)}
    assert told["A12"] == "A negative stain does not rule out a change in the HER2 gene, which needs a gene test."
    assert told["A09"] is None


def test_the_page_of_an_interpretation_holds_them(root, tmp_path):
    page = tmp_path / "page.html"
    run("interpret", root / "examples/breast-low.yaml", "--html", page, "--as-of", DAY)
    text = page.read_text(encoding="utf-8")
    assert "Where the sources disagree" in text
    assert "A05: What HER2-low means" in text
    assert "A result can be HER2-negative and HER2-low at once" in text


@pytest.mark.parametrize(
    ("drug", "shown"), [("trastuzumab_deruxtecan", True), ("tucatinib", False), ("zongertinib", False)]
)
def test_lung_deaths_under_conjugates_are_not_held_against_tablets(drug, shown):
    case = SESSION.case(typed_in(SESSION, {"tumour_type": "breast", "ihc": {"score": "3+"}}, DAY))
    assert ("E19" in {one.id for one in disputed_safety(case, [drug])}) == shown


BREAST = """
as_of: 2026-11-20
cancer: {tumour_type: breast, setting: metastatic, metastatic_sites: [brain, liver]}
specimens: [{id: b, kind: biopsy, collected: 2026-01-01, ihc: {score: "3+", scoring: breast}}]
"""


def headings(text):
    return [line.split()[1] for line in text.splitlines() if line.startswith("  • ") and line.split()[1][1:].isdigit()]


def test_a_list_of_trials_shows_what_bears_on_them_and_counts_the_rest(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text(BREAST)
    short, whole = run("match", path), run("match", path, "--full")
    few, all_of_them = headings(short), headings(whole)
    assert set(few) < set(all_of_them)
    more = len(all_of_them) - len(few)
    told = " ".join(short.split())
    words = f"{more} more such points: --full shows them." if few else f"On {more} points behind this list"
    assert words in told
    assert "--full shows them" not in " ".join(whole.split())


def test_the_brain_is_told_in_words_of_its_own(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text(BREAST)
    text = run("match", path, "--full")
    assert "Asked for: no brain metastases" in text
    assert "; accepted:" not in text
