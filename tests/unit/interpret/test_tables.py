"""The guideline schema, the runner on sets of possible values, and the proof."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from guidelines.cases import all_guidelines, guideline
from her2nav.interpret.intervals import Interval
from her2nav.interpret.proof import never_fires, prove
from her2nav.interpret.tables import Guideline, GuidelineSet, Table
from her2nav.model.errors import DataError, RuleDataError

TABLES = [(one.id, name) for one in all_guidelines() for name in one.tables]


def small(**changes: Any) -> dict[str, Any]:
    table: dict[str, Any] = {
        "title": "small",
        "inputs": {"ihc": {"values": ["2+", "3+"]}, "copies": {"least": "0", "most": "10"}},
        "outputs": {"status": {"positive": {"value": "positive"}, "open": {"value": "unknown", "may_be": ["a", "b"]}}},
        "source": "s",
        "locator": "l",
        "confidence": "V",
        "rows": [
            {"id": "R1", "when": {"ihc": "3+"}, "then": {"status": "positive"}},
            {"id": "R2", "when": {"ihc": "2+", "copies": ">=4"}, "then": {"status": "positive"}, "next": "look"},
            {"id": "R3", "when": {"ihc": "2+", "copies": "<4"}, "then": {"status": "open"}, "flags": "odd"},
        ],
    }
    return {**table, **changes}


def table(**changes: Any) -> Table:
    return Table.model_validate(small(**changes))


class TestEveryShippedTable:
    @pytest.mark.parametrize(("edition", "name"), TABLES)
    def test_is_total_and_disjoint_and_reaches_every_row(self, edition: str, name: str) -> None:
        one = next(item for item in all_guidelines() if item.id == edition)
        compiled = one.tables[name].compiled(f"{edition}/{name}")
        assert prove(compiled) > 0
        assert never_fires(compiled) == []

    def test_survives_the_compiled_form(self) -> None:
        for one in all_guidelines():
            assert Guideline.model_validate(one.model_dump(mode="json")) == one

    def test_row_ids_are_unique_within_a_guideline(self) -> None:
        for one in all_guidelines():
            ids = [row.id for item in one.tables.values() for row in item.rows]
            assert len(ids) == len(set(ids)), one.id

    def test_every_source_is_a_known_document(self, root: Any) -> None:
        text = (root / "src/her2nav/data/sources.yaml").read_text(encoding="utf-8")
        known = {line.split("id:")[1].strip() for line in text.splitlines() if line.strip().startswith("- id:")}
        used = {row.source for one in all_guidelines() for item in one.tables.values() for row in item.rows}
        used |= {line.source for one in all_guidelines() for line in one.provenance}
        assert used <= known

    def test_every_folder_links(self) -> None:
        every = GuidelineSet(all_guidelines())
        for folder in every.folders:
            assert every.on(folder, date(2026, 11, 20)).compiled


class TestProof:
    def test_names_the_cell_that_has_no_row(self) -> None:
        rows = small()["rows"]
        rows[2]["when"]["copies"] = "<3"
        with pytest.raises(RuleDataError, match=r"no row for ihc = 2\+, copies = 3"):
            prove(table(rows=rows).compiled("g/t"))

    def test_names_the_rows_that_overlap(self) -> None:
        rows = small()["rows"]
        rows[2]["when"]["copies"] = "<=4"
        with pytest.raises(RuleDataError, match=r"rows R2, R3 all fire for ihc = 2\+, copies = 4"):
            prove(table(rows=rows).compiled("g/t"))

    def test_counts_cells_at_and_between_cut_offs(self) -> None:
        assert prove(table().compiled("g/t")) == 2 * 5


class TestRunner:
    def test_a_known_input_fires_one_row(self) -> None:
        reading = table().compiled("g/t").run({"ihc": frozenset({"3+"})})
        assert [rule.id for rule in reading.rules] == ["R1"]
        assert reading.value("status") == "positive"

    def test_an_absent_input_may_be_anything(self) -> None:
        reading = table().compiled("g/t").run({"ihc": frozenset({"2+"})})
        assert reading.values("status") == {"positive", "open"}
        assert reading.flags == ()
        assert reading.next == ("look",)

    def test_rows_that_agree_give_a_value_without_the_missing_input(self) -> None:
        from decimal import Decimal

        reading = table().compiled("g/t").run({"copies": Interval(Decimal(4), Decimal(10))})
        assert reading.value("status") == "positive"

    def test_says_which_input_would_settle(self) -> None:
        compiled = table().compiled("g/t")
        assert compiled.settling({}, "status") == ("ihc", "copies")
        assert compiled.settling({"ihc": frozenset({"2+"})}, "status") == ("copies",)
        assert compiled.settling({"ihc": frozenset({"3+"})}, "status") == ()

    def test_a_value_outside_the_inputs_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no row admits"):
            table().compiled("g/t").run({"ihc": frozenset({"4+"})})


class TestSchema:
    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ({"when": {"colour": "red"}}, "no input 'colour'"),
            ({"when": {"ihc": "4+"}}, "cannot be"),
            ({"when": {"copies": "many"}}, "not a comparison"),
            ({"then": {}}, "write all of status"),
            ({"then": {"status": "perhaps"}}, "cannot be perhaps"),
            ({"may_be": {"colour": "red"}}, "no output 'colour'"),
            ({"colour": "red"}, "Extra inputs"),
            ({"confidence": "sure"}, "confidence"),
        ],
    )
    def test_a_wrong_row_is_refused(self, row: dict[str, Any], message: str) -> None:
        rows = small()["rows"]
        rows[0] = {**rows[0], **row}
        with pytest.raises(ValidationError, match=message):
            table(rows=rows)

    def test_a_row_without_a_source_is_refused(self) -> None:
        data = small()
        del data["source"]
        with pytest.raises(ValidationError, match="source"):
            Table.model_validate(data)

    def test_a_code_without_words_is_refused(self) -> None:
        data = guideline("agnostic").model_dump(mode="json")
        del data["wording"]["order_IHC"]
        with pytest.raises(ValidationError, match="'order_IHC' has no words"):
            Guideline.model_validate(data)

    def test_a_table_that_is_named_but_absent_is_refused(self) -> None:
        data = guideline("agnostic").model_dump(mode="json")
        data["definitions"][0]["status"] = "nothing"
        with pytest.raises(ValidationError, match="no table 'nothing'"):
            Guideline.model_validate(data)


class TestEditions:
    def test_the_edition_of_the_day_is_picked(self) -> None:
        old = guideline("agnostic")
        new = old.model_copy(update={"id": "newer", "effective_from": date(2030, 1, 1)})
        every = GuidelineSet([new, old])
        assert every.on("agnostic", date(2029, 12, 31)).id == old.id
        assert every.on("agnostic", date(2030, 1, 1)).id == "newer"

    def test_an_edition_that_ended_is_not_used(self) -> None:
        ended = guideline("agnostic").model_copy(update={"effective_to": date(2025, 1, 1)})
        with pytest.raises(DataError, match="no edition of 'agnostic' is in force"):
            GuidelineSet([ended]).on("agnostic", date(2026, 1, 1))

    def test_an_unknown_folder_names_the_known_ones(self) -> None:
        with pytest.raises(DataError, match="allowed: agnostic"):
            GuidelineSet([guideline("agnostic")]).on("nowhere", date(2026, 1, 1))

    def test_a_guideline_that_was_not_linked_says_so(self) -> None:
        raw = next(one for one in all_guidelines() if one.folder == "biliary")
        with pytest.raises(RuleDataError, match="was not linked"):
            _ = raw.compiled

    def test_a_borrowed_row_is_no_surer_than_the_loan(self) -> None:
        rows = guideline("biliary").tables["ihc_score"].rows
        assert {str(row.confidence) for row in rows} == {"K"}
        assert guideline("biliary").compiled["status"].id == "gastric_cap_ascp_asco_2016/status"


def test_every_tumour_of_a_guideline_is_a_tumour_type(root: Any) -> None:
    folder = root / "src/her2nav/data/tumour_types"
    known = {file.stem for file in folder.glob("*.yaml")}
    assert {tumour for one in all_guidelines() for tumour in one.tumours} <= known
