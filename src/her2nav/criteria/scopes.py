"""Cohorts, parts and phases that limit a criterion: the words that name them, and where these may stand."""

from __future__ import annotations

import itertools
import re

from her2nav.language.sought import Sought

_ONE = r"(?:\d{1,3}[a-z]{0,2}\d?|[ivx]{1,4}[a-c]?\d?|[a-z]\d{0,2})"
"""The label of a cohort or part: 1, 2b, iv, a1; no short word such as "in"."""
_WORDS = (
    r"(?P<scope>(?:(?:cohorts?|arms?|parts?|phases?|groups?|stage|step|strat(?:um|a)|sub-?\s?stud(?:y|ies)|modules?|designs?|sub-?\s?protocols?)\s+#?"
    + _ONE
    + r"\b"
    r"(?:(?:\s*(?:,(?: (?:and|or)\b)?|\band\b|\bor\b|&|/|-|\bto\b)\s*(?:cohorts?\s+|arms?\s+|parts?\s+|phases?\s+)?|\s+(?:cohorts?|arms?|parts?)\s+)"
    + _ONE
    + r"\b)*"
    r"|(?:dose[- ]escalation|dose[- ]expansion|expansion|escalation)(?: (?:part|phase|cohorts?|stage))?)"
    r")"
)
SCOPE = re.compile(
    r"^(?:for |in )?(?:patients |participants |subjects )?(?:(?:enrolled|enrolling|entering) )?(?:in |to |into |for )?(?:the )?"
    rf"{_WORDS}(?P<only>[^:.]{{0,140}})?:?\s*$"
)
CANCER_STAGE = re.compile(
    r"(?:patients with |clinical )?stages? [cpy]{0,2}[tnm][0-4x]|(?:patients with |clinical )?stages? (?:(?:i{1,3}|iv)[abc][1-3]?\b|iv\b|(?:i{1,3}|iv)(?:[ ,/-]*(?:or|and|to|through|&)?[ ,/-]*(?:i{1,3}|iv)\b)+)|(?:patients with |clinical )?stages? [0-4ivx]+[abc]?\b.*\b(?:cancer|carcinoma|disease|tumou?rs?|melanoma|lymphoma|nsclc|breast|lung|gastric|colon|colorectal|ovarian|her2|invasive|metastatic|resect\w+|operable|sarcoma|adenocarcinoma)\b"
)
"""A stage of the cancer, not of the study."""
_ONLY = r"(?: (?:only|patients|participants|subjects|specific|additional|criteria))*"
SCOPE_FIRST = re.compile(
    rf"[\[(]?(?:for |in )?(?:the )?{_WORDS}{_ONLY}\s?[\])]?\s*(?::|(?<=[\])])|\s-(?=\s)|(?<=only)\s*[-,]|(?=\([^()]{{1,60}}\)\s*:))\s*(?=\S)"
)
"""A cohort or part that begins a line and binds only what follows it: "Cohort A: …", "(Part 2 only) …"."""
SCOPE_LAST = re.compile(
    rf"\s*[\[(](?:for |in )?(?:the )?(?:{_WORDS} only|(?:patients|participants|subjects) (?:in|of) (?:the )?{_WORDS.replace('?P<scope>', '?P<of>')})[\])]\s*[.;,]?\s*$"
)
SCOPE_NEXT = re.compile(
    rf"(?<=[.;])\s+(?=(?:{_WORDS.replace('?P<scope>', '?:')}{_ONLY}|all(?: (?:cohorts|arms|parts|phases|patients|participants|subjects))?)\s*:\s*\S)"
)
EVERYBODY = re.compile(r"(?:all|both)(?: (?:cohorts|arms|parts|phases|patients|participants|subjects))?\s*:\s*(?=\S)")
SCOPE_ONLY = re.compile(
    r"(?:[ ,()\[\]/&:.-]|\b(?:only|patients|participants|subjects|specific|cohorts?|parts?|phases?|arms?|criteria|criterion|inclusion|exclusion|dose|escalation|expansion|and|or|the|of|for|in|"
    r"study|monotherapy|combination|phase|part|stage|modules?|levels?|additional|eligibility|requirements?|portion|enrolled|enrolling|must|meet|following|below|all|[0-9ivx]{1,3}[a-z]?|[a-z])\b)*"
)


