"""Conditions in front of a demand: "if HER2-positive, …", "patients with … must have received …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.criteria.ages import COMING_OF_AGE
from her2nav.language.sought import Several, Sought
from her2nav.model.tree import Node, leaves

_PEOPLE = r"(?:all |any |those (?=p|subj|ind|wom|men))?(?:patients?|participants?|subjects?|individuals?|those|women|men|females?|males?)"
_OF_AN_AGE = (
    r"(?:(?:infants?|children|adolescents?|adults?|minors|patients?|participants?|subjects?|individuals?|those|women|men|females?|males?)(?: (?:and|or) )?){1,2}(?: who are| that are)?(?: aged?| ages)?"
    r"(?: of| between)? ?(?:[<>≤≥]|under|over|below|above|older than|younger than|less than|more than|greater than|\d{1,2}(?= ?(?:-|to|and|through|years? of age or (?:older|younger))))"
    r"[^;:.,]{0,40}?\b(?:years?|yrs?)(?: (?:of age|old))?(?: (?:or|and) (?:older|younger|above|over))?"
)
"""People of an age."""
_AGE = r"(?:ages?d? (?:of )?\d{1,2}(?: years?)? (?:and|or) (?:under|over|older|younger|above|below)|(?:over|under|below|above) (?:the )?age (?:of )?\d{1,2})"
"""An age as a label."""
_DEMANDS = (
    r"(?:must|should|need to|needs to|has to|have to|is required to|are required to|will be required to|will|had to)"
)
_GUARDS = (
    Sought(
        rf"(?s)\W*(?:note\W+)?(?:(?:for|in) )?(?P<when>{_OF_AN_AGE}(?=,|:| {_DEMANDS}\b)|{_AGE}(?=:))[,:]? ?(?P<then>\S.*)"
    ),
    Sought(r"(?s)\W*in (?:the )?(?P<when>(?:absence|presence) of [^,;:]{3,100}),\s*(?P<then>\S.*)"),
    Sought(
        r"(?s)\W*(?:(?:note|nb|or|and|but|however|also)\W+)?(?:if|when|where|in case of|in the case of)\s+(?P<when>[^,;:]{3,300})[,:]\s*(?:then )?(?P<then>\S.*)"
    ),
    Sought(
        r"(?s)\W*(?:if|when) (?P<when>(?=[^,;:.()]{0,40}(?:\bihc\b|her-?\s?2|receptor|\b[ep]r\b))[^,;:.()]{3,80}?) (?P<then>(?:must|should|needs to|has to) (?:also )?(?:be|have|show) .*)"
    ),
    Sought(
        rf"(?s)\W*(?:if|when) (?P<when>[^,;:.]{{3,120}}?) (?P<then>(?:they|he|she|it|these patients|those patients|the patient|patients) {_DEMANDS}\b.*)"
    ),
    Sought(
        rf"(?s)\W*(?:for|in) (?P<when>(?:{_PEOPLE} (?:with|who have|having) )?[^,;:()]{{2,80}}?) only[)\],:]+\s*(?P<then>\S.*)"
    ),
    Sought(
        rf"(?s)\s*(?:for|in|among) (?P<when>(?:{_PEOPLE} (?:with|who|whose|having|that) )?[^,;:]{{3,160}})(?:,|:)\s*(?P<then>\S.*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>{_PEOPLE} (?:with|who (?:have|has|are)|whose|having) [^;:]{{3,240}}?) (?P<then>{_DEMANDS}(?:,? not| not be)?,? (?:also |only |additionally |however,? )?(?:have |be |been |either |also )*"
        r"(?:previously |prior |already )?(?:received?|progress\w*|fail\w*|treat\w*|had|prior|experienced|undergone|relapsed|on |refractory|recurred|exhausted|be |use |(?:documented |evidence of |had )?(?:disease )?(?:progression|relapse)).*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>{_PEOPLE} (?:with|who (?:have|has|are)|whose|having) [^;:]{{3,160}}?) (?P<then>shows? (?:documentation|documented|evidence)\b.*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>[^;:.,]{{3,100}}? (?:{_PEOPLE}|tumou?rs?|cancers?)(?:,? \(?(?:as )?defined (?:as|by) [^;:]{{3,160}}?[,)])?) (?P<then>{_DEMANDS} (?:also |have |be |been )*(?:received?|progress\w*|fail\w*|treat\w*|had|prior)\b.*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>(?:her-?2(?:/neu)?|er|pr|hr|hormone receptor|triple)[\w/ +()-]{{0,24}}(?<=[+\w)-])) (?P<then>{_DEMANDS} (?:also |have |be |been )*(?:received?|progress\w*|fail\w*|treat\w*|had|prior)\b.*)"
    ),
    Sought(
        rf"(?s)\W*(?:[a-d][.)]\s+)?(?P<when>(?:her-?2(?:/neu)?|er|pr|hr|(?:hormone|o?estrogen|progesterone) receptor)[\w/ +()-]{{0,24}}?(?:positive|negative|low|\+) (?:{_PEOPLE})) (?P<then>{_DEMANDS} (?:also )?(?:have|be|show|demonstrate)\b.*)"
    ),
    Sought(
        r"(?s)\W*(?:note\W+)?(?P<when>(?:locally (?:advanced|recurrent)|metastatic|recurrent) [\w ,/-]{0,40}?(?:disease|cancer|tumou?rs?)) (?P<then>(?:must|should) .*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>(?:all )?(?:pre|peri|post)[^;:.,]{{0,60}}?menopausal[^;:.,]{{0,60}}?) (?P<then>{_DEMANDS} (?:also |concurrently |concomitantly |be |have been |have )*(?:receiv\w+|treated|taking|on\b|undergo\w*|agree|use|willing|start\w*).*)"
    ),
    Sought(
        r"(?s)\W*(?:for|in) (?P<when>[^,;:.]{3,80}?(?:cancers?|carcinomas?|tumou?rs?)(?: \([^()]{1,10}\))?),? (?P<then>(?:at least |no more than |up to )?(?:one|two|three|\d)\b.*)"
    ),
    Sought(
        rf"(?s)\s*(?P<when>[^;:.]{{3,100}}):\s*(?P<then>(?:{_PEOPLE} (?:(?:with|who have) [^.;:]{{3,80}}? )?)?{_DEMANDS} .*)"
    ),
)
"""Ways to say under what condition a demand binds."""
_ANY_GUARD = Several(_GUARDS)
_OF_AGES = 0
_LABELS = (len(_GUARDS) - 2, len(_GUARDS) - 1)
"""Places of the guards that name an age, and of those that may be a label."""
_AND_THOSE = Sought(
    r"(?<=[a-z0-9)])(?P<comma>,?) and (?=(?:those|patients|participants|subjects) (?:with|who (?:have|are)|whose|having) )"
)
"""Where a second demand begins that binds some patients only."""
_GUARDING = frozenset(
    {"her2_status", "her2_mutation", "her2_amplification", "hormone_receptor", "gene_status", "other_driver", "msi_mmr", "pd_l1", "other_biomarker", "menopausal_status"}
)  # fmt: skip
"""Kinds that make a condition of the words in front."""
_OF_A_LABEL = frozenset(
    {"tumour_type", "disease_setting", "her2_status", "hormone_receptor", "her2_mutation", "unread", "judgement"}
)
_CONFIRMED = re.compile(r"histo|cyto|patholog|confirmed|diagnos|documented|following|inclusion|criteria")
"""Words with which a label asks for the cancer itself."""
_EXPLICIT = re.compile(
    rf"\W*(?:(?:note|nb|or|and|but|however|also)\W+)?(?:(?:if|when|where|in case of|in the case of|in (?:the )?(?:absence|presence) of)\b|\(?(?:for|in|among) {_PEOPLE} (?:with|who|whose|having|not|on|taking|receiving|without)\b|(?:locally|metastatic|recurrent)\b|{_PEOPLE} who (?:have |has |had )?(?:undergone|underwent|received|had)\b)"
)
"""Openings that can only be a condition."""


_FOR_SOME = re.compile(
    r"\W*for (?!(?:the |this )?(?:all|any|both|each|every|study|trial|inclusion|exclusion|enrol\w*|entry|eligibility|participation|registration|screening|randomi\w+|subjects?\b|patients?\b|participants?\b|purposes?))[^:]{4,100}:"
)
"""What a demand is for, in front of it."""
_OF_PEOPLE = re.compile(rf"{_PEOPLE} (?:with|who (?:have|has)|having)\b|[^;:.,]*\b(?:patients|participants|subjects)$")


@dataclass(frozen=True, slots=True)
class Guard:
    """Where a condition and the demand under it stand in a sentence.

    Attributes:
        when: Stretch of the condition.
        then: Stretch of the demand.
        explicit: "If" or "for patients with" says that it is a condition, whatever it names.
        label: A name and a colon: "Pancreatic cancer: participants must …".
        of_people: Some patients by what they have: "Patients with ovarian cancer must …".
        of_age: Some patients by their age.
        fronted: "For" and a colon: "for the combination: …".
        only_cancer: Nothing but a cancer makes a condition of it: "patients with HER2-positive disease must be women".
    """

    when: tuple[int, int]
    then: tuple[int, int]
    explicit: bool
    label: bool = False
    of_people: bool = False
    only_cancer: bool = False
    of_age: bool = False
    fronted: bool = False

    def holds(self, when: Node) -> bool:
        """Whether the words in front, as read, are a condition and not part of the demand."""
        if self.only_cancer:
            return False
        found = list(leaves(when))
        if self.of_age:
            ages = [item for item in found if item.kind == "age"]
            grown = any((item.params.min or 0) in COMING_OF_AGE for item in ages)
            return bool(ages) and (self.label or not grown) and all(item.kind in ("age", "unread") for item in found)
        if self.explicit and all(item.kind != "unread" for item in found):
            return True
        kinds = {item.kind for item in found}
        if self.label and "tumour_type" in kinds and kinds <= _OF_A_LABEL:
            return True
        return any(item.kind in _GUARDING for item in found)


def second_guard(written: str) -> int | None:
    """Return where "…, and those with HER2-positive disease must have received …" begins; None where nothing does.

    What stands before must be a demand of its own, not the first of two sorts of patients.
    """
    for found in _AND_THOSE.finditer(written):
        head = written[: found.start()]
        own = (
            re.search(rf"\b{_PEOPLE}\b", head) is None
            or (found["comma"] and re.search(rf"\b{_DEMANDS}\b", head))
            or guard_of(head) is not None
        )
        if own and head.count("(") == head.count(")") and guard_of(written[found.end() :]) is not None:
            return found.end()
    return None


_OF_A_CANCER = Sought(
    rf"(?s)\s*(?P<when>{_PEOPLE} (?:with|who (?:have|has)|having) [^;:.]{{3,100}}?|[\w -]{{3,60}}? (?:patients|participants|subjects)) (?P<then>{_DEMANDS} (?:also |have |be |been )*\S.*)"
)


def cancer_guard_of(written: str) -> Guard | None:
    """Return the guard of "patients with breast cancer must have HER2-negative disease"; whether it is one, the cancer says."""
    found = _OF_A_CANCER.match(written)
    return (
        Guard(found.span("when"), found.span("then"), explicit=False, of_people=True, only_cancer=True)
        if found
        else None
    )


_OF_SOME_PEOPLE = Sought(
    rf"(?s)\W*(?P<when>{_PEOPLE} (?:with|who|whose|having|aged|over|older|younger|under|on|receiving|taking|[≥>]) [^;:.]{{2,160}}?) (?P<then>{_DEMANDS} (?:also |first |have |be |been |undergo |take )*\S.*)"
)


def of_some_people(written: str) -> Guard | None:
    """Return whom a demand binds that asks for nothing but a test or a confirmation; whether it does, the demand says."""
    found = _OF_SOME_PEOPLE.match(written)
    return Guard(found.span("when"), found.span("then"), explicit=False, of_people=True) if found else None


def guard_of(written: str) -> Guard | None:
    """Return the guard of a plain sentence; None where it has none in front."""
    place, found = next(_ANY_GUARD.match(written), (-1, None))
    if found is None:
        return None
    if place == _OF_AGES:
        colon = written.startswith(":", found.end("when"))
        return Guard(found.span("when"), found.span("then"), explicit=False, label=colon, of_age=True)
    label = place in _LABELS and _CONFIRMED.search(found["when"]) is None
    people = _OF_PEOPLE.match(found["when"]) is not None
    fronted = _FOR_SOME.match(written) is not None and written.startswith((":", " only:"), found.end("when"))
    explicit = _EXPLICIT.match(written) is not None
    return Guard(found.span("when"), found.span("then"), explicit, label, people, fronted=fronted)
