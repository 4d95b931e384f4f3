"""What is printed where nobody looks on: to a pipe or a file, without colour."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

_STYLE_ONLY = {"style"}


class Pipe(Console):
    """A console that writes a line as it is where it has no colour and fits; all else is laid out by Rich.

    Most lines of an answer fit. To lay one out takes Rich a third of a millisecond, to write it a few microseconds.
    """

    def print(self, *objects: Any, **how: Any) -> None:
        """Print as `Console.print` does."""
        line = self._line(objects) if how.keys() <= _STYLE_ONLY and self.color_system is None else None
        if line is None:
            super().print(*objects, **how)
            return
        self.file.write(line + "\n")

    def _line(self, objects: tuple[Any, ...]) -> str | None:
        """Return what Rich would write; None where it takes Rich to say."""
        if not objects:
            return ""
        if len(objects) > 1:
            return None
        content: object = objects[0]
        left, padded = 0, isinstance(content, Padding)
        if isinstance(content, Padding):
            if content.expand or content.top or content.bottom or content.right:
                return None
            left, content = content.left, content.renderable
        if isinstance(content, Text):
            # What is aligned, ends otherwise or hides what is too long is not merely its words.
            if content.justify or content.overflow or content.end != "\n":
                return None
            words = content.plain
        elif isinstance(content, str) and "[" not in content and not padded:
            words = content
        else:
            return None
        # Line breaks, tabs and the like are not printable; nothing, moved to the right, is no line at all.
        if not words.isprintable() or (padded and not words) or left + cell_len(words) > self.width:
            return None
        return " " * left + words
