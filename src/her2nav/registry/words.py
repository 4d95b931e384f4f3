"""Turns what a person types into a full-text expression: names of drugs and genes stand for all their spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.registry.tags import Tagger

_PARTS = re.compile(r'"([^"]*)"|(\S+)')
_LETTERS = re.compile(r"[^\W_]")
_LONGEST_NAME = 4
_MOST_SPELLINGS = 30


@dataclass(frozen=True, slots=True)
class Words:
    """A full-text query.

    Attributes:
        every: Trials must hold all words.
        some: Trials hold at least one: for when none holds all.
        read_as: What names were taken for, for people.
    """

    every: str
    some: str
    read_as: tuple[str, ...] = ()


def read_words(text: str, knowledge: Knowledge, tagger: Tagger) -> Words | None:
    """Read a query; None when it holds no word.

    Quotation marks keep words together; all else is plain text, whatever signs it holds.
    """
    parts = [(quoted or plain, bool(quoted)) for quoted, plain in _PARTS.findall(text)]
    parts = [(word, quoted) for word, quoted in parts if _LETTERS.search(word)]
    terms: list[str] = []
    read_as: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + _LONGEST_NAME), at, -1):
            written = " ".join(word for word, _ in parts[at:end])
            spellings, shown = _spellings(written, knowledge, tagger)
            if spellings:
                terms.append(_any_of([written, *spellings]))
                read_as.append(f"{written}: {shown}") if key(written) != key(shown) else None
                at = end
                break
        else:
            terms.append(_phrase(parts[at][0]))
            at += 1
    if not terms:
        return None
    return Words(" AND ".join(terms), " OR ".join(terms), tuple(read_as))


def _spellings(written: str, knowledge: Knowledge, tagger: Tagger) -> tuple[list[str], str]:
    drug = tagger.drugs.whole(written)
    if drug is not None:
        item = knowledge.drugs.drugs[drug]
        return [item.name, *item.names, *(brand.name for brand in item.brands)], item.name
    gene = knowledge.genes.find(written)
    if gene is not None:
        row = knowledge.genes.genes[gene]
        return [row.symbol, *(name for name in row.names if len(name) > 2)], row.symbol
    return [], ""


def _any_of(names: list[str]) -> str:
    phrases = list(dict.fromkeys(_phrase(name) for name in names if _LETTERS.search(name)))[:_MOST_SPELLINGS]
    return phrases[0] if len(phrases) == 1 else "(" + " OR ".join(phrases) + ")"


def _phrase(text: str) -> str:
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'
