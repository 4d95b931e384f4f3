"""The rules of section 0 and of single specimens: what beats what, and what stays unknown."""

from typing import Any

import pytest

from guidelines.cases import codes, interpret, steps
from her2nav.interpret.results import ALL_SUBSCORES, ISH_CALLS
from her2nav.model.truth import Truth

G1 = {"method": "dual_probe", "her2_cep17_ratio": "2.4", "her2_copy_number": "7.0"}
G4 = {"method": "dual_probe", "her2_cep17_ratio": "1.8", "her2_copy_number": "5.0"}
G5 = {"method": "dual_probe", "her2_cep17_ratio": "1.2", "her2_copy_number": "2.5"}
NOW = "2025-01-01"


def breast(score: Any = None, **more: Any) -> Any:
    ihc = more.pop("ihc", None) or ({"score": score, "scoring": "breast"} if score is not None else None)
    return interpret("breast", **{"collected": NOW, "kind": "biopsy", "ihc": ihc, **more})


class TestNumbersBeatTheWord:
    """Rule 0.1."""

    def test_a_positive_word_on_negative_numbers_is_flagged_and_not_used(self) -> None:
        result = breast("2+", ish={**G5, "result": "positive"})
        assert (result.status.value, result.status.final) == ("negative", True)
        assert "reported_call_differs" in codes(result)

    def test_a_word_that_agrees_is_not_flagged(self) -> None:
        assert "reported_call_differs" not in codes(breast("2+", ish={**G1, "result": "positive"}))

    def test_the_status_word_is_held_against_the_results(self) -> None:
        result = breast("1+", ish=G5, her2_reported="positive")
        assert result.status.value == "negative"
        assert "word_against_numbers" in codes(result)

    def test_a_status_word_does_not_settle_open_results(self) -> None:
        result = breast("2+", her2_reported="positive")
        assert (result.status.value, result.status.final) == ("equivocal", False)
        assert "reported_word_not_used" in codes(result)

    def test_a_low_word_agrees_with_a_negative_status(self) -> None:
        assert "word_against_numbers" not in codes(breast("1+", her2_reported="low"))

    def test_counts_that_do_not_give_the_reported_ratio_leave_both_possible(self) -> None:
        result = breast("2+", ish={**G1, "cep17_copy_number": "7.0"})
        assert not result.status.final
        assert "ratio_does_not_match_counts" in codes(result)

    def test_a_ratio_is_worked_out_from_counts_with_their_rounding(self) -> None:
        clear = breast("2+", ish={"method": "dual_probe", "her2_copy_number": "7.0", "cep17_copy_number": "2.0"})
        assert (clear.ish_group, clear.status.value, clear.status.final) == (1, "positive", True)
        edge = breast("2+", ish={"method": "dual_probe", "her2_copy_number": "4.0", "cep17_copy_number": "2.0"})
        assert edge.ish_group is None
        assert not edge.status.final


class TestScoringSystem:
    """Rule 0.2."""

    def test_a_score_of_other_rules_is_not_used(self) -> None:
        result = breast(ihc={"score": "3+", "scoring": "gastric"})
        assert result.status.value == "unknown"
        assert result.status.possible == {"positive", "negative"}
        assert result.ihc == ALL_SUBSCORES
        assert result.ihc_by_scoring == {"gastric": {"3+"}}
        assert {"scored_by_other_rules"} <= codes(result)
        assert "score_by_own_rules" in steps(result)

    def test_its_description_is_scored_instead(self) -> None:
        ihc = {
            "score": "3+",
            "scoring": "gastric",
            "intensity": "strong",
            "completeness": "basolateral",
            "percent_cells": 40,
        }
        result = breast(ihc=ihc)
        assert result.ihc == {"2+"}
        assert result.status.value == "equivocal"

    def test_an_unstated_system_is_assumed_and_flagged(self) -> None:
        result = breast(ihc={"score": "3+"})
        assert result.status.value == "positive"
        assert "scoring_assumed" in codes(result)

    def test_a_score_of_other_rules_never_counts_as_missing_ihc(self) -> None:
        assert breast(ihc={"score": "3+", "scoring": "gastric"}, ish=G5).status.value == "unknown"


