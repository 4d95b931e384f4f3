"""Diseases and states of the record as rows: names resolved, each with its status and its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.facts.procedures import procedures
from her2nav.facts.toxicities import effects
from her2nav.knowledge.condition_schema import Status
from her2nav.knowledge.conditions import Named
from her2nav.knowledge.tumours import ROOT as ROOT_TUMOUR
from her2nav.model.dates import PartialDate, plus_days
from her2nav.model.finding import Evidence
from her2nav.model.treatment import Procedure
from her2nav.model.truth import Truth, from_bounds

Origin = Literal["diagnosis", "cardiac", "lung", "toxicity", "procedure", "metastasis"]


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One disease, event or state of the record, up to the patient's day.

    Attributes:
        path: Pointer into the patient file.
        label: As written.
        id: Id of `vocabularies/conditions.csv`; None: nobody knows the name, so it may be anything.
        status: As recorded, or said by a word beside the name.
        date: When it was found or happened.
        grade: CTCAE grade.
        severe: Said by a word beside the name.
        certain: False for what is only suspected, and for what an entry may mean.
        own_cancer: Whether it is the patient's own cancer or its spread.
    """

    path: str
    label: str
    id: str | None
    origin: Origin
    status: Status | None = None
    date: PartialDate | None = None
    grade: int | None = None
    severe: bool | None = None
    certain: bool = True
    own_cancer: Truth = Truth.NOT_MET

    @property
    def evidence(self) -> Evidence:
        """The entry of the patient file."""
        shown = ", ".join(
            part
            for part in (self.label, self.status, f"grade {self.grade}" if self.grade is not None else None)
            if part
        )
        return Evidence(self.path, shown, str(self.date) if self.date else None)


@once_from("conditions", "cardiac", "lung", "toxicities", "procedures", "cancer")
def condition_rows(case: Case) -> tuple[ConditionRow, ...]:
    """Return everything the record says about diseases beside the cancer; entries dated later are set aside."""
    rows = (*_diagnoses(case), *_lung(case), *_toxicities(case), *_procedures(case), *_metastases(case))
    kept = [
        row if row.date is None else replace(row, date=row.date.possibly_by(case.as_of))
        for row in rows
        if row.date is None or not row.date.certainly_after(case.as_of)
    ]
    return tuple(_superseded(row, kept) for row in kept)


def _superseded(row: ConditionRow, rows: Sequence[ConditionRow]) -> ConditionRow:
    """Return a diagnosis as over when a later entry of the same disease says so."""
    if row.origin != "diagnosis" or row.id is None or row.date is None or row.status == "resolved":
        return row
    over = any(
        other.id == row.id and other.status == "resolved" and other.date is not None and other.date.low > row.date.high
        for other in rows
        if other.origin == "diagnosis"
    )
    return replace(row, status="resolved") if over else row


def _diagnoses(case: Case) -> Iterator[ConditionRow]:
    for i, item in enumerate(case.patient.conditions):
        yield from _written(case, f"/conditions/{i}", item.name, "diagnosis", item.status, item.date, item.grade)
    for i, event in enumerate(case.patient.cardiac.history or ()):
        yield from _written(case, f"/cardiac/history/{i}", event.name, "cardiac", event.status, event.date)


def _written(
    case: Case,
    path: str,
    written: str,
    origin: Origin,
    status: Status | None,
    day: PartialDate | None,
    grade: int | None = None,
) -> Iterator[ConditionRow]:
    ontology = case.knowledge.conditions
    years = _YEAR.findall(written)
    if day is None and len(years) == 1 and ontology.find(written) is None:
        day = PartialDate.parse(years[0])
    for named in ontology.resolve(written):
        identifier = named.id or _tumour_or_spread(case, named)
        said = status or named.status
        if identifier is not None and said == "uncontrolled":
            identifier = ontology.uncontrolled(identifier)
        elif identifier is not None and said in (None, "active"):
            state = ontology.conditions[identifier].state
            said = "uncontrolled" if state in ("uncontrolled", "blood_pressure") else said
        row = ConditionRow(
            path, written, identifier, origin, said, day, grade, named.severe, certain=not named.doubtful
        )
        yield replace(row, own_cancer=_own_cancer(case, row))


