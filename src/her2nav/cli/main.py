"""The `her2nav` command."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import typer

import her2nav
from her2nav.cli import (
    criteria_command,
    evidence_command,
    interpret_command,
    match_command,
    monitor_command,
    options_command,
    registry_command,
    selftest_command,
    tests_command,
    validate_command,
    variant_command,
    watch_command,
)
from her2nav.model.errors import Her2NavError, InputError

app = typer.Typer(
    name="her2nav",
    help="HER2 status, and clinical trials that may fit, from one patient file; offline, with every reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"her2nav {her2nav.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """HER2 status, and clinical trials that may fit, from one patient file; offline, with every reason."""


app.command("match")(match_command.match)
app.command("interpret")(interpret_command.interpret)
app.command("tests")(tests_command.plan)
app.command("monitor")(monitor_command.monitor)
app.command("options")(options_command.options)
app.command("evidence")(evidence_command.evidence)
app.command("criteria")(criteria_command.criteria)
app.command("variant")(variant_command.variant)
app.command("selftest")(selftest_command.selftest)
app.command("validate")(validate_command.validate)
app.command("schema")(validate_command.schema)
app.add_typer(registry_command.registry)
app.command("watch")(watch_command.watch)


def run() -> None:
    """Run the command line; a user's mistake is one line and exit 2, a fault of ours one line and exit 1."""
    # One short run that allocates a lot and frees at its end: collecting garbage on the way only costs time.
    gc.set_threshold(200_000)
    command: Callable[..., Any] = typer.main.get_command(app)
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
    run()
