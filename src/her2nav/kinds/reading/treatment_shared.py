"""Lists that go on with words that are not known: the time, setting or wait at their end may bind what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Sentence, Stretched, both_ways
from her2nav.kinds.reading.treatment_names import treatment_of
from her2nav.kinds.reading.treatment_proposition import proposition
from her2nav.kinds.reading.treatment_tokens import tokens
from her2nav.kinds.reading.treatment_words import Token
from her2nav.model.tree import AnyOf

SHARED_TIME = re.compile(
    r"(?: ?\((?!e\.?g|i\.?e|includ|such|except|unless|within|other than|\d)[a-z -]{3,40}\))?[ ,)]*(?:,|\bor\b|\band\b)(?! ?(?:and )?(?:no(?! (?:more|less|longer))|not|must)\b)(?! ?(?:aside|except|unless|other than|with the|but|excluding)\b)(?:e\.g\.|[^.;]){0,180}?(?:\b(?:within|in the (?:last|past)|during the (?:last|past)|less than)\b|[≤<] ?\d+ (?:day|week|month))"
)
"""A list that goes on with words that are not known, and whose time at the end may bind what was read."""
SHARED_SETTING = re.compile(
    r"[ ,)]*(?:,|\bor\b|\band\b|/)(?! ?(?:aside|except|unless|other than|with the|but|excluding)\b)(?:(?!\b(?:prior|previous|previously|received|history|any)\b)[^.;:()]){2,80}?\b(?:for|in) (?:the )?(?:treatment of )?(?:(?:locally|loco-?regionally|recurrent|unresectable) ?(?:or |and/or |and |/ ?)?)*(?:advanced|metastatic|adjuvant|neo-?adjuvant)\b"
)
"""A list that goes on with words that are not known, and whose setting at the end may bind what was read."""
_GOES_ON = re.compile(
    r"[ )]*(?:,|\bor\b|\()(?! ?(?:with|recover|if|unless|provided|but|whichever|prior to|before|as long))[^.;:]{2,160}?\bor\b[^.;:]{2,80}?(?=\s*(?:[.;:]|$|,? (?:and|with) (?:must |should |have |has |fully |adequately |complete |full )*recover))"
    r"|[ )]*,? or (?!recover|if|longer|more)[^.;:]{2,80}?(?=\s*(?:[.;:]|$|,? (?:and|with) (?:must |should |have |has |fully |adequately |complete |full )*recover))"
)
_PURPOSE = re.compile(r"\bfor\b")
_BETWEEN = frozenset(
    {
        "item",
        "or",
        "and",
        "comma",
        "open",
        "close",
        "frame",
        "noun",
        "examples",
        "aside",
        "prior",
        "word",
        "combined",
        "disease",
        "narrow",
        "purpose",
    }
)
_MOST_UNKNOWN = 6
"""Words of a list that are not known."""


def in_shared_setting(sentence: Sentence, run: list[Token], denied: bool) -> Iterator[Stretched]:
    """Read 'A, B or <not known> for metastatic disease': whether the setting binds A or not, A in it is meant."""
    behind = [token for token in tokens(sentence) if token.start >= run[-1].end]
    at = next((i for i, token in enumerate(behind) if token.kind not in _BETWEEN), len(behind))
    ever = proposition(sentence, run, denied)
    if at == len(behind) or behind[at].kind != "setting":
        if ever is not None:
            yield Stretched(run[0].start, run[-1].end, ever)
        return
    node = proposition(sentence, [*run, behind[at]], denied)
    if node is not None and ever is not None:
        yield Stretched(run[0].start, run[-1].end, both_ways(node, AnyOf((node, ever)), "it in every setting, too"))


def within_shared_time(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'A, B or <not known> within 3 weeks': whether the time binds A or not, A within it shuts out."""
    behind = [token for token in tokens(sentence) if token.start >= run[-1].end]
    at = next((i for i, token in enumerate(behind) if token.kind not in _BETWEEN), len(behind))
    unknown = sum(token.kind == "word" for token in behind[:at])
    if at < len(behind) and _PURPOSE.search(sentence.text, run[-1].end, behind[at].start):
        return  # "A or B for acute infection within a week": the purpose may bind A too
    if at == len(behind) or behind[at].kind != "window" or behind[at].value.elapsed or unknown > _MOST_UNKNOWN:
        return
    node, ever = (
        proposition(sentence, [*run, behind[at]], denied=False),
        proposition(sentence, run, denied=False),
    )
    if node is not None:
        yield Stretched(
            run[0].start,
            run[-1].end,
            node if ever is None else both_ways(node, AnyOf((node, ever)), "it at any time, too"),
        )


def list_end(sentence: Sentence, run: list[Token]) -> int | None:
    """Where a list ends that goes on behind a wait with words that are not known; None where all of it was read."""
    windows = [token.value for token in run if token.kind == "window"]
    if not windows or not all(window.elapsed for window in windows):
        return None
    found = _GOES_ON.match(sentence.text, run[-1].end)
    if found is None or run[0].kind != "window":
        return None
    inside = sentence.between(run[-1].end, found.end())
    known = [hit for hit in inside if treatment_of(hit, sentence) is not None or hit.ids("anchor")]
    return found.end() if len(known) == len(inside) and found[0].count("(") == found[0].count(")") else None
