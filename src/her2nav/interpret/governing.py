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
        by_position: True when dates did not tell, so that of equal results the last in the record stands for all.
        newer_untested: Pointers of newer tissue without a HER2 result.
        newer_inadequate: Pointers of newer tissue that is not adequate.
        rivals: Pointers of specimens that may each be the newest and whose results differ; then none governs.
    """

    specimen: SpecimenHer2 | None
    policy: str
    plain: str
    by_position: bool = False
    newer_untested: tuple[str, ...] = ()
    newer_inadequate: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


def governing(specimens: tuple[SpecimenHer2, ...]) -> Governing:
    """Choose by date; equal dates go to a metastasis. The order of the record never decides between results.

    Where dates do not tell which specimen is newest and their results differ, none governs and the status is unknown.
    A newest specimen whose result is open governs all the same: an older result never fills its gap.
    """
    adequate = [one for one in specimens if one.usable and one.tissue and one.informative]
    if not adequate:
        return Governing(
            None,
            "No adequate tissue specimen with a HER2 result is on record, so the current status is unknown.",
            "There is no tumour sample with a HER2 result, so the HER2 status is not known.",
        )
    newest = _newest(adequate)
    if len({(one.status.value, one.expression.value) for one in newest}) > 1:
        shown = " and ".join(_named(one) for one in newest)
        return Governing(
            None,
            f"The dates do not tell which of {shown} is the newest, and their results differ: the current status is "
            "unknown.",
            "The dates do not show which tumour sample is the newest, and the results differ.",
            rivals=tuple(one.path for one in newest),
        )
    best, by_position = newest[-1], len(newest) > 1
    newer = [one for one in specimens if one.tissue and one is not best and _order(best, one) > 0]
    untested = tuple(one.path for one in newer if one.usable)
    inadequate = tuple(one.path for one in newer if not one.usable)
    only = len(adequate) == 1
    named = _named(best)
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


def _newest(adequate: list[SpecimenHer2]) -> list[SpecimenHer2]:
    """Return the specimens that may be the newest, metastases last; of the same date a metastasis stands alone."""
    last = [one for one in adequate if not any(_order(one, other) > 0 for other in adequate)]
    spread = [one for one in last if _metastatic(one)]
    rest = [one for one in last if not _metastatic(one)]
    return [one for one in rest if not any(_same_day(one, other) for other in spread)] + spread


def _same_day(one: SpecimenHer2, other: SpecimenHer2) -> bool:
    first, second = one.collected, other.collected
    return first is not None and second is not None and (first.low, first.high) == (second.low, second.high)


def _named(one: SpecimenHer2) -> str:
    kind = "metastasis" if _metastatic(one) else (one.site or "tissue").replace("_", " ")
    return f"{one.id or one.path} ({kind}, {one.collected or 'no date'})"


def _metastatic(one: SpecimenHer2) -> bool:
    return one.site == "metastasis"


def _order(one: SpecimenHer2, other: SpecimenHer2) -> int:
    """Return 1 when the other is certainly later, -1 when it is certainly earlier, 0 when dates do not tell."""
    if one.collected is None or other.collected is None:
        return 0
    if other.collected.low > one.collected.high:
        return 1
    return -1 if other.collected.high < one.collected.low else 0
