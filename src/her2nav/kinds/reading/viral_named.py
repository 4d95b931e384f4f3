"""Infections with HIV and hepatitis viruses as a sentence names them, each with the state that is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.kinds.reading.viral_words import (
    BEFORE,
    LEADING,
    LETTERS,
    MENTION,
    NOT_CONTROLLED,
    OTHER_THING,
    SHORT,
    TRIM,
)
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not

State = Literal["known", "any", "active", "uncontrolled", "low_cd4"]
_BOTH = {"hbv_hcv": ("hbv", "hcv")}
_HAV = "hav"
"""Hepatitis A, of which a record holds nothing but the illness."""
_OF_LETTER = {"b": "hbv", "c": "hcv"}
_WIDTH: tuple[State, ...] = ("uncontrolled", "active", "any", "known")
"""States from the narrowest to the widest."""
_ACTIVE = re.compile(
    r"\bactive(?:ly)?\b|\bacute\b|\bchronic\b|\bdetectable\b|\bviral load\b|\bviremia\b|\brna\b|\bdna\b"
)
_UNCONTROLLED = re.compile(r"\buncontroll(?:ed|able)\b|\b(?:not (?:well )?|poorly |inadequately )controlled\b")
_KNOWN = re.compile(r"\bknown\b|\bhistory\b|\bdiagnos|\bevidence\b|\bprior\b|\bprevious")
_EVER_OR_NOW = re.compile(
    r"\bhistory of,? (?:or|and/or)\b|\b(?:or|and/or) (?:an? |any )?(?:past |prior |known )?history of\b"
)
"""Both of the past and of today."""
_OTHER_TEST = re.compile(r"[\s,]*\b(?:or|and)\s+(?:an? )?(?:known )?positive (?:skin )?tests?$")
"""A test of something else, of which the name follows."""
_SHOWN = re.compile(
    r"[\s,]*(?:indicating|indicative of|consistent with|suggestive of|showing) (?:an? )?(?:(?:active|acute|chronic|current|ongoing)(?:[\s,/]*(?:or|and|and/or)?[\s,/]*))+ ?infections?\b"
)
"""What a test shows."""
_LISTED_ACTIVE = re.compile(
    r"\bactive (?:\w+ )?infections?\b[\s,(]*(?:including|such as|e\.?g\.?)(?![^.;]*\b(?:history|known|positive)\b)[^.;]*$"
)
"""A list of what an active infection may be."""
_TESTED = re.compile(
    r"\btest(?:s|ed|ing)?\b|\bpositive (?:for|serolog)|\bseropositiv|\breactive\b|\bserolog|\bhbsag\b|\bantigen\b|\bantibod"
)
_OR_BRACKET = re.compile(r"\s*(?:\([^()]{0,60}\))?[\w ]{0,20}\)?[\s,]*(?:or|and|and/or)\s*")
_VIRUS = "\uf000"


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence with its viruses painted over and every other word left."""

    sentence: Sentence
    text: str
    hits: tuple[tuple[int, int, tuple[str, ...]], ...]

    def viruses(self, start: int, end: int) -> list[str]:
        """Return the viruses named in a stretch, without doubles."""
        found = (virus for a, b, names in self.hits if a >= start and b <= end for virus in names)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch that names infections, with the state asked of each."""

    start: int
    end: int
    states: dict[str, State]


def seen_in(sentence: Sentence) -> Seen:
    """Paint over the viruses of a sentence."""
    signs = list(sentence.text)
    hits: list[tuple[int, int, tuple[str, ...]]] = []
    for hit in sentence.hits:
        names = tuple(virus for item in hit.ids("virus") for virus in _BOTH.get(item, (item,)))
        if names:
            hits.append((hit.start, hit.end, names))
            signs[hit.start : hit.end] = "\uf000" * (hit.end - hit.start)
            if names[-1] == "hbv" and (short := SHORT.match(sentence.text, hit.end)):
                hits.append((short.start(1), short.end(1), ("hcv",)))
                signs[short.start(1) : short.end(1)] = "\uf000" * (short.end(1) - short.start(1))
        elif hit.ids("anchor"):
            signs[hit.start : hit.end] = "\uf001" * (hit.end - hit.start)
    for start, end, names in _lettered(sentence.text):
        hits.append((start, end, names))
        signs[start:end] = _VIRUS * (end - start)
    hits.sort(key=lambda hit: hit[0])
    return Seen(sentence, "".join(signs), tuple(hits))


def _lettered(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the viruses of "hepatitis A, B or C", of which the word stands once."""
    for found in LETTERS.finditer(text):
        first, *rest = (one for one in re.finditer(r"\b[bc]\b", text[found.start("rest") : found.end("rest")]))
        at = found.start("rest")
        yield found.start(), at + first.end(), (_HAV, _OF_LETTER[first[0]])
        for one in rest:
            yield at + one.start(), at + one.end(), (_OF_LETTER[one[0]],)


