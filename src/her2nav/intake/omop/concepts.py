"""What a concept id means: from the concept tables of the folder, else from the shipped list; nothing is guessed.

The concept tables may hold millions of rows, so they are read as streams and only what the patients' rows use is kept:
the concepts themselves, the standard concept that a source concept maps to, and the ingredients, ATC classes and wider
codes above them that the program knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from her2nav.intake.fhir.codes import ConceptRow, TestRow
from her2nav.intake.fhir.element import Concept as FhirConcept
from her2nav.intake.fhir.element import concept_of
from her2nav.intake.omop.folder import Folder
from her2nav.intake.tables.mapping import OmopRules
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.errors import ValueProblem
from her2nav.model.provenance import Confidence

SYSTEMS = {
    "LOINC": "http://loinc.org",
    "SNOMED": "http://snomed.info/sct",
    "RxNorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "RxNorm Extension": "omop:RxNorm Extension",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD10": "http://hl7.org/fhir/sid/icd-10",
    "ICD10GM": "http://hl7.org/fhir/sid/icd-10",
    "HGNC": "http://www.genenames.org",
}
"""FHIR's names of the vocabularies that have one."""
_ICD10 = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?")
_ATC = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")
_LOINC = re.compile(r"\d{2,6}-\d")
_ICDO = re.compile(r"(\d{4})/(\d)(?:-(C\d\d)(?:\.(\d))?)?")


class Concept(NamedTuple):
    """One concept."""

    vocabulary: str
    code: str
    name: str
    kind: str = ""


class ConceptRowOmop(Frozen):
    """A row of `intake/omop_concepts.csv`: a concept id that is known without concept tables."""

    concept: str
    vocabulary: str
    code: str
    name: str = ""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class AtcRow(Frozen):
    """A row of `intake/omop_atc.csv`: an ATC code of one drug."""

    code: str
    drug: str
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class GapRules(Frozen):
    """The rule that makes regimens of single doses; days."""

    course_gap_days: int
    same_regimen_days: int
    open_days: int
    radiotherapy_gap_days: int


class OmopData(Frozen):
    """`intake/omop.yaml`."""

    regimens: GapRules
    not_given_types: tuple[str, ...]
    unconfirmed_status: tuple[str, ...]
    operators: dict[str, str]
    episodes: dict[str, str]
    specimen_field: str
    stop_reasons: dict[str, tuple[str, ...]]
    icdo_sites: tuple[str, ...]
    icdo_elsewhere: tuple[str, ...]
    icdo_histology: dict[str, str]
    antineoplastic: tuple[str, ...]
    regional_nodes: tuple[str, ...]
    modifiers: tuple[dict[str, str], ...]
    modifier_assents: tuple[str, ...]
    modifier_denials: tuple[str, ...]
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


@dataclass
class Vocabulary:
    """The concepts that a folder uses."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    standard: dict[str, str] = field(default_factory=dict)
    """Source concept to the standard concept that it maps to."""
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Concept to known concepts above it, the nearest first."""
    full: bool = False
    """There were concept tables."""


@lru_cache(maxsize=2)
def data_of(knowledge: Knowledge) -> OmopData:
    """Return the rules of `intake/omop.yaml`; where they are unverified, none of them makes a finding of a code."""
    return verified(knowledge.record("intake/omop.yaml", OmopData))


def verified(data: OmopData) -> OmopData:
    """Return the rules without those that make a finding of a code, where their confidence does not allow it."""
    if not data.confidence.unverified:
        return data
    return data.model_copy(update={"modifiers": (), "icdo_sites": (), "icdo_histology": {}, "episodes": {}})


@lru_cache(maxsize=2)
def atc_of(knowledge: Knowledge) -> dict[str, str]:
    """Return the drug of every ATC code that is known."""
    return {
        row.code: row.drug for row in knowledge.table("intake/omop_atc.csv", AtcRow) if not row.confidence.unverified
    }


@lru_cache(maxsize=2)
def shipped(knowledge: Knowledge) -> dict[str, Concept]:
    """Return the concepts that are known without concept tables."""
    return {
        row.concept: Concept(row.vocabulary, row.code, row.name)
        for row in knowledge.table("intake/omop_concepts.csv", ConceptRowOmop)
        if not row.confidence.unverified
    }


