"""Arms with what they inherit from their study, and the filters over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from her2nav.knowledge.citations import cited
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.studies import MEASURES, Arm, Gate, Result, Setting, Study
from her2nav.knowledge.tumours import ROOT
from her2nav.model.provenance import Confidence


@dataclass(frozen=True, slots=True)
class Row:
    """One arm of one study, with the study's values where the arm states none of its own."""

    study: Study
    arm: Arm

    @property
    def gate(self) -> Gate:
        """Which HER2 alteration."""
        return self.arm.gate or self.study.gate

    @property
    def setting(self) -> Setting:
        """When in the course of the disease."""
        return self.arm.setting or self.study.setting

    @property
    def molecular(self) -> str | None:
        """What other genes must be."""
        return self.arm.molecular or self.study.molecular

    @property
    def dose(self) -> str | None:
        """The dose, where it is printed."""
        return self.arm.dose or self.study.dose

    @property
    def regimen(self) -> str:
        """What was given."""
        return self.arm.regimen or self.study.regimen

    @property
    def drugs(self) -> tuple[str, ...]:
        """Ids of the drugs or classes given."""
        return self.study.drugs if self.arm.drugs is None else self.arm.drugs

    @property
    def fact(self) -> str:
        """The key under which a conflict names the arm."""
        return f"study:{self.study.id}/{self.arm.id}"

    def of(self, measure: str) -> tuple[Result, ...]:
        """Return the results of a measure that hold a number or a statement."""
        return tuple(result for result in self.arm.results if result.measure == measure)

    def one(self, measure: str) -> Result | None:
        """Return the result of a measure that may be used: the first that is not unverified and has a number."""
        usable = [r for r in self.of(measure) if r.value is not None and not self.confidence(r).unverified]
        return usable[0] if usable else None

    def patients(self, result: Result) -> int | None:
        """Return the denominator of a share."""
        return result.of or self.arm.n

    def confidence(self, result: Result) -> Confidence:
        """Return how far a result may be trusted."""
        return result.confidence or self.study.confidence

    def source(self, result: Result) -> str:
        """Return where a result stands."""
        return cited(result.cite or self.study.cite)


def rows(studies: Iterable[Study]) -> list[Row]:
    """Return the arms of studies that hold results."""
    return [Row(study, arm) for study in studies for arm in study.arms if arm.results]


def about(knowledge: Knowledge, tumours: Iterable[str], wanted: str) -> bool:
    """True when a record is about a tumour type: the type itself, a part of it, or a wider one short of all tumours."""
    if wanted == ROOT:
        return ROOT in set(tumours)
    related = (knowledge.tumours.wider(wanted) | knowledge.tumours.narrower(wanted)) - {ROOT}
    return any(tumour in related for tumour in tumours)


def gives(knowledge: Knowledge, study: Study, terms: Iterable[str]) -> bool:
    """True when a study gives one of these drugs, or a drug of one of these classes."""
    drugs = knowledge.drugs
    given = {
        term
        for drug in study.drugs
        for term in (drugs.terms_of(drug) if drug in drugs.drugs else drugs.class_closure[drug])
    }
    return not given.isdisjoint(terms)


def in_setting(study: Study, setting: Setting) -> bool:
    """True when the study or one of its arms is of this setting."""
    return setting in {study.setting, *(arm.setting for arm in study.arms)}


def select(
    knowledge: Knowledge,
    studies: Iterable[Study],
    tumour: str | None = None,
    terms: Sequence[str] | None = None,
    setting: Setting | None = None,
) -> list[Study]:
    """Return the studies that pass every filter that is given."""
    return [
        study
        for study in studies
        if (tumour is None or about(knowledge, study.tumours, tumour))
        and (terms is None or gives(knowledge, study, terms))
        and (setting is None or in_setting(study, setting))
    ]


def in_the_brain(found: Iterable[Row]) -> list[Row]:
    """Return the rows that belong in a table on brain metastases."""
    names = [name for name in MEASURES if name.startswith(("intracranial", "brain"))]
    return [row for row in found if row.arm.brain or any(row.of(name) for name in names)]
