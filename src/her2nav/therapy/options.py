"""The options of one patient in one jurisdiction on one day, sorted by what stands behind them and never ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from her2nav.facts.case import Case
from her2nav.knowledge.approvals import Approval
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Change
from her2nav.model.truth import Truth
from her2nav.therapy.book import TherapyBook, therapy_book
from her2nav.therapy.brain import BrainAnswer, brain_answer
from her2nav.therapy.ctdna import Series, series_of
from her2nav.therapy.exposure import Reason, before_running, earlier_use, given_now, resistance_variants
from her2nav.therapy.labels import LabelResult, about_on, coverage, judge_label
from her2nav.therapy.remarks import Said, applying, concerning, terms_of


class Category(StrEnum):
    """What stands behind an option, in the order in which they are shown."""

    ON_LABEL = "on_label"
    GUIDELINE = "guideline"
    INVESTIGATIONAL = "investigational"
    UNKNOWN = "unknown"
    NOT_SUITABLE = "not_suitable"


@dataclass(frozen=True, slots=True)
class Option:
    """One regimen.

    Attributes:
        label: The indication or recommendation with its gates.
        category: What stands behind it for this patient.
        reasons: For or against, from the history, the variants and the remarks; those that decide come first.
        remarks: Remarks about its drugs.
        specific_first: Ids of labels for the tumour itself that come before this tumour-agnostic one.
        given_now: A running course holds the drugs that carry it.
    """

    label: LabelResult
    category: Category
    reasons: tuple[Reason, ...]
    remarks: tuple[Said, ...]
    specific_first: tuple[str, ...]
    given_now: bool

    @property
    def approval(self) -> Approval:
        """The entry."""
        return self.label.approval

    @property
    def other_setting(self) -> bool:
        """True when it is for another stage of the disease."""
        return self.label.about("setting") is Truth.NOT_MET

    @property
    def against(self) -> tuple[str, ...]:
        """Why it is not suitable, clinical register; empty where it is not in that category."""
        if self.category is not Category.NOT_SUITABLE:
            return ()
        told = [reason.clinical for reason in self.reasons if reason.decides]
        told += [said.remark.clinical for said in self.remarks if said.decides]
        told += [
            f"{gate.gate.clinical}: not met. {gate.finding.reason}" for gate in self.label.with_truth(Truth.NOT_MET)
        ]
        return tuple(told)

    @property
    def to_find_out(self) -> tuple[Change, ...]:
        """What would settle the gates that are open, each once."""
        changes = [gate.finding.change for gate in self.label.with_truth(Truth.UNKNOWN) if gate.finding.change]
        return tuple(dict.fromkeys(changes))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A label of another jurisdiction that the patient may lie inside."""

    label: LabelResult


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that is said of treatments for one patient.

    Attributes:
        case: The patient on their day.
        jurisdiction: Whose labels were judged; None where none is held for the country.
        country: The country asked for or on record; None where the default was taken.
        options: By category, the order inside being that of the files.
        other_tumours: How many entries are for other tumours.
        nothing_held: True when no entry is specific to this tumour, in any jurisdiction.
        elsewhere: Labels of other jurisdictions.
        gaps: Where no sequencing data are held.
        causes: HER2 as the reason for the failure of another treatment.
        tests: What to test at progression.
        ideas: Combination ideas.
        routes: Other biomarkers.
        markers: Co-biomarkers.
        mechanisms: Resistance mechanisms of the drugs of options that are open.
        brain: Brain metastases.
        ctdna: Dated series of plasma results.
    """

    case: Case
    jurisdiction: str | None
    country: str | None
    options: tuple[Option, ...]
    other_tumours: int
    nothing_held: bool
    elsewhere: tuple[Elsewhere, ...]
    gaps: tuple[Said, ...]
    causes: tuple[Said, ...]
    tests: tuple[Said, ...]
    ideas: tuple[Said, ...]
    routes: tuple[Said, ...]
    markers: tuple[Said, ...]
    mechanisms: tuple[Said, ...]
    brain: BrainAnswer
    ctdna: tuple[Series, ...]

    def of(self, category: Category) -> list[Option]:
        """Return the options of one category."""
        return [option for option in self.options if option.category is category]


def advise(case: Case, jurisdiction: str | None, country: str | None = None) -> Advice:
    """Judge every dated entry for a patient.

    Args:
        case: The patient on their day.
        jurisdiction: Whose labels count; None: no label is judged, recommendations and remarks are.
        country: As asked or on record, kept for the answer.

    Raises:
        DataError: The facts on treatments are not sound.
    """
    book = therapy_book(case.knowledge)
    explainer = Explainer(case)
    # Most entries are for other tumours and only counted.
    about = [(item, about_on(item, case, book, "tumour")) for item in book.approvals]
    fitting = [item for item, truth in about if truth in (Truth.MET, Truth.UNKNOWN)]
    judged = [result for item in fitting if (result := _judged(item, case, explainer, book)) is not None]
    mine = [
        replace(one, coverage=coverage(one.approval, book, jurisdiction, assumed=country is None)) for one in judged
    ]
    here = [one for one in mine if one.approval.jurisdiction in ("any", jurisdiction)]
    said = {topic: applying(remarks, case, explainer, book, jurisdiction) for topic, remarks in book.remarks.items()}
    options = _options(here, said, case, explainer)
    open_terms = _terms((one for one in options if one.category is not Category.NOT_SUITABLE), case)
    progression = said["at_progression"]
    return Advice(
        case=case,
        jurisdiction=jurisdiction,
        country=country,
        options=tuple(options),
        other_tumours=sum(truth is Truth.NOT_MET for _, truth in about),
        nothing_held=not any(one.approval.scope == "specific" for one in mine),
        elsewhere=tuple(_elsewhere(mine, options, jurisdiction)),
        gaps=tuple(item for item in said["gaps"] if item.remark.effect == "gap"),
        causes=tuple(said["her2_as_cause"]),
        tests=tuple(item for item in progression if item.remark.effect == "test"),
        ideas=tuple(item for item in progression if item.remark.effect == "idea"),
        routes=tuple(said["routes"]),
        markers=tuple(said["markers"]),
        mechanisms=concerning(said["mechanisms"], open_terms),
        brain=brain_answer(case, explainer, book),
        ctdna=series_of(case, book.ctdna),
    )


def _judged(item: Approval, case: Case, explainer: Explainer, book: TherapyBook) -> LabelResult | None:
    earlier = before_running(item, case)
    return judge_label(item, case, explainer, book, Explainer(earlier) if earlier is not None else None)


def _options(here: list[LabelResult], said: dict[str, list[Said]], case: Case, explainer: Explainer) -> list[Option]:
    beside = [item for topic in ("contraindications", "gaps", "markers") for item in said[topic]]
    open_specific = tuple(
        one.approval.id
        for one in here
        if one.approval.scope == "specific" and one.approval.standing == "approved" and one.truth is not Truth.NOT_MET
    )
    found = []
    for label in here:
        item = label.approval
        reasons = [*earlier_use(item, case, explainer), *resistance_variants(item, case)]
        remarks = concerning(
            (one for one in beside if one.remark.effect != "gap"), terms_of(item.drugs, case.knowledge.drugs)
        )
        blocked = any(one.decides for one in reasons) or any(one.decides for one in remarks)
        found.append(
            Option(
                label,
                _category(label, blocked),
                tuple(sorted(reasons, key=lambda reason: not reason.decides)),
                remarks,
                open_specific if item.scope == "agnostic" else (),
                given_now(item, case),
            )
        )
    order = list(Category)
    return sorted(found, key=lambda one: (order.index(one.category), one.approval.scope == "agnostic"))


def _category(label: LabelResult, blocked: bool) -> Category:
    standing = label.approval.standing
    if label.truth is Truth.NOT_MET or blocked:
        return Category.NOT_SUITABLE
    if standing == "investigational":
        return Category.INVESTIGATIONAL
    if label.truth is Truth.UNKNOWN:
        return Category.UNKNOWN
    if standing == "approved":
        return Category.ON_LABEL
    return Category.GUIDELINE


def _terms(options: Iterable[Option], case: Case) -> frozenset[str]:
    drugs = {drug for option in options for drug in option.approval.drugs}
    return terms_of(drugs, case.knowledge.drugs)


def _elsewhere(mine: list[LabelResult], options: list[Option], jurisdiction: str | None) -> list[Elsewhere]:
    """Return labels of other jurisdictions that are open, for regimens without an open label here, verified first."""
    here = {
        option.approval.key_drugs
        for option in options
        if option.approval.standing == "approved" and option.label.truth is not Truth.NOT_MET
    }
    found = [
        Elsewhere(one)
        for one in mine
        if one.approval.jurisdiction not in ("any", jurisdiction)
        and one.approval.standing == "approved"
        and one.truth is not Truth.NOT_MET
        and one.approval.key_drugs not in here
    ]
    return sorted(found, key=lambda one: bool(one.label.held_back))
