"""Words around the name of a disease: what narrows it, when it was, how severe it must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

_TIME = MACROS["time"]
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_NUMERAL = r"(?:[1-5]|iv|i{1,3}|one|two|three|four)"
_GRADED = (
    rf"(?P<sign>≥|>|=|in excess of|greater than/equal to|greater than(?: or equal to)?|more than|at least|above|worse than|of)?\s*(?:nci[ -]?|ctcae[ ,]*|common terminology criteria[a-z ]{{0,40}}|version \d[\d.]*|v ?\d[\d.]*|[(),\[\]]|\s)*"
    rf"\b(?:grades?|gr\.?|g(?=\s*[≥>]?\s*[1-5]\b))\s*(?P<after>≥|>|=|greater than/equal to|greater than(?: or equal to)?(?: \(>\))?|of|\(>\))?\s*(?P<n>{_NUMERAL})\b(?P<list>\s*(?:-|to|/|or|and|,)\s*{_NUMERAL}\b)?"
    r"(?P<more>\s*(?:or|and|/)\s*(?:greater|higher|above|more(?: severe)?|worse|over)\b|\s?\+)?"
)
GRADE = Sought(_GRADED)
GRADE_TAIL = re.compile(
    r"[\s,(]*(?:\b(?:by|per|according|to|using|as|defined|in|of|the|on|based|current|active|version|nci|national|cancer|institute'?s?|ctc|ctcae|common|terminology|toxicity|criteria|for|adverse|events?|v|scale|nci-ctcae|ncic|"
    r"revised|at|screening|baseline|study|entry|enrollment|randomization|registration|time|any|cause|etiology|version|baseline|nci's)\b|[\ue000-\uf8ff]+|\bv?\d(?:\.\d+)?\b|['().,-]|\s)*"
)
WINDOW = re.compile(
    rf"[\s,(]*(?:\b(?:has |have )?(?:occurring|occurred|diagnosed|experienced|treated|ending|at any time)\b\s*)?(?:\b(?:within|with(?= (?:the )?\d{1, 2} (?:months?|weeks?|years?)\b)|in|during|over|for|less than|under)\b|[≤<])\s*(?:or equal to |less than )?(?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{_TIME})"
    rf"(?P<since>(?:[\s,)]|\b(?:prior|before|of|to|preceding|from|the|first|start|date|day|dose|study|trial|treatment|drug|therapy|entry|enrollment|enrolment|screening|randomi[sz]ation|registration|consent|signing|"
    rf"informed|inclusion|initiation|starting|administration|planned|0|1|cycle|c1d1|visit|participation|protocol|intervention|investigational|product|this|receiving|any|baseline|of study|begin|beginning|commencement)\b|[\ue000-\uf8ff])*+)"
)
BEFOREHAND = re.compile(
    rf"[\s,(]*[≤<]?\s*(?P<time>{_TIME})(?P<since>\s+(?:prior to|before|preceding)\b(?:[\s,)]|\b(?:the|first|start|date|day|dose|study|trial|treatment|drug|therapy|entry|enrollment|screening|randomi[sz]ation|registration|of)\b|[\ue000-\uf8ff])*+)"
)
LONG_AGO = re.compile(
    rf"(?:\b(?:at least|more than|greater than|over|a minimum of|minimum of)|[≥>]) ?(?P<time>{_TIME})(?: (?:must |should )?(?:have |has )?(?:elapsed|passed))? since (?:(?:any|the|an?|last|most recent|previous|prior|their|known|documented|clinically|significant|serious|severe|episode of|onset of)[ ,]+)*\Z"
)
"""In front of a disease: how long ago it must lie."""
RECENT_WINDOW = re.compile(
    rf"\b(?:any )?recent(?:ly)?,? \((?:within|in|with in|during|less than|[<≤])? ?(?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{_TIME})(?: (?:prior to|before|of) (?:the )?(?:study |trial )?(?:entry|enrol+ment|registration|randomi[sz]ation|inclusion|start|screening))?\)\s*(?:(?:history of|episode of|an?|acute)\s*)*\Z"
)
"""In front of a disease: "recent (within 6 months) stroke": how recent is said."""
RECENT = re.compile(r"\brecent(?:ly)?\b")
HISTORY = re.compile(
    r"(?<!current )\bhistory\b|\bprior\b|\bprevious(?:ly)?\b|\bever\b|\bpast\b|\brecent\b|\bexperienced\b|\bsuffered\b|\bhad\b"
)
HAD_ACTIVE = re.compile(
    r"\b(?:had|previously|experienced|suffered)\b(?:(?!\b(?:or|and|and/or|history|past|prior)\b).)*\bactive\b(?!(?:.*\b(?:or|and|and/or)\b))"
)
UNCONTROLLED = re.compile(
    r"\buncontrolled\b|\b(?:poorly|inadequately|insufficiently|not (?:well |adequately )?)-? ?controlled\b|\buncompensated\b|\bdecompensated\b|\bnot (?:well |adequately |medically |sufficiently )?[ -]?(?:rate-? ?)?controlled\b|\bnot well[ -]controlled\b|\brefractory\b|\buncontrollable\b|\buncorrected\b"
)
SYMPTOMATIC = re.compile(
    r"\bsymptomatic\b|\brequiring\b|\brequires\b|\bneed(?:s|ing)\b|\btreated with\b|\bunder treatment\b|\bdespite\b"
)
ACUTE_ALONE = re.compile(r"\A(?!.*\b(?:chronic|active)\b).*\bacute\b")
BARE_ACTIVE = re.compile(r"\b(?:active|acute)\b")
ACTIVE = re.compile(r"\bactive\b|\bongoing\b|\bcurrent(?:ly)?\b|\bacute\b|\bpre-?existing\b")
SEVERE = re.compile(r"\bsevere(?:ly)?\b|\badvanced\b|\blife[- ]?threatening\b")
HARD = re.compile(
    r"\b(?:(?:clinically[ -])?(?:significant|serious|relevant|important|meaningful)|unmanageable|intractable|massive|progressive|multiple|idiopathic|familial|generali[sz]ed|bilateral|large|extensive|mild"
    r"|clinically (?:severe|active|evident)|major|labile|stable|frank|unstable|high[ -]risk|sustained|complex|suspected|unresolved"
    r"|untreated|chronic|non-?healing|recurrent|deep|systemic|underlying|persistent|disseminated|acquired|congenital|inherited|hereditary|moderate"
    r"|(?:newly|recently) diagnosed|new[- ]onset)\b"
)
"""What no parameter can hold: it stays open whether the disease is of that sort."""
_WORDS = (
    "known|any|documented|a|an|the|personal|medical|past|clinical|clinically|history|diagnosis|diagnosed|evidence|presence|of|current|currently|prior|previous|previously|ongoing|active|recent|with|has|have|had|"
    "other|uncontrolled|poorly|inadequately|insufficiently|adequately|controlled|not|well|symptomatic|severe|severely|advanced|significant|serious|relevant|important|meaningful|major|stable|unstable|high|risk|sustained|complex|suspected|"
    "unresolved|untreated|chronic|recurrent|systemic|underlying|persistent|concurrent|concomitant|acute|subacute|hereditary|uncorrected|existing|pre|preexisting|non|infectious|confirmed|requiring|treated|refractory|decompensated|uncompensated|"
    "patients?|subjects?|participants?|individuals?|who|is|are|being|to|be|suffering|from|for|life|threatening|acquired|congenital|inherited|moderate|ever|experienced|suffered|disseminated|uncontrollable|cardiac|clinical|"
    "pre-existing|co-existing|labile|frank|unmanageable|intractable|massive|progressive|multiple|idiopathic|familial|generali[sz]ed|bilateral|large|extensive|mild|recently|newly|pathological|medically|bacterial|viral|fungal|parasitic|protozoal|mycobacterial|mycotic|local|localized|localised|overt|coexisting|co|moderate|secondary|primary|intercurrent|episode|episodes|event|events|diagnoses|also|either|possible|at|any|time|following|such|as|established"
)
_STATE = r"(?:(?:clinically )?(?:significant|relevant|important)|(?:newly|recently) diagnosed|new[- ]onset|serious|severe|uncontrolled|poorly controlled|symptomatic|active|unstable|decompensated|recurrent|acute|chronic|major)"
EITHER = re.compile(rf"\b(?P<one>{_STATE})(?P<or>[\s,]+(?:or|and/or)[\s,]+)(?P<other>{_STATE})\b")
"""Two words of which one suffices: "uncontrolled or clinically significant"."""
OR_ITSELF = re.compile(rf"\b(?P<one>{_STATE})[\s,]+(?:or|and/or)\s*$")
"""The same where the second word belongs to the name: "severe or uncontrolled hypertension"."""
ITSELF = re.compile(rf"{_STATE}\b")
UNRESOLVED = re.compile(
    r"\b(?:or|and/or)[\s,]+(?:unresolved|persistent)\b|\b(?:unresolved|persistent)[\s,]+(?:or|and/or)\b"
)
UNRESOLVED_WORDS = frozenset({"unresolved", "persistent"})
CONTROLLED = re.compile(
    r"(?<!un)(?<!not )(?<!rate-)(?<!not well )(?<!not adequately )(?<!poorly )(?<!poorly-)(?<!inadequately )(?<!insufficiently )\bcontrolled\b"
)
QUALIFIES = re.compile(rf"(?:{_WORDS})")
"""A word that says something of a disease and is no part of its name."""
BEFORE = re.compile(rf"(?:\b(?:{_WORDS})\b[\s,()/;:-]*+(?:\b(?:and/or|or|and)\b\s*+)?)+$")
GERMS = re.compile(r"\b(?:bacterial|viral|fungal|parasitic|protozoal|mycobacterial|mycotic)\b")
LEADING = re.compile(
    r"(?:[\s,;:/&()-]|\b(?:and|or|with|by|to|for|is|are|be|as|such|from|at|not|non)\b(?! (?:well|adequately|controlled)))+"
)
BETWEEN = re.compile(
    rf"(?:[\s,;/&()]|\b(?:and|or|and/or|nor|as well as|including|e\.?g\.?,?|i\.?e\.?,?|disorders?|diseases?|events?|syndromes?|conditions?|infections?|{_WORDS})\b)*"
)
"""Between two names of one list; brackets must be balanced."""
AFTER = re.compile(
    r"(?:[\s-]*\b(?:disease|diseases|disorders?|syndromes?|conditions?|events?|episodes?|infections?|state|illness|attacks?|symptoms|abnormalit(?:y|ies)|pectoris|mellitus|problems?)\b|\(s\))*"
)
REQUIRING = re.compile(
    r"[\s,(]*(?:\b(?:that|which|who|and|and/or|or|is|are|has|have|at|any|time)\b\s*)*\b(?:(?P<no>not) )?(?:requiring|requires?|required|needing|needs|treated with|in need of|necessitating|under treatment with)\s+(?P<what>(?:[a-z0-9\ue000-\uf8ff-]+[\s,/()]*){0,9}?"
    r"(?:therapy|therapies|treatments?|antibiotics?|antivirals?|antifungals?|antimicrobials?|antibacterials?|agents?|medications?|drugs?|intervention|management|hospitali[sz]ation|drainage|support|oxygen|anti-?infectives?|"
    r"anti-?arrhythmics?|anticoagulants?|anticoagulation|[\ue000-\uf8ff]{4,})(?:\s+(?:therapy|therapies|treatment|agents?|medications?|drugs?|use|prophylaxis|procedures?)\b)*(?:[\s,/]*(?:\b(?:or|and|and/or)\b)?[\s,/]*(?:\b(?:anti-?(?:fungals?|virals?|biotics?|bacterials?|microbials?|infectives?|mycotics?)|systemic|intravenous|iv|oral|parenteral)\b|[\ue000-\uf8ff]{4,})(?: (?:therapy|treatment|agents?|medications?|antibiotics?))?)*(?:,?\s+(?:(?:and/or|or|and)\s+)?(?:[a-z\ue000-\uf8ff-]+\s+){0,4}(?:shunt(?:s|ing)?|drainages?|paracentes[ei]s|thora(?:co)?centes[ei]s|pericardiocentes[ei]s|reinfusion)\b(?:\s+therapy\b)?)*)(?:\s*(?:at|during|prior to|before|by)\s(?:the )?(?:time of )?(?:study entry|screening|enrollment|randomization|baseline|study))?"
)
STATE_AFTER = re.compile(
    r"[\s,(]*(?:\b(?:that|which|who|is|are|has|have|been|remain|remains|currently)\b\s*)*(?P<state>(?:despite(?=\s)|uncontrolled|uncompensated|not (?:well |adequately |medically )?-? ?(?:rate-? ?)?controlled|poorly controlled|inadequately controlled|symptomatic|active|ongoing|refractory)\b)(?:\s*(?:(?:by|with|on|despite|under|using)\s)?(?:the |a |appropriate |adequate |optimal |optimum |standard |medical |anti-?hypertensive |stable |current |maximal |conventional )*(?:medications?|treatment|therapy|management|drugs?|care|medicine|[\ue000-\uf8ff]+)(?: (?:therapy|medications?|treatment))?)?\)?"
)
NYHA = re.compile(
    r"[\s,(\[]*(?:\b(?:of|with|at|defined|as|by|according|to|per|functional|class|classification|meeting|the|criteria)\b[\s,]*)*(?P<sign0>≥|>|greater than or equal to|greater than)?\s*(?:\b(?:class|grade)\b\s*)?(?:(?P<n0>iv|iii|ii|i|[1-4])\b\s*(?P<list0>\s*(?:-|to|/|or|and|,)\s*(?:class )?(?:iv|iii|ii|[1-4])\b\s*)?(?P<more0>or (?:greater|higher|above|worse)\s*)?(?:by|per|according to|of)?\s*(?:the )?)?"
    r"(?:new york heart association|ny heart association|nyha)(?:\s*[(\[](?:nyha|new york heart association)[)\]])?(?:['\s,-]|\b(?:functional|class|classes|classification|grade|stage|heart|association|criteria|of)\b)*(?P<sign>≥|>|greater than or equal to|greater than|at least|higher than|above)?\s*(?:\b(?:class|grade)\b\s*)?"
    r"(?P<n>iv|iii|ii|i|[1-4])?\b(?P<list>(?:\s*(?:-|to|/|or|and|,)\s*(?:class )?(?:iv|iii|ii|[1-4])\b)*)(?P<more>\s*(?:or|and|/)\s*(?:greater|higher|above|more|worse)|\s?\+)?\s*(?:functional )?(?:class(?:ification)?)?\s*[)\]]?"
)


STAGED = re.compile(
    r"\bstages? (?P<n>[1-5]|i{1,3}|iv|v)[ab]?\b(?P<more>(?:\s*(?:-|to|/|or|and|,|through)+\s*(?:stage )?(?:[1-5]|i{1,3}|iv|v)[ab]?\b)*(?:\s*(?:or|and) (?:higher|greater|above|worse|more)\b)?)(?: of)?"
)
"""A stage of a disease that is no cancer: "stage 3 or 4 encephalopathy"."""
FURTHER_STAGES = re.compile(
    r"(?:\s*(?:-|to|/|or|and|,|through)+\s*(?:stage )?[2-5]\b)+(?! ?(?:years?|months?|weeks?|days?|x|times|%|mg|g/))"
)
"""Stages behind a name that ends with one: "chronic kidney disease stage 4 or 5"."""


NOT_ITSELF = re.compile(
    r"(?:\brisks?(?: factors?)? (?:of|for|to develop|from|to induce|to cause)|\b(?:induc(?:e|es|ing)|caus(?:e|es|ing)|provok(?:e|es|ing))|\bpredispos\w+ (?:to|for)|\bprevention of|\bsuggestive of|\bprophylaxis (?:of|for|against)|\bfamily history of|\bscreened for|\bsuggesting|\bprevent)"
    r"(?: (?:a|an|the|any|severe|serious|cardiac|developing))*\s*$"
    r"|\bfor (?<!except for )(?<!excepting for )(?<!exception for )(?<!exceptions for )(?<!positive for )(?<!negative for )(?<!hospitalized for )(?<!hospitalised for )(?<!hospitalization for )(?<!criteria for )(?<!evidence for )(?<!tested for )(?<!history for )"
    r"(?:the )?(?:treatment of |prevention of |management of |prophylaxis of |control of )?(?:a |an |the |their |any )?\s*$"
    r"|\b(?:contact|contacts|living|household) with\b[^.;]*$|\bpersons with\b[^.;]*$"
)
"""What makes of a disease that somebody has one that somebody may get."""
TURNED = re.compile(
    r"\b(?:no|not|non|nor|none|without|absence|absent|free|never|neither|lack|unless|except\w*|exclu\w*|ineligible|if|in case|for|(?:patients?|subjects?|participants?|those|individuals|women|men) (?:who|with))\b"
)
"""What must stand before a disease where diseases are not asked for: a denial, an exception, a guard."""
AHEAD = re.compile(
    rf"\W*(?:(?:has|have|had|having|any|one|or|more|of|the|following|these|conditions?|events?|disorders?|diseases?|procedures?|history|experienced?|suffered|undergone|cerebrovascular|vascular|serious|significant|clinically|either|occurring|occurrence|diagnosis|at|time|cardiovascular|cardiac|patients?|subjects?|with|who|known)\b[\s,]*)*"
    rf"\b(?:within|in|during)\b (?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{_TIME})(?:[\s,]|\b(?:prior|before|of|to|preceding|the|first|start|date|day|dose|study|trial|treatment|drug|therapy|entry|enrollment|screening|randomi[sz]ation|registration|"
    rf"initiation|starting|has|had|have|any|inclusion|following|consent|patients?|1)\b|[\ue000-\uf8ff])*[\s:,-]*"
)


@dataclass(frozen=True, slots=True)
class Grade:
    """A CTCAE grade from which on something counts, and where its words end."""

    at_least: int
    end: int


def grade(text: str, match: re.Match[str] | None) -> Grade | None:
    """Return the lowest grade that a match of `GRADE` means; a lone grade counts with all above it."""
    if match is None:
        return None
    lowest = numeral(match["n"])
    signs = {match["sign"] or "", match["after"] or ""}
    over = any(
        sign == ">"
        or sign in ("more than", "above", "worse than", "in excess of", "(>)")
        or (sign.startswith("greater than") and "equal" not in sign)
        for sign in signs
    )
    return Grade(lowest + (1 if over else 0), match.end())


def numeral(written: str) -> int:
    """Return the number that a word, a Roman numeral or digits name."""
    return _ROMAN.get(written) or int(written)


Class = Literal["I", "II", "III", "IV"]
_CLASSES: tuple[Class, ...] = ("I", "II", "III", "IV")


CLASS_ALONE = re.compile(
    r"[\s,(\[]*(?:\b(?:of|with)\b\s*)?(?P<sign0>≥|>)?\s*\bclass(?:es)?\b\s*(?P<sign>≥|>|greater than or equal to|greater than)?\s*(?P<n0>iv|iii|ii|i|[1-4])\b(?:\s*(?:-|to|/|or|and|,)\s*(?:class )?(?P<n>iv|iii|ii|[1-4])\b)?(?:\s*or (?:greater|higher|above|worse))?\s*[)\]]?"
)
"""Behind heart failure: a class of which it is not said whose it is."""


def class_alone(match: re.Match[str]) -> Class | None:
    """Return the lowest class that a match of `CLASS_ALONE` means."""
    lowest = numeral(match["n0"]) + (1 if (match["sign"] or match["sign0"]) in (">", "greater than") else 0)
    return _CLASSES[lowest - 1] if lowest <= len(_CLASSES) else None


def nyha_class(match: re.Match[str]) -> Class | None:
    """Return the lowest class that a match of `NYHA` means; None where it names none."""
    written = match["n"] or match["n0"]
    if written is None:
        return None
    sign = match["sign"] or match["sign0"] or ""
    lowest = numeral(written) + (1 if sign in (">", "greater than", "higher than", "above") else 0)
    return _CLASSES[lowest - 1] if lowest <= len(_CLASSES) else None


_LATELY = re.compile(
    r"[\s,(]*(?:within|in|during|over) (?:the )?(?:last|past|previous|preceding|prior) (?P<unit>week|month|year)\b"
)
_LENGTHS = {"week": 7, "month": 30, "year": 365}
"""Days of a time that is named without a number."""


def _in_brackets(masked: str, start: int, end: int) -> int:
    """Cut a stretch before a bracket that closes and was not opened within it, where more stands behind."""
    depth = 0
    for place in range(start, end):
        depth += (masked[place] == "(") - (masked[place] == ")")
        if depth < 0:
            return place
    return end


def window(sentence: Sentence, place: int) -> tuple[int, int] | None:
    """Return the days of a window that begins at a place, and where it ends."""
    for pattern in (WINDOW, BEFOREHAND):
        found = pattern.match(sentence.masked, place)
        if found:
            days = days_of(found["time"])
            if days:
                # Names behind "within 6 months of" are of visits and drugs; the next disease is none of them.
                others = (hit.start for hit in sentence.between(found.end("time"), found.end()) if hit.id("condition"))
                end = _in_brackets(sentence.masked, place, min(others, default=found.end()))
                return days, place + len(sentence.masked[place:end].rstrip(" ,"))
    lately = _LATELY.match(sentence.text, place)
    return (_LENGTHS[lately["unit"]], lately.end()) if lately else None
