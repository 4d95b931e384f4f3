"""Laboratory variables: names and units people write, conversion, plausible bounds and usual limits."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from her2nav.knowledge.names import NameIndex, key
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen
from her2nav.model.finding import Effort
from her2nav.model.provenance import Confidence, Provenance

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹µμ", "0123456789uu")


class Variable(Frozen):
    """A row of `criteria/variables.csv`: something a laboratory measures."""

    id: str = Slug
    name: str
    plain_name: str
    names: tuple[str, ...] = ()
    """Other names and abbreviations, as people write them."""
    unit: str
    """The canonical unit; bounds and limits below are in it."""
    low: Decimal
    """The least value that is possible in a living person; below it the unit or the number is wrong."""
    high: Decimal
    lln_low: Decimal | None = None
    """Lower limits of normal of adult laboratories run from `lln_low` to `lln_high`; None: not to be assumed."""
    lln_high: Decimal | None = None
    uln_low: Decimal | None = None
    """Upper limits of normal of adult laboratories run from `uln_low` to `uln_high`, both sexes."""
    uln_high: Decimal | None = None
    limit: Literal["least", "most", "most_with_unit"] | None = None
    """What a trial limits where no sign stands before the number: it asks for enough, or bears no more.

    `most_with_unit`: no more, where a unit is written; None: it may be either.
    """
    unrelated_growth_factors: tuple[str, ...] = ()
    """Classes of growth factors that do not act on this variable."""
    question: str
    effort: Effort
    routine: bool
    """Part of the usual screening of a trial."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence

    @property
    def provenance(self) -> Provenance:
        """Where the row comes from."""
        return Provenance(
            source=self.source, locator=self.locator, checked_on=self.checked_on, confidence=self.confidence
        )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for low, high in ((self.low, self.high), (self.lln_low, self.lln_high), (self.uln_low, self.uln_high)):
            if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
                raise ValueError(f"{self.id}: the lower bound {low} does not lie below the upper one {high}")
        return self


class UnitConversion(Frozen):
    """A row of `criteria/units.csv`: canonical value = value x times / per + offset."""

    variable: str = Slug
    unit: str
    times: Decimal = Field(gt=0)
    per: Decimal = Field(gt=0)
    offset: Decimal = Decimal(0)
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class UnitName(Frozen):
    """A row of `criteria/unit_names.csv`: a unit and other ways to write it."""

    unit: str
    names: tuple[str, ...] = ()


class CockcroftGault(Frozen):
    """The formula of estimated creatinine clearance: what it takes, what it gives, its constants."""

    name: str
    result: str
    creatinine: str
    creatinine_unit: str
    result_unit: str
    age_base: Decimal
    divisor: Decimal = Field(gt=0)
    female_factor: Decimal = Field(gt=0, le=1)


class IshLimits(Frozen):
    """The limits of in-situ hybridisation that a text may leave unsaid."""

    ratio: Decimal = Field(gt=0)
    """HER2/CEP17 ratio from which ISH is called amplified."""
    few_copies: Decimal = Field(gt=0)
    """Mean HER2 signals per cell below which it is not, unless the ratio says so."""
    step: Decimal = Field(gt=0)
    """Ratios and signal counts are reported in steps of this: "above 2.2" begins one step higher."""


class MeasurableFrom(Frozen):
    """The least sizes of a lesion that can be measured, in millimetres."""

    longest_mm: Decimal = Field(gt=0)
    node_short_axis_mm: Decimal = Field(gt=0)
    """Of a lymph node."""


