"""In-situ hybridisation of HER2: ratio, copies, cells and the laboratory's word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_marks import NAME, NO_AMPLIFICATION, OTHER_RATIO, Token
from her2nav.intake.notes.fields.her2_stated import measured, spoken_of, stated
from her2nav.intake.notes.fields.her2_whose import CEP17
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_UNITS = r"(?:copies|(?:gen)?kopien(?:zahl)?|signale|signals?|copy number|copy(?= \d)|copy n[or]\.?|copy ?#|signal number|count(?=[ :=]{1,2}\d|\s(?:is|was|of)\s\d)|copies/cell|signals/cell|gene copy number)"
NUMBER = r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?)(?![\d%])"
_RATIO = re.compile(
    rf"(?:(?:rat(?:io|o|oi)|rapporto?|quotient|cociente|verhouding)\b(?:\s*\([^()\n]{{0,30}}\))?|hexx\s?[/:]\s?cexxx|ratio of (?:mean |average )?hexx(?: (?:signals?|copies))? to (?:mean |average )?cexxx(?: (?:signals?|copies))?)(?:[\s:=,|~]|[-–](?=\s)|of|is|was|value|ratio|\(?hexx\s?[/:]\s?cexxx\)?|mean|average){{0,8}}{NUMBER}"
)
_RATIO_SCALED = re.compile(rf"\bratio\b[^()]{{0,80}}\)\s?[:=]\s?{NUMBER}")
"""The value behind a bracket that says what it would mean: "(ratio: < 2.0 not amplified): 1.6"."""
_RATIO_AFTER = re.compile(rf"(?<![\w.])(?:r|ratio)\s?[=:]\s?{NUMBER}")
_RATIO_BEFORE = re.compile(r"(?<![\w.])(?P<n>\d{1,2}[.,]\d{1,2})\s(?:hexx\s?[/:]\s?cexxx\s)?ratio\b(?![\s:=]{1,3}\d)")
_COPIES = re.compile(
    rf"(?P<probe>hexx|cexxx|average|mean)\b(?:\s\([^()\n]{{1,12}}\))?[\s/-]*(?:gene |signal |average |mean |hexx )*{_UNITS}(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus|average|mean){{0,8}}{NUMBER}"
)
_COPIES_BARE = re.compile(
    rf"(?<![\d.,])(?<!\d[-–])(?<!\d to ){NUMBER}\s?(?:average |mean )?(?P<probe>hexx|cexxx)?\s?(?:gene )?(?:copies|signals)(?!\s?[:=]?\s?\d{{1,2}}[.,]\d(?!\S*\s(?:hexx|cexxx)))"
)
_PER_CELL = re.compile(
    rf"(?P<probe>hexx|cexxx)\s{{0,3}}(?:signals\s|mean\s|average\s)?(?:/|per)\s?(?:cell|nucleus)[\s:=]{{0,3}}{NUMBER}"
)
_MEAN = re.compile(
    rf"(?:(?P<probe2>hexx|cexxx)\s(?:mean|average|avg)\.?[\s:=]{{1,3}}|(?:mean|average|avg)\s(?:no\.? of |number of )?(?P<probe>hexx|cexxx)(?:\s(?:signal\s)?number)?[\s:=]{{0,3}})(?:of |is |was )?{NUMBER}"
)
_COPY_NUMBER = re.compile(
    rf"(?:(?P<probe>hexx|cexxx)[\s:/-]*)?(?:\bmean |\baverage |\bgene )*\b(?:copy number|copy n[or]\.?|copy ?#|copies|gcn|cn|signals)(?:(?<=[#.])|\b)(?:[\s:=,|~/]|\([^()\n]{{0,24}}\)|of|is|was|per|cell|nucleus){{0,8}}{NUMBER}"
)
_COPY = re.compile(rf"(?<=[,;(/] )(?P<probe>)cop(?:y|ies)[\s:=]{{1,2}}{NUMBER}")
_PROBE_BEFORE = re.compile(rf"(?P<probe>hexx|cexxx)\s?(?:[:=]|of|mean|average)?\s?{NUMBER}\s?(?:copies|signals|per|/)")
_BOTH_PROBES = re.compile(
    rf"{NUMBER}\s(?P<probe>hexx|cexxx)\s(?:and|,|/)\s\d{{1,2}}[.,]\d{{1,2}}\s(?:hexx|cexxx)\s(?:signals|copies)"
)
"""The first of two counts that share their unit: "3.1 HER2 and 1.9 CEP17 signals"."""
_MEAN_COPIES = re.compile(rf"hexx (?:gene )?copy number[\s:=]{{1,3}}{NUMBER}")
_MEAN_BEFORE = re.compile(r"\b(?:mean|average|avg)\.?\s$")
"""A mean is one of cells: counts of ISH, though no test is named."""
_QUOTIENT = re.compile(
    r"hexx\s?[:/]\s?cexxx[\s:=(]{1,4}\d{2,3}\s?[:/]\s?\d{2,3}\s?[)=]\s?=?\s?(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])"
)
"""The sums of signals before the ratio: "HER2:CEP17 = 145:44 = 3.30"."""
_QUOTIENT_OF_MEANS = re.compile(
    r"hexx\s?[=:]?\s?\d{1,2}[.,]\d{1,2}\s?[:/]\s?cexxx\s?[=:]?\s?\d{1,2}[.,]\d{1,2}\s?=\s?(?:ratio\s)?(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])"
)
"""The means before the ratio: "HER2 4.6 / CEP17 2.9 = 1.6"."""
_RATIO_INITIAL = re.compile(rf"(?<![\w.])r\s(?=\d{{1,2}}[.,]\d){NUMBER}(?!\s?[cm]m)")
_INITIALS = re.compile(r"(?<![\w.])(?P<probe>h|cexxx|cex|c)\s?[=:]?\s?(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])(?!\s?[cm]m)")
"""Shorthand of ISH: "R 1.9, H 5.2, C17 2.7"."""
_SUM_AND_MEAN = re.compile(
    rf"(?P<probe>hexx|cexxx)\s(?:signals?|copies)\s?[:=]?\s*\d{{2,4}}\s*\(\s?(?:mean |average |avg )?{NUMBER}\s?(?:/|per)\s?(?:cell|nucleus)"
)
"""The sum of the signals, with their mean in a bracket: "HER2 signals 168 (8.4 / nucleus)"."""
_IN_CELLS = re.compile(r"\s?(?:signals?\s)?(?:in|over|from|/)\s?\d{2,3}\s(?:\w+\s)?(?:cells|nuclei)\b|\s?\(")
_A_MEAN = re.compile(r"\b(?:mean|average|avg|per|cop(?:y|ies))\b|/\s?(?:cell|nucle)")
_SUM = 30
"""From so many signals on a whole number without a word for a mean is the sum over all cells."""
_RATIO_OF = re.compile(r"\bratio of (?:\w+ )*(?:hexx(?: \w+)? to )?$")
"""What stands behind these words is a ratio, though a probe is named before the number."""
_HOW_MANY = re.compile(r"\s(?:tumou?r |invasive )?(?:cells|nuclei)\b")
"""What was counted, not how many signals: "2.3 signals per cell, 30 cells"."""
_TOTAL = re.compile(r"\btotal\b")
_NAMED_COUNT = re.compile(
    r"(?:(?<![/\w])|(?<=\d/))(?:mean |average )?(?P<probe>hexx|cexxx)(?:\s\([^()\n]{1,12}\))?[\s:=]{1,16}(?:mean |average |avg[\s:=]{1,2})?(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])"
)
"""A number right behind a probe, where the ratio is given apart: "ratio 1.4, HER2 4.9, CEP17 3.5"."""
_CEP17_COUNT = re.compile(
    r"(?<!/)(?P<probe>cexxx)(?: {8,14})?(?:\s\([^()\n]{1,12}\))?[\s:=]{1,4}(?:mean |average )?(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])"
)
_BEFORE_CELL = re.compile(
    rf"(?<![\d.,]){NUMBER}\s?(?P<probe>hexx|cexxx)\s*(?:signals?\s?)?(?:/|per)\s?(?:cell|nucleus)"
)
_ISCN = re.compile(r"(?P<probe>hexx|cexxx)\s?x\s?(?P<n>\d{1,2}\.\d{1,2})(?![\d.])")
"""Signals per cell in cytogenetic nomenclature: "nuc ish(D17Z1x1.9,HER2x2.2)"."""
_ANOTHER_COUNT = re.compile(
    r"\s?(?:and|or|vs\.?|versus|/)\s?\d{1,2}\.\d{1,2}(?![\d.%]|\s(?:her|erb|hexx|cexxx|mean|average|gene|cop|sig))"
)
"""Two counts in one phrase: of which sample each is, is not said."""
_SECOND_RATIO = re.compile(
    r"\s(?:on|in|for)\s(?:the\s|her\s|his\s)?[a-z][a-z -]{2,40}?\s(?:and|but|versus|vs\.?)\s(?P<n>\d{1,2}\.\d{1,2})(?=\s(?:on|in|for)\s)"
)
"""The ratio of a second sample: "1.4 on the core and 2.9 on the excision"."""
_BARE_RATIO = re.compile(r"\s?[,(:]?\s?(?P<n>\d{1,2}\.\d{1,2})(?!\.?\d|[%/-]|\s?(?:cop|sig|mm|cm|cells|mg|x\b))")
"""A number right behind the result: "FISH neg 1.5"."""
_SHARE = re.compile(
    r"(?:\bamplif\w*|\bratio\s(?:of |= ?)?\d{1,2}\.\d{1,2})\s(?:was |seen |present |detected |found )*in (?P<p>\d{1,3})\s?% of (?:the )?(?:\d{2,3} )?(?:tumou?r |invasive )?(?:cells|nuclei)\b"
)
"""The share of cells that are amplified."""
_BESIDE_COPIES = re.compile(r"\s?\(\s?(?P<n>\d{1,2}[.,]\d{1,2})\s?[/,;]\s?\d{1,2}[.,]\d{1,2}\s(?:her-?2 )?copies\b")
_RECOUNT = re.compile(
    r"\brecount\w*\b(?! here| by us| in (?:our|this))[^.;]{0,48}?(?P<c>\d{2,3})\s(?:nuclei|cells)(?:[^.;]{0,40}?\bgroup (?P<g>[1-5])\b)?"
)
_CELLS = re.compile(
    r"(?P<c>\d{2,3})\s?(?:\w+ ){0,2}?(?:cells|nuclei|zellen|zellkerne)\s?(?:were )?(?:counted|scored|analy[sz]ed|evaluated|enumerated|examined)|(?:cells|nuclei) (?:counted|scored|analy[sz]ed|evaluated|examined)[\s:=|]{0,4}(?P<k>\d{2,3})|(?:^|[\t(:;,]\s?|(?<=ish ))(?P<b>\d{2,3})\s(?:invasive |tumou?r |carcinoma )?(?:cell )?(?:cells|nuclei|zellen|zellkerne)\s?(?=[,;:()]|\.\s|\.?$)"
    r"|\b(?:number of |no\.? of |total |tumou?r |invasive |cancer )*(?:cells|nuclei)(?: counted| scored| analy[sz]ed| evaluated| examined)?\s?[:=]?\s{0,3}(?<=[:= ])(?P<m>\d{2,3})(?!\d|\.\d|\s?%)|(?<=\))\[(?P<i>\d{2,3})\]|\b(?:in|over)\s(?P<f>\d{2,3})\s(?:cells|nuclei)\b(?!\s(?:were |was |are )?(?:positive|amplified|stain))|(?<=[\s(])n\s?=\s?(?P<n>\d{2,3})(?!\d|\.\d|%)"
)
_RESULT = Gated(
    r"(?P<failed>\bfailed\b|uninterpretable|not interpretable|\bno result (?:was |could be )?(?:issued|obtained|reported|possible)|\b(?:could not|cannot|can not) be (?:evaluated|interpreted|scored|counted|assessed|enumerated)|\bnot (?:evaluable|assessable|scorable)\b|\bhybridi[sz]ation fail\w+|\bno (?:evaluable )?signals?\b(?! (?:loss|cluster)))|(?P<indeterminate>indeterminate|inconclusive)|(?P<equivocal>\bequivocal\b)"
    r"|(?P<negative>\bnot? amp(?:lif\w*)?\b|\b(?:did|does) not (?:show|demonstrate|reveal|detect|confirm|identify)[^.;,]{0,24}\bamplif\w*|\bwithout [^.;,]{0,20}\bamplif\w*|\bnon-?\s?amp(?:lified)?\b|\bno (?:evidence of )?(?:her-?2 |erbb2 |gene )*amplif\w*|\bunamplified|"
    + NO_AMPLIFICATION
    + r"|\bnegati(?:ve|v|f|va|vo)\b|\bneg\b|amplification(?: was)? not (?:detected|identified|seen)|\bnegativo\b|no amplificad\w|(?<=ish)\s?[-−](?=[\s,;).]|$)(?!\s\w)|(?<![\w-])-ve\b|(?<=ish-)ve\b|(?<=ish)[\s:]{0,2}\(-\)|(?:(?<=/fish)|(?<=/ish)|(?<=/[cs]ish))[-−](?![\w-]))"
    r"|(?P<positive>\bamplif\w*|\bamp\b|\bpositiv(?:e|ity)\b|\bpos\b|\bpositivo\b|(?<=ish)\s?\+(?!\d)|(?<!\w)\+ve\b|(?<=ish)[\s:]{0,2}\(\+\))"
)


BLINDED = re.compile(
    r"\bblind(?:ed|ly)?\b|\b(?:did not know|not knowing|without knowing) (?:of )?the (?:first|other|previous|original)\b|\bwithout (?:sight of|seeing|having seen) the (?:first|other|previous|original|initial)\b|\b(?:didn.t know|not knowing of) the (?:first|other|previous|original)\b|\bunaware of\b|\bmasked to\b|\bwithout knowledge of\b"
)


def ish_counts(note: Note, sentence: Sentence, start: int, end: int, test: str) -> Iterator[Token]:
    """Yield ratio, copies and cells of a stretch."""
    text = _probes(note.plain[start:end])
    recount = _RECOUNT.search(text) if test == "ish" else None
    ratios = (
        list(_QUOTIENT.finditer(text))
        or list(_QUOTIENT_OF_MEANS.finditer(text))
        or list(_RATIO_SCALED.finditer(text))
        or list(_RATIO.finditer(text))
        or (list(_RATIO_AFTER.finditer(text)) or list(_RATIO_BEFORE.finditer(text)) if test == "ish" else [])
    )
    initials = list(_RATIO_INITIAL.finditer(text)) if test == "ish" and not ratios else []
    ratios = ratios or initials
    if recount and any(one.start() < recount.start() for one in ratios):
        ratios = [one for one in ratios if one.start() < recount.start()]  # those of the first count
    found = False
    for ratio in ratios:
        span = (start + ratio.start("n"), start + ratio.end("n"))
        if _ANOTHER_COUNT.match(text, ratio.end("n")):
            yield Token("asked", "two_counts", None, span)
        elif OTHER_RATIO.search(text, max(0, ratio.start() - 30), ratio.start()):
            continue
        elif _plausible(ratio["n"], 30) and not _bounded(text, ratio) and measured(note, span):
            found = True
            yield Token("ish", "her2_cep17_ratio", number_of(ratio["n"]), span)
            second = _SECOND_RATIO.match(text, ratio.end("n"))
            if second and _plausible(second["n"], 30):
                place = (start + second.start("n"), start + second.end("n"))
                yield Token("ish", "her2_cep17_ratio", number_of(second["n"]), place)
    if (
        test == "ish"
        or found
        or "cep" in note.plain[sentence.start : sentence.end]
        or "per cell" in text
        or "/cell" in text
        or "signals" in text
        or (_MEAN_COPIES.match(text) and _MEAN_BEFORE.search(note.plain, max(0, start - 9), start))
    ):
        taken = {ratio.start("n") for ratio in ratios}
        named = (_NAMED_COUNT, _COPY) if ratios and test == "ish" else (_CEP17_COUNT,) if test == "ish" else ()
        named = (*named, _INITIALS) if initials else named
        for pattern in (
            _SUM_AND_MEAN,
            _COPIES,
            _PROBE_BEFORE,
            _BOTH_PROBES,
            _COPIES_BARE,
            _COPY_NUMBER,
            _PER_CELL,
            _BEFORE_CELL,
            _MEAN,
            _ISCN,
            *named,
        ):
            for match in pattern.finditer(text):
                if _RATIO_OF.search(text, 0, match.start()):
                    continue
                if recount and ratios and ratios[0].start() < recount.start() < match.start():
                    continue
                probe = match["probe"] or match.groupdict().get("probe2")
                own = probe is not None and probe.startswith("c")
                if match.start("n") in taken or not _plausible(match["n"], _MOST[own]):
                    continue
                if _is_sum(text, match):
                    continue
                if "." not in match["n"] and _HOW_MANY.match(text, match.end("n")):
                    continue
                taken.add(match.start("n"))
                key = "cep17_copy_number" if own else "her2_copy_number"
                if _TOTAL.search(text, max(0, match.start() - 14), match.end()):
                    continue  # the sum of the signals of all cells
                if key == "cep17_copy_number" and text[: match.start()].endswith("hexx/"):
                    continue
                span = (start + match.start("n"), start + match.end("n"))
                if not _bounded(text, match) and measured(note, span):
                    yield Token("ish", key, number_of(match["n"]), span)
        spread = _SHARE.search(text)
        if spread and int(spread["p"]) <= 100 and measured(note, (start + spread.start("p"), start + spread.end("p"))):
            yield Token(
                "ish", "percent_cells_ratio_ge2", spread["p"], (start + spread.start("p"), start + spread.end("p"))
            )
        counted = (
            any(match["probe"] != "cexxx" for match in _COPIES.finditer(text))
            or _PER_CELL.search(text)
            or _MEAN.search(text)
            or _COPIES_BARE.search(text)
        )
        bare = _BARE_BEHIND_TEST.match(text) if counted and not ratios else None
        if bare and bare.start("n") not in taken and measured(note, (start + bare.start("n"), start + bare.end("n"))):
            # The copies are given apart: what stands right behind the name of the test is the ratio.
            yield Token(
                "ish", "her2_cep17_ratio", number_of(bare["n"]), (start + bare.start("n"), start + bare.end("n"))
            )
    again = recount
    if again:
        for key, value in (("cells", again["c"]), ("group", again["g"])):
            if value:
                group = "c" if key == "cells" else "g"
                yield Token("ish", f"recount.{key}", int(value), (start + again.start(group), start + again.end(group)))
        blinded = BLINDED.search(text)
        if blinded:
            yield Token("ish", "recount.blinded", True, (start + blinded.start(), start + blinded.end()))
    cells = _CELLS.search(text) if test == "ish" else None
    if cells and not (again and cells.start() > again.start()):
        group = next(one for one in "ckbmifn" if cells[one])
        yield Token("ish", "cells_counted", int(cells[group]), (start + cells.start(group), start + cells.end(group)))


def cell_result(note: Note, start: int, end: int) -> Iterator[Token]:
    """Yield the result that a cell of a table holds."""
    result = _RESULT.search(note.plain, start, end)
    if result is not None and not (result.lastgroup == "positive" and _NO.search(note.plain, start, result.start())):
        yield Token("ish", "result", result.lastgroup, result.span())


_NO = re.compile(r"\b(?:no|not|without)\b")


def cell_counts(note: Note, start: int, end: int) -> Iterator[Token]:
    """Yield the counts that a cell of a table holds."""
    yield from ish_counts(note, note.sentence(start), start, end, "ish")


def result_by_ratio(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Yield the results of a sentence that a ratio follows: they are those of ISH, named or not."""
    for told in _RESULT_AND_RATIO.finditer(note.plain, sentence.start, sentence.end):
        word = next(group for group in "vwp" if told[group])
        denied = not told[word].startswith(("amp", "pos"))
        if _DEFINED.match(note.plain, told.end(word), sentence.end):
            continue
        if stated_result(note, told.span(word), negative=denied) and _of_her2(note, sentence, told.start(word)):
            yield Token("ish", "result", "negative" if denied else "positive", told.span(word))


