"""Whatever stands in the cells of a database, a record that the patient file allows comes out, or one clear line."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.omop.folder import TABLES
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient
from unit.intake_tables.table_helpers import omop, read, table
from unit.intake_tables.test_tables import FACTS, THERAPIES, WIDE

CELLS = st.one_of(
    st.sampled_from(
        (
            "",
            "0",
            "1",
            "-1",
            "2025-01-01",
            "2025-13-45",
            "2025-02-30 00:00:00",
            "99999999",
            "1e999",
            "NaN",
            "Infinity",
            "<5",
            "2+",
            "8532",
            "3000963",
            "3012200",
            "89247-1",
            "85319-2",
            "C50.9",
            "C78.7",
            "trastuzumab",
            "L01FD01",
            "32531",
            "TCHP",
            "9191",
            "8713",
            "1147049",
            "progression",
            "positive",
            "{'a': 1}",
            "[liver, bone]",
            "IV",
        )
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12),
)
READ = tuple(table_ for table_ in TABLES if table_ != "note")


@st.composite
def folders(draw: Any) -> dict[str, list[dict[str, str]]]:
    """Make up a folder of nonsense."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in ("person", *draw(st.lists(st.sampled_from(READ[1:]), min_size=1, max_size=4, unique=True))):
        rows = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(TABLES[name], CELLS)), min_size=1, max_size=3))
        found[name] = [{**row, "person_id": draw(st.sampled_from(("1", "2")))} for row in rows]
    return found


@given(folders(), st.sampled_from(("", "omop: {tumour: breast, prescriptions: given}\ncomplete: {therapies: true}")))
def test_nonsense_in_an_omop_folder(tables: dict[str, list[dict[str, str]]], mapping: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = omop(Path(folder), tables, mapping)
    for one in found.values():
        Patient.model_validate(one.patient)
        assert all(where.origin.line for where in one.provenance)


@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=4), st.sampled_from("ABC"))
def test_nonsense_in_tables(rows: list[list[str]], kind: str) -> None:
    mapping, name, head = {
        "A": (WIDE, "people.csv", ("no", "born", "sex", "ecog", "seen", "hb", "ihc", "sites", "ef")),
        "B": (FACTS, "facts.csv", ("no", "test", "result", "unit", "day", "high", "state")),
        "C": (THERAPIES, "drugs.csv", ("no", "drug", "from", "to", "why")),
    }[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = table(Path(folder) / name, [head, *(["A", *row[: len(head) - 1]] for row in rows)])
        try:
            found = read(mapping, path)
        except InputError:
            return
    for one in found:
        Patient.model_validate(one.patient)
        assert all(where.origin.line for where in one.provenance)
