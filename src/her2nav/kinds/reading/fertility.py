"""Pregnancy tests in any order of words, promises not to breastfeed, and what words on childbearing mean.

A test, whom it binds and when it is done are one run of words; what stands around it is read by other rules. A promise
not to breastfeed during the study is confirmed with the woman, as contraception is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.disease_nodes import any_of
from her2nav.language.sought import Sought
from her2nav.model.tree import Node, Not, When

NOT_TO_BREASTFEED = "agreement not to breastfeed during the study"

_TEST_WORD = (
    r"(?:a|an|the|all|both|any|their|this|these|those|who|that|which|whom|she|they|it|is|are|was|were|be|been|being|has|have|had|having|do|does|will|must|should|may|can|need|needs|required?|requires|mandatory|documented|documentation|confirmed|proven|performed|done|conducted|completed|obtained|"
    r"repeated|taken|assessed|undergo|undergone|tested|evidence|of|in|on|at|for|to|from|by|with|without|within|during|prior|before|after|between|up|until|and|or|and/or|than|as|if|when|only|not|either|less|more|least|shown|rule|ruled|out|"
    r"serum|urine|urinary|blood|plasma|dipstick|stick|beta|human|chorionic|gonadotrop(?:h)?ins?|hcg|bhcg|β-?hcg|ss|b|β|iu|miu|ml|l|u|minimum|sensitivity|equivalent|units?|highly|sensitive|qualitative|quantitative|local|laboratory|"
    r"pregnancy(?=[ -](?:tests?|testing|status))|(?<=for )pregnancy|(?<=rule out )pregnancy|becom(?:e|ing) pregnant|tests?|testing|results?|negative|positive|screening|baseline|prestudy|pre-?treatment|visit|study|trial|protocol|entry|enrol+ment|registration|randomi[sz]ation|treatment|therapy|start|starting|initiation|initial|beginning|administration|medication|drug|product|first|dose|dosing|day|days|d1|hours?|"
    r"hrs?|weeks?|months?|years?|cycle|consent|infusion|each|subsequent|scan|pet|ct|pet/ct|positron|emission|tomography|imaging|injection|"
    r"wom[ae]n|females?|patients?|participants?|subjects?|individuals?|persons?|people|adults?|wocbp|wcbp|focbp|child-?|bearing|child-?bearing|reproductive|potential|age|capacity|capable|fertile|sexually|active|able|become|becoming|conceive|"
    r"pre-?|peri-?|post-?|pre-?menopaus\w*|peri-?menopaus\w*|post-?menopaus\w*|menopaus\w*|amenorrh\w*|last|menstrual|menstruation|menses|period|date|intact|uterus|functioning|ovar\w+|concurrent|suppression|surgically|sterile|sterili[sz]ed|hysterectomy|oophorectomy|bilateral|applicable|"
    r"one|two|three|four|seven|1|not|no)"
)
_TEST_RUN = re.compile(rf"(?:[\s,;:()\[\]/'*.<>≥≤=+&-]|\d+(?:\.\d+)?(?:st)?|\b{_TEST_WORD}(?![\w])|[\ue000-\uf8ff]+)+")
_TEST = Sought(
    r"\bpregnancy test(?:s|ing)?\b|\bhcg\b[^.;]{0,40}\btests?\b|\btests? for pregnancy\b|\bpregnancy\b[^.;]{0,20}\bhcg\b"
)
_NEGATIVE = re.compile(r"\bnegative\b|\bruled? out pregnan")
_POSITIVE = re.compile(r"\bpositive\b")
_WITHOUT = re.compile(r"\b(?:without|no|not|lack)\b[^.;]{0,60}$")
_ASKS = re.compile(r"\bmust\b|\bshould\b|\bneed|\brequire|\bhas to\b|\bhave to\b")
_FRONT = re.compile(r"(?:[\s,;:()\[\]/'*.<>≥≤=+&-]|\b(?:and|or|and/or|but)\b)*")
_OTHERS = re.compile(
    r"(?:,|\b(?:and/or|or|and)\b)[\s,]*(?:(?:or|and)\s+)?(?=(?:all |any |female )?(?:wom[ae]n|females?|patients?|participants?|subjects?|individuals?|wocbp|who|with|a positive)\b)"
)
"""Where those begin whom the words of a test bind, behind others."""
_TAIL = re.compile(
    r"(?:[\s,;:(\[/'*<>≥≤=+&-]|\b(?:and|or|and/or|who|that|which|with|without|is|are|be|has|have|had|not|no|must|should|will|may|if|when|in|for|at|to|of|by|before|after|during|the|an?|they|she|pregnant|agree|either|women|females?|patients?|participants?|subjects?)\b)+\Z"
)


_BARE = re.compile(r"\b(?:pregnant|lactating|breast-?\s?feeding|nursing)\b")


def _tests(sentence: Sentence) -> Iterator[Stretched]:
    """Read a run of words around a pregnancy test with its result."""
    text = sentence.text
    end = -1
    for found in _TEST.finditer(text):
        if found.start() < end:
            continue
        run = next((run for run in _TEST_RUN.finditer(text) if run.start() <= found.start() < run.end()), None)
        if run is None or run.end() < found.end():
            continue
        first, last = _edges(text, run.start(), run.end(), found.start(), found.end())
        said = text[first:last]
        node = _result(said, sentence.section)
        if node is None or (sentence.section == "exclusion" and isinstance(node, Not) and _in_brackets(text, first)):
            continue  # "pregnancy (a negative test is required)" lets nobody in who is pregnant
        end = last
        yield Stretched(first, last, node)


def _in_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at) or text.startswith("(", at)


def _edges(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Return a run within its sentence and without loose words and brackets at its edges."""
    stop = re.compile(r"[.;](?=\s|\Z)").search(text, end, last)
    last = stop.start() if stop else last
    others = [found.end() for found in _OTHERS.finditer(text, first, start)]
    if others and _BARE.search(text, max(0, first - 30), others[-1]):
        first = others[-1]
    if front := _FRONT.match(text, first, start):
        first = front.end()
    if tail := _TAIL.search(text, end, last):
        last = tail.start()
    said = text[first:last]
    if said.count("(") > said.count(")") and text[last : last + 1] == ")":
        last += 1
    elif said.count(")") > said.count("("):
        last = first + said.rfind(")")
    return first, max(last, end)


