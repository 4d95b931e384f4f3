"""Demands that bind some patients alone: the condition in front of them, and whom it names."""

from __future__ import annotations

from her2nav.criteria import statement_words as words
from her2nav.criteria.group_guards import group_guard_of
from her2nav.criteria.guards import cancer_guard_of, guard_of, of_some_people
from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.sentences import SentenceReader, Stretch, part
from her2nav.criteria.some_bound import of_women
from her2nav.criteria.statement_nodes import (
    STATES_OF_CANCER,
    decides,
    decides_anything,
    is_wait,
    narrows,
    narrows_by_treatment,
    of_illness,
    of_illness_or_brain,
    of_pregnancy,
    role_of,
    unread,
)
from her2nav.kinds.reading.base import doubt_on, leaf
from her2nav.language.view import View
from her2nav.model.tree import Leaf, Node, When, leaves
from her2nav.model.trial import Role

_OF_THE_TREATED = frozenset({"toxicity_recovery", "washout", "unread", "judgement"})
"""Kinds that anyhow bind only those who were treated."""
OTHERS = "those, too, whom this line does not name"


class GuardReader:
    """Reads demands with a condition in front of them."""

    def __init__(self, sentence_reader: SentenceReader) -> None:
        self._sentences = sentence_reader

    def guarded(self, view: View) -> Node | None:
        """Return a demand under the condition in front of it; None where nothing in front is a condition."""
        if (women := of_women(view.text)) is not None:
            asked, _ = self._sentences.read(Stretch(part(view, *women[1])), "inclusion")
            if asked is not None:
                female = Leaf("sex", leaf("sex", any_of=("female",)).params, view.span(*women[0]))
                return When(female, asked)
        guards = [guard for guard in (guard_of(view.text), cancer_guard_of(view.text)) if guard is not None]
        if guards and words.EQUIVOCAL.search(view.text) is not None:
            whole, _ = self._sentences.read(Stretch(view), "inclusion")
            if isinstance(whole, When):
                # "If IHC is 2+, a negative FISH is required": what is asked does not name the gene again.
                return whole
        for guard in guards:
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
            then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
            if then is not None and words.FERTILE.fullmatch(view.text, *guard.when) and of_pregnancy(then):
                # "If of childbearing potential, the test must be negative": of nobody else is a test asked.
                return then
            conditional = guard.explicit and words.IF_FIRST.match(view.text) is not None
            if conditional and condition is not None and self._binds_some(view, then):
                # "If treated before, then for four cycles": whatever is said behind it, it asks nobody for the condition.
                return When(condition, then if then is not None else unread(view.span(*guard.then)))
            if condition is None or then is None:
                continue
            if guard.holds(condition) or (
                decides(then)
                and (
                    guard.explicit
                    and words.OF_PATIENTS.match(view.text)
                    and words.VIRUS.search(view.text, *guard.when) is None
                )
            ):
                # "If the histology is X, must have Y": what of the condition was not read stays open in it.
                return When(condition, then)
            open_ = all(one.kind == "unread" for one in leaves(condition))
            nothing_read = all(one.kind == "unread" for one in leaves(then))
            if guard.only_cancer and nothing_read and self.of_some_cancers(condition):
                # "Prostate cancer patients must be castration-resistant", in a trial that takes others too.
                return all_of([any_of([condition, unread(view.span(*guard.when))]), When(condition, then)])
            if (
                guard.explicit
                and nothing_read
                and words.OF_PATIENTS.match(view.text)
                and narrows_by_treatment(condition)
            ):
                # "For those who had a stent, two values must be shown": of the demand nothing was read.
                return When(condition, then)
            if guard.fronted and open_ and role_of([then]) is Role.DECIDES:
                # "For the combination with A: patients must have B".
                return When(condition, then)
            if guard.of_people and not guard.only_cancer and open_ and decides(then):
                # "Patients with hormone-sensitive tumours must have received …": of whom, is not known.
                return When(condition, then)
            if guard.of_people and self.of_some_cancers(condition) and decides(then):
                # "Patients with ovarian cancer must have received platinum", in a trial that takes others too.
                bound = When(condition, then)
                if self._sentences.tumours and not self._of_a_histology(condition):
                    return bound  # the record itself says which cancers it takes
                return all_of([any_of([condition, unread(view.span(*guard.when))]), bound])
        return self._tested(view) or self._of_a_group(view)

    def _of_a_group(self, view: View) -> Node | None:
        """Return "patients over 70 must be ECOG 0": who is not of the sort that is named is not asked."""
        guard = group_guard_of(view.text)
        if guard is None:
            return None
        then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
        if then is None or not decides_anything(then) or all(one.kind in _OF_THE_TREATED for one in leaves(then)):
            return None
        condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
        if condition is None or not all(inner.kind in ("age", "prior_therapy") for inner in leaves(condition)):
            return When(unread(view.span(*guard.when)), then)
        # The trial may take nobody else: those of another sort are neither let in nor shut out by this line.
        return all_of([any_of([condition, doubt_on(OTHERS)]), When(condition, then)])

    def _binds_some(self, view: View, then: Node | None) -> bool:
        """Whether an "if" in front makes a condition; a wait binds whoever was treated, and consent everybody."""
        whole, _ = self._sentences.read(Stretch(view), "inclusion")
        return not (whole is not None and is_wait(whole)) and (then is None or role_of([then]) is Role.DECIDES)

    def _tested(self, view: View) -> Node | None:
        """Return "patients over 60 must have an echocardiogram": whom it binds is not asked for."""
        guard = of_some_people(view.text)
        if guard is None or words.VIRUS.search(view.text, *guard.when):
            return None
        condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
        if condition is not None and all(inner.kind == "unread" for inner in leaves(condition)):
            # Among demands an illness is not read; here it says who is meant.
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "exclusion")
            condition = condition if condition is not None and of_illness_or_brain(condition) else None
        then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
        if condition is None or then is None:
            return None
        drug = any(inner.kind == "concomitant_medication" for inner in leaves(condition))
        if drug and not decides_anything(then):
            return None
        brain = of_illness_or_brain(condition) and not self._tells_of_brain(view)
        if of_illness(condition) or brain or (narrows(condition) and not decides_anything(then)):
            return When(condition, then)
        return None

    def _tells_of_brain(self, view: View) -> bool:
        """Whether a sentence as a whole says which metastases of the brain a trial takes."""
        node, _ = self._sentences.read(Stretch(view), "inclusion")
        return node is not None and any(item.kind == "cns_metastases" for item in leaves(node))

    def of_some_cancers(self, node: Node) -> bool:
        """Whether words name cancers, and not all that the trial takes."""
        found = list(leaves(node))
        types = [name for inner in found for name in getattr(inner.params, "types", ())]
        kinds = {inner.kind for inner in found}
        return (
            (bool(types) or self._of_a_histology(node))
            and kinds <= {*STATES_OF_CANCER, "unread", "judgement"}
            and (self._of_a_histology(node) or not self._sentences.takes_only(types))
        )

    @staticmethod
    def _of_a_histology(node: Node) -> bool:
        """Whether words name one histology of a cancer: "patients with non-squamous NSCLC" are not all with NSCLC."""
        named = [inner.params for inner in leaves(node) if inner.kind == "tumour_type"]
        return any(each.histologies or each.except_histologies for each in named)

    def of_others(self, node: Node) -> bool:
        """Whether words name some of the trial's cancers, or people of whom nothing was read."""
        return all(inner.kind == "unread" for inner in leaves(node)) or self.of_some_cancers(node)
