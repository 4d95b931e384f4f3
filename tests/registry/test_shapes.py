"""Every shape of record gives the same kind of trial."""

import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from her2nav.model.registry_trial import age_years
from her2nav.model.trial import Recruitment
from her2nav.registry.fields import read_date
from her2nav.registry.ids import register_of
from her2nav.registry.read import Damage, ReadRecord, parse_raw, read_records
from registry.records import page, row, v2, xml


def read(tmp_path: Path, content: bytes, name: str = "file") -> list[ReadRecord | Damage]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_records([path]))


def ids(found: list[ReadRecord | Damage]) -> list[str]:
    return [item.trial.nct_id if isinstance(item, ReadRecord) else f"damaged {item.place}" for item in found]


def test_a_single_study(tmp_path: Path) -> None:
    (item,) = read(tmp_path, json.dumps(v2()).encode())
    assert isinstance(item, ReadRecord)
    trial = item.trial
    assert trial.status is Recruitment.RECRUITING
    assert trial.phases == ("PHASE1", "PHASE2")
    assert trial.eligibility.age_min_years == 18
    assert trial.eligibility.age_max_years is None
    assert [site.city for site in trial.sites] == ["Boston", "Lyon", "Paris"]
    assert trial.sites[2].status is Recruitment.COMPLETED
    assert trial.contacts[0].phone == "1-555 ext. 7"
    assert {(i.value, i.registry) for i in trial.other_ids} == {("ABC-1", None), ("2021-000123-45", "EudraCT")}
    assert trial.last_update == date(2026, 10, 30)
    assert trial.faults == ()
    assert json.loads(item.raw) == v2()
    assert parse_raw(item.raw, trial.shape) == trial


def test_the_older_xml(tmp_path: Path) -> None:
    (item,) = read(tmp_path, xml())
    assert isinstance(item, ReadRecord)
    trial = item.trial
    assert trial.title == "Pertuzumab & trastuzumab"
    assert trial.status is Recruitment.ACTIVE_NOT_RECRUITING
    assert trial.phases == ("PHASE1", "PHASE2")
    assert str(trial.dates.start) == "2019-06"
    assert trial.current_on == date(2026, 11, 1)
    assert trial.eligibility.text is not None
    assert trial.eligibility.text.startswith("Inclusion Criteria:\n\n        -  HER2")
    assert trial.eligibility.maximum_age is None
    assert trial.sites[0].status is Recruitment.RECRUITING
    assert trial.other_ids[1].registry == "UMIN"
    assert parse_raw(item.raw, trial.shape) == trial


CONTAINERS = {
    "array": json.dumps([v2("NCT00000001"), v2("NCT00000002")]).encode(),
    "array, indented": json.dumps([v2("NCT00000001"), v2("NCT00000002")], indent=2).encode(),
    "page": page([v2("NCT00000001"), v2("NCT00000002")]),
    "page, token first": b'{"nextPageToken": "x", "totalCount": 2, "studies": '
    + json.dumps([v2("NCT00000001"), v2("NCT00000002")]).encode()
    + b"}",
    "two pages": page([v2("NCT00000001")]) + b"\n" + page([v2("NCT00000002")], None),
    "lines": b"\n".join(json.dumps(v2(f"NCT0000000{n}")).encode() for n in (1, 2)),
    "lines, CRLF and byte order mark": b"\xef\xbb\xbf"
    + b"\r\n".join(json.dumps(row(f"NCT0000000{n}")).encode() for n in (1, 2)),
    "rows": json.dumps([row("NCT00000001"), row("NCT00000002")]).encode(),
    "studies in one XML": b"<search>"
    + xml("NCT00000001").split(b"?>")[1]
    + xml("NCT00000002").split(b"?>")[1]
    + b"</search>",
    "XML records after each other": xml("NCT00000001").split(b"?>")[1] + xml("NCT00000002").split(b"?>")[1],
}


@pytest.mark.parametrize("name", CONTAINERS)
@pytest.mark.parametrize("packed", ["plain", "gzip", "zip", "zip in zip", "gzip in zip"])
def test_containers(tmp_path: Path, name: str, packed: str) -> None:
    content = CONTAINERS[name]
    if packed.startswith("gzip"):
        content = gzip.compress(content)
    for _ in range(packed.count("zip") - packed.count("gzip")):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/inside", content)
        content = whole.getvalue()
    assert ids(read(tmp_path, content)) == ["NCT00000001", "NCT00000002"]


