"""The day of a letter by its place: above the addressee, above the signature, at the end of a stay."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "MR A SURGEON\nBreast Surgery\nSuite 2, Harbour House\n\n"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (HEAD + "9th July 2026\n\nDr B Colleague\nMedical Oncology\n\nDear B,\nBreast cancer.", "2026-07-09"),
        (HEAD + "14 March 2026\nDear Colleague,\nBreast cancer.", "2026-03-14"),
        (HEAD + "\n2 May 2026\n\nRE: Mrs XXXX\nBreast cancer.", "2026-05-02"),
        (
            "REPORT\n\nI declare that Mrs XXXX has breast cancer.\n\nRosario, 25/08/2026\nDra. XXXX, Oncologist",
            "2026-08-25",
        ),
        ("Breast cancer, ECOG 1.\n\nSão Paulo, 17/04/2026\n\nProf. XXXX", "2026-04-17"),
        ("Dear Dr XXXX,\nBreast cancer since 2020.\n\nYours sincerely, 3 July 2026", "2026-07-03"),
        (
            "PATHOLOGY\n\nPatient XXXX\nSurgery : 18/09/2026    Recd. on : 18/09/2026    Reported on : 28/09/2026",
            "2026-09-28",
        ),
        (
            "INSTITUTE\nLiquid biopsy\n\nSender     Ward 3\nBlood drawn     18.09.2026\nReport     27.09.2026",
            "2026-09-27",
        ),
        (
            "HOSPITAL\nWard of Oncology\n\n\nMr XXXX\n\nStay from 26.10.2026 to 30.10.2026\n\nGastric cancer.",
            "2026-10-30",
        ),
        ("LABORATORY\n58Y F\nColl 04-Mar-2026 09:12   Recd 04-Mar-2026 13:30   Final 09-Mar-2026", "2026-03-09"),
        # The day of something else.
        (HEAD + "Biopsy of the left breast taken\n9 July 2026\nDr B did it.", None),
        (HEAD + "Date of surgery:\n9 July 2026\nDr B did it.", None),
        (HEAD + "Breast cancer.\nShe was operated on in Rosario, 25/08/2026\nand Dr B agreed.", None),
        (HEAD + "Breast cancer.\nTreatment from 26.02.2026 to 30.06.2026 with capecitabine.", None),
        (HEAD + "Breast cancer.\nThe last CT report 27.09.2026 shows response.", None),
    ],
)
def test_the_day_of_a_letter(text, day):
    assert at(patient(text), "as_of") == day
