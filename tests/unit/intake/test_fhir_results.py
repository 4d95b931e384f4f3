"""FHIR results that are not what their digits say: scores, shares, samples, doses, days, units, second opinions."""

import json

import pytest

from her2nav.intake.fhir.read import read_fhir
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from unit.intake.note_helpers import at
from unit.intake.test_fhir import ME, RXNORM, SNOMED, bundle, concept, observation

IHC, ISH, ER, PR = "85319-2", "85318-4", "16112-5", "16113-3"
POSITIVE = concept("10828004", "Positive (qualifier value)", SNOMED)
NEGATIVE = concept("260385009", "Negative (qualifier value)", SNOMED)


@pytest.fixture
def read(tmp_path):
    """Read resources as one bundle; an entry may be a pair of full URL and resource."""

    def reading(*resources):
        made = bundle()
        for one in resources:
            url, resource = one if isinstance(one, tuple) else (None, one)
            made["entry"].append({"resource": resource} | ({"fullUrl": url} if url else {}))
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        (one,) = read_fhir([str(path)], load_knowledge())
        Patient.model_validate(one.patient)
        return one

    return reading


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("ERBB2+", None),
        ("c-erbB-2+", None),
        ("ERBB2 + (3)", None),
        ("negative for 3+", None),
        ("3+ not confirmed", None),
        ("1-2+", ["1+", "2+"]),
        ("outside report 3+, here 1+", "1+"),
        ("repeat of 3+ : 1+", "1+"),
        ("2+ (0% 3+ cells)", "2+"),
        ("ERBB2 IHC 3+", "3+"),
    ],
)
def test_scores_in_words(read, written, score):
    found = read(observation(concept(IHC), valueString=written))
    assert at(found.patient, "specimens.0.ihc.score") == score
    assert score is not None or found.unused or at(found.patient, "specimens.0.her2_reported")


@pytest.mark.parametrize("written", ["HER2+", "HER2 positive", "ERBB2+", "c-erbB-2 (+)"])
def test_the_name_with_a_plus_is_a_word(read, written):
    found = read(observation(concept(IHC), valueString=written))
    assert at(found.patient, "specimens.0.her2_reported") == "positive"
    assert "ihc" not in found.patient["specimens"][0]


def contained(day, code, value):
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": day}}
    return observation(concept(code), "2024-05-05", contained=[specimen], specimen={"reference": "#s"}, **value)


def test_contained_samples_of_one_local_id_are_not_one_sample(read):
    found = read(
        contained("2022-01-10", IHC, {"valueString": "2+"}),
        contained("2024-02-20", ISH, {"valueCodeableConcept": POSITIVE}),
    )
    assert [one["collected"] for one in found.patient["specimens"]] == ["2022-01-10", "2024-02-20"]
    same = read(
        contained("2022-01-10", IHC, {"valueString": "2+"}),
        contained("2022-01-10", ISH, {"valueCodeableConcept": POSITIVE}),
    )
    (one,) = same.patient["specimens"]
    assert one["ihc"]["score"] == "2+"
    assert one["ish"]["result"] == "positive"


def test_left_and_right_of_one_day_are_two_samples(read):
    found = read(
        observation(concept(IHC), valueString="2+", bodySite=concept("80248007", "Left breast structure", SNOMED)),
        observation(
            concept(ISH), valueCodeableConcept=POSITIVE, bodySite=concept("73056007", "Right breast structure", SNOMED)
        ),
    )
    assert len(found.patient["specimens"]) == 2


@pytest.mark.parametrize(
    "collection", [{"collectedDateTime": "2019-01-01"}, {"collectedPeriod": {"start": "2019-01-01T08:00:00Z"}}]
)
def test_a_sample_by_its_full_url_has_its_own_day(read, collection):
    specimen = {"resourceType": "Specimen", "id": "own", "subject": ME, "collection": collection}
    url = "urn:uuid:3f1b9a52-0000-4000-8000-000000000001"
    found = read(
        (url, specimen), observation(concept(IHC), "2024-05-05", valueString="3+", specimen={"reference": url})
    )
    assert found.patient["specimens"][0]["collected"] == "2019-01-01"


def given(day, **rest):
    drug = concept("224905", "trastuzumab", RXNORM)
    made = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "subject": ME,
        "medicationCodeableConcept": drug,
    }
    return made | (rest or {"effectivePeriod": {"start": f"{day}T09:00:00Z", "end": f"{day}T10:30:00Z"}})


def test_infusions_with_an_hour_of_end_are_one_course(read):
    found = read(*(given(day) for day in ("2024-01-01", "2024-01-22", "2024-02-12")))
    (course,) = found.patient["therapies"]
    assert (course["start"], course["end"]) == ("2024-01-01", "2024-02-12")


