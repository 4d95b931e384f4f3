"""Side effects of treatment as they stand on the patient's day."""

from __future__ import annotations

from dataclasses import dataclass, replace

from her2nav.facts.case import Case
from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.knowledge.names import key
from her2nav.knowledge.toxicities import ToxicityOntology
from her2nav.model.dates import PartialDate
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class Effect:
    """One side effect.

    Attributes:
        terms: Terms of `vocabularies/toxicities.csv`; a name nobody knows may be anything.
        grade: CTCAE grade; None: not recorded.
        ongoing: None: the record does not say.
        rivals: Other entries of the same side effect that may be newer or older.
    """

    path: str
    name: str
    terms: TermSet
    grade: int | None
    ongoing: bool | None
    date: PartialDate | None
    rivals: tuple[Effect, ...] = ()

    def at_least(self, grade: int) -> Truth:
        """Return whether it is present now with at least this grade; an effect that is present has grade 1 or more.

        Entries that disagree leave it unknown where it is not certain which is the newest.
        """
        own = self._alone(grade)
        return own if all(rival._alone(grade) is own for rival in self.rivals) else Truth.UNKNOWN

    def _alone(self, grade: int) -> Truth:
        if self.ongoing is False or self.grade == 0:
            return Truth.NOT_MET
        if self.grade is None:
            return Truth.MET if self.ongoing and grade <= 1 else Truth.UNKNOWN
        if self.grade < grade:
            return Truth.NOT_MET
        return Truth.MET if self.ongoing else Truth.UNKNOWN

    @property
    def text(self) -> str:
        """Name, grade and state in a few words."""
        grade = f"grade {self.grade}" if self.grade is not None else "grade not recorded"
        state = {True: "ongoing", False: "resolved", None: "not said whether ongoing"}[self.ongoing]
        return f"{self.name} ({grade}, {state})"

    @property
    def evidence(self) -> Evidence:
        """The entry of the patient file."""
        return Evidence(self.path, self.text, str(self.date) if self.date else None)


def effects(case: Case) -> tuple[Effect, ...]:
    """Return the side effects recorded up to the patient's day; a later entry of the same name replaces an earlier."""
    ontology = case.knowledge.toxicities
    found: list[Effect] = []
    for i, item in enumerate(case.patient.toxicities):
        if item.date is not None and item.date.certainly_after(case.as_of):
            continue
        terms = toxicity_terms(item.name, ontology)
        found.append(Effect(f"/toxicities/{i}", item.name, terms, item.grade, item.ongoing, item.date))
    kept = [effect for effect in found if not any(_replaces(other, effect) for other in found)]
    return tuple(
        replace(one, rivals=tuple(other for other in kept if other is not one and _same(other, one))) for one in kept
    )


def _same(one: Effect, other: Effect) -> bool:
    return key(one.name) == key(other.name) or (bool(one.terms.has) and one.terms == other.terms)


def _replaces(later: Effect, earlier: Effect) -> bool:
    dated = later.date is not None and earlier.date is not None and later.date.low > earlier.date.high
    return dated and _same(later, earlier)


def toxicity_terms(written: str, ontology: ToxicityOntology) -> TermSet:
    """Return the term of a name with its wider terms, and the narrower ones it may be."""
    found = ontology.find(written)
    if found is None:
        return ANYTHING
    has = ontology.wider(found)
    could = set(has)
    for item in ontology.narrower(found):
        could |= ontology.wider(item)
    return TermSet(has, frozenset(could))
