"""Which specimen stands for the current HER2 status: the newest adequate tissue, a metastasis where dates are equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from her2nav.interpret.results import SpecimenHer2


@dataclass(frozen=True, slots=True)
class Governing:
    """The specimen that governs.

    Attributes:
        specimen: None when no adequate tissue has a HER2 result, or when rivals disagree.
        told: Puts how it was chosen into words: one sentence for clinicians, one for a patient.
        newer_untested: Pointers of newer tissue without a HER2 result.
        newer_inadequate: Pointers of newer tissue that is not adequate.
        rivals: Specimens that may each be the newest and whose results differ; then none governs.
        same_day: Whether the rivals are of one day; False: their dates do not tell.
    """

    specimen: SpecimenHer2 | None
    told: Callable[[], tuple[str, str]]
    newer_untested: tuple[str, ...] = ()
    newer_inadequate: tuple[str, ...] = ()
    rivals: tuple[SpecimenHer2, ...] = ()
    same_day: bool = False

    @property
    def standing(self) -> tuple[SpecimenHer2, ...]:
        """The specimens whose results may be the current ones: the governing one, or all rivals."""
        return self.rivals if self.specimen is None else (self.specimen,)

    @property
    def alike(self) -> bool:
        """True when the rivals differ in their numbers only: status and category are final and the same in all."""
        return _alike(self.rivals)

    @property
    def settled_by(self) -> str:
        """Code of the next step that tells which rival counts; empty where one specimen governs."""
        if not self.rivals:
            return ""
        return "settle_rival_results" if self.same_day else "settle_rival_dates"


def governing(specimens: tuple[SpecimenHer2, ...]) -> Governing:
    """Choose by date; equal dates go to a metastasis. The order of the record never decides between results.

    Where dates do not tell which specimen is newest and their results differ, none governs and only what is true of
    all of them is known. A newest specimen whose result is open governs all the same: an older result never fills its
    gap.
    """
    adequate = [one for one in specimens if one.usable and one.tissue and one.informative]
    if not adequate:
        return Governing(None, _nothing)
    newest = adequate if len(adequate) == 1 else _newest(adequate)
    best = newest[-1]
    newer = (
        [one for one in specimens if one.tissue and one not in newest and _order(best, one) > 0]
        if len(specimens) > 1
        else []
    )
    untested = tuple(one.path for one in newer if one.usable)
    inadequate = tuple(one.path for one in newer if not one.usable)
    if len(newest) > 1 and any(_result(one) != _result(best) for one in newest):
        return _rivals(newest, untested, inadequate)
    return Governing(best, partial(_only if len(adequate) == 1 else _most_recent, best), untested, inadequate)


def _nothing() -> tuple[str, str]:
    return (
        "No adequate tissue specimen with a HER2 result is on record, so the current status is unknown.",
        "There is no tumour sample with a HER2 result, so the HER2 status is not known.",
    )


def _only(best: SpecimenHer2) -> tuple[str, str]:
    pending = not best.status.final
    return (
        f"The only adequate tissue specimen with a HER2 result governs: {_named(best)}."
        + (" Its result is not final." if pending else ""),
        "There is one tumour sample with a HER2 result, and it counts."
        + (" Its result is not final yet." if pending else ""),
    )


def _most_recent(best: SpecimenHer2) -> tuple[str, str]:
    pending = not best.status.final
    return (
        f"The most recent adequate tissue governs, a metastasis where dates are equal: {_named(best)}; "
        "results of other specimens are kept and never averaged." + (" Its result is not final." if pending else ""),
        "The newest good tumour sample counts. Older results are kept and shown."
        + (" Its result is not final yet." if pending else ""),
    )


def _rivals(newest: list[SpecimenHer2], untested: tuple[str, ...], inadequate: tuple[str, ...]) -> Governing:
    same_day = all(_same_day(one, newest[-1]) for one in newest)
    return Governing(None, partial(_disagree, newest, same_day), untested, inadequate, tuple(newest), same_day)


def _alike(rivals: Sequence[SpecimenHer2]) -> bool:
    settled = all(one.status.final and "unknown" not in (one.status.value, one.expression.value) for one in rivals)
    return settled and len({(one.status.value, one.expression.value) for one in rivals}) == 1


def _disagree(newest: list[SpecimenHer2], same_day: bool) -> tuple[str, str]:
    shown = "; ".join(f"{_named(one)} {said(one)}" for one in newest)
    count = {2: "Two", 3: "Three", 4: "Four"}.get(len(newest), str(len(newest)))
    if _alike(newest):
        when = "of the same day" if same_day else "without a known order"
        told = f"{count} results {when} differ in their numbers and mean the same: {shown}."
        return (
            f"{told} What only one of them holds is not used.",
            "The tumour samples were not measured exactly alike, but they mean the same for HER2.",
        )
    if same_day:
        why = f"{count} results of the same day disagree"
        plain = f"{count} tumour samples of the same day do not have the same HER2 result."
    else:
        why = f"{count} results disagree and their dates do not tell which is the newest"
        plain = "The dates do not show which tumour sample is the newest, and the results differ."
    return (
        f"{why}: {shown}. None of them governs: only what holds for all of them is known.",
        f"{plain} We only say what is true for all of them.",
    )


def said(one: SpecimenHer2) -> str:
    """Say a specimen's results in a few words."""
    parts = []
    if one.ihc_called:
        scores = dict.fromkeys("0" if score.startswith("0") else score for score in one.ihc_called)
        parts.append("IHC " + " or ".join(scores))
    if len(one.ish) == 1:
        parts.append(f"ISH {next(iter(one.ish))}")
    elif one.extra and one.extra["ish"].reason != "not_tested":
        parts.append("ISH not settled")
    parts.append(f"HER2 {one.status.value}")
    if one.expression.value not in ("unknown", one.status.value):
        parts.append(one.expression.value.replace("_", " "))
    return ", ".join(parts)


def _result(one: SpecimenHer2) -> tuple[object, ...]:
    """Return all that a criterion may ask of a specimen."""
    status, expression = one.status, one.expression
    return (
        (status.value, status.possible, status.final),
        (expression.value, expression.possible),
        (one.ihc, one.ihc_by_scoring, one.ish, one.amplification.possible),
    )


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
    return f"{one.name} ({kind}, {one.collected or 'no date'})"


def _metastatic(one: SpecimenHer2) -> bool:
    return one.site == "metastasis"


def _order(one: SpecimenHer2, other: SpecimenHer2) -> int:
    """Return 1 when the other is certainly later, -1 when it is certainly earlier, 0 when dates do not tell."""
    if one.collected is None or other.collected is None:
        return 0
    if other.collected.low > one.collected.high:
        return 1
    return -1 if other.collected.high < one.collected.low else 0
