"""Columns of one patient, with the record and without it."""

from __future__ import annotations

from datetime import date

import pytest

from her2nav.facts.block import Block, MissingColumn
from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient


def test_a_number_of_one_patient_is_handed_on_however_it_was_asked_for():
    block = Block([Case(Patient(), date(2026, 1, 1), load_knowledge())])
    assert block.interval("age", lambda case: (40.0, 41.0)) == (40.0, 41.0)
    alone = Block.from_columns(block.columns())

    def never(case):
        raise AssertionError("the record is not there")

    assert alone.interval("age", never) == (40.0, 41.0)
    low, high = alone.numbers("age", never)
    assert (low.tolist(), high.tolist()) == ([40.0], [41.0])


def test_a_number_that_was_not_handed_on_is_missing():
    alone = Block.from_columns(Block([Case(Patient(), date(2026, 1, 1), load_knowledge())]).columns())
    for ask in (alone.interval, alone.numbers):
        with pytest.raises(MissingColumn):
            ask("age", lambda case: (0.0, 1.0))
