"""Words that narrow a treatment and that no parameter holds: "local radiotherapy", "bisphosphonates for osteoporosis".

Whoever had no such treatment at all had none of the narrower sort; of anybody else a person says whether it was of that
sort. So the wide treatment is read, and beside it the question in the words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.kinds.reading.treatment_words import Token
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_SORTS = frozenset({
    "abdominal", "abdominopelvic", "analgesic", "cranial", "endoscopic", "external", "external-beam", "hepatic", "intracranial", "intrahepatic", "laparoscopic", "mediastinal", "non-cytotoxic", "noncytotoxic", "non-myeloablative", "non-platinum", "pretransplant", "pre-transplant", "active", "bridging", "cardiotoxic", "cyclic", "dendritic", "dose-dense", "exogenous", "first-generation", "gastric", "hepatotoxic", "intraperitoneal", "intravesical", "intraocular",
    "myeloablative", "myelosuppressive", "nephrotoxic", "neurotoxic", "oncologic", "oncological", "ophthalmic", "second-generation", "selective", "third-generation", "transdermal", "vaginal", "approved-dose", "bilateral", "bolus", "chronic-dose", "commercial", "concentrated", "consolidation", "continuous", "contralateral",
    "cosmetic", "cumulative", "curative", "curative-intent", "definitive", "depot", "elective", "experimental", "craniospinal", "exploratory", "conformal", "extended", "substantial", "extensive", "fractionated", "full-dose",
    "high-dose", "high-grade", "immunosuppressive-dose", "induction", "inhaled", "initial", "intensive", "intermittent", "intra-articular",
    "intramuscular", "intranasal", "investigational", "investigative", "intrathecal", "intravenously", "ipsilateral", "large-field", "limited-field", "liposomal", "local", "localised",
    "localized", "loco-regional", "locoregional", "long-acting", "low-dose", "multi-agent", "ocular", "off-label",
    "optimal", "oral-only", "orally", "orthopedic", "parenteral", "partial", "pelvic", "planned-dose", "potent", "primary", "prophylactic",
    "radical", "recent", "reconstructive", "regional", "routine", "salvage", "short-acting", "single-agent", "subcutaneous", "supraphysiologic",
    "therapeutic", "thoracic", "topical", "urgent", "valvular", "weekly", "whole-body", "wide-field",
})  # fmt: skip
"""Words before a treatment: each leaves fewer courses than the treatment alone."""
_TWO = re.compile(
    r"oral(?= (?:cytotoxic |anti-?cancer )?(?:chemo|anti-?cancer|anti-?neo|bisphosph))|(?:high|low|full|limited|wide|large|extended)[ -](?:doses?|field)\b|(?:with |for )?curative[ -]intent(?:ion)?\b|major(?= (?:radiother|radiat|irradiat))|major(?= (?:(?:abdominal|thoracic|gastrointestinal|pelvic|vascular|intracranial|cranial|cardiac|orthopedic|oncologic(?:al)?)(?:,? (?:or|and|and/or)|,)? ){1,4}(?:surg|operat))|gastrointestinal(?= (?:surg|operat))|total (?:lymphoid|nodal|marrow)(?= irradiation)|single[ -]agent\b(?! or)|multi[ -]agent\b"
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_OPENS = frozenset({"for", "to", "of", "in", "at", "using", "involving", "on"})
_CLOSES = frozenset({"comma", "close", "earlier", "stop", "window", "except", "or", "and", "open"})
_INNER = frozenset({"word", "frame", "to", "disease", "disease_name", "site", "noun", "narrow"})
_MOST_WORDS = 6
_TURNS = re.compile(
    r"\d|[<>≥≤=%:]|\b(?:no|not|nor|non|without|unless|except\w*|other|than|if|when|where|but|until|allow\w*|permit\w*|eligib\w+|ineligib\w+|exclu\w+|requir\w+|must|should|may|might|can|cannot|could|would|will|shall|"
    r"wh\w+|that|prior|before|after|since|during|while|within|once|already|free|failed|failure|candidates?|appropriate|suitable|planned|scheduled|intend\w*|stud(?:y|ies)|trials?|protocol|entry|enrol\w*|participat\w*|"
    r"duration|time|days?|weeks?|months?|years?|least|lines?|regimens?|allerg\w*|hypersens\w*|reactions?|toxicit\w*|response|responded|intoleran\w*|refus\w*|declin\w*|recover\w*|available|unavailable|acceptable|"
    r"completed?|stable|stopped|discontinu\w*|experimental|investigational|drugs?|medications?|agents?|therap\w+|treatments?|chemotherapy|inhibitors?|antibod\w+|products?|steroids?|class|allowed|such|similar|same|these|this|its|"
    r"complications?|progress\w*|relapse\w*|recurrences?|recurred|control|laborator\w*|biops\w*|samples?|tissue|positive|negative|status|grade|test\w*|known|defined|first|administration|doses?|lead-in|judge?ment|opinions?|investigators?|physicians?|discretion|parts?|cohorts?|arms?|phase|cases?|order|addition|least|general|total|patients?|subjects?|participants?|women|men)\b"
)
"""Words that turn, time or widen what is said: no mere purpose or place."""
_SHARE = re.compile(r"(?:more than|less than|greater than|at least|over|[>≥<≤])? ?\d+ ?%")
_AIM = re.compile(r"(?:pain|symptom|seizure|local|disease)\s+control\b")


_UNCHANGED = re.compile(
    r"(?:that|which) (?:is|are|was|were) (?:identical|similar|equivalent|comparable) (?:to|with) (?:the )?(?:study|trial|protocol) (?:treatment|therapy|drugs?|regimen|medications?)"
    r"|(?:that|which|and) (?:cannot|can not|could not|may not|can't|is not able to|are not able to|are unable to|is unable to) (?:be )?(?:safely |temporarily |easily )*(?:be )?(?:discontinu\w+|stop\w*|interrupt\w*|switch\w*|replac\w*|with(?:held|drawn)|held|chang\w+|substitut\w+|suspend\w*|tapered)\b"
    r"(?: (?:(?:prior to|before|during|for|at least|within|until|to|by|with|an?|the|alternative|safe|medications?|drugs?|therapy|\d+|days?|weeks?|duration|of|start|starting|treatment|study|trial|course|participation|intervention|or|and|replaced|switched|first|dose|entry|entire|in|while|on|administration|enrol+ment|randomi[sz]ation|half-lives)\b ?)+)?"
)
"""Medicines that must go on, and treatments like that of the study."""
_RESCUED = re.compile(
    r"(?:requiring|with|followed by|needing|and) (?:an? |the )?(?:(?:autologous|allogeneic|allogenic|peripheral|blood|h[a]?ematopoietic|bone marrow|stem cells?|progenitor|cell)[ /-](?:or )?)+(?:rescue|support|reinfusion)\b"
)
"""What goes with chemotherapy in high doses."""
_AT_LESION = re.compile(
    r"(?:to|of|at|on|for) (?:an? |any |the |all |one |other |single )*(?:(?:metastatic|target|non-?target|primary|painful|bony?|index|measurable|symptomatic|isolated|known)[ /-](?:or )?)+(?:(?:sites?|lesions?|areas?)(?: of (?:the )?(?:disease|metastas[ei]s))?|tumou?rs?)\b"
)
"""Where it was given: a lesion, not a part of the body."""
_NO_ACCESS = re.compile(
    r",? ?(?:excluding|except(?:ing)?(?: for)?|other than|with the exception of|not including) (?:the )?(?:placement|insertion|implantation) of (?:an? |the )?(?:(?:tunnell?ed|central|vascular|venous|indwelling|peripheral|port|access|implantable)[ -]?)+(?:devices?|catheters?|lines?|ports?)?(?=[ ,.;)]|\Z),?"
)
"""The access to the veins let in."""
_FOR_THE_CANCER = re.compile(
    r"(?:which|that) (?:would|could|may|might) be (?:considered|regarded)(?: as| to be)?(?: an?)? treatment (?:for|of) (?:the )?(?:primary )?(?:neoplasm|cancer|tumou?r|malignancy|disease)\b"
)
_UNLESS_STOPPED = re.compile(
    r",? ?unless (?:(?:it|they|these|the (?:drug|medication|therapy)s?) (?:is|are|was|were|can be|could be|has been|have been) )?(?:discontinued|stopped|withdrawn)\b[^.;:()]{0,70}?(?=\s*(?:[.;)]|\Z))"
)
"""Who stops a medicine in time is let in."""
_IS = re.compile(r"\A(?:that|which) (?:is|are|was|were) ")
_COURSE = re.compile(
    r"(?:(?:(?:for|with) (?:an? |the )?(?:total |overall )?(?:duration|period) of|for|of|with|completed) )?(?P<op>at least|at most|≥|>|<|≤|more than|less than|fewer than|a? ?minimum of|a? ?maximum of|up to|no more than|not more than|(?:for|of|over)(?= (?:\d|one|two|three|four|six|eight))) ?(?:a (?:period|total) of )?(?:one|two|three|four|five|six|eight|nine|ten|twelve|\d+)(?: ?(?:-|to|or) ?(?:\d+|one|two|three|four|five|six|eight))?(?: \(\d+\))?(?: (?:full|complete|completed|standard|consecutive|continuous|prior|previous))* ?(?:cycles?|doses?|days?|weeks?|months?|years?)\b(?:'? (?:in )?duration\b)?(?: of\b(?! (?:the |study |first |start|enrol|random|registr|screen|init|day |dos|c1d1|cycle |planned|consent|diagnos|relaps|recurr|progress|complet|last|end|surgery|age)))?(?:(?: or (?:more|longer))? (?:prior to|before|without) (?:(?:the|their|any|documented|disease|tumou?r) )*progression(?: of (?:the |their )?(?:disease|cancer))?\b)?"
)
"""How long a course was: "for at least 6 weeks", "at least 4 cycles of", "for 6 months before progression"."""
_STOPPED = re.compile(
    r"\b(?:stopped|discontinued|off|withheld)(?: (?:the|any|all|such|that|this|treatment|therapy|drugs?|medications?))* $|(?<!free )\bintervals? (?:from|since) [^.;:]{3,60} $"
)
_NOT_LONG = re.compile(
    r"[ ,(]*(?:or (?:more|longer|less) )?(?:prior|before|previous|preceding|since|from|after|ago|earlier|apart|has |have |must |should |elapsed|passed|of (?:study|first|start|age)|old|disease[- ]free|later|post|until|between|within|following)\b"
)


_HARMLESS = r"(?:other )?(?:benign|non-?\s?(?:cancerous|malignant|invasive|neoplastic|oncologic(?:al)?)|pre-?(?:malignant|cancerous)|in situ) (?:[a-z]+ ){0,2}?(?:diseases?|conditions?|lesions?|disorders?|indications?|reasons?|purposes?|tumou?rs?|carcinomas?|cancers?|neoplasms?)"
_INDICATION = re.compile(
    rf"for (?:the )?(?:(?:treatment|management|prevention) of )?{_HARMLESS}(?:,? (?:or|and|and/or) {_HARMLESS})*\b"
)
"""What a treatment was for that was not given for an invasive cancer."""


def indication_at(text: str, at: int) -> Token | None:
    """Return the harmless conditions that a treatment was for: no part of them is asked for by itself."""
    found = _INDICATION.match(text, at)
    return Token("purpose", at, found.end(), found[0]) if found is not None else None


def course_at(text: str, at: int) -> Token | None:
    """Return how long or how often a treatment was given; not how long ago."""
    found = _COURSE.match(text, at)
    if found is not None and _STOPPED.search(text, max(0, at - 80), at):
        return None  # "must have stopped it for at least 4 weeks" says how long ago
    told = found is not None and "duration" in found[0]
    if found is None or (not told and not found[0].endswith("of") and _NOT_LONG.match(text, found.end())):
        return None
    return Token("amount", at, found.end(), found[0].strip())


def unchanged_at(text: str, at: int) -> Token | None:
    """Return the words that a medicine cannot be stopped or changed."""
    found = _UNCHANGED.match(text, at) or _RESCUED.match(text, at) or _AT_LESION.match(text, at)
    stopped = _UNLESS_STOPPED.match(text, at)
    if stopped is not None:
        said = stopped[0].strip(" ,")
        return Token("purpose", at, stopped.end(), f"going on ({said})")
    found = found or _NO_ACCESS.match(text, at) or _FOR_THE_CANCER.match(text, at)
    return Token("purpose", at, at + len(found[0].rstrip()), found[0].strip(" ,")) if found is not None else None


_AMOUNT = re.compile(
    r"[(\[]?(?:(?:not to exceed|not exceeding|limited to|not greater than|no greater than)(?: an?| the)? )?(?:(?:at|of|in|with|to|reaching) )?(?:an? )?(?:total |daily |cumulative |lifetime )*(?:doses? ?)?(?:of )?(?:[>≥<≤]|more than|less than|at least|up to|greater than|exceeding|at most)? ?(?:or equal to )?\d+(?:[.,]\d+)? ?(?:mg|mcg|µg|g|gm|iu|units)\b"
    r"(?: ?/ ?(?:kg|m ?\^?2|m²|day|d|week|dose)\b| per (?:day|week|dose)| (?:once |twice )?daily| a day)*[)\]]?"
    r"(?:(?: of)? (?:oral )?[a-z]{4,}(?:asone|olone|isone)(?: (?:daily|per day|a day))?,?(?:(?: ?\(?(?:or|/) ?(?:an |its |the )?| )equivalents?(?: dose)?\)?)?)?"
)


_ABOVE = re.compile(r"[>≥]|than|exceed|least")


_MARROW = re.compile(
    r"(?:(?:limited )?to |of |involving |which involved |that involved |encompassing |not to exceed |not exceeding |exceeding )?(?:no greater than|no more than|not more than|less than|<|≤|up to|not to exceed|>|≥|more than|greater than|at least)? ?(?:or equal to )?\d+ ?% (?:or (?:less|more) )?of (?:the |their )?(?:total |active |h[a]?ematopoietic |functioning |functional |major |entire |whole )*(?:bone )?(?:marrow|skeleton)(?:[- ](?:containing|bearing) (?:bones?|areas?|skeleton|sites?)| reserves?| spaces?)?"
)
"""How much of the marrow was irradiated."""


_UNLESS_PALLIATIVE = re.compile(
    r"\((?:except(?:ing|ion)?(?: for)?|excluding|other than|unless(?: it is| given| used)?|not including)(?: (?:with|of))? (?P<what>(?:(?:an?|the|any|for) )*(?:palliat\w+|analgesi\w+|pain|symptom\w*)"
    r"(?: (?:reasons?|purposes?|control|intent|intention|relief|care|treatment|therapy|radiotherapy|radiation|rt|only|of|for|to|symptoms?|bony?|bones?|metastas[ei]s|lesions?|pain|or|and|management))*)\)"
)
"""In brackets behind a treatment: what it was for where it does not count."""


def amount_at(text: str, at: int) -> Token | None:
    """Return a dose: it narrows the medicine it stands beside."""
    spared = _UNLESS_PALLIATIVE.match(text, at) if text[at] == "(" else None
    if spared is not None:
        return Token("amount", at, spared.end(), f"other than for {spared['what'].removeprefix('for ')}")
    marrow = _MARROW.match(text, at)
    if marrow is not None:
        return Token("amount", at, marrow.end(), marrow[0].strip())
    found = _AMOUNT.match(text, at)
    if found is None:
        return None
    whole = found[0].strip()
    closed = whole[-1] in ")]" and whole[0] not in "(["
    if re.search(r"\bprednis", whole) and _ABOVE.search(whole):
        return None  # a least dose is told by parameters
    return Token("amount", at, found.end() - closed, whole.strip("([)]"))


def narrow_at(text: str, at: int) -> Token | None:
    """Return a word or two that narrow the treatment behind them."""
    two = _TWO.match(text, at)
    if two is not None:
        return Token("narrow", at, two.end(), two[0])
    word = _WORD.match(text, at)
    if word is None or word[0] not in _SORTS or re.match(r"[\w-]", text[word.end() :]):
        return None
    return Token("narrow", at, word.end(), word[0])


BEGINNINGS = {
    "course": (_COURSE.pattern,),
    "narrow": (_TWO.pattern, "|".join(map(re.escape, _SORTS))),
    "purpose": tuple(
        one.pattern for one in (_UNCHANGED, _RESCUED, _AT_LESION, _UNLESS_STOPPED, _NO_ACCESS, _FOR_THE_CANCER)
    ),
}
"""What `course_at`, `narrow_at` and `unchanged_at` can read begins as these do."""


def with_purposes(sentence: Sentence, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens, a purpose or place behind a treatment as one: "(bisphosphonates) for osteoporosis"."""
    waiting: list[Token] = []
    for token in _purposes(sentence, tokens):
        if waiting and token.kind == "purpose":
            # "Surgery other than for diagnosis".
            start = waiting[0].start
            yield Token("purpose", start, token.end, sentence.text[start : token.end])
            waiting = []
            continue
        if waiting and token.kind == "frame" and not sentence.text[token.start : token.end].strip():
            waiting.append(token)
            continue
        yield from waiting
        waiting = [token] if token.kind == "except" and "other than" in sentence.text[token.start : token.end] else []
        if not waiting:
            yield token
    yield from waiting


