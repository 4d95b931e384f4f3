"""Times before a study: "within 4 weeks or 5 half-lives, whichever is shorter, before the first dose"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.numbers import number
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought


@dataclass(frozen=True, slots=True)
class Window:
    """A length of time before the study.

    Attributes:
        elapsed: True: so much must have passed; False: it lies within.
        days: Days, None where only half-lives are given.
        unclear: The text does not say whether the days or the half-lives count.
        strict: "more than" or "less than", the bound itself not meant.
        cap: Days that are enough whatever the half-lives are.
    """

    elapsed: bool
    days: int | None = None
    strict: bool = False
    half_lives: Decimal | None = None
    whichever: Literal["shorter", "longer"] | None = None
    unclear: bool = False
    anchor: str = "first_dose"
    cap: int | None = None


_TIME = MACROS["time"]
_N = MACROS["num"]
_ANCHOR = (
    r"(?:[ ,]|\b(?:must have|should have|have|has|prior to|before|preceding|of|from|to|until|since|beyond|past(?= (?:the |their )?(?:last|end|completion|prior|any|most recent))|after|the|their|planned|expected|first(?![- ]line)|initial|study|trial|protocol|treatment|drugs?|"
    r"dos(?:e|es|ing|age)|administration|start(?:ing)?|initiat(?:ion|ing)|beginning|begin|enrol+ment|enrol+ing|enrolled|entry|entering|entrance|randomi[sz]ation|"
    r"randomi[sz]ed|being randomi[sz]ed|being registered|registered|being enrolled|registration|registering|screening|baseline|inclusion|intervention|therapy|medication|agents?|products?|"
    r"investigational|experimental|ip|imp|c1d1|cycle (?:1|one),?(?: ?\(?c1\)?)?|day (?:-?[01]|one)|on|informed consent(?: form)?|icf|signing|signature|signed|consent|"
    r"receiving|receipt of|visit|assessment|date|time|point|into|in|this|or|and|infusion|leukapheresis|apheresis|lymphodepletion|lymphodepleting|ago|earlier|elapsed|passed|"
    r"participation|admission|recruitment|regimen|phase|commencement|commencing|commence|combination|part [a-z0-9])\b|\(|\)|-|/)"
)
_SINCE = r"(?:prior to|before|preceding|of|from|since|until|after|ago|earlier|previously|apart|prior|have elapsed|has elapsed|must have elapsed)"


def _half(name: str) -> str:
    return (
        rf"(?:(?:within|at least|or|and|a minimum of|by|more than)\b ?|, |[≥>] ?)*(?P<{name}>{_N})(?: \(\d+\))? ?(?:x|times)? ?(?:(?:the|its|their|of|elimination|"
        r"drug|terminal|plasma|serum|known|biological|effective|pharmacological|respective|medication|agent)[ -]*)*(?:t ?1/2s?|half[- ]?li(?:fe|ves|ve))"
        r"(?: \(t1/2\))?(?:,? of (?:the|that|its|their|each|any|this|such)? ?(?:respective |investigational |prior |previous |study |last |given |particular )?"
        r"(?:drugs?|agents?|medications?|products?|compounds?|treatments?|therap(?:y|ies)|components?|adc|antibod(?:y|ies)))?"
    )


_WHICH = (
    r"(?: \((?:if |when )?(?:known|applicable)\))?[ ,(]*(?:use |based on )?(?:whichever|which ever|whatever)(?: of (?:the )?(?:these|two))?(?: period| time| duration| interval| one| timeframe)?"
    r"(?: is| was| comes| occurs| occurred| has occurred| came| be| will be)?(?: the)? "
    r"(?P<which>shorter|longer|shortest|longest|greater|later|less|lesser|smaller|first|earlier|earliest|sooner|latest|last|more recent)(?: period| one| time| duration| interval)?\)?"
)


def _window(opening: str) -> Sought:
    return Sought(
        rf"{opening}(?:(?P<time>{_TIME})(?: \([^)]{{1,14}}\))?|{_half('half')})(?: of (?:washout|wash-out))?(?: period| interval)?(?: or (?:less|fewer|more|longer)\b)?"
        r"(?: (?:must |should |has |have |had |needs? to |has to )*(?:elapsed?|passed)\b)?"
        r"(?: (?:is|are|will be|must be) (?:required|necessary|needed|mandatory)(?: between(?: the)?(?: last| end of| completion of)*| since| from| after)?(?=\W))?"
        rf"(?:{_ANCHOR}{{0,30}}?[ ,(]*(?:or|and|/),? ?(?:\(?(?:if|when|where) (?:known|applicable|available)\)?,? )?(?:(?:within|at least|less than)\b ?|[≥≤<>] ?)?(?:{_half('halfb')}|(?P<timeb>{_TIME}))\)?)?"
        rf"(?:{_ANCHOR}{{0,30}}?{_WHICH})?"
    )


_RECENT = (
    r"(?:\b(?:with ?in|in|during|over|less than|fewer than|for|up to|no (?:more|longer) than)\b|=<|<=|[<≤]) ?(?:or equal to )?(?:approximately |about )?"
    r"(?:the )?(?:last |past |previous |preceding |prior |first |≤ ?|< ?|a period of |period of |a )*"
)
_ELAPSED = (
    r"(?:\bwash-?out(?: period| time| interval)?(?: of(?: at least)?| is| at least|:)?|\b(?:at least|more than|greater than|longer than|(?:a )?minimum(?: of)?|over|after|not less than|no less than|equal to or (?:more|greater) than|(?:more|greater) than or equal to|of (?=(?:\d+|one|two|three|four|six|eight) (?:days?|weeks?|months?)\b)|"
    r"not within|beyond|exceed(?:s|ing))\b|[>≥]) ?(?:or equal to )?(?:a period of |a )?"
)
WINDOWS = (
    (True, _window(_ELAPSED)),
    (False, _window(_RECENT)),
    (
        True,
        _window(
            r"(?=[^.;,]{4,22} (?:or (?:more|longer|greater) )?(?:must |should |has |have |had |needs? to |has to )*(?:elapsed?|passed)\b)"
        ),
    ),
)
_TAIL = re.compile(rf"{_ANCHOR}+")


BEFORE_TIME = re.compile(r": ?(?:[≥>≤<]|at least|less than|within|minimum|\d)")


_LASTING = re.compile(
    rf"(?:up to|for|no more than|at most|≤|<) ?(?:at least |about )?{_TIME} of (?!(?:the |their )?(?:first|study|start|enrol|randomi|registration|screening|initiation|administration|day|dos|c1d1|cycle|planned|consent))"
)
"""How long a course lasted: "up to 12 weeks of endocrine therapy"."""
_STUDY_DRUGS = re.compile(
    r" ?(?:of )?(?:any (?:one )?of )?(?:the )?(?:investigational|study) (?:drugs?|products?|agents?|treatments?)(?: (?:described|used|given) in this (?:study|trial|protocol))?"
)
"""Behind "before the first dose"."""


_IN_BRACKETS = re.compile(r" ?\((?P<names>[^()]{3,60})\)")
_JOINTS = re.compile(r"(?:[ ,/+]|\b(?:or|and|plus|placebo|matching|with)\b)+")
_THE_STUDY = re.compile(r"(?:therapy|treatment|drugs?|medications?|products?|dose|intervention)$")


def _named_behind(sentence: Sentence, end: int) -> int:
    """Take in the drugs of the study in brackets: "before the first dose of study drug (A or placebo)"."""
    last = len(sentence.text[:end].rstrip(" ("))
    found = _IN_BRACKETS.match(sentence.text, last)
    if found is None or _THE_STUDY.search(sentence.text, 0, last) is None:
        return end
    rest = [*sentence.text[slice(*found.span("names"))]]
    for hit in sentence.between(*found.span("names")):
        if any(name in sentence.knowledge.drugs.drugs for name in hit.ids("drug")):
            rest[hit.start - found.start("names") : hit.end - found.start("names")] = " " * (hit.end - hit.start)
    return found.end() if not _JOINTS.sub("", "".join(rest)) else end


_DURING = re.compile(r"(?:for|over|up to|in)\b")
_PAST = re.compile(r"last|past|previous|preceding|prior")
OTHER_DAY = re.compile(
    r"[ ,]*(?:(?:until|before|prior to|to|from|of|the|their|current|present|index|date|this|first|subsequent|disease|breast|cancer|diagnosis of)\b ?)*(?:diagnosis|relapses?|recurrences?|progression|development of|detection of)\b"
)
"""Behind a time: it is counted from another day than that of the study."""
_BEGUN = re.compile(
    r"\b(?:initiated|started|commenced|begun|began|initiation|stable|unchanged)\b(?! or| and| study| protocol| trial)[^.;:,()]{0,30}$"
)
"""Before a time: it is the beginning that lies so far back, or the dose has not changed since."""
_OF_AGE = re.compile(r"[- ]*(?:of age|age\b|old\b|in age)")
_BELOW = re.compile(r"[<≤]|less|fewer")
_BRACKET_FIRST = re.compile(r" ?\([^()]{3,90}\) ?(?:prior to|before|preceding)\b")
"""Behind a time: what it is counted from stands behind a bracket."""
_ENDS_THERE = re.compile(r" *(?:[.,;)]|$|(?:or|and)\b)")
_STRICT = re.compile(r"(?:more|greater than(?! or)|longer|less|fewer|over|[<>]|beyond|exceed|after)")


_BARE = Sought(rf"(?P<time>{_TIME})(?= (?:prior to|before|preceding|previous to)\b)")
_BARE_HALF = _window(r"\(?(?=\d)(?=[^.;]{0,40}half|[^.;]{0,40}1/2)")
LISTED_TIME = _window(r"(?=\d|(?:one|two|three|four|five|six|eight|ten|twelve)\b)").expression
"""A time without a word in front of it, as an entry of a list of washouts has it."""
_NONE = re.compile(r"(?:\A|[.;:])\W*no\b[^.;:]*$")
"""In front of "for 3 weeks before entry": none within them."""
_BEFORE = re.compile(r"[ ,)]*(?:prior to|before|preceding)\b")
_OPENED = re.compile(
    r"(?:therap(?:y|ies)|treatments?|surger(?:y|ies)|procedures?|radiation|irradiation|agents?|drugs?|medications?|inhibitors?|injury|trauma|transfusions?|vaccin\w+|therapeutics?|regimens?|chemotherapy|radiotherapy|immunotherapy)(?: \([^()]{2,60}\))?[ ,]+$"
)


_ENDED = re.compile(r"\b(?:completed|finished|ended|stopped|discontinued|concluded)\b(?! and| within)[^.;:,]*$")


BARE_TIMES = (_BARE, _BARE_HALF)
"""What `bare_window` begins with."""


def bare_window(sentence: Sentence, at: int) -> Token | None:
    """Read 'Surgery two weeks before baseline' among exclusions: not longer ago."""
    found = _BARE.expression.match(sentence.text, at)
    if sentence.section == "inclusion":
        ended = _ENDED.search(sentence.text, max(0, at - _CLAUSE), at)
        if found is None or ended is None:
            return None
    elif not (
        _OPENED.search(sentence.text, max(0, at - _CLAUSE), at)
        or any(at - 2 <= hit.end < at and hit.ids("drug") for hit in sentence.hits)
    ):
        return None
    elif found is None:
        halves = _BARE_HALF.expression.match(sentence.text, at)
        before = halves is not None and _BEFORE.match(sentence.text, halves.end()) is not None
        return window_token(halves, False, sentence) if halves is not None and before else None
    days = days_of(found["time"])
    tail = _TAIL.match(sentence.text, found.end())
    if days is None or tail is None:
        return None
    end = found.end() + len(tail[0].rstrip(" ,(/-"))
    around = sentence.text[at:end]
    return Token(
        "window",
        at,
        end,
        Window(sentence.section == "inclusion", days=days, anchor=_anchor(around)),
    )


def window_token(found: re.Match[str], elapsed: bool, sentence: Sentence) -> Token | None:
    """Return the time that a match says; None where it is no time before the study."""
    text, at = sentence.text, found.start()
    half = found["half"] or found["halfb"]
    last = found.end()
    named = ["time", "timeb"]
    if found["timeb"] and found["time"] and _FOR_SOME.match(text, found.end("timeb")):
        # "Within 3 weeks (or less than 1 week if on B)": the second time is that of some of the treatments.
        last, named = found.end("time"), ["time"]
        half = found["half"]
    times = [days_of(found[name]) for name in named if found[name]]
    if len(times) > 1 or (times and times[0] is None):
        return None
    if _LASTING.match(text, at):
        return None
    tail = _TAIL.match(text, last) if last == found.end() else None
    end = _behind_names(sentence, tail.end()) if tail else _behind_names(sentence, last)
    if (drugs := _STUDY_DRUGS.match(text, end)) is not None and "dose" in text[at:end]:
        end = drugs.end()
    end = _named_behind(sentence, end)
    around = text[at:end]
    time_at = found.start("time" if found["time"] else "half")
    opening = text[at:time_at]
    if elapsed and opening.startswith("of ") and not _WASHED.search(text, max(0, at - 70), at):
        return None
    if not elapsed and _DURING.match(opening):
        past = _PAST.search(opening) or _SINCE_RE.search(around)
        none = _NONE.search(text, max(0, at - _CLAUSE), at) is not None and _BEFORE.match(text, last) is not None
        if (opening.startswith("for") and not none) or not past:
            return None
    if elapsed and half is None and not (_PASSED.search(text, time_at, end + 30) or _HEADED.search(text, 0, time_at)):
        return None
    if (
        elapsed
        and half is None
        and text.endswith(("for ", "for a "), 0, at)
        and not _OFF.search(text, max(0, at - _CLAUSE), at)
    ):
        # "Received A for at least 6 weeks" says how long, not how long ago.
        return None
    if _OF_AGE.match(text, end) or "of age" in around or _BEGUN.search(text, max(0, at - 60), at):
        return None
    if OTHER_DAY.match(text, end):
        return None
    trimmed = _TRAIL.search(text[at:end])
    end -= len(trimmed[0]) if trimmed else 0
    if text[at:end].count(")") > text[at:end].count("("):
        end = at + text[at:end].rindex(")")
    bare = not elapsed and _BELOW.match(opening) is not None and not _SINCE_RE.search(around)
    if bare and not (_ENDS_THERE.match(text, end) or _BRACKET_FIRST.match(text, end)):
        return None
    if elapsed and half is None and text.startswith(" of ", end) and not _PASSED.search(around):
        return None  # "a minimum of 6 weeks of prior A" says how long
    which = _WHICHEVER.get(found["which"]) if found["which"] and last == found.end() else None
    strict = _STRICT.match(opening)
    window = Window(
        elapsed,
        times[0] if times else None,
        strict is not None,
        number(half) if half else None,
        which,
        bool(half and times and which is None),
        _anchor(around),
    )
    now = _AND_NOW.match(text, end)
    end = now.end() if elapsed and now is not None else end
    capped = _CAP.match(text, end) if half else None
    if capped is not None:
        window, end = replace(window, cap=days_of(capped["time"])), capped.end()
        tail = _TAIL.match(text, end)
        end += len(tail[0].rstrip(" ,(/-")) if tail else 0
    return Token("window", at, end, window)


_FOR_SOME = re.compile(r" (?:for (?!(?:the|at)\b)|if |in (?:the )?cases? of )")
_AND_NOW = re.compile(
    r"(?: since)?(?: the)?(?: prior| last)(?: use)? and no (?:other )?(?:concurrent|concomitant|current)\b(?: use of)?"
)
"""At least 7 days since prior and no concurrent A: it must have been stopped so long ago."""
_CAP = re.compile(
    rf"[ ,(]*(?:up to|but no more than|not to exceed|not exceeding|with|to|but)? ?(?:an? )?(?:maximum|max\.?) (?:of )?(?P<time>{_TIME})\)?"
)


_WHICHEVER: dict[str, Literal["shorter", "longer"]] = {
    "shorter": "shorter", "shortest": "shorter", "less": "shorter", "lesser": "shorter", "smaller": "shorter", "sooner": "shorter",
    "longer": "longer", "longest": "longer", "greater": "longer", "later": "longer", "latest": "longer", "last": "longer",
    "first": "shorter", "earlier": "shorter", "earliest": "shorter", "more recent": "shorter",
}  # fmt: skip
_WASHED = re.compile(
    r"\bwash-?out(?: periods?| times?)? (?:for|of|from)\b[^.;:]*$|(?<!free )\b(?:time )?intervals? (?:(?:from|since) [^.;:]{3,60})?$"
)
"""In front of "of 21 days"."""
_HEADED = re.compile(
    r"\bwash-?out|\belapsed?\b|\bintervals?\b|\btime since\b|\btime from\b|\bdiscontinued\b|\bdiscontinuation\b|\bstopped\b|\bended\b|\bcompleted\b|\boff\b|\babstain|\bnot (?:have )?(?:received|receive|taken)\b"
)
_PASSED = re.compile(
    r"\b(?:prior to|before|preceding|from|since|until|after|ago|earlier|previously|apart|prior|elapsed?|passed|beyond)\b|washout|wash-out"
)
"""A length of time without these is how long a course lasted: "at least 6 months of trastuzumab"."""
_OFF = re.compile(
    r"\b(?:off|no|not|never|none|(?<!with or )without|free|stop\w*|discontinu\w+|withdr\w+|ceased?|withheld|held|abstain\w*|wash-?out|elapsed|intervals?|completed|finished|last)\b"
)
"""Words of a treatment that has ended."""
_CLAUSE = 160
_SINCE_RE = re.compile(rf"\b{_SINCE}\b|washout|wash-out")
_TRAIL = re.compile(r"(?:[ ,(/-]+(?:or|and|the|of|in|to|on|this|a|at|time|after|for|in combination)?(?![^ ,(/-]))+$")


_CODE = re.compile(r"[a-z]{1,6}[- ]?\d{3,8}[a-z]?\b|\d{3,5}[a-z]\b")
"""A drug that has no name yet."""


_NEW_NAME = re.compile(
    r"(?!(?:study|treatment|therapy|drugs?|protocol|trial|medication|intervention|chemotherapy|radiotherapy|the|this|any|each|investigational)\b)(?<=dose of )[a-z][a-z0-9-]{4,20}(?=\s*(?:[.;,)]|\Z))"
)
"""Behind "the first dose of": a drug that no vocabulary holds."""
_OF_THE_DRUG = re.compile(
    r"(?:dose|doses|administration|start|initiation|infusion|treatment|starting|initiating|study drug|date) (?:of|with|on|the)? ?$|(?:lymphodepleting|conditioning) $|(?:starting|initiating|beginning) $"
)


_FIRST = ("first ", "initial ")
_DOSE = re.compile(r" (?:dose|doses|administration|infusion|injection)\b")
"""Behind the name of the drug of the study: "before the first NAME dose"."""
_STARTED = re.compile(
    r"(?<=of )(?:[a-z]{1,6}[- ]?\d{3,8}[a-z]?)(?: (?:treatment|therapy|study drug|drug))? (?:start|initiation|administration|dosing|treatment|therapy)\b"
)
"""Behind "within 2 weeks of": the start of a drug that has no name yet."""


def _behind_names(sentence: Sentence, end: int) -> int:
    """Take in a drug named as the study treatment: "before the first dose of NAME"."""
    # The longest of these words and what stands behind it.
    if sentence.text.endswith(_FIRST, 0, end):
        dose = next((hit.end for hit in sentence.hits if hit.start == end and hit.ids("drug")), end)
        if (given := _DOSE.match(sentence.text, dose)) is not None and dose > end:
            return given.end()
    if not _OF_THE_DRUG.search(sentence.text[max(0, end - 30) : end]):
        started = _STARTED.match(sentence.text, end)
        return started.end() if started is not None else end
    code = _CODE.match(sentence.text, end)
    if code is not None:
        tail = _TAIL.match(sentence.text, code.end())
        return tail.end() if tail else code.end()
    named = _NEW_NAME.match(sentence.text, end)
    if named is not None and not any(hit.start == end for hit in sentence.hits):
        return named.end()
    for hit in sentence.hits:
        if hit.start == end:
            last = _other_names(sentence, hit.end)
            tail = _TAIL.match(sentence.text, last)
            return _behind_names(sentence, tail.end()) if tail else last
    return end


_OTHER_NAME = re.compile(r"(?: \([^()]{1,30}\))?(?:,? (?:or|and|and/or|plus|with|in combination with) |/| ?\+ ?)")


def _other_names(sentence: Sentence, end: int) -> int:
    """Take in the other drugs of the study: "before the first dose of A or B"."""
    joint = _OTHER_NAME.match(sentence.text, end)
    if joint is None:
        return end
    drugs = sentence.knowledge.drugs.drugs
    other = next((hit for hit in sentence.hits if hit.start == joint.end()), None)
    if other is None or not any(name in drugs for name in other.ids("drug")):
        return end
    return _other_names(sentence, other.end)


_ENTERS = re.compile(r"enrol|registr|entry|entering|inclusion")
_SCREENED = re.compile(r"screening|baseline|consent|icf")


def _anchor(written: str) -> str:
    if "randomis" in written or "randomiz" in written:
        return "randomisation"
    if _ENTERS.search(written):
        return "enrolment"
    if _SCREENED.search(written) and "first dose" not in written:
        return "screening"
    return "first_dose"
