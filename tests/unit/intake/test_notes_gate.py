"""Patterns that are tried only where their words stand find what they find everywhere."""

import csv
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake import notes
from her2nav.intake.notes import scan
from her2nav.intake.notes.fields import course_cycles, genes, person
from her2nav.intake.notes.gate import NOTES, Gate, Gated, Group
from her2nav.intake.notes.identifiers import GROUPS
from her2nav.intake.notes.literals import literals
from unit.intake.note_helpers import read


def _patterns() -> dict[str, Gated]:
    found: dict[str, Gated] = {}
    for module in pkgutil.walk_packages(notes.__path__, notes.__name__ + "."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for i, one in enumerate(value if isinstance(value, tuple) else (value,)):
                if isinstance(one, Gated):
                    found.setdefault(f"{module.name}.{name}.{i}", one)
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


@pytest.mark.parametrize(
    ("pattern", "lead"),
    [
        (r"(?:mm|cm)\b", 0),
        (r"\d{1,3}\s?(?:mm|cm)\b", 4),
        (r"(?:(?:core|needle)[- ])?\w?biops", 8),
        (r"(?<=a )\d(?!\d)(?:a{2,3}|.)scan", 4),
        (r"\d{1,2}(?: by \d stains?|\s{3} of \d{4} cells)", 5),
        (r"(?:\d ?scan){2,3}", 2),
    ],
)
def test_how_far_the_words_stand_behind_the_beginning_is_read_off_a_pattern(pattern: str, lead: int) -> None:
    assert literals(re.compile(pattern)).lead == lead


def test_words_behind_a_part_without_limit_may_stand_anywhere() -> None:
    text = "the " + "long " * 5_000 + "scan"
    group = Group()
    pattern = Gated(r"[a-z ]+scan", group)
    group.scan(text)
    found = pattern.search(text)
    assert found is not None
    assert found.start() == 0


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


NEEDED = (
    (person._AGE_SEX, person._BY_FIGURE),
    (person._SEX_AGE, person._BY_FIGURE),
    (genes.CHANGE, genes._NUMBERED),
    (course_cycles._CYCLES, course_cycles._LIKE_CYCLES),
)
"""Patterns, each with one that stands in every match and is looked for first."""
FIGURES = st.sampled_from(
    ["5", "62", "101", "m", "f", "M", "F", "y", "yo", "y/o", "yrs old", "-year-old", "years-old", "anos", "woman",
     "man", " ", "-", "/", ",", ".", "(", ")", "p.", "L", "Ser", "S310F", "Gly776Val", "V777L", "delins", "ins", "fs*",
     "*", "x", "X6", "c4", " cycles", "#", "× ", " doses", "courses", "ciclos", " completed", "six ", "given"]
)  # fmt: skip


@given(st.lists(FIGURES, min_size=1, max_size=14).map("".join))
def test_what_is_looked_for_first_stands_in_every_match(text: str) -> None:
    for pattern, part in NEEDED:
        for match in pattern.finditer(text):
            assert part.search(text, match.start(), match.end()), (pattern.pattern, text)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (person._AGE_SEX, ["58-year-old woman", "62 yo m", "71f", "a 9 y boy", "45 anos mujer"]),
        (person._SEX_AGE, ["m 59.", "f/62 y", "f,  71,"]),
        (genes.CHANGE, ["p.(Ser310Phe)", "V777L", "p.Y772_A775dup", "Ala775_Gly776insTyr"]),
        (course_cycles._CYCLES, ["x6", "six cycles", "4 doses", "c4 completed", "× 5"]),
    ],
)
def test_what_is_looked_for_first_is_asked_of_real_matches(pattern: re.Pattern[str], texts: list[str]) -> None:
    part = next(part for one, part in NEEDED if one is pattern)
    for text in texts:
        match = pattern.search(text)
        assert match is not None, text
        assert part.search(text, match.start(), match.end()) is not None, text


HERE = Path(__file__).resolve().parent
NOTES_READ = sorted((HERE.parents[2] / "benchmarks/intake_notes").glob("*.txt"))[::2]


def _texts() -> list[str]:
    """Return half the notes of the benchmark, and the pieces of reports as notes of forty lines."""
    with (HERE / "her2_fragments.tsv").open(encoding="utf-8") as table:
        pieces = [
            row["text"].replace("\\n", "\n").replace("\\t", "\t") for row in csv.DictReader(table, delimiter="\t")
        ]
    lists = ["\n\n".join(pieces[i : i + 40]) for i in range(0, len(pieces), 40)]
    return [*lists, *(note.read_text(encoding="utf-8") for note in NOTES_READ)]


def test_a_note_says_the_same_with_patterns_tried_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _texts()
    assert len(texts) > 60
    gated = [read(text) for text in texts]
    for name in ("search", "finditer"):
        monkeypatch.setattr(
            Gated,
            name,
            lambda one, *place, name=name: getattr(one.pattern, name)(*place),  # the pattern alone
        )
    for text, wanted in zip(texts, gated, strict=True):
        assert read(text) == wanted, text[:80]


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


@given(st.text(alphabet="Al0OI1aBé-_ .,x9T", max_size=40))
def test_spoilt_letters_of_a_scan_are_found_where_they_are_found_everywhere(text: str) -> None:
    hints = [match.start() for match in scan._HINT.finditer(text)]
    for found, pattern in ((scan._among_capitals(text), scan._CAPITALS), (scan._mixed(text, hints), scan._MIXED)):
        assert [match.span() for match in found] == [match.span() for match in pattern.finditer(text)]
