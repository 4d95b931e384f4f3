"""Words that frame a proposition of one sort: beside it they change nothing, beside another they may.

"Female gender" asks for no more than "female"; "by radioisotope method" says how the ejection fraction was measured.
Every row names the kinds beside which its words are empty. A word may stand in a row only if no patient's answer can
depend on it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.criteria.framing_asides import ROWS_OF_ASIDES
from her2nav.criteria.framing_cancer import ROWS_OF_CANCER
from her2nav.criteria.framing_events import ROWS_OF_EVENTS
from her2nav.criteria.framing_illness import ROWS_OF_ILLNESS
from her2nav.criteria.framing_labels import ROWS_OF_LABELS
from her2nav.criteria.framing_measured import ROWS_OF_MEASURED
from her2nav.criteria.framing_rows import ROWS as ROWS_OF_ALL
from her2nav.criteria.framing_sizes import ROWS_OF_SIZES
from her2nav.criteria.readings import Reading
from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.permissions import is_bare
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Alternatives, Sought
from her2nav.model.tree import leaves

ROWS = (
    *ROWS_OF_ALL,
    *ROWS_OF_EVENTS,
    *ROWS_OF_CANCER,
    *ROWS_OF_ASIDES,
    *ROWS_OF_ILLNESS,
    *ROWS_OF_MEASURED,
    *ROWS_OF_LABELS,
    *ROWS_OF_SIZES,
)
_ALL_ROWS = Alternatives([row.words for row in ROWS])
_TIME = MACROS["time"]
_FIRST_MARK, _SECOND_MARK = (
    re.compile(
        r"(?<![\w.])(?<!\bpart )(?<!\barm )(?<!\bcohort )(?<!\bgroup )(?<!\bphase )(?<!\bstage )(?<!\bstep )\(?(?:1|i|a)\)\s"
    ),
    re.compile(r"(?<![\w.])\(?(?:2|ii|b)\)\s"),
)
_MARK = re.compile(r"(?<![\w.])\(?(?:[1-9]|i{1,3}|iv|[a-f])\)(?=\s)")
"""Numbers of a list within a sentence."""
_NEEDED = re.compile(
    r"[\s,(]*(?:(?:is |are )?(?:required|documented|needed|mandatory) )*(?:for|if|in|of) (?:all )?(?:pre-?menopausal |female )*(?:women|woman|females?|patients?|participants?|subjects?)? ?(?:is |are )?(?:of |with )?child-?\s?bearing potential(?: only)?\)?"
)
"""Whom a test of pregnancy is for."""
_LOOKED_AT = frozenset({"pregnancy", "measurable_disease"})
"""Of these the time of the test says when it is done, and no more."""
_WHEN = re.compile(
    r"[\s,(]*(?:\b(?:obtained|performed|done|documented|taken|conducted|assessed|confirmed|tested|negative|result|and|must be|be|been|has|have|is|are|test|at screening|at baseline)\b[\s,]*){0,6}(?:\bwithin\b|≤|=<|<=|<|\bno (?:more|longer) than\b|\bin\b|\bpreferably\b)\s*(?:or equal to )?(?:the )?(?:last |past |previous |preceding |prior )?"
    rf"(?:{_TIME}|\d+ (?:previous|prior|last) days)(?: \((?:preferably|ideally)?[^()]{{1,20}}\))?(?:[\s,)]|\b(?:prior|to|before|of|preceding|the|first|start|starting|dose|study|trial|drug|treatment|therapy|entry|enrol+ment|registration|registering|randomi[sz]ation|randomi[sz]ed|screening|day|1|cycle|c1d1|administration|"
    r"initiation|initiating|initial|protocol|investigational|product|consent|signing|informed|medication|repeated|inclusion|allocation|receiving|step|baseline|visit|being|planned|period|enrolled|registered)\b|[\ue000-\uf8ff])*"
)


_MEASURED = frozenset({"lab_value", "lvef", "qtc", "vital_sign"})
_GUARDS = frozenset({"metastatic_site", "comorbidity", "performance_status"})
"""What may stand beside values: a looser limit for some patients."""
_TAKEN = Sought(
    rf"\(?\b(?:obtained |performed |measured |documented |taken |done )?within (?:the )?(?:last |past |previous |prior )?{_TIME}(?: (?:prior to|before|of|preceding|from)\b(?:[\s,]|\b(?:the|first|start|starting|study|trial|treatment|dose|drug|entry|registration|randomi[sz]ation|enrol+ment|screening|therapy|initiation|beginning|inclusion|administration|protocol|cycle|day|1|consent|of|c1d1|baseline)\b|[\ue000-\uf8ff])*)?\)?"
)
"""When values are taken: beside values alone it says no more, as they may be taken again."""
_WORD = re.compile(r"(?<![\w%/'*\u2019\ue000-\uf8ff-])(?!(?:or|and)\b)[\w%/'*\u2019\ue000-\uf8ff-]+")


def _between(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    for found in _WORD.finditer(sentence.masked):
        if all(found.end() <= reading.start or found.start() >= reading.end for reading in readings):
            yield found.span()


def _outside(span: tuple[int, int], readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Yield what no rule has read of a stretch: of "at the time of giving consent" the consent may be read."""
    at, end = span
    for reading in readings:
        if reading.end > at and reading.start < end:
            if at < reading.start:
                yield at, reading.start
            at = reading.end
    if at < end:
        yield at, end


def beside(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are empty beside what was read of the sentence."""
    if not readings:
        return
    if is_bare(sentence):
        # What more a permission says of what it allows binds nobody.
        yield from _between(sentence, readings)
        return
    kinds = {item.kind for reading in readings for item in leaves(reading.node)}
    if kinds & _MEASURED and kinds <= _MEASURED | _GUARDS:
        for found in _TAKEN.finditer(sentence.masked):
            yield from _outside(found.span(), readings)
    for place, branches in _ALL_ROWS.possible(sentence.text).items():
        if kinds & ROWS[place].kinds:
            for found in _ALL_ROWS.expression(place, branches).finditer(sentence.text):
                yield from _outside(found.span(), readings)
    for i, reading in enumerate(readings):
        if not {item.kind for item in leaves(reading.node)} <= _LOOKED_AT:
            continue
        stop, last = reading.end, readings[i + 1].start if i + 1 < len(readings) else len(sentence.text)
        if when := _WHEN.match(sentence.masked, stop):
            stop += len(when[0].rstrip(" ,)"))
        said = sentence.text[reading.start : reading.end]
        if "pregnancy test" in said and (needed := _NEEDED.match(sentence.text, stop)):
            stop = needed.end()
        if reading.end < stop <= last:
            yield reading.end, stop
    if ")" in sentence.text and _FIRST_MARK.search(sentence.text) and _SECOND_MARK.search(sentence.text):
        for found in _MARK.finditer(sentence.text):
            if all(found.end() <= reading.start or found.start() >= reading.end for reading in readings):
                yield found.span()
