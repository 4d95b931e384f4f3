"""Words that frame a proposition of one sort: beside it they change nothing, beside another they may.

"Female gender" asks for no more than "female"; "by radioisotope method" says how the ejection fraction was measured.
Every row names the kinds beside which its words are empty. A word may stand in a row only if no patient's answer can
depend on it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from her2nav.criteria.readings import Reading
from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.permissions import is_bare
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import leaves


@dataclass(frozen=True, slots=True)
class _Row:
    """Words that are empty beside these kinds."""

    kinds: frozenset[str]
    words: Sought


def _row(kinds: str, words: str) -> _Row:
    return _Row(frozenset(kinds.split()), Sought(words))


_DISEASES = "comorbidity cardiac_history lung_disease infection bleeding_thrombosis gastrointestinal immune eye_disease ild viral_infection peripheral_neuropathy allergy"
_ROWS = (
    _row(
        "performance_status",
        r"\beastern (?:cooperative oncology|oncology cooperative) group\b|\bsouthwest oncology group\b|\bworld health organi[sz]ation\b|\bcooperative oncology group\b|100\s?%|\bappendix(?: [a-z\d]{1,3})?\b|\bzubrod\b|\becog-ps\b|\bperformance score\b",
    ),
    _row(
        "tumour_type",
        r"\b(?:on|by|upon|via) (?:histologic(?:al)?|pathologic(?:al)?|histopathologic(?:al)?|cytologic(?:al)?)(?:(?:/| or | and/or )(?:cytologic(?:al)?|histologic(?:al)?))? (?:examination|confirmation|diagnosis|analysis)\b|\bby (?:routine )?(?:hematoxylin and eosin|h&e)(?: \(h&e\))? staining\b"
        r"|\b(?:confirmed|proven|documented|diagnosed|verified) by (?:histology|cytology|biopsy|pathology)(?: (?:or|and/or|and) (?:histology|cytology|biopsy|pathology))?\b",
    ),
    _row(
        "measurable_disease",
        r"\b(?:by |on |with |using )?(?:ct(?: scans?)?|mri(?: scans?)?|comput(?:ed|erized) tomography|magnetic resonance imaging|physical exam(?:ination)?|clinical exam(?:ination)?|x-ray|radiograph\w*)\b|\bresponse evaluation criteri(?:a|on) (?:for|in) solid tumou?rs(?: version(?: \d(?:\.\d)?)?)?|\bunidimensional(?:ly)?\b",
    ),
    _row(
        "disease_setting tumour_type",
        r"\bamerican joint committee on cancer\b|\bajcc\b|\b\d(?:st|nd|rd|th) edition\b|\btnm(?: staging)?(?: system| classification)?\b|\buicc\b",
    ),
    _row(
        "tumour_type",
        r"\b(?:made |confirmed |diagnosed |proven |obtained )?by (?:core|fine|limited|incisional|excisional|needle|image-guided|surgical)(?:[ -](?:core|fine|needle|incisional|excisional|biops(?:y|ies)|aspirat\w+|or|limited|surgical))*\b",
    ),
    _row(
        f"cns_metastases leptomeningeal_disease {_DISEASES}",
        r"\b(?:up)?on (?:physical|clinical|neurologic(?:al)?) exam(?:ination)?\b",
    ),
    _row("life_expectancy", r"\b(?:predicted|anticipated|projected|estimated|expected)\b"),
    _row("sex", r"\bgenders?\b"),
    _row(
        "age",
        r"\b(?:at|on|by) (?:the )?(?:time|date|day) of (?:giving |signing |providing |the )?(?:written |informed )*consent(?: form)?\b|\b(?:at|when) (?:giving |signing )(?:informed )?consent\b|\b(?:inclusive|gender)\b|\bage\b",
    ),
    _row(
        "lvef",
        r"\babnormal cardiac function\b|\bby (?:radioisotope|radionuclide|isotope) method\b|\bby cardiac (?:ultrasound|imaging)\b|\bcardiac ejection\b",
    ),
    _row("qtc", r"\bheart[- ]rate\b|\bresting\b|\bmean\b|\btriplicate\b"),
    _row(
        "lab_value",
        r"\b(?:postoperative|demonstrable|most recent|serum|lab)\b|\b(?:can|may|could) be (?:corrected|reached|achieved|supplemented|transfused|maintained)\b[^.;()]{0,60}|\bfor the (?:institution|lab|laboratory)\b|\bfasting\b(?! (?:plasma |blood |serum )?gluc)|\bmay be reached by transfusion\b",
    ),
    _row(
        "toxicity_recovery lab_value " + _DISEASES,
        r"\b(?:us |u\.s\. )?national cancer institute(?:'s)?\b|\bcommon (?:terminology|toxicity) criteria(?: for adverse events?)?\b|\bnci[- ]ctc(?:ae)?\b|\badverse events? scale\b",
    ),
    _row(
        "concomitant_medication washout planned_therapy immune",
        r"\b(?:any )?other\b(?= (?:concurrent|concomitant|investigational|experimental|anti-?cancer|prior|study|active|systemic))",
    ),
    _row(
        "disease_setting cns_metastases leptomeningeal_disease metastatic_site disease_progression cardiac_history",
        r"\b(?:clinical|radiologic(?:al)?|radiographic(?:al)?|imaging|pathologic(?:al)?|physical)(?:(?:,? (?:and/or|or|and) |, |/)(?:clinical|radiologic(?:al)?|radiographic|imaging|pathologic(?:al)?|laboratory))* (?=(?:evidence|signs?|findings?|diagnosis|suspicion)\b)",
    ),
    _row(
        "participation",
        r"\bbefore (?:any |the )?(?:trial|study)[- ]?(?:related|specific) (?:activit(?:y|ies)|procedures?|assessments?)\b|\b(?:signed|dated|written|voluntary|voluntarily)\b|\b(?:ability|capacity|able) to (?:provide|give|sign)\b",
    ),
    _row("gene_status her2_mutation", r"\bpositive\b(?= [a-z0-9]+ mutation)"),
)
_TIME = MACROS["time"]
_FIRST_MARK, _SECOND_MARK = re.compile(r"(?<![\w.])\(?(?:1|i|a)\)\s"), re.compile(r"(?<![\w.])\(?(?:2|ii|b)\)\s")
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


_WORD = re.compile(r"(?!(?:or|and)\b)[\w%/'*\u2019\ue000-\uf8ff-]+")


def _between(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    for found in _WORD.finditer(sentence.masked):
        if all(found.end() <= reading.start or found.start() >= reading.end for reading in readings):
            yield found.span()


def beside(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are empty beside what was read of the sentence."""
    if not readings:
        return
    if is_bare(sentence):
        # What more a permission says of what it allows binds nobody.
        yield from _between(sentence, readings)
        return
    kinds = {item.kind for reading in readings for item in leaves(reading.node)}
    for row in _ROWS:
        if kinds & row.kinds:
            for found in row.words.finditer(sentence.text):
                if all(found.end() <= reading.start or found.start() >= reading.end for reading in readings):
                    yield found.span()
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
    if _FIRST_MARK.search(sentence.text) and _SECOND_MARK.search(sentence.text):
        for found in _MARK.finditer(sentence.text):
            if all(found.end() <= reading.start or found.start() >= reading.end for reading in readings):
                yield found.span()
