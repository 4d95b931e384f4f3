"""Hold and stop rules: every row of the sources, and what an unverified or unknown value can never do."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.monitoring import Check, Rule
from her2nav.model.patient import Patient
from her2nav.therapy.monitoring_treatment import Treatment
from her2nav.therapy.safety_inputs import Readings, reader_names
from her2nav.therapy.safety_tables import decide

HERE = Path(__file__).parent
BOOK = load_knowledge().monitoring
RULES = {fact.id: fact for _, fact in BOOK.facts() if isinstance(fact, Rule)}
DAY = date(2026, 11, 20)


def rows(name):
    with (HERE / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def readings(values, lln=None):
    """Values given by hand for a record that holds nothing."""
    case = Case(Patient(), DAY, load_knowledge())
    drug = Treatment("trastuzumab", "running", (date(2026, 1, 1), date(2026, 1, 1)), None)
    return Readings(case, drug, lln, values)


def answer(rule, values, lln=None):
    found = readings(values, lln)
    decision = decide(RULES[rule], found)
    return decision.code(found), decision.flag


def tdxd(baseline, current, symptomatic):
    return answer(
        "tdxd_lvef",
        {"lvef_baseline": baseline, "lvef": current, "symptomatic_heart_failure": Decimal(symptomatic)},
    )


@pytest.mark.parametrize("row", rows("safety_lvef_tdxd.csv"), ids=lambda row: row["id"])
def test_lvef_of_tdxd(row):
    baseline = Decimal(row["baseline"]) if row["baseline"] else None
    code, flag = tdxd(baseline, Decimal(row["current"]), row["symptomatic"] == "yes")
    assert code == row["output"]
    expected = {"STOP": "stop", "CONTINUE": "none", "CONTINUE_REPEAT_3W": "check"}
    if row["output"].startswith("INTERRUPT"):
        assert flag == "hold"
    elif row["output"] == "UNKNOWN_BASELINE":
        # An LVEF of 45 % or less is never left without a flag.
        assert flag == ("hold_until_reviewed" if Decimal(row["current"]) <= 45 else "unknown")
    else:
        assert flag == expected[row["output"]]


def test_the_golden_rows_are_those_of_the_source(shared):
    text = (shared / "domain" / "safety_monitoring.md").read_text()
    block = text.split("```csv\n")[1].split("```")[0].strip().splitlines()
    assert [",".join(row.values()) for row in rows("safety_lvef_tdxd.csv")] == block[1:]


@pytest.mark.parametrize(
    "row", rows("safety_rules.csv"), ids=lambda row: f"{row['rule']} {row['values'].replace(' ', ',')}"
)
def test_rules(row):
    pairs = dict(part.split("=") for part in row["values"].split())
    lln = Decimal(pairs.pop("lln")) if "lln" in pairs else None
    assert answer(row["rule"], {name: Decimal(text) for name, text in pairs.items()}, lln) == (row["code"], row["flag"])


def test_every_acting_row_of_every_rule_has_a_case():
    tried = {(row["rule"], row["code"]) for row in rows("safety_rules.csv")}
    tried |= {("tdxd_lvef", row["output"]) for row in rows("safety_lvef_tdxd.csv")}
    acting = {(rule.id, row.code) for rule in RULES.values() for row in rule.rows if row.action not in ("continue",)}
    assert acting - tried == set()


@st.composite
def values_of(draw, rule):
    """Values of a rule, each known or not."""
    names = {name for row in rule.rows for name in row.when} | {"lvef", "lvef_baseline"}
    found = {}
    for name in sorted(names - {"lvef_drop", "lvef_below_lln"}):
        kind = BOOK.inputs[name].kind
        top = {"answer": 1, "grade": 5, "number": 95}[kind]
        number = draw(st.one_of(st.none(), st.integers(0, top)))
        found[name] = None if number is None else Decimal(number)
    return found


@given(st.data())
def test_no_unverified_row_alone_yields_a_plain_hold(data):
    """With K? or UNV behind it the flag is "possible hold" at most, whatever the values."""
    rule = data.draw(st.sampled_from(sorted((r for r in RULES.values()), key=lambda r: r.id)))
    found = readings(data.draw(values_of(rule)), data.draw(st.sampled_from([None, Decimal(50)])))
    decision = decide(rule, found)
    trusted = not rule.confidence.unverified and all(
        row.confidence is None or not row.confidence.unverified for row in decision.rows
    )
    if not trusted:
        assert decision.flag not in ("hold", "stop", "hold_until_reviewed")
    if decision.flag in ("hold", "stop"):
        assert all(row.action in ("hold", "reduce", "stop") for row in decision.rows)


def test_the_shipped_unverified_hold_rules_are_there():
    """The property above would hold of nothing if no rule were unverified."""
    unverified = {rule.id for rule in RULES.values() if rule.confidence.unverified}
    assert {"zongertinib_lvef", "zongertinib_lung", "zongertinib_liver", "sevabertinib_lung"} <= unverified


@given(st.integers(5, 95), st.integers(5, 95), st.booleans())
def test_lvef_of_tdxd_by_the_order_of_the_source(before, now, symptomatic):
    drop = before - now
    if symptomatic:
        expected = "STOP"
    elif now < 40 or drop > 20:
        expected = "INTERRUPT_REPEAT_3W_STOP_IF_CONFIRMED"
    elif now <= 45:
        expected = "INTERRUPT_REPEAT_3W" if drop >= 10 else "CONTINUE_REPEAT_3W"
    else:
        expected = "CONTINUE"
    assert tdxd(Decimal(before), Decimal(now), symptomatic)[0] == expected


@given(st.data())
def test_finding_out_never_contradicts_what_was_possible(data):
    """A code given with values unknown is among those that stay possible once they are known."""
    rule = data.draw(st.sampled_from(sorted(RULES.values(), key=lambda r: r.id)))
    values = {name: number for name, number in data.draw(values_of(rule)).items() if number is not None}
    hidden = data.draw(st.sampled_from(sorted(values))) if values else None
    lln = Decimal(50)
    full = decide(rule, readings(values, lln))
    partly = decide(rule, readings({**values, hidden: None} if hidden else values, lln))
    assert {row.code for row in full.rows} <= {row.code for row in partly.rows}


def test_symptoms_not_known_still_hold():
    """Every possible answer asks for at least a hold."""
    code, flag = answer("tdxd_lvef", {"lvef_baseline": Decimal(60), "lvef": Decimal(38)})
    assert (code, flag) == ("UNKNOWN_SYMPTOMATIC_HEART_FAILURE", "hold")


def test_readers_of_the_inputs_exist_and_all_are_used():
    assert {one.reader for one in BOOK.inputs.values()} == reader_names()


@pytest.mark.parametrize("text", ["", "maybe", "< ", "40", "<40 and more"])
def test_a_test_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="is not a test"):
        Check.parse(text)
