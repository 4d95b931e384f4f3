"""What the registry is asked for, built from the program's own vocabularies and the words of an option.

Nothing of a patient can get into a query.

There is no filter by age or phase: `filter.phase` does not exist, and a range of ages loses every trial whose upper age
is open unless MISSING is asked for too. Such questions are answered from the store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError, ValueProblem
from her2nav.registry.sync_settings import GeneQuery, SyncSettings

HER2 = "her2"
ONCOLOGY = "oncology"
_CONDITION = "condition:"
_WORD = re.compile(r"[^\W_]+")
_LONGEST_CONDITION = 100


@dataclass(frozen=True, slots=True)
class ApiQuery:
    """One question to the registry, kept up to date by later syncs.

    Attributes:
        id: `her2`, `oncology`, or `condition:` and its words.
        label: For people.
        params: The registry's parameters.
    """

    id: str
    label: str
    params: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Changes when another question is asked under the same id: then all its pages are read again."""
        return hashlib.sha256(
            "\0".join(f"{key}={self.params[key]}" for key in sorted(self.params)).encode()
        ).hexdigest()


def query_of(identifier: str, knowledge: Knowledge, settings: SyncSettings) -> ApiQuery:
    """Return the query of an id.

    Raises:
        ValueProblem: The words of a condition cannot be asked.
        DataError: The expression is longer than the registry takes.
    """
    if identifier == HER2:
        expression = gene_expression(settings.her2, knowledge)
        query = ApiQuery(HER2, settings.her2.label, {"query.term": expression})
    elif identifier == ONCOLOGY:
        query = ApiQuery(ONCOLOGY, settings.oncology.label, {"query.cond": any_of(settings.oncology.words)})
    else:
        query = _condition(identifier.removeprefix(_CONDITION), knowledge)
    if any(len(value) > settings.service.longest_expression for value in query.params.values()):
        raise DataError(
            f"the query for {query.label} is longer than the registry takes", file="data/registry/sync.yaml"
        )
    return query


def condition_id(written: str, knowledge: Knowledge) -> str:
    """Return the id of a condition's query: a tumour type of ours, or the words themselves.

    Raises:
        ValueProblem: No words, or too many.
    """
    tumour = knowledge.tumours.find(written)
    if tumour is not None:
        return _CONDITION + tumour
    words = " ".join(_WORD.findall(written)).lower()
    if not words or len(words) > _LONGEST_CONDITION:
        raise ValueProblem(
            f"'{written[:40]}' cannot be asked for",
            place="--condition",
            allowed=f"the name of a disease, at most {_LONGEST_CONDITION} letters",
        )
    return _CONDITION + words


def gene_expression(wanted: GeneQuery, knowledge: Knowledge) -> str:
    """Return the expression for genes by every spelling and for the drugs of some classes by every name."""
    spellings = list(wanted.spellings)
    for symbol in wanted.genes:
        gene = knowledge.genes.genes[symbol]
        spellings += [gene.symbol, *gene.names]
    drugs = sorted({drug for name in wanted.drug_classes for drug in knowledge.drugs.members(name)})
    names = [
        name
        for drug in drugs
        for item in [knowledge.drugs.drugs[drug]]
        for name in (item.name, *item.names, *(brand.name for brand in item.brands))
    ]
    not_asked = {item.casefold() for item in wanted.not_asked}
    genes = any_of(name for name in spellings if name.casefold() not in not_asked)
    medicines = any_of(name for name in names if len(name) > 3)
    parts = [f"AREA[{area}]{genes}" for area in wanted.gene_areas]
    parts += [f"AREA[{area}]{medicines}" for area in wanted.drug_areas]
    return " OR ".join(parts)


def any_of(names: Iterable[str]) -> str:
    """Return an expression for any of some names; a name that holds another one adds nothing and is left out.

    >>> any_of(["trastuzumab", "Trastuzumab-dkst", "T-DM1"])
    '("T-DM1" OR "trastuzumab")'
    """
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        words = tuple(word.casefold() for word in _WORD.findall(name))
        if words:
            found.setdefault(words, " ".join(name.replace('"', " ").split()))
    kept = [name for words, name in found.items() if not _holds_another(words, found)]
    return "(" + " OR ".join(f'"{name}"' for name in sorted(kept, key=str.casefold)) + ")"


def _holds_another(words: tuple[str, ...], others: Mapping[tuple[str, ...], str]) -> bool:
    lengths = range(1, len(words))
    return any(words[at : at + size] in others for size in lengths for at in range(len(words) - size + 1))


def _condition(name: str, knowledge: Knowledge) -> ApiQuery:
    if name in knowledge.tumours.types:
        inside = sorted(knowledge.tumours.narrower(name))
        names = [word for item in inside for word in (knowledge.tumours.types[item].name,)]
        names += [*knowledge.tumours.types[name].names, knowledge.tumours.types[name].plain_name]
        return ApiQuery(_CONDITION + name, knowledge.tumours.types[name].name, {"query.cond": any_of(names)})
    return ApiQuery(_CONDITION + name, name, {"query.cond": any_of([name])})


def updated_since(query: ApiQuery, day: date | None) -> dict[str, str]:
    """Return the parameters of a query, for records updated on a day or later."""
    if day is None:
        return dict(query.params)
    return {**query.params, "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{day.isoformat()},MAX]"}
