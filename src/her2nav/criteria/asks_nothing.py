"""Sentences that are left out of a tree: they tell what the trial does, advises or explains, and ask nothing.

"Blood pressure will be measured at each visit", "a biopsy is encouraged", "bone lesions are not considered measurable":
no answer of any patient depends on them. A sentence that demands, allows or shuts out anything is none of them.
"""

from __future__ import annotations

from her2nav.language.sought import Family, Sought

_DEMANDS = (
    r"\b(?:must|shall|should|required?|requires|mandatory|eligib\w+|ineligib\w+|exclu\w+|unless|except\w*|only|provided|if|until|whichever|who|whom|whose|allowed|permitted|acceptable|accepted|cannot|never|contraindicat\w+|however|but|positive|negative|"
    r"at least|greater|less|more|above|below|exceed\w*|have|has|had|known|active|history|availab\w+|provision|adequate|sufficient|patients?|participants?|subjects?|wom[ae]n|m[ae]n|individuals?|persons?)\b|[<>≥≤=]"
)
"""Words that may make more of a sentence."""
_CONDUCT = (
    r"(?:assess(?:ed|ments?)|measure(?:d|ments?)|test(?:s|ed|ing)?|analys[ei]s|biops(?:y|ies)|samples?|specimens?|tissues?|blocks?|slides?|blood|bloods|plasma|serum|urine|scans?|imaging|images|ct|mri|pet|mammogra\w+|ultrasound|x-?rays?|ecgs?|ekgs?|electrocardiogra\w+|echocardiogra\w+|muga|"
    r"review|monitoring|confirmation|documentation|evaluations?|examinations?|immunohistochemi\w+|fish|sequencing|questionnaires?|surveys?|data|records?|results?|reports?|clearance|ejection fraction|lvef|qtcf?|expression|status|counts?|levels?|values?|pressure|follow-?up|consultation|staging|screening|collection|pathology|formula|equation|method|banking|pharmacokinetics?|biomarkers?|genotyping|markers?|hb?v|hcv)"
)
"""What a trial handles: tests, samples, papers."""
_DONE = (
    r"(?:assessed|measured|evaluated|scored|graded|performed|analy[sz]ed|tested|collected|obtained|monitored|tracked|repeated|re-?tested|reviewed|stored|recorded|reported|calculated|estimated|determined|verified|drawn|undertaken|conducted|done|sequenced|requested|"
    r"banked|centrali[sz]ed|archived|summari[sz]ed|compared|described|ascertained|completed|followed|taken|carried out|offered|interpreted|used (?:to (?:assess|calculate|determine|confirm|evaluate|estimate|measure|define|document|follow|monitor|classify)|for (?:the )?(?:assessment|calculation|evaluation|determination|analysis|correlative|research|biomarker|translational)))"
)
_NO = rf"(?:(?!{_DEMANDS})[^.;:()])"
_TAIL = rf"(?:{_NO}|\([^()]*\))*"
_SENTENCE_ENDS = r"[\s.;:)\]*]*"
_PROCEEDING = Sought(
    rf"[\W\d]*(?:note\W+)?(?={_NO}{{0,160}}?\b{_CONDUCT}\b)(?:(?!\b(?:measurable|evaluable|diseases?|lesions?|eligibility)\b){_NO}){{3,160}}?\b(?:will|is to|are to|is going to|are going to) (?:also |then |all |each |only )?be (?:\w+ly )?{_DONE}\b{_TAIL}{_SENTENCE_ENDS}"
)
"""What will be done: "blood will be collected at every visit"."""
_ADVISED = Sought(
    rf"[\W\d]*(?:note\W+)?(?:(?={_NO}{{0,160}}?\b{_CONDUCT}\b){_NO}{{3,160}}?\b(?:is|are) (?:also )?(?:strongly |highly )?(?:recommended|encouraged|requested|suggested|preferred|preferable|desirable|optional|voluntary)\b{_TAIL}|it is (?:strongly |highly )?(?:recommended|suggested|advis(?:ed|able)|preferred|preferable|desirable) (?:that|to)\b(?!.*\b(?:must|required|eligible|excluded|not)\b)[^.;]*)"
    rf"{_SENTENCE_ENDS}"
)
"""What the trial advises or would like."""
_THEN_LOOKED_AT = Sought(
    rf"[\W\d]*(?:note\W+)?if [^.;:]{{3,120}}?,? (?:then )?(?:(?:an?|and|the|another|further|additional|repeat|second)\b ?){{0,3}}(?:{_CONDUCT}|echo|(?:cardiac|brain|chest|bone|additional|further|{_CONDUCT})(?:[ /]+(?:{_CONDUCT}|echo))+)(?: or (?:{_CONDUCT}|echo))? (?:should|may|will) (?:also |then )?be (?:performed|obtained|done|repeated|carried out|considered|requested)(?: (?:as well|also|too|again|in addition))?{_SENTENCE_ENDS}"
)
"""What is looked at further in some: "if the ejection fraction is above 70%, an echocardiogram should be done as well"."""
_NOT_NEEDED = Sought(
    rf"[\W\d]*(?:note\W+)?(?![^.;]{{0,80}}\b(?:infections?|hepatitis(?: [abc])?|hiv|diseases?|metastas[ei]s|cancers?),? (?:but |although |though )?(?:\w+ )?(?:test|screen|imaging|scan)\w* (?:is|are) not)(?={_NO}{{0,160}}?\b{_CONDUCT}\b){_NO}{{3,160}}?\b(?:(?:is|are|will) not (?:be )?(?:required|mandatory|necessary|needed)|(?:do|does) not need to be (?:repeated|performed|done|redone))\b(?: (?:for|to determine|in order to determine) (?:the )?(?:eligibility|inclusion|participation))?{_TAIL}{_SENTENCE_ENDS}"
)
"""A test that need not be done."""
_STARTS = Sought(
    rf"[\W\d]*(?:in accordance with [\w ]{{2,30}} polic(?:y|ies),? )?(?:the )?(?:protocol |study |trial )?(?:treatment|therapy|dosing|medication|study drug)(?: on (?:protocol|study))? (?:is to|will|must|should|is planned to|are to) (?:begin|start|commence|be (?:started|initiated|commenced|begun))\b(?:(?!\b(?:after|if|unless|recover\w*|since|progress\w*|surg\w+|procedures?|resection|mastectomy|diagnos\w+|biops\w+|chemotherapy|radio\w+)\b)[^.;<>]){{0,120}}{_SENTENCE_ENDS}"
)
"""How soon the trial begins after registration."""
_AGAIN = Sought(
    r"[\W\d]*(?:note\W+)?(?:(?:one |a |a single |repeat )?(?:re-?screening|re-?test(?:ing)?|repeat (?:testing|screening|assessments?|tests?|measurements?))\b[\w ,/()-]{0,120}\b(?:is |are )?(?:allowed|permitted|acceptable|possible)|(?:[\w-]+ ){0,8}?(?:may|can|could) be (?:re-?screened|re-?tested|repeated)\b(?!.*\b(?:must|only if|unless)\b))[^.;]{0,120}"
    + _SENTENCE_ENDS
)
"""That a test or the screening may be done again."""
_OF_DOCTORS = Sought(
    r"[\W\d]*(?:note\W+)?(?:it is )?(?:the )?(?:investigators?|clinicians?|sites?|study (?:team|staff|doctor)|treating physicians?|physicians?|sponsor|a designated associate|or)(?:'s?|s')?(?: or (?:a )?designated associate)? (?:is |are |will |should |must |shall |be )*(?:responsib(?:le|ility)|required to advise|advis(?:e|ed) (?:the )?(?:patient|women|men|participant)|inform (?:the )?(?:patient|women|participant)|counsel|explain|contact|consult|submit|confirm (?:the )?(?:post-?\s?menopausal|menopausal|receptor) status)\b(?!.*\b(?:eligible|excluded)\b)[^.;]*"
    + _SENTENCE_ENDS
)
"""What the people of the trial have to do."""
_NO_TARGET = (
    r"(?:ascites|(?:pleural|pericardial|peritoneal|malignant)(?: or (?:pleural|pericardial|peritoneal))? (?:effusions?|fluid)|effusions?|fluid|bone|bones|bony|osseous|blastic|osteoblastic|sclerotic|lytic|leptomeningeal|meningeal|lymphangitic|lymphangitis|cutis|pulmonis|carcinomatous|carcinomatosis|inflammatory breast|skin|cutaneous|cystic|"
    r"brain|cns|central nervous system|abdominal|organomegaly|irradiated|radiated|previously|prior|local|biopsied|disease|lesions?|metastas[ei]s|masses|mass|cancer|involvement|spread|of|the|in|on|and|or|and/or|by|not|confirmed|followed|imaging|techniques?|physical|exam|examination|identified|is|are|that|which|areas?|fields?|regions?|sites?|an|a|only|alone|"
    r"subjected|to|other|loco-?regional|therapy|treatment|radiation|radiotherapy|situated|located|within|simple|cysts?|tumou?r|markers?|elevated|marrow|lung|scans?|positive)"
)
_NOT_MEASURABLE = Sought(
    rf"[\W\d]*(?:note\W+)?(?:(?:{_NO_TARGET})[\s,;/()-]+){{1,30}}?(?:are|is|will|should|may|cannot|can) ?(?:not )?(?:be )?(?:not )?(?:(?:considered|regarded|counted|deemed)(?: as| to be)? )?(?:an? )?(?:not |non-?\s?)?measurable(?: (?:disease|lesions?))*(?: (?:by|per|according to) recist(?: [\d. v]*)?(?:criteria)?)?{_SENTENCE_ENDS}"
)
"""Lesions that the criteria of response never count: "ascites is not considered measurable"."""
_LESIONS = Sought(
    rf"(?:[\W\d]|\b(?:{_NO_TARGET[3:-1]}|cutis/pulmon\w+|pleural|pericardial|peritoneal|pulmonitis|bladder|primary|will|be|eligible|as|described|above|women|patients|with|any|small|other|lymphangitic|disease)\b)+"
)
"""The name of a lesion that never counts, and nothing else."""
_BY_METHOD = Sought(
    r"(?:[\s,;:()/*≥>=.-]|\b(?:chest|conventional|spiral|helical|plain|ct|mri|scans?|scan|x-?rays?|physical|clinical|exams?|examination|using|calipers?|with|by|slice|thickness|of|lymph|nodes?|must|be|in|the|short|long|longest|axis|diameter|to|measured|or|and|at|least|greater|than|equal|techniques?|imaging|spiral|cm|mm|multidetector|computed|tomography)\b|\b(?:5|10|15|20)\s?mm\b|\b(?:0\.5|1|1\.0|1\.5|2|2\.0)\s?cm\b)+"
)
"""Methods with the sizes from which a lesion is measurable by them: lines of a definition."""
_SIZE = Sought(r"\b(?:10|15|20)\s?mm\b|\b(?:1|1\.0|1\.5|2|2\.0)\s?cm\b")
_METHOD = Sought(r"\b(?:ct|mri|x-?rays?|physical exam\w*|clinical exam\w*|conventional techniques?)\b")
_ALL_OTHERS = Sought(
    r"[\W\d]*(?:note\W+)?non-?\s?measurable (?:disease|lesions?) (?:is|are|will be|include|includes)(?: defined as)? (?:all|any) other (?:lesions|disease)\b[^.]*"
    + _SENTENCE_ENDS
)
_FERTILE = Sought(
    r"[\W\d]*(?:note\W+)?(?:(?:an? |the |non-?\s?|term )*(?:wocbp|wcbp|focbp|wom[ae]n of child-?\s?bearing potential|females? of child-?\s?bearing potential|child-?\s?bearing potential|reproductive potential)(?: \((?:wocbp|wcbp|focbp)\))?|(?:this|the) category|permanent(?:ly)? sterili[sz]ation(?: methods)?|surgical sterili[sz]ation|surgically sterile)"
    r" (?:is|are|include[sd]?|means|comprises?|refers? to|will be)(?: (?:defined|considered|regarded))?\b(?!.*\b(?:must|agree\w*|tests?|contracep\w+|eligible|excluded|should|required|shall|use|using)\b)[^;]*"
)
"""What the words on childbearing mean."""
_SHOWN = Sought(
    r"[\W\d]*(?:[\w()/-]+ ){1,12}?(?:has|have) been shown to (?:terminate|harm|affect|cause|be (?:harmful|teratogenic|toxic))\b[^.;:]*\b(?:f(?:o)?etal|f(?:o)?etus|embryo\w*|animals?|rats?|rabbits?)\b[^.;:]*|[\W\d]*(?:[\w()/-]+ ){1,4}(?:is|are) harmful to the (?:human |developing |unborn )*(?:f(?:o)?etus|child)[^.;:]*|[\W\d]*irradiated lesions (?:cannot|may not|can not) be used to assess response[^.;]*"
)
"""What a drug does to the unborn, and what is done with lesions that were irradiated."""
_EXEMPT = Sought(
    r"[\W\d]*(?:note\W+)?(?=[^.;]{0,200}\b(?:menopaus|steril|hysterectom|oophorectom|amenorrh))[^.;]{5,200}\b(?:(?:do|does|will) not (?:require|need)|(?:is|are) (?:not required|exempt\w*)(?: to (?:have|undergo|take)| from)?)\b[^.;]{0,40}\btest(?:s|ing)?\b[^.;]{0,40}"
    + _SENTENCE_ENDS
)
"""Women who need no pregnancy test."""
_LIST_OF_THEM = Sought(
    r"\W*(?:note\W+)?(?:the following )?lesions (?:(?:that|which) )?(?:are|is) (?:considered )?(?:to be )?(?:non-?\s?measurable|not measurable|unmeasurable)(?: (?:disease|lesions))?(?: (?:and )?includes?)?(?: the following)?\W*"
)
"""The lead of a list of lesions that never count."""
_FOLLOWED_UP = Sought(
    r"\W*(?:note\W*)?(?:participants|patients|subjects) who have entered the follow-?\s?up phase of an investigational (?:study|trial) may participate (?:as long as|if|provided(?: that)?) it has been \S+ (?:weeks|days) (?:\([^()]*\) )?(?:after|since) the last dose of (?:the )?(?:previous |prior )?investigational (?:agents?|devices?|drugs?|treatment|intervention)(?: or (?:agent|device))?\W*"
    r"|\W*(?:however\W*)?intra-?nasal (?:seasonal )?influenza vaccines? (?:\([^()]*\),? )?(?:is|are) (?:an? )?live[ -]attenuated vaccines?,? and (?:is|are) not (?:allowed|permitted)\W*"
)
"""What the exclusion before it says already: how long ago the other drug was given, which vaccines are live."""
_ASSAYS = Sought(
    r"\W*assays? (?:using|by|with) [^.;]{3,90}? requires? (?:an? )?(?:gene amplification|strongly positive)[^.;]{0,60}?(?: and assays? (?:using|by|with) [^.;]{3,90}? requires? (?:an? )?(?:gene amplification|strongly positive)[^.;]{0,60}?)?(?: in (?:the )?(?:primary|metastatic)[^.;]{0,40})?\W*"
    r"|\W*her-?2(?:/neu)? (?:status )?(?:may|can) be (?:tested|determined|assessed) (?:by|with|using) (?:any|an) [^.;]{0,90}\b(?:approved|validated|accepted) [^.;]{0,40}\b(?:method|test|assay)s?\W*"
)
"""What counts as HER2-positive in an assay, and that any approved one will do."""
_SERUM_THEN = Sought(
    r"[\W\d]*(?:note\W+)?if (?:the |a |an? initial )?urine (?:pregnancy |hcg )?(?:tests?|results?) (?:is|are) (?:positive|borderline|equivocal|inconclusive)?(?: or)? ?"
    r"(?:(?:cannot|can not|could not) be (?:confirmed|determined|read)(?: as| to be)? negative)?,? (?:then )?an? (?:confirmatory )?(?:serum|blood) (?:pregnancy |hcg )?tests? "
    r"(?:will be|is|must be|should be|shall be) (?:required|performed|done|obtained|conducted)(?: and must be negative for (?:the|a) (?:patient|participant|subject|woman) to be eligible)?"
    + _SENTENCE_ENDS
)
"""The second test where the first does not prove that a woman is not pregnant: that she must not be is asked elsewhere."""
_SORTS = (
    _SERUM_THEN,
    _ASSAYS,
    _FOLLOWED_UP,
    _PROCEEDING,
    _ADVISED,
    _THEN_LOOKED_AT,
    _NOT_NEEDED,
    _STARTS,
    _AGAIN,
    _OF_DOCTORS,
    _ALL_OTHERS,
    _FERTILE,
    _EXEMPT,
    _SHOWN,
    _LIST_OF_THEM,
)
_ANY_SORT = Family(_SORTS)


def no_target(written: str) -> bool:
    """Whether a plain line names lesions that the criteria of response never count, and nothing else.

    >>> no_target("pleural or pericardial effusion"), no_target("no effusion within 4 weeks")
    (True, False)
    """
    return _LESIONS.fullmatch(written) is not None


def asks_nothing(written: str) -> bool:
    """Whether a plain sentence asks nothing of a patient and allows nothing.

    >>> asks_nothing("blood will be collected at each visit"), asks_nothing("blood must be negative for hiv")
    (True, False)
    """
    if written.rstrip().endswith(":"):
        return _LIST_OF_THEM.fullmatch(written) is not None  # what stands under another lead is not known
    if any(_SORTS[place].fullmatch(written) is not None for place in _ANY_SORT.possible(written)):
        return True
    if _BY_METHOD.fullmatch(written) is not None and _SIZE.search(written) and _METHOD.search(written):
        return True
    found = _NOT_MEASURABLE.fullmatch(written)
    return found is not None and (" not" in found[0] or "cannot" in found[0] or "non" in found[0])