_SINGLE_PROBE = re.compile(r"single[- ](?:probe|colou?r)")


def ish_tokens(note: Note, sentence: Sentence, start: int, end: int, test: str, reach: int = 0) -> Iterator[Token]:
    """Yield the counts of a stretch that names no ISH, or the result of one that does: up to `reach`, past the gene's name."""
    if test != "ish":
        yield from ish_counts(note, sentence, start, end, test)
        return
    ahead = _AHEAD.search(note.plain, max(sentence.start, start - 60), start)
    group = "v" if ahead is not None and ahead["w"] is None else "w"
    if (ahead is None or group == "v") and _RESULT.search(note.plain, start, min(end, start + 24)):
        ahead = None  # the test has its own result behind it
    elif ahead is None:
        ahead, group = _ADJECTIVE.search(note.plain, max(sentence.start, start - 40), start), "w"
    denied = ahead is not None and ahead[group].startswith(("n", "un"))
    verdict = _DETECTED.search(note.plain, max(sentence.start, start - 40), end)
    if ahead and stated_result(note, ahead.span(group), negative=denied) and _of_her2(note, sentence, ahead.start()):
        yield Token("ish", "result", "negative" if denied else "positive", ahead.span(group))
    elif verdict and not context(note, *verdict.span()).template and (verdict["no"] or stated(note, verdict.span())):
        yield Token("ish", "result", "negative" if verdict["no"] else "positive", verdict.span())
    else:
        result = _first_result(note, start, end) or _first_result(note, start, max(reach, end))
        if result is not None and result.lastgroup == "positive":
            denial = _NO_AMP.search(note.plain, max(sentence.start, result.start() - 60), result.end())
            result = None if denial and denial.start() < result.start() and denial.end() >= result.end() else result
        if result is not None and _ish_result_stated(note, sentence, start, result):
            yield Token("ish", "result", result.lastgroup, result.span())
            yield from _opposite(note, result, end)
            beside = _BESIDE_COPIES.match(note.plain, result.end(), end)
            if beside is not None and measured(note, beside.span("n")):
                # The other number of the bracket is called copies.
                yield Token("ish", "her2_cep17_ratio", number_of(beside["n"]), beside.span("n"))
            bare = _BARE_RATIO.match(note.plain, result.end(), end) if beside is None else None
            # A ratio, or copies cut off in thin sections: both can be below two.
            if bare is not None and not _RATIO.search(_probes(note.plain[start:end])):
                yield Token("asked", "bare_count", None, bare.span("n"))
        single = _SINGLE_PROBE.search(note.plain[sentence.start : sentence.end])
        if single:
            yield Token(
                "ish", "method", "single_probe", (sentence.start + single.start(), sentence.start + single.end())
            )


