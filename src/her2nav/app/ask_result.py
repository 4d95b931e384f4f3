"""Parts of answers about the result itself: status, specimens, tests that are due, samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from her2nav.app.derived import Derived
from her2nav.interpret.ngs import engine_rule
from her2nav.interpret.results import SpecimenHer2
from her2nav.knowledge.questions import Question
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth
from her2nav.report.phrases import day
from her2nav.report.sections import Told, of_plan, of_rules, once
from her2nav.report.tests_page import NOTHING, STRENGTHS
from her2nav.testing.results import Item, Reason
from her2nav.testing.targets import shown_day


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom.

    Attributes:
        derived: The patient with every answer.
        question: The question.
        drug: Id of the drug or class that it names, or the patient's own.
        trial: Registry number that it names.
        score: IHC score that it names.
    """

    derived: Derived
    question: Question
    drug: str | None = None
    trial: str | None = None
    score: str | None = None


Part = Callable[[Asked], Iterator[Told]]


def status(asked: Asked) -> Iterator[Told]:
    """The current status, how it was chosen, and whether it is final."""
    case = asked.derived.case
    words, tumour = case.knowledge.words, case.knowledge.tumours.types[case.tumour_id or ""]
    if case.her2 is None:
        yield Told(
            f"{tumour.name}: no HER2 rule is held for this tumour.",
            f"We hold no HER2 rules for {tumour.plain_name}. Your team may know more.",
        )
        return
    overall = case.her2.overall
    said = words.status.get(overall.status.shown, words.status["unknown"])
    expression = words.expression.get(overall.expression.word)
    clinical, plain = f"{tumour.name}: {said.clinical}", f"{said.plain}."
    if expression is not None and overall.expression.shown not in ("positive", "unknown"):
        clinical += f"; {expression.clinical}"
        if overall.expression.shown in ("low", "ultralow"):
            plain += f" {expression.plain}."
    record = tuple(_evidence(one) for one in case.her2.specimens if one.path in overall.standing)
    yield Told(f"{clinical}.", plain, of_rules(overall.status.rules), record, strong=True)
    if not overall.status.final and overall.status.value in ("positive", "negative"):
        outcome = overall.status.outcome.replace("_", " ").replace("|", " or ")
        yield Told(f"NOT FINAL: {outcome}.", "This is not the last word: a step is still open.", strong=True)
    yield Told(overall.policy, overall.plain)
    if case.her2.plasma.value == "amplified":
        record = tuple(_evidence(one) for one in case.her2.specimens if one.path in case.her2.plasma.specimens)
        yield Told(f"{case.her2.plasma.clinical}.", case.her2.plasma.plain, of_rules((engine_rule("8.2"),)), record)


def _evidence(one: SpecimenHer2) -> Evidence:
    return Evidence(one.path, one.name, str(one.collected) if one.collected else None)


def specimens(asked: Asked) -> Iterator[Told]:
    """Every specimen with what was found."""
    case = asked.derived.case
    if case.her2 is None:
        return
    for one in case.her2.specimens:
        where = ", ".join(part.replace("_", " ") for part in (one.kind, one.site, one.organ) if part)
        when = f"of {shown_day(one.collected)}" if one.collected else "without a date"
        items = tuple(
            Told(item.clinical, item.plain, of_rules(r for r in one.status.rules if r.id in item.rules))
            for item in one.sentences
        )
        flags = tuple(Told(flag.clinical, flag.plain) for flag in one.flags)
        yield Told(
            f"{one.name} ({where or 'kind not stated'}) {when}:",
            f"The sample {when}:",
            record=(_evidence(one),),
            items=(*items, *flags),
        )
    if not case.her2.specimens:
        yield Told("No specimen is on record.", "Your record holds no tumour sample.")


def mutation(asked: Asked) -> Iterator[Told]:
    """What is known of ERBB2 variants."""
    her2 = asked.derived.case.her2
    if her2 is None:
        return
    found = tuple(
        Told(f"{one.text}: {one.classification or 'class not told'}", record=(Evidence(one.path, one.text),))
        for one in her2.mutation.variants
    )
    yield Told(her2.mutation.reason, her2.mutation.plain, items=found)


def own_score(asked: Asked) -> Iterator[Told]:
    """The patient's own scores, beside the one asked about."""
    her2 = asked.derived.case.her2
    for one in her2.specimens if her2 is not None else ():
        if one.ihc_called:
            scores = " or ".join(dict.fromkeys(score.split("_")[0] for score in one.ihc_called))
            when = shown_day(one.collected) if one.collected else "no date"
            yield Told(
                f"On record: {one.name} ({when}) is IHC {scores}.",
                f"Your sample of {when} has the score {scores}." if one.collected else f"Your sample has {scores}.",
                record=(_evidence(one),),
            )


# --- tests ----------------------------------------------------------------------------------------------------------


def _reasons(item: Item) -> tuple[Told, ...]:
    told = [
        Told(reason.clinical, "" if reason.depends_on else reason.plain, of_plan(reason.sources),
             unverified=reason.unverified)
        for reason in item.reasons
    ]  # fmt: skip
    return once(told)


