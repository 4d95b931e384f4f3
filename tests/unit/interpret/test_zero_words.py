"""IHC 0: "no membrane staining" is said only where it is known."""

from typing import Any

import pytest

from guidelines.cases import interpret
from her2nav.knowledge.load import load_knowledge


@pytest.mark.parametrize(
    ("folder", "subtype", "word"),
    [
        ("gastric", "faint_le10", "zero_any"),
        ("gastric", None, "zero_any"),
        ("gastric", "no_staining", "zero"),
        ("colorectal", "faint_le10", "zero_any"),
        ("lung", None, "zero_any"),
        ("breast", "no_staining", "zero"),
        ("breast", "faint_le10", "ultralow"),
    ],
)
def test_no_staining_is_not_claimed_of_a_zero_that_may_have_some(folder: str, subtype: str | None, word: str) -> None:
    ihc: dict[str, Any] = {"score": "0", **({"zero_subtype": subtype} if subtype else {})}
    found = interpret(folder, kind="resection", ihc=ihc)
    assert found.expression.value == ("ultralow" if word == "ultralow" else "zero")
    assert found.expression.word == word
    said = load_knowledge().words.expression[word].clinical
    told = " ".join(one.clinical for one in found.sentences)
    assert ("no membrane staining" in said) is (word == "zero")
    assert ("no membrane staining" in told) is (word == "zero")
