"""Where a patient lives and the title of a hidden name; a hospital's town, and names of persons, are not taken."""

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Clinic 13 November 2026\n"


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("Concerning: Mrs. XXXX, born 17 January 1968, living in Utrecht, the Netherlands", "Utrecht", "NL"),
        ("She is 69 and lives in Leipzig (Germany).", "Leipzig", "DE"),
        ("Female, 57 years, Kanazawa (Japan).", "Kanazawa", "JP"),
        ("62-year-old woman from Pune, India", "Pune", "IN"),
        ("Mrs. XXXX, 61 years, female, resident of Nagpur", "Nagpur", "IN"),
        ("She lives in Leeds with her husband.", "Leeds", "GB"),
        ("Re: Mr. XXXX, d.o.b. 24 October 1959, Enschede, the Netherlands", None, "NL"),
        ("He lives in Canada.", None, "CA"),
        ("He lives in Birmingham.", None, None),  # of two countries
        ("XXXX Hospital, Parel, Mumbai, India", None, None),
        ("Biopsy from Paris, France.", None, None),
        ("She lives in a nursing home.", None, None),
    ],
)
def test_the_place_is_that_of_the_patient(text, city, country):
    record = patient(DAY + text)
    assert (at(record, "demographics.location.city"), at(record, "demographics.location.country")) == (city, country)


def test_a_name_in_front_of_a_country_is_not_taken_for_a_town():
    assert "Silva" not in str(patient(DAY + "Patient 54 years, Maria Silva, Brazil."))


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Re: Mr. John Doe, d.o.b. 24 October 1959", "male"),
        ("Dear Mr. Smith\nRe: Mrs Jane Doe, born 1 February 1960", "female"),
        ("Dear Mr. Smith\nThank you for your letter.", None),
        ("Initials X.X. / Male / date of birth 21 August 1955", "male"),
    ],
)
def test_the_title_of_a_hidden_name_gives_the_sex(text, sex):
    assert at(patient(DAY + text), "demographics.sex") == sex
