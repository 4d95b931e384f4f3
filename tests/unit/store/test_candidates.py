"""What the index says of trials: of how they stand now, whatever earlier views said."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.registry import import_records
from her2nav.knowledge.load import load_knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.registry_trial import RegistryTrial, TrialDates
from her2nav.model.trial import Recruitment
from her2nav.store.codec import outline_from_json, trial_from_json, trial_json
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry.records import v2

ONE, TWO = "NCT00000001", "NCT00000002"
Put = Callable[..., None]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Import a record about a disease on a day; the folder of the store is `tmp_path`."""

    def put_(nct_id: str, condition: str, day: int = 20, **given: Any) -> None:
        text = f"Inclusion Criteria:\n\n* {condition}"
        found = v2(nct_id, text=text, title=condition, update=f"2026-11-{day}", holder=f"2026-11-{day}", **given)
        found["protocolSection"]["conditionsModule"] = {"conditions": [condition], "keywords": []}
        found["protocolSection"]["descriptionModule"] = {"briefSummary": "A trial."}
        path = tmp_path / f"{nct_id}.json"
        path.write_text(json.dumps(found))
        with StoreWriter(tmp_path) as store:
            import_records(store, load_knowledge(), [path], now=lambda: datetime(2026, 11, day, tzinfo=UTC))

    return put_


def test_tags_of_an_earlier_view_say_nothing(tmp_path, put):
    put(ONE, "Gastric Cancer")
    put(TWO, "Breast Cancer")
    put(ONE, "Breast Cancer", day=21)
    with StoreReader(tmp_path) as store, store.one_state():
        asked = store.candidates
        assert asked.ids() == {ONE, TWO}
        assert asked.tagged("tumour") == {ONE, TWO}
        assert asked.tagged("tumour", ["breast"]) == {ONE, TWO}
        assert asked.tagged("tumour", ["gastric"]) == set()
        assert asked.tagged("tumour", []) == set()
        assert asked.values("tumour", [ONE]) == {ONE: frozenset({"breast"})}
        assert asked.values("drug", [TWO]).keys() <= {TWO}


def test_rows_hold_what_lists_show(tmp_path, put):
    put(ONE, "Breast Cancer", status="RECRUITING")
    put(TWO, "Breast Cancer", status="COMPLETED")
    with StoreReader(tmp_path) as store, store.one_state():
        rows = store.candidates.rows([TWO, ONE, "NCT00000009"])
        whole = {trial.nct_id: trial for trial in store.trials()}
    assert [(row.nct_id, row.status) for row in rows] == [(ONE, "RECRUITING"), (TWO, "COMPLETED")]
    for row in rows:
        trial = whole[row.nct_id]
        assert row.phases == trial.phases
        assert row.title == trial.title
        assert row.status_date == trial.status_date.isoformat()
        assert not row.gone


def test_an_outline_says_what_the_whole_record_says_of_text_and_status(tmp_path, put):
    put(ONE, "Breast Cancer", status="RECRUITING")
    put(TWO, "Gastric Cancer", status="TERMINATED", day=22)
    put(ONE, "Breast Cancer", day=23)
    with StoreReader(tmp_path) as store, store.one_state():
        whole = {trial.nct_id: trial for trial in store.trials()}
        outlines = {one.nct_id: one for one in store.outlines([ONE, TWO, "NCT00000009"])}
    assert outlines.keys() == {ONE, TWO}
    for nct_id, outline in outlines.items():
        trial = whole[nct_id]
        assert outline.text == trial.eligibility.text
        assert (outline.status, outline.status_date) == (trial.status, trial.status_date)


@pytest.mark.parametrize("day", [None, "2026-11-21"])
@pytest.mark.parametrize("dates", [{}, {"verified": "2026-10"}, {"verified": "2026-10", "last_update": "2026-12"}])
@pytest.mark.parametrize("status", [None, "RECRUITING"])
def test_a_record_that_says_little_has_an_outline_all_the_same(day, dates, status):
    known = {name: PartialDate.parse(value) for name, value in dates.items()}
    trial = RegistryTrial(
        ONE, "v2", status=Recruitment(status) if status else None, dates=TrialDates(**known), faults=("one",)
    )
    packed = trial_json(trial)
    whole, outline = trial_from_json(packed, day), outline_from_json(packed, day)
    assert (outline.status, outline.status_date) == (whole.status, whole.status_date)
    assert (outline.nct_id, outline.text) == (ONE, None)