def test_dispenses_are_one_course(read):
    one = {"resourceType": "MedicationDispense", "status": "completed", "subject": ME}
    drug = concept("224905", "trastuzumab", RXNORM)
    found = read(
        *(one | {"medicationCodeableConcept": drug, "whenHandedOver": day} for day in ("2024-01-01", "2024-01-22"))
    )
    assert len(found.patient["therapies"]) == 1


def test_an_active_statement_with_an_end_has_ended(read):
    one = given("2020-01-01", effectivePeriod={"start": "2020-01-01", "end": "2020-06-01"}) | {
        "resourceType": "MedicationStatement",
        "status": "active",
    }
    (course,) = read(one).patient["therapies"]
    assert course["end"] == "2020-06-01"
    assert course.get("ongoing") is not True


def test_a_proposal_was_not_given(read):
    one = given("", intent="proposal", authoredOn="2024-01-01") | {
        "resourceType": "MedicationRequest",
        "status": "completed",
    }
    found = read(one)
    assert "therapies" not in found.patient
    assert found.unused


@pytest.mark.parametrize("status", ["in-progress", "stopped"])
def test_an_operation_that_was_not_finished_is_not_written(read, status):
    one = {
        "resourceType": "Procedure",
        "status": status,
        "subject": ME,
        "code": concept("392021009", "Lumpectomy of breast", SNOMED),
    }
    found = read(one)
    assert "procedures" not in found.patient
    assert found.unused


@pytest.mark.parametrize(("unit", "percent"), [("percent", "0.8"), ("%", "0.8"), ("1", "80")])
def test_the_share_of_a_variant(read, unit, percent):
    parts = [
        {"code": concept("48018-6"), "valueCodeableConcept": concept("HGNC:3430", "ERBB2", "http://www.genenames.org")},
        {"code": concept("48005-3"), "valueCodeableConcept": {"text": "p.(Ser310Phe)"}},
        {"code": concept("81258-6"), "valueQuantity": {"value": 0.8, "unit": unit}},
    ]
    found = read(observation(concept("69548-6"), component=parts, valueCodeableConcept=POSITIVE))
    assert str(at(found.patient, "specimens.0.ngs.variants.0.vaf_percent")) == percent


def test_a_fraction_without_a_sign_is_asked(read):
    found = read(observation(concept("85147-7"), valueQuantity={"value": 0.6, "unit": "1"}))
    assert "pd_l1" not in str(found.patient.get("biomarkers", ""))


def test_a_burden_that_is_a_count_is_none_per_megabase(read):
    found = read(observation(concept("94076-7"), valueQuantity={"value": 350, "unit": "{mutations}"}))
    assert "tmb_per_mb" not in str(found.patient)
    assert (
        read(observation(concept("94076-7"), valueQuantity={"value": 12, "unit": "mut/Mb"})).patient["biomarkers"][
            "tmb_per_mb"
        ]
        == 12
    )


def test_results_of_a_receptor_of_two_days_are_not_mixed(read):
    found = read(
        observation(concept(ER), "2022-01-01", valueQuantity={"value": 80, "unit": "%"}),
        observation(concept(ER), "2024-01-01", valueCodeableConcept=NEGATIVE),
    )
    assert found.patient["biomarkers"]["er"] == {"status": "negative", "date": "2024-01-01"}
    assert any(one.path == "/biomarkers/er/percent" for one in found.older)


def test_a_code_against_its_text_is_not_used(read):
    mixed = concept("10828004", "Positive", SNOMED, text="Negative")
    found = read(observation(concept(PR), valueCodeableConcept=mixed))
    assert "pr" not in found.patient.get("biomarkers", {})
    assert found.unused


@pytest.mark.parametrize("written", ["1-2", "0 or 1", "ECOG 1 to 2"])
def test_two_scores_are_no_score(read, written):
    found = read(observation(concept("89247-1"), valueString=written))
    assert "performance" not in found.patient
    assert found.unused


def test_a_panel_has_the_units_of_its_components(read):
    parts = [
        {
            "code": concept("2823-3", "Potassium"),
            "valueQuantity": {"value": 4.5, "unit": "mmol/L", "code": "mmol/L"},
            "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}],
        }
    ]
    found = read(observation(concept("24323-8", "Comprehensive metabolic panel"), component=parts))
    (one,) = found.patient["labs"]
    assert (str(one["value"]), one["unit"], str(one["uln"])) == ("4.5", "mmol/L", "5.1")


def test_a_unit_against_its_code_is_not_used(read):
    found = read(
        observation(concept("718-7", "Haemoglobin"), valueQuantity={"value": 12.8, "unit": "g/dL", "code": "g/L"})
    )
    assert "labs" not in found.patient
    assert found.unused


def condition(code, **rest):
    return {"resourceType": "Condition", "subject": ME, "code": code} | rest


ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def test_a_metastatic_cancer_coded_by_its_organ_is_the_primary(read):
    found = read(
        condition(concept("C50.912", "Metastatic carcinoma of left breast", ICD10, text="Metastatic breast cancer"))
    )
    assert found.patient["cancer"]["tumour_type"] == "breast"
    assert found.questions


