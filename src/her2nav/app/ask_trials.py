"""Parts of answers about trials: which there are, why one does not fit, what to find out first, where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from her2nav.app.ask_result import Asked, Part
from her2nav.app.match import MatchAnswer
from her2nav.knowledge.questions import question_book
from her2nav.matching.evaluate import Verdict
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match
from her2nav.model.finding import Evidence
from her2nav.model.tree import leaves
from her2nav.model.trial import Role
from her2nav.model.truth import Truth
from her2nav.report.phrases import (
    blocker,
    change_phrase,
    day,
    misfit_line,
    open_points,
    reasons_counted,
    status_line,
    verdict_line,
)
from her2nav.report.sections import Place, Told, of_provenance, said_once

_LISTED = 5
_NEAR = 3
_FACTS = 6
_POINTS = 8


def place_of(match: Match) -> Place:
    """Return where a trial's record and criteria stand."""
    record = match.trial.record
    return Place(record.url, f"status of {record.status.date.isoformat()}", checked_on=record.status.date.isoformat())


def trial_told(answer: MatchAnswer, match: Match, *, points: int = 3) -> Told:
    """Return a trial with its verdict, status and what is open."""
    words, record = answer.case.knowledge.words, match.trial.record
    status = status_line(match, answer.case.as_of, answer.status_limit_days)
    clinical = [Told(verdict_line(match, words, "clinical") + "."), Told(f"{status}.")]
    plain = [Told("", verdict_line(match, words, "plain") + "."), Told("", f"{status}.")]
    if match.verdict is Verdict.POSSIBLE:
        clinical += [Told(f"Open: {point}") for point in open_points(match, "clinical", points)]
        # Several open criteria may say the same to a patient, or the same and a little more.
        said = said_once(open_points(match, "plain", points))
        plain += [Told("", point) for point in said]
    name = f"{record.title} ({record.nct_id})"
    return Told(name, name, (place_of(match),), items=(*clinical, *plain))


def trials(asked: Asked) -> Iterator[Told]:
    """How many trials fit, may fit and do not fit, and the first of them."""
    answer, shown = asked.derived.matched, asked.derived.trials
    fits = [one for one in shown if one.verdict is Verdict.ELIGIBLE]
    against = answer.of(Verdict.INELIGIBLE)
    yield Told(
        f"{len(fits)} fit on the record, {len(shown) - len(fits)} may fit, {len(against)} do not fit today, of "
        f"{len(answer.matches)} judged.",
        f"Of {len(answer.matches)} studies, {len(fits)} look like a possible fit. {len(shown) - len(fits)} might fit "
        f"once more is known. {len(against)} do not fit today.",
        strong=True,
    )
    for match in shown[:_LISTED]:
        yield trial_told(answer, match)
    if len(shown) > _LISTED:
        rest = len(shown) - _LISTED
        yield Told(f"{rest} more: her2nav match.", f"There are {rest} more. Ask for the full list.")
    if not shown:
        yield from nothing(answer)
    for aside in answer.chosen.aside:
        yield Told(
            f"Not judged: {aside.count:,} ({aside.reason}).", f"{aside.count:,} more were not looked at: {aside.plain}."
        )


def nothing(answer: MatchAnswer) -> Iterator[Told]:
    """Why no trial fits: counts by reason and the nearest misses, never an empty list."""
    against = answer.of(Verdict.INELIGIBLE)
    counts = ", ".join(f"{name} {count}" for name, count in reasons_counted(against))
    yield Told(
        f"No open trial among those judged fits or may fit. Reasons: {counts}.",
        "No study in our list fits today. These come nearest:",
    )
    for match in sorted(against, key=lambda one: one.count(Truth.NOT_MET))[:_NEAR]:
        name = f"{match.trial.record.title} ({match.trial.record.nct_id})"
        yield Told(
            f"{name}: {misfit_line(match, 'clinical')}.", f"{name}. {misfit_line(match, 'plain')}", (place_of(match),)
        )


