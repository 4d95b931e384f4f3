"""Demands without a number that a physician judges: adequate organ function, recovery from earlier treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.comorbidity import TOPIC
from her2nav.kinds.reading.disease_words import WINDOW
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

FUNCTION = "adequate organ function"
_FINDINGS = "findings of the examinations before the study"
RECOVERY = "recovery from the effects of earlier treatment"
_NOT_OF_THE_STATE = frozenset(
    {
        TOPIC,
        FUNCTION,
        "whether the investigator sees it so",
        "plans to become pregnant",
        "plans to breastfeed",
        "agreement not to breastfeed during the study",
        "whether a pregnancy test was done",
        "staff of the study and their families",
        "in this study before",
        "journeys during the study",
        "medicines that the study doctor looks through",
        "medicines that act on the study drugs",
        "prior treatment records at hand",
        "consent to the study",
        "cooperation with the study",
        "doubtful cooperation with the study",
        "risk of bleeding",
        "a raised risk for the patient",
        "tests and images before the study",
        "what the trial allows",
        "blood and tissue samples for research",
        "registration and organisation of the study",
        "medical records at hand",
        "a lesion that can be biopsied",
        "likely origin of a cancer of unknown primary",
    }
)
"""Topics of which only taking part depends: plans, opinions against it, demands "per protocol" without a number, samples, logistics."""
_ALONGSIDE = "at the same time: "
"""What goes on beside the study treatment is agreed, not recorded."""
_VALUES = frozenset({"lab_value", "lvef", "qtc"})
_GAP = r"[\s,/-]+"
_ORGAN = (
    r"(?:end-?\s?organ|major|organs?|systems?|bone|marrow|bone marrow|ha?ematolog(?:ic|ical|y)|ha?ematopoietic|hepatic|liver|renal|kidney|cardiac|heart|cardiovascular|pulmonary|lung|respiratory|coagulation|metabolic|biochemical|"
    r"laboratory|blood|cell|biliary|immune|vital|physiologic(?:al)?|neurologic(?:al)?|gastrointestinal)"
)
_ADEQUATE = re.compile(
    r"(?:\b(?:must have|should have|have|has|having|with|patients?|participants?|subjects?|an?|the|evidence of|demonstrate|demonstrates)\b\s*)*\b(?P<good>adequate|acceptable|sufficient|satisfactory|good|normal)|(?P<bad>\b(?:inadequate|insufficient|poor))"
)
_WHAT = re.compile(
    rf"(?:\s+baseline)?\s+{_ORGAN}(?:(?:{_GAP}(?:and/or|and|or)?\s*|\s*&\s*){_ORGAN})*\s+(?:functions?|reserves?|status|counts?|values?|parameters?|tests?)\b(?:[\s,]+(?:(?:and|or)\s+)?{_ORGAN}(?:{_GAP}{_ORGAN})*\s+(?:functions?|reserves?|status|counts?)\b)*(?:(?:,|\s+and)\s+{_ORGAN}(?:\s+and\s+{_ORGAN})?(?=\W*\Z))?(?:\s+to (?:tolerate|undergo|receive) (?:the )?(?:study |protocol )?(?:therapy|treatment|chemotherapy))?"
    r"(?:\s*,?\s*(?:as (?:defined|specified|determined|judged|assessed|deemed|described|outlined) )?(?:by|in|per|according to) (?:the )?(?:study |treating |local )?(?:protocol(?:[- ](?:specified|defined) (?:lab(?:oratory)? )?(?:results|values|criteria|limits))?|investigator|physician|institution(?:al)?(?: standards?| guidelines?)?))?(?:\s+(?:measured|assessed|obtained)(?= within))?"
)
_VALUES_ALONE = re.compile(
    r"\b(?:(?:protocol[- ]defined|protocol[- ]specified|adequate|appropriate|acceptable|required|normal|satisfactory|inadequate) )+(?:baseline |clinical )*(?:laboratory|lab|biological|biologic|blood|ha?ematolog\w+|biochemi\w+) (?:values?|parameters?|results?|tests?|counts?|data)\b"
    r"(?:[\s,(]*\b(?:as|defined|specified|within|normal|acceptable|ranges?|the|in|per|by|protocol|limits|above|below|outlined|meeting|criteria|according|to|institutional)\b)*\)?"
    r"|\b(?:laboratory|lab|blood) (?:values?|parameters?|results?) (?:must be |are |be )?(?:meeting|within|in) (?:the )?(?:(?:protocol|acceptable|normal|criteria|institutional|specified|study)[\s-]*)+(?:ranges?|limits?|(?:outlined|laid out|set out|specified|defined|described) in the protocol|of the protocol)?"
)
"""Values without a number: what is adequate is said elsewhere, or by a physician."""
_DEFINED = re.compile(
    r"\s*(?:[:(]|-\s|,?\s*(?:as )?(?:defined|follow|evidenced|demonstrated|indicated|determined|shown|measured|documented|confirmed)|\bfollowing|\bbelow|\bincluding|\bas\b)"
)
_SHOWN = re.compile(
    rf"\s*,?\s*(?:as )?(?:(?:defined|evidenced|outlined|specified|shown|described|listed|indicated|documented|measured|determined|demonstrated|confirmed|meeting|including|assessed)\b[\s,]*)?(?:(?:below|follows|(?:in )?(?:the )?(?:following )?(?:table|appendix|section)s? ?[\d.a-z]{{0,5}}|in the protocol|(?:by |in )?(?:all (?:of )?)?the following|by (?:the )?(?:laboratory|blood) (?:results?|tests?|values?))\b)"
    rf"(?:[\s,()]|\b(?:screening|baseline|laboratory|lab|labs|blood|clinical|tests?|results?|assessments?|values?|parameters?|criteria|requirements?|measures?|performed|obtained|measured|done|collected|taken|drawn|at|and|within|{MACROS['time']}|prior|to|before|of|the|first|dose|study|treatment|start|starting|enrollment|registration|randomi[sz]ation|entry|drug|therapy|c1d1|cycle 1 day 1)\b)*\s*:?\s*(?=[.;:]?\s*$)"
)
"""Where the values stand: the words in front of them say no more."""
_RECOVERED = re.compile(
    r"(?:\b(?:patients?|participants?|subjects?|must|should|have|has|having|be|had|and|fully|adequately|completely|sufficiently|well|clinically|adequate|full|complete|sufficient|much|with)\b\s*)*\b(?P<word>recovered|recovery|resolved)\b"
)
_UNRESOLVED = re.compile(
    r"(?:\b(?:any|has|have|with|clinically|relevant|significant|serious|severe|persistent)\b[\s,]*)*\b(?:unresolved|unstable|ongoing|residual|persisting|persistent)\b(?:[\s,]*\b(?:or|and|unstable|unresolved|serious|severe|clinically|significant|relevant|acute|chronic)\b)*[\s,]*"
    r"\b(?:toxicit(?:y|ies)|adverse events?|side[ -]effects?|complications|effects)\b(?=\s+(?:from|of|due to|related to|caused by|associated with|resulting from)\b)"
)
"""What has not healed: the denial of recovery."""
_GRADED = re.compile(r"\bgrades?\b|\bbaseline\b|[≤<]\s?\d|\bctc")
_INFECTED = re.compile(r"\binfecti|\bpneumon|\bhepatitis|\bwound|\bbleed|\bcount|\bfracture")


def of_state(topic: str | None) -> bool:
    """Whether a topic that a physician judges is the patient's state, so that it decides."""
    return topic is not None and topic not in _NOT_OF_THE_STATE and not topic.startswith(_ALONGSIDE)


