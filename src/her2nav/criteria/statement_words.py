"""Words of sentences that say whom a demand binds, what it depends on, and what demands nothing."""

from __future__ import annotations

import re

from her2nav.language.sought import Sought

ANY_NUMBER = Sought(
    r"(?<=\w{3})\W+(?:and|but) may (?:also )?have (?:previously )?(?:received|had) any (?:number|amount)\b(?![^.;]*\b(?:if|unless|only|provided|within|except|must|since)\b)[^.;]*"
)
"""Behind a demand: what is not limited asks for nothing."""
FERTILE = re.compile(
    r"(?:(?:the |an? )?(?:female |woman )?(?:patient|participant|subject|woman|female|person)s?(?: (?:is|are))?(?: (?:an? )?(?:woman|female|women|females)(?: (?:patients?|participants?|subjects?))?)? )?(?:of|with) (?:child-?\s?bearing|reproductive) (?:potential|age)"
)
"""Who may become pregnant, and nothing else."""
EXCEEDED = Sought(
    r"(?s)\W*(?:note\W+)?(?:(?:in case|if|when|where) (?:(?:one or both|either or both|either|any|one|both)(?: of)? )?(?:these|the|those|this)?(?: above)? ?(?:thresholds?|limits?|values?|levels?) (?:is|are) (?:exceeded|above|outside)|(?:levels?|values?) (?:outside|above|exceeding) (?:this|these|the) (?:thresholds?|limits?|range)s? (?:is |are )?(?:allowed|permitted|acceptable)|(?:the )?(?:investigator'?s?'? discretion|discretion of the investigator) (?:will|may|can|should) be used)\b[^;]*"
)
"""Behind a limit: who is above it may be let in all the same."""
OR_FIRST = re.compile(r"\W*or\b(?! (?:more|less|greater|fewer|higher|lower|equal))")
NO_LIMIT = re.compile(
    r"\W*(?:there (?:is|are|will be) )?no (?:upper |maximum )?(?:(?:limits?|limitations?|restrictions?)(?: (?:on|to|for|in|as to|regarding)\b[^.;]*)?|requirements?(?: (?:on|to|in|as to|regarding)\b[^.;]*| for (?:an? |any |specific |a minimum |minimal )*(?:prior|previous|earlier|number|her-?2|pd-?l1|er\b|biomarker|hormone|receptor|measurable|biops\w+|tissue|tests?|testing|express\w+|mutation\w*|wash-?\s?out|treatment|therapy|status|age)\b[^.;]*)?)\W*"
)
BUT = re.compile(r"\b(?:provided|if|but|except|unless|as long as|with last|must|within|since|≥|weeks?|days?)\b")
UNLESS_UNFIT = Sought(
    r"(?s)(?P<main>[^()]*?\b(?:(?:must|should|shall) have|have|has)(?: also| previously| already)*(?: been)? (?:received|had|treated|progress\w*|fail\w*|undergone)\b(?:(?!\bunless\b).)*?)\s*[,;(]*\s*(?P<unless>unless\b(?!\W+(?:medically )?contra)(?:(?!\bunless\b).)*"
    r"\b(?:(?:not|never|isn't|wasn't) (?:\w+ )?(?:indicated|appropriate|suitable|available|approved|reimbursed|recommended|considered|an? (?:\w+ )*(?:candidate|option)|(?:the|in the) (?:\w+ )*(?:option|interest)|eligible|tolerated|feasible|possible|fit)|ineligible|inappropriate|unsuitable|unavailable|unable|unwilling|unfit|unsafe|refus\w+|declin\w+|intoleran\w+)\b.*)"
)
"""A treatment that must have been given, unless it was not right or not to be had for the patient."""
UNLESS_FIRST = Sought(
    r"(?s)\W*(?P<unless>unless (?!(?:otherwise )?(?:specified|stated|noted|indicated))[^,;:.]{3,160}),\s*(?P<main>\S.*)"
)
"""An escape in front of the main clause."""
DEFINES = Sought(
    r"(?<!that )(?<!which )(?<!who )\b(?:is|are|will be|was|were) (?:not |also )?(?:considered|regarded|deemed|classified|scored|counted|interpreted|defined)(?: (?:as|to be))?(?: (?:an?|the|being))?[\s\"'(]*"
    r"(?:(?:her-?2|her2/neu|hormone|receptor|er|pr|hr)[\s/+-]*)*(?:not |non-?\s?)?(?:negative|positive|equivocal|measurable|evaluable|post-?menopausal|low|unmeasurable|target lesions?)\b"
)
_IRRADIATED = r"(?:(?:tumou?r |target |measurable |bone )?(?:lesions?|disease|areas?|sites?)(?: (?:that (?:have|has) been|which (?:have|has) been|that (?:are|were)|situated|located|within|in|are|an?|the|field|of))* )?(?:previously[ -])?(?:irradiated|radiated)(?: (?:lesions?|areas?|fields?|sites?|disease|region))?"
IRRADIATED = Sought(
    rf"\W*(?:note\W+)?(?:{_IRRADIATED}|lesions? (?:situated |located |with)?in an? (?:previously[ -])?irradiated (?:area|field|region)|(?:tumou?r )?lesions? (?:situated|located|which are situated) in (?:an? )?(?:previously[ -])?irradiated (?:areas?|fields?|regions?)) "
    r"(?:(?:are|is|will|should|can|must|may)(?: be)? ?not|cannot|may only|will only|(?:are|is) only)(?: be)? (?:considered|counted|regarded|deemed|selected|used|chosen|serve)(?: as| to be)?(?: an?)? (?:measurable|target|evaluable)(?: (?:disease|lesions?))*(?:,? (?:unless|if|except if|provided)(?: that)?(?: (?:there|has|have|been|is|was|documented|demonstrated|shown|clear|evidence|of|progression|progressed|progressing|disease|in|the|such|these|those|lesions?|since|after|following|the|radiation|radiotherapy|completion|therapy|irradiation|subsequent|to|area|site|clearly|an?|objective|radiographic|tumou?r|growth))+)?\W*"
    rf"|\W*(?:note\W+)?(?:{_IRRADIATED}) (?:are|is) considered measurable if (?:disease )?progression has been (?:demonstrated|shown|documented)(?: (?:in|since|such|the|these|lesions?|area|radiation|irradiation))*\W*"
)
"""What the criteria of response say of lesions that were irradiated."""
COUNTS_TOO = Sought(
    r"\b(?:lesions?|disease|metasta\w+|effusions?|ascites)\b[^.;]{0,80}\b(?:is|are|will be|can be|may be) (?:also )?(?:considered|regarded|deemed|counted)(?: as| to be)? measurable\b(?![^.;]*\bnot\b)"
)
"""Lesions that are measurable too."""
GENES_ARE = Sought(
    r"\W*(?:the )?(?:\S+ ){0,3}(?:mutations?|alterations?|variants?|amplifications?|fusions?) (?:includes?|are defined as|comprises?|consists? of)\b"
)
"""What an alteration asked for before may be."""
ASKS = re.compile(r"\b(?:must|should|shall|required|eligible|has to|have to|included?|excluded?)\b")
ADVISES = Sought(
    r"\W*(?:it is )?(?:strongly )?recommend(?:ed|s)?\b|\W*(?:note\W+)?(?:if|when|where|in case)\b[^;.]{3,160}?,? (?:then )?(?:the )?(?:investigators?|physicians?|sites?|treating physicians?|oncologists?|institutions?|it is|a second review|consider\w*)\b"
    r"[^;.]*\b(?:should|may|is|are)? ?(?:also )?(?:consider\w*|recommend\w*|suggest\w*|advis\w*|encourag\w*|reviewed?|perform\w*|repeat\w*)\b"
)
"""Advice on procedures demands nothing of the patient."""
RECORDS = Sought(
    r"\W*(?:the )?(?:dates?|doses?|details?|records?|documentation|information)\b[^.;]*\b(?:must|should|will|need to|needs to) be (?:provided|recorded|documented|available|submitted|reported|collected|known|obtained)\b"
)
"""What must be on file on earlier treatments asks for none of them."""
REFLEX = Sought(
    r"\W*(?:if|when|where|in case of|in the case of|for)\b[^.;]{0,40}\b2 ?\+[^.;]{0,80}?\b(?:must|should|will|needs? to|has to|is required to|are required to) be (?:also )?(?:re-?)?(?:assessed|tested|evaluated|performed|determined|done|analy[sz]ed|examined)\b"
)
"""Which test an equivocal score calls for: "when IHC is 2+, HER2 must be assessed by FISH" asks for no score."""
REFLEX_ALONE = Sought(
    r"\W*(?:if|when|where|in case)\b[^.;]{0,60}\b(?:ihc|immunohistochemi\w+|her-?2\S*)\b[^.;]{0,60}\b(?:2 ?\+|indeterminate|intermediate|equivocal|inconclusive)\W[^.;]{0,60}\b(?:fish|ish|cish|sish|in[ -]situ hybridi[sz]ation|her-?2 test)\b(?: \([\w/ -]{2,12}\))?(?: test(?:ing)?| analysis)? (?:must|should|will|needs? to|has to) be (?:performed|done|carried out|obtained)(?: to (?:classify|confirm|determine)(?: the)? (?:disease|status|result|her-?2 status))?\W*"
)
CALLED_FOR = "the further HER2 test that an open result calls for"
BOTH_ELIGIBLE = Sought(
    r"\W*(?:both )?(?:patients|participants|subjects|those|women) (?:with|who|whose|without)\b[^.;:]{3,160}\b(?:and|or|as well as) (?:patients|participants|subjects|those|women) (?:with|who|whose|without)\b[^.;:]{3,200}\b(?:is|are|will be|may be) (?:both |also |all )?(?:eligible|included|allowed|permitted|accepted)\b(?! (?:if|only|provided|as long|when|unless))"
)
"""Two groups of patients of whom either is let in."""
STRATIFIES = Sought(
    r"\W*(?:stratification\b|randomi[sz]ation (?:will|is)\b|(?:patients|participants|subjects) (?:will be|are) (?:stratified|randomi[sz]ed|assigned|allocated)\b)(?![^.;]*\b(?:must|should|required|eligible)\b)"
)
"""How the trial parts its patients among its arms."""
FOR_PURPOSES = Sought(
    r"\W*(?:(?:please |important )?note\W+)?for (?:the )?purposes? of [^.;:]{3,120}?\b(?:(?:is|are|will be) (?:defined|considered|understood|taken)|refers? to|means?|includes?|comprises?)\b(?![^.;]*\b(?:must|should|required|eligible|excluded)\b)"
)
"""What a word is to mean in a trial."""
IS_DISEASE = Sought(
    r"\W*(?:non-?\s?)?(?:evaluable|measurable) (?:disease|lesions?) (?:is|are) (?:(?:disease|lesions?|those) (?:that|which)|(?:all|any) other)\b"
)
IN_THAT_CASE = Sought(
    r"\W*(?:in (?:this|that|such(?: a)?|these|those) (?:scenarios?|cases?|events?|situations?|circumstances?)|if so|in which case)\b"
)
"""What binds only in the case that the sentence before speaks of."""
BUT_OWN = Sought(
    r"(?s)(?P<head>[^;]{6,500}?)(?:,? but|,? however,?|, (?:though|although|whereas|while))\s+(?P<tail>(?!(?:an? )?(?:undetect|suppress)|(?:not|without|with|who|that|which|is|are|was|were|has|have|had|no|only|if|in|must|should|do|does|may|can|will|then|also|still|at|for(?! (?:phase|part|cohort|dose|patients|subjects|participants))|on)\b)[^;]{6,}\Z)"
)
"""Two clauses of which each may have a force of its own."""
SPLICED = Sought(
    r"(?s)(?P<head>(?!\W*(?:(?:all |any )?(?:patients?|participants?|subjects?|women|men|those|individuals?|persons?)|if|when|for|in|with|known|history|prior|no|not)\b)[^;]{6,300}),\s+"
    r"(?P<tail>(?!(?:and|or|nor|who|which|that|whose|if|when|unless|with|without|including|such|as|in|for|on|at|by|to|then|they|these|this|it|are|is|will|must|should|not|also|e\.g|i\.e)\b)[^,;]{4,120}?"
    r"\b(?:are|is|will be) (?:also )?(?:excluded|ineligible|not (?:eligible|allowed|permitted|included))\W*)\Z"
)
"""A cancer, and behind a comma alone what is shut out of it."""
OF_SOME = Sought(
    r"(?s)\W*(?:for )?(?P<who>(?:patients?|participants?|subjects?|those) with (?!any|one|either|the|following|a )[^.;:,()]{3,60}|(?!\W|for\b)[^.;:,()]{3,60}(?= only ?:))(?: only ?)?:\s*(?P<what>\S.*)"
)
"""Whom an exclusion binds, in front of it."""
OF_REGION = Sought(
    r"(?s)\W*(?P<where>(?:for|in|at) (?:the )?(?:(?:patients|participants|subjects|sites?|cent(?:er|re)s|countries|those)(?: enrolled| located| living)? (?:in|from|at|of) (?:the )?)?"
    r"(?:eu|european union|europe|us|u\.s\.|usa|united states|uk|united kingdom|france|germany|italy|spain|japan|china|south korea|korea|taiwan|canada|australia|india|brazil|israel|switzerland|belgium|the netherlands|netherlands|sweden|denmark|poland|hong kong|singapore)"
    r"(?:,? (?:and|or) [\w ]{2,20})?(?: (?:sites?|cent(?:er|re)s|patients|participants|subjects))?(?: only)?)\s*(?:only)?\s*[:,]\s*(?P<then>\S.*)"
)
"""A country or region that a demand binds: "For EU only: ECOG 0 or 1"."""
OF_LISTED = Sought(
    r"(?s)\W*(?:for )?(?:patients?|participants?|subjects?|those) with (?P<who>(?!any|one|either|the|following|a )[^.;:()]{3,100}):\s*(?P<what>\S.*)"
)
"""Whom a demand binds, in front of it: "patients with A, B and C: a measurable lesion"."""
EXCLUDED_IF = Sought(
    r"(?s)(?P<who>[^.;:]{5,200}?),? (?:are|is|will be) (?:also )?(?:excluded|ineligible|not eligible)(?: from (?:the|this) (?:study|trial))? (?:if|when)\b(?P<when>.{3,})"
)
"""Whom an exclusion binds only under a condition behind it."""
ONLY_FOR = Sought(
    r"(?s)(?P<what>\S[^()]{5,400}(?:\([^()]*\)[^()]{0,200}){0,4})\((?:this )?(?:applies |applicable |required |mandatory )?only (?:for|to|in|if) (?P<who>[^(),;]{3,80})(?:[,;][^()]{0,80})?\)[\s.;,]*"
)
"""A proviso in brackets at the end of a sentence."""
FOR_THOSE = Sought(
    r"(?s)(?P<what>\S[^()]{3,400}(?:\([^()]*\)[^()]{0,200}){0,4})\((?:(?:if|for|in) |(?=(?:patients|participants|subjects|women|men|children|adults) (?:aged|over|under|older|younger|[<>≤≥])))(?P<who>(?:(?:all|any|adult|adolescent|pa?ediatric|older|younger) )*(?:patients|participants|subjects|those|women|men|children|adults|adolescents|females?|males?)\b[^(),;:]{2,80})\)[\s.;,]*"
)
"""The same without "only": "Karnofsky at least 60 (for patients over 16 years)"."""
EASING = Sought(r"\((?:for|in|if|except|unless|up to|or)\b[^()]*\b(?:liver|hepatic|gilbert|bone)\b[^()]*\)[\s.;,]*\Z")
"""A remark at the end on those for whom limits are looser."""
OWN_LABEL = re.compile(r"\W*[^.;:]{3,80}:\s+\S")
"""A name and a colon in front of a sentence."""
ONLY_SO = re.compile(r"\b(?:only|alone|solely)\b")
REQUIRED_OF = Sought(
    r"(?s)\W*(?P<what>[^.;]{3,120}?) (?:(?:is|are|will be) (?:also )?)?(?:required|mandatory|necessary) (?:of|from|for|in) (?P<who>(?:all |any )?(?:patients|participants|subjects|those|women|men|children|adults|females|males)\b (?:with|who|whose|aged|over|under|older|younger|of|in|≥|>|<|≤|\d)[^.;]{2,120})[\s.;]*"
)
"""What is asked of some patients, whom the end of the sentence names."""
IN_THOSE = Sought(
    r"(?s)(?P<what>[^.;]{5,300}?),? (?:in|for) (?P<who>(?:those |all )?(?:patients|participants|subjects|women) (?:to receive|scheduled to receive|planned to receive|(?:who|that) (?:are to|will) receive)\b[^.;]{3,200})[.;\s]*"
)
"""Whom a demand binds, behind it."""
OF_WHOM = Sought(
    r"\W*(?:for|in|among) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having) (?:(?!\b(?:must|should|will|is required|are required)\b)[^,;:.]){3,120}:?\s*"
)
"""Nothing but whom a demand binds."""
REQUIRED_FOR = Sought(
    r"\W*(?:for|in) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having) [^,;:]{3,200}\b(?:is|are|will be|must be) (?:also )?(?:required|mandatory|necessary)\b"
)
"""What some patients need: "for subjects with a BRAF mutation targeted therapy will be required"."""
IS_DEFINED = Sought(r"\W*(?:the )?(?:[\w/-]+ ){1,5}(?:is|are|will be) defined (?:as|by)\b")
"""A sentence that says what a word of the one before means."""
BOUNDS_ONE = re.compile(r"\W*for (?:[\w-]+[ ,]+){1,4}?(?:within|in the (?:last|past)|[≤<>≥]\s?\d|\d)")
"""A time that bounds one of the things that stand before a semicolon: "for venous thrombosis, 6 months"."""
EXCEPTION_FIRST = re.compile(r"\W*exceptions?(?: to (?:this|the above))?\s*(?:[:=–-]|(?:is|are|include)\b)")
"""Of what stood before some are let in."""
SHORT_NAME = re.compile(r"\W*\((?P<name>[a-z]{2,5})\):\s+(?=\S)")
OF_PATIENTS = re.compile(
    r"\W*(?:for|in|among) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having)\b"
)
NOT_FOR = re.compile(
    r"\W*(?:note\W+)?(?:except(?:ion|ing)?s?\b|(?:this |it )(?:criterion )?(?:does|do|is|will) not (?:apply|applicable|be required|required)|not (?:applicable|required) (?:for|to|in)\b)"
)
IF_BUT = re.compile(
    r"\W*if (?:the |a )?(?:patients?|participants?|subjects?|they)\b[^.;]*,[^.;]*\b(?:will|would|may|can) be\b(?![^.;]*\b(?:excluded|ineligible|not eligible)\b)"
)
"""What will be done with some patients shuts out nobody."""
IF_FIRST = re.compile(r"\W*(?:if|in (?:the )?case of)\b")
TAKING = Sought(
    r"(?s)\W*(?P<when>(?!(?:all|any|the|eligible|study|these|each)\b)(?:[\w/+-]+ ){1,4}(?:patients|participants|subjects) (?:(?:who|that) (?:are|were|is) )?(?:receiving|taking|on|treated with) [^,;:.]{3,80}?|(?:[\w/+-]+ ){0,2}?[\w/+-]*(?:experienced|na[i\u00ef]ve)(?: [\w-]+){0,2}? (?:patients|participants|subjects)) (?P<then>(?:must|should|need to|have to|has to)\b.*)"
)
"""Some patients by a medicine they take, and what binds them: "glioma patients receiving steroids must …"."""
TO_RECEIVE = Sought(
    r"(?s)\W*(?P<when>(?:for |in )?(?:all |any |those )?(?:study )?(?:patients|participants|subjects|individuals|those|women)"
    r" (?:(?:who|that) (?:will(?: be)?|are to(?: be)?|are (?:scheduled|going|planned|assigned|randomi[sz]ed|allocated) to(?: be)?) (?:receiv\w*|treated|given|start\w*|tak(?:e|ing)|enrolled|assigned|randomi[sz]ed)"
    r"|to (?:be (?:treated|given|randomi[sz]ed)|receive)|(?:assigned|randomi[sz]ed|allocated|scheduled) to(?: receive)?|(?:(?:who are )?(?:receiving|on|treated with)(?=[^.;:]*:)))\b(?:(?!\b(?:must|should|will|any|at least|one|either|other|these|following)\b)[^.;:()]){2,90}?)"
    r"(?:\s*:\s*|,? (?=(?:must|should|need to|have to|has to|are required to)\b))(?P<then>\S.*)"
)
"""Those who get one of the trial's treatments, and what binds them alone: "participants who will receive A must …"."""
BARE_IF = re.compile(
    r"\W*if (?:(?!\b(?:must|should|will|may|can|required?|requires|needs?|then|negative|agree\w*|use|allowed|eligible|permitted|acceptable|excluded|applicable|indicated|possible)\b)[^,:;.]){3,120}[.\s]*"
)
"""A condition cut off from what it binds: "alkaline phosphatase may be raised; if bone metastases are present"."""
OF_PEOPLE = re.compile(
    r"\W*(?:(?:all|any|both|every|each|the|female|male|in all|for all) )*(?:patients?|participants?|subjects?|women|men|cohorts|parts|phases)\b"
)
"""A sentence with a subject of its own."""
BUT_MAY = Sought(
    r"\A(?P<what>(?:(?!\b(?:may|allowed|permitted|eligible)\b)[^.;:()]){12,200}?),? but (?=(?:they |(?:patients?|participants?|subjects?) )?may (?:also )?have (?:also )?(?:previously )?(?:received|had|been treated)\b)"
)
LET_IN_BEHIND = Sought(
    r"(?s)\A(?P<head>.{12,400}?)\s*\((?P<tail>(?:(?:patients?|participants?|subjects?|those|women|men) )[^()]{3,200}\b(?:are|is|will be) (?:still |however )?(?:eligible|allowed|permitted|included)\b[^()]{0,60})\)[\s.;,]*\Z"
)
"""Whom a bracket behind an exclusion lets in: "… are ineligible (patients with B are eligible)"."""
MAY_HAVE = Sought(
    r"\A(?P<what>(?:(?!\b(?:must|should|will)\b)[^.;:()])*\bmay (?:also )?have (?:(?!\b(?:must|should|will)\b)[^.;:()])+?),? but (?=(?:the|these|this|such|it|they)\b[^.;]{0,60}\bwill not be (?:measured|evaluated|assessed|followed|analy[sz]ed|considered)\b)"
)
EACH_PART = Sought(
    r"\A(?P<what>[^;:()]{12,240}? (?:for|in) (?:the )?(?:dose[- ])?(?:phase|part|cohorts?|arm|escalation|expansion|optimi[sz]ation)\b[^,;:()]{0,30}?),? and (?=(?:must|should) (?!not\b))"
)
MAY_AND_MUST = Sought(
    r"\A(?P<what>(?:(?!\b(?:must|should|will)\b)[^.;:()])*\bmay (?:also )?have (?:(?!\b(?:must|should|will)\b)[^.;:()])*?),? (?:and|but) (?=(?:they |(?:patients?|participants?|subjects?) )?(?:must|should) (?!not\b))"
)
MUST_BEHIND = Sought(
    r"\A(?!\W*(?:all |any )?(?:patients?|participants?|subjects?|women|men|females?|males?|individuals?|those|they|if|when|for|in) )(?P<what>(?:(?!\b(?:must|should|may|will)\b)[^.;:]){8,200}?),? and (?=(?:the )?(?:patients?|participants?|subjects?|they) (?:must|should) (?!not\b))"
)
AND_MUST = re.compile(
    r"\A(?!\W*(?:all |any )?(?:patients?|participants?|subjects?|women|men|females?|males?|individuals?|those|they|if|when|for|in) )[^.;]{3,200}?,? (?:and|but) (?:must|should)\b"
)
LIST_TO_COME = re.compile(r"(?::|\b(?:including|such as|the following))\W*\Z")
"""A sentence of which the list is missing."""
VIRUS = re.compile(r"\bh[ibc]v\b|\bhepatitis\b|\bimmunodeficiency virus\b")
"""Whom a demand on an infection binds, its own rule reads."""
EQUIVOCAL = re.compile(r"(?<![\d.])2 ?\+(?!\d)")
"""The IHC score that a second test settles."""
VERB = re.compile(
    r"\b(?:must|should|shall|is|are|was|were|be|has|have|had|having|will|may|can|need\w*|requir\w+|allowed|eligible|excluded|progress\w*|received?)\b"
)
"""Words without one of these name somebody, and say nothing of them."""
RECOVERY_DEFINED = Sought(
    r"\W*(?:recovery|resolution|resolved|recovered) (?:is|are|will be) defined (?:as|by)\b[^.;]*\b(?:baseline|not clinically significant)\b[^.;]*"
)
"""What is called recovery, where nothing stricter than the state before is asked."""
