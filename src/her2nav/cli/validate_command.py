"""`her2nav validate` and `her2nav schema`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from her2nav.cli.common import Format, print_json, print_warnings


class SchemaName(StrEnum):
    """Records with a JSON Schema."""

    PATIENT = "patient"
    TRIAL = "trial"
    MATCH = "match"
    INTERPRET = "interpret"
    VARIANT = "variant"
    BATCH = "batch"
    AUDIT = "audit"
    COMMENT = "comment"
    SELFTEST = "selftest"
    TESTS = "tests"
    INTAKE = "intake"
    INTAKE_PROFILE = "intake-profile"
    OPTIONS = "options"
    MONITOR = "monitor"
    EVIDENCE = "evidence"
    ASK = "ask"
    ASK_LIST = "ask-list"
    REGISTRY_IMPORT = "registry-import"
    REGISTRY_SYNC = "registry-sync"
    REGISTRY_STATUS = "registry-status"
    REGISTRY_SEARCH = "registry-search"
    REGISTRY_SHOW = "registry-show"
    REGISTRY_DIFF = "registry-diff"
    SCREEN = "screen"
    SCREEN_EXPLAIN = "screen-explain"
    WATCH = "watch"


def validate(
    file: Annotated[str | None, typer.Argument(help="A patient or trial file; - reads standard input.")] = None,
    data: Annotated[bool, typer.Option("--data", help="Check the shipped facts and trials.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Check a patient file, a trial file or the shipped data; exit 2 and one line when something is wrong."""
    from her2nav.app.session import Session
    from her2nav.app.validate import validate_data, validate_file
    from her2nav.model.errors import InputError

    if (file is None) == (not data):
        raise InputError("name one file to check, or --data", allowed="her2nav validate FILE, her2nav validate --data")
    result = validate_data() if data else validate_file(Session(), file or "-")
    print_warnings(tuple(result.warnings))
    if output is Format.JSON:
        print_json(result.as_dict())
        return
    typer.echo(result.summary)


def schema(
    record: Annotated[SchemaName, typer.Argument(help="Which record's JSON Schema to print.")] = SchemaName.PATIENT,
) -> None:
    """Print a JSON Schema."""
    from her2nav.app.schemas import json_schema

    print_json(json_schema(record.value))