def test_told(item: Item) -> Told:
    """Return a test that is due, on what, and why."""
    strength = STRENGTHS[item.strength]
    targets = tuple(
        Told(
            f"On {target.clinical}." + "".join(f" Note: {one.clinical}." for one in target.cautions),
            f"On {target.plain}." if target.path else "",
        )
        for target in item.targets
    )
    record = tuple(Evidence(target.path, target.clinical) for target in item.targets if target.path)
    return Told(
        f"Next: {item.clinical} ({strength[0]}; {item.effort})",
        f"Next: {item.plain} ({strength[1]}). {item.burden}",
        record=record,
        items=(*targets, *_reasons(item)),
        strong=True,
    )


def next_tests(asked: Asked) -> Iterator[Told]:
    """Tests that are due, in order, and those that depend on something."""
    plan, due = asked.derived.plan, asked.derived.due
    perhaps = [item for item in plan.now if not item.certain]
    if not due:
        clinical, plain = NOTHING[bool(perhaps)]
        yield Told(f"Tests: {clinical[:1].lower()}{clinical[1:]}", plain)
    for item in due:
        yield test_told(item)
    for item in perhaps:
        first = "; ".join(phrase.clinical for phrase in item.depends_on)
        plain = "; ".join(phrase.plain for phrase in item.depends_on)
        yield Told(
            f"Perhaps: {item.clinical}" + (f" (depends on: {first})" if first else ""),
            f"Perhaps: {item.plain}. First find out: {plain}." if plain else f"Perhaps: {item.plain}.",
            items=tuple(Told(one.clinical, places=one.places, unverified=one.unverified) for one in _reasons(item)),
        )


def later_tests(asked: Asked) -> Iterator[Told]:
    """What would make a test due."""
    for item in asked.derived.plan.later:
        assert item.trigger is not None
        first: Reason = item.reasons[0]
        yield Told(
            f"Later, {item.trigger.clinical}: {item.clinical}.",
            f"Later, {item.trigger.plain}: {item.plain}.",
            of_plan(first.sources),
            unverified=first.unverified,
            items=(Told(first.clinical, first.plain),),
        )


def status_flags(asked: Asked) -> Iterator[Told]:
    """Changes and disagreements between the specimens."""
    her2 = asked.derived.case.her2
    if her2 is None:
        return
    inside = {flag for one in her2.specimens for flag in one.flags}
    for flag in her2.flags:
        if flag not in inside:
            yield Told(flag.clinical, flag.plain, strong=True)
    words = {
        Truth.MET: ("yes", "At least one sample was HER2-positive."),
        Truth.NOT_MET: ("no", "No sample was HER2-positive."),
        Truth.UNKNOWN: ("not known", "It is not known if an older sample was HER2-positive."),
    }
    clinical, plain = words[her2.ever_positive]
    yield Told(f"Ever HER2-positive: {clinical}.", plain)


# --- samples --------------------------------------------------------------------------------------------------------


def samples(asked: Asked) -> Iterator[Told]:
    """The specimens with their age, what is left of them, and whether they can give a result."""
    case = asked.derived.case
    for index, specimen in enumerate(case.patient.specimens):
        when = specimen.collected
        name = specimen.id or f"specimen {index + 1}"
        months = (case.as_of - when.high).days // 30 if when is not None and when.high <= case.as_of else None
        age = f"{months} months old" if months is not None else "age not known"
        left = {True: "tissue is left", False: "no tissue is left", None: "not stated whether tissue is left"}
        plain_left = {
            True: "Some of it is left.",
            False: "None of it is left.",
            None: "Ask if some of it is left.",
        }
        shown = shown_day(when) if when is not None else "no date"
        yield Told(
            f"{name} ({specimen.kind or 'kind not stated'}, {shown}): {age}; {left[specimen.tissue_available]}.",
            f"Your sample of {shown} is {age}. {plain_left[specimen.tissue_available]}"
            if when is not None
            else f"One of your samples has no date. {plain_left[specimen.tissue_available]}",
            record=(Evidence(f"/specimens/{index}", name, str(when) if when else None),),
        )
    if not case.patient.specimens:
        yield Told("No specimen is on record.", "Your record holds no tumour sample.")


def germline(asked: Asked) -> Iterator[Told]:
    """Variants that the report calls germline."""
    her2 = asked.derived.case.her2
    for one in her2.mutation.variants if her2 is not None else ():
        if one.origin == "germline":
            yield Told(
                f"{one.text} is reported as germline: a reason to ask a clinical geneticist.",
                "Your report names a change that you may have been born with. Ask about genetic advice.",
                record=(Evidence(one.path, one.text),),
                strong=True,
            )


def calendar_day(text: str) -> str:
    """Return a day of ISO form as people write it."""
    from datetime import date

    return day(date.fromisoformat(text))


PARTS: dict[str, Part] = {
    "status": status,
    "specimens": specimens,
    "mutation": mutation,
    "own_score": own_score,
    "next_tests": next_tests,
    "later_tests": later_tests,
    "status_flags": status_flags,
    "samples": samples,
    "germline": germline,
}
"""By the name that `data/questions/` uses."""
