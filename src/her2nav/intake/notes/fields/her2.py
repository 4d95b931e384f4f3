"""HER2 results put to the sample they were measured on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from her2nav.intake.notes.context import of_family, set_aside
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.genes import alterations
from her2nav.intake.notes.fields.her2_entries import ASKED, Sample, specimen_entries
from her2nav.intake.notes.fields.her2_marks import Token, laboratories, laboratory_of, withdrawn
from her2nav.intake.notes.fields.her2_tokens import tokens
from her2nav.intake.notes.fields.lesions import lesions
from her2nav.intake.notes.fields.specimens import Anchor, anchors, collected, part_of, tissue
from her2nav.intake.notes.found import Asked, Item, Span
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_TISSUE_TESTS = frozenset({"ihc", "ish", "her2"})
_OF_TEST = re.compile(
    r"\b(?:ratio|copies|signals?|copy number|cep ?17|amplif\w*|nuclei|membran\w*|hybridi\w*|staining|stained|tumou?r cells|tumou?r area|scores?|scored)\b"
)
_VERDICT_ONLY = re.compile(
    r"\W*(?:overall |final )?(?:positive|negative|equivocal|score|indeterminate|failed|[0-3]\s?\+|[\W\d])"
    r"(?:\W+(?:positive|negative|equivocal|score|her-?2|low|for|[0-3]\s?\+|\d))*\W*"
)
_OWN_VERDICT = re.compile(r"\b(?:positive|negative|benign|malignan\w+|showed|shows|confirmed)\b")
"""A sentence that says what its sample showed does not name the sample of a result before it."""
_AGAIN = ("central", "review")
"""Laboratories that measured tissue again which another one had measured."""
_BEHIND = re.compile(
    r"\s?\((?:the\s)?(?:[\w-]+\s){0,2}|[^;.:]{0,60}?\b(?:on|in|from|of)\s(?:the\s|her\s|his\s)?(?:[\w-]+\s){0,2}"
)
_RIGHT_BEHIND = re.compile(r"\s?\(|,?\s(?:back )?in\s")
_SHARED = re.compile(r"(?<![\d<>≥.])(?P<p>\d{1,3})\s?% in (?:the )?(?P<where>[a-z ]{3,24})")


def read_specimens(note: Note) -> Iterator[Item]:
    """Yield one entry for every sample with a HER2 result, and questions."""
    samples: list[Sample] = []
    current: Sample | None = None
    carried: str | None = None
    default = "ngs" if note.panel_report else None
    head: tuple[PartialDate, Span] | None = None
    paragraph = -1
    heading_lab: tuple[str, Span] | None = None
    apart: dict[tuple[int, str], Sample] = {}
    asked: list[Token] = []
    kept: list[tuple[Sentence, tuple[bool, Span]]] = []
    for sentence in note.sentences:
        if set_aside(note, sentence) or of_family(note, sentence, sentence.start):
            carried = None
            continue
        if sentence.paragraph != paragraph:
            heading_lab = None
            paragraph, carried = sentence.paragraph, None if not _continues(note, sentence) else carried
        said = tissue(note, sentence)
        if said:
            kept.append((sentence, said))
        named = anchors(note, sentence)
        part = part_of(note, sentence) if not named else None
        taken = collected(note, sentence)
        held = carried
        if carried in _TISSUE_TESTS and not _belongs(note, sentence):
            carried = None
        apart_from = carried is None and held is not None
        found, carried = tokens(note, sentence, carried or default)
        genes = alterations(note, sentence)
        if genes.sequenced or any(token.key == "score" or token.test == "word" for token in found):
            named = sorted([*named, *lesions(note, sentence, named)], key=lambda one: one.start)
        if part is not None:
            current = next((one for one in samples if one.anchor.part == part), current)
        if apart_from and carried in (None, default) and not note.cues_in(sentence.start, sentence.end, "stain"):
            carried = held
        here = [_known(note, samples, anchor, own=bool(found)) for anchor in named]
        asked += [token for token in found if token.test == "asked"]
        found = [token for token in found if token.test != "asked"]
        if taken and not here:
            head = head or (taken if not any(one.anchor.kind for one in samples) else None)
            if current is None:
                current = _new(samples, Anchor(sentence.start, sentence.end, spans={}))
            if current.anchor.date is None:
                current.anchor.date = taken[0]
                (current.anchor.spans or {})["collected"] = taken[1]
        if taken and len(here) == 1 and here[0].anchor.date is None:
            here[0].anchor.absorb(Anchor(*taken[1], date=taken[0], spans={"collected": taken[1]}))
        if here and not found and not genes.sequenced:
            current = here[-1] if len(here) == 1 else here[0]
            continue
        shared = _in_sites(note, sentence, samples, here) if found else {}
        named_labs = laboratories(note, sentence)
        if named_labs and note.plain[sentence.start : sentence.end].rstrip().endswith(":"):
            heading_lab = named_labs[0]
        elif heading_lab is not None and not named_labs:
            named_labs = [heading_lab]
        for token in found:
            sample = _sample_of(token, named, here, current, _stretch(note, found, token))
            day = (
                _own_day(note, sentence, found, token) or _foreign_day(note, sentence, token)
                if sample is None or sample not in here
                else None
            )
            if day is not None and (sample is None or sample.anchor.date is None or not _within(day, sample)):
                sample = _of_day(samples, day)
            sample = sample or _undated(samples)
            if withdrawn(note, sentence, token):
                sample.withdrawn.append(token)
                current = sample
                continue
            lab = laboratory_of(note, token, named_labs)
            told = _first_by(note, sample, token)
            other = lab is not None and told is not None and told != lab[0] and (lab[0] in _AGAIN or told in _AGAIN)
            if lab is not None and (other or (lab[0] in _AGAIN and _rivals(note, sentence, sample, found, named_labs))):
                # A central laboratory's own result on tissue that has a local one stands beside it.
                own = apart.get((id(sample), lab[0]))
                if own is None:
                    own = Sample(replace(sample.anchor, spans=dict(sample.anchor.spans or {})))
                    own.rival = sample
                    apart[id(sample), lab[0]] = own
                    samples.append(own)
                sample = own
            elif lab is not None and (id(sample), lab[0]) in apart:
                sample = apart[id(sample), lab[0]]
            if lab is not None and lab[0] in ("local", "central"):
                sample.labs.setdefault(token.test, lab)
            sample.results.append(token)
            current = sample.rival or sample
        for place, (sample, percent, span) in shared.items():
            _share(current, sample, percent, span, place == 0)
        if genes.sequenced and (genes.own or genes.panel or any(token.test == "ngs" for token in found)):
            sample = _for_panel(genes.start, named, here, current) or _undated(samples)
            sample.variants += genes.own + (genes.others if genes.panel else [])
            sample.covered.update(genes.covered)
            if genes.assay:
                sample.results.append(Token("ngs", "assay", *genes.assay))
            matrix = genes.matrix or (
                ("tissue", (sample.anchor.start, sample.anchor.end))
                if sample.anchor.kind in ("biopsy", "resection", "cytology", "cytology_block")
                else None
            )
            if matrix:
                sample.results.append(Token("ngs", "matrix", *matrix))
            current = sample
        elif genes.own:
            sample = _sample_of(Token("ngs", "variants", None, genes.own[0].span), named, here, current) or _undated(
                samples
            )
            sample.variants += genes.own
        if here:
            current = here[-1] if not found else current
    for sample in samples if head is not None else ():
        # "Collected" in the head of a report holds for all its parts.
        if sample.anchor.part is not None and sample.anchor.date is None and head is not None:
            sample.anchor.date = head[0]
            sample.anchor.spans = {**(sample.anchor.spans or {}), "collected": head[1]}
    methods = {token.key for sample in samples for token in sample.results} & {"result", "amplification_call"}
    for token in asked:
        if token.key != "her2_amplified" or not methods:
            yield Asked("her2_method", ASKED[token.key], token.span)
    yield from specimen_entries(note, samples, kept)


def _first_by(note: Note, sample: Sample, token: Token) -> str | None:
    """Return whose the first result of the same kind is, where the sentence of it says so."""
    for one in sample.results:
        if one.key == token.key and one.test == token.test:
            lab = laboratory_of(note, one, laboratories(note, note.sentence(one.span[0])))
            return lab[0] if lab else None
    return None


def _rivals(note: Note, sentence: Sentence, sample: Sample, found: list[Token], labs: list[tuple[str, Span]]) -> bool:
    """True when a central laboratory repeated a test that the sample has from elsewhere."""
    keys = {token.key for token in found if (laboratory_of(note, token, labs) or ("",))[0] in _AGAIN}
    return any(
        one.key in keys
        and (
            note.sentence(one.span[0]) != sentence
            or (laboratory_of(note, one, labs) or ("",))[0] in ("local", "outside")
        )
        for one in sample.results
    )


def _belongs(note: Note, sentence: Sentence) -> bool:
    """True when a sentence that names no test may go on with the one before it.

    "FISH was sent. Sentinel node positive." says nothing of the FISH.
    """
    text = note.plain[sentence.start : sentence.end]
    return bool(_continues(note, sentence) or _OF_TEST.search(text) or _VERDICT_ONLY.fullmatch(text))


def _continues(note: Note, sentence: Sentence) -> bool:
    """True for a line such as "Score: 2+" that goes on with the test named above it."""
    return bool(
        re.match(
            r"[ \t>*-]*(?:score|result|percent\w*|intensity|ratio|average|mean|interpretation|staining|cells|number|membrane|completeness|copy)",
            note.plain[sentence.start : sentence.end],
        )
    )


def _known(note: Note, samples: list[Sample], anchor: Anchor, *, own: bool) -> Sample:
    """Return the sample that an anchor names again, or a new one."""
    last = samples[-1].anchor if samples else None
    if (
        last is not None
        and (anchor.labelled or _together(note, samples[-1], anchor, own=own))
        and last.organ is None
        and last.lesion is None
        and (last.kind is None or (anchor.labelled and anchor.kind is None))
        and (last.date is None or anchor.date is None or last.date == anchor.date)
    ):
        last.absorb(anchor)
        return samples[-1]
    if anchor.word is not None:
        for sample in reversed(samples):
            if sample.anchor.word == anchor.word and sample.anchor.same(anchor):
                sample.anchor.absorb(anchor)
                return sample
    for sample in reversed(samples):
        if sample.anchor.same(anchor) and (
            anchor.organ or anchor.date or not anchor.labelled or not (sample.results or sample.variants)
        ):
            sample.anchor.absorb(anchor)
            return sample
    return _new(samples, anchor)


def _together(note: Note, sample: Sample, anchor: Anchor, *, own: bool) -> bool:
    """True when a sample without a name may be the one that is named here: in one sentence with its results.

    On one line too, where the sentence that names it has no result of its own.
    """
    if not sample.results:
        return True
    place = sample.results[-1].span[0]
    if note.sentence(place) == note.sentence(anchor.start):
        return True
    sentence = note.sentence(anchor.start)
    if _OWN_VERDICT.search(note.plain, sentence.start, sentence.end):
        return False
    return not own and note.line(place) == note.line(anchor.start)


def _new(samples: list[Sample], anchor: Anchor) -> Sample:
    sample = Sample(anchor)
    samples.append(sample)
    return sample


def _undated(samples: list[Sample]) -> Sample:
    """Return the sample of results that name none."""
    for sample in samples:
        if sample.anchor.kind is None and sample.anchor.organ is None and sample.anchor.date is None:
            return sample
    return _new(samples, Anchor(0, 0, spans={}))


def _stretch(note: Note, found: list[Token], token: Token) -> tuple[str, int]:
    """Return the words behind a result up to the next score, and where they begin."""
    later = [one.span[0] for one in found if one.key == "score" and one.span[0] > token.span[0]]
    stop = min([*later, note.sentence(token.span[0]).end])
    return note.plain[token.span[1] : stop], token.span[1]


def _own_day(note: Note, sentence: Sentence, found: list[Token], token: Token) -> Mention | None:
    """Return the date of a score where every score of the sentence has its own: "2+ in 2021 and 0 in 2024"."""
    scores = [one for one in found if one.key == "score"]
    if not scores or not note.dates.within(sentence.start, sentence.end):
        return None
    if len({str(one.value) for one in scores}) < 2:
        return _day_behind(note, sentence, scores[0]) if len(scores) == 1 else None
    days = [_day_beside(note, sentence, scores, one) for one in scores]
    if None in days or len({str(day.value) for day in days if day is not None}) < len(days):
        return None
    behind = [day for one, day in zip(scores, days, strict=True) if one.span[0] <= token.span[0]]
    return behind[-1] if behind else days[0]


def _day_behind(note: Note, sentence: Sentence, score: Token) -> Mention | None:
    """Return the date that stands right behind the only score of a sentence: "IHC 1+ (2021)", "2+ in 2019"."""
    for one in note.dates.within(score.span[1], min(sentence.end, score.span[1] + 24)):
        if one.value and _RIGHT_BEHIND.fullmatch(note.plain, score.span[1], one.start):
            return one
    return None


def _foreign_day(note: Note, sentence: Sentence, token: Token) -> Mention | None:
    """Return the date before a result in a note whose words for samples are not known: it tells its samples apart."""
    if note.language is None or note.language.script == "latin":
        return None
    before = [one for one in note.dates.within(sentence.start, token.span[0]) if one.value and one.exact_order]
    return before[-1] if before else None


def _day_beside(note: Note, sentence: Sentence, scores: list[Token], token: Token) -> Mention | None:
    """Return the date right behind a score, else the one before it in its own part of the sentence."""
    later = [one.span[0] for one in scores if one.span[0] > token.span[0]]
    for one in note.dates.within(token.span[1], min([*later, sentence.end])):
        if one.value and re.fullmatch(r"[\s(,]*(?:in|on|at|from|\()?\s?", note.plain[token.span[1] : one.start]):
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


def _within(day: Mention, sample: Sample) -> bool:
    value, known = day.value, sample.anchor.date
    return value is not None and known is not None and value.low <= known.high and known.low <= value.high


def _of_day(samples: list[Sample], day: Mention) -> Sample:
    """Return the sample of a day that nothing else names."""
    for sample in samples:
        if sample.anchor.kind is None and sample.anchor.organ is None and sample.anchor.date == day.value:
            return sample
    return _new(samples, Anchor(day.start, day.end, date=day.value, spans={"collected": (day.start, day.end)}))


def _sample_of(
    token: Token,
    named: list[Anchor],
    here: list[Sample],
    current: Sample | None,
    behind: tuple[str, int] = ("", 0),
) -> Sample | None:
    """Return the sample of a result: "2+ on the liver biopsy", else the last named before it, the next, the current one."""
    words, start = behind
    for anchor, sample in zip(named, here, strict=True):
        if 0 <= anchor.start - start < len(words) and _BEHIND.fullmatch(words[: anchor.start - start]):
            return sample
    before = [sample for anchor, sample in zip(named, here, strict=True) if anchor.start <= token.span[0]]
    if before:
        return before[-1]
    # What stands behind a semicolon is another statement: "HER2 3+ in 2019; bone biopsy 2024: HER2 0".
    apart = words and ";" in words[: max(0, named[0].start - start)] if named else False
    return here[0] if here and not apart else current


def _for_panel(start: int, named: list[Anchor], here: list[Sample], current: Sample | None) -> Sample | None:
    return _sample_of(Token("ngs", "", None, (start, start)), named, here, current)


def _in_sites(
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
            sample = _new(samples, Anchor(span[0], span[1], organ=organ, spans={"organ": span}))
        result[i] = (sample, percent, span)
    return result


def _share(source: Sample | None, sample: Sample, percent: str, span: Span, first: bool) -> None:
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
