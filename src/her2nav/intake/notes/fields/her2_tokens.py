"""HER2 results inside one sentence, each after the test it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_ihc import ihc_tokens
from her2nav.intake.notes.fields.her2_ish import (
    ish_counts,
    ish_tokens,
    result_by_ratio,
    stated_result,
)
from her2nav.intake.notes.fields.her2_marks import HER2, MARKS, NAME, Token, modes, test_at
from her2nav.intake.notes.fields.her2_panel import (
    copies_below,
    ngs_tokens,
    row_among_genes,
    row_of_panel,
    told_by_panel,
)
from her2nav.intake.notes.fields.her2_split import label, named
from her2nav.intake.notes.fields.her2_stated import stated
from her2nav.intake.notes.fields.her2_whose import names_other_gene, probed_for_her2
from her2nav.intake.notes.fields.her2_words import not_overexpressed, word_tokens
from her2nav.intake.notes.fields.receptor_list import LIST, receptor_lists
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_DIRECT = re.compile(
    rf"{HER2}(?: ihc)?(?:\s?\((?:clone\s)?[^()\n]{{2,20}}\))?[\s:(=]{{0,3}}(?:[0-3]\s?(?:\+|plus\b)|0(?=[\s,;)]|\.(?!\d)|$))"
)
"""A score right behind the name is one of immunohistochemistry, even where the line before was about ISH."""
_NAME_BEHIND = Gated(
    r"[0-3]\s?\+\)?\s(?:[a-z-]+\s){0,2}(?:staining|reactivity|positivity|expression|immuno\w+)\s(?:for|of)\s$"
    r"|\b(?:strong|weak|moderate|faint|diffuse|intense|with|show\w*|has|had)\s(?:an?\s)?[0-3]\s?\+\s$"
    r"|\b(?:scor(?:ed|es|ing)|graded|reported as|read as|called)\s(?:as\s)?[0-3]\s?\+\s(?:for|on)\s$"
)
"""A score whose stain is named behind it: "2+ membrane staining for HER2"."""
_SCORE_BEHIND = re.compile(
    r"[a-z](?:[^.;]|\.(?=\d)){3,90}?(?:[\s(](?=[0-3]\s?\+(?!\d))|(?=\bscored? (?:of |as )?[0-3]\b(?![.,]\d)))"
)
"""A score behind the result of ISH is one of immunohistochemistry: "core (2+/FISH+) and excision (1+)"."""
_THOSE = re.compile(
    r"\s*(?:and |but )?(?:those|these|they|it|this(?: one)?|the (?:new|second|other|later) ones?)\s(?:is|are|was|were|came back|turned out|(?:has|have) become)\s(?:now |scored |even |only |just |as )?(?=[0-3]\s?\+(?!\d))"
)
"""A new sample in the words of a letter, behind what was told of ISH: "Those are 3+"."""
_ZERO_BEHIND = re.compile(
    r"\b(?:and|then|now|but)\s(?P<z>0)(?:\s(?:in|on|at)\s(?:the\s|her\s|his\s|a\s)?(?:residual|primary|core|biops|resect|excis|surg|met|node|recur|relaps|liver|bone|lung|brain|skin)"
    r"|\s?\([^()\d]{0,40}(?:biops|bx|punch|core|excis|resect|mastect|lumpect|aspirat|fna|block|specimen))"
)
_SCORED = re.compile(r"(?<![\w+])[0-3]\s?\+")
"""Score 0 of a second sample behind the ISH of the first: "2+ (ISH+) and 0 on the residual tumour"."""
_TRIPLE = Gated(r"\b(?:triple[- ](?P<w>negative|positive|neg|pos)|(?P<tn>tnbc))\b")


_OF_BLOOD = re.compile(
    r"[\s>•*-]*(?:plasma|blood|liquid(?: biopsy)?|ct-?dna|cf-?dna)\b(?! ?(?:pressure|count|test|film|cultur))[^:;\n]{0,40}:"
)
SAID = Gate(MARKS, _TRIPLE, LIST)


def tokens(note: Note, sentence: Sentence, carried: str | None) -> tuple[list[Token], str | None]:
    """Return the results of a sentence and the test that a following line may go on with."""
    if carried is None and sentence.start not in note.cued(SAID):
        return [], None
    row = list(row_among_genes(note, sentence) if carried != "ngs" else copies_below(note, sentence))
    if row:
        return row, carried
    if _OF_BLOOD.match(note.plain, sentence.start, sentence.end):
        carried = "ngs"  # what is found in plasma was sequenced, named or not
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
    if carried in ("ish", "ihc", "her2") and not modes_named and _of_other_stain(note, sentence):
        return triple, None
    if not modes_named & {"her2", "probes", "ngs"}:
        unnamed = "ish" in modes_named and not probed_for_her2(note, sentence)
        if unnamed or (carried != "ngs" and not modes_named and names_other_gene(note, sentence.start, sentence.end)):
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
    found += not_overexpressed(note, sentence)
    if any(token.key in ("score", "result") for token in found):
        found += _zeros(note, sentence, found)
    if her2 and not any(token.key == "score" for token in found):
        found += _equivocal(note, sentence)
        found += _third(note, sentence)
    last = next(
        (test_at(places, i) for i in range(len(places) - 1, -1, -1) if places[i][1] not in ("none", "other")), None
    )
    closing = places[-1][1]
    if last == "ish" and not any(one.test == "ish" for one in found):
        last = "her2" if _NO_ISH.search(note.plain, sentence.start, sentence.end) else last
    return _of_tumour(note, sentence, found), (last if closing != "other" else None)


_NO_ISH = Gated(
    r"\b(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ hybridi[sz]ation)\b[^.;:]{0,40}\b(?:not|never)\s(?:been\s|yet\s)?(?:done|performed|carried out|needed|required|necessary|requested|indicated|available|tested|attempted|added|sent)\b"
    r"|\b(?:no|without)\s(?:reflex\s)?(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ hybridi[sz]ation)\b(?!\s(?:ampl|signal))"
)
"""ISH that was not done has no result that a later line could tell."""
_OPENS_WITH = 8


def _of_other_stain(note: Note, sentence: Sentence) -> bool:
    """True for a sentence that opens with the name of another stain: what was said of the test before does not go on."""
    start = (
        sentence.start
        + len(note.plain[sentence.start : sentence.end])
        - len(note.plain[sentence.start : sentence.end].lstrip(" \t>*•-"))
    )
    high = min(sentence.end, start + _OPENS_WITH)
    stains = [one.start for one in note.cues_in(start, sentence.end, "stain")]
    genes = [one.start for one in note.hits_in(start, sentence.end, "gene") if one.id("gene") != "ERBB2"]
    return any(start <= place < high for place in [*stains, *genes])


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
_EITHER = Gated(
    r"(?<![\w+])[0-3]\s?\+\s(?:or|and/or)\s(?:with\s|an?\s|by\s)*(?:her-?2\s)?(?:d?-?d?(?:fish|cish|sish|ish)|amplif\w+)(?:[\s-]\w+)?"
)
"""One of two results, as a rule asks for it: "3+ or ISH positivity"."""
_IN_SITU = Gated(
    r"\b(?:dcis|lcis|ductal carcinoma in[- ]situ|in[- ]situ (?:component|carcinoma|part|disease|tumou?r)|intraductal component)\b"
)
_OPENS_IN_SITU = re.compile(
    r"[\s>*•-]*(?:the\s)?(?:high[- ]grade\s|low[- ]grade\s|extensive\s)?(?:dcis|lcis|ductal carcinoma in[- ]situ|in[- ]situ component)\b"
)
_OF_ANOTHER = re.compile(r"[;:.]|\binvas|\binfiltrat|\bmetast|\bidc\b|\bilc\b|\bwith\b|\band\b|\bcomponent\b")
"""Words that part a result from the carcinoma in situ at the head of its sentence."""
_INVADES = re.compile(r"\binvasi|\binfiltrat|\bmetast|\bidc\b|\bilc\b|\bwith\b[^,;]*dcis")
_BRACKET_IN_SITU = re.compile(r"\s?(?:\(|in (?:the )?|on (?:the )?)(?:the )?(?:dcis|in[- ]situ component)\b")


def _of_tumour(note: Note, sentence: Sentence, found: list[Token]) -> list[Token]:
    """Leave out what is only said of what HER2-low is, and of the part of a tumour that does not invade."""
    aside = [
        match.span() for rule in (_LOW_IS, _EITHER) for match in rule.finditer(note.plain, sentence.start, sentence.end)
    ]
    kept = [
        one
        for one in found
        if not any(start <= one.span[0] < end for start, end in aside)
        and _CALLED_SO.search(note.plain, sentence.start, one.span[0]) is None
        and _CONTROL_BEHIND.match(note.plain, one.span[1]) is None
    ]
    return [
        one
        for one in kept
        if one.test not in ("ihc", "ish")
        or not (
            _in_situ(note, sentence, one)
            or _CONTROL.search(note.plain, sentence.start, one.span[0])
            or (one.key == "score" and _OTHER_COMPONENT.match(note.plain, one.span[1]))
        )
    ]


_CALLED_SO = Gated(
    r"\b(?:counts? as|would (?:be|count as)|(?:above|over|or more|or higher|or greater|at least [\d.]{1,4})(?: (?:copies|signals|cells|per cell))? (?:is|are|means|counts as))\s(?:her-?2\s)?(?:an?\s)?$"
)
"""What a number would be called: "a ratio above 2.0 counts as amplified"."""
_CONTROL = Gated(
    r"\b(?:qc|quality control|proficiency|eqa|neqas) (?:slide|run|material|sample|scheme|test\w*)\b[^.;]{0,40}$|\bcontrols?\b(?![^.;]{0,40}\b(?:tumou?r|patient|specimen|invasive|carcinoma|test|appropriate\w*|satisfactory|worked)\b)[^.;]{0,40}$"
)
"""What the control on the slide showed is no result: "positive control HER2 3+"."""
_OTHER_COMPONENT = re.compile(
    r"\s(?:in|on|for) (?:the )?(?:sarcomatous|sarcomatoid|mesenchymal|stromal|spindle[ -]cell|in[- ]situ|dcis|benign|normal) (?:component|part|area|epithelium|cells|tissue|ducts?|glands?|lobules?|acini|breast|mucosa)\b"
)
"""A score of what is no carcinoma."""
_CONTROL_BEHIND = re.compile(
    r"\s(?:positive\s|negative\s|tissue\s)?controls?\b|\s?\(?(?:staining\s)?(?:in|on|of|for)\s(?:the\s|an?\s)?(?:external\s|internal\s|positive\s|on-slide\s|batch\s)*controls?\b"
)


def _in_situ(note: Note, sentence: Sentence, token: Token) -> bool:
    """True for a result of carcinoma in situ: "DCIS: HER2 3+", "3+ (DCIS)"."""
    if _BRACKET_IN_SITU.match(note.plain, token.span[1]):
        return True
    if _IN_SITU.search(note.plain, sentence.start, token.span[0]) is None:
        return False
    opens = _OPENS_IN_SITU.match(note.plain, sentence.start, token.span[0])
    if opens and not _OF_ANOTHER.search(note.plain, opens.end(), token.span[0]):
        return True
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


_SIGN = re.compile(r"(?<![\w+.])[0-3]\s?\+(?!\d)")
_BREAK = re.compile(r"[;,]\s")


def _labelled_score(note: Note, start: int, end: int) -> int | None:
    """Return where the statement of another sample begins behind ISH: "2+/FISH negative; mastectomy 1+"."""
    for score in _SIGN.finditer(note.plain, start, end):
        low = max((one.end() for one in _BREAK.finditer(note.plain, start, score.start())), default=None)
        if low is not None and named(label(note, low, score.start(), score.start())):
            return low
    return None


_ZERO = re.compile(
    r"(?:[;,:]|->|→)\s(?P<label>(?:[^;,:%()\d]|(?:\d{1,2}[/.-]){0,2}(?:19|20)\d\d(?:-\d\d){0,2}){4,50}?)(?:\s\(?|(?=:\s))(?:(?:was|is|now|still|her-?2|ihc|[:=–-])\s){0,2}(?P<z>0)(?=\s?(?:[;,)]|\.(?!\d)|$))"
)


def _zeros(note: Note, sentence: Sentence, found: list[Token]) -> Iterator[Token]:
    """Read score 0 of a further sample behind the result of a first one: "2+/FISH negative; at relapse 0"."""
    named_at = NAME.search(note.plain, sentence.start, sentence.end)
    first = min(token.span[0] for token in found if token.key in ("score", "result"))
    first = min(first, named_at.end()) if named_at else first
    for match in _ZERO.finditer(note.plain, first, sentence.end):
        if any(token.span[0] <= match.start("z") < token.span[1] for token in found):
            continue
        own = label(note, *match.span("label"), match.end("label"))
        other = note.cues_in(*match.span("label"), "stain") or note.hits_in(*match.span("label"), "gene", "lab")
        if (own.kind or own.lesion or (own.organ and own.date)) and not other and stated(note, match.span("z")):
            yield Token("ihc", "score", "0", match.span("z"))


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
        behind = _THOSE.match(note.plain, start, end) or _SCORE_BEHIND.match(note.plain, start, end)
        further = behind.end() if behind else _labelled_score(note, start, end)
        if further is not None:
            yield from ihc_tokens(note, further, end)
        zero = _ZERO_BEHIND.search(note.plain, start, end)
        if zero and stated(note, zero.span("z")) and _SCORED.search(note.plain, sentence.start, start):
            yield Token("ihc", "score", "0", zero.span("z"))
    if test in ("her2", "ish", "ihc") and not direct:
        yield from ish_tokens(note, sentence, start, end, test, reach)
    if test == "ngs" or (mode == "her2" and test == "ngs"):
        yield from ngs_tokens(note, sentence, start, end, panel)
    if mode == "ngs":
        yield from told_by_panel(note, sentence, start)
        yield from row_of_panel(note, sentence, start, end)
    if mode == "her2":
        yield from word_tokens(note, start, end, test)
