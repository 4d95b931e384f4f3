"""What a specimen's results give under the rules of its tumour, apart from its name, its date and its exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from her2nav.interpret.answers import answer, unknown
from her2nav.interpret.calls import Call, call, settled_3plus
from her2nav.interpret.ish import has_numbers, word_contradicts
from her2nav.interpret.near import Cutoff, cutoffs
from her2nav.interpret.ngs import (
    AMPLIFICATION,
    engine_rule,
    erbb2_variants,
    kind_of,
    mutation,
    ngs_amplification,
)
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import ALL_SUBSCORES, ISH_CALLS, SUBSCORES, ZEROS, Answer, Flag, NextTest
from her2nav.interpret.runner import Possible
from her2nav.interpret.tables import Guideline
from her2nav.interpret.tissue import usable_for
from her2nav.model.specimens import Specimen

STATUS = frozenset({"positive", "negative"})
EXPRESSION = frozenset({"positive", "low", "ultralow", "zero"})
_READER_NOISE = ZEROS | {"1+"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What specimens share whose numbers lie between the same cut-offs and whose other results are the same.

    The attributes are those of `SpecimenHer2`; further ones:

    Attributes:
        scores: The definition that gives IHC and ISH results; None where no definition was applied.
        others: Title and answer of further definitions.
        cutoffs: The cut-offs that the numbers were held against.
        notes: Flags and next steps.
        steps: The next steps with the pointer of a specimen.
        bearing: For cut-offs asked about, whether the result is another on the other side.
    """

    scores: Call | None
    usable: bool
    ihc: frozenset[str]
    ihc_called: tuple[str, ...]
    ihc_reported: bool
    ihc_by_scoring: Mapping[str, frozenset[str]]
    ish: frozenset[str]
    ish_group: int | None
    amplification: Answer
    status: Answer
    expression: Answer
    extra: Mapping[str, Answer]
    informative: bool
    reported_only: bool
    others: Mapping[str, tuple[str, Answer]]
    cutoffs: tuple[Cutoff, ...]
    flags: tuple[Flag, ...]
    notes: Notes
    steps: dict[str, tuple[NextTest, ...]] = field(default_factory=dict)
    bearing: dict[Cutoff, bool] = field(default_factory=dict)

    @property
    def outcome(self) -> tuple[Answer, ...]:
        """What a result says: status, expression, amplification, also by further definitions."""
        return (self.status, self.expression, self.amplification, *(answer for _, answer in self.others.values()))

    def next(self, path: str) -> tuple[NextTest, ...]:
        """Return the next steps of the specimen at a pointer."""
        found = self.steps.get(path)
        if found is None:
            found = self.steps[path] = self.notes.steps(path)
        return found


def find(
    specimen: Specimen,
    known: dict[str, Possible],
    notes: Notes,
    *,
    scoring: str,
    guideline: Guideline,
    as_of: date,
) -> Findings:
    """Run the tables.

    Args:
        specimen: What was measured.
        known: The numeric ISH inputs and the period of the ISH word.
        notes: Holds what the reading of the numbers flagged; takes the rest.
        scoring: Scoring system of the tumour type; `none` where none is validated.
        guideline: One linked edition.
        as_of: The day asked about.
    """
    if scoring == "none" or not guideline.definitions:
        notes = Notes(guideline.wording)
        notes.flag("no_validated_scoring", "7")
        return _assembled(specimen, notes, {}, None, "no_validated_scoring")
    if as_of < guideline.effective_from:
        notes.flag("rules_newer_than_as_of", "0")
    use = usable_for(specimen, guideline, notes)
    trust = not any(word_contradicts(specimen.ish, known, one, guideline.compiled) for one in guideline.definitions)
    if not trust and specimen.ish is not None:
        notes.flag("reported_call_differs", "0.1", word=str(specimen.ish.result))
    if use == "nothing":
        if kind_of(specimen) == "blood":
            return _assembled(specimen, notes, {}, guideline, "blood_sample")
        notes.ask("new_specimen", "9.5")
        return _assembled(specimen, notes, {}, guideline, "inadequate_specimen")
    if use == "only_3plus":
        if not settled_3plus(specimen, guideline):
            notes.ask("new_specimen", "9.5")
            return _assembled(specimen, notes, {}, guideline, "inadequate_specimen")
        notes.flag("decalcified_3plus_stands", "9.5")
    calls = {
        one.id: call(specimen, one, guideline, known, notes, trust_word=trust, use=use) for one in guideline.definitions
    }
    return _assembled(specimen, notes, calls, guideline, None)


