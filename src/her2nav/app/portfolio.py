"""The portfolio: a site's own trials, with what the site knows better than any registry (`--portfolio FILE`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from her2nav.catalogue.check import trial_faults
from her2nav.catalogue.trialfile import read_trial
from her2nav.files.jsonfile import parse_record
from her2nav.files.places import Document
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.errors import FileError, SyntaxProblem, UnknownName, ValueProblem
from her2nav.model.trial import Recruitment, Status, Trial
from her2nav.registry.ids import register_of

_PLACEHOLDER = "NCT00000000"
"""Stands for an id of another registry while a trial file is checked."""
SOURCE = "portfolio"
_Id = Annotated[str, Field(min_length=3, max_length=60, pattern=r"^\S(.*\S)?$")]
_STATUS = {"open": Recruitment.RECRUITING, "on_hold": Recruitment.SUSPENDED, "closed": Recruitment.COMPLETED}


class OwnArm(Frozen):
    """What the site knows of an arm."""

    open: bool | None = None
    slots: Annotated[int, Field(ge=0)] | None = None
    """Places left; none left closes the arm."""


class OwnTrial(Frozen):
    """A trial of the portfolio."""

    id: _Id
    """Of any registry."""
    status: Literal["open", "on_hold", "closed"] = "open"
    status_date: date | None = None
    """Day on which the site said so; the day of the run where it is absent."""
    title: Annotated[str, Field(min_length=5, max_length=160)] | None = None
    protocol: Annotated[str, Field(max_length=120)] | None = None
    contact: Annotated[str, Field(max_length=200)] | None = None
    slots: Annotated[int, Field(ge=0)] | None = None
    arms: dict[str, OwnArm] = Field(default_factory=dict)
    criteria: str | None = None
    """Own curated tree: a trial file, its path from the portfolio's folder."""
    local_criteria: tuple[dict[str, Any], ...] = ()
    """Criteria that this site adds, in the form of the trial files."""


class Portfolio(Frozen):
    """The file."""

    site: Annotated[str, Field(max_length=120)] | None = None
    trials: tuple[OwnTrial, ...]


def read_portfolio(path: Path, knowledge: Knowledge) -> tuple[Portfolio, dict[str, Trial]]:
    """Return a portfolio and the trials that it brings the trees of, by id.

    Raises:
        InputError: The first thing wrong, with file, line, key and what is allowed.
    """
    text, name = read_text(path)
    document = parse_record(text, name)
    portfolio = build(Portfolio, document)
    if not portfolio.trials:
        raise ValueProblem("the portfolio holds no trial", file=name, place=document.place(("trials",)))
    own: dict[str, Trial] = {}
    seen: set[str] = set()
    for i, item in enumerate(portfolio.trials):
        place = document.place(("trials", i, "id"))
        if item.id.upper() in seen:
            raise ValueProblem(f"the trial '{item.id}' stands twice", file=name, place=place, allowed="each trial once")
        seen.add(item.id.upper())
        if item.criteria is not None:
            own[item.id] = _own_tree(path.parent / item.criteria, item, knowledge)
    return portfolio, own


def _own_tree(path: Path, item: OwnTrial, knowledge: Knowledge) -> Trial:
    trial = read_trial_file(path, knowledge)
    if trial.record.nct_id.upper() != item.id.upper():
        raise ValueProblem(
            f"the file is on {trial.record.nct_id}", file=str(path), place="key 'nct_id'", allowed=item.id
        )
    return trial


def read_trial_file(path: Path, knowledge: Knowledge) -> Trial:
    """Return the trial of a file in the form of the catalogue; its id may be of any registry.

    Raises:
        InputError: The first thing wrong.
    """
    text, name = read_text(path)
    document = parse_record(text, name)
    if not isinstance(document.data, dict) or not isinstance(document.data.get("nct_id"), str):
        raise SyntaxProblem("the file holds no trial", file=name, allowed="nct_id, title, status, criteria, …")
    written = document.data["nct_id"].strip()
    if register_of(written) is None and not any(letter.isdigit() for letter in written):
        raise ValueProblem(f"'{written}' is no id of a registry", file=name, place=document.place(("nct_id",)))
    if register_of(written) != "ClinicalTrials.gov":
        document = Document({**document.data, "nct_id": _PLACEHOLDER}, name, document.lines)
    trial = read_trial(document)
    trial = replace(trial, record=trial.record.model_copy(update={"nct_id": written}))
    # A site's own file need not name a source that the program knows.
    faults = [fault for fault in trial_faults(trial, knowledge) if not fault.startswith("unknown source")]
    if faults:
        raise UnknownName(faults[0], file=name)
    return trial


def local_trial(trial: Trial, item: OwnTrial, path: Path, today: date) -> Trial:
    """Return a trial as the site runs it: its own status, open arms and slots, its local criteria beside the others.

    Raises:
        InputError: An arm that the trial does not have, or a local criterion that cannot be read.
    """
    record = trial.record
    known = {arm.id for arm in record.arms}
    for arm in item.arms:
        if arm not in known:
            raise UnknownName(
                f"{item.id} has no arm '{arm}'",
                file=str(path),
                place="key 'arms'",
                allowed=", ".join(sorted(known)) or "none",
            )
    arms = tuple(
        arm.model_copy(update={"open": _arm_open(item.arms[arm.id], arm.open)}) if arm.id in item.arms else arm
        for arm in record.arms
    )
    changes: dict[str, Any] = {
        "arms": arms,
        "status": Status(value=_STATUS[item.status], date=item.status_date or today, source=SOURCE),
    }
    if item.title is not None:
        changes["title"] = item.title
    return replace(
        trial,
        record=record.model_copy(update=changes),
        criteria=(*trial.criteria, *_local_criteria(trial, item, path)),
    )


def _arm_open(own: OwnArm, before: bool | None) -> bool | None:
    if own.slots == 0:
        return False
    return before if own.open is None else own.open


def _local_criteria(trial: Trial, item: OwnTrial, path: Path) -> tuple[Any, ...]:
    """Read local criteria as those of a trial file with the same arms."""
    if not item.local_criteria:
        return ()
    arms = [{"id": arm.id, "label": arm.label, "kind": arm.kind} for arm in trial.record.arms]
    data = {
        "nct_id": _PLACEHOLDER,
        "title": f"local criteria of {item.id}"[:160],
        "status": {"value": "UNKNOWN", "date": "2000-01-01", "source": SOURCE},
        "curation": "partial",
        "arms": arms,
        "review": {"state": "draft", "date": "2000-01-01"},
        "criteria": [*(dict(one) for one in item.local_criteria), _UNREAD],
    }
    read = read_trial(Document(data, f"{path}, local criteria of {item.id}"))
    names = {criterion.id for criterion in trial.criteria}
    for criterion in read.criteria[:-1]:
        if criterion.id in names:
            raise ValueProblem(
                f"the id '{criterion.id}' stands in the trial already",
                file=str(path),
                place=item.id,
                allowed="another id",
            )
    return tuple(read.criteria[:-1])


_UNREAD = {"id": "placeholder", "section": "registry", "text": "placeholder", "rule": {"unread": {"note": "none"}}}


def trial_files(paths: tuple[str, ...]) -> list[Path]:
    """Return the trial files that paths lead to: files, or folders of them.

    Raises:
        FileError: A path leads nowhere.
    """
    found: list[Path] = []
    for written in paths:
        path = Path(written)
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.suffix.lower() in (".yaml", ".yml", ".json"))
            if not inside:
                raise FileError("the folder holds no trial file", file=written, allowed="*.yaml, *.json")
            found += inside
        else:
            found.append(path)
    return found
