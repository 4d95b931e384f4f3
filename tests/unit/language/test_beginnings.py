"""What can begin with signs: nothing that matches is ever left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.kinds.reading import treatment_names, treatment_narrowing, treatment_times, tumour_words
from her2nav.kinds.reading.treatment_words import COUNT, SETTING, WORD
from her2nav.language.beginnings import SIGNS, Beginning, starting
from her2nav.language.recent import Recent

PLAIN = [
    r"a{2,3}b|[^a]c",
    r"(?:a|bc)*d",
    r"(?>ab?)c",
    r"(?i:AB)c",
    r"(?P<x>a)(?P=x)b",
    r"\w\s\D",
    r"(?!b)a?\bb?",
    r".b",
    "",
    r"(?i)AB",
]
EXPRESSIONS = [
    *map(re.compile, PLAIN),
    tumour_words.JOIN,
    tumour_words.FRAME,
    treatment_names._OPEN,
    treatment_narrowing._UNCHANGED,
    treatment_narrowing._COURSE,
    re.compile(treatment_times.WINDOWS[0][1].pattern),
    re.compile(COUNT.pattern),
    re.compile(SETTING.pattern),
    re.compile(WORD.pattern),
]
WORDS = [
    *[
        "a",
        "b",
        "aab",
        "ac",
        "prior",
        "to",
        "or",
        "at",
        "least",
        "2",
        "weeks",
        "(",
        ",",
        "histologically",
        "≥",
        "adjuvant",
        "that",
        "is",
        "AB",
    ],
    "at least",
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda one: one.pattern[:20])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), between=st.sampled_from(["", " "]))
def test_what_matches_is_possible(expression: re.Pattern[str], words: list[str], between: str) -> None:
    text, beginning = between.join(words), Beginning(expression.pattern)
    for at in range(len(text) + 1):
        if expression.match(text, at) is not None:
            assert beginning.possible(text[at : at + SIGNS])


def test_names_of_what_can_begin_here() -> None:
    names = starting(number="[0-9]+", word=("anti|art", "bone"), any="x?")
    for _ in range(100):
        told = names("ant"), names("any"), names("bon"), names("7 x")
    assert told == ({"word", "any"}, {"any"}, {"word", "any"}, {"number", "any"})


def test_signs_that_were_seldom_met_leave_out_nothing() -> None:
    assert starting(number="[0-9]+", word="a")("b") == {"number", "word"}


@given(st.lists(st.integers(0, 12)), st.integers(1, 4))
def test_a_memory_knows_the_last_keys_and_stays_small(keys: list[int], most: int) -> None:
    kept = Recent[int, int](most)
    for place, key in enumerate(keys):
        kept[key] = place
    last = {key: place for place, key in enumerate(keys)}
    newest = list(dict.fromkeys(reversed(keys)))[:most]
    assert [kept.get(key) for key in newest] == [last[key] for key in newest]
    held = {key: found for key in last if (found := kept.get(key)) is not None}
    assert len(held) <= 2 * most
    assert held.items() <= last.items()
