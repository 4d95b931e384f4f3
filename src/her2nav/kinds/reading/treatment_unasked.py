"""Treatments that are named, but that nobody is asked for and that shut nobody out: headings, causes, plans, remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_times import OTHER_DAY
from her2nav.kinds.reading.treatment_words import Token

_MEANT = re.compile(r"\b(?:not|no longer)\b[^.;()]{0,20}\b(?:eligible|suitable|candidates?)\b[^.;()]*\(i\.e\.[^()]*\Z")
"""In front of what makes somebody unfit: the sign of it is turned by the "not" before the bracket."""
_IF_FIRST = re.compile(r"\W*if\b")
_SURGERY_NAMED = re.compile(
    r"[ ,:(-]*(?:(?:either|by|including|i\.e\.,?|consisting of|an?|total|radical|modified|partial|simple)\s)*(?:mastectomy|lumpectomy|breast[- ]conserv\w+|segmentectomy|segmental|quadrantectomy)\b"
)
"""Behind an operation: which one it was. The whole is read as one."""
_OF_SURGERY = ("surgery", "surgical treatment", "surgical resection", "resection", "operation")


def said_of_another(sentence: Sentence, run: list[Token], before: list[Token]) -> bool:
    """Whether words beside a stretch give it another meaning than that somebody had the treatment."""
    if before and _clashes(sentence, run, before):
        return True
    if (
        sentence.section == "inclusion"
        and _IF_FIRST.match(sentence.text)
        and not any(token.kind in ("window", "count") for token in run)
    ):
        return True  # "If A was given there must be …" asks nobody for A
    if _MEANT.search(sentence.text, 0, run[0].start):
        return True
    if _is_heading(sentence, run) or _is_aimed(sentence, run) or _is_cause(sentence, run):
        return True
    if _SURGERY_NAMED.match(sentence.text, run[-1].end) and sentence.text[run[0].start : run[-1].end].rstrip().endswith(
        _OF_SURGERY
    ):
        return True
    return _AFTER.match(sentence.text, run[-1].end) is not None or _is_condition(sentence, run)


def unasked(sentence: Sentence, run: list[Token], *, denied: bool) -> bool:
    """Whether a stretch asks nobody for the treatment, or whether it shuts out is not said by it alone."""
    if any(token.kind == "window" for token in run) and OTHER_DAY.match(sentence.text, run[-1].end):
        return True
    if denied:
        return False
    if _stands_alone(sentence, run):
        return True
    if sentence.section == "exclusion":
        return _bound_behind(sentence, run) or _stopped_within(sentence, run)
    return (
        _must_have_ended(sentence, run)
        or _is_timed(sentence, run)
        or _time_of_another(sentence, run)
        or _stopped_within(sentence, run)
        or at_most(sentence, run)
    )


def _stands_alone(sentence: Sentence, run: list[Token]) -> bool:
    """Whether 'Prior systemic therapy' is all that a demand says: a heading that lost its mark."""
    if sentence.section != "inclusion" or run[0].kind != "prior" or sentence.permits:
        return False
    if any(token.kind not in ("prior", "frame", "item", "noun", "or", "and", "current") for token in run):
        return False
    named = [token.value for token in run if token.kind == "item"]
    return not any(one.drugs or one.procedure or one.unknown for one in named) and not (
        sentence.text[: run[0].start].strip(" -*•.:") or sentence.text[run[-1].end :].strip(" .:")
    )


_BLOCKED = re.compile(
    r"\b(?:(?:stud(?:y|ies)|trials?) of|allerg\w+|hypersensitiv\w+|sensitivity|reactions?|toxicit\w+|adverse events?|side effects?|recover\w*|resolv\w+|complications?|induced|due to|"
    r"secondary to|related to|attribut\w+|associated|caused by|candidates?|eligible for|ineligible for|refus\w+|declin\w+|contra-?indicat\w+|suitable for|amenable to|respon\w+ to|"
    r"inability|unable to|unwilling\w*|benefit from|indications? for|indicated|planned|plan|scheduled|willing\w*|agree\w*|able to|appropriate for|components?|excipients?|contracepti\w+|effusion|bleeding|antibiotics?|infections?|infected|"
    r"requir\w+|grades?|not suitable|decision|availab\w+|naive to|sensitive to|intend\w*|prior to|before|after|since|until|during|while|wound|biops\w+|sample|specimen|tissue|"
    r"vaping|smok\w+|donat\w+|pregnan\w+|breast-?feed\w*|nursing|mothers?|(?<!side )effects of)\b[^,;.:()]{0,40}$"
)
_AFTER = re.compile(
    r"[ -]*(?:\([^()]{2,14}\)[ -](?:based )?(?:antibod|adc\b|conjugat)|fields?\b|portals?\b|related|induced|prohibited|associated|toxicit|reaction|resistan|naive|ineligib|eligib|candidate|allerg|hypersens|intoleran|treatment[- ]related|sensitiv|is planned|are planned|"
    r"(?:is|are) (?:not )?(?:indicated|recommended|contraindicated|appropriate|suitable)|contraindicat|pneumonitis|colitis|will be(?! (?:excluded|ineligible|not eligible|considered ineligible))|(?:must|should|has to|have to|needs? to|shall) (?:also )?(?:be|have been) (?:permanently )?(?:discontinued|stopped|ceased|withdrawn|withheld|interrupted)|is considered|are considered|should be (?:given|considered|discontinued|started)|may be|is recommended|(?:patients?|participants?|subjects?|tumou?rs?) (?:cannot|can|must|should|may|will|need)\b)"
)


_ENABLED = re.compile(
    r"\b(?:ineligible|eligible|unfit|fit|able|unable|unsuitable|suitable|candidates?|sufficient|enough|adequate|expectancy|order|free|right|ability|inability|refus\w+|declin\w+|agree\w*|consent\w*)[ ,]*$"
)


def _is_aimed(sentence: Sentence, run: Sequence[Token]) -> bool:
    """Whether a plan is none: "ineligible to receive A", "in order to receive A"."""
    at = run[0].start
    return (
        run[0].kind in ("plan", "use", "expose", "frame")
        and sentence.text.startswith(("to ", "receive "), at)
        and _ENABLED.search(sentence.text, max(0, at - 24), at) is not None
    )


_FROM = re.compile(
    r"(?<!recovered )(?<!resolved )(?<!discontinued )(?<!withdrawn )(?<!progressed )\bfrom (?:any |the |their |all )*$"
)


_WASHOUT_IS = re.compile(
    r"\bwash-?out (?:period|time|interval)s? (?:for|from|of|after) (?:all |any |the )?(?:prior |previous )?$"
)
"""In front of a treatment: how long ago it must have been for those who had it."""
_THIS = re.compile(r"^\W*(?:this|these|it|that) (?:also |may )?includes?\b")


def _is_cause(sentence: Sentence, run: Sequence[Token]) -> bool:
    """Whether a treatment only is the cause of something: "pneumonitis from prior therapy", "this includes therapy"."""
    if _THIS.match(sentence.text):
        return True
    if any(token.kind in ("window", "outcome") for token in run):
        return False
    if _WASHOUT_IS.search(
        sentence.text,
        max(0, run[0].start - 60),
        next((token.start for token in run if token.kind in ("item", "noun")), run[0].start),
    ):
        return True
    return _FROM.search(sentence.text, max(0, run[0].start - 40), run[0].start) is not None


_ENDED = re.compile(
    r"\b(?:must|should|has to|have to|needs? to|shall)\s+(?:have\s+)?(?:been\s+|be\s+)?(?:completed|concluded|finished|stopped|discontinued|ended)\b"
)
_ENDED_BEFORE = re.compile(
    r"\b(?:discontinued|stopped|ceased|(?:completed|finished) (?=all|any))(?: (?:all|any|their|the|other|use of|treatment with))* ?$"
)
_PERMITTED = re.compile(r"[ ,)]*(?:is|are|will be|was|were) (?:also )?(?:allowed|permitted|acceptable)\b")


def _must_have_ended(sentence: Sentence, run: Sequence[Token]) -> bool:
    """Whether nobody is asked for a treatment: "prior A must be completed before the study", "prior A is allowed"."""
    if any(token.kind in ("window", "count") for token in run) or sentence.permits:
        return False
    start, end = run[0].start, run[-1].end
    text = sentence.text
    first = next((token.start for token in run if token.kind in ("item", "noun", "prior")), start)
    return (
        _ENDED.search(text, start, end) is not None
        or _ENDED_BEFORE.search(text, max(0, first - 50), first) is not None
        or _ENDED.match(text, end + len(text[end : end + 2]) - len(text[end : end + 2].lstrip())) is not None
        or _PERMITTED.match(text, end) is not None
    )


_ENDS_BY = re.compile(
    r"[ ,)]*(?:must|should|has to|have to|needs? to|shall)\s+(?:have\s+)?(?:been\s+|be\s+)?(?:permanently )?(?:completed|concluded|finished|stopped|discontinued|ended)(?: (?:prior to|before|at|by|upon|on|at the time of|the|study|trial|protocol|treatment|therapy|start|starting|entry|enrol+ment|randomi[sz]ation|registration|registering|enrolling|initiation|beginning|of|first dose|screening|inclusion|day 1|drugs?|planned)\b)*(?= *(?:[.;)]|\Z))"
)


def ended_by(sentence: Sentence, run: Sequence[Token]) -> int | None:
    """Where 'prior A must be discontinued before study entry' ends, if that is all it says."""
    found = _ENDS_BY.match(sentence.text, run[-1].end)
    if found is None:
        at = next((token.start for token in run if token.kind == "given"), run[-1].end)
        front = sentence.text[run[0].start : at]
        asked = re.search(r"\b(?:must|should|has to|have to)\b", front)
        found = _ENDS_BY.match(sentence.text, run[0].start + asked.start()) if asked is not None else None
    return found.end() if found is not None else None


_COLON = re.compile(r"[ )]*:")
_LATER = re.compile(
    r"[ ,/)]*(?:,|\bor\b|\band\b)[^.;]{0,80}?(?::|\bmust\b|\bshould\b|\bwere\b|\bhad\b)?\s?(?:[>≥]|at least|more than|\bwithin\b)\s?=?\s?(?:\d+|one|two|three|four|six) (?:\(\d+\) )?(?:day|week|month)s?\b(?! of\b)(?=[^.;]{0,12}\b(?:prior|before|previous|since|from|must|have|has|elapsed|earlier|ago)\b|\s*(?:[.;)]|$))"
)
_TIMED = re.compile(
    r"[ ,)]*(?:\(?,? ?if (?:given|any|applicable|received)[,)]* )?(?:(?:must|should|has to|have to) (?:have been |be )?|completed |performed |given |administered |was |were )*(?:\d+|one|two|three|four|six) (?:\(\d+\) )?(?:days?|weeks?|months?|years?) (?:prior|before|previous)\b"
)


def _is_timed(sentence: Sentence, run: Sequence[Token]) -> bool:
    """Whether a time that was not read stands behind a treatment: it says how long ago, and asks nobody for it."""
    if any(token.kind in ("window", "count") for token in run) or sentence.section != "inclusion":
        return False
    return _TIMED.match(sentence.text, run[-1].end) is not None or _LATER.match(sentence.text, run[-1].end) is not None


_HEADS = frozenset(
    {
        "prior",
        "item",
        "frame",
        "disease",
        "disease_name",
        "noun",
        "setting",
        "or",
        "and",
        "comma",
        "close",
        "open",
        "line",
        "current",
    }
)
_NO_HEADING = re.compile(r"\b(?:had|have|has|received|treated|undergone|must|following)\b")


def _is_heading(sentence: Sentence, run: Sequence[Token]) -> bool:
    """Whether among demands a treatment only is the heading of what is said of it: "Prior biologics: must have been …"."""
    if sentence.section != "inclusion" or sentence.permits:
        return False
    start, end = run[0].start, run[-1].end
    text = sentence.text
    closing = _COLON.match(text, end)
    if closing is None or _NO_HEADING.search(text, start, end) or any(token.kind not in _HEADS for token in run):
        return False
    return _SENTENCE_START.search(text, 0, start) is not None


_SENTENCE_START = re.compile(r"(?:^|[.;:*] ?)\W*(?:(?:note|regarding|for|in case of|other|all|any)\b[ :]*(?:for )?)*$")


_OF_A_TREATMENT = re.compile(r"\b(?:of|after|following|from)(?: the| any| prior| last)* ?$")


def _time_of_another(sentence: Sentence, run: list[Token]) -> bool:
    """Whether a time "within 4 weeks of prior A" says when something else was done: "echocardiogram within …"."""
    first = run[0]
    if first.kind != "window" or first.value.elapsed or any(token.kind in ("outcome", "expose") for token in run):
        return False
    text = sentence.text
    item = next((token.start for token in run if token.kind in ("item", "prior")), first.end)
    return bool(text[: first.start].strip(" -*•(")) and _OF_A_TREATMENT.search(text, first.start, item) is not None


_UP_TO = re.compile(
    r"<|≤|less than|up to|at most|no more than|not more than|maximum|no greater than|not to exceed|not exceeding|limited to"
)


def at_most(sentence: Sentence, run: list[Token]) -> bool:
    """Whether a dose that may not be passed is said of a treatment: nobody is asked for the treatment."""
    return sentence.section == "inclusion" and any(
        token.kind == "amount" and _UP_TO.search(str(token.value)) is not None for token in run
    )


_MUST_STOP = re.compile(
    r"\b(?:must|should|has to|have to|shall)\b[^.;:]{0,30}\b(?:discontinued?|stop(?:ped)?|ceased?|withheld|held|completed)\b"
)


def _stopped_within(sentence: Sentence, run: list[Token]) -> bool:
    """Whether 'must have stopped A within 3 days before' leaves open on which side of the time."""
    return any(token.kind == "window" and not token.value.elapsed for token in run) and (
        _MUST_STOP.search(sentence.text, max(0, run[0].start - 60), run[-1].end) is not None
    )


_TAIL_CONDITION = re.compile(
    r"[ ,)]*(?:,|\bor\b)[^.;:()]{0,120}?\b(?:that|which|who) (?:would|could|might|may|is not|are not|has not|have not|was not|were not|did not)\b"
    r"|[ ,]*(?:initiated|started|begun)\b[ ,]*(?:or|and)\b"
    r"|[ ,)]*(?:,|\bor\b)[^.;:]{0,160}?\band (?:was |were |who |had |has )?(?:permanently )?(?:discontinued|stopped)\b[^.;:]{0,60}\b(?:due to|because of)\b"
)
"""A list whose last words may bind all of it: "surgery, or planned surgery, that would influence pain"."""
_SUCH_AS = re.compile(r",? such as\b")
"""Behind "surgical procedures": those only."""
_TAIL_PLACE = re.compile(r" or (?:(?!and\b|or\b)[a-z-]+ ){1,4}(?:to|of|on|in) (?:either|the|an?|one|both|any) \w+")


def _bound_behind(sentence: Sentence, run: list[Token]) -> bool:
    """Whether words behind a list of exclusions may say which of the treatments before them are meant."""
    if any(token.kind == "window" for token in run):
        return False
    wide = any(token.kind == "item" and token.value.procedure == "surgery" and not token.value.params for token in run)
    text, end = sentence.text, run[-1].end
    return _TAIL_CONDITION.match(text, end) is not None or (
        wide and (_TAIL_PLACE.match(text, end) or _SUCH_AS.match(text, end)) is not None
    )


def _is_condition(sentence: Sentence, run: list[Token]) -> bool:
    """Read 'Patients receiving steroids must be on a stable dose' asks for no steroids."""
    before, behind = sentence.text[: run[0].start], sentence.text[run[-1].end :]
    who = _WHO.search(before)
    if who is not None and who["only"]:
        return True
    if who is None or _waited(sentence, run):
        return False
    last = max((token.end for token in run if token.kind == "item"), default=run[-1].end)
    return _DEMAND.match(behind) is not None or _DEMAND.match(sentence.text, last) is not None


_HAS_STOPPED = re.compile(
    r"\b(?:must|should|need(?:s|ed)? to|ha(?:s|ve) to|are required to|is required to|will)\b[^.;:()]{0,30}\b(?:completed?|stop(?:ped)?|discontinued?|finish(?:ed)?|ended|off|last (?:dose|treatment|administration)|wash-?out|wait(?:ed)?)\b"
)


def _waited(sentence: Sentence, run: list[Token]) -> bool:
    """Whether those who had it must have stopped it so long ago: "patients who received A must have stopped it 4 weeks before"."""
    at = next((token for token in run if token.kind == "window"), None)
    if at is None or not at.value.elapsed or sum(token.kind == "window" for token in run) > 1 or run[-1] is not at:
        return False
    named = max((token.end for token in run if token.kind == "item"), default=at.start)
    return named < at.start and _HAS_STOPPED.search(sentence.text, named, at.start) is not None


_WHO = re.compile(
    r"(?:^|[.;:(] ?|\bif |\bfor )(?P<only>for )?(?:all |any )?(?:patients|participants|subjects|those|individuals|women|men|persons|patient|participant|subject)(?: (?:who|that|with|have|has|had|are|is|were|on|been|previously|also|or|and|currently|,))*,? ?$"
)
_DEMAND = re.compile(
    r"(?:[ ,]+and (?:who )?(?:have|has|had|are|were|developed|experienced)\b[^.;:]{0,90}?(?= (?:must|should)\b))?[ ,)]*(?:must|should|need|will|can|may|have to|has to|require)\b(?! (?:be )?(?:excluded|not be eligible|not be enrolled))|[ ,]*(?:are|is) (?!(?:not )?(?:eligible|allowed|excluded|ineligible|permitted|acceptable))"
)


def _clashes(sentence: Sentence, run: list[Token], before: list[Token]) -> bool:
    """Whether words before the stretch give it another meaning."""
    if run[0].kind in ("expose", "use", "given") and _NOT_GIVEN.search(sentence.text, 0, run[0].start):
        return True
    counted = next((token for token in run if token.kind not in ("frame", "expose", "prior")), run[0])
    limit = counted.kind == "count" and _UP_TO.match(sentence.text, counted.start) is not None
    if (
        not sentence.permits
        and sentence.section == "inclusion"
        and _MAY.search(sentence.text, 0, run[0].start)
        and not limit
    ):
        return True  # a remark on what may have been given asks for nothing
    first = before[0].start if before else 0
    clause = sentence.text[first : run[0].start]
    # Nothing that a sign parts from the stretch reaches it.
    return _BLOCKED.search(clause, max(map(clause.rfind, _PARTS)) + 1) is not None


_NOT_GIVEN = re.compile(r"\b(?:will not|cannot|can not) (?:be )?(?:also |be able to )?$")
"""In front of "receive A": what the trial does."""
_MAY = re.compile(r"\bmay (?:also |still |previously )*(?:have )?(?:also |previously |been |had )*$")
_PARTS = ",;.:()"
