"""Brain metastases: local options by number, size, mass effect and state; what drugs do in the brain."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.facts.case import Case
from her2nav.kinds.cns_metastases import Params as CnsMetastases
from her2nav.knowledge.approvals import BrainRule, IntracranialResult
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Finding
from her2nav.model.tree import Leaf
from her2nav.model.truth import Truth, all_of, any_of, from_bounds
from her2nav.therapy.book import TherapyBook
from her2nav.therapy.remarks import Said, applying

_PRESENT = Leaf(
    "cns_metastases", CnsMetastases(accepted=("untreated_asymptomatic", "treated_stable", "active_or_progressing"))
)
_OPEN_TO_LOCAL = Leaf("cns_metastases", CnsMetastases(accepted=("untreated_asymptomatic", "active_or_progressing")))
"""Treated and stable metastases need no local treatment today."""


@dataclass(frozen=True, slots=True)
class LocalOption:
    """A local option with what speaks for it.

    Attributes:
        rule: The rule.
        truth: MET where every bound holds and nothing is left to a person.
        open: What is not known or left to a person, in words.
    """

    rule: BrainRule
    truth: Truth
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BrainAnswer:
    """What is said of the brain.

    Attributes:
        present: Whether there are brain metastases.
        finding: Why.
        local: Local options that are not ruled out; empty where there are no brain metastases, it is not known, or all
            were treated and are stable.
        intracranial: Results of drugs in this tumour.
        remarks: Imaging, trial policy, risk.
    """

    present: Truth
    finding: Finding
    local: tuple[LocalOption, ...]
    intracranial: tuple[IntracranialResult, ...]
    remarks: tuple[Said, ...]


def brain_answer(case: Case, explainer: Explainer, book: TherapyBook) -> BrainAnswer:
    """Judge the rules on brain metastases for one patient."""
    finding = explainer.explain(_PRESENT)
    local: tuple[LocalOption, ...] = ()
    results: tuple[IntracranialResult, ...] = ()
    if finding.truth is Truth.MET:
        if explainer.explain(_OPEN_TO_LOCAL).truth is not Truth.NOT_MET:
            judged = [_judge(rule, case) for rule in book.brain.local]
            local = tuple(one for one in judged if one.truth is not Truth.NOT_MET)
        results = tuple(one for one in book.brain.intracranial if case.tumour.any_of(one.tumours) is Truth.MET)
    remarks = tuple(applying(book.brain.remarks, case, explainer, book))
    return BrainAnswer(finding.truth, finding, local, results, remarks)


def _judge(rule: BrainRule, case: Case) -> LocalOption:
    cns, performance = case.patient.cancer.cns, case.patient.performance
    lesions = cns.lesions if cns else None
    size = cns.largest_mm if cns else None
    mass = cns.mass_effect if cns else None
    ecog = performance.ecog if performance else None
    parts: list[tuple[Truth, str]] = []
    if rule.min_lesions is not None or rule.max_lesions is not None:
        low, high = rule.min_lesions or 0, rule.max_lesions
        fits = lesions is not None and lesions >= low and (high is None or lesions <= high)
        parts.append((from_bounds(fits, lesions is not None and not fits), "number of lesions"))
    if rule.larger_than_mm is not None:
        larger = size is not None and size > rule.larger_than_mm
        parts.append((from_bounds(larger, size is not None and not larger), "size of the largest lesion"))
    if rule.not_larger_than_mm is not None:
        within = size is not None and size <= rule.not_larger_than_mm
        parts.append((from_bounds(within, size is not None and not within), "size of the largest lesion"))
    if rule.mass_effect is not None:
        agrees = mass is rule.mass_effect
        parts.append((from_bounds(agrees, mass is not None and not agrees), "mass effect"))
    if rule.good_ecog is not None and rule.poor_ecog is not None:
        good = ecog is not None and ecog <= rule.good_ecog
        parts.append((from_bounds(good, ecog is not None and ecog >= rule.poor_ecog), "performance status"))
    truth = (any_of if rule.any_bound else all_of)([truth for truth, _ in parts])
    open_ = [name for part, name in parts if part is Truth.UNKNOWN] if truth is Truth.UNKNOWN else []
    if rule.judgement is not None and truth is not Truth.NOT_MET:
        truth = Truth.UNKNOWN
        open_.append(rule.judgement)
    return LocalOption(rule, truth, tuple(dict.fromkeys(open_)))
