"""Shares of both hormone receptors behind both names."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


@pytest.mark.parametrize(
    ("text", "er", "pr"),
    [
        ("ER / PR (core)   100% / 85%", ("100", "positive"), ("85", "positive")),
        ("ER and PR 95% and 30%", ("95", "positive"), ("30", "positive")),
        ("ER/PR: 90/0%", ("90", "positive"), ("0", "negative")),
    ],
)
def test_two_shares_stand_in_the_order_of_the_names(text, er, pr):
    found = patient(f"Left breast cancer.\n{text}")["biomarkers"]
    shares = [(str(found[key]["percent"]), found[key]["status"]) for key in ("er", "pr")]
    assert shares == [er, pr]
