"""How fast HER2 results are interpreted: one patient after the load, a table of generated patients on one core."""

from __future__ import annotations

import csv
import random
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 20)
ROWS = 10_000
RUNS = 5


def generated(count: int, *, percent: bool, seed: int = 7) -> list[str]:
    """Return a table as a laboratory exports it: half of the rows breast, every row with a date, ISH with IHC 2+.

    Args:
        count: Rows.
        percent: True: every score comes with a percentage and every fifth specimen with ISH numbers of two decimals,
            so that hardly two rows are alike. False: scores alone, ISH numbers with one decimal.
        seed: Of the random numbers.
    """
    chance = random.Random(seed)
    lines = ["id,tumour,ihc,percent,ratio,copies,cep17,specimen,collected,her2_reported"]
    for number in range(count):
        tumour = chance.choice(["breast", "breast", "breast", "gastric", "colorectal", "NSCLC"])
        score = chance.choices(["0", "1+", "2+", "3+"], [40, 30, 15, 15])[0]
        stained = str(chance.randrange(11, 100)) if percent and score != "0" else ""
        ratio = copies = cep17 = ""
        if score == "2+" or (percent and chance.random() < 0.2):
            digits = 2 if percent else 1
            signals, centromeres = round(chance.uniform(1.5, 9), digits), round(chance.uniform(1.5, 3.5), digits)
            ratio, copies, cep17 = f"{signals / centromeres:.{digits}f}", str(signals), str(centromeres)
        day = f"{chance.randrange(2019, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        kind = chance.choice(["biopsy", "resection"])
        word = chance.choice(["", "", "positive", "negative"])
        lines.append(f"case-{number},{tumour},{score},{stained},{ratio},{copies},{cep17},{kind},{day},{word}")
    return lines


def one_patient() -> dict[str, list[float]]:
    """Return seconds for one patient in a running process: each with numbers of its own, nothing seen before."""
    from her2nav.app.interpret import typed_in
    from her2nav.app.session import Session

    session = Session(today=lambda: TODAY)
    chance = random.Random(3)
    times: dict[str, list[float]] = {"check the record": [], "interpret": []}
    for _ in range(2000):
        ratio, copies = f"{chance.uniform(0.8, 5):.3f}", f"{chance.uniform(1.5, 12):.3f}"
        ish = {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": copies}
        values = {"tumour_type": "breast", "kind": "biopsy", "ihc": {"score": "2+"}, "ish": ish}
        start = time.process_time()
        read = typed_in(session, values, None)
        checked = time.process_time()
        assert session.case(read).her2 is not None
        times["interpret"].append(time.process_time() - checked)
        times["check the record"].append(checked - start)
    return {name: found[100:] for name, found in times.items()}


def records(lines: list[str]) -> list[float]:
    """Return seconds to interpret patients whose records are read and checked, one specimen each.

    Every run starts with nothing remembered of any patient but the first run's tables; status, expression, flags and
    next steps are computed for each patient, the sentences of the explanation only when they are asked for.
    """
    from her2nav.app.columns import specimen_of
    from her2nav.app.session import Session
    from her2nav.intake.patient_file import ReadPatient
    from her2nav.interpret.guidelines import _rules, guideline_set
    from her2nav.model.patient import Patient

    session = Session(today=lambda: TODAY)
    read = []
    for row in csv.DictReader(lines):
        tumour, specimen = specimen_of(row, session.knowledge, decimal_comma=False)
        record = {"id": row["id"], "cancer": {"tumour_type": tumour}, "specimens": [specimen]}
        read.append(ReadPatient(Patient.model_validate(record), TODAY, (), ()))
    times = []
    for _ in range(RUNS):
        guideline_set.cache_clear()
        _rules.cache_clear()
        assert session.case(read[0]).her2 is not None
        start = time.process_time()
        for one in read:
            assert session.case(one).her2 is not None
        times.append(time.process_time() - start)
    return times


def batch(lines: list[str]) -> list[float]:
    """Return seconds to read, check and interpret a table of specimens and write the result as CSV."""
    from her2nav.app.batch import Batch, csv_lines
    from her2nav.app.session import Session

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.csv")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        times = []
        for _ in range(RUNS):
            start = time.process_time()
            written = sum(1 for _ in csv_lines(Batch(Session(today=lambda: TODAY), str(path), None, None).rows()))
            times.append(time.process_time() - start)
            assert written == len(lines)
    return times


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"{'what (one core, processor time)':60} {'median':>12} {'least':>12}")
    for name, times in one_patient().items():
        print(f"{f'one patient: {name}':60} {1e6 * statistics.median(times):9.0f} us {1e6 * min(times):9.0f} us")
    for name, percent in (("scores, ISH with IHC 2+", False), ("hardly two rows alike", True)):
        lines = generated(rows, percent=percent)
        for what, times in (("interpret", records(lines)), ("table to table", batch(lines))):
            rate = [rows / spent for spent in times]
            told = f"{what}, {rows:,} patients, {name}"
            print(f"{told:60} {1000 * statistics.median(times):9.0f} ms {1000 * min(times):9.0f} ms")
            print(f"{'  patients per second':60} {statistics.median(rate):12,.0f} {max(rate):12,.0f}")


if __name__ == "__main__":
    main()
