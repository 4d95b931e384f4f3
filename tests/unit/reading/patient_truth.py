"""What the criteria of a text say of one record, worked out leaf by leaf, apart from the evaluator of the program."""

from datetime import date

from her2nav.criteria.reader import Reader
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.truth import Truth

DAY = date(2026, 6, 1)
MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
DEMAND, SHUTS_OUT = "Inclusion Criteria:\n\n", "Exclusion Criteria:\n\n"


def of_leaves(asked: list[Leaf], record: dict) -> list[Truth]:
    """Return what each leaf says of a patient."""
    block = Block([Case(Patient.model_validate(record), DAY, load_knowledge())])
    return [kinds()[leaf.kind].evaluate(leaf.params, block).at(0) for leaf in asked]


def truth(reader: Reader, text: str, record: dict, tumours: tuple[str, ...] = ()) -> Truth:
    """Return what all criteria of a text say of a patient together."""

    def of(node: Node) -> Truth:
        match node:
            case Leaf():
                return of_leaves([node], record)[0]
            case Not(part=part):
                return {MET: NOT_MET, NOT_MET: MET}.get(of(part), UNKNOWN)
            case AllOf(parts=parts):
                return _least([of(part) for part in parts])
            case AnyOf(parts=parts):
                each = [of(part) for part in parts]
                return MET if MET in each else UNKNOWN if UNKNOWN in each else NOT_MET
            case When(when=when, then=then):
                bound = of(when)
                return MET if bound is NOT_MET or of(then) is MET else of(then) if bound is MET else UNKNOWN
            case AtLeast():
                raise AssertionError(node)

    return _least([of(item.node) for item in reader.read(text, tumours).criteria])


def _least(each: list[Truth]) -> Truth:
    return NOT_MET if NOT_MET in each else UNKNOWN if UNKNOWN in each else MET
