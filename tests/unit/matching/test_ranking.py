"""Parts of the rank, waiting times, and the record with something supposed."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import her2nav.kinds
from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.forms import TreeReader
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.matching import single
from her2nav.matching.evaluate import LeafTruths, Verdict
from her2nav.matching.explain import Explainer
from her2nav.matching.program import Builder, row
from her2nav.matching.questions import questions
from her2nav.matching.rank_parts import Place, place_of
from her2nav.matching.rank_rules import PARTS, rank_rules
from her2nav.matching.ranking import status_age_days
from her2nav.matching.supposed import Supposed, sample_of, suppose
from her2nav.matching.topics import asks_for, topics
from her2nav.matching.weights import _of_leaves
from her2nav.model.errors import InputError
from her2nav.model.finding import ChangeBy
from her2nav.model.patient import Patient
from her2nav.model.tree import AllOf, AnyOf, Leaf
from her2nav.model.trial import Recruitment
from her2nav.model.truth import Truth

DAY = date(2026, 1, 20)


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


@pytest.fixture(scope="module")
def answer(session, root):
    return match(session, read_patient(root / "examples/breast-low.yaml", session.knowledge, session.today()))


def case_of(**record):
    return Case(Patient.model_validate(record), DAY, load_knowledge())


def test_the_score_is_the_weighted_mean_of_its_parts(answer):
    rules = rank_rules(load_knowledge())
    shown = [one for one in answer.matches if one.verdict is Verdict.POSSIBLE]
    assert shown
    for one in shown:
        placed = answer.rank(one)
        assert [part.name for part in placed.parts] == list(PARTS)
        mean = sum(rules.weights[part.name] * part.value for part in placed.parts)
        assert placed.score == pytest.approx(0.01 + 0.73 * mean, abs=1e-4)
        assert 0.01 <= placed.score <= 0.74


def test_closed_and_old_trials_stand_last_in_their_group_and_the_rest_by_score(answer):
    old_days = rank_rules(load_knowledge()).old_days
    group = [one for one in answer.matches if one.verdict is Verdict.POSSIBLE]
    places = []
    for one in group:
        record = one.trial.record
        may = record.status.value.may_recruit
        old = may is None or status_age_days(one, answer.case.as_of) > old_days
        places.append((may is False, record.curation == "partial" or old, -answer.rank(one).score))
    assert places == sorted(places)
    assert {faint for _, faint, _ in places} == {True, False}


def test_what_observes_or_diagnoses_counts_less_than_what_treats():
    values = rank_rules(load_knowledge()).purpose
    assert values["treatment"] == 1.0 == max(values.values())
    assert values["observational"] == min(values.values())
    assert values["treatment"] > values["not_stated"] > values["diagnostic"]


def test_each_part_of_a_rank_is_shown_with_its_reason(answer):
    one = next(one for one in answer.matches if one.verdict is Verdict.POSSIBLE)
    parts = answer.rank(one).parts
    assert [part.name for part in parts] == list(PARTS)
    assert all(part.why and 0 <= part.value <= 1 for part in parts)


class Waits:
    """As much of a match as its place asks for."""

    verdict = Verdict.INELIGIBLE

    def __init__(self, day, status="RECRUITING"):
        self.eligible_from = day
        self.trial = self.record = self
        self.status = self
        self.value = Recruitment(status)


@pytest.mark.parametrize(
    ("day", "status", "place"),
    [
        (date(2026, 3, 21), "RECRUITING", Place.SOON),
        (date(2026, 3, 22), "RECRUITING", Place.LATER),
        (date(2026, 3, 21), "COMPLETED", Place.NOT_TODAY),
        (None, "RECRUITING", Place.NOT_TODAY),
    ],
)
def test_what_waits_no_longer_than_sixty_days_is_soon(day, status, place):
    assert place_of(Waits(day, status), DAY, 60) is place


def test_no_waiting_time_is_missed(session, root):
    """A leaf whose finding names a day is of a kind that is looked at for waiting times."""
    named = 0
    for path in sorted((root / "examples").glob("*.yaml")):
        case = session.case(read_patient(path, session.knowledge, session.today()))
        truths = LeafTruths(session.compiled, case.alone)
        explainer = Explainer(case, truths)
        _, waits = _of_leaves(session.compiled.program, session.knowledge)
        for i, (kind, params) in enumerate(session.compiled.program.leaves):
            if truths.codes[2 * (i + 1)] == 1:
                continue
            change = explainer.explain(Leaf(kind, params)).change
            if change is not None and change.by is ChangeBy.DATE and change.date is not None:
                named += 1
                assert waits[i], (kind, params)
    assert named


def test_kinds_that_speak_of_dates_are_listed():
    """Every kind that makes a change by date, itself or through another module, is among those that may wait."""
    folder = Path(her2nav.kinds.__file__).parent
    imports, dated = {}, set()
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text())
        imports[path.stem] = {
            node.module.removeprefix("her2nav.kinds.")
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("her2nav.kinds.")
        }
        if any(isinstance(node, ast.Attribute) and ast.unparse(node) == "ChangeBy.DATE" for node in ast.walk(tree)):
            dated.add(path.stem)

    def speaks(name, seen=frozenset()):
        return name in dated or any(speaks(one, seen | {name}) for one in imports.get(name, ()) - seen)

    rules = rank_rules(load_knowledge())
    listed = {*rules.waits, *rules.waits_always}
    assert {kind for kind in kinds() if speaks(kind)} <= listed <= set(kinds())


def test_questions_name_kinds_and_hold_values_that_a_record_takes(root):
    knowledge = load_knowledge()
    record = read_patient(root / "examples/gej-equivocal.yaml", knowledge, date(2026, 11, 21))
    case = Case(record.patient, record.as_of, knowledge)
    assert {kind for one in questions(knowledge) for kind in one.kinds} <= set(kinds())
    for question in questions(knowledge):
        for value in question.values:
            suppose(case, value, question.sample, or_new=question.or_new)  # raises where the record cannot hold it
        closed = Supposed(says="closed", set={f"complete.{name}": True for name in question.list})
        assert suppose(case, closed) is not None


def test_a_supposed_result_belongs_to_the_newest_sample_that_is_meant():
    case = case_of(
        cancer={"tumour_type": "breast"},
        specimens=[
            {"id": "old", "kind": "biopsy", "ihc": {"score": "2+"}},
            {"id": "new", "kind": "biopsy", "ihc": {"score": "2+"}},
            {"id": "done", "kind": "biopsy", "ihc": {"score": "2+"}, "ish": {"result": "negative"}},
        ],
    )
    assert sample_of(case, "equivocal") == 1
    then = suppose(case, Supposed(says="ISH positive", sample={"ish": {"result": "positive"}}), "equivocal")
    assert [one.ish.result if one.ish else None for one in then.patient.specimens] == [None, "positive", "negative"]
    assert case.patient.specimens[1].ish is None


def test_a_supposition_leaves_the_rest_of_the_record_as_it_is():
    case = case_of(cardiac={"qtcf_ms": 430, "lvef": [{"percent": 60, "date": "2025-01-01"}]}, performance={"ecog": 1})
    then = suppose(case, Supposed(says="lvef", add={"cardiac.lvef": {"percent": 48, "date": "TODAY"}}))
    assert [one.percent for one in then.patient.cardiac.lvef] == [60, 48]
    assert then.patient.cardiac.lvef[-1].date.low == DAY
    assert then.patient.cardiac.qtcf_ms == Decimal(430)
    assert then.patient.performance == case.patient.performance


def test_what_a_record_cannot_hold_is_an_error_with_its_place():
    with pytest.raises(InputError, match="performance/ecog"):
        suppose(case_of(), Supposed(says="ecog", set={"performance": {"ecog": 9}}))


def test_routine_tests_are_one_line_that_names_them(answer):
    routine = [fact for fact in answer.facts if fact.routine]
    assert len(routine) == 1
    assert {"Platelets", "Neutrophils"} <= set(routine[0].parts)
    assert all(part in routine[0].fact for part in routine[0].parts)
    assert not any("latest value" in fact.fact for fact in answer.facts)


def test_gates_come_first_and_routine_tests_last(answer):
    tiers = [0 if fact.gate else 2 if fact.routine else 1 for fact in answer.facts]
    assert tiers == sorted(tiers)
    assert tiers[0] == 0


def test_the_her2_result_stands_before_the_other_gates_and_a_repeated_test_after_them(session, root):
    found = match(session, read_patient(root / "examples/gej-equivocal.yaml", session.knowledge, session.today()))
    gates = [fact for fact in found.facts if fact.gate]
    assert [(not fact.first, fact.repeat) for fact in gates] == sorted((not f.first, f.repeat) for f in gates)
    assert gates[0].fact == "ISH on junction-2026"
    assert any(fact.repeat for fact in gates)
    assert any(not fact.first and not fact.repeat for fact in gates)


def test_a_trial_for_brain_metastases_is_less_certain_where_nothing_is_known_of_the_brain(session, root):
    read = read_patient(root / "examples/sparse.yaml", session.knowledge, session.today())
    found = match(session, read)
    brain = found.find("NCT04899908")
    placed = found.rank(brain)
    assert "a site of disease or a change of a gene that the trial asks for" in placed.parts[0].why
    weight = brain.burden[0] + rank_rules(session.knowledge).required.weight
    assert placed.parts[0].value == pytest.approx(1 / (1 + 0.1 * weight))
    others = [one for one in found.of(Verdict.POSSIBLE) if "asks for" in found.rank(one).parts[0].why]
    assert 0 < len(others) < len(found.of(Verdict.POSSIBLE)) / 2


KINDS = {"tumour_type": {"types": "melanoma"}, "her2_status": {"any_of": [{"status": "positive"}]}}


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        # melanoma, or HER2-positive: a melanoma says nothing of HER2, another tumour hangs on it
        ((0, 1), {"tumour": 0}),
        ((3, 1), {"her2": 1}),
        ((3, 0), {"her2": 0}),
        ((1, 1), {"tumour": 1, "her2": 1}),
        ((3, 3), {"tumour": 3, "her2": 3}),
    ],
)
def test_a_topic_is_told_as_far_as_the_truth_hangs_on_it(codes, told):
    program, reference, found = small_program("any_of", codes)
    assert found.told(program, reference) == told


@pytest.mark.parametrize(
    ("codes", "told"),
    [((0, 1), {"tumour": 0, "her2": 1}), ((3, 1), {"tumour": 3}), ((0, 0), {"tumour": 0, "her2": 0})],
)
def test_of_all_of_the_part_that_is_open_is_the_open_one(codes, told):
    program, reference, found = small_program("all_of", codes)
    assert found.told(program, reference) == told


def small_program(word, codes):
    """Return the codes, the reference and the topics of one group of two leaves with the codes given."""
    parts = tuple(Leaf(kind, kinds()[kind].params.model_validate(value)) for kind, value in KINDS.items())
    builder = Builder()
    node = AnyOf(parts) if word == "any_of" else AllOf(parts)
    reference = builder.node(node)
    program, groups = builder.finish()
    found = single.blank(program)
    for i, code in enumerate(codes, 1):
        found[2 * i], found[2 * i + 1] = code, {0: 3, 1: 1, 3: 0}[code]
    single.run(program, found)
    return found, row(reference, groups), topics(program, {"tumour": ("tumour_type",), "her2": ("her2_status",)})


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ({"cns_metastases": {"accepted": ["treated_stable", "active_or_progressing"]}}, True),
        ({"cns_metastases": {"accepted": ["none", "treated_stable"]}}, False),
        ({"not": {"cns_metastases": {"accepted": ["active_or_progressing"]}}}, False),
        ({"not": {"leptomeningeal_disease": {}}}, False),
        ({"leptomeningeal_disease": {}}, True),
        ({"all_of": [{"metastatic_site": {"any_of": "liver"}}, {"age": {"min": 18}}]}, True),
        ({"any_of": [{"metastatic_site": {"any_of": "liver"}}, {"age": {"min": 18}}]}, False),
        ({"any_of": [{"metastatic_site": {"any_of": "liver"}}, {"metastatic_site": {"any_of": "lung"}}]}, True),
    ],
)
def test_a_site_is_asked_for_where_the_trial_cannot_do_without_it(rule, asks):
    rules = rank_rules(load_knowledge())
    node = TreeReader(Document({"rule": rule}, "test"), InputError).read(rule, ("rule",))
    builder = Builder()
    reference = builder.node(node)
    program, groups = builder.finish()
    codes = single.blank(program)
    assert asks_for(program, codes, row(reference, groups), rules.required.kinds) is asks


def test_what_only_the_header_of_an_entry_names_is_said_to_be_that(session, root):
    read = read_patient(root / "examples/colorectal-positive.yaml", session.knowledge, session.today())
    found = match(session, read)
    unicorn = found.find("NCT05845450")
    parts = {part.name: part for part in found.rank(unicorn).parts}
    assert "as the entry's header gives it (positive); criteria not read" in parts["her2"].why
    assert "as the entry's header gives it (neoadjuvant)" in parts["line"].why
    (note,) = found.notes(unicorn)
    assert "HER2-positive" in note.clinical
    assert "before surgery" in note.plain
    full = next(one for one in found.matches if one.trial.record.curation == "full")
    assert found.notes(full) == ()


def test_an_equivocal_result_asks_for_ish_that_opens_labels(session, root):
    found = match(session, read_patient(root / "examples/gej-equivocal.yaml", session.knowledge, session.today()))
    ish = next(fact for fact in found.facts if fact.fact.startswith("ISH on"))
    assert ish.opens_labels > 0
    assert {value.says for value in ish.values} == {"ISH positive", "ISH negative"}


def test_truth_of_a_topic_is_the_joint_truth_of_its_criteria(answer):
    for one in answer.matches[:10]:
        rules = rank_rules(load_knowledge())
        found = one.codes_of(topics(one.judged.program, rules.topics))
        about = [item for item in one.binding() if _mentions(item.criterion.node, rules.topics["her2"])]
        alone = [item.truth for item in about if isinstance(item.criterion.node, Leaf)]
        if "her2" not in found:
            assert not alone
        elif found["her2"] is Truth.UNKNOWN:
            # A criterion that is met may hang on a leaf of the topic that is met, never on one that is open.
            assert any(item.truth is not Truth.MET for item in about)
        else:
            assert Truth.UNKNOWN not in alone


def _mentions(node, wanted):
    from her2nav.model.tree import leaves

    return any(leaf.kind in wanted for leaf in leaves(node))
