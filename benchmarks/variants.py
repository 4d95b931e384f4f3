"""Names of ERBB2 variants normalised per second, on one core.

Run: python benchmarks/variants.py [seconds]
"""

import csv
import sys
import time
from pathlib import Path

from her2nav.knowledge.load import load_knowledge
from her2nav.variants.knowledge import load_variants
from her2nav.variants.read import read_variants

TABLES = Path(__file__).resolve().parent.parent / "tests" / "unit" / "variants"


def names() -> list[str]:
    found: list[str] = []
    for table in ("notation.tsv", "synonyms.tsv", "table.tsv"):
        with (TABLES / table).open(encoding="utf-8", newline="") as stream:
            found += [row["written"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return found


def main() -> None:
    budget = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    started = time.perf_counter()
    variants = load_variants(load_knowledge())
    loaded = time.perf_counter() - started
    written = names()
    read_variants(written[0], variants, gene="ERBB2")
    done, named, started = 0, 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < budget:
        for text in written:
            named += sum(call.short is not None for call in read_variants(text, variants, gene="ERBB2"))
        done += len(written)
    print(f"knowledge loaded and checked in {loaded * 1000:.0f} ms")
    print(f"{len(written)} texts, {named * len(written) // done} protein changes in them")
    print(f"{done / spent:,.0f} texts per second ({spent / done * 1e6:.0f} microseconds each)")


if __name__ == "__main__":
    main()
