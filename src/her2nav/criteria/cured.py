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
    r"\b(?:malignanc(?:y|ies)|neoplasms?|(?:no|any|history of|invasive) (?:\w+ )?(?:cancers?|carcinomas?))\b"
)
_DENIED = re.compile(r"\W*(?:no|not)\b")
_PEOPLE = r"(?:(?:all |those |however,? |but |note\W+|nb\W+)*(?:patients|participants|subjects|individuals|persons|women|those)\s+)?(?:(?:with|who (?:have|had|have had)|having)\s+)?(?:an? |any )?(?:known )?(?:(?:prior |previous |past )?history of |prior |previous )?"
_LETS_IN = Sought(
    rf"\A\W*{_PEOPLE}(?P<who>[^;]{{6,420}}?)\s+(?:are|is|may be|will be|can be|were|may)\s+(?:also |still )*(?:eligible|allowed|permitted|acceptable|not excluded|included|enrol+(?:ed)?|exempt(?:ed)?|exceptions?)\b(?! (?:if(?! (?:they )?(?:have|has|had|were|are|adequately|curatively|diagnosed|treated)\b)|provided|only|as long|for (?!the|this|study|enrol|trial)))(?:[\w ]{{0,50}}?(?P<once>\bif (?:they )?(?:have|has|had|were|are|adequately|curatively|diagnosed|treated)\b[^;]{{3,120}})|[^;]{{0,50}})\Z"
    rf"|\A\W*(?:the following )?exceptions?(?: to this)?(?: criterion)?\s*(?:include|includes|are|is)?\W+(?P<which>[^;]{{6,420}})\Z"
    rf"|\A\W*{_PEOPLE}(?:the )?following (?:cancers|malignancies|types?) (?:are|is) (?:also )?(?:eligible|allowed|permitted|acceptable)[^:;]{{0,80}}:\s*(?P<listed>[^;]{{6,420}})\Z"
)
_CURED = re.compile(
    r"\b(?:basal|squamous|in[- ]situ|non-?\s?melanom\w+|skin|curativ\w+|disease[- ]free|cervi\w+|superficial bladder|intraepithelial|negligible|indolent|low[- ]risk|in remission|no evidence of (?:active )?(?:disease|cancer|recurrence))\b"
)
_EXCEPT = re.compile(r"\bexcept|\bother than\b|\bunless\b|\bexclu")
_END = re.compile(r"[\s.;,]*\Z")


def spliced(views: Sequence[View]) -> list[View]:
    """Return the sentences of an entry, those that let cancers in joined to the one before that shuts cancers out."""
    out: list[View] = []
    for view in views:
        found = _LETS_IN.expression.search(view.text.rstrip(" .;")) if out and _LETS_IN.possible(view.text) else None
        others = bool(out) and (NAMED.search(out[-1].text) or _OTHERS.search(out[-1].text)) is not None
        if found is None or not others or not _CURED.search(view.text) or _DENIED.match(view.text):
            out.append(view)
            continue
        name = next(key for key in ("who", "which", "listed") if found[key] is not None)
        before = out[-1]
        if _EXCEPT.search(before.text) and " or " not in before.text[-60:] and "," not in before.text[-60:]:
            out.append(view)
            continue
        end = _END.search(before.text)
        head = part(before, 0, end.start() if end else len(before.text))
        between = " or " if _EXCEPT.search(before.text) else " except "
        out[-1] = head.joined(part(view, *found.span(name)), between)
        if found["once"] is not None:
            out[-1] = out[-1].joined(part(view, *found.span("once")))
    return out
