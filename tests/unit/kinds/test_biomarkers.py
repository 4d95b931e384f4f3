"""Biomarkers: scales, cut-offs, tests that say nothing, reports that contradict each other."""

import re
from datetime import date

import pytest

from her2nav.facts.biomarkers import is_variant, protein_change
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, UnknownKind
from her2nav.model.patient import Patient, to_record
from her2nav.model.truth import Truth

NEVER_DECIDED = ("contraception", "participation", "judgement", "life_expectancy", "unread")
TIMING = ("washout", "procedure", "disease_progression", "planned_therapy", "concomitant_medication")
MARKERS = ("pd_l1", "msi_mmr", "gene_status", "other_driver", "hormone_receptor", "other_biomarker", "her2_mutation")
OURS = (*TIMING, *MARKERS, *NEVER_DECIDED, "options_exhausted", "tissue_available")


def case_of(record: dict) -> Case:
    patient = Patient.model_validate(record)
    return Case(patient, patient.as_of.high if patient.as_of else date(2026, 11, 21), load_knowledge())


def judge(kind: str, params: dict, record: dict):
    """The finding of one kind for one record."""
    model, case = kinds()[kind].params.model_validate(params), case_of(record)
    return kinds()[kind].finding(model, case, kinds()[kind].evaluate(model, Block([case])).at(0))


def findings(kind: str):
    return [(record, judge(kind, params, record)) for params, record, _ in kinds()[kind].examples]


@pytest.mark.parametrize("kind", OURS)
def test_plain_sentences_hold_no_banned_word(kind):
    banned = load_knowledge().words.banned_plain
    texts = [found.plain for _, found in findings(kind)] + [kinds()[kind].plain_name]
    for text in texts:
        assert text
        assert not [word for word in banned if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)], text


@pytest.mark.parametrize("kind", OURS)
def test_evidence_points_into_the_patient_file(kind):
    for record, found in findings(kind):
        data = to_record(Patient.model_validate(record))
        for item in found.evidence:
            here = data
            for part in item.path.strip("/").split("/"):
                here = here[int(part)] if isinstance(here, list) else here[part]
            assert item.value


@pytest.mark.parametrize("kind", OURS)
def test_unknown_says_what_would_settle_it(kind):
    for _, found in findings(kind):
        if found.truth is Truth.UNKNOWN:
            assert isinstance(found.change, Change)
            assert found.change.effort is not None


@pytest.mark.parametrize("kind", NEVER_DECIDED)
def test_what_a_person_decides_is_never_decided(kind):
    assert not kinds()[kind].evaluated
    for _, found in findings(kind):
        assert found.truth is Truth.UNKNOWN
        assert found.unknown_kind is (UnknownKind.UNREAD if kind == "unread" else UnknownKind.PENDING)
        assert found.change.by is ChangeBy.PERSON


def test_contraception_is_confirmed_even_where_it_may_not_apply():
    found = judge("contraception", {"who": "female"}, {"demographics": {"sex": "male"}})
    assert (found.truth, found.change.effort) == (Truth.UNKNOWN, Effort.ASK)
    assert "male, so it may not apply" in found.reason


def test_pd_l1_scales_do_not_convert():
    found = judge("pd_l1", {"scale": "cps", "op": ">=", "value": 1}, {"biomarkers": {"pd_l1": {"tps": 90}}})
    assert (found.truth, found.code) == (Truth.UNKNOWN, "pd_l1_not_comparable")
    assert "scales do not convert" in found.reason
    assert found.change.by is ChangeBy.TEST


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("p.(Gly12Asp)", "G12D"),
        ("G12D", "G12D"),
        ("p.Arg1443Ter", "R1443*"),
        ("exon 19 deletion", None),
        ("E746_A750del", None),
        ("G12D, G13D", None),
    ],
)
def test_substitutions_are_read(text, change):
    assert protein_change(text) == change


@pytest.mark.parametrize(
    ("recorded", "wanted", "expected"),
    [
        ("p.Val600Glu", "V600E", "met"),
        ("V600K", "V600E", "not_met"),
        ("V600K", "V600", "met"),
        ("G469A", "V600X", "not_met"),
        ("exon 19 deletion", "exon 19 deletion", "met"),
        ("E746_A750del", "exon 19 deletion", "unknown"),
        ("L858R", "exon 19 deletion", "unknown"),
    ],
)
def test_variants_are_compared(recorded, wanted, expected):
    assert is_variant(recorded, wanted) == Truth(expected)


