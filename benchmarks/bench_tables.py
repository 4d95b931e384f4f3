"""Reading of made-up tables: an OMOP folder and tables with a mapping file; prints a table.

    python benchmarks/bench_tables.py [--persons 2000] [--workers 1] [--vocabulary 200000] [--spill]

Persons are made up: forty measurements, a dozen doses, some diagnoses and procedures each. `--vocabulary` is the number
of concepts that stand beside those in use, with two ancestors each, as a hospital's copy of the vocabularies has them.
Processor seconds are those of this process and its workers; wall time depends on what else the machine does. Memory is
the largest of this process, the vocabulary included.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import gc
import os
import pstats
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from her2nav.app.intake_tables import TableOptions, open_sources
from her2nav.app.session import Session
from her2nav.intake.omop import read as omop_reader
from her2nav.intake.omop.folder import open_folder
from her2nav.intake.omop.read import read_omop
from her2nav.intake.tables import read as table_reader
from her2nav.intake.tables import shares
from her2nav.intake.tables.cells import Form
from her2nav.intake.tables.mapping import read_mapping

TODAY = date(2026, 11, 21)
LABS = (
    (3000963, 12.1, 8713),
    (3016723, 0.9, 8840),
    (3006923, 28.0, 8645),
    (3013721, 27.0, 8645),
    (3024929, 240.0, 8848),
)
DRUGS = ("trastuzumab", "docetaxel", "L01EH03", "capecitabine", "paclitaxel 6 MG/ML Injection", "a local mixture")
CONDITIONS = ("C50.9", "C50.4", "I10", "C78.7", "C79.51", "E11.9", "local-7")
MAPPING = """
id: no
tables:
  - file: people.csv
    columns: {sex: demographics.sex, born: demographics.birth_date, ecog: {field: performance.ecog, date: seen}}
  - file: labs.csv
    variable: test
    value: result
    unit: unit
    date: day
    rows: {HB: {lab: haemoglobin}, CREA: {lab: creatinine}, GPT: {lab: alt}, GOT: {lab: ast}}
  - file: drugs.csv
    entry: therapies
    columns: {drug: drugs, from: start, to: end}
