"""`her2nav propose`: the only command that talks to a language model, and only to the one it is given."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from her2nav.cli.common import Format, print_json
from her2nav.model.errors import FileError, InputError

if TYPE_CHECKING:
    from her2nav.app.propose import Proposals
    from her2nav.app.session import Session
    from her2nav.proposals.check import Proposed
    from her2nav.proposals.endpoint import Endpoint

_KEY = "HER2NAV_LLM_KEY"
app = typer.Typer(
    name="propose",
    help="Ask a language model of yours for what the rules left open. Nothing is sent before you have seen it; "
    "answers are checked against the text, shown, and decide nothing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Url = Annotated[
    str, typer.Option("--endpoint", help="An OpenAI-compatible address: https, or http on this machine.", metavar="URL")
]
Model = Annotated[str, typer.Option("--model", help="Name of the model there.", metavar="NAME")]
Send = Annotated[
    str | None,
    typer.Option("--send", help="Send the request of this name, as shown without this option.", metavar="DIGEST"),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep", help="Keep answers in this folder, by content; without it nothing is kept.", metavar="FOLDER"
    ),
]
Seconds = Annotated[float, typer.Option("--timeout", help="Seconds for the whole answer.")]
Output = Annotated[Format, typer.Option("--format", help="text for people, json for programs.")]


@app.command("values")
def values(
    notes: Annotated[
        list[str], typer.Argument(help="Notes of one patient: text, PDF, DOCX; - is standard input.", metavar="NOTE...")
    ],
    url: Url,
    model: Model,
    send: Send = None,
    keep: Keep = None,
    timeout: Seconds = 120.0,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write what the rules read, and the proposals you accept, here.", metavar="FILE"),
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Ask for values that the rules did not read in notes; with --out, accept or leave each one."""
    from her2nav.app.fhir import all_fhir
    from her2nav.app.intake import intake, summary, write_patient
    from her2nav.app.propose import accepted, proposals_json, propose_values
    from her2nav.app.session import Session

    if out is not None and output is Format.JSON:
        raise InputError("--out asks about each proposal", place="--format", allowed="text", code="bad_usage")
    if out is not None and "-" in notes:
        raise InputError("--out reads answers from standard input", place="NOTE", allowed="files", code="bad_usage")
    if out is not None and out.exists():
        raise FileError("the file exists", file=str(out), allowed="another --out", code="exists")
    if all_fhir(notes):
        raise InputError("this is FHIR", file=notes[0], allowed="notes as text, PDF or DOCX")
    session = Session()
    place = _place(url, model, timeout)
    found = intake(session, notes)
    done = propose_values(session, found, place, send=send, folder=keep)
    if output is Format.JSON:
        print_json(proposals_json(session, done, place))
        return
    _show(done, place)
    if out is not None and done.answered:
        taken = _accepted(session, done)
        final = accepted(session, found, taken)
        write_patient(final.reading, out)
        print(f"\n{summary(final.reading)}, {len(taken)} of them proposed and accepted; written to {out}")


@app.command("readings")
def readings(
    url: Url,
    model: Model,
    nct_id: Annotated[str | None, typer.Argument(help="A trial of the store: NCT and eight digits.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A registry record in a file: JSON, XML or a row.", metavar="RECORD")
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="An eligibility text; - is standard input.", metavar="FILE")
    ] = None,
    send: Send = None,
    keep: Keep = None,
    timeout: Seconds = 120.0,
    output: Output = Format.TEXT,
) -> None:
    """Ask for trees of the stretches of eligibility criteria that were not read; for curators."""
    from her2nav.app.criteria import read_criteria
    from her2nav.app.propose import proposals_json, propose_readings
    from her2nav.app.session import Session
    from her2nav.cli.criteria_command import trial_of

    session = Session()
    place = _place(url, model, timeout)
    read = read_criteria(session.knowledge, trial_of(nct_id, file, text))
    done = propose_readings(session, read, place, send=send, folder=keep)
    if output is Format.JSON:
        print_json(proposals_json(session, done, place))
    else:
        _show(done, place)


def _place(url: str, model: str, timeout: float) -> Endpoint:
    from her2nav.proposals.endpoint import endpoint

    return endpoint(url, model, os.environ.get(_KEY), timeout)


def _show(done: Proposals, place: Endpoint) -> None:
    """Print the request where nothing was sent, else what came of it."""
    if not done.answered:
        where = "on this machine" if place.local else "OUTSIDE this machine"
        print(f"This would be sent to {place.url} ({where}), model {place.model}:\n")
        print(done.outgoing.instructions)
        print(f"\n----- text, {len(done.outgoing.text):,} characters -----")
        print(done.outgoing.text)
        print("----- end of text -----\n")
        print("Nothing was sent. Recognised names, numbers and addresses are painted over: read it before you send it.")
        print(f"To send exactly this, give the same command with --send {done.digest}")
        return
    print("From a kept answer; nothing was sent." if done.from_kept else f"Answered by {place.model} at {place.url}.")
    print("Proposals of a language model: machine-read, not used for any answer unless a person accepts them.\n")
    for number, one in enumerate(done.proposed, start=1):
        _show_one(number, one, done)
    if not done.proposed:
        print("No proposal stands the checks.")
    for wrong in done.refused:
        print(f"thrown away: {_path(wrong.path, done)}: {wrong.reason}", file=sys.stderr)


def _show_one(number: int, one: Proposed, done: Proposals) -> None:
    from her2nav.app.propose import value_text

    print(f"{number}. {_path(one.path, done)}: {value_text(one.value)}")
    print(f"   quote: “{' '.join(one.quote.split())}” ({one.source}, character {one.start})")


def _path(path: str, done: Proposals) -> str:
    return f"stretch {path}" if done.outgoing.kind == "criteria" else path


def _accepted(session: Session, done: Proposals) -> list[Proposed]:
    """Ask about each proposal; only a plain yes accepts it."""
    from her2nav.app.propose import value_text

    taken: list[Proposed] = []
    if done.proposed:
        print("\nAccept? y takes a proposal into the patient file, anything else leaves it out.")
    for number, one in enumerate(done.proposed, start=1):
        print(f"{number}. {one.path}: {value_text(one.value)} [y/N] ", end="", flush=True)
        answer = sys.stdin.readline()
        if answer.strip().lower() in ("y", "yes"):
            taken.append(one)
        if not answer:
            print()
            break
    return taken
