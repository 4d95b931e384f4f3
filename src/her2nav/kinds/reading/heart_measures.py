"""Ejection fraction: a limit in per cent, the institution's lower limit of normal, or both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_METHODS = {
    "echo": ("echo", "ultrasound"),
    "muga": (
        "muga",
        "multigated",
        "multi-gated",
        "multi gated",
        "multiple gate",
        "multiple-gate",
        "radionuc",
        "nuclear",
    ),
    "mri": ("mri", "magnetic"),
}
_GAP = r"[ ,:;=()\[\]/'-]"
_BEFORE = (
    rf"(?:\b(?:adequate|baseline|resting|documented|cardiac|heart|left ventricular|left|ventricular|function|functions|status|with|a|an|have|has|having|the|current|measured|assessed|evaluated|by|as|defined|known|and|demonstrated|"
    rf"evidenced|screening|systolic|must|should|adequacy of)\b{_GAP}+)*"
)
_MIDDLE = (
    rf"(?:{_GAP}|\b(?:lvef|value|values|measurement|at|rest|baseline|screening|of|is|are|must|should|be|has to|was|have|has|measured|determined|assessed|documented|a|an|the|been|resting|demonstrated|shows?|showing|in the|"
    rf"calculated|on|by|most recent|equal to|current|recent|muga|echo|echocardiogra(?:m|phy)|echogram|mri|or|scans?|multi-? ?gated|multiple gated|acquisition|assessments?|evaluations?|2-d|2d|two-dimensional|"
    rf"ventriculography|angiography|radionuclide|performed|obtained|done|taken)\b|\bwithin (?:the )?(?:last |past )?{MACROS['time']} (?:prior to|before|of)(?: (?:the |first )?(?:study\b|trial\b|treatment\b|enrol+ment\b|entry\b|registration\b|randomi[sz]ation\b|start\b|dose\b|[\ue000-\uf8ff]+))+)*?"
)
_INSTITUTION = r"(?:the |an )?(?:local )?(?:institution'?s?'?|institutional|institution|local|laboratory|lab|site|facility'?s?|hospital'?s?|study center's|center's)?(?:'s)?(?: specific| standard)?(?: testing)?"
_TOOL = (
    r"(?:(?:2|two)[- ]?d(?:imensional)? )?(?:trans-?thoracic )?(?:echocardiogra(?:m|phy|ph|phic)|echogram|echo|cardiac ultrasound|ultrasound|muga|multi-?[ -]?gated(?: blood pool| radionuclide)?(?: acquisition| angiography| ventriculography| blood pool)*|"
    r"multiple[ -]gated?(?: blood pool)?(?: acquisition)?|radionuc(?:lide|leotide)(?: ventriculography| angiography| ventriculogram| angiogram| cineangiography)?|cardiac mri|mri|magnetic resonance imaging|nuclear)"
)
_HOW = re.compile(
    rf"(?:{_GAP}|\b(?:as|is|was|and|or|and/or|by|on|using|via|with|either|an?|the|assessed|determined|measured|evaluated|documented|shown|obtained|confirmed|performed|defined|demonstrated|done|scans?|scanning|acquisition|"
    rf"angiography|ventriculography|ventriculogram|nuclear|evaluation|assessment|baseline|screening|rvg|rnv|per|results?|standard|cardiac|imaging|method|same|technique|modality|test|study|preferred|heart|at)\b|{_TOOL}\b)+"
)
_TIME = MACROS["time"]


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> dict[str, re.Pattern[str]]:
    words = dictionary(knowledge)
    lvef, low, anchor = (f"[{words.marks(name)}]++" for name in ("lvef", "lln", "anchor"))
    op, num = MACROS["op"], MACROS["digits"]
    normal = (
        rf"(?:{_INSTITUTION} ?{low}(?: (?:for|of) (?:the |our |a |each )?(?:particular |local )?(?:institution|facility|laboratory|normal(?: range)?|radiology facility))?(?: range)?|wnl\b|{_INSTITUTION} ?normal (?:limits?|ranges?|value|values)(?: (?:of|for) the (?:institution|facility)(?:'s specific testing)?)?|"
        rf"{_INSTITUTION} ?(?:limits?|range) of (?:the )?normal(?: (?:for|of) the (?:institution|laboratory))?|{_INSTITUTION} ?normal(?: (?:for|by|per|according to) (?:the |our )?(?:institution(?:al)?(?:'s)?|local)(?: (?:standards?|guidelines?|limits?))?)?)"
    )
    normal = rf"(?:{normal}|[a-z]{{2,5}} {low})"
    at_least = r"(?:is |must be |should be |be )?(?:within|≥|>|at or above|at|at least|above|in|greater than(?: or equal to)?|not (?:below|less than|lower than)|equal to or (?:above|greater than))"
    below = r"(?:<|below|less than|under|lower than|out of|outside(?: of)?)"
    tools = rf"(?<!\w){_TOOL}(?: scans?)?(?:(?: or |/|,? ?\(or )(?:an? )?{_TOOL}(?: scans?)?\)?)*(?= ?[(\[]? ?(?:(?:is|are|of|value|result|must be|should be|showing|shows?|with|at least|within|at or above|≥|>|<|below|less than|greater than) ?)+(?:or equal to )?(?:(?:the |an )?(?:[a-z']+ )?(?:{low})|\d\d ?(?:%|percent)))"
    lvef = rf"(?:{lvef}|{tools})"
    when = rf"(?:within|≤|in|during|no more than|<) (?:the )?(?:last |past |previous |prior )?(?P<window>{_TIME})(?:{_GAP}|\b(?:prior|to|before|of|preceding|the|first|start|study|registration|dose|day|1|randomi[sz]ation|enrol+ment|treatment|entry|therapy|drug|date)\b|{anchor})*"
    return {
        "limit": re.compile(
            rf"(?:(?P<normal>\bnormal )|(?P<poor>\b(?:abnormal|low|reduced|decreased|depressed|impaired|poor|inadequate|insufficient) )(?:baseline )?)?{lvef}{_MIDDLE}(?:(?P<op>{op}) ?(?P<n>{num}) ?(?:%|percent\b(?: \(%\))?)?(?P<later> or (?:greater|more|higher|above|better|less|lower)\b(?! (?:than|the|institution)))?|(?P<m>{num})(?![- ]?d\b) ?(?:%|percent\b)?(?P<tail>,? (?:or (?:greater|more|higher|above|better|less|lower)|and above)\b(?! (?:than|the|institution)))?)"
        ),
        "lln": re.compile(rf"{lvef}{_MIDDLE}(?:(?P<least>{at_least}) ?{normal}|(?P<below>{below}) ?{normal}|(?P<is>normal\b(?: limits)?|wnl\b)|(?P<lost>{_INSTITUTION} ?{low}(?= (?:for|of)\b|\W*(?:[.,;)]|\Z))))"),
        "normal": re.compile(rf"\bnormal (?:resting |cardiac |left ventricular )*{lvef}(?! (?:is |of )?(?:{op}|\d))"),
        "poor": re.compile(rf"\b(?:abnormal|low|reduced|decreased|depressed|impaired) (?:baseline |resting |cardiac |left ventricular )*{lvef}(?= ?(?:[.,;)]|$|or\b|and\b|on\b|by\b))"),
        "restated": re.compile(rf"{_GAP}*(?:i\.e\.?,?|that is|defined as|meaning){_GAP}*{at_least} ?{normal}\)?"),
        "whatever": re.compile(rf"{_GAP}*(?:regardless|irrespective|independent(?:ly)?) of {normal}"),
        "number": re.compile(rf"{_GAP}*or (?:{lvef} ?)?(?P<op>{op})? ?(?P<n>{num}) ?(?:%|percent\b)(?:{_GAP}*whichever is (?P<which>higher|greater|lower|less))?"),
        "also": re.compile(rf"(?: predicted)?{_GAP}*(?P<joint>or|and/or|and|/)?{_GAP}*(?:lvef |{lvef} |an |a |is |be )*(?:(?P<least>{at_least}) ?)?(?:(?P<below>{below}) ?)?{normal}(?:{_GAP}*(?:whichever is (?:lower|(?P<higher>higher|greater))))?"),
        "when": re.compile(rf"{_GAP}*(?:obtained |performed |done |measured |documented |determined |assessed )?{when}"),
        "before": re.compile(rf"(?:{_BEFORE}(?:{lvef}{_GAP}*)?)*$"),
    }  # fmt: skip


_IS = re.compile(
    r"[ ,:]*(?:[(\[=]|\bi\.e\.?|\b(?:of|is|which is|being)\b)[ ,:(=]*(?P<n>\d{2}) ?(?:%|percent\b)(?: ?[)\]](?=[^()]*(?:\(|\Z)))?"
)
"""Behind the lower limit of normal: what it is, "the lower limit of normal of 50%"."""
_FELL = re.compile(
    r"\b(?:history of|prior|previous|experienced|had) (?:an? )?(?:\w+ )?(?:decreases?|declines?|drops?|reductions?|falls?) (?:of|in)(?: the)? *\Z"
)
"""What the ejection fraction fell to once says nothing of what it is now."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    grammar = _grammar(sentence.knowledge)
    at = 0
    while (found := _next(sentence, at)) is not None:
        made = None if _FELL.search(sentence.text, 0, found.start()) else _read(sentence, found, grammar)
        if made is None:
            at = found.end()
            continue
        at = max(made.end, found.end())
        yield made


