"""The questions to take along, built from what is open: tests that are due, open options, trials, and the rest."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.app.ask_result import Asked, Part
from her2nav.app.ask_trials import place_of
from her2nav.app.derived import Derived
from her2nav.knowledge.schema import Wording
from her2nav.matching.results import Match
from her2nav.model.tree import leaves
from her2nav.model.truth import Truth
from her2nav.registry.page_settings import page_settings
from her2nav.report.sections import Section, Told, of_plan, said_once
from her2nav.testing.results import Item

TITLE = Wording(clinical="Questions to settle", plain="Questions to take with you")
_TRIALS = 3
_POINTS = 4


def take_along(derived: Derived) -> tuple[Section, ...]:
    """Return the questions by whom they are for: the team, the study teams, and what to bring."""
    sections = [
        Section("tests", "About tests", tuple(_tests(derived)), numbered=True),
        Section("treatment", "About treatment", tuple(_treatment(derived)), numbered=True),
        Section(
            "trials",
            "For the study teams",
            parts=tuple(
                _trial(derived, match, number) for number, match in enumerate(derived.her2_trials[:_TRIALS], 1)
            ),
        ),
        Section("bring", "What to have at hand", tuple(_bring(derived)), numbered=True),
        Section("general", "Other questions", tuple(_general(derived)), numbered=True),
    ]
    return tuple(one for one in sections if one.told or one.parts)


def _tests(derived: Derived) -> Iterator[Told]:
    """Ask for every test that is due, on which sample, and for what it decides."""
    for item in derived.due:
        yield _test(item)
    for step in derived.case.her2.next_tests if derived.case.her2 is not None else ():
        if not any(set(step.rules) & set(reason.rules) for item in derived.due for reason in item.reasons):
            yield Told(f"Is this done, or ordered? {step.clinical}", f"Can we do this? {step.plain}")
    for item in derived.plan.now:
        if not item.certain:
            first = "; ".join(phrase.plain for phrase in item.depends_on)
            yield Told(
                f"Does this patient need: {item.clinical}?",
                f"Do I need this test: {item.plain}?" + (f" First we need to know: {first}." if first else ""),
            )


def _test(item: Item) -> Told:
    places = of_plan(line for reason in item.reasons for line in reason.sources)
    on = "; ".join(target.plain for target in item.targets if target.path)
    here = "; ".join(target.clinical for target in item.targets if target.path)
    clinical_on = f" on {here}" if here else ""
    tissue = "" if here else "".join(f" Tissue: {target.clinical}." for target in item.targets)
    why = next((reason.plain for reason in item.reasons if not reason.depends_on), "")
    sample = f" The sample could be {on}." if on else ""
    return Told(
        f"{item.clinical}{clinical_on}: ordered? Result expected when?{tissue}",
        f"Was this test done: {item.plain}? If not, can it be ordered, and when will the result be here?{sample} {why}",
        places,
    )


def _treatment(derived: Derived) -> Iterator[Told]:
    """Ask what would settle each open option, and what a treatment would close."""
    wanted: dict[str, list[str]] = {}
    plain: dict[str, str] = {}
    for option in derived.open_options():
        # What no source supports is no reason to trouble anybody with a question.
        for gate in () if option.approval.unverified else option.label.with_truth(Truth.UNKNOWN):
            change = gate.finding.change
            if change is not None:
                wanted.setdefault(change.what, []).append(option.approval.regimen)
                plain.setdefault(change.what, gate.gate.plain)
    for what, regimens in wanted.items():
        names = list(dict.fromkeys(regimens))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Told(
            f"{_asked(what)} (decides on {'; '.join(names)})",
            f"Do we know this about me: {plain[what]}? It matters for {names[0]}{more}.",
        )
    closing = [
        option.approval.regimen
        for option in derived.open_options()
        if (closes := derived.options.closes.get(option.approval.id)) is not None and (closes.trials or closes.labels)
    ]
    if closing:
        names = list(dict.fromkeys(closing))
        yield Told(
            f"Which trials and labels would be closed by {'; '.join(names)}, and does the order matter?",
            "Which other treatments and studies would be closed to me once I have had the first one?",
        )


def _asked(what: str) -> str:
    """Return what is to be found out as one line: a question stays one, anything else is named as open.

    >>> _asked("is a satisfactory standard treatment left?"), _asked("HER2 IHC.")
    ('Is a satisfactory standard treatment left?', 'Open: HER2 IHC')
    """
    text = what.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}" if text.endswith("?") else f"Open: {text}"


def _trial(derived: Derived, match: Match, number: int) -> Section:
    """Ask the study team what its criteria leave open."""
    record = match.trial.record
    told: list[Told] = []
    open_ = match.open_easiest_first()[:_POINTS]
    asks = [
        Told(f"{item.criterion.text}: {item.finding.change.what if item.finding.change else 'to be judged'}")
        for item in open_
    ]
    asks += [Told("", text) for text in said_once(item.finding.plain for item in open_)]
    if asks:
        told.append(Told("Open for this patient:", "They will want to know this from you:", items=tuple(asks)))
    kinds = {leaf.kind for item in match.criteria for leaf in leaves(item.criterion.node)}
    told += [Told(*words) for kind, words in _ASK.items() if kind in kinds]
    told.append(
        Told(
            "Is the trial still recruiting, at which sites, and is this arm open?",
            "Is the study still taking people, and where?",
            (place_of(match),),
        )
    )
    return Section(f"trial-{number}", f"{record.title} ({record.nct_id})", tuple(told), numbered=True)


_ASK = {
    "tissue_available": (
        "Which sample is accepted, and how old may it be? Is a new biopsy needed?",
        "Which tumour sample do you take, and how old may it be?",
    ),
    "her2_status": (
        "Is a new HER2 test allowed for entry, and is it made centrally?",
        "May my HER2 be tested again, and who does the test?",
    ),
    "cns_metastases": (
        "What is asked of brain metastases and of steroids?",
        "What are your rules on cancer in the brain and on steroids?",
    ),
    "washout": (
        "How long must the last treatment be over?",
        "How long must my last treatment be over?",
    ),
    "prior_therapy": (
        "Which earlier HER2-directed treatment is required or excluded?",
        "Which earlier HER2 drugs may I have had?",
    ),
    "lvef": ("Which heart tests are asked for, and how recent?", "Which heart test do you need, and how new?"),
    "ild": ("Which lung tests are asked for?", "Which lung tests do you need?"),
}
"""What to ask a study team about a kind of criterion, in both registers."""


def _bring(derived: Derived) -> Iterator[Told]:
    """What the team can look up or ask, as the facts that settle most trials."""
    for fact in derived.matched.facts:
        yield Told(f"{fact.fact} ({fact.effort.value})", fact.plain)


def _general(derived: Derived) -> Iterator[Told]:
    """Questions that stand for every patient with this tumour."""
    wider = derived.knowledge.tumours.wider(derived.case.tumour_id) if derived.case.tumour_id else frozenset()
    for one in page_settings(derived.knowledge).questions:
        if not one.tumours or wider.intersection(one.tumours):
            yield Told(one.text, one.text)


def _part(asked: Asked) -> Iterator[Told]:
    """The same as one list of statements."""
    for section in take_along(asked.derived):
        items = (*section.told, *(Told(f"{part.title}:", f"{part.title}:", items=part.told) for part in section.parts))
        yield Told(f"{section.title}:", f"{section.title}:", items=items, strong=True)


PARTS: dict[str, Part] = {"take_along": _part}
"""By the name that `data/questions/` uses."""
