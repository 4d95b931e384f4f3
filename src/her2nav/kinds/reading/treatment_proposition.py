"""A stretch of tokens as a proposition: a number of lines, or treatments with what no parameter holds beside them."""

from __future__ import annotations

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.kinds.reading.treatment_groups import said
from her2nav.kinds.reading.treatment_lines import counted
from her2nav.kinds.reading.treatment_narrowing import narrowed
from her2nav.kinds.reading.treatment_nodes import node_of
from her2nav.kinds.reading.treatment_said import Said
from her2nav.kinds.reading.treatment_words import Token
from her2nav.model.tree import AllOf, Node


def proposition(sentence: Sentence, run: list[Token], denied: bool) -> Node | None:
    """Return what a stretch says of treatment; None where it cannot be read."""
    node = counted(run, sentence, denied)
    if node is not None:
        return node
    statement = said(sentence, run, denied)
    return made_of(statement, sentence) if statement is not None else None


def made_of(statement: Said, sentence: Sentence) -> Node | None:
    """Return the proposition; numbers that no kind accepts make none."""
    try:
        node = node_of(statement, sentence)
    except ValueError:
        return None
    if node is None:
        return None
    node = narrowed(node, statement.narrow, elapsed=statement.elapsed)
    if statement.tumours and not statement.elapsed and (sentence.section == "exclusion" or statement.denied):
        # "Prior therapy for gallbladder cancer": of patients with another cancer it says nothing.
        node = AllOf((node, leaf("tumour_type", types=statement.tumours)))
    return node
