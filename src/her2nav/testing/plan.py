"""The plan: rules and the interpretation's next steps, each test once with all its reasons, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.interpret.guidelines import guideline_for
from her2nav.interpret.ngs import engine_rule
from her2nav.interpret.results import NextTest, RuleRef
from her2nav.interpret.tables import Phrase
from her2nav.model.finding import Effort
from her2nav.model.provenance import Provenance
from her2nav.model.truth import Truth
from her2nav.testing.done import done
from her2nav.testing.judge import Judge
from her2nav.testing.results import Item, Plan, Reason, SourceLine, Target, TissueOrder
from her2nav.testing.rulebook import RuleBook, rulebook
from her2nav.testing.schema import STRENGTHS, Orderable, Rule, Step, Strength
from her2nav.testing.targets import targets

_BURDEN = {
    "record": "Your team asks the lab. You do not need to do anything.",
    "slide": "The lab looks again at a sample it already has. You do not need to do anything.",
    "tissue": "The lab uses a sample that was taken before.",
    "new_tissue": "This needs a new sample (a biopsy). Ask your team what that means for you.",
    "blood": "This is a blood test.",
}
_NO_SAMPLE = "The lab needs a sample. If none is left, a new one may be needed. Ask your team."
_UNMAPPED = "new_step"
"""Test id of a next step that `steps.yaml` does not know: it is shown in its own words, never dropped."""


@dataclass
class _Draft:
    """A test while its reasons are collected."""

    test: Orderable
    trigger: Phrase | None
    reasons: list[tuple[Strength, Reason]] = field(default_factory=list)
    targets: dict[Target, None] = field(default_factory=dict)
    open: dict[str, None] = field(default_factory=dict)
    partly: bool = False


class _Drafts:
    """Tests by (id, trigger): the same test stands once."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, Phrase | None], _Draft] = {}

    def add(
        self, test: Orderable, trigger: Phrase | None, strength: Strength, reason: Reason, on: Iterable[Target]
    ) -> _Draft:
        """Add a reason for a test."""
        draft = self._drafts.setdefault((test.id, trigger), _Draft(test, trigger))
        draft.reasons.append((strength, reason))
        draft.targets.update(dict.fromkeys(on))
        return draft

    def items(self) -> list[Item]:
        """Return the tests in order: certain before open ones, then by strength, then by the sequence of the tests."""
        drafts = sorted(self._drafts.values(), key=lambda draft: draft.test.sequence)
        return sorted((_item(draft) for draft in drafts), key=lambda item: (not item.certain, _rank(item.strength)))


def make_plan(case: Case) -> Plan:
    """Return what to test for a case, and why; a rule whose condition is unknown is shown with what it depends on.

    Raises:
        DataError: The rules in `data/testing/` are not sound.
    """
    book = rulebook(case.knowledge)
    judge = Judge(case, book)
    now, later = _Drafts(), _Drafts()
    notes: list[Reason] = []
    applying: set[str] = set()
    in_force = [rule for rule in book.rules if rule.valid_from is None or rule.valid_from <= case.as_of]
    for rule in sorted(in_force, key=lambda rule: rule.gives == "later"):
        judged = judge.all_of(rule.when)
        if judged.truth is Truth.NOT_MET or judge.settled(rule.settled) or applying & set(rule.unless_now):
            continue
        reasons = _reasons(rule, judged.open)
        if rule.gives == "note":
            notes += reasons
            continue
        if rule.gives == "now":
            applying.add(rule.id)
        test = book.tests[rule.test or ""]
        drafts = later if rule.trigger else now
        on = targets(rule.on or test.on, case, test.needs)
        for reason in reasons:
            draft = drafts.add(test, rule.trigger, rule.strength, reason, on)
        _open_parts(draft, rule, judge)
    _steps(case, judge, book, now, later, notes)
    items = tuple(now.items())
    order = _tissue_order(judge, book, items)
    if order is not None and order.little:
        items = _resorted(items, order.tests)
    return Plan(done(case), items, tuple(later.items()), _unique(notes), order)


def _reasons(rule: Rule, depends_on: tuple[Phrase, ...]) -> list[Reason]:
    lines = (rule, *rule.also)
    return [Reason((rule.id,), one.clinical, one.plain, _lines(one.provenance), depends_on) for one in lines]


def _lines(provenance: Iterable[Provenance]) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(line.source, line.locator, line.confidence) for line in provenance)


def _open_parts(draft: _Draft, rule: Rule, judge: Judge) -> None:
    """Name what is missing of a panel of which a part is known already."""
    if rule.settled is None:
        return
    missing, genes = judge.missing(rule.settled), judge.missing_genes(rule.settled)
    wanted = len(rule.settled.known) + len(rule.settled.genes)
    draft.partly = draft.partly or 0 < len(missing) + len(genes) < wanted
    draft.open.update(dict.fromkeys((*(phrase.clinical for phrase in missing), *genes)))


