"""What if: facts and treatments put into the record, and the doors that a treatment closes."""

from datetime import date

import pytest

from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.app.what_if import _short_names, sentence, what_if, with_course
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.changed import Effect
from her2nav.matching.evaluate import Verdict
from her2nav.matching.results import match_patient
from her2nav.model.errors import Her2NavError


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
    found = tried(session, answer_of("gej-equivocal"), "lvef=35")
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
    assert "prior therapy" in said


def test_planned_treatments_show_their_doors(answer_of):
    answer = answer_of("gej-equivocal")
    assert [one.says for one in answer.doors] == ["starting FOLFOX + nivolumab on 2026-02-02"]
    assert answer_of("breast-low").doors == ()


def test_one_dose_is_put_into_the_setting_of_the_disease(answer_of):
    case = answer_of("breast-positive").case
    added = with_course(case, ["tucatinib"], case.as_of).therapies[-1]
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
        ("nosuchfact=1", "unknown fact"),
        ("anc=many", "is not a number"),
        ("performance.ecog=nine", "cannot hold"),
        ("what now", "is not understood"),
    ],
)
def test_what_is_not_understood_is_one_clear_line(session, answer_of, text, message):
    with pytest.raises(Her2NavError, match=message):
        tried(session, answer_of("gej-equivocal"), text)
