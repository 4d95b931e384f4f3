"""Wordings on illnesses, blood tests and lists that were once read wrongly; each in words of our own."""

from typing import ClassVar

import pytest

from her2nav.criteria.modals import Force, force
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge

AST_LIMIT = {"lab_value": {"variable": "ast", "op": "<=", "value": "3", "unit": "xULN"}}
AST_LOOSER = {"lab_value": {"variable": "ast", "op": "<=", "value": "5", "unit": "xULN"}}
LIVER = {"metastatic_site": {"any_of": ["liver"]}}
OPEN = {"unread": {"note": "the text can be read in two ways"}}


def doubt(what):
    """A doubt that a person of the study settles."""
    return {"judgement": {"topic": f"whether the trial means {what}"}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "text")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(reader, text, section="exclusion"):
    """Return the written trees of the criteria of one entry."""
    before = "Inclusion Criteria:\n\n* " if section == "inclusion" else "Exclusion Criteria:\n\n* "
    return [bare(write(one.node)) for one in reader.read(before + text).criteria]


def shut_out(reader, text):
    """Return what an exclusion of one sentence shuts out."""
    (tree,) = read(reader, text)
    assert set(tree) == {"not"}
    parts = tree["not"]
    return parts.get("any_of", [parts])


def flat(tree):
    """Return everything that stands in alternatives, whatever their depth."""
    if "any_of" in tree:
        return [inner for part in tree["any_of"] for inner in flat(part)]
    return [tree]


INFARCTION = {"cardiac_history": {"any_of": ["myocardial_infarction"]}}


class TestWhatStandsAtTheEndOfAList:
    @pytest.mark.parametrize(
        "text",
        [
            "History of myocardial infarction, a stenting procedure, or angioplasty within 6 months",
            "Myocardial infarction, drainage of a cyst, or stroke within 6 months of the first dose",
        ],
    )
    def test_a_time_may_be_that_of_the_events_before_it(self, reader, text):
        (tree,) = read(reader, text)
        assert INFARCTION not in flat(tree["not"])
        assert {"all_of": [INFARCTION, doubt("it whenever it was, too")]} in flat(tree["not"])

    def test_a_disease_that_lasts_is_shut_out_whatever_the_time(self, reader):
        (tree,) = read(reader, "Liver cirrhosis; myocardial infarction within 6 months")
        assert {"not": {"comorbidity": {"any_of": ["cirrhosis"]}}} in tree["all_of"]

    def test_a_time_behind_examples_may_be_that_of_the_event(self, reader):
        (tree,) = read(reader, "Stroke including transient ischaemic attack or pulmonary embolism within 6 months")
        assert {"cardiac_history": {"any_of": ["stroke"]}} not in flat(tree["not"])

    @pytest.mark.parametrize(
        ("text", "wide"),
        [
            ("Arrhythmia or valve disease that requires medication", {"cardiac_history": {"any_of": ["arrhythmia"]}}),
            ("Nausea, vomiting or diarrhoea of grade 2 or more", {"comorbidity": {"any_of": ["nausea_vomiting"]}}),
            ("Ascites or pericardial effusion that requires drainage", {"comorbidity": {"any_of": ["ascites"]}}),
        ],
    )  # fmt: skip
    def test_a_need_or_a_grade_may_be_that_of_the_disease_before(self, reader, text, wide):
        (tree,) = read(reader, text)
        assert wide not in flat(tree["not"])

    def test_the_grade_of_one_bleeding_and_any_bleeding_of_late(self, reader):
        assert {"comorbidity": {"any_of": ["cns_haemorrhage"], "min_grade": 2}} in shut_out(
            reader, "CNS haemorrhage of grade 2 or more, or any CNS haemorrhage within 28 days"
        )

    def test_what_an_infection_needs_ends_before_the_next_disease(self, reader):
        found = shut_out(reader, "Infection requiring antibiotics, unstable angina or liver cirrhosis")
        assert {"cardiac_history": {"any_of": ["unstable_angina"]}} in found
        assert {"comorbidity": {"any_of": ["cirrhosis"]}} in found

    def test_a_word_behind_a_comma_is_of_the_next_disease(self, reader):
        found = shut_out(reader, "Heart failure, symptomatic coronary artery disease")
        assert {"cardiac_history": {"any_of": ["heart_failure"]}} in found

    @pytest.mark.parametrize(
        "text",
        [
            "Uncontrolled illness including psychiatric illness/social situations that would limit compliance",
            "Psychiatric illness that may interfere with the study",
        ],
    )
    def test_an_illness_that_would_hinder_taking_part(self, reader, text):
        assert {"comorbidity": {"any_of": ["psychiatric_illness"]}} not in flat(read(reader, text)[0]["not"])


