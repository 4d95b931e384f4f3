"""Medicines taken now, with their drug classes and what they do to other drugs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.facts.therapies import drug_terms, in_doubt
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Taken:
    """One medicine of the record, or one course of therapy that may still run.

    Attributes:
        path: Pointer into the patient file.
        name: As written.
        terms: One set for each drug named: its id, drug classes and medication classes; a name that nobody knows can
            be anything.
        known: False where the name is not in the vocabulary.
        certain: False for a course that is not known to be running still.
        anticancer: True for a course of therapy.
        since: As recorded.
        prednisone_mg: Daily dose as prednisone; None where the drug or the dose does not tell.
    """

    path: str
    name: str
    terms: tuple[TermSet, ...]
    known: bool
    certain: bool
    anticancer: bool
    since: PartialDate | None = None
    prednisone_mg: Decimal | None = None


_DOSE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*mg\b", re.IGNORECASE)
_ONCE = re.compile(r"\b(?:daily|once|qd|od|q24h|per day|every day|a day|mane|in the morning)\b|/\s*d", re.IGNORECASE)
_TWICE = re.compile(r"\b(?:twice|bid|bd|b\.i\.d|q12h)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:three|four|tid|tds|qid|qds|week|weekly|alternate|every other|as needed|prn|q\d+h|q\d+w)\b", re.IGNORECASE
)


@lru_cache(maxsize=65536)
def with_classes(terms: TermSet, knowledge: Knowledge) -> TermSet:
    """Add the medication classes to the terms of a drug."""
    classes = knowledge.medication_classes
    could = None if terms.could is None else terms.could | classes.possible(terms.could)
    return TermSet(terms.has | classes.certain(terms.has), could)


@lru_cache(maxsize=4096)
def widened(wanted: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the terms asked for, a medication class under whatever name under its id too."""
    found = [knowledge.medication_classes.find(item) for item in wanted]
    return tuple(dict.fromkeys([*wanted, *(item for item in found if item is not None)]))


@lru_cache(maxsize=4096)
def is_judged(term: str, knowledge: Knowledge) -> bool:
    """True when a drug can be said to be of this sort or not; else every drug may be."""
    ontology = knowledge.drugs
    listed = term in ontology.drugs or (term in ontology.classes and bool(ontology.members(term)))
    return listed or knowledge.medication_classes.find(term) is not None


@lru_cache(maxsize=4096)
def is_anticancer(term: str, knowledge: Knowledge) -> bool:
    """True when a drug or class is anticancer therapy, or of a sort that drugs do not tell."""
    ontology, systemic = knowledge.drugs, knowledge.line_rules.systemic
    if term in ontology.drugs:
        return systemic in ontology.possible_terms_of(term)
    return not is_judged(term, knowledge) or systemic in ontology.class_closure.get(term, frozenset())


def said(term: str, knowledge: Knowledge, *, plain: bool = False) -> str:
    """Name a drug, a class or a medication class for people."""
    ontology, classes = knowledge.drugs, knowledge.medication_classes
    row = classes.classes.get(classes.find(term) or "")
    if row is not None and term not in ontology.drugs:
        return row.plain_name if plain else row.name
    return ontology.plain_name(term) if plain else ontology.name(term)


@once_from("medications", "therapies", "cancer")
def taken(case: Case) -> tuple[Taken, ...]:
    """Return the medicines of the record that were begun by the patient's day, and the courses that may still run."""
    found: list[Taken] = []
    knowledge = case.knowledge
    for index, item in enumerate(case.patient.medications):
        if item.since is not None and item.since.certainly_after(case.as_of):
            continue
        names, dose = _read(item.name, item.dose, knowledge)
        terms = tuple(with_classes(one, knowledge) for one in drug_terms(names, knowledge.drugs))
        if in_doubt(item.name):
            terms = tuple(TermSet(frozenset(), one.could) for one in terms)
        mg = _prednisone(names, dose, knowledge)
        found.append(Taken(f"/medications/{index}", item.name, terms, names.known, True, False, item.since, mg))
    for course in case.courses:
        if course.ongoing is False:
            continue
        terms = tuple(with_classes(one, knowledge) for one in course.drugs)
        known = all(one is not ANYTHING for one in course.drugs)
        found.append(Taken(course.path, course.label, terms, known, course.ongoing is True, True))
    return tuple(found)


def _read(name: str, dose: str | None, knowledge: Knowledge) -> tuple[DrugNames, str | None]:
    """Resolve a name; where nobody knows it, try it without the dose that is written behind it."""
    names, written = knowledge.drugs.resolve(name), _DOSE.search(name)
    if names.known or written is None:
        return names, dose
    return knowledge.drugs.resolve(name[: written.start()].strip()), dose or name[written.start() :]


def _prednisone(names: DrugNames, dose: str | None, knowledge: Knowledge) -> Decimal | None:
    """Return the daily dose as prednisone where drug, amount and frequency are plain."""
    if dose is None or len(names.drugs) != 1 or names.classes:
        return None
    factor = knowledge.steroid_equivalents.get(names.drugs[0])
    amounts = _DOSE.findall(dose)
    if factor is None or factor.confidence.unverified or len(amounts) != 1 or _OTHER.search(dose):
        return None
    if _TWICE.search(dose):
        return Decimal(amounts[0]) * 2 * factor.prednisone_mg_per_mg
    return Decimal(amounts[0]) * factor.prednisone_mg_per_mg if _ONCE.search(dose) else None
