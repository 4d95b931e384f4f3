"""Labels of a day as arrays: the truth of all of them for a patient, with or without a treatment, without reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.therapy.book import TherapyBook
from her2nav.therapy.gate_truths import gate_program
from her2nav.therapy.labels import entries_on

Flags = NDArray[np.bool_]
_SURE = ("her2", "setting")
"""What gates are about that must be met before anything is said to open."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelTable:
    """Labels and recommendations that stood on a day.

    Attributes:
        names: Ids of the entries.
        starts, ends: Where the gates of each entry begin and end.
        gates: Reference of each gate that stood, entry after entry (`gate_truths.GateProgram`).
        unverified, unsettled, sure: Of each such gate: its wording is not verified; whether it stood is not sure; it
            must be met before the entry is said to open.
        held_back, withdrawn: Of each entry.
    """

    names: tuple[str, ...]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    gates: NDArray[np.intp]
    unverified: Flags
    unsettled: Flags
    sure: Flags
    held_back: Flags
    withdrawn: Flags

    def judge(self, codes: single.Codes) -> LabelTruths:
        """Return the truths of the entries.

        Args:
            codes: Of the gates (`gate_truths.gate_codes`).
        """
        gates = codes[self.gates]
        gates = np.where(
            self.unverified | (self.unsettled & (gates == single.NOT_MET)), np.uint8(single.UNKNOWN), gates
        )
        labels = np.zeros(len(self.names), np.uint8)
        some = self.ends > self.starts
        if some.any():
            labels[some] = np.bitwise_or.reduceat(gates, self.starts[some])
        labels[self.held_back & (labels == single.MET)] = single.UNKNOWN
        labels[self.withdrawn] = single.NOT_MET
        return LabelTruths(self, gates, labels)


@dataclass(frozen=True, slots=True, eq=False)
class LabelTruths:
    """The entries for one patient.

    Attributes:
        gates: Code of each gate that stood, a gate that is not verified being open.
        labels: Code of each entry.
    """

    table: LabelTable
    gates: single.Codes
    labels: single.Codes

    def closed_by(self, after: LabelTruths) -> list[str]:
        """Return the entries that are open and are not in another answer."""
        found = (self.labels != single.NOT_MET) & (after.labels == single.NOT_MET)
        return [self.table.names[at] for at in np.flatnonzero(found).tolist()]

    def opened_by(self, after: LabelTruths) -> Iterator[str]:
        """Yield the entries that are closed and are, in another answer, open for certain where they were closed.

        A regimen that names a class ("chemotherapy") leaves it unknown whether a taxane was in it, and earlier
        treatment settles neither HER2 nor what an operation will find: none of these opens a label.
        """
        table = self.table
        found = (self.labels == single.NOT_MET) & (after.labels != single.NOT_MET)
        wanted = table.sure | (self.gates == single.NOT_MET)
        for at in np.flatnonzero(found).tolist():
            own = slice(table.starts[at], table.ends[at])
            if (after.gates[own][wanted[own]] == single.MET).all():
                yield table.names[at]


@lru_cache(maxsize=16)
def label_table(book: TherapyBook, day: date, jurisdiction: str | None) -> LabelTable:
    """Return the labels of a jurisdiction, and all recommendations, that stood on a day."""
    places = dict(zip(gate_program(book).names, gate_program(book).references.tolist(), strict=True))
    entries = [
        one
        for one in entries_on(book, day)
        if one.approval.jurisdiction in ("any", jurisdiction) and one.approval.standing in ("approved", "guideline")
    ]
    uses = [use for one in entries for use in one.uses]
    sizes = np.array([len(one.uses) for one in entries], np.intp)
    ends = np.cumsum(sizes, dtype=np.intp)
    return LabelTable(
        tuple(one.approval.id for one in entries),
        ends - sizes,
        ends,
        np.array([places[use.gate.id] for use in uses], np.intp),
        np.array([use.confidence.unverified for use in uses], np.bool_),
        np.array([not use.settled for use in uses], np.bool_),
        np.array([use.gate.about in _SURE for use in uses], np.bool_),
        np.array([bool(one.held_back) for one in entries], np.bool_),
        np.array([one.status == "withdrawn" for one in entries], np.bool_),
    )
