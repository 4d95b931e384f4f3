"""Waits behind a part in a study, times of some treatments, classes by what they act on, and their summary."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reading.written import bare, denied, either, every

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attribute_view
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge


def read(text: str, section: str = "Exclusion") -> Any:
    whole = reader(load_knowledge()).read(f"{section} Criteria:\n\n* {text}\n", ("breast",))
    return bare(write(whole.criteria[0].node))


def view(*exclusion: str) -> dict[str, Any]:
    lines = "\n".join(["Exclusion Criteria:", "", *(f"* {one}" for one in exclusion)])
    return attribute_view(reader(load_knowledge()).read(lines, ("breast",)))


def wait(days: int, *drugs: str, **more: object) -> dict[str, object]:
    return {"washout": {"drugs": list(drugs), "days": days, **more}}


TRIED = {"concomitant_medication": {"any_of": ["investigational_agent"]}}


def judged(topic: str) -> dict[str, object]:
    return {"judgement": {"topic": topic}}


@given(
    st.integers(1, 12),
    st.sampled_from(["agent", "drug", "product", "compound"]),
    st.sampled_from(["", " or has used an experimental device", ", or received an investigational medical device"]),
)
def test_the_time_behind_a_study_or_a_device_binds_what_was_tried(weeks: int, what: str, device: str) -> None:
    study = f"Currently participating in or has participated in a study of an investigational {what}{device}"
    text = f"{study} within {weeks} weeks"
    assert read(text) == denied(either(TRIED, denied(wait(weeks * 7, "investigational_agent"))))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "Enrolled in, or discontinued within the last 40 days from, a trial involving an investigational product",
            denied(either(TRIED, denied(wait(40, "investigational_agent")))),
        ),
        ("Participation in any drug study within 6 weeks", wait(42, "investigational_agent")),
        (
            "Received an experimental treatment in a clinical trial within the last 20 days",
            wait(20, "investigational_agent"),
        ),
        (
            "Treatment within 5 weeks with a drug that has not been approved by the FDA",
            wait(35, "investigational_agent"),
        ),
        (
            "Use of any experimental drug ≤ 40 days of administration of the first dose of study drug",
            wait(40, "investigational_agent"),
        ),
        (
            "Hormonal, radiation or immunotherapy or participation in an investigational drug study within 5 weeks",
            denied(
                either(
                    denied(wait(35, "endocrine", "immunotherapy", "investigational_agent")),
                    {"procedure": {"kinds": ["radiotherapy"], "within_days": 35}},
                )
            ),
        ),
    ],
)
def test_drugs_under_trial(text: str, tree: Any) -> None:
    assert read(text) == tree


def test_a_study_that_names_no_drug_is_asked_of_the_team() -> None:
    decides, confirmed = (
        reader(load_knowledge())
        .read("Exclusion Criteria:\n\n* Participated in another interventional trial within 6 weeks\n")
        .criteria
    )
    assert bare(write(decides.node)) == wait(42, "investigational_agent")
    assert (confirmed.role, bare(write(confirmed.node))) == ("confirm", {"participation": {"what": "other_trial"}})


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Biologic therapy (e.g. antibodies) 6 weeks prior to first dose", wait(42, "antibody", "immunotherapy")),
        ("Less than three weeks since last hormone or immunotherapy", wait(21, "endocrine", "immunotherapy")),
        (
            "Chemotherapy or RT within 5 weeks (or less than 2 weeks if on weekly chemotherapy)",
            denied(
                either(
                    either(
                        every(denied(wait(35, "chemotherapy")), judged("whether it was other than weekly")),
                        {"procedure": {"kinds": ["radiotherapy"], "within_days": 35}},
                    ),
                    every(denied(wait(14, "chemotherapy")), judged("whether it was weekly")),
                )
            ),
        ),
        (
            "Chemotherapy or radiotherapy (except for palliative reasons) within 5 weeks",
            denied(
                either(
                    denied(wait(35, "chemotherapy")),
                    every(
                        {"procedure": {"kinds": ["radiotherapy"], "within_days": 35}},
                        judged("whether it was other than for palliative reasons"),
                    ),
                )
            ),
        ),
        (
            "Has had chemotherapy within the past 40 days or radiotherapy at any time",
            denied(either(denied(wait(40, "chemotherapy")), {"procedure": {"kinds": ["radiotherapy"]}})),
        ),
    ],
)
def test_times_of_some_treatments(text: str, tree: Any) -> None:
    assert read(text) == tree


def test_minor_operations_are_let_out() -> None:
    text = "Chemotherapy or surgery (except for minor surgery) must be stopped at least 5 weeks prior to first dose"
    assert read(text, "Inclusion") == every(
        wait(35, "chemotherapy"), denied({"procedure": {"kinds": ["surgery"], "major": True, "within_days": 34}})
    )


def test_a_blood_test_before_the_first_dose_of_a_drug_is_no_wait_since_it() -> None:
    said = str(read("Low calcium (measured within 10 days before the first pazopanib dose)"))
    assert "washout" not in said


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Prior treatment with EGFR or HER2/neu directed therapies", ["egfr_inhibitor", "anti_her2"]),
        ("Prior anti-ErbB1 and/or ErbB2 inhibitor therapy", ["egfr_inhibitor", "anti_her2"]),
        ("Previous treatment with lapatinib, EGFR-, or HER2-inhibitors", ["lapatinib", "egfr_inhibitor", "anti_her2"]),
        ("Prior mTORC1 inhibitors", ["mtor_inhibitor"]),
        ("Prior treatment with a known poly(ADP-ribose) polymerase (PARP) inhibitor", ["parp_inhibitor"]),
        ("Prior treatment with a poly (ADP ribose) polymerase (PARP) inhibitor", ["parp_inhibitor"]),
        ("Prior immune therapies", ["immunotherapy"]),
        ("Prior endocrine therapy for any confirmed cancer", ["endocrine"]),
    ],
)  # fmt: skip
def test_classes_by_what_they_act_on(text: str, drugs: list[str]) -> None:
    assert read(text) == denied({"prior_therapy": {"drugs": drugs}})


@pytest.mark.parametrize(
    "text",
    [
        "Previous treatment with dual PI3K/mTOR inhibitors or TORC1/2 inhibitors",
        "Prior AKT, dual PI3K/mTOR, or mTORC1 inhibitors",
        "Prior TORC1/2 inhibitors",
    ],
)
def test_drugs_that_act_on_two_targets_at_once_are_not_all_that_act_on_one(text: str) -> None:
    assert "prior_therapy" not in str(read(text))


def test_therapy_of_every_sort_but_one() -> None:
    assert read("Previous systemic non-hormonal anticancer therapy for metastatic disease") == denied(
        {"prior_therapy": {"except_drugs": ["endocrine"], "settings": ["metastatic"]}}
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Prior investigational therapy or lapatinib", ["lapatinib"]),
        ("Prior anti-PD-1 or anti-PD-L1 antibody", ["immune_checkpoint_inhibitor"]),
        ("Prior anti-PD-1 antibody", ["anti_pd1"]),
        ("Heart failure during prior trastuzumab", None),
        (
            "Prior chemotherapy, immunotherapy or hormonal therapy for metastatic disease",
            ["any_systemic_for_metastatic"],
        ),
        ("Prior chemotherapy or PARP inhibitor for metastatic disease", ["chemotherapy", "parp_inhibitor"]),
    ],
)
def test_what_the_summary_says_is_excluded(text: str, names: list[str] | None) -> None:
    assert view(text).get("prior_excluded") == names


def test_most_sorts_of_therapy_for_advanced_disease_are_no_lines_of_any() -> None:
    found = view("Prior chemotherapy, immunotherapy or hormonal therapy for metastatic disease")
    assert found["prior_lines"] == {"max": 0, "of": "any", "setting": "metastatic"}


@pytest.mark.parametrize(
    ("texts", "waits"),
    [
        (("Tamoxifen or an aromatase inhibitor within 3 weeks",), {"endocrine": 21}),
        (("Trastuzumab within 3 weeks", "Bevacizumab within 6 weeks"), {"anti_her2": 21, "antibody": 42}),
        (("Hormonal therapy within 3 weeks", "Fulvestrant within 6 weeks"), {"endocrine": 21}),
        (("Capecitabine within 2 weeks",), None),
        (("Palbociclib within the last 12 months",), None),
    ],
)
def test_a_window_of_one_drug_is_told_of_its_sort_where_nothing_wider_is(
    texts: tuple[str, ...], waits: dict[str, int] | None
) -> None:
    assert view(*texts).get("washout_days") == waits


def test_a_bracket_that_never_closes_holds_no_sentence_together() -> None:
    text = "Viral infection (such as HIV or hepatitis B. Screening tests may be left out at the site."
    whole = reader(load_knowledge()).read(f"Exclusion Criteria:\n\n* {text}\n")
    assert {item.role for item in whole.criteria} - {"confirm"} == {"decides"}
    assert "viral_infection" in str([write(item.node) for item in whole.criteria])


def test_a_permission_that_follows_without_a_blank_leaves_the_exclusion() -> None:
    found = str(read("Patients who have received prior systemic therapy.The use of a GnRH agonist is allowed"))
    assert "{'not': {'prior_therapy'" in found


def test_a_permission_behind_a_table_leaves_its_limits() -> None:
    rows = "Neutrophils: ≥1.2 x 10^9/L Hemoglobin: ≥8.5 g/dL Participants may receive transfusions at will"
    whole = reader(load_knowledge()).read(f"Inclusion Criteria:\n\n* {rows}\n")
    labs = attribute_view(whole)["labs"]
    assert [(one["name"], one["value"]) for one in labs] == [("anc", 1.2), ("haemoglobin", 8.5)]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (
            "AST or ALT > 3 x ULN, or > 6 x ULN in case of liver metastases",
            {
                ("alt", 3.0, None),
                ("ast", 3.0, None),
                ("alt", 6.0, "liver_metastases"),
                ("ast", 6.0, "liver_metastases"),
            },
        ),
        ("Bilirubin > 1.8 x ULN, unless due to Gilbert's syndrome", {("bilirubin", 1.8, None)}),
    ],
)
def test_for_whom_a_limit_is_looser(text: str, limits: set[tuple[str, float, str | None]]) -> None:
    assert {(one["name"], one["value"], one.get("when")) for one in view(text)["labs"]} == limits


def test_negative_beside_a_score_of_one_is_an_alternative_of_its_own() -> None:
    text = "HER2-negative tumour (HER2 1+ or negative, or HER2 2+ and FISH negative)"
    whole = reader(load_knowledge()).read(f"Inclusion Criteria:\n\n* {text}\n", ("breast",))
    assert {"status": "negative"} in attribute_view(whole)["her2"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Interval of 5 weeks from prior chemotherapy", wait(35, "chemotherapy")),
        ("Time interval from last chemotherapy of more than 5 weeks", wait(36, "chemotherapy")),
        ("Patients must be at least 5 weeks out from chemotherapy", wait(35, "chemotherapy")),
        (
            "No chemotherapy or radiation for 5 weeks prior to treatment",
            denied(
                either(denied(wait(35, "chemotherapy")), {"procedure": {"kinds": ["radiotherapy"], "within_days": 35}})
            ),
        ),
        (
            "Treatment-free interval from last platinum of at least 9 months",
            judged("how long after earlier treatment the cancer came back"),
        ),
    ],
)
def test_intervals(text: str, tree: Any) -> None:
    assert read(text, "Inclusion") == tree


def test_another_time_stands_behind_a_word_for_before() -> None:
    text = "Chemotherapy within 10 days prior (20 days prior in case of checkpoint inhibitors) to the first dose"
    assert read(text) == denied(
        either(
            denied(wait(10, "chemotherapy", except_drugs=["immune_checkpoint_inhibitor"])),
            denied(wait(20, "immune_checkpoint_inhibitor")),
        )
    )


@pytest.mark.parametrize(
    "lead",
    [
        "Any of the following therapies within 5 weeks prior to the first dose:",
        "Received the following prior treatments within 5 weeks:",
        "Has had any of the following medications or treatments at any time within 5 weeks before treatment:",
    ],
)
def test_the_time_of_a_heading_is_that_of_each_line_below_it(lead: str) -> None:
    text = f"Exclusion Criteria:\n\n* {lead}\n  * Chemotherapy\n  * Radiotherapy\n"
    assert [bare(write(one.node)) for one in reader(load_knowledge()).read(text).criteria] == [
        wait(35, "chemotherapy"),
        denied({"procedure": {"kinds": ["radiotherapy"], "within_days": 35}}),
    ]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "Radiotherapy (including that of the skull) within 9 days before treatment",
            denied({"procedure": {"kinds": ["radiotherapy"], "within_days": 9}}),
        ),
        ("Prior treatment, within 5 weeks, with trastuzumab or lapatinib", wait(35, "trastuzumab", "lapatinib")),
    ],
)
def test_what_a_bracket_or_commas_leave_together(text: str, tree: Any) -> None:
    assert read(text) == tree


def test_a_large_field_is_asked_of_a_person() -> None:
    assert read("At least 5 weeks since major radiotherapy", "Inclusion") == either(
        denied({"procedure": {"kinds": ["radiotherapy"], "within_days": 34}}), denied(judged("whether it was major"))
    )


def test_a_line_of_one_sort_is_a_line() -> None:
    lines = "Inclusion Criteria:\n\n* At least one prior chemotherapy regimen\n* No more than 3 prior lines of therapy"
    assert attribute_view(reader(load_knowledge()).read(lines))["prior_lines"] == {"min": 1, "max": 3, "of": "any"}
