"""All studies and figures of one knowledge version, read, cross-linked and checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from her2nav.knowledge.citations import source_of
from her2nav.knowledge.conflicts import conflict_file
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.knowledge.studies import (
    MEASURES,
    DrugRow,
    DrugTableFile,
    Figure,
    FigureFile,
    Review,
    ReviewFile,
    Study,
    StudyFile,
)
from her2nav.model.errors import DataError

FOLDER = "studies/"
CONTEXT = "studies/context/"


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of studies.

    Attributes:
        studies: By id, in the order of the files.
        files: The file of each study.
        figures: Numbers that are no result of a treatment.
        reviews: How each source document was made.
        drug_rows: The drug table of a source document.
    """

    studies: dict[str, Study]
    files: dict[str, str]
    figures: tuple[Figure, ...]
    reviews: tuple[Review, ...]
    drug_rows: tuple[DrugRow, ...]

    def find(self, written: str) -> Study | None:
        """Return the study of an id, a name or a registry number."""
        wanted = key(written)
        for study in self.studies.values():
            if wanted in (key(study.id), key(study.name), *(key(number) for number in study.registry)):
                return study
        return None


@lru_cache(maxsize=4)
def library(knowledge: Knowledge) -> Library:
    """Return the studies of a knowledge version.

    Raises:
        DataError: A file does not have its form, an id stands twice, or a name leads nowhere.
    """
    studies: dict[str, Study] = {}
    files: dict[str, str] = {}
    for name in knowledge.bundle.folder(FOLDER):
        if name.startswith(CONTEXT):
            continue
        for study in knowledge.record(name, StudyFile).studies:
            if study.id in studies:
                raise DataError(f"the study '{study.id}' stands twice", file=f"data/{name}")
            studies[study.id], files[study.id] = study, name
    found = Library(
        studies=studies,
        files=files,
        figures=knowledge.record(f"{CONTEXT}figures.yaml", FigureFile).figures,
        reviews=knowledge.record(f"{CONTEXT}reviews.yaml", ReviewFile).reviews,
        drug_rows=knowledge.record(f"{CONTEXT}drug_table.yaml", DrugTableFile).rows,
    )
    for fault in faults(found, knowledge):
        raise DataError(fault, file=f"data/{FOLDER}")
    return found


def faults(found: Library, knowledge: Knowledge) -> Iterator[str]:
    """Yield every name in the studies that leads nowhere."""
    for study in found.studies.values():
        yield from _terms(study, knowledge)
    named = [(study.id, study.tumours) for study in found.studies.values()]
    named += [(figure.id, figure.tumours) for figure in found.figures]
    for record, tumours in named:
        for tumour in tumours:
            if tumour not in knowledge.tumours.types:
                yield f"'{record}' names an unknown tumour type '{tumour}'"
    for name, citation in citations(found):
        if source_of(citation) not in knowledge.sources:
            yield f"'{name}' names an unknown source '{citation}'"
    ids = [figure.id for figure in found.figures]
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"the figure '{one}' stands twice"


def conflict_faults(found: Library, knowledge: Knowledge) -> Iterator[str]:
    """Yield every name in the conflicts that leads nowhere."""
    figures = {figure.id for figure in found.figures}
    seen: set[str] = set()
    for conflict in conflict_file(knowledge).conflicts:
        if conflict.id in seen:
            yield f"the conflict {conflict.id} stands twice"
        seen.add(conflict.id)
        for tumour in conflict.tumours:
            if tumour not in knowledge.tumours.types:
                yield f"{conflict.id} names an unknown tumour type '{tumour}'"
        for claim in conflict.claims:
            for citation in claim.cite:
                if source_of(citation) not in knowledge.sources:
                    yield f"{conflict.id} names an unknown source '{citation}'"
        for fact in conflict.facts:
            kind, _, path = fact.partition(":")
            parts = path.split("/")
            if kind == "study" and not _leads(found, parts):
                yield f"{conflict.id} names an unknown study, arm or part '{fact}'"
            if kind == "figure" and parts[0] not in figures:
                yield f"{conflict.id} names an unknown figure '{fact}'"
            if kind in ("drug", "approval") and parts[0] not in knowledge.drugs.drugs:
                yield f"{conflict.id} names an unknown drug '{fact}'"


ASPECTS = frozenset(
    {"identity", "status", "criteria", "population", "approval", "class", "dose", "regimen", "n", *MEASURES}
)
"""What a fact key may name of a study or of an arm, beside its arms."""


def _leads(found: Library, parts: list[str]) -> bool:
    """True when `mountaineer/combination/orr` is a study, then an arm or an aspect, then an aspect."""
    study = found.studies.get(parts[0])
    if study is None:
        return False
    arms = {arm.id for arm in study.arms}
    return (len(parts) < 2 or parts[1] in arms | ASPECTS) and (len(parts) < 3 or parts[2] in ASPECTS)


def citations(found: Library) -> Iterator[tuple[str, str]]:
    """Yield (id of the record, citation) of everything that is cited."""
    for study in found.studies.values():
        results = (result for arm in study.arms for result in arm.results)
        cited = (*study.cite, *study.rows, *(one for result in results for one in result.cite))
        yield from ((study.id, one) for one in cited)
    yield from ((figure.id, one) for figure in found.figures for one in figure.cite)
    yield from ((review.source, one) for review in found.reviews for one in review.cite)
    yield from ((row.drug, one) for row in found.drug_rows for one in row.cite)


def _terms(study: Study, knowledge: Knowledge) -> Iterator[str]:
    named = (*study.drugs, *(drug for arm in study.arms for drug in arm.drugs or ()))
    for term in named:
        if not knowledge.drugs.is_term(term):
            yield f"'{study.id}' names an unknown drug '{term}'"
