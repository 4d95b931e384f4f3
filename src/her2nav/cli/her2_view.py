"""How the HER2 status looks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from her2nav.cli.common import indented
from her2nav.facts.case import Case
from her2nav.interpret.results import PatientHer2, SpecimenHer2

if TYPE_CHECKING:
    from her2nav.report.phrases import Register

_STYLE = {"positive": "bold green", "negative": "bold", "equivocal": "bold yellow"}


def her2_block(case: Case, register: Register) -> RenderableType:
    """Return status, expression and next tests of the patient in a few lines."""
    if case.her2 is None:
        if case.tumour_id is None:
            return Text("HER2: the tumour type is not in the record, so no rule applies.", "yellow")
        return Text("HER2: no rule is known for this tumour type.", "yellow")
    words = case.knowledge.words
    her2, tumour = case.her2, case.knowledge.tumours.types[case.tumour_id or ""]
    status = words.status.get(her2.overall.status.shown, words.status["unknown"])
    expression = words.expression.get(her2.overall.expression.word, words.expression["unknown"])
    if register == "plain":
        lines: list[RenderableType] = [
            Text(f"Your cancer: {tumour.plain_name}"),
            Text.assemble("HER2: ", (status.plain + ".", _STYLE.get(her2.overall.status.shown, "bold"))),
        ]
        if her2.overall.status.value == "negative" and her2.overall.expression.value in ("low", "ultralow"):
            lines.append(Text(f"      {expression.plain}."))
        if her2.plasma.plain:
            lines.append(indented(Text(her2.plasma.plain), 6))
        lines += [indented(Text(f"Next: {step.plain}"), 6) for step in her2.next_tests[:2]]
        return Group(*lines)
    head = Text.assemble(f"{tumour.name} · ", (status.clinical, _STYLE.get(her2.overall.status.shown, "bold")))
    if her2.overall.expression.value not in ("positive", "unknown"):
        head.append(f" · {expression.clinical}")
    if her2.mutation.value == "found":
        head.append(" · ERBB2 variant reported")
    if her2.plasma.clinical:
        head.append(f" · {her2.plasma.clinical}")
    lines = [head]
    if not her2.overall.status.final and her2.overall.status.value in ("positive", "negative"):
        lines.append(Text(f"NOT FINAL: {her2.overall.status.outcome.replace('_', ' ')}", "bold yellow reverse"))
    lines += [indented(Text(f"-> {step.clinical}", "yellow"), 2) for step in her2.next_tests[:3]]
    return Group(*lines)


def her2_details(case: Case, her2: PatientHer2, register: Register) -> RenderableType:
    """Return every specimen with its sentences, flags and rules, then the policy."""
    lines: list[RenderableType] = [her2_block(case, register)]
    for specimen in her2.specimens:
        lines.append(Text(""))
        lines += _specimen(specimen, register)
    lines.append(Text(""))
    lines.append(Text(her2.overall.policy if register == "clinical" else her2.overall.plain, "italic"))
    mutation = her2.mutation.reason if register == "clinical" else her2.mutation.plain
    if mutation:
        lines.append(Text(mutation))
    if register == "clinical":
        lines += [
            indented(Text(f"{one.text}: {one.classification}"), 2)
            for one in her2.mutation.variants
            if one.classification
        ]
    lines += [
        indented(Text(f"! {flag.clinical if register == 'clinical' else flag.plain}", "yellow"), 2)
        for flag in her2.flags
        if not any(flag in specimen.flags for specimen in her2.specimens)
    ]
    lines += [Text(f"{item.path} ({item.date}): {item.reason}", "dim") for item in her2.set_aside]
    return Group(*lines)


def _specimen(specimen: SpecimenHer2, register: Register) -> list[RenderableType]:
    name = specimen.id or f"specimen {specimen.index + 1}"
    where = ", ".join(str(part) for part in (specimen.kind, specimen.site, specimen.collected) if part)
    lines: list[RenderableType] = [Text.assemble((name, "bold"), f"  {where}")]
    if not specimen.status.final and specimen.status.value in ("positive", "negative"):
        lines.append(indented(Text("NOT FINAL: " + specimen.status.outcome.replace("_", " "), "bold yellow"), 2))
    for sentence in specimen.sentences:
        text = sentence.clinical if register == "clinical" else sentence.plain
        rules = f"  [{', '.join(sentence.rules)}]" if register == "clinical" and sentence.rules else ""
        lines.append(indented(Text.assemble(text, (rules, "dim")), 2))
    notes = dict.fromkeys(flag.clinical if register == "clinical" else flag.plain for flag in specimen.flags)
    lines += [indented(Text(f"! {text}", "yellow"), 2) for text in notes]
    for step in specimen.next:
        text = step.clinical if register == "clinical" else step.plain
        lines.append(indented(Text(f"-> {text}", "cyan"), 2))
    if register == "clinical":
        sources = {f"{rule.source}, {rule.locator}, {rule.confidence.value}" for rule in specimen.status.rules}
        if sources:
            lines.append(indented(Text("Source: " + "; ".join(sorted(sources)), "dim"), 2))
    return lines
