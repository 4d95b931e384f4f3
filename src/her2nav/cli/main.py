"""The `her2nav` command."""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, NoReturn

import typer

import her2nav
from her2nav.model.errors import Her2NavError, InputError

_HELP = "HER2 status, and clinical trials that may fit, from one patient file; offline, with every reason."


def _version(value: bool) -> None:
    if value:
        typer.echo(f"her2nav {her2nav.__version__}")
        raise typer.Exit


def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """HER2 status, and clinical trials that may fit, from one patient file; offline, with every reason."""


COMMANDS = {
    "match": ("match_command", "match"),
    "screen": ("screen_command", "screen"),
    "interpret": ("interpret_command", "interpret"),
    "intake": ("intake_command", "intake"),
    "start": ("intake_command", "start"),
    "propose": ("propose_command", "app"),
    "tests": ("tests_command", "plan"),
    "monitor": ("monitor_command", "monitor"),
    "options": ("options_command", "options"),
    "evidence": ("evidence_command", "evidence"),
    "ask": ("ask_command", "ask"),
    "report": ("report_command", "report"),
    "board": ("board_command", "board"),
    "criteria": ("criteria_command", "criteria"),
    "catalogue": ("catalogue_command", "catalogue"),
    "variant": ("variant_command", "variant"),
    "selftest": ("selftest_command", "selftest"),
    "validate": ("validate_command", "validate"),
    "schema": ("validate_command", "schema"),
    "registry": ("registry_command", "registry"),
    "export": ("export_command", "export"),
    "serve": ("serve_command", "serve"),
    "mcp": ("mcp_command", "mcp"),
    "watch": ("watch_command", "watch"),
}
"""Each command: the module of this package that holds it, and its function, or its group of commands."""


def commands(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line with the command asked for; with all of them where none, or none that exists, is asked.

    The modules of the other commands are not loaded: a start that answers one question should not pay for all.
    """
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    app = typer.Typer(
        name="her2nav",
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=root,
    )
    for name in (asked,) if asked in COMMANDS else COMMANDS:
        module, attribute = COMMANDS[name]
        found = getattr(importlib.import_module(f"her2nav.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found)
        else:
            app.command(name)(found)
    return app


def start() -> NoReturn:
    """Run the command line as a process of its own, which ends when its answer is out.

    Python would first free what was loaded, object by object; that takes a fifth of the time of a match. What was
    registered for the end (temporary folders, pools) still runs.
    """
    status = 0
    try:
        run()
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else int(done.code is not None)
        if isinstance(done.code, str):
            sys.stderr.write(done.code + "\n")
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def run() -> None:
    """Run the command line; a user's mistake is one line and exit 2, a fault of ours one line and exit 1."""
    # One short run that allocates a lot and frees at its end: collecting garbage on the way only costs time.
    gc.set_threshold(1_000_000)
    # Pydantic would look through every installed distribution for plugins, which nothing here uses.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # NumPy would start a thread for each core for linear algebra, of which there is next to none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    command: Callable[..., Any] = typer.main.get_command(commands(sys.argv[1:]))
    try:
        status = command(standalone_mode=False)
        sys.stdout.flush()
    except Her2NavError as error:
        _report(error)
        status = error.exit_status
    except typer.Exit as done:
        status = done.exit_code
    except typer.Abort:
        status = 130
    except BrokenPipeError:
        # The reader of a pipe went away, as `head` does: nothing to report.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        status = 130
    except Exception as error:  # noqa: BLE001 - the last resort: one line instead of a traceback
        status = _usage(error)
    sys.exit(status if isinstance(status, int) else 0)


def _usage(error: Exception) -> int:
    """Report a wrong option in the one error shape; re-raise nothing to the user but one line."""
    message = getattr(error, "format_message", None)
    if message is not None:
        _report(InputError(str(message()), code="bad_usage"))
        return int(getattr(error, "exit_code", 2))
    if os.environ.get("HER2NAV_DEBUG"):
        raise error
    _report(
        Her2NavError(
            f"internal fault: {type(error).__name__}: {error}",
            allowed="set HER2NAV_DEBUG=1 to see where",
            code="internal",
        )
    )
    return 1


def _report(error: Her2NavError) -> None:
    """Write an error as JSON where JSON was asked for, else as one line."""
    arguments = sys.argv[1:]
    wants_json = "--format=json" in arguments or any(pair == ("--format", "json") for pair in pairwise(arguments))
    if wants_json:
        print(json.dumps(error.as_dict(), ensure_ascii=False))
    print(f"her2nav: {error}", file=sys.stderr)


if __name__ == "__main__":
    start()
