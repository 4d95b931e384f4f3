"""Cancers of the blood that a trial of other cancers shuts out by name: "history of MDS or AML".

Where the trial itself takes cancers of the blood the name may be its own cancer, and stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.dictionary import Hit
from her2nav.language.sought import Sought

_ANY = "haematological_malignancy"
_SOUGHT = Sought(
    r"\bmyelodysplas\w+|\bleuka?emias?\b|\bmds\b|\baml\b|\blymphomas?\b|\bmyelomas?\b|\bha?ematologic(?:al)? malignan\w+"
)
_JOIN = re.compile(
    r"(?:[\s,/()]|\b(?:or|and|and/or|a|any|other|mds|aml|\(mds\)|\(aml\)|\(mds/aml\))\b|[\ue000-\uf8ff])*"
)
_HISTORY = re.compile(
    r"(?:\b(?:any|known|prior|previous|past|personal|current|currently|active|documented|has|have|had|with|a|an|of|or|and|history|diagnosis|diagnosed|presence|patients?|participants?|subjects?|who|features suggestive of|confirmed)\b[\s,/]*)*\Z"
)
_ALONE = re.compile(r"\s*(?:[.;]|\Z|within\b|\((?:mds|aml|mds/aml)\))")
"""What may stand behind: more words may be an exception or a treatment."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    if "haematological" in sentence.tumours or not sentence.tumours:
        return
    hits = [hit for hit in sentence.hits if _named(sentence, hit)]
    groups: list[list[Hit]] = []
    for hit in hits:
        between = sentence.masked[groups[-1][-1].end : hit.start] if groups else ""
        if groups and len(between) <= 30 and _JOIN.fullmatch(between):
            groups[-1].append(hit)
        else:
            groups.append([hit])
    for group in groups:
        start, end = group[0].start, group[-1].end
        close = re.compile(r"\s*\)").match(sentence.text, end)
        if close is not None and sentence.text.count("(", start, end) > sentence.text.count(")", start, end):
            end = close.end()
        before = _HISTORY.search(sentence.text, 0, start)
        first = before.start() if before is not None else start
        if sentence.text[:first].strip(" -*.,") or _ALONE.match(sentence.text, end) is None:
            continue
        wanted = list(dict.fromkeys(hit.id("condition") for hit in group))
        yield Stretched(first, end, leaf("comorbidity", any_of=wanted, ever=True))


def _named(sentence: Sentence, hit: Hit) -> bool:
    identifier = hit.id("condition")
    return identifier is not None and _ANY in sentence.knowledge.conditions.wider(identifier)


SCANNERS = (
    Scanner(
        "comorbidity.blood_cancer",
        ("condition",),
        _scan,
        priority=-2,
        section="exclusion",
        sought=(_SOUGHT,),
        texts=(("History of leukaemia, in a trial of which no cancer is known", None),),
    ),
)