def _steps(case: Case, judge: Judge, book: RuleBook, now: _Drafts, later: _Drafts, notes: list[Reason]) -> None:
    """Take over what the interpretation asks for; a step that only older specimens ask for waits."""
    if case.her2 is None:
        return
    current = case.her2.overall.standing
    for asked in case.her2.next_tests:
        step = book.steps.get(asked.code)
        if step is None:
            reason = Reason(asked.rules, asked.clinical, asked.plain, _rows(case, asked))
            test = _unmapped(asked)
            now.add(test, None, "advised", reason, targets("asked", case, test.needs, asked.specimens))
            continue
        words = step.because or Phrase(clinical=asked.clinical, plain=asked.plain)
        trigger, depends_on = _waiting(step, judge)
        if trigger is None and current and _older(case, asked, current):
            trigger = book.steps_file.older_sample
        reason = Reason(asked.rules, words.clinical, words.plain, _rows(case, asked), () if trigger else depends_on)
        if step.gives == "note":
            if trigger is None:
                notes.append(reason)
            continue
        drafts = later if trigger else now
        test = book.tests[step.test]
        drafts.add(test, trigger, step.strength, reason, _asked_on(case, step, test, asked, current))


def _waiting(step: Step, judge: Judge) -> tuple[Phrase | None, tuple[Phrase, ...]]:
    """Return what the step waits for, else what it depends on."""
    open_: list[Phrase] = []
    for wait in step.waits:
        judged = judge.all_of(wait.when)
        if judged.truth is Truth.MET:
            return wait.trigger, ()
        open_ += judged.open
    return step.trigger, tuple(dict.fromkeys(open_))


def _older(case: Case, asked: NextTest, current: tuple[str, ...]) -> bool:
    """Return whether a step concerns only specimens that are not newer than the ones that stand for the status."""
    if not asked.specimens or not {*current, "/specimens"}.isdisjoint(asked.specimens):
        return False
    days = {f"/specimens/{i}": item.collected for i, item in enumerate(case.patient.specimens)}
    standing = [day for day in (days[path] for path in current) if day is not None]
    named = [day for day in (days[path] for path in asked.specimens) if day is not None]
    return not any(day.low > now.high for now in standing for day in named)


def _asked_on(case: Case, step: Step, test: Orderable, asked: NextTest, current: tuple[str, ...]) -> tuple[Target, ...]:
    """Return the specimens that stand for the status where they are among those asked about, else those asked about."""
    paths = tuple(path for path in current if path in asked.specimens) or asked.specimens
    return targets(step.on, case, test.needs, tuple(path for path in paths if path))


def _unmapped(asked: NextTest) -> Orderable:
    return Orderable(
        id=_UNMAPPED + "_" + asked.code.lower(),
        group="her2",
        clinical=asked.clinical.rstrip("."),
        plain=asked.plain.rstrip("."),
        effort=asked.effort,
        needs="record" if asked.effort is Effort.RECORD else "tissue",
        sequence=0,
        on="asked",
    )


@once
def _refs(case: Case) -> dict[str, RuleRef]:
    """Return the rows of the tumour's guideline by id."""
    guideline = guideline_for(case.tumour_id or "", case.knowledge, case.as_of)
    if guideline is None:
        return {}
    return {rule.id: rule.ref for table in guideline.compiled.values() for rule in table.rules}


def _rows(case: Case, asked: NextTest) -> tuple[SourceLine, ...]:
    """Return the sources of the rows that ask for a step; numbers are rules of the engine's policy."""
    refs = _refs(case)
    found = [refs.get(name) or engine_rule(name) for name in asked.rules]
    return tuple(dict.fromkeys(SourceLine(ref.source, ref.locator, ref.confidence) for ref in found))


def _item(draft: _Draft) -> Item:
    ordered = sorted(draft.reasons, key=lambda pair: (bool(pair[1].depends_on), pair[1].unverified, _rank(pair[0])))
    certain = [strength for strength, reason in ordered if not reason.depends_on and not reason.unverified]
    on = tuple(draft.targets)
    missing = draft.test.needs in ("tissue", "slide") and all(target.path is None for target in on)
    return Item(
        test=draft.test.id,
        group=draft.test.group,
        clinical=draft.test.clinical,
        plain=draft.test.plain,
        burden=_NO_SAMPLE if missing else _BURDEN[draft.test.needs],
        effort=draft.test.effort,
        strength=min(certain or [strength for strength, _ in ordered], key=_rank),
        targets=on,
        reasons=_unique(reason for _, reason in ordered),
        open=tuple(draft.open) if draft.partly else (),
        trigger=draft.trigger,
    )


def _rank(strength: Strength) -> int:
    return STRENGTHS.index(strength)


def _unique(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple({reason.clinical: reason for reason in reversed(list(reasons))}.values())[::-1]


def _tissue_order(judge: Judge, book: RuleBook, items: tuple[Item, ...]) -> TissueOrder | None:
    """Return how the tests that are due share the tissue; None where fewer than two of them need it."""
    due = {item.test for item in items if book.tests.get(item.test) and book.tests[item.test].needs == "tissue"}
    for order in book.little_tissue:
        judged = judge.all_of(order.when)
        shared = tuple(test for test in order.order if test in due)
        if judged.truth is Truth.NOT_MET or len(shared) < 2:
            continue
        little = {Truth.MET: True, Truth.NOT_MET: False, Truth.UNKNOWN: None}[judge.truth("little_tissue")]
        reason = Reason((order.id,), order.clinical, order.plain, _lines(order.provenance), judged.open)
        return TissueOrder(little, shared, reason)
    return None


def _resorted(items: tuple[Item, ...], order: tuple[str, ...]) -> tuple[Item, ...]:
    """Put the tests that share little tissue into their order, in the places they hold together."""
    places = [i for i, item in enumerate(items) if item.test in order and item.certain]
    sharing = sorted((items[i] for i in places), key=lambda item: order.index(item.test))
    result = list(items)
    for place, item in zip(places, sharing, strict=True):
        result[place] = item
    return tuple(result)
