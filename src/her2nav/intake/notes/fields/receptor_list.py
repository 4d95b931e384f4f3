"""Receptors named in one breath with their results in the same order: "ER/PR/HER2: +/-/-"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_NAME = r"(?:er|pg?r|her-?2(?:/neu)?)"
_RESULT = r"(?:\+|-|−|positive|negative|pos|neg)"
LIST = Gated(
    rf"(?<![\w/-])(?P<names>{_NAME}(?:\s?[/,]\s?{_NAME}){{1,2}})(?![\w/])\s?[:=]?\s?\(?"
    rf"(?P<results>{_RESULT}(?:\s?[/,]\s?{_RESULT}){{1,2}}|(?<=\w\s)(?:all )?(?:positive|negative))(?![\w+/])"
)
_ALL = 3
_ONE_NAME = re.compile(_NAME)
_ONE_RESULT = re.compile(_RESULT)


class Listed(NamedTuple):
    """One receptor of a list: er, pr or her2, its result and the place of the list."""

    receptor: str
    positive: bool
    span: Span


def receptor_lists(note: Note, sentence: Sentence) -> Iterable[list[Listed]]:
    """Return the lists of a sentence; names and results that differ in number give an empty list: nobody can tell."""
    return _listed(note, sentence) if sentence.start in note.cued(LIST) else ()


def _listed(note: Note, sentence: Sentence) -> Iterator[list[Listed]]:
    for match in _lists(note, sentence):
        names, results = _ONE_NAME.findall(match["names"]), _ONE_RESULT.findall(match["results"])
        if len(results) == 1:
            results *= len(names)
        yield [
            Listed("her2" if name.startswith("her") else name.replace("pgr", "pr"), result[0] in "+p", match.span())
            for name, result in zip(names, results, strict=False)
            if len(names) == len(results)
        ]


def in_receptor_list(note: Note, sentence: Sentence, place: int) -> bool:
    """True where a place lies in such a list, so that the first sign behind it is not its result."""
    return sentence.start in note.cued(LIST) and any(
        match.start() <= place < match.end() for match in _lists(note, sentence)
    )


def _lists(note: Note, sentence: Sentence) -> list[re.Match[str]]:
    key = ("receptor lists", sentence.start, sentence.end)
    found: list[re.Match[str]] | None = note.memory.get(key)
    if found is None:
        # One word behind three names with strokes holds for all: "ER/PR/HER2 negative".
        found = note.memory[key] = [
            match
            for match in LIST.finditer(note.plain, sentence.start, sentence.end)
            if len(_ONE_RESULT.findall(match["results"])) > 1 or match["names"].count("/") == _ALL - 1
        ]
    return found
