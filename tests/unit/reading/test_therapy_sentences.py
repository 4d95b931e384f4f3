"""Sentences on treatment, and the words that join what they ask for, each in wording of our own."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attributes
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

_L = "lines_of_therapy"
_HEADERS = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}


def read(section: str, *lines: str) -> list[Criterion]:
    text = f"{_HEADERS[section]}:\n\n* " + "\n".join(lines) + "\n"
    return list(reader(load_knowledge()).read(text).criteria)


def one(section: str, *lines: str) -> Criterion:
    (criterion,) = read(section, *lines)
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
        case AllOf(parts=parts):
            return f"({' & '.join(map(said, parts))})"
        case AnyOf(parts=parts):
            return f"({' | '.join(map(said, parts))})"
    raise AssertionError(node)


def params(node: Node, kind: str) -> list[dict[str, object]]:
    return [item.params.model_dump(mode="json", exclude_defaults=True) for item in leaves(node) if item.kind == kind]


@pytest.mark.parametrize(
    ("entry", "tree"),
    [
        (
            "ECOG 0-1 and either measurable disease or bone metastases",
            "(performance_status & (measurable_disease | metastatic_site))",
        ),
        (
            "Age over 18, ECOG 0-1, and either liver metastases or bone metastases",
            "(age & performance_status & (metastatic_site | metastatic_site))",
        ),
        ("Normal cardiac function as assessed by an ejection fraction of at least 50%", "lvef"),
        ("Measurable disease by RECIST version (v) 1.1", "measurable_disease"),
        ("Willing and able to swallow oral tablets", "-gastrointestinal"),
        (
            "Metastatic gastric cancer and have received at least two lines of therapy",
            "((tumour_type & disease_setting) & lines_of_therapy)",
        ),
        ("Advanced solid tumours and have received trastuzumab", "((tumour_type & disease_setting) & prior_therapy)"),
        (
            "Clinical or imaging progression after at least one regimen and at most 3 lines for metastatic disease",
            "((lines_of_therapy & disease_progression) & lines_of_therapy)",
        ),
        (
            "KRAS G12C-mutated lung cancer with prior chemotherapy, unless there are contraindications to chemotherapy",
            "(gene_status & tumour_type & (prior_therapy | judgement))",
        ),
        (
            "At least 18 years old. Because no dose data are at hand for patients under 18, children are excluded.",
            "age",
        ),
        ("Endocrine-refractory and may have received any number of earlier endocrine drugs", "prior_therapy"),
    ],
)
def test_what_is_asked_for_is_read_whole(entry: str, tree: str) -> None:
    first = read("in", entry)[0]
    assert (said(first.node), first.role) == (tree, Role.DECIDES)


@pytest.mark.parametrize(
    ("section", "entry", "wanted"),
    [
        (
            "in",
            "Received palbociclib either alone or in combination with letrozole, with any length of therapy allowed",
            [{"drugs": ["palbociclib"]}],
        ),
        ("in", "Either stable disease or progression on or after therapy with one or two chemotherapy regimens", []),
        (
            "ex",
            "History of intolerance to a taxane or intolerance to capecitabine",
            [{"drugs": ["taxane", "capecitabine"], "outcome": "intolerance"}],
        ),
        ("in", "Earlier treatment with T-DXd, which need not be the last therapy", []),
        ("in", "Platinum-resistant ovarian cancer", [{"drugs": ["platinum"], "outcome": "progression"}]),
        ("in", "Trastuzumab-refractory breast cancer", [{"drugs": ["trastuzumab"], "outcome": "progression"}]),
    ],
)
def test_what_was_given(section: str, entry: str, wanted: list[dict[str, object]]) -> None:
    node = read(section, entry)[0].node
    if wanted:
        assert params(node, "prior_therapy") == wanted
    assert said(node).strip("-") in ("prior_therapy", "lines_of_therapy", "(prior_therapy & tumour_type)")


def test_an_exception_that_lets_in_some_courses_keeps_those_open() -> None:
    node = one("in", "No prior systemic therapy, aside from first-line trastuzumab within 6 weeks").node
    found = params(node, "prior_therapy")
    assert {"except_drugs": ["trastuzumab"]} in found
    assert {} in found
    assert isinstance(node, Not), "whoever had another drug is out, whoever had that drug stays open"


def test_a_local_treatment_that_is_named_must_have_been_given() -> None:
    node = one("ex", "Brain metastases, unless treated with whole brain radiotherapy and stable for 4 weeks").node
    assert params(node, "procedure") == [{"kinds": ["radiotherapy"], "techniques": ["wbrt"]}]
    node = one("ex", "Brain metastases, unless treated with whole brain radiotherapy or radiosurgery").node
    assert params(node, "procedure") == []


def test_alternatives_that_each_name_a_cancer_ask_for_one_of_them() -> None:
    node = one(
        "in",
        "Lung cancer, or gastric cancer with progression on platinum, unless the patient was ineligible for it",
    ).node
    assert isinstance(node, AllOf)
    assert {item["types"][0] for item in params(node.parts[0], "tumour_type")} <= {"lung", "gastric"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Sub study 2 Specific Inclusion criteria:", ("sub-study-2",)),
        ("DOSE ESCALATION AND DOSE EXPANSION PHASES", ()),
        ("Cohort 3:", ("cohort-3",)),
    ],
)
def test_headings_that_name_whom_they_bind(heading: str, scope: tuple[str, ...]) -> None:
    text = f"Inclusion Criteria:\n\nDose escalation phase:\n\n* Age over 18\n\n{heading}\n\n* ECOG 0-1\n"
    last = reader(load_knowledge()).read(text).criteria[-1]
    assert (last.scope, said(last.node)) == (scope, "performance_status")


def test_the_number_of_an_item_before_a_cohort_is_no_criterion() -> None:
    found = (
        reader(load_knowledge()).read("Inclusion Criteria:\n\n7. Cohort A: ECOG 0-1\n8. Cohort B: ECOG 0-2\n").criteria
    )
    assert [said(item.node) for item in found] == ["performance_status", "performance_status"]


def test_an_escape_does_not_make_a_demand_an_alternative() -> None:
    text = (
        "Inclusion Criteria:\n\n* Prior chemotherapy, unless contraindicated\n* Prior trastuzumab or prior lapatinib\n"
    )
    view = attributes(reader(load_knowledge()).read(text))
    assert "chemotherapy" in view["prior_required"]


@pytest.mark.parametrize(
    ("section", "entry", "tree"),
    [
        (
            "in",
            "Solid tumours, who have failed platinum, or for whom no standard therapy exists",
            "(tumour_type & (prior_therapy | options_exhausted))",
        ),
        (
            "in",
            "Lung cancer patients who progressed on platinum or who are intolerant of it",
            "(tumour_type & prior_therapy)",
        ),
        ("in", "Women who are postmenopausal", "(sex & menopausal_status)"),
        ("in", "HER2-positive tumours must have received trastuzumab", "her2_status -> prior_therapy"),
        (
            "in",
            "Received one regimen with disease progression",
            f"((({_L} & {_L}) | (({_L} | {_L}) & judgement)) & disease_progression)",
        ),
    ],
)
def test_clauses_on_the_same_people(section: str, entry: str, tree: str) -> None:
    assert said(one(section, entry).node) in (tree, tree.removeprefix("(sex & ").removesuffix(")"))


@pytest.mark.parametrize(
    ("entry", "settings"),
    [
        ("No prior neoadjuvant chemotherapy", ["neoadjuvant"]),
        ("No prior adjuvant chemotherapy", ["adjuvant"]),
        ("No prior (neo)adjuvant chemotherapy", ["neoadjuvant", "adjuvant"]),
        ("No prior neo-adjuvant or adjuvant chemotherapy", ["neoadjuvant", "adjuvant"]),
        ("No prior preoperative chemotherapy", ["neoadjuvant"]),
    ],
)
def test_treatment_before_the_operation_is_not_treatment_after_it(entry: str, settings: list[str]) -> None:
    assert params(one("in", entry).node, "prior_therapy") == [{"drugs": ["chemotherapy"], "settings": settings}]


def test_a_closer_name_behind_a_wide_one_says_which() -> None:
    node = one("ex", "Prior small-molecule EGFR inhibitors").node
    assert params(node, "prior_therapy") == [{"drugs": ["egfr_inhibitor"]}]


def test_a_time_behind_a_list_binds_what_is_known_of_it() -> None:
    node = one("ex", "Chemotherapy, radiotherapy or unheard-of zapping within 3 weeks").node
    assert params(node, "washout") == [{"drugs": ["chemotherapy"], "days": 21}]
    assert params(node, "procedure") == [{"kinds": ["radiotherapy"], "within_days": 21}]
    assert "unread" in {item.kind for item in leaves(node)}
    node = one("ex", "Prior trastuzumab, or unheard-of zapping within 4 weeks").node
    assert params(node, "prior_therapy") == [{"drugs": ["trastuzumab"]}], "whether the time binds it is not said"


def test_what_patients_may_have_had_is_no_demand() -> None:
    assert one("in", "Patients may additionally have been treated with trastuzumab").role is Role.PERMITS


def test_whom_a_limit_binds_is_not_asked_for() -> None:
    node = one("in", "Platinum-resistant patients cannot have had more than 5 lines").node
    assert params(node, "prior_therapy") == []


def test_lines_before_advanced_disease_are_not_counted_anyway() -> None:
    node = one("in", "At most three lines for advanced breast cancer (not including neo/adjuvant chemotherapy)").node
    assert said(node) == "lines_of_therapy"


def test_another_disease_that_does_not_respond_is_no_progression_of_the_cancer() -> None:
    node = one("ex", "Severe heart failure or unusual zapping refractory to treatment").node
    assert params(node, "disease_progression") == []


def test_side_effects_let_in_by_a_name_of_several_words() -> None:
    node = one("in", "Resolution of all chemotherapy-related toxicities to grade 1, except sensory neuropathy").node
    assert said(node) == "toxicity_recovery"


def test_the_forms_can_be_written() -> None:
    """What is read can be stored and read again."""
    node = one("in", "Platinum-resistant or refractory ovarian cancer").node
    assert write(node)