def _lung(case: Case) -> Iterator[ConditionRow]:
    """The lung section: interstitial lung disease and oxygen."""
    lung = case.patient.lung
    if lung.ild_history in ("history_no_steroids", "history_with_steroids", "current"):
        status: Status = "active" if lung.ild_history == "current" else "resolved"
        label = f"interstitial lung disease ({lung.ild_history.replace('_', ' ')})"
        yield ConditionRow(
            "/lung/ild_history", label, "interstitial_lung_disease", "lung", status, lung.date, lung.grade
        )
    if lung.oxygen:
        yield ConditionRow("/lung/oxygen", "supplemental oxygen", "oxygen_requirement", "lung", "active")


def _toxicities(case: Case) -> Iterator[ConditionRow]:
    """Side effects as diseases: by name, or as the organ they are of; a name that nobody knows may be any.

    A later entry of the same side effect puts an earlier one into the past; entries of which neither is certainly the
    later, and which disagree, are no certain rows.
    """
    states: dict[bool | None, Status | None] = {True: "active", False: "resolved", None: None}
    newest = {effect.path: effect for effect in effects(case)}
    for i, item in enumerate(case.patient.toxicities):
        effect = newest.get(f"/toxicities/{i}")
        over = effect is None
        agreed = effect is None or all(
            (rival.grade, rival.ongoing) == (effect.grade, effect.ongoing) for rival in effect.rivals
        )
        for named in case.knowledge.conditions.resolve(item.name):
            known = case.knowledge.toxicities.find(named.written) if named.id is None else None
            identifier = named.id or case.knowledge.conditions.rules.of_side_effects.get(known or "")
            if item.grade != 0 and (identifier is not None or known is None):
                yield ConditionRow(
                    f"/toxicities/{i}",
                    item.name,
                    identifier,
                    "toxicity",
                    "resolved" if over else states[item.ongoing],
                    item.date,
                    item.grade,
                    named.severe,
                    certain=named.id is not None and not named.doubtful and agreed,
                )


def _procedures(case: Case) -> Iterator[ConditionRow]:
    """What was done and leaves a state behind: stents, resections, transplants."""
    ontology, sites = case.knowledge.conditions, case.knowledge.sites
    unknown = {done.path for done in procedures(case) if done.unknown}
    for i, item in enumerate(case.patient.procedures):
        path = f"/procedures/{i}"
        label = item.name or " ".join(part for part in (item.technique, item.site, item.kind) if part)
        texts = () if item.kind in ("radiotherapy", "biopsy", "transfusion", "vaccination") else _texts(item)
        named = [one for text in texts for one in ontology.resolve(text) if one.id is not None]
        ids = dict.fromkeys(one.id for one in named)
        for identifier in ids:
            yield ConditionRow(path, label, identifier, "procedure", None, item.date)
        if path in unknown and not ids:
            yield ConditionRow(path, label, None, "procedure", None, item.date, certain=False)
        if item.kind == "transplant" and not ids:
            yield ConditionRow(path, label, "transplant", "procedure", None, item.date)
        if item.kind == "surgery" and not ids and item.major is not False:
            site = sites.find(item.site) if item.site else None
            places = ontology.implied(f"surgery:{site}") if site else []
            if not item.site:
                places = [
                    row.id
                    for row in ontology.conditions.values()
                    if "procedures" in row.closed_by and any(entry.startswith("surgery:") for entry in row.implied_by)
                ]
            shown = label if item.site else f"{label} (site not stated)"
            for identifier in places:
                yield ConditionRow(path, shown, identifier, "procedure", None, item.date, certain=False)


def _texts(item: Procedure) -> Iterator[str]:
    yield from (text for text in (item.name, item.technique) if text)
    if item.kind == "transplant":
        yield from (f"{text.replace('_', ' ')} transplant" for text in (item.site, item.technique) if text)


