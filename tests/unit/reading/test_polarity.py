"""What a text demands, shuts out or leaves open: faults of sign and of scope, each in wording of our own."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


def read(text: str) -> list[Criterion]:
    return list(reader(load_knowledge()).read(text).criteria)


def one(section: str, *lines: str) -> Criterion:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    (criterion,) = read(f"{header}:\n\n* " + "\n".join(lines) + "\n")
    return criterion


def said(node: Node) -> str:
    """The tree in one line, without parameters and spans."""
    match node:
        case Leaf():
            return "?" if node.kind == "unread" else node.kind
        case Not():
            return f"-{said(node.part)}"
        case When():
            return f"{said(node.when)} -> {said(node.then)}"
        case AllOf() | AnyOf() | AtLeast():
            sign = " & " if isinstance(node, AllOf) else " | "
            return "(" + sign.join(map(said, node.parts)) + ")"


def signs(node: Node, kind: str, sign: bool = True) -> set[bool]:
    """Whether leaves of a kind are asked for, shut out, or both."""
    match node:
        case Leaf():
            return {sign} if node.kind == kind else set()
        case Not():
            return signs(node.part, kind, not sign)
        case When():
            return signs(node.when, kind, not sign) | signs(node.then, kind, sign)
        case AllOf() | AnyOf() | AtLeast():
            return set().union(*(signs(part, kind, sign) for part in node.parts))


@pytest.mark.parametrize(
    "entry",
    [
        "Unless contraindicated, participants must have received oxaliplatin",
        "Unless it is medically contraindicated, patients must have had oxaliplatin before",
    ],
)
def test_an_escape_in_front_keeps_the_sign_of_the_main_clause(entry: str) -> None:
    assert said(one("in", entry).node) == "(prior_therapy | ?)"


def test_an_escape_in_front_of_an_exclusion_leaves_it_open() -> None:
    node = one("ex", "Unless the sponsor agrees, uncontrolled hypertension").node
    assert signs(node, "cardiac_history") == {False}
    assert signs(node, "unread") == {False}


def test_a_not_ends_where_a_demand_of_its_own_begins() -> None:
    node = one("in", "Women should not be breast feeding and must have a negative pregnancy test").node
    assert signs(node, "pregnancy") == {False}
    assert isinstance(node, AllOf)


def test_cannot_denies() -> None:
    assert said(one("in", "Patients cannot be receiving chloroquine").node) == "-concomitant_medication"
    assert said(one("ex", "Patients cannot be receiving chloroquine").node) == "-concomitant_medication"


def test_what_brings_its_own_no_is_not_denied_by_the_no_before() -> None:
    node = one(
        "in", "Either no longer fit for standard therapy, have no standard therapy available, or decline it"
    ).node
    assert signs(node, "options_exhausted") == {True}


@pytest.mark.parametrize(
    "entry",
    [
        "HER2-positive breast cancer, with or without prior cetuximab",
        "HER2-positive breast cancer irrespective of prior cetuximab",
        "HER2-positive breast cancer regardless of prior cetuximab",
    ],
)
def test_what_makes_no_difference_demands_nothing(entry: str) -> None:
    criterion = one("in", entry)
    assert criterion.role is Role.DECIDES
    assert signs(criterion.node, "prior_therapy") == set()
    assert signs(criterion.node, "her2_status") == {True}


def test_regardless_does_not_make_a_permission_of_an_exclusion() -> None:
    criterion = one("ex", "Diarrhoea of grade 2 or more, regardless of its cause")
    assert criterion.role is Role.DECIDES
    assert signs(criterion.node, "comorbidity") == {False}


def test_not_allowed_for_some_is_an_exclusion_of_these() -> None:
    criterion = one("ex", "Prior anti-HER2 therapy is not allowed for participants with HER2-low disease")
    assert criterion.role is Role.DECIDES
    assert signs(criterion.node, "prior_therapy") == {False}


def test_an_exception_that_is_allowed_does_not_make_a_permission_of_the_exclusion() -> None:
    criterion = one("ex", "Another cancer within 3 years, with the exception that in situ cancers are allowed")
    assert criterion.role is Role.DECIDES
    assert signs(criterion.node, "second_malignancy") == {False}


def test_patients_not_eligible_for_another_treatment_are_not_shut_out() -> None:
    node = one("in", "Metastatic breast cancer that is not eligible or has refused other approved options").node
    assert False not in signs(node, "tumour_type") | signs(node, "disease_setting")


def test_a_sentence_that_ends_in_not_eligible_opens_no_section() -> None:
    found = read("Inclusion Criteria:\n\n* cN2 disease is not eligible\n* Age at least 18 years\n")
    assert [item.section for item in found] == ["inclusion", "inclusion"]
    assert said(found[1].node) == "age"


def test_criteria_of_a_named_group_bind_that_group() -> None:
    found = read(
        "Inclusion Criteria:\n* Age at least 18 years\nExclusion Criteria:\n* Stroke\n"
        "Nivolumab Specific Inclusion Criteria for MSI-H Cohort:\n* Haemoglobin at least 9 g/dL\n"
    )
    assert [(item.section, bool(item.scope)) for item in found] == [
        ("inclusion", False),
        ("exclusion", False),
        ("inclusion", True),
    ]
    assert said(found[2].node) == "lab_value"


@pytest.mark.parametrize(
    "entry",
    [
        "Prior capecitabine is allowed, provided six months have passed",
        "Prior capecitabine is allowed if it was well tolerated",
    ],
)
def test_a_proviso_binds_those_whom_it_names(entry: str) -> None:
    criterion = one("in", entry)
    assert criterion.role is Role.DECIDES
    assert said(criterion.node) == "prior_therapy -> ?"


def test_a_list_of_provisos_binds_those_whom_its_lead_names() -> None:
    criterion = one(
        "in",
        "Patients who are HIV positive may take part if they meet the following requirements:",
        "  * A CD4 count above 250",
        "  * HIV-infected patients are seen every 12 weeks",
    )
    assert said(criterion.node).startswith("viral_infection -> ")
    assert signs(criterion.node, "viral_infection") == {False}


def test_no_limit_says_nothing() -> None:
    assert read("Inclusion Criteria:\n* There is no restriction for the number of prior hormonal therapies\n") == []
    (criterion, *_) = read("Inclusion Criteria:\n* No limit on prior therapies if the last was 2 weeks ago\n")
    assert said(criterion.node) == "?"


def test_a_condition_before_a_list_is_one_condition() -> None:
    node = one("in", "If HER2-positive, one of the following:", "  * prior trastuzumab", "  * prior lapatinib").node
    assert said(node) == "her2_status -> (prior_therapy | prior_therapy)"


def test_those_named_in_front_of_a_demand_are_a_condition() -> None:
    node = one("in", "Participants who have a known EGFR mutation should have disease progression on osimertinib").node
    assert signs(node, "gene_status") == {False}
    assert isinstance(node, When)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("ROS1 fusion negative", "-gene_status"),
        ("c-Met amplification negative", "-gene_status"),
        ("KRAS mutation-negative", "-gene_status"),
        ("KRAS mutation-positive", "gene_status"),
    ],
)
def test_an_alteration_that_is_negative_is_absent(entry: str, expected: str) -> None:
    assert said(one("in", entry).node) == expected


@pytest.mark.parametrize(
    "entry",
    [
        "Staining of 0 or 1+ by IHC is considered negative",
        "Tumours with staining of 2+ are regarded as HER2 equivocal",
        "If LVEF is > 75 %, the investigator should consider a second review",
    ],
)
def test_definitions_and_advice_demand_nothing(entry: str) -> None:
    assert said(one("in", entry).node) == "?"


def test_nobody_must_have_lesions_that_are_not_measurable() -> None:
    found = read(
        "Inclusion Criteria:\n\n* Measurable disease\n    * The following are not considered measurable:\n"
        "        * Bone metastases\n        * Leptomeningeal disease\n"
    )
    assert all(
        signs(item.node, kind) == set() for item in found for kind in ("metastatic_site", "leptomeningeal_disease")
    )


def test_a_bracket_that_shuts_out_asks_for_nothing_in_it() -> None:
    node = one("in", "Pancreatic ductal adenocarcinoma (neuroendocrine tumours excluded)").node
    assert said(node) == "(tumour_type & -tumour_type)"


def test_non_denies_the_whole_term() -> None:
    assert said(one("in", "Non-predominant squamous subtype").node) == "?"


def test_a_small_share_is_no_histology() -> None:
    node = one("in", "Non-small cell lung cancer (< 50 % squamous cells)").node
    assert "squamous_cell" not in str(node)


def test_without_ends_at_with() -> None:
    node = one("in", "Lung cancer without EGFR mutation with progression on platinum").node
    assert signs(node, "gene_status") == {False}
    assert signs(node, "prior_therapy") | signs(node, "disease_progression") == {True}


def test_pregnant_or_lactating_is_either() -> None:
    assert said(one("ex", "Women who are pregnant or in the period of lactation").node) == "-(pregnancy | pregnancy)"


@pytest.mark.parametrize(
    "entry",
    [
        "Women of childbearing potential not using contraception",
        "Fertile patients who are unwilling or unable to use effective contraception",
        "Men who plan to father a child during the study",
    ],
)
def test_those_who_use_no_contraception_are_asked_to_use_it(entry: str) -> None:
    assert signs(one("ex", entry).node, "contraception") == {True}


@pytest.mark.parametrize(
    "entry",
    ["Unable to comply with the requirements of the study", "Takes part in another clinical trial at the same time"],
)
def test_what_the_study_asks_is_never_denied(entry: str) -> None:
    assert signs(one("ex", entry).node, "participation") == {True}


def test_a_lead_on_taking_part_is_no_condition_of_the_exclusions() -> None:
    found = read(
        "Exclusion Criteria:\n\n"
        "* Anybody who meets any of the following will be excluded from participation in this study:\n"
        "    * Stroke\n    * Pregnancy\n"
    )
    assert [said(item.node) for item in found] == ["-cardiac_history", "-pregnancy"]


def test_demands_that_nobody_can_fulfil_are_left_open() -> None:
    found = read(
        "Inclusion Criteria:\n\n* Age at least 18 years\n* After systemic therapies, as follows:\n"
        "    * At least one prior line for HR-positive, HER2-negative disease\n"
        "    * At least one prior line for triple-negative disease\n"
    )
    assert {sign for item in found for sign in signs(item.node, "hormone_receptor")} == set()
    assert {sign for item in found for sign in signs(item.node, "lines_of_therapy")} == set()
    assert said(found[0].node) == "age"


def test_the_cancer_of_the_trial_is_not_shut_out_by_a_header() -> None:
    found = read(
        "Inclusion Criteria:\n\n* Ovarian cancer or breast cancer\n\n"
        "Exclusion Criteria:\n\n* Patients with ovarian cancer\n"
    )
    assert said(found[1].node) == "?"


def test_cancers_in_a_list_under_a_wider_one_are_alternatives() -> None:
    node = one(
        "in",
        "Advanced solid tumours that have recurred, including:",
        "  1. Gastric adenocarcinoma after trastuzumab",
        "  2. Pancreatic ductal adenocarcinoma",
        "  3. Biliary tract cancer",
    ).node
    assert "(tumour_type & prior_therapy) | tumour_type" in said(node) or " | tumour_type" in said(node)
    assert isinstance(node, AllOf | AnyOf)


def test_an_or_that_begins_a_sentence_joins_it_to_the_one_before() -> None:
    assert said(one("in", "Measurable disease; or ECOG 0 to 1").node) == "(measurable_disease | performance_status)"


def test_a_sentence_that_demands_among_exclusions_is_no_exclusion() -> None:
    found = read(
        "Exclusion Criteria:\n\n* Any of the following:\n"
        "    * Stroke. Patients must have a haemoglobin of at least 9 g/dL\n"
    )
    assert {sign for item in found for sign in signs(item.node, "lab_value")} == {True}


@pytest.mark.parametrize("section", ["in", "ex"])
@pytest.mark.parametrize(
    "refusal",
    [
        "will not be eligible for study",
        "are not eligible for study entry",
        "are not eligible for the present study",
        "are not eligible for trial participation",
        "cannot participate in this trial",
        "cannot participate",
    ],
)
def test_who_may_not_take_part_is_shut_out_in_either_section(section, refusal):
    assert signs(one(section, f"Patients with LVEF < 50% {refusal}").node, "lvef") == {False}


def test_active_metastases_of_those_who_will_not_be_eligible_are_not_accepted():
    node = one("in", "Patients with active brain metastases will not be eligible for study").node
    told = [leaf for leaf in leaves(node) if leaf.kind == "cns_metastases"]
    assert told
    assert not any("active_or_progressing" in repr(leaf.params) for leaf in told)