def _purposes(sentence: Sentence, tokens: Sequence[Token]) -> Iterator[Token]:
    at, seen = 0, False
    while at < len(tokens):
        token = tokens[at]
        if token.kind in ("word", "stop", "deny"):
            seen = False
        seen = seen or token.kind == "item"
        end = _purpose_end(sentence.text, tokens, at) if seen and token.kind in ("frame", "to") else None
        if end is None:
            yield token
            at += 1
            continue
        end = _more_purposes(sentence, tokens, at, end)
        last = next((one for one in reversed(tokens[:at]) if one.kind != "frame"), token)
        # "Within 4 weeks of the first dose of ABC-1": the words behind a time name the day it is counted from.
        kind = "anchor" if last.kind == "window" and sentence.text.startswith("of ", token.start) else "purpose"
        yield Token(
            kind,
            token.start,
            tokens[end - 1].end,
            sentence.text[token.start : tokens[end - 1].end],
        )
        at = end


def _parted(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a noun behind an "or" stands in front: "transplant or evidence of …"."""
    for i in range(at - 1, -1, -1):
        if tokens[i].kind != "frame":
            between = text[tokens[i].end : tokens[at].start].split()
            return tokens[i].kind in ("or", "and") and bool({*between} & _NOUNS)
    return False


_NOUNS = frozenset(
    {
        "evidence",
        "history",
        "documentation",
        "disease",
        "part",
        "recipients",
        "presence",
    }
)


def _purpose_end(text: str, tokens: Sequence[Token], at: int) -> int | None:
    """Where a clause ends that begins at a preposition and holds a word that is not known; None where there is none."""
    if (text[tokens[at].start : tokens[at].end].split() or [""])[0] not in _OPENS or _parted(text, tokens, at):
        return None
    end, unknown, words = at + 1, False, 0
    while end < len(tokens) and tokens[end].kind in _INNER:
        unknown = unknown or tokens[end].kind == "word"
        words += text[tokens[end].start : tokens[end].end].strip() != ""
        end += 1
    if (end < len(tokens) and tokens[end].kind not in _CLOSES) or _joined_to_a_setting(tokens[end:]):
        return None
    while end > at + 1 and text[tokens[end - 1].start : tokens[end - 1].end].strip(" .") == "":
        end -= 1
    said = text[tokens[at].start : tokens[end - 1].end]
    if not unknown or words > _MOST_WORDS or _TURNS.search(_AIM.sub(" ", _SHARE.sub(" ", said))):
        return None
    return end


def _more_purposes(sentence: Sentence, tokens: Sequence[Token], at: int, end: int) -> int:
    """Return where the purposes end: an illness or site behind "or" is one more."""
    text = sentence.text
    if text.startswith("to ", tokens[at].start):
        # "Radiotherapy to the abdomen or pelvis": a part of the body behind "or" is one more.
        rest = [(i, token.kind) for i, token in enumerate(tokens[end:], end) if token.kind != "frame"][:2]
        joined = [kind for _, kind in rest] in (["or", "site"], ["and", "site"])
        return rest[1][0] + 1 if joined else end
    while text.startswith("for ", tokens[at].start):
        joint = end
        while (
            joint < len(tokens)
            and tokens[joint].kind == "frame"
            and not text[tokens[joint].start : tokens[joint].end].strip()
        ):
            joint += 1
        if joint >= len(tokens) or tokens[joint].kind not in ("or", "and"):
            break
        stop = joint + 1
        while stop < len(tokens) and tokens[stop].kind in _INNER:
            stop += 1
        said = text[tokens[joint].end : tokens[stop - 1].end]
        first = tokens[joint].end + len(said) - len(said.lstrip())
        illness = any(
            hit.ids("condition") and hit.start == first and hit.end - hit.start == len(said.strip(" ."))
            for hit in sentence.hits
        )
        if not illness or (stop < len(tokens) and tokens[stop].kind not in _CLOSES):
            break
        end = stop
        while not text[tokens[end - 1].start : tokens[end - 1].end].strip():
            end -= 1
    return end


def _joined_to_a_setting(behind: Sequence[Token]) -> bool:
    """Whether "or metastatic" follows: then the words before it widen what is meant."""
    first = next(
        (i for i, token in enumerate(behind) if token.kind not in ("frame", "or", "and", "comma", "to")),
        None,
    )
    return bool(first) and behind[first or 0].kind == "setting"


def narrowed(node: Node, words: Sequence[str], *, elapsed: bool) -> Node:
    """Return a proposition with the question whether the treatment was of the narrower sort.

    Args:
        node: That the treatment was given; with `elapsed` that a time has passed since.
        words: What narrows it, as it is written.
        elapsed: "At least 2 weeks since local radiotherapy": of another sort it may have been later.
    """
    if not words:
        return node
    said = [_IS.sub("", word) for word in words]
    asked = leaf("judgement", topic="whether it was " + ", ".join(dict.fromkeys(said)))
    return AnyOf((node, Not(asked))) if elapsed else AllOf((node, asked))
