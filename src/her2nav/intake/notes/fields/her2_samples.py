"""Which sample a HER2 result belongs to: the one that its words name, that of its day, or the one spoken of last."""

from __future__ import annotations

import re

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_OWN_VERDICT = Gated(r"\b(?:positive|negative|benign|malignan\w+|showed|shows|confirmed)\b")
"""A sentence that says what its sample showed does not name the sample of a result before it."""
_ANEW = Gated(
    r"\b(?:new|newer|fresh|further|another|repeat(?:ed)?|second|re-?biops\w+|then|subsequent(?:ly)?|since then|this time|afterwards|next)\b"
)
"""Words of a sample that was taken later than what was told before."""
_BEHIND = re.compile(
    r"\s?\((?:the\s)?(?:[\w-]+\s){0,2}|[^;.:]{0,60}?\b(?:on|in|from|of)\s(?:the\s|her\s|his\s)?(?:[\w-]+\s){0,2}"
)
_NEXT_SCORE = re.compile(r"[,;]\s(?:then\s|and\s|now\s)?(?:zero|0|[1-3]\s?\+)\s")
"""A score without a sample of its own before the next one: "1+ in 2021, zero on the biopsy of 2025"."""
_ANOTHER = re.compile(r"\)|,\s(?:and|but|so|while|then|whereas)\b|\b(?:and|but)\s(?:remain|was|is|in|on)\w*\b")
_RIGHT_BEHIND = re.compile(r"\s?\(|\)?,?\s(?:back )?in\s|\)?,?\s(?:diagnosed|dx|at diagnosis)\s(?:in\s)?")
_SHARED = Gated(r"(?<![\d<>≥.])(?P<p>\d{1,3})\s?% in (?:the )?(?P<where>[a-z ]{3,24})")


def known(note: Note, samples: list[Sample], anchor: Anchor, before: dict[int, Anchor], *, own: bool) -> Sample:
    """Return the sample that an anchor names again, or a new one; `before` keeps what the sample was until then."""
    last = samples[-1].anchor if samples else None
    if (
        last is not None
        and (anchor.labelled or _together(note, samples[-1], anchor, own=own))
        and last.organ is None
        and last.lesion is None
        and (last.kind is None or (anchor.labelled and anchor.kind is None))
        and (last.date is None or anchor.date is None or last.date == anchor.date)
    ):
        return _named_again(samples[-1], anchor, before)
    if anchor.word is not None:
        for sample in reversed(samples):
            if sample.anchor.word == anchor.word and sample.anchor.same(anchor):
                return _named_again(sample, anchor, before)
    # "The cell block" is rather one that was called so than a biopsy that might be.
    later = samples[::-1]
    for sample in sorted(later, key=lambda one: not _called_so(note, one.anchor, anchor)):
        if (
            sample.anchor.same(anchor)
            and not _elsewhere(note, sample, anchor)
            and not _anew(note, sample, anchor)
            and (anchor.organ or anchor.date or not anchor.labelled or not (sample.results or sample.variants))
        ):
            return _named_again(sample, anchor, before)
    return new(samples, anchor)


def _called_so(note: Note, own: Anchor, anchor: Anchor) -> bool:
    """True for a sample of the same kind, and for the fluid of the same paragraph whose cell block is named now."""
    if own.kind == anchor.kind:
        return True
    fluid = own.kind == "cytology" and anchor.kind == "cytology_block"
    return fluid and note.sentence(own.start).paragraph == note.sentence(anchor.start).paragraph


def _named_again(sample: Sample, anchor: Anchor, before: dict[int, Anchor]) -> Sample:
    if id(sample) not in before:
        before[id(sample)] = sample.anchor.copy()
    sample.anchor.absorb(anchor)
    return sample


def _elsewhere(note: Note, sample: Sample, anchor: Anchor) -> bool:
    """True for a primary beside a sample of a metastasis, and for a recurrence beside one that was never called so."""
    if anchor.lesion == "primary" and anchor.organ is None and sample.anchor.lesion is None:
        if not anchor.kind and sample.anchor.organ is None and sample.results and not sample.anchor.date:
            # "HER2 1+ on the cell block. She has HER2-low disease, as was the primary."
            return note.sentence(sample.results[-1].span[0]) != note.sentence(anchor.start)
        known = note.present_tumours
        return bool(known) and sample.anchor.organ is not None and sample.anchor.organ not in known
    if not anchor.recurrent or sample.anchor.recurrent or anchor.kind or not sample.results:
        return False
    return note.sentence(sample.results[-1].span[0]) != note.sentence(anchor.start)


