"""Everything on the safety of a treatment, put together for one patient on one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from her2nav.facts.case import Case
from her2nav.knowledge.monitoring import (
    Contraception,
    Fact,
    General,
    Interaction,
    MonitoringBook,
    Rule,
    Sheet,
    Span,
    Statement,
)
from her2nav.model.truth import Truth
from her2nav.therapy.monitoring_baseline import Asked, asked_for, baseline, can_be_pregnant, setting, sheet_lines
from her2nav.therapy.monitoring_calendar import Planned, calendar
from her2nav.therapy.monitoring_treatment import Treatment, treatment
from her2nav.therapy.safety_doses import judge_dose
from her2nav.therapy.safety_heart import heart_risk
from her2nav.therapy.safety_inputs import Readings
from her2nav.therapy.safety_medicines import judge, medicines
from her2nav.therapy.safety_results import (
    ContraceptionAnswer,
    DoseAnswer,
    DrugAnswer,
    Flag,
    InteractionAnswer,
    RiskAnswer,
    RuleAnswer,
    SafetyAnswer,
    Sentence,
    SourceLine,
    SymptomAnswer,
)
from her2nav.therapy.safety_rules import rule_answer
from her2nav.therapy.safety_sources import source_line

_FLAG_ORDER: tuple[Flag, ...] = (
    "stop", "hold", "hold_until_reviewed", "possible_hold", "treat", "check", "unknown", "none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked.

    Attributes:
        drugs: Ids, in the order asked.
        start: First dose, where the user gave it.
        jurisdictions: Whose contraindications and boxed warnings are shown.
        lvef_lln: Lower limit of normal of the echo or MUGA laboratory, in percent.
        months: Length of the calendar.
    """

    drugs: tuple[str, ...]
    start: date | None = None
    jurisdictions: tuple[str, ...] = ("US",)
    lvef_lln: Decimal | None = None
    months: int = 12


@dataclass(frozen=True, slots=True)
class _Held:
    """One drug with its sheets and values."""

    drug: str
    terms: frozenset[str]
    sheets: tuple[Sheet, ...]
    treatment: Treatment
    readings: Readings


def make_safety(case: Case, request: Request) -> SafetyAnswer:
    """Return baseline, calendar, rules and warnings of the drugs asked about."""
    book = case.knowledge.monitoring
    held = [_held(case, drug, request) for drug in request.drugs]
    beside = medicines(case, request.drugs)
    partners = frozenset(term for one in held for term in one.terms) | frozenset(
        term for one in beside if one.certain for term in one.terms.has
    )
    view = _View(case, book, held, partners, request)
    lines, events = calendar(case, list(view.schedules()), request.months)
    given = all(one.treatment.given for one in held if one.sheets)
    # A drug that has not begun makes today the day of the order set, whatever was given before.
    starts = [one.treatment.first_day for one in held if one.sheets and one.treatment.first_day] if given else []
    interactions = _unique(view.interactions())
    return SafetyAnswer(
        drugs=tuple(view.drugs()),
        jurisdictions=request.jurisdictions,
        lung_risk=any(one.terms & set(case.knowledge.lung_warning.terms) for one in held),
        boxed=tuple(view.statements("boxed")),
        contraindications=tuple(view.statements("contraindications")),
        baseline=baseline(case, list(view.baseline()), min(starts) if starts else None),
        calendar=lines,
        events=events,
        rules=tuple(sorted(view.rules(), key=lambda rule: _FLAG_ORDER.index(rule.flag))),
        interactions=interactions,
        medications_complete=case.patient.complete.medications,
        unread_medicines=tuple(dict.fromkeys(one.name for one in beside if not one.known)),
        heart_risks=tuple(view.heart_risks()),
        heart_protection=tuple(view.general_sentences("protection")),
        contraception=tuple(view.contraception()),
        doses=tuple(view.doses()),
        advice=(*view.statements("no_boxed"), *view.statements("advice"), *view.general_sentences("advice")),
        symptoms=tuple(view.symptoms()),
    )


def _held(case: Case, drug: str, request: Request) -> _Held:
    book, ontology = case.knowledge.monitoring, case.knowledge.drugs
    terms = ontology.terms_of(drug) if drug in ontology.drugs else ontology.class_closure[drug]
    where = treatment(case, drug, book.general.same_treatment_gap, request.start)
    return _Held(drug, terms, book.for_terms(terms), where, Readings(case, where, request.lvef_lln))


def _unique(found: Iterable[InteractionAnswer]) -> tuple[InteractionAnswer, ...]:
    """Keep one line for a medicine that the record names twice."""
    kept: dict[tuple[str, str, str], InteractionAnswer] = {}
    for one in found:
        key = (one.drug, one.medicine.casefold(), one.advice)
        if key not in kept or (one.certain and not kept[key].certain):
            kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: not one.certain))


