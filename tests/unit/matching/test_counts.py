"""Counts held as binary digits say the same as counts held as numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from her2nav.matching.bitsets import Counts

WORDS = 2
ROWS = st.lists(st.integers(0, 2**64 - 1), min_size=WORDS, max_size=WORDS)


@given(st.lists(st.tuples(ROWS, st.integers(1, 9)), max_size=12))
def test_the_greatest_counts(added):
    counts, plain = Counts(WORDS), np.zeros(64 * WORDS, np.intp)
    for row, many in added:
        where = np.array(row, np.uint64)
        counts.add(where, many)
        plain += many * np.unpackbits(where.view(np.uint8), bitorder="little")
    most = np.unpackbits(counts.most().view(np.uint8), bitorder="little").astype(bool)
    assert most.tolist() == (plain == plain.max()).tolist()


def test_what_is_added_is_not_changed():
    where = np.array([3, 0], np.uint64)
    counts = Counts(WORDS)
    for _ in range(3):
        counts.add(where)
    assert where.tolist() == [3, 0]
