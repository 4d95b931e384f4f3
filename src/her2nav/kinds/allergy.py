"""Allergy and hypersensitivity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import condition_rows
from her2nav.facts.once import once
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import drug_terms
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.condition_words import lists_evidence
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.condition_schema import Substance
from her2nav.knowledge.conditions import bare_substance, spelled
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import Grade, OneOrMany

_ANY_COMPONENT = "study_drug_components"
_JOINERS = re.compile(r"\s*(?:[/,;&]|\band\b)\s*", re.IGNORECASE)
_UNRELATED = frozenset({"food_allergy", "antibiotic_allergy", "contrast_allergy", "angioedema"})


class Params(KindParams):
    """P: an allergy to one of these."""

    substances: Annotated[OneOrMany[str], Field(min_length=1)]
    """Drug or class ids, or substances such as polysorbate, murine_proteins; `study_drug_components` where the text
    only says so; the words of the text where no vocabulary names it."""
    min_grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One allergy: what it is to, as drugs or as another substance; neither: nobody knows the name."""

    path: str
    label: str
    drugs: tuple[TermSet, ...] = ()
    substance: Substance | None = None
    grade: int | None = None
    certain: bool = True
    unrelated: bool = False

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.path, self.label + (f" (grade {self.grade})" if self.grade is not None else ""))


def _meant(case: Case, path: str, written: str, grade: int | None, certain: bool) -> Iterator[_Entry]:
    """Resolve one written substance, or the parts of a list of them."""
    knowledge, bare = case.knowledge, bare_substance(written)
    for parts in ((bare,), _JOINERS.split(bare)):
        found = []
        for part in parts:
            names, substance = knowledge.drugs.resolve(part), knowledge.substances.find(part)
            if substance is not None:
                found.append(_Entry(path, written, (), substance, grade, certain))
            elif names.known:
                found.append(_Entry(path, written, drug_terms(names, knowledge.drugs), None, grade, certain))
        if len(found) == len(parts):
            yield from found
            return
    yield _Entry(path, written, grade=grade, certain=certain)


@once
def _entries(case: Case) -> list[_Entry]:
    """Return the allergies of the record: the list, the diagnoses, and reactions to a drug among the side effects."""
    ontology = case.knowledge.conditions
    found: list[_Entry] = []
    for i, item in enumerate(case.patient.allergies):
        if not _says_none(case, item.substance):
            found += _meant(case, f"/allergies/{i}", item.substance, item.grade, True)
    for row in condition_rows(case):
        if row.origin != "diagnosis" or row.id is None or ontology.conditions[row.id].group != "allergy":
            continue
        if row.id in _UNRELATED:
            found.append(_Entry(row.path, row.label, grade=row.grade, unrelated=True))
        else:
            found += _meant(case, row.path, row.label, row.grade, row.certain)
    for i, effect in enumerate(case.patient.toxicities):
        ids = {named.id for named in ontology.resolve(effect.name)} - {None}
        if any("hypersensitivity" in ontology.wider(one) for one in ids if one):
            certain = "infusion_reaction" not in ids
            label = f"{effect.name} to {effect.due_to or 'a drug that is not named'}"
            for entry in _meant(case, f"/toxicities/{i}", effect.due_to or "", effect.grade, certain):
                found.append(_Entry(entry.path, label, entry.drugs, entry.substance, entry.grade, certain))
    return found


def _says_none(case: Case, written: str) -> bool:
    words = case.knowledge.conditions.rules.words.no_allergies
    return spelled(written) in {spelled(word) for word in words}


def _stated_none(case: Case) -> bool:
    allergies = case.patient.allergies
    return bool(allergies) and all(_says_none(case, item.substance) for item in allergies)


