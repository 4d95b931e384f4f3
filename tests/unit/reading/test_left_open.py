"""Words that bind fewer than they seem to: examples, other days, other people; each in words of our own."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Role

ANY_BRAIN = {
    "cns_metastases": {"accepted": ["untreated_asymptomatic", "treated_stable", "active_or_progressing"]},
}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, *lines, section="Inclusion"):
    """Return what is read of the bullets of a section; a line that begins with blanks stands under the one before."""
    bullets = "\n".join(line if line.startswith(" ") else f"* {line}" for line in lines)
    return reader.read(f"{section} Criteria:\n\n{bullets}\n", ()).criteria


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def tree(reader, *lines, section="Inclusion"):
    """Return the written tree of the first criterion."""
    return bare(write(criteria(reader, *lines, section=section)[0].node))


def open_beside(node, wanted):
    """Whether a leaf stands as one of alternatives beside a doubt, so that it decides nothing where it fails."""
    if isinstance(node, list):
        return any(open_beside(part, wanted) for part in node)
    if not isinstance(node, dict):
        return False
    parts = node.get("any_of")
    if isinstance(parts, list) and wanted in parts:
        return any("whether the trial means" in str(part) for part in parts)
    return any(open_beside(part, wanted) for part in node.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "Solid tumours in which the drug has worked, including breast cancer and prostate cancer",
            {"tumour_type": {"types": ["breast", "prostate"]}},
        ),
        (
            "Tumours with a known target, including, albeit not limited to, lung cancer and thyroid cancer",
            {"tumour_type": {"types": ["lung", "thyroid"]}},
        ),
    ],
)
def test_examples_of_cancers_and_genes_are_asked_of_nobody(reader, text, named):
    found = [bare(write(one.node)) for one in criteria(reader, text)]
    assert open_beside(found, named)


def test_entries_under_a_lead_of_examples_are_asked_of_nobody(reader):
    lines = (
        "Inhibitors that count include (but are not limited to):",
        "  * RET fusions - drug one",
        "  * ALK fusions - drug two",
    )
    found = criteria(reader, *lines)
    assert len(found) == 1
    assert "any_of" in bare(write(found[0].node))


def test_a_list_that_defines_its_cancer_is_asked_for(reader):
    text = "Blood cancer that came back, including, but not limited to: lymphoma, myeloma"
    assert "only the examples" not in str(tree(reader, text))


@pytest.mark.parametrize(
    ("text", "section", "leaf"),
    [
        ("At first diagnosed with stage I or II breast cancer", "Inclusion", None),
        (
            "Initially diagnosed with stage I or II breast cancer",
            "Inclusion",
            {"disease_setting": {"stages": ["I", "II"]}},
        ),
        (
            "Stage II breast cancer or stage IV breast cancer with ECOG 0",
            "Inclusion",
            {"performance_status": {"ecog_max": 0}},
        ),
        (
            "Raised alkaline phosphatase; if bone metastases are present",
            "Inclusion",
            {"metastatic_site": {"any_of": ["bone"]}},
        ),
        (
            "Side effects of earlier immunotherapy have resolved to grade 1",
            "Inclusion",
            {"toxicity_recovery": {"max_grade": 1}},
        ),
        ("Definition of disease [or measurable disease]", "Inclusion", {"measurable_disease": {}}),
    ],
)
def test_what_its_words_bind_to_another_day_or_person_is_left_open(reader, text, section, leaf):
    if leaf is None:
        assert "disease_setting" in str(tree(reader, text, section=section))
        return
    assert open_beside(tree(reader, text, section=section), leaf)


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("Stage II breast cancer", {"disease_setting": {"stages": ["II"]}}),
        ("ECOG 0", {"performance_status": {"ecog_max": 0}}),
        ("Side effects of earlier treatment have resolved to grade 1", {"toxicity_recovery": {"max_grade": 1}}),
        ("Measurable disease", {"measurable_disease": {}}),
    ],
)
def test_the_same_leaves_decide_where_nothing_narrows_them(reader, text, leaf):
    found = tree(reader, text)
    assert str(leaf)[1:-1] in str(found)
    assert not open_beside(found, leaf)


def test_a_disease_that_is_new_or_has_exceptions_of_no_name_shuts_out_nobody_alone(reader):
    new = tree(reader, "Newly diagnosed diabetes", section="Exclusion")
    assert new == {
        "not": {
            "all_of": [
                {"comorbidity": {"any_of": ["diabetes"]}},
                {"judgement": {"topic": "whether it is newly diagnosed"}},
            ]
        }
    }
    either = tree(reader, "Newly diagnosed or poorly controlled diabetes", section="Exclusion")
    assert {"comorbidity": {"any_of": ["uncontrolled_diabetes"]}} in either["not"]["any_of"]
    unnamed = tree(reader, "Diabetes, with exceptions", section="Exclusion")
    assert "exceptions that it does not name" in str(unnamed)
    beyond = tree(reader, "Poorly controlled (glucose above 160 mg/dL) diabetes", section="Exclusion")
    assert {"comorbidity": {"any_of": ["diabetes"]}} not in beyond["not"].get("any_of", [beyond["not"]])


def test_entries_under_exceptions_are_let_in(reader):
    lines = ("Autoimmune disease with exceptions of", "  * Vitiligo", "  * Hair loss that needs no treatment")
    found = criteria(reader, *lines, section="Exclusion")
    assert len(found) == 1
    assert "vitiligo" in str(bare(write(found[0].node))["not"])
    assert bare(write(found[0].node)) != {"not": {"comorbidity": {"any_of": ["vitiligo"]}}}


def test_cancers_that_roman_numbers_count_are_alternatives(reader):
    text = "Lung cancer, treated before, ii. breast cancer, treated before, iii. prostate cancer, treated before"
    found = tree(reader, text)
    assert [next(iter(part)) in ("tumour_type", "all_of") for part in found["any_of"]] == [True] * 3


def test_a_number_or_the_next_offers_one_of_them(reader):
    found = tree(reader, "Breast cancer with proof of 1)unresectable 2)recurrent, or 3)metastatic disease")
    assert "metastatic" in str(found)
    assert found.get("all_of", [None])[-1] != {"disease_setting": {"settings": ["metastatic"]}}


def test_a_label_that_names_two_cancers_says_not_of_which_it_speaks(reader):
    text = "Breast cancer: must have had hormones if HR+, serous ovarian cancer; must have had one line of platinum"
    found = tree(reader, text)
    kinds = {item.kind for item in leaves(criteria(reader, text)[0].node)}
    assert kinds <= {"tumour_type", "unread"}, found


def test_a_cancer_of_a_label_is_let_in_by_the_next_item(reader):
    lines = ("Breast cancer: must have had one line of chemotherapy", "Prostate cancer with a change of BRCA2")
    first, second = criteria(reader, *lines)[:2]
    assert "breast" in str(bare(write(second.node))["any_of"][-1])
    assert first.role is Role.DECIDES


def test_who_is_not_fit_for_treatment_or_declines_it_is_not_shut_out(reader):
    text = "Patients have no standard treatment left, or the patient is ineligible or declines standard treatment"
    assert "not" not in tree(reader, text)


def test_an_entry_of_a_list_is_not_asked_for_beside_its_other_entries(reader):
    lines = (
        "Cancer that cannot be cured of the following histologies:",
        "  * Small cell lung cancer",
        "  * Thymic carcinoma",
        "  * The tumour must be positive for PD-L1",
    )
    asked = str(tree(reader, *lines))
    assert "any_of" in asked
    assert asked.index("any_of") < asked.index("sclc") < asked.index("thymic")


def test_other_cancers_are_those_that_the_list_does_not_name(reader):
    lines = (
        "HER2 must be any of the following:",
        "  * IHC 2+ or 3+ in gastric cancer",
        "  * IHC 3+ in other gastrointestinal cancers",
    )
    second = tree(reader, *lines)["any_of"][1]["all_of"]
    assert {"not": {"tumour_type": {"types": ["gastric"]}}} in second


def test_what_else_is_asked_of_brain_metastases_binds_those_who_have_any(reader):
    lines = (
        "Patients with treated brain metastases may take part if they meet the following criteria:",
        "  * Radiosurgery was completed at least 7 days before the start of treatment",
        "  * Use of systemic corticosteroids does not exceed 2 mg of dexamethasone daily",
    )
    parts = tree(reader, *lines)["all_of"]
    bound = [part for part in parts if "when" in part]
    assert len(bound) == 2
    assert all(part["when"] == ANY_BRAIN for part in bound)
    assert "13.34" in str(bound[1])


def test_an_item_that_begins_with_and_or_is_an_alternative_to_the_one_before(reader):
    found = criteria(reader, "Breast cancer", "and/or carriers of a change of a gene of the family")
    assert len(found) == 1
    assert {"tumour_type": {"types": ["breast"]}} in bare(write(found[0].node))["any_of"]


def test_a_point_of_a_point_is_asked_of_nobody_alone(reader):
    lines = ("2. Disease of the bowel:", "3. 2.a. Rectal cancer", "4. 2.b. An adenoma")
    found = [bare(write(one.node)) for one in reader.read("Inclusion Criteria:\n\n" + "\n\n".join(lines)).criteria]
    assert any(open_beside(one, {"tumour_type": {"types": ["rectal"]}}) for one in found)


def test_exceptions_of_other_cancers_behind_a_semicolon_leave_it_open():
    text = (
        "Another cancer, except for non-melanoma skin cancer; or those with a cancer who are relapse-free for 3 years"
    )
    criteria = Reader(load_knowledge()).read(f"Exclusion Criteria:\n\n* {text}").criteria
    assert "lets in those behind the semicolon" in str([write(one.node) for one in criteria])


def test_a_time_behind_an_exception_bounds_what_stands_in_front():
    text = "Having undergone surgical procedures, not ophthalmological, in the last 3 months"
    criteria = Reader(load_knowledge()).read(f"Exclusion Criteria:\n\n* {text}").criteria
    assert "only within the time that stands behind it" in str([write(one.node) for one in criteria])
