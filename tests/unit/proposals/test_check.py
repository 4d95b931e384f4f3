"""Every proposal is held against the text before a person sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.notes.source import NoteText
from her2nav.proposals.asking import Outgoing
from her2nav.proposals.check import REASONS, checked_criteria, checked_notes
from her2nav.proposals.forms import CriterionProposals, NoteProposals
from her2nav.proposals.records import placed

TEXT = (
    "Stage IIIB since March 2023.\nEight rounds of oxaliplatin until Sept 2024. Ejection fraction 61 %. Up and about."
)
ASKED = frozenset({"/cancer/stage", "/cancer/diagnosed", "/performance/ecog", "/therapies/-", "/cardiac/lvef/-"})
SENT = Outgoing("notes", "", TEXT, ASKED, (NoteText("letter", TEXT),))


def check(*items: tuple[str, object, str], record: dict | None = None):
    answer = NoteProposals.model_validate(
        {"proposals": [{"path": path, "value": value, "quote": quote} for path, value, quote in items]}
    )
    return checked_notes(answer, SENT, record or {})


@pytest.mark.parametrize(
    ("path", "value", "quote"),
    [
        ("/cancer/stage", "IIIB", "Stage IIIB"),
        ("/cancer/diagnosed", "2023-03", "since March 2023"),
        ("/cardiac/lvef/-", {"percent": 61}, "Ejection fraction 61 %"),
        ("/therapies/-", {"cycles": 8, "end": "2024-09"}, "Eight rounds of oxaliplatin until Sept 2024"),
        ("/therapies/-", {"drugs": ["oxaliplatin"]}, "Eight rounds\n of   oxaliplatin"),
    ],
)  # fmt: skip
def test_what_stands_in_the_text_is_kept_with_its_place(path: str, value: object, quote: str) -> None:
    kept, refused = check((path, value, quote))
    assert not refused
    assert TEXT[kept[0].start : kept[0].end].split() == quote.split()
    assert kept[0].source == "letter"


@pytest.mark.parametrize(
    ("path", "value", "quote", "code"),
    [
        ("/cancer/stage", "IV", "Stage IV", "invented_quote"),
        ("/cancer/stage", "IIIB", "", "invented_quote"),
        ("/cancer/stage", "IIIB", "stage IIIB", "invented_quote"),
        ("/demographics/age", 61, "61", "not_asked"),
        ("/../etc/passwd", "x", "Stage", "not_asked"),
        ("/performance/ecog", 1, "Up and about", "number_not_quoted"),
        ("/performance/ecog", 61, "Ejection fraction 61 %", "not_allowed"),
        ("/cardiac/lvef/-", {"percent": 60}, "Ejection fraction 61 %", "number_not_quoted"),
        ("/cancer/diagnosed", "2023-04", "since March 2023", "number_not_quoted"),
        ("/cancer/diagnosed", "2023-03-15", "since March 2023", "number_not_quoted"),
        ("/cancer/diagnosed", "2023-03", "Stage IIIB", "number_not_quoted"),
        ("/cancer/stage", {"a": 1}, "Stage IIIB", "number_not_quoted"),
        ("/cancer/stage", ["IIIB"], "Stage IIIB", "not_allowed"),
        ("/therapies/-", {"drugs": ["oxaliplatin"], "invented": "x"}, "oxaliplatin", "not_allowed"),
        ("/therapies/-", "oxaliplatin", "oxaliplatin", "not_allowed"),
    ],
)
def test_what_does_not_is_thrown_away_with_a_reason(path: str, value: object, quote: str, code: str) -> None:
    kept, refused = check((path, value, quote))
    assert not kept
    assert [(one.code, one.reason) for one in refused] == [(code, REASONS[code])]


def test_two_values_for_one_place_are_both_thrown_away() -> None:
    kept, refused = check(("/cancer/stage", "IIIB", "Stage IIIB"), ("/cancer/stage", "III", "Stage IIIB"))
    assert not kept
    assert {one.code for one in refused} == {"twice"}


def test_the_same_value_twice_is_one() -> None:
    kept, refused = check(("/cancer/stage", "IIIB", "Stage IIIB"), ("/cancer/stage", "IIIB", "IIIB"))
    assert len(kept) == 1
    assert not refused


def test_a_value_must_fit_beside_what_was_read() -> None:
    therapy = {"drugs": ["oxaliplatin"], "end": "2024-09", "ongoing": True}
    kept, refused = check(("/therapies/-", therapy, "oxaliplatin until Sept 2024"))
    assert not kept
    assert refused[0].code == "not_allowed"


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_quote_that_is_not_in_the_text_passes(path: str, quote: str) -> None:
    kept, _ = check((path, "x", quote), ("/cancer/stage", "IIIB", quote))
    squeezed = " ".join(TEXT.split())
    assert all(" ".join(quote.split()) in squeezed for _ in kept)


STRETCH = "no prior treatment with more than two lines of therapy for 28 days"
CRITERIA = Outgoing("criteria", "", STRETCH, frozenset({"1"}), (NoteText("1", STRETCH),))


def trees(*items: tuple[int, dict, str]):
    answer = CriterionProposals.model_validate(
        {"proposals": [{"number": number, "tree": tree, "quote": quote} for number, tree, quote in items]}
    )
    return checked_criteria(answer, CRITERIA)


def test_a_tree_of_known_kinds_is_kept_in_its_written_form() -> None:
    kept, refused = trees((1, {"lines_of_therapy": {"max": 2}}, "more than two lines of therapy"))
    assert not refused
    assert kept[0].value == {"lines_of_therapy": {"max": 2}}


@pytest.mark.parametrize(
    ("number", "tree", "quote", "code"),
    [
        (2, {"lines_of_therapy": {"max": 2}}, "two lines", "not_asked"),
        (0, {"lines_of_therapy": {"max": 2}}, "two lines", "not_asked"),
        (-1, {"lines_of_therapy": {"max": 2}}, "two lines", "not_asked"),
        (1, {"lines_of_therapy": {"max": 2}}, "two lines of chemotherapy", "invented_quote"),
        (1, {"lines_of_therapy": {"max": 3}}, "two lines", "number_not_quoted"),
        (1, {"magic": {}}, "two lines", "not_a_tree"),
        (1, {"unread": {"text": "x"}}, "two lines", "not_a_tree"),
        (1, {"all_of": [{"unread": {"text": "x"}}]}, "two lines", "not_a_tree"),
        (1, {}, "two lines", "not_a_tree"),
        (1, {"lines_of_therapy": {"max": 2}, "prior_therapy": {}}, "two lines", "not_a_tree"),
    ],
)
def test_a_tree_that_does_not_stand_is_thrown_away(number: int, tree: dict, quote: str, code: str) -> None:
    kept, refused = trees((number, tree, quote))
    assert not kept
    assert [one.code for one in refused] == [code]


def test_two_trees_for_one_stretch_are_both_thrown_away() -> None:
    kept, refused = trees(
        (1, {"lines_of_therapy": {"max": 2}}, "two lines"), (1, {"lines_of_therapy": {"min": 2}}, "two lines")
    )
    assert not kept
    assert {one.code for one in refused} == {"twice"}


@given(
    st.recursive(
        st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["all_of", "not", "lines_of_therapy", "max", "when", "then", "at_least", "n", "of"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_no_tree_breaks_the_check(tree: object) -> None:
    trees((1, tree if isinstance(tree, dict) else {"all_of": tree}, "two lines"))


def test_a_place_below_a_value_is_none() -> None:
    assert placed({"a": 1}, "/a/b", 2) is None
    assert placed({"a": [1]}, "/a/0/b", 2) is None
