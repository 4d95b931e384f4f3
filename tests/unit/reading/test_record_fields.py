"""What a record states in fields of its own, beside its text."""

from types import SimpleNamespace

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.trial import _fields
from her2nav.knowledge.load import load_knowledge
from her2nav.model.registry_trial import Eligibility


def age_of(least, most):
    """Return the criterion on age of a record with these limits in years."""
    eligibility = Eligibility(
        minimum_age=None if least is None else f"{least} Years",
        maximum_age=None if most is None else f"{most} Years",
    )
    trial = SimpleNamespace(eligibility=eligibility, conditions=())
    found = _fields(trial, reader(load_knowledge()).read(""), load_knowledge())
    return next((one for one in found if one.id == "r_age"), None)


@pytest.mark.parametrize(
    ("least", "most", "wanted"),
    [(18, 75, (18, 75)), (18, 130, (18, None)), (None, 75, (None, 75)), (18, None, (18, None))],
)
def test_an_age_above_every_life_is_no_limit(least, most, wanted):
    params = age_of(least, most).node.params
    assert (params.min, params.max) == wanted


def test_a_record_that_limits_no_age_asks_for_none():
    assert age_of(None, 125) is None
    assert age_of(None, None) is None


def test_a_least_age_that_nobody_reaches_is_left_to_a_person():
    assert age_of(180, None).node.kind == "unread"
