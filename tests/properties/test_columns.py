"""Packed bitsets against plain Kleene logic; columns against records; blocks that travel to another process."""

from datetime import date, timedelta
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.session import Session
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.columns import Columns, TermColumn
from her2nav.facts.limits import ends
from her2nav.facts.missing import MissingColumn
from her2nav.facts.terms import ANYTHING, exactly
from her2nav.facts.tri import Tri, between, compare, from_truths, known
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.bitsets import blank, put, run, unpack
from her2nav.matching.compiled import compile_trials
from her2nav.matching.evaluate import LeafTruths, Verdict, evaluate_trial
from her2nav.matching.explain import Explainer
from her2nav.matching.program import Builder, folded, row
from her2nav.matching.verdicts import block_verdicts, patient_verdicts, verdicts
from her2nav.model.patient import Patient
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Not, When
from her2nav.model.trial import Criterion, Role, Status, Trial, TrialRecord
from her2nav.model.truth import Truth, all_of, any_of, at_least

TODAY = date(2026, 11, 21)
SIZES = [1, 2, 63, 64, 65, 200, 1000]


def leaf(kind, **params) -> Leaf:
    return Leaf(kind, kinds()[kind].params.model_validate(params))


# Leaves of random trees: their truths are drawn, so what they state does not matter.
DRAWN = [leaf("age", min=n) for n in range(6)]


def nodes(leaves) -> st.SearchStrategy:
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=4).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=1, max_size=4).map(tuple)),
            st.builds(When, inner, inner),
            st.lists(inner, min_size=2, max_size=4).flatmap(
                lambda parts: st.builds(AtLeast, st.integers(1, len(parts)), st.just(tuple(parts)))
            ),
        ),
        max_leaves=12,
    )


def reference(node, truth_of) -> Truth:
    match node:
        case Leaf():
            return truth_of(node)
        case Not(part=part):
            return reference(part, truth_of).negated()
        case AllOf(parts=parts):
            return all_of(reference(part, truth_of) for part in parts)
        case AnyOf(parts=parts):
            return any_of(reference(part, truth_of) for part in parts)
        case AtLeast(n=n, parts=parts):
            return at_least(n, [reference(part, truth_of) for part in parts])
        case When(when=when, then=then):
            return any_of([reference(when, truth_of).negated(), reference(then, truth_of)])
    raise AssertionError(node)


@given(
    trees=st.lists(nodes(DRAWN), min_size=1, max_size=4), size=st.sampled_from(SIZES), seed=st.integers(0, 2**32 - 1)
)
def test_packed_reduction_equals_kleene_logic(trees, size, seed):
    rng = np.random.default_rng(seed)
    drawn = {item: rng.choice(list(Truth), size).tolist() for item in DRAWN}
    builder = Builder()
    provisional = [builder.node(tree) for tree in trees]
    program, groups = builder.finish()
    rows = blank(program, size)
    for number, (kind, params) in enumerate(program.leaves, 1):
        put(rows, number, from_truths([Truth(truth) for truth in drawn[Leaf(kind, params)]]))
    run(program, rows)
    for tree, found in zip(trees, provisional, strict=True):
        final = row(found, groups)
        packed = Tri(unpack(rows[final], size), unpack(rows[final ^ 1], size))
        for i in range(0, size, max(1, size // 40)):
            assert packed.at(i) is reference(tree, lambda item, i=i: Truth(drawn[item][i]))


@given(
    numbers=st.lists(st.tuples(st.integers(-5, 105), st.integers(0, 3), st.booleans()), min_size=1, max_size=200),
    bounds=st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 100)), st.one_of(st.none(), st.integers(0, 100))),
        min_size=1,
        max_size=150,
        unique=True,
    ),
)
def test_limits_answered_together_equal_one_at_a_time(numbers, bounds):
    """Few limits are compared, many are answered from the sorted column; ranges and unknown numbers among them."""
    low = np.array([-np.inf if unknown else float(first) for first, _, unknown in numbers])
    high = np.array([np.inf if unknown else float(first + more) for first, more, unknown in numbers])
    block = Block.from_columns(Columns(len(numbers), load_knowledge(), {"age": (low, high)}))
    compiled = compile_trials([trial_of(leaf("age", min=least, max=most)) for least, most in bounds])
    packed = block_verdicts(compiled, block)
    for trial, (least, most) in enumerate(bounds):
        wanted = kinds()["age"].evaluate(leaf("age", min=least, max=most).params, block)
        assert packed.of(trial).tolist() == (1 + wanted.met.astype(int) - wanted.not_met.astype(int)).tolist()
        first, last = -np.inf if least is None else least, np.inf if most is None else most
        assert wanted.met.tolist() == [first <= a and b <= last for a, b in zip(low, high, strict=True)]
        assert wanted.not_met.tolist() == [b < first or a > last for a, b in zip(low, high, strict=True)]