def _result(said: str, section: str) -> Node | None:
    pregnant = leaf("pregnancy", any_of=["pregnant"])
    negative, positive = _NEGATIVE.search(said), _POSITIVE.search(said)
    if negative and not positive:
        return pregnant if section == "exclusion" and _WITHOUT.search(said[: negative.start()]) else Not(pregnant)
    if positive and section == "exclusion" and not _ASKS.search(said):
        if negative or re.search(r"\bno pregnancy test", said):
            return _or_untested(pregnant)
        return pregnant
    return None


def _or_untested(pregnant: Node) -> Node:
    """Whoever is pregnant or was not tested."""
    return any_of([pregnant, leaf("judgement", topic="whether a pregnancy test was done")])


_FEED = r"(?:breast-?\s?feed|nurse|lactate)"
_FEEDING = r"(?:breast-?\s?feeding|nursing|lactation)"
_PROMISE = r"(?:\b(?:they|she|patients?|participants?|subjects?|females?|wom[ae]n|individuals?|mothers?|who|are|is|lactating|patient|must|should|will|have to|has to|be|agree\w*|agreement|willing\w*|unwilling\w*|able|unable|to)\b[\s,]*)*"
_NOT_TO_FEED = Sought(
    rf"{_PROMISE}\b(?:not (?:to )?{_FEED}|(?:refrain|abstain)(?:ing)? from {_FEEDING}|(?:discontinu|interrupt|stopp?|avoid|ceas)(?:e|es|ing|ation)?(?: of)? (?:the )?{_FEEDING}|refrain {_FEEDING})\b(?: an infant| (?:a |their |her )?(?:child|infant|bab(?:y|ies)))?"
    rf"(?:(?!\b(?:must|contracep\w+|donat\w+|pregnan\w+|birth|sperm|abstin\w+|not)\b)[^.;,])*"
)


def _feeding(sentence: Sentence) -> Iterator[Stretched]:
    """Read the promise not to breastfeed."""
    for found in _NOT_TO_FEED.finditer(sentence.text):
        words = found[0].rstrip(" ,(")
        node: Node = leaf("judgement", topic=NOT_TO_BREASTFEED)
        unwilling = sentence.section == "exclusion" and re.search(
            r"\bunwilling|\bunable|\bnot (?:agree|willing)", words
        )
        yield Stretched(found.start(), found.start() + len(words), Not(node) if unwilling else node)


_BARREN = Sought(
    r"\A\W*(?:(?:the )?(?:patients?|participants?|subjects?|females?|wom[ae]n)\W+)?(?:who )?(?:(?:is|are|be|must be)\W+)?(?:not (?:be )?of (?:child-?\s?bearing|reproductive) (?:potential|age)|(?:of )?non-?\s?child-?\s?bearing potential)\W*\Z"
)


def _barren(sentence: Sentence) -> Iterator[Stretched]:
    """Read women who cannot bear children: after menopause, or sterile by an operation."""
    found = _BARREN.search(sentence.text)
    if found is not None:
        yield Stretched(
            *found.span(),
            When(
                leaf("sex", any_of=["female"]),
                any_of(
                    [
                        leaf("menopausal_status", any_of=["postmenopausal"]),
                        leaf("comorbidity", any_of=["surgical_sterility"]),
                    ]
                ),
            ),
        )


SCANNERS = (
    Scanner(
        "pregnancy.result",
        ("pregnancy", "pregnant", "hcg"),
        _tests,
        priority=4,
        sought=(_TEST,),
        texts=(
            (
                "Urine pregnancy test must be negative in premenopausal women",
                {"not": {"pregnancy": {"any_of": ["pregnant"]}}},
            ),
            ("A pregnancy test is repeated monthly", None),
        ),
    ),
    Scanner(
        "judgement.not_to_breastfeed",
        ("breastfeeding", "breastfeed", "nursing", "nurse", "lactating", "lactation", "feeding", "feed"),
        _feeding,
        priority=4,
        sought=(_NOT_TO_FEED,),
        texts=(
            ("Women must refrain from breastfeeding during the study", {"judgement": {"topic": NOT_TO_BREASTFEED}}),
            ("Not breastfeeding women", None),
        ),
    ),
    Scanner(
        "comorbidity.not_fertile",
        ("bearing", "childbearing", "reproductive"),
        _barren,
        priority=7,
        section="inclusion",
        sought=(_BARREN,),
        texts=(
            (
                "Women who are not of childbearing potential",
                {
                    "when": {"sex": {"any_of": ["female"]}},
                    "then": {
                        "any_of": [
                            {"menopausal_status": {"any_of": ["postmenopausal"]}},
                            {"comorbidity": {"any_of": ["surgical_sterility"]}},
                        ]
                    },
                },
            ),
        ),
    ),
)
