"""Exclusions of a cancer in men: "men with breast cancer", "breast cancer patients who are male".

Only both together shut somebody out; the cancer alone is most often that of the trial.
"""

from __future__ import annotations

import re
from dataclasses import replace

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Leaf, Node, leaves

_MEN = r"(?<!fe)(?:male|males|men|man)"
_WOMEN = r"(?:females?|wom[ae]n)"
_PEOPLE = r"(?:patients?|participants?|subjects?|individuals?|persons?)"
_SAID = Sought(
    rf"\b(?:who|that) (?:are|is) (?P<behind>{_MEN}|{_WOMEN})\b"
    rf"|\A\W*(?:all |any |the )?(?P<front>{_MEN}) (?:{_PEOPLE} )?(?:with|who have|having)\b"
)
_BOTH = re.compile(
    rf"\b(?:{_MEN})\b.*\b(?:{_WOMEN})\b|\b(?:{_WOMEN})\b.*\b(?:{_MEN})\b|\b(?:except|unless|other than)\b"
)


def bound(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return an exclusion with the cancers that it names bound to the sex that its words name.

    Args:
        node: What a criterion of the exclusions demands.
        plain: The plain text in which its spans lie.
        span: Where the criterion stands.
    """
    kinds = {item.kind for item in leaves(node)}
    if "tumour_type" not in kinds or "sex" in kinds:
        return node
    written = " ".join(plain[slice(*span)].split())
    found = _SAID.search(written)
    if found is None or _BOTH.search(written) is not None:
        return node
    sex = leaf("sex", any_of=["male" if re.match(_MEN, found["behind"] or found["front"]) else "female"])

    def made(item: Leaf, denied: bool) -> Node:
        if not denied or item.kind != "tumour_type":
            return item
        return AllOf((item, replace(sex, span=item.span)), item.span)

    return with_leaves(node, made)
