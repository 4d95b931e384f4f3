"""The remaining traps of language (LG2, LG6 to LG9, LG18 to LG20), and faults once made, each in wording of our own."""

from typing import Any

import pytest

from her2nav.criteria.reader import ReadText, reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


def text(section: str, *entries: str) -> ReadText:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    bullets = "\n".join(f"* {entry}" for entry in entries)
    return reader(load_knowledge()).read(f"{header}:\n\n{bullets}\n")


def one(section: str, entry: str) -> Criterion:
    (criterion,) = text(section, entry).criteria
    return criterion


def bare(node: Node) -> Node:
    match node:
        case Leaf():
            return Leaf(node.kind, node.params)
        case AllOf(parts=parts):
            return AllOf(tuple(map(bare, parts)))
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(bare, parts)))
        case Not(part=part):
            return Not(bare(part))
        case When(when=when, then=then):
            return When(bare(when), bare(then))
    return node


def tree(section: str, entry: str) -> Any:
    return write(bare(one(section, entry).node))


def kinds(section: str, entry: str) -> set[str]:
    return {item.kind for item in leaves(one(section, entry).node)}


def lab(variable: str, op: str, value: str, unit: str) -> dict[str, Any]:
    return {"lab_value": {"variable": variable, "op": op, "value": value, "unit": unit}}


def her2(*definitions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"her2_status": {"any_of": list(definitions), **more}}


def test_lg2_the_exception_of_an_exclusion_narrows_it() -> None:
    node = tree("ex", "Earlier T-DXd, except in the adjuvant setting completed more than 12 months before")
    drug = ["trastuzumab_deruxtecan"]
    assert node == {
        "not": {
            "any_of": [
                {"prior_therapy": {"drugs": drug, "settings": ["neoadjuvant", "metastatic", "maintenance", "local"]}},
                {"prior_therapy": {"drugs": drug, "settings": ["adjuvant"], "ended_within_days": 360}},
            ]
        }
    }


def test_lg6_a_looser_limit_holds_with_liver_metastases_only() -> None:
    node = tree("in", "AST and ALT at most 2.5 x ULN, or at most 5 x ULN with liver metastases")
    strict = [lab("ast", "<=", "2.5", "xULN"), lab("alt", "<=", "2.5", "xULN")]
    loose = [lab("ast", "<=", "5", "xULN"), lab("alt", "<=", "5", "xULN")]
    liver = {"metastatic_site": {"any_of": ["liver"]}}
    assert node == {"any_of": [{"all_of": strict}, {"all_of": [liver, {"all_of": loose}]}]}


def test_lg7_either_measure_of_the_kidneys_suffices() -> None:
    node = tree("in", "Creatinine at most 1.5 x ULN or creatinine clearance at least 50 mL/min")
    assert node == {
        "any_of": [lab("creatinine", "<=", "1.5", "xULN"), lab("creatinine_clearance", ">=", "50", "mL/min")]
    }


def test_lg8_a_measurement_has_an_age() -> None:
    assert tree("in", "LVEF of 50 % or more within the 28 days before the first dose") == {
        "lvef": {"percent": "50", "within_days": 28}
    }


def test_lg9_cohorts_bind_their_own_patients() -> None:
    read = text("in", "Cohort A: HER2 IHC 3+", "Cohort B: HER2 IHC 2+/ISH-", "All cohorts: ECOG performance status 0-1")
    assert [(item.scope, write(bare(item.node))) for item in read.criteria] == [
        (("cohort-a",), her2({"ihc": ["3+"]})),
        (("cohort-b",), her2({"ihc": ["2+"], "ish": "negative"})),
        ((), {"performance_status": {"ecog_max": 1}}),
    ]


@pytest.mark.parametrize(
    "entry", ["Patients with RAS-mutant disease are excluded (Part 2 only)", "Part 2 only: RAS-mutant disease"]
)
def test_lg18_an_exclusion_of_one_part(entry: str) -> None:
    criterion = one("ex", entry)
    assert criterion.scope == ("part-2",)
    assert write(bare(criterion.node)) == {"not": {"gene_status": {"genes": ["ras"], "status": "mutated"}}}


def test_lg19_and_binds_closer_than_or() -> None:
    node = tree("in", "Any of: (a) IHC 3+ (b) IHC 2+/ISH+ (c) ERBB2 amplification by NGS and RAS wild-type")
    ras = {"gene_status": {"genes": ["ras"], "status": "wild_type"}}
    assert node == {
        "any_of": [
            her2({"ihc": ["3+"]}),
            her2({"ihc": ["2+"], "ish": "positive"}),
            {"all_of": [her2({"amplified": True}), ras]},
        ]
    }


def test_lg20_a_list_in_brackets_defines_the_word() -> None:
    node = tree("in", "HER2-negative (IHC 0, 1+ or 2+/ISH-)")
    assert node == her2({"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"})


@pytest.mark.parametrize(
    ("written", "status"),
    [("HER2-ve", "negative"), ("HER2 +ve", "positive"), ("HER2+ve", "positive"), ("HER2(-)", "negative")],
)
def test_the_sign_of_her2(written: str, status: str) -> None:
    assert tree("in", f"{written} disease") == her2({"status": status})