def _is_to(case: Case, entry: _Entry, asked: str) -> Truth:
    """Whether an allergy is to the substance asked for.

    A medicine may hold an excipient, and an excipient may be in a medicine: both are UNKNOWN.
    """
    if entry.unrelated:
        return Truth.NOT_MET
    if entry.substance is None and not entry.drugs:
        return Truth.MET if spelled(bare_substance(entry.label)) == spelled(asked) else Truth.UNKNOWN
    ontology, systemic = case.knowledge.drugs, case.knowledge.line_rules.systemic
    to_cancer_drug = any_of(terms.any_of((systemic,)) for terms in entry.drugs)
    wanted = case.knowledge.substances.find(asked)
    if wanted is not None and not ontology.is_term(asked):
        if entry.substance is not None:
            return Truth.MET if entry.substance.id == wanted.id else Truth.NOT_MET
        return Truth.NOT_MET if to_cancer_drug is Truth.NOT_MET or wanted.unrelated else Truth.UNKNOWN
    if entry.substance is not None:
        return Truth.NOT_MET if entry.substance.unrelated else Truth.UNKNOWN
    terms = _terms(case, asked)
    if terms:
        return any_of(one.any_of(terms) for one in entry.drugs)
    return Truth.NOT_MET if to_cancer_drug is Truth.NOT_MET else Truth.UNKNOWN


def _terms(case: Case, asked: str) -> tuple[str, ...]:
    if asked == _ANY_COMPONENT:
        return ()
    ontology = case.knowledge.drugs
    if ontology.is_term(asked):
        return (asked,)
    names = ontology.resolve(asked.replace("_", " "))
    return (*names.drugs, *names.classes)


def _entry(case: Case, entry: _Entry, params: Params) -> Truth:
    graded = Truth.MET
    if params.min_grade is not None:
        graded = Truth.UNKNOWN
        if entry.grade is not None:
            graded = Truth.MET if entry.grade >= params.min_grade else Truth.NOT_MET
    meant = any_of(_is_to(case, entry, asked) for asked in params.substances)
    return all_of((meant, graded, Truth.MET if entry.certain else Truth.UNKNOWN))


def _closers(case: Case) -> tuple[str, ...]:
    complete = case.patient.complete
    return tuple(name for name in ("allergies", "conditions") if getattr(complete, name))


def _judge(case: Case, params: Params) -> Truth:
    found = any_of(_entry(case, entry, params) for entry in _entries(case))
    return Truth.UNKNOWN if found is Truth.NOT_MET and not _closers(case) and not _stated_none(case) else found