def _together(note: Note, sample: Sample, anchor: Anchor, *, own: bool) -> bool:
    """True when a sample without a name may be the one that is named here: in one sentence with its results.

    On one line too, where the sentence that names it has no result of its own.
    """
    if not sample.results:
        return True
    place = sample.results[-1].span[0]
    if _APART_FROM.search(note.plain, sample.results[-1].span[1], anchor.start):
        return False  # "my letter of 2023 says 2+, but the new biopsy was positive"
    if note.sentence(place) == note.sentence(anchor.start):
        return True
    sentence = note.sentence(anchor.start)
    if _OWN_VERDICT.search(note.plain, sentence.start, sentence.end):
        return False
    if _anew(note, sample, anchor):
        return False
    return not own and {note.line(one.span[0]) for one in sample.results} == {note.line(anchor.start)}


def _anew(note: Note, sample: Sample, anchor: Anchor) -> bool:
    """True for a sample taken later than the result that names none: "HER2 was 2+. Then they took a new sample"."""
    known_by = sample.anchor
    own = note.sentence(anchor.start)
    earlier = known_by.kind is None and bool(sample.results) and sample.results[-1].span[0] < own.start
    if earlier and _HAD_BEEN.match(note.plain, anchor.end, own.end):
        return True
    if known_by.kind or known_by.organ or known_by.date or known_by.lesion or not sample.results:
        return False
    sentence = note.sentence(anchor.start)
    return sample.results[-1].span[0] < sentence.start and bool(
        _ANEW.search(note.plain, sentence.start, max(anchor.end, anchor.start))
    )


_HAD_BEEN = re.compile(
    r"(?:\s[\w-]+){0,2}?\s(?:of \d{4}\s|in \d{4}\s|outside\s|elsewhere\s)?(?:had (?:been|come back|tested|shown|scored)|was (?:previously|originally|initially|earlier|then))\s(?:(?:called|reported|read|scored|as|only)\s){0,2}[\"'‘“]?(?:her-?2|negative|positive|equivocal|[0-3]\s?\+|0\b)"
)
"""What another sample had shown before: "HER2 3+. The biopsy had been negative"."""


def new(samples: list[Sample], anchor: Anchor) -> Sample:
    """Return a new sample, added to the others."""
    sample = Sample(anchor)
    samples.append(sample)
    return sample


def undated(samples: list[Sample]) -> Sample:
    """Return the sample of results that name none."""
    for sample in samples:
        anchor = sample.anchor
        if anchor.kind is None and anchor.organ is None and anchor.date is None and anchor.lesion is None:
            return sample
    return new(samples, Anchor(0, 0, spans={}))


def stretch(note: Note, found: list[Token], token: Token) -> tuple[str, int]:
    """Return the words behind a result up to the next score, and where they begin."""
    later = [one.span[0] for one in found if one.key == "score" and one.span[0] > token.span[0]]
    stop = min([*later, note.sentence(token.span[0]).end])
    return note.plain[token.span[1] : stop], token.span[1]


def own_day(note: Note, sentence: Sentence, found: list[Token], token: Token) -> Mention | None:
    """Return the date of a score where every score of the sentence has its own: "2+ in 2021 and 0 in 2024"."""
    scores = [one for one in found if one.key == "score"]
    if not scores or not note.dates.within(sentence.start, sentence.end):
        return None
    if len({str(one.value) for one in scores}) < 2:
        if len(scores) != 1:
            return None
        own = _day_behind(note, sentence, scores[0]) or _day_of_name(note, sentence, scores[0])
        return own or _day_ahead(note, sentence)
    days = [_day_beside(note, sentence, scores, one) for one in scores]
    if None in days or len({str(day.value) for day in days if day is not None}) < len(days):
        return None
    behind = [day for one, day in zip(scores, days, strict=True) if one.span[0] <= token.span[0]]
    return behind[-1] if behind else days[0]


def _day_behind(note: Note, sentence: Sentence, score: Token) -> Mention | None:
    """Return the date that stands right behind the only score of a sentence: "IHC 1+ (2021)", "2+ in 2019"."""
    for one in note.dates.within(score.span[1], min(sentence.end, score.span[1] + 36)):
        if one.value and _RIGHT_BEHIND.fullmatch(note.plain, score.span[1], one.start):
            return one
    return None


