"""Where a sentence speaks of which HER2 test, and whether a result is stated of this patient."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from her2nav.intake.notes.fields.her2_whose import CEP17, other_stain
from her2nav.intake.notes.fields.her2_whose import HER2 as HER2
from her2nav.intake.notes.fields.her2_whose import NAME as NAME
from her2nav.intake.notes.fields.sequencing import SEQUENCING
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

MARKS = Gated(
    rf"(?<![\w])(?:(?P<probes>{HER2}\s?[:/]\s?(?:{CEP17}))(?!\w)|(?P<her2>{HER2})(?!\d)|(?P<ish>d?d?(?:fish|cish|sish)|dual[- ](?:probe )?ish|d-?dish|dish(?=\s?(?:[-+:(]|not|non|amp|pos|neg|ratio))|\bish\b|(?:(?:silver|fluorescen\w{1, 3}|chromogenic|bright-?field)(?:[- ]enhanced)? )?in[- ]situ hybridi[sz]ation|(?:silver|fluorescen\w{1, 3}|chromogenic|(?:single|dual)[- ]probe) in[- ]situ\b|reflex ish|ce[pn][- ]?17|d17z1|chr(?:omosome)?[- ]?17(?= (?:signals? |copies )?(?:per|/) ?(?:cell|nucleus)))"
    r"|(?P<ihc>ihc(?=[0-3]\s?\+)|ihc(?!\w)|immunohisto\w*|immunostain\w*|inmunohistoquimica)|(?P<assay>hercep ?test|4b5)"
    rf"|(?P<ngs>{SEQUENCING}|genomic\w*|cn[av](?=\s?[:=|\t])))(?:(?!\w)|(?<=ihc))"
)
NO_AMPLIFICATION = (
    r"(?:\b(?:not|non|no|nicht|niet|nao|não|kein\w*|geen|sin|senza|sans|ohne|without|aucune|nessuna|ninguna)[\s-]{1,2}(?:evidence of |signs of |hinweis auf (?:eine )?|nachweis einer |evidenza di |evidence d.|mise en evidence d.|evidencia de )?(?:her-?2[\s-]|erbb2[\s-]|gen(?:e|ic)?[\s-])*amplif\w*"
    r"|\b(?:pas d.|absence d.|assenza di |ausencia de )amplif\w*"
    r"|\bamplif\w*(?: (?:des|du|der|del|do) (?:her-?2[\s-]?)?gen\w*)? (?:nicht|non|niet|no) (?:nachweisbar|nachgewiesen|vorhanden|detecte\w*|retrouve\w*|rilevata|presente|detectada|aangetoond))"
)
"""That HER2 is not amplified, in English and in the languages whose reports are met most."""
_FOR_GENE = re.compile(
    r"[\s:]*(?:is |was |studies |testing )?(?:positive|negative|pos|neg|amplified|not amplified|done|performed|sent|requested)?\s?(?:for|of)\s(?:the\s)?"
)
_OF_GENE = re.compile(r"[\s/:(-]*(?:by |on |break-?apart |gene )?")
_NO_STAIN = re.compile(
    rf"{HER2}|biops|\bbx\b|core|resect|specimen|sample|block|primary|metast|recurr|liver|lung|brain|bone|node|breast|gastric|stomach|local|central|review"
    r"|initial|repeat|original|assay|method|test|score|result|date|reported|site|part|final|addend|immuno|protein|\d{4}|^\W*$"
)
"""Words of a first cell after which the IHC of a row is still that of HER2."""
LABORATORY = Gated(
    r"(?P<outside>\boutside\b(?! (?:slides?|blocks?|material|tissue|sections?))|(?:\b(?:their|another|other)|'s) (?:lab\w*|hospital|institution|cent(?:re|er))\b|\b(?:at|from|by) (?:the )?(?:referring|referral|outside|local) (?:centre|center|hospital|institution|lab\w*)\b|\breferring (?:path\w*|report|lab\w*)\b|\bosh\b|\belsewhere\b|\bexternal(?:ly)?\b)"
    r"|(?P<review>\b(?:d?-?d?(?:fish|cish|sish|ish)|ihc|her-?2) here\b|(?<![a-z] )\bre-?review(?=:)|\b(?:performed|done|stained|tested|counted|recounted) (?:here|in (?:this|our) (?:lab\w*|department))\b|\bre-?review(?:ed)? (?:here|by us)\b|\breviewed (?:here|at (?:our|this)|in-?house|by us)\b|\b(?:our|in-?house|internal|slide) review\b|\b(?:on )?our (?:re-?read|re-?review)\b|\bon (?:our )?(?:review|re-?read|re-?review)\b|\b(?:repeated|re-?scored|re-?read) (?:here|at (?:our|this))\b|(?<=\+ )in[- ]?house\b|\bin[- ]house(?=:)|(?<=[(\[])(?:in[- ]?house|here|this (?:lab\w*|hospital)|own lab\w*)(?=[)\]])|\bours\b|\bour (?:own )?(?:lab\w*|pathologists?|department|repeat)\b|\bin-?house\b(?= (?:repeat|test\w*|result|her-?2|ihc|re-?test))|\bin our hands\b|\b(?:second|expert) opinion\b|\b(?:re-?)?(?:stained|tested|scored) (?:it )?again (?:here|by us|in-?house)\b)"
    r"|(?P<central>(?<![a-z] )\bcentral(?=:)|(?<=\+ )centrally\b|(?<=0 )centrally\b|(?<=[\n\s])central(?= \()|(?<=[(\[])central(?:ly)?(?=[)\]])|\bcentral(?:ly)?\b(?= (?:lab\w*|review|test\w*|confirm\w*|ihc|her-?2|read|result|score|path\w*))|\b(?:by|at) central\b|\bcentral(?:ly)?(?=:? (?:[0-3]\s?\+|0(?!\d|\.\d|%)))|"
    r"\b(?:(?:the|a|our|their|national|provincial|regional|state|external|outside) ){0,2}reference (?:lab\w*|cent(?:re|er)s?|path\w*|institut\w*|service|hospital)\b(?! (?:range|value|interval|limit)))"
    r"|(?P<local>(?<![a-z] )\blocal(?=:)|\blocal(?:ly)?\b(?= (?:lab\w*|review|test\w*|ihc|her-?2|read|result|score|path\w*))|\b(?:by|at) local\b|\blocal(?=:? (?:[0-3]\s?\+|0(?!\d|\.\d|%)))|\blocally\b|(?<=[\n\s])local(?= \()|(?<=[(\[])local(?:ly)?(?=[)\]]))"
)
_BEFORE_IT = Gated(
    r"\b(?:previously|originally|initially|formerly|first)\s(?:reported|read|scored|called|given|issued)(?:\s(?:as|at|to be))?\s$"
)
_CORRECTED = Gated(r"\b(?:corrected|amended|revised|changed|correction)\b")
_FROM = Gated(
    r"\b(?:corrected|amended|revised|changed|upgraded|downgraded|up-?scored|down-?scored)\b[^.;]{0,60}\bfrom\s(?:her-?2\s)?(?:ihc\s)?(?:score\s)?$"
)
_TO = re.compile(r"\W{0,3}(?:\([^()]{0,30}\)\s?)?to\b")
_CORRECTED_TO = Gated(
    r"\b(?:corrected|amended|revised|changed|re-?classified|up-?graded|down-?graded)\s(?:from\s[^.;]{1,24}\s)?to\s(?:her-?2\s)?(?:ihc\s)?(?:score\s)?$"
)


def corrects(note: Note, sentence: Sentence, token: Token) -> bool:
    """True for the result that takes the place of an earlier one of its sample: "the score is corrected to 0"."""
    if token.key == "score" and _NOT_OTHER.match(note.plain, token.span[1], sentence.end):
        return True  # "the score of C is 3+, not 2+"
    return _CORRECTED_TO.search(note.plain, sentence.start, token.span[0]) is not None


_NOT_OTHER = re.compile(
    r",?\s(?:and not|not|instead of|rather than)\s(?:as\s|an?\s)?(?:her-?2\s)?(?:score\s)?[0-3]\s?\+"
)


_TAKEN_BACK = Gated(
    r"\b(?:in error|erroneous\w*|withdrawn|retracted|rescinded|void(?:ed)?|(?:should|must) be disregarded|disregard|not valid|invalid(?:ated)?)\b"
)
_OF_HER2 = Gated(r"\b(?:her-?2|ihc|score|fish|ish|results?|report)\b")


def taken_back(note: Note, sentence: Sentence) -> bool:
    """True for a sentence that takes a result back without naming it: "the HER2 result of part B is withdrawn"."""
    return (
        _TAKEN_BACK.search(note.plain, sentence.start, sentence.end) is not None
        and _OF_HER2.search(note.plain, sentence.start, sentence.end) is not None
    )


_ERROR = Gated(
    r"\b(?:in error|erroneous\w*|incorrect\w*|wrongly|misreported|by mistake|mistakenly|transcription error)\b"
)
_WITHDRAWN = Gated(
    r"\b(?:is|was|has been|have been|are|were|should be|must be)\s(?:hereby\s|now\s|formally\s)?(?:withdrawn|retracted|rescinded|disregarded|superseded|void\w*)\b"
)
_RIGHT = Gated(r"\b(?:correct (?:score|result|value|her-?2)|corrected (?:to|score|result)|should read)\b")


class Token(NamedTuple):
    """One result: which test, which key of the patient file, value and place."""

    test: str
    key: str
    value: Any
    span: Span


_BY_PANEL = re.compile(
    r"(?:\b(?:by|on|via|using|with|from|per|in)\s(?:the\s|a\s)?(?:tissue\s|tumou?r\s|targeted\s|somatic\s)?|\()$"
)
_ALSO_PLASMA = re.compile(r"\b(?:ct-?dna|cf-?dna|plasma|liquid|blood)\b")
_BESIDE = 40
_PARTED = re.compile(r"[,;+]|\.\s|\band\b|\b(?:pos|neg)|\d")
_GENE_LABEL = re.compile(r"cn[av]\b")
_OF_GENES = re.compile(r"\b(?:amplif\w*|amp|copy|copies|cnv|cna|mutat\w*|variant|insertion)\b")


def _of_panel(note: Note, found: list[tuple[int, str]], end: int) -> list[tuple[int, str]]:
    """Give a statement of genes to the sequencing that is named behind it: "ERBB2 amplification (CN 65) on NGS"."""
    for i, (start, mode) in enumerate(found[:-1]):
        behind, test = found[i + 1]
        earlier = {one for _, one in found[:i]}
        own = note.plain[start:behind]
        if mode == "her2" and "ngs" in earlier and own.startswith("erbb2") and _OF_GENES.search(own) and test != "ish":
            found[i] = (start, "ngs")
            continue
        if mode == "her2" and test == "ngs" and _GENE_LABEL.match(note.plain, behind):
            found[i] = (start, "ngs")
            continue
        if mode == "her2" and test == "ngs" and not earlier & {"ish", "ihc"}:
            words = note.plain[start:behind]
            if (
                _OF_GENES.search(words)
                and _BY_PANEL.search(words)
                and ";" not in words
                and ". " not in words
                and not (
                    words.endswith(("tissue ", "tumour ", "tumor ")) and _ALSO_PLASMA.search(note.plain, behind, end)
                )
            ):
                found[i] = (start, "ngs")
    return found


def _last_of_panel(note: Note, sentence: Sentence, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Do the same for the last mark of a sentence."""
    start, mode = found[-1]
    own = note.plain[start : sentence.end]
    if mode == "her2" and "ngs" in {one for _, one in found} and own.startswith("erbb2") and _OF_GENES.search(own):
        found[-1] = (start, "ngs")
    return found


