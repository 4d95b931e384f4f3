"""Expressions that are tried only where they can match answer as the expressions themselves do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria import modals
from her2nav.criteria.connectors import Sign, pieces
from her2nav.criteria.framing_rows import ANYWHERE, ROWS
from her2nav.kinds.reading import judgement, treatment_times, viral_words
from her2nav.kinds.reading.rules import rule_set
from her2nav.knowledge.load import load_knowledge
from her2nav.language.beginnings import BySign
from her2nav.language.pieces import BOUND, Form, alternatives, guarded
from her2nav.language.sought import Alternatives, Family, Several, Signals, Sought, Wholes

WORDS = [
    "patients",
    "must",
    "not",
    "be",
    "able",
    "to",
    "swallow",
    "informed",
    "consent",
    "study",
    "in",
    "the",
    "opinion",
    "of",
    "investigator",
    "any",
    "condition",
    "that",
    "may",
    "interfere",
    "with",
    "compliance",
    "prior",
    "treatment",
    "trastuzumab",
    "within",
    "4",
    "weeks",
    "≥",
    "2",
    "lines",
    "of",
    "therapy",
    "progressed",
    "on",
    "or",
    "after",
    "hiv",
    "cd4",
    "count",
    ">",
    "200",
    "undetectable",
    "viral",
    "load",
    "women",
    "contraception",
    ";",
    ",",
    "(",
    ")",
    ".",
    ":",
    "/",
    "-",
    ">",
    "<",
    "28",
    "days",
    "half-lives",
    "at",
    "least",
    "one",
    "er",
    "pr",
    "er-positive",
    "negative",
]
sentences = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
EXPRESSIONS = (
    *(sort.sign for sort in judgement._SORTS),
    *(sought for _, sought in treatment_times.WINDOWS),
    *viral_words.CONTROLS,
    viral_words.CD4,
    modals._PERMITS,
    modals._EXCLUDES,
    modals._REQUIRES,
)


@given(sentences)
def test_no_match_is_missed(sentence: str) -> None:
    """The pieces leave no match out, wherever it is looked for and however."""
    for sought in EXPRESSIONS:
        plain = re.compile(sought.pattern)
        assert _span(sought.search(sentence)) == _span(plain.search(sentence))
        assert [found.span() for found in sought.finditer(sentence)] == [f.span() for f in plain.finditer(sentence)]
        for at in range(0, len(sentence), 3):
            assert _span(sought.match(sentence, at)) == _span(plain.match(sentence, at))


def test_every_pattern_of_a_rule_finds_what_its_expression_finds() -> None:
    """The examples of the rules hold every match that the bare expressions find in them."""
    rules = rule_set(load_knowledge())
    examples = {text.lower() for rule in (*rules.rules, *rules.scanners) for text, _ in rule.texts}
    for example in sorted(examples):
        masked = rules.dictionary.find(example)[1]
        for _, pattern in rules._compiled:
            if re.search(pattern.expression.pattern, masked):
                assert pattern.expression.possible(masked), (pattern.written, example)


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        (r"\bcondoms?\b|contracept", {f"{BOUND}condom{BOUND}", f"{BOUND}condoms{BOUND}", "contracept"}),
        (r"wom[ae]n\w* of (?:x|y)*", {"woman", "women", " of "}),
        (r"(?:ab|cd)+ef", {"ab", "cd", "ef"}),
        (r"abc(?!def)(?=ghi)", {"abc"}),
        (r"\ber(?![a-z0-9])", {f"{BOUND}er{BOUND}"}),
    ],
)
def test_pieces_are_what_every_match_holds(written: str, pieces: set[str]) -> None:
    assert set().union(*Form.of(written).needs) == pieces


@pytest.mark.parametrize("written", [r"\w+", r"(?:abc)?", r"(?i:abc)", r"[a-z]*", r"abc|[0-9]"])
def test_nothing_is_claimed_where_nothing_is_known(written: str) -> None:
    assert Form.of(written).needs == ()


def test_signs_that_begin_a_match() -> None:
    first = Form.of(r"(?:\b(?=x)no )?(?:[0-9]+|\bfor)").first
    assert first is not None
    assert [sign for sign in "nf7x " if sign in first] == ["n", "f", "7"]
    assert Form.of(r"(?:abc)?").first is None
    assert Form.of(r"[^a]b").first is None


def test_a_guard_changes_no_match() -> None:
    written = r"(?P<kind>\b(?:no|not)\b|[0-9]+)"
    for text in ("no", "not 12", "nothing", "", "¼ no"):
        assert _span(re.search(guarded(written), text)) == _span(re.search(written, text))


def test_a_very_long_text_is_searched_too() -> None:
    assert Sought("contracept").search("a " * 20_000 + "contraception") is not None


def _span(found: re.Match[str] | None) -> tuple[int, int] | None:
    return found.span() if found else None


MEMBERS = [Sought(rf"\b{word}\b \w+|\b{word}$") for word in WORDS[:20]] + [Sought(r"\w+")]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_a_family_leaves_out_no_member_that_matches(words: list[str]) -> None:
    text = " ".join(words)
    possible = Family(MEMBERS).possible(text)
    assert possible == sorted(possible)
    assert {place for place, member in enumerate(MEMBERS) if member.search(text)} <= set(possible)


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_several_expressions_match_as_each_does_alone(words: list[str]) -> None:
    text, several = " ".join(words), Several(MEMBERS)
    for how in ("match", "fullmatch", "search"):
        alone = [(place, getattr(re, how)(member.pattern, text)) for place, member in enumerate(MEMBERS)]
        expected = [(place, found.span()) for place, found in alone if found is not None]
        assert [(place, found.span()) for place, found in getattr(several, how)(text)] == expected


def test_a_family_leaves_out_what_a_text_cannot_hold() -> None:
    members = [Sought(r"\bconsent form\b"), Sought(r"\bswallow tablets\b")]
    assert Family(members).possible("must sign the consent form") == [0]


def test_a_connector_may_end_within_a_word() -> None:
    text = "lapatinib e given"
    found = [(piece.sign, text[piece.start : piece.end]) for piece in pieces(text, 0, len(text))]
    assert found == [(Sign.REST, "lapatinib"), (Sign.EXAMPLES, "e g"), (Sign.REST, "iven")]


FRAMING = (*ANYWHERE, *(row.words for row in ROWS))
IN_PARTS = Alternatives(FRAMING)


@given(st.lists(st.sampled_from([*WORDS, "see", "appendix", "table", "1", "(a)", "protocol", "visit"]), max_size=14))
def test_alternatives_find_what_the_whole_finds(words: list[str]) -> None:
    text = " ".join(words)
    found = IN_PARTS.possible(text)
    for place, written in enumerate(FRAMING):
        whole = [match.span() for match in re.finditer(written, text)]
        if place in found:
            parts = IN_PARTS.expression(place, found[place])
            assert [match.span() for match in parts.finditer(text)] == whole
        else:
            assert whole == []


@pytest.mark.parametrize("written", [r"a(?:b|c)|[|]|\||d", "(?s)a|b", "[]|]|x", "[^]|]|x", "(?:a|b)"])
def test_an_expression_is_its_alternatives(written: str) -> None:
    joined = "|".join(alternatives(written))
    assert joined == written
    for one in alternatives(written):
        re.compile(one)
    assert len(alternatives(written)) == {r"a(?:b|c)|[|]|\||d": 4, "[]|]|x": 2, "[^]|]|x": 2}.get(written, 1)


def test_alternatives_by_sign_match_as_all_of_them_do() -> None:
    rows = [("no", r"\bno\b"), ("number", r"(?P<digits>[0-9]+)"), ("may_be_empty", "x*y?")]
    by_sign, whole = BySign(rows), re.compile("|".join(f"(?P<{name}>{written})" for name, written in rows))
    text = "no 12 xy none 7 ¼"
    for _ in range(500):
        for at in range(len(text) + 1):
            one, other = by_sign.match(text, at), whole.match(text, at)
            assert (one and (one.span(), one.lastgroup)) == (other and (other.span(), other.lastgroup))


FORMS = r"no \w+|(?:may|study) .*|[\w ]*consent"


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_forms_of_a_whole_text_hold_as_one_expression_does(words: list[str]) -> None:
    text = " ".join(words)
    whole = re.fullmatch(rf"(?:any )?(?:{FORMS})\W*", text) is not None
    assert Wholes("(?:any )?", FORMS, r"\W*").holds(text) is whole


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_signals_occur_where_one_expression_finds_them(words: list[str]) -> None:
    text, written = " ".join(words), r"\bno[tn]\b|investig|\bof the|[xyz]\d"
    assert Signals(written).occur(text) is (re.search(written, text) is not None)
