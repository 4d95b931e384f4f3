"""Lines of a report on HER2: which goes on with the test named above it, and which lists one sample after another."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.genes import SEQUENCED
from her2nav.intake.notes.fields.her2_marks import LABORATORY, Token
from her2nav.intake.notes.fields.her2_split import label, labelled
from her2nav.intake.notes.fields.her2_tokens import SAID
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.sample_words import PARTS, SAMPLE
from her2nav.intake.notes.fields.specimens import CELL_LABEL
from her2nav.intake.notes.fields.specimens import labelled as sample_line
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_OF_TEST = re.compile(
    r"\b(?:ratio|copies|signals?|copy number|cep ?17|amplif\w*|nuclei|probes?|membran\w*|hybridi\w*|staining|stained|tumou?r cells|tumou?r area|scores?|scored|\d{2,3} cells|group [1-5]|recount\w*)\b"
)
_VERDICT_ONLY = re.compile(
    r"\W*(?:overall |final )?(?:positive|negative|equivocal|score|indeterminate|failed|[0-3]\s?\+|[\W\d])"
    r"(?:\W+(?:positive|negative|equivocal|score|her-?2|low|for|[0-3]\s?\+|\d))*\W*"
)
_OF_PART = re.compile(
    r"\W*(?:initial\s|original\s|first\s|second\s|other\s|previous\s)?(?:specimen|sample|part|core|case|tumou?r|lesion|site|block|focus)\s[a-h1-9]\d{0,2}\W{1,4}(?:score\s)?[0-3]\s?\+"
)
"""The result of a part under the heading of a test: "Specimen 1: 2+"."""


_WHO = r"readers?|observers?|scorers?|pathologists?|opinions?|review(?:ers?)?|re-?read(?:ing)?|lab(?:oratory|oratories|s)?|cent(?:re|er)|institut\w*|department|consensus|hospital|path(?:ology)?|re-?test(?:ed|ing)?|repeat(?:ed)?|re-?stain(?:ed|ing)?|in[- ]?house|central(?:ly)?|local(?:ly)?|outside|elsewhere"
_BY_WHOM = re.compile(
    rf"[\s>•*–-]*(?:\(?[\w.'’-]+\s{{1,24}}){{0,4}}\(?(?:[\w-]+\s){{0,1}}(?:{_WHO})\b(?:[^:;.\n\d]|(?<=\b[a-z])\.|\b(?:\d{{1,2}}[/.-]){{0,2}}(?:19|20)\d\d(?:-\d\d)*\b){{0,60}}?(?:[:=]\s?|\s(?=[0-3]\s?\+))(?:(?:score|scored|ihc|at|as|again|now|still)\s){{0,2}}(?P<s>[0-3]\s?\+|0(?!\d|\.\d|[%+]|\s?(?:/|%|of\b)))"
)
"""What another reader or laboratory scored on the tissue of the line before: "Second reader: 2+", "Retested at Leeds: 3+"."""


def by_whom(note: Note, sentence: Sentence) -> re.Match[str] | None:
    """Return the score that a sentence tells with its reader or its laboratory and without the name of the test."""
    match = _BY_WHOM.match(note.plain, sentence.start, sentence.end)
    if match is None or note.cues_in(sentence.start, match.start("s"), "stain"):
        return None
    if _SIGNED.search(note.plain, match.end(), sentence.end):
        return None  # of several samples
    return None if note.hits_in(sentence.start, match.start("s"), "gene", "lab") else match


def belongs(note: Note, sentence: Sentence) -> bool:
    """True when a sentence that names no test may go on with the one before it.

    "FISH was sent. Sentinel node positive." says nothing of the FISH.
    """
    text = note.plain[sentence.start : sentence.end]
    return bool(
        continues(note, sentence) or _OF_TEST.search(text) or _VERDICT_ONLY.fullmatch(text) or _OF_PART.match(text)
    )


TESTED_ON = Gate(
    Gated(
        r"\b(?:repeated|re-?tested|re-?stained|re-?checked|tested|performed|assessed|measured) (?:again )?(?:on|in) (?:the|this|that|her|his)\b"
    )
)
"""A sentence that says on what the tests of the next ones were done."""
_SPOKEN = Gate(SAID, LABORATORY, SAMPLE, PARTS, CELL_LABEL, SEQUENCED)


def spoken(note: Note) -> frozenset[int]:
    """Return the sentences that may name a sample, a test, a gene, a laboratory or a day."""
    cued, genes, dated = note.cued(_SPOKEN), note.naming("gene"), note.dated
    return frozenset(
        [
            one.start
            for one in note.sentences
            if one.start in cued or one.start in genes or one.start in dated or sample_line(note, one)
        ]
    )


_GOES_ON = re.compile(
    r"[ \t>*-]*(?:(?:no\.? )?of (?:cells|nuclei)|% ?(?:of )?(?:\w+ )?cells|score|result|percent\w*|intensity|ratio|average|mean|interpretation|staining|cells|number|membrane|completeness|copy)"
)


def continues(note: Note, sentence: Sentence) -> bool:
    """True for a line such as "Score: 2+" that goes on with the test named above it."""
    return bool(
        _GOES_ON.match(
            note.plain[sentence.start : sentence.end],
        )
    )


_HEADS = re.compile(
    r"[\s>•*-]*(?:(?:summary of |results? of )?her-?2(?:/neu)?(?: (?:status|results?|testing|scores?|summary|overview|expression|immunohistochemistry))?(?: ?(?:by |, )?(?:ihc|immunohisto\w*))?(?: (?:results?|scores?|history))?)(?: (?:to date|so far|over time|by (?:date|sample|specimen|site)|are|were|as follows)){0,3}(?: ?\([^()\n]{0,60}\))?\s?:?\s*"
)
_ROW = re.compile(
    r"[\s>•*-]*(?P<label>[^:=\n\t]{1,90}?)(?:\s?[:=]\s?|\s[-–]\s|\t\s?|\s\((?=(?:score\s|ihc\s)?(?:[0-3]\s?\+|0\s?[),])))(?:(?:score|ihc|at (?:that|the) time|then|now|still|again|called|reported as|read as)\s)?[\"“'‘]?(?P<s>[0-3]\s?\+|0(?!\d|\.\d|[%+]|\s?(?:/|%|of\b)))"
)


_DONE_ON = re.compile(
    r"(?=[^\n]{0,160}\bher-?2\b)(?=[^\n]{0,160}\b(?:re-?)?(?:tested|stained|scored|did it|done|performed|repeated|measured|checked)\b)(?![^\n]*(?:[0-3]\s?\+|\b(?:d?d?(?:fish|cish|sish)|ish|ngs|sequenc\w+|panel)\b))[^\n]{0,180}:\s*$"
)
"""A sentence that says what was stained, over lines of samples: "We tested both blocks for HER2, clone 4B5:"."""


def heads_list(note: Note, sentence: Sentence) -> bool:
    """True for a line that is no more than the name of the test, over lines of samples."""
    if _HEADS.fullmatch(note.plain, sentence.start, sentence.end) is None:
        return _DONE_ON.match(note.plain, sentence.start, sentence.end) is not None
    line = note.line_starts[note.line(sentence.start) - 1]
    leads = note.plain[sentence.start : sentence.end].rstrip().endswith(":")
    return leads or not note.plain[line : sentence.start].strip()


def heads_results(note: Note, sentence: Sentence) -> bool:
    """True for the end of a line over the results of what it names: "Lymph node metastasis (block B2):"."""
    return note.plain[sentence.start : sentence.end].rstrip().endswith(":")


def listed(note: Note, sentence: Sentence) -> bool:
    """True for a line "core: 2+" whose words before the score name a sample and no other stain."""
    row = _ROW.match(note.plain, sentence.start, sentence.end) or _column(note, sentence)
    if row is None or note.cues_in(*row.span("label"), "stain"):
        return False
    return labelled(label(note, sentence.start, row.start("s"), row.start("s")))


def names_sample(note: Note, sentence: Sentence) -> bool:
    """True for such a line whose words name a sample, in a paragraph on HER2 without a heading: "Lung core 3 May: 3+"."""
    row = _ROW.match(note.plain, sentence.start, sentence.end) or _column(note, sentence)
    if row is None or note.hits_in(*row.span("label"), "gene") or not listed(note, sentence):
        return False
    organ = row.re is _COLUMN and organs_in(note, *row.span("label"))
    return bool(organ) or SAMPLE.search(note.plain, *row.span("label")) is not None


_COLUMN = re.compile(r"[\s>•*-]*(?P<label>[^:=\n]{1,60}?)\s(?P<s>[0-3]\s?\+|0(?=\s|[,;(]|$))")


def _column(note: Note, sentence: Sentence) -> re.Match[str] | None:
    """Return the row "right obturator node    1+", whose score stands in a column of its own."""
    row = _COLUMN.match(note.plain, sentence.start, sentence.end)
    return row if row is not None and note.text[row.start("s") - 1] == "\t" else None


def lone_score(note: Note, sentence: Sentence) -> Token | None:
    """Return the 0 of such a line, which without the name of the test beside it is no score elsewhere."""
    row = by_whom(note, sentence)
    if row is None and listed(note, sentence):
        row = _ROW.match(note.plain, sentence.start, sentence.end) or _column(note, sentence)
    return Token("ihc", "score", "0", row.span("s")) if row and row["s"] == "0" else None


_ZERO_OF_PART = re.compile(
    r"(?:(?:[:=–-]|\b(?:is|was|scor(?:ed|es)|stained|shows?|graded|score|reads?)(?: as)?)\s)(?:ihc\s|score\s|negative[\s,]{1,2}|neg[\s,]{1,2}){0,2}\(?(?P<z>0)(?=\)?\s?(?:[.,;](?!\d)|\n|$|\(|and\b))"
)


_ZERO_CELL = re.compile(r"\t(?P<z>0)(?=\s?(?:[.,;](?!\d)|\n|$|\(|\t))")


def zeros_of_parts(note: Note, sentence: Sentence) -> list[Token]:
    """Return the scores 0 of specimens that a line in a paragraph on HER2 names: "Block 2B was also stained: negative (0)"."""
    place = sentence.start, sentence.end
    return [
        Token("ihc", "score", "0", match.span("z"))
        for match in (*_ZERO_OF_PART.finditer(note.plain, *place), *_ZERO_CELL.finditer(note.text, *place))
        if not note.cues_in(sentence.start, match.start("z"), "stain")
    ]


_SHARE_LINE = re.compile(
    r"[\s>•*-]*(?:(?:membrane )?(?:staining )?(?:intensity )?(?:score )?[0-3] ?\+?|(?:no|absent) staining|negative cells)\s?[:=]\s?\d{1,3}\s?%[^;:]{0,30}"
)


def share_line(note: Note, sentence: Sentence) -> bool:
    """True for one of several lines that say how many cells stain how: "staining intensity 2+: 20 %"."""
    if _SHARE_LINE.fullmatch(note.plain, sentence.start, sentence.end) is None:
        return False
    lines: int | None = note.memory.get("share lines")
    if lines is None:
        lines = note.memory["share lines"] = sum(
            _SHARE_LINE.fullmatch(note.plain, one.start, one.end) is not None for one in note.sentences
        )
    return lines > 1


_SCORED = Gated(
    r"\b(?:positive|negative|equivocal|scor(?:ed|es)|was|were|been|is|show(?:s|ed|n)|had|returned|gave|read|reported|remained|stayed|became|become|(?:rose|fell|risen|fallen|dropped|gone|went|changed) (?:up |down |back )?to|has|(?:came|come|turned) (?:back|out))\b[\s,(:]{1,3}(?:as\s)?(?:(?:also|again|both|clearly|score|scored|at|even|only|just|now|still|already|in fact|strongly|weakly|an?|definitely)\s){0,2}[0-3]\s?\+"
)
_TISSUE = re.compile(r"\b(?:primary|metast\w+|mets?|recurren\w+|relapse|nodes?|residual|lesion|deposit)\b")


def scores_sample(note: Note, sentence: Sentence) -> bool:
    """True for a sentence in a paragraph on HER2 that scores a sample and names no stain: "the skin biopsy was positive, 3+"."""
    if names_sample(note, sentence):
        return True
    if _SCORED.search(note.plain, sentence.start, sentence.end) is None:
        return False
    genes = [hit for hit in note.hits_in(sentence.start, sentence.end, "gene") if hit.id("gene") != "ERBB2"]
    if genes or note.cues_in(sentence.start, sentence.end, "stain"):
        return False
    place = sentence.start, sentence.end
    return SAMPLE.search(note.plain, *place) is not None or _TISSUE.search(note.plain, *place) is not None


_TISSUE_TESTS = frozenset({"ihc", "ish", "her2"})
_SCORE_AGAIN = Gated(
    r"\b(?:should (?:now )?read|stays|stayed|remains|remained|still|unchanged|also|again|re-?read|scored?|now)\b[^.;]{0,24}?(?<![\w+])[0-3]\s?\+"
    r"|\b(?:so|hence|thus|therefore|overall)[,:]?\s(?:it (?:is|was)\s)?(?:called|reported|scored|graded|read|given)\s(?:as\s|an?\s)?[0-3]\s?\+"
    r"|(?<![\w+])[0-3]\s?\+\s?\(?(?:in our hands|on (?:our |in-?house |central )?(?:re-?)?(?:review|read|test|stain)\w*|on repeat)\b"
)
"""A score without its test, in a paragraph on HER2: "primary re-read too - stays 1+"."""
_SCORE = Gated(r"\bscor(?:e|ed|es)\b")
_STAIN_BELOW = re.compile(r"\s*\([^().;]{0,60}\bmembran\w+ (?:staining|reactivity|positivity)\b")
"""A line in brackets that says how the cells stained, under a score whose line ends with what was sent for ISH."""


def taken_on(
    note: Note, sentence: Sentence, carried: str | None, listing: str | None, *, named: bool
) -> tuple[str | None, str | None]:
    """Return the test that a sentence goes on with, and the one that was spoken of until it.

    `listing` is the test of the heading over the lines; `named` is true of a sentence that names a listed specimen.
    """
    place = sentence.start, sentence.end
    if carried not in _TISSUE_TESTS:
        return carried, carried
    if named and _SCORE.search(note.plain, *place):
        return "ihc", "ihc"
    if _SCORE_AGAIN.search(note.plain, *place) or scores_sample(note, sentence) or by_whom(note, sentence):
        return "ihc", "ihc"
    if _STAIN_BELOW.match(note.plain, *place):
        return "ihc", carried
    if not named and not belongs(note, sentence):
        return (listing if listing is not None and listed(note, sentence) else None), carried
    return carried, carried


_SIGNED = re.compile(r"(?<![\w+])[0-3]\s?\+")


def back_to_stain(note: Note, sentence: Sentence, carried: str | None, *, row: bool) -> str | None:
    """Return the stain that a sentence behind ISH goes back to: of several samples, or in the next row under "HER2 (4B5):"."""
    if carried != "ish":
        return None
    return "her2" if row or len(_SIGNED.findall(note.plain, sentence.start, sentence.end)) > 1 else None