class TestLimitsThatAreLooserForSome:
    def test_the_last_of_two_limits_is_bound_to_its_condition(self, reader):
        (tree,) = read(reader, "AST up to 3 x ULN, or up to 5 x ULN if liver metastases are present", "inclusion")
        assert tree == {"any_of": [AST_LIMIT, {"all_of": [LIVER, AST_LOOSER]}]}

    def test_an_exception_with_a_condition(self, reader):
        text = "AST <= 3 x ULN, except for patients with liver metastases, who are included if AST is <= 5 x ULN"
        (tree,) = read(reader, text, "inclusion")
        assert tree == {"any_of": [AST_LIMIT, {"all_of": [LIVER, AST_LOOSER]}]}

    @pytest.mark.parametrize(
        "text",
        [
            "AST <= 3 x ULN. AST <= 5 x ULN with documented liver metastases",
            "AST <= 3 x ULN. Patients may have an AST <= 5 x ULN if they have liver metastases",
        ],
    )
    def test_the_first_limit_does_not_bind_them(self, reader, text):
        (tree,) = read(reader, text, "inclusion")
        eased = {"any_of": [AST_LIMIT, {"all_of": [LIVER, AST_LOOSER]}]}
        assert tree == eased or tree["all_of"][0] == eased

    def test_two_entries(self, reader):
        first, second = read(reader, "AST <= 3 x ULN\n* AST <= 5 x ULN with liver metastases", "inclusion")
        assert first == {"any_of": [AST_LIMIT, {"all_of": [LIVER, AST_LOOSER]}]}
        assert second == {"when": LIVER, "then": AST_LOOSER}

    def test_among_exclusions_the_first_limit_is_for_the_others(self, reader):
        (tree,) = read(reader, "AST > 3 x ULN or > 5 x ULN in case of liver metastases")
        assert {"lab_value": {"variable": "ast", "op": ">", "value": "3", "unit": "xULN"}} not in tree["not"]["any_of"]

    def test_a_value_measured_in_two_ways(self, reader):
        text = "Either a creatinine clearance >= 60 mL/min (Cockcroft-Gault) or eGFR >= 60 mL/min/1.73m2"
        (tree,) = read(reader, text, "inclusion")
        assert set(tree) == {"any_of"}


class TestWhomADemandBinds:
    @pytest.mark.parametrize(
        ("text", "when"),
        [
            ("Patients over 60 years of age must have an echocardiogram", {"age": {"min": 61}}),
            ("Participants 12-17 years of age must have a creatinine <= 1.5 x ULN", {"age": {"min": 12, "max": 17}}),
            ("Patients with diabetes must have HbA1c < 8%", {"comorbidity": {"any_of": ["diabetes"]}}),
        ],
    )
    def test_some_by_their_age_or_an_illness(self, reader, text, when):
        (tree,) = read(reader, text, "inclusion")[:1]
        assert tree["when"] == when

    def test_everybody_is_grown_up(self, reader):
        assert read(reader, "Patients must be at least 18 years of age", "inclusion") == [{"age": {"min": 18}}]

    def test_a_list_of_what_women_must_fulfil_asks_for_no_women(self, reader):
        text = "Female patients who:\n    * are postmenopausal, or\n    * are of childbearing potential"
        (tree,) = read(reader, text, "inclusion")
        assert tree["when"] == {"sex": {"any_of": ["female"]}}

    def test_further_people_whom_an_exclusion_names(self, reader):
        found = shut_out(reader, "Pregnant women and women who are breastfeeding")
        assert found == [{"pregnancy": {"any_of": [state]}} for state in ("pregnant", "breastfeeding")]


