"""The plain form of a text: what is put right, and what only looks alike and stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.language.view import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("post operative", "post-operative"),
        ("a_non cancer or anon cancer", "a_non cancer or anon cancer"),
        ("non cancerous", "non cancerous"),
        ("on-going and auto-immune", "ongoing  and autoimmune "),
        ("inter current", "intercurrent "),
        ("non-going", "non-going"),
        ("bilirubin 2,5 x ULN", "bilirubin 2.5 x uln"),
        ("bilirubin 1,2,5 x ULN", "bilirubin 1,2,5 x uln"),
        ("IHC 3 plus", "ihc 3+    "),
        ("IHC 13 plus", "ihc 13 plus"),
        ("a score of 2 on IHC", "a 2+         on ihc"),
        ("underscore of 2 on IHC", "underscore of 2 on ihc"),
        ("HER2 3 positive (IHC)", "her2 3+         (ihc)"),
        ("greater than or = to 18", "≥                    18"),
    ],
)
def test_what_is_meant_is_put_right_and_nothing_else(written: str, read: str) -> None:
    assert plain(written) == read


_PIECES = (
    "post",
    "non",
    "pre",
    " ",
    "cancer",
    "2",
    ",",
    "5",
    "x uln",
    "3 plus",
    "score of 1",
    " on ihc",
    "or",
    "= 5",
    "-",
    "co-morbid",
    "than ",
    "\n",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_every_sign_keeps_its_place(pieces: list[str]) -> None:
    written = "".join(pieces)

    assert len(plain(written)) == len(written)
