"""Samples with their HER2 results become entries of the patient file; what excludes itself becomes a contradiction."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from her2nav.intake.notes.fields.her2_around import antibody, tumour_share
from her2nav.intake.notes.fields.her2_handling import Kept, Owner, handled, tissue_left
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_settle import settled
from her2nav.intake.notes.fields.same_variant import each_once, without_classes
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Asked, Clash, Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_SCORING = Gated(
    r"\bgastric (?:scoring|criteria|score|system|ihc)\b|\bas (?:in|for) gastric\b|\bhofmann\b|\bruschoff\b"
)
_DUAL = Gated(r"\bd-?dish\b|\bdual[- ](?:probe|colou?r)\b|\bdual (?:f|c|s)?ish\b")
_FIRST = Gated(r"\b(?:diagnosed|diagnosis|dx|original|initial|primary)\b")
_OPEN = {("score", "2+"), ("result", "equivocal"), ("amplification_call", "equivocal")}
_BORNE_OUT = {
    "positive": {("score", "3+"), ("result", "positive"), ("amplification_call", "amplified"), *_OPEN},
    "negative": {
        ("score", "0"),
        ("score", "1+"),
        ("result", "negative"),
        ("amplification_call", "not_amplified"),
        *_OPEN,
    },
}
"""Results that a word for HER2 may rest on; what is equivocal may have become either."""
_TOLD = _BORNE_OUT["positive"] | _BORNE_OUT["negative"]
ASKED = {
    "her2_amplified": "HER2 amplified: by ISH or by sequencing? The note does not say; not used",
    "two_counts": "two ISH ratios in one phrase: of which sample is each? Not used",
    "bare_count": "a number behind the ISH result: a ratio or copies per cell? The note does not say; not used",
    "sample": "several samples could own this HER2 result, and the note does not say on which it was measured; not used",
    "withdrawn": "a HER2 result is called an error and no other one is given in its place; not used",
}
"""What is asked about a result that is not written."""


def specimen_entries(note: Note, samples: list[Sample], kept: Kept, owner: Owner) -> Iterator[Item]:
    """Yield the entry of every sample that was measured, and what its results contradict."""
    for sample in samples:
        _withdraw_later(note, sample)
        yield from _correct(note, sample)
    without_classes(note, samples)
    measured = [s for s in samples if any(t.test in ("ihc", "ish", "ngs") for t in s.results) or s.variants]
    words = [(s, t) for s in samples for t in s.results if t.test == "word"]
    if not measured and words:
        yield from _by_word(words)
        return
    named = [(s, t) for s, t in words if s not in measured and _own_word(note, s, t)]
    if named:
        yield from _by_word(named)
    numbers = [s for s in measured if not _only_matrix(s)]
    numbers = [s for s in numbers if not _said_of_all(s, numbers)]
    numbers = [s for s in numbers if not any(_repeats(note, s, other) for other in numbers)]
    taken = {token.span for _, token in named}
    yield from _other_words([token for _, token in words if token.span not in taken], numbers)
    handling, left = handled(note, numbers, owner), tissue_left(note, kept, numbers, owner)
    for sample in numbers:
        entry = Entry("specimens")
        spans = sample.anchor.spans or {}
        place = (sample.anchor.start, sample.anchor.end)
        entry.put("kind", sample.anchor.kind, spans.get("kind", place))
        if sample.anchor.kind != "blood":
            entry.put("organ", sample.anchor.organ, spans.get("organ", place))
            entry.put("lesion", sample.anchor.lesion, spans.get("lesion", place))
            entry.put("recurrent", sample.anchor.recurrent or None, spans.get("lesion", place))
        if sample.anchor.date:
            entry.put("collected", str(sample.anchor.date), spans.get("collected", place))
        yield from _fill(note, entry, sample, numbers)
        if (remains := left.get(id(sample))) is not None:
            entry.put("tissue_available", *remains)
        for key, value, span in handling.get(id(sample), ()):
            if f"preanalytics.{key}" not in entry.values:
                entry.put(f"preanalytics.{key}", value, span)
        yield entry


_SCORE_BACK = Gated(
    r"\bscore (?:of )?(?P<s>[0-3])\s?(?P<p>\+)?(?!\d)[^.;]{0,60}\b(?:is|was|has been|are)\s(?:hereby |now |formally )?(?:withdrawn|retracted|rescinded|superseded|replaced|cancelled|canceled|no longer valid)\b"
)
_OF_OTHER_STAIN = re.compile(r"\b(?:pd-?l1|claudin|cldn|ki-?67|mmr|egfr|met|ar|er|pr|p53|allred)\b")


def _withdraw_later(note: Note, sample: Sample) -> None:
    """Add the scores that a later sentence takes back by their number: "The score 2+ of version 1 is withdrawn"."""
    for match in _SCORE_BACK.finditer(note.plain):
        if _OF_OTHER_STAIN.search(note.plain, *_around(note, match.span())):
            continue
        value = match["s"] + (match["p"] or "" if match["s"] != "0" else "")
        sample.withdrawn += [
            one
            for one in sample.results
            if (one.test, one.key, str(one.value)) == ("ihc", "score", value)
            and one.span[1] <= match.start()
            and one not in sample.withdrawn
        ]


def _correct(note: Note, sample: Sample) -> Iterator[Item]:
    """Take out the results that the note withdraws; without another one in their place a person is asked."""
    for wrong in sample.withdrawn:
        same = [one for one in sample.results if (one.test, one.key) == (wrong.test, wrong.key)]
        right = [one.span[0] for one in same if one.value != wrong.value and one.span[0] > wrong.span[0] - _NEAR]
        if right:
            # The pattern behind a withdrawn score, and the word for it, go with it.
            gone = {one.span[0] for one in same if one.value == wrong.value}
            kept = min(wrong.span[0], _from_right(note, min(right), gone))
            sample.results = [
                one
                for one in sample.results
                if (one.span[0] > kept and (one.key, one.value) != (wrong.key, wrong.value))
                or one.span[0] > wrong.span[0]
                or not (gone and (one.test == wrong.test or one.test == "word"))
            ]
        else:
            sample.results = [one for one in sample.results if one.test not in (wrong.test, "word")]
            yield Asked("her2_withdrawn", ASKED["withdrawn"], wrong.span)


def _from_right(note: Note, right: int, gone: set[int]) -> int:
    """Return from where the words on a corrected score stand: the paragraph of it, unless the wrong one stands there too."""
    paragraph = note.sentence(right).paragraph
    first = next((one.start for one in note.sentences if one.paragraph == paragraph), right)
    return right - 1 if any(first <= place < right for place in gone) else first - 1


_NEAR = 60
"""So many signs before a withdrawn result the right one may stand: "corrected to 1+ (previously reported 2+)"."""


def _around(note: Note, span: Span) -> Span:
    sentence = note.sentence(span[0])
    return sentence.start, sentence.end


def _of_another_day(note: Note, sample: Sample, other: Sample) -> bool:
    """True for a result of the first diagnosis, beside a sample of another day."""
    day = other.anchor.date
    if day is None or not sample.results:
        return False
    sentence = note.sentence(sample.results[0].span[0])
    if not _FIRST.search(note.plain, sentence.start, sentence.end):
        return False
    dates = [one.value for one in note.dates.within(sentence.start, sentence.end) if one.value]
    return bool(dates) and all(one.high < day.low or day.high < one.low for one in dates)


def _repeats(note: Note, sample: Sample, other: Sample) -> bool:
    """True for results without a sample, or without its day, that only say again what another sample shows."""
    anchor = sample.anchor
    if sample is other or anchor.date or sample.variants or (anchor.part and anchor.part != other.anchor.part):
        return False
    mine = {(t.test, t.key, str(t.value)) for t in sample.results if t.test != "word"}
    if any(test == "ngs" for test, _, _ in mine) or _of_another_day(note, sample, other):
        return False
    if anchor.kind or anchor.organ or anchor.lesion:
        later = bool(sample.results and other.results) and sample.results[0].span > other.results[0].span
        named_again = later and _named_again(note, anchor, other.anchor)
        beside = sample.rival is not None or other.rival is sample
        if beside or not named_again or not any(key in ("score", "result") for _, key, _ in mine):
            return False
    return mine <= {(t.test, t.key, str(t.value)) for t in other.results}


def _said_of_all(sample: Sample, samples: list[Sample]) -> bool:
    """True for "HER2 amplified" of the disease, without a sample, a number or an assay, beside a sample that shows it."""
    anchor = sample.anchor
    if anchor.kind or anchor.organ or anchor.date or anchor.lesion or anchor.part or sample.variants:
        return False
    told = {one.value for one in sample.results if one.key == "amplification_call"}
    if len(told) != 1 or any(one.key != "amplification_call" for one in sample.results):
        return False
    amplified = told == {"amplified"}
    agrees = ("amplified", "positive") if amplified else ("not_amplified", "negative")
    results = [
        one for other in samples if other is not sample and other.anchor.kind != "blood" for one in other.results
    ]
    if amplified and any(one.key == "erbb2_copy_number" for one in results):
        return True
    return any(one.key in ("amplification_call", "result") and one.value in agrees for one in results)


def _named_again(note: Note, anchor: Anchor, known: Anchor) -> bool:
    """True when the words for a sample without a day may mean one that the note gave before with its day."""
    if known.date is None or anchor.part or (anchor.kind and anchor.kind != known.kind):
        return False
    if anchor.side and known.side and anchor.side != known.side:
        return False
    at_home = known.organ is None or known.organ in note.present_tumours
    if anchor.organ:
        return anchor.organ == known.organ
    if anchor.lesion == "primary":
        return at_home and known.lesion != "met"
    return anchor.lesion is None or not at_home


def _only_matrix(sample: Sample) -> bool:
    return (
        not sample.variants and all(token.key in ("matrix", "assay") for token in sample.results) and not sample.covered
    )


def _own_word(note: Note, sample: Sample, token: Token) -> bool:
    """True for a HER2 word in the sentence that names a sample, or a tumour before, with its date.

    "Biopsy on 4 May showed HER2-low", "left breast cancer 2011, triple negative".
    """
    anchor = sample.anchor
    if anchor.date is None:
        return False
    tumour = (anchor.lesion == "primary" or anchor.side is not None) and anchor.start < token.span[0]
    if anchor.kind is None and not tumour:
        return False
    own, line = note.sentence(token.span[0]), note.line(token.span[0])
    again = {one for one in sample.named_at if one < token.span[0]}
    return any(note.sentence(one) == own or note.line(one) == line for one in {anchor.start, *again})


def _other_words(words: list[Token], samples: list[Sample]) -> Iterator[Item]:
    """Ask about a HER2 word that no measured result bears out: "3+, but the recurrence is HER2-negative"."""
    results = {
        (token.key, value)
        for sample in samples
        for token in sample.results
        for value in (token.value if isinstance(token.value, list) else [token.value])
    }
    for token in words:
        borne_out = _BORNE_OUT.get(str(token.value))
        if borne_out is not None and not results & borne_out and results & _TOLD:
            yield Asked("her2_word", f"HER2 is called {token.value}, and no result that was read says so", token.span)
            return


def _by_word(words: list[tuple[Sample, Token]]) -> Iterator[Item]:
    """Without any measured result the word alone is kept; words that differ are a contradiction."""
    by_sample: dict[int, list[tuple[Sample, Token]]] = {}
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


def _fill(note: Note, entry: Entry, sample: Sample, samples: list[Sample]) -> Iterator[Item]:
    others = [one for one in samples if one is not sample and _stained(one)]
    grouped: dict[tuple[str, str], list[Token]] = {}
    for token in sample.results:
        if token.test != "word":
            grouped.setdefault((token.test, token.key), []).append(token)
    clashed: set[tuple[str, str]] = set()
    for (test, key), found in grouped.items():
        values: list[Any] = []
        for token in found:
            if token.value not in values:
                values.append(token.value)
        if len(values) > 1:
            chosen = settled(note, key, values, found, grouped)
            if chosen is None:
                clashed.add((test, key))
                yield Clash(
                    f"specimens.{test}.{key}",
                    f"two values of {key.replace('_', ' ')} for one sample",
                    tuple((t.value, t.span) for t in found),
                )
                continue
            values = [chosen]
        entry.put(f"{test}.{key}", values[0], found[0].span)
    if ("ihc", "score") in clashed:
        gone = [*_PATTERN, *[key for key in entry.values if key.startswith("ish.") and _two_statements(note, grouped)]]
        for key in gone:
            entry.values.pop(key, None)  # of which of the two scores it is, nobody can tell
    if "ihc.zero_subtype" in entry.values and entry.values.get("ihc.score", "0") != "0":
        del entry.values["ihc.zero_subtype"]  # "no staining: 55 % of cells" beside a score is a share
    if entry.values.get("ihc.score") == "0" and entry.values.get("ihc.intensity") in ("moderate", "intense"):
        del entry.values["ihc.intensity"]  # what stains so is something else
    if "ihc.score" in entry.values:
        assay = antibody(note, sample, others)
        if assay:
            entry.put("ihc.assay", *assay)
        scoring = _SCORING.search(note.plain, *_around(note, entry.spans["ihc.score"]))
        if scoring:
            entry.put("ihc.scoring", "gastric", scoring.span())
    dual = _DUAL.search(note.plain, *_around(note, entry.spans["ish.result"])) if "ish.result" in entry.values else None
    if dual and entry.values["ish.result"] != "failed":
        entry.put("ish.method", "dual_probe", dual.span())
    if "ish.her2_cep17_ratio" in entry.values or "ish.cep17_copy_number" in entry.values:
        entry.values.pop("ish.method", None)
        entry.put(
            "ish.method", "dual_probe", entry.spans.get("ish.her2_cep17_ratio") or entry.spans["ish.cep17_copy_number"]
        )
    for test, (laboratory, span) in sample.labs.items():
        if test in ("ihc", "ish") and any(key.startswith(test) for key in entry.values):
            entry.put(f"{test}.laboratory", laboratory, span)
    if sample.variants:
        variants = [one.record for one in each_once(note, sample.variants)]
        entry.also += [one.span for one in sample.variants]
        entry.also += [one.vaf_span for one in sample.variants if one.vaf_span is not None]
        entry.put("ngs.variants", variants, sample.variants[0].span)
    if any(key.startswith("ngs") for key in entry.values):
        matrix = _MATRIX.get(str(sample.anchor.kind))
        entry.put(
            "ngs.matrix", matrix, (sample.anchor.spans or {}).get("kind", (sample.anchor.start, sample.anchor.end))
        )
        share = tumour_share(note, samples) if entry.values.get("ngs.matrix") == "tissue" else None
        if share is not None:
            entry.put("ngs.tumour_fraction", *share)
    if sample.covered and any(key.startswith("ngs") for key in entry.values):
        entry.put("ngs.genes_covered", list(sample.covered), next(iter(sample.covered.values())))


_LATER = re.compile(r";|\b(?:now|then|later|but|subsequently|recently|finally)\b")


def _two_statements(note: Note, grouped: dict[tuple[str, str], list[Token]]) -> bool:
    """True for scores of two sentences, or that a semicolon or a word of time parts: of two samples, though only one is known by name."""
    scores = sorted(token.span for token in grouped["ihc", "score"])
    return any(
        (note.sentence(one[0]) != note.sentence(two[0]) or _LATER.search(note.plain, one[1], two[0]) is not None)
        and _SECOND_EYE.search(note.plain, one[1], two[0]) is None
        for one, two in itertools.pairwise(scores)
    )


_SECOND_EYE = re.compile(r"\b(?:second|2nd|other|another) (?:reader|observer|scorer|pathologist)\b")
"""Two people scored one sample: "First reader: 1+. Second reader: 2+"."""


_MATRIX = {
    "biopsy": "tissue", "resection": "tissue", "cytology": "tissue", "cytology_block": "tissue", "blood": "plasma",
}  # fmt: skip
"""What is sequenced of a sample."""


def _stained(sample: Sample) -> bool:
    return any(token.key == "score" for token in sample.results)


_PATTERN = ("ihc.percent_cells", "ihc.intensity", "ihc.completeness", "ihc.zero_subtype", "ihc.cluster_cells")
