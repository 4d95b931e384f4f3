"""How a worklist, and a pair of a run, look on a terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.screen import Screened
from her2nav.app.screen_explain import ExplainedPair
from her2nav.app.session import Session
from her2nav.app.worklist import GROUPS, Entry, TrialList, Worklist
from her2nav.cli.common import console, indented
from her2nav.matching.reasons import CriterionResult
from her2nav.model.trial import Role
from her2nav.model.truth import Truth
from her2nav.report.phrases import SYMBOLS, change_phrase, closing_lines, day, record_status_line, verdict_line

_STYLE = {"fits": "bold green", "may_fit": "bold yellow", "soon": "cyan", "lost": "red"}
_SHOWN = 20
"""Patients of one group of one trial that a terminal lists."""
_TRUTHS = (("Does not fit", Truth.NOT_MET), ("Open", Truth.UNKNOWN), ("Fits", Truth.MET))


def show_worklist(session: Session, found: Worklist, done: Screened, kept: Path | None) -> None:
    """Print a worklist, and below it what was done."""
    out = console()
    title = "What is new" if found.only_new else "Worklist"
    today = done.made["as_of"]
    days = sorted(set(done.made["counts"]["days"]))
    out.print(
        Text.assemble(
            (f"{title}{f': {found.site}' if found.site else ''}", "bold"), f"  as on {day(date.fromisoformat(today))}"
        )
    )
    if days and days != [today]:
        told = " to ".join(day(date.fromisoformat(one)) for one in days)
        out.print(
            f"Records state their own day ({told}) and are judged on it; --as-of DATE sets one for all.", style="yellow"
        )
    if not found.trials:
        out.print("Nobody to list.")
    for one in found.trials:
        _trial(out, session, one, done.made["as_of"], own_days=len(days) > 1)
    out.print()
    _counts(out, found, done)
    if kept is not None:
        out.print(
            f"Kept in {kept}: run.json says what was done; {', '.join(done.made.get('outputs', {})) or 'no table'}."
        )
        out.print("her2nav screen explain RUN PATIENT TRIAL gives the reasons of a pair.", style="dim")
    for line in closing_lines(session.knowledge.words, "clinical", lung=False):
        out.print(line, style="italic")


def _counts(out: Console, found: Worklist, done: Screened) -> None:
    counts = done.made["counts"]
    never = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts["never_listed"].items() if number)
    out.print(
        f"{counts['in']:,} records: {counts['out']:,} judged, {counts['failed']:,} not read"
        + (f"; never listed: {never}" if never else "")
        + f"; {len(done.trials.digests):,} trial{'s' * (len(done.trials.digests) != 1)}"
    )
    judged = done.made["judged"]
    if judged["as_before"] or judged["for_changed_trials"]:
        out.print(
            f"Judged anew {judged['anew']:,}, for changed trials only {judged['for_changed_trials']:,}, "
            f"as before {judged['as_before']:,}"
        )
    gone = counts["no_longer_listed_since"]
    if gone:
        out.print(f"Of the earlier run, gone from the source or not to be listed: {gone:,}.")
    if found.newly_closed:
        out.print(
            f"Took patients in the earlier run and takes nobody now: {', '.join(found.newly_closed)}.", style="red"
        )
    out.print(
        f"Trials with nobody to list: {found.quiet:,}; that take nobody now: {found.closed:,} (--closed lists them).",
        style="dim",
    )
    if found.without_criteria:
        names = ", ".join(f"{name} ({count:,})" for name, count in sorted(found.without_criteria.items()))
        told = f"Criteria not at hand, so nobody was judged by them (patients with such a tumour): {names}"
        out.print(f"{told}; --closed lists them.", style="dim")
    for one in done.trials.aside:
        out.print(f"{one.count:,} trials left aside: {one.reason}", style="dim")


def _trial(out: Console, session: Session, one: TrialList, run_day: str, *, own_days: bool) -> None:
    record = one.record
    out.print()
    out.print(Text.assemble((f"{record.nct_id}  ", "bold"), record.title))
    source = " (portfolio)" if record.status.source == "portfolio" else ""
    limit = session.knowledge.words.status_age_limit_days
    line = [f"{record_status_line(record, date.fromisoformat(run_day), limit)}{source}"]
    line += [f"{one.slots} slot{'' if one.slots == 1 else 's'}"] if one.slots is not None else []
    line += [f"protocol {one.protocol}"] if one.protocol else []
    line += [one.contact] if one.contact else []
    line += ["criteria read by the program"] if one.criteria_from == "read" else []
    out.print(indented(Text(" · ".join(line), "dim"), 2))
    for note in (*one.notes, *(f"amended since the earlier run: {text}" for text in one.amended)):
        out.print(indented(Text(note, "yellow"), 2))
    for group, heading in GROUPS:
        if one.counts[group]:
            _group(out, one, group, heading, run_day, own_days=own_days)


def _group(out: Console, one: TrialList, group: str, heading: str, run_day: str, *, own_days: bool) -> None:
    out.print(indented(Text(f"{heading} ({one.counts[group]:,})", _STYLE[group]), 2))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    listed = one.groups[group][:_SHOWN]
    for entry in listed:
        told = _told(entry, group)
        if own_days and entry.day.isoformat() != run_day:
            told.append(f"  as on {day(entry.day)}", "dim")
        table.add_row(Text(entry.patient), told)
    out.print(indented(table, 4))
    if one.counts[group] > len(listed):
        out.print(indented(Text(f"… and {one.counts[group] - len(listed):,} more: in the tables of --out", "dim"), 4))


def _told(entry: Entry, group: str) -> Text:
    pair = entry.pair
    text = Text()
    if group == "may_fit":
        asked = pair.question or (pair.missing[0] if pair.missing else "a person reads the open criteria")
        text.append(asked)
        if len(pair.missing) > 1:
            text.append(f" (one of {len(pair.missing)} open points)", "dim")
    elif group == "fits":
        text.append(
            f"the team confirms {pair.to_confirm} point{'s' * (pair.to_confirm > 1)}"
            if pair.to_confirm
            else "nothing open"
        )
        if pair.holds_until is not None:
            text.append(f"; holds until {day(pair.holds_until)}")
    elif group == "soon" and pair.eligible_from is not None:
        text.append(f"from {day(pair.eligible_from)}")
        if pair.repeat_before:
            text.append(f"; repeat before: {'; '.join(pair.repeat_before)}")
    else:
        text.append(pair.blocking or "")
    if pair.arm:
        text.append(f"  [{pair.arm}]", "dim")
    for news in entry.news:
        text.append(f"  ← {news}", "bold")
    for ruled in pair.ruled:
        text.append(f"\n{ruled}", "magenta")
    for void in pair.void:
        text.append(f"\n{void}", "yellow")
    return text


def show_pair(session: Session, found: ExplainedPair) -> None:
    """Print one pair, criterion by criterion."""
    out = console()
    match = found.match
    record = match.trial.record
    out.print(Text.assemble((found.name, "bold"), f"  as on {day(found.case.as_of)}"))
    out.print(Text.assemble((f"{record.nct_id}  ", "bold"), record.title))
    out.print(verdict_line(match, session.knowledge.words, "clinical"))
    if match.best_arm:
        out.print(Text(f"arm judged: {match.best_arm}", "dim"))
    for line in found.differs:
        out.print(Text(f"The run may say otherwise: {line}.", "yellow"))
    for void in found.applied.void:
        out.print(Text(void[:1].upper() + void[1:], "yellow"))
    for title, truth in _TRUTHS:
        rows = [item for item in match.criteria if item.criterion.role is Role.DECIDES and item.truth is truth]
        if rows:
            out.print()
            out.print(f"{title} ({len(rows)})", style="bold")
        for item in rows:
            _criterion(out, item)
    if match.to_confirm:
        out.print()
        out.print(f"The trial team confirms ({len(match.to_confirm)})", style="bold")
        for item in match.to_confirm:
            out.print(indented(Text(f"• {item.criterion.text}"), 2))
    out.print()
    for line in closing_lines(session.knowledge.words, "clinical", lung=False):
        out.print(line, style="italic")


def _criterion(out: Console, item: CriterionResult) -> None:
    finding = item.finding
    head = Text.assemble(f"{SYMBOLS[finding.truth]} ", (f"{item.criterion.id}  ", "dim"), item.criterion.text)
    out.print(indented(head, 2))
    out.print(indented(Text(finding.reason), 6))
    if finding.truth is Truth.UNKNOWN and finding.change is not None:
        out.print(indented(Text(f"-> {finding.change.what}", "yellow"), 6))
    elif finding.truth is Truth.NOT_MET:
        out.print(indented(Text(f"-> {change_phrase(finding.change)}", "red"), 6))


__all__ = ["show_pair", "show_worklist"]
