"""HER2 in words: positive, low, ultralow, negative, overexpressed; and the test that a word names behind itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_ish import number_of, stated_result
from her2nav.intake.notes.fields.her2_marks import NAME, Token
from her2nav.intake.notes.fields.her2_panel import COPIES
from her2nav.intake.notes.fields.her2_stated import stated
from her2nav.intake.notes.fields.receptor_list import in_receptor_list
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BY_ISH = re.compile(
    r"[\s:-]{0,3}(?P<w>\+(?!\s?\d)|not amplified|non-?amplified|amplified|positive|pos|negative|neg)\s(?:by|on|via)\s(?:d?-?d?(?:fish|ish|cish|sish))\b"
)
_EXPRESSED = re.compile(
    r"[\s:=(|-]{0,4}(?:protein|status|ihc|by ihc|is|was|expression|oncoprotein|[\s:=(|-]){0,6}?"
    r"(?:(?P<no>not|no|non|without|lack of|absence of|absent|negative for)[\s-](?:evidence of )?over-?\s?express\w*"
    r"|over-?\s?express\w*[\s:=(-]{0,3}(?:is |was |were )?(?P<absent>absent|not (?:seen|identified|detected|present|observed|demonstrated|found)|negative|none|no\b)"
    r"|over-?\s?express\w*[\s:=(-]{0,3}(?:is |was |were )?(?P<present>present|positive|detected|identified|seen|yes\b))"
)
_ONLY_TESTED = re.compile(
    r"\s(?:was |is |were |has been |by \w+ )?(?:assess\w*|test\w*|evaluat\w*|analy\w*|assay|status|determin\w*|stud\w*|requested|sent|pending)"
)
"""Overexpression that is only asked for."""
_WORD = re.compile(
    r"[\s:=(|-]{0,4}(?:status|protein|expression|overexpression|receptor|disease|result|ihc|is|was|reported as|oncogene|score|by ihc|[\s:=(|'‘“\"-]){0,6}?"
    r"(?P<w>ultra-?low|low|positive|pos\b|positiv(?!ity rates?\b)\w*|negative|neg\b|negativ\w*|equivocal|over-?express\w*|\+(?!\+|\s?\d|\d)|-(?=[\s,;).]|$|ve\b)|−)(?:ve\b)?"
)
_WORDS = {"ultra": "ultralow", "low": "low", "pos": "positive", "neg": "negative", "equ": "equivocal", "ove": "positive", "+": "positive", "-": "negative"}  # fmt: skip
_FINER = re.compile(r"\s?/\s?(?:her-?2[\s-])?(?P<w>ultra-?low|low)\b")
"""The finer of two words for one result: "negative/low"."""
_BY_MRNA = Gated(
    r"\b(?:mrna|rt-?q?pcr|gene expression|oncotype|mamma ?print|blue ?print|target ?print|prosigna|pam50|endopredict|single gene score)\b"
)
"""HER2 by messenger RNA is no result that any rule takes."""


_AMPLIFIED = re.compile(r"[\s-]{0,2}(?:gene )?amp(?:lif\w*)?\b")
_OF_BLOOD = re.compile(r"\b(?:plasma|liquid biopsy|ct-?dna|cf-?dna|guardant\w*|g360)\b[^.]*$")
_AMPLIFIED_BY = re.compile(
    r"[\s-]{0,2}(?:gene )?amp(?:lif\w*)?\s(?:on|by|via|per|\()\s?(?P<t>ngs|sequencing|fish|ish|cish|foundation\w*|guardant\d*|tempus|caris)"
)
_CONFIRMED = re.compile(
    r"[\s,;(-]{1,3}(?:(?:was\s)?confirmed (?:by|on|with|via) (?:d?-?d?(?:fish|cish|sish|ish))|(?:d?-?d?(?:fish|cish|sish|ish))[\s-]confirmed)\b"
)
"""The word, borne out by ISH: "positive, confirmed by FISH"."""
_AIM = re.compile(r"\s(?:for|by)\b")


def word_tokens(note: Note, start: int, end: int, test: str) -> Iterator[Token]:
    """Yield the word for HER2 behind its name, or the result of the test that the word names: "positive by FISH"."""
    head = NAME.match(note.plain, start)
    if head and in_receptor_list(note, note.sentence(start), start):
        return
    by_ish = _BY_ISH.match(note.plain, head.end()) if head else None
    if head and by_ish and test != "ngs":
        if stated(note, (head.start(), by_ish.end())):
            denied = by_ish["w"].startswith("n")
            yield Token("ish", "result", "negative" if denied else "positive", (head.start(), by_ish.end()))
        return
    reach = min(note.sentence(start).end, start + 70)
    expressed = _EXPRESSED.match(note.plain, head.end(), reach) if head and test not in ("ish", "ngs") else None
    if head and expressed:
        span = (head.start(), expressed.end())
        if stated_result(note, span, negative=not expressed["present"]):
            yield Token("word", "her2_reported", "positive" if expressed["present"] else "negative", span)
        return
    match = _WORD.match(note.plain, head.end(), reach) if head else None
    if match is not None and match["w"].startswith("over") and _ONLY_TESTED.match(note.plain, match.end()):
        return
    if match is None or test in ("ish", "ngs"):
        amplified = _AMPLIFIED.match(note.plain[head.end() : end]) if head and test == "her2" else None
        by = (
            _AMPLIFIED_BY.match(
                note.plain[head.end() : end + 24],
            )
            if head
            else None
        )
        if head and by and stated(note, (head.start(), head.end() + by.end())):
            span = (head.start(), head.end() + by.end())
            ish = by["t"].endswith("ish")
            yield Token(
                "ish" if ish else "ngs",
                "result" if ish else "amplification_call",
                "positive" if ish else "amplified",
                span,
            )
            number = None if ish else COPIES.search(note.plain, span[1], min(note.sentence(start).end, span[1] + 40))
            if number:
                group = "n" if number["n"] else "m"
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
        elif head and amplified and stated(note, (head.start(), head.end() + amplified.end())):
            span = head.start(), head.end() + amplified.end()
            whole = note.sentence(start)
            if _OF_BLOOD.search(note.plain, whole.start, span[0]):
                yield Token("ngs", "amplification_call", "amplified", span)  # nothing else is done with blood
            else:
                yield Token("asked", "her2_amplified", None, span)
        return
    written = match["w"]
    if written in ("-", "−") and (
        note.plain[match.end() : match.end() + 1].isalpha() or _is_dash(note, match.end(), note.sentence(start))
    ):
        return
    finer = _FINER.match(note.plain, match.end()) if written.startswith("neg") else None
    written = finer["w"] if finer else written
    value = "ultralow" if written.startswith("ultra") else _WORDS.get(written[:3]) or _WORDS.get(written)
    span = (head.start() if head else start, match.end())
    confirmed = _CONFIRMED.match(note.plain, match.end(), reach + 30) if value == "positive" else None
    if confirmed and stated(note, span):
        yield Token("ish", "result", "positive", (span[0], confirmed.end()))
    aim = _AIM.match(note.plain[match.end() : match.end() + 5])
    if _BY_MRNA.search(note.plain, max(note.sentence(start).start, start - 40), min(reach + 30, match.end() + 40)):
        return
    if value and stated(note, (span[0], span[1] + (aim.end() if aim else 0))):
        yield Token("word", "her2_reported", value, span)


_DASH = re.compile(r"\s[-−]\s(?=[a-z\d])")
_SIGNED = re.compile(r"\b(?:er|pg?r|(?:o?estrogen|progesterone)(?: receptors?)?)\s?[+−-](?!\d)")


def _is_dash(note: Note, end: int, sentence: Sentence) -> bool:
    """True for the dash of "HER2 - core 2019 never tested": between blanks, before words, in no list of signs as "ER + HER2 -"."""
    if not _DASH.match(note.plain, end - 2):
        return False
    return _SIGNED.search(note.plain, sentence.start, sentence.end) is None


_NEITHER = Gated(
    r"\bno(?:t any| evidence of)?\s(?:her-?2(?:/neu)?\s)(?:(?:gene\s)?amplification (?:or|nor|and) (?:protein\s)?over-?expression|(?:protein\s)?over-?expression(?: (?:or|nor|and) (?:gene\s)?amplification)?)\b(?!\s(?:test|status|assay))"
)


def not_overexpressed(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Yield the word of a denial that stands before the name: "there is no HER2 amplification or overexpression"."""
    for match in _NEITHER.finditer(note.plain, sentence.start, sentence.end):
        if stated_result(note, match.span(), negative=True):
            yield Token("word", "her2_reported", "negative", match.span())
