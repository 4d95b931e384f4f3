"""What a second reading of the treatment and safety facts found, held so that it stays found."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from her2nav.facts.case import Case
from her2nav.knowledge.bundle import CompiledFiles, load_bundle
from her2nav.knowledge.conflicts import conflict_file
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth
from her2nav.therapy.book import therapy_book
from her2nav.therapy.check import therapy_faults
from her2nav.therapy.disputed import disputed_options, disputed_safety
from her2nav.therapy.options import Advice, advise
from her2nav.therapy.safety_plan import Request, make_safety
from her2nav.therapy.safety_results import SafetyAnswer

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 20)
BEFORE, SINCE = date(2026, 8, 24), date(2026, 8, 25)


def case_of(day: date = TODAY, **record: Any) -> Case:
    known = {"demographics": {"birth_date": "1960-01-01"}, "therapies": [], "complete": {"therapies": True}}
    return Case(Patient.model_validate({**known, **record}), day, KNOWLEDGE)


def advice(country: str = "US", **record: Any) -> Advice:
    return advise(case_of(**record), country)


def safety(*drugs: str, day: date = TODAY, **record: Any) -> SafetyAnswer:
    return make_safety(case_of(day, **record), Request(drugs))


def given(drug: str, **more: Any) -> dict[str, Any]:
    return {"drugs": drug, "setting": "metastatic", "start": "2025-01-01", "ongoing": True} | more


def broken(name: str, **changed: Any) -> Knowledge:
    """The shipped knowledge with one file changed at its top level."""
    shipped = load_bundle()
    return Knowledge(type(shipped)({**shipped.files, name: {**shipped.files[name], **changed}}, "broken"))


# Contraindications


def test_a_contraindication_that_no_safety_sheet_says_is_a_fault() -> None:
    sheet = KNOWLEDGE.bundle.files["monitoring/drugs/trastuzumab.yaml"]
    silent = [{**line, "remarks": []} for line in sheet["contraindications"]]
    faults = therapy_faults(broken("monitoring/drugs/trastuzumab.yaml", contraindications=silent))
    assert sum("the safety sheet of trastuzumab does not say it" in fault for fault in faults) == 2


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"jurisdiction": "US"}, "is not of US"),
        ({"confidence": "V"}, "another confidence"),
        ({"remarks": ["C-EU-nothing"]}, "no contraindication 'C-EU-nothing'"),
        ({"remarks": ["C-EU-drug-allergy-tdm1"]}, "is about trastuzumab_emtansine"),
    ],
)
def test_a_safety_sheet_that_says_it_otherwise_is_a_fault(changed: dict[str, Any], fault: str) -> None:
    sheet = KNOWLEDGE.bundle.files["monitoring/drugs/zanidatamab.yaml"]
    lines = [{**line, **changed} if line.get("remarks") else line for line in sheet["contraindications"]]
    faults = therapy_faults(broken("monitoring/drugs/zanidatamab.yaml", contraindications=lines))
    assert any(fault in one for one in faults), faults


def test_severe_liver_disease_is_said_for_every_her2_drug() -> None:
    found = advice(
        cancer={"tumour_type": "gastric", "setting": "metastatic"},
        conditions=[{"name": "cirrhosis", "status": "active"}],
    )
    tdxd = next(one for one in found.options if one.approval.id == "GA-4-US")
    assert "C-any-liver" in {said.remark.id for said in tdxd.remarks}


# Hold rules


@pytest.mark.parametrize(("day", "rule", "flag"), [(BEFORE, "", "hold"), (SINCE, "_since_2026_08", "possible_hold")])
def test_the_unread_table_of_august_2026_holds_nothing_for_certain(day: date, rule: str, flag: str) -> None:
    record = {
        "therapies": [given("zanidatamab", start="2026-05-01")],
        "cardiac": {
            "nyha": "none",
            "lvef": [{"percent": 60, "date": "2026-04-20"}, {"percent": 45, "date": "2026-08-20"}],
        },
    }
    found = [one for one in safety("zanidatamab", day=day, **record).rules if one.rule.startswith("zanidatamab_lvef")]
    assert [(one.rule, one.flag) for one in found] == [(f"zanidatamab_lvef{rule}", flag)]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("adjuvant", {"any_symptomatic_heart_failure": "possible_hold"}),
        ("metastatic", {"tdm1_lvef_metastatic": "stop"}),
    ],
)
def test_heart_failure_is_judged_in_every_setting(setting: str, expected: dict[str, str]) -> None:
    record = {"therapies": [given("T-DM1", setting=setting)], "cardiac": {"nyha": "III"}}
    found = {one.rule: one.flag for one in safety("trastuzumab_emtansine", **record).rules if one.topic == "heart"}
    assert {name: found[name] for name in expected} == expected
    assert ("any_symptomatic_heart_failure" in found) == (setting == "adjuvant")


@pytest.mark.parametrize("drug", ["trastuzumab", "zanidatamab", "zongertinib", "margetuximab", "pertuzumab"])
def test_an_lvef_below_40_is_never_left_without_a_flag(drug: str) -> None:
    record = {
        "cancer": {"tumour_type": "breast", "setting": "early"},
        "therapies": [given(drug, setting="adjuvant")],
        "cardiac": {
            "nyha": "none",
            "lvef": [{"percent": 44, "date": "2024-12-20"}, {"percent": 38, "date": "2026-11-01"}],
        },
    }
    rules = make_safety(case_of(**record), Request((drug,), lvef_lln=Decimal(38))).rules
    flags = {one.flag for one in rules if one.rule.startswith(f"{drug}_lvef")}
    assert flags
    assert not flags & {"none", "unknown"}


def test_before_a_treatment_that_has_not_begun_the_newest_lvef_is_the_baseline() -> None:
    record = {"cardiac": {"nyha": "none", "lvef": [{"percent": 64, "date": "2026-11-08"}]}}
    line = next(one for one in safety("pertuzumab", **record).baseline if one.item == "lvef")
    assert line.requirement == "met"
    open_list = next(
        one for one in safety("pertuzumab", complete={"therapies": False}, **record).baseline if one.item == "lvef"
    )
    assert open_list.requirement == "unknown"


# Names and doses


def test_hylecta_is_trastuzumab_and_its_fixed_dose_is_one_of_its_levels() -> None:
    assert KNOWLEDGE.drugs.resolve("Hylecta").drugs == ("trastuzumab",)
    course = given("", drugs=[{"name": "Hylecta", "dose": "600", "unit": "mg"}])
    record = {"demographics": {"weight_kg": 70}, "therapies": [course]}
    assert [one.fits for one in safety("trastuzumab", **record).doses] == [None, None, True]


# Brain


def test_treated_and_stable_brain_metastases_bring_no_local_option() -> None:
    def local(status: str) -> set[str]:
        cns = {"status": status, "lesions": 2, "largest_mm": 18, "mass_effect": False}
        cancer = {"tumour_type": "breast", "metastatic_sites": ["brain"], "cns": cns}
        return {one.rule.id for one in advice(cancer=cancer, performance={"ecog": 1}).brain.local}

    assert local("treated_stable") == set()
    assert "B-srs" in local("active_or_progressing")


@pytest.mark.parametrize(("score", "said"), [("3+", True), ("1+", False)])
def test_the_advice_for_her2_positive_brain_metastases_asks_for_her2_positive(score: str, said: bool) -> None:
    cancer = {"tumour_type": "breast", "metastatic_sites": ["brain"], "cns": {"status": "active_or_progressing"}}
    found = advice(cancer=cancer, specimens=[{"kind": "biopsy", "collected": "2026-01-10", "ihc": {"score": score}}])
    assert ("B-systemic-breast" in {one.remark.id for one in found.brain.remarks}) is said


def test_lung_cancer_without_a_her2_alteration_is_not_told_of_its_brain_risk() -> None:
    found = advice(cancer={"tumour_type": "NSCLC", "setting": "metastatic"})
    assert "B-risk-lung" not in {one.remark.id for one in found.brain.remarks}


# Routes and remarks


@pytest.mark.parametrize(("reason", "open_"), [("progression", False), (None, True)])
def test_egfr_antibodies_are_no_route_after_they_failed(reason: str | None, open_: bool) -> None:
    therapies = [given("cetuximab", ongoing=False, end="2026-01-10", reason_stopped=reason)] if reason else []
    found = advice(
        cancer={"tumour_type": "colorectal", "setting": "metastatic"},
        therapies=therapies,
        biomarkers={"kras": "wild_type", "nras": "wild_type", "braf": "wild_type"},
    )
    assert ("O-egfr-crc" in {one.remark.id for one in found.routes}) is open_


@pytest.mark.parametrize("country", ["US", "EU", "CN"])
def test_what_holds_in_the_us_and_the_eu_is_not_said_elsewhere(country: str) -> None:
    specimens = [{"kind": "biopsy", "collected": "2026-01-10", "ihc": {"score": "1+"}}]
    found = advice(country, cancer={"tumour_type": "gastric", "setting": "metastatic"}, specimens=specimens)
    assert ("M-gastric-low" in {one.remark.id for one in found.markers}) == (country != "CN")


def test_verified_labels_of_other_places_come_first() -> None:
    found = advice("JP", cancer={"tumour_type": "breast", "setting": "metastatic"})
    held_back = [bool(one.label.held_back) for one in found.elsewhere]
    assert held_back == sorted(held_back)
    assert {True, False} == set(held_back)


# Where the sources disagree


def colorectal(**more: Any) -> Advice:
    return advice(
        cancer={"tumour_type": "colorectal", "setting": "metastatic"},
        specimens=[{"kind": "biopsy", "collected": "2026-01-10", "ihc": {"score": "3+", "percent_cells": 80}}],
        complete={"therapies": False},
        **more,
    )


def test_options_show_the_contradictions_of_what_they_show() -> None:
    shown = disputed_options(colorectal())
    names = [one.id for one in shown]
    # Results and the gate of the agnostic label, and the arm that the tucatinib label's results come from.
    assert {"A08", "D01", "D05"} <= set(names)
    severities = ["high", "medium", "low"]
    assert [severities.index(one.severity) for one in shown] == sorted(severities.index(one.severity) for one in shown)
    # Side effects are the safety plan's, lung cancer is another tumour.
    assert not {"D24", "D12", "C19"} & set(names)


def test_an_option_that_is_not_suitable_brings_no_contradiction() -> None:
    ruled_out = colorectal(biomarkers={"kras": ["G12D"]})
    assert "D01" in {one.id for one in disputed_options(colorectal())}
    assert "D01" not in {one.id for one in disputed_options(ruled_out)}


def test_the_safety_plan_shows_those_of_its_drugs() -> None:
    assert "D24" in {one.id for one in disputed_safety(case_of(), ["trastuzumab_deruxtecan"])}
    assert "D24" not in {one.id for one in disputed_safety(case_of(), ["neratinib"])}


def test_a_variant_on_record_brings_its_contradiction() -> None:
    panel = {"matrix": "tissue", "variants": ["ERBB2 I655V"], "genes_covered": ["ERBB2"]}
    found = advice(cancer={"tumour_type": "NSCLC", "setting": "metastatic"}, specimens=[{"ngs": panel}])
    assert "F04" in {one.id for one in disputed_options(found)}


def test_every_pattern_of_shown_facts_meets_a_contradiction() -> None:
    """A renamed key in either file would silently show nothing."""
    kinds = {fact.partition(":")[0] for one in conflict_file(KNOWLEDGE).conflicts for fact in one.facts}
    table = KNOWLEDGE.bundle.files["approvals/shown_facts.yaml"]
    patterns = [one for name, values in table.items() if name != "study_not_shown" for one in values]
    assert patterns
    assert {one.partition(":")[0] for one in patterns} <= kinds


# Failures that can be read


def test_knowledge_and_bundle_are_named_in_one_short_line() -> None:
    for one in (KNOWLEDGE, KNOWLEDGE.bundle, CompiledFiles({"a.yaml": b"x" * 1000})):
        assert len(repr(one)) < 80
    assert KNOWLEDGE.version in repr(KNOWLEDGE)


def test_a_gate_that_is_open_leaves_the_european_early_label_open() -> None:
    found = advice(
        "EU",
        cancer={"tumour_type": "breast", "setting": "early"},
        specimens=[{"kind": "biopsy", "collected": "2026-01-10", "ihc": {"score": "3+"}}],
    )
    label = next(one.label for one in found.options if one.approval.id == "BR-P2-EU")
    assert label.truth is Truth.UNKNOWN
    assert [gate.gate.id for gate in label.with_truth(Truth.UNKNOWN)] == [
        "not_operated",
        "high_risk_or_advanced_locally",
    ]


# A regimen that is being given


def running(**last: Any) -> Advice:
    induction = given("THP", start="2026-01-10", end="2026-06-10", ongoing=False, reason_stopped="planned_switch")
    maintenance = given(["trastuzumab", "pertuzumab"], setting="maintenance", start="2026-06-30") | last
    return advice(
        cancer={"tumour_type": "breast", "setting": "metastatic"},
        therapies=[induction, maintenance],
        specimens=[{"kind": "biopsy", "collected": "2026-01-02", "ihc": {"score": "3+"}}],
    )


def test_a_first_line_label_still_fits_while_it_is_being_given() -> None:
    option = next(one for one in running().options if one.approval.id == "BR-P1-US")
    assert option.given_now
    assert option.label.truth is Truth.MET
    assert option.reasons == ()


def test_progression_on_the_running_treatment_speaks_against_it() -> None:
    option = next(one for one in running(progression_date="2026-11-01").options if one.approval.id == "BR-P1-US")
    assert "Progression on pertuzumab is on record." in option.against


def test_another_first_line_label_does_not_fit_while_one_is_being_given() -> None:
    option = next(one for one in running().options if one.approval.id == "BR-D4-US")
    assert option.label.truth is Truth.NOT_MET


# The day that is asked about


@pytest.mark.parametrize(
    ("day", "first_line"), [(date(2026, 2, 25), False), (date(2026, 2, 26), True)], ids=["day before", "that day"]
)
def test_a_result_is_not_told_before_it_was_known(day: date, first_line: bool) -> None:
    label = next(one for one in therapy_book(KNOWLEDGE).approvals if one.id == "LU-2-US")
    assert any("first line" in text for text in label.results_on(day)) is first_line
    assert any("any line since" in text for text in label.notes_on(day)) is first_line
    assert any("pretreated" in text for text in label.results_on(day))
