"""HIV, hepatitis B and hepatitis C: infections named, tests that must be negative, and infections under control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.viral_words import (
    BEFORE,
    CD4,
    CONTACT,
    CONTROLS,
    CURED,
    DETECTABLE,
    HIV_WORDS,
    INDICATED,
    LEADING,
    LINK,
    MENTION,
    NEGATIVE_AFTER,
    NEGATIVE_BEFORE,
    NOT_ASKED,
    NOT_CONTROLLED,
    ON_DRUGS,
    OTHER_THING,
    OVER,
    PERMITS,
    REASON,
    RESOLVED,
    SHORT,
    TRIM,
    WORTH,
)
from her2nav.language.numbers import number, operator
from her2nav.model.tree import AllOf, AnyOf, Node, Not, leaves

State = Literal["known", "any", "active", "uncontrolled", "low_cd4"]
_BOTH = {"hbv_hcv": ("hbv", "hcv")}
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
_CONTROLLED = re.compile(r"(?<!un)(?<!not )(?<!poorly )(?<!inadequately )\bcontrolled\b")
_DENIED = re.compile(r"\bno(?:t|r)?\b|\bwithout\b|\bnegative\b|\babsence\b|\bfree of\b")
_APART = re.compile(r"\b(?:unless|except|excluding|but)\b|;")
_EXCLUDES = re.compile(r"\b(?:ineligible|excluded?|not (?:eligible|allowed|permitted))\b")
_DRUGS = re.compile(r"retro-?\s?viral|\bhaart\b|\bart\b|\bantivirals?\b")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sentence with its viruses painted over and every other word left."""

    sentence: Sentence
    text: str
    hits: tuple[tuple[int, int, tuple[str, ...]], ...]

    def viruses(self, start: int, end: int) -> list[str]:
        """Return the viruses named in a stretch, without doubles."""
        found = (virus for a, b, names in self.hits if a >= start and b <= end for virus in names)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Named:
    """A stretch that names infections, with the state asked of each."""

    start: int
    end: int
    states: dict[str, State]


@dataclass(frozen=True, slots=True)
class _Control:
    """A stretch that says how far an infection is under control; `good`: it is."""

    start: int
    end: int
    node: Node
    good: bool


def _seen(sentence: Sentence) -> _Seen:
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
    return _Seen(sentence, "".join(signs), tuple(hits))


def _named(seen: _Seen) -> Iterator[_Named]:
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
            yield _Named(start, end, states)


_OF_THE_LOAD = re.compile(
    r"\b(?:rna|dna|loads?|pcr|vir(?:a)?emia|titers?|copies|copy|undetect\w*|detect\w*|below|suppress\w*|quantitative)\b"
)
_VIRUS = "\uf000"
_OR_BRACKET = re.compile(r"\s*(?:\([^()]{0,60}\))?[\w ]{0,20}\)?[\s,]*(?:or|and|and/or)\s*")


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


def _states(seen: _Seen, start: int, end: int) -> dict[str, State]:
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


def _any(states: dict[str, State]) -> Node:
    parts: list[Node] = [leaf("viral_infection", virus=virus, state=state) for virus, state in states.items()]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _none(viruses: Sequence[str], state: State) -> Node:
    parts: list[Node] = [Not(leaf("viral_infection", virus=virus, state=state)) for virus in viruses]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    seen = _seen(sentence)
    named = list(_named(seen))
    controls = list(_merged(seen, list(_controls(seen, named)))) if WORTH.search(sentence.text) else []
    free = list(controls)
    for item in named:
        if any(control.start <= item.start and item.end <= control.end for control in controls):
            continue
        read = _infection(seen, item, free)
        if read is not None:
            yield read
    for control in free:
        yield Stretched(control.start, control.end, control.node)


def named_in(sentence: Sentence, start: int, end: int) -> list[Node]:
    """Return the infections that a list of examples names, each as it stands there."""
    found = (item for item in _named(_seen(sentence)) if item.start >= start and item.end <= end)
    return [_any(item.states) for item in found]


