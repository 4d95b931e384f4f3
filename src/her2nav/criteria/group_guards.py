"""Demands on people of a sort that no inclusion asks for: the old, those treated before, those with another illness.

"Patients over 70 must be ECOG 0", "patients previously treated with anthracyclines must have an LVEF of 55 %": whom they
bind is told in front of them, and nobody else is asked.
"""

from __future__ import annotations

from her2nav.criteria.guards import Guard
from her2nav.language.sought import Sought

_PEOPLE = (
    r"(?:all |any |the )?(?:patients?|participants?|subjects?|individuals?|persons?|those|women|men|females?|males?)"
)
_OLD = r"(?:(?:who are |who is |aged |age )*(?:over|older than|above|[≥>]=?|at least|of|from)? ?(?:[6-8]\d)(?!\d|%| ?(?:kg|ml|mg|mm|days?|weeks?|months?))[^;:.,()]{0,30}?)"
_TREATED = r"(?:who (?:have |had )?(?:previously |already )?received (?!at least|one\b|two\b|no\b|more than|[≥><≤\d])[^;:.,()]{3,60}?|(?:who (?:have |has |had |were |are |have been )?)?(?:been )?(?:previously|already|formerly|ever) (?:been )?(?:treated|exposed|irradiated|given)[^;:.,()]{3,70}?)"
_ILL = r"(?:(?:with|who have|having) (?:an? |known |pre-?existing |a history of |stable |chronic ){0,3}(?:type (?:1|2|i|ii) )?(?:diabetes|cirrhosis|asthma|copd|epilepsy|hypertension|hypothyroidism|atrial fibrillation|coronary (?:artery|heart) disease)[^;:.,()]{0,40}?)"
_ADJECTIVE = r"(?:diabetic|elderly|hypertensive|asthmatic|cirrhotic|anticoagulated) (?:patients?|participants?|subjects?|individuals?|women|men)"
_MUST = r"(?:must|should|needs? to|has to|have to|(?:is|are) required to)"
_GROUP = Sought(
    rf"(?s)\W*(?:however,? |but |and |in addition,? )?(?P<when>{_PEOPLE} (?:{_OLD}|{_TREATED}|{_ILL})|{_ADJECTIVE}) (?P<then>{_MUST} (?:also |all |only )?(?!not\b|be (?:excluded|discussed|informed|monitored))\S.*)"
)


def group_guard_of(written: str) -> Guard | None:
    """Return whom a demand binds that is made of people of a sort; None of any other sentence.

    >>> group_guard_of("patients over 70 must be ecog 0").when
    (0, 16)
    >>> group_guard_of("patients with breast cancer must be ecog 0")
    """
    found = _GROUP.fullmatch(written)
    return Guard(found.span("when"), found.span("then"), explicit=False, of_people=True) if found is not None else None
