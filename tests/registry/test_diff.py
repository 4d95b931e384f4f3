"""What a diff says, and that it says nothing where nothing happened."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.registry import Imported
from her2nav.app.registry_diff import Diff, diff, diff_json
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError, UnknownName
from her2nav.registry.criteria_diff import changed_sentences, sentences
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry.records import row, site, v2

KNOWLEDGE = load_knowledge()
TEXT = "Inclusion Criteria:\n\n* HER2 IHC 3+\n* Age \\>= 18 years\n\nExclusion Criteria:\n\n* Active brain metastases"
BOSTON = site("Far Clinic", "Boston", "RECRUITING", 42.36, -71.06, "United States", "Massachusetts")


def of(folder: Path, **given: object) -> Diff:
    with StoreReader(folder) as store, store.one_state():
        return diff(store, KNOWLEDGE, **given)  # type: ignore[arg-type]


def lines(*records: object) -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in records)


def test_every_kind_of_change(run: Callable[..., Imported], tmp_path: Path) -> None:
    run(
        a=lines(
            v2("NCT00000001", text=TEXT, sites=[BOSTON]),
            v2("NCT00000002"),
            v2("NCT00000003", update="2026-01-01"),
        )
    )
    text = TEXT.replace("IHC 3+", "IHC 3+ or IHC 2+/ISH+").replace("* Active", "* Pregnancy\n* Active")
    later = v2(
        "NCT00000001",
        status="ACTIVE_NOT_RECRUITING",
        update="2026-11-10",
        text=text,
        sites=[BOSTON | {"status": "COMPLETED"}, site("New", "Lyon", "RECRUITING", 45.7, 4.8, "France")],
    )
    results = v2("NCT00000002", update="2026-11-10") | {"hasResults": True}
    run(a=lines(later, results, v2("NCT00000003", update="2026-11-11"), v2("NCT00000004")))
    found = of(tmp_path / "store")
    assert (found.since.name if found.since else None, found.until.name) == ("2026-11-21.1", "2026-11-21.2")
    by_id = {item.nct_id: item for item in found.changes}
    assert set(by_id) == {"NCT00000001", "NCT00000002", "NCT00000004"}
    assert found.unchanged == 1, "a new day of update alone is nothing to tell"
    one = by_id["NCT00000001"]
    assert one.kinds == ("status", "sites", "criteria")
    assert (one.before, one.status) == ("RECRUITING", "ACTIVE_NOT_RECRUITING")
    assert [(item.what, item.site.city) for item in one.sites] == [("closed", "Boston"), ("opened", "Lyon")]
    assert [(item.kind, item.section, item.before, item.after) for item in one.criteria] == [
        ("changed", "inclusion", "HER2 IHC 3+", "HER2 IHC 3+ or IHC 2+/ISH+"),
        ("added", "exclusion", None, "Pregnancy"),
    ]
    assert by_id["NCT00000002"].kinds == ("results",)
    assert by_id["NCT00000004"].kinds == ("new",)
    assert found.changes[0].nct_id == "NCT00000004"
    data = diff_json(found, KNOWLEDGE)
    assert data["counts"]["criteria"] == 1
    assert data["versions"]["snapshot"] == "2026-11-21.2"
    json.dumps(data)


def test_since_and_until(run: Callable[..., Imported], tmp_path: Path) -> None:
    for number in (1, 2, 3):
        run(a=lines(v2(f"NCT0000000{number}")))
    folder = tmp_path / "store"
    assert [item.nct_id for item in of(folder).changes] == ["NCT00000003"]
    assert [item.nct_id for item in of(folder, since="2026-11-21.1").changes] == ["NCT00000002", "NCT00000003"]
    assert [item.nct_id for item in of(folder, since="2026-11-21.1", until="2026-11-21.2").changes] == ["NCT00000002"]
    assert len(of(folder, since="2026-11-21").changes) == 3
    assert of(folder, since="2026-11-22").changes == ()
    assert of(folder, filters={"tumour": ("breast",)}).changes == ()
    with pytest.raises(UnknownName, match="no snapshot"):
        of(folder, since="yesterday")
    with pytest.raises(InputError, match="later"):
        of(folder, since="2026-11-21.3", until="2026-11-21.1")


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    with StoreWriter(tmp_path):
        pass
    with pytest.raises(InputError, match="no snapshot"):
        of(tmp_path)


def test_a_trimmed_record_is_no_change_of_sites(run: Callable[..., Imported], tmp_path: Path) -> None:
    run(a=lines(row(captured="2026-01-05", status="Recruiting")))
    run(a=lines(v2()))
    change = of(tmp_path / "store").changes
    assert all("sites" not in item.kinds for item in change)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("* HER2 3+\n* Age \\> 18", "- HER2 3+\n\n- Age > 18"),
        ("1. HER2 3+\n2. Age", "1. Age\n2. HER2 3+"),
        ("Must have HER2\n   positive disease", "Must have HER2 positive disease"),
        ("* ECOG 0-1", "*  ECOG  0–1"),
    ],
)
def test_layout_and_order_are_no_change(before: str, after: str) -> None:
    assert changed_sentences(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("Age > 18", "Age < 18"), ("LVEF ≥ 50%", "LVEF ≥ 55%"), ("HER2 2+", "HER2 2"), ("HER2 positive", "HER2 negative")],
)
def test_small_changes_that_matter(before: str, after: str) -> None:
    (change,) = changed_sentences(before, after)
    assert (change.kind, change.before, change.after) == ("changed", before, after)


def test_a_sentence_that_changes_its_section_is_told() -> None:
    before = "Inclusion Criteria:\n* Brain metastases\nExclusion Criteria:\n* Pregnancy"
    after = "Inclusion Criteria:\n* Age\nExclusion Criteria:\n* Pregnancy\n* Brain metastases"
    found = {(item.kind, item.section, item.after or item.before) for item in changed_sentences(before, after)}
    assert ("removed", "inclusion", "Brain metastases") in found
    assert ("added", "exclusion", "Brain metastases") in found


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts(before: str, after: str) -> None:
    assert changed_sentences(before, before) == []
    found = changed_sentences(before, after)
    assert {item.after for item in found if item.after} <= {item.text for item in sentences(after)}
    assert {item.before for item in found if item.before} <= {item.text for item in sentences(before)}
