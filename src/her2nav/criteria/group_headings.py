"""Headings of a flat list that name whom the lines behind them bind: "For metastatic patients:".

Nothing shows where such a group of lines ends, nor whom it binds where its name is an abbreviation. What stands behind
the heading and speaks of the cancer or of its treatment is therefore asked of nobody for certain.
"""

from __future__ import annotations

from her2nav.language.sought import Sought

_PEOPLE = r"(?:patients?|participants?|subjects?)"
_OF_ALL = r"(?:all|any|both|each|every|either|the|these|this|study|trial|eligible|enrol\w*|screened|potential|most|some|other|female|male|adult|p(?:a)?ediatric|women|men)"
_HEADING = Sought(
    rf"\W*(?:for|in|among) (?:the )?(?!{_OF_ALL}\b)(?:(?!\b(?:must|should|will|is|are|following)\b)[\w/+()-]+ ){{1,6}}?{_PEOPLE}(?: only)?\s*:\s*"
    rf"|\W*(?:for|in|among) (?!{_OF_ALL}\b)(?:[\w/+-]+ ){{0,3}}?{_PEOPLE} (?:with|whose|who (?:have|had|received)) (?:(?!\b(?:must|will|following|any|one)\b)[^.;:]){{3,100}}?:\s*"
    rf"|\W*(?:for|in|among) (?!{_OF_ALL}\b)(?:[\w/+-]+ ){{0,3}}?{_PEOPLE} (?:with|whose|who (?:have|had|received)) [^.;:]{{3,100}}? the following (?:criteria|conditions) (?:must|should|have to|need to|had to) be (?:met|fulfilled)\s*:\s*"
    rf"|\W*{_PEOPLE} (?:with|whose|who (?:have|had|received)) [^.;:]{{3,140}}? (?:are|were|will be|may be|can be) (?:included|enrolled|eligible|entered)\b[^.;:]{{0,40}} (?:if|provided)(?: that)? (?:they|he or she) (?:met|meet|fulfil+|fulfilled) (?:all of |all )?the following(?: (?:criteria|conditions))?\s*:\s*"
)
_OF_A_STATE = Sought(
    rf"\W*(?:(?:required|specific|additional|further|tumou?r|disease|patient|eligibility|entry|inclusion) )*(?:parameters|requirements|criteria|characteristics|features|eligibility) (?:for|of) (?:the )?"
    rf"(?!{_OF_ALL}\b)(?:(?!\b(?:must|should|will|is|are|following|study|trial|participation|enrol\w*)\b)[\w/+()-]+ ){{1,6}}?(?:disease|tumou?rs?|cancers?|cases|{_PEOPLE})(?: only)?\s*(?:[:;]|$)"
)
"""A lead of a list that holds for one state of the disease: "Required parameters for node-negative disease:"."""
OF_A_GROUP = frozenset(
    {"tumour_type", "hormone_receptor", "her2_status", "her2_mutation", "her2_amplification", "gene_status", "msi_mmr", "pd_l1", "other_biomarker", "other_driver",
     "disease_setting", "disease_progression", "lines_of_therapy", "prior_therapy", "washout", "options_exhausted", "metastatic_site", "cns_metastases", "visceral_crisis",
     "procedure", "unread", "judgement"}
)  # fmt: skip
"""Kinds that tell groups of patients apart; of blood counts and the like a line behind the group may speak to everybody."""
MOST = 8
"""Lines that a group may have."""


def names_a_group(written: str) -> bool:
    """Whether a plain line only names some of the patients, whom the lines behind it bind.

    >>> names_a_group("for mbc participants:"), names_a_group("for patients with er-positive disease:")
    (True, True)
    >>> names_a_group("for all patients:"), names_a_group("for female patients:"), names_a_group("ecog 0 to 1:")
    (False, False, False)
    """
    return written.rstrip().endswith(":") and _HEADING.fullmatch(written) is not None


def leads_for_a_state(written: str) -> bool:
    """Whether the lead of a list says for which state of the disease its entries are asked.

    >>> leads_for_a_state("required tumor parameters for node-negative disease; note: the 5th edition is used")
    True
    >>> leads_for_a_state("inclusion criteria for all patients:"), leads_for_a_state("criteria for the study:")
    (False, False)
    """
    return _OF_A_STATE.match(written) is not None
