"""Viral markers: hepatitis B and C, HIV, each with its result, alone or in a list that shares one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, own_starts
from her2nav.intake.notes.fields.hiv import read_hiv
from her2nav.intake.notes.found import Found, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_NAMES = (
    (
        "hbsag",
        r"hbs-?ag|hbs[ -]antigen|ag[ -]?hbs|(?:hepatitis|hep)\.? b (?:surface antigen|s-?ag)|hbv surface antigen",
    ),
    ("surface_antibody", r"anti[ -]?hbs|hbsab|hbs[ -]antibod\w+|(?:hepatitis|hep)\.? b surface (?:antibod\w+|ab)"),
    (
        "anti_hbc",
        r"anti[ -]?hbc(?: total| igg| antibod\w+| ab\b)*|hbcab|(?:hepatitis|hep)\.? b core(?: total)?(?: antibod\w+| ab)?|hbc[ -](?:antibod\w+|ab)",
    ),
    ("hbv_dna", r"(?:hbv|(?:hepatitis|hep)\.? b)[ -]dna"),
    (
        "anti_hcv",
        r"anti[ -]?hcv(?: antibod\w+| ab\b)?|hcv (?:antibod\w+|ab)|(?:hepatitis|hep)\.? c (?:antibod\w+|ab)|hcv(?![ -]rna)",
    ),
    ("hcv_rna", r"(?:hcv|(?:hepatitis|hep)\.? c)[ -]rna"),
    (
        "hiv",
        r"(?:anti[ -]?)?hiv(?:[ -]?1 ?(?:/|\+|&|and) ?(?:hiv[ -]?)?2| i ?(?:/|\+|&|and) ?ii)?(?: (?:ag/ab|ab\b|combo|serology|antibod\w+|antigen/antibody|antibody/antigen|test))*",
    ),
    ("surface", r"s-?ag"),
    ("core", r"core(?: antibod\w+| ab)?"),
)
_NAME = Gated(r"\b(?:" + "|".join(f"(?P<{key}>{words})" for key, words in _NAMES) + r")\b")
_SHORT = {"surface": "hbsag", "core": "anti_hbc"}
"""Parts of a name that count behind "hepatitis B"."""
_RESULT = re.compile(
    r"(?:[\s:=|/-]|\((?!\d)|status|test|both|all|is|are|was|were|serology|ab|antibody|antigen|1/2){0,7}"
    r"(?P<r>negati[vf]\w*|neg\b|non-?\s?(?:reactive|reattiv\w)|nr\b|not detected|not detectable|undetectable|positi[vf]\w*|pos\b|reactive|detected|detectable|not tested|not done)"
    r"|\s{0,2}[:=]?\s{0,2}\((?P<sign>[-−+])\)"
    r"|\s?(?P<ve>[-−+])ve\b|(?P<plus>\+)(?=[,.;)]|\s(?!(?:anti|h[bci]v|hb[sc])|\s?$)|$)"
)
_LISTED = re.compile(r"[\s,/;&+]*(?:and|or|et|y|e|und)?[\s,/;&+]*")
_HEPATITIS_B = Gated(r"\bhep(?:atitis)?\.? b\b|\bhbv\b|\bhb[sc]")
_REACH = 60
_VALUES = (
    ("not t", "not_tested"),
    ("not do", "not_tested"),
    ("not de", "undetectable"),
    ("unde", "undetectable"),
    ("n", "negative"),
    ("p", "positive"),
    ("r", "positive"),
    ("d", "detectable"),
)
"""What results mean, by how they begin."""
_SIGNS = {"+": "positive", "-": "negative", "−": "negative"}
"""Results written as a sign in brackets: "HBsAg (-)"."""
_PLAIN = {"undetectable": "negative", "detectable": "positive"}


def read_serology(note: Note) -> Iterator[Item]:
    """Yield the viral markers, and the day of them where all have one and it is the same."""
    named, own_ones = note.cued(_NAME), own_starts(note)
    found: list[tuple[Found, PartialDate | None]] = []
    for sentence in note.sentences:
        if sentence.start in named and sentence.start in own_ones:
            found += [(one, _day(note, sentence, one)) for one in _markers(note, sentence)]
    yield from (one for one, _ in found)
    yield from read_hiv(note, [one for one, _ in found])
    days = {str(day) for _, day in found}
    if len(days) == 1 and found[0][1] is not None:
        yield Found("serology.date", days.pop(), found[0][0].span)


def listed_marker(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True for the name of a virus in a list of markers that share a negative result: "HBsAg, HCV, HIV - non reactive".

    Args:
        note: The note.
        sentence: The sentence of the name.
        start: Where the name begins.
        end: Where it ends.
    """
    place, names = end, list(_NAME.finditer(note.plain, start, sentence.end))
    names = [one for one in names if one.end() > end]
    for one in names:
        if not _LISTED.fullmatch(note.plain, place, one.start()):
            break
        place = one.end()
    result = _RESULT.match(note.plain, place, sentence.end) if place > end else None
    return result is not None and _said(result)[:1] in "nu-−"


def _said(result: re.Match[str]) -> str:
    """Return the word or the sign of a result: "HIV+", "HBsAg (-)", "HCV -ve"."""
    return str(result["r"] or result["sign"] or result["ve"] or result["plus"])


def _day(note: Note, sentence: Sentence, one: Found) -> PartialDate | None:
    """Return the only day of a sentence, in front of the marker."""
    dates = [each for each in note.dates.within(sentence.start, sentence.end) if each.value and each.exact_order]
    return dates[0].value if len(dates) == 1 and dates[0].end <= one.span[0] else None


def _markers(note: Note, sentence: Sentence) -> Iterator[Found]:
    names = list(_NAME.finditer(note.plain, sentence.start, sentence.end))
    results: list[re.Match[str] | None] = [_RESULT.match(note.plain, one.end(), sentence.end) for one in names]
    for i in range(len(names) - 2, -1, -1):
        if results[i] is None and _LISTED.fullmatch(note.plain, names[i].end(), names[i + 1].start()):
            results[i] = results[i + 1]
    for match, result in zip(names, results, strict=True):
        key = str(match.lastgroup)
        if result is None or key == "surface_antibody":
            continue
        span = (match.start(), max(match.end(), result.end()))
        said = context(note, *span)
        if said.family or said.unsure or said.template:
            continue
        if key in _SHORT:
            if not _HEPATITIS_B.search(note.plain, max(sentence.start, match.start() - _REACH), match.start()):
                continue
            key = _SHORT[key]
        said_so = result["r"] or _SIGNS[_said(result)]
        value = next(meaning for opening, meaning in _VALUES if said_so.startswith(opening))
        if not key.endswith(("dna", "rna")):
            value = _PLAIN.get(value, value)
        yield Found(f"serology.{key}", value, span)