class TestReportedOnly:
    """Rule 0.3."""

    @pytest.mark.parametrize("word", ["positive", "negative"])
    def test_the_word_gives_status_but_never_expression_or_scores(self, word: str) -> None:
        result = breast(her2_reported=word)
        assert (result.status.value, result.status.final) == (word, True)
        assert result.reported_only
        assert result.ihc == ALL_SUBSCORES
        assert result.ish == ISH_CALLS
        assert result.expression.truth_of("low") is Truth.UNKNOWN
        assert result.expression.truth_of("ultralow") is Truth.UNKNOWN

    def test_a_word_with_a_test_that_has_no_result_is_still_only_a_word(self) -> None:
        result = breast(ihc={"assay": "4B5"}, her2_reported="positive")
        assert result.reported_only
        assert result.status.value == "positive"

    def test_equivocal_stays_equivocal(self) -> None:
        result = breast(her2_reported="equivocal")
        assert (result.status.value, result.status.final) == ("equivocal", False)

    def test_a_reported_low_is_negative_and_not_a_final_low(self) -> None:
        result = breast(her2_reported="low")
        assert result.status.value == "negative"
        assert (result.expression.value, result.expression.final) == ("low", False)
        assert result.expression.truth_of("low") is Truth.UNKNOWN


class TestRanges:
    """Rule 0.4."""

    @pytest.mark.parametrize(
        ("score", "status", "possible"),
        [
            (["0", "1+"], "negative", {"negative"}),
            (["1+", "2+"], "unknown", {"positive", "negative"}),
            (["2+", "3+"], "unknown", {"positive", "negative"}),
            (["0", "3+"], "unknown", {"positive", "negative"}),
        ],
    )
    def test_only_what_is_true_of_both_ends(self, score: list[str], status: str, possible: set[str]) -> None:
        result = breast(score)
        assert result.status.value == status
        assert result.status.possible == possible

    def test_a_range_from_0_to_1_is_neither_low_nor_zero(self) -> None:
        result = breast(["0", "1+"])
        assert result.expression.value == "unknown"
        assert result.expression.possible == {"zero", "ultralow", "low"}

    def test_ish_can_settle_a_range(self) -> None:
        result = breast(["2+", "3+"], ish=G1)
        assert (result.status.value, result.status.final) == ("positive", True)

    def test_a_range_keeps_both_ends_although_the_description_fits_one(self) -> None:
        ihc = {
            "score": ["1+", "2+"],
            "scoring": "breast",
            "intensity": "faint",
            "completeness": "incomplete",
            "percent_cells": 30,
        }
        assert breast(ihc=ihc).ihc == {"1+", "2+"}


class TestZero:
    """Rule 0.5."""

    def test_a_bare_zero_may_be_either(self) -> None:
        result = breast("0")
        assert result.ihc == {"0_no_staining", "0_faint_le10"}
        assert result.expression.value == "zero_unspecified"
        assert result.expression.truth_of("low") is Truth.NOT_MET
        assert result.expression.truth_of("low", "ultralow") is Truth.UNKNOWN
        assert "request_zero_subtype" in steps(result)

    def test_the_description_can_tell_which_zero(self) -> None:
        none = breast(ihc={"score": "0", "scoring": "breast", "percent_cells": 0})
        assert none.expression.value == "zero"
        faint = breast(ihc={"score": "0", "scoring": "breast", "percent_cells": 5})
        assert faint.expression.value == "ultralow"

    def test_a_subtype_that_contradicts_the_score_is_flagged(self) -> None:
        result = breast(ihc={"score": "1+", "zero_subtype": "faint_le10", "scoring": "breast"})
        assert "score_contradicts_description" in codes(result)
        assert result.ihc == {"1+", "0_faint_le10"}


