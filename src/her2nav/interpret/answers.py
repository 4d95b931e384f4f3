"""Turns the rows that can fire into one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from her2nav.interpret.results import Answer, RuleRef
from her2nav.interpret.runner import CompiledTable, Reading


def answer(table: CompiledTable, reading: Reading, wide: Reading, output: str, via: Iterable[RuleRef] = ()) -> Answer:
    """Return one output of a table as an answer.

    Rows that agree on the word give the word; rows that disagree give `unknown`. Possible is every truth that any row
    of the wide reading leaves open; an unverified row leaves all truths of the table open. Final is an answer with one
    possible truth and no row with a step pending.

    Args:
        table: The table that was run.
        reading: The rows that can fire with the inputs as called.
        wide: The rows that can fire when inputs that are not settled (outside the definitions, unverified, too little
            tissue) are left open.
        output: Name of the output.
        via: Rows of earlier tables that led here.
    """
    meanings = [rule.meanings[output] for rule in reading.rules]
    words = {meaning.value for meaning in meanings}
    every = [*meanings, *(rule.meanings[output] for rule in wide.rules)]
    if reading.unverified or wide.unverified:
        every += [rule.meanings[output] for rule in table.rules]
    possible = frozenset(truth for meaning in every for truth in meaning.may_be)
    own = reading.refs
    return Answer(
        value=next(iter(words)) if len(words) == 1 else "unknown",
        possible=possible,
        final=len(words) == 1 and len(possible) == 1 and all(meaning.final for meaning in every),
        rules=own + tuple(ref for ref in via if ref not in own),
        outcome="|".join(dict.fromkeys(rule.then[output] for rule in reading.rules)),
    )


def joined(answers: Sequence[Answer], reason: str) -> Answer:
    """Return what is true whichever of several answers stands: their word where they agree, else unknown.

    Args:
        answers: At least one, each for the same question.
        reason: Code of why it is unknown, where they do not agree.
    """
    words = list(dict.fromkeys(one.value for one in answers))
    possible = frozenset(truth for one in answers for truth in one.possible)
    agreed = len(words) == 1
    return Answer(
        value=words[0] if agreed else "unknown",
        possible=possible,
        final=agreed and len(possible) == 1 and all(one.final for one in answers),
        rules=tuple(dict.fromkeys(ref for one in answers for ref in one.rules)),
        outcome="|".join(dict.fromkeys(one.outcome for one in answers)),
        reason=answers[0].reason if agreed else reason,
        any_zero=any(one.any_zero for one in answers),
    )


def unknown(possible: Iterable[str], reason: str, rules: tuple[RuleRef, ...] = ()) -> Answer:
    """Return an answer that is open for a reason outside the tables."""
    return Answer("unknown", frozenset(possible), False, rules, "unknown", reason)
