"""The list of specimens of a report, and where later lines name one of them by its letter, number or block."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from her2nav.intake.notes.fields.her2_split import label
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.specimen_events import Taken, take_events
from her2nav.intake.notes.fields.specimen_labels import (
    AGAIN,
    ALL,
    BLOCK,
    BLOCK_INSIDE,
    BRACKETED,
    CANCER,
    CLONES,
    COMPARED,
    COMPARED_ONLY,
    FOCUS,
    FOLLOWED,
    FREE,
    HER2,
    INDENTED,
    LED,
    ONE,
    RESULT,
    ROMAN,
    SCORED,
    SHORT,
    STOP,
    THIS_ONE,
    TO,
)
from her2nav.intake.notes.fields.specimen_openings import in_roman, key_of, line_end, openings
from her2nav.intake.notes.fields.specimen_rows import case_places, numbered_blocks, rows_of
from her2nav.intake.notes.fields.specimen_words import described, told_of
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.note import Note


class Reference(NamedTuple):
    """Where a line names specimens of the list.

    Attributes:
        keys: The specimens.
        blocks: The blocks that it names.
        defines: It opens an entry, which may be the heading of the lines below.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    blocks: tuple[str, ...]
    defines: bool


class _Entry(NamedTuple):
    """One entry of a list; `free` is true where its lines call it free of cancer, false where they name one."""

    key: str
    start: int
    end: int
    anchor: Anchor | None
    told: bool
    blocks: tuple[str, ...]
    free: bool | None


@dataclass(slots=True)
class Listed:
    """One specimen of the list.

    Attributes:
        anchor: What the list says that it is.
        free: The report says that it holds no cancer.
        several: It holds several organs, of which one may be free of cancer.
        focus: It is one of several tumours of an organ: "focus 2".
        places: Where its entries begin.
    """

    key: str
    anchor: Anchor
    free: bool = False
    several: bool = False
    focus: bool = False
    places: list[int] = field(default_factory=list)