def modes(note: Note, sentence: Sentence, carried: str | None) -> list[tuple[int, str]]:
    """Return from which place on which test is meant: her2, ihc, ish, ngs or another stain."""
    found: list[tuple[int, str]] = [(sentence.start, carried or "none")]
    marks = MARKS.finditer(note.plain, sentence.start, sentence.end)
    found += [(match.start(), _mark(note, sentence, match)) for match in marks]
    found += _ratios(note, sentence, [mode for _, mode in found])
    found += _paired(note, sentence, found)
    found = [one for one in found if one[1] != "ihc" or not _on_ihc(note, sentence, one[0])]
    # The antibody names the test only where nothing before it does: "HercepTest: 2+".
    found = [
        one if one[1] != "assay" else (one[0], "ihc") for i, one in enumerate(found) if one[1] != "assay" or i == 1
    ]
    stains = note.cues_in(sentence.start, sentence.end, "stain")
    found += [
        (cue.start, "other")
        for cue in stains
        if not _her2_inside(note, cue.start, cue.end) and not _prefix(note, cue.start, cue.end)
    ]
    found.sort(key=lambda one: one[0])
    ends = {cue.start: cue.end for cue in stains}
    for i in range(1, len(found)):
        # "ER   IHC   1+": the test is that of the stain named right before it.
        if found[i][1] == "ihc" and found[i - 1][1] == "other":
            words = note.plain[ends.get(found[i - 1][0], found[i - 1][0]) : found[i][0]]
            if len(words) < _BESIDE and not _PARTED.search(words):
                found[i] = (found[i][0], "other")
    return _last_of_panel(note, sentence, _of_panel(note, found, sentence.end))