class TestDescription:
    def test_a_contradiction_leaves_both_possible(self) -> None:
        result = breast(ihc={"score": "3+", "scoring": "breast", "percent_cells": 5})
        assert "score_contradicts_description" in codes(result)
        assert "3+" in result.ihc
        assert not result.status.final

    def test_a_pattern_outside_the_definitions_is_stained_and_open(self) -> None:
        result = breast(ihc={"intensity": "faint", "completeness": "complete", "percent_cells": 30})
        assert result.ihc == {"1+", "2+", "3+"}
        assert result.expression.truth_of("low") is Truth.UNKNOWN
        assert result.expression.truth_of("zero", "ultralow", "zero_unspecified") is not Truth.MET

    def test_outside_the_definitions_a_negative_ish_is_not_final(self) -> None:
        ihc = {"intensity": "faint", "completeness": "complete", "percent_cells": 30}
        result = breast(ihc=ihc, ish=G5)
        assert (result.status.value, result.status.final) == ("negative", False)
        assert breast(ihc=ihc, ish=G1).status.final

    def test_the_pathologists_score_stands_where_no_definition_fits(self) -> None:
        ihc = {
            "score": "2+",
            "scoring": "breast",
            "intensity": "moderate",
            "completeness": "complete",
            "percent_cells": 5,
        }
        result = breast(ihc=ihc)
        assert result.ihc == {"2+"}
        assert "pattern_outside_definition" in codes(result)