def _next(sentence: Sentence, at: int) -> re.Match[str] | None:
    """The first way of writing it that matches; of those at one place, the one with a number."""
    grammar = _grammar(sentence.knowledge)
    ways = [
        found for name in ("limit", "lln", "normal", "poor") if (found := grammar[name].search(sentence.masked, at))
    ]
    return min(
        ways, key=lambda found: (found.start() + 7 * (found.re is grammar["normal"]), -found.end()), default=None
    )


def _read(sentence: Sentence, found: re.Match[str], grammar: dict[str, re.Pattern[str]]) -> Stretched | None:
    end = found.end()
    lower_limit = False
    both = False
    percent: str | None = None
    if found.re is grammar["lln"] and found["lost"] and sentence.section != "inclusion":
        return None
    if found.re is grammar["limit"]:
        sign = _sign(sentence, found)
        percent = found["n"] or found["m"]
        if sign is None or not 20 < number(percent) < 90 or (found["poor"] and sign in (">", ">=")):
            return None
        also = grammar["also"].match(sentence.masked, end)
        if also and (also["joint"] or also["least"] or also["below"]) and not _turned(sign, also):
            lower_limit = also["joint"] in ("or", "and/or", "/") and not (also["higher"] and sign in (">", ">="))
            both = not lower_limit and (also["joint"] == "and" or bool(also["higher"]))
            end = also.end() if lower_limit or both else end
        if found["normal"]:
            both = True
    elif found.re is grammar["lln"]:
        sign = "<" if found["below"] else ">="
        if (found["least"] or found["below"]) and (told := _IS.match(sentence.masked, end)):
            percent, end = told["n"], told.end()
        elif other := grammar["number"].match(sentence.masked, end):
            # "Less than the lower limit of normal or 45 %, whichever is higher".
            second = operator(other["op"]) if other["op"] else sign
            if second is None or (second in (">", ">=")) is not (sign == ">="):
                return None
            high = (other["which"] or "") in ("higher", "greater")
            lower_limit = high is (sign == "<") or other["which"] is None
            both = not lower_limit
            sign, percent, end = second, other["n"], other.end()
    elif found.re is grammar["poor"]:
        sign = "<"
    else:
        sign = ">="
    params: dict[str, Any] = {}
    for _ in range(3):
        if more := grammar["restated"].match(sentence.masked, end) if percent is None and sign == ">=" else None:
            end = more.end()
        if more := grammar["whatever"].match(sentence.masked, end) if percent else None:
            end = more.end()
        if "within_days" not in params and (when := grammar["when"].match(sentence.masked, end)):
            params["within_days"] = days_of(when["window"])
            end = when.end()
        elif (how := _HOW.match(sentence.masked, end)) and (methods := _methods(sentence.text[end : how.end()])):
            params["methods"] = list(dict.fromkeys([*params.get("methods", []), *methods]))
            end = how.end()
        elif percent and not both and sign in (">", ">=") and (last := _within_normal(sentence, grammar, end)):
            both, end = True, last
        else:
            break
    start = _begin(sentence, found.start(), grammar)
    end = _closed(sentence.masked, start, end)
    return Stretched(start, end, _node(sign, percent, params, suffices=lower_limit, both=both))


