"""Interactions with the patient's medicines, and drugs that are given together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from her2nav.facts.case import Case
from her2nav.facts.medications import taken, widened, with_classes
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import drug_terms
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.monitoring import Interaction
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.safety_inputs import Readings
from her2nav.therapy.safety_results import InteractionAnswer, SourceLine


@dataclass(frozen=True, slots=True)
class Beside:
    """A medicine taken beside the drug: of the record, or asked about together with it."""

    name: str
    path: str | None
    terms: TermSet
    certain: bool
    known: bool


def medicines(case: Case, drugs: Iterable[str]) -> tuple[Beside, ...]:
    """Return the medicines of the record, the drugs of courses that may run, and the drugs asked about together."""
    found = [
        Beside(_name(case, one.name, terms), one.path, terms, one.certain, one.known)
        for one in taken(case)
        for terms in one.terms
    ]
    there = {name for one in found if one.certain for name in one.terms.has & set(case.knowledge.drugs.drugs)}
    for drug in drugs:
        if drug not in there:
            terms = drug_terms(DrugNames(drug, (drug,)), case.knowledge.drugs)[0]
            beside = with_classes(terms, case.knowledge)
            found.append(Beside(case.knowledge.drugs.name(drug), None, beside, certain=True, known=True))
    return tuple(found)


def _name(case: Case, written: str, terms: TermSet) -> str:
    """Name one drug of a course; as written where it is not one drug."""
    drugs = [term for term in terms.has if term in case.knowledge.drugs.drugs]
    return case.knowledge.drugs.name(drugs[0]) if len(drugs) == 1 and "+" in written else written


def judge(
    drug: str, facts: Iterable[tuple[Interaction, SourceLine]], beside: Iterable[Beside], readings: Readings
) -> Iterator[InteractionAnswer]:
    """Yield the medicines that matter beside a drug; a name that nobody knows is listed elsewhere, not here."""
    knowledge = readings.case.knowledge
    others = [one for one in beside if one.known and drug not in one.terms.has]
    for fact, source in facts:
        groups = [widened(fact.with_any, knowledge)]
        if fact.and_any:
            groups.append(widened(fact.and_any, knowledge))
        state = all_of(readings.value(name).meets(check) for name, check in fact.when.items())
        if state is Truth.NOT_MET:
            continue
        for one in others:
            truth = all_of(one.terms.any_of(terms) for terms in groups)
            if truth is Truth.NOT_MET:
                continue
            yield InteractionAnswer(
                drug=drug,
                medicine=one.name,
                path=one.path,
                kind=fact.kind,
                topic=fact.topic,
                certain=truth is Truth.MET and state is Truth.MET and one.certain and not source.unverified,
                advice=fact.advice,
                source=source,
            )
