"""`her2nav registry`: the registry's records on the user's own disk."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import Output

if TYPE_CHECKING:
    from her2nav.app.trees import TreesRead
    from her2nav.knowledge.load import Knowledge

registry = typer.Typer(
    name="registry",
    help="Trials of ClinicalTrials.gov on your own disk: sync, import, search, show, compare.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ListFormat(StrEnum):
    """Output formats of lists."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def _many(name: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", help=help_text, metavar=name.upper().replace("-", "_"))


@registry.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Records: JSON, JSON Lines, XML, gzip, zip, or folders of them.", metavar="PATH…"),
    ],
    fetched: Annotated[
        str | None,
        typer.Option("--fetched", help="Day the files were fetched, for records that do not say.", metavar="DATE"),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes", min=1, max=16, help="Read with so many beside the one that writes; 1: none.", metavar="N"
        ),
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Read registry records into the store; damaged ones are listed and never stop the rest."""
    from her2nav.app.registry import import_records
    from her2nav.app.registry_reading import processes_for
    from her2nav.app.registry_view import imported_json
    from her2nav.cli.registry_view import Ticker, show_imported, show_read
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.writing import StoreWriter

    knowledge = load_knowledge()
    day = parse_day(fetched, option="--fetched")
    with StoreWriter() as store, Ticker() as ticker:
        done = import_records(
            store, knowledge, paths, fetched=day, progress=ticker.tick, processes=processes_for(processes)
        )
        folder = store.folder
    trees = _read_trees(folder, knowledge)
    if output is Format.JSON:
        print_json(imported_json(done, knowledge))
    else:
        show_imported(done)
        show_read(trees)
    if done.read == 0:
        raise typer.Exit(2)


@registry.command("sync")
def sync(
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition",
            help="All trials of this disease, whatever they say of HER2. May be repeated.",
            metavar="NAME",
        ),
    ] = None,
    all_oncology: Annotated[
        bool, typer.Option("--all-oncology", help="All trials on cancer: more than 100,000, hours.")
    ] = False,
    her2: Annotated[bool, typer.Option("--her2", help="Trials that mention HER2 or give a HER2 drug.")] = False,
    output: Output = Format.TEXT,
) -> None:
    """Bring the store up to date from ClinicalTrials.gov.

    Without options: the trials on HER2, and whatever was asked for before. Only names of diseases, genes and drugs are
    sent; nothing about a patient. HER2NAV_REGISTRY_URL names another server.
    """
    from her2nav.app.registry_view import synced_json
    from her2nav.app.sync import sync as run_sync
    from her2nav.app.sync_result import Surroundings
    from her2nav.app.watch_list import WatchList
    from her2nav.cli.registry_view import SyncTicker, show_read, show_synced
    from her2nav.cli.watch_command import report_kept
    from her2nav.knowledge.load import load_knowledge
    from her2nav.registry.api_query import HER2, ONCOLOGY, condition_id
    from her2nav.store.writing import StoreWriter

    knowledge = load_knowledge()
    queries = [
        *([HER2] if her2 else []),
        *(condition_id(name, knowledge) for name in condition or ()),
        *([ONCOLOGY] if all_oncology else []),
    ]
    with StoreWriter() as store, SyncTicker() as ticker:
        around = Surroundings(url=os.environ.get("HER2NAV_REGISTRY_URL"), progress=ticker.tick, waiting=ticker.waiting)
        done = run_sync(store, knowledge, list(dict.fromkeys(queries)), around=around)
        folder = store.folder
    trees = _read_trees(folder, knowledge)
    if output is Format.JSON:
        print_json(synced_json(done, knowledge))
        return
    show_synced(done)
    show_read(trees)
    kept = WatchList(folder)
    if kept.all():
        report_kept(kept)


@registry.command("diff")
def diff(
    since: Annotated[
        str | None,
        typer.Option("--since", help="A snapshot's name, or a day; else the last but one snapshot.", metavar="WHEN"),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="A snapshot's name; else the newest.", metavar="SNAPSHOT")
    ] = None,
    drug: Annotated[list[str] | None, _many("drug", "Only trials that give this drug.")] = None,
    tumour: Annotated[list[str] | None, _many("tumour", "Only trials about this tumour type.")] = None,
    mentions: Annotated[list[str] | None, _many("mentions", "Only trials that mention HER2, HER2-low, ….")] = None,
    country: Annotated[list[str] | None, _many("country", "Only trials with a site in this country.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Show at most so many trials.", metavar="N")] = 20,
    output: Output = Format.TEXT,
) -> None:
    """Say what changed: new trials, statuses, sites, criteria sentence by sentence, results."""
    from her2nav.app.registry_diff import diff as run_diff
    from her2nav.app.registry_diff import diff_json
    from her2nav.app.session import system_today
    from her2nav.cli.diff_view import Aged, show_diff
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader

    given = {"drug": drug, "tumour": tumour, "mentions": mentions, "country": country}
    filters = {name: tuple(values) for name, values in given.items() if values}
    knowledge = load_knowledge()
    with StoreReader() as store, store.one_state():
        found = run_diff(store, knowledge, since=since, until=until, filters=filters)
    if output is Format.JSON:
        print_json(diff_json(found, knowledge))
    else:
        show_diff(found, limit, Aged(system_today(), knowledge.words.status_age_limit_days))


@registry.command("page")
def page(
    tumour: Annotated[str, typer.Option("--tumour", help="Tumour type, by any of its names.", metavar="TUMOUR")],
    country: Annotated[
        str | None,
        typer.Option("--country", help="Only trials with a site there; its approvals come first.", metavar="COUNTRY"),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write to this file; else to standard output.", metavar="FILE")
    ] = None,
) -> None:
    """Write a page on a tumour: trials by setting, testing explained, treatments with dates, questions to ask."""
    from her2nav.app.registry_page import page as make_page
    from her2nav.files.writing import write_whole
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader

    knowledge = load_knowledge()
    with StoreReader() as store, store.one_state():
        content = make_page(store, knowledge, tumour, country=country)
    if html is None:
        sys.stdout.write(content)
    else:
        write_whole(html, [content])
        typer.echo(f"Written to {html}")


@registry.command("reindex")
def reindex() -> None:
    """Bring the filters by drug, class, tumour and country up to date with the program's knowledge."""
    from her2nav.app.registry import reindex as run_reindex
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.writing import StoreWriter

    with StoreWriter() as store:
        count = run_reindex(store, load_knowledge())
    typer.echo(f"{count:,} trials indexed")


