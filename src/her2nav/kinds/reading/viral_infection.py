"""HIV, hepatitis B and hepatitis C: infections named, tests that must be negative, and infections under control."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.viral_controls import EXCLUDES, Control, controls_in
from her2nav.kinds.reading.viral_named import (
    Named,
    Seen,
    any_of_them,
    infection_with,
    named_infections,
    none_of_them,
    seen_in,
)
from her2nav.kinds.reading.viral_words import (
    LETTERS,
    LINK,
    NEGATIVE_AFTER,
    NEGATIVE_BEFORE,
    NOT_ASKED,
    PERMITS,
    REASON,
    WORTH,
)
from her2nav.model.tree import AllOf, AnyOf, Node, leaves

_CONTROLLED = re.compile(r"(?<!un)(?<!not )(?<!poorly )(?<!inadequately )\bcontrolled\b")
_DENIED = re.compile(r"\bno(?:t|r)?\b|\bwithout\b|\bnegative\b|\babsence\b|\bfree of\b")
_APART = re.compile(r"\b(?:unless|except|excluding|but)\b|;")
_DRUGS = re.compile(r"retro-?\s?viral|\bhaart\b|\bart\b|\bantivirals?\b")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    seen = seen_in(sentence)
    named = list(named_infections(seen))
    controls = controls_in(seen, named) if WORTH.search(sentence.text) else []
    free = list(controls)
    for item in named:
        if any(control.start <= item.start and item.end <= control.end for control in controls):
            continue
        read = _infection(seen, item, free)
        if read is not None:
            yield read
    for control in free:
        yield Stretched(control.start, control.end, control.node)


def _scan_letters(sentence: Sentence) -> Iterator[Stretched]:
    """Read "hepatitis A, B or C" where no virus is named otherwise."""
    if not any(hit.ids("virus") for hit in sentence.hits):
        yield from _scan(sentence)


def named_in(sentence: Sentence, start: int, end: int) -> list[Node]:
    """Return the infections that a list of examples names, each as it stands there."""
    found = (item for item in named_infections(seen_in(sentence)) if item.start >= start and item.end <= end)
    return [any_of_them(item.states) for item in found]


def _infection(seen: Seen, item: Named, free: list[Control]) -> Stretched | None:
    """One infection with what is said of it; a control that it takes in is no longer free."""
    text = seen.sentence.text
    viruses = list(item.states)
    before, after = NEGATIVE_BEFORE.search(text[: item.start]), NEGATIVE_AFTER.match(text, item.end)
    if before or after:
        start, end = before.start() if before else item.start, after.end() if after else item.end
        return Stretched(start, end, none_of_them(viruses, "any"))
    if (untested := NOT_ASKED.search(text, max(0, item.start - 20))) and not _aside(text, *untested.span()):
        return None
    own = [found for found in free if found.start >= item.start and not _APART.search(text[item.end : found.start])]
    denied = _DENIED.search(text[: item.start]) is not None
    outside = re.sub(r"\([^()]*\)", " ", text)
    permits = PERMITS.search(outside) is not None and not EXCLUDES.search(outside)
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
        return Stretched(item.start, own[0].end, AllOf((any_of_them(item.states), own[0].node)))
    if own and not denied and (permit := PERMITS.search(text, item.end)):
        return _with_exception(seen, item, own, free, permit.end())
    if stated and permits and re.search(r"\bfollowing\b|:\s*$|\bprovided\b", text[item.end :]):
        return Stretched(item.start, item.end, none_of_them(viruses, "uncontrolled"))
    if stated and _CONTROLLED.search(text[item.start : item.end]):
        return Stretched(item.start, item.end, none_of_them(viruses, "uncontrolled"))
    if stated and not permits:
        # Nobody asks for an infection: words around it that were not understood turn it round.
        return None
    if _eased(text, item, denied=denied):
        return Stretched(item.start, item.end, AllOf((any_of_them(item.states), none_of_them(viruses, "uncontrolled"))))
    node = any_of_them(item.states)
    reason = REASON.search(text, item.end)
    if reason and EXCLUDES.search(text) and not _APART.search(text[item.end : reason.start()]):
        parts = (node, leaf("judgement", topic="whether antiviral drugs are taken")) if _DRUGS.search(text) else (node,)
        return Stretched(item.start, len(text.rstrip(" .;")), AllOf(parts) if len(parts) > 1 else node)
    return Stretched(item.start, item.end, node)


def _eased(text: str, item: Named, *, denied: bool) -> bool:
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


def _with_exception(seen: Seen, item: Named, own: list[Control], free: list[Control], end: int) -> Stretched:
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
        node: Node = infection_with(virus, state)
        if virus in eased:
            narrow = AllOf((node, leaf("viral_infection", virus=virus, state="uncontrolled")))
            node = narrow if clear else both_ways(node, narrow)
        parts.append(node)
    rest = re.compile(r"[^.;()]{0,30}\)").match(seen.text, end)
    return Stretched(item.start, rest.end() if rest else end, parts[0] if len(parts) == 1 else AnyOf(tuple(parts)))


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
    Scanner(
        "viral_infection.letters",
        ("condition",),
        _scan_letters,
        priority=3,
        texts=(
            (
                "No active hepatitis A, B or C",
                {
                    "any_of": [
                        {"infection": {"severity": "any_active", "agents": ["hepatitis_a"]}},
                        _HBV_ACTIVE,
                        _HCV_ACTIVE,
                    ]
                },
            ),
            ("No hepatitis A", None),
        ),
        sought=(LETTERS,),
    ),
)
