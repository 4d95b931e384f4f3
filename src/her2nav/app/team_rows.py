"""The worklist of a screening as rows of a page: filtered, counted, cut into pages; one address, the same rows."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from her2nav.app.paging import Paged, paged
from her2nav.app.session import Session
from her2nav.app.team import worklist_of
from her2nav.app.worklist import GROUPS, Entry, Worklist, worklist_json
from her2nav.cohort.news import WORDS
from her2nav.cohort.pair import Pair

MOST = 1000
"""Patients of one group of one trial that the pages list; the tables hold all."""
PER_PAGE = 50
ANY_NEWS = "any"
"""Asks for whatever is new."""
_QUESTIONS = 100
"""Questions that can be chosen, those left most often."""
_LABEL = 90


@dataclass(frozen=True, slots=True)
class Row:
    """A patient under a trial.

    Attributes:
        trial: Registry id.
        group: Of `worklist.GROUPS`.
        patient: As the run names them.
        question: The question left, the day that is waited for, or why it fits no longer.
        key: Names the question in an address, which may not quote what it says.
        more: How many points are open beside it.
        holds_until: ISO day; empty: not known.
        news: Codes of `cohort/news.py`.
        notes: Rulings that were applied, and rulings that no longer count.
    """

    trial: str
    group: str
    patient: str
    question: str
    key: str
    more: int
    holds_until: str
    news: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def new(self) -> list[str]:
        """What is new, in words."""
        return [WORDS[code] for code in self.news]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; an empty part asks for all."""

    trial: str = ""
    group: str = ""
    new: str = ""
    question: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The parts as the names and values of an address."""
        return {"trial": self.trial, "group": self.group, "new": self.new, "question": self.question}

    def passes(self, row: Row, without: str = "") -> bool:
        """Return whether a row is asked for; one part may be left out of account."""
        return all(_PASSES[name](row, value) for name, value in self.asked.items() if value and name != without)


_PASSES: Mapping[str, Callable[[Row, str], bool]] = {
    "trial": lambda row, value: row.trial == value,
    "group": lambda row, value: row.group == value,
    "new": lambda row, value: bool(row.news) if value == ANY_NEWS else value in row.news,
    "question": lambda row, value: row.key == value,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a run, in the order of its worklist.

    Attributes:
        head: The worklist as JSON without its patients: `trials` by registry id.
        rows: The rows.
        unlisted: How many patients of how many groups stand in the tables only.
    """

    head: Mapping[str, Any]
    rows: tuple[Row, ...]
    unlisted: int

    def choices(self, wanted: Wanted) -> dict[str, list[tuple[str, str]]]:
        """Return what can be asked for beside what is, each with its label and how many rows it would leave."""
        found = {
            name: Counter(value for row in self.rows if wanted.passes(row, name) for value in values(row))
            for name, values in _VALUES.items()
        }
        titles, texts = self.head["trials"], {row.key: row.question for row in self.rows}
        labels: dict[str, Callable[[str], str]] = {
            "trial": lambda one: f"{one}: {_short(titles[one]['title'])}",
            "group": lambda one: dict(GROUPS)[one],
            "new": lambda one: "whatever is new" if one == ANY_NEWS else WORDS[one],
            "question": lambda one: _short(texts[one]),
        }
        orders: dict[str, Sequence[str]] = {
            "trial": list(dict.fromkeys(row.trial for row in self.rows)),
            "group": [name for name, _ in GROUPS],
            "new": [ANY_NEWS, *WORDS],
            "question": _often(found["question"], wanted.question),
        }
        return {
            name: [(one, f"{labels[name](one)} ({found[name][one]})") for one in orders[name] if found[name][one]]
            for name in orders
        }

    def page(self, wanted: Wanted, number: int, per_page: int = PER_PAGE) -> Paged[Row]:
        """Return a page of the rows that are asked for."""
        return paged([row for row in self.rows if wanted.passes(row)], per_page, number)


_VALUES: Mapping[str, Callable[[Row], Sequence[str]]] = {
    "trial": lambda row: (row.trial,),
    "group": lambda row: (row.group,),
    "new": lambda row: (ANY_NEWS, *row.news) if row.news else (),
    "question": lambda row: (row.key,) if row.question else (),
}


def _often(found: Counter[str], chosen: str) -> list[str]:
    names = [name for name, _ in found.most_common(_QUESTIONS)]
    return names if chosen in names or not found[chosen] else [*names, chosen]


def blocks(rows: Sequence[Row]) -> Iterator[tuple[str, list[tuple[str, list[Row]]]]]:
    """Yield the rows of a page by trial and, under it, by the heading of their group."""
    headings = dict(GROUPS)
    for trial, of_trial in groupby(rows, key=lambda row: row.trial):
        yield trial, [(headings[group], list(part)) for group, part in groupby(of_trial, key=lambda row: row.group)]


def rows_of(session: Session, folder: Path) -> Rows:
    """Return the rows of a finished run.

    Raises:
        InputError: There is no finished run in the folder.
    """
    return made_of(worklist_of(session, folder, most=MOST))


def made_of(found: Worklist) -> Rows:
    """Return the rows of a worklist, which is emptied of its patients."""
    keys = _Keys()
    rows = tuple(
        _row(one.record.nct_id, group, entry, keys)
        for one in found.trials
        for group, _ in GROUPS
        for entry in one.groups[group]
    )
    unlisted = sum(sum(one.counts.values()) for one in found.trials) - len(rows)
    for one in found.trials:
        one.groups = {name: [] for name in one.groups}
    told = worklist_json(found)
    return Rows({**told, "trials": {one["nct_id"]: one for one in told["trials"]}}, rows, unlisted)


class _Keys(dict[str, str]):
    """Short names of questions, made once: the same few stand in very many rows."""

    def __missing__(self, question: str) -> str:
        self[question] = hashlib.sha256(question.encode()).hexdigest()[:10] if question else ""
        return self[question]


def _row(trial: str, group: str, entry: Entry, keys: _Keys) -> Row:
    pair = entry.pair
    question = sys.intern(_question(group, pair))
    return Row(
        trial,
        group,
        entry.patient,
        question,
        keys[question],
        max(0, len(pair.missing) - 1) if group == "may_fit" else 0,
        pair.holds_until.isoformat() if pair.holds_until else "",
        pair.news,
        (*(f"ruled: {one}" for one in pair.ruled), *pair.void),
    )


def _question(group: str, pair: Pair) -> str:
    if group == "lost":
        return pair.blocking or ""
    if group == "soon" and pair.eligible_from is not None:
        again = f"; repeat before: {'; '.join(pair.repeat_before)}" if pair.repeat_before else ""
        return f"from {pair.eligible_from.isoformat()}{again}"
    return pair.question or (pair.missing[0] if pair.missing else "")


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
