"""Values in the short forms of ward rounds, record extracts and board minutes."""

import pytest

from unit.intake.note_helpers import at, patient


def values(record, name):
    return [(one["value"], one["unit"], one.get("date")) for one in record["labs"] if one["name"] == name]


def test_the_unit_stands_in_the_cell_of_the_name():
    record = patient(
        "Extract 14.07.2026\nLAB                   16.06.2026     07.07.2026     ref\n"
        "Hb mmol/L             7.4 L          7.1 L          7.5-9.5\n"
        "ALAT U/L              61 H           39\nCreatinine (umol/L)   88             91\n"
    )
    assert values(record, "haemoglobin") == [("7.4", "mmol/L", "2026-06-16"), ("7.1", "mmol/L", "2026-07-07")]
    assert values(record, "alt") == [("61", "U/L", "2026-06-16"), ("39", "U/L", "2026-07-07")]
    assert values(record, "creatinine") == [("88", "umol/L", "2026-06-16"), ("91", "umol/L", "2026-07-07")]


def test_a_column_of_one_day_with_units_in_front():
    record = patient("Labs 3 May 2026\n| ALP, U/L | 120 |\n| Platelets (10*9/L) | 190 |\n")
    assert values(record, "alkaline_phosphatase")[0][:2] == ("120", "U/L")
    assert values(record, "platelets")[0][:2] == ("190", "10*9/L")


def test_short_names_of_blood_values():
    record = patient("Ward 14 April 2026. Lab 14/4/2026: leuco 11.9 G/l, neutro 10.1 G/l, crea 0.71 mg/dl")
    assert {one["name"] for one in record["labs"]} == {"wbc", "anc", "creatinine"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("EF was 64 % in March and is 57 % now (echo 5 October).", [("64", "2026-03"), ("57", "2026-10-05")]),
        ("EF was 60 % (March 2026) but has fallen to 48 % (MUGA 2 Nov).", [("60", "2026-03"), ("48", "2026-11-02")]),
        ("Echo 26 October: EF 66 % (April: 68 %).", [("68", "2026-04"), ("66", "2026-10-26")]),
        ("My heart: 62 % in May, 55 % in October.", [("62", "2026-05"), ("55", "2026-10")]),
        ("LVEF was 64% in 3/2026.", [("64", "2026-03")]),
    ],
)  # fmt: skip
def test_an_ejection_fraction_then_and_now(words, expected):
    record = patient(f"Clinic 20 November 2026. {words}")
    assert [(one["percent"], one.get("date")) for one in record["cardiac"]["lvef"]] == expected


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("Bed 11, woman, 57 y.", 57),
        ("Gynaecology, patient no. 7, woman, 71", 71),
        ("Gentleman, 66, seen in clinic", 66),
        ("Mrs Doe, 66, lives in Ghent with her husband, would travel.", 66),
        ("Three women, 50 men", None),
    ],
)
def test_an_age_behind_the_person(words, age):
    assert at(patient(f"Note of 14 April 2026.\n{words}"), "demographics.age") == age


@pytest.mark.parametrize("words", ["70,2 kg, 164 cm.", "70 kg at 164 cm", "70 kg / 164 cm", "Height 164 cm"])
def test_a_height_behind_the_weight(words):
    assert at(patient(f"Day unit 2 June 2026. {words}"), "demographics.height_cm") == "164"


def test_a_size_is_no_height():
    assert at(patient("Day unit 2 June 2026. A mass of 150 cm3, tumour 164 mm."), "demographics.height_cm") is None


def test_a_year_of_birth_after_its_letter():
    assert at(patient("Call 17 August 2026 about Mr Doe, b. 1951"), "demographics.birth_date") == "1951"


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("Gastric carcinoma, cT4a cN+ M1 (peritoneum).", "cancer.tnm.t", "cT4a"),
        ("Gastric carcinoma, cT3 N+ M1.", "cancer.tnm.m", "M1"),
        ("Gastric carcinoma, cT4a cN+.", "cancer.tnm.n", None),
        ("Adenocarcinoma of the sigmoid: pT3 pN2a (5/22), liver metastases = M1a.", "cancer.tnm.m", "M1a"),
        ("Serous carcinoma of the endometrium; FIGO 2009: IVB.", "cancer.stage", "IVB"),
        ("Serous carcinoma of the endometrium, FIGO (2018) IIIC1.", "cancer.stage", "IIIC1"),
        ("Adenocarcinoma of the sigmoid, G2, found 02/2023.", "cancer.diagnosed", "2023-02"),
        ("Carcinoma of the ovary, from the start (May 2022) FIGO IIIC.", "cancer.diagnosed", "2022-05"),
        ("Carcinoma of the ovary. Liver metastases, found 02/2023.", "cancer.diagnosed", None),
        ("Breast cancer, operated 2018. Came back Nov 2023, bone and liver.", "cancer.relapse_date", "2023-11"),
        ("Breast cancer. Neuropathy came back Nov 2023.", "cancer.relapse_date", None),
    ],
)
def test_stage_and_days_in_few_words(words, path, value):
    assert at(patient(f"Clinic 15 June 2026. {words}"), path) == value


