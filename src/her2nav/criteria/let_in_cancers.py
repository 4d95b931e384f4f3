"""Demands for no other cancer "except …": the cancers named behind it are let in, they are not the trial's own.

Read entry by entry, "no other malignancy except: - cancer of the skin - cancer of the cervix" would ask for one of
these, and hand them on to the criteria that name the trial's own cancer.
"""

from __future__ import annotations

from her2nav.criteria.logic import left_unread, with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.other_cancer import NAMED
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Leaf, Node, Not, leaves

_NO_OTHER = Sought(r"\A\W*(?:(?:there )?(?:must |should )?(?:have |be )?)?(?:no|not|without|absence of|free of)\b")
_EXCEPT = Sought(r"\b(?:except\w*|other than|unless|apart from|excluding)\b")
_ANOTHER_SENTENCE = Sought(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<=[a-z)])[.;]\s+(?=[a-z])(?!g\.|e\.)")
_OF_THE_CANCER = frozenset({"tumour_type", "disease_setting"})
_OF_OTHERS = frozenset({"second_malignancy", "judgement", "unread"})
_FRONT = 80
"""Characters in which the other cancer must be named."""
_AMONG = "whether the other cancer is among those let in"


def apart(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand without the cancers that it lets in beside the trial's own.

    Args:
        node: What a criterion of the inclusions demands.
        plain: The plain text in which its spans lie.
        span: Where the criterion stands.
    """
    first, last = span
    kinds = {item.kind for item in leaves(node)}
    if not kinds & _OF_THE_CANCER and kinds != {"unread"}:
        return node
    if _NO_OTHER.search(plain[first:last]) is None:
        return node
    # Looked for in the place itself: what the whole text may hold is not worth finding out.
    named = NAMED.expression.search(plain, first, last)
    excepted = _EXCEPT.expression.search(plain, named.end(), last) if named is not None else None
    if named is None or excepted is None or named.start() > first + _FRONT:
        return node
    more = kinds - _OF_THE_CANCER - _OF_OTHERS
    if more or _ANOTHER_SENTENCE.expression.search(plain, first, last) is not None:

        def made(item: Leaf, _denied: bool) -> Node:
            behind = item.span is not None and item.span[0] >= excepted.end()
            return left_unread(item) if behind and item.kind in _OF_THE_CANCER else item

        return with_leaves(node, made)
    other = Leaf("second_malignancy", leaf("second_malignancy").params, (named.start(), last))
    return Not(AllOf((other, leaf("judgement", topic=_AMONG))), span)