def named_infections(seen: Seen) -> Iterator[Named]:
    """Yield the infections that a sentence names, in order."""
    last: tuple[int, State | None] = (-1, None)
    for begin, stop in (half for found in MENTION.finditer(seen.text) for half in _halves(seen.text, *found.span())):
        lead = BEFORE.search(seen.text[:begin])
        start = lead.start() if lead else begin
        leading = LEADING.match(seen.text, start, begin) if lead else None
        start = leading.end() if leading else start
        # "Active infection, HIV": the word before the comma speaks of another thing.
        start = max([start, *(part.end() for part in OTHER_THING.finditer(seen.text, start, begin))])
        end = begin + len(_trimmed(seen.text[begin:stop]))
        states = _states(seen, start, end)
        if states and (shown := _SHOWN.match(seen.text, end)):
            end = shown.end()
            states = {virus: "active" if state in ("any", "known") else state for virus, state in states.items()}
        elif states and _LISTED_ACTIVE.search(seen.text[:start]):
            states = {virus: "active" if state == "known" else state for virus, state in states.items()}
        if states and (loose := NOT_CONTROLLED.match(seen.text, end)):
            end, states = loose.end(), dict.fromkeys(states, "uncontrolled")
        if states and last[1] == "active" and _OR_BRACKET.fullmatch(seen.text, last[0], start):
            # "Active hepatitis B (e.g. HBsAg) or hepatitis C (e.g. HCV RNA)".
            states = {virus: "active" if state in ("any", "known") else state for virus, state in states.items()}
        if states:
            last = (end, next(iter(states.values())))
            yield Named(start, end, states)


def _halves(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a mention, cut where a bracket closes that was opened in front of it: "(e.g. HBsAg) or hepatitis C"."""
    depth = 0
    for place in range(start, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            rest = text.find(_VIRUS, place, end)
            yield start, place
            if rest >= 0:
                yield from _halves(text, rest, end)
            return
    yield start, end


def _trimmed(stretch: str) -> str:
    shorter = TRIM.sub("", _OTHER_TEST.sub("", TRIM.sub("", stretch)))
    while shorter.count("(") > shorter.count(")") or shorter.count("[") > shorter.count("]"):
        shorter = TRIM.sub("", shorter[: max(shorter.rfind("("), shorter.rfind("["))])
    return shorter


def _states(seen: Seen, start: int, end: int) -> dict[str, State]:
    """Return the state of each virus: a word such as "active" holds for what follows, until another one."""
    text = seen.sentence.text
    states: dict[str, State] = {}
    state: State | None = None
    at = start
    for place, stop, viruses in seen.hits:
        if place < start or stop > end:
            continue
        words = text[at:place]
        found = _state(f"{words} {text[place:stop]}", text[start:end], first=not states)
        state = found if found is not None else state or "known"
        for virus in viruses:
            if virus not in states:
                states[virus] = state
            elif (
                "(" not in words
                and "defined" not in words
                and found
                and _WIDTH.index(found) > _WIDTH.index(states[virus])
            ):
                states[virus] = found
        at = stop
    return states


def _state(words: str, stretch: str, *, first: bool) -> State | None:
    if _UNCONTROLLED.search(words):
        return "uncontrolled"
    if _EVER_OR_NOW.search(words):
        return "known"
    if _ACTIVE.search(words):
        return "active"
    if _KNOWN.search(words):
        return "known"
    return ("any" if _TESTED.search(stretch) else "known") if first else None


def infection_with(virus: str, state: State) -> Leaf:
    """Return that an infection is there in a state."""
    if virus == _HAV:
        return leaf("infection", severity="any_active", agents=["hepatitis_a"])
    return leaf("viral_infection", virus=virus, state=state)


def any_of_them(states: dict[str, State]) -> Node:
    """Return that one of the infections is there, each in its state."""
    parts: list[Node] = [infection_with(virus, state) for virus, state in states.items()]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def none_of_them(viruses: Sequence[str], state: State) -> Node:
    """Return that none of the infections is there in a state."""
    parts: list[Node] = [Not(infection_with(virus, state)) for virus in viruses]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
