"""The tables of an OMOP folder: which files they are, and which of their columns are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from her2nav.intake.tables.cells import ENDINGS, Form, TableFile, open_table, size_of
from her2nav.intake.tables.shares import Keyed
from her2nav.model.errors import FileError, InputError

_PART = re.compile(r"[-_.]?(?:part[-_.]?)?\d+")

TABLES: dict[str, tuple[str, ...]] = {
    "person": (
        "person_id",
        "gender_concept_id",
        "year_of_birth",
        "month_of_birth",
        "day_of_birth",
        "gender_source_value",
    ),
    "death": ("person_id", "death_date"),
    "observation_period": ("person_id", "observation_period_end_date"),
    "condition_occurrence": (
        "person_id",
        "condition_occurrence_id",
        "condition_concept_id",
        "condition_start_date",
        "condition_status_concept_id",
        "condition_source_value",
        "condition_source_concept_id",
    ),
    "measurement": (
        "person_id",
        "measurement_id",
        "measurement_concept_id",
        "measurement_date",
        "operator_concept_id",
        "value_as_number",
        "value_as_concept_id",
        "unit_concept_id",
        "range_low",
        "range_high",
        "measurement_source_value",
        "measurement_source_concept_id",
        "unit_source_value",
        "value_source_value",
        "measurement_event_id",
        "meas_event_field_concept_id",
    ),
    "observation": (
        "person_id",
        "observation_id",
        "observation_concept_id",
        "observation_date",
        "value_as_number",
        "value_as_string",
        "value_as_concept_id",
        "unit_concept_id",
        "observation_source_value",
        "observation_source_concept_id",
        "unit_source_value",
        "value_source_value",
    ),
    "procedure_occurrence": (
        "person_id",
        "procedure_occurrence_id",
        "procedure_concept_id",
        "procedure_date",
        "procedure_end_date",
        "procedure_source_value",
        "procedure_source_concept_id",
    ),
    "drug_exposure": (
        "person_id",
        "drug_exposure_id",
        "drug_concept_id",
        "drug_exposure_start_date",
        "drug_exposure_end_date",
        "verbatim_end_date",
        "drug_type_concept_id",
        "stop_reason",
        "days_supply",
        "drug_source_value",
        "drug_source_concept_id",
    ),
    "specimen": (
        "person_id",
        "specimen_id",
        "specimen_concept_id",
        "specimen_date",
        "anatomic_site_concept_id",
        "specimen_source_value",
    ),
    "note": ("person_id", "note_id", "note_date", "note_text"),
    "episode": (
        "person_id",
        "episode_id",
        "episode_concept_id",
        "episode_start_date",
        "episode_end_date",
        "episode_parent_id",
        "episode_object_concept_id",
        "episode_source_value",
    ),
}
"""Tables of CDM 5.4 that are read, with their columns; names, locations, providers and record numbers are not."""
_REQUIRED = {
    "person": ("person_id",),
    "death": ("person_id",),
    "condition_occurrence": ("person_id", "condition_concept_id"),
    "measurement": ("person_id", "measurement_concept_id"),
    "observation": ("person_id", "observation_concept_id"),
    "procedure_occurrence": ("person_id", "procedure_concept_id"),
    "drug_exposure": ("person_id", "drug_concept_id", "drug_exposure_start_date"),
    "specimen": ("person_id", "specimen_id"),
    "note": ("person_id", "note_text"),
    "episode": ("person_id", "episode_concept_id"),
}
_MAIN = ("condition_occurrence", "measurement", "observation", "procedure_occurrence", "drug_exposure")
VOCABULARY = ("concept", "concept_relationship", "concept_ancestor")
"""Tables of the vocabulary that are used where they are there."""
_SILENT = frozenset(
    {
        "cdm_source",
        "metadata",
        "vocabulary",
        "domain",
        "concept_class",
        "relationship",
        "drug_strength",
        "concept_synonym",
        "cohort",
        "cohort_definition",
        "source_to_concept_map",
    }
)
"""Tables that say nothing of a patient."""


@dataclass(slots=True)
class Source:
    """One file of a table, with the positions of the columns that are read; None: the column is absent."""

    table: str
    file: TableFile
    at: tuple[int | None, ...]

    @property
    def shown(self) -> str:
        """The name of the file."""
        path = self.file.path
        return f"{path.parent.name}/{path.name}" if path.parent.name.lower() == self.table else path.name


@dataclass
class Folder:
    """An OMOP folder.

    Attributes:
        sources: Files with facts on patients.
        vocabulary: Files of the concept tables, by table.
        told: What is worth knowing of the folder as a whole, one line each.
    """

    path: Path
    sources: list[Source]
    vocabulary: dict[str, list[TableFile]]
    told: list[str] = field(default_factory=list)
    as_of: tuple[str, str] | None = None
    """Table and column with the patient's day."""
    barred: frozenset[str] = frozenset()
    """Persons who may not be contacted."""

    @property
    def size(self) -> int:
        """About how many bytes of text there are."""
        return sum(size_of(one.file.path) for one in self.sources)

    def rows(self) -> Iterator[Keyed]:
        """Yield the rows of all tables: person, number of the source, line, cells in the order of `TABLES`.

        Raises:
            InputError: A row cannot be read, or names no person.
        """
        for number, source in enumerate(self.sources):
            person = TABLES[source.table].index("person_id")
            extra = self._extra(source)
            for line, row in source.file.rows([*source.at, *extra]):
                if not row[person]:
                    raise InputError(
                        "a row without a person",
                        file=source.file.name,
                        place=f"line {line}, column person_id",
                        allowed="a person in every row",
                        code="no_patient",
                    )
                yield row[person], number, line, row

    def _extra(self, source: Source) -> list[int]:
        """Return the position of the as-of column, where it is not read anyway."""
        if self.as_of is None or self.as_of[0] != source.table or self.as_of[1] in TABLES[source.table]:
            return []
        return source.file.columns([self.as_of[1]])

    def as_of_index(self, table: str) -> int | None:
        """Return where in a row of a table the patient's day stands."""
        if self.as_of is None or self.as_of[0] != table:
            return None
        names = TABLES[table]
        return names.index(self.as_of[1]) if self.as_of[1] in names else len(names)


