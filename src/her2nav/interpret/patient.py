"""All specimens of a patient: the current status, what was ever found, what changed; nothing is averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from her2nav.interpret.answers import joined, unknown
from her2nav.interpret.comparison import compare, raised
from her2nav.interpret.findings import EXPRESSION, STATUS
from her2nav.interpret.governing import Governing, governing
from her2nav.interpret.mutation import summarise_mutations
from her2nav.interpret.notes import Notes
from her2nav.interpret.plasma import summarise_plasma
from her2nav.interpret.results import NextTest, Overall, PatientHer2, SetAside, SpecimenHer2
from her2nav.interpret.retest import retest_advice
from her2nav.interpret.specimen import interpret_specimen
from her2nav.interpret.tables import Guideline
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

_FIRST = frozenset({"settle_rival_dates", "settle_rival_results", "order_IHC_after_plasma"})

Classify = Callable[[str], str | None]
"""Takes a variant as written and returns its class, or None when it cannot tell."""


def interpret_patient(
    patient: Patient, *, scoring: str, guideline: Guideline, as_of: date, classify: Classify | None = None
) -> PatientHer2:
    """Return a patient's HER2 status over all specimens, with reasons, disagreements and next tests.

    Args:
        patient: The record.
        scoring: Scoring system of the tumour type; `none` where none is validated.
        guideline: One linked edition of the tumour's rules.
        as_of: The day asked about; specimens dated wholly after it are set aside and listed.
        classify: The variants layer's classification of a variant as written.

    Returns:
        Every specimen by itself and the current status by the stated policy (domain rules, section 9). No specimen
        gives status unknown.

    Raises:
        RuleDataError: The guideline borrows tables and was not linked.
    """
    kept, aside = _split(patient, as_of)
    specimens = tuple(
        interpret_specimen(patient.specimens[index], index, scoring=scoring, guideline=guideline, as_of=as_of)
        for index in kept
    )
    chosen = governing(specimens)
    graded = scoring != "none" and bool(guideline.definitions)
    overall = _overall(chosen) if graded else _ungraded()
    notes = Notes(guideline.wording)
    compare(specimens, chosen, notes)
    plasma = summarise_plasma(specimens, patient, chosen, guideline, notes)
    asked = notes.steps(*(one.path for one in chosen.standing))
    doubts, again = retest_advice(chosen.specimen, patient.cancer, guideline)
    complete = patient.complete.specimens
    return PatientHer2(
        specimens=specimens,
        overall=overall,
        ever_positive=_ever(specimens, complete, "status", "positive"),
        ever_low=_ever(specimens, complete, "expression", "low"),
        mutation=summarise_mutations(patient, kept, as_of, classify),
        plasma=plasma,
        next_tests=_ranked(specimens, chosen.standing, (*asked, *again)),
        flags=(*notes.flags, *raised(specimens), *doubts),
        set_aside=aside,
        scoring=scoring,
        guideline=guideline.id,
    )


def _overall(chosen: Governing) -> Overall:
    """Return the current status: of the governing specimen, or what holds for all rivals."""
    if chosen.rivals:
        reason = "rivals_of_one_day" if chosen.same_day else "rivals_without_order"
        return Overall(
            joined([one.status for one in chosen.rivals], reason),
            joined([one.expression for one in chosen.rivals], reason),
            None,
            chosen.told,
            tuple(one.path for one in chosen.rivals),
            chosen.settled_by,
        )
    one = chosen.specimen
    if one is None:
        nothing = "no_her2_result"
        return Overall(unknown(STATUS, nothing), unknown(EXPRESSION, nothing), None, chosen.told)
    return Overall(one.status, one.expression, one.path, chosen.told)


def _ungraded() -> Overall:
    """Return that no status is given in a tumour without a validated scoring, whatever was measured."""
    nothing = "no_validated_scoring"
    return Overall(unknown(STATUS, nothing), unknown(EXPRESSION, nothing), None, _no_scoring)


def _no_scoring() -> tuple[str, str]:
    return (
        "No HER2 scoring is validated for this tumour: no status is given; the results stand as reported.",
        "There are no agreed HER2 rules for this cancer, so we only show what the report says.",
    )


def _split(patient: Patient, as_of: date) -> tuple[list[int], tuple[SetAside, ...]]:
    """Return the positions of the specimens to use, and what lies wholly after the day asked about."""
    kept, aside = [], []
    for index, specimen in enumerate(patient.specimens):
        if specimen.collected is not None and specimen.collected.certainly_after(as_of):
            aside.append(SetAside(f"/specimens/{index}", str(specimen.collected), f"dated after {as_of}"))
        else:
            kept.append(index)
    aside += [
        SetAside(f"/ctdna/{index}", str(result.date), f"dated after {as_of}")
        for index, result in enumerate(patient.ctdna)
        if result.date is not None and result.date.certainly_after(as_of)
    ]
    return kept, tuple(aside)


def _ever(specimens: Iterable[SpecimenHer2], complete: bool, name: str, value: str) -> Truth:
    """Say whether any specimen ever had a value: an unlisted or unsettled specimen keeps it unknown, never "no"."""
    truths = {getattr(one, name).truth_of(value) for one in specimens}
    if Truth.MET in truths:
        return Truth.MET
    return Truth.NOT_MET if complete and truths == {Truth.NOT_MET} else Truth.UNKNOWN


def _ranked(
    specimens: tuple[SpecimenHer2, ...], first: tuple[SpecimenHer2, ...], asked: tuple[NextTest, ...]
) -> tuple[NextTest, ...]:
    """Join the steps of all specimens, those of the governing ones first; the same step stands once.

    What settles which of several results stands, and tissue IHC where there is none, come before the rest.
    """
    if len(specimens) == 1 and not asked:
        return specimens[0].next
    before = [step for step in asked if step.code in _FIRST]
    order = [*first, *(one for one in reversed(specimens) if not any(one is other for other in first))]
    joined: dict[str, NextTest] = {}
    for step in [
        *before,
        *(step for one in order for step in one.next),
        *(step for step in asked if step not in before),
    ]:
        known = joined.get(step.code)
        if known is None:
            joined[step.code] = step
        else:
            joined[step.code] = NextTest(
                known.code,
                known.clinical,
                known.plain,
                known.effort,
                tuple(dict.fromkeys(known.rules + step.rules)),
                tuple(dict.fromkeys(known.specimens + step.specimens)),
            )
    return tuple(joined.values())
