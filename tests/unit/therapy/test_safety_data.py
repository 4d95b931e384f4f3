"""The facts of `data/monitoring/` against the tables of their sources, and what every fact has to carry."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.monitoring import Rule, Span
from her2nav.model.patient import Patient
from her2nav.therapy.safety_plan import Request, make_safety

HERE = Path(__file__).parent
KNOWLEDGE = load_knowledge()
BOOK = KNOWLEDGE.monitoring
DAY = date(2026, 11, 20)


def rows(name):
    with (HERE / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def safety(record, *drugs, as_of=DAY, **more):
    return make_safety(Case(Patient.model_validate(record), as_of, KNOWLEDGE), Request(tuple(drugs), **more))


@pytest.mark.parametrize("row", rows("safety_contraception.csv"), ids=lambda row: row["drug"])
def test_contraception(row):
    answer = safety({}, row["drug"])
    found = {one.who: one.length or "unknown" for one in answer.contraception}
    assert found == {who: row[who] for who in ("female", "male", "breastfeeding") if row[who]}


@pytest.mark.parametrize("row", rows("safety_interactions.csv"), ids=lambda row: f"{row['drug']} {row['medicine']}")
def test_interactions(row):
    answer = safety({"medications": [row["medicine"]]}, row["drug"])
    names = {one.medicine for one in answer.interactions}
    assert bool(names) == (row["flagged"] == "yes")
    assert not answer.unread_medicines


@pytest.mark.parametrize(
    "row", rows("safety_doses.csv"), ids=lambda row: f"{row['drug']} {row['tumour']} {row['with']}"
)
def test_doses(row):
    record = {"cancer": {"tumour_type": row["tumour"]}}
    drugs = [row["drug"], *([row["with"]] if row["with"] else [])]
    answer = safety(record, *drugs)
    levels = [
        " ".join(level.split()[0] for level in one.levels)
        for one in answer.doses
        if one.drug == row["drug"] and one.applies
    ]
    assert row["levels"] in levels


@pytest.mark.parametrize("row", rows("safety_schedules.csv"), ids=lambda row: f"{row['drug']} {row['item']}")
def test_schedules(row):
    start = date(2026, 1, 1)
    record = {"cancer": {"setting": row["setting"]}}
    answer = safety(record, row["drug"], start=start)
    dates = [event.date for event in answer.events if event.item == row["item"]]
    wanted = [(start + timedelta(days=int(days))).isoformat() for days in row["after_days"].split()]
    assert dates[: len(wanted)] == wanted


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        ("trastuzumab", ["Cardiomyopathy", "Infusion", "Embryo", "Pulmonary"]),
        ("pertuzumab", ["ventricular", "Embryo"]),
        ("margetuximab", ["ventricular", "Embryo"]),
        ("trastuzumab_emtansine", ["Hepatotoxicity", "Cardiac", "Embryo"]),
        ("trastuzumab_deruxtecan", ["Interstitial", "Embryo"]),
        ("lapatinib", ["Hepatotoxicity"]),
        ("zanidatamab", ["Embryo"]),
        ("tucatinib", []),
        ("neratinib", []),
        ("zongertinib", []),
        ("sevabertinib", []),
    ],
)
def test_boxed_warnings(drug, words):
    found = [one.clinical for one in safety({}, drug).boxed]
    assert len(found) == len(words)
    assert all(any(word in text for text in found) for word in words)


def test_the_box_for_diarrhoea_is_of_august_2026_and_of_chemotherapy():
    def boxed(*drugs, as_of):
        return [one.clinical for one in safety({}, *drugs, as_of=as_of).boxed if "Diarrhoea" in one.clinical]

    together = ("zanidatamab", "capecitabine", "oxaliplatin")
    assert boxed(*together, as_of=date(2026, 8, 25))
    assert not boxed(*together, as_of=date(2026, 8, 24))
    assert not boxed("zanidatamab", as_of=DAY)


def test_before_the_first_label_nothing_is_said():
    answer = safety({}, "zongertinib", as_of=date(2025, 8, 7))
    assert answer.drugs[0].before_label
    # What is left is the class's own default order set and the rules of all HER2 drugs.
    assert {one.rule for one in answer.rules} == {"any_pregnancy", "any_symptomatic_heart_failure"}
    assert not safety({}, "zongertinib", as_of=date(2025, 8, 8)).drugs[0].before_label


def test_contraindications_by_country():
    us = safety({}, "trastuzumab", jurisdictions=("US",)).contraindications
    eu = safety({}, "trastuzumab", jurisdictions=("EU",)).contraindications
    assert "none" in us[0].clinical
    assert "dyspnoea at rest" in eu[0].clinical


def test_a_drug_without_facts_says_so():
    answer = safety({}, "pyrotinib")
    assert answer.drugs[0].held is False


def test_every_fact_has_source_place_and_day():
    for place, fact in BOOK.facts():
        assert fact.locator.strip(), place
    assert {one.locator.strip() for one in BOOK.items.values()} >= {"section 9, baseline bundle"}
    files = {sheet.id: sheet for sheet in BOOK.sheets}
    for sheet in files.values():
        assert sheet.source in KNOWLEDGE.sources
        assert sheet.checked_on <= date(2026, 12, 31)


def test_every_her2_drug_with_a_label_has_a_sheet():
    drugs = {row["drug"] for row in rows("safety_contraception.csv")}
    assert drugs <= {sheet.id for sheet in BOOK.sheets}


def test_plain_sentences_hold_no_banned_word_and_no_order():
    banned = [*KNOWLEDGE.words.banned_plain, "hold", "stop", "continue"]
    texts = [one.plain for sheet in BOOK.sheets for one in (*sheet.boxed, *sheet.advice) if one.plain]
    texts += [one.plain for one in BOOK.general.symptoms]
    texts += [one.plain_find_out for one in BOOK.inputs.values()]
    texts += [text for one in BOOK.items.values() for text in (one.plain_name,)]
    for text in texts:
        found = [word for word in banned if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]
        assert not found, (text, found)


@pytest.mark.parametrize("text", ["", "soon", "0 days", "3 moons", "-2 weeks"])
def test_a_length_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="is not a length"):
        Span.parse(text)


def test_rules_that_hold_say_a_number_or_a_finding():
    for _, fact in BOOK.facts():
        if isinstance(fact, Rule):
            assert all(row.when for row in fact.rows[:-1]), fact.id
            assert fact.rows[-1].action == "continue", fact.id
