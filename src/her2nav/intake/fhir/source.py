"""From files to the resources of one patient after another: bundles, and Bulk Data exports of any size.

An export that is held in memory is joined by patient here; `split` does the same for a larger one.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from her2nav.intake.fhir.chart import Place
from her2nav.intake.fhir.element import reference, reference_id
from her2nav.intake.fhir.packed import MARK, WIDE, check_wide, damaged, is_wide, opened, size_of
from her2nav.model.errors import FileError, SyntaxProblem

MAX_BUNDLE = 256 * 1024 * 1024
"""A bundle is read whole; a larger export comes as NDJSON."""
MAX_LINE = 64 * 1024 * 1024
IN_MEMORY = 16 * 1024 * 1024
_HEAD = 65536
_LINES = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")
_PACKED_LINES = (".ndjson.gz", ".json.gz", ".jsonl.gz")
_TOLD = 4096
"""Lines after which the progress is told."""
_DECODER = json.JSONDecoder(parse_float=Decimal)


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Item:
    """A resource with its place; `data` is empty where it could not be used, and `problem` says why."""

    place: Place
    data: dict[str, Any]
    problem: str | None = None


@dataclass(slots=True)
class Group:
    """All resources of one patient; `shared` are resources that belong to nobody, such as Medication, by id."""

    items: list[Item]
    shared: dict[str, dict[str, Any]]
    strangers: list[Item] = field(default_factory=list)
    """Resources of a bundle that name a patient who is not in it."""
    several: bool = False
    """It is one of several patients, who need an id."""


def is_fhir(source: str) -> bool:
    """True when a file looks like FHIR JSON, packed or not; a file that cannot be read is not."""
    try:
        with opened(source) as stream:
            head = stream.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return source.lower().endswith(_PACKED_LINES)
    if is_wide(head):
        # Two bytes a sign: what it is shows without every second one, and reading it says how to write it.
        head = head.removeprefix(WIDE[0]).removeprefix(WIDE[1]).replace(b"\0", b"")
    start = head.removeprefix(MARK).lstrip()
    return start.startswith((b"{", b"[")) and (
        b'"resourceType"' in head or source.lower().endswith((".json", ".ndjson"))
    )


def labels_of(names: Sequence[str]) -> dict[str, str]:
    """Return what each source is called in the ids of its patients: its name, with its folder where two have one name.

    >>> labels_of(["a/Patient.ndjson", "b/Patient.ndjson", "b/Condition.ndjson"])["b/Patient.ndjson"]
    'b/Patient.ndjson'

    Raises:
        FileError: A file is given twice.
    """
    found: dict[str, str] = {}
    parts = {name: Path(name).resolve().parts for name in names}
    if len(set(parts.values())) < len(names):
        twice = next(name for i, name in enumerate(names) if parts[name] in [parts[one] for one in names[:i]])
        raise FileError("the file is given twice", file=twice, allowed="each file once", code="bad_usage")
    for name, own in parts.items():
        others = [other for other in parts.values() if other != own]
        length = next(n for n in range(1, len(own) + 1) if all(other[-n:] != own[-n:] for other in others))
        found[name] = "/".join(own[-length:])
    return found


def in_lines(name: str) -> bool:
    """True when a file is NDJSON: its first line is a whole object."""
    try:
        with opened(name) as stream:
            first = stream.readline(MAX_LINE).removeprefix(MARK).strip()
            if not first:
                first = stream.readline(MAX_LINE).strip()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise damaged(name) from None
    check_wide(first, name)
    try:
        found = json.loads(first)
    except (ValueError, RecursionError):
        return name.lower().endswith(_LINES)
    if name.lower().endswith(_LINES):
        return True
    return isinstance(found, dict) and isinstance(kind := found.get("resourceType"), str) and kind != "Bundle"


def read_bundle(name: str) -> dict[str, Any]:
    """Read a bundle, or a single resource.

    Raises:
        FileError: It is too large, or holds no FHIR.
        SyntaxProblem: It is not valid JSON.
    """
    size = size_of(name)
    if size > MAX_BUNDLE:
        raise FileError(
            f"the bundle has {size >> 20} MB",
            file=name,
            allowed=f"at most {MAX_BUNDLE >> 20} MB, or NDJSON of any size",
            code="too_large",
        )
    try:
        with opened(name) as stream:
            data = json.loads(stream.read(MAX_BUNDLE + 1).decode("utf-8-sig"), parse_float=Decimal)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise damaged(name) from None
    except UnicodeDecodeError:
        raise FileError("a byte is not UTF-8", file=name, allowed="UTF-8 JSON", code="bad_encoding") from None
    except json.JSONDecodeError as error:
        raise SyntaxProblem(f"not valid JSON: {error.msg}", file=name, place=f"line {error.lineno}") from None
    except RecursionError:
        raise SyntaxProblem("the JSON is nested too deeply", file=name, allowed="a FHIR Bundle, or NDJSON") from None
    except ValueError:
        raise SyntaxProblem("not readable JSON", file=name, allowed="a FHIR Bundle, or NDJSON") from None
    if isinstance(data, list):
        raise FileError(
            "a list of resources is no bundle",
            file=name,
            allowed="a FHIR Bundle, or NDJSON with one resource a line",
            code="no_fhir",
        )
    if not isinstance(data, dict) or not isinstance(data.get("resourceType"), str):
        raise FileError(
            "this JSON is no FHIR", file=name, allowed="a FHIR Bundle, or NDJSON of FHIR resources", code="no_fhir"
        )
    return data


def bundle_groups(data: dict[str, Any], name: str, line: int = 0) -> Iterator[Group]:
    """Yield one group for each patient of a bundle; what names nobody is the only patient's."""
    found, aliases = _entries(data, name, line)
    patients = [one for one in found if one.data.get("resourceType") == "Patient"]
    ids = dict.fromkeys(str(one.data.get("id") or "") for one in patients)
    shared = _shared(found)
    shared |= {alias: shared[own] for alias, own in aliases.items() if own in shared}
    grouped: dict[str, list[Item]] = {identifier: [] for identifier in ids}
    strangers: list[Item] = []
    nobody: list[Item] = []
    for one in found:
        key = aliases.get(owner(one.data), owner(one.data))
        if one.data.get("resourceType") == "Patient":
            key = str(one.data.get("id") or "")
        if key in grouped:
            grouped[key].append(one)
        elif not key:
            nobody.append(one)
        elif ids:
            strangers.append(one)
        else:
            grouped[key] = [one]
    if len(grouped) <= 1:
        own = next(iter(grouped.values()), [])
        own += nobody
        order = {id(one): number for number, one in enumerate(found)}
        yield Group(sorted(own, key=lambda one: order[id(one)]), shared, strangers)
        return
    last = len(grouped) - 1
    left = strangers + [one for one in nobody if one.data.get("resourceType") != "Medication"]
    for number, members in enumerate(grouped.values()):
        yield Group(members, shared, left if number == last else [], several=True)


