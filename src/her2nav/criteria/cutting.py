"""Paragraphs cut into sentences, and sentences into halves of which each has a force of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from her2nav.criteria import statement_words as words
from her2nav.criteria.asks_nothing import asks_nothing
from her2nav.criteria.guards import second_guard
from her2nav.criteria.modals import Force, force
from her2nav.criteria.remarks import second_behind_permission
from her2nav.criteria.sentences import part, sentences
from her2nav.criteria.some_bound import apart
from her2nav.kinds.reading.base import Section
from her2nav.language.view import View

_BRAIN = re.compile(r"\b(?:brain|cns|central nervous system) (?:metasta|lesion|disease)")
_NOTE_NUMBER = re.compile(r"\.(?<=[a-z]{3}\.)\d{1,3}\s+(?=(?:patients|subjects|participants)\b)")
"""The number of a footnote behind a full stop."""
LONGEST_SENTENCE = 6000
"""Characters; what is longer is no sentence and stays unread."""


def cut(view: View) -> list[View]:
    """Cut a paragraph into sentences; one of more than many pages is cut blindly before."""
    found: list[View] = []
    if len(view.text) <= LONGEST_SENTENCE:
        cuts = [0, *(number.end() for number in _NOTE_NUMBER.finditer(view.text)), len(view.text)]
        found = [piece for a, b in itertools.pairwise(cuts) for piece in sentences(part(view, a, b))]
        return [piece for piece in found if not asks_nothing(piece.text)]
    at = 0
    while at < len(view.text):
        stop = min(at + LONGEST_SENTENCE, len(view.text))
        space = view.text.rfind(" ", at, stop) if stop < len(view.text) else -1
        stop = space if space > at else stop
        found += sentences(part(view, at, stop))
        at = stop
    return found


def _balanced(written: str) -> bool:
    return written.count("(") == written.count(")") and written.count("[") == written.count("]")


def _shuts_out(head: str, let_in: str, section: Section) -> bool:
    """Whether words in front of a bracket exclude; which brain metastases are accepted both halves say together."""
    what = force(head)
    return what is Force.EXCLUDES or (
        what is Force.SECTION and section == "exclusion" and _BRAIN.search(let_in) is not None
    )


def halves(view: View, section: Section, asks: Callable[[View], bool]) -> list[View]:
    """Cut "gastric cancer, squamous cell carcinomas are excluded" and "A is allowed, but B is not": each has its own force."""
    if section == "inclusion" and len(pieces := apart(view)) > 1:
        # "No drug A (patients with HER2-positive disease must have had B)": the bracket binds some.
        return [*halves(pieces[0], section, asks), *pieces[1:]]
    text = view.text
    if section == "exclusion" and (demand := words.MUST_BEHIND.match(text)) is not None:
        # "Surgery within two weeks, and patients must have recovered": half of it excludes, half demands.
        return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
    if section == "inclusion" and (remark := words.BUT_MAY.match(text)) is not None:
        # "No A within a year, but may have received B": half of it demands, half permits.
        return [part(view, 0, remark.end("what")), part(view, remark.end(), len(text))]
    if section == "inclusion" and (aside := words.MAY_HAVE.match(text)) is not None:
        # "May have A, but it will not be measured": what is let in, and what the trial does with it.
        return [part(view, 0, aside.end("what")), part(view, aside.end(), len(text))]
    if section == "inclusion" and (first := words.EACH_PART.match(text)) is not None:
        # "Must have A for part 1 and must have B for part 2".
        return [part(view, 0, first.end("what")), part(view, first.end(), len(text))]
    if section == "inclusion" and (demand := words.MAY_AND_MUST.match(text)) is not None:
        # "May have had A, and must have B": half of it permits, half demands.
        return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
    if section == "inclusion" and (second := second_guard(text)) is not None:
        # "HER2 status known and participants with positive tumours show progression on trastuzumab".
        return [part(view, 0, second), part(view, second, len(text))]
    if section == "inclusion" and (own := second_behind_permission(text)):
        return [part(view, 0, own), part(view, own, len(text))]
    if force(text) not in (Force.EXCLUDES, Force.SECTION, Force.PERMITS):
        return [view]
    let_in = words.LET_IN_BEHIND.match(text)
    if (
        let_in is not None
        and force(let_in["tail"]) is Force.PERMITS
        and _shuts_out(let_in["head"], let_in["tail"], section)
    ):
        return [part(view, *let_in.span("head")), part(view, *let_in.span("tail"))]
    found = words.BUT_OWN.match(text)
    if found is not None:
        one, other = force(found["head"]), force(found["tail"])
        if one is not other and other in (Force.EXCLUDES, Force.PERMITS) and _balanced(found["head"]):
            return [part(view, *found.span("head")), part(view, *found.span("tail"))]
    if section == "inclusion" and force(text) is Force.EXCLUDES:
        found = words.SPLICED.match(text)
        if found is not None and _balanced(found["head"]) and asks(part(view, *found.span("head"))):
            return [part(view, *found.span("head")), part(view, *found.span("tail"))]
    return [view]
