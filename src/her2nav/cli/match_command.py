"""`her2nav match`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from her2nav.app.choice import About, Choice, TreeChoice
from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import AboutWhat, AsOf, Criteria, Output, Patient, Plain, Trials


class StatusFilter(StrEnum):
    """Which recruitment statuses the human output shows."""

    RECRUITING = "recruiting"
    ALL = "all"


def match(
    patient: Patient,
    as_of: AsOf = None,
    trials: Trials = None,
    criteria: Criteria = TreeChoice.AUTO,
    about: AboutWhat = About.ONCOLOGY,
    status: Annotated[
        StatusFilter, typer.Option("--status", help="recruiting hides trials known not to recruit.")
    ] = StatusFilter.RECRUITING,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show only the first N trials.", metavar="N")] = None,
    full: Annotated[bool, typer.Option("--full", help="List every criterion of every trial.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", help="Print one trial in full.", metavar="NCT########")
    ] = None,
    within: Annotated[
        float | None,
        typer.Option("--within", min=1, help="Hide trials whose nearest recruiting site is farther.", metavar="KM"),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            help="Match again with a fact (ish=positive, lvef=48) or a treatment ('start tucatinib 2026-12-01').",
            metavar="TEXT",
        ),
    ] = None,
    why_rank: Annotated[
        bool, typer.Option("--why-rank", help="Show the parts of each trial's rank with their values.")
    ] = False,
    plain: Plain = False,
    output: Output = Format.TEXT,
) -> None:
    """Say the HER2 status and list the trials that may fit, each with its reasons."""
    from her2nav.app.match import match as run_match
    from her2nav.app.match import match_json, match_to_json
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session
    from her2nav.app.sites import Sites
    from her2nav.cli.common import ReadingTicker

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    with ReadingTicker() as ticker:
        answer = run_match(session, read, Choice(trials, criteria, about), ticker.tick)
    print_warnings(answer.warnings)
    supposed = []
    if what_if:
        from her2nav.app.what_if import what_if as try_what_if

        supposed = [try_what_if(session, answer.case, answer.chosen.compiled, text) for text in what_if]
    if explain is not None:
        found = answer.find(explain)
        if output is Format.JSON:
            data = match_json(session, answer, top=0)
            data["matches"] = [match_to_json(answer, found, Sites(session, answer.case, answer.chosen.kept))]
            print_json(data)
            return
        from her2nav.cli.match_view import show_trial

        show_trial(answer, found, Sites(session, answer.case, answer.chosen.kept), plain=plain)
        return
    if output is Format.JSON:
        print_json(match_json(session, answer, top=top, full=full, supposed=supposed))
        return
    from her2nav.cli.match_view import show_matches

    show_matches(
        answer,
        Sites(session, answer.case, answer.chosen.kept),
        everything=status is StatusFilter.ALL,
        top=top,
        plain=plain,
        full=full,
        why_rank=why_rank,
        supposed=supposed,
        within=within,
    )
