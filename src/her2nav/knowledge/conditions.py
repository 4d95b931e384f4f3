"""Diseases and states beside the cancer: names as people write them, wider and narrower diseases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, field_validator

from her2nav.knowledge.names import NameIndex, closure, key
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence, Provenance

ROOT = "illness"
"""The disease that contains every other."""

_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("sulph", "sulf"))
_JOINERS = re.compile(
    r"\s*(?:\bs/p\b|\bstatus post\b|\bdue to\b|\bsecondary to\b|[+/,;&]|\band\b|\bplus\b|\bwith\b)\s*", re.IGNORECASE
)
_PARENTHESES = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_AFTER = re.compile(
    r"\b(?:without|w/o|since|diagnosed in|dx|in (?=(?:19|20)\d\d))\b.*$|\b(?:19|20)\d\d\b", re.IGNORECASE
)

Status = Literal["active", "resolved", "carrier", "controlled", "uncontrolled"]
Course = Literal["umbrella", "chronic", "episode", "event", "lasting", "symptom"]


class Condition(Frozen):
    """A row of `vocabularies/conditions.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    group: str = Slug
    course: Course
    """umbrella: a group of diseases; chronic: stays unless said to be over; episode: can be over; event: a moment in
    the past; lasting: what surgery or a transplant leaves for good; symptom: a complaint."""
    serious: bool
    """A criterion that names a wider disease means this one too; else a person says whether it counts."""
    state: str | None = Field(
        default=None,
        pattern=r"^(uncontrolled|blood_pressure|severe|active|not_judged|treated_for_good|medicated:[a-z0-9_]+)$",
    )
    """The row is its first parent in this state."""
    named: bool = False
    """A record that means it says so: the wider name alone does not raise it."""
    closed_by: tuple[str, ...] = ()
    """The lists that must be complete to say that it is absent; empty: conditions; `none`: no list can say so."""
    implied_by: tuple[str, ...] = ()
    """Entries that may mean it: `surgery:<site>`, `metastasis:<site>`."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence

    @field_validator("named", "serious", mode="before")
    @classmethod
    def _yes(cls, value: object) -> object:
        return False if value == "" else value

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that must be complete to say that it is absent."""
        return self.closed_by or ("conditions",)


class BloodPressure(Frozen):
    """A reading that says that hypertension is under control, mmHg."""

    systolic_below: int
    diastolic_below: int
    within_days: int


class ConditionWords(Frozen):
    """Words around the name of a disease."""

    drop: tuple[str, ...]
    resolved: tuple[str, ...]
    controlled: tuple[str, ...]
    uncontrolled: tuple[str, ...]
    active: tuple[str, ...]
    severe: tuple[str, ...]
    not_severe: tuple[str, ...]
    doubtful: tuple[str, ...]
    absent: tuple[str, ...]
    of_others: tuple[str, ...]


class ConditionClasses(Frozen):
    """Drug and medication classes that say something about a disease."""

    steroid: tuple[str, ...]
    immunosuppressant: tuple[str, ...]
    vaccine: tuple[str, ...]
    live_vaccine: tuple[str, ...]
    checkpoint_inhibitor: tuple[str, ...]


class ConditionRules(Frozen):
    """`criteria/condition_rules.yaml`."""

    words: ConditionWords
    blood_pressure: BloodPressure
    recent_event_days: int = Field(gt=0)
    same_cancer_days: int = Field(gt=0)
    always_intravenous: tuple[str, ...]
    """Infections that are treated into a vein."""
    always_symptomatic: tuple[str, ...]
    """Heart diseases that are felt while they are there."""
    classes: ConditionClasses
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class Substance(Frozen):
    """A row of `vocabularies/substances.csv`: what allergies and vaccinations name beside drugs."""

    id: str = Slug
    name: str
    plain_name: str
    names: tuple[str, ...] = ()
    group: Literal["excipient", "protein", "food", "environment", "antibiotic", "metal", "contrast", "vaccine", "other"]
    live: bool | None = None
    """Vaccines: with live germs."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence

    @property
    def unrelated(self) -> bool:
        """True when no cancer medicine holds it."""
        return self.group in ("food", "environment", "antibiotic", "metal", "contrast", "vaccine")


class SubstanceIndex:
    """Substances by name."""

    def __init__(self, rows: Sequence[Substance]) -> None:
        self.substances = {row.id: row for row in rows}
        self._index = NameIndex([(spelled(name), r.id) for r in rows for name in (r.id, r.name, *r.names)])

    def find(self, written: str) -> Substance | None:
        """Return the substance of a name; `allergy to x` and `x allergy` are x."""
        bare = re.sub(r"\b(?:allerg(?:y|ic|ies)|hypersensitivity|intolerance|to|vaccine|vaccination)\b", " ", written)
        found = self._index.find(spelled(written)) or self._index.find(spelled(bare))
        return self.substances[found] if found else None


@dataclass(frozen=True, slots=True)
class Named:
    """What one part of a written diagnosis means.

    Attributes:
        written: The part as written.
        id: The condition; None when nobody knows the name.
        status: Said by a word beside the name, for example "well controlled".
        severe: Said by a word beside the name.
        doubtful: The word says that the disease is only suspected.
    """

    written: str
    id: str | None
    status: Status | None = None
    severe: bool | None = None
    doubtful: bool = False


def spelled(name: str) -> str:
    """Return a name in one spelling, British and American alike.

    >>> spelled("Haemorrhage") == spelled("hemorrhage")
    True
    """
    text = key(name)
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return text


class ConditionOntology:
    """Conditions with their wider ones, found by any of their names."""

    def __init__(self, conditions: Sequence[Condition], rules: ConditionRules) -> None:
        self.conditions = {item.id: item for item in conditions}
        self.rules = rules
        self._closure = {
            identifier: found | {ROOT} for identifier, found in closure({c.id: c.parents for c in conditions}).items()
        }
        for item in conditions:
            if item.state is not None and not item.parents:
                raise ValueError(f"'{item.id}' is a state of nothing")
        for identifier in (*rules.always_intravenous, *rules.always_symptomatic):
            if identifier not in self.conditions:
                raise ValueError(f"criteria/condition_rules.yaml names an unknown condition '{identifier}'")
        self._index = NameIndex([(spelled(name), c.id) for c in conditions for name in (c.id, c.name, *c.names)])
        self._resolved: dict[str, tuple[Named, ...]] = {}
        self._readings: dict[str, tuple[frozenset[str], ...]] = {}
        self._marks = _marks(rules.words)

    def find(self, written: str) -> str | None:
        """Return the condition of a name or id, or None."""
        return self._index.find(spelled(written))

    def nearest(self, written: str) -> list[str]:
        """Return names that look alike, as they stand in the index."""
        return [self.conditions[self._index.items()[name]].name for name in self._index.nearest(spelled(written))]

    def name(self, identifier: str) -> str:
        """Return the clinical name; an id that is not known is spelt out."""
        found = self.conditions.get(identifier)
        return found.name if found else identifier.replace("_", " ")

    def plain_name(self, identifier: str) -> str:
        """Return the name in plain words."""
        found = self.conditions.get(identifier)
        return found.plain_name if found else identifier.replace("_", " ")

    def wider(self, identifier: str) -> frozenset[str]:
        """Return the condition and everything that contains it."""
        return self._closure[identifier]

    def narrower(self, identifier: str) -> frozenset[str]:
        """Return the condition and everything inside it."""
        return frozenset(one for one, wider in self._closure.items() if identifier in wider)

    def readings(self, identifier: str) -> tuple[frozenset[str], ...]:
        """Return what a recorded name can mean: the condition itself, or one of the narrower ones it may stand for."""
        found = self._readings.get(identifier)
        if found is None:
            seen = [identifier]
            for one in seen:
                seen += [child for child in self._suspected.get(one, ()) if child not in seen]
            found = self._readings[identifier] = tuple(dict.fromkeys(self._closure[one] for one in seen))
        return found

    @cached_property
    def _suspected(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for item in self.conditions.values():
            if not item.named and item.state is None:
                for parent in item.parents or (() if item.id == ROOT else (ROOT,)):
                    children.setdefault(parent, []).append(item.id)
        return children

    def uncontrolled(self, identifier: str) -> str:
        """Return the row for a disease that is recorded as not under control; the disease itself where none is."""
        for item in self.conditions.values():
            if item.state in ("uncontrolled", "blood_pressure") and item.parents[0] == identifier:
                return item.id
        return identifier

    def implied(self, entry: str) -> list[str]:
        """Return the conditions that an entry such as `surgery:stomach` may mean."""
        return self._implied.get(entry, [])

    @cached_property
    def _implied(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for item in self.conditions.values():
            for entry in item.implied_by:
                found.setdefault(entry, []).append(item.id)
        return found

    def resolve(self, written: str) -> tuple[Named, ...]:
        """Return what a written diagnosis means; nothing when it says that the disease is absent or another person's.

        A part that nobody knows has no id.
        """
        found = self._resolved.get(written)
        if found is None:
            found = self._resolved[written] = self._resolve(written)
        return found

    def _resolve(self, written: str) -> tuple[Named, ...]:
        direct = self.find(written)
        if direct is not None:
            return (Named(written, direct),)
        text = written.strip().casefold()
        words = self.rules.words
        if any(re.match(rf"{re.escape(word)}\b", text) for word in (*words.absent, *words.of_others)):
            return ()
        whole = self._single(written)
        if whole.id is not None:
            return (whole,)
        parts = [part for part in _JOINERS.split(_clean(written)) if part]
        singles = [self._single(part) for part in parts]
        known = [single for single in singles if single.id is not None]
        return tuple(known) if known and len(known) == len(singles) else (*known, replace(whole, written=written))

    def _single(self, written: str) -> Named:
        """Take words off the ends until the rest is known."""
        text = _clean(written)
        named = Named(written, self.find(text))
        while named.id is None and text:
            for pattern, effect in self._marks:
                shorter = pattern.sub(" ", text, count=1).strip(" ,;:-")
                if shorter != text:
                    text = shorter
                    named = effect(named)
                    break
            else:
                return named
            named = replace(named, id=self.find(text))
        return named


def _clean(written: str) -> str:
    return re.sub(r"\s+", " ", _AFTER.sub(" ", _PARENTHESES.sub(" ", written))).strip(" ,;:.-")


def _marks(words: ConditionWords) -> list[tuple[re.Pattern[str], _Effect]]:
    """Return the patterns of words to take off, longest first, with what each says."""
    effects: list[tuple[str, _Effect]] = [(word, _Effect()) for word in words.drop]
    for status in ("resolved", "controlled", "uncontrolled", "active"):
        effects += [(word, _Effect(status=status)) for word in getattr(words, status)]
    effects += [(word, _Effect(severe=True)) for word in words.severe]
    effects += [(word, _Effect(severe=False)) for word in words.not_severe]
    effects += [(word, _Effect(doubtful=True)) for word in words.doubtful]
    effects.sort(key=lambda pair: -len(pair[0]))
    return [
        (re.compile(rf"^{re.escape(word)}(?!\w)|(?<!\w){re.escape(word)}$", re.IGNORECASE), effect)
        for word, effect in effects
    ]


@dataclass(frozen=True, slots=True)
class _Effect:
    status: Status | None = None
    severe: bool | None = None
    doubtful: bool = False

    def __call__(self, named: Named) -> Named:
        return replace(
            named,
            status=named.status or self.status,
            severe=named.severe if self.severe is None else self.severe,
            doubtful=named.doubtful or self.doubtful,
        )
