"""Words that frame what is said of the cancer and its markers: how, where and on what they were found.

Rows as in `framing_rows`: beside the kinds they name their words change no answer.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import Row

_SAMPLE = r"(?:(?:most recent|recent|latest|biopsied|archival|archived|fresh|available|pathologic(?:al)?|histologic(?:al)?|tumou?r|tissue|primary|diagnostic|surgical|core|resected|paraffin-embedded|formalin-fixed)[ ,/-]*(?:and/or |or )?)"
_MARKERS = frozenset(
    ["her2_status", "hormone_receptor", "her2_amplification", "gene_status", "her2_mutation", "msi_mmr", "pd_l1"]
)
_CANCER = frozenset(["tumour_type", "disease_setting"])
_MEASURED = frozenset({"measurable_disease"})

ROWS_OF_CANCER = (
    Row(
        _MARKERS,
        r"\bby (?:immunohistochemistry|ihc)(?: \(ihc\))?(?: (?:assay|analysis|staining|testing))?(?=\W|$)|(?<=positive )cancers?\b|(?<=negative )cancers?\b|"
        rf"\b(?:as )?(?:diagnosed|determined|documented|assessed|shown|confirmed|demonstrated|based|performed)? ?(?:up)?(?:on|in|from|using) (?:an? |the |their |any )?{_SAMPLE}+(?:tissues?|specimens?|samples?|biops(?:y|ies)|blocks?)\b(?! (?:of|must|within|from))"
        r"|\b(?:must |should )?shows?\b(?= (?:the |an? |evidence |no |documented )*(?:presence|her|er\b|pr\b|overexpression|amplification|expression|positive|negative|[0-3]\+|[\ue000-\uf8ff]))"
        r"|\bindex (?:cancer|tumou?r|lesion)\b|\bstrongly\b(?= her)|\b(?:previously )?tested\b(?= (?:as |to be )?(?:her|er\b|pr\b|positive|negative))|\breceptors?\b(?=,? (?:and|or|and/or) her)|\bp185\b"
        r"|\b(?:on|in|by|per) (?:the )?(?:prior |previous |local |initial |any )*patholog(?:y|ic(?:al)?) (?:testing|reports?|reviews?|assessments?)\b|\butili[sz]ing one of the sponsor[- ]approved assays?\b"
        r"|\bthat (?:is|are) (?:experienced|certified|accredited)(?:[ /,]+(?:and |or )?(?:experienced|certified|accredited))* in [^.;()]{3,40}? testing\b|\b(?:two|2) (?:independent|different|separate) (?:tests|assays|methods)\b",
    ),
    Row(
        frozenset({"tumour_type"}),
        r"\b(?:at|by) (?:mskcc|msk|memorial sloan[ -]kettering(?: cancer center)?|mdacc|m\.? ?d\.? anderson(?: cancer center)?|dana[- ]farber(?: cancer institute)?|the (?:study|treating|enrolling|participating) (?:institution|site|cent(?:er|re)))\b"
        r"|\b(?:either )?by (?:either )?(?:histology|cytology)(?: (?:or|and/or) (?:histology|cytology))?\b|\bproved\b(?=\W*(?:[:;,.]|$))",
    ),
    Row(
        _CANCER,
        r"\b\d(?:st|nd|rd|th) ed\b\.?|\b(?:breast cancer )?staging (?:systems?|manual|criteria|classification|guidelines?|handbook)\b|\b20\d\d staging\b|\b(?:\d(?:st|nd|rd|th) edition )?(?:19|20)\d\d\b(?= (?:staging|edition|ajcc|criteria))",
    ),
    Row(
        frozenset({"disease_setting"}),
        r"\b(?:as (?:measured|assessed|determined) )?(?:by|on|per|using) (?:clinical|physical) exam(?:ination)?s?\b(?:(?:,|,? and/or|,? or|,? and) (?:by )?(?:radiologic(?:al)?|radiographic|imaging|mammogra\w+|ultrasound|ultrasonography|mri|caliper)(?: (?:tests?|studies|assessments?|evaluation|measurement|imaging))?)*"
        r"|\bby (?:clinical and pathologic(?:al)?|clinical or radiologic(?:al)?|standard local|local standard)(?: (?:evaluation|assessments?|techniques?|staging|imaging|methods?))+\b|\b(?:staged|classified) as\b(?= (?:[cp]?t|stage))|\bfor any reason\b|\bprimary\b(?= tumou?rs? (?:must|should|is|are|staged|size))",
    ),
    Row(
        _MEASURED,
        r"\bvia\b|\bexists?\b(?=\W|$)|\b(?:is|are|be) present\b|\b(?:radiological|radiologically|radiographically|clinically)\b(?= (?:measur|evaluab|assessab))|\(breast(?: tumou?r)? (?:and/or|or|and) (?:axillary )?(?:lymph )?nodes?\)"
        r"|\b(?:by|as assessed by|per) (?:the )?(?:assessment of )?(?:the )?(?:local )?(?:site )?(?:investigator|radiolog\w+)(?:/(?:investigator|radiolog\w+))?(?: assessment)?\b|[\[(]?\btherasse,? (?:et al\.?,? )?20\d\d\b[\])]?|\br\d\d-\d{4}\b|\bspecific appropriate\b|\bon (?:baseline |screening )?imaging\b|\bv(?:ersion)?\.? ?1\.[01]\b",
    ),
)
