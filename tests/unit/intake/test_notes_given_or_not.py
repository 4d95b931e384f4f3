"""Sentences that name a drug and a day: of some it was given, of others it was not, and a reader must not mix them up.

`drugs_not_given.txt` was written without looking at the rules; those of the time took 32 of the 100 for treatment.
"""

from pathlib import Path

import pytest

from unit.intake.note_helpers import patient

HERE = Path(__file__).parent
HEAD = (
    "Oncology clinic 12 June 2026\n"
    "Metastatic breast cancer, HER2 low. Letrozole from January 2024 until March 2026, progression.\n\n"
)
DRUG = "trastuzumab deruxtecan"


def lines(name):
    return (HERE / name).read_text().splitlines()


def given(sentence):
    return [one for one in patient(HEAD + sentence + "\n")["therapies"] if DRUG in one["drugs"]]


@pytest.mark.parametrize("sentence", lines("drugs_not_given.txt"))
def test_not_given(sentence):
    assert given(sentence) == []


@pytest.mark.parametrize("sentence", lines("drugs_given.txt"))
def test_given(sentence):
    assert given(sentence) != []
