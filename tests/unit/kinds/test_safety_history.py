"""What is denied, not understood or contradicted in genes, diseases and history leaves a criterion open."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.lines_of_therapy import lines
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient

DAY = "2026-01-15"
RAS = {"genes": ["kras", "nras"], "status": "wild_type"}
EGFR = {"genes": "egfr", "status": "mutated"}
ALK = {"genes": "alk", "status": "rearranged"}
DRIVER = {"genes": ["egfr", "alk"]}
LISTS = {"therapies": True, "procedures": True, "conditions": True, "toxicities": True, "medications": True}
LISTED = {"complete": LISTS}


def case_of(record):
    patient = Patient.model_validate({"as_of": DAY, **record})
    return Case(patient, date.fromisoformat(DAY), load_knowledge())


def judge(kind, params, record):
    kind = kinds()[kind]
    case, model = case_of(record), kind.params.model_validate(params)
    truth = kind.truth(model, Block([case])).at(0)
    assert kind.explain(model, case, truth).truth is truth
    return truth.name.lower()


def ngs(*variants, fusions=(), covered=()):
    return {
        "specimens": [
            {"kind": "biopsy", "ngs": {"variants": [*variants], "fusions": [*fusions], "genes_covered": [*covered]}}
        ]
    }


@pytest.mark.parametrize(
    ("params", "record", "expected"),
    [
        (RAS, ngs("KRAS wild type", "NRAS wild type"), "met"),
        (RAS, ngs("KRAS/NRAS: wild-type"), "met"),
        (RAS, {"biomarkers": {"kras": ["wild type"], "nras": ["not detected"]}}, "met"),
        (RAS, ngs("KRAS wild type", "KRAS G12D", "NRAS wild type"), "unknown"),
        (RAS, {"biomarkers": {"ras": ["G12D not detected"]}}, "unknown"),
        (RAS, {"biomarkers": {"ras": ["VUS"]}}, "unknown"),
        (RAS, {"ctdna": [{"gene": "KRAS", "variant": "G12D", "vaf_percent": 0}]}, "unknown"),
        (RAS, {"ctdna": [{"gene": "KRAS", "variant": "G12D absent"}]}, "unknown"),
        (RAS, ngs({"gene": "KRAS", "hgvs": "G12D", "vaf_percent": 0}), "unknown"),
        (RAS, ngs({"gene": "KRAS", "hgvs": "G12D", "classification": "not detected"}), "unknown"),
        (EGFR, ngs("EGFR L858R not detected", covered=["EGFR"]), "unknown"),
        (EGFR, ngs("EGFR wild type"), "not_met"),
        (EGFR, {"biomarkers": {"egfr": ["none"]}}, "not_met"),
        (EGFR, {"biomarkers": {"egfr": ["L858R?"]}}, "unknown"),
        (EGFR, ngs("EGFR L858R"), "met"),
        (ALK, ngs(fusions=["no ALK fusion"]), "unknown"),
        (ALK, ngs(fusions=["EML4-ALK not detected"]), "unknown"),
        (ALK, ngs("ALK fusion negative"), "unknown"),
        (ALK, ngs(fusions=["EML4-ALK"]), "met"),
    ],
)
def test_a_denied_alteration_is_none(params, record, expected):
    assert judge("gene_status", params, record) == expected


@pytest.mark.parametrize(
    "record",
    [
        ngs("EGFR wild type", "ALK: not detected"),
        ngs("EGFR L858R not detected", fusions=["no ALK fusion", "none"]),
        {"biomarkers": {"egfr": ["negative"], "alk": ["absent"]}},
    ],
)
@pytest.mark.parametrize("available", [True, False])
def test_a_denied_driver_is_no_driver(record, available):
    assert judge("other_driver", {**DRIVER, "only_if_therapy_available": available}, record) != "met"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(
            ("ild", name)
            for name in (
                "drug-induced lung toxicity",
                "ground-glass opacities",
                "alveolitis",
                "pulmonary toxicity",
                "immune-related lung injury",
                "zorbl of the chest",
            )
        ),
        ("bleeding_thrombosis", "bloody nose"),
        ("cardiac_history", "heart toxicity"),
    ],
)
def test_a_side_effect_of_an_organ_may_be_its_disease(kind, name):
    example = next(params for params, _, _ in kinds()[kind].examples)
    record = {"toxicities": [{"name": name, "grade": 2}], "lung": {"ild_history": "none"}, **LISTED}
    assert judge(kind, example, record) != "not_met"


def test_an_unread_side_effect_may_be_seizures():
    record = {"toxicities": [{"name": "fits", "grade": 2}], **LISTED}
    assert judge("comorbidity", {"any_of": "seizures"}, record) == "unknown"
    known = {"toxicities": [{"name": "dysgeusia", "grade": 2}], **LISTED}
    assert judge("comorbidity", {"any_of": "seizures"}, known) == "not_met"


TDXD = {"drugs": "trastuzumab_deruxtecan"}
TRUE_TDXD = {"drugs": "T-DXd", "setting": "metastatic", "start": "2025-01-01", "end": "2025-06-01"}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"medications": ["trastuzumab deruxtecan"]}, "unknown"),
        ({"medications": ["ibuprofen"]}, "not_met"),
        ({"medications": ["capecitabine"]}, "not_met"),
        ({"planned": [{"drugs": "T-DXd", "start": "2026-01-10"}]}, "unknown"),
        ({"planned": [{"drugs": "T-DXd", "start": "2026-02-10"}]}, "not_met"),
        ({"planned": [{"drugs": "T-DXd"}]}, "not_met"),
        ({"therapies": [TRUE_TDXD]}, "met"),
        ({"therapies": [{**TRUE_TDXD, "cycles": 0}]}, "unknown"),
        ({"therapies": [{**TRUE_TDXD, "drugs": "T-DXd?"}]}, "unknown"),
        ({"therapies": [{"drugs": "T-DXd", "start": "2026-01"}]}, "unknown"),
        ({"therapies": [{"drugs": "T-DXd", "start": "2026"}, TRUE_TDXD]}, "met"),
    ],
)
def test_prior_therapy_knows_what_it_does_not_know(record, expected):
    assert judge("prior_therapy", TDXD, {**record, **LISTED}) == expected


CAPE = {"setting": "metastatic", "start": "2024-01-10", "end": "2024-06-01"}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"therapies": [{"drugs": "capecitabine", **CAPE}, {"drugs": "tucatinib", **CAPE}]}, (1, 1)),
        ({"therapies": [{"drugs": "capecitabine", **CAPE}, {"drugs": "capecitabine", **CAPE}]}, (1, 1)),
        (
            {
                "therapies": [
                    {"drugs": "capecitabine", **CAPE, "reason_stopped": "progression"},
                    {"drugs": "tucatinib", **CAPE, "start": "2024-02-01", "reason_stopped": "progression"},
                ]
            },
            (1, 2),
        ),
        ({"therapies": [{"drugs": "capecitabine", **CAPE}], "medications": ["tucatinib"]}, (1, 2)),
        ({"therapies": [{"drugs": "capecitabine", **CAPE}], "lines_reported": {"metastatic": 3}}, (1, 3)),
        ({"therapies": [{"drugs": "capecitabine", **CAPE, "cycles": 0}]}, (0, 1)),
        (
            {"therapies": [{"drugs": "capecitabine", "start": "2026-05-01"}], "lines_reported": {"metastatic": 1}},
            (0, 1),
        ),
        ({"lines_reported": {"metastatic": 1}}, (1, 1)),
    ],
)
def test_lines_keep_what_is_open(record, expected):
    params = kinds()["lines_of_therapy"].params.model_validate({"max": 1, "relapse_window_months": 0})
    count = lines(params, case_of({**record, **LISTED}))
    assert (count.low, count.high) == expected


@pytest.mark.parametrize(
    ("cancer", "condition"),
    [
        ({"diagnosed": "2024-02"}, {"name": "contralateral breast cancer", "date": "2024-06"}),
        ({"diagnosed": "2024-02"}, {"name": "second primary breast cancer", "date": "2025-06"}),
        ({}, {"name": "breast cancer", "date": "2012"}),
    ],
)
def test_a_cancer_of_the_same_organ_may_be_another(cancer, condition):
    record = {"cancer": {"tumour_type": "breast", **cancer}, "conditions": [condition], **LISTED}
    assert judge("second_malignancy", {}, record) == "unknown"


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("radiotherapy", "radiotherapy to spine", "unknown"),
        ("surgery", "mastectomy", "unknown"),
        ("surgery", "physiotherapy", "not_met"),
        ("radiotherapy", "mastectomy", "not_met"),
    ],
)
def test_a_procedure_of_another_kind_by_its_name(kind, name, expected):
    record = {"procedures": [{"kind": "other", "name": name}], **LISTED}
    assert judge("procedure", {"kinds": kind}, record) == expected