class _View:
    """Walks the sheets of all drugs asked about."""

    def __init__(
        self, case: Case, book: MonitoringBook, held: Sequence[_Held], partners: frozenset[str], request: Request
    ) -> None:
        self.case, self.book, self.held, self.partners, self.request = case, book, held, partners, request

    def _sheets(self) -> Iterator[tuple[_Held, Sheet]]:
        for one in self.held:
            for sheet in one.sheets:
                if not self._before_label(sheet):
                    yield one, sheet

    def _before_label(self, sheet: Sheet) -> bool:
        return sheet.label_from is not None and self.case.as_of < sheet.label_from

    def _covered(self, terms: Iterable[str]) -> list[_Held]:
        return [one for one in self.held if one.terms & set(terms)]

    def _holds(self, fact: Fact) -> bool:
        only = getattr(fact, "only_with", ())
        return fact.holds_on(self.case.as_of) and (not only or bool(self.partners & set(only)))

    def _in_setting(self, wanted: str | None, one: _Held) -> bool:
        return wanted is None or setting(self.case, one.treatment) in (None, wanted)

    def drugs(self) -> Iterator[DrugAnswer]:
        """Say for each drug what is held and where its treatment stands."""
        for one in self.held:
            first = min((sheet.label_from for sheet in one.sheets if sheet.label_from), default=None)
            start, end = one.treatment.start, one.treatment.end
            yield DrugAnswer(
                drug=one.drug,
                name=self.case.knowledge.drugs.name(one.drug),
                held=bool(one.sheets),
                label_from=first.isoformat() if first else None,
                before_label=bool(one.sheets) and all(self._before_label(sheet) for sheet in one.sheets),
                phase=one.treatment.phase,
                start=_shown_days(start),
                end=_shown_days(end),
            )

    def statements(self, field: str) -> Iterator[Sentence]:
        """Yield sentences of the sheets; contraindications and boxes for the countries asked about."""
        for one, sheet in self._sheets():
            for fact in getattr(sheet, field):
                asked = self.request.jurisdictions
                elsewhere = field == "contraindications" and bool(asked) and fact.jurisdiction not in asked
                if self._holds(fact) and not elsewhere:
                    yield self._sentence(fact, sheet, one.drug, "boxed" in field or field == "contraindications")

    def general_sentences(self, field: str) -> Iterator[Sentence]:
        """Yield sentences of the general file for the drugs it covers."""
        if self._covered(self.book.general.covers):
            for fact in getattr(self.book.general, field):
                meant = not fact.applies_to or self._covered(fact.applies_to)
                if meant and self._holds(fact) and not self._elsewhere(fact):
                    yield self._sentence(fact, self.book.general, None, of_country=False)

    def _elsewhere(self, fact: Statement) -> bool:
        """A word on pregnancy where pregnancy is not possible."""
        return fact.topic == "pregnancy" and can_be_pregnant(self.case) is Truth.NOT_MET

    def _sentence(self, fact: Statement, file: Sheet | General, drug: str | None, of_country: bool) -> Sentence:
        return Sentence(
            topic=fact.topic,
            drug=drug,
            clinical=fact.clinical,
            plain=fact.plain,
            jurisdiction=fact.jurisdiction if of_country else None,
            note=fact.note,
            source=source_line(self.book, fact, file),
        )

    def baseline(self) -> Iterator[Asked]:
        """Yield the lines of the order set."""
        general = self.book.general
        for one in self.held:
            for line in asked_for(general.baseline, self.case, one.treatment):
                if one.terms & set(line.applies_to):
                    yield Asked(line, one.drug, source_line(self.book, line, general), one.readings)
        for one, sheet in self._sheets():
            for line in asked_for(sheet_lines(sheet, self.case.as_of), self.case, one.treatment):
                yield Asked(line, one.drug, source_line(self.book, line, sheet), one.readings)

    def schedules(self) -> Iterator[Planned]:
        """Yield the schedules of the sheets and of the guidelines."""
        for one, sheet in self._sheets():
            for fact in sheet.schedule:
                if fact.holds_on(self.case.as_of) and self._in_setting(fact.setting, one):
                    yield Planned(fact, one.drug, one.treatment, self._cycle(one, sheet), self._line(fact, sheet))
        general = self.book.general
        for one in self._covered(general.covers)[:1]:
            for fact in general.schedule:
                if fact.holds_on(self.case.as_of) and self._in_setting(fact.setting, one):
                    yield Planned(fact, one.drug, one.treatment, None, self._line(fact, general))

    def _line(self, fact: Fact, file: Sheet | General) -> SourceLine:
        return source_line(self.book, fact, file)

    def _cycle(self, one: _Held, sheet: Sheet) -> Span | None:
        """Return how often a dose is given, where the sheet says it for this patient in one way."""
        cycles = {
            dose.cycle
            for dose in sheet.doses
            if dose.cycle is not None
            and not self._line(dose, sheet).unverified
            and judge_dose(dose, one.drug, self._line(dose, sheet), one.readings, self.partners, None) is not None
        }
        return cycles.pop() if len(cycles) == 1 else None

    def rules(self) -> Iterator[RuleAnswer]:
        """Evaluate every rule; those of the general file where the drug's own do not ask for the same value."""
        for one, sheet in self._sheets():
            for rule in sheet.rules:
                if self._holds(rule) and self._in_setting(rule.setting, one):
                    yield self._rule(rule, sheet, one)
        general = self.book.general
        for one in self._covered(general.covers):
            own = {
                name
                for sheet in one.sheets
                if not self._before_label(sheet)
                for rule in sheet.rules
                if self._holds(rule) and self._in_setting(rule.setting, one)
                for row in rule.rows
                for name in row.when
            }
            for rule in general.rules:
                if not own & {name for row in rule.rows for name in row.when}:
                    yield self._rule(rule, general, one)

    def _rule(self, rule: Rule, file: Sheet | General, one: _Held) -> RuleAnswer:
        return rule_answer(self.case, self.book, rule, file, one.drug, one.treatment, one.readings)

    def interactions(self) -> Iterator[InteractionAnswer]:
        """Yield the medicines that matter."""
        beside = medicines(self.case, self.request.drugs)
        for one, sheet in self._sheets():
            facts = [(fact, self._line(fact, sheet)) for fact in sheet.interactions if self._holds(fact)]
            yield from judge(one.drug, facts, beside, one.readings)
        general = self.book.general
        for one in self._covered(general.covers):
            shared: list[tuple[Interaction, SourceLine]] = [
                (fact, self._line(fact, general)) for fact in general.interactions if one.terms & set(fact.applies_to)
            ]
            yield from judge(one.drug, shared, beside, one.readings)

    def heart_risks(self) -> Iterator[RiskAnswer]:
        """Yield the risks to the heart for the drugs they concern."""
        for flag in self.book.general.risk_flags:
            for one in self._covered(flag.applies_to)[:1]:
                yield heart_risk(flag, self._line(flag, self.book.general), one.readings)

    def contraception(self) -> Iterator[ContraceptionAnswer]:
        """Yield how long contraception goes on."""
        for one, sheet in self._sheets():
            for fact in sheet.contraception:
                yield from self._periods(fact, sheet, one)

    def _periods(self, fact: Contraception, sheet: Sheet, one: _Held) -> Iterator[ContraceptionAnswer]:
        sex = self.case.patient.demographics.sex
        pregnancy = can_be_pregnant(self.case)
        female = {Truth.MET: True, Truth.NOT_MET: False, Truth.UNKNOWN: None}[pregnancy]
        applies = {"female": female, "breastfeeding": female, "male": None if sex is None else sex == "male"}
        end = one.treatment.end
        who: tuple[Literal["female", "male", "breastfeeding"], ...] = ("female", "male", "breastfeeding")
        for person in who:
            length: Span | None = getattr(fact.periods, person)
            if length is None and person not in fact.unknown:
                continue
            yield ContraceptionAnswer(
                drug=one.drug,
                who=person,
                length=length.shown if length is not None else None,
                until=length.after(end[1]).isoformat() if length is not None and end is not None else None,
                applies=applies[person],
                source=self._line(fact, sheet),
            )

    def doses(self) -> Iterator[DoseAnswer]:
        """Yield the dose bands for this tumour and these partners; a narrower band goes before a general one."""
        for one, sheet in self._sheets():
            given = one.treatment.doses[-1] if one.treatment.doses else None
            partners = self.partners - {one.drug}
            found = [
                (dose, judge_dose(dose, one.drug, self._line(dose, sheet), one.readings, partners, given))
                for dose in sheet.doses
            ]
            answers = [(dose, answer) for dose, answer in found if answer is not None]
            fits = any(answer.fits for _, answer in answers)
            for _, answer in answers:
                # A dose that is right for one schedule is not wrong for another.
                yield answer.model_copy(update={"fits": None}) if fits and answer.fits is False else answer

    def _no_pregnancy(self) -> bool:
        """True where neither the patient nor, for a man, a partner can become pregnant by the record."""
        return self.case.patient.demographics.sex != "male" and can_be_pregnant(self.case) is Truth.NOT_MET

    def symptoms(self) -> Iterator[SymptomAnswer]:
        """Yield the symptoms to act on, the most urgent first."""
        general = self.book.general
        found = [one for one in general.symptoms if self._covered(one.applies_to)]
        for one in sorted(found, key=lambda symptom: symptom.urgency != "now"):
            if one.topic == "pregnancy" and self._no_pregnancy():
                continue
            yield SymptomAnswer(
                id=one.id, clinical=one.clinical, plain=one.plain, urgency=one.urgency, source=self._line(one, general)
            )


def _shown_days(days: tuple[date, date] | None) -> str | None:
    if days is None:
        return None
    return days[0].isoformat() if days[0] == days[1] else f"{days[0]} to {days[1]}"
