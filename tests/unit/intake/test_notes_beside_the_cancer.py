"""Other diseases, medicines and allergies: what is none, what is over, lists, substances in plain words."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


def _names(words: str, field: str) -> list[str]:
    key = "substance" if field == "allergies" else "name"
    return sorted(one[key] for one in patient(f"Clinic 3 May 2026. {words}").get(field) or [])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Background liver shows mild macrovesicular steatosis.", []),
        ("Adjacent mucosa: chronic active gastritis with metaplasia.", []),
        ("Deafness both sides, has aids.", []),
        ("Referred by OA Dr Muster.", []),
        ("She has OA of the knees.", ["osteoarthritis"]),
        ("Background: obesity (BMI 34) and asthma.", ["asthma", "obesity"]),
        ("FH: father prostate ca. PMH: migraine, asthma.", ["asthma", "migraine"]),
        ("She had a clot in her leg in 2020.", ["deep vein thrombosis"]),
        ("Aspirin brings her out in a rash.", []),
    ],
)
def test_diseases(words, expected):
    assert _names(words, "conditions") == expected


def test_a_day_belongs_to_the_last_of_two_diseases():
    found = patient("3 May 2026. PMH: reflux disease and a DVT in 2011.")["conditions"]
    assert {one["name"]: one.get("date") for one in found} == {
        "gastro-oesophageal reflux disease": None,
        "deep vein thrombosis": "2011",
    }


@pytest.mark.parametrize(
    "words", ["Hep C treated 2019.", "Hepatitis C (treated in 2019).", "PMH: stroke 2019 with full recovery."]
)
def test_what_is_over_is_resolved(words):
    assert {one["status"] for one in patient(f"3 May 2026. {words}")["conditions"]} == {"resolved"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Meds: aspirin 81 (held), metoprolol, atorvastatin.", ["atorvastatin", "metoprolol"]),
        ("Meds: ramipril stopped, bisoprolol 5 mg.", ["bisoprolol"]),
        ("AF, apixaban + bisoprolol. Ex smoker.", ["apixaban", "bisoprolol"]),
        ("DH apix 5 bd, biso 2.5, lanso 30, paracet prn.", ["apixaban", "bisoprolol", "lansoprazole", "paracetamol"]),
        ("Denosumab since 2022.", ["denosumab"]),
        ("Prednisone 1 mg/kg then taper, done 04/14/2026.", []),
        ("Prednisolone, weaned off in April.", []),
        ("Loperamide to pharmacy.", []),
        ("Iron infusion was in February.", []),
        ("Meds: ramipril 5 mg od; vit D; glargine.", ["calcium/vitamin D", "insulin", "ramipril"]),
    ],
)
def test_medicines(words, expected):
    assert _names(words, "medications") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Gets hives from the CT dye.", ["iodinated contrast"]),
        ("Allergy to iodinated contrast (hives in 2019). No drug allergies otherwise.", ["iodinated contrast"]),
        ("Allergy: elastoplast; no drug allergy.", ["adhesive tape"]),
        ("Neuropathy from the oxaliplatin. Penicillin allergic.", ["penicillin"]),
        ("Allergies: carboplatin? - unsure; latex - denies; penicillin (rash).", ["penicillin"]),
        ("No known drug allergies.", []),
        ("Her mother is allergic to penicillin.", []),
    ],
)
def test_allergies(words, expected):
    assert _names(words, "allergies") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Rash (grade 2) and neuropathy (grade 1), both of which have now gone.",
            {"rash": False, "peripheral neuropathy": False},
        ),
        (
            "Fatigue grade 1, nausea grade 2, rash grade 1, both now resolved.",
            {"fatigue": True, "nausea": False, "rash": False},
        ),
        ("The rash she had in April (grade 1) is gone.", {"rash": False}),
        ("Cisplatin left her with tinnitus (grade 1).", {"tinnitus": True}),
    ],
)
def test_side_effects_that_are_over(words, expected):
    found = patient(f"Clinic 3 May 2026. {words}")["toxicities"]
    assert {one["name"]: one["ongoing"] for one in found} == expected


def test_a_drug_that_left_somebody_with_it_is_the_cause():
    found = patient("Clinic 3 May 2026. Cisplatin left her with tinnitus (grade 1).")["toxicities"]
    assert found[0]["due_to"] == "cisplatin"