def test_the_primary_is_no_site_of_its_metastasis(read):
    profile = {"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-secondary-cancer-condition"]}
    liver = concept("10200004", "Liver structure", SNOMED)
    found = read(condition({"text": "Malignant neoplasm of breast"}, meta=profile, bodySite=[liver]))
    assert found.patient["cancer"]["metastatic_sites"] == ["liver"]


@pytest.mark.parametrize("status", ["remission", "inactive", "resolved"])
def test_a_metastasis_that_is_gone_is_not_written(read, status):
    found = read(
        condition(concept("C78.7", "Secondary malignant neoplasm of liver", ICD10), clinicalStatus={"text": status})
    )
    assert "metastatic_sites" not in str(found.patient)
    assert found.unused


def test_what_is_dated_after_today_counts_for_nothing(read):
    found = read(
        observation(concept("89247-1"), "2024-01-01", valueString="2"),
        observation(concept("89247-1"), "2094-01-01", valueString="1"),
        given("2094-01-01"),
    )
    assert found.patient["performance"]["ecog"] == 2
    assert "therapies" not in found.patient
    assert sum("after today" in one.text for one in found.unused) == 2


def test_a_cancer_that_is_over_gives_no_stage(read):
    over = {"clinicalStatus": {"coding": [{"code": "remission"}]}}
    colon = (
        condition(concept("C18.9", "Malignant neoplasm of colon", ICD10), id="colon", onsetDateTime="2010-01-01") | over
    )
    breast = condition(concept("C50.9", "Malignant neoplasm of breast", ICD10), id="breast", onsetDateTime="2024-01-01")
    stage = observation(
        concept("21908-9"), "2010-02-01", valueCodeableConcept={"text": "IIA"}, focus=[{"reference": "Condition/colon"}]
    )
    found = read(colon, breast, stage)
    assert found.patient["cancer"]["tumour_type"] == "breast"
    assert found.patient["cancer"]["diagnosed"] == "2024-01-01"
    assert "stage" not in found.patient["cancer"]
    assert len(found.patient["conditions"]) == 1


def test_a_cancer_that_is_over_alone_is_the_cancer(read):
    over = {"clinicalStatus": {"coding": [{"code": "remission"}]}}
    found = read(condition(concept("C50.9", "Malignant neoplasm of breast", ICD10), id="breast") | over)
    assert found.patient["cancer"]["tumour_type"] == "breast"


@pytest.mark.parametrize("period", [None, {"start": "2024-01-01"}, {"start": "2023-12-28", "end": "2024-02-12"}])
def test_a_statement_beside_its_doses_is_no_second_course(read, period):
    statement = given("", status="stopped") | {"resourceType": "MedicationStatement"}
    statement |= {"effectivePeriod": period} if period else {}
    found = read(*(given(day) for day in ("2024-01-01", "2024-01-22", "2024-02-12")), statement)
    assert len(found.patient["therapies"]) == 1
    assert any("once more" in one.text for one in found.unused)


def test_a_statement_of_another_time_is_a_course(read):
    statement = given("", status="stopped", effectivePeriod={"start": "2019-01-01", "end": "2019-12-01"})
    found = read(given("2024-01-01"), given("2024-01-22"), statement | {"resourceType": "MedicationStatement"})
    assert len(found.patient["therapies"]) == 2


@pytest.mark.parametrize(("day", "pregnancy"), [("2019-05-01", None), (None, "pregnant")])
def test_a_pregnancy_of_years_ago_is_over(read, day, pregnancy):
    found = read(observation(concept("82810-3"), day, valueCodeableConcept=concept("77386006", "Pregnant", SNOMED)))
    assert at(found.patient, "demographics.pregnancy") == pregnancy


def test_an_answer_code_against_its_text_is_no_score(read):
    mixed = concept("LA9623-5", "Restricted in physically strenuous activity", text="ECOG 3")
    found = read(observation(concept("89247-1"), valueCodeableConcept=mixed))
    assert "performance" not in found.patient
    assert found.unused


def test_two_persons_of_one_id_are_asked(read):
    other = {"resourceType": "Patient", "id": "me", "gender": "male", "birthDate": "1950"}
    found = read(other, observation(concept(IHC), valueString="3+"))
    assert any("not the same person" in one.message for one in found.questions)


@pytest.mark.parametrize(("spread", "category"), [("2022-03-01", None), ("2016-03-01", "cM0"), (None, "cM0")])
def test_no_metastases_before_those_of_today(read, spread, category):
    liver = concept("C78.7", "Secondary malignant neoplasm of liver", ICD10)
    found = read(
        observation(concept("21907-1"), "2018-01-01", valueCodeableConcept={"text": "cM0"}),
        condition(liver, **({"onsetDateTime": spread} if spread else {})),
    )
    assert at(found.patient, "cancer.tnm.m") == category
    assert found.patient["cancer"]["metastatic_sites"] == ["liver"]
