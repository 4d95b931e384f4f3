"""Which specimen stands for the current HER2 status: the newest adequate tissue, a metastasis where dates are equal."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.interpret.results import SpecimenHer2


@dataclass(frozen=True, slots=True)
class Governing:
    """The specimen that governs.

    Attributes:
        specimen: None when no adequate tissue has a HER2 result.
        policy: One sentence for clinicians.
        plain: The same for a patient.
        by_position: True when dates did not tell and the order of the record did.
        newer_untested: Pointers of newer tissue without a HER2 result.
        newer_inadequate: Pointers of newer tissue that is not adequate.
    """

    specimen: SpecimenHer2 | None
    policy: str
    plain: str
    by_position: bool = False
    newer_untested: tuple[str, ...] = ()
    newer_inadequate: tuple[str, ...] = ()


def governing(specimens: tuple[SpecimenHer2, ...]) -> Governing:
    """Choose by date; equal or overlapping dates go to a metastasis, then to the later place in the record.

    A newest specimen whose result is open governs all the same: an older result never fills its gap.
    """
    adequate = [one for one in specimens if one.usable and one.tissue and one.informative]
    if not adequate:
        return Governing(
            None,
            "No adequate tissue specimen with a HER2 result is on record, so the current status is unknown.",
            "There is no tumour sample with a HER2 result, so the HER2 status is not known.",
        )
    best, by_position = adequate[0], False
    for one in adequate[1:]:
        order = _order(best, one)
        if order > 0 or (order == 0 and not (_metastatic(best) and not _metastatic(one))):
            by_position = order == 0 and _metastatic(best) == _metastatic(one)
            best = one
    newer = [one for one in specimens if one.tissue and one is not best and _order(best, one) > 0]
    untested = tuple(one.path for one in newer if one.usable)
    inadequate = tuple(one.path for one in newer if not one.usable)
    only = len(adequate) == 1
    kind = "metastasis" if _metastatic(best) else (best.site or "tissue").replace("_", " ")
    named = f"{best.id or best.path} ({kind}, {best.collected or 'no date'})"
    if only:
        policy = f"The only adequate tissue specimen with a HER2 result governs: {named}."
        plain = "There is one tumour sample with a HER2 result, and it counts."
    else:
        policy = (
            f"The most recent adequate tissue governs, a metastasis where dates are equal: {named}; "
            "results of other specimens are kept and never averaged."
        )
        plain = "The newest good tumour sample counts. Older results are kept and shown."
    return Governing(best, policy, plain, by_position, untested, inadequate)


def _metastatic(one: SpecimenHer2) -> bool:
    return one.site == "metastasis"


def _order(one: SpecimenHer2, other: SpecimenHer2) -> int:
    """Return 1 when the other is certainly later, -1 when it is certainly earlier, 0 when dates do not tell."""
    if one.collected is None or other.collected is None:
        return 0
    if other.collected.low > one.collected.high:
        return 1
    return -1 if other.collected.high < one.collected.low else 0