def _entries(data: dict[str, Any], name: str, line: int, depth: int = 0) -> tuple[list[Item], dict[str, str]]:
    """Return the resources of a bundle, those of bundles inside it, and other names of patients and samples."""
    if data.get("resourceType") != "Bundle":
        return [Item(Place(name, line or 1, str(data.get("resourceType")), bool(line)), data)], {}
    found: list[Item] = []
    aliases: dict[str, str] = {}
    listed = data.get("entry")
    if not isinstance(listed, list):
        return [], {}
    for index, entry in enumerate(listed):
        path = f"Bundle.entry[{index}].resource"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            found.append(Item(Place(name, line or index + 1, path, bool(line)), {}, "an entry without a resource"))
            continue
        kind = resource.get("resourceType")
        if not isinstance(kind, str):
            found.append(Item(Place(name, line or index + 1, path, bool(line)), {}, "no resourceType"))
            continue
        if kind == "Bundle" and depth < 5:
            inner, more = _entries(resource, name, line or index + 1, depth + 1)
            found += inner
            aliases |= more
            continue
        url = entry.get("fullUrl")
        if isinstance(url, str):
            resource.setdefault("id", reference_id(url))
            if kind == "Patient" or kind in _SHARED:
                aliases[reference_id(url)] = str(resource["id"])
        found.append(Item(Place(name, line or index + 1, f"Bundle.entry[{index}].{kind}", bool(line)), resource))
    return found, aliases


def owner(data: dict[str, Any]) -> str:
    """Return the id of the patient whom a resource is about; empty: it names none."""
    if data.get("resourceType") == "Patient":
        identifier = data.get("id")
        return identifier if isinstance(identifier, str) else ""
    for name in ("subject", "patient"):
        if name not in data:
            continue
        found = reference(data[name])
        if found:
            return found
    return ""


