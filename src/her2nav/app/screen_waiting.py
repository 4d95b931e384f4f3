"""Which pairs wait for nothing but a date: found for whole blocks as far as that goes, then by looking at reasons."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from her2nav.matching.compiled import CompiledTrials, JudgedTrial
from her2nav.matching.program import TRUE, Program
from her2nav.matching.results import Match
from her2nav.model.finding import ChangeBy
from her2nav.model.truth import Truth

_WINDOWS = ("within", "days", "weeks", "months", "years", "half_lives", "window")
_ALWAYS = frozenset({"age", "washout", "cns_metastases"})
"""Kinds that time may change whatever their parameters; a test holds every kind's examples against `may_pass`."""


def may_pass(kind: str, params: object) -> bool:
    """Return whether what a leaf says against a trial may pass with time: by its kind, or by a window that it sets.

    Without a window a treatment or a condition stands for good.
    """
    return kind in _ALWAYS or _has_window(params)


def _has_window(value: object) -> bool:
    if isinstance(value, tuple):
        return any(_has_window(item) for item in value)
    if not isinstance(value, BaseModel):
        return False
    fields = ((name, getattr(value, name)) for name in type(value).model_fields)
    return any(
        (inner is not None and any(word in name for word in _WINDOWS)) or _has_window(inner) for name, inner in fields
    )


def hard_references(compiled: CompiledTrials) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the references of the criteria that bind every arm and that no date changes, and where each trial's begin.

    Each trial's begin with one that is never not met, so that none is empty.
    """
    dated = _dated(compiled.program)
    found: list[int] = []
    starts: list[int] = []
    at = 0
    for trial in compiled.trials:
        starts.append(len(found))
        found.append(TRUE)
        own = compiled.references[at : at + len(trial.criteria)].tolist()
        at += len(own)
        found += [own[i] for i in _everywhere(trial) if not dated[own[i] >> 1]]
    return np.array(found, np.intp), np.array(starts, np.intp)


def _everywhere(trial: JudgedTrial) -> list[int]:
    """Return the positions of the criteria that bind every arm."""
    groups = [set(positions) for positions in trial.binding.values()]
    return sorted(set.intersection(*groups)) if groups else []


def _dated(program: Program) -> NDArray[np.bool_]:
    """Return which nodes rest on a leaf that time may change."""
    dated = np.zeros(program.size, np.bool_)
    for node, (kind, params) in enumerate(program.leaves, 1):
        dated[node] = may_pass(kind, params)
    for level in program.levels:
        if len(level.starts):
            nodes = slice(level.first, level.first + len(level.starts))
            dated[nodes] = np.logical_or.reduceat(dated[level.parts >> 1], level.starts)
        for node, _, parts in level.counts:
            dated[node] = dated[parts >> 1].any()
    return dated


def only_for_a_date(match: Match) -> bool:
    """Return whether time alone blocks a trial, looking at as few reasons as it takes."""
    for item in match.with_truth(Truth.NOT_MET):
        change = item.change
        if change is None or change.by is not ChangeBy.DATE or change.date is None:
            return False
    return match.eligible_from is not None
