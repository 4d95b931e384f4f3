"""A safety plan in plain words: what to tell the team and when; it never says what to do with a medicine."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.text import Text

from her2nav.cli.common import indented
from her2nav.facts.case import Case
from her2nav.report.phrases import day
from her2nav.therapy.safety_results import RuleAnswer, SafetyAnswer

_ABOUT = {
    "heart": "your heart",
    "lung": "your lungs",
    "liver": "your liver",
    "gut": "loose stools",
    "blood": "your blood count",
    "infusion": "a reaction to an infusion",
    "nerves": "your nerves",
    "eye": "your eyes",
    "pancreas": "your pancreas",
    "pregnancy": "pregnancy",
    "other": "your other illnesses or blood tests",
}
_TODAY = "tell your team today"
_NEXT = 6
"""Dates that stand in the list."""


def show_plain(out: Console, case: Case, answer: SafetyAnswer) -> None:
    """Print the plain answer, the most urgent first."""
    names = " and ".join(drug.name for drug in answer.drugs)
    out.print(Text.assemble((f"Staying safe on {names}", "bold"), f" · {day(case.as_of)}"))
    for drug in answer.drugs:
        if not drug.held:
            out.print(f"We have no safety information about {drug.name}. Ask your team.")
        elif drug.before_label:
            out.print(f"On this day there was no official leaflet for {drug.name}. Ask your team.")
    if not any(drug.held for drug in answer.drugs):
        return
    words = case.knowledge.words.safety_lines["lung_warning"]
    if answer.lung_risk:
        out.print()
        out.print(Text(words.plain + ".", "bold"))
    _symptoms(out, answer)
    _list(out, "The most serious risks", [one.plain for one in answer.boxed if one.plain])
    _results(out, answer)
    _medicines(out, answer)
    _before(out, answer)
    _dates(out, answer)
    _family(out, answer)
    _list(out, "Good to know", [one.plain for one in answer.advice if one.plain])


def _heading(out: Console, title: str) -> None:
    out.print()
    out.print(Text(title, "bold underline"))


def _list(out: Console, title: str, lines: list[str]) -> None:
    if not lines:
        return
    _heading(out, title)
    for line in dict.fromkeys(lines):
        out.print(indented(Text(f"• {line}"), 2))


def _symptoms(out: Console, answer: SafetyAnswer) -> None:
    now = [
        one.plain for one in answer.symptoms if one.urgency == "now" and not (one.id == "lungs" and answer.lung_risk)
    ]
    _list(out, "Call your cancer team now, day or night, if you have", now)
    _list(
        out, "Tell your team the same day if you have", [one.plain for one in answer.symptoms if one.urgency == "today"]
    )


def _results(out: Console, answer: SafetyAnswer) -> None:
    """Results that need the team, then what is not known; nothing says what is done with the medicine."""
    open_flags = ("none", "unknown")
    lines = [_own_words(rule) or f"{_what(rule)}: {_TODAY}." for rule in answer.rules if rule.flag not in open_flags]
    _list(out, "Your results", lines)
    open_ = [one.plain for rule in answer.rules if rule.flag == "unknown" for one in rule.find_out]
    _list(out, "Find out with your team", [text[:1].upper() + text[1:] for text in open_])


def _own_words(rule: RuleAnswer) -> str | None:
    """Return the words of the row that answers, where it has some and is the only one."""
    return rule.outcomes[0].plain if len(rule.outcomes) == 1 else None


def _what(rule: RuleAnswer) -> str:
    """Say what a rule is about, with the newest date of its values."""
    dated = max((one.date for one in rule.values if one.date), default=None)
    text = f"Your record shows something about {_ABOUT[rule.topic]}"
    return f"{text} ({dated})" if dated else text


def _medicines(out: Console, answer: SafetyAnswer) -> None:
    lines = []
    for one in answer.interactions:
        verb = "does" if one.certain else "may"
        change = "not go well together" if verb == "may" else "not always go well together"
        lines.append(f"{one.medicine} and this treatment may {change}: {_TODAY} that you take it.")
    lines += [f"{name}: we do not know this name. Show it to your team." for name in answer.unread_medicines]
    lines.append("Tell your team about every medicine, herb and supplement you take.")
    _list(out, "Your other medicines", lines)


def _before(out: Console, answer: SafetyAnswer) -> None:
    lines = [
        f"{one.plain_name[:1].upper()}{one.plain_name[1:]}{' (only some people need it)' if one.condition else ''}: "
        f"{one.plain_detail}"
        for one in answer.baseline
        if one.status in ("missing", "stale") and one.item[:8] != "history_"
    ]
    begun = all(drug.phase in ("running", "ended") for drug in answer.drugs)
    title = (
        "Ask if these checks were made before the first dose" if begun else "Checks before the first dose: ask about"
    )
    _list(out, title, lines)


def _dates(out: Console, answer: SafetyAnswer) -> None:
    lines = []
    for one in answer.calendar:
        if not one.in_use or one.next_due is None:
            continue
        name = f"{one.plain_name[:1].upper()}{one.plain_name[1:]}"
        if one.source.unverified:
            lines.append(f"{name}: ask your team how often")
            continue
        coming = [day(date.fromisoformat(item)) for item in one.dates if item >= one.next_due]
        more = " and so on" if len(coming) > _NEXT else ""
        lines.append(f"{name}: about {', '.join(coming[:_NEXT])}{more}")
    if lines:
        lines.append("Your team sets the real dates.")
    _list(out, "Your check-ups", lines)


def _family(out: Console, answer: SafetyAnswer) -> None:
    lines = []
    for one in answer.contraception:
        if one.applies is False:
            continue
        what = "No breastfeeding" if one.who == "breastfeeding" else "Use birth control"
        if one.length is None:
            lines.append(f"{what}: ask your team for how long after the last dose.")
            continue
        until = f" (until {day(date.fromisoformat(one.until))})" if one.until else ""
        who = " (men too)" if one.who == "male" and one.applies is None else ""
        lines.append(f"{what} during treatment and for {one.length} after the last dose{until}{who}.")
    _list(out, "Birth control and breastfeeding", lines)
