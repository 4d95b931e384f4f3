"""Names, numbers and addresses never reach the patient file, wherever they stand."""

import json

import pytest

from unit.intake.note_helpers import read

SECRETS = [
    "Quillfeather",
    "Zebediah",
    "00482913",
    "943 476 5919",
    "7788",
    "Larch Avenue",
    "SK4 2QP",
    "zq@example.org",
    "S25-10442",
]
NOTE = """Patient Name: Zebediah Quillfeather    MRN: 00482913   DOB: 22/03/1966
14 Larch Avenue, Stockport SK4 2QP   Tel: (555) 201-7788   zq@example.org
Accession: S25-10442   NHS No: 943 476 5919
Mr Zebediah Quillfeather is a 59-year-old man with metastatic gastric adenocarcinoma.
Mr Quillfeather's gastric biopsy of 10/03/2025 was HER2 3+ (reported by Dr Zebediah Quillfeather).
PMH: hypertension (Quillfeather clinic). Meds: amlodipine per Dr Quillfeather, call 0161 496 7788.
Allergies: penicillin (told by Mrs Quillfeather)
Treatment: CAPOX + trastuzumab 01/04/2025 to 20/08/2025, Mr Quillfeather tolerated it. ECOG 1.
"""


def everything(reading):
    parts = [reading.patient, [one.value for one in reading.provenance], [one.text for one in reading.unused]]
    parts += [one.origin.quote for one in reading.provenance]
    parts += [one.message for one in reading.questions] + [one.message for one in reading.contradictions]
    return json.dumps(parts, default=str)


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_of_a_person_is_copied(secret):
    assert secret in NOTE
    assert secret not in everything(read(NOTE))


def test_what_is_no_secret_is_still_read():
    record = read(NOTE).patient
    assert record["demographics"]["birth_date"] == "1966-03-22"
    assert record["specimens"][0]["ihc"]["score"] == "3+"
    assert record["performance"]["ecog"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "Patient: Herceptin, Jane",
        "Name: Florence Stomach",
        "Re: Mrs Lapatinib Brown",
        "Signed by Enhertu Perjeta, MD",
        "Hosp No: 3+2025",
    ],
)
def test_names_that_look_like_results_give_none(line):
    assert set(read(f"{line}\nClinic letter with no result.").patient) <= {"demographics"}


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("MRN: 00482913  Pt: JOHN Q QUILLFEATHER  63M, HER2 3+ gastric cancer", "QUILLFEATHER"),
        ("Patientin: Erika Quillfeather, geb. 12.03.1961, Magenkarzinom, HER2 3+", "Quillfeather"),
        ("Vorname: Erika; Befund: HER2 3+", "Erika"),
        ("UHID 20231144, gastric cancer, HER2 3+", "20231144"),
        ("Acct# 88812345, gastric cancer, HER2 3+", "88812345"),
    ],
)
def test_labels_of_persons_within_a_line_and_in_other_languages(line, secret):
    reading = read(line)
    assert secret not in everything(reading)
    assert reading.patient["specimens"][0]["ihc"]["score"] == "3+"
