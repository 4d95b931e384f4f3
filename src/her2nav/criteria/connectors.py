"""The words between propositions: what joins, denies, excepts and frames them."""

from __future__ import annotations

import re
from enum import StrEnum, auto
from typing import NamedTuple

from her2nav.language.beginnings import BySign


class Sign(StrEnum):
    """What a stretch between two propositions does."""

    AND = auto()
    OR = auto()
    COMMA = auto()
    NOT = auto()
    NON = auto()
    EXCEPT = auto()
    IF = auto()
    OPEN = auto()
    CLOSE = auto()
    EXAMPLES = auto()
    DEFINES = auto()
    WHATEVER = auto()
    STOP = auto()
    REST = auto()
    READ = auto()


class Piece(NamedTuple):
    """A connector, or a stretch of words that nothing explains (`REST`)."""

    sign: Sign
    start: int
    end: int


_CONNECTORS: tuple[tuple[Sign, str], ...] = (
    (Sign.WHATEVER, r"\bwith(?: (?:or|and|and/or) | ?/ ?)without\b|\b(?:regardless|irrespective|independent(?:ly)?) of\b|\bwhether or not\b|\bno matter\b"),
    (Sign.EXAMPLES, r"\be\.? ?g\.?,?|\bsuch as\b|\bfor (?:example|instance)\b,?|\bincluding\b(?:,? ?but(?: is| are)? not (?:necessarily )?limited to\b)?,?|(?<!which must )(?<!that must )(?<!which should )(?<!that should )\bincludes?\b(?:,? ?but(?:,? is|,? are)?,? not (?:necessarily )?(?:limited|restricted) to\b)?,?|\blike\b|\bin particular\b|\b(?:particularly|especially|notably)\b"),
    (Sign.DEFINES, r"\bi\.? ?e\.?(?=[ ,:])|\b(?:as )?defined (?:as|by)\b|\bas (?:evidenced|determined|demonstrated|shown|indicated|assessed|confirmed) by\b|\bmeaning\b|\bthat is\b(?=[,:])|\bas follows\b"),
    (Sign.EXCEPT, r"(?<=[\w\ue000-\uf8ff)] )(?:except(?:ing)?(?: for)?|other than|excluding|apart from|aside from|with (?:the )?exceptions? of)\s?:|\bunless\b|\bexcept(?:ing|ions?)?(?: (?:for|of|in|if|when|are|is|that))*\b|\bwith (?:the )?exceptions?\b(?: (?:of|for)\b)?|\bother than\b|\bbesides\b|\bapart from\b|\baside from\b|\bexcluding\b|\bexclusive of\b|\bnot including\b|\bbut not\b|\bwith the exclusion\b(?: of\b)?"),
    (Sign.OR, r"\band ?/ ?or\b|\bor\b(?!(?<=\d or) (?:higher|greater|worse|above|more)\b)|\bnor\b|(?<=\s)/(?=\s)|\balternatively\b"),
    (Sign.NOT, r"\b(?:has|have|is|are|does|did|do|was|were|had|could|would|should|must|ca)n't(?: have)?\b|\b(?:there (?:is|are|must be) )?no(?:t| (?:patients?|subjects?|participants?|individuals?|persons?|women|men|people|tumou?rs?) with| known| evidence of| history of| prior| current| signs? of| longer)?\b(?! (?:more|greater|less|fewer|later|lower|higher|older|younger|than)\b)|\bwithout\b|\babsence of\b|\bfree (?:of|from)\b|(?<![\w-])free(?= *\Z)|\bnever\b|\bneither\b|\black(?:s|ing)?(?: of)?\b|\bnone\b|\bfailure to\b|\binability to\b|\bunable to\b|\bdenies\b|\bdo(?:es)? not have\b|\bcannot(?: (?:be|have))?\b"),
    (Sign.NON, r"\bnon-(?!(?:malignant (?:pulmonary|lung|systemic|medical)|physiologic(?:al)?)\b)"),
    (Sign.IF, r"\bif\b|\bin (?:the )?case (?:of|that)\b|\bprovid(?:ed|ing)(?: that)?\b|\bas long as\b|\bwhen\b|\bin (?:patients|subjects|participants|those|women|men) (?:who|with)\b|\bfor (?:patients|subjects|participants|those|women|men) (?:who|with|receiving|taking|on)\b"),
    (Sign.AND, r"\band\b|\bas well as\b|&|\bplus\b|\bwith\b|\btogether\b|\bin addition(?: to)?\b|\balso\b|\+"),
    (Sign.STOP, r"\bbut\b|\bhowever,?|;|(?<!\d)\.(?=\s|$)|:"),
    (Sign.COMMA, r","),
    (Sign.OPEN, r"[(\[]"),
    (Sign.CLOSE, r"[)\]]"),
)  # fmt: skip
_CONNECTOR = BySign([(sign.name, pattern) for sign, pattern in _CONNECTORS])
_FILLER_WORDS = [
    "a",
    "an",
    "the",
    "of",
    "in",
    "to",
    "for",
    "by",
    "at",
    "on",
    "as",
    "any",
    "all",
    "each",
    "their",
    "his",
    "her",
    "its",
    "is",
    "are",
    "be",
    "been",
    "being",
    "was",
    "were",
    "has",
    "have",
    "having",
    "had",
    "do",
    "does",
    "did",
    "must",
    "should",
    "shall",
    "will",
    "can",
    "may",
    "who",
    "whom",
    "whose",
    "that",
    "which",
    "this",
    "these",
    "those",
    "there",
    "patient",
    "patients",
    "participant",
    "participants",
    "subject",
    "subjects",
    "individual",
    "individuals",
    "person",
    "persons",
    "people",
    "candidate",
    "candidates",
    "men",
    "women",
    "adult",
    "adults",
    "male",
    "males",
    "female",
    "females",
    "known",
    "documented",
    "evidence",
    "history",
    "presence",
    "present",
    "presenting",
    "previous",
    "previously",
    "prior",
    "current",
    "currently",
    "ongoing",
    "existing",
    "diagnosis",
    "diagnosed",
    "medical",
    "clear",
    "confirmed",
    "following",
    "followed",
    "treatment",
    "treated",
    "therapy",
    "study",
    "trial",
    "enrollment",
    "enrolment",
    "entry",
    "screening",
    "registration",
    "baseline",
    "time",
    "criteria",
    "criterion",
    "condition",
    "conditions",
    "disease",
    "disorder",
    "disorders",
    "status",
    "state",
    "considered",
    "per",
    "according",
    "based",
    "upon",
    "use",
    "used",
    "using",
    "received",
    "receiving",
    "receive",
    "receipt",
    "undergone",
    "undergo",
    "met",
    "meet",
    "meets",
    "requirement",
    "requirements",
    "required",
    "require",
    "requires",
    "eligible",
    "eligibility",
    "inclusion",
    "exclusion",
    "include",
    "included",
    "excluded",
    "ineligible",
    "allowed",
    "permitted",
    "acceptable",
    "mandatory",
    "permissible",
    "accepted",
    "both",
    "either",
    "also",
    "than",
    "from",
    "since",
    "during",
    "after",
    "before",
    "prior",
    "within",
    "only",
    "then",
    "so",
    "defined",
    "demonstrated",
    "determined",
    "assessed",
    "measured",
    "performed",
    "obtained",
    "documented",
    "value",
    "values",
    "level",
    "levels",
    "result",
    "results",
    "test",
    "tests",
    "testing",
    "function",
    "laboratory",
    "limits",
    "limit",
    "range",
    "e.g",
    "i.e",
    "eg",
    "ie",
    "etc",
    "note",
    "nb",
    "they",
    "he",
    "she",
    "it",
    "if",
    "histologically",
    "cytologically",
    "histopathologically",
    "pathologically",
    "radiographically",
    "radiologically",
    "microscopically",
    "respectively",
    "already",
    "additionally",
    "presently",
    "signing",
    "day",
    "icf",
    "s",
    "msec",
    "tumor",
    "tumors",
    "tumour",
    "tumours",
    "proven",
    "period",
]
_FILLER = frozenset(_FILLER_WORDS) | frozenset(".,:;'\"*/=-")
_FIRST = frozenset(
    [
        "e",
        "eg",
        "i",
        "ie",
        "such",
        "for",
        "including",
        "includes",
        "include",
        "regardless",
        "irrespective",
        "independent",
        "independently",
        "whether",
        "like",
        "particularly",
        "especially",
        "notably",
        "as",
        "defined",
        "meaning",
        "that",
        "unless",
        "except",
        "excepting",
        "exception",
        "exceptions",
        "with",
        "other",
        "apart",
        "besides",
        "aside",
        "excluding",
        "exclusive",
        "not",
        "but",
        "and",
        "or",
        "nor",
        "alternatively",
        "there",
        "no",
        "without",
        "absence",
        "free",
        "never",
        "neither",
        "lack",
        "lacks",
        "lacking",
        "none",
        "failure",
        "inability",
        "unable",
        "denies",
        "do",
        "does",
        "non",
        "hasn",
        "haven",
        "isn",
        "aren",
        "doesn",
        "didn",
        "don",
        "wasn",
        "weren",
        "hadn",
        "couldn",
        "wouldn",
        "shouldn",
        "mustn",
        "can",
        "cannot",
        "if",
        "in",
        "provided",
        "providing",
        "when",
        "plus",
        "together",
        "also",
        "however",
    ]
)
"""Words with which a connector begins."""
_SIGNS = frozenset(",;:()[]&/+.")
_OPENS = _FIRST | _SIGNS
_SAYS_NOTHING = _FILLER - _OPENS
_NAMED = {sign.name: sign for sign in Sign}
_TOKEN = re.compile(r"[a-z]+|[^a-z\s]")


def pieces(masked: str, start: int, end: int) -> list[Piece]:
    """Return the connectors of a stretch that no rule has read, and what is left between them; framing words drop out."""
    found: list[Piece] = []
    first = last = at = -1
    for token in _TOKEN.finditer(masked, start, end):
        word = token[0]
        if word in _SAYS_NOTHING and (at < 0 or token.start() >= at):
            continue
        here, stop = token.span()
        if here < at:
            if stop <= at:
                continue
            # The connector ended within the word.
            if first >= 0:
                found.append(Piece(Sign.REST, first, last))
            return [*found, *pieces(masked, at, end)]
        if word in _OPENS:
            connector = _CONNECTOR.match(masked, here, end)
            if connector is not None:
                if first >= 0:
                    found.append(Piece(Sign.REST, first, last))
                    first = -1
                at = connector.end()
                found.append(Piece(_NAMED[connector.lastgroup or "REST"], here, at))
                continue
        if word not in _FILLER:
            first = here if first < 0 else first
            last = stop
    if first >= 0:
        found.append(Piece(Sign.REST, first, last))
    return found
