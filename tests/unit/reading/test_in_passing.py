"""What a criterion names in passing: definitions, examples, permissions, other people, other treatments; own words."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Not, When, leaves
from her2nav.model.trial import Role


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def read(reader, *texts, section="Inclusion"):
    """Return what is read of the bullets of a section."""
    return reader.read(f"{section} Criteria:\n\n" + "\n\n".join(f"* {text}" for text in texts), ()).criteria


def truth(node, told):
    """Return what a tree comes to: `told` says of a leaf True, False or None."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            worst = isinstance(node, AnyOf)
            found = [truth(part, told) for part in parts]
            return worst if worst in found else None if None in found else not worst
        case Not(part=part):
            inner = truth(part, told)
            return None if inner is None else not inner
        case When(when=when, then=then):
            return truth(AnyOf((Not(when), then)), told)
    return told(node)


def shuts_out(node, chosen):
    """Whether leaves of a sort decide alone, so that somebody is shut out whatever the rest means."""
    return any(truth(node, lambda item, held=held: held if chosen(item) else None) is False for held in (True, False))


def bound(found):
    """Return the leaves that alone shut somebody out."""
    return [
        item
        for one in found
        if one.role is Role.DECIDES
        for item in leaves(one.node)
        if item.kind not in ("unread", "judgement")
        and shuts_out(one.node, lambda leaf, item=item: leaf.params == item.params)
    ]


def asked(found):
    """Return the kinds of what certainly binds."""
    return {item.kind for item in bound(found)}


@pytest.mark.parametrize(
    ("words", "binds"),
    [
        ("Either have had an aromatase inhibitor before or not", False),
        ("Any number of prior endocrine regimens for metastatic disease", False),
        ("The total number of patients enrolled with prior lapatinib containing regimens will not exceed 12", False),
        (
            "Note: for subjects who are, or who were previously, on endocrine therapy, the physician will decide",
            False,
        ),
        ("Must have had an aromatase inhibitor before", True),
        ("Participants who had pertuzumab, including in the adjuvant setting", True),
    ],
)
def test_treatment_named_in_passing_is_asked_of_nobody(reader, words, binds):
    assert ("prior_therapy" in asked(read(reader, words))) is binds


@pytest.mark.parametrize(
    ("words", "binds"),
    [
        (
            "Postmenopause is defined as: ovaries removed; amenorrheic for a year and FSH in postmenopausal ranges",
            False,
        ),
        ("Postmenopausal women. Postmenopausal status is defined as no menses for a year", True),
        ("Postmenopausal women", True),
    ],
)
def test_a_definition_of_menopause_is_no_demand(reader, words, binds):
    assert ("menopausal_status" in asked(read(reader, words))) is binds


def test_definitions_of_two_statuses_bind_each_its_own(reader):
    found = read(
        reader,
        "HER2-negative, or HER2-positive and refusing trastuzumab. HER2-negative is defined as IHC 0 or 1+. "
        "HER2-positive is defined as IHC 3+",
    )
    tree = write(found[0].node)
    conditions = [part["when"]["her2_status"]["any_of"][0]["status"] for part in tree["all_of"] if "when" in part]
    assert conditions == ["negative", "positive"]


def test_one_definition_of_the_status_asked_for_binds(reader):
    found = read(reader, "HER2-positive breast cancer. HER2-positive is defined as IHC 3+")
    assert any("3+" in one.ihc for item in bound(found) if item.kind == "her2_status" for one in item.params.any_of)


def test_a_test_that_a_result_calls_for_asks_for_no_score(reader):
    found = read(reader, "HER2-negative tumour; HER2 result 2+ or 3+ needs confirmation by FISH")
    scores = [one.ihc for item in bound(found) if item.kind == "her2_status" for one in item.params.any_of]
    assert not any(scores)


@pytest.mark.parametrize(
    ("words", "binds"),
    [
        ("Time between mastectomy and radiotherapy less than 4 weeks", False),
        ("No more than 10 weeks since prior chemotherapy", False),
        ("Radiotherapy within the last 8 weeks", True),
    ],
)
def test_time_between_treatments_is_not_counted_from_today(reader, words, binds):
    assert bool(asked(read(reader, words)) & {"procedure", "prior_therapy"}) is binds


def test_a_count_of_failed_lines_with_a_most_lets_in_the_untreated(reader):
    kinds = asked(read(reader, "Breast cancer that failed fewer than 4 prior lines of chemotherapy"))
    assert "lines_of_therapy" in kinds
    assert "disease_progression" not in kinds
    least = asked(read(reader, "Breast cancer that failed at least 2 prior lines of chemotherapy"))
    assert "disease_progression" in least


def test_a_bracket_behind_an_exclusion_lets_in(reader):
    found = read(
        reader,
        "HER2-positive patients who have not had lapatinib are ineligible "
        "(patients with progression on lapatinib are eligible)",
    )

    def told(item, *, progressed):
        if item.kind == "prior_therapy":
            return progressed and item.params.outcome == "progression"
        return True if item.kind == "her2_status" else None

    assert truth(found[0].node, lambda item: told(item, progressed=True)) is not False
    assert truth(found[0].node, lambda item: told(item, progressed=False)) is False