@lru_cache(maxsize=2)
def _effects(knowledge: Knowledge) -> re.Pattern[str]:
    """What one recovers from: the effects of treatments, by whatever names."""
    words = dictionary(knowledge)
    names = "".join(sorted(set(words.marks("drug") + words.marks("technique"))))
    word = (
        r"the|any|all|acute|chronic|late|clinically|significant|reversible|non-?hematologic|toxic|side|adverse|expected|effects?|events?|reactions?|toxicit(?:y|ies)|complications?|symptoms|sequelae|of|from|due|to|related|associated|with|"
        r"treatments?|therap(?:y|ies)|prior|previous|recent|most|last|earlier|surger(?:y|ies)|surgical|major|minor|chemotherap(?:y|ies)|radiation|radiotherap(?:y|ies)|immunotherapy|hormonal|endocrine|biologic|anti-?cancer|systemic|agents?|"
        r"drugs?|administered|and|or|and/or|procedures?|operations?|investigational|cancer|breast|post-?operative|definitive|that|these|this|their|such|more than|\d weeks earlier|prior|intervention|interventions|regimens?|effects|both|including|treatment-related|therapy-related|"
        r"clinical|laboratory|attributable|chemo|hormone|hormono|immuno|radio|side-effects|aes?|adverse events|attributed|caused|induced|by|administration|administered|another|study|received|any|previously"
    )
    return re.compile(rf"(?:[\s,/()-]|\b(?:{word})\b|[{names}]+)+")


