"""How matches look on a terminal: a tired clinician scans it, a patient can read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.text import Text

from her2nav.app.match import MatchAnswer, disputed
from her2nav.app.sites import Sites
from her2nav.cli.common import console, indented
from her2nav.cli.her2_view import her2_block
from her2nav.cli.match_facts_view import rank_line, show_facts
from her2nav.matching.evaluate import Verdict
from her2nav.matching.rank_parts import Place
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match
from her2nav.model.finding import Finding
from her2nav.model.tree import Leaf
from her2nav.model.trial import Role
from her2nav.model.truth import Truth
from her2nav.report.phrases import (
    SYMBOLS,
    VERDICT_SYMBOLS,
    Register,
    change_phrase,
    closing_lines,
    day,
    lung_risk,
    misfit_line,
    open_points,
    phase_line,
    read_by_program,
    reasons_counted,
    status_current,
    status_line,
    verdict_line,
)

if TYPE_CHECKING:
    from her2nav.app.what_if import WhatIf

_TRUTH_STYLE = {Truth.MET: "green", Truth.NOT_MET: "red", Truth.UNKNOWN: "yellow"}
_VERDICT_STYLE = {Verdict.ELIGIBLE: "bold green", Verdict.POSSIBLE: "bold yellow", Verdict.INELIGIBLE: "red"}
_HEADINGS = {
    Verdict.ELIGIBLE: {"clinical": "Fits on the record", "plain": "Looks like a possible fit"},
    Verdict.POSSIBLE: {"clinical": "May fit", "plain": "Might fit"},
    Verdict.INELIGIBLE: {"clinical": "Does not fit today", "plain": "Does not fit today"},
}
_NEAR_MISSES = 5
_LISTED = 40
"""Trials of one heading that are listed unless more are asked for: nobody reads hundreds."""


def show_matches(
    answer: MatchAnswer,
    sites: Sites,
    *,
    everything: bool,
    top: int | None,
    plain: bool,
    full: bool,
    why_rank: bool = False,
    supposed: Sequence[WhatIf] = (),
    within: float | None = None,
) -> None:
    """Print the answer of `match`.

    Args:
        answer: What to print.
        sites: Looks up places.
        everything: Trials known not to recruit as well.
        top: So many trials at most.
        plain: Words for patients.
        full: Every trial with every criterion.
        why_rank: The parts of each rank with their values.
        supposed: What was supposed; it comes before the trials.
        within: Trials whose nearest recruiting site is known to be farther, in kilometres, are counted only.
    """
    register: Register = "plain" if plain else "clinical"
    out = console()
    _header(out, answer, register)
    shown = [m for m in answer.matches if everything or m.trial.record.status.value.may_recruit is not False]
    hidden = len(answer.matches) - len(shown)
    far = {id(m) for m in shown if within is not None and _farther(answer, sites, m, within)}
    shown = [m for m in shown if id(m) not in far]
    shown = shown[:top] if top is not None else shown
    if supposed or answer.doors:
        from her2nav.cli.match_what_if_view import show_doors, show_what_if

        for one in supposed:
            show_what_if(out, one, register, everything=everything)
        show_doors(out, answer.doors, register)
        if supposed:
            out.print()
            out.print("On the record as it stands", style="bold")
    show_facts(out, answer, register)
    for verdict in (Verdict.ELIGIBLE, Verdict.POSSIBLE):
        group = [match for match in shown if match.verdict is verdict]
        if group:
            _heading(out, f"{_HEADINGS[verdict][register]} ({len(group)})", _VERDICT_STYLE[verdict])
            listed = group if full or top is not None else group[:_LISTED]
            for match in listed:
                _match(out, answer, match, sites, register, full=full, why_rank=why_rank)
            _more(out, len(group) - len(listed))
    soon = [match for match in shown if answer.place(match) is Place.SOON]
    _waiting(out, answer, soon, register, full=full)
    waits = {id(match) for match in soon}
    others = [match for match in shown if match.verdict is Verdict.INELIGIBLE and id(match) not in waits]
    _not_today(out, answer, others, register, full=full)
    if far:
        out.print(f"\n{len(far)} more trials have no recruiting site within {within:g} km.", style="dim")
    if hidden:
        why = "known not to take new patients" if plain else "known not to recruit"
        out.print(f"\n{hidden} more trials are {why}; --status all shows them.", style="dim")
    _left_aside(out, answer, register)
    _disputed(out, answer, shown if full else shown[:_LISTED], register, full=full)
    out.print()
    for line in closing_lines(answer.case.knowledge.words, register, lung=lung_risk(answer.case, shown)):
        out.print(line, style="italic")
    if not plain:
        out.print("her2nav match PATIENT --explain NCT######## prints one trial criterion by criterion.", style="dim")


def show_trial(answer: MatchAnswer, match: Match, sites: Sites, *, plain: bool) -> None:
    """Print one trial in full: every criterion with its reason, evidence and what would change it."""
    register: Register = "plain" if plain else "clinical"
    out = console()
    record = match.trial.record
    _header(out, answer, register)
    out.print()
    _title(out, answer, match, register)
    out.print(f"  {record.url}")
    _origin(out, answer, match, register)
    if match.trial.criteria_from == "curated":
        partial = "; partly curated: open parts need a person" if record.curation == "partial" else ""
        out.print(f"  Criteria: tree curated by hand from {record.text_source or 'no text'}{partial}", style="dim")
    _near(out, answer, match, sites, register)
    for arm in match.arms:
        state = {True: "open", False: "closed", None: "open or closed not known"}[arm.open]
        mark = VERDICT_SYMBOLS[arm.verdict]
        chosen = "  <- judged here" if arm.id == match.best_arm else ""
        out.print(f"  {mark} {arm.id}: {arm.label} ({state}){chosen}", style="dim")
    for title, truth in (("Does not fit", Truth.NOT_MET), ("Open", Truth.UNKNOWN), ("Fits", Truth.MET)):
        rows = [item for item in match.criteria if _decides(item) and item.truth is truth]
        if rows:
            _heading(out, f"{title} ({len(rows)})", _TRUTH_STYLE[truth])
            for item in rows:
                _criterion(out, item, match, register)
    confirm = [item for item in match.criteria if item.criterion.role is Role.CONFIRM]
    if confirm:
        _heading(out, "The trial team confirms with you" if plain else f"To confirm ({len(confirm)})", "cyan")
        for item in confirm:
            out.print(indented(Text("• " + item.criterion.text), 2))
    permits = [item for item in match.criteria if item.criterion.role is Role.PERMITS]
    if permits and not plain:
        _heading(out, f"Expressly allowed ({len(permits)})", "cyan")
        for item in permits:
            out.print(indented(Text("• " + item.criterion.text), 2))
    if record.notes and not plain:
        _heading(out, "Curator's notes", "dim")
        for note in record.notes:
            out.print(indented(Text("• " + note), 2))
    _disputed(out, answer, [match], register, full=True)
    out.print()
    for line in closing_lines(answer.case.knowledge.words, register, lung=lung_risk(answer.case, [match])):
        out.print(line, style="italic")


def _decides(item: CriterionResult) -> bool:
    return item.criterion.role is Role.DECIDES


def _header(out: Console, answer: MatchAnswer, register: Register) -> None:
    case = answer.case
    name = case.patient.id or "patient"
    out.print(Text.assemble((name, "bold"), f"  on {day(case.as_of)}"))
    out.print(her2_block(case, register))


def _match(
    out: Console,
    answer: MatchAnswer,
    match: Match,
    sites: Sites,
    register: Register,
    *,
    full: bool,
    why_rank: bool,
) -> None:
    out.print()
    _title(out, answer, match, register)
    _origin(out, answer, match, register)
    _near(out, answer, match, sites, register)
    ranked = rank_line(answer, match, numbers=why_rank) if register == "clinical" else None
    if ranked is not None:
        out.print(indented(Text(ranked, "dim"), 2))
    out.print(indented(Text(verdict_line(match, answer.case.knowledge.words, register)), 2))
    if match.verdict is Verdict.POSSIBLE and not full:
        for point in open_points(match, register):
            out.print(indented(Text(f"? {point}"), 4))
    if full:
        for item in match.criteria:
            _criterion(out, item, match, register)


def _title(out: Console, answer: MatchAnswer, match: Match, register: Register) -> None:
    record = match.trial.record
    style = _VERDICT_STYLE[match.verdict]
    title = f"{record.title} ({record.acronym})" if record.acronym else record.title
    out.print(Text.assemble((VERDICT_SYMBOLS[match.verdict] + " ", style), (title, "bold")))
    current = status_current(match, answer.case.as_of, answer.status_limit_days)
    status = status_line(match, answer.case.as_of, answer.status_limit_days)
    line = Text.assemble(f"  {record.nct_id} · ")
    if register == "clinical":
        line.append(phase_line(match) + " · ")
    line.append(status, "green" if current else "dim")
    out.print(line)


def _origin(out: Console, answer: MatchAnswer, match: Match, register: Register) -> None:
    """Say whose tree judged, where it is not one that a person curated from this very text."""
    notes = answer.notes(match)
    lines = [note.plain if register == "plain" else note.clinical for note in notes]
    if match.trial.criteria_from == "read":
        lines.insert(0, read_by_program(match.unread, register))
    for line in lines:
        out.print(indented(Text(line[:1].upper() + line[1:], "yellow"), 2))


def _near(out: Console, answer: MatchAnswer, match: Match, sites: Sites, register: Register) -> None:
    """Say where the nearest recruiting site is, of trials that the store holds."""
    if match.trial.record.nct_id not in answer.chosen.kept:
        return
    near = sites.of(match)
    if near.nearest is not None:
        site, on = near.nearest.site, near.nearest.status_date
        known = f", recruiting on {day(on)}" if on else ", date of its status not known: check"
        if on and (answer.case.as_of - on).days > answer.status_limit_days:
            known += f" ({(answer.case.as_of - on).days} days ago: check)"
        out.print(indented(Text(f"Nearest site: {site.label}, {near.nearest.kilometres:,.0f} km{known}"), 2))
    elif register == "clinical":
        out.print(indented(Text(f"Nearest site: not known ({near.reason})", "dim"), 2))


def _left_aside(out: Console, answer: MatchAnswer, register: Register) -> None:
    """Say which trials of the store were not judged, and why."""
    aside = answer.chosen.aside
    if not aside:
        return
    parts = [f"{item.count:,} {item.plain if register == 'plain' else item.reason}" for item in aside]
    total = sum(item.count for item in aside)
    intro = f"{total:,} more trials were not looked at" if register == "plain" else f"{total:,} trials left aside"
    out.print()
    out.print(f"{intro}: {'; '.join(parts)}.", style="dim")


def _disputed(out: Console, answer: MatchAnswer, shown: list[Match], register: Register, *, full: bool) -> None:
    """Say where the sources disagree on what is shown."""
    found = disputed(answer, shown)
    if not found:
        return
    from her2nav.cli.disputed_view import show_disputed
    from her2nav.report.option_words import option_words

    words = option_words(answer.case.knowledge).lines
    if register == "plain" or full:
        show_disputed(out, found, words["disputed"], plain=register == "plain", full=full)
        return
    # A long list under every list of trials is read by nobody: only what bears on a trial shown stands here.
    names = {f"trial:{match.trial.record.nct_id}" for match in shown}
    bearing = [one for one in found if one.severity == "high" and one.changes_answer and names & set(one.facts)]
    show_disputed(out, bearing, words["disputed"], plain=False)
    if len(found) > len(bearing):
        out.print()
        more = words["disputed_more" if bearing else "disputed_count"].clinical
        out.print(Text(more.format(n=len(found) - len(bearing)), "dim"))


def _farther(answer: MatchAnswer, sites: Sites, match: Match, within: float) -> bool:
    """Return whether the nearest recruiting site of a trial that is listed is known to be farther."""
    if match.verdict is Verdict.INELIGIBLE or match.trial.record.nct_id not in answer.chosen.kept:
        return False
    nearest = sites.of(match).nearest
    return nearest is not None and nearest.kilometres > within


def _waiting(out: Console, answer: MatchAnswer, group: list[Match], register: Register, *, full: bool) -> None:
    """List what only time stands against, and not for long."""
    if not group:
        return
    title = {"clinical": "Only time stands against it", "plain": "You would have to wait a little for these"}[register]
    _heading(out, f"{title} ({len(group)})", "bold yellow")
    _misfits(out, group, register, full=full)


def _not_today(out: Console, answer: MatchAnswer, group: list[Match], register: Register, *, full: bool) -> None:
    if not group:
        return
    _heading(out, f"{_HEADINGS[Verdict.INELIGIBLE][register]} ({len(group)})", _VERDICT_STYLE[Verdict.INELIGIBLE])
    waiting = [match for match in group if match.eligible_from is not None]
    nearest = waiting + sorted(
        (match for match in group if match.eligible_from is None), key=lambda m: m.count(Truth.NOT_MET)
    )
    listed = nearest if full else nearest[: _LISTED if register == "clinical" else _NEAR_MISSES]
    _misfits(out, listed, register, full=full)
    if register == "clinical":
        _more(out, len(nearest) - len(listed))
        counts = ", ".join(f"{name} {count}" for name, count in reasons_counted(group))
        out.print(f"  Reasons: {counts}", style="dim")


def _misfits(out: Console, listed: list[Match], register: Register, *, full: bool) -> None:
    for match in listed:
        record = match.trial.record
        text = Text.assemble(("✘ ", "red"), (f"{record.title} ", ""), (record.nct_id, "dim"))
        out.print(indented(text, 0))
        out.print(indented(Text(misfit_line(match, register) + _by_program(match, register)), 4))
        for item in match.repeat_before:
            out.print(indented(Text(f"repeat before: {item.criterion.text}", "yellow"), 6))
        if full:
            for item in match.criteria:
                _criterion(out, item, match, register)


def _more(out: Console, left: int) -> None:
    if left > 0:
        out.print(f"  … and {left:,} more: --top N or --full lists them.", style="dim")


def _by_program(match: Match, register: Register) -> str:
    """Mark what the program read, in a list with one line for each trial."""
    if match.trial.criteria_from != "read":
        return ""
    return " [read by the program]" if register == "clinical" else " (The program read this; your team can check.)"


def _criterion(out: Console, item: CriterionResult, match: Match, register: Register) -> None:
    finding, criterion = item.finding, item.criterion
    scope = ""
    if criterion.scope and match.best_arm is not None:
        other = match.best_arm not in criterion.scope
        scope = f" [{', '.join(criterion.scope)}{'; not the arm judged' if other else ''}]"
    mark = "·" if criterion.role is not Role.DECIDES else SYMBOLS[finding.truth]
    style = "dim" if criterion.role is not Role.DECIDES else _TRUTH_STYLE[finding.truth]
    head = Text.assemble((f"{mark} ", style), (criterion.text, ""), (scope, "dim"))
    out.print(indented(head, 2))
    if criterion.role is Role.DECIDES:
        lines = [Text(finding.plain if register == "plain" else finding.reason, "dim" if met(finding) else "")]
        if register == "clinical" and not met(finding):
            lines += _details(finding, item)
        out.print(indented(Group(*lines), 6))


def met(finding: Finding) -> bool:
    """True when the criterion is met."""
    return finding.truth is Truth.MET


def _details(finding: Finding, item: CriterionResult) -> list[Text]:
    lines = []
    change = finding.change
    if finding.truth is Truth.UNKNOWN and change is not None:
        lines.append(Text(f"-> {change.what}" + (f" ({change.effort.value})" if change.effort else ""), "yellow"))
    elif change is not None:
        lines.append(Text(f"-> {change_phrase(change)}", "red"))
    if isinstance(item.criterion.node, Leaf) and item.criterion.note:
        lines.append(Text(f"note: {item.criterion.note}", "dim"))
    return lines


def _heading(out: Console, text: str, style: str) -> None:
    out.print()
    out.print(text, style=style)


__all__ = ["show_matches", "show_trial"]
