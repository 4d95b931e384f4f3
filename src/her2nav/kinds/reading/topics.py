"""Stretches on a matter that no record holds and a person of the study settles: what they are about, and no more.

`topic_words` names the matters. A row has key expressions, of which one must occur, and the words
that belong to the matter. A stretch is read as far as every word belongs to it, to the little words that join them,
to a length of time before the study, or to a name of the vocabularies that the row lets in; the first other word ends
it and stays unread. The answer is always open: a person answers, with the sentence before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.breast_surgery import breast_operation
from her2nav.kinds.reading.illness_topics import ILLNESS_TOPICS
from her2nav.kinds.reading.topic_words import TOPICS
from her2nav.kinds.reading.topic_words_short import SHORT_TOPICS
from her2nav.kinds.reading.topic_words_study import STUDY_TOPICS
from her2nav.kinds.reading.treatment_topics import TREATMENT_TOPICS
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Family, Sought
from her2nav.model.tree import AllOf


@dataclass(frozen=True, slots=True)
class _Grammar:
    topic: str
    key: Sought
    token: re.Pattern[str]
    names: re.Pattern[str]
    """Names that belong to it in brackets only: examples."""
    section: str | None
    from_key: bool


_SMALL = (
    r"the|an?|of|in|on|at|for|to|by|with|as|is|are|be|been|being|was|were|has|have|had|having|do|does|did|will|would|can|could|may|might|must|should|shall|that|which|who|whom|whose|this|these|those|their|his|her|its|they|it|any|all|some|"
    r"each|every|both|either|one|more|other|another|also|only|such|same|patients?|participants?|subjects?|individuals?|persons?|known|documented|history|evidence|presence|current|currently|ongoing|prior|previous|previously|previously|concurrent|"
    r"concurrently|concomitant|study|trial|protocol|during|while|throughout|before|after|following|upon|per|according|from|into|if|when|where|there|and|or|and/or|then|than|s|please|see|note|appendix|section|list|i\.?e|e\.?g|etc|including|include|includes|example|"
    r"least|about|within|course|period|time|times|day|days|week|weeks|month|months|visit|baseline|screening|enrollment|enrolment|randomi[sz]ation|registration|entry|dose|first|last|start|starting|initiation|administration|cycle|treatment|therapy|drug|informed|consent"
)
_SPACE = r"(?:[\s,;:/()\[\]'\"*.&-]|\b(?:and/or)\b)*"
_GAP = re.compile(_SPACE)
_TIMES = MACROS["time"]
_EDGE = re.compile(
    r"(?:[\s,;:/(\[\])'\"*.&-]|\b(?:and|or|and/or|with|who|that|which|the|an?|of|in|on|for|to|is|are|be|has|have|had|any|other|also|patients?|participants?|subjects?|must|should|will|may|if|when|after|before|during|within|than|such|as|at|by|from|evidence|presence|history|known|documented)\b)*\Z"
)
_FRONT = re.compile(
    r"(?:[\s,;:/(\[\])'\"*.&-]|\b(?:and|or|and/or|who|that|which|the|is|are|be|has|have|had|patients?|participants?|subjects?|must|should|will|may|with|if|when|as|such|than|in|for|at|by|to)\b)*"
)
_STOP = re.compile(r"[.;](?=\s|$)")


@lru_cache(maxsize=2)
def _grammars(knowledge: Knowledge) -> tuple[tuple[_Grammar, ...], Family]:
    words = dictionary(knowledge)
    out = []
    for row in (*TOPICS, *STUDY_TOPICS, *TREATMENT_TOPICS, *ILLNESS_TOPICS, *SHORT_TOPICS):
        own = "|".join(
            rf"{re.escape(word[:-1])}\w*" if word.endswith("*") else re.escape(word) for word in row.words.split()
        )
        marks = "".join(
            sorted(
                {
                    mark
                    for name in (
                        "anchor",
                        *(("qtc",) if "qtc" in row.names else ()),
                        *(row.names if not row.examples else ()),
                    )
                    for mark in words.marks(name)
                }
            )
        )
        inner = "".join(sorted({mark for name in row.names for mark in words.marks(name)})) or "\ue000"
        token = re.compile(
            rf"(?:(?:[≥≤<>] ?)?\d+(?:\.\d+)?(?: \(\d+\))? ?(?:x )?(?=(?:elimination |drug )?half)|half[- ]?(?:li(?:fe|ves)\b|[\ue000-\uf8ff]+)|(?:within |at least |for |[≥≤<>] ?|more than |less than )?{_TIMES}|(?:{_SMALL}|{own})(?![\w-])|[{marks}]+)"
        )
        out.append(
            _Grammar(
                row.topic,
                Sought("|".join(f"(?:{key})" for key in row.keys)),
                token,
                re.compile(f"[{inner}]++" if row.examples else r"(?!)"),
                row.section,
                row.from_key,
            )
        )
    return tuple(out), Family([one.key for one in out])


_TIE = re.compile(
    r"[\s,]*(?:(?:that|which|who|as|and(?= (?:that|which)))\b\s*)*(?:(?:would|could|may|might|can|will)\b\s*)?\Z"
)


def _tied(text: str, start: int) -> int:
    """Return where words begin that narrow what stands in front of them: a comma in between parts nothing."""
    found = _TIE.search(text, max(0, start - 30), start)
    return found.start() if found is not None and found.start() > 0 else start


_OF_TREATMENT = frozenset(row.topic for row in TREATMENT_TOPICS)
_BREAST_SURGERY = "surgery of the breast and the axilla"
_WORD = re.compile(r"[^\s,;:/()\[\]'\"*.&]+|\S")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    grammars, keys = _grammars(sentence.knowledge)
    for place in keys.possible(sentence.text):
        grammar = grammars[place]
        if grammar.section and grammar.section != sentence.section:
            continue
        end = -1
        for key in grammar.key.finditer(sentence.text):
            if key.start() < end:
                continue
            found = _run(sentence.masked, grammar, *key.span())
            if found is not None:
                if _of_some(sentence, key.start()):
                    continue
                if grammar.topic in _OF_TREATMENT:
                    found = _between_joints(sentence.masked, *found, *key.span())
                found = (_tied(sentence.text, key.start()) if grammar.from_key else found[0], found[1])
                end = found[1]
                judged = leaf("judgement", topic=grammar.topic)
                done = breast_operation(sentence, *found) if grammar.topic == _BREAST_SURGERY else None
                yield Stretched(*found, AllOf((done, judged)) if done is not None else judged)
                if done is None and found[0] < key.start():
                    # Where the words in front are read as something else, what stands from the key on is left.
                    yield Stretched(key.start(), end, judged)


_OR = re.compile(r"\bor\b")
_WORDS = re.compile(r"[a-z\ue000-\uf8ff]")


def _between_joints(masked: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Return a stretch without an "or" that may join it to what stands before or behind it: that is left to composing."""
    floor = max((found.end() for found in _STOP.finditer(masked, 0, start)), default=0)
    if _WORDS.search(masked, floor, start):
        joints = [found.end() for found in _OR.finditer(masked, start, first)]
        start = next(
            (at for at in reversed(joints) if masked.count("(", start, at) == masked.count(")", start, at)), start
        )
    rest = _STOP.split(masked[end:], maxsplit=1)[0]
    if rest.strip()[:1].isalpha() or re.match(r"\s*[\ue000-\uf8ff]", rest):
        joints = [found.start() for found in _OR.finditer(masked, last, end)]
        end = next((at for at in joints if masked.count("(", last, at) == masked.count(")", last, at)), end)
    start += len(masked[start:end]) - len(masked[start:end].lstrip())
    return start, start + len(masked[start:end].rstrip(" ,"))


