"""A course that goes on because the patient comes for one of its cycles, and reasons why others ended."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 June 2026\nMetastatic breast cancer, HER2 positive.\n"


@pytest.mark.parametrize(
    "words",
    [
        "Here for C12 trastuzumab deruxtecan.\nStarted trastuzumab deruxtecan 6 October 2025.",
        "Trastuzumab deruxtecan was started on 22 May 2026; she received the second administration today.",
        "Day 10 of cycle 2 trastuzumab deruxtecan. Trastuzumab deruxtecan was begun on 4 May 2026.",
        "Trastuzumab deruxtecan from 1 March 2026. I saw her prior to cycle 6.",
    ],
)
def test_who_comes_for_a_cycle_is_on_the_course(words):
    assert at(patient(HEAD + words), "therapies.0.ongoing") is True


@pytest.mark.parametrize(
    "words",
    [
        "Here for C12 trastuzumab deruxtecan.\nStarted trastuzumab deruxtecan 6 October 2025. C12 cancelled, ANC 0.4.",
        "Here for C12 trastuzumab deruxtecan.\nStarted trastuzumab deruxtecan 6 October 2025. We change treatment.",
        "Here for C12 trastuzumab deruxtecan.\nStarted trastuzumab deruxtecan 6 October 2025, last dose 2 June 2026.",
        "Here for C2 capecitabine.\nStarted trastuzumab deruxtecan 6 October 2025.",
        "Started trastuzumab deruxtecan 6 October 2025.",
    ],
)
def test_nothing_is_said_of_a_course_that_may_be_over(words):
    assert at(patient(HEAD + words), "therapies.0.ongoing") is not True


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Adjuvant capecitabine 8 July 2024 to December 2024, all 8 cycles.", "completed"),
        ("TCHP 12 April 2021 - 26 July 2021 (all given).", "completed"),
        ("TCHP 12 April 2021 - 26 July 2021, not all 6 cycles.", None),
        ("Lenvatinib 10.08.2025 - 12.10.2025 stop: toxicity (BP 190/105).", "toxicity"),
        ("Capecitabine December 2025 to 18 May 2026, progressive liver disease.", "progression"),
        ("Eribulin February 2024 until September 2024, when the CT showed new deposits in the liver.", "progression"),
        ("Eribulin February 2024 until September 2024; the CT showed no new deposits.", None),
    ],
)
def test_why_a_course_ended(words, reason):
    assert at(patient(HEAD + words), "therapies.0.reason_stopped") == reason
