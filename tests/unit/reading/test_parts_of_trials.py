"""Demands that bind a part of the trial, some patients or other people: they shut nobody else out."""

import pytest

from her2nav.criteria import elsewhere
from her2nav.criteria.part_labels import label_of, of_other_people
from her2nav.criteria.reader import Reader
from her2nav.criteria.structure import outline
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Not, When


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, *lines, section="Inclusion"):
    """Return the criteria of a section that decide."""
    found = reader.read(f"{section} Criteria:\n\n" + "\n".join(lines) + "\n").criteria
    return [item for item in found if item.role.value == "decides"]


def shuts(node, *, denied=False):
    """Return the kinds of which one answer alone makes a demand false, whatever was not read."""
    match node:
        case Leaf(kind="unread" | "judgement"):
            return set()
        case Leaf():
            return {node.kind}
        case Not(part=part):
            return shuts(part, denied=not denied)
        case AllOf(parts=parts) if not denied:
            return set().union(*(shuts(part) for part in parts))
        case AnyOf(parts=parts) if denied:
            return set().union(*(shuts(part, denied=True) for part in parts))
        case AnyOf(parts=(part,)) | AllOf(parts=(part,)):
            return shuts(part, denied=denied)
    return set()


def bare(value):
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        ("Expansion cohorts B2-B3:", ("cohort-b2", "cohort-b3")),
        ("Cohort A* (closed):", ("cohort-a",)),
        ("Monotherapy groups:", ("monotherapy-groups",)),
        ("Phase I portion of the trial:", ("phase-i",)),
        ("Arm #2 (with letrozole):", ("arm-2",)),
        ("Sub-protocol C:", ("sub-protocol-c",)),
        ("(Phase 1b only )", ("phase-1b",)),
        ("Caregivers:", ("caregivers",)),
    ],
)
def test_a_label_limits_what_stands_behind_it(reader, label, scope):
    found = criteria(reader, f"* {label} Must have measurable disease", "* ECOG 0 or 1")
    assert [item.scope for item in found] == [scope, ()]


@pytest.mark.parametrize(
    "text",
    [
        "Eastern Cooperative Oncology Group status: 0 or 1",
        "All cohorts: measurable disease",
        "Age group: at least 18 years",
        "Performance status of the patient: ECOG 0 or 1",
    ],
)
def test_what_names_no_part_limits_nothing(reader, text):
    assert all(item.scope == () for item in criteria(reader, f"* {text}"))


def test_a_label_without_a_colon_limits_the_entries_under_it(reader):
    found = criteria(
        reader, "Patient group (aim 1)", "1. Breast cancer", "2. ECOG 0 or 1", "", "Control group", "1. Age over 30"
    )
    scopes = {item.scope for item in found if shuts(item.node)}
    assert scopes == {("patient-group",), ("control-group",)}


def test_sections_for_donors_bind_no_patient(reader):
    text = (
        "Recipient Inclusion Criteria (Strata 1 and 2):\n\n1. Age of at least 18 years\n\nDonor Inclusion Criteria:\n\n"
        "1. Age up to 40 years\n\nRecipient Exclusion Criteria (Strata 1 and 2):\n\n1. Pregnant women\n"
    )
    found = reader.read(text).criteria
    assert [(item.section, item.scope) for item in found] == [
        ("inclusion", ("stratum-1", "stratum-2")),
        ("inclusion", ("donor",)),
        ("exclusion", ("stratum-1", "stratum-2")),
    ]
    assert of_other_people("donor")
    assert not of_other_people("stratum 1")


@pytest.mark.parametrize(
    ("labels", "whole"),
    [
        (("phase 2",), False),
        (("phase 1", "phase 2"), True),
        (("phase 2", "phase 3"), True),
        (("part 1b", "part 2"), False),
        (("part 1a", "part 1b", "part 2"), True),
        (("cohort b", "cohort c"), False),
        (("cohort a", "cohort c"), False),
        (("arm i", "arm ii", "arm iii"), True),
        (("dose-escalation",), False),
        (("dose-escalation", "dose-expansion"), True),
        (("monotherapy cohorts", "combination cohorts"), False),
    ],
)
def test_whether_the_parts_named_are_all_there_are(labels, whole):
    assert elsewhere.all_named(labels) is whole