def test_the_method_behind_a_cancer_is_not_the_next_result() -> None:
    node = tree("in", "HER2 overexpressing (3+) breast cancer by immunohistochemistry, or amplified by FISH")
    assert len(node["any_of"]) == 2
    assert her2({"ish": "positive"}) in node["any_of"]


def test_a_lost_sign_of_a_ratio() -> None:
    node = tree("in", "HER2 amplification as determined by immunohistochemistry (3+) or FISH ( 2.0)")
    assert node == her2({"ihc": ["3+"]}, {"ish": "positive"})


def test_a_central_laboratory_behind_the_cancer() -> None:
    node = tree("in", "HER2-positive breast cancer confirmed by a central laboratory")
    assert her2({"status": "positive"}, laboratory="central") in node["all_of"]


@pytest.mark.parametrize(
    "entry",
    [
        "Women must not be pregnant",
        "For women of childbearing potential: agreement to use contraception",
        "Women or men aged 18 or older",
    ],
)
def test_what_women_must_do_does_not_ask_for_women(entry: str) -> None:
    assert "sex" not in kinds("in", entry)


def test_a_life_expectancy_that_is_too_short() -> None:
    assert tree("ex", "Life expectancy of less than 12 weeks") == {"life_expectancy": {"min_weeks": 12}}


def test_a_purpose_is_no_illness() -> None:
    assert kinds("ex", "Use of raloxifene for osteoporosis") & {"comorbidity"} == set()
    assert kinds("in", "No contact with persons with eczema") & {"comorbidity"} == set()


def test_an_exception_of_words_that_were_not_read_says_nothing_alone() -> None:
    assert kinds("in", "Everything from before must be over (except alopecia)") == {"unread"}


def test_patients_with_a_cancer_that_may_are_let_in() -> None:
    first = text("in", "Patients with ER-low breast cancer may receive any number of earlier lines").criteria[0]
    assert first.role is Role.PERMITS


@pytest.mark.parametrize(
    "entry",
    [
        "For patients with bone metastases, a dentist must be seen",
        "Locally recurrent disease must not be curable by surgery",
    ],
)
def test_a_condition_in_front_is_a_guard(entry: str) -> None:
    assert isinstance(one("in", entry).node, When)


def test_what_is_denied_inside_an_exclusion_ends_with_its_entry() -> None:
    node = tree("ex", "HIV infection without control, or active syphilis, or pregnancy")
    assert {"pregnancy": {"any_of": ["pregnant"]}} in node["not"]["any_of"]


def test_a_contraction_denies() -> None:
    node = tree("ex", "Hepatitis C infection that hasn't completed curative antiviral treatment")
    assert {"viral_infection": {"virus": "hcv", "state": "uncontrolled"}} in node["not"]["all_of"]


def test_an_exclusion_of_those_who_do_not_take_something_may_be_a_slip() -> None:
    node = one("ex", "Not taking diuretics").node
    assert any(item.kind == "unread" and item.params.note for item in leaves(node))  # type: ignore[attr-defined]


def test_ages_that_define_menopause_are_no_limits() -> None:
    entry = "Postmenopausal is defined as age 60 or older, or age below 60 years and amenorrhoea for a year"
    assert text("in", entry).criteria == ()
    women = "Postmenopausal women, defined as age 60 or older, or amenorrhoea for a year"
    assert tree("in", women) == {"menopausal_status": {"any_of": ["postmenopausal"]}}


def test_ages_that_contradict_each_other_stay_open() -> None:
    assert "age" not in kinds("in", "Age ≥ 60 years and age < 60 years")


def test_prior_cancer_treatment_is_no_second_cancer() -> None:
    assert "second_malignancy" not in kinds("ex", "Unresolved toxicity of prior cancer treatment")


@pytest.mark.parametrize(
    "entry", ["Agrees to avoid activities that could result in pregnancy", "A pregnancy test has to be done"]
)
def test_a_pregnancy_that_may_come_is_none(entry: str) -> None:
    assert "pregnancy" not in kinds("in", entry)


def test_a_hyphen_that_waits_for_its_second_half_is_no_minus() -> None:
    assert "hormone_receptor" not in kinds("in", "Recovered from chemo-, hormone-, or radiotherapy")


def test_what_is_measured_at_a_visit_is_read_whole() -> None:
    assert kinds("in", "ECOG performance status 0-1 at screening (see Appendix II)") == {"performance_status"}
    assert kinds("in", "Adequate hepatic function: bilirubin at most 1.5 mg/dL") == {"lab_value"}


def test_adequate_function_without_numbers_is_confirmed_by_a_person() -> None:
    criterion = one("in", "Adequate organ function")
    assert (kinds("in", "Adequate organ function"), criterion.role) == ({"judgement"}, Role.CONFIRM)


def test_recovery_without_a_grade_decides() -> None:
    assert one("in", "Recovered from the effects of earlier chemotherapy").role is Role.DECIDES


@pytest.mark.parametrize(
    "entry",
    [
        "Other protocol-defined inclusion criteria may apply",
        "See Disease Characteristics",
        "Hormone receptor status not specified",
    ],
)
def test_a_sentence_that_states_nothing_is_no_criterion(entry: str) -> None:
    assert len(text("in", "ECOG performance status 0-1", entry).criteria) == 1
