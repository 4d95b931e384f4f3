"""The table of laboratory variables: names, units, bounds; and that curated trials only use what it holds."""

import re
from decimal import Decimal

import pytest

from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.variables import NumericRules, UnitName, Variable, VariableTable, unit_key

TABLE = load_knowledge().variables

ASKED_FOR = """anc wbc lymphocytes platelets haemoglobin ast alt bilirubin direct_bilirubin alkaline_phosphatase albumin
creatinine creatinine_clearance egfr_ckd inr pt aptt sodium potassium calcium magnesium glucose hba1c lipase amylase
troponin nt_probnp ldh cholesterol triglycerides proteinuria crp vitamin_d testosterone oestradiol fsh psa ca125 ca15_3
cea phosphate uric_acid total_protein fibrinogen d_dimer tsh"""


@pytest.mark.parametrize("identifier", re.findall(r"\w+", ASKED_FOR))
def test_every_variable_that_trials_ask_for_is_there(identifier):
    assert identifier in TABLE.variables


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ANC", "anc"),
        ("Hgb", "haemoglobin"),
        ("Hemoglobin", "haemoglobin"),
        ("ALT (SGPT)", "alt"),
        ("total bilirubin", "bilirubin"),
        ("conjugated bilirubin", "direct_bilirubin"),
        ("CrCl", "creatinine_clearance"),
        ("eGFR", "egfr_ckd"),
        ("ionized calcium", "ionised_calcium"),
        ("CA 15-3", "ca15_3"),
        ("estradiol", "oestradiol"),
        ("neutrophil gelatinase", None),
    ],
)
def test_names_are_found_as_people_write_them(written, expected):
    assert TABLE.find(written) == expected


@pytest.mark.parametrize(
    ("variable", "value", "unit", "expected"),
    [
        ("bilirubin", "17.1", "µmol/L", "1"),
        ("creatinine", "132.6", "umol/l", "1.5"),
        ("creatinine", "0.0884", "mmol/L", "1"),
        ("haemoglobin", "116", "g/L", "11.6"),
        ("anc", "1500", "cells/mm³", "1.5"),
        ("anc", "1.5", "x10^9/L", "1.5"),
        ("anc", "1.5", "K/µL", "1.5"),
        ("anc", "1.5", "x109/L", "1.5"),
        ("platelets", "1.5", "lakh/cumm", "150"),
        ("platelets", "21.4", "x10⁴/µL", "214"),
        ("wbc", "56", "x10^2/µL", "5.6"),
        # the same letters mean giga per litre of platelets and gram per litre of albumin
        ("platelets", "150", "G/L", "150"),
        ("albumin", "35", "G/L", "3.5"),
        ("ast", "1", "µkat/L", "60"),
        ("ast", "40", "IU/L", "40"),
        ("sodium", "140", "mEq/L", "140"),
        ("calcium", "4.4", "mEq/L", "2.2"),
        ("proteinuria", "1000", "mg/day", "1"),
        ("egfr_ckd", "60", "mL/min/1.73 m²", "60"),
        ("crp", "1", "mg/dL", "10"),
    ],
)
def test_units_convert_exactly(variable, value, unit, expected):
    converted = TABLE.convert(variable, Decimal(value), unit)
    assert converted is not None
    assert converted.value == Decimal(expected)
    assert converted.verified


@pytest.mark.parametrize(
    ("variable", "ngsp", "ifcc"), [("hba1c", "6.5", "48"), ("hba1c", "7.0", "53"), ("hba1c", "8.0", "64")]
)
def test_hba1c_agrees_with_the_usual_pairs(variable, ngsp, ifcc):
    converted = TABLE.convert(variable, Decimal(ifcc), "mmol/mol")
    assert converted is not None
    assert round(converted.value, 1) == Decimal(ngsp)


@pytest.mark.parametrize(
    ("variable", "unit"),
    [
        ("anc", "%"),
        ("creatinine_clearance", "mL/min/1.73m2"),
        ("egfr_ckd", "mL/min"),
        ("d_dimer", "ng/mL"),
        ("ast", ""),
    ],
)
def test_units_of_another_quantity_are_refused(variable, unit):
    assert TABLE.convert(variable, Decimal(1), unit) is None


def test_an_unverified_factor_is_marked():
    converted = TABLE.convert("d_dimer", Decimal(500), "ng/mL DDU")
    assert converted is not None
    assert not converted.verified


