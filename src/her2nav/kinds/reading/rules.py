"""All reading rules, found by looking at the modules of this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import NamedTuple

from her2nav.kinds import reading as package
from her2nav.kinds.reading.base import Found, Rule, Scanner, Section, Sentence
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Dictionary
from her2nav.language.patterns import PatternCompiler
from her2nav.language.recent import Recent
from her2nav.language.sought import Asked, Family, held_in, settle
from her2nav.model.tree import Node


class Made(NamedTuple):
    """What a rule made of a stretch of a sentence."""

    start: int
    end: int
    node: Node
    rule: Rule | Scanner


_MOST_KEPT = 16_384
"""Sentences of one generation: about one in six of a trial was read in another one of the last thousand."""


class RuleSet:
    """The rules compiled over one dictionary, each tried only where one of its cues occurs."""

    def __init__(self, words: Dictionary, rules: tuple[Rule, ...], scanners: tuple[Scanner, ...] = ()) -> None:
        self.dictionary = words
        self.rules = rules
        self.scanners = scanners
        compiler = PatternCompiler(words)
        self._compiled = [(rule, compiler.compile(written)) for rule in rules for written in rule.patterns]
        asked = [Asked.of_words(sign for cue in one.cues for sign in (*words.marks(cue), cue)) for one in scanners]
        self._family = Family([*(pattern.expression for _, pattern in self._compiled), *asked])
        """The patterns, and behind them the scanners with their cues."""
        settle()
        self._kept = Recent[tuple[str, Section, bool, tuple[str, ...]], tuple[Made, ...]](_MOST_KEPT)
        self._patterns = [(rule, rule.section, pattern.expression) for rule, pattern in self._compiled]
        self._scanners = [(one, one.section, reduce(or_, (item.bit for item in one.sought), 0)) for one in scanners]

    @cached_property
    def uncued(self) -> tuple[str, ...]:
        """Patterns that are tried on every sentence: each costs time."""
        return tuple(pattern.written for _, pattern in self._compiled if not pattern.cues)

    def read(self, sentence: Sentence) -> tuple[Made, ...]:
        """Return everything that the rules see in a sentence; stretches may overlap.

        Trials share many sentences, and some are read twice within one: what was made of the last ones is kept.
        """
        key = sentence.text, sentence.section, sentence.permits, sentence.tumours
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = tuple(self._read(sentence))
        return made

    def _read(self, sentence: Sentence) -> list[Made]:
        masked = sentence.masked
        patterns = self._patterns
        many, section = len(patterns), sentence.section
        made: list[Made] = []
        for place in self._family.possible(masked):
            if place < many:
                rule, only, expression = patterns[place]
                if only is None or only == section:
                    for match in expression.expression.finditer(masked):
                        start, end = match.span()
                        if end > start and (node := _built(rule, Found(match, sentence))) is not None:
                            made.append(Made(start, end, node, rule))
                continue
            scanner, only, bits = self._scanners[place - many]
            if (only is None or only == section) and (not bits or held_in(sentence.text) & bits):
                made += _scanned(scanner, sentence)
        return made


def _scanned(scanner: Scanner, sentence: Sentence) -> list[Made]:
    """Return what a scanner reads, up to a number that no kind accepts: from there on the text stays unread."""
    made: list[Made] = []
    try:
        for item in scanner.scan(sentence):
            made.append(Made(item.start, item.end, item.node, scanner))  # noqa: PERF401 - what came before an error is kept
    except ValueError:
        pass
    return made


def _built(rule: Rule, found: Found) -> Node | None:
    """Return the proposition; a match whose numbers no kind accepts is none: the text stays unread."""
    try:
        return rule.build(found)
    except ValueError:
        return None


def all_rules() -> tuple[tuple[Rule, ...], tuple[Scanner, ...]]:
    """Return the rules and scanners of every module that defines `RULES` or `SCANNERS`, in the order of module names.

    Raises:
        ValueError: Two of them have one id.
    """
    rules: list[Rule] = []
    scanners: list[Scanner] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        rules += getattr(module, "RULES", ())
        scanners += getattr(module, "SCANNERS", ())
    ids = [rule.id for rule in rules] + [scanner.id for scanner in scanners]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two reading rules have the id '{next(item for item in ids if ids.count(item) > 1)}'")
    return tuple(rules), tuple(scanners)


@lru_cache(maxsize=2)
def rule_set(knowledge: Knowledge) -> RuleSet:
    """Return the rules over the vocabularies of a version of the knowledge."""
    return RuleSet(dictionary(knowledge), *all_rules())
