"""The expressions of laboratory limits over the marks of one version of the vocabularies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS

_OP = rf"(?:{MACROS['op']}|\bno (?:more|greater|higher|less|lower) ?(?=\d)|\bless (?=\d)|\bnot (?:above|over|below|under)\b)"
_NUM = rf"(?:(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?![\d.])|{MACROS['digits']})"
_IN_WORDS = r"(?:\b(?:twice|two|three|four|five|six|eight|ten)\b(?= ?(?:(?:\(\d+\) ?)?(?:times|x|\*|fold)\b|the (?:upper|institution|uln|[\ue000-\uf8ff])|upper|uln|normal|[\ue000-\uf8ff])))"
"""A multiple in words, which only a limit of normal may follow."""
_TIME = MACROS["time"]
UNIT = (
    r"(?:[x*] ?10 (?:to the )?\^?9th(?: power)? ?/ ?l\b|[x*] ?10\^?9th ?/ ?l\b|[x*] ?10 ?(?:\*\*|[\^*e])? ?\(?[2-469]\)? ?(?:cells? ?)?/ ?u?(?:l\b|lit(?:er|re)s?(?: \(l\))?|mm ?\^?3|mm ?\(3\)|mcl\b)|10 ?[\^*e]? ?\(?[2-469]\)? ?(?:cells? ?)?/ ?u?(?:l\b|mm ?\^?3)|"
    r"k ?/ ?(?:ul|mm ?\^?3|mcl|cumm)|(?:cells? ?)?/ ?(?:mm ?\(3\)|mm ?\^?3|m ?\^3|ul\b|mcl\b|cumm\b|cmm\b|microliter|microlitre|l\b)|(?:cells )?per (?:mm ?\^?3|cubic millimet(?:er|re)|microlit(?:er|re)|"
    r"cumm)|cells/mm3|cells? ?/ ?ml\b|(?:g|gm|grams?)(?: \(g\))? ?(?:/|per) ?(?:dl\b|decilit(?:er|re)s?(?: \(dl\))?)|(?:mg|milligrams?)(?: \(mg\))? ?/ ?decilit(?:er|re)s?(?: \(dl\))?|g ?/ ?l\b|mg ?/ ?dl\b|(?:umol|micromol(?:e?s)?|mcmol) ?/ ?(?:l\b|lit(?:er|re)s?)|mmol ?/ ?l\b|mol/l|m?eq/l|"
    r"ml ?/ ?min(?:ute)?(?: ?/ ?1[.,]73 ?(?:m ?\^?2|m\b|square met(?:er|re)s?))?|cc/min|ml per min(?:ute)?|(?:mg|milligrams?)(?: \(mg\))? per decilit(?:er|re)s?|millilit(?:er|re)s? (?:per|/) ?min(?:ute)?(?: \(ml/min\))?|/ ?micro ?l(?:it(?:er|re))?\b|per ?ul\b|"
    r"iu ?/ ?l\b|u ?/ ?l\b|units? ?/ ?l\b|mg ?%|g ?%|gm ?/ ?l\b|gr?m? ?/ ?mm ?\^?3|mmol\b|mm ?\^?3\b|/ ?ml\b|ng ?/ ?ml\b|ng ?/ ?l\b|pg ?/ ?ml\b|mg ?/ ?l\b|g ?/ ?24 ?h(?:ours|r)?|g/day|seconds?\b|secs?\b|%)"
)
"""Units of laboratory values, as they are written."""
_BETWEEN = (
    r"(?:[ ,:;=()\[\]?-]|\([a-z]{1,6}[+-]?\)|\b(?:anc|plt|hgb|hb|wbc|tbl|crcl|count|counts|level|levels|value|values|concentration|serum|plasma|blood|total|fasting|must be|should be|is|are|be|"
    r"of|was|a|an|the|both|and|calculated|estimated|measured|result|results|decreased?|increased?|elevated|elevations?|persistent|both|in|each|either|must|should|enzymes?|cl|cr|clearance|according to|by|per|using|the|"
    r"cockcroft(?:[ -]and)?[ -]?gault(?:'s)?|cockc?roft|formula|equation|method|within|with|if|or|based on|on|24[ -]?hours?|urine|collection|ratio|time|test|normal or(?= ?(?:[<≤]|less than|up to|no more than|no greater than|not more than)))\b)*?"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may be written of a laboratory value.

    Attributes:
        normal: It is within normal limits.
        named_normal: The same with the word in front.
        main: A limit.
        healthy: Behind it: for patients without metastases of the liver.
        exception: A looser limit for some patients.
        same: The same limit in another unit.
        tail: How it is measured, and without which support.
        limit: A further limit: comparison, number and unit.
    """

    normal: re.Pattern[str]
    named_normal: re.Pattern[str]
    main: re.Pattern[str]
    healthy: re.Pattern[str]
    exception: re.Pattern[str]
    same: re.Pattern[str]
    tail: re.Pattern[str]
    limit: str


