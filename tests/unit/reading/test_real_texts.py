"""Faults once found in texts of the registry, each by NCT number and place; the texts are not in the repository."""

import gzip
import json
from functools import lru_cache
from pathlib import Path

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion


@lru_cache(maxsize=1)
def texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("oncology_2026-01", "eligibility_texts"):
        path = folder / f"data/registry/{name}.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt") as lines:
                for record in map(json.loads, lines):
                    if record["nct_id"] in WANTED:
                        text = record.get("text") or (record.get("eligibility") or {}).get("raw_text")
                        found.setdefault(record["nct_id"], text or "")
    for nct in WANTED - found.keys():
        path = folder / f"data/gold/texts/{nct}.json"
        if path.exists():
            record = json.loads(path.read_text())
            found[nct] = (record.get("eligibility") or {}).get("raw_text") or record.get("text") or ""
    return found


WANTED = frozenset(
    {
        "NCT00490139",
        "NCT01625286",
        "NCT04892953",
        "NCT02389842",
        "NCT00093795",
        "NCT00320385",
        "NCT02403271",
        "NCT00005970",
        "NCT03803553",
        "NCT02369484",
        "NCT04704661",
        "NCT05382364",
        "NCT05748834",
        "NCT06630325",
        "NCT04802759",
        "NCT05059444",
        "NCT07070232",
        "NCT06526819",
        "NCT06439693",
        "NCT07213791",
        "NCT04787042",
        "NCT04585958",
        "NCT06562192",
    }
)


def holding(nct: str, words: str, shared: Path) -> Criterion:
    """The first criterion of a trial whose text holds these words."""
    text = texts(shared).get(nct)
    if text is None:
        pytest.skip(f"{nct} is absent")
    return next(item for item in reader(load_knowledge()).read(text).criteria if words in item.text.lower())


def params(node: Node, kind: str) -> list[dict[str, object]]:
    return [item.params.model_dump(mode="json", exclude_defaults=True) for item in leaves(node) if item.kind == kind]


def test_a_demand_among_exclusions_is_a_demand(shared: Path) -> None:
    node = holding("NCT00490139", "node-negative", shared).node
    assert not isinstance(node, Not)
    assert {"any_of": [{"ish": "positive"}]} not in params(node, "her2_status"), "1.0 cm is no ratio"


def test_what_patients_with_an_earlier_therapy_must_fulfil_is_no_exclusion_of_them(shared: Path) -> None:
    assert isinstance(holding("NCT04892953", "must not have experienced a toxicity", shared).node, When)


@pytest.mark.parametrize(("nct", "words"), [("NCT01625286", "her2-ve"), ("NCT02389842", "er+ve and her2-ve")])
def test_minus_ve_is_negative(nct: str, words: str, shared: Path) -> None:
    found = params(holding(nct, words, shared).node, "her2_status")
    assert found
    assert all(item == {"any_of": [{"status": "negative"}]} for item in found)


def test_a_drug_for_osteoporosis_excludes_nobody_with_osteoporosis(shared: Path) -> None:
    assert params(holding("NCT00093795", "either for osteoporosis", shared).node, "comorbidity") == []


def test_prior_cancer_treatment_is_no_cancer(shared: Path) -> None:
    assert params(holding("NCT00320385", "serious toxicity from prior", shared).node, "second_malignancy") == []


def test_cancers_that_exclude_each_other_are_alternatives(shared: Path) -> None:
    node = holding("NCT02403271", "pancreatic cancer", shared).node
    assert type(node).__name__ in ("AnyOf", "When")


def signs(node: Node, kind: str, sign: bool = True) -> set[bool]:
    """Whether leaves of a kind are asked for, shut out, or both."""
    match node:
        case Not():
            return signs(node.part, kind, not sign)
        case When():
            return signs(node.when, kind, not sign) | signs(node.then, kind, sign)
        case Leaf():
            return {sign} if node.kind == kind else set()
    return set().union(*(signs(part, kind, sign) for part in node.parts))


@pytest.mark.parametrize(
    ("nct", "words", "kind", "wanted"),
    [
        ("NCT00490139", "signed written informed consent", "participation", {True}),
        ("NCT00005970", "absolute neutrophil count", "lab_value", {True}),
        ("NCT04704661", "cannot be receiving chloroquine", "concomitant_medication", {False}),
        ("NCT04704661", "positive may participate if", "viral_infection", {False}),
        ("NCT05382364", "no longer are candidates", "options_exhausted", {True}),
        ("NCT05382364", "participating in another clinical trial", "participation", {True}),
        ("NCT05748834", "plan to father a child", "contraception", {True}),
        ("NCT06630325", "lesion(s) remain measurable", "lines_of_therapy", set()),
        ("NCT04802759", "stable anticoagulant regimen", "concomitant_medication", set()),
        ("NCT05059444", "another primary cancer diagnosed", "second_malignancy", {False}),
        ("NCT02369484", "non-predominant squamous", "tumour_type", set()),
        ("NCT02369484", "pregnant or in the period of lactation", "pregnancy", {False}),
        ("NCT07070232", "for participants with pdac only", "tumour_type", {False}),
        ("NCT06526819", "1. has a history of bowel obstruction", "tumour_type", {False}),
        ("NCT07213791", "adenocarcinoma of the pancreas: participants", "tumour_type", {False}),
    ],
)
def test_the_sign_of_what_is_read(nct: str, words: str, kind: str, wanted: set[bool], shared: Path) -> None:
    first = holding(nct, words, shared)
    same = [item for item in reader(load_knowledge()).read(texts(shared)[nct]).criteria if item.span == first.span]
    assert set().union(*(signs(item.node, kind) for item in same)) == wanted


def test_criteria_of_a_cohort_with_a_name_are_its_own(shared: Path) -> None:
    found = holding("NCT03803553", "hemoglobin ≥9 g/dl", shared)
    assert (found.section, signs(found.node, "lab_value")) == ("inclusion", {True})
    assert found.scope


def test_the_result_of_a_second_test_binds_both_scores(shared: Path) -> None:
    found = params(holding("NCT06439693", "which is her2 fish positive", shared).node, "her2_status")
    assert {"any_of": [{"ihc": ["1+", "2+"], "ish": "positive"}]} in found


def test_examples_of_tumours_are_not_asked_for(shared: Path) -> None:
    node = holding("NCT07070232", "including, but not limited to", shared).node
    assert [item["types"] for item in params(node, "tumour_type")] == [["solid_tumour"]]


def test_cohorts_before_a_bracket_are_a_scope(shared: Path) -> None:
    assert holding("NCT07070232", "for participants with pdac only", shared).scope == ("cohort-1e", "cohort-1f")
