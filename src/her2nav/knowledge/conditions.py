"""Diseases and states beside the cancer: names as people write them, wider and narrower diseases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from her2nav.knowledge.condition_schema import Condition, ConditionRules, ConditionWords, Status, Substance
from her2nav.knowledge.names import NameIndex, closure, key

ROOT = "illness"
"""The disease that contains every other."""

_SHORT = 5
"""Names of up to so many letters are abbreviations, which have no plural."""
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("sulph", "sulf"))
_JOINERS = re.compile(
    r"\s*(?:\bs/p\b|\bstatus post\b|\bdue to\b|\bsecondary to\b|[+/,;&]|\band\b|\bplus\b|\bwith\b)\s*", re.IGNORECASE
)
_BESIDE = re.compile(r"[;,+]|\bbut\b|\bexcept\b", re.IGNORECASE)
_PARENTHESES = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_AFTER = re.compile(
    r"\b(?:without|w/o|since|diagnosed in|treated with|managed with|on|in (?=(?:19|20)\d\d))\b.*$|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


class SubstanceIndex:
    """Substances by name."""

    def __init__(self, rows: Sequence[Substance]) -> None:
        self.substances = {row.id: row for row in rows}
        self._index = NameIndex([(spelled(name), r.id) for r in rows for name in (r.id, r.name, *r.names)])

    def find(self, written: str) -> Substance | None:
        """Return the substance of a name; `allergy to x` and `x allergy` are x."""
        found = self._index.find(spelled(written)) or self._index.find(spelled(bare_substance(written)))
        return self.substances[found] if found else None


_ABOUT = re.compile(
    r"\b(?:allerg(?:y|ic|ies)|hypersensitivity|intolerance|reactions?|severe|mild|to|vaccines?|vaccination)\b",
    re.IGNORECASE,
)


def bare_substance(written: str) -> str:
    """Return `penicillin` of `allergy to penicillin (rash)`."""
    return " ".join(_ABOUT.sub(" ", _PARENTHESES.sub(" ", written)).split())


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
        for identifier in sorted(rules.named - self.conditions.keys()):
            raise ValueError(f"criteria/condition_rules.yaml names an unknown condition '{identifier}'")
        self._resolved: dict[str, tuple[Named, ...]] = {}
        self._readings: dict[str, tuple[frozenset[str], ...]] = {}
        self._found: dict[str, str | None] = {}
        self._narrower: dict[str, frozenset[str]] = {}
        self._can_be: dict[tuple[str, str], bool] = {}
        self._reach: dict[str, frozenset[str]] = {}

    @cached_property
    def _index(self) -> NameIndex:
        """Names in one spelling; made when the first name is looked up."""
        every = self.conditions.values()
        return NameIndex([(spelled(name), c.id) for c in every for name in (c.id, c.name, *c.names)], folded=True)

    @cached_property
    def events(self) -> frozenset[str]:
        """What happens at a time and is over: an infarction, a bleeding."""
        return frozenset(item.id for item in self.conditions.values() if item.course == "event")

    @cached_property
    def _marks(self) -> list[tuple[re.Pattern[str], _Effect]]:
        """Patterns of words around a diagnosis; made when the first name with such words is read."""
        return _marks(self.rules.words)

    def find(self, written: str) -> str | None:
        """Return the condition of a name or id, or None."""
        if written not in self._found:
            text = spelled(written)
            found = self._index.find(text)
            if found is None and len(text) > _SHORT and text.endswith("s"):
                found = self._index.find(text[:-3] + "y" if text.endswith("ies") else text[:-1])
            self._found[written] = found
        return self._found[written]

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
        if identifier not in self._narrower:
            inside = (one for one, wider in self._closure.items() if identifier in wider)
            self._narrower[identifier] = frozenset(inside)
        return self._narrower[identifier]

    def readings(self, identifier: str) -> tuple[frozenset[str], ...]:
        """Return what a recorded name can mean: the condition itself, or one of the narrower ones it may stand for."""
        found = self._readings.get(identifier)
        if found is None:
            seen = [identifier]
            for one in seen:
                seen += [child for child in self._suspected.get(one, ()) if child not in seen]
            found = self._readings[identifier] = tuple(dict.fromkeys(self._closure[one] for one in seen))
        return found

    def can_be(self, recorded: str, wanted: str) -> bool:
        """True when a recorded condition is, or may stand for, another."""
        known = self._can_be.get((recorded, wanted))
        if known is None:
            known = self._can_be[recorded, wanted] = any(wanted in reading for reading in self.readings(recorded))
        return known

    def reach(self, recorded: str) -> frozenset[str]:
        """Return every condition that a recorded one is or may stand for, and every state of those."""
        found = self._reach.get(recorded)
        if found is None:
            meant: frozenset[str] = frozenset().union(*self.readings(recorded))
            states = (state for one in meant for state in self._states.get(one, ()))
            found = self._reach[recorded] = meant.union(states)
        return found

    @cached_property
    def _states(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for item in self.conditions.values():
            if item.state is not None:
                found.setdefault(item.parents[0], []).append(item.id)
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
        text = _clean(written)
        if self._denied(text):
            # "No infarction, stroke in 2019": what stands beside a denial is left to a person.
            return (Named(written, None),) if _BESIDE.search(text) else ()
        whole = self._single(written)
        if whole.id is not None:
            return (whole,)
        singles = [self._single(part) for part in _JOINERS.split(text) if part and not self._denied(part)]
        known = tuple(single for single in singles if single.id is not None)
        return known if known and len(known) == len(singles) else (*known, replace(whole, written=written))

    def _denied(self, text: str) -> bool:
        """True when the words say that the disease is absent or another person's."""
        words = self.rules.words
        return any(re.match(rf"{re.escape(word)}\b", text, re.IGNORECASE) for word in (*words.absent, *words.of_others))

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
