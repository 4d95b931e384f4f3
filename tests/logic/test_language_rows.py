"""The logic of the language-trap rows (LG1 to LG20): the tree of each wording, on patients that tell it apart."""

from datetime import date

import pytest

from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.explain import Explainer
from her2nav.matching.results import match_patient
from her2nav.model.patient import Patient
from her2nav.model.trial import Arm, Criterion, Role, Status, Trial, TrialRecord

DAY = date(2026, 6, 1)
ALL = {"therapies": True, "conditions": True, "procedures": True}
MET, NOT, OPEN = "met", "not_met", "unknown"


def brain(**cns):
    return {"cancer": {"cns": cns}}


def given(*courses, **more):
    return {"therapies": list(courses), "complete": ALL, **more}


def lab(name, value, uln):
    return {"name": name, "value": value, "unit": "U/L", "uln": uln, "date": "2026-05-30"}


TDXD = {"drugs": "T-DXd", "setting": "metastatic", "start": "2025-06", "end": "2026-01-10"}
ADJUVANT = {"drugs": "T-DXd", "setting": "adjuvant", "start": "2023-06", "end": "2024-01-10"}
H_ADJ = {"drugs": "trastuzumab", "setting": "adjuvant", "start": "2024-01", "end": "2025-01-10"}
LIVER = {"cancer": {"metastatic_sites": ["liver"]}}
NO_LIVER = {"cancer": {"metastatic_sites": ["bone"]}}


def bound(name, value):
    return {"lab_value": {"variable": name, "op": "<=", "value": value, "unit": "xULN"}}


LG6 = {
    "any_of": [
        {"all_of": [bound("ast", 2.5), bound("alt", 2.5)]},
        {"all_of": [{"metastatic_site": {"any_of": "liver"}}, bound("ast", 5), bound("alt", 5)]},
    ]
}
LG7 = {
    "any_of": [
        bound("creatinine", 1.5),
        {"lab_value": {"variable": "creatinine_clearance", "op": ">=", "value": 50, "unit": "mL/min"}},
    ]
}
RAS = {"gene_status": {"genes": ["kras", "nras"], "status": "wild_type"}}
LG19 = {
    "any_of": [
        {"her2_status": {"any_of": [{"ihc": "3+"}]}},
        {"her2_status": {"any_of": [{"ihc": "2+", "ish": "positive"}]}},
        {"all_of": [{"her2_amplification": {"methods": ["ngs_tissue"]}}, RAS]},
    ]
}


def crc(ihc=None, ngs=None, **genes):
    specimen = {"kind": "resection", "collected": "2025-01-01"}
    if ihc:
        specimen["ihc"] = {"score": ihc, "percent_cells": 80, "scoring": "colorectal"}
    if ngs:
        specimen["ngs"] = {"matrix": "tissue", "amplification_call": ngs}
    return {"cancer": {"tumour_type": "colorectal"}, "specimens": [specimen], "biomarkers": genes}


