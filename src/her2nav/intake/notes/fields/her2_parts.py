"""Results that name their specimen by its letter, number or block: which specimen of the report's list owns each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from her2nav.intake.notes.fields.her2_marks import NAME, Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import known, new
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.specimen_list import Listed, Reference, SpecimenList
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_DECIDES = frozenset(
    {
        "score",
        "result",
        "her2_cep17_ratio",
        "her2_copy_number",
        "amplification_call",
        "erbb2_copy_number",
        "her2_reported",
    }
)
"""Results that stand for themselves; the others say more of one of them."""
_RESPECTIVELY = Gated(r"\brespectively\b")
_PARTED = re.compile(r";|\.\s")
_BESIDE = re.compile(r"[ (:,]{0,2}(?:the )?")
_AND = re.compile(r"\)?(?:,| and|,? &|,? and| \+| /)\s(?:(?:on|in|of|from)\s)?(?:the\s)?")
_APART = ({"biopsy", "resection"}, {"blood", "resection"}, {"blood", "biopsy"})


@dataclass(slots=True)
class Mark:
    """Where a sentence names samples, and which."""

    start: int
    end: int
    samples: list[Sample]
    blocks: tuple[str, ...] = ()


@dataclass(slots=True)
class Parts:
    """The listed specimens of a note while its sentences are read.

    Attributes:
        run: The specimens of the entries that followed each other without a result.
        last: The specimen named last, and the paragraph.
        aside: A sentence without any of them followed.
        opened: Where the entry spoken of last begins.
        nobody: Holds the results that two specimens could own.
    """

    listed: SpecimenList
    run: list[str] = field(default_factory=list)
    last: tuple[str, int] | None = None
    aside: bool = False
    opened: int = 0
    nobody: Sample = field(default_factory=lambda: Sample(Anchor(0, 0, spans={})))

    def named(self, note: Note, sentence: Sentence) -> list[Reference]:
        """Return where a sentence names listed specimens; "both" counts where nothing else does."""
        if not self.listed:
            return []
        return self.listed.references(sentence.start, sentence.end)

    def everyone(self, sentence: Sentence) -> list[Reference]:
        """Return what "both" means in a sentence that names none of them."""
        return self.listed.everyone(sentence.start, sentence.end) if self.listed else []

    def sample(self, samples: list[Sample], one: Listed, above: Anchor | None) -> Sample:
        """Return the sample of a listed specimen."""
        found = next((known for known in samples if known.anchor.part == one.key), None)
        if found is not None:
            return found
        before = self._told_before(samples).get(one.key)
        if before is not None:
            before.anchor.part = one.key
            return before
        anchor = one.anchor.copy()
        if above is not None and anchor.kind is None and anchor.date is None:
            # "Two cores of 5 June (A: 12 o'clock; B: 1 o'clock)"
            anchor.kind, anchor.date = above.kind, above.date
            anchor.organ = anchor.organ or above.organ
            anchor.spans = {**(above.spans or {}), **(anchor.spans or {})}
        return new(samples, anchor)

    def _told_before(self, samples: list[Sample]) -> dict[str, Sample]:
        """Return the samples of a story that a list of undated ones names again, where it names each and only once.

        "Cholecystectomy on 18 March 2025 ... liver biopsy on 14 July 2026 ... (a) cholecystectomy: 2+ (b) liver biopsy: 3+".
        """
        found: dict[str, Sample] = {}
        for key, one in self.listed.known.items():
            mine = one.anchor
            own = [
                sample
                for sample in samples
                if sample.anchor.date is not None
                and sample.anchor.kind == mine.kind
                and mine.organ in (None, sample.anchor.organ)
                and sample.anchor.part in (None, key)
                and (sample.anchor.part == key or not sample.results)
            ]
            if mine.date is not None or mine.kind is None or len(own) != 1:
                return {}
            found[key] = own[0]
        return found if len({id(one) for one in found.values()}) == len(found) else {}

    def marks(
        self, note: Note, samples: list[Sample], refs: list[Reference], named: list[Anchor], above: Anchor | None
    ) -> list[Mark]:
        """Return the samples that a sentence names: the listed ones, and others that are none of these."""
        found: list[Mark] = []
        for ref in refs:
            own = [
                self._of_organ(note, samples, ref, self.sample(samples, self.listed.known[key], above))
                for key in ref.keys
            ]
            last = found[-1] if found else None
            if last is not None and _BESIDE.fullmatch(note.plain, last.end, ref.start) and _same(last.samples, own):
                last.end, last.blocks = ref.end, last.blocks + ref.blocks  # "Part A (block A1)"
                continue
            if last is not None and _AND.fullmatch(note.plain, last.end, ref.start):
                last.end, last.samples = ref.end, last.samples + own  # "on specimen 1 and on specimen 2"
                continue
            found.append(Mark(ref.start, ref.end, own, ref.blocks))
        others: list[Mark] = []
        for anchor in named:
            before = [one for one in found if one.start <= anchor.start]
            owner = before[-1] if before else found[0]
            if len(owner.samples) == 1 and not _conflicts(anchor, owner.samples[0].anchor):
                continue
            if len(owner.samples) > 1 and any(not _conflicts(anchor, one.anchor) for one in owner.samples):
                continue
            anchor.part = None
            others.append(Mark(anchor.start, anchor.end, [known(note, samples, anchor, {}, own=True)]))
        return sorted([*found, *others], key=lambda one: one.start)

    def _of_organ(self, note: Note, samples: list[Sample], ref: Reference, sample: Sample) -> Sample:
        """Return the tissue of a specimen that holds several: "S2 uterus: 3+", "S2 node: 2+"."""
        said = organs_in(note, ref.end, min(len(note.plain), ref.end + _NAME))[:1]
        if not said or said[0][0].start > ref.end + 2 or sample.anchor.organ in (None, said[0][1]):
            return sample
        hit, organ = said[0]
        own = next(
            (one for one in samples if one.anchor.part == sample.anchor.part and one.anchor.organ == organ), None
        )
        if own is None:
            own = new(samples, sample.anchor.copy())
            own.anchor.organ = organ
            own.anchor.spans = {**(own.anchor.spans or {}), "organ": (hit.start, hit.end)}
        return own

    def seen(self, sentence: Sentence, refs: list[Reference], found: list[Token]) -> None:
        """Note which specimens were named last."""
        keys = [key for ref in refs[: 1 if leads(refs) and not found else None] for key in ref.keys]
        if self.aside:
            self.run, self.aside = [], False
        if (all(ref.defines for ref in refs) or leads(refs)) and not found:
            self.run += keys
        else:
            self.run = keys if len(set(keys)) > 1 else keys[-1:]
        if any(ref.defines for ref in refs) or self.last is None or self.last[1] != sentence.paragraph:
            self.opened = sentence.start
        self.last = (keys[-1], sentence.paragraph) if keys else None

    def spoken_of(self, note: Note, sentence: Sentence, current: Sample | None) -> Sample | None:
        """Return the listed specimen whose lines go on: a bare word such as "cell block" in them is it."""
        here = self.last is not None and self.last[1] == sentence.paragraph and current is not None
        return current if here and current is not None and current.anchor.part in self.listed.known else None

    def scored(self, note: Note, sentence: Sentence, refs: list[Reference]) -> bool:
        """True for a score in the paragraph of a listed specimen, whose stain was named above."""
        if any(ref.defines for ref in refs):
            return scores_part(note, sentence, sentence.start)
        here = self.last is not None and self.last[1] == sentence.paragraph
        return here and scores_part(note, sentence, self.opened)

    def holder(
        self, samples: list[Sample], current: Sample | None, sentence: Sentence, found: list[Token]
    ) -> Sample | None:
        """Return the sample that results without a name are of; `nobody` where two could own them."""
        if self.last is None or current is None:
            return current
        if current.anchor.part not in self.listed.known and current is not self.nobody:
            return current
        if all(one.test == "word" for one in found) and any(one.results for one in samples):
            return current  # a word beside measured results is not written
        live = self.listed.live()
        key, paragraph = self.last
        reflex = self._equivocal(samples, found)
        if reflex is not None and paragraph != sentence.paragraph:
            return reflex
        if len(live) == 1:
            return self.sample(samples, live[0], None)
        own = [one for one in found if one.key in _DECIDES]
        opened = self.listed.opened_on(sentence.start)
        if opened is not None:
            return self.sample(samples, self.listed.known[opened], None)
        if len(set(self.run)) > 1:
            if not own and paragraph == sentence.paragraph:
                return current
            return self._main(samples, [one for one in live if one.key in self.run]) or self.nobody
        if paragraph == sentence.paragraph or current is self.nobody:
            return current
        tests = {one.test for one in own or found}
        told = {one.anchor.part for one in samples if tests <= {token.test for token in one.results}}
        others = [one for one in live if one.key != key and one.places[0] < sentence.start]
        if self.listed.another_later(key, sentence.start) or all(one.key in told for one in others):
            return current
        return self._main(samples, live) or self.nobody

    def _equivocal(self, samples: list[Sample], found: list[Token]) -> Sample | None:
        """Return the only listed specimen scored 2+, where no other has a stain: ISH that names none was made on it."""
        told = {one.test for one in found if (one.key, one.value) != ("score", "2+")}  # "counted in the 2+ area"
        if told != {"ish"}:
            return None
        stained = [one for one in samples if any(token.key == "score" for token in one.results)]
        if len(stained) != 1 or stained[0].anchor.part not in self.listed.known:
            return None
        own = stained[0].results
        waits = not any(token.test == "ish" and token.key == "result" for token in own)
        return stained[0] if waits and {one.value for one in own if one.key == "score"} == {"2+"} else None

    def _main(self, samples: list[Sample], live: list[Listed]) -> Sample | None:
        """Return the tumour's own specimen beside nodes that were removed with it: the stains of a resection are its."""
        if len(live) == 1:
            return self.sample(samples, live[0], None)
        main = [one for one in live if one.anchor.organ != "lymph_node"]
        nodes = [one for one in live if one.anchor.organ == "lymph_node" and one.anchor.kind in (None, "resection")]
        if len(main) == 1 and main[0].anchor.kind == "resection" and len(nodes) == len(live) - 1:
            return self.sample(samples, main[0], None)
        return None


