"""Safety on a patient's record: which LVEF is the baseline, what is stale, what is unknown."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.therapy.monitoring_ics import to_ics
from her2nav.therapy.safety_plan import Request, make_safety
from her2nav.therapy.safety_results import CalendarEvent

KNOWLEDGE = load_knowledge()
DAY = date(2026, 11, 20)
TDXD = "trastuzumab_deruxtecan"
COURSE = {"drugs": ["T-DXd"], "setting": "metastatic", "start": "2026-05-01", "ongoing": True}


def safety(record, *drugs, as_of=DAY, **more):
    return make_safety(Case(Patient.model_validate(record), as_of, KNOWLEDGE), Request(drugs or (TDXD,), **more))


def rule(answer, name):
    return next(one for one in answer.rules if one.rule == name)


def lvef(*pairs, **more):
    heart = {"nyha": "none", "lvef": [{"percent": percent, **({"date": day} if day else {})} for percent, day in pairs]}
    return {"therapies": [COURSE], "cardiac": heart, **more}


@pytest.mark.parametrize(
    ("pairs", "code", "flag"),
    [
        ([(60, "2026-04-20"), (44, "2026-11-01")], "INTERRUPT_REPEAT_3W", "hold"),
        # The newest before the first dose is the baseline, not the highest.
        ([(70, "2025-04-20"), (52, "2026-04-20"), (44, "2026-11-01")], "CONTINUE_REPEAT_3W", "check"),
        ([(60, "2026-05-01"), (61, "2026-11-01")], "CONTINUE", "none"),
        # Nothing measured since the first dose.
        ([(60, "2026-04-20")], "UNKNOWN_LVEF", "unknown"),
        # Nothing measured before it.
        ([(44, "2026-11-01")], "UNKNOWN_BASELINE", "hold_until_reviewed"),
        ([(55, "2026-11-01")], "UNKNOWN_BASELINE", "unknown"),
        ([(38, "2026-11-01")], "INTERRUPT_REPEAT_3W_STOP_IF_CONFIRMED", "hold"),
        # A measurement of the month of the first dose may be either.
        ([(60, "2026-04-20"), (44, "2026-05")], "UNKNOWN_BASELINE", "hold_until_reviewed"),
    ],
)
def test_baseline_and_current(pairs, code, flag):
    found = rule(safety(lvef(*pairs)), "tdxd_lvef")
    assert (found.code, found.flag) == (code, flag)
    assert bool(found.find_out) == code.startswith("UNKNOWN")


def test_the_start_of_the_user_goes_before_the_record():
    record = lvef((60, "2026-04-20"), (50, "2026-06-01"), (44, "2026-11-01"))
    assert rule(safety(record), "tdxd_lvef").code == "INTERRUPT_REPEAT_3W"
    assert rule(safety(record, start=date(2026, 7, 1)), "tdxd_lvef").code == "CONTINUE_REPEAT_3W"


def test_a_measurement_after_the_day_is_not_seen():
    record = lvef((60, "2026-04-20"), (58, "2026-08-01"), (30, "2026-11-01"))
    assert rule(safety(record, as_of=date(2026, 9, 1)), "tdxd_lvef").code == "CONTINUE"


def test_courses_close_together_share_a_baseline():
    record = lvef((62, "2025-12-01"), (50, "2026-05-10"), (45, "2026-11-01"))
    first = {"drugs": ["T-DXd"], "setting": "metastatic", "start": "2026-01-05", "end": "2026-04-01"}
    record["therapies"] = [first, COURSE]
    assert rule(safety(record), "tdxd_lvef").code == "INTERRUPT_REPEAT_3W"


def test_lower_limit_of_the_laboratory_decides():
    record = {
        "therapies": [{"drugs": ["trastuzumab"], "start": "2026-05-01", "ongoing": True}],
        "cardiac": {
            "nyha": "none",
            "lvef": [{"percent": 62, "date": "2026-04-20"}, {"percent": 47, "date": "2026-11-01"}],
        },
    }
    unknown = rule(safety(record, "trastuzumab"), "trastuzumab_lvef")
    assert unknown.code == "UNKNOWN_LVEF_BELOW_LLN"
    assert "--lvef-lln" in unknown.find_out[0].clinical
    assert rule(safety(record, "trastuzumab", lvef_lln=Decimal(50)), "trastuzumab_lvef").code == "HOLD"
    assert rule(safety(record, "trastuzumab", lvef_lln=Decimal(45)), "trastuzumab_lvef").code == "CONTINUE"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"lung": {"ild_history": "current", "grade": 1}}, "HOLD"),
        ({"lung": {"ild_history": "current", "grade": 2}}, "STOP"),
        ({"toxicities": [{"name": "pneumonitis", "grade": 3, "ongoing": True}]}, "STOP"),
        ({"lung": {"ild_history": "none"}}, "CONTINUE"),
        ({"lung": {"ild_history": "current"}}, "UNKNOWN_ILD_GRADE"),
        ({"toxicities": [{"name": "pneumonitis", "grade": 2}]}, "UNKNOWN_ILD_GRADE"),
        ({"toxicities": [{"name": "pneumonitis", "grade": 2, "ongoing": False}]}, "CONTINUE"),
        ({}, "UNKNOWN_ILD_GRADE"),
        ({"complete": {"toxicities": True}}, "CONTINUE"),
    ],
)
def test_ild_from_the_record(record, code):
    assert rule(safety({"therapies": [COURSE], **record}), "tdxd_lung").code == code


def test_ild_of_unknown_grade_is_at_least_a_hold():
    assert rule(safety({"lung": {"ild_history": "current"}}), "tdxd_lung").heading == "HOLD at least"


def test_an_unverified_rule_prints_possible_hold():
    found = rule(safety({"lung": {"ild_history": "current", "grade": 2}}, "zongertinib"), "zongertinib_lung")
    assert found.heading == "possible hold: check the label"
    assert found.source.unverified


def test_a_missing_upper_limit_leaves_the_liver_open():
    labs = [{"name": "alt", "value": 230, "unit": "U/L", "date": "2026-11-10"}]
    found = rule(safety({"labs": labs}, "tucatinib"), "tucatinib_liver")
    assert found.flag == "unknown"
    assert {one.input for one in found.find_out} >= {"bilirubin"}
    labs = [
        {"name": name, "value": value, "unit": unit, "uln": uln, "date": "2026-11-10"}
        for name, value, unit, uln in (
            ("alt", 230, "U/L", 40),
            ("ast", 30, "U/L", 40),
            ("bilirubin", 0.6, "mg/dL", 1.2),
        )
    ]
    assert rule(safety({"labs": labs}, "tucatinib"), "tucatinib_liver").code == "HOLD_REDUCE"


def test_early_and_metastatic_rules():
    def names(setting):
        record = {"cancer": {"setting": setting}} if setting else {}
        return {one.rule for one in safety(record, "trastuzumab_emtansine").rules if "lvef" in one.rule}

    assert names("metastatic") == {"tdm1_lvef_metastatic"}
    assert names("early") == {"tdm1_lvef_early"}
    assert names(None) == {"tdm1_lvef_metastatic", "tdm1_lvef_early"}


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-04-20", "done"),
        ("2026-04-03", "done"),
        ("2026-04-02", "stale"),
        ("2026-05-20", "missing"),
        (None, "stale"),
    ],
)
def test_baseline_lvef_is_done_missing_or_stale(day, status):
    found = next(one for one in safety(lvef((60, day))).baseline if one.item == "lvef")
    assert found.status == status


def test_a_low_baseline_is_said():
    found = next(one for one in safety(lvef((48, "2026-04-20"))).baseline if one.item == "lvef")
    assert (found.requirement, found.status) == ("not_met", "done")


def test_a_pregnancy_test_is_for_those_who_can_be_pregnant():
    def status(**who):
        return next(one.status for one in safety({"demographics": who}).baseline if one.item == "pregnancy_test")

    assert status(sex="male") == "not_applicable"
    assert status(sex="female", menopausal_status="postmenopausal") == "not_applicable"
    assert status(sex="female", menopausal_status="premenopausal") == "missing"
    # Recorded without a date: it may be too old.
    assert status(sex="female", pregnancy="not_pregnant") == "stale"


def test_dose_of_another_tumour_is_seen():
    def fits(dose, unit="mg/kg", **who):
        course = {**COURSE, "drugs": [{"name": "Enhertu", "dose": dose, "unit": unit}]}
        record = {"cancer": {"tumour_type": "breast"}, "therapies": [course], "demographics": who}
        return [one.fits for one in safety(record).doses]

    assert fits("5.4") == [True]
    assert fits("4.4") == [True]
    assert fits("6.4") == [False]
    assert fits("378", "mg", weight_kg=70) == [True]
    assert fits("378", "mg") == [None]
    assert fits("100", "mg/m2") == [None]


def test_an_unverified_dose_says_nothing_of_a_dose():
    course = {"drugs": [{"name": "zanidatamab", "dose": "300", "unit": "mg"}], "start": "2026-09-01", "ongoing": True}
    record = {"cancer": {"tumour_type": "gastric"}, "therapies": [course], "demographics": {"weight_kg": 60}}
    doses = safety(record, "zanidatamab").doses
    assert [(one.levels, one.fits) for one in doses] == [(("1800 mg",), None)]
    assert doses[0].source.unverified


def test_dehydration_alert_needs_diarrhoea_and_the_medicine():
    def alert(**record):
        return [one.certain for one in safety(record, "neratinib").interactions if one.topic == "gut"]

    loose = [{"name": "diarrhoea", "grade": 2, "ongoing": True}]
    assert alert(toxicities=loose, medications=["furosemide"]) == [True]
    assert alert(medications=["furosemide"]) == [False]
    assert alert(toxicities=[{"name": "diarrhoea", "grade": 1, "ongoing": True}], medications=["furosemide"]) == []
    assert alert(toxicities=loose, medications=["paracetamol"]) == []


def test_combination_with_durvalumab():
    found = safety({}, TDXD, "durvalumab").interactions
    assert any(one.kind == "combination" and "9.3 %" in one.advice and one.certain for one in found)


def test_a_drug_does_not_interact_with_itself():
    record = {"therapies": [{"drugs": ["lapatinib"], "start": "2026-05-01", "ongoing": True}]}
    assert safety(record, "lapatinib").interactions == ()


def test_heart_risks():
    record = {"demographics": {"age": 71}, "conditions": ["hypertension"], "anthracycline_mg_m2": 240}
    record["conditions"] = [{"name": "hypertension"}]
    found = {one.id: one.truth for one in safety(record).heart_risks}
    assert found == {
        "age": "met",
        "heart_disease": "unknown",
        "hypertension": "met",
        "anthracycline": "met",
        "low_lvef": "unknown",
    }


def test_dates_go_on_to_the_end_only():
    ended = {**COURSE, "ongoing": False, "end": "2026-08-01"}
    answer = safety({"therapies": [ended]})
    assert answer.events
    assert max(event.date for event in answer.events) <= "2026-08-01"
    assert {one.until for one in answer.contraception if one.who == "female"} == {"2027-03-01"}


def test_two_years_of_lvef_after_adjuvant_trastuzumab():
    course = {"drugs": ["trastuzumab"], "setting": "adjuvant", "start": "2025-10-01", "end": "2026-10-01"}
    answer = safety({"cancer": {"setting": "early"}, "therapies": [course]}, "trastuzumab")
    after = [event.date for event in answer.events if event.date > "2026-10-01"]
    assert after == ["2027-04-01", "2027-10-01", "2028-04-01", "2028-10-01"]


def test_unverified_dates_are_used_only_where_nothing_else_gives_some():
    lines = [one for one in safety({"cancer": {"setting": "metastatic"}}, start=DAY).calendar if one.item == "lvef"]
    used = [one for one in lines if one.in_use]
    assert [one.source.unverified for one in used] == [False]
    assert any(one.source.unverified and not one.dates for one in lines)


def test_a_drug_not_yet_begun_makes_today_the_day_of_the_order_set():
    old = {"drugs": ["capecitabine"], "start": "2025-01-01", "end": "2025-06-01"}
    record = {"therapies": [old], "cardiac": {"lvef": [{"percent": 60, "date": "2026-11-01"}]}}
    found = next(one for one in safety(record, "zanidatamab", "capecitabine").baseline if one.item == "lvef")
    assert found.status == "done"


def unfolded(text):
    return text.replace("\r\n ", "")


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1), max_size=3)
)
def test_calendar_text_reads_back(names):
    events = [CalendarEvent(date="2027-01-31", item=str(i), number=1) for i in range(len(names))]
    titles = {str(i): name for i, name in enumerate(names)}
    text = to_ics(events, titles, neutral="Appointment", owner="x", stamp=DAY, version="1")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = unfolded(text).split("\r\n")
    if not names:
        assert "BEGIN:VEVENT" not in lines
        return
    assert "DTSTART;VALUE=DATE:20270131" in lines
    assert "DTEND;VALUE=DATE:20270201" in lines
    summary = next(line for line in lines if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    read, rest = "", iter(summary)
    for character in rest:
        read += next(rest) if character == "\\" else character
    assert read == ", ".join(names)


@pytest.mark.parametrize(
    ("drugs", "said"),
    [
        (("tucatinib",), False),
        (("neratinib",), False),
        (("lapatinib",), False),
        (("pertuzumab",), False),
        (("trastuzumab",), True),
        (("trastuzumab_emtansine",), True),
        (("trastuzumab_deruxtecan",), True),
        (("tucatinib", "trastuzumab", "capecitabine"), True),
    ],
)
def test_the_word_on_chest_ct_stands_for_trastuzumab_and_its_conjugates_only(drugs, said):
    lines = [one.clinical for one in safety({}, *drugs).advice]
    assert any("CT of the chest" in line for line in lines) is said
    assert all("trastuzumab" not in line.lower() for line in lines) or said


def test_subcutaneous_and_biosimilar_forms_are_a_matter_of_trastuzumab():
    assert not any("Biosimilar" in one.clinical for one in safety({}, "tucatinib").heart_protection)
    assert any("Biosimilar" in one.clinical for one in safety({}, "trastuzumab").heart_protection)
