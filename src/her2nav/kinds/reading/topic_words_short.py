"""Matters that short entries name by themselves: complaints counted on a scale, tissue types, plans of treatment.

As in `topic_words`: each word says nothing beside its key that a record could answer.
"""

from __future__ import annotations

from her2nav.kinds.reading.topic_words import Topic

_SCORED = (
    "score scores scored rating ratings scale scales numeric numerical visual analogue analog likert point points item question questionnaire brief inventory bpi short form average worst mean usual "
    "least more than greater equal at per day days week weeks month months daily weekly past last moderate severe mild self-reported reported intensity level frequency number presence bothersome "
    "experience experiencing experienced have had duration during baseline number"
)

SHORT_TOPICS = (
    Topic(
        "complications of the brain that need urgent treatment",
        (
            r"\b(?:cns|brain|neurologic(?:al)?|intracranial)[ -]complications?\b[^.;]{0,60}\b(?:urgent|immediate|emergent|neurosurg\w+|intervention|resection|shunt)\b",
            r"\bimmediate (?:cns|brain|local)[ -](?:specific|directed) (?:treatment|therapy)\b[^.;]{0,50}\b(?:required|needed|indicated|likely)\b",
        ),
        (
            "cns brain neurological neurologic intracranial complication complications whom urgent urgently immediate emergent neurosurgical neurosurgery intervention indicated required require requiring requires need "
            "needed likely resection shunt placement shunting specific cns-specific brain-directed physician's physician treating assessment investigator"
        ),
        names=("technique", "site", "brain_metastases"),
    ),
    Topic(
        "tissue type (HLA)",
        (r"\bhla[ -]?(?:a|b|c|dr|dq|dp|dpb1|drb1)?\*?\d*\b",),
        (
            "hla hla-a hla-a* hla-a2 hla-a02 hla-a3 hla-a24 hla-a26 hla-b hla-c hla-dr a1 a2 a3 a11 a24 a26 a02 a*02 0201 02:01 human leukocyte antigen positive negative positivity typing type types typed genotype "
            "haplotype allele alleles serotype restricted express expressing expression tested test result results confirmed determined blood molecular class expresses"
        ),
    ),
    Topic(
        "how strong the pain is",
        (
            r"\bpain(?: score| intensity| level| rating)?s?(?: of)? (?:[≥>≤<]|at least|greater than|more than)? ?\d{1,2}\b",
            r"\bpain\b[^.;]{0,30}\b(?:numeric(?:al)? rating|visual analog(?:ue)?|likert|brief pain)\b",
        ),
        "pain joint bone " + _SCORED,
        names=("condition", "toxicity"),
    ),
    Topic(
        "how strong the fatigue is",
        (r"\bfatigue(?: score| level| severity)?(?: of)? (?:[≥>≤<]|at least|greater than|more than)? ?\d{1,2}\b",),
        "fatigue brief severity 10 " + _SCORED,
        names=("condition", "toxicity"),
        section="inclusion",
    ),
    Topic(
        "how many hot flashes there are",
        (r"\bhot (?:flash(?:es)?|flush(?:es)?)\b",),
        "hot flash flashes flush flushes sufficient make desire therapeutic intervention report reporting " + _SCORED,
        names=("condition", "toxicity"),
        section="inclusion",
    ),
    Topic(
        "start of the study treatment within a set time",
        (
            r"\b(?:study |protocol |trial )?(?:treatment|therapy|radiotherapy|chemotherapy|randomi[sz]ation|registration|enrol+ment|intervention) (?:must|should|will|has to|is to) (?:be )?(?:start\w*|begin|begun|commence\w*|initiated|occur|take place)\b[^.;]{0,30}\bwithin\b",
            r"\b(?:plans?|planned|planning|able|expected) to (?:start|begin|commence|initiate) (?:study|protocol)[ -](?:treatment|therapy|directed)\b[^.;]{0,20}\bwithin\b",
        ),
        (
            "study-related protocol-directed must should will start started starting begin begun commence commenced initiated occur take place planned plans planning able expected final last definitive surgical surgery procedure operation "
            "breast cancer diagnosis resection mastectomy lumpectomy completion adjuvant chemotherapy radiotherapy radiation intervention"
        ),
        names=("technique", "tumour"),
        section="inclusion",
    ),
    Topic(
        "whether the nerves are in a stable state",
        (r"\bneurologic(?:al)?ly stable\b",),
        "neurologically stable clinically least",
    ),
    Topic(
        "fit for standard treatment as a physician sees it",
        (
            r"\b(?:physician|investigator|oncologist|clinician)s? (?:considers?|judges?|deems?|feels?|finds?)\b[^.;]{0,25}\b(?:well|fit|suitable|healthy) enough\b",
            r"\b(?:well|fit) enough (?:for|to (?:receive|undergo|tolerate))\b",
        ),
        (
            "physician investigator oncologist clinician treating considers consider judges deems feels finds well fit suitable healthy enough standard care receive undergo tolerate including chemotherapy systemic therapy"
        ),
        names=("drug",),
        section="inclusion",
    ),
    Topic(
        "whether the tumour is one or several",
        (r"\bunifocal\b", r"\bsolitary (?:lesion|tumou?r)\b", r"\bmultiple foci\b"),
        "unifocal solitary single multiple foci focus lesion lesions tumor tumour disease cancer only breast invasive",
        names=("tumour",),
    ),
    Topic(
        "use of complementary products",
        (r"\bmedic(?:al|inal) mushrooms?\b", r"\bfolk remed\w+", r"\bnon-?traditional (?:medic\w+|therap\w+)"),
        "medical medicinal mushroom mushrooms use supplements products herbal or nontraditional non-traditional medications medicines therapies folk remedies",
        section="exclusion",
    ),
)
