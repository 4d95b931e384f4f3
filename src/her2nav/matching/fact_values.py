"""What is open about a patient as things to find out, each with the answers that it may have.

An answer is a column: what each criterion leaf would be if that were the answer. Columns come from trying: the answer
is put into the record (`matching/supposed.py`) and the kinds judge it. Only where no rule says how it would look
in a record, the leaf itself is taken to be met or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.arrays import distinct
from her2nav.matching.fact import Columns, Fact, evaluated
from her2nav.matching.laboratory import laboratory
from her2nav.matching.program import References
from her2nav.matching.questions import Question, questions
from her2nav.matching.shared_leaves import LeafKey
from her2nav.matching.supposed import Supposed, sample_name, suppose
from her2nav.model.finding import Effort, Finding, UnknownKind

_NEGATED = np.array([single.NOT_MET, single.UNKNOWN, single.UNKNOWN, single.MET], np.uint8)
_NO_OR_YES = np.array([[single.NOT_MET, single.MET]], np.uint8)
_NOTHING = "nothing to add"
_ONE_MORE = "one entry more, about: "
_ONE_YES = "yes, about: "
_MEASURED = frozenset(("age", "body_measure", "lab_value", "lvef", "qtc", "vital_sign"))
"""Kinds whose comparisons with a limit rest on a result."""
ROUTINE = "Routine screening"
_ROUTINE_PLAIN = "the usual tests before a study"


@dataclass(frozen=True, slots=True)
class Open:
    """What is open about a patient.

    Attributes:
        facts: What can be found out.
        aside: Which leaves only a person who reads the text, or the trial team, can answer.
    """

    facts: tuple[Fact, ...]
    aside: NDArray[np.bool_]


def open_facts(case: Case, leaves: Sequence[LeafKey], codes: single.Codes, finding: Callable[[int], Finding]) -> Open:
    """Return what can be found out that may answer open leaves.

    Args:
        case: The patient on their day.
        leaves: Those of the targets, each once.
        codes: Their codes on the record as it stands.
        finding: Explains a leaf, named by its position.
    """
    known = codes != single.UNKNOWN
    is_known = known.tolist()
    of_kind: dict[str, list[int]] = {}
    for i, leaf in enumerate(leaves):
        of_kind.setdefault(leaf.kind, []).append(i)
    found: list[Fact] = []
    for question in questions(case.knowledge):
        asked = sorted(
            i
            for kind in set(question.kinds)
            for i in of_kind.get(kind, ())
            if (question.repeat or not is_known[i]) and not (_lists_alone(question) and _measured(leaves[i]))
        )
        made = _asked(case, question, leaves, asked, codes) if asked else None
        if made is not None:
            found.append(made)
    found += laboratory(case, leaves, known)
    claimed = known.copy()
    for fact in found:
        if not fact.repeat:
            claimed[fact.leaves] = True
    her2 = frozenset(kind for question in questions(case.knowledge) if question.first for kind in question.kinds)
    rest, aside = _rest(leaves, np.flatnonzero(~claimed), finding, her2)
    return Open((*_together(found), *rest), aside)


def _asked(
    case: Case, question: Question, leaves: Sequence[LeafKey], asked: Sequence[int], codes: single.Codes
) -> Fact | None:
    """Return a question as a fact; None where no answer would change an open leaf."""
    values = question.values or (_complete(question),)
    tried = [(one.says, suppose(case, one, question.sample, or_new=question.or_new)) for one in values]
    says = [text for text, then in tried if then is not None]
    cases = [then for _, then in tried if then is not None]
    if not cases:
        return None
    truths = evaluated(cases, leaves, asked)
    before = codes[list(asked)][:, None]
    answers = (truths != before).any(axis=1)
    if not answers.any():
        return None
    own, truths = np.array(asked, np.intp)[answers], truths[answers]
    if question.list:
        says, truths = _one_more(leaves, own, truths[:, 0], (_NOTHING, _ONE_MORE))
    if question.each is not None:
        more, columns = _one_more(leaves, own, truths[:, 0], ("", f"{question.each}: "))
        says, truths = [*says, *more[1:]], np.concatenate([truths, columns[:, 1:]], axis=1)
    sample = sample_name(case, question.sample) if question.sample else ""
    return Fact(
        question.name.format(sample=sample),
        question.plain,
        question.effort,
        tuple(says),
        own,
        truths,
        question.gate,
        question.routine,
        question.repeat,
        first=question.first,
    )


def _lists_alone(question: Question) -> bool:
    """Return whether nothing is put into the record but that lists are complete."""
    return not question.values


def _measured(leaf: LeafKey) -> bool:
    """Return whether a leaf compares a result alone, which no list of treatments or diseases changes."""
    return leaf.limit is not None and leaf.kind in _MEASURED


def _complete(question: Question) -> Supposed:
    return Supposed(says=_NOTHING, set={f"complete.{name}": True for name in question.list})


def _one_more(
    leaves: Sequence[LeafKey], own: References, base: NDArray[np.uint8], words: tuple[str, str]
) -> tuple[list[str], Columns]:
    """Return the answers of a list: nothing to add, and for each question it would answer, one entry that turns it."""
    truths = np.repeat(base[:, None], 1 + len(own), axis=1)
    each = np.arange(len(own))
    truths[each, 1 + each] = _NEGATED[base]
    known = kinds()
    return [words[0], *(words[1] + known[leaves[i].kind].name for i in own.tolist())], truths


def _together(facts: Sequence[Fact]) -> list[Fact]:
    """Join what is done at any screening into one fact: all as usual, and each other value with the rest as usual."""
    routine = [fact for fact in facts if fact.routine]
    others = [fact for fact in facts if not fact.routine]
    if not routine:
        return others
    rows = distinct(np.concatenate([fact.leaves for fact in routine]))
    place = {int(leaf): i for i, leaf in enumerate(rows)}
    usual = np.full(len(rows), single.UNKNOWN, np.uint8)
    for fact in routine:
        usual[[place[int(leaf)] for leaf in fact.leaves]] = fact.truths[:, 0]
    says, columns = ["all as usual"], [usual]
    for fact in routine:
        mine = [place[int(leaf)] for leaf in fact.leaves]
        for i in range(1, len(fact.says)):
            column = usual.copy()
            column[mine] = fact.truths[:, i]
            says.append(fact.says[i] if fact.name in fact.says[i] else f"{fact.name}: {fact.says[i]}")
            columns.append(column)
    names = tuple(fact.name for fact in routine)
    joined = Fact(
        f"{ROUTINE}: {', '.join(names)}",
        f"{_ROUTINE_PLAIN}: {', '.join(dict.fromkeys(fact.plain for fact in routine))}",
        Effort.ROUTINE,
        tuple(says),
        rows,
        np.stack(columns, axis=1),
        routine=True,
        parts=names,
    )
    return [*others, joined]


@cache
def _is_left_to_people(kind: str) -> bool:
    """Return whether no criterion of a kind is ever judged, and a person is asked; a test holds the kinds to it."""
    known = kinds()[kind]
    return not known.evaluated and known.effort is Effort.PERSON


def _rest(
    leaves: Sequence[LeafKey], positions: References, finding: Callable[[int], Finding], her2: frozenset[str]
) -> tuple[list[Fact], NDArray[np.bool_]]:
    """Return a fact for each question that is left, and which leaves are nobody's to answer from a record.

    What is left of HER2 (`her2`, kinds) is a gate as its questions are: a recount, a slide read again.
    """
    aside = np.zeros(len(leaves), np.bool_)
    groups: dict[tuple[str, str], tuple[list[int], Finding]] = {}
    for i in positions.tolist():
        kind = leaves[i].kind
        if _is_left_to_people(kind):
            aside[i] = True
            continue
        found = finding(i)
        change = found.change
        if found.unknown_kind is not UnknownKind.DATA or change is None or change.effort in (None, Effort.PERSON):
            aside[i] = True
            continue
        groups.setdefault((kind, change.what), ([], found))[0].append(i)
    facts = []
    for (kind, what), (members, found) in groups.items():
        own, says, truths = np.array(members, np.intp), ["no", "yes"], _NO_OR_YES
        if len(own) > 1:
            base = np.full(len(own), single.NOT_MET, np.uint8)
            says, truths = _one_more(leaves, own, base, ("no", _ONE_YES))
        change = found.change
        effort = change.effort if change and change.effort else Effort.PERSON
        about, first = kinds()[kind].name, kind in her2
        name = what if what.startswith(about) else f"{about}: {what}"
        facts.append(Fact(name, found.plain, effort, tuple(says), own, truths, gate=first, first=first))
    return facts, aside
