"""Dates of notes: order of day and month, parts, years that are not written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.notes.dates import find_dates, find_order, written_dates
from unit.intake.note_helpers import at, patient, read


def dates(text, order=None, day=date(2026, 1, 15)):
    return [str(one.value) for one in find_dates(written_dates(text.lower()), text.lower(), order, day)]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2025-06-03", None, "2025-06-03"),
        ("2025/06/03", None, "2025-06-03"),
        ("2025.6.3", None, "2025-06-03"),
        ("seen in 2025.06", None, "2025-06"),
        ("03/06/2025", "dmy", "2025-06-03"),
        ("03/06/2025", "mdy", "2025-03-06"),
        ("03/06/2025", None, "2025"),
        ("06/06/2025", None, "2025-06-06"),
        ("25/06/25", None, "2025-06-25"),
        ("8 Jul 2025", None, "2025-07-08"),
        ("Jul 8, 2025", None, "2025-07-08"),
        ("3 de abril de 2024", None, "2024-04-03"),
        ("March 2025", None, "2025-03"),
        ("completed 3/2025", None, "2025-03"),
        ("since 2011", None, "2011"),
        ("bloods 12/01", "dmy", "2026-01-12"),
        ("off dex since 07/25", "dmy", "2025-07"),
        ("dob 14/05/73", "dmy", "1973-05-14"),
        ("3 months ago", None, "2025-10"),
    ],
)
def test_written_and_meant(text, order, expected):
    assert dates(text, order) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        *("bp 128/76", "allred 8/8", "asco/cap 2018", "nodes 3/12", "her2 2+", "99/99/2025", "31/02/2025"),
        *(
            "pt2 n1a (2/14) m0",
            "ypn1 2/11",
            "pn1(sn) (1/3)",
            "alnd 4/15",
            "axilla 3/12",
            "with 2/11 nodes",
            "(1/2 sln)",
        ),
    ],
)
def test_no_date(text):
    assert dates(text, "dmy") == []


def test_order_is_settled_by_the_note_itself():
    assert find_order(written_dates("14/05/2024 and 03/04/2025")) == ("dmy", False)
    assert find_order(written_dates("05/14/2024 and 03/04/2025")) == ("mdy", False)
    assert find_order(written_dates("03/04/2025")) == (None, False)
    assert find_order(written_dates("14/05/2024 and 05/14/2024")) == (None, True)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("seen on 9th september 2026, bloods 8/9/26", "dmy"),
        ("seen on 9 september 2026, bloods 8/9/26", None),
        ("seen on september 9th, 2026, bloods 8/9/26", None),
        ("seen on 9th september 2026, scan june 3, 2026, bloods 8/9/26", None),
        ("seen on 9th september 2026, bloods 9/18/26", "mdy"),
    ],
)
def test_a_day_written_before_its_month_with_its_ending_settles_the_order(text, order):
    assert find_order(written_dates(text)) == (order, False)


def test_an_open_order_is_asked_about_and_only_the_year_taken():
    text = "Breast cancer. Started capecitabine 02/03/2025."
    reading = read(text)
    assert at(reading.patient, "therapies.0.start") == "2025"
    assert "date_order" in {question.code for question in reading.questions}
    assert at(read(text, order="dmy").patient, "therapies.0.start") == "2025-03-02"
    assert at(read(text, order="mdy").patient, "therapies.0.start") == "2025-02-03"


@pytest.mark.parametrize("head", ["Oncology follow up 03/04/2026", "Date: 03/04/2026", "Clinic note\n03/04/2026"])
def test_a_note_whose_day_is_open_does_not_take_another_day_for_it(head):
    text = f"{head}\nBreast cancer, mastectomy 10 July 2024.\nToday: ECOG 1. Platelets 188 x10^9/L."
    reading = read(text)
    assert at(reading.patient, "as_of") is None
    assert at(reading.patient, "labs.0.date") is None
    assert "date_order" in {question.code for question in reading.questions}
    assert at(read(text, order="dmy").patient, "as_of") == "2026-04-03"
    # A labelled day further on is the note's own.
    assert at(read(f"{text}\nReported: 9 April 2026").patient, "as_of") == "2026-04-09"


@given(st.dates(date(1990, 1, 1), date(2025, 12, 31)), st.sampled_from(["dmy", "mdy"]))
def test_every_day_is_read_back(day, order):
    written = day.strftime("%d/%m/%Y" if order == "dmy" else "%m/%d/%Y")
    assert dates(f"on {written},", order) == [day.isoformat()]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Mar 25 - Nov 25 capecitabine, stopped for progression", "2025-03", "2025-11"),
        ("capecitabine Mar 24 to Oct 25", "2024-03", "2025-10"),
    ],
)
def test_months_with_two_figures_of_a_range_are_years(text, start, end):
    (course,) = patient(f"Seen 12 May 2026. Metastatic breast cancer.\n{text}")["therapies"]
    assert (course["start"], course["end"]) == (start, end)


def test_months_close_together_may_be_days_and_stay_open():
    record = patient("Seen 12 May 2026. Breast cancer.\nCapecitabine Jan 18 - Feb 20.")
    assert all("2018" not in str(one.get("start")) for one in record.get("therapies", []))


@pytest.mark.parametrize(
    "line",
    [
        "Reported: 16 September 2026   Biomarkers finalized: 22 September 2026",
        "Report date: 16 September 2026   Supplementary results incorporated: 22 September 2026",
    ],
)
def test_the_newest_words_of_a_report_give_its_day(line):
    assert at(read(f"Pathology\n{line}\nBreast, core biopsy: HER2 2+.").patient, "as_of") == "2026-09-22"
