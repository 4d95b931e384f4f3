"""Which question was asked: an id, or words compared with the phrasings of `data/questions/`."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import NameIndex
from her2nav.knowledge.questions import Question, QuestionBook, question_book

_TRIAL = re.compile(r"\bNCT\s?(\d{8})\b", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\w.])([0-3])\s?\+|\b(?:ihc|score)(?:\s+of|\s+is)?\s+(0)(?![\w.+])", re.IGNORECASE)
_TOKEN = re.compile(r"\{\w+\}|[a-z0-9]+(?:[-/'’][a-z0-9]+)*")
_SHORTENED = re.compile(r"['’](?:s|ve|m|re|d|ll|t)\b")
_LONGEST_NAME = 5
_SHORTEST = 3
_MISSPELT, _ALIKE = 5, 0.85
"""A word of so many letters may be misspelt; so alike are the two, 0 to 1."""
_WHOLE = 0.999
_SLOT = {"drug": "{drug}", "trial": "{trial}", "score": "{score}"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a written question is taken for.

    Attributes:
        question: None where no question is near enough, or two are equally near.
        near: The nearest questions, best first.
        drug: Id of a drug or class that it names.
        trial: Registry number that it names.
        score: IHC score that it names.
    """

    question: Question | None
    near: tuple[Question, ...]
    drug: str | None = None
    trial: str | None = None
    score: str | None = None


def recognise(written: str, knowledge: Knowledge) -> Recognised:
    """Say which question is asked; an id is taken as it stands, and may be followed by what it names."""
    book = question_book(knowledge)
    text, drug, trial, score = _slots(written, knowledge)
    first = written.split()[0] if written.split() else ""
    if first in book.questions and (first == written.strip() or drug or trial or score):
        return Recognised(book.questions[first], (), drug, trial, score)
    index = _index(knowledge)
    # A question that may name something is compared with the name taken out, the others with the words as written.
    named, plain = index.asked(text), index.asked(written)
    ranked = sorted(
        ((index.likeness(named if one.slot else plain, one), one) for one in book.questions.values()),
        # Of two that are as near, the one that itself holds what was named is meant.
        key=lambda pair: (-pair[0], pair[1].slot is not None),
    )
    near = tuple(one for likeness, one in ranked[:3] if likeness > 0)
    (best, question), (second, _) = ranked[0], ranked[1]
    whole = best > _WHOLE and question.slot is None
    ahead = book.words.ahead_where_clear if best >= book.words.clear else book.words.ahead
    sure = best >= book.words.enough and (whole or best - second >= ahead)
    if not sure and plain & index.urgent:
        return Recognised(book.questions[book.words.urgent_question], near, drug, trial, score)
    return Recognised(question if sure else None, near, drug, trial, score)


def _slots(written: str, knowledge: Knowledge) -> tuple[str, str | None, str | None, str | None]:
    """Return the text with what it names replaced by places, and the names."""
    text, trial, score = written, None, None
    found = _TRIAL.search(text)
    if found:
        trial = f"NCT{found[1]}"
        text = _TRIAL.sub(" {trial} ", text)
    scored = _SCORE.search(text)
    if scored:
        score = f"{scored[1]}+" if scored[1] and scored[1] != "0" else "0"
        text = _SCORE.sub(" {score} ", text)
    text, drug = _named_drug(text, knowledge)
    return text, drug, trial, score


def _named_drug(text: str, knowledge: Knowledge) -> tuple[str, str | None]:
    """Replace the longest name of one drug or class; words of everyday speech are no names of classes."""
    words, names = text.split(), _names(knowledge)
    for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            name = " ".join(words[start : start + size]).strip("?!.,;:\"'()")
            if size == 1 and (len(name) < _SHORTEST or name.lower() in _everyday(knowledge)):
                continue
            found = names.find(name) if name else None
            if found is not None:
                return " ".join([*words[:start], "{drug}", *words[start + size :]]), found
    return text, None


