"""Clotting under an anticoagulant: a limit that does not bind who keeps to the range of the treatment."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

TOPIC = "whether clotting lies in the range that the anticoagulant is to reach"

_VALUE = r"(?:pt|inr|ptt|a-?ptt|prothrombin time|(?:activated )?partial thromboplastin time|international normali[sz]ed ratio|coagulation (?:parameters|values|tests)?)(?: ?\((?:pt|inr|ptt|aptt)\))?"
_VALUES = rf"(?:the )?{_VALUE}(?:(?:[ ,/]|\b(?:or|and|and/or)\b)+{_VALUE})*"
_RANGE = r"(?:is|are|remains?|must be|should be)? ?(?:stable and )?(?:with)?in (?:the )?(?:(?:intended|appropriate|recommended|target|expected|usual|desired|normal) )?therapeutic (?:range|limits?)(?: (?:of|for) (?:the )?(?:intended (?:use|therapy)(?: of)?|use of)?(?: ?(?:the )?(?:intended )?anti-?coagula(?:nts?|tion)(?: (?:therapy|treatment|agents?))?)?)?"
_ON = r"(?:(?:the )?(?:patients?|participants?|subjects?|individuals?)(?: (?:who|that))? )?(?:is|are|is currently|are currently)?(?: ?(?:receiving|on|taking|treated with))? ?(?:(?:therapeutic|full-dose|stable|oral|systemic) )*anti-?coagula(?:nts?|tion|nt)(?: (?:therapy|treatment|agents?|medication))?"
_SOUGHT = Sought(
    rf"{_ON}(?: ?\([^()]{{1,60}}\))?[ ,;]*(?:as long as|provided(?: that)?|in which case|and|if|with|where) {_VALUES} {_RANGE}"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _SOUGHT.finditer(sentence.text):
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        yield Stretched(start, start + len(found[0].strip()), leaf("judgement", topic=TOPIC))


SCANNERS = (
    Scanner(
        "judgement.clotting_range",
        ("therapeutic", "range"),
        _scan,
        priority=6,
        section="inclusion",
        sought=(_SOUGHT,),
        texts=(
            (
                "INR up to 1.5 unless on anticoagulant therapy, as long as INR is within therapeutic range",
                {"judgement": {"topic": TOPIC}},
            ),
            ("Anticoagulants are allowed", None),
        ),
    ),
)