def _metastases(case: Case) -> Iterator[ConditionRow]:
    for site in case.metastatic_sites or ():
        for identifier in case.knowledge.conditions.implied(f"metastasis:{site}"):
            label = f"metastases: {site.replace('_', ' ')}"
            yield ConditionRow("/cancer/metastatic_sites", label, identifier, "metastasis", "active", certain=False)


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SPREAD = re.compile(r"metasta|\bmets?\b|secondary malignan|carcinomatosis", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\bcontra-?lateral|\b(?:second|2nd|new|another|other|separate|additional|different)\b.*\bprimar|"
    r"\b(?:second|another|new) (?:cancer|malignan|tumou?r)|\bmetachronous|\bsynchronous",
    re.IGNORECASE,
)
"""Words that set a cancer apart from the patient's own."""
_ALLERGY = re.compile(r"\ballerg|\bhypersensitiv", re.IGNORECASE)
_OF_ORGAN = re.compile(
    r"(?:malignant (?:neoplasm|tumou?r)|primary malignant neoplasm|cancer|carcinoma|adenocarcinoma)\b.*?\bof\b (.*)",
    re.IGNORECASE,
)


def _tumour_or_spread(case: Case, named: Named) -> str | None:
    """Return the row for spread, allergies and tumours that the vocabulary does not hold by name."""
    text = named.written
    if _SPREAD.search(text):
        return "metastasis"
    if _ALLERGY.search(text):
        return "hypersensitivity"
    tumours, conditions = case.knowledge.tumours, case.knowledge.conditions.conditions
    found = tumours.find(text) or _tumour_of_organ(case, text)
    if found is None:
        return None
    for kind in (found, *sorted(tumours.wider(found))):
        for identifier in (kind, f"{kind}_cancer_any"):
            if identifier in conditions and conditions[identifier].group == "malignancy":
                return identifier
    return "malignancy" if found == ROOT_TUMOUR else "unlisted_malignancy"


def _tumour_of_organ(case: Case, text: str) -> str | None:
    """Return the tumour type of `malignant neoplasm of upper-outer quadrant of left female breast`."""
    match = _OF_ORGAN.search(text)
    words = match.group(1).split() if match else []
    for start in range(len(words)):
        tail = " ".join(words[start:])
        found = case.knowledge.tumours.find(f"{tail} cancer") or case.knowledge.tumours.find(tail)
        if found is not None:
            return found
    return None


def _own_cancer(case: Case, row: ConditionRow) -> Truth:
    """Whether a recorded cancer is the one that the patient is treated for; a much earlier one may be another."""
    ontology = case.knowledge.conditions
    if row.id is None or not ontology.wider(row.id) & {"malignancy", "metastasis"}:
        return Truth.NOT_MET
    another = _ANOTHER.search(row.label)
    if row.id == "metastasis":
        return Truth.UNKNOWN if another and "primar" in another[0].lower() else Truth.MET
    if case.tumour_id is None:
        return Truth.UNKNOWN
    tumours = case.knowledge.tumours
    kind = tumours.find(row.label) or _tumour_of_organ(case, row.label) or tumours.find(ontology.name(row.id))
    if "in_situ_any" in ontology.wider(row.id) or kind is None:
        return Truth.UNKNOWN if row.id == "malignancy" else Truth.NOT_MET
    related = kind in tumours.wider(case.tumour_id) or kind in tumours.narrower(case.tumour_id)
    if not related:
        return Truth.NOT_MET
    diagnosed = case.patient.cancer.diagnosed
    if another:
        return Truth.UNKNOWN
    if row.date is None:
        return Truth.MET
    if diagnosed is None:
        return Truth.UNKNOWN
    earliest = plus_days(diagnosed.low, -ontology.rules.same_cancer_days)
    return Truth.UNKNOWN if row.date.high < earliest else Truth.MET


def within_days(row: ConditionRow, days: int, as_of: date) -> Truth:
    """Return whether the date of a row lies no more than `days` before the patient's day; undated: UNKNOWN."""
    if row.date is None:
        return Truth.UNKNOWN
    least, most = row.date.days_before(as_of)
    return from_bounds(most <= days, least > days)
