"""Importing, opening and searching the store, on the real records of the shared data.

    scripts/bench benchmarks/bench_registry.py [PATH…]

HER2NAV_SHARED names the shared data. "Floor": unzip, parse the XML and compress, and nothing else; it tells how fast
the machine is just now.
"""

import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from her2nav.app.registry import import_records
from her2nav.app.registry_diff import diff
from her2nav.app.registry_page import page
from her2nav.app.registry_search import search
from her2nav.knowledge.load import load_knowledge
from her2nav.store.connection import FILE
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")
REGISTRY = SHARED / "data" / "registry"
QUERIES = (
    ("HER2-low trastuzumab deruxtecan", {}),
    ("cancer", {}),
    ("HER2 positive metastatic breast", {"status": ("recruiting",)}),
    ("", {"tumour": ("gastric",), "phase": ("2",)}),
    ("", {"mentions": ("her2_positive",), "country": ("US",)}),
    ("NCT03043313", {}),
)


def floor(path: Path) -> float:
    start = time.process_time()
    count = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            ElementTree.fromstring(raw)
            zlib.compress(raw, 6)
            count += 1
    return count / (time.process_time() - start)


def import_(folder: Path, paths: list[Path]) -> tuple[int, float, float, float]:
    """Run in a process of its own, so that its memory is its own; returns records, wall, processor, megabytes."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bench_registry; bench_registry.measured(sys.argv[2:])"
    arguments = [sys.executable, "-c", code, str(Path(__file__).parent), str(folder), *map(str, paths)]
    records, wall, processor, megabytes = subprocess.run(
        arguments, check=True, capture_output=True, text=True
    ).stdout.split()
    return int(records), float(wall), float(processor), float(megabytes)


def measured(arguments: list[str]) -> None:
    gc.set_threshold(200_000)  # as the command line does
    folder, *paths = map(Path, arguments)
    knowledge = load_knowledge()
    start, used = time.perf_counter(), time.process_time()
    with StoreWriter(folder) as store:
        done = import_records(store, knowledge, paths)
    wall, processor = time.perf_counter() - start, time.process_time() - used
    print(done.read, wall, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def best(action: object, times: int = 7) -> float:
    """The least of several wall times, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()  # type: ignore[operator]
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


def main(paths: list[Path]) -> None:
    rows: list[tuple[str, str, str]] = []
    rows.append(("floor: unzip, XML, compress", f"{floor(REGISTRY / 'legacy_xml.zip'):,.0f} records/s", ""))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, given in (
            ("import legacy_xml.zip", [REGISTRY / "legacy_xml.zip"]),
            ("import all of data/registry", paths or [REGISTRY]),
            ("the same again, unchanged", paths or [REGISTRY]),
        ):
            records, wall, processor, megabytes = import_(folder, given)
            rate = f"{records / wall:,.0f} records/s, {records / processor:,.0f} per processor second"
            rows.append((label, rate, "target 700"))
            rows.append(("  memory", f"{megabytes:.0f} MB", "target 300"))
        with StoreReader(folder) as store:
            state = store.state()
        rows.append(("store", f"{state.trials:,} trials, {(folder / FILE).stat().st_size / 1e6:.0f} MB", ""))
        rows.append(("open, one trial, close", f"{best(lambda: opened(folder)):.1f} ms", "target 50"))
        knowledge = load_knowledge()
        with StoreReader(folder) as store:
            first = store.snapshots()[0].name
            rows.append(
                (
                    "diff, all since the first snapshot",
                    f"{best(lambda: diff(store, knowledge, since=first), 2):.0f} ms",
                    "",
                )
            )
            rows.append(("landing page", f"{best(lambda: page(store, knowledge, 'breast'), 2):.0f} ms", ""))
            for text, filters in QUERIES:
                found = search(store, knowledge, text, filters)
                took = best(lambda text=text, filters=filters: search(store, knowledge, text, filters))
                shown = " ".join([text, *(f"{key}={value[0]}" for key, value in filters.items())]).strip()
                rows.append((f"search: {shown}", f"{took:.1f} ms ({found.found.total:,} trials)", "target 20"))
            near = best(lambda: search(store, knowledge, "breast cancer", near="Boston, MA"), 3)
            rows.append(("search with the nearest sites", f"{near:.1f} ms", ""))
    width = max(len(row[0]) for row in rows)
    for label, value, target in rows:
        print(f"{label:<{width}}  {value:<48} {target}")


def opened(folder: Path) -> None:
    with StoreReader(folder) as store:
        store.trial("NCT03043313")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