def test_reports_that_contradict_each_other_are_both_shown():
    record = {
        "biomarkers": {"kras": ["G12D"]},
        "specimens": [{"kind": "biopsy", "collected": "2026-01-01", "ngs": {"genes_covered": ["KRAS"]}}],
    }
    found = judge("gene_status", {"genes": "kras", "status": "wild_type"}, record)
    assert (found.truth, found.code) == (Truth.UNKNOWN, "gene_unclear")
    assert [item.path for item in found.evidence] == ["/biomarkers/kras", "/specimens/0/ngs/genes_covered"]


def test_plasma_never_contradicts_tissue_by_what_it_does_not_show():
    record = {
        "biomarkers": {"kras": ["G12D"]},
        "specimens": [{"kind": "blood", "ngs": {"genes_covered": ["KRAS"]}}],
    }
    assert judge("gene_status", {"genes": "kras", "status": "mutated"}, record).truth is Truth.MET


def test_gene_names_are_resolved():
    wanted = {"genes": "ras", "status": "wild_type"}
    assert judge("gene_status", wanted, {"biomarkers": {"K-RAS": "wild_type"}}).truth is Truth.UNKNOWN
    record = {"biomarkers": {"K-RAS": "wild_type", "N-RAS": "wild_type"}}
    assert judge("gene_status", wanted, record).truth is Truth.MET


def test_untested_gene_is_named():
    found = judge(
        "gene_status", {"genes": ["kras", "nras"], "status": "wild_type"}, {"biomarkers": {"kras": "wild_type"}}
    )
    assert (found.truth, found.code) == (Truth.UNKNOWN, "gene_untested")
    assert "NRAS" in found.change.what
    assert found.change.what.startswith("gene test of NRAS (")


def test_braf_wild_type_is_not_v600e_and_g469a_leaves_v600e_absent():
    params = {"genes": "braf", "status": "wild_type", "variants": "V600E"}
    assert judge("gene_status", params, {"biomarkers": {"braf": "wild_type"}}).truth is Truth.MET
    assert judge("gene_status", params, {"biomarkers": {"braf": ["G469A"]}}).truth is Truth.MET
    assert judge("gene_status", params, {"biomarkers": {"braf": "mutated"}}).truth is Truth.UNKNOWN


def test_er_low_is_positive_at_one_percent_and_negative_at_ten():
    record = {"biomarkers": {"er": {"status": "low", "percent": 4}, "pr": {"status": "negative", "percent": 0}}}
    assert judge("hormone_receptor", {"status": "positive"}, record).truth is Truth.MET
    assert judge("hormone_receptor", {"status": "negative"}, record).truth is Truth.NOT_MET
    assert judge("hormone_receptor", {"status": "negative", "cutoff_percent": 10}, record).truth is Truth.MET


def test_central_laboratory_is_pending():
    record = {"specimens": [{"kind": "biopsy", "ngs": {"variants": ["ERBB2 p.V777L"]}}]}
    found = judge("her2_mutation", {"any_of": "activating", "laboratory": "central"}, record)
    assert (found.truth, found.code, found.unknown_kind) == (Truth.UNKNOWN, "pending_central", UnknownKind.PENDING)


def test_her2_negative_by_protein_does_not_answer_the_mutation():
    record = {"specimens": [{"kind": "biopsy", "ihc": {"score": "0"}}]}
    found = judge("her2_mutation", {"any_of": "activating"}, record)
    assert (found.truth, found.change.by) == (Truth.UNKNOWN, ChangeBy.TEST)


def test_new_biopsy_keeps_tissue_open():
    record = {"specimens": [{"kind": "biopsy", "tissue_available": False}], "complete": {"specimens": True}}
    found = judge("tissue_available", {"any_of": "archival", "new_biopsy_instead": True}, record)
    assert (found.truth, found.change.what) == (Truth.UNKNOWN, "a new biopsy")
    assert judge("tissue_available", {"any_of": "archival"}, record).truth is Truth.NOT_MET


def test_drivers_of_the_gene_table_exist():
    genes = load_knowledge().genes
    assert {"EGFR", "ALK", "ROS1", "RET", "MET", "NTRK1", "BRAF"} <= set(genes.drivers)
    assert "ERBB2" not in genes.drivers
    assert all(genes.genes[symbol].driver_events for symbol in genes.drivers)
