"""The plan of testing: golden cases, properties that hold of every plan, and the soundness of the rules."""

import re
from datetime import date
from pathlib import Path

import pytest

from her2nav.facts.case import Case
from her2nav.files.yamlfile import parse_yaml
from her2nav.intake.patient_file import read_patient
from her2nav.interpret.guidelines import guideline_set
from her2nav.interpret.wording import NEXT
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.testing.plan import make_plan
from her2nav.testing.results import Plan
from her2nav.testing.rulebook import rulebook
from her2nav.testing.to_json import to_json

CASES = parse_yaml(Path(__file__).with_name("cases.yaml").read_text("utf-8"), "cases.yaml").data["cases"]
TODAY = date(2026, 11, 21)


def plan_of(record: dict, as_of: date = TODAY) -> Plan:
    return make_plan(Case(Patient.model_validate(record), as_of, load_knowledge()))


def plan_of_case(case: dict) -> Plan:
    return plan_of(case["patient"], date.fromisoformat(case["as_of"]))


def rules_in(plan: Plan) -> set[str]:
    reasons = [reason for item in (*plan.now, *plan.later) for reason in item.reasons] + list(plan.notes)
    if plan.tissue_order is not None:
        reasons.append(plan.tissue_order.reason)
    return {rule for reason in reasons for rule in reason.rules}


@pytest.fixture(scope="module")
def book():
    return rulebook(load_knowledge())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_golden_case(case):
    plan = plan_of_case(case)
    assert [item.test for item in plan.now if item.certain] == case["now"], case["why"]
    assert [item.test for item in plan.now if not item.certain] == case["open"], case["why"]
    assert [item.test for item in plan.later] == case["later"], case["why"]
    assert set(case.get("rules", ())) <= rules_in(plan)
    assert not set(case.get("not_rules", ())) & rules_in(plan)
    by_test = {item.test: item for item in plan.now}
    for test, path in case.get("on", {}).items():
        assert [target.path for target in by_test[test].targets] == [path]
    for test, parts in case.get("missing", {}).items():
        assert list(by_test[test].open) == parts
    if "little" in case:
        assert plan.tissue_order.little is True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_holds_of_every_plan(case):
    plan = plan_of_case(case)
    keys = [(item.test, item.trigger) for item in (*plan.now, *plan.later)]
    assert len(keys) == len(set(keys)), "a test stands once"
    assert [item.certain for item in plan.now] == sorted((item.certain for item in plan.now), reverse=True)
    for item in (*plan.now, *plan.later):
        assert item.reasons
        assert item.targets
        assert item.burden
        assert any(not reason.unverified for reason in item.reasons), "an unverified fact is never the only reason"
        assert item.certain or item.depends_on
        for reason in item.reasons:
            assert reason.sources
            assert reason.plain


def test_every_rule_fires_in_some_case(book):
    seen = set().union(*(rules_in(plan_of_case(case)) for case in CASES))
    assert {rule.id for rule in book.rules} | {order.id for order in book.little_tissue} <= seen


def test_every_test_and_condition_is_used(book):
    tests = {rule.test for rule in book.rules} | {step.test for step in book.steps.values()}
    assert set(book.tests) == tests - {None}
    # Judged by the order of tests itself, which no rule names.
    assert set(book.conditions) == book.conditions_asked() | {"little_tissue"}


def test_every_next_step_of_the_interpretation_has_a_place(book):
    codes = set(NEXT)
    guidelines = guideline_set(load_knowledge())
    for folder in guidelines.folders:
        guideline = guidelines.on(folder, TODAY)
        codes |= {code for table in guideline.compiled.values() for rule in table.rules for code in rule.next}
    assert codes == set(book.steps)


def test_sources_are_known_and_names_lead_somewhere(book):
    knowledge = load_knowledge()
    for rule, source in book.sources():
        assert source in knowledge.sources, (rule, source)
    for condition, leaf in book.leaves():
        for field in ("drugs", "except_drugs", "together_with", "after_drugs"):
            for term in getattr(leaf.params, field, ()):
                assert knowledge.drugs.is_term(term), (condition, term)
        for field in ("types", "except_types"):
            for item in getattr(leaf.params, field, ()):
                assert item in knowledge.tumours.types, (condition, item)
        for field in ("histologies", "except_histologies"):
            for item in getattr(leaf.params, field, ()):
                assert item in knowledge.histologies.histologies, (condition, item)
        for name in getattr(leaf.params, "genes", ()):
            assert knowledge.genes.symbols(name), (condition, name)
    for rule in book.rules:
        for gene in rule.settled.genes if rule.settled else ():
            assert knowledge.genes.find(gene) == gene