@pytest.mark.parametrize(
    ("words", "cycles"),
    [
        ("T-DXd since 13 October 2025. 8 cycles, the last on 9 March 2026.", 8),
        ("T-DXd since 13 October 2025. Nine courses up to now.", 9),
        ("12 January 2026 - first Enhertu. I have had 12 infusions by now.", 12),
        ("FOLFOX 17.04.2023 - 25.09.2023, 12 x, PR.", 12),
        ("T-DXd since 13 October 2025. Four cycles of radiotherapy leave.", None),
    ],
)
def test_cycles_told_behind_the_course(words, cycles):
    assert patient(f"Clinic 13 September 2026. {words}")["therapies"][0].get("cycles") == cycles


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("ILD from T-DXd, grade 3.", "lung.grade", 3),
        ("Pneumonitis: yes, G1, seen on CT only, no steroids needed.", "lung.grade", 1),
        ("Never any ILD.", "lung.ild_history", "none"),
        ("Never had pneumonitis.", "lung.ild_history", "none"),
    ],
)
def test_what_is_said_of_the_lungs(words, path, value):
    assert at(patient(f"Clinic 14 April 2026. {words}"), path) == value


@pytest.mark.parametrize(
    ("words", "site", "day"),
    [
        ("Interval operation 30 August 2025, no tumour left.", None, "2025-08-30"),
        ("Operation 05.03.2026 (laparotomy).", None, "2026-03-05"),
        ("Sigmoid resection 14.03.2025: pT3 pN2a.", "colorectum", "2025-03-14"),
        ("Parotidectomy and neck dissection 3 May 2025.", "salivary_gland", "2025-05-03"),
    ],
)
def test_an_operation_with_its_day(words, site, day):
    (operation,) = patient(f"Clinic 1 June 2026. {words}")["procedures"]
    assert (operation["kind"], operation.get("site"), operation["date"]) == ("surgery", site, day)


@pytest.mark.parametrize(
    "words",
    [
        "June to October 2025 chemotherapy before the operation, six times.",
        "Seen 3 May 2026 after operation, well.",
        "The operation, 1.2 hours, is planned.",
    ],
)
def test_a_day_before_an_operation_is_not_its_own(words):
    assert "procedures" not in patient(f"Clinic 1 June 2026. {words}")


@pytest.mark.parametrize(
    "words", ["Two red cell concentrates on 11.05.2026.", "On 11.05.2026 he got 2 erythrocyte concentrates."]
)
def test_a_transfusion_by_its_product(words):
    (given,) = patient(f"Discharge 1 June 2026. {words}")["procedures"]
    assert (given["kind"], given["date"]) == ("transfusion", "2026-05-11")


def test_radiotherapy_in_fractions():
    record = patient("Record 14.07.2026\nRT | rectum 5 x 5 Gy | 21.10.2024 | 25.10.2024 |\n")
    (given,) = record["procedures"]
    assert (given["dose_gy"], given["date"], given["end"]) == ("25", "2024-10-21", "2024-10-25")


def test_the_method_in_the_bracket_of_each_value():
    record = patient("Letter 15 June 2026. LVEF 62 % 08/2025 -> 38 % 02.02.2026 (MUGA) -> 46 % 10.06.2026 (echo)")
    assert [one.get("method") for one in record["cardiac"]["lvef"]] == [None, "muga", "echo"]


def test_a_range_without_the_year_of_its_first_day():
    (course,) = patient("Letter 10.06.2026\nPaclitaxel, 3 cycles (02.03. to 18.05.2026).")["therapies"]
    assert (course["start"], course["end"]) == ("2026-03-02", "2026-05-18")


def test_fluorouracil_with_folinic_acid_is_one_course():
    (course,) = patient("Board 25.06.2026\n5-FU/FA + panitumumab 10/2023 - 08/2024, PD liver")["therapies"]
    assert set(course["drugs"]) == {"fluorouracil", "leucovorin", "panitumumab"}


