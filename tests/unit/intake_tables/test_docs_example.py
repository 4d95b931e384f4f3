"""The mapping file and the tables that the documentation prints give what it says they give."""

import re
from pathlib import Path
from typing import Any

import yaml

from her2nav.intake.tables.mapping import read_mapping
from her2nav.intake.tables.read import open_tables, paths, readings
from her2nav.knowledge.load import load_knowledge
from unit.intake_tables.table_helpers import TODAY, read, table

DOCS = Path(__file__).parents[3] / "docs" / "intake_tables.md"


def test_the_printed_mapping_and_tables_give_the_printed_record(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    mapping, record = re.findall(r"```yaml\n(id: .*?)```", text, re.DOTALL)[:2]
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    for name, rows in re.findall(r"```text\n(\S+\.csv)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(rows, encoding="cp1252")
    knowledge = load_knowledge()
    layout = read_mapping(tmp_path / "mapping.yaml", knowledge)
    first, second = readings(open_tables(paths([str(tmp_path)], layout), layout, knowledge), TODAY)
    assert written(first.patient) == yaml.load(record, yaml.BaseLoader)  # noqa: S506 - makes only text and lists
    assert [(one.path, one.value) for one in first.older] == [("/performance/ecog", "2")]
    assert second.patient["demographics"] == {"birth_date": "1957"}
    assert second.patient["specimens"] == [{"ihc": {"score": "3+"}}]
    assert second.patient["therapies"] == [{"drugs": ["trastuzumab"], "start": "2025-06", "setting": "metastatic"}]
    assert [one.text for one in second.unused] == [
        "status: a row that the mapping file leaves out",
        "why: a word that the mapping file does not name: moved away",
    ]


def written(record: Any) -> Any:
    """Return a record with every value as the text that a YAML file holds."""
    if isinstance(record, dict):
        return {name: written(value) for name, value in record.items()}
    if isinstance(record, list):
        return [written(one) for one in record]
    return str(record).lower() if isinstance(record, bool) else str(record)


def test_the_first_entries_of_several_lists_in_one_row_are_entries_of_their_own(tmp_path: Path) -> None:
    columns = {
        "ihc": ("specimens.0.ihc.score", "2+"),
        "drugs": ("therapies.0.drugs", "docetaxel"),
        "op": ("procedures.0.kind", "surgery"),
        "disease": ("conditions.0.name", "asthma"),
        "next": ("planned.0.drugs", "trastuzumab"),
        "second": ("therapies.1.drugs", "capecitabine"),
    }
    for order in (list(columns), list(columns)[::-1]):
        fed = "\n".join(f"      {name}: {columns[name][0]}" for name in order)
        path = table(tmp_path / "p.csv", [("no", *order), ("A", *(columns[name][1] for name in order))])
        (found,) = read(f"id: no\ntables:\n  - file: p.csv\n    columns:\n{fed}\n", path)
        assert found.questions == ()
        assert found.patient["specimens"] == [{"ihc": {"score": "2+"}}]
        drugs = [one["drugs"] for one in found.patient["therapies"]]
        assert sorted(drugs) == [["capecitabine"], ["docetaxel"]]
        assert found.patient["procedures"] == [{"kind": "surgery"}]
        assert found.patient["conditions"] == [{"name": "asthma"}]
        assert found.patient["planned"] == [{"drugs": ["trastuzumab"]}]
