"""Ejection fractions in tables and rows, and the older ones in brackets."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


def _found(text: str) -> set[tuple[str, str, str]]:
    found = patient(text).get("cardiac", {}).get("lvef", [])
    return {(str(one["percent"]), one.get("date", ""), one.get("method", "")) for one in found}


_WIDE = (
    "Date          Method     LVEF %    GLS %     Note\n"
    "21/02/2025    echo 2D    61        -19.1     start\n"
    "23/05/2025    MUGA       48\n"
    "30/09/2025    CMR        55        -         no scar\n"
)
_RULED = (
    "| Date | Method | LVEF (%) | GLS |\n|---|---|---|---|\n| 21/02/2025 | echo | 61 | -19.1 |\n"
    "| 23/05/2025 | MUGA | 48 | |\n| 30/09/2025 | CMR | 55 | - |\n"
)


@pytest.mark.parametrize(
    "rows",
    [
        _WIDE,
        _RULED,
    ],
)
def test_a_table_has_a_row_for_each_examination(rows):
    assert _found(f"Cardiology letter of 2 October 2025\n\nImaging\n{rows}\nShe walks well.") == {
        ("61", "2025-02-21", "echo"),
        ("48", "2025-05-23", "muga"),
        ("55", "2025-09-30", "mri"),
    }


def test_a_row_without_the_value_gives_none():
    rows = (
        "Date          Method     LVEF %    GLS %\n"
        "21/02/2025    echo       61        -19.1\n"
        "23/05/2025    echo                 -18\n"
        "30/09/2025    echo       n/a       35\n"
    )
    assert _found(f"Cardiology letter of 2 October 2025\n\n{rows}") == {("61", "2025-02-21", "echo")}


def test_other_columns_of_shares_are_no_ejection_fraction():
    rows = "Date          Method     FS %    EDV ml\n21/02/2025    echo       31      61\n"
    assert _found(f"Cardiology letter of 2 October 2025\n\n{rows}") == set()


def test_a_row_may_hold_several_days():
    text = "Seen 30/07/2026\nECHO (LVEF)   15/01/2026  66%    16/04/2026  62%    28/07/2026  58%"
    assert {one[:2] for one in _found(text)} == {("66", "2026-01-15"), ("62", "2026-04-16"), ("58", "2026-07-28")}


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("LVEF 56% by echo 2026-04-15 (51% in 2025-02)", ("51", "2025-02", "")),
        ("LVEF 56% (echo 2026-04-15); baseline 63% (MUGA 2025-02-03)", ("63", "2025-02-03", "muga")),
    ],
)
def test_an_older_value_stands_behind_the_new_one_and_its_day(text, older):
    assert _found(f"Seen 2026-05-01. {text}.") == {("56", "2026-04-15", "echo"), older}
