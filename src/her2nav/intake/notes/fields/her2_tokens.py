"""HER2 results inside one sentence: scores, patterns, ratios, copies, sequencing; each after the stain it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from her2nav.intake.notes.context import context
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

HER2 = r"(?:her-? ?2(?:[/ -]{0,2}neu)?|erb-?b-?2|c-?erb-?b-?2|her2neu|her-2neu)"
_HER2 = re.compile(rf"(?<![\w-]){HER2}(?![\d])")
_MARKS = Gated(
    re.compile(
        rf"(?<![\w])(?:(?P<probes>{HER2}\s?[:/]\s?(?:cep ?17|d17z1|chr(?:omosome)? ?17))(?!\w)|(?P<her2>{HER2})(?!\d)|(?P<ish>d?d?(?:fish|cish|sish)|dual[- ](?:probe )?ish|d-?dish|\bish\b|in[- ]situ hybridi[sz]ation|reflex ish|cep ?17|d17z1)"
        r"|(?P<ihc>ihc|immunohisto\w*|immunostain\w*|inmunohistoquimica)"
        r"|(?P<ngs>ngs|next[- ]gen\w*(?: sequencing)?|sequencing|panel|f1 ?cdx|foundation ?one|foundation medicine|guardant\d*|tempus|oncomine|msk-impact|caris|tso-?500|molecular profil\w+|"
        r"ct-?dna|cf-?dna|liquid biopsy|genomic\w*))(?!\w)"
    ),
    "her2",
    "her-2",
    "her",
    "erb",
    "ish",
    "ihc",
    "immuno",
    "inmuno",
    "ngs",
    "next",
    "seq",
    "panel",
    "f1",
    "foundation",
    "guardant",
    "tempus",
    "oncomine",
    "impact",
    "caris",
    "tso",
    "profil",
    "dna",
    "liquid",
    "genomic",
    "cep",
    "d17",
)
_SCORE = re.compile(
    r"(?P<range>(?<![\w.+])(?P<r1>[0-3])\s?\+?\s?(?:to|-|–|/|or)\s?(?P<r2>[1-3])\s?\+)"
    r"|(?P<digit>(?<![\w.+/])\+?(?P<d>[0-3])\s?\+(?![\d]))"
    r"|(?P<lead>(?<![\d\w])\+(?P<l>[1-3])(?![\d.%]))"
    r"|(?P<plus>(?<=[\s(:=])\+{2,3}(?=[\s),;.]|$))"
    r"|(?P<word>\b(?P<w>zero|one|two|three|[1-3]) plus\b)"
    r"|(?P<named>\bscore(?:d)?(?: of|:| =| as| is)?\s{0,3}(?P<n>[0-3])(?!\d|\.\d|[%/+]|\s?(?:/|of|to)\s?\d))"
)
_BARE_ZERO = re.compile(
    r"(?:ihc|immunohisto\w*|her-?2(?:/neu)?|erbb2)(?:[\s:=(,|-]|score|of|is|was|by|staining|expression|status|protein|result|negative|ihc|immunohisto\w*){0,8}?(?<![\d.])(?P<z>0)(?!\d|\.\d|[%/+-]|\s?(?:of|/|to|\+|%|copies|cells))"
)
_DENIED = re.compile(r"\b(?:no|not|never|without)\b[\s>≥<≤of]*$")
_DIRECT = re.compile(rf"{HER2}(?: ihc)?[\s:(=]{{0,3}}[1-3]\s?\+")
"""A score right behind the name is one of immunohistochemistry, even where the line before was about ISH."""
_GAP = re.compile(r"[;]|\.\s")
_OF_GENE = re.compile(r"[\s/:-]*(?:by |on |break-?apart |gene )?")
_STAINING = re.compile(r"\s?[>≥]?\s?\d{1,3}\s?%")
_BOUND = re.compile(r"(?:>|≥|more than|at least|over)\s{0,2}$")
_PERCENT = re.compile(
    r"(?<![\d.<>≥≤])(?P<p>\d{1,3}(?:\.\d)?)(?:\s?(?:-|to)\s?(?P<q>\d{1,3}))?\s?(?:%|percent|per cent)"
)
_INTENSITY = re.compile(
    r"\b(?P<faint>faint|barely perceptible)|\b(?P<weak>weak)(?:ly)?\b|\b(?P<moderate>moderate)(?:ly)?\b|\b(?P<intense>strong|intense)(?:ly)?\b"
)
_COMPLETE = re.compile(
    r"\b(?P<incomplete>incomplete|partial(?: membran\w*)?)\b|\b(?P<basolateral>basolateral)\b|\b(?P<lateral>lateral)\b|\b(?P<complete>complete|circumferential)(?:ly)?\b(?! response| remission| resection)"
)
_UNITS = r"(?:copies|signals?|copy number|copy no\.?|copies/cell|signals/cell|gene copy number)"
_NUMBER = r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?)(?![\d%])"
_RATIO = re.compile(
    rf"(?:ratio(?:\s*\([^()\n]{{0,30}}\))?|hexx\s?[/:]\s?cexxx)(?:[\s:=,|~]|of|is|was|value|ratio|\(?hexx\s?[/:]\s?cexxx\)?|mean|average){{0,8}}{_NUMBER}"
)
_RATIO_AFTER = re.compile(rf"(?<![\w.])(?:r|ratio)\s?[=:]\s?{_NUMBER}")
_COPIES = re.compile(
    rf"(?P<probe>hexx|cexxx|average|mean)\b[\s/-]*(?:gene |signal |average |mean |hexx )*{_UNITS}(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus|average|mean){{0,8}}{_NUMBER}"
)
_COPIES_BARE = re.compile(
    rf"(?<![\d.,]){_NUMBER}\s?(?:average |mean )?(?P<probe>hexx|cexxx)?\s?(?:gene )?(?:copies|signals)"
)
_COPY_NUMBER = re.compile(
    rf"(?:(?P<probe>hexx|cexxx)[\s:/-]*)?(?:\bmean |\baverage |\bgene )*\b(?:copy number|copy no\.?|copies|gcn|cn|signals)\b(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus){{0,8}}{_NUMBER}"
)
_PROBE_BEFORE = re.compile(rf"(?P<probe>hexx|cexxx)\s?(?:[:=]|of|mean|average)?\s?{_NUMBER}\s?(?:copies|signals|per|/)")
_CELLS = re.compile(
    r"(?P<c>\d{2,3})\s?(?:\w+ ){0,2}?(?:cells|nuclei)\s?(?:were )?(?:counted|scored|analy[sz]ed|evaluated|enumerated|examined)|(?:cells|nuclei) (?:counted|scored|analy[sz]ed|evaluated|examined)[\s:=|]{0,4}(?P<k>\d{2,3})"
)
_RESULT = re.compile(
    r"(?P<failed>\bfailed\b|uninterpretable|not interpretable)|(?P<indeterminate>indeterminate|inconclusive)|(?P<equivocal>\bequivocal\b)"
    r"|(?P<negative>\bnot? amplif\w*|\bnon-?\s?amplified|\bno (?:evidence of )?(?:her-?2 |erbb2 |gene )*amplif\w*|\bunamplified|\bnegative\b|\bneg\b|amplification(?: was)? not (?:detected|identified|seen)|\bnegativo\b|no amplificad\w|(?<=ish)\s?[-−](?=[\s,;).]|$)(?!\s\w))"
    r"|(?P<positive>\bamplif\w*|\bpositive\b|\bpos\b|\bpositivo\b|(?<=ish)\s?\+(?!\d))"
)
_WORD = re.compile(
    r"[\s:=(|-]{0,4}(?:status|protein|expression|overexpression|receptor|disease|result|ihc|is|was|oncogene|score|by ihc|[\s:=(|-]){0,6}?"
    r"(?P<w>ultra-?low|low|positive|pos\b|positiv\w*|negative|neg\b|negativ\w*|equivocal|over-?express\w*|\+(?!\+|\s?\d|\d)|-(?=[\s,;).]|$)|−)"
)
_WORDS = {"ultra": "ultralow", "low": "low", "pos": "positive", "neg": "negative", "equ": "equivocal", "ove": "positive", "+": "positive", "-": "negative"}  # fmt: skip
_PLUS = {"zero": "0", "one": "1+", "two": "2+", "three": "3+"}
_CN = re.compile(
    rf"(?<!\w)(?:cn|copy number|copies|cnv|copy no)\b[\s:=~(]{{0,4}}(?:of |is |was )?{_NUMBER}|(?<![\d.]){_NUMBER.replace('<n>', '<m>')}\s?copies"
)
_AMP = re.compile(
    r"(?P<neg>no(?:t)? (?:erbb2 |her2 |gene )?amplif\w*|non-?amplified|amplification(?: was)? not (?:detected|identified)|no (?:erbb2|her2)(?: \w+)? amp)|(?P<eq>equivocal amp\w*|amp\w* \(?equivocal)|(?P<amp>\bamp(?:lif\w*)?\b)"
)
_FRACTION = re.compile(r"tumou?r (?:fraction|purity|content)[\s:=]{0,3}(?:of )?(?P<f>\d{1,3}(?:\.\d)?)\s?%")
_PLOIDY = re.compile(r"ploidy[\s:=]{0,3}(?:of )?(?P<p>\d(?:\.\d{1,2})?)")
_CENTRAL = Gated(
    re.compile(r"\bcentral(?:ly)?\b(?= (?:lab\w*|review|test\w*|confirm\w*|ihc|her2|read))|\b(?:by|at) central"),
    "central",
)
_NO_STAINING = re.compile(r"\b(?:no|absent) (?:membran\w+ )?staining(?: (?:is )?(?:observed|seen))?\b")


@dataclass(frozen=True, slots=True)
class Token:
    """One result: which test, which key of the patient file, value and place."""

    test: str
    key: str
    value: Any
    span: Span


def mentions_her2(note: Note, sentence: Sentence) -> bool:
    """True when a sentence names HER2."""
    return bool(_HER2.search(note.plain, sentence.start, sentence.end))


def modes(note: Note, sentence: Sentence, carried: str | None) -> list[tuple[int, str]]:
    """Return from which place on which test is meant: her2, ihc, ish, ngs or another stain."""
    found: list[tuple[int, str]] = [(sentence.start, carried or "none")]
    marks = _MARKS.finditer(note.plain, sentence.start, sentence.end)
    found += [(match.start(), _mark(note, sentence, match)) for match in marks]
    stains = note.cues_in(sentence.start, sentence.end, "stain")
    found += [(cue.start, "other") for cue in stains if not _her2_inside(note, cue.start, cue.end)]
    found.sort(key=lambda one: one[0])
    return found


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
    if name == "ish" and any(
        _OF_GENE.fullmatch(note.plain[cue.end : match.start()])
        for cue in note.cues_in(max(sentence.start, match.start() - 16), match.start(), "stain")
    ):
        return "other"
    return name


def _her2_inside(note: Note, start: int, end: int) -> bool:
    return note.plain[max(0, start - 1) : start] == "/" and note.plain[start:end] == "neu"


def tokens(note: Note, sentence: Sentence, carried: str | None) -> tuple[list[Token], str | None]:
    """Return the results of a sentence and the test that a following line may go on with."""
    places = modes(note, sentence, carried)
    if all(mode in ("none", "other") for _, mode in places):
        return [], None
    her2 = carried is not None or any(mode in ("her2", "ihc", "ish") for _, mode in places)
    found: list[Token] = []
    for i, (start, mode) in enumerate(places):
        end = places[i + 1][0] if i + 1 < len(places) else sentence.end
        if mode in ("none", "other") or start >= end:
            continue
        test = _test_at(places, i)
        found += _in_stretch(note, sentence, start, end, mode, test, her2)
    last = next(
        (_test_at(places, i) for i in range(len(places) - 1, -1, -1) if places[i][1] not in ("none", "other")), None
    )
    closing = places[-1][1]
    return found, (last if closing != "other" else None)


def _test_at(places: list[tuple[int, str]], index: int) -> str:
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


def _in_stretch(
    note: Note, sentence: Sentence, start: int, end: int, mode: str, test: str, her2: bool
) -> Iterator[Token]:
    if (test in ("her2", "ihc") and her2) or (mode == "her2" and test == "ish" and _DIRECT.match(note.plain, start)):
        yield from _ihc(note, start, end)
    if test in ("her2", "ish", "ihc"):
        yield from _ish(note, sentence, start, end, test)
    if test == "ngs" or (mode == "her2" and test == "ngs"):
        yield from _ngs(note, sentence, start, end)
    if mode == "her2":
        yield from _word(note, start, end, test)


def _stated(note: Note, span: Span) -> bool:
    said = context(note, *span)
    return not (said.negated or said.unsure or said.family or said.template or said.hypothetical)


def _measured(note: Note, span: Span) -> bool:
    """True for a number that is stated: the denial of "not amplified, ratio 1.4" is of the word, not of the number."""
    said = context(note, *span)
    if said.unsure or said.family or said.template or said.hypothetical:
        return False
    return not (said.negated and _DENIED.search(note.plain, max(0, span[0] - 14), span[0]))


def _ihc(note: Note, start: int, end: int) -> Iterator[Token]:
    scores = [(_score_of(match), match.span()) for match in _SCORE.finditer(note.plain, start, end)]
    window = max(0, start - 1)
    scores += [
        ("0", match.span("z")) for match in _BARE_ZERO.finditer(note.plain, window, end) if match.start() >= window
    ]
    scores.sort(key=lambda one: one[1])
    kept = [(value, span) for value, span in scores if _believed(note, span)]
    if len({str(value) for value, _ in kept}) >= 3:
        return
    for i, (value, span) in enumerate(kept):
        if not _stated(note, span):
            continue
        yield Token("ihc", "score", value, span)
        stop = kept[i + 1][1][0] if i + 1 < len(kept) else end
        yield from _pattern(note, span[1], stop)
        if i == 0:
            yield from _before(note, start, span[0])
    if not kept:
        none = _NO_STAINING.search(note.plain, start, end)
        if none and not context(note, *none.span()).template:
            yield Token("ihc", "zero_subtype", "no_staining", none.span())
        yield from _pattern(note, start, end, bare=True)


def _score_of(match: re.Match[str]) -> Any:
    if match["range"]:
        low, high = int(match["r1"]), int(match["r2"])
        scores = [str(n) + ("+" if n else "") for n in range(low, high + 1)]
        return scores if low < high else scores[0] if scores else f"{high}+"
    digit = match["d"] or match["l"] or match["n"]
    if digit is None and match["w"]:
        return _PLUS.get(match["w"], f"{match['w']}+")
    if digit is None:
        return f"{len(match[0])}+"
    return "0" if digit == "0" else f"{digit}+"


def _believed(note: Note, span: Span) -> bool:
    """Refuse counts that only look like a score: "0-3+" scales, 3+/3+ reflexes."""
    around = note.plain[max(0, span[0] - 14) : span[1] + 10]
    return not re.search(
        r"scale|scor(?:ing|e range)|allred|pitting|pulses|reflex|oedema|edema|nodes? \d|out of|range|h-score", around
    )


def _before(note: Note, start: int, end: int) -> Iterator[Token]:
    """Read a percentage that stands before the score: "90% of cells 3+"."""
    text = note.plain[start:end]
    match = re.search(
        r"(?<![<>≥≤\d.])(\d{1,3})\s?% (?:of )?(?:the )?(?:tumou?r |invasive )?cells\W{0,3}(?:are |with |show(?:ing)? )?$",
        text,
    )
    if match:
        yield Token("ihc", "percent_cells", match[1], (start + match.start(1), start + match.end(1) + 1))


def _pattern(note: Note, start: int, end: int, *, bare: bool = False) -> Iterator[Token]:
    """Read percentage, intensity, completeness and assay behind a score, to the end of the clause."""
    gap = _GAP.search(note.plain, start, end)
    if gap and gap.start() - start <= 1 and _STAINING.match(note.plain, gap.end()):
        gap = _GAP.search(note.plain, gap.end(), end)
    stop = min(gap.start() if gap else end, start + 170)
    if bare and not re.search(
        r"tumou?r cells|membran|percent|% of|cells stain|staining|intensity|complete", note.plain[start:stop]
    ):
        return
    for percent in _PERCENT.finditer(note.plain, start, stop):
        if (
            float(percent["p"]) <= 100
            and not percent["q"]
            and not re.search(
                r"(?:>|≥|<|more than|at least|over|less than|ratio|vaf|of patients)\s{0,2}$",
                note.plain[max(start, percent.start() - 12) : percent.start()],
            )
        ):
            yield Token("ihc", "percent_cells", percent["p"], percent.span())
        elif not _BOUND.search(note.plain, max(start, percent.start() - 12), percent.start()):
            break
        else:
            continue
        break
    for key, pattern in (("intensity", _INTENSITY), ("completeness", _COMPLETE)):
        match = pattern.search(note.plain, start, stop)
        if match and not re.search(
            r"\b(?:no|not|without)\s(?:\w+\s){0,2}$", note.plain[max(start, match.start() - 16) : match.start()]
        ):
            yield Token("ihc", key, match.lastgroup, match.span())


def _ish(note: Note, sentence: Sentence, start: int, end: int, test: str) -> Iterator[Token]:
    text = _probes(note.plain[start:end])
    ratio = _RATIO.search(text) or (_RATIO_AFTER.search(text) if test == "ish" else None)
    found = False
    if ratio is not None and _plausible(ratio["n"], 30):
        span = (start + ratio.start("n"), start + ratio.end("n"))
        if _measured(note, span):
            found = True
            yield Token("ish", "her2_cep17_ratio", _number(ratio["n"]), span)
    if test == "ish" or found or "per cell" in text or "/cell" in text or "signals" in text:
        taken = (ratio.start("n"), ratio.end("n")) if ratio else (-1, -1)
        for pattern in (_COPIES, _PROBE_BEFORE, _COPIES_BARE, _COPY_NUMBER):
            for match in pattern.finditer(text):
                if match.start("n") == taken[0] or not _plausible(match["n"], 200):
                    continue
                key = "cep17_copy_number" if match["probe"] == "cexxx" else "her2_copy_number"
                if key == "cep17_copy_number" and text[: match.start()].endswith("hexx/"):
                    continue
                span = (start + match.start("n"), start + match.end("n"))
                if _measured(note, span):
                    yield Token("ish", key, _number(match["n"]), span)
    cells = _CELLS.search(text)
    if cells and test == "ish":
        group = "c" if cells["c"] else "k"
        yield Token("ish", "cells_counted", int(cells[group]), (start + cells.start(group), start + cells.end(group)))
    if test == "ish":
        result = _RESULT.search(note.plain, start, end)
        if result is not None and _ish_result_stated(note, sentence, start, result):
            yield Token("ish", "result", result.lastgroup, result.span())
        single = re.search(r"single[- ]probe", note.plain[sentence.start : sentence.end])
        if single:
            yield Token(
                "ish", "method", "single_probe", (sentence.start + single.start(), sentence.start + single.end())
            )


def _ish_result_stated(note: Note, sentence: Sentence, start: int, result: re.Match[str]) -> bool:
    said = context(note, *result.span())
    if said.family or said.template or said.unsure or said.hypothetical:
        return False
    between = note.plain[start : result.start()]
    if re.search(
        r"\bnot (?:done|sent|performed)|pending|await|requested|\brecommend|for her2|\bif\b",
        note.plain[start : min(sentence.end, result.end() + 30)],
    ):
        return False
    denied = re.search(r"\b(?:no|not)\W+(?:\w+\W+){0,2}$", between) is not None
    return result.lastgroup == "negative" or not (denied or said.negated)


def _ngs(note: Note, sentence: Sentence, start: int, end: int) -> Iterator[Token]:
    for match in _HER2.finditer(note.plain, start, end):
        stop = min(end, match.end() + 60)
        gap = re.search(r"[;]|\.\s", note.plain[match.end() : stop])
        stop = match.end() + gap.start() if gap else stop
        before = max(start, match.start() - 28)
        low = next(
            (
                before + found.end()
                for found in reversed(list(re.finditer(r"[;:,.(]", note.plain[before : match.start()])))
            ),
            before,
        )
        amp = _AMP.search(note.plain, low, stop)
        if amp is None:
            continue
        said = context(note, *amp.span())
        if said.unsure or said.family or said.template:
            continue
        call = (
            "not_amplified"
            if amp.lastgroup == "neg"
            or said.negated
            or re.search(r"\bno\b[^,;]{0,12}$", note.plain[low : match.start()])
            else "equivocal"
            if amp.lastgroup == "eq"
            else "amplified"
        )
        yield Token("ngs", "amplification_call", call, amp.span())
        if call == "amplified":
            number = _CN.search(note.plain, amp.end(), min(sentence.end, amp.end() + 60))
            if number:
                group = "n" if number["n"] else "m"
                yield Token("ngs", "erbb2_copy_number", _number(number[group]), number.span(group))
    fraction = _FRACTION.search(note.plain, start, end)
    if fraction:
        share = (Decimal(fraction["f"]) / 100).normalize()
        yield Token("ngs", "tumour_fraction", f"{share:f}", fraction.span())
    ploidy = _PLOIDY.search(note.plain, start, end)
    if ploidy:
        yield Token("ngs", "ploidy", ploidy["p"], ploidy.span())


def _word(note: Note, start: int, end: int, test: str) -> Iterator[Token]:
    head = _HER2.match(note.plain, start)
    match = _WORD.match(note.plain, head.end(), end) if head else None
    if match is None or test in ("ish", "ngs"):
        amplified = (
            re.match(r"[\s-]{0,2}(?:gene )?amplif\w*", note.plain[head.end() : end])
            if head and test == "her2"
            else None
        )
        by = (
            re.match(
                r"[\s-]{0,2}(?:gene )?amp(?:lif\w*)?\s(?:on|by|via|per|\()\s?(?P<t>ngs|sequencing|fish|ish|cish|foundation\w*|guardant\d*|tempus|caris)",
                note.plain[head.end() : end + 24],
            )
            if head
            else None
        )
        if head and by and _stated(note, (head.start(), head.end() + by.end())):
            span = (head.start(), head.end() + by.end())
            ish = by["t"].endswith("ish")
            yield Token(
                "ish" if ish else "ngs",
                "result" if ish else "amplification_call",
                "positive" if ish else "amplified",
                span,
            )
        elif head and amplified and _stated(note, (head.start(), head.end() + amplified.end())):
            yield Token("asked", "her2_amplified", None, (head.start(), head.end() + amplified.end()))
        return
    written = match["w"]
    if written in ("-", "−") and note.plain[match.end() : match.end() + 1].isalpha():
        return
    value = "ultralow" if written.startswith("ultra") else _WORDS.get(written[:3]) or _WORDS.get(written)
    span = (head.start() if head else start, match.end())
    if value and _stated(note, span):
        yield Token("word", "her2_reported", value, span)


def _probes(text: str) -> str:
    """Replace the digits inside probe names, character for character, so that they are no results."""
    text = re.sub(
        r"her-?2(?:/neu)?|erbb2", lambda m: "hexx".ljust(len(m[0]))[: len(m[0])] if len(m[0]) >= 4 else m[0], text
    )
    text = re.sub(r"hexx\s+(?=[/:])", lambda m: "hexx" + " " * (len(m[0]) - 4), text)
    return re.sub(r"cep ?17|chr(?:omosome)? ?17|d17z1|\bc17\b", lambda m: "cexxx".ljust(len(m[0]))[: len(m[0])], text)


def _plausible(written: str, most: int) -> bool:
    return 0 < float(_number(written)) <= most


def _number(written: str) -> str:
    return written.replace(",", ".")


def central(note: Note, sentence: Sentence) -> Span | None:
    """Return where a sentence says that a central laboratory did the test."""
    match = _CENTRAL.search(note.plain, sentence.start, sentence.end)
    return match.span() if match else None