_SCORED_ON = re.compile(r"[0-3]\s?\+\)?\s(?:on|by|via)\s(?:the\s)?$")


def _on_ihc(note: Note, sentence: Sentence, place: int) -> bool:
    """True for the name of the test behind its score: what follows goes on with it, "3+ on IHC (basolateral, 80%)"."""
    return _SCORED_ON.search(note.plain, max(sentence.start, place - 12), place) is not None


_RATIO = Gated(r"\bratio[\s:=]{1,3}(?:of |is |was )?\d{1,2}[.,]\d")


OTHER_RATIO = re.compile(
    r"(?:\b(?:creatinine|albumin|protein|acr|pcr|inr|neutrophil|lymphocyte|platelet|kappa|lambda|fev1|fvc|bun|urea|hazard|odds|risk|waist|hip|ast|alt|cd4|cd8|globulin|stroma|sodium|cholesterol|hdl|e/a|e/e'|a/g|n/c|i:?e)[a-z-]*[\s/:-]{0,3})+$"
)
"""Words that make a ratio one of something else: "albumin/creatinine ratio 3.0"."""


def _ratios(note: Note, sentence: Sentence, seen: list[str]) -> list[tuple[int, str]]:
    """Return where the ratio of a sentence on HER2 stands that names no other test: what follows are counts of ISH."""
    if ("her2" not in seen and "ish" not in seen) or "ngs" in seen or "other" in seen:
        return []
    found = _RATIO.finditer(note.plain, sentence.start, sentence.end)
    return [
        (match.start(), "ish")
        for match in found
        if not OTHER_RATIO.search(note.plain, max(sentence.start, match.start() - 30), match.start())
    ]