_PART = (
    rf"(?:{_WORDS.replace('?P<scope>', '?:')}|(?:dose[- ])?(?:escalation|expansion|optimi[sz]ation)|\bcohorts?\b|\b(?:some|one|certain|other) (?:parts?|arms?)(?= of th(?:is|e) (?:study|trial)))"
    r"(?!(?! (?:portion |part )?of th(?:is|e) (?:study|trial))[/\w -]{0,12}\b(?:study|trial)\b(?! (?:part|portion)))"
)
_MUST = r"(?:must|should|shall|will|need to|needs to|have to|has to|(?:are|is) required to|(?:are|is) eligible only)"
_FRONTED = Sought(
    rf"(?s)\W*(?:(?:additionally|in addition|also|note|however)\W+)?(?P<when>(?:only )?(?:in|for|during|(?:(?:prior to|before|for) (?:enrol+ment|entry|inclusion|participation)|to be (?:enrolled|included|eligible)) (?:in|into|to|for)) (?:the )?(?:(?:[\w/-]+ ){{0,3}}(?:patients |participants |subjects ))?(?:in |of |enrolled in |enrolled to )?(?:the )?(?:(?<=(?:[ds]) in the )(?:[\w/+-]+ ){{1,6}}?(?=cohorts?\b))?{_PART}[^,.;:]{{0,60}}?)[,:]\s*(?P<then>\S.*)"
)
_THOSE_IN = Sought(
    r"(?s)\W*(?P<when>(?:(?:all|any|only|the) )*(?:[\w/+-]+ ){0,3}?(?:patients|participants|subjects|individuals|those|women|men)(?: (?:who|that) (?:are|will be))?(?: to be)?(?: (?:enrolled|enrolling|entering|participating|included|treated|allocated|assigned|randomi[sz]ed))?"
    rf" (?:in|into|to|for|of) (?:the )?(?:[^.;:,]{{0,60}} )??{_PART}[^.;:]{{0,140}}?) (?P<then>{_MUST}\b.*)"
)


_PART_FIRST = Sought(
    rf"(?s)\W*(?P<when>{_PART} (?:patients|participants|subjects)(?: \([^()]{{1,40}}\))?) (?P<then>{_MUST}\b.*)"
)
_BEHIND = Sought(
    rf"(?s)\W*(?P<then>(?:[^.;:]|\.(?=\d)){{5,300}}?) (?P<when>(?:for|in) (?:the )?(?:monotherapy |combination )?{_PART}[^.;:,]{{0,40}}|only for (?:the )?phase [ivx1-4]+[ab]?(?: study| trial)?)[.;\s]*"
)
"""The part of the trial behind a demand: "measurable disease for dose expansion cohorts"."""