def _opposite(note: Note, first: re.Match[str], end: int) -> Iterator[Token]:
    """Yield the result that contradicts the first one: of another sample, or nobody can tell which of the two holds."""
    for later in _RESULT.finditer(note.plain, first.end(), end):
        other = {"positive": "negative", "negative": "positive"}.get(str(first.lastgroup))
        if (
            "amplified" in later[0]
            and later.lastgroup == other
            and stated_result(note, later.span(), negative=True)
            and not _NOT_RIGHT_BEFORE.search(note.plain, max(0, later.start() - 20), later.start())
        ):
            yield Token("ish", "result", later.lastgroup, later.span())
            return


_NOT_RIGHT_BEFORE = re.compile(r"\b(?:not|no|non)[\s-]+(?:\w+\s)?$")


def _first_result(note: Note, start: int, end: int) -> re.Match[str] | None:
    """Return the first word for a result; "FISH for HER2 amplification" only says what was looked for."""
    low = max(note.sentence(start).start, start - 40)
    for result in _RESULT.finditer(note.plain, start, end):
        asked = result[0] == "amplification" and (
            _LOOKED_FOR.search(note.plain, low, result.start()) or _LABEL_BEHIND.match(note.plain, result.end(), end)
        )
        if not (asked or _LIMIT_BEFORE.search(note.plain, max(start, result.start() - 16), result.start())):
            return result
    return None


