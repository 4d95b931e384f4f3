"""How changes of the registry look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.text import Text

from her2nav.app.registry_diff import KINDS, Diff, SiteChange, TrialChange
from her2nav.app.watch import NOTE, NOTE_PLAIN, News, WatchAnswer
from her2nav.cli.common import console, indented
from her2nav.report.phrases import closing_lines, day, lung_risk, verdict_line

_SITES_SHOWN = 5
_WORDS = {
    "new": ("new trial", "new trials"),
    "gone": ("no longer in the registry", "no longer in the registry"),
    "back": ("back in the registry", "back in the registry"),
    "status": ("changed its status", "changed their status"),
    "sites": ("changed its sites", "changed their sites"),
    "criteria": ("changed its criteria", "changed their criteria"),
    "results": ("posted results", "posted results"),
    "design": ("changed otherwise", "changed otherwise"),
}
_SITE_WORDS = {
    "opened": "now recruiting",
    "closed": "no longer recruiting",
    "added": "site added",
    "removed": "site removed",
    "status": "changed its status",
}


@dataclass(frozen=True, slots=True)
class Aged:
    """Says of a status when it was known to be so, and how long ago where that is too long.

    Attributes:
        limit_days: Past this age a status must be checked.
    """

    today: date
    limit_days: int

    def __call__(self, known_on: date | None) -> str:
        """Return the words that follow a status."""
        if known_on is None:
            return " (day not known: check)"
        days = (self.today - known_on).days
        return f" on {day(known_on)}" + (f" ({days} days ago: check)" if days > self.limit_days else "")


def show_diff(found: Diff, limit: int, aged: Aged) -> None:
    """Print what changed, what matters most first."""
    out = console()
    since = f"since snapshot {found.since.name}" if found.since else "since the store was empty"
    out.print(f"Changes {since}, up to {found.until.name}")
    counts = [(kind, found.count(kind)) for kind in KINDS]
    told = [f"{count:,} {_WORDS[kind][count != 1]}" for kind, count in counts if count]
    out.print("  " + (", ".join(told) or "Nothing changed that a person would notice."))
    if found.unchanged:
        out.print(f"  {found.unchanged:,} more have a newer record that says the same.", style="dim")
    for change in found.changes[:limit]:
        _change(out, change, aged)
    if len(found.changes) > limit:
        out.print(f"\n… and {len(found.changes) - limit:,} more: --limit {len(found.changes)} shows all", style="dim")


def _change(out: Console, change: TrialChange, aged: Aged) -> None:
    out.print()
    out.print(Text.assemble((change.nct_id, "bold"), "  ", change.title or "(no title)"))
    for line in change_lines(change, aged):
        out.print(indented(Text(line), 2))


def change_lines(change: TrialChange, aged: Aged) -> list[str]:
    """Say what changed in a trial, one line a thing."""
    on = aged(change.status_date)
    now = f"{status_words(change.status)}{on}"
    lines: list[str] = []
    for kind in change.kinds:
        match kind:
            case "new":
                lines.append(f"New. {now}")
            case "gone":
                lines.append(f"No longer in the registry: {change.note}. Its last status was: {now}")
            case "back":
                lines.append(f"Back in the registry. {now}")
            case "status":
                lines.append(f"Status: {now}; before: {status_words(change.before)}")
            case "sites":
                lines += _site_lines(change.sites)
            case "criteria":
                lines += [_sentence(item.kind, item.section, item.before, item.after) for item in change.criteria]
            case "results":
                lines.append("Results were posted")
            case "design":
                lines += [f"{name[:1].upper()}{name[1:]}: {old or 'not stated'} → {new}"
                          for name, (old, new) in change.design.items()]  # fmt: skip
    return lines


def _site_lines(sites: Sequence[SiteChange]) -> list[str]:
    lines: list[str] = []
    for what, words in _SITE_WORDS.items():
        some = [item.site.label or "a site without a name" for item in sites if item.what == what]
        if some:
            more = f"; and {len(some) - _SITES_SHOWN} more" if len(some) > _SITES_SHOWN else ""
            lines.append(f"Sites, {words} ({len(some)}): {'; '.join(some[:_SITES_SHOWN])}{more}")
    return lines


def _sentence(kind: str, section: str | None, before: str | None, after: str | None) -> str:
    where = f" ({section})" if section else ""
    if kind == "changed":
        return f"Criterion changed{where}: “{before}” → “{after}”"
    return f"Criterion {kind}{where}: “{after or before}”"


def status_words(constant: str | None) -> str:
    """Return a status as people write it."""
    if not constant:
        return "status not stated"
    text = constant.replace("_", " ").lower()
    return text[:1].upper() + text[1:]


def show_watch(answer: WatchAnswer, *, plain: bool) -> None:
    """Print what changed for a patient."""
    out = console()
    aged = Aged(answer.case.as_of, answer.case.knowledge.words.status_age_limit_days)
    since = f"since {answer.diff.since.name}" if answer.diff.since else "since the store was empty"
    out.print(f"Trials: what changed {since}, up to {answer.diff.until.name}", style="bold")
    heads = (
        (answer.new_fits, "New or open now; may fit", "New or open now; might fit"),
        (answer.lost, "No longer open; would have been possible", "Not open any more"),
        (answer.changed, "May fit; something changed", "Might fit; something changed"),
    )
    for items, clinical, simple in heads:
        if items:
            out.print(f"\n{simple if plain else clinical} ({len(items)})", style="bold")
            for item in items:
                _news(out, answer, item, aged, plain=plain)
    if answer.quiet:
        out.print("\nNothing changed in the trials that may fit.")
    if answer.misfits:
        out.print(f"\n{answer.misfits} more changed that do not fit today.", style="dim")
    if answer.unread:
        out.print(
            f"\nNew or changed trials on this tumour that nobody has read yet ({len(answer.unread)})", style="bold"
        )
        for change in answer.unread[:20]:
            _change(out, change, aged)
        if len(answer.unread) > 20:
            out.print(f"… and {len(answer.unread) - 20} more: her2nav registry diff", style="dim")
    out.print()
    out.print(Text(NOTE_PLAIN if plain else NOTE, style="dim"))
    lung = lung_risk(answer.case, [item.match for item in (*answer.new_fits, *answer.changed)])
    for line in closing_lines(answer.case.knowledge.words, "plain" if plain else "clinical", lung=lung):
        out.print(line)


def _news(out: Console, answer: WatchAnswer, item: News, aged: Aged, *, plain: bool) -> None:
    record = item.match.trial.record
    out.print(Text.assemble("\n", (record.nct_id, "bold"), "  ", record.title))
    line = verdict_line(item.match, answer.case.knowledge.words, "plain" if plain else "clinical")
    out.print(indented(Text(line), 2))
    if item.outdated:
        changed = (
            "The registry changed who can join. This was not checked yet: ask the study team."
            if plain
            else "The registry's criteria differ from the text that was curated: check the verdict."
        )
        out.print(indented(Text(changed), 2))
    for said in change_lines(item.change, aged):
        out.print(indented(Text(said), 2))
