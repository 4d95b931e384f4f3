"""The rules of `data/testing/`, read, cross-linked and checked once per knowledge version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from her2nav.kinds.forms import TreeReader
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.model.tree import Leaf, Node, leaves
from her2nav.testing.schema import (
    Assay,
    AssayFile,
    Condition,
    ConditionFile,
    Either,
    LittleTissue,
    LittleTissueFile,
    Negated,
    Orderable,
    OrderableFile,
    Rule,
    RuleFile,
    Step,
    StepFile,
)

FOLDER = "testing/"
T = TypeVar("T", Orderable, Condition, Rule)


@dataclass(frozen=True)
class RuleBook:
    """Everything that a plan is made from.

    Attributes:
        tests: By id.
        conditions: By id.
        trees: The criterion trees of the conditions that have one.
        rules: In the order of the files.
        steps: By code of the interpretation's next step.
        steps_file: Words for steps that only an older specimen asks for.
        little_tissue: Orders for little tissue.
        assays: The table of methods.
    """

    tests: dict[str, Orderable]
    conditions: dict[str, Condition]
    trees: dict[str, Node]
    rules: tuple[Rule, ...]
    steps: dict[str, Step]
    steps_file: StepFile
    little_tissue: tuple[LittleTissue, ...]
    assays: tuple[Assay, ...]

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Yield every leaf of every tree with the id of its condition."""
        for name, tree in self.trees.items():
            for leaf in leaves(tree):
                yield name, leaf

    def conditions_asked(self) -> set[str]:
        """Return the ids of the conditions that a rule, a step or an order names."""
        groups = [rule.when for rule in self.rules]
        groups += [order.when for order in self.little_tissue]
        groups += [wait.when for step in self.steps.values() for wait in step.waits]
        groups += [(*r.settled.known, *r.settled.or_met) for r in self.rules if r.settled is not None]
        return {name for group in groups for name in _names(group)}

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield (id of the rule, order or assay, id of the source) of every provenance line."""
        stated = [(rule.id, part.provenance) for rule in self.rules for part in (rule, *rule.also)]
        stated += [(order.id, order.provenance) for order in self.little_tissue]
        stated += [(assay.id, assay.provenance) for assay in self.assays]
        yield from ((name, line.source) for name, provenance in stated for line in provenance)


@lru_cache(maxsize=4)
def rulebook(knowledge: Knowledge) -> RuleBook:
    """Return the rules of a knowledge version.

    Raises:
        DataError: A file does not have its form, a name stands twice or leads nowhere.
    """
    conditions, trees = _conditions(knowledge)
    tests = _unique(knowledge.record(f"{FOLDER}tests.yaml", OrderableFile).tests, "tests.yaml")
    steps_file = knowledge.record(f"{FOLDER}steps.yaml", StepFile)
    rules: list[Rule] = []
    for name in knowledge.bundle.folder(f"{FOLDER}rules/"):
        rules += knowledge.record(name, RuleFile).rules
    book = RuleBook(
        tests=tests,
        conditions=conditions,
        trees=trees,
        rules=tuple(_unique(rules, "rules").values()),
        steps={code: step for step in steps_file.steps for code in step.codes},
        steps_file=steps_file,
        little_tissue=knowledge.record(f"{FOLDER}little_tissue.yaml", LittleTissueFile).orders,
        assays=knowledge.record(f"{FOLDER}assays.yaml", AssayFile).assays,
    )
    for fault in _faults(book):
        raise DataError(fault, file=f"data/{FOLDER}")
    return book


def _conditions(knowledge: Knowledge) -> tuple[dict[str, Condition], dict[str, Node]]:
    name = f"{FOLDER}conditions.yaml"
    found = _unique(knowledge.record(name, ConditionFile).conditions, "conditions.yaml")
    reader = TreeReader(knowledge.bundle.document(name), DataError)
    trees = {
        item.id: reader.read(item.tree, ("conditions", index, "if"))
        for index, item in enumerate(found.values())
        if item.tree is not None
    }
    return found, trees


def _unique(items: Sequence[T], place: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for item in items:
        if item.id in found:
            raise DataError(f"the id '{item.id}' stands twice", file=f"data/{FOLDER}{place}")
        found[item.id] = item
    return found


def _faults(book: RuleBook) -> Iterator[str]:
    """Names that lead nowhere, and codes that stand twice."""
    ids = {rule.id for rule in book.rules}
    for rule in book.rules:
        yield from _unknown(rule.id, rule.when, book)
        if rule.test is not None and rule.test not in book.tests:
            yield f"{rule.id}: unknown test '{rule.test}'"
        if rule.settled is not None:
            yield from _unknown(rule.id, (*rule.settled.known, *rule.settled.or_met), book)
        yield from (f"{rule.id}: unknown rule '{other}'" for other in rule.unless_now if other not in ids)
    codes = [code for step in book.steps_file.steps for code in step.codes]
    yield from (f"steps.yaml: the code '{code}' stands twice" for code in sorted(set(codes)) if codes.count(code) > 1)
    for step in book.steps_file.steps:
        for wait in step.waits:
            yield from _unknown(step.codes[0], wait.when, book)
        if step.test not in book.tests:
            yield f"steps.yaml: unknown test '{step.test}'"
    for order in book.little_tissue:
        yield from _unknown(order.id, order.when, book)
        yield from (f"{order.id}: unknown test '{test}'" for test in order.order if test not in book.tests)


def _unknown(place: str, when: tuple[str | Negated | Either, ...], book: RuleBook) -> Iterator[str]:
    yield from (f"{place}: unknown condition '{name}'" for name in _names(when) if name not in book.conditions)


def _names(when: tuple[str | Negated | Either, ...]) -> Iterator[str]:
    for item in when:
        if isinstance(item, Either):
            yield from _names(item.any_of)
        else:
            yield item.condition if isinstance(item, Negated) else item