_LIMIT_BEFORE = re.compile(r"[<>≤≥]\s?=?\s?\d(?:[.,]\d)?\s?(?:[:=]|is\s|means\s)?\s?$")
"""The border of a category before its name: "< 2.0 not amplified"."""
_LOOKED_FOR = re.compile(
    r"(?<!positive )(?<!negative )\b(?:for|to (?:assess|evaluate|detect|determine|look for|exclude|rule out|confirm|check|test)(?: for)?|whether|possible|suspected)\s"
    r"(?:the\s|any\s|a\s|her-?2(?:/neu)?\s|\(her-?2(?:/neu)?\)\s|erbb2\s|gene\s|or\s|and\s|overexpression\s)*$"
)
_LABEL_BEHIND = re.compile(
    r"\s?(?:status|stud(?:y|ies)|test\w*|analys[ie]s|assay|assessment|evaluation)\b|\s?(?:\([^()\n]{0,40}\)\s?)?(?:by (?:\w+\s?){1,3})?:"
)
_NO_AMP = re.compile(NO_AMPLIFICATION)
_AHEAD = Gated(
    r"(?<!not )(?<!no )(?<!non-)\b(?:(?P<w>not amplified|non-?\s?amplified|unamplified|amplified|no (?:evidence of )?(?:her-?2 |erbb2 |gene )*amplification(?: of (?:the )?(?:her-?2|erbb2)(?:/neu)?(?: gene)?)?(?: (?:is |was )?(?:seen|detected|found|identified|present))?|nicht amplifiziert|non amplifie\w*|non amplificato|no amplificad[ao])(?:\s(?:by|on|via|with|in|in der)|\s?(?=\($))"
    r"|(?P<v>positive|pos|negative|neg)(?:\s(?:by|on|for)\s(?:both\s)?ihc\b[^.;]{0,24}?\sand(?:\sby)?|\s(?:her-?2\s)?(?:by|on|via)))"
    r"(?:\s|\s?\()(?:the\s|reflex\s|both\s|subsequent\s){0,2}$"
)
"""The result before the test: "amplified by SISH"."""
_ADJECTIVE = Gated(
    r"\b(?:with|and|but|had|a|an|then|subsequent|subsequently)\s(?P<w>not amplified|non-?amplified|unamplified|amplified|positive|negative)\s(?:reflex\s|dual\s|subsequent\s|her-?2\s){0,2}$"
)
"""The result as the adjective of the test: "2+ with negative reflex FISH"."""
_DETECTED = Gated(
    r"amplification(?:\s(?:was|is|by|on|with|via|using|for|the|gene|reflex|dual|d?-?d?(?:fish|cish|sish|ish)|found|detected|seen|identified|confirmed|demonstrated|shown)){0,7}?"
    r"[\s:=-]{1,3}(?:(?P<no>not (?:detected|identified|present|seen|found|demonstrated|observed)|absent|negative|none|no\b)"
    r"|(?P<yes>(?<!not )(?:detected|identified|present|positive|yes|(?:found|seen|detected|confirmed|demonstrated|identified|shown)(?=\s(?:by|on|with|via|in)\s))))\b"
)
"""The result as whether there is amplification: "amplification by FISH: not detected", "amplification was found on FISH"."""
_RESULT_AND_RATIO = Gated(
    r"(?:(?P<p>(?<!node )(?<!nodes )\b(?:positive|negative)(?=[\s,;:(]{1,3}ratio))|(?P<w>not amplified|non-?\s?amplified|\b(?:no|not show\w*|not demonstrate\w*|without)\s(?:any |evidence of )*(?:her-?2 |erbb2 |gene )*amplification|(?<!not )(?<!non-)(?<!non )amplified)"
    r"|(?<!no )(?<!not )(?<!without )\b(?:evidence of|shows?|showed|demonstrat\w+|positive for)\s(?:her-?2\s|erbb2\s|gene\s)*(?P<v>amplification))"
    r"(?:\sof (?:the )?(?:her-?2|erbb2)(?:/neu)?(?: gene)?)?(?:\s(?:is|was|were))?(?:\s(?:seen|detected|identified|found|present|demonstrated))?(?:\sby (?:d?-?d?(?:fish|cish|sish|ish)))?"
    r"[\s,;:(-]{1,3}(?:with )?(?:an? )?(?:by )?(?:d?-?d?(?:fish|cish|sish|ish)[\s:,]{1,2})?(?:with )?(?:an? )?(?:her-?2\s?[/:]\s?ce[pn] ?17 )?ratio\b"
)
"""A result that a ratio follows is one of ISH, named or not: "1+, not amplified (ratio 1.3)"."""
_BARE_BEHIND_TEST = re.compile(
    r"(?:d?-?d?(?:fish|cish|sish)|d-?dish|dual ish)[\s:=(]{1,3}(?P<n>\d{1,2}[.,]\d{1,2})(?![\d%])"
)
_SUBJECT = re.compile(
    r"\b(?:nodes?|margins?|lvi|invasion|ln|lns|test|swab|serolog\w*|covid|biops\w+|patient|sln|slnb)\b"
)
"""Another thing that the word may be about: "FISH done, sentinel node positive"."""


