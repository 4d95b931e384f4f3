"""What to find out next, and why a trial stands where it stands, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.match import MatchAnswer
from her2nav.cli.common import indented
from her2nav.matching.next_facts import ClearedBy, NextFact
from her2nav.matching.results import Match
from her2nav.report.phrases import Register

_SHOWN = 6
_EFFECTS = 3
_IDS = 3


def show_facts(out: Console, answer: MatchAnswer, register: Register) -> None:
    """Print what is worth finding out: one by one, and the fewest facts that clear most together."""
    # What settles nothing by itself stands only in the sets below.
    telling = tuple(one for one in answer.facts if one.decides or one.opens or one.labels or one.opens_labels)
    facts = telling[:_SHOWN]
    facts += tuple(fact for fact in telling[_SHOWN:] if fact.routine)
    if not facts:
        return
    title = "What to find out first" if register == "clinical" else "What your team could find out first"
    out.print()
    out.print(title, style="bold cyan")
    if register == "plain":
        for fact in facts:
            out.print(indented(Text(f"• {fact.plain[:1].upper()}{fact.plain[1:]}"), 2))
        return
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    table.add_column("fact", overflow="fold", ratio=1)
    table.add_column("may settle", justify="right")
    table.add_column("may open", justify="right")
    table.add_column("effort")
    for fact in facts:
        name = Text(fact.fact)
        effects = _effects(fact)
        if effects:
            name.append(f"\n{effects}", "dim")
        table.add_row(
            name, _counted(fact.decides, fact.labels), _counted(fact.opens, fact.opens_labels), fact.effort.value
        )
    out.print(table)
    for line in _sets(answer):
        out.print(indented(Text(line), 2))


def _counted(trials: int, labels: int) -> str:
    words = [f"{trials} trial" + ("" if trials == 1 else "s")] if trials or not labels else []
    if labels:
        words.append(f"{labels} label" + ("" if labels == 1 else "s"))
    return ", ".join(words)


def _effects(fact: NextFact) -> str:
    """Say what the answers that change most would do, where they are few and have names."""
    if not fact.gate:
        return ""
    telling = sorted((one for one in fact.values if one.fits or one.closes or one.opens), key=lambda one: -one.closes)
    telling.sort(key=lambda one: -(one.fits + one.opens))
    parts = []
    for one in telling[:_EFFECTS]:
        words = [f"{one.fits} fit" if one.fits else "", f"{one.opens} open" if one.opens else ""]
        words.append(f"{one.closes} close" if one.closes else "")
        parts.append(f"{one.says}: {', '.join(word for word in words if word)}")
    return "; ".join(parts)


def _sets(answer: MatchAnswer) -> list[str]:
    """Say which few facts leave nothing else open: the smallest set that clears any, and the one that clears most."""
    sets = answer.next_facts.sets
    if not sets:
        return []
    wanted = [sets[0]] if len(sets) == 1 else [sets[0], sets[-1]]
    return [_set_line(one) for one in wanted]


def _set_line(one: ClearedBy) -> str:
    names = " + ".join(name.split(":", 1)[0] for name in one.facts)
    cleared = _counted(len(one.trials), len(one.labels))
    ids = ", ".join(one.trials[:_IDS]) + (f" and {len(one.trials) - _IDS} more" if len(one.trials) > _IDS else "")
    which = f" ({ids})" if ids else ""
    return f"Together, if the answers are good, nothing else is open in {cleared}{which}: {names}"


def rank_line(answer: MatchAnswer, match: Match, *, numbers: bool) -> str | None:
    """Say why a trial stands where it stands; None where it does not fit."""
    placed = answer.rank(match)
    if not placed.parts:
        return None
    if not numbers:
        told = [part.why for part in placed.parts if part.name in ("tumour", "her2", "evidence")]
        return "Ranked here: " + "; ".join(told)
    told = [f"{part.name} {part.value:.2f} ({part.why})" for part in placed.parts]
    return f"Rank {placed.score:.3f}: " + "; ".join(told)