_OPENS = re.compile(r"[\s>*•-]*")
_NEXT = re.compile(r"\s?[:,–-]\s")


def _day_ahead(note: Note, sentence: Sentence) -> Mention | None:
    """Return the only date of a sentence, a year that opens it: "2019: IDC left, HER2 3+"; a day may be that of a report."""
    days = note.dates.within(sentence.start, sentence.end)
    if len(days) != 1 or days[0].value is None or days[0].value.low.month == days[0].value.high.month:
        return None
    if not _OPENS.fullmatch(note.plain, sentence.start, days[0].start):
        return None
    return days[0] if _NEXT.match(note.plain, days[0].end) else None


_NAMED_DAY = re.compile(r"her-?2(?:/neu)?\s(?:ihc\s|status\s)?[(\[]$")
_NAMED_SCORE = re.compile(r"[)\]]\s?[:=]\s?(?:score\s|ihc\s)?")


def _day_of_name(note: Note, sentence: Sentence, score: Token) -> Mention | None:
    """Return the date in the bracket behind the name of the test: "HER2 (2019): 1+"."""
    for one in note.dates.within(max(sentence.start, score.span[0] - 36), score.span[0])[-1:]:
        opens = _NAMED_DAY.search(note.plain, max(sentence.start, one.start - 24), one.start)
        if one.value and opens and _NAMED_SCORE.fullmatch(note.plain, one.end, score.span[0]):
            return one
    return None


def foreign_day(note: Note, sentence: Sentence, token: Token) -> Mention | None:
    """Return the date before a result in a note whose words for samples are not known: it tells its samples apart."""
    if note.language is None and not note.foreign(sentence.start):
        return None
    before = [one for one in note.dates.within(sentence.start, token.span[0]) if one.value and one.exact_order]
    return before[-1] if before else None


def _day_beside(note: Note, sentence: Sentence, scores: list[Token], token: Token) -> Mention | None:
    """Return the date right behind a score, else the one before it in its own part of the sentence."""
    later = [one.span[0] for one in scores if one.span[0] > token.span[0]]
    for one in note.dates.within(token.span[1], min([*later, sentence.end])):
        if one.value and re.fullmatch(r"[\s()\[,]*(?:in|on|at|from|\()?\s?", note.plain[token.span[1] : one.start]):
            return one
    before = note.dates.within(max(sentence.start, token.span[0] - 60), token.span[0])
    reported = before and re.search(
        r"\b(?:result|report)\w*\s?(?:on\s)?$",
        note.plain[max(sentence.start, before[-1].start - 14) : before[-1].start],
    )
    if (
        before
        and before[-1].value
        and not reported
        and not re.search(r"[;+]|[0-3]\+", note.plain[before[-1].end : token.span[0]])
    ):
        return before[-1]
    return None


def within(day: Mention, sample: Sample) -> bool:
    """True when a day may be the one on which a sample was taken."""
    value, known = day.value, sample.anchor.date
    return value is not None and known is not None and value.low <= known.high and known.low <= value.high


def of_day(samples: list[Sample], day: Mention) -> Sample:
    """Return the sample of a day that nothing else names."""
    for one in samples:
        if one.anchor.kind is None and one.anchor.organ is None and one.anchor.date == day.value:
            return one
    return new(samples, Anchor(day.start, day.end, date=day.value, spans={"collected": (day.start, day.end)}))


def of_diagnosis(samples: list[Sample], day: Mention) -> Sample:
    """Return the sample of the first diagnosis, of which only the day is told: "Left breast cancer 2021: HER2 1+"."""
    for one in samples:
        if one.anchor.kind is None and one.anchor.lesion == "primary" and one.anchor.date == day.value:
            return one
    place = (day.start, day.end)
    return new(samples, Anchor(*place, lesion="primary", date=day.value, spans={"collected": place, "lesion": place}))


def _primary_beside(one: Anchor, other: Anchor) -> bool:
    """True for a primary of which no organ is said, beside a sample of another organ than the breast."""
    return (
        one.lesion == "primary" and one.organ is None and other.lesion is None and other.organ not in (None, "breast")
    )


