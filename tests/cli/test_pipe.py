"""What is written to a pipe line by line is what Rich would lay out."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from her2nav.cli.common import indented
from her2nav.cli.pipe import Pipe

WIDTH = 40
PARTS = [*"ab ≥µ·–✘[]/\\:\n\t", "\u00a0", "\u200b", "\x07", "漢", "é", "e\u0301", "word ", "a longer word", "[bold]"]
WORDS = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


def printed(kind: type[Console], *content: Any, **how: Any) -> str:
    out = io.StringIO()
    kind(file=out, width=WIDTH, height=25, highlight=False, emoji=False, color_system=None).print(*content, **how)
    return out.getvalue()


@given(WORDS, st.integers(0, 8))
def test_a_text_looks_as_rich_lays_it_out(words, left):
    for content in (Text(words), Text(words, "bold"), indented(Text(words), left)):
        assert printed(Pipe, content) == printed(Console, content)


@pytest.mark.parametrize(
    "content",
    [
        (),
        ("plain",),
        ("[bold]marked[/bold] words",),
        ("one", "two"),
        (Text("right", justify="right"),),
        (Text("no end", end=""),),
        (Padding("in the middle", (1, 2, 1, 2)),),
        (Padding("wide", (0, 0, 0, 2)),),
        (Text("x" * WIDTH),),
        (Text("x" * (WIDTH + 1)),),
        (Text(""),),
        (indented(Text(""), 3),),
    ],
    ids=str,
)
def test_whatever_else_is_printed_looks_as_rich_lays_it_out(content):
    assert printed(Pipe, *content) == printed(Console, *content)
    if len(content) < 2:
        assert printed(Pipe, *content, style="bold") == printed(Console, *content, style="bold")


def test_a_pipe_that_wants_colour_gets_it():
    out = io.StringIO()
    Pipe(file=out, width=WIDTH, height=25, force_terminal=True, color_system="standard").print(Text("red", "red"))
    assert out.getvalue() == "\x1b[31mred\x1b[0m\n"