class TestIsh:
    def test_one_number_answers_only_what_both_possibilities_share(self) -> None:
        assert breast("3+", ish={"her2_cep17_ratio": "2.4"}).status.final
        assert breast("2+", ish={"her2_cep17_ratio": "2.4"}).status.possible == {"positive", "negative"}
        assert breast("1+", ish={"her2_cep17_ratio": "1.2"}).status.value == "negative"
        gastric = interpret("gastric", ihc={"score": "2+", "scoring": "gastric"}, ish={"her2_cep17_ratio": "2.0"})
        assert (gastric.status.value, gastric.status.final) == ("positive", True)

    def test_a_word_that_fits_the_one_number_helps(self) -> None:
        result = breast("2+", ish={"her2_cep17_ratio": "1.2", "result": "negative"})
        assert (result.status.value, result.status.final) == ("negative", True)
        assert "ish_numbers_incomplete" in codes(result)

    def test_a_word_against_the_one_number_does_not(self) -> None:
        result = breast("2+", ish={"her2_cep17_ratio": "1.2", "result": "positive"})
        assert not result.status.final
        assert "reported_call_differs" in codes(result)

    def test_a_test_without_result_is_not_a_test_not_done(self) -> None:
        assert breast("1+").status.final
        assert not breast("1+", ish={"method": "dual_probe"}).status.final

    def test_copies_of_an_unstated_method_count_for_both_methods(self) -> None:
        result = breast("2+", ish={"her2_copy_number": "7.0"})
        assert (result.status.value, result.status.final) == ("positive", False)

    @pytest.mark.parametrize(
        ("ratio", "near"), [("2.0", True), ("1.99", True), ("2.1", True), ("2.4", False), ("1.5", False)]
    )
    def test_a_number_near_a_cut_off_is_flagged(self, ratio: str, near: bool) -> None:
        ish = {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": "8.0"}
        assert ("near_cutoff" in codes(breast("2+", ish=ish))) == near

    @pytest.mark.parametrize(
        ("score", "ratio", "copies", "near"),
        [
            ("2+", "5.0", "5.95", False),  # group 1 on either side of six copies
            ("2+", "5.0", "4.05", True),  # group 1 or group 2
            ("2+", "1.5", "5.95", True),  # group 4 or group 3
            ("3+", "1.5", "4.02", True),  # amplification: group 4 or group 5
            ("2+", "2.05", "5.95", True),  # the ratio, not the copies
        ],
    )
    def test_copies_near_a_cut_off_are_flagged_where_they_bear_on_the_result(
        self, score: str, ratio: str, copies: str, near: bool
    ) -> None:
        ish = {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": copies}
        found = [flag.clinical for flag in breast(score, ish=ish).flags if flag.code == "near_cutoff"]
        assert bool(found) == near
        if ratio == "2.05":
            assert found == ["HER2/CEP17 ratio 2.05 lies within reporting precision of the cut-off 2.0."]

    def test_a_word_before_june_2018_is_never_acted_on_alone(self) -> None:
        old = breast("2+", collected="2016-05-01", ish={"result": "positive"})
        assert (old.status.value, old.status.final) == ("indeterminate", False)
        assert old.ish == ISH_CALLS
        assert "ish_reported_before_2018_06" in codes(old)
        assert breast("2+", collected="2018-06-01", ish={"result": "positive"}).status.final
        assert not breast("2+", collected="2018", ish={"result": "positive"}).status.final
        assert breast("3+", collected="2016-05-01", ish={"result": "positive"}).status.final
        assert breast("2+", collected="2016-05-01", ish={"result": "positive", "date": "2020-01-01"}).status.final

    def test_an_undated_word_is_read_as_of_today_and_flagged(self) -> None:
        result = breast("2+", collected=None, ish={"result": "positive"})
        assert result.status.final
        assert "ish_undated" in codes(result)

    @pytest.mark.parametrize("recount", [{"group": 4, "blinded": False}, {"group": 4, "blinded": True, "cells": 19}])
    def test_a_recount_that_is_not_as_asked_confirms_nothing(self, recount: dict[str, Any]) -> None:
        result = breast("2+", ish={**G4, "recount": recount})
        assert (result.status.value, result.status.final) == ("negative", False)
        assert "recount_not_as_asked" in codes(result)

    def test_a_recount_only_matters_for_ihc_2(self) -> None:
        recount = {**G4, "recount": {"group": 1, "blinded": True, "cells": 20}}
        assert breast("1+", ish=recount).status.value == "negative"
        assert breast("3+", ish=recount).status.value == "positive"
        assert breast(["1+", "2+"], ish=recount).status.possible == {"positive", "negative"}

    def test_a_confirmed_group_2_with_ihc_2_is_low(self) -> None:
        ish = {"method": "dual_probe", "her2_cep17_ratio": "2.2", "her2_copy_number": "3.5"}
        result = breast("2+", ish={**ish, "recount": {"group": 2, "blinded": True, "cells": 20}})
        assert (result.expression.value, result.expression.final) == ("low", True)
        assert result.ish == {"negative"}


class TestAdequacy:
    def test_acid_leaves_only_3_plus(self) -> None:
        acid = {"decalcification": "acid"}
        assert breast("3+", preanalytics=acid).status.final
        assert "decalcified_3plus_stands" in codes(breast("3+", preanalytics=acid))
        for score in ("0", "1+", "2+", ["2+", "3+"]):
            result = breast(score, ish=G1, preanalytics=acid)
            assert not result.usable
            assert result.status.value == "unknown"
            assert result.ihc == ALL_SUBSCORES
            assert result.ish == ISH_CALLS
            assert steps(result) == {"new_specimen"}

    def test_edta_is_acceptable(self) -> None:
        assert breast("1+", preanalytics={"decalcification": "edta"}).usable

    @pytest.mark.parametrize(
        "more", [{"kind": "blood"}, {"kind": "cytology"}, {"preanalytics": {"viable_tumour_cells": 60}}]
    )
    def test_inadequate_is_unknown(self, more: dict[str, Any]) -> None:
        result = breast("3+", **more)
        assert not result.usable
        assert result.status.value == "unknown"

    def test_bone_without_a_word_on_decalcification_is_flagged(self) -> None:
        assert "decalcification_not_stated" in codes(breast("1+", organ="bone"))

    def test_fixation_and_fragments_are_remarks(self) -> None:
        result = interpret(
            "gastric",
            kind="biopsy",
            ihc={"score": "3+", "scoring": "gastric"},
            preanalytics={"fixation_hours": 80, "cold_ischaemia_minutes": 90, "fragments": 3},
        )
        assert {"fixation_time", "cold_ischaemia", "few_biopsies"} <= codes(result)
        assert result.status.final


class TestSequencing:
    def test_amplification_never_fills_an_ihc_gate(self) -> None:
        result = breast(ngs={"matrix": "tissue", "amplification_call": "amplified"})
        assert result.amplification.value == "amplified"
        assert result.ihc == ALL_SUBSCORES
        assert result.status.value == "unknown"
        assert "order_IHC" in steps(result)

    def test_not_amplified_does_not_touch_ihc_3(self) -> None:
        result = breast("3+", ngs={"matrix": "tissue", "amplification_call": "not_amplified"})
        assert result.status.final
        assert result.amplification.value == "not_amplified"

    def test_a_number_without_a_call_is_unknown(self) -> None:
        ngs = {"matrix": "tissue", "assay": "FoundationOne CDx", "erbb2_copy_number": 14, "ploidy": 2}
        result = breast("2+", ngs=ngs)
        assert result.amplification.value == "unknown"
        assert {"ngs_number_without_call", "ngs_usual_cutoff"} <= codes(result)

    def test_plasma_is_not_tissue(self) -> None:
        result = breast(kind="blood", ngs={"amplification_call": "amplified"})
        assert result.amplification.value == "unknown"
        assert result.extra["plasma"].value == "amplified"
        clear = breast(kind="blood", ngs={"amplification_call": "not_amplified", "genes_covered": ["ERBB2"]})
        assert clear.extra["plasma"].value == "unknown"
        assert clear.extra["mutation"].value == "unknown"

    def test_either_assays_own_call_counts_and_a_conflict_is_flagged(self) -> None:
        result = breast("2+", ish=G5, ngs={"matrix": "tissue", "amplification_call": "amplified"})
        assert result.status.value == "negative"
        assert result.amplification.value == "amplified"
        assert "ish_ngs_discordant" in codes(result)

    @pytest.mark.parametrize("tumour", ["breast", "gastric", "colorectal"])
    def test_amplified_tissue_beside_a_negative_status_asks_for_both_tests_again(self, tumour: str) -> None:
        ngs = {"matrix": "tissue", "amplification_call": "amplified"}
        result = interpret(tumour, kind="biopsy", ihc={"score": "0"}, ngs=ngs)
        assert (result.status.value, result.status.final) == ("negative", True)
        assert "ngs_amplified_status_negative" in codes(result)
        assert "check_ngs_against_ihc" in steps(result)

    def test_amplified_tissue_beside_a_positive_status_agrees(self) -> None:
        result = breast("3+", ngs={"matrix": "tissue", "amplification_call": "amplified"})
        assert "ngs_amplified_status_negative" not in codes(result)
        assert "check_ngs_against_ihc" not in steps(result)

    @pytest.mark.parametrize(
        ("variant", "value"),
        [
            ("ERBB2 p.S310F", "found"),
            ({"gene": "HER2", "hgvs": "p.V777L"}, "found"),
            ("TP53 p.R175H", "not_found"),
            ("p.S310F", "not_found"),
        ],
    )
    def test_only_variants_of_the_gene_count(self, variant: Any, value: str) -> None:
        ngs = {"matrix": "tissue", "genes_covered": ["ERBB2"], "variants": [variant]}
        assert breast("1+", ngs=ngs).extra["mutation"].value == value


class TestColorectal:
    def test_without_percentages_the_simple_definition_answers_and_is_not_final(self) -> None:
        result = interpret("colorectal", kind="biopsy", ihc={"score": "3+", "scoring": "colorectal"})
        assert result.extra["heracles"].value == "unknown"
        assert result.extra["simple"].final
        assert (result.status.value, result.status.final) == ("positive", False)
        assert result.ihc == {"3+"}
        assert "settle_pct_cells" in steps(result)

    def test_0_and_1_are_negative_without_percentages(self) -> None:
        result = interpret("colorectal", kind="biopsy", ihc={"score": "1+", "scoring": "colorectal"})
        assert (result.status.value, result.status.final) == ("negative", True)

    def test_few_strong_cells_of_a_resection_are_no_settled_3_plus(self) -> None:
        ihc = {"score": "3+", "percent_cells": 5, "scoring": "colorectal"}
        result = interpret("colorectal", kind="resection", ihc=ihc)
        assert result.status.value == "negative"
        assert len(result.ihc) > 1

    def test_more_than_six_copies_with_a_low_ratio_is_not_settled(self) -> None:
        ish = {"her2_cep17_ratio": "1.5", "her2_copy_number": "7.0"}
        result = interpret("colorectal", kind="biopsy", ihc={"score": "2+", "scoring": "colorectal"}, ish=ish)
        assert result.ish == ISH_CALLS
        assert "copies_gt6_ratio_lt2" in codes(result)


class TestGastric:
    def test_few_strong_cells_in_a_biopsy_exclude_nothing(self) -> None:
        result = interpret("gastric", kind="biopsy", ihc={"intensity": "strong", "cluster_cells": 4})
        assert (result.status.value, result.status.final) == ("negative", False)
        assert result.status.possible == {"positive", "negative"}
        assert "3+" in result.ihc
        reported = {"score": "0", "scoring": "gastric", "intensity": "strong", "cluster_cells": 4}
        assert not interpret("gastric", kind="biopsy", ihc=reported).status.final

    def test_the_unverified_zone_decides_nothing(self) -> None:
        ish = {"her2_cep17_ratio": "1.5", "her2_copy_number": "5.0"}
        two = interpret("gastric", kind="biopsy", ihc={"score": "2+", "scoring": "gastric"}, ish=ish)
        assert (two.status.value, two.status.final) == ("indeterminate", False)
        zero = interpret("gastric", kind="biopsy", ihc={"score": "0", "scoring": "gastric"}, ish=ish)
        assert (zero.status.value, zero.status.final) == ("negative", True)

    def test_an_unknown_kind_of_specimen_answers_only_what_both_tables_share(self) -> None:
        result = interpret("gastric", ihc={"intensity": "strong", "percent_cells": 40})
        assert not result.status.final
        both = interpret("gastric", ihc={"intensity": "strong", "percent_cells": 40, "cluster_cells": 12})
        assert (both.status.value, both.status.final) == ("positive", True)


def test_nothing_recorded_is_unknown() -> None:
    result = interpret("breast")
    assert result.status.value == result.expression.value == result.amplification.value == "unknown"
    assert not result.informative
    assert "order_IHC" in steps(result)


def test_no_staining_in_forty_percent_of_cells_is_a_contradiction() -> None:
    result = breast(ihc={"intensity": "none", "percent_cells": 40})
    assert "score_contradicts_description" in codes(result)
    assert not result.status.final
    scored = breast(ihc={"score": "2+", "scoring": "breast", "intensity": "none", "percent_cells": 40})
    assert "2+" in scored.ihc


@pytest.mark.parametrize(("score", "percent"), [("0", 20), ("2+", 0), ("3+", 0)])
@pytest.mark.parametrize("folder", ["breast", "gastric", "colorectal", "endometrial_serous"])
def test_a_percentage_that_cannot_be_is_a_contradiction(folder: str, score: str, percent: int) -> None:
    result = interpret(folder, kind="resection", ihc={"score": score, "percent_cells": percent})
    assert "score_contradicts_description" in codes(result)
    assert not result.status.final


def test_a_definite_word_that_is_not_final_does_not_stand_alone() -> None:
    pending = breast("2+", ish=G4)
    assert (pending.status.value, pending.status.shown) == ("negative", "indeterminate")
    assert (pending.expression.value, pending.expression.shown) == ("low", "unknown")
    assert breast("3+").status.shown == "positive"
    assert breast("0").expression.shown == "zero_unspecified"


def test_the_missing_fact_is_asked_for_before_what_might_follow_from_it() -> None:
    result = interpret("colorectal", kind="biopsy", ihc={"score": "3+", "scoring": "colorectal"})
    assert result.next[0].code == "settle_pct_cells"
