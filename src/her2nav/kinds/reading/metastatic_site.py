"""Metastases in an organ, bone-only disease, and visceral crisis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading import tumour_words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.model.tree import AllOf, Not

_SPREAD = re.compile(r"metasta|\bmets\b|malignant pleural effusion")
_BEHIND = re.compile(r"[ -]+(?:only )?(?:metastas[ei]s|mets|metastatic disease|involvement by (?:tumou?r|cancer))\b")
_ONLY_BEFORE = re.compile(r"(?<!not )\b(?:only|solely|exclusively|sole)(?: (?:known|documented|distant|the|a))* *\Z")
_ONLY_BEHIND = re.compile(
    r"[ ,(-]*(?:only|alone|exclusively|solely)\b(?! (?:if|when|in case|after|be|with|those|in patients))\)?|[ ,(]*(?:as|being) (?:the |their |an? )?(?:only|sole) (?:sites?|manifestations?|evidence|location)(?: of (?:the )?(?:metastatic |measurable )?(?:metastas[ei]s|disease|recurrence|relapse|spread))?\b"
)
_ONLY_JOINED = re.compile(
    r"[ -]only (?:metasta\w+|disease|metastatic disease|lesions?|recurrent disease|recurrence)(?: disease)?\b"
)
_SOLE = re.compile(
    r",? (?:as|being|is|are) (?:the |their |an? )?(?:only|sole) (?:known |documented )?(?:sites?|manifestations?|location) of (?:the )?(?:metastatic |distant )?(?:metastas[ei]s|disease|spread)\b"
)
_ONE_OF = re.compile(r"(?:\b(?:or|and|and/or)|[,/]) *\Z")
"""Before a site of a list: whether each of them is meant alone, is not said."""
_CONFINED = re.compile(
    r"(?:\bmetastas[ei]s|\bmetastatic disease|\bdisease spread|\bmetastatic (?:lesions?|sites?))(?: (?:is|are|that (?:is|are)|which (?:is|are)))?(?: (?<!not )(?:strictly |only )?(?:limited|confined|restricted|localised|localized) (?:only )?(?:to|in)| (?:only|exclusively|solely) (?:in|to|of))(?: the)? *\Z"
    r"|\b(?:only|sole|single) sites?(?: of (?:the )?(?:metastas[ei]s|metastatic disease|disease|spread|distant metastas[ei]s))? (?:is|are|being|was|at|in)(?: in)?(?: the)? *\Z"
)
_FURTHER = re.compile(
    r"(?:\bdistant )?(?:\bmetastas[ei]s|\bmetastatic disease|\bdisease spread)(?: (?:is|are|that (?:is|are)|which (?:is|are)))?"
    r"(?: not (?:strictly |only )?(?:limited|confined|restricted|localised|localized) (?:only )?to| outside(?: of)?| beyond)(?: the)? *\Z"
)
"""Before a site: metastases that are not there alone."""
_NOTHING_BEFORE = re.compile(
    r"\W*(?:\b(?:known|documented|clinical|radiographic|evidence of|presence of|any|an?|the|patients?|participants?|subjects?|who have|has|have|having|with|history of|extensive|distant)\b\W*)*"
)
_LIST_GOES_ON = re.compile(r"[ ,/]*(?:\b(?:and|or|and/or)\b|,(?! (?:such as|e\.g|including|for example))|/)")
_IS_DEFINED = re.compile(r"\s*(?:is|are|will be) (?:defined|considered|regarded)\b")
_OF_EVALUABLE = re.compile(
    r"\b(?:non-?\s?)?(?:measurable|evaluable) (?:disease|lesions?)[\s,:;(-]*(?:includ\w+|such as|e\.g\.,?|i\.e\.,?)(?: (?:but not limited to|any of the following|the following|any))*[\s:]*[^.;]*\Z"
)
"""What may be evaluated, by examples."""
_NOT_ALONE = re.compile(r"\b(?:only|sole|solely|exclusively)\b")
_REGIONAL = re.compile(
    r"axill|sentinel|regional|supraclavicular|mammary|\b\d(?:\.\d+)? ?mm\b|\bp?n[0-3]\b|node[ -](?:positive|negative)"
)
_ELSEWHERE = frozenset({"brain", "leptomeninges"})
_TNM = re.compile(r"\btumou?rs?[\s,/-]+(?:and )?$")
"""Before "node metastasis": the name of the staging system."""
_OF_UNREAD_LIMIT = re.compile(
    r"= ?(?:[\d.]+ ?x ?)?uln (?:for|in|if)(?: (?:patients?|participants?|subjects?|those|with|known))* \Z"
)
"""Before "liver metastases": whom a limit binds that was written without its sign."""
_LEFT = re.compile(r"(?:\b(?:known|documented|presence of|evidence of|current|active|any|with|has|have)\b ?)+$")


_CRISIS_LEFT = re.compile(
    r"(?:\b(?:symptomatic|impending|current|active|known|evidence of|presence of|advanced|has|have|a|or)\b ?)+$"
)


def _sites(sentence: Sentence) -> Iterator[Stretched]:
    """Sites with metastases; the brain and its lining have rules of their own."""
    text = sentence.text
    yield from _spread_to(sentence)
    for hit in sentence.hits:
        ids = [item for item in hit.ids("site") if item not in _ELSEWHERE]
        if not ids or len(ids) < len(hit.ids("site")):
            continue
        if (found := _alone(text, hit.start, hit.end)) is not None:
            yield Stretched(*found, leaf("metastatic_site", any_of=ids, only=True))
            continue
        behind = _BEHIND.match(text, hit.end)
        if not behind and not _SPREAD.search(text, hit.start, hit.end):
            continue
        if "lymph_node" in ids and _REGIONAL.search(text):
            # Nodes of the region are the stage of the tumour, not distant metastases.
            continue
        if _TNM.search(text, max(0, hit.start - 14), hit.start):
            continue
        if tumour_words.DENIED_BEFORE.search(text, max(0, hit.start - 90), hit.start):
            continue
        if _OF_UNREAD_LIMIT.search(text, 0, hit.start):
            continue
        if _IS_DEFINED.match(text, behind.end() if behind else hit.end) or _OF_EVALUABLE.search(text, 0, hit.start):
            continue
        end = behind.end() if behind else hit.end
        only = _ONLY_BEFORE.search(text, max(0, hit.start - 40), hit.start)
        also = _ONLY_BEHIND.match(text, end)
        if only is None and also is None and _near_only(text, hit.start, end):
            # "Bone or liver metastases as the only sites": of which of them is not said for certain.
            continue
        left = _LEFT.search(text, 0, hit.start)
        yield Stretched(
            only.start() if only else left.start() if left else hit.start,
            also.end() if also else end,
            leaf("metastatic_site", any_of=ids, only=only is not None or also is not None),
        )


_SPREAD_TO = re.compile(r"\bmetastas[ei]s (?:to|in|involving) (?:the )?\Z")
_OR_TO = re.compile(r",? ?(?:and/or|or|/) ?(?:to |in )?(?:the )?")


def _spread_to(sentence: Sentence) -> Iterator[Stretched]:
    """Read "metastases to the bone or liver"; where "and" joins them, which of them is meant is not said."""
    text, hits = sentence.text, [hit for hit in sentence.hits if hit.ids("site")]
    for place, hit in enumerate(hits):
        before = _SPREAD_TO.search(text, 0, hit.start)
        if before is None or tumour_words.DENIED_BEFORE.search(text, max(0, before.start() - 90), before.start()):
            continue
        ids, end = list(hit.ids("site")), hit.end
        for other in hits[place + 1 :]:
            if _OR_TO.fullmatch(text, end, other.start) is None:
                break
            ids += other.ids("site")
            end = other.end
        if set(ids) & {*_ELSEWHERE, "lymph_node"} or _LIST_GOES_ON.match(text, end) or _near_only(text, hit.start, end):
            continue
        if _IS_DEFINED.match(text, end) or _OF_EVALUABLE.search(text, 0, before.start()):
            continue
        left = _LEFT.search(text, 0, before.start())
        start = left.start() if left else before.start()
        yield Stretched(start, end, leaf("metastatic_site", any_of=list(dict.fromkeys(ids))))


def _alone(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch of "bone-only disease" or "metastases confined to the liver"; None where it is no such."""
    joined = _ONLY_JOINED.match(text, end)
    if joined is None and _ONE_OF.search(text, 0, start) is None:
        joined = _SOLE.match(text, end)
    if joined is not None:
        return start, joined.end()
    before = _CONFINED.search(text, max(0, start - 90), start)
    if before is None or _LIST_GOES_ON.match(text, end):
        return None
    return before.start(), end


