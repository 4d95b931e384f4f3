"""Setting, stage, T and N of a record, and what each leaves open of the others."""

from __future__ import annotations

import re

from her2nav.facts.case import Case
from her2nav.facts.terms import ANYTHING, TermSet, exactly
from her2nav.knowledge.stages import StageFact
from her2nav.model.truth import Truth

_STAGE_WORDS = re.compile(
    r"\b(?:ajcc|figo|uicc|tnm|anatomic|clinical|pathologic(?:al)?|stage|group|v?[78](?:th)?)\b", re.I
)
_STAGE = re.compile(r"(0|IV|I{1,3}|[1-4])\s?([A-C])?\d?", re.IGNORECASE)
_ARABIC = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_TNM = re.compile(r"[cpyr]*([TN])\s*(is|[0-4X])", re.IGNORECASE)


_LOCAL = frozenset({"early", "locally_advanced_resectable", "locally_advanced_unresectable"})


def setting_of(case: Case) -> TermSet:
    """Return the setting as recorded, or what distant metastases, M1 and a relapse date prove.

    A local setting beside distant metastases, M1 or stage IV is a contradiction: either may be true.
    """
    cancer = case.patient.cancer
    m = cancer.tnm.m if cancer.tnm else None
    sites = case.metastatic_sites or ()
    regional = case.knowledge.spread.not_distant
    distant = any(site not in regional for site in sites) or (m is not None and "1" in m)
    stage_four = stage_of(case).any_of(("IV",)) is Truth.MET
    if cancer.setting is None:
        if not distant:
            return ANYTHING
        found = {"metastatic"}
    elif cancer.setting in _LOCAL:
        if distant or sites or (stage_four and cancer.setting != "locally_advanced_unresectable"):
            return TermSet(frozenset(), frozenset({cancer.setting, "metastatic", "recurrent"}))
        return exactly({cancer.setting})
    else:
        found = {cancer.setting}
        if distant:
            found.add("metastatic")
    if "metastatic" in found and cancer.relapse_date is not None:
        found.add("recurrent")
    if found == {"recurrent"}:
        # A recurrence may be local or distant, resectable or not; the record does not say which.
        return TermSet(frozenset(found), frozenset({*found, "metastatic", "locally_advanced_unresectable"}))
    if "metastatic" in found and "recurrent" not in found and de_novo_of(case) is not Truth.MET:
        return TermSet(frozenset(found), frozenset({*found, "recurrent"}))
    return exactly(found)


def stage_of(case: Case) -> TermSet:
    """Return the stage with its wider stage; a stage without letter may be any of its letters.

    Anything beside the stage itself (a second stage, a word) leaves it unread.
    """
    written = case.patient.cancer.stage
    match = _STAGE.fullmatch(_STAGE_WORDS.sub(" ", written).strip(" ,:;.()")) if written else None
    if match is None:
        return ANYTHING
    main, letter = match.group(1).upper(), (match.group(2) or "").upper()
    main = _ARABIC.get(main, main)
    if letter:
        return exactly({main, main + letter})
    return TermSet(frozenset({main}), frozenset({main, *(main + item for item in "ABC")}))


def tnm_of(case: Case, axis: str) -> TermSet:
    """Return the T or N category without prefix and letter; X and absence are anything.

    In early disease a lymph node whose cancer was tested for HER2 holds cancer, so it is not N0. A stage group alone
    does not say which T or N it is, for prognostic groups weigh grade and receptors as well; what it rules out stands
    in `criteria/stage_facts.yaml`. With cancer proven in the organ itself T0 falls away too.
    """
    tnm = case.patient.cancer.tnm
    written = getattr(tnm, axis) if tnm else None
    match = _TNM.search(written) if written else None
    if match is not None and match.group(2).upper() != "X":
        return exactly({match.group(1).upper() + match.group(2).replace("IS", "is")})
    fact = stage_fact(case)
    closes = fact is not None and not fact.unverified
    could = fact.left(axis) if fact is not None and closes else _ALL[axis]
    early = case.patient.cancer.setting == "early"
    if axis == "t" and closes and tested_at(case, "primary") is not None:
        could -= {"T0"}
    if axis == "n" and early and tested_at(case, "lymph_node") is not None:
        could -= {"N0"}
    return ANYTHING if could == _ALL[axis] else TermSet(frozenset(), could)


_ALL = {"t": frozenset({"T0", "Tis", "T1", "T2", "T3", "T4"}), "n": frozenset({"N0", "N1", "N2", "N3"})}


def stage_fact(case: Case) -> StageFact | None:
    """Return what the stage group says of T and N; None where it says nothing or the disease went on.

    An unverified fact may be told, but it closes nothing.
    """
    if case.patient.cancer.setting != "early":
        return None
    stage = stage_of(case)
    return next(
        (
            fact
            for fact in case.knowledge.stage_facts
            if stage.any_of(fact.stages) is Truth.MET and case.tumour.any_of((fact.tumour_type,)) is Truth.MET
        ),
        None,
    )


def tested_at(case: Case, site: str) -> int | None:
    """Return the position of a specimen of a site that was tested for HER2; None when there is none."""
    for i, specimen in enumerate(case.patient.specimens):
        tested = specimen.ihc is not None and specimen.ihc.score
        dated = specimen.collected is None or not specimen.collected.certainly_after(case.as_of)
        if specimen.site == site and tested and dated:
            return i
    return None


def de_novo_of(case: Case) -> Truth:
    """Whether the cancer was metastatic at the diagnosis: a relapse date or early treatment says no.

    Metastases treated soon after the diagnosis say yes where that rule is checked (`criteria/stage_facts.yaml`).
    """
    cancer = case.patient.cancer
    if cancer.relapse_date is not None:
        return Truth.NOT_MET
    if any(course.settings <= {"neoadjuvant", "adjuvant"} for course in case.courses):
        return Truth.NOT_MET
    soon = not case.knowledge.de_novo.unverified and treated_soon(case)
    return Truth.MET if soon else Truth.UNKNOWN


def treated_soon(case: Case) -> bool:
    """Whether the first treatment of all was for metastases, soon enough after the diagnosis to mean no relapse."""
    cancer = case.patient.cancer
    first = next((c for c in case.courses if c.settings == {"metastatic"} and c.start[0] is not None), None)
    if first is None or first.index or cancer.diagnosed is None or not case.patient.complete.therapies:
        return False
    start = first.start[1]
    return (
        start is not None and (start - cancer.diagnosed.low).days <= case.knowledge.de_novo.first_treatment_within_days
    )


def inflammatory_of(case: Case) -> Truth:
    """The tumour type says inflammatory, or T4d does; T4 without letter and silence leave it open.

    A stage group can rule it out (`stage_fact`).
    """
    tnm = case.patient.cancer.tnm
    if tnm is not None and tnm.t and "4d" in tnm.t.lower():
        return Truth.MET
    if tnm is not None and tnm.t and tnm_of(case, "t").any_of(("T4",)) is Truth.NOT_MET:
        return Truth.NOT_MET
    named = case.tumour.any_of(("inflammatory_breast",))
    fact = stage_fact(case)
    ruled_out = fact is not None and not fact.unverified and fact.inflammatory is False
    return Truth.NOT_MET if named is Truth.UNKNOWN and ruled_out else named