class TestHeadersAndBrackets:
    def test_a_header_without_its_list_is_open(self, reader):
        (tree,) = read(reader, "Active heart disease including:")
        assert tree == {"not": {"all_of": [{"cardiac_history": {"any_of": ["heart_disease"]}}, OPEN]}}

    def test_a_list_at_the_level_of_its_header(self, reader):
        text = "Active heart disease:\n* Angina requiring medication\n* Arrhythmia requiring medication"
        (tree,) = read(reader, text)
        *entries, header = tree["not"]["any_of"]
        beyond = doubt("what the list does not name, too")
        assert header == {"all_of": [{"cardiac_history": {"any_of": ["heart_disease"]}}, beyond]}
        assert [entry["cardiac_history"]["any_of"] for entry in entries] == [["angina"], ["arrhythmia"]]

    def test_must_not_have_the_following(self, reader):
        text = "Patients must not have heart disease including:\n* Blood pressure above 160/90 mmHg\n* Heart failure"
        (tree,) = read(reader, text, "inclusion")[:1]
        assert set(tree) == {"not"}

    def test_all_patients_unless_noted_is_no_exception(self, reader):
        text = "All patients (unless otherwise noted):\n    * 18 years of age or older\n    * ECOG 0 or 1"
        assert len(read(reader, text, "inclusion")) == 2

    @pytest.mark.parametrize(
        ("text", "decides"),
        [
            (
                "Uncontrolled hypertension (systolic blood pressure above 160 mmHg)",
                {"vital_sign": {"measure": "systolic", "op": ">", "value": "160"}},
            ),
            (
                "Coagulopathy (INR > 1.8)",
                {"lab_value": {"variable": "inr", "op": ">", "value": "1.8", "unit": "ratio"}},
            ),
        ],
    )
    def test_the_numbers_that_define_a_word_decide(self, reader, text, decides):
        assert shut_out(reader, text)[0] == decides

    def test_examples_of_words_that_were_not_read_are_open(self, reader):
        (tree,) = read(reader, "Any quirk of the body (such as arrhythmia) that troubles the team")
        assert {"cardiac_history": {"any_of": ["arrhythmia"]}} not in flat(tree["not"])

    def test_a_slash_between_two_illnesses(self, reader):
        assert "all_of" not in str(read(reader, "Uncontrolled illness/infection"))

    def test_a_list_of_examples_ends_with_its_bracket(self, reader):
        text = "Uncontrolled illness (including active pneumonitis) or a history of pneumonitis that required steroids"
        assert {"ild": {"any_of": ["history_with_steroids", "current"]}} in flat(read(reader, text)[0]["not"])


class TestNames:
    @pytest.mark.parametrize(
        ("text", "leaf"),
        [
            ("Symptomatic heart failure", {"cardiac_history": {"any_of": ["heart_failure"], "needs_treatment": True}}),
            ("Enlarged heart", {"cardiac_history": {"any_of": ["cardiomegaly"]}}),
            ("Renal failure", {"comorbidity": {"any_of": ["renal_failure"]}}),
            ("Cerebral vascular disease", {"cardiac_history": {"any_of": ["cerebrovascular_disease"]}}),
            ("Nausea of grade two or higher", {"comorbidity": {"any_of": ["nausea_vomiting"], "min_grade": 2}}),
        ],
    )
    def test_no_wider_than_the_words(self, reader, text, leaf):
        assert read(reader, text) == [{"not": leaf}]

    def test_acute_kidney_trouble_is_no_chronic_disease(self):
        conditions = load_knowledge().conditions
        assert conditions.find("renal failure") != conditions.find("chronic kidney disease")
        assert "chronic_kidney_disease" not in conditions.wider("acute_kidney_injury")

    @pytest.mark.parametrize("text", ["QTc interval > 0.47 seconds", "QTc prolongation > 470 ms"])
    def test_the_qt_interval(self, reader, text):
        assert read(reader, text) == [{"qtc": {"max_ms": "470", "formula": "any"}}]

    @pytest.mark.parametrize(
        ("text", "leaf"),
        [
            ("ECOG performance status 0-1and a good diet", {"performance_status": {"ecog_max": 1}}),
            ("Zubrod performance status of 0 ? 1", {"performance_status": {"ecog_max": 1}}),
            ("Karnofsky performance status 100-70%", {"performance_status": {"karnofsky_min": 70}}),
        ],
    )
    def test_performance_status(self, reader, text, leaf):
        assert str(leaf) in str(read(reader, text, "inclusion"))

    def test_the_age_of_a_sample(self, reader):
        assert "'age'" not in str(read(reader, "Archival tissue (not more than 3 years old)", "inclusion"))

    def test_a_questionnaire_is_no_illness(self, reader):
        assert "comorbidity" not in str(read(reader, "High scores on an anxiety questionnaire"))

    def test_testing_for_cancer_is_no_cancer(self, reader):
        assert "second_malignancy" not in str(read(reader, "Prior cancer genetic testing"))


