"""`her2nav criteria`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from her2nav.cli.common import Format, console, print_json
from her2nav.model.errors import InputError

if TYPE_CHECKING:
    from her2nav.app.criteria import CriteriaAnswer
    from her2nav.criteria.coverage import Coverage
    from her2nav.knowledge.load import Knowledge
    from her2nav.model.registry_trial import RegistryTrial

_MOST = 40


def criteria(
    nct_id: Annotated[str | None, typer.Argument(help="A trial of the store: NCT and eight digits.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A registry record in a file: JSON, XML or a row.", metavar="RECORD")
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="An eligibility text; - is standard input.", metavar="FILE")
    ] = None,
    attributes: Annotated[bool, typer.Option("--attributes", help="The flat summary instead of the tree.")] = False,
    as_draft: Annotated[
        bool, typer.Option("--as-draft", help="A trial file (YAML) made by the reader, for a curator to correct.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="How much of the criteria of the whole store is read.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Read eligibility criteria: each sentence, what was understood of it, and what was not."""
    from her2nav.knowledge.load import load_knowledge

    if sum((nct_id is not None, file is not None, text is not None, coverage)) != 1:
        raise InputError("say what to read", allowed="one of NCT_ID, --file RECORD, --text FILE, --coverage")
    knowledge = load_knowledge()
    if coverage:
        _coverage(output)
        return
    from her2nav.app.criteria import criteria_json, draft_of, read_criteria

    trial = trial_of(nct_id, file, text)
    if as_draft:
        print(draft_of(knowledge, trial), end="")
        return
    answer = read_criteria(knowledge, trial)
    if attributes:
        _attributes(answer, output)
    elif output is Format.JSON:
        print_json(criteria_json(knowledge, answer))
    else:
        _show(answer, knowledge)


def trial_of(nct_id: str | None, file: Path | None, text: Path | None) -> RegistryTrial:
    """Return the record asked for: of the store, of a file, or a bare text."""
    from her2nav.app.criteria import record_of, stored, text_record

    if file is not None:
        return record_of(file)
    if text is not None:
        try:
            written = sys.stdin.read() if str(text) == "-" else text.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=str(text)) from None
        if not written.strip():
            raise InputError("the text is empty", file=str(text), allowed="eligibility criteria as text")
        return text_record(written)
    name = (nct_id or "").strip()
    if Path(name).is_file():
        raise InputError(f"'{name}' is a file", allowed="--text FILE for a text, --file RECORD for a registry record")
    return stored(None, name)


def _attributes(answer: CriteriaAnswer, output: Format) -> None:
    if output is Format.JSON:
        print_json(answer.attributes)
        return
    for name, value in answer.attributes.items():
        print(f"{name:28} {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(item)}" for name, item in value.items())
    return str(value)


def _show(answer: CriteriaAnswer, knowledge: Knowledge) -> None:
    from rich.text import Text

    from her2nav.app.criteria import outline_of
    from her2nav.criteria.parted import TWIN
    from her2nav.report.criterion_lines import node_line

    terminal = console()
    section = ""
    unread = 0
    for criterion in answer.read.criteria:
        if criterion.section != section:
            section = criterion.section
            terminal.print(Text(f"{section.capitalize()} criteria", style="bold"))
        scope = f" [{', '.join(criterion.scope)}]" if criterion.scope else ""
        role = "" if criterion.role == "decides" else f" ({criterion.role.value})"
        terminal.print(Text(f"{criterion.id}{role}{scope}  {criterion.text}"))
        for depth, node in outline_of(criterion.node):
            line = node_line(node, answer.read.outline.text, knowledge)
            unread += line.unread
            terminal.print(Text("      " + "  " * depth + line.text, style="yellow" if line.unread else "green"))
    terminal.print()
    # What is confirmed of a criterion stands beside it and is no further one.
    count = sum(not criterion.id.endswith(TWIN) for criterion in answer.read.criteria)
    left = f"{unread} stretch{'es' if unread != 1 else ''} not read" if unread else "nothing left unread"
    terminal.print(f"{count} criteri{'a' if count != 1 else 'on'}; {left}{': a person reads it' if unread else ''}.")


def _coverage(output: Format) -> None:
    from her2nav.app.criteria import coverage_of
    from her2nav.store.reading import StoreReader

    with StoreReader() as store:
        found = coverage_of(store.trials(), progress=_ticker())
    if output is Format.JSON:
        print_json(_coverage_json(found))
        return
    _show_coverage(found)


def _ticker() -> Any:
    if not sys.stderr.isatty():
        return None
    return lambda done: print(f"\r{done:,} trials read", end="", file=sys.stderr, flush=True)


def _coverage_json(found: Coverage) -> dict[str, Any]:
    return {
        "trials": found.trials,
        "criteria": found.criteria,
        "whole": found.whole,
        "partly": found.partly,
        "unread": found.unread,
        "kinds": {kind: {"whole": whole, "partly": partly} for kind, (whole, partly) in sorted(found.kinds.items())},
        "unread_phrases": [{"phrase": phrase, "count": count} for phrase, count in found.phrases.most_common(200)],
    }


def _show_coverage(found: Coverage) -> None:
    total = found.criteria or 1
    print(f"{found.trials:,} trials, {found.criteria:,} criteria")
    for name, count in (("read whole", found.whole), ("read in part", found.partly), ("not read", found.unread)):
        print(f"  {name:14} {count:8,}  {100 * count / total:5.1f} %")
    print(f"\n{'kind':28} {'whole':>8} {'in part':>8}")
    for kind, (whole, partly) in sorted(found.kinds.items(), key=lambda item: -sum(item[1])):
        print(f"{kind:28} {whole:8,} {partly:8,}")
    print("\nCommonest words not read")
    for phrase, count in found.phrases.most_common(_MOST):
        print(f"{count:8,}  {phrase}")