ROWS = [
    # unless: treated and stable for four weeks
    (
        "LG1",
        {"cns_metastases": {"accepted": ["none", "treated_stable"], "min_days_since_local_therapy": 28}},
        [
            (brain(status="none"), MET),
            (brain(status="treated_stable", last_local_therapy="2026-05-04"), MET),
            (brain(status="treated_stable", last_local_therapy="2026-05-05"), NOT),
            (brain(status="active_or_progressing"), NOT),
            ({}, OPEN),
        ],
    ),
    # except in the adjuvant setting, completed more than twelve months before
    (
        "LG2",
        {
            "not": {
                "any_of": [
                    {"prior_therapy": {"drugs": "trastuzumab_deruxtecan", "settings": ["neoadjuvant", "metastatic"]}},
                    {
                        "prior_therapy": {
                            "drugs": "trastuzumab_deruxtecan",
                            "settings": "adjuvant",
                            "ended_within_days": 365,
                        }
                    },
                ]
            }
        },
        [(given(TDXD), NOT), (given(ADJUVANT), MET), (given(), MET), ({}, OPEN)],
    ),
    # not recovered from surgery: nobody who had none
    (
        "LG3",
        {
            "not": {
                "all_of": [{"procedure": {"kinds": "surgery"}}, {"judgement": {"topic": "not recovered from surgery"}}]
            }
        },
        [({"complete": ALL}, MET), ({"procedures": [{"kind": "surgery", "date": "2026-05-01"}]}, OPEN)],
    ),
    # no measurable disease, excluded: a double negative
    (
        "LG4",
        {"not": {"not": {"measurable_disease": {}}}},
        [({"cancer": {"measurable_disease": True}}, MET), ({"cancer": {"measurable_disease": False}}, NOT), ({}, OPEN)],
    ),
    (
        "LG5",
        {"not": {"prior_therapy": {"drugs": "anti_her2", "settings": "metastatic"}}},
        [(given(H_ADJ), MET), (given(TDXD), NOT), ({}, OPEN)],
    ),
    (
        "LG6",
        LG6,
        [
            ({**NO_LIVER, "labs": [lab("ast", 90, 40), lab("alt", 90, 40)]}, MET),
            ({**NO_LIVER, "labs": [lab("ast", 110, 40), lab("alt", 90, 40)]}, NOT),
            ({**LIVER, "labs": [lab("ast", 110, 40), lab("alt", 90, 40)]}, MET),
            ({**LIVER, "labs": [lab("ast", 210, 40), lab("alt", 90, 40)]}, NOT),
            ({**LIVER, "labs": [lab("ast", 110, 40)]}, OPEN),
        ],
    ),
    (
        "LG7",
        LG7,
        [
            ({"labs": [{"name": "creatinine_clearance", "value": 60, "unit": "mL/min", "date": "2026-05-30"}]}, MET),
            ({"labs": []}, OPEN),
        ],
    ),
    (
        "LG8",
        {"lvef": {"percent": 50, "within_days": 28}},
        [
            ({"cardiac": {"lvef": [{"percent": 50, "date": "2026-05-04"}]}}, MET),
            ({"cardiac": {"lvef": [{"percent": 50, "date": "2026-05-03"}]}}, OPEN),
            ({"cardiac": {"lvef": [{"percent": 49, "date": "2026-05-20"}]}}, NOT),
        ],
    ),
    (
        "LG10",
        {"lines_of_therapy": {"min": 1, "max": 3}},
        [(given(TDXD), MET), (given(), NOT), ({"therapies": [TDXD]}, OPEN)],
    ),
    (
        "LG11",
        {"any_of": [{"prior_therapy": {"drugs": "pertuzumab"}}, {"prior_therapy": {"drugs": "trastuzumab_emtansine"}}]},
        [(given({"drugs": "T-DM1"}), MET), (given(TDXD), NOT)],
    ),
    (
        "LG12",
        {"not": {"any_of": [{"viral_infection": {"virus": v, "state": "known"}} for v in ("hiv", "hbv", "hcv")]}},
        [({"complete": ALL}, MET), ({"serology": {"hiv": "positive"}}, NOT), ({}, OPEN)],
    ),
    (
        "LG13",
        {
            "any_of": [
                {"prior_therapy": {"drugs": "anthracycline"}},
                {"prior_therapy": {"drugs": "taxane"}},
                {"judgement": {"topic": "both contraindicated"}},
            ]
        },
        [(given({"drugs": "paclitaxel"}), MET), (given(), OPEN)],
    ),
    (
        "LG14",
        {"not": {"ild": {"any_of": "history_with_steroids"}}},
        [
            ({"lung": {"ild_history": "history_no_steroids"}}, MET),
            ({"lung": {"ild_history": "history_with_steroids"}}, NOT),
            ({}, OPEN),
        ],
    ),
    (
        "LG15",
        {
            "not": {
                "prior_therapy": {
                    "drugs": "trastuzumab",
                    "settings": ["neoadjuvant", "adjuvant"],
                    "progressed_within_months": 6,
                }
            }
        },
        [
            (given(), MET),
            (given({**H_ADJ, "progression_date": "2025-04-01"}), NOT),
            (given({**H_ADJ, "progression_date": "2025-12-01"}), MET),
        ],
    ),
    (
        "LG16",
        {"when": {"sex": {"any_of": "female"}}, "then": {"menopausal_status": {"any_of": "postmenopausal"}}},
        [
            ({"demographics": {"sex": "male"}}, MET),
            ({"demographics": {"sex": "female", "menopausal_status": "premenopausal"}}, NOT),
            ({"demographics": {"sex": "female"}}, OPEN),
        ],
    ),
    (
        "LG17",
        {"washout": {"drugs": "trastuzumab", "days": 28, "half_lives": 5, "whichever": "shorter"}},
        [
            (given({"drugs": "trastuzumab", "start": "2025-01", "end": "2026-05-04"}), MET),
            (given({"drugs": "trastuzumab", "start": "2025-01", "end": "2026-05-05"}), NOT),
        ],
    ),
    (
        "LG19",
        LG19,
        [
            (crc("3+"), MET),
            (crc(ngs="amplified", kras="wild_type", nras="wild_type"), MET),
            (crc("1+", ngs="amplified", kras=["G12D"], nras="wild_type"), NOT),
            (crc(ngs="amplified"), OPEN),
        ],
    ),
    (
        "LG20",
        {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ihc": "2+", "ish": "negative"}], "scoring": "breast"}},
        [
            ({"cancer": {"tumour_type": "breast"}, "specimens": [{"kind": "resection", "ihc": {"score": "1+"}}]}, MET),
            ({"cancer": {"tumour_type": "breast"}, "specimens": [{"kind": "resection", "ihc": {"score": "2+"}}]}, OPEN),
            ({"cancer": {"tumour_type": "breast"}, "specimens": [{"kind": "resection", "ihc": {"score": "3+"}}]}, NOT),
        ],
    ),
]


def case_of(record):
    return Case(Patient.model_validate(record), DAY, load_knowledge())


@pytest.mark.parametrize(
    ("tree", "record", "truth"),
    [
        pytest.param(tree, record, truth, id=f"{name}-{i}")
        for name, tree, patients in ROWS
        for i, (record, truth) in enumerate(patients)
    ],
)
def test_row(tree, record, truth):
    text = Document(_strings(tree), "row")
    assert Explainer(case_of(record)).explain(TreeReader(text).read(text.data, ())).truth == truth


def _strings(value):
    if isinstance(value, dict):
        return {key: _strings(item) for key, item in value.items()}
    return [_strings(item) for item in value] if isinstance(value, list) else str(value)


def _trial(criteria, arms):
    reader = TreeReader(Document({}, "row"))
    record = TrialRecord(
        nct_id="NCT00000001",
        title="a made-up trial",
        status=Status(value="RECRUITING", date=DAY, source="test"),
        curation="full",
        text_sha256="0" * 64,
        arms=tuple(Arm(id=arm, label=arm) for arm in arms),
        review={"state": "draft", "date": DAY},
    )
    made = [
        Criterion(f"i{i}", Role.DECIDES, "inclusion", "text", reader.read(_strings(tree), ()), scope=scope)
        for i, (tree, scope) in enumerate(criteria)
    ]
    return Trial(record, tuple(made), "curated")


def test_lg9_one_open_cohort_with_everything_met_suffices():
    cohorts = [
        ({"her2_status": {"any_of": [{"ihc": "3+"}]}}, ("A",)),
        ({"her2_status": {"any_of": [{"ihc": "2+", "ish": "negative"}]}}, ("B",)),
        ({"performance_status": {"ecog_max": 1}}, ()),
    ]
    record = {
        "cancer": {"tumour_type": "breast"},
        "performance": {"ecog": 1},
        "specimens": [{"kind": "resection", "ihc": {"score": "2+"}, "ish": {"result": "negative"}}],
    }
    found = match_patient(case_of(record), compile_trials([_trial(cohorts, "AB")]))[0]
    assert (found.verdict.word, found.best_arm) == ("eligible", "B")
    found = match_patient(case_of({**record, "performance": {"ecog": 2}}), compile_trials([_trial(cohorts, "AB")]))[0]
    assert found.verdict.word == "ineligible"


def test_lg18_a_rule_of_part_2_does_not_bind_part_1():
    trial = _trial([(RAS, ("part2",))], ["part1", "part2"])
    found = match_patient(case_of({"biomarkers": {"kras": ["G12D"]}}), compile_trials([trial]))[0]
    assert (found.verdict.word, found.best_arm) == ("eligible", "part1")


def test_every_row_is_here(shared):
    text = (shared / "domain/eligibility_patterns.md").read_text()
    named = {line.split(",", 1)[0] for line in text.splitlines() if line.startswith("LG")}
    assert named == {name for name, _, _ in ROWS} | {"LG9", "LG18"}
