"""Words and kinds at which one proposition of a sentence ends and another begins."""

from __future__ import annotations

import re

from her2nav.criteria.connectors import Sign

WELCOME = frozenset(
    {"age", "sex", "performance_status", "lab_value", "lvef", "measurable_disease", "tumour_type", "disease_setting", "her2_status",
     "her2_mutation", "her2_amplification", "hormone_receptor", "tissue_available", "participation", "life_expectancy", "contraception",
     "lines_of_therapy", "body_measure", "menopausal_status", "toxicity_recovery", "disease_progression"}
)  # fmt: skip
"""Kinds that trials ask for; a "no" before something else does not reach over them."""

VALUES = frozenset({"performance_status", "lab_value", "life_expectancy"})
"""Kinds that begin a demand of their own wherever they stand without a word that joins them."""

MEASURED = frozenset({"qtc", "lvef", "lab_value", "vital_sign"})
"""Kinds of values with a limit of their own."""

PARTING = frozenset({None, Sign.AND, Sign.OR, Sign.COMMA, Sign.EXCEPT, Sign.IF, Sign.STOP, Sign.CLOSE})
"""What ends one proposition."""

FAILS = re.compile(r"unable|inability|failure|cannot|can't|couldn't")
PEOPLE = re.compile(
    r"(?<!in )(?<!for )(?<!of )(?<!to )(?<!on )(?<!that )\b(?:patients?|participants?|subjects?) (?:with|who|having)\b"
)
"""A subject of its own: with it another criterion begins."""
FOR_SOME = re.compile(
    r"\b(?:for|in|if|among)\s+(?:(?:those|patients|participants|subjects|individuals)\s*)?(?:with\s*)?\Z"
)
"""In front of those whom a limit is for."""
DEMANDS_MORE = re.compile(
    r"\s*(?:(?:the )?(?:patients?|participants?|subjects?|they|who) )?(?:must|should|has to|have to|needs? to|cannot|may not)\b"
)
"""Behind an "and": a demand of its own, whatever examples stand in front of it."""
ALSO_THOSE = re.compile(
    r"\s*(?:any |all |other |also )*(?:patients?|participants?|subjects?|women|men|females?|males?|those|individuals?|persons?|people) (?:currently )?(?:who|with|that|having|whose|taking|receiving|on|requiring|unable)\b"
)
"""Further people whom an exclusion names."""
TIES = re.compile(
    r"\b(?:to|in|of|for|with|by|from|on|than|who|that|which|at|whose|as|is|are|was|were|be|within|during|after|before)\b|[(,]"
)
"""Words that tie what follows to what stands before them."""
ANEW = re.compile(
    r"[\s,]*(?:(?:and|or|but)\s+)?(?:(?:the )?(?:they|he|she|patients?|participants?|subjects?) )?(?:also )?(?:must|shall|should|needs? to|has to|have to)\b(?! not\b|n't)"
    r"|[\s,]*(?:and|or) who (?:must |should )?(?:have|has|had|are|is|agree|agrees)\b(?! (?:not|no|never)\b)"
)
"""Words with which a demand of its own begins."""
OWN_DENIAL = re.compile(r"(?:(?:who |that )?(?:has|have|having|there (?:is|are)) )?(?:no|not|without|never)\b")
WHO = re.compile(
    r"[\s,]*(?:(?:and|patients?|participants?|subjects?|women|men)\s+)*(?:who(?:se|m)?|for whom|for which)\b"
)
"""Words with which a clause on the same people begins."""
EITHER = re.compile(r"\beither\b(?! of\b)")
"""Behind it stand alternatives, whatever is asked for in front of it."""
MUST = re.compile(r"\b(?:must|should|has to|have to)\b(?! not\b)")
DEMAND = re.compile(r"\b(?:must|should|required|has to|have to|eligible|allowed|permitted)\b")
EXCLUDED = re.compile(
    r"\b(?:(?:is|are|will be|must be) )?(?:excluded|ineligible|not (?:eligible|allowed|permitted|included|accepted))\W*\Z"
)
"""A bracket that shuts out what it names: "(neuroendocrine tumours excluded)"."""

STANDS_ALONE = frozenset(
    {"cardiac_history", "lung_disease", "lvef", "qtc", "vital_sign", "lab_value", "pregnancy", "life_expectancy", "bleeding_thrombosis", "immune", "gastrointestinal",
     "eye_disease", "comorbidity", "infection", "ild", "viral_infection"}
)  # fmt: skip
"""Kinds of which two in a row, with no word between, are entries of a list that lost its bullets."""
WELCOMED = re.compile(
    r"\b(?:(?:is|are|may be|can be|will be) )?(?:still |also )?(?<!not )(?:eligible|allowed|permitted|acceptable|included|exempt(?:ed)?)\W*\Z"
)
"""A bracket that lets in what it names: "(patients with controlled fibrillation are eligible)"."""
EFFECTS_LEFT = re.compile(
    r"\b(?:is|are|may be|can be|will be) (?:still |also )?(?<!not )(?:permissible|acceptable|accepted|allowed|permitted|eligible)\b"
)
"""A bracket behind side effects that names some that may be left."""
LET_IN_NOTE = re.compile(
    r"[(\[]\s*(?:note|nb)\b[^()]*\b(?:is|are|may be|will be) (?:also |still )?(?<!not )(?:acceptable|accepted|allowed|permitted|eligible)\b(?![^()]*\bnot\b)"
)
"""A remark that lets somebody in."""
LOST_BULLET = re.compile(r"no |not (?:currently |presently )?(?:pregnant|lactating|breast|nursing|[\ue000-\uf8ff])")
"""A denial within a denial, where a list lost its bullets: "no metastases Not pregnant"."""
PRESENCE = re.compile(r"\b(?:defined|evidenced|shown|indicated|manifested) by (?:the )?presence of\b")
"""A definition by signs of the illness that stands in front."""
NOTE = re.compile(r"[(\[]\s*(?:note|nb|not applicable|n/a|not required|not necessary|does not apply)\b")
"""A remark that binds those whom it names."""
SHUTS_OUT = re.compile(r"excluding|exclusive of|not including|with the exclusion")
"""Words that take somebody out of what a demand names; "except" and "unless" may free from it."""
BUT_NOT = re.compile(r"but not\b")
TREATED = frozenset({"procedure", "prior_therapy", "judgement"})
"""Kinds that say what was done: "a biopsy, but not yet surgery" asks for both."""
EASED = frozenset({"lab_value", "lvef", "qtc", "vital_sign", "toxicity_recovery", "washout"})
"""Kinds of limits, from which an exception frees: "bilirubin up to 1.5 x ULN, excluding Gilbert syndrome"."""
