"""Numbers at, just below and just above a cut-off; nothing is rounded."""

from decimal import Decimal

import pytest

from her2nav.interpret.intervals import Interval, as_reported, cells, quotient

D = Decimal


def parse(text: str) -> Interval:
    return Interval.parse(text, D(0), D(100))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">10", ["10.0000001", "100"], ["10", "10.0", "9.9"]),
        (">=10", ["10", "10.00"], ["9.9999999"]),
        ("<=10", ["0", "10"], ["10.1"]),
        ("<2.0", ["1.9999999999"], ["2", "2.0"]),
        (">=4.0 & <6.0", ["4", "5.99"], ["6", "3.999"]),
        (">0 & <=10", ["0.1", "10"], ["0"]),
        ("50", ["50", "50.0"], ["49.9", "50.1"]),
    ],
)
def test_comparisons_are_exact(text: str, inside: list[str], outside: list[str]) -> None:
    assert all(parse(text).holds(D(value)) for value in inside)
    assert not any(parse(text).holds(D(value)) for value in outside)


@pytest.mark.parametrize("text", ["", "abc", ">", "10 %", ">=6 & <4", ">4 & <4", ">101", "4-6", ">10 | <4"])
def test_what_is_not_a_comparison_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"comparison|no number|outside"):
        parse(text)


def test_every_cut_off_is_a_cell_of_its_own() -> None:
    parts = cells(D(0), D(100), {D(10)})
    assert [part.exact for part in parts] == [True, False, True, False, True]
    assert sum(part.holds(D(10)) for part in parts) == 1


def test_a_reported_number_stands_for_all_that_round_to_it() -> None:
    assert as_reported(D("2.4")) == Interval(D("2.35"), D("2.45"))
    assert as_reported(D("4")) == Interval(D("3.5"), D("4.5"))
    assert as_reported(D("0.0")).low == 0


def test_a_quotient_of_reported_means_covers_their_rounding() -> None:
    ratio = quotient(as_reported(D("4.0")), as_reported(D("2.0")), D(100))
    assert ratio.holds(D("1.95"))
    assert ratio.holds(D("2.05"))
    assert not ratio.holds(D("2.2"))
    assert quotient(Interval.point(D(4)), Interval(D(0), D(1)), D(100)).high == 100
