"""Specimens of one rank whose results differ: none governs, only what holds for all of them is known."""

from typing import Any

import pytest

from guidelines.cases import SCORING, TODAY, guideline
from her2nav.interpret import interpret_patient, to_json
from her2nav.interpret.results import PatientHer2
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth


def two(first: dict[str, Any], second: dict[str, Any], days: tuple[str | None, str | None]) -> PatientHer2:
    specimens = [
        {"id": name, "kind": "biopsy", "site": "primary", "collected": day, **more}
        for name, day, more in zip("ab", days, (first, second), strict=True)
    ]
    patient = Patient.model_validate({"specimens": specimens})
    return interpret_patient(patient, scoring=SCORING["breast"], guideline=guideline("breast"), as_of=TODAY)


def ihc(score: str, **ish: Any) -> dict[str, Any]:
    return {"ihc": {"score": score, "scoring": "breast"}, **({"ish": ish} if ish else {})}


SAME_DAY = ("2025-03-01", "2025-03-01")
UNDATED = (None, "2025-03-01")


@pytest.mark.parametrize(
    ("days", "flag", "step"),
    [(SAME_DAY, "rivals_of_one_day", "settle_rival_results"), (UNDATED, "rivals_without_order", "settle_rival_dates")],
)
def test_the_reason_names_both_results_and_what_settles_them(days: tuple, flag: str, step: str) -> None:
    result = two(ihc("3+"), ihc("1+"), days)
    assert result.overall.specimen is None
    assert result.overall.rivals == ("/specimens/0", "/specimens/1")
    assert result.overall.status.value == "unknown"
    assert result.overall.status.reason == flag
    assert result.next_tests[0].code == step
    raised = next(one for one in result.flags if one.code == flag)
    assert "a: IHC 3+, HER2 positive" in raised.clinical
    assert "b: IHC 1+, HER2 negative, low" in raised.clinical
    assert "disagree" in result.overall.policy
    assert to_json(result)["overall"]["rivals"] == ["/specimens/0", "/specimens/1"]


def test_what_both_say_is_known() -> None:
    result = two(ihc("3+"), ihc("2+", method="dual_probe", her2_cep17_ratio=3, her2_copy_number=8), SAME_DAY)
    assert result.overall.rivals
    assert result.overall.status.value == "positive"
    assert result.overall.status.final
    low = two(ihc("1+"), {"ihc": {"score": "0", "zero_subtype": "no_staining", "scoring": "breast"}}, SAME_DAY)
    assert low.overall.status.final
    assert low.overall.status.value == "negative"
    assert low.overall.expression.value == "unknown"
    assert low.overall.expression.possible == {"low", "zero"}


@pytest.mark.parametrize("days", [SAME_DAY, UNDATED])
def test_rivals_that_mean_the_same_alarm_nobody(days: tuple) -> None:
    equivocal = ihc("2+", method="dual_probe", her2_cep17_ratio=1.3, her2_copy_number=3.1)
    result = two(ihc("1+"), equivocal, days)
    assert result.overall.specimen is None  # a criterion on the score stays open
    assert (result.overall.status.value, result.overall.expression.value) == ("negative", "low")
    assert "disagree" not in result.overall.policy
    assert "mean the same" in result.overall.plain
    assert {"rivals_alike"} == {flag.code for flag in result.flags if flag.code.startswith("rivals")}
    assert not any(step.code.startswith("settle_rival") for step in result.next_tests)


def test_rivals_of_one_status_and_two_categories_are_not_alike() -> None:
    low = two(ihc("1+"), {"ihc": {"score": "0", "zero_subtype": "no_staining", "scoring": "breast"}}, SAME_DAY)
    assert "rivals_of_one_day" in {flag.code for flag in low.flags}


def test_nothing_is_converted_between_specimens_of_no_known_order() -> None:
    codes = {flag.code for flag in two(ihc("3+"), ihc("1+"), SAME_DAY).flags}
    assert "specimens_discordant" in codes
    assert not codes & {"converted_from_positive", "converted_to_positive"}


def test_equal_results_are_no_rivals() -> None:
    result = two(ihc("1+"), ihc("1+"), SAME_DAY)
    assert result.overall.specimen == "/specimens/1"
    assert result.overall.rivals == ()
    assert not result.flags


def test_an_older_positive_is_a_conversion_against_every_rival() -> None:
    specimens = [
        {"id": "old", "kind": "resection", "site": "primary", "collected": "2020-01-01", **ihc("3+")},
        {"id": "a", "kind": "biopsy", "site": "primary", "collected": "2025-03-01", **ihc("1+")},
        {"id": "b", "kind": "biopsy", "site": "primary", "collected": "2025-03-01", **ihc("0")},
    ]
    result = interpret_patient(
        Patient.model_validate({"specimens": specimens}),
        scoring="breast",
        guideline=guideline("breast"),
        as_of=TODAY,
    )
    assert "converted_from_positive" in {flag.code for flag in result.flags}
    assert result.ever_positive is Truth.MET
    assert result.overall.status.value == "negative"