def drug_trials(asked: Asked) -> Iterator[Told]:
    """Trials that give a drug or class in an arm that is not the comparison, by how they stand."""
    ontology, answer = asked.derived.knowledge.drugs, asked.derived.matched
    name = ontology.name(asked.drug or "")
    giving = [
        match
        for match in answer.matches
        if any(
            asked.drug == drug or (drug in ontology.drugs and asked.drug in ontology.terms_of(drug))
            for arm in match.trial.record.arms
            if not arm.comparator
            for drug in arm.drugs
        )
    ]
    open_ = [one for one in asked.derived.trials if one in giving]
    yield Told(
        f"Trials that give {name}: {len(giving)} judged, {len(open_)} fit or may fit.",
        f"{len(giving)} studies in our list give {name}. {len(open_)} of them could fit you.",
    )
    for match in open_[:_NEAR]:
        yield trial_told(answer, match, points=1)


def trials_open(asked: Asked) -> Iterator[Told]:
    """The counts of trials alone."""
    yield next(trials(asked))


def trial(asked: Asked) -> Iterator[Told]:
    """One trial: the verdict, what stands against it and what would change that, what is open.

    Raises:
        InputError: The trial is not among those judged.
    """
    answer = asked.derived.matched
    match = answer.find(asked.trial or "")
    words, places = answer.case.knowledge.words, (place_of(match),)
    name = f"{match.trial.record.title} ({match.trial.record.nct_id})"
    yield Told(name, name, places, strong=True)
    yield Told(f"{verdict_line(match, words, 'clinical')}.", f"{verdict_line(match, words, 'plain')}.", strong=True)
    status = f"{status_line(match, answer.case.as_of, answer.status_limit_days)}."
    yield Told(status, status, places)
    against = match.with_truth(Truth.NOT_MET)
    if against:
        first = blocker(match)
        order = [first, *(item for item in against if item.criterion.id != first.criterion.id)]
        yield Told(
            f"Against it ({len(against)}):",
            "What stands in the way:",
            items=tuple(_against(item, match) for item in order),
        )
    open_ = match.open_easiest_first()
    if open_:
        yield Told(f"Open ({len(open_)}):", "What is not known yet:", items=_few([_criterion(item) for item in open_]))
    if match.eligible_from is not None:
        items = tuple(Told(f"Repeat before: {item.criterion.text}") for item in match.repeat_before)
        yield Told(
            f"Nothing stands against it from {day(match.eligible_from)}.",
            f"It could fit from {day(match.eligible_from)}.",
            items=items,
        )
    confirm = [item.criterion.text for item in match.to_confirm]
    if confirm:
        yield Told(
            f"The trial team confirms: {'; '.join(confirm)}.", f"The study team checks {len(confirm)} more things."
        )


def _criterion(item: CriterionResult) -> Told:
    finding = item.finding
    ask = f" Find out: {finding.change.what}." if finding.change is not None else ""
    return Told(f"{item.criterion.text}: {finding.reason}{ask}", finding.plain, record=_record(finding.evidence))


def _few(told: list[Told]) -> tuple[Told, ...]:
    """Return statements of which patients read each sentence once, and only the first few."""
    said = said_once(one.plain for one in told if one.plain)
    found = [replace(one, plain="") for one in told]
    found += [Told("", text) for text in said[:_POINTS]]
    if len(said) > _POINTS:
        found.append(Told("", f"And {len(said) - _POINTS} more things that your team can look up."))
    return tuple(found)


def _against(item: CriterionResult, match: Match) -> Told:
    change = change_phrase(item.finding.change, match.eligible_from)
    return Told(
        f"{item.criterion.text}: {item.finding.reason} ({change})",
        item.finding.plain,
        record=_record(item.finding.evidence),
    )


