"""What is left of a line is shown; other languages are said; scans, columns and other genes' stains mislead nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.scan import unscanned
from her2nav.intake.notes.source import note_of
from her2nav.intake.reading import Reading
from her2nav.knowledge.load import load_knowledge
from unit.intake.note_helpers import at, patient


def read(text: str) -> Reading:
    return read_notes([note_of(text, "note")], load_knowledge())


def parts(reading: Reading) -> list[str]:
    return [one.text for one in reading.unused if one.part]


def test_copy_number_behind_a_ratio_is_read():
    reading = read("HER2 FISH: amplified, ratio 3.1, copy number 7.2")
    (sample,) = reading.patient["specimens"]
    assert sample["ish"] == {
        "her2_cep17_ratio": "3.1", "her2_copy_number": "7.2", "result": "positive", "method": "dual_probe",
    }  # fmt: skip
    assert reading.unused == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("HER2 FISH: amplified, ratio 3.1, 40 nuclei, polysomy", ["polysomy"]),
        ("HER2 IHC 2+, heterogeneous", ["heterogeneous"]),
        ("ECOG 1, seen in room 17", ["seen in room 17"]),
        ("HER2 IHC equivocal (score 2+)", []),
        ("ECOG 1", []),
    ],
)
def test_what_a_used_line_leaves_is_shown(text, left):
    assert parts(read(text)) == left


def test_a_line_without_value_is_no_part():
    (line,) = read("ECOG 1\nThe weather was fine on day 3").unused
    assert (line.line, line.part) == (2, False)


@given(st.integers(10, 99), st.integers(100, 999))
def test_no_number_of_a_used_line_is_lost(first, second):
    reading = read(f"ECOG 2, bed {first}, file {second}")
    shown = " ".join(parts(reading))
    assert str(first) in shown
    assert str(second) in shown


@pytest.mark.parametrize(
    ("text", "language", "score"),
    [
        ("Befund: invasives Mammakarzinom der linken Brust, HER2 3+, keine Metastasen", "German", "3+"),
        ("Biopsie du sein: carcinome infiltrant, HER2 2+ dans les cellules", "French", "2+"),
        ("Carcinoma infiltrante della mammella, HER2 3+, paziente con metastasi", "Italian", "3+"),
        ("Carcinoma da mama, HER2 1+, paciente com biópsia em 2024", "Portuguese", "1+"),
        ("HER2 3+, biopt van de linker mamma met positieve ER, geen metastasen", "Dutch", "3+"),
        ("Biopsja piersi: rak naciekający, HER2 3+ w komórkach nowotworowych", "Polish", "3+"),
        ("Meme biyopsi: invaziv karsinom, HER2 2+ olarak saptandı, FISH yapılmadı", "Turkish", "2+"),
        ("Заключение: HER2 3+ при ИГХ", "Russian", "3+"),
        ("乳腺癌穿刺活检：免疫组化HER2（3+）", "Chinese", "3+"),
        ("乳癌の針生検 HER2 スコア3+", "Japanese", "3+"),
    ],
)
def test_other_languages_are_said_and_scores_read(text, language, score):
    reading = read(text)
    assert f"the note is in {language}" in (reading.partial or "")
    assert [one["ihc"]["score"] for one in reading.patient["specimens"]] == [score]
    assert set(reading.patient) <= {"specimens", "as_of"}


@pytest.mark.parametrize(
    "text",
    [
        "Befund der Patientin: HER2 nicht 3+ bei der Diagnose",
        "Biopsie de la patiente: pas de HER2 3+ dans les cellules",
        "Biopsja piersi i rozpoznanie: nie stwierdzono HER2 3+",
        "乳腺癌：未见HER2（3+）",
    ],
)
def test_a_denial_in_another_language_takes_the_value_away(text):
    reading = read(text)
    assert "specimens" not in reading.patient
    assert reading.partial is not None


def test_spanish_is_said_and_still_read():
    reading = read("Paciente mujer de 58 años con cáncer de mama. Biopsia: HER2 3+. ECOG 1")
    assert "Spanish" in (reading.partial or "")
    assert reading.patient["performance"] == {"ecog": 1}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Stanzbiopsie Mamma, invasives Karzinom. HER2 IHC: Score 3+. Östrogenrezeptor positiv. MMR: nein.", "German"),
        ("Prélèvement gastrique. HER2 IHC score 3+. Adénocarcinome. dMMR: non.", "French"),
        ("Esame istologico: carcinoma gastrico, HER2 IHC score 3+. dMMR: non. Anatomia patologica.", "Italian"),
    ],
)
def test_a_terse_report_in_another_language_is_known_for_one(text, language):
    reading = read(text)
    assert f"the note is in {language}" in (reading.partial or "")
    assert set(reading.patient) == {"specimens"}


@pytest.mark.parametrize("cue", ["geb. ", "geboren am ", "Nato il ", "née le ", "Geboortedatum: ", "nacida el ", ""])
def test_a_birth_is_not_the_day_of_the_note(cue):
    reading = read(f"J. Doe, {cue}14.03.1961\nHER2 IHC 3+, specimen of 2025-09-04.\n")
    assert "1961" not in str(reading.patient.get("as_of"))


def test_english_is_not_called_partial():
    assert read("58 year old woman with breast cancer. HER2 IHC 3+.").partial is None


def test_no_treatment_to_date_closes_the_list():
    reading = read("Gastric cancer. HER2 IHC 2+ by gastric scoring (4B5).\nTx: none to date, no surgery")
    assert (reading.patient["therapies"], reading.patient["complete"]) == ([], {"therapies": True})
    assert reading.patient["specimens"][0]["ihc"]["scoring"] == "gastric"


@pytest.mark.parametrize(
    "text",
    [
        "Breast cancer. No treatment to date. Started T-DXd 2024.",
        "No prior therapy for metastatic disease",
        "Tx: none tolerated",
    ],
)
def test_less_than_that_closes_nothing(text):
    assert "complete" not in read(text).patient


@pytest.mark.parametrize("text", ["ALK and ROS1 FISH negative. HER2 IHC 2+", "HER2 IHC 2+. EBER ISH: negative"])
def test_in_situ_hybridisation_of_others_is_not_her2s(text):
    (sample,) = read(text).patient["specimens"]
    assert "ish" not in sample


def test_a_score_behind_a_line_on_ish_is_its_own_sample():
    reading = read("Breast cancer. HER2 IHC 2+, FISH negative (primary biopsy). Liver biopsy 6 June 2025 HER2 3+.")
    found = {one["ihc"]["score"]: one for one in reading.patient["specimens"]}
    assert set(found) == {"2+", "3+"}
    assert "ish" not in found["3+"]


def test_results_in_columns_go_by_their_heading():
    table = (
        "Test          Admission    Discharge    Unit    Reference\n"
        "Haemoglobin   105          101          g/L     120-150\n"
    )
    (lab,) = read(f"Discharged: 9 May 2026\n{table}").patient["labs"]
    assert (lab["value"], lab["uln"], lab["lln"]) == ("101", "150", "120")


def test_columns_without_a_heading_are_asked_about():
    reading = read("Date: 9 May 2026\nHaemoglobin     105     101     g/L\n")
    assert "labs" not in reading.patient
    assert [one.code for one in reading.questions] == ["column"]


@pytest.mark.parametrize("text", ["pT1bN0M0", "HER2 0, CK20, PD-L1", "B0B and other words", "stage T1N0 of 10 l"])
def test_only_scans_are_put_right(text):
    assert unscanned(text) == text


@given(st.text(alphabet="aO0l1I .\nT-", max_size=60))
def test_scans_keep_their_length(text):
    assert len(unscanned(text)) == len(text)


def test_a_sequencing_report_fills_one_sample():
    report = (
        "FOUNDATIONONE CDx\nSPECIMEN SITE  Lymph Node\nDATE OF COLLECTION  03 Nov 2025\nGenomic Findings\n"
        "ERBB2 - A775_G776insYVMA   27.4%\n3 Disease relevant genes with no reportable alterations:\n  ALK  KRAS  MET\n"
        "ERBB2 amplification has been reported in 4% of lung adenocarcinomas.\n"
    )
    patient = read(report).patient
    (sample,) = patient["specimens"]
    assert sample["ngs"]["assay"] == "FoundationOne CDx"
    assert sample["ngs"]["variants"] == [{"gene": "ERBB2", "hgvs": "p.A775_G776insYVMA", "vaf_percent": "27.4"}]
    assert "amplification_call" not in sample["ngs"]
    assert {patient["biomarkers"][gene] for gene in ("alk", "kras", "met")} == {"wild_type"}
    assert "setting" not in patient.get("cancer", {})


def test_a_text_of_hardly_any_words_is_said_to_be_a_poor_scan():
    noise = note_of("HER2 " + "|~.;1l ;,I0 " * 60 + " abc", "note")
    assert noise.partial == "hardly any words are in it: a poor scan?"
    table = note_of("Haemoglobin 105 101 g/L 120-150\n" * 20, "note")
    assert table.partial is None


@pytest.mark.parametrize(
    ("text", "ratio"),
    [("HER2 IHC 2+, FISH not amplified, ratio 1.4", "1.4"), ("HER2 FISH: not done, ratio not 2.0", None)],
)
def test_the_denial_of_amplification_is_none_of_its_ratio(text, ratio):
    samples = read(text).patient.get("specimens", [{}])
    assert samples[0].get("ish", {}).get("her2_cep17_ratio") == ratio


@pytest.mark.parametrize(
    ("text", "ecog"),
    [
        ("PS was 0, now 2.", 2),
        ("ECOG 1 before, now 3", 3),
        ("ECOG 1, and he is now at home", 1),
        ("PS 1; bloods are now normal", 1),
    ],
)
def test_the_performance_status_of_today_counts_and_not_what_it_was(text, ecog):
    assert at(patient("Breast cancer clinic 3 March 2026.\n" + text), "performance.ecog") == ecog


def test_a_drug_of_a_regimen_that_was_suspended_is_no_course():
    course = "XELOX + trastuzumab, started 6/1/2026, 6 cycles.\nOxaliplatin suspended in cycle 4 due to neurotoxicity."
    assert len(patient("Metastatic gastric cancer, 3 May 2026.\n" + course)["therapies"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        "by the criteria developed for endometrial serous carcinoma",
        "following the guideline for gastric adenocarcinoma",
        "T-DXd is approved for lung cancer",
    ],
)
def test_a_disease_that_only_names_a_rule_is_not_the_tumour(words):
    record = patient(f"Gallbladder carcinoma, stage IV. Report 3 May 2026.\nHER2 IHC 3+, {words}.")
    assert at(record, "cancer.tumour_type") == "gallbladder"
