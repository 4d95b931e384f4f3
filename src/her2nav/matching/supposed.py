"""The record with something more in it: what a result, a list or a treatment would say, put in and judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.files.places import Document
from her2nav.files.validation import explain
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient, to_record

TODAY = "TODAY"
"""Stands in a value for the patient's day."""

Wanted = Literal["equivocal", "untested", "zero", "tissue"]
"""Which sample a result belongs to: the newest that is 2+ without ISH, that has no HER2 result, that is 0, or any."""


class Supposed(Frozen):
    """What is put into a record.

    Attributes:
        says: In a few words.
        set: Values by their place in the patient file, with dots: `cancer.cns`, `complete.conditions`.
        add: Entries for lists by their place: `labs`, `cardiac.lvef`.
        sample: Values of the sample that is meant, by place: `ish`, `ihc`.
    """

    says: str
    set: dict[str, Any] = Field(default_factory=dict)
    add: dict[str, Any] = Field(default_factory=dict)
    sample: dict[str, Any] = Field(default_factory=dict)


def suppose(case: Case, what: Supposed, wanted: Wanted | None = None, *, or_new: bool = False) -> Case | None:
    """Return the case with the record changed; None where there is no sample to which a result would belong.

    Args:
        case: The patient on their day.
        what: The change.
        wanted: The sample that `what.sample` is about.
        or_new: Take a new biopsy of the patient's day where no sample is meant.

    Raises:
        InputError: The values are none that a patient file may hold.
    """
    old = _record(case)
    new: dict[str, Any] = {}
    today = case.as_of.isoformat()
    for path, value in what.set.items():
        _put(old, new, path.split("."), _dated(value, today))
    for path, value in what.add.items():
        keys = path.split(".")
        _put(old, new, keys, [*_list(_at(old, keys)), _dated(value, today)])
    if what.sample:
        samples = [dict(item) for item in _list(new.get("specimens", old.get("specimens")))]
        place = sample_of(case, wanted or "tissue")
        if place is None:
            if not or_new:
                return None
            samples.append({"kind": "biopsy", "collected": today, "tissue_available": True})
            place = len(samples) - 1
        samples[place].update(_dated(what.sample, today))
        new["specimens"] = samples
    try:
        made = Patient.model_validate(new)
    except ValidationError as error:
        why = explain(error, Patient, Document(new, "the record"))
        raise InputError(why.message, place=why.place, allowed=why.allowed, code="bad_supposition") from None
    return case.supposed(case.patient.model_copy(update={name: getattr(made, name) for name in new}), new)


def suppose_each(case: Case, name: str, entries: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Return for each entry the case with that entry more in a list of the record.

    Args:
        case: The patient on their day.
        name: Of the list.
        entries: As in a patient file; all are checked together.
    """
    held = _list(_record(case).get(name))
    made = getattr(Patient.model_validate({name: [*held, *entries]}), name)
    return [
        case.supposed(case.patient.model_copy(update={name: (*made[: len(held)], one)}), (name,))
        for one in made[len(held) :]
    ]


def sample_of(case: Case, wanted: Wanted) -> int | None:
    """Return the position of the newest tissue sample that is meant; None where there is none."""
    for place in range(len(case.patient.specimens) - 1, -1, -1):
        one = case.patient.specimens[place]
        if one.kind != "blood" and _MEANT[wanted](one):
            return place
    return None


def sample_name(case: Case, wanted: Wanted) -> str:
    """Return what the sample that is meant is called."""
    place = sample_of(case, wanted)
    if place is None:
        return "a new biopsy"
    return case.patient.specimens[place].id or f"sample {place + 1}"


@once
def _record(case: Case) -> dict[str, Any]:
    return to_record(case.patient)


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _at(record: Any, keys: list[str]) -> Any:
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _put(old: Mapping[str, Any], new: dict[str, Any], keys: list[str], value: Any) -> None:
    """Write a value into a copy of what stands on the way to it."""
    top = keys[0]
    if len(keys) == 1:
        new[top] = value
        return
    held = new.get(top, old.get(top)) or {}
    inner: dict[str, Any] = dict(held)
    _put(held, inner, keys[1:], value)
    new[top] = inner


def _dated(value: Any, today: str) -> Any:
    if isinstance(value, dict):
        return {key: _dated(item, today) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, today) for item in value]
    return today if value == TODAY else value


def _equivocal(one: Any) -> bool:
    done = one.ish is not None and (
        one.ish.result not in (None, "failed")
        or one.ish.her2_cep17_ratio is not None
        or one.ish.her2_copy_number is not None
    )
    return one.ihc is not None and "2+" in one.ihc.score and not done


def _untested(one: Any) -> bool:
    return (one.ihc is None or not one.ihc.score) and one.ish is None


def _zero(one: Any) -> bool:
    return one.ihc is not None and one.ihc.score == ("0",) and one.ihc.zero_subtype is None


_MEANT: dict[Wanted, Callable[[Any], bool]] = {
    "equivocal": _equivocal,
    "untested": _untested,
    "zero": _zero,
    "tissue": lambda _: True,
}
