"""What a supposition or a planned treatment would change, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.what_if import WhatIf, her2_words, others_line, sentence
from her2nav.cli.common import indented
from her2nav.matching.changed import Changed, Effect
from her2nav.matching.evaluate import Verdict
from her2nav.report.phrases import Register, day

_NAMES = {
    Verdict.ELIGIBLE: {"clinical": "fits", "plain": "looks like a fit"},
    Verdict.POSSIBLE: {"clinical": "may fit", "plain": "might fit"},
    Verdict.INELIGIBLE: {"clinical": "does not fit", "plain": "does not fit"},
}
_STYLE = {
    Effect.FITS: "green",
    Effect.OPENS: "green",
    Effect.CLOSES: "red",
    Effect.PAUSES: "yellow",
    Effect.CLEARER: "",
    Effect.LESS_CLEAR: "dim",
}


def show_doors(out: Console, found: Sequence[WhatIf], register: Register) -> None:
    """Say in a sentence each what planned treatments would close, pause and open."""
    if not found:
        return
    out.print()
    plain = register == "plain"
    title = "What the planned treatment would change" if plain else "Doors that planned treatments close"
    out.print(title, style="bold cyan")
    for one in found:
        out.print(indented(Text(sentence(one)), 2))
    if plain:
        out.print(indented(Text("This is no reason to wait: do not delay treatment without asking your team."), 2))


def show_what_if(out: Console, found: WhatIf, register: Register, *, everything: bool = False) -> None:
    """Print the HER2 status and a table of the trials before and after a supposition.

    Args:
        out: Where to.
        found: What changes.
        register: Whose words.
        everything: List trials that take nobody now, or of which that is not known, as well.
    """
    out.print()
    out.print(f"What if: {found.says}", style="bold cyan")
    before, after = (her2_words(one, plain=register == "plain") for one in (found.base, found.then))
    if before != after:
        out.print(indented(Text.assemble("HER2 then: ", (after or "not known", "bold"), f"  (now: {before})"), 2))
    if found.treatment:
        how = f"Judged on {day(found.day)}, without it and with one dose given."
        out.print(indented(Text(f"{how} {sentence(found)}"), 2))
    listed = found.changes if everything else found.counted
    left = "" if everything or found.treatment else others_line(found)
    if not listed:
        out.print(indented(Text("No trial that recruits or is about to changes."), 2))
    else:
        _table(out, listed, register)
    if left:
        out.print(indented(Text(f"{left} --status all lists them.", "dim"), 2))


def _table(out: Console, listed: Sequence[Changed], register: Register) -> None:
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    for name in ("trial", "before", "after"):
        table.add_column(name, no_wrap=True)
    table.add_column("what changes", overflow="fold", ratio=1)
    for one in listed:
        before, after = (_NAMES[match.verdict][register] for match in (one.before, one.after))
        table.add_row(one.nct_id, before, Text(after, _STYLE[one.effect]), _words(one, register))
    out.print(table)


def _words(one: Changed, register: Register) -> str:
    title = one.after.trial.record.title
    if one.because is not None:
        finding = one.because.finding
        until = f" Nothing stands against it from {day(one.until)}." if one.until is not None else ""
        return f"{title}. {(finding.plain if register == 'plain' else finding.reason)}{until}"
    return f"{title}. Open questions: {one.open_before} before, {one.open_after} after."
