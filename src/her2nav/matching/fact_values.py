"""What is open about a patient as things to find out, each with the answers that it may have.

An answer is a column: what each criterion leaf would be if that were the answer. Columns come from trying: the answer
is put into the record (`matching/supposed.py`) and the kinds judge it. Only where no rule says how it would look
in a record, the leaf itself is taken to be met or not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.lab_results import short
from her2nav.facts.limits import Limit, compared
from her2nav.kinds import lab_value
from her2nav.kinds.registry import kinds
from her2nav.knowledge.variables import Variable
from her2nav.matching import single
from her2nav.matching.arrays import distinct
from her2nav.matching.gates import GatedKind
from her2nav.matching.program import References
from her2nav.matching.questions import Question, questions
from her2nav.matching.shared_leaves import LeafKey
from her2nav.matching.supposed import Supposed, sample_name, suppose, suppose_each
from her2nav.model.finding import Effort, Finding, UnknownKind
from her2nav.model.tree import Leaf

Columns = NDArray[np.uint8]
_NEGATED = np.array([single.NOT_MET, single.UNKNOWN, single.UNKNOWN, single.MET], np.uint8)
_NOTHING = "nothing to add"
_ONE_MORE = "one entry more, about: "
_ONE_YES = "yes, about: "
ROUTINE = "Routine screening"
_ROUTINE_PLAIN = "the usual tests before a study"
_LABORATORY_PLAIN = "blood values"
_BEYOND = Decimal("0.5")
"""How far beyond the outermost limits a laboratory value is tried, as a part of the limit."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to find out.

    Attributes:
        name: What, in clinical words.
        plain: The same for a patient.
        says: Each answer in words.
        leaves: Positions of the leaves that it may answer.
        truths: Codes of those leaves, a column for each answer.
        gate, first: Many trials hang on it before screening begins; it is the HER2 result.
        parts: What it is made of, where several things are asked together.
    """

    name: str
    plain: str
    effort: Effort
    says: tuple[str, ...]
    leaves: References
    truths: Columns
    gate: bool = False
    routine: bool = False
    repeat: bool = False
    parts: tuple[str, ...] = field(default=())
    first: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """What is open about a patient.

    Attributes:
        facts: What can be found out.
        aside: Which leaves only a person who reads the text, or the trial team, can answer.
    """

    facts: tuple[Fact, ...]
    aside: NDArray[np.bool_]


def open_facts(case: Case, leaves: Sequence[LeafKey], codes: single.Codes, finding: Callable[[Leaf], Finding]) -> Open:
    """Return what can be found out that may answer open leaves.

    Args:
        case: The patient on their day.
        leaves: Those of the targets, each once.
        codes: Their codes on the record as it stands.
        finding: Explains a leaf.
    """
    known = codes != single.UNKNOWN
    is_known = known.tolist()
    of_kind: dict[str, list[int]] = {}
    for i, leaf in enumerate(leaves):
        of_kind.setdefault(leaf.kind, []).append(i)
    found: list[Fact] = []
    for question in questions(case.knowledge):
        asked = sorted(
            i for kind in set(question.kinds) for i in of_kind.get(kind, ()) if question.repeat or not is_known[i]
        )
        made = _asked(case, question, leaves, asked, codes) if asked else None
        if made is not None:
            found.append(made)
    found += _laboratory(case, leaves, known)
    claimed = known.copy()
    for fact in found:
        if not fact.repeat:
            claimed[fact.leaves] = True
    her2 = frozenset(kind for question in questions(case.knowledge) if question.first for kind in question.kinds)
    rest, aside = _rest(leaves, np.flatnonzero(~claimed), finding, her2)
    return Open((*_together(found), *rest), aside)


def _evaluated(cases: Sequence[Case], leaves: Sequence[LeafKey], asked: Sequence[int]) -> Columns:
    """Return the codes of leaves, one column for each case.

    Comparisons of one number with limits are made together; what no entry touches is looked up where a kind has a gate.
    """
    block, known = Block(cases), kinds()
    rows = np.empty((len(asked), len(cases)), np.uint8)
    of_number: dict[Hashable, list[tuple[int, Limit]]] = {}
    of_gate: dict[str, list[tuple[int, GatedKind, int]]] = {}
    for row, i in enumerate(asked):
        leaf = leaves[i]
        if leaf.limit is not None:
            age = leaf.limit.age
            of_number.setdefault((leaf.limit.number.key, age and age.key), []).append((row, leaf.limit))
        elif leaf.gate is not None:
            of_gate.setdefault(leaf.kind, []).append((row, *leaf.gate))
        else:
            rows[row] = single.of_each(known[leaf.kind].evaluate(leaf.params, block))
    for limits in of_number.values():
        rows[[row for row, _ in limits]] = single.of_each(compared([limit for _, limit in limits], block))
    for gated in of_gate.values():
        rows[[row for row, _, _ in gated]] = gated[0][1].of_each([place for _, _, place in gated], block)
    return rows


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
    truths = _evaluated(cases, leaves, asked)
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


def _complete(question: Question) -> Supposed:
    return Supposed(says=_NOTHING, set={f"complete.{name}": True for name in question.list})


def _one_more(
    leaves: Sequence[LeafKey], own: References, base: NDArray[np.uint8], words: tuple[str, str]
) -> tuple[list[str], Columns]:
    """Return the answers of a list: nothing to add, and for each question it would answer, one entry that turns it."""
    truths = np.repeat(base[:, None], 1 + len(own), axis=1)
    for i in range(len(own)):
        truths[i, 1 + i] = _NEGATED[base[i]]
    known = kinds()
    return [words[0], *(words[1] + known[leaves[i].kind].name for i in own.tolist())], truths


def _laboratory(case: Case, leaves: Sequence[LeafKey], known: NDArray[np.bool_]) -> list[Fact]:
    """Return a fact for each laboratory value that is open, tried at, between and beyond the limits that trials set."""
    by_variable: dict[str, list[int]] = {}
    table = case.knowledge.variables.variables
    for i, leaf in enumerate(leaves):
        if leaf.kind == lab_value.KIND.id and not known[i] and leaf.params.variable in table:
            by_variable.setdefault(leaf.params.variable, []).append(i)
    tried = {name: _values(case, table[name], [leaves[i].params for i in asked]) for name, asked in by_variable.items()}
    entries = [_entry(case, table[name], value) for name, values in tried.items() for value in values]
    then = iter(suppose_each(case, "labs", entries))
    found = []
    for name, asked in by_variable.items():
        variable, values = table[name], tried[name]
        cases = [next(then) for _ in values]
        truths = _evaluated(cases, leaves, asked)
        answers = (truths != single.UNKNOWN).any(axis=1)
        if not answers.any():
            continue
        truths, own = truths[answers], np.array(asked, np.intp)[answers]
        # The first answer is the one that most limits accept: the usual value where the table knows none.
        best = int(np.argmax((truths == single.MET).sum(axis=0)))
        order = [best, *(i for i in range(len(values)) if i != best)]
        says = tuple(f"{variable.name} {short(values[i])} {variable.unit}" for i in order)
        found.append(
            Fact(
                variable.name,
                _LABORATORY_PLAIN if variable.routine else variable.plain_name,
                variable.effort,
                says,
                own,
                truths[:, order],
                False,
                variable.routine,
            )
        )
    return found


def _middle(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    return (low + high) / 2 if low is not None and high is not None else None


def _values(case: Case, variable: Variable, asked: Sequence[Any]) -> list[Decimal]:
    scales = {
        "absolute": Decimal(1),
        "xULN": _middle(variable.uln_low, variable.uln_high),
        "xLLN": _middle(variable.lln_low, variable.lln_high),
    }
    limits = [lab_value.limit(params, case.knowledge) for params in asked]
    ends = {bound * scale for found in limits if found and (scale := scales[found[0]]) for bound in (found[1],)}
    usual = _middle(scales["xLLN"], scales["xULN"])
    points = sorted(ends | ({usual} if usual is not None else set()))
    if not points:
        return [(variable.low + variable.high) / 2]
    between = [(one + other) / 2 for one, other in pairwise(points)]
    tried = {*points, *between, points[0] * (1 - _BEYOND), points[-1] * (1 + _BEYOND)}
    return sorted(value for value in tried if variable.low <= value <= variable.high)


def _entry(case: Case, variable: Variable, value: Decimal) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": variable.id, "value": value, "unit": variable.unit, "date": case.as_of.isoformat()}
    upper, lower = _middle(variable.uln_low, variable.uln_high), _middle(variable.lln_low, variable.lln_high)
    entry |= {"uln": upper} if upper is not None else {}
    entry |= {"lln": lower} if lower is not None else {}
    return entry


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


def _rest(
    leaves: Sequence[LeafKey], positions: References, finding: Callable[[Leaf], Finding], her2: frozenset[str]
) -> tuple[list[Fact], NDArray[np.bool_]]:
    """Return a fact for each question that is left, and which leaves are nobody's to answer from a record.

    What is left of HER2 (`her2`, kinds) is a gate as its questions are: a recount, a slide read again.
    """
    aside = np.zeros(len(leaves), np.bool_)
    groups: dict[tuple[str, str], tuple[list[int], Finding]] = {}
    for i in positions.tolist():
        kind = leaves[i].kind
        found = finding(Leaf(kind, leaves[i].params))
        change = found.change
        if found.unknown_kind is not UnknownKind.DATA or change is None or change.effort in (None, Effort.PERSON):
            aside[i] = True
            continue
        groups.setdefault((kind, change.what), ([], found))[0].append(i)
    facts = []
    for (kind, what), (members, found) in groups.items():
        own = np.array(members, np.intp)
        base = np.full(len(own), single.NOT_MET, np.uint8)
        says, truths = _one_more(leaves, own, base, ("no", _ONE_YES))
        if len(own) == 1:
            says[1] = "yes"
        change = found.change
        effort = change.effort if change and change.effort else Effort.PERSON
        about, first = kinds()[kind].name, kind in her2
        name = what if what.startswith(about) else f"{about}: {what}"
        facts.append(Fact(name, found.plain, effort, tuple(says), own, truths, gate=first, first=first))
    return facts, aside