_SOME_WITH = re.compile(r"\b(?:patients|participants|subjects|those) (?:receiving|taking|on|who|with)\b")


def _of_some(sentence: Sentence, at: int) -> bool:
    """Whether a cancer and "patients receiving A must …" stand in front: it binds those, and asks nobody for the cancer."""
    front = sentence.text[:at]
    return (
        sentence.section == "inclusion"
        and " must " in front
        and _SOME_WITH.search(front) is not None
        and any(hit.start < at and hit.ids("tumour") for hit in sentence.hits)
    )


def _run(masked: str, grammar: _Grammar, start: int, end: int) -> tuple[int, int] | None:
    """Return the longest stretch around the key of which every word belongs to the topic."""
    stops = [found.end() for found in _STOP.finditer(masked)]
    floor = max((stop for stop in stops if stop <= start), default=0)
    ceiling = min((stop for stop in stops if stop > start), default=len(masked))
    good: list[tuple[int, int]] = []
    at = floor
    runs: list[tuple[int, int]] = []
    begin: int | None = None
    while at < ceiling:
        gap = _GAP.match(masked, at, ceiling)
        at = gap.end() if gap else at
        if at >= ceiling:
            break
        token = grammar.token.match(masked, at, ceiling)
        if token is None and masked.count("(", floor, at) > masked.count(")", floor, at):
            token = grammar.names.match(masked, at, ceiling)
        inside = start <= at < end
        if token is None and not inside:
            if begin is not None:
                runs.append((begin, good[-1][1]))
            begin, good = None, []
            word = _WORD.match(masked, at, ceiling)
            at = word.end() if word else at + 1
            continue
        stop = token.end() if token else end
        begin = at if begin is None else begin
        good.append((at, max(stop, at + 1)))
        at = good[-1][1]
    if begin is not None:
        runs.append((begin, good[-1][1]))
    run = next(((a, b) for a, b in runs if a <= start and b >= end), None)
    if run is None:
        return None
    a, b = run
    edge = _EDGE.search(masked[a:b])
    b = a + edge.start() if edge and a + edge.start() >= end else b
    front = _FRONT.match(masked, a, b)
    a = front.end() if front and front.end() <= start else a
    inner = masked[a:b]
    if inner.count("(") != inner.count(")"):
        if inner.count("(") <= inner.count(")"):
            return None
        if masked[b : b + 1] == ")":
            b += 1
        elif (opening := a + inner.rindex("(")) >= end and masked.count("(", a, opening) == masked.count(
            ")", a, opening
        ):
            # A bracket that goes on with other words stays unread.
            b = opening
        else:
            return None
    return a, b