def _within_normal(sentence: Sentence, grammar: dict[str, re.Pattern[str]], end: int) -> int:
    """Return where "… by echocardiogram and within the institution's range" ends; 0 where nothing of it follows."""
    text = sentence.masked[:end].rstrip(" ,")
    joint = re.search(r"\band$", text)
    also = grammar["also"].match(sentence.masked, joint.start() if joint else end)
    return also.end() if also and also["least"] and also["joint"] == "and" else 0


def _node(sign: str, percent: str | None, params: dict[str, Any], *, suffices: bool, both: bool) -> Node:
    """The limit; below the institution's lower limit is the denial of what the kind calls normal."""
    normal: Node = leaf("lvef", **params)
    low = sign in ("<", "<=")
    if percent is None:
        return Not(normal) if low else normal
    limit = leaf("lvef", op=sign, percent=percent, or_institutional_lln=suffices and not low, **params)
    if low and (suffices or both):
        return AnyOf((limit, Not(normal))) if suffices else AllOf((limit, Not(normal)))
    return AllOf((limit, normal)) if both else limit


def _sign(sentence: Sentence, found: re.Match[str]) -> str | None:
    """The comparison; one that the record lost asks for enough, among inclusions only."""
    if found["op"]:
        sign = operator(found["op"])
        if found["later"]:
            return operator(found["later"]) if sign is None else sign
        return sign
    if found["tail"]:
        return operator(found["tail"].replace("and above", "or above"))
    return ">=" if sentence.section == "inclusion" and 45 <= number(found["m"]) <= 60 else None


