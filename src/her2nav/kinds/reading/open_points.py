"""What a stretch speaks of that no rule has read, told by the noun at its head: a treatment, a finding, a part of the trial.

The vocabularies hold what records hold; what trials name beside it has no end ("another VEGF pathway-targeted therapy",
"3 mm for DCIS"). Its noun says of what kind it is, and the words say what is asked. A stretch with a verb or a sign of
logic is a sentence, one that ends in an adjective is half of a name: neither is named here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Hit
from her2nav.model.base import Frozen
from her2nav.model.values import Several

OPEN_POINTS = "criteria/open_points.csv"
FINDING = "finding"
"""Matter of illnesses and symptoms, which no trial asks for."""
STATE = "state"
PLACE = "place"


class OpenPoint(Frozen):
    """A row of `data/criteria/open_points.csv`.

    Attributes:
        id: What it is called.
        label: What a person is asked, in front of the words of the text.
        heads: Nouns that tell it; of the matter `state` words that stand without a noun.
        endings: Last letters of further nouns.
        names: Vocabularies whose names tell it.
        first: Words at the beginning of a stretch that tell it, whatever noun follows.
    """

    id: str
    label: str
    heads: Several[str] = ()
    endings: Several[str] = ()
    names: Several[str] = ()
    first: Several[str] = ()


class Matter(NamedTuple):
    """What a stretch names: the row, and what a person is asked."""

    id: str
    topic: str


class _Words(NamedTuple):
    heads: dict[str, str]
    first: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    names: dict[str, str]
    labels: dict[str, str]
    states: frozenset[str]


@lru_cache(maxsize=2)
def _words(knowledge: Knowledge) -> _Words:
    rows = knowledge.table(OPEN_POINTS, OpenPoint)
    endings = sorted(((end, row.id) for row in rows for end in row.endings), key=lambda item: -len(item[0]))
    return _Words(
        {word: row.id for row in rows if row.id != STATE for word in row.heads},
        {word: row.id for row in rows for word in row.first},
        tuple(endings),
        {name: row.id for row in rows for name in row.names},
        {row.id: row.label for row in rows},
        frozenset(word for row in rows if row.id == STATE for word in row.heads),
    )


_SENTENCE = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|unless|exc?ept\w*|excluding|excludes?|excluded|exclusion|inclusion|other than|apart from|rather than|instead|but|however|although|though|nevertheless|if|whether|otherwise|lack|absence|absent|free|"
    r"may|might|must|should|shall|will|would|can|could|is|are|was|were|be|been|being|am|has|have|had|do|does|did|allowed?|allowable|permitted|permissible|acceptable|eligible|ineligible|prohibited|provided|regardless|irrespective|"
    r"met|involvement in|study (?:dose|drugs?|medication|treatment|therapy|intervention)|which|who|whom|whose|that|where|when|while|until|because|since|so|it|they|he|she|these|those|them|there|this|note|refer|see|e\.g|i\.e|please|agrees?|such|following|above|below|listed|"
    r"contains?|meets?|inhibits?|affects?|alters?|shows?|occurs?|receives?|demonstrates?|includes?|excludes?|prevents?|results? in|results? from|appl(?:y|ies)|becomes?|remains?|undergo|confirms?|indicates?|makes?|fails?|qualif\w+|refuses?|tolerate|discontinue)\b"
)
"""Words that say how a sentence asks, or point elsewhere: what holds one of these is more than the name of a thing."""
_CLAUSE = re.compile(
    r"(?<=\w) (?:that|which) (?=(?:necessitated|requires?|required|resulted|led|caused|obscures?|involves?|involved|targets?|prevents?|interferes?)\b)[^.;:]*\Z"
)
"""What a name is said of, to its end: "toxicity that necessitated a change"."""
_SHORT_NAME = re.compile(r" ?\([^()]*\)(?= [a-z]+\Z)")
"""A short name in front of the last noun."""
_SMALL = r"of|for|in|with|by|to|on|at|from|within|during|after|before|prior|due|per|as|than|under|into|over|against|between|among|through|via|and|or|and/or|beyond|despite|regarding|involving|containing|including|plus|versus"
_CHUNK = re.compile(rf"[,;:/()\[\]]|(?<![\w-])(?:{_SMALL})(?![\w-])")
_OPEN_END = re.compile(
    rf"(?:[,;:(/\[-]|(?<![\w-])(?:{_SMALL}|a|an|the|any|other|least|more|less|most|each|its|their|his|her|equal|greater|lower|higher|associated|related|x|times))\s*\Z"
)
_OPEN_START = re.compile(
    r"(?:start of|first (?:study )?(?:dose|infusion|treatment)|last (?:study )?dose|beginning|initiation of|completion of|taking (?:the )?study|and|or|and/or|than|as|equal|greater|less|more|of|by|to|that|which|s|x|least)\b"
)
_TIME = re.compile(
    r"(?:(?:[≥≤<>=]+|at least|within|more than|less than|least|past|last|next|up to|about)\s*)*(?:the )?(?:past |last |next )?\(?\d+(?:[.,-]\d+)?\)?(?: ?(?:-|to) ?\d+)?[ -]*(?:calendar |consecutive )?(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|minutes?)\b(?: (?:ago|old|of age|prior|earlier|previously))?"
)
_LIMIT = re.compile(
    r"(?:[≥≤<>]=?|(?:in )?excess of|grades?|nyha|class|child-pugh|stages?)(?: ?(?:[≥≤<>]=?|grades?|class))* ?\(?(?:\d+(?:[.,]\d+)?|[iv]{1,3})\)?(?: ?(?:-|to|or|,|/|and) ?(?:\d+|[iv]{1,3}|greater|higher|more|less|lower|worse))*(?: ?(?:%|cm|mm|mg|g/dl|mg/dl|ml/min|x? ?uln|cells|mmhg|ml))?"
)
_PART = re.compile(
    r"(?:(?:for|in|during|of|only) )*(?:the )?(?:phases?|parts?|cohorts?|arms?|groups?) (?:[ivx]{1,3}[ab]?|\d+[a-z]?|[a-z])(?: ?(?:,|/|and|or|to|-) ?(?:[ivx]{1,3}[ab]?|\d+[a-z]?|[a-z]))*(?: only| part| portion| patients)*"
)
_MOST_WORDS = 14
_LONGEST = 110
_TRANSPARENT = frozenset(
    {
        "history", "evidence", "presence", "use", "form", "forms", "type", "types", "degree", "loss", "part", "number", "level", "levels", "development",
        "onset", "signs", "rate", "increase", "decrease", "changes", "change", "reduction", "area", "result", "results", "duration", "date", "time", "diagnosis",
        "need", "risk", "factors", "course", "line", "lines", "dose", "doses", "absence", "lot", "requirement", "anticipation", "start", "completion",
    }
)  # fmt: skip
"""Nouns behind which the one stands that counts: "loss of vision"."""
_BARE = frozenset({"time", "date", "age", "score", "size", "number", "limit", "limits", "level", "data", "criteria", "agent", "value", "drug", "agents", "use", "risk", "need", "plan", "patients", "participants", "subjects", "indication", "history", "evidence", "diagnosis", "study", "treatment", "dose", "first", "course", "line", "results", "result", "reaction", "method", "function", "findings", "form", "disease", "length", "support", "response", "days", "weeks", "months", "years", "day", "week", "month", "year", "hours", "breast", "brain", "bone", "liver", "lung", "skin", "chest", "heart", "organ", "organs", "wall", "cohort", "part", "phase", "arm", "woman", "women", "cardiac", "cancer", "tumor", "biopsy", "primary", "diagnostic", "procedure", "mg", "creatinine", "tissue", "blood", "site", "sites", "lesion", "lesions", "region", "area", "areas", "side"})  # fmt: skip
"""Nouns that name nothing alone."""
_NOT_ALONE = frozenset({"treatment", "test", "amount", "need", "cause", "people", "lasting", "part", "ended", "care"})
"""Matters of which a noun of the table alone says too little."""
_ADJECTIVE = re.compile(r"\w{3,}(?:al|ic|ive|ous|ary|able|ible|ed|ful|less|ent|ant|oid|lytic)")
_NOUNS_LIKE = frozenset({"antigen", "agent", "patient", "antidepressant", "transplant", "implant", "event", "treatment", "seed", "need", "breast", "rectal", "trial", "material", "interval", "removal", "renewal", "withdrawal", "clinic", "antibiotic", "speed", "blood", "steroid", "thyroid", "content", "consent", "component", "equipment", "adjuvant", "adjuvants"})  # fmt: skip


def named_matter(said: str, knowledge: Knowledge) -> Matter | None:
    """Return what a person is asked about a stretch, with its words; None where they do not name a thing.

    Args:
        said: Plain text of the stretch.
        knowledge: The vocabularies.
    """
    text = " ".join(said.split()).strip(" .,;:*-")
    if text.count("(") == text.count(")") + 1:
        text = text + ")" if text.rfind("(") > 0 else text[1:]
    if not 2 <= len(text) <= _LONGEST or len(text.split()) > _MOST_WORDS or text.count("(") != text.count(")"):
        return None
    if (
        _SENTENCE.search(_CLAUSE.sub("", text)) is not None
        or _OPEN_END.search(text) is not None
        or _OPEN_START.match(text) is not None
    ):
        return None
    words = _words(knowledge)
    if (half := _HALF.search(text)) is not None and is_adjective_like(half[1], words):
        return None
    plain = _SHORT_NAME.sub("", text)
    found = _of_form(plain, words) or _of_head(plain, words, dictionary(knowledge).find(plain)[0])
    if found is None or text in _BARE or (found in _NOT_ALONE and text in words.heads.keys() | words.first.keys()):
        return None
    return Matter(found, f"{words.labels[found]} ({text})")


def _of_form(text: str, words: _Words) -> str | None:
    if _TIME.fullmatch(text):
        return "lasting"
    if _PART.fullmatch(text):
        return "part"
    if _LIMIT.fullmatch(text):
        return "amount"
    if all(
        word in words.states or word.endswith("ly") for word in re.split(r"\s*[ ,/]\s*(?:(?:and/or|and|or) )?", text)
    ):
        return STATE
    return None


def _of_head(text: str, words: _Words, hits: Sequence[Hit]) -> str | None:
    """Return the matter of the first noun that tells one: at the end of a part of the stretch."""
    start = 0
    told: list[str] = []
    transparent: list[str] = []
    for end, behind in [*(cut.span() for cut in _CHUNK.finditer(text)), (len(text), len(text))]:
        chunk = text[start:end].rstrip()
        if chunk.strip() and not _shares_noun(chunk, text[end:behind], words):
            last = chunk.split()[-1]
            one = (
                None
                if is_adjective_like(last, words)
                else _of_noun(last, [hit for hit in hits if hit.end == start + len(chunk)], words)
            )
            if one is None and is_adjective_like(last, words) and behind == len(text) == end:
                return None  # half of a name
            if last in _TRANSPARENT and one is None:
                pass  # what counts stands behind it
            elif one is not None:
                (transparent if last in _TRANSPARENT else told).append(one)
            elif not told and not transparent and start == 0:
                told += [words.first[text.split()[0]]] if text.split()[0] in words.first else []
                if not told:
                    return None
        start = behind
    first = words.first.get(text.split()[0]) if len(text.split()) > 1 else None
    if not told and not transparent:
        return None
    early = transparent if told[:1] == ["lasting"] and _TIME.match(text) is None else ()
    matter = FINDING if _ILL_OF.search(text) else first or (early or told or transparent)[0]
    if matter == FINDING and _SPREAD.search(text) is not None:
        return "cancer"
    return FINDING if matter == "cancer" and _DISEASE.search(text) and not _OF_CANCER.search(text) else matter


def _shares_noun(chunk: str, cut: str, words: _Words) -> bool:
    """Whether a part shares the noun behind it: "grade 2 or | higher …", "clinical or | …", "breast or | chest surgery"."""
    if cut not in ("and", "or", "and/or", "/", ","):
        return False
    place = words.heads.get(chunk.split()[-1]) == PLACE and cut != ","
    return (
        place
        or _LIMIT.fullmatch(chunk.strip()) is not None
        or all(is_adjective_like(one, words) or one.endswith("ly") or one in _EMPTY for one in chunk.split())
    )


def is_adjective_like(word: str, words: _Words) -> bool:
    """Whether a word is no noun that could be the head of a name."""
    return (
        (_is_adjective(word) and word not in words.heads)
        or word in words.states
        or word in ("standard", "major", "minor")
    )


def is_half(word: str, knowledge: Knowledge) -> bool:
    """Whether a word is an adjective, which shares the noun of what stands behind it: "hepatic or renal function"."""
    return _is_adjective(word) or word in _words(knowledge).states


def _is_adjective(word: str) -> bool:
    return _ADJECTIVE.fullmatch(word) is not None and word not in _NOUNS_LIKE


_HALF = re.compile(r"([\w-]+) ?\([^()]*\)\Z")
"""The last word in front of a bracket: an adjective ("with advanced (…)") has its noun behind it."""
_ILL_OF = re.compile(
    r"\b(?:allerg(?:y|ies)|hypersensitivity|intolerance|(?:medical|concomitant|concurrent) patholog(?:y|ies))\Z"
)
"""Behind what somebody is ill of: "shellfish or iodine allergy"."""
_DISEASE = re.compile(r"\bdiseases?\b")
_EMPTY = frozenset({"other", "another", "any", "the", "a", "an"})
_SPREAD = re.compile(r"\bother metasta\w+ disease\Z")
_GENERAL = frozenset({"disease", "diseases"})


def _of_noun(last: str, hits: Sequence[Hit], words: _Words) -> str | None:
    """Return the matter of a noun: by itself, by the vocabulary that names what ends in it, or by its ending."""
    if last in words.heads and last not in _GENERAL:
        return words.heads[last]
    ending = next((to for end, to in words.endings if last.endswith(end) and len(last) > len(end) + 2), None)
    if ending is not None:
        return ending
    named = [words.names[term.category] for hit in hits for term in hit.terms if term.category in words.names]
    return named[0] if named else words.heads.get(last)


_OF_CANCER = re.compile(
    r"\b(?:cancer|metasta\w+|recurrent|relapsed?|refractory|advanced|measurable|evaluable|nonmeasurable|residual|nodal|malignan\w+|invasive|breast|bulky|visceral|local\w*|regional|progressive|primary|bone|brain|cns|stage|tumou?r)\b"
)
"""Words by which a disease is the cancer itself."""
