"""How the registry's answers look on a terminal."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.table import Table
from rich.text import Text

from her2nav.app.registry import Imported
from her2nav.app.registry_search import SearchAnswer
from her2nav.app.registry_view import ShownTrial
from her2nav.app.sync_result import Progress, Synced
from her2nav.app.trees import TreesRead
from her2nav.cli.common import console, indented, print_warnings
from her2nav.model.kept_record import StoreState
from her2nav.registry.places import NearestSite
from her2nav.report.phrases import day

_DAMAGED_SHOWN = 40
_SITES_SHOWN = 10
_BULLET = re.compile(r"(?:[-*•·]|\(?\w{1,3}[.)])\s")
_PAPER_INDENT = "     "


class Ticker:
    """Progress on standard error, where a person looks on."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._start = time.monotonic()

    def __enter__(self) -> Ticker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def tick(self, read: int, damaged: int) -> None:
        """Show how far it is."""
        if self._on:
            rate = read / max(time.monotonic() - self._start, 0.001)
            note = f", {damaged} damaged" if damaged else ""
            print(f"\r\033[K{read:,} records, {rate:,.0f} a second{note}", end="", file=sys.stderr, flush=True)


class SyncTicker:
    """Progress of a sync on standard error, where a person looks on."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()

    def __enter__(self) -> SyncTicker:
        return self

    def __exit__(self, *_: object) -> None:
        self._line("")

    def tick(self, at: Progress) -> None:
        """Show how far it is, how fast, and how long it takes."""
        total = f" of {at.total:,}" if at.total is not None else ""
        rate = f", {at.per_second:,.0f} a second" if at.per_second else ""
        left = f", {_duration(at.seconds_left)} left" if at.seconds_left else ""
        self._line(f"{at.label}: {at.done:,}{total} {at.step}{rate}{left}")

    def waiting(self, reason: str, seconds: float) -> None:
        """Say why nothing moves."""
        self._line(f"{reason}: trying again in {_duration(seconds)}")

    def _line(self, text: str) -> None:
        if self._on:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def show_read(done: TreesRead) -> None:
    """Print what was read of criteria."""
    console().print(f"Criteria read: {_counted(done.read, 'trial')}; {done.kept:,} as before")
    if done.failed:
        shown = ", ".join(done.failed[:_SITES_SHOWN]) + (", …" if len(done.failed) > _SITES_SHOWN else "")
        print_warnings((f"the text of {_counted(len(done.failed), 'trial')} is left to a person: {shown}",))


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def show_synced(done: Synced) -> None:
    """Print what a sync did."""
    out = console()
    for item in done.queries:
        how = "all records" if item.whole else "updates only"
        resumed = ", gone on with after an interruption" if item.resumed else ""
        out.print(
            f"{item.label}: {_counted(item.listed, 'trial')} in the registry;"
            f" {_counted(item.read, 'record')} read ({how}{resumed}), {item.confirmed:,} confirmed unchanged."
        )
        if item.gone:
            out.print(indented(Text(f"No longer in the registry: {', '.join(item.gone)}"), 2))
        for old, new in item.moved.items():
            out.print(indented(Text(f"{old} is now {new}"), 2))
        if item.not_found_by_query:
            number = len(item.not_found_by_query)
            out.print(
                f"  {number:,} trials are still in the registry, but no longer found by this question.", style="dim"
            )
    if done.snapshot is None:
        out.print("Nothing changed.")
    else:
        out.print(f"{_counted(done.snapshot.added, 'trial')} added, {done.snapshot.updated:,} updated.")
        out.print(f"Snapshot {done.snapshot.name}; her2nav registry diff says what changed.", style="dim")
    print_warnings(tuple(done.warnings))
    for damage in done.damaged[:_DAMAGED_SHOWN]:
        print(f"damaged: {damage.source}, {damage.place}: {damage.reason}", file=sys.stderr)


def show_imported(done: Imported) -> None:
    """Print what an import did; the damaged records one by one."""
    out = console()
    out.print(
        f"{done.read:,} records read: {done.added:,} trials added, {done.updated:,} updated,"
        f" {done.unchanged:,} records changed nothing, {len(done.damaged):,} damaged."
    )
    if done.snapshot is not None:
        out.print(f"Snapshot {done.snapshot.name}", style="dim")
    for item in done.damaged[:_DAMAGED_SHOWN]:
        where = f"{item.source}, {item.place}" if item.place else item.source
        print(f"damaged: {where}: {item.reason}", file=sys.stderr)
    if len(done.damaged) > _DAMAGED_SHOWN:
        print(f"damaged: {len(done.damaged) - _DAMAGED_SHOWN} more; --format json lists all", file=sys.stderr)
    for fault in done.warnings[:_DAMAGED_SHOWN]:
        print(f"her2nav: warning: {fault.source} {fault.place}: {fault.reason}", file=sys.stderr)


def show_state(state: StoreState, queries: Sequence[Mapping[str, Any]] = ()) -> None:
    """Print what the store holds, and what of it syncs keep up to date."""
    out = console()
    out.print(f"{state.trials:,} trials in {state.path} ({state.bytes / 1e6:.0f} MB, {state.records:,} records kept)")
    if state.snapshot is None:
        out.print("No snapshot yet: her2nav registry sync, or import PATH, makes one.")
        return
    newest = day(date.fromisoformat(state.newest)) if state.newest else "not known"
    out.print(f"Snapshot {state.snapshot}; newest update of a record: {newest}")
    for item in queries:
        complete = (
            f"in step with the registry of {item['complete_day']}" if item["complete_day"] else "not complete yet"
        )
        waits = "" if item["finished"] else "; a sync was interrupted: her2nav registry sync goes on with it"
        out.print(f"Kept by sync: {item['id']}, {complete}{waits}")
    if not queries:
        out.print("Never synced: her2nav registry sync brings today's statuses.", style="dim")
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for status, count in state.by_status.items():
        table.add_row(f"{count:,}", _words(status))
    out.print(table)


def show_found(answer: SearchAnswer) -> None:
    """Print trials found, best first."""
    out = console()
    found = answer.found
    for item in answer.read_as:
        out.print(f"read as {item}", style="dim")
    if not found.hits:
        out.print("No trial of the store fits the words and filters.")
        return
    for hit in found.hits:
        out.print()
        out.print(Text.assemble((hit.nct_id, "bold"), "  ", hit.title or "(no title)"))
        age = answer.status_age_days(hit)
        old = f" ({age} days ago: check)" if age is not None and age > answer.limit_days else ""
        known = (
            f" on {day(date.fromisoformat(hit.status_date))}{old}" if hit.status_date else " (date not known: check)"
        )
        parts = [
            "no longer in the registry"
            if hit.gone
            else _words(hit.status) + known
            if hit.status
            else "status not stated",
            "/".join(_phase(phase) for phase in hit.phases),
            hit.sponsor or "",
            _counted(hit.sites, "site") if hit.sites else "sites not listed",
        ]
        out.print(indented(Text(" · ".join(part for part in parts if part)), 2))
        if hit.interventions:
            out.print(indented(Text(", ".join(hit.interventions), style="dim"), 2))
        if answer.nearest is not None:
            site, reason = answer.nearest.get(hit.nct_id, (None, None))
            out.print(indented(Text(_nearest(site, reason, answer.today, answer.limit_days)), 2))
    out.print()
    shown = f"the first {len(found.hits)} of {found.total:,}" if found.total > len(found.hits) else f"{found.total:,}"
    out.print(f"{shown} trials; snapshot {found.snapshot}", style="dim")


def show_trial(shown: ShownTrial) -> None:
    """Print one trial in full."""
    out = console()
    trial = shown.trial
    title = f"{trial.title or '(no title)'} ({trial.acronym})" if trial.acronym else trial.title or "(no title)"
    out.print(Text.assemble((trial.nct_id, "bold"), "  ", (title, "bold")))
    out.print(f"  {trial.url}")
    out.print(indented(Text(_status_line(shown), style="green" if shown.recruiting else ""), 2))
    rows = (
        ("Phase", "/".join(_phase(phase) for phase in trial.phases)),
        ("Type", _words(trial.study_type) if trial.study_type else ""),
        ("Sponsor", trial.sponsor or ""),
        ("Conditions", ", ".join(trial.conditions)),
        ("Interventions", ", ".join(item.name for item in trial.interventions)),
        ("Recognised", ", ".join((*shown.drugs, *shown.tumours))),
        ("HER2 words", ", ".join(shown.mentions)),
        ("Ages", _ages(shown)),
        ("Other ids", ", ".join(f"{i.value} ({i.registry})" if i.registry else i.value for i in trial.other_ids)),
        ("First posted", str(trial.dates.first_posted or "")),
        ("Last update", str(trial.dates.last_update or "")),
        ("Results", "posted" if trial.has_results else ""),
        ("Stopped", trial.why_stopped or ""),
    )
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(name, Text(value))
    out.print(table)
    _sites(shown)
    if trial.eligibility.text:
        out.print("\nCriteria, as the registry has them", style="bold")
        for line in reflowed(trial.eligibility.text):
            out.print(indented(Text(line.lstrip()), 2 + (len(line) - len(line.lstrip()))))
    out.print(f"\nSnapshot {shown.snapshot}; {shown.versions_kept} records of this trial kept", style="dim")


def _sites(shown: ShownTrial) -> None:
    out = console()
    sites = shown.trial.sites
    if shown.asked_near:
        out.print(indented(Text(_nearest(shown.nearest, shown.nearest_reason, shown.today, shown.limit_days)), 2))
    if not sites:
        return
    on = shown.trial.site_status_date
    out.print(f"\nSites ({len(sites)}), as on {day(on) if on else 'a day not known'}", style="bold")
    for site in sites[:_SITES_SHOWN]:
        status = f"{_words(site.status.value)}: " if site.status else ""
        out.print(indented(Text(f"{status}{site.label}"), 2))
    if len(sites) > _SITES_SHOWN:
        out.print(indented(Text(f"… and {len(sites) - _SITES_SHOWN} more", style="dim"), 2))


def _status_line(shown: ShownTrial) -> str:
    trial, age = shown.trial, shown.status_age_days
    if shown.gone is not None:
        last = f"; last status {_words(trial.status.value).lower()}" if trial.status else ""
        return f"No longer in the registry (seen on {day(date.fromisoformat(shown.gone.day))}): {shown.gone.note}{last}"
    word = _words(trial.status.value) if trial.status else (trial.status_text or "Status not stated")
    if age is None or trial.status_date is None:
        return f"{word} (date not known: check)"
    if age > shown.limit_days:
        return f"{word} on {day(trial.status_date)} ({age} days ago: check)"
    return f"{word} on {day(trial.status_date)}"


def _nearest(site: NearestSite | None, reason: str | None, today: date | None, limit_days: int) -> str:
    if site is None:
        return f"Nearest recruiting site: none ({reason})"
    about = "" if site.located_by == "registry" else ", measured to the city"
    age = (today - site.status_date).days if today and site.status_date else None
    old = (
        ""
        if age is not None and age <= limit_days
        else f" ({age} days ago: check)"
        if age
        else " (date not known: check)"
    )
    known = f", recruiting on {day(site.status_date)}{old}" if site.status_date else old
    return f"Nearest recruiting site: {site.site.label}, {site.kilometres:,.0f} km{about}{known}"


def reflowed(text: str) -> list[str]:
    r"""Return the lines of criteria without the breaks and indents of a record that was laid out for paper.

    >>> reflowed("Inclusion:\n\n          -  Adults with\n             cancer\n\n          -  HER2+")
    ['Inclusion:', '  -  Adults with cancer', '  -  HER2+']
    """
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text):
        for line in block.splitlines():
            words = line.strip()
            begins = _BULLET.match(words) is not None
            if lines and not begins and line is not block.splitlines()[0] and line.startswith(_PAPER_INDENT):
                lines[-1] += " " + words
            elif words:
                lines.append("  " + words if begins or line.startswith(_PAPER_INDENT) else words)
    return lines


def _ages(shown: ShownTrial) -> str:
    eligibility = shown.trial.eligibility
    low, high = eligibility.minimum_age, eligibility.maximum_age
    text = f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}" if high else ""
    return f"{text}, {eligibility.sex}" if text and eligibility.sex and eligibility.sex != "all" else text


def _words(constant: str) -> str:
    text = constant.replace("_", " ").lower()
    return text[:1].upper() + text[1:]


def _phase(constant: str) -> str:
    if constant == "NA":
        return "no phase"
    return constant.replace("EARLY_PHASE1", "early phase 1").replace("PHASE", "phase ").lower()
