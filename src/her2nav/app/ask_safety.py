"""Parts of answers about the safety of treatment, and about the answers themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps

from her2nav.app.ask_result import Asked, Part, calendar_day
from her2nav.model.finding import Evidence
from her2nav.report.phrases import day
from her2nav.report.sections import Told, conflict_told, of_provenance, of_safety, once
from her2nav.therapy.safety_results import CalendarLine, SafetyAnswer

_DATES = 3
_TODAY = "Tell your team today"


def _asked_about(asked: Asked) -> tuple[str, SafetyAnswer] | None:
    """Return the drug that was named, else the patient's own, at most two of them, with its safety plan."""
    drugs = [asked.drug] if asked.drug is not None else list(asked.derived.own_drugs[:2])
    if not drugs:
        return None
    names = [asked.derived.knowledge.drugs.name(one) for one in drugs]
    return " and ".join(names), asked.derived.safety(" + ".join(names))


_NO_DRUG = Told(
    "No HER2-directed drug is given, planned or open on this record; name one to ask about it.",
    "Your record names no HER2 drug. You can ask about one by its name.",
)


def _about_a_drug(part: Callable[[str, SafetyAnswer], Iterator[Told]]) -> Part:
    """Make a part of an answer from what is said of the drug that is asked about; without one it says so."""

    @wraps(part)
    def told(asked: Asked) -> Iterator[Told]:
        found = _asked_about(asked)
        if found is None:
            yield _NO_DRUG
        else:
            yield from part(*found)

    return told


def lung_line(asked: Asked) -> Iterator[Told]:
    """The warning on cough, breathlessness and fever; it stands whatever the drug, where the question is about it."""
    line = asked.derived.knowledge.words.safety_lines["lung_warning"]
    found = _asked_about(asked)
    if asked.question.slot is None or (found is not None and found[1].lung_risk):
        places = of_provenance(asked.derived.knowledge.lung_warning.provenance)
        yield Told(f"{line.clinical}.", f"{line.plain}.", places, strong=True)


@_about_a_drug
def risks(name: str, safety: SafetyAnswer) -> Iterator[Told]:
    """Boxed warnings and contraindications."""
    told = [
        Told(line.clinical, line.plain or "", of_safety([line.source]), unverified=line.source.unverified)
        for line in (*safety.boxed, *safety.contraindications)
    ]
    if told:
        plain = f"The most serious risks of {name}:" if any(one.plain for one in told) else ""
        yield Told(f"Warnings of {name}:", plain, items=once(told))
    for item in safety.drugs:
        if not item.held:
            yield Told(
                f"No safety facts are held for {item.name}: use its label.",
                f"We hold no safety facts about {item.name}. Ask your team.",
            )


def drug_safety(asked: Asked) -> Iterator[Told]:
    """The warnings that belong to any answer about the drug."""
    yield from lung_line(asked)
    yield from risks(asked)


def drug_warnings(asked: Asked) -> Iterator[Told]:
    """What the patient's own values ask for today."""
    found = _asked_about(asked)
    for rule in found[1].rules if found is not None else ():
        if rule.flag in ("none", "unknown"):
            continue
        values = "; ".join(f"{line.name} {line.value}" for line in rule.values)
        told = "; ".join(dict.fromkeys(line.plain_name for line in rule.values))
        yield Told(
            f"{rule.heading}: {rule.title} ({values}).",
            f"{_TODAY} about this: {told}." if told else "",
            of_safety([rule.source]),
            tuple(Evidence(path, line.value, line.date) for line in rule.values for path in line.paths),
            unverified=rule.source.unverified,
            strong=True,
        )


@_about_a_drug
def baseline(name: str, safety: SafetyAnswer) -> Iterator[Told]:
    """What belongs before the first dose, and what is on record."""
    lines = [
        Told(
            f"{line.name}: {line.status.replace('_', ' ')} – {line.detail}",
            f"{line.plain_name[:1].upper()}{line.plain_name[1:]}: {line.plain_detail}"
            if line.status in ("missing", "stale")
            else "",
            of_safety(line.sources),
            unverified=all(source.unverified for source in line.sources),
        )
        for line in safety.baseline
        if line.status != "not_applicable"
    ]
    if lines:
        yield Told(f"Before the first dose of {name}:", f"Before you start {name}, ask about:", items=once(lines))


