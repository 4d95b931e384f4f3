"""Demands that are read to their last word: courses, lines, recovery, sizes, tests; in words of our own."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.language.view import plain
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves
from her2nav.model.trial import Role


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def nodes(reader: Reader, line: str, heading: str = "Inclusion Criteria") -> list[Node]:
    read = reader.read(f"{heading}:\n\n- {line}", ())
    return [one.node for one in read.criteria if one.role is Role.DECIDES]


def node(reader: Reader, line: str, heading: str = "Inclusion Criteria") -> Node:
    only, *others = nodes(reader, line, heading)
    assert not others
    return only


def is_whole(tree: Node) -> bool:
    return all(item.kind != "unread" for item in leaves(tree))


@pytest.mark.parametrize(
    ("line", "least", "most"),
    [
        ("At most two chemotherapy regimens for advanced (locally recurrent or metastatic) breast cancer", None, 2),
        ("One, two or three prior chemotherapy regimens for metastatic disease", 1, 3),
    ],
)
def test_lines_are_counted_behind_brackets_and_rows_of_numbers(
    reader: Reader, line: str, least: int | None, most: int
) -> None:
    (item,) = leaves(node(reader, line))
    assert (item.kind, item.params.min, item.params.max) == ("lines_of_therapy", least, most)


@pytest.mark.parametrize("one", ["1 HER2-targeted therapy", "at least one line of HER2-targeted therapy"])
def test_lines_that_hold_one_of_a_kind_ask_for_it(reader: Reader, one: str) -> None:
    tree = node(reader, f"At least two earlier systemic therapies for advanced (unresectable) disease, including {one}")
    assert is_whole(tree)
    assert {item.kind for item in leaves(tree)} == {"lines_of_therapy", "prior_therapy"}
    assert next(item for item in leaves(tree) if item.kind == "prior_therapy").params.drugs == ("anti_her2",)


def test_of_which_course_it_says_so_is_open_where_the_last_course_is_meant(reader: Reader) -> None:
    line = "Progressed on the most recent therapy for advanced disease, including one line of trastuzumab"
    assert all(item.kind in ("unread", "judgement") for item in leaves(node(reader, line)))


def test_growth_that_scans_show_is_growth(reader: Reader) -> None:
    tree = node(reader, "Progression of disease based on clinical or radiographic assessment after trastuzumab")
    assert is_whole(tree)
    assert {item.kind for item in leaves(tree)} == {"prior_therapy"}


def test_days_behind_a_treatment_are_counted_by_a_person(reader: Reader) -> None:
    tree = node(reader, "Progression on or within 4 weeks of trastuzumab")
    assert isinstance(tree, AllOf)
    assert [item.kind for item in leaves(tree)] == ["prior_therapy", "judgement"]
    assert "28 days" in tree.parts[1].params.topic  # type: ignore[union-attr]


def test_resistance_is_one_of_the_courses_that_define_it(reader: Reader) -> None:
    tree = node(
        reader,
        "Trastuzumab-resistant disease defined as:\n  - Relapse within 12 months of adjuvant trastuzumab"
        "\n  - Progression during trastuzumab for metastatic disease",
    )
    assert isinstance(tree, AnyOf)
    assert [item.params.settings for item in leaves(tree)] == [("adjuvant",), ("metastatic",)]


@pytest.mark.parametrize(
    "line",
    [
        "Recovered (that is, grade 1 or less) from the effects of prior anticancer therapy",
        (
            "Patients after chemotherapy must have recovered (CTCAE Grade <= 1) from the effects of chemotherapy "
            "except for residual alopecia or Grade 2 neuropathy"
        ),
        "Recovered from effects of prior therapies to no more than grade 1 toxicity, with the exception of alopecia",
    ],
)
def test_the_grade_of_recovery_is_read_with_what_may_be_left(reader: Reader, line: str) -> None:
    (item,) = leaves(node(reader, line))
    assert (item.kind, item.params.max_grade) == ("toxicity_recovery", 1)


@pytest.mark.parametrize(
    "line",
    [
        "Measurable disease by RECIST 1.1 within 28 days of registration",
        "Measurable or non-measurable (but radiologically evaluable) disease by RECIST",
        "At least one target or non-target lesion by RECIST",
        "Primary tumour larger than 2 cm by ultrasound or MRI",
        "Either measurable disease or nonmeasurable bone-only disease",
        "18 ~ 75 years old, postmenopausal women",
        "Agrees not to drink alcohol during the study",
        "If a female of childbearing potential, the pregnancy test is negative",
    ],
)
def test_small_words_beside_a_demand_leave_nothing_unread(reader: Reader, line: str) -> None:
    assert all(is_whole(tree) for tree in nodes(reader, line))


def test_a_range_of_east_asia_is_a_range_and_a_power_is_none() -> None:
    assert plain("18~75 years, 0 ~ 1") == "18-75 years, 0 - 1"
    assert plain("100*10~9/L") == "100*10~9/l"
    assert plain("Gilbert&#39;s").rstrip() == "gilbert's"


def test_limits_for_gilbert_syndrome_bind_nobody_else(reader: Reader) -> None:
    alone = node(
        reader, "Bilirubin <= 3.0 x ULN with direct bilirubin in the normal range in subjects with Gilbert's syndrome"
    )
    assert isinstance(alone, When)
    either = node(reader, "Bilirubin <= 1.5 x ULN or direct bilirubin <= ULN in patients with Gilbert's syndrome")
    assert isinstance(either, AnyOf)
    assert is_whole(either)
    first, second = either.parts
    assert isinstance(first, Leaf)
    assert {item.kind for item in leaves(second)} == {"lab_value", "comorbidity"}


@pytest.mark.parametrize(
    "bracket",
    [
        "(patients with ECOG 2 may be included at the discretion of the investigator)",
        "(Subjects with ECOG 2 may be enrolled.)",
        "(ECOG 2 may be allowed with the approval of the sponsor)",
    ],
)
def test_a_bracket_that_lets_somebody_in_is_no_second_demand(reader: Reader, bracket: str) -> None:
    tree = node(reader, f"ECOG 0-1 {bracket}")
    assert isinstance(tree, AnyOf)
    first = tree.parts[0]
    assert isinstance(first, Leaf)
    assert write(first)["performance_status"]["ecog_max"] == 1


@pytest.mark.parametrize(
    "bracket", ["(ECOG 2 upon discussion with the sponsor)", "[ECOG 2 is acceptable with approval of the sponsor]"]
)
def test_a_score_above_the_limit_shuts_out_nobody_within_it(reader: Reader, bracket: str) -> None:
    tree = node(reader, f"ECOG 0-1 {bracket}")
    either = next(part for part in (tree, *getattr(tree, "parts", ())) if isinstance(part, AnyOf))
    assert write(either.parts[0])["performance_status"]["ecog_max"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "Triglycerides <= 2.5 x ULN (levels outside this threshold are allowed provided a statin is begun)",
        "Triglycerides <= 2.5 x ULN. If these limits are exceeded, patients can be included once a statin is begun",
        "HER2-negative tumour (investigator discretion will be used where IHC is 2+)",
    ],
)
def test_what_a_remark_lets_in_is_an_alternative(reader: Reader, line: str) -> None:
    tree = node(reader, line)
    assert isinstance(tree, AnyOf)
    assert is_whole(tree)
    assert isinstance(tree.parts[0], Leaf)


def test_a_limit_behind_a_label_is_no_permission(reader: Reader) -> None:
    tree = node(
        reader,
        "Prior therapy: no more than four chemotherapy regimens allowed for advanced stage disease. "
        "No concurrent use of endocrine therapy is permitted.",
    )
    assert isinstance(tree, AllOf)
    assert {item.kind for item in leaves(tree)} == {"lines_of_therapy", "concomitant_medication"}


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("The interval between the last surgery and randomisation must be no more than 84 days", 84),
        ("Time window between surgery and registration must be less than 60 days", 59),
        ("Patients must be enrolled within 12 weeks of definitive surgery", 84),
    ],
)
def test_an_operation_lies_so_far_back_at_most(reader: Reader, line: str, days: int) -> None:
    tree = node(reader, line)
    assert is_whole(tree)
    assert next(item for item in leaves(tree) if item.kind == "procedure").params.within_days == days


def test_a_permission_that_hides_no_demand_is_a_point_in_its_words(reader: Reader) -> None:
    line = "Prior fertility treatment is allowed but must have ended a year before randomisation"
    read = reader.read(f"Inclusion Criteria:\n\n- {line}", ()).criteria
    assert [one.role for one in read] == [Role.PERMITS, Role.DECIDES]
    assert all(is_whole(one.node) for one in read)
    assert "fertility" in str(read[1].node)


@pytest.mark.parametrize(
    "line",
    [
        "Those with odd lesions are eligible only if a strange scan was clear",
        "Patients may have received up to 12 weeks of a strange treatment before randomisation",
    ],
)
def test_a_permission_that_may_limit_everybody_stays_unread(reader: Reader, line: str) -> None:
    assert not all(is_whole(tree) for tree in nodes(reader, line))