@lru_cache(maxsize=2)
def _names(knowledge: Knowledge) -> NameIndex:
    """Return the names of drugs and classes; regimens are several drugs, about which nothing single can be said."""
    drugs, classes = knowledge.drugs.drugs.values(), knowledge.drugs.classes.values()
    found = [(name, one.id) for one in drugs for name in (one.name, one.id, *one.names)]
    found += [(brand.name, one.id) for one in drugs for brand in one.brands]
    found += [(name, one.id) for one in classes for name in (one.name, one.id, *one.names)]
    return NameIndex(found)  # of two with one name the first counts, so a drug before a class


@lru_cache(maxsize=2)
def _everyday(knowledge: Knowledge) -> frozenset[str]:
    """Return the words of the phrasings that name no drug of their own: `chemotherapy` is asked about as a word."""
    book = question_book(knowledge)
    words = {word for group in book.words.same for word in group} | set(book.words.small)
    for one in book.questions.values():
        for phrasing in one.phrasings:
            words.update(_TOKEN.findall(phrasing.lower()))
    return frozenset(word for word in words if _names(knowledge).find(word) not in knowledge.drugs.drugs)


class _Index:
    """Phrasings folded to sets of words, each word weighing more the fewer questions have it."""

    def __init__(self, book: QuestionBook, knowledge: Knowledge) -> None:
        self._fold = {word: group[0] for group in book.words.same for word in group}
        self._small = frozenset(book.words.small)
        self.urgent = frozenset(self._fold.get(word, word) for word in book.words.urgent)
        """Words that are answered with the line to call, whatever else was asked."""
        self._phrasings: dict[str, list[frozenset[str]]] = {}
        counts: Counter[str] = Counter()
        for one in book.questions.values():
            sets = [
                self.folded(_slots(text, knowledge)[0] if one.slot and "{" not in text else text)
                for text in (one.plain, one.clinical, *one.phrasings)
            ]
            self._phrasings[one.id] = [found for found in sets if found]
            counts.update(frozenset().union(*sets))
        total = len(book.questions)
        self._weights = {word: math.log(1 + total / count) for word, count in counts.items()}
        self._unknown = math.log(1 + total)
        # A misspelt drug is for the person to put right, so no word is taken for one.
        words = (word for word in (*self._weights, *self._fold) if len(word) >= _MISSPELT)
        self._known = [word for word in words if _names(knowledge).find(word) is None]

    def folded(self, text: str) -> frozenset[str]:
        """Return the words of a text that say something, spelling variants folded."""
        tokens = [self._fold.get(token, token) for token in _TOKEN.findall(_SHORTENED.sub("", text.lower()))]
        return frozenset(token for token in tokens if token not in self._small)

    def asked(self, text: str) -> frozenset[str]:
        """Return the words of a question; one that nothing here knows is taken for the word that it misspells."""
        return self.folded(" ".join(map(self._spelt, self.folded(text))))

    def _spelt(self, word: str) -> str:
        if word in self._weights or len(word) < _MISSPELT or "{" in word:
            return word
        near = difflib.get_close_matches(word, self._known, n=1, cutoff=_ALIKE)
        return near[0] if near else word

    def likeness(self, asked: frozenset[str], question: Question) -> float:
        """Return how near a question is, 0 to 1: shared weight against all weight, of its best phrasing."""
        return max((self._dice(asked, phrasing) for phrasing in self._phrasings[question.id]), default=0.0)

    def _dice(self, asked: frozenset[str], phrasing: frozenset[str]) -> float:
        shared = self._weight(asked & phrasing)
        return 2 * shared / (self._weight(asked) + self._weight(phrasing)) if shared else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._unknown) for word in words)


@lru_cache(maxsize=2)
def _index(knowledge: Knowledge) -> _Index:
    return _Index(question_book(knowledge), knowledge)


def asked_of(question: Question, names: Sequence[str]) -> str:
    """Return the words of a question for a list: what it may name in capitals."""
    text = question.plain
    for name in names:
        text = text.replace(_SLOT[name], name.upper())
    return text