def _near_only(text: str, start: int, end: int) -> bool:
    """Whether a word that bounds the list of sites stands in the same clause."""
    first = max(text.rfind(sign, 0, start) for sign in ".;:,(") + 1
    last = min((at for sign in ".;:,)" if (at := text.find(sign, end)) >= 0), default=len(text))
    return (
        _NOT_ALONE.search(text, max(first, start - 40), start) is not None
        or _NOT_ALONE.search(text, end, min(last, end + 40)) is not None
    )


def _bounded(sentence: Sentence) -> Iterator[Stretched]:
    """Read "metastatic disease confined to the liver" and "metastases outside the peritoneum"."""
    text = sentence.text
    for hit in sentence.hits:
        ids = [item for item in hit.ids("site") if item not in _ELSEWHERE]
        if not ids or len(ids) < len(hit.ids("site")):
            continue
        further = _FURTHER.search(text, max(0, hit.start - 90), hit.start)
        first = further or _CONFINED.search(text, max(0, hit.start - 90), hit.start)
        if first is None or _NOTHING_BEFORE.fullmatch(text, 0, first.start()) is None:
            continue  # "colorectal cancer with metastatic disease outside the liver": the cancer is read with it
        if further is not None and not _LIST_GOES_ON.match(text, hit.end):
            alone = leaf("metastatic_site", any_of=ids, only=True)
            spread = leaf("disease_setting", settings=["metastatic"])
            yield Stretched(further.start(), hit.end, AllOf((spread, Not(alone))))
        elif (found := _alone(text, hit.start, hit.end)) is not None:
            yield Stretched(*found, leaf("metastatic_site", any_of=ids, only=True))


