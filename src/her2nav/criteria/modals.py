"""What a sentence does with its proposition, beyond the section it stands in: demands, excludes or permits."""

from __future__ import annotations

import re
from enum import StrEnum, auto
from functools import lru_cache

from her2nav.language.sought import Sought


class Force(StrEnum):
    """What a sentence does."""

    SECTION = auto()
    REQUIRES = auto()
    EXCLUDES = auto()
    PERMITS = auto()


_EXCLUDES = Sought(
    r"\b(?:(?:are|is|be|will be|should be|must be) (?:also )?(?:excluded|in-?eligible|prohibited|disallowed|not (?:eligible|allowed|permitted|"
    r"acceptable|included)|an? exclusion(?: criterion)?|exclusionary)|(?:not|never) (?:be )?(?:eligible|allowed|permitted|acceptable|enrolled)|"
    r"(?:may|must|should|shall|will) not (?:participate|enroll?|enter|take part)(?! (?:in (?!th(?:is|e) |trial|study|protocol)|on\b|an))|cannot (?:have|participate(?! (?:in (?!th(?:is|e) |trial|study|protocol)|on\b))|be (?:enrolled|included|pregnant|receiving|on|taking|breastfeeding))|exclude[sd]?(?= (?:patients|subjects|participants|those))|not (?:a )?candidates?)\b"
    r"(?! or (?:ha(?:s|ve|d)|declin\w+|refus\w+|intoleran\w+|intolerable|unwilling|unable|unfit)\b)(?!(?<=eligible) for,)(?!(?<=eligible) (?:for|to) (?!(?:th(?:is|e)(?: present| current)? |our )?(?:study|trial|protocol)\b(?! (?:part|arm|cohort|portion|phase|stage)\b)|enrol|inclusion|participat|patients|subjects|entry|enter|regist|randomi|be ))"
)
_PERMITS = Sought(
    r"\b(?:(?:are|is|be|will be|may be|can be|would be) (?:still |also |therefore |considered )?(?:allowed|permitted|acceptable|eligible|accepted|"
    r"permissible|included|enrolled|exempt)|(?<!not )(?:allowed|permitted|acceptable|eligible)(?= (?:if|provided|as long as|in|for|at|with|to enrol|to participate|"
    r"to enter)|\s*[.,;:)*]|\s*$)|may (?:participate|enroll?|enter|receive|continue|have received)|may (?:also |additionally |previously )*have (?:also |additionally |previously )*(?:received|been treated|had prior)|(?<!tumor )(?<!tumour )(?<!tumors )(?<!disease )(?<!cancer )may (?:have|be|also|additionally|previously)(?! (?:an? |the |some )?(?:\w+ )?(?:impact|effects?|influence|potential|risks?|consequences?)\b)|can (?:participate|enroll?|enter|(?:also )?have (?:previously |already )?(?:received|had|been treated))|may (?:also )?undergo|"
    r"(?:tissues?|samples?|specimens?|blocks?|slides|biops(?:y|ies)|material) (?:can|could|may) (?:also )?(?:be|come)|"
    r"(?:is|are) no longer (?:excluded|exclusionary|ineligible)|(?:is|are) not (?:considered|an? (?:exclusion|requirement|prerequisite)|exclusionary|excluded|required|mandatory|necessary)|(?:do(?:es)?|will|would|shall|should) not (?:exclude|count|preclude|disqualify)|"
    r"not (?:be )?(?:exclusionary|excluded)|not (?:a |the )?(?:grounds?|reasons?|causes?|basis|cause) for (?:trial |study )?exclusion|no (?:limit|restriction)s?|no requirements?(?! (?:of|for) (?!(?:an? |any |specific |a minimum |minimal )*(?:prior|previous|earlier|number|her-?2|pd-?l1|er\b|biomarker|hormone|receptor|measurable|biops\w+|tissue|tests?|testing|express\w+|mutation\w*|wash-?\s?out|treatment|therapy|status|age)\b))|not (?:restricted(?! to)|required)|optional|(?:requirements? )?(?:is|are|may be|can be|will be|requirements?) waived|"
    r"considered (?:for (?:inclusion|entry|enrol+ment|eligibility) )?(?:on an? )?(?:individual|case[- ]by[- ]case)(?: basis)?|following are exceptions|exceptions? to this|counts? (?:as|towards?)|(?:is|are|be) (?:counted|considered|regarded)(?: as)?(?: an?| one| the)?(?: same| separate| prior| single)?"
    r" (?:lines?|regimens?))\b"
)
_ALLOWED = Sought(
    r"\A(?:(?!\b(?:no|not|only|must|should|will|at least|greater|less|histolog\w+|cytolog\w+)\b|[<>≤≥:;])[^.])*?\b(?:allowed|permitted)(?= +(?:as|and|except|but|unless|when|on|within|after|before|prior|during|until|per|while|regardless|without|by|only|to (?:less|fewer|no more|not more|at most|up to|a maximum))\b)"
)
"""A short sentence on what is allowed, with its limits behind: "prior surgery allowed and recovered"."""
_DENIES = Sought(
    r"\bmay have not\b|(?<!who )(?<!that )\b(?:must|should|may|will|shall) ?not\b(?! be able to (?:complete|comply|attend|return|follow|undergo|tolerate|adhere|give|provide|understand|cooperate)\b)(?! be (?:eligible|included|enrolled|allowed|permitted|excluded|disqualified))(?! (?:exclude|preclude|disqualify|make|render)\b)(?! (?:participate|enroll?|enter|take part)\b(?! (?:in (?!th(?:is|e) |trial|study|protocol)|on\b|an)))|\b(?:can ?not|could not) (?:have|receive|include|exceed|contain|participate(?= (?:in (?!th(?:is|e) |trial|study|protocol)|on\b))|be (?:receiving|taking|using|pregnant|on))\b"
)
"""The "not" inside is read with what it denies, so that such a sentence demands."""
_LIMITS = Sought(
    r"^(?!.*\bup to\b.*\bup to\b)\W*(?:(?:prior |previous )?(?:[\w/-]+ ){0,3}(?:therap(?:y|ies)|chemotherapy|treatments?|inclusion|regimens?)\s?:\s+)?(?:(?:the )?(?:patients?|participants?|subjects?|they) may (?:also )?have (?:previously )?(?:(?:had|received) )?|may have (?:had|received) )?(?:(?:up to|no more than|not more than|at most|(?:a )?maximum of) |[≤<] ?)(?:[\w-]+ ){1,5}(?:lines?|regimens?)\b"
    r"|^\W*(?:up to|no more than|not more than|at most|(?:a )?maximum of) \d{3} ?mg ?/ ?m"
)
"""What is allowed up to a number of lines is no more than that number."""
_REQUIRES = Sought(
    r"\b(?:must|(?:is|are|be) (?:required|mandatory|needed)|ha(?:s|ve) to(?! (?:start|begin|take|undergo)\b)|need(?:s)? to|should (?:have|be)|required to(?! (?:treat|control|achieve|maintain|manage|obtain)\b)|(?:will|has|have) agree(?:d|s)?(?= to)|(?<!not )agrees? to)\b"
)


