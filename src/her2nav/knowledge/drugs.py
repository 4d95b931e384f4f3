"""The drug ontology: names people write to drugs, classes and regimens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from her2nav.knowledge.names import NameIndex, closure, key
from her2nav.knowledge.schema import Drug, DrugClass, Regimen

_JOINERS = re.compile(r"\s*(?:[+/,;&]|\band\b|\bplus\b|\bwith\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DrugNames:
    """What a written name means.

    Attributes:
        written: As in the record.
        drugs: Ids of the drugs; several when the name is a regimen.
        classes: Ids of classes, where only a class is named.
        either: Drugs that letters leave open, each as the names that it may be: the T and the P of `TP`.
        nearest: Known names that look alike, when nothing was found.
    """

    written: str
    drugs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    either: tuple[tuple[DrugNames, ...], ...] = ()

    @property
    def known(self) -> bool:
        """True when the name means a drug or a class."""
        return bool(self.drugs or self.classes or self.either)

    @property
    def ambiguous(self) -> bool:
        """True when the letters have more than one reading."""
        return bool(self.either)


class DrugOntology:
    """Drugs, their classes, and the names of both."""

    def __init__(self, drugs: Sequence[Drug], classes: Sequence[DrugClass], regimens: Sequence[Regimen]) -> None:
        self.drugs = {drug.id: drug for drug in drugs}
        self.classes = {item.id: item for item in classes}
        self.regimens = {item.id: item for item in regimens}
        self.class_closure = closure({item.id: item.parents for item in classes})
        self._terms: dict[str, frozenset[str]] = {}
        self._drug_index = NameIndex(_drug_names(drugs))
        self._class_index = NameIndex([(name, c.id) for c in classes for name in (c.name, c.id, *c.names)])
        self._regimen_index = NameIndex([(name, r.id) for r in regimens for name in (*r.names, r.id)])
        self._resolved: dict[str, DrugNames] = {}

    def terms_of(self, drug: str) -> frozenset[str]:
        """Return the drug's id with the classes it is known to belong to, wider ones included.

        A drug whose classes are only weakly supported has its id alone; `possible_terms_of` holds the rest.
        """
        if self._unverified(drug, "classes"):
            return frozenset({drug})
        return self._stated_terms(drug)

    def possible_terms_of(self, drug: str) -> frozenset[str]:
        """Return every term that may hold of a drug: weakly supported classes and payloads included."""
        terms = self._stated_terms(drug)
        payload = self.drugs[drug].payload
        if payload is not None and self._unverified(drug, "payload"):
            terms |= self._classes_by_payload.get(payload.payload_class, frozenset())
        return terms

    def _stated_terms(self, drug: str) -> frozenset[str]:
        found = self._terms.get(drug)
        if found is None:
            names = {drug}
            for item in self.drugs[drug].classes:
                names |= self.class_closure[item]
            found = self._terms[drug] = frozenset(names)
        return found

    def _unverified(self, drug: str, field: str) -> bool:
        lines = [line for line in self.drugs[drug].provenance if not line.covers or field in line.covers]
        return bool(lines) and all(line.confidence.unverified for line in lines)

    @cached_property
    def _classes_by_payload(self) -> dict[str, frozenset[str]]:
        """Classes that all conjugates with a payload class share beyond what any conjugate has."""
        shared: dict[str, frozenset[str]] = {}
        for drug in self.drugs.values():
            if drug.payload is None or self._unverified(drug.id, "payload"):
                continue
            terms = self._stated_terms(drug.id) - {drug.id}
            known = shared.get(drug.payload.payload_class)
            shared[drug.payload.payload_class] = terms if known is None else known & terms
        return shared

    def members(self, drug_class: str) -> frozenset[str]:
        """Return the ids of every drug of a class."""
        return self._members.get(drug_class, frozenset())

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for drug in self.drugs:
            for term in self._stated_terms(drug):
                found.setdefault(term, set()).add(drug)
        return {term: frozenset(drugs) for term, drugs in found.items()}

    def is_term(self, term: str) -> bool:
        """True when the id is a drug or a class."""
        return term in self.drugs or term in self.classes

    def name(self, term: str) -> str:
        """Return the name of a drug or class for people."""
        if term in self.drugs:
            return self.drugs[term].name
        return self.classes[term].name if term in self.classes else term.replace("_", " ")

    def plain_name(self, term: str) -> str:
        """Return the name in plain words."""
        if term in self.classes:
            return self.classes[term].plain_name
        return self.name(term)

    def resolve(self, written: str) -> DrugNames:
        """Say what a written name means: a drug, a regimen, a class, several of them joined, or nothing known."""
        found = self._resolved.get(written)
        if found is None:
            found = self._resolved[written] = self._resolve(written)
        return found

    def classes_named(self, written: str) -> tuple[str, ...]:
        """Return the classes that a written name means; none where it is unknown: names alike are not looked for."""
        known = self._known(written)
        return known.classes if known is not None else ()

    def _resolve(self, written: str) -> DrugNames:
        return self._known(written) or DrugNames(written, nearest=tuple(self._drug_index.nearest(written)))

    def _known(self, written: str) -> DrugNames | None:
        whole = self._single(written)
        if whole is not None:
            return whole
        parts = [part for part in _JOINERS.split(written) if part]
        if len(parts) > 1:
            singles = [self._single(part) for part in parts]
            if all(single is not None for single in singles):
                drugs = tuple(dict.fromkeys(drug for single in singles if single for drug in single.drugs))
                classes = tuple(dict.fromkeys(item for single in singles if single for item in single.classes))
                either = tuple(choice for single in singles if single for choice in single.either)
                return DrugNames(written, drugs, classes, either=either)
        return None

    def _single(self, written: str) -> DrugNames | None:
        drug = self._drug_index.find(written)
        if drug is not None:
            return DrugNames(written, (drug,))
        regimen = self._regimen_index.find(written)
        if regimen is not None:
            row = self.regimens[regimen]
            return DrugNames(
                written,
                tuple(term for term in row.drugs if term in self.drugs),
                tuple(term for term in row.drugs if term in self.classes),
                either=tuple(tuple(map(self._term_names, choice.split("/"))) for choice in row.either),
            )
        named_class = self._class_index.find(written)
        return DrugNames(written, classes=(named_class,)) if named_class is not None else None

    def _term_names(self, term: str) -> DrugNames:
        """Return the names of one id, a drug or a class."""
        return DrugNames(term, (term,)) if term in self.drugs else DrugNames(term, classes=(term,))


def _drug_names(drugs: Sequence[Drug]) -> list[tuple[str, str]]:
    """Names first, so that a suggestion shows the non-proprietary name; then brands with and without suffix."""
    entries = [(name, drug.id) for drug in drugs for name in (drug.name, drug.id)]
    for drug in drugs:
        entries += [(name, drug.id) for name in drug.names]
        for brand in drug.brands:
            entries.append((brand.name, drug.id))
            if brand.suffix:
                entries.append((drug.name + brand.suffix, drug.id))
    return [(name, drug) for name, drug in entries if key(name)]
