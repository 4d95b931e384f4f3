"""`her2nav ask`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from her2nav.cli.common import Format, ReadingTicker, parse_day, print_json, print_warnings
from her2nav.cli.paper import PaperChoice
from her2nav.cli.shared_options import PATIENT_HELP
from her2nav.model.errors import InputError, UnknownName

if TYPE_CHECKING:
    from her2nav.app.derived import Derived
    from her2nav.report.sections import Paper

_EXAMPLE = 'her2nav ask PATIENT "what does 2+ mean"; her2nav ask --list'


def ask(
    patient: Annotated[str | None, typer.Argument(help=PATIENT_HELP, metavar="PATIENT")] = None,
    question: Annotated[
        list[str] | None, typer.Argument(help="The question in words, or its name in the list.", metavar="QUESTION")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="Show what can be asked.")] = False,
    take_along: Annotated[
        bool, typer.Option("--take-along", help="Questions to take to the team, from what is open for this patient.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", "-o", help="Write a page for reading and print.", metavar="FILE.html")
    ] = None,
    paper: Annotated[PaperChoice, typer.Option("--paper", help="Size of the sheet, for --html.")] = PaperChoice.A4,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose approvals count: a country, or US, EU, CN, JP.")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Answer as on this day.", metavar="DATE")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="With --plain: numbers of studies too.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Answer a question about this patient, in words for clinicians or patients, with sources."""
    from her2nav.app.ask import listed
    from her2nav.app.session import Session

    session = Session()
    if listing:
        if output is Format.JSON:
            print_json(listed(session).model_dump(mode="json"))
            return
        from her2nav.cli.ask_view import show_list

        show_list(listed(session), plain=plain)
        return
    written = " ".join(question or ()).strip()
    if patient is None or bool(written) == take_along:
        raise InputError("name a patient and a question", allowed=_EXAMPLE, code="bad_usage")
    from her2nav.app.derived import Derived
    from her2nav.app.patient_source import patient_of

    read = patient_of(session, patient, parse_day(as_of))
    with ReadingTicker() as ticker:
        derived = Derived(session, read, country, progress=ticker.tick)
        if take_along:
            _take_along(derived, html, paper.sheet, output, plain=plain, numbers=numbers)
        else:
            _answer(derived, written, html, paper.sheet, output, plain=plain, numbers=numbers)


def _answer(
    derived: Derived, written: str, html: Path | None, paper: Paper, output: Format, *, plain: bool, numbers: bool
) -> None:
    from her2nav.app.ask import ask as run_ask
    from her2nav.app.ask import ask_json

    try:
        answer = run_ask(derived, written)
    except UnknownName as problem:
        if problem.code == "unknown_question" and output is Format.TEXT:
            from her2nav.app.ask import nearest
            from her2nav.cli.ask_view import show_nearest

            show_nearest(nearest(derived, written), plain=plain)
        raise
    print_warnings(derived.read.warnings)
    if html is not None:
        from her2nav.app.report import ask_page
        from her2nav.files.writing import write_whole

        write_whole(html, [ask_page(derived, answer, "plain" if plain else "clinical", paper, numbers=numbers)])
    if output is Format.JSON:
        print_json(ask_json(derived, answer).model_dump(mode="json"))
    elif html is not None:
        typer.echo(f"page: {html}")
    else:
        from her2nav.cli.ask_view import show_answer

        show_answer(derived, answer, plain=plain, numbers=numbers)


def _take_along(
    derived: Derived, html: Path | None, paper: Paper, output: Format, *, plain: bool, numbers: bool
) -> None:
    from her2nav.app.ask import answer, ask_json
    from her2nav.app.ask_result import Asked
    from her2nav.app.take_along import TITLE, take_along
    from her2nav.knowledge.questions import question_book

    print_warnings(derived.read.warnings)
    if html is not None:
        from her2nav.app.report import take_along_page
        from her2nav.files.writing import write_whole

        write_whole(html, [take_along_page(derived, "plain" if plain else "clinical", paper)])
    if output is Format.JSON:
        asked = Asked(derived, question_book(derived.knowledge).questions["take_along"])
        print_json(ask_json(derived, answer(derived, asked)).model_dump(mode="json"))
    elif html is not None:
        typer.echo(f"page: {html}")
    else:
        from her2nav.cli.ask_view import show_sections

        title = TITLE.plain if plain else TITLE.clinical
        show_sections(derived, title, take_along(derived), plain=plain, numbers=numbers)
