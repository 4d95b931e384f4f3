"""The web page under load: so many users on so many workers, each thinking between two pages; pages, store, memory.

    python benchmarks/bench_web.py build --store FOLDER [--read 5000]
    python benchmarks/bench_web.py pages [--store FOLDER] [--patients 5]
    python benchmarks/bench_web.py load [--store FOLDER] [--users 50] [--think 5] [--seconds 60] [--workers 2]
    python benchmarks/bench_web.py memory [--store FOLDER] [--requests 10000] [--limit 300]

`build` makes a store of the registry records of the shared data (HER2NAV_SHARED) and reads the criteria of so many
trials that are about a cancer or HER2, about 16 a second of one core; the rest is read when a patient first needs it
(slow). `pages`: processor time of this process for each page of patients the server has not seen, and sizes: of the
first, for whom everything is loaded, and of others after a worker's warming up; the client is in the same process and
costs a few milliseconds. `load`: each user pastes a report, confirms it, sees the result,
filters, opens a trial, and begins again; per page how many were answered, how many failed, the 50th and 95th percentile
of the time to the last byte, processor time a page and memory. `memory`: the same pages one after the other on one
worker, its memory at every tenth; ends at the limit (seconds) if that comes first.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import itertools
import os
import re
import socket
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import httpx2

NOTE = """Pathology report 2025-06-03
Gastric adenocarcinoma, biopsy of the primary. Stage IV, liver metastases.
HER2 IHC: 2+. ECOG 1. {age} year old woman.
Treatment: FOLFOX from 2025-07 to 2026-01, stopped for progression.
"""
_TICKS = os.sysconf("SC_CLK_TCK")


def field(text: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return html.unescape(found[1]) if found else ""


def patient(number: int, turn: int) -> str:
    """Return a report that no other user, and no earlier turn of this one, has sent: nothing of it is remembered."""
    return NOTE.format(age=18 + number % 80).replace("2025-06-03", f"2025-06-{1 + (turn + number // 80) % 28:02}")


async def user(
    number: int, address: str, think: float, until: float, times: dict[str, list[float]], bad: dict[str, int]
) -> None:
    """Walk through the pages until the time is up."""
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:

        async def step(name: str, method: str, path: str, **form: object) -> str:
            begin = time.perf_counter()
            answer = await client.request(method, path, **({"data": form} if form else {}))
            times[name].append(time.perf_counter() - begin)
            if answer.status_code != 200:
                bad[name] += 1
            await asyncio.sleep(think * (0.5 + (number % 10) / 10))
            return answer.text

        await asyncio.sleep(think * 5 * (number % 50) / 50)  # spread over one walk through the five pages
        for turn in itertools.count():
            if time.perf_counter() >= until:
                break
            start = await step("start", "GET", "/")
            token = field(start, "csrf")
            read = await step("read", "POST", "/read", csrf=token, text=patient(number, turn))
            carried = {"csrf": field(read, "csrf"), "record": field(read, "record"), "register": "plain"}
            found = await step("result", "POST", "/result", **carried)
            await step("filter", "POST", "/result", **carried, f_phase="PHASE2")
            nct = re.search(r'name="nct" value="(NCT\d{8})"', found)
            if nct:
                await step("trial", "POST", "/trial", **carried, nct=nct[1])


def processes(root: int) -> list[int]:
    """Return a process and its children."""
    found = [root]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[1]) in found:
            found.append(int(path.parent.name))
    return found


def used(root: int) -> tuple[float, float]:
    """Return processor seconds and resident megabytes of a server."""
    seconds = megabytes = 0.0
    for pid in processes(root):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            seconds += (int(parts[11]) + int(parts[12])) / _TICKS
            megabytes += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        except OSError:
            continue
    return seconds, megabytes


async def load(address: str, users: int, think: float, seconds: float) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Run all users."""
    times: dict[str, list[float]] = defaultdict(list)
    bad: dict[str, int] = defaultdict(int)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(user(number, address, think, until, times, bad) for number in range(users)))
    return times, bad


