"""Words of leads and entries: what a list under its lead asks for, lets in or names as an example."""

from __future__ import annotations

import re

OTHER_THAN_LEAD = re.compile(
    r"\b(?:other than|apart from|aside from|but not|save for|excluding)(?: (?:any of |one of )?(?:the )?following)?\W*\Z"
)
"""The end of an exclusion from which what stands under it is left out."""
COUNT = re.compile(r"\b(?:at least|any|minimum of) (?P<n>two|three|2|3)(?: \(\d\))? (?:or more )?of\b")
EXCEPT_LEAD = re.compile(
    r"\b(?:unless(?! (?:otherwise )?(?:noted|specified|stated|indicated))|except(?:ions?)?|with the exception of|excluding)\b[^.]{0,60}$"
)
OF_SOME = re.compile(r"\W*(?:for )?(?:patients?|participants?|subjects?|those) with [^.;:,()]{3,60}\s*:?\s*")
"""Whom what stands below binds: "patients with ovarian cancer"."""
OF_A_MARKER = re.compile(
    r"\W*(?:for |in )?(?:patients?|participants?|subjects?|those|individuals?) (?:with|without|who (?:do not )?ha(?:ve|d)|whose tumou?rs? (?:do not )?(?:have|harbou?rs?|carry|carries|is|are))\b"
    r"(?=[^:]*\b(?:alterations?|mutations?|agas?|drivers?|biomarkers?|markers?|rearrangements?|fusions?|amplifications?|positive|negative|wild-type|mutant|mutated|expression)\b)"
    r"(?![^:]*\b(?:following|any|must|should|below|history|evidence|either|one|confirmed|documented)\b)[^.;:]{3,90}:\s*"
)
"""A lead that names people by a marker of their cancer: "patients without EGFR mutation:"."""
EXAMPLES_LEAD = re.compile(
    r"\b(?:includ\w+,? \(?but (?:is |are )?not (?:necessarily )?(?:limited|restricted) to|such as|for example|e\.g\.?)\W*(?:the following)?\W*$"
)
"""A lead of examples, none of which is asked for."""
EXAMPLES = frozenset({"tumour_type", "gene_status", "other_driver", "prior_therapy", "unread", "judgement"})
"""Of these a list of examples asks nobody."""
ENTRY_OF_CANCERS = frozenset({"tumour_type", "disease_setting", "her2_status", "hormone_receptor", "unread"})
WITH_A_SIGN = re.compile(r"(?<=[\w+)])[- ](?:positive|negative)\b(?=[ ,;)/]|\Z)")
"""A sign behind a marker: "triple-negative" names a cancer, and forces nothing."""
WINDOWS = ("within_days", "days", "ended_within_days", "ended_before_days", "started_within_days", "within_years")
GUARD_LEAD = re.compile(r"^\s*(?:if|(?:for|in)\b(?![^,]*,[^:]*\band (?:one|any|all|either|at least)\b))\b")
"""A condition in front of a list; "For women, is not pregnant and one of the following:" demands something itself."""
EVERYBODY = re.compile(
    r"\s*(?:(?:all|any|the|these|such|adult|male|female|potential|a|an|eligible|only)\s+)*(?:patients?|participants?|subjects?|individuals?|persons?|people|they|women|men|adults?|candidates?|volunteers?)\s*"
)
ON_FERTILITY = re.compile(r"child-?\s?bearing|menopaus|steril|contracep|pregnan")
STERILE = re.compile(
    r"ligation|hysterectom|oophorectom|ovariectom|occlusion|salpingectom|steriliz|sterilis|sterile|essure"
)
OF_AN_AGE = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?|women|men|females?|males?|children|those)\b\s*)(?:aged?\s*)?(?:[<>≤≥]|under|over|younger than|older than|less than|more than|below|above)(?! ?(?:1[6-9]|2[01])\b)[^.:;]{0,40}\byears?(?: (?:of age|old))?\W*"
)
OTHERS = re.compile(
    r"\W*(?:patients with )?(?:any )?other (?:(?:advanced|solid|tumou?r|cancer|metastatic) ){0,3}(?:tumou?rs?|cancers?|malignanc(?:y|ies)|types|histolog(?:y|ies)|indications)\b[^.;:]{0,60}\b(?:not (?:otherwise )?(?:specified|listed|mentioned|named)|may be|are (?:also )?(?:eligible|allowed)|will be considered|upon)"
)
"""An entry that opens a list of cancers to all others, under conditions of its own."""
STATE_DEFINED = re.compile(r"menopaus\w+(?: status)? (?:is|are|will be) (?:defined|considered)\b[^.;]{0,80}\W*\Z")
"""A lead of what a word means."""
LETS_IN = re.compile(
    r"\s*(?P<who>[^.:;]{5,200}?)\s+(?:(?:may|can|will|should|are|is|be|also|still|therefore|only|considered)\s+)*(?:participate|take part|enrol+|eligible|allowed|permitted|included|acceptable|enter)\b[^.:;]{0,60}?"
    r"\b(?:if|provided(?: that)?|as long as|when|only if|so long as)\b[^.;]*"
)
"""Whom a list lets in: "patients with HIV may take part if they meet all of the following:"."""
NAMES_ITS_LIST = re.compile(
    r"\b(?:includ\w+|such as|e\.?g|i\.?e|namely|defined (?:as|by)|limited to|(?:any|one)(?: or more)? of (?:the )?following)\b[^:.;]{0,120}\W*\Z"
    r"|\b(?:disorders?|diseases?|dysfunction|conditions?|illness(?:es)?|impairments?|abnormalit\w+|events?)\W*:\W*\Z"
)
BINDS_ITS_LIST = re.compile(
    r"\b(?:with|and|plus|who|if|that|which|whose|having|meeting|despite|requiring)\b[^:;]{0,40}\b(?:any|one|all|each|either|at least|the following)\b"
)
"""The list says what else must be there: "HIV infection with any of the following"."""
HEADS_ALONE = re.compile(
    r"(?!.*\b(?:must|has|have|is|are|should|no|not|without)\b)\W*[^.;:]{0,80}?\b(?:specific|therap(?:y|ies)|treatments?|medications?|drugs?|vaccinations?|regimens?)\s(?:specific )?(?:requirements?|criteria|considerations|restrictions)\s*:\s*"
)
"""A name over a list: "Prior therapy criteria:"."""
MUST_LEAD = re.compile(
    r"\A(?!.*\bexclusion)[^.;:]{0,140}?(?<!who )(?<!that )\bmust (?:be|have|meet|fulfil+|satisfy)\b(?! (?:not|no|none|neither|excluded|ineligible|withdrawn|considered)\b)[^.;:]{0,80}:\s*\Z"
)
"""A lead that demands its list, whatever section it stands in: "women must be either:"."""
ANY_BELOW = re.compile(
    r"\b(?:any|one|either)(?: or more)? of (?:the |these )?(?:[\w-]+ ){0,3}(?:outlined|listed|described|given|named|specified|mentioned) (?:here )?below\b"
)
"""Within a line that goes on behind it: what stands under the line are alternatives."""
CANCERS_LEAD = re.compile(
    r"\bfollowing (?:[\w-]+ ){0,3}(?:histolog(?:y|ies)|(?:sub-?)?types?|(?:tumou?r|cancer|disease|histologic\w*|histological) ?(?:types?|entit(?:y|ies)|subtypes?)?|tumou?rs|cancers|malignanc(?:y|ies)|indications|diagnos[ei]s|primar(?:y|ies)|sites|entities)\W*\Z"
)
"""A lead over a list of cancers."""
TELLS_OF_CANCER = re.compile(
    r"\b(?:advanced|metastatic|recurrent|relapsed|refractory|unresectable|resectable|early|stage|progress\w+|express\w+|positive|negative|mutat\w+|amplif\w+|untreated|treated|previously|prior|rare|\w*resistant|not|non)\b"
)
"""Words of such a lead that say more of the cancer than its name."""