def _assembled(
    specimen: Specimen, notes: Notes, calls: Mapping[str, Call], guideline: Guideline | None, refused: str | None
) -> Findings:
    """Put the findings together; `refused` names why no status is given."""
    scores = calls[guideline.scores_definition.id] if guideline is not None and calls else None
    variants = erbb2_variants(specimen, "", notes)
    convention = guideline.compiled[guideline.ngs_convention] if guideline and guideline.ngs_convention else None
    extra: dict[str, Answer] = (
        {name: one.status for name, one in calls.items()} if guideline is not None and guideline.combined else {}
    )
    extra |= {
        "ish": _ish_answer(scores),
        "ngs": ngs_amplification(specimen, "tissue", notes, convention),
        "plasma": ngs_amplification(specimen, "plasma", notes, convention),
        "mutation": mutation(specimen, variants),
    }
    amplification = _amplification(extra["ish"], extra["ngs"], notes)
    informative = scores is not None and _assayed(specimen)
    reported_only = not refused and scores is not None and not _assayed(specimen) and specimen.her2_reported is not None
    if scores is None or guideline is None:
        status, expression = unknown(STATUS, refused or "not_tested"), unknown(EXPRESSION, refused or "not_tested")
    elif reported_only:
        status, expression = _word_only(specimen, guideline, notes)
    else:
        status = _status(guideline, calls, amplification, extra["mutation"], notes)
        expression = scores.expression or unknown(EXPRESSION, "not_defined")
        _compare_word(specimen, status, notes)
    _further_steps(specimen, scores, status, expression, extra, notes)
    return Findings(
        scores=scores,
        usable=refused is None,
        ihc=scores.ihc.scores if scores else ALL_SUBSCORES,
        ihc_called=_called(scores),
        ihc_reported=scores.ihc.reported if scores else False,
        ihc_by_scoring=_by_scoring(specimen, calls, guideline, refused),
        ish=scores.ish_calls if scores else ISH_CALLS,
        ish_group=scores.group if scores else None,
        amplification=amplification,
        status=status,
        expression=expression,
        extra=extra,
        informative=informative or reported_only,
        reported_only=reported_only,
        others=_titled(guideline, calls),
        cutoffs=cutoffs(dict.fromkeys(table for one in calls.values() for table in one.tables)),
        flags=notes.flags,
        notes=notes,
    )


def _assayed(specimen: Specimen) -> bool:
    """True when an IHC or ISH result of any kind is on record, beyond that a test was made."""
    ihc, ish = specimen.ihc, specimen.ish
    stained = ihc is not None and (ihc.score or ihc.zero_subtype or ihc.intensity or ihc.percent_cells is not None)
    counted = ish is not None and ish.result != "failed" and (ish.result is not None or has_numbers(ish))
    return bool(stained or counted)


def _status(
    guideline: Guideline, calls: Mapping[str, Call], amplification: Answer, mutated: Answer, notes: Notes
) -> Answer:
    """Return the one status: of the only definition, or of the table that combines several answers."""
    if guideline.combined is None:
        return calls[guideline.scores_definition.id].status
    table = guideline.compiled[guideline.combined]
    answers = {**{name: one.status for name, one in calls.items()}, "amplification": amplification, "mutation": mutated}
    narrow: dict[str, Possible] = {name: frozenset({one.value}) for name, one in answers.items()}
    wide: dict[str, Possible] = {
        name: frozenset({one.value}) if one.final else one.possible | {one.value} for name, one in answers.items()
    }
    reading = table.run(narrow)
    notes.take(reading)
    used = {name for rule in reading.rules for name in rule.conditions}
    via = [ref for name, one in answers.items() if name in used for ref in one.rules]
    return answer(table, reading, table.run(wide), "status", dict.fromkeys(via))


def _word_only(specimen: Specimen, guideline: Guideline, notes: Notes) -> tuple[Answer, Answer]:
    """Return status and expression where the report holds nothing but the word (rule 0.3)."""
    word = specimen.her2_reported
    assert word is not None
    rule = (engine_rule("0.3"),)
    notes.flag("status_reported_only", "0.3")
    notes.ask("request_assay_behind_word", "0.3")
    if guideline.status_word == "ambiguous":
        notes.flag("status_word_ambiguous", "4", word=word)
        return unknown(STATUS, "status_word_ambiguous", rule), unknown(EXPRESSION, "reported_only", rule)
    if word == "equivocal":
        return Answer("equivocal", STATUS, False, rule, word), unknown({"positive", "low"}, "reported_only", rule)
    status = "positive" if word == "positive" else "negative"
    settled = Answer(status, frozenset({status}), True, rule, word)
    if word in ("low", "ultralow"):
        return settled, Answer(word, EXPRESSION - {"positive"}, False, rule, word, "reported_only")
    # Never for low, ultralow or 3+ criteria, not even to say no.
    possible = EXPRESSION if word == "positive" else EXPRESSION - {"positive"}
    return settled, unknown(possible, "reported_only", rule)


