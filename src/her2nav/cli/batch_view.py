"""`her2nav interpret --csv`: the table's answers, or the audit of the whole."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from her2nav.cli.common import Format, console, print_warnings
from her2nav.model.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from her2nav.app.audit import Audit, Share, TumourAudit
    from her2nav.app.batch import Batch, BatchRow

_LISTED = 20
"""Rows of a kind that people see; JSON holds all of them."""
_ALIKE = 3
"""Rows with the same fault that are told one by one; the rest are counted."""
_FAULTS = 10_000
"""Different faults that are counted, so that memory stays bounded; further ones are told one by one."""


class _Counted:
    """Passes rows on, telling bad ones on standard error and counting; rows with one fault are told together."""

    def __init__(self, batch: Batch) -> None:
        from her2nav.app.batch import progress_line

        self.rows = self.bad = 0
        self._faults: Counter[str] = Counter()
        self._batch = batch
        self._progress = progress_line(batch.lines)

    def __iter__(self) -> Iterator[BatchRow]:
        for row in self._batch.rows(self._progress):
            self.rows += 1
            if row.error is not None:
                self.bad += 1
                if row.error in self._faults or len(self._faults) < _FAULTS:
                    self._faults[row.error] += 1
                if self._faults.get(row.error, 0) <= _ALIKE:
                    lead = "\r" if self._progress else ""
                    sys.stderr.write(f"{lead}her2nav: warning: {self._batch.name}, line {row.line}: {row.error}\n")
            yield row
        if self._progress:
            sys.stderr.write("\r" + " " * 40 + "\r")
        for fault, count in self._faults.items():
            if count > _ALIKE:
                more = f"{count - _ALIKE:,} more " + ("row" if count - _ALIKE == 1 else "rows")
                sys.stderr.write(f"her2nav: warning: {self._batch.name}: {more} with the same fault: {fault}\n")


def run_batch(
    source: str, tumour: str | None, out: Path | None, *, audit: bool, day: date | None, output: Format
) -> None:
    """Interpret a table and print or write the answer, whole or not at all.

    Raises:
        InputError: The table cannot be used, or not one of its rows can be read.
    """
    from her2nav.app.batch import Batch, csv_lines, row_json
    from her2nav.app.session import Session

    session = Session()
    batch = Batch(session, source, tumour, day)
    print_warnings(batch.warnings)
    rows = _Counted(batch)
    if audit:
        from her2nav.app.audit import audit as run_audit
        from her2nav.app.audit import audit_json

        result = run_audit(rows, session.knowledge, day or session.today())
        versions = session.versions(trials=False)
        if output is Format.JSON:
            _deliver(_json_text({**audit_json(result), "warnings": list(batch.warnings), "versions": versions}), out)
        else:
            _deliver(_captured(result, session.knowledge.tumours.types), out)
    elif output is Format.JSON:
        answers = [row_json(row) for row in rows]
        counts = {"read": rows.rows, "interpreted": rows.rows - rows.bad, "failed": rows.bad}
        warnings = list(batch.warnings)
        whole = {**counts, "rows": answers, "warnings": warnings, "versions": session.versions(trials=False)}
        _deliver(_json_text(whole), out)
    else:
        _deliver("".join(csv_lines(iter(rows))), out)
    if out is not None:
        told = f"{rows.rows} rows, {rows.rows - rows.bad} interpreted, {rows.bad} not read: {out}"
        typer.echo(told, err=output is Format.JSON)
    if rows.rows == rows.bad:
        message = "not one row can be read" if rows.rows else "the table has no rows"
        raise InputError(message, file=batch.name, code="no_rows")


def _json_text(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None) + "\n"


def _deliver(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    from her2nav.files.writing import write_whole

    write_whole(out, [text])


def _captured(result: Audit, types: Any) -> str:
    """Return the audit as text."""
    terminal = console()
    with terminal.capture() as captured:
        _show(result, terminal, {name: item.name for name, item in types.items()})
    return captured.get()


def _show(result: Audit, terminal: Console, names: dict[str, str]) -> None:
    from rich.text import Text

    read = result.rows - len(result.errors)
    terminal.print(f"{result.rows:,} rows, {read:,} read, {len(result.errors):,} not read")
    for one in result.errors[:_LISTED]:
        terminal.print(Text(f"  line {one.line} {one.id}: {one.what}", "yellow"))
    _more(terminal, len(result.errors))
    for tumour in result.tumours:
        terminal.print()
        terminal.print(Text(f"{names.get(tumour.tumour, tumour.tumour)}: {tumour.rows:,} rows", "bold"))
        _tumour(result, tumour, terminal)
    terminal.print()
    terminal.print(
        "Intervals: 95 %, Wilson. Published numbers come from other populations, assays and years; "
        "they are no pass mark."
    )


def _tumour(result: Audit, one: TumourAudit, terminal: Console) -> None:
    from rich.text import Text

    for title, name in (("IHC score", "ihc"), ("Status", "status"), ("Expression category", "expression")):
        terminal.print(f"  {title}")
        for share in one.mix(name):
            terminal.print(f"    {_told(share)}")
    left = [f"{one.scores[name]} {name}" for name in ("range", "not scored") if one.scores[name]]
    if left:
        terminal.print(f"    beside these: {', '.join(left)}")
    terminal.print("  Shares")
    for share in one.shares():
        terminal.print(f"    {_told(share)}")
    lacking = one.lacking()
    if lacking:
        terminal.print("  Lacking, of the reports that should have it")
    for item in lacking:
        mark = " unverified" if item.item.confidence.unverified else ""
        source = f"[{item.item.source}, {item.item.locator}, {item.item.confidence.value}{mark}]"
        terminal.print(Text.assemble(f"    {_told(item.share)}  ", (source, "dim")))
    for title, rows in (("IHC and ISH disagree", one.discordant), ("The word differs from the result", one.words)):
        if rows:
            terminal.print(f"  {title}")
        for row in rows[:_LISTED]:
            terminal.print(Text(f"    line {row.line} {row.id}: {row.what}", "yellow"))
        _more(terminal, len(rows))
    beside, remarks = result.beside(one), result.remarks(one)
    if beside or remarks:
        terminal.print("  Published, beside your own")
    for published, own in beside:
        span = f"{published.low} %" if published.low == published.high else f"{published.low} to {published.high} %"
        yours = _numbers(own) if own else "not counted here"
        mark = " unverified" if published.confidence.unverified else ""
        source = f"[{published.source}, {published.locator}, {published.confidence.value}{mark}]"
        terminal.print(Text.assemble(f"    {published.says}: {span}; yours {yours}  ", (source, "dim")))
    for remark in remarks:
        source = f"[{remark.source}, {remark.locator}, {remark.confidence.value}]"
        terminal.print(Text.assemble(f"    {remark.says}  ", (source, "dim")))


def _told(share: Share) -> str:
    return f"{share.says}: {_numbers(share)}"


def _numbers(share: Share) -> str:
    if share.percent is None or share.interval is None:
        return "no rows"
    low, high = share.interval
    return f"{share.percent:.1f} % ({low:.1f} to {high:.1f}), {share.count:,} of {share.total:,}"


def _more(terminal: Console, count: int) -> None:
    if count > _LISTED:
        terminal.print(f"    and {count - _LISTED:,} more (--format json lists all)")