def leads(refs: list[Reference]) -> bool:
    """True for an entry that only mentions other specimens: "#2 repeat biopsy, because of the scanty #1"."""
    return len(refs) > 1 and refs[0].defines and not any(ref.defines for ref in refs[1:])


def fits(own: Anchor, anchor: Anchor) -> bool:
    """True for words that say no more than the kind of a sample, which is that of the specimen spoken of."""
    bare = not (anchor.organ or anchor.date or anchor.lesion or anchor.part or anchor.side)
    return bare and anchor.kind is not None and anchor.kind == own.kind


def alike(here: list[Sample]) -> bool:
    """True for samples of one sentence of which a result that names none may be of each: of one day and kind, or years apart."""
    first = here[0].anchor
    others = [one.anchor for one in here[1:] if one is not here[0]]
    if not others or any(one.results for one in here):
        return bool(others) and all(_same_day(one, first) for one in others)
    return all(_same_day(one, first) or _years_apart(one, first) or _in_turn(one, first) for one in others)


def _in_turn(one: Anchor, other: Anchor) -> bool:
    """True for a biopsy and the operation after it: "core biopsy 13/01/2026, mastectomy 14/05/2026"."""
    dated = one.date is not None and other.date is not None and one.date != other.date
    return dated and {one.kind, other.kind} == {"biopsy", "resection"}


