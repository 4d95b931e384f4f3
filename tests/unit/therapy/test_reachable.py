"""Every label and recommendation can be reached, every mechanism said, and every entry asks for what its words say."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from her2nav.facts.case import Case
from her2nav.files.yamlfile import parse_yaml
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.explain import Explainer
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth
from her2nav.report.option_words import approval_line, option_words
from her2nav.therapy.book import therapy_book
from her2nav.therapy.check import therapy_faults
from her2nav.therapy.labels import WORDING_UNVERIFIED, coverage, judge_label
from her2nav.therapy.options import advise

AS_OF = date(2026, 11, 20)
FILE = Path(__file__).with_name("witnesses.yaml")


@cache
def witnesses() -> dict[str, Any]:
    found: Any = parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name).data
    return found


def merged(one: Any, other: Any) -> Any:
    """Put two pieces of a record together: objects key by key, lists one after the other, else the later value."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one[key], value) if key in one else value for key, value in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return one + [item for item in other if item not in one]
    return other


def record(*names: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        found = merged(found, witnesses()["gates"].get(name, {}))
    return found


def book() -> Any:
    return therapy_book(load_knowledge())


@pytest.mark.parametrize("item", book().approvals, ids=lambda item: item.id)
def test_every_entry_can_be_reached(item: Any) -> None:
    names = [use.gate for use in item.gates if use.valid_to is None or use.valid_to.reached(AS_OF) is not Truth.MET]
    case = Case(Patient.model_validate(record(*names)), AS_OF, load_knowledge())
    result = judge_label(item, case, Explainer(case), book())
    assert result is not None
    closed = {gate.gate.id: gate.finding.reason for gate in result.with_truth(Truth.NOT_MET)}
    assert not closed
    open_ = {
        gate.gate.id: gate.finding.reason
        for gate in result.with_truth(Truth.UNKNOWN)
        if gate.finding.code != WORDING_UNVERIFIED and gate.gate.id not in witnesses()["judged_by_people"]
    }
    assert not open_


def test_every_gate_has_a_witness() -> None:
    held = set(witnesses()["gates"]) | set(witnesses()["judged_by_people"])
    assert set(book().gates) <= held


def test_no_entry_is_without_a_gate_that_its_words_name_and_no_mechanism_is_never_said() -> None:
    assert therapy_faults(load_knowledge()) == []


def test_the_running_first_line_antibodies_are_left_to_a_person_and_never_excluded() -> None:
    item = next(one for one in book().approvals if one.id == "G-BR-6")
    names = [use.gate for use in item.gates]
    fragment = {
        "therapies": [
            {"drugs": ["trastuzumab", "pertuzumab"], "setting": "metastatic", "start": "2026-03-01", "ongoing": True}
        ]
    }
    case = Case(Patient.model_validate(merged(record(*names), fragment)), AS_OF, load_knowledge())
    result = judge_label(item, case, Explainer(case), book())
    assert result is not None
    assert result.truth is Truth.UNKNOWN


def said_mechanisms(**fragment: Any) -> set[str]:
    base = {"demographics": {"age": 60}, "complete": {"therapies": True}, "therapies": []}
    case = Case(Patient.model_validate(merged(base, fragment)), AS_OF, load_knowledge())
    return {said.remark.id for said in advise(case, "US", "US").mechanisms}


def test_dual_antibodies_in_mutated_colorectal_cancer_are_warned_of_although_no_option_holds_them() -> None:
    specimen = {
        "kind": "resection", "collected": "2025-06-01", "ihc": {"score": "1+", "percent_cells": 60},
        "ngs": {"matrix": "tissue", "genes_covered": ["ERBB2"], "variants": ["ERBB2 p.V842I"]},
    }  # fmt: skip
    colorectal = {"cancer": {"tumour_type": "colorectal", "setting": "metastatic"}, "specimens": [specimen]}
    assert "R-crc-mutation-dual" in said_mechanisms(**colorectal)
    positive = merged(specimen, {"ihc": {"score": "3+", "percent_cells": 80}})
    assert "R-crc-mutation-dual" not in said_mechanisms(**{**colorectal, "specimens": [positive]})


def test_that_naked_antibodies_do_nothing_in_lung_cancer_is_said() -> None:
    assert "R-lung-trastuzumab" in said_mechanisms(cancer={"tumour_type": "NSCLC", "setting": "metastatic"})


EARLY = {
    "demographics": {"age": 45}, "complete": {"therapies": True},
    "cancer": {"tumour_type": "breast", "stage": "IIA", "tumour_size_mm": 31, "setting": "early"},
    "specimens": [{"kind": "biopsy", "collected": "2026-06-01", "ihc": {"score": "3+", "scoring": "breast"}}],
    "therapies": [],
}  # fmt: skip
OPERATED = {"procedures": [{"kind": "surgery", "site": "breast", "date": "2026-07-01"}]}
NOT_OPERATED = {"complete": {"procedures": True}}


@pytest.mark.parametrize(
    ("entry", "fragment", "truth"),
    [
        ("BR-T2-US", {}, Truth.UNKNOWN),
        ("BR-T2-US", OPERATED, Truth.MET),
        ("BR-T2-US", NOT_OPERATED, Truth.NOT_MET),
        ("BR-P3-US", {}, Truth.UNKNOWN),
        ("BR-P3-US", NOT_OPERATED, Truth.NOT_MET),
        ("BR-P2-US", {}, Truth.UNKNOWN),
        ("BR-P2-US", OPERATED, Truth.NOT_MET),
        ("BR-P2-US", NOT_OPERATED, Truth.MET),
        ("BR-D5-US", OPERATED, Truth.NOT_MET),
        ("BR-D5-US", NOT_OPERATED, Truth.MET),
        ("BR-P3-EU", NOT_OPERATED, Truth.NOT_MET),
        ("BR-P2-EU", OPERATED, Truth.NOT_MET),
        ("G-BR-2", OPERATED, Truth.NOT_MET),
    ],
)
def test_adjuvant_asks_for_an_operation_and_neoadjuvant_for_none(entry: str, fragment: Any, truth: Truth) -> None:
    item = next(one for one in book().approvals if one.id == entry)
    case = Case(Patient.model_validate(merged(EARLY, fragment)), AS_OF, load_knowledge())
    result = judge_label(item, case, Explainer(case), book())
    assert result is not None
    assert result.truth is truth


@pytest.mark.parametrize(
    ("entry", "jurisdiction", "country", "kind", "labels"),
    [
        ("G-BR-2", "US", "US", "covered", ("BR-P2-US",)),
        ("G-BR-2", "EU", "DE", "covered", ("BR-P2-EU",)),
        ("G-BR-2", "CN", "CN", "not_checked", ()),
        ("G-BR-2", "US", None, "depends", ("BR-P2-US", "BR-P2-EU")),
        ("G-BR-2", None, "BR", "depends", ("BR-P2-US", "BR-P2-EU")),
        ("G-BR-6", "US", "US", "off_label", ()),
        ("G-BR-6", "US", None, "depends", ()),
        ("G-BT-1", "US", "US", "not_checked", ()),
        ("BR-P2-US", "US", "US", None, ()),
    ],
)
def test_a_recommendation_names_its_labels_or_says_that_they_were_not_checked(
    entry: str, jurisdiction: str | None, country: str | None, kind: str | None, labels: tuple[str, ...]
) -> None:
    item = next(one for one in book().approvals if one.id == entry)
    found = coverage(item, book(), jurisdiction, assumed=country is None)
    assert (found.kind if found else None) == kind
    assert (found.labels if found else ()) == labels


@pytest.mark.parametrize(("jurisdiction", "country"), [("US", None), (None, "BR")])
def test_without_a_country_nothing_is_called_not_approved(jurisdiction: str | None, country: str | None) -> None:
    words = option_words(load_knowledge())
    for cancer in (
        {"tumour_type": "breast", "setting": "early"},
        {"tumour_type": "colorectal", "setting": "metastatic"},
    ):
        case = Case(Patient.model_validate({"cancer": cancer}), AS_OF, load_knowledge())
        for one in advise(case, jurisdiction, country).options:
            if one.approval.standing == "guideline":
                line = approval_line(one.label, words)
                assert "Not approved" not in line.plain
                assert "depends on the country" in line.plain
                assert "off label" not in line.clinical


PRETREATED = {"therapies": [{"drugs": ["oxaliplatin", "capecitabine"], "setting": "metastatic", "start": "2024-01-01"}]}


def test_colorectal_dual_antibodies_in_untreated_disease_are_left_to_judgement() -> None:
    names = ["colorectal", "advanced", "her2_positive_by_tumour", "ras_wild_type", "braf_wild_type", "adult"]
    untreated = merged(record(*names), {"complete": {"therapies": True}, "therapies": []})
    case = Case(Patient.model_validate(untreated), AS_OF, load_knowledge())
    for entry in ("G-CR-1", "G-CR-2"):
        item = next(one for one in book().approvals if one.id == entry)
        result = judge_label(item, case, Explainer(case), book())
        assert result is not None
        # The notes name no line, so that untreated disease is left to a clinician and treated disease is not.
        assert result.truth is Truth.UNKNOWN
        treated = Case(Patient.model_validate(merged(record(*names), PRETREATED)), AS_OF, load_knowledge())
        after = judge_label(item, treated, Explainer(treated), book())
        assert after is not None
        assert after.truth is Truth.MET


def test_neratinib_for_a_mutation_is_not_for_her2_positive_disease() -> None:
    item = next(one for one in book().approvals if one.id == "G-BR-9")
    assert "her2_not_positive" in [use.gate for use in item.gates]
