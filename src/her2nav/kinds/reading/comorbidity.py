"""Uncontrolled illness in general, with the examples that texts give of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.conditions import diseases_in
from her2nav.kinds.reading.disease_nodes import any_of
from her2nav.kinds.reading.disease_words import TURNED
from her2nav.kinds.reading.ild import named_in as lung_in
from her2nav.kinds.reading.ild import stretches_in as behind_lung
from her2nav.kinds.reading.named_diseases import named_diseases
from her2nav.kinds.reading.viral_infection import named_in
from her2nav.language.sought import Sought
from her2nav.model.tree import Node

TOPIC = "condition that in the investigator's opinion speaks against taking part"
_FORCE = r"(?:uncontrolled|serious|severe|significant|clinically significant|unstable|major|poorly controlled|life-threatening|inadequately controlled|uncontrollable)"
_SORT = r"(?:inter ?- ?current|intercurrent|concurrent|concomitant|systemic|medical|chronic|underlying|active|non-?malignant|acute|current|other|coexisting|co-?existing|general|significant|internal|or|and|and/or|/|,|uncontrolled|serious|severe|recent|pre-?existing)"
_THING = r"(?:illness(?:es)?|diseases?|conditions?|disorders?|comorbidit(?:y|ies)|co-?morbidit(?:y|ies)|co-?morbid (?:conditions?|diseases?)|problems?|infirmity)"
_HEAD = Sought(
    rf"(?:\b(?:any|other|known|history of|have|has|had|with|evidence of|presence of|a|an|the|patients?|subjects?|participants?|who|suffering from|current|currently|concurrent|concomitant|as judged by the investigator|,)[\s,]+)*+"
    rf"\b{_FORCE}(?:[\s,/]*(?:and/or|or|and)?[\s,/]*{_FORCE})*(?:[\s,/]+(?:active |systemic |ongoing )?infections?(?=[\s,/]+(?:or|and|and/or)\b))?(?:[\s,/]+{_SORT})*[\s,/]+{_THING}\b(?:\s*(?:or|and|/)\s*(?:any )?(?:other )?(?:{_SORT}\s+)*{_THING}\b)*(?:\s*\(s\))?"
)
_LIST = re.compile(
    r"[\s,:;(\[-]*\b(?:including|include|includes|such as|e\.?g\.?|for example|which includes?|are|i\.?e\.?|as(?= (?:recent|severe|uncontrolled|unstable|active|symptomatic|congestive|cardiac|liver|renal|diabet)))\b[\s,.]*(?:but(?:,)?(?: is| are)?(?:,)? not (?:necessarily )?(?:limited|restricted) to\b)?[\s,:;-]*(?:any of the following\b:?)?"
)
_JUDGED = re.compile(
    r"\b(?:opinion|judge?ment|discretion|investigator|physician|feels|interfer\w*|compromise|jeopardi[sz]e|preclude|confound|likely|limit|impair|prevent|contraindicat\w+|place the|put the|affect|hamper|risk)\b"
)
_LIMITS = re.compile(
    r"[\s/,]*(?:\b(?:or|and)\b\s*)?(?:\bsocial (?:situations?|circumstances|conditions?)\b)?[\s,]*\b(?:that|which)\b\s*(?:would|could|might|may)\s*(?:\w+[ ,]+){0,4}(?:limit|interfere|compromise|affect|impair|preclude|jeopardi[sz]e|make)\b[^;]*$"
)


_CLAUSE = re.compile(r"[\s,]*(?:\b(?:that|which|if|as|in)\b|\w+ing\b|\(s\))")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    found = _HEAD.search(text)
    if found is None:
        return
    start, end = found.span()
    if sentence.section == "inclusion" and not sentence.permits and not TURNED.search(text, 0, end):
        # Nobody asks for an illness: a header that turned it round was not seen.
        return
    listed = _LIST.match(text, end)
    if listed is None:
        between = re.compile(r"[^.;()]{0,160}?(?=[\s,(]*\b(?:including|such as|e\.?g\.)(?:\s|,))").match(text, end)
        if between and _JUDGED.search(between[0]):
            listed = _LIST.match(text, between.end())
    named = diseases_in(sentence, start, end) if "infection" in text[start:end] else []
    opinion = _JUDGED.search(text, end, listed.start() if listed else len(text)) is not None
    head: Node = leaf("judgement", topic=TOPIC) if opinion else leaf("comorbidity", any_of=["uncontrolled_illness"])
    if listed is None:
        if opinion:
            rest = diseases_in(sentence, end, len(text)) + named_in(sentence, end, len(text))
            if not rest and start < 60:
                yield Stretched(start, len(text.rstrip(" .;")), head)
            elif rest and _CLAUSE.match(text, end) is None:
                # The opinion is on a disease further on.
                yield Stretched(start, end, leaf("comorbidity", any_of=["uncontrolled_illness"]))
            return
        yield Stretched(start, end, any_of([head, *named]))
        return
    stop = _list_end(text, end, listed.end())
    narrow = "controlled" in text[start:end]
    inside = [
        *diseases_in(sentence, listed.end(), stop, uncontrolled=narrow),
        *named_in(sentence, listed.end(), stop),
        *lung_in(sentence, listed.end(), stop),
    ]
    if _lost(sentence, listed.end(), stop):
        inside.append(leaf("unread", note="more is named in the list"))
    yield Stretched(start, stop, any_of([head, *named, *inside]))
    # A disease within the list and the same one behind it would be read as one.
    yield from behind_lung(sentence, stop, len(text))


_VALUE = re.compile(
    r"\b(?:lvef|ejection fraction|qtc?)\b|[<>≥≤] ?\d|\d ?(?:%|percent\b|mm ?hg)|\b(?:thrombo\w+|embolic)[ /\w-]{0,24}\bevents?\b"
)
"""Members of a list that are no names of diseases."""


def _lost(sentence: Sentence, start: int, stop: int) -> bool:
    """Whether a list of examples holds values or events that no name of a disease stands for."""
    text = sentence.text[start:stop]
    if _VALUE.search(text) is None:
        return False
    for item in named_diseases(sentence):
        if item.start >= start and item.end <= stop:
            at = item.start - start
            text = f"{text[:at]}{' ' * (item.end - item.start)}{text[at + item.end - item.start :]}"
    return _VALUE.search(text) is not None


def _list_end(text: str, start: int, begin: int) -> int:
    """Return where a list of examples ends: with the bracket that it stands in, or with the sentence."""
    depth = text.count("(", start, begin) - text.count(")", start, begin)
    if depth > 0:
        for place in range(begin, len(text)):
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 0:
                return place + 1
    return len(text.rstrip(" .;"))


SCANNERS = (
    Scanner(
        "comorbidity.illness",
        (
            "illness",
            "illnesses",
            "disease",
            "diseases",
            "condition",
            "conditions",
            "disorder",
            "disorders",
            "comorbidity",
            "comorbidities",
            "uncontrolled",
            "serious",
            "severe",
            "significant",
        ),
        _scan,
        priority=4,
        sought=(_HEAD,),
        texts=(
            ("No uncontrolled intercurrent illness", {"comorbidity": {"any_of": ["uncontrolled_illness"]}}),
            (
                "No uncontrolled intercurrent illness including, but not limited to, unstable angina or liver cirrhosis",
                {
                    "any_of": [
                        {"comorbidity": {"any_of": ["uncontrolled_illness", "cirrhosis"]}},
                        {"cardiac_history": {"any_of": ["unstable_angina"]}},
                    ]
                },
            ),
            ("Without any serious illness that may interfere with taking part", {"judgement": {"topic": TOPIC}}),
        ),
    ),
)
