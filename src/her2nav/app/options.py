"""`options`: what labels, guidelines and trials offer one patient on one day, with what speaks against each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from her2nav.app.interpret import interpret
from her2nav.app.session import Session
from her2nav.app.what_if import may_enter, with_course
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.kinds.registry import kinds
from her2nav.knowledge.conflicts import Conflict
from her2nav.matching.changed import newly_against
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import Verdict, codes_of_each
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.results import Match, match_patient
from her2nav.matching.single import Codes, as_array
from her2nav.model.errors import UnknownName
from her2nav.model.tree import leaves
from her2nav.model.truth import Truth
from her2nav.report.phrases import deciding_kind
from her2nav.therapy.book import TherapyBook, therapy_book
from her2nav.therapy.disputed import disputed_options
from her2nav.therapy.gate_truths import gate_codes, gate_codes_of_each
from her2nav.therapy.label_table import LabelTruths, label_table
from her2nav.therapy.options import Advice, Category, Option, advise


@dataclass(frozen=True, slots=True)
class Closes:
    """What giving a regimen today would change, by judging everything again with it on record.

    Attributes:
        trials: Registry ids that fit or may fit now and would not afterwards, waiting times apart; of trials that
            recruit or are about to, as in `pauses`, `because` and `opens_trials`.
        pauses: Registry ids that would fit or may fit again after a waiting time, with the first day.
        because: What closes the trials, by the kind of criterion, with how many; empty where that was not asked.
        labels: Ids of labels that are open now and would not be afterwards.
        opens_trials: Registry ids that do not fit now and may afterwards, where HER2 is what they ask for.
        opens_labels: Ids of labels that are not met now, whose every closed condition would be met afterwards and whose
            HER2 and setting are met; what stays unknown opens nothing.
        not_recruiting: Registry ids of trials that would close, pause or open too, but take nobody now, or may not;
            empty where that was not asked.
    """

    trials: tuple[str, ...]
    labels: tuple[str, ...]
    opens_trials: tuple[str, ...]
    opens_labels: tuple[str, ...]
    pauses: tuple[tuple[str, date], ...] = ()
    because: tuple[tuple[str, int], ...] = ()
    not_recruiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionsAnswer:
    """The answer of `options`.

    Attributes:
        advice: Labels, recommendations, remarks.
        trials: Trials that fit or may fit and are not known to be closed.
        closes: By the id of the option; for options that are not ruled out.
        assumed_country: True where the default was taken because no country is known.
        warnings: Names that were kept but not understood.
        conflicts: Where the sources disagree on what is shown, the gravest first.
    """

    advice: Advice
    trials: tuple[Match, ...]
    closes: dict[str, Closes]
    assumed_country: bool
    warnings: tuple[str, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def case(self) -> Case:
        """The patient on their day."""
        return self.advice.case


def options(
    session: Session,
    read: ReadPatient,
    country: str | None = None,
    case: Case | None = None,
    *,
    whole: bool = True,
) -> OptionsAnswer:
    """Judge labels, recommendations and trials for a patient.

    Args:
        session: Knowledge, trials, clock.
        read: The patient.
        country: Name or code of a country or jurisdiction; None: that of the record, else the default.
        case: The same patient on their day, where something was derived of them already.
        whole: Say of each option too what closes the trials that it closes (`Closes.because`), and which it would
            change that nobody can enter now (`Closes.not_recruiting`); most of the time goes there, and pages show
            neither.

    Raises:
        InputError: The record names no tumour type, or the country is not known.
    """
    case = case or interpret(session, read)
    book = therapy_book(session.knowledge)
    code, jurisdiction = _place(country, case, book)
    advice = advise(case, jurisdiction, code)
    matches = match_patient(case, session.compiled)
    trials = tuple(
        one
        for one in matches
        if one.verdict is not Verdict.INELIGIBLE
        and one.trial.record.status.value.may_recruit is not False
        and about_her2(one, case)
    )
    before = {one.trial.record.nct_id: one for one in matches}
    table = label_table(book, case.as_of, jurisdiction)
    labels = table.judge(gate_codes(case, book))
    asked = [one for one in advice.options if one.category is not Category.NOT_SUITABLE and not one.given_now]
    later = {names: with_course(case, names) for names in dict.fromkeys(_regimen(one, case) for one in asked)}
    asked_of = session.compiled
    if not whole:
        asked_of = _some(asked_of, frozenset(name for name, one in before.items() if may_enter(one, case)))
    after = _matched(later, asked_of, before)
    of_gates = gate_codes_of_each(case, [*later.values()], book)
    then = {names: (after[names], table.judge(codes)) for names, codes in zip(later, of_gates, strict=True)}
    closes = {
        one.approval.id: _closes(one, case, before, labels, *then[_regimen(one, case)], whole=whole) for one in asked
    }
    return OptionsAnswer(advice, trials, closes, code is None, read.warnings, disputed_options(advice))


@lru_cache(maxsize=8)
def _some(compiled: CompiledTrials, names: frozenset[str]) -> CompiledTrials:
    """Return the trials of these names, in the same program."""
    return CompiledTrials([one for one in compiled.trials if one.trial.record.nct_id in names], compiled.program)


def about_her2(match: Match, case: Case) -> bool:
    """True for a treatment trial that selects by HER2 or gives a HER2-directed drug."""
    record, ontology = match.trial.record, case.knowledge.drugs
    given = {
        term for arm in record.arms for drug in arm.drugs if drug in ontology.drugs for term in ontology.terms_of(drug)
    }
    selects = bool(set(record.her2) - {"any"})
    return record.purpose in ("treatment", "not_stated") and (selects or "anti_her2" in given)


def _place(country: str | None, case: Case, book: TherapyBook) -> tuple[str | None, str | None]:
    """Return the country's code (None: not known, the default is taken) and its jurisdiction."""
    where = case.patient.demographics.location
    written = country if country is not None else (where.country if where else None)
    if not written:
        return None, book.home
    if written.strip().upper() in book.authorities:
        return written.strip().upper(), written.strip().upper()
    code = case.knowledge.countries.find(written)
    if code is None:
        if country is None:
            return None, book.home
        near = ", ".join(case.knowledge.countries.nearest(written)) or ", ".join(book.authorities)
        raise UnknownName(f"unknown country '{written}'", place="--country", allowed=near)
    return code, book.jurisdiction_of(code)


