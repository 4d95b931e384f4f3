"""Features of a cancer that no record holds: both breasts, several tumours, lytic bone lesions.

Each is a question to a person beside what was read of the cancer: the answer stays open, and nothing else of the
criterion is lost by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node

BOTH_BREASTS = "whether both breasts are affected"
SEVERAL = "whether there is more than one tumour in the breast"
OTHER_BREAST = "whether there is or was another cancer of the breast"
LYTIC = "whether the bone lesions are lytic or mixed"

_CANCER = r"(?:(?:invasive|infiltrating|primary|early|operable|ductal|in-?situ|synchronous|her2\S*) )*(?:breast (?:cancers?|carcinomas?|tumou?rs?|disease|malignanc\w+)|cancers?\b|carcinomas?\b)"
_BILATERAL = Sought(
    rf"(?<!unilateral or )(?<!unilateral and/or )(?<!unilateral/)\b(?:(?:synchronous|simultaneous|concurrent),? )?bilateral\b(?:,? (?:synchronous|simultaneous|concurrent)\b)?(?! or unilateral)(?=,? (?:or (?:multi\w+|inflammatory|metastatic) )?{_CANCER}|,? invasive,)"
    rf"|\bsynchronous bilateral\b(?= (?:disease|tumou?rs?|{_CANCER}))"
)
_SEVERAL = Sought(
    r"(?<!unifocal or )(?<!uni- or )\bmulti-?\s?(?:focal|centric)\b(?:(?:[ ,/]|\b(?:and/or|or|and)\b)+multi-?\s?(?:focal|centric)\b)*(?: (?:disease|tumou?rs?|lesions?))?(?! (?:or|and|/) unifocal)(?!\s+(?:castleman|leuko|neuro|ectop|atrial|pvc|prematur|motor|osteo|infect|glio|hepato))"
)
_SAME_TIME = r"(?:synchronous(?:ly)?|metachronous(?:ly)?|simultaneous|concurrent|previous|prior)"
_OTHER = Sought(
    rf"(?:\b(?:history of )?(?:any )?{_SAME_TIME}(?:,? (?:(?:or|and|and/or) )?{_SAME_TIME})*,? )?\(?\b(?:ipsi-?(?:lateral)?(?:,? (?:or|and|and/or) ))?contra-?\s?lateral\)? (?:or ipsilateral )?(?:(?:invasive|non-?invasive|in-?situ|primary|or|and) )*(?:breast )?(?:cancers?|carcinomas?|tumou?rs?|disease)\b(?: \(dcis\))?"
    r"|\b(?:history of )?(?:two|2) distinct breast cancers\b|\bsecond (?:primary )?breast cancers?\b"
)
_BONES = Sought(
    r"(?:\bat least (?:one|1) )?(?:\b(?:evaluable|measurable|assessable) )?(?:\b(?:predominantly|pure(?:ly)?) )?\b(?:osteo)?lytic\b(?:,? (?:or|and/or|and) mixed(?: \(?(?:osteo)?lytic ?(?:\+|/|and|&|-) ?(?:sclerotic|osteo\w+|blastic)\)?)?(?: lytic)?)?(?: \(?(?:osteo)?lytic ?\+ ?(?:sclerotic|blastic)\)?)? bones? (?:lesions?|metasta\w+|disease)(?: \(s\))?"
    r"|\b(?:evaluable )?bones? lesions?(?: \(s\))?[:,]? \(?(?:osteo)?lytic(?:,? (?:or|and/or|and) mixed(?: \(?(?:osteo)?lytic ?(?:\+|/|and|&|-) ?(?:sclerotic|osteo\w+|blastic)\)?)?)?(?: lesions?)?\)?"
)
_WITHOUT_OTHER = re.compile(
    r",? (?:that can be (?:accurately )?(?:assessed|evaluated) by (?:(?:computed tomography|magnetic resonance imaging|ct|mri|or|and|x-ray|/|\((?:ct|mri)\)) ?)+)?,? ?in (?:the )?absence of measur\w+ (?:disease|lesions?)(?:,? as defined (?:above|below))?"
)
_ABSENT = Sought(
    r"\bbones? (?:lesions?|metasta\w+),? in (?:the )?absence of measur\w+ (?:disease|lesions?)(?:,? as defined (?:above|below))?"
)
_COUNTED = re.compile(
    r"[^.;,]{0,40}\b(?:not|never|cannot)\b[^.;,]{0,30}\b(?:measurable|eligible|allowed|count\w*|acceptable)|[^.;]{0,60}\bconsidered\b"
)
"""What is said of lesions of a sort in general."""
_NOT_MEASURED = re.compile(r"\bnon-?\s?measurable (?:disease|lesions?)?[\s,:;(-]*\Z")
"""Words that the lesions of bone are an example of."""


def _features(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for expression, topic in ((_BILATERAL, BOTH_BREASTS), (_SEVERAL, SEVERAL), (_OTHER, OTHER_BREAST)):
        for found in expression.finditer(text):
            yield Stretched(*found.span(), leaf("judgement", topic=topic))


def _bones(sentence: Sentence) -> Iterator[Stretched]:
    """Read the lesions of bone that a trial takes in place of measurable ones."""
    if sentence.section != "inclusion":
        return
    text = sentence.text
    for expression in (_BONES, _ABSENT):
        for found in expression.finditer(text):
            if _COUNTED.match(text, found.end()) or _NOT_MEASURED.search(text, 0, found.start()):
                continue
            behind = _WITHOUT_OTHER.match(text, found.end())
            bone: Node = leaf("metastatic_site", any_of=["bone"])
            node = AllOf((bone, leaf("judgement", topic=LYTIC))) if expression is _BONES else bone
            yield Stretched(found.start(), behind.end() if behind else found.end(), node)


SCANNERS = (
    Scanner(
        "judgement.both_breasts",
        (
            "bilateral",
            "multifocal",
            "multicentric",
            "multi",
            "contralateral",
            "contra",
            "distinct",
            "second",
            "condition",
            "other_cancer",
        ),
        _features,
        priority=5,
        texts=(
            ("Bilateral breast cancer", {"judgement": {"topic": BOTH_BREASTS}}),
            ("Unilateral or bilateral breast cancer", None),
            ("Multifocal or multicentric disease", {"judgement": {"topic": SEVERAL}}),
            ("Bilateral oophorectomy", None),
            ("Synchronous or metachronous contralateral breast cancer", {"judgement": {"topic": OTHER_BREAST}}),
            ("Contralateral mastectomy", None),
        ),
    ),
    Scanner(
        "metastatic_site.bones_instead",
        ("lytic", "osteolytic", "absence"),
        _bones,
        priority=6,
        section="inclusion",
        texts=(
            (
                "Lytic bone lesions in the absence of measurable disease",
                {"all_of": [{"metastatic_site": {"any_of": ["bone"]}}, {"judgement": {"topic": LYTIC}}]},
            ),
            ("Lytic bone lesions are not measurable", None),
        ),
    ),
)
