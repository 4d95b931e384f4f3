"""Screening of made-up patients against the real records of the shared data, or the shipped catalogue; prints a table.

    python benchmarks/bench_screen.py [--patients 2000] [--about her2] [--store FOLDER] [--catalogue] [--profile]
    python benchmarks/bench_screen.py --patients 100000 --seconds 240 --store FOLDER [--about her2] [--catalogue]

Patients are records as a hospital would send them, one a line: tumour, HER2 results, treatments, laboratory values,
conditions, each sometimes absent. HER2NAV_SHARED names the shared data. `--store` takes a store with its trees.
Processor seconds are those of this process and its workers; wall time depends on what else the machine does.
`--seconds` judges patients block by block in this process, in constant memory, until they are all judged or so many
processor seconds are spent, and says what the whole cohort would take.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from her2nav.app.choice import About, Choice, TrialSet
from her2nav.app.cohort_source import raw_records
from her2nav.app.cohort_trials import Asked, CohortTrials, cohort_trials, concerns
from her2nav.app.screen import screen
from her2nav.app.screen_block import read_raw
from her2nav.app.screen_judge import Screener, Wanted
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session
from her2nav.facts.block import Block
from her2nav.matching.evaluate import rows_of

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HER2NAV_SHARED") or ROOT.parent / "shared")
RECORDS = SHARED / "data" / "registry" / "oncology_2026-01.jsonl.gz"
TODAY = date(2026, 11, 21)
TUMOURS = ("breast", "breast", "breast", "gastric", "GEJ", "colorectal", "lung adenocarcinoma", "endometrial serous")
DRUGS = ("trastuzumab", "paclitaxel", "trastuzumab deruxtecan", "capecitabine", "lapatinib", "letrozole", "tucatinib")
LABS = (
    ("anc", 4.0, 1.2, "10*9/L"),
    ("platelets", 250, 60, "10*9/L"),
    ("haemoglobin", 12.5, 1.3, "g/dL"),
    ("creatinine", 0.8, 0.2, "mg/dL"),
    ("bilirubin", 0.7, 0.25, "mg/dL"),
    ("ast", 28, 12, "U/L"),
    ("alt", 27, 12, "U/L"),
    ("albumin", 3.9, 0.4, "g/dL"),
)
CONDITIONS = ("hypothyroidism", "hypertension", "diabetes", "heart failure", "hepatitis B", "asthma", "osteoporosis")


def made_up(number: int) -> dict[str, Any]:
    """Return a made-up patient; nobody real."""
    rng = Random(number)
    day = lambda back: (TODAY - timedelta(days=back)).isoformat()  # noqa: E731

    def perhaps(share: float, **more: Any) -> dict[str, Any]:
        return more if rng.random() < share else {}

    score = rng.choice(("0", "1+", "2+", "3+", "3+"))
    specimen: dict[str, Any] = {"kind": "biopsy", "collected": day(rng.randint(60, 900)), "ihc": {"score": score}}
    if score == "2+" and rng.random() < 0.8:
        specimen["ish"] = {"result": rng.choice(("positive", "negative"))}
    courses, end = [], rng.randint(400, 1200)
    for _ in range(rng.randint(0, 3)):
        start, end = end, max(5, end - rng.randint(60, 350))
        courses.append(
            {
                "drugs": rng.sample(DRUGS, rng.randint(1, 2)),
                "setting": rng.choice(("metastatic", "metastatic", "adjuvant")),
                "start": day(start),
                "end": day(end),
                "reason_stopped": rng.choice(("progression", "toxicity", "completed")),
            }
        )
    return {
        "id": f"made-up-{number:07}",
        "as_of": TODAY.isoformat(),
        "demographics": {"age": rng.randint(25, 85), **perhaps(0.95, sex=rng.choice(("female", "female", "male")))},
        **perhaps(0.9, performance={"ecog": rng.choice((0, 1, 1, 2)), "date": day(rng.randint(0, 40))}),
        "cancer": {
            "tumour_type": rng.choice(TUMOURS),
            "setting": rng.choice(("metastatic", "metastatic", "early")),
            **perhaps(0.7, measurable_disease=rng.random() < 0.8),
            **perhaps(0.6, metastatic_sites=rng.sample(("liver", "lung", "bone", "brain", "lymph_node"), 2)),
        },
        "specimens": [specimen],
        "therapies": courses,
        "labs": [
            {
                "name": name,
                "value": _near(rng, mean, spread),
                "unit": unit,
                "date": day(rng.randint(0, 40)),
            }
            for name, mean, spread, unit in LABS
            if rng.random() < 0.9
        ],
        "cardiac": perhaps(0.8, lvef_percent=rng.randint(45, 70), lvef_date=day(rng.randint(5, 80))),
        "conditions": [{"name": name, "status": "active"} for name in rng.sample(CONDITIONS, rng.randint(0, 3))],
        "complete": {"therapies": True, **perhaps(0.5, conditions=True)},
    }


def _near(rng: Random, mean: float, spread: float) -> float:
    return round(max(0.3 * mean, rng.gauss(mean, spread)), 1)


def line(what: str, value: str, note: str = "") -> None:
    """Print one row of the table."""
    print(f"{what:52} {value:>16}  {note}", flush=True)


def used() -> float:
    """Return the processor seconds of this process and of the workers that ended."""
    found = os.times()
    return sum(found[:4])


def peak() -> str:
    """Return the peak memory of this process and of the greatest worker."""
    own, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"this process {own:.0f} MB, greatest worker {worker:.0f} MB"


def store_of(folder: Path) -> None:
    """Import the records and read their criteria."""
    from her2nav.app.registry import import_records
    from her2nav.app.trees import read_trees
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.writing import StoreWriter

    knowledge = load_knowledge()
    with StoreWriter(folder) as store:
        import_records(store, knowledge, [RECORDS])
    read_trees(folder, knowledge)


def _each(spent: float, size: int) -> str:
    return f"{1000 * spent / size:.2f} ms"


def _rate(pairs: int, spent: float) -> str:
    return f"a patient, {pairs / spent:,.0f} pairs/s"


def steps(session: Session, trials: CohortTrials, path: Path, size: int) -> None:
    """Time the steps for one block in this process."""
    raw = [item for _, item in zip(range(size), raw_records(session, [str(path)]), strict=False)]
    start = time.process_time()
    cases = [session.case(read_raw(item, session, None)) for item in raw]
    line("one block: read and check the records", f"{1000 * (time.process_time() - start) / size:.2f} ms", "a patient")
    for again in ("cold", "warm"):
        fresh = Block([session.case(read_raw(item, session, None)) for item in raw])
        start = time.process_time()
        for one in trials.sets:
            rows_of(one.program, fresh)
        spent = time.process_time() - start
        pairs = size * sum(len(one.trials) for one in trials.sets)
        line(
            f"one block: every leaf and tree, {again}",
            f"{1000 * spent / size:.2f} ms",
            f"a patient, {pairs / spent:,.0f} pairs/s",
        )
    chosen = concerns(trials, session)
    judged = Screener(trials.sets, chosen, Wanted(reasons=False))
    judged.judge(cases[:8])
    fresh = Block([session.case(read_raw(item, session, None)) for item in raw])
    start = time.process_time()
    for one in judged.sets:
        one.rows.needed(fresh, one.concerned(fresh.cases, chosen))
    spent = time.process_time() - start
    line("one block: what the verdicts hang on", _each(spent, size), _rate(pairs, spent))
    for reasons in (False, True) if pairs / size <= 200 else (False,):
        screener = Screener(trials.sets, chosen, Wanted(reasons=reasons))
        for again in ("cold", "warm"):
            start = time.process_time()
            found = screener.judge(cases)
            spent = time.process_time() - start
            kept = sum(map(len, found)) / size
            line(
                f"one block: pairs kept, {'with' if reasons else 'without'} reasons, {again}",
                f"{1000 * spent / size:.2f} ms",
                f"a patient, {kept:.1f} pairs kept of {pairs / size:.0f}",
            )
            cases = [session.case(read_raw(item, session, None)) for item in raw]


def profile(session: Session, trials: CohortTrials, path: Path, size: int) -> None:
    """Print where the time of one block goes."""
    raw = [item for _, item in zip(range(size), raw_records(session, [str(path)]), strict=False)]
    screener = Screener(trials.sets, concerns(trials, session), Wanted(reasons=False))
    screener.judge([session.case(read_raw(item, session, None)) for item in raw[:8]])
    run = cProfile.Profile()
    run.enable()
    screener.judge([session.case(read_raw(item, session, None)) for item in raw])
    run.disable()
    pstats.Stats(run).sort_stats("tottime").print_stats(25)


def bounded(session: Session, trials: CohortTrials, folder: Path, patients: int, block: int, seconds: float) -> None:
    """Judge patients until they are all judged or the processor time is spent; none is kept."""
    screener = Screener(trials.sets, concerns(trials, session), Wanted(reasons=False))
    path = folder / "block.jsonl"
    spent = dict.fromkeys(("make up", "read and check", "judge and keep pairs"), 0.0)
    done = kept = judged = 0
    start = time.process_time()
    while done < patients and time.process_time() - start < seconds:
        size = min(block, patients - done)
        marks = [time.process_time()]
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(made_up(done + number)) + "\n" for number in range(size))
        marks.append(time.process_time())
        cases = [session.case(read_raw(item, session, None)) for item in raw_records(session, [str(path)])]
        marks.append(time.process_time())
        kept += sum(map(len, screener.judge(cases)))
        marks.append(time.process_time())
        for step, (before, after) in zip(spent, pairwise(marks), strict=True):
            spent[step] += after - before
        done += size
        judged += size * len(trials.digests)
    own = spent["read and check"] + spent["judge and keep pairs"]
    line("bounded: patients judged", f"{done:,} of {patients:,}", f"{judged:,} pairs, {kept:,} kept")
    for step, seconds_of in spent.items():
        line(f"bounded: {step}", f"{seconds_of:.1f} s", f"{1000 * seconds_of / done:.2f} ms a patient")
    rate = judged / own
    line("bounded: pairs a second of one core", f"{rate:,.0f}", f"{done / own:,.0f} patients")
    whole = patients * len(trials.digests)
    line("bounded: the whole cohort would take", f"{whole / rate / 60:.0f} min", f"of one core, {whole:,} pairs")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--patients", type=int, default=2000)
    parser.add_argument("--block", type=int, default=256)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--catalogue", action="store_true")
    parser.add_argument("--about", type=About, default=About.ONCOLOGY)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--steps-only", action="store_true")
    parser.add_argument("--seconds", type=float, help="of processor: judge no longer than that, in this process")
    given = parser.parse_args()
    line("machine", f"{os.cpu_count()} cores", f"load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = given.store or folder / "store"
        if given.store is None and not given.catalogue:
            store_of(store)
        path = folder / "cohort.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            size = given.patients if given.seconds is None else min(given.block, given.patients)
            stream.writelines(json.dumps(made_up(number)) + "\n" for number in range(size))
        asked = Asked(Choice(TrialSet.CATALOGUE if given.catalogue else TrialSet.BOTH, about=given.about))
        session = Session(today=lambda: TODAY, folder=store)
        start = used()
        trials = cohort_trials(session, asked)
        line("choose and compile the trials", f"{used() - start:.1f} s", f"{len(trials.digests):,} trials")
        if given.seconds is None:
            steps(session, trials, path, min(given.block, given.patients))
        if given.profile:
            profile(session, trials, path, min(given.block, given.patients))
        if given.seconds is not None:
            bounded(session, trials, folder, given.patients, given.block, given.seconds)
            line("peak memory", "", peak())
            return
        if given.steps_only:
            return
        options = ScreenOptions(
            (str(path),), asked, TODAY, processes=given.processes, block=given.block, store=str(store)
        )
        for what in ("screen, nothing kept before", "screen again, nothing changed"):
            began, start = time.perf_counter(), used()
            done = screen(session, options, folder / "run", tell=print)
            wall, spent = time.perf_counter() - began, used() - start
            pairs = given.patients * len(trials.digests)
            line(what, f"{wall:.1f} s", f"{spent:.1f} s of processor; {pairs / spent:,.0f} pairs per processor second")
            counts = done.made["counts"]["pairs_kept"]
            line("", f"{given.patients / spent:.0f} patients", f"per processor second; kept {counts}")
        size = sum(item.stat().st_size for item in (folder / "run").iterdir())
        line("run on disk", f"{size / 1e6:.1f} MB", f"{size / given.patients:,.0f} bytes a patient")
    line("peak memory", "", peak())


if __name__ == "__main__":
    main()