def _years_apart(one: Anchor, other: Anchor) -> bool:
    """True for two samples that were taken long after each other: "a core biopsy in 2019 and a liver biopsy in 2026"."""
    if one.date is None or other.date is None or one.kind is None or other.kind is None:
        return False
    earlier, later = sorted((one.date, other.date), key=lambda day: day.low)
    return (later.low - earlier.high).days > _YEAR


_YEAR = 180


def _same_day(one: Anchor, first: Anchor) -> bool:
    return one.kind == first.kind and one.kind is not None and one.date == first.date and one.organ != first.organ


_BOTH = Gated(r"\b(?:both|each|all)\b(?! (?:er\b|hormone|receptors|ihc and))")


def both(note: Note, sentence: Sentence, found: list[Token]) -> bool:
    """True for a sentence whose one result is told of all samples named before: "Both were HER2 1+"."""
    if len({(one.test, one.key) for one in found}) < len({(one.test, one.key, str(one.value)) for one in found}):
        return False
    return _BOTH.search(note.plain, sentence.start, sentence.end) is not None


_LISTED = Gated(r"\((?P<p>[1-9])\)\s(?:her-?2\s)?(?:ihc\s|score\s|her2:\s)?$")
"""The number of a list of samples before a result: "(1) IHC 0; (2) IHC 1+"."""


