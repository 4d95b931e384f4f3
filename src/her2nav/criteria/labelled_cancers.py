"""Entries that begin with one of the cancers listed before them: "Lymphoma: at least two lines" binds those with it.

Under "hematologic malignancies (AML, CLL and lymphoma)" such a label says whom its entry binds; taken as a demand it
would ask everybody for that one cancer and the lines of its patients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import all_of
from her2nav.model.tree import AllOf, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

_LABEL = re.compile(r"\W*(?P<name>[A-Za-z][\w /-]{2,60}?)(?: ?\([^()]{1,40}\))?:\s")
_SEVERAL = re.compile(r",| and | or |/")
_COMMON = frozenset(
    {"cancer", "cancers", "carcinoma", "carcinomas", "patients", "tumor", "tumour", "tumors", "tumours"}
)
"""Words of a label that name no cancer by themselves."""


def opened(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return the criteria with those under such a label bound to the patients it names.

    Args:
        criteria: In the order of the text.
        plain: The plain text in which their spans lie.
    """
    out: list[Criterion] = []
    lists: list[tuple[frozenset[str], str]] = []
    for item in criteria:
        if item.section != "inclusion" or item.role is not Role.DECIDES or item.span is None:
            out.append(item)
            continue
        made = _bound(item, plain, lists) or _bound_inside(item.node, plain)
        out.append(item if made is None else replace(item, node=made))
        if made is None or not isinstance(made, When):
            written = plain[item.span[0] : item.span[1]].lower()
            lists.extend((frozenset(leaf.params.types), written) for leaf in leaves(item.node) if _asks(leaf.kind))
    return out


def _asks(kind: str) -> bool:
    return kind == "tumour_type"


def _bound(item: Criterion, plain: str, lists: Sequence[tuple[frozenset[str], str]]) -> Node | None:
    """Return what an entry asks of those with the cancer of its label; None where it has no such label."""
    assert item.span is not None
    label = _LABEL.match(plain, item.span[0], item.span[1])
    if label is None or not isinstance(item.node, AllOf):
        return None
    when = [part for part in item.node.parts if _ends_by(part, label.end())]
    then = [part for part in item.node.parts if part not in when]
    named = [leaf for part in when for leaf in leaves(part) if _asks(leaf.kind)]
    if not named or not then or any(_asks(leaf.kind) for part in then for leaf in leaves(part)):
        return None
    types = frozenset(name for leaf in named for name in leaf.params.types)
    words = [word for word in re.findall(r"[a-z]+", label["name"].lower()) if word not in _COMMON]
    if not any(types < wider or (types == wider and _lists(written, words)) for wider, written in lists):
        return None
    return When(all_of(when), all_of(then))


_COLON = re.compile(r" ?(?:\([^()]{1,40}\) ?)?:\s")


def _bound_inside(node: Node, plain: str) -> Node | None:
    """Return a list of cancers with the entries below it that begin with one of them bound to it; None without any."""
    if not isinstance(node, AllOf):
        return None
    wider = frozenset(name for leaf in leaves(node.parts[0]) if _asks(leaf.kind) for name in leaf.params.types)
    out: list[Node] = []
    label: Node | None = None
    said: list[Node] = []
    for part in (*node.parts, None):
        own = part is not None and _names_one(part, wider, plain)
        ends = part is None or own or isinstance(part, When) or any(_asks(leaf.kind) for leaf in leaves(part))
        if label is not None and ends:
            out.append(When(label, all_of(said)) if said else label)
            label, said = None, []
        if own:
            label = part
        elif label is not None and part is not None:
            said.append(part)
        elif part is not None:
            out.append(part)
    return all_of(out) if len(out) < len(node.parts) else None


def _names_one(part: Node, wider: frozenset[str], plain: str) -> bool:
    """Whether a part is the name of one cancer of a list, and a colon behind it."""
    if not isinstance(part, Leaf) or not _asks(part.kind) or part.span is None:
        return False
    return frozenset(part.params.types) < wider and _COLON.match(plain, part.span[1]) is not None


def _ends_by(part: Node, end: int) -> bool:
    spans = [leaf.span for leaf in leaves(part) if leaf.span is not None]
    return bool(spans) and all(last <= end for _, last in spans)


def _lists(written: str, words: Sequence[str]) -> bool:
    """Whether a criterion on a group of cancers names the one of the label among others."""
    return (
        bool(words) and all(re.search(rf"\b{word}", written) for word in words) and _SEVERAL.search(written) is not None
    )