def _infection(seen: _Seen, item: _Named, free: list[_Control]) -> Stretched | None:
    """One infection with what is said of it; a control that it takes in is no longer free."""
    text = seen.sentence.text
    viruses = list(item.states)
    before, after = NEGATIVE_BEFORE.search(text[: item.start]), NEGATIVE_AFTER.match(text, item.end)
    if before or after:
        start, end = before.start() if before else item.start, after.end() if after else item.end
        return Stretched(start, end, _none(viruses, "any"))
    if (untested := NOT_ASKED.search(text, max(0, item.start - 20))) and not _aside(text, *untested.span()):
        return None
    own = [found for found in free if found.start >= item.start and not _APART.search(text[item.end : found.start])]
    denied = _DENIED.search(text[: item.start]) is not None
    outside = re.sub(r"\([^()]*\)", " ", text)
    permits = PERMITS.search(outside) is not None and not _EXCLUDES.search(outside)
    stated = not denied and (permits or seen.sentence.section == "inclusion")
    if own and (not own[0].good or stated):
        # "Patients with HIV whose load is undetectable": who has no HIV is not meant.
        close = own[0].start <= item.end or LINK.fullmatch(seen.text, item.end, own[0].start)
        if close:
            free.remove(own[0])
        return Stretched(item.start, own[0].end if close else item.end, own[0].node)
    if (
        own
        and own[0].good
        and not denied
        and not permits
        and not PERMITS.search(text, item.end)
        and seen.sentence.section == "exclusion"
        and " and " in text[item.start : max(item.end, own[0].start)]
    ):
        # "Hepatitis C and a load below detection" shuts out those with both.
        free.remove(own[0])
        return Stretched(item.start, own[0].end, AllOf((_any(item.states), own[0].node)))
    if own and not denied and (permit := PERMITS.search(text, item.end)):
        return _with_exception(seen, item, own, free, permit.end())
    if stated and permits and re.search(r"\bfollowing\b|:\s*$|\bprovided\b", text[item.end :]):
        return Stretched(item.start, item.end, _none(viruses, "uncontrolled"))
    if stated and _CONTROLLED.search(text[item.start : item.end]):
        return Stretched(item.start, item.end, _none(viruses, "uncontrolled"))
    if stated and not permits:
        # Nobody asks for an infection: words around it that were not understood turn it round.
        return None
    if _eased(text, item, denied=denied):
        return Stretched(item.start, item.end, AllOf((_any(item.states), _none(viruses, "uncontrolled"))))
    node = _any(item.states)
    reason = REASON.search(text, item.end)
    if reason and _EXCLUDES.search(text) and not _APART.search(text[item.end : reason.start()]):
        parts = (node, leaf("judgement", topic="whether antiviral drugs are taken")) if _DRUGS.search(text) else (node,)
        return Stretched(item.start, len(text.rstrip(" .;")), AllOf(parts) if len(parts) > 1 else node)
    return Stretched(item.start, item.end, node)


def _eased(text: str, item: _Named, *, denied: bool) -> bool:
    """Whether brackets let in those whose infection is under control: "(patients with controlled HIV are eligible)"."""
    opened = text.rfind("(", 0, item.start)
    return (
        not denied
        and opened >= 0
        and ")" not in text[opened : item.start]
        and _CONTROLLED.search(text, item.start, item.end) is not None
        and PERMITS.search(text, item.end) is not None
    )


