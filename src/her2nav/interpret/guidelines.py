"""Which rules a tumour is interpreted by: the edition of its guideline that was in force on a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from her2nav.interpret.patient import interpret_patient
from her2nav.interpret.results import PatientHer2
from her2nav.interpret.tables import Guideline, GuidelineSet
from her2nav.knowledge.load import Knowledge
from her2nav.model.patient import Patient


@lru_cache(maxsize=4)
def guideline_set(knowledge: Knowledge) -> GuidelineSet:
    """Return all guidelines of `data/guidelines/`.

    Raises:
        DataError: A guideline file does not have the form of one.
    """
    names = knowledge.bundle.folder("guidelines/")
    return GuidelineSet([knowledge.record(name, Guideline) for name in names])


def guideline_for(tumour: str, knowledge: Knowledge, as_of: date) -> Guideline | None:
    """Return the guideline of a tumour type on a day; None where no rule is known for it."""
    folder = knowledge.tumours.guideline(tumour)
    if folder is None or not knowledge.bundle.folder(f"guidelines/{folder}/"):
        return None
    return guideline_set(knowledge).on(folder, as_of)


def interpret_for_tumour(patient: Patient, tumour: str | None, knowledge: Knowledge, as_of: date) -> PatientHer2 | None:
    """Interpret a patient by the rules of the tumour type; None where the tumour or its rules are not known."""
    if tumour is None:
        return None
    guideline, scoring = _rules(tumour, knowledge, as_of)
    if guideline is None:
        return None

    def classify(text: str) -> str | None:
        # The variants layer takes time to build, and most records name no variant.
        from her2nav.interpret.variant_class import classifier

        return classifier(knowledge)(text)

    return interpret_patient(patient, scoring=scoring, guideline=guideline, as_of=as_of, classify=classify)


@lru_cache(maxsize=1024)
def _rules(tumour: str, knowledge: Knowledge, as_of: date) -> tuple[Guideline | None, str]:
    """Return the guideline and the scoring system of a tumour type on a day."""
    return guideline_for(tumour, knowledge, as_of), knowledge.tumours.scoring(tumour) or "none"
