"""Words that frame what is said of illnesses: how they were seen, by which scale they are graded, why they matter.

Rows as in `framing_rows`: beside the kinds they name their words change no answer.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import ILLNESSES, Row

_ILLNESS = frozenset(ILLNESSES.split())
_BRAIN = frozenset({"cns_metastases", "leptomeningeal_disease"})
_BY = r"(?:by|on|via|with|upon|at|from|using|per|in)"
_SEEN = r"(?:as )?(?:shown|evidenced|determined|assessed|detected|demonstrated|confirmed|documented|diagnosed|seen|ascertained|disclosed|verified|identified|found|evaluated|measured|indicated)"
_METHOD = (
    r"(?:computed tomography|computeri[sz]ed tomography|ct|magnetic resonance(?: imaging)?|mri|cranial imaging|imaging|radiolog(?:y|ic|ical)(?: records?)?|radiographic(?:ally)?(?: (?:evidence|assessments?|evaluations?))?|"
    r"clinical exam(?:ination)?|physical exam(?:ination)?|neurologic(?:al)? exam(?:ination)?|medical history|screening|cytology|cerebrospinal fluid|csf(?: cytology)?|biopsy|endoscopy|chest x-?ray|echocardiogra(?:m|phy)|ecg|ekg)"
)
_METHODS = rf"(?:(?:an? |the |either |contrast(?:-enhanced)? |brain |head |baseline |routine |prior |previous |local )*{_METHOD}(?: ?\((?:ct|mri|csf|ecg|ekg)\))?(?: (?:scans?|imaging|evaluations?|assessments?|exam(?:ination)?s?|visits?|tests?|records?|period))?(?: (?:during|at) screening(?= (?:and|or) prior))?)"

ROWS_OF_ILLNESS = (
    Row(
        _ILLNESS | _BRAIN,
        rf"\b{_SEEN} {_BY} {_METHODS}(?:(?:,? (?:and/or|or|and)|,|/) ?(?:{_BY} )?{_METHODS})*(?: (?:during|at) (?:the )?screening(?: period| visit)?)?"
        rf"|\b(?:by|on|via|upon) {_METHODS}(?:(?:,? (?:and/or|or|and)|/) ?(?:{_BY} )?{_METHODS})+(?: (?:evaluations?|assessments?|scans?))?"
        r"|\b(?:as )?(?:judged|determined|assessed|defined|considered|deemed|per|according to) (?:by )?(?:the )?(?:local |treating |study |site |principal )*(?:investigators?|physicians?|oncologists?)(?:'s?)?(?: (?:assessment|judge?ment|opinion|discretion))?(?=\W*(?:[.,;)]|$)|,? (?:should|must|will|shall) be excluded|,? (?:are|is) (?:excluded|ineligible|not eligible))"
        r"|\b(?:at|during) (?:the )?(?:time of )?(?:study )?(?:screening|baseline|enrol+ment|registration)(?: (?:visit|period|examination))?(?=\W*(?:[.,;)]|$))",
    ),
    Row(
        frozenset({"peripheral_neuropathy"}),
        r"\bpre-?\s?exist(?:ent|ing)\b|\b(?:nci|national cancer institute)?[ -]?ctc(?:ae)?\b(?= grade)|\(?\b(?:motor|sensory|sensorial)(?:,? (?:and/or|or|and) |/)(?:motor|sensory|sensorial)\b\)?|\bof severity\b(?= grade)|\bat (?:study )?(?:entry|baseline|screening)\b|\btoxicity criteria\b",
    ),
    Row(
        _BRAIN,
        r"\bother\b(?= (?:active |symptomatic |known )*(?:cns|central nervous|brain))|\bparenchymal\b(?=,? (?:brain|cns|or leptomeningeal))|\bnewly\b|\b(?:no )?(?:screening )?(?:studies|imaging|scans?) (?:is|are) (?:not )?(?:required|needed|mandatory) (?:among|in|for) (?:asymptomatic |all )*(?:patients|participants|subjects)\b",
    ),
    Row(
        _ILLNESS,
        r"\bpre-?\s?existent\b|\bresulting\b(?= in\b)|\bdiagnosable\b|\bof (?:any|unknown|whatever) (?:kind|type|sort)\b|\bnatural\b(?= (?:killer|history))|\bof clinical (?:significance|relevance)\b(?= is excluded)"
        r"|\b(?:in|for) (?:which|whom) (?:the )?(?:investigator|physician)\b(?=\W*$)|\bat any time (?:in the past|before)\b|\bhistory of or current\b|\bcurrent or past\b|\bestablished diagnosis of\b",
    ),
    Row(
        frozenset({"viral_infection"}),
        r"\b(?:viral load )?(?:tests? )?on (?:the |their )?(?:most recent |latest |last )test(?: results?)?(?: obtained| performed| taken)?(?: within (?:the )?(?:last |past |previous )?\d+ (?:days|weeks|months))?(?: (?:prior to|before|of) (?:the )?(?:study |sub-?study )?(?:registration|enrol+ment|screening|randomi[sz]ation))?"
        r"|\b(?:on|by|per) (?:the |a )?(?:standard )?(?:pcr|polymerase chain reaction)(?:[ -]based)? (?:tests?|testing|assays?)(?: within the (?:last|past) year)?\b",
    ),
    Row(
        frozenset({"allergy"}),
        r"\b(?:spontaneous|following (?:drug )?administration|vehicle|products?|formulations?)\b|\bknown or suspected\b",
    ),
)
