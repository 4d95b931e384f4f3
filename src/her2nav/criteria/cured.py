"""A sentence that lets earlier cancers in belongs to the one before it, which shuts other cancers out.

"Another cancer within 5 years. Patients with cured basal cell carcinoma of the skin are eligible." says no other than
"another cancer within 5 years, except cured basal cell carcinoma of the skin".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.sentences import part
from her2nav.kinds.reading.other_cancer import NAMED
from her2nav.language.sought import Sought
from her2nav.language.view import View

_OTHERS = Sought(
    r"\b(?:malignanc(?:y|ies)|neoplasms?|(?:no|any|history of|invasive) (?:\w+ )?(?:cancers?|carcinomas?))\b|\A\W*(?:an? )?cancers? (?:within|in the|during)\b"
)
_DENIED = re.compile(r"\W*(?:no|not)\b")
_PEOPLE = r"(?:(?:all |those |however,? |but |note\W+|nb\W+)*(?:patients|participants|subjects|individuals|persons|women|those)\s+)?(?:(?:with|who (?:have|had|have had)|having)\s+)?(?:an? |any )?(?:known )?(?:(?:prior |previous |past )?history of |prior |previous )?"
_LETS_IN = Sought(
    rf"\A\W*{_PEOPLE}(?P<who>[^;]{{6,420}}?)\s+(?:are|is|may be|will be|can be|were|may)\s+(?:also |still )*(?:eligible|allowed|permitted|acceptable|not excluded|included|enrol+(?:ed)?|exempt(?:ed)?|exceptions?|enter|participate|take part)\b(?! (?:if(?! (?:they )?(?:have|has|had|were|are|adequately|curatively|diagnosed|treated|it has been)\b)|provided|only|as long|for (?!the|this|study|enrol|trial)))(?:[\w ]{{0,50}}?(?P<once>\bif (?:they )?(?:have|has|had|were|are|adequately|curatively|diagnosed|treated|it has been)\b[^;]{{3,120}})|[^;]{{0,50}})\Z"
    rf"|\A\W*(?:the following )?exceptions?(?: to this)?(?: criterion)?\s*(?:include|includes|are|is)?\W+(?P<which>[^;]{{6,420}})\Z"
    rf"|\A\W*{_PEOPLE}(?:the )?following (?:cancers|malignancies|types?) (?:are|is) (?:also )?(?:eligible|allowed|permitted|acceptable)[^:;]{{0,80}}:\s*(?P<listed>[^;]{{6,420}})\Z"
)
_CURED = re.compile(
    r"\b(?:basal|squamous|in[- ]situ|non-?\s?melanom\w+|skin|curativ\w+|disease[- ]free|cervi\w+|superficial bladder|intraepithelial|negligible|indolent|low[- ]risk|in remission|no evidence of (?:active )?(?:disease|cancer|recurrence))\b"
)
_EXCEPT = re.compile(r"\bexcept|\bother than\b|\bunless\b|\bexclu")
_END = re.compile(r"[\s.;,]*\Z")
_SITE = r"(?:of|in) (?:the )?(?:same |uterine |contralateral |ipsilateral )?(?:breast|cervix|skin|bladder|uterus|prostate|colon)"
_NAMED_ALONE = re.compile(
    rf"\W*(?:(?:or|and|and/or)\s+)?(?:(?:adequately|curatively|properly|surgically|completely|definitively|appropriately|successfully)[ -]+(?:treated|cured|resected|excised)\s+)?(?:localized )?(?:(?:ductal|lobular|squamous|basal)(?:[ -]cell)?(?: (?:and|or|and/or) (?:squamous|basal)(?:[ -]cell)?)? (?:skin )?(?:carcinomas?|cancers?)(?: in[- ]situ)?|in[- ]situ (?:carcinomas?|cancers?)|carcinomas? in[- ]situ|non-?\s?melanoma(?:tous)? skin cancers?|cervical (?:cancer|carcinoma) in[- ]situ|in[- ]situ cervical (?:cancer|carcinoma)|superficial bladder (?:cancers?|carcinomas?|tumou?rs?))"
    rf"(?: \((?:dcis|lcis|cis|nmsc)\))?(?: {_SITE}(?:(?:,| or| and| and/or)+ (?:of |in |the )*(?:breast|cervix|skin|bladder|uterus))*)?[\s.;]*"
)
"""An entry of a list of cancers that are let in, behind a semicolon."""
_FRONTED = re.compile(
    r"\W*except(?:ing)? for (?:the following|those listed below),? (?P<no>no (?:(?:other|prior|previous|concurrent|second) )*(?:malignanc(?:y|ies)|cancers?)) (?:is|are) (?:allowed|permitted|acceptable)\W+(?P<which>[^;]{6,420})\Z"
)
"""The exception in front: "except for the following, no other malignancy is allowed: …"."""


def spliced(views: Sequence[View]) -> list[View]:
    """Return the sentences of an entry, those that let cancers in joined to the one before that shuts cancers out."""
    out: list[View] = []
    joined = False
    """Whether the entry in front has taken in a sentence already."""
    for view in views:
        fronted = _FRONTED.match(view.text.rstrip(" .;"))
        if fronted is not None:
            out.append(part(view, *fronted.span("no")).joined(part(view, *fronted.span("which")), " except "))
            continue
        if out and _NAMED_ALONE.fullmatch(view.text) and _EXCEPT.search(out[-1].text) and _of_others(out[-1]):
            end = _END.search(out[-1].text)
            out[-1] = part(out[-1], 0, end.start() if end else len(out[-1].text)).joined(view, " or ")
            joined = True
            continue
        found = _LETS_IN.expression.search(view.text.rstrip(" .;")) if out and _LETS_IN.possible(view.text) else None
        others = bool(out) and _of_others(out[-1])
        if found is None or not others or not _CURED.search(view.text) or _DENIED.match(view.text):
            out.append(view)
            joined = False
            continue
        name = next(key for key in ("who", "which", "listed") if found[key] is not None)
        before = out[-1]
        if (
            not joined
            and _EXCEPT.search(before.text)
            and " or " not in before.text[-60:]
            and "," not in before.text[-60:]
        ):
            out.append(view)
            continue
        end = _END.search(before.text)
        head = part(before, 0, end.start() if end else len(before.text))
        between = " or " if _EXCEPT.search(before.text) else " except "
        out[-1] = head.joined(part(view, *found.span(name)), between)
        joined = True
        if found["once"] is not None:
            out[-1] = out[-1].joined(part(view, *found.span("once")))
    return out


def lets_in(entry: str) -> bool:
    """Whether an entry of a list behind "except:" names cancers that are let in, and denies nothing."""
    return _CURED.search(entry) is not None and _DENIED.match(entry) is None


def _of_others(view: View) -> bool:
    """Whether a sentence speaks of other cancers than the trial's own."""
    return (NAMED.search(view.text) or _OTHERS.search(view.text)) is not None
