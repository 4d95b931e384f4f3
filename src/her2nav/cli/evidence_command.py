"""`her2nav evidence`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import print_json
from her2nav.evidence.tables import Table
from her2nav.model.errors import ValueProblem


class EvidenceFormat(StrEnum):
    """Output formats of `evidence`."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def evidence(
    tumour: Annotated[str | None, typer.Option("--tumour", help="Only this tumour type.", metavar="TYPE")] = None,
    drug_class: Annotated[
        str | None, typer.Option("--drug-class", help="Only this drug or class of drugs.", metavar="NAME")
    ] = None,
    setting: Annotated[
        str | None, typer.Option("--setting", help="Only this setting, such as first-line.", metavar="SETTING")
    ] = None,
    study: Annotated[str | None, typer.Option("--study", help="Everything held of one study.", metavar="NAME")] = None,
    table: Annotated[Table, typer.Option("--table", help="Which table to show.")] = Table.RESULTS,
    every: Annotated[bool, typer.Option("--all", help="Also studies without results.")] = False,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Recompute the intervals of shares and compare them.")
    ] = False,
    pool: Annotated[
        bool, typer.Option("--pool", help="Pool response rates within one tumour, alteration, line and dose.")
    ] = False,
    picture: Annotated[
        Path | None, typer.Option("--plot", help="Also draw a forest plot of response rates.", metavar="FILE.svg")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Also write a page: tables, forest plot, sources.", metavar="FILE.html"),
    ] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Where the sources contradict each other, and what is used.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="With --conflicts: only what changes an answer, in plain words.")
    ] = False,
    output: Annotated[
        EvidenceFormat, typer.Option("--format", help="text for people, json for programs, csv for tables.")
    ] = EvidenceFormat.TEXT,
) -> None:
    """Show published results by tumour, drug and setting, with sources; and where the sources disagree."""
    from her2nav.app import evidence as use_case
    from her2nav.app.session import Session

    if plain and not conflicts:
        raise ValueProblem("tables of studies have no plain form", place="--plain", allowed="--conflicts --plain")
    beside = {
        "--drug-class": drug_class, "--setting": setting, "--plot": picture, "--pool": pool, "--intervals": intervals,
        "--all": every, "--table": table is not Table.RESULTS,
    }  # fmt: skip
    unfit = [name for name, given in beside.items() if given]
    if conflicts and unfit:
        raise ValueProblem("it has no meaning with --conflicts", place=unfit[0], allowed="--tumour, --study, --plain")
    session = Session()
    tumour_id = use_case.read_tumour(session, tumour)
    query = use_case.Query(
        table=table,
        tumour=tumour_id,
        terms=use_case.read_terms(session, drug_class),
        setting=use_case.read_setting(setting),
        study=study,
        every=every,
        recompute=intervals,
        pool=pool,
    )
    answer = use_case.conflicts_answer(session, tumour_id, study) if conflicts else use_case.evidence(session, query)
    drawn = use_case.plot(session, query, picture) if picture is not None else None
    if html is not None:
        from her2nav.app.evidence_html import evidence_html
        from her2nav.files.writing import write_whole

        write_whole(html, [evidence_html(session, query, answer, table)])
        print(f"her2nav: {html}: page written", file=sys.stderr)
    if output is EvidenceFormat.JSON:
        print_json(answer.model_dump(mode="json"))
    elif output is EvidenceFormat.CSV:
        from her2nav.report.evidence_csv import evidence_csv

        sys.stdout.write(evidence_csv(answer, conflicts=conflicts))
    else:
        from her2nav.cli.evidence_view import show_conflicts, show_evidence

        if conflicts:
            show_conflicts(answer, plain=plain)
        else:
            show_evidence(answer, table, whole=study is not None)
    if drawn is not None:
        print(f"her2nav: {picture}: response rates of {drawn} groups of patients drawn", file=sys.stderr)
