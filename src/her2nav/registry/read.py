"""From paths to registry trials: every record that can be read, and a line for every one that cannot."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from her2nav.model.registry_trial import RegistryTrial
from her2nav.registry import shape_rows, shape_v1, shape_v2, shape_xml
from her2nav.registry.fields import Json, Unreadable
from her2nav.registry.files import READ_FAULTS, fault_of, open_sources
from her2nav.registry.json_records import split_json

READER = 1
"""Version of the record readers: a store whose records an older version read is read again."""

MAX_XML = 64 << 20
_FRAGMENT = re.compile(rb"<(clinical_study|DOC)\b.*?</\1>", re.DOTALL)
_RESULTS, _RESULTS_END = b"<clinical_results>", b"</clinical_results>"
_CONTAINED = ("clinical_study", "DOC")


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record that was read, with its bytes as received."""

    trial: RegistryTrial
    raw: bytes
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A record or file that could not be read."""

    source: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a source that can be read on its own, in another process too: one JSON value, or an XML file.

    Attributes:
        raw: Its bytes as received.
        xml: True for XML, False for JSON.
        data: What the JSON says, where that is known already.
    """

    source: str
    place: str
    raw: bytes
    xml: bool
    data: Any = None

    def bare(self) -> Piece:
        """Return the piece without what its bytes say as well: less to send."""
        return replace(self, data=None)


def read_records(paths: list[Path], *, fetched: date | None = None) -> Iterator[ReadRecord | Damage]:
    """Yield the trials of files, folders and archives, and what of them is damaged, in order.

    Args:
        paths: What the user named.
        fetched: Day on which the files were fetched, where that is known; it dates records that say nothing of it.
    """
    for item in pieces_of(paths):
        if isinstance(item, Damage):
            yield item
        else:
            yield from read_piece(item, fetched)


def pieces_of(paths: list[Path]) -> Iterator[Piece | Damage]:
    """Yield the pieces of files, folders and archives, and what cannot be opened or split, in order."""
    for source in open_sources(paths):
        if source.stream is None:
            yield Damage(source.name, "", source.reason or "cannot be read")
            continue
        place = ""
        try:
            for found in _pieces(source.name, source.stream, source.head):
                place = found.place
                yield found
        except READ_FAULTS as error:
            yield Damage(source.name, f"after {place}" if place else "", fault_of(error))


def read_piece(piece: Piece, fetched: date | None = None) -> Iterator[ReadRecord | Damage]:
    """Yield the records of a piece, and what of them is damaged, in order."""
    for found in _xml(piece.source, piece.raw) if piece.xml else _json(piece):
        yield _dated(found, fetched) if fetched and isinstance(found, ReadRecord) else found


def parse_raw(raw: bytes, shape: str) -> RegistryTrial:
    """Read again a record that was kept as received.

    Raises:
        Unreadable: It is no record of that shape.
    """
    if shape in (shape_xml.SHAPE, shape_xml.TREC_SHAPE):
        return shape_xml.parse_xml(_parse_element(raw))
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise Unreadable("not a group of fields")
    return shape_v1.parse_v1(data) if shape == shape_v1.SHAPE else _parse_object(data)


def _dated(record: ReadRecord, fetched: date) -> ReadRecord:
    if record.trial.current_on is not None:
        return record
    return replace(record, trial=replace(record.trial, current_on=fetched))


def _pieces(name: str, stream: IO[bytes], head: bytes) -> Iterator[Piece | Damage]:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        raw = stream.read(MAX_XML + 1)
        yield Damage(name, "", f"longer than {MAX_XML >> 20} MB") if len(raw) > MAX_XML else Piece(name, "", raw, True)
    elif start in (b"{", b"[") or head.startswith((b"\xff\xfe", b"\xfe\xff")) or not start:
        yield from _split(name, stream)
    else:
        yield Damage(name, "", "neither JSON nor XML nor an archive of them")


