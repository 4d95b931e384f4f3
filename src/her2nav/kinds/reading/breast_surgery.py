"""Operations on the breast that must have been done: "must have undergone mastectomy or lumpectomy".

Only where removal and conservation of the breast are both named is the demand one for an operation at all; whether
margins and nodes are as the study wants them is left to a person. What is planned or undergone later asks for nothing
that a record could show now.
"""

from __future__ import annotations

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import Leaf

_WHOLE = r"(?:(?:a |the )?(?:prior |unilateral |bilateral |total |simple |(?:modified )?radical |skin[- ]sparing |nipple[- ]sparing )*mastectomy)"
_PART = r"(?:(?:an? |the )?(?:prior )?(?:lumpectomy|quadrantectomy|segmentectomy|(?:partial|segmental) mastectomy|segmental resection|(?:breast[- ])?conserv(?:ing|ation|ative)(?: (?:surgery|therapy|procedure|treatment))?))"
_AXILLA = r"(?: (?:and|with|plus) (?:an? )?axillary (?:lymph )?(?:node )?dissection(?: \([^()]{1,40}\))?)?"
_EITHER = rf"(?:either )?(?:{_WHOLE}{_AXILLA},? or {_PART}|{_PART}{_AXILLA},? or {_WHOLE})\b(?! (?:is |are |being |to be )?(?:planned|scheduled|indicated))"
_DONE = Sought(
    rf"\b(?:must have|have|has|should have|had|having) (?:previously |already )?(?:undergone|had|completed|received) {_EITHER}"
    rf"|\bdefinitive (?:breast )?surg(?:ery|ical treatment)(?: for (?:the )?(?:primary )?breast cancer)? ?(?:must (?:be|have been|consist of|include)|-|:|\()? ?{_EITHER}"
    rf"|\bsurgery must (?:have )?consist(?:ed)? of {_EITHER}"
    rf"|\bstatus post {_EITHER}"
    rf"|\ball tumou?r (?:should|must) (?:be|have been) removed by {_EITHER}"
)
_LATER = Sought(
    r"\b(?:not|no|never|planned|planning|plans?|scheduled|will|candidates?|intend\w*|agree\w*|may|if|unless|whose tumou?r can)\b"
)


def breast_operation(sentence: Sentence, start: int, end: int) -> Leaf | None:
    """Return the operation that a stretch of an inclusion criterion says was done; None where it says no such thing."""
    if sentence.section != "inclusion" or sentence.permits:
        return None
    found = _DONE.search(sentence.text)
    if found is None or not start < found.end() <= end or _LATER.search(sentence.text[: found.end()]):
        return None
    return leaf("procedure", kinds=["surgery"], techniques=["mastectomy", "breast_conserving"])
