"""The code maps of `data/intake/fhir_*`: which test, answer, concept or drug a code or a name means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

from her2nav.intake.fhir.element import Coding, Concept, concept_of
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence

_TAG = re.compile(
    r"\s*\((?:disorder|finding|procedure|qualifier value|morphologic abnormality|morphology|body structure"
    r"|situation|substance|product|observable entity)\)\s*$",
    re.IGNORECASE,
)
_STRENGTH = re.compile(
    r"\b\d[\d.,]*\s*(?:mg|ml|mcg|ug|g|unt|units?|meq|hr|%)?(?:\s*/\s*(?:\d[\d.]*\s*)?(?:ml|mg|hr|actuat))?\b",
    re.IGNORECASE,
)


class _Sourced(Frozen):
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class TestRow(_Sourced):
    """A row of `intake/fhir_tests.csv`: a test by LOINC code or name, and where its result belongs."""

    __test__ = False
    code: str = ""
    target: str
    detail: str = ""
    names: tuple[str, ...] = ()


class AnswerRow(_Sourced):
    """A row of `intake/fhir_answers.csv`."""

    id: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ConceptRow(_Sourced):
    """A row of `intake/fhir_concepts.csv`: SNOMED CT, ICD-10-CM or HGNC codes of one thing."""

    kind: str
    id: str = ""
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class DrugRow(_Sourced):
    """A row of `intake/fhir_drugs.csv`: RxNorm codes of one drug."""

    drug: str
    codes: tuple[str, ...] = ()


class Nodes(Frozen):
    """Cancer in lymph nodes, regional or distant: sites, words of places, words that say distant or take it back."""

    sites: tuple[str, ...]
    places: tuple[str, ...]
    distant: tuple[str, ...]
    unclear: tuple[str, ...]


class Rules(Frozen):
    """`intake/fhir.yaml`."""

    profiles: dict[str, tuple[str, ...]]
    dose_forms: tuple[str, ...]
    salts: tuple[str, ...]
    course_gap_days: int
    administrative: tuple[str, ...]
    nodes: Nodes


class FieldRules(Frozen):
    """`intake/fields.yaml`: which fields hold for life, which change."""

    fixed: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Test:
    """Where the result of a test belongs."""

    __test__ = False
    target: str
    detail: str
    rank: int
    """A method's own code says more than a code for the interpretation."""


T = TypeVar("T")
_REMEMBERED = 50_000
_NEW = object()
_GENERAL = ("her2.word", "panel", "variant")


