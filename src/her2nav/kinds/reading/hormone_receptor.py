"""Hormone receptors: positive or negative, one or both, at a cut-off; and triple-negative breast cancer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.her2_status import confirmed_from, her2_stretches
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.receptors import ReceptorWords
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, leaves

_ER = r"(?:\bo?estrogen|\ber(?:α|-?alpha)?(?![a-z0-9])|\bo?estrogen-?receptor)"
_PR = r"(?:\bprogesterone|(?<!achieve a )(?<!achieved a )(?<!cr or )(?<!cr/)\bpg?r(?![a-z0-9])(?! ?\([^)]{0,20}\breduction| or cr\b|/cr\b))"
"""Beside "CR" or a reduction "PR" is a partial response."""
_HR = r"(?:\bhormon(?:e|al)(?:[ -]receptors?)?(?: \(hr\))?|\bsteroid receptors?|\bhr(?= ?\(?[+-]| ?/ ?her| positive| negative|-positive|-negative|\+))"
_SHARES = r"(?: (?:and/or|or|and) (?:progesterone|o?estrogen|pg?r|er)(?:[ -]receptors?)?(?: ?\([a-z]+\))?[ -]*(?:positive|negative))"
"""Behind "estrogen receptor-": the hyphen waits for its second half."""
_RECEPTOR = Sought(
    rf"(?:(?P<er>{_ER}(?:[ -]receptors?)?(?: alpha)?)|(?P<pr>{_PR})|(?P<hr>{_HR}))(?:[ -]*receptors?)?(?: ?[(\[] ?(?:er|pr|pgr|hr|er/pr|er alpha|erα|(?:(?:o?estrogen|progesterone|er|pg?r|receptors?|and/or|and|or|status)\b[ ,/\[\]]*)+)[)\]])?(?:[ -]*receptors?)?"
    rf"(?:-(?={_SHARES}))?"
)
_JOIN = re.compile(
    r"(?P<or>[ ,]*\band ?/ ?or\b ?|[ ,]*\bor\b ?|[ ]*/ ?)|(?P<and>[ ,]*\band\b ?|[ ,]*& ?|, ?| )(?:an? )?(?:the )?"
)
_STATUS_WORDS = r"(?:[ -]*(?:status|tumou?rs?|expression|disease|receptors?|level|is|are|must be|was|by ihc|immunohistochemistry|defined as|percentage|percent|of|cells|nuclei|nuclear staining|staining|:|being|with|in)\b)*"
_SIGN = re.compile(
    rf"{_STATUS_WORDS}(?:(?P<any>[ ]*(?:[(]?\+ ?/ ?-[)]?|[(]?- ?/ ?\+[)]?|(?:positive|negative)(?: ?/ ?| or )(?:positive|negative)))|"
    r"(?P<low>[ -]*low(?: positive)?\b(?! ?(?:grade|risk)))|(?P<pos>[ ]*(?:\(\+\)|\+(?:ve)?(?! ?/ ?-)(?!\+)|-?[ ]*pos(?:itiv\w*)?\b|-rich\b))|(?P<neg>[ ]*(?:\(-\)|-(?:ve\b|(?=[\s,.;)\]/(&]|$|\ue000-\uf8ff)(?<!status -)(?<!expression -)(?<!testing -)(?: negative\b)?)|-?[ ]*neg(?:ativ\w*)?\b)))"
)  # fmt: skip
_PERCENT = re.compile(
    r"(?:[ ,;:\[(=]|\b(?:is|are|as|present|defined|definition|considered|with|by|at|of|if|ihc|immunohistochemistry|immunohistochemical|staining|expression|percent|status|tumou?rs?|cells?|nuclei|nuclear|have|has|in|the|cut-?off|cutoff|using|a|per|local|must|be|being|i\.e\.)\b)*"
    r"(?P<op>≥|≤|<|>|at least|less than or equal to|less than|more than|greater than or equal to|greater than|=)? ?(?P<n>\d{1,2}(?:\.\d)?)(?: ?%)?(?: ?(?:-|to) ?(?P<high>\d{1,3}))? ?(?:%|percent)"
    r"(?P<after> or (?:more|greater|higher|less))?(?:[ ]|\b(?:of|tumou?r|tumou?rs|cells?|nuclei|nuclear|staining|stained|stain|by|ihc|immunohistochemistry|immunohistochemical(?= stain)|immunohistochemically|expression|positive|positivity|cancer|invasive|the|immunoreactive|immunoreactivity|in|with|at(?= (?:ihc|immunohisto)))\b|[\ue000-\uf8ff])*"
)  # fmt: skip
_BEFORE = re.compile(
    r"(?P<sign>\bpositive\b|\bnegative\b|\bexpress(?:ing|es|ed)?\b|\bexpression\b|\black(?:s|ing)?(?: of)?(?: expression)?\b|\bno expression\b)(?: for| of)?(?: the| both| either| expression of| expression)*(?: of)? $"
)
_FEW = re.compile(
    r"(?:<|less than) ?(?P<n>\d{1,2}) ?(?:%|percent)(?: (?:of|tumou?r|cells?|nuclear|staining|for|with))* *\Z"
)
_DEFINED_LATER = re.compile(
    r"(?:(?!\bher-?2\b|[.;])[^.;]){0,60}\b(?:defined as|being defined as|definition(?: is|:)?)(?: (?:er|pr|estrogen|progesterone|receptors?|and|or|both|expression|staining|in|of)\b)*[ (]*(?:<|less than) ?(?P<n>\d{1,2}) ?(?:%|percent)"
)
"""Behind "ER-negative breast cancer": what counts as negative in this trial."""
_NO_STATUS = re.compile(
    r"[ -]*(?:status|antagonist|modulat|degrad|therap|treatment|block|agonist|downreg|replacement|contracept|releas|inhibit|stimulat|sensitiv|refractory|resistant|interval|prolong|assay|mutation|gene)"
)
_OR_BOTH = re.compile(r"[ ,]*(?:and/or|or) both\b")
_TAIL = re.compile(
    r"(?:[ ,]|[\ue000-\uf8ff]+|\b(?:status|by|as|per|according to|defined by|determined|assessed|on|in|at|local|locally|central|centrally|laboratory|testing|guidelines?|criteria|standards?|asco|cap|current|institutional|"
    r"immunohistochemistry|ihc|disease(?! progress)|tumou?rs?|the|most recent|biopsy|or|and)\b)*"
)


_APART = re.compile(r" ?(?:,|;| or |,? or ) ?(?:an? )?")
_TOGETHER = re.compile(r" ?(?:/|and|&|,? and)? ?")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    """Yield what is said of receptors; "ER+/PR+, ER+/PR-" as alternatives, for no tumour is both."""
    run: list[Stretched] = []
    for item in _each(sentence):
        gap = sentence.text[run[-1].end : item.start] if run else ""
        if run and not (_APART.fullmatch(gap) or _TOGETHER.fullmatch(gap)):
            yield from _listed_states(run, sentence.text)
            run = []
        run.append(item)
    yield from _listed_states(run, sentence.text)


def _listed_states(run: list[Stretched], text: str) -> Iterator[Stretched]:
    """Yield states parted by commas as alternatives where they exclude each other, else one by one."""
    groups: list[list[Stretched]] = []
    for item in run:
        if groups and not _APART.fullmatch(text, groups[-1][-1].end, item.start):
            groups[-1].append(item)
        else:
            groups.append([item])
    said = [dict(pair for item in group for pair in _statuses(item.node)) for group in groups]
    clash = any(one[name] != other[name] for one, other in pairwise(said) for name in one.keys() & other.keys())
    if len(groups) < 2 or not clash or not all(said):
        yield from run
        return
    nodes = [group[0].node if len(group) == 1 else AllOf(tuple(item.node for item in group)) for group in groups]
    yield Stretched(run[0].start, run[-1].end, AnyOf(tuple(nodes)))


def _statuses(node: Node) -> Iterator[tuple[str, str]]:
    """Yield each receptor of a leaf with what is said of it."""
    for item in leaves(node):
        if item.kind == "hormone_receptor" and item.params.receptor != "er_or_pr":
            names = {"er_and_pr": ("er", "pr")}.get(item.params.receptor, (item.params.receptor,))
            yield from ((name, item.params.status) for name in names)


def _each(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    at = 0
    last: Stretched | None = None
    while (found := _RECEPTOR.search(text, at)) is not None:
        read = _group(sentence, found)
        if read is None:
            at = found.end()
            continue
        both = _both(last, read, text) or _said_again(last, read, sentence)
        if last is not None and both is None:
            yield last
        last = both or read
        at = max(read.end, found.end())
    if last is not None:
        yield last


_DEFINED = re.compile(r"\b(?:defined|definition|both)\b")


def _said_again(one: Stretched | None, other: Stretched, sentence: Sentence) -> Stretched | None:
    """Take in the short form in brackets: "progesterone positive (PgR+)"."""
    text = sentence.text
    if one is None or not isinstance(one.node, Leaf) or not isinstance(other.node, Leaf):
        return None
    first, second = one.node.params, other.node.params
    again = text[one.end : other.start].strip() == "(" and text[other.end : other.end + 1] == ")"
    same = second.receptor in (first.receptor, *(("er", "pr") if first.receptor == "er_or_pr" else ()))
    if not again or not same or first.status != second.status:
        return None
    limit = _PERCENT.match(text, other.end + 1)
    if limit and limit["op"] and not first.model_fields_set & {"cutoff_percent", "max_percent"}:
        # "(PgR+) defined as above 10 %": the limit is that of the whole.
        status, extra = _limits(first.status, limit, sentence.knowledge.receptor_words)
        if status == first.status and extra:
            node = leaf("hormone_receptor", receptor=first.receptor, status=status, **extra)
            return Stretched(one.start, limit.end(), node)
    return Stretched(one.start, other.end + 1, one.node)


def _both(one: Stretched | None, other: Stretched, text: str) -> Stretched | None:
    """Read "ER-positive and/or PR-positive" as one proposition; None where the two say different things."""
    if one is None or not isinstance(one.node, Leaf) or not isinstance(other.node, Leaf):
        return None
    joint = _JOIN.fullmatch(text[one.end : other.start])
    first, second = one.node.params, other.node.params
    unlimited = not first.model_fields_set & {"cutoff_percent", "max_percent"}
    if unlimited and _DEFINED.search(text, other.start, other.end):
        # "ER-negative and PR-negative, defined as below 10 %": the limit is that of both.
        first = second.model_copy(update={"receptor": first.receptor, "status": first.status})
    if joint is None or {first.receptor, second.receptor} != {"er", "pr"} or first.model_copy(update={"receptor": second.receptor}) != second:  # fmt: skip
        return None
    values = second.model_dump(exclude_defaults=True) | {"status": second.status}
    word = joint[0].strip(" ,")
    if second.status == "negative":
        node: Node | None = (
            None if word in ("or", "and/or") else leaf("hormone_receptor", **{**values, "receptor": "er_or_pr"})
        )
    else:
        either, each = (leaf("hormone_receptor", **{**values, "receptor": name}) for name in ("er_or_pr", "er_and_pr"))
        node = each if word == "and" else both_ways(either, each) if word in ("/", "", "&") else either
    return None if node is None else Stretched(one.start, other.end, node)


_HOW_FOUND = re.compile(
    r" (?:must|should|will|has to) be (?:assessed|determined|defined|documented|evaluated|measured|tested)\b"
)


def _group(sentence: Sentence, first: re.Match[str]) -> Stretched | None:
    """Receptors listed together with what is said of them."""
    text = sentence.text
    names, joints, end, her2 = _listed(sentence, first)
    if len(names) > 1 and (both := _OR_BOTH.match(text, end)) is not None:
        # "Positive for ER, PR or both".
        joints.append("or")
        end = both.end()
    start = first.start()
    sign = _SIGN.match(text, end)
    before = _BEFORE.search(text[:start])
    denied = False
    status: str | None = None
    if sign and (sign["neg"] or "").strip() == "-" and first[0].strip() in ("hormone", "hormonal"):
        # "Chemo-, hormone- or radiotherapy": the hyphen waits for its second half.
        return None
    if sign and sign["any"]:
        return Stretched(start, sign.end(), _any())
    if sign and not (before and before["sign"] in ("positive", "negative") and sign["low"]):
        if _HOW_FOUND.match(text, sign.end()) and "positivity" in sign[0]:
            # "ER positivity must be assessed locally": how, and not that.
            return None
        status = "low" if sign["low"] else "positive" if sign["pos"] else "negative"
        end = sign.end()
        joined = re.compile(r"(?: or |/)(?:positive|negative)\b").match(text, end)
        if joined and joined[0].split()[-1].strip("/") != status:
            return Stretched(start, joined.end(), _any())
    elif before and (few := _FEW.search(text, 0, before.start())) and before["sign"].startswith("express"):
        # "< 1 % expression of the oestrogen receptor".
        node = _node(names, joints, "negative", {"cutoff_percent": Decimal(few["n"])})
        return Stretched(few.start(), end, node) if node is not None else None
    elif before:
        word = before["sign"]
        denied = word.startswith(("negative", "lack", "no "))
        status = "negative" if denied else "positive"
        start = before.start()
    limit = _PERCENT.match(text, end)
    if limit and (limit["op"] or limit["high"] or limit["after"]):
        if before and not sign and not denied and before["sign"].startswith("express"):
            # "Expression of ER in < 5 % of cells": the number says which it is.
            status = None
        status, extra = _limits(status, limit, sentence.knowledge.receptor_words)
        end = limit.end()
        closing = re.match(r" ?[)\]]", text[end:])
        if (
            closing
            and text[sign.end() if sign else first.end() : end].count("(")
            + text[sign.end() if sign else first.end() : end].count("[")
            > 0
        ):
            end += closing.end()
    else:
        later = _DEFINED_LATER.match(text, end) if status == "negative" else None
        extra = {"cutoff_percent": Decimal(later["n"])} if later else {}
    if status is None or (_NO_STATUS.match(text, end) and not (sign or before)):
        return None
    if status == "low":
        low = sentence.knowledge.receptor_words
        status = "positive"
        extra = {"cutoff_percent": low.positive_from_percent, "max_percent": low.low_to_percent}
    node = _node(names, joints, status, extra)
    if her2 and node is not None:
        node = AllOf((node, leaf("her2_status", any_of=[{"status": status if status == "negative" else "positive"}])))
    if node is None:
        return None
    return Stretched(start, end, node)


def _listed(sentence: Sentence, first: re.Match[str]) -> tuple[list[str], list[str], int, bool]:
    """The receptors from the first on, how they are joined, where they end, and whether HER2 closes the list."""
    text = sentence.text
    names, end = [_name(first)], first.end()
    joints: list[str] = []
    while True:
        joint = _JOIN.match(text, end)
        if joint is None:
            break
        following = _RECEPTOR.match(text, joint.end())
        if following is None:
            hit = next((item for item in sentence.hits if item.start == joint.end() and item.id("her2")), None)
            if hit is not None and len(names) > 1 and _shared(text, hit.end, first.start()):
                return names, joints, hit.end, True
            break
        names.append(_name(following))
        joints.append("or" if joint["or"] else "and")
        end = following.end()
    return names, joints, end, False


def _shared(text: str, end: int, start: int) -> bool:
    """Whether a word after (or before) the list says the same of all in it."""
    after = re.compile(r"(?: receptors?)?(?:[ -]*(?:status|expression))?[ -]*negative\b(?! (?:by|on|per|\())").match(
        text, end
    )
    before = re.search(r"\b(?:negative for|lack(?:s|ing)? (?:of )?(?:expression of )?|no expression of|absence of)(?: the| both| all| expression of)* $", text[:start])  # fmt: skip
    return after is not None or before is not None


def _name(found: re.Match[str]) -> str:
    return next(name for name in ("er", "pr", "hr") if found[name])


def _limits(status: str | None, found: re.Match[str], words: ReceptorWords) -> tuple[str | None, dict[str, Any]]:
    """Status and cut-off of "≥ 10 %", "< 1 %", "1-10 %"."""
    number = Decimal(found["n"])
    sign = found["op"] or ""
    if found["high"] and not sign:
        high = Decimal(found["high"])
        if number == 0:
            return "negative", {"max_percent": high} if high else {}
        return "positive", {"cutoff_percent": number, "max_percent": high}
    above = sign in ("≥", "at least", "greater than or equal to", ">", "more than", "greater than") or (found["after"] or "").endswith(("more", "greater", "higher"))  # fmt: skip
    if status == "low":
        return "positive", {"cutoff_percent": words.positive_from_percent, "max_percent": number}
    if above:
        return ("positive" if status != "negative" else None), {"cutoff_percent": number} if number else {}
    if sign in ("≤", "less than or equal to") or (found["after"] or "").endswith("less"):
        return ("negative" if status != "positive" else None), {"max_percent": number}
    if sign in ("<", "less than"):
        return ("negative" if status != "positive" else None), {"cutoff_percent": number}
    return ("negative", {"max_percent": number}) if number == 0 else (None, {})


def _node(names: list[str], joints: list[str], status: str, extra: dict[str, Any]) -> Node | None:
    """ER and PR together are one proposition where the kind has one."""
    if extra.get("max_percent") == 0 or extra.get("cutoff_percent") == 0:
        extra = {}
    unique = list(dict.fromkeys(names))
    if "hr" in unique:
        return leaf("hormone_receptor", receptor="er_or_pr", status=status, **extra)
    if unique == ["er"] or unique == ["pr"]:
        return leaf("hormone_receptor", receptor=unique[0], status=status, **extra)
    if status == "negative":
        return leaf("hormone_receptor", receptor="er_or_pr", status=status, **extra)
    receptor = "er_or_pr" if "or" in joints else "er_and_pr"
    return leaf("hormone_receptor", receptor=receptor, status=status, **extra)


def _any() -> Node:
    return AnyOf((leaf("hormone_receptor", status="positive"), leaf("hormone_receptor", status="negative")))


@lru_cache(maxsize=2)
def _triple(knowledge: Knowledge) -> re.Pattern[str]:
    dictionary(knowledge)
    return re.compile(
        r"\btriple[ -]*neg(?:ative)?\b(?P<breast>(?: \(tn\))?(?: invasive)?(?: (?:adeno-?)?(?:carcinomas?|cancers?) of the breast| breast(?: \(?tnbc\)?)?)(?: (?:cancers?|carcinomas?|tumou?rs?|disease|adenocarcinomas?))?(?: ?\(m?tnbc\))?)?(?: status| phenotype)?|\bm?tnbc\b"
    )


def _scan_triple(sentence: Sentence) -> Iterator[Stretched]:
    for found in _triple(sentence.knowledge).finditer(sentence.text):
        parts = [leaf("her2_status", any_of=[{"status": "negative"}]), leaf("hormone_receptor", status="negative")]
        if found["breast"] or found[0].endswith("tnbc"):
            parts.insert(0, leaf("tumour_type", types=["breast"]))
        yield Stretched(found.start(), found.end(), AllOf(tuple(parts)))


_BESIDE = re.compile(r"[ ,/;&()\[\]]*(?:\band\b|\bbut\b)?[ ]*(?:are |is )?[\])]?")


def _scan_pair(sentence: Sentence) -> Iterator[Stretched]:
    """Read "HR+, HER2-": read as one, whatever list it stands in."""
    found = [*_scan(sentence), *her2_stretches(sentence)]
    found.sort(key=lambda item: (item.start, -item.end))
    run: list[Stretched] = []
    for item in found:
        if run and item.start < run[-1].end:
            continue
        if run and not _BESIDE.fullmatch(sentence.text[run[-1].end : item.start]):
            yield from _paired(run, sentence.text)
            run = []
        run.append(item)
    yield from _paired(run, sentence.text)


def _paired(run: list[Stretched], text: str) -> Iterator[Stretched]:
    kinds = {inner.kind for item in run for inner in leaves(item.node)}
    written = text[run[0].start : run[-1].end] if run else ""
    if {"her2_status", "hormone_receptor"} <= kinds and written.count("(") == written.count(")"):
        together = AnyOf if _are_alternatives(run, text) else AllOf
        yield Stretched(confirmed_from(text, run[0].start), run[-1].end, together(tuple(item.node for item in run)))


def _are_alternatives(run: list[Stretched], text: str) -> bool:
    """Whether the last of a list parted by commas is joined by "or": "HER2-positive, ER-positive, or PR-positive"."""
    gaps = [text[one.end : other.start].strip() for one, other in pairwise(run)]
    last = text[run[-1].start : run[-1].end]
    return gaps == [","] and re.search(r"(?<!and/), or \b", last) is not None


_TRIPLE = [{"her2_status": {"any_of": [{"status": "negative"}]}}, {"hormone_receptor": {"status": "negative"}}]

SCANNERS = (
    Scanner(
        "hormone_receptor.with_her2",
        ("her2",),
        _scan_pair,
        priority=6,
        texts=(
            ("histologically or cytologically confirmed HR+, HER2- disease", {"all_of": [{"hormone_receptor": {"status": "positive"}}, _TRIPLE[0]]}),
            ("HER2-positive, ER-positive, or PgR-positive", {"any_of": [{"her2_status": {"any_of": [{"status": "positive"}]}}, {"hormone_receptor": {"status": "positive"}}]}),
            ("HER2-negative and ER-positive", {"all_of": [_TRIPLE[0], {"hormone_receptor": {"receptor": "er", "status": "positive"}}]}),
        ),
    ),
    Scanner(
        "hormone_receptor.status",
        ("er", "pr", "pgr", "hr", "erα", "estrogen", "oestrogen", "progesterone", "hormone", "hormonal", "steroid", "gene", "condition", "substance", "medication", "drug"),
        _scan,
        priority=4,
        sought=(_RECEPTOR,),
        texts=(
            ("ER-positive disease", {"hormone_receptor": {"receptor": "er", "status": "positive"}}),
            ("ER+ and/or PgR+", {"hormone_receptor": {"status": "positive"}}),
            ("ER-positive and PR-positive", {"hormone_receptor": {"receptor": "er_and_pr", "status": "positive"}}),
            ("estrogen receptor (ER) and progesterone receptor (PR) negative", {"hormone_receptor": {"status": "negative"}}),
            ("ER and/or PR positive (≥ 10 %)", {"hormone_receptor": {"status": "positive", "cutoff_percent": "10"}}),
            ("recovered from chemo-, hormone-, or radiotherapy", None),
            ("hormone receptor-positive", {"hormone_receptor": {"status": "positive"}}),
            ("HR+/HER2-", {"hormone_receptor": {"status": "positive"}}),
            ("negative for ER, PR and HER2", {"all_of": [{"hormone_receptor": {"status": "negative"}}, {"her2_status": {"any_of": [{"status": "negative"}]}}]}),
            ("ER expression < 1 % of cells", {"hormone_receptor": {"receptor": "er", "status": "negative"}}),
            ("< 1 % expression for ER and PR", {"hormone_receptor": {"status": "negative"}}),
            (
                "ER+ and PR+, ER+/PR- or ER-/PR+",
                {
                    "any_of": [
                        {"hormone_receptor": {"receptor": "er_and_pr", "status": "positive"}},
                        {"all_of": [{"hormone_receptor": {"receptor": "er", "status": "positive"}}, {"hormone_receptor": {"receptor": "pr", "status": "negative"}}]},
                        {"all_of": [{"hormone_receptor": {"receptor": "er", "status": "negative"}}, {"hormone_receptor": {"receptor": "pr", "status": "positive"}}]},
                    ]
                },
            ),
            ("ER-low, 1-10 %", {"hormone_receptor": {"receptor": "er", "status": "positive", "max_percent": "10"}}),
            ("selective estrogen receptor modulators", None),
            ("PR interval of 200 ms", None),
        ),
    ),
    Scanner(
        "hormone_receptor.triple_negative",
        ("triple", "tnbc", "mtnbc", "tumour"),
        _scan_triple,
        priority=5,
        texts=(
            ("triple-negative", {"all_of": _TRIPLE}),
            ("TNBC", {"all_of": [{"tumour_type": {"types": "breast"}}, *_TRIPLE]}),
            ("triple negative breast cancer (TNBC)", {"all_of": [{"tumour_type": {"types": "breast"}}, *_TRIPLE]}),
        ),
    ),
)  # fmt: skip
