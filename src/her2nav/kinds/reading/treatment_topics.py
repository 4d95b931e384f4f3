"""Matters of earlier treatment that no parameter holds and a person of the study settles.

How the cancer went on under treatment, whether treatment was finished and overcome, on which dose a medicine is taken,
and how a trial counts: each stays open and decides. Rows are those of `topic_words`.
"""

from __future__ import annotations

from her2nav.kinds.reading.topic_words import Topic

_TREATMENT = (
    "treated treatments therapies therapeutic chemotherapy chemotherapies chemo radiotherapy radiation surgery surgical "
    "surgically immunotherapy hormonal hormone endocrine biologic biological targeted systemic cytotoxic anticancer "
    "anti-cancer antitumor anti-tumor antineoplastic standard care standard-of-care soc agent agents drugs regimen "
    "regimens line lines adjuvant neoadjuvant neo-adjuvant neo- neo adjuvantly monotherapy combination based containing "
    "investigational definitive locoregional loco-regional local most recent recently approved received receiving "
    "receive given administered administration full "
)
_NAMES = ("drug", "regimen", "technique")

TREATMENT_TOPICS = (
    Topic(
        "how long after earlier treatment the cancer came back",
        (
            r"\b(?:disease|relapse|recurrence|treatment)[- ]free (?:interval|period)s?\b",
            r"\b(?:disease )?(?:relaps|recurr|progress)\w*\b[^.;:]{0,70}\b(?:months?|years?|weeks?) (?:of|after|from|following) (?:the )?(?:complet|last|end|finish|stopp|discontin|adjuvant|neo|prior|previous|dose|treatment|therapy)\w*",
            r"\binterval\b[^.;:]{0,60}\b(?:relapse|recurrence|progression)\b",
        ),
        _TREATMENT.replace("received receiving receive given administered administration ", "")
        + (
            "disease-free relapse-free recurrence-free treatment-free free interval intervals disease relapse relapsed relapses "
            "recur recurred recurrence recurrent progress progressed progression progressing develop developed metastatic metastases metastasis distant local locally advanced "
            "completion completing complete completed finishing end stopping discontinuation discontinued last "
            "than more less later earlier least beyond occurred elapsed between since setting demonstrated radiographic "
            "radiological radiologically radiographically clinical clinically objective evidence experienced > < ≥ ≤ within"
        ),
        names=(*_NAMES, "tumour", "spread"),
        from_key=True,
    ),
    Topic(
        "steady dose of a medicine",
        (
            r"\b(?:stable|steady|constant|unchanged|fixed)\b(?! (?:disease|brain|cns|metast\w+|condition|angina|neuro\w+|tumou?r))[^.;:]{0,40}\b(?:doses?|dosages?|dosing|regimens?|schedules?)\b",
            r"\bdoses?\b[^.;:]{0,30}\b(?:been |be |is |are |remained? |was |were )(?:stable|steady|constant|unchanged)\b",
        ),
        (
            "stable steady constant unchanged fixed decreasing tapering tapered reducing reduced dose doses dosage dosing regimen "
            "schedule medication medications taking receiving receive treated use therapeutic replacement remain remained remains "
            "maintained maintain preceding low expected long-term chronic appropriate optimal adequate least maximum well "
            "thyroid hormone anticoagulant anticoagulation symptoms controlled control asymptomatic required require requiring"
        ),
        names=("drug", "medication"),
    ),
    Topic(
        "recovery from the effects of earlier treatment",
        (
            r"\brecover\w*\b(?!.*\bgrade)[^.;:]{0,50}\b(?:effects?|toxicit\w+|surger\w+|operations?|procedures?|complications?|treatments?|therap\w+|radi\w+|chemo\w+)\b",
            r"\b(?:surger\w+|mastectomy|lumpectomy|resection|radiotherapy|treatment)\b[^.;:]{0,30}\band (?:has |have |be )?(?:fully |adequately )?recovered\b",
            r"(?<=\band )(?:have |has )?(?:fully |adequately )?recovered(?= *(?:[.;)]|\Z))",
            r"\b(?:unresolved|residual|ongoing|persist\w+)\b(?!.*\bgrade)[^.;:]{0,30}\b(?:toxicit\w+|side[ -]effects|complications)\b",
            r"\b(?:toxicit\w+|side[ -]effects|adverse events)\b(?!.*\bgrade)[^.;:]{0,80}\b(?:resolved|recovered|unresolved|resolution)\b",
        ),
        _TREATMENT
        + (
            "recover recovered recovery recovering resolved resolve unresolved residual ongoing persistent persisting effects effect "
            "side side-effects acute late chronic toxic toxicity toxicities adverse events event reactions complications complication "
            "surgery surgeries surgical operation procedure procedures fully completely adequately sufficiently sufficient "
            "clinically significant relevant related treatment-related therapy-related radiation-related associated attributed "
            "attributable due reversible major minor breast wound healing healed yet caused induced secondary intervention "
            "major previous general anesthesia anaesthesia yet clinical post-operative postoperative cancer not any "
        ),
        names=_NAMES,
    ),
    Topic(
        "how long before the study these medicines must have been stopped",
        (
            r"\b(?:the )?(?:required |minimum |recommended )?wash-?out (?:period|time|interval)\b[^.;:]{0,60}\b(?:is|are|should be|must be) (?:at least |a minimum of |≥ ?)?(?:\d+|one|two|three|four|five|six|eight) (?:weeks?|days?|months?|half-lives)\b",
        ),
        _TREATMENT
        + (
            "the required minimum recommended washout wash-out period time interval prior before starting start initiation first dose study at least of for other others and "
            "is are should must be to or any all enrollment enrolment randomization randomisation registration agents inducers inhibitors moderate strong "
        ),
        names=(*_NAMES, "medication", "anchor", "substance"),
    ),
    Topic(
        "time since earlier treatment",
        (
            r"\b(?:at least|more than|greater than|≥) ?\d+ (?:weeks?|months?|days?|years?) since (?:any |other |all )?(?:prior|previous) (?:anti-?cancer |anti-?tumou?r )?(?:therap(?:y|ies)|treatments?)\b(?= *(?:[.;]|\Z))",
            r"\b(?:at least |minimum of |more than |≥ ?)?(?:\d+|one|two|three|four|six|twelve) (?:\(\d+\) )?(?:weeks?|months?|days?|years?)(?: \(\d+ \w+\))? (?:must |should |have |has |had |to )*(?:elapsed|passed)\b[^.;:]{0,60}\b(?:therap\w+|treatments?|discontinuation|completion|end|last|radi\w+|surg\w+|chemo\w+|dose|fraction)\b",
        ),
        _TREATMENT
        + (
            "elapsed passed minimum since from end completion completing discontinuation stopping last dose fraction between "
            "later earlier course day date start cessation adjuvant beginning previous"
        ),
        names=_NAMES,
        from_key=True,
    ),
    Topic(
        "how the cancer responded to earlier treatment",
        (
            r"\b(?:pathologic(?:al)?|partial|complete|objective|clinical|major|near)(?: (?:pathologic(?:al)?|partial|complete|objective|clinical))* (?:response|remission)s?\b",
            r"\bresponse to (?:prior|previous|first|neo|platinum|treatment|therapy|chemo|the last|induction)\w*",
        ),
        _TREATMENT
        + (
            "pathologic pathological partial complete objective clinical major near response responses remission remissions pcr cr pr achieve achieved "
            "achieving documented after following maintained residual invasive disease stable progression absence lack without best confirmed "
            "induction platinum-based platinum maintained maintaining breast axilla lymph nodes surgery surgical"
        ),
        names=(*_NAMES, "tumour"),
    ),
    Topic(
        "whether the cancer resists earlier treatment",
        (
            r"\b(?:disease|cancer|tumou?r|malignancy)\b(?:(?!\bor\b)[^.;:]){0,30}\b(?:refractory|resistant) to\b",
            r"\b(?:relapsed|refractory|recurrent)(?: disease)?,? (?:or|and/or|/) ?(?:relapsed|refractory)(?: disease)?\b(?!.*\b(?:which|that) (?:must|should)\b)",
            r"\brefractory disease\b(?!.*\b(?:which|that) (?:must|should)\b)",
            r"\b(?:intoleran\w+|intolerable|refractory) (?:to|of) (?:all |prior |previous |available |standard|soc)\w*",
        ),
        _TREATMENT
        + (
            "relapsed relapse refractory resistant resistance recurrent intolerant intolerance intolerable tolerate progressed progressing progression failed failure disease "
            "available options option appropriate no not exhausted known benefit clinical advanced metastatic locally unresectable cancer tumor tumour malignancy "
            "standard-of-care completed become derive expected likely effective established curative"
        ),
        names=(*_NAMES, "tumour", "spread"),
    ),
    Topic(
        "how the trial counts earlier treatment",
        (
            r"\b(?:count(?:s|ed)?) (?:as|towards?|to be|an?|one|1)\b[^.;:]{0,40}\b(?:lines?|regimens?|therap\w+|treatments?|courses?)\b",
            r"\b(?:considered|regarded) (?:to have|as having) (?:failed|had|received)\b[^.;:]{0,40}\b(?:lines?|regimens?|courses?)\b",
            r"\b(?:considered|regarded) (?:as |to be )?(?:an?|one|1|two|the same|single|separate|part of)\b[^.;:]{0,30}\b(?:lines?|regimens?|courses?)\b",
            r"\b(?:does|do|will|would|should) not (?:be )?(?:count(?:ed)?|considered)\b[^.;:]{0,40}\b(?:lines?|regimens?|therap\w+|treatments?|limit|number)\b",
        ),
        _TREATMENT
        + (
            "count counts counted counting failed relapsed relapse recurrent recurrence evidence after during considered regarded defined line lines regimen regimens course courses towards toward not "
            "number limit separate single same single-line sequential sequentially setting early advanced metastatic disease switch switched switching "
            "change changed toxicity intolerance reasons due maintenance purposes alone because within planned progression absence without "
            "additional new different consecutive bisphosphonates denosumab bone-modifying when used as part"
        ),
        names=(*_NAMES, "medication"),
    ),
    Topic(
        "whether the treatment before the study is complete",
        (
            r"\b(?:complet(?:ed|ion of)|finished)\b[^.;:]{0,40}\b(?:all|adequate|definitive|standard|recommended|planned|curative|acute|(?:loco-?)?regional|local|primary|appropriate)\b[^.;:]{0,50}\b(?:therap\w+|treatments?|surg\w+|chemo\w+|radi\w+|resection)",
            r"\b(?:completed|finished) (?:\(?neo\)?-?)?adjuvant (?:chemo|systemic|radi|treatment|therap)",
        ),
        _TREATMENT
        + (
            "completed completion complete finished all adequate definitive recommended planned curative acute regional primary appropriate local "
            "local-regional locoregional surgery surgical resection radiotherapy lumpectomy mastectomy breast-conserving reconstruction breast tumor tumour "
            "tumors tumours invasive early early-stage applicable indicated intent curative-intent optional final course courses cycles part without necessary "
            "acceptable including excluding exception ongoing may continue hormone-receptor guidelines multimodality modalities disease"
        ),
        names=(*_NAMES, "tumour", "site", "tumour_site"),
        section="inclusion",
    ),
)