def test_a_bracket_behind_brain_metastases_does_not_turn_the_exclusion(reader):
    found = read(
        reader,
        "Metastases in the brain (patients with stable treated brain metastases are allowed)",
        section="Exclusion",
    )
    assert [(item.kind, item.params.accepted) for item in bound(found)] == [
        ("cns_metastases", ("none", "treated_stable"))
    ]


def test_disease_that_may_be_there_and_is_not_measured(reader):
    found = read(reader, "The patient may have carcinoma in situ beside it, but this will not be evaluated")
    assert "tumour_type" not in asked(found)


@pytest.mark.parametrize(
    ("words", "binds"),
    [
        ("No close contact at home with: pregnant women, infants aged 2 years and under", False),
        ("Keeps away from pregnant women; children 4 years of age and under", False),
        ("Children 4 years of age and under", True),
    ],
)
def test_the_age_of_people_around_is_not_the_patients(reader, words, binds):
    assert ("age" in asked(read(reader, words))) is binds


@pytest.mark.parametrize(
    ("words", "shuts_out"),
    [
        (
            "Currently taking an SSRI, venlafaxine, or TCA regimen (including bupropion) for treatment of depression",
            False,
        ),
        ("Takes an antidepressant", True),
    ],
)
def test_what_a_medicine_is_for_narrows_the_exclusion(reader, words, shuts_out):
    found = read(reader, words, section="Exclusion")
    assert ("concomitant_medication" in asked(found)) is shuts_out


@pytest.mark.parametrize(
    ("words", "state"), [("Active hepatitis A, B or C", "active"), ("Hepatitis A, B, and C infection", "known")]
)
def test_hepatitis_by_its_letters(reader, words, state):
    found = read(reader, words, section="Exclusion")
    told = bound(found)
    viruses = {item.params.virus: item.params.state for item in told if item.kind == "viral_infection"}
    assert viruses == {"hbv": state, "hcv": state}
    assert [item.params.agents for item in told if item.kind == "infection"] == [("hepatitis_a",)]


def test_a_sarcoma_of_an_organ_is_not_the_cancer_of_the_organ(reader):
    found = read(reader, "Bladder leiomyosarcoma, breast sarcoma", section="Exclusion")
    assert "tumour_type" not in asked(found)
    named = read(reader, "Endometrial leiomyosarcoma", section="Exclusion")
    assert [item.params.types for item in bound(named)] == [("uterine_sarcoma",)]


@pytest.mark.parametrize(
    ("words", "binds"),
    [
        ("Prostate cancer, advanced breast cancer, or non small cell lugn cancer", False),
        ("Ovarian cancer or breast cancer", True),
        ("Ovarian cancer, no squelous cancer", True),
    ],
)
def test_a_cancer_that_was_not_read_opens_its_list(reader, words, binds):
    assert bool(asked(read(reader, words)) & {"tumour_type", "her2_status"}) is binds


def test_points_of_which_some_are_asked(reader):
    found = read(
        reader,
        "Meets 2 of the following 4 signs as seen in the chart:",
        "Platelets < 100 x 10^9/L; triglycerides > 150 mg/dL; age over 60; body mass index > 30",
    )
    assert not asked(found)


def test_those_who_are_watched_more_closely_are_let_in(reader):
    text = (
        "Inclusion Criteria:\n\n* Note the following risks; these patients should be under close monitoring:\n\n"
        "  * Earlier treatment with an anthracycline\n\n  * Earlier treatment with trastuzumab\n"
    )
    found = reader.read(text, ()).criteria
    assert "prior_therapy" not in asked(found)
    assert {one.role for one in found if "Earlier" in one.text} == {Role.PERMITS}


def test_a_time_that_belongs_to_one_of_two_settings(reader):
    words = "Progressed within 6 months of adjuvant trastuzumab or progressed on trastuzumab for metastatic disease"
    assert not any(getattr(item.params, "progressed_within_months", None) for item in bound(read(reader, words)))


@pytest.mark.parametrize(
    ("words", "shuts_out"),
    [
        ("Any of these conditions in the preceding 6 months: stent graft of some sort, unstable angina", False),
        ("Any of these conditions: stent graft of some sort, unstable angina", True),
    ],
)
def test_a_time_in_front_of_a_list_is_not_lost(reader, words, shuts_out):
    found = bound(read(reader, words, section="Exclusion"))
    ever = [item for item in found if item.kind == "cardiac_history" and item.params.within_days is None]
    assert bool(ever) is shuts_out


def test_one_limit_for_both_sexes_binds_both(reader):
    (criterion,) = read(reader, "Haemoglobin >= 9 g/dL in women and men")
    assert "sex" not in str(write(criterion.node))


def test_not_eligible_for_one_part_is_no_demand(reader):
    (criterion,) = read(reader, "Stage I tumours are not eligible for the surgical part of the protocol")
    assert {one.kind for one in leaves(criterion.node)} == {"unread"}


def test_a_value_that_a_bracket_lets_be_corrected_is_no_demand(reader):
    text = "Haemoglobin >= 10 g/dL (a haemoglobin < 10 g/dL is acceptable if corrected by transfusion)"
    (criterion,) = read(reader, text)
    assert [one.params.op for one in leaves(criterion.node)] == [">="]
