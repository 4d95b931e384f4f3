"""A dated series of plasma results as an SVG picture."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from her2nav.report.phrases import day
from her2nav.therapy.ctdna import Series

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 300, 60, 20, 44, 46
_ROOM = 1.1
"""The axis of values ends so much above the highest one."""


def ctdna_svg(series: Series) -> str:
    """Return a picture of one series: values over time, the start of treatment and the day of clearance.

    Results without a number stand as open marks on the base line; a partial date is drawn at its first day.
    """
    days = [point.day.low for point in series.points]
    marks = [series.start] if series.start else []
    if series.start:
        marks.append(series.start + timedelta(days=series.clearance_day))
    every = [*days, *marks]
    title = f"{series.marker}: {series.reason}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(series.marker)}, allele frequency in plasma (%)</text>'
    )
    if not series.points:
        return f'{head}<text x="{_LEFT}" y="60">No dated result.</text></svg>'
    first, last = min(every), max(every)
    span = max(1, (last - first).days)
    values = [float(point.vaf_percent) for point in series.points if point.vaf_percent is not None]
    top = max([*values, 0.0]) * _ROOM or 1.0

    def x(one: date) -> float:
        return round(_LEFT + (one - first).days / span * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM), 1)

    base = y(0)
    parts = [head, f'<path d="M{_LEFT} {_TOP}V{base}H{_WIDTH - _RIGHT}" fill="none" stroke="#444"/>']
    for share in (0.0, 0.5, 1.0):
        value = top / _ROOM * share
        parts.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4}" text-anchor="end">{value:.3g}</text>')
    for mark, label in zip(marks, ("start of treatment", f"day {series.clearance_day}"), strict=False):
        parts.append(
            f'<path d="M{x(mark)} {_TOP}V{base}" stroke="#888" stroke-dasharray="4 3"/>'
            f'<text x="{x(mark) + 4}" y="{_TOP - 4}" fill="#555">{escape(label)}</text>'
        )
    measured = [
        (x(point.day.low), y(float(point.vaf_percent))) for point in series.points if point.vaf_percent is not None
    ]
    corners = " ".join(f"{a},{b}" for a, b in measured)
    parts.append(f'<polyline points="{corners}" fill="none" stroke="#1f5f99" stroke-width="2"/>')
    for point in series.points:
        value = float(point.vaf_percent) if point.vaf_percent is not None else 0.0
        said = (
            "not detected"
            if point.detected is False
            else (f"{point.vaf_percent} %" if point.vaf_percent is not None else "detected, no number")
        )
        fill = "#fff" if point.detected is False or point.vaf_percent is None else "#1f5f99"
        parts.append(
            f'<circle cx="{x(point.day.low)}" cy="{y(value)}" r="4.5" fill="{fill}" stroke="#1f5f99" stroke-width="2">'
            f"<title>{escape(f'{point.day}: {said}')}</title></circle>"
        )
    parts.append(f'<text x="{_LEFT}" y="{base + 18}">{day(first)}</text>')
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{base + 18}" text-anchor="end">{day(last)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}" fill="#555">open mark: not detected, or no number</text></svg>')
    return "".join(parts)
