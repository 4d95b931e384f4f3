"""The form of `data/monitoring/`: what to check before and during a treatment, when, and what a result asks for.

A sheet holds the facts of one drug or class; the general files hold what is shared. Every fact carries its confidence;
source and day stand once per file unless a fact names its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from her2nav.knowledge.schema import Jurisdiction, Slug
from her2nav.model.base import Frozen
from her2nav.model.dates import add_months, plus_days
from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.values import OneOrMany

_TEST = re.compile(r"(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_SPAN = re.compile(r"(\d+)\s*(day|week|month|year)s?")
_WEEK, _YEAR = 7, 12

Action = Literal["continue", "recheck", "supportive", "hold", "reduce", "stop"]
"""From the mildest to the strongest; what a row of a rule asks for."""
Topic = Literal["heart", "lung", "liver", "gut", "blood", "infusion", "nerves", "eye", "pancreas", "pregnancy", "other"]


@dataclass(frozen=True, slots=True)
class Check:
    """What a row asks of one input: every comparison holds, or the answer is yes or no."""

    comparisons: tuple[tuple[str, Decimal], ...] = ()
    answer: bool | None = None

    @classmethod
    def parse(cls, value: object) -> Check:
        """Read `<40`, `>=40 <=45`, `yes` or `no`; raises ValueError that says what is allowed."""
        if isinstance(value, Check):
            return value
        text = str(value).strip()
        if text in ("yes", "no"):
            return cls(answer=text == "yes")
        found = tuple((sign, Decimal(number)) for sign, number in _TEST.findall(text))
        if not found or _TEST.sub("", text).strip():
            raise ValueError(f"'{text}' is not a test; write yes, no, '<40' or '>=40 <=45'")
        return cls(found)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in days or in calendar months."""

    days: int = 0
    months: int = 0

    @classmethod
    def parse(cls, value: object) -> Span:
        """Read `12 weeks`, `7 days`, `3 months`, `2 years`."""
        if isinstance(value, Span):
            return value
        match = _SPAN.fullmatch(str(value).strip())
        if match is None or not int(match[1]):
            raise ValueError(f"'{value}' is not a length of time; write 12 weeks, 7 days, 3 months or 2 years")
        number, unit = int(match[1]), match[2]
        return {
            "day": cls(days=number),
            "week": cls(days=number * _WEEK),
            "month": cls(months=number),
            "year": cls(months=number * _YEAR),
        }[unit]

    def after(self, day: date, times: int = 1) -> date:
        """Return the day so many spans later."""
        return add_months(day, self.months * times) if self.months else plus_days(day, self.days * times)

    @property
    def shown(self) -> str:
        """The span in words."""
        number, unit = (self.months, "month") if self.months else (self.days, "day")
        if not self.months and self.days % _WEEK == 0 and self.days > _WEEK:
            number, unit = self.days // _WEEK, "week"
        return f"{number} {unit}" + ("s" if number != 1 else "")


Asked = Annotated[Check, BeforeValidator(Check.parse)]
Length = Annotated[Span, BeforeValidator(Span.parse)]


class Fact(Frozen):
    """What every fact carries; source and day default to those of the file."""

    locator: str
    confidence: Confidence
    source: str | None = None
    checked_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day it held."""
    note: str | None = None
    """What is not certain about it, for clinicians."""

    def holds_on(self, day: date) -> bool:
        """True when the fact is of that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Statement(Fact):
    """A sentence for clinicians, with what a patient may read of it; no plain words: clinicians only."""

    topic: Topic = "other"
    clinical: str
    plain: str | None = None
    jurisdiction: Jurisdiction = "US"
    only_with: tuple[str, ...] = ()
    """Drugs or classes one of which has to be given at the same time for it to apply."""
    applies_to: tuple[str, ...] = ()
    """In the general file: drugs or classes it speaks of; empty: all that the file covers."""


class Contraindication(Statement):
    """What a label of one jurisdiction lists; `approvals/contraindications.yaml` decides, this says it."""

    remarks: OneOrMany[str] = ()
    """Ids of the remarks there that say the same; none: nothing is listed, or nothing that they judge."""


class Input(Frozen):
    """A value that rules ask for, where it comes from, and how to find it out."""

    id: str = Slug
    code: str | None = None
    """How an unknown value of it is named in the code of an answer: `UNKNOWN_BASELINE`; by default its id."""
    name: str
    plain_name: str
    kind: Literal["number", "grade", "answer"]
    unit: str = ""
    find_out: str
    plain_find_out: str
    reader: str
    """Name of the reading in `therapy/safety_inputs.py`."""
    of: tuple[str, ...] = ()
    """What it reads: laboratory variables, side effects, conditions."""