def _turned(sign: str, also: re.Match[str]) -> bool:
    """Whether the limit of normal is compared the other way round than the number."""
    return bool(also["least"] and sign in ("<", "<=")) or bool(also["below"] and sign in (">", ">="))


def _methods(words: str) -> list[str]:
    return [name for name, names in _METHODS.items() if any(item in words for item in names)]


def _begin(sentence: Sentence, start: int, grammar: dict[str, re.Pattern[str]]) -> int:
    """Take in "cardiac left ventricular function with resting …", but not words of another statement."""
    floor = max(sentence.masked.rfind(sign, 0, start) for sign in ".;")
    before = grammar["before"].search(sentence.masked, max(0, floor + 1, start - 90), start)
    if before is None:
        return start
    words = before[0]
    cut = re.match(r"(?:(?:and|or|by|with|as|defined|is|the|a|an|have|has|having|must|should)\b[ ,:;=()-]+)+", words)
    return before.start() + (cut.end() if cut else 0)


def _closed(masked: str, start: int, end: int) -> int:
    """Leave off what joins the next words, and a bracket that opens there; take in one that closes here."""
    text = masked[start:end].rstrip(" ,;:/([-'")
    while (shorter := re.sub(r"(?:^|(?<=[ ,(]))(?:and|or|and/or|by|on|with|the|an?|at|as|is|was|either|using|via|per)$", "", text).rstrip(" ,;:/([-")) != text:  # fmt: skip
        text = shorter
    if text.count("(") < text.count(")"):
        return start + text.rfind(")")
    if text.count("(") > text.count(")"):
        tail = masked[start + len(text) :]
        return start + len(text) + 1 if tail.startswith(")") else start + text.rfind("(")
    return start + len(text)


SCANNERS = (
    Scanner(
        "lvef.limit",
        ("lvef", "muga", "echo", "echocardiogram", "echocardiography"),
        _scan,
        priority=3,
        texts=(
            (
                "LVEF ≥ 50% by echocardiogram or MUGA scan within 28 days before randomization",
                {"lvef": {"op": ">=", "percent": "50", "methods": ["echo", "muga"], "within_days": 28}},
            ),
            ("Left ventricular ejection fraction (LVEF) < 50%", {"lvef": {"op": "<", "percent": "50"}}),
            (
                "cardiac left ventricular function with a resting ejection fraction below 45%",
                {"lvef": {"op": "<", "percent": "45"}},
            ),
            ("Normal LVEF", {"lvef": {}}),
            ("LVEF of 50 % by MUGA", {"lvef": {"percent": "50", "methods": ["muga"]}}),
            (
                "LVEF at least 50 % or above the institution's lower limit of normal",
                {"lvef": {"percent": "50", "or_institutional_lln": True}},
            ),
            (
                "LVEF at least 50 % and within the institutional normal range",
                {"all_of": [{"lvef": {"percent": "50"}}, {"lvef": {}}]},
            ),
            (
                "ejection fraction within the institutional range of normal, measured by MUGA",
                {"lvef": {"methods": ["muga"]}},
            ),
            ("LVEF fell by 15 points", None),
            ("LVEF below the institutional lower limit of normal", {"not": {"lvef": {}}}),
            ("LVEF at or above the lower limit of normal of 50%", {"lvef": {"percent": "50"}}),
            ("LVEF at or above 55%", {"lvef": {"percent": "55"}}),
            ("LVEF below the lower limit of normal (50%)", {"lvef": {"op": "<", "percent": "50"}}),
            (
                "LVEF < 50 % or below the lower limit of normal",
                {"any_of": [{"lvef": {"op": "<", "percent": "50"}}, {"not": {"lvef": {}}}]},
            ),
        ),
    ),
)
