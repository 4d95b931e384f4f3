"""Conditions over one case: met, not met or unknown, and what is open where they are unknown."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.facts.case import Case
from her2nav.interpret.tables import Phrase
from her2nav.kinds.registry import kinds
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.truth import Truth, all_of, any_of, at_least
from her2nav.testing.record import RECORD_FACTS, genes_reported
from her2nav.testing.rulebook import RuleBook
from her2nav.testing.schema import Either, Negated, Settled


@dataclass(frozen=True, slots=True)
class Judged:
    """The truth of a group of conditions; `open` says what is not known where the truth is UNKNOWN."""

    truth: Truth
    open: tuple[Phrase, ...] = ()


class Judge:
    """Judges conditions for one case, each once."""

    def __init__(self, case: Case, book: RuleBook) -> None:
        self._case = case
        self._book = book
        self._known: dict[str, Truth] = {}
        self._leaves: dict[tuple[str, object], Truth] = {}

    def truth(self, condition: str) -> Truth:
        """Return the truth of a condition by its id."""
        found = self._known.get(condition)
        if found is None:
            item = self._book.conditions[condition]
            if item.record is not None:
                found = RECORD_FACTS[item.record](self._case, item.limits)
            else:
                found = self._node(self._book.trees[condition])
            self._known[condition] = found
        return found

    def all_of(self, when: tuple[str | Negated | Either, ...]) -> Judged:
        """Judge conditions that must all hold; what is open is named only where it matters."""
        truths = []
        for item in when:
            truths.append(self._item(item))
            if truths[-1] is Truth.NOT_MET:
                # Most rules end at the tumour, which stands first.
                return Judged(Truth.NOT_MET)
        truth = all_of(truths)
        if truth is Truth.MET:
            return Judged(truth)
        open_: list[Phrase] = []
        for item, part in zip(when, truths, strict=True):
            if part is Truth.UNKNOWN:
                open_ += self._open(item)
        return Judged(truth, tuple(dict.fromkeys(open_)))

    def settled(self, settled: Settled | None) -> bool:
        """Return whether a rule has nothing left to ask; what is not known is not settled."""
        if settled is None:
            return False
        if any(self.truth(name) is Truth.MET for name in settled.or_met):
            return True
        if not (settled.known or settled.genes):
            return False
        return not self.missing(settled) and not self.missing_genes(settled)

    def missing(self, settled: Settled | None) -> tuple[Phrase, ...]:
        """Return what is not known of the conditions that a rule wants known."""
        names = settled.known if settled else ()
        return tuple(self._phrase(name) for name in names if self.truth(name) is Truth.UNKNOWN)

    def missing_genes(self, settled: Settled | None) -> tuple[str, ...]:
        """Return the genes that no report speaks of."""
        genes = settled.genes if settled else ()
        reported = genes_reported(self._case)
        return tuple(gene for gene in genes if gene not in reported)

    def _item(self, item: str | Negated | Either) -> Truth:
        if isinstance(item, Negated):
            return self.truth(item.condition).negated()
        if isinstance(item, Either):
            return any_of(self._item(part) for part in item.any_of)
        return self.truth(item)

    def _open(self, item: str | Negated | Either) -> list[Phrase]:
        if isinstance(item, Either):
            return [p for part in item.any_of if self._item(part) is Truth.UNKNOWN for p in self._open(part)]
        return [self._phrase(item.condition if isinstance(item, Negated) else item)]

    def _phrase(self, name: str) -> Phrase:
        item = self._book.conditions[name]
        return Phrase(clinical=item.clinical, plain=item.plain)

    def _node(self, node: Node) -> Truth:
        match node:
            case Leaf():
                return self._leaf(node)
            case AllOf(parts=parts):
                return all_of([self._node(part) for part in parts])
            case AnyOf(parts=parts):
                return any_of([self._node(part) for part in parts])
            case AtLeast(n=n, parts=parts):
                return at_least(n, [self._node(part) for part in parts])
            case Not(part=part):
                return self._node(part).negated()
            case When(when=when, then=then):
                return any_of([self._node(when).negated(), self._node(then)])

    def _leaf(self, leaf: Leaf) -> Truth:
        key = (leaf.kind, leaf.params)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = kinds()[leaf.kind].evaluate(leaf.params, self._case.alone).at(0)
        return found
