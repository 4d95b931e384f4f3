"""The shape of a guideline file: named decision tables, the definitions that use them, the words for their codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from her2nav.interpret.intervals import Interval
from her2nav.interpret.runner import CompiledTable, Meaning, NumberRange, Rule
from her2nav.model.base import Frozen
from her2nav.model.errors import DataError, RuleDataError
from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.values import OneOrMany

Scoring = Literal["breast", "gastric", "colorectal", "endometrial_serous", "lung", "other"]


class InputSpec(Frozen):
    """One input of a table: a list of names, or a range of numbers with both ends included."""

    values: OneOrMany[str] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    margin: Decimal | None = Field(default=None, gt=0)
    """A reported number no further than this from a cut-off is flagged `near_cutoff`."""
    unit: str | None = None

    @model_validator(mode="after")
    def _names_or_numbers(self) -> InputSpec:
        numeric = self.least is not None and self.most is not None
        if numeric == bool(self.values):
            raise ValueError("an input has values, or least and most")
        if numeric and self.most is not None and self.least is not None and self.most <= self.least:
            raise ValueError("most lies above least")
        if len(set(self.values)) != len(self.values):
            raise ValueError("a value stands twice")
        return self

    def compiled(self) -> frozenset[str] | NumberRange:
        """Return the input as the runner takes it."""
        if self.least is not None and self.most is not None:
            return NumberRange(self.least, self.most, self.margin)
        return frozenset(self.values)


class OutputValue(Frozen):
    """How one output value reads: the word, the definite truths still possible, and whether a step is pending."""

    value: str
    may_be: OneOrMany[str] = ()
    """Empty: the word itself."""
    final: bool = True


class Row(Frozen):
    """One row: when it fires, what follows, where it comes from."""

    id: str = Field(min_length=1)
    when: dict[str, OneOrMany[str]] = Field(default_factory=dict)
    """For each restricted input a value, a list of values, or comparisons such as `>=4 & <6`."""
    then: dict[str, str]
    may_be: dict[str, OneOrMany[str]] = Field(default_factory=dict)
    """Truths still possible for an output, where they differ from those of the value in general."""
    flags: OneOrMany[str] = ()
    next: OneOrMany[str] = ()
    source: str
    locator: str
    confidence: Confidence
    note: str | None = None


class Table(Frozen):
    """A decision table. `source`, `locator` and `confidence` hold for every row that does not say otherwise."""

    title: str
    inputs: dict[str, InputSpec] = Field(min_length=1)
    outputs: dict[str, dict[str, OutputValue]] = Field(min_length=1)
    source: str | None = None
    locator: str | None = None
    confidence: Confidence | None = None
    origin: str | None = None
    """`<guideline>/<table>` of a borrowed table; set when guidelines are linked."""
    rows: tuple[Row, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _spread_defaults(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("rows"), (list, tuple)):
            return value
        shared = {key: value[key] for key in ("source", "locator", "confidence") if value.get(key) is not None}
        rows = [{**shared, **row} if isinstance(row, dict) else row for row in value["rows"]]
        return {**value, "rows": rows}

    @field_validator("outputs", mode="before")
    @classmethod
    def _plain_values(cls, value: Any) -> Any:
        """Read a list of names as values that stand for themselves."""
        if not isinstance(value, dict):
            return value
        return {
            name: {item: {"value": item} for item in values} if isinstance(values, (list, tuple)) else values
            for name, values in value.items()
        }

    @model_validator(mode="after")
    def _consistent(self) -> Table:
        seen = set()
        for row in self.rows:
            if row.id in seen:
                raise ValueError(f"the row {row.id} stands twice")
            seen.add(row.id)
            self._check(row)
        return self

    def _check(self, row: Row) -> None:
        for name, given in row.when.items():
            spec = self.inputs.get(name)
            if spec is None:
                raise ValueError(f"row {row.id}: no input '{name}'; write {', '.join(self.inputs)}")
            if spec.values:
                strange = [item for item in given if item not in spec.values]
                if strange or not given:
                    raise ValueError(f"row {row.id}: {name} cannot be {strange}; write {', '.join(spec.values)}")
            else:
                _intervals(given, spec)
        if set(row.then) != set(self.outputs):
            raise ValueError(f"row {row.id}: gives {', '.join(row.then)}; write all of {', '.join(self.outputs)}")
        for name, value in row.then.items():
            if value not in self.outputs[name]:
                raise ValueError(f"row {row.id}: {name} cannot be {value}; write {', '.join(self.outputs[name])}")
        for name in row.may_be:
            if name not in self.outputs:
                raise ValueError(f"row {row.id}: no output '{name}'; write {', '.join(self.outputs)}")

    def compiled(self, table_id: str) -> CompiledTable:
        """Return the table with parsed conditions, ready to run."""
        rules = tuple(self._rule(row, table_id) for row in self.rows)
        return CompiledTable(table_id, {name: spec.compiled() for name, spec in self.inputs.items()}, rules)

    def _rule(self, row: Row, table_id: str) -> Rule:
        conditions: dict[str, frozenset[str] | tuple[Interval, ...]] = {}
        for name, given in row.when.items():
            spec = self.inputs[name]
            conditions[name] = frozenset(given) if spec.values else _intervals(given, spec)
        meanings = {}
        for name, value in row.then.items():
            known = self.outputs[name][value]
            may_be = row.may_be.get(name) or known.may_be or (known.value,)
            meanings[name] = Meaning(known.value, frozenset(may_be), known.final)
        return Rule(
            row.id,
            table_id,
            conditions,
            row.then,
            meanings,
            row.flags,
            row.next,
            row.source,
            row.locator,
            row.confidence,
            row.note,
        )


def _intervals(given: tuple[str, ...], spec: InputSpec) -> tuple[Interval, ...]:
    assert spec.least is not None
    assert spec.most is not None
    return tuple(Interval.parse(item, spec.least, spec.most) for item in given)


class IshTables(Frozen):
    """Which tables read in-situ hybridisation."""

    dual_probe: str
    """Reads ratio and copies (or the share of cells); also used for single-probe results where no table is named."""
    single_probe: str | None = None
    reported: str
    """Reads the laboratory's word where there are no numbers."""
    word: str
    """Says whether the laboratory's word agrees with what the numbers give."""


