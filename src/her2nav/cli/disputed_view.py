"""Contradictions of the sources beside an answer that shows the facts they touch."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from her2nav.cli.common import indented
from her2nav.knowledge.citations import cited
from her2nav.knowledge.conflicts import Conflict
from her2nav.knowledge.schema import Wording


def show_disputed(
    out: Console, conflicts: Sequence[Conflict], title: Wording, *, plain: bool, full: bool = True
) -> None:
    """Print all values with sources, what is used and why; in plain words one sentence where an answer changes.

    Unless all are asked for, those of low severity that change no answer are counted only.
    """
    kept = [one for one in conflicts if one.changes_answer or (not plain and (full or one.severity != "low"))]
    shown = [one for one in kept if one.plain is not None] if plain else kept
    if not shown:
        return
    out.print()
    out.print(Text(title.plain if plain else title.clinical.format(n=len(shown)), "bold underline"))
    for one in shown:
        if plain:
            out.print(indented(Text(f"• {one.plain}"), 2))
            continue
        weak = " (unverified)" if one.unverified else ""
        star = " * changes an answer" if one.changes_answer else ""
        out.print(indented(Text.assemble(f"• {one.id} {one.title}", (star, "yellow")), 2))
        for claim in one.claims:
            out.print(indented(Text.assemble(f"- {claim.says} ", (f"[{cited(claim.cite)}]", "dim")), 4))
        out.print(indented(Text(f"used: {one.used}{weak}; why: {one.why}"), 4))
    left = 0 if plain else len(conflicts) - len(shown)
    if left:
        out.print(indented(Text(f"{left} more of low severity: --full", "dim"), 2))
