"""A last look at what a criterion names: where a weighty fact left no leaf of its kind, the criterion stays open.

"Women must use contraception HIV negative", two lines of a record run together, was once read as contraception alone:
whoever has HIV was let in. No reading rule is known to be at fault then; a person must read the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import Leaf, leaves
from her2nav.model.trial import Criterion, Role


@dataclass(frozen=True, slots=True)
class _Fact:
    """Words that name a fact, and the leaves of which one tells it."""

    words: Sought
    told: Callable[[Leaf], bool]


def _of(*kinds: str) -> Callable[[Leaf], bool]:
    return lambda item: item.kind in kinds


def _value(*names: str) -> Callable[[Leaf], bool]:
    return lambda item: item.kind == "lab_value" and str(item.params.variable).startswith(names)


def _told_of_transplants(item: Leaf) -> bool:
    return "transplant" in str(item.params) or "stem" in str(item.params)


_NUMBER = r"[^.;:()]{0,24}(?:[<>≤≥=]|least|than|above|below) ?\d"
_FACTS = (
    _Fact(
        Sought(r"\bhiv[- ]+(?:negative|seronegative|seropositive|infected)\b|\bseronegative for hiv\b"),
        _of("viral_infection", "infection"),
    ),
    _Fact(
        Sought(
            r"\A\W*(?:(?:is|are|currently|known|who are|any) )*pregnan(?:t|cy)\b(?! tests?\b)|\bpregnant(?:,| or| and|/)+ ?(?:or )?(?:women|females|patients|lactating|nursing|breast)|\b(?:women|females|patients) who are pregnant\b|\bnot (?:be )?pregnant\b"
        ),
        _of("pregnancy"),
    ),
    _Fact(
        Sought(r"\bleptomening\w+|\bcarcinomatous meningitis|\bmeningeal carcinomatosis"),
        _of("leptomeningeal_disease", "cns_metastases"),
    ),
    _Fact(Sought(rf"\b(?:lvef|ejection fraction)\b{_NUMBER}"), _of("lvef", "cardiac_history")),
    _Fact(Sought(rf"\bqtc[fb]?\b{_NUMBER}"), _of("qtc", "cardiac_history")),
    _Fact(Sought(rf"\bplatelets?\b{_NUMBER}"), _value("platelets")),
    _Fact(Sought(rf"\b(?:neutrophils?|anc|granulocytes?)\b{_NUMBER}"), _value("anc")),
    _Fact(
        Sought(
            r"\A\W*(?:(?:any|prior|previous|concurrent|concomitant|major) )*(?:radiation(?: therapy)?|radiotherapy|chemotherapy|surgery)\b[^.;:()]{0,30}\bwithin \d"
        ),
        _of("washout", "prior_therapy", "procedure", "concomitant_medication"),
    ),
    _Fact(
        Sought(r"\bno (?:therapeutic|concurrent|concomitant|systemic|full-dose) anti-?coagula\w+"),
        _of("washout", "prior_therapy", "concomitant_medication"),
    ),
    _Fact(Sought(rf"\bbilirubin\b{_NUMBER}"), _value("bilirubin", "direct_bilirubin")),
    _Fact(Sought(rf"(?<![:/-])(?<![:/-] )\bcreatinine\b(?! ratio){_NUMBER}"), _value("creatinine", "egfr")),
    _Fact(Sought(rf"\bha?emoglobin\b(?! a){_NUMBER}"), _value("haemoglobin")),
    _Fact(
        Sought(
            r"\b(?:breast-?\s?feeding|lactating|nursing) (?:women|females|patients|mothers)\b|\bnot (?:be )?(?:breast-?\s?feeding|lactating)\b|\bor (?:breast-?\s?feeding|lactating)\b"
        ),
        _of("pregnancy"),
    ),
    _Fact(
        Sought(r"\bmyocardial infarction\b"),
        _of("cardiac_history", "comorbidity", "bleeding_thrombosis"),
    ),
    _Fact(Sought(r"\b(?:interstitial lung disease|pneumonitis)\b"), _of("ild", "lung_disease", "comorbidity")),
    _Fact(
        Sought(r"\b(?:stem cell|bone marrow|organ|allogeneic|autologous)[\w -]{0,30} transplant\w*"),
        _told_of_transplants,
    ),
)


def kept(criterion: Criterion, plain: str) -> Criterion:
    """Return a criterion, with what its tree lost of the facts that its words name left to a person.

    Args:
        criterion: As it was read; what only permits decides nothing and is left as it is.
        plain: Its plain text.
    """
    if criterion.role is Role.PERMITS:
        return criterion
    found = list(leaves(criterion.node))
    if any(item.kind == "unread" for item in found) or all(item.kind == "judgement" for item in found):
        # What a person judges as a whole may be told by examples.
        return criterion
    if not any(fact.words.search(plain) and not any(map(fact.told, found)) for fact in _FACTS):
        return criterion
    lost = leaf("unread", note="the words name more than was read")
    return replace(criterion, role=Role.DECIDES, node=all_of([criterion.node, lost]))
