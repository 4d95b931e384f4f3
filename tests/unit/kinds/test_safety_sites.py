"""Two places of the record that disagree about where the disease is, or about HER2, settle nothing."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.interpret.tissue import names_bone
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

TODAY = date(2026, 11, 21)
STABLE = {"accepted": ["none", "treated_stable"]}
NO_BRAIN = {"accepted": ["none"]}


def judge(kind: str, params: dict, record: dict):
    case = Case(Patient.model_validate(record), TODAY, load_knowledge())
    model = kinds()[kind].params.model_validate(params)
    return kinds()[kind].finding(model, case, kinds()[kind].evaluate(model, Block([case])).at(0))


def brain(status: str | None = None, more: dict | None = None, **cns: object) -> dict:
    record = {"cancer": {"cns": {"status": status, **cns}}}
    for name, value in (more or {}).items():
        record.setdefault(name, {} if isinstance(value, dict) else value)
        if isinstance(value, dict):
            record[name] = {**record[name], **value}
    return record


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (brain("none", {"cancer": {"metastatic_sites": ["brain"]}}), "/cancer/metastatic_sites"),
        (brain("none", lesions=2), "/cancer/cns/lesions"),
        (brain("none", largest_mm=8), "/cancer/cns/largest_mm"),
        (brain("none", {"conditions": [{"name": "brain metastases"}]}), "/conditions/0"),
        (brain("none", leptomeningeal=True), "/cancer/cns/leptomeningeal"),
        (brain("treated_stable", symptomatic=True), "/cancer/cns/symptomatic"),
    ],
)
def test_a_state_of_the_brain_that_is_disputed_is_unknown(record, named):
    found = judge("cns_metastases", STABLE if "treated" in str(record) else NO_BRAIN, record)
    assert found.truth is Truth.UNKNOWN
    assert "/cancer/cns/status" in found.reason
    assert named in found.reason


@pytest.mark.parametrize("record", [brain("none"), brain("none", {"conditions": [{"name": "no brain metastases"}]})])
def test_a_state_that_nothing_disputes_stands(record):
    assert judge("cns_metastases", NO_BRAIN, record).truth is Truth.MET


def test_untreated_asymptomatic_with_symptoms_is_unknown():
    record = brain("untreated_asymptomatic", symptomatic=True)
    assert judge("cns_metastases", {"accepted": ["untreated_asymptomatic"]}, record).truth is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("field", "procedure", "expected"),
    [
        ("2026-01-01", "2026-11-10", "not_met"),
        ("2026-01-01", "2025-11-10", "met"),
        ("2026-01-01", "2026", "met"),
        (None, "2026-11-10", "not_met"),
        (None, None, "unknown"),
    ],
)
def test_the_latest_local_therapy_of_the_brain_counts(field, procedure, expected):
    done = [{"kind": "radiotherapy", "site": "brain", "date": procedure}]
    record = brain("treated_stable", {"procedures": done}, last_local_therapy=field)
    assert judge("cns_metastases", {**STABLE, "min_days_since_local_therapy": 28}, record).truth == Truth(expected)


@pytest.mark.parametrize(
    ("cns", "medications", "expected"),
    [
        ({"on_steroids": False}, [{"name": "dexamethasone", "dose": "4 mg daily"}], "unknown"),
        ({"on_steroids": False, "steroid_mg_prednisone": 5}, [], "unknown"),
        ({"on_steroids": False}, [{"name": "fluticasone"}], "met"),
        ({"on_steroids": False}, [], "met"),
        ({"on_steroids": True, "steroid_mg_prednisone": 5}, [{"name": "prednisone", "dose": "20 mg daily"}], "not_met"),
        ({"on_steroids": True, "steroid_mg_prednisone": 5}, [], "met"),
        ({}, [{"name": "dexamethasone"}], "unknown"),
    ],
)
def test_steroids_are_read_from_every_place(cns, medications, expected):
    record = brain("treated_stable", {"medications": medications}, **cns)
    assert judge("cns_metastases", {**STABLE, "max_steroid_mg_prednisone": 10}, record).truth == Truth(expected)


def test_steroid_free_beside_a_steroid_is_unknown():
    record = brain("treated_stable", {"medications": [{"name": "prednisone"}]}, steroid_free_since="2026-01-01")
    assert judge("cns_metastases", {**STABLE, "min_days_off_steroids": 14}, record).truth is Truth.UNKNOWN


@pytest.mark.parametrize(
    "record",
    [
        brain(None, {"cancer": {"metastatic_sites": ["leptomeninges"]}}, leptomeningeal=False),
        brain("none", {"conditions": [{"name": "leptomeningeal carcinomatosis"}]}),
        brain("none", leptomeningeal=True),
        brain("none", {"cancer": {"metastatic_sites": ["brain"]}}),
    ],
)
def test_leptomeningeal_disease_that_is_disputed_is_unknown(record):
    found = judge("leptomeningeal_disease", {}, record)
    assert found.truth is Truth.UNKNOWN
    assert len(found.evidence) > 1


@pytest.mark.parametrize(
    ("params", "cancer", "more", "expected"),
    [
        ({"any_of": "liver"}, {"metastatic_sites": ["somewhere odd"]}, {}, "unknown"),
        ({"any_of": "liver"}, {"metastatic_sites": ["bone"], "lesions": [{"site": "left liver lobe"}]}, {}, "unknown"),
        (
            {"any_of": "lymph_node"},
            {"metastatic_sites": ["bone"], "lesions": [{"site": "node"}]},
            {},
            "unknown",
        ),
        (
            {"any_of": "liver"},
            {"metastatic_sites": ["bone"]},
            {"specimens": [{"kind": "biopsy", "site": "metastasis", "organ": "liver"}]},
            "unknown",
        ),
        ({"any_of": "brain"}, {"metastatic_sites": ["bone"], "cns": {"status": "treated_stable"}}, {}, "unknown"),
        ({"any_of": "brain"}, {"metastatic_sites": ["brain"], "cns": {"status": "none"}}, {}, "unknown"),
        ({"any_of": "brain"}, {"metastatic_sites": ["bone"], "cns": {"status": "none"}}, {}, "not_met"),
        ({"any_of": "bone", "only": True}, {"metastatic_sites": ["bone", "somewhere odd"]}, {}, "unknown"),
        (
            {"any_of": "bone", "only": True},
            {"metastatic_sites": ["bone"], "lesions": [{"site": "lung"}]},
            {},
            "unknown",
        ),
        (
            {"any_of": "bone", "only": True},
            {"tumour_type": "breast", "metastatic_sites": ["bone"], "lesions": [{"site": "left breast"}]},
            {},
            "met",
        ),
        ({"any_of": "bone", "only": True}, {"metastatic_sites": ["bone", "liver"]}, {}, "not_met"),
    ],
)
def test_sites_are_the_union_of_their_sources(params, cancer, more, expected):
    assert judge("metastatic_site", params, {"cancer": cancer, **more}).truth == Truth(expected)


@pytest.mark.parametrize(
    ("lesion", "expected"),
    [
        ({"site": "left axilla", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "supraclavicular", "short_axis_mm": 16}, "met"),
        ({"site": "mediastinal LN", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "lung nodule", "longest_diameter_mm": 12}, "met"),
        ({"site": "sternum", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "vertebra L3", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "pleural effusion", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "ascites", "longest_diameter_mm": 30}, "unknown"),
        ({"site": "liver", "longest_diameter_mm": 12}, "unknown"),
        ({"site": "liver", "longest_diameter_mm": 12, "irradiated": False}, "met"),
        ({"site": "liver", "longest_diameter_mm": 12, "progressed_since_irradiation": True}, "met"),
    ],
)
def test_size_alone_does_not_make_a_lesion_measurable(lesion, expected):
    irradiated = {"procedures": [{"kind": "radiotherapy", "site": "liver", "date": "2026-01-01"}]}
    record = {"cancer": {"measurable_disease": [lesion]}, **irradiated}
    assert judge("measurable_disease", {}, record).truth == Truth(expected)


def her2(*specimens: dict):
    record = {"cancer": {"tumour_type": "breast"}, "specimens": list(specimens)}
    case = Case(Patient.model_validate(record), TODAY, load_knowledge())
    assert case.her2 is not None
    return case.her2


@pytest.mark.parametrize("organ", ["bone", "L3 vertebra", "sternum", "left iliac crest", "femur", "iliac_crest"])
@pytest.mark.parametrize("score", ["0", "1+", "2+"])
def test_bone_of_unstated_decalcification_gives_no_low_score(organ, score):
    sample = {"kind": "biopsy", "organ": organ, "ihc": {"score": score}, "ish": {"result": "negative"}}
    one = her2(sample).specimens[0]
    assert one.status.possible == {"positive", "negative"}
    assert len(one.ish) == 2
    stated = her2({**sample, "preanalytics": {"decalcification": "edta"}}).specimens[0]
    assert stated.usable


def test_3plus_of_bone_stands_with_a_flag():
    one = her2({"kind": "biopsy", "organ": "bone", "ihc": {"score": "3+", "scoring": "breast", "percent_cells": 80}})
    assert one.overall.status.value == "positive"
    assert one.specimens[0].has_flag("decalcification_not_stated")


@pytest.mark.parametrize("organ", ["liver", "lymph node", "iliac lymph node", "skeletal muscle", "spinal cord", ""])
def test_other_organs_are_no_bone(organ):
    assert not names_bone(organ)


def sample(name: str, score: str, collected: str | None, site: str = "primary") -> dict:
    ihc = {"score": score, "scoring": "breast"}
    return {"id": name, "kind": "biopsy", "site": site, "collected": collected, "ihc": ihc}


@pytest.mark.parametrize(
    "dates", [(None, None), ("2025", "2025-03-01"), ("2025-03-01", None), ("2025-03-01", "2025-03-01")]
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_the_record_never_decides(dates, turned):
    pair = [sample("a", "3+", dates[0]), sample("b", "1+", dates[1])]
    overall = her2(*(pair[::-1] if turned else pair)).overall
    assert overall.status.value == "unknown"
    assert overall.specimen is None
    assert "a (primary" in overall.policy
    assert "b (primary" in overall.policy


def test_results_that_agree_need_no_order():
    assert her2(sample("a", "3+", None), sample("b", "3+", "2025")).overall.status.value == "positive"


def amplification(params: dict, *specimens: dict) -> Truth:
    return judge(
        "her2_amplification", params, {"cancer": {"tumour_type": "colorectal"}, "specimens": list(specimens)}
    ).truth


@pytest.mark.parametrize(
    ("params", "specimen"),
    [
        ({"methods": "ngs_plasma", "min_copy_number": 5}, {"kind": "blood", "ngs": {"erbb2_copy_number": 2}}),
        ({"methods": "ngs_tissue", "min_copy_number": 5}, {"ngs": {"erbb2_copy_number": 12}}),
        ({"methods": "ngs_tissue"}, {"ngs": {"amplification_call": "amplified"}}),
        ({"methods": "ish", "min_ratio": 2}, {"kind": "biopsy", "ish": {"result": "failed", "her2_cep17_ratio": 4}}),
        ({"methods": "ish", "min_ratio": 2}, {"kind": "biopsy", "ish": {"result": "failed", "her2_cep17_ratio": 1}}),
    ],
)
def test_a_number_that_cannot_count_settles_nothing(params, specimen):
    assert amplification(params, specimen) is Truth.UNKNOWN


@pytest.mark.parametrize("turned", [False, True])
def test_amplification_that_differs_without_order_is_open(turned):
    yes = {"kind": "biopsy", "collected": "2025-05-05", "ngs": {"amplification_call": "amplified"}}
    no = {"kind": "biopsy", "ngs": {"amplification_call": "not_amplified"}}
    assert amplification({"methods": "ngs_tissue"}, *([no, yes] if turned else [yes, no])) is Truth.UNKNOWN
