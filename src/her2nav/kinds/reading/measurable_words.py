"""Measurable disease told at length: lesions, the methods that measure them and the sizes that make them measurable.

All words of such a run belong to the matter. Sizes that the criteria of response themselves give say no more than
"measurable"; another size, a place of the lesion and that it was not irradiated are left to whoever sees the images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.lengths import sizes_mm
from her2nav.kinds.reading.word_runs import read_runs
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node

_NAMES = frozenset({"technique", "recist", "anchor"})
_PLACES = frozenset({"site", "tumour_site"})
_IN_THE_HEAD = re.compile(r"brain|cns|cerebr|mening|intracrani|neuro")
_PLACE = "whether such a lesion lies where the trial asks for it"
_SIZE = "whether such a lesion is as large as the trial asks"
_IRRADIATED = "whether such a lesion was not irradiated"
_WORD = (
    r"(?:measur(?:e)?able|mesurable|measured|measure|measures|measurements?|measuring|measurability|evaluable|assessable|non-?|uni-?|bi-?|one|two|1|2|dimension(?:al(?:ly)?|s)?|unidimensional(?:ly)?|bidimensional(?:ly)?|disease|lesions?|lesion\(s\)|target|indicator|index|tumou?r|"
    r"metastatic|metastases|nodal|nodes?|lymph|pathologic(?:al)?|visceral|soft|tissue|extracranial|at|least|minimum|of|or|and|and/or|a|an|the|any|either|both|with|without contrast|must|should|have|has|having|had|presence|evidence|patients?|participants?|subjects?|be|is|are|can|could|that|which|whose|who|"
    r"accurately|precisely|reproducibly|serially|reliably|radiologically|radiographically|radiographic|radiological|radiologic|clinically|clinical|physical|confirmed|documented|defined|definition|determined|assessed|assessment|assessments|evaluated|evaluation|detected|demonstrated|as|by|per|on|in|to|for|from|using|used|via|through|according|accordance|based|following|"
    r"criteri(?:a|on)|guidelines?|response|solid|tumou?rs|version|v|ver|modified|revised|standard|local|investigator(?:'s)?|site|institution(?:al)?|radiolog(?:y|ist)|baseline|screening|initial|entry|study|current|latest|longest|greatest|largest|diameters?|short|long|axis|axes|axial|perpendicular|plane|thickness|slice|slices|no|greater|than|equal|more|larger|size|recorded|"
    r"conventional|techniques?|methods?|modalit(?:y|ies)|spiral|helical|multidetector|ct|mri|pet|pet/ct|fdg-pet|computed|computerized|computerised|tomography|magnetic|resonance|imaging|images|scans?|scanner|chest|x-?rays?|plain|ultrasound|ultrasonography|mammogra(?:m|phy|phic)|sonography|echography|caliper|calipers|palpation|palpable|"
    r"exam|examination|skin|photograph\w*|photography|cross-sectional|contrast|enhanced|contrast-enhanced|iv|ld|sum|dimension|several|few|s|but|suitable|repeated|repeat|follow-?up|biopsied|received|undergone|outside|involved|affected|liver|breasts?|axilla(?:ry)?|lung|abdom\w+|i\.?e|e\.?g|it|each|previously|prior|been|not|irradiated|irradiation|radiated|radiation|radiotherapy|field|fields|area|areas|outside|located|within|situated|port|ports|mm|cm|centimet(?:er|re)s?|millimet(?:er|re)s?)"
)
_RUN = re.compile(
    rf"(?:[\s,;:()\[\]/'*<>≥≤=+×&-]|\.(?!\s)|\d+(?:\.\d+)?\s?(?:mm|cm)?|\b{_WORD}(?![\w])|[\ue000-\uf8ff]+)+"
)
_KEY = Sought(
    r"\b(?:measur(?:e)?able|mesurable|evaluable|assessable)(?:,? (?:(?:or|and/or|and|but)|\(?non-?\s?measurable|\(?evaluable|\(?assessable|metastatic|target|indicator|tumou?r|radiologically|clinically|unidimensionally|bidimensionally|nonmeasurable)[)]?)*[ -]*(?:only )?(?:disease|lesions?)\b"
    r"|\blesions? (?:that|which) (?:is|are) (?:measurable|evaluable)\b|\blesions?\b[^.;]{0,20}\b(?:that |which )?(?:can|could|must) (?:have been|be) (?:accurately |precisely |reproducibly |serially |reliably )*measur|\b(?:at least|minimum of|presence of|one|has|have|[≥>1]) ?(?:one |1 |a |an |\(1\) )?(?:\w+ )?target lesions?\b"
)
_NO = re.compile(
    r"\bnot?\b(?! (?:have |having )?(?:been )?(?:previously )?(?:been )?(?:irradiated|radiated|biopsied|greater|more|larger)|(?: be)? (?:in|within|located)\b)|\bno (?:measur|evaluab|target|lesion)|\bnon-?\s?(?=evaluable)"
)
_BEFORE = re.compile(
    r"(?:\b(?:no|not|without|lack(?:ing)?(?: of)?|absence of|only|sole|single|other than|except(?: for)?|than|if|when|where|unless|outside|whose)\b[\w ,'-]{0,40}|\b(?:considered|regarded|deemed|counted|as an?|assessments? of|evaluations? of|measurements? of|response of|outside of|separate from|sites? of|irradiation of|radiotherapy to|radiation to|biops\w+ of|all|number of|with no|definitions? of)\s*)\Z"
)
_WAIVED = re.compile(
    r"[\W]*(?:is|are|will be)?\s*(?:not (?:required|mandatory|necessary|needed)|optional|allowed|permitted|eligible)"
)
_LOOKED_AT = re.compile(
    r"[\W]*(?:must|should|will|shall|has to|have to|may) (?:also )?(?:be |have been )?(?:re-?)?(?:assess|measur|evaluat|follow|document|perform|imaged|scanned|completed|obtained|confirmed)|lesions (?:is|are|will be) defined\b"
)
"""How and when lesions are looked at, and what the word means."""
_OTHER_TOO = re.compile(r"\b(?:evaluable|assessable|non-?\s?measurable)\b")
_UNIRRADIATED = re.compile(
    r"\bnot\b[\w ]{0,45}\b(?:irradiated|irradiation|radiated|radiation|radiotherapy)\b|\boutside\b[\w ]{0,25}\b(?:irradiated|radiation)\b"
)
_LIES = re.compile(r"\b(?:in|of|outside|within|or|and) (?:the |an? )?\Z")
_OTHER_SORT = re.compile(r",? or (?:\w+[ -]){0,2}(?:bones?|skin|osseous|cutaneous)\b(?! (?:or|and)\b)")
_AT_A_PLACE = re.compile(
    r"\b(?:in|of|outside) (?:the |an? )?(?:extracranial|soft|visceral|skin|liver|breast|axilla|lung|abdom)"
)
_HEAD = re.compile(
    r"(?:[\s,;:()\[\]/'*<>≥≤=+×&.-]|\b(?:and|or|and/or|who|that|which|in|by|on|for|of|to|as|the|be|is|are|at(?! least)|with|within|previously|prior|been|study|disease|tumou?r|site|field|area)\b|\d+(?:\.\d+)?)*"
)
_TAIL = re.compile(
    r"(?:[\s,;:(\[/'*<>≥≤=+×&.-]|\b(?:and|or|and/or|who|that|which|in|by|on|for|of|to|as|the|an?|be|is|are|at|with|within|has|have|had|must|should|can|any|no|not|from|patients?|participants?|subjects?|it|without|prior|each|than|standard|previously)\b)+\Z"
)
_WITHIN = re.compile(r"(?:\b(?:within|in|during)|[≤<])[ (]*\d+[ (]*\Z")
_OF_TIME = re.compile(r"[ )]*(?:days?|weeks?|months?)\b")
"""Behind a run that ends with "within 28": when the lesion is looked at."""


def _told(sentence: Sentence) -> Iterator[Stretched]:
    """Read runs of words about lesions that can be measured."""

    def read(run: re.Match[str], found: re.Match[str]) -> Stretched | None:
        first, last = _edges(sentence.text, run, found)
        node = _lesion(sentence, first, last, found.start())
        return Stretched(first, last, node) if node is not None else None

    return read_runs(sentence, _KEY, _RUN, read)


def _edges(text: str, run: re.Match[str], found: re.Match[str]) -> tuple[int, int]:
    """Return a run without loose words and brackets at its edges."""
    first, last = run.start(), run.end()
    if head := _HEAD.match(text, first, found.start()):
        first = head.end()
    if _OF_TIME.match(text, last) and (time := _WITHIN.search(text, found.end(), last)):
        last = time.start()
    if tail := _TAIL.search(text, found.end(), last):
        last = tail.start()
    while text.count("(", first, last) > text.count(")", first, last):
        if text[last : last + 1] == ")":
            last += 1
            break
        opening = text.rindex("(", first, last)
        if opening < found.end():
            break
        last = opening
        if tail := _TAIL.search(text, found.end(), last):
            last = tail.start()
    return first, max(last, found.end())


def _lesion(sentence: Sentence, first: int, last: int, key: int) -> Node | None:
    """Return what a run asks for; None where it denies, waives or only counts."""
    said = sentence.text[first:last]
    if said.count("(") != said.count(")") or _NO.search(said) or _BEFORE.search(sentence.text, 0, first):
        return None
    if _BEFORE.search(sentence.text, 0, key):
        return None
    if _WAIVED.match(sentence.text, last) or _LOOKED_AT.search(said) or _LOOKED_AT.match(sentence.text, last):
        return None
    others = [hit for hit in sentence.between(first, last) if not {term.category for term in hit.terms} & _NAMES]
    if any(not {term.category for term in hit.terms} & _PLACES for hit in others) or _IN_THE_HEAD.search(said):
        return None
    if not all(_LIES.search(sentence.text, first, hit.start) for hit in others) or _OTHER_SORT.search(said):
        return None
    other = _OTHER_TOO.search(said) is not None
    criteria = "mrecist" if "mrecist" in said else "recist"
    parts: list[Node] = [leaf("measurable_disease", criteria=criteria, evaluable_accepted=other)]
    sizes = sizes_mm(said)
    if len(sizes) == 1 or not sizes <= sentence.knowledge.numeric_rules.lesion_sizes_mm:
        parts.append(leaf("judgement", topic=_SIZE))
    if _UNIRRADIATED.search(said):
        parts.append(leaf("judgement", topic=_IRRADIATED))
    if others or _AT_A_PLACE.search(said):
        parts.append(leaf("judgement", topic=_PLACE))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


SCANNERS = (
    Scanner(
        "measurable_disease.told",
        (
            "measurable",
            "measureable",
            "mesurable",
            "evaluable",
            "assessable",
            "measured",
            "target",
            "lesion",
            "lesions",
        ),
        _told,
        priority=4,
        section="inclusion",
        sought=(_KEY,),
        texts=(
            ("At least one target lesion by CT or MRI", {"measurable_disease": {}}),
            ("Measurable or radiologically evaluable disease", {"measurable_disease": {"evaluable_accepted": True}}),
            (
                "Measurable disease (at least 3 cm on ultrasound)",
                {"all_of": [{"measurable_disease": {}}, {"judgement": {"topic": _SIZE}}]},
            ),
            (
                "Measurable disease of at least 1.5 cm2",
                {"all_of": [{"measurable_disease": {}}, {"judgement": {"topic": _SIZE}}]},
            ),
            ("Measurable disease is not required", None),
            ("Prior radiotherapy to a target lesion", None),
        ),
    ),
)
