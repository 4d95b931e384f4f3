"""`criteria`: an eligibility text as a tree, as the flat attribute view, and how much of a store is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, get_args

import her2nav
from her2nav.app.session import system_today
from her2nav.criteria.coverage import Coverage
from her2nav.criteria.reader import READER, ReadText, reader
from her2nav.criteria.view import attribute_view
from her2nav.kinds.forms import write
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.model.errors import InputError
from her2nav.model.registry_trial import Eligibility, RegistryTrial
from her2nav.model.tree import Node, children, leaves
from her2nav.model.trial import Arm, Criterion, Her2Category, Trial
from her2nav.registry.read import Damage, read_records

_BATCH = 200


@dataclass(frozen=True, slots=True)
class CriteriaAnswer:
    """A text read.

    Attributes:
        trial: The record it comes from; a bare text has one with nothing else.
        read: Criteria and outline.
        attributes: The flat view.
    """

    trial: RegistryTrial
    read: ReadText
    attributes: dict[str, Any]


def read_criteria(knowledge: Knowledge, trial: RegistryTrial) -> CriteriaAnswer:
    """Read the criteria of a record."""
    from her2nav.criteria.trial import tumour_types

    tumours = tumour_types(trial, knowledge) or ()
    read = reader(knowledge).read(trial.eligibility.text or "", tumours)
    eligibility = trial.eligibility
    fields = {
        "age_min": _whole(eligibility.age_min_years),
        "age_max": _whole(eligibility.age_max_years),
        "sex": eligibility.sex,
        "conditions": list(trial.conditions),
        "title": trial.official_title or trial.title,
    }
    nct_id = trial.nct_id or None
    return CriteriaAnswer(trial, read, attribute_view(read, nct_id, fields))


def _whole(years: float | None) -> int | None:
    return int(years) if years is not None else None


def record_of(path: Path) -> RegistryTrial:
    """Return the one record of a file.

    Raises:
        InputError: It holds none, or several.
    """
    found: list[RegistryTrial] = []
    reason = "it holds no registry record"
    for item in islice(read_records([path]), 2):
        if isinstance(item, Damage):
            reason = item.reason
        else:
            found.append(item.trial)
    if len(found) != 1:
        raise InputError(
            "several records" if found else reason, file=str(path), allowed="one registry record: JSON, XML or a row"
        )
    return found[0]


def stored(folder: Path | None, nct_id: str) -> RegistryTrial:
    """Return a trial of the registry store, the default one if no folder is named.

    Raises:
        Her2NavError: There is no store, or it has no such trial.
    """
    from her2nav.store.reading import StoreReader

    with StoreReader(folder) as store:
        return store.trial(nct_id.strip().upper())


def text_record(text: str) -> RegistryTrial:
    """Return a record that states nothing but an eligibility text."""
    return RegistryTrial("", "text", eligibility=Eligibility(text=text))


def draft_of(knowledge: Knowledge, trial: RegistryTrial) -> str:
    """Return a trial file in YAML with the criteria as the reader has them, for a curator to correct.

    Raises:
        InputError: The record has no registry id, which names the file.
    """
    from her2nav.catalogue.draft import draft_yaml
    from her2nav.criteria.trial import read_trial

    if not trial.nct_id:
        raise InputError("a draft needs the trial's registry id", allowed="NCT_ID or --file RECORD")
    found, _ = read_trial(trial, reader(knowledge), knowledge, trial.current_on or system_today())
    record = found.record.model_copy(update=_record_of(trial, found, knowledge))
    return draft_yaml(replace(found, record=record), trial.eligibility.text or "")


def _record_of(trial: RegistryTrial, found: Trial, knowledge: Knowledge) -> dict[str, Any]:
    """Fields of the entry that the record states or its leaves suggest."""
    countries = {knowledge.countries.find(site.country) for site in trial.sites if site.country}
    drugs = (knowledge.drugs.resolve(item.name) for item in trial.interventions)
    named = [drug for names in drugs if names.known and not names.ambiguous for drug in names.drugs]
    arms = found.record.arms
    if named and not arms:
        arms = (
            Arm(
                id="single",
                label=", ".join(item.name for item in trial.interventions),
                drugs=tuple(dict.fromkeys(named)),
            ),
        )
    every = [item for criterion in found.criteria for item in leaves(criterion.node)]
    statuses = [option.status for item in every if item.kind == "her2_status" for option in item.params.any_of]
    return {
        "countries": tuple(sorted(code for code in countries if code and len(code) == 2)),
        "arms": arms,
        "her2": tuple(dict.fromkeys(status for status in statuses if status in get_args(Her2Category))),
    }


def criteria_json(knowledge: Knowledge, answer: CriteriaAnswer) -> dict[str, Any]:
    """Return the answer in the form of the `criteria` command's JSON."""
    return {
        "nct_id": answer.trial.nct_id or None,
        "tree": [criterion_form(criterion) for criterion in answer.read.criteria],
        "scopes": list(answer.read.scopes),
        "attributes": answer.attributes,
        "versions": {
            "her2nav": her2nav.__version__,
            "knowledge": knowledge.version,
            "reader": READER,
            "snapshot": None,
        },
    }


def criterion_form(criterion: Criterion) -> dict[str, Any]:
    """Return one criterion as plain data: the form of the trial files, with the rule behind every leaf."""
    rules = [
        {"kind": item.kind, "rule": item.rule, "span": list(item.span) if item.span else None}
        for item in leaves(criterion.node)
    ]
    return {
        "id": criterion.id,
        "role": criterion.role.value,
        "section": criterion.section,
        "scope": list(criterion.scope) or None,
        "span": list(criterion.span) if criterion.span else None,
        "text": criterion.text,
        "rule": write(criterion.node),
        "read_by": rules,
    }


def outline_of(node: Node) -> Iterator[tuple[int, Node]]:
    """Yield the nodes of a tree with their depth, from the top."""
    stack = [(0, node)]
    while stack:
        depth, item = stack.pop()
        yield depth, item
        stack += [(depth + 1, part) for part in reversed(children(item))]


def coverage_of(
    trials: Iterable[RegistryTrial], *, processes: int | None = None, progress: Callable[[int], None] | None = None
) -> Coverage:
    """Read the criteria of many trials on all cores and count what was read.

    Args:
        trials: The trials; those without a text are left out.
        processes: How many; None: all cores. 1 stays in this process.
        progress: Told how many are done.
    """
    texts = (trial.eligibility.text for trial in trials if trial.eligibility.text)
    total = Coverage()
    workers = processes or os.cpu_count() or 1
    if workers == 1:
        for batch in _batches(texts):
            total.merge([_count(batch)])
            _tell(progress, total)
        return total
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_count, _batches(texts)):
            total.merge([part])
            _tell(progress, total)
    return total


def _tell(progress: Callable[[int], None] | None, total: Coverage) -> None:
    if progress is not None:
        progress(total.trials)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(texts)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _count(texts: list[str]) -> Coverage:
    found = reader(load_knowledge())
    coverage = Coverage()
    for text in texts:
        coverage.add(found.read(text))
    return coverage
