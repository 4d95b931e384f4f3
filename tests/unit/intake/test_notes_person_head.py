"""Age and sex in the line of a note that names the patient."""

import pytest

from unit.intake.note_helpers import at, patient

REST = "\nDate: 12 June 2026\nMetastatic colon cancer, HER2 IHC 3+.\n"


def person(line):
    """Return age and sex that are read from the head of a note."""
    record = patient(f"MEETING OF THE BOARD\n{line}{REST}")
    return at(record, "demographics.age"), at(record, "demographics.sex")


@pytest.mark.parametrize(
    ("line", "age", "sex"),
    [
        ("CASE 4     Doe, Jo      PHN 9 0217 44310     F 63     presented by: Dr. Roe", 63, "female"),
        ("Case 7 of 14     Initials XX, female, 71     Presenting: Dr Roe", 71, "female"),
        ("Pt       DOE, Jo  M  67    NHS 4xx xxx 8812   Hosp D118204", 67, "male"),
        ("Patient Jo Doe      73 / M      Colon cancer, metastatic", 73, "male"),
        ("Patient: Jo Doe    Male   71 yrs    NHS No 943 476 5919", 71, "male"),
        ("Consultant: Roe / Poe        M  66        Ref from: DGH", 66, "male"),
        ("10/21/2026    Doe, Jo T.    MRN 88-310422    49 y.o. F    PCP: Roe", 49, "female"),
        ("Received 08/19/2026. Patient: XXXX, F, 47.", 47, "female"),
        ("Lab no. H26-1    Pt XXXX XXXX    M    b. 05/12/1961", None, "male"),
        ("Patient: Jo Doe     DOB 07/08/1968     F      MRN 4", None, "female"),
        ("Case 9   44 yr, premenopausal, ECOG 0", 44, "female"),
        ("Chair: Dr Roe, M", None, None),
        ("Case 9   presented by Roe   F", None, None),
        ("Station M   27 beds", None, None),
        ("Case 9   Mother: F 63", None, None),
    ],
)
def test_the_cells_of_the_line_of_the_name(line, age, sex):
    assert person(line) == (age, sex)


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("I saw Jo, who is 63, with his wife.", 63),
        ("He lives alone, he is 74 (turned 74 in June).", 74),
        ("Age at collection: 59", 59),
        ("His scan, which is 14 days old, was read.", None),
    ],
)
def test_the_age_in_a_sentence(words, age):
    assert at(patient(f"Clinic{REST}{words}"), "demographics.age") == age


def test_a_number_of_the_hospital_ends_with_its_cell():
    record = patient(f"MRN 88-310422    DOB 07/08/1968     F{REST}")
    assert at(record, "demographics.birth_date") in ("1968-08-07", "1968-07-08", "1968")
    assert "88-310422" not in str(record)