class Item(Frozen):
    """Something that is checked: a test, an image, a part of the history."""

    id: str = Slug
    name: str
    plain_name: str
    topic: Topic
    reader: Literal["lvef", "labs", "ecg", "serology", "weight", "pregnancy", "gene", "imaging", "history", "none"]
    of: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Words by which the record names an image."""
    fresh: Length | None = None
    """How old a result may be at the first dose."""
    only_if: Literal["can_be_pregnant"] | None = None
    locator: str
    confidence: Confidence
    source: str | None = None
    checked_on: date | None = None


class Baseline(Fact):
    """One part of the order set before the first dose."""

    item: str
    applies_to: tuple[str, ...] = ()
    """In the general file: drugs or classes; in a sheet: the sheet's own."""
    tumours: tuple[str, ...] = ()
    setting: Literal["early", "metastatic"] | None = None
    condition: str | None = None
    """In words, where the record does not settle whether it is needed."""
    requires: dict[str, Asked] = Field(default_factory=dict)
    """What the result must be."""
    requires_text: str | None = None


class Phase(Frozen):
    """Part of a schedule; the last one runs on."""

    every: Length | None = None
    """Absent: at every dose."""
    until: Length | None = None
    """Counted from the anchor."""


class Schedule(Fact):
    """How often something is checked."""

    item: str
    anchor: Literal["start", "last_dose"] = "start"
    phases: tuple[Phase, ...] = ()
    """Empty: no interval is laid down; `shown` says what is."""
    shown: str
    setting: Literal["early", "metastatic"] | None = None
    authority: Literal["label", "trials", "guideline", "good_practice"] = "label"


