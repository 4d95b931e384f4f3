"""Matters that a person of the study settles: what shows them, and the words that belong to them.

A word that ends in a star stands for all that begin so. A word may stand in a row only if, beside its key, it says
nothing that a record could answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter.

    Attributes:
        topic: What a person is asked about.
        keys: Expressions; one of them must stand in the stretch.
        words: Words that belong to it.
        names: Vocabularies whose names belong to it too.
        section: Only among these criteria.
        examples: The names belong to it in brackets only.
        from_key: What stands in front of the key is said of something else.
    """

    topic: str
    keys: tuple[str, ...]
    words: str
    names: tuple[str, ...] = ()
    section: str | None = None
    examples: bool = False
    from_key: bool = False


_TAKEN = (
    "medication medications medicine medicines medicinal drugs agent agents substance substances food "
    "foods product products supplement supplements use used using receiving received receive taking take "
    "taken takes treated requires requiring require requirement chronic daily systemic potent strong "
    "strongly moderate weak known prescription non-prescription over-the-counter nonprescription listed "
    "contained containing cannot discontinued discontinue unable unwilling stop stopped switch switched "
    "alternative alternate avoid avoided half-life half-lives necessary ineligible eligible whichever "
    "longer shorter potential "
)
"""Words on medicines in general."""

