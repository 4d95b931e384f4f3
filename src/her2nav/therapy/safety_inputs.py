"""The values that safety rules ask for, read from the record as ranges with their dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.facts.lab_results import Scale, result, short
from her2nav.facts.procedures import procedures
from her2nav.facts.toxicities import Effect, effects
from her2nav.knowledge.monitoring import Check, Input
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth, all_of, any_of, from_bounds
from her2nav.therapy.monitoring_treatment import Treatment
from her2nav.therapy.safety_lvef import Span, baseline_lvef, current_lvef

INFINITE = Decimal("Infinity")
_HIGHEST_GRADE = Decimal(5)
_YES, _NO = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Value:
    """What a value can be; an answer is a number too: 1 is yes, 0 is no.

    Attributes:
        low, high: Least and greatest value; the whole line where nothing is known.
        missing: Ids of the inputs that would have to be found out.
    """

    low: Decimal = -INFINITE
    high: Decimal = INFINITE
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """True when it is one number."""
        return self.low == self.high

    def meets(self, check: Check) -> Truth:
        """Whether every comparison holds; UNKNOWN where part of the range does."""
        if check.answer is not None:
            sign = ">=" if check.answer else "<"
            return _compare(self, sign, _YES)
        return all_of(_compare(self, sign, limit) for sign, limit in check.comparisons)

    def shown(self, item: Input) -> str:
        """The value in words."""
        if item.kind == "answer":
            return {(_YES, _YES): "yes", (_NO, _NO): "no"}.get((self.low, self.high), "not known")
        if self.exact:
            text = short(self.low)
        elif self.high == INFINITE or self.low == -INFINITE or (item.kind == "grade" and self.high == _HIGHEST_GRADE):
            if self.low <= 0:
                return "not known"
            text = f"{short(self.low)} or more"
        else:
            text = f"{short(self.low)} to {short(self.high)}"
        return f"{text} {item.unit}".strip()


def _compare(value: Value, sign: str, limit: Decimal) -> Truth:
    low, high = value.low, value.high
    match sign:
        case "<":
            return from_bounds(high < limit, low >= limit)
        case "<=":
            return from_bounds(high <= limit, low > limit)
        case ">":
            return from_bounds(low > limit, high <= limit)
        case ">=":
            return from_bounds(low >= limit, high < limit)
        case _:
            return from_bounds(low == high == limit, limit < low or limit > high)


@dataclass
class Readings:
    """The values of one patient for one drug, each read when first asked for.

    Attributes:
        lvef_lln: Lower limit of normal of the echo or MUGA laboratory, in percent, where the user gave it.
        given: Values that go before the record; None: not known although the record may have one.
    """

    case: Case
    treatment: Treatment
    lvef_lln: Decimal | None = None
    given: dict[str, Decimal | None] = field(default_factory=dict)
    _kept: dict[str, Value] = field(default_factory=dict)

    def value(self, identifier: str) -> Value:
        """Return a value by its id of `monitoring/inputs.yaml`."""
        if identifier not in self._kept:
            self._kept[identifier] = self._read(self.case.knowledge.monitoring.inputs[identifier])
        return self._kept[identifier]

    def _read(self, item: Input) -> Value:
        if item.id in self.given:
            number = self.given[item.id]
            return Value(missing=(item.id,)) if number is None else Value(number, number)
        found = _READERS[item.reader](self, item)
        if found.exact or found.missing:
            return found
        return Value(found.low, found.high, found.evidence, (item.id,))


def _of_span(span: Span | None) -> Value:
    return Value() if span is None else Value(span.low, span.high, span.evidence)


def _lvef(readings: Readings, item: Input) -> Value:
    return _of_span(current_lvef(readings.case, readings.treatment))


def _lvef_baseline(readings: Readings, item: Input) -> Value:
    return _of_span(baseline_lvef(readings.case, readings.treatment))


def _lvef_drop(readings: Readings, item: Input) -> Value:
    """The drop in percentage points; negative where the LVEF rose."""
    before, now = (readings.value(one) for one in item.of)
    missing = tuple(one for value in (before, now) for one in value.missing)
    return Value(before.low - now.high, before.high - now.low, (), missing)


def _lvef_below_lln(readings: Readings, item: Input) -> Value:
    now, limits = readings.value(item.of[0]), readings.case.knowledge.lvef_limits
    own = readings.lvef_lln
    low, high = (own, own) if own is not None else (limits.lowest, limits.highest)
    truth = from_bounds(now.high < low, now.low >= high)
    found = _answer(truth)
    return found if truth is not Truth.UNKNOWN or not now.missing else Value(found.low, found.high, (), now.missing)


def _lab(scale: Scale) -> Callable[[Readings, Input], Value]:
    def read(readings: Readings, item: Input) -> Value:
        """The highest of the variables; one that is missing may be higher."""
        found = [result(readings.case, one, scale) for one in item.of]
        ranges = [one.range if one is not None and one.range is not None else (_NO, INFINITE) for one in found]
        evidence = tuple(line for one in found if one is not None for line in one.evidence)
        return Value(max(low for low, _ in ranges), max(high for _, high in ranges), evidence)

    return read


def _effect_range(effect: Effect, truth: Truth) -> tuple[Decimal, Decimal]:
    """What grade an effect has now; zero where it is over."""
    if effect.ongoing is False or effect.grade == 0:
        return _NO, _NO
    least = Decimal(effect.grade) if effect.grade is not None else _YES
    most = Decimal(effect.grade) if effect.grade is not None else _HIGHEST_GRADE
    certain = effect.ongoing is True and truth is Truth.MET and not effect.rivals
    return (least if certain else _NO), most


def _effect(readings: Readings, item: Input) -> Value:
    """The highest grade of the side effects that are present; none recorded is none only in a complete list."""
    low, high, evidence = _NO, _NO, []
    for one in effects(readings.case):
        truth = one.terms.any_of(item.of)
        if truth is Truth.NOT_MET:
            continue
        least, most = _effect_range(one, truth)
        low, high = max(low, least), max(high, most)
        evidence.append(one.evidence)
    if not evidence and not readings.case.patient.complete.toxicities:
        return Value(_NO, _HIGHEST_GRADE)
    return Value(low, high, tuple(evidence))


def _ild(readings: Readings, item: Input) -> Value:
    """ILD from the side effects and from the lung section of the record."""
    side, lung = _effect(readings, item), readings.case.patient.lung
    if lung.ild_history is None or lung.ild_history == "unknown":
        return side
    evidence = Evidence("/lung/ild_history", lung.ild_history, str(lung.date) if lung.date else None)
    recorded = bool(side.evidence)
    if lung.ild_history == "current":
        least = Decimal(lung.grade) if lung.grade is not None else _YES
        most = Decimal(lung.grade) if lung.grade is not None else _HIGHEST_GRADE
        low, high = (max(side.low, least), max(side.high, most)) if recorded else (least, most)
        return Value(low, high, (*side.evidence, evidence))
    return side if recorded else Value(_NO, _NO, (evidence,))


def _answer(truth: Truth, evidence: tuple[Evidence, ...] = ()) -> Value:
    bounds = {Truth.MET: (_YES, _YES), Truth.NOT_MET: (_NO, _NO), Truth.UNKNOWN: (_NO, _YES)}[truth]
    return Value(*bounds, evidence)


def condition(case: Case, wanted: Iterable[str], *, ever: bool = False) -> tuple[Truth, tuple[Evidence, ...]]:
    """Return whether the patient has one of the conditions (with `ever`: has or had), and the entries that tell."""
    wanted = tuple(wanted)
    answers: list[Truth] = []
    evidence: list[Evidence] = []
    for row in condition_rows(case):
        truth = _row_truth(case, row, wanted, ever=ever)
        if truth is not Truth.NOT_MET:
            answers.append(truth)
            evidence.append(row.evidence)
    if Truth.MET in answers:
        return Truth.MET, tuple(evidence)
    complete = case.patient.complete
    closed = complete.conditions and complete.toxicities
    if answers or not closed:
        return Truth.UNKNOWN, tuple(evidence)
    return Truth.NOT_MET, (Evidence("/complete/conditions", "true"),)


def _row_truth(case: Case, row: ConditionRow, wanted: tuple[str, ...], *, ever: bool) -> Truth:
    ontology = case.knowledge.conditions
    if row.id is None:
        return Truth.UNKNOWN
    if ontology.wider(row.id) & set(wanted):
        if row.status == "resolved" and not ever:
            return Truth.NOT_MET
        return Truth.MET if row.certain and (row.status is not None or row.origin != "toxicity") else Truth.UNKNOWN
    return Truth.UNKNOWN if any(ontology.can_be(row.id, one) for one in wanted) else Truth.NOT_MET


def _condition(readings: Readings, item: Input) -> Value:
    return _answer(*condition(readings.case, item.of))


def _condition_ever(readings: Readings, item: Input) -> Value:
    """Now or in the past; the lung section answers for the lung."""
    truth, evidence = condition(readings.case, item.of, ever=True)
    lung = readings.case.patient.lung
    if truth is Truth.UNKNOWN and not evidence and lung.ild_history == "none":
        return _answer(Truth.NOT_MET, (Evidence("/lung/ild_history", "none"),))
    return _answer(truth, evidence)


def _heart_failure(readings: Readings, item: Input) -> Value:
    """Symptomatic heart failure: by NYHA class where it is recorded, else as a diagnosis."""
    nyha = readings.case.patient.cardiac.nyha
    truth, evidence = condition(readings.case, item.of)
    if nyha is None:
        return _answer(truth, evidence)
    line = Evidence("/cardiac/nyha", nyha)
    if nyha in ("none", "I"):
        # A diagnosis without symptoms; a side effect that is present says otherwise.
        effect = any(one.path.startswith("/toxicities") for one in evidence)
        return _answer(Truth.UNKNOWN if effect and truth is not Truth.NOT_MET else Truth.NOT_MET, (*evidence, line))
    return _answer(Truth.MET, (*evidence, line))


def _named(readings: Readings, item: Input) -> Value:
    """A diagnosis that the vocabulary does not hold, by its words."""
    patient = readings.case.patient
    for i, one in enumerate(patient.conditions):
        if any(words.casefold() == one.name.strip().casefold() for words in item.of):
            over = one.status == "resolved"
            line = Evidence(f"/conditions/{i}", one.name, str(one.date) if one.date else None)
            return _answer(Truth.UNKNOWN if over else Truth.MET, (line,))
    if patient.complete.conditions:
        return _answer(Truth.NOT_MET, (Evidence("/complete/conditions", "true"),))
    return _answer(Truth.UNKNOWN)


def radiotherapy(case: Case, sites: Iterable[str]) -> tuple[Truth, tuple[Evidence, ...]]:
    """Return whether one of the sites was irradiated."""
    sites = tuple(sites)
    answers, evidence = [], []
    for one in procedures(case):
        truth = all_of([one.is_kind(("radiotherapy",)), one.at(sites)])
        if truth is not Truth.NOT_MET:
            answers.append(truth)
            evidence.append(Evidence(one.path, one.label, str(one.day) if one.day else None))
    if not case.patient.complete.procedures:
        answers.append(Truth.UNKNOWN)
    return any_of(answers), tuple(evidence)


def _radiotherapy(readings: Readings, item: Input) -> Value:
    return _answer(*radiotherapy(readings.case, item.of))


def _pregnant(readings: Readings, item: Input) -> Value:
    """Pregnancy as recorded; sex and menopause rule it out too."""
    who = readings.case.patient.demographics
    if who.pregnancy == "pregnant":
        return _answer(Truth.MET, (Evidence("/demographics/pregnancy", who.pregnancy),))
    if who.pregnancy in ("not_pregnant", "not_applicable"):
        return _answer(Truth.NOT_MET, (Evidence("/demographics/pregnancy", who.pregnancy),))
    if who.sex == "male":
        return _answer(Truth.NOT_MET, (Evidence("/demographics/sex", who.sex),))
    if who.menopausal_status == "postmenopausal":
        return _answer(Truth.NOT_MET, (Evidence("/demographics/menopausal_status", who.menopausal_status),))
    return _answer(Truth.UNKNOWN)


def _weight(readings: Readings, item: Input) -> Value:
    weight = readings.case.patient.demographics.weight_kg
    return Value() if weight is None else Value(weight, weight, (Evidence("/demographics/weight_kg", f"{weight} kg"),))


def _dpd(readings: Readings, item: Input) -> Value:
    """DPD deficiency as a diagnosis; a DPYD genotype without a variant speaks against it."""
    truth, evidence = condition(readings.case, item.of)
    gene = readings.case.patient.biomarkers.genes.get("dpyd")
    if truth is not Truth.MET and gene is not None and gene.status == "wild_type":
        return _answer(Truth.NOT_MET, (Evidence("/biomarkers/dpyd", gene.status),))
    return _answer(truth, evidence)


def _not_recorded(readings: Readings, item: Input) -> Value:
    return _answer(Truth.UNKNOWN) if item.kind == "answer" else Value()


_READERS: dict[str, Callable[[Readings, Input], Value]] = {
    "lvef": _lvef,
    "lvef_baseline": _lvef_baseline,
    "lvef_drop": _lvef_drop,
    "lvef_below_lln": _lvef_below_lln,
    "lab": _lab("absolute"),
    "lab_uln": _lab("xULN"),
    "effect": _effect,
    "ild": _ild,
    "condition": _condition,
    "condition_ever": _condition_ever,
    "heart_failure": _heart_failure,
    "named": _named,
    "radiotherapy": _radiotherapy,
    "pregnant": _pregnant,
    "weight": _weight,
    "dpd": _dpd,
    "not_recorded": _not_recorded,
}
"""Names that `reader` in `monitoring/inputs.yaml` can have."""


def reader_names() -> frozenset[str]:
    """Return the readings there are."""
    return frozenset(_READERS)
