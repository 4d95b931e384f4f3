"""Laboratory values: which result counts, derived clearance, support of blood counts, input checks, wording."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.lab_results import result
from her2nav.facts.labs import lab_problem
from her2nav.files.yamlfile import parse_yaml
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.finding import ChangeBy
from her2nav.model.patient import Patient
from her2nav.model.treatment import Lab
from her2nav.model.truth import Truth

MINE = (
    "lab_value",
    "qtc",
    "body_measure",
    "anthracycline_dose",
    "toxicity_recovery",
    "peripheral_neuropathy",
)


def case_of(record: dict) -> Case:
    return Case(Patient.model_validate(record), date(2026, 1, 31), load_knowledge())


def judge(kind_id: str, params: dict, record: dict):
    kind = kinds()[kind_id]
    model, case = kind.params.model_validate(params), case_of(record)
    truth = kind.evaluate(model, Block([case])).at(0)
    return kind.finding(model, case, truth)


def lab(name="anc", value="2.0", unit="10*9/L", day=None, **more) -> dict:
    return {"name": name, "value": value, "unit": unit, "date": day, **more}


CREATININE = lab("creatinine", 1, "mg/dL", "2026-01-10")
ADULT = {"birth_date": "1966-01-31", "weight_kg": 72, "sex": "male"}


def clearance(labs: list, who: dict):
    return result(case_of({"labs": labs, "demographics": who}), "creatinine_clearance")


# --- which result counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labs", "expected"),
    [
        ([lab(value=1, day="2026-01-02"), lab(value=3, day="2026-01-01")], (1, 1)),
        ([lab(value=1, day="2026-01-02"), lab(value=3, day="2026-02-01")], (1, 1)),
        ([lab(value=1, day="2026-01-02"), lab(value=3, day="2026-01-02")], (1, 3)),
        ([lab(value=1, day="2026-01-02"), lab(value=3)], (1, 3)),
        ([lab(value=1), lab(value=3)], (1, 3)),
        ([lab(value=1, day="2026-01"), lab(value=3, day="2026-01-20")], (1, 3)),
        ([lab(value=1, day="2025"), lab(value=3, day="2026-01-20")], (3, 3)),
        ([lab(value=1, day="2026-01-02"), lab(value=None, day="2026-01-20")], (1, 1)),
        # a newer result that cannot be read is not replaced by an older one
        ([lab(value=1, day="2026-01-02"), lab(value=3, unit="%", day="2026-01-20")], None),
        ([lab(value=1, day="2026-01-02"), lab(value=3000, day="2026-01-20")], None),
    ],
)
def test_the_newest_result_counts(labs, expected):
    found = result(case_of({"labs": labs}), "anc")
    assert found is not None
    assert found.range == expected


def test_a_name_that_is_not_in_the_table_is_no_result():
    assert result(case_of({"labs": [lab("granulocyte thing")]}), "anc") is None


# --- creatinine clearance --------------------------------------------------------------------------------------------


def test_clearance_is_derived_by_the_named_formula():
    found = clearance([CREATININE], ADULT)
    assert found is not None
    assert found.formula == "Cockcroft-Gault"
    assert found.range == (80, 80)
    paths = [item.path for item in found.evidence]
    assert paths == ["/labs/0", "/demographics/weight_kg", "/demographics/birth_date", "/demographics/sex"]


def test_partial_age_and_missing_sex_give_a_range():
    found = clearance([CREATININE], {"birth_date": "1966", "weight_kg": 72})
    assert found is not None
    assert found.range == (Decimal("68.00"), Decimal(81))


@pytest.mark.parametrize("who", [{"weight_kg": 72}, {"age": 60}, {"age": 12, "weight_kg": 40, "sex": "male"}])
def test_clearance_needs_age_and_weight_of_an_adult(who):
    found = clearance([CREATININE], who)
    assert found is not None
    assert found.range is None
    assert found.problem


@pytest.mark.parametrize(
    ("day", "formula", "expected"),
    [
        ("2026-01-10", None, (50, 50)),
        ("2026-01-20", None, (50, 50)),
        ("2026-01-09", "Cockcroft-Gault", (80, 80)),
        ("2026-01", "Cockcroft-Gault", (50, 80)),
        (None, "Cockcroft-Gault", (50, 80)),
    ],
)
def test_a_reported_clearance_counts_when_at_least_as_new(day, formula, expected):
    found = clearance([CREATININE, lab("CrCl", 50, "mL/min", day)], ADULT)
    assert found is not None
    assert (found.formula, found.range) == (formula, expected)


def test_a_reported_clearance_per_body_surface_gives_way_to_the_derived_one():
    found = clearance([CREATININE, lab("CrCl", 50, "mL/min/1.73m2", "2026-01-20")], ADULT)
    assert found is not None
    assert found.formula == "Cockcroft-Gault"


def test_an_older_reported_clearance_stays_where_none_can_be_derived():
    found = clearance([CREATININE, lab("CrCl", 50, "mL/min", "2026-01-01")], {"age": 60})
    assert found is not None
    assert found.range == (50, 50)


def test_reported_only_takes_no_derived_clearance():
    params = {"variable": "creatinine_clearance", "op": ">=", "value": 60, "unit": "mL/min"}
    record = {"labs": [CREATININE], "demographics": ADULT}
    assert judge("lab_value", params, record).truth is Truth.MET
    assert judge("lab_value", {**params, "reported_only": True}, record).code == "lab_missing"


def test_the_formula_agrees_with_the_clearance_that_the_demonstration_patients_report(shared: Path):
    compared = 0
    for file in sorted((shared / "data" / "gold" / "patients").glob("*.yaml")):
        patient = Patient.model_validate(parse_yaml(file.read_text("utf-8"), file.name).data)
        assert patient.as_of is not None
        case = Case(patient, patient.as_of.high, load_knowledge())
        kept = tuple(item for item in patient.labs if item.name != "creatinine_clearance")
        derived = result(
            Case(patient.model_copy(update={"labs": kept}), case.as_of, case.knowledge), "creatinine_clearance"
        )
        reported = [item.value for item in patient.labs if item.name == "creatinine_clearance"]
        if derived is not None and derived.range is not None and reported:
            assert abs(derived.range[0] - reported[0]) < 1, file.name
            compared += 1
    assert compared >= 4


# --- limits of normal ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "who", "code"),
    [
        (lab("ast", 31, "U/L"), {"age": 60}, "lab_in_range"),
        (lab("ast", 31, "U/L"), {}, "lab_no_limit"),
        (lab("ast", 31, "U/L"), {"age": 15}, "lab_no_limit"),
        (lab("ast", 100, "U/L"), {"age": 60}, "lab_uncertain"),
        (lab("ast", 31, "U/L", uln=0), {"age": 60}, "lab_in_range"),
        (lab("ast", 31, None), {"age": 60}, "lab_unreadable"),
        (lab("ast", 31, None, uln=40), {}, "lab_unreadable"),
        (lab("ast", 90000, "U/L", uln=40), {}, "lab_unreadable"),
    ],
)
def test_without_its_own_limit_a_value_needs_every_usual_limit_to_agree(row, who, code):
    params = {"variable": "ast", "op": "<=", "value": "2.5", "unit": "x ULN"}
    found = judge("lab_value", params, {"labs": [row], "demographics": who})
    assert found.code == code
    assert ("limit assumed" in found.reason) == (code != "lab_unreadable" and not row.get("uln") and who == {"age": 60})


def test_the_lower_limit_works_the_same_way():
    params = {"variable": "haemoglobin", "op": ">=", "value": 1, "unit": "xLLN"}
    assert judge("lab_value", params, {"labs": [lab("Hb", 12, "g/dL", lln=12)]}).truth is Truth.MET
    assert judge("lab_value", params, {"labs": [lab("Hb", "11.9", "g/dL", lln=12)]}).truth is Truth.NOT_MET
    assert judge("lab_value", params, {"labs": [lab("Hb", 12, "g/dL")], "demographics": {"age": 60}}).truth is (
        Truth.UNKNOWN
    )


# --- windows and support ---------------------------------------------------------------------------------------------

ANC = {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10*9/L"}
SUPPORTED = {**ANC, "without_growth_factor_days": 7, "without_transfusion_days": 14}
CLOSED = {"medications": True, "procedures": True}


def test_a_window_says_how_long_the_answer_holds():
    found = judge("lab_value", {**ANC, "within_days": 14}, {"labs": [lab(day="2026-01-20")]})
    assert (found.truth, found.holds_until) == (Truth.MET, date(2026, 2, 3))
    stale = judge("lab_value", {**ANC, "within_days": 14}, {"labs": [lab(value=1, day="2026-01-16")]})
    assert (stale.truth, stale.code) == (Truth.UNKNOWN, "lab_stale")
    assert judge("lab_value", {**ANC, "within_days": 14}, {"labs": [lab()]}).code == "lab_undated"


def test_a_limit_written_in_another_unit_is_converted():
    params = {"variable": "creatinine", "op": "<=", "value": "132.6", "unit": "µmol/L"}
    assert judge("lab_value", params, {"labs": [lab("creatinine", "1.5", "mg/dL")]}).truth is Truth.MET
    assert judge("lab_value", params, {"labs": [lab("creatinine", "1.51", "mg/dL")]}).truth is Truth.NOT_MET


@pytest.mark.parametrize(
    ("variable", "unit"), [("no_such_thing", "g/L"), ("anc", "mg/dL"), ("d_dimer", "ng/mL DDU"), ("anc", "")]
)
def test_a_criterion_outside_the_table_needs_a_person(variable, unit):
    params = {"variable": variable, "op": "<=", "value": 1, "unit": unit}
    found = judge("lab_value", params, {"labs": [lab(), lab("d-dimer", 100, "ng/mL FEU")]})
    assert (found.truth, found.code) == (Truth.UNKNOWN, "lab_not_in_table")


def support(**more):
    return judge("lab_value", SUPPORTED, {"labs": [lab(day="2026-01-20")], "complete": CLOSED, **more})


def transfusion(day=None, **more):
    return [{"kind": "transfusion", "date": day, **more}]


@pytest.mark.parametrize(
    ("procedures", "truth"),
    [
        ([], "met"),
        (transfusion("2026-01-05"), "met"),
        (transfusion("2026-01-06"), "not_met"),
        (transfusion("2026-01-20"), "not_met"),
        (transfusion("2026-01-25"), "not_met"),
        (transfusion("2026-02-01"), "met"),
        (transfusion("2026-01"), "unknown"),
        (transfusion("2025-12"), "met"),
        (transfusion("2025"), "met"),
        (transfusion(), "unknown"),
        (transfusion("2025-12-01", end="2026-01-08"), "not_met"),
        ([{"kind": "surgery", "date": "2026-01-19"}], "met"),
    ],
)
def test_transfusions(procedures, truth):
    assert support(procedures=procedures).truth == Truth(truth)


def test_a_transfusion_after_the_sample_stops_counting_after_its_window():
    record = {"labs": [lab(day="2025-12-01")], "complete": CLOSED, "procedures": transfusion("2026-01-10")}
    assert judge("lab_value", SUPPORTED, record).truth is Truth.MET


def test_an_undated_sample_may_be_any_day():
    record = {"labs": [lab()], "complete": CLOSED, "procedures": transfusion("2025-06-01")}
    assert judge("lab_value", SUPPORTED, record).truth is Truth.UNKNOWN
    record["procedures"] = transfusion("2026-01-30")
    assert judge("lab_value", SUPPORTED, record).truth is Truth.NOT_MET


def test_a_transfusion_too_near_gives_the_day_to_wait_for():
    found = support(procedures=transfusion("2026-01-25"))
    assert found.code == "lab_with_support"
    assert found.change is not None
    assert (found.change.by, found.change.date) == (ChangeBy.DATE, date(2026, 2, 9))


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        ({"medications": [{"name": "pegfilgrastim"}]}, "not_met"),
        ({"medications": [{"name": "G-CSF", "since": "2026-01-29"}]}, "not_met"),
        ({"medications": [{"name": "G-CSF", "since": "2026-02-03"}]}, "met"),
        ({"medications": [{"name": "darbepoetin"}]}, "unknown"),
        ({"medications": [{"name": "amlodipine"}, {"name": "levothyroxine"}]}, "met"),
        ({"medications": [{"name": "mystery-77"}]}, "unknown"),
        ({"therapies": [{"drugs": "filgrastim", "start": "2026-01-10", "end": "2026-01-15"}]}, "not_met"),
        ({"therapies": [{"drugs": "filgrastim", "start": "2026-01-01", "end": "2026-01-12"}]}, "met"),
        ({"therapies": [{"drugs": "filgrastim", "ongoing": True}]}, "not_met"),
        (
            {"therapies": [{"drugs": ["docetaxel", "filgrastim"], "start": "2025-10-01", "end": "2026-01-15"}]},
            "unknown",
        ),
        ({"therapies": [{"drugs": ["docetaxel", "filgrastim"], "end": "2025-10-01"}]}, "met"),
        ({"therapies": [{"drugs": "mystery-77", "ongoing": True}]}, "met"),
    ],
)
def test_growth_factors(record, truth):
    assert support(**record).truth == Truth(truth)


def test_an_agent_for_red_cells_breaks_a_haemoglobin_and_leaves_neutrophils_open():
    params = {"variable": "haemoglobin", "op": ">=", "value": 9, "unit": "g/dL", "without_growth_factor_days": 14}
    record = {"labs": [lab("Hb", 10, "g/dL")], "medications": [{"name": "epoetin alfa"}]}
    assert judge("lab_value", params, record).truth is Truth.NOT_MET


def test_support_only_matters_where_the_value_is_met():
    record = {"labs": [lab(value=1)], "medications": [{"name": "pegfilgrastim"}]}
    assert judge("lab_value", SUPPORTED, record).code == "lab_out_of_range"
    assert judge("lab_value", SUPPORTED, {"medications": [{"name": "pegfilgrastim"}]}).code == "lab_missing"


def test_where_the_wait_is_over_a_new_test_is_enough():
    found = support(procedures=transfusion("2026-01-10"))
    assert found.truth is Truth.NOT_MET
    assert found.change is not None
    assert found.change.by is ChangeBy.TEST


def test_an_open_list_is_named():
    found = judge("lab_value", SUPPORTED, {"labs": [lab()], "complete": {"medications": True}})
    assert (found.truth, found.code) == (Truth.UNKNOWN, "lab_support_unknown")
    assert "procedures" in found.reason


# --- input checks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "text", "warning"),
    [
        (lab("Hb", 120, "g/dL"), "did you mean 120 g/L?", False),
        (lab("ANC", 2100, "10*9/L"), "did you mean 2100 /uL?", False),
        (lab("creatinine", 80, "mg/dL"), "did you mean 80 umol/L?", False),
        (lab("sodium", 14, "mmol/L"), "is not possible", False),
        (lab("anc", -1, "10*9/L"), "is not possible", False),
        (lab("platelets", 200, "g/dL"), "'g/dL' is not a unit", False),
        (lab("creatinine clearance", 60, "mL/min/1.73m2"), "is not a unit", False),
        (lab("Hb", 12, None), "the unit is missing", True),
        (lab("plateletts", 200, "10*9/L"), "is not known", True),
        (lab("bilirubin", "0.9", "mg/dL", uln=17), "does not fit", True),
        (lab("ast", 31, "U/L", uln=0), "does not fit", True),
    ],
)
def test_a_wrong_row_is_reported(row, text, warning):
    found = lab_problem(Lab.model_validate(row), load_knowledge())
    assert found is not None
    assert text in found.message
    assert found.warning is warning
    assert "\n" not in found.message


def test_an_error_lists_the_units_that_are_allowed():
    found = lab_problem(Lab.model_validate(lab("platelets", 200, "g/dL")), load_knowledge())
    assert found is not None
    assert found.allowed == "10*9/L, /uL, 10*3/uL, lakh/uL, 10*4/uL"


@pytest.mark.parametrize("row", [lab(), lab("INR", 1, None), lab("INR", 1, "ratio"), lab("ast", None, None)])
def test_a_usable_row_is_silent(row):
    assert lab_problem(Lab.model_validate(row), load_knowledge()) is None


def test_the_rows_of_the_demonstration_patients_are_usable(shared: Path):
    for file in sorted((shared / "data" / "gold" / "patients").glob("*.yaml")):
        patient = Patient.model_validate(parse_yaml(file.read_text("utf-8"), file.name).data)
        assert [found for row in patient.labs if (found := lab_problem(row, load_knowledge()))] == []


# --- what people read ------------------------------------------------------------------------------------------------

FINDINGS = [
    pytest.param(kind_id, params, record, id=f"{kind_id}-{i}")
    for kind_id in MINE
    for i, (params, record, _) in enumerate(kinds()[kind_id].examples)
]


@pytest.mark.parametrize(("kind_id", "params", "record"), FINDINGS)
def test_sentences_are_plain_and_complete(kind_id, params, record):
    found = judge(kind_id, params, record)
    banned = load_knowledge().words.banned_plain
    assert not [word for word in banned if re.search(rf"\b{re.escape(word)}\b", found.plain, re.IGNORECASE)]
    for sentence in (found.reason, found.plain):
        assert sentence.endswith((".", "?"))
        assert "None" not in sentence
        assert "  " not in sentence
    assert len(found.plain.split()) <= 24
    if found.truth is Truth.UNKNOWN:
        assert found.change is not None


def test_plain_names_read_as_a_sentence():
    for variable in load_knowledge().variables.variables.values():
        assert variable.plain_name[0].islower() or variable.plain_name.startswith(("NT", "CA"))
        assert not variable.plain_name.endswith(".")


@pytest.mark.parametrize("kind_id", MINE)
def test_evidence_points_into_the_record(kind_id):
    for params, record, _ in kinds()[kind_id].examples:
        found = judge(kind_id, params, record)
        data = case_of(record).patient.model_dump()
        for item in found.evidence:
            here = data
            for part in item.path.strip("/").split("/"):
                here = here[int(part)] if isinstance(here, (list, tuple)) else here[part]
            assert here is not None


def test_a_zero_dose_beside_an_anthracycline_is_a_contradiction():
    record = {"therapies": [{"drugs": "AC"}], "anthracycline_mg_m2": 0, "complete": {"therapies": True}}
    found = judge("anthracycline_dose", {"max_mg_m2": 360}, record)
    assert (found.truth, found.code) == (Truth.UNKNOWN, "anthracycline_contradiction")


def test_the_ecg_says_why_it_does_not_answer():
    both = {"max_ms_male": 450, "max_ms_female": 470}
    assert judge("qtc", {"max_ms": 470}, {"cardiac": {"qtcb_ms": 430}}).code == "qtc_other_formula"
    assert judge("qtc", both, {"cardiac": {"qtcf_ms": 460}}).code == "qtc_sex_missing"
    assert judge("qtc", {"max_ms": 470, "within_days": 7}, {"cardiac": {"qtcf_ms": 430}}).code == "qtc_stale"
