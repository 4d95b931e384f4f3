"""More matters that a person of the study settles: what the trial itself does, needs and organises.

As in `topic_words`; these are about tests, samples, papers, people and places of a trial.
"""

from __future__ import annotations

from her2nav.kinds.reading.topic_words import Topic

_PASSIVE = "performed obtained done required requirement requirements completed completion undergone undergo documented documentation recorded taken available mandatory able willing must "

STUDY_TOPICS = (
    Topic(
        "tests and images before the study",
        (
            r"\b(?:complete(?:d)?|undergone?|have|had|baseline|required|all)\b[^.;]{0,40}\b(?:staging(?: work-?\s?up| evaluations?| studies| tests)?|work-?\s?up|medical history|history and physical|(?:baseline|screening|laboratory|radiological|imaging) (?:investigations?|evaluations?|assessments?|tests?|studies))\b",
            r"\b(?:x-?rays?|scans?|(?:physical )?examinations?|labs?|laboratory tests?|laboratory requirements?|pre-?study labs?|bone scans?|(?:ct|mri) scans?)\b[^.;]{0,80}\b(?:must|should|to|need to|has to) be (?:done|performed|completed|obtained|repeated)\b",
            r"\b(?:must|should) be (?:imaged|scanned|examined|evaluated by)\b",
            r"\b(?:biopsy|tissue|tumou?r) (?:marker|clip)s? (?:placement|placed|must be placed)\b|\bclip placement\b|\bplacement of (?:a )?(?:clip|marker)s?\b",
        ),
        _PASSIVE
        + (
            "staging work-up workup work up history physical examination examinations exam exams medical complete completed "
            "baseline screening evaluation evaluations evaluated investigations investigation assessments assessment "
            "radiological radiologic radiographic radiology laboratory labs lab tests test studies necessary appropriate "
            "mri ct pet pet/ct fdg-pet scan scans imaging images x-ray x-rays xray radiograph* echocardiogra* echo muga ecg ekg "
            "electrocardiogram chest abdomen abdominal pelvis pelvic thorax brain head liver bone breast computed computerized "
            "tomography magnetic resonance contrast mammogra* mammography ultrasound ultrasonography plus alternatively normal "
            "nonspecific non-specific prestudy pre-study pretreatment pre-treatment measurements measurement symptoms additional "
            "determined determination eligibility clip marker markers placement placed bed biopsy imaged scanned examined "
            "assess tumor tumour disease evaluate parameters used standard care two unless "
        ),
        names=("technique", "site", "lvef", "recist", "qtc"),
        section="inclusion",
    ),
    Topic(
        "a lesion that can be biopsied",
        (
            r"\b(?:amenable|accessible|suitable|accessibility|feasible|safely)\b[^.;,]{0,30}\b(?:to |for )?(?:\w+[ -]){0,4}?biops(?:y|ies|iable)\b",
            r"\bbiops(?:y|ies)\b[^.;]{0,30}\b(?:feasible|possible|safe(?:ly)?|accessible|deemed)\b",
            r"\bbiopsi?able\b|\bbiopsy-?accessible\b",
        ),
        (
            "amenable accessible accessibility easily safely safe suitable feasible possible available biopsy biopsies biopsiable "
            "biopsable biopsied core needle fresh new repeat serial paired research pre-treatment pretreatment pre post post-treatment on-treatment "
            "baseline tumor tumour tumors tumours lesion lesions site sites disease metastatic metastasis metastases primary deposit "
            "percutaneous image-guided ultrasound ct guided guidance interventional radiology radiologist confirmed investigator investigator's physician "
            "determined judged deemed assessed opinion willing undergo provide must have mandatory optional two three easily readily "
            "risk low minimal acceptable significant without undue non-significant not bone brain other soft tissue least reasonably procedure procedures "
        ),
        names=("technique", "site"),
    ),
    Topic(
        "staff of the study and their families",
        (
            r"\b(?:staff|employees?|personnel|delegates?|relatives? of the (?:study|investigator))\b[^.;]{0,120}\b(?:involved|conduct|supervised|sponsor|study|investigator|family|relative)",
            r"\b(?:relative|family member|member of the family|spouse)s? of (?:the |an? )?(?:study|investigator|site|staff|sponsor)",
            r"\bdirectly (?:or )?[^.;]{0,40}\binvolved in the (?:conduct|planning)",
        ),
        (
            "staff employees employee personnel delegate delegates site investigator investigators investigational sponsor's sponsor relative relatives family families member "
            "members spouse directly indirectly involved conduct planning supervised supervision otherwise immediate pfizer astrazeneca novartis roche lilly merck "
            "company hospital person dependent position student students work working affiliated affiliation center centre institution research "
            "parent child children sibling siblings blood legal whether biological adopted military "
        ),
    ),
    Topic(
        "origin or residence",
        (
            r"\b(?:only )?(?:japanese|chinese|korean|asian|caucasian|taiwanese|indian|hispanic|african[- ]american|black|white|latin\w*)\b[^.;]{0,20}\b(?:women|men|patients?|participants?|subjects?|descent|ancestry|origin|ethnicity|race|are eligible|parents)\b",
            r"\b(?:participant|patient|subject) is (?:a )?(?:japanese|chinese|korean|asian|taiwanese)\b",
            r"\b(?:reside|resident|residence|residing|live|lives|living) (?:in|within)\b",
        ),
        (
            "japanese chinese korean asian caucasian taiwanese indian hispanic latina latino non-hispanic african american african-american black white women woman "
            "men man eligible descent ancestry origin ethnicity ethnic race racial self-identified self-identify identify identified parents grandparents "
            "reside resident residents residence residing live lives living country state states county city area region rural zip code designated united kingdom usa "
            "agriculture department economic research service metropolitan catchment trial born four first second generation "
        ),
    ),
    Topic(
        "in this study before",
        (
            r"\b(?:previously|already|earlier) (?:been )?(?:participated|enrolled|randomi[sz]ed|included)\b[^.;]{0,20}\b(?:in|into) (?:this|the present|the current|the same) (?:study|trial|protocol)\b",
            r"\b(?:participated|enrolled|randomi[sz]ed|included) (?:already|previously|before) (?:in|into) (?:this|the present|the current|the same) (?:study|trial|protocol)\b",
            r"\b(?:previous|prior|earlier) (?:enrol+ment|randomi[sz]ation|participation|inclusion|entry) (?:in|into) (?:this|the present|the current|the same)\b",
        ),
        "participated participation enrolled enrollment randomized randomisation randomised randomization entered entry included inclusion treated already previously previous prior earlier present same current clinical into",
        section="exclusion",
    ),
    Topic(
        "journeys during the study",
        (r"\b(?:plan\w*|intend\w*)\b[^.;]{0,20}\b(?:travel|journey|move|relocate)\b",),
        "plan plans planning intend intends travel outside away abroad united states country move moving relocate area region extended vacation",
    ),
    Topic(
        "general condition as a physician judges it",
        (
            r"\b(?:good|poor|adequate|acceptable|satisfactory|sufficient) (?:performance(?: status)?|(?:(?:general|physical|overall|clinical)(?: and \w+)? )?(?:condition|health|state|status))\b",
        ),
        "good poor adequate acceptable satisfactory sufficient general performance status physical condition health clinical overall",
    ),
    Topic(
        "medicines that the study doctor looks through",
        (
            r"\b(?:eligibility of )?(?:patients|participants|subjects) (?:receiving|taking|on)\b[^.;]{0,30}\b(?:medications?|substances|drugs)\b[^.;]{0,160}\bwill be determined\b",
        ),
        (
            "eligibility receiving taking medications medication substances substance drugs known affect potential activity pharmacokinetics pk determined review reviewed "
            "case use their principal investigator chair pi sponsor study-drug interact interaction interactions "
        ),
        names=("drug", "medication"),
    ),
    Topic(
        "prior treatment records at hand",
        (
            r"\b(?:details?|dates?|doses?|records?|documentation|results?|reports?|information)\b[^.;]{0,80}\b(?:must|should|need to|needs to) be (?:provided|recorded|documented|available|submitted|reported|collected|known|obtained)\b",
        ),
        (
            "details dates date doses dose records record documentation results result reports report information provided recorded documented available submitted reported "
            "collected known obtained source document documents medical pathology local central number numbers names name form forms chart file files case crf eligibility tests test testing enrollment"
        ),
        section="inclusion",
    ),
    Topic(
        "registration and organisation of the study",
        (
            r"\bmust be treated and followed\b",
            r"\bgeographical limits\b|\bdriving distance\b",
            r"\baccess to (?:the )?(?:internet|a telephone|a (?:smart)?phone|a computer|e-?mail)\b",
        ),
        (
            "registered treated followed participating centre center centres centers institution site sites implies there reasonable geographical limits limit driving distance hour hours hour's placed "
            "restricted cctg ncic reside eligible accessible internet access telephone phone smartphone computer desktop laptop tablet email home reliable device "
        ),
        section="inclusion",
    ),
    Topic(
        "consent to the study",
        (
            r"\b(?:unwilling|refus\w+|willing|able|capable|agree\w*)\b[^.;]{0,30}\bsign\b[^.;]{0,30}\b(?:icf|form|consent)\b",
            r"\b(?:must|should|willing|able|capable|agree\w*|has|have|who|voluntar\w+)\b[^.;]{0,20}\b(?:sign(?:ed|s)?|dated?)\b[^.;]{0,40}\b(?:icf|informed consent|consent form)\b|\bvoluntar\w+ sign\w*\b[^.;]{0,30}\bconsent",
            r"\A\W*sign(?:ed|s)? (?:and dated? )?[^.;]{0,30}\b(?:icf|consent form|consent)\b",
            r"\bsigned by (?:a |the )?(?:family|relative|legal|guardian|next of kin|health care proxy|proxy|parent|representative)",
            r"\bseparate (?:\w+ ){0,3}consent\b",
            r"\binformed of the (?:investigational )?nature\b",
            r"\bparticipants? (?:must|should|will) (?:also )?be offered participation\b",
        ),
        (
            "unwilling refuse refuses willing able capable agree agrees sign signed signing signs date dated icf form forms consent informed written nature "
            "investigational molecular pre-screening prescreening prior start qualification procedures procedure study-specific specific main separate tissue "
            "obtained understanding demonstration voluntarily voluntary offered participation banking biospecimen specimen specimens kind demonstrate demonstrated irb approved ethics committee family member health care proxy legal guardian next kin parent representative relative main requested swog tracking system via biospecimens collected submitted "
        ),
    ),
    Topic(
        "doubtful cooperation with the study",
        (
            r"\b(?:doubts?|unable|lack)\b[^.;]{0,50}\bcooperat\w+\b",
            r"\b(?:not|cannot) (?:be )?(?:regularly )?available\b[^.;]{0,60}\b(?:reasons?|geographic\w*|visits?|follow-?up)\b",
        ),
        (
            "doubts doubt existing ability willingness cooperation cooperate cooperative unable lack regularly available geographical geographic social family familial reasons reason due not cannot visits follow-up "
            "psychological professional private safeguard justice legal protection under subject investigator good sufficient protocol understand comply willing "
        ),
    ),
    Topic(
        "cooperation with the study",
        (r"\b(?:ability|willingness)\b[^.;]{0,50}\bcooperat\w+\b", r"\bsafeguard of justice\b"),
        (
            "doubts doubt existing ability willingness cooperation cooperate cooperative unable lack regularly available geographical geographic social family familial reasons reason due not cannot visits follow-up "
            "psychological professional private safeguard justice legal protection under subject investigator good sufficient protocol understand comply willing "
        ),
    ),
    Topic(
        "able to undergo the examinations",
        (
            r"\b(?:cannot|unable to|inability to|able to) tolerate (?:venous |iv |intravenous )?(?:blood (?:sampling|draws?|sample collection)|venipuncture|phlebotomy)\b",
            r"\b(?:weight|size|body habitus|girth)\b[^.;]{0,40}\b(?:capacity|limits?|limitations?) (?:of|for) (?:the )?(?:\w+ )?(?:table|scanner|gantry)\b",
            r"\bcandidates? for (?:\S+ ){0,2}(?:pet|pet/ct|mri|spect)\b",
        ),
        (
            "able unable inability cannot tolerate venous blood sampling draw draws venipuncture phlebotomy weight size body habitus girth exceeding exceeds exceed capacity limit limits limitations imaging table scanner gantry "
            "candidate candidates pet pet/ct mri spect scan scans flt fdg 18f f-18 "
        ),
        names=("technique",),
    ),
    Topic(
        "blood and tissue samples for research",
        (
            r"\bpharmacogen\w+\b",
            r"\bblood samples?\b[^.;]{0,40}\b(?:needed|required|obtained|taken)\b",
            r"\bspecimens? (?:must|should|will) be (?:collected|submitted|sent)\b|\bspecimen banking\b",
        ),
        (
            "pharmacogenetics pharmacogenetic pharmacogenomics pharmacogenomic blood sample samples needed required obtained taken collected submitted sent single nucleotide polymorphism polymorphisms snp snps assessment analysis dna genotyping "
            "specimen specimens banking bank swog tracking system via consent offered participation tissue serum plasma optional mandatory must should will research "
        ),
        section="inclusion",
    ),
    Topic(
        "findings of the examinations before the study",
        (r"\b(?:normal(?: or|,)? )?(?:non-?specific|unremarkable|normal) (?:e[ck]g|electrocardiogram|chest x-?ray)\b",),
        "normal nonspecific non-specific unremarkable ecg ekg electrocardiogram chest x-ray xray taken obtained performed done findings changes abnormalities",
    ),
)