class Codes:
    """All maps, ready to be asked."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.rules = knowledge.record("intake/fhir.yaml", Rules)
        self.fixed = frozenset(knowledge.record("intake/fields.yaml", FieldRules).fixed)
        self.administrative = frozenset(self.rules.administrative)
        self.roles = {name.lower(): role for role, names in self.rules.profiles.items() for name in names}
        self._tests: dict[str, Test] = {}
        self._test_names: dict[str, Test] = {}
        for row in knowledge.table("intake/fhir_tests.csv", TestRow):
            test = Test(row.target, row.detail, 1 if row.target in _GENERAL else 0)
            if row.code:
                self._tests[row.code] = test
            for name in row.names:
                self._test_names.setdefault(key(name), test)
        self._answers: dict[str, str] = {}
        for answer in knowledge.table("intake/fhir_answers.csv", AnswerRow):
            self._answers |= dict.fromkeys(answer.codes, answer.id)
            self._answers |= {"=" + key(name): answer.id for name in answer.names}
        self._concepts: dict[tuple[str, str], str] = {}
        for concept in knowledge.table("intake/fhir_concepts.csv", ConceptRow):
            for code in concept.codes:
                self._concepts[concept.kind, code] = concept.id or concept.kind
            for name in concept.names:
                self._concepts[concept.kind, "=" + key(name)] = concept.id or concept.kind
        self.drug_codes = {
            code: row.drug for row in knowledge.table("intake/fhir_drugs.csv", DrugRow) for code in row.codes
        }
        forms = "|".join((*self.rules.dose_forms, *self.rules.salts))
        self._forms = re.compile(rf"\b(?:{forms})\b", re.IGNORECASE)
        self._known: dict[tuple[str, Concept], Any] = {}
        self._drug_cache: dict[str, tuple[str, ...]] = {}
        self._systemic: dict[tuple[str, ...], bool] = {}
        self._units: dict[tuple[str, str], str | None] = {}
        self.possible: dict[tuple[str, Decimal, str | None], bool] = {}
        self.measured: dict[tuple[Any, ...], Any] = {}
        """What was settled of laboratory values that stand in a database again and again."""

    def test(self, concept: Any) -> Test | None:
        """Return the most telling test among the codes and names of a concept."""
        return self._remembered("test", concept_of(concept), self._test)

    def _test(self, concept: Concept) -> Test | None:
        found = [t for c in concept.codings if c.system in ("loinc", "snomed", "") and (t := self._tests.get(c.code))]
        if not found:
            found = [t for text in concept.texts if (t := self._test_names.get(key(bare(text))))]
        return min(found, key=lambda one: one.rank) if found else None

    def _remembered(self, kind: str, concept: Concept, find: Callable[..., T], *more: str) -> T:
        """Return what a concept means, looked up once: an export names the same few concepts."""
        place = (kind, concept)
        found: Any = self._known.get(place, _NEW)
        if found is _NEW:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[place] = find(*more, concept)
        return cast("T", found)

    def answer(self, concept: Any) -> str | None:
        """Return the answer that a concept means; two different ones mean none."""
        return self._remembered("answer", concept_of(concept), self._answer)

    def _answer(self, concept: Concept) -> str | None:
        found = {a for coding in concept.codings if (a := self._answers.get(coding.code))}
        if not found:
            found = {a for text in concept.texts if (a := self.answer_word(text))}
        return found.pop() if len(found) == 1 else None

    def answer_word(self, text: str) -> str | None:
        """Return the answer that a text is."""
        return self._answers.get("=" + key(bare(text)))

    def concept(self, kind: str, concept: Any) -> str | None:
        """Return the entry of a kind by code (ICD-10 also by its wider codes), then by name."""
        return self._remembered(kind, concept_of(concept), self._entry, kind)

    def _entry(self, kind: str, concept: Concept) -> str | None:
        for coding in concept.codings:
            found = self._concepts.get((kind, coding.code)) or self._wider(kind, coding)
            if found:
                return found
        return next((f for text in concept.texts if (f := self._concepts.get((kind, "=" + key(bare(text)))))), None)

    def _wider(self, kind: str, coding: Coding) -> str | None:
        if coding.system != "icd10":
            return None
        code = coding.code
        while len(code) > 3:
            code = code[:-1].rstrip(".")
            if found := self._concepts.get((kind, code)):
                return found
        return None

    def drugs(self, concept: Any) -> tuple[tuple[str, ...], bool]:
        """Return the drugs of a medication, and whether its code and its name agree."""
        return self._remembered("drugs", concept_of(concept), self._drugs)

    def _drugs(self, concept: Concept) -> tuple[tuple[str, ...], bool]:
        coded = {self.drug_codes[c.code] for c in concept.codings if c.system == "rxnorm" and c.code in self.drug_codes}
        named = next((found for text in concept.texts if (found := self.drug_names(text))), ())
        if coded and named:
            return (named, True) if coded <= set(named) else ((), False)
        return named or tuple(sorted(coded)), True

    def drug_names(self, text: str) -> tuple[str, ...]:
        """Return the drugs that a product name holds: strengths, dose forms and salts are put aside."""
        found = self._drug_cache.get(text)
        if found is None:
            found = self._drug_cache[text] = self._drug_names(text)
            if len(self._drug_cache) > 20_000:
                self._drug_cache.clear()
        return found

    def _drug_names(self, text: str) -> tuple[str, ...]:
        ontology = self.knowledge.drugs
        without_brand = re.sub(r"\[[^\]]*\]", " ", text)
        brand = re.search(r"\[([^\]]+)\]", text)
        for written in (text, without_brand, brand[1] if brand else ""):
            parts = [self._ingredient(part) for part in re.split(r"\s+/\s+", written)] if written else []
            for tried in ([written], parts):
                resolved = [ontology.resolve(one) for one in tried if one]
                if resolved and all(one.drugs and not one.ambiguous for one in resolved):
                    return tuple(dict.fromkeys(drug for one in resolved for drug in one.drugs))
        return ()

    def _ingredient(self, text: str) -> str:
        text = _STRENGTH.sub(" ", text)
        return " ".join(self._forms.sub(" ", text).split())

    def against_cancer(self, drugs: tuple[str, ...]) -> bool:
        """Return whether all of these drugs are, or may be, systemic therapy of cancer."""
        found = self._systemic.get(drugs)
        if found is None:
            terms = self.knowledge.drugs.possible_terms_of
            found = self._systemic[drugs] = all("systemic_therapy" in terms(drug) for drug in drugs)
        return found

    def unit(self, variable: str, written: str) -> str | None:
        """Return a unit of a laboratory value in its usual spelling; None: it has no such unit."""
        place = (variable, written)
        if place not in self._units:
            if len(self._units) > _REMEMBERED:
                self._units.clear()
            self._units[place] = self.knowledge.variables.unit(variable, written)
        return self._units[place]

    def role(self, profiles: list[str]) -> str | None:
        """Return what a resource is by its profile, under its old or its new name."""
        return next((role for name in profiles if (role := self.roles.get(name.lower()))), None)


def bare(text: str) -> str:
    """Return a name without the tag of its SNOMED CT hierarchy.

    >>> bare("Malignant neoplasm of breast (disorder)")
    'Malignant neoplasm of breast'
    """
    return _TAG.sub("", text)


@lru_cache(maxsize=2)
def codes_of(knowledge: Knowledge) -> Codes:
    """Return the maps of one knowledge version."""
    return Codes(knowledge)
