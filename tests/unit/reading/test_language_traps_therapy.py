"""Traps of criteria about treatment: negation, exceptions, times, lists, lines; in our own wording."""

from typing import Any

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When

T_DXD = "trastuzumab_deruxtecan"


def bare(node: Node) -> Node:
    """Return the tree without its spans."""
    match node:
        case Leaf():
            return Leaf(node.kind, node.params)
        case AllOf(parts=parts):
            return AllOf(tuple(map(bare, parts)))
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(bare, parts)))
        case Not(part=part):
            return Not(bare(part))
        case When(when=when, then=then):
            return When(bare(when), bare(then))
    return node


def trees(section: str, text: str) -> list[Any]:
    """Read one bullet of a section."""
    read = reader(load_knowledge()).read(f"{section} Criteria:\n\n* {text}")
    return [write(bare(criterion.node)) for criterion in read.criteria]


def prior(*drugs: str, **params: Any) -> dict[str, Any]:
    """The written form of a leaf of prior therapy."""
    return {"prior_therapy": ({"drugs": list(drugs)} if drugs else {}) | params}


INCLUSION = [
    # LG5, LG10, LG11, LG13, LG15, LG17 of the taxonomy, and neighbours of theirs
    ("No prior HER2-directed therapy for metastatic disease", {"not": prior("anti_her2", settings=["metastatic"])}),
    (
        "At least 1, but no more than 3, prior lines of therapy",
        {"lines_of_therapy": {"min": 1, "max": 3, "setting": "any"}},
    ),
    ("Has been treated with pertuzumab and/or T-DM1", prior("pertuzumab", "trastuzumab_emtansine")),
    (
        "Previous treatment with a taxane and trastuzumab, together or separately",
        {"all_of": [prior("taxane"), prior("trastuzumab")]},
    ),
    (
        "Must not have progressed within 6 months of (neo)adjuvant trastuzumab",
        {"not": prior("trastuzumab", settings=["neoadjuvant", "adjuvant"], progressed_within_months="6")},
    ),
    (
        "At least 4 weeks or 5 half-lives, whichever is shorter, since the last monoclonal antibody",
        {"washout": {"drugs": ["monoclonal_antibody"], "days": 28, "half_lives": "5", "whichever": "shorter"}},
    ),
    ("No prior T-DXd and no prior lapatinib", {"all_of": [{"not": prior(T_DXD)}, {"not": prior("lapatinib")}]}),
    (
        "Must not have received more than two chemotherapy regimens for metastatic disease",
        {"not": {"lines_of_therapy": {"min": 3, "of": ["chemotherapy"]}}},
    ),
    ("Progression on or after trastuzumab", prior("trastuzumab", outcome="progression")),
    ("Disease progression during or after the most recent therapy", {"disease_progression": {}}),
    ("No prior ADC with a topoisomerase I payload", {"not": prior("topo1_adc")}),
    (
        "All toxicities of prior therapy have resolved to grade ≤ 1, except alopecia",
        {"toxicity_recovery": {"max_grade": 1, "exceptions": [{"name": "alopecia"}]}},
    ),
]

EXCLUSION = [
    (
        "Prior T-DXd, unless in the adjuvant setting and completed more than 12 months before",
        {
            "not": {
                "any_of": [
                    prior(T_DXD, settings=["neoadjuvant", "metastatic", "maintenance", "local"]),
                    prior(T_DXD, settings=["adjuvant"], ended_within_days=360),
                ]
            }
        },
    ),
    (
        "Patients who have not recovered from recent major surgery",
        {
            "not": {
                "all_of": [
                    {"procedure": {"kinds": ["surgery"], "major": True}},
                    {"judgement": {"topic": "recovery from surgery"}},
                ]
            }
        },
    ),
    (
        "Chemotherapy within 21 days or 5 half-lives, whichever is longer, before the first dose",
        {"washout": {"drugs": ["chemotherapy"], "days": 21, "half_lives": "5", "whichever": "longer"}},
    ),
    (
        "Major surgery within 4 weeks of the first dose",
        {"not": {"procedure": {"kinds": ["surgery"], "major": True, "within_days": 28}}},
    ),
    (
        "Radiotherapy to the lung > 30 Gy within 6 months",
        {
            "not": {
                "procedure": {
                    "kinds": ["radiotherapy"],
                    "techniques": ["thoracic"],
                    "min_dose_gy": "30",
                    "dose_exclusive": True,
                    "within_days": 180,
                }
            }
        },
    ),
    ("Live vaccine within 30 days of enrollment", {"not": {"immune": {"any_of": ["live_vaccine"], "within_days": 30}}}),
    (
        "Systemic steroids at a dose > 10 mg prednisone daily within 14 days",
        {
            "not": {
                "concomitant_medication": {
                    "any_of": ["systemic_corticosteroid"],
                    "within_days": 14,
                    "min_steroid_mg_prednisone": "10",
                    "steroid_dose_exclusive": True,
                }
            }
        },
    ),
    (
        "Concurrent use of strong CYP3A4 inhibitors",
        {"not": {"concomitant_medication": {"any_of": ["strong_cyp3a4_inhibitor"]}}},
    ),
    (
        "Prior treatment with any PI3K, AKT or mTOR inhibitor",
        {"not": prior("pi3k_inhibitor", "akt_inhibitor", "mtor_inhibitor")},
    ),
    (
        "Chemotherapy within 3 weeks (6 weeks for nitrosoureas)",
        {
            "not": {
                "any_of": [
                    {"not": {"washout": {"drugs": ["chemotherapy"], "except_drugs": ["nitrosourea"], "days": 21}}},
                    {"not": {"washout": {"drugs": ["nitrosourea"], "days": 42}}},
                ]
            }
        },
    ),
    ("Cumulative doxorubicin dose > 360 mg/m2", {"anthracycline_dose": {"max_mg_m2": "360"}}),
    ("Patients must not have received lapatinib", {"not": prior("lapatinib")}),
]


@pytest.mark.parametrize(("text", "expected"), INCLUSION)
def test_inclusion(text: str, expected: Any) -> None:
    assert trees("Inclusion", text) == [expected]


@pytest.mark.parametrize(("text", "expected"), EXCLUSION)
def test_exclusion(text: str, expected: Any) -> None:
    assert trees("Exclusion", text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Known hypersensitivity to trastuzumab",
        "Prior trastuzumab is not indicated",
        "Autoimmune disease that has required systemic treatment in the past 2 years",
        "Recovered from side effects of prior trastuzumab",
        "Participants receiving steroids must be on a stable dose",
        "Candidates for treatment with pembrolizumab",
    ],
)
def test_words_that_ask_for_no_treatment(text: str) -> None:
    assert "prior_therapy" not in str(trees("Inclusion", text))
    assert "washout" not in str(trees("Inclusion", text))
    assert "concomitant_medication" not in str(trees("Inclusion", text))


def test_nested_list_takes_its_lead() -> None:
    text = "Has received any of the following within 4 weeks before the first dose:\n  * chemotherapy\n  * radiotherapy"
    assert trees("Exclusion", text) == [
        {"washout": {"drugs": ["chemotherapy"], "days": 28}},
        {"not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 28}}},
    ]


def test_a_time_that_two_bounds_share_stays_open_where_the_text_does_not_choose() -> None:
    (tree,) = trees("Exclusion", "Chemotherapy within 3 weeks or 5 half-lives before the first dose")
    assert "shorter" in str(tree)
    assert "longer" in str(tree)
