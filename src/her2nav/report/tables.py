"""The decision tables as a pathologist would review them: every row with its words, source, place and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from her2nav.interpret.tables import Guideline, InputSpec, OutputValue, Row, Table
from her2nav.knowledge.schema import Source
from her2nav.model.provenance import Confidence

_ANY = "any"


def tables_page(guidelines: Iterable[Guideline], sources: Mapping[str, Source]) -> str:
    """Return a Markdown page of all tables.

    Args:
        guidelines: As written, borrowed tables not linked in.
        sources: Titles of the documents.
    """
    editions = sorted(guidelines, key=lambda one: (one.folder, one.effective_from))
    lines = [
        "Every rule that turns a HER2 result into a status, as the program runs it. A table has exactly one row for",
        "every input: a test proves it. An input that is not named in a row may be anything. Confidence: V, M, O, P, S",
        "checked in a source; K medical knowledge, the text not read; **K?** and **UNV** are unverified and give no",
        "final answer by themselves. Tell us by row id what is wrong.\n",
        "| guideline | in force from | tables | rows | unverified rows |\n|---|---|---|---|---|",
    ]
    for one in editions:
        rows = [row for table in one.tables.values() for row in table.rows]
        weak = sum(row.confidence.unverified for row in rows)
        anchor = one.id.replace("_", "-")
        until = f" to {one.effective_to}" if one.effective_to else ""
        lines.append(
            f"| [{_cell(one.title)}](#{anchor}) | {one.effective_from}{until} "
            f"| {len(one.tables)} | {len(rows)} | {weak} |"
        )
    for one in editions:
        lines += ["", *_guideline(one, sources)]
    return "\n".join(lines).rstrip() + "\n"


def _guideline(one: Guideline, sources: Mapping[str, Source]) -> list[str]:
    lines = [f'<a id="{one.id.replace("_", "-")}"></a>\n', f"## {one.title}\n"]
    lines.append(f"Folder `{one.folder}`, edition `{one.id}`, in force from {one.effective_from}.")
    lines += [
        f"- {_title(item.source, sources)}: {item.locator}; checked {item.checked_on}, {_confidence(item.confidence)}"
        for item in one.provenance
    ]
    for definition in one.definitions:
        lines.append(
            f"- Definition `{definition.id}`: {definition.title}; scores of {', '.join(definition.scoring)} rules"
        )
    for name, table in one.tables.items():
        lines += ["", *_table(name, table, sources)]
    if one.borrowed:
        lines.append("\nTables of other guidelines that are used here:\n")
        lines += [
            f"- `{name}` is `{what.table}`, at most {_confidence(what.confidence)}"
            for name, what in one.borrowed.items()
        ]
    codes = sorted({code for table in one.tables.values() for row in table.rows for code in (*row.flags, *row.next)})
    if codes:
        lines.append("\n| code | what it says to a clinician | what it says to a patient |\n|---|---|---|")
        for code in codes:
            phrase = one.wording[code]
            lines.append(f"| `{code}` | {_cell(phrase.clinical)} | {_cell(phrase.plain)} |")
    return lines


def _table(name: str, table: Table, sources: Mapping[str, Source]) -> list[str]:
    lines = [
        f"### {table.title}\n",
        f"`{name}`. Inputs: {'; '.join(_input(*item) for item in table.inputs.items())}.\n",
    ]
    points = any(row.flags or row.next for row in table.rows)
    notes = any(row.note or row.may_be for row in table.rows)
    heads = ["row", *table.inputs, *(f"→ {output}" for output in table.outputs)]
    heads += (["flags; next"] if points else []) + (["note"] if notes else []) + ["source", "place", "confidence"]
    lines.append("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row in table.rows:
        cells = [f"`{row.id}`", *(_condition(row, input_name, table) for input_name in table.inputs)]
        cells += [_output(row.then[output], meanings) for output, meanings in table.outputs.items()]
        if points:
            cells.append("; ".join(", ".join(codes) for codes in (row.flags, row.next) if codes))
        if notes:
            cells.append(_note(row))
        cells += [_title(row.source, sources), row.locator, _confidence(row.confidence)]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


def _input(name: str, spec: InputSpec) -> str:
    if spec.values:
        return f"{name}: {', '.join(spec.values)}"
    unit = f" {spec.unit}" if spec.unit else ""
    margin = f", flagged within {spec.margin} of a cut-off" if spec.margin else ""
    return f"{name}: {spec.least} to {spec.most}{unit}{margin}"


def _condition(row: Row, name: str, table: Table) -> str:
    given = row.when.get(name)
    if given is None:
        return _ANY
    numeric = not table.inputs[name].values
    return " or ".join(f"`{item}`" if numeric else item for item in given)


def _output(value: str, meanings: Mapping[str, OutputValue]) -> str:
    meaning = meanings[value]
    if meaning.value == value and meaning.final:
        return value
    shown = "" if meaning.value == value else f"shows as {meaning.value}"
    return f"{value} ({', '.join(part for part in (shown, '' if meaning.final else 'not final') if part)})"


def _note(row: Row) -> str:
    still = "; ".join(f"{name} may still be {' or '.join(values)}" for name, values in row.may_be.items())
    return "; ".join(part for part in (row.note or "", still) if part)


def _title(source: str, sources: Mapping[str, Source]) -> str:
    return sources[source].title if source in sources else source


def _confidence(value: Confidence) -> str:
    return f"**{value.value}** unverified" if value.unverified else value.value


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