class TestInfections:
    def test_a_suppressed_infection_that_is_shut_out_needs_the_infection(self, reader):
        (tree,) = read(reader, "History of hepatitis C and HCV viral load below the level of detection")
        assert {"viral_infection": {"virus": "hcv", "state": "known"}} in tree["not"]["all_of"]

    def test_a_list_of_what_an_active_infection_may_be(self, reader):
        text = "Serious illness, including active infection including hepatitis B"
        assert "'known'" not in str(read(reader, text))

    def test_a_wider_history_beside_one_with_steroids(self, reader):
        (tree,) = read(reader, "History of pneumonitis, or history of pneumonitis requiring steroids")
        assert "history_no_steroids" in tree["not"]["ild"]["any_of"]


class TestWhoIsAsked:
    def test_to_be_enrolled_on_another_protocol_is_a_demand(self, reader):
        (tree,) = read(
            reader, "Patients must be enrolled on protocol 12-C-34 or the same protocol elsewhere", "inclusion"
        )
        assert set(tree) == {"unread"}

    def test_women_and_their_age(self, reader):
        (tree,) = read(reader, "Women, 18-75 years", "inclusion")
        assert tree == {"all_of": [{"sex": {"any_of": ["female"]}}, {"age": {"min": 18, "max": 75}}]}

    def test_what_narrows_an_example_of_an_illness_asks_nobody_else(self, reader):
        (tree,) = read(reader, "Oncologic emergencies (e.g., superior vena cava syndrome that is unstable and grows)")
        named = tree["not"]["any_of"]
        assert {"unread": {}} not in named
        assert named[0] == {"comorbidity": {"any_of": ["oncologic_emergency"]}}
        alone = doubt("the examples by themselves, too")
        assert named[1]["all_of"] == [{"cardiac_history": {"any_of": ["superior_vena_cava_syndrome"]}}, alone]


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("rheumatoid arthritis, as other drugs may have an impact on the results", Force.SECTION),
        ("pregnant women, or a wish to be so within the time in which contraception is required", Force.SECTION),
        ("patients may have an implanted port", Force.PERMITS),
    ],
)  # fmt: skip
def test_words_that_permit_or_demand_nothing(sentence, does):
    assert force(sentence) is does


class TestPressureBesideTheIllness:
    PRESSURES: ClassVar = [
        {"vital_sign": {"measure": "systolic", "op": ">", "value": "160"}},
        {"vital_sign": {"measure": "diastolic", "op": ">", "value": "95"}},
    ]

    @pytest.mark.parametrize("section", ["exclusion", "inclusion"])
    @pytest.mark.parametrize("between", [",", " and", " or"])
    def test_a_denied_illness_is_denied_with_its_numbers(self, reader, section, between):
        (tree,) = read(reader, f"No uncontrolled hypertension (systolic BP > 160{between} diastolic BP > 95)", section)
        assert set(tree) == {"not"}
        *numbers, word = tree["not"]["any_of"]
        assert numbers == self.PRESSURES
        assert word["all_of"][0] == {"cardiac_history": {"any_of": ["uncontrolled_hypertension"]}}

    def test_a_pressure_below_a_limit_stays_asked_for(self, reader):
        (tree,) = read(reader, "Systolic pressure < 150 mmHg, diastolic pressure < 95 mmHg", "inclusion")
        assert [part["vital_sign"]["op"] for part in tree["all_of"]] == ["<", "<"]


class TestNamesThatMeanLess:
    def test_one_form_of_glaucoma_is_not_every_form(self, reader):
        assert shut_out(reader, "Narrow-angle glaucoma") == [{"eye_disease": {"any_of": ["angle_closure_glaucoma"]}}]

    @pytest.mark.parametrize("word", ["chronic", "persistent"])
    def test_how_long_diarrhoea_lasts_is_asked(self, reader, word):
        (found,) = shut_out(reader, f"{word.capitalize()} diarrhea")
        assert found["all_of"][0] == {"comorbidity": {"any_of": ["diarrhoea"]}}
        assert found["all_of"][1] == {"judgement": {"topic": f"whether it is {word}"}}

    def test_as_before_an_illness_lists_examples(self, reader):
        found = shut_out(reader, "Serious concurrent disease as severe asthma, unstable angina")
        assert {"cardiac_history": {"any_of": ["unstable_angina"]}} in found
