"""Drugs, genes, tests and days that a note only names: no course, no result, no day of their own."""

import pytest

from unit.intake.note_helpers import at, patient


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("EC x 4 March-June 2024", "2024-03", "2024-06"),
        ("FEC x 3 Jan to April 2023", "2023-01", "2023-04"),
        ("Docetaxel 4 June 2024 to 9 August 2024", "2024-06-04", "2024-08-09"),
    ],
)
def test_a_number_of_cycles_before_a_month_is_no_day(words, start, end):
    (course,) = patient(f"Breast clinic 17 August 2026. {words}, then surgery.")["therapies"]
    assert (course["start"], course["end"]) == (start, end)


@pytest.mark.parametrize(
    "words",
    [
        "We had the liver biopsied on 9 November hoping to qualify her for T-DXd.",
        "The skin was sampled again on 2 November in the hope of getting T-DXd.",
        "My doctor also spoke of Kadcyla and of tucatinib, but I have not had either of them.",
        "The nurse mentioned Enhertu, but I have never taken it.",
        "For T-DXd yes, the stain decides.",
        "Erdafitinib no (no FGFR3).",
        "Restaging CT on T-DXd: 28 December 2026 (planned).",
    ],
)
def test_a_drug_that_is_only_named_is_neither_given_nor_planned(words):
    record = patient(f"Oncology clinic 20 November 2026.\n{words}")
    assert "therapies" not in record
    assert "planned" not in record


@pytest.mark.parametrize(
    "words", ["over since then", "over by January", "it has not come back", "which did not return"]
)
def test_a_drug_named_as_the_cause_of_a_side_effect_is_no_course(words):
    record = patient(
        "Clinic 30 January 2026. TCHP x 6, 8 August 2025 to 21 November 2025. "
        f"Diarrhoea G3 from pertuzumab in the first two cycles, {words}."
    )
    assert len(record["therapies"]) == 1
    (effect,) = record["toxicities"]
    assert effect["ongoing"] is False


def test_the_day_of_a_later_cycle_is_not_the_start():
    record = patient("Day unit 2 June 2026\nFor today: trastuzumab deruxtecan c5 (c1 10 March 2026, every 3 weeks)")
    assert record["therapies"][0]["start"] == "2026-03-10"
    eribulin = patient("Clinic 1 October 2026\nAug 2026-present - Eribulin, C2 given 21 September 2026.")
    assert eribulin["therapies"][0]["start"] == "2026-08"


@pytest.mark.parametrize(
    ("words", "gene", "value"),
    [
        ("BRCA1 and BRCA2 without mutation in blood", "brca2", "wild_type"),
        ("KRAS and NRAS free of mutations", "nras", "wild_type"),
        ("RAS mutated", "nras", None),
        ("RAS wild type", "nras", "wild_type"),
    ],
)
def test_what_is_said_of_several_genes(words, gene, value):
    assert at(patient(f"Colon cancer, clinic 9 September 2026. {words}."), f"biomarkers.{gene}") == value


def test_what_another_column_did_not_test_is_no_result():
    table = (
        "Lung adenocarcinoma. Report 22 May 2026\n                     A: tissue panel     B: plasma\n"
        "fusions ALK RET      none                not assessed\n"
    )
    assert "biomarkers" not in patient(table)


@pytest.mark.parametrize("words", ["Pneumocystis PCR still out", "CMV PCR negative", "PCR of the lavage pending"])
def test_the_pcr_of_a_germ_is_no_response(words):
    assert at(patient(f"Breast cancer. Ward 14 April 2026. Bronchoscopy 13 April, {words}."), "cancer.residual") is None


def test_not_one_cell_left_is_a_complete_response():
    told = "Operation 19 November 2019. The surgeon said there was not one cancer cell left, pCR."
    assert at(patient("Breast cancer, 13 September 2026. " + told), "cancer.residual.status") == "pcr"
    denied = patient("Breast cancer, 13 September 2026. Mastectomy 19 November 2019: no pCR.")
    assert at(denied, "cancer.residual.status") == "residual"


def test_the_next_row_of_a_list_is_no_allergy():
    record = patient("Record 14 July 2026\nallergy        latex\nmedication     mesalazine; ondansetron prn\n")
    assert [one["substance"] for one in record["allergies"]] == ["latex"]
    assert {one["name"] for one in record["medications"]} == {"mesalazine", "ondansetron"}


def test_since_when_a_disease_lasts_is_not_since_when_its_medicine_is_taken():
    record = patient("Medicines: levothyroxine (underactive thyroid since 2015), candesartan (since 2019)")
    assert [one.get("since") for one in record["medications"]] == [None, "2019"]


def test_the_grade_behind_the_class_of_a_heart_failure_is_not_its_own():
    record = patient("Clinic 10 May 2026. Heart failure, NYHA II, after trastuzumab (fall of the EF, CTCAE grade 3)")
    assert "toxicities" not in record or record["toxicities"][0]["name"] != "heart failure"


def test_a_line_that_opens_with_an_abbreviation_is_a_new_statement():
    first = "For today the third line with T-DXd was given (c1 10 March 2026, every 3 weeks)"
    note = f"Day unit 2 June 2026\n{first}\nmBC, ER 90 % PR 0 %\n"
    assert "date" not in patient(note)["biomarkers"]["er"]


@pytest.mark.parametrize(
    ("words", "path", "day"),
    [
        ("22.06.: CEA 188 ug/l.", "labs.0.date", "2026-06-22"),
        ("TTE 20.05.: LVEF 61 %.", "cardiac.lvef.0.date", "2026-05-20"),
        ("CEA (22.06.) 188 ug/l, ratio 2.11.", "labs.0.date", "2026-06-22"),
    ],
)
def test_day_and_month_with_points(words, path, day):
    assert at(patient(f"Board, 25.06.2026. ECOG 1. {words}"), path) == day


def test_a_number_at_the_end_of_a_sentence_is_no_day():
    assert patient("Board, 25.06.2026. HER2 dual ISH ratio 2.11.")["specimens"][0]["ish"]["her2_cep17_ratio"] == "2.11"
