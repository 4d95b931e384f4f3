"""Whatever the bytes, reading them gives records and damage, never an exception."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from her2nav.registry.compose import Version, compose
from her2nav.registry.read import Damage, ReadRecord, parse_raw, read_records
from her2nav.store.codec import trial_from_json, trial_json
from registry.records import page, row, v2, xml

SEEDS = [
    json.dumps(v2()).encode(),
    json.dumps([v2("NCT00000001"), v2("NCT00000002")]).encode(),
    page([v2("NCT00000001"), v2("NCT00000002")]),
    b"\n".join(json.dumps(row(f"NCT0000000{n}")).encode() for n in range(3)),
    xml(),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def check(content: bytes) -> list[ReadRecord | Damage]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        found = list(read_records([path]))
    assert found, "nothing said of a file"
    for item in found:
        if isinstance(item, Damage):
            assert item.reason
            continue
        try:
            body = trial_json(item.trial)
        except ValueError:
            continue  # half of a surrogate pair, which the import reports
        again = trial_from_json(body, item.trial.current_on.isoformat() if item.trial.current_on else None)
        assert again == item.trial
        assert parse_raw(item.raw, item.trial.shape) == item.trial
    return found


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 40)), max_size=4),
)
def test_damaged_bytes(seed: bytes, edits: list[tuple[int, bytes, int]]) -> None:
    content = seed
    for at, new, gone in edits:
        at %= len(content) + 1
        content = content[:at] + new + content[at + gone :]
    check(content)


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    check(content)


def paths_of(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(path for key, value in inner for path in paths_of(value, (*at, key)))]


@given(st.data())
def test_any_value_anywhere(data: st.DataObject) -> None:
    record: Any = v2() if data.draw(st.booleans()) else row(captured="2026-01-05", eligibility={"raw_text": "x"})
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths_of(record)[1:]))
        here = record
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = data.draw(JSON)
    check(json.dumps(record).encode())


@given(st.permutations(range(4)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    texts = [
        json.dumps(v2(update="2026-01-01", status="NOT_YET_RECRUITING")).encode(),
        json.dumps(v2(update="2026-10-30")).encode(),
        json.dumps(row(status="Suspended", captured="2026-11-05")).encode(),
        json.dumps(row(acronym="OLD", captured="2020-01-01")).encode(),
    ]
    trials = [item.trial for text in texts for item in check(text) if isinstance(item, ReadRecord)]
    trial, base = compose([Version(trials[i], "2026-11-21") for i in order])
    assert trial.status_text == "Suspended"
    assert str(trial.current_on) == "2026-11-05"
    assert trial.title == "A row"
    assert trial.acronym == "OLD"
    assert len(trial.sites) == 3
    assert str(trial.site_status_date) == "2026-10-30"
    assert base.trial == trials[1]
