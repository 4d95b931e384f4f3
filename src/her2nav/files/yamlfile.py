"""YAML without surprises: scalars stay strings, a key stands once, no anchors, every value knows its line.

YAML turns `no` into false, `0` into a number and a repeated key into its last value. In a medical record each
of these loses a fact, so the tree is composed with the base resolver and converted here.
"""

from __future__ import annotations

import yaml

from her2nav.files.places import Document, Path
from her2nav.model.errors import SyntaxProblem

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MAX_DEPTH = 60

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse_yaml(text: str, name: str) -> Document:
    """Parse one YAML document into strings, lists and dicts.

    Raises:
        SyntaxProblem: Malformed YAML, a repeated key, an anchor or alias, a tag, or nesting deeper than 60.
    """
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > 10 * _MAX_DEPTH:
                raise SyntaxProblem("brackets are nested too deeply", file=name, allowed=f"{_MAX_DEPTH} levels")
        elif character in "]}":
            depth -= 1
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}" if mark else None
        raise SyntaxProblem(f"not valid YAML: {error.problem or error.context}", file=name, place=place) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise SyntaxProblem(f"not valid YAML: {str(error).splitlines()[0]}", file=name) from None
    document = Document(None, name)
    if node is not None:
        document.data = _convert(node, (), document, set(), 0)
    return document


def _convert(node: yaml.Node, path: Path, document: Document, seen: set[int], depth: int) -> object:
    line = node.start_mark.line + 1
    document.lines[path] = line

    def refuse(message: str, allowed: str | None = None, at: int = line) -> SyntaxProblem:
        return SyntaxProblem(message, file=document.name, place=f"line {at}", allowed=allowed)

    if depth > _MAX_DEPTH:
        raise refuse("nested too deeply", f"{_MAX_DEPTH} levels")
    if id(node) in seen:
        raise refuse("anchors and aliases (&, *) are not read", "write the value out")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in _NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_convert(item, (*path, i), document, seen, depth + 1) for i, item in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise refuse("a key is not plain text", at=key_line)
        key = key_node.value
        if key in result:
            first = document.lines[(*path, key)]
            raise refuse(f"the key '{key}' stands twice (first in line {first})", "each key once", key_line)
        result[key] = _convert(value_node, (*path, key), document, seen, depth + 1)
        document.lines[(*path, key)] = key_line
    return result