def _shared(found: Sequence[Item]) -> dict[str, dict[str, Any]]:
    return {
        str(one.data["id"]): one.data for one in found if one.data.get("id") and one.data.get("resourceType") in _SHARED
    }


_SHARED = ("Medication", "Specimen")


class LongLine(Exception):
    """A line is longer than any resource; `number` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def too_long(name: str, number: int) -> FileError:
    """Return the error of a line that is too long."""
    return FileError("a line is too long", file=name, place=f"line {number}", allowed=f"up to {MAX_LINE >> 20} MB")


def lines_of(
    name: str, tell: Callable[[str], None], start: int = 0, end: int | None = None
) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in a range of bytes, without outer spaces, numbered from 1; empty ones too.

    Raises:
        FileError: A packed file is damaged.
        LongLine: A line is too long.
    """
    shown = Path(name).name
    with opened(name) as stream:
        if start:
            # The line that goes on over the start belongs to the range before.
            stream.seek(start - 1)
            while (line := stream.readline(MAX_LINE)) and not line.endswith(b"\n"):
                pass
        number, at = 0, stream.tell()
        while end is None or at < end:
            try:
                line = stream.readline(MAX_LINE)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise damaged(name) from None
            if not line:
                return
            at += len(line)
            number += 1
            if number % _TOLD == 0:
                tell(f"{shown}: {number:,} lines")
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                raise LongLine(number)
            yield number, line.strip()


def decoded(raw: bytes) -> Any:
    """Return what a line without outer spaces holds; ValueError where it is no JSON."""
    text = raw.decode()
    data, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("more than one value")
    return data


def parsed(raw: bytes, name: str, number: int) -> list[Item]:
    """Return the resources of one line; a line that is no FHIR is an item with its problem."""
    problem = None
    data: Any = None
    try:
        data = decoded(raw.removeprefix(MARK).strip())
    except UnicodeDecodeError:
        problem = "a byte is not UTF-8"
    except (ValueError, RecursionError):
        problem = "not valid JSON"
    if problem is None and not (isinstance(data, dict) and isinstance(data.get("resourceType"), str)):
        problem = "no resourceType"
    if problem is not None:
        return [Item(Place(name, number, f"line {number}", True), {}, problem)]
    if data["resourceType"] != "Bundle":
        return [Item(Place(name, number, data["resourceType"], True), data)]
    found, aliases = _entries(data, name, number)
    people = {owner(one.data) for one in found if one.data.get("resourceType") == "Patient"}
    only = next(iter(people)) if len(people) == 1 else ""
    for one in found:
        whose = owner(one.data)
        whose = aliases.get(whose, whose) or only
        if whose and one.data and one.data["resourceType"] != "Patient":
            one.data["subject"] = {"reference": f"Patient/{whose}"}
    return found


def groups_in_memory(names: Sequence[str], tell: Callable[[str], None]) -> Iterator[Group]:
    """Yield the patients of an export that fits into memory, in the order of their first resource.

    Raises:
        FileError: A file is damaged, or a line too long.
    """
    grouped: dict[str, list[Item]] = {}
    shared: dict[str, dict[str, Any]] = {}
    for name in names:
        try:
            for number, raw in lines_of(name, tell):
                for one in parsed(raw, name, number) if raw else ():
                    if one.data.get("resourceType") == "Medication" and one.data.get("id"):
                        shared[str(one.data["id"])] = one.data
                        continue
                    grouped.setdefault(owner(one.data), []).append(one)
        except LongLine as found:
            raise too_long(name, found.number) from None
    yield from finished(grouped, shared)


def finished(grouped: dict[str, list[Item]], shared: dict[str, dict[str, Any]]) -> Iterator[Group]:
    """Yield groups; what names no patient comes last, as strangers of nobody."""
    nobody = grouped.pop("", [])
    for members in grouped.values():
        yield Group(
            members,
            shared | _shared(members) if any(m.data.get("resourceType") == "Specimen" for m in members) else shared,
        )
    if nobody:
        yield Group([], shared, nobody)


def is_export(sources: Sequence[str]) -> bool:
    """True when every file is NDJSON."""
    return all(map(in_lines, sources))


def large(names: Sequence[str]) -> int:
    """Return the bytes of files that are together too large for memory; 0: they fit."""
    size = sum(map(size_of, names))
    return size if size > IN_MEMORY else 0