TOPICS = (
    Topic(
        "medicines that act on liver enzymes or transporters",
        (
            r"\bcyp(?!1[179])\w*",
            r"\bcytochromes?\b",
            r"\bp-?gp\b",
            r"\bp-glycoprotein\b",
            r"\benzyme-inducing\b(?: (?:anti-?\s?epileptic|anti-?\s?convulsant|anti-?\s?seizure)s?(?: (?:drugs?|medications?|agents?|therap(?:y|ies)))?)?",
            r"\bgrapefruit",
            r"\bbcrp\b",
            r"\boatp\w*",
            r"\bugt\w*\b(?= inhib)",
        ),
        _TAKEN
        + (
            "inhibitor inhibitors inducer inducers inhibit inhibits induce induces substrate substrates sensitive "
            "narrow therapeutic window index range metaboli* mechanism-based reversible irreversible isoenzyme* "
            "isozyme* enzyme enzymes hepatic liver system p p450 p-450 450 cyp* cytochrome* 3a 3a4 3a5 2c8 2c9 "
            "2c19 2d6 1a2 3a/4 interact* interfer* affect* activity pharmacokinetics metabolism classified "
            "considered recognized p-gp pgp p-glycoprotein bcrp oatp* transporter* juice juices fruit fruits "
            "grapefruit* grapefruit-containing seville oranges orange pomelo* starfruit starfruits beverages "
            "enzyme-inducing antiepileptic anticonvulsant* anti-epileptic molecules predominantly through via "
            "mediated dual combined specifically prohibited herbal herbals human foods preparations reasonable estimate primarily cause "
            "significantly family subfamily polypeptide 1 2 3 4 2a6 2b6 2c "
        ),
        names=("drug", "medication", "substance"),
        examples=True,
    ),
    Topic(
        "medicines that prolong the QT interval",
        (
            r"\bprolong\w* (?:of )?(?:the )?(?:qt|heart)",
            r"\bqt[- ]?(?:c[- ])?(?:interval[- ])?prolong\w*[- ](?:drugs?|medic\w+|agents?|potential|effects?)",
            r"\bpro-?arr?h?yth?mic (?:potential|drugs?|medic\w+|effects?)",
            r"\b(?:induc\w+|caus\w+|lead\w* to|risks? (?:of|for)) (?:\w+ ){0,2}?torsades?(?: de pointes)?\b",
        ),
        _TAKEN
        + (
            "prolong* qt qtc qt/qtc interval intervals risk cause causing induce inducing torsade torsades de "
            "pointes proarrythmic proarrhythmic pro-arrhythmic potentiate biologics condition conditions concurrent effect effects arrhythmia corrected heart rate-corrected "
            "associated lead leading possible conditional category i ii generally accepted have having risk risks known "
        ),
        names=("drug", "medication", "variable", "qtc"),
        examples=True,
    ),
    Topic(
        "medicines that act on the study drugs",
        (
            r"\b(?:strong|moderate|potent|weak)(?:[ ,/]+(?:or|and|and/or|to|strong|moderate|potent|weak))* (?:inhibitors?|inducers?)(?: (?:or|and|and/or) (?:inhibitors?|inducers?))? of (?=[^.;,]{0,20}\b(?:study|trial|investigational) (?:drugs?|treatments?|medications?|agents?|products?))",
            r"\b(?:strong|moderate|potent|weak)(?:[ ,/]+(?:or|and|and/or|to|strong|moderate|potent|weak))* (?:inhibitors?|inducers?)(?: (?:or|and|and/or) (?:inhibitors?|inducers?))? of (?!(?:the )?(?:cyp|cytochrome|p-?gp|p-glyco|bcrp|oatp|ugt|liver|hepatic|enzym|egfr|her|vegf|mtor|pi3k|parp|pd|cdk|alk|met|aromatase|angio|topo|proton))[a-z]{3,}(?:nib|mab|lisib|ciclib|parib|deruxtecan|dxd|emtansine)\b",
        ),
        _TAKEN
        + (
            "inhibitor inhibitors inducer inducers interact* affect* exposure clearance metaboli* significantly and/or or any "
        ),
        names=("drug",),
        section="exclusion",
    ),
    Topic(
        "medicines that the protocol forbids",
        (
            r"\bprohibited\b[^.;]{0,30}\b(?:medic\w+|drugs?|therap\w+|substances?|treatments?|agents?)",
            r"\b(?:medications?|drugs?|medicines|therap\w+) (?:that (?:is|are|has been|have been) )?(?:prohibited|disallowed|not permitted|not allowed|excluded|forbidden)\b",
            r"\bprohibited-? ?medications?\b",
        ),
        _TAKEN
        + (
            "prohibited disallowed forbidden excluded restricted details refer fruit fruits juice juices "
            "appendices certain specified non-permitted investigational participation both "
        ),
    ),
    Topic(
        "herbal or alternative medicines",
        (
            r"\bherbal\w*\b",
            r"\bhomeopath\w+",
            r"(?<!available )(?<!effective )(?<!standard )(?<!\bno )(?<!acceptable )(?<!approved )(?<!satisfactory )(?<!suitable )(?<!other )(?<!curative )\balternative (?:medic\w+|therap\w+|treatments?)(?! (?:is|are|options?|exist|available|that|with|of|for)\b)",
            r"\bcomplementary\b",
            r"\bbotanicals?\b",
            r"\bfolk remed",
            r"\bnon-?conventional therap",
        ),
        _TAKEN
        + (
            "herbal herbals herb herbs homeopath* complementary botanical botanicals natural nutritional dietary "
            "vitamin vitamins megavitamin mega-vitamin folk remedies remedy cam traditional chinese anti-cancer "
            "anticancer activity preparations preparation therapies cancer purported nonconventional "
            "non-conventional extracts minerals high-dose "
        ),
        names=("drug", "substance", "medication"),
        examples=True,
    ),
    Topic(
        "part in another study before",
        (
            r"\bparticipat(?:ed|ion|ing)\b (?:of the subject )?(?:in|at|on|to) (?:an?|any|another|other|the same|previous|drug|clinical|investigational|different)\b[^.;]{0,50}\b(?:trials?|stud(?:y|ies))\b",
            r"\benrolled (?:in|on)\b[^.;]{0,40}\b(?:another|other|different|investigational|clinical|interventional)\b",
            r"\b(?:same|different|another) (?:clinical |investigational |interventional )?(?:trial|study)\b",
        ),
        (
            "participat* enrolled enrollment enrol* part taken clinical investigational interventional "
            "experimental therapeutic trials studies research different same earlier date device devices product "
            "products agent agents drugs medication medications received receiving receive recently past "
            "intervention interventions medicinal imp adenovirus adenovirus-based vaccine-based based described here than simultaneous "
            "concomitantly treatments observational non-interventional noninterventional phase involving calendar "
            "active "
        ),
    ),
    Topic(
        "findings of the examinations before the study",
        (
            r"\b(?:laboratory|lab|ecg|ekg|electrocardiogra\w+|physical examination|clinical laboratory|chest x-?ray|radiologic\w*|imaging) (?:abnormalit(?:y|ies)|findings?|tests? abnormal\w*)",
            r"\babnormal(?:it(?:y|ies))? (?:(?:in|on|of) )?(?:the )?(?:laboratory|lab|ecg|ekg|electrocardiogra\w+|physical exam\w*|blood tests?|vital signs|findings?)",
            r"\bclinically significant findings on\b",
        ),
        (
            "laboratory lab ecg ekg electrocardiogra* 12-lead physical examination* exam abnormal* findings "
            "finding clinically significant significance relevant clinical chest x-ray xray vital signs tests "
            "test results result values value evaluations evaluation assessment assessments investigator "
            "investigator's opinion judgment judgement determined considered judged medical biochemistry "
            "hematology haematology urinalysis urine unexplained unresolved deemed radiologic imaging parameters "
        ),
    ),
    Topic(
        "surgery of the breast and the axilla",
        (
            r"\b(?:free|clear|negative|positive|involved|uninvolved|close)\b[^.;]{0,25}\bmargins?\b|\bmargins?\b[^.;]{0,60}\b(?:free|clear|negative|positive|involved|uninvolved|close)\b",
            r"\b(?:lumpectomy|mastectomy|quadrantectomy|segmentectomy)\b",
            r"\baxillary\b[^.;]{0,30}\b(?:dissection|clearance|staging|surgery|sampling)",
            r"\bsentinel (?:lymph )?(?:node|lymphadenectomy)",
            r"\bbreast[- ]conserv\w+",
        ),
        (
            "margin margins lumpectomy mastectomy segmental total modified radical simple quadrantectomy "
            "segmentectomy partial bilateral skin-sparing nipple-sparing axillary axilla dissection clearance "
            "sampling sentinel node nodes nodal lymph lymphadenectomy biopsy biopsies slnb sln alnd slnd breast "
            "breast-conserving conserving conservation conservative surgery surgical surgically resection "
            "resected resect* excision re-excision reexcision excised specimen histologically microscopically "
            "pathologically pathologic grossly gross clear free negative involved uninvolved invasive carcinoma "
            "cancer tumor tumors disease dcis ductal in-situ situ residual completed complete completion "
            "undergone underwent undergo definitive primary ipsilateral adequate final performed required "
            "recommended removal removed staging procedure followed plus alone microscopic macroscopic accepted "
            "acceptable accept reconstruction immediate ink mandatory evaluation evaluated full ln lns positive "
        ),
        names=("technique", "tumour", "histology", "site", "tumour_site", "cured_cancer", "spread"),
    ),
    Topic(
        "radiotherapy as the protocol plans it",
        (
            r"\b(?:planned|planning|indicated|recommended|designate\w*|intent|will receive|candidates? for)\b[^.;]{0,60}\b(?:radiotherapy|radiation(?: therapy)?|irradiation|brachytherapy|boost)\b",
            r"\b(?:radiotherapy|radiation(?: therapy)?|irradiation|brachytherapy)\b[^.;]{0,60}\b(?:planned|is indicated|recommended|required|candidates?)\b",
        ),
        (
            "radiotherapy radiation irradiation irradiate* brachytherapy external beam whole partial breast chest "
            "wall chestwall regional nodal nodes node lymph supraclavicular internal mammary axillary boost "
            "fractions fraction hypofractionat* planned plan plans planning indicated recommended required "
            "designate* declared stratification lumpectomy mastectomy post-lumpectomy postlumpectomy "
            "post-mastectomy postmastectomy receive received given delivered adjuvant postoperative "
            "post-operative completed completion area areas field fields candidates candidate investigator "
            "decision whether intended intent local locoregional loco-regional standard "
        ),
        names=("technique", "site", "tumour_site", "tumour"),
    ),
    Topic(
        "blood and tissue samples for research",
        (
            r"\b(?:blood|tissue|tumou?r|saliva|urine|stool|research|biologic(?:al)?|biospecimens?|plasma|serum|bone marrow|cfdna)\b[^.;]{0,40}\b(?:samples?|specimens?|collections?|draws?|sampling|biospecimens?)\b",
            r"\b(?:samples?|specimens?|biospecimens?)\b[^.;]{0,30}\b(?:research|biomarker|correlative|translational|analysis|analyses|banking|collection)",
            r"\bserial pk\b|\bpk sampling\b|\bgive blood\b",
        ),
        (
            "blood tissue tissues tumor tumour saliva urine stool plasma serum research biologic biological "
            "biospecimen biospecimens samples sample specimen specimens collection collections collected collect "
            "draw draws drawn sampling submit submission submitted provide provided providing willing willingness "
            "agree agrees agreement able donate give allow allowing correlative translational biomarker "
            "biomarkers analysis analyses bank banking banked storage stored genetic genomic molecular "
            "pharmacokinetic pharmacokinetics pharmacogenetic pk pharmacodynamic optional mandatory purposes "
            "future exploratory required requirements pre-treatment pretreatment post-treatment evaluation "
            "evaluations testing serial sufficient adequate biopsy biopsies initial progression disease "
            "circulating free dna ctdna cfdna cells cohorts assessment recommended "
        ),
        names=("ctdna", "ngs"),
        section="inclusion",
    ),
    Topic(
        "tests and images before the study",
        (
            r"\b(?:mri|ct|pet|scans?|imaging|echocardiogra\w+|muga|mammogra\w+|ultrasound|x-?ray|electrocardiogram|ecg|bone scan|chest radiograph|staging studies|tumou?r assessments?|ophthalm\w+ exam\w*)\b[^.;]{0,80}\b(?:performed|obtained|done|required|completed|undergone|within|documented|recorded|must have|must be|taken|undergo|available|mandatory)\b",
            r"\b(?:must|should|will) (?:have|undergo|be able to undergo)\b[^.;]{0,50}\b(?:mri|ct|pet|scan|imaging|echocardiogra\w+|muga|mammogra\w+|ultrasound|x-?ray|ecg|electrocardiogram|photographs)\b",
            r"\bable to undergo\b[^.;]{0,30}\b(?:mri|imaging|scans?)",
        ),
        (
            "mri ct pet pet/ct fdg-pet scan scans imaging images image computed computerized tomography magnetic "
            "resonance positron emission echocardiogra* echo muga multigated acquisition mammogra* bilateral "
            "diagnostic digital ultrasound ultrasonography chest abdomen abdominal pelvis pelvic x-ray xray "
            "radiograph* radiologic* bone brain head liver electrocardiogram ecg ekg 12-lead staging studies "
            "assessment* assessed evaluation* evaluated examination exam physical tumor tumour disease breast "
            "contrast contrast-enhanced spiral helical performed obtained done required requirement completed "
            "undergone undergo documentation recorded taken available mandatory able willing study-specific site "
            "sites known areas standard care medical modality method same institution preferably photographs "
            "photograph regularly affected area radionuclide ventriculography "
        ),
        names=("technique", "site", "tumour", "lvef", "recist"),
        section="inclusion",
    ),
    Topic(
        "medical records at hand",
        (r"\bmedical records?\b",),
        (
            "medical records record accessible access available treatment response data setting release permit "
            "complete obtain review metastatic able willing authoriz* past information copies "
        ),
        section="inclusion",
    ),
    Topic(
        "access to the veins",
        (
            r"\b(?:venous|vascular|iv|intravenous) (?:access|lines?|catheter)\b",
            r"\b(?:central venous|port-?a-?cath|picc)\b",
        ),
        (
            "venous vascular iv intravenous access central line lines catheter port peripheral adequate lack "
            "lacks willing willingness placement accept suitable sufficient port-a-cath picc leukapheresis "
            "apheresis device "
        ),
    ),
    Topic(
        "risk of bleeding",
        (
            r"\brisks? (?:of|for) (?:\w+ )?(?:bleed\w*|ha?emorrhag\w*)",
            r"\bbleeding risks?\b",
        ),
        ("risk risks bleeding bleed hemorrhage haemorrhage significant high increased elevated clinically excessive "),
    ),
    Topic(
        "nutrition and eating",
        (r"\b(?:oral intake|nutrition(?:al status)?|alimentation|parenteral feeding|tube feeding)\b",),
        (
            "oral intake nutrition* alimentation parenteral enteral feeding tube total intravenous iv adequate "
            "unassisted order maintain reasonable requirement required requiring require requires need support "
            "status weight "
        ),
    ),
    Topic(
        "everyday life without much help",
        (
            r"\bactivities of daily living\b",
            r"\bambulatory\b",
            r"\bself[- ]care\b",
        ),
        (
            "activities daily living ambulatory self-care able perform without considerable help assistance "
            "status outpatient fully capable "
        ),
    ),
    Topic(
        "wounds and operations healed",
        (
            r"\b(?:wounds?|incisions?|surgical sites?|surgery)\b[^.;]{0,30}\bheal\w*",
            r"\bheal\w*\b[^.;]{0,20}\b(?:wounds?|incisions?|surgery)",
        ),
        (
            "surgical wound wounds incision incisions site sites completely fully adequately healed heal healing "
            "surgery major biopsy well complete "
        ),
        names=("technique",),
    ),
    Topic(
        "registration and organisation of the study",
        (
            r"\b(?:must|should|will) be (?:registered|enrolled|randomi[sz]ed)\b(?! in\b| on\b)",
            r"\bregistered (?:with|at|by|in) the\b",
            r"\breturn to (?:the )?(?:enrolling|participating|treating|study)? ?(?:institution|center|centre|site|clinic)\b",
            r"\b(?:internet|smart ?phone|telephone|e-?mail) access\b",
        ),
        (
            "registered register registration enrolled enrolling participating treating institution center centre "
            "centers site clinic office cancer clinical trials group cooperative able willing willingness return "
            "follow-up internet access smartphone telephone phone email personal ability use computer device "
            "mobile home wifi reliable instituting beginning "
        ),
        section="inclusion",
    ),
    Topic(
        "able to undergo the examinations",
        (
            r"\b(?:lie (?:flat|still|down)|tolerate|undergo)\b[^.;]{0,70}\b(?:scans?|scanning|pet|ct|pet/ct|spect|mri|imaging|tomography|procedures?|examinations?)",
        ),
        (
            "able ability lie flat still down tolerate undergo otherwise scan scans scanning pet ct pet/ct spect mri imaging single photon emission computed tomography positron magnetic resonance "
            "procedure procedures examination examinations contrast supine minutes claustrophobia due long enough required "
        ),
        names=("technique",),
    ),
    Topic(
        "fall of the ejection fraction under earlier treatment",
        (
            r"\b(?:decreases?|declines?|drops?|reductions?|falls?)\b[^.;,]{0,30}\b(?:lvef|ejection fraction)",
            r"\b(?:lvef|ejection fraction) (?:decrease|decline|drop|reduction|fall)s?\b",
        ),
        "decrease decreases decline declines drop drops reduction fall left ventricular ejection fraction lvef absolute point points percentage with under previous prior anthracycline trastuzumab asymptomatic symptomatic less below",
        names=("lvef", "drug"),
        section="exclusion",
    ),
    Topic(
        "whether it comes of the cancer",
        (
            r"\b(?:due|secondary|attributable|related) to (?:(?:complications?|progression) of )?(?:the |their )?(?:advanced |underlying |metastatic |primary |malignant )*(?:malignanc(?:y|ies)|cancer|disease|tumou?rs?)\b(?! (?:metast|involv|progress))",
        ),
        "due secondary attributable related complication complications progression advanced underlying metastatic primary malignant malignancy malignancies cancer disease tumour tumor tumors comorbidities comorbidity",
    ),
    Topic(
        "started before the study",
        (
            r"\b(?:initiated|started|begun|commenced)\b(?: at least)? (?:\w+ (?:days|weeks|months) )?(?:prior to|before) (?:the |this )?(?:study|trial|first|enrol|random|regist|start|initiation|treatment|screening|inclusion|dose|day)",
        ),
        "initiated started begun commenced prior to before least",
    ),
    Topic(
        "worsening of the performance status before the study",
        (r"\bdeteriorat\w+\b[^.;,]{0,30}\b(?:weeks|days|month)\b",),
        "deterioration deteriorated deteriorating over previous past last prior preceding performance status ecog two",
        section="inclusion",
    ),
    Topic(
        "whether it can be corrected",
        (
            r"\b(?:cannot|can not|could not|not) be corrected\b",
            r"\bdespite (?:adequate |optimal )?(?:correction|supplementation|replacement)\b",
        ),
        "cannot not corrected correct prior before despite adequate optimal correction supplementation replacement administration to it they",
        names=("drug",),
        section="exclusion",
    ),
    Topic(
        "legal capacity to consent",
        (
            r"\blegal(?:ly)? (?:in)?capa(?:city|citated)\b",
            r"\blimited legal capacity\b",
            r"\bunder (?:legal )?(?:guardianship|tutelage|curatorship|trusteeship|judicial protection)\b",
            r"\bdeprived of (?:their |his |her )?(?:liberty|freedom)\b",
        ),
        "legal legally incapacity capacity incapacitated limited under guardianship tutelage curatorship trusteeship judicial protection deprived liberty freedom law administrative decision person adult",
    ),
)
