"""The words by which notes name samples, and the letters and numbers of the parts of a report."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_KINDS = (
    ("blood", r"ct-?dna|cf-?dna|circulating tumou?r dna|liquid biops(?:y|ies)|plasma(?: ngs| sample)?|guardant ?360|g360|guardant|tempus xf\+?|(?:foundation ?one|f1) ?liquid(?: ?cdx)?|f1lcdx|blood sample|whole blood"),
    ("cytology_block", r"cell[- ]?block"),
    ("block", r"(?:primary|archival|metastatic|same) (?:tumou?r )?block"),
    ("cytology", r"fna|fine[- ]needle aspirat\w+|aspirate|cytology|pleural (?:fluid|tap|aspiration)|ascitic (?:fluid|tap)|(?:straw[- ]colou?red|blood-?stained|turbid|ha?emorrhagic) fluid|ebus(?:-tbna)?|effusion cytology|brushings?(?= (?:of|from|on|in|\d)| ?[,:(])"),
    (
        "biopsy",
        (r"(?:core|needle|punch|endoscopic|trucut|tru-cut|ct-guided|us-guided|incisional|excisional|repeat|re|cryo|micro|macro)?(?:[- ]core)?[- ]?(?:re-?)?"
        r"(?:biops(?:y|ies|ied)|bx|biopsia)|(?:stanz|re-?|leber|knochen(?:mark)?|hirn|lungen|haut|lymphknoten|mamma|pleura|magen|naald|vacuum|micro)?-?biopsie[nës]?|stanzen?|gastroscopy(?= \d)|colonoscopy(?= \d)|bronchoscopy(?= \d)|ogd(?= \d)|endoscopy(?= (?:of |on )?\d)|(?:gastroscopy|endoscopy|colonoscopy|bronchoscopy|ogd)(?=[^.;]{0,40}\b(?:fragments|pieces|particles)\b)|core needle|cores?(?= (?:of|from|\d)|\b)|rebiops(?:y|ied)|(?:eus-?)?fnb|tb(?:lb|nb|cb|lc)|egd|tru-?cut|trephine|cnb|vab|pipelle|d ?& ?c(?=\s?[,:(\d]| (?:on|of|in|specimen|\d))|dilat\w+ and curettage|curett(?:ings?|age)"
        r"|(?<!lumbar )(?<!venous )(?<!vascular )(?<!arterial )punctures?(?=,? (?:of|from|on|in|(?:on )?\d)|\s?[:(])|punch(?:es)?(?= (?:of|from|\d)|:)"),
    ),
    (
        "resection",
        (r"resections?|resected|excisions?|wle|wide local excision|lumpectomy|mastectomy|bcs|breast[- ]conserving surgery|colectomy|hemicolectomy|gastrectomy|oesophagectomy|"
        r"esophagectomy|surgical specimen|operat(?:ion|ive) specimen|resection specimen|ablation (?:specimen|block)|ablatio(?: mammae)?|metastasectomy|craniotomy|lobectomy|partial mastectomy|hysterectomy|hyst(?= specimen|:)|t[al]h(?:[/+ -]{1,3}bso)?|cystectomy|mrm|turbt?|tur(?:-?bt?|-p)?(?= (?:of|on|specimen|bladder|\d)| ?[,:(])|tur-bt?|tumorectomy|quadrantectomy|segmentectomy|sigmoidectomy|cholecystectomy"
        r"|mammoplasty|wedge(?: resection)?(?= (?:of|\(|,|-|specimen|showed)|\s?[:,)-])|resektion|resektat\w{0,2}|mastektomie|gastrektomie|post-?operative (?:histology|pathology|specimen)|cystoprostatectomy|prostatectomy|nephrectomy|nephroureterectomy|(?:salpingo-?)?oophorectomy|omentectomy|parotidectomy|pancreatectomy|pancreatico?-?duodenectomy|pancreatoduodenectomy|whipple(?:'s)?(?: procedure| resection| operation)?(?= (?:on|in|specimen|of|\d)| ?[,:(])|endoscopic (?:sub)?mucosal (?:dissection|resection)|esd(?= (?:on|of|specimen|\d)| ?[,:(])|hepatectomy|thyroidectomy"),
    ),
)  # fmt: skip
_OPERATED_ON = (
    r"operat(?:ed|ion)(?: on)?|surgery|excised|(?:lump|tumou?r|breast|metastas[ei]s|lesion|nodule|deposit|it) (?:was |were |had been )?(?:taken (?:out|off)|removed|cut out)"
    r"|(?:took|taken|cut|had) (?:out )?(?:the|my|her) (?:lump|tumou?r|breast)(?: taken)? (?:out|off|removed)|(?:took|taken|cut) out (?:the|my|her) (?:lump|tumou?r|breast)"
)
"""An operation is a sample where its day is given: "operated on 15 October 2024 ... the piece was tested again"."""
_TAKEN = (
    r"(?:another|a second|a new|a further|a fresh|the next|the new|one more) one(?= (?:of|from|in|out of) )|(?:pieces?|bits?|slivers?|snips?|plugs?|tissue|samples?|specimens?)(?: of tissue)?(?: was| were)?(?: taken| obtained)?"
    r"(?= (?:of|from|out of) (?:the |my |her |his |a |one |that )?(?!lab|patient|tumou?r\b|hospital|block|slide|same|biops|core)[a-z]{4})"
    r"|needles?(?= (?:in|into|through) (?:the|my|her|his|a) [a-z])|(?<!not )sampled(?! separately)"
)
"""A sample as people say it who are no pathologists: it is one where an organ is named beside it."""
NOT_SAMPLED = Gated(
    r"\b(?:after|before|prior to|post|pre|until|till|for|awaiting|fit for|declined|no|further|since|following|previous|her|brain|heart|spinal|bypass|eye|knee|hip|hernia|bowel)[\s-](?:the\s|her\s|his\s|any\s|breast\s|definitive\s)?$"
)
SAMPLE = Gated(
    r"(?<![\w-])(?:"
    + "|".join(rf"(?P<{kind}>{words})" for kind, words in _KINDS)
    + rf"|(?P<operated>{_OPERATED_ON})|(?P<taken>{_TAKEN}))(?![\w])(?!-(?!proven))"
)
_PART = re.compile(r"[ \t>*-]*(?:(?:part|specimen|sample|block|tissue)\s)?(?P<p>[a-h])(?:\s?[.:)]|\s-)\s")
_PART_AGAIN = Gated(r"\b(?:part|specimen|sample|block|tissue)s?\s(?P<p>[a-h])(?:-?\d{1,2})?\b(?!\s?(?:was|is) not)")
_NUMBERED = Gated(
    r"\b(?:specimen|sample|part|core|site|tumou?r|lesion|focus|case|procedure)\s[1-9]\b(?!\s?(?:cm|mm|x\b|of\b|/|\.\d|,\d))"
)
_NUMBER = re.compile(
    r"[ \t>*-]*(?:(?:specimen|sample|part|core|site|tumou?r|lesion|focus|case|procedure)\s)?(?P<p>[1-9])(?:[.):]|\s-|(?=\s))\s"
)
_NUMBER_AGAIN = Gated(
    r"\b(?:specimen|sample|part|core|site|tumou?r|lesion|focus|case|procedure)s?\s(?P<p>[1-9])\b(?!\s?(?:cm|mm|x\b|of\b|/|\.\d|,\d))"
)


def _numbered(note: Note) -> bool:
    """True for a note that speaks of "specimen 1" and "specimen 2": the numbers of its list are those of samples."""
    known = note.memory.get("numbered")
    if known is None:
        known = note.memory["numbered"] = len({match[0] for match in _NUMBERED.finditer(note.plain)}) > 1
    return bool(known)


_SHORT = re.compile(r"[ \t>*-]*(?P<p>[s#][1-9])(?:[.):]\s|\s)")
_SHORT_AGAIN = re.compile(r"(?<!\w)(?P<p>[s#][1-9])\b(?![-/])")


def _short_labels(note: Note) -> frozenset[str]:
    """Return the labels "S1", "S2", or "#1", "#2", where a note lists its samples by them; one alone is a vertebra or a drug."""
    known: frozenset[str] | None = note.memory.get("short labels")
    if known is None:
        lines = [_SHORT.match(note.plain, place) for place in note.line_starts]
        found = frozenset(match["p"] for match in lines if match)
        known = note.memory["short labels"] = found if len(found) > 1 else frozenset()
    return known


_NUMBER_BEHIND = re.compile(r"\s#?(?P<p>[1-9])\b(?!\s?(?:cm|mm|x\b|of\b|/|\.\d|,\d|\+|%))")


def number_of(note: Note, end: int) -> str | None:
    """Return the number right behind the word for a sample, in a note that tells its samples apart so: "core 1"."""
    match = _NUMBER_BEHIND.match(note.plain, end) if _numbered(note) else None
    return match["p"] if match else None


PARTS = Gate(_PART_AGAIN, _NUMBER_AGAIN)


def block_of(note: Note, sentence: Sentence) -> str | None:
    """Return the letter of the one block that a sentence names: "current excision, block A5"."""
    named = {match["p"] for match in _BLOCK.finditer(note.plain, sentence.start, sentence.end)}
    return named.pop() if len(named) == 1 else None


_BLOCK_OF_NUMBER = Gated(r"\b(?:specimen|sample)\s(?P<p>[1-9])\s?[(,]\s?block\s[a-h]-?\d{1,2}\b")
"""The letter is that of the block, not of another part: "Sample 1 (block A3)"."""
_BLOCK = Gated(r"\bblock\s(?P<p>[a-h])-?\d{1,2}\b")


def part_of(note: Note, sentence: Sentence) -> str | None:
    """Return the letter of the part of the report that a sentence speaks of: "BIOMARKERS, PART A (block A2)"."""
    short = _short_labels(note)
    if not short and sentence.start not in note.cued(PARTS):
        return None
    named = {match["p"] for match in _PART_AGAIN.finditer(note.plain, sentence.start, sentence.end)}
    if _numbered(note):
        blocks = {match["p"] for match in _BLOCK_OF_NUMBER.finditer(note.plain, sentence.start, sentence.end)}
        named = {*blocks} if blocks else named
        named |= {match["p"] for match in _NUMBER_AGAIN.finditer(note.plain, sentence.start, sentence.end)}
    if short:
        again = _SHORT_AGAIN.finditer(note.plain, sentence.start, sentence.end)
        named |= {match["p"] for match in again if match["p"] in short}
    return named.pop() if len(named) == 1 else None


def own_part(note: Note, sentence: Sentence) -> str | None:
    """Return the letter or number that opens the line of a sample."""
    # What stands on one line is of one part, though a point may end the sentence.
    line = note.line_starts[note.line(sentence.start) - 1]
    match = _PART.match(note.plain, line, sentence.end)
    if match is None and _numbered(note):
        match = _NUMBER.match(note.plain, line, sentence.end)
    if match is None and _short_labels(note):
        match = _SHORT.match(note.plain, line, sentence.end)
    return match["p"] if match else None


COMPARED = re.compile(
    r"\b(?:weaker|stronger|lower|higher|less|more|fewer|similar|identical|comparable|different|differs?|unchanged)\b[^.;,]{0,24}?\b(?:than|to|with|as|from)\s"
    r"(?:(?:in|on|at|of|that|those|seen|found|the|her|his|our|previous|prior|earlier|original|initial|first|diagnostic|outside|pre-?treatment|pre-?therapy)\s)*$"
)
"""Words that only compare with a sample: what is told before them is not its."""
