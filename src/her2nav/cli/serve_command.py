"""`her2nav serve`."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from her2nav.files.reading import read_text
from her2nav.model.errors import InputError


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; beyond this machine only with a token.", metavar="ADDR")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.", metavar="N")] = 8022,
    workers: Annotated[int, typer.Option("--workers", min=1, max=32, help="Processes.", metavar="N")] = 1,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", help="Every request must carry the first line of this file.", metavar="FILE"),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A host name that requests may use, behind a reverse proxy.", metavar="HOST"),
    ] = None,
    prefix: Annotated[
        str, typer.Option("--prefix", help="Path under which a reverse proxy shows the server.", metavar="PATH")
    ] = "",
    run_folder: Annotated[
        Path | None,
        typer.Option("--run", help="Show the worklist of this screening (her2nav screen --out).", metavar="FOLDER"),
    ] = None,
    reviews: Annotated[
        Path | None,
        typer.Option("--reviews", help="Add rulings entered on the page to this file.", metavar="FILE.jsonl"),
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", help="Make board packs of the patient files of this folder.", metavar="FOLDER"),
    ] = None,
    rate: Annotated[int, typer.Option("--rate", min=1, help="Requests a minute of one address.", metavar="N")] = 300,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option("--cors-origin", help="Origin whose pages may call the API.", metavar="ORIGIN"),
    ] = None,
) -> None:
    """Serve the page and the HTTP API on this machine; nothing about a patient is kept or logged."""
    from her2nav.web.run import serve as run
    from her2nav.web.settings import Settings

    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise InputError(f"'{prefix}' is no path", place="--prefix", allowed="for example /her2nav")
    settings = Settings(
        host=host,
        port=port,
        hosts=frozenset(name or ()),
        token=_token(token_file) if token_file is not None else None,
        cors_origins=frozenset(cors_origin or ()),
        prefix=prefix,
        requests_a_minute=rate,
        secret=secrets.token_bytes(32),
        run=_there(run_folder, "--run"),
        reviews=reviews.resolve() if reviews is not None else None,
        cases=_there(cases, "--cases"),
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{prefix}/"
    run(settings, workers, lambda: print(f"her2nav: {address} (Ctrl+C ends)", file=sys.stderr, flush=True))


def _there(folder: Path | None, option: str) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise InputError("no such folder", file=str(folder), place=option, allowed="a folder that is there")
    return folder.resolve() if folder is not None else None


def _token(path: Path) -> str:
    text, name = read_text(path)
    token = text.splitlines()[0].strip()
    if len(token) < 16:
        raise InputError("the token is too short", file=name, place="line 1", allowed="16 characters or more")
    return token
