"""All specimens of a patient: the current status, what was ever found, what changed; nothing is averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from her2nav.interpret.answers import unknown
from her2nav.interpret.comparison import comparison_flags
from her2nav.interpret.governing import governing
from her2nav.interpret.mutation import summarise_mutations
from her2nav.interpret.results import NextTest, Overall, PatientHer2, SetAside, SpecimenHer2
from her2nav.interpret.retest import retest_advice
from her2nav.interpret.specimen import EXPRESSION, STATUS, interpret_specimen
from her2nav.interpret.tables import Guideline
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

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
    pending = chosen.specimen is not None and not chosen.specimen.status.final
    overall = Overall(
        status=chosen.specimen.status if chosen.specimen else unknown(STATUS, "no_her2_result"),
        expression=chosen.specimen.expression if chosen.specimen else unknown(EXPRESSION, "no_her2_result"),
        specimen=chosen.specimen.path if chosen.specimen else None,
        policy=chosen.policy + (" Its result is not final." if pending else ""),
        plain=chosen.plain + (" Its result is not final yet." if pending else ""),
    )
    flags, asked = comparison_flags(specimens, chosen)
    doubts, again = retest_advice(chosen.specimen, patient.cancer, guideline)
    complete = patient.complete.specimens
    return PatientHer2(
        specimens=specimens,
        overall=overall,
        ever_positive=_ever(specimens, complete, "status", "positive"),
        ever_low=_ever(specimens, complete, "expression", "low"),
        mutation=summarise_mutations(patient, kept, as_of, classify),
        next_tests=_ranked(specimens, chosen.specimen, (*asked, *again)),
        flags=(*flags, *doubts),
        set_aside=aside,
        scoring=scoring,
        guideline=guideline.id,
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
    truths = [getattr(one, name).truth_of(value) for one in specimens]
    if Truth.MET in truths:
        return Truth.MET
    return Truth.NOT_MET if complete and truths and all(one is Truth.NOT_MET for one in truths) else Truth.UNKNOWN


def _ranked(
    specimens: tuple[SpecimenHer2, ...], first: SpecimenHer2 | None, asked: tuple[NextTest, ...]
) -> tuple[NextTest, ...]:
    """Join the steps of all specimens, those of the governing one first; the same step stands once."""
    order = [*([first] if first else []), *(one for one in reversed(specimens) if one is not first)]
    joined: dict[str, NextTest] = {}
    for step in [*(step for one in order for step in one.next), *asked]:
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
