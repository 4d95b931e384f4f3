"""Labels that older summaries put in front of statements, and entries that only point elsewhere or lift a limit.

Rows as in `framing_rows`, expressions that are empty anywhere as there, and sentences that state nothing as in `framing`.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import Row

_TREATMENT = r"(?:(?:prior |concurrent |prior/?concurrent )?(?:biologic|biological|endocrine|hormonal|hormone|radiation|systemic|targeted) therapy|chemotherapy|radiotherapy|immunotherapy|surgery)"
_PART = rf"(?:{_TREATMENT}|other|age|sex|menopausal status|hormone receptor status|performance status|life expectancy|ha?ematopoietic|hepatic|renal|cardiovascular|pulmonary)"
_RECEPTOR = r"(?:(?:estrogen|oestrogen|progesterone|hormone)(?:[ -]receptors?)?|er|pr|pgr|her-?2(?:/neu)?)"
_RECEPTORS = rf"{_RECEPTOR}(?:[ ,/]*(?:(?:and/or|or|and) )?{_RECEPTOR})*"

LABELS = (
    rf"\A\W*{_TREATMENT}(?= - ?(?:no|at least|more than|greater than|prior|recovered|not|must|may|concurrent|see|one|up to|[\d≥>])\b)",
    rf"\A\W*(?:other|{_TREATMENT})(?=: (?:no|at least|more than|recovered|see)\b)",
    r"\b(?:of|by) any (?:modality|kind|sort)\b|\bentering\b(?= (?:the |this )?(?:study|trial|protocol))",
    r",? even (?:if|when|though) (?:presently |currently |now |it is |they are )*(?:well[ -])?controlled\b",
    r"(?<=treated with )[a-z]{2,7}[- ]?\d{2,7}[a-z]?\b(?=\W*(?:[.;]|\Z))|(?<=absorption of )[a-z]{2,7}[- ]?\d{2,7}[a-z]?\b",
    r"\(non-?\s?measurable (?:disease|lesions?) (?:is|are|will be) (?:also )?(?:eligible|allowed|permitted|acceptable|accepted)\)",
)
"""Empty anywhere: the name of a part of the summary in front of a statement that says itself what it is about."""

ROWS_OF_LABELS = (
    Row(
        frozenset({"judgement"}),
        r"(?<=\bbilateral )(?:synchronous )?(?:invasive )?(?:cancers?|tumou?rs?|bc)\b|(?<=\bmultifocal )(?:cancers?|tumou?rs?|disease)\b",
    ),
    Row(frozenset({"judgement"}), r"(?<=no )other(?= concurrent (?:radiation|radiotherapy|surgery|irradiation))"),
    Row(
        frozenset({"performance_status"}),
        r"\bperformance(?: status| level)?\b(?=\W*(?:must be |is |of )?(?:karnofsky|ecog|who|zubrod|\d))",
    ),
)

POINTS_ELSEWHERE = (
    r"\(?co-?\s?morbid(?:ity|ities| conditions?)\b[^.;()]*\b(?:should|will|must) be (?:taken into (?:consideration|account)|considered)\b[^;()]*\)?",
    rf"(?:{_PART}\W+)?see (?:also )?(?:the )?(?:(?:disease|patient|general|prior|concurrent|treatment) )*(?:characteristics|therapy)(?:(?: and|,) (?:[\w/]+ )?(?:therapy|chemotherapy|radiotherapy|surgery|characteristics|menopausal status))*",
    r"(?:this|the) (?:inclusion |exclusion |eligibility )*criteri(?:on|a) (?:has been|have been|was|were|is) (?:removed|deleted|omitted|deactivated)\b[^;]*|(?:criteri(?:on|a) )?(?:removed|deleted|not applicable|intentionally left blank)(?: (?:per|as of|with|in|by) (?:protocol )?(?:amendment|version)[\w ,.]*)?",
    r"there (?:is|are) no (?:upper )?limits? (?:to|on|for|of|in) the (?:total )?number of (?:prior |previous )?(?:[\w/-]+ ){0,5}(?:regimens|lines|therapies|treatments)(?: (?:of|for) [\w /-]{3,60})?",
    r"(?:there (?:will be|are|is) )?no (?:exclusions?|restrictions?|limits?|limitations?)(?: (?:will be|are|is))? (?:made |placed |based )?(?:on|for|by|as to|regarding) (?:the )?(?:basis of )?(?:sex|gender|race|ethnic\w*|age)(?:[ ,/]*(?:(?:or|and) )?(?:the )?(?:sex|gender|race|ethnic\w*|groups?|age|background))*",
    r"(?:patients|participants|subjects|persons|people|individuals|adults)? ?(?:of )?(?:all|any|either) (?:sexes|genders?|races?|ethnic\w*|sex)(?:[ ,/]*(?:(?:or|and|and/or) )?(?:all |any )?(?:sexes|genders?|races?|ethnic\w*|groups?|sex|backgrounds?))*(?: (?:are|will be|is) (?:eligible|included|accepted))?",
    rf"any {_RECEPTORS}(?: (?:status|levels?|expression))?(?: \(positive or negative\))?(?: (?:is |are )?(?:allowed|eligible|acceptable|accepted|permitted))?|{_RECEPTORS}(?: (?:status|expression))?\W+(?:positive or negative|any)",
    r"(?:laboratory (?:values|parameters|requirements)|blood counts|organ function|concomitant medications?)\W+(?:please )?(?:see|refer to)\b[^;<>≥≤]{0,120}",
    r"(?:disease|tumou?r) (?:indications?|type|status)\W*|medical history and concurrent diseases?\W*|other diseases? (?:and|or) conditions?\W*|(?:liver|renal|kidney|hepatic) function tests?\W*|(?:estrogen|hormone)[ -]receptor status\W*",
)
"""Sentences that state nothing about a patient, as in `framing`."""