def test_plain_words_are_plain(book):
    banned = load_knowledge().words.banned_plain
    sentences = [rule.plain for rule in book.rules] + [more.plain for rule in book.rules for more in rule.also]
    sentences += [rule.trigger.plain for rule in book.rules if rule.trigger]
    sentences += [test.plain for test in book.tests.values()] + [item.plain for item in book.conditions.values()]
    sentences += [step.because.plain for step in book.steps.values() if step.because]
    sentences += [order.plain for order in book.little_tissue] + [assay.plain for assay in book.assays]
    for sentence in sentences:
        found = [word for word in banned if re.search(rf"\b{re.escape(word)}\b", sentence.lower())]
        assert not found, (sentence, found)
        longest = max(len(part.split()) for part in re.split(r"[.:;!?]", sentence))
        assert longest <= 22, sentence


def test_code_names_no_drug(root):
    drugs = {name.lower() for drug in load_knowledge().drugs.drugs.values() for name in (drug.name, drug.id)}
    for path in (root / "src/her2nav/testing").glob("*.py"):
        words = set(re.findall(r"[a-z][a-z0-9_-]{4,}", path.read_text("utf-8").lower()))
        assert not words & drugs, path


def test_a_rule_holds_from_its_day():
    record = {"cancer": {"tumour_type": "breast", "setting": "early"}, "complete": {"therapies": True}}
    assert "T-BREAST-cdx" not in rules_in(plan_of(record, date(2026, 5, 14)))
    assert "T-BREAST-cdx" in rules_in(plan_of(record, date(2026, 5, 15)))


def test_specimens_after_the_day_are_not_used():
    record = {
        "cancer": {"tumour_type": "breast", "setting": "early"},
        "specimens": [{"kind": "biopsy", "collected": "2026-06-01", "ihc": {"score": "3+"}}],
    }
    plan = plan_of(record, date(2026, 5, 1))
    assert not plan.done
    assert plan.now[0].test == "her2_ihc"
    assert plan.now[0].targets[0].path is None


def test_handling_is_cautioned():
    record = {
        "cancer": {"tumour_type": "gastric", "setting": "metastatic"},
        "specimens": [
            {"kind": "biopsy", "collected": "2026-01-01", "preanalytics": {"fragments": 2, "fixation_hours": 100}}
        ],
    }
    (target,) = plan_of(record).now[0].targets
    shown = " ".join(caution.clinical for caution in target.cautions)
    assert "block" in shown
    assert len(target.cautions) == 3, shown


def test_a_used_up_or_acid_decalcified_sample_is_not_chosen():
    bone = {
        "kind": "biopsy",
        "organ": "bone",
        "site": "metastasis",
        "collected": "2026-02-01",
        "preanalytics": {"decalcification": "acid"},
    }
    used = {"kind": "biopsy", "site": "primary", "collected": "2026-01-15", "tissue_available": False}
    old = {"kind": "resection", "site": "primary", "collected": "2025-01-01", "tissue_available": True}
    record = {"cancer": {"tumour_type": "breast", "setting": "metastatic"}, "specimens": [old, used, bone]}
    first = plan_of(record).now[0]
    assert first.test == "her2_ihc"
    assert "/specimens/0" in [target.path for target in first.targets]


def test_two_plus_over_time_asks_once_for_the_governing_specimen():
    two = {"kind": "biopsy", "ihc": {"score": "2+"}, "tissue_available": True}
    record = {
        "cancer": {"tumour_type": "breast", "setting": "metastatic"},
        "specimens": [
            {**two, "site": "primary", "collected": "2024-01-01"},
            {**two, "site": "metastasis", "collected": "2026-01-01"},
        ],
    }
    ish = [item for item in plan_of(record).now if item.test == "her2_ish"]
    assert len(ish) == 1
    assert [target.path for target in ish[0].targets] == ["/specimens/1"]


def test_examples_and_gold_patients_have_a_plan(root, shared):
    knowledge = load_knowledge()
    paths = [*(root / "examples").glob("*.yaml"), *(shared / "data/gold/patients").glob("*.yaml")]
    assert len(paths) > 10
    for path in paths:
        read = read_patient(path, knowledge, TODAY)
        data = to_json(make_plan(Case(read.patient, read.as_of, knowledge)))
        assert set(data) == {"done", "now", "later", "notes", "tissue_order"}
        assert [item["order"] for item in data["now"]] == list(range(1, len(data["now"]) + 1))


