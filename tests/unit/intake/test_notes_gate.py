"""Patterns that are tried only where their words stand find what they find everywhere."""

import importlib
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake import notes
from her2nav.intake.notes.gate import NOTES, Gate, Gated, Group
from her2nav.intake.notes.identifiers import GROUPS
from her2nav.intake.notes.literals import literals


def _patterns() -> dict[str, Gated]:
    found: dict[str, Gated] = {}
    for module in pkgutil.walk_packages(notes.__path__, notes.__name__ + "."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Gated):
                found.setdefault(f"{module.name}.{name}", value)
    return found


PATTERNS = _patterns()
WORDS = sorted({word for one in PATTERNS.values() for word in one.known.words})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        [" ", ", ", ". ", "; ", ": ", "(", ")", "-", "/", "+", "%", " of ", " the ", " 2 ", "3+", "1.4", "12"]
    ),
)


@pytest.mark.parametrize(
    ("pattern", "words", "first"),
    [
        (r"\bsmok(?:er|es)\b", {"smoker", "smokes"}, True),
        (r"(?:ex-?)?smoker", {"ex-smoker", "exsmoker", "smoker"}, True),
        (r"\d{1,3}\s?(?:mm|cm)\b", {"mm", "cm"}, False),
        (r"stage (?:i|ii)|grade \d", {"stage i", "grade "}, True),
        (r"(?<!no )\bher-?2(?!\d)", {"her2", "her-2"}, True),
        (r"[xyz]ray|\w+ scan", {"xray", "yray", "zray", " scan"}, False),
        (r"\d+", set(), False),
        (r"(?i)stage", set(), False),
        (r"(?:ki-?67)*\d", set(), False),
    ],
)
def test_words_are_read_off_a_pattern(pattern: str, words: set[str], first: bool) -> None:
    found = literals(re.compile(pattern))
    assert (set(found.words), found.first) == (words, first)


def test_every_gated_pattern_has_words() -> None:
    assert len(PATTERNS) > 100
    assert [name for name, one in PATTERNS.items() if not one.known.words] == []


@given(st.lists(PIECES, min_size=1, max_size=25).map("".join), st.integers(0, 60), st.integers(0, 200))
def test_gated_patterns_find_what_they_find_everywhere(text: str, start: int, size: int) -> None:
    stop = min(len(text), start + size)
    for group in (NOTES, *GROUPS):
        group.scan(text)
    for name, one in PATTERNS.items():
        wanted = [match.span() for match in one.pattern.finditer(text, start, stop)]
        assert [match.span() for match in one.finditer(text, start, stop)] == wanted, name
        first = one.search(text, start, stop)
        assert ([first.span()] if first else []) == wanted[:1], name
        assert Gate(one).near(text, start, stop) or not wanted
    for group in (NOTES, *GROUPS):
        group.forget()


@pytest.mark.parametrize(
    ("pattern", "edged"),
    [
        (r"\bish\b", {"ish"}),
        (r"(?<![\w-])(?:(?P<a>er)|(?P<b>pr))\b", {"er", "pr"}),
        (r"(?<!no )\bher2", {"her2"}),
        (r"\ber\b|pr\b", set()),
        (r"(?<![a-z0-9])t1", set()),
        (r"(?<!\d)er\b", set()),
        (r"(?<![^\w])er\b", set()),
        (r"\b(?:-er|pr)", {"pr"}),
    ],
)
def test_words_that_open_a_word_count_nowhere_else(pattern: str, edged: set[str]) -> None:
    assert literals(re.compile(pattern)).edged == edged


def test_a_word_inside_another_is_no_place_of_its_pattern() -> None:
    group = Group()
    pattern, text = Gated(r"\ber\b", group), "cancer er-"
    group.scan(text)
    assert pattern.among(text, [0, 7]) == {7}
    assert [match.start() for match in pattern.finditer(text)] == [7]


def test_a_text_that_was_not_scanned_is_searched_everywhere() -> None:
    pattern = Gated("smok(?:er|es)")
    Gated.scan("nothing of it")
    text = "an ex-smoker"
    assert pattern.search(text) is not None
    assert Gate(pattern).near(text, 0, 4)