@pytest.mark.parametrize("op", [">=", ">", "<=", "<"])
def test_ends_of_a_comparison_are_exact(op):
    values = np.array([1.4999999999999998, 1.5, 1.5000000000000002, -np.inf])
    least, most = ends(op, 1.5)
    assert [between(least, most, values, values).at(i) for i in range(3)] == [
        compare(op, 1.5, values, values).at(i) for i in range(3)
    ]


# --- generated patients, as records and as columns --------------------------------------------------------------------


def trial_of(*found) -> Trial:
    record = TrialRecord(
        nct_id="NCT00000001",
        title="a made-up trial",
        status=Status(value="RECRUITING", date=TODAY, source="test"),
        curation="full",
        text_sha256="0" * 64,
        review={"state": "draft", "date": TODAY},
    )
    items = (Criterion(f"i{i}", Role.DECIDES, "inclusion", "text", node) for i, node in enumerate(found))
    return Trial(record, tuple(items), "curated")


SUBSET = [
    leaf("age", min=18),
    leaf("age", max=65),
    leaf("sex", any_of="female"),
    leaf("performance_status", ecog_max=1),
    leaf("performance_status", ecog_max=2, within_days=14),
    leaf("lab_value", variable="anc", op=">=", value="1.5", unit="10^9/L", within_days=28),
    leaf("lab_value", variable="platelets", op="<", value="100", unit="10^9/L"),
    leaf("lvef", percent="50", within_days=28),
    leaf("lvef", or_institutional_lln=True),
    leaf("lines_of_therapy", min=1),
    leaf("lines_of_therapy", min=1, max=2, of="anti_her2"),
    leaf("tumour_type", types="breast"),
    leaf("tumour_type", types="gastric"),
    leaf("disease_setting", settings=["metastatic"]),
    leaf("hormone_receptor", status="positive"),
    leaf("her2_status", any_of=[{"ihc": "3+"}, {"ihc": "2+", "ish": "positive"}]),
    leaf("her2_status", any_of=[{"status": "positive"}], specimens="ever"),
    leaf("her2_status", any_of=[{"status": "negative"}], laboratory="central"),
    leaf("prior_therapy", drugs="trastuzumab"),
    leaf("prior_therapy", drugs="taxane", settings="metastatic", min_count=2),
    leaf("prior_therapy", drugs="anti_her2", outcome="intolerance", ended_within_days=90),
    leaf("prior_therapy", min_cycles=4, most_recent=True),
    leaf("prior_therapy", drugs="trastuzumab", outcome="response"),
    leaf("disease_progression", within_days=60),
]

DAYS = st.integers(0, 60).map(lambda days: (TODAY - timedelta(days=days)).isoformat())
DATES = st.one_of(st.none(), DAYS, st.just("2026-10"), st.just("2026"))


def some(**fields) -> st.SearchStrategy:
    return st.fixed_dictionaries({}, optional=fields)


PATIENTS = st.fixed_dictionaries(
    {
        "demographics": some(age=st.integers(10, 95), sex=st.sampled_from(["female", "male"])),
        "cancer": some(
            tumour_type=st.sampled_from(["breast", "gastric", "colorectal"]),
            setting=st.sampled_from(["early", "metastatic", "recurrent"]),
        ),
        "performance": some(ecog=st.integers(0, 4), date=DATES),
        "complete": some(therapies=st.booleans()),
        "labs": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(["anc", "platelets"]),
                    "value": st.sampled_from(["1", "1.5", "2", "90", "100", "300"]),
                    "unit": st.just("10^9/L"),
                    "date": DATES,
                }
            ),
            max_size=3,
        ),
        "cardiac": some(
            lvef=st.lists(
                st.fixed_dictionaries({"percent": st.sampled_from([45, 50, 52, 60]), "date": DATES}), max_size=2
            )
        ),
        "biomarkers": some(er=some(percent=st.integers(0, 100)), pr=some(percent=st.integers(0, 100))),
        "specimens": st.lists(
            st.fixed_dictionaries(
                {"kind": st.just("resection"), "collected": DAYS},
                optional={
                    "ihc": st.fixed_dictionaries({"score": st.sampled_from(["0", "1+", "2+", "3+"])}),
                    "ish": st.fixed_dictionaries({"result": st.sampled_from(["positive", "negative"])}),
                },
            ),
            max_size=2,
        ),
        "therapies": st.lists(
            st.fixed_dictionaries(
                {"drugs": st.sampled_from(["trastuzumab", "THP", "paclitaxel", "trastuzumab deruxtecan", "mystery-7"])},
                optional={
                    "setting": st.sampled_from(["neoadjuvant", "adjuvant", "metastatic", "maintenance"]),
                    "end": DAYS,
                    "reason_stopped": st.sampled_from(["progression", "toxicity", "completed"]),
                    "best_response": st.sampled_from(["CR", "PR", "SD", "PD"]),
                    "cycles": st.integers(1, 8),
                },
            ),
            max_size=3,
        ),
    }
)