def _compare_word(specimen: Specimen, status: Answer, notes: Notes) -> None:
    """Hold the report's status word against the derived status (rule 0.1)."""
    word = specimen.her2_reported
    if word is None:
        return
    meant = "negative" if word in ("low", "ultralow") else word
    if status.final and meant != status.value:
        notes.flag("word_against_numbers", "0.1", word=word, status=status.value)
    elif not status.final and meant in STATUS and meant != status.value:
        notes.flag("reported_word_not_used", "0.1", word=word)
        notes.ask("request_assay_behind_word", "0.1")


def _ish_answer(scores: Call | None) -> Answer:
    if scores is None or not scores.ish.done:
        return unknown(AMPLIFICATION, "not_tested")
    named = {"positive": "amplified", "negative": "not_amplified"}
    possible = frozenset(named[item] for item in scores.ish_calls)
    rules = scores.ish.rules or scores.status.rules
    if len(possible) == 1:
        value = next(iter(possible))
        return Answer(value, possible, True, rules, value)
    return unknown(AMPLIFICATION, "ish_not_settled", rules)


def _amplification(ish: Answer, ngs: Answer, notes: Notes) -> Answer:
    """Join ISH and tissue sequencing: either assay's own call of amplification counts."""
    if {ish.value, ngs.value} == AMPLIFICATION:
        notes.flag("ish_ngs_discordant", "8.1")
    for one in (ish, ngs):
        if one.value == "amplified":
            return one
    if ish.reason == "ish_not_settled":
        return ish
    return ish if ish.final else ngs


def _further_steps(
    specimen: Specimen,
    scores: Call | None,
    status: Answer,
    expression: Answer,
    extra: Mapping[str, Answer],
    notes: Notes,
) -> None:
    if expression.value == "zero_unspecified":
        notes.ask("request_zero_subtype", "1.5")
    if extra["ngs"].value == "amplified" and status.final and status.value == "negative":
        notes.flag("ngs_amplified_status_negative", "8.2")
        notes.ask("check_ngs_against_ihc", "8.2")
    if scores is not None and scores.ihc.reported and scores.ihc.scores <= _READER_NOISE and status.value != "positive":
        notes.flag("single_01_reading", "9.6")
        notes.ask("review_01_reading", "9.6")
    if (
        extra["ngs"].value == "amplified"
        and (scores is None or not scores.ihc.reported)
        and kind_of(specimen) != "blood"
    ):
        notes.flag("ngs_amplified_no_ihc", "8.2")
        if not notes.asked({"order_IHC", "request_ihc_score", "score_by_own_rules"}):
            notes.ask("order_IHC_after_NGS", "8.2")
    _sequence_tissue(extra, notes)


def _sequence_tissue(extra: Mapping[str, Answer], notes: Notes) -> None:
    """Ask for tissue sequencing, with the reason that holds: nothing found in plasma, no variant, a failed panel."""
    if extra["mutation"].reason == "panel_failed":
        notes.ask("repeat_failed_panel", "8.4")
    elif extra["plasma"].value == "amplified" and extra["mutation"].reason == "plasma_no_variant":
        notes.ask("tissue_ngs_for_variant", "8.4")
    elif extra["plasma"].reason == "plasma_not_amplified" or extra["mutation"].reason == "plasma_no_variant":
        notes.ask("reflex_tissue_ngs", "8.4")


def _called(scores: Call | None) -> tuple[str, ...]:
    if scores is None or not scores.ihc.reported:
        return ()
    names = scores.ihc.tokens
    found = [*SUBSCORES[:2], "0_unspecified", *SUBSCORES[2:], "unknown"]
    return tuple(name for name in found if name in names)


def _by_scoring(
    specimen: Specimen, calls: Mapping[str, Call], guideline: Guideline | None, refused: str | None
) -> dict[str, frozenset[str]]:
    """Return possible scores by scoring system: each definition's own, and a score given under any other."""
    result: dict[str, frozenset[str]] = {}
    if guideline is not None:
        for one in guideline.definitions:
            if one.id in calls and calls[one.id].ihc.reported:
                for system in one.scoring:
                    result.setdefault(system, calls[one.id].ihc.scores)
    ihc = specimen.ihc
    if (
        ihc is not None
        and ihc.scoring is not None
        and ihc.score
        and refused not in ("inadequate_specimen", "blood_sample")
    ):
        own = frozenset(part for score in ihc.score for part in (ZEROS if score == "0" else (score,)))
        result.setdefault(ihc.scoring, own)
    return result


def _titled(guideline: Guideline | None, calls: Mapping[str, Call]) -> dict[str, tuple[str, Answer]]:
    if guideline is None or guideline.combined is None:
        return {}
    return {one.id: (one.title, calls[one.id].status) for one in guideline.definitions if one.id in calls}
