"""What to find out next, held against brute force: every answer, every set of facts, every combination of answers."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.matching import fact_sets, single
from her2nav.matching.answer_table import AnswerTable, ways_of
from her2nav.matching.fact import Fact
from her2nav.matching.fact_sets import _grown, best_sets, solutions, solved
from her2nav.matching.next_facts import Tried
from her2nav.matching.part_program import Source, evaluate, joint_part, part_of
from her2nav.matching.program import Builder, row
from her2nav.model.finding import Effort
from her2nav.model.truth import Truth, all_of, any_of, at_least

LEAVES = 6
CODE = {Truth.MET: single.MET, Truth.UNKNOWN: single.UNKNOWN, Truth.NOT_MET: single.NOT_MET}

leaf = st.integers(0, LEAVES - 1).map(lambda i: ("leaf", i))
trees = st.recursive(
    leaf,
    lambda parts: st.one_of(
        parts.map(lambda part: ("not", part)),
        st.tuples(st.just("all"), st.lists(parts, min_size=1, max_size=3)),
        st.tuples(st.just("any"), st.lists(parts, min_size=1, max_size=3)),
    ),
    max_leaves=7,
)
truths = st.sampled_from(list(Truth))


@st.composite
def worlds(draw):
    """Trees over a few leaves, what is known of them, what is put aside, and facts that own the open leaves."""
    made = draw(st.lists(trees, min_size=1, max_size=4))
    known = draw(st.lists(truths, min_size=LEAVES, max_size=LEAVES))
    owner = draw(st.lists(st.sampled_from(["aside", 0, 1, 2, 3]), min_size=LEAVES, max_size=LEAVES))
    facts = []
    for number in range(4):
        own = [i for i in range(LEAVES) if known[i] is Truth.UNKNOWN and owner[i] == number]
        if not own:
            continue
        wide = draw(st.integers(1, 3))
        answers = [[draw(truths) for _ in range(wide)] for _ in own]
        facts.append((own, answers))
    aside = [known[i] is Truth.UNKNOWN and owner[i] == "aside" for i in range(LEAVES)]
    return made, known, aside, facts


def compiled(made, known):
    """Return the part of a program for trees, with the codes of every reference."""
    builder = Builder()
    numbers = [builder.leaves.setdefault(("leaf", i), i + 1) for i in range(LEAVES)]

    def build(tree):
        head, body = tree
        if head == "leaf":
            return 4 * numbers[body]
        if head == "not":
            return build(body) ^ 1
        parts = [build(part) for part in body]
        return builder.all_of(parts) if head == "all" else builder.any_of(parts)

    provisional = [build(tree) for tree in made]
    program, groups = builder.finish()
    references = [row(one, groups) for one in provisional]
    codes = single.blank(program)
    for i, truth in enumerate(known):
        codes[2 * (i + 1)], codes[2 * (i + 1) + 1] = CODE[truth], CODE[truth.negated()]
    single.run(program, codes)
    return program, codes, references


def naive(tree, values, aside):
    """Return the truth of a tree read without what is put aside; None where nothing else is in it."""
    head, body = tree
    if head == "leaf":
        return None if aside[body] else values[body]
    if head == "not":
        inner = naive(body, values, aside)
        return None if inner is None else inner.negated()
    parts = [part for part in (naive(one, values, aside) for one in body) if part is not None]
    if not parts:
        return None
    return all_of(parts) if head == "all" else any_of(parts)


def verdict(tree, values, aside):
    found = naive(tree, values, aside)
    return Truth.MET if found is None else found


def answered(known, facts, chosen):
    """Return the leaves with one answer of each chosen fact."""
    values = list(known)
    for number, answer in chosen.items():
        own, answers = facts[number]
        for i, of_leaf in zip(own, answers, strict=True):
            values[i] = of_leaf[answer]
    return values


def as_facts(facts, place):
    found = []
    for own, answers in facts:
        kept = [(place[i], of_leaf) for i, of_leaf in zip(own, answers, strict=True) if i in place]
        leaves = np.array([i for i, _ in kept], np.intp)
        columns = np.array([[CODE[one] for one in of_leaf] for _, of_leaf in kept], np.uint8)
        columns = columns.reshape(len(kept), len(answers[0]))
        says = tuple(f"answer {i}" for i in range(len(answers[0])))
        found.append(Fact("a fact", "a fact", Effort.ASK, says, leaves, columns))
    return found


def part_and_facts(world):
    made, known, aside, facts = world
    program, codes, references = compiled(made, known)
    part = part_of(program, codes, references)
    place = {params: i for i, (_, params) in enumerate(part.program.leaves)}
    without = np.array([aside[params] for _, params in part.program.leaves], np.bool_)
    return part, without, as_facts(facts, place), (program, codes, references)


@given(worlds())
def test_each_answer_gives_the_verdicts_that_judging_again_gives(world):
    made, known, aside, facts = world
    part, without, given_facts, _ = part_and_facts(world)
    for number, fact in enumerate(given_facts):
        found = evaluate(part, without, fact.leaves, fact.truths)
        for answer in range(len(fact.says)):
            values = answered(known, facts, {number: answer})
            assert found[:, answer].tolist() == [CODE[verdict(tree, values, aside)] for tree in made]


@pytest.mark.parametrize("made", [("leaf", 0), ("not", ("leaf", 0)), ("not", ("all", [("leaf", 0), ("leaf", 1)]))])
def test_a_target_of_nothing_but_what_is_put_aside_counts_as_met(made):
    part, without, _, _ = part_and_facts(([made], [Truth.UNKNOWN] * 2, [True] * 2, []))
    found = evaluate(part, without, np.zeros(0, np.intp), np.zeros((0, 1), np.uint8))
    assert found.tolist() == [[single.MET]]


@given(worlds())
def test_counts_are_those_of_trying_every_answer(world):
    made, known, aside, facts = world
    part, without, given_facts, _ = part_and_facts(world)
    table = AnswerTable.of(given_facts, part.leaf_codes())
    effects = Tried.of(part, table, without).effects(np.ones(len(made), np.bool_))
    before = [verdict(tree, known, aside) for tree in made]
    for number, (_, answers) in enumerate(facts):
        after = [
            [verdict(tree, answered(known, facts, {number: answer}), aside) for answer in range(len(answers[0]))]
            for tree in made
        ]
        pairs = list(zip(before, after, strict=True))
        open_ = [told for was, told in pairs if was is Truth.UNKNOWN]
        effect = effects[number]
        assert effect.decides == sum(any(one is not Truth.UNKNOWN for one in told) for told in open_)
        assert effect.settles == sum(all(one is not Truth.UNKNOWN for one in told) for told in open_)
        opened = [told for was, told in pairs if was is Truth.NOT_MET and any(one is not Truth.NOT_MET for one in told)]
        assert effect.opens == sum(any(one is Truth.MET for one in told) for told in open_) + len(opened)


def can_be_met(tree, known, aside, facts, chosen):
    """Return whether some answers of some facts, and nothing else, make a tree met."""
    spans = [range(len(facts[number][1][0])) for number in chosen]
    return any(
        verdict(tree, answered(known, facts, dict(zip(chosen, picks, strict=True))), aside) is Truth.MET
        for picks in product(*spans)
    )


@given(worlds())
def test_solutions_are_the_sets_with_which_a_target_can_be_met(world):
    made, known, aside, facts = world
    part, without, given_facts, _ = part_and_facts(world)
    for tree, found in zip(made, solutions(part, without, given_facts), strict=True):
        for size in range(len(facts) + 1):
            for chosen in combinations(range(len(facts)), size):
                told = any(set(one) <= set(chosen) for one in found)
                assert told == can_be_met(tree, known, aside, facts, chosen)


@given(worlds(), st.integers(1, 2))
def test_what_needs_more_facts_than_are_looked_for_is_left_out_and_nothing_else(world, most):
    made, known, aside, facts = world
    part, without, given_facts, _ = part_and_facts(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fact_sets, "MOST_FACTS", most)
        ways = solutions(part, without, given_facts)
    for tree, found in zip(made, ways, strict=True):
        assert all(len(one) <= most for one in found)
        for size in range(most + 1):
            for chosen in combinations(range(len(facts)), size):
                told = any(set(one) <= set(chosen) for one in found)
                assert told == can_be_met(tree, known, aside, facts, chosen)


def test_an_answer_reaches_every_leaf_that_is_equal():
    builder = Builder()
    builder.leaves.update({("leaf", "8"): 1, ("leaf", "8.0"): 2})
    reference = builder.all_of([4, 8])
    program, groups = builder.finish()
    codes = single.blank(program)
    single.run(program, codes)
    part = joint_part([Source(program, codes, [row(reference, groups)], np.array([0, 0]))])
    fact = Fact("f", "f", Effort.ASK, ("yes", "no"), np.array([0]), np.array([[single.MET, single.NOT_MET]], np.uint8))
    aside = np.zeros(1, np.bool_)
    assert part.leaf_codes().tolist() == [single.UNKNOWN]
    table = AnswerTable.of([fact], part.leaf_codes())
    (effect,) = Tried.of(part, table, aside).effects(np.ones(1, np.bool_))
    assert (effect.decides, effect.fits, effect.closes) == (1, [1, 0], [0, 1])
    assert solved(part, aside, ways_of([fact])) == [[{0: 1}]]


@given(worlds(), worlds())
def test_targets_of_two_programs_are_judged_as_each_alone(one, other):
    parts = [part_and_facts(world) for world in (one, other)]
    sources, start = [], 0
    for _, _, _, (program, codes, references) in parts:
        sources.append(Source(program, codes, references, start + np.arange(len(program.leaves))))
        start += len(program.leaves)
    joint = joint_part(sources)
    assert joint.codes[joint.targets].tolist() == [
        code for part, *_ in parts for code in part.codes[part.targets].tolist()
    ]
    aside = np.concatenate([without for _, without, _, _ in parts])
    nothing = np.zeros((0, 1), np.uint8)
    found = evaluate(joint, aside, np.zeros(0, np.intp), nothing)
    alone = [evaluate(part, without, np.zeros(0, np.intp), nothing) for part, without, _, _ in parts]
    assert found.tolist() == np.concatenate(alone).tolist()


@given(worlds())
def test_the_best_set_of_each_size_clears_as_many_as_any(world):
    made, known, aside, facts = world
    part, without, given_facts, _ = part_and_facts(world)
    open_ = [i for i, tree in enumerate(made) if verdict(tree, known, aside) is Truth.UNKNOWN]
    ways = [solutions(part, without, given_facts)[i] for i in open_]

    def cleared(chosen):
        return sum(can_be_met(made[i], known, aside, facts, chosen) for i in open_)

    found = {len(one.facts): one for one in best_sets(ways, given_facts)}
    best = 0
    for size in range(1, len(facts) + 1):
        most = max(cleared(chosen) for chosen in combinations(range(len(facts)), size))
        one = found.get(size)
        if one is not None:
            assert one.exact
            assert len(one.clears) == most == one.at_most
        else:
            assert most <= best
        best = max(best, most)


@given(worlds())
def test_sets_grown_step_by_step_keep_to_their_bound(world):
    part, without, given_facts, _ = part_and_facts(world)
    ways = solutions(part, without, given_facts)
    needs = [sorted({tuple(sorted(one)) for one in found if one}) for found in ways]
    useful = sorted({fact for one in needs for way in one for fact in way})
    for size in range(1, len(useful) + 1):
        grown = _grown(useful, needs, given_facts, size)
        assert len(grown) <= size
        clears = sum(any(set(way) <= set(grown) for way in one) for one in needs)
        most = max(
            sum(any(set(way) <= set(chosen) for way in one) for one in needs) for chosen in combinations(useful, size)
        )
        single_best = max((1 for one in needs for way in one if len(way) <= size), default=0)
        assert single_best <= clears <= most <= sum(any(len(way) <= size for way in one) for one in needs)


@pytest.mark.parametrize("least", [1, 2, 3])
def test_at_least_so_many_needs_so_many(least):
    builder = Builder()
    for i in range(3):
        builder.leaves[("leaf", i)] = i + 1
    reference = builder._at_least(least, [4, 8, 12])
    program, groups = builder.finish()
    codes = single.blank(program)
    single.run(program, codes)
    part = part_of(program, codes, [row(reference, groups)])
    facts = [
        Fact("f", "f", Effort.ASK, ("yes", "no"), np.array([i]), np.array([[single.MET, single.NOT_MET]], np.uint8))
        for i in range(3)
    ]
    (found,) = solutions(part, np.zeros(3, np.bool_), facts)
    assert sorted(sorted(one) for one in found) == [list(one) for one in combinations(range(3), least)]
    assert at_least(least, [Truth.MET] * least + [Truth.UNKNOWN] * (3 - least)) is Truth.MET
