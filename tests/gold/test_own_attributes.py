"""Eighty-four trials read by hand before the reader saw them: the attribute view keeps what it was measured at.

`attributes_own` holds facts with other defensible readings; the texts stay in the shared folder. The trials are the
k-th of each group (breast open and closed, gastric, lung, colorectal, any tumour, other) of those that name HER2 and
are neither in the shared gold set nor curated, ordered by number; six more are taken from those of 2026 by the order
of a digest of their number. Sixty-four more, by other readers, are drawn at random
from the half that nobody looked at.
"""

import importlib.util
import json
import sys
from collections import Counter

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge

PRECISION, RECALL = 0.97, 0.92
"""At first sight 0.873 and 0.822 of the first fourteen, 0.922 and 0.922 of six, 0.960 and 0.852 of twenty-four, 0.932
and 0.865 of twelve, 0.957 and 0.871 of fourteen, 0.938 and 0.918 of the last fourteen."""


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def counts(root, shared):
    """Facts that are right, too many and missing, over all trials."""
    score = module(shared / "tools/score_attributes.py")
    sys.path.insert(0, str(root / "benchmarks"))
    try:
        reading = module(root / "benchmarks/reading.py")
        records = reading.own_records(shared)
    finally:
        sys.path.remove(str(root / "benchmarks"))
    reader = Reader(load_knowledge())
    found = Counter()
    for number, record in records.items():
        gold = json.loads((root / f"tests/gold/attributes_own/{number}.json").read_text())
        predicted = score.facts(reading.view_of(reader, record))
        accepted = gold["accept"]
        for key in {*score.facts(gold["attributes"]), *predicted, *accepted}:
            ours = predicted.get(key, set())
            best = min(score.readings(gold["attributes"], accepted, key), key=lambda facts: len(facts ^ ours))
            found.update(right=len(best & ours), extra=len(ours - best), missing=len(best - ours))
    return found


def test_what_is_read_is_right(counts):
    assert counts["right"] / (counts["right"] + counts["extra"]) >= PRECISION


def test_enough_is_read(counts):
    assert counts["right"] / (counts["right"] + counts["missing"]) >= RECALL


def test_the_set_is_whole(root):
    """Every file names its source and holds facts with numbers of the contract, and no sentence of a record."""
    paths = sorted((root / "tests/gold/attributes_own").glob("NCT*.json"))
    assert len(paths) == 94
    for path in paths:
        data = json.loads(path.read_text())
        assert data["attributes"]["nct_id"] == path.stem
        assert set(data) == {"source", "attributes", "accept", "doubts"}
