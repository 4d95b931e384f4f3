"""The guided form: what is asked for which tumour, values kept and told where they are wrong, the same confirmation."""

import html
import json
import re

import pytest

from her2nav.app.form import filled, form_table, label_at, questions_for
from her2nav.app.form_shapes import shape_of
from her2nav.app.required import required_items
from her2nav.interpret.guidelines import guideline_set
from her2nav.model.errors import InputError


def field(text, name):
    return html.unescape(re.search(rf'name="{re.escape(name)}" value="([^"]*)"', text)[1])


def ids(session, tumour):
    return {one.question.id for part in questions_for(session, tumour) for one in part.rows[0].asked}


@pytest.fixture(scope="module")
def token(client):
    return field(client.get("/").text, "csrf")


def test_each_tumour_is_asked_what_matters_for_it(web_session):
    breast, gastric = ids(web_session, "breast"), ids(web_session, "gastric")
    colon, lung = ids(web_session, "colon"), ids(web_session, "nsclc")
    assert {"er", "pr", "zero", "menopause"} <= breast
    assert not {"er", "kras", "side"} & gastric
    assert {"cluster", "cps", "ebv", "claudin"} <= gastric
    assert "cluster" not in breast
    assert {"kras", "nras", "braf", "side", "ratio_cells"} <= colon
    assert {"egfr", "tps", "variant"} <= lung
    assert {"ihc", "ratio", "copies", "drugs", "ecog", "lvef", "brain"} <= breast & gastric & colon & lung


def test_every_question_leads_to_a_place_of_the_patient_file(web_session):
    knowledge = web_session.knowledge
    rules = guideline_set(knowledge)
    linked = [rules.on(folder, web_session.today()) for folder in rules.folders]
    known = {name for one in linked for table in one.tables.values() for name in table.inputs}
    known |= {need for folder in rules.folders for item in required_items(knowledge, folder) for need in item.needs}
    paths = set()
    for part in form_table(knowledge).parts:
        for one in part.questions:
            shape = shape_of(one.path)
            assert shape is not None or one.choices, one.id
            assert set(one.words) <= set(shape.words if shape else ()), one.id
            assert set(one.tumours) <= set(knowledge.tumours.types), one.id
            assert set(one.asked) <= known, one.id
            assert ("*" in one.path) == (part.row is not None), one.id
            assert one.path not in paths
            paths.add(one.path)


def test_every_word_that_can_be_chosen_is_allowed_in_the_patient_file(web_session):
    for tumour in ("breast", "gastric", "colorectal", "nsclc"):
        for part in questions_for(web_session, tumour):
            for one in part.rows[0].asked:
                for value, _ in one.options:
                    assert filled(web_session, tumour, {one.name: value}).wrong == {}, (one.name, value)


def test_answers_become_the_record(web_session):
    answers = {
        "a.sample.0.ihc": "1+ to 2+",
        "a.sample.0.ratio": "2,4",
        "a.sample.0.percent": "40 %",
        "a.sample.2.ihc": "3+",
        "a.sample.2.variant": "Y772_A775dup, ERBB2 S310F",
        "a.treatment.1.drugs": "TCHP, T-DXd",
        "a.treatment.1.ongoing": "no",
        "a.markers.0.kras": "not changed (wild type)",
        "a.person.0.ecog": "1: light work",
        "a.organs.0.lvef": "58",
    }
    patient = filled(web_session, "nsclc", answers).read.patient
    first, second = patient.specimens
    assert first.ihc.score == ("1+", "2+")
    assert str(first.ish.her2_cep17_ratio) == "2.4"
    assert first.ihc.percent_cells == 40
    assert second.ihc.score == ("3+",)
    assert [one.text for one in second.ngs.variants] == ["ERBB2 Y772_A775dup", "ERBB2 S310F"]
    assert [drug.name for drug in patient.therapies[0].drugs] == ["TCHP", "T-DXd"]
    assert patient.therapies[0].ongoing is False
    assert patient.biomarkers.genes["kras"].status == "wild_type"
    assert patient.performance.ecog == 1
    assert patient.cardiac.lvef[0].percent == 58
    assert patient.demographics.age is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.sample.0.percent", "400", "out of range"),
        ("a.sample.0.ratio", "about two", "not a number"),
        ("a.sample.1.collected", "2031", "future"),
        ("a.sample.0.collected", "last May", "not a date"),
        ("a.sample.0.ihc", "4+", "not one of the words"),
        ("a.organs.0.lvef", "2", "out of range"),
    ],
)
def test_what_is_wrong_is_told_of_its_field(web_session, name, text, said):
    found = filled(web_session, "breast", {name: text, "a.person.0.age": "61"})
    assert found.read is None
    assert list(found.wrong) == [name]
    assert said in found.wrong[name]


