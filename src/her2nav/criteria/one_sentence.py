"""One sentence as a proposition: the form that it has as a whole, or what the rules make of its words."""

from __future__ import annotations

from her2nav.criteria import judged
from her2nav.criteria import statement_words as words
from her2nav.criteria.contradictions import conjuncts
from her2nav.criteria.guarded import GuardReader
from her2nav.criteria.logic import all_of
from her2nav.criteria.looser_limits import loosened
from her2nav.criteria.sentence_forms import answer
from her2nav.criteria.sentences import SentenceReader, Stretch, part
from her2nav.criteria.some_bound import lead_of_some
from her2nav.criteria.statement_nodes import ASKED_FOR, names_cancer, unread
from her2nav.criteria.whole_sentence import Whole
from her2nav.kinds.reading.base import Section
from her2nav.language.view import View
from her2nav.model.tree import Leaf, Node, leaves


class OneSentence:
    """Reads one sentence at a time."""

    def __init__(self, sentence_reader: SentenceReader) -> None:
        self._sentences = sentence_reader
        self.guards = GuardReader(sentence_reader)

    def sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence; "if HER2-positive, …" and "patients with … must have received …" are guards."""
        formed = answer(Whole(view, section, permits, self))
        if formed is not None:
            return formed[0]
        node = self._sentences.read(Stretch(view), section, permits=permits)[0]
        if node is not None and section == "exclusion" and words.ONLY_SO.search(view.text) and _of_treatment(node):
            # "Treated with radiotherapy only": who had more than that is not shut out.
            return all_of([node, unread(view.span(0, len(view.text)))])
        if node is not None and section == "exclusion" and (at := judged.examples_of(view.text)):
            return judged.as_judged(node, view.original(at))
        return self._eased(view, node) if node is not None and section == "inclusion" and not permits else node

    def by_rules(self, view: View, section: Section) -> Node | None:
        """The proposition of a sentence by the rules alone, whatever form it has."""
        return self._sentences.read(Stretch(view), section)[0]

    def some_cancers(self, view: View) -> Node | None:
        """Return the cancers that a lead names, where the trial takes others too: "prostate cancer patients must have:"."""
        who = lead_of_some(view)
        whom = self._sentences.read(Stretch(who), "inclusion")[0] if who is not None else None
        return whom if whom is not None and names_cancer(whom) and self.guards.of_some_cancers(whom) else None

    def _eased(self, view: View, node: Node) -> Node:
        """Return limits of which a remark in brackets that was not read may set looser ones: they stay open."""
        aside = words.EASING.search(view.text) if any(item.kind == "lab_value" for item in leaves(node)) else None
        if aside is None:
            return node
        first, last = view.span(*aside.span())
        spans = [item.span for item in conjuncts(node) if isinstance(item, Leaf) and item.kind == "unread"]
        if not any(span is not None and first <= span[0] < last for span in spans):
            return node
        limits = self.sentence(part(view, 0, aside.start()), "inclusion")
        return node if limits is None else loosened(limits, unread((first, last)))

    def _asks(self, view: View) -> bool:
        """Whether words name what a trial asks for: its cancer and the state of it."""
        node = self.sentence(view, "inclusion")
        return node is not None and {inner.kind for inner in leaves(node)} <= ASKED_FOR


def _of_treatment(node: Node) -> bool:
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= {"procedure", "prior_therapy"}
