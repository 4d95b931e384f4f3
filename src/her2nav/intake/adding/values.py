"""Values of patient records: found and set by their dotted paths, compared as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from her2nav.model.dates import PartialDate
from her2nav.model.specimens import IhcScore

Record = dict[str, Any]


def leaves(record: Record, path: str = "") -> list[tuple[str, Any]]:
    """Return the values of a record with their dotted paths; lists are values."""
    found: list[tuple[str, Any]] = []
    for key, value in record.items():
        here = f"{path}.{key}" if path else key
        found += leaves(value, here) if isinstance(value, dict) else [(here, value)]
    return found


def get(record: Record, path: str) -> Any:
    """Return the value at a dotted path, or None."""
    target: Any = record
    for part in path.split("."):
        if not isinstance(target, dict):
            return None
        target = target.get(part)
    return target


def put(record: Record, path: str, value: Any) -> None:
    """Set the value at a dotted path."""
    *parts, last = path.split(".")
    for part in parts:
        record = record.setdefault(part, {})
    record[last] = value


def drop(record: Record, path: str) -> None:
    """Take the value at a dotted path out; nothing happens where there is none."""
    *parts, last = path.split(".")
    for part in parts:
        record = record.get(part, {})
    record.pop(last, None)


def copied(value: Any) -> Any:
    """Return plain data that shares nothing with the old."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def within(path: str, pointer: str) -> bool:
    """Return whether a JSON pointer is another or lies below it."""
    return path == pointer or path.startswith(f"{pointer}/")


def shown(value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, list):
        return " + ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("name") or " ".join(str(item) for item in value.values()))
    return str(value)


def agree(one: Any, other: Any) -> bool:
    """True for equal values.

    Case and trailing noughts do not count; a date agrees with its month and year, "mutated" with the list of variants.
    """
    if one == other or str(one).lower() == str(other).lower():
        return True
    if isinstance(one, list) != isinstance(other, list):
        return "mutated" in (one, other)
    first, second = dated(one), dated(other)
    if first is not None and second is not None:
        return str(one).startswith(str(other)) or str(other).startswith(str(one))
    try:
        return float(one) == float(other)
    except (TypeError, ValueError):
        return False


def more_exact(one: Any, other: Any) -> bool:
    """Return whether a value that agrees with another says more: the day for the month, the variants for "mutated"."""
    if isinstance(one, list) and other == "mutated":
        return True
    return dated(one) is not None and dated(other) is not None and len(str(one)) > len(str(other))


def short(value: Any) -> Any:
    """Return plain data as people write it: a record that is only a name as the name, a list of one score as the score.

    >>> short({"drugs": [{"name": "T-DXd"}], "ihc": {"score": ["2+"]}})
    {'drugs': ['T-DXd'], 'ihc': {'score': '2+'}}
    """
    if isinstance(value, dict):
        return {key: _bare(item) if key in _NAMED else short(item) for key, item in value.items()}
    return [short(item) for item in value] if isinstance(value, list) else value


_NAMED = ("drugs", "variants", "score")


def _bare(items: list[Any]) -> Any:
    names = [item["name"] if isinstance(item, dict) and list(item) == ["name"] else item for item in items]
    return names[0] if len(names) == 1 and names[0] in _SCORES else names


_SCORES = get_args(IhcScore)


def united(one: list[Any], other: list[Any]) -> list[Any]:
    """Return a list with what another has beside it: variants, genes covered.

    >>> united(["ERBB2", "KRAS"], ["KRAS", "TP53"])
    ['ERBB2', 'KRAS', 'TP53']
    """
    known = [_held(item) for item in one]
    return [*one, *(item for item in other if not any(_held(item) <= have for have in known))]


def _held(item: Any) -> set[str]:
    texts = item.values() if isinstance(item, dict) else (item,)
    return {word for text in texts for word in str(text).lower().split()}


def dated(value: Any) -> PartialDate | None:
    """Return the date that a text is, or None."""
    if not isinstance(value, str):
        return None
    try:
        return PartialDate.parse(value)
    except ValueError:
        return None


def low(value: Any) -> date | None:
    """Return the first day of a date, or None."""
    found = dated(value)
    return found.low if found is not None else None


def days(one: Any, other: Any) -> bool | None:
    """Return whether two dates can be one day; None where one of them is missing."""
    first, second = dated(one), dated(other)
    if first is None or second is None:
        return None
    return first.low <= second.high and second.low <= first.high


def later(one: date | None, other: date | None) -> bool:
    """Return whether one day is after another; False where one is not known."""
    return one is not None and other is not None and one > other
