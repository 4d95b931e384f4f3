#!/usr/bin/env python3
"""List every cell of the source documents' tables with the place in data/ where it lives, and count what is covered.

The documents are no part of the project: HER2NAV_SHARED names the folder that holds `seeds/` (default: ../shared).
Every number of a cell must stand in the record that holds its row, or in a contradiction about that record.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from her2nav.evidence.library import Library, library
from her2nav.knowledge.conflicts import conflicts_for
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.knowledge.studies import DrugRow, Study

ROOT = Path(__file__).resolve().parent.parent
EMPTY = {"", "–", "-", "NR", "Not specified", "Not reported"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its table, lines in the document, column and text, and the columns to the place it lives."""

    table: str
    first: int
    last: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell lives; `state` is held, empty, elsewhere or missing."""

    cell: Cell
    where: str
    state: str


CRC_RESULTS = {
    "Study": "name, registry",
    "Regimen": "regimen",
    "Phase": "phase",
    "N": "n, arms.n",
    "ORR": "arms.results[orr]",
    "Eligibility criteria": "criteria, molecular, line",
    "Median PFS": "arms.results[pfs, ttr]",
    "Median OS": "arms.results[os]",
    "Trial status": "status, status_on",
    "References": "publication",
}
CRC_ONGOING = {
    "Study": "name, registry",
    "Study title": "",
    "Regimen": "regimen, drugs",
    "Anti-HER2 agent": "drugs (their classes: data/drugs/)",
    "Phase": "phase",
    "Patient profile": "criteria, molecular, line",
    "Trial status": "status, status_on",
}
LUNG_TKI = {
    "Agent": "drugs, regimen",
    "Study/Population": "name, phase, n, line",
    "ORR": "arms.results[orr]",
    "DCR": "arms.results[dcr]",
    "mPFS": "arms.results[pfs, dor, pfs_rate, dor_rate]",
    "mOS": "arms.results[os]",
    "Notable AEs": "adverse, arms.results[adverse_event], note",
}
LUNG_TKI_ONGOING = {
    "Drug name": "drugs, regimen",
    "NCT number": "registry",
    "Phase": "phase",
    "Study type": "design",
    "NSCLC population": "population",
    "Main HER2 alteration": "gate, criteria",
    "Dosing regimen": "dose, arms.dose",
    "Primary endpoints": "endpoints",
    "CNS activity": "cns",
    "Prior lines": "line, setting",
    "Key outcomes": "arms.results, note",
}
LUNG_ADC = {
    "Drug": "drugs, regimen",
    "Trial type": "phase, name",
    "Patient population": "criteria, n, line",
    "Dose": "dose, arms.dose",
    "ORR": "arms.results[orr]",
    "mPFS": "arms.results[pfs]",
    "mDoR": "arms.results[dor]",
    "OS": "arms.results[os]",
    "TRAEs": "adverse, arms.results[adverse_event]",
    "Key findings": "note, arms.results",
}
LUNG_ADC_ONGOING = {
    "Drug name": "drugs, regimen",
    "Trial name": "name, registry",
    "Phase": "phase",
    "Study type": "design",
    "NSCLC population": "population, criteria",
    "HER2 alteration": "gate, criteria",
    "Dosing regimen": "dose, arms.dose",
    "Primary endpoints": "endpoints",
    "Key outcomes": "arms.results, note",
}
DRUG_TABLE = ("Drug name", "Mechanism of action", "Side effects", "Approval status")
TITLE = "not held: the trial's official title; its registry number leads to it"


def seeds() -> Path | None:
    """Return the folder of the source documents, or None."""
    folder = Path(os.environ.get("HER2NAV_SHARED") or ROOT.parent / "shared") / "seeds"
    return folder if folder.is_dir() else None


def lines_of(folder: Path, number: str) -> list[str]:
    """Return the lines of a document; line 1 is at index 1."""
    path = next(folder.glob(f"{number}_*.txt"))
    return ["", *path.read_text(encoding="utf-8").split("\n")]


def tabbed(lines: Sequence[str], table: str, first: int, last: int, columns: Sequence[str]) -> Iterator[Cell]:
    """Yield the cells of a table with one row in a line, its cells separated by tabs."""
    for number in range(first, last + 1):
        cells = lines[number].split("\t")
        if len(cells) < len(columns) or cells[0] == "Study" or not "".join(cells[1:]).strip():
            continue
        for column, text in zip(columns, cells, strict=False):
            yield Cell(table, number, number, column, re.sub(r"<[^>]+>", "", text).strip())


def stacked(lines: Sequence[str], table: str, first: int, last: int, columns: Sequence[str]) -> Iterator[Cell]:
    """Yield the cells of a table with one cell in a line; a row without the first column goes on with its drug."""
    block: list[tuple[int, str]] = []
    for number in range(first, last + 2):
        line = lines[number] if number <= last else ""
        if line.strip():
            if line.startswith("\t") or not block:
                block.append((number, line.strip()))
            else:
                block[-1] = (block[-1][0], f"{block[-1][1]} {line.strip()}")
        elif block:
            named = columns[len(columns) - len(block) :]
            ends = block[0][0], number - 1
            yield from (Cell(table, *ends, column, text) for column, (_, text) in zip(named, block, strict=True))
            block = []


def drug_cells(rows: Sequence[DrugRow]) -> Iterator[Cell]:
    """Yield the cells of the drug table, whose layout the extraction lost; each row is found by its lines."""
    for row in rows:
        first, last = map(int, row.cite[0].partition("#")[2].split("-"))
        parts = (row.drug, row.mechanism, ", ".join(row.side_effects), row.approval)
        yield from (Cell("seed_001 Table 1", first, last, *pair) for pair in zip(DRUG_TABLE, parts, strict=True))


def holders(stock: Library, cell: Cell) -> list[Study]:
    """Return the studies that name the row of a cell as theirs."""
    source = cell.table.partition(" ")[0]
    found = []
    for study in stock.studies.values():
        for citation in study.rows:
            name, _, place = citation.partition("#")
            first, _, last = place.partition("-")
            if name == source and int(first) <= cell.last and cell.first <= int(last or first):
                found.append(study)
    return found


def numbers(text: str) -> set[str]:
    """Return the numbers of a text in one form, registry numbers and footnotes left out."""
    plain = re.sub(r"\b(?:NCT|UMIN)\d+|\(\d+\)$|HER2\w?|PD-L?1|B(?:AY|I) \d+|[A-Z]+[-‐]?\d+\w*|m\u00b2|/m2", " ", text)
    return {f"{float(found):g}" for found in NUMBER.findall(plain)}


def place(knowledge: Knowledge, stock: Library, cell: Cell, fields: str) -> Place:
    """Say where a cell lives."""
    found = holders(stock, cell)
    if not found:
        return Place(cell, "no study names this row", "missing")
    study = found[0]
    where = f"data/{stock.files[study.id]}: {study.id}: {fields}"
    if cell.column == "Study title":
        return Place(cell, TITLE, "elsewhere")
    if cell.text.strip("– ") in EMPTY:
        return Place(cell, "nothing is printed", "empty")
    touching = conflicts_for(knowledge, [f"study:{study.id}", *(f"trial:{one}" for one in study.registry)])
    held = study.model_dump_json() + " ".join(one.model_dump_json() for one in touching)
    lost = numbers(cell.text) - {f"{float(one):g}" for one in NUMBER.findall(held)}
    if lost:
        return Place(cell, f"{where}; not found: {', '.join(sorted(lost))}", "missing")
    return Place(cell, where, "held")


def drug_place(lines: Sequence[str], row: DrugRow, cell: Cell) -> Place:
    """Say where a cell of the drug table lives: the lines it cites must print its drug's approval."""
    printed = " ".join(lines[cell.first : cell.last + 1]).lower()
    where = f"data/studies/context/drug_table.yaml: {row.drug}"
    right = row.approval.lower() in " ".join(printed.split())
    return Place(cell, where, "held" if right else "missing")


