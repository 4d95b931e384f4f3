"""Set phrases about treatment: never treated with it, up to an amount of it, to have ended it, having it now or ahead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from her2nav.kinds.reading.base import Sentence, Stretched, leaf
from her2nav.kinds.reading.treatment_proposition import proposition
from her2nav.kinds.reading.treatment_times import WINDOWS, window_token
from her2nav.kinds.reading.treatment_unasked import ended_by
from her2nav.kinds.reading.treatment_words import Token
from her2nav.model.tree import AllOf, AnyOf, Leaf, Not

SHUT_OUT = re.compile(
    r"[ ,)]*(?:is|are|will be|was|were) (?:also )?(?:not (?:allowable|permissible|acceptable)|prohibited|forbidden)(?= *(?:[.;]|\Z))"
)
_NOT_GIVEN = re.compile(
    r"[ ,)]*(?:should|must|may|can) ?not (?:be|have been) (?:used|given|taken|received|administered) (?=within|in the|during the|for|at least|less|[≤<])"
)
AND_WELL = re.compile(
    r" (?:is |are )?(?:allowed|permitted) (?:and|if|provided) (?:patients? (?:has|have) )?(?:fully |adequately )?recovered(?= *(?:[.;]|\Z))"
)
_MOST_TOLD = 3
_ENDS_TOLD = frozenset(
    {
        "open",
        "close",
        "window",
        "except",
        "outcome",
        "plan",
        "needs",
        "examples",
        "current",
        "use",
    }
)
_TELL_ALL = frozenset(
    {
        "prior",
        "expose",
        "use",
        "current",
        "window",
        "plan",
        "outcome",
        "needs",
        "earlier",
        "ongoing",
        "given",
        "count",
    }
)
_NEVER = re.compile(
    r"(?:\b(?:previously|therapy|treatment)[ -])?\b(?:untreated|na[iï]ve) (?:with|to|for)(?: any| prior| previous)* ?$"
)


def told_before(sentence: Sentence, run: list[Token], before: list[Token]) -> list[Token]:
    """The words that say when, of a list that goes on behind words that are not known: "prior ABC or stem cell rescue"."""
    if run[0].kind != "item" or any(token.kind in _TELL_ALL for token in run):
        return []
    clause = list(takewhile(lambda token: token.kind != "stop", reversed(before)))
    if sentence.section != "exclusion" and not any(token.kind == "deny" for token in clause):
        return []
    told = [token for token in clause if token.kind == "prior"]
    if len(told) != 1 or any(token.kind in _ENDS_TOLD for token in clause):
        return []
    if sum(token.kind == "word" for token in clause) > _MOST_TOLD:
        return []
    return [told[0]._replace(start=run[0].start, end=run[0].start)]


def not_given(sentence: Sentence, run: list[Token]) -> Stretched | None:
    """Read 'Systemic treatment should not be used within 2 weeks'."""
    found = _NOT_GIVEN.match(sentence.text, run[-1].end)
    if found is None or any(token.kind in ("window", "count", "outcome", "deny", "except", "plan") for token in run):
        return None
    for elapsed, sought in WINDOWS:
        time = sought.expression.match(sentence.text, found.end())
        window = window_token(time, elapsed, sentence) if time is not None else None
        node = proposition(sentence, [*run, window], denied=True) if window is not None else None
        if node is not None and window is not None:
            return Stretched(run[0].start, window.end, node.part if isinstance(node, Not) else Not(node))
    return None


def untreated(sentence: Sentence, run: list[Token], before: list[Token]) -> Stretched | None:
    """Read 'Previously untreated with A for metastatic disease'."""
    first = next((token.start for token in run if token.kind != "frame"), run[0].start)
    found = _NEVER.search(sentence.text, max(0, first - 60), first)
    if found is None or not before or "lesion" in sentence.text or not any(token.kind == "item" for token in run):
        return None
    if any(token.kind in ("window", "outcome", "current", "plan", "count", "except") for token in run):
        return None
    node = proposition(sentence, [Token("prior", run[0].start, run[0].start), *run], denied=True)
    return Stretched(found.start(), run[-1].end, Not(node)) if node is not None else None


def limited(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'Prior doxorubicin up to 360 mg/m2': who had none keeps the limit, of anybody else a person says."""
    kinds = {token.kind for token in run}
    if kinds & {"window", "count", "outcome", "current", "plan", "except"} or not kinds & {"prior", "expose"}:
        return
    node = proposition(sentence, [token for token in run if token.kind != "amount"], denied=True)
    limit = ", ".join(str(token.value) for token in run if token.kind == "amount")
    if isinstance(node, Leaf):
        asked = leaf("judgement", topic=f"whether it was {limit}")
        yield Stretched(run[0].start, run[-1].end, AnyOf((Not(node), asked)))