def test_letters_and_numbers_of_a_range_are_written_out():
    assert label_of("cohorts b1-b3: age over 18", 0, 26) == (15, ("cohort b1", "cohort b2", "cohort b3"))


def test_a_part_behind_a_sentence_ends_with_its_entry(reader):
    found = criteria(
        reader,
        "1. Advanced solid tumour. Part 1B and Part 2: MSI-H tumour.",
        "2. Measurable disease by RECIST 1.1",
        "3. ECOG 0 or 1",
    )
    assert [item.scope for item in found] == [(), ("part-1b", "part-2"), (), ()]


def test_entries_at_the_level_of_a_lead_for_some_cohorts_bind_those(reader):
    found = criteria(
        reader,
        "* For the expansion cohorts, participants must have one of these cancer types:",
        "* Metastatic pancreatic cancer",
        "* Metastatic colorectal cancer",
        "* ECOG 0 or 1",
    )
    assert [shuts(item.node) for item in found] == [set(), {"performance_status"}]


@pytest.mark.parametrize(
    "text",
    [
        "Metastatic pancreatic cancer (cohort 2)",
        "Advanced lung cancer.(Phase 2a)",
        "Metastatic disease. The cohort expansion stage will take lung cancer.",
        "Advanced tumour with a KRAS mutation (part 2&3)",
    ],
)
def test_a_demand_beside_a_part_that_was_not_cut_off_stays_open(reader, text):
    assert not {"tumour_type", "gene_status"} & shuts(criteria(reader, f"* {text}")[0].node)


def test_other_sentences_of_the_entry_bind_all_the_same(reader):
    node = criteria(reader, "* Age of at least 18 years. ECOG 0 in the phase 2 part (cohort 3)")[0].node
    assert "age" in shuts(node)


@pytest.mark.parametrize(
    ("text", "guard"),
    [
        ("Karnofsky of at least 60 (for patients > 16 years of age)", {"age": {"min": 17}}),
        ("Participants aged ≥ 18 years: ECOG 0 or 1", {"age": {"min": 18}}),
        ("A power of attorney is required of all patients 18 - 21 years of age", {"age": {"min": 18, "max": 21}}),
    ],
)
def test_whom_a_demand_names_is_asked_for_nothing(reader, text, guard):
    assert bare(write(criteria(reader, f"* {text}")[0].node))["when"] == guard


@pytest.mark.parametrize(
    "text",
    [
        "Aged at least 16 years (in the US: 21 years)",
        "Aged at least 16 years; priority will be given to women with lung cancer",
    ],
)
def test_what_stands_beside_the_demand_is_none(reader, text):
    node = criteria(reader, f"* {text}")[0].node
    assert shuts(node) == {"age"}
    assert "21" not in str(bare(write(node)))


def test_a_preference_asks_nobody(reader):
    node = criteria(reader, "* Metastatic solid tumour, preferably squamous cell cancer of the lung")[0].node
    assert "lung" not in str(bare(write(node)))


def test_patients_with_brain_metastases_are_not_asked_for(reader):
    node = criteria(reader, "* Patients with brain metastases must have a measurable lesion outside the brain")[0].node
    assert isinstance(node, When)
    assert not shuts(node)


def test_a_label_of_a_cancer_binds_the_sentences_behind_it(reader):
    text = "* NSCLC (if applicable): Participants must have had osimertinib. They must have had no more than 3 lines."
    assert not shuts(reader.read(f"Inclusion Criteria:\n\n{text}\n", ("nsclc", "breast")).criteria[0].node)


def test_a_treatment_in_front_with_a_colon_is_a_condition(reader):
    node = criteria(reader, "* For the XY-12 combination: Participant must have pancreatic cancer")[0].node
    assert isinstance(node, When)
    assert not shuts(node)


@pytest.mark.parametrize("step", ["TREATMENT", "Apheresis"])
def test_a_step_in_front_of_exclusion_criteria_turns_the_section(step: str) -> None:
    text = f"{step} INCLUSION CRITERIA:\n\n* Melanoma\n\n{step} EXCLUSION CRITERIA:\n\n* Vaccination within 6 weeks"
    found = outline(text).items
    assert [(item.section, item.scope) for item in found] == [("inclusion", ()), ("exclusion", ())]


def test_criteria_of_a_named_cancer_bind_its_patients_alone() -> None:
    text = "Inclusion Criteria:\n\n* Adults\n\nCervical Cancer Inclusion Criteria:\n\n* Recurrent disease"
    assert [item.scope for item in outline(text).items] == [(), ("cervical cancer",)]