def is_omop(path: Path, *, alone: bool = False) -> bool:
    """True when a folder holds a person table beside another table of the CDM.

    With `alone`, where nothing else can be meant, two other tables do, so that what is missing can be named.
    """
    if not path.is_dir():
        return False
    names = {name for one in path.iterdir() if (name := _table_of(one)) is not None}
    others = names & (set(TABLES) - {"person"})
    return bool(others) if "person" in names else alone and len(others) > 1


def open_folder(path: Path, form: Form, as_of_column: str | None = None, do_not_contact: str | None = None) -> Folder:
    """Look at the headers of the tables in a folder.

    Raises:
        InputError: The person table or a column is absent.
    """
    found: dict[str, list[Path]] = {}
    unread = []
    for one in sorted(path.iterdir()):
        name = _table_of(one)
        if name in TABLES or name in VOCABULARY:
            found.setdefault(str(name), []).extend(_parts(one))
        elif one.name.lower().endswith(ENDINGS) and one.name != do_not_contact and name not in _SILENT:
            unread.append(one.name)
    if "person" not in found:
        raise FileError(
            "the folder holds no person table",
            file=str(path),
            allowed="person.csv or person.parquet beside the other tables of the CDM",
            code="no_patients",
        )
    sources = [_source(table, one, form) for table in TABLES for one in found.get(table, ())]
    vocabulary = {table: [_vocabulary(one) for one in found[table]] for table in VOCABULARY if table in found}
    folder = Folder(path, sources, vocabulary)
    if unread:
        folder.told.append(f"tables not read: {', '.join(unread[:20])}" + (" …" if len(unread) > 20 else ""))
    missing = [one for one in _MAIN if one not in found]
    if missing:
        folder.told.append(f"without {', '.join(missing)}: what these would hold is unknown, not absent")
    absent = [one for one in VOCABULARY if one not in found]
    if absent:
        folder.told.append(
            f"without {', '.join(absent)}: what these would tell of concepts is not known; "
            "the shipped list, source codes and the mapping file are used"
        )
    folder.as_of = _as_of(folder, as_of_column)
    if do_not_contact is not None:
        folder.barred = _barred(path / do_not_contact, form)
    return folder


def _table_of(path: Path) -> str | None:
    """Return the table that a file or folder is by its name."""
    lower = path.name.lower()
    if path.is_dir():
        return lower if lower in TABLES or lower in VOCABULARY else None
    ending = next((one for one in sorted(ENDINGS, key=len, reverse=True) if lower.endswith(one)), None)
    if ending is None:
        return None
    stem = lower.removesuffix(ending).removeprefix("omop_")
    known = next((one for one in (*TABLES, *VOCABULARY) if stem == one), None)
    if known is not None:
        return known
    return next(
        (one for one in TABLES if stem.startswith(one) and _PART.fullmatch(stem[len(one) :])),
        stem if stem in _SILENT else None,
    )


def _parts(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.iterdir() if one.name.lower().endswith(ENDINGS))


def _source(table: str, path: Path, form: Form) -> Source:
    file = open_table(path, form)
    file.header = tuple(name.lower() for name in file.header)
    file.columns(_REQUIRED.get(table, ("person_id",)))
    at = tuple(file.header.index(name) if name in file.header else None for name in TABLES[table])
    return Source(table, file, at)


def _vocabulary(path: Path) -> TableFile:
    """Open a vocabulary table; those that are separated by tabs have no quotes."""
    file = open_table(path)
    if file.delimiter == "\t":
        file = open_table(path, Form(delimiter="\t", quoted=False))
    file.header = tuple(name.lower() for name in file.header)
    return file


def _as_of(folder: Folder, written: str | None) -> tuple[str, str] | None:
    if written is None:
        return None
    table, _, column = written.lower().rpartition(".")
    tables = [table] if table else ["person", "observation_period"]
    for name in tables:
        for source in folder.sources:
            if source.table == name and column in source.file.header:
                return name, column
    person = next(one for one in folder.sources if one.table == "person")
    raise InputError(
        f"no table has the column '{written}'",
        file=str(folder.path),
        place="--as-of-column",
        allowed=f"a column of person, or TABLE.COLUMN; person has {', '.join(person.file.header[:20])}",
        code="bad_columns",
    )


def _barred(path: Path, form: Form) -> frozenset[str]:
    file = open_table(path, form)
    file.header = tuple(name.lower() for name in file.header)
    return frozenset(cells[0] for _, cells in file.rows(file.columns(["person_id"])) if cells[0])
