"""Which specimen a test is made on, with what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.interpret.guidelines import guideline_for
from her2nav.interpret.tables import Phrase
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import Specimen
from her2nav.testing.record import adequate, interpreted, standing, tissue
from her2nav.testing.results import Target
from her2nav.testing.schema import Needs, Policy

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_KIND = {
    "biopsy": ("biopsy", "biopsy"),
    "resection": ("resection", "operation sample"),
    "cytology": ("cytology", "cell sample"),
    "cytology_block": ("cytology cell block", "cell sample"),
    "blood": ("blood", "blood sample"),
}
_SITE = {
    "primary": ("primary", "first tumour"),
    "metastasis": ("metastasis", "spread tumour"),
    "lymph_node": ("lymph node", "lymph node"),
    "local_recurrence": ("local recurrence", "tumour that came back"),
}
_NEW = Target(
    None, "a new biopsy, of a metastasis where that is safe", "a new sample (biopsy), if your team finds it safe"
)
_NEW_NONE_LEFT = Target(
    None,
    "no adequate tissue with material left on record: ask for an archived block, else a new biopsy",
    "no sample is on record: your team asks the lab for an older one, or takes a new one",
)
_BLOOD = Target(None, "plasma (blood)", "a blood sample")
_RECORD = Target(None, "the report", "the lab report")
_RESIDUAL = Target(
    None, "the residual tumour of the operation", "what was left of the tumour and taken out in the operation"
)
_EXCISION = Target(None, "the excised tumour", "the tumour taken out in the operation")
_ASK_BLOCK = Phrase(
    clinical="whether a block with tumour is left is not recorded: ask first",
    plain="your team first asks if enough of this sample is left",
)
_SMEAR = Phrase(
    clinical="cytology: usable only as a cell block with enough viable tumour cells",
    plain="this kind of sample may not hold enough tumour cells",
)


def shown_day(day: PartialDate | None) -> str | None:
    """Return a date without room for a mix-up of day and month; as exact as it is known.

    >>> shown_day(PartialDate.parse("2025-06"))
    'Jun 2025'
    """
    if day is None:
        return None
    parts = day.text.split("-")
    if len(parts) == 1:
        return parts[0]
    month = f"{_MONTHS[day.low.month - 1]} {day.low.year}"
    return month if len(parts) == 2 else f"{day.low.day} {month}"


def specimen_target(case: Case, index: int, cautions: Iterable[Phrase] = ()) -> Target:
    """Name a specimen in both registers."""
    specimen = case.patient.specimens[index]
    kind, site = _KIND.get(specimen.kind or "", ("sample", "sample")), _SITE.get(specimen.site or "", ("", ""))
    day = shown_day(specimen.collected)
    inside = ", ".join(part for part in (kind[0], site[0], specimen.organ or "", day or "no date") if part)
    name = specimen.id or f"specimen {index + 1}"
    organ = f" ({specimen.organ})" if specimen.organ and specimen.site == "metastasis" else ""
    plain = f"the {kind[1]}" + (f" of the {site[1]}{organ}" if site[1] else "") + (f" from {day}" if day else "")
    return Target(f"/specimens/{index}", f"{name} ({inside})", plain, tuple(cautions))


def targets(policy: Policy, case: Case, needs: Needs, asked: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """Return what a test is made on.

    Args:
        policy: How the rule or test says it.
        case: The patient.
        needs: What the test is made on; whether material is left matters only where tissue is needed.
        asked: JSON pointers that the interpretation names; used by the policy `asked`.
    """
    if policy == "asked":
        indices = [int(path.rsplit("/", 1)[-1]) for path in asked if path.startswith("/specimens/")]
        if needs != "tissue":
            return tuple(specimen_target(case, index) for index in indices) or (_RECORD,)
        return tuple(_material(case, index) for index in indices) or targets("governing", case, needs)
    if policy == "governing":
        found = standing(case)
        if not found:
            return targets("newest_tissue", case, needs)
        made_on = _material if needs == "tissue" else specimen_target
        return tuple(made_on(case, one.index) for one in found)
    if policy == "newest_tissue":
        index = _newest(case, tissue(case))
        return (_with_cautions(case, index),) if index is not None else (_NEW_NONE_LEFT,)
    if policy == "metastasis":
        index = _newest(case, [(i, item) for i, item in tissue(case) if item.site == "metastasis"])
        return (_with_cautions(case, index),) if index is not None else (_NEW,)
    if policy in ("excision", "residual"):
        index = _newest(case, _operated(case, after_treatment=policy == "residual"))
        if index is not None:
            return (_with_cautions(case, index),)
        return (_RESIDUAL if policy == "residual" else _EXCISION,)
    return ({"new_biopsy": _NEW, "blood": _BLOOD, "record": _RECORD}[policy],)


def _operated(case: Case, *, after_treatment: bool) -> list[tuple[int, Specimen]]:
    """Return resections; those after the start of treatment where asked so."""
    starts = [course.start[0] for course in case.courses if course.start[0] is not None]
    found = [(i, item) for i, item in tissue(case) if item.kind == "resection"]
    if not after_treatment:
        return found
    return [
        (i, item)
        for i, item in found
        if item.after_therapy or (item.collected is not None and starts and item.collected.low >= min(starts))
    ]


def _newest(case: Case, candidates: list[tuple[int, Specimen]]) -> int | None:
    """Return the newest specimen that can be tested: adequate, not used up, a metastasis where dates are equal."""
    kept = []
    for index, specimen in candidates:
        one = interpreted(case, index)
        if specimen.tissue_available is not False and adequate(one):
            day = specimen.collected.high.toordinal() if specimen.collected else 0
            kept.append((day, specimen.site == "metastasis", index))
    return max(kept)[2] if kept else None


def _material(case: Case, index: int) -> Target:
    """Name a specimen that tissue is needed of; where none is left of it, say what is needed in its place."""
    if case.patient.specimens[index].tissue_available is not False:
        return _with_cautions(case, index)
    name = specimen_target(case, index)
    return Target(
        None,
        f"another archived block, else a new biopsy (nothing is left of {name.clinical})",
        f"another sample, for nothing is left of {name.plain}",
    )


def _with_cautions(case: Case, index: int) -> Target:
    specimen, one = case.patient.specimens[index], interpreted(case, index)
    cautions = []
    if specimen.tissue_available is False:
        cautions.append(Phrase(clinical="no tissue is left of it", plain="nothing is left of this sample"))
    elif specimen.tissue_available is None:
        cautions.append(_ASK_BLOCK)
    if specimen.kind == "cytology":
        cautions.append(_SMEAR)
    if one is not None:
        codes = _handling_codes(case)
        cautions += [Phrase(clinical=f.clinical, plain=f.plain) for f in one.flags if f.code in codes]
    return specimen_target(case, index, cautions)


@once
def _handling_codes(case: Case) -> frozenset[str]:
    """Return the flags of the tables that speak of how tissue was handled."""
    if case.tumour_id is None:
        return frozenset()
    guideline = guideline_for(case.tumour_id, case.knowledge, case.as_of)
    if guideline is None:
        return frozenset()
    names = (*guideline.remarks, *((guideline.adequacy,) if guideline.adequacy else ()))
    return frozenset(code for name in names for rule in guideline.compiled[name].rules for code in rule.flags)
