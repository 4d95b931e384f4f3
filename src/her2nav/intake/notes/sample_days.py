"""The day of a receptor that none is written beside: that of the sample whose HER2 stands in the same sentence."""

from __future__ import annotations

from typing import Any

from her2nav.intake.notes.found import Entry, Found, Item
from her2nav.intake.notes.note import Note
from her2nav.knowledge.receptors import ReceptorWords
from her2nav.model.dates import PartialDate

_RECEPTORS = frozenset({"biomarkers.er", "biomarkers.pr"})
"""Markers that are stained beside HER2 on every sample of breast cancer, and carry a day of their own."""
_TESTS = ("ihc.", "ish.", "her2_reported")


def dated_by_samples(notes: list[Note], items: list[tuple[int, Item]]) -> list[tuple[int, Item]]:
    """Give receptors without a day that of their sample, where the same receptor was measured on another day.

    A sample owns the receptors in the sentence or the line of its HER2, and those in its paragraph where that speaks of
    no other. Which of two results is the newer one is then known; a receptor that is told once needs no day for that.
    """
    samples = [(index, one) for index, one in items if isinstance(one, Entry) and one.section == "specimens"]
    again = {name for name in _RECEPTORS if _differs([one for _, one in items if _is(one, name)], notes)}
    if not again or not any("collected" in one.values for _, one in samples):
        return items
    return [
        (index, _dated(notes[index], item, [one for at, one in samples if at == index]))
        if isinstance(item, Found) and item.field in again and item.date is None
        else (index, item)
        for index, item in items
    ]


def _dated(note: Note, item: Found, samples: list[Entry]) -> Found:
    sentence = note.sentence(item.span[0])
    line = note.line(item.span[0])
    near = [
        one
        for one in samples
        if any(sentence.start <= place < sentence.end or note.line(place) == line for place in _places(one))
    ]
    if not near:
        near = [one for one in samples if sentence.paragraph in {note.sentence(at).paragraph for at in _places(one)}]
    if len(near) != 1 or "collected" not in near[0].values:
        return item
    day = PartialDate.parse(str(near[0].values["collected"]))
    if note.day is not None and day.low > note.day.high:
        return item
    return item._replace(date=day, date_span=near[0].spans["collected"])


def _is(item: Item, name: str) -> bool:
    return isinstance(item, Found) and item.field == name


def _differs(found: list[Item], notes: list[Note]) -> bool:
    """Whether a result without a day means another thing than one that has its own."""
    told = [one for one in found if isinstance(one, Found)]
    limits = notes[0].words.knowledge.receptor_words
    return any(
        means_other(one.value, other.value, limits)
        for one in told
        for other in told
        if one.date is None and other.date is not None
    )


def means_other(one: dict[str, Any], other: dict[str, Any], limits: ReceptorWords) -> bool:
    """Whether two results of a marker differ in what they mean, and not in a number alone."""
    if "status" in one and "status" in other:
        return bool(one["status"] != other["status"])
    shares = [_share(value) for value in (one, other)]
    if None not in shares:
        first, second = (
            (share >= limits.positive_from_percent, share <= limits.low_to_percent)
            for share in shares
            if share is not None
        )
        return first != second
    meant = [
        share >= limits.positive_from_percent if share is not None else value.get("status") == "positive"
        for share, value in zip(shares, (one, other), strict=True)
        if share is not None or value.get("status") in ("positive", "negative")
    ]
    return len(meant) == 2 and meant[0] != meant[1]


def _share(value: dict[str, Any]) -> float | None:
    """Return the share of stained cells in percent; None: not told as a number."""
    share = str(value.get("percent", ""))
    return float(share) if share.replace(".", "", 1).isdigit() else None


def _places(sample: Entry) -> list[int]:
    return [span[0] for key, span in sample.spans.items() if key.startswith(_TESTS)]