def _adequate(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for found in _ADEQUATE.finditer(text):
        what = _WHAT.match(text, found.end())
        if what is None:
            continue
        end = what.end()
        if when := WINDOW.match(text, end):
            end = when.end()
        if (shown := _SHOWN.match(text, end)) is not None:
            end = shown.end()
        if (not shown and _DEFINED.match(text, end)) or any(
            hit.id("variable") or hit.id("lvef") for hit in sentence.hits
        ):
            continue
        node: Node = leaf("judgement", topic=FUNCTION)
        yield Stretched(found.start(), end, Not(node) if found["bad"] else node)
    if not any(hit.id("variable") or hit.id("lvef") for hit in sentence.hits):
        for found in _VALUES_ALONE.finditer(text):
            if re.match(r"\s*(?:[:(]|must\b|of\b|as follows)", text[found.end() :]):
                continue
            alone: Node = leaf("judgement", topic=FUNCTION)
            yield Stretched(*found.span(), Not(alone) if found[0].startswith("inadequate") else alone)


_OF_TREATMENT = re.compile(r"\btoxic|\badverse\b|\bside[ -]effects?\b|\baes?\b")
_OF_SURGERY = re.compile(r"\bsurg|\boperati|\bprocedure|\bcomplication|\bresection")


def _recovery(written: str) -> Node:
    """Return that somebody has recovered: no side effect is left on record, or a physician finds it so."""
    judged = leaf("judgement", topic=RECOVERY)
    if _OF_TREATMENT.search(written) is None or _OF_SURGERY.search(written) is not None:
        return judged
    return AnyOf((leaf("toxicity_recovery", max_grade=0), judged))


_EXCEPTED = re.compile(
    r"[ ,(]*(?:with the exceptions? of|except(?:ing)?(?: for)?|other than|excluding|not including|apart from) [\w \ue000-\uf8ff/,-]{3,60}\)?(?=\s*(?:[.;]|$))"
)
"""Side effects that may be left."""


def _recovered(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    if _GRADED.search(text):
        # A grade is read elsewhere, or not at all.
        return
    for found in _UNRESOLVED.finditer(text):
        effects = _effects(sentence.knowledge).match(sentence.masked, found.end())
        if effects is not None:
            said = re.sub(
                r"(?:[\s,]+(?:and|or|with|of|from|to|the|any|prior|by))*[\s,/()-]*$",
                "",
                text[found.start() : effects.end()],
            )
            yield Stretched(found.start(), found.start() + len(said), Not(_recovery(said)))
    for found in _RECOVERED.finditer(text):
        effects = _effects(sentence.knowledge).match(sentence.masked, found.end())
        words = sentence.masked[found.end() : effects.end()] if effects else ""
        end = found.end() + len(words.rstrip(" ,/()-"))
        rest = text[end:].lstrip(" )")
        alone = not words.strip(" ,/()-") and rest[:1] in ("", ".", ";", "(")
        named = re.match(r"\s+(?:from|of|to)\b", words) is not None and not _INFECTED.search(
            text[found.end() : end + 30]
        )
        if found["word"] == "resolved":
            continue
        if named or (alone and re.search(r"\bsince\b|\bafter\b|\bfrom\b", text[: found.start()])):
            words = re.sub(r"(?:\s+(?:and|or|with|of|from|to|the|any|prior|by))+$", "", text[found.end() : end])
            end = found.end() + len(words)
            excepted = _EXCEPTED.match(sentence.masked, end)
            # Whoever judges the recovery sees what is excepted.
            yield Stretched(found.start(), excepted.end() if excepted else end, _recovery(text[found.start() : end]))


def settled(node: Node) -> Node:
    """Return the tree without "adequate function" beside the values that say what is adequate."""
    if isinstance(node, Not):
        return Not(settled(node.part), node.span)
    if not isinstance(node, AllOf):
        return node
    parts = [part for part in node.parts if not _is_function(part)]
    values = any(item.kind in _VALUES for part in parts for item in leaves(part))
    if len(parts) == len(node.parts) or not values:
        return node
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), node.span)


def _is_function(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "judgement" and node.params.topic in (FUNCTION, _FINDINGS)


SCANNERS = (
    Scanner(
        "judgement.function",
        ("adequate", "acceptable", "sufficient", "satisfactory", "normal", "inadequate", "insufficient", "poor", "good", "laboratory", "blood", "protocol"),
        _adequate,
        texts=(
            ("Adequate organ function", {"judgement": {"topic": FUNCTION}}),
            ("adequate renal and hepatic function", {"judgement": {"topic": FUNCTION}}),
            ("Inadequate bone marrow function", {"not": {"judgement": {"topic": FUNCTION}}}),
            ("Adequate renal function (creatinine clearance at least 60 mL/min)", None),
            ("adequate tissue", None),
        ),
    ),
    Scanner(
        "judgement.recovery",
        ("recovered", "recovery", "unresolved", "unstable", "ongoing", "residual", "persisting", "persistent"),
        _recovered,
        priority=1,
        texts=(
            (
                "Recovered from the toxic effects of prior chemotherapy",
                {"any_of": [{"toxicity_recovery": {"max_grade": 0}}, {"judgement": {"topic": RECOVERY}}]},
            ),
            ("recovered from prior surgery", {"judgement": {"topic": RECOVERY}}),
            ("Recovered from a recent infection", None),
            (
                "Unresolved or unstable toxicity from prior administration of another investigational drug",
                {"not": {"any_of": [{"toxicity_recovery": {"max_grade": 0}}, {"judgement": {"topic": RECOVERY}}]}},
            ),
        ),
    ),
)  # fmt: skip
