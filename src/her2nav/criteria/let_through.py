"""Whom a permission behind a demand may free from it: only those of whom the demand speaks.

"Breast cancer. Patients with and without measurable disease are eligible" frees nobody from breast cancer, and "written
consent. It may be given by a relative" nobody from consent.
"""

from __future__ import annotations

import re

from her2nav.criteria.illness import ILLNESS
from her2nav.kinds.reading.base import TWO_WAYS, both_ways, is_doubt
from her2nav.model.tree import AnyOf, Leaf, Node, leaves

LET_THROUGH = "these patients too by what it allows"
"""What is open of those whom a permission names, behind "whether the trial means"."""
_SILENT = frozenset({"unread", "judgement"})
_CONFIRMED = frozenset({"participation", "contraception", "life_expectancy"})
_HEALTH = ILLNESS | {
    "cns_metastases", "leptomeningeal_disease", "metastatic_site", "visceral_crisis", "lab_value", "lvef", "qtc", "vital_sign", "performance_status", "toxicity_recovery", "body_measure", "concomitant_medication", "procedure", "washout",
}  # fmt: skip
_TREATMENT = frozenset(
    ["prior_therapy", "washout", "concomitant_medication", "procedure", "lines_of_therapy", "planned_therapy", "disease_progression", "toxicity_recovery", "anthracycline_dose", "options_exhausted", "disease_setting", "immune", "blood_support"]
)  # fmt: skip
_EXTENT = frozenset({"tumour_type", "disease_setting", "metastatic_site", "second_malignancy", "cns_metastases"})
_HER2 = frozenset({"her2_status", "her2_amplification", "her2_mutation"})
_LESIONS = frozenset({"measurable_disease", "metastatic_site"})
_PEOPLE = frozenset({"age", "sex", "menopausal_status", "pregnancy"})
_EITHER_WAY = frozenset({"measurable_disease", "hormone_receptor", "menopausal_status", "sex", "age"})
"""Of these a permission names all there are: "with or without measurable disease"."""
_OF_PEOPLE = re.compile(
    r"\W*(?:note\W*)?(?:(?:however|but|the|those|any|all|female|male|such)\b,? ?)*(?:patients|participants|subjects|individuals|women|men|those|who)\b"
)
"""It names people, who may be an exception to the demand whatever it says of them."""
_FAMILIES = (_HEALTH, _TREATMENT, _EXTENT, _HER2, _LESIONS, _PEOPLE)
"""Kinds of which one may be a case of the other."""


def let_through(node: Node, permitted: Node, written: str = "") -> Node:
    """Return a demand that may not bind those whom a permission behind it names.

    What is allowed of metastases of the brain is kept wherever it stands: no other criterion may tell of it.

    Args:
        node: The demand.
        permitted: Whom or what the permission names.
        written: Its words.
    """
    asked, named = ({item.kind for item in leaves(each)} for each in (node, permitted))
    told = "cns_metastases" in named or (_OF_PEOPLE.match(written) is not None and not named <= _EITHER_WAY | _SILENT)
    if asked <= _CONFIRMED and not told:
        return node
    asked, named = asked - _SILENT, named - _SILENT - _CONFIRMED
    if asked and named and not told and not _alike(asked, named):
        return node
    read = all(item.kind != "unread" or _has_name(item) for item in leaves(permitted))
    return both_ways(node, AnyOf((node, permitted)), LET_THROUGH if read else None)


def _has_name(item: Leaf) -> bool:
    """Whether a doubt says what is open: it becomes a point of its own."""
    return is_doubt(item) and getattr(item.params, "note", None) not in (None, TWO_WAYS)


def _alike(asked: set[str], named: set[str]) -> bool:
    """Whether what is allowed may be a case of what is asked."""
    return bool(asked & named) or any(asked & family and named & family for family in _FAMILIES)
