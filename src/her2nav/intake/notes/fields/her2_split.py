"""Several samples in one breath, told apart by the words beside each score: "1+ (2019, primary), 0 (2026, liver)"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import node_beside
from her2nav.intake.notes.fields.organs import organ_within, organs_in, removed_by
from her2nav.intake.notes.fields.sample_words import SAMPLE, part_of
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

_CUT = re.compile(
    r"[;,.]\s|\n|\t|\s?(?:->|→|\|)\s?|\s?\(|\)\s|\s(?=\(?[b-h]\)\s)|\s(?:and|but|while|whereas|then|versus|vs\.?|compared (?:with|to)|against|in contrast to|as opposed to|unlike)\s|[.:]\s"
)
_LESION = re.compile(
    r"\b(?P<met>mets?\b|metast\w+|recurren\w+|relapse\w*)|\b(?P<primary>(?:primary|original|initial|diagnostic)(?!\s(?:her-?2\s)?(?:results?|scores?|reports?|ihc|fish|slides?|status|read\w*|tests?|testing|path\w*|stain\w*|assess\w*|assay)))\b"
    r"|\b(?P<residual>residual(?: (?:invasive )?(?:disease|tumou?r|cancer|carcinoma)|(?=\s?(?:$|[:=(-]|her-?2|ihc|[0-3]\s?\+)))|surgical specimen)\b"
    r"|\b(?P<diagnosis>at (?:initial |first |original |the time of )?(?:diagnosis|presentation)|at baseline|initially(?! (?:reported|read|scored|called|thought))|pre-?\s?(?:nact|neoadjuvant\w*))\b"
    r"|\b(?P<after>post-?\s?(?:nact|neoadjuvant\w*)|after (?:nact|neoadjuvant\w*))\b"
)
_SIDE = re.compile(
    r"\b(?:(?P<s>left|right)(?: breast| side| tumou?r| cancer| axilla\w*|(?=[\s:,]))|(?P<t>l|lt|r|rt)\.?(?= (?:breast|br|axilla)\b))"
)
_SIDES = {"l": "left", "lt": "left", "r": "right", "rt": "right"}
_PART = re.compile(
    r"\b(?:mass|lesion|tumou?r|focus|specimen|sample|part|core|site|case|nodule|biopsy|segment) ?#? ?(?P<p>[a-h1-9])\b(?! ?(?:cm|mm|of|/)|[.,]\d)"
    r"|(?<![\w.(])(?P<r>[a-h]\d?),?\s(?=[0-3]\s?\+|her-?2)"
    r"|(?<![\w.)])\(?(?P<q>[a-h]|s[1-9]|[a-h]\d)(?:\)|:)\s"
)
_ANOTHER_BLOCK = re.compile(r"\b(?:another|a different|a second|a further) (?:tumou?r )?(?:block|section|area|slide)\b")
_SENTINEL = re.compile(r"\bsln[bs]?\b")
_CLOCK = re.compile(r"\b(?P<c>1[0-2]|[1-9])(?::00|[:.]?\d0)? ?o.?clock\b|\b(?P<d>1[0-2]|[1-9]):[0-5]0\b")
_QUADRANT = re.compile(r"\b(?P<q>[ul][oi]q|(?:upper|lower)[ -](?:outer|inner))\b")
_QUADRANTS = {f"{v}{sep}{h}": f"{v[0]}{h[0]}q" for v in ("upper", "lower") for h in ("outer", "inner") for sep in " -"}
_BESIDE_DATE = re.compile(
    r"\b(?:report\w*|signed|review\w*|addend\w*|amend\w*|receiv\w*|mdt|board|clinic|discuss\w*)\b[^;]{0,20}$"
)
_MANY = 5
"""More scores than these are a table, or a text about scores."""
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
        anchor.kind, spans["kind"] = "biopsy" if kind.lastgroup == "taken" else kind.lastgroup, kind.span()
    every = organs_in(note, start, end) or (organ_within(note, start, *kind.span()) if kind else [])
    # "(breast)" names where it was taken from; without a bracket the word is mostly the name of the disease.
    organs = [one for one in every if one[1] != "breast" or note.plain[max(0, one[0].start - 1)] == "("] or every
    if organs:
        hit, anchor.organ = min(organs, key=lambda one: abs(one[0].start - place))
        spans["organ"] = (hit.start, hit.end)
    elif kind and (removed := removed_by(note, *kind.span())):
        anchor.organ, spans["organ"] = removed, kind.span()  # "colectomy specimen"
    elif node := _SENTINEL.search(note.plain, start, end):
        anchor.organ, spans["organ"] = "lymph_node", node.span()
    lesion = nearest(list(_LESION.finditer(note.plain, start, end)))
    if lesion:
        anchor.lesion, spans["lesion"] = lesion.lastgroup, lesion.span()
        anchor.recurrent = lesion[0].startswith(("recurr", "relaps"))
        if anchor.lesion in ("residual", "diagnosis", "after"):
            # What treatment left, and what stood before it, are two samples of one tumour.
            anchor.word = "diagnosis" if anchor.lesion == "diagnosis" else "residual"
            if anchor.lesion == "residual":
                anchor.kind, spans["kind"] = "resection", lesion.span()
            anchor.lesion = "primary"
    days = [
        one
        for one in note.dates.within(start, end)
        if one.value and not _BESIDE_DATE.search(note.plain, max(start, one.start - 40), one.start)
    ]
    if days:
        day = min(days, key=lambda one: min(abs(one.start - place), abs(one.end - place)))
        anchor.date, spans["collected"] = day.value, (day.start, day.end)
    side = nearest(list(_SIDE.finditer(note.plain, start, end)))
    anchor.side = (side["s"] or _SIDES[side["t"]]) if side else None
    clock = nearest(list(_CLOCK.finditer(note.plain, start, end)))
    part = nearest([one for one in _PART.finditer(note.plain, start, end + 3) if not _article(note, one, end)])
    anchor.part = (part["p"] or part["q"] or part["r"]) if part else part_of(note, note.sentence(place))
    quadrant = nearest(list(_QUADRANT.finditer(note.plain, start, end)))
    if anchor.part is None and quadrant:
        anchor.part, anchor.organ = _QUADRANTS.get(quadrant["q"], quadrant["q"]), anchor.organ or "breast"
        spans.setdefault("organ", quadrant.span())
    if anchor.part is None and clock:
        anchor.part = f"{clock['c'] or clock['d']} o'clock"
    return anchor


def _article(note: Note, match: re.Match[str], end: int) -> bool:
    """True for the "a" of "a 3+ tumour", which is no letter of a part, and for what begins behind the stretch."""
    return match.start() >= end or (match["r"] is not None and not note.text[slice(*match.span("r"))].isupper())


def differ(one: Anchor, other: Anchor) -> bool:
    """True when two labels name two samples: another side, part, organ, stage of the disease, operation or time."""
    if {one.word, other.word} == {"residual", None} and {one.lesion, other.lesion} == {"primary"}:
        return True
    pairs = (
        (one.side, other.side),
        (one.part, other.part),
        (one.organ, other.organ),
        (one.lesion, other.lesion),
        (one.word, other.word),
    )
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
    if node_beside(one, other):
        return True
    if {one.kind, other.kind} in ({"biopsy", "resection"}, {"blood", "biopsy"}, {"cytology", "resection"}):
        return True
    if one.date and other.date:
        earlier, later = sorted((one.date, other.date), key=lambda day: day.low)
        return earlier.high < later.low and (later.low - earlier.high).days > _APART
    return False


def _part_beside(one: Anchor, other: Anchor) -> bool:
    """True for a lesion by its letter beside another organ: "lesion B 1+; axillary node 2+"."""
    return any(
        lettered.part and placed.organ not in (None, "breast") and not placed.part and lettered.organ != placed.organ
        for lettered, placed in ((one, other), (other, one))
    )


def labelled(anchor: Anchor) -> bool:
    """True when a label says anything of the sample."""
    return any((anchor.kind, anchor.organ, anchor.lesion, anchor.date, anchor.side, anchor.part))


def named(anchor: Anchor) -> bool:
    """True for a label that is more than a day."""
    return any((anchor.kind, anchor.organ, anchor.lesion, anchor.side, anchor.part))


def segments(note: Note, sentence: Sentence, scores: Sequence[Span]) -> list[tuple[Span, Anchor]]:
    """Divide a sentence among its scores: one stretch for each, with its label; empty where they are not all told apart.

    The labels stand before all scores or behind all, else each on a side of its own.
    """
    if _RETESTED.search(note.plain, sentence.start, sentence.end):
        return []
    if not _MANY >= len(scores) > 1:
        return []
    sides = [(side,) * len(scores) for side in (False, True)]
    sides += [one for one in itertools.product((False, True), repeat=len(scores)) if len(set(one)) > 1]
    for behind in sides:
        found = _divided(note, sentence, scores, behind)
        told = [anchor for _, anchor in found]
        if found and all(
            differ(one, other) or _part_beside(one, other) for i, one in enumerate(told) for other in told[:i]
        ):
            return found
    return []


def _divided(
    note: Note, sentence: Sentence, scores: Sequence[Span], behind: Sequence[bool]
) -> list[tuple[Span, Anchor]]:
    """Return the stretch and the label of every score; `behind` is true of a score whose label follows it."""
    bounds = [sentence.start]
    for (first, second), (follows, later) in zip(itertools.pairwise(scores), itertools.pairwise(behind), strict=True):
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
                if follows
                else not named(label(note, first[1], cut, first[1]))
            )
            and labelled(label(note, cut, second[0], second[0])) != later
        ]
        if not fits:
            return []
        bounds.append(fits[-1] if later else fits[0])
    bounds.append(sentence.end)
    found: list[tuple[Span, Anchor]] = []
    for (start, end), score, follows in zip(itertools.pairwise(bounds), scores, behind, strict=True):
        end = _second_day(note, score[1], end) if follows else end
        anchor = label(note, score[1], end, score[1]) if follows else label(note, start, score[0], score[0])
        if not labelled(anchor):
            return []
        rest = label(note, score[1], end, score[1]) if not follows and anchor.date is None else anchor
        if anchor.date is None and rest.date is not None:
            anchor.date = rest.date  # "the primary was 0 in 2018, the liver 1+"
            anchor.spans = {**(anchor.spans or {}), "collected": (rest.spans or {})["collected"]}
        found.append(((start, end), anchor))
    return found


def _second_day(note: Note, start: int, end: int) -> int:
    """Return where a second day begins: "1+ in 2019 (breast) and 2022 (bone)" says nothing of the bone in 2019."""
    days = [one for one in note.dates.within(start, end) if one.value]
    return next((one.start for one in days[1:] if one.value != days[0].value), end)


_RETESTED = re.compile(
    r"\b(?:re-?\s?(?:read|tested?|test|stain\w*|scored?|review\w*)|repeat(?:ed)? (?:ihc|her-?2|fish|stain\w*)|review\w*|again|corrected|amended|changed|revised)\b"
)
_OF_ONE = frozenset({"score", "result", "her2_cep17_ratio"})
_PHRASE = re.compile(r"[;,.]\s|\n|\t|\s?(?:->|→|\|)\s?|\s(?:but|while|whereas|then|versus|vs\.?|against)\s")
_CLAUSE = re.compile(r";\s|\.\s|\n|\s(?:but|while|whereas)\s")


def of_phrase(
    note: Note, sentence: Sentence, sample: Anchor, found: list[Token], token: Token, named_at: Sequence[int]
) -> Anchor | None:
    """Return the label right before a result, where it names another sample than the one that the result is put to.

    "Core amplified, residual 1+"; "her original tumour was 1+, and biopsy of the skin in 2024 ...": the nearest words
    decide. `named_at` is where the sentence names samples: one of them in the phrase itself is the result's own.
    """
    place = _lead(note, found, token) if named_at else None
    if place is None:
        return None
    for cut in (_PHRASE, _CLAUSE):
        low = max((one.end() for one in cut.finditer(note.plain, sentence.start, place)), default=sentence.start)
        # A label before another result is of that one.
        low = max([low, *(one.span[1] for one in found if one.key in ("score", "result") and one.span[1] <= place)])
        if any(low <= one < place for one in named_at):
            return None
        own = _of_stretch(note, low, place)
        if own is None:
            continue
        own.part = None  # blocks and parts are told apart by their letters
        if cut is _CLAUSE or own.organ == "other":
            own.organ = None  # an organ further off may be where the disease is
        if sample.lesion == "primary" and sample.organ is None and own.organ in note.present_tumours:
            own.organ = None  # "colonoscopy biopsy, sigmoid mass": the place of the primary is no other one
        if named(own):
            return own if differ(own, sample) else None
    return None


def _of_stretch(note: Note, start: int, place: int) -> Anchor | None:
    """Return the label of a stretch before a place, which several results of one phrase ask for; None: it has no word of one."""
    key = ("label", start, place)
    if key not in note.memory:
        told = (
            SAMPLE.search(note.plain, start, place)
            or _LESION.search(note.plain, start, place)
            or _SIDE.search(note.plain, start, place)
            or note.hits_in(start, place, "organ", "site")
        )
        note.memory[key] = label(note, start, place, place) if told else None
    known: Anchor | None = note.memory[key]
    return known.copy() if known is not None else None


def _lead(note: Note, found: list[Token], token: Token) -> int | None:
    """Return where the result stands that decides: the token's own place, or the result that a count or a share goes with."""
    if token.key in ("score", "her2_reported"):
        return token.span[0]
    leads = ("score",) if token.key == "result" else ("score", "result")
    before = [one for one in found if one.key in leads and one.span[0] < token.span[0]]
    lead = max(before, key=lambda one: one.span[0], default=None)
    same = lead is not None and (lead.test == token.test or token.key == "result")
    near = lead is not None and same and not _CLAUSE.search(note.plain, lead.span[0], token.span[0])
    if lead is not None and near and not named(label(note, lead.span[1], token.span[0], token.span[0])):
        return lead.span[0]
    return token.span[0] if token.key in _OF_ONE else None


def by_label(note: Note, sample: Sample, token: Token) -> Anchor | None:
    """Return the label of a result that differs from one of another sentence, where the words beside both tell two samples apart."""
    if token.key not in _OF_ONE:
        return None
    before = [one for one in sample.results if (one.test, one.key) == (token.test, token.key)]
    if not before or any(one.value == token.value for one in before):
        return None
    here, there = note.sentence(token.span[0]), note.sentence(before[-1].span[0])
    if here != there and _ANOTHER_BLOCK.search(note.plain, here.start, here.end):
        own = sample.anchor.copy()
        own.part = "another"  # of the same operation
        return own
    if here == there or _RETESTED.search(note.plain, here.start, here.end):
        return None
    own = label(note, here.start, token.span[0], token.span[0])
    if not labelled(own):
        own = label(note, token.span[1], here.end, token.span[1])
    earlier = label(note, there.start, there.end, before[-1].span[0])
    if not labelled(earlier) and named(own):
        earlier = sample.anchor
    return own if differ(own, earlier) else None
