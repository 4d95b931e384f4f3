"""In-situ hybridisation of one specimen: which results it can be under one definition; numbers beat the word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from her2nav.interpret.intervals import Interval, as_reported, quotient
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import RuleRef
from her2nav.interpret.runner import CompiledTable, Possible, Reading
from her2nav.interpret.tables import Definition
from her2nav.model.specimens import Ish, Recount

_NUMBERS = ("her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "percent_cells_ratio_ge2")


@dataclass(frozen=True, slots=True)
class IshReading:
    """What the ISH of a specimen can be.

    Attributes:
        tokens: Possible results as the status table names them.
        wide: The same with what is not settled left open.
        calls: The calls of the wide results: positive, negative, or a work-up.
        done: True when an ISH result of any kind exists.
        group: Dual-probe group, when settled by numbers.
        numeric: True when numbers were used.
        rules: Rows that fired; none where several can still fire and give different results.
        tables: The tables that read the numbers.
    """

    tokens: frozenset[str]
    wide: frozenset[str]
    calls: frozenset[str]
    done: bool
    group: int | None = None
    numeric: bool = False
    rules: tuple[RuleRef, ...] = ()
    tables: tuple[CompiledTable, ...] = ()


def has_numbers(ish: Ish) -> bool:
    """True when a ratio, a count or a share of cells is on record."""
    return any(getattr(ish, name) is not None for name in _NUMBERS)


def numbers(ish: Ish | None, notes: Notes) -> dict[str, Possible]:
    """Return the numeric inputs of an ISH record: ratio, copies and the share of cells with a ratio of two or more.

    A missing ratio is divided from the mean counts, each taken as all numbers that round to it, so that rounding can
    never move a result across a cut-off unseen. Numbers beside a failed assay are flagged and never used.
    """
    if ish is None:
        return {}
    if ish.result == "failed":
        if has_numbers(ish):
            notes.flag("failed_ish_has_numbers", "0")
            notes.ask("request_ish_report", "0.1")
        return {}
    known: dict[str, Possible] = {}
    counted = None
    if ish.her2_copy_number is not None:
        known["copies"] = Interval.point(ish.her2_copy_number)
        if ish.cep17_copy_number is not None and ish.method != "single_probe":
            counted = quotient(as_reported(ish.her2_copy_number), as_reported(ish.cep17_copy_number), Decimal(100))
    if ish.her2_cep17_ratio is not None:
        known["ratio"] = Interval.point(ish.her2_cep17_ratio)
        if counted is not None and not counted.meets(as_reported(ish.her2_cep17_ratio)):
            notes.flag("ratio_does_not_match_counts", "0.1")
            notes.ask("request_ish_report", "0.1")
            known["ratio"] = _span(Interval.point(ish.her2_cep17_ratio), counted)
        if ish.method == "single_probe":
            notes.flag("ratio_from_single_probe", "0.1")
    elif counted is not None:
        known["ratio"] = counted
        notes.flag("ratio_from_counts", "0.1")
    if ish.percent_cells_ratio_ge2 is not None:
        known["pct_cells_ratio_ge2"] = Interval.point(ish.percent_cells_ratio_ge2)
    return known


def _span(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.low, other.low), max(one.high, other.high))


def read_ish(
    ish: Ish | None,
    known: Mapping[str, Possible],
    definition: Definition,
    tables: Mapping[str, CompiledTable],
    notes: Notes,
    *,
    trust_word: bool = True,
) -> IshReading:
    """Return the results an ISH record can mean under a definition.

    Numbers that settle the result stand alone (rule 0.1). Numbers that do not are helped by the laboratory's word when
    it agrees with a result they leave possible; a word that agrees with none is flagged and not used. A word without
    numbers is accepted as reported. A record without a result may be anything.

    Args:
        ish: The record.
        known: Its numbers.
        definition: Names the tables.
        tables: Compiled tables of the guideline.
        notes: Takes flags and next steps.
        trust_word: False when `word_contradicts` found that the word agrees with no result the numbers leave possible.
    """
    if ish is None or not _anything(ish):
        return _reported("not_done", definition, tables, done=False)
    word = ish.result if trust_word else None
    if word == "failed":
        notes.flag("ish_gave_no_result", "0")
        return _reported("failed", definition, tables, done=True)
    sources = _numeric_tables(ish, known, definition, tables)
    usable = [table for table in sources if any(name in known for name in table.inputs)]
    if not usable:
        if word is not None:
            # Numbers may be there that this definition does not ask for, as the ratio beside a share of cells.
            notes.flag("ish_numbers_incomplete" if has_numbers(ish) else "ish_reported_only", "0.3")
            return _reported(word, definition, tables, done=True)
        notes.flag("ish_without_result", "0.1")
        notes.ask("request_ish_report", "0.1")
        return _from(sources, {}, notes)
    found = replace(_from(usable, known, notes), tables=tuple(usable))
    if word is None or len(found.tokens) == 1:
        return found
    notes.flag("ish_numbers_incomplete", "0.1")
    return replace(_reported(word, definition, tables, done=True), tables=tuple(usable))


def word_contradicts(
    ish: Ish | None, known: Mapping[str, Possible], definition: Definition, tables: Mapping[str, CompiledTable]
) -> bool:
    """True when the laboratory's word agrees with no result that the numbers leave possible."""
    if ish is None or ish.result in (None, "failed"):
        return False
    sources = _numeric_tables(ish, known, definition, tables)
    usable = [table for table in sources if any(name in known for name in table.inputs)]
    if not usable:
        return False
    calls = frozenset(rule.then["call"] for table in usable for rule in table.run(known).rules)
    reading = tables[definition.ish.word].run({"word": frozenset({str(ish.result)}), "call": calls})
    return reading.value("agreement") == "differs"


