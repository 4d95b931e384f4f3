"""HER2 results inside one sentence, each after the test it belongs to; sequencing, and HER2 in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_ihc import ihc_tokens
from her2nav.intake.notes.fields.her2_ish import (
    NUMBER,
    ish_counts,
    ish_tokens,
    number_of,
    result_by_ratio,
    stated_result,
)
from her2nav.intake.notes.fields.her2_marks import (
    HER2,
    MARKS,
    NAME,
    NO_AMPLIFICATION,
    Token,
    measured,
    modes,
    stated,
    test_at,
)
from her2nav.intake.notes.fields.her2_whose import names_other_gene, probed_for_her2
from her2nav.intake.notes.fields.receptor_list import LIST, in_receptor_list, receptor_lists
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_DIRECT = re.compile(rf"{HER2}(?: ihc)?[\s:(=]{{0,3}}(?:[0-3]\s?(?:\+|plus\b)|0(?=[\s,;)]|\.(?!\d)|$))")
"""A score right behind the name is one of immunohistochemistry, even where the line before was about ISH."""
_NAME_BEHIND = Gated(
    r"[0-3]\s?\+\)?\s(?:[a-z-]+\s){0,2}(?:staining|reactivity|positivity|expression|immuno\w+)\s(?:for|of)\s$"
    r"|\b(?:strong|weak|moderate|faint|diffuse|intense|with|show\w*|has|had)\s[0-3]\s?\+\s$"
)
"""A score whose stain is named behind it: "2+ membrane staining for HER2"."""
_SCORE_BEHIND = re.compile(
    r"[a-z](?:[^.;]|\.(?=\d)){3,90}?(?:[\s(](?=[0-3]\s?\+(?!\d))|(?=\bscored? (?:of |as )?[0-3]\b(?![.,]\d)))"
)
"""A score behind the result of ISH is one of immunohistochemistry: "core (2+/FISH+) and excision (1+)"."""
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
_TRIPLE = Gated(r"\b(?:triple[- ](?P<w>negative|positive|neg|pos)|(?P<tn>tnbc))\b")
_WORD = re.compile(
    r"[\s:=(|-]{0,4}(?:status|protein|expression|overexpression|receptor|disease|result|ihc|is|was|oncogene|score|by ihc|[\s:=(|-]){0,6}?"
    r"(?P<w>ultra-?low|low|positive|pos\b|positiv\w*|negative|neg\b|negativ\w*|equivocal|over-?express\w*|\+(?!\+|\s?\d|\d)|-(?=[\s,;).]|$|ve\b)|−)(?:ve\b)?"
)
_WORDS = {"ultra": "ultralow", "low": "low", "pos": "positive", "neg": "negative", "equ": "equivocal", "ove": "positive", "+": "positive", "-": "negative"}  # fmt: skip
_CN = Gated(
    rf"(?<!\w)(?:cn|copy number|copies|cnv|copy no)\b(?: gain)?[\s:=~(]{{0,4}}(?:of |is |was )?{NUMBER}|(?<![\d.]){NUMBER.replace('<n>', '<m>')}\s?copies"
)
_AMP = Gated(
    r"(?P<neg>"
    + NO_AMPLIFICATION
    + r"|copy number (?:was |is )?(?:not (?:increased|gained|elevated)|normal|neutral)|not (?:called|considered|reported(?: as)?|regarded as) amplif\w*|no(?:t)? (?:erbb2 |her2 |gene )?amplif\w*|non-?amplified|amplification(?: was)? not (?:detected|identified)|no (?:erbb2|her2)(?: \w+)? amp|no (?:copy number )?gain\b|(?:copy number (?:gain|change|variant)|cnv|cna)s?(?: was)? not (?:detected|identified|seen)|no (?:copy number (?:gain|change)|cnv|cna))|(?P<eq>equivocal amp\w*|amp\w*[\s:,(-]{1,3}equivocal)|(?P<amp>\bamp(?:lif\w*)?\b)"
)
_FINER = re.compile(r"\s?/\s?(?:her-?2[\s-])?(?P<w>ultra-?low|low)\b")
"""The finer of two words for one result: "negative/low"."""
_BY_MRNA = Gated(
    r"\b(?:mrna|rt-?q?pcr|gene expression|oncotype|mamma ?print|blue ?print|target ?print|prosigna|pam50|endopredict|single gene score)\b"
)
"""HER2 by messenger RNA is no result that any rule takes."""
_FRACTION = Gated(
    r"(?:tumou?r|neoplastic) (?:cells?(?=\s?[:=])|(?:cell|nuclei|nuclear) (?:content|fraction|percentage)|fraction|purity|content|percentage|cellularity)(?: estimate)?[\s:=]{0,3}(?:of )?(?P<f>\d{1,3}(?:\.\d)?)\s?%"
)
_PLOIDY = Gated(r"ploidy[\s:=]{0,3}(?:of )?(?P<p>\d(?:\.\d{1,2})?)")


SAID = Gate(MARKS, _TRIPLE, LIST)


def tokens(note: Note, sentence: Sentence, carried: str | None) -> tuple[list[Token], str | None]:
    """Return the results of a sentence and the test that a following line may go on with."""
    if carried is None and sentence.start not in note.cued(SAID):
        return [], None
    places = modes(note, sentence, carried)
    triple = [
        Token("word", "her2_reported", "positive" if (one["w"] or "").startswith("pos") else "negative", one.span())
        for one in _TRIPLE.finditer(note.plain, sentence.start, sentence.end)
        if stated_result(note, one.span(), negative=False)
    ]
    triple += [
        Token("word", "her2_reported", "positive" if one.positive else "negative", one.span)
        for listed in receptor_lists(note, sentence)
        for one in listed
        if one.receptor == "her2" and stated_result(note, one.span, negative=not one.positive)
    ]
    if all(mode in ("none", "other") for _, mode in places):
        return triple, None
    modes_named = {mode for _, mode in places[1:]}
    if carried != "ngs" and not modes_named & {"her2", "probes", "ngs"}:
        unnamed = "ish" in modes_named and not probed_for_her2(note, sentence)
        if unnamed or (not modes_named and names_other_gene(note, sentence.start, sentence.end)):
            return triple, None
    first = places[0][0]
    if len(places) > 1 and places[1][1] == "her2" and _NAME_BEHIND.search(note.plain, first, places[1][0]):
        places[0] = (first, "ihc")
    her2 = carried is not None or any(mode in ("her2", "ihc", "ish") for _, mode in places)
    found = triple
    if her2:
        found += result_by_ratio(note, sentence)
    counted = -1
    for i, (start, mode) in enumerate(places):
        end = places[i + 1][0] if i + 1 < len(places) else sentence.end
        if mode in ("none", "other") or start >= end:
            continue
        test = test_at(places, i)
        if mode == "her2" and test == "ish" and _TURNED.search(note.plain, places[i - 1][0], start):
            test = "her2"  # "FISH not amplified, but the new biopsy was HER2 positive"
        past = _past_names(note, places, i, sentence.end), _past_panel(places, i, sentence.end)
        found += _in_stretch(note, sentence, start, end, mode, test, her2, *past)
        if test == "ish" and start >= counted:
            counted = _end_of_run(places, i, sentence.end)
            found += ish_counts(note, sentence, start, counted, test)
    if her2 and not any(token.key == "score" for token in found):
        found += _equivocal(note, sentence)
        found += _third(note, sentence)
    last = next(
        (test_at(places, i) for i in range(len(places) - 1, -1, -1) if places[i][1] not in ("none", "other")), None
    )
    closing = places[-1][1]
    return _of_tumour(note, sentence, found), (last if closing != "other" else None)


_TURNED = re.compile(r"\b(?:but|however|whereas|while)\b")
_EQUIVOCAL = Gated(
    rf"{HER2}[\s:=(,-]{{0,3}}(?:(?:protein |expression |status )?(?:by |on )?(?:ihc|immunohisto\w*)[\s:=(|-]{{1,4}}(?:is |was |result |interpretation |reported as )?(?P<a>equivocal)\b"
    r"|(?:was |is |status |result )?(?P<b>equivocal)\s(?:by|on)\s(?:ihc|immunohisto\w*))"
)


def _equivocal(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Read "equivocal by IHC": the score that every rule calls so is 2+."""
    for match in _EQUIVOCAL.finditer(note.plain, sentence.start, sentence.end):
        span = match.span("a" if match["a"] else "b")
        if stated(note, span):
            yield Token("ihc", "score", "2+", span)


