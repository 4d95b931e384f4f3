"""Words that frame a proposition and change nothing about who may take part, so that they need not be read.

A word may stand here only if no patient's answer can depend on it: when something is looked at, by which edition of a
scale, on which page it is explained, and the name of a group of values in front of the values themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.criteria.framing_asides import ASIDES_ANYWHERE, MINOR_SURGERY, NOTHING_MORE
from her2nav.criteria.framing_labels import LABELS, POINTS_ELSEWHERE
from her2nav.criteria.framing_rows import ANYWHERE
from her2nav.criteria.framing_words import beside
from her2nav.criteria.readings import Reading
from her2nav.criteria.reasons import reasons
from her2nav.criteria.short_names import repeated
from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.menopause import explains
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Alternatives, Sought, Wholes
from her2nav.model.tree import leaves

_WHEN = frozenset({"anchor"})
_SCALES = frozenset({"recist", "ctcae"})
_EDITION = re.compile(
    r"[\s,(]*(?:(?:\b(?:criteria|guidelines?|version|v\.?|edition|scale)\b|\(v\.?\))[\s,]*)*(?:\bv?\.?\s?\d(?:\.\d+)?\b)?[)\]]?"
)
_OF_DRUG = re.compile(r" (?:of|with) (?:the )?")
"""Behind a visit: "the first dose of pertuzumab" names the study drug."""
_VERB_BEFORE = re.compile(
    r"\b(?:is|are|be|been|being|was|were|not|have|has|criteria|requirements?|following)\s+(?:all )?$"
)
_VERB = "met"
"""A verb that is also the name of a gene."""

_ORGAN = (
    r"(?:end-?\s?organ|major|organs?|systems?|bone|marrow|ha?ematolog(?:ic|ical|y)|ha?ematopoietic|hepatic|liver|renal|kidney|cardiac|cardiovascular|heart|pulmonary|lung|respiratory|coagulation|metabolic|biochemical|biochemistry|laboratory|"
    r"lab|blood|cell|biliary|hepatobiliary|immune|pancreatic|thyroid|left ventricular|physiologic(?:al)?|baseline|clinical|chemistry|electrolytes?|performance)"
)
_BEFOREHAND = (
    rf"(?:obtained |performed |measured |documented |taken |done )?(?:within|≤|in|during) (?:the )?(?:last |past |previous |prior )?{MACROS['time']}"
    r"(?: (?:prior to|before|of|preceding|from) (?:the )?(?:(?:first|start|starting|study|trial|treatment|dose|drug|entry|registration|randomi[sz]ation|enrol+ment|screening|therapy|initiation|beginning|inclusion|administration|protocol|planned|date|day|cycle|consent|of|the|to|1|step|subject|patient|baseline)[\s/]*)+)?"
)
"""When values are taken: they may be taken again."""
_LABEL = Sought(
    rf"(?:(?<=[.;,:)])\s*|\band\s+|\A\W*)(?:(?:the |an? )?(?:patients? )?(?:must have |has |have |with )?(?:evidence of )?(?:adequate|acceptable|normal|abnormal|inadequate|impaired|sufficient|satisfactory|good|required|minimum|appropriate|baseline|the following)\s+)?"
    rf"{_ORGAN}(?:[\s,/&-]+(?:(?:and|or)\s+)?{_ORGAN})*(?:\s+(?:functions?|reserves?|values?|parameters?|tests?|status|counts?|ind(?:ices|ex)|profile|capacity|requirements?|studies|criteria))*"
    rf"(?:[\s,]*\(?{_BEFOREHAND}\)?)?"
    rf"(?=\s*[:(]|\s*,?\s*(?:as )?(?:defined|evidenced|demonstrated|indicated|determined|shown|assessed|measured|documented|confirmed|manifested|described|reflected)\b|\s+as follows|\s+with(?:in)? the following|\s+-\s|\s*,?\s*(?:including|i\.?e\.?|with)\b)"
)
"""The name of a group of values: it says no more than the values behind it."""
_VALUES = frozenset({"lab_value", "lvef", "qtc", "performance_status", "vital_sign", "cardiac_history", "body_measure"})
_PHRASES = (
    r"\(\s*(?:please )?(?:see|refer to|cf\.?)\s[^()]{0,60}\)|\b(?:please )?(?:see|refer to) (?:also )?(?:the )?(?:appendix|section|table|figure)\s[\w.]{1,8}|\bas (?:outlined|described|detailed|noted|shown) in (?:the )?(?:protocol )?(?:appendix|section|table|figure)\s[\w.]{0,7}\w",
    r"\b(?:calculated |estimated |measured |computed )?(?:by|using|per|according to|with|via|from|on)? ?(?:the )?(?:modified )?cockcroft(?:[ -](?:and[ -])?)?gau?lt(?:'?s)?(?: (?:formula|equation|method|calculation))*",
    r",? ?\b(?:per|according to|as per|following) (?:the )?(?:local|institutional|national|international|regional|standard)(?:(?:,? (?:or|and|and/or) |/)(?:local|institutional|national|international|regional|standard))* (?:treatment |clinical |practice )?(?:guidelines?|standards?|practices?)\b",
    r"\b(?:per|according to|as per|by|following) (?:the )?(?:local|institutional|institution'?s?|national|standard|site|hospital) (?:guidelines?|standards?(?: of care)?|practices?|polic(?:y|ies)|procedures?)\b(?: (?:guidelines?|practices?))?",
    r"\b(?:clinical(?:/| or )pathological |pathologic(?:al)? |written |adequate |radiographic |radiological )?(?:documentation|confirmation) (?:of|that)\b",
    r"(?<=defined as) follows?\b|\bas follows\b(?=\s*[:;,]?\s*$)|\b(?:all|any|one|both|each) of the following(?: \w+)? (?:criteria |conditions )?(?:apply|applies|are (?:met|fulfilled|satisfied|present)|is (?:met|true|present|fulfilled))\b|\bmeet(?:ing|s)? (?:one|any|all|at least one) of the following(?: criteria| conditions| definitions)?\b",
    r"[,(]?\s*\b(?:because|since (?:the|this|these|it|they)(?! (?:[\w-]+ ){0,3}(?:last|latest|date|completion|end|start|beginning|initiation|time|first|prior|previous|recent|diagnosis|biops\w+|surg\w+|operation|discontinuation|cessation|resolution|doses?|treatment|therapy|administration)\b(?! (?:menstr|menses|period)))|given (?:the )?(?:concern|potential|risk)s?|due to (?:the |an? )?(?:potential|possible|unknown|increased risk|concerns?|lack of (?:data|information)|risk of)|(?<!long )(?<!soon )(?<!far )as (?:this|these|they|it) (?:may|might|could|can|would))\b[^.;()]*+\)?$(?=[^\w]*\Z)",
    r"\bat least (?:one|1)\b(?: \(1\))?(?! of\b| (?:week|month|day|year|dose|cycle))|\bif (?:clinically )?(?:applicable|appropriate)\b|\b(?:as|where|when) (?:applicable|appropriate)\b",
)
"""Each is tried only where its own words stand."""

_CODE = Sought(
    r"\b(?:first|initial) (?:dose|infusion|administration|injection) of (?:the )?(?P<code>(?:\[[a-z\d]{1,6} ?\] ?)?(?:[a-z][a-z-]{0,9}\d[a-z\d-]*|[a-z]{4,}(?:mab|nib|ib|tinib|tide|tug|tan|cel|lisib|clib|parib|vedotin|deruxtecan|tecan|leucel|kin|gene))(?:[ -][a-z]{4,})?)(?=\s*[.;,)]|\s*\Z)"
)
"""The study drug by its code: "before the first dose of AB-123"."""

_NOTHING = Wholes(
    r"\W*(?:note\W*)?",
    r"(?:other|further|additional)\b[\w ,/-]{0,30}\b(?:inclusion|exclusion|eligibility)\b[\w ,/-]{0,30}\bcriteria\b[\w ,/-]{0,40}\b(?:apply|applies|exist|considered|protocol)"
    r"|(?:please )?(?:see|refer to) (?:the )?(?:[\w/-]+ ){0,3}(?:characteristics|therapy|chemotherapy|radiotherapy|surgery|criteria|protocol)"
    r"|(?:(?:hormone receptor|menopausal|performance|receptor|her-?2(?:/neu)?|er/pr|nodal) )?(?:status|sex|age|gender|life expectancy|other|hematopoietic|hepatic|renal|cardiovascular|pulmonary)?\W*not (?:otherwise )?specified"
    r"|(?:hepatic|renal|cardiovascular|pulmonary|ha?ematopoietic|ha?ematologic(?:al)?|ha?ematology|laboratory(?: values?| parameters| tests)?|required laboratory values|system \(laboratory values\)|concomitant medications?|prior therap(?:y|ies)|prior/?concurrent therapy|patient characteristics|disease characteristics|performance status|other|age|sex|life expectancy|menopausal status|hormone receptor status)\W*"
    rf"|(?:(?:at the time of (?:study )?(?:entry|registration|enrol+ment|screening)|within|patients?|participants?|subjects?|must|should|have|has|having|with|demonstrate|adequate|acceptable|normal|following|required|screening|pre-?treatment|baseline|clinical|initial|minimum|the|all|all of|a|an|and|or|as|of|in|to|be|meet|meeting|met|evidenced|defined|specified|indicated|determined|obtained|performed|done|collected|measured|taken|by|for|at|time|inclusion|study|entry|registration|values?|results?|evaluations?|parameters?|tests?|studies|counts?|functions?|reserves?|requirements?|criteria|labs?|{_ORGAN})[\s,/()&-]+)*"
    rf"(?:laboratory|lab|labs|blood|ha?ematolog(?:y|ic|ical)|organ|marrow|hepatic|renal|liver|biochemistry)\b(?:[\s,/()&-]+(?:and|or|as|of|in|the|following|criteria|must|should|be|have|has|is|are|meet|met|within|evidenced|defined|specified|indicated|shown|obtained|performed|done|collected|measured|taken|documented|by|for|at|time|before|prior|to|acceptable|normal|adequate|ranges?|limits?|study|entry|registration|inclusion|values?|results?|evaluations?|parameters?|tests?|studies|counts?|functions?|reserves?|requirements?|below|follows|labs?|clinical|screening|baseline|all|{_ORGAN}|{_BEFOREHAND}))*[\s)]*(?::|(?<=below)\.?(?=\W*\Z)|(?<=follows)\.?(?=\W*\Z))"
    rf"|(?:(?:adequate|acceptable|normal|sufficient|inadequate|impaired|required|minimum) )?{_ORGAN}(?:[\s,/&-]+(?:(?:and|or)\s+)?{_ORGAN})*\s+(?:functions?|reserves?|status|tests?|counts?|parameters|values?)\b,?(?: (?:is |as |are )?(?:defined|evidenced|demonstrated|indicated|shown|determined|measured)(?: (?:as|by))?| as)?(?: (?:all of |each of )?(?:the )?follow(?:s|ing)(?: (?:criteria|laboratory values|parameters))?)?\s*:"
    r"|(?:laboratory|lab|blood|baseline laboratory) (?:values?|results?|tests?|data|parameters?|counts?)(?: (?:must be )?(?:obtained|performed|done|collected|taken|within|in|the|following|limits|acceptable|range|meeting|meet|criteria|parameters|including|required|\W))*\s*:|(?:pre-?treatment|screening|baseline|laboratory) requirements\s*:"
    r"|(?:all )?(?:patients|participants|subjects|women)? ?(?:must|should|will|to)? ?(?:meet|satisfy|fulfil+) (?:the |all (?:of )?(?:the )?)?following (?:[\w-]+ )?(?:criteria|requirements|conditions)(?: (?:for|regarding|on|concerning|about) [\w ]{3,40})?|all (?:of )?the following (?:[\w-]+ )?criteria must be (?:met|fulfilled)|the following criteria for (?:evidence of )?[\w ]{3,60} must be (?:met|fulfilled)"
    r"|(?:male or female|female or male|men (?:or|and) women|women (?:or|and) men|males (?:or|and) females|females (?:or|and) males)(?: (?:patients|participants|subjects|adults))?"
    r"|screening for (?:chronic |infectious |viral )*(?:conditions?|diseases?|infections?) (?:is|are) not required(?: for eligibility)?"
    r"|[\w ,/()-]{0,80}\btest(?:ing|s)? (?:will|should|need|needs|is|are) (?:only )?(?:to )?(?:be )?(?:done|performed|required|conducted|repeated) (?:only )?(?:if|when|as|where) (?:clinically |otherwise )?(?:indicated|required by local regulations?)[^.;]{0,60}"
    r"|(?:patients|participants|subjects|they) (?:may|can) (?:receive|be given|be transfused|have)[\w ,/()-]{0,60}\btransfus\w+[\w ,/()-]{0,30}\b(?:to (?:achieve|obtain|meet|reach|attain)|at the discretion)[^.;]{0,100}|initial treatment must not begin earlier than the day after the [\w ]{0,20}transfusion"
    r"|(?:cockcroft[^.;=]{0,60})?(?:(?:for )?(?:fe)?males?\W{0,3})?(?:(?:creatinine clearance|crcl|estimated creatinine clearance|clcr)[^;=<>≥≤]{0,50}=\s*)?[\[({\s]*140\s*[-–]\s*(?:patient'?s? )?age\b[^;<>≥≤]{0,200}"
    rf"|{MINOR_SURGERY}"
    r"|(?:the )?(?:triplicate|three) (?:ecgs?|ekgs?) (?:must|should|will) be (?:performed|obtained)[^.;]{0,80}"
    r"|(?:other|additional) (?:protocol[- ]defined )?(?:inclusion|exclusion|eligibility)?[/ ]*(?:inclusion|exclusion|eligibility)? ?(?:criteria )?may apply"
    r"|(?:among other criteria, )?(?:patients|participants|subjects) (?:who )?(?:meet|meeting|with) any of the follow\w*(?: \w+){0,3} (?:will be|are|is|were) (?:excluded|ineligible|not eligible)[\w ,]{0,60}:?"
    r"|(?:(?:age|sex|performance status)\s*:\s*)?(?:women and men|men and women|patients )?(?:of )?any (?:age|sex|gender|race|menopausal status|hormone receptor|hormone receptor status)(?:[ ,/]*(?:or|and)[ ,/]*(?:any )?(?:age|sex|gender|race|ethnicity))*"
    r"|(?:required|initial|baseline|screening|pre-?treatment)(?: (?:required|initial|baseline|screening|pre-?treatment))* (?:laboratory|lab) (?:data|values|tests|results)"
    r"|(?:target|study|patient|trial) (?:population|selection|characteristics)|(?:inclusion|exclusion|eligibility|selection) criteria"
    r"|(?:the )?(?:patients?|participants?|subjects?)?\s*(?:must|should|will|to)?\s*(?:meet|fulfil+|satisfy|be eligible if they meet)s? (?:all|each) (?:of )?(?:the )?(?:following|these|below)[\w ,-]{0,60}(?:criteria|requirements|conditions)?[\w ,]{0,40}"
    r"|(?:inclusion of )?(?:both )?(?:men and )?women(?:,)? and (?:members of )?(?:all )?(?:minorit|race|racial|ethnic)[^.;]{0,160}"
    r"|(?:men|males|females|women|patients|members) (?:and women )?(?:of|from) (?:all|any) (?:races|racial|ethnic)[^.;]{0,80}(?:eligible|open|included)[^.;]{0,60}"
    r"|(?:these )?potential risks may also apply to [^.;]*|(?:the )?(?:above|following|this) information [^;]*|(?:for )?(?:more|further|additional) information[^;]*|because the lists? of these agents [^;]*|a list of (?:these |prohibited )?(?:medications|substances|drugs|agents)[^.;]* (?:is|are|will be) (?:provided|given|available|included|listed)[^.;]*"
    r"|(?:the )?(?:qtc\w*|corrected qt(?: interval)?|creatinine clearance|crcl|e?gfr|lvef|body surface area|bmi) (?:is|are|will be|should be|must be|may be|can be|to be) (?:the qt interval corrected|calculated|computed|estimated|corrected|derived)[^.;<>≥≤]*"
    r"|(?:note\W*)?(?:local|central)[\w ,/()-]{0,80}\b(?:testing|tests?|pathology|assessment|results?|laborator(?:y|ies)) (?:for [\w ,/()-]{1,60} )?(?:is|are) (?:sufficient|acceptable|accepted|allowed|permitted)[\w ,/()-]{0,80}"
    r"|(?:the )?(?:same )?(?:imaging )?(?:modality|method|technique) (?:of assessment )?(?:must|should) be used [^.;]{0,160}|scans should be performed using the same [^.;]*"
    r"|(?:the )?(?:study|research|site|trial) (?:team|staff|personnel|site)s?(?: and (?:the )?(?:investigators?|physicians?|site))? (?:will|should|may|must) (?:make every|attempt|try|collect|obtain|review|contact|document|confirm receipt|discuss)[^.;]*"
    r"|(?:a |an |the )?(?:(?:new|fresh|recent|core|pre-?treatment|archival|most recent|tumou?r|tissue|metastatic|primary|biopsy|ffpe|blocks?|samples?|specimens?|material|needle|excisional|on-?study)[ ,/-]*(?:or )?)+(?:is|are) (?:strongly )?(?:preferred|preferable|encouraged)\b[^.;:]{0,120}"
    r"|because no (?:dosing|dose|safety)[^.;]{5,260}\b(?:children|minors|pa?ediatric patients|adolescents) are excluded\b[^.;]*"
    r"|(?:in addition,? |furthermore,? |moreover,? )?(?:these|such|hiv-positive) (?:patients|participants|individuals|subjects) are at (?:an? )?(?:increased|higher|greater) risks? (?:of|for) [^.;]*"
    r"|all (?:patients|participants|subjects) must meet (?:all )?(?:the )?(?:inclusion|eligibility|entry)[^.;]{0,60}"
    rf"|{'|'.join((*NOTHING_MORE, *POINTS_ELSEWHERE))}",
    r"[\W]*",
)
"""Sentences that state nothing about a patient."""


def says_nothing(text: str) -> bool:
    """Whether a plain sentence states no condition.

    >>> says_nothing("other protocol-defined inclusion criteria may apply"), says_nothing("no other cancer")
    (True, False)
    """
    return _NOTHING.holds(text) or explains(text)


def framed(sentence: Sentence, readings: Sequence[Reading]) -> str:
    """Return the masked sentence with the framing words blank, so that composing does not see them."""
    masked = sentence.masked
    stretches = (
        *_names(sentence),
        *_phrases(sentence),
        *_labels(sentence, readings),
        *beside(sentence, readings),
        *repeated(sentence, readings),
        *reasons(sentence.text, readings),
    )
    for start, end in stretches:
        masked = f"{masked[:start]}{' ' * (end - start)}{masked[end:]}"
    return masked


def _names(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Names that only say when ("at screening") or by which scale, and names that here are verbs.

    A length of time before a visit is not dropped with it.
    """
    for hit in sentence.hits:
        categories = {term.category for term in hit.terms}
        if categories <= _WHEN:
            drug = _OF_DRUG.match(sentence.text, hit.end)
            behind = next((item for item in sentence.hits if drug and item.start == drug.end()), None)
            yield hit.start, behind.end if behind is not None and behind.ids("drug") else hit.end
        elif categories <= _SCALES:
            edition = _EDITION.match(sentence.text, hit.end)
            end = edition.end() if edition else hit.end
            written = sentence.text[hit.start : end]
            opened = written.count("(") < written.count(")")
            if written.rstrip().endswith(("(", "[")):
                # "RECIST (response evaluation …": the bracket is not the scale's.
                end = hit.start + len(written.rstrip(" (["))
            yield hit.start, end - opened
        elif sentence.text[hit.start : hit.end] == _VERB and _VERB_BEFORE.search(sentence.text, 0, hit.start):
            yield hit.start, hit.end


_ALL_PHRASES = Alternatives((*_PHRASES, *ANYWHERE, *ASIDES_ANYWHERE, *LABELS))


def _phrases(sentence: Sentence) -> Iterator[tuple[int, int]]:
    text = sentence.text
    for place, branches in _ALL_PHRASES.possible(text).items():
        for found in _ALL_PHRASES.expression(place, branches).finditer(text):
            yield found.span()
    for found in _CODE.finditer(sentence.text):
        yield found.span("code")


def _labels(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    for found in _LABEL.finditer(sentence.text):
        start, end = found.span()
        # A rule may begin at "function as assessed by": the words in front of it are the name all the same.
        end = min((reading.start for reading in readings if start < reading.start < end), default=end)
        if any(reading.start < end and reading.end > start for reading in readings):
            continue
        following = next((reading for reading in readings if reading.start >= end), None)
        if following and all(item.kind in _VALUES for item in leaves(following.node)):
            yield start, end
