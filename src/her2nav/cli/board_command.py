"""`her2nav board`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import parse_day
from her2nav.cli.paper import PaperChoice
from her2nav.model.errors import InputError


def board(
    cases: Annotated[
        list[Path], typer.Argument(help="Patient files, or folders of them.", metavar="CASES", show_default=False)
    ],
    meeting: Annotated[str, typer.Option("--meeting", help="Day of the meeting.", metavar="DATE")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The pack to write.", metavar="pack.html")],
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", help="File of decisions; by default decisions.yaml beside the pack."),
    ] = None,
    paper: Annotated[PaperChoice, typer.Option("--paper", help="Size of the sheet.")] = PaperChoice.A4,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose approvals count: a country, or US, EU, CN, JP.")
    ] = None,
) -> None:
    """Write a pack for a tumour board: agenda, what is outstanding, one page for each case with a box to decide."""
    day = parse_day(meeting, "--meeting")
    if day is None:
        raise InputError("the day of the meeting is needed", place="--meeting", allowed="a day such as 2026-11-25")
    from her2nav.app.board import case_files, pack, pack_page
    from her2nav.app.board_decisions import NAME, add_cases, read_decisions
    from her2nav.app.session import Session
    from her2nav.files.writing import write_whole

    session = Session()
    known = read_decisions(decisions if decisions is not None else out.parent / NAME)
    files = case_files(cases, known.path)
    found = pack(session, files, day, known, country, _tick if sys.stderr.isatty() else None)
    for refused in found.refused:
        print(f"her2nav: warning: not in the pack: {refused.why}", file=sys.stderr)
    write_whole(out, [pack_page(found, session, paper.sheet)])
    added = add_cases(known, day, [(one.name, one.asked) for one in found.cases])
    left = len(known.outstanding(day))
    typer.echo(f"pack: {out} ({len(found.cases)} cases, {left} outstanding from earlier meetings)")
    typer.echo(f"decisions: {known.path} ({added} cases added; fill in decision, owner, due, done)")


def _tick(done: int, total: int) -> None:
    print(f"\r\033[K{done} of {total} cases", end="" if done < total else "\n", file=sys.stderr, flush=True)
