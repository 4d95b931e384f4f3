"""The engine's own words: flags and next steps that no table row carries, in both registers; no thresholds."""

from __future__ import annotations

from her2nav.interpret.tables import Phrase
from her2nav.model.finding import Effort


def _phrase(clinical: str, plain: str) -> Phrase:
    return Phrase(clinical=clinical, plain=plain)


FLAGS: dict[str, Phrase] = {
    "scoring_assumed": _phrase(
        "The scoring system of the IHC is not stated: {scoring} rules are assumed.",
        "The report does not say which scoring rules were used. We assumed the usual ones for this cancer.",
    ),
    "scored_by_other_rules": _phrase(
        "IHC {score} was scored by {scoring} rules and is not a score of this tumour's rules.",
        "The protein test was scored by the rules of another cancer. It may read differently here.",
    ),
    "ihc_without_result": _phrase(
        "IHC was done but its score is not in the record.", "A HER2 protein test was done, but its result is missing."
    ),
    "score_contradicts_description": _phrase(
        "The reported score ({score}) and the described staining contradict each other; both stay possible.",
        "The score and the words of the report do not match. Both stay possible until someone checks.",
    ),
    "pattern_outside_definition": _phrase(
        "The described staining is outside the definitions; the pathologist's score is used.",
        "The staining pattern is unusual. The score of the lab doctor is used.",
    ),
    "ish_gave_no_result": _phrase("ISH was tried and gave no result.", "The gene test was tried and gave no result."),
    "failed_ish_has_numbers": _phrase(
        "Numbers stand beside an ISH that gave no result: they are shown and never used.",
        "The gene test gave no result. The numbers beside it do not count.",
    ),
    "ish_without_result": _phrase(
        "ISH was done but its result is not in the record.", "A gene test was done, but its result is missing."
    ),
    "ish_reported_only": _phrase(
        "Only the laboratory's ISH word is known; ratio and copies are missing.",
        "Only the word of the gene test is known, not its numbers.",
    ),
    "ish_undated": _phrase(
        "The ISH word has no date: it is read by the rules in force today.",
        "The gene test has no date. We read it by the rules of today.",
    ),
    "ish_numbers_incomplete": _phrase(
        "The ISH numbers alone do not settle the result; the laboratory's word agrees with them and is used.",
        "Some numbers of the gene test are missing. The lab's own word is used.",
    ),
    "reported_call_differs": _phrase(
        "The report calls the ISH {word}; its numbers give another result. The numbers are used.",
        "The word and the numbers of the gene test do not match. We used the numbers.",
    ),
    "ratio_does_not_match_counts": _phrase(
        "The reported ratio does not match the reported mean counts; both stay possible.",
        "The numbers of the gene test do not fit together. Someone needs to check them.",
    ),
    "ratio_from_single_probe": _phrase(
        "A ratio cannot come from a single-probe assay: read as dual-probe.",
        "The report mixes two kinds of gene test. Someone needs to check it.",
    ),
    "ratio_from_counts": _phrase(
        "The ratio was divided from the mean counts, rounding allowed for.",
        "One number of the gene test was worked out from two others.",
    ),
    "near_cutoff": _phrase(
        "{value} lies within reporting precision of the cut-off {cutoff}.",
        "A number of the gene test is very close to the limit. A second count may differ.",
    ),
    "near_cutoff_staining": _phrase(
        "{value} lies within reporting precision of the cut-off {cutoff}.",
        "The share of stained cells is very close to the limit. A second reading may differ.",
    ),
    "unverified": _phrase(
        "Rests on an unverified rule, which gives no final answer by itself.",
        "This step rests on a rule that we could not check. It is not a final answer.",
    ),
    "recount_not_as_asked": _phrase(
        "The recount on record is not the blinded recount that the work-up asks for.",
        "A second count was made, but not in the way the rules ask for.",
    ),
    "status_reported_only": _phrase(
        "Only the word for the HER2 status is known: usable for positive or negative, never for low, ultralow or 3+.",
        "Only the word for the HER2 result is known, not the test behind it.",
    ),
    "status_word_ambiguous": _phrase(
        '"HER2 {word}" does not say in this tumour whether mutation, amplification or over-expression is meant.',
        "In this cancer the word does not say which HER2 test was done.",
    ),
    "word_against_numbers": _phrase(
        "The report calls HER2 {word}; the results give {status}. The results are used.",
        "The word in the report does not match the test results. We used the test results.",
    ),
    "reported_word_not_used": _phrase(
        "The report calls HER2 {word}; the results on record do not settle it.",
        "The report has a word for HER2, but the results we have do not settle it.",
    ),
    "decalcified_3plus_stands": _phrase(
        "IHC 3+ stands although the decalcification makes lower scores and any ISH unreliable.",
        "The strong protein result counts, even though the bone sample was treated with acid.",
    ),
    "no_validated_scoring": _phrase(
        "No HER2 scoring is validated for this tumour: the results are reported, not graded.",
        "There are no agreed HER2 rules for this cancer. We show the results as they are.",
    ),
    "rules_newer_than_as_of": _phrase(
        "The rules used came into force after the day asked about.",
        "The rules used are newer than the date you asked about.",
    ),
    "ngs_number_without_call": _phrase(
        "Sequencing gives an ERBB2 copy number without the assay's own call; no cut-off of another assay is used.",
        "The gene panel gives a number but does not say what it means.",
    ),
    "ngs_usual_cutoff": _phrase(
        "By the usual cut-off of this assay (unverified) the number would be called {call}; it decides nothing.",
        "By the usual limit of this test the number would count, but this is not checked.",
    ),
    "purity_adjusted": _phrase(
        "Plasma copy number {copies} at a tumour fraction of {share} %: (CN - 2 x (1 - TF)) / TF gives about "
        "{adjusted} copies in tumour cells. An estimate; it decides nothing.",
        "The blood test also holds DNA of healthy cells. The number in the tumour itself can only be estimated.",
    ),
    "ngs_matrix_missing": _phrase(
        "It is not stated whether tissue or plasma was sequenced.",
        "The record does not say whether blood or tumour tissue was used.",
    ),
    "ngs_amplified_no_ihc": _phrase(
        "Amplification by sequencing never stands in for an IHC score.",
        "The gene panel shows extra HER2 genes. The protein test is still needed.",
    ),
    "ngs_amplified_status_negative": _phrase(
        "Tissue sequencing calls ERBB2 amplified, but the status by IHC and ISH is negative: the tests disagree.",
        "The gene panel and the other HER2 tests do not match. This needs a second look.",
    ),
    "ish_ngs_discordant": _phrase(
        "ISH and tissue sequencing disagree on amplification.", "Two gene tests on this sample do not match."
    ),
    "plasma_negative_not_negative": _phrase(
        "No ERBB2 finding in plasma does not mean none in the tumour.",
        "A clear blood test does not rule out a HER2 change in the tumour.",
    ),
    "variant_without_gene": _phrase(
        "A variant names no gene and was not counted: {text}.",
        "One gene change in the report does not name its gene.",
    ),
    "single_01_reading": _phrase(
        "0 against 1+ is read differently by different readers: a single such call is no reason to exclude.",
        "The lowest scores are hard to tell apart. A second look can change the score.",
    ),
    "converted_from_positive": _phrase(
        "An earlier specimen was HER2-positive ({earlier}), the current one is not ({current}).",
        "An earlier sample was HER2-positive. The newest one is not.",
    ),
    "converted_to_positive": _phrase(
        "An earlier specimen was HER2-negative ({earlier}), the current one is positive ({current}).",
        "An earlier sample was HER2-negative. The newest one is positive.",
    ),
    "primary_metastasis_discordant": _phrase(
        "Primary and metastasis differ in HER2 status ({earlier}; {current}).",
        "The first tumour and a spread tumour do not have the same HER2 result.",
    ),
    "specimens_discordant": _phrase(
        "Specimens differ in HER2 status ({earlier}; {current}); they are never averaged.",
        "Two samples do not have the same HER2 result. We show both.",
    ),
    "expression_changed": _phrase(
        "Specimens differ in HER2 expression ({earlier}; {current}).",
        "The amount of HER2 protein differs between samples.",
    ),
    "local_central_discordant": _phrase(
        "Local and central laboratories differ ({earlier}; {current}).", "Two labs do not have the same result."
    ),
    "rivals_of_one_day": _phrase(
        "Results of the same day disagree ({results}): none governs, and only what holds for all of them is known.",
        "Tumour samples of the same day do not have the same HER2 result. Your team must settle which one counts.",
    ),
    "rivals_without_order": _phrase(
        "Results disagree and the dates do not tell which is the newest ({results}): none governs.",
        "Tumour samples do not have the same HER2 result, and the dates do not show which one is the newest.",
    ),
    "rivals_alike": _phrase(
        "Results that may each be the newest differ in their numbers and mean the same ({results}).",
        "The samples were not measured exactly alike, but they mean the same for HER2.",
    ),
    "newer_tissue_inadequate": _phrase(
        "A newer tissue specimen is not adequate, so an older one governs.",
        "The newest sample was not good enough to test. An older one counts.",
    ),
    "newer_tissue_untested": _phrase(
        "A newer tissue specimen has no HER2 IHC, ISH or status result.",
        "There is a newer sample that has no HER2 test yet.",
    ),
}