def of_number(note: Note, sentence: Sentence, samples: list[Sample], token: Token) -> Sample | None:
    """Return the sample that the number right before a result names."""
    listed = _LISTED.search(note.plain, max(sentence.start, token.span[0] - 24), token.span[0])
    return next((one for one in samples if listed and one.anchor.part == listed["p"]), None)


_OPERATED = re.compile(
    r"\b(?:hp[er]|final (?:histo|patho)\w*|(?:surgical|operative|resection|resected|operated) (?:specimen|tumou?r)|yp?t[0-4]\w*)\b"
)
"""What stands before results of the tissue that was operated on, where a biopsy was named with it."""
_HALF = re.compile(r"[^.:;]{2,30}?(?=:)")


def of_pair(note: Note, sentence: Sentence, pair: list[Sample], found: list[Token], *, open_: bool) -> list[Sample]:
    """Return the samples named together before that the results of a sentence are of: both, or the one it opens with.

    "Cores of breast and node. Breast: 2+." `open_` is true where the pair was spoken of last.
    """
    if not pair or not found:
        return []
    if open_ and both(note, sentence, found):
        return pair
    operated = [one for one in pair if one.anchor.kind == "resection"]
    if len(operated) == 1 and _OPERATED.search(note.plain, sentence.start, found[0].span[0]):
        return operated
    opens = _HALF.match(note.plain, sentence.start, sentence.end)
    organs = {organ for _, organ in organs_in(note, *opens.span())} if opens else set()
    own = [one for one in pair if one.anchor.organ in organs]
    return own if len(own) == 1 else []


def _same(one: list[Sample], other: list[Sample]) -> bool:
    return [id(sample) for sample in one] == [id(sample) for sample in other]


_NAME = 30


def _conflicts(anchor: Anchor, own: Anchor) -> bool:
    """True where words for a sample cannot mean the listed specimen beside them."""
    if anchor.organ and own.organ and anchor.organ != own.organ:
        return True
    if anchor.organ == "lymph_node" and own.organ is None:
        return True  # a node beside "lesion B"
    if anchor.side and own.side and anchor.side != own.side:
        return True
    if {anchor.kind, own.kind} in _APART:
        return True
    if anchor.date and own.date:
        return not (anchor.date.low <= own.date.high and own.date.low <= anchor.date.high)
    return bool(anchor.date) and not own.date and bool(anchor.kind) and bool(own.kind)