def _split(name: str, stream: IO[bytes]) -> Iterator[Piece | Damage]:
    found = False
    for item in split_json(stream):
        found = True
        if item.reason is not None:
            yield Damage(name, item.place, item.reason)
        elif not isinstance(item.data, dict):
            yield Damage(name, item.place, "not a registry record: not a group of fields")
        else:
            yield Piece(name, item.place, item.raw, False, item.data)
    if not found:
        yield Damage(name, "", "the file holds no record")


def _json(piece: Piece) -> Iterator[ReadRecord | Damage]:
    try:
        data = piece.data if piece.data is not None else json.loads(piece.raw)
    except RecursionError:
        yield Damage(piece.source, piece.place, "nested too deeply")
        return
    studies = shape_v1.studies_of(data)
    if studies is None:
        yield _one(piece.source, piece.place, piece.raw, data)
        return
    for number, study in enumerate(studies, start=1):
        place = f"study {number}" if len(studies) > 1 else piece.place
        if not isinstance(study, dict):
            yield Damage(piece.source, place, "not a registry record: not a group of fields")
            continue
        raw = json.dumps(study, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        yield _one(piece.source, place, raw, study)


def _one(name: str, place: str, raw: bytes, data: Json) -> ReadRecord | Damage:
    try:
        trial = shape_v1.parse_v1(data) if "ProtocolSection" in data else _parse_object(data)
    except Unreadable as error:
        return Damage(name, place, str(error))
    return ReadRecord(trial, raw, name, place)


def _parse_object(data: Json) -> RegistryTrial:
    if shape_v2.is_v2(data):
        return shape_v2.parse_v2(data)
    if shape_rows.is_row(data):
        return shape_rows.parse_row(data)
    if data.get("studies") == []:
        raise Unreadable("an answer of the API without studies")
    for listing in ("StudyFieldsResponse", "StudyStatistics"):
        if listing in data:
            raise Unreadable(f"a {listing}: a list of fields, without whole records")
    keys = ", ".join(sorted(str(key) for key in data)[:3])
    raise Unreadable(f"not a registry record: no registry id, keys {keys or 'none'}"[:200])


def _xml(name: str, raw: bytes) -> Iterator[ReadRecord | Damage]:
    try:
        root = _parse_element(raw)
    except Unreadable as error:
        fragments = [match.group() for match in _FRAGMENT.finditer(raw)]
        if len(fragments) > 1:
            for number, fragment in enumerate(fragments, start=1):
                yield _one_xml(name, f"record {number}", fragment)
        else:
            yield Damage(name, "", str(error))
        return
    inside = [] if root.tag in _CONTAINED else [item for tag in _CONTAINED for item in root.iter(tag)]
    for number, element in enumerate(inside, start=1):
        yield _one_xml(name, f"record {number}", ElementTree.tostring(element), element)
    if not inside:
        yield _one_xml(name, "", raw, root)


def _one_xml(name: str, place: str, raw: bytes, element: Any = None) -> ReadRecord | Damage:
    try:
        return ReadRecord(shape_xml.parse_xml(_parse_element(raw) if element is None else element), raw, name, place)
    except Unreadable as error:
        return Damage(name, place, str(error))


def _parse_element(raw: bytes) -> ElementTree.Element:
    if b"<!ENTITY" in raw:
        raise Unreadable("the XML declares entities, which records have no need of")
    try:
        return ElementTree.fromstring(_without_results(raw))
    except ElementTree.ParseError as error:
        raise Unreadable(f"not valid XML: {error}") from None
    except (LookupError, ValueError) as error:
        raise Unreadable(f"not valid XML: {' '.join(str(error).split())[:120]}") from None
    except RecursionError:
        raise Unreadable("nested too deeply") from None


def _without_results(raw: bytes) -> bytes:
    """Leave out what is inside the results: a quarter of all bytes, and nothing of it is read."""
    start, end = raw.find(_RESULTS), raw.rfind(_RESULTS_END)
    if start < 0 or end < start or raw.find(_RESULTS, start + 1) >= 0:
        return raw
    return raw[: start + len(_RESULTS)] + raw[end:]
