"""Words that no rule reads, as points that name what is asked; what stays unread as its sign or place is not sure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from her2nav.criteria.reader import ReadText, reader
from her2nav.kinds.forms import write
from her2nav.kinds.reading.open_points import OPEN_POINTS, OpenPoint, named_matter
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from unit.reading.written import bare

KNOWN = load_knowledge()


def read(section: str, entry: str) -> ReadText:
    head = {"in": "Inclusion", "ex": "Exclusion"}[section]
    return reader(KNOWN).read(f"{head} Criteria:\n\n* {entry}\n")


def topics(section: str, entry: str) -> set[str]:
    return {
        item.params.topic
        for one in read(section, entry).criteria
        for item in leaves(one.node)
        if item.kind == "judgement" and "(" in item.params.topic
    }


def unread(section: str, entry: str) -> bool:
    return any(item.kind == "unread" for one in read(section, entry).criteria for item in leaves(one.node))


@pytest.mark.parametrize(
    ("section", "entry", "topic"),
    [
        ("ex", "Infection of CTCAE > grade 2", "an amount or a limit (> grade 2)"),
        ("ex", "Uncontrolled hypertension or Zorbl failure", None),
        ("in", "Measurable disease (part 3)", "which part of the trial is meant (part 3)"),
        ("ex", "Zorbled lung toxicity", None),
        ("in", "In the dose expansion, patients must have measurable disease", None),
        ("ex", "Ipsilateral breast implant", "an operation or procedure (ipsilateral breast implant)"),
        ("ex", "Known exposure to zorbled dust", "a habit or an exposure (exposure to zorbled dust)"),
        ("in", "No zorbl-induced seizures", None),
        ("in", "No known latex or blorb allergy", "an illness, symptom or finding (latex or blorb allergy)"),
        ("ex", "Clinical or zorbled blorb syndrome", None),
        ("ex", "A vein graft at the start of study treatment", "an operation or procedure (vein graft)"),
        ("ex", "Use of zorbled vein stenting (e.g. blorb one)", None),
        ("ex", "Patients that had vein stenting before study entry", "an operation or procedure (vein stenting)"),
    ],
)  # fmt: skip
def test_a_stretch_that_names_one_thing_is_a_point(section: str, entry: str, topic: str | None) -> None:
    found = topics(section, entry)
    assert topic is None or found == {topic}
    assert topic is None or not unread(section, entry)


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        # a sentence, not a name
        ("in", "Measurable disease; the zorble must not be larger than that"),
        # half of a name: its noun stands behind the next word
        ("ex", "Hepatitis B with zorbled hepatic or blorbic functions"),
        # what stands beside other words in a bracket
        ("in", "Aged at least 18 years (blorb therapy: see the zorbled table)"),
        # nobody is asked for an illness
        ("in", "Measurable disease with zorbl failure"),
        # an entry alone that the trial asks for may be a heading
        ("in", "Zorbled chemotherapy"),
        # what is let in is no reason to exclude
        ("ex", "Zorbled carcinoma in situ"),
        # in front of a bracket the half of a name, whose noun stands behind "or"
        ("ex", "Sarcoma with zorbled (blorb 2) or metastatic disease"),
        # what a word means is no alternative to it
        ("ex", "Known KRAS mutation, defined as a blorbed gene variant"),
        # a misspelt exception
        ("ex", "Warfarin exept zorbled doses for port maintenance therapy"),
    ],
)
def test_what_is_not_sure_stays_unread(section: str, entry: str) -> None:
    assert unread(section, entry)


def test_one_stretch_that_cannot_be_named_leaves_all_unread() -> None:
    entry = "Infection of CTCAE > grade 2, where blorb zorbles"
    assert unread("ex", entry)
    assert not topics("ex", entry)


def test_what_must_be_absent_is_denied() -> None:
    (one,) = read("in", "No known diarrheagenic agents").criteria
    assert bare(write(one.node)) == {"not": {"judgement": {"topic": "a treatment (diarrheagenic agents)"}}}


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("3 mm for dcis", None),
        ("zorblectomy within six months", "procedure"),
        ("28-30 days", "lasting"),
        ("> grade 2", "amount"),
        ("asymptomatic or residual", "state"),
        ("loss of p16 expression", "marker"),
        ("advanced or blorbic", None),
        ("zorblitis with advanced (blorb)", None),
        ("latex or vaccine allergy", "finding"),
        ("ipsilateral or contralateral blorb cancer", "cancer"),
        ("grade 2 or higher blorb surgery", "procedure"),
        ("zorblitis during therapy that necessitated a change", "finding"),
        ("zorblitis that must be treated", None),
        ("zorb (zorbled blorb) inhibitor", "treatment"),
        ("breast or chest irradiation", "treatment"),
        ("other medical pathology", "finding"),
        ("other metastatic disease", "cancer"),
        ("due to a grade 3 or higher irae", "cause"),
        ("rapidly progressive, blorbed metastases", "cancer"),
        ("no zorbl therapy", None),
        ("therapy of", None),
        ("days", None),
        ("", None),
    ],
)
def test_the_noun_tells_what_is_named(said: str, matter: str | None) -> None:
    found = named_matter(said, KNOWN)
    assert found is None if matter is None else found is not None and found.id == matter


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcdefgh ()≥-,.0123", max_size=60))
def test_a_point_holds_the_words_it_is_made_of(said: str) -> None:
    found = named_matter(said, KNOWN)
    if found is not None:
        assert all(word.strip("()") in found.topic for word in said.strip(" .,;:*-").split())


@pytest.mark.parametrize(
    ("entry", "topic"),
    [
        (
            "Uncontrolled seizures (zorblin 1 mg for the port is allowed)",
            "what the trial allows (zorblin 1 mg for the port is allowed)",
        ),
        (
            "Earlier treatment with lapatinib. Blorbed zorbling is permitted up to day 3.",
            "what the trial allows (blorbed zorbling is permitted up to day 3)",
        ),
    ],
)
def test_what_is_allowed_is_a_point_of_its_own(entry: str, topic: str) -> None:
    assert topic in topics("ex", entry)


@pytest.mark.parametrize(
    "entry",
    [
        "Uncontrolled seizures (zorblin for the port is not allowed)",
        "Earlier treatment with lapatinib. Blorbed zorbling is permitted only if it zorbled before",
        "Uncontrolled seizures (zorblin of an acceptable blorb that zorbles)",
    ],
)
def test_what_is_forbidden_or_asked_for_is_no_permission(entry: str) -> None:
    assert not any(topic.startswith("what the trial allows") for topic in topics("ex", entry))


@pytest.mark.parametrize(
    ("section", "entry", "topic"),
    [
        ("ex", "Concurrent corticosteroids, unless on zorbled replacement doses", "on zorbled replacement doses"),
        ("ex", "Bilirubin above 2 x ULN unless due to zorbling", "due to zorbling"),
        ("ex", "Earlier anticancer treatment (except for one zorbled regimen)", "one zorbled regimen"),
        ("ex", "Active seizures unless a blorb (one) zorbled", "a blorb (one) zorbled"),
        ("in", "No earlier gemcitabine except zorbled gemcitabine with a blorb", "zorbled gemcitabine with a blorb"),
        # in a demand, "except" takes somebody out and does not let in
        ("in", "Stage II breast cancer (except zorbled ones) or stage III", None),
        # it ends in an exception of its own
        ("ex", "Concurrent corticosteroids, unless zorbled blorbs, except inhaled blorbs", None),
        # one part of it was read by itself
        ("in", "No seizures unless zorbled and lasting ECOG 0", None),
    ],
)  # fmt: skip
def test_an_exception_that_no_rule_reads_is_a_point_as_a_whole(section: str, entry: str, topic: str | None) -> None:
    found = {one for one in topics(section, entry) if one.startswith("whether what the trial excepts")}
    assert found == ({f"whether what the trial excepts applies ({topic})"} if topic else set())


def test_nobody_is_certain_of_an_exception_that_no_rule_reads() -> None:
    (one,) = read("ex", "Concurrent corticosteroids, unless zorbled").criteria
    assert bare(write(one.node)).keys() == {"not"}
    assert {item.kind for item in leaves(one.node)} >= {"concomitant_medication", "judgement"}


@pytest.mark.parametrize(
    ("entry", "topic"),
    [
        (
            "Progression on anthracyclines. Blorbed resistance is defined as a zorble within the first year",
            "blorbed resistance is defined as a zorble within the first year",
        ),
        # it demands something
        ("Progression on anthracyclines. Blorbed resistance is defined as a zorble that must be shown", None),
    ],
)
def test_a_definition_is_a_point(entry: str, topic: str | None) -> None:
    found = {one for one in topics("ex", entry) if one.startswith("what the trial means by")}
    assert found == ({f"what the trial means by its words ({topic})"} if topic else set())


def test_what_must_be_absent_is_said_so_in_a_sentence_of_an_exclusion() -> None:
    entry = "Use of investigational agents within 30 days. Patients may not receive any other blorbed treatments"
    assert topics("ex", entry) == {"whether what must be absent is absent (other blorbed treatments)"}
    # the section and the sentence deny it both, or something else stands between
    assert unread(
        "ex", "Use of investigational agents within 30 days. Patients may not receive blorbs without zorbled treatments"
    )


@pytest.mark.parametrize(
    ("section", "entry", "topic"),
    [
        ("ex", "Prior antibody-drug conjugate that consists of a zorble", "that consists of a zorble"),
        # of which of the two it is said is not sure
        ("in", "Prior antibody-drug conjugate that consists of a zorble", None),
        ("ex", "Prior antibody-drug conjugate that consists of a zorble unless it blorbs", None),
    ],
)
def test_a_clause_that_narrows_what_is_shut_out_is_a_point(section: str, entry: str, topic: str | None) -> None:
    found = {one for one in topics(section, entry) if one.startswith("which of them")}
    assert found == ({f"which of them the trial means ({topic})"} if topic else set())


def test_a_degree_or_higher_is_one_degree() -> None:
    (one,) = read(
        "ex", "Prior PD-1 inhibitor and was discontinued from that treatment due to a Grade 3 or higher irAE"
    ).criteria
    told = bare(write(one.node))["not"]
    assert {"judgement": {"topic": "what it is for or due to (due to a grade 3 or higher irae)"}} in told["all_of"]


def test_behind_an_article_stands_a_reason_of_its_own() -> None:
    assert topics("ex", "Bleeding diathesis or an oral zorbled medication") == {"a treatment (oral zorbled medication)"}
    assert unread("ex", "Heart disease requiring drug or zorbled intervention")


def test_what_a_treatment_was_given_for_is_no_state_of_the_patient() -> None:
    assert topics("ex", "Earlier hormonal therapy for metastatic or locally recurrent disease") == {
        "whether a treatment was given for what else the trial names (locally recurrent disease)"
    }


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "Diabetes. Patients with adrenal disease that is zorbled by blorbs may be enrolled",
            "patients with adrenal disease that is zorbled by blorbs may be enrolled",
        ),
        (
            "Prior gemcitabine. Patients who received gemcitabine as adjuvant therapy are eligible, if it zorbled",
            "patients who received gemcitabine as adjuvant therapy are eligible, if it zorbled",
        ),
        # it demands something of everybody
        ("Diabetes. Patients with adrenal disease may be enrolled, zorbled blorbs must have ended", None),
        ("Prior gemcitabine. No more than four zorbled regimens of gemcitabine are allowed", None),
        # only those: a demand
        ("Diabetes. Patients with adrenal disease that is zorbled may be enrolled only if it blorbed", None),
    ],
)  # fmt: skip
def test_a_permission_that_was_read_in_part_is_a_point_with_its_words(entry: str, said: str | None) -> None:
    found = {one for one in topics("ex", entry) if one.startswith("what the trial allows")}
    assert found == ({f"what the trial allows ({said})"} if said else set())
    assert unread("ex", entry) is (said is None)


def test_a_permission_that_was_read_in_part_frees_nobody_for_certain() -> None:
    (one,) = read("ex", "Diabetes. Patients with adrenal disease that is zorbled by blorbs may be enrolled").criteria
    told = bare(write(one.node))
    assert told.keys() == {"any_of"}
    denied, freed = told["any_of"]
    assert denied.keys() == {"not"}
    assert {"judgement"} <= {kind for part in freed["all_of"] for kind in part}


@pytest.mark.parametrize(
    "entry",
    [
        "Concurrent immunotherapy. The blorbs of these drugs are specified in section 5.",
        "Cognitive impairment is excluded due to the zorbled questionnaires",
        "Chronic hepatitis B should be excluded, as zorbline is potentially hepatotoxic",
        "Diabetes mellitus type I or type II",
        "Non-malignant pulmonary disease",
        "Active infection (bacterial, viral, or fungal)",
        "Last anti-PD-1 dosing within 28 days before the first dose of study treatment",
        "Use of OTC proton pump inhibitors within 6 months",
        "Brain or other CNS metastases",
        "Uncontrolled hypertension despite antihypertensive intervention",
        "Use of strong CYP3A4 inhibitors within 2 weeks, see detailed list in appendix 5",
    ],
)
def test_reasons_and_references_ask_nothing(entry: str) -> None:
    assert not unread("ex", entry)
    assert not topics("ex", entry)


def test_every_row_names_its_matter() -> None:
    rows = KNOWN.table(OPEN_POINTS, OpenPoint)
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.label and (row.heads or row.first) for row in rows)
    heads = [word for row in rows for word in row.heads]
    assert len(heads) == len(set(heads)), sorted(word for word in set(heads) if heads.count(word) > 1)
