"""All knowledge of one version, each part built when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from her2nav.files.places import Document
from her2nav.files.validation import explain
from her2nav.knowledge.bones import BoneName, BoneNames
from her2nav.knowledge.bundle import Bundle, cells, load_bundle
from her2nav.knowledge.condition_schema import Condition, ConditionRules, Substance
from her2nav.knowledge.conditions import ConditionOntology, SubstanceIndex
from her2nav.knowledge.drugs import DrugOntology
from her2nav.knowledge.genes import Gene, GeneIndex
from her2nav.knowledge.meant_units import MeantUnit, MeantUnits
from her2nav.knowledge.medication_classes import MedicationClass, MedicationClasses, SteroidEquivalent
from her2nav.knowledge.names import NameIndex
from her2nav.knowledge.receptors import ReceptorWords
from her2nav.knowledge.schema import (
    BodySite,
    Country,
    Drug,
    DrugClass,
    DrugFile,
    Histology,
    LineRules,
    LungWarning,
    LvefLimits,
    Regimen,
    Source,
    SourceFile,
    TumourType,
    WellPerson,
    Words,
)
from her2nav.knowledge.stages import DeNovo, Spread, StageFact, StageFacts
from her2nav.knowledge.techniques import Technique, TechniqueOntology
from her2nav.knowledge.toxicities import ToxicityOntology, ToxicityTerm
from her2nav.knowledge.tumours import HistologyOntology, TumourOntology
from her2nav.knowledge.variables import NumericRules, UnitConversion, UnitName, Variable, VariableTable
from her2nav.model.errors import DataError

if TYPE_CHECKING:
    from her2nav.knowledge.monitoring import MonitoringBook

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


class Knowledge:
    """The facts of `data/`, typed and cross-linked."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __repr__(self) -> str:
        return f"Knowledge(version={self.version!r})"

    def __reduce__(self) -> tuple[Callable[..., Knowledge], tuple[object]]:
        """Travel to another process by name where it is the shipped knowledge, else as its fact files."""
        if self is load_knowledge():
            return shipped_knowledge, (self.version,)
        return Knowledge, (self.bundle,)

    @property
    def version(self) -> str:
        """The version that every answer quotes."""
        return self.bundle.version

    @cached_property
    def drugs(self) -> DrugOntology:
        """Drugs, classes and regimens."""
        drugs: list[Drug] = []
        for name in self.bundle.folder("drugs/"):
            drugs += self._record(name, DrugFile).drugs
        return self._linked(
            "drugs",
            lambda: DrugOntology(
                drugs,
                self._table("vocabularies/drug_classes.csv", DrugClass),
                self._table("vocabularies/regimens.csv", Regimen),
            ),
        )

    @cached_property
    def tumours(self) -> TumourOntology:
        """Tumour types."""
        types = [self._record(name, TumourType) for name in self.bundle.folder("tumour_types/")]
        return self._linked("tumour_types", lambda: TumourOntology(types))

    @cached_property
    def histologies(self) -> HistologyOntology:
        """Histologies."""
        rows = self._table("vocabularies/histologies.csv", Histology)
        return self._linked("vocabularies/histologies.csv", lambda: HistologyOntology(rows))

    @cached_property
    def conditions(self) -> ConditionOntology:
        """Diseases and states beside the cancer."""
        rows = self._table("vocabularies/conditions.csv", Condition)
        rules = self._record("criteria/condition_rules.yaml", ConditionRules)
        return self._linked("vocabularies/conditions.csv", lambda: ConditionOntology(rows, rules))

    @cached_property
    def substances(self) -> SubstanceIndex:
        """What allergies and vaccinations name beside drugs."""
        return SubstanceIndex(self._table("vocabularies/substances.csv", Substance))

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Documents that facts are taken from, by id."""
        return {item.id: item for item in self._record("sources.yaml", SourceFile).sources}

    @cached_property
    def words(self) -> Words:
        """Phrases that people read."""
        return self._record("words.yaml", Words)

    @cached_property
    def line_rules(self) -> LineRules:
        """Parameters of counting lines of therapy."""
        return self._record("criteria/line_rules.yaml", LineRules)

    @cached_property
    def lvef_limits(self) -> LvefLimits:
        """Where an institution's lower limit of the LVEF can lie."""
        return self._record("criteria/lvef_limits.yaml", LvefLimits)

    @cached_property
    def well_person(self) -> WellPerson:
        """Values of an adult who is well."""
        return self._record("criteria/well_person.yaml", WellPerson)

    @cached_property
    def stage_facts(self) -> tuple[StageFact, ...]:
        """What stage groups say of T and N."""
        return self._record("criteria/stage_facts.yaml", StageFacts).facts

    @cached_property
    def de_novo(self) -> DeNovo:
        """What tells metastatic disease at the diagnosis from a relapse."""
        return self._record("criteria/stage_facts.yaml", StageFacts).de_novo

    @cached_property
    def spread(self) -> Spread:
        """Which sites of a disease that has spread need not be distant metastases."""
        return self._record("criteria/stage_facts.yaml", StageFacts).spread

    @cached_property
    def lung_warning(self) -> LungWarning:
        """Drugs with a risk to the lungs."""
        return self._record("monitoring/lung_warning.yaml", LungWarning)

    @cached_property
    def monitoring(self) -> MonitoringBook:
        """What to check before and during treatment."""
        from her2nav.knowledge.monitoring import General, Inputs, Items, MonitoringBook, Sheet

        sheets = [self._record(name, Sheet) for name in self.bundle.folder("monitoring/drugs/")]
        return self._linked(
            "monitoring",
            lambda: MonitoringBook(
                sheets,
                self._record("monitoring/general.yaml", General),
                self._record("monitoring/inputs.yaml", Inputs),
                self._record("monitoring/items.yaml", Items),
                is_term=(*self.drugs.drugs, *self.drugs.classes, *self.medication_classes.classes),
                sources=self.sources,
            ),
        )

    @cached_property
    def variables(self) -> VariableTable:
        """Laboratory variables with their names and units."""
        return self._linked(
            "criteria/variables.csv",
            lambda: VariableTable(
                self._table("criteria/variables.csv", Variable),
                self._table("criteria/units.csv", UnitConversion),
                self._table("criteria/unit_names.csv", UnitName),
            ),
        )

    @cached_property
    def meant_units(self) -> MeantUnits:
        """Units that numbers show to be meant."""
        return self._linked(
            "criteria/meant_units.csv",
            lambda: MeantUnits(self._table("criteria/meant_units.csv", MeantUnit), self.variables),
        )

    @cached_property
    def numeric_rules(self) -> NumericRules:
        """Formulas and links of the numeric criteria."""
        return self._record("criteria/numeric_rules.yaml", NumericRules)

    @cached_property
    def toxicities(self) -> ToxicityOntology:
        """Side effects."""
        rows = self._table("vocabularies/toxicities.csv", ToxicityTerm)
        return self._linked("vocabularies/toxicities.csv", lambda: ToxicityOntology(rows))

    @cached_property
    def receptor_words(self) -> ReceptorWords:
        """Words of hormone receptor reports."""
        return self._record("criteria/receptor_words.yaml", ReceptorWords)

    @cached_property
    def genes(self) -> GeneIndex:
        """Cancer genes."""
        rows = self._table("vocabularies/genes.csv", Gene)
        return self._linked("vocabularies/genes.csv", lambda: GeneIndex(rows))

    @cached_property
    def techniques(self) -> TechniqueOntology:
        """Techniques of procedures."""
        rows = self._table("vocabularies/techniques.csv", Technique)
        return self._linked("vocabularies/techniques.csv", lambda: TechniqueOntology(rows))

    @cached_property
    def medication_classes(self) -> MedicationClasses:
        """Classes of medicines by what they do to other drugs."""
        rows = self._table("vocabularies/medication_classes.csv", MedicationClass)
        return self._linked("vocabularies/medication_classes.csv", lambda: MedicationClasses(rows, self.drugs))

    @cached_property
    def steroid_equivalents(self) -> dict[str, SteroidEquivalent]:
        """Steroid doses as prednisone, by drug."""
        rows = self._table("vocabularies/steroid_equivalents.csv", SteroidEquivalent)
        return {row.drug: row for row in rows}

    @cached_property
    def bones(self) -> BoneNames:
        """Names of bones."""
        rows = self._table("vocabularies/bones.csv", BoneName)
        return self._linked("vocabularies/bones.csv", lambda: BoneNames(rows))

    @cached_property
    def sites(self) -> NameIndex:
        """Body sites: names to ids."""
        rows = self._table("vocabularies/body_sites.csv", BodySite)
        return NameIndex([(name, row.id) for row in rows for name in (row.id, row.name, *row.names)])

    @cached_property
    def countries(self) -> NameIndex:
        """Countries: names and codes to two-letter codes."""
        rows = self._table("vocabularies/countries.csv", Country)
        return NameIndex([(name, row.code) for row in rows for name in (row.name, row.code, *row.names)])

    def record(self, name: str, model: type[M]) -> M:
        """Return one YAML file as a typed record."""
        return self._record(name, model)

    def _record(self, name: str, model: type[M]) -> M:
        document = self._document(name)
        try:
            return model.model_validate(document.data)
        except ValidationError as problem:
            raise explain(problem, model, document, DataError) from None

    def table(self, name: str, model: type[M]) -> list[M]:
        """Return the rows of one CSV file; a cell of a list field holds its items separated by `|`."""
        return self._table(name, model)

    def _table(self, name: str, model: type[M]) -> list[M]:
        document = self._document(name)
        rows: list[dict[str, Any]] = []
        assert isinstance(document.data, list)
        lists, optional = _list_fields(model), _optional_fields(model)
        for row in document.data:
            cleaned: dict[str, Any] = {}
            for key, value in row.items():
                if value != "" or key not in optional:
                    cleaned[key] = cells(value) if key in lists else value
            rows.append(cleaned)
        try:
            return _adapter(model).validate_python(rows)
        except ValidationError as problem:
            place = problem.errors()[0]["loc"]
            inner = Document(rows, document.name, document.lines)
            raise DataError(
                str(problem.errors()[0]["msg"]), file=document.name, place=inner.place(tuple(place))
            ) from None

    def _document(self, name: str) -> Document:
        if name not in self.bundle.files:
            raise DataError("a fact file is absent", file=f"data/{name}")
        return self.bundle.document(name)

    def _linked(self, place: str, make: Callable[[], R]) -> R:
        try:
            return make()
        except ValueError as problem:
            raise DataError(str(problem), file=f"data/{place}") from None


@cache
def _adapter(model: type[M]) -> TypeAdapter[list[M]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    """Return the columns whose cells hold lists."""
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if str(field.annotation).startswith("tuple["))


def _optional_fields(model: type[BaseModel]) -> frozenset[str]:
    """Return the columns that may be empty."""
    return frozenset(name for name, field in model.model_fields.items() if not field.is_required())


@cache
def load_knowledge() -> Knowledge:
    """Return the shipped knowledge."""
    return Knowledge(load_bundle())


def shipped_knowledge(version: str) -> Knowledge:
    """Return the shipped knowledge, which another process named by its version.

    Raises:
        DataError: This process ships another version.
    """
    found = load_knowledge()
    if found.version != version:
        raise DataError(f"the other process works with knowledge {version}, this one with {found.version}")
    return found