def of_part(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where the part of the trial and the demand on its patients stand: "in phase 2, patients must …".

    >>> text = "in part b, patients must have her2-positive disease"
    >>> [text[a:b] for a, b in of_part(text)]
    ['in part b', 'patients must have her2-positive disease']
    >>> text = "participants in cohort 2 must have breast cancer"
    >>> [text[a:b] for a, b in of_part(text)]
    ['participants in cohort 2', 'must have breast cancer']
    >>> of_part("patients in this phase ii study must have breast cancer")
    """
    found = _FRONTED.match(written) or _THOSE_IN.match(written) or _PART_FIRST.match(written)
    if (
        found is None
        and (behind := _BEHIND.fullmatch(written)) is not None
        and re.search(r"\bstages? [0-4ivx]", behind["when"]) is None
    ):
        return behind.span("when"), behind.span("then")
    return (found.span("when"), found.span("then")) if found else None


def part_in_front(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where a part of the trial in front and what is said of it stand: "for phase II, prior chemotherapy".

    >>> text = "for phase ii, prior chemotherapy"
    >>> [text[a:b] for a, b in part_in_front(text)]
    ['for phase ii', 'prior chemotherapy']
    """
    found = _FRONTED.match(written)
    return (found.span("when"), found.span("then")) if found else None


_IN_BRACKETS = re.compile(
    rf"\W*(?:for |in |only )?(?:the )?(?:(?:patients|participants|subjects) )?(?:(?:enrolled )?(?:in|of) )?(?:the )?(?:study )?(?:{_WORDS.replace('?P<scope>', '?:')}|phase l+[ab]?\b|(?:dose[- ]|safety )?(?:escalation|expansion|optimi[sz]ation|extension)\b|[^.;()]{{1,40}}? (?:arms?|cohorts?|part|groups?) only\b)[^.;()]{{0,40}}\W*"
)


def is_part(written: str) -> bool:
    """Whether a remark in brackets names a cohort, a part or a phase.

    >>> is_part("(phase ib)"), is_part("(cohort a only)"), is_part("(stage iv)"), is_part("(part of the tumour)")
    (True, True, False, False)
    """
    return _IN_BRACKETS.fullmatch(written) is not None and not re.match(r"\W*stages? [0-4ivx]", written)


def by_scope(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a line that goes from cohort to cohort: "Cohort A: … . Cohort B: … "."""
    if low.find(":", start, end) < 0:
        return [(start, end)]
    found = [match.end() for match in SCOPE_NEXT.finditer(low, start, end)]
    # "7. Cohort A: …": what stands in front of the first cohort is the number of the item.
    cuts = [start, *(at for at in found if re.fullmatch(r"\W*\w{1,3}[.;]\s*", low[start:at]) is None), end]
    return list(itertools.pairwise(cuts))


_LISTED = re.compile(
    r"(?P<word>cohort|arm|part|phase|group|stage|step|strat(?=a)|stratum|sub-?\s?study|module|design|sub-?\s?protocol)[sa]?\s+#?(?P<labels>"
    + _ONE
    + r"\b(?:\s*(?:,|\band\b|\bor\b|&|/|-|\bto\b)\s*(?:and |or )?(?:(?:cohort|arm|part|phase)s? )?"
    + _ONE
    + r"\b)*)"
)
_SUB_STUDY = re.compile(r"sub-?\s?study")
_LABEL = re.compile(
    r"(?P<before>,|\band\b|\bor\b|&|/|-|\bto\b)?\s*(?:(?:and|or) )?(?:(?P<own>cohort|arm|part|phase)s? )?(?P<label>"
    + _ONE
    + r")\b\s*"
)
_BY_DOSE = re.compile(r"dose[- ]escalation|dose[- ]expansion|expansion|escalation")
_LETTERS = frozenset("abcdefgh")
_MOST = 30
"""Members of a range of cohorts."""


def scopes_of(written: str) -> tuple[str, ...]:
    """Return the cohorts, parts or phases that a heading names, each by its word and number; ranges are written out.

    >>> scopes_of("cohorts 1 - 3 and 5"), scopes_of("part a or part b"), scopes_of("dose escalation")
    (('cohort 1', 'cohort 2', 'cohort 3', 'cohort 5'), ('part a', 'part b'), ('dose-escalation',))
    >>> scopes_of("sub study 2"), scopes_of("strata 1 and 2")
    (('sub-study 2',), ('stratum 1', 'stratum 2'))
    """
    found: list[str] = []
    for match in _LISTED.finditer(written):
        word, last = match["word"], ""
        for item in _LABEL.finditer(match["labels"]):
            between = _between(last, item["label"]) if item["before"] in ("-", "to") else []
            if between is None:
                break
            word, last = item["own"] or word, item["label"]
            word = "stratum" if word == "strat" else word
            found += [f"{_SUB_STUDY.sub('sub-study', word)} {label}" for label in (*between, last)]
    if not found:
        found = [simple.replace(" ", "-") for simple in _BY_DOSE.findall(written)]
    return tuple(dict.fromkeys(found))


def _between(first: str, last: str) -> list[str] | None:
    """Return the labels between the ends of a range of numbers or of letters; None where it is no range."""
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= _MOST:
        return [str(n) for n in range(int(first) + 1, int(last))]
    if first in _LETTERS and last in _LETTERS and first < last:
        return [chr(n) for n in range(ord(first) + 1, ord(last))]
    if first[:1] == last[:1] and first[:1] in _LETTERS and first[1:] and last[1:]:
        between = _between(first[1:], last[1:])
        return [first[0] + label for label in between] if between is not None else None
    return None


_NUMBERED = re.compile(r"[a-z-]+ [a-z\d]{1,4}(?: [a-z-]+ [a-z\d]{1,4})?|(?:dose-)?(?:escalation|expansion)")
"""A label by its word and number, alone or within a part."""


def inside(outer: tuple[str, ...], inner: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels of cohorts within one part: "cohort 1" of part 1 is not that of part 2.

    >>> inside(("part 2",), ("cohort 1",)), inside(("cohort a",), ("cohort b",)), inside((), ("part 1",))
    (('cohort 1 part 2',), ('cohort b',), ('part 1',))
    """
    if len(outer) != 1 or any(label.split()[0] == outer[0].split()[0] for label in inner):
        return inner
    if not all(_NUMBERED.fullmatch(label) for label in (*outer, *inner)):
        return inner
    return tuple(f"{label} {outer[0]}" for label in inner)
