"""Several specimens: which one governs, what was ever found, what differs."""

from datetime import date
from typing import Any

from guidelines.cases import SCORING, TODAY, guideline
from her2nav.interpret import interpret_patient, to_json
from her2nav.interpret.results import PatientHer2
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth


def interpret(*specimens: dict[str, Any], folder: str = "breast", as_of: date = TODAY, **more: Any) -> PatientHer2:
    patient = Patient.model_validate({"specimens": list(specimens), **more})
    return interpret_patient(patient, scoring=SCORING.get(folder, "gastric"), guideline=guideline(folder), as_of=as_of)


def specimen(name: str, collected: str | None, score: Any, site: str = "primary", **more: Any) -> dict[str, Any]:
    ihc = {"score": score, "scoring": "breast", **more.pop("ihc", {})} if score is not None else None
    return {"id": name, "collected": collected, "kind": "biopsy", "site": site, "ihc": ihc, **more}


def codes(result: PatientHer2) -> set[str]:
    return {flag.code for flag in result.flags}


class TestGoverning:
    def test_the_newest_adequate_tissue_governs(self) -> None:
        result = interpret(specimen("old", "2020-01-01", "3+"), specimen("new", "2025-01-01", "1+", "metastasis"))
        assert result.overall.specimen == "/specimens/1"
        assert result.overall.status.value == "negative"
        assert "new (metastasis, 2025-01-01)" in result.overall.policy

    def test_the_order_of_the_list_does_not_matter_where_dates_tell(self) -> None:
        result = interpret(specimen("new", "2025-01-01", "1+"), specimen("old", "2020-01-01", "3+"))
        assert result.overall.specimen == "/specimens/0"

    def test_a_metastasis_governs_where_dates_are_equal(self) -> None:
        result = interpret(specimen("m", "2025-01-01", "1+", "metastasis"), specimen("p", "2025-01-01", "3+"))
        assert result.overall.specimen == "/specimens/0"

    def test_overlapping_partial_dates_do_not_tell(self) -> None:
        result = interpret(specimen("a", "2025", "3+"), specimen("b", "2025-03-01", "1+"))
        assert result.overall.specimen is None
        assert result.overall.status.value == "unknown"

    def test_an_open_newest_result_is_never_filled_by_an_older_one(self) -> None:
        result = interpret(specimen("old", "2020-01-01", "3+"), specimen("new", "2025-01-01", "2+"))
        assert result.overall.status.value == "equivocal"
        assert result.ever_positive is Truth.MET
        assert "reflex_ISH_or_new_specimen" in {step.code for step in result.next_tests}

    def test_an_inadequate_newest_specimen_does_not_govern_and_is_flagged(self) -> None:
        acid = {"preanalytics": {"decalcification": "acid"}}
        result = interpret(specimen("old", "2020-01-01", "3+"), specimen("bone", "2025-01-01", "1+", **acid))
        assert result.overall.specimen == "/specimens/0"
        assert "newer_tissue_inadequate" in codes(result)

    def test_an_untested_newest_specimen_is_flagged(self) -> None:
        result = interpret(specimen("old", "2020-01-01", "3+"), specimen("new", "2025-01-01", None))
        assert result.overall.specimen == "/specimens/0"
        assert "newer_tissue_untested" in codes(result)
        assert "test_newer_tissue" in {step.code for step in result.next_tests}

    def test_blood_never_governs(self) -> None:
        blood = {"id": "b", "kind": "blood", "collected": "2026-01-01", "ngs": {"amplification_call": "amplified"}}
        result = interpret(specimen("t", "2025-01-01", "1+"), blood)
        assert result.overall.specimen == "/specimens/0"
        assert "tissue_plasma_discordant" in codes(result)

    def test_no_specimen_is_unknown(self) -> None:
        result = interpret()
        assert result.overall.status.value == "unknown"
        assert result.overall.specimen is None
        assert result.mutation.value == "unknown"


class TestEver:
    def test_ever_positive_needs_one_final_positive(self) -> None:
        assert interpret(specimen("a", "2020-01-01", "3+")).ever_positive is Truth.MET
        assert interpret(specimen("a", "2020-01-01", "2+")).ever_positive is Truth.UNKNOWN

    def test_never_positive_needs_a_complete_list(self) -> None:
        one = specimen("a", "2020-01-01", "1+")
        assert interpret(one).ever_positive is Truth.UNKNOWN
        assert interpret(one, complete={"specimens": True}).ever_positive is Truth.NOT_MET
        assert interpret(complete={"specimens": True}).ever_positive is Truth.UNKNOWN

    def test_ever_low_is_its_own_answer(self) -> None:
        result = interpret(specimen("a", "2020-01-01", "1+"), specimen("b", "2024-01-01", "0"))
        assert result.ever_low is Truth.MET
        assert result.overall.expression.value == "zero_unspecified"


