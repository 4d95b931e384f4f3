"""Classes of medicines by what they do to other drugs: enzyme inhibitors, blood thinners, QT-prolonging drugs."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from pydantic import Field

from her2nav.knowledge.drugs import DrugOntology
from her2nav.knowledge.names import NameIndex
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence


class MedicationClass(Frozen):
    """A row of `vocabularies/medication_classes.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    names: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Ids of drugs and drug classes that belong to it for certain."""
    possible: tuple[str, ...] = ()
    """Drugs that belong to it at some doses, in some forms, or by weaker evidence."""
    confidence: Confidence
    note: str | None = None
    source: str
    locator: str
    checked_on: date


class SteroidEquivalent(Frozen):
    """A row of `vocabularies/steroid_equivalents.csv`."""

    drug: str = Slug
    prednisone_mg_per_mg: Decimal = Field(gt=0)
    """Milligrams of prednisone that one milligram of the drug equals."""
    confidence: Confidence
    note: str | None = None
    source: str
    locator: str
    checked_on: date


class MedicationClasses:
    """Classes by name, and the classes of a drug."""

    def __init__(self, rows: Sequence[MedicationClass], ontology: DrugOntology) -> None:
        self.classes = {row.id: row for row in rows}
        self._index = NameIndex([(name, row.id) for row in rows for name in (row.id, row.name, *row.names)])
        for row in rows:
            for term in (*row.members, *row.possible):
                if not ontology.is_term(term):
                    raise ValueError(f"the class '{row.id}' names an unknown drug or class '{term}'")

    def find(self, name: str) -> str | None:
        """Return the class of a name, or None."""
        return self._index.find(name)

    def certain(self, terms: Iterable[str]) -> frozenset[str]:
        """Return the classes that a drug with these terms (its id and drug classes) belongs to for certain."""
        known = frozenset(terms)
        return frozenset(
            row.id for row in self.classes.values() if not row.confidence.unverified and known & set(row.members)
        )

    def possible(self, terms: Iterable[str]) -> frozenset[str]:
        """Return the classes that a drug with these terms may belong to, the certain ones included."""
        known = frozenset(terms)
        return frozenset(row.id for row in self.classes.values() if known & {*row.members, *row.possible})