class Row(Frozen):
    """One row of a rule: the first whose tests all hold gives the answer."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    when: dict[str, Asked] = Field(default_factory=dict)
    action: Action
    clinical: str
    plain: str | None = None
    """What a patient reads where this row answers; absent: that the record shows something about the topic."""
    confidence: Confidence | None = None
    note: str | None = None


class Rule(Fact):
    """A decision table: hold, reduce and stop on given values, in order."""

    id: str = Slug
    topic: Topic
    title: str
    setting: Literal["early", "metastatic"] | None = None
    only_with: tuple[str, ...] = ()
    rows: tuple[Row, ...] = Field(min_length=1)
    unless_reviewed: dict[str, Asked] = Field(default_factory=dict)
    """Where the answer is open and this holds, the flag reads "hold until reviewed"."""
    after_hold: str | None = None
    """When to resume and when to stop for good."""


class Interaction(Fact):
    """A medicine that matters beside the drug."""

    with_any: tuple[str, ...] = Field(min_length=1)
    """Drugs, classes or medication classes."""
    and_any: tuple[str, ...] = ()
    """The same medicine has to be one of these as well."""
    when: dict[str, Asked] = Field(default_factory=dict)
    applies_to: tuple[str, ...] = ()
    kind: Literal["interaction", "combination"] = "interaction"
    topic: Topic = "other"
    advice: str


class Waiting(Frozen):
    """How long contraception or no breastfeeding goes on after the last dose; absent: not known."""

    female: Length | None = None
    male: Length | None = None
    breastfeeding: Length | None = None


class Contraception(Fact):
    """Contraception and breastfeeding after the last dose."""

    periods: Waiting
    unknown: tuple[Literal["female", "male", "breastfeeding"], ...] = ()
    """Asked for and not verified."""


class Dose(Fact):
    """A dose and its reduction steps, for tumours or partners."""

    label: str
    tumours: tuple[str, ...] = ()
    not_tumours: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    when: dict[str, Asked] = Field(default_factory=dict)
    unit: str
    start: OneOrMany[Decimal] = ()
    """Doses at which treatment is begun and gone on with; empty: not verified."""
    steps: tuple[Decimal, ...] = ()
    """Reduced doses in order."""
    schedule: str
    cycle: Length | None = None


class Sheet(Frozen):
    """`monitoring/drugs/<id>.yaml`: everything about one drug or class."""

    id: str = Slug
    applies_to: tuple[str, ...] = Field(min_length=1)
    source: str
    checked_on: date
    label_from: date | None = None
    """First label; before that day the sheet says that there was none."""
    boxed: tuple[Statement, ...] = ()
    no_boxed: tuple[Statement, ...] = ()
    """Where the label is known to carry none."""
    contraindications: tuple[Contraindication, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    schedule: tuple[Schedule, ...] = ()
    rules: tuple[Rule, ...] = ()
    advice: tuple[Statement, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    contraception: OneOrMany[Contraception] = ()
    doses: tuple[Dose, ...] = ()


class RiskFlag(Fact):
    """Something that raises the risk to the heart; one of its tests suffices."""

    id: str = Slug
    clinical: str
    plain: str
    applies_to: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    prior: tuple[str, ...] = ()
    age_from: int | None = None
    radiotherapy_sites: tuple[str, ...] = ()
    when: dict[str, Asked] = Field(default_factory=dict)


class Symptom(Fact):
    """A symptom, in plain words, and how fast to act."""

    id: str = Slug
    clinical: str
    plain: str
    urgency: Literal["now", "today"]
    applies_to: tuple[str, ...]
    topic: Topic


class General(Frozen):
    """`monitoring/general.yaml`: what holds for many drugs."""

    source: str
    checked_on: date
    covers: tuple[str, ...]
    """Classes of drugs that a safety sheet is expected for; the default order set is theirs."""
    same_treatment_gap: Length
    """Courses of one drug closer than this are one treatment with one baseline."""
    baseline: tuple[Baseline, ...]
    schedule: tuple[Schedule, ...]
    rules: tuple[Rule, ...]
    """For drugs whose own rules do not ask for the same input."""
    advice: tuple[Statement, ...]
    interactions: tuple[Interaction, ...]
    risk_flags: tuple[RiskFlag, ...]
    protection: tuple[Statement, ...]
    symptoms: tuple[Symptom, ...]


class Inputs(Frozen):
    """`monitoring/inputs.yaml`."""

    inputs: tuple[Input, ...]


class Items(Frozen):
    """`monitoring/items.yaml`."""

    source: str
    checked_on: date
    items: tuple[Item, ...]


class MonitoringBook:
    """All of `data/monitoring/`, cross-linked.

    Raises:
        ValueError: A fact names an item, an input, a source or a drug that nobody knows.
    """

    def __init__(
        self,
        sheets: Sequence[Sheet],
        general: General,
        inputs: Inputs,
        items: Items,
        *,
        is_term: Iterable[str],
        sources: Iterable[str],
    ) -> None:
        self.sheets = tuple(sheets)
        self.general = general
        self.inputs = {one.id: one for one in inputs.inputs}
        self.items_file = items
        self.items = {one.id: one for one in items.items}
        self._check(frozenset(is_term), frozenset(sources))

    def for_terms(self, terms: frozenset[str]) -> tuple[Sheet, ...]:
        """Return the sheets of a drug, given as its id and classes."""
        return tuple(sheet for sheet in self.sheets if terms & set(sheet.applies_to))

    def provenance(
        self, fact: Fact | Item | Row, file: Sheet | General | Items, rule: Fact | None = None
    ) -> Provenance:
        """Return where a fact comes from, with what its file says once."""
        held = rule if isinstance(fact, Row) and rule is not None else fact
        assert not isinstance(held, Row)
        return Provenance(
            source=held.source or file.source,
            locator=held.locator,
            checked_on=held.checked_on or file.checked_on,
            confidence=fact.confidence or held.confidence,
        )

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Yield every fact with the name of its place."""
        for sheet in self.sheets:
            for field in ("boxed", "no_boxed", "contraindications", "baseline", "schedule", "rules", "advice",
                          "interactions", "contraception", "doses"):  # fmt: skip
                for i, fact in enumerate(getattr(sheet, field)):
                    yield f"{sheet.id}.{field}[{i}]", fact
        for field in (
            "baseline",
            "schedule",
            "rules",
            "advice",
            "interactions",
            "risk_flags",
            "protection",
            "symptoms",
        ):
            for i, fact in enumerate(getattr(self.general, field)):
                yield f"general.{field}[{i}]", fact

    def _check(self, terms: frozenset[str], sources: frozenset[str]) -> None:
        for sheet in self.sheets:
            _known(f"{sheet.id}: applies_to", sheet.applies_to, terms)
        files = [sheet.source for sheet in self.sheets] + [self.general.source, self.items_file.source]
        _known("source", files, sources)
        for place, fact in self.facts():
            _known(f"{place}: source", [fact.source] if fact.source else [], sources)
            for field in ("applies_to", "only_with", "not_with", "with_any", "and_any", "prior"):
                _known(f"{place}: {field}", getattr(fact, field, ()), terms)
            if isinstance(fact, (Baseline, Schedule)):
                _known(f"{place}: item", [fact.item], self.items)
            for field in ("when", "requires", "unless_reviewed"):
                _known(f"{place}: {field}", getattr(fact, field, ()), self.inputs)
            if isinstance(fact, Rule):
                for row in fact.rows:
                    _known(f"{place}: {row.code}", row.when, self.inputs)
                if fact.rows[-1].when:
                    raise ValueError(f"{place}: the last row has tests, so a value may meet no row")
        rules = [fact.id for _, fact in self.facts() if isinstance(fact, Rule)]
        if len(rules) != len(set(rules)):
            raise ValueError("two rules have one id")


def _known(place: str, names: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ValueError(f"{place} names what nobody knows: {', '.join(unknown)}")
