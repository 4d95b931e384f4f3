"""What changed between two versions of criteria, sentence by sentence, as a person would mark it."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_BULLET = re.compile(r"^\s*(?:[*•·‣▪◦●○–—-]+|\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,5})[.)])(?:\s+|$)")
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_SENTENCE = re.compile(r"(?<=[a-z0-9)%][.;])\s+(?=[A-Z])")
_NOT_SAID = re.compile(r"[\W_]+")
_ALIKE = 0.55
"""A removed and an added sentence are one changed sentence when at least so much of them is the same."""

_SHORT = 60
_LETTERS_WEIGH_LESS = 0.1


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A criterion sentence that was added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    section: Literal["inclusion", "exclusion"] | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of criteria with the section it stands in; None where the text names none."""

    text: str
    section: Literal["inclusion", "exclusion"] | None

    @property
    def key(self) -> tuple[str | None, str]:
        """What it says, without what changes without meaning; comparison signs stay."""
        plain = unicodedata.normalize("NFKC", self.text).casefold()
        signs = "".join(sign for sign in plain if sign in "<>≤≥=+")
        return self.section, _NOT_SAID.sub(" ", plain).strip() + " " + signs


def sentences(text: str | None) -> list[Sentence]:
    r"""Split criteria into their sentences; a heading sets the section of what follows.

    >>> [(s.section, s.text) for s in sentences("Inclusion Criteria:\n* HER2 3+\n* Age 18. No upper limit")]
    [('inclusion', 'HER2 3+'), ('inclusion', 'Age 18.'), ('inclusion', 'No upper limit')]
    """
    found: list[Sentence] = []
    section: Literal["inclusion", "exclusion"] | None = None
    for paragraph in _paragraphs(text or ""):
        heading = paragraph.casefold().rstrip(": ")
        if len(heading) < 60 and re.search(r"\b(in|ex)clusion\b", heading):
            section = "exclusion" if "exclusion" in heading else "inclusion"
            continue
        found += [Sentence(part.strip(), section) for part in _SENTENCE.split(paragraph) if part.strip()]
    return found


def _paragraphs(text: str) -> list[str]:
    """Lines that go on are joined: the older XML breaks lines at 80 characters."""
    found: list[str] = []
    open_ = False
    for line in text.splitlines():
        plain = html.unescape(_ESCAPE.sub("", html.unescape(line)))
        content = _BULLET.sub("", plain).strip()
        begins = _BULLET.match(plain) is not None
        if not content:
            open_ = False
        elif open_ and not begins and not content.endswith(":") and not found[-1].endswith((".", ":", ";")):
            found[-1] += " " + content
        else:
            found.append(content)
            open_ = True
    return found


def changed_sentences(before: str | None, after: str | None) -> list[SentenceChange]:
    """Return what changed, in the order of the newer text; moved sentences and other spacing are no change."""
    old, new = sentences(before), sentences(after)
    gone = [item for item in old if item.key not in {other.key for other in new}]
    come = [item for item in new if item.key not in {other.key for other in old}]
    pairs: dict[int, Sentence] = {}
    scored = sorted(
        (
            (_alike(item.text, other.text), at, number)
            for at, item in enumerate(come)
            for number, other in enumerate(gone)
            if item.section == other.section
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    used: set[int] = set()
    for score, at, number in scored:
        if score >= _ALIKE and at not in pairs and number not in used:
            pairs[at] = gone[number]
            used.add(number)
    result = [
        SentenceChange("changed", item.section, pairs[at].text, item.text)
        if at in pairs
        else SentenceChange("added", item.section, None, item.text)
        for at, item in enumerate(come)
    ]
    result += [
        SentenceChange("removed", item.section, item.text, None)
        for number, item in enumerate(gone)
        if number not in used
    ]
    return result


def _alike(one: str, other: str) -> float:
    """Return how much is the same, by words; of short sentences by letters, where that is more."""
    words = SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
    if words >= _ALIKE or max(len(one), len(other)) > _SHORT:
        return words
    return max(words, SequenceMatcher(None, one, other, autojunk=False).ratio() - _LETTERS_WEIGH_LESS)
