"""Columns of many patients supplied from outside: a Parquet file, a generator, another process.

Names of columns are the keys by which the kinds ask for them:

========================================================  ==================  =========================================
column                                                    part of             criterion kinds that read it
========================================================  ==================  =========================================
age                                                       numbers             age (completed years)
sex                                                       terms               sex
ecog, karnofsky, lansky, performance_age                  numbers             performance_status (age in days)
("recorded", scale), scale one of the three               truths              performance_status
("lab", scale, variable, derive), ("lab_age", the same)   numbers             lab_value without support windows
("lvef", methods), ("lvef_age", methods)                  numbers             lvef
("lines", setting, of, except_of, relapse window)         numbers             lines_of_therapy
tumour, histology                                         terms               tumour_type
setting, stage, tnm_t, tnm_n; tumour_size (number)        terms               disease_setting
("receptor", "er"), ("receptor", "pr")                    numbers             hormone_receptor
therapies                                                 table               prior_therapy, disease_progression
specimens                                                 table               her2_status without specimen filters
========================================================  ==================  =========================================

Numbers are pairs, low and high; unknown is minus to plus infinity. Any other criterion works too when the truth that it
asks for is supplied in `truths` under its key; where it is not, `MissingColumn` names it. Nothing is ever assumed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.specimens import SpecimenTable
from her2nav.facts.terms import TermSet
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats, Tri, constant, judged
from her2nav.knowledge.load import Knowledge


class TermColumn(NamedTuple):
    """A set of terms per patient: its position in `sets`, which holds each set once."""

    codes: NDArray[np.intp]
    sets: tuple[TermSet, ...]

    def any_of(self, wanted: Sequence[str]) -> Tri:
        """Return whether one of the wanted terms holds; each distinct set is judged once."""
        if len(self.codes) == 1:
            return constant(self.sets[self.codes.item()].any_of(wanted), 1)
        return judged(lambda terms: terms.any_of(wanted), self.codes, self.sets)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Patients as columns, without their records.

    Attributes:
        size: The number of patients; every column has that length.
        knowledge: What they are judged by.
    """

    size: int
    knowledge: Knowledge
    numbers: Mapping[Hashable, tuple[Floats, Floats]] = field(default_factory=dict)
    truths: Mapping[Hashable, Tri] = field(default_factory=dict)
    terms: Mapping[Hashable, TermColumn] = field(default_factory=dict)
    therapies: TherapyTable | None = None
    specimens: SpecimenTable | None = None

    def part(self, start: int, stop: int) -> Columns:
        """Return the patients from `start` to `stop`; the columns are views."""
        return Columns(
            len(range(self.size)[start:stop]),
            self.knowledge,
            {key: (low[start:stop], high[start:stop]) for key, (low, high) in self.numbers.items()},
            {key: truth.part(start, stop) for key, truth in self.truths.items()},
            {key: TermColumn(column.codes[start:stop], column.sets) for key, column in self.terms.items()},
            None if self.therapies is None else self.therapies.part(start, stop),
            None if self.specimens is None else self.specimens.part(start, stop),
        )


def term_column(values: Sequence[TermSet]) -> TermColumn:
    """Return the column of a list of sets."""
    index: dict[TermSet, int] = {}
    codes = np.array([index.setdefault(terms, len(index)) for terms in values], np.intp)
    return TermColumn(codes, tuple(index))
