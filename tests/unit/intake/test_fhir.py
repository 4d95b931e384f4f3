"""FHIR resources to values: what is taken, what is left out and said."""

# ruff: noqa: E501

import json

import pytest

from her2nav.intake.fhir.read import read_fhir
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from unit.intake.note_helpers import at

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ME = {"reference": "Patient/me"}


def concept(code, display="", system=LOINC, text=None):
    """Return a CodeableConcept."""
    found = {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}
    return found | ({"text": text} if text else {})


def observation(code, day="2024-03-01", **rest):
    """Return a final observation of the patient."""
    made = {"resourceType": "Observation", "status": "final", "subject": ME, "code": code}
    return made | ({"effectiveDateTime": day} if day else {}) | rest


def person(**rest):
    """Return the patient."""
    return {"resourceType": "Patient", "id": "me", "gender": "female", "birthDate": "1970"} | rest


def bundle(*resources):
    """Return a bundle of the patient and resources."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in (person(), *resources)],
    }


@pytest.fixture
def read(tmp_path):
    """Read resources as one bundle."""

    def reading(*resources):
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(bundle(*resources)), encoding="utf-8")
        (one,) = read_fhir([str(path)], load_knowledge())
        Patient.model_validate(one.patient)
        return one

    return reading


@pytest.mark.parametrize("written", ["HER2+", "HER-2+", "HER 2+ (positive)"])
def test_the_2_of_her2_is_no_score(read, written):
    found = read(observation(concept("85319-2"), valueString=written))
    assert "ihc" not in str(found.patient.get("specimens", ""))


@pytest.mark.parametrize("written", ["p.G12D not detected", "No mutation found (tested: p.G12C)"])
def test_what_was_looked_for_is_not_found(read, written):
    assert "kras" not in str(read(observation(concept("21702-6"), valueString=written)).patient)


QUALIFIER = concept("260385009", "Negative (qualifier value)", SNOMED)


@pytest.mark.parametrize(
    ("result", "path", "value"),
    [
        (observation(concept("85319-2"), valueString="3+"), "specimens.0.ihc.score", "3+"),
        (observation(concept("85319-2"), valueString="Score 2+ (equivocal)"), "specimens.0.ihc.score", "2+"),
        (observation(concept("18474-7"), valueInteger=1), "specimens.0.ihc.score", "1+"),
        (observation(concept("85319-2"), valueQuantity={"value": 3}), "specimens.0.ihc.score", "3+"),
        (observation(concept("72383-3"), valueString="1+ to 2+"), "specimens.0.ihc.score", ["1+", "2+"]),
        (observation({"text": "HER2 IHC"}, valueString="0"), "specimens.0.ihc.score", "0"),
        (observation(concept("85319-2"), valueString="3+ (scale 0-3+)"), "specimens.0.ihc.score", "3+"),
        (observation(concept("85319-2"), valueString="1+ (previously 3+)"), "specimens.0.ihc.score", "1+"),
        (observation(concept("85319-2"), valueString="1+ (0 to 3+)"), "specimens.0.ihc.score", "1+"),
        (observation(concept("85319-2"), valueString="2+, not 3+"), "specimens.0.ihc.score", "2+"),
        (observation(concept("85319-2"), valueString="1+; positive control 3+"), "specimens.0.ihc.score", "1+"),
        (observation(concept("18474-7"), valueCodeableConcept=QUALIFIER), "specimens.0.her2_reported", "negative"),
        (observation(concept("48676-1"), valueCodeableConcept=concept("LA11885-9")), "specimens.0.her2_reported", "equivocal"),
        (observation(concept("49683-6"), valueQuantity={"value": 2.40}), "specimens.0.ish.her2_cep17_ratio", "2.4"),
        (
            observation(concept("49683-6"), valueRatio={"numerator": {"value": 5}, "denominator": {"value": 2}}),
            "specimens.0.ish.her2_cep17_ratio",
            "2.50",
        ),
        (observation(concept("74860-8"), valueQuantity={"value": 6.1}), "specimens.0.ish.her2_copy_number", "6.1"),
        (observation(concept("85318-4"), valueString="not amplified"), "specimens.0.ish.result", "negative"),
        (observation(concept("85337-4"), valueString="Positive"), "biomarkers.er.status", "positive"),
        (observation(concept("85325-9"), valueQuantity={"value": 5, "unit": "%"}), "biomarkers.pr.percent", 5),
        (observation(concept("83053-9"), valueQuantity={"value": 40, "unit": "%"}), "biomarkers.pd_l1.tps", 40),
        (observation(concept("81695-9"), valueCodeableConcept=concept("LA26203-2")), "biomarkers.msi", "MSI-H"),
        (observation(concept("89247-1"), valueCodeableConcept=concept("LA9623-5")), "performance.ecog", 1),
        (observation(concept("89243-0"), valueInteger=90), "performance.karnofsky", 90),
        (observation(concept("21908-9"), valueCodeableConcept=concept("c3A", system="http://cancerstaging.org")), "cancer.stage", "IIIA"),
        (observation(concept("21908-9"), valueCodeableConcept={"text": "Stage IV"}), "cancer.stage", "IV"),
        (observation(concept("21905-5"), valueCodeableConcept={"text": "cT3 (qualifier value)"}), "cancer.tnm.t", "cT3"),
        (observation(concept("10230-1"), valueQuantity={"value": 58, "unit": "%"}), "cardiac.lvef.0.percent", 58),
        (observation(concept("29463-7"), valueQuantity={"value": 150, "unit": "[lb_av]"}), "demographics.weight_kg", 68),
        (observation(concept("72166-2"), valueCodeableConcept=concept("8517006", system=SNOMED)), "demographics.smoking", "former"),
    ],
)  # fmt: skip
def test_result_is_taken(read, result, path, value):
    found = read(result)
    if path.endswith("weight_kg"):
        assert str(at(found.patient, path)).startswith(str(value))
    else:
        assert at(found.patient, path) == value
    assert [one for one in found.provenance if one.origin.quote.startswith("Bundle.entry[1].Observation")]


@pytest.mark.parametrize(
    "result",
    [
        observation(concept("32996-1"), valueQuantity={"value": 12, "unit": "ng/mL"}),
        observation(concept("85319-2"), valueString="4+"),
        observation(concept("85319-2"), valueQuantity={"value": 40, "unit": "%"}),
        observation(concept("49683-6"), valueQuantity={"value": 2, "comparator": ">"}),
        observation(concept("49683-6"), valueQuantity={"value": -1}),
        observation(concept("83052-1"), valueString="positive"),
        observation(concept("62862-8"), valueCodeableConcept=concept("10828004", system=SNOMED)),
        observation(concept("89247-1"), valueInteger=-1),
        observation(concept("89243-0"), valueInteger=85),
        observation(concept("89247-1"), valueInteger=1, status="entered-in-error"),
        observation(concept("85319-2"), valueString="3+", status="preliminary"),
        observation(concept("718-7"), valueQuantity={"value": 12, "unit": "furlongs"}),
        observation(concept("718-7"), valueQuantity={"value": 900, "unit": "g/dL"}),
        observation(concept("99999-9", "Something"), valueString="x"),
        observation(concept("85319-2")),
        observation("HER2", valueString="3+"),
    ],
)
def test_unusable_result_is_listed_and_not_taken(read, result):
    found = read(result)
    assert set(found.patient) == {"demographics"}
    assert [one for one in found.unused if one.line == 2]


def test_laboratory_value_keeps_unit_and_limits(read):
    limits = [{"low": {"value": 12, "unit": "g/dL"}, "high": {"value": 160, "unit": "g/L"}}]
    found = read(observation(concept("718-7"), valueQuantity={"value": 9.8, "unit": "g/dL"}, referenceRange=limits))
    assert found.patient["labs"] == [
        {"name": "haemoglobin", "value": "9.8", "unit": "g/dL", "date": "2024-03-01", "lln": 12}
    ]


def test_older_results_are_listed_and_those_of_one_day_conflict(read):
    code = concept("85337-4")
    found = read(
        observation(code, "2018-01-01", valueString="positive"), observation(code, "2022-01-01", valueString="negative")
    )
    assert found.patient["biomarkers"]["er"] == {"status": "negative", "date": "2022-01-01"}
    assert [one.value for one in found.older] == ["positive"]
    found = read(observation(code, valueString="positive"), observation(code, valueString="negative"))
    assert "biomarkers" not in found.patient
    assert {choice.value for choice in found.contradictions[0].choices} == {"positive", "negative"}


def test_two_scores_of_one_sample_conflict_and_samples_of_two_days_stand_apart(read):
    code = concept("85319-2")
    found = read(observation(code, valueString="1+"), observation(code, valueString="3+"))
    assert "specimens" not in found.patient
    assert len(found.contradictions) == 1
    found = read(observation(code, "2020-01-01", valueString="1+"), observation(code, "2024-01-01", valueString="3+"))
    assert [one["ihc"]["score"] for one in found.patient["specimens"]] == ["1+", "3+"]


def condition(code, profile=None, **rest):
    """Return a confirmed condition."""
    made = {"resourceType": "Condition", "subject": ME, "code": code}
    url = f"http://hl7.org/fhir/us/mcode/StructureDefinition/{profile}"
    return made | ({"meta": {"profile": [url]}} if profile else {}) | rest


def test_cancer_and_its_spread_under_old_and_new_profile_names(read):
    for primary in ("mcode-primary-cancer-condition", "onco-core-PrimaryCancerCondition", None):
        found = read(
            condition(concept("408643008", "Infiltrating duct carcinoma of breast (disorder)", SNOMED), primary),
            condition(concept("C79.31", "Secondary malignant neoplasm of brain", "http://hl7.org/fhir/sid/icd-10-cm")),
        )
        assert found.patient["cancer"] == {
            "histology": "invasive_ductal", "metastatic_sites": ["brain"], "tumour_type": "breast"
        }  # fmt: skip


def test_doubted_and_foreign_diagnoses_are_left_out(read):
    breast = concept("254837009", "Malignant neoplasm of breast (disorder)", SNOMED)
    found = read(
        condition(breast, verificationStatus=concept("refuted", system="x")),
        condition(breast, subject={"reference": "Patient/somebody-else"}),
        condition(concept("1", "Chews gum (finding)", SNOMED)),
    )
    assert set(found.patient) == {"demographics"}
    assert [one.line for one in found.unused] == [2, 4, 3]
    assert [one.code for one in found.questions] == ["subject"]


def test_two_cancers_conflict_and_a_narrower_one_does_not(read):
    breast, stomach = concept("C50.9", system="urn:icd-10"), concept("C16.9", system="urn:icd-10")
    found = read(condition(breast), condition(stomach))
    assert "tumour_type" not in found.patient.get("cancer", {})
    assert {one.value for one in found.contradictions[0].choices} == {"breast", "gastric"}
    found = read(condition({"text": "Breast cancer"}), condition({"text": "inflammatory breast cancer"}))
    assert found.patient["cancer"]["tumour_type"] == "inflammatory_breast"


def medicine(kind, status, display, code="", **rest):
    """Return a medication resource of a kind."""
    return {
        "resourceType": kind, "status": status, "subject": ME, "medicationCodeableConcept": concept(code, display, RXNORM)
    } | rest  # fmt: skip


def test_product_names_become_drugs_and_doses_become_one_course(read):
    days = ("2024-01-01", "2024-01-22", "2024-06-30")
    doses = [
        medicine("MedicationAdministration", "completed", "Paclitaxel 100 MG Injection", effectiveDateTime=day)
        for day in days
    ]
    found = read(*doses, medicine("MedicationRequest", "active", "abemaciclib Oral Product", authoredOn="2024-07-01"))
    assert [(one["drugs"], one["start"]) for one in found.patient["therapies"]] == [
        (["paclitaxel"], "2024-01-01"), (["paclitaxel"], "2024-06-30")
    ]  # fmt: skip
    assert found.patient["therapies"][0]["end"] == "2024-01-22"
    assert "ongoing" not in found.patient["therapies"][1]
    assert found.patient["planned"] == [{"drugs": ["abemaciclib"], "start": "2024-07-01"}]
    assert "ongoing" in [one.code for one in found.questions]


def test_medicine_whose_code_and_name_differ_is_asked_about(read):
    found = read(medicine("MedicationStatement", "active", "docetaxel", "56946"))
    assert "therapies" not in found.patient
    assert [one.code for one in found.questions] == ["drug"]


def test_referenced_medicine_other_medicines_and_what_was_not_taken(read):
    inner = {"resourceType": "Medication", "id": "m", "code": concept("224905", "trastuzumab", RXNORM)}
    found = read(
        {
            "resourceType": "MedicationStatement", "status": "active", "subject": ME, "contained": [inner],
            "medicationReference": {"reference": "#m"}, "effectivePeriod": {"start": "2024-05-01"},
        },
        medicine("MedicationStatement", "active", "omeprazole 20 MG Oral Capsule"),
        medicine("MedicationStatement", "not-taken", "docetaxel"),
    )  # fmt: skip
    assert found.patient["therapies"] == [{"drugs": ["trastuzumab"], "start": "2024-05-01", "ongoing": True}]
    assert [one["name"] for one in found.patient["medications"]] == ["omeprazole"]
    assert [one.line for one in found.unused] == [4]


def variant(value, *parts):
    """Return a genomic finding with components."""
    return observation(
        concept("69548-6"),
        valueCodeableConcept=concept(value),
        component=[{"code": concept(code), **answer} for code, answer in parts],
    )


def test_variants_of_her2_belong_to_the_sample_and_other_genes_to_biomarkers(read):
    gene = ("48018-6", {"valueCodeableConcept": concept("HGNC:3430", system="http://www.genenames.org/geneId")})
    found = read(
        variant(
            "LA9633-4", gene, ("48005-3", {"valueCodeableConcept": {"text": "NP_004439.2:p.Ser310Phe"}}),
            ("81258-6", {"valueQuantity": {"value": 0.22}}),
        ),
        variant("LA9634-2", ("48018-6", {"valueCodeableConcept": {"text": "KRAS"}})),
        variant("LA9633-4", ("48018-6", {"valueCodeableConcept": {"text": "PIK3CA"}}), ("48005-3", {"valueString": "p.H1047R"})),
        variant("LA9633-4"),
    )  # fmt: skip
    (sample,) = found.patient["specimens"]
    assert sample["ngs"]["variants"] == [{"gene": "ERBB2", "hgvs": "p.Ser310Phe", "vaf_percent": 22}]
    assert found.patient["biomarkers"] == {"kras": "wild_type", "pik3ca": ["p.H1047R"]}
    assert [one.line for one in found.unused] == [5]


def test_procedures_and_allergies(read):
    surgery = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-related-surgical-procedure"
    found = read(
        {
            "resourceType": "Procedure", "status": "completed", "subject": ME, "meta": {"profile": [surgery]},
            "code": concept("1", "Mastectomy (procedure)", SNOMED), "performedPeriod": {"start": "2024-02-03", "end": "2024-02-03"},
        },
        {"resourceType": "Procedure", "status": "not-done", "subject": ME, "code": concept("2", "Mastectomy", SNOMED)},
        {"resourceType": "AllergyIntolerance", "patient": ME, "code": concept("3", "docetaxel", RXNORM)},
        {"resourceType": "AllergyIntolerance", "patient": ME, "code": concept("716186003", "No known allergy", SNOMED)},
    )  # fmt: skip
    assert found.patient["procedures"] == [
        {"kind": "surgery", "technique": "mastectomy", "date": "2024-02-03", "major": True}
    ]
    assert found.patient["allergies"] == [{"substance": "docetaxel"}]
    assert [one.line for one in found.unused] == [3, 5]


ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
C77_3 = "Secondary and unspecified malignant neoplasm of axilla and upper limb lymph nodes"


@pytest.mark.parametrize(
    ("code", "sites"),
    [
        (concept("C77.3", C77_3, ICD10), None),
        (concept("C77.3", "", ICD10), None),
        (concept("C77", "", ICD10), None),
        (concept("", C77_3, ""), None),
        (concept("94181007", "Secondary malignant neoplasm of axillary lymph nodes (disorder)", SNOMED), None),
        (concept("C77.9", "", ICD10, text="Metastasis to lymph nodes, no distant spread"), None),
        (concept("C77.9", "", ICD10, text="Lymph node metastases, regional or distant"), None),
        (concept("C77.9", "", ICD10, text="Distant lymph node metastases"), ["lymph_node"]),
        (concept("C77.1", "", ICD10, text="Metastasis to non-regional lymph nodes"), ["lymph_node"]),
        (concept("C78.7", "Secondary malignant neoplasm of liver", ICD10), ["liver"]),
        (concept("C79.51", "", ICD10), ["bone"]),
        (concept("C79.52", "", ICD10), ["bone_marrow"]),
    ],
)
def test_cancer_in_lymph_nodes_is_a_metastasis_only_where_it_is_called_distant(read, code, sites):
    found = read({"resourceType": "Condition", "id": "c", "subject": ME, "code": code})
    assert found.patient.get("cancer", {}).get("metastatic_sites") == sites
    assert any("regional or distant is not said" in one.text for one in found.unused) is (sites is None)
