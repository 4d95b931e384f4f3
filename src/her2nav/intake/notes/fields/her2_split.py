"""Several samples in one breath, told apart by the words beside each score: "1+ (2019, primary), 0 (2026, liver)"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from her2nav.intake.notes.fields.her2_entries import Sample
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.sample_words import SAMPLE, part_of
from her2nav.intake.notes.fields.specimens import Anchor, organs_in
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

_CUT = re.compile(
    r"[;,.]\s|\n|\t|\s?(?:->|→|\|)\s?|\s?\(|\)\s|\s(?=\(?[b-h]\)\s)|\s(?:and|but|while|whereas|then|versus|vs\.?|compared (?:with|to)|against)\s|[.:]\s"
)
_LESION = re.compile(
    r"\b(?P<met>mets?\b|metast\w+|recurren\w+|relapse\w*)|\b(?P<primary>primary|original|initial|diagnostic)\b"
    r"|\b(?P<residual>residual (?:invasive )?(?:disease|tumou?r|cancer|carcinoma)|surgical specimen)\b"
)
_SIDE = re.compile(r"\b(?P<s>left|right)(?: breast| side| tumou?r| cancer| axilla\w*|(?=[\s:,]))")
_PART = re.compile(
    r"\b(?:mass|lesion|tumou?r|focus|specimen|sample|part|core|site|case|nodule|biopsy|segment) ?#? ?(?P<p>[a-h1-9])\b(?! ?(?:cm|mm|of|/)|[.,]\d)"
    r"|(?<![\w.)])\(?(?P<q>[a-h]|s[1-9]|[a-h]\d)(?:\)|:)\s"
)
_CLOCK = re.compile(r"\b(?P<c>1[0-2]|[1-9])(?::00|[:.]?\d0)? ?o.?clock\b|\b(?P<d>1[0-2]|[1-9]):[0-5]0\b")
_QUADRANT = re.compile(r"\b(?P<q>[ul][oi]q|(?:upper|lower)[ -](?:outer|inner))\b")
_QUADRANTS = {f"{v}{sep}{h}": f"{v[0]}{h[0]}q" for v in ("upper", "lower") for h in ("outer", "inner") for sep in " -"}
_BESIDE_DATE = re.compile(
    r"\b(?:report\w*|signed|review\w*|addend\w*|amend\w*|receiv\w*|mdt|board|clinic|discuss\w*)\b[^;]{0,20}$"
)
_APART = 60
"""Days that lie between two samples; reports of one sample lie closer."""


def label(note: Note, start: int, end: int, place: int) -> Anchor:
    """Return what the words of a stretch say of the sample of the result at a place: the nearest of each kind."""
    spans: dict[str, Span] = {}
    anchor = Anchor(start, end, spans=spans)

    def nearest(matches: list[re.Match[str]]) -> re.Match[str] | None:
        return min(matches, key=lambda one: min(abs(one.start() - place), abs(one.end() - place)), default=None)

    kind = nearest(list(SAMPLE.finditer(note.plain, start, end)))
    if kind and kind.lastgroup not in ("block", "operated"):
        anchor.kind, spans["kind"] = kind.lastgroup, kind.span()
    organs = [one for one in organs_in(note, start, end) if one[1] != "breast"] or organs_in(note, start, end)
    if organs:
        hit, anchor.organ = min(organs, key=lambda one: abs(one[0].start - place))
        spans["organ"] = (hit.start, hit.end)
    lesion = nearest(list(_LESION.finditer(note.plain, start, end)))
    if lesion:
        anchor.lesion, spans["lesion"] = lesion.lastgroup, lesion.span()
        anchor.recurrent = lesion[0].startswith(("recurr", "relaps"))
        if anchor.lesion == "residual":
            anchor.lesion, anchor.kind, spans["kind"] = "primary", "resection", lesion.span()
    days = [
        one
        for one in note.dates.within(start, end)
        if one.value and not _BESIDE_DATE.search(note.plain, max(start, one.start - 40), one.start)
    ]
    if days:
        day = min(days, key=lambda one: min(abs(one.start - place), abs(one.end - place)))
        anchor.date, spans["collected"] = day.value, (day.start, day.end)
    side = nearest(list(_SIDE.finditer(note.plain, start, end)))
    anchor.side = side["s"] if side else None
    clock = nearest(list(_CLOCK.finditer(note.plain, start, end)))
    part = nearest(list(_PART.finditer(note.plain, start, end)))
    anchor.part = (part["p"] or part["q"]) if part else part_of(note, note.sentence(place))
    quadrant = nearest(list(_QUADRANT.finditer(note.plain, start, end)))
    if anchor.part is None and quadrant:
        anchor.part, anchor.organ = _QUADRANTS.get(quadrant["q"], quadrant["q"]), anchor.organ or "breast"
        spans.setdefault("organ", quadrant.span())
    if anchor.part is None and clock:
        anchor.part = f"{clock['c'] or clock['d']} o'clock"
    return anchor


def differ(one: Anchor, other: Anchor) -> bool:
    """True when two labels name two samples: another side, part, organ, stage of the disease, operation or time."""
    pairs = ((one.side, other.side), (one.part, other.part), (one.organ, other.organ), (one.lesion, other.lesion))
    if any(mine and theirs and mine != theirs for mine, theirs in pairs):
        return True
    for first, second in ((one, other), (other, one)):
        if (
            first.lesion == "primary"
            and first.organ is None
            and second.lesion is None
            and second.organ not in (None, "breast")
        ):
            return True
    if {one.kind, other.kind} in ({"biopsy", "resection"}, {"blood", "biopsy"}, {"cytology", "resection"}):
        return True
    if one.date and other.date:
        earlier, later = sorted((one.date, other.date), key=lambda day: day.low)
        return earlier.high < later.low and (later.low - earlier.high).days > _APART
    return False


def labelled(anchor: Anchor) -> bool:
    """True when a label says anything of the sample."""
    return any((anchor.kind, anchor.organ, anchor.lesion, anchor.date, anchor.side, anchor.part))


def named(anchor: Anchor) -> bool:
    """True for a label that is more than a day."""
    return any((anchor.kind, anchor.organ, anchor.lesion, anchor.side, anchor.part))


def segments(note: Note, sentence: Sentence, scores: Sequence[Span]) -> list[tuple[Span, Anchor]]:
    """Divide a sentence among its scores: one stretch for each, with its label; empty where they are not all told apart.

    The labels stand before their scores, or all behind them.
    """
    if _RETESTED.search(note.plain, sentence.start, sentence.end):
        return []
    for behind in (False, True):
        found = _divided(note, sentence, scores, behind=behind)
        told = [anchor for _, anchor in found]
        if found and all(differ(one, other) for i, one in enumerate(told) for other in told[:i]):
            return found
    return []


def _divided(note: Note, sentence: Sentence, scores: Sequence[Span], *, behind: bool) -> list[tuple[Span, Anchor]]:
    bounds = [sentence.start]
    for first, second in itertools.pairwise(scores):
        cuts = [
            one.end()
            for one in _CUT.finditer(note.plain, first[1], second[0])
            if not one[0].endswith("(") or note.plain.find(")", one.end(), second[0]) < 0
        ]
        fits = [
            cut
            for cut in cuts
            if (
                labelled(label(note, first[1], cut, first[1]))
                if behind
                else not named(label(note, first[1], cut, first[1]))
            )
            and labelled(label(note, cut, second[0], second[0])) != behind
        ]
        if not fits:
            return []
        bounds.append(fits[-1] if behind else fits[0])
    bounds.append(sentence.end)
    found: list[tuple[Span, Anchor]] = []
    for (start, end), score in zip(itertools.pairwise(bounds), scores, strict=True):
        anchor = label(note, score[1], end, score[1]) if behind else label(note, start, score[0], score[0])
        if not labelled(anchor):
            return []
        later = label(note, score[1], end, score[1]) if not behind and anchor.date is None else anchor
        if anchor.date is None and later.date is not None:
            anchor.date = later.date  # "the primary was 0 in 2018, the liver 1+"
            anchor.spans = {**(anchor.spans or {}), "collected": (later.spans or {})["collected"]}
        found.append(((start, end), anchor))
    return found


_RETESTED = re.compile(
    r"\b(?:re-?\s?(?:read|tested?|test|stain\w*|scored?|review\w*)|repeat(?:ed)? (?:ihc|her-?2|fish|stain\w*)|review\w*|again|corrected|amended|changed|revised)\b"
)
_OF_ONE = frozenset({"score", "result", "her2_cep17_ratio"})


def by_label(note: Note, sample: Sample, token: Token) -> Anchor | None:
    """Return the label of a result that differs from one of another sentence, where the words beside both tell two samples apart."""
    if token.key not in _OF_ONE:
        return None
    before = [one for one in sample.results if (one.test, one.key) == (token.test, token.key)]
    if not before or any(one.value == token.value for one in before):
        return None
    here, there = note.sentence(token.span[0]), note.sentence(before[-1].span[0])
    if here == there or _RETESTED.search(note.plain, here.start, here.end):
        return None
    own = label(note, here.start, token.span[0], token.span[0])
    if not labelled(own):
        own = label(note, token.span[1], here.end, token.span[1])
    earlier = label(note, there.start, there.end, before[-1].span[0])
    return own if differ(own, earlier) else None
