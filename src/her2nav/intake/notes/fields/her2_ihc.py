"""Immunohistochemistry of HER2: the score, and percentage, intensity and completeness beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_split import segments
from her2nav.intake.notes.fields.her2_stain import (
    PERCENT,
    described_before,
    pattern,
    share_before,
    share_before_name,
    without_names,
)
from her2nav.intake.notes.fields.her2_stated import scored, stated
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_SCORE = re.compile(
    r"(?P<three>(?<![\w.+/])(?:(?:(?P<of>\+{1,3})|(?P<o>[01])\s?(?:\+|(?=/\s?3\s?\+)))\s?/\s?3(?!\d|[.%/])|(?<=score )(?P<of3>[0-3])\s?\+?\s(?:out of|of)\s3(?!\d|\.\d)|(?P<out>[0-3])\s?\+?\s(?:out of|of|de|von|di|su|sur)\s3\s?\+))"
    r"|(?P<range>(?<![\w.+])(?<!from )(?<!from score )(?P<r1>[0-3])\s?\+?\s?(?:to|-|–|/|or)\s?(?P<r2>[1-3])\s?\+)"
    r"|(?P<digit>(?:(?<![\w.+/])|(?<=ihc))\+?(?P<d>[0-3])\s?(?:\+(?![\d])|\(\+\)))"
    r"|(?P<lead>(?<![\d\w])\+(?P<l>[1-3])(?![\d.%]))"
    r"|(?P<plus>(?<=[\s(:=])\+{2,3}(?=[\s),;.]|$))"
    r"|(?P<word>\b(?P<w>zero|one|two|three|[1-3]) plus\b)"
    r"|(?P<zero>(?<![\w.+/,:-])0(?=\s?\((?:no|nil|absent|absence of|without)\s(?:any\s|detectable\s)?(?:membran\w+\s)?stain))"
    r"|(?P<named>\bscore(?:d)?(?: of|:| =| as| is| was)?\s{0,3}(?P<n>[0-3])(?:\s\+(?=[\s,.;)]|$)|(?=\s?/\s?3(?!\d))|(?=\s?/\s?(?:absent|no\b|null|with|negative|neg))|(?!\d|\.\d|[%/+]|\s?(?:/|of|to)\s?\d)))"
)
_SIGNS = ("+", "score", "plus", "0 (", "0(")
"""One of them stands in every score that is written so."""
_BARE_ZERO = Gated(
    r"(?:ihc|immunohisto\w*|her[- ]?2(?:/neu)?|erbb2)(?:[\s:=(,|-]|score|ultra-?low|null|nil|absent|theirs|ours|central(?:ly)?|local(?:ly)?|reference|lab(?:oratory)?|in-house|agreed?|of|is|was|by|again|now|still|as|came back|returned|remain(?:s|ed)|had been|has been|staining|expression|status|receptors?|protein|result|neg|negativ[eoa]?|negatif|positiv|ihc|immunohisto\w*|clone|4b5|sp3|cb11|a0485|29d8|hercep ?test|ventana|dako|(?:19|20)\d\d(?=\))|[)]){0,12}?(?<![\d.])(?P<z>0|zero\b)(?!\d|\.\d|[%+-]|\s?/\s?\d|\s?(?:of|to|\+|%|copies|cells))"
)
_ANOTHER_ZERO = re.compile(
    r"(?P<x>(?<=local result )0|(?<=central result )0|(?<=local score )0|(?<=central score )0|(?<=local: )0|(?<=central: )0|(?<=report said )0|(?<=report says )0)(?![\d.%+/]\d?|\s?(?:of|to|%))"
    r"|\b(?:central(?:ly)?|local(?:ly)?|(?:second|other|2nd) (?:reader|observer|pathologist|opinion|lab\w*)|reference (?:lab\w*|cent(?:re|er))|review|in-?house|on repeat)\s?[:=]?\s(?P<w>0|zero\b)(?=\s?(?:[.,;)](?!\d)|$|\())"
    r"|(?:,\s|;\s|→\s?|->\s?)(?P<y>0|zero\b)(?=\s(?:after|post|following|now)\b|\s(?:on|in|at) (?:the )?(?:repeat |re-?|new |recent |latest )?(?:residual|primary|core|biops|bx|resect|excis|surg|met|node|recur|relaps|liver|bone|lung|brain|skin)|\s?\((?:[^()]{0,16}(?:19|20)\d\d|(?:the )?(?:primary|met|liver|bone|lung|brain|node)))|\b(?:and|but|then|now|to|later|vs|with|against|versus)\s(?P<z>0)(?=\s(?:in|on|at|from)\b|\s?\([^()\d]{0,40}(?:biops|bx|punch|core|excis|resect|mastect|lumpect|aspirat|fna|block|specimen)|(?<=to 0)\s?(?:[.,;)]|$))"
)
"""A second score beside a first one: "2+ in 2021 and 0 in 2024"."""
_LISTED_ZERO = re.compile(
    r"[,;]\s(?=[^;:,%]*(?:19|20)\d\d)[^;:,%]{4,40}\b(?:primary|mets?|metastas[ei]s|recurrence|relapse|liver|bone|lung|brain|node|skin|pleura|biopsy|bx|core|resection)[\s:–-]{1,3}(?P<y>0)(?=\s?[;,(]|\.?\s?$|\.\s|\sand\b)"
    r"|;\s(?=[^;:%]*(?:19|20)\d\d)[^;:%]{4,40}\s(?P<z>0)(?=\s?(?:;|\.?\s?$|\.\s))"
)
"""A score in a list of samples: "3/2020 primary 1+; 8/2023 liver 0"."""
_BARE_DIGIT = Gated(
    r"(?:ihc|her-?2(?:/neu)?)(?:\s(?:score|status|result|expression|ihc|by ihc))*(?:(?:\s?[:=]\s?)(?P<b>[1-3])(?=\s*(?:[;,)|]|\.(?!\d)|$|\((?:pos|neg|equiv|low|strong|weak)))"
    r"|(?<=ihc)\s(?P<b2>[1-3])(?=\s*(?:[;,)|/]|\.(?!\d)|$|(?:and|with)\s(?:the\s)?(?:d?-?d?(?:fish|cish|sish|ish))\b))"
    r"|\s(?:was|is|came back|scored|reported)(?:\sas)?\san?\s(?P<b3>[1-3])(?=\s?(?:[;,)]|\.(?!\d)|$|(?:and|but|with|on)\b)))"
)
"""A digit alone that a colon puts right behind the name of the test, that stands behind IHC, or that "was a 2"."""
_SCORED_ZERO = Gated(
    r"\b(?:therefore|hence|thus|i\.e\.,?|(?:reported|scored|graded|read|called|given|interpreted|regarded|assessed|recorded)\s(?:as|at|to be)|(?:corrected|amended|revised|changed)\s(?:from\s[^.;]{1,24}\s)?to|(?:and|which|it)\s(?:was|is|came back|returned|remains|remained)(?:\s(?:as|still|also|now|again))?)\s(?P<z>zero\b|0(?!\d|\.\d|[%+-]|\s?(?:of|to|/|%|\+)))"
)
_COLON_ZERO = re.compile(
    r"(?:her[- ]?2(?:/neu)?|ihc)\b[^:;.()\d]{0,20}(?:\b(?:re-?tested|repeated|re-?stained|tested|on|of|in|with|from|for)\b[^:;()%]{0,60}):\s?(?:ihc\s|score\s)?(?P<z>0)(?=\s?(?:[;,)]|\.(?!\d)|$))"
)
"""Score 0 behind the colon of a line that says what was stained: "HER2 on the liver biopsy: 0"."""
_SCALE = Gated(r"\breference range\b|\b(?:reference|scale|legend|key|scoring (?:system|guide|key|scale))\s?[:=]")
_PLUS = {"zero": "0", "one": "1+", "two": "2+", "three": "3+"}
_ULTRALOW = Gated(
    r"\bultra-?\s?low\b|\bfaint[^.;]{0,40}(?:[<≤]|\bless than|\bup to|\bno more than) ?10 ?%"
    r"|\bstaining in (?:[<≤]|less than|up to|no more than) ?10 ?%|\b(?:faint|barely perceptible)[^.;]{0,40}(?<![\d.-])(?:10|[1-9]) ?%|(?<![\d.-])(?:10|[1-9]) ?%[^.;]{0,40}\b(?:faint|barely perceptible)"
)
"""Faint staining of a score 0, called so or described: in no more than a tenth of the cells it is still score 0."""
_CALLED_ULTRALOW = Gated(r"\bultra-?\s?low\b(?=[^;.]{0,12}\((?:her-?2 )?(?:ihc|score)?\s?(?:score )?0)")
_ULTRALOW_SEEN = Gated(
    r"(?P<w>\bher-?2[\s:-]{1,2}ultra-?\s?low)\b[\s,:(;-]{1,3}(?:with )?(?:faint|weak|incomplete|barely)[^.;]{0,60}\bstaining\b"
)
_NO_STAINING = Gated(
    r"\b(?:(?:membrane )?staining\s?[:=]\s?(?:none|absent|nil)\b|(?:no|nil|absent|absence of|lack of) (?:detectable |any |membran\w+ )*(?:staining|reactivity)|membran\w+ staining (?:is |was )?(?:absent|not (?:seen|observed|identified))"
    r"|keine (?:her-?2-?)?(?:membran-?)?farbung|(?:absence de|aucun|pas de) marquage|(?:assenza di|nessuna) colorazione|(?:ausencia de|sin|no hay) tinci[oó]n|geen (?:membraan)?(?:aan)?kleuring)\b"
)
"""No cell is stained, in the languages whose reports are met most."""


def ihc_tokens(note: Note, start: int, end: int) -> Iterator[Token]:
    """Yield the scores of a stretch, each with the pattern behind it."""
    scale = _SCALE.search(note.plain, start, end)
    end = scale.start() if scale else end
    scores = _written(note, start, end)
    scores += [
        (f"{match[group]}+", match.span(group))
        for match in _BARE_DIGIT.finditer(note.plain, start, end)
        for group in ("b", "b2", "b3")
        if match[group]
    ]
    window = max(0, start - 1)
    scores += [
        ("0", match.span("z")) for match in _BARE_ZERO.finditer(note.plain, window, end) if match.start() >= window
    ]
    colon = _COLON_ZERO.match(note.plain, start, end)
    scores += [("0", colon.span("z"))] if colon else []
    if scores:
        scores += [
            ("0", match.span(str(match.lastgroup)))
            for match in _ANOTHER_ZERO.finditer(note.plain, scores[0][1][1], end)
        ]
        scores += [
            ("0", match.span("z" if match["z"] else "y"))
            for match in _LISTED_ZERO.finditer(note.plain, scores[0][1][1], end)
        ]
    scores += [("0", match.span("z")) for match in _SCORED_ZERO.finditer(note.plain, start, end)]
    scores.sort(key=lambda one: one[1])
    scores = [one for i, one in enumerate(scores) if i == 0 or one[1][0] >= scores[i - 1][1][1]]
    kept = [(value, span) for value, span in scores if _believed(note, span)]
    kept = _whole(note, _without_rest(note, kept))
    if len({str(value) for value, _ in kept}) >= 3 and not segments(
        note, note.sentence(start), [span for _, span in kept]
    ):
        return
    for i, (value, span) in enumerate(kept):
        if not scored(note, span):
            continue
        yield Token("ihc", "score", value, span)
        stop = kept[i + 1][1][0] if i + 1 < len(kept) else end
        if value == "0" and _OPTION_ZERO.search(note.plain, span[1], min(stop, span[1] + 60)):
            continue  # the words of the form, which leave open which of the two it was
        yield from pattern(note, span[1], stop)
        low = _ULTRALOW.search(note.plain, start, stop) if value == "0" else None
        if low is None and value == "0" and len(kept) == 1:
            low = _CALLED_ULTRALOW.search(note.plain, max(note.sentence(span[0]).start, span[0] - 30), span[0])
        if low and stated(note, low.span()):
            yield Token("ihc", "zero_subtype", "faint_le10", low.span())
            if i == 0:
                yield from described_before(note, start, span[0])
            continue
        none = _NO_STAINING.search(note.plain, start if i == 0 else span[1], stop) if value == "0" else None
        if none and not context(note, *none.span()).template:
            yield Token("ihc", "zero_subtype", "no_staining", none.span())
        if i == 0:
            yield from share_before(note, start, span[0])
            yield from share_before_name(note, start, span[0])
            yield from described_before(note, start, span[0])
    if not kept:
        low = _ULTRALOW_SEEN.search(note.plain, start, end)
        if low and stated(note, low.span("w")):
            # Ultralow is IHC 0 with faint staining in no more than a tenth of the cells: said with the staining that was seen.
            yield Token("ihc", "score", "0", low.span("w"))
            yield Token("ihc", "zero_subtype", "faint_le10", low.span())
        none = _NO_STAINING.search(note.plain, start, end)
        if none and not context(note, *none.span()).template:
            yield Token("ihc", "zero_subtype", "no_staining", none.span())
        yield from pattern(note, start, end, bare=True)


_OPTION_ZERO = re.compile(r"no staining(?: is observed)? or (?:membrane )?staining that is incomplete")
"""What a form calls score 0: "no staining or membrane staining that is incomplete and faint"."""
_SHARE_BEFORE = re.compile(
    r"(?<![\d.<>≥≤-])\d{1,3}\s?%\s?(?:of (?:the )?(?:tumou?r |invasive )?cells\s|are |is |at |with |score |=|:|-)?\(?$"
)


def _without_rest(note: Note, scores: list[tuple[Any, Span]]) -> list[tuple[Any, Span]]:
    """Return the scores without lower ones of the rest of a tumour: "3+ in 60 % of the cells, the rest 1+ to 2+"."""
    if not scores or isinstance(scores[0][0], list):
        return scores
    whole, (_, end) = scores[0]
    kept = scores[:1]
    for value, span in scores[1:]:
        rest = _REST.search(note.plain, end, span[0])
        share = PERCENT.search(note.plain, end, rest.start()) if rest else None
        lower = all(one < whole for one in (value if isinstance(value, list) else [value]))
        if not (share and float(share["p"]) > _RULING_SHARE and lower):
            kept.append((value, span))
    return kept


_REST = re.compile(
    r"\b(?:(?:adjoining|adjacent|surrounding|neighbouring|neighboring|other|further) (?:areas?|zones?|fields?|parts?|glands?|cells)|the rest|rest of|rest (?=[0-3])|remainder|remaining (?:tumou?r |invasive )?cells)\b[^.;:]{0,24}$"
)
_RULING_SHARE = 10
"""Percent of cells above which their score is that of the tumour, whatever the rest shows."""


def _whole(note: Note, scores: list[tuple[Any, Span]]) -> list[tuple[Any, Span]]:
    """Return the score of the whole sample where others in its bracket are those of parts: "3+ (60% 3+, 30% 2+, 10% 1+)"."""
    if len(scores) < _PARTS:
        return scores
    first = scores[0][1]
    inside = [
        one
        for one in scores[1:]
        if note.plain.rfind("(", first[1], one[1][0]) > note.plain.rfind(")", first[1], one[1][0])
    ]
    shared = [
        _SHARE_BEFORE.search(note.plain, max(0, span[0] - 40), span[0]) or _SHARE_BEHIND.match(note.plain, span[1])
        for _, span in inside
    ]
    if len(inside) < _PARTS - 1 or not all(shared):
        return scores
    return [one for one in scores if one not in inside]


_SHARE_BEHIND = re.compile(r"\s?(?:in|:|=|-)?\s?\d{1,3}\s?%")
_PARTS = 3
"""A score and the shares of at least two."""


_LONE = re.compile(
    r"\W{0,2}(?:(?:score|ihc|negative|neg|low|equivocal|positive)\W{1,3})?(?P<d>[0-3])(?=\W*$|\W{1,3}[a-z])(?!\s?(?:%|/))"
)
"""A digit that is all of a cell, or all that stands before its words: "0, no staining"."""


def cell_scores(note: Note, start: int, end: int) -> Iterator[Token]:
    """Yield the score of a cell of a table, with the pattern behind it."""
    scores = _written(note, start, end)
    lone = _LONE.match(note.plain, start, end) if not scores else None
    if lone:
        scores = [("0" if lone["d"] == "0" else f"{lone['d']}+", lone.span("d"))]
    if len({str(value) for value, _ in scores}) != 1:
        return
    value, span = scores[0]
    yield Token("ihc", "score", value, span)
    yield from share_before(note, start, span[0])
    yield from pattern(note, span[1], end)
    if value != "0":
        return
    low, none = _ULTRALOW.search(note.plain, start, end), _NO_STAINING.search(note.plain, start, end)
    if low:
        yield Token("ihc", "zero_subtype", "faint_le10", low.span())
    elif none:
        yield Token("ihc", "zero_subtype", "no_staining", none.span())


def _written(note: Note, start: int, end: int) -> list[tuple[Any, Span]]:
    """Return the scores that are written with a sign or the word, each with its place."""
    named = without_names(note)
    if all(named.find(sign, start, end) < 0 for sign in _SIGNS):
        return []
    return [_numbered(note, match) for match in _SCORE.finditer(named, start, end)]


_SAMPLE_NUMBER = re.compile(r"\b(?:specimen|sample|part|core|site|tumou?r|lesion|focus|case|block|biopsy|nodule)\s#?$")


def _numbered(note: Note, match: re.Match[str]) -> tuple[Any, Span]:
    """Return a score with its place; "specimen 1 - 3+" is no range but the score of the first specimen."""
    if match["range"] and _SAMPLE_NUMBER.search(note.plain, max(0, match.start() - 12), match.start()):
        return f"{match['r2']}+", (match.start("r2"), match.end())
    return _score_of(match), match.span()


def _score_of(match: re.Match[str]) -> Any:
    if match.re is _SCORE and match["range"]:
        low, high = int(match["r1"]), int(match["r2"])
        scores = [str(n) + ("+" if n else "") for n in range(low, high + 1)]
        return scores if low < high else scores[0] if scores else f"{high}+"
    if match.re is _SCORE and match["three"]:
        return _of_three(match)
    if match.re is _SCORE and match["zero"]:
        return "0"
    digit = match["d"] or match["l"] or match["n"]
    if digit is None and match["w"]:
        return _PLUS.get(match["w"], f"{match['w']}+")
    if digit is None:
        return f"{len(match[0])}+"
    return "0" if digit == "0" else f"{digit}+"


def _of_three(match: re.Match[str]) -> Any:
    """Return the score of "1+/3+" and "++/3": so many of three; "2+/3+" and "2/3" may be a range."""
    number = len(match["of"]) if match["of"] else int(match["o"] or match["of3"] or match["out"])
    return "0" if number == 0 else f"{number}+"


_NO_SCORE = re.compile(
    r"scale|scor(?:ing(?! [0-3]\s?\+(?!\s?(?:to|-|–|/|or)\s?\d)|[^()]{0,14}\)\s?[:=-])|e range)|allred|pitting|pulses|reflex(?!\s?(?:$|to |test|her|in[- ]|d?-?d?(?:f|c|s)?(?:is|$)))|oedema|edema|nodes? \d(?!\s?\+)|out of|range"
)


def _believed(note: Note, span: Span) -> bool:
    """Refuse counts that only look like a score: "0-3+" scales, 3+/3+ reflexes."""
    if _SCALE_SPAN.match(note.plain, *span):
        return False  # "scored 0 to 3+"
    if " or " in note.plain[span[0] : span[1]] and _OF_LOW.match(note.plain, span[1]):
        return False  # what HER2-low is: "1+ or 2+/ISH-negative"
    before = note.plain[max(0, span[0] - 14) : span[0]]
    if _BOUND_BEFORE.search(before) or "h-score" in before:
        return False  # "ultralow (IHC >0 <1+)"
    if _NOT_THIS.search(note.plain, max(0, span[0] - 30), span[0]):
        return False  # "1+ rather than 2+"
    # What opens a bracket behind the score explains it: "3+ (range 0-3+)".
    behind = note.plain[span[1] : span[1] + 10].partition("(")[0]
    return not _NO_SCORE.search(before + note.plain[span[0] : span[1]] + behind)


_NOT_THIS = re.compile(
    r"\b(?:rather than|instead of|as opposed to|and not|but not|(?<=, )not)\s(?:a\s|as\s|the\s)?(?:reported\s|original\s)?(?:ihc\s|her-?2\s)?(?:score\s)?(?:of\s)?$"
)
_SCALE_SPAN = re.compile(r"(?:0\s?\+?\s?(?:to|-|–|/|or)\s?[23]|1\s?\+?\s?(?:to|-|–|/|or)\s?3)\s?\+")
_BOUND_BEFORE = re.compile(r"(?:[<≤≥]|(?<![-–=])>)\s?$")
_OF_LOW = re.compile(r"\s?[/,(]?\s?(?:with |and )?(?:a )?(?:negative )?(?:fish|ish|in[- ]situ)")