def calendar(asked: Asked) -> Iterator[Told]:
    """The schedule of checks, with dates where the first dose is known."""
    found = _asked_about(asked)
    if found is None:
        return
    name, safety = found
    lines, told = [], set()
    for line in safety.calendar:
        if line.in_use or not line.dates:
            scheduled = _scheduled(line)
            lines.append(replace(scheduled, plain="") if line.item in told else scheduled)
            told.add(line.item)
    if lines:
        yield Told(f"Calendar on {name}:", f"Check-ups on {name}:", items=tuple(lines))


def _scheduled(line: CalendarLine) -> Told:
    coming = [calendar_day(item) for item in line.dates if line.next_due is not None and item >= line.next_due]
    dates = f"; next {', '.join(coming[:_DATES])}" if coming else ""
    name = f"{line.plain_name[:1].upper()}{line.plain_name[1:]}"
    about = f"about {', '.join(coming[:_DATES])}" if coming and not line.source.unverified else "ask how often"
    overdue = " (overdue)" if line.overdue else ""
    return Told(
        f"{line.name} ({line.drug.replace('_', ' ')}): {line.shown}{dates}{overdue}",
        f"{name}: {about}.",
        of_safety([line.source]),
        unverified=line.source.unverified,
    )


def symptoms(asked: Asked) -> Iterator[Told]:
    """Symptoms that need a call, at once or the same day."""
    found = _asked_about(asked)
    for urgency, clinical, plain in (
        ("now", "At once", "Call your cancer team now, day or night"),
        ("today", "Same day", _TODAY),
    ):
        lines = [
            Told(line.clinical, line.plain, of_safety([line.source]))
            for line in (found[1].symptoms if found is not None else ())
            if line.urgency == urgency
        ]
        if lines:
            yield Told(f"{clinical}:", f"{plain}, if you have:", items=once(lines), strong=True)


@_about_a_drug
def contraception(_: str, safety: SafetyAnswer) -> Iterator[Told]:
    """Contraception and breastfeeding after the last dose."""
    names = {one.drug: one.name for one in safety.drugs}
    for line in safety.contraception:
        if line.applies is False:
            continue
        name = names.get(line.drug, line.drug.replace("_", " "))
        what = "no breastfeeding" if line.who == "breastfeeding" else f"contraception ({line.who})"
        plain = "No breastfeeding" if line.who == "breastfeeding" else "Use birth control"
        length = f"for {line.length} after the last dose" if line.length else "length not verified: check the label"
        until = f" (until {calendar_day(line.until)})" if line.until else ""
        yield Told(
            f"{name}: {what} {length}{until}.",
            f"{plain} during {name} and for {line.length} after the last dose{until}."
            if line.length
            else f"{plain} during {name}. Ask your team for how long after it.",
            of_safety([line.source]),
            unverified=line.source.unverified,
        )


def lung_record(asked: Asked) -> Iterator[Told]:
    """What the record says of the lungs, by the rules of the patient's drugs."""
    found = _asked_about(asked)
    for rule in found[1].rules if found is not None else ():
        if rule.topic == "lung" and rule.flag != "none":
            missing = "; ".join(item.clinical for item in rule.find_out)
            yield Told(
                f"{rule.title}: {rule.heading}" + (f"; find out {missing}" if missing else "") + ".",
                places=of_safety([rule.source]),
                unverified=rule.source.unverified,
            )


# --- about ----------------------------------------------------------------------------------------------------------


def disagreements(asked: Asked) -> Iterator[Told]:
    """Every contradiction that touches this patient's answers."""
    for one in asked.derived.conflicts:
        yield conflict_told(one)
    if not any(one.plain for one in asked.derived.conflicts):
        yield Told("", "Nothing that we read disagrees in a way that changes your answers.")


def versions(asked: Asked) -> Iterator[Told]:
    """What the answers were made with."""
    made = asked.derived.session.versions()
    on = day(asked.derived.case.as_of)
    yield Told(
        f"Judged as on {on} with her2nav {made['her2nav']}, knowledge {made['knowledge']}, trials {made['snapshot']}.",
        f"These answers look at your record as it was on {on}.",
    )


PARTS: dict[str, Part] = {
    "lung_line": lung_line,
    "risks": risks,
    "drug_warnings": drug_warnings,
    "drug_safety": drug_safety,
    "baseline": baseline,
    "calendar": calendar,
    "symptoms": symptoms,
    "contraception": contraception,
    "lung_record": lung_record,
    "disagreements": disagreements,
    "versions": versions,
}
"""By the name that `data/questions/` uses."""