_DESCRIBES = Sought(
    r"\b(?:in|during|for|at|by) which\b[^.;,]{3,80}?\b(?:is|are) (?:required|mandatory|needed|allowed|permitted|recommended)\b|\b(?:that|which)\b[^.;]{0,90}?\bmay (?:be|have|also)\b(?! (?:still |also )?(?:enroll?ed|eligible|included|allowed|permitted|considered|accepted))|\b(?:who|that) (?:is|are) (?:not )?(?:eligible|allowed)\b[^,.;]*|\bwho (?:must|need to|have to|has to|should) (?:receive|take|use|undergo|continue|be (?:treated|given|on))\b|\b(?:eligible|candidates?) for (?:standard|surg|curative|transplant|treatment|therapy|chemo|radi|resect|platinum|cisplatin|anti)\w*"
    r"|(?:\A\W*|(?<=must be )|(?<=who are )|(?<=not be )|\A\W*(?:patients?|participants?|subjects?|women) (?:are |is )?)(?:eligible|candidates?)(?: and (?:eligible|candidates?))? to (?:receive|undergo|be treated with)\b|(?:\A\W*|(?<=must be )|(?<=who are )|(?<=not be ))eligible for (?!(?:the|this)\b)(?:[\w()/-]+ ){0,3}?(?:(?:endocrine|hormon\w+|adjuvant|neo-?adjuvant|systemic|targeted|further|maintenance) (?:therap|treat)\w+|[\w-]*(?:therapy|mab|nib|ciclib|strant|platin|taxel)\b)"
    r"|[<>≤≥] ?\d(?:[^.;]|\.(?=\d)){2,90}?[ ,(.;]+(?:in (?:the )?cases? of|for|in|with|if) (?:(?:the|case|of|patients?|participants?|subjects?|those|with|who have|known|documented) )*(?:gilbert|liver|hepatic|bone)(?:[^.;]|\.(?=\d)){0,110}?\b(?:is|are|may be|will be) (?:allowed|permitted|acceptable|accepted)\b"
)
"""Words on patients, not on who may take part."""
_ANY_AMOUNT = Sought(
    r"\bwith any (?:[\w-]+ ){1,4}(?:allowed|permitted|acceptable)\b|(?<=\w{3})[ ,)]+(?:and|but) may (?:also )?have (?:previously )?(?:received|had) any (?:number|amount)\b[^.;]*"
)
"""A remark that nothing is limited, behind what the sentence asks for."""
_ANY_FIRST = Sought(
    r"\A\W*any (?:number|amount) of (?:prior|previous|earlier)\b(?!.*\b(?:must|should|if|unless|only|provided|required?|at least|progress\w*|fail\w*)\b)"
)
"""Earlier treatment of which nothing is limited."""
_NOT_EXCLUDED = Sought(r"\bnot be (?:excluded|disqualified)\b")
_MAY_OR_NOT = Sought(r"\bmay ?(?:/|or) ?(?:may )?not\b")
_MUST_AND_MAY = Sought(
    r"(?<=\w{3})[ ,)]+(?:and|but) (?:they |(?:patients|participants|subjects) )?may (?:also )?have (?:also )?(?:previously )?(?:received|had|been treated)\b[^.;]*"
)
"""What somebody may have had beside what the sentence demands."""
_BECAUSE = Sought(
    r"\b(?:because|since|as) (?:this|these|they|it|the|systemic|such|of the need)\b[^.;]{0,120}?\b(?:need|needs|have|has|be required|required)\b[^.;]*"
)
"""A reason: "because the treatment would need to be paused" asks nothing of anybody."""
_FEW_WORDS = 2
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_EXCEPTED = Sought(
    r"(?:(?<=\w{3}[ ,])|(?<=[\d)][ ,]))\W*(?:with the exceptions? (?:that|of)|except(?: that| for)?|unless)\b[^.;]*"
)
"""Whom an exception lets in is not what the sentence does."""


