"""Sentences on another cancer whose times, states and exceptions no parameter holds: whoever has none is not meant.

"Another cancer that was not in remission for three years", "no prior cancer except A, B, or any that was cured five
years ago". Every word must be one that tells which other cancers are meant; a person says whether the patient's is
among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from her2nav.kinds.reading.base import Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node

MEANT = "whether the other cancer is among those meant"
_CANCER = r"(?:malignanc(?:y|ies)|cancers?|neoplasms?|neoplasias?|carcinomas?|malignant (?:tumou?rs?|neoplasms?|disease)|primar(?:y|ies)|primary tumou?rs?|solid tumou?rs?)"
_OTHER = r"(?:other|another|second|2nd|secondary|additional|prior|previous|previously|past|concurrent|concomitant|synchronous|co-?existing|any|history of|multiple|non-?[ ]?breast|different|invasive|active|known|primary|solid|systemic|no|or|and|and/or|current|non-?melanom\w+|treated|untreated|hematologic(?:al)?|haematologic(?:al)?|malignant|diagnos[ei]s of|active|unrelated)"
NAMED = Sought(
    rf"\b(?:other|another|second|2nd|secondary|additional|prior|previous|past|concurrent|concomitant|synchronous|co-?existing|any|history of|multiple|non-?[ ]?breast|no(?= (?:malignanc|cancer|neoplas|other|prior|previous|second|concurrent|non-?[ ]?breast|history|known|active|past))) ?(?:\([\w -]{{2,14}}\) )?(?:[ ,/-]*{_OTHER}\b)*[ ,/-]*{_CANCER}\b(?! (?:treat|therap|drug|directed|regimen|surg|medic|chemo))"
    rf"|\b{_CANCER} (?:at|of|in) other sites\b"
)
"""Another cancer than the trial's own."""
_OWN = re.compile(
    rf"\b(?:(?:underlying|current|their|index|this|the) (?:[\w-]+ )?{_CANCER}(?! (?:at|of|in) other| (?:is|was|has|must|under (?:study|investigation)))|(?:ipsilateral|contralateral|bilateral|metastatic|advanced|recurrent) )"
)
"""Words of the trial's own cancer."""
_WORDS = (
    "the a an of for in to at by on from with without within or and and/or that which who whose whom is are was were be been being has have had having no not none any all some other others another second 2nd "
    "secondary additional prior previous previously past concurrent concomitant synchronous co-existing coexisting multiple history known documented diagnosed diagnosis diagnoses evidence presence current "
    "currently active ongoing systemic invasive noninvasive non-invasive primary solid different distinct site sites elsewhere malignanc* cancer* neoplas* carcinoma* tumor* tumour* malignant disease disease-free tumor-free "
    "free non breast hematologic hematological haematological nonhematologic patient* participant* subject* individual* those they he she their his her must should may can could might will would do does did this these study trial "
    "except excepting exception exceptions excluding exclude excluded other than unless aside apart besides following including include includes limited such as e.g i.e eg ie example only also either "
    "treated treatment treatments therapy therapies required requiring requires require received receive receiving undergone completed complete completely completion curatively curative curable cured cure intent adequately adequate "
    "definitively definitive successfully appropriately appropriate properly fully potentially surgically surgery surgical resection resected excised excision local locally localized localised locoregional radically radical remission "
    "complete continuous continuously residual recurrence recur recurred recurring relapse relapsed progressing progressed progression progressive stable controlled inactive indolent low low-grade low-risk lowgrade very negligible minimal risk probability likelihood chance "
    "metastasis metastases death impact survival interfere interfering alter likely unlikely expected considered deemed judged believed felt stage stages early limited superficial situ in-situ i ii 1 2 0 squamous basal cell skin cervix cervical uterine uteri cone biopsied cone-biopsied bladder "
    "prostate thyroid endometrial urothelial melanoma lentigo cis preinvasive intraepithelial non-melanoma nonmelanoma non-melanomatous cutaneous ductal lobular dcis lcis papillary noninvasive ta tis t1 gleason epithelial type types kind "
    "year* month* since before after prior start entry enrollment enrolment randomization randomisation registration screening dose first drug date day consent signing informed inclusion during last past ago more less least greater than over minimum period time interval duration "
    "remained remain remains remaining been eligible ineligible allowed permitted acceptable accepted included enrolled if when where but who now currently none specific under investigation surveillance observation "
    "determined investigator opinion principal treating physician five three two ten one shown recurring s affect affects compliance protocol interpretation result results confound "
    "safety efficacy assessment assessments natural course potential has-the regimen investigational requires aside apart yet histology histologic histologically confirmed addition disease-free cancer-free cleared well controlled considered complete-remission contralateral ipsilateral bilateral low intermediate high multifocal organ organs same"
)
_REQUIRED = re.compile(
    r"\brequir(?:ed|es|ing) (?:(?:any|active|prior|systemic|local|either|[\ue000-\uf8ff]+|radiotherapy|radiation|chemotherapy|hormonal|treatments?|therap(?:y|ies)|surgery|or|and|and/or)\b ?|[\ue000-\uf8ff]+ ?|[,/] ?)+"
)
"""What another cancer needed: the treatment is told of that cancer, and asked of nobody."""
OF_THIS = re.compile(
    r"\bfor (?:this|the (?:current|present)) (?:cancer |malignancy )?(?:or|and/or) (?:for )?(?:any|other|another|a)\b[^.;,]*$"
)
"""What was given for the trial's own cancer as well: the other cancer is not what is asked."""
_YEARS = 365
_SENTENCES = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<=[a-z)])\.\s*(?=[a-z])(?!g\.|e\.)")
"""A full stop with more behind it: another sentence."""
_EXCEPTED = re.compile(
    r"\b(?:except|other than|exclud|unless|apart from|aside from|in addition to|(?:distinct|different)(?: in [\w ]{4,40})? (?:from|to)\b)"
)
"""Behind it cancers are named that are let in."""


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    own = "|".join(
        rf"{re.escape(word[:-1])}[a-z]*" if word.endswith("*") else re.escape(word)
        for word in sorted(set(_WORDS.split()), key=len, reverse=True)
    )
    names = (
        "other_cancer",
        "cured_cancer",
        "tumour",
        "histology",
        "anchor",
        "condition",
        "spread",
        "site",
        "tumour_site",
    )
    marks = "".join(sorted({mark for name in names for mark in words.marks(name)}))
    return re.compile(
        rf"(?:[\s,;:.()\[\]/'\"≥≤<>=&*-]|{MACROS['time']}|\b\d{{1,2}}[.)]|(?:{own})(?!\w|-\w)|[{marks}]++)*+"
    )


