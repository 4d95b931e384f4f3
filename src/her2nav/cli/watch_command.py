"""`her2nav watch`: what changed in the registry for a patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import AsOf, Output, Plain
from her2nav.model.errors import Her2NavError, InputError

if TYPE_CHECKING:
    from her2nav.app.watch import WatchAnswer
    from her2nav.app.watch_list import WatchList


def watch(
    patient: Annotated[
        str | None,
        typer.Argument(help="Patient file, report or letter; without one, every patient kept.", metavar="[PATIENT]"),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the path of this file, and report on it after each sync.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the path of this file.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the paths that are kept.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="A snapshot's name or a day; else the last report.", metavar="WHEN")
    ] = None,
    as_of: AsOf = None,
    plain: Plain = False,
    output: Output = Format.TEXT,
) -> None:
    """Say which trials changed for a patient since the last sync: new ones that may fit, lost ones, new criteria."""
    from her2nav.app.watch_list import WatchList
    from her2nav.store.connection import home

    kept = WatchList(home())
    if (keep or forget) and (patient is None or patient == "-" or keep is forget):
        raise InputError("--keep and --forget each need the path of one patient file", code="bad_usage")
    if forget:
        assert patient is not None
        kept.forget(Path(patient))
        typer.echo(f"Forgotten: {patient}")
        return
    if listed:
        _list(kept, output)
        return
    if patient is not None:
        path = None if patient == "-" else Path(patient)
        answer = _one(path, since, as_of)
        known = path is not None and (keep or kept.find(path) is not None)
        if path is not None and keep:
            kept.keep(path, answer.diff.until.name)
        _show(answer, kept=known, plain=plain, output=output)
        if path is not None and keep and output is Format.TEXT:
            typer.echo(f"\nKept: the path of this file, in {kept.file}. her2nav watch {patient} --forget removes it.")
        return
    if not kept.all():
        raise InputError(
            "no patient is kept",
            allowed="her2nav watch PATIENT, or her2nav watch PATIENT --keep",
            code="nobody_watched",
        )
    report_kept(kept, since=since, as_of=as_of, plain=plain, output=output)


def report_kept(
    kept: WatchList,
    *,
    since: str | None = None,
    as_of: str | None = None,
    plain: bool = False,
    output: Format = Format.TEXT,
) -> None:
    """Report on every patient that is kept; a file that cannot be read is named and stops nothing."""
    answers = []
    for item in kept.all():
        path = Path(item.path)
        try:
            answer = _one(path, since or item.reported, as_of)
        except Her2NavError as error:
            print_warnings((f"{error}; her2nav watch {item.path} --forget removes it from the list",))
            continue
        answers.append(answer)
        if output is Format.TEXT:
            typer.echo(f"\n{item.path}")
            _show(answer, kept=True, plain=plain, output=output)
        kept.keep(path, answer.diff.until.name)
    if output is Format.JSON:
        print_json({"patients": [_json(answer, kept=True) for answer in answers]})


def _one(path: Path | None, since: str | None, as_of: str | None) -> WatchAnswer:
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session
    from her2nav.app.watch import watch as run_watch
    from her2nav.store.reading import StoreReader

    session = Session()
    read = patient_of(session, path if path is not None else "-", parse_day(as_of))
    with StoreReader() as store, store.one_state():
        return run_watch(session, store, read, since=since)


def _json(answer: WatchAnswer, *, kept: bool) -> dict[str, Any]:
    from her2nav.app.session import Session
    from her2nav.app.watch import watch_json

    return watch_json(Session(), answer, kept=kept)


def _show(answer: WatchAnswer, *, kept: bool, plain: bool, output: Format) -> None:
    from her2nav.cli.diff_view import show_watch

    print_warnings(answer.warnings)
    if output is Format.JSON:
        print_json(_json(answer, kept=kept))
    else:
        show_watch(answer, plain=plain)


def _list(kept: WatchList, output: Format) -> None:
    if output is Format.JSON:
        print_json({"watched": [{"path": item.path, "reported": item.reported} for item in kept.all()]})
        return
    for item in kept.all():
        typer.echo(f"{item.path}  (reported up to {item.reported or 'no snapshot yet'})")
    if not kept.all():
        typer.echo("No patient is kept.")