def node_beside(one: Anchor, other: Anchor) -> bool:
    """True for a node beside a piece of tissue of which no organ is said: "core 1+, axillary node 0"."""
    for node, piece in ((one, other), (other, one)):
        if node.organ == "lymph_node" and node.kind is None and piece.kind is not None and piece.organ is None:
            return True
    return False


def only_word(sample: Sample) -> bool:
    """True for a sample of which nothing is known but a word for HER2."""
    anchor = sample.anchor
    named = anchor.kind or anchor.organ or anchor.date or anchor.lesion
    return not named and all(one.test == "word" for one in sample.results)


def _before_and_after(one: Anchor, other: Anchor) -> bool:
    """True for what stood before treatment and what treatment left: two samples of one tumour."""
    words = {one.word, other.word}
    if words == {"residual", "diagnosis"}:
        return True
    if words == {"residual", None} and {one.lesion, other.lesion} == {"primary"}:
        return "resection" not in (one.kind if one.word is None else other.kind,)
    return "diagnosis" in words and "resection" in (one.kind, other.kind) and one.word != other.word


def _lettered_beside(placed: Anchor, lettered: Anchor) -> bool:
    """True for a lesion by its letter beside a sample of another organ: "lesion A 2+; axillary node 1+"."""
    return bool(lettered.part and not lettered.organ and not placed.part and placed.organ not in (None, "breast"))


def _lists(mine: Anchor, anchor: Anchor) -> bool:
    """True for a sample that the report lists by its letter, of the organ, or of the kind, that words without a day name."""
    if mine.part is None or anchor.part or anchor.date or not mine.same(anchor):
        return False
    return mine.organ == anchor.organ if anchor.organ else anchor.kind is not None and mine.kind == anchor.kind


def of_label(samples: list[Sample], anchor: Anchor) -> Sample:
    """Return the sample that a label names again, or a new one."""
    for sample in reversed(samples):
        mine = sample.anchor
        known_so = mine.kind or mine.organ or mine.date or mine.lesion
        apart = (
            node_beside(mine, anchor)
            or _primary_beside(mine, anchor)
            or _before_and_after(mine, anchor)
            or _lettered_beside(mine, anchor)
        )
        if not sample.results and known_so and mine.same(anchor) and not apart:
            mine.absorb(anchor)
            return sample
    for sample in reversed(samples):
        mine = sample.anchor
        if (
            not _before_and_after(mine, anchor)
            and (mine.organ, mine.lesion, mine.side, mine.part)
            == (
                anchor.organ,
                anchor.lesion,
                anchor.side,
                anchor.part,
            )
            and mine.same(anchor)
        ):
            mine.absorb(anchor)
            return sample
    listed = [one for one in samples if _lists(one.anchor, anchor)]
    if len(listed) == 1 and listed[0].results:
        return listed[0]  # "3+ in the gastrectomy", which the report lists by a number
    whole = next((one.anchor for one in samples if anchor.part and one.anchor.part == anchor.part), None)
    if whole is not None:
        anchor.kind, anchor.date = anchor.kind or whole.kind, anchor.date or whole.date
        anchor.spans = {**(whole.spans or {}), **(anchor.spans or {})}
    return new(samples, anchor)


_APART_FROM = re.compile(r";|\b(?:while|whereas|but)\b")


def sample_of(
    token: Token,
    named: list[Anchor],
    here: list[Sample],
    current: Sample | None,
    behind: tuple[str, int] = ("", 0),
    gap: str = "",
) -> Sample | None:
    """Return the sample of a result: "2+ on the liver biopsy", else the last named before it, the next, the current one.

    `gap` is what stands between the result and the first sample that is named behind it.
    """
    words, start = behind
    before = [sample for anchor, sample in zip(named, here, strict=True) if anchor.start <= token.span[0]]
    behind_it = [one for one in zip(named, here, strict=True) if 0 <= one[0].start - start < len(words)]
    for anchor, sample in behind_it:
        between = words[: anchor.start - start]
        # "On the core it was amplified, and in the residual disease 1+": that is another statement.
        another = _NEXT_SCORE.search(between) or (before and _ANOTHER.search(between))
        if _BEHIND.fullmatch(between) and not another:
            return sample
    if before:
        return before[-1]
    # What stands behind a semicolon is another statement: "HER2 3+ in 2019; bone biopsy 2024: HER2 0".
    ahead = gap or words[: max(0, named[0].start - start)] if named else ""
    apart = bool(named) and (_APART_FROM.search(ahead) or _NEXT_SCORE.search(ahead)) is not None
    return here[0] if here and not apart else current


