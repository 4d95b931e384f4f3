"""Town and state of the home behind words for it, and towns that are somebody else's."""

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Clinic 13 November 2026\n"


@pytest.mark.parametrize(
    ("text", "city", "state", "country"),
    [
        ("Home: Cedar Falls, IA 50613", "Cedar Falls", "IA", "US"),
        ("Resides: Moose Jaw SK", "Moose Jaw", "SK", "CA"),
        ("She lives in Athens Georgia and has two cats.", "Athens", "GA", "US"),
        ("Age 61    Sex: [x] M  [ ] F    Lives in Yakima, WA (3 h by car)", "Yakima", "WA", "US"),
        ("Resident of Salem, Tamil Nadu", "Salem", "Tamil Nadu", "IN"),
        ("Residence       : Sangli, Maharashtra", "Sangli", "Maharashtra", "IN"),
        ("She is a fifty year old teacher from Bridgewater Nova Scotia.", "Bridgewater", "Nova Scotia", "CA"),
        ("Patientin     Frau XXXX, geb. 05.12.1959, Wohlen AG", "Wohlen", "AG", "CH"),
        ("RE: Mrs XXXX   DOB 30/01/1981   Sandy Bay TAS", "Sandy Bay", "TAS", "AU"),
        ("Mrs Jane Doe, DOB 14/06/1968, 9 Mill Street, Skipton", "Skipton", None, None),
        ("PATIENT     XXXX     DOB 22/09/1971\nADDRESS     Kinvara, Co. Galway", "Kinvara", None, None),
        ("He now lives with his wife in Kingston, Ontario.", "Kingston", "Ontario", "CA"),
        ("LIVES IN: Oil City, PA   WT: 71 kg", "Oil City", "PA", "US"),
        # What is no town, or not the patient's.
        ("Her daughter lives in Dallas, TX.", None, None, None),
        ("Her son, who lives in Austin, TX, will drive her.", None, None, None),
        ("She lives in West Virginia.", None, None, None),
        ("He lives in Northern Ontario.", None, None, None),
        ("Home: lives with her wife, independent", None, None, None),
        ("Home: Metformin 500 mg, aspirin", None, None, None),
        ("Biopsy of this patient from Boston, MA was reviewed.", None, None, None),
        ("Slides of the 62-year-old woman sent from Perth, WA were stained.", None, None, None),
        ("Mrs XXXX, DOB 30/01/1981, Dr Ann Price MD", None, None, None),
        ("Dr A Price\nAddress: Quincy, MA\nDear colleague", None, None, None),
        ("Email address: Austin, Texas", None, None, None),
        ("She will move to Tampa, FL next year.", None, None, None),
    ],
)
def test_town_and_state_of_the_home(text, city, state, country):
    place = at(patient(DAY + text), "demographics.location") or {}
    assert (place.get("city"), place.get("state"), place.get("country")) == (city, state, country)


def test_no_street_and_no_house_number_is_copied():
    record = patient(DAY + "Mrs Jane Doe, DOB 14/06/1968, 9 Mill Street, Skipton")
    assert "Mill" not in str(record)


def test_the_words_behind_an_unticked_sex_are_read_up_to_its_cell():
    record = patient(DAY + "Sex: [x] M  [ ] F    ECOG 1")
    assert (at(record, "demographics.sex"), at(record, "performance.ecog")) == ("male", 1)