@pytest.mark.parametrize("variable", TABLE.variables.values(), ids=lambda variable: variable.id)
def test_every_row_is_whole(variable):
    assert variable.source in load_knowledge().sources
    assert not variable.confidence.unverified
    assert variable.question.endswith("?")
    assert TABLE.units(variable.id)[0] == variable.unit
    for limit in (variable.lln_low, variable.lln_high, variable.uln_low, variable.uln_high):
        assert limit is None or variable.low < limit < variable.high
    for drug_class in variable.unrelated_growth_factors:
        assert drug_class in load_knowledge().drugs.classes
    for unit in TABLE.units(variable.id):
        assert TABLE.unit(variable.id, unit) == unit


def test_the_links_of_the_rules_resolve():
    knowledge = load_knowledge()
    rules = knowledge.numeric_rules
    formula = rules.cockcroft_gault
    assert knowledge.variables.variables[formula.creatinine].unit == formula.creatinine_unit
    assert knowledge.variables.variables[formula.result].unit == formula.result_unit
    for drug_class in (rules.growth_factor_class, rules.anthracycline_class, *rules.anthracycline_related):
        assert drug_class in knowledge.drugs.classes
    assert rules.neuropathy in knowledge.toxicities.terms
    values = {name for sort in (*rules.alike, *rules.shown_by.values()) for name in sort}
    assert values <= knowledge.variables.variables.keys()
    assert rules.shown_by.keys() <= knowledge.conditions.conditions.keys()
    assert all(line.source in knowledge.sources for line in rules.provenance)


def _variable(**more):
    row = {"id": "x", "name": "X", "plain_name": "x", "unit": "g/L", "low": 0, "high": 9, "question": "X?"}
    origin = {"source": "s", "locator": "l", "checked_on": "2026-11-21", "confidence": "K"}
    return Variable.model_validate({**row, "effort": "ordinary test", "routine": False, **origin, **more})


def test_a_name_of_two_variables_is_an_error():
    rows = [_variable(), _variable(id="y", name="Y", names=("x",))]
    with pytest.raises(ValueError, match="'x' names y and x"):
        VariableTable(rows, [], [UnitName(unit="g/L")])


def test_a_unit_without_its_spellings_is_an_error():
    with pytest.raises(ValueError, match=r"unit_names\.csv"):
        VariableTable([_variable()], [], [])


def test_bounds_out_of_order_are_an_error():
    with pytest.raises(ValueError, match="does not lie below"):
        _variable(uln_low="5", uln_high="2")


@pytest.mark.parametrize("unit", ["10*9/L", "10^9/L", "x 10⁹/L", "×10^9/l", "10**9 / L"])
def test_spellings_of_powers_are_one(unit):
    assert unit_key(unit) == unit_key("10*9/L")


def _leaves(node):
    if isinstance(node, dict):
        if isinstance(node.get("lab_value"), dict):
            yield node["lab_value"]
        for item in node.values():
            yield from _leaves(item)
    elif isinstance(node, list):
        for item in node:
            yield from _leaves(item)


def test_curated_trials_use_known_variables_and_units():
    bundle = load_knowledge().bundle
    faults = []
    for name in bundle.folder("trials/"):
        for leaf in _leaves(bundle.files[name]):
            variable, unit = leaf["variable"], str(leaf["unit"])
            known = variable in TABLE.variables and (
                unit.lower() in ("xuln", "xlln") or TABLE.unit(variable, unit) is not None
            )
            if not known:
                faults.append(f"{name}: {variable} in {unit}")
    assert not faults, "\n".join(faults)


def test_side_effects_have_one_meaning_per_name():
    toxicities = load_knowledge().toxicities
    assert toxicities.find("CIPN") == "peripheral_neuropathy"
    assert toxicities.find("hair loss") == "alopecia"
    assert "endocrinopathy" in toxicities.wider("hypothyroidism")
    assert "peripheral_neuropathy" in toxicities.narrower("nerve_symptoms")
    assert toxicities.find("no such thing") is None


@pytest.mark.parametrize(
    ("scale", "problem"),
    [
        ({0: [90, 100], 1: [70, 80]}, "grades 0 to 5"),
        ({0: [100, 90], 1: [70, 80], 2: [50, 70], 3: [30, 40], 4: [10, 20], 5: [0, 0]}, "above the greatest"),
    ],
)
def test_a_scale_of_performance_has_every_grade_in_order(scale, problem):
    told = load_knowledge().numeric_rules.model_dump()
    with pytest.raises(ValueError, match=problem):
        NumericRules.model_validate(told | {"karnofsky_of_ecog": scale})


def test_a_karnofsky_of_70_is_of_two_grades():
    scale = load_knowledge().numeric_rules.karnofsky_of_ecog
    assert [grade for grade, (low, high) in scale.items() if low <= 70 <= high] == [1, 2]
