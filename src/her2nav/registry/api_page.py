"""One answer of the registry: its studies with their bytes as received, the count, the token of the next page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_STUDIES = re.compile(r'"studies"\s*:\s*\[')
_SPACE_COMMA = re.compile(r"[\s,]*")


class WrongAnswer(ValueError):
    """An answer that is not what was asked for: cut off, no JSON, or of another form."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        studies: Each study's bytes as received, and what they say.
        total: How many studies the whole query finds; only where it was asked for.
        token: Leads to the next page; None on the last.
    """

    studies: tuple[tuple[bytes, Any], ...]
    total: int | None
    token: str | None


def read_page(body: bytes) -> Page:
    """Read an answer, decoding every study once.

    Raises:
        WrongAnswer: It is not whole, or not a page.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongAnswer(f"not UTF-8: {error}") from None
    start = _STUDIES.search(text)
    if start is None:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise WrongAnswer(f"not JSON: {error}") from None
        raise WrongAnswer("JSON without studies")
    decode = json.JSONDecoder().raw_decode
    studies: list[tuple[bytes, Any]] = []
    at = start.end()
    try:
        while True:
            at = _end_of(_SPACE_COMMA, text, at)
            if text[at : at + 1] == "]":
                break
            data, end = decode(text, at)
            studies.append((text[at:end].encode(), data))
            at = end
        rest = json.loads(text[: start.end()] + text[at:])
    except (ValueError, RecursionError) as error:
        raise WrongAnswer(f"not whole: {error}") from None
    if not isinstance(rest, dict) or rest.get("studies") != []:
        raise WrongAnswer("JSON of another form")
    total, token = rest.get("totalCount"), rest.get("nextPageToken")
    if not isinstance(total, int | None) or isinstance(total, bool) or not isinstance(token, str | None):
        raise WrongAnswer("a count or token of another form")
    return Page(tuple(studies), total, token or None)


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