def recount_group(
    recount: Recount | None, definition: Definition, tables: Mapping[str, CompiledTable], notes: Notes
) -> frozenset[str] | None:
    """Return the group of a second observer's count when it is the recount the work-up asks for, else None."""
    if recount is None or recount.group is None or definition.recount is None:
        return None
    blinded = {True: "yes", False: "no", None: "not_stated"}[recount.blinded]
    known: dict[str, Possible] = {
        "blinded": frozenset({blinded}),
        "cells_stated": frozenset({"no" if recount.cells is None else "yes"}),
    }
    if recount.cells is not None:
        known["cells"] = Interval.point(Decimal(recount.cells))
    reading = tables[definition.recount.valid].run(known)
    if reading.value("valid") != "yes":
        notes.flag("recount_not_as_asked", *(rule.id for rule in reading.rules))
        return None
    return frozenset({f"G{recount.group}"})


def _anything(ish: Ish) -> bool:
    return any(getattr(ish, name) is not None for name in type(ish).model_fields)


def _numeric_tables(
    ish: Ish, known: Mapping[str, Possible], definition: Definition, tables: Mapping[str, CompiledTable]
) -> list[CompiledTable]:
    """Return the tables that may apply: the method's own, or both when neither method nor ratio is known."""
    dual = tables[definition.ish.dual_probe]
    if definition.ish.single_probe is None:
        return [dual]
    single = tables[definition.ish.single_probe]
    if "ratio" in known or ish.method == "dual_probe" or ish.cep17_copy_number is not None:
        return [dual]
    return [single] if ish.method == "single_probe" else [dual, single]


def _reported(word: str, definition: Definition, tables: Mapping[str, CompiledTable], *, done: bool) -> IshReading:
    reading = tables[definition.ish.reported].run({"word": frozenset({word})})
    tokens = reading.values("ish")
    rules = reading.refs if done else ()
    return IshReading(tokens, tokens, reading.values("call"), done, rules=rules)


def _from(sources: list[CompiledTable], known: Mapping[str, Possible], notes: Notes) -> IshReading:
    readings = [table.run(known) for table in sources]
    rules = tuple(rule for reading in readings for rule in reading.rules)
    tokens = frozenset(rule.then["ish"] for rule in rules)
    calls = frozenset(rule.then["call"] for rule in rules)
    wide, wide_calls = tokens, calls
    if any(reading.unverified for reading in readings):
        # An unverified row decides nothing: whatever the tables can say stays open.
        every = [rule for table in sources for rule in table.rules]
        wide = frozenset(rule.then["ish"] for rule in every)
        wide_calls = frozenset(rule.then["call"] for rule in every)
        if known and len(rules) == 1:
            notes.flag("unverified", *(rule.id for rule in rules if rule.confidence.unverified))
    joined = Reading(rules) if len(readings) > 1 else readings[0]
    if known:
        notes.take(joined)
    token = next(iter(tokens)) if len(tokens) == 1 else ""
    group = int(token[1:]) if token[:1] == "G" and token[1:].isdigit() else None
    refs = joined.refs if len(tokens) == 1 else ()
    return IshReading(tokens, wide, wide_calls, True, group, bool(known), refs)
