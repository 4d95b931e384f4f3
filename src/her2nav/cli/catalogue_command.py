"""`her2nav catalogue`: the curated trials without a patient."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from her2nav.cli.common import Format, console, print_json
from her2nav.model.errors import InputError

if TYPE_CHECKING:
    from her2nav.criteria.comparison import Comparison

catalogue = typer.Typer(
    name="catalogue",
    help="The curated HER2 trials without a patient: lists, counts, forms for curators, CTML.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_Output = Annotated[Format, typer.Option("--format", help="text for people, json for programs.")]
_MOST = 15


@catalogue.command("list")
def list_(
    tumour: Annotated[list[str] | None, typer.Option("--tumour", help="Tumour type; may be given again.")] = None,
    her2: Annotated[
        list[str] | None,
        typer.Option("--her2", help="positive, low, ultralow, expressing, mutated, amplified, negative, any."),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--setting", help="neoadjuvant, adjuvant, metastatic, …; may be given again.")
    ] = None,
    drug: Annotated[list[str] | None, typer.Option("--drug", help="A drug or a class in the regimen.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only trials that recruit or may.")] = False,
    output: _Output = Format.TEXT,
) -> None:
    """List the trials that are meant, count them, and say what they exclude most often."""
    from her2nav.app.catalogue import question_of, trials_json
    from her2nav.app.session import system_today
    from her2nav.knowledge.load import load_knowledge

    knowledge = load_knowledge()
    question = question_of(knowledge, tumour or (), her2 or (), setting or (), drug or (), open_only)
    answer = trials_json(knowledge, question, system_today())
    if output is Format.JSON:
        print_json(answer)
    else:
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    for row in answer["trials"]:
        when = f"{row['status'].replace('_', ' ').lower()} on {row['status_date']}"
        old = f", {row['status_age_days']} days ago: check" if row["status_age_days"] > row["status_limit_days"] else ""
        print(f"{row['nct_id']}  {row['title']} ({when}{old})")
        print(
            f"    HER2 {', '.join(row['her2']) or 'not named'}; {', '.join(row['tumours'])}; {row['criteria']} criteria"
        )
    print()
    print(f"{len(answer['trials'])} trials. A status is as of its day: check it before you rely on it.")
    for name, counter in answer["counts"].items():
        if counter:
            shown = ", ".join(f"{key.replace('_', ' ').lower()} {number}" for key, number in counter.items())
            print(f"  by {name}: {shown}")
    if answer["excluded_most"]:
        print()
        print("Excluded most often:")
        for demand in answer["excluded_most"][:_MOST]:
            what = ": ".join(part.replace("_", " ") for part in (demand["kind"], demand["detail"]) if part)
            print(f"  {len(demand['trials']):3}  {what}")


@catalogue.command("form")
def form(
    nct_id: Annotated[str, typer.Argument(help="A trial of the catalogue.")],
    record: Annotated[Path, typer.Option("--file", help="Its registry record, for the text.", metavar="RECORD")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.", metavar="FILE")],
) -> None:
    """Write a page with the registry's text and the curated tree side by side, for a second reading."""
    from her2nav.app.catalogue import write_form
    from her2nav.knowledge.load import load_knowledge

    changed = write_form(load_knowledge(), nct_id, record, out)
    if changed:
        print(f"her2nav: the text of {record} is not the one that was curated: spans may be off", file=sys.stderr)
    print(out)


@catalogue.command("ctml")
def ctml(
    nct_id: Annotated[str, typer.Argument(help="A trial of the catalogue.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here, not to the screen.", metavar="FILE")
    ] = None,
    output: _Output = Format.TEXT,
) -> None:
    """Write a trial as CTML (the format of MatchMiner); what CTML cannot hold is listed."""
    from her2nav.app.catalogue import ctml_of
    from her2nav.files.writing import write_whole
    from her2nav.knowledge.load import load_knowledge

    text, losses = ctml_of(load_knowledge(), nct_id)
    if out is not None:
        write_whole(out, [text])
    if output is Format.JSON:
        from dataclasses import asdict

        print_json({"ctml": text, "losses": [asdict(loss) for loss in losses]})
        return
    if out is None:
        print(text, end="")
    whole = sum(loss.whole for loss in losses)
    print(f"not in the CTML: {whole} criteria, {len(losses) - whole} more in part", file=sys.stderr)
    for loss in losses:
        print(f"  {loss.criterion} {'lost' if loss.whole else 'in part'}: {loss.text}", file=sys.stderr)


@catalogue.command("import-ctml")
def import_ctml(
    file: Annotated[Path, typer.Argument(help="A CTML document: YAML or JSON.", metavar="FILE")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the trial file here.", metavar="FILE")] = None,
) -> None:
    """Read a CTML document as a trial file; its places that no criterion holds are listed."""
    from her2nav.app.catalogue import import_ctml as read
    from her2nav.app.session import system_today
    from her2nav.knowledge.load import load_knowledge

    text, found = read(load_knowledge(), file, out, system_today())
    if out is None:
        print(text, end="")
    print(f"{len(found.record['criteria']) - 1} criteria; {len(found.losses)} places not read", file=sys.stderr)
    for loss in found.losses:
        print(f"  {loss}", file=sys.stderr)


@catalogue.command("compare")
def compare(
    records: Annotated[
        list[Path] | None, typer.Argument(help="Registry records; none: those of the store.", metavar="RECORD…")
    ] = None,
    differences: Annotated[bool, typer.Option("--differences", help="List every difference.")] = False,
    output: _Output = Format.TEXT,
) -> None:
    """Hold the reader's trees against the curated ones, kind by kind."""
    from her2nav.app.catalogue import compare_trees, records_of
    from her2nav.knowledge.load import load_knowledge

    found = compare_trees(load_knowledge(), records_of(records or []))
    if not found.trials:
        raise InputError("no record holds a text that was curated", allowed="records of trials of the catalogue")
    if output is Format.JSON:
        from dataclasses import asdict

        print_json(asdict(found))
    else:
        _show_comparison(found, differences)


def _show_comparison(found: Comparison, differences: bool) -> None:
    from rich.table import Table

    table = Table(title=f"{found.trials} trials: curated against read", title_justify="left")
    for name in ("kind", "curated", "found", "same sign", "same", "read", "extra"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    rows = sorted(found.kinds.items(), key=lambda item: -item[1].curated)
    for kind, row in [*rows, ("all", found.totals())]:
        cells = (row.curated, row.found, row.same_sign, row.same, row.read, row.extra)
        table.add_row(kind, *(str(cell) for cell in cells))
    console().print(table)
    if differences:
        for item in found.differences:
            place = f"{item.span[0]}-{item.span[1]}" if item.span else "-"
            print(f"{item.nct_id} {place} {item.kind} {item.what}")
            print(f"    curated {item.curated or '-'} | read {item.read or '-'}")