"""


def write(path: Path, head: str, rows: Iterator[tuple[object, ...]], delimiter: str = ",") -> None:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(head.split(","))
        writer.writerows(rows)


def day(rng: Random, back: int) -> str:
    return (TODAY - timedelta(days=rng.randint(0, back))).isoformat()


def omop(folder: Path, persons: int, vocabulary: int) -> None:
    """Write a made-up OMOP folder."""
    rng = Random(7)
    ids = range(1, persons + 1)
    write(
        folder / "person.csv",
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth",
        ((n, rng.choice((8507, 8532)), rng.randint(1935, 2000), 3, 4) for n in ids),
    )
    write(
        folder / "measurement.csv",
        "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id,range_high",
        (
            (n * 100 + i, n, lab, day(rng, 900), round(mean * rng.uniform(0.8, 1.2), 1), unit, "")
            for n in ids
            for i in range(40)
            for lab, mean, unit in (LABS[i % 5],)
        ),
    )
    write(
        folder / "drug_exposure.csv",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_type_concept_id,drug_source_value",
        ((n * 100 + i, n, 0, day(rng, 900), 32818, rng.choice(DRUGS)) for n in ids for i in range(12)),
    )
    write(
        folder / "condition_occurrence.csv",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value",
        ((n * 100 + i, n, 0, day(rng, 900), rng.choice(CONDITIONS)) for n in ids for i in range(8)),
    )
    write(
        folder / "observation.csv",
        "observation_id,person_id,observation_concept_id,observation_date,observation_source_value,value_as_number",
        ((n, n, 0, day(rng, 60), "89247-1", rng.randint(0, 3)) for n in ids),
    )
    if vocabulary:
        numbers = range(50_000_000, 50_000_000 + vocabulary)
        write(
            folder / "CONCEPT.csv",
            "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,concept_code",
            ((n, f"a concept of no use {n}", "Condition", "SNOMED", "Disorder", n) for n in numbers),
            "\t",
        )
        write(
            folder / "CONCEPT_ANCESTOR.csv",
            "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation",
            ((n + step, n, step, step) for n in numbers for step in (1, 2)),
            "\t",
        )


def tables(folder: Path, persons: int) -> None:
    """Write made-up tables with a mapping file."""
    rng = Random(8)
    ids = range(1, persons + 1)
    (folder / "mapping.yaml").write_text(MAPPING)
    write(
        folder / "people.csv",
        "no,sex,born,ecog,seen",
        ((n, "female", 1960, rng.randint(0, 3), day(rng, 60)) for n in ids),
    )
    write(
        folder / "labs.csv",
        "no,test,result,unit,day",
        (
            (n, test, round(mean * rng.uniform(0.8, 1.2), 1), unit, day(rng, 900))
            for n in ids
            for _ in range(10)
            for test, mean, unit in (
                ("HB", 12.1, "g/dL"),
                ("CREA", 0.9, "mg/dL"),
                ("GPT", 28, "U/L"),
                ("GOT", 27, "U/L"),
            )
        ),
    )
    write(
        folder / "drugs.csv",
        "no,drug,from,to",
        ((n, rng.choice(DRUGS), f"202{i}-01-0{rng.randint(1, 9)}", "") for n in ids for i in range(4)),
    )


def used() -> float:
    found = os.times()
    return found.user + found.system + found.children_user + found.children_system


def measured(what: str, work: Callable[[], int], profile: bool) -> None:
    """Time a piece of work and print a row."""
    start, cpu = time.perf_counter(), used()
    profiler = cProfile.Profile() if profile else None
    if profiler:
        profiler.enable()
    count = work()
    if profiler:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)
    wall, cpu = time.perf_counter() - start, used() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:46} {count / max(cpu, 1e-9):9.0f} a CPU second {count / wall:9.0f} a second {memory:8.0f} MB",
        flush=True,
    )


def yardstick() -> float:
    """Return the processor seconds of five million additions: about 0.25 on an idle core of 2024."""
    start, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=200_000)
    parser.add_argument("--spill", action="store_true", help="go through small temporary files, as large folders do")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    gc.set_threshold(1_000_000)  # as the command line does
    if asked.spill:
        omop_reader.IN_MEMORY = table_reader.IN_MEMORY = 0
        shares.SHARE = 1 << 18
    session = Session(today=lambda: TODAY)
    session.knowledge  # noqa: B018 - loaded before the clock runs
    with tempfile.TemporaryDirectory() as name:
        plain, cdm = Path(name) / "tables", Path(name) / "omop"
        plain.mkdir()
        cdm.mkdir()
        tables(plain, asked.persons)
        omop(cdm, asked.persons, asked.vocabulary)
        size = sum(one.stat().st_size for one in cdm.iterdir()) / 1e6
        print(f"{asked.persons} persons; the OMOP folder has {size:.0f} MB; yardstick {yardstick():.2f} s")
        layout = read_mapping(None, session.knowledge)

        def read_cdm() -> int:
            folder = open_folder(cdm, Form())
            found = read_omop(folder, layout.mapping, session.knowledge, TODAY, workers=asked.workers)
            return sum(1 for _ in found)

        def read_tables() -> int:
            options = TableOptions(str(plain / "mapping.yaml"))
            return sum(1 for _ in open_sources(session, [str(plain)], options).readings)

        def read_checked() -> int:
            return sum(1 for _ in open_sources(session, [str(cdm)], TableOptions()).readings)

        measured("tables with a mapping file, checked", read_tables, asked.profile)
        measured(f"OMOP to readings, workers {asked.workers}", read_cdm, asked.profile)
        if not asked.spill:
            measured("OMOP to checked records, as intake does", read_checked, False)


if __name__ == "__main__":
    main()
