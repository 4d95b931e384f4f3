"""Trials that were kept come back as they were compiled, and a file that does not fit is not used."""

from pathlib import Path

import pytest

from her2nav.app import shipped
from her2nav.catalogue.load import load_catalogue
from her2nav.knowledge.citations import Touched, touches
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import CompiledTrials, compile_trials
from her2nav.matching.kept import KeptTrial, Lazy, kept, restored


@pytest.fixture(scope="module")
def compiled() -> CompiledTrials:
    """The shipped trials, compiled in this process."""
    return compile_trials(load_catalogue(load_knowledge().bundle))


@pytest.fixture(scope="module")
def back(compiled: CompiledTrials) -> CompiledTrials:
    """The same after a round trip."""
    return restored(kept(compiled, load_knowledge()))


def test_the_program_comes_back_with_the_same_nodes(compiled: CompiledTrials, back: CompiledTrials) -> None:
    assert back.leaves == compiled.leaves
    assert back.program.size == compiled.program.size
    assert back.program.groups == compiled.program.groups
    assert back.references.tolist() == compiled.references.tolist()
    assert back.verdicts.tolist() == compiled.verdicts.tolist()


def test_trials_come_back_whole(compiled: CompiledTrials, back: CompiledTrials) -> None:
    assert len(back.trials) == len(compiled.trials) > 0
    for one, other in zip(back.trials, compiled.trials, strict=True):
        assert one.trial.record == other.trial.record
        assert one.trial.criteria_from == other.trial.criteria_from
        assert tuple(one.trial.criteria) == tuple(other.trial.criteria)
        assert tuple(one.criteria) == tuple(other.criteria)
        assert (one.arms, one.verdict, one.binding, one.unread) == (
            other.arms,
            other.verdict,
            other.binding,
            other.unread,
        )


def test_what_verdicts_rest_on_comes_back(compiled: CompiledTrials, back: CompiledTrials) -> None:
    assert back.deciding[1].tolist() == compiled.deciding[1].tolist()
    assert back.deciding[0].leaves == compiled.deciding[0].leaves


def test_matching_reads_no_criteria_that_nobody_asks_for(compiled: CompiledTrials) -> None:
    fresh = restored(kept(compiled, load_knowledge()))
    assert fresh.references.size
    assert fresh.verdicts.size
    for trial in fresh.trials:
        assert isinstance(trial, KeptTrial)
        assert trial.binding
        assert isinstance(trial.criteria, Lazy)
        assert not trial.criteria._made


def test_a_file_holds_for_its_facts_and_its_content_only(compiled: CompiledTrials, tmp_path: Path) -> None:
    knowledge = load_knowledge()
    path = shipped.write(compiled, knowledge, tmp_path)
    found = shipped.read(knowledge.version, tmp_path)
    assert found is not None
    assert len(found.trials) == len(compiled.trials)
    assert shipped.read("ba9876543210", tmp_path) is None
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b" ")
    assert shipped.read(knowledge.version, tmp_path) is None
    path.write_bytes(whole.replace(b"her2nav-trials 2 ", b"her2nav-trials 0 ", 1))
    assert shipped.read(knowledge.version, tmp_path) is None
    path.unlink()
    assert shipped.read(knowledge.version, tmp_path) is None


def test_a_lazy_sequence_makes_each_item_once() -> None:
    asked: list[int] = []
    items = Lazy(3, lambda at: asked.append(at) or at * at)
    assert (items[-1], items[2], items[1:]) == (4, 4, (1, 4))
    assert asked == [2, 1]
    assert items == (0, 1, 4)
    with pytest.raises(IndexError):
        items[3]


KEYS = ("study:a", "study:a/one", "study:a/one/orr", "study:a/two/orr", "study:ab", "study:ab/one", "trial:a")


@pytest.mark.parametrize("key", KEYS)
def test_a_set_of_keys_touches_what_its_keys_touch(key: str) -> None:
    for others in ((), (KEYS[0],), (KEYS[2],), (KEYS[1], KEYS[5]), KEYS[3:5]):
        assert (key in Touched(others)) == any(touches(one, key) for one in others)