def stated_result(note: Note, span: tuple[int, int], *, negative: bool) -> bool:
    """True where nothing doubts, explains or denies a result; the "not" of "not amplified" is the result's own."""
    said = context(note, *span)
    supposed = said.hypothetical and not spoken_of(note, span)
    return not (said.unsure or said.family or said.template or supposed or (said.negated and not negative))


def _of_her2(note: Note, sentence: Sentence, place: int) -> bool:
    """True when the name nearest before a result is that of HER2: "ALK negative by FISH" is not."""
    own = max((match.end() for match in NAME.finditer(note.plain, sentence.start, place)), default=-1)
    own = max(own, sentence.start)
    others = [hit.end for hit in note.hits_in(own, place, "gene") if hit.id("gene") != "ERBB2"]
    return not others and not note.cues_in(own, place, "stain")


_DEFINED = re.compile(
    r"\s?[:=]\s?(?:an?\s)?(?:ratio|copy number|copies|signals)[^.;]{0,24}(?:\.\d)?[^.;]{0,16}\bor (?:more|greater|higher|above|less|fewer|lower)\b"
)
_NOT_DONE = re.compile(
    r"\bnot (?:done|sent|performed)|pending|await|requested|\bsent\b(?![^.;]{0,40}\b(?:and|which) (?:was|came back|returned|showed|proved)\b)|submitted|\brecommend|\bif\b"
)
_DENIED_BEFORE = re.compile(r"\b(?:no(?!\.)|not)\W+(?:\w+\W+){0,2}$")