_MUST_ENTER = Sought(
    r"\b(?:must|has to|have to|should) (?:also |already |first |currently )*be (?:\w+ )?(?:enrolled|included|eligible)\b"
)
"""To be enrolled elsewhere, or eligible for something, is a demand."""


_TO_ENTER = Sought(
    r"(?<=\w)[ ,]+(?:in order )?(?:for (?:the|an?|any|each) (?:patient|participant|subject)s? )?to be (?:considered )?(?:eligible|enrolled|included|randomi[sz]ed|registered)\b"
    r"|\A\W*(?:in order )?to be (?:considered )?(?:eligible|enrolled|included|randomi[sz]ed|registered)(?: (?:for (?:enrol+ment|inclusion|participation) in|for|in|into|to (?:participate|enrol+|enter)(?: in(?:to)?)?) (?:the|this)(?: (?:study|trial))| to (?:participate|enrol+)| for participation)?[ ,]+(?=(?:(?:the|an?|all|each|any) )?(?:patients?|participants?|subjects?|individuals?|women|they)\b)"
)
"""What a demand is for: "must be PD-L1 positive to be enrolled", "to be eligible, patients must …"; not of one part."""
_NONE_ALLOWED = Sought(
    r"\A\W*no (?!(?:limit|restriction|requirement|upper|maximum|longer|more|later)s?\b)[^.;:]{3,160}\b(?:is|are|will be) (?:allowed|permitted)\b(?!,? (?:if|provided|unless|as long))"
    r"|\A\W*no (?:prior|previous|concurrent|concomitant|other|simultaneous)\b[^.;:]{3,160}\b(?:allowed|permitted)\W*\Z"
)
"""The "no" in front is read with what it denies."""


_ONLY_THOSE = Sought(
    r"\A\W*only (?:[\w-]+ ){0,3}?(?:patients?|participants?|subjects?|wom[ae]n|m[ae]n|individuals?)\b[^.;:]{0,120}\b(?:is|are|will be) (?:eligible|included|enrolled|accepted)(?: (?:for|in|into) (?:the|this) (?:study|trial))?\W*\Z"
)
"""Whom alone a trial takes."""


@lru_cache(maxsize=4096)
def force(sentence: str) -> Force:
    """Return what a plain sentence does.

    >>> force("patients must not have received lapatinib"), force("patients with treated metastases are eligible")
    (<Force.REQUIRES: 'requires'>, <Force.PERMITS: 'permits'>)
    """
    sentence = _NOT_EXCLUDED.sub("be eligible", _MAY_OR_NOT.sub("may", _BECAUSE.sub(" ", sentence)))
    # What stands in brackets is a remark, not the force of the sentence.
    outside = _BRACKETS.sub(" ", sentence) if "(" in sentence or "[" in sentence else sentence
    denied = _DENIES.search(outside if len(outside.split()) > _FEW_WORDS else sentence)
    if denied or _LIMITS.search(sentence) or _MUST_ENTER.search(sentence):
        return Force.REQUIRES
    if _NONE_ALLOWED.search(sentence) or _ONLY_THOSE.search(sentence):
        # "No other cancer is allowed" demands, wherever it stands, and so does "only women are eligible".
        return Force.REQUIRES
    if _REQUIRES.search(sentence):
        sentence = _TO_ENTER.sub(" ", sentence)
        remark = _MUST_AND_MAY.search(sentence)
        if remark is not None and _REQUIRES.expression.search(sentence, 0, remark.start()):
            sentence = sentence[: remark.start()]
    if "(" in sentence or "[" in sentence:
        sentence = _BRACKETS.sub(" ", sentence)
    sentence = _ANY_AMOUNT.sub(" ", _EXCEPTED.sub(" ", _DESCRIBES.sub(" ", sentence)))
    if (_PERMITS.search(sentence) or _ALLOWED.match(sentence) or _ANY_FIRST.match(sentence)) and not _EXCLUDES.search(
        sentence
    ):
        return Force.PERMITS
    if _EXCLUDES.search(sentence):
        # "Not eligible" holds the word "eligible": what permits must stand beside it.
        return Force.SECTION if _PERMITS.search(_EXCLUDES.sub(" ", sentence)) else Force.EXCLUDES
    if _REQUIRES.search(sentence):
        return Force.REQUIRES
    return Force.SECTION