_TIME = re.compile(MACROS["time"])
_PEOPLE = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?|individuals?|those|the|any|who|that|with|must|should|have|has|had|having|not|no|known|there|is|are|a|an|be|been|(?:disease|cancer)-?free|free|of|from|without)\b[\s,]*)*"
)
_VERDICT = r"(?:is|are|will be|be) (?:not )?(?:eligible|ineligible|excluded|allowed|permitted)(?: (?:from|for|in) (?:the |this )?(?:study|trial))?"
_PLAIN = re.compile(
    rf"(?:(?:history of|any|known|prior|previous|other|another|active|second|or|and)\b[\s,]*)*{_CANCER}[\s,]*(?:{_VERDICT})?[\s.;]*"
)
_AROUND = re.compile(rf"(?:{_PEOPLE.pattern}|{_VERDICT}|\b(?:history of|prior|previous|other|any|or|and)\b|[\W])*")
_DENIED = re.compile(r"\b(?:no|not|without|free of|free from)\b")


def of_another_cancer(sentence: Sentence) -> Stretched | None:
    """Return a sentence that as a whole tells which other cancers shut out; None where it says anything else."""
    text = sentence.text
    named = NAMED.search(text)
    if named is None or sentence.permits or _OWN.search(_EXCEPTED.split(text, 1)[0]):
        return None
    if _SENTENCES.search(text):
        return None
    if any((days_of(found[0]) or _YEARS) < _YEARS // 2 for found in _TIME.finditer(text)):
        return None  # weeks are those since a treatment
    grammar = _grammar(sentence.knowledge)
    conditions = sentence.knowledge.conditions.conditions
    for hit in sentence.hits:
        known = conditions.get(hit.id("condition") or "")
        if known is not None and known.group != "malignancy" and not hit.ids("cured_cancer"):
            return None
    shown = _REQUIRED.sub(lambda found: " " * len(found[0]), sentence.masked)
    for hit in sentence.hits:
        if grammar.fullmatch(text, hit.start, hit.end) is not None:
            shown = f"{shown[: hit.start]}{text[hit.start : hit.end]}{shown[hit.end :]}"
    if grammar.fullmatch(shown) is None:
        return None
    front = _PEOPLE.match(text)
    start = front.end() if front is not None else 0
    denied = _DENIED.search(text, 0, start) is not None
    if start > named.end() or (sentence.section == "inclusion" and not denied):
        return None
    end = len(text.rstrip(" .;"))
    node: Node = leaf("second_malignancy")
    if _PLAIN.fullmatch(text, start) is None:
        node = AllOf((node, leaf("judgement", topic=MEANT)))
    return Stretched(start, end, node)


def leaves_out(sentence: Sentence, whole: Stretched, typed: Sequence[Stretched]) -> bool:
    """Whether more than people and verdicts of the sentence stands outside what was read of it."""
    at = whole.start
    for item in (*typed, Stretched(whole.end, whole.end, whole.node)):
        if item.start > at and _AROUND.fullmatch(sentence.text, at, item.start) is None:
            return True
        at = max(at, item.end)
    return False
