"""Records of studies and conflicts: what is refused, what is computed, which conflicts a fact finds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from her2nav.knowledge import citations
from her2nav.knowledge.conflicts import Conflict, by_severity, concerns, conflict_file, conflicts_for
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.studies import MEASURES, Result


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"measure": "orr"}, "a value or a note"),
        ({"measure": "shoe_size", "value": "1"}, "no measure"),
        ({"measure": "orr", "value": "10", "event": "rash"}, "adverse event"),
        ({"measure": "adverse_event", "value": "10"}, "adverse event"),
        ({"measure": "orr", "value": "10", "events": "3"}, "`of`"),
        ({"measure": "orr", "value": "10", "events": "3", "of": "2"}, "`of`"),
        ({"measure": "orr", "value": "10", "low": "11", "high": "20"}, "does not hold"),
        ({"measure": "orr", "value": "10", "low": "1", "high": "9"}, "does not hold"),
        ({"measure": "orr", "value": "ten"}, "value"),
        ({"measure": "orr", "value": "10", "cite": ["seed_004"]}, "cite"),
        ({"measure": "orr", "value": "10", "valu": "1"}, "valu"),
    ],
)
def test_a_result_that_cannot_be_is_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        Result.model_validate(fields)


def test_weeks_and_years_become_months():
    weeks = Result.model_validate({"measure": "pfs", "value": "17.2", "low": "11.1", "high": "27.4", "unit": "weeks"})
    assert [weeks.months(one) for one in (weeks.value, weeks.low, weeks.high)] == [
        Decimal("4.0"),
        Decimal("2.6"),
        Decimal("6.3"),
    ]
    years = Result.model_validate({"measure": "follow_up", "value": "6.7", "unit": "years"})
    assert years.months(years.value) == Decimal("80.4")
    months = Result.model_validate({"measure": "pfs", "value": "7.53"})
    assert months.months(months.value) == Decimal("7.53")
    assert months.months("NE") is None
    share = Result.model_validate({"measure": "orr", "value": "7.53"})
    assert share.months(share.value) is None
    assert {measure.shape for measure in MEASURES.values()} == {"proportion", "time", "ratio"}


def test_citations_in_words():
    assert citations.cited(["seed_004#107", "seed_003#23", "seed_004#204-206"]) == (
        "seed_004, line 107, lines 204-206; seed_003, line 23"
    )


SEGMENT = st.text("abc", min_size=1, max_size=2)


@given(st.lists(SEGMENT, min_size=1, max_size=3), st.lists(SEGMENT, min_size=1, max_size=3))
def test_keys_touch_when_one_begins_the_other(one, other):
    keys = f"study:{'/'.join(one)}", f"study:{'/'.join(other)}"
    short, long = sorted((one, other), key=len)
    assert citations.touches(*keys) == (long[: len(short)] == short)
    assert citations.touches(*keys) == citations.touches(*reversed(keys))


def found(knowledge, *facts, tumour=None):
    return [one.id for one in conflicts_for(knowledge, facts, tumour)]


def test_conflicts_of_a_fact(knowledge):
    assert found(knowledge, "study:mountaineer/combination/n") == ["D01"]
    assert found(knowledge, "study:mountaineer/single/orr") == []
    assert found(knowledge, "study:mountaineer") == ["D01", "E14"]
    assert found(knowledge, "trial:NCT05356897") == ["C09"]
    assert found(knowledge, "variant:V841I") == ["F01"]
    assert found(knowledge, "drug:pertuzumab/approval") == ["E03"]
    assert found(knowledge, "nothing:here") == []
    assert found(knowledge) == []


def test_conflicts_of_a_fact_by_tumour(knowledge):
    assert found(knowledge, "rule:gastric/ish/copies", tumour="gastric") == ["A01", "R02"]
    assert found(knowledge, "rule:gastric/ish/copies", tumour="breast") == []
    assert found(knowledge, "variant:I655V", tumour="breast") == ["F04"]


def test_a_narrower_tumour_has_the_conflicts_of_its_wider_one(knowledge):
    conflicts = {one.id: one for one in conflict_file(knowledge).conflicts}
    assert concerns(knowledge, conflicts["D01"], "rectal")
    assert not concerns(knowledge, conflicts["D01"], "breast")
    assert concerns(knowledge, conflicts["B08"], "nsclc")


def test_the_gravest_come_first(knowledge):
    ranks = ["high", "medium", "low"]
    order = [ranks.index(one.severity) for one in by_severity(conflict_file(knowledge).conflicts)]
    assert order == sorted(order)
    assert len(set(order)) == 3


def test_plain_words_are_one_sentence():
    fields = {
        "id": "A01",
        "title": "t",
        "severity": "low",
        "facts": ["drug:x"],
        "claims": [{"says": "a", "cite": ["seed_000#1"]}],
        "used": "a",
        "why": "b",
        "basis": ["knowledge"],
    }
    assert Conflict.model_validate(fields).unverified
    assert not Conflict.model_validate(fields).changes_answer
    assert Conflict.model_validate(fields | {"plain": "One sentence."}).changes_answer
    for wrong in ("Two. Sentences.", "no full stop"):
        with pytest.raises(ValidationError, match="one sentence"):
            Conflict.model_validate(fields | {"plain": wrong})
