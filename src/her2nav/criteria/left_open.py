"""Leaves whose words in front show that they bind fewer than they say, so that alone they decide nothing.

"First diagnosed with stage I or II disease" speaks of another day; "stage II, or stage IV with ECOG 0" asks for ECOG 0
of some; of "alkaline phosphatase …; if bone metastases are present" the metastases are the condition; "poorly controlled
(glucose above 160) diabetes" shuts out nobody for diabetes alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.logic import all_of, any_of
from her2nav.kinds.reading.base import doubt_on
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When

_REACH = 200
"""Characters in front of a leaf that are looked at."""
_CLOSE = 60
_SPREAD = frozenset({"metastatic", "IV"})


@dataclass(frozen=True, slots=True)
class _Row:
    """Words in front of a leaf that leave it open.

    Attributes:
        denied: Whether it is one that shuts out, or else one that is asked for.
        kinds: Of the leaf.
        sign: What stands right in front of it.
        doubt: What is open, behind "whether the trial means".
        behind: The sign stands behind it.
        within: The sign stands in its own words, or begins right in front of them.
        alone: Only where it is asked by itself, and is none of several alternatives.
        where: What else must hold of it.
    """

    denied: bool
    kinds: frozenset[str]
    sign: re.Pattern[str]
    doubt: str
    where: Callable[[Leaf], bool] = lambda _: True
    behind: bool = False
    within: bool = False
    alone: bool = False


def _of_an_early_day(item: Leaf) -> bool:
    return not {*item.params.settings, *item.params.stages} & _SPREAD


def _of_a_sort(item: Leaf) -> bool:
    named = [str(name) for name in getattr(item.params, "any_of", ())]
    return len(named) == 1 and named[0].endswith(_SORTS)


_SORTS = ("_disease", "_disorder", "_condition", "_any")
"""Ends of the ids of what is no illness but a sort of illnesses."""
_GROWN_UP = 16


def _of_a_child(item: Leaf) -> bool:
    return item.params.max is not None and item.params.max < _GROWN_UP


_ROWS = (
    _Row(
        False,
        frozenset({"disease_setting"}),
        re.compile(
            r"\b(?:disseminated|advanced|metastatic|extensive|generali[sz]ed)\b[^.;:]{0,60}\bor (?:locali[sz]ed|limited|early|regional)\b"
        ),
        "this state of the cancer alone, or the one in front of it, too",
        _of_an_early_day,
        within=True,
    ),
    _Row(
        False,
        frozenset({"disease_setting"}),
        re.compile(
            r"\b(?:(?:first|initial|original)(?:ly)? diagnos\w+|diagnos\w+ (?:initially|originally|first))(?: (?:with|of|as|at|was|were|is|an?|the|having|newly))*\s\Z"
        ),
        "how far the cancer had come at first",
        _of_an_early_day,
    ),
    _Row(
        False,
        frozenset({"tumour_type", "disease_setting"}),
        re.compile(r"\A\W*\d{1,2}\.[a-z]\.(?:[a-z]\.)?\s[^.;]{0,160}\Z"),
        "this alone, or one of the points beside it",
        alone=True,
    ),
    _Row(
        False,
        frozenset({"performance_status"}),
        re.compile(r"\bor\b[^.;]{0,60}\bstage\b[^.;,]{0,60}\b(?:with|and)(?: (?:an?|the|good))* \Z"),
        "all by this, or those with the stage in front alone",
    ),
    _Row(
        False,
        frozenset({"metastatic_site"}),
        re.compile(r"(?:[;,.:(]\s*)(?:if|in case of|in the case of|when)(?: (?:there are|there is|the|of|any))* \Z"),
        "by this a condition of what stands in front",
        alone=True,
    ),
    _Row(
        False,
        frozenset({"disease_setting"}),
        re.compile(
            r"[^.;:]{0,40}: (?:the )?(?:patients|subjects|participants|those|individuals) (?:with|who have)\b[^.;:]{0,120}\b(?:advanced|metastatic)\b"
        ),
        "this state of the cancer, or the one named behind it",
        behind=True,
        alone=True,
    ),
    _Row(
        False,
        frozenset({"measurable_disease"}),
        re.compile(r"\bdefinitions? of [^.;:]{0,40}\bmeasurable\b"),
        "this as a demand, or only names what follows",
        within=True,
    ),
    _Row(
        False,
        frozenset({"toxicity_recovery"}),
        re.compile(
            r"\b(?:toxicit(?:y|ies)|adverse events?|side effects?|events)\b[^.;:]{0,20}\b(?:from|of|related to|due to|caused by|associated with|attribut\w+ to)(?: (?:the|any|all|prior|previous|earlier|other|anti-?\s?cancer))* (?:immunotherap\w*|immuno-oncology|antibod\w+|(?:immune )?checkpoint|anti-?pd\w*|radio\w+|radiation|surger\w+|hormon\w+|endocrine|tyrosine)\b(?! ?(?:,|/|or\b|and\b|therapy,? (?:or|and)))"
        ),
        "side effects of other treatments, too",
        within=True,
    ),
    _Row(
        False,
        frozenset({"age"}),
        re.compile(
            r"\b(?:contacts?|household|housemates?|living with|exposure to|exposed to|caregivers?|partners?|children of the)\b[^.]{0,200}\Z|;\s*(?:and |or )?(?:children|infants|babies|toddlers)(?: (?:who|that|are|aged?|under|of|the|below|less|than|younger|[<≤]))*\s?\Z"
        ),
        "the age of the patient, or that of people around",
        _of_a_child,
    ),
    _Row(
        True,
        frozenset({"concomitant_medication"}),
        re.compile(
            r"(?:(?!\b(?:except|unless|other than)\b)[^.;]){0,120}?\b(?:for (?:the )?(?:treatment|management|control) of|without (?:the )?(?:approval|consent|permission|agreement))\b"
        ),
        "the medicine whatever it is taken for, too",
        behind=True,
    ),
    _Row(
        True,
        ILLNESS,
        re.compile(
            r"\bfollowing (?:[\w/-]+ ){0,2}(?:conditions|diseases|disorders|illnesses|problems|events|abnormalities|findings|impairments|dysfunctions)\b[^:]*\Z"
        ),
        "each illness of this sort, or only those that it lists",
        where=_of_a_sort,
        within=True,
    ),
    _Row(
        True,
        ILLNESS,
        re.compile(r"\bfollowing(?: [\w/-]+){0,2} \Z"),
        "each illness of this sort, or only those that it lists",
        where=_of_a_sort,
    ),
    _Row(
        True,
        frozenset({"second_malignancy"}),
        re.compile(r"\W*(?:specifically|in particular|namely|that is to say)\b"),
        "any other cancer, or only what is named behind it",
        behind=True,
    ),
    _Row(
        True,
        frozenset({"procedure", "prior_therapy"}),
        re.compile(
            r"[\s,(]*(?:not|other than|except\w*|excluding)\b[^.;:]{0,60}?"
            r"\b(?:in|within|during) (?:the )?(?:last |past |previous |prior )?(?:\d+|\w+) (?:day|week|month|year)s?\b"
        ),
        "this whenever it was, or only within the time that stands behind it",
        where=lambda item: (
            not (getattr(item.params, "within_days", None) or getattr(item.params, "ended_within_days", None))
        ),
        behind=True,
    ),
    _Row(
        True,
        frozenset({"second_malignancy"}),
        re.compile(
            r"[^.;]{0,60};[^.:]{0,180}?\b(?:(?:disease|relapse|cancer|recurrence)[- ]?free|in remission|no evidence of"
            r"|(?:definitively|adequately|curatively|successfully) treated|cured)\b"
        ),
        "every other cancer but those named first, or lets in those behind the semicolon, too",
        where=lambda item: bool(item.params.exceptions),
        behind=True,
    ),
    _Row(
        True,
        ILLNESS,
        re.compile(r"\A[^.;:]{3,80} -+ excludes [^.;:]{0,160}\Z"),
        "everybody with it, or only those with what is named in front",
    ),
    _Row(
        True,
        frozenset({"comorbidity", "cardiac_history", "lung_disease"}),
        re.compile(
            r"\b(?:newly diagnosed|new[- ]onset|poorly controlled|uncontrolled|unstable|severe|active)\s*\([^()]*\)[\s,]*(?:type (?:1|i)(?: (?:or|and) (?:type )?(?:2|ii))? )?\Z"
        ),
        "it whatever its state, too",
    ),
    _Row(
        False,
        frozenset({"cns_metastases"}),
        re.compile(
            r"(?<!or )\b(?:multiple|numerous|several|many|diffuse|innumerable)\b[^.;:,]{0,20}\b(?:brain|cns|cerebral|intracranial|central)\b"
        ),
        "a single metastasis, too",
        where=lambda item: tuple(item.params.accepted) == ("none",),
        within=True,
    ),
    _Row(
        True,
        ILLNESS,
        re.compile(
            r",? (?:including|such as|particularly|especially|e\.g\.)\b(?![^.;:()]*\blimited\b)[^.;:()]{0,120}:\s"
        ),
        "each illness of this sort, or only those that it lists",
        where=_of_a_sort,
        behind=True,
    ),
    *(
        _Row(
            denied,
            frozenset({"disease_setting"}),
            re.compile(
                r"(?<![\w.])(?:0|zero|none) ?(?:-|to|or|\u2013) ?(?:\d{1,2}|one|two|three|nine)(?: \(\d\))?(?: (?:histologically|pathologically|involved|or more))*\s*\Z"
            ),
            "those without an involved lymph node, too",
            where=lambda item: bool(item.params.n),
        )
        for denied in (False, True)
    ),
    _Row(
        True,
        ILLNESS,
        re.compile(r"[^.;:]{0,20}\bwith (?:some |certain |few )?exceptions\b(?! (?:of|for|that|as|in|to)\b|\s*:)"),
        "this patient by it, or one of the exceptions that it does not name",
        behind=True,
    ),
)


_ROWS_OF = {
    (denied, kind): tuple(row for row in _ROWS if row.denied is denied and kind in row.kinds)
    for denied in (False, True)
    for kind in {kind for row in _ROWS for kind in row.kinds}
}
"""The rows for leaves of a kind that are denied, or are not, in order."""


def opened(node: Node, plain: str, first: int, last: int | None = None) -> Node:
    """Return a demand with such leaves open.

    Args:
        node: What a criterion demands.
        plain: The plain text in which its spans lie.
        first: Where the criterion begins.
        last: Where it ends.
    """
    return _Opening(plain[:last], first).opened(node, denied=False, alone=True)


@dataclass(frozen=True, slots=True)
class _Opening:
    """The text of a criterion."""

    plain: str
    first: int

    def opened(self, node: Node, *, denied: bool, alone: bool) -> Node:
        """Return a tree with the leaves open that stand beside the words of a row."""
        match node:
            case Leaf():
                rows = _ROWS_OF.get((denied, node.kind), ())
                row = next((row for row in rows if self._stands(node, row, alone=alone)), None)
                if row is None:
                    return node
                return (all_of if denied else any_of)([node, doubt_on(row.doubt)])
            case Not(part=part):
                return Not(self.opened(part, denied=not denied, alone=alone), node.span)
            case AllOf(parts=parts):
                return AllOf(tuple(self.opened(part, denied=denied, alone=alone) for part in parts), node.span)
            case AnyOf(parts=parts):
                return AnyOf(tuple(self.opened(part, denied=denied, alone=False) for part in parts), node.span)
            case When(when=when, then=then):
                return When(when, self.opened(then, denied=denied, alone=alone), node.span, node.text)
        return node

    def _stands(self, item: Leaf, row: _Row, *, alone: bool) -> bool:
        """Whether a leaf stands beside the words of a row."""
        if (row.alone and not alone) or item.span is None or not row.where(item):
            return False
        if row.within:
            return row.sign.search(self.plain, max(self.first, item.span[0] - _CLOSE), item.span[1]) is not None
        if row.behind:
            return row.sign.match(self.plain, item.span[1], item.span[1] + _REACH) is not None
        return row.sign.search(self.plain[max(self.first, item.span[0] - _REACH) : item.span[0]]) is not None
