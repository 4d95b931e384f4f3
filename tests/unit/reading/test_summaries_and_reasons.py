"""Summaries that run all criteria together, reasons, stages of other diseases, leads that name their list."""

import pytest

from her2nav.criteria.labelled import is_labelled
from her2nav.criteria.reader import reader
from her2nav.criteria.structure import outline
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge

SUMMARY = (
    "PATIENT CHARACTERISTICS: Age: 18 and over Performance status: WHO 0-2 Life expectancy: At least 3 months "
    "Hematopoietic: Absolute neutrophil count at least 1,500/mm3 Platelet count at least 100,000/mm3 Hepatic: "
    "Bilirubin no greater than 1.5 mg/dL SGOT or SGPT no greater than 2 times upper limit of normal (unless related to "
    "liver metastases) Other: Not pregnant or nursing No active infection Effective contraception required"
)


def plain(form: object) -> object:
    """A written tree without spans and texts."""
    if isinstance(form, dict):
        return {key: plain(value) for key, value in form.items() if key not in ("span", "text", "note")}
    return [plain(item) for item in form] if isinstance(form, list) else form


def read(text: str) -> list[tuple[str, object]]:
    taken = reader(load_knowledge()).read(text)
    return [(" ".join(item.text.split()), plain(write(item.node))) for item in taken.criteria]


def only(section: str, text: str) -> str:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    return repr([tree for _, tree in read(f"{header}:\n\n* {text}\n")])


def test_a_summary_is_cut_at_its_labels_and_statements() -> None:
    texts = [text for text, _ in read(SUMMARY)]
    assert texts == [
        "Age: 18 and over", "Performance status: WHO 0-2", "Life expectancy: At least 3 months",
        "Absolute neutrophil count at least 1,500/mm3", "Platelet count at least 100,000/mm3",
        "Bilirubin no greater than 1.5 mg/dL",
        "SGOT or SGPT no greater than 2 times upper limit of normal (unless related to liver metastases)",
        "Not pregnant or nursing", "No active infection", "Effective contraception required",
    ]  # fmt: skip


def test_no_letter_of_a_summary_is_lost() -> None:
    taken = outline(SUMMARY)
    spans = sorted([(item.start, item.end) for item in taken.items] + taken.headings)
    covered = "".join(SUMMARY[start:end] for start, end in spans)
    assert covered.replace(" ", "") == SUMMARY.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("PRIOR CONCURRENT THERAPY: No prior trastuzumab", True),
        ("DISEASE CHARACTERISTICS: Metastatic breast cancer No brain metastases", True),
        ("PATIENT CHARACTERISTICS: - Age 18 and over - ECOG 0-1", False),
        ("PATIENT CHARACTERISTICS:\n  Age 18 and over\n  ECOG 0-1", False),
        ("Patient characteristics are described below", False),
    ],
)
def test_what_is_such_a_summary(text: str, is_one: bool) -> None:
    assert is_labelled(text, 0, len(text)) is is_one


def test_alternatives_in_a_summary_stay_together() -> None:
    texts = [
        text
        for text, _ in read("DISEASE CHARACTERISTICS: Breast cancer OR Not resectable gastric cancer No CNS disease")
    ]
    assert texts == ["Breast cancer OR Not resectable gastric cancer No CNS disease"]


def test_a_reason_asks_nothing_more() -> None:
    found = only(
        "ex", "HIV-positive participants are ineligible because they are at increased risk of lethal infections"
    )
    assert "viral_infection" in found
    assert "'infection'" not in found