def _crisis(sentence: Sentence) -> Iterator[Stretched]:
    """Names of the state in the vocabulary of conditions."""
    for hit in sentence.hits:
        if hit.id("condition") == "visceral_crisis":
            left = _CRISIS_LEFT.search(sentence.text, 0, hit.start)
            yield Stretched(left.start() if left else hit.start, hit.end, leaf("visceral_crisis"))


SCANNERS = (
    Scanner(
        "visceral_crisis.named",
        ("condition",),
        _crisis,
        priority=1,
        texts=(
            ("Visceral crisis", {"visceral_crisis": {}}),
            ("symptomatic visceral crisis", {"visceral_crisis": {}}),
        ),
    ),
    Scanner(
        "metastatic_site.bounded",
        ("site",),
        _bounded,
        priority=5,
        texts=(
            ("Metastatic disease confined to the liver", {"metastatic_site": {"any_of": ["liver"], "only": True}}),
            (
                "Metastatic disease not confined to the liver",
                {
                    "all_of": [
                        {"disease_setting": {"settings": ["metastatic"]}},
                        {"not": {"metastatic_site": {"any_of": ["liver"], "only": True}}},
                    ]
                },
            ),
        ),
    ),
    Scanner(
        "metastatic_site.named",
        ("site",),
        _sites,
        priority=-1,
        texts=(
            ("documented liver metastases", {"metastatic_site": {"any_of": ["liver"]}}),
            ("Metastases to the bone or lung", {"metastatic_site": {"any_of": ["bone", "lung"]}}),
            ("Metastases to bone and lung", None),
            ("Bone as the only site of disease", {"metastatic_site": {"any_of": ["bone"], "only": True}}),
            ("Bone-only disease", {"metastatic_site": {"any_of": ["bone"], "only": True}}),
            ("Patients with only liver metastases", {"metastatic_site": {"any_of": ["liver"], "only": True}}),
            ("Lung metastases as the only site of disease", {"metastatic_site": {"any_of": ["lung"], "only": True}}),
            ("radiotherapy for bone metastases", None),
        ),
    ),
)
