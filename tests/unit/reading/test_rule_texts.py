"""Every reading rule reads its own examples, alone and in a whole sentence."""

import pytest

from her2nav.criteria.readings import choose
from her2nav.criteria.sentences import SentenceReader, Stretch
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader, write
from her2nav.kinds.reading.base import Rule, Scanner
from her2nav.kinds.reading.rules import all_rules, rule_set
from her2nav.knowledge.load import load_knowledge
from her2nav.language.view import View, plain
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When

RULES, SCANNERS = all_rules()
EXAMPLES = [
    pytest.param(rule, text, expected, id=f"{rule.id}-{i}")
    for rule in (*RULES, *SCANNERS)
    for i, (text, expected) in enumerate(rule.texts)
]


def bare(node: Node) -> Node:
    """Return the tree without its spans."""
    match node:
        case Leaf():
            return Leaf(node.kind, node.params)
        case AllOf(parts=parts):
            return AllOf(tuple(map(bare, parts)))
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(bare, parts)))
        case Not(part=part):
            return Not(bare(part))
        case When(when=when, then=then):
            return When(bare(when), bare(then))
    return node


@pytest.mark.parametrize(("rule", "text", "expected"), EXAMPLES)
def test_example(rule: Rule | Scanner, text: str, expected: object) -> None:
    knowledge = load_knowledge()
    reader = SentenceReader(rule_set(knowledge), knowledge)
    view = View.of(plain(text), 0, len(text))
    readings = [item for item in reader.readings(Stretch(view), rule.section or "inclusion") if item.rule == rule.id]
    if expected is None:
        assert readings == []
        return
    assert readings, f"'{text}' is not read by {rule.id}"
    found = [write(bare(item.node)) for item in choose(readings)]
    wanted = write(bare(TreeReader(Document(expected, "example", {})).read(expected, ())))
    assert wanted in found


def test_every_rule_has_examples() -> None:
    assert [rule.id for rule in (*RULES, *SCANNERS) if not rule.texts] == []


def test_every_pattern_has_a_cue() -> None:
    assert rule_set(load_knowledge()).uncued == ()


def test_rules_name_kinds() -> None:
    from her2nav.kinds.registry import kinds

    assert {rule.id.split(".")[0] for rule in (*RULES, *SCANNERS)} <= set(kinds())