def test_what_does_not_go_together_is_told_of_the_row(web_session):
    answers = {"a.treatment.3.drugs": "TCHP", "a.treatment.3.start": "2025-05", "a.treatment.3.end": "2025-01"}
    found = filled(web_session, "breast", answers)
    assert [name.rsplit(".", 1)[0] for name in found.wrong] == ["a.treatment.3"]
    with pytest.raises(InputError):
        filled(web_session, "moon", {})


def test_labels_of_values_are_those_of_the_form(web_session):
    knowledge = web_session.knowledge
    assert label_at(knowledge, "/specimens/1/ihc/score") == "Sample 2: IHC score"
    assert label_at(knowledge, "/therapies/0/drugs/2/name") == "Treatment 1: Medicines"
    assert label_at(knowledge, "/vitals/0/heart_rate") is None


def test_from_the_choice_to_the_confirmation(client, token):
    form = client.post("/form", data={"csrf": token, "tumour": "gastric"})
    assert form.status_code == 200
    assert "Claudin 18.2" in form.text
    assert len(form.content) < 100_000
    given = {"csrf": token, "tumour": "gastric", "a.sample.0.ihc": "2+", "a.sample.0.ratio": "2,4"}
    answer = client.post("/form/filled", data=given)
    assert answer.status_code == 200
    assert "We read: stomach cancer, HER2 score 2+" in html.unescape(answer.text)
    assert json.loads(field(answer.text, "record"))["specimens"][0]["ish"]["her2_cep17_ratio"] == "2.4"


def test_a_wrong_answer_keeps_the_others_and_stands_beside_its_field(client, token):
    right = {"a.sample.0.ihc": "2+", "a.sample.2.organ": "liver"}
    given = {"csrf": token, "tumour": "gastric", **right, "a.sample.0.ratio": "<b>x</b>"}
    answer = client.post("/form/filled", data=given)
    assert answer.status_code == 400
    text = answer.text
    assert field(text, "a.sample.0.ratio") == "<b>x</b>"
    assert field(text, "a.sample.2.organ") == "liver"
    assert '<option value="2+" selected>' in text
    assert 'id="e-a.sample.0.ratio"' in text
    assert 'aria-describedby="e-a.sample.0.ratio' in text
    assert text.count("<details open>") == 4, "two treatments, the first sample, and the one with an answer"
    assert "<b>x</b>" not in text


def test_without_a_tumour_the_choice_is_asked_for(client, token):
    answer = client.post("/form", data={"csrf": token, "tumour": ""})
    assert answer.status_code == 400
    assert "Choose the cancer" in answer.text
    assert client.post("/form/filled", data={"csrf": token, "tumour": "moon"}).status_code == 400


def test_names_that_are_not_known_are_told_before_they_count(client, token):
    given = {"csrf": token, "tumour": "breast", "a.treatment.0.drugs": "trastuzumba"}
    answer = client.post("/form/filled", data=given)
    assert "unknown drug" in answer.text
    assert "Treatment 1: Medicines" in answer.text