_THIRD = Gated(
    rf"\ber\s?/\s?pg?r\s?/\s?{HER2}\s?[:=]?\s?[^\s/,;]{{1,8}}\s?/\s?[^\s/,;]{{1,8}}\s?/\s?(?P<s>[0-3]\s?\+|0)(?![\d%.])"
)


def _third(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Read the last of three results behind three names: "ER/PR/HER2: 90%/10%/1+"."""
    for match in _THIRD.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, match.span("s")):
            yield Token("ihc", "score", match["s"].replace(" ", ""), match.span("s"))


_LOW_IS = Gated(
    r"\b(?:ihc )?1\s?\+\s?(?:or|/)\s?(?:ihc )?2\s?\+\s?[/,(]{0,2}\s?(?:with |and )?(?:a )?(?:negative )?(?:fish|ish|in[- ]situ)[^);.]{0,24}"
)
"""What HER2-low is: "HER2-low (IHC 1+ or 2+/ISH-negative)"."""
_IN_SITU = Gated(
    r"\b(?:dcis|lcis|ductal carcinoma in[- ]situ|in[- ]situ (?:component|carcinoma|part|disease|tumou?r)|intraductal component)\b"
)
_INVADES = re.compile(r"\binvasi|\binfiltrat|\bmetast|\bidc\b|\bilc\b|\bwith\b[^,;]*dcis")
_BRACKET_IN_SITU = re.compile(r"\s?(?:\(|in (?:the )?|on (?:the )?)(?:the )?(?:dcis|in[- ]situ component)\b")


def _of_tumour(note: Note, sentence: Sentence, found: list[Token]) -> list[Token]:
    """Leave out what is only said of what HER2-low is, and of the part of a tumour that does not invade."""
    aside = [match.span() for match in _LOW_IS.finditer(note.plain, sentence.start, sentence.end)]
    kept = [one for one in found if not any(start <= one.span[0] < end for start, end in aside)]
    return [
        one
        for one in kept
        if one.test not in ("ihc", "ish")
        or not (
            _in_situ(note, sentence, one)
            or _CONTROL.search(note.plain, sentence.start, one.span[0])
            or _CONTROL_BEHIND.match(note.plain, one.span[1])
            or (one.key == "score" and _OTHER_COMPONENT.match(note.plain, one.span[1]))
        )
    ]


_CONTROL = Gated(
    r"\bcontrols?\b(?![^.;]{0,40}\b(?:tumou?r|patient|specimen|invasive|carcinoma|test|appropriate\w*|satisfactory|worked)\b)[^.;]{0,40}$"
)
"""What the control on the slide showed is no result: "positive control HER2 3+"."""
_OTHER_COMPONENT = re.compile(
    r"\s(?:in|on|for) (?:the )?(?:sarcomatous|sarcomatoid|mesenchymal|stromal|spindle[ -]cell|in[- ]situ|dcis|benign|normal) (?:component|part|area|epithelium|cells|tissue)"
)
"""A score of what is no carcinoma."""
_CONTROL_BEHIND = re.compile(
    r"\s?\(?(?:staining\s)?(?:in|on|of|for)\s(?:the\s|an?\s)?(?:external\s|internal\s|positive\s|on-slide\s|batch\s)*controls?\b"
)


def _in_situ(note: Note, sentence: Sentence, token: Token) -> bool:
    """True for a result of carcinoma in situ: "DCIS: HER2 3+", "3+ (DCIS)"."""
    if _BRACKET_IN_SITU.match(note.plain, token.span[1]):
        return True
    if _IN_SITU.search(note.plain, sentence.start, token.span[0]) is None:
        return False
    low = max(
        (gap.end() for gap in _PHRASE.finditer(note.plain, sentence.start, token.span[0])), default=sentence.start
    )
    named = _IN_SITU.search(note.plain, low, token.span[0])
    return named is not None and not _INVADES.search(note.plain, low, token.span[0])


_PHRASE = re.compile(r"[,;]|\.\s|\bwhile\b|\bwhereas\b|\bbut\b|\band\b")


def _end_of_run(places: list[tuple[int, str]], index: int, last: int) -> int:
    """Return where the marks of ISH that follow each other end: counts stand before and behind the name of the gene."""
    for i in range(index + 1, len(places)):
        if test_at(places, i) != "ish":
            return places[i][0]
    return last


def _past_names(note: Note, places: list[tuple[int, str]], index: int, last: int) -> int:
    """Return where the next mark stands that is more than the name of the gene; a name with its score is one."""
    marks = places[index + 1 :]
    return next((place for place, mode in marks if mode != "her2" or _DIRECT.match(note.plain, place)), last)


def _past_panel(places: list[tuple[int, str]], index: int, last: int) -> int:
    """Return where the next mark stands that does not name sequencing."""
    return next((place for place, mode in places[index + 1 :] if mode != "ngs"), last)


def _in_stretch(
    note: Note, sentence: Sentence, start: int, end: int, mode: str, test: str, her2: bool, reach: int, panel: int
) -> Iterator[Token]:
    direct = mode == "her2" and test in ("ish", "ngs") and _DIRECT.match(note.plain, start) is not None
    if (test in ("her2", "ihc") and her2) or direct:
        yield from ihc_tokens(note, start, end)
    elif test == "ish" and her2:
        behind = _SCORE_BEHIND.match(note.plain, start, end)
        if behind:
            yield from ihc_tokens(note, behind.end(), end)
    if test in ("her2", "ish", "ihc") and not direct:
        yield from ish_tokens(note, sentence, start, end, test, reach)
    if test == "ngs" or (mode == "her2" and test == "ngs"):
        yield from _ngs(note, sentence, start, end, panel)
    if mode == "ngs":
        yield from _told_by_panel(note, sentence, start)
        yield from _row_of_panel(note, sentence, start, end)
    if mode == "her2":
        yield from _word(note, start, end, test)


_CLOSES = re.compile(r"[;]|\.\s")
_PARTS = re.compile(r"[;:,.(]")
_AMP_OF = re.compile(r"(?P<a>(?:\bno (?:evidence of )?)?\bamplification (?:of|in|involving) (?:the )?)$")
_NO_BEFORE = re.compile(r"\bno\b[^,;]{0,12}$")


def _ngs(note: Note, sentence: Sentence, start: int, end: int, panel: int) -> Iterator[Token]:
    for match in NAME.finditer(note.plain, start, end):
        stop = min(panel, match.end() + 60)
        gap = _CLOSES.search(note.plain[match.end() : stop])
        stop = match.end() + gap.start() if gap else stop
        before = max(start, match.start() - 28)
        low = next(
            (before + found.end() for found in reversed(list(_PARTS.finditer(note.plain[before : match.start()])))),
            before,
        )
        ahead = _AMP_OF.search(note.plain, max(sentence.start, match.start() - 40), match.start())
        amp = _AMP.search(note.plain, ahead.start("a") if ahead else low, stop)
        number = _CN.search(note.plain, match.end(), stop)
        if number is not None and (amp is None or amp.lastgroup != "amp"):
            # A number that is called no amplification stays the number that it is.
            group = "n" if number["n"] else "m"
            if measured(note, number.span(group)):
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
        if amp is None:
            continue
        said = context(note, *amp.span())
        if said.unsure or said.family or said.template or _of_other_gene(note, amp):
            continue
        if _ONLY_LOOKED_FOR.search(note.plain, sentence.start, amp.start()) or _UNKNOWN.match(note.plain, amp.end()):
            continue
        call = (
            "not_amplified"
            if amp.lastgroup == "neg" or said.negated or _NO_BEFORE.search(note.plain[low : match.start()])
            else "equivocal"
            if amp.lastgroup == "eq"
            else "amplified"
        )
        yield Token("ngs", "amplification_call", call, amp.span())
        if call == "amplified":
            number = _CN.search(note.plain, amp.end(), min(sentence.end, amp.end() + 60))
            number = number or _CN.search(note.plain, match.end(), amp.start())
            if number:
                group = "n" if number["n"] else "m"
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
    fraction = _FRACTION.search(note.plain, start, end)
    if fraction:
        share = (Decimal(fraction["f"]) / 100).normalize()
        yield Token("ngs", "tumour_fraction", f"{share:f}", fraction.span())
    ploidy = _PLOIDY.search(note.plain, start, end)
    if ploidy:
        yield Token("ngs", "ploidy", ploidy["p"], ploidy.span())


_ONLY_LOOKED_FOR = re.compile(
    r"\b(?:covers?|covering|includes?|tests? for|looks? for|able to detect|can detect|detects|screens? for|designed (?:for|to))\b[^.;:]{0,40}$"
    r"|\bno\b[^;:]{0,40}\b(?:incl\w*|such as)\b[^;:]{0,20}$"
)
"""What a panel looks for, and what it names among the things that it did not find."""
_UNKNOWN = re.compile(
    r"[^.;,]{0,24}?\b(?:(?:could|can)(?: not|not) be|(?:was |is )?not) (?:assess\w*|evaluat\w*|report\w*|determined|called|interpret\w*|requested)\b"
)


def _of_other_gene(note: Note, amp: re.Match[str]) -> bool:
    """True for the amplification of another gene: "ERBB2 insertion, no MET amplification"."""
    genes = [hit for hit in note.hits_in(max(0, amp.start() - 16), amp.end(), "gene") if hit.id("gene") != "ERBB2"]
    return any(not note.plain[hit.end : amp.start()].strip(" -") for hit in genes)


_ROW_OF_GENE = re.compile(rf"[\s>*|-]*{HER2}(?: ?\([^()\t\n]{{1,12}}\))?[\t| ]{{1,3}}")


def _row_of_panel(note: Note, sentence: Sentence, start: int, end: int) -> Iterator[Token]:
    """Read a row whose first cell is the gene and whose second one names sequencing: "ERBB2 | CNA-Seq | Amplified"."""
    if not _ROW_OF_GENE.fullmatch(note.plain, sentence.start, start) or "\t" not in note.text[sentence.start : end]:
        return
    amp = _AMP.search(note.plain, start, end)
    if amp is None or not stated_result(note, amp.span(), negative=amp.lastgroup == "neg"):
        return
    call = {"neg": "not_amplified", "eq": "equivocal"}.get(str(amp.lastgroup), "amplified")
    yield Token("ngs", "amplification_call", call, amp.span())
    number = _CN.search(note.plain, amp.end(), min(end, amp.end() + 40))
    if number:
        group = "n" if number["n"] else "m"
        yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))


def _told_by_panel(note: Note, sentence: Sentence, start: int) -> Iterator[Token]:
    """Read "HER2 amplification was not seen on the panel": the call before the test."""
    told = _ON_PANEL.search(note.plain, max(sentence.start, start - 80), start)
    if told is None:
        return
    denied = told["no"] is not None
    if stated_result(note, told.span(), negative=denied):
        yield Token("ngs", "amplification_call", "not_amplified" if denied else "amplified", told.span())


_ON_PANEL = Gated(
    rf"{HER2}\s(?:gene\s)?amplification\s(?:was |is )?(?:(?P<no>not (?:seen|detected|found|identified|present|observed)|absent)|(?:seen|detected|found|identified|present|confirmed))"
    r"\s(?:on|by|with|in|using|via)\s(?:the\s|this\s|a\s)?$"
)


_AMPLIFIED = re.compile(r"[\s-]{0,2}(?:gene )?amp(?:lif\w*)?\b")
_AMPLIFIED_BY = re.compile(
    r"[\s-]{0,2}(?:gene )?amp(?:lif\w*)?\s(?:on|by|via|per|\()\s?(?P<t>ngs|sequencing|fish|ish|cish|foundation\w*|guardant\d*|tempus|caris)"
)
_AIM = re.compile(r"\s(?:for|by)\b")


def _word(note: Note, start: int, end: int, test: str) -> Iterator[Token]:
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
            number = None if ish else _CN.search(note.plain, span[1], min(note.sentence(start).end, span[1] + 40))
            if number:
                group = "n" if number["n"] else "m"
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
        elif head and amplified and stated(note, (head.start(), head.end() + amplified.end())):
            yield Token("asked", "her2_amplified", None, (head.start(), head.end() + amplified.end()))
        return
    written = match["w"]
    if written in ("-", "−") and note.plain[match.end() : match.end() + 1].isalpha():
        return
    finer = _FINER.match(note.plain, match.end()) if written.startswith("neg") else None
    written = finer["w"] if finer else written
    value = "ultralow" if written.startswith("ultra") else _WORDS.get(written[:3]) or _WORDS.get(written)
    span = (head.start() if head else start, match.end())
    aim = _AIM.match(note.plain[match.end() : match.end() + 5])
    if _BY_MRNA.search(note.plain, max(note.sentence(start).start, start - 40), min(reach + 30, match.end() + 40)):
        return
    if value and stated(note, (span[0], span[1] + (aim.end() if aim else 0))):
        yield Token("word", "her2_reported", value, span)
