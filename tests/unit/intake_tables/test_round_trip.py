"""Properties: the order of rows decides nothing, and a patient written to tables reads back equal."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from her2nav.model.patient import Patient
from unit.intake_tables.table_helpers import omop, read, table

DAY = date(2024, 1, 1)
DAYS = st.integers(0, 900).map(lambda n: (DAY + timedelta(n)).isoformat())
GIVEN = ("trastuzumab", "docetaxel", "lapatinib")
MAPPING = """
id: no
tables:
  - file: people.csv
    columns:
      born: demographics.birth_date
      sex: demographics.sex
      tumour: cancer.tumour_type
      ecog: {field: performance.ecog, date: seen}
      sites: {field: cancer.metastatic_sites, split: "+"}
      er: biomarkers.er.status
      kras: biomarkers.kras
  - file: therapies.csv
    entry: therapies
    columns: {drugs: {field: drugs, split: "+"}, setting: setting, start: start, end: end, why: reason_stopped}
  - file: labs.csv
    entry: labs
    columns: {name: name, value: value, unit: unit, date: date, uln: uln}
  - file: specimens.csv
    entry: specimens
    columns: {id: id, day: collected, score: ihc.score, ish: ish.result}
"""
HEADS = {
    "people": ("no", "born", "sex", "tumour", "ecog", "seen", "sites", "er", "kras"),
    "therapies": ("no", "drugs", "setting", "start", "end", "why"),
    "labs": ("no", "name", "value", "unit", "date", "uln"),
    "specimens": ("no", "id", "day", "score", "ish"),
}


@st.composite
def patients(draw: Any) -> dict[str, Any]:
    """Make up a patient in the form of the patient file."""
    start = draw(st.lists(st.integers(0, 400), unique=True, max_size=3))
    courses = [
        {
            "drugs": draw(
                st.lists(
                    st.sampled_from(("trastuzumab", "docetaxel", "lapatinib")), min_size=1, max_size=2, unique=True
                )
            ),
            "start": (DAY + timedelta(day)).isoformat(),
            "end": (DAY + timedelta(day + draw(st.integers(0, 300)))).isoformat(),
            **draw(st.sampled_from(({}, {"setting": "metastatic", "reason_stopped": "progression"}))),
        }
        for day in sorted(start)
    ]
    labs = [
        {"name": name, "value": value, "unit": unit, "date": draw(DAYS), **draw(st.sampled_from(({}, {"uln": uln})))}
        for name, value, unit, uln in (("alt", "31", "U/L", "40"), ("creatinine", "0.9", "mg/dL", "1.1"))
        if draw(st.booleans())
    ]
    specimens = [
        {
            "id": f"B{n}",
            "collected": (DAY + timedelta(n)).isoformat(),
            "ihc": {"score": score},
            **draw(st.sampled_from(({}, {"ish": {"result": "negative"}}))),
        }
        for n, score in enumerate(draw(st.lists(st.sampled_from(("0", "1+", "2+", "3+")), max_size=3)))
    ]
    return {
        "demographics": {"birth_date": "1964-02-03", "sex": draw(st.sampled_from(("female", "male")))},
        "performance": {"ecog": draw(st.integers(0, 4)), "date": draw(DAYS)},
        "cancer": {"tumour_type": "breast", "metastatic_sites": draw(st.sampled_from((["liver"], ["liver", "bone"])))},
        "biomarkers": {"er": {"status": "negative"}, "kras": draw(st.sampled_from(("wild_type", "mutated")))},
        "therapies": courses,
        "labs": sorted(labs, key=lambda lab: str(lab["date"])),
        "specimens": specimens,
    }


def rows_of(name: str, patient: dict[str, Any]) -> dict[str, list[tuple[object, ...]]]:
    """Write a patient in rows."""
    person, cancer = patient["demographics"], patient["cancer"]
    return {
        "people": [
            (
                name,
                person["birth_date"],
                person["sex"],
                cancer["tumour_type"],
                patient["performance"]["ecog"],
                patient["performance"]["date"],
                "+".join(cancer["metastatic_sites"]),
                patient["biomarkers"]["er"]["status"],
                patient["biomarkers"]["kras"],
            )
        ],
        "therapies": [
            (name, "+".join(c["drugs"]), c.get("setting", ""), c["start"], c["end"], c.get("reason_stopped", ""))
            for c in patient["therapies"]
        ],
        "labs": [
            (name, lab["name"], lab["value"], lab["unit"], lab["date"], lab.get("uln", "")) for lab in patient["labs"]
        ],
        "specimens": [
            (name, s["id"], s["collected"], s["ihc"]["score"], s.get("ish", {}).get("result", ""))
            for s in patient["specimens"]
        ],
    }


@given(st.lists(patients(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_patients_written_to_tables_read_back_equal_whatever_the_order(
    people: list[dict[str, Any]], random: Any
) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in HEADS}
    for number, patient in enumerate(people):
        for name, more in rows_of(f"P{number}", patient).items():
            rows[name] += more
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, head in HEADS.items():
            random.shuffle(rows[name])
            files.append(table(Path(folder) / f"{name}.csv", [head, *rows[name]]))
        found = {one.patient["id"]: one for one in read(MAPPING, *files)}
    assert list(found) == [f"P{number}" for number in range(len(people))]
    for number, patient in enumerate(people):
        one = found[f"P{number}"]
        assert (one.questions, one.contradictions, one.unused) == ((), (), ())
        expected = Patient.model_validate({"id": f"P{number}", **patient})
        got = Patient.model_validate(one.patient)
        assert got.model_copy(update={"labs": sorted(got.labs, key=str)}) == expected.model_copy(
            update={"labs": sorted(expected.labs, key=str)}
        )


CONCEPTS = ((3000963, "11.8", 8713), (3016723, "0.9", 8840), (3006923, "31", 8645))
DRUGS = ("trastuzumab", "docetaxel", "L01EH03", "no such drug")


@given(
    st.lists(st.tuples(st.sampled_from(CONCEPTS), DAYS), max_size=6, unique_by=lambda one: (one[0][0], one[1])),
    st.lists(st.tuples(st.sampled_from(DRUGS), DAYS), max_size=8),
    st.lists(st.sampled_from(("C50.9", "I10", "C78.7", "local")), max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_omop_rows_decides_nothing(
    labs: list[Any], drugs: list[tuple[str, str]], conditions: list[str], random: Any
) -> None:
    measured = [
        {
            "person_id": 1,
            "measurement_concept_id": c,
            "value_as_number": v,
            "unit_concept_id": u,
            "measurement_date": day,
        }
        for (c, v, u), day in labs
    ]
    given_ = [
        {"person_id": 1, "drug_concept_id": 0, "drug_source_value": name, "drug_exposure_start_date": day}
        for name, day in drugs
    ]
    diagnosed = [
        {
            "person_id": 1,
            "condition_concept_id": 0,
            "condition_source_value": code,
            "condition_start_date": "2025-01-01",
        }
        for code in conditions
    ]
    tables: dict[str, Any] = {
        "person": [{"person_id": 1, "year_of_birth": 1960}, {"person_id": 10, "year_of_birth": 1961}]
    }
    tables |= {"measurement": measured} if measured else {}
    tables |= {"drug_exposure": given_} if given_ else {}
    tables |= {"condition_occurrence": diagnosed} if diagnosed else {}
    with tempfile.TemporaryDirectory() as folder:
        first = omop(Path(folder), tables)
        for rows in tables.values():
            random.shuffle(rows)
        second = omop(Path(folder), tables)
    assert list(first) == list(second)
    for who, one in first.items():
        assert one.patient == second[who].patient
        assert sorted(item.text for item in one.unused) == sorted(item.text for item in second[who].unused)
        assert sorted(item.message for item in one.questions) == sorted(item.message for item in second[who].questions)
        Patient.model_validate(one.patient)
