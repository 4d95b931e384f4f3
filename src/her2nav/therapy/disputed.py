"""Where the sources disagree on what an answer shows: `data/conflicts.yaml` asked with the keys of the facts shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from her2nav.evidence.library import library
from her2nav.facts.case import Case
from her2nav.facts.variants import reported_variants
from her2nav.knowledge.citations import touches
from her2nav.knowledge.conflicts import Conflict, by_severity, conflicts_for
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany
from her2nav.therapy.options import Advice, Category, Option

FILE = "approvals/shown_facts.yaml"
_TITLE = " study"
"""How the title of a source ends that is a study and nothing else."""


class ShownFacts(Frozen):
    """`approvals/shown_facts.yaml`: patterns of fact keys by what is shown."""

    label: OneOrMany[str]
    agnostic_label: OneOrMany[str]
    study: OneOrMany[str]
    study_not_shown: OneOrMany[str]
    """Last parts of the keys of studies that no option shows."""
    variant: OneOrMany[str]
    guideline: OneOrMany[str]
    brain: OneOrMany[str]
    ctdna: OneOrMany[str]
    safety: OneOrMany[str]


def shown_facts(knowledge: Knowledge) -> ShownFacts:
    """Return the table of patterns.

    Raises:
        DataError: The file does not have its form.
    """
    return knowledge.record(FILE, ShownFacts)


def disputed_options(advice: Advice) -> tuple[Conflict, ...]:
    """Return the contradictions that touch what the options show, the gravest first.

    Options that are not suitable are left out: nothing of them is offered.
    """
    return _found(advice.case, _option_keys(advice))


def disputed_safety(case: Case, drugs: Iterable[str]) -> tuple[Conflict, ...]:
    """Return the contradictions that touch the safety of these drugs, the gravest first."""
    ontology, patterns = case.knowledge.drugs, shown_facts(case.knowledge)
    terms = sorted({term for drug in drugs if drug in ontology.drugs for term in ontology.terms_of(drug)} | set(drugs))
    return _found(case, _filled(patterns.safety, drug=terms))


def _found(case: Case, keys: Iterable[str]) -> tuple[Conflict, ...]:
    wanted, hidden = tuple(dict.fromkeys(keys)), set(shown_facts(case.knowledge).study_not_shown)
    return tuple(
        one
        for one in by_severity(conflicts_for(case.knowledge, wanted, case.tumour_id))
        if any(_shown(fact, wanted, hidden) for fact in one.facts)
    )


def _shown(fact: str, keys: Iterable[str], hidden: set[str]) -> bool:
    if fact.startswith("study:") and fact.rpartition("/")[2] in hidden:
        return False
    return any(touches(key, fact) for key in keys)


def _option_keys(advice: Advice) -> Iterator[str]:
    case, patterns = advice.case, shown_facts(advice.case.knowledge)
    tumours = _tumours(case)
    offered = [one for one in advice.options if one.category is not Category.NOT_SUITABLE]
    for option in offered:
        item = option.approval
        lead = patterns.agnostic_label if item.scope == "agnostic" else patterns.label
        yield from _filled(lead, drug=item.key_drugs, part=[*_tumour_gates(option), *tumours])
        named = [case.knowledge.sources[one].title for one in item.pivotal if one in case.knowledge.sources]
        yield from _filled(patterns.study, study=_studies(case, named))
    if any(one.approval.standing == "guideline" for one in offered):
        yield from _filled(patterns.guideline, part=tumours)
    short = [item.call.short or item.text for item in reported_variants(case)]
    yield from _filled(patterns.variant, variant=[name.replace(" ", "_") for name in short])
    if advice.brain.present is Truth.MET:
        yield from _filled(patterns.brain, drug=[drug for one in offered for drug in one.approval.key_drugs])
        yield from _filled(patterns.study, study=_studies(case, (one.study for one in advice.brain.intracranial)))
    if advice.ctdna:
        yield from patterns.ctdna


def _filled(patterns: Iterable[str], **values: Iterable[str]) -> Iterator[str]:
    """Yield every pattern with each value of its placeholders."""
    for pattern in patterns:
        keys = [pattern]
        for name, options in values.items():
            mark = f"{{{name}}}"
            if mark in pattern:
                keys = [key.replace(mark, value) for key in keys for value in options]
        yield from (key for key in keys if "{" not in key)


def _tumour_gates(option: Option) -> list[str]:
    return [gate.gate.id for gate in option.label.gates if gate.gate.about == "tumour"]


def _tumours(case: Case) -> list[str]:
    return sorted(case.knowledge.tumours.wider(case.tumour_id)) if case.tumour_id is not None else []


def _studies(case: Case, names: Iterable[str]) -> list[str]:
    """Return the ids of the studies of these names that are held."""
    held = library(case.knowledge)
    return [study.id for name in names if (study := held.find(name.removesuffix(_TITLE))) is not None]
