"""Random-effects pooling of response rates: only arms of one tumour, gate, line, regimen and dose."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from her2nav.evidence.extra import need
from her2nav.evidence.intervals import events_of
from her2nav.evidence.rows import Row

METHOD = "random effects (DerSimonian-Laird) on the logit scale"
CAVEAT = "Pooled across trials that were not designed to be compared; patients, tests and data cuts differ."


class Alike(NamedTuple):
    """What arms must share to be pooled."""

    tumours: tuple[str, ...]
    gate: str
    molecular: str | None
    setting: str
    drugs: tuple[str, ...]
    dose: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One arm that can be pooled."""

    row: Row
    events: int
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """Arms that share everything they must share."""

    alike: Alike
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled share, in percent, with its heterogeneity.

    Attributes:
        share: The pooled estimate.
        low: Lower end of its 95 % interval.
        high: Upper end.
        tau2: Variance between the trials, logit scale.
        q: Cochran's Q.
        df: Degrees of freedom of Q.
        p: Probability of so large a Q without heterogeneity.
        i2: Share of the variation that is between trials, in percent.
        weights: Of each arm, in percent.
    """

    share: float
    low: float
    high: float
    tau2: float
    q: float
    df: int
    p: float
    i2: float
    weights: tuple[float, ...]


def alike(row: Row) -> Alike:
    """Return what an arm must share with another."""
    return Alike(row.study.tumours, row.gate, row.molecular, row.setting, tuple(sorted(row.drugs)), row.dose)


def groups(rows: Iterable[Row]) -> list[Group]:
    """Return the groups of two or more arms that may be pooled, one arm of each trial.

    An arm takes part when its trial is a trial, its dose and setting are printed, its response rate is verified and
    exactly one count of patients gives it. Of several arms of a trial the largest takes part.
    """
    found: dict[Alike, dict[str, Entry]] = {}
    for row in rows:
        entry = _entry(row)
        if entry is None:
            continue
        of_trial = found.setdefault(alike(row), {})
        known = of_trial.get(row.study.id)
        if known is None or entry.n > known.n:
            of_trial[row.study.id] = entry
    return [Group(key, tuple(entries.values())) for key, entries in found.items() if len(entries) > 1]


def _entry(row: Row) -> Entry | None:
    result = row.one("orr")
    if row.study.kind != "trial" or row.dose is None or row.setting == "not_stated" or not row.drugs or result is None:
        return None
    n, counts = row.patients(result), events_of(row, result)
    return Entry(row, counts[0], n) if n is not None and len(counts) == 1 else None


def near_misses(rows: Sequence[Row]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return (names of trials of one regimen, what they do not share) for regimens of which nothing is pooled."""
    pooled = {(group.alike.tumours, group.alike.drugs) for group in groups(rows)}
    by_drugs: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row.study.kind == "trial" and row.one("orr") is not None and row.drugs and row.arm.within is None:
            by_drugs.setdefault((row.study.tumours, tuple(sorted(row.drugs))), []).append(row)
    missed = []
    for regimen, of_regimen in by_drugs.items():
        if regimen in pooled:
            continue
        names = tuple(dict.fromkeys(row.study.name for row in of_regimen))
        if len(names) > 1:
            reasons = _differences(of_regimen)
            if reasons:
                missed.append((names, reasons))
    return missed


_WORDS = {
    "gate": "the HER2 alteration",
    "molecular": "the other genes asked for",
    "setting": "the line",
    "dose": "the dose",
}


def _differences(rows: Sequence[Row]) -> tuple[str, ...]:
    keys = [alike(row) for row in rows]
    found = [words for field, words in _WORDS.items() if len({getattr(key, field) for key in keys}) > 1]
    if all(key.dose is None for key in keys):
        found.append("a dose, which is not printed")
    return tuple(found)


def pool(counts: Sequence[tuple[int, int]]) -> Pooled:
    """Pool shares given as (events, patients), at least two of them.

    A half is added to both cells where one is empty.

    Raises:
        ValueError: Fewer than two shares.
        InputError: The extra is not installed.
    """
    if len(counts) < 2:
        raise ValueError("pooling needs two shares or more")
    meta = need("statsmodels.stats.meta_analysis", "pooling")
    stats = need("scipy.stats", "pooling")
    numpy = need("numpy", "pooling")
    cells = [(k + 0.5, n - k + 0.5) if k in (0, n) else (float(k), float(n - k)) for k, n in counts]
    effects = numpy.array([math.log(hit / miss) for hit, miss in cells])
    variances = numpy.array([1 / hit + 1 / miss for hit, miss in cells])
    with numpy.errstate(divide="ignore", invalid="ignore"):
        result = meta.combine_effects(effects, variances, method_re="dl")
        fixed, random = result.conf_int(alpha=0.05, use_t=False)[:2]
    # The library leaves a variance below nought as it is; there is none then, and the fixed-effect estimate holds.
    tau2 = max(0.0, float(result.tau2))
    mean, (low, high) = (result.mean_effect_re, random) if tau2 > 0 else (result.mean_effect_fe, fixed)
    q, df = float(result.q), len(counts) - 1
    weights = 1 / (variances + tau2)
    return Pooled(
        share=_share(float(mean)),
        low=_share(float(low)),
        high=_share(float(high)),
        tau2=tau2,
        q=q,
        df=df,
        p=float(stats.chi2.sf(q, df)),
        i2=max(0.0, 100 * (q - df) / q) if q > 0 else 0.0,
        weights=tuple(float(100 * weight / weights.sum()) for weight in weights),
    )


def _share(logit: float) -> float:
    return 100 / (1 + math.exp(-logit))