def _her2_open(match: Match, case: Case) -> bool:
    """Return whether it is open if the patient's HER2 is what a trial asks for."""
    about = rank_rules(case.knowledge).topics["her2"]
    return any(leaf.kind in about for item in match.with_truth(Truth.UNKNOWN) for leaf in leaves(item.criterion.node))


def _matched(
    later: Mapping[tuple[str, ...], Case], compiled: CompiledTrials, before: dict[str, Match]
) -> dict[tuple[str, ...], dict[str, Match]]:
    """Judge the trials again with each regimen given on the patient's day, all regimens in one go."""
    known = next((as_array(one.judged.codes) for one in before.values()), None)
    codes: Sequence[Codes | None] = [None] * len(later)
    if known is not None:
        codes = codes_of_each(compiled.program, [*later.values()], known, compiled)
    return {
        names: {match.trial.record.nct_id: match for match in match_patient(case, compiled, own)}
        for (names, case), own in zip(later.items(), codes, strict=True)
    }


def _closes(
    option: Option,
    case: Case,
    before: dict[str, Match],
    labels: LabelTruths,
    after: dict[str, Match],
    then: LabelTruths,
    *,
    whole: bool,
) -> Closes:
    """Return what differs once the regimen is given, in trials (`after`) and labels (`then`)."""
    names = list(after)
    shut: set[str] = set()
    pauses: list[tuple[str, date]] = []
    because: Counter[str] = Counter()
    opened: list[str] = []
    others: list[str] = []
    for name, one in after.items():
        is_shut, was_shut = (item.verdict is Verdict.INELIGIBLE for item in (one, before[name]))
        if is_shut is was_shut:
            continue
        if not may_enter(one, case):
            # Nobody can enter it now, as far as is known: no door of this patient.
            others.append(name)
            continue
        if was_shut:
            if not _her2_open(one, case):
                opened.append(name)
            continue
        if one.eligible_from is not None:
            # A trial that only asks to wait is not closed.
            pauses.append((name, one.eligible_from))
            continue
        shut.add(name)
        if whole:
            item = newly_against(before[name], one)
            because[kinds()[deciding_kind(item.criterion.node, item.finding)].name] += 1
    own = option.approval.id
    return Closes(
        trials=tuple(name for name in names if name in shut),
        labels=tuple(name for name in labels.closed_by(then) if name != own),
        opens_trials=tuple(opened),
        opens_labels=tuple(labels.opened_by(then)),
        pauses=tuple(pauses),
        because=tuple(because.most_common()),
        not_recruiting=tuple(others),
    )


def _regimen(option: Option, case: Case) -> tuple[str, ...]:
    """Return the names of the drugs; options of the same drugs close the same."""
    return tuple(map(case.knowledge.drugs.name, option.approval.drugs))
