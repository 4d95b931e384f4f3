"""Every name that a note may use, in one automaton: the shipped vocabularies and the shorthand of notes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from her2nav.intake.notes.phrases import Phrases
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Dictionary, Hit, Term
from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance


class Word(Frozen):
    """A row of `intake/words.csv`: shorthand for an entry of another vocabulary."""

    category: str
    id: str
    names: tuple[str, ...] = ()


class Section(Frozen):
    """A row of `intake/sections.csv`: headings of one kind of section; `bare` ones need no colon."""

    id: str
    names: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


class Cue(Frozen):
    """A row of `intake/cues.csv`."""

    kind: str
    words: tuple[str, ...] = ()


class LanguageRow(Frozen):
    """A row of `intake/languages.csv`: common words of a language, and the words by which it denies or doubts."""

    id: str
    name: str
    script: str
    common: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    """Words that tell the language of a whole note; a line of a mixed note may hold them and be read all the same."""
    negations: tuple[str, ...] = ()


class Place(Frozen):
    """A row of `vocabularies/places.csv`, as far as it is needed here."""

    city: str
    state: str = ""
    country: str
    latitude: str
    longitude: str


class State(Frozen):
    """A row of `vocabularies/us_states.csv`."""

    code: str
    name: str


class FieldRules(Frozen):
    """`intake/fields.yaml`."""

    fixed: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()


class CourseWindows(Frozen):
    """`intake/course_windows.yaml`: days within which two things of one story go together; they only narrow."""

    before_operation: int
    after_operation: int
    found_together: int
    goes_on: int
    pause: int
    provenance: tuple[Provenance, ...]


class Differentiation(Frozen):
    """A row of `intake/grades.csv`: the grade of a tumour that is told in words."""

    word: str
    grade: int
    source: str
    locator: str
    checked_on: str
    confidence: str


class RegimenOfTumour(Frozen):
    """A row of `intake/regimens_by_tumour.csv`: what letters that are open elsewhere mean in one tumour."""

    regimen: str
    tumour: str
    means: str
    source: str
    locator: str
    checked_on: str
    confidence: str


class LabEffect(Frozen):
    """A row of `intake/lab_effects.csv`: the side effect that a graded blood test is."""

    variable: str
    toxicity: str
    source: str
    locator: str
    checked_on: str
    confidence: str


class LabUnit(Frozen):
    """A row of `intake/lab_units.csv`: a value between `low` and `high` that names no unit is in this one."""

    variable: str
    unit: str
    style: str
    low: float
    high: float
    source: str
    locator: str
    checked_on: str
    confidence: str


_SHORT_LOWER = frozenset(
    ["tuc", "pmab", "cmab", "tras", "pani", "dex", "bev", "cape", "carbo", "gem", "palbo", "ribo", "abema", "pembro", "pem", "tam", "nivo", "oxali", "cetux", "alb", "plt", "plts", "hb", "hgb", "cr", "alt", "ast", "bili", "creat", "alp", "wcc", "wbc", "anc", "inr", "ldh", "crcl", "her2", "idc", "ilc", "ca", "er", "pr", "nst", "lns", "ln", "ggt", "htn", "copd", "t-dxd", "tdxd", "t-dm1", "bone", "lung", "skin", "eye", "rib", "node", "liver", "brain"]
)  # fmt: skip


class Vocabulary:
    """Names, cues and headings for the reading of notes."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.dictionary = Dictionary(_entries(knowledge))
        self._kinds: dict[int, tuple[tuple[Term, ...], frozenset[str]]] = {}

    @cached_property
    def cues(self) -> tuple[Phrases, dict[str, frozenset[str]]]:
        """All cues, and the kinds that each phrase belongs to."""
        kinds: dict[str, list[str]] = {}
        for row in self.knowledge.table("intake/cues.csv", Cue):
            for word in row.words:
                kinds.setdefault(word.lower(), []).append(row.kind)
        return Phrases(kinds, borders=True), {word: frozenset(found) for word, found in kinds.items()}

    @cached_property
    def headings(self) -> tuple[dict[str, str], frozenset[str]]:
        """Headings to section ids; headings that stand without a colon."""
        rows = self.knowledge.table("intake/sections.csv", Section)
        return {n: row.id for row in rows for n in row.names}, frozenset(name for row in rows for name in row.bare)

    @cached_property
    def languages(self) -> tuple[LanguageRow, ...]:
        """Languages that are told apart from English."""
        return tuple(self.knowledge.table("intake/languages.csv", LanguageRow))

    @cached_property
    def rules(self) -> FieldRules:
        """How differing values are treated."""
        return self.knowledge.record("intake/fields.yaml", FieldRules)

    @cached_property
    def windows(self) -> CourseWindows:
        """Days within which a course goes with an operation, and metastases with the primary."""
        return self.knowledge.record("intake/course_windows.yaml", CourseWindows)

    @cached_property
    def grades(self) -> dict[str, int]:
        """Grades of tumours by the word for their differentiation."""
        return {row.word: row.grade for row in self.knowledge.table("intake/grades.csv", Differentiation)}

    @cached_property
    def regimens_of(self) -> dict[tuple[str, str], str]:
        """The regimen that letters mean in a tumour, by both."""
        rows = self.knowledge.table("intake/regimens_by_tumour.csv", RegimenOfTumour)
        return {(row.regimen, row.tumour): row.means for row in rows}

    @cached_property
    def lab_effects(self) -> dict[str, str]:
        """Side effects by the blood test whose name stands for them in a list of grades."""
        return {row.variable: row.toxicity for row in self.knowledge.table("intake/lab_effects.csv", LabEffect)}

    @cached_property
    def lab_units(self) -> dict[str, list[LabUnit]]:
        """Units of values that name none, by variable."""
        found: dict[str, list[LabUnit]] = {}
        for row in self.knowledge.table("intake/lab_units.csv", LabUnit):
            found.setdefault(row.variable, []).append(row)
        return found

    @cached_property
    def companions(self) -> frozenset[str]:
        """Drugs that are no anticancer drugs and are part of a regimen of such, for example leucovorin."""
        ontology = self.knowledge.drugs
        parts = {one for row in ontology.regimens.values() for one in row.drugs if one in ontology.drugs}
        return frozenset(one for one in parts if "systemic_therapy" not in ontology.possible_terms_of(one))

    @cached_property
    def states(self) -> frozenset[str]:
        """Codes of the states that follow the names of towns."""
        return frozenset(row.code for row in self.knowledge.table("vocabularies/us_states.csv", State))

    @cached_property
    def state_codes(self) -> dict[str, str]:
        """Codes of the states of the United States, by their names."""
        return {row.name: row.code for row in self.knowledge.table("vocabularies/us_states.csv", State)}

    @cached_property
    def _cities(self) -> frozenset[tuple[str, str]]:
        states, rows = self.state_codes, self.knowledge.table("vocabularies/places.csv", Place)
        return frozenset((_town(row.city), states[row.state]) for row in rows if row.state in states)

    def city(self, written: str, state: str) -> str | None:
        """Return the town at the end of some words, where the state has such a town."""
        parts = written.split()
        for i in range(len(parts)):
            name = " ".join(parts[i:])
            if (_town(name), state) in self._cities:
                return name
        return None

    @cached_property
    def _towns(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (_town(row.city), row.country) for row in self.knowledge.table("vocabularies/places.csv", Place)
        )

    def town(self, written: str, country: str) -> str | None:
        """Return the town at the end of some words, where the country has such a town."""
        parts = written.split()
        for i in range(len(parts)):
            name = " ".join(parts[i:])
            if (_town(name), country) in self._towns:
                return name
        return None

    def country_of(self, town: str) -> str | None:
        """Return the only country that has a town of this name."""
        found = {country for name, country in self._towns if name == _town(town)}
        return found.pop() if len(found) == 1 else None

    def kinds_of(self, terms: tuple[Term, ...]) -> frozenset[str]:
        """Return the vocabularies that a name belongs to; the dictionary gives the same tuple for the same name."""
        known = self._kinds.get(id(terms))
        if known is None or known[0] is not terms:
            known = self._kinds[id(terms)] = (terms, frozenset(term.category for term in terms))
        return known[1]

    def find(self, plain: str, text: str) -> list[Hit]:
        """Return the names in a text; a short abbreviation counts only as it is usually written."""
        return [
            hit
            for hit in self.dictionary.hits(plain)
            if _written_so(text[hit.start : hit.end]) and text[hit.start - 1 : hit.end + 1] != _RISK_FLAG
        ]


