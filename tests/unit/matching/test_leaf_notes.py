"""What is noted of leaves says what kinds and knowledge say, also after a round trip and in another order."""

import numpy as np
import pytest

from her2nav.app.shipped import shipped_trials
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.matching.leaf_notes import LeafNotes, effort_of, joined, may_be_dated
from her2nav.matching.program import Program


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def program(knowledge: Knowledge) -> Program:
    return shipped_trials(knowledge).program


def asked(notes: LeafNotes) -> list[set[str]]:
    """Return the terms of each leaf."""
    found: list[set[str]] = [set() for _ in range(len(notes))]
    for term, places in notes.by_term().items():
        for place in places.tolist():
            found[place].add(term)
    return found


def test_the_catalogue_comes_with_what_kinds_say(knowledge: Knowledge, program: Program) -> None:
    notes = program.notes
    assert notes is not None
    assert len(notes) == len(program.leaves)
    terms = asked(notes)
    for at, (kind, params) in enumerate(program.leaves):
        gate = kinds()[kind].gate
        wanted = gate.asks(params, knowledge) if gate is not None else frozenset()
        assert notes.always[at] == (wanted is None)
        assert terms[at] == (wanted or set())
        assert notes.efforts[at] == effort_of(kind, params, knowledge)
        assert notes.dated[at] == may_be_dated(kind, params, knowledge)
    assert notes.dated.any()
    assert any(terms)


def test_some_leaves_keep_their_notes_in_the_order_asked(program: Program) -> None:
    notes = program.notes
    assert notes is not None
    places = np.arange(len(notes))[::-7]
    some, every = notes.taken(places), asked(notes)
    assert asked(some) == [every[place] for place in places.tolist()]
    assert some.efforts.tolist() == notes.efforts[places].tolist()
    assert asked(notes.taken(places[:0])) == []


def test_notes_joined_are_those_of_all(program: Program) -> None:
    notes = program.notes
    assert notes is not None
    first, second = notes.taken(np.arange(40)), notes.taken(np.arange(1000, 1300))
    assert asked(joined([first, second])) == asked(first) + asked(second)


def test_notes_come_back_and_bytes_that_are_others_are_refused(program: Program) -> None:
    assert program.notes is not None
    notes = program.notes.taken(np.arange(200))
    back, rest = LeafNotes.read(notes.written() + b"rest")
    assert rest == b"rest"
    assert asked(back) == asked(notes)
    assert back.efforts.tolist() == notes.efforts.tolist()
    for broken in (b"", b"[1,2]", notes.written()[:-40], notes.written().replace(b"[200,", b"[201,", 1)):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the bytes are, the reader says no more than that
            LeafNotes.read(broken)
