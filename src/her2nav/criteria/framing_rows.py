"""The words of `framing_words` and `framing`: which words are empty beside which kinds, and which are empty anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.language.patterns import MACROS


@dataclass(frozen=True, slots=True)
class Row:
    """Words that are empty beside these kinds."""

    kinds: frozenset[str]
    words: str


def _row(kinds: str, words: str) -> Row:
    return Row(frozenset(kinds.split()), words)


ILLNESSES = "comorbidity cardiac_history lung_disease infection bleeding_thrombosis gastrointestinal immune eye_disease ild viral_infection peripheral_neuropathy allergy"
_SIGNS = r"(?:signs?|symptoms?|findings?|manifestations?)"

ROWS = (
    _row(
        "performance_status",
        r"\beastern (?:cooperative oncology|oncology cooperative) group\b|\bsouthwest oncology group\b|\bworld health organi[sz]ation\b|\b(?:gyna?ecologic|eastern) (?:co-?operative )?oncology(?: group)?\b|\beastern co-?operative oncology\b|\b(?:on|by|per|using) the (?:who|gog|swog|ctc|zubrod)\b|\bscales?\b|\bcooperative oncology group\b|\W?\b100\b\s?%?|\bother performance status\b|\bperformance(?: status)?\b(?= and/or)|\bappendix(?: [a-z\d]{1,3})?\b|\bzubrod\b|\becog-ps\b|\bperformance score\b",
    ),
    _row(
        "tumour_type",
        r"\b(?:on|by|upon|via) (?:histologic(?:al)?|pathologic(?:al)?|histopathologic(?:al)?|cytologic(?:al)?)(?:(?:/| or | and/or )(?:cytologic(?:al)?|histologic(?:al)?))? (?:examination|confirmation|diagnosis|analysis)\b|\bby (?:routine )?(?:hematoxylin and eosin|h&e)(?: \(h&e\))? staining\b"
        r"|\b(?:confirmed|proven|documented|diagnosed|verified) by (?:histology|cytology|biopsy|pathology)(?: (?:or|and/or|and) (?:histology|cytology|biopsy|pathology))?\b",
    ),
    _row(
        "measurable_disease",
        r"\b(?:by |on |with |using )?(?:ct(?: scans?)?|mri(?: scans?)?|comput(?:ed|erized) tomography|magnetic resonance imaging|physical exam(?:ination)?|clinical exam(?:ination)?|x-ray|radiograph\w*)\b|\bresponse evaluation criteri(?:a|on) (?:for|in) solid tumou?rs(?: version(?: \d(?:\.\d)?)?)?|\bunidimensional(?:ly)?\b",
    ),
    _row(
        "disease_setting tumour_type",
        r"\bamerican joint committee on cancer\b|\bajcc\b|\b\d(?:st|nd|rd|th) edition\b|\btnm(?: staging)?(?: system| classification)?\b|\buicc\b",
    ),
    _row(
        "tumour_type",
        r"\b(?:made |confirmed |diagnosed |proven |obtained )?by (?:core|fine|limited|incisional|excisional|needle|image-guided|surgical)(?:[ -](?:core|fine|needle|incisional|excisional|biops(?:y|ies)|aspirat\w+|or|limited|surgical))*\b",
    ),
    _row(
        f"cns_metastases leptomeningeal_disease {ILLNESSES}",
        r"\b(?:up)?on (?:physical|clinical|neurologic(?:al)?) exam(?:ination)?\b",
    ),
    _row("life_expectancy", r"\b(?:predicted|anticipated|projected|estimated|expected)\b"),
    _row("sex", r"\bgenders?\b"),
    _row("gastrointestinal participation", r"\bwilling(?:ness)?\b"),
    _row(
        "pregnancy contraception judgement",
        rf"\b(?:potentially )?fertile (?:males?|m[ae]n|females?|wom[ae]n)\b|\bof (?:wo)?child-?\s?bearing (?:potential|age)\b|\b(?:within|until|for)(?: at least)? {MACROS['time']}(?: \([^()]{{1,16}}\))? (?:after|following|of) (?:receiving )?(?:the )?(?:last|final) (?:doses?|administration)(?: of (?:the )?(?:study |trial )?[\w/-]+)?(?:,? whichever (?:is|comes) (?:longer|later|last))?",
    ),
    _row(
        "age",
        r"\b(?:at|on|by) (?:the )?(?:time|date|day) of (?:giving |signing |providing |the )?(?:written |informed )*consent(?: form)?\b|\b(?:at|when) (?:giving |signing )(?:informed )?consent\b|\b(?:inclusive|gender)\b|\bage\b",
    ),
    _row(
        "lvef",
        r"\babnormal cardiac function\b|\bby (?:radioisotope|radionuclide|isotope) method\b|\bby cardiac (?:ultrasound|imaging)\b|\bcardiac ejection\b",
    ),
    _row("qtc", r"\bheart[- ]rate\b|\bresting\b|\bmean\b|\btriplicate\b"),
    _row(
        "lab_value",
        r"\b(?:postoperative|demonstrable|most recent|serum|lab)\b|\b(?:can|may|could) be (?:corrected|reached|achieved|supplemented|transfused|maintained)\b[^.;()]{0,60}|\bfor the (?:institution|lab|laboratory)\b|\bfasting\b(?! (?:plasma |blood |serum )?gluc)|\bmay be reached by transfusion\b",
    ),
    _row(
        "toxicity_recovery lab_value " + ILLNESSES,
        r"\b(?:us |u\.s\. )?national cancer institute(?:'s)?\b|\bcommon (?:terminology|toxicity) criteria(?: for adverse events?)?\b|\bnci[- ]ctc(?:ae)?\b|\badverse events? scale\b",
    ),
    _row(
        "concomitant_medication washout planned_therapy immune",
        r"\b(?:any )?other\b(?= (?:concurrent|concomitant|investigational|experimental|anti-?cancer|prior|study|active|systemic))",
    ),
    _row(
        "disease_setting cns_metastases leptomeningeal_disease metastatic_site disease_progression cardiac_history",
        r"\b(?:clinical|radiologic(?:al)?|radiographic(?:al)?|imaging|pathologic(?:al)?|physical)(?:(?:,? (?:and/or|or|and) |, |/)(?:clinical|radiologic(?:al)?|radiographic|imaging|pathologic(?:al)?|laboratory))* (?=(?:evidence|signs?|findings?|diagnosis|suspicion|(?:disease |tumou?r )?progression|progressive|recurrence|relapse)\b)",
    ),
    _row(
        "participation",
        r"\bbefore (?:any |the )?(?:trial|study)[- ]?(?:related|specific) (?:activit(?:y|ies)|procedures?|assessments?)\b|\b(?:signed|dated|written|voluntary|voluntarily)\b|\b(?:ability|capacity|able) to (?:provide|give|sign)\b",
    ),
    _row(
        "disease_progression lines_of_therapy prior_therapy",
        r"\bexperienced\b|\b(?:which|that|and) (?:does|do|need) not (?:have to |need to )?be (?:the )?(?:most recent|last|immediate|treatment|therapy|regimen|line)\b[^.;,()]{0,60}|\bwith any (?:duration|length|type|kind) of (?:therapy|treatment) (?:allowed|permitted)\b",
    ),
    _row(
        "her2_status her2_amplification hormone_receptor",
        r"\b(?:american society of clinical oncology|asco)(?: ?\(asco\))?\s*(?:/|and|-)\s*(?:the )?(?:college of american pathologists|cap)\b(?: ?\((?:asco[ /-]*)?cap\))?(?: 20\d\d)?(?: (?:guidelines?|criteria|recommendations?))*",
    ),
    _row(
        "second_malignancy",
        r"\bwhose natural history or treatment\b[^.;]{0,200}?\b(?:interfere with|confound)\b[^.;]{0,120}?\b(?:regimens?|drugs?|treatments?|therap(?:y|ies)|agents?|interventions?|trial|study)\b(?= (?:are|is|may|will)\b)",
    ),
    _row("tumour_type", r"\(?\bsame as (?:above|below|in (?:part|cohort|phase) \w{1,3})\)?"),
    _row("gene_status her2_mutation", r"\bpositive\b(?= [a-z0-9]+ mutation)"),
    _row(
        "gene_status her2_mutation her2_amplification other_driver msi_mmr",
        r"\bharbou?r(?:s|ing|ed)?\b|\bcarr(?:y|ies|ying)\b|\bgenetic tests? (?:suggesting|showing)\b|\bcharacteri[sz]ed by\b|\b(?:found|shown|detected|identified|confirmed|determined|assessed) (?:on|by|via|with|using|through|in) (?:an? |the )?(?:genetic|molecular|genomic|local|central|tumou?r tissue|tissue)(?: (?:or|and/or) (?:central|local|plasma|blood))?(?: (?:test(?:ing|s)?|analysis|profiling|laborator(?:y|ies)|assays?|sample))*",
    ),
    _row(
        "her2_status hormone_receptor gene_status her2_mutation",
        r"\b(?:as (?:determined|assessed|confirmed) )?(?:by|in|at|from|per) (?:an? |the |their )?(?:(?:local|accredited|certified|qualified|experienced|clia|cap|reference|hospital|validated|approved|investigational|site|pathology)[ /,-]*(?:and |or |certified |accredited )?)+(?:pathology )?(?:laborator(?:y|ies)|labs?)\b|\busing (?:an? )?(?:(?:accurate|validated|approved|standard|local)(?: and |, | )?)+(?:assays?|tests?|methods?|testing)\b|\b(?:utili[sz]ing|using|following) (?:the )?(?:\d{4} )?asco[/ -]cap (?:\d{4} )?(?:guidelines?|criteria|recommendations?)\b|\bfda[- ]approved tests?\b",
    ),
    _row(
        f"{ILLNESSES} cns_metastases leptomeningeal_disease",
        rf"\b(?:(?:clinical|current|any|active|known) )*{_SIGNS}(?: ?(?:and/or|or|and|/) ?{_SIGNS})* of\b(?! (?:the |their |its )?(?:study|disease|cancer|tumou?r|malignan|progress))"
        r"|\b(?:of|from|due to|regardless of|for|irrespective of) (?:any|whatever|other) (?:cause|etiology|aetiology|reason|origin)s?\b|\bknown or suspected\b|\bsuspected or known\b|\b(?:previously )?identified\b|\bshowing\b|\bknow\b(?= (?:human|hiv|hepatitis|hyper))"
        r"|\bexperienced\b|\b(?:any |other )?(?:forms?|types?|kinds?) of\b|\b(?:indicative|suggestive) of\b|\b(?:reflecting|consistent with|demonstrating)\b|\bissues?\b|\bpositive for\b|\b(?:newly|recently)\b(?= diagnosed)|\bco(?=-existing)|\bof known clinical significance\b|\bpre(?=-? ?existing\b)|\b(?:on|in|by) (?:the )?(?:baseline |screening |current )*(?:brain )?(?:mri|ct|imaging|echocardiogram|electrocardiogram|ecg|ekg|chest x-?ray)(?: scans?| studies)?\b"
        r"|\bhospitali[sz]ation for (?:complications of )?(?=infection)",
    ),
    _row(
        "viral_infection",
        r"\bdrug-drug interactions?\b|\bif indicated\b|(?<=\()(?:hiv|hbv|hcv)(?=\))|(?<=negative for )hcv rna\b|\blocal polic(?:y|ies)\b|\bmedical history review\b|(?<=syndrome)[ -]*related illness\b|\(?(?:aids|hiv)\)?[ -]related (?:illness|disease|complex)(?:es)?\b|\binfected\b(?= (?:men|women|males?|females?|adults?|patients?|subjects?|participants?))|\bserolog(?:ic|ical|y)\b|\bpolymerase chain reaction\b|\bpcr\b|\bindicating\b",
    ),
    _row("measurable_disease", r"≥ ?(?:1|one)\b(?= (?:measurable|evaluable|target|lesion))"),
    _row(
        "performance_status",
        r"\bclinical performance\b|\bperformance (?:scale|score)\b|\b(?:prior to|before) allocation\b|\bwithin \d+ days (?:of|prior to|before)\b|\bswog\b|\bgog\b|\bpre-? ?screening\b|\b(?:oken|karnofsky)\W+(?:et al\W+)?(?:19\d\d)|\bsee\b(?= appendix)|\bat (?:the )?(?:start|time) of (?:the )?(?:study |trial )?(?:treatment|therapy|entry)\b",
    ),
    _row(
        "lvef",
        r"\b(?:adequate|normal|acceptable|sufficient|abnormal|inadequate|impaired) cardiac\b|\bcardiac(?= (?:left|function|ejection))|\b(?:ecg|ekg|muga|echo|echocardiogra\w+|tte|cardiac mri|multi-?gated acquisition)\b(?: scans?)?|\bbaseline\b|\b(?:first|initial) (?:doses?|infusions?|administration) of (?:study )?\b",
    ),
    _row(
        "qtc",
        r"\b12-lead\b|\becg showing\b|\bprolonged\b|\bscreening\b|\b(?:bazett|fridericia|framingham)(?:'?s)?(?: formula| correction| method)*\b(?: \(?qtc[bf]\)?)?|\bqtc[bf]\b|\becgs?\b|\bekgs?\b|\belectrocardiograms?\b|\b(?:based on |average of )?(?:triplicates?|measurements?|measures?)\b|\bmachine[- ]derived\b|\bconsecutive\b|\bheart\b(?=-? ?rate corrected)|\bprolongation of\b|\b\d ?- ?\d minutes apart\b|\bperformed within\b",
    ),
    _row(
        "cardiac_history qtc",
        r"\b(?:on|by|per|in) (?:the )?(?:baseline |screening |resting |12-lead )*(?:ecg|ekg|electrocardiogram)s?\b",
    ),
    _row(
        "life_expectancy",
        r"\b(?:physician|investigator)[ -](?:assessed|estimated)\b|\bfor any (?:reason|cause)\b|\b(?:as )?(?:assessed|judged|determined|estimated) by (?:the |their )?(?:patient'?s )?(?:primary |treating |study )?(?:oncologist|physician|investigator|doctor)s?\b|\b(?:from|at|after) (?:the )?(?:start|beginning|initiation) of\b[^.;]{0,40}\W*$|\bpre-? ?screening\b|\bminimum\b",
    ),
    _row(
        "lab_value",
        r"\b(?:plasma|peripheral|estimated|calculated|hematology|haematology|coagulation|biochemistry|chemistry)\b|\bcockc?roft(?:[- ]gault)?(?: equation| formula)?\b|\(?\bmcl\b\)?|\b(?:may|can) receive transfusions?\b|\bgrowth factor support allowed\b|\b(?:by|per) (?:the )?(?:local |central |standard )?lab(?:oratory)?(?: method)?\b|\badequate (?:liver|renal|kidney|hepatic|bone marrow|marrow|ha?ematologic(?:al)?|ha?ematopoietic|coagulation|organ|cardiac) function\b|\bnon-?ha?ematologic(?:al)? parameters\b|\b(?:postoperative|pre-?treatment|pre-?study)\b|\bcells\b(?=\W|$)|\bstandard for the institution\b|\bmethod\b"
        r"|\badequate (?:renal|liver|hepatic|kidney)\b|(?<=\A)\W*(?:renal|hepatic|liver|kidney|bone marrow)(?= function)|\b(?:mean|documented|institution'?s?)\b",
    ),
    _row(
        "toxicity_recovery",
        r"\b(?:inadequate|incomplete) (?=recovery)|\b(?:persistent|unresolved)\b(?= (?:toxic|adverse|treatment))|\badverse events?\b|\(?\b(?:ae|aes|trae|traes)\b\)?|\b(?:treatment|therapy|drug)[- ](?:related|emergent|induced)\b|\b(?:anti-?cancer|anti-?neoplastic|cancer|study|chemo)[ -]?therap(?:y|ies)(?:[ -](?:related|induced))?\b|\btherapy-related\b|\btoxic effects?\b|\b(?:related )?side[ -]effects?\b|\bcaused by\b|\battributed to\b|\b(?:us )?nci\b|\btoxicit(?:y|ies)\b",
    ),
    _row(
        "allergy",
        r"\b(?:immediate|delayed|allergic|chemically|idiosyncratic|idiosyncrasy)\b",
    ),
    _row(
        "age sex",
        r"\bspecial populations\b|\bold\b|\bof any (?:race|ethnicity|ethnic group|menopausal status)\b|\b(?:any|all) (?:races?|ethnic(?:ity| groups?)|menopausal)\b|\b(?:chronological|biological|legal)\b",
    ),
    _row(
        "menopausal_status",
        r"\b(?:based on |by |meeting )?(?:any )?(?:one|1|at least one|either) of the following(?: criteria| conditions)?\b|\bstatus\b|\bof any\b|\bany\b",
    ),
    _row(
        "pregnancy contraception",
        r"\bfertile\b|\bcurrently\b|\bconfirmed by (?:a )?positive (?:serum|urine|laboratory)?\b|\(?\b(?:β-?|beta[ -]?)?hcg\b\)?|(?<=wom[ae]n )\b(?:of|with) (?:child-?\s?bearing|reproductive) (?:potential|age)\b(?=\W* (?:must|should|need|will|have|has|are required|with an?)\b)|\bfor (?:pre-?menopausal |all )*wom[ae]n of child-?\s?bearing potential\b|\bat (?:the )?(?:time of )?(?:proposed )?(?:randomi[sz]ation|enrol+ment|screening)\b|\b\d{1,2} (?:previous|prior|preceding) days\b|\b(?:prior to|before) (?:the )?(?:initiation|start|beginning) of (?:chemotherapy|treatment|therapy)\b|\b(?:initiating|starting|beginning)\b",
    ),
    _row(
        "anthracycline_dose",
        r"\b(?:cumulative )?life-? ?time\b|\bcumulative\b|\bor (?:the )?equivalent\b|\bthe equivalent\b|\bequivalent\b|\btotal\b",
    ),
    _row(
        "age",
        r"\((?:19 (?:years )?(?:or older )?in (?:alabama|nebraska)|(?:or )?older[^()]{0,40}(?:local|countr|requir|regulat)|(?:follow|according to|per)[^()]{0,20} local)[^()]{0,80}\)|\b(?:or|and) (?:the |at least the |of )?legal age (?:of|for) (?:consent|majority|adulthood)(?: in [^,.;()]{0,60}?)?(?=\W*(?:at|when|,|\.|\Z))|\bor (?:an )?acceptable age according to (?:the )?local regulations\b",
    ),
    _row(
        "her2_status hormone_receptor gene_status her2_amplification",
        r"\bbased on (?:the )?(?:local|central|institutional)(?: laboratory)? (?:results?|testing|assessment)\b|\(?\btests? as per local practice(?: or local guidelines)?\)?",
    ),
    _row("her2_status her2_amplification", r"\b(?:proto-?)?(?:onco)?gene\b(?! (?:rearr|fusion|mutation))"),
    _row(
        "disease_progression",
        r"\b(?:radiologic(?:al)?|radiographic|objective|clinical)(?:/(?:radiologic(?:al)?|objective|clinical))+(?= evidence of)|\bobjective(?= (?:evidence|progression|disease progression)\b)",
    ),
    _row(
        "washout procedure",
        r"\b(?:must )?(?:have |having |has )?(?:completed|finished)\b(?= (?:any |all )?(?:prior |previous )?(?:radi|chemo|hormon|treat|therap|endocrine))|\bcompletion of\b",
    ),
    _row("metastatic_site", r"\bradiologically (?:apparent|evident|documented)\b"),
    _row("allergy", r"\bsensitivity(?= or allergy)"),
    _row("age", r"\bany (?:sex|gender)\b|\bsignature\b|\bvoluntarily\b"),
    _row("pregnancy", r"\(?\bwocbp\b\)?"),
    _row(
        "cardiac_history",
        r"\b(?:as a clinical diagnosis or )?by (?:ekg|ecg) or any other tests?\b|(?<=cardiac disease )or (?:cardiac )?dysfunction\b|\bon (?:the )?electrocardiogram \((?:ecg|ekg)\)",
    ),
    _row("qtc", r"\bqt interval\b"),
    _row("vital_sign", r"\bresting\b"),
    _row("lines_of_therapy prior_therapy", r"\bany (?:number|amount) of\b"),
    _row(
        "lab_value",
        r"\(\d+(?:\.\d+)? ?mmol/mol\)|\([<>≥≤]? ?\d+(?:\.\d+)? ?[^\s()]{0,3}mol ?/ ?l,? si units? equivalent\)",
    ),
    _row("comorbidity gastrointestinal", r"\bas (?:the |a |its )?major symptom\b"),
    _row(
        "cardiac_history",
        r"\(?\b(?:i\.?e\.?,? )?(?:that )?(?:begun|began|beginning|starting) within the (?:last|past|previous) (?:3|three) months\b\)?|\bof any (?:severity|(?:new york heart association |nyha )class(?:ification)?)\b",
    ),
    _row(
        "lab_value",
        r"\((?:(?:transfusions?|erythropoietin|growth factors?|g-csf|use of|or|and|other|approved|ha?ematopoietic|support|blood|with)\b[\s,/]*)+(?:is |are )?(?:allowed|permitted|acceptable)(?: to (?:achieve|reach|meet|obtain) this[^()]{0,30})?\)",
    ),
    _row(
        "comorbidity",
        r"\(?(?:child-?\s?pugh )?class c\)?(?=[\s,]*(?:as )?(?:determined|defined|assessed|classified) by)|\b(?:as )?(?:determined|defined|assessed|classified) by (?:the )?child[ -]?pugh(?: classification| criteria| score| system)?",
    ),
    _row(
        "procedure prior_therapy",
        r"\(?\b(?:autologous(?: or |/)allogen(?:e)?ic|allogen(?:e)?ic(?: or |/)autologous)\b\)?",
    ),
    _row("cns_metastases", r"\bbrain or other(?= (?:cns|central nervous))"),
    _row(
        "comorbidity",
        r"\bunrelated to (?:the |their )?(?:cancer|malignancy|tumou?r)\b|\bof any (?:severity )?grade\b",
    ),
    _row(
        "cardiac_history",
        r"\bdespite (?:regular |optimal |adequate )?antihypertensive (?:intervention|therapy)\b|\brequiring treatment with (?:agents|medications?|drugs)\b",
    ),
    _row("concomitant_medication", r"\b(?:otc|over-the-counter)\b"),
    _row(
        "gene_status bleeding_thrombosis comorbidity",
        r"\(?(?:either )?\bhomo-? ?(?:zygous)? (?:or|and/or) heterozygous\b\)?",
    ),
    _row("washout", r"\A\W*last\b|\bdosing\b(?= within)"),
    _row("infection comorbidity", r"\(once (?:a month|monthly) or more (?:frequently|often)\)"),
    _row("allergy", r"\b[\w-]+ is contraindicated\b(?= in (?:patients|participants|subjects)\b)"),
    _row(ILLNESSES, r"\bnon-?malignant\b(?= (?:pulmonary|lung|systemic|medical)\b)"),
    _row("infection", r"\((?:(?:bacterial|viral|fungal|mycobacterial|parasitic)[\s,/]*(?:(?:and/or|or|and)\s+)?)+\)"),
    _row("comorbidity", r"(?<=diabetes )(?:mellitus )?\(?types? (?:i|1) (?:or|and|and/or) (?:type )?(?:ii|2)\)?"),
    _row("comorbidity bleeding_thrombosis", r"\(?\b(?:or )?(?:one|1)[- ]half teaspoon\b\)?"),
    _row("participation", r"\boral (?:drug|medication) intake\b"),
    _row("viral_infection", r"\bpositive screening tests? for\b"),
    _row(
        "judgement",
        r"\bprecluding (?:the )?(?:giving of )?informed\b(?:[ -]*consent)?(?=,? (?:or|and) (?:interfer|adversely|compromis))",
    ),
    _row("bleeding_thrombosis", r"\bepisodes?\b|\bevents?\b"),
    _row(
        "infection",
        r"\bat (?:day|cycle) \d+(?: of cycle \d+)?\b|\b(?:on|at) (?:cycle \d+,? ?)?day \d+(?: of cycle \d+)?\b|\bnci[ -]?ctc(?:ae)?(?: v(?:ersion)?\.? ?\d(?:\.\d)?)?\b|\bbaseline visit\b",
    ),
    _row(
        "ild",
        r"\b(?:previous |prior )?clinical diagnosis of\b|\b(?:current|chest|screening) (?:imaging|ct)(?: studies| scans?)?\b|\bat screening\b",
    ),
    _row(
        "concomitant_medication washout",
        r"\bwhile\b(?= (?:on|in|participating|receiving|taking|enrolled|they are on))|\bwhile (?:participating in|taking|receiving) (?:this |the )?(?:study|trial|protocol)\b|\broutine\b|\b(?:during|throughout) (?:the )?course(?: of)?\b|\bduring course \d\b|\bpreparations?\b",
    ),
)

ANYWHERE = (
    r",? ?(?:if|provided(?: that)?|as long as) (?:at least )?(?:one|1) (?:primary )?(?:tumou?r|lesion|cancer)s? (?:meets?|fulfil+s?) (?:all )?(?:the |of the )?(?:inclusion|eligibility|above|entry) criteria\b",
    r"\(?\b(?:ajcc|uicc|figo),? (?:19|20)\d\d\b\)?",
    r"\A\W*(?:similarly|likewise|furthermore|moreover|for (?:this|that|these) reasons?)\b,?",
    r"(?<=\bnot )yet\b|\b(?:into|onto) (?=(?:the|this) (?:study|trial|protocol))|\bsub(?=-? ?study)|\b(?:on|by|per|of|in) (?:the |this )?(?:study )?protocol\b(?! (?:allows|specified|defined|prohibit))|\bprotocol(?=[ -](?:therapy|treatment))",
    r"(?<![\w.])(?:i|you)\b(?= (?:am|are|have|had|has|do|will|must|currently|previously|cannot|can)\b)|\byou(?:r)?\b|\bmy\b|\bat (?:the )?(?:date|visit|week \d+)\b",
    r"\b(?:pre|re)(?=[- ](?:registration|screening|enrol|randomi))|\A\W*[a-h](?=[.)] )|(?<=screening )visits?\b|(?<=baseline )visits?\b|(?<=enrollment )visits?\b|\bstep \d+(?= (?:randomi|registration|enrol))|\bstudy medication\b(?=\W*$)",
    r"\b(?:one|1|two|2) or more of(?= (?:the|these|any|following))|\bany (?:one|1) of(?= (?:the|these|following))|\b(?:one|1) of(?= the following\W*$)",
    r"\bas (?:defined|listed|described|specified|outlined|noted) (?:below|above)\b",
    r"\b(?:as )?(?:defined|listed|described|specified|shown|outlined|noted) in (?:the )?(?:table|appendix|section|protocol section|attachment)(?: [\w.]{1,6})?\b|\A\W*table \d+\b|\(?\bsee (?:also )?(?:the )?(?:inclusion|exclusion|table|appendix|protocol|note|section)\b[^().;]{0,40}\)?",
    (
        r"(?<=may )(?:participate|enrol+|enter|take part)\b(?: in (?:the |this )?(?:study|trial|protocol))?(?! (?:in (?!th|trial|study|protocol)|on|an|another)\b)|(?<= not )(?:participate|enrol+|enter|take part)\b(?: in (?:the |this )?(?:study|trial|protocol))?(?! (?:in (?!th|trial|study|protocol)|on|an|another)\b)|(?<=ible )to (?:participate|enrol+|enter|take part)\b(?: (?:in|into) (?:the |this )?(?:study|trial|protocol))?(?! (?:in (?!th|trial|study|protocol)|on|an|another)\b)"
        r"|(?<=cluded )from (?:participation|participating|enrolment|enrollment|entry)\b(?: in(?:to)? (?:the |this )?(?:study|trial|protocol))?|\b(?:be|been) enrolled\b(?= (?:if|unless|provided|in (?:the |this )(?:study|trial))|\W*$)"
    ),
    r"\b(?:during|throughout|in) (?:the )?course of (?:the |this )?(?:study|trial|treatment|therapy|protocol)\b",
    r"\b(?:before|prior to|since|of|preceding|to) (?:the )?(?:starting|initiating|initiation|beginning|commencing|commencement|receiving)(?: of)?(?= (?:the |this |of )?(?:study|trial|protocol|treatment|therapy|investigational|cycle))",
    r"\b(?:starting|initiating|initiation|commencing|beginning)(?= (?:of )?(?:the |this )?(?:study|trial|protocol|investigational) (?:drug|treatment|therapy|medication|agent|intervention|product))",
    r"(?<=excluded )form (?=(?:the|this) (?:study|trial))|\b(?:at|before|prior to) (?:the )?study treatment start\b",
    r"\bsee (?:the )?(?:detailed|full|complete) list in (?:the )?(?:appendix|section|table|protocol)\b(?: [\w.]{1,6})?|(?<=[.;)]) {1,2}(?:ii|iii|iv|vi?|[b-h])\)(?= )",
    r"\band/or during (?:the |this )?(?:study|trial)(?: participation)?\b|\b(?:at|before|prior to) (?:the )?(?:time of )?first (?:study|trial) dose\b|\b(?:prior to|before) beginning (?:study |trial |protocol )?(?:treatment|therapy|chemotherapy)\b",
    r"\b(?:for|solely for) (?:eligibility|study|enrol+ment) purposes\b|\bnot confined to\b",
    r"\b(?:enter|enrol+|register|and|eligible) (?:and |to |for )?participat(?:e|ion)(?: in (?:the |this )?(?:study|trial|protocol))?\b(?=[\s,]*(?:if|when|provided|\W*\Z))",
    r"(?:\bcockcroft[\w -]{0,40}[:=]?\s*)?(?:\b(?:creatinine clearance|crcl)[^.;=()]{0,40}=\s*)?[\[({\s]*\b140\s*[-–]\s*(?:patient'?s? )?age\b[^;]{0,200}",
    r"\b(?:histologic(?:al)?|cytologic(?:al)?|pathologic(?:al)?)(?:[\s,/]*(?:or|and|and/or)?[\s,/]*(?:histologic(?:al)?|cytologic(?:al)?|pathologic(?:al)?))*(?= (?:confirmation|documentation|proof) (?:of|that)\b)|\bpersonal(?= history of)|(?<=is )in place\b|(?<=such as) but not (?:limited|restricted) to\b",
    r"\b(?:(?:as )?(?:measured|assessed|determined|evaluated|documented|staged|confirmed|based)|per|via) ?(?:(?:by|on|with|using|via)\b)?(?: (?:baseline|screening))?(?: (?:evaluation|assessment|staging)s?(?: by| with| of)?)?(?: (?:a|an|the|any|either))? (?:clinical(?:ly)? exam\w*|physical exam\w*|palpation|(?:breast |radiologic(?:al)? )?imaging|mammogra\w+|ultraso\w+|calipers?|radiograph\w*)(?:(?:[ ,/]|\band/or\b|\band\b|\bor\b|\bby\b|\ban?\b)+(?:clinical(?:ly)? exam\w*|physical exam\w*|palpation|(?:breast |radiologic(?:al)? )?imaging|mammogra\w+|ultraso\w+|calipers?|mri\b|magnetic resonance imaging|ct\b|radiograph\w*|x-rays?))*(?=\W*(?:[.,;)]|\Z))",
    r"\bwhile (?:taking|receiving) (?:the |this )?(?:study|trial|protocol)(?: (?:medications?|drugs?|treatment|therapy|intervention))?\b",
    r"\((?:[\w/ ]{0,40}\b)?test(?:ing|s)? (?:is |are )?not (?:required|mandatory|necessary)[^()]{0,60}\)",
)
"""Each is tried only where its own words stand; the patient's answer depends on none of them, whatever stands beside."""
