"""Doses of steroids that nobody may exceed: "use of systemic corticosteroids does not exceed 10 mg of prednisone daily"."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import Not

_STEROID = r"(?:(?:systemic|oral|concurrent|concomitant|low[- ]dose) )*(?:cortico-?steroids?|gluco-?corticoids?|glucocorticosteroids?|steroids?)(?: (?:therapy|treatment|doses?|use))?"
_NAME = r"(?P<name>prednisone|prednisolone|methylprednisolone|dexamethasone|hydrocortisone|betamethasone)"
_EQUAL = r"(?:(?: \(?or| \(?and/or|/)? ?(?:its |an? |their )?equivalents?(?: dos(?:e|es|age))?\)?)"
_DAY = r"(?:(?: ?/ ?| per | a | each | every )day| daily|/d)"
_LIMIT = Sought(
    rf"(?:(?:any|the|all) )?(?:(?:ongoing|current|concurrent|concomitant|continued|total|daily|stable|maximum) )*(?:(?:use|doses?|dosage|treatment|therapy) (?:of|with) )?(?:the |any )?{_STEROID}"
    rf",? (?:(?:does|do|must|should|may|shall|can|will)(?: not|not) exceed|(?:is|are|that is|not)(?: not)? exceeding|(?:is |are |must be |should be |of |at )*(?:no more than|not more than|at most)) ?(?P<mg>\d{{1,3}}(?:\.\d+)?) ?mg{_DAY}?(?: of)?(?: oral)? {_NAME}{_EQUAL}?{_DAY}?(?:{_EQUAL})?"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _LIMIT.finditer(sentence.text):
        known = sentence.knowledge.steroid_equivalents.get(found["name"])
        if known is None:
            continue
        most = Decimal(found["mg"]) * known.prednisone_mg_per_mg
        over = leaf(
            "concomitant_medication",
            any_of=["systemic_corticosteroid"],
            min_steroid_mg_prednisone=most,
            steroid_dose_exclusive=True,
        )
        yield Stretched(*found.span(), Not(over))


SCANNERS = (
    Scanner(
        "concomitant_medication.steroid_limit",
        ("drug",),
        _scan,
        priority=6,
        section="inclusion",
        sought=(_LIMIT,),
        texts=(
            (
                "Use of systemic corticosteroids does not exceed 10 mg of prednisone daily",
                {
                    "not": {
                        "concomitant_medication": {
                            "any_of": ["systemic_corticosteroid"],
                            "min_steroid_mg_prednisone": "10",
                            "steroid_dose_exclusive": True,
                        }
                    }
                },
            ),
            ("Steroids must not exceed what the protocol allows", None),
        ),
    ),
)