def owners(note: Note, sentence: Sentence, found: list[Token], marks: list[Mark]) -> dict[Span, Mark]:
    """Return which mark each result of a sentence belongs to; results of which that cannot be told are left out."""
    if not found:
        return {}
    everyone = {id(sample) for mark in marks for sample in mark.samples}
    if len(marks) == 1 or len(everyone) == 1:
        return {one.span: marks[0] for one in found}
    ordered = sorted(found, key=lambda one: one.span)
    pivots = [one for one in ordered if one.key in _DECIDES] or ordered
    by_order = _in_order(note, sentence, pivots, marks)
    if by_order:
        return by_order
    given: dict[Span, Mark] = {}
    first, last = pivots[0].span[0], pivots[-1].span[0]
    behind = first < marks[0].start and last < marks[-1].start
    for one in pivots:
        after = [mark for mark in marks if mark.start >= one.span[1]]
        before = [mark for mark in marks if mark.start <= one.span[0]]
        follows = after and not _PARTED.search(note.plain, one.span[1], after[0].start)
        if (behind or not before) and follows:
            given[one.span] = after[0]
        elif before and not behind:
            given[one.span] = before[-1]
    for one in ordered:
        if one in pivots:
            continue
        lead = [two for two in pivots if two.span[0] <= one.span[0]] or pivots[:1]
        ahead = [mark for mark in marks if lead[-1].span[0] <= mark.start <= one.span[0]]
        mark = given.get(lead[-1].span) if behind or not ahead else ahead[-1]
        mark = mark or given.get(lead[-1].span)
        if mark is not None:
            given[one.span] = mark
    return given


def _in_order(note: Note, sentence: Sentence, pivots: list[Token], marks: list[Mark]) -> dict[Span, Mark]:
    """Give "3+ and 1+ in A and B respectively" in the order of the names."""
    if _RESPECTIVELY.search(note.plain, sentence.start, sentence.end) is None:
        return {}
    each = [Mark(mark.start, mark.end, [sample]) for mark in marks for sample in mark.samples]
    given: dict[Span, Mark] = {}
    for key in {(one.test, one.key) for one in pivots}:
        same = [one for one in pivots if (one.test, one.key) == key]
        if len(same) == len(each):
            given.update(zip((one.span for one in same), each, strict=True))
    return given


def on_block(samples: list[Sample], sample: Sample, mark: Mark, token: Token) -> Sample:
    """Return the sample of a result on another block of a specimen that shows another result there: a second tumour."""
    if not mark.blocks:
        return sample
    if not sample.blocks or not sample.blocks.isdisjoint(mark.blocks):
        sample.blocks.update(mark.blocks)
        return sample
    own = next(
        (one for one in samples if one.anchor.part == sample.anchor.part and not one.blocks.isdisjoint(mark.blocks)),
        None,
    )
    if own is not None:
        return own
    told = [one for one in sample.results if (one.test, one.key) == (token.test, token.key)]
    if not told or any(one.value == token.value for one in told):
        return sample
    own = new(samples, sample.anchor.copy())
    own.blocks = set(mark.blocks)
    return own


_SCORES = re.compile(r"(?<![\w+/])[0-3]\s?\+(?!\w)|\bscored? (?:of |as )?[0-3]\b(?![.,]\d)")
_STAINS = re.compile(r"\b(?:membran\w*|stain\w*|reaction|reactivity|immunoreact\w*)\b")


def scores_part(note: Note, sentence: Sentence, low: int) -> bool:
    """True for staining without the name of the stain in the paragraph of a listed specimen that ends with its score.

    "Block A4, rectum. Intense complete staining in 75 % of cells, 3+." `low` is where the paragraph of the specimen begins; HER2
    was named before, and no other stain is in the paragraph.
    """
    own = _SCORES.search(note.plain, sentence.start, sentence.end)
    stop = note.text.find("\n", sentence.end)
    score = own or _SCORES.search(
        note.plain, sentence.end, min(sentence.end + _NEXT, stop if stop >= 0 else len(note.plain))
    )
    if score is None or NAME.search(note.plain, 0, sentence.start) is None:
        return False
    if note.cues_in(low, score.start(), "stain"):
        return False
    if any(one.id("gene") != "ERBB2" for one in note.hits_in(low, score.start(), "gene")):
        return False
    place = (low, sentence.end) if own else (sentence.start, sentence.end)
    return _STAINS.search(note.plain, *place) is not None


_NEXT = 40
"""So far behind a sentence on staining its score may stand."""
