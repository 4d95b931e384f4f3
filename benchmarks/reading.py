"""How well the reader reads: the attribute view of the hand-read trials, scored attribute by attribute.

    python benchmarks/reading.py [--own] [--details] [--only ATTRIBUTE] [--speed]

Needs the shared test data (HER2NAV_SHARED, default ../shared) and uses its scoring tool. `--own` scores the trials
of tests/gold/attributes_own, read by hand before the reader saw them, instead of the shared gold set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from own_records import FOLDER, own_records

from her2nav.criteria.reader import Reader
from her2nav.criteria.view import attribute_view
from her2nav.knowledge.load import load_knowledge

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def main() -> None:
    """Print precision and recall, and on request how many trials a second are read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--details", action="store_true", help="every difference")
    parser.add_argument("--only", help="only the lines of one attribute")
    parser.add_argument("--own", action="store_true", help="the trials read by hand here")
    parser.add_argument("--speed", action="store_true", help="read the oncology trials and time it")
    options = parser.parse_args()
    reader = Reader(load_knowledge())
    if options.speed:
        _speed(reader)
        return
    gold = FOLDER if options.own else SHARED / "data/gold/trial_attributes"
    with tempfile.TemporaryDirectory() as folder:
        for number, record in (own_records(SHARED) if options.own else _gold_records()).items():
            (Path(folder) / f"{number}.json").write_text(json.dumps(view_of(reader, record)))
        command = [sys.executable, str(SHARED / "tools/score_attributes.py"), str(gold), folder]
        answer = subprocess.run(
            command + (["--details"] if options.details else []), capture_output=True, text=True, check=True
        )
    lines = answer.stdout.splitlines()[:-1]
    for line in lines:
        if not options.only or f" {options.only}:" in line or line.startswith((options.only, "ALL")):
            print(line)


def _gold_records() -> dict[str, dict[str, object]]:
    return {path.stem: json.loads(path.read_text()) for path in sorted((SHARED / "data/gold/texts").glob("NCT*.json"))}


def view_of(reader: Reader, record: dict[str, object]) -> dict[str, object]:
    """Return the attribute view of a record as the shared data hold it."""
    eligibility = record.get("eligibility") or {}
    assert isinstance(eligibility, dict)
    fields = {
        "age_min": _years(eligibility.get("minimum_age")),
        "age_max": _years(eligibility.get("maximum_age")),
        "sex": str(eligibility["sex"]).lower() if eligibility.get("sex") else None,
        "conditions": record.get("conditions") or [],
        "title": record.get("title"),
    }
    text = str(eligibility.get("raw_text") or record.get("text") or "")
    return attribute_view(reader.read(text), str(record["nct_id"]), fields)


def _years(written: object) -> int | None:
    words = str(written or "").split()
    return int(words[0]) if len(words) > 1 and words[0].isdigit() and words[1].lower().startswith("year") else None


def _speed(reader: Reader) -> None:
    with gzip.open(SHARED / "data/registry/oncology_2026-01.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["eligibility"]["raw_text"] or "" for line in lines]
    began = time.process_time()
    for text in texts:
        reader.read(text)
    seconds = time.process_time() - began
    size = sum(map(len, texts)) / len(texts) / 1000
    print(f"{len(texts)} oncology trials of {size:.1f} kB: {len(texts) / seconds:.0f} a second of processor time")


if __name__ == "__main__":
    main()
