"""Truths of the gates of labels without reasons: all gates are one program, as the criteria of trials are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.matching import single
from her2nav.matching.evaluate import codes_of, codes_of_each
from her2nav.matching.program import Builder, Program, References, row
from her2nav.model.truth import Truth
from her2nav.therapy.book import TherapyBook


@dataclass(frozen=True, slots=True, eq=False)
class GateProgram:
    """The gates of a book.

    Attributes:
        names: Of the gates.
        references: Of each, in the program.
    """

    program: Program
    names: tuple[str, ...]
    references: References


@lru_cache(maxsize=4)
def gate_program(book: TherapyBook) -> GateProgram:
    """Return the gates of a book as a program."""
    builder = Builder()
    found = [builder.node(tree) for tree in book.gate_trees.values()]
    program, groups = builder.finish()
    return GateProgram(program, tuple(book.gate_trees), np.array([row(one, groups) for one in found], np.intp))


def gate_codes(case: Case, book: TherapyBook) -> single.Codes:
    """Return the code of every reference of the gates of a book for a patient; kept with the case."""
    known = _by_book(case)
    if id(book) not in known:
        known[id(book)] = book, codes_of(gate_program(book).program, case.alone)
    return known[id(book)][1]


def gate_codes_of_each(case: Case, later: list[Case], book: TherapyBook) -> list[single.Codes]:
    """Return the same for a patient with other systemic therapies on the same day.

    Args:
        case: The patient.
        later: The patient with the therapies.
        book: Gates and their trees.
    """
    return codes_of_each(gate_program(book).program, later, gate_codes(case, book))


def gate_truths(case: Case, book: TherapyBook) -> Mapping[str, Truth]:
    """Return the truth of each gate of a book for a patient, by its id."""
    gates = gate_program(book)
    known = _named(case)
    if id(book) not in known:
        codes = gate_codes(case, book)[gates.references].tolist()
        known[id(book)] = dict(zip(gates.names, map(single.BY_CODE.__getitem__, codes), strict=True))
    return known[id(book)]


@once
def _by_book(_: Case) -> dict[int, tuple[TherapyBook, single.Codes]]:
    return {}


@once
def _named(_: Case) -> dict[int, dict[str, Truth]]:
    return {}
