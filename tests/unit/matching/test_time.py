"""Time alone: from which day a trial may fit, and which tests are too old by then."""

from datetime import date

from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.results import match_patient
from her2nav.model.patient import Patient
from her2nav.model.trial import Criterion, Role, Status, Trial, TrialRecord

DAY = date(2026, 6, 1)


def trial_of(*trees):
    reader = TreeReader(Document({}, "test"))
    record = TrialRecord(
        nct_id="NCT00000001",
        title="a made-up trial",
        status=Status(value="RECRUITING", date=DAY, source="test"),
        curation="full",
        text_sha256="0" * 64,
        review={"state": "draft", "date": DAY},
    )
    criteria = [
        Criterion(f"i{i}", Role.DECIDES, "inclusion", f"rule {i}", reader.read(t, ())) for i, t in enumerate(trees)
    ]
    return Trial(record, tuple(criteria), "curated")


WASHOUT = {"washout": {"drugs": ["trastuzumab_deruxtecan"], "days": "28"}}
LVEF = {"lvef": {"percent": "50", "within_days": "28"}}
RECORD = {
    "therapies": [{"drugs": "T-DXd", "start": "2026-01-05", "end": "2026-05-20"}],
    "complete": {"therapies": True, "medications": True},
    "cardiac": {"lvef": [{"percent": 60, "date": "2026-05-10"}]},
}


def found(record, *trees):
    case = Case(Patient.model_validate(record), DAY, load_knowledge())
    return match_patient(case, compile_trials([trial_of(*trees)]))[0]


def test_washout_gives_the_first_day_and_the_scan_to_repeat():
    match = found(RECORD, WASHOUT, LVEF)
    assert match.verdict.word == "ineligible"
    assert match.eligible_from == date(2026, 6, 17)
    assert [item.criterion.text for item in match.repeat_before] == ["rule 1"]


def test_on_that_day_it_fits_and_the_day_before_it_does_not():
    for day, word in ((date(2026, 6, 16), "ineligible"), (date(2026, 6, 17), "eligible")):
        case = Case(Patient.model_validate(RECORD), day, load_knowledge())
        assert match_patient(case, compile_trials([trial_of(WASHOUT)]))[0].verdict.word == word


def test_something_that_time_does_not_change_gives_no_day():
    match = found(RECORD, WASHOUT, {"not": {"prior_therapy": {"drugs": ["anti_her2"]}}})
    assert match.eligible_from is None
    assert match.repeat_before == []


def test_two_waits_end_with_the_later():
    brain = {"cns_metastases": {"accepted": ["none", "treated_stable"], "min_days_since_local_therapy": "60"}}
    record = {**RECORD, "cancer": {"cns": {"status": "treated_stable", "last_local_therapy": "2026-05-01"}}}
    assert found(record, WASHOUT, brain).eligible_from == date(2026, 6, 30)


def test_a_birthday_is_a_date_too():
    match = found({"demographics": {"birth_date": "2008-06-20"}}, {"age": {"min": "18"}})
    assert match.eligible_from == date(2026, 6, 20)


def test_an_open_birthday_is_a_question_not_a_date():
    match = found({"demographics": {"birth_date": "2008"}}, {"age": {"min": "18"}})
    assert match.verdict.word == "possible"