def in_sites(
    note: Note, sentence: Sentence, samples: list[Sample], here: list[Sample]
) -> dict[int, tuple[Sample, str, Span]]:
    """Read "100% in the breast, 90% in the node": one percentage for each sample."""
    found: list[tuple[str, str, Span]] = []
    for match in _SHARED.finditer(note.plain, sentence.start, sentence.end):
        hits = note.hits_in(match.start("where"), match.end("where"), "organ", "site")
        if hits:
            organ = (
                "lymph_node" if hits[0].id("site") == "lymph_node" else hits[0].id("organ") or hits[0].id("site") or ""
            )
            found.append((organ, match["p"], match.span("p")))
    if len(found) < 2 or len({organ for organ, _, _ in found}) < 2:
        return {}
    result: dict[int, tuple[Sample, str, Span]] = {}
    for i, (organ, percent, span) in enumerate(found):
        sample = next((one for one in reversed(samples) if one.anchor.organ == organ), None)
        if sample is None:
            sample = new(samples, Anchor(span[0], span[1], organ=organ, spans={"organ": span}))
        result[i] = (sample, percent, span)
    return result


def share(source: Sample | None, sample: Sample, percent: str, span: Span, first: bool) -> None:
    """Give a sample its own percentage and the score that was said for all."""
    if source is None:
        return
    if source is not sample:
        sample.results += [token for token in source.results if token.test == "ihc" and token.key != "percent_cells"]
        if sample.anchor.date is None:
            sample.anchor.date = source.anchor.date
            (sample.anchor.spans or {}).update(
                {k: v for k, v in (source.anchor.spans or {}).items() if k == "collected"}
            )
        sample.anchor.kind = sample.anchor.kind or source.anchor.kind
    sample.results = [token for token in sample.results if token.key != "percent_cells"]
    sample.results.append(Token("ihc", "percent_cells", percent, span))


DECIDES = frozenset({"score", "result", "her2_cep17_ratio", "her2_copy_number", "amplification_call"})
"""Results of which a sample has one."""
_AGAIN = Gated(r"\b(?:this|that|same|said|these)\s(?:[\w-]+\s){0,2}$")
RETESTED = Gated(
    r"\b(?:re-?\s?(?:read|tested?|test|stain\w*|scored?|review\w*)|repeat(?:ed)? (?:ihc|her-?2|fish|stain\w*)|review\w*|again|corrected|amended)\b"
)


def is_another(note: Note, sample: Sample, token: Token, anchor: Anchor) -> bool:
    """True when a sample was named anew, in another sentence, and shows another result than before: it is a second one.

    Two biopsies that nothing tells apart but their results are no contradiction; one biopsy read twice may be.
    """
    if token.key not in DECIDES:
        return False
    before = [one for one in sample.results if (one.test, one.key) == (token.test, token.key)]
    if not before or any(one.value == token.value for one in before):
        return False
    last = max(one.span[1] for one in sample.results)
    if not last <= anchor.start <= token.span[0] or note.sentence(last - 1) == note.sentence(anchor.start):
        return False
    own = sample.anchor
    if anchor.part and anchor.part == own.part:
        return False
    if anchor.date and own.date and anchor.date == own.date and anchor.organ == own.organ:
        return False
    sentence = note.sentence(anchor.start)
    if _AGAIN.search(note.plain, max(sentence.start, anchor.start - 24), anchor.start):
        return False
    stop = note.sentence(token.span[0]).end
    return RETESTED.search(note.plain, sentence.start, stop) is None


_RESPECTIVELY = Gated(r"\brespectively\b")


def in_order(note: Note, sentence: Sentence, found: list[Token], here: list[Sample]) -> dict[Span, Sample]:
    """Give results in the order of the samples: "core and node biopsy, HER2 3+ and 1+ respectively"."""
    if len(here) < 2 or not _RESPECTIVELY.search(note.plain, sentence.start, sentence.end):
        return {}
    given: dict[Span, Sample] = {}
    for key in {(one.test, one.key) for one in found}:
        same = [one for one in found if (one.test, one.key) == key]
        if len(same) == len(here):
            given.update(zip((one.span for one in same), here, strict=True))
    return given