def _ish_result_stated(note: Note, sentence: Sentence, start: int, result: re.Match[str]) -> bool:
    said = context(note, *result.span())
    denied = "could not" in result[0]  # what was not possible is no supposition
    supposed = said.hypothetical and not denied and not spoken_of(note, result.span())
    if said.family or said.template or said.unsure or supposed:
        return False
    between = note.plain[start : result.start()]
    if _DEFINED.match(note.plain, result.end(), sentence.end):
        return False  # "ISH-positive: a ratio of 2.0 or more"
    if (
        _NOT_DONE.search(
            note.plain[start : min(sentence.end, result.end() + 30)],
        )
        or "for her2" in between
    ):
        return False
    other = max(between.rfind(","), between.rfind(";"), between.rfind(" and "), between.rfind(". "))
    if other >= 0 and _SUBJECT.search(between, other):
        return False
    if result.lastgroup in ("equivocal", "failed", "indeterminate"):
        return not between.endswith("not ")
    refused = _DENIED_BEFORE.search(between) is not None
    return result.lastgroup == "negative" or not (refused or said.negated)


_GENE = re.compile(r"her-?2(?:/neu|neu)?|erbb2")
_GENE_OF_TWO = re.compile(r"hexx\s+(?=[/:])")


def _probes(text: str) -> str:
    """Replace the digits inside probe names, character for character, so that they are no results."""
    text = _GENE.sub(lambda m: "hexx".ljust(len(m[0]))[: len(m[0])] if len(m[0]) >= 4 else m[0], text)
    text = _GENE_OF_TWO.sub(lambda m: "hexx" + " " * (len(m[0]) - 4), text)
    return _CEP17.sub(lambda m: "cexxx".ljust(len(m[0]))[: len(m[0])], text)