@registry.command("read")
def read(
    everything: Annotated[
        bool | None,
        typer.Option(
            "--all/--oncology", help="Trials on any disease, or on cancer and HER2 only; kept for later imports."
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read every text again, changed or not.")] = False,
    output: Output = Format.TEXT,
) -> None:
    """Read the criteria of new and changed trials for matching; imports and syncs do so by themselves."""
    from her2nav.app.trees import read_json
    from her2nav.cli.registry_view import show_read
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.connection import home

    knowledge = load_knowledge()
    done = _read_trees(home(), knowledge, everything=everything, again=again)
    if output is Format.JSON:
        print_json(read_json(done, knowledge))
    else:
        show_read(done)


def _read_trees(
    folder: Path, knowledge: Knowledge, *, everything: bool | None = None, again: bool = False
) -> TreesRead:
    from her2nav.app.trees import read_trees
    from her2nav.cli.common import ReadingTicker

    with ReadingTicker() as ticker:
        return read_trees(folder, knowledge, everything=everything, again=again, progress=ticker.tick)


@registry.command("status")
def status(output: Output = Format.TEXT) -> None:
    """Say what the store holds: trials, snapshot, newest record, statuses."""
    from her2nav.app.registry_view import queries_json, state_json
    from her2nav.cli.registry_view import show_state
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader

    with StoreReader() as store, store.one_state():
        state, queries = store.state(), queries_json(store)
    if output is Format.JSON:
        print_json(state_json(state, load_knowledge(), queries))
    else:
        show_state(state, queries)


@registry.command("search")
def search(
    words: Annotated[
        list[str] | None, typer.Argument(help='Words, "whole phrases", or an identifier.', metavar="[QUERY]…")
    ] = None,
    drug: Annotated[
        list[str] | None, _many("drug", "Gives this drug, by any name. Each filter may be repeated.")
    ] = None,
    drug_class: Annotated[
        list[str] | None, _many("class", "Gives a drug of this class, for example anti_her2_adc.")
    ] = None,
    tumour: Annotated[list[str] | None, _many("tumour", "Is about this tumour type or one inside it.")] = None,
    setting: Annotated[list[str] | None, _many("setting", "Mentions this setting, for example metastatic.")] = None,
    phase: Annotated[list[str] | None, _many("phase", "1, 2, 3, 4, early_phase1 or na.")] = None,
    status: Annotated[list[str] | None, _many("status", "recruiting, not_yet_recruiting, completed, ….")] = None,
    country: Annotated[list[str] | None, _many("country", "Has a site in this country.")] = None,
    sponsor: Annotated[list[str] | None, _many("sponsor", "Has a lead sponsor with these words in its name.")] = None,
    mentions: Annotated[
        list[str] | None, _many("mentions", "Mentions HER2, or HER2 as low, positive, mutated, …; not who may enter.")
    ] = None,
    posted_since: Annotated[
        str | None, typer.Option("--posted-since", help="First posted then or later.", metavar="DATE")
    ] = None,
    updated_since: Annotated[
        str | None, typer.Option("--updated-since", help="Last updated then or later.", metavar="DATE")
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            "--near",
            help="City, US postal code or latitude,longitude: shows the nearest recruiting site.",
            metavar="PLACE",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000, help="At most so many trials.", metavar="N")] = 20,
    output: Annotated[
        ListFormat, typer.Option("--format", help="text for people; json or csv for programs.")
    ] = ListFormat.TEXT,
) -> None:
    """Find trials by words and filters, best first; without words, the last updated first."""
    from her2nav.app.registry_search import search as run_search
    from her2nav.app.registry_view import search_csv, search_json
    from her2nav.cli.registry_view import show_found
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader

    given = {
        "drug": drug,
        "class": drug_class,
        "tumour": tumour,
        "setting": setting,
        "phase": phase,
        "status": status,
        "country": country,
        "sponsor": sponsor,
        "mentions": mentions,
        "posted_since": [posted_since] if posted_since else None,
        "updated_since": [updated_since] if updated_since else None,
    }
    filters = {name: tuple(values) for name, values in given.items() if values}
    knowledge = load_knowledge()
    with StoreReader() as store, store.one_state():
        answer = run_search(store, knowledge, " ".join(words or ()), filters, limit=limit, near=near)
    print_warnings(answer.warnings)
    if output is ListFormat.JSON:
        print_json(search_json(answer, knowledge))
    elif output is ListFormat.CSV:
        sys.stdout.write(search_csv(answer))
    else:
        show_found(answer)


@registry.command("show")
def show(
    identifier: Annotated[str, typer.Argument(help="NCT number, or another register's number.", metavar="ID")],
    near: Annotated[
        str | None, typer.Option("--near", help="Shows the nearest recruiting site.", metavar="PLACE")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Print the record as it was received.")] = False,
    output: Output = Format.TEXT,
) -> None:
    """Show one trial of the store in full."""
    from her2nav.app.registry_view import find_trial, trial_json
    from her2nav.cli.registry_view import show_trial
    from her2nav.knowledge.load import load_knowledge
    from her2nav.store.reading import StoreReader

    knowledge = load_knowledge()
    with StoreReader() as store, store.one_state():
        shown = find_trial(store, knowledge, identifier, near=near)
        if raw:
            sys.stdout.buffer.write(store.raw(shown.trial.nct_id) or b"")
            return
    if output is Format.JSON:
        print_json(trial_json(shown, knowledge))
    else:
        show_trial(shown)
