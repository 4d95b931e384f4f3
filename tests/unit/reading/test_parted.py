"""What the record decides and what a person confirms are criteria of their own, in wording of our own."""

import pytest

from her2nav.criteria.coverage import Coverage
from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import Not, leaves
from her2nav.model.trial import Criterion, Role


def read(section: str, entry: str) -> list[Criterion]:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    return list(reader(load_knowledge()).read(f"{header}:\n\n* {entry}\n").criteria)


def kinds(criterion: Criterion) -> set[str]:
    return {item.kind for item in leaves(criterion.node)}


@pytest.mark.parametrize(
    ("section", "entry", "decides", "confirmed"),
    [
        ("in", "At least 18 years old and able to give informed consent", {"age"}, {"participation"}),
        ("in", "At least 18 years old at the time of giving informed consent", {"age"}, {"participation"}),
        ("in", "ECOG 0-1 and a life expectancy of at least 12 weeks", {"performance_status"}, {"life_expectancy"}),
        ("ex", "Pregnant, or planning to become pregnant during the study", {"pregnancy"}, {"judgement"}),
    ],
)
def test_what_a_person_confirms_stands_apart(section: str, entry: str, decides: set[str], confirmed: set[str]) -> None:
    first, second = read(section, entry)
    assert (kinds(first), first.role, kinds(second), second.role) == (decides, Role.DECIDES, confirmed, Role.CONFIRM)
    assert (second.id, second.span, second.text) == (f"{first.id}-confirm", first.span, first.text)
    assert isinstance(first.node, Not) == isinstance(second.node, Not) == (section == "ex")


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("in", "ECOG 0-1, or a life expectancy of at least 12 weeks"),
        ("in", "Recovered from the effects of earlier surgery and at least 18 years old"),
        ("in", "Able to give informed consent"),
    ],
)
def test_alternatives_and_the_patients_state_stay_together(section: str, entry: str) -> None:
    assert len(read(section, entry)) == 1


def test_the_part_that_is_confirmed_is_not_counted_twice() -> None:
    counted = Coverage()
    text = "Inclusion Criteria:\n\n* Age over 18 and able to give informed consent\n"
    counted.add(reader(load_knowledge()).read(text))
    assert counted.criteria == counted.whole == 1


_TWO_WAYS = "the text can be read in two ways"


@pytest.mark.parametrize(
    ("entry", "open_"),
    [
        ("Lung disease with loss of taste", False),
        ("Diabetes with loss of taste or lung disease", False),
        ("Diabetes, lung disease or asthma with loss of taste", True),
    ],
)
def test_what_with_adds_narrows_one_exclusion_and_of_a_list_one_or_all(entry: str, open_: bool) -> None:
    (criterion,) = read("ex", entry)
    notes = {getattr(item.params, "note", None) for item in leaves(criterion.node)}
    assert (_TWO_WAYS in notes) == open_
