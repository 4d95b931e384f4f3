"""What the guideline tests share: the shipped guidelines, golden rows, a short way to write a specimen."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Any

from her2nav.files.csvfile import parse_csv
from her2nav.files.validation import build
from her2nav.files.yamlfile import parse_yaml
from her2nav.interpret import Guideline, GuidelineSet, interpret_specimen
from her2nav.interpret.results import SpecimenHer2
from her2nav.model.errors import RuleDataError
from her2nav.model.specimens import Specimen

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "src" / "her2nav" / "data" / "guidelines"
TODAY = date(2026, 11, 20)
SCORING = {
    "breast": "breast",
    "salivary": "breast",
    "colorectal": "colorectal",
    "lung": "lung",
    "endometrial_serous": "endometrial_serous",
}


@functools.cache
def all_guidelines() -> tuple[Guideline, ...]:
    """Every guideline file, validated the way the data compiler does it."""
    files = sorted(DATA.glob("*/*.yaml"))
    return tuple(
        build(Guideline, parse_yaml(file.read_text(encoding="utf-8"), file.name), RuleDataError) for file in files
    )


@functools.cache
def guideline(folder: str, day: date = TODAY) -> Guideline:
    return GuidelineSet(all_guidelines()).on(folder, day)


def golden(name: str) -> list[Any]:
    """Rows of a golden CSV as pytest parameters, named by their id."""
    import pytest

    text = (HERE / f"{name}.csv").read_text(encoding="utf-8")
    return [pytest.param(row, id=row["id"]) for _, row in parse_csv(text, name, required=("id",))]


def interpret(folder: str, /, **specimen: Any) -> SpecimenHer2:
    """Interpret one specimen, written as in a patient file, under a folder's rules."""
    return interpret_specimen(
        Specimen.model_validate(specimen),
        0,
        scoring=SCORING.get(folder, "gastric"),
        guideline=guideline(folder),
        as_of=TODAY,
    )


def codes(result: SpecimenHer2) -> set[str]:
    return {flag.code for flag in result.flags}


def steps(result: SpecimenHer2) -> set[str]:
    return {step.code for step in result.next}


def called(value: str) -> tuple[str, bool]:
    """The word and finality of a golden status."""
    low = value.lower()
    if low.endswith("_if_recount_confirms"):
        return low.removesuffix("_if_recount_confirms"), False
    if low == "adjudicate":
        return "indeterminate", False
    return {"null": "zero"}.get(low, low), low in ("positive", "negative", "low", "ultralow", "null")
