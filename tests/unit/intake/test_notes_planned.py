"""Treatments that a plan or a board decides on, and those that it leaves open."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Oncology clinic 12 October 2026.\nMetastatic breast cancer.\n"


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Recommendation: trastuzumab deruxtecan.", [["trastuzumab deruxtecan"]]),
        ("Plan: neoadjuvant EC x3 followed by docetaxel with trastuzumab x4, then mastectomy.",
         [["epirubicin", "cyclophosphamide"], ["docetaxel", "trastuzumab"]]),
        ("We discussed trastuzumab deruxtecan and she signed the consent form.", [["trastuzumab deruxtecan"]]),
        ("Recommendations: HER2-low, chemotherapy given -> T-DXd.", [["trastuzumab deruxtecan"]]),
        ("Decision: T-DXd if affordable.", [["trastuzumab deruxtecan"]]),
        ("Plan: T-DXd if HER2 is still positive in the new biopsy.", []),
        ("Plan: if progression -> tucatinib.", []),
        ("Recommend T-DXd; she would like to think about it.", []),
        ("T-DXd is not recommended.", []),
        ("Tamoxifen was proposed by the referring GP but never started.", []),
        ("Plan: trastuzumab and tucatinib as backup.", []),
        ("For MDT discussion regarding adjuvant T-DM1.", []),
    ],
)  # fmt: skip
def test_what_is_decided_is_planned(text, drugs):
    record = patient(HEAD + text)
    assert [one["drugs"] for one in record.get("planned", [])] == drugs
    assert "therapies" not in record


@pytest.mark.parametrize(
    "text",
    [
        "We agreed trastuzumab deruxtecan. First cycle is booked for 28 October 2026.",
        "Start T-DXd 5.4 mg/kg q3w 28 October 2026.",
        "T-DXd recommended, C1 28 October 2026.",
    ],
)
def test_the_first_day_of_what_is_planned(text):
    (course,) = patient(HEAD + text)["planned"]
    assert course["start"] == "2026-10-28"


def test_boxes_behind_what_they_tick():
    record = patient(HEAD + "Plan\nOffer docetaxel and trastuzumab   [ ]\nOffer T-DXd   [x]")
    assert [one["drugs"] for one in record["planned"]] == [["trastuzumab deruxtecan"]]