class SpecimenList:
    """The specimens that a report lists by letter, number or block; it is empty where fewer than two are told."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.known: dict[str, Listed] = {}
        self.blocks: dict[str, str] = {}
        self._found: list[Reference] = []
        self._row_places: set[int] = set()
        self._by_specimen = False
        entries = self._entries()
        entries = sorted([*entries, *self._rows(entries)], key=lambda one: one.start)
        told = {one.key for one in entries if one.told}
        if len(told) < _SEVERAL:
            return
        holds: set[str] = set()
        for one in entries:
            if one.key not in told:
                continue
            known = self.known.get(one.key)
            if known is None:
                known = self.known[one.key] = Listed(one.key, Anchor(one.start, one.end, part=one.key, spans={}))
            if one.anchor is not None:
                _fill(known.anchor, one.anchor)
                known.several = known.several or len({x for _, x in organs_in(note, one.start, one.end)}) > 1
            known.places.append(one.start)
            bare = one.anchor is not None and one.start in self._row_places and not told_of(one.anchor)
            sided = one.anchor is not None and one.anchor.side is not None and one.anchor.organ is None
            known.focus = known.focus or bare or sided or FOCUS.match(note.plain, one.start) is not None
            known.free = known.free or one.free is True
            holds |= {one.key} if one.free is False else set()
            for block in one.blocks:
                self.blocks.setdefault(block, one.key)
        self._free_by_organ()
        for key in holds:
            self.known[key].free = False
        take_events(
            note, [Taken(one.key, one.anchor, one.places, one.focus) for one in self.known.values()], self.blocks
        )
        self._found = sorted(self._references(), key=lambda one: one.start)

    def __bool__(self) -> bool:
        return bool(self.known)

    def live(self) -> list[Listed]:
        """Return the specimens that may hold cancer."""
        return [one for one in self.known.values() if not one.free]

    def references(self, start: int, end: int) -> list[Reference]:
        """Return where a stretch names specimens of the list."""
        first = bisect_left(self._found, start, key=lambda one: one.start)
        found: list[Reference] = []
        for one in self._found[first:]:
            if one.start >= end:
                break
            found.append(one)
        return found

    def another_later(self, key: str, place: int) -> bool:
        """True where the entry of another specimen follows a place."""
        return any(one.defines and one.start > place and key not in one.keys for one in self._found)

    def holder_at(self, place: int) -> str | None:
        """Return the specimen that the sentence of a place names last before it, else the one whose entry holds it."""
        here = self.note.sentence(place)
        known = self._found[: bisect_left(self._found, place + 1, key=lambda one: one.start)]
        before = [one for one in known if one.defines or one.start >= here.start]
        if not before or len(before[-1].keys) > 1:
            return None
        own = self.note.sentence(before[-1].start).paragraph == here.paragraph
        return before[-1].keys[0] if own else None

    def opened_on(self, place: int) -> str | None:
        """Return the specimen whose entry the line of a place opens, where it is the only one of the line."""
        line = self.note.line_starts[self.note.line(place) - 1]
        keys = {key for one in self.references(line, place) if one.defines for key in one.keys}
        return keys.pop() if len(keys) == 1 else None

    def _entries(self) -> list[_Entry]:
        note = self.note
        found: list[_Entry] = []
        whole = openings(note)
        self._by_specimen = any(_LISTS.fullmatch((one["word"] or "").lower()) for one in whole)
        if self._by_specimen:
            whole = [one for one in whole if not FOCUS.fullmatch((one["word"] or "").lower())]
        for i, one in enumerate(whole):
            key, block = key_of(one["label"])
            start, last = one.end(), whole[i + 1].start() if i + 1 < len(whole) else len(note.text)
            end = min(line_end(note, start), last)
            stop = RESULT.search(note.plain, start, end)
            end = stop.start() if stop else end
            full = STOP.search(note.plain, start, end)
            end = full.start() if full else end
            anchor = described(note, start, end) if end - start > _SHORTEST else None
            told = anchor is not None and told_of(anchor)
            told = told or (FOCUS.fullmatch((one["word"] or "").lower()) is not None and self._scored(one.end()))
            if anchor is not None:
                anchor.part = None
            blocks = [match["b"].replace("-", "") for match in BLOCK_INSIDE.finditer(note.plain, start, end)]
            blocks += [block] if block else []
            told = told or (anchor is not None and anchor.date is not None and bool(blocks))  # "Tumour 2 May, block A5"
            place = one.start("word") if one["word"] else one.start("label")
            found.append(_Entry(key, place, end, anchor, told, tuple(blocks), self._verdict(start, last)))
        bare = {key_of(one["label"])[0] for one in whole if key_of(one["label"])[1] is None}
        return _by_block([one._replace(key=in_roman(one.key, bare)) for one in found])

    def _scored(self, place: int) -> bool:
        """True where the line of an entry gives its HER2: "focus 2, 6 mm: HER2 0"."""
        note, stop = self.note, line_end(self.note, place)
        end = note.text.find(".", place, stop)
        end = end if end >= 0 else stop
        while end == stop and note.text[stop + 1 : stop + 2] in (" ", "\t"):
            stop = end = line_end(note, stop + 1)  # "Tumor 1" over indented lines
        return HER2.search(note.plain, place, end) is not None

    def _verdict(self, start: int, end: int) -> bool | None:
        """Return whether the lines of an entry call it free of cancer; None: they say nothing."""
        text = self.note.plain
        stop = line_end(self.note, start)
        while stop < end and text[stop + 1 : stop + 2] in INDENTED:
            stop = line_end(self.note, stop + 1)
        result = HER2.search(text, start, min(stop, end))
        end = result.start() if result else min(stop, end)
        free = [one.span() for one in FREE.finditer(text, start, end)]
        for one in CANCER.finditer(text, start, end):
            if not any(low <= one.start() < high for low, high in free):
                return False
        return True if free else None

    def _rows(self, entries: list[_Entry]) -> list[_Entry]:
        """Return the rows that name their tissue by a block and an organ, or by an organ alone."""
        note = self.note
        told: dict[str, list[_Entry]] = {}
        for one in entries:
            if one.told:
                told.setdefault(one.key, []).append(one)
        lettered = len(told) >= _SEVERAL
        lines = {note.line(one.start) for one in entries if one.told}
        organs = {one.anchor.organ for one in entries if one.told and one.anchor is not None} - {None}
        found: list[_Entry] = []
        rows = rows_of(note)
        if not lettered and len({row.key for row in rows}) < _SEVERAL:
            return []
        for row in rows:
            if row.block is not None and row.words[0] == row.words[1] and lettered:
                continue
            stop = RESULT.search(note.plain, *row.words)
            anchor = described(note, row.words[0], stop.start() if stop else row.words[1])
            anchor.part = None
            if note.line(row.start) in lines or (lettered and row.block is None and organs):
                continue
            key = row.key
            above = in_roman(key_of(row.key)[0], told) if row.block else key
            if lettered and above in told and any(_may_be(one.anchor, anchor) for one in told[above]):
                key = above  # "2C node" is a block of specimen 2
            blocks = (row.block,) if row.block else ()
            free = self._verdict(row.words[1], line_end(note, row.start))
            self._row_places.add(row.start)
            found.append(_Entry(key, row.start, row.words[1], anchor, True, blocks, free))
        return found

    def _references(self) -> list[Reference]:
        note = self.note
        found: list[Reference] = []
        opened = {place for one in self.known.values() for place in one.places}
        for match in AGAIN.finditer(note.text):
            if self._by_specimen and FOCUS.fullmatch((match["word"] or "").lower()):
                continue  # "focus 2" is not specimen 2
            keys: list[str] = []
            blocks: list[str] = []
            defines = match.start() in opened or match.start("labels") in opened
            for one in ONE.finditer(match["labels"]):
                if one[0].lower() in CLONES and match["word"] is None:
                    continue
                key, block = self._resolve(one[0])
                if (match["word"] or "").lower().startswith("bl") and one[0].lower() in self.blocks:
                    key = self.blocks[one[0].lower()]  # "block 1" of specimen 2
                if key is None:
                    continue
                keys.append(key)
                blocks += [block] if block else []
            if not keys or not (match["word"] or defines or self._named_bare(match)):
                continue
            if not defines and self._beside(match):
                continue
            found.append(Reference(match.start(), match.end(), tuple(dict.fromkeys(keys)), tuple(blocks), defines))
        places = {one.start for one in found}
        for key, known in self.known.items():
            rows = [place for place in known.places if place in self._row_places and place not in places]
            found += [Reference(place, place + 1, (key,), (), defines=True) for place in rows]
        for start, end, key, heads in case_places(note, frozenset(self.known)) if self._row_places else ():
            found = [one for one in found if one.start != start]
            found.append(Reference(start, end, (key,), (), defines=heads))
        for start, end, block in numbered_blocks(note) if any(" " in key for key in self.blocks) else ():
            if block in self.blocks and not any(one.start <= start < one.end for one in found):
                found.append(Reference(start, end, (self.blocks[block],), (block,), defines=False))
        return found

    def _resolve(self, written: str) -> tuple[str | None, str | None]:
        key, block = key_of(written)
        if block is not None and block in self.blocks:
            return self.blocks[block], block
        if block is not None and block in self.known:
            return block, block
        key = in_roman(key, self.known)
        return (key, block) if key in self.known else (None, block)

    def _named_bare(self, match: re.Match[str]) -> bool:
        """True for a letter, a number or a block that stands without the word for it: "A3: 2+", "0 in A and C"."""
        written = ONE.match(match["labels"])
        if written is None:
            return False
        text, note = written[0], self.note
        low = text.lower()
        if SHORT.fullmatch(low):
            return True
        if text.isdigit():
            return bool(BRACKETED.match(note.text, match.end()) and TO.search(note.plain, 0, match.start()))
        if len(text) == 1 and text.islower() and text in self.known:
            behind, ahead = note.text[match.end() : match.end() + 1], note.text[match.start() - 1 : match.start()]
            return behind == ")" and ahead == "("
        if not text.isupper() and not text[0].isdigit():
            return False
        if BLOCK.fullmatch(low):
            return True
        if ROMAN.fullmatch(low) and low not in "abcdefghijkl"[:8]:
            return SCORED.match(note.plain, match.end()) is not None
        before = note.plain[max(0, match.start() - 10) : match.start()]
        return bool(LED.search(before) and FOLLOWED.match(note.plain, match.end()))

    def _beside(self, match: re.Match[str]) -> bool:
        """True for a specimen that is only compared with the one spoken of: "unlike A", "because of the difference from 1D ... this block"."""
        note, start = self.note, match.start()
        sentence = note.sentence(start)
        before = COMPARED.search(note.plain, max(sentence.start, start - 30), start)
        if before is None:
            return False
        told = COMPARED_ONLY.search(note.plain, max(sentence.start, start - 60), start)
        return told is not None or THIS_ONE.search(note.plain, match.end(), sentence.end) is not None

    def everyone(self, start: int, end: int) -> list[Reference]:
        """Return what "both" and "all samples" of a stretch mean: all that may hold cancer."""
        for match in ALL.finditer(self.note.plain, start, end):
            live = [one.key for one in self.live() if one.places[0] < start]
            if match["all"] or len(live) == _SEVERAL:
                return [Reference(*match.span(), tuple(live), (), defines=False)]
        return []

    def _free_by_organ(self) -> None:
        """Take the specimens whose organ a sentence calls free of cancer out of those that may hold it."""
        note = self.note
        for match in FREE.finditer(note.plain):
            sentence = note.sentence(match.start())
            low = max(sentence.start, note.plain.rfind(";", sentence.start, match.start()))
            said = label(note, low, match.start(), match.start())
            organs = {organ for _, organ in organs_in(note, low, match.start())}
            for one in self.known.values():
                mine = one.anchor
                beside = said.side is None or mine.side is None or said.side == mine.side
                if (
                    mine.organ in organs
                    and beside
                    and not (one.free or one.several)
                    and len(note.plain[low : match.start()]) < _SAID
                ):
                    one.free = True


_LISTS = re.compile(r"specimens?|parts?|containers?|pots?|jars?|vials?")
"""Words that count the specimens themselves."""
_SEVERAL = 2
_SHORTEST = 3
_SAID = 90


def _may_be(one: Anchor | None, other: Anchor) -> bool:
    """True where two descriptions name no two organs."""
    return one is None or one.organ is None or other.organ is None or one.organ == other.organ


def _by_block(found: list[_Entry]) -> list[_Entry]:
    """Tell entries apart by their block where one letter has blocks of two organs: "block A2 (breast)", "block A5 (node)"."""
    organs: dict[str, set[str]] = {}
    for one in found:
        if one.anchor is not None and one.anchor.organ and one.blocks:
            organs.setdefault(one.key, set()).add(one.anchor.organ)
    apart = {key for key, several in organs.items() if len(several) > 1}
    return [one._replace(key=one.blocks[-1]) if one.key in apart and one.blocks else one for one in found]


def _fill(known: Anchor, more: Anchor) -> None:
    """Take what a further entry adds to the first one."""
    spans = {**(more.spans or {}), **(known.spans or {})}
    for name in ("kind", "organ", "lesion", "date", "side", "word"):
        if getattr(known, name) is None:
            setattr(known, name, getattr(more, name))
    known.recurrent = known.recurrent or more.recurrent
    known.spans = spans


def specimen_list(note: Note) -> SpecimenList:
    """Return the list of specimens of a note."""
    known: SpecimenList | None = note.memory.get("specimen list")
    if known is None:
        known = note.memory["specimen list"] = SpecimenList(note)
    return known
