"""Words that are empty beside values, measures of the heart, markers and the extent of a cancer.

Rows as in `framing_rows`: how a value was computed, in which laboratory a marker was tested, how an extent was seen.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import Row

_MARKERS = frozenset(
    [
        "her2_status",
        "hormone_receptor",
        "her2_amplification",
        "gene_status",
        "her2_mutation",
        "msi_mmr",
        "pd_l1",
        "other_biomarker",
    ]
)
CORRECTED = (
    r"\((?=[^()]*\b(?:may|can|could|allowed|permitted|acceptable)\b)(?=[^()]*\b(?:transfus\w+|growth factors?|g-csf|erythropoie\w+)\b)"
    r"(?:(?!\b(?:no|not|never|without|within|days?|weeks?|hours?|months?|independent|unless|only)\b)[^()]){1,200}\)"
)
"""A bracket that lets a value be corrected: "(a haemoglobin < 10 is acceptable if it is corrected by transfusion)"."""
_VALUES = frozenset({"lab_value"})
_EXTENT = frozenset({"disease_setting", "metastatic_site"})
_PLACE = r"(?:the )?(?:primary|metastatic)(?: (?:tumou?rs?|sites?|lesions?|disease|cancers?|biops(?:y|ies)|samples?|specimens?|tissues?))?"
_SEEN = r"(?:clinical|radiolog\w+|radiograph\w+|imaging|pathologic(?:al)?|physical)"
_METHOD = r"(?:mdrd|modification of diet in renal disease|ckd-?\s?epi|chronic kidney disease[ -]epidemiology collaboration(?: \(ckd-epi\))?|jelliffe|chatelut|calvert|schwartz|wright|cockc?roft(?:[ -]*(?:and|&)?[ -]*)gau?lt(?:'?s)?)"

ROWS_OF_MEASURED = (
    Row(
        _MARKERS,
        r"\A\W*(?:the )?primary(?= tumou?rs? (?:must|should|is|are|has|have|human|her-?2|er|pr|pgr|hormone|o?estrogen)\b)"
        r"|\A\W*(?:the )?invasive (?:component|cancers?|carcinomas?|tumou?rs?|disease)(?=,? (?:must|should|is|are|has|have)\b)"
        r"|\b(?:(?:in|at|by) an? )?(?:clinical laboratory improvement (?:act|amendments?)s?(?: of 1988)?|clia)(?: \[?\(?clia\)?\]?)?[ -]*(?:certified|approved|accredited|licensed)?(?: or (?:equivalent(?:ly)?)(?: certified)?)?(?: (?:laborator(?:y|ies)|labs?))?"
        rf"|\b(?:(?:from|in|of|on|either|using|at) )*{_PLACE} (?:or|and/or|/) {_PLACE}"
        r"|,? ?\b(?:and/or|or) (?:by )?(?:another|other|any other|an alternative) (?:(?:fda|ce)[- ]approved |validated |standard(?:i[sz]ed)? )+(?:her-?2 )?(?:test(?:ing)?|assay)s?(?: methods?)?"
        r"|\bper (?:local|institutional) (?:assessment|testing|assays?)\b|\bstaining\b(?=\W*(?:[.,;)\]]|or\b|$))"
        r"|\b(?:in )?the invasive component(?: of)?\b|(?<=guidelines )\d{1,2}\b(?=\W*\Z)|(?<=guidelines\.)\d{1,2}\b|\bbc\b(?=,? (?:as defined|per|according to)\b)"
        r"|\b(?:determined|detected|assessed|identified|confirmed) (?:by|via|using|with) (?:(?:an?|the|[\w-]+) ){0,3}(?:tissue|blood|plasma)?[ -]?(?:based )?(?:(?:or|and|and/or) (?:tissue|blood|plasma)[ -]based )?(?:\(ctdna\) )?(?:next[- ]generation sequencing|ngs|genomic profiling)(?: \(ngs\))?(?: (?:assay|test|testing|panel))?"
        r"|\bmalignanc(?:y|ies)\b(?=,? (?:as determined|(?:that|which) (?:is|are))\b|\W*\Z)|\bany standardi[sz]ed assay currently in clinical use\b",
    ),
    Row(
        frozenset({"her2_status"}),
        r",? ?\b(?:which |that )?(?:can|may) be (?:documented|determined|assessed|shown|established) (?:from|in|on|using) any (?:tumou?r |available )*(?:samples?|specimens?|biops(?:y|ies)|tissues?)(?: (?:taken|collected|obtained|available))?(?: (?:during|in|throughout|from|over) (?:the )?(?:patient'?s?'? |participant'?s?'? |their )?(?:cancer |disease |treatment |medical )*(?:history|course))?(?: ?\((?:early|primary|metastatic|advanced|or|and|/|-|stage|disease|[ ,])+\))?",
    ),
    Row(
        frozenset({"her2_status", "her2_amplification"}),
        r"\bassays? (?:using|by|with) [^.;]{3,90}? requires? (?:an? )?(?:gene amplification|strongly positive(?: \(3\+\))?(?: staining)?(?: intensity)?(?: scores?)?)",
    ),
    Row(
        _VALUES,
        rf"\((?:by |using |per )?(?:the )?{_METHOD}(?: (?:abbreviated|formula|equation|method|estimate|calculation))*\)|\b(?:(?:according to|by|using|per|with|based on|from) )?(?:the )?(?:(?:abbreviated|modified|following) )*{_METHOD}(?: \(mdrd\))?(?: (?:abbreviated|formula|equation|method|estimate|calculation|study|4-variable))*"
        r"|\b(?:based on )?(?:an? )?(?:timed |measured )?(?:12|24)(?: or 24)?[ -]?(?:hours?|hr|h)\b(?: urine)?(?: collections?)?(?: (?:for|of))?(?= (?:measured |calculated )*(?:creatinine|crcl|[\ue000-\uf8ff]))|\b(?:or )?based on (?:an? )?urine collection(?: \([^()]{1,24}\))?"
        r"|(?<!or )\b(?:measured )?(?:(?:by|based on|from|on|using|with|via) )(?:an? )?24[ -]?(?:hours?|hr|h) urine(?: (?:collections?|tests?|samples?))?|\bconcurrent(?= with [a-z ]{0,20}creatinine)"
        r"|\b(?:per|by|according to|at|via) (?:the )?(?:local|central) laborator(?:y|ies)(?: (?:testing|readings?|values?|results?|assessments?))?|\b(?:biochemical|biochemistry|blood|laboratory|routine blood|ha?ematolog\w+) examinations?\b(?=\W*:)"
        r"|\b(?:for|in) (?:patients|participants|subjects|those) (?:with|who have) (?:serum )?creatinine (?:levels? |values? )?(?:above|outside|greater than|>|higher than|exceeding)(?: the)? (?:institutional|laboratory|upper|normal)(?: (?:institutional|laboratory|upper|normal|limits?|uln|range|of))*"
        r"|\((?:can|may) be (?:corrected|achieved|reached|supported|maintained)[^()]{0,60}\)|\((?!\bno\b)(?:g-?csf|gm-?csf|filgrastim|growth factors?|transfusions?)[^()<>≤≥]{0,30}\b(?:is|are) (?:allowed|permitted)\)"
        rf"|{CORRECTED}"
        r"|\((?:ctcae |ctc |nci )*(?:grade|gr\.?) ?[≤<]? ?[0-4](?: or (?:less|lower|below|better))?\)"
        r"|\bconcurrent(?:ly)?\b(?= (?:with )?(?:(?:total|serum|elevated) )*(?:bilirubin|[\ue000-\uf8ff]))"
        r"|\((?:(?!\bnot?\b|\bwithin\b|\bdays?\b)[^()]){0,90}\btransfus\w+(?:(?!\bnot?\b|\bwithin\b|\bdays?\b)[^()]){0,60}\b(?:allowed|permitted|acceptable)\)"
        r"|\b(?:all )?(?:screening |baseline |pre-?treatment )*labs?(?: (?:tests?|values?))? (?:must |should )?(?:to )?(?:be )?(?:obtained|drawn|done|performed|collected)\b"
        r"|\b(?:blood counts?|laboratory values?|bone marrow reserve)(?= (?:performed|obtained|drawn|consistent|must|within|that|done))|\bconsistent(?= with:)|\bsystem laboratory value\b|\b(?:hepatic|liver|coagulation) (?:enzymes|parameters)\b(?=\W*\()|\bassessments?(?=\W*$)"
        r"|\b(?:calculated|estimated|measured) (?:creatinine clearance|crcl)(?=[:(]? ?(?:crcl|creatinine))|\bcreatinine clearance(?= is only required)"
        r"|\b(?:(?:are|is|were) )?(?:associated|concomitant)(?= with (?:an? )?(?:alkaline|alk|elevated|[\ue000-\uf8ff]))"
        r"|\b(?:normal|adequate|acceptable)(?= (?:serum |total )*(?:bilirubin|creatinine|platelets?|ha?emoglobin|neutrophils?|anc|ast|alt|transaminases?|albumin|inr)\b)|\((?:unconjugated|indirect) hyperbilirubin\w+\)",
    ),
    Row(
        frozenset({"lvef"}),
        r"\bwhichever is (?:lower|less)\b|\bscans?\b|\bpredicted\b|\b(?:a |the )?particular institution\b|\bproper (?:cardiac|heart) function\b(?=\W*\()|\bindicating\b|\b2-d\b"
        r"|\((?:the )?(?:method|test|technique|modality) used at baseline must be used [^()]*\)",
    ),
    Row(
        frozenset({"lab_value", "lvef", "qtc", "vital_sign"}),
        r"\b(?:before|prior to) (?:the )?first (?:doses?|administration|infusion) of (?:(?!study\b)[a-z][\w-]{3,})(?: (?:sc|iv))?(?:,? (?:and|or) (?:[a-z][\w-]{3,}))?(?=\W*(?:[.,;)]|\Z))|\b(?:pre-?treatment|pre-?operative|pre-?study|averaged)\b|\b(?:based on )?central reading\b|\b(?:cardiac |heart )?(?:doppler )?(?:ultrasound|echocardiograph\w*) (?:assessment|evaluation|examination)\b(?=\W*:)",
    ),
    Row(
        frozenset({"vital_sign"}),
        r"\b(?:on |in |at |breathing )?room air\b|\b(?:while )?(?:sitting|supine|seated|standing|semi-?recumbent)\b(?: (?:position|after))?|\b(?:controlled|normal|adequate(?:ly controlled)?) blood pressure\b(?=\W*(?:with|defined|\())|\bpulse oximetry\b",
    ),
    Row(frozenset({"qtc"}), r"\btriplicate[ -]?(?:12)?-?lead\b|\b12-?lead\b"),
    Row(frozenset({"tumour_type"}), r"\bof the nipple\b(?: and areola)?|\b(?:clinically )?staged as(?: including)?\b"),
    Row(
        _EXTENT,
        r"\b(?:as )?(?:determined|confirmed|proven|documented|assessed|measured) by (?:cytology|fna|fine[ -]needle aspirat\w+|(?:core |sentinel (?:lymph )?(?:node )?)?biopsy|ultrasound|mammogra\w+|mri|palpation)\b(?:(?:[ ,/]|\b(?:or|and|and/or)\b)+(?:cytology|fna|fine[ -]needle aspirat\w+|(?:core )?biopsy|ultrasound|mammogra\w+|mri|palpation)\b)*"
        r"|\b(?:of )?(?:significant|sufficient|adequate) size for (?:core )?(?:needle )?biops(?:y|ies)\b(?: ?/)?"
        r"|\b(?:(?:ultrasound|sonographically|mammographically|clinically|radiologically)[ -])?measurable\b(?=[^.;()]{0,60}\( ?[≥>] ?\d[^()]{0,12}\))|\b(?:using|by|on|with) (?:ultraso(?:und|nography)|mammography|mri)\b(?= ?\( ?[≥>] ?\d)"
        r"|\bpre-?operative\b(?= (?:clinical )?stages?)|\b(?:been )?(?:deemed|judged)\b(?= (?:to be )?(?:surgically )?(?:un-?resectable|non-?resectable|in-?operable|incurable))|"
        rf"\bclinically(?: (?:and|or|and/or) (?:radiographically|radiologically|pathologically))?(?= (?:axillary )?(?:lymph )?(?:nod(?:e|al)|staged|[\ue000-\uf8ff]))"
        rf"|\b(?:definitive|definite)(?= (?:(?:{_SEEN}|and|or|and/or) )*evidence)"
        rf"|\b(?:by|on|per|with) (?:documented )?{_SEEN}(?: (?:and/or|or|and) {_SEEN})*(?: (?:assessment|evaluation|examination|criteria|stud(?:y|ies)|imaging|scans?))"
        rf"|\b{_SEEN}(?: (?:and/or|or|and) {_SEEN})*(?= evidence of)|\bmalignanc(?:y|ies)\b(?=,? (?:that|which) (?:is|are)\b)|\bcarry(?= (?:a |the )?diagnosis)",
    ),
)
