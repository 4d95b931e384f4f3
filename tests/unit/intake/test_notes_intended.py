"""Treatments that those who treat mean to give, and what leaves them open."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Clinic 12 June 2026\nMetastatic breast cancer. Letrozole from January 2024 until March 2026, progression.\n"
TUCATINIB = ["tucatinib", "capecitabine", "trastuzumab"]


@pytest.mark.parametrize(
    ("words", "drugs"),
    [
        ("Having discussed things, we plan to start tucatinib, capecitabine and trastuzumab.", TUCATINIB),
        ("After local treatment Dr Roe intends tucatinib + capecitabine + trastuzumab.", TUCATINIB),
        ("On 6 May we thought she ought to have carboplatin and paclitaxel.", ["carboplatin", "paclitaxel"]),
        ("We agreed to start fulvestrant and ribociclib once funding is in place.", ["fulvestrant", "ribociclib"]),
        ("I advise trastuzumab deruxtecan as the next treatment.", ["trastuzumab deruxtecan"]),
        ("Recommend trastuzumab deruxtecan; she would like to think about it.", None),
        ("We plan to start eribulin or capecitabine.", None),
        ("We plan to start eribulin if there is progression.", None),
    ],
)  # fmt: skip
def test_what_is_to_come(words, drugs):
    record = patient(HEAD + words)
    assert at(record, "planned.0.drugs") == drugs
    assert [one["drugs"] for one in record["therapies"]] == [["letrozole"]]


def test_a_start_to_come_does_not_lie_in_the_past():
    record = patient(HEAD + "We plan to start tucatinib, capecitabine and trastuzumab on 5th October.")
    assert at(record, "planned.0.start") in (None, "2026-10-05")


def test_a_day_to_come_is_kept():
    record = patient(HEAD + "We plan to start tucatinib, capecitabine and trastuzumab on 25 June 2026.")
    assert at(record, "planned.0.start") == "2026-06-25"


@pytest.mark.parametrize(
    "words",
    [
        "Previous everolimus pneumonitis counts against T-DXd; seen by the chest team 25.05.26.",
        "The low ejection fraction on trastuzumab speaks against pertuzumab.",
        "Her lung disease rules out trastuzumab deruxtecan.",
    ],
)
def test_what_speaks_against_a_drug_gives_none(words):
    given = [one["drugs"] for one in patient(HEAD + words)["therapies"]]
    assert not any({"trastuzumab deruxtecan", "pertuzumab"} & set(drugs) for drugs in given)
