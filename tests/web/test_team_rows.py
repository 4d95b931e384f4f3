"""The rows of a worklist: every one stands on one page, filters go together, and what can be chosen is there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.paging import paged
from her2nav.app.team_rows import ANY_NEWS, Row, Rows, Wanted, blocks

TRIALS = ("NCT00000001", "NCT00000002")


def row(number, trial, group="may_fit", question="ECOG", news=()):
    return Row(trial, group, f"P-{number}", question, f"k-{question}" if question else "", 0, "", tuple(news), ())


@pytest.fixture(scope="module")
def rows():
    made = [row(i, TRIALS[0], "fits", "") for i in range(30)]
    made += [row(i, TRIALS[0], news=("new_patient",) if i % 2 else ()) for i in range(200)]
    made += [row(i, TRIALS[1], question="HER2 test", news=("lost",) if not i else ()) for i in range(110)]
    return Rows({"trials": {one: {"title": f"Trial {one}"} for one in TRIALS}}, tuple(made), 0)


@given(st.integers(0, 400), st.integers(1, 60), st.integers(-3, 500))
def test_every_row_stands_on_one_page(total, most, number):
    items = list(range(total))
    pages = paged(items, most).pages
    assert [one for page in range(1, pages + 1) for one in paged(items, most, page).rows] == items
    shown = paged(items, most, number)
    assert 1 <= shown.number <= pages
    assert shown.rows or not items


def test_where_we_are(rows):
    shown = rows.page(Wanted(), 2)
    assert (shown.told, shown.pages) == ("rows 51–100 of 340", 7)
    assert rows.page(Wanted(), 7).told == "rows 301–340 of 340"
    assert rows.page(Wanted(), 99).rows == rows.page(Wanted(), 7).rows


def test_filters_go_together(rows):
    assert rows.page(Wanted(trial=TRIALS[0], group="fits"), 1).total == 30
    assert rows.page(Wanted(new=ANY_NEWS), 1).total == 101
    assert rows.page(Wanted(trial=TRIALS[1], new="lost"), 1).total == 1
    assert rows.page(Wanted(question="k-ECOG", new="new_patient"), 1).total == 100
    assert rows.page(Wanted(trial="NCT99999999"), 1).total == 0


def test_a_choice_says_how_many_rows_it_leaves(rows):
    wanted = Wanted(trial=TRIALS[0])
    for name, choices in rows.choices(wanted).items():
        for value, label in choices:
            left = rows.page(Wanted(**{**wanted.asked, name: value}), 1).total
            assert left > 0
            assert label.endswith(f"({left})")
    assert [value for value, _ in rows.choices(wanted)["trial"]] == list(TRIALS), "another trial can be chosen"


def test_rows_stand_under_their_trial_and_group(rows):
    found = list(blocks(rows.page(Wanted(), 5, 50).rows))
    assert [(trial, [(label, len(part)) for label, part in groups]) for trial, groups in found] == [
        (TRIALS[0], [("May fit", 30)]),
        (TRIALS[1], [("May fit", 20)]),
    ]


def test_a_run_is_read_again_when_its_file_changes(monkeypatch, tmp_path):
    from her2nav.web import worklists

    read = []
    monkeypatch.setattr(worklists, "rows_of", lambda _, folder: read.append(folder) or Rows({}, (), 0))
    file = tmp_path / worklists.FILE
    file.write_bytes(b"a")
    kept = worklists.Worklists()
    first = kept.of(None, tmp_path)
    assert kept.of(None, Path(tmp_path)) is first
    file.write_bytes(b"ab")
    assert kept.of(None, tmp_path) is not first
    assert len(read) == 2
