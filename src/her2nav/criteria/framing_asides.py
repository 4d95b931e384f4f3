"""Asides: notes on how and when something is done, reasons, and words on tests that change no patient's answer.

Rows as in `framing_rows`, expressions that are empty anywhere as there, and sentences that state nothing as in `framing`.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import Row

_MARKERS = frozenset(
    ["her2_status", "hormone_receptor", "her2_amplification", "gene_status", "her2_mutation", "msi_mmr", "pd_l1"]
)
_OF_STUDY = r"(?:the |this )?(?:study|trial|protocol)"
_TISSUE = r"(?:archival |archived |fresh |tumou?r |tissue )*(?:tissues?|samples?|specimens?|biops(?:y|ies)|blocks?)"
_DOCTOR = r"(?:treating |study |site |local |principal )*(?:investigator|physician|oncologist|doctor)s?(?:'s?)?"

ROWS_OF_ASIDES = (
    Row(
        _MARKERS,
        r"\b(?:by|using|with|on) (?:standard|local|institutional|routine)(?: (?:immunohistochemi\w+|ihc|methods?|techniques?|testing|assays?))+(?: \(ihc\))?(?=\W|$)"
        r"|\b(?:as )?(?:defined|determined|assessed) (?:by|per|according to) (?:the )?(?:local|institutional|each) (?:institutions?|laborator(?:y|ies)|sites?|guidelines?|standards?|pathology|criteria)\b"
        r"|\bto follow (?:local|national|institutional) guidelines?\b|\bimmunohistochemically\b",
    ),
    Row(
        frozenset({"tumour_type"}),
        r"\b(?:documented|assessed|reviewed|performed|confirmed) (?:at|by|in) (?:a |the )?(?:local )?patholog(?:y|ical) (?:departments?|laborator(?:y|ies)|services?|reviews?)\b"
        r"|\bnew(?= (?:histologic(?:al)? |pathologic(?:al)? )?diagnos(?:is|ed|es)\b)",
    ),
    Row(
        frozenset({"pregnancy"}),
        rf"\b(?:at )?any ?time(?: (?:during|in) {_OF_STUDY})?\b"
        r"|\bmothers?\b|\b(?:an? |their |the )?(?:nursing )?(?:infants?|bab(?:y|ies)|child)\b(?! (?:bearing|or))|\bexisting\b"
        r"|\(?\b(?:as )?(?:assessed|confirmed|determined|documented|diagnosed|proven|verified|shown) (?:by|with|on|through) (?:an? )?(?:positive )?(?:serum|urine|blood|laboratory)?(?: or (?:serum|urine))? ?(?:beta-?)?(?:hcg|pregnancy)? ?(?:tests?|testing)?(?: \(hcg\))?(?: (?:performed|done|taken|obtained))?(?: within [^().;]{2,40}?(?:prior to|before) [^().;]{2,40})?\)?(?=\W|$)"
        r"|\((?:lactating|breast-?feeding|nursing|women|participants|patients)[^()]{0,60}\b(?:interrupt\w*|discontinue\w*|agree not to)[^()]{0,80}\)|\(breast-?\s?feeding should be discontinued[^()]{0,60}\)",
    ),
    Row(
        frozenset({"participation"}),
        r"\b(?:wom[ae]n|females) of child-?\s?bearing potential (?:must|will|should) (?:take|undergo|have) (?:an? |the )?(?:serum |urine )?pregnancy test\b(?!.*\bnegative\b)",
    ),
    Row(
        frozenset({"lvef"}),
        r"\b(?:for|of|at) (?:the )?(?:study )?(?:site|institution|laboratory|cent(?:er|re))\b|\bblood pool imaging of the heart\b",
    ),
    Row(
        frozenset({"lab_value"}),
        r"(?<=ml/min)(?: ?/ ?m ?\^?2)\b|\bcreatinine clearance\b(?=\W*(?:as |per |by |calculated |estimated |according to |using )[^.;]{0,30}cockcroft)"
        r"|(?<=unless )due(?= to)|(?<=except )(?:when )?due(?= to)|(?<=if )due(?= to)",
    ),
    Row(
        frozenset({"disease_progression", "prior_therapy", "lines_of_therapy"}),
        rf"\b(?:as )?(?:defined|determined|judged|assessed|confirmed|documented|considered) by (?:the |their )?{_DOCTOR}(?: assessment)?(?=\W*(?:[.,;)]|$))",
    ),
    Row(
        frozenset({"toxicity_recovery"}),
        r"\bnot (?:yet )?(?:fully |adequately |completely )?recovered from (?:the )?(?:adverse (?:events|effects)|side[ -]effects|(?:acute )?toxicit(?:y|ies)|toxic effects|effects)(?: \(aes?\))?(?: (?:due to|of|from|related to) (?:[\w/-]+ ){0,6}?(?:therap(?:y|ies)|treatments?|agents?|chemotherapy|drugs?)(?: administered (?:more than |> ?)[\w ]{1,20} earlier)?)?(?=\W*\((?:i\.? ?e\.?,? ?)?(?:that is,? )?(?:have |has |having |with )?(?:residual|persistent|ongoing|unresolved))"
        r"|(?<=[( ])(?:residual|persistent|unresolved|ongoing) toxicit(?:y|ies) (?:of )?(?:[>≥]|greater than|above|more than) ?(?:grade |g)?\d(?=\) (?:with|except|other than))"
        r"|(?<=\()i\.e\.,? (?:have|has|having|with)\b(?= residual)",
    ),
    Row(
        frozenset({"judgement"}),
        r"\b(?:it )?(?:is|are|be) not in the best interests? of the (?:patient|subject|participant|individual)s?'?s?(?: to (?:participate|take part|enrol+))?(?: in (?:the |this )?(?:study|trial))?",
    ),
    Row(
        frozenset(
            [
                "comorbidity",
                "cardiac_history",
                "lung_disease",
                "bleeding_thrombosis",
                "gastrointestinal",
                "eye_disease",
                "ild",
                "peripheral_neuropathy",
            ]
        ),
        r"\b(?:of )?any (?:grade|severity|degree)\b|\bof any (?:new york heart association|nyha)(?: \(nyha\))?(?: class(?:ification)?(?:es)?| criteria| grade)?\b",
    ),
    Row(
        frozenset({"prior_therapy", "washout", "concomitant_medication"}),
        r"\((?:licensed|approved|marketed|commercial(?:ly available)?) or (?:investigational|experimental)\)|\((?:investigational|experimental) or (?:licensed|approved|marketed|commercial(?:ly available)?)\)",
    ),
    Row(frozenset({"performance_status"}), r"\b(?:the |their )?(?:most recent|latest|last)\b"),
    Row(
        frozenset({"toxicity_recovery", "judgement"}),
        r"\bacute\b(?= (?:toxic|effects|reversible|side))|\b(?:due to|from|of) (?:any |all |the |their )?(?:prior|previous|earlier) (?:anti-?cancer |cancer |systemic |anti-?tumou?r )?(?:therap(?:y|ies)|treatments?)\b(?= *(?:[.,;)]|$))",
    ),
    Row(
        frozenset({"measurable_disease"}),
        r"(?<=non-measurable )\((?:radiologic(?:al)?(?:ly)? |clinically )?evaluable\)|(?<=nonmeasurable )\((?:radiologic(?:al)?(?:ly)? |clinically )?evaluable\)",
    ),
    Row(
        frozenset({"participation"}),
        r"\b(?:that|which) (?:would|could|might|may|can)(?: \w+ly)?(?: (?:preclude|prevent|limit|impair|affect|hinder|hamper|interfere with|compromise|alter))?\b|\bwould(?: (?:preclude|prevent|limit|impair|affect|hinder|hamper))?\b|\b(?:that |which )?(?:impairs?|hinders?|precludes?|precluding|affects?)\b",
    ),
    Row(
        frozenset({"comorbidity", "gastrointestinal", "judgement"}),
        r"\b(?:an? |the )?(?:imaging|scanning|scan|mri|pet) (?:session|procedure|examination)s?\b",
    ),
)

MINOR_SURGERY = r"(?:(?!\b(?:within|prior|before|since|less|more|had|has|have|undergo\w*|history|recent|any|no)\b)[\w ,/-]){3,90} (?:(?:is|are) not|(?:will|would) not be) (?:considered|counted as|regarded as)(?: as)? (?:an? )?major (?:surger(?:y|ies)|surgical procedures?)"
"""What is no major operation; nothing that somebody must have had or not had stands in it."""

ASIDES_ANYWHERE = (
    r"\bwill (?:then )?be (?:asked|invited) to (?:participate|take part|join|enrol+)(?: in (?:this|the|our) (?:study|trial|research))?(?=\W*\Z)",
    rf"\((?:note\W+)?{MINOR_SURGERY}\W?\)",
    r"\A\W*stages 1 (?:and|&) 2\s*:",
    rf"\b(?:while|when|whilst) (?:still )?(?:participating|enrolled|being|taking part) (?:in|on) {_OF_STUDY}\b",
    r"\((?:this is )?(?:mandatory|required|if applicable|if indicated|if clinically indicated|as applicable)\)",
    r"\(the day of [^()]{3,60}\)",
    r"\(\s*note\W+(?:(?!\bnegative\b)[^()]){0,60}\bpregnancy test(?:s|ing)?\b(?:(?!\bnegative\b)[^()])*\)",
    r"[(\[](?:note that |please note )?(?:baseline and (?:on-treatment|follow-up) (?:scans|assessments)|(?:the )?same (?:test|method|modality|technique|machine|procedure))\b[^()\[\]]{0,40}\b(?:should|must|will|is to) be (?:performed|used)\b[^()\[\]]*[)\]]",
    rf"\bpreceding\b(?= (?:the )?(?:first|start|{_OF_STUDY}|initiation|random|enrol|regist|administration|screening))",
    r"\((?:the )?safety (?:and|or|and/or) (?:effectiveness|efficacy) of [^()]*\bnot (?:yet )?been (?:studied|established|evaluated)\b[^()]*\)",
)
"""As in `framing_rows`: the patient's answer depends on none of them, whatever stands beside."""

