"""What says how far an infection is under control: viral loads, CD4 counts, drugs that hold it down, a cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.viral_named import Named, Seen, any_of_them, none_of_them
from her2nav.kinds.reading.viral_words import (
    CD4,
    CONTACT,
    CONTROLS,
    CURED,
    DETECTABLE,
    HIV_WORDS,
    INDICATED,
    LINK,
    ON_DRUGS,
    OVER,
    RESOLVED,
)
from her2nav.language.numbers import number, operator
from her2nav.model.tree import AllOf, AnyOf, Node, Not

EXCLUDES = re.compile(r"\b(?:ineligible|excluded?|not (?:eligible|allowed|permitted))\b")
_OF_THE_LOAD = re.compile(
    r"\b(?:rna|dna|loads?|pcr|vir(?:a)?emia|titers?|copies|copy|undetect\w*|detect\w*|below|suppress\w*|quantitative)\b"
)


@dataclass(frozen=True, slots=True)
class Control:
    """A stretch that says how far an infection is under control; `good`: it is."""

    start: int
    end: int
    node: Node
    good: bool


def controls_in(seen: Seen, named: list[Named]) -> list[Control]:
    """Return what a sentence says of the control of the infections it names, in order and without overlaps."""
    return list(_merged(seen, list(_controls(seen, named))))


def _controls(seen: Seen, named: list[Named]) -> Iterator[Control]:
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
                any_of_them(dict.fromkeys(meant(match), "uncontrolled")),
                leaf("judgement", topic="whether the level is above the number given"),
            )
        )
        yield Control(match.start(), match.end(), Not(over) if good else over, good)
    for pattern in (*CONTROLS, RESOLVED, *(() if EXCLUDES.search(text) else (ON_DRUGS,))):
        for match in pattern.finditer(seen.text):
            words = text[match.start() : match.end()]
            if "negative" in words and not _OF_THE_LOAD.search(words):
                # "HIV negative" is no infection; only of what counts the virus does it say that the virus is held down.
                continue
            yield Control(match.start(), match.end(), none_of_them(meant(match), "uncontrolled"), True)
    for match in CURED.finditer(seen.text):
        if own := [virus for virus in meant(match) if virus != "hiv"]:
            yield Control(match.start(), match.end(), none_of_them(own, "uncontrolled"), True)
    for match in DETECTABLE.finditer(seen.text):
        yield Control(match.start(), match.end(), any_of_them(dict.fromkeys(meant(match), "uncontrolled")), False)
    for match in CONTACT.finditer(seen.text):
        contact = AnyOf(
            (
                any_of_them(dict.fromkeys(meant(match), "any")),
                leaf("judgement", topic="whether antibodies show more than contact"),
            )
        )
        yield Control(match.start(), match.end(), contact, False)
    if "hiv" in viruses:
        yield from _counts(text)


def _counts(text: str) -> Iterator[Control]:
    for match in CD4.finditer(text):
        sign, value = operator(match["op"] or match["op2"]), int(number(match["n"] or match["n2"]))
        high = sign in (">=", ">")
        limit = value + (sign in (">", "<="))
        low = leaf("viral_infection", virus="hiv", state="low_cd4", cd4_min=limit)
        if sign is not None:
            yield Control(match.start(), match.end(), Not(low) if high else low, high)


def _merged(seen: Seen, found: list[Control]) -> Iterator[Control]:
    """Controls in order, not overlapping, those that "and" joins made one; contact that is under control is no bar."""
    rows: list[Control] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        start = item.start
        end = start + len(seen.text[start : item.end].rstrip(" ,;("))
        indicated = INDICATED.match(seen.sentence.text, end)
        end = indicated.end() if indicated else end
        if rows and start < rows[-1].end:
            continue
        now = Control(start, end, item.node, item.good)
        last = rows[-1] if rows else None
        if last and LINK.fullmatch(seen.text, last.end, start) and "or" not in seen.text[last.end : start].split():
            contact = isinstance(last.node, AnyOf) and not last.good
            if contact and now.good:
                rows[-1] = Control(last.start, end, now.node, good=True)
                continue
            if last.good == now.good and not contact:
                same = last.node == now.node
                rows[-1] = Control(last.start, end, last.node if same else AllOf((last.node, now.node)), last.good)
                continue
        rows.append(now)
    yield from rows
