"""What the pages of a team show: the worklist of a run that is there, and the cases of a board pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from her2nav.app.cohort_trials import cohort_trials
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session
from her2nav.app.worklist import MOST, Worklist, worklist
from her2nav.cohort.runfile import RunFile
from her2nav.model.errors import InputError


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the folder that the server was given.

    Attributes:
        number: Its place in the list, from 0: what a form names it by.
        name: Of its file.
    """

    number: int
    name: str


def worklist_of(session: Session, folder: Path, *, everything: bool = False, most: int = MOST) -> Worklist:
    """Return the worklist of a finished run, with so many patients of each group of each trial.

    Raises:
        InputError: There is no finished run in the folder.
    """
    with RunFile(folder) as run:
        made: dict[str, Any] | None = run.meta("made")
        if not made:
            raise InputError(
                "this run has not finished", file=str(folder), allowed="the folder of her2nav screen --out"
            )
        options = ScreenOptions.of(run.meta("options"))
        own = Session(session.knowledge, lambda: options.today, Path(options.store))
        trials = cohort_trials(own, options.asked, options.day)
        if options.since is None or not Path(options.since).exists():
            return worklist(trials, run, made, since=None, everything=everything, most=most)
        with RunFile(Path(options.since)) as since:
            return worklist(trials, run, made, since=since, everything=everything, most=most)


def cases_of(folder: Path) -> list[tuple[Case, Path]]:
    """Return the patient files of a folder, sorted by name.

    Raises:
        InputError: The folder holds none.
    """
    from her2nav.app.board import case_files
    from her2nav.app.board_decisions import NAME

    files = case_files([folder], folder / NAME)
    return [(Case(number, path.name), path) for number, path in enumerate(files)]


def board_page(session: Session, folder: Path, chosen: list[int], meeting: date) -> str:
    """Return the board pack of the cases chosen as a page to print.

    Raises:
        InputError: None is chosen, or one is not in the folder.
    """
    from her2nav.app.board import pack, pack_page
    from her2nav.app.board_decisions import NAME, read_decisions

    found = cases_of(folder)
    files = [path for case, path in found if case.number in chosen]
    if not files:
        raise InputError("no case was chosen", place="case", allowed=f"some of {len(found)}")
    return pack_page(pack(session, files, meeting, read_decisions(folder / NAME)), session)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruling as a page shows it.

    Attributes:
        patient: As the run names them; the file has the ids of the records.
        trial, criterion, ruling, person, reason: As written.
        day: When, ISO.
    """

    patient: str
    trial: str
    criterion: str
    ruling: str
    person: str
    day: str
    reason: str


def rulings_of(folder: Path, reviews: Path) -> list[Ruling]:
    """Return the rulings of a file, the newest first; of several on one criterion the last.

    Raises:
        InputError: There is no run, or a line of the file is no ruling.
    """
    from her2nav.app.reviews import read_reviews

    if not reviews.exists():
        return []
    with RunFile(folder) as run:
        name = run.its_naming().of
    found = [
        Ruling(name(one.patient), one.trial, one.criterion, one.ruling, one.person, one.date.isoformat(), one.reason)
        for of_patient in read_reviews(reviews).values()
        for one in of_patient
    ]
    return sorted(found, key=lambda one: (one.day, one.trial, one.patient), reverse=True)