class NumericRules(Frozen):
    """`criteria/numeric_rules.yaml`: formulas and links of the numeric criteria."""

    cockcroft_gault: CockcroftGault
    adult_from_years: int = Field(gt=0)
    growth_factor_class: str
    anthracycline_class: str
    anthracycline_related: tuple[str, ...] = ()
    anthracycline_doses: tuple[str, ...] = ()
    """Names whose cumulative doses are meant as doxorubicin or its equivalent."""
    neuropathy: str
    """Id of peripheral neuropathy in `vocabularies/toxicities.csv`."""
    alike: tuple[frozenset[str], ...] = ()
    """Variables that stand in for each other."""
    usual_ish: IshLimits
    karnofsky_of_ecog: dict[int, tuple[int, int]]
    """ECOG grade to the least and the greatest Karnofsky score that it may mean."""
    karnofsky_agrees_within: int = Field(ge=0)
    """Recorded scales that lie no further apart than this are taken to agree."""
    recorded_dose_lags_days: int = Field(ge=0)
    """A course that ended no longer ago may be missing from a recorded cumulative dose."""
    limit_slack: Decimal = Field(ge=1)
    """A laboratory's limit so many times outside the usual ones is not believed: its unit is another."""
    measurable_from: MeasurableFrom
    lesion_sizes_mm: frozenset[Decimal]
    """Sizes that the criteria of response themselves give for a lesion that can be measured."""
    shown_by: dict[str, frozenset[str]] = Field(default_factory=dict)
    """Condition to the variables that say by themselves how far a function is lost that the condition names."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole_scale(self) -> Self:
        scores = [self.karnofsky_of_ecog.get(grade) for grade in range(6)]
        if len(self.karnofsky_of_ecog) != len(scores) or None in scores:
            raise ValueError("karnofsky_of_ecog: ECOG has the grades 0 to 5")
        if any(low > high for low, high in self.karnofsky_of_ecog.values()):
            raise ValueError("karnofsky_of_ecog: the least score lies above the greatest")
        return self


@lru_cache(maxsize=4096)
def unit_key(unit: str) -> str:
    """Return a unit without case, spaces, powers and multiplication signs.

    >>> unit_key("x 10⁹/L") == unit_key("10^9/l") == unit_key("10*9/L")
    True
    """
    text = unicodedata.normalize("NFKC", unit.translate(_SUPERSCRIPTS)).casefold()
    text = "".join(sign for sign in text if sign.isalnum() or sign in "/%")
    return text.removeprefix("x") if text[1:2].isdigit() else text


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a written value is in the canonical unit; `verified` is False where the factor must not decide."""

    value: Decimal
    verified: bool


class VariableTable:
    """Variables with their names and units."""

    def __init__(
        self, variables: Sequence[Variable], conversions: Sequence[UnitConversion], names: Sequence[UnitName]
    ) -> None:
        self.variables = {item.id: item for item in variables}
        self._index = NameIndex([(name, v.id) for v in variables for name in (v.name, v.id, *v.names)])
        self._found: dict[str, str | None] = {}
        self._check_names(variables)
        self._spelt: dict[str, list[str]] = {}
        for item in names:
            for name in dict.fromkeys(unit_key(name) for name in (item.unit, *item.names)):
                self._spelt.setdefault(name, []).append(item.unit)
        self._conversions: dict[tuple[str, str], UnitConversion | None] = {}
        for variable in variables:
            self._conversions[variable.id, variable.unit] = None
        for conversion in conversions:
            place = (conversion.variable, conversion.unit)
            if conversion.variable not in self.variables:
                raise ValueError(f"units.csv names the unknown variable '{conversion.variable}'")
            if place in self._conversions:
                raise ValueError(f"the unit {conversion.unit} of {conversion.variable} stands twice")
            self._conversions[place] = conversion
        for _, unit in self._conversions:
            if unit not in self._spelt.get(unit_key(unit), ()):
                raise ValueError(f"the unit {unit} is not in unit_names.csv")

    def _check_names(self, variables: Sequence[Variable]) -> None:
        if len(self.variables) != len(variables):
            raise ValueError("a variable stands twice in variables.csv")
        for variable in variables:
            for name in (variable.name, *variable.names):
                if key(name) and self._index.find(name) != variable.id:
                    raise ValueError(f"'{name}' names {variable.id} and {self._index.find(name)}")

    def find(self, written: str) -> str | None:
        """Return the id of a name, or None."""
        if written not in self._found:
            self._found[written] = self._index.find(written)
        return self._found[written]

    def nearest(self, written: str) -> list[str]:
        """Return known names that look alike."""
        return self._index.nearest(written)

    def unit(self, variable: str, written: str) -> str | None:
        """Return a unit of a variable in its usual spelling; None when the variable has no such unit.

        The spelling alone does not say: G/L is giga per litre for platelets and gram per litre for albumin.
        """
        for unit in self._spelt.get(unit_key(written), ()):
            if (variable, unit) in self._conversions:
                return unit
        return None

    def units(self, variable: str) -> tuple[str, ...]:
        """Return the units a value of this variable may have, the canonical one first."""
        return self._allowed[variable]

    @cached_property
    def _allowed(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {identifier: [] for identifier in self.variables}
        for identifier, unit in self._conversions:
            found[identifier].append(unit)
        return {identifier: tuple(units) for identifier, units in found.items()}

    def convert(self, variable: str, value: Decimal, unit: str) -> Conversion | None:
        """Return a value in the canonical unit; None when the unit is not one of this variable."""
        known = self.unit(variable, unit)
        if known is None:
            return None
        row = self._conversions[variable, known]
        if row is None:
            return Conversion(value, True)
        return Conversion(value * row.times / row.per + row.offset, not row.confidence.unverified)

    def plausible(self, variable: str, value: Decimal) -> bool:
        """Return whether a canonical value is possible at all."""
        row = self.variables[variable]
        return row.low <= value <= row.high
