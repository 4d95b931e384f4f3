"""`validate`: check a patient file, a trial file or the shipped data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from her2nav.app.session import Session
from her2nav.catalogue.check import check_data, trial_faults
from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.trialfile import read_trial, trial_leaves
from her2nav.files.jsonfile import parse_record
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.intake.patient_file import check_patient
from her2nav.knowledge.bundle import parse_sources
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError, ValueProblem
from her2nav.model.patient import Patient
from her2nav.therapy.check import therapy_faults


@dataclass(frozen=True, slots=True)
class Validation:
    """What was checked and found good."""

    kind: str
    summary: str
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"valid": True, "kind": self.kind, "summary": self.summary, "warnings": self.warnings}


def validate_file(session: Session, source: str) -> Validation:
    """Check one file; a record with a registry id is a trial, anything else a patient.

    Raises:
        InputError: The first thing wrong.
    """
    text, name = read_text(source)
    document = parse_record(text, name)
    if isinstance(document.data, dict) and "nct_id" in document.data:
        trial = read_trial(document)
        faults = trial_faults(trial, session.knowledge)
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            raise ValueProblem(faults[0] + more, file=name)
        count = len(trial_leaves(trial))
        return Validation(
            "trial", f"{name}: trial {trial.record.nct_id}, {len(trial.criteria)} criteria, {count} leaves"
        )
    read = check_patient(build(Patient, document), document, session.knowledge, session.today())
    return Validation("patient", f"{name}: patient file, judged as on {read.as_of}", list(read.warnings))


def validate_data() -> Validation:
    """Check every shipped fact file and trial against each other.

    Raises:
        DataError: The first fault, with the number of the others.
    """
    bundle = parse_sources()
    knowledge = Knowledge(bundle)
    faults = [*check_data(knowledge), *therapy_faults(knowledge)]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise DataError(faults[0] + more)
    trials = load_catalogue(bundle)
    return Validation("data", f"{len(bundle.files)} fact files, {len(trials)} trials, version {bundle.version}")
