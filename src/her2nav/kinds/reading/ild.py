"""Interstitial lung disease and pneumonitis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.disease_words import GRADE, NOT_ITSELF, TURNED, grade
from her2nav.model.tree import AllOf, AnyOf, Node

_EVER = ("history_no_steroids", "history_with_steroids", "current")
_I = "\uf000"
_WORDS = (
    "history|concurrent|concomitant|condition|conditions|severity|of|non|infectious|noninfectious|that|which|has|have|had|been|were|was|are|is|be|idiopathic|current|currently|active|actively|evidence|or|and|where|when|whom|who|suspected|suspicion|suspect|cannot|"
    "can't|ruled|rule|out|excluded|by|on|with|imaging|at|screening|ct|scan|scans|chest|computed|tomography|any|a|an|the|known|prior|previous|previously|past|presence|present|existing|pre-?existing|radiologic|"
    "radiological|radiographic|including|baseline|during|diagnosed|diagnosis|confirmed|evident|high|resolution|hrct|medical|in|as|to|patients?|subjects?|participants?|they|if|either|both|these|ever|ongoing|"
    "obliterans|organizing|organising|his|her|documented|developed|e\\.?g\\.?|i\\.?e\\.?|study|entry|time"
)
_CAUSE = r"(?:drug|medication|treatment|immune)s?[- ]*(?:induced|related|associated|mediated)"
_STEROID = r"(?:(?:cortico|gluco-?cortico|glucocortico)?-?steroids?|gluco-?corticoids?)(?: (?:therapy|treatment|intervention|administration|use))?"
_NEEDED = (
    rf"(?:requir(?:ed|es|ing)|require|receiv(?:ed|ing)|need(?:ed|ing|s)?|treated|managed|necessitat(?:ed|ing)|necessary)\b(?:[\s,(/-]|\b(?:treatment|with|the|use|of|systemic|oral|intravenous|iv|or|and|any|therapy|to|be|high-dose|a|course|for)\b)*\b"
    rf"(?:{_STEROID}|immunosuppress\w+(?: (?:therapy|agents|drugs))?)(?:(?: or |/| and/or )(?:other )?(?:immunosuppress\w+|{_STEROID})(?: (?:therapy|agents|drugs))?)?"
)
_RUN = re.compile(
    rf"(?:\b(?:{_WORDS})\b[\s,;/()&:-]*|\b{_CAUSE}\b[\s,/]*|[\s,/()\[\]-])*+{_I}(?:[\s,;/()\[\]&:-]|\b(?:{_WORDS})\b|\b(?:can|could|may) ?not (?:be )?|\bcannot\b|\b{_NEEDED}|\b{_CAUSE}\b|{_I})*+"
)
_EDGE = (
    r"(?:[\s,;/(\[&:-]|\b(?:or|and|of|the|a|an|any|if|with|in|on|at|by|for|to|as|is|are|be|has|have|had|that|which|who|when|where|due|including|they|known|clinically|significant|severe|active|current|currently|"
    r"acute|chronic|prior|previous|medical|evidence|history|presence|patients?|subjects?|participants?|can|study|type|disease|e\.?g\.?|i\.?e\.?|either|both|symptomatic|underlying|drug|immune|ongoing|systemic)\b\.?)"
)
_TAIL = re.compile(rf"{_EDGE}+$")
_HEAD = re.compile(
    r"(?:[\s,;/()&:-]|\b(?:or|and|with|of|in|by|to|for|due|if|as|at|the|is|are|be|they|can|on|lung|pulmonary|disease|severe|chronic|acute|study|conditions?|infection|significant|symptomatic|clinically|therapy|treatment)\b(?! history| have| has))+"
)
_STEROIDS = re.compile(
    r"(?:requir\w*|need\w*|treat\w*|necessitat\w*|managed|receiv\w+)\b[^.;]{0,50}?\b(?:steroid|corticosteroid|glucocorticoid|glucocorticosteroid|steroids|corticosteroids|glucocorticoids|immunosuppress\w*)"
)
_HISTORY = re.compile(r"\bhistory\b|\bprior\b|\bprevious|\bpast\b|\bever\b|\bhave had\b|\bhas had\b|\bhad\b")
_NOW = re.compile(r"\bcurrent|\bactive|\bevidence|\bpresen[ct]|\bongoing|\bexisting")
_SUSPECTED = re.compile(r"\bsuspect|\bruled? out|\bsuspicion")
_RADIATION_OUT = re.compile(
    r"(?:other than|except(?:ing|ion of)?(?: for)?|excluding|exclusive of|not including|non-?)\s*(?:\w+ ){0,3}?(?:radiation|radiotherapy)[\w -]{0,30}(?:pneumonitis|fibrosis)?|non-? ?radiation"
)
_ONLY_ACTIVE = re.compile(
    r"(?<!pneumonitis)[\s,]+or (?:currently )?active,?(?: |, )(?:\(?non-? ?infectious\)?,? )?pneumonitis|\bactive,? (?:\(?non-? ?infectious\)?,? )?pneumonitis,? or (?:a )?history of (?:interstitial|ild)"
)
"""Interstitial lung disease of the past, and pneumonitis of today."""
_NARROW = re.compile(
    r"\bclinically significant\b|\bsymptomatic\b|\bsevere\b|\bclinically active\b|\bacute\b|\bunresolved\b"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    signs = list(sentence.text)
    radiation: list[tuple[int, int]] = []
    for hit in sentence.hits:
        if hit.id("ild"):
            signs[hit.start : hit.end] = _I * (hit.end - hit.start)
            if "radiation" in sentence.text[hit.start : hit.end]:
                radiation.append((hit.start, hit.end))
    painted = "".join(signs)
    if _I not in painted:
        return
    asked = sentence.section == "inclusion" and not sentence.permits
    for found in _RUN.finditer(painted):
        start, end = found.span()
        head = _HEAD.match(painted, start, end)
        start = head.end() if head else start
        end = start + len(_closed(_TAIL.sub("", painted[start:end])))
        own = [span for span in radiation if start <= span[0] < end]
        if end <= start or _I not in painted[start:end]:
            continue
        if NOT_ITSELF.search(sentence.text, max(0, start - 40), start) or (
            asked and not TURNED.search(sentence.text, 0, start)
        ):
            continue
        yield _read(
            sentence,
            painted,
            start,
            end,
            only_radiation=bool(own) and painted[start:end].count(_I) == sum(b - a for a, b in own),
        )


def named_in(sentence: Sentence, start: int, end: int) -> list[Node]:
    """Return the lung diseases of this kind that a list of examples names."""
    return [item.node for item in stretches_in(sentence, start, end)]


def stretches_in(sentence: Sentence, start: int, end: int) -> list[Stretched]:
    """Return what a part of a sentence says of these diseases, read by itself."""
    hits = tuple(hit for hit in sentence.between(start, end))
    if not any(hit.ids("ild") for hit in hits):
        return []
    own = f"{' ' * start}{sentence.text[start:end]}"
    return list(_scan(replace(sentence, text=own, hits=hits)))


_AGAIN = re.compile(
    r"(?:,|\bor\b|/)\s*(?:if (?:they|he or she|the patient) (?:had|have|has) )?(?:a |any |prior |previous )*(?:medical |past )?history of\b(?!.*\bhistory of\b)"
)


def _also_without(painted: str) -> bool:
    """Whether a history without steroids is named in front of one with them."""
    again = _AGAIN.search(painted)
    head = painted[: again.start()] if again else ""
    return _I in head and _HISTORY.search(head) is not None and _STEROIDS.search(head) is None


def _closed(stretch: str) -> str:
    if stretch.count("(") > stretch.count(")"):
        inside = stretch[stretch.rindex("(") :]
        return stretch + ")" if _I in inside else _TAIL.sub("", stretch[: stretch.rindex("(")])
    return stretch


def _read(sentence: Sentence, painted: str, start: int, end: int, *, only_radiation: bool) -> Stretched:
    text = sentence.text
    words = text[start:end]
    steroids = _STEROIDS.search(words) is not None
    states: list[str] = []
    if steroids and _also_without(painted[start:end]):
        # "History of pneumonitis, or history of pneumonitis requiring steroids": the first is wider.
        states += _EVER
    elif steroids:
        states += ["history_with_steroids", "current"]
    elif _HISTORY.search(words):
        states += _EVER
    if _NOW.search(words) or not states:
        states.append("current")
    if _SUSPECTED.search(words):
        states.append("suspected")
    params: dict[str, object] = {"any_of": [state for state in (*_EVER, "suspected") if state in states]}
    open_words = [match[0] for match in _NARROW.finditer(words)]
    if (
        re.search(r"\b(?:drug|medication)s?[- ]*(?:induced|related|associated)|\bimmune[- ]mediated", words)
        and not steroids
        and painted[start:end].count(_I + " ") < 2
        and "," not in words
    ):
        open_words.append("caused by drugs")
    graded = next((item for item in GRADE.finditer(text, end) if not text[end : item.start()].strip(" ,(")), None)
    before = [item for item in GRADE.finditer(text, 0, start) if not text[item.end() : start].strip(" ,(")]
    at_least = grade(text, graded) or (grade(text, before[-1]) if before else None)
    if at_least is not None:
        params["min_grade"] = min(at_least.at_least, 5)
        start, end = (start, at_least.end) if graded else (before[-1].start(), end)
    if out := _RADIATION_OUT.match(text, end + len(text[end:]) - len(text[end:].lstrip(" ,("))):
        params["excluding_radiation"] = True
        end = out.end()
    elif _RADIATION_OUT.search(words):
        params["excluding_radiation"] = True
    if only_radiation:
        open_words.append("after radiation")
    node: Node = leaf("ild", **params)
    if not steroids and _ONLY_ACTIVE.search(words) and "history_no_steroids" in states:
        # "History of ILD, or active pneumonitis": an earlier pneumonitis is not meant for certain.
        today = [state for state in ("current", "suspected") if state in states] or ["current"]
        now = leaf("ild", **(params | {"any_of": today}))
        past = leaf("judgement", topic="whether it was interstitial lung disease and not a pneumonitis that is over")
        return Stretched(start, end, AnyOf((now, AllOf((node, past)))))
    if open_words:
        node = AllOf((node, leaf("judgement", topic="whether it is " + ", ".join(dict.fromkeys(open_words)))))
    return Stretched(start, end, node)


_ANY = ["history_no_steroids", "history_with_steroids", "current"]
SCANNERS = (
    Scanner(
        "ild.state",
        ("ild",),
        _scan,
        priority=3,
        texts=(
            ("No History of ILD that required steroids", {"ild": {"any_of": ["history_with_steroids", "current"]}}),
            (
                "No history of (non-infectious) ILD/pneumonitis requiring steroids, has current ILD, or suspected ILD that cannot be ruled out by imaging at screening",
                {"ild": {"any_of": ["history_with_steroids", "current", "suspected"]}},
            ),
            (
                "No history of pneumonitis that received steroids",
                {"ild": {"any_of": ["history_with_steroids", "current"]}},
            ),
            ("No Active pneumonitis", {"ild": {"any_of": ["current"]}}),
            ("No History of interstitial lung disease", {"ild": {"any_of": _ANY}}),
            ("No Pneumonitis ≥ grade 2", {"ild": {"any_of": ["current"], "min_grade": 2}}),
            (
                "No history of pneumonitis other than radiation pneumonitis",
                {"ild": {"any_of": _ANY, "excluding_radiation": True}},
            ),
        ),
    ),
)
