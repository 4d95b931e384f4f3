"""A forest plot of response rates as an SVG picture, with its cautions drawn inside."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

from her2nav.evidence.cautions import Caution
from her2nav.evidence.intervals import events_of, interval
from her2nav.evidence.pooling import CAVEAT, METHOD, Group, Pooled
from her2nav.evidence.rows import Row

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _LINE = 960, 400, 740, 44, 26, 15
"""User units: the picture, both ends of the axis, the room above, a row, a line of a note."""
_GAP = 12
_LABEL_COLUMNS, _NOTE_COLUMNS = 62, 150


def forest(rows: Sequence[Row], pooled: Sequence[tuple[Group, Pooled]], cautions: Sequence[Caution]) -> str:
    """Return an SVG picture of response rates with exact 95 % intervals.

    Args:
        rows: Arms whose response rate stands for one count of patients.
        pooled: Pooled rates to draw below; empty: none was asked for.
        cautions: Drawn under the axis.
    """
    notes = _notes(pooled, cautions)
    base = _TOP + _ROW * (len(rows) + len(pooled))
    height = base + 44 + _LINE * len(notes)
    names = ", ".join(dict.fromkeys(row.study.name for row in rows))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" font-family="sans-serif">',
        f"<title>Forest plot of response rates: {escape(names)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="12" y="22" font-size="13" font-weight="bold">Objective response rate, % (exact 95 % interval)</text>',
        '<g font-size="11">',
        *_axis(base),
    ]
    middles = [_TOP + _ROW * (place + 0.5) for place in range(len(rows) + len(pooled))]
    for row, middle in zip(rows, middles, strict=False):
        parts += _arm(row, middle)
    for (group, one), middle in zip(pooled, middles[len(rows) :], strict=True):
        parts += _diamond(group, one, middle)
    parts.append("</g>")
    parts += [
        f'<text x="12" y="{base + 48 + _LINE * place}" font-size="10">{escape(note)}</text>'
        for place, note in enumerate(notes)
    ]
    return "\n".join([*parts, "</svg>\n"])


def _x(percent: float) -> float:
    return round(_LEFT + percent / 100 * (_RIGHT - _LEFT), 1)


def _axis(base: int) -> list[str]:
    lines = [f'<path d="M{_x(share)} {_TOP}V{base}" stroke="#ddd"/>' for share in range(0, 101, 20)]
    words = [
        f'<text x="{_x(share)}" y="{base + 16}" text-anchor="middle">{share}</text>' for share in range(0, 101, 20)
    ]
    return [*lines, f'<path d="M{_LEFT} {base}H{_RIGHT}" stroke="#444"/>', *words]


def _arm(row: Row, middle: float) -> list[str]:
    result = row.one("orr")
    assert result is not None
    n = row.patients(result)
    assert n is not None
    events = events_of(row, result)[0]
    found = interval(events, n)
    share, low, high = 100 * events / n, float(found.low), float(found.high)
    # The more patients, the larger the mark: its area grows with their number.
    side = round(4 + 6 * (n / 100) ** 0.5, 1)
    left, top = round(_x(share) - side / 2, 1), round(middle - side / 2, 1)
    label = f"{row.study.name}: {row.arm.name}" if row.arm.name != "all" else row.study.name
    return [
        f'<path d="M{_x(low)} {middle}H{_x(high)}" stroke="#333" stroke-width="1.5"/>',
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="#1f5fa8"/>',
        *_words(label, f"{events}/{n} · {share:.1f} ({low:.1f} to {high:.1f})", middle),
    ]


def _diamond(group: Group, one: Pooled, middle: float) -> list[str]:
    corners = ((one.low, 0), (one.share, 7), (one.high, 0), (one.share, -7))
    points = " ".join(f"{_x(share)},{middle + up}" for share, up in corners)
    names = f"Pooled: {', '.join(entry.row.study.name for entry in group.entries)}"
    value = f"{one.share:.1f} ({one.low:.1f} to {one.high:.1f})"
    return [f'<polygon points="{points}" fill="#a83a1f"/>', *_words(names, value, middle, ' font-weight="bold"')]


def _words(label: str, value: str, middle: float, more: str = "") -> list[str]:
    """Return what stands on both sides of the axis."""
    short = textwrap.shorten(label, _LABEL_COLUMNS, placeholder=" …")
    return [
        f'<text x="{_LEFT - _GAP}" y="{middle + 4}" text-anchor="end"{more}>{escape(short)}</text>',
        f'<text x="{_RIGHT + _GAP}" y="{middle + 4}"{more}>{escape(value)}</text>',
    ]


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
