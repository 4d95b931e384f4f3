"""What may stand behind a laboratory limit: a second limit, and the cancer as the cause of the value.

"At most 2.0 mg/dL or 1.5 x ULN", "below 3 or above 12", "unless due to the lymphoma", "up to 5 x ULN if related to disease".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.kinds.reading.lab_grammar import grammar_of
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import operator
from her2nav.model.tree import AllOf, AnyOf, Node, Not

Limits = Callable[[Sentence, list[str], str | None, str, str | None], Node | None]
"""Makes the limit of values from a comparison, a number and a unit."""

BY_THE_CANCER = "whether it comes of the cancer"
_UP = frozenset({">", ">="})
_CAUSED = (
    r"(?:(?:if|when|where|in case|for (?:patients|participants|subjects|those)|unless|except|which|that|it|they|values?|the|this|these|elevations?|elevated|increases?|increased|abnormalit(?:y|ies)|abnormal|is|are|was|felt|thought|considered|believed|known|judged|deemed|clearly|directly|solely|"
    r"primarily|to be|be|with|in) ?)*"
    r"(?:due to|related to|attribut(?:able|ed) to|caused by|secondary to|as a result of|resulting from|a result of|because of|associated with|from)(?: (?:the|their|underlying|direct|known|patient'?s|primary|malignant|active|metastatic|study))*"
    r" (?:(?:lymphoma|leuka?emi(?:a|c)|myeloma|tumou?rs?|cancer|malignan(?:cy|t)|disease|neoplas(?:m|tic)|melanoma|sarcoma|carcinoma|cll|aml|cml|mds|[MARKS]+)(?:[- ](?:related|associated))?(?: (?:involvement|infiltrat(?:ion|es)|replacement|invasion|obstruction|process|under study|in|of|the|liver|hepatic|bone|marrow|spleen|by|lymphoma|leuka?emia|disease|tumou?r|cancer|malignancy))*"
    r"|(?:liver|hepatic|bone marrow|marrow|bone) (?:involvement|infiltration|replacement)(?: (?:by|with|of|from) (?:the )?(?:lymphoma|leuka?emia|disease|tumou?r|cancer|malignancy|myeloma|[MARKS]+))?)"
)
_OF_CANCER = ("tumour", "site", "tumour_site", "other_cancer", "histology", "spread")
"""Vocabularies of names that speak of a cancer, or of where it has gone to."""


class _Grammar(NamedTuple):
    freed: re.Pattern[str]
    eased: re.Pattern[str]
    other: re.Pattern[str]


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> _Grammar:
    limit = grammar_of(knowledge).limit
    words = dictionary(knowledge)
    caused = _CAUSED.replace("MARKS", "".join(sorted({*"".join(map(words.marks, _OF_CANCER))})))
    return _Grammar(
        re.compile(rf"[ ,;]*[(\[]? ?(?:unless|except)\b ?(?:{caused})[)\]]?(?= ?(?:[.,;:)]|$|and\b|or\b))"),
        re.compile(
            rf"[ ,;]*[(\[]? ?(?:or |and |but |however,? |may be |is |are )*{limit}(?: (?:is|are) (?:also )?(?:allowed|acceptable|permitted))?[ ,]+(?:{caused})(?: (?:is|are) (?:allowed|acceptable|permitted))?[)\]]?(?= ?(?:[.,;:)]|$|and\b|or\b))"
        ),
        re.compile(
            rf"[ ,]*(?P<open>[(\[])? ?or (?:is |are )?{limit}(?: ?\(\d+(?:\.\d+)? ?[a-z*]+ ?/ ?[a-z]+\))?(?(open)[)\]])(?P<which>,? whichever (?:is|value is|limit is) (?:the )?(?P<word>lower|less|smaller|lowest|higher|greater|larger|highest))?(?! ?(?:if|in|for|with|when|unless|due|related|[x*]|\d|/|above|over|higher)\b)(?![\d*/])"
        ),
    )


def behind_a_limit(
    sentence: Sentence, node: Node, ids: Sequence[str], sign: str | None, end: int, limits: Limits
) -> tuple[Node, int]:
    """Return a limit with what else is said of the same values, and where that ends.

    Args:
        sentence: The sentence.
        node: The limit.
        ids: The values it is of.
        sign: Its comparison.
        end: Where it ends.
        limits: Makes a limit.
    """
    if sign is None:
        return node, end
    cancer = leaf("judgement", topic=BY_THE_CANCER)
    excluded = sentence.section == "exclusion"
    upper = sign not in _UP
    grammar = _grammar(sentence.knowledge)
    freed = grammar.freed.match(sentence.masked, end)
    if freed is not None:
        return (AllOf((node, Not(cancer))) if excluded else AnyOf((node, cancer))), freed.end()
    eased = grammar.eased.match(sentence.masked, end)
    if eased is not None and not excluded:
        looser = limits(sentence, [*ids], eased["xop"] or sign, eased["xn"], eased["xunit"])
        if looser is not None:
            return AnyOf((node, AllOf((cancer, looser)))), eased.end()
    other = grammar.other.match(sentence.masked, end)
    if other is not None:
        second = operator(other["xop"]) if other["xop"] else sign
        if second is None or ((second in _UP) is upper and not excluded):
            return node, end
        one = limits(sentence, [*ids], other["xop"] or sign, other["xn"], other["xunit"])
        if one is not None:
            tighter = (other["word"] or "").startswith(("low", "les", "sma")) is (upper is not excluded)
            both = other["word"] is not None and tighter
            return (AllOf((node, one)) if both else AnyOf((node, one))), other.end()
    return node, end
