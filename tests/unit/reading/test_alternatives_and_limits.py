"""Alternatives whatever joins them, limits that are looser for some, and clauses that narrow more than one word."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Not, When, leaves


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, *lines, section="Inclusion"):
    """Return the trees of a section that decide."""
    found = reader.read(f"{section} Criteria:\n\n" + "\n".join(lines) + "\n").criteria
    return [item.node for item in found if item.role.value == "decides"]


def asked(node):
    """Return the leaves that a demand asks for together; what a condition or an alternative holds is none of them."""
    match node:
        case AllOf(parts=parts):
            return [item for part in parts for item in asked(part)]
        case Leaf():
            return [node]
    return []


def kinds(node):
    return {item.kind for item in leaves(node)}


def bare(value):
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def test_cancers_under_a_lead_without_a_colon_are_alternatives(reader):
    found = criteria(
        reader,
        "* Advanced cancer that expresses HER2",
        "  * Stage IIA breast cancer with six positive nodes",
        "  * Stage III breast cancer",
        "  * Stage III ovarian cancer",
        "  * Node-positive gastric cancer",
    )
    either = [node for node in found if isinstance(node, AnyOf)]
    assert len(either) == 1
    assert len(either[0].parts) == 4
    assert not any(item.kind == "tumour_type" for node in found for item in asked(node))


def test_histologies_that_exclude_each_other_are_alternatives(reader):
    found = criteria(
        reader,
        "* Recurrent cancer of the cervix",
        "  * Eligible types:",
        "    * Adenocarcinoma",
        "    * Adenosquamous carcinoma",
        "    * Undifferentiated carcinoma",
    )
    demanded = [item.params.histologies for node in found for item in asked(node) if item.kind == "tumour_type"]
    assert [item for item in demanded if item] == []


def test_nested_entries_that_or_joins_are_alternatives(reader):
    found = criteria(
        reader,
        "* Advanced colorectal cancer",
        "  * Progression on fluorouracil OR",
        "  * Relapse within 12 months of adjuvant fluorouracil",
    )
    assert any(isinstance(node, AnyOf) and kinds(node) == {"prior_therapy"} for node in found)


def test_the_entries_behind_one_of_the_following_that_lost_their_indent(reader):
    found = criteria(
        reader,
        "Subjects who meet any of the following criteria:",
        "Relapse on adjuvant trastuzumab",
        "Something that nobody has a name for",
        "Prior trastuzumab for metastatic disease",
        "ECOG 0 or 1",
    )
    assert len(found) == 2
    assert isinstance(found[0], AnyOf)
    assert kinds(found[1]) == {"performance_status"}


def test_a_list_of_which_only_the_first_entry_is_known_asks_for_none(reader):
    found = criteria(reader, "Meeting 1 of the following:", "Metastatic disease", "ECOG 0 or 1")
    assert all(item.kind != "disease_setting" for node in found for item in asked(node))
    assert any(item.kind == "performance_status" for node in found for item in asked(node))


def test_what_defines_the_second_of_two_asks_nothing_of_the_first(reader):
    found = criteria(
        reader,
        "* Triple-negative breast cancer or ER-low breast cancer defined as:",
        "  * ER 1 to 10%",
        "  * HER2-negative",
    )
    positive = [item for node in found for item in asked(node) if item.kind == "hormone_receptor"]
    assert positive == []


@pytest.mark.parametrize(
    "text",
    [
        "AST ≤ 3 x ULN. For patients with liver metastases the following limits apply: 5 x ULN for transaminases",
        "AST ≤ 2.5 x ULN. If the liver is involved: AST ≤ 5 x ULN",
        "ALT and AST ≤ 2.5 x ULN. (For patients with involvement of the liver by the cancer, both < 5 x ULN)",
        "Bilirubin ≤ 1.5 x ULN, with the following exception: patients with Gilbert disease: ≤ 3 x ULN",
    ],
)
def test_a_limit_that_is_looser_for_some_shuts_out_none_of_them(reader, text):
    (node,) = criteria(reader, f"* {text}")
    assert all(item.kind in ("unread", "judgement") for item in asked(node))
    assert "lab_value" in kinds(node)


def test_the_limits_that_the_liver_does_not_touch_stay_as_they_are(reader):
    text = "Creatinine ≤ 1.5 x ULN and AST ≤ 2.5 x ULN (for those with spread to the liver other limits hold)"
    (node,) = criteria(reader, f"* {text}")
    assert [item.params.variable for item in asked(node) if item.kind == "lab_value"] == ["creatinine"]


def test_a_second_value_behind_a_semicolon_suffices(reader):
    text = "Creatinine within normal limits; OR creatinine clearance ≥ 30 mL/min for those with levels above normal"
    (node,) = criteria(reader, f"* {text}")
    assert isinstance(node, AnyOf)
    assert kinds(node) - {"unread"} == {"lab_value"}


def test_if_treated_before_asks_nobody_for_the_treatment(reader):
    for text in (
        "If adjuvant chemotherapy was given, patients must have had at least 4 cycles.",
        "If lung disease, FEV1 above 60% of predicted",
    ):
        for node in criteria(reader, f"* {text}"):
            assert isinstance(node, When)


def test_who_can_bear_children_still_only_confirms(reader):
    text = "Inclusion Criteria:\n\n* If fertile, the patient has agreed to use contraception\n"
    assert [item.role.value for item in reader.read(text).criteria] == ["confirm"]


@pytest.mark.parametrize(
    "text",
    [
        "Prior radiotherapy to other lesions allowed and recovered",
        "Tamoxifen allowed as indicated for hormone receptor positive disease",
        "Brain metastases allowed after definitive radiotherapy",
    ],
)
def test_what_is_allowed_is_not_asked_for(reader, text):
    found = reader.read(f"Inclusion Criteria:\n\n* {text}\n").criteria
    assert found[0].role.value == "permits"


def test_a_long_sentence_with_a_permission_in_it_keeps_its_demand(reader):
    text = "Hemoglobin greater than 7 g/dL Transfusion allowed after a transplant"
    assert reader.read(f"Inclusion Criteria:\n\n* {text}\n").criteria[0].role.value == "decides"


def shut_out(node):
    """Return the leaves of which each alone shuts somebody out of an exclusion."""
    inner = node.part if isinstance(node, Not) else node
    parts = inner.parts if isinstance(inner, AnyOf) else (inner,)
    found = [part.part if isinstance(part, Not) else part for part in parts]
    return [part.kind for part in found if isinstance(part, Leaf) and part.kind != "unread"]


@pytest.mark.parametrize(
    "text",
    [
        "Brain metastasis or compression of the spinal cord that was not yet treated with radiotherapy",
        "Cerebral metastases or meningeal spread with symptoms that hinder taking part",
    ],
)
def test_a_clause_behind_two_may_narrow_both(reader, text):
    (node,) = criteria(reader, f"* {text}", section="Exclusion")
    assert "cns_metastases" not in shut_out(node)


def test_a_clause_of_the_second_leaves_other_illnesses_as_they_are(reader):
    (node,) = criteria(reader, "* Pregnancy or heart failure that needs treatment", section="Exclusion")
    assert "pregnancy" in shut_out(node)
    (node,) = criteria(reader, "* Meningeal metastases or brain metastases which need steroids", section="Exclusion")
    assert "leptomeningeal_disease" in shut_out(node)


def test_commas_in_front_of_one_cancer_join_what_is_said_of_it(reader):
    (node,) = criteria(reader, "* Patients with node negative, T1, grade 1 breast cancer", section="Exclusion")
    assert shut_out(node) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chemotherapy within 21 days, non-cranial radiotherapy within 10 days", "washout"),
        ("Treated with surgery and/or radiotherapy only", None),
    ],
)
def test_other_sites_and_only(reader, text, kind):
    (node,) = criteria(reader, f"* {text}", section="Exclusion")
    assert [item for item in shut_out(node) if item == "procedure"] == []
    assert not any(item.kind == "procedure" for item in asked(node))
    assert kind is None or kind in shut_out(node)


def test_no_therapy_exists_or_has_failed_turns_nothing_round(reader):
    (node,) = criteria(reader, "* No curative therapy exists or has progressed on it")
    assert "disease_progression" not in shut_out(node)


@pytest.mark.parametrize(
    "text",
    [
        "At least one measurable lesion - Lytic bone lesions of at least 1 cm",
        "Liver metastases < 70 % of the organ",
    ],
)
def test_a_site_that_only_counts_or_has_a_limit_is_not_asked_for(reader, text):
    assert all(item.kind != "metastatic_site" for node in criteria(reader, f"* {text}") for item in asked(node))


def test_a_sex_in_a_formula_is_not_asked_for(reader):
    for text in ("Females: CrCl = weight x (140-age) x 0.85", "Females:"):
        assert all(item.kind != "sex" for node in criteria(reader, f"* {text}") for item in asked(node))


def test_a_cancer_excepted_from_no_other_cancer_is_not_asked_for(reader):
    (node,) = criteria(reader, "* No second malignancy except: Basal cell skin cancer Superficial bladder cancer")
    assert all(item.kind != "tumour_type" for item in asked(node))


def test_a_wait_after_the_other_cancer_is_not_that_of_the_trial(reader):
    text = "Treatment for another cancer. All cancer treatments must be completed at least 1 year before."
    (node,) = criteria(reader, f"* {text}", section="Exclusion")
    assert all(item.kind not in ("washout", "procedure") for item in asked(node))


def test_how_something_will_be_scored_asks_for_no_result(reader):
    text = "HER2 will be scored as 0, 1+, 2+ or 3+. Patients with 3+ are eligible"
    assert all(item.kind != "her2_status" for node in criteria(reader, f"* {text}") for item in asked(node))


def test_written_trees_of_alternatives_keep_their_form(reader):
    (node,) = criteria(reader, "* Aged at least 18 years, ECOG 0 or 1")
    assert bare(write(node)) == {"all_of": [{"age": {"min": 18}}, {"performance_status": {"ecog_max": 1}}]}