class Server:
    """A server in processes of its own, for as long as the block lasts."""

    def __init__(self, store: str | None, workers: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        environment = {**os.environ, **({"HER2NAV_HOME": store} if store else {})}
        command = [sys.executable, "-m", "her2nav", "serve", "--port", str(self._port), "--workers", str(workers)]
        self._process = subprocess.Popen([*command, "--rate", "1000000"], env=environment, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Server:
        for _ in range(600):
            try:
                # A port that listens is not enough: the workers load what they know first.
                if httpx2.get(self.address, timeout=60).status_code == 200:
                    return self
            except httpx2.HTTPError:
                time.sleep(0.2)
        self.__exit__()
        raise SystemExit("the server does not answer")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)

    def used(self) -> tuple[float, float]:
        """Return processor seconds and resident megabytes."""
        return used(self._process.pid)


def build(given: argparse.Namespace) -> None:
    """Make a store of the shared records and read criteria."""
    from bench_store_match import build as make

    folder = Path(given.store)
    folder.mkdir(parents=True, exist_ok=True)
    make(folder, given.read, 1)


def pages(given: argparse.Namespace) -> None:
    """Print what each page costs for patients that the server has not seen."""
    if given.store:
        os.environ["HER2NAV_HOME"] = given.store
    from starlette.testclient import TestClient

    from her2nav.app.session import Session
    from her2nav.web.collecting import tend_memory
    from her2nav.web.server import guarded
    from her2nav.web.settings import Settings
    from her2nav.web.warm import warm

    session, settings = Session(), Settings(requests_a_minute=10**6, seconds=600)
    client = TestClient(guarded(session, settings), base_url="http://127.0.0.1")
    costs: dict[str, list[tuple[float, float, int]]] = defaultdict(list)

    def step(name: str, method: str, path: str, **form: object) -> str:
        wall, own = time.perf_counter(), time.process_time()
        answer = client.request(method, path, **({"data": form} if form else {}))
        took = (time.process_time() - own) * 1000, (time.perf_counter() - wall) * 1000, len(answer.content)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        costs[name].append(took)
        return answer.text

    for number in range(given.patients + 1):
        if number == 1:
            # As a worker does before, or while, the first patient comes.
            warm(session, settings)
            tend_memory()
        token = field(step("start", "GET", "/"), "csrf")
        step("form", "POST", "/form", csrf=token, tumour="gastric")
        read = step("read", "POST", "/read", csrf=token, text=NOTE.format(age=40 + number))
        carried = {"csrf": field(read, "csrf"), "record": field(read, "record"), "register": "plain"}
        found = step("result", "POST", "/result", **carried)
        step("again", "POST", "/result", **carried)
        step("filter", "POST", "/result", **carried, f_phase="PHASE2")
        step("what if", "POST", "/what-if", **carried, w_choice="ish=positive")
        nct = re.search(r'name="nct" value="(NCT\d{8})"', found)
        if nct:
            step("trial", "POST", "/trial", **carried, nct=nct[1])
        step("report", "POST", "/report", **carried)
        judged = re.search(r"of (\d+) trials", found)
    print(f"{judged[1] if judged else 0} trials judged; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"{'page':8} {'cold, CPU ms':>14} {'warm, CPU ms':>13} {'warm, wall ms':>14} {'kB':>6}")
    for name, rows in costs.items():
        later = rows[1:] or rows
        own, wall = (sum(row[part] for row in later) / len(later) for part in (0, 1))
        print(f"{name:8} {rows[0][0]:14.0f} {own:13.0f} {wall:14.0f} {rows[-1][2] / 1000:6.0f}")


def memory(given: argparse.Namespace) -> None:
    """Print the memory of one worker over many pages of ever new patients."""
    ages = itertools.count()
    with Server(given.store, 1) as server, httpx2.Client(base_url=server.address, timeout=120) as client:
        done, begin, shown = 0, time.perf_counter(), 0
        print(f"{'requests':>9} {'MB':>7} {'CPU s':>8}")
        while done < given.requests and time.perf_counter() - begin < given.limit:
            number = next(ages)
            token = field(client.get("/").text, "csrf")
            note = patient(number, 0)
            read = client.post("/read", data={"csrf": token, "text": note}).text
            carried = {"csrf": field(read, "csrf"), "record": field(read, "record"), "register": "plain"}
            # Most see only pages that cost little, so that many requests fit into the limit.
            last = "/result" if number % given.results == 0 else "/values"
            answer = client.post(last, data=carried)
            if answer.status_code != 200:
                raise SystemExit(f"{last}: {answer.status_code}")
            done += 3
            if done // max(1, given.requests // 10) >= shown:
                shown += 1
                seconds, megabytes = server.used()
                print(f"{done:9} {megabytes:7.0f} {seconds:8.1f}", flush=True)
        seconds, megabytes = server.used()
        print(f"{done:9} {megabytes:7.0f} {seconds:8.1f}  in {time.perf_counter() - begin:.0f} s")


def crowd(given: argparse.Namespace) -> None:
    """Load a server with users and print the table."""
    with Server(given.store, given.workers) as server:
        asyncio.run(load(server.address, 4, 0.0, 8.0))  # warm
        before = server.used()
        times, bad = asyncio.run(load(server.address, given.users, given.think, given.seconds))
        after = server.used()
    print(f"{given.users} users, {given.think:g} s thinking, {given.workers} workers, load {os.getloadavg()[0]:.1f}")
    print(f"{'page':8} {'answers':>8} {'errors':>7} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for name, found in [*times.items(), ("all", [one for row in times.values() for one in row])]:
        row = sorted(found)
        errors = bad[name] if name != "all" else sum(bad.values())
        p50, p95 = (row[min(len(row) - 1, int(len(row) * share))] * 1000 for share in (0.5, 0.95))
        print(f"{name:8} {len(row):8} {errors:7} {p50:8.0f} {p95:8.0f} {row[-1] * 1000:8.0f}")
    count = sum(len(row) for row in times.values())
    cost = (after[0] - before[0]) / count * 1000
    print(f"processor time a page: {cost:.0f} ms; memory {before[1]:.0f} to {after[1]:.0f} MB")


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="what", required=True)
    kinds = {"build": build, "pages": pages, "load": crowd, "memory": memory}
    of = {name: parts.add_parser(name) for name in kinds}
    for name, one in of.items():
        one.add_argument("--store", required=name == "build", help="HER2NAV_HOME of the server")
    of["build"].add_argument("--read", type=int, default=5000, help="trials whose criteria are read")
    of["pages"].add_argument("--patients", type=int, default=5)
    of["load"].add_argument("--users", type=int, default=50)
    of["load"].add_argument("--think", type=float, default=5.0)
    of["load"].add_argument("--seconds", type=float, default=60.0)
    of["load"].add_argument("--workers", type=int, default=2)
    of["memory"].add_argument("--requests", type=int, default=10_000)
    of["memory"].add_argument("--results", type=int, default=4, help="every so many patients see the whole result")
    of["memory"].add_argument("--limit", type=float, default=300.0)
    given = parser.parse_args()
    kinds[given.what](given)


if __name__ == "__main__":
    main()
