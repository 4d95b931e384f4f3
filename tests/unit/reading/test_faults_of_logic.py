"""Faults of polarity, scope and thresholds, each in wording of our own."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.scopes import scopes_of
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
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


def params(node: Node, kind: str) -> list[dict[str, object]]:
    match node:
        case Leaf():
            return [node.params.model_dump(mode="json", exclude_defaults=True)] if node.kind == kind else []
        case Not():
            return params(node.part, kind)
        case When():
            return params(node.when, kind) + params(node.then, kind)
        case AllOf() | AnyOf() | AtLeast():
            return [found for part in node.parts for found in params(part, kind)]


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Gastric cancer, squamous cell carcinomas are excluded", "(tumour_type & -tumour_type)"),
        ("Breast cancer is required, but brain metastases are not allowed", "(tumour_type & cns_metastases)"),
        (
            "HER2-positive gastric cancer, patients with brain metastases are excluded",
            "(her2_status & tumour_type & cns_metastases)",
        ),
    ],
)
def test_what_is_shut_out_behind_a_comma_leaves_the_clause_before_it_asked_for(entry: str, wanted: str) -> None:
    assert said(one("in", entry).node) == wanted


def test_a_list_that_is_shut_out_is_not_cut() -> None:
    node = one("in", "Patients with heart failure, angina or stroke are excluded").node
    assert isinstance(node, Not)
    assert "tumour_type" not in said(node)


@pytest.mark.parametrize(
    ("entry", "number", "value"),
    [
        ("HER2 positive, defined as IHC 3+ or a FISH ratio ≥ 2.2", "min_ratio", "2.2"),
        ("HER2 positive, defined as IHC 3+ or a FISH ratio > 2.2", "min_ratio", "2.21"),
        ("HER2 gene copy number ≥ 6 signals per cell", "min_copy_number", "6"),
    ],
)
def test_limits_on_ish_keep_their_numbers(entry: str, number: str, value: str) -> None:
    node = one("in", entry).node
    assert params(node, "her2_amplification") == [{"methods": ["ish"], number: value}]
    assert not any("ish" in str(item) for item in params(node, "her2_status"))


def test_the_usual_limit_is_a_positive_result() -> None:
    assert params(one("in", "HER2 FISH ratio ≥ 2.0").node, "her2_status") == [{"any_of": [{"ish": "positive"}]}]


def test_a_result_said_of_two_scores_belongs_to_both() -> None:
    node = one("ex", "HER2 1+ or 2+ disease which is HER2 FISH positive").node
    assert params(node, "her2_status") == [{"any_of": [{"ihc": ["1+", "2+"], "ish": "positive"}]}]


def test_a_score_of_at_least_1_is_1_to_3() -> None:
    assert params(one("in", "HER2 at least 1+ by IHC").node, "her2_status") == [
        {"any_of": [{"ihc": ["1+", "2+", "3+"]}]}
    ]


@pytest.mark.parametrize(
    "entry", ["Tumour not HER2 3+ or FISH negative", "Tumour that is not HER2 3+ and is FISH negative"]
)
def test_a_not_before_results_of_both_signs_is_left_open(entry: str) -> None:
    assert "her2_status" not in said(one("in", entry).node)


def test_a_drug_against_a_mutation_says_nothing_of_the_tumour() -> None:
    assert "her2_mutation" not in said(one("ex", "Prior treatment with targeted drugs for HER2 gene mutations").node)


def test_what_a_mutation_includes_is_no_demand() -> None:
    node = one("in", "EGFR or HER2 mutation. EGFR mutations include L858R and exon 19 deletion").node
    assert said(node).count("gene_status") == 1


def test_a_value_begins_anew_behind_a_condition_or_a_denial() -> None:
    node = one(
        "in",
        "Alkaline phosphatase ≤ 2.5 x ULN; up to 5 x ULN if elevation is due to growth Platelets ≥ 100,000/uL",
    ).node
    assert said(node) == "(lab_value & ? & lab_value)"
    lost = "* No transfusion within 7 days Life expectancy: at least 12 weeks"
    transfusion, expected = read(f"Inclusion Criteria:\n\n{lost}")
    assert "life_expectancy" not in said(transfusion.node)
    assert said(expected.node) == "life_expectancy"


def test_an_age_within_a_denial_is_no_demand() -> None:
    node = one("in", "Must not have a family history of sudden death under 40 years of age").node
    assert not isinstance(node, AllOf) or all("age" not in said(part) for part in node.parts if isinstance(part, Leaf))


def test_what_is_allowed_with_words_behind_it_is_allowed() -> None:
    criteria = read("Inclusion Criteria:\n\n* Prior endocrine therapy allowed, including fulvestrant\n")
    assert criteria[0].role is Role.PERMITS


def test_no_in_front_of_an_exclusion_is_open_beside_other_sentences_too() -> None:
    found = read(
        "Exclusion Criteria:\n\n* Any of the following:\n"
        "    * No concurrent use of strong CYP3A4 inhibitors. See the appendix of interactions.\n"
    )
    assert "| (" in said(found[0].node) or said(found[0].node).startswith("(")
    assert said(found[0].node) != "concomitant_medication"


@pytest.mark.parametrize(
    "entry",
    [
        "(For participants with pancreatic cancer only) One or two lines of systemic therapy",
        "Pancreatic cancer: participants must have received at least one prior line of therapy",
        "At least one prior line of anti-HER2 therapy (only for gastric cancers, not for other cancers)",
        "Cohort 1E and 1F (DDI): (For participants with pancreatic cancer only) One or two lines of systemic therapy",
    ],
)
def test_a_demand_on_some_cancers_binds_those_alone(entry: str) -> None:
    criteria = read(f"Inclusion Criteria:\n\n* Advanced solid tumour\n* {entry}\n")
    node = criteria[1].node
    assert isinstance(node, When)
    assert "tumour_type" in said(node.when)
    assert "lines_of_therapy" in said(node.then)


def test_labels_with_colons_ask_for_one_of_their_cancers() -> None:
    found = read(
        "Inclusion Criteria:\n\n* Pancreatic cancer: participants must have received at least one prior line\n"
        "* Ovarian cancer: participants must have received at least two prior lines\n"
    )
    assert said(found[0].node) == "((tumour_type | tumour_type) & tumour_type -> lines_of_therapy)"
    assert said(found[1].node) == "tumour_type -> lines_of_therapy"


def test_an_exclusion_of_some_shuts_out_those_with_both() -> None:
    assert (
        said(one("ex", "Patients with ovarian cancer: bowel obstruction").node) == "-(tumour_type & gastrointestinal)"
    )
    node = one("ex", "Patients with ovarian cancer", "    1. Bowel obstruction", "    2. Stroke").node
    assert said(node) == "-(tumour_type & (gastrointestinal | cardiac_history))"


def test_receptors_in_brackets_belong_to_breast_cancer() -> None:
    node = one("in", "Lung cancer (adenocarcinoma or squamous), breast cancer (HER2 positive or triple negative)").node
    assert isinstance(node, AnyOf)
    assert "hormone_receptor" not in said(node.parts[0])


def test_with_binds_closer_to_the_cancer_than_or_does_to_it() -> None:
    node = one("in", "Metastatic lung cancer with progression on platinum or intolerance to it").node
    assert isinstance(node, AllOf)
    assert "tumour_type" in said(node.parts[0])


def test_unless_behind_a_cancer_lets_nobody_in_without_the_cancer() -> None:
    node = one("in", "Metastatic pancreatic cancer with prior gemcitabine, unless ineligible for it").node
    assert isinstance(node, AllOf)
    assert "tumour_type" in said(node.parts[0])
    assert any("?" in said(part) for part in node.parts)


def test_examples_under_a_lead_ask_for_nothing() -> None:
    lead = "Confirmed advanced solid tumour, including, but not limited to:"
    node = one("in", lead, "    * Cholangiocarcinoma", "    * Renal cell carcinoma").node
    assert [item["types"] for item in params(node, "tumour_type")] == [["solid_tumour"]]


def test_an_entry_for_one_part_is_an_alternative() -> None:
    node = one(
        "in",
        "Patients with one of the following:",
        "    * Pancreatic cancer",
        "    * Lung cancer",
        "    * (Part 1 only) colorectal cancer",
    ).node
    assert said(node) == "(tumour_type | tumour_type | (tumour_type & ?))"


def test_what_a_word_means_shuts_out_nobody_more() -> None:
    node = one("ex", "Platinum-refractory disease. Platinum refractory is defined as progression on platinum").node
    assert "prior_therapy" not in said(node) or said(node).count("prior_therapy") == 1


def test_cohorts_of_a_part_are_its_own_and_end_where_the_indent_ends() -> None:
    found = read(
        "Inclusion Criteria:\n\n  1. HER2-positive cancer as follows:\n\n     Part 1:\n\n"
        "       - Cohorts 1 - 3: breast cancer\n\n"
        "     Part 2:\n\n       - Cohort 1: gastric cancer\n\n  2. Age at least 18 years\n"
    )
    assert [item.scope for item in found[-3:]] == [
        ("cohort-1-part-1", "cohort-2-part-1", "cohort-3-part-1"),
        ("cohort-1-part-2",),
        (),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cohorts 1 - 3", ("cohort 1", "cohort 2", "cohort 3")),
        ("cohorts 1e and 1f", ("cohort 1e", "cohort 1f")),
        ("phase ib and phase ii", ("phase ib", "phase ii")),
        ("phase i - the first", ("phase i",)),
        ("arm in stage 1", ("stage 1",)),
    ],
)
def test_labels_of_scopes(written: str, expected: tuple[str, ...]) -> None:
    assert scopes_of(written) == expected


def test_a_cancer_that_one_line_lets_in_keeps_the_list_of_cancers_open() -> None:
    first, *_ = read(
        "Inclusion Criteria:\n\n* Ovarian cancer\n* Squamous cell carcinoma of the anus. Locally advanced disease that "
        "cannot be operated on is allowed\n* Non-small cell lung cancer\n"
    )
    types = {name for item in params(first.node, "tumour_type") for name in item["types"]}
    assert {"ovarian", "anal", "nsclc"} <= types


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("No known brain metastases or leptomeningeal disease", "-(-cns_metastases | leptomeningeal_disease)"),
        (
            "Gastric cancer, HER2-low breast cancer or melanoma",
            "(tumour_type | (tumour_type & her2_status) | tumour_type)",
        ),
        ("HER2-low breast cancer or ovarian cancer", "((her2_status & tumour_type) | (tumour_type & ?))"),
        ("HER2-positive gastric cancer or gastroesophageal junction cancer", "(her2_status & tumour_type)"),
        (
            "HER2+ solid cancer, or breast cancer that is HER2-low",
            "((her2_status & tumour_type) | (tumour_type & her2_status))",
        ),
        (
            "No KRAS mutation, ALK rearrangement or HER2 amplification",
            "-(gene_status | gene_status | her2_amplification)",
        ),
        ("Stages 1 and 2: measurable disease", "measurable_disease"),
    ],
)
def test_a_marker_or_a_denial_reaches_as_far_as_its_list(entry: str, wanted: str) -> None:
    assert said(one("in", entry).node) == wanted


def test_only_the_cancer_behind_a_marker_has_it() -> None:
    node = one("in", "Urothelial cancer or advanced HER2-negative breast cancer").node
    assert isinstance(node, AnyOf)
    assert params(node.parts[0], "her2_status") == []
    assert params(node.parts[0], "disease_setting") == []
    assert params(node.parts[1], "her2_status")


def test_an_example_of_a_mutation_does_not_narrow_the_class() -> None:
    node = one("in", "Activating HER2 mutation (e.g., exon 20 insertion)").node
    assert params(node, "her2_mutation") == [{"any_of": ["activating"]}]
