"""Words around HIV and hepatitis: what belongs to a mention, to a test and to an infection under control.

Expressions run over a sentence in which viruses are painted over with one sign and anchors of time with another.
"""

from __future__ import annotations

import re

from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

_V, _ANCHOR = "\uf000", "\uf001"
_TIME, _OP = MACROS["time"], MACROS["op"]
_FILL = r"[\s,;/()&\[\]'\"*:+-]"
_BEFORE = (
    "known|history|documented|confirmed|any|a|an|the|of|to|be|is|are|has|have|had|or|and|positive|positivity|test|tests|tested|testing|result|results|for|with|by|active|actively|"
    "acute|chronic|uncontrolled|uncontrollable|untreated|controlled|well|poorly|adequately|inadequately|infection|infections|infected|carriers?|seropositive|seropositivity|serologic|"
    "serological|serology|evidence|diagnosis|diagnosed|current|currently|ongoing|concurrent|concomitant|previous|prior|previously|status|presence|medical|virus|viral|"
    "detectable|reactive|laboratory|either|also|being|presenting|underlying|personal"
)
_AFTER = (
    "virus|viruses|infections?|infected|disease|positive|positivity|status|seropositivity|seropositive|test|tests|testing|result|results|antigens?|antibody|antibodies|rna|dna|ab|ag|"
    "pcr|reactive|detected|present|related|associated|illness|illnesses|complex|carriers?|carriage|state|viremia|viraemia|qualitative|quantitative|serology|surface|type|known|active|"
    "acute|chronic|or|and|defined|as|by|is|are|being|confirmed|determined|evidenced|documented|demonstrated|the|a|an|of|e\\.?g\\.?|i\\.?e\\.?|for|example|any|to|polymerase|chain|"
    "reaction|assay|nucleic|acid|ribonucleic|deoxyribonucleic|immunodeficiency|syndrome|hepatitis|with|uncontrolled|history|have|has|individuals?|patients?|subjects?|participants?|"
    "at|screening|baseline|during|anti|infectious|infectivity|viral|detectable|1|2|i|ii|who|hep|ongoing|that|this|including|non|persons?|medical|requiring|treatment|"
    "antiviral|therapy|current|currently|diagnosis|evidence|presence|time|both|either|prior|previous|considered|not due|immunization|seen|found|elevated"
)
MENTION = re.compile(rf"{_V}++(?:{_FILL}|\b(?:{_AFTER})\b|{_V}|{_ANCHOR})*+")
BEFORE = re.compile(rf"(?:\b(?:{_BEFORE})\b{_FILL}*+)+$")
TRIM = re.compile(
    r"(?:[\s,;:/(\[&*'\"+-]|\b(?:and|or|with|a|an|the|for|to|of|is|are|by|as|at|in|that|who|have|has|known|any|active|acute|chronic|history|including|defined|during|being|"
    r"individuals?|patients?|subjects?|participants?|persons?|documented|this|non|e\.?g\.?|i\.?e\.?|ongoing|uncontrolled|current|currently|medical|requiring|treatment|therapy|previous|"
    r"prior|diagnosis|illness|illnesses|syndrome|time|both|either|considered|not due|disease|other|hepatitis|viral|evidence|antiviral)\b\.?)+$"
)
SHORT = re.compile(r"[\s,/]*(?:virus(?:es)?)?(?:\s*\([^()]{0,60}\))?[\s,/]*(?:and/or|and|or|,|/|&)[\s/]*\b(c)\b(?!-)")
LETTERS = Sought(r"\bhepatitis a(?: virus)?(?P<rest>(?:[\s,/]*(?:\b(?:and/or|and|or)\b)?[\s,/]*\b[bc]\b(?!-))+)")
"""Viruses of which only the letters follow: "hepatitis A, B and C"."""
NEGATIVE_BEFORE = re.compile(
    r"(?:\b(?:must|should|have|has|be|a|are|test|tests|tested|testing|result|results|screening|screen|serology|known|documented|with|antibody|antigen|serum)\b[\s,]*)*\b(?:sero-?)?negative\b"
    r"(?:[\s,(]*\b(?:test|tests|testing|result|results|serology|serologies|serologic|serum|for|screening|antibody|of|blood|a|the|history|viral|virus|status|on)\b)*[\s(]*$"
)
NEGATIVE_AFTER = re.compile(
    r"[\s)\]-]*(?:\b(?:is|are|be|must|should|test|tests|testing|result|results|antibody|antigen|serology|to|status|and|titer)\b[\s,]*)*\b(?:(?:sero-?)?negative|seronegativity|non-?reactive)\b"
    r"(?: (?:status|tests?|results?|serology|at screening)\b)*"
)
_LOAD = r"(?:viral loads?|virus loads?|load|viral levels?|viremia|viraemia|titers?|copy numbers?|dna|rna|virus|pcr)"
_LIMIT = r"(?:lower |institutional |local )*(?:limits?|levels?|threshold)(?: of (?:detection|quantification|quantitation|detectability))?"
_NONE = (
    r"(?:undetectable|un-detectable|not (?:be )?detectable|non-?detectable|not detected|no longer detectable|suppressed|negative|without detectable|no detectable|"
    rf"(?:below|under|≤|<|less than|at or below) (?:the )?(?:detectable |detection |quantifiable |assay )?(?:{_LIMIT}|llod|lloq|lod|loq))"
)
_WORDS = (
    rf"(?:[\s,()\[\]'/-]|\b(?:must|should|be|is|are|a|an|the|have|has|had|to|with|of|by|at|hiv|hbv|hcv|plasma|serum|on|they|pcr|quantitative|qualitative|confirmed|documented|test|"
    rf"tests|testing|result|results|levels?|polymerase|chain|reaction|local|using|an|level|standard|available|assay|their|who|but|also)\b|{_V}|{_ANCHOR})*?"
)
_LINKS = (
    r"and|with|who|whom|whose|have|has|had|are|is|be|on|patients?|subjects?|participants?|individuals?|persons?|people|must|should|may|the|a|an|that|which|for|if|they|evidence|of|history|known|"
    r"also|positive|provided|currently|eligible|allowed|in|any|infections?|infected|those|their|virus|status|as|long|at|both|were|was|previously|to|permitted|enrolled|only|treatment|disease|"
    r"serologic|when|it|then|but|antibody|antibodies|test|serum|enter|participate|included|acceptable|test|documented|well|do|not excluded|prior|past|carriers?|case"
)
NOT_CONTROLLED = re.compile(
    r"[\s,]*(?:(?:that|which|who) )?(?:is|are) not (?:well |adequately |sufficiently )?controlled\b"
)
LEADING = re.compile(r"(?:[\s,;/&]|\b(?:and|or|with|by|to|of|for|in|is|are|be)\b)+")
OTHER_THING = re.compile(r"\b(?:infections?|disease),\s*(?:or |and )?")
NOT_ASKED = re.compile(
    r"\btest(?:ing|s)?\b[\w ,/()\[\]-]{0,40}\b(?:not|no longer) (?:required|mandatory|necessary|needed)|\bno\b[\w ,/()\[\]-]{0,40}\btest(?:ing|s)?\b[\w ,]{0,20}\b(?:required|mandatory|necessary|needed)"
)
LINK = re.compile(rf"(?:[\s,;:()\[\]-]|\b(?:{_LINKS})\b)*+")
_SINCE = (
    r"(?:[\s,()]|\b(?:for|within|in|during|over|at least|a minimum of|minimum|the|last|past|previous|preceding|prior|before|to|of|at|screening|registration|enrollment|randomization|"
    rf"study|treatment|start|drug|first|dose|entry|initiation|consent|cycle|day|1|current|same|regimen|from|cumulative|more than)\b|[≥>~]|{_TIME}|{_ANCHOR})*+"
)
_AGENTS = (
    r"\b(?:(?:highly active|combination|effective|stable|established|current|continuous|appropriate|adequate|oral|daily)\s+)*+"
    r"(?:anti-?\s?retro-?\s?viral|retroviral|art|haart|cart|anti-?\s?viral|anti-?hbv|anti-?hcv|suppressive|viral suppressive|hbv suppressive)\b"
    rf"(?:[\s-]*(?:therapy|therapies|treatment|regimens?|medications?|drugs?|agents?|prophylaxis|{_ANCHOR})\b)*(?:\s?\((?:art|haart|cart)\))?"
)
_TAKING = (
    r"(?:\b(?:are|is|be|been|who|currently|stable|maintained|have|has|must|should|established|well|controlled|receiving|taking|on|under|with|by|using|a|an|their|effective|the|received|"
    r"for|treated|undergoing|following|after|while|adequately|remain)\b[\s,-]*)*"
)
_ON = rf"(?:{_TAKING}{_AGENTS})"
_ON_IT = rf"\b(?:on|receiving|taking|under|by|with)\b(?:\s+(?:a|an|their|stable|effective))*\s+{_AGENTS}"
_NO_LOAD = rf"(?:{_NONE}{_WORDS}\b{_LOAD}\b(?:\s?\([a-z ]{{1,20}}\))?|(?:(?:(?<!{_V}){_V}++[\s-]*)?\b{_LOAD}|(?<!{_V}){_V}++)(?:\s?\([a-z ]{{1,20}}\))?{_WORDS}\b{_NONE}(?:\s+{_V}++(?:\s?(?:rna|dna|viral load)\b)?(?!\s+(?:and|or|positiv|antibod|infect))|\s+{_LOAD}\b)?|{_NONE}{_WORDS}{_V}+(?:\s?(?:rna|dna|viral load))?)"
ON_DRUGS = Sought(rf"{_ON_IT}{_SINCE}")
CONTROLS = (
    Sought(
        rf"(?:{_ON}{_SINCE}[\s,]*(?:\b(?:and|with|who|have|has|must|an|a|that|achieved)\b[\s,]*)*+)?(?:\b(?:must|should|have|has|be|an|a|with)\b\s*)*+{_NO_LOAD}(?:{_SINCE}{_ON})?{_SINCE}"
    ),
)
CURED = Sought(
    r"(?:\b(?:must|should|may|have|has|had|been|be|is|are|who|was|were|patients?|definitively|successfully|adequately|previously|subsequently|considered|documented|completely)\b\s*)*"
    r"\b(?:treated,? (?:and|and/or|or|&) (?:(?:are|is|have|been|considered|now|subsequently|to|be)\s)*(?:cured|cleared)|treated(?: definitively)? with evidence of sustained virologic(?:al)? response"
    r"|cured|cleared(?: the)?(?: infection| virus)?|treated without detectable(?: \uf000+)?(?: (?:rna|dna|viral loads?|virus))?|(?:achieved |with )?(?:a )?sustained (?:virologic(?:al)?|viral) response(?: \(svr\d*\))?"
    r"|completed (?:a )?curative (?:antiviral |anti-viral )?(?:treatment|therapy))(?!\w)"
)
RESOLVED = Sought(
    rf"\b(?:past|resolved|cured|cleared|inactive|treated)(?: (?:or|and) (?:past|resolved|cured|cleared|inactive|treated))* (?:chronic )?{_V}+(?: (?:virus|infection|disease|carriers?))*"
    rf"(?: ?[(\[](?:defined|i\.?e|as|with|the|presence|e\.?g)[^()]{{0,90}}(?:[(\[][^()]{{0,20}}[)\]][^()]{{0,60}})*[)\]])?"
)
DETECTABLE = Sought(
    rf"(?:\b(?:a|with|have|has)\b )*\b(?:detectable|quantifiable|elevated) (?:{_V}+ ?)?(?:viral loads?|virus load|viremia|viraemia|rna|dna)\b{_SINCE}|\bviral loads? (?:is |that is |remains )?(?:detectable|positive)\b{_SINCE}"
)
_NUMBER = r"\d[\d,.]*(?: ?\* ?10 ?\^? ?\d)?"
_UNIT = r"(?:copies?|cps|cop|iu|u)\s*(?:/|per)\s*(?:ml|milliliter|millilitre)"
OVER = Sought(
    rf"(?:\b(?:viral loads?|titers?|dna|rna|load)\b|{_V}+)(?:\s?\([a-z ]{{1,20}}\))?(?:[\s,(]*\b(?:of|is|are|must|be|at|should|levels?|titer|test|value|load|viral|the|copy|number|count|dna|rna|quantitative)\b)*"
    rf"[\s(]*(?P<op>{_OP})\s*{_NUMBER}\s*{_UNIT}(?:\s*(?:or|/|\(|\[)\s*(?:<|>|≤|≥)?\s*{_NUMBER}\s*{_UNIT}[)\]]?)*{_SINCE}"
)
CONTACT = Sought(
    rf"(?:\b(?:positive|presence of|have|has|with|for|total|isolated)\b\s*)*(?:\banti-?\s?hbc\b|\bhbc ?ab\b|\bhbcab\b|{_V}+ (?:total )?core (?:antibody|ab|antibodies)\b|\b(?:hepatitis b )?core antibod(?:y|ies)\b|\bhbc antibod(?:y|ies)\b)"
    rf"(?:\s?[\[(](?:anti-?\s?hbc|hbc ?ab|total hbcab|hbcab|anti-hbcab|total)[\])])?(?:\s*\b(?:positive|positivity|antibody|ab|total|test|result)\b)*"
)
CD4 = Sought(
    r"(?:\b(?:a|have|has|with|must|their)\b\s)*cd4\+?(?:[\s-]*(?:\(cd4\+?\)|t-?|\+|positive|lymphocytes?|cells?|helper|counts?|number))*"
    rf"(?:(?:[\s,(]*\b(?:of|is|are|at|must|be|should|a|have|remain|that|was)\b)*\s*(?P<op>{_OP})\s*(?P<n>\d{{2,4}})(?!\d|\s?%))"
    rf"(?:\s*(?:cells?|/|per|cubic|millimeters?|mm ?\^?3|mm|mcl|ul|microliter|microlitre|ml|\*10\^?6/l|3(?!\d))(?![a-z]{4}))*(?P<op2>(?!))?(?P<n2>(?!))?{_SINCE}"
)
INDICATED = re.compile(
    r"[\s,]*(?:if (?:clinically )?indicated|as (?:clinically )?indicated|per (?:local|institutional) (?:standards?|guidelines?|testing))"
)
REASON = Sought(
    r"\b(?:because|due to|since) (?:of )?(?:the )?(?:potential|possible|possibility|unknown|increased|risk)"
)
PERMITS = re.compile(
    r"\b(?:eligible|allowed|permitted|permissible|acceptable|may (?:be |enroll|enter|participate)|can be|included|enrolled|not (?:be )?(?:excluded|exclusionary))\b"
)
HIV_WORDS = re.compile(r"\bcd4|\banti-?retro-?\s?viral|\bhaart\b")
WORTH = re.compile(
    r"detect|below|suppress|negative|cured|cleared|sustained vir|viral load|cd4|retro|viral|\bart\b|curative|copies|iu/ml|\bdna\b|\brna\b|resolved|past|core|hbc|inactive"
)