_PAIR = Gated(
    r"(?<![\w+.])[0-3]\s?\+(?:\s?[/,(;]{1,2}\s?|\s(?:with|and)\s(?:an?\s)?)(?:(?:non-?\s?amplified|not amplified|amplified|positive|negative)\s(?:on\s|by\s)?)?(?:d?-?d?(?:fish|cish|sish|ish))\b"
)


def _paired(note: Note, sentence: Sentence, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return where a score stands that names no test and goes with ISH: "core 2+/FISH negative"."""
    pairs: list[tuple[int, str]] = []
    for match in _PAIR.finditer(note.plain, sentence.start, sentence.end):
        before = [mode for place, mode in sorted(found, key=lambda one: one[0]) if place <= match.start()]
        if before[-1] in ("none", "ish"):
            pairs.append((match.start(), "ihc"))
    return pairs


def _mark(note: Note, sentence: Sentence, match: re.Match[str]) -> str:
    """Return the test of a mark: "HER2:CEP17" is ISH, and "ALK FISH" is another gene's."""
    name = str(match.lastgroup)
    if name == "probes":
        return "ish"
    if name == "ish" and any(
        hit.id("gene") not in (None, "ERBB2") and _OF_GENE.fullmatch(note.plain[hit.end : match.start()])
        for hit in note.hits_in(max(sentence.start, match.start() - 20), match.start(), "gene")
    ):
        return "other"
    if name == "ihc" and (_other_row(note, sentence, match.start()) or other_stain(note, sentence, *match.span())):
        return "other"
    if name == "ihc" and any(
        hit.id("gene") not in (None, "ERBB2") and _OF_GENE.fullmatch(note.plain[hit.end : match.start()])
        for hit in note.hits_in(max(sentence.start, match.start() - 20), match.start(), "gene")
    ):
        return "other"
    behind = _FOR_GENE.match(note.plain, match.end(), sentence.end) if name == "ish" else None
    if behind is not None:
        places = (behind.end(), min(sentence.end, behind.end() + 16))
        genes = [hit for hit in note.hits_in(*places, "gene") if hit.start == behind.end()]
        if any(hit.id("gene") != "ERBB2" for hit in genes) or any(
            cue.start == behind.end() and not _her2_inside(note, cue.start, cue.end)
            for cue in note.cues_in(*places, "stain")
        ):
            return "other"
    if name == "ish" and any(
        _OF_GENE.fullmatch(note.plain[cue.end : match.start()])
        for cue in note.cues_in(max(sentence.start, match.start() - 16), match.start(), "stain")
    ):
        return "other"
    return name


def _other_row(note: Note, sentence: Sentence, start: int) -> bool:
    """True when the first cell of a row names another stain: "folate receptor | IHC | positive, 2+"."""
    if "\t" not in note.text[sentence.start : sentence.end]:
        return False
    first = note.plain[sentence.start : start]
    return len(first) < _CELL and not _NO_STAIN.search(first)


_CELL = 30


_MEASURED = re.compile(r"[\s:]{0,2}(?:\d|pos|neg|\+|-\s|fuerte|debil)")


def _prefix(note: Note, start: int, end: int) -> bool:
    """True for the "re" of "re-read", which is no Spanish oestrogen receptor, and for blood that is no finding in urine."""
    written = note.plain[start:end]
    return written.rstrip(":") in ("re", "rp", "blood") and _MEASURED.match(note.plain, end) is None


def _her2_inside(note: Note, start: int, end: int) -> bool:
    return note.plain[max(0, start - 1) : start] == "/" and note.plain[start:end] == "neu"


def test_at(places: list[tuple[int, str]], index: int) -> str:
    """Return the test that governs a mark: IHC and ISH stay until another test is named."""
    mode = places[index][1]
    if mode != "her2":
        return mode
    for _, before in reversed(places[:index]):
        if before in ("ish", "ngs"):
            return before
        if before in ("ihc", "other"):
            return "ihc" if before == "ihc" else "her2"
    return "her2"


def laboratories(note: Note, sentence: Sentence) -> list[tuple[str, Span]]:
    """Return the laboratories that a sentence names, in order: "local" or "central"."""
    key = ("laboratories", sentence.start, sentence.end)
    found: list[tuple[str, Span]] | None = note.memory.get(key)
    if found is None:
        named = LABORATORY.finditer(note.plain, sentence.start, sentence.end)
        found = note.memory[key] = [(str(match.lastgroup), match.span()) for match in named]
    return found


_CENTRAL_TITLE = Gated(r"\bcentral (?:lab\w*|path\w*) (?:her-?2 )?(?:report|results?)\b")
_TITLE = 160


def central_report(note: Note) -> tuple[str, Span] | None:
    """Return the central laboratory where the title of a report names it: its results are those of no other one."""
    match = _CENTRAL_TITLE.search(note.plain, 0, _TITLE)
    return ("central", match.span()) if match else None


_OWN_SCORE = re.compile(
    r"(?:\s(?:lab\w*|report|result|score|read(?:ing)?|ihc|was|is|said|says|called|it|had|been))*[\s:=]{1,2}(?:[1-3]\s?\+|0(?![\d.%]))"
)
_RIGHT_BEHIND = re.compile(r"[\s(,]{0,3}(?:at|by|on|in|from)?\s?(?:the\s)?")


def _closed(note: Note, start: int, end: int) -> bool:
    """True where a place lies in a bracket with a score of its own, which ends before another place."""
    close = note.plain.find(")", start, end)
    return close >= 0 and note.plain.find("(", start, close) < 0 and "+" in note.plain[start:close]


_NEXT_TEST = re.compile(r"\b(?:d?-?d?(?:fish|cish|sish|ish)|ngs|in[- ]situ)\b")


def laboratory_of(note: Note, token: Token, named: list[tuple[str, Span]]) -> tuple[str, Span] | None:
    """Return whose result a token is: the laboratory named last before it, else the only one of the sentence."""
    behind = [
        one
        for one in named
        if one[1][0] >= token.span[1] and _RIGHT_BEHIND.fullmatch(note.plain, token.span[1], one[1][0])
    ]
    # A laboratory in a bracket governs what the bracket holds: "2+ (outside 3+); FISH not amplified".
    before = [one for one in named if one[1][0] < token.span[0] and not _closed(note, one[1][0], token.span[0])]
    if behind and _OWN_SCORE.match(note.plain, behind[0][1][1]):
        behind = []  # "1+ (local result 0)": the laboratory is that of the next score
    if behind and token.key == "score" and not (before and "," in note.plain[token.span[1] : behind[0][1][0]]):
        return behind[0]
    if before:
        return before[-1]
    if not named or note.plain.find(";", token.span[1], named[0][1][0]) >= 0:
        return None  # "biopsy at Leeds: 3+; in our laboratory the same block 2+"
    if token.test == "ihc" and _NEXT_TEST.search(note.plain, token.span[1], named[0][1][0]):
        return None  # "2+ in our hands, FISH at the reference laboratory": the laboratory is that of the next test
    return named[0] if len({name for name, _ in named}) == 1 else None


_SORRY = re.compile(
    r"[\s,.(–-]{1,4}(?:no,? sorry|sorry,?|correction:?|scratch that,?|i mean|i meant)\b[^.;]{0,30}(?:[0-3]\s?\+|\b(?:positive|negative|low)\b)"
)
"""A slip of the tongue that was typed: "2+, no sorry, 3+"."""
_NOT_CONFIRMED = re.compile(
    r"[^.\d]{0,30}\b(?:not|could not be|was not) confirmed\b(?! by (?:d?-?d?(?:fish|ish|cish|sish)|in[- ]situ))(?=[^.]{0,40}[0-3]\s?\+)"
)
"""Another reading took the result back: "3+ elsewhere; not confirmed on our review (1+)"."""
_OF_SAMPLE = re.compile(
    r"\W{0,3}\([^()]{0,20}(?:primary|core|biops|bx|resect|excis|surg|met|node|recur|relaps|liver|bone|lung|brain|skin|breast|\d{4})"
)


def withdrawn(note: Note, sentence: Sentence, token: Token) -> bool:
    """True for a result that the sentence calls an error: "reported as 3+ in error", "corrected from 3+ to 1+"."""
    start, end = token.span
    if _FROM.search(note.plain, sentence.start, start) and _TO.match(note.plain, end, sentence.end):
        return not _OF_SAMPLE.match(note.plain, end)  # "changed from 3+ (primary) to 1+ (node)" is no correction
    if _NOT_CONFIRMED.match(note.plain, end, sentence.end) or _SORRY.match(note.plain, end, sentence.end):
        return True
    if _BEFORE_IT.search(note.plain, sentence.start, start) and _CORRECTED.search(note.plain, sentence.start, start):
        return True
    if _WITHDRAWN.search(note.plain, end, sentence.end):
        return True
    if not _ERROR.search(note.plain, sentence.start, sentence.end):
        return False
    return not _RIGHT.search(note.plain, sentence.start, start)
