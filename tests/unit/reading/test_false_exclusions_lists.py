"""Lists of alternatives that once shut out people whom the trial takes: brackets, bullets, remarks between them."""

from datetime import date

import pytest

from her2nav.criteria.reader import Reader
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.truth import Truth

DAY = date(2026, 6, 1)
MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def patient(tumour: str, histology: str | None = None, **record) -> dict:
    """Return a record of somebody with a metastatic cancer."""
    cancer = {"tumour_type": tumour, "setting": "metastatic"} | ({"histology": histology} if histology else {})
    return {"cancer": cancer} | record


def receptors(er: str, pr: str, ihc: str) -> dict:
    """Return a specimen with its markers."""
    return {
        "specimens": [{"id": "s1", "collected": "2026-05-01", "site": "breast", "er": {"status": er}, "pr": {"status": pr}, "her2": {"ihc": {"score": ihc}}}]
    }  # fmt: skip


def truth(reader: Reader, text: str, record: dict) -> Truth:
    """Return what all criteria of a text say of a patient together."""
    case = Case.of(Patient.model_validate(record), load_knowledge(), DAY)
    block = Block([case])

    def of(node: Node) -> Truth:
        match node:
            case Leaf(kind=kind, params=params):
                return kinds()[kind].truth(params, block).at(0)
            case Not(part=part):
                return {MET: NOT_MET, NOT_MET: MET}.get(of(part), UNKNOWN)
            case AllOf(parts=parts):
                return _least([of(part) for part in parts])
            case AnyOf(parts=parts):
                each = [of(part) for part in parts]
                return MET if MET in each else UNKNOWN if UNKNOWN in each else NOT_MET
            case When(when=when, then=then):
                bound = of(when)
                return MET if bound is NOT_MET else of(then) if bound is MET or of(then) is MET else UNKNOWN
        raise AssertionError(node)

    return _least([of(item.node) for item in reader.read(text).criteria])


def _least(each: list[Truth]) -> Truth:
    return NOT_MET if NOT_MET in each else UNKNOWN if UNKNOWN in each else MET


def demand(text: str) -> str:
    return "Inclusion Criteria:\n\n" + text
