"""One dictionary of every name that criteria use: the vocabularies of `data/` and the reader's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import BodySite
from her2nav.language.dictionary import Dictionary
from her2nav.model.base import Frozen
from her2nav.model.values import Several

TABLE = "criteria/reading_terms.csv"
_WORDS = frozenset(
    {
        "other",
        "general",
        "age",
        "weight",
        "sex",
        "any",
        "all",
        "tx",  # treatment, or transplant, far oftener than a taxane with capecitabine
        "none",
        "in",
        "as",
        "or",
        "is",
        "it",
        "at",
        "no",
        "ms",
        "pt",
        "ac",
        "ec",
        "th",
        "tp",
        "ph",
        "mg",
        "na",
        "local",
        "laboratory",
    }
)
"""Names that are words of every sentence, so that they name nothing."""


_OF_TREATMENT = ("platinum-", "platinum ")
"""Words in front of a cancer that say what treatment did to it: these are a demand of their own."""


class ReadingTerm(Frozen):
    """A row of `data/criteria/reading_terms.csv`: ways to write a thing that no other vocabulary names."""

    category: str
    id: str
    names: Several[str]
    """Names, parted by a bar."""
    conditions: Several[str] = ()
    """Conditions of the vocabulary whose names, and those of all narrower ones, belong here too."""


@lru_cache(maxsize=2)
def dictionary(knowledge: Knowledge) -> Dictionary:
    """Return the dictionary of all vocabularies; its categories are theirs and those of `reading_terms.csv`."""
    return Dictionary(_entries(knowledge))


def _entries(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    drugs = knowledge.drugs
    for drug in drugs.drugs.values():
        names = [drug.id, drug.name, *drug.names]
        for brand in drug.brands:
            names += [brand.name] + ([drug.name + brand.suffix] if brand.suffix else [])
        yield from (("drug", name, drug.id) for name in names)
    for regimen in drugs.regimens.values():
        yield from (
            ("regimen", name, regimen.id) for name in (regimen.id, *regimen.names) if name.lower() not in _WORDS
        )
    for sites in knowledge.table("vocabularies/body_sites.csv", BodySite):
        names = [sites.id, sites.name, *sites.names]
        yield from (("site", name, sites.id) for name in names if name.lower() not in _WORDS)
    for gene in knowledge.genes.genes.values():
        yield from (("gene", name, gene.symbol) for name in (gene.symbol, *gene.names))
    genes = frozenset(name.lower() for gene in knowledge.genes.genes.values() for name in (gene.symbol, *gene.names))
    for category, rows in _named(knowledge):
        for row in rows:
            names = [row.id.replace("_", " "), row.name, *row.names]
            yield from (
                (category, name, row.id)
                for name in names
                if name.lower() not in _WORDS
                and not _changes_a_gene(name.lower(), genes)
                and not (category == "tumour" and name.lower().startswith(_OF_TREATMENT))
            )
    for term in knowledge.table(TABLE, ReadingTerm):
        yield from ((term.category, name, term.id) for name in term.names)
        for wider in term.conditions:
            for narrower in knowledge.conditions.narrower(wider):
                row = knowledge.conditions.conditions[narrower]
                yield from ((term.category, name, term.id) for name in (row.id.replace("_", " "), row.name, *row.names))


def _changes_a_gene(name: str, genes: frozenset[str]) -> bool:
    """Whether a name says that a gene is mutated: in a criterion that is a biomarker, in a list of diagnoses a disease."""
    return name.split()[0] in genes and "mutation" in name


def _named(knowledge: Knowledge) -> Iterator[tuple[str, Iterable[Any]]]:
    """Vocabularies whose rows have an id, a name and further names."""
    yield "drug", knowledge.drugs.classes.values()
    yield "condition", knowledge.conditions.conditions.values()
    yield "tumour", knowledge.tumours.types.values()
    yield "histology", knowledge.histologies.histologies.values()
    yield "toxicity", knowledge.toxicities.terms.values()
    yield "variable", knowledge.variables.variables.values()
    yield "technique", knowledge.techniques.techniques.values()
    yield "medication", knowledge.medication_classes.classes.values()
    yield "substance", knowledge.substances.substances.values()
