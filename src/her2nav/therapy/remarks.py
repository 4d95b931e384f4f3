"""Remarks on treatments: which of them apply to a patient, and to which drugs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from her2nav.facts.case import Case
from her2nav.knowledge.approvals import Remark
from her2nav.knowledge.drugs import DrugOntology
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Finding
from her2nav.model.truth import Truth
from her2nav.therapy.book import TherapyBook


@dataclass(frozen=True, slots=True)
class Said:
    """A remark with the truth of its condition; no finding where it has none."""

    remark: Remark
    truth: Truth
    finding: Finding | None

    @property
    def decides(self) -> bool:
        """True when it makes an option not suitable: its condition is met and it is verified."""
        return self.remark.effect == "against" and self.truth is Truth.MET and not self.remark.unverified


def applying(
    remarks: Iterable[Remark], case: Case, explainer: Explainer, book: TherapyBook, jurisdiction: str | None = None
) -> list[Said]:
    """Return the remarks that are said for this patient, in the order of the files."""
    found = []
    for remark in remarks:
        if remark.tumours and case.tumour.any_of(remark.tumours) is not Truth.MET:
            continue
        if remark.jurisdictions and jurisdiction not in remark.jurisdictions:
            continue
        if remark.since is not None and remark.since.reached(case.as_of) is not Truth.MET:
            continue
        tree = book.trees.get(remark.id)
        finding = explainer.explain(tree) if tree is not None else None
        truth = finding.truth if finding is not None else Truth.MET
        if _shown(remark, truth):
            found.append(Said(remark, truth, finding))
    return found


def _shown(remark: Remark, truth: Truth) -> bool:
    if remark.shown == "always":
        return True
    return truth is Truth.MET or (remark.shown == "unless_excluded" and truth is Truth.UNKNOWN)


def terms_of(drugs: Iterable[str], ontology: DrugOntology) -> frozenset[str]:
    """Return the drugs and classes of a regimen with every wider class."""
    terms: set[str] = set()
    for drug in drugs:
        terms |= ontology.terms_of(drug) if drug in ontology.drugs else ontology.class_closure[drug]
    return frozenset(terms)


def concerning(said: Iterable[Said], terms: frozenset[str]) -> tuple[Said, ...]:
    """Return the remarks about one of these drugs or classes, and those that stand for their tumour in any case."""
    return tuple(item for item in said if item.remark.beside == "tumour" or terms & set(item.remark.drugs))