def load_vocabulary(folder: Folder, used: set[str], knowledge: Knowledge, tell: Callable[[str], None]) -> Vocabulary:
    """Read what a folder's concept tables say of the concepts in use.

    Args:
        folder: The folder.
        used: Concept ids of the patients' rows; `0` is none.
        knowledge: Codes that the program knows.
        tell: Told which table is being read.
    """
    found = Vocabulary(dict(shipped(knowledge)))
    used = used - {"0", ""}
    wanted = set(used)
    if "concept_relationship" in folder.vocabulary:
        tell("concept_relationship")
        pair = ("concept_id_1", "concept_id_2", "relationship_id")
        for one, other, relation in _columns(folder, "concept_relationship", pair, lambda row: row[0].strip() in used):
            if relation == "Maps to" and one != other:
                found.standard[one] = other
                wanted.add(other)
    if "concept" not in folder.vocabulary:
        return found
    tell("concept")
    codes = _known_codes(knowledge)
    plain_codes = {code for _, code in codes}
    above: set[str] = set()
    names = ("concept_id", "concept_code", "concept_class_id", "concept_name", "vocabulary_id")

    def may_matter(row: Sequence[str]) -> bool:
        return row[0].strip() in wanted or row[1].strip() in plain_codes or row[2].strip() in _HIGHER

    for concept, code, kind, name, vocabulary in _columns(folder, "concept", names, may_matter):
        higher = (
            (vocabulary, code) in codes
            or (vocabulary == "ATC" and kind in _ATC_LEVELS)
            or (vocabulary.startswith("RxNorm") and kind == _INGREDIENT)
        )
        if concept in wanted or higher:
            found.concepts[concept] = Concept(vocabulary, code, name, kind)
            if higher:
                above.add(concept)
    found.full = True
    if "concept_ancestor" in folder.vocabulary:
        tell("concept_ancestor")
        pairs: dict[str, list[tuple[int, str]]] = {}
        pair = ("ancestor_concept_id", "descendant_concept_id", "min_levels_of_separation")
        for ancestor, descendant, levels in _columns(
            folder, "concept_ancestor", pair, lambda row: row[1].strip() in wanted
        ):
            if ancestor in above and ancestor != descendant:
                pairs.setdefault(descendant, []).append((int(levels) if levels.isdigit() else 99, ancestor))
        found.above = {one: tuple(ancestor for _, ancestor in sorted(listed)) for one, listed in pairs.items()}
    kept = wanted | {one for listed in found.above.values() for one in listed} | set(shipped(knowledge))
    found.concepts = {one: concept for one, concept in found.concepts.items() if one in kept}
    return found


_ATC_LEVELS = ("ATC 1st", "ATC 2nd", "ATC 5th")
_INGREDIENT = "Ingredient"
_HIGHER = frozenset({*_ATC_LEVELS, _INGREDIENT})
"""Classes of the concepts that tell what another one is a kind of."""


def _columns(
    folder: Folder, table: str, names: Sequence[str], only: Callable[[Sequence[str]], bool]
) -> Iterator[list[str]]:
    """Yield columns of the rows of a vocabulary table of which `only` says that they are wanted."""
    for file in folder.vocabulary[table]:
        for _, cells in file.rows(file.columns(names), only):
            yield cells


def _known_codes(knowledge: Knowledge) -> set[tuple[str, str]]:
    """Return the vocabulary and code of everything in the code maps."""
    tests = {row.code for row in knowledge.table("intake/fhir_tests.csv", TestRow) if row.code}
    listed = {code for row in knowledge.table("intake/fhir_concepts.csv", ConceptRow) for code in row.codes}
    return {("LOINC", one) for one in tests} | {("SNOMED", one) for one in tests | listed}


