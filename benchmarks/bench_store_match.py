"""Reading the criteria of a store and matching against it, on the real records of the shared data; prints a table.

    python benchmarks/bench_store_match.py [--trials N] [--processes N] [--folder STORE]

HER2NAV_SHARED names the shared data. `--trials` reads only so many trials; without it all on cancer or HER2.
`--folder` takes a store that has its trees. Times are processor time of this process, or of fresh ones, so that other
work on the machine counts little. Warm: the same patient again in one process. Aims: 20 ms against every trial on
HER2, 150 ms against every trial on the cancer.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HER2NAV_SHARED") or ROOT.parent / "shared")
RECORDS = [SHARED / "data" / "registry" / name for name in ("oncology_2026-01.jsonl.gz", "eligibility_texts.jsonl.gz")]
PATIENTS = ("breast-low", "gastric-positive")
RUNS = 5


def line(name: str, value: str) -> None:
    print(f"{name:<48} {value}", flush=True)


def build(folder: Path, limit: int | None, processes: int | None) -> None:
    """Import the records and read their criteria."""
    from her2nav.app.registry import import_records
    from her2nav.app.trees import read_trees, worth_reading
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader
    from her2nav.store.trees import FILE
    from her2nav.store.writing import StoreWriter

    knowledge = load_knowledge()
    start = time.perf_counter()
    with StoreWriter(folder) as store:
        done = import_records(store, knowledge, RECORDS)
    line(f"import {done.read:,} records", f"{time.perf_counter() - start:.1f} s")
    with StoreReader(folder) as store:
        chosen = sorted(worth_reading(store.candidates))
    only = frozenset(chosen[:: max(1, len(chosen) // limit)]) if limit else None
    start, own = time.perf_counter(), time.process_time()
    read = read_trees(folder, knowledge, only=only, processes=processes)
    wall = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() - own + children.ru_utime + children.ru_stime
    line(f"read {read.read:,} trials, {len(read.failed)} stumbled", f"{wall:.1f} s")
    line("trials a second of wall time; of one core", f"{read.read / wall:.0f}; {read.read / used:.0f}")
    line("trees on disk", f"{(folder / FILE).stat().st_size / 1e6:.1f} MB")
    start = time.perf_counter()
    again = read_trees(folder, knowledge, only=only)
    line(f"nothing changed ({again.kept:,} kept)", f"{time.perf_counter() - start:.2f} s")


def cold(folder: Path, patient: Path, *options: str) -> float:
    """Return the least processor time of fresh processes, in seconds."""
    times = []
    for _ in range(RUNS + 1):
        start = _children()
        subprocess.run(
            [sys.executable, "-m", "her2nav", "match", str(patient), *options],
            check=True,
            capture_output=True,
            env={**os.environ, "HER2NAV_HOME": str(folder)},
        )
        times.append(_children() - start)
    return min(times[1:])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def warm(folder: Path, patient: Path, about: str) -> tuple[int, dict[str, float]]:
    """Return how many trials were judged, and the least seconds of each part of an answer."""
    from her2nav.app.choice import About, Choice
    from her2nav.app.match import match, match_json
    from her2nav.app.session import Session
    from her2nav.intake.patient_file import read_patient
    from her2nav.matching.verdicts import patient_verdicts

    session = Session(folder=folder)
    read = read_patient(patient, session.knowledge, session.today())
    # As the command line does: one short run frees at its end.
    gc.set_threshold(1_000_000)
    times: dict[str, list[float]] = {name: [] for name in ("verdicts alone", "ranked", "next facts", "20 as JSON")}
    for _ in range(RUNS):
        start = time.process_time()
        answer = match(session, read, Choice(about=About(about)))
        times["ranked"].append(time.process_time() - start)
        start = time.process_time()
        assert answer.next_facts is not None
        times["next facts"].append(time.process_time() - start)
        start = time.process_time()
        match_json(session, answer, top=20)
        times["20 as JSON"].append(time.process_time() - start)
        case = session.case(read)
        start = time.process_time()
        for compiled in answer.chosen.compiled:
            patient_verdicts(compiled, case.alone)
        times["verdicts alone"].append(time.process_time() - start)
    return len(answer.matches), {name: min(found) for name, found in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--folder", type=Path, help="a store with its trees, to be matched only")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        if given.folder is None:
            build(folder, given.trials, given.processes)
        for patient in PATIENTS:
            path = ROOT / "examples" / f"{patient}.yaml"
            for about in ("her2", "oncology"):
                judged, times = warm(folder, path, about)
                told = "; ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in times.items())
                line(f"{patient}: {judged:,} trials, {about}, warm", told)
            line(f"{patient}: cold, text", f"{cold(folder, path):.2f} s")
            line(f"{patient}: cold, JSON of 20", f"{cold(folder, path, '--format', 'json', '--top', '20'):.2f} s")


if __name__ == "__main__":
    main()
