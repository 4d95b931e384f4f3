"""Whether a HER2 result is stated of this patient: not denied, doubted, planned, hoped for or told of cases in general."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import clause, context
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_DENIED = Gated(r"(?<!copy )\b(?:no|not|never|without)\b[\s>≥<≤of]*$")
_AWAITED = Gated(r"\b(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ hybridi[sz]ation)\b")


def stated(note: Note, span: Span) -> bool:
    """Return whether a result is said of this patient, as a fact."""
    said = context(note, *span)
    if said.family or said.template or (said.hypothetical and not spoken_of(note, span)):
        return False
    first = note.sentence(span[0]).start
    if _PROVISIONAL.search(note.plain, max(first, span[0] - 40), span[0]):
        return False
    if _NOT_KNOWN.search(note.plain, max(first, span[0] - 90), span[0]):
        return False
    demanded = _FOR_WHOM.search(note.plain, max(first, span[0] - 60), span[0])
    if demanded or _DEMANDED.search(note.plain, max(first, span[0] - 60), span[0]):
        return False
    denied = said.negated and not _of_ish(note, span, "negation", "negation_after")
    if denied and not _opinion(note, span, "negation"):
        return False
    if not said.unsure or _of_ish(note, span, "unsure") or _answered(note, span):
        return True
    return _opinion(note, span, "unsure") or _able(note, span)


def _answered(note: Note, span: Span) -> bool:
    """True for the result behind a request: all that is open in "requested on the resection: 3+" is before its colon."""
    asked = _REQUESTED.search(note.plain, note.sentence(span[0]).start, span[0])
    cues = note.cues_in(*clause(note, note.sentence(span[0]), *span), "unsure")
    return asked is not None and all(asked.start() <= cue.start < asked.end() for cue in cues)


_OPINION = Gated(
    r"\b(?:i|we) would (?:now |also |myself |ourselves |personally )?(?:re-?)?(?:score|grade|call|report|interpret|classify|regard|read|rate)\b"
    r"|\bshould (?:now )?read\b|\b(?:could|can) ?not (?:agree|confirm|reproduce)\b[^.;:]{0,30}:"
)
"""The verdict of a second reader, politely put."""


def _opinion(note: Note, span: Span, kind: str) -> bool:
    """True where all that sounds like a doubt or a condition is "I would score this as"."""
    said = _OPINION.search(note.plain, note.sentence(span[0]).start, span[0])
    cues = note.cues_in(*clause(note, note.sentence(span[0]), *span), kind)
    return said is not None and all(said.start() <= cue.start < said.end() for cue in cues)


_SO = re.compile(r"\b(?:which|so|therefore|hence|thus|making|meaning)\b")


def spoken_of(note: Note, span: Span) -> bool:
    """True where a result is a fact though the clause supposes something: a reader's verdict, or what follows from it.

    "3+, which makes her a candidate": all that is only possible stands behind the result, as its consequence.
    """
    if _opinion(note, span, "hypothetical") or _SCREENED.search(note.plain, note.sentence(span[0]).start, span[0]):
        return True
    cues = note.cues_in(*clause(note, note.sentence(span[0]), *span), "hypothetical")
    return bool(cues) and all(
        cue.start >= span[1]
        and (_SO.search(note.plain, span[1], cue.start) is not None or _refused(note, span[1], cue.start, cue.end))
        for cue in cues
    )


_PARTED = re.compile(r"[^,;(–]{0,60}[,;(–]")
_NOT_BEFORE = re.compile(r"\bnot\s$")
_NOT_BEHIND = re.compile(r"\s?n(?:o|.)t\b")


def _refused(note: Note, end: int, start: int, stop: int) -> bool:
    """True for what is denied behind a result, past a comma: "1+, not eligible", "2+, FISH could not be evaluated"."""
    if _PARTED.match(note.plain, end, start) is None:
        return False
    return _NOT_BEFORE.search(note.plain, end, start) is not None or _NOT_BEHIND.match(note.plain, stop) is not None


_ABLE = Gated(
    r"\bcould (?:still |now |again |therefore )?be (?:re-?)?(?:stained|tested|scored|assessed|evaluated|read|used|retrieved|examined|measured)\b[^.;:]{0,24}\band\b"
)
"""What was possible, and was done: "not acid, so could be stained, and HER2 was 0"."""


def _able(note: Note, span: Span) -> bool:
    """True where all that sounds like a doubt is what was possible before it was done."""
    able = _ABLE.search(note.plain, note.sentence(span[0]).start, span[0])
    cues = note.cues_in(*clause(note, note.sentence(span[0]), *span), "unsure")
    return able is not None and all(able.start() <= cue.start < able.end() for cue in cues)


_REQUESTED = Gated(
    r"\b(?:requested|ordered|sent|asked for)(?:\s(?:on|from|for|by)\b|\sin\b|\sand (?:done|performed|tested|run)\b|(?=:))[^;:.?]{0,60}(?::|\band\s(?:it\s|this\s)?(?:came back|was|is|returned|showed|read)(?:\sas)?)\s?(?:(?:ihc|her-?2|score|result)[\s:]{0,2}){0,3}$"
)


_NOT_KNOWN = Gated(
    r"\b(?:believes?|thinks?|recalls?|remembers?|(?<!\bi )(?<!\bwe )(?:was|were|been) told|claims?|hopes?|hoped|hoping|wish(?:es|ed)?|expected|fears?|feared)\b[^.;:]{0,40}$"
    r"|\b(?:will|would|might|may|could|shall) (?:then |probably |likely )?be\s(?:(?:her-?2(?:/neu)?|ihc|score[d]?|positive|negative|\()\s?){0,4}$"
    r"|\b(?:typical|classic(?:al)?|usual)\s(?:(?:her-?2(?:/neu)?|ihc|score)\s){0,3}$"
    r"|\b(?:positivity|detection|amplification|concordance) rates?\b[^.;:]{0,60}$"
)
"""What somebody only heard or hopes, what is still to come, and what is said of cases in general."""
_SCREENED = Gated(
    r"\b(?:performed|done|tested|repeated|stained|measured)\b[^.;:]{0,60}\bfor (?:the )?(?:study|trial|protocol) (?:screening|entry|eligibility)[^.;:]{0,16}:\s?(?:ihc\s|score\s)?$"
)
"""Why a test was done, before what it showed."""
_PROVISIONAL = re.compile(
    r"\b(?:likely|probabl[ey]|presum(?:ed|ably)|provisional(?:ly)?|preliminar(?:y|ily)|said to be|thought to be|believed to be|assumed)\s(?:to be\s)?(?:(?:her-?2(?:/neu)?|ihc|score|result|status|is|as|\(|:)\s?){0,4}$"
)
"""What nobody has reported yet, or somebody only remembers."""
_FOR_WHOM = Gated(
    r"\b(?:is|are|was|only|licen[sc]ed|approved|indicated|reserved|meant|intended|available|funded|reimbursed)\s(?:only\s)?for\s(?:patients\s|tumou?rs\s|disease\s|those\s|people\s|women\s|cancers\s)?(?:with\s|that (?:is|are)\s)?(?:(?:her-?2(?:/neu)?|ihc|score)\s?){1,3}$"
)
"""For whom a drug is: "zanidatamab is for HER2 3+"."""
_DEMANDED = Gated(
    r"\b(?:needs?|requires?|required|demands?|wants?|asks? for|accepts?|count(?:s|ed)? only|enrol(?:s|led)|insists? on)\s(?:(?:an?|at least|only|her-?2(?:/neu)?|ihc|score|expression|of|tumou?rs?|with)\s){0,5}$"
)
"""What a label or a trial asks for: "labels need 1+/2+"."""


def _of_ish(note: Note, span: Span, *kinds: str) -> bool:
    """True for "2+ (ISH pending)" and "1+ with FISH not done": all that is open or denied is the ISH behind the result."""
    cues = note.cues_in(*clause(note, note.sentence(span[0]), *span), *kinds)
    return bool(cues) and all(
        cue.start >= span[1]
        and (_AWAITED.search(note.plain, span[1], cue.start) or _AWAITED_NEXT.match(note.plain, cue.end))
        for cue in cues
    )


_AWAITED_NEXT = re.compile(
    r"\s(?:for\s|by\s|with\s|on\s|the\s|reflex\s|confirmatory\s|her-?2\s){0,3}(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ)\b"
)
"""ISH right behind the word that doubts: "2+, awaiting FISH"."""


_VERDICT_BEHIND = re.compile(
    r"[\s,:=(/\"“'–-]{0,5}(?:(?:her-?2[\s-])?(?:negative|neg)\b|(?:absent|no|absence of)\s(?:membran\w+\s)?(?:staining|reactivity))"
)


_NOT_OVER = re.compile(r"\bnot? (?:her-?2 )?over-?\s?express(?:ed|ion)\s?[,:;(–-]{1,2}\s?(?:ihc |score )?$")
"""The denial of overexpression is the result in words: "not overexpressed, 1+"."""


def scored(note: Note, span: Span) -> bool:
    """Return whether a score is stated; "negative" behind it is what it means, no denial: "0 - negative"."""
    if _NOT_OVER.search(note.plain, max(0, span[0] - 44), span[0]):
        said = context(note, *span)
        return not (said.unsure or said.family or said.template or said.hypothetical)
    verdict = _VERDICT_BEHIND.match(note.plain, span[1])
    return stated(note, (span[0], verdict.end() if verdict else span[1]))


def measured(note: Note, span: Span) -> bool:
    """True for a number that is stated: the denial of "not amplified, ratio 1.4" is of the word, not of the number."""
    said = context(note, *span)
    if said.unsure or said.family or said.template or (said.hypothetical and not spoken_of(note, span)):
        return False
    return not (said.negated and _DENIED.search(note.plain, max(0, span[0] - 14), span[0]))
