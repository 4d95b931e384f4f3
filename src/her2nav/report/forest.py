"""A forest plot of response rates as an SVG picture, with its cautions drawn inside."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from her2nav.evidence.cautions import Caution
from her2nav.evidence.extra import need
from her2nav.evidence.intervals import events_of, interval
from her2nav.evidence.pooling import CAVEAT, METHOD, Group, Pooled
from her2nav.evidence.rows import Row

_ROW_INCHES = 0.34
_WIDTH_INCHES = 10.0
_NOTE_COLUMNS = 150
_LINE_INCHES = 0.2


def forest(rows: Sequence[Row], pooled: Sequence[tuple[Group, Pooled]], cautions: Sequence[Caution]) -> str:
    """Return an SVG picture of response rates with exact 95 % intervals.

    Args:
        rows: Arms whose response rate stands for one count of patients.
        pooled: Pooled rates to draw below; empty: none was asked for.
        cautions: Drawn under the axis.

    Raises:
        InputError: The extra is not installed.
    """
    matplotlib = need("matplotlib", "a plot")
    figures = need("matplotlib.figure", "a plot")
    notes = _notes(pooled, cautions)
    lines = len(rows) + len(pooled)
    height = 1.1 + _ROW_INCHES * lines + _LINE_INCHES * (len(notes) + 1)
    # Text stays text, and the same numbers give the same file.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "her2nav", "font.size": 9}):
        figure = figures.Figure(figsize=(_WIDTH_INCHES, height))
        axes = figure.add_axes(
            (0.42, (0.55 + _LINE_INCHES * (len(notes) + 1)) / height, 0.34, _ROW_INCHES * lines / height)
        )
        for place, row in enumerate(rows):
            _arm(axes, lines - place, row)
        for place, (group, one) in enumerate(pooled):
            _diamond(axes, lines - len(rows) - place, group, one)
        _frame(axes, lines)
        figure.text(0.02, 1 - 0.3 / height, "Objective response rate, % (exact 95 % interval)", weight="bold")
        for place, note in enumerate(notes):
            figure.text(0.02, (_LINE_INCHES * (len(notes) - place)) / height, note, size=8)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return _described(stream.getvalue(), rows)


def _arm(axes: Any, height: float, row: Row) -> None:
    result = row.one("orr")
    assert result is not None
    n = row.patients(result)
    assert n is not None
    events = events_of(row, result)[0]
    found = interval(events, n)
    share, low, high = 100 * events / n, float(found.low), float(found.high)
    axes.plot([low, high], [height, height], color="#333333", linewidth=1.2)
    axes.plot([share], [height], marker="s", markersize=3 + 4 * (n / 100) ** 0.5, color="#1f5fa8")
    axes.text(-3, height, _label(row), ha="right", va="center", size=8)
    axes.text(103, height, f"{events}/{n} · {share:.1f} ({low:.1f} to {high:.1f})", ha="left", va="center", size=8)


def _label(row: Row) -> str:
    text = f"{row.study.name}: {row.arm.name}" if row.arm.name != "all" else row.study.name
    return textwrap.shorten(text, 62, placeholder=" …")


def _diamond(axes: Any, height: float, group: Group, one: Pooled) -> None:
    axes.fill(
        [one.low, one.share, one.high, one.share], [height, height + 0.25, height, height - 0.25], color="#a83a1f"
    )
    names = textwrap.shorten(
        f"Pooled: {', '.join(entry.row.study.name for entry in group.entries)}", 62, placeholder=" …"
    )
    axes.text(-3, height, names, ha="right", va="center", size=8, weight="bold")
    axes.text(
        103, height, f"{one.share:.1f} ({one.low:.1f} to {one.high:.1f})", ha="left", va="center", size=8, weight="bold"
    )


def _frame(axes: Any, lines: int) -> None:
    axes.set_xlim(0, 100)
    axes.set_ylim(0.4, lines + 0.6)
    axes.set_yticks([])
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)


def _notes(pooled: Sequence[tuple[Group, Pooled]], cautions: Sequence[Caution]) -> list[str]:
    """Return the lines under the axis: heterogeneity and caveat of what is pooled, then the cautions."""
    said: list[str] = []
    for group, one in pooled:
        said.append(
            f"Pooled ({len(group.entries)} trials), {METHOD}: I² = {one.i2:.0f} %, tau² = {one.tau2:.3f}, "
            f"Q = {one.q:.2f} on {one.df} df, p = {one.p:.2f}. {CAVEAT}"
        )
    said += [one.says for one in cautions]
    if not pooled:
        said.append("Nothing is pooled in this picture.")
    return [line for note in said for line in textwrap.wrap(note, _NOTE_COLUMNS)]


def _described(svg: str, rows: Sequence[Row]) -> str:
    """Add a title for readers who do not see the picture."""
    names = ", ".join(dict.fromkeys(row.study.name for row in rows))
    words = f"Forest plot of response rates: {names}".replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"<svg([^>]*)>", rf'<svg role="img"\1><title>{words}</title>', svg, count=1)