def test_gold_patient_with_an_equivocal_junction_cancer(shared):
    knowledge = load_knowledge()
    read = read_patient(shared / "data/gold/patients/D4.yaml", knowledge, TODAY)
    plan = make_plan(Case(read.patient, read.as_of, knowledge))
    certain = [item for item in plan.now if item.certain]
    assert [item.test for item in certain] == ["her2_ish"]
    assert certain[0].strength == "needed"
    assert certain[0].reasons[0].rules == ("GA09",)
    assert {phrase.clinical for item in plan.now[1:] for phrase in item.depends_on} == {"the HER2 status"}


def _without(value, path=()):
    """Yield the record with one key or list entry left out, for each of them."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(value, dict):
            yield {other: item for other, item in value.items() if other != key}
        else:
            yield [item for other, item in enumerate(value) if other != key]
        for changed in _without(inner, (*path, key)):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            yield copy


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case["id"])
def test_a_missing_fact_breaks_nothing_and_drops_no_test(case):
    """A rule that applied for certain may come to depend on something; it goes only where its reason is gone."""
    for record in _without(case["patient"]):
        plan = plan_of(record, date.fromisoformat(case["as_of"]))
        for item in (*plan.now, *plan.later):
            assert item.certain or item.depends_on, (record, item.test)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_without_stage_and_setting_the_rules_stay_in_sight(case):
    """Unknown is never "no": leaving setting and stage out keeps every rule that was due, certain or depending."""
    before = plan_of_case(case)
    cancer = {key: value for key, value in case["patient"]["cancer"].items() if key not in ("setting", "stage")}
    after = plan_of({**case["patient"], "cancer": cancer}, date.fromisoformat(case["as_of"]))
    due = {rule for item in before.now for reason in item.reasons for rule in reason.rules if rule.startswith("T-")}
    assert due <= rules_in(after)


PLASMA = {"matrix": "plasma", "amplification_call": "amplified", "genes_covered": ["ERBB2"]}


def test_amplification_in_plasma_asks_for_tissue_ihc_with_the_reason_that_holds() -> None:
    plan = plan_of(
        {
            "cancer": {"tumour_type": "colorectal", "setting": "metastatic"},
            "specimens": [{"id": "p", "kind": "blood", "collected": "2026-10-01", "ngs": PLASMA}],
        }
    )
    ihc = next(item for item in plan.now if item.test == "her2_ihc")
    assert ihc.certain
    assert "PL-untested" in {rule for reason in ihc.reasons for rule in reason.rules}
    told = " ".join(reason.clinical for item in (*plan.now, *plan.later) for reason in item.reasons)
    assert "without a finding" not in told
    assert "Plasma showed amplification and no ERBB2 variant" in told


def test_a_panel_that_failed_is_repeated_and_proves_nothing() -> None:
    failed = {"matrix": "tissue", "amplification_call": "failed", "genes_covered": ["ERBB2"]}
    record = {
        "cancer": {"tumour_type": "gastric", "setting": "metastatic"},
        "specimens": [{"kind": "biopsy", "collected": "2026-10-01", "ihc": {"score": "3+"}, "ngs": failed}],
    }
    told = " ".join(reason.clinical for item in plan_of(record).now for reason in item.reasons)
    assert "The sequencing gave no result" in told
    assert "plasma" not in told.lower()


def test_nothing_is_ordered_on_a_sample_of_which_nothing_is_left() -> None:
    used = {"kind": "biopsy", "collected": "2022-03-01", "tissue_available": False, "ihc": {"score": "2+"}}
    plan = plan_of({"cancer": {"tumour_type": "breast", "setting": "metastatic"}, "specimens": [used]})
    ish = next(item for item in plan.now if item.test == "her2_ish")
    assert [target.path for target in ish.targets] == [None]
    assert "another archived block, else a new biopsy" in ish.targets[0].clinical


def test_tissue_of_a_tumour_without_scoring_is_not_used_up() -> None:
    sample = {"kind": "biopsy", "collected": "2026-08-01", "ihc": {"score": "3+"}}
    plan = plan_of({"cancer": {"tumour_type": "osteosarcoma", "setting": "metastatic"}, "specimens": [sample]})
    assert "plasma_ngs" not in {item.test for item in plan.now}
