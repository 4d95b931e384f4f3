"""In-situ hybridisation of HER2: ratio, copies, cells and the laboratory's word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_marks import Token, measured, stated
from her2nav.intake.notes.note import Note, Sentence

_UNITS = r"(?:copies|signals?|copy number|copy no\.?|copies/cell|signals/cell|gene copy number)"
NUMBER = r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?)(?![\d%])"
_RATIO = re.compile(
    rf"(?:ratio(?:\s*\([^()\n]{{0,30}}\))?|hexx\s?[/:]\s?cexxx)(?:[\s:=,|~]|of|is|was|value|ratio|\(?hexx\s?[/:]\s?cexxx\)?|mean|average){{0,8}}{NUMBER}"
)
_RATIO_AFTER = re.compile(rf"(?<![\w.])(?:r|ratio)\s?[=:]\s?{NUMBER}")
_COPIES = re.compile(
    rf"(?P<probe>hexx|cexxx|average|mean)\b[\s/-]*(?:gene |signal |average |mean |hexx )*{_UNITS}(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus|average|mean){{0,8}}{NUMBER}"
)
_COPIES_BARE = re.compile(
    rf"(?<![\d.,]){NUMBER}\s?(?:average |mean )?(?P<probe>hexx|cexxx)?\s?(?:gene )?(?:copies|signals)"
)
_COPY_NUMBER = re.compile(
    rf"(?:(?P<probe>hexx|cexxx)[\s:/-]*)?(?:\bmean |\baverage |\bgene )*\b(?:copy number|copy no\.?|copies|gcn|cn|signals)\b(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus){{0,8}}{NUMBER}"
)
_PROBE_BEFORE = re.compile(rf"(?P<probe>hexx|cexxx)\s?(?:[:=]|of|mean|average)?\s?{NUMBER}\s?(?:copies|signals|per|/)")
_ANOTHER_COUNT = re.compile(
    r"\s?(?:and|or|vs\.?|versus)\s\d{1,2}\.\d{1,2}(?![\d.%]|\s(?:her|erb|hexx|cexxx|mean|average|gene|cop|sig))"
)
"""Two counts in one phrase: of which sample each is, is not said."""
_BARE_RATIO = re.compile(r"\s?[,(:]?\s?(?P<n>\d{1,2}\.\d{1,2})(?!\.?\d|[%/-]|\s?(?:cop|sig|mm|cm|cells|mg|x\b))")
"""A number right behind the result: "FISH neg 1.5"."""
_CELLS = re.compile(
    r"(?P<c>\d{2,3})\s?(?:\w+ ){0,2}?(?:cells|nuclei)\s?(?:were )?(?:counted|scored|analy[sz]ed|evaluated|enumerated|examined)|(?:cells|nuclei) (?:counted|scored|analy[sz]ed|evaluated|examined)[\s:=|]{0,4}(?P<k>\d{2,3})"
)
_RESULT = re.compile(
    r"(?P<failed>\bfailed\b|uninterpretable|not interpretable)|(?P<indeterminate>indeterminate|inconclusive)|(?P<equivocal>\bequivocal\b)"
    r"|(?P<negative>\bnot? amplif\w*|\bnon-?\s?amplified|\bno (?:evidence of )?(?:her-?2 |erbb2 |gene )*amplif\w*|\bunamplified|\bnegative\b|\bneg\b|amplification(?: was)? not (?:detected|identified|seen)|\bnegativo\b|no amplificad\w|(?<=ish)\s?[-−](?=[\s,;).]|$)(?!\s\w))"
    r"|(?P<positive>\bamplif\w*|\bpositive\b|\bpos\b|\bpositivo\b|(?<=ish)\s?\+(?!\d))"
)


def ish_tokens(note: Note, sentence: Sentence, start: int, end: int, test: str) -> Iterator[Token]:
    """Yield the counts of a stretch and, where it speaks of ISH, its result."""
    text = _probes(note.plain[start:end])
    ratio = _RATIO.search(text) or (_RATIO_AFTER.search(text) if test == "ish" else None)
    found = False
    if ratio is not None and _ANOTHER_COUNT.match(text, ratio.end("n")):
        yield Token("asked", "two_counts", None, (start + ratio.start("n"), start + ratio.end("n")))
    elif ratio is not None and _plausible(ratio["n"], 30):
        span = (start + ratio.start("n"), start + ratio.end("n"))
        if measured(note, span):
            found = True
            yield Token("ish", "her2_cep17_ratio", number_of(ratio["n"]), span)
    if (
        test == "ish"
        or found
        or "cep" in note.plain[sentence.start : sentence.end]
        or "per cell" in text
        or "/cell" in text
        or "signals" in text
    ):
        taken = (ratio.start("n"), ratio.end("n")) if ratio else (-1, -1)
        for pattern in (_COPIES, _PROBE_BEFORE, _COPIES_BARE, _COPY_NUMBER):
            for match in pattern.finditer(text):
                if match.start("n") == taken[0] or not _plausible(match["n"], 200):
                    continue
                key = "cep17_copy_number" if match["probe"] == "cexxx" else "her2_copy_number"
                if key == "cep17_copy_number" and text[: match.start()].endswith("hexx/"):
                    continue
                span = (start + match.start("n"), start + match.end("n"))
                if measured(note, span):
                    yield Token("ish", key, number_of(match["n"]), span)
    cells = _CELLS.search(text)
    if cells and test == "ish":
        group = "c" if cells["c"] else "k"
        yield Token("ish", "cells_counted", int(cells[group]), (start + cells.start(group), start + cells.end(group)))
    ahead = _AHEAD.search(note.plain, max(sentence.start, start - 30), start) if test == "ish" else None
    if ahead and stated(note, ahead.span("w")):
        yield Token("ish", "result", "negative" if ahead["w"].startswith("n") else "positive", ahead.span("w"))
    elif test == "ish":
        result = _RESULT.search(note.plain, start, end)
        if result is not None and _ish_result_stated(note, sentence, start, result):
            yield Token("ish", "result", result.lastgroup, result.span())
            bare = _BARE_RATIO.match(note.plain, result.end(), end)
            if ratio is None and bare is not None:  # a ratio, or copies cut off in thin sections: both can be below two
                yield Token("asked", "bare_count", None, bare.span("n"))
        single = re.search(r"single[- ]probe", note.plain[sentence.start : sentence.end])
        if single:
            yield Token(
                "ish", "method", "single_probe", (sentence.start + single.start(), sentence.start + single.end())
            )


_AHEAD = re.compile(
    r"(?<!not )(?<!no )\b(?P<w>not amplified|non-?amplified|amplified)\s(?:by|on|via|with)\s(?:reflex\s)?$"
)
"""The result before the test: "amplified by SISH"."""
_SUBJECT = re.compile(
    r"\b(?:nodes?|margins?|lvi|invasion|ln|lns|test|swab|serolog\w*|covid|biops\w+|patient|sln|slnb)\b"
)
"""Another thing that the word may be about: "FISH done, sentinel node positive"."""


def _ish_result_stated(note: Note, sentence: Sentence, start: int, result: re.Match[str]) -> bool:
    said = context(note, *result.span())
    if said.family or said.template or said.unsure or said.hypothetical:
        return False
    between = note.plain[start : result.start()]
    if re.search(
        r"\bnot (?:done|sent|performed)|pending|await|requested|\bsent\b|submitted|\brecommend|for her2|\bif\b",
        note.plain[start : min(sentence.end, result.end() + 30)],
    ):
        return False
    other = max(between.rfind(","), between.rfind(";"), between.rfind(" and "), between.rfind(". "))
    if other >= 0 and _SUBJECT.search(between, other):
        return False
    denied = re.search(r"\b(?:no|not)\W+(?:\w+\W+){0,2}$", between) is not None
    return result.lastgroup == "negative" or not (denied or said.negated)


def _probes(text: str) -> str:
    """Replace the digits inside probe names, character for character, so that they are no results."""
    text = re.sub(
        r"her-?2(?:/neu)?|erbb2", lambda m: "hexx".ljust(len(m[0]))[: len(m[0])] if len(m[0]) >= 4 else m[0], text
    )
    text = re.sub(r"hexx\s+(?=[/:])", lambda m: "hexx" + " " * (len(m[0]) - 4), text)
    return re.sub(r"cep ?17|chr(?:omosome)? ?17|d17z1|\bc17\b", lambda m: "cexxx".ljust(len(m[0]))[: len(m[0])], text)


def _plausible(written: str, most: int) -> bool:
    return 0 < float(number_of(written)) <= most


def number_of(written: str) -> str:
    """Return a number as written, with a point."""
    return written.replace(",", ".")
