"""Measurable or evaluable disease."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.lengths import sizes_mm
from her2nav.language.sought import Sought
from her2nav.model.tree import Node

_NO_DEMAND = re.compile(
    r"(?:\b(?:definitions?|assessments?|evaluations?|measurements?) of[^.;]{0,30}|\b(?:only|sole|single)(?: (?:site|sites|area)s? of)?(?: recist)?|\b(?:is|are|be|not|as) (?:\w+ )?considered(?: to be| as)?|\bcount(?:s|ed)? as|\bserve as(?: an?)?|\bqualify as)[ -]*\Z"
)
"""What counts as measurable, and a lesion that must not be the only one: no demand for one."""

_IF = re.compile(r"\b(?:if|when|where)(?: (?:the|disease|is|lesions?|are))* *\Z")
_NON = re.compile(r"\bnon +\Z")
_SORTS = re.compile(
    r"(?:disease )?\b(?:sites?|lesions?) (?:that|which) (?:are|is)\b[^.;]{0,70}(?:\Z|(?<=not )measurable)"
)
"""Sorts of lesions, of which something is said: "disease sites that are evaluable but not measurable include …"."""
_ASSESSED = re.compile(
    r"\s*(?:must|should|will|shall|has to|have to|may|can) (?:also )?be (?:re-?)?(?:assess|measur|evaluat|follow|document|perform|imaged|scanned)"
)
"""How and when it is looked at."""


_EVALUABLE = re.compile(r"\b(?:evaluable|assessable|non-?\s?measurable)\b")
_LESIONS_DEFINED = re.compile(r"(?<=lesions)(?: are| will be) defined\b|(?<=lesions )(?:are|will be) defined\b")
_DEFINED_BEHIND = re.compile(r"\s*(?:\(s\) ?)?(?:is|are|will be) defined\b")


def _measurable(found: Found) -> Node | None:
    words = found.text()
    start = found.match.start()
    if _NO_DEMAND.search(found.sentence.text, max(0, start - 40), start):
        return None
    if _EVALUABLE.search(found.sentence.text, 0, start) and _DEFINED_BEHIND.match(
        found.sentence.text, found.match.end()
    ):
        return None
    if _IF.search(found.sentence.text, max(0, start - 20), start):
        return None
    if _LESIONS_DEFINED.match(found.sentence.text, found.match.end()):
        return None
    if _NON.search(found.sentence.text, max(0, start - 6), start):
        return None
    if _SORTS.search(found.sentence.text, max(0, start - 90), start) or _SORTS.match(words):
        return None
    if _ASSESSED.match(found.sentence.text, found.match.end()):
        return None
    criteria = "rano" if "rano" in words else "mrecist" if "mrecist" in words else "recist"
    evaluable = found.has("evaluable") or re.search(r"\b(?:evaluable|assessable)\b.*\bor\b", words) is not None
    lesions = found.integer("n")
    return leaf("measurable_disease", criteria=criteria, evaluable_accepted=evaluable, min_lesions=lesions or 1)


_BY = (
    "[,] [as] [(defined|determined|assessed|evaluated|evaluable|per|by|according to|based on|using|in accordance with|following)] [(by|as|to|per|on|with|in)] [the] "
    "[local] [investigator] [site] [assessment] [using|by|per|based on|according to|assessment] [the] [modified|revised|standard] "
    "[\\(] {recist:recist} [\\)] [criteria|guidelines] [version|v] [\\.] [1] [\\.] [0|1] [\\)] [criteria|guidelines] [assessed by|by|per] [the] [local|investigator] [site] [investigator|assessment|radiology]"
)
_AT = "[by|on|with] [radiographic] [ct|mri|computed tomography|imaging|clinical examination] [(or|and|/) (mri|ct)]"

RULES = (
    Rule(
        "measurable_disease.required",
        (
            f"[at least|≥|a minimum of|minimum of] [{{num:n}}] [(site|lesion) of] (measurable|measureable) [and evaluable] [(and/or|or|and/ or) [(evaluable|non measurable|nonmeasurable|non target|assessable)]:evaluable] [disease|lesion|lesions|tumor|tumour|target lesion] [\\(s\\)] {_AT} {_BY}",
            "[at least|≥|a minimum of] [{num:n}] [(site|lesion) of] [(clinically|radiographically|radiologically|bidimensionally|unidimensionally|evaluable and)] (measurable|measureable) [(or|and/or) (evaluable|non measurable|nonmeasurable|assessable):evaluable] [(metastatic|target|indicator|tumor|tumour|metastatic target)] (disease|lesion|lesions|tumor|tumour|target lesion|target lesions) [\\(s\\)]",
            f"(evaluable|assessable):evaluable [or measurable] (disease|lesion|lesions) {_BY}",
            f"(evaluable|assessable|non measurable|nonmeasurable):evaluable (or|and/or) (measurable|measureable) {_BY}",
            f"(measurable|measureable) (or|and/or) (evaluable|assessable|non measurable|nonmeasurable):evaluable {_BY}",
            f"(measurable|measureable) [disease] (or|and/or) (non measurable|nonmeasurable):evaluable \\( [but] [radiologically|clinically|radiographically] evaluable \\) [disease|lesion|lesions] {_BY}",
            f"[at least|≥] [{{num}}] target or (non target|nontarget):evaluable (lesion|lesions) {_BY}",
            f"(measurable|measureable) [disease|lesion|lesions] (and|or|and/or) [b] [\\)] (non measurable|nonmeasurable):evaluable [disease|lesion|lesions] [only] {_BY}",
            "(measurable|measureable) [disease|lesion|lesions] (or|and/or) (non measurable|nonmeasurable|evaluable):evaluable {site} only [disease|lesion|lesions]",
            "(measurable|measureable) [disease|lesion|lesions] (or|and/or) {site} only (non measurable|nonmeasurable|evaluable):evaluable [disease|lesion|lesions]",
            "(measurable|measureable) [disease|lesion|lesions] (and|or|and/or) [b] [\\)] (non measurable|nonmeasurable):evaluable [disease|lesion|lesions] [only]",
            "(non measurable|nonmeasurable):evaluable [disease|lesion|lesions] (and|or|and/or) (measurable|measureable) [disease|lesion|lesions]",
            "(evaluable|assessable):evaluable [(or|and/or|and) (measurable|measureable)] (disease|lesion|lesions)",
            f"[at least|≥] [{{num:n}}] [{{num}}] (target|extracranial measurable|measurable target) (lesion|lesions) {_BY}",
            f"disease .. measurable {_BY}",
            f"disease must be measured {_BY}",
            f"(measurable|measureable) {_BY}",
        ),
        _measurable,
        priority=2,
        texts=(
            ("Measurable disease per RECIST 1.1", {"measurable_disease": {}}),
            ("At least one measurable lesion as defined by RECIST version 1.1", {"measurable_disease": {}}),
            ("The lesion to be biopsied cannot be the only measurable lesion", None),
            ("Bone lesions are not considered measurable disease", None),
            (
                "disease must be evaluable or measurable by RECIST 1.1",
                {"measurable_disease": {"evaluable_accepted": True}},
            ),
            ("measurable or evaluable disease", {"measurable_disease": {"evaluable_accepted": True}}),
            ("Measurable and non-measurable disease", {"measurable_disease": {"evaluable_accepted": True}}),
        ),
    ),
)

_ACCURATELY = Sought(
    r"(?:\bmeasurable disease\b[\s,:(-]*(?:(?:is |will be )?(?:defined (?:as|by)|as|i\.e\.,?)[\s:]*)?)?(?:(?:the presence of |at least |a minimum of |≥ ?)*(?P<n>one|two|\d|an?)?(?: ?\(\d\))? ?)(?:unidimensionally |bidimensionally |metastatic |target |tumou?r |measurable )*lesions?"
    r"(?: \(s\))?,? (?:that |which |whose (?:longest )?diameters? )?(?:can|must|could) be (?:accurately|precisely|reproducibly) (?:and serially )?(?:measured|measurable)\b"
)
_HOW_LARGE = re.compile(
    r"(?:[\s,;:()\[\]/≥>=<×x-]|\b\d+(?:\.\d+)?\s?(?:mm|cm)?\b|\b(?:in|at|least|one|two|dimensions?|longest|diameters?|to|be|recorded|for|non-?nodal|nodal|extranodal|lesions?|and|or|short|axis|long|lymph|nodes?|as|with|by|on|using|conventional|techniques?|spiral|helical|ct|"
    r"computed|computerized|tomography|scans?|mri|magnetic|resonance|imaging|chest|x-ray|clinical|exam|examination|calipers?|skin|palpable|greater|than|equal|size|slice|thickness|more|modalit(?:y|ies)|the|a|an|is|are|measured|physical|baseline|accurately|recist|criteria|per|according|version|superficial|"
    r"minimum|no|contrast|multidetector|methods?|pet|ultrasound|standard|scanners?|plain)\b|[\ue000-\uf8ff]+)*"
)

_OTHER_SORT = re.compile(
    r",? or (?:\w+ )?(?:bones?|skin|osseous|cutaneous|evaluable|non-?\s?measurable|non-?\s?target)\b"
)
"""Lesions of another sort, which are an alternative."""


_MEANS = re.compile(r"\bmeasurable disease (?:is|will be) defined\b")


def _defined(sentence: Sentence) -> Iterator[Stretched]:
    """Read the definition of a measurable lesion, with the sizes that make it one."""
    for found in _ACCURATELY.finditer(sentence.text):
        if _EVALUABLE.search(sentence.text, 0, found.start()) and _MEANS.search(found[0]):
            # "Measurable or evaluable disease. Measurable disease is defined as …": what the word means.
            continue
        tail = _HOW_LARGE.match(sentence.masked, found.end())
        end = tail.end() if tail else found.end()
        other = _OTHER_SORT.search(sentence.text, found.end(), end)
        end = other.start() if other else end
        words = sentence.text[found.start() : end]
        words = re.sub(r"(?:[\s,;:(\[/-]|\b(?:and|or|in|to|for|as|with|by|on|the|an?|is|are|be|no|per)\b)+$", "", words)
        if words.count("(") > words.count(")"):
            words += ")" * (sentence.text[found.start() + len(words) :].startswith(")"))
        written = found["n"] or "one"
        lesions = 2 if written in ("two", "2") else 1
        if written not in ("one", "two", "1", "2", "a", "an"):
            continue
        yield Stretched(found.start(), found.start() + len(words), leaf("measurable_disease", min_lesions=lesions))


_SIZED = Sought(
    r"\bmeasurable disease\b[\s,:(-]*(?:\(?(?:is )?(?:defined (?:as|by)|i\.e\.,?)[\s:]*)?(?:the presence of )?(?:at least |a minimum of |[≥>=]+ ?)*(?:one|1|an?)? ?(?:\(1\) ?)?(?:uni-?|bi-?)?dimensionally[- ]measurable (?:disease|lesions?)(?: \(s\))?"
    r"|(?:\b(?:at least|a minimum of) |[≥>=]+ ?)?(?:\b(?:one|1) )?(?:\(1\) ?)?\b(?:uni-?|bi-?)dimensionally[- ]measurable (?:disease|lesions?)(?: \(s\))?"
)


def _sized(sentence: Sentence) -> Iterator[Stretched]:
    """Read a measurable lesion with the sizes that the criteria themselves give it."""
    for found in _SIZED.finditer(sentence.text):
        tail = _HOW_LARGE.match(sentence.masked, found.end())
        end = tail.end() if tail else found.end()
        words = sentence.text[found.end() : end]
        sizes = sizes_mm(words)
        # A lone size is a demand of its own; by two methods it is the definition.
        if (
            len(sizes) < 2
            or not sizes <= sentence.knowledge.numeric_rules.lesion_sizes_mm
            or _NO_DEMAND.search(sentence.text, 0, found.start())
        ):
            continue
        other = _OTHER_SORT.search(sentence.text, found.end(), end)
        end = other.start() if other else end
        shown = sentence.text[found.start() : end].rstrip(" ,;:(-")
        shown = re.sub(r"(?:[\s,;:(\[/-]|\b(?:and|or|in|to|for|as|with|by|on|the|an?|is|are|be|no|per)\b)+$", "", shown)
        if shown.count("(") > shown.count(")"):
            shown += ")" * (sentence.text[found.start() + len(shown) :].startswith(")"))
        yield Stretched(found.start(), found.start() + len(shown), leaf("measurable_disease"))


_ADJECTIVE = Sought(
    r"(?<!non-)(?<!non )\bmeasure?able\b(?! metastatic (?:target )?lesions?\b)(?=,? (?:\(?\d\) ?)?(?:(?:locally|loco-?regionally|unresectable|advanced|recurrent|relapsed|metastatic|persistent|or|and|and/or)[ ,/]+(?:\(?\d\) ?)?)+(?:(?:breast|gastric|colorectal|invasive|solid|triple-negative|her2\S*) )*(?:lesions?|disease|carcinomas?|cancers?|tumou?rs?|malignanc\w+)\b)"
)
_OF_CANCER = Sought(r"(?<!non-)(?<!non )\bmeasure?able(?= )")
_CANCER_NEXT = re.compile(
    r" +(?:(?:locally|loco-?regionally|unresectable|advanced|recurrent|relapsed|refractory|metastatic|persistent|residual|invasive|progressive|or|and|and/or|stage [ivx]+[abc]?)[ ,/]+)*(?P<what>[\ue000-\uf8ff]|(?:cancers?|carcinomas?|malignanc(?:y|ies))\b)"
)


_SIZE_NEXT = re.compile(r"[^.;()]{0,60}\( ?[≥>] ?\d")
"""Behind it: how large the tumour must be is all that is asked."""
_CANCER = re.compile(r"(?:cancers?|carcinomas?|malignanc(?:y|ies))\b")


def _of_cancer(sentence: Sentence) -> Iterator[Stretched]:
    """Read "measurable melanoma": the word alone, in front of the name of a cancer."""
    for found in _OF_CANCER.finditer(sentence.text):
        behind = _CANCER_NEXT.match(sentence.masked, found.end())
        if (
            behind is None
            or _SIZE_NEXT.match(sentence.text, found.end())
            or _NO_DEMAND.search(sentence.text, max(0, found.start() - 40), found.start())
        ):
            continue
        at = behind.start("what")
        named = any(hit.start == at and hit.ids("tumour") for hit in sentence.hits)
        if named or _CANCER.match(sentence.text, at):
            yield Stretched(*found.span(), leaf("measurable_disease"))


_UNIRRADIATED = Sought(
    r"\b(?:that|which) (?:has|have) not been (?:previously )?(?:ir)?radiated\b|\bnot (?:been )?(?:previously )(?:been )?(?:ir)?radiated\b|\b(?:must |should |that (?:is|are) )?not (?:be )?(?:in|within) an? (?:previously |prior )?(?:irradiated|irradiation|radiation) (?:field|area|port|region)\b|\boutside (?:of )?(?:an? |the )?(?:previously )?(?:irradiated|radiation) (?:fields?|areas?|ports?)\b"
)


def _adjective(sentence: Sentence) -> Iterator[Stretched]:
    """Read "measurable recurrent or metastatic disease": the word alone, as the rest names the extent."""
    for found in _ADJECTIVE.finditer(sentence.text):
        if not _NO_DEMAND.search(sentence.text, max(0, found.start() - 40), found.start()):
            yield Stretched(*found.span(), leaf("measurable_disease"))


def _unirradiated(sentence: Sentence) -> Iterator[Stretched]:
    """Read that a lesion that counts was not irradiated; which lesions count, a person sees."""
    if "measur" in sentence.text or "evaluable" in sentence.text or "recist" in sentence.text:
        for found in _UNIRRADIATED.finditer(sentence.text):
            yield Stretched(*found.span(), leaf("judgement", topic="whether such a lesion was not irradiated"))


SCANNERS = (
    Scanner(
        "measurable_disease.adjective",
        ("measurable", "measureable"),
        _adjective,
        priority=5,
        section="inclusion",
        texts=(("Breast cancer with measurable recurrent or metastatic disease", {"measurable_disease": {}}),),
    ),
    Scanner(
        "measurable_disease.of_cancer",
        ("measurable", "measureable"),
        _of_cancer,
        priority=1,
        section="inclusion",
        sought=(_OF_CANCER,),
        texts=(
            ("Measurable metastatic melanoma", {"measurable_disease": {}}),
            ("Measurable cancer", {"measurable_disease": {}}),
            ("Measurable brain metastasis", None),
        ),
    ),
    Scanner(
        "judgement.not_irradiated",
        ("irradiated", "radiated", "irradiation", "radiation"),
        _unirradiated,
        priority=1,
        section="inclusion",
        texts=(
            (
                "A measurable lesion that has not been previously irradiated",
                {"judgement": {"topic": "whether such a lesion was not irradiated"}},
            ),
        ),
    ),
    Scanner(
        "measurable_disease.sized",
        ("dimensionally", "unidimensionally", "bidimensionally"),
        _sized,
        priority=3,
        texts=(
            (
                "Measurable disease, defined as at least one unidimensionally measurable lesion ≥ 20 mm by conventional techniques or ≥ 10 mm by spiral CT scan",
                {"measurable_disease": {}},
            ),
        ),
    ),
    Scanner(
        "measurable_disease.defined",
        ("accurately", "precisely", "reproducibly"),
        _defined,
        priority=3,
        texts=(
            (
                "At least one lesion that can be accurately measured in at least one dimension as ≥ 20 mm with conventional techniques or ≥ 10 mm with spiral CT",
                {"measurable_disease": {}},
            ),
        ),
    ),
)
