"""A registry trial with its criteria read: what matching judges where no person has curated the tree."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from her2nav.criteria import against_record, elsewhere, inner_parts
from her2nav.criteria import reader as shared
from her2nav.criteria.demanded import demands_tumour
from her2nav.criteria.reader import Reader, ReadText, scope_id
from her2nav.criteria.recorded_state import recorded_state
from her2nav.kinds.age import OLDEST
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import Knowledge
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.tree import AnyOf, Leaf, Node, leaves
from her2nav.model.trial import Arm, Criterion, Purpose, Recruitment, Review, Role, Status, Trial, TrialRecord

_PHASES = frozenset({"EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"})
_SCOPE_KINDS: dict[str, Literal["arm", "cohort", "part", "phase", "region"]] = {
    "arm": "arm",
    "cohort": "cohort",
    "group": "cohort",
    "stratum": "cohort",
    "part": "part",
    "stage": "part",
    "step": "part",
    "phase": "phase",
}
_PURPOSES: dict[str, Purpose] = {
    "TREATMENT": "treatment",
    "PREVENTION": "prevention",
    "DIAGNOSTIC": "diagnostic",
    "SUPPORTIVE_CARE": "supportive",
}
"""Primary purposes of the registry that have a name of their own here."""
_WIDER = re.compile(
    r"\b(?:solid (?:tumou?rs?|malignan\w+|cancers?)|(?:advanced|metastatic|refractory) (?:cancers|malignanc\w+|tumou?rs)\b(?! of))",
    re.IGNORECASE,
)
"""In a title: more cancers than the record names."""
_LOOKS_FOR = re.compile(
    r"\b(?:screening|early (?:detection|diagnosis)|family history|(?:high|increased|elevated)[ -]risk|at risk|risk (?:assessment|reduction|communication)|genetic (?:testing|counsel+ing|risk)|hereditary|carriers?|caregivers?|family members|relatives|healthy)\b",
    re.IGNORECASE,
)
"""In a title: people who do not have the disease may be meant."""
_ANYBODY = re.compile(
    r"\bsuspi(?:cion|cious|ected)\b[^.;\n]{0,40}\b(?:cancers?|carcinomas?|malignan\w+|tumou?rs?|neoplas\w+)\b|\b(?:previous|prior|known|existing|history of|personal history of|current) (?:diagnosis of |confirmed )?(?:[\w-]+ ){1,2}cancer diagnosis\b|\bprevious diagnosis of [\w ]{0,30}cancer\b|"
    r"\bany (?:patient|participant|subject|person|individual|adult)s? (?:who|undergoing|requiring|referred|scheduled|presenting)\b",
    re.IGNORECASE,
)
_OF_THE_WELL = frozenset({"SCREENING", "HEALTH_SERVICES_RESEARCH"})
_TITLE = 160


def read_trial(trial: RegistryTrial, reader: Reader, knowledge: Knowledge, captured: date) -> tuple[Trial, ReadText]:
    """Return a trial of the registry with its criteria read.

    Args:
        trial: The record.
        reader: Reads the eligibility text.
        knowledge: Names of tumour types.
        captured: Dates the status where the record itself does not.
    """
    tumours = tumour_types(trial, knowledge)
    read = reader.read(trial.eligibility.text or "", tumours or ())
    read = replace(read, criteria=tuple(against_record.opened(read.criteria, tumours or (), knowledge)))
    record = TrialRecord(
        nct_id=trial.nct_id,
        title=_title(trial),
        acronym=trial.acronym,
        phase=tuple(item for item in trial.phases if item in _PHASES),  # type: ignore[misc]
        purpose=purpose_of(trial),
        tumours=tumours or (),
        status=_status(trial, captured),
        curation="partial" if trial.eligibility.text is None else "full",
        text_source=trial.shape,
        arms=_arms(read),
        review=Review(state="draft", date=captured),
    )
    return Trial(
        record, (*_fields(trial, read, knowledge), *read.criteria, *_limits(trial, read, knowledge)), "read"
    ), read


def _arms(read: ReadText) -> tuple[Arm, ...]:
    labels = elsewhere.of_patients(read.scopes)
    named = tuple(Arm(id=scope_id(label), label=label, kind=_kind(label)) for label in labels)
    return named if not read.scopes or elsewhere.all_named(labels) else (*named, elsewhere.arm())


def tumour_types(trial: RegistryTrial, knowledge: Knowledge) -> tuple[str, ...] | None:
    """Return the tumour types of the conditions of a record; None where one of them is no tumour type we know."""
    found = _named(trial, knowledge)
    return tuple(dict.fromkeys(item for item in found if item)) if found and all(found) else None


def _named(trial: RegistryTrial, knowledge: Knowledge) -> list[str | None]:
    """Return the tumour type of each condition of a record; None for one that is none."""
    return [knowledge.tumours.find(condition) for condition in trial.conditions]


def _title(trial: RegistryTrial) -> str:
    title = trial.title or trial.official_title or trial.nct_id
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def purpose_of(trial: RegistryTrial) -> Purpose:
    """Return what a record says that the trial is there for."""
    if (trial.study_type or "").upper().startswith("OBSERVATIONAL"):
        return "observational"
    if not trial.purpose:
        return "not_stated"
    return _PURPOSES.get(trial.purpose.strip().upper().replace(" ", "_"), "other")


def titled_wider(trial: RegistryTrial) -> bool:
    """Whether a title names more cancers than a record may list: "… in advanced solid tumours"."""
    return _WIDER.search(" ".join(filter(None, (trial.title, trial.official_title)))) is not None


def takes_the_well(trial: RegistryTrial) -> bool:
    """Whether a study may take people who do not have its conditions: it looks for them, or takes whoever comes."""
    titles = " ".join(filter(None, (trial.title, trial.official_title)))
    purpose = (trial.purpose or "").strip().upper().replace(" ", "_")
    anybody = _ANYBODY.search(trial.eligibility.text or "") is not None
    return purpose in _OF_THE_WELL or anybody or _LOOKS_FOR.search(titles) is not None


def _status(trial: RegistryTrial, captured: date) -> Status:
    known = trial.status_date
    return Status(
        value=trial.status or Recruitment.UNKNOWN if known else Recruitment.UNKNOWN,
        date=known or captured,
        source="registry_record",
    )


def _kind(label: str) -> Literal["arm", "cohort", "part", "phase", "region"]:
    words = (_SCOPE_KINDS.get(word.removesuffix("s")) for word in label.split())
    return next((kind for kind in words if kind), "part")


def _fields(trial: RegistryTrial, read: ReadText, knowledge: Knowledge) -> list[Criterion]:
    """Criteria that the record states in fields of their own; the tumour type where the text is silent on it."""
    fields: list[Criterion] = []

    def add(name: str, text: str, node: Leaf) -> None:
        fields.append(Criterion(name, Role.DECIDES, "registry", text, node))

    eligibility = trial.eligibility
    ages: dict[str, Any] = {"min": _years(eligibility.age_min_years), "max": _years(eligibility.age_max_years)}
    if ages["max"] is not None and ages["max"] > OLDEST:
        ages["max"] = None  # "130 years" is a way to say that there is no limit
    if ages["min"] is not None and ages["min"] > OLDEST:
        note = f"the record asks for an age of {eligibility.minimum_age}"
        add("r_age", f"Age: {eligibility.minimum_age}", leaf("unread", note=note))
    elif any(value is not None for value in ages.values()):
        words = f"{eligibility.minimum_age or 'any age'} to {eligibility.maximum_age or 'any age'}"
        add("r_age", f"Age: {words}", leaf("age", **ages))
    if eligibility.sex in ("female", "male"):
        add("r_sex", f"Sex: {eligibility.sex}", leaf("sex", any_of=[eligibility.sex]))
    if trial.conditions and not demands_tumour(read.criteria, [scope_id(label) for label in read.scopes]):
        fields.append(_conditions(trial, read, knowledge))
    if (state := recorded_state(trial.conditions, read, shared.reader(knowledge))) is not None:
        fields.append(state)
    if not read.criteria:
        silent = "states no criterion in its text" if eligibility.text else "holds no eligibility text"
        note = f"the record {silent}"
        add("r_text", note.capitalize(), leaf("unread", note=note))
    return fields


def _conditions(trial: RegistryTrial, read: ReadText, knowledge: Knowledge) -> Criterion:
    """Ask for the conditions of the record: alone where the text is silent on the cancer, else they only leave it open."""
    text = f"Conditions: {', '.join(trial.conditions)}"
    found = _named(trial, knowledge)
    named = leaf("tumour_type", types=list(dict.fromkeys(one for one in found if one)))
    silent = all(item.kind != "tumour_type" for criterion in read.criteria for item in leaves(criterion.node))
    node: Node = leaf("unread", note=text)
    if silent and all(found) and takes_the_well(trial):
        # The conditions of the record are what the study looks for.
        node = AnyOf((named, node))
    elif silent and all(found):
        # The conditions of the record are examples where its title names more.
        node = AnyOf((named, node)) if titled_wider(trial) and "solid_tumour" not in found else named
    elif not silent and any(found):
        # The text names a cancer in a way that asks nobody for it: of others it is not known whether they are taken.
        node = AnyOf((named, node))
    return Criterion("r_conditions", Role.DECIDES, "registry", text, node)


def _years(age: float | None) -> int | None:
    return int(age) if age is not None else None


def _limits(trial: RegistryTrial, read: ReadText, knowledge: Knowledge) -> list[Criterion]:
    """Say what stays open about the parts of the trial: those that are not named, and those that cross each other."""
    limits = []
    labels = elsewhere.of_patients(read.scopes)
    if labels and not elsewhere.all_named(labels):
        found = _named(trial, knowledge)
        cancer = leaf("tumour_type", types=list(dict.fromkeys(found))) if found and all(found) else None
        limits.append(elsewhere.open_question(cancer))
    limits += inner_parts.without_exclusions(read.criteria, [scope_id(label) for label in labels])
    if len({_kind(label) for label in labels}) < 2:
        return limits
    note = "criteria are limited to parts and cohorts that cross each other: which of them bind is not read"
    return [*limits, Criterion("r_scopes", Role.DECIDES, "registry", note.capitalize(), leaf("unread", note=note))]