def truth(params: Params, block: Block) -> Tri:
    """Compare the allergies with the substances, classes included; a complete list without them rules them out."""
    return block.truths(("allergy", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the allergies that count, or say why none is known."""
    asked = ", ".join(_name(case, item) for item in params.substances)
    if params.min_grade is not None:
        asked += f" (grade {params.min_grade} or higher)"
    judged = [(entry, _entry(case, entry, params)) for entry in _entries(case)]
    deciding = [entry for entry, value in judged if value is truth]
    evidence = tuple(dict.fromkeys(entry.evidence for entry in deciding))
    shown = ", ".join(dict.fromkeys(entry.label for entry in deciding))
    if truth is Truth.MET:
        return finding(
            truth,
            "allergy_present",
            f"Allergy on record: {shown}. Asked: {asked}.",
            f"This allergy is on your record: {shown}.",
            evidence,
            change=Change(ChangeBy.NEVER, f"allergy: {shown}"),
        )
    if truth is Truth.NOT_MET:
        stated = (Evidence("/allergies/0", case.patient.allergies[0].substance),) if _stated_none(case) else ()
        other = f" (on record: {shown})" if shown else ""
        return finding(
            truth,
            "allergy_no_record",
            f"No record of an allergy to {asked}{other}.",
            "There is no record of an allergy of this kind.",
            (*evidence, *stated, *lists_evidence(_closers(case))),
        )
    return finding(
        truth,
        "allergy_unclear" if deciding else "allergy_missing",
        f"{f'May count: {shown}' if deciding else 'The allergies are not in the record'}. Asked: {asked}.",
        "We need to know if you are allergic to any medicine.",
        evidence,
        change=ask(f"any allergy to {asked}?", Effort.ASK),
    )


def _name(case: Case, item: str) -> str:
    if item == _ANY_COMPONENT:
        return "the study drugs and what they contain"
    if case.knowledge.drugs.is_term(item):
        return case.knowledge.drugs.name(item)
    found = case.knowledge.substances.find(item)
    return found.name if found else item.replace("_", " ")


_CLOSED = {"complete": {"allergies": True}}
_PENICILLIN = {"allergies": [{"substance": "penicillin"}]}

KIND = Kind(
    id="allergy",
    name="allergy",
    plain_name="allergy",
    taxonomy=(39,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(_entries, lambda case: bool(_closers(case)) or _stated_none(case)),
    question="Any allergy to medicines or their components, and how severe?",
    effort=Effort.ASK,
    examples=(
        ({"substances": "trastuzumab"}, {"allergies": [{"substance": "Herceptin"}]}, "met"),
        ({"substances": "monoclonal_antibody"}, {"allergies": [{"substance": "trastuzumab"}]}, "met"),
        ({"substances": "trastuzumab"}, {}, "unknown"),
        ({"substances": "trastuzumab"}, _CLOSED, "not_met"),
        ({"substances": "trastuzumab"}, {"complete": {"conditions": True}}, "not_met"),
        ({"substances": "trastuzumab"}, {"allergies": [{"substance": "NKDA"}]}, "not_met"),
        ({"substances": "trastuzumab"}, _PENICILLIN, "unknown"),
        ({"substances": "trastuzumab"}, {**_PENICILLIN, **_CLOSED}, "not_met"),
        # a class may mean the drug; another drug of the class does not
        ({"substances": "paclitaxel"}, {"allergies": [{"substance": "taxanes"}], **_CLOSED}, "unknown"),
        ({"substances": "paclitaxel"}, {"allergies": [{"substance": "docetaxel"}], **_CLOSED}, "not_met"),
        # what is in a medicine
        ({"substances": "polysorbate"}, {"allergies": [{"substance": "Polysorbate 80", "grade": 2}]}, "met"),
        ({"substances": "polysorbate"}, {"allergies": [{"substance": "docetaxel"}], **_CLOSED}, "unknown"),
        ({"substances": "trastuzumab"}, {"allergies": [{"substance": "polysorbate"}], **_CLOSED}, "unknown"),
        # only "study drug components": a person compares, unless the allergies are to something else for certain
        ({"substances": "study_drug_components"}, {"allergies": [{"substance": "cisplatin"}], **_CLOSED}, "unknown"),
        (
            {"substances": "study_drug_components"},
            {"allergies": [{"substance": "penicillin, latex"}, {"substance": "peanuts"}], **_CLOSED},
            "not_met",
        ),
        ({"substances": "study_drug_components"}, _CLOSED, "not_met"),
        ({"substances": "trastuzumab"}, {"allergies": [{"substance": "zorblin"}], **_CLOSED}, "unknown"),
        ({"substances": "zorblimab"}, {"allergies": [{"substance": "zorblimab"}]}, "met"),
        # the grade exactly at the limit, below it, and not stated
        (
            {"substances": "monoclonal_antibody", "min_grade": 3},
            {"allergies": [{"substance": "cetuximab", "grade": 3}]},
            "met",
        ),
        (
            {"substances": "monoclonal_antibody", "min_grade": 3},
            {"allergies": [{"substance": "cetuximab", "grade": 2}], **_CLOSED},
            "not_met",
        ),
        (
            {"substances": "monoclonal_antibody", "min_grade": 3},
            {"allergies": [{"substance": "cetuximab"}], **_CLOSED},
            "unknown",
        ),
        # reactions among the side effects and the diagnoses
        (
            {"substances": "trastuzumab"},
            {"toxicities": [{"name": "anaphylaxis", "grade": 4, "due_to": "trastuzumab"}]},
            "met",
        ),
        (
            {"substances": "trastuzumab"},
            {"toxicities": [{"name": "infusion related reaction", "grade": 2, "due_to": "trastuzumab"}], **_CLOSED},
            "unknown",
        ),
        ({"substances": "carboplatin"}, {"conditions": [{"name": "allergy to carboplatin"}]}, "met"),
        ({"substances": "carboplatin"}, {"conditions": [{"name": "penicillin allergy"}], **_CLOSED}, "not_met"),
    ),
)