def places(folder: Path) -> list[Place]:
    """Return every cell of every table of the source documents with its place."""
    knowledge = load_knowledge()
    stock = library(knowledge)
    lung, crc, breast = (lines_of(folder, number) for number in ("002", "004", "001"))
    tables = [
        (tabbed(crc, "seed_004 Table 1", 94, 113, tuple(CRC_RESULTS)), CRC_RESULTS),
        (tabbed(crc, "seed_004 Table 2", 136, 176, tuple(CRC_ONGOING)), CRC_ONGOING),
        (stacked(lung, "seed_002 Table 1", 174, 315, tuple(LUNG_TKI)), LUNG_TKI),
        (stacked(lung, "seed_002 Table 2", 389, 456, tuple(LUNG_TKI_ONGOING)), LUNG_TKI_ONGOING),
        (stacked(lung, "seed_002 Table 3", 579, 635, tuple(LUNG_ADC)), LUNG_ADC),
        (stacked(lung, "seed_002 Table 4", 659, 736, tuple(LUNG_ADC_ONGOING)), LUNG_ADC_ONGOING),
    ]
    found = [place(knowledge, stock, cell, fields[cell.column]) for cells, fields in tables for cell in cells]
    of_row = {row.cite[0]: row for row in stock.drug_rows}
    drugs = drug_cells(stock.drug_rows)
    found += [drug_place(breast, of_row[f"seed_001#{cell.first}-{cell.last}"], cell) for cell in drugs]
    return found


def main() -> int:
    """Write one row per cell to standard output and the count to standard error; 1 when a cell is missing."""
    folder = seeds()
    if folder is None:
        sys.stderr.write("the source documents are absent: name their folder in HER2NAV_SHARED\n")
        return 2
    found = places(folder)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("table", "lines", "column", "cell", "state", "where"))
    for one in found:
        cell = one.cell
        ends = str(cell.first) if cell.first == cell.last else f"{cell.first}-{cell.last}"
        writer.writerow((cell.table, ends, cell.column, cell.text[:60], one.state, one.where))
    count = Counter((one.cell.table, one.state) for one in found)
    for table in dict.fromkeys(one.cell.table for one in found):
        states = ", ".join(f"{n} {state}" for (name, state), n in sorted(count.items()) if name == table)
        sys.stderr.write(f"{table}: {states}\n")
    total = Counter(one.state for one in found)
    sys.stderr.write(f"all {len(found)} cells: {', '.join(f'{n} {state}' for state, n in sorted(total.items()))}\n")
    return 1 if total["missing"] else 0


if __name__ == "__main__":
    sys.exit(main())
