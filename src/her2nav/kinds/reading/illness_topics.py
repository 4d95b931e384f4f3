"""Matters beside an illness that a person of the study settles: what it does, what it risks, how it is kept in check.

Rows as in `topic_words`: each word says nothing beside its key that a record could answer.
"""

from __future__ import annotations

from her2nav.kinds.reading.topic_words import Topic

_EFFECT = (
    "would could might may can will which that likely potentially possibly expected known considered deemed judged "
    "significantly seriously severely adversely markedly interfere interferes interfering interference affect affects "
    "affecting alter alters altering impede impedes impeding impair impairs impairing impact impacts limit limits limiting compromise "
    "compromises compromising hinder hinders prevent prevents preclude precludes precluding reduce reduces confound "
    "confounds jeopardize jeopardise jeopardizes hamper hampers prohibit prohibits "
)
_RISK = (
    "risk risks increase increases increased increasing high higher elevated greater significant significantly "
    "considerable substantial undue unacceptable excessive place places placing put puts subject "
)
_HARM = r"(?:[\w/-]+ ){0,4}?(?:death|dying|perforation|ulcerat\w+|bleed\w*|ha?emorrhage|thrombo\w+|infections?|complications?|events?|side effects|toxicit\w+|arrhythmi\w+|fractures?|injury|harm|tumou?r lysis|occlusion)\b"
"""What somebody may be at risk of."""
_JUDGED = "investigator investigator's investigators opinion judgment judgement determined judged deemed considered assessed physician treating "

