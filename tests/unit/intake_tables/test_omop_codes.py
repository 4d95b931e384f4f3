"""Codes that mean less than they seem: shared ATC codes, morphologies of other cancers, US units."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.intake_tables.test_omop import PERSON, concept, omop


@pytest.mark.parametrize(
    ("name", "code", "drug"),
    [
        ("paclitaxel protein-bound 100 MG Injection [Abraxane]", "L01CD01", "nab_paclitaxel"),
        ("docetaxel 20 MG Injection", "L01CD02", "docetaxel"),
        ("", "L01CD02", "docetaxel"),
        ("", "L01CD01", None),
        ("", "L01DB01", None),
        ("", "L01CE02", None),
    ],
)
def test_an_atc_code_of_two_medicines_names_neither_and_contradicts_neither(
    tmp_path: Path, name: str, code: str, drug: str | None
) -> None:
    dose = {"person_id": 1, "drug_concept_id": 100, "drug_exposure_start_date": "2025-01-01", "drug_type_concept_id": 1}
    tables = {
        "person": [PERSON],
        "drug_exposure": [dose],
        "concept": [concept(100, "RxNorm", "77", name, "Clinical Drug"), concept(101, "ATC", code, "", "ATC 5th")],
        "concept_ancestor": [{"ancestor_concept_id": 101, "descendant_concept_id": 100, "min_levels_of_separation": 1}],
    }
    found = omop(tmp_path, tables)["1"]
    assert [one["drugs"] for one in found.patient.get("therapies", [])] == ([[drug]] if drug else [])
    said = "\n".join(one.text for one in found.unused)
    assert "differ" not in said
    assert ("medicine not known" in said) is (drug is None)


@pytest.mark.parametrize(
    ("code", "tumour"),
    [
        ("8500/3-C50.4", "breast"),
        ("8980/3-C54.1", "endometrial"),
        ("9680/3-C16.9", None),
        ("8936/3-C16.9", None),
        ("9120/3-C50.9", None),
        ("8720/3-C20.9", None),
    ],
)
def test_the_organ_of_a_lymphoma_sarcoma_or_melanoma_is_no_tumour_type(
    tmp_path: Path, code: str, tumour: str | None
) -> None:
    tables = {
        "person": [PERSON],
        "condition_occurrence": [{"person_id": 1, "condition_concept_id": 70, "condition_start_date": "2025"}],
        "concept": [concept(70, "ICDO3", code, "as the code says")],
    }
    assert omop(tmp_path, tables)["1"].patient.get("cancer", {}).get("tumour_type") == tumour


@pytest.mark.parametrize(
    ("measured", "unit", "value", "field", "expected"),
    [(3025315, 8739, 150, "weight_kg", 68), (3036277, 9330, 65, "height_cm", 165)],
)
def test_pounds_and_inches_of_the_united_states(
    tmp_path: Path, measured: int, unit: int, value: int, field: str, expected: int
) -> None:
    row = {
        "person_id": 1,
        "measurement_concept_id": measured,
        "measurement_date": "2025-01-01",
        "value_as_number": value,
        "unit_concept_id": unit,
    }
    found = omop(tmp_path, {"person": [PERSON], "measurement": [row]})["1"]
    assert float(found.patient["demographics"][field]) == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    ("name", "sites"),
    [
        ("Metastasis to axillary lymph node", None),
        ("Metastasis to lymph node", None),
        ("Metastasis to distant lymph nodes", ["lymph_node"]),
        ("Metastasis to liver", ["liver"]),
    ],
)
def test_a_modifier_of_lymph_nodes_is_listed_unless_it_says_distant(
    tmp_path: Path, name: str, sites: list[str] | None
) -> None:
    tables = {
        "person": [PERSON],
        "measurement": [{"person_id": 1, "measurement_concept_id": 90, "measurement_date": "2025-01-01"}],
        "concept": [concept(90, "Cancer Modifier", "OMOP90", name)],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient.get("cancer", {}).get("metastatic_sites") == sites
    assert any(name in one.text for one in found.unused) is (sites is None)


YES_NO = [
    concept(4188539, "SNOMED", "373066001", "Yes"),
    concept(4188540, "SNOMED", "373067005", "No"),
    concept(4132135, "SNOMED", "2667000", "Absent"),
    concept(45878245, "LOINC", "LA32-8", "No"),
    concept(700, "SNOMED", "415684004", "Suspected"),
]


@pytest.mark.parametrize("with_answers", [True, False])
@pytest.mark.parametrize(
    ("answer", "there"),
    [
        ({}, True),
        ({"value_as_concept_id": 0}, True),
        ({"value_as_concept_id": 4188539}, True),
        ({"value_as_concept_id": 4188540}, False),
        ({"value_as_concept_id": 45878245}, False),
        ({"value_as_concept_id": 4132135}, False),
        ({"value_as_concept_id": 700}, False),
        ({"value_as_number": "0"}, False),
        ({"value_as_number": "0.0000"}, False),
        ({"value_as_number": "1"}, True),
        ({"value_as_number": "37"}, False),
        ({"value_as_number": "1", "operator_concept_id": 4171756}, False),
        ({"value_as_number": "1", "value_as_concept_id": 4188540}, False),
        ({"value_source_value": "No"}, False),
        ({"value_source_value": "no evidence"}, False),
        ({"value_source_value": "suspected"}, False),
        ({"value_source_value": "Y"}, True),
        ({"value_source_value": "Metastasis to lung"}, True),
        ({"value_source_value": "lung"}, True),
        ({"value_source_value": "LUNG METS", "measurement_source_value": "LUNG METS"}, True),
    ],
)
def test_the_answer_beside_a_modifier_decides(
    tmp_path: Path, answer: dict[str, object], there: bool, with_answers: bool
) -> None:
    row = {"person_id": 1, "measurement_concept_id": 90, "measurement_date": "2025-01-01", **answer}
    listed = YES_NO if with_answers else []
    tables = {
        "person": [PERSON],
        "measurement": [row],
        "concept": [concept(90, "Cancer Modifier", "OMOP90", "Metastasis to lung"), *listed],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient.get("cancer", {}).get("metastatic_sites") == (["lung"] if there else None)
    assert any("Metastasis to lung" in one.text for one in found.unused) is not there


def test_a_modifier_of_a_grade_may_repeat_its_number(tmp_path: Path) -> None:
    for value, grade in (("3", 3), ("2", None), ("0", None)):
        row = {
            "person_id": 1, "measurement_concept_id": 90, "measurement_date": "2025-01-01", "value_as_number": value,
        }  # fmt: skip
        listed = [concept(90, "Cancer Modifier", "OMOP90", "Grade 3 tumor")]
        found = omop(tmp_path / value, {"person": [PERSON], "measurement": [row], "concept": listed})["1"]
        assert found.patient.get("cancer", {}).get("grade") == grade