class RecountTables(Frozen):
    """Which tables read a second observer's count."""

    valid: str
    result: str


class Definition(Frozen):
    """One way to call HER2 in this tumour; each is answered separately."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    title: str
    scoring: OneOrMany[Scoring] = Field(min_length=1)
    """Scoring systems under which a reported IHC score counts here; the first is the definition's own."""
    ihc: str | None = None
    """Table that scores a staining description."""
    score_is: Literal["score", "intensity"] = "score"
    """`intensity`: a reported score that comes with a percentage names the intensity and is scored again."""
    ish: IshTables
    recount: RecountTables | None = None
    status: str
    """Table from IHC and ISH to the answer."""


class Phrase(Frozen):
    """The words for one code, in the two registers."""

    clinical: str
    plain: str


class Borrowed(Frozen):
    """A table of another guideline, used here with at most the stated confidence."""

    table: str = Field(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")
    """`<folder>/<table>`."""
    confidence: Confidence


class Guideline(Frozen):
    """One edition of the HER2 rules of a tumour (`data/guidelines/<folder>/<file>.yaml`)."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    title: str
    folder: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    tumours: OneOrMany[str] = ()
    """Ids of the tumour types that name this folder."""
    effective_from: date
    effective_to: date | None = None
    """Last day in force; None: still in force."""
    reported_calls_from: date | None = None
    """A laboratory's ISH word from before this day followed other rules."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)
    definitions: tuple[Definition, ...] = ()
    scores_from: str | None = None
    """Definition that gives the IHC and ISH results and the expression; the first when absent."""
    combined: str | None = None
    """Table from the definitions' answers to the one status; the only definition's own answer when absent."""
    status_word: Literal["accepted", "ambiguous"] = "accepted"
    """Whether a report's bare "HER2-positive" says what was measured in this tumour."""
    ultralow: bool = False
    """Whether the category HER2-ultralow is defined; elsewhere it is called zero."""
    retest: str | None = None
    """Table that advises another test although the result is final."""
    ngs_convention: str | None = None
    """Table of the assays' usual cut-offs; a remark for people, never an answer."""
    adequacy: str | None = None
    """Table that says what a specimen can be used for."""
    remarks: OneOrMany[str] = ()
    """Tables that only raise flags about a specimen's handling."""
    plasma: OneOrMany[str] = ()
    """Tables that say what amplification in plasma means; they raise flags and ask for the next test."""
    gate_scoring: dict[str, dict[Scoring, Scoring]] = Field(default_factory=dict)
    """For a label gate and a tumour's scoring system, the other system whose score the gate reads."""
    tables: dict[str, Table] = Field(default_factory=dict)
    borrowed: dict[str, Borrowed] = Field(default_factory=dict)
    wording: dict[str, Phrase] = Field(default_factory=dict)
    """Words for the codes (flags, next steps) of the rows."""

    @model_validator(mode="after")
    def _consistent(self) -> Guideline:
        twice = set(self.tables) & set(self.borrowed)
        if twice:
            raise ValueError(f"the table {min(twice)} is both written and borrowed")
        known = set(self.tables) | set(self.borrowed)
        for name in self._named():
            if name not in known:
                raise ValueError(f"no table '{name}'; the file has {', '.join(sorted(known))}")
        ids = [definition.id for definition in self.definitions]
        if len(set(ids)) != len(ids):
            raise ValueError("a definition stands twice")
        if self.scores_from is not None and self.scores_from not in ids:
            raise ValueError(f"scores_from names no definition; write {', '.join(ids)}")
        if len(ids) > 1 and self.combined is None:
            raise ValueError("several definitions need a table that combines them: write combined")
        codes = {code for table in self.tables.values() for row in table.rows for code in (*row.flags, *row.next)}
        wordless = sorted(codes - set(self.wording))
        if wordless:
            raise ValueError(f"the code '{wordless[0]}' has no words; add it under wording")
        return self

    def _named(self) -> set[str]:
        single = (self.combined, self.adequacy, self.retest, self.ngs_convention)
        names = {name for name in (*single, *self.remarks, *self.plasma) if name}
        for one in self.definitions:
            names |= {one.status, one.ish.dual_probe, one.ish.reported, one.ish.word}
            names |= {name for name in (one.ihc, one.ish.single_probe) if name}
            if one.recount:
                names |= {one.recount.valid, one.recount.result}
        return names

    @cached_property
    def compiled(self) -> Mapping[str, CompiledTable]:
        """The tables ready to run, borrowed ones included.

        Raises:
            RuleDataError: A table is borrowed and the guidelines were not linked.
        """
        if self.borrowed:
            name, what = next(iter(self.borrowed.items()))
            raise RuleDataError(
                f"the table {name} is borrowed from {what.table} and was not linked",
                file=self.id,
                allowed="a guideline from GuidelineSet.on()",
            )
        return {name: table.compiled(table.origin or f"{self.id}/{name}") for name, table in self.tables.items()}

    @cached_property
    def cuts(self) -> Mapping[str, list[Decimal]]:
        """For each numeric input every number at which a condition of any table may change, ends included."""
        found: dict[str, set[Decimal]] = {}
        for table in self.compiled.values():
            for name, spec in table.inputs.items():
                if isinstance(spec, NumberRange):
                    found.setdefault(name, set()).update((spec.least, spec.most), table.bounds(name))
        return {name: sorted(places) for name, places in found.items()}

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was found for specimens that these rules cannot tell apart; filled and bounded by `specimen.py`."""
        return {}

    @property
    def scores_definition(self) -> Definition:
        """The definition that gives IHC and ISH results."""
        wanted = self.scores_from or (self.definitions[0].id if self.definitions else None)
        for one in self.definitions:
            if one.id == wanted:
                return one
        raise RuleDataError("the guideline has no definition of HER2 status", file=self.id)


_STRENGTH = [
    Confidence.V,
    Confidence.S,
    Confidence.M,
    Confidence.O,
    Confidence.P,
    Confidence.K,
    Confidence.WEAK,
    Confidence.UNV,
]


class GuidelineSet:
    """All guidelines that were loaded; picks the edition of a day and links the tables one borrows from another."""

    def __init__(self, guidelines: Iterable[Guideline]) -> None:
        self._editions: dict[str, list[Guideline]] = {}
        for one in sorted(guidelines, key=lambda item: item.effective_from):
            self._editions.setdefault(one.folder, []).append(one)
        self._linked: dict[str, Guideline] = {}

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold at least one guideline."""
        return tuple(sorted(self._editions))

    def on(self, folder: str, day: date) -> Guideline:
        """Return the edition in force on a day, linked; before the first edition, the first one.

        Raises:
            DataError: No such folder, or no edition is in force any more.
            RuleDataError: A borrowed table does not exist.
        """
        edition = self._edition(folder, day)
        if not edition.borrowed:
            return edition
        lenders = {name: self._edition(what.table.split("/")[0], day) for name, what in edition.borrowed.items()}
        key = "+".join([edition.id, *sorted({lender.id for lender in lenders.values()})])
        if key not in self._linked:
            self._linked[key] = _link(edition, lenders)
        return self._linked[key]

    def _edition(self, folder: str, day: date) -> Guideline:
        editions = self._editions.get(folder)
        if not editions:
            raise DataError(f"no guideline in folder '{folder}'", allowed=", ".join(self.folders))
        begun = [one for one in editions if one.effective_from <= day] or editions[:1]
        current = [one for one in begun if one.effective_to is None or day <= one.effective_to]
        if not current:
            raise DataError(f"no edition of '{folder}' is in force on {day}", file=begun[-1].id)
        return current[-1]


def _link(edition: Guideline, lenders: Mapping[str, Guideline]) -> Guideline:
    tables, wording = dict(edition.tables), dict(edition.wording)
    for name, what in edition.borrowed.items():
        lender, theirs = lenders[name], what.table.split("/")[1]
        table = lender.tables.get(theirs)
        if table is None:
            raise RuleDataError(f"{what.table} does not exist", file=edition.id, place=f"borrowed/{name}")
        rows = tuple(
            row.model_copy(update={"confidence": max(row.confidence, what.confidence, key=_STRENGTH.index)})
            for row in table.rows
        )
        tables[name] = table.model_copy(update={"rows": rows, "origin": f"{lender.id}/{theirs}"})
        for code in (code for row in rows for code in (*row.flags, *row.next)):
            wording.setdefault(code, lender.wording[code])
    return edition.model_copy(update={"tables": tables, "borrowed": {}, "wording": wording})