ILLNESS_TOPICS = (
    Topic(
        "whether it would hinder the absorption of the study drug",
        (
            r"\b(?:(?:would|could|might|may|can|will) effect|affect\w*|alter\w*|impair\w*|interfer\w*(?: significantly)? with|limit\w*|preclud\w+|prevent\w*|compromis\w+|hinder\w*|reduc\w+|impact\w*)\b[^.;,]{0,50}\b(?:absor\w+|digestion|gastrointestinal (?:absorption|motility|transit|uptake))\b",
            r"\b(?:affect\w*|alter\w*|impair\w*|interfer\w* with|limit\w*|preclud\w+|imped\w+)\b[^.;,]{0,40}\bswallow\w*",
        ),
        _EFFECT
        + (
            "absorption absorptive absorb absorbing digestion digestive gastrointestinal gi enteral enteric intestinal bowel tract motility transit uptake bioavailability oral orally administered "
            "medication medications drug drugs agent agents therapeutics therapeutic product products investigational adequate adequately sufficient proper normal ability swallow swallowing capsule capsules tablet tablets capsules/tablets pill pills retain retaining retention "
            "treatment treatments trial assigned distribution metabolism excretion pharmacokinetics tolerance tolerability formulated function intake"
        ),
        names=("drug",),
        from_key=True,
    ),
    Topic(
        "a raised risk for the patient",
        (
            rf"\b(?:increas\w+|high(?:er)?|elevated|greater|significant|undue|unacceptable|considerable|substantial) (?:the |their |patients?'?s? )?risks? (?:of|for|from) {_HARM}",
            r"\b(?:plac|put)\w* (?:the )?(?:patient|subject|participant|individual)s? at (?:an? )?(?:(?:undue|high|higher|increased|unacceptable|significant) )*risks?\b",
            rf"\bat (?:an? )?(?:(?:particular|undue|high|higher|increased|unacceptable|significant|particularly) )*risks? (?:of|for|from) {_HARM}",
            rf"\bpredispos\w+ (?:the )?(?:patient|subject|participant|individual)?s? ?(?:to|for) {_HARM}",
        ),
        _RISK
        + _JUDGED
        + (
            "patient's subject's death dying lethal fatal serious severe developing development develop complication complications treatment-related infection infections opportunistic perforation perforations gastrointestinal gi bowel "
            "ulceration ulcerations ulcer bleeding bleed hemorrhage haemorrhage thrombosis thrombotic thromboembolic thromboembolism clotting event events side effects adverse toxicity toxicities arrhythmia arrhythmias arrhythmic "
            "fracture fractures tumor tumour lysis syndrome injury harm safety predispose predisposes predisposing anti-angiogenesis antiangiogenic marrow-suppressive pre-existing preexisting illness because due factor factors cardiac cardiovascular "
            "hemorrhagic haemorrhagic retinal vein occlusion"
        ),
        names=("condition", "drug", "toxicity"),
        section="exclusion",
        from_key=True,
    ),
    Topic(
        "whether it would disturb the study or its results",
        (
            r"\b(?:confound\w*|interfer\w* with|affect\w*|compromis\w+|alter\w*|impact\w*|obscur\w+|bias\w*)\b[^.;]{0,60}\b(?:interpretation|assessments?|evaluations?|results?|data|endpoints?|conduct|objectives?|investigations?|validity|analysis)\b",
        ),
        _EFFECT
        + _JUDGED
        + (
            "obscure obscures bias interpretation interpreting interpretability assessment assessments evaluation evaluations result results data endpoint endpoints conduct objective objectives investigation investigations validity analysis "
            "safety efficacy compliance pk pharmacokinetic outcome outcomes scientific integrity primary secondary quality study-related diagnosis staging"
        ),
        section="exclusion",
        from_key=True,
    ),
    Topic(
        "whether it is as the protocol specifies",
        (
            r"\b(?:as )?(?:specified|outlined|detailed|described|defined|noted|listed) (?:in|by|per) (?:the )?(?:study |trial |full )?protocol\b",
            r"\bprotocol[- ](?:specified|defined)\b",
            r"\b(?:meeting|meet|meets) (?:certain )?(?:criteria|conditions) (?:as )?(?:specified|outlined|defined|described) (?:in|by)\b",
        ),
        "specified outlined detailed described defined noted listed protocol-specified protocol-defined certain criteria conditions meet meets meeting exceptions full",
        from_key=True,
    ),
    Topic(
        "whether it is clinically significant and would hinder consent or taking the drug",
        (
            r"\b(?:(?:would|could|may|might|can|will) )?(?:preclud\w+|prevent\w*|hinder\w*|impair\w*|limit\w*|prohibit\w*)\b[^.;,]{0,50}\b(?:informed consent|consent|understanding|comprehension)\b",
            r"\b(?:(?:would|could|may|might|can|will) )?(?:adversely )?(?:interfer\w* with|affect\w*|adversely affect\w*|compromis\w+|limit\w*)\b[^.;,]{0,30}\b(?:compliance|adherence|cooperation)\b",
        ),
        _EFFECT
        + _JUDGED
        + (
            "clinically significant informed consent understanding comprehension rendering icf compliance adherence cooperation oral drug intake medication intake requirements safety assessment assessments therapeutic"
        ),
        section="exclusion",
        from_key=True,
    ),
    Topic(
        "whether it is clinically significant",
        (
            r"\b(?:judged|deemed|considered|felt|determined|thought|found|is|are|as) (?:by (?:the )?(?:[\w/-]+ ){1,3})?(?:to be )?(?:clinically )?(?:significant|relevant)\b(?=\W*(?:$|[,.;)]|and\b|in the (?:opinion|judge?ment)|by the|precluding))",
            r"\bclinically significant\b(?= \((?:in the opinion|as (?:judged|determined|assessed)|per|according to) )",
        ),
        "clinically significant relevant",
        section="exclusion",
        from_key=True,
    ),
    Topic(
        "a need of oxygen, fluids, drainage or the like",
        (
            r"\b(?:requir\w+|need\w*|necessitat\w+|in need of|dependen\w+ (?:on|upon))\b[^.;,]{0,60}\b(?:oxygen|ventilat\w*|dialysis|drainage|paracentesis|thoracentesis|transfusions?|anesthesia|anaesthesia|hydration|alimentation|stent\w*|shunt\w*|hospitali[sz]ation|supplementation|surger\w+|surgical|intervention)\b",
            r"\b(?:chronic|continuous|long[- ]term|home) (?:therapy with |use of |supplemental )?oxygen(?: (?:therapy|supplementation|support))?\b|\b(?:daily )?(?:use of |receiving |on )?oxygen supplementation\b",
        ),
        (
            "require requires required requiring requirement need needs needing needed necessitating dependent dependence dependency upon chronic continuous continuously long-term home supplemental oxygen supplementation ventilation ventilator ventilatory support "
            "dialysis drainage paracentesis thoracentesis pericardiocentesis transfusion transfusions general anesthesia anaesthesia intravenous iv hydration alimentation parenteral total stent stenting shunt shunting hospitalization hospitalisation insulin pacemaker "
            "surgery surgical urgent immediate intervention interventions medical procedure procedures recurrent frequent repeated frequently regular monthly once twice weekly daily rest"
        ),
        section="exclusion",
        from_key=True,
    ),
)
