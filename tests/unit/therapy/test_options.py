"""Options: what is held back, what speaks against, what an option closes, what is said where nothing is held."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.options import OptionsAnswer, options
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.files.validation import build
from her2nav.intake.patient_file import check_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.explain import Explainer
from her2nav.model.errors import InputError, UnknownName
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.book import therapy_book
from her2nav.therapy.labels import judge_label
from her2nav.therapy.options import Advice, Category, Option, advise

TODAY = date(2026, 11, 20)
KNOWN = {"demographics": {"birth_date": "1960-01-01"}, "complete": {"therapies": True}, "therapies": []}


def case_of(day: date = TODAY, **record: Any) -> Case:
    return Case(Patient.model_validate({**KNOWN, **record}), day, load_knowledge())


def option(entry: str, country: str = "US", **record: Any) -> Option:
    return next(one for one in advise(case_of(**record), country).options if one.approval.id == entry)


def category(entry: str, country: str = "US", **record: Any) -> Category:
    return option(entry, country, **record).category


def answer_of(country: str | None = None, **record: Any) -> OptionsAnswer:
    knowledge = load_knowledge()
    document = Document({**KNOWN, **record}, "test")
    read = check_patient(build(Patient, document), document, knowledge, TODAY, TODAY)
    return options(Session(knowledge, lambda: TODAY), read, country)


def tissue(**more: Any) -> list[dict[str, Any]]:
    return [{"kind": "biopsy", "collected": "2026-01-10", **more}]


def course(drugs: Any, reason: str = "progression", **more: Any) -> dict[str, Any]:
    given = {
        "drugs": drugs,
        "setting": "metastatic",
        "start": "2025-01-01",
        "end": "2025-10-01",
        "reason_stopped": reason,
    }
    return given | more


BREAST = {"tumour_type": "breast", "setting": "metastatic", "metastatic_sites": ["liver"]}
GASTRIC = {
    "tumour_type": "gastric",
    "histology": "adenocarcinoma",
    "setting": "metastatic",
    "metastatic_sites": ["liver"],
}
LUNG = {"tumour_type": "NSCLC", "histology": "adenocarcinoma", "setting": "metastatic", "metastatic_sites": ["bone"]}
IHC3 = tissue(ihc={"score": "3+"})


# --- nothing unverified decides ---------------------------------------------------------------------------------------


def test_zanidatamab_on_20_november_2026_is_never_simply_on_label() -> None:
    """GA-3: approved, wording not verified, for a patient who fits the trial in every respect."""
    found = option("GA-3-US", cancer=GASTRIC, specimens=IHC3, biomarkers={"pd_l1": {"cps": "5"}})
    assert found.category is Category.UNKNOWN
    assert found.label.truth is Truth.UNKNOWN
    assert "approved 2026-08-25, wording not verified" in found.label.held_back
    assert {gate.gate.id for gate in found.label.with_truth(Truth.UNKNOWN)} == {
        "advanced",
        "first_line",
        "her2_positive_gastric",
    }
    assert all(gate.finding.change is not None for gate in found.label.with_truth(Truth.UNKNOWN))


def test_an_unverified_gate_neither_meets_nor_excludes() -> None:
    book = therapy_book(load_knowledge())
    held = [(a, use) for a in book.approvals for use in a.gates if use.confidence and use.confidence.unverified]
    assert len(held) > 20
    for record in ({"cancer": GASTRIC}, {"cancer": BREAST, "specimens": IHC3}, {"cancer": LUNG}):
        case = case_of(**record)
        explainer = Explainer(case)
        for approval, use in held:
            label = judge_label(approval, case, explainer, book)
            if label is not None:
                gate = next(one for one in label.gates if one.gate.id == use.gate)
                assert gate.truth is Truth.UNKNOWN


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    tumour = draw(
        st.sampled_from(["breast", "gastric", "NSCLC", "colon", "cholangiocarcinoma", "urothelial", "ovarian"])
    )
    setting = draw(st.sampled_from(["metastatic", "early", None]))
    score = draw(st.sampled_from(["0", "1+", "2+", "3+", None]))
    drugs = draw(
        st.sampled_from([[], ["THP"], ["trastuzumab"], ["carboplatin", "paclitaxel"], ["trastuzumab deruxtecan"]])
    )
    return {
        "cancer": {"tumour_type": tumour, "histology": "adenocarcinoma", "setting": setting},
        "specimens": tissue(ihc={"score": score}, ngs={"matrix": "tissue", "variants": ["ERBB2 V777L"]})
        if score
        else [],
        "therapies": [course(drugs)] if drugs else [],
        "options_exhausted": draw(st.sampled_from([True, None])),
        "biomarkers": draw(st.sampled_from([{}, {"pd_l1": {"cps": "5"}, "kras": "wild_type", "nras": "wild_type"}])),
    }


@given(records(), st.sampled_from(["US", "EU", "CN", "JP"]), st.dates(date(2020, 1, 1), date(2026, 11, 20)))
def test_on_label_means_approved_on_that_day_and_every_gate_met_and_verified(
    record: dict[str, Any], country: str, day: date
) -> None:
    for one in advise(case_of(day, **record), country).options:
        label = one.label
        if one.category in (Category.ON_LABEL, Category.GUIDELINE):
            assert all_of(gate.truth for gate in label.gates) is Truth.MET
            assert not any(gate.confidence.unverified for gate in label.gates)
            assert not label.held_back
            assert not label.approval.unverified
        if one.category is Category.ON_LABEL:
            assert label.approval.standing == "approved"
            assert label.approval.wording == "verified"
            assert label.first is not None
            assert label.first.latest <= day
        if one.category is Category.NOT_SUITABLE:
            assert one.against


def test_a_recommendation_without_a_verified_source_stays_open() -> None:
    found = option(
        "G-BR-9",
        cancer=BREAST,
        specimens=tissue(ihc={"score": "1+"}, ngs={"matrix": "tissue", "variants": ["ERBB2 V777L"]}),
        biomarkers={"er": "positive", "pr": "positive"},
    )
    assert found.category is Category.UNKNOWN


# --- what speaks against ----------------------------------------------------------------------------------------------


def test_progression_on_the_drug_is_a_reason_and_intolerance_is_not() -> None:
    grew = option("BR-D1-US", cancer=BREAST, specimens=IHC3, therapies=[course("THP"), course("T-DXd")])
    assert grew.category is Category.NOT_SUITABLE
    assert "Progression on trastuzumab deruxtecan is on record." in grew.against
    stopped = option("BR-D1-US", cancer=BREAST, specimens=IHC3, therapies=[course("THP"), course("T-DXd", "toxicity")])
    assert stopped.category is Category.ON_LABEL
    assert any("was given before" in reason.clinical for reason in stopped.reasons)


@pytest.mark.parametrize(
    ("relapse", "expected"), [("2025-07-01", Category.ON_LABEL), ("2025-07-02", Category.NOT_SUITABLE)]
)
def test_relapse_within_six_months_of_adjuvant_therapy_counts_as_earlier_treatment(
    relapse: str, expected: Category
) -> None:
    adjuvant = course("TCH", "completed", setting="adjuvant", start="2024-01-01", end="2025-01-01")
    record = {"cancer": {**BREAST, "relapse_date": relapse}, "specimens": IHC3, "therapies": [adjuvant]}
    assert category("BR-K1-US", **record) is expected
    assert category("BR-D1-US", **record) is expected


def test_trastuzumab_beyond_progression_does_not_close_the_tucatinib_regimen() -> None:
    assert category("BR-U1-US", cancer=BREAST, specimens=IHC3, therapies=[course("THP")]) is Category.ON_LABEL


def test_a_resistance_variant_closes_the_tablet_it_resists_and_only_that() -> None:
    ngs = {
        "matrix": "tissue",
        "genes_covered": ["ERBB2"],
        "variants": [{"gene": "ERBB2", "hgvs": "p.T798I", "vaf_percent": "20"}],
    }
    record = {
        "cancer": BREAST,
        "specimens": tissue(ihc={"score": "3+"}, ngs=ngs),
        "therapies": [course("THP"), course("T-DM1", start="2025-10-15", end="2026-01-05")],
    }
    blocked = option("BR-N2-US", **record)
    assert blocked.category is Category.NOT_SUITABLE
    assert any("T798I is resistant to neratinib" in text for text in blocked.against)
    weak = option("BR-U1-US", **record)  # resistance to tucatinib is K?: said, and it decides nothing
    assert weak.category is Category.ON_LABEL
    assert any(reason.unverified and "tucatinib" in reason.clinical for reason in weak.reasons)
    low = {**ngs, "variants": [{"gene": "ERBB2", "hgvs": "p.T798I", "vaf_percent": "0.5"}]}
    assert category("BR-N2-US", **{**record, "specimens": tissue(ihc={"score": "3+"}, ngs=low)}) is Category.ON_LABEL


def test_hypersensitivity_is_a_contraindication_where_the_label_lists_it() -> None:
    record = {
        "cancer": {**BREAST},
        "specimens": IHC3,
        "therapies": [course(["trastuzumab", "paclitaxel"])],
        "allergies": [{"substance": "trastuzumab emtansine", "grade": 3}],
    }
    assert category("BR-K1-EU", "EU", **record) is Category.NOT_SUITABLE
    us = option("BR-K1-US", "US", **record)
    assert us.category is Category.ON_LABEL
    assert any(said.remark.id == "C-any-allergy" for said in us.remarks)


def test_lung_inflammation_is_said_beside_the_drug_and_decides_nothing() -> None:
    found = option(
        "BR-D1-US", cancer=BREAST, specimens=IHC3, therapies=[course("THP")], lung={"ild_history": "current"}
    )
    assert found.category is Category.ON_LABEL
    assert any(said.remark.id == "C-tdxd-ild" for said in found.remarks)


def test_ras_mutation_speaks_against_dual_blockade_and_not_against_the_agnostic_label() -> None:
    record = {
        "cancer": {"tumour_type": "colon", "setting": "metastatic", "metastatic_sites": ["liver"]},
        "specimens": tissue(ihc={"score": "3+", "percent_cells": 80}),
        "biomarkers": {"kras": ["G12D"], "nras": "wild_type", "braf": "wild_type"},
        "therapies": [course("FOLFOX"), course("FOLFIRI", start="2025-10-15", end="2026-01-05")],
        "options_exhausted": True,
    }
    assert category("G-CR-1", **record) is Category.NOT_SUITABLE
    assert category("AG-1-US", **record) is Category.ON_LABEL


def test_a_label_of_the_tumour_stands_before_the_agnostic_one() -> None:
    advice = advise(
        case_of(
            cancer={"tumour_type": "cholangiocarcinoma", "setting": "metastatic", "metastatic_sites": ["liver"]},
            specimens=IHC3,
            therapies=[course(["gemcitabine", "cisplatin"])],
            options_exhausted=True,
        ),
        "US",
    )
    on_label = advice.of(Category.ON_LABEL)
    assert [one.approval.id for one in on_label] == ["BT-1-US", "AG-1-US"]
    assert on_label[1].specific_first == ("BT-1-US",)


def test_what_is_given_now_is_marked() -> None:
    running = {"drugs": "THP", "setting": "metastatic", "start": "2026-06-01", "ongoing": True}
    given_now = option("BR-P1-US", cancer=BREAST, specimens=IHC3, therapies=[running]).given_now
    assert given_now


# --- gaps, causes, routes ---------------------------------------------------------------------------------------------


def test_after_first_line_tdxd_the_gap_is_said() -> None:
    given_first = [course(["trastuzumab deruxtecan", "pertuzumab"])]
    advice = advise(case_of(cancer=BREAST, specimens=IHC3, therapies=given_first), "US")
    assert any("Evidence gap" in said.remark.clinical for said in advice.gaps)
    other = advise(case_of(cancer=BREAST, specimens=IHC3, therapies=[course("THP")]), "US").gaps
    assert other == ()


@pytest.mark.parametrize(
    ("tumour", "drug", "expected"),
    [
        ("colon", "cetuximab", "S-egfr-antibody"),
        ("NSCLC", "osimertinib", "S-egfr-tki"),
        ("colon", "encorafenib", "S-braf"),
    ],
)
def test_her2_is_named_as_a_cause_of_failure(tumour: str, drug: str, expected: str) -> None:
    cancer = {"tumour_type": tumour, "setting": "metastatic"}
    failed = advise(case_of(cancer=cancer, therapies=[course(drug)]), "US")
    assert expected in {said.remark.id for said in failed.causes}
    assert "T-egfr-failure-her2" in {said.remark.id for said in failed.tests}
    worked = advise(case_of(cancer=cancer, therapies=[course(drug, "completed")]), "US")
    assert expected not in {said.remark.id for said in worked.causes}


def test_met_amplification_is_said_with_its_level_and_an_idea_labelled_as_such() -> None:
    record = {
        "cancer": {"tumour_type": "cholangiocarcinoma", "setting": "metastatic"},
        "specimens": IHC3,
        "biomarkers": {"met": "amplified"},
        "therapies": [course(["gemcitabine", "cisplatin"])],
    }
    advice = advise(case_of(**record), "US")
    said = next(one for one in advice.mechanisms if one.remark.id == "R-met-zanidatamab")
    assert (said.remark.level, said.remark.when) == ("preclinical", "acquired")
    assert any(one.remark.clinical.startswith("Idea, not advice") for one in advice.ideas)


def test_other_routes_are_named_with_what_is_known() -> None:
    advice = advise(case_of(cancer=GASTRIC, specimens=IHC3, biomarkers={"msi": "MSI-H", "cldn18_2": "negative"}), "US")
    truths = {said.remark.id: said.truth for said in advice.routes}
    assert truths["O-msi"] is Truth.MET
    assert "O-cldn" not in truths
    assert truths["O-pdl1-gea"] is Truth.UNKNOWN


def test_nrg1_is_a_route_of_its_own_and_her2_does_not_open_it() -> None:
    book = therapy_book(load_knowledge())
    assert not any("zenocutuzumab" in approval.drugs for approval in book.approvals)
    lung = advise(case_of(cancer=LUNG, specimens=IHC3, biomarkers={"nrg1": ["CD74-NRG1 fusion"]}), "US")
    assert next(said for said in lung.routes if said.remark.id == "O-nrg1").truth is Truth.MET


# --- places, tumours, doors -------------------------------------------------------------------------------------------


def test_a_tumour_for_which_nothing_is_held_says_so() -> None:
    cancer = {"tumour_type": "thymoma", "setting": "metastatic"}
    advice = advise(case_of(cancer=cancer, specimens=IHC3), "US")
    assert advice.nothing_held
    assert {one.approval.scope for one in advice.options} == {"agnostic"}
    held = advise(case_of(cancer=BREAST), "US").nothing_held
    assert not held


def test_a_country_without_labels_gets_recommendations_only() -> None:
    answer = answer_of("Brazil", cancer=BREAST, specimens=IHC3)
    assert answer.advice.jurisdiction is None
    assert {one.approval.jurisdiction for one in answer.advice.options} == {"any"}


def test_the_country_of_the_record_is_taken_and_the_default_is_named() -> None:
    place = {**KNOWN["demographics"], "location": {"country": "Germany"}}
    where = answer_of(cancer=BREAST, demographics=place).advice.jurisdiction
    assert where == "EU"
    assumed = answer_of(cancer=BREAST)
    assert (assumed.advice.jurisdiction, assumed.assumed_country) == ("US", True)
    asked = answer_of("CN", cancer=BREAST, demographics=place).advice.jurisdiction
    assert asked == "CN"


def test_bad_input_is_one_error() -> None:
    with pytest.raises(UnknownName, match="Atlantis"):
        answer_of("Atlantis", cancer=BREAST)
    with pytest.raises(InputError, match="tumour type"):
        answer_of("US", cancer={"setting": "metastatic"})


def test_an_option_names_the_doors_it_closes() -> None:
    answer = answer_of("US", cancer=BREAST, specimens=IHC3)
    closes = answer.closes["BR-P1-US"]
    assert "BR-D4-US" in closes.labels  # no longer first line
    assert {"BR-D1-US", "BR-U1-US"} <= set(closes.opens_labels)
    assert "BR-P1-US" not in closes.labels


def test_first_line_zanidatamab_closes_the_second_line_label_that_asks_for_trastuzumab() -> None:
    answer = answer_of("US", cancer=GASTRIC, specimens=IHC3, biomarkers={"pd_l1": {"cps": "5"}})
    assert "GA-4-US" not in answer.closes["GA-3-US"].opens_labels
    assert "GA-4-US" in answer.closes["GA-1-US"].opens_labels


def test_labels_of_other_places_are_shown_apart() -> None:
    cancer = {"tumour_type": "urothelial", "setting": "metastatic", "metastatic_sites": ["liver"]}
    advice: Advice = advise(
        case_of(cancer=cancer, specimens=IHC3, therapies=[course(["gemcitabine", "cisplatin"])]), "US"
    )
    assert "UC-1-CN" in {one.label.approval.id for one in advice.elsewhere}
    assert "UC-1-CN" not in {one.approval.id for one in advice.options}


BREAST_IV = {"cancer": {"tumour_type": "breast", "setting": "metastatic", "stage": "IV"}}


def test_a_regimen_with_chemotherapy_of_any_kind_opens_no_label_that_asks_for_one_kind() -> None:
    lines = [
        course(["trastuzumab", "pertuzumab"], start="2023-01-01", end="2024-01-01", setting="metastatic"),
        course(["trastuzumab emtansine"], start="2024-02-01", end="2025-01-01", setting="metastatic"),
    ]
    positive = [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "3+", "scoring": "breast"}}]
    answer = answer_of("US", **BREAST_IV, specimens=positive, therapies=lines)
    assert "BR-L1-US" not in answer.closes["BR-M1-US"].opens_labels


def test_trastuzumab_opens_no_label_while_her2_is_not_settled() -> None:
    unsettled = [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "2+", "scoring": "breast"}}]
    settled = [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "3+", "scoring": "breast"}}]
    assert answer_of("US", **BREAST_IV, specimens=unsettled).closes["BR-T1-US"].opens_labels == ()
    assert "BR-D1-US" in answer_of("US", **BREAST_IV, specimens=settled).closes["BR-T1-US"].opens_labels


def test_nothing_opens_what_only_an_operation_can_tell() -> None:
    early = {"cancer": {"tumour_type": "breast", "setting": "early", "stage": "IIB"}, "complete": {"therapies": True}}
    positive = [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "3+", "scoring": "breast"}}]
    answer = answer_of("US", **early, specimens=positive)
    assert answer.closes
    assert all("G-BR-3" not in one.opens_labels for one in answer.closes.values())


def test_no_trial_opens_while_her2_is_not_settled() -> None:
    opened = {}
    for score in ("2+", "3+"):
        specimens = [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": score, "scoring": "breast"}}]
        answer = answer_of("US", **BREAST_IV, specimens=specimens)
        opened[score] = {name for one in answer.closes.values() for name in one.opens_trials}
    assert opened["2+"] == set()
    assert opened["3+"]


def test_lung_inflammation_of_grade_two_on_the_drug_stops_it_for_good() -> None:
    record = {
        **BREAST_IV,
        "specimens": [{"kind": "biopsy", "collected": "2025-08-01", "ihc": {"score": "3+", "scoring": "breast"}}],
        "therapies": [
            course(["trastuzumab"], start="2024-08-01", end="2025-08-01"),
            {"drugs": ["T-DXd"], "setting": "metastatic", "start": "2025-09-01", "ongoing": True},
        ],
    }
    on = [(None, Category.ON_LABEL), (1, Category.ON_LABEL), (2, Category.NOT_SUITABLE), (3, Category.NOT_SUITABLE)]
    for grade, expected in on:
        lung = {} if grade is None else {"lung": {"ild_history": "current", "grade": grade}}
        assert category("BR-D1-US", **record, **lung) is expected
    untreated = {**record, "therapies": record["therapies"][:1]}
    ill = option("BR-D1-US", **untreated, lung={"ild_history": "current", "grade": 2})
    assert ill.category is Category.ON_LABEL
    assert "C-tdxd-ild" in {said.remark.id for said in ill.remarks}


def test_adjuvant_labels_hinge_on_the_diagnosis_before_treatment_and_a_negative_residual_is_said() -> None:
    record = {
        "cancer": {"tumour_type": "breast", "setting": "early", "residual": {"status": "residual"}},
        "specimens": [
            {"kind": "biopsy", "collected": "2026-02-01", "ihc": {"score": "3+", "scoring": "breast"}},
            {"kind": "resection", "collected": "2026-09-01", "ihc": {"score": "1+", "scoring": "breast"}},
        ],
        "therapies": [
            course(
                ["docetaxel", "trastuzumab"], "completed", setting="neoadjuvant", start="2026-03-01", end="2026-08-01"
            )
        ],
    }
    for entry in ("BR-K2-US", "BR-D6-US"):
        found = option(entry, **record)
        assert found.category is Category.ON_LABEL
        assert "C-residual-negative" in {said.remark.id for said in found.remarks}
    always_negative = {**record, "specimens": record["specimens"][1:]}
    assert option("BR-K2-US", **always_negative).category is not Category.ON_LABEL
