"""How long `her2nav match` takes: the whole process from a cold start, and one patient inside; prints a table."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "gastric-positive.yaml"
RUNS = 9


def whole_process(*arguments: str) -> list[float]:
    """Return wall seconds of fresh processes, the first (file cache) not counted."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "her2nav", *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return times[1:]


def inside() -> dict[str, list[float]]:
    """Return seconds of the steps of one match inside a running process."""
    from her2nav.app.match import match, match_json
    from her2nav.app.session import Session
    from her2nav.facts.case import Case
    from her2nav.intake.patient_file import read_patient
    from her2nav.matching.verdicts import patient_verdicts

    session = Session()
    read = read_patient(EXAMPLE, session.knowledge, session.today())
    match(session, read)
    found: dict[str, list[float]] = {
        "read the patient file": [],
        "verdicts": [],
        "ranked matches": [],
        "whole JSON": [],
    }
    for _ in range(RUNS * 3):
        start = time.perf_counter()
        read = read_patient(EXAMPLE, session.knowledge, session.today())
        found["read the patient file"].append(time.perf_counter() - start)

        case = Case(read.patient, read.as_of, session.knowledge)
        start = time.perf_counter()
        patient_verdicts(session.compiled, case.alone)
        found["verdicts"].append(time.perf_counter() - start)

        start = time.perf_counter()
        answer = match(session, read)
        found["ranked matches"].append(time.perf_counter() - start)

        start = time.perf_counter()
        match_json(session, answer)
        found["whole JSON"].append(time.perf_counter() - start)
    return found


def main() -> None:
    """Print the table."""
    rows = [("python -c pass", bare()), ("her2nav --version", whole_process("--version"))]
    rows.append(("her2nav match, text", whole_process("match", str(EXAMPLE))))
    rows.append(("her2nav match --format json", whole_process("match", str(EXAMPLE), "--format", "json")))
    rows += [(f"inside: {name}", times) for name, times in inside().items()]
    print(f"{'what':34} {'median ms':>10} {'least ms':>10}")
    for name, times in rows:
        print(f"{name:34} {1000 * statistics.median(times):10.1f} {1000 * min(times):10.1f}")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'peak memory of a process':34} {children:10.0f} MB")


def bare() -> list[float]:
    """Return wall seconds of an empty Python process."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    main()