def test_a_sub_study_without_a_number_is_a_part() -> None:
    text = "Inclusion Criteria:\n\n* Breast cancer\n\nOptional sub-study (two sites only):\n\n* Must have lung cancer"
    assert [item.scope for item in outline(text).items] == [(), ("optional sub-study",)]


def test_bullets_beside_a_part_and_a_colon_are_of_that_part() -> None:
    text = "* Part 2 is for such as:\n* Melanoma:\n  * treated before\n* Lung cancer\n* Part 3: lung cancer\n* Adults"
    assert [item.scope for item in outline(text).items] == [("part 2",), ("part 2",), ("part 3",), ()]


def test_a_long_title_of_a_cohort_holds_for_what_stands_under_it() -> None:
    title = "Cohort 2 - Ultrasound imaging with several methods of patients with carcinoma of the pancreas:"
    text = f"{title}\n\nPatient group: those who have a biopsy\n\n* Pancreatic cancer\n\nCohort 3:\n\n* Goitre"
    scopes = [inner.scope for item in outline(text).items for inner in item.walk()]
    assert scopes == [("cohort 2",)] * 3 + [("cohort 3",)]


def test_a_name_over_what_each_cohort_asks_asks_nothing(reader):
    lines = [
        "* Prior irinotecan specific requirements:",
        "  * Cohort A: none",
        "  * Cohort B: must have had irinotecan",
    ]
    found = criteria(reader, *lines)
    assert not any(one.scope == () and "prior_therapy" in str(write(one.node)) for one in found)


def test_variants_that_a_line_without_a_colon_allows_are_not_demanded(reader):
    lines = [
        "* Urothelial carcinoma",
        "  * The following variants are permitted",
        "    * Squamous",
        "    * Sarcomatoid",
    ]
    found = criteria(reader, *lines)
    assert all(not isinstance(one.node, AllOf) for one in found)


def test_headings_of_several_populations_bind_each_its_own():
    one, two = "INCLUSION CRITERIA - PATIENTS WITH MELANOMA:", "INCLUSION CRITERIA - PATIENTS WITH GLIOMA:"
    text = f"{one}\n\n* A\n\n{two}\n\n* B\n\nINCLUSION CRITERIA - ALL PATIENTS:\n\n* C"
    assert [item.scope for item in outline(text).items] == [("patients with melanoma",), ("patients with glioma",), ()]
    assert [item.scope for item in outline(f"{one}\n\n* A").items] != [("patients with melanoma",)]


def test_groups_of_indications_outlined_below_are_alternatives(reader):
    lines = [
        "* Treated for any of the indications outlined below and willing to go on",
        "  * Before surgery for one of the following:",
        "    * Melanoma",
        "    * Sarcoma",
        "  * After surgery for one of the following:",
        "    * Renal cancer",
        "    * Bladder cancer",
    ]
    either = [one.node for one in criteria(reader, *lines) if isinstance(one.node, AnyOf)]
    assert [item.params.types for node in either for item in node.parts] == [
        ("melanoma",),
        ("sarcoma",),
        ("renal",),
        ("bladder",),
    ]


def test_a_part_in_square_brackets_is_a_heading():
    text = "Exclusion Criteria:\n\n* Stroke\n\n\\[Expansion Part\\]\n\n* Ileus\n* Gout"
    assert [item.scope for item in outline(text).items] == [(), ("expansion",), ("expansion",)]


def test_parts_of_one_number_that_brackets_tell_apart():
    text = "* PART 1 (monotherapy): Melanoma\n* PART 1 (combination) & PART 2: Lung cancer\n"
    text += "* During the test procedure : Glioma"
    assert [item.scope for item in outline(text).items] == [
        ("monotherapy part 1",),
        ("combination part 1", "part 2"),
        ("during the test procedure",),
    ]


def test_other_cancers_as_an_entry_open_the_list(reader):
    lines = ["* One proven of these:", "  * Thymoma", "  * Lung cancer", "  * Other cancers of the chest that qualify"]
    either = next(one.node for one in criteria(reader, *lines) if isinstance(one.node, AllOf | AnyOf))
    asked = either.parts[0] if isinstance(either, AllOf) else either
    assert "unread" in {part.kind for part in asked.parts if isinstance(part, Leaf)}
