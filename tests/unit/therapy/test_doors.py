"""The doors of options as pages ask for them: the same as in full, without why and without trials that take nobody."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from her2nav.app.options import OptionsAnswer, options
from her2nav.app.patient_source import patient_of
from her2nav.app.session import Session
from her2nav.knowledge.load import load_knowledge

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))


def both(path: Path, day: date) -> tuple[OptionsAnswer, OptionsAnswer]:
    session = Session(load_knowledge(), lambda: day)
    read = patient_of(session, path, day)
    return options(session, read), options(session, read, whole=False)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_pages_see_the_same_doors(path: Path) -> None:
    full, brief = both(path, date(2026, 11, 20))
    assert brief.closes.keys() == full.closes.keys()
    for name, closes in full.closes.items():
        assert brief.closes[name] == replace(closes, because=(), not_recruiting=())
    assert [one.approval.id for one in brief.advice.options] == [one.approval.id for one in full.advice.options]
    assert [one.trial.record.nct_id for one in brief.trials] == [one.trial.record.nct_id for one in full.trials]


def test_where_no_trial_takes_anybody_labels_are_told_all_the_same() -> None:
    full, brief = both(Path(EXAMPLES[0]).with_name("breast-positive.yaml"), date(2045, 1, 1))
    assert brief.closes
    assert not any(one.trials or one.pauses or one.opens_trials for one in full.closes.values())
    for name, closes in full.closes.items():
        assert brief.closes[name] == replace(closes, because=(), not_recruiting=())
