"""Procedures done by the patient's day, with sites and techniques resolved and their unknowns kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.treatment import Procedure
from her2nav.model.truth import Truth, any_of


@dataclass(frozen=True, slots=True)
class Done:
    """One procedure.

    Attributes:
        path: Pointer into the patient file.
        label: In a few words.
        kinds: What kind it may be; one, except for a local therapy of the brain that the record does not name, for
            what is recorded as `other` and reads like another kind, and for what nobody knows: it may be any.
        site: Id of the body site; None when it is not said or not known by that name.
        techniques: Techniques that it is and those that it may be.
        major: Whether it was major; None: not known.
        day: The day it was done, or the last day of radiotherapy.
    """

    path: str
    label: str
    kinds: frozenset[str]
    site: str | None
    techniques: TermSet
    major: bool | None
    day: PartialDate | None
    dose_gy: Decimal | None

    @property
    def unknown(self) -> bool:
        """True for a procedure whose name nobody knows: it may be of any kind."""
        return self.kinds == _EVERY

    def is_kind(self, wanted: Sequence[str]) -> Truth:
        """Whether it is of one of the kinds."""
        return TermSet(self.kinds if len(self.kinds) == 1 else frozenset(), self.kinds).any_of(wanted)

    def at(self, wanted: Sequence[str]) -> Truth:
        """Whether it was done at one of the sites."""
        if self.site is None:
            return Truth.UNKNOWN
        return Truth.MET if self.site in wanted else Truth.NOT_MET

    def by(self, wanted: Sequence[str]) -> Truth:
        """Whether it was done by one of the techniques."""
        return any_of(self.techniques.any_of((item,)) for item in wanted)


_WORDS: Mapping[str, str] = {
    "radiotherapy": r"radioth|radiation|irradiat|radiosurg|radioembol|\brt\b|\bgy\b|brachy|cyber ?knife|gamma ?knife",
    "surgery": r"ectom|surg|resect|operat|excis|otom|ostom|plasty|amputat|implant|replacement|graft|bypass",
    "transplant": r"transplant",
    "transfusion": r"transfus",
    "biopsy": r"biops",
    "vaccination": r"vaccin|immuni[sz]ation",
    "embolisation": r"emboli[sz]",
}
"""Words by which a procedure that is recorded as `other` may be of another kind."""
_NOTHING_ELSE = re.compile(
    r"assess|screen|examin|evaluat|review|counsel|educat|consult|reconcil|interview|questionnaire|documentation|"
    r"\bscans?\b|imaging|x-?ray|radiograph|tomograph|\b(?:ct|mri|pet|dexa)\b|ultraso|sonogra|mammogra|echocardio|\becho\b|"
    r"electrocardio|\becg\b|\bekg\b|\beeg\b|scopy\b|\bercp\b|centesis|puncture|dialys|apheresis|cardioversion|"
    r"ablat(?:ion|ed) of (?:atri|arrhy)|catheter|physio|rehabilit|exercise|acupunct|"
    r"massage|psychother|dietar|nutrition|oxygen|"
    r"ventilat|measure|monitor|\btests?\b|testing|assay|culture|blood draw|venepuncture|phlebotom|genetic|"
    r"sperm|oocyte|egg retrieval|cryopreserv|spirometr|lung function|hospice|referral|discharge",
    re.IGNORECASE,
)
"""Words of measures that are of none of the kinds."""
_EVERY = frozenset((*_WORDS, "other"))


def _kinds(item: Procedure, knowledge: Knowledge) -> frozenset[str]:
    """Return what kind a procedure may be: as recorded, and for `other` what its words name too."""
    if item.kind != "other":
        return frozenset((item.kind,))
    text = " ; ".join(part for part in (item.technique, item.name) if part)
    named = {kind for one in knowledge.techniques.read(text) for kind in knowledge.techniques.techniques[one].kinds}
    worded = {kind for kind, words in _WORDS.items() if re.search(words, text, re.IGNORECASE)}
    if not named and not worded and not _NOTHING_ELSE.search(text):
        return _EVERY
    return frozenset({"other"} | named | worded)


_BRAIN = "brain"
_LOCAL = frozenset(("radiotherapy", "surgery"))


@once_from("procedures", "cancer")
def procedures(case: Case) -> tuple[Done, ...]:
    """Return the procedures of the record up to the patient's day; later ones are set aside.

    Local therapy of the brain that stands only with the brain disease counts as radiotherapy or surgery.
    """
    found: list[Done] = []
    for index, item in enumerate(case.patient.procedures):
        if item.date is not None and item.date.certainly_after(case.as_of):
            continue
        found.append(_done(index, item, case))
    cns = case.patient.cancer.cns
    day = cns.last_local_therapy if cns else None
    if day is not None and not day.certainly_after(case.as_of):
        named = any(one.kinds & _LOCAL and one.site in (None, _BRAIN) and _overlap(one.day, day) for one in found)
        if not named:
            path = "/cancer/cns/last_local_therapy"
            label = f"local therapy of the brain ({day})"
            found.append(Done(path, label, _LOCAL, _BRAIN, ANYTHING, None, day.possibly_by(case.as_of), None))
    return tuple(found)


def _overlap(one: PartialDate | None, other: PartialDate) -> bool:
    return one is None or (one.low <= other.high and other.low <= one.high)


def _done(index: int, item: Procedure, case: Case) -> Done:
    knowledge = case.knowledge
    site = knowledge.sites.find(item.site) if item.site else None
    techniques = technique_terms(item, site, knowledge)
    majors = {knowledge.techniques.techniques[one].major for one in techniques.has} - {None}
    day = item.end if item.end is not None and not item.end.certainly_after(case.as_of) else item.date
    if item.end is not None and item.end.certainly_after(case.as_of):
        day = PartialDate.parse(case.as_of)
    return Done(
        path=f"/procedures/{index}",
        label=_label(item),
        kinds=_kinds(item, knowledge),
        site=site,
        techniques=techniques,
        major=item.major if item.major is not None else majors.pop() if len(majors) == 1 else None,
        day=day.possibly_by(case.as_of) if day is not None else None,
        dose_gy=item.dose_gy,
    )


def technique_terms(item: Procedure, site: str | None, knowledge: Knowledge) -> TermSet:
    """Return the techniques of a procedure: those named, those its site implies, and those nothing rules out."""
    ontology = knowledge.techniques
    has = ontology.read(" ; ".join(part for part in (item.technique, item.name) if part))
    sites = {site} if site else {place for one in has for place in ontology.techniques[one].sites}
    implied = {row.id for row in ontology.techniques.values() if site in row.certain_sites and item.kind in row.kinds}
    has |= implied
    described = ontology.axes(has - implied)
    closest = [one for one in has if ontology.narrower(one) & has == {one}]
    narrower = frozenset(inner for one in closest for inner in ontology.narrower(one))
    could, kinds = set(has), _kinds(item, knowledge)
    for row in ontology.techniques.values():
        elsewhere = bool(sites) and bool(row.sites) and not sites & set(row.sites)
        ruled_out = bool(described & set(row.axes)) and row.id not in narrower
        if kinds & set(row.kinds) and not elsewhere and not ruled_out:
            could.add(row.id)
    return TermSet(has, frozenset(could))


def _label(item: Procedure) -> str:
    """Say a procedure in a few words."""
    what = item.name or item.technique or item.kind
    extra = [part for part in (item.kind if what != item.kind else None, item.site) if part]
    if item.dose_gy is not None:
        extra.append(f"{item.dose_gy} Gy")
    extra.append(str(item.end or item.date) if item.end or item.date else "undated")
    return f"{what} ({', '.join(extra)})"
