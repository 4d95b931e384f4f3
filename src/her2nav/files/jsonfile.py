"""JSON with the same strictness as YAML: numbers keep their digits, a key stands once, no NaN."""

from __future__ import annotations

import json
from typing import Any

from her2nav.files.places import Document
from her2nav.files.yamlfile import parse_yaml
from her2nav.model.errors import Her2NavError, SyntaxProblem


def parse_json(text: str, name: str) -> Document:
    """Parse one JSON document; numbers become strings with the digits as written.

    Raises:
        SyntaxProblem: Malformed JSON, a repeated key, NaN or Infinity.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in items:
            if key in result:
                raise SyntaxProblem(f"the key '{key}' stands twice", file=name, allowed="each key once")
            result[key] = value
        return result

    def constant(value: str) -> Any:
        raise SyntaxProblem(f"'{value}' is not a JSON value", file=name, allowed="a number, a text or null")

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_float=str, parse_int=str, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise SyntaxProblem(f"not valid JSON: {error.msg}", file=name, place=f"line {error.lineno}") from None
    except RecursionError:
        raise SyntaxProblem("nested too deeply", file=name) from None
    return Document(data, name)


def parse_record(text: str, name: str) -> Document:
    """Parse a record that may be JSON or YAML, told apart by name and first character."""
    looks_json = name.lower().endswith(".json") or text.lstrip()[:1] in ("{", "[")
    if looks_json:
        try:
            document = parse_json(text, name)
        except SyntaxProblem:
            _check_one(text, name)
            if name.lower().endswith(".json"):
                raise
            return parse_yaml(text, name)
        _add_lines(text, document)
        return document
    return parse_yaml(text, name)


def _check_one(text: str, name: str) -> None:
    """Say that a file holds several records, one a line, where one is wanted."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(map(_is_object, lines[:2])):
        raise SyntaxProblem(
            f"it holds {len(lines)} records, one a line",
            file=name,
            allowed="one patient; many patients with her2nav screen",
            code="several_patients",
        )


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _add_lines(text: str, document: Document) -> None:
    """JSON is nearly a subset of YAML: borrow its line numbers where that works."""
    if len(text) > 200_000:
        return
    try:
        document.lines.update(parse_yaml(text, document.name).lines)
    except Her2NavError:
        document.lines.clear()
