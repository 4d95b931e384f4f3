"""The written form of criterion trees: JSON and YAML to nodes and back, without loss.

A node is a mapping with one head: `all_of`, `any_of` (lists of nodes), `not` (a node), `at_least` ({n, of}),
`when` (a node, with `then` beside it), or the id of a criterion kind with its parameters. Beside the head may
stand `span` ([first, one past last] character in the registry text) and `text` (our own words).
"""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import ValidationError

from her2nav.files.places import Document, Path
from her2nav.files.validation import explain
from her2nav.kinds.registry import kinds
from her2nav.kinds.terms import KindParams
from her2nav.model.errors import Her2NavError, ValueProblem
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, Span, When

_BESIDE = frozenset({"span", "text", "then"})
_LOGIC = ("all_of", "any_of", "not", "at_least", "when")
_PARAMS: dict[tuple[str, str], KindParams] = {}
"""Parameters that were read before: the same criterion stands in many trials, and what is frozen can be shared."""


class TreeReader:
    """Reads nodes of one document, naming the place of whatever is wrong."""

    def __init__(self, document: Document, error: type[Her2NavError] = ValueProblem) -> None:
        self._document = document
        self._error = error

    def read(self, data: object, path: Path) -> Node:
        """Read one node.

        Raises:
            error: An unknown head or parameter, or a part that is not a node.
        """
        if not isinstance(data, dict):
            raise self._wrong(path, "a criterion is a group of keys", "a kind with its parameters, all_of, any_of, not")
        heads = [key for key in data if key not in _BESIDE]
        if len(heads) != 1:
            raise self._wrong(path, f"a node has one head, here {len(heads)}: {', '.join(heads) or 'none'}", None)
        head = heads[0]
        span, text = self._span(data.get("span"), path), data.get("text")
        if "then" in data and head != "when":
            raise self._wrong(path, "'then' stands only beside 'when'", None)
        inside = data[head]
        if head in ("all_of", "any_of"):
            parts = self._parts(inside, (*path, head))
            return AllOf(parts, span, text) if head == "all_of" else AnyOf(parts, span, text)
        if head == "not":
            return Not(self.read(inside, (*path, head)), span, text)
        if head == "at_least":
            return self._at_least(inside, (*path, head), span, text)
        if head == "when":
            if "then" not in data:
                raise self._wrong(path, "'when' needs 'then' beside it", None)
            return When(self.read(inside, (*path, head)), self.read(data["then"], (*path, "then")), span, text)
        return self._leaf(head, inside, path, span, text)

    def _parts(self, data: object, path: Path) -> tuple[Node, ...]:
        if not isinstance(data, list) or not data:
            raise self._wrong(path, "a list of criteria is expected", "one criterion or more")
        return tuple(self.read(item, (*path, i)) for i, item in enumerate(data))

    def _at_least(self, data: object, path: Path, span: Span | None, text: str | None) -> AtLeast:
        if not isinstance(data, dict) or set(data) != {"n", "of"} or not str(data["n"]).isdigit():
            raise self._wrong(path, "at_least is written {n: 2, of: [...]}", "n, of")
        parts = self._parts(data["of"], (*path, "of"))
        n = int(data["n"])
        if not 1 <= n <= len(parts):
            raise self._wrong((*path, "n"), f"{n} of {len(parts)} criteria is not possible", f"1 to {len(parts)}")
        return AtLeast(n, parts, span, text)

    def _leaf(self, head: str, data: object, path: Path, span: Span | None, text: str | None) -> Leaf:
        kind = kinds().get(head)
        if kind is None:
            near = difflib.get_close_matches(head, [*kinds(), *_LOGIC], n=3, cutoff=0.5)
            raise self._wrong(path, f"unknown criterion kind '{head}'", ", ".join(near) or "see docs/criteria.md")
        written = (head, repr(data))
        params = _PARAMS.get(written)
        if params is None:
            try:
                params = kind.params.model_validate({} if data is None else data)
            except ValidationError as problem:
                inner = Document(data, self._document.name, self._lines_below((*path, head)))
                raise explain(problem, kind.params, inner, self._error) from None
            _PARAMS[written] = params
        return Leaf(head, params, span, text)

    def _lines_below(self, path: Path) -> dict[Path, int]:
        size = len(path)
        return {key[size:]: line for key, line in self._document.lines.items() if key[:size] == path}

    def _span(self, data: object, path: Path) -> Span | None:
        if data is None:
            return None
        if isinstance(data, list) and len(data) == 2 and all(str(item).isdigit() for item in data):
            first, last = int(data[0]), int(data[1])
            if first < last:
                return first, last
        raise self._wrong((*path, "span"), "a span is [first, one past last] character", "two rising numbers")

    def _wrong(self, path: Path, message: str, allowed: str | None) -> Her2NavError:
        return self._error(message, file=self._document.name, place=self._document.place(path), allowed=allowed)


def write(node: Node) -> dict[str, Any]:
    """Return the plain form of a node; reading it gives an equal node."""
    data: dict[str, Any]
    match node:
        case Leaf():
            data = {node.kind: node.params.model_dump(mode="json", exclude_defaults=True)}
        case AllOf(parts=parts):
            data = {"all_of": [write(part) for part in parts]}
        case AnyOf(parts=parts):
            data = {"any_of": [write(part) for part in parts]}
        case Not(part=part):
            data = {"not": write(part)}
        case AtLeast(n=n, parts=parts):
            data = {"at_least": {"n": n, "of": [write(part) for part in parts]}}
        case When(when=when, then=then):
            data = {"when": write(when), "then": write(then)}
    if node.span is not None:
        data["span"] = list(node.span)
    if node.text is not None:
        data["text"] = node.text
    return data
