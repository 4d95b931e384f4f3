"""One patient on one day, with everything that follows from the record; each part derived when first asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from her2nav.facts.day import DATED, on_day
from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.facts.therapies import Course, courses
from her2nav.knowledge.load import Knowledge
from her2nav.model.patient import Patient

if TYPE_CHECKING:
    from her2nav.facts.block import Block
    from her2nav.interpret.results import PatientHer2


_CANCER = frozenset({"cancer"})
READ = {
    "tumour_id": _CANCER,
    "tumour": _CANCER,
    "histology": _CANCER,
    "metastatic_sites": _CANCER,
    "advanced": _CANCER,
    "courses": frozenset({"therapies", "cancer"}),
}
"""Sections of the record that properties of a case are derived from."""


class Case:
    """A patient, a day, and the knowledge they are judged by."""

    def __init__(self, patient: Patient, as_of: date, knowledge: Knowledge) -> None:
        self.patient = on_day(patient, as_of)
        self.as_of = as_of
        self.knowledge = knowledge
        self.kept: dict[object, Any] = {}
        """What `facts.once` derived, by the function that did."""
        self.handed_on: dict[object, frozenset[str]] = {}
        """Sections of the record that some of it is derived from."""

    def __reduce__(self) -> tuple[type[Case], tuple[Patient, date, Knowledge]]:
        """Travel to another process as the record alone; what follows from it is derived there."""
        return Case, (self.patient, self.as_of, self.knowledge)

    def supposed(self, patient: Patient, sections: Collection[str]) -> Case:
        """Return the case of the same patient with some sections of the record changed.

        What was derived from other sections alone is taken over.
        """
        then = Case.__new__(Case)
        # What was not changed is as it stood on the day already.
        then.patient = patient if DATED.isdisjoint(sections) else on_day(patient, self.as_of)
        then.as_of, then.knowledge, then.kept, then.handed_on = self.as_of, self.knowledge, {}, {}
        for name, read in READ.items():
            if name in self.__dict__ and read.isdisjoint(sections):
                then.__dict__[name] = self.__dict__[name]
        for derived, read in self.handed_on.items():
            if read.isdisjoint(sections):
                then.kept[derived], then.handed_on[derived] = self.kept[derived], read
        return then

    @cached_property
    def alone(self) -> Block:
        """This patient as a block of one, for the details of an explanation."""
        from her2nav.facts.block import Block

        return Block([self])

    @cached_property
    def tumour_id(self) -> str | None:
        """Id of the tumour type; None when the record has none that is known."""
        written = self.patient.cancer.tumour_type
        return self.knowledge.tumours.find(written) if written else None

    @cached_property
    def tumour(self) -> TermSet:
        """The tumour type with its wider types, and the narrower ones it may be."""
        if self.tumour_id is None:
            return ANYTHING
        tumours = self.knowledge.tumours
        has = tumours.wider(self.tumour_id)
        could = set(has)
        for item in tumours.narrower(self.tumour_id):
            could |= tumours.wider(item)
        return TermSet(has, frozenset(could))

    @cached_property
    def histology(self) -> TermSet:
        """The histology with its wider ones, and the narrower ones it may be; a tumour type may state it too."""
        written = self.patient.cancer.histology
        found = self.knowledge.histologies.find(written) if written else None
        if found is None and written is None and self.tumour_id is not None:
            found = self.knowledge.tumours.types[self.tumour_id].histology
        if found is None:
            return ANYTHING
        histologies = self.knowledge.histologies
        has = histologies.wider(found)
        could = set(has)
        for item in histologies.narrower(found):
            could |= histologies.wider(item)
        return TermSet(has, frozenset(could))

    @cached_property
    def metastatic_sites(self) -> tuple[str, ...] | None:
        """Sites of metastases as ids of the body-site vocabulary (unknown names as written); None: not said."""
        sites = self.patient.cancer.metastatic_sites
        if sites is None:
            return None
        return tuple(self.knowledge.sites.find(site) or site.strip().lower() for site in sites)

    @cached_property
    def advanced(self) -> bool | None:
        """Whether the disease is advanced (metastatic, recurrent or unresectable); None: the record does not say."""
        cancer = self.patient.cancer
        if cancer.setting is not None:
            return cancer.setting in ("metastatic", "recurrent", "locally_advanced_unresectable")
        return True if cancer.metastatic_sites else None

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """The therapy ledger up to this day."""
        return courses(self.patient, self.knowledge.drugs, self.as_of)

    @cached_property
    def her2(self) -> PatientHer2 | None:
        """The interpretation of every specimen; None where no rule for the tumour is known."""
        from her2nav.interpret.guidelines import interpret_for_tumour

        return interpret_for_tumour(self.patient, self.tumour_id, self.knowledge, self.as_of)
