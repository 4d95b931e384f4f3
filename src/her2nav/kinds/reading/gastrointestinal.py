"""Swallowing, absorption and resection of stomach or bowel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_SWALLOWED = (
    r"(?: an?\b)?(?:[\s,/-]|\((?:po|per os)\)|\b(?:and|or|retain|retaining|retention of|absorb|take|tolerate|swallow|keep down|whole|intact|study|oral|orally|formulations?|formulated|of|the|administered|capsules?|tablets?|pills?|medications?|medicines?|drugs?|treatments?|"
    r"products?|therapy|forms?|large|investigational|agents?)\b)*"
)
_GUT = r"(?:gastrointestinal|gi|bowel|gastric|digestive|intestinal)"
_ORGAN = r"(?:stomach|small (?:bowel|intestines?)|bowels?|large bowel|colon|intestines?|gastrointestinal tract)"
_ABLE = Sought(
    rf"(?:\b(?:patients?|participants?|subjects?|must|should|be|is|are|have|the)\b\s*)*\b(?:able|ability) to (?:swallow|take|ingest|tolerate)\b{_SWALLOWED}|\b(?:must |should )?can swallow\b{_SWALLOWED}"
)
_UNABLE = Sought(
    rf"(?:\b(?:diseases? affecting )?(?:gastrointestinal|gi)(?: \(gi\))?(?: tract)? (?:disease|disorder|condition|function)s?,? (?:resulting in|causing|leading to|that results in|which results in) (?:an? |the )?)?(?:\b(?:has|have|any|with|a|an|patients?|who|are|is)\b\s*)*\b(?:unable|inability|not (?:be )?able|incapable|difficulty|difficulties|problems?)\b(?: or (?:unwilling(?:ness)?|inability|difficulty))?(?: (?:to|of|with|in))? (?:swallow|swallowing|take|tolerate|ingest)\b{_SWALLOWED}|\b(?:cannot|can not|could not) swallow\b{_SWALLOWED}"
    rf"|\b(?:(?:that|which) )?(?:(?:would|could|might|may|can) )?(?:\w+ly )?(?:impairs?|impairing|limits?|limiting|impedes?|impeding|hinders?|prevents?|preventing|precludes?|precluding|affects?|affecting|compromises?|interferes? with|interfering with|impairment of) (?:the |their |a |an )?(?:(?:patient|subject|participant|individual)(?:'s?|s')? )?ability to (?:swallow|take|ingest|tolerate)\b{_SWALLOWED}"
)
_ABSORPTION = Sought(
    rf"(?:\b(?:any|a|an|known|active|severe|serious|significant|clinically|chronic|other|uncontrolled|condition|disorder|disease|impairment|of|history|has|have|presence|refractory|nausea|and|vomiting|clinical|pre-?existing)\b[\s,]*)*"
    rf"\b(?<!small )(?<!large )(?<!stomach or )(?:{_GUT}|malabsorption|conditions?|disease|disorder|illness)\b(?:[\s,()/]|\b(?:{_GUT}|tract|function|functions|diseases?|disorders?|conditions?|abnormalit(?:y|ies)|dysfunction|problems?|or|and|upper|lower|illness(?:es)?|other|impaired|impairment|of|surgery|procedure)\b)*"
    r"\b(?:that|which|likely to|known to|expected to|affecting|to|would|may|might|could|significantly|preclud\w+|impair\w*|alter\w*|interfer\w+)\b(?:\s*\b(?:may|might|could|would|can|will|be|is|are|likely|to|known|expected|significantly|adversely|substantially|materially|in the opinion of the investigator|potentially|negatively)\b,?)*"
    rf"\s*(?:alter|affect|impair|preclude|interfere|impact|limit|prevent|influence|hamper|compromise|reduce|modify)?(?:s|es|ing|d)?\b(?:\s*\b(?:with|adequate|the|oral|{_GUT}|study|drugs?|medications?|treatments?|intestinal|normal|its|sufficient|their|of|ability to|ingestion|and|or|administration|intake|swallowing|passage)\b,?)*"
    rf"\s*(?:absorption|absorb|bioavailability|{_GUT} function)\b(?:\s+of\s+(?:\b(?:the|study|trial|oral|assigned|investigational|drugs?|medications?|treatments?|products?|agents?|therap(?:y|ies|eutics?)|tablets?|capsules?|any|its|[a-z]{{2,6}}-?\d{{2,6}}[a-z]?|[a-z]{{5,}}(?:nib|lisib|clib|ciclib|limus|tinib|parib|citabine|trexed))\b\s*(?:(?:or|and|and/or)\s)?)+)?"
)
_MALABSORPTION = Sought(
    r"(?:\b(?:any|history of|known|active|chronic|has|have|severe|current|uncontrolled|clinically|significant|gastrointestinal|gi|\(gi\)|intestinal|upper|symptomatic|presence of|evidence of)\b[\s,]*)*(?<!galactose )(?<!galactose-)(?<!lactose )(?<!fructose )\b(?:malabsorption|malabsorptive)\b(?: (?:syndromes?|disorders?|conditions?|state|problems?))?(?: (?:significantly )?affecting (?:gastrointestinal|gi) function)?"
)
_AFFECTING = Sought(
    rf"\bdiseases? (?:significantly )?affecting {_GUT} function\b|\bimpairment of {_GUT}(?: \(gi\))? function\b|\b(?:inability|unable) to (?:adequately )?absorb(?: (?:oral|orally administered|study))*(?: (?:medications?|drugs?|nutrients?))?\b"
)
_RESECTION = Sought(
    rf"(?:\b(?:history|of|prior|previous|major|extensive|significant|any|surgical|has|have|had|a|an|partial|total|complete|undergone)\b\s*)*\b(?:resection|removal)\b(?:\s*\b(?:of|involving|the|a|an|part|portion|significant|large|substantial|or|extensive)\b)*\s*{_ORGAN}\b(?:[\s,/]*(?:and/or|or|and)?[\s,/]*(?:the )?{_ORGAN}\b)*"
)


def _gut(*what: str) -> Node:
    return leaf("gastrointestinal", any_of=list(what))


_ALTERS = AnyOf(
    (
        _gut("malabsorption"),
        AllOf(
            (
                leaf("comorbidity", any_of=["gastrointestinal_disease"]),
                leaf("judgement", topic="whether the disease of the gut alters the absorption of a medicine"),
            )
        ),
    )
)
"""A disease of the gut by what it does: who has none of malabsorption may have another that does it."""
_OPERATED = Sought(
    r"(?:\b(?:prior|previous|any|major|history of)\b\s*)*\b(?:surgical procedures?|surger(?:y|ies)|operations?)\b (?:that (?:may |could |would )?(?:affect|impair|alter)s?|affecting|impairing|altering) (?:the )?(?:gastrointestinal |gi |drug )?absorption\b"
)
_FED = Sought(
    r"\b(?:(?:a |an )?(?:requirement|need|dependence) (?:for|of|on)|requiring|requires?) (?:iv|intravenous|parenteral|total parenteral|intravenous \(iv\)) (?:alimentation|nutrition|feeding)\b(?: \(tpn\))?"
)
_INTEGRITY = Sought(
    r"\b(?:lack(?:s|ing)?(?: of)? |without |loss of )?(?:the )?physical integrity of (?:the )?(?:upper )?(?:gastrointestinal|gi) tract\b"
)
_READ: tuple[tuple[Sought, Node], ...] = (
    (_UNABLE, _gut("cannot_swallow")),
    (_ABLE, Not(_gut("cannot_swallow"))),
    (_AFFECTING, _gut("malabsorption")),
    (_FED, leaf("comorbidity", any_of=["parenteral_nutrition"])),
    (_ABSORPTION, _ALTERS),
    (_MALABSORPTION, _gut("malabsorption")),
    (_RESECTION, _gut("resection")),
)


def _intact(sentence: Sentence) -> Iterator[Stretched]:
    """Whether the gut is whole: said as a lack of it or as the thing itself."""
    for found in _INTEGRITY.finditer(sentence.text):
        node: Node = leaf("judgement", topic="physical integrity of the upper gastrointestinal tract")
        yield Stretched(
            found.start(), found.end(), Not(node) if found[0].startswith(("lack", "without", "loss")) else node
        )


def _operated(sentence: Sentence) -> Iterator[Stretched]:
    """An operation of which only what it does to absorption is asked."""
    for found in _OPERATED.finditer(sentence.text):
        yield Stretched(
            *found.span(),
            AllOf((_gut("resection"), leaf("judgement", topic="whether the operation affects absorption"))),
        )


_WHAT = re.compile(
    r"(?:(?:[\s,/()]|\b(?:or|and|and/or|of|the|study|oral|orally|administered|drugs?|medications?|treatments?|agents?|tablets?|capsules?|pills?|investigational|products?|liquids?|hard|soft|solid|intact|whole|any|large|number|administration|other)\b)*"
    r"(?:[\ue000-\uf8ff]+|\b(?:tablets?|capsules?|pills?|liquids?|medications?|[a-z]{1,6}-?\d{2,7}[a-z]?)\b))+\)?"
)
"""The medicine that is swallowed or absorbed, by name or code."""
_MEDICINES = ("drug", "regimen", "medication", "substance")


def _medicine(sentence: Sentence, end: int) -> int:
    """Return where the names of the medicine behind "swallow" or "absorption of" end."""
    found = _WHAT.match(sentence.masked, end)
    if found is None:
        return end
    inner = sentence.between(end, found.end())
    if any(not any(hit.ids(name) for name in _MEDICINES) for hit in inner):
        return end
    said = sentence.text[end : found.end()]
    return found.end() if said.count("(") == said.count(")") and not re.match(r"\s*,", said) else end


_LOOSE_END = re.compile(r"(?:[\s,/-]|\b(?:and|or|of|the)\b)+$")
_ABSORBS = re.compile(r"absor\w+(?: of(?: the| any| oral| orally)*)?$")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    taken: list[tuple[int, int]] = []
    for pattern, node in _READ:
        for found in pattern.finditer(sentence.text):
            end = found.start() + len(_LOOSE_END.sub("", found[0]))
            if pattern in (_UNABLE, _ABLE) or _ABSORBS.search(found[0].rstrip()):
                end = _medicine(sentence, end)
            if all(end <= start or found.start() >= stop for start, stop in taken):
                taken.append((found.start(), end))
                yield Stretched(found.start(), end, node)


SCANNERS = (
    Scanner(
        "judgement.gut_intact",
        ("integrity",),
        _intact,
        priority=2,
        texts=(
            (
                "Lack of physical integrity of the upper gastrointestinal tract",
                {"not": {"judgement": {"topic": "physical integrity of the upper gastrointestinal tract"}}},
            ),
        ),
    ),
    Scanner(
        "gastrointestinal.operated",
        ("absorption",),
        _operated,
        priority=5,
        texts=(
            (
                "No prior surgical procedures affecting absorption",
                {
                    "all_of": [
                        {"gastrointestinal": {"any_of": ["resection"]}},
                        {"judgement": {"topic": "whether the operation affects absorption"}},
                    ]
                },
            ),
        ),
    ),
    Scanner(
        "gastrointestinal.function",
        (
            "swallow",
            "swallowing",
            "absorption",
            "malabsorption",
            "malabsorptive",
            "resection",
            "removal",
            "alimentation",
            "nutrition",
            "gastrointestinal",
            "gi",
            "condition",
            "take",
        ),
        _scan,
        priority=2,
        sought=tuple(pattern for pattern, _ in _READ),
        texts=(
            ("Able to swallow tablets", {"not": {"gastrointestinal": {"any_of": ["cannot_swallow"]}}}),
            ("Inability to swallow oral medication", {"gastrointestinal": {"any_of": ["cannot_swallow"]}}),
            ("Inability to swallow lapatinib tablets", {"gastrointestinal": {"any_of": ["cannot_swallow"]}}),
            (
                "Gastrointestinal disease that may significantly alter the absorption of ABC001",
                {
                    "any_of": [
                        {"gastrointestinal": {"any_of": ["malabsorption"]}},
                        {
                            "all_of": [
                                {"comorbidity": {"any_of": ["gastrointestinal_disease"]}},
                                {
                                    "judgement": {
                                        "topic": "whether the disease of the gut alters the absorption of a medicine"
                                    }
                                },
                            ]
                        },
                    ]
                },
            ),
            ("Malabsorption syndrome", {"gastrointestinal": {"any_of": ["malabsorption"]}}),
            (
                "Gastrointestinal disease that would preclude adequate absorption",
                {
                    "any_of": [
                        {"gastrointestinal": {"any_of": ["malabsorption"]}},
                        {
                            "all_of": [
                                {"comorbidity": {"any_of": ["gastrointestinal_disease"]}},
                                {
                                    "judgement": {
                                        "topic": "whether the disease of the gut alters the absorption of a medicine"
                                    }
                                },
                            ]
                        },
                    ]
                },
            ),
            ("Prior resection of the stomach or small bowel", {"gastrointestinal": {"any_of": ["resection"]}}),
        ),
    ),
)