@lru_cache(maxsize=2)
def grammar_of(knowledge: Knowledge) -> Grammar:
    """Return the expressions: a value within normal, a limit, and what may stand behind it."""
    words = dictionary(knowledge)
    v, u, low, site, cond, anchor = (
        f"[{words.marks(name)}]++" for name in ("variable", "uln", "lln", "site", "condition", "anchor")
    )
    uln = rf"(?:(?:-?fold ?[x*]|x|times?\b|\*|-?fold)? ?(?:the |of |above |institutional |international |laboratory |local |lab |within |specified |applicable |age[ -]adjusted |lab's )*(?:{u})(?: for (?:the )?(?:age|institution|laboratory|lab|site))?(?: \(?of (?:the )?normal(?: range)?\)?)?(?: \(?institutional\)?| \(iuln\))?)"
    uln = rf"(?:{uln}|(?:x|times?|\*|fold) ?(?:the )?normal(?: (?:values?|limits?|range))?\b(?! (?:of|for)\b))"
    tumour = f"[{words.marks('tumour')}]++"
    lln = rf"(?:(?:x|times)? ?(?:the |institutional )*(?:{low}))"
    taken = rf"(?:(?:performed|obtained|done|drawn|taken|documented|measured)? ?(?:with)?in (?:the )?{_TIME} (?:prior to|before|of)(?: (?:the|study|first|start|of|trial|treatment|entry|registration|enrollment|randomization|{anchor}))+)"
    value = rf"(?P<op>{_OP}|\bwithin(?= ?{_NUM} ?(?:x|times|\*|-?fold)? ?(?:the |of |upper |institutional )*(?:{u})))? ?(?:(?P<n>{_NUM}|{_IN_WORDS}) ?(?P<unit>{uln}|{lln}|(?<=twice )(?:the )?normal\b(?: (?:values?|limits?|range))?|{UNIT})?(?: ?[(\[](?:{UNIT})[)\]])?(?P<later> or (?:more|greater|higher|above|over|less|lower|below|fewer)\b(?! (?:than|or)\b))?|(?P<bare>(?:the |institutional |laboratory )*(?:{u}|{low})(?: (?:of|for) (?:the )?(?:institution|laboratory|lab|site|age|normal)\b)?|(?:the )?(?:institutional normal(?: values?| limits?)?|normal institutional limits?|institution'?s? limits of normal|normal(?= ?(?:[.;,()]|$|unless\b|and\b|or\b)))))"
    first = rf"(?:{v}|(?<![\w/-])pt\b(?=[ :]*(?:[<≤]|=<|is\b|less than|no (?:more|greater) than|must be|within|normal|(?:and/or|and|or|/|,)[ ]*(?:or |and |activated )?[{words.marks('variable')}])))"
    variables = rf"(?P<vars>{first}(?:(?:[ ,/()\[\]]|\band\b|\bor\b|\band/or\b|&|\bserum\b|\btotal\b|\bboth\b|\ba\b|\bthe\b|\bcount\b|\blevels?\b|\beither\b|\bpt\b|\bptt\b|\bactivated\b|\bradio-?isotop(?:e|ic)\b|\bcorrected (?:for|to)\b){{1,10}}{v}(?: ?\))?)*(?: ?(?:/|,|\bor\b|\band\b|\band/or\b) ?(?:\bor )?pt\b)?)"
    who = (
        r"(?:[ ,;()]|\bfor\b|\bin\b|\bif\b|\bwith\b|\bwho have\b|\bwhen\b|\bthe\b|\bpresence of\b|\bcase of\b|\bpatients?\b|\bparticipants?\b|\bsubjects?\b|\bthose\b|"
        r"\bknown\b|\bdocumented\b|\bunless\b|\bthere (?:are|is)\b|\bhaving\b|\bhas\b|\bhave\b|\bare\b|\bpresent\b|\bhistory of\b|\badult\b|\bevidence of\b|\ba\b|\bthat is\b|\bdue to\b|\bindividuals?\b|\band/or\b|\band\b|\bor\b)*"
    )
    group = rf"(?P<who>(?:(?:\b(?:metasta\w+|disease|involvement|lesions?)|[\ue000-\uf8ff]++)(?: disease)? (?:in|of|to) (?:the )?)?(?:{site}|\bliver\b|\bhepatic\b|\bbone\b|{cond})(?:[ ,/()-]|\bor\b|\band\b|\bmetast\w+\b|\binvolvement\b|\binvolved\b|\blesions?\b|\bdisease\b|\btumou?rs?\b|\bsyndrome\b|\bdisease\b|{site}|{cond}|\bliver\b|\bbone\b|\bhepatic\b|\bgilbert'?s?\b|\bcancer\b|\b(?:by|with) (?:the )?(?:{tumour}|(?:breast )?(?:cancer|tumou?r|lymphoma|leuka?emia|malignan\w+)\b)|\b(?:unconjugated|indirect) (?:hyperbilirubina?emia\b|[\ue000-\uf8ff]++)|\bmets\b|\bpresent\b|\bare\b|\bis\b)*|(?:\bgilbert'?s? (?:syndrome|disease)\b))"
    limit = rf"(?P<xop>{_OP})? ?(?P<xn>{_NUM}) ?(?P<xunit>{uln}|{UNIT})"
    return Grammar(
        normal=re.compile(
            rf"{variables}(?:[ ,:()-]|\([a-z]{{1,4}}\+?\)|\b(?:is|are|levels?|values?|laboratory|count|must be|should be|be|serum|total|either)\b)*?(?:\b(?:with ?in|in) (?:the )?(?:(?:normal|institutional|institution's|laboratory|reference|limits?|range|of|local|upper|the|study center's|study site's) )+(?:limits?|ranges?)(?: of normal| of the institution| of the laboratory| \(wnl\))?|\bwnl\b|\bnormal (?:for (?:the )?(?:patient'?s? )?age|ranges?)\b|\bnormal\b(?=\s*(?:[.,;()]|and\b|or\b|within\b|unless\b|at\b|prior\b|before\b|if\b|$)))"
        ),
        named_normal=re.compile(rf"\bnormal (?:(?:laboratory |serum )?(?:levels?|values?) (?:of|for) (?:the )?)?(?:serum )?{variables}(?: (?:levels?|values?))?"),
        main=re.compile(rf"{variables}(?:{_BETWEEN}{taken})?{_BETWEEN}(?:(?:in |for )?(?:patients |participants |subjects |those )?(?P<ward>with|without) (?:{site}|liver metasta\w+)[ ,:]*(?:must be |is |are )?)?{value}"),
        healthy=re.compile(rf"[ ,]*(?:if|in|for)?(?: (?:patients|participants|subjects|those))?(?: with)? ?(?:no|without|in the absence of|absence of) (?:known |documented |demonstrable |radiologic(?:al)? |any |evidence of )*(?:{site}|liver metasta\w+)(?: metastas\w+| involvement| at baseline)?"),
        exception=re.compile(
            rf"[ ,;.]*[(\[]?(?:[ ,;&]|\bbut\b|\bin which case\b|\bwherein\b|\bor\b|\band\b|\bunless\b|\bexcept(?:ion)?\b|\bhowever\b|{v}|\bis\b|\bare\b|\bwhich\b|\bmay be\b|\bmust be\b|\bshould be\b|\bthey\b|\bit\b|\bacceptable\b)*"
            rf"(?:{limit}(?: is| are)?(?: acceptable| allowed| permitted)?{who}{group}|{who}{group}(?:[ ,:;()]|\bin\b|\bwhich\b|\bwherein\b|\bcase\b|\bit\b|\bthey\b|\bvalues\b|\bwho\b|\bmust\b|\bmay\b|\bhave\b|\bcan\b|\ba\b|\bthen\b|\bis\b|\bare\b|\bbe\b|\bhas\b|{v}|\band\b|\bor\b|\bshould\b|\bto\b|\bof\b|\bwhich\b|\bthe\b|\btotal\b|\bvalue\b|\blevels?\b|\bhigher\b|\bserum\b){{0,26}}{limit.replace('<xop>', '<yop>').replace('<xn>', '<yn>').replace('<xunit>', '<yunit>').replace('<who>', '<ywho>')})"
            .replace(group, group, 1)
            .replace("(?P<who>", "(?P<awho>", 1)
        ),
        same=re.compile(rf"[ ,;]*[(\[/]? ?(?:or|i\.e\.,?|=|equivalent to)? ?(?P<op>{_OP})? ?(?P<n>{_NUM}) ?(?P<unit>{UNIT})\)?"),
        tail=re.compile(
            rf"(?:[ ,;()/≤]|=<|<=|\b(?:{_TIME})|\b(?:without|no|not|in the absence of|with|by|per|using|within|prior to|before|of|the|first|last|for|at least|in|and|or|any|obtained|performed|done|assessed|collected|requiring|independent of|granulocyte|"
            r"colony[ -]stimulating|growth|factors?|support|transfusions?|transfusion|blood|platelet|rbc|red cell|packed|g-csf|gm-csf|erythropoietin|screening|assessment|laboratory|"
            r"hematopoietic|haematopoietic|received|administered|administration|days?|cockcroft(?:[ -]and)?[ -]?gault(?:'s)?|formula|equation|method|calculated|calculation|estimated|measured|according to|as|a|"
            rf"modified|standard|24[ -]?hours?|urine|collection|test|dose|sub|study|treatment|therapy|protocol|receiving|starting|initiation|start|step \d|to)\b|-|{anchor})+"
        ),
        limit=limit,
    )  # fmt: skip
