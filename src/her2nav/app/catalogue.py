"""The catalogue without a patient: lists, counts, exchange as CTML, and curated trees against read ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml

import her2nav
from her2nav.app.criteria import record_of
from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.queries import Question, counts, excluded_most, find
from her2nav.catalogue.text import text_sha256
from her2nav.criteria.comparison import Comparison
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import tumour_types
from her2nav.exchange.ctml import Loss, to_ctml
from her2nav.exchange.ctml_import import CtmlTrial, from_ctml
from her2nav.exchange.ctml_names import ctml_names
from her2nav.files.jsonfile import parse_record
from her2nav.files.reading import read_text
from her2nav.files.writing import write_whole
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.trial import Her2Category, Trial, TrialSetting
from her2nav.registry.read import Damage, read_records
from her2nav.report.curation_page import curation_page

SETTINGS: tuple[str, ...] = get_args(TrialSetting)
HER2: tuple[str, ...] = get_args(Her2Category)
_WIDTH = 118


def question_of(
    knowledge: Knowledge,
    tumours: Iterable[str],
    her2: Iterable[str],
    settings: Iterable[str],
    drugs: Iterable[str],
    open_only: bool,
) -> Question:
    """Return a question with every name looked up.

    Raises:
        InputError: A name that nothing is called by, with what is allowed.
    """
    return Question(
        tumours=tuple(_tumour(name, knowledge) for name in tumours),
        her2=tuple(_one_of(name, HER2, "HER2 category") for name in her2),
        settings=tuple(_one_of(name, SETTINGS, "setting") for name in settings),
        drugs=tuple(term for name in drugs for term in _drug(name, knowledge)),
        open_only=open_only,
    )


def _tumour(written: str, knowledge: Knowledge) -> str:
    found = knowledge.tumours.find(written)
    if found is None:
        near = ", ".join(knowledge.tumours.nearest(written)) or "a tumour type"
        raise InputError(f"unknown tumour type '{written}'", allowed=near)
    return found


def _drug(written: str, knowledge: Knowledge) -> tuple[str, ...]:
    names = knowledge.drugs.resolve(written)
    if not names.known or names.ambiguous:
        raise InputError(f"unknown drug or class '{written}'", allowed=", ".join(names.nearest) or "a drug or a class")
    return (*names.drugs, *names.classes)


def _one_of(written: str, allowed: tuple[str, ...], what: str) -> str:
    if written not in allowed:
        raise InputError(f"unknown {what} '{written}'", allowed=", ".join(allowed))
    return written


def trials_json(knowledge: Knowledge, question: Question, today: date) -> dict[str, Any]:
    """Return the trials that are meant, counts over them, and what they exclude most."""
    trials = find(load_catalogue(knowledge.bundle), question, knowledge)
    return {
        "trials": [_row(trial, today, knowledge.words.status_age_limit_days) for trial in trials],
        "counts": {name: dict(counter.most_common()) for name, counter in counts(trials).items()},
        "excluded_most": [asdict(demand) for demand in excluded_most(trials)[:40]],
        "versions": {"knowledge": knowledge.version},
    }


def _row(trial: Trial, today: date, limit: int) -> dict[str, Any]:
    record = trial.record
    return {
        "nct_id": record.nct_id,
        "title": record.title,
        "phase": list(record.phase),
        "tumours": list(record.tumours),
        "her2": list(record.her2),
        "setting": list(record.setting),
        "drugs": sorted({drug for arm in record.arms for drug in arm.drugs}),
        "countries": list(record.countries),
        "status": record.status.value.value,
        "status_date": record.status.date.isoformat(),
        "status_age_days": (today - record.status.date).days,
        "status_limit_days": limit,
        "source": record.text_source or record.status.source,
        "curation": record.curation,
        "review": record.review.state,
        "criteria": len(trial.criteria),
    }


def curated(knowledge: Knowledge, nct_id: str) -> Trial:
    """Return one trial of the catalogue.

    Raises:
        InputError: It is not there.
    """
    for trial in load_catalogue(knowledge.bundle):
        if trial.record.nct_id == nct_id.strip().upper():
            return trial
    raise InputError(f"{nct_id} is not in the catalogue", allowed="her2nav catalogue list shows what is")


def ctml_of(knowledge: Knowledge, nct_id: str) -> tuple[str, list[Loss]]:
    """Return a trial of the catalogue as CTML in YAML, and what of it CTML does not hold."""
    document, losses = to_ctml(curated(knowledge, nct_id), ctml_names(knowledge))
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_WIDTH), losses


def import_ctml(knowledge: Knowledge, path: Path, out: Path | None, today: date) -> tuple[str, CtmlTrial]:
    """Read a CTML file as a trial file and, where a path is given, write it whole or not at all.

    Raises:
        Her2NavError: The file cannot be read, or is no CTML.
    """
    text, name = read_text(path)
    document = parse_record(text, name)
    found = from_ctml(document.data, name, knowledge, ctml_names(knowledge), today)
    written = yaml.safe_dump(found.record, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None)
    if out is not None:
        write_whole(out, [written])
    return written, found


def compare_trees(knowledge: Knowledge, records: Iterable[RegistryTrial]) -> Comparison:
    """Read the texts of the catalogue's trials and hold the trees against the curated ones.

    Args:
        knowledge: Facts and vocabularies.
        records: Registry records; those that are not in the catalogue, or whose text was not the one curated, are
            left aside.
    """
    trials = {trial.record.nct_id: trial for trial in load_catalogue(knowledge.bundle)}
    found = Comparison()
    for record in records:
        trial = trials.get(record.nct_id)
        text = record.eligibility.text
        if trial is None or not text or text_sha256(text) != trial.record.text_sha256:
            continue
        del trials[record.nct_id]
        read = reader(knowledge).read(text, tumour_types(record, knowledge) or ())
        found.add(record.nct_id, [item for item in trial.criteria if item.section != "registry"], read.criteria)
    return found


def records_of(paths: Sequence[Path]) -> Iterator[RegistryTrial]:
    """Yield the records of files, or those of the store where no file is named; damaged ones are passed over."""
    if not paths:
        from her2nav.store.reading import StoreReader

        with StoreReader() as store:
            yield from store.trials()
        return
    for item in read_records(list(paths)):
        if not isinstance(item, Damage):
            yield item.trial


def write_form(knowledge: Knowledge, nct_id: str, record: Path, out: Path) -> bool:
    """Write the curation form of a trial; return whether the text differs from the one that was curated.

    Raises:
        Her2NavError: The trial is not in the catalogue, the record cannot be read, or the page cannot be written.
    """
    trial = curated(knowledge, nct_id)
    text = record_of(record).eligibility.text
    if not text:
        raise InputError("the record holds no eligibility text", file=str(record))
    versions = {"her2nav": her2nav.__version__, "knowledge": knowledge.version, "reader": None}
    write_whole(out, [curation_page(trial, text, knowledge, versions)])
    return trial.record.text_sha256 != text_sha256(text)
