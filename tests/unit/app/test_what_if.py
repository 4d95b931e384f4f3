"""What if: facts and treatments put into the record, and the doors that a treatment closes."""

from datetime import date

import pytest

from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.app.what_if import (
    _short_names,
    her2_words,
    others_line,
    sentence,
    what_if,
    what_if_json,
    with_course,
)
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.changed import Effect
from her2nav.matching.evaluate import Verdict
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.results import match_patient
from her2nav.model.errors import Her2NavError, InputError


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


@pytest.fixture(scope="module")
def answer_of(session, root):
    kept = {}

    def find(name):
        if name not in kept:
            kept[name] = match(
                session, read_patient(root / f"examples/{name}.yaml", session.knowledge, session.today())
            )
        return kept[name]

    return find


def tried(session, answer, text):
    return what_if(session, answer.case, answer.chosen.compiled, text)


def test_a_low_ejection_fraction_closes_trials_and_a_test_may_change_it(session, answer_of):
    found = tried(session, answer_of("breast-positive"), "lvef=35")
    closed = found.with_effect(Effect.CLOSES)
    assert closed
    assert all("LVEF" in one.because.finding.reason and not one.for_good for one in closed)


@pytest.mark.parametrize("text", ["ish=positive", "her2.ihc=3+", "anc=0.4", "performance.ecog=3", "sex=female"])
def test_before_and_after_are_what_two_matches_say(session, answer_of, text):
    answer = answer_of("gej-equivocal")
    for one in tried(session, answer, text).changes:
        before = answer.find(one.nct_id)
        assert one.before.verdict is before.verdict
        opened = before.verdict is Verdict.INELIGIBLE
        assert (one.effect is Effect.OPENS) == opened
        if one.effect in (Effect.CLOSES, Effect.PAUSES):
            assert one.after.verdict is Verdict.INELIGIBLE
            assert one.because.truth.value == "not_met"


def test_a_treatment_is_judged_on_its_first_day_against_that_day_without_it(session, answer_of):
    answer = answer_of("breast-positive")
    found = tried(session, answer, "start trastuzumab deruxtecan 2026-02-01")
    assert found.day == date(2026, 2, 1)
    pauses = found.with_effect(Effect.PAUSES)
    assert pauses
    for one in pauses:
        assert one.until > found.day
        again = match_patient(
            type(answer.case)(answer.case.patient, found.day, answer.case.knowledge), session.compiled
        )
        same = next(item for item in again if item.trial.record.nct_id == one.nct_id)
        assert same.verdict is one.before.verdict
    assert f"pauses {len(pauses)} trial" in sentence(found)


def test_the_sentence_counts_what_closes_by_reason(session, answer_of):
    found = tried(session, answer_of("gej-equivocal"), "start trastuzumab 2026-02-01")
    closes = found.with_effect(Effect.CLOSES)
    assert closes
    said = sentence(found)
    assert said.startswith(f"Starting trastuzumab on 2026-02-01 closes {len(closes)} trial")
    assert "lines of therapy" in said


def test_only_trials_that_can_be_entered_are_counted_and_the_others_are_told_apart(session, answer_of):
    found = tried(session, answer_of("breast-positive"), "lvef=35")
    assert found.counted
    assert found.others
    assert set(found.changes) == {*found.counted, *found.others}
    old_days = rank_rules(session.knowledge).old_days
    for one in found.changes:
        status = one.after.trial.record.status
        fresh = (found.day - status.date).days <= old_days
        assert (one in found.counted) == (status.value.may_recruit is True and fresh)
    assert f"{len(found.others)} trials" in others_line(found)
    data = what_if_json(found)
    assert [row["recruiting"] is True for row in data["changes"]] == [one in found.counted for one in found.changes]


def test_the_her2_status_that_is_told_is_that_of_the_supposed_record(session, answer_of):
    answer = answer_of("gej-equivocal")
    data = what_if_json(tried(session, answer, "ish=positive"))
    assert data["her2_before"] == her2_words(answer.case)
    assert "equivocal" in data["her2_before"]
    assert data["her2_after"] == "HER2-positive"
    assert her2_words(answer.case, plain=True) != her2_words(answer.case)


@pytest.mark.parametrize(
    ("text", "fact", "allowed"),
    [
        ("ish=banana", "ish = banana", "positive, negative, equivocal"),
        ("brain=maybe", "brain = maybe", "treated_stable"),
        ("ecog=9", "ecog = 9", "at most 5"),
        ("cancer.settings=early", "did you mean 'setting'", "setting"),
        ("anc=1.2 foo", "anc = 1.2 foo", "10*9/L"),
        ("tumour=mars", "tumour = mars", "OncoTree"),
        ("labs={", "'{' is not understood", "a list such as"),
        ("cancer.histology=foo", "histology counts as unknown", "a value that the program knows"),
        ("hemoglobn=3", "did you mean hemoglobin", "ish"),
    ],
)
def test_a_value_that_a_fact_cannot_have_names_the_fact_and_what_is_allowed(session, answer_of, text, fact, allowed):
    with pytest.raises(InputError) as caught:
        tried(session, answer_of("gej-equivocal"), text)
    assert fact in str(caught.value)
    assert allowed in (caught.value.allowed or "")
    assert "Input should" not in str(caught.value)


def test_a_supposed_age_counts_although_the_birth_date_is_known(session, answer_of):
    found = tried(session, answer_of("breast-low"), "age=12")
    assert found.with_effect(Effect.CLOSES)


def test_planned_treatments_show_their_doors(answer_of):
    answer = answer_of("gej-equivocal")
    assert [one.says for one in answer.doors] == ["starting FOLFOX + nivolumab on 2026-02-02"]
    assert answer_of("breast-low").doors == ()


def test_one_dose_is_put_into_the_setting_of_the_disease(answer_of):
    case = answer_of("breast-positive").case
    added = with_course(case, ["tucatinib"]).patient.therapies[-1]
    assert added.setting == "metastatic"
    assert added.start == added.end


def test_every_short_name_writes_what_a_record_takes(session, answer_of):
    values = {"ecog": "1", "lvef": "50", "qtcf": "430", "age": "60", "sex": "male", "pregnancy": "not_pregnant"}
    values |= {"brain": "none", "leptomeningeal": "false", "ild": "none", "hiv": "negative", "hbsag": "negative"}
    values |= {"er": "positive", "pr": "negative", "msi": "MSS", "setting": "metastatic", "tumour": "gastric"}
    values |= {"ish": "positive", "her2.ish": "negative", "ihc": "3+", "her2.ihc": "1+", "her2": "positive"}
    names = _short_names(load_knowledge())
    answer = answer_of("gej-equivocal")
    for name in names:
        value = values.get(name, "true")
        assert tried(session, answer, f"{name}={value}").says == f"{name} = {value}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start nosuchdrug", "unknown drug"),
        ("start tucatinib 2020-01-01", "lies before"),
        ("start tucatinib 2026-13-01", "2026-13-01"),
        ("start tucatinib 2027", "is not a day"),
        ("nosuchfact=1", "no fact is called"),
        ("anc=many", "is not a number"),
        ("performance.ecog=nine", "not a number"),
        ("what now", "is not understood"),
    ],
)
def test_what_is_not_understood_is_one_clear_line(session, answer_of, text, message):
    with pytest.raises(Her2NavError, match=message):
        tried(session, answer_of("gej-equivocal"), text)
