"""What commands share: dates, formats, warnings, the terminal."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from her2nav.model.dates import exact_day

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.padding import Padding


class Format(StrEnum):
    """Output formats."""

    TEXT = "text"
    JSON = "json"


def parse_day(text: str | None, option: str = "--as-of") -> date | None:
    """Read the day of an option.

    Raises:
        ValueProblem: Not a full date.
    """
    return None if text is None else exact_day(text, option, "a day such as 2026-11-20")


def print_json(data: dict[str, Any]) -> None:
    """Print plain data as JSON, indented where a person looks on."""
    print(json.dumps(data, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def print_warnings(warnings: tuple[str, ...]) -> None:
    """Print warnings to standard error, one line each."""
    for warning in warnings:
        print(f"her2nav: warning: {warning}", file=sys.stderr)


class ReadingTicker:
    """Progress of reading criteria on standard error, where a person looks on."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._start = time.monotonic()

    def __enter__(self) -> ReadingTicker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def tick(self, done: int, total: int) -> None:
        """Show how far it is."""
        if self._on:
            rate = done / max(time.monotonic() - self._start, 0.001)
            text = f"reading criteria: {done:,} of {total:,} trials, {rate:,.0f} a second"
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def console() -> Console:
    """Return the terminal; a pipe gets 100 columns without colour."""
    plain: dict[str, Any] = {"highlight": False, "soft_wrap": False, "emoji": False}
    if sys.stdout.isatty():
        from rich.console import Console

        return Console(**plain)
    from her2nav.cli.pipe import Pipe

    # With both sides given, the size is not looked up for every line printed.
    return Pipe(width=100, height=25, **plain)


def indented(content: RenderableType, columns: int) -> Padding:
    """Return content moved to the right, without blanks after it."""
    from rich.padding import Padding

    return Padding(content, (0, 0, 0, columns), expand=False)
