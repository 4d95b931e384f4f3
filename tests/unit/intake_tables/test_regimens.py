"""The gap rule: single doses to courses and regimens, as its documentation says, whatever the order of the rows."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.omop.concepts import data_of
from her2nav.intake.omop.regimens import Dose, courses, regimens
from her2nav.intake.reading import Origin
from her2nav.knowledge.load import load_knowledge

DAY = date(2025, 1, 1)


def dose(drug: str, first: int, last: int | None = None, reason: str | None = None) -> Dose:
    """Return a dose so many days after the first day."""
    end = first if last is None else last
    origin = Origin("drug_exposure.csv", None, None, 2, "drug_exposure.drug_concept_id")
    return Dose(drug, DAY + timedelta(first), DAY + timedelta(end), reason, origin)


def test_doses_with_short_gaps_are_one_course() -> None:
    (one,) = courses([dose("a", 0), dose("a", 21), dose("a", 81)], 60)
    assert (one.first, one.last) == (DAY, DAY + timedelta(81))


def test_a_gap_of_one_day_more_is_a_new_course() -> None:
    found = courses([dose("a", 0), dose("a", 21), dose("a", 82)], 60)
    assert [(one.first - DAY).days for one in found] == [0, 82]


def test_a_supply_bridges_the_gap_until_its_last_day() -> None:
    (one,) = courses([dose("a", 0, 90), dose("a", 20, 30), dose("a", 150)], 60)
    assert (one.last - DAY).days == 150


def test_courses_that_begin_and_end_together_are_a_regimen() -> None:
    given_ = courses([dose("a", 0), dose("a", 21), dose("b", 1), dose("b", 22), dose("c", 0)], 60)
    found = regimens(given_, 3)
    assert [[one.drug for one in members] for members in found] == [["c"], ["a", "b"]]


def test_no_drug_gets_the_dates_of_another() -> None:
    given_ = courses([dose("a", 0), dose("a", 60), dose("b", 0), dose("b", 21)], 60)
    assert len(regimens(given_, 3)) == 2


def test_different_reasons_are_different_regimens() -> None:
    given_ = courses([dose("a", 0, reason="progression"), dose("b", 0, reason="toxicity")], 60)
    assert len(regimens(given_, 3)) == 2


def test_the_page_tells_the_rule_that_the_program_runs(root: Path) -> None:
    rules = data_of(load_knowledge()).regimens
    page = " ".join((root / "docs" / "intake_tables.md").read_text(encoding="utf-8").split())
    assert f"starts at most {rules.course_gap_days} days after the last one ended" in page
    assert f"first days and last days lie at most {rules.same_regimen_days} days apart" in page
    assert f"one of the last {rules.open_days} days is asked about" in page
    assert f"fractions at most {rules.radiotherapy_gap_days} days apart" in page


DOSES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(0, 30)), min_size=1, max_size=25)


@given(DOSES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(rows: list[tuple[str, int, int]], random: object) -> None:
    doses = [dose(drug, first, first + length) for drug, first, length in rows]
    shuffled = list(doses)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    shown = [[(c.drug, c.first, c.last) for c in members] for members in regimens(courses(doses, 60), 3)]
    assert shown == [[(c.drug, c.first, c.last) for c in m] for m in regimens(courses(shuffled, 60), 3)]


@given(DOSES)
def test_every_dose_is_in_one_course_and_courses_lie_apart(rows: list[tuple[str, int, int]]) -> None:
    doses = [dose(drug, first, first + length) for drug, first, length in rows]
    found = courses(doses, 60)
    assert sorted(map(repr, doses)) == sorted(repr(one) for course in found for one in course.doses)
    for drug in "abc":
        own = sorted((one for one in found if one.drug == drug), key=lambda one: one.first)
        for one, after in pairwise(own):
            assert (after.first - one.last).days > 60
    members = [course for group in regimens(found, 3) for course in group]
    assert len(members) == len(found)
