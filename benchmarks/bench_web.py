"""The web page under load: so many users on so many workers, each thinking between two pages.

    python benchmarks/bench_web.py [--users 50] [--think 5] [--seconds 60] [--workers 2] [--store FOLDER]

Each user pastes a report, confirms it, looks at the result, filters, opens a trial, and begins again. Prints, per page,
how many were answered, how many failed, and the 50th and 95th percentile of the time to the last byte; then the
processor time a page and the memory of the server's processes at the beginning and the end.
"""

from __future__ import annotations

import argparse
import asyncio
import html
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

        await asyncio.sleep(think * number / 50)
        while time.perf_counter() < until:
            start = await step("start", "GET", "/")
            token = field(start, "csrf")
            read = await step("read", "POST", "/read", csrf=token, text=NOTE.format(age=40 + number % 40))
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


def main() -> None:
    """Start a server, load it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", default=None, help="HER2NAV_HOME of the server")
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **({"HER2NAV_HOME": given.store} if given.store else {})}
    command = [
        sys.executable,
        "-m",
        "her2nav",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(given.workers),
        "--rate",
        "1000000",
    ]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        asyncio.run(load(address, 4, 0.0, 8.0))  # warm
        before = used(server.pid)
        times, bad = asyncio.run(load(address, given.users, given.think, given.seconds))
        after = used(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)
    print(f"{given.users} users, {given.think:g} s thinking, {given.workers} workers, load {os.getloadavg()[0]:.1f}")
    print(f"{'page':8} {'answers':>8} {'errors':>7} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for name, found in [*times.items(), ("all", [one for row in times.values() for one in row])]:
        row = sorted(found)
        errors = bad[name] if name != "all" else sum(bad.values())
        p50, p95 = (row[min(len(row) - 1, int(len(row) * share))] * 1000 for share in (0.5, 0.95))
        print(f"{name:8} {len(row):8} {errors:7} {p50:8.0f} {p95:8.0f} {row[-1] * 1000:8.0f}")
    pages = sum(len(row) for row in times.values())
    cost = (after[0] - before[0]) / pages * 1000
    print(f"processor time a page: {cost:.0f} ms; memory {before[1]:.0f} to {after[1]:.0f} MB")


if __name__ == "__main__":
    main()
