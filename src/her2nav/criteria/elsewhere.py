"""Parts of a trial that its text does not name: where a demand binds "phase 2 only", other patients enter phase 1.

A trial's verdict is that of its best arm. If the only arm were the one that a demand names, whoever does not meet the
demand would be shut out of the whole trial.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from her2nav.criteria.part_labels import of_other_people
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, Node
from her2nav.model.trial import Arm, Criterion, Role

ELSEWHERE = "elsewhere"
"""Id of the arm that stands for the parts which the text does not name."""
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_LABEL = re.compile(r"(\d+|[ivx]+(?![a-z\d])|[ivx]+(?=[a-d]\Z)|[a-z])([a-z\d]?)\Z")
"""A label of a part and what tells its members apart: 1 and b, b and 2, ii."""
_BY_DOSE = frozenset({"escalation", "expansion"})
_FEWEST = 2
_BARE = 0
"""Place of a label that is no member of another: "part 2"."""
_WITHOUT_FIRST = frozenset({"phase"})
"""Series that may begin behind their first member: a trial of phases 2 and 3."""


def of_patients(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that a patient may enter, without donors, controls and caregivers."""
    return tuple(label for label in labels if not of_other_people(label))


def all_named(labels: Sequence[str]) -> bool:
    """Whether the parts that a text names are all that there are, as far as their labels show: a series without a gap.

    >>> all_named(("phase 1", "phase 2")), all_named(("phase 2",)), all_named(("part b", "part c"))
    (True, False, False)
    >>> all_named(("part 1b", "part 2")), all_named(("part 1a", "part 1b", "part 2")), all_named(("arm i", "arm ii"))
    (False, True, True)
    >>> all_named(("phase 1a", "phase 1b")), all_named(("phase 1b", "phase 1c")), all_named(("design 1", "design 2b"))
    (True, False, False)
    >>> all_named(("phase 2a", "arm a", "arm b")), all_named(("phase 1", "phase 2a", "arm a", "arm b"))
    (False, True)
    """
    series: dict[str, dict[int | None, set[int | None]]] = {}
    for label in labels:
        word, _, rest = label.partition(" ")
        if rest:
            found = _LABEL.match(rest.split()[0])
            head, tail = (_place(found[1]), found[2]) if found else (None, "")
            series.setdefault(word, {}).setdefault(head, set()).add(_place(tail) if tail else _BARE)
    if not series:
        return {label.removeprefix("dose-") for label in labels} == _BY_DOSE
    if "phase" in series and not _whole("phase", series["phase"]):
        # "Phase 2a, arm A", "phase 2a, arm B": phase 1 has patients of its own.
        return False
    # Where all phases are named, the cohorts within them may have names of any sort.
    return any(_whole(word, places) for word, places in series.items())


def _place(label: str) -> int | None:
    """Return the place of a label in its series: 2 for "2", "ii" and "b"."""
    if label.isdigit():
        return int(label)
    if label in _ROMAN:
        return _ROMAN[label]
    return ord(label) - ord("a") + 1 if len(label) == 1 else None


def _whole(word: str, places: Mapping[int | None, Collection[int | None]]) -> bool:
    """Whether a series has no gap, nor any of its members: "part 1b" and "part 2" leave out 1a."""
    if len(places) == 1:
        (members,) = places.values()
        return len(members) >= _FEWEST and _BARE not in members and _without_gap(members, free=False)
    free = word in _WITHOUT_FIRST
    if not _without_gap(places, free):
        return False
    return free or all(_BARE in inner or _without_gap(inner, free=False) for inner in places.values())


def _without_gap(places: Iterable[int | None], free: bool) -> bool:
    known = sorted(place for place in set(places) if place is not None)
    if not known or None in set(places) or known[-1] - known[0] >= len(known):
        return False
    return free or known[0] <= 1


def arm() -> Arm:
    """Return the arm of the parts that the text does not name."""
    return Arm(id=ELSEWHERE, label="other parts of the trial", kind="part")


def open_question(cancer: Node | None) -> Criterion:
    """Return what stays open about the other parts: whether there are any that the patient may enter.

    Args:
        cancer: What the record says of the cancers of the whole trial; None where it does not say it for certain.
    """
    note = "criteria are limited to some parts of the trial: who may enter the others is not read"
    node: Node = leaf("unread", note=note)
    if cancer is not None:
        node = AllOf((cancer, node))
    return Criterion("r_elsewhere", Role.DECIDES, "registry", note.capitalize(), node, scope=(ELSEWHERE,))
