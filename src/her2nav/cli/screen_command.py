"""`her2nav screen`: a cohort against trials, the coordinator's worklist, and any pair explained later."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from her2nav.app.choice import About, Choice, TreeChoice
from her2nav.cli.common import Format, parse_day, print_json
from her2nav.cli.shared_options import AboutWhat, Criteria, Output, Trials
from her2nav.model.errors import InputError, ValueProblem

if TYPE_CHECKING:
    from her2nav.app.intake_tables import TableOptions
    from her2nav.app.screen import Screened
    from her2nav.app.screen_options import ScreenOptions
    from her2nav.app.session import Session


class _PatientsFirst(TyperGroup):
    """A group whose first word may be a source of patients: `screen PATIENTS …` is `screen run PATIENTS …`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front where the user left it out."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


screen = typer.Typer(
    name="screen",
    cls=_PatientsFirst,
    help="Screen many patients for many trials: her2nav screen PATIENTS --out FOLDER; see screen run --help.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_TO = ("csv", "jsonl", "xlsx", "parquet", "html")


@screen.command("run")
def run(
    patients: Annotated[
        list[str],
        typer.Argument(
            help="Folder of patient files, JSON lines, CSV, Parquet, FHIR bundles and NDJSON, or an OMOP folder.",
            metavar="PATIENTS…",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the run, used again next time; else nothing is kept.", metavar="FOLDER"),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="Tables to write beside the run, joined by commas.", metavar=",".join(_TO))
    ] = "csv",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Judge everybody as on this day.", metavar="DATE")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="Tables or OMOP: which column feeds which field (YAML).", metavar="FILE"),
    ] = None,
    as_of_column: Annotated[
        str | None,
        typer.Option("--as-of-column", help="Tables or OMOP: column with each patient's own day.", metavar="COLUMN"),
    ] = None,
    trials: Trials = None,
    criteria: Criteria = TreeChoice.AUTO,
    about: AboutWhat = About.ONCOLOGY,
    trial: Annotated[
        list[str] | None, typer.Option("--trial", help="Only this trial; may be given again.", metavar="NCT########")
    ] = None,
    trial_file: Annotated[
        list[Path] | None,
        typer.Option("--trial-file", help="Own trial file, or folder of them; may be given again.", metavar="PATH"),
    ] = None,
    portfolio: Annotated[
        Path | None,
        typer.Option("--portfolio", help="The site's own trials: status, arms, slots, criteria.", metavar="FILE"),
    ] = None,
    since: Annotated[
        Path | None, typer.Option("--since", help="Folder of an earlier run: list only what is new.", metavar="RUN")
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Rulings of persons on single criteria.", metavar="FILE.jsonl")
    ] = None,
    every: Annotated[
        bool, typer.Option("--every-pair", help="Keep pairs that do not fit too, with the reason.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Names of open criteria in the place of reasons: for very many patients.")
    ] = False,
    ids: Annotated[bool, typer.Option("--ids", help="Name patients by their ids, not by pseudonyms.")] = False,
    closed: Annotated[
        bool, typer.Option("--closed", help="List trials that take nobody, or whose criteria are not at hand, as well.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="How many; all cores without it.", metavar="N")
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Screen patients for trials, and list by trial who fits or may fit, with the one question left."""
    from her2nav.app.cohort_trials import Asked
    from her2nav.app.intake_tables import TableOptions
    from her2nav.app.screen import check_out
    from her2nav.app.screen_options import ScreenOptions, absolute
    from her2nav.app.session import Session
    from her2nav.cohort.tables import check_library

    formats = _formats(to)
    for name in formats:
        check_library(name)
    if out is not None:
        check_out(out)
        if since is not None and since.resolve() == out.resolve():
            raise ValueProblem("the earlier run is this folder", place="--since", allowed="the folder of another run")
    if as_of is not None and as_of_column is not None:
        raise ValueProblem("each patient has a day of their own", place="--as-of", allowed="one of the two options")
    session = Session()
    tables = TableOptions(absolute(str(mapping)) if mapping else None, as_of_column)
    _tell_tables(session, patients, tables)
    options = ScreenOptions(
        tuple(absolute(path) if path != "-" else path for path in patients),
        Asked(
            Choice(trials, criteria, about),
            tuple(trial or ()),
            tuple(absolute(str(path)) for path in trial_file or ()),
            absolute(str(portfolio)) if portfolio else None,
        ),
        session.today(),
        parse_day(as_of),
        every=every,
        quick=quick,
        ids=ids,
        reviews=absolute(str(reviews)) if reviews else None,
        since=absolute(str(since)) if since else None,
        processes=processes,
        store=absolute(str(session.folder)),
        tables=tables,
    )
    place: Any = nullcontext(str(out)) if out is not None else tempfile.TemporaryDirectory(prefix="her2nav-screen-")
    with place as folder:
        _run(session, options, Path(folder), formats if out is not None else (), output, kept=out, closed=closed)


def _tell_tables(session: Session, sources: list[str], tables: TableOptions) -> None:
    """Say what is not read of tables and which lists count as complete; a mistake in them shows before the work."""
    from her2nav.app.intake_tables import open_sources
    from her2nav.intake.omop.folder import is_omop

    if tables.given or any(is_omop(Path(source)) for source in sources if source != "-"):
        for line in open_sources(session, sources, tables).told:
            print(f"her2nav: {line}", file=sys.stderr)


def _run(
    session: Session,
    options: ScreenOptions,
    folder: Path,
    formats: tuple[str, ...],
    output: Format,
    *,
    kept: Path | None,
    closed: bool,
) -> None:
    from her2nav.app.screen import note_outputs
    from her2nav.app.screen import screen as run_screen
    from her2nav.app.worklist import worklist, worklist_json
    from her2nav.cohort.runfile import RunFile

    with _Progress() as progress:
        done = run_screen(session, options, folder, tell=progress.tell, progress=progress.tick)
    with RunFile(folder) as file:
        earlier = RunFile(Path(options.since)) if options.since else None
        found = worklist(done.trials, file, done.made, since=earlier, everything=closed)
        if earlier is not None:
            earlier.close()
        if formats:
            note_outputs(done, _written(session, done, file, worklist_json(found), formats))
    if output is Format.JSON:
        print_json(worklist_json(found))
    else:
        from her2nav.cli.screen_view import show_worklist

        show_worklist(session, found, done, kept)
    if done.counts.read == done.counts.failed:
        raise InputError("not one record could be judged", code="no_patients")


def _written(
    session: Session, done: Screened, file: Any, listed: dict[str, Any], formats: tuple[str, ...]
) -> dict[str, str]:
    """Write the tables and the page; return the digest of each."""
    from her2nav.app.worklist import pair_rows
    from her2nav.cohort.news import WORDS
    from her2nav.cohort.tables import WRITERS, digest_of
    from her2nav.files.writing import write_whole
    from her2nav.report.phrases import closing_lines
    from her2nav.report.worklist_page import worklist_page

    digests = {}
    for name in formats:
        path = done.out / ("worklist.html" if name == "html" else f"pairs.{name}")
        if name == "html":
            closing = closing_lines(session.knowledge.words, "clinical", lung=False)
            write_whole(path, [worklist_page(listed, WORDS, closing)])
        else:
            WRITERS[name](path, lambda: pair_rows(done.trials, file))
        digests[path.name] = digest_of(path)
    return digests


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for name in found:
        if name not in _TO:
            raise ValueProblem(f"'{name}' is no format", place="--to", allowed=", ".join(_TO))
    return found


class _Progress:
    """How far the screening is, on standard error where a person looks on; and a line for each bad record."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._start = self._last = time.monotonic()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._on:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def tell(self, line: str) -> None:
        """Say what is wrong with a record."""
        self._clear()
        print(f"her2nav: warning: {line}", file=sys.stderr)

    def tick(self, done: int) -> None:
        """Show how many records are done, at most five times a second."""
        now = time.monotonic()
        if self._on and now - self._last > 0.2:
            self._last = now
            rate = done / max(now - self._start, 0.001)
            print(f"\r\033[K{done:,} records, {rate:,.0f} a second", end="", file=sys.stderr, flush=True)


@screen.command("explain")
def explain(
    folder: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN")],
    patient: Annotated[str, typer.Argument(help="Pseudonym of the run, or the id in the source.", metavar="PATIENT")],
    trial: Annotated[str, typer.Argument(help="Registry id.", metavar="TRIAL")],
    output: Output = Format.TEXT,
) -> None:
    """Explain one pair of a run, criterion by criterion, from the patients' source."""
    from her2nav.app.screen_explain import explain_pair, explained_json
    from her2nav.app.session import Session

    session = Session()
    found = explain_pair(session, folder, patient, trial)
    if output is Format.JSON:
        print_json(explained_json(session, found))
        return
    from her2nav.cli.screen_view import show_pair

    show_pair(session, found)


@screen.command("review")
def review(
    folder: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN")],
    patient: Annotated[str, typer.Argument(help="Pseudonym of the run, or the id in the source.", metavar="PATIENT")],
    trial: Annotated[str, typer.Argument(help="Registry id.", metavar="TRIAL")],
    criterion: Annotated[
        str, typer.Argument(help="Id of the criterion, as screen explain shows it.", metavar="CRITERION")
    ],
    ruling: Annotated[str, typer.Option("--ruling", help="met or not_met.", metavar="met|not_met")],
    person: Annotated[str, typer.Option("--by", help="Who rules.", metavar="NAME")],
    reason: Annotated[str, typer.Option("--reason", help="Why.", metavar="TEXT")],
    into: Annotated[Path, typer.Option("--into", help="File that the ruling is added to.", metavar="reviews.jsonl")],
    output: Output = Format.TEXT,
) -> None:
    """Write a person's ruling on one criterion of one patient; screen with --reviews FILE applies it."""
    from her2nav.app.screen_explain import rule_on
    from her2nav.app.session import Session

    session = Session()
    made = rule_on(
        session,
        folder,
        patient,
        trial,
        criterion,
        ruling=ruling,
        person=person,
        reason=reason,
        day=session.today(),
        into=into,
    )
    if output is Format.JSON:
        print_json({**made.model_dump(mode="json"), "versions": session.versions(trials=False)})
        return
    typer.echo(
        f"Written to {into}: {made.criterion} of {made.trial} ruled {made.ruling.replace('_', ' ')} by {made.person}."
    )
    typer.echo(f"The file names patients by their ids: keep it as safe as the records. Apply it with --reviews {into}.")
