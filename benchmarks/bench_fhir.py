"""Reading of made-up FHIR: patients a CPU second, and the memory of a large Bulk Data export; prints a table.

    python benchmarks/bench_fhir.py [--patients 2000] [--profile]
    python benchmarks/bench_fhir.py --megabytes 1000 [--folder /tmp/export]

Every made-up patient has 21 resources: two diagnoses, five tumour markers, six measurements, six doses, an operation.
With `--megabytes` an export of that size is written, one file a resource type, each resource with a narrative of a
kilobyte as systems write them, and `her2nav intake` reads it; memory is the proportional share (PSS) of the command and
all its processes, looked at four times a second. The export is removed at the end.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from bench_tables import yardstick

from her2nav.app.fhir import checked, fhir_readings
from her2nav.app.session import Session
from her2nav.intake.fhir.codes import codes_of
from her2nav.intake.fhir.read import groups, read_group

TODAY = date(2026, 11, 21)
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"
LABS = (
    ("718-7", 12.4, "g/dL"),
    ("777-3", 210, "10*3/uL"),
    ("2160-0", 0.8, "mg/dL"),
    ("1742-6", 30, "U/L"),
    ("1975-2", 0.7, "mg/dL"),
    ("10230-1", 60, "%"),
)
NARRATIVE = {"status": "generated", "div": "<div>" + "made up, and never read. " * 40 + "</div>"}
KEPT = 400
"""Different patients; a large export repeats them under other names."""


def patient(number: int, rng: Random) -> Iterator[dict[str, Any]]:
    """Yield the resources of one made-up patient."""
    name = f"NUMBER{number:05}"
    subject = {"reference": f"Patient/{name}"}

    def one(kind: str, key: str, **more: Any) -> dict[str, Any]:
        return {"resourceType": kind, "id": f"{key}-{name}", "subject": subject, **more}

    def code(system: str, value: str, display: str = "") -> dict[str, Any]:
        return {"coding": [{"system": system, "code": value, **({"display": display} if display else {})}]}

    yield {
        "resourceType": "Patient", "id": name, "gender": "female", "birthDate": f"{rng.randint(1935, 1995)}-01-02",
        "name": [{"family": "Nobody"}],
    }  # fmt: skip
    tumour = code(SNOMED, "254837009", "Malignant neoplasm of breast (disorder)")
    yield one(
        "Condition", "c", meta={"profile": [PROFILE]}, code=tumour, onsetDateTime=f"20{rng.randint(15, 24)}-01-01"
    )
    yield one("Condition", "d", code=code(SNOMED, "94381002", "Secondary malignant neoplasm of liver (disorder)"))
    markers = (
        ("85319-2", {"valueString": rng.choice(("0", "1+", "2+", "3+"))}),
        ("85318-4", {"valueCodeableConcept": code(SNOMED, rng.choice(("260385009", "10828004")))}),
        ("85337-4", {"valueCodeableConcept": code(LOINC, rng.choice(("LA6576-8", "LA6577-6")))}),
        ("89247-1", {"valueInteger": rng.randint(0, 3)}),
        ("21908-9", {"valueCodeableConcept": code("http://cancerstaging.org", "4")}),
    )
    for index, (test, value) in enumerate(markers):
        when = f"2024-0{rng.randint(1, 9)}-01T10:00:00Z"
        yield one("Observation", f"o{index}", status="final", effectiveDateTime=when, code=code(LOINC, test), **value)
    for index, (test, mean, unit) in enumerate(LABS):
        value = {"value": round(mean * rng.uniform(0.9, 1.1), 1), "unit": unit, "code": unit}
        when = f"2024-0{rng.randint(1, 9)}-02"
        yield one(
            "Observation",
            f"l{index}",
            status="final",
            effectiveDateTime=when,
            code=code(LOINC, test),
            valueQuantity=value,
        )
    for index in range(6):
        given = code(RXNORM, "224905", "trastuzumab")
        when = f"2024-0{index + 1}-03"
        yield one(
            "MedicationAdministration", f"m{index}", status="completed", effectiveDateTime=when,
            medicationCodeableConcept=given,
        )  # fmt: skip
    operation = code(SNOMED, "392021009", "Lumpectomy of breast (procedure)")
    yield one("Procedure", "x", status="completed", code=operation, performedDateTime="2020-02-01")


def write(folder: Path, *, patients: int = 0, size: int = 0, more: dict[str, Any] | None = None) -> int:
    """Write an export of so many patients or bytes, one file a type; return the number of patients.

    `more` is added to every resource.
    """
    rng = Random(5)
    texts: list[list[tuple[str, str]]] = []
    for number in range(KEPT):
        name = f"NUMBER{number:05}"
        found = [(one["resourceType"], json.dumps(one | (more or {}))) for one in patient(number, rng)]
        texts.append([(kind, text.replace(name, "%NAME%")) for kind, text in found])
    streams: dict[str, Any] = {}
    count = written = 0
    while count < patients or written < size:
        for kind, text in texts[count % KEPT]:
            if kind not in streams:
                streams[kind] = (folder / f"{kind}.ndjson").open("w", encoding="utf-8")
            written += streams[kind].write(text.replace("%NAME%", f"p{count}") + "\n")
        count += 1
    for stream in streams.values():
        stream.close()
    return count


def speed(folder: Path, patients: int, profile: bool) -> None:
    """Print patients a CPU second, step by step, in one process."""
    session = Session(today=lambda: TODAY)
    codes = codes_of(session.knowledge)
    write(folder, patients=patients)
    names = sorted(str(one) for one in folder.iterdir())
    read_group(next(groups(names)), codes)
    profiler = cProfile.Profile(builtins=False) if profile else None
    start = time.process_time()
    if profiler:
        profiler.enable()
    found = list(groups(names))
    joined = time.process_time()
    readings = [read_group(group, codes) for group in found]
    read = time.process_time()
    for reading in readings:
        checked(session, reading)
    end = time.process_time()
    if profiler:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
    print(f"{patients} patients, {len(readings[0].provenance)} values each; yardstick {yardstick():.2f} s")
    for what, seconds in (("joined", joined - start), ("read", read - joined), ("checked", end - read)):
        print(f"{what:12} {1000 * seconds / patients:6.2f} ms a patient")
    print(f"{'all':12} {patients / (end - start):6.0f} patients a CPU second")
    values = sum(len(one.provenance) for one in fhir_readings(session, names))
    assert values == sum(len(one.provenance) for one in readings)


def memory(folder: Path, megabytes: int) -> None:
    """Read a large export with the command and print its time and the most memory that it used."""
    patients = write(folder, size=megabytes * 1_000_000, more={"text": NARRATIVE})
    names = sorted(str(one) for one in folder.iterdir())
    size = sum(Path(one).stat().st_size for one in names) / 1e6
    out = folder / "out.ndjson"
    start, used = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "her2nav", "intake", *names, "--out", str(out)]
    process = subprocess.Popen(command)
    most = 0
    while process.poll() is None:
        most = max(most, _pss(process.pid))
        time.sleep(0.25)
    done = os.times()
    cpu = done.children_user + done.children_system - used.children_user - used.children_system
    wall = time.perf_counter() - start
    print(f"{size:.0f} MB, {patients} patients: most memory {most / 1024:.0f} MB, all processes together")
    rate = f"{patients / cpu:.0f} patients a CPU second"
    print(f"{cpu:.0f} CPU seconds, {wall:.0f} s; {rate}; yardstick {yardstick():.2f} s")
    with out.open(encoding="utf-8") as stream:
        assert sum(1 for _ in stream) == patients
    assert process.returncode == 0


def _pss(root: int) -> int:
    """Return the memory of a process and all below it in kilobytes, what they share counted once."""
    total, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=2000)
    parser.add_argument("--megabytes", type=int, help="measure the memory of an export of this size instead")
    parser.add_argument("--folder", type=Path, help="where the large export is written, an empty or absent folder")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    gc.set_threshold(1_000_000)  # as the command line does
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
    name = tempfile.mkdtemp(dir=asked.folder)
    try:
        if asked.megabytes:
            memory(Path(name), asked.megabytes)
        else:
            speed(Path(name), asked.patients, asked.profile)
    finally:
        shutil.rmtree(name)


if __name__ == "__main__":
    main()