_RISK_FLAG = "(HCC)"
"""The flag of a hierarchical condition category behind a problem, which is no hepatocellular carcinoma."""


def _town(name: str) -> str:
    return name.casefold().replace(".", "").replace("saint ", "st ")


def _written_so(words: str) -> bool:
    if len(words) > 4 or not words.isalpha():
        return True
    return not words.islower() or words in _SHORT_LOWER or len(words) == 4


def _entries(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    yield from _drug_entries(knowledge)
    tables: tuple[tuple[str, Any], ...] = (
        ("tumour", knowledge.tumours.types),
        ("histology", knowledge.histologies.histologies),
        ("condition", knowledge.conditions.conditions),
        ("toxicity", knowledge.toxicities.terms),
        ("technique", knowledge.techniques.techniques),
        ("substance", knowledge.substances.substances),
        ("lab", knowledge.variables.variables),
    )
    for category, rows in tables:
        for identifier, row in rows.items():
            for name in (row.name, *row.names):
                if len(name) > 2 or name.isupper() or category == "lab":
                    yield category, name, identifier
            if category == "lab" or (category == "condition" and row.group != "malignancy"):
                yield category, identifier.replace("_", " "), identifier
    for symbol, gene in knowledge.genes.genes.items():
        for name in (symbol, *gene.names):
            yield "gene", name, symbol
    for name, site in knowledge.sites.items().items():
        yield "site", name, site
    from her2nav.knowledge.schema import BodySite

    for row in knowledge.table("vocabularies/body_sites.csv", BodySite):
        for name in row.names:
            yield "site", name, row.id
    for row in knowledge.table("intake/words.csv", Word):
        for name in row.names:
            yield row.category, name, row.id


def _drug_entries(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    ontology = knowledge.drugs
    for drug in ontology.drugs.values():
        names = [drug.name, *drug.names]
        for brand in drug.brands:
            names += [brand.name, drug.name + (brand.suffix or "")]
        for name in names:
            yield "drug", name, drug.id
    for regimen in ontology.regimens.values():
        for name in regimen.names:
            yield "regimen", name, regimen.id
    for item in ontology.classes.values():
        for name in (item.name, *item.names):
            yield "drug_class", name, item.id


@lru_cache(maxsize=2)
def vocabulary(knowledge: Knowledge) -> Vocabulary:
    """Return the vocabulary of a knowledge version, built once."""
    return Vocabulary(knowledge)