SCANNERS = (
    Scanner(
        "judgement.topic",
        (
            "cyp", "cytochrome", "grapefruit", "herbal", "inhibitors", "inducers", "inhibitor", "inducer", "prohibited", "forbidden", "disallowed", "medication", "medications", "medicines", "drugs", "qt", "participated", "participation",
            "participate", "enrolled", "laboratory", "abnormalities", "findings", "margins", "margin", "axillary", "sentinel", "lumpectomy", "mastectomy", "dissection", "biopsy", "samples", "specimens", "specimen", "blood", "mri", "scan",
            "scans", "imaging", "ecg", "ekg", "electrocardiogram", "echocardiogram", "mammogram", "lesions", "lesion", "radiation", "radiotherapy", "irradiation", "records", "access", "wounds", "healed", "ambulatory", "daily", "alternative",
            "adenovirus", "blood", "tissue", "pregnant", "hcg", "childbearing", "photographs", "exercise", "lymphovascular", "grade", "telephone", "internet", "smartphone", "nutrition", "venous", "catheter", "hospital", "registered", "staging", "lie", "undergo", "tolerate",
            "signing", "voluntarily", "consent", "cooperation", "cooperate", "available", "justice", "sampling", "venipuncture", "weight", "candidate", "candidates", "pharmacogenetics", "pharmacogenetic", "sample", "banking", "geographical", "driving", "treated", "history", "workup", "investigations", "evaluations", "labs", "clip", "marker", "biopsies", "biopsiable", "accessible", "staff", "employees", "personnel", "relative", "relatives", "involved", "japanese", "chinese", "asian", "korean", "reside", "resident", "residence", "residing", "live", "living",
            "descent", "ancestry", "travel", "performance", "condition", "substances", "details", "dates", "documentation", "results", "icf", "sign", "signed", "offered", "nature", "already", "same",
            "significant", "relevant", "absorption", "absorb", "absorptive", "digestion", "swallow", "interpretation", "results", "endpoints", "conduct", "oxygen", "dialysis", "specified", "defined", "outlined", "drainage", "transfusion", "transfusions", "anesthesia", "anaesthesia", "hydration", "supplementation", "ventilation", "consent", "compliance", "predispose", "predisposing", "safety", "assessment", "assessments", "risk", "risks", "technique", "decrease", "decline", "drop", "reduction", "fall", "due", "secondary", "attributable", "related", "initiated", "started", "begun", "commenced", "deterioration", "corrected", "legal", "legally", "guardianship", "tutelage", "deprived", "despite", "deteriorated", "deteriorating",
            "interval", "intervals", "relapse", "relapsed", "recurrence", "recurred", "progression", "progressed", "stable", "steady", "constant", "unchanged", "dose", "doses", "recovered", "recovery", "recover", "unresolved", "residual", "resolved", "toxicity", "toxicities",
            "since", "complications", "hla", "pain", "fatigue", "flashes", "flash", "flushes", "begin", "start", "commence", "neurologically", "enough", "unifocal", "solitary", "foci", "mushrooms", "mushroom", "folk", "proarrhythmic", "arrhythmic",
            "elapsed", "passed", "washout", "wash-out", "response", "responses", "remission", "refractory", "resistant", "intolerant", "count", "counts", "counted", "considered", "regarded", "completed", "finished", "completion",
        ),
        _scan,
        priority=-3,
        texts=(
            ("Medicines that are known to prolong the QT interval", {"judgement": {"topic": "medicines that prolong the QT interval"}}),
            ("Taking any prohibited medication", {"judgement": {"topic": "medicines that the protocol forbids"}}),
        ),
    ),
)  # fmt: skip