class TestDates:
    def test_a_specimen_of_the_future_is_set_aside_and_listed(self) -> None:
        result = interpret(specimen("a", "2020-01-01", "1+"), specimen("b", "2025-01-01", "3+"), as_of=date(2022, 1, 1))
        assert [one.path for one in result.specimens] == ["/specimens/0"]
        assert [one.path for one in result.set_aside] == ["/specimens/1"]
        assert result.ever_positive is Truth.UNKNOWN

    def test_a_date_that_may_lie_before_is_kept(self) -> None:
        assert interpret(specimen("a", "2022", "1+"), as_of=date(2022, 6, 1)).set_aside == ()


class TestDifferences:
    def test_a_conversion_is_flagged_both_ways(self) -> None:
        lost = interpret(specimen("p", "2020-01-01", "3+"), specimen("m", "2025-01-01", "1+", "metastasis"))
        assert {"converted_from_positive", "primary_metastasis_discordant", "specimens_discordant"} <= codes(lost)
        gained = interpret(specimen("p", "2020-01-01", "1+"), specimen("m", "2025-01-01", "3+", "metastasis"))
        assert "converted_to_positive" in codes(gained)

    def test_local_and_central_are_compared(self) -> None:
        result = interpret(
            specimen("l", "2025-01-01", "3+", ihc={"laboratory": "local"}),
            specimen("c", "2025-02-01", "1+", ihc={"laboratory": "central"}),
        )
        assert "local_central_discordant" in codes(result)

    def test_an_open_result_is_no_discordance(self) -> None:
        result = interpret(specimen("p", "2020-01-01", "3+"), specimen("m", "2025-01-01", "2+", "metastasis"))
        assert "specimens_discordant" not in codes(result)

    def test_expression_that_changed_is_flagged(self) -> None:
        zero = {"ihc": {"zero_subtype": "no_staining"}}
        result = interpret(specimen("p", "2020-01-01", "1+"), specimen("m", "2025-01-01", "0", **zero))
        assert "expression_changed" in codes(result)

    def test_discordant_ihc_and_ish_of_one_specimen_is_raised(self) -> None:
        ish = {"method": "dual_probe", "her2_cep17_ratio": "1.2", "her2_copy_number": "2.0"}
        result = interpret(specimen("p", "2025-01-01", "3+", ish=ish))
        assert "discordant_ihc3_ish_negative" in codes(result)
        assert result.overall.status.value == "positive"


class TestMutation:
    def test_variants_keep_their_places(self) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"], "variants": ["TP53 p.R175H", "ERBB2 p.S310F"]}
        ctdna = [{"date": "2026-01-01", "gene": "ERBB2", "variant": "p.Y772_A775dup", "vaf_percent": 1.8}]
        result = interpret(specimen("a", "2025-01-01", "1+", ngs=ngs), ctdna=ctdna)
        assert result.mutation.value == "found"
        assert [one.path for one in result.mutation.variants] == ["/specimens/0/ngs/variants/1", "/ctdna/0/variant"]

    def test_a_tissue_panel_without_a_variant_is_not_found(self) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"]}
        assert interpret(specimen("a", "2025-01-01", "1+", ngs=ngs)).mutation.value == "not_found"

    def test_plasma_without_a_variant_is_unknown(self) -> None:
        ctdna = [{"date": "2026-01-01", "gene": "ERBB2", "result": "not_detected"}]
        assert interpret(specimen("a", "2025-01-01", "1+"), ctdna=ctdna).mutation.value == "unknown"

    def test_classes_come_from_the_variants_layer(self) -> None:
        patient = Patient.model_validate({"specimens": [{"ngs": {"variants": ["ERBB2 p.S310F"]}}]})
        result = interpret_patient(
            patient,
            scoring="breast",
            guideline=guideline("breast"),
            as_of=TODAY,
            classify=lambda text: f"class of {text}",
        )
        assert result.mutation.variants[0].classification == "class of ERBB2 p.S310F"


def test_json_has_the_contract_keys() -> None:
    result = to_json(interpret(specimen("a", "2025-01-01", "2+")))
    assert {"specimens", "mutation", "overall", "ever_positive", "ever_low", "next_tests"} <= set(result)
    first = result["specimens"][0]
    contract = {"id", "status", "expression", "amplification", "ish_group", "final", "rule", "source", "flags", "next"}
    assert contract <= set(first)
    assert (first["status"], first["expression"], first["rule"]) == ("equivocal", "unknown", "BR041")
    assert result["ever_positive"] == "unknown"


class TestRetest:
    def test_a_negative_core_of_a_grade_3_tumour_may_be_retested(self) -> None:
        one = specimen("core", "2025-01-01", "1+")
        graded = interpret(one, cancer={"grade": 3})
        assert "may_retest_excision" in {step.code for step in graded.next_tests}
        for cancer in ({"grade": 2}, {}):
            assert "may_retest_excision" not in {step.code for step in interpret(one, cancer=cancer).next_tests}

    def test_a_positive_core_in_an_unexpected_histology_is_repeated(self) -> None:
        cancer = {"grade": 1, "histology": "Tubular carcinoma"}
        result = interpret(specimen("core", "2025-01-01", "3+"), cancer=cancer)
        assert "unexpected_positive" in codes(result)
        assert result.overall.status.final