_COMPLETED = re.compile(
    r"\A\W*(?:(?:the |all )?(?:patients?|participants?|subjects?|women|they) )?(?:(?:who )?(?:must|should|have to|has to) (?:have )?(?:received and )?completed?|(?:has |have |having )?completed|completion of)\b"
)
_NOT_OF_EVERYBODY = re.compile(
    r"\b(?:if|when|where|unless|any|all|prior|previous|earlier|applicable|indicated|planned|allowed|permitted|may|not|least \d+ (?:days?|weeks?|months?)|than \d+)\b"
)
_OF_A_COURSE = frozenset(
    {"frame", "setting", "item", "noun", "amount", "open", "close", "or", "and", "expose", "comma"}
)


def completed(sentence: Sentence, run: list[Token]) -> Stretched | None:
    """Read 'Must have completed neoadjuvant chemotherapy': it was given, and whether it is complete a person says.

    What is asked of some alone ("if given", "all prior") is not read so.
    """
    said = _COMPLETED.match(sentence.text)
    items = [token for token in run if token.kind == "item"]
    if said is None or not items or any(token.kind not in _OF_A_COURSE for token in run):
        return None
    if sentence.permits or _NOT_OF_EVERYBODY.search(sentence.text):
        return None
    start = min(run[0].start, sentence.text.rfind("complet", 0, said.end()))
    if sentence.text[said.end() : run[0].start].strip() or any(not _is_medicine(token) for token in items):
        return None
    given = [token._replace(kind="frame") if token.kind == "expose" else token for token in run]
    whole = [token for token in given if token.end > said.end()]
    node = proposition(sentence, [Token("expose", start, start), *whole], denied=False)
    if node is None:
        return None
    if not any(token.kind == "amount" for token in run):
        written = sentence.text[items[0].start : items[-1].end]
        node = AllOf((node, leaf("judgement", topic=f"whether it is complete: {written}")))
    return Stretched(start, run[-1].end, node)


def _is_medicine(token: Token) -> bool:
    return bool(token.value.drugs) and token.value.procedure is None and not token.value.unknown


_HELD = frozenset({"frame", "item", "noun", "and", "or", "open", "close", "use"})
_RECEPTORS = re.compile(
    r"(?:(?:hr|er|pr|pgr|hormone[ -]receptor|(?:o?estrogen|progesterone) receptor|her-?2(?:/neu)?)(?: ?[+-]|[ -](?:positive|negative|low))(?:[ ,/-]|and\b|\Z)*)+"
)

_A_LEAST = re.compile(r"least|minimum|or more|[≥>]")
"""Of "up to two lines, including A" A is no part that is asked for."""


def held_by_lines(sentence: Sentence, run: list[Token], before: list[Token]) -> Stretched | None:
    """Read ', including A' behind the receptors of a cancer: 'two lines for HR+/HER2- breast cancer, including A'."""
    cut = next((i for i, token in enumerate(run) if token.kind == "examples"), None)
    clause = [*takewhile(lambda token: token.kind not in ("stop", "deny", "except", "open"), reversed(before))][::-1]
    counts = [token for token in clause if token.kind == "count" and _A_LEAST.search(token.value[0])]
    if cut is None or len(counts) != 1 or not any(token.kind == "line" for token in clause):
        return None
    if any(token.kind not in ("frame", "disease_name", "disease", "comma") for token in run[:cut]):
        return None
    words = [token for token in clause if token.kind in ("word", "unclear")]
    if not words or not any(token.kind == "comma" for token in run[:cut]):
        return None
    if _RECEPTORS.fullmatch(sentence.text[words[0].start : words[-1].end]) is None:
        return None
    held = list(takewhile(lambda token: token.kind in _HELD, run[cut + 1 :]))
    items = [token for token in held if token.kind == "item"]
    if not items or any(not _is_medicine(token) for token in items) or len(held) != len(run[cut + 1 :]):
        return None
    start = run[cut].start
    node = proposition(sentence, [Token("expose", start, start), *held], denied=False)
    return Stretched(start, held[-1].end, node) if node is not None else None


def to_end(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'Prior A must be discontinued before study entry': who takes it may stop, a person sees to it."""
    end = ended_by(sentence, run)
    named = [token for token in run if token.kind == "item"] or [token for token in run if token.kind == "noun"]
    if end is not None and named:
        written = sentence.text[named[0].start : named[-1].end]
        yield Stretched(
            run[0].start,
            end,
            leaf("judgement", topic=f"to have ended before the study: {written}"),
        )


def now_or_ahead(sentence: Sentence, now: Token, ahead: list[Token], denied: bool) -> Iterator[Stretched]:
    """Read 'receiving or planning to receive X', 'has had or will have surgery within 4 weeks'."""
    later = [token for token in ahead if token.kind != "window"] if now.kind == "expose" else ahead
    nodes = [proposition(sentence, later, denied), proposition(sentence, [now, *ahead[1:]], denied)]
    found = [node for node in nodes if node is not None]
    if len(found) == len(nodes):
        yield Stretched(now.start, ahead[-1].end, AnyOf(tuple(found)))
