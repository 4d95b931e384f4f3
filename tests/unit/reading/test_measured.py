"""Values, measures, markers and categories: signs that were lost, units, looser limits, ranges, parts of a category."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion, Role
from unit.reading.written import bare, denied, either, every, lab

_TABLE = load_knowledge()
_LIVER = {"metastatic_site": {"any_of": ["liver"]}}
_GILBERT = {"comorbidity": {"any_of": ["gilbert_syndrome"]}}


def _read(entry: str, section: str) -> Criterion:
    found = reader(_TABLE).read(f"{section} Criteria:\n\n* {entry}\n").criteria
    return next(item for item in found if not item.id.endswith("-unread"))


def _asked(entry: str, section: str = "Inclusion") -> object:
    return bare(write(_read(entry, section).node))


def _vital(measure: str, op: str, value: str) -> dict[str, object]:
    return {"vital_sign": {"measure": measure, "op": op, "value": value}}


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Platelets ³ 90,000/mm3", lab("platelets", ">=", "90000", "/uL")),
        ("ALT £ 3 x ULN", lab("alt", "<=", "3", "xULN")),
        ("ALT </+ 3 x ULN", lab("alt", "<=", "3", "xULN")),
        ("Platelets =/> 90,000/mm3", lab("platelets", ">=", "90000", "/uL")),
        ("Haemoglobin ≥ 8.5 grams (g)/deciliter (dL)", lab("haemoglobin", ">=", "8.5", "g/dL")),
        ("Neutrophils ≥ 1.2 x 10^9/litre (L)", lab("anc", ">=", "1.2", "10*9/L")),
        ("ALT ≤ 3,5 x ULN", lab("alt", "<=", "3.5", "xULN")),
        ("Leukocytes ≥ 2.8", lab("wbc", ">=", "2.8", "10*9/L")),
        ("Creatinine must not exceed 1.3 x ULN", lab("creatinine", "<=", "1.3", "xULN")),
        ("Triglycerides 280 mg/dL", lab("triglycerides", "<=", "280", "mg/dL")),
        (
            "HbA1c ≥ 6 % and ≤ 9 %",
            every(lab("hba1c", ">=", "6", "%"), lab("hba1c", "<=", "9", "%")),
        ),
        (
            "Normal serum creatinine or creatinine clearance > 55 mL/min",
            either(lab("creatinine", "<=", "1", "xULN"), lab("creatinine_clearance", ">", "55", "mL/min")),
        ),
        (
            "Creatinine clearance ≥ 55 mL/min for patients with creatinine levels above institutional normal",
            {
                "when": lab("creatinine", ">", "1", "xULN"),
                "then": lab("creatinine_clearance", ">=", "55", "mL/min"),
            },
        ),
        (
            "ALT up to 6 x ULN if liver metastases are present and up to 3 x ULN otherwise",
            either(lab("alt", "<=", "3", "xULN"), every(_LIVER, lab("alt", "<=", "6", "xULN"))),
        ),
        (
            "Bilirubin ≤ 1.2 x ULN, or ≤ 3 x ULN with documented Gilbert's syndrome (unconjugated hyperbilirubinemia)",
            either(lab("bilirubin", "<=", "1.2", "xULN"), every(_GILBERT, lab("bilirubin", "<=", "3", "xULN"))),
        ),
        (
            "ALT ≤ 3 x ULN. Participants with history of liver metastases must have ALT ≤ 6 x ULN",
            either(lab("alt", "<=", "3", "xULN"), every(_LIVER, lab("alt", "<=", "6", "xULN"))),
        ),
        (
            (
                "Bilirubin ≤ 1.2 x ULN unless Gilbert's disease. "
                "Participants with Gilbert's disease must have bilirubin ≤ 4 x ULN"
            ),
            either(lab("bilirubin", "<=", "1.2", "xULN"), every(_GILBERT, lab("bilirubin", "<=", "4", "xULN"))),
        ),
        ("LVEF at least the lower limit of normal for a particular institution", {"lvef": {}}),
        (
            "LVEF ≥ 52 % or the institution's lower limit of normal, whichever is higher",
            every({"lvef": {"percent": "52"}}, {"lvef": {}}),
        ),
        (
            "92 mmHg < systolic blood pressure < 155 mmHg",
            every(_vital("systolic", "<", "155"), _vital("systolic", ">", "92")),
        ),
    ],
)
def test_limits(entry: str, wanted: object) -> None:
    assert _asked(entry) == wanted


@pytest.mark.parametrize(
    "entry",
    [
        # A range without a sign, and numbers of which a part stands apart.
        "HbA1c 7.2 % to 10.2 %",
        "Neutrophils of more than 1, 400 cells per mm3",
        # Which of the categories the nodes belong to is not said.
        "Unresectable disease (T4 or T1-3 N2)",
    ],
)
def test_what_cannot_be_told_stays_open(entry: str) -> None:
    assert any(item.kind == "unread" for item in leaves(_read(entry, "Inclusion").node))


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (
            "ALT > 3 x ULN (> 6 x ULN with liver metastases)",
            denied(
                either(every(lab("alt", ">", "3", "xULN"), denied(_LIVER)), every(_LIVER, lab("alt", ">", "6", "xULN")))
            ),
        ),
        (
            "Bilirubin > 1.2 x ULN (in case of Gilbert syndrome a bilirubin < 4 x ULN is allowed)",
            denied(
                either(
                    every(lab("bilirubin", ">", "1.2", "xULN"), denied(_GILBERT)),
                    every(_GILBERT, denied(lab("bilirubin", "<", "4", "xULN"))),
                )
            ),
        ),
        (
            "Systolic blood pressure > 165 or < 85 mmHg",
            denied(either(_vital("systolic", ">", "165"), _vital("systolic", "<", "85"))),
        ),
        (
            (
                "Creatinine > 1.4 x ULN concurrent with creatinine clearance < 45 mL/min; "
                "confirmation of creatinine clearance is only required when creatinine is > 1.4 x ULN"
            ),
            denied(every(lab("creatinine", ">", "1.4", "xULN"), lab("creatinine_clearance", "<", "45", "mL/min"))),
        ),
        (
            "Unknown oestrogen receptor status",
            either(
                *({"hormone_receptor": {"receptor": "er", "status": status}} for status in ("positive", "negative"))
            ),
        ),
        ("Positive axillary lymph nodes", denied({"disease_setting": {"n": ["N1", "N2", "N3"]}})),
    ],
)
def test_exclusions(entry: str, wanted: object) -> None:
    found = _read(entry, "Exclusion")
    assert found.role is Role.DECIDES
    assert bare(write(found.node)) == wanted


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Breast tumour (T2)", {"t": ["T2"]}),
        ("Breast cancer T1-3, clinical N0-1", {"t": ["T1", "T2", "T3"], "n": ["N0", "N1"]}),
        ("Breast cancer T1-3N1-3", {"t": ["T1", "T2", "T3"], "n": ["N1", "N2", "N3"]}),
        ("Breast cancer, > 12 mm", {"min_tumour_size_mm": "12.1"}),
        ("Breast cancer stage IIB or higher", {"stages": ["IIB", "III", "IV"]}),
    ],
)
def test_extent(entry: str, wanted: object) -> None:
    found = [write(item) for item in leaves(_read(entry, "Inclusion").node)]
    assert wanted in [item.get("disease_setting") for item in found]


def test_a_part_of_a_category_is_left_to_a_person() -> None:
    kinds = [item.kind for item in leaves(_read("Breast cancer T1b-T3", "Inclusion").node)]
    assert kinds.count("judgement") == 1
    assert "unread" not in kinds


def test_entries_of_a_list_without_marks_are_open() -> None:
    entry = "At least one of the following factors: tumour size > 3 cm PR negative age < 40 years"
    found = write(_read(entry, "Inclusion").node)
    assert "any_of" in found or "any_of" in found["all_of"][-1]


def test_limits_in_brackets_of_an_exclusion_shut_out_each_by_itself() -> None:
    entry = "Abnormal liver function (bilirubin > 1.2 x ULN (> 3 x ULN in case of Gilbert syndrome); ALT > 3 x ULN)"
    found = _asked(entry, "Exclusion")
    assert isinstance(found, dict)
    assert lab("alt", ">", "3", "xULN") in found["not"]["any_of"]


def test_a_cancer_in_situ_beside_an_invasive_one_is_taken_too() -> None:
    found = _read("DCIS or invasive ductal carcinoma", "Inclusion").node
    assert write(found)["tumour_type"]["histologies"] == ["ductal_in_situ", "invasive_ductal"]


@pytest.mark.parametrize(
    "entry",
    [
        "Karnofsky >= 60% for patients > 17 years of age; Lansky >= 60% for patients <= 17 years of age",
        "3-6 years male and female: <= 0.6 mg/dL",
    ],
)
def test_the_age_a_scale_or_a_limit_is_for_is_not_demanded(entry: str) -> None:
    kinds = {item.kind for item in leaves(_read(entry, "Inclusion").node)}
    assert "age" not in kinds or "performance_status" in kinds
    assert all(item.params.max is None for item in leaves(_read(entry, "Inclusion").node) if item.kind == "age")


@pytest.mark.parametrize(
    "entry", ["Patients who achieve a PR (>= 50% reduction of the tumour)", "CR or PR to chemotherapy"]
)
def test_a_partial_response_is_no_receptor(entry: str) -> None:
    assert "hormone_receptor" not in {item.kind for item in leaves(_read(entry, "Inclusion").node)}


def test_liver_metastases_behind_a_limit_without_its_sign_are_not_demanded() -> None:
    found = _read("ALT = 2.5 x ULN for patients with liver metastases", "Inclusion").node
    assert "metastatic_site" not in {item.kind for item in leaves(found)}
