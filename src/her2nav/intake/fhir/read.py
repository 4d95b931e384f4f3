"""FHIR files to readings, one for each patient: the entrance to this package."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import repeat
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

from her2nav.intake.fhir.chart import Chart, Place
from her2nav.intake.fhir.codes import Codes, codes_of
from her2nav.intake.fhir.disease import cancers_over, read_condition
from her2nav.intake.fhir.observations import read_observation
from her2nav.intake.fhir.person import read_person
from her2nav.intake.fhir.resource import Resource
from her2nav.intake.fhir.source import (
    Group,
    bundle_groups,
    groups_in_memory,
    in_lines,
    is_export,
    labels_of,
    large,
    silent,
)
from her2nav.intake.fhir.source import read_bundle as whole_bundle
from her2nav.intake.fhir.split import Run, share_groups, split
from her2nav.intake.fhir.treatment import Dose, read_allergy, read_medication, read_procedure, write_courses
from her2nav.intake.reading import Reading
from her2nav.knowledge.load import Knowledge

_READERS: dict[str, Callable[[Resource], None]] = {
    "Patient": read_person,
    "Condition": read_condition,
    "Observation": read_observation,
    "Procedure": read_procedure,
    "AllergyIntolerance": read_allergy,
}
_MEDICATION = ("MedicationStatement", "MedicationAdministration", "MedicationRequest", "MedicationDispense")
T = TypeVar("T")
_SHOWN = 5
_UNLABELLED: Mapping[str, str] = {}
_WORTH_IT = 200
"""So many patients are read sooner in several processes than in one."""
_SILENT = ("Medication", "Specimen")
"""Read where another resource refers to them."""


def read_fhir(
    sources: Sequence[str], knowledge: Knowledge, workers: int = 1, tell: Callable[[str], None] = silent
) -> Iterator[Reading]:
    """Read bundles and NDJSON exports, patient by patient.

    A patient of an NDJSON export gets the place of the Patient resource as id (`Patient.ndjson:17`), never an
    identifier of the export. A large export is read by several `workers`, in processes of their own. What belongs to
    nobody comes last, as a reading without values. `tell` is told now and then what is being joined.

    Raises:
        FileError: A file cannot be read, or holds no FHIR.
        SyntaxProblem: A bundle is not valid JSON.
    """
    if workers > 1 and is_export(sources) and (size := large(sources)):
        yield from _side_by_side(sources, size, knowledge, workers, tell, _as_it_is)
        return
    codes, labels = codes_of(knowledge), labels_of(sources)
    for group in groups(sources, tell):
        yield read_group(group, codes, labels)


def read_export(
    sources: Sequence[str],
    knowledge: Knowledge,
    finish: Callable[[Reading], T],
    workers: int = 1,
    tell: Callable[[str], None] = silent,
) -> Iterator[T]:
    """Read files as `read_fhir` does and give what `finish` makes of every reading, in the same order.

    `finish` is called in the process that read the patient, so that only its answer is sent back.
    """
    if workers > 1 and is_export(sources) and (size := large(sources)):
        yield from _side_by_side(sources, size, knowledge, workers, tell, finish)
        return
    codes, labels = codes_of(knowledge), labels_of(sources)
    found = list(groups(sources, tell))
    if workers > 1 and len(found) >= _WORTH_IT and "fork" in get_all_start_methods():
        yield from _forked(found, codes, labels, finish, workers)
        return
    for group in found:
        yield finish(read_group(group, codes, labels))


def groups(sources: Sequence[str], tell: Callable[[str], None] = silent) -> Iterator[Group]:
    """Yield the resources of every patient, in the order of their first resource within a share.

    Args:
        sources: Bundles, or files of an export.
        tell: Told now and then what is being joined.

    Raises:
        FileError: A file is empty, too large for a bundle, or holds no FHIR.
        SyntaxProblem: A bundle is not valid JSON.
    """
    lines = [name for name in sources if in_lines(name)]
    for name in sources:
        if name not in lines:
            for group in bundle_groups(whole_bundle(name), name):
                group.several |= len(sources) > 1
                yield group
    size = large(lines)
    if not size:
        yield from groups_in_memory(lines, tell)
        return
    nobody: list[Group] = []
    with split(lines, size, tell) as shares:
        for runs in shares.runs:
            for group in share_groups(runs, shares.names, shares.shared):
                if group.items:
                    yield group
                else:
                    nobody.append(group)
    yield from nobody


def _forked(
    found: list[Group], codes: Codes, labels: dict[str, str], finish: Callable[[Reading], T], workers: int
) -> Iterator[T]:
    """Read patients who are in memory already in copies of this process: nothing has to be sent to them."""
    step = -(-len(found) // (4 * workers))
    _INHERITED[:] = [(found, codes, labels, finish)]
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            for part in pool.map(_read_slice, range(0, len(found), step), repeat(step)):
                yield from part
    finally:
        _INHERITED.clear()


_INHERITED: list[tuple[list[Group], Codes, dict[str, str], Callable[[Reading], Any]]] = []
"""What a copy of this process reads: patients, codes, names of files, and what is made of a reading."""


def _read_slice(start: int, size: int) -> list[Any]:
    found, codes, labels, finish = _INHERITED[0]
    return [finish(read_group(group, codes, labels)) for group in found[start : start + size]]


def read_bundle(data: dict[str, Any], name: str, knowledge: Knowledge) -> Iterator[Reading]:
    """Read a bundle or a single resource that is already parsed, patient by patient, as `read_fhir` does.

    Args:
        data: The parsed JSON; numbers with a point are `Decimal` or float.
        name: Shown as the source of every value.
        knowledge: Vocabularies and codes.
    """
    codes = codes_of(knowledge)
    for group in bundle_groups(data, name):
        yield read_group(group, codes)


def _as_it_is(reading: Reading) -> Reading:
    return reading


def _side_by_side(
    sources: Sequence[str],
    size: int,
    knowledge: Knowledge,
    workers: int,
    tell: Callable[[str], None],
    finish: Callable[[Reading], T],
) -> Iterator[T]:
    """Split and read a large export in several processes, few shares ahead so that memory stays flat."""
    codes_of(knowledge)  # made here, copies of this process have them
    nobody: list[T] = []
    with ProcessPoolExecutor(workers) as pool, split(sources, size, tell, pool) as shares:
        waiting: deque[Future[tuple[list[T], list[T]]]] = deque()
        for runs in shares.runs:
            waiting.append(pool.submit(_read_share, runs, shares.names, shares.shared, knowledge, finish))
            if len(waiting) > workers:
                found, rest = waiting.popleft().result()
                yield from found
                nobody += rest
        while waiting:
            found, rest = waiting.popleft().result()
            yield from found
            nobody += rest
    yield from nobody


def _read_share(
    runs: list[Run], sources: list[str], shared: str, knowledge: Knowledge, finish: Callable[[Reading], T]
) -> tuple[list[T], list[T]]:
    """Return what is made of the patients of a share, and of what belongs to nobody."""
    codes, labels = codes_of(knowledge), labels_of(sources)
    found: tuple[list[T], list[T]] = ([], [])
    for group in share_groups(runs, sources, shared):
        found[not group.items].append(finish(read_group(group, codes, labels)))
    return found


def read_group(group: Group, codes: Codes, labels: Mapping[str, str] = _UNLABELLED) -> Reading:
    """Read the resources of one patient; `labels` are what files are called in the id of a patient."""
    everything = group.items or group.strangers
    chart = Chart(everything[0].place.source if everything else "bundle", codes)
    doses: list[Dose] = []
    others = group.shared
    person: Place | None = None
    first: dict[str, Any] = {}
    conditions = [item.data for item in group.items if item.data.get("resourceType") == "Condition"]
    chart.other_cancers = cancers_over(conditions, codes) if len(conditions) > 1 else frozenset()
    # Somewhere it may be tomorrow already.
    latest = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    for item in group.items:
        kind = item.data.get("resourceType", "")
        if item.problem:
            chart.skip(item.place, "", item.problem)
            continue
        one = Resource(item.data, item.place, chart, others)
        reader = _READERS.get(kind)
        if kind in _HAPPENED and (one.when(*_HAPPENED[kind]) or "")[:10] > latest:
            chart.skip(item.place, "", "dated after today: it cannot have happened")
        elif kind == "Patient" and person is not None:
            chart.skip(item.place, "", "a second Patient resource of one id")
            if any(item.data.get(name) != first.get(name) for name in ("gender", "birthDate")):
                chart.ask(
                    "patient",
                    "two Patient resources of one id are not the same person: whose are the results?",
                    item.place.origin(),
                )
        elif reader is not None:
            reader(one)
            if kind == "Patient":
                person, first = item.place, item.data
        elif kind in _MEDICATION:
            read_medication(one, doses)
        elif kind in codes.administrative:
            chart.counts[kind] = chart.counts.get(kind, 0) + 1
        elif kind not in _SILENT:
            chart.skip(item.place, "", f"{kind} is not read")
    write_courses(chart, doses, codes.rules.course_gap_days)
    _strangers(chart, group)
    if not group.items and not group.strangers:
        chart.partial = "no resource was found"
    elif chart.partial is None and person is None and chart.empty:
        chart.partial = "nothing about a patient was found"
    where = person or (group.items[0].place if group.items else None)
    identity = None
    if where is not None and (where.in_lines or group.several):
        name = labels.get(where.source) or where.source.replace(chr(92), "/").rsplit("/", 1)[-1]
        identity = f"{name}:{where.line}"
    return chart.reading(identity, len(group.items))


_HAPPENED = {
    "Observation": ("effectiveDateTime", "effectivePeriod", "effectiveInstant"),
    "Procedure": ("performedDateTime", "performedPeriod"),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod"),
    "MedicationDispense": ("whenHandedOver",),
}
"""What is dated by the day on which it happened, and by which elements."""


def _strangers(chart: Chart, group: Group) -> None:
    """List resources whose patient is not here: joining them would be a guess."""
    for item in group.strangers:
        reason = item.problem or (
            "its subject is a patient who is not in the bundle" if group.items else "it names no patient"
        )
        chart.skip(item.place, "", reason)
    broken = [item.place for item in group.strangers if item.problem and item.place.in_lines]
    if broken:
        shown = ", ".join(f"{one.source.rsplit('/', 1)[-1]} line {one.line}" for one in broken[:_SHOWN])
        more = f" and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        what = "1 line" if len(broken) == 1 else f"{len(broken)} lines"
        chart.partial = f"{what} could not be read, and whose they are is not known ({shown}{more})"
    named = [item for item in group.strangers if not item.problem]
    if named and group.items:
        chart.ask(
            "subject",
            f"{len(named)} resources name a patient who is not in the bundle and were left out",
            named[0].place.origin("subject"),
        )