def cases_of(records) -> list[Case]:
    knowledge = load_knowledge()
    return [Case(Patient.model_validate(record), TODAY, knowledge) for record in records]


@given(records=st.lists(PATIENTS, min_size=1, max_size=70), tree=nodes(SUBSET))
def test_columns_give_the_same_answers_as_records(records, tree):
    cases = cases_of(records)
    compiled = compile_trials([trial_of(*SUBSET, tree), trial_of(tree)])
    block = Block(cases)
    leaves = LeafTruths(compiled, block)
    truths = [evaluate_trial(trial, leaves) for trial in compiled.trials]
    supplied = Block.from_columns(block.columns())
    again = LeafTruths(compiled, supplied)
    for trial, wanted in zip(compiled.trials, truths, strict=True):
        found = evaluate_trial(trial, again)
        assert [(t.met.tolist(), t.not_met.tolist()) for t in found.criteria] == [
            (t.met.tolist(), t.not_met.tolist()) for t in wanted.criteria
        ]
    # in parts, packed, and one by one
    parts = list(verdicts(compiled, supplied, at_a_time=64))
    for number, wanted in enumerate(truths):
        assert np.concatenate([part.of(number) for part in parts]).tolist() == wanted.verdict.tolist()
    for i in range(0, len(cases), 7):
        alone = [int(verdict) for verdict in patient_verdicts(compiled, supplied.part(i, i + 1))]
        assert alone == [int(wanted.verdict[i]) for wanted in truths]
        assert alone == [int(verdict) for verdict in patient_verdicts(compiled, cases[i].alone)]
        assert Explainer(cases[i]).explain(tree).truth is truths[0].criteria[-1].at(i)


def test_columns_written_by_hand_equal_records():
    """The names of the table in `facts/columns.py` are the ones that kinds ask for."""
    ages, sexes = [17, 40, 66, None], ["female", "male", None, "female"]
    ecogs, days = [0, 1, 3, None], [1, 20, 3, None]
    counts = ["1.4", "1.5", None, "9"]
    records = [
        {
            "demographics": {"age": age, "sex": sex},
            "performance": None if ecog is None else {"ecog": ecog, "date": TODAY - timedelta(days=day)},
            "cancer": {"setting": "metastatic", "relapse_date": "2026-01-01"},
            "labs": [] if count is None else [{"name": "anc", "value": count, "unit": "10^9/L", "date": TODAY}],
        }
        for age, sex, ecog, day, count in zip(ages, sexes, ecogs, days, counts, strict=True)
    ]

    def pair(values):
        return tuple(np.array([end if v is None else float(v) for v in values]) for end in (-np.inf, np.inf))

    taken = pair([None if count is None else 0 for count in counts])
    columns = Columns(
        4,
        load_knowledge(),
        {
            "age": pair(ages),
            "ecog": pair(ecogs),
            "performance_age": pair(days),
            ("lab", "absolute", "anc", True): pair(counts),
            ("lab_age", "absolute", "anc", True): taken,
        },
        {("recorded", "ecog"): known(np.array([ecog is not None for ecog in ecogs]))},
        {
            "sex": TermColumn(np.array([0, 1, 2, 0]), (exactly({"female"}), exactly({"male"}), ANYTHING)),
            "setting": TermColumn(np.zeros(4, np.intp), (exactly({"metastatic", "recurrent"}),)),
        },
    )
    wanted, found = Block(cases_of(records)), Block.from_columns(columns)
    for item in SUBSET[:6] + SUBSET[13:14]:
        one, other = (kinds()[item.kind].evaluate(item.params, block) for block in (wanted, found))
        assert [one.at(i) for i in range(4)] == [other.at(i) for i in range(4)], item
    with pytest.raises(MissingColumn, match=r"'lines', 'metastatic'"):
        kinds()["lines_of_therapy"].evaluate(SUBSET[9].params, found)
    with pytest.raises(MissingColumn, match="therapies"):
        kinds()["prior_therapy"].evaluate(SUBSET[18].params, found)
    with pytest.raises(MissingColumn, match="specimens"):
        kinds()["her2_status"].evaluate(SUBSET[15].params, found)


