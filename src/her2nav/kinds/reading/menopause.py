"""What "postmenopausal" means where a criterion spells it out: age, months without a period, hormones, ovaries removed.

The definitions are much alike and the record holds the state, so that the state is asked for. Where the words say who
must prevent a pregnancy, nobody is asked to be postmenopausal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

_WORDS = (
    r"(?:post-?\s?menopausal|menopausal|menopause|surgical|surgically|natural|spontaneous|amenorrh(?:o?ea|eic)|cessation|regular|menses|menstrual|menstruation|menstruating|period|periods|cycles?|absence|absent|intact|uterus|ovar(?:y|ies)|bilateral|oophorectom(?:y|ies)|ovariectomy|"
    r"salpingo-?oophorectomy|hysterectomy|fsh|lh|follicle[ -]?stimulating|luteini[sz]ing|hormones?|o?estradiol|e2|serum|plasma|blood|levels?|values?|concentrations?|range|ranges|assay|limits?|local|laboratory|institutional|normal|according|consistent|confirmed|documented|history|"
    r"ages?|aged|years?|yrs?|months?|consecutive|old|older|younger|over|under|than|less|more|greater|least|at|of|or|and|and/or|with|without|no|not|having|had|have|has|been|being|be|is|are|was|for|in|within|the|a|an|to|by|from|per|prior|previous|previously|before|last|free|sterili[sz]ed|sterili[sz]ation|sterile|since|any|all|any one|one|two|"
    r"twelve|either|both|following|criteria|defined|definition|as|considered|status|women|woman|females?|patients?|subjects?|participants?|who|whose|whom|which|that|if|when|where|state|chemotherapy|tamoxifen|toremifene|raloxifene|ovarian|suppression|ablation|function|therapy|treatment|taking|"
    r"receiving|other|alternative|medical|pathological|physiological|causes?|reason|reasons|underwent|undergone|undergoing|radiation|irradiation|castration|castrated|post|time|entry|study|randomi[sz]ation|enrol+ment|registration|screening|day 1|day|ie|i\.e\.|e\.g\.|additional|also|must|should|fulfilling|meeting|meet|below|equal|"
    r"gonadotrop(?:h)?ins?|elevated|confirmatory|confirm|female|lmp|self-reported|postsurgical|appropriate|typical|based|on|due|considered|deemed|reference|ranges|standards?|established|testing|facility|lab|laborator(?:y|ies)|guidelines?|nccn|version|"
    r"physiologic(?:al)?|exogenous|hormonal|treatments?|hrt|replacement|unilateral|both|removal|removed|cause|induced|chemically|medically|absen[ct]e?|documentation|documented|evidenced?|preceding|past|row|measurements?|level|postmenopause|weeks?|after|during|currently|there|trial|dose|first|"
    r"pg|ml|miu|iu|pmol|u|l|ng|dl|x|s|m)"
)
_RUN = re.compile(rf"(?:[\s,;:()\[\]/'*.<>≥≤=+-]|\d+(?:\.\d+)?|\b{_WORDS}\b)+")
_LEAD = Sought(
    r"\bpost-?\s?menopausal(?: (?:status|women|females?|patients?|subjects?|participants?|state|woman|as))*[\s,(]*(?:\b(?:women|which|that|where)\b[\s,]*)?(?:(?:as )?(?:defined|determined|confirmed|evidenced|documented|considered|based on|meeting|according to)\b|\bi\.?e\b|\bby\b(?= (?:history|last|one|either|any))|\bas (?:evidenced|defined)\b|(?=≥ ?\d|age|no menses|amenorrh))"
)
_KEY = re.compile(
    r"amenorrh|menses|menstru|menstrual|oophorectom|\bovar(?:y|ies)\b|ovariectom|\bfsh\b|o?estradiol|follicle|years? (?:of age|or older)|\bage"
)
_OF_OTHERS = re.compile(r"child-?\s?bearing|contracep|pregnan|birth control|reproductive|fertil|partner")
_OF_MEN = re.compile(r"\b(?:men|males?)\b")
_TAIL = re.compile(
    r"(?:[\s,;:(\[/-]|\b(?:and|or|with|in|of|the|a|an|who|have|has|had|must|should|by|for|to|from|is|are|if|when|at|no|not|patients?|women|subjects?|females?|participants?|therapy|treatment|all|other|also|following|with)\b)+\Z"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    if sentence.section == "exclusion" or _OF_OTHERS.search(text) or _OF_MEN.search(text):
        return
    for found in _LEAD.finditer(text):
        if "sterili" in text[: found.end()]:
            continue
        run = _RUN.match(text, found.end())
        if run is None:
            continue
        end = run.end()
        said = text[found.end() : end]
        if text[found.start() : end].count("(") < text[found.start() : end].count(")"):
            end = found.end() + said.rfind(")") + (1 if "(" in text[found.start() : found.end()] else 0)
        end = found.start() + len(_TAIL.sub("", text[found.start() : end]).rstrip(" .;"))
        if end <= found.end() or _KEY.search(text, found.end(), end) is None:
            continue
        yield Stretched(found.start(), end, leaf("menopausal_status", any_of=["postmenopausal"]))


_EXPLAINS = Sought(
    r"\W*(?:note\W*|\(\w\)\W*|\w[.)]\W*)?(?:(?:for (?:study|the) purposes?[\w ]{0,20}, )?(?:a )?(?:wom[ae]n|females?|patients?) (?:is|are|will be|would be|should be) (?:considered|defined as) (?:to be )?post-?\s?menopausal|(?:the )?post-?\s?menopausal?(?: (?:status|women|females?|patients?|state|woman|subjects?|participants?))* (?:is|are|will be|must be|should be) (?:defined|considered|determined|confirmed)|post-?\s?menopause is defined|an? elevated (?:serum )?gonadotropin level can be used)\b"
)


def explains(text: str) -> bool:
    """Whether a plain sentence only says what "postmenopausal" means: it asks for nothing.

    >>> explains("postmenopausal is defined as 60 years or older, or amenorrhoea for a year")
    True
    """
    found = _EXPLAINS.match(text)
    return found is not None and _RUN.fullmatch(text, found.end()) is not None and _KEY.search(text) is not None


def is_defined(lead: str, entries: list[str]) -> bool:
    """Whether a list says what "postmenopausal" means, and nothing else.

    Args:
        lead: Plain words above the list.
        entries: Plain words of its entries.
    """
    if "menopaus" not in lead or _OF_OTHERS.search(lead) or re.search(r"\bpre-?\s?menopaus|\bperi", lead):
        return False
    if re.search(r"post-?\s?menopaus", lead) is None or not all(_RUN.fullmatch(entry) for entry in entries):
        return False
    return any(_KEY.search(entry) for entry in entries) and _PLAIN_LEAD.fullmatch(lead) is not None


def definition_at(lead: str) -> int:
    """Return where the last sentence of a lead begins that says what "postmenopausal" means; -1 where none does.

    >>> definition_at("postmenopausal women. postmenopausal is defined as one of the following:")
    22
    """
    at = max((found.end() for found in _SENTENCE.finditer(lead.rstrip())), default=0)
    return at if _EXPLAINS.match(lead, at) and _PLAIN_LEAD.fullmatch(lead, at) else -1


def leads_ways(lead: str) -> bool:
    """Whether a plain line with a colon asks for the menopause by the ways to be so that stand below.

    >>> leads_ways("postmenopausal, defined by one of the following:")
    True
    """
    return lead.rstrip().endswith(":") and is_defined(lead, ["oophorectomy"]) and _LEAD.search(lead) is not None


def is_entry(written: str) -> bool:
    """Whether a plain line is one of the ways to be postmenopausal, and nothing else."""
    return _RUN.fullmatch(written) is not None and _KEY.search(written) is not None


_SENTENCE = re.compile(r"[.;]\s+(?=[a-z(])")
_PLAIN_LEAD = re.compile(rf"(?:[\s,;:()\[\]/'*.-]|\b{_WORDS}\b|\b(?:based|on|including|documented|evidenced|ps)\b|\d)+")

SCANNERS = (
    Scanner(
        "menopausal_status.defined",
        ("postmenopausal", "menopausal", "menopause"),
        _scan,
        priority=3,
        section="inclusion",
        texts=(
            (
                "Postmenopausal women, defined as age 60 years or older or at least 12 months of amenorrhoea",
                {"menopausal_status": {"any_of": ["postmenopausal"]}},
            ),
            ("Postmenopausal women", None),
        ),
    ),
)