def _record(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(one for one in evidence if one.path.startswith("/"))


def first_facts(asked: Asked) -> Iterator[Told]:
    """The facts that settle most trials that may fit."""
    facts = asked.derived.matched.facts[:_FACTS]
    for fact in facts:
        alone = f"; alone settles {fact.opens}" if fact.opens else ""
        yield Told(f"{fact.fact} (open in {fact.decides} trials{alone}; {fact.effort.value})", fact.plain)
    if not facts:
        yield Told("No open fact is shared by trials that may fit.", "Nothing is missing for the studies in the list.")


# --- by subject -----------------------------------------------------------------------------------------------------


def _by_kind(asked: Asked, kinds: frozenset[str], what: tuple[str, str]) -> Iterator[Told]:
    """Say in how many trials about HER2 a kind of criterion is met, open or not met, and which it blocks."""
    answer = asked.derived.matched
    counted: Counter[Truth] = Counter()
    blocked, open_ = [], []
    for match in answer.matches:
        if match.trial.record.status.value.may_recruit is False:
            continue
        truths = [
            item
            for item in match.criteria
            if item.criterion.role is Role.DECIDES and kinds & {leaf.kind for leaf in leaves(item.criterion.node)}
        ]
        if not truths:
            continue
        order = (Truth.NOT_MET, Truth.UNKNOWN, Truth.MET)
        worst = min(truths, key=lambda item: order.index(item.truth))
        counted[worst.truth] += 1
        if worst.truth is Truth.NOT_MET and match.verdict is Verdict.INELIGIBLE and match.count(Truth.NOT_MET) == 1:
            blocked.append((match, worst))
        if worst.truth is Truth.UNKNOWN and match.verdict is Verdict.POSSIBLE:
            open_.append((match, worst))
    total = sum(counted.values())
    if not total:
        yield Told(
            f"No open trial that was judged says anything of {what[0]}.", f"No study in our list speaks of {what[1]}."
        )
        return
    yield Told(
        f"Of {total} open trials with a criterion on {what[0]}, it is met in {counted[Truth.MET]}, open in "
        f"{counted[Truth.UNKNOWN]}, not met in {counted[Truth.NOT_MET]}.",
        f"{total} studies in our list have a rule on {what[1]}. You match it in {counted[Truth.MET]}. It is not known "
        f"in {counted[Truth.UNKNOWN]}. You do not match it today in {counted[Truth.NOT_MET]}.",
        strong=True,
    )
    for lead, plain, found in (
        ("Only this stands against", "Only this stands in the way of", blocked),
        ("Open in", "Not known yet for", open_),
    ):
        for match, item in found[:_NEAR]:
            name = f"{match.trial.record.title} ({match.trial.record.nct_id})"
            yield Told(
                f"{lead} {name}: {item.finding.reason}",
                f"{plain} {name}: {item.finding.plain}",
                (place_of(match),),
                _record(item.finding.evidence),
            )


def brain(asked: Asked) -> Iterator[Told]:
    """What the record says of the brain, local options, and what drugs do there."""
    advice = asked.derived.options.advice
    present = advice.brain.present
    plain = {
        Truth.MET: "Your record shows cancer in the brain.",
        Truth.NOT_MET: "Your record shows no cancer in the brain.",
        Truth.UNKNOWN: "Your record does not say if there is cancer in the brain. Your team can check.",
    }[present]
    yield Told(advice.brain.finding.reason, plain, record=_record(advice.brain.finding.evidence), strong=True)
    for one in advice.brain.local:
        open_ = f" Open: {', '.join(one.open)}." if one.open else ""
        places = of_provenance(one.rule.provenance)
        yield Told(f"{one.rule.clinical}{open_}", one.rule.plain, places, unverified=one.rule.unverified)
    for said in advice.brain.remarks:
        places = of_provenance(said.remark.provenance)
        yield Told(said.remark.clinical, said.remark.plain, places, unverified=said.remark.unverified)


def brain_trials(asked: Asked) -> Iterator[Told]:
    """What the trials that were judged say of the brain."""
    yield from _by_kind(asked, frozenset({"cns_metastases"}), ("brain metastases", "cancer in the brain"))


def her2_treatment(asked: Asked) -> Iterator[Told]:
    """HER2-directed treatment on record."""
    case = asked.derived.case
    found = [course for course in case.courses if any("anti_her2" in drug.has for drug in course.drugs)]
    for course in found:
        end = course.end[1]
        last = "runs now" if course.ongoing else f"last dose by {day(end)}"
        how = {True: "progression", False: "no progression", None: "outcome not stated"}[course.progressed]
        yield Told(
            f"{course.label}: {last}; {how}.",
            f"You have had {course.label}." + (" The cancer grew." if course.progressed else ""),
            record=(Evidence(course.path, course.label),),
        )
    if not found and case.patient.complete.therapies:
        yield Told("No HER2-directed therapy is on record.", "Your record shows no HER2 drug so far.")
    elif not found:
        yield Told(
            "No HER2-directed therapy is on record, but the list of therapies is not marked complete.",
            "Your record shows no HER2 drug, but the list may not be whole.",
        )


def prior_trials(asked: Asked) -> Iterator[Told]:
    """What the trials that were judged say of earlier treatment."""
    kinds = frozenset({"prior_therapy", "washout", "lines_of_therapy"})
    yield from _by_kind(asked, kinds, ("earlier treatment", "earlier treatment"))


def tissue_trials(asked: Asked) -> Iterator[Told]:
    """What the trials that were judged ask of tissue."""
    yield from _by_kind(asked, frozenset({"tissue_available"}), ("tissue", "tumour samples"))


def waiting(asked: Asked) -> Iterator[Told]:
    """Trials that only time keeps closed, with the day."""
    case = asked.derived.case
    last = case.as_of + timedelta(days=question_book(case.knowledge).words.longest_wait_days)
    timed = [one for one in asked.derived.matched.matches if one.eligible_from is not None]
    found = [one for one in timed if one.eligible_from is not None and one.eligible_from <= last]
    for match in found[:_LISTED]:
        assert match.eligible_from is not None
        name = f"{match.trial.record.title} ({match.trial.record.nct_id})"
        yield Told(
            f"{name}: nothing stands against it from {day(match.eligible_from)}.",
            f"{name}: it could fit from {day(match.eligible_from)}.",
            (place_of(match),),
        )
    if len(timed) > len(found):
        count = len(timed) - len(found)
        yield Told(f"{count} more would open only after {day(last)}: no wait is meant by that.")
    if not timed:
        yield Told("No trial is closed by time alone.", "No study in our list is closed only by a waiting time.")
    elif not found:
        yield Told(
            f"No trial is closed by time alone up to {day(last)}.",
            "No study in our list is closed only by a wait of up to a year.",
        )


def sites(asked: Asked) -> Iterator[Told]:
    """The nearest recruiting sites of trials that fit or may fit."""
    reasons: Counter[str] = Counter()
    for match in asked.derived.trials[: _LISTED * 2]:
        near = asked.derived.sites.of(match)
        if near.nearest is None:
            reasons[near.reason or "not known"] += 1
            continue
        on = near.nearest.status_date
        known = f", recruiting on {day(on)}" if on else ", date of its status not known: check"
        name = f"{match.trial.record.title} ({match.trial.record.nct_id})"
        where = f"{near.nearest.site.label}, {near.nearest.kilometres:,.0f} km{known}"
        yield Told(f"{name}: {where}.", f"{name}: {where}.", (place_of(match),))
    for reason, count in reasons.most_common():
        yield Told(
            f"Nearest site not known for {count} trials: {reason}.",
            f"We do not know where the nearest place is for {count} studies. Ask the study team, or look at the links.",
        )


def record_gaps(asked: Asked) -> Iterator[Told]:
    """What the record does not hold."""
    complete = asked.derived.case.patient.complete
    lists = [name for name in type(complete).model_fields if not getattr(complete, name)]
    if lists:
        said = ", ".join(name.replace("_", " ") for name in lists)
        yield Told(
            f"Lists not marked complete, so that what is absent is unknown: {said}.",
            f"Your record may not be whole in these lists: {said}. What is not there counts as not known.",
        )


PARTS: dict[str, Part] = {
    "trials": trials,
    "trials_open": trials_open,
    "drug_trials": drug_trials,
    "trial": trial,
    "first_facts": first_facts,
    "brain": brain,
    "brain_trials": brain_trials,
    "her2_treatment": her2_treatment,
    "prior_trials": prior_trials,
    "tissue_trials": tissue_trials,
    "waiting": waiting,
    "sites": sites,
    "record_gaps": record_gaps,
}
"""By the name that `data/questions/` uses."""