def test_the_receptors_of_the_tissue_after_treatment_are_the_newer_ones():
    record = patient(
        "Conference 30.01.2026\nBefore treatment: cores of the breast 15.07.2025. Ductal, ER 30 %, PR 0 %.\n"
        "09.01.2026 lumpectomy, margins free. Residual tumour: ER 40 %, PR 0 %.\n"
    )
    assert record["biomarkers"]["er"]["percent"] == "40"


def test_flushing_with_urticaria_is_an_allergy():
    record = patient("Letter 9 September 2026. Flushing and urticaria, grade 2, so she is carboplatin-allergic.")
    assert [one["substance"] for one in record["allergies"]] == ["carboplatin"]
    assert "hot flushes" not in {one["name"] for one in record.get("toxicities", ())}


def test_the_row_of_a_form_that_speaks_of_the_brain():
    record = patient(
        "Screening sheet 2 December 2026\nTumour | lung adenocarcinoma, stage IVB\n"
        "5 | Brain | 2 metastases, 11 and 6 mm. SRS to both 20-Oct-2026. Dexamethasone ended 02-Nov-2026. "
        "MRI 16-Nov-2026: stable, nothing new, meninges free\n"
    )
    assert record["cancer"]["cns"] == {
        "status": "treated_stable",
        "lesions": 2,
        "largest_mm": "11",
        "last_local_therapy": "2026-10-20",
        "on_steroids": False,
        "steroid_free_since": "2026-11-02",
        "leptomeningeal": False,
        "last_imaging": "2026-11-16",
    }


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("CNS: 3 lesions, largest 8 mm; WBRT March 2026; MRI 28 April 2026 unchanged", "treated_stable"),
        ("Brain: one metastasis 8 mm; gamma knife 2 March 2026; MRI 28 April 2026 growing", None),
        ("Brain: one metastasis 8 mm; gamma knife planned 2 June 2026; MRI 28 April 2026 stable", None),
        ("Brain: no metastases, MRI 28 April 2026", "none"),
    ],
)
def test_the_state_of_the_brain_is_only_said_where_all_fits_together(row, status):
    assert at(patient(f"Breast cancer clinic 3 May 2026\n{row}\n"), "cancer.cns.status") == status


def test_the_criteria_of_a_protocol_tell_nothing_of_the_patient():
    record = patient(
        "Screening sheet 2 December 2026\nPneumonitis | yes: G1, seen on CT only, no steroids needed for it\n"
        'Protocol text: "Excl. 9: history of ILD that required steroids. Excl. 11: LVEF < 50 %."\n'
    )
    assert record["lung"]["ild_history"] == "history_no_steroids"


@pytest.mark.parametrize("words", ["Calcium, vitamin D. Penicillin allergy.", "Latex allergy.", "Penicillin allergy"])
def test_an_allergy_that_is_the_name_of_a_disease_too(words):
    (one,) = patient(f"Clinic 11 May 2026. {words}")["allergies"]
    assert one["substance"] in ("penicillin", "latex")


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("Mismatch repair proteins all present.", "biomarkers.mmr", "pMMR"),
        ("Mismatch repair proteins are preserved.", "biomarkers.mmr", "pMMR"),
        ("HBsAg neg, anti-HBc pos, HBV DNA not detectable.", "serology.hbv_dna", "undetectable"),
        ("Neuropathy of the feet still grade 2, from the paclitaxel.", "toxicities.0.due_to", "paclitaxel"),
        ("Alopecia gr 1 [docetaxel]", "toxicities.0.due_to", "docetaxel"),
        ("Neuropathy grade 2, paclitaxel was reduced.", "toxicities.0.due_to", None),
    ],
)
def test_results_and_causes_in_few_words(words, path, value):
    assert at(patient(f"Colon cancer clinic 9 September 2026. {words}"), path) == value


def test_the_day_of_a_pathologist_s_diagnosis_is_not_that_of_the_disease():
    report = "Microscopy: infiltrates of carcinoma.\nDiagnosis (21 Jan 2026): gastric adenocarcinoma, G2.\n"
    assert at(patient("Report 23 January 2026\n" + report), "cancer.diagnosed") is None
    letter = patient("Letter 23 March 2026. Gastric adenocarcinoma, diagnosis 21 Jan 2026.")
    assert at(letter, "cancer.diagnosed") == "2026-01-21"


def test_the_operation_and_its_name_are_one():
    (operation,) = patient("Clinic 1 June 2026. Operation (lumpectomy) on 12 April 2025.")["procedures"]
    assert (operation["site"], operation["date"]) == ("breast", "2025-04-12")
