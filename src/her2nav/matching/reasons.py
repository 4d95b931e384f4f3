"""Why the criteria of one patient are as they are: each explained when first read, those that read the same once."""

from __future__ import annotations

from her2nav.matching.compiled import CompiledCriterion
from her2nav.matching.explain import Explainer, effort_of
from her2nav.model.errors import RuleDataError
from her2nav.model.finding import Change, Finding
from her2nav.model.tree import Leaf
from her2nav.model.trial import Criterion
from her2nav.model.truth import Truth


class CriterionResult:
    """A criterion with its truth; the finding is explained when first read, for most are never looked at."""

    __slots__ = ("_reasons", "criterion", "form", "truth")

    def __init__(self, compiled: CompiledCriterion, truth: Truth, reasons: Reasons) -> None:
        self.criterion = compiled.criterion
        self.form = compiled.form
        """Criteria of one form have one finding."""
        self.truth = truth
        self._reasons = reasons

    @property
    def finding(self) -> Finding:
        """The truth with its reasons.

        Raises:
            RuleDataError: The explanation states another truth than the evaluator found.
        """
        return self._reasons.of(self.criterion, self.form, self.truth)

    @property
    def change(self) -> Change | None:
        """What would change it, as the finding says; of what is not met only the parts that decide are explained."""
        return self._reasons.change(self.criterion, self.form, self.truth)

    @property
    def effort(self) -> int:
        """How hard the answer to an open criterion is to get, 1 (easiest) to 9 (not stated), as its finding says."""
        return self._reasons.effort(self.criterion, self.form)

    @property
    def deciding_kind(self) -> str:
        """The kind of the leaf that decides it, the first where several do; nothing is explained for that."""
        return self._reasons.deciding_kind(self.criterion)


class _NotAsked:
    """Stands for a change that was not worked out yet; None is an answer."""


_NOT_ASKED = _NotAsked()


class Reasons:
    """Findings about one patient: criteria that read the same, in whatever trials, are explained once."""

    def __init__(self, explainer: Explainer) -> None:
        self._explainer = explainer
        self._findings: dict[int, Finding] = {}
        self._changes: dict[int, Change | None] = {}

    def of(self, criterion: Criterion, form: int, truth: Truth) -> Finding:
        """Return the finding of a criterion.

        Raises:
            RuleDataError: The explanation states another truth than the evaluator found.
        """
        found = self._findings.get(form)
        if found is None:
            found = self._findings[form] = self._explainer.explain(criterion.node)
        if found.truth is not truth:
            raise RuleDataError(f"criterion {criterion.id}: explanation and evaluation disagree")
        return found

    def change(self, criterion: Criterion, form: int, truth: Truth) -> Change | None:
        """Return what would change a criterion, as its finding says it."""
        if truth is not Truth.NOT_MET or form in self._findings:
            return self.of(criterion, form, truth).change
        # What was found is returned, not what is kept: another thread may just forget it.
        found = self._changes.get(form, _NOT_ASKED)
        if isinstance(found, _NotAsked):
            found = self._changes[form] = self._explainer.against(criterion.node)
        return found

    def effort(self, criterion: Criterion, form: int) -> int:
        """Return how hard the answer to an open criterion is to get, as its finding says it."""
        found = self._findings.get(form)
        return self._explainer.effort(criterion.node) if found is None else effort_of(found)

    def deciding_kind(self, criterion: Criterion) -> str:
        """Return the kind of the leaf that decides a criterion."""
        return self._explainer.deciding_kind(criterion.node)

    def leaf(self, leaf: Leaf) -> Finding:
        """Return the finding of a leaf."""
        return self._explainer.explain(leaf)

    def forget(self) -> None:
        """Forget all findings; they are worked out again when they are read."""
        self._findings.clear()
        self._changes.clear()