_TESTS = r"(?:pregnancy|laboratory|imaging|molecular|genetic|biomarker|central|local|confirmatory|staging|systemic|brain|serological|hiv|hbv|hcv|hepatitis)"

NOTHING_MORE = (
    r"(?:patients|participants|subjects) (?:may|can) (?:be on|use|take|receive) [\w ,-]{3,40} (?:agents?|medications?|therapy|drugs?|supplements?) to (?:reach|achieve|meet|attain) (?:these|this|the) (?:values?|levels?|limits?|criteria|targets?)",
    r"confirmation of (?:the )?creatinine clearance is (?:only )?required (?:only )?(?:when|if) (?:[^.;]|\.(?=\d))*",
    r"preference will be given [^.;]*",
    r"(?:[\w/-]+ ){1,9}(?:is|are|can be|will be) (?:specified|listed|described|detailed|outlined|found|provided|given) in (?:the )?(?:protocol|section|appendix|table|drug information section)\b(?: (?:[a-z\d]{1,3}(?:\.\d+)*|and|or|of the protocol))*\W*",
    r"(?:a |any )?wom[ae]n (?:is|are|will be) considered (?:to be |as )?(?:an? |of |as )*(?:having )?[\"\u201c']?(?:wom[ae]n of )?(?:childbearing|child-bearing|reproductive) (?:potential|age)\b(?!.*\b(?:must|agree|contracep))[^;]*",
    r"(?:if|should) (?:a |an |any |the )?(?:wom[ae]n|females?|patients?|participants?|subjects?|she)\b[\w ,/()]{0,40}?\b(?:becomes?|is|suspects?)\b[\w ,/()]{0,30}\bpregnant\b[^.;]{0,90}\b(?:inform|notify|contact|tell|informed|notified)\b[^.;]*",
    r"(?:[\w ,/()-]{0,60}\b)?(?:preservation|banking|cryo-?preservation|storage) of (?:sperm|eggs|ova|oocytes|embryos)\b[^.;]{0,40}\b(?:considered|offered|advised|recommended|discussed)\b[^.;]*|(?:sperm|egg|oocyte|embryo) (?:banking|preservation|cryo-?preservation|storage)\b[^.;]{0,40}\b(?:considered|offered|advised|recommended|discussed)\b[^.;]*",
    rf"(?:{_TESTS} ?)+(?:tests?|testing|imaging|scans?|studies|assessments?|confirmation|evaluations?|biops(?:y|ies)|reviews?) (?:is|are) not (?:required|mandatory|necessary|needed)(?: (?:for|at|before|prior to) (?:the )?(?:eligibility|enrol+ment|inclusion|study entry|participation|screening))?",
    rf"(?:the )?{_TISSUE} (?:can|may) be [^.;]*",
    r"(?:the )?(?:estrogen receptor|progesterone receptor|hormone receptor|receptor|er|pr|her-?2)(?: \(?(?:er|pr|her-?2)\)?)?(?:[ /,]+(?:and |or )?(?:er|pr|her-?2))* (?:status|results?|testing|expression) (?:will be|may be|is|are) (?:determined|assessed|tested|performed|evaluated|done) (?:by|at|in|using|per|according|locally|centrally|with|utili[sz]ing)\b[^.;<>≥≤]*",
    r"(?:wom[ae]n of child-?bearing potential|wocbp|females of (?:child-?bearing|reproductive) potential) (?:will|must|should) (?:have|undergo) (?:an? )?(?:serum |urine )?pregnancy test(?:s|ing)?\b(?!.*\bnegative\b)[^.;]*\b(?:each|every|during|monthly|throughout)\b[^.;]*",
    r"(?:note\W*)?(?:a )?(?:serum |urine )?pregnancy test(?:s|ing)? (?:must|should|will|is to|needs? to) be (?:performed|done|repeated|obtained|conducted|completed)(?!.*\bnegative\b)[^.;]*",
    r"(?:the )?qtc\w? is calculated (?:using|by|with|according to)\b(?:[^.;<>≥≤]|\.(?=\d))*",
    r"(?:prior therap(?:y|ies)|biologic therapy|chemotherapy|endocrine therapy|hormon(?:e|al) therapy|radiotherapy|radiation therapy|surgery|immunotherapy|other)\W+not (?:otherwise )?specified",
    r"(?:(?:potential|prospective) )?(?:subjects|patients|participants) (?:will be|are) (?:excluded|ineligible)(?: from [\w ]{3,50}?)? if (?:they )?(?:meet|fulfil+|satisfy|have) (?:any|one)[\w ]{0,30}following[\w ]{0,30}:?|(?:[\w-]+ ){0,3}(?:pre-?)?screening (?:inclusion|exclusion|eligibility) criteria|sex and reproductive status\s*:",
    r"inclusion of minorities\b[^.;]{0,10}(?:patients|men|women)[^.;]*\beligible\b[^.;]*|there are additional (?:inclusion|exclusion)[^.;]*|the study (?:cent(?:er|re)|site) will determine if you[^.;]*|if you (?:do not |do )?qualify[^.;]*",
    r"(?:there (?:is|are) )?no (?:enrol+ment |eligibility )?restrictions? (?:are |is )?(?:placed |based )?(?:upon|on|as to|regarding|by) (?:the )?(?:race|ethnic|gender|sex|age|menopausal)[^.;]*",
    r"(?:the )?(?:patients?|participants?|subjects?|individuals?|women|men) (?:who|that) (?:meet|met|fulfil+(?:ed)?|satisf(?:y|ied)) (?:all (?:of )?)?the following(?: \w+)?(?: criteria| conditions| requirements)? (?:are|were|will be|is|may be|can be) (?:eligible|included|enrolled|accepted)(?: (?:for|in|into) (?:the|this) (?:study|trial))?",
    r"(?:continue to )?(?:meets?|fulfil+s?) (?:all (?:of )?(?:the )?)?(?:inclusion|eligibility|entry)(?: and (?:none of the )?exclusion)? criteria(?: (?:of|for) [\w -]{2,40})?|(?:any )?(?:deviations?|departures?) from the (?:inclusion|eligibility) criteria|(?:individuals?|patients|participants|subjects|those) (?:who (?:do|did) )?not meet(?:ing)? (?:the |all |any of the |all of the )*(?:inclusion |above |eligibility )*criteria(?: above)?",
    r"(?:prior|concurrent|concomitant) (?:medications?|treatments?)\s*:|co-?existing conditions?\s*:|(?:protocol )?entry criteria\s*:",
)
"""Sentences that state nothing about a patient, as in `framing`."""