NEXT: dict[str, Phrase] = {
    "score_by_own_rules": _phrase(
        "Ask the pathologist to score the slide by this tumour's rules.",
        "Ask the lab doctor to score the slide by the rules for this cancer.",
    ),
    "request_ihc_score": _phrase("Ask the laboratory for the IHC score.", "Ask the lab for the score."),
    "ask_pathologist_score": _phrase(
        "Ask the pathologist which is right, the score or the description.",
        "Ask the lab doctor which part of the report is right.",
    ),
    "request_ish_report": _phrase(
        "Ask the laboratory for the full ISH result: method, ratio, copies and call.",
        "Ask the lab for the full gene test report.",
    ),
    "settle_ihc": _phrase(
        "One settled IHC score: ask for it, or test again.", "A clear protein test score, or a new test."
    ),
    "settle_ish": _phrase("ISH with ratio and copies.", "A gene test (ISH) with its numbers."),
    "settle_pct_cells": _phrase(
        "Ask the pathologist for the percentage of stained cells.",
        "Ask the lab doctor how many of the tumour cells were stained.",
    ),
    "settle_specimen": _phrase(
        "Record whether the specimen is a biopsy or a resection.", "Find out what kind of sample it was."
    ),
    "settle_pct_ratio": _phrase(
        "Ask for the percentage of cells with a HER2/CEP17 ratio of two or more.",
        "Ask the lab how many cells had extra copies of the HER2 gene.",
    ),
    "new_specimen": _phrase("A new, adequate specimen.", "A new sample of the tumour."),
    "request_assay_behind_word": _phrase(
        "Ask for the IHC score and the ISH numbers behind the word.",
        "Ask for the test results behind the word in the report.",
    ),
    "request_ngs_call": _phrase(
        "Ask the laboratory for its own amplification call.", "Ask the lab what the gene panel number means."
    ),
    "reflex_tissue_ngs": _phrase("Sequence tumour tissue.", "A gene panel test on tumour tissue."),
    "tissue_ngs_for_variant": _phrase(
        "Sequence tumour tissue: no ERBB2 variant in plasma does not exclude one.",
        "A gene panel test on tumour tissue.",
    ),
    "repeat_failed_panel": _phrase(
        "Repeat the sequencing that failed, on tissue where there is any.",
        "Repeat the gene panel test that did not work.",
    ),
    "order_IHC_after_NGS": _phrase(
        "Order HER2 IHC: amplification by sequencing does not answer it.", "A HER2 protein test (IHC)."
    ),
    "check_ngs_against_ihc": _phrase(
        "Repeat IHC and do ISH on the block that was sequenced: amplification and a negative status disagree.",
        "Ask to have the HER2 protein and gene tests done again on the sample used for the gene panel.",
    ),
    "review_01_reading": _phrase(
        "Ask for a second reading of the IHC 0 or 1+ slide where a treatment or trial hangs on it.",
        "If a treatment depends on this score, ask for a second look at the slide.",
    ),
    "request_zero_subtype": _phrase(
        "Ask for a slide review: IHC 0 with or without faint staining.",
        "Ask for a second look: was there any faint HER2 stain?",
    ),
    "consider_rebiopsy": _phrase("Consider a new biopsy.", "Ask about a new biopsy."),
    "settle_rival_dates": _phrase(
        "Ask for the exact collection dates of the specimens that disagree.",
        "Ask for the exact dates of the samples.",
    ),
    "settle_rival_results": _phrase(
        "Ask one pathologist to read the specimens that disagree side by side and say which represents the disease; "
        "where that does not settle it, a new biopsy.",
        "Ask the lab doctor to look at both samples again and say which one counts.",
    ),
    "test_newer_tissue": _phrase("Test the newer specimen for HER2.", "Test the newest sample for HER2."),
    "erbb2_sequencing": _phrase(
        "Sequence ERBB2: protein and ISH results do not exclude a mutation.",
        "A gene panel test for HER2 changes.",
    ),
}

