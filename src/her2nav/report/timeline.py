"""The specimens and therapies of a patient on one time axis, as an SVG picture and as rows that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import Literal

from her2nav.interpret.results import PatientHer2, SpecimenHer2
from her2nav.model.patient import Patient
from her2nav.report.phrases import Register, day

Mark = Literal["positive", "negative", "equivocal", "indeterminate", "unknown"]

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 720, 14, 14, 20, 26
_FLIP = 0.55
"""Past this part of the axis a label stands to the left of its mark."""
_LETTER = 6.4
"""Width of a letter in user units, at the font size of the labels."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline.

    Attributes:
        kind: specimen, therapy or planned.
        when: The dates as recorded, in words.
        says: What it is.
        first: First day it can begin on; None: no date, not in the picture.
        sure: Last day it can begin on.
        last: Last day; equal to `sure` for a specimen.
        mark: HER2 status of a specimen.
        final: False where that status is not final.
        open_until: A therapy without a recorded end may have run up to this day; drawn as a broken line.
    """

    kind: Literal["specimen", "therapy", "planned"]
    when: str
    says: str
    first: date | None
    sure: date | None
    last: date | None
    mark: Mark | None = None
    final: bool = True
    open_until: date | None = None


def entries(patient: Patient, her2: PatientHer2, as_of: date, register: Register = "clinical") -> list[Entry]:
    """Return specimens, therapies and plans, oldest first, those without a date last."""
    plain = register == "plain"
    found = [_plain_specimen(one) if plain else _specimen(one) for one in her2.specimens]
    for given in patient.therapies:
        if given.start is not None and given.start.certainly_after(as_of):
            continue
        drugs = ", ".join(drug.name for drug in given.drugs) or "therapy without named drugs"
        says = f"{drugs}{f' ({given.setting})' if given.setting and not plain else ''}"
        end = f"{given.end}" if given.end else ("ongoing" if given.ongoing else "end not recorded")
        last = min(given.end.high, as_of) if given.end else (as_of if given.ongoing else None)
        start = given.start
        may_run = given.end is None and given.ongoing is not True
        found.append(
            Entry(
                "therapy",
                f"{start or 'start not recorded'} to {end}",
                says,
                start.low if start else None,
                min(start.high, as_of) if start else None,
                last if last is not None else (min(start.high, as_of) if start else None),
                open_until=as_of if may_run else None,
            )
        )
    for plan in patient.planned:
        drugs = ", ".join(drug.name for drug in plan.drugs) or "therapy without named drugs"
        start = plan.start
        found.append(
            Entry(
                "planned",
                f"planned {start or 'without a day'}",
                drugs,
                start.low if start else None,
                start.high if start else None,
                start.high if start else None,
            )
        )
    return sorted(found, key=lambda one: (one.first is None, one.first or date.max))


def _specimen(one: SpecimenHer2) -> Entry:
    name = one.id or f"specimen {one.index + 1}"
    where = ", ".join(part.replace("_", " ") for part in (one.kind, one.site, one.organ) if part)
    result = one.status.value if one.status.final else f"{one.status.value}, not final"
    expression = one.expression.value.replace("_", " ")
    if one.expression.value not in ("unknown", one.status.value):
        result += f"; {expression}"
    mark: Mark = one.status.value if one.status.value in _SHAPES else "unknown"  # type: ignore[assignment]
    collected = one.collected
    return Entry(
        "specimen",
        str(collected) if collected else "no date",
        f"{name}{f' ({where})' if where else ''}: HER2 {result}",
        collected.low if collected else None,
        collected.high if collected else None,
        collected.high if collected else None,
        mark,
        one.status.final,
    )


def _plain_specimen(one: SpecimenHer2) -> Entry:
    """Return a specimen as a patient reads it."""
    result = _PLAIN.get(one.status.value if one.status.final else one.status.shown, _PLAIN["unknown"])
    if one.status.final and one.expression.value in ("low", "ultralow"):
        result += f" ({one.expression.value})"
    return replace(_specimen(one), says=f"a sample of the cancer: HER2 {result}")


_PLAIN: dict[str, str] = {
    "positive": "positive",
    "negative": "negative",
    "equivocal": "in between",
    "indeterminate": "not clear",
    "unknown": "not known",
}


def timeline_svg(items: Sequence[Entry], as_of: date, name: str) -> str | None:
    """Return the picture; None where nothing has a date.

    Each status has its own shape beside its colour. Dates known to the month or the year are drawn as a span.
    """
    dated = [one for one in items if one.first is not None]
    if not dated:
        return None
    first = min(one.first for one in dated if one.first)
    last = max(as_of, *(one.last for one in dated if one.last))
    margin = max((last - first).days // 30, 5)
    axis = _Axis(first - timedelta(days=margin), last + timedelta(days=margin))
    height = _TOP + _ROW * len(dated) + 34
    named = 'aria-labelledby="timeline-title timeline-desc" font-family="sans-serif" font-size="12"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" {named}>',
        f'<title id="timeline-title">Specimens and therapies of {escape(name)}</title>',
        f'<desc id="timeline-desc">{escape(_described(dated, as_of))}</desc>',
    ]
    bottom = _TOP + _ROW * len(dated) + 6
    parts += _ticks(axis, bottom)
    here = axis.at(as_of)
    parts.append(
        f'<line x1="{here:.1f}" y1="{_TOP - 6}" x2="{here:.1f}" y2="{bottom}" stroke="#444" stroke-dasharray="2 3"/>'
    )
    anchor = "end" if here > _WIDTH * _FLIP else "start"
    parts.append(f'<text x="{here:.1f}" y="{_TOP - 8}" text-anchor="{anchor}" fill="#444">{day(as_of)}</text>')
    for row, one in enumerate(dated):
        parts += _drawn(one, axis, _TOP + _ROW * row + _ROW / 2)
    return "\n".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date

    def at(self, when: date) -> float:
        share = (when - self.first).days / max(1, (self.last - self.first).days)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _described(items: Sequence[Entry], as_of: date) -> str:
    return " ".join(f"{one.when}: {one.says}." for one in items) + f" Judged as on {as_of}."


def _ticks(axis: _Axis, bottom: float) -> list[str]:
    """Return the axis with a mark per year, or per quarter or month where that is what fits."""
    span = (axis.last - axis.first).days
    step = 12 if span > 365 * 4 else (3 if span > 300 else 1)
    parts = [f'<line x1="{_LEFT}" y1="{bottom}" x2="{_WIDTH - _RIGHT}" y2="{bottom}" stroke="#222"/>']
    month = (axis.first.year * 12 + axis.first.month - 1) // step * step
    spread = 1 + span // (365 * 12)
    while True:
        when = date(month // 12, month % 12 + 1, 1)
        if when > axis.last:
            return parts
        if when >= axis.first and (step < 12 or when.year % spread == 0):
            x = axis.at(when)
            text = str(when.year) if step == 12 or when.month == 1 else f"{when:%b}"
            weight = ' font-weight="bold"' if when.month == 1 else ""
            parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom + 4}" stroke="#ddd"/>')
            parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#222"{weight}>{text}</text>')
        month += step


_SHAPES: dict[str, tuple[str, str]] = {
    "positive": ("#0b5d1e", '<path d="M{x} {t} L{r} {y} L{x} {b} L{l} {y} Z"'),
    "negative": ("#1f3a70", '<circle cx="{x}" cy="{y}" r="6.5"'),
    "equivocal": ("#8a4b00", '<path d="M{x} {t} L{r} {b} L{l} {b} Z"'),
    "indeterminate": ("#8a4b00", '<path d="M{l} {t} L{r} {t} L{x} {b} Z"'),
    "unknown": ("#555555", '<rect x="{l}" y="{t}" width="14" height="14"'),
}
"""Colour and shape of a status: diamond, circle, triangle up, triangle down, square."""
_FILLED = frozenset({"positive", "equivocal"})


def shape(mark: str, x: float, y: float, *, final: bool) -> str:
    """Return the shape of a status; a dashed outline without filling where it is not final."""
    colour, drawn = _SHAPES[mark]
    places = {"x": x, "y": y, "l": x - 7, "r": x + 7, "t": y - 7, "b": y + 7}
    filling = colour if final and mark in _FILLED else "#ffffff"
    dash = "" if final else ' stroke-dasharray="3 2"'
    text = drawn.format(**{name: f"{value:.1f}" for name, value in places.items()})
    return f'{text} fill="{filling}" stroke="{colour}" stroke-width="2"{dash}/>'


def _drawn(one: Entry, axis: _Axis, y: float) -> list[str]:
    assert one.first is not None
    assert one.sure is not None
    assert one.last is not None
    start, sure, end = axis.at(one.first), axis.at(one.sure), axis.at(one.last)
    parts: list[str] = []
    if one.kind == "specimen" and one.mark is not None:
        if sure - start > 1:
            parts.append(f'<line x1="{start:.1f}" y1="{y}" x2="{sure:.1f}" y2="{y}" stroke="#555" stroke-width="2"/>')
        parts.append(shape(one.mark, (start + sure) / 2, y, final=one.final))
        left, right = min(start, (start + sure) / 2 - 8), max(sure, (start + sure) / 2 + 8)
    else:
        dash = ' stroke-dasharray="4 3"' if one.kind == "planned" else ""
        filling = "#ffffff" if one.kind == "planned" else "#d5d9e0"
        width = max(end - start, 4)
        parts.append(
            f'<rect x="{start:.1f}" y="{y - 6}" width="{width:.1f}" height="12" rx="2" fill="{filling}" '
            f'stroke="#4a5568"{dash}/>'
        )
        left, right = start, start + width
        if one.open_until is not None and axis.at(one.open_until) > right:
            # Below the label, which stands beside the bar.
            far, low = axis.at(one.open_until), y + 8
            parts.append(
                f'<line x1="{right:.1f}" y1="{low}" x2="{far:.1f}" y2="{low}" stroke="#4a5568" stroke-width="2" '
                f'stroke-dasharray="3 4"><title>end not recorded</title></line>'
            )
    parts.append(_label(one, left, right, y))
    return parts


def _label(one: Entry, left: float, right: float, y: float) -> str:
    """Return the label on the side that has more room, shortened to it; the whole text is in the table."""
    room_left, room_right = left - _LEFT, _WIDTH - _RIGHT - right
    room = max(room_left, room_right) - 8
    longest = max(8, int(room / _LETTER))
    text = one.says if len(one.says) <= longest else one.says[: longest - 1].rstrip() + "…"
    if room_right >= room_left:
        return f'<text x="{right + 6:.1f}" y="{y + 4}" fill="#111">{escape(text)}</text>'
    return f'<text x="{left - 6:.1f}" y="{y + 4}" text-anchor="end" fill="#111">{escape(text)}</text>'
