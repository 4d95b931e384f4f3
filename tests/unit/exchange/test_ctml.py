"""Trials as CTML: what is written follows from the tree, what is lost is told, and a round trip stays open."""

from datetime import date
from pathlib import Path

import pytest

from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.trialfile import read_trial
from her2nav.exchange.ctml import to_ctml
from her2nav.exchange.ctml_import import from_ctml
from her2nav.exchange.ctml_leaves import leaf_clause
from her2nav.exchange.ctml_names import ctml_names
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.results import match_patient
from her2nav.model.errors import ValueProblem
from her2nav.model.trial import Role

DAY = date(2026, 11, 21)
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.fixture(scope="module")
def names(knowledge):
    return ctml_names(knowledge)


@pytest.fixture(scope="module")
def pairs(knowledge, names):
    """Each trial of the catalogue with what comes back from its CTML."""
    found = []
    for trial in load_catalogue(knowledge.bundle):
        document, _ = to_ctml(trial, names)
        back = from_ctml(document, "t.yaml", knowledge, names, DAY)
        found.append((trial, read_trial(Document(back.record, "t.yaml"))))
    return found


def params(kind, **values):
    return kinds()[kind].params.model_validate(values)


@pytest.mark.parametrize(
    ("kind", "values", "negated", "clause"),
    [
        ("age", {"min": 18}, False, {"clinical": {"age_numerical": ">=18"}}),
        ("age", {"min": 18}, True, {"clinical": {"age_numerical": "<18"}}),
        ("sex", {"any_of": "female"}, True, {"clinical": {"gender": "Male"}}),
        ("tumour_type", {"types": "nsclc"}, False, {"clinical": {"oncotree_primary_diagnosis": "Lung"}}),
        (
            "tumour_type",
            {"types": "nsclc"},
            True,
            {"clinical": {"oncotree_primary_diagnosis": "!Non-Small Cell Lung Cancer"}},
        ),
        ("her2_status", {"any_of": [{"status": "positive"}]}, False, {"clinical": {"her2_status": "Positive"}}),
        (
            "her2_status",
            {"any_of": [{"ihc": "3+"}, {"ihc": "2+", "ish": "positive"}]},
            False,
            {"clinical": {"her2_status": "Positive"}},
        ),
        (
            "her2_status",
            {"any_of": [{"status": "positive"}]},
            True,
            {"or": [{"clinical": {"her2_status": "Negative"}}, {"clinical": {"her2_status": "Unknown"}}]},
        ),
        (
            "gene_status",
            {"genes": ["kras"], "status": "wild_type"},
            False,
            {"genomic": {"hugo_symbol": "KRAS", "variant_category": "!Mutation"}},
        ),
        (
            "gene_status",
            {"genes": ["braf"], "status": "mutated", "variants": ["V600E"]},
            False,
            {"genomic": {"hugo_symbol": "BRAF", "variant_category": "Mutation", "protein_change": "p.V600E"}},
        ),
        ("msi_mmr", {"status": "MSI-H"}, False, {"genomic": {"mmr_status": "MMR-Deficient"}}),
    ],
)
def test_leaf(names, kind, values, negated, clause):
    assert leaf_clause(kind, params(kind, **values), negated, names)[0] == clause


@pytest.mark.parametrize(
    ("kind", "values", "negated"),
    [
        ("her2_status", {"any_of": [{"status": "low"}]}, False),
        ("her2_status", {"any_of": [{"ihc": ["1+", "2+"]}]}, False),
        ("her2_status", {"any_of": [{"ihc": "3+"}]}, True),
        ("tumour_type", {"types": "breast", "histologies": "invasive"}, True),
        ("gene_status", {"genes": ["kras"], "status": "wild_type", "variants": ["G12C"]}, False),
        ("hormone_receptor", {"status": "positive"}, True),
        ("her2_mutation", {}, True),
        ("lvef", {"percent": 50}, False),
    ],
)
def test_what_ctml_has_no_words_for(names, kind, values, negated):
    assert leaf_clause(kind, params(kind, **values), negated, names) == (None, False)


def test_every_criterion_is_written_lost_or_only_permits(knowledge, names):
    for trial in load_catalogue(knowledge.bundle):
        document, losses = to_ctml(trial, names)
        lost = {loss.criterion for loss in losses}
        confirm = {item.id for item in trial.criteria if item.role is Role.CONFIRM}
        assert confirm <= lost
        assert {loss.criterion for loss in losses if loss.whole} | lost <= {item.id for item in trial.criteria}
        assert document["treatment_list"]["step"][0]["arm"] or not trial.record.arms


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_ctml_never_excludes_whom_the_tree_lets_in(pairs, knowledge, path):
    """The CTML says less than the tree: where no criterion of the tree is failed, none of the CTML is."""
    patient = read_patient(path, knowledge, DAY).patient
    case = Case(patient, DAY, knowledge)
    ours = match_patient(case, compile_trials([trial for trial, _ in pairs]))
    theirs = match_patient(case, compile_trials([back for _, back in pairs]))
    for before, after in zip(ours, theirs, strict=True):
        if before.verdict.word != "ineligible":
            assert after.verdict.word != "ineligible", before.trial.record.nct_id


def test_nobody_fits_by_ctml_alone(pairs, knowledge):
    for path in EXAMPLES:
        case = Case(read_patient(path, knowledge, DAY).patient, DAY, knowledge)
        for match in match_patient(case, compile_trials([back for _, back in pairs])):
            assert match.verdict.word != "eligible"


def test_import_keeps_what_it_cannot_read(knowledge, names):
    document = {
        "nct_id": "NCT00000001",
        "short_title": "A made-up trial",
        "phase": "I/II",
        "status": "Open to Accrual",
        "treatment_list": {
            "step": [
                {
                    "arm": [
                        {
                            "arm_code": "A 1",
                            "arm_suspended": "Y",
                            "match": [{"genomic": {"hugo_symbol": "ERBB2", "variant_category": "Mutation"}}],
                        }
                    ],
                    "match": [
                        {
                            "and": [
                                {"clinical": {"age_numerical": ">=18", "oncotree_primary_diagnosis": "!Breast"}},
                                {"clinical": {"her2_status": "Equivocal"}},
                                {"or": [{"genomic": {"hugo_symbol": "NOGENE", "variant_category": "Mutation"}}]},
                            ]
                        }
                    ],
                }
            ]
        },
    }
    found = from_ctml(document, "t.yaml", knowledge, names, DAY)
    trial = read_trial(Document(found.record, "t.yaml"))
    rules = [item["rule"] for item in found.record["criteria"]]
    assert trial.record.phase == ("PHASE1", "PHASE2")
    assert trial.record.arms[0].id == "A-1"
    assert trial.record.arms[0].open is False
    assert rules[0] == {"all_of": [{"age": {"min": 18}}, {"not": {"tumour_type": {"types": ["breast"]}}}]}
    assert rules[3] == {"her2_mutation": {"any_of": ["any"]}}
    assert trial.criteria[3].scope == ("A-1",)
    assert len(found.losses) == 2
    assert "her2_status Equivocal" in found.losses[0]


@pytest.mark.parametrize("document", [[], {}, {"treatment_list": {}}, {"treatment_list": {}, "nct_id": "11-111"}])
def test_what_is_no_ctml(knowledge, names, document):
    with pytest.raises(ValueProblem) as told:
        from_ctml(document, "t.yaml", knowledge, names, DAY)
    assert told.value.file == "t.yaml"