@pytest.fixture(scope="module")
def example_cases(root):
    from her2nav.intake.patient_file import read_patient

    session = Session(today=lambda: TODAY)
    reads = [read_patient(path, session.knowledge, TODAY) for path in sorted((root / "examples").glob("*.yaml"))]
    return [Case(read.patient, read.as_of, session.knowledge) for read in reads]


def test_the_catalogue_has_one_answer_however_it_is_asked(example_cases):
    compiled = Session(today=lambda: TODAY).compiled
    block = Block(example_cases)
    packed = block_verdicts(compiled, block)
    leaves = LeafTruths(compiled, block)
    for number, trial in enumerate(compiled.trials):
        assert packed.of(number).tolist() == evaluate_trial(trial, leaves).verdict.tolist()
    for i, case in enumerate(example_cases):
        assert patient_verdicts(compiled, case.alone) == [
            Verdict(int(packed.of(number)[i])) for number in range(len(compiled.trials))
        ]
    counts = packed.counts()
    assert sum(counts.values()) == len(example_cases) * len(compiled.trials)


def test_blocks_travel_to_another_process(example_cases):
    compiled = Session(today=lambda: TODAY).compiled
    block = Block(example_cases)
    wanted = block_verdicts(compiled, block)
    # with derived columns, fresh, and without the records
    for sent in (block, Block(example_cases), Block.from_columns(block.columns())):
        data = ForkingPickler.dumps(sent)
        arrived = ForkingPickler.loads(data)
        assert arrived.knowledge is load_knowledge()
        found = block_verdicts(compiled, arrived)
        assert np.array_equal(found.fits, wanted.fits)
        assert np.array_equal(found.closed, wanted.closed)
    again = ForkingPickler.loads(ForkingPickler.dumps(compiled))
    assert np.array_equal(block_verdicts(again, block).fits, wanted.fits)
    shared = list(verdicts(compiled, Block(example_cases * 13), at_a_time=64, processes=2))
    assert [part.size for part in shared] == [64, 64, 15]
    assert shared[0].of(0)[:11].tolist() == wanted.of(0).tolist()


def test_missing_column_travels_too():
    assert ForkingPickler.loads(ForkingPickler.dumps(MissingColumn(("lines", "any")))).column == ("lines", "any")


# --- folding ----------------------------------------------------------------------------------------------------------


def test_both_sexes_fold_and_an_open_status_does_not():
    both = AnyOf((leaf("sex", any_of="male"), leaf("sex", any_of="female")))
    status = AnyOf(
        (
            leaf("her2_status", any_of=[{"status": "positive"}]),
            leaf("her2_status", any_of=[{"status": "negative"}]),
        )
    )
    case = cases_of([{"cancer": {"tumour_type": "breast"}}])[0]
    compiled = compile_trials([trial_of(both), trial_of(status), trial_of(Not(both))])
    found = patient_verdicts(compiled, case.alone)
    assert found == [Verdict.ELIGIBLE, Verdict.POSSIBLE, Verdict.INELIGIBLE]
    assert len(folded(both).parts) == 1
    assert folded(status) is status
    assert Explainer(case).explain(both).truth is Truth.MET
    assert Explainer(case).explain(status).truth is Truth.UNKNOWN


def test_one_sex_named_twice_does_not_fold():
    twice = AnyOf((leaf("sex", any_of="male"), leaf("sex", any_of="male")))
    assert folded(twice) is twice


def test_equal_groups_of_different_trials_are_one_node():
    group = AnyOf((SUBSET[0], SUBSET[2]))
    one = compile_trials([trial_of(group)]).program.size
    assert compile_trials([trial_of(group)] * 5).program.size == one
