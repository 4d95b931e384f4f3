"""The open points of a trial in a list: the easiest are told, the rest is counted."""

from datetime import date

import pytest

from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.intake.patient_file import read_patient
from her2nav.matching.evaluate import Verdict
from her2nav.matching.explain import effort_of
from her2nav.model.truth import Truth
from her2nav.report.phrases import open_points


@pytest.fixture(scope="module")
def matches(root):
    session = Session(today=lambda: date(2026, 11, 21))
    read = read_patient(root / "examples" / "gastric-low.yaml", session.knowledge, session.today())
    return [one for one in match(session, read).matches if one.verdict is Verdict.POSSIBLE]


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_the_easiest_are_told_and_every_other_criterion_is_counted(matches, limit):
    cut = 0
    for one in matches:
        items = sorted(one.with_truth(Truth.UNKNOWN), key=lambda item: effort_of(item.finding))
        said = [item.finding.plain for item in items]
        told = open_points(one, "plain", limit)
        points = list(dict.fromkeys(said))[:limit]
        assert told[: len(points)] == points
        first = next((i + 1 for i in range(len(said)) if len(set(said[: i + 1])) == limit), len(said))
        assert told[len(points) :] == ([f"and {len(said) - first} more"] if first < len(said) else [])
        cut += len(told) > len(points)
    assert (cut > 0) == (limit < 1000)


def test_the_clinical_register_says_what_to_find_out(matches):
    one = max(matches, key=lambda match: match.count(Truth.UNKNOWN))
    changes = {item.finding.change.what for item in one.with_truth(Truth.UNKNOWN) if item.finding.change}
    told = open_points(one, "clinical", 5)
    assert len(told) == 6
    assert set(told[:5]) <= changes
