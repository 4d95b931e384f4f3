"""OMOP CDM 5.4: concepts, units, limits, specimens, drugs, episodes, deaths, and what is not mapped."""

from pathlib import Path

import pytest

from her2nav.app.session import Session
from her2nav.intake.omop.concepts import atc_of, data_of, shipped, verified
from her2nav.intake.omop.folder import is_omop, open_folder
from her2nav.intake.tables.cells import Form
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient
from her2nav.model.provenance import Confidence
from unit.intake_tables.table_helpers import TODAY, asked, layout, omop, where

PERSON = {"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1964, "month_of_birth": 2, "day_of_birth": 3}


def concept(number: int, vocabulary: str, code: str, name: str, kind: str = "X") -> dict[str, object]:
    """Return a row of the concept table."""
    return {
        "concept_id": number,
        "concept_name": name,
        "vocabulary_id": vocabulary,
        "concept_class_id": kind,
        "concept_code": code,
    }


def drug(number: int, start: str, end: str = "", **more: object) -> dict[str, object]:
    """Return a row of drug_exposure."""
    return {
        "person_id": 1,
        "drug_concept_id": number,
        "drug_exposure_start_date": start,
        "drug_exposure_end_date": end or start,
        "drug_type_concept_id": 32818,
        "stop_reason": "",
        "drug_source_value": "",
        **more,
    }


def measured(number: int, **more: object) -> dict[str, object]:
    """Return a row of measurement."""
    return {"person_id": 1, "measurement_concept_id": number, "measurement_date": "2026-11-01", **more}


HER2 = concept(3012200, "LOINC", "85319-2", "HER2 in Breast cancer specimen by Immune stain")


def test_birth_sex_and_death(tmp_path: Path) -> None:
    found = omop(
        tmp_path,
        {
            "person": [
                PERSON,
                {"person_id": 2, "gender_concept_id": 0, "gender_source_value": "M", "year_of_birth": 1950},
            ],
            "death": [{"person_id": 2, "death_date": "2026-01-01"}],
        },
    )
    assert found["1"].patient["demographics"] == {"birth_date": "1964-02-03", "sex": "female"}
    assert found["2"].patient["demographics"] == {"birth_date": "1950", "sex": "male", "vital_status": "deceased"}
    assert where(found["2"], "/demographics/vital_status") == ("death.csv", 2, "death.death_date")


def test_a_person_twice_with_other_values_is_a_contradiction(tmp_path: Path) -> None:
    rows = [PERSON, {**PERSON, "year_of_birth": 1965}]
    found = omop(tmp_path, {"person": rows, "death": [{"person_id": 9}]})
    assert "birth_date" not in found["1"].patient["demographics"]
    assert found["1"].contradictions
    assert "not in the person table" in asked(found["9"])


def test_laboratory_values_without_concept_tables(tmp_path: Path) -> None:
    rows = [
        measured(3000963, value_as_number="11.800000", unit_concept_id=8713, range_low="11.5", range_high="15.5"),
        measured(3006923, value_as_number="5", unit_concept_id=8645, operator_concept_id=4171756),
        measured(3013721, value_as_number="5", unit_source_value="U/L", value_source_value="<5"),
        measured(0, value_as_number="0.9", unit_source_value="mg/dL", measurement_source_value="2160-0"),
        measured(3016723, value_as_number="80", unit_source_value="parsec"),
        measured(123456789, value_as_number="1"),
    ]
    found = omop(tmp_path, {"person": [PERSON], "measurement": rows})["1"]
    assert sorted(found.patient["labs"], key=lambda lab: str(lab["name"]), reverse=True) == [
        {"name": "haemoglobin", "value": "11.8", "unit": "g/dL", "date": "2026-11-01", "uln": "15.5", "lln": "11.5"},
        {"name": "creatinine", "value": "0.9", "unit": "mg/dL", "date": "2026-11-01"},
    ]
    assert where(found, "/labs/1/value") == ("measurement.csv", 2, "measurement.value_as_number")
    assert where(found, "/labs/1/lln") == ("measurement.csv", 2, "measurement.range_low")
    said = "\n".join(one.text for one in found.unused)
    assert said.count("no exact number") == 2
    assert "80 parsec" in said
    assert "not mapped: code concept 123456789" in said


def test_her2_of_one_specimen_is_one_sample(tmp_path: Path) -> None:
    link = {"measurement_event_id": 901, "meas_event_field_concept_id": 1147049}
    tables = {
        "person": [PERSON],
        "specimen": [
            {"person_id": 1, "specimen_id": 901, "specimen_date": "2025-06-10", "specimen_source_value": "biopsy"}
        ],
        "measurement": [
            measured(3012200, value_source_value="2+", **link),
            measured(3014000, value_as_number="2.4", **link),
        ],
        "concept": [HER2, concept(3014000, "LOINC", "49683-6", "HER2/CEP17")],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient["specimens"] == [
        {
            "collected": "2025-06-10",
            "kind": "biopsy",
            "ihc": {"score": "2+"},
            "ish": {"her2_cep17_ratio": "2.4", "method": "dual_probe"},
        }
    ]


def test_a_word_is_never_made_a_score(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "measurement": [measured(3012200, value_as_concept_id=9191)],
        "concept": [HER2, concept(9191, "SNOMED", "10828004", "Positive")],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient["specimens"] == [{"collected": "2026-11-01", "her2_reported": "positive"}]


def test_cancer_modifiers_by_their_names(tmp_path: Path) -> None:
    names = {
        1: "AJCC/UICC Stage 4",
        2: "AJCC/UICC 8th pathological T2 Category",
        3: "Metastasis to the Brain",
        4: "Metastasis to liver",
        5: "Grade 3 tumor",
        6: "Something else entirely",
    }
    tables = {
        "person": [PERSON],
        "measurement": [measured(n, value_as_concept_id=9189 if n == 4 else "") for n in names],
        "concept": [concept(n, "Cancer Modifier", f"OMOP{n}", name) for n, name in names.items()],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient["cancer"] == {
        "stage": "IV",
        "tnm": {"t": "pT2"},
        "metastatic_sites": ["brain"],
        "grade": 3,
    }
    assert any("Something else entirely" in one.text for one in found.unused)


def test_conditions_codes_wider_codes_and_repeats(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "condition_occurrence": [
            {"person_id": 1, "condition_concept_id": 50, "condition_start_date": "2025-07-01"},
            {"person_id": 1, "condition_concept_id": 50, "condition_start_date": "2025-06-01"},
            {"person_id": 1, "condition_concept_id": 320128, "condition_start_date": "2019-05-02"},
            {
                "person_id": 1,
                "condition_concept_id": 60,
                "condition_start_date": "2020-01-01",
                "condition_status_concept_id": 32899,
            },
        ],
        "concept": [
            concept(50, "SNOMED", "1", "Something of the upper outer quadrant"),
            concept(51, "SNOMED", "254837009", "Malignant neoplasm of breast"),
            concept(320128, "SNOMED", "59621000", "Essential hypertension"),
            concept(60, "SNOMED", "363349007", "Malignant tumor of stomach"),
        ],
        "concept_ancestor": [{"ancestor_concept_id": 51, "descendant_concept_id": 50, "min_levels_of_separation": 2}],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient["cancer"] == {"tumour_type": "breast"}
    assert found.patient["conditions"] == [{"name": "hypertension", "date": "2019-05-02"}]
    said = "\n".join(one.text for one in found.unused)
    assert "a preliminary diagnosis" in said
    assert "condition_occurrence, recorded again: 1" in said


@pytest.mark.parametrize(
    ("code", "sites"),
    [("C78.7", ["liver"]), ("C79.31", ["brain"]), ("C77.3", None), ("C77.1", None), ("C50.9", None)],
)
def test_metastases_by_icd_10_and_nodes_that_may_be_regional(
    tmp_path: Path, code: str, sites: list[str] | None
) -> None:
    row = {"person_id": 1, "condition_concept_id": 0, "condition_source_value": code, "condition_start_date": "2025"}
    found = omop(tmp_path, {"person": [PERSON], "condition_occurrence": [row]}, "complete: {conditions: true}")["1"]
    assert found.patient.get("cancer", {}).get("metastatic_sites") == sites
    regional = any("may be regional" in one.text for one in found.unused)
    assert regional is code.startswith("C77")
    assert ("complete" in found.patient) is not regional


@pytest.mark.parametrize(
    ("code", "tumour", "histology"),
    [
        ("8500/3-C50.4", "breast", "invasive_ductal"),
        ("8140/3-C16.9", "gastric", "adenocarcinoma"),
        ("8500/2-C50.4", None, None),
    ],
)
def test_icd_o_3_names_site_and_histology(tmp_path: Path, code: str, tumour: str | None, histology: str | None) -> None:
    tables = {
        "person": [PERSON],
        "condition_occurrence": [{"person_id": 1, "condition_concept_id": 70, "condition_start_date": "2025"}],
        "concept": [concept(70, "ICDO3", code, "as the code says")],
    }
    cancer = omop(tmp_path, tables)["1"].patient.get("cancer", {})
    assert (cancer.get("tumour_type"), cancer.get("histology")) == (tumour, histology)


def test_two_cancers_contradict_unless_the_mapping_says_which(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "condition_occurrence": [
            {"person_id": 1, "condition_concept_id": 0, "condition_source_value": code, "condition_start_date": "2025"}
            for code in ("C50.9", "C16.9")
        ],
    }
    found = omop(tmp_path / "a", tables)["1"]
    assert "cancer" not in found.patient
    assert len(found.contradictions) == 1
    told = omop(tmp_path / "b", tables, "omop: {tumour: breast}")["1"]
    assert told.patient["cancer"]["tumour_type"] == "breast"
    assert told.patient["conditions"][0]["name"] == "C16.9"


TRASTUZUMAB = [
    concept(100, "RxNorm", "1922509", "trastuzumab 150 MG Injection", "Clinical Drug"),
    concept(101, "RxNorm", "224905", "trastuzumab", "Ingredient"),
    concept(110, "RxNorm", "9", "some old trade name", "Branded Drug"),
    concept(120, "RxNorm", "8", "ado-trastuzumab emtansine 100 MG Injection", "Clinical Drug"),
    concept(121, "RxNorm", "1371041", "ado-trastuzumab emtansine", "Ingredient"),
    concept(130, "ATC", "L01CD02", "docetaxel", "ATC 5th"),
    concept(140, "RxNorm", "7", "pertuzumab / trastuzumab / hyaluronidase-zzxf Injection", "Clinical Drug"),
    concept(141, "RxNorm", "1298944", "pertuzumab", "Ingredient"),
    concept(142, "RxNorm", "6", "hyaluronidase-zzxf", "Ingredient"),
    concept(150, "RxNorm", "5", "saline flush", "Clinical Drug"),
    concept(151, "ATC", "V07AB", "solvents", "ATC 4th"),
    concept(152, "ATC", "B05", "blood substitutes", "ATC 2nd"),
]
ABOVE = [
    {"ancestor_concept_id": a, "descendant_concept_id": d, "min_levels_of_separation": 1}
    for a, d in ((101, 100), (101, 110), (121, 120), (101, 140), (141, 140), (142, 140), (152, 150))
]


@pytest.mark.parametrize(
    ("number", "written", "drugs"),
    [
        (100, "", ["trastuzumab"]),
        (110, "", ["trastuzumab"]),
        (120, "", ["trastuzumab_emtansine"]),
        (130, "", ["docetaxel"]),
        (140, "", ["pertuzumab", "trastuzumab"]),
        (0, "L01EH03", ["tucatinib"]),
        (0, "fam-trastuzumab deruxtecan-nxki", ["trastuzumab_deruxtecan"]),
    ],
)
def test_drugs_by_ingredient_atc_code_and_name(tmp_path: Path, number: int, written: str, drugs: list[str]) -> None:
    tables = {
        "person": [PERSON],
        "drug_exposure": [drug(number, "2025-07-01", drug_source_value=written)],
        "concept": TRASTUZUMAB,
        "concept_ancestor": ABOVE,
    }
    found = omop(tmp_path, tables, "complete: {therapies: true}")["1"]
    assert sorted(one for course in found.patient["therapies"] for one in course["drugs"]) == drugs
    assert found.patient["complete"] == {"therapies": True}


def test_a_source_concept_finds_its_standard_concept(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "drug_exposure": [drug(0, "2025-07-01", drug_source_concept_id=555)],
        "concept": TRASTUZUMAB,
        "concept_ancestor": ABOVE,
        "concept_relationship": [{"concept_id_1": 555, "concept_id_2": 100, "relationship_id": "Maps to"}],
    }
    assert omop(tmp_path, tables)["1"].patient["therapies"][0]["drugs"] == ["trastuzumab"]


def test_code_and_name_that_differ_are_left_out_and_asked(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "drug_exposure": [drug(100, "2025-07-01", drug_source_value="lapatinib")],
        "concept": TRASTUZUMAB,
    }
    found = omop(tmp_path, tables, "complete: {therapies: true}")["1"]
    assert "therapies" not in found.patient
    assert "complete" not in found.patient
    assert "differ" in asked(found)


def test_an_unknown_medicine_takes_completeness_away_unless_it_is_no_cancer_medicine(tmp_path: Path) -> None:
    mapping = "complete: {therapies: true}"
    base = {"person": [PERSON], "concept": TRASTUZUMAB, "concept_ancestor": ABOVE}
    unknown = omop(tmp_path / "a", {**base, "drug_exposure": [drug(999, "2025-01-01")]}, mapping)["1"]
    assert "complete" not in unknown.patient
    beside = omop(tmp_path / "b", {**base, "drug_exposure": [drug(150, "2025-01-01")]}, mapping)["1"]
    assert beside.patient["complete"] == {"therapies": True}


def test_doses_become_courses_and_reasons_stay_unknown_unless_recorded(tmp_path: Path) -> None:
    rows = [
        drug(0, day, drug_source_value=name, stop_reason=why)
        for name, day, why in (
            ("docetaxel", "2025-07-01", ""),
            ("docetaxel", "2025-07-22", "Progression"),
            ("trastuzumab", "2025-07-01", ""),
            ("trastuzumab", "2025-07-22", "Progression"),
            ("tucatinib", "2025-12-01", ""),
            ("tucatinib", "2026-11-10", "moved away"),
        )
    ]
    rows[-2]["drug_exposure_end_date"] = "2026-10-01"
    found = omop(tmp_path, {"person": [PERSON], "drug_exposure": rows})["1"]
    assert found.patient["therapies"] == [
        {
            "drugs": ["docetaxel", "trastuzumab"],
            "start": "2025-07-01",
            "end": "2025-07-22",
            "reason_stopped": "progression",
        },
        {"drugs": ["tucatinib"], "start": "2025-12-01", "end": "2026-11-10"},
    ]
    assert "last recorded dose of tucatinib on 2026-11-10" in asked(found)
    assert "moved away" not in repr(found)
    assert Patient.model_validate(found.patient).therapies[0].setting is None


def test_a_prescription_is_no_dose_unless_the_mapping_says_so(tmp_path: Path) -> None:
    row = drug(
        0,
        "2026-01-05",
        drug_source_value="capecitabine",
        drug_type_concept_id=32838,
        drug_exposure_end_date="",
        days_supply=14,
    )
    row["drug_exposure_end_date"] = ""
    tables = {"person": [PERSON], "drug_exposure": [row]}
    found = omop(tmp_path / "a", tables, "complete: {therapies: true}")["1"]
    assert "therapies" not in found.patient
    assert "complete" not in found.patient
    assert "capecitabine was prescribed or ordered 1 times" in asked(found)
    told = omop(tmp_path / "b", tables, "omop: {prescriptions: given}")["1"]
    assert told.patient["therapies"] == [{"drugs": ["capecitabine"], "start": "2026-01-05", "end": "2026-01-18"}]


def test_episodes_name_regimens_diagnosis_and_relapse(tmp_path: Path) -> None:
    def episode(number: int, kind: int, start: str, end: str = "", **more: object) -> dict[str, object]:
        return {
            "person_id": 1,
            "episode_id": number,
            "episode_concept_id": kind,
            "episode_start_date": start,
            "episode_end_date": end,
            **more,
        }

    tables = {
        "person": [PERSON],
        "drug_exposure": [
            drug(0, "2025-07-01", drug_source_value="docetaxel"),
            drug(0, "2026-05-01", drug_source_value="docetaxel"),
        ],
        "episode": [
            episode(1, 32528, "2025-06-03"),
            episode(2, 32529, "2026-04-01"),
            episode(3, 32531, "2025-07-01", "2025-09-30", episode_source_value="TCHP"),
            episode(4, 32532, "2025-07-01", episode_parent_id=3),
            episode(5, 32532, "2025-07-22", episode_parent_id=3),
            episode(6, 32531, "2026-01-01", episode_source_value="local regimen 7"),
        ],
    }
    found = omop(tmp_path, tables)["1"]
    assert found.patient["cancer"] == {"diagnosed": "2025-06-03", "relapse_date": "2026-04-01"}
    first, second = found.patient["therapies"]
    assert (set(first["drugs"]), first["start"], first["end"], first["cycles"]) == (
        {"docetaxel", "carboplatin", "trastuzumab", "pertuzumab"},
        "2025-07-01",
        "2025-09-30",
        2,
    )
    assert second["start"] == "2026-05-01"
    assert any("regimen not known: local regimen 7" in one.text for one in found.unused)


def test_radiotherapy_fractions_are_one_course(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "procedure_occurrence": [
            {"person_id": 1, "procedure_concept_id": 80, "procedure_date": day}
            for day in ("2026-01-14", "2026-01-12", "2026-01-13", "2026-06-01")
        ],
        "concept": [concept(80, "SNOMED", "108290001", "Radiotherapy")],
    }
    assert omop(tmp_path, tables)["1"].patient["procedures"] == [
        {"kind": "radiotherapy", "date": "2026-01-12", "end": "2026-01-14"},
        {"kind": "radiotherapy", "date": "2026-06-01"},
    ]


def test_notes_fill_what_is_open_and_never_take_the_place_of_a_coded_value(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "observation": [
            {
                "person_id": 1,
                "observation_concept_id": 0,
                "observation_source_value": "89247-1",
                "observation_date": "2026-11-02",
                "value_as_number": 1,
            }
        ],
        "note": [
            {
                "person_id": 1,
                "note_date": "2026-11-02",
                "note_text": "Name: Zelda Quixworth\nPerformance status: ECOG 2\nLVEF 60 % on 2026-10-30.",
            }
        ],
    }
    silent = omop(tmp_path / "a", tables)["1"]
    assert "cardiac" not in silent.patient
    assert any(one.text.startswith("note: 1 notes, not read") for one in silent.unused)
    found = omop(tmp_path / "b", tables, "omop: {notes: read}")["1"]
    assert found.patient["performance"]["ecog"] == 1
    assert "performance.ecog: the tables say 1, a note says 2" in asked(found)
    assert found.patient["cardiac"]["lvef"][0]["percent"] == "60"
    assert "Quixworth" not in repr(found)
    tables["note"][0]["note_text"] = "This gentleman has an ECOG of 2. LVEF 60 % on 2026-10-30."
    other = omop(tmp_path / "c", tables, "omop: {notes: read}")["1"]
    assert "cardiac" not in other.patient
    assert "whose note is it? No note was used" in asked(other)


def test_who_may_not_be_contacted(tmp_path: Path) -> None:
    tables = {"person": [PERSON], "death": [{"person_id": 9}], "optout": [{"person_id": 1}]}
    found = omop(tmp_path, tables, "omop: {do_not_contact: optout.csv}")
    assert found["1"].patient["demographics"]["do_not_contact"] is True


def test_shifted_dates_take_the_day_of_a_column(tmp_path: Path) -> None:
    tables = {
        "person": [{**PERSON, "year_of_birth": 2080}],
        "observation_period": [{"person_id": 1, "observation_period_end_date": "2150-01-31"}],
        "drug_exposure": [drug(0, "2150-01-20", drug_source_value="trastuzumab")],
    }
    found = omop(tmp_path, tables, as_of="observation_period.observation_period_end_date")["1"]
    assert found.patient["as_of"] == "2150-01-31"
    assert found.patient["therapies"][0]["end"] == "2150-01-20"
    assert where(found, "/as_of") == ("observation_period.csv", 2, "observation_period.observation_period_end_date")
    with pytest.raises(InputError, match="no table has the column 'until'"):
        open_folder(tmp_path, Form(), "until")


def test_local_codes_of_the_mapping_file(tmp_path: Path) -> None:
    tables = {
        "person": [PERSON],
        "measurement": [
            measured(2000000001, value_as_number="12", unit_source_value="g/dL"),
            measured(0, measurement_source_value="HER2-LOC", value_source_value="3+"),
        ],
    }
    mapping = "omop: {codes: {'2000000001': LOINC 718-7, HER2-LOC: LOINC 85319-2}}"
    found = omop(tmp_path, tables, mapping)["1"]
    assert found.patient["labs"][0]["name"] == "haemoglobin"
    assert found.patient["specimens"][0]["ihc"] == {"score": "3+"}
    with pytest.raises(InputError, match="'FOO 1' is no code"):
        omop(tmp_path, tables, "omop: {codes: {a: FOO 1}}")


def test_names_record_numbers_and_places_are_never_read(tmp_path: Path) -> None:
    person = {**PERSON, "person_source_value": "MRN-778899", "location_id": 12, "provider_id": 7}
    found = omop(tmp_path, {"person": [person], "location": [{"location_id": 12, "address_1": "12 Marigold Lane"}]})
    assert "MRN-778899" not in repr(found)
    assert "Marigold" not in repr(found)


def test_columns_in_capitals_and_tables_in_parts(tmp_path: Path) -> None:
    (tmp_path / "measurement").mkdir()
    (tmp_path / "PERSON.csv").write_text("PERSON_ID,GENDER_CONCEPT_ID,YEAR_OF_BIRTH\n1,8507,1950\n")
    head = "PERSON_ID,MEASUREMENT_CONCEPT_ID,MEASUREMENT_DATE,VALUE_AS_NUMBER,UNIT_CONCEPT_ID\n"
    (tmp_path / "measurement" / "part-0.csv").write_text(head + "1,3000963,2026-11-01,12,8713\n")
    (tmp_path / "measurement" / "part-1.csv").write_text(head + "1,3016723,2026-11-01,0.9,8840\n")
    assert is_omop(tmp_path)
    found = omop(tmp_path, {})["1"]
    assert len(found.patient["labs"]) == 2
    assert where(found, "/labs/0/value")[0] == "measurement/part-0.csv"


def test_a_folder_without_persons_and_a_table_without_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no person table"):
        omop(tmp_path / "a", {"death": [{"person_id": 1}]})
    with pytest.raises(InputError, match="the column 'measurement_concept_id' is absent"):
        omop(tmp_path / "b", {"person": [PERSON], "measurement": [{"person_id": 1, "code": 3}]})
    with pytest.raises(InputError, match="a row without a person"):
        omop(tmp_path / "c", {"person": [PERSON, {**PERSON, "person_id": ""}], "death": [{"person_id": 1}]})


def test_several_processes_give_the_same_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from her2nav.intake.omop import read as reading
    from her2nav.intake.tables import shares

    people = [{**PERSON, "person_id": n, "year_of_birth": 1930 + n} for n in range(1, 40)]
    labs = [{**measured(3000963, value_as_number="12", unit_concept_id=8713), "person_id": n} for n in range(1, 40)]
    plain = omop(tmp_path, {"person": people, "measurement": labs})
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    monkeypatch.setattr(reading, "_BATCH", 7)
    monkeypatch.setattr(shares, "SHARE", 256)
    folder = open_folder(tmp_path, Form())
    spread = reading.read_omop(folder, layout("{}").mapping, load_knowledge(), TODAY, workers=2)
    found = {str(one.patient["id"]): one for one in spread}
    assert {who: one.patient for who, one in found.items()} == {who: one.patient for who, one in plain.items()}
    assert found["7"].provenance == plain["7"].provenance


def test_the_maps_are_sound_and_every_drug_exists() -> None:
    knowledge = load_knowledge()
    assert set(atc_of(knowledge).values()) <= set(knowledge.drugs.drugs)
    data = data_of(knowledge)
    assert set(data.icdo_histology.values()) <= set(knowledge.histologies.histologies)
    assert not data.confidence.unverified
    doubtful = verified(data.model_copy(update={"confidence": Confidence("UNV")}))
    assert (doubtful.modifiers, doubtful.icdo_sites, doubtful.episodes) == ((), (), {})
    assert {"8507", "8532"} <= set(shipped(knowledge))
    assert Session(knowledge).knowledge is knowledge


def test_a_note_that_is_no_text_is_listed(tmp_path: Path) -> None:
    texts = ['{"resourceType": "Bundle", "entry": []}', "... 1 2 3 ..."]
    rows = [{"person_id": 1, "note_date": "2026-01-01", "note_text": text} for text in texts]
    found = omop(tmp_path, {"person": [PERSON], "note": rows}, "omop: {notes: read}")["1"]
    assert sorted(one.text for one in found.unused) == [
        "note.note_text: no words were found in it",
        "note.note_text: this is FHIR and no note",
    ]
