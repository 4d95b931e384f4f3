"""Cross-checks of the shipped data: every id resolves, every fact has a known source, every table is sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.trialfile import trial_leaves
from her2nav.evidence.library import conflict_faults, library
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.model.trial import Trial
from her2nav.testing.rulebook import rulebook

_DRUG_FIELDS = ("drugs", "except_drugs", "together_with", "of", "except_of", "after_drugs")


def check_data(knowledge: Knowledge) -> list[str]:
    """Return one line per fault of the shipped data; nothing when all is well."""
    faults: list[str] = []
    try:
        faults += _references(knowledge)
        faults += _testing(knowledge)
        faults += conflict_faults(library(knowledge), knowledge)
        trials = load_catalogue(knowledge.bundle)
    except DataError as error:
        return [*faults, str(error)]
    seen: set[str] = set()
    for trial in trials:
        name = f"data/trials/{trial.record.nct_id}.yaml"
        if f"trials/{trial.record.nct_id}.yaml" not in knowledge.bundle.files:
            faults.append(f"{name}: the file is not named after its registry id")
        if trial.record.nct_id in seen:
            faults.append(f"{name}: the id stands twice")
        seen.add(trial.record.nct_id)
        faults += [f"{name}: {fault}" for fault in trial_faults(trial, knowledge)]
    return faults


def trial_faults(trial: Trial, knowledge: Knowledge) -> list[str]:
    """Return one line per name of a trial that no vocabulary holds."""
    return list(_trial_faults(trial, knowledge))


def _trial_faults(trial: Trial, knowledge: Knowledge) -> Iterator[str]:
    record = trial.record
    for tumour in record.tumours:
        if tumour not in knowledge.tumours.types:
            yield f"unknown tumour type '{tumour}'"
    for arm in record.arms:
        for drug in arm.drugs:
            if not knowledge.drugs.is_term(drug):
                yield f"arm {arm.id}: unknown drug '{drug}'"
    for name in (record.status.source, record.text_source):
        if name is not None and name not in knowledge.sources:
            yield f"unknown source '{name}'"
    for leaf in trial_leaves(trial):
        yield from (f"{leaf.kind}: {fault}" for fault in _leaf_faults(leaf.kind, leaf.params, knowledge))


def _leaf_faults(kind: str, params: Any, knowledge: Knowledge) -> Iterator[str]:
    for field in _DRUG_FIELDS:
        for term in getattr(params, field, ()):
            if not knowledge.drugs.is_term(term):
                yield f"unknown drug or class '{term}'"
    if kind == "tumour_type":
        for item in (*params.types, *params.except_types):
            if item not in knowledge.tumours.types:
                yield f"unknown tumour type '{item}'"
        for item in (*params.histologies, *params.except_histologies):
            if item not in knowledge.histologies.histologies:
                yield f"unknown histology '{item}'"
    if kind == "metastatic_site":
        for item in params.any_of:
            if knowledge.sites.find(item) != item:
                yield f"unknown site '{item}'"


def _testing(knowledge: Knowledge) -> Iterator[str]:
    """Rules of testing name known tumours, drugs, genes and sources; names among themselves are checked when read."""
    book = rulebook(knowledge)
    for condition, leaf in book.leaves():
        yield from (f"data/testing: {condition}: {fault}" for fault in _leaf_faults(leaf.kind, leaf.params, knowledge))
    for rule in book.rules:
        for gene in rule.settled.genes if rule.settled else ():
            if knowledge.genes.find(gene) != gene:
                yield f"data/testing: {rule.id}: unknown gene '{gene}'"
    for name, source in book.sources():
        if source not in knowledge.sources:
            yield f"data/testing: {name}: unknown source '{source}'"


def _references(knowledge: Knowledge) -> Iterator[str]:
    """Drugs, tumours and rules name known classes, payloads and sources."""
    for drug in knowledge.drugs.drugs.values():
        if drug.payload and drug.payload.payload_class not in knowledge.drugs.classes:
            yield f"drug {drug.id}: unknown payload class '{drug.payload.payload_class}'"
        for item in drug.classes:
            if item not in knowledge.drugs.classes:
                yield f"drug {drug.id}: unknown class '{item}'"
        for line in drug.provenance:
            if line.source not in knowledge.sources:
                yield f"drug {drug.id}: unknown source '{line.source}'"
    for regimen in knowledge.drugs.regimens.values():
        for term in (*regimen.drugs, *(one for choice in regimen.either for one in choice.split("/"))):
            if not knowledge.drugs.is_term(term):
                yield f"regimen {regimen.id}: unknown drug '{term}'"
    for tumour in knowledge.tumours.types.values():
        if tumour.histology is not None and tumour.histology not in knowledge.histologies.histologies:
            yield f"tumour type {tumour.id}: unknown histology '{tumour.histology}'"
        for line in tumour.provenance:
            if line.source not in knowledge.sources:
                yield f"tumour type {tumour.id}: unknown source '{line.source}'"
    for line in knowledge.line_rules.provenance:
        if line.source not in knowledge.sources:
            yield f"line rules: unknown source '{line.source}'"
