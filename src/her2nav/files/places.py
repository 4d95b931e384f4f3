"""Where in a text file a value stands."""

from __future__ import annotations

from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """A parsed file: plain data and the line of every value.

    Attributes:
        data: Nested dicts, lists and strings (None for an empty value).
        name: Path as shown to people; `-` for standard input.
        lines: 1-based line of every path.
    """

    data: object
    name: str
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """Say where a path is: its line, when known, and its key."""
        key = "/".join(str(part) for part in path)
        for end in range(len(path), -1, -1):
            line = self.lines.get(path[:end])
            if line is not None:
                return f"line {line}, key '{key}'" if key else f"line {line}"
        return f"key '{key}'" if key else "line 1"