class Meaning:
    """Concepts as the codings that the readers of FHIR take."""

    def __init__(self, vocabulary: Vocabulary, rules: OmopRules, knowledge: Knowledge) -> None:
        self.vocabulary, self.knowledge = vocabulary, knowledge
        self.data = data_of(knowledge)
        self.own = {written: _own(code) for written, code in rules.codes.items()}
        self.source_codes = rules.source_codes
        self._memory: dict[tuple[str, ...], FhirConcept] = {}

    def known(self, concept: str) -> Concept | None:
        """Return a concept, by way of its standard concept where it has one; None: nothing is known of it."""
        found = self.own.get(concept) or self.vocabulary.concepts.get(concept)
        return found or self.vocabulary.concepts.get(self.vocabulary.standard.get(concept, ""))

    def above(self, concept: str) -> Iterator[Concept]:
        """Yield the known concepts above one, the nearest first."""
        for one in (concept, self.vocabulary.standard.get(concept, "")):
            for wider in self.vocabulary.above.get(one, ()):
                yield self.vocabulary.concepts[wider]

    def concept(self, table: str, standard: str, source: str = "", written: str = "") -> FhirConcept:
        """Return a concept with all that is known of it: its codes, wider codes, the source's code and text."""
        place = (table, standard, source, written)
        found = self._memory.get(place)
        if found is None:
            if len(self._memory) > 50_000:
                self._memory.clear()
            found = self._memory[place] = concept_of(self._concept(*place))
        return found

    def _concept(self, table: str, standard: str, source: str, written: str) -> dict[str, Any]:
        codings: list[dict[str, str]] = []
        for one in (standard, source):
            concept = self.known(one) if one not in ("", "0") else None
            if concept is not None:
                codings += self._codings(concept)
            elif one not in ("", "0"):
                codings.append({"system": "", "code": f"concept {one}"})
        for one in (standard, source):
            codings += [
                {"system": SYSTEMS.get(wider.vocabulary, ""), "code": wider.code}
                for wider in self.above(one)
                if wider.vocabulary != "ATC"
            ]
        if written:
            codings += self._written(table, written, bool(codings))
        return {"coding": codings, "text": written}

    def _codings(self, concept: Concept) -> Iterable[dict[str, str]]:
        match = _ICDO.fullmatch(concept.code) if concept.vocabulary == "ICDO3" else None
        if match is None:
            system = SYSTEMS.get(concept.vocabulary, "")
            code = concept.code if system else f"{concept.vocabulary} {concept.code}"
            return [{"system": system, "code": code, "display": concept.name}]
        # Topography agrees with ICD-10 where listed, for a primary and invasive tumour only.
        shown = [{"system": "", "code": f"ICDO3 {concept.code}", "display": concept.name}]
        own = match[3] in self.data.icdo_sites and not match[1].startswith(self.data.icdo_elsewhere)
        if match[2] == "3" and own:
            code = match[3] + (f".{match[4]}" if match[4] else "")
            shown.append({"system": SYSTEMS["ICD10"], "code": code})
        return shown

    def _written(self, table: str, written: str, coded: bool) -> list[dict[str, str]]:
        """Return what a source code may be: as the mapping file says, else by its form where it has only one."""
        own = self.own.get(written)
        if own is not None:
            return [{"system": SYSTEMS.get(own.vocabulary, ""), "code": own.code}]
        vocabulary, _, code = written.partition(":")
        if not code or vocabulary not in SYSTEMS:
            vocabulary, code = self.source_codes.get(table, ""), written
        if vocabulary in SYSTEMS:
            return [{"system": SYSTEMS[vocabulary], "code": _dotted(code) if "ICD10" in vocabulary else code}]
        if table == "condition_occurrence" and not coded and _ICD10.fullmatch(written):
            return [{"system": SYSTEMS["ICD10"], "code": _dotted(written)}]
        if table in ("measurement", "observation") and not coded and _LOINC.fullmatch(written):
            return [{"system": SYSTEMS["LOINC"], "code": written}]
        return [{"system": "", "code": f"source code {written[:60]}"}]

    def histology(self, standard: str, source: str) -> str | None:
        """Return the histology of an ICD-O-3 code of a primary and invasive tumour."""
        for one in (standard, source):
            concept = self.known(one)
            match = _ICDO.fullmatch(concept.code) if concept and concept.vocabulary == "ICDO3" else None
            if match is not None and match[2] == "3" and match[1] in self.data.icdo_histology:
                return self.data.icdo_histology[match[1]]
        return None

    def atc(self, standard: str, source: str, written: str) -> list[str]:
        """Return the ATC codes of a drug, its own first."""
        found = []
        for one in (standard, source):
            concept = self.known(one)
            if concept is not None and concept.vocabulary == "ATC":
                found.append(concept.code)
            found += [wider.code for wider in self.above(one) if wider.vocabulary == "ATC"]
        if _ATC.fullmatch(written):
            found.append(written)
        return found

    def unit(self, concept: str, written: str) -> str:
        """Return a unit as UCUM or as written."""
        known = self.known(concept)
        return known.code if known is not None and known.vocabulary == "UCUM" else written


def _dotted(code: str) -> str:
    return code if "." in code or len(code) < 4 else f"{code[:3]}.{code[3:]}"


def _own(written: str) -> Concept:
    vocabulary, _, code = written.partition(" ")
    if vocabulary not in ("LOINC", "SNOMED", "RxNorm", "ICD10CM", "ICD10", "ATC", "HGNC", "UCUM") or not code.strip():
        raise ValueProblem(
            f"'{written}' is no code",
            place="omop, codes",
            allowed="LOINC, SNOMED, RxNorm, ICD10CM, ICD10, ATC, HGNC or UCUM, a space, the code",
        )
    return Concept(vocabulary, code.strip(), "")
