"""`her2nav selftest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from her2nav.cli.common import Format, print_json

if TYPE_CHECKING:
    from her2nav.app.selftest import SelfTest


def selftest(
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a validation record for the quality folder.", metavar="FILE")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Run every golden row of the HER2 rules through the whole program; exit 1 when one fails."""
    from her2nav.app.selftest import selftest as run_selftest
    from her2nav.app.selftest import selftest_json
    from her2nav.app.session import Session

    result = run_selftest(Session())
    if html is not None:
        from her2nav.app.pages import validation_page
        from her2nav.files.writing import write_whole

        write_whole(html, [validation_page(result)])
    if output is Format.JSON:
        print_json(selftest_json(result))
    else:
        _show(result)
        if html is not None:
            typer.echo(f"validation record: {html}")
    if result.failed:
        raise typer.Exit(1)


def _show(result: SelfTest) -> None:
    for one in result.sets:
        verdict = "pass" if not one.failed else f"{one.failed} FAILED"
        typer.echo(f"{one.title:56} {len(one.rows):4} rows  {verdict}")
        for row in one.rows:
            for fault in row.faults:
                typer.echo(f"  {row.id} ({row.given}): {fault}")
    bad = [proof for proof in result.proofs if proof.fault is not None]
    cells = sum(proof.cells for proof in result.proofs)
    verdict = "pass" if not bad else f"{len(bad)} FAILED"
    typer.echo(
        f"{'Decision tables: one row for every input':56} {len(result.proofs):4} tables, {cells:,} inputs  {verdict}"
    )
    for proof in bad:
        typer.echo(f"  {proof.table}: {proof.fault}")
    typer.echo(f"her2nav {result.versions['her2nav']}, knowledge {result.versions['knowledge']}, {result.made_on}")
    typer.echo(f"digest {result.digest}")