EFFORT: dict[str, Effort] = {
    "request_ihc_score": Effort.RECORD,
    "request_ish_report": Effort.RECORD,
    "settle_rival_dates": Effort.RECORD,
    "settle_rival_results": Effort.PERSON,
    "request_ratio_and_copies": Effort.RECORD,
    "request_assay_behind_word": Effort.RECORD,
    "request_ngs_call": Effort.RECORD,
    "settle_specimen": Effort.RECORD,
    "settle_pct_cells": Effort.RECORD,
    "settle_pct_ratio": Effort.RECORD,
    "ask_pathologist": Effort.PERSON,
    "ask_pathologist_score": Effort.PERSON,
    "score_by_own_rules": Effort.PERSON,
    "review_discordance": Effort.PERSON,
    "review_discordance_before_acting": Effort.PERSON,
    "internal_adjudication": Effort.PERSON,
    "review_01_reading": Effort.PERSON,
    "request_zero_subtype": Effort.PERSON,
    "new_specimen": Effort.SPECIAL,
    "consider_rebiopsy": Effort.SPECIAL,
    "reflex_tissue_ngs": Effort.SPECIAL,
    "tissue_ngs_for_variant": Effort.SPECIAL,
    "repeat_failed_panel": Effort.SPECIAL,
    "erbb2_sequencing": Effort.SPECIAL,
}
"""How hard a step is; an ordinary test where it is not named here."""
