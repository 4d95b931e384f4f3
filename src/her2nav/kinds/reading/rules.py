"""All reading rules, found by looking at the modules of this package."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cached_property, lru_cache

from her2nav.kinds import reading as package
from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Dictionary
from her2nav.language.patterns import Pattern, PatternCompiler
from her2nav.model.tree import Node


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule made of a stretch of a sentence."""

    start: int
    end: int
    node: Node
    rule: Rule | Scanner


class RuleSet:
    """The rules compiled over one dictionary, each tried only where one of its cues occurs."""

    def __init__(self, words: Dictionary, rules: tuple[Rule, ...], scanners: tuple[Scanner, ...] = ()) -> None:
        self.dictionary = words
        self.rules = rules
        self.scanners = scanners
        self._scanner_cues = [
            frozenset(char for cue in scanner.cues for char in (words.marks(cue) or (cue,))) for scanner in scanners
        ]
        compiler = PatternCompiler(words)
        self._by_cue: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._compiled: list[tuple[Rule, Pattern]] = []
        for rule in rules:
            for written in rule.patterns:
                pattern = compiler.compile(written)
                place = len(self._compiled)
                self._compiled.append((rule, pattern))
                for cue in pattern.cues:
                    self._by_cue.setdefault(cue, []).append(place)
                if not pattern.cues:
                    self._always.append(place)

    @cached_property
    def uncued(self) -> tuple[str, ...]:
        """Patterns that are tried on every sentence: each costs time."""
        return tuple(self._compiled[place][1].written for place in self._always)

    def read(self, sentence: Sentence) -> list[Made]:
        """Return everything that the rules see in a sentence; stretches may overlap."""
        places = set(self._always)
        for word in sentence.words:
            places.update(self._by_cue.get(word, ()))
        made: list[Made] = []
        for place in sorted(places):
            rule, pattern = self._compiled[place]
            if rule.section is not None and rule.section != sentence.section:
                continue
            for match in pattern.expression.finditer(sentence.masked):
                if match.end() > match.start():
                    node = _built(rule, Found(match, sentence))
                    if node is not None:
                        made.append(Made(match.start(), match.end(), node, rule))
        for scanner, cues in zip(self.scanners, self._scanner_cues, strict=True):
            if cues.isdisjoint(sentence.words) or (scanner.section is not None and scanner.section != sentence.section):
                continue
            made += [Made(item.start, item.end, item.node, scanner) for item in scanner.scan(sentence)]
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