def _aside(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands in brackets of its own: "HIV positive (testing not required)" names the infection."""
    opened = text.rfind("(", 0, start + 1)
    return opened >= 0 and ")" not in text[opened:start] and ")" in text[end - 1 : end + 60]


def _with_exception(seen: _Seen, item: _Named, own: list[_Control], free: list[_Control], end: int) -> Stretched:
    """Infections that are excluded, of which the sentence lets in again those under control."""
    eased = {
        inner.params.model_dump()["virus"]
        for control in own
        for inner in leaves(control.node)
        if inner.kind == "viral_infection"
    }
    clear = len(item.states) == 1 or all(seen.viruses(control.start, control.end) for control in own)
    for control in own:
        free.remove(control)
        end = max(end, control.end)
    parts: list[Node] = []
    for virus, state in item.states.items():
        node: Node = leaf("viral_infection", virus=virus, state=state)
        if virus in eased:
            narrow = AllOf((node, leaf("viral_infection", virus=virus, state="uncontrolled")))
            node = narrow if clear else both_ways(node, narrow)
        parts.append(node)
    rest = re.compile(r"[^.;()]{0,30}\)").match(seen.text, end)
    return Stretched(item.start, rest.end() if rest else end, parts[0] if len(parts) == 1 else AnyOf(tuple(parts)))


def _controls(seen: _Seen, named: list[_Named]) -> Iterator[_Control]:
    text = seen.sentence.text
    viruses = list(dict.fromkeys(virus for item in named for virus in item.states)) or (
        ["hiv"] if HIV_WORDS.search(text) else []
    )
    if not viruses:
        return

    def meant(match: re.Match[str]) -> list[str]:
        before = [item for item in named if item.start <= match.start()]
        return seen.viruses(*match.span()) or (list(before[-1].states) if before else viruses)

    for match in OVER.finditer(seen.text):
        good = operator(match["op"]) in ("<", "<=")
        over = AllOf(
            (
                _any(dict.fromkeys(meant(match), "uncontrolled")),
                leaf("judgement", topic="whether the level is above the number given"),
            )
        )
        yield _Control(match.start(), match.end(), Not(over) if good else over, good)
    for pattern in (*CONTROLS, RESOLVED, *(() if _EXCLUDES.search(text) else (ON_DRUGS,))):
        for match in pattern.finditer(seen.text):
            words = text[match.start() : match.end()]
            if "negative" in words and not _OF_THE_LOAD.search(words):
                # "HIV negative" is no infection; only of what counts the virus does it say that the virus is held down.
                continue
            yield _Control(match.start(), match.end(), _none(meant(match), "uncontrolled"), True)
    for match in CURED.finditer(seen.text):
        if own := [virus for virus in meant(match) if virus != "hiv"]:
            yield _Control(match.start(), match.end(), _none(own, "uncontrolled"), True)
    for match in DETECTABLE.finditer(seen.text):
        yield _Control(match.start(), match.end(), _any(dict.fromkeys(meant(match), "uncontrolled")), False)
    for match in CONTACT.finditer(seen.text):
        contact = AnyOf(
            (
                _any(dict.fromkeys(meant(match), "any")),
                leaf("judgement", topic="whether antibodies show more than contact"),
            )
        )
        yield _Control(match.start(), match.end(), contact, False)
    if "hiv" in viruses:
        yield from _counts(text)


def _counts(text: str) -> Iterator[_Control]:
    for match in CD4.finditer(text):
        sign, value = operator(match["op"] or match["op2"]), int(number(match["n"] or match["n2"]))
        high = sign in (">=", ">")
        limit = value + (sign in (">", "<="))
        low = leaf("viral_infection", virus="hiv", state="low_cd4", cd4_min=limit)
        if sign is not None:
            yield _Control(match.start(), match.end(), Not(low) if high else low, high)


def _merged(seen: _Seen, found: list[_Control]) -> Iterator[_Control]:
    """Controls in order, not overlapping, those that "and" joins made one; contact that is under control is no bar."""
    rows: list[_Control] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        start = item.start
        end = start + len(seen.text[start : item.end].rstrip(" ,;("))
        indicated = INDICATED.match(seen.sentence.text, end)
        end = indicated.end() if indicated else end
        if rows and start < rows[-1].end:
            continue
        now = _Control(start, end, item.node, item.good)
        last = rows[-1] if rows else None
        if last and LINK.fullmatch(seen.text, last.end, start) and "or" not in seen.text[last.end : start].split():
            contact = isinstance(last.node, AnyOf) and not last.good
            if contact and now.good:
                rows[-1] = _Control(last.start, end, now.node, good=True)
                continue
            if last.good == now.good and not contact:
                same = last.node == now.node
                rows[-1] = _Control(last.start, end, last.node if same else AllOf((last.node, now.node)), last.good)
                continue
        rows.append(now)
    yield from rows


_HBV_ACTIVE = {"viral_infection": {"virus": "hbv", "state": "active"}}
_HCV_ACTIVE = {"viral_infection": {"virus": "hcv", "state": "active"}}


def _under_control(virus: str) -> dict[str, object]:
    return {"not": {"viral_infection": {"virus": virus, "state": "uncontrolled"}}}


SCANNERS = (
    Scanner(
        "viral_infection.state",
        ("virus", "cd4", "cd4+", "antiretroviral", "retroviral"),
        _scan,
        priority=3,
        texts=(
            ("No known history of HIV infection", {"viral_infection": {"virus": "hiv", "state": "known"}}),
            ("No active hepatitis B or hepatitis C infection", {"any_of": [_HBV_ACTIVE, _HCV_ACTIVE]}),
            (
                "Free of known active hepatitis B (HBsAg reactive) or C (RNA detected)",
                {"any_of": [_HBV_ACTIVE, _HCV_ACTIVE]},
            ),
            (
                "Patients with HIV on effective antiretroviral therapy whose viral load is undetectable",
                _under_control("hiv"),
            ),
            (
                "For chronic HBV infection, the viral load must be undetectable on suppressive therapy",
                _under_control("hbv"),
            ),
            ("Patients with a history of hepatitis C must have been treated and cured", _under_control("hcv")),
            ("Positive anti-HBc with negative HBV DNA is allowed", _under_control("hbv")),
            ("Negative tests for HIV", {"not": {"viral_infection": {"virus": "hiv", "state": "any"}}}),
            (
                "HIV infection with CD4 count < 200 cells/uL",
                {"viral_infection": {"virus": "hiv", "state": "low_cd4", "cd4_min": "200"}},
            ),
        ),
    ),
)
