"""One definition of HER2 status applied to one specimen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from her2nav.interpret.answers import answer
from her2nav.interpret.ihc import IhcReading, read_ihc
from her2nav.interpret.intervals import Interval
from her2nav.interpret.ish import IshReading, read_ish, recount_group
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import ISH_CALLS, Answer
from her2nav.interpret.runner import CompiledTable, Possible, Reading
from her2nav.interpret.tables import Definition, Guideline
from her2nav.model.specimens import Specimen

_SETTLES = {
    "ihc": "settle_ihc",
    "ish": "settle_ish",
    "pct_cells": "settle_pct_cells",
    "specimen": "settle_specimen",
    "period": "request_ratio_and_copies",
}

SINCE = frozenset({"from"})
"""The period of the rules: from their start on."""


@dataclass(frozen=True, slots=True)
class Call:
    """What one definition makes of a specimen.

    Attributes:
        definition: Its id.
        status: The answer.
        expression: The expression category, where the definition has one.
        ish_calls: Possible ISH calls, positive and negative.
        ihc: The IHC reading.
        ish: The ISH reading.
        tables: The tables whose cut-offs the numbers were held against.
    """

    definition: str
    status: Answer
    expression: Answer | None
    ish_calls: frozenset[str]
    ihc: IhcReading
    ish: IshReading
    tables: tuple[CompiledTable, ...]

    @property
    def group(self) -> int | None:
        """Dual-probe group 1 to 5, when the numbers settle it."""
        return self.ish.group


def call(
    specimen: Specimen,
    definition: Definition,
    guideline: Guideline,
    known: Mapping[str, Possible],
    notes: Notes,
    *,
    trust_word: bool,
    use: str,
) -> Call:
    """Apply a definition.

    Args:
        specimen: The specimen.
        definition: Names the tables.
        guideline: Holds them.
        known: The numeric ISH inputs and the date period.
        notes: Takes flags and next steps.
        trust_word: False when the ISH word contradicts its numbers.
        use: `only_3plus` lets nothing but a settled 3+ stand.
    """
    tables = guideline.compiled
    ihc = read_ihc(specimen, definition, tables, notes, guideline.scores_definition.scoring[0])
    ish = read_ish(specimen.ish, known, definition, tables, notes, trust_word=trust_word)
    if use == "only_3plus":
        ish = read_ish(None, {}, definition, tables, notes)
    table = tables[definition.status]
    inputs = _inputs(specimen, known)
    if not ihc.percentage_usable:
        inputs.pop("pct_cells", None)
    narrow: dict[str, Possible] = {**inputs, "ihc": ihc.tokens, "ish": ish.tokens}
    wide: dict[str, Possible] = {**inputs, "ihc": ihc.wide, "ish": ish.wide}
    group = recount_group(specimen.ish.recount if specimen.ish else None, definition, tables, notes)
    reading = _read(table, narrow, group, definition, tables)
    wider = _read(table, wide, group, definition, tables)
    own = guideline.scores_definition.scoring[0] in definition.scoring
    if len(reading.rules) > 1 and own:
        _ask(table, narrow, notes)
    # What only the score of other rules leaves open is not asked for: nobody reads every slide by every rule.
    notes.take(reading, steps=own or len(reading.rules) == 1)
    if "ish_failed" in reading.flags:
        notes.drop("ish_gave_no_result")
    via = tuple(dict.fromkeys((*ihc.rules, *ish.rules)))
    status = answer(table, reading, wider, "status", via)
    expression = answer(table, reading, wider, "expression", via) if "expression" in reading.rules[0].then else None
    if expression is not None and not guideline.ultralow:
        expression = replace(_without_ultralow(expression), any_zero=ihc.tokens != {"0_no_staining"})
    used = (*((ihc.table,) if ihc.table is not None else ()), *ish.tables, table)
    return Call(definition.id, status, expression, _ish_calls(table, reading, wider, ish), ihc, ish, used)


def settled_3plus(specimen: Specimen, guideline: Guideline) -> bool:
    """True when the IHC can be nothing but 3+."""
    definition = guideline.scores_definition
    scratch = Notes(guideline.wording)
    return read_ihc(specimen, definition, guideline.compiled, scratch, definition.scoring[0]).scores == {"3+"}


def _without_ultralow(expression: Answer) -> Answer:
    """Call ultralow zero where the category is not defined: it belongs to one tumour and its label only."""
    possible = frozenset("zero" if truth == "ultralow" else truth for truth in expression.possible)
    value = "zero" if expression.value in ("ultralow", "zero_unspecified") else expression.value
    return replace(expression, value=value, possible=possible, final=expression.final or possible == {"zero"})


def period(specimen: Specimen, guideline: Guideline, notes: Notes) -> frozenset[str]:
    """Say whether an ISH word dates from before the rules: `before`, `from`, or both where the date may be either.

    The day of the ISH counts, else that of the specimen. A word without any date is read as of today and flagged.
    """
    start = guideline.reported_calls_from
    ish = specimen.ish
    if start is None or ish is None:
        return SINCE
    when = ish.date or specimen.collected
    if when is None:
        if ish.result not in (None, "failed"):
            notes.flag("ish_undated", "1.4")
        return SINCE
    possible = {"before": when.low < start, "from": when.high >= start}
    return frozenset(name for name, can_be in possible.items() if can_be)


def _inputs(specimen: Specimen, known: Mapping[str, Possible]) -> dict[str, Possible]:
    inputs = dict(known)
    if specimen.ihc is not None and specimen.ihc.percent_cells is not None:
        inputs["pct_cells"] = Interval.point(specimen.ihc.percent_cells)
    if specimen.kind in ("biopsy", "cytology", "cytology_block"):
        inputs["specimen"] = frozenset({"biopsy"})
    elif specimen.kind == "resection":
        inputs["specimen"] = frozenset({"resection"})
    return inputs


def _read(
    table: CompiledTable,
    inputs: Mapping[str, Possible],
    group: frozenset[str] | None,
    definition: Definition,
    tables: Mapping[str, CompiledTable],
) -> Reading:
    """Run the status table; where a recount was made, its own table takes over the combinations it covers."""
    if group is None or definition.recount is None:
        return table.run(inputs)
    recount = tables[definition.recount.result]
    names = {name: frozenset(recount.inputs[name]) for name in ("ihc", "ish")}  # type: ignore[arg-type]
    covered: dict[str, frozenset[str]] = {}
    for name, values in names.items():
        given = inputs[name]
        assert isinstance(given, frozenset)
        covered[name] = given & values
    if not all(covered.values()):
        return table.run(inputs)
    rules = list(recount.run({**covered, "recount_group": group}).rules)
    for name in ("ihc", "ish"):
        given = inputs[name]
        assert isinstance(given, frozenset)
        rest = given - covered[name]
        if rest:
            others = covered if name == "ish" else {}
            rules += [rule for rule in table.run({**inputs, **others, name: rest}).rules if rule not in rules]
    return Reading(tuple(rules))


def _ask(table: CompiledTable, inputs: Mapping[str, Possible], notes: Notes) -> None:
    """Ask for the inputs whose knowledge would settle what rows alone leave open."""
    for output in ("status", "expression"):
        if output not in table.rules[0].then:
            continue
        for name in table.settling(inputs, output):
            if name in _SETTLES:
                notes.ask(_SETTLES[name], *(rule.id for rule in table.run(inputs).rules))


def _ish_calls(table: CompiledTable, reading: Reading, wide: Reading, ish: IshReading) -> frozenset[str]:
    if not ish.done:
        return ISH_CALLS
    if "ish_result" in reading.rules[0].then:
        return answer(table, reading, wide, "ish_result").possible & ISH_CALLS
    if ish.calls in ({"positive"}, {"negative"}):
        return ish.calls
    return ISH_CALLS