DAMAGED = {
    "line between lines": (
        json.dumps(v2("NCT00000001")).encode() + b'\n{"nct_id": "NCT0000\n' + json.dumps(v2("NCT00000002")).encode(),
        ["NCT00000001", "damaged line 2", "NCT00000002"],
    ),
    "item of a page": (
        page([v2("NCT00000001"), v2("NCT00000003"), v2("NCT00000002")])
        .replace(b'"ABC-1"', b'"ABC-1', 2)
        .replace(b'"ABC-1', b'"ABC-1"', 1),
        ["NCT00000001", "damaged item 2", "NCT00000002"],
    ),
    "cut off": (
        page([v2("NCT00000001"), v2("NCT00000002")])[:-900],
        ["NCT00000001", "damaged item 2", "damaged item 3"],
    ),
    "cut off between records": (
        b"[" + json.dumps(v2("NCT00000001")).encode() + b",",
        ["NCT00000001", "damaged item 2"],
    ),
    "not UTF-8": (
        b'{"nct_id": "NCT00000001", "title": "\xff"}\n' + json.dumps(row("NCT00000002")).encode(),
        ["damaged line 1", "NCT00000002"],
    ),
    "bad id": (
        json.dumps([row("NCT123"), row("UMIN000012345"), row("NCT00000002")]).encode(),
        ["damaged item 1", "damaged item 2", "NCT00000002"],
    ),
    "not a record": (b"[1, null, []]", ["damaged item 1", "damaged item 2", "damaged item 3"]),
    "nothing": (b"  \n ", ["damaged "]),
    "empty": (b"", ["damaged "]),
    "text": (b"Dear all, see attached", ["damaged "]),
    "UTF-16": ("{}".encode("utf-16"), ["damaged "]),
    "deep": (b'{"a":' * 100_000, ["damaged line 1"]),
    "XML": (b"<clinical_study><id_info>", ["damaged "]),
    "other XML": (b"<rss><channel/></rss>", ["damaged "]),
    "entities": (b'<!DOCTYPE a [<!ENTITY b "c">]><clinical_study/>', ["damaged "]),
    "gzip cut off": (gzip.compress(json.dumps([v2(f"NCT0000000{n}") for n in range(9)]).encode())[:-40], None),
    "zip cut off": (b"PK\x03\x04 and no more", ["damaged "]),
    "empty page": (page([]), ["damaged "]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_reported_and_does_not_stop_the_rest(tmp_path: Path, name: str) -> None:
    content, expected = DAMAGED[name]
    found = read(tmp_path, content)
    if expected is not None:
        assert ids(found) == expected
    damaged = [item for item in found if isinstance(item, Damage)]
    assert damaged
    assert all(item.reason and "\n" not in item.reason for item in damaged)


def test_fields_with_the_wrong_form_are_left_out_and_named(tmp_path: Path) -> None:
    record = v2(status="PARTYING", update="soon")
    record["protocolSection"]["designModule"]["phases"] = ["PHASE9", "PHASE2"]
    record["protocolSection"]["contactsLocationsModule"]["locations"] = ["Boston", {"facility": {"name": "Old form"}}]
    (item,) = read(tmp_path, json.dumps(record).encode())
    assert isinstance(item, ReadRecord)
    assert item.trial.phases == ("PHASE2",)
    assert item.trial.status is None
    assert item.trial.status_text == "PARTYING"
    assert [site.facility for site in item.trial.sites] == ["Old form"]
    assert len(item.trial.faults) == 4


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("February 20, 2003", "2003-02-20"),
        ("June 2025", "2025-06"),
        ("2025-06-03", "2025-06-03"),
        ("2025-06-03T10:00:00", "2025-06-03"),
        ("Juno 2025", None),
        ("February 30, 2020", None),
    ],
)
def test_dates(written: str, expected: str | None) -> None:
    found = read_date(written)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2023-505678-12-00", "CTIS"),
        ("EudraCT 2010-012345-67", "EudraCT"),
        ("ChiCTR2000029308", "ChiCTR"),
        ("jRCT2031200001", "jRCT"),
        ("ISRCTN12345678", "ISRCTN"),
        ("R01MH067148", None),
    ],
)
def test_registers(written: str, expected: str | None) -> None:
    assert register_of(written) == expected


def test_ages() -> None:
    assert age_years("2 Weeks") == pytest.approx(0.0383, abs=1e-4)
    assert age_years(None) is None
