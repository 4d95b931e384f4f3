"""Lung, biliary, ovarian, urothelial, salivary and tumours without rules of their own."""

from datetime import date

import pytest

from guidelines.cases import TODAY, codes, guideline, interpret, steps
from her2nav.interpret import interpret_specimen
from her2nav.model.specimens import Specimen

THREE = {"score": "3+", "scoring": "gastric"}
TWO = {"score": "2+", "scoring": "gastric"}
AMPLIFIED = {"her2_cep17_ratio": "3.0", "her2_copy_number": "8.0"}
NOT_AMPLIFIED = {"her2_cep17_ratio": "1.1", "her2_copy_number": "2.2"}


class TestLung:
    def test_a_mutation_is_neither_amplification_nor_over_expression(self) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"], "variants": ["ERBB2 p.A775_G776insYVMA"]}
        result = interpret("lung", kind="biopsy", ngs=ngs)
        assert result.extra["mutation"].value == "found"
        assert result.extra["over_expression"].value == "unknown"
        assert result.amplification.value == "unknown"
        assert result.status.value == "unknown"

    def test_ihc_0_in_a_mutated_tumour_is_not_called_her2_negative(self) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"], "variants": ["ERBB2 p.V777L"]}
        result = interpret("lung", kind="biopsy", ihc={"score": "0", "scoring": "gastric"}, ngs=ngs)
        assert result.extra["over_expression"].value == "negative"
        assert result.status.value == "unknown"
        assert result.status.possible == {"positive", "negative"}

    def test_negative_only_when_all_three_are(self) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"], "amplification_call": "not_amplified"}
        result = interpret("lung", kind="biopsy", ihc={"score": "1+", "scoring": "gastric"}, ngs=ngs)
        assert (result.status.value, result.status.final) == ("negative", True)

    def test_ihc_2_counts_in_some_definitions_only(self) -> None:
        result = interpret("lung", kind="biopsy", ihc=TWO)
        assert result.extra["over_expression"].value == "indeterminate"
        assert "ihc2_depends_on_definition" in codes(result)

    def test_the_bare_word_does_not_say_which_biomarker(self) -> None:
        result = interpret("lung", kind="biopsy", her2_reported="positive")
        assert result.status.value == "unknown"
        assert "status_word_ambiguous" in codes(result)

    def test_amplification_by_fish_is_a_ratio_of_two(self) -> None:
        at = interpret("lung", kind="biopsy", ish={"her2_cep17_ratio": "2.0"})
        below = interpret("lung", kind="biopsy", ish={"her2_cep17_ratio": "1.99", "her2_copy_number": "12"})
        assert at.amplification.value == "amplified"
        assert below.amplification.value == "not_amplified"


@pytest.mark.parametrize("folder", ["biliary", "ovarian", "agnostic", "urothelial"])
def test_gastric_scoring_calls_ihc_3_positive(folder: str) -> None:
    result = interpret(folder, kind="biopsy", ihc=THREE)
    assert (result.status.value, result.status.final) == ("positive", True)
    assert result.ihc == {"3+"}


def test_ihc_2_with_ish_is_positive_by_gastric_rules_and_open_without_a_guideline() -> None:
    assert interpret("biliary", kind="biopsy", ihc=TWO, ish=AMPLIFIED).status.value == "positive"
    for folder in ("ovarian", "agnostic"):
        result = interpret(folder, kind="biopsy", ihc=TWO, ish=AMPLIFIED)
        assert result.status.value == "indeterminate"
        assert "label_needs_3plus" in codes(result)
    assert interpret("agnostic", kind="biopsy", ihc=TWO).status.value == "equivocal"
    assert interpret("agnostic", kind="biopsy", ihc=TWO, ish=NOT_AMPLIFIED).status.value == "negative"


def test_urothelial_low_scores_depend_on_the_trial() -> None:
    result = interpret("urothelial", kind="biopsy", ihc=TWO)
    assert (result.status.value, result.status.final) == ("indeterminate", False)
    breast_scored = interpret("urothelial", kind="biopsy", ihc={"score": "2+", "scoring": "breast"})
    assert breast_scored.extra["rc48"].value == "positive"
    assert breast_scored.status.value == "indeterminate"


def test_salivary_uses_breast_rules_but_not_ultralow() -> None:
    faint = interpret(
        "salivary", kind="resection", ihc={"score": "0", "zero_subtype": "faint_le10", "scoring": "breast"}
    )
    assert (faint.expression.value, faint.expression.final) == ("zero", True)
    bare = interpret("salivary", kind="resection", ihc={"score": "0", "scoring": "breast"})
    assert bare.expression.value == "zero"
    assert "request_zero_subtype" not in steps(bare)
    group1 = interpret("salivary", ihc={"score": "2+", "scoring": "breast"}, ish={**AMPLIFIED, "method": "dual_probe"})
    assert group1.status.value == "positive"
    assert group1.ish_group == 1


def test_a_tumour_without_validated_scoring_is_only_reported() -> None:
    specimen = Specimen.model_validate({"ihc": {"score": "3+"}, "her2_reported": "positive"})
    result = interpret_specimen(specimen, 0, scoring="none", guideline=guideline("agnostic"), as_of=TODAY)
    assert result.status.value == "unknown"
    assert result.status.reason == "no_validated_scoring"
    assert result.ihc_by_scoring == {}
    assert "no_validated_scoring" in codes(result)


def test_rules_younger_than_the_day_asked_about_are_flagged() -> None:
    specimen = Specimen.model_validate({"ihc": {"score": "3+", "scoring": "breast"}})
    result = interpret_specimen(specimen, 0, scoring="breast", guideline=guideline("breast"), as_of=date(2016, 1, 1))
    assert "rules_newer_than_as_of" in codes(result)
