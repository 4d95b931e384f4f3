"""Limits that differ for men and women: each binds its own sex, and nobody is judged by that of the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth

READER = Reader(load_knowledge())


@pytest.fixture(scope="module")
def reader():
    return READER


def somebody(sex: str, **labs: str) -> dict:
    """Return somebody of a sex with values of today."""
    units = {"haemoglobin": "g/dL", "creatinine": "mg/dL"}
    taken = [{"name": name, "value": value, "unit": units[name], "date": "2026-05-30"} for name, value in labs.items()]
    return {"as_of": "2026-06-01", "demographics": {"sex": sex}, "labs": taken}


@pytest.mark.parametrize(
    "written",
    [
        "Haemoglobin of at least 13 g/dL in men and at least 12 g/dL in women",
        "Haemoglobin >= 13 g/dL (men) or >= 12 g/dL (women)",
        "Haemoglobin >= 12 (female) / 13 (male) g/dL",
        "Haemoglobin >= 13 g/dL [8.07 mmol/L] for males, >= 12 g/dL [7.45 mmol/L] for females",
        "Haemoglobin: men >= 13 g/dL, women >= 12 g/dL",
        "Men: haemoglobin >= 13 g/dL; women: haemoglobin >= 12 g/dL",
        "For men, haemoglobin >= 13 g/dL; for women, haemoglobin >= 12 g/dL",
        "Male participants must have haemoglobin >= 13 g/dL; female participants must have haemoglobin >= 12 g/dL",
        "Haemoglobin:\n  - >= 13 g/dL for men\n  - >= 12 g/dL for women",
    ],
)
def test_each_sex_keeps_to_its_own_least_value(reader, written):
    text = f"{DEMAND}* {written}"
    said = {
        (sex, value): truth(reader, text, somebody(sex, haemoglobin=value))
        for sex in ("male", "female")
        for value in ("11.5", "12.5", "13.5")
    }
    assert [said["male", value] for value in ("11.5", "12.5", "13.5")] == [NOT_MET, NOT_MET, MET]
    assert [said["female", value] for value in ("11.5", "12.5", "13.5")] == [NOT_MET, MET, MET]


@pytest.mark.parametrize(
    "written",
    [
        "Creatinine above 1.5 mg/dL in men or above 1.3 mg/dL in women",
        "Creatinine > 1.3 mg/dL (women), > 1.5 mg/dL (men)",
        "Men: creatinine > 1.5 mg/dL; women: creatinine > 1.3 mg/dL",
        "Renal failure (creatinine > 1.5 mg/dL in men and > 1.3 mg/dL in women)",
    ],
)
def test_each_sex_is_shut_out_by_its_own_greatest_value(reader, written):
    text = f"{SHUTS_OUT}* {written}"
    assert truth(reader, text, somebody("male", creatinine="1.4")) is not NOT_MET
    assert truth(reader, text, somebody("female", creatinine="1.4")) is NOT_MET
    assert truth(reader, text, somebody("male", creatinine="1.6")) is NOT_MET


@given(
    sex=st.sampled_from(["male", "female"]),
    tenths=st.integers(80, 160),
    men=st.integers(120, 140),
    gap=st.integers(5, 20),
)
def test_whatever_the_numbers_the_sex_chooses_between_them(sex, tenths, men, gap):
    women = men - gap
    text = f"{DEMAND}* Haemoglobin at least {men / 10} g/dL for men, at least {women / 10} g/dL for women"
    least = men if sex == "male" else women
    said = truth(READER, text, somebody(sex, haemoglobin=str(tenths / 10)))
    assert said is (MET if tenths >= least else NOT_MET)


@pytest.mark.parametrize(
    "written", ["Haemoglobin >= 10 g/dL in men and women", "Men and women: haemoglobin >= 10 g/dL"]
)
def test_one_limit_of_both_binds_both(reader, written):
    kinds = {leaf.kind for item in reader.read(f"{DEMAND}* {written}").criteria for leaf in leaves(item.node)}
    assert kinds == {"lab_value"}


def test_a_limit_of_women_alone_leaves_men_free(reader):
    text = f"{DEMAND}* Haemoglobin of at least 9 g/dL in females"
    assert truth(reader, text, somebody("male", haemoglobin="8")) is MET
    assert truth(reader, text, somebody("female", haemoglobin="8")) is NOT_MET


def test_where_the_limit_of_the_other_sex_is_not_understood_the_other_sex_is_open(reader):
    text = f"{DEMAND}* Haemoglobin >= 13 g/dL (men) or a fit level (women)"
    assert truth(reader, text, somebody("female", haemoglobin="8")) is UNKNOWN
    assert truth(reader, text, somebody("male", haemoglobin="14")) is MET
