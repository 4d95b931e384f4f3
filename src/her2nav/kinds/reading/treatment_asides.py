"""What stands beside a treatment: remarks in brackets, doses of steroids and the trials a drug was given in."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_names import treatment_of, within
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.sought import Sought

_ASIDE = re.compile(
    r"[(\[](?:(?:e\.? ?g\.?|such as|for example|like)[ ,:]|[a-z]{2,12}[ -]payloads?[)\]]|(?:excluding|except(?: for)?|other than|not including|does not include|with the exception of)\b(?=[^()]{0,80}\b(?:vascular access|port|biops|catheter|central venous|line placement|diagnos)))"
)
_PERMITS = re.compile(
    r"\([^()<>≤≥]{3,160}\b(?:(?:is|are|was|were|will be) (?:also )?)?(?:allowed|permitted|acceptable)(?:,? but not required)?\)"
)
_CONDITION = re.compile(r"\b(?:if|provided|as long|unless|except\w*|within|when|only|not|no|least|before|after|must)\b")
_PLAIN = re.compile(
    r"\((?:(?:[\ue000-\uf8ff]++|\d++|prior|previous|earlier|concurrent|concomitant|neo|adjuvant|neoadjuvant|therapy|therapies|treatments?+|regimens?+|any|number|amount|lines?+|of|or|and|the|with|is|are|was|were|will|be|also|allowed|permitted|acceptable|but|required|till|until|progressive|progression|disease|patients|may|have|received|not)(?:[\s,/-]++|(?=\))))++\)"
)
"""Names and words that only say that the treatments were given; of others a person must see what is let in."""
_EARLY = re.compile(r"\b(?:neo-?)?adjuvant\b|\bpre-?operative|\bperi-?operative")
_REACH = 160
_EARLIER = re.compile(
    r"\((?:not including|excluding|not counting|does not include|except(?: for)?) (?:prior |previous |any )?(?:\(?neo\)?[ /-]?(?:and/or |or |/)?)?adjuvant (?:chemo)?(?:therap(?:y|ies)|treatments?|regimens?|setting)\)"
)
_LATE = re.compile(r"\b(?:metastatic|advanced|unresectable|recurrent)\b[\w ,/-]*$")
"""Of lines for metastatic disease, those before it are none: to leave them out says nothing."""
WIDENS = re.compile(
    r"[(\[]?includ(?:ing|es) (?:(?:prior|previous|any|all|those|given|administered|received|used|delivered|regimens?|lines?|treatments|as|for|in|either|the|therapy|treatment|chemotherapy|systemic|and|or|/|,| )*\b(?:neo-?adjuvant|adjuvant|peri-?operative)\b)+(?: (?:therapy|treatment|setting|chemotherapy|regimens?)\b)*[)\]]?(?=\s*(?:[.,;)]|\Z))"
)
"""Settings that count too: they narrow nothing."""
_STEROID_DOSE = re.compile(
    r"[(\[]?(?:defined as |i\.e\.,? )?(?:(?:dosed |given |administered )?(?:at|in|with|of) (?=[>≥]|more than|greater than|at least))?(?:(?:at|in|with)(?: an?| the)? (?:daily )?dos(?:e|es|ing|age)s? ?(?:of |level |equivalent )?)?(?:higher |greater |more )?(?P<op>>|≥|in excess of|more than|greater than|exceeding|higher than|above|at least|than|equivalent to >|equal to or greater than|doses? (?:>|≥|greater than|more than|above|exceeding)) ?"
    r"(?:or equal to )?(?P<mg>\d+(?:\.\d)?) ?mg ?(?:/ ?day|/ ?d\b|per day|daily|a day|once daily|qd|/kg)?(?: of)?(?: oral)?,? ?(?:prednis(?:ol)?one|prednis(?:ol)?one[- /]?equivalents?)(?:[ /](?:per day|day|daily|d)\b)?,?"
    r"(?:[ ,]*\(?(?:or|or an|or its|or other|/|daily|or the)? ?\(?(?:corticosteroid )?(?:equivalents?|equivalent dose|bioequivalent|equivalent (?:steroid|corticosteroid|daily dose|drug|medication|per day)s?|steroid equivalent)\)?)?(?: ?(?:per day|/day|daily|a day|dose))?(?: anti-?inflammatory (?:activity|dose|potency|effect))?[)\]]?"
)
TRIAL = Sought(
    r"(?:participat\w+|enrol\w+) in (?:an(?:other)?|any(?: other)?|other|a) (?:(?:[\w-]+ ){0,3}(?:trials?|stud(?:y|ies))(?: \w+){0,3}? (?:with|of|using|involving|evaluating|for) (?:an|any|a|another)? ?(?:[\w-]+ ){0,2}"
    r"(?:investigational|experimental)(?: [\w-]+){0,2}? (?:drugs?|agents?|products?|therap(?:y|ies)|devices?|treatments?|medications?)|(?:\w+ ){0,2}(?:investigational|experimental) (?:drug|agent|product|device|therapy|treatment|therapeutic)s? (?:trials?|stud(?:y|ies)))\b"
)


_INCLUDED = re.compile(r"\(includ(?:ing|es),? [a-z][^()\d:;]{2,50}\)")


def included_at(sentence: Sentence, at: int) -> Token | None:
    """Return the bracket that begins at a place if it counts in what is no treatment of its own: "(including the brain)".

    What is excluded with it is excluded without it, too; of a demand it may ask for more.
    """
    found = _INCLUDED.match(sentence.text, at) if sentence.section == "exclusion" else None
    if found is None or _CONDITION.search(found[0]):
        return None
    named = any(treatment_of(hit, sentence) is not None for hit in sentence.between(at, found.end()))
    return None if named else Token("aside", at, found.end())


def dose_at(text: str, at: int) -> Token | None:
    """Return the dose of a steroid that begins at a place; doses by body weight are none."""
    found = _STEROID_DOSE.match(text, at)
    if found is None or "/kg" in found[0]:
        return None
    whole = found[0]
    end = found.end() - (whole.endswith((")", "]")) and whole[0] not in "([" and whole.count(")") > whole.count("("))
    return Token("dose", at, end, found)


def permits_another(sentence: Sentence, at: int) -> Token | None:
    """Return the bracket that begins at a place if it lets in treatments, all of them others than those in front of it.

    "No chemotherapy for metastatic disease (endocrine therapy is allowed)": who had both had chemotherapy all the same.
    """
    text = sentence.text
    found = _PERMITS.match(text, at)
    if found is None or _CONDITION.search(found[0]) or not _PLAIN.fullmatch(sentence.masked, at, found.end()):
        return None
    inside = [item for hit in sentence.between(at, found.end()) if (item := treatment_of(hit, sentence)) is not None]
    outside = [
        item for hit in sentence.between(max(0, at - _REACH), at) if (item := treatment_of(hit, sentence)) is not None
    ]
    if not inside or not outside or any(item.procedure or item.unknown for item in (*inside, *outside)):
        return None
    knowledge = sentence.knowledge
    apart = not any(
        not item.drugs
        or not other.drugs
        or within(item.drugs, other.drugs, knowledge)
        or within(other.drugs, item.drugs, knowledge)
        for item in inside
        for other in outside
    )
    early = (
        _EARLY.search(found[0])
        and _LATE.search(text, max(0, at - 60), at)
        and not _EARLY.search(text, max(0, at - _REACH), at)
    )
    return Token("aside", at, found.end()) if apart or early else None


_LOCAL = re.compile(
    r"(?:[(\[]|(?=e))(?:excluding|except(?:ing|ion)?(?: for)?|not including|other than|with the exception of|does not include)(?:[ ,/]*\b(?:topical(?:ly)?|inhaled|inhalation(?:al)?|intra-?nasal|nasal|ocular|intra-?ocular|ophthalmic|otic|intra-?articular|local|steroids?|corticosteroids?|glucocorticoids?|sprays?|eye|drops?|and|or|creams?|injections?|administered|applied|administration|use|the|any)\b)+(?:[)\]]|(?=\s*(?:[.;]|\Z)))"
)
"""Ways to give a steroid that reach no more than a part of the body: the class asked for leaves them out."""


def aside_at(text: str, at: int) -> Token | None:
    """Return the bracket that begins at a place if it only gives examples or leaves out what is no treatment."""
    local = _LOCAL.match(text, at)
    if local is not None and "steroid" in text[max(0, at - 120) : at]:
        return Token("aside", at, local.end())
    if not _ASIDE.match(text, at) and not (_EARLIER.match(text, at) and _LATE.search(text, max(0, at - 60), at)):
        return None
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0:
            return Token("aside", at, i + 1)
    return None
