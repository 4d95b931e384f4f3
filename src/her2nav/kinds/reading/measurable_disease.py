"""Measurable or evaluable disease."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node


def _measurable(found: Found) -> Node | None:
    words = found.text()
    criteria = "rano" if "rano" in words else "mrecist" if "mrecist" in words else "recist"
    evaluable = found.has("evaluable")
    lesions = found.integer("n")
    return leaf("measurable_disease", criteria=criteria, evaluable_accepted=evaluable, min_lesions=lesions or 1)


_BY = (
    "[,] [as] [(defined|determined|assessed|evaluated|evaluable|per|by|according to|based on|using|in accordance with|following)] [(by|as|to|per|on|with|in)] [the] "
    "[local] [investigator] [site] [assessment] [using|by|per|based on|according to|assessment] [the] [modified|revised|standard] "
    "[\\(] {recist:recist} [\\)] [criteria|guidelines] [version|v] [\\.] [1] [\\.] [0|1] [\\)] [criteria|guidelines] [assessed by|by|per] [the] [local|investigator] [site] [investigator|assessment|radiology]"
)
_AT = "[by|on|with] [radiographic] [ct|mri|computed tomography|imaging|clinical examination] [(or|and|/) (mri|ct)]"

RULES = (
    Rule(
        "measurable_disease.required",
        (
            f"[at least|≥|a minimum of|minimum of] [{{num:n}}] [(site|lesion) of] (measurable|measureable) [and evaluable] [(and/or|or|and/ or) [(evaluable|non measurable|nonmeasurable|non target|assessable)]:evaluable] [disease|lesion|lesions|tumor|tumour|target lesion] [\\(s\\)] {_AT} {_BY}",
            "[at least|≥|a minimum of] [{num:n}] [(site|lesion) of] [(clinically|radiographically|radiologically|bidimensionally|unidimensionally|evaluable and)] (measurable|measureable) [(or|and/or) (evaluable|non measurable|nonmeasurable|assessable):evaluable] [(metastatic|target|indicator|tumor|tumour|metastatic target)] (disease|lesion|lesions|tumor|tumour|target lesion|target lesions) [\\(s\\)]",
            f"(evaluable|assessable):evaluable [or measurable] (disease|lesion|lesions) {_BY}",
            f"(evaluable|assessable|non measurable):evaluable (or|and/or) (measurable|measureable) {_BY}",
            f"(measurable|measureable) (or|and/or) (evaluable|assessable|non measurable):evaluable {_BY}",
            "(evaluable|assessable):evaluable [(or|and/or|and) (measurable|measureable)] (disease|lesion|lesions)",
            f"[at least|≥] [{{num:n}}] [{{num}}] (target|extracranial measurable|measurable target) (lesion|lesions) {_BY}",
            f"disease .. measurable {_BY}",
            f"(measurable|measureable) {_BY}",
        ),
        _measurable,
        priority=2,
        texts=(
            ("Measurable disease per RECIST 1.1", {"measurable_disease": {}}),
            ("At least one measurable lesion as defined by RECIST version 1.1", {"measurable_disease": {}}),
            ("measurable or evaluable disease", {"measurable_disease": {"evaluable_accepted": True}}),
        ),
    ),
)