@pytest.mark.parametrize(
    ("text", "holds", "lacks"),
    [
        ("Stage 4 or 5 chronic kidney disease", "chronic_renal_failure", "disease_setting"),
        ("Stage 3 or 4 encephalopathy", "of stage 3 or 4", "disease_setting"),
        ("Renal insufficiency with a creatinine clearance below 40 mL/min", "without the numbers given", "unread"),
        ("Autoimmune disease with potential CNS involvement", "autoimmune_disease", "cns_metastases"),
        ("Pneumonitis that received steroids", "history_with_steroids", "concomitant_medication"),
        ("Insulin-dependent diabetes", "insulin_treated_diabetes", "['diabetes']"),
        ("Active second malignancy", "active_only", "within_years"),
        ("Patients who had an active infection", "any_active", "comorbidity"),
        ("Uncontrolled congestive heart failure", "whether it is uncontrolled", "unread"),
        ("History of or current active infection with hepatitis C", "known", "'active'"),
    ],
)
def test_exclusions_say_what_they_say(text: str, holds: str, lacks: str) -> None:
    found = only("ex", text)
    assert holds in found
    assert lacks not in found


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("No hormonal therapy is allowed, except contraceptives", "contraception"),
        ("Bilirubin no greater than 0.3 mg/dL above the upper limit of normal", "lab_value"),
        ("Creatinine clearance (measured over 24 hours) of at least 60 mL/min", "'24'"),
        ("Examples are patients with earlier radiotherapy that rules out another course", "procedure"),
    ],
)
def test_demands_that_nobody_makes(text: str, lacks: str) -> None:
    assert lacks not in only("in", text)


def test_a_lead_that_names_the_sort_of_its_list_is_no_condition() -> None:
    found = only("ex", "Cardiovascular disorders:\n  * Stroke within 6 months\n  * Unstable angina")
    assert found.startswith("[{'not': {'any_of': [{'cardiac_history': {'any_of': ['stroke']")
    bound = only("ex", "HIV infection with any of the following:\n  * Active infection\n  * Unstable angina")
    assert bound.startswith("[{'not': {'all_of': [{'viral_infection'")


def test_a_time_behind_a_semicolon_bounds_what_stands_before_it() -> None:
    found = only("ex", "History of venous or arterial thrombosis; for venous thrombosis, 6 months and stable")
    assert found.startswith("[{'any_of': [{'not'")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HIV negative", {"not": {"viral_infection": {"virus": "hiv", "state": "any"}}}),
        ("HIV-seronegative", {"not": {"viral_infection": {"virus": "hiv", "state": "any"}}}),
        ("HCV RNA negative", {"not": {"viral_infection": {"virus": "hcv", "state": "uncontrolled"}}}),
        (
            "At least 5 years since other malignancy except carcinoma in situ of the cervix",
            {"not": {"second_malignancy": {"within_years": "5", "exceptions": ["in_situ_cervix"]}}},
        ),
    ],
)
def test_short_demands(text: str, wanted: object) -> None:
    ((_, tree),) = read(f"Inclusion Criteria:\n\n* {text}\n")
    assert tree == wanted


@pytest.mark.parametrize(
    ("text", "years", "exceptions"),
    [
        (
            "Concurrent malignancy or malignancy within 3 years. Treated basal cell skin cancer is eligible.",
            "3",
            ["basal_cell_skin"],
        ),
        (
            "Other malignancy. Subjects disease-free for 5 years, or with resected basal cell cancer, are eligible.",
            "5",
            ["basal_cell_skin"],
        ),
    ],
)
def test_cancers_let_in_by_the_next_sentence(text: str, years: str, exceptions: list[str]) -> None:
    ((_, tree),) = read(f"Exclusion Criteria:\n\n* {text}\n")
    assert tree == {"not": {"second_malignancy": {"within_years": years, "exceptions": exceptions}}}


def test_a_direct_bilirubin_belongs_to_the_exception() -> None:
    found = only("in", "Total bilirubin <= 1.5 x ULN, unless due to Gilbert's syndrome and direct bilirubin is <= ULN")
    assert found.startswith("[{'any_of': [{'lab_value'")


def test_dashes_within_a_line_part_its_entries() -> None:
    found = read(
        "Inclusion Criteria:\n\n* Bone lesions or measurable disease - Adequate marrow: ANC >= 1.5 x 10^9/L - Age >= 18"
    )
    assert [text for text, _ in found][-1] == "Age >= 18"
    assert not any("any_of" in repr(tree) and "'anc'" in repr(tree) for _, tree in found)