def _bounded(text: str, match: re.Match[str]) -> bool:
    """True for a number that is the border of a rule: "a ratio of 2.0 or more", "fewer than 4.0 copies"."""
    before, behind = text[max(0, match.start("n") - 16) : match.start("n")], text[match.end("n") : match.end("n") + 30]
    return _BOUND_BEFORE.search(before) is not None or _BOUND_BEHIND.match(behind) is not None


_BOUND_BEFORE = re.compile(
    r"(?:[<≥≤]|(?<![-–=])>|\b(?:fewer|less|more|greater|lower|higher) than|\bat least|\bunder|\bbelow|\babove|\bover|\bup to)\s?$"
)
_BOUND_BEHIND = re.compile(
    r"(?:\s(?:copies|signals)(?: per cell)?)?\s?(?:or (?:more|greater|above|higher|less|fewer|below|lower)|and (?:above|below|over))\b"
)
_CEP17 = re.compile(rf"{CEP17}|\bc17\b")


def _is_sum(text: str, match: re.Match[str]) -> bool:
    """True for the signals of all cells together: "HER2 signals 84 in 20 nuclei"."""
    if "." in match["n"] or "," in match["n"]:
        return False
    if _A_MEAN.search(text, match.start(), min(len(text), match.end() + 14)):
        return False
    behind = _IN_CELLS.match(text, match.end("n"))
    return float(match["n"]) >= _SUM or (behind is not None and "(" not in behind[0])


_MOST = {False: 100, True: 15}
"""Signals per cell above which a number is no mean: of HER2, and of chromosome 17 (True)."""


def _plausible(written: str, most: int) -> bool:
    return 0 < float(number_of(written)) <= most


def number_of(written: str) -> str:
    """Return a number as written, with a point."""
    return written.replace(",", ".")
