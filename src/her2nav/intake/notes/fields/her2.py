"""HER2 results put to the sample they were measured on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from her2nav.intake.notes.context import context, of_family, set_aside
from her2nav.intake.notes.fields.genes import Alteration, alterations
from her2nav.intake.notes.fields.her2_tokens import Token, central, tokens
from her2nav.intake.notes.fields.specimens import Anchor, anchors, collected, tissue
from her2nav.intake.notes.found import Asked, Clash, Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_SHARED = re.compile(r"(?<![\d<>≥.])(?P<p>\d{1,3})\s?% in (?:the )?(?P<where>[a-z ]{3,24})")


_SCORING = Gated(re.compile(r"\bgastric (?:scoring|criteria|score|system|ihc)\b"), "gastric")
_PREANALYTICS = (
    (
        "fixation_hours",
        Gated(
            re.compile(
                r"\b(?:fixation time|time in fixative|fixation|fixed for)[\s:|]{0,6}(?P<n>\d{1,3})\s?(?:h\b|hours?\b|hrs?\b)"
            ),
            "fix",
        ),
    ),
    (
        "fragments",
        Gated(
            re.compile(
                r"\b(?:number of (?:tissue |biopsy )?fragments[\s:|]{0,6}|biopsies\s{1,3}x\s{1,3})(?P<n>\d{1,2})\b"
            ),
            "fragments",
            "biopsies",
        ),
    ),
)


@dataclass
class _Sample:
    """A sample with its results while the note is read."""

    anchor: Anchor
    results: list[Token] = field(default_factory=list)
    variants: list[Alteration] = field(default_factory=list)
    covered: dict[str, Span] = field(default_factory=dict)
    central: Span | None = None
    tissue: tuple[bool, Span] | None = None


def read_specimens(note: Note) -> Iterator[Item]:
    """Yield one entry for every sample with a HER2 result, and questions."""
    samples: list[_Sample] = []
    current: _Sample | None = None
    carried: str | None = None
    default = "ngs" if note.panel is not None else None
    paragraph = -1
    kept: list[tuple[Sentence, tuple[bool, Span]]] = []
    for sentence in note.sentences:
        if set_aside(note, sentence) or of_family(note, sentence, sentence.start):
            carried = None
            continue
        if sentence.paragraph != paragraph:
            paragraph, carried = sentence.paragraph, None if not _continues(note, sentence) else carried
        said = tissue(note, sentence)
        if said:
            kept.append((sentence, said))
        named = anchors(note, sentence)
        taken = collected(note, sentence)
        found, carried = tokens(note, sentence, carried or default)
        here = [_known(note, samples, anchor, own=bool(found)) for anchor in named]
        genes = alterations(note, sentence)
        for token in found:
            if token.test == "asked":
                yield Asked(
                    "her2_method",
                    "HER2 amplified: by ISH or by sequencing? The note does not say; not used",
                    token.span,
                )
        found = [token for token in found if token.test != "asked"]
        if taken and not here:
            if current is None:
                current = _new(samples, Anchor(sentence.start, sentence.end, spans={}))
            if current.anchor.date is None:
                current.anchor.date = taken[0]
                (current.anchor.spans or {})["collected"] = taken[1]
        if here and not found and not genes.sequenced:
            current = here[-1] if len(here) == 1 else here[0]
            continue
        shared = _in_sites(note, sentence, samples, here) if found else {}
        where = central(note, sentence)
        apart: dict[int, _Sample] = {}
        for token in found:
            sample = _sample_of(token, named, here, current)
            if sample is None:
                sample = _undated(samples)
            if where and any(one.key == token.key and note.sentence(one.span[0]) != sentence for one in sample.results):
                # A central laboratory's own result on tissue that has a local one stands beside it.
                sample = apart.setdefault(
                    id(sample), _Sample(replace(sample.anchor, spans=dict(sample.anchor.spans or {})))
                )
            sample.results.append(token)
            current = sample
        for place, (sample, percent, span) in shared.items():
            _share(current, sample, percent, span, place == 0)
        samples += apart.values()
        if where and current is not None and found:
            current.central = where
        if genes.sequenced and (genes.own or genes.panel or any(token.test == "ngs" for token in found)):
            sample = _for_panel(genes.start, named, here, current) or _undated(samples)
            sample.variants += genes.own + (genes.others if genes.panel else [])
            sample.covered.update(genes.covered)
            if genes.assay:
                sample.results.append(Token("ngs", "assay", *genes.assay))
            matrix = genes.matrix or (
                ("tissue", (sample.anchor.start, sample.anchor.end))
                if sample.anchor.kind in ("biopsy", "resection")
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
    yield from _entries(note, samples, kept)


def _continues(note: Note, sentence: Sentence) -> bool:
    """True for a line such as "Score: 2+" that goes on with the test named above it."""
    return bool(
        re.match(
            r"[ \t>*-]*(?:score|result|percent\w*|intensity|ratio|average|mean|interpretation|staining|cells|number|membrane|completeness|copy)",
            note.plain[sentence.start : sentence.end],
        )
    )


def _known(note: Note, samples: list[_Sample], anchor: Anchor, *, own: bool) -> _Sample:
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
    for sample in reversed(samples):
        if sample.anchor.same(anchor) and (anchor.organ or anchor.date or not anchor.labelled):
            sample.anchor.absorb(anchor)
            return sample
    return _new(samples, anchor)


def _together(note: Note, sample: _Sample, anchor: Anchor, *, own: bool) -> bool:
    """True when a sample without a name may be the one that is named here: in one sentence with its results.

    On one line too, where the sentence that names it has no result of its own.
    """
    if not sample.results:
        return True
    place = sample.results[-1].span[0]
    if note.sentence(place) == note.sentence(anchor.start):
        return True
    return not own and note.line(place) == note.line(anchor.start)


def _new(samples: list[_Sample], anchor: Anchor) -> _Sample:
    sample = _Sample(anchor)
    samples.append(sample)
    return sample


def _undated(samples: list[_Sample]) -> _Sample:
    """Return the sample of results that name none."""
    for sample in samples:
        if sample.anchor.kind is None and sample.anchor.organ is None and sample.anchor.date is None:
            return sample
    return _new(samples, Anchor(0, 0, spans={}))


def _sample_of(token: Token, named: list[Anchor], here: list[_Sample], current: _Sample | None) -> _Sample | None:
    """Return the sample of a result: the last named before it in the sentence, else the next, else the current one."""
    before = [sample for anchor, sample in zip(named, here, strict=True) if anchor.start <= token.span[0]]
    if before:
        return before[-1]
    return here[0] if here else current


def _for_panel(start: int, named: list[Anchor], here: list[_Sample], current: _Sample | None) -> _Sample | None:
    return _sample_of(Token("ngs", "", None, (start, start)), named, here, current)


def _in_sites(
    note: Note, sentence: Sentence, samples: list[_Sample], here: list[_Sample]
) -> dict[int, tuple[_Sample, str, Span]]:
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
    result: dict[int, tuple[_Sample, str, Span]] = {}
    for i, (organ, percent, span) in enumerate(found):
        sample = next((one for one in reversed(samples) if one.anchor.organ == organ), None)
        if sample is None:
            sample = _new(samples, Anchor(span[0], span[1], organ=organ, spans={"organ": span}))
        result[i] = (sample, percent, span)
    return result


def _share(source: _Sample | None, sample: _Sample, percent: str, span: Span, first: bool) -> None:
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


def _entries(note: Note, samples: list[_Sample], kept: list[tuple[Sentence, tuple[bool, Span]]]) -> Iterator[Item]:
    measured = [s for s in samples if any(t.test in ("ihc", "ish", "ngs") for t in s.results) or s.variants]
    words = [(s, t) for s in samples for t in s.results if t.test == "word"]
    if not measured and words:
        yield from _by_word(words)
        return
    numbers = [s for s in measured if not _only_matrix(s)]
    numbers = [s for s in numbers if not any(_repeats(s, other) for other in numbers)]
    for sample in numbers:
        entry = Entry("specimens")
        spans = sample.anchor.spans or {}
        place = (sample.anchor.start, sample.anchor.end)
        entry.put("kind", sample.anchor.kind, spans.get("kind", place))
        entry.put("organ", sample.anchor.organ, spans.get("organ", place))
        entry.put("lesion", sample.anchor.lesion, spans.get("lesion", place))
        if sample.anchor.date:
            entry.put("collected", str(sample.anchor.date), spans.get("collected", place))
        yield from _fill(note, entry, sample)
        if sample.tissue is None and kept:
            _, (left, span) = kept[0]
            everyone = len(numbers) == 1 or re.search(
                r"\bboth\b|\bblocks\b|\bsamples\b", note.said(*_around(note, span))
            )
            if everyone:
                entry.put("tissue_available", left, span)
        if len(numbers) == 1:
            for key, pattern in _PREANALYTICS:
                match = pattern.search(note.plain)
                if match:
                    entry.put(f"preanalytics.{key}", match["n"], match.span("n"))
        yield entry


def _around(note: Note, span: Span) -> Span:
    sentence = note.sentence(span[0])
    return sentence.start, sentence.end


def _repeats(sample: _Sample, other: _Sample) -> bool:
    """True for results without a sample that only say again what another sample shows."""
    anchor = sample.anchor
    if sample is other or anchor.kind or anchor.organ or anchor.lesion or anchor.date or sample.variants:
        return False
    mine = {(t.test, t.key, str(t.value)) for t in sample.results if t.test != "word"}
    if any(test == "ngs" for test, _, _ in mine):
        return False
    return mine <= {(t.test, t.key, str(t.value)) for t in other.results}


def _only_matrix(sample: _Sample) -> bool:
    return (
        not sample.variants and all(token.key in ("matrix", "assay") for token in sample.results) and not sample.covered
    )


def _by_word(words: list[tuple[_Sample, Token]]) -> Iterator[Item]:
    """Without any measured result the word alone is kept; words that differ are a contradiction."""
    by_sample: dict[int, list[tuple[_Sample, Token]]] = {}
    for sample, token in words:
        by_sample.setdefault(id(sample), []).append((sample, token))
    for found in by_sample.values():
        values = {token.value for _, token in found}
        sample = found[0][0]
        if len(values) > 1 and values != {"negative", "low"} and values != {"negative", "ultralow"}:
            yield Clash(
                "specimens.her2_reported",
                "the HER2 status is given in two ways",
                tuple((t.value, t.span) for _, t in found),
            )
            continue
        best = next((token for _, token in found if token.value in ("low", "ultralow")), found[-1][1])
        entry = Entry("specimens")
        entry.put("kind", sample.anchor.kind, (sample.anchor.spans or {}).get("kind", best.span))
        entry.put("organ", sample.anchor.organ, (sample.anchor.spans or {}).get("organ", best.span))
        entry.put("lesion", sample.anchor.lesion, (sample.anchor.spans or {}).get("lesion", best.span))
        if sample.anchor.date:
            entry.put("collected", str(sample.anchor.date), (sample.anchor.spans or {}).get("collected", best.span))
        entry.put("her2_reported", best.value, best.span)
        yield entry


def _fill(note: Note, entry: Entry, sample: _Sample) -> Iterator[Item]:
    grouped: dict[tuple[str, str], list[Token]] = {}
    for token in sample.results:
        if token.test != "word":
            grouped.setdefault((token.test, token.key), []).append(token)
    for (test, key), found in grouped.items():
        values: list[Any] = []
        for token in found:
            if token.value not in values:
                values.append(token.value)
        if len(values) > 1:
            chosen = _reconciled(key, values)
            if chosen is None:
                yield Clash(
                    f"specimens.{test}.{key}",
                    f"two values of {key.replace('_', ' ')} for one sample",
                    tuple((t.value, t.span) for t in found),
                )
                continue
            values = [chosen]
        entry.put(f"{test}.{key}", values[0], found[0].span)
    if "ihc.score" in entry.values:
        assay = _assay(note, sample)
        if assay:
            entry.put("ihc.assay", *assay)
        scoring = _SCORING.search(note.plain, *_around(note, entry.spans["ihc.score"]))
        if scoring:
            entry.put("ihc.scoring", "gastric", scoring.span())
    if "ish.her2_cep17_ratio" in entry.values or "ish.cep17_copy_number" in entry.values:
        entry.values.pop("ish.method", None)
        entry.put(
            "ish.method", "dual_probe", entry.spans.get("ish.her2_cep17_ratio") or entry.spans["ish.cep17_copy_number"]
        )
    if sample.central:
        for test in ("ihc", "ish"):
            if any(key.startswith(test) for key in entry.values):
                entry.put(f"{test}.laboratory", "central", sample.central)
    if sample.variants:
        best: dict[tuple[str, str], Alteration] = {}
        for one in sample.variants:
            if (one.gene, one.written) not in best or (one.vaf and not best[one.gene, one.written].vaf):
                best[one.gene, one.written] = one
        variants = [one.record for one in best.values()]
        entry.also += [one.span for one in sample.variants]
        entry.also += [one.vaf_span for one in sample.variants if one.vaf_span is not None]
        entry.put("ngs.variants", variants, sample.variants[0].span)
    if sample.covered and any(key.startswith("ngs") for key in entry.values):
        entry.put("ngs.genes_covered", list(sample.covered), next(iter(sample.covered.values())))


def _reconciled(key: str, values: list[Any]) -> Any | None:
    """Return the value where two only repeat each other in other words; None: they exclude each other."""
    if key == "score":
        single = [value for value in values if isinstance(value, str)]
        ranges = [value for value in values if isinstance(value, list)]
        if len(single) == 1 and all(single[0] in one for one in ranges):
            return single[0]
        return None
    if key in ("intensity", "completeness", "assay", "matrix", "zero_subtype"):
        return values[0]
    if key in ("her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "erbb2_copy_number"):
        numbers = [float(value) for value in values]
        return values[0] if max(numbers) - min(numbers) < 0.06 else None
    return None


def _assay(note: Note, sample: _Sample) -> tuple[str, Span] | None:
    """Return the antibody named near the score."""
    for token in sample.results:
        if token.key == "score":
            sentence = note.sentence(token.span[0])
            for hit in note.hits_in(max(0, sentence.start - 200), sentence.end + 300, "assay"):
                inside = sentence.start <= hit.start < sentence.end
                near = note.sentence(hit.start).paragraph == sentence.paragraph or sentence.section == "pathology"
                if (inside or near) and not context(note, hit.start, hit.end).family:
                    return str(hit.id("assay")), (hit.start, hit.end)
    return None
