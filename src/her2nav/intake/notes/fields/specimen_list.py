"""The list of specimens of a report, and where later lines name one of them by its letter, number or block."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from her2nav.intake.notes.fields.her2_split import label
from her2nav.intake.notes.fields.organs import organs_in, removed_by
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.note import Note

_WORD = (
    r"(?:parts?|specimens?|samples?|tissues?|containers?|blocks?|blks?|cores?|biops(?:y|ies)|bx|sites?|tumou?rs?|lesions?|foci|focus|"
    r"mass(?:es)?|nodules?|cases?|materials?)"
)
_LABEL = r"(?:[IV]{2,4}(?!\w)|[A-La-l]-?\d{1,2}|[A-La-l]|\d{1,2}[A-La-l]\d?|[1-9]|V|[SsPp#][1-9])"
_ENTRY = (
    rf"[ \t>*•|-]{{0,6}}(?:(?i:(?P<word>{_WORD})[ \t]{{0,2}}[:#]?[ \t]{{0,2}}))?(?P<label>{_LABEL})"
    r"(?P<sign>[ \t]{0,2}(?:[.):=|,](?=[ \t])|[-–—](?=[ \t]))|\t+|[ ](?=\()|[ ]{1,3}(?=\w))"
)
_FIRST = re.compile(_ENTRY)
_OPENING = re.compile(r"[\n\t(.;,:|](?:(?<=[\n\t(])|[ ]{1,2})" + _ENTRY)
"""Where an entry begins: "A. ", "Part 1: ", "(A: ", "Block B1 (", "#2 "."""
_BARE_SIGN = re.compile(r"[ \t]{0,2}[.):=](?:$|[ \t])?|\t+")
_DASHES = ("-", "–", "—")
_SHORT = re.compile(r"[sp#][1-9]")
_BLOCK = re.compile(r"(?P<p>[a-l])-?\d{1,2}|(?P<n>\d{1,2})[a-l]\d?")
_ROMAN = re.compile(r"[iv]{1,4}")
_RESULT = re.compile(r"\b(?:her-?2|erbb2|ihc|fish|cish|sish|ish|c-?erb)\b|(?<![\w+])[0-3]\s?\+|\n")
_HER2 = re.compile(r"\b(?:her-?2|erbb2|ihc|fish|cish|sish|ish)\b")
_INDENTED = (" ", "\t", "-", "•", "*")
"""How the lines begin that go on with an entry."""
_STOP = re.compile(r"(?<=\w{4})\.\s")
_BLOCK_INSIDE = re.compile(r"\b(?:block|blk)s?\s(?P<b>[a-l]-?\d{1,2}|\d{1,2}[a-l]?\d?)\b")
_SENTINEL = re.compile(r"\bsentinel\b|\bsln\b")
_CELL_BLOCK = re.compile(r"\bcell[- ]?block\b")
_FREE = re.compile(
    r"\b(?:negative for (?:\w+ )?(?:tumou?r|carcinoma|malignan\w+|metasta\w+)|no (?:evidence of )?(?:\w+ )?(?:tumou?r|malignan\w+|carcinoma|metasta\w+)|free of (?:tumou?r|carcinoma|disease|malignan\w+)|(?:is|are|was|were)\s(?:also\s|both\s|all\s)?(?:negative|benign|free|clear|uninvolved|not involved)(?=\s?(?:[.,;]|$|of\b))"
    r"|benign|fibroadenoma|not involved|uninvolved|0\s?/\s?\d{1,2})\b"
)
"""What says that a specimen holds no cancer."""
_CANCER = re.compile(r"\b(?:\w*carcinoma|\w*sarcoma|cancer|metasta\w+|malignan\w+|idc|ilc|tumou?r cells)\b")
_AGAIN = re.compile(
    rf"(?<![\w./-])(?:(?i:(?P<word>{_WORD})[ \t]?[#:]?[ \t]?))?(?P<labels>{_LABEL}(?:(?:,[ ]|[ ]?/[ ]?|[ ](?:and|&|\+|or)[ ]|[ ]?&[ ]?)(?:(?i:{_WORD})[ ])?{_LABEL})*)(?![\w%])(?!\s?(?:cm|mm|x\b|of\s\d)|[.,/]\d|\+)"
)
_ONE = re.compile(_LABEL)
_LED = re.compile(
    r"(?:^|[\n\t;:,.(|]\s?|\b(?:in|on|of|from|for|to|and|both|while|whereas|but|only|was|block|specimen|sample|part)\s)$"
)
_FOLLOWED = re.compile(
    r"\s?(?:[:=),;|\t\n]|$|\.(?:\s|$)|\((?!\d))|\s(?:[-–]\s|and\b|was\b|is\b|are\b|were\b|scor\w+|show\w*|had\b|has\b|her-?2|ihc|fish|ish|cish|sish|not\b|non|amplif\w*|only\b|neg\w*|pos\w*|equivocal|[0-3]\s?\+|0\b|[0-3]\b)"
)
_SCORED = re.compile(r"\s?[:=]?\s?(?:[0-3]\s?\+|0\b)")
_BRACKETED = re.compile(r"\)")
_TO = re.compile(r"\b(?:to|in|on|of|for|no\.)\s\(?$")
_ALL = re.compile(
    r"\b(?:(?P<both>both)|(?P<all>all(?: (?:of them|three|four|five))?))(?:\s(?:of\s)?(?:the\s)?(?:parts|specimens|samples|sites|cores|tumou?rs|lesions|blocks|biopsies|foci))?(?=\s?(?:[.,;:)]|$)|\s(?:are|were|show\w*|scored?)\b)"
)
_HEADS_SPECIMENS = re.compile(
    r"\b(?:specimens?|samples?|materials?|tissues?|parts)(?:\s(?:submitted|received|examined|tested|listed?|reviewed))?\s?(?:\([^()\n]{0,20}\))?\s?[:=-]*\s*$"
)
_HEAD_REACH = 60


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
        places: Where its entries begin.
    """

    key: str
    anchor: Anchor
    free: bool = False
    several: bool = False
    places: list[int] = field(default_factory=list)


class SpecimenList:
    """The specimens that a report lists by letter, number or block; it is empty where fewer than two are told."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.known: dict[str, Listed] = {}
        self.blocks: dict[str, str] = {}
        self._found: list[Reference] = []
        entries = self._entries()
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
            known.free = known.free or one.free is True
            holds |= {one.key} if one.free is False else set()
            for block in one.blocks:
                self.blocks.setdefault(block, one.key)
        self._free_by_organ()
        for key in holds:
            self.known[key].free = False
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

    def _entries(self) -> list[_Entry]:
        note = self.note
        first = _FIRST.match(note.text)
        openings: list[re.Match[str]] = []
        for one in itertools.chain([first] if first is not None else [], _OPENING.finditer(note.text)):
            if self._opens(one) or self._runs_on(one, openings[-1] if openings else None):
                openings.append(one)
        counted = {_key(one["label"])[0] for one in openings if one["word"]}
        found: list[_Entry] = []
        whole: list[re.Match[str]] = []
        for one in openings:
            key, block = _key(one["label"])
            if key.isdigit() and block is None and key not in counted and not self._numbered(one, whole):
                continue
            if whole and (one["word"] or "").lower().startswith("bl") and self._inside(whole[-1], one):
                continue  # "Sample 1: block A3, right hemicolectomy"
            whole.append(one)
        for i, one in enumerate(whole):
            key, block = _key(one["label"])
            start, last = one.end(), whole[i + 1].start() if i + 1 < len(whole) else len(note.text)
            end = min(_line_end(note, start), last)
            stop = _RESULT.search(note.plain, start, end)
            end = stop.start() if stop else end
            full = _STOP.search(note.plain, start, end)
            end = full.start() if full else end
            anchor = _described(note, start, end) if end - start > _SHORTEST else None
            told = anchor is not None and _told(anchor)
            if anchor is not None:
                anchor.part = None
            blocks = [match["b"].replace("-", "") for match in _BLOCK_INSIDE.finditer(note.plain, start, end)]
            blocks += [block] if block else []
            place = one.start("word") if one["word"] else one.start("label")
            found.append(_Entry(key, place, end, anchor, told, tuple(blocks), self._verdict(start, last)))
        return _by_block(found)

    def _inside(self, entry: re.Match[str], block: re.Match[str]) -> bool:
        """True for a block that is named within the entry of another kind: on its line, before a stop."""
        if (entry["word"] or "").lower().startswith("bl"):
            return False
        between = self.note.text[entry.end() : block.start("label")]
        if "\n" in between:
            return False
        return between.count("(") > between.count(")") or not _STOP.search(between)

    def _verdict(self, start: int, end: int) -> bool | None:
        """Return whether the lines of an entry call it free of cancer; None: they say nothing."""
        text = self.note.plain
        stop = _line_end(self.note, start)
        while stop < end and text[stop + 1 : stop + 2] in _INDENTED:
            stop = _line_end(self.note, stop + 1)
        result = _HER2.search(text, start, min(stop, end))
        end = result.start() if result else min(stop, end)
        free = [one.span() for one in _FREE.finditer(text, start, end)]
        for one in _CANCER.finditer(text, start, end):
            if not any(low <= one.start() < high for low, high in free):
                return False
        return True if free else None

    def _opens(self, match: re.Match[str]) -> bool:
        """True for an opening whose label is that of a specimen: by its word, or by the sign behind an upper-case letter."""
        written, sign = match["label"], match["sign"]
        low = written.lower()
        if match["word"] or _SHORT.fullmatch(low):
            return True
        if not written.isdigit() and not written.isupper():
            return False
        bracket = sign == " " and self.note.text[match.end()] == "("
        if not bracket and not _BARE_SIGN.fullmatch(sign):
            return sign.strip() in _DASHES and low in "abcdefgh" and self._at_line(match.start("label"))
        if bracket:
            return not written.isdigit() and self._at_cell(match.start("label")) and low[0] in "abcdefgh"
        if written.isdigit() or _ROMAN.fullmatch(low):
            first = len(low) > 1 or self._at_line(match.start("label")) or self._headed(match.start("label"))
            return sign.strip() in (".", ")", "", ":") and (written.isdigit() or first)
        return low[0] in "abcdefgh" or self._at_line(match.start("label"))

    def _runs_on(self, match: re.Match[str], before: re.Match[str] | None) -> bool:
        """True for the letters of "Specimens: A gastric body biopsy; B gastric antrum biopsy", which have no sign."""
        label, place = match["label"], match.start("label")
        if len(label) > 1 or not label.isupper() or match["sign"].strip():
            return False
        if label == "A":
            return self._headed(place)
        if before is None or before["sign"].strip() or len(before["label"]) > 1:
            return False
        same = self.note.line(place) == self.note.line(before.start("label"))
        return same and ord(label) == ord(before["label"]) + 1

    def _headed(self, place: int) -> bool:
        return _HEADS_SPECIMENS.search(self.note.plain, max(0, place - _HEAD_REACH), place) is not None

    def _at_cell(self, place: int) -> bool:
        return self._at_line(place) or self.note.text[place - 1 : place] == "\t"

    def _at_line(self, place: int) -> bool:
        line = self.note.line_starts[self.note.line(place) - 1]
        return not self.note.text[line:place].strip(" \t>*•|-")

    def _numbered(self, match: re.Match[str], before: list[re.Match[str]]) -> bool:
        """True for a number behind a heading that says specimens, or next to one; or where a block begins with that number."""
        note, place = self.note, match.start("label")
        if self._headed(place):
            return True
        last = before[-1] if before else None
        if last is not None and last["label"].isdigit() and int(match["label"]) == int(last["label"]) + 1:
            return note.line(place) - note.line(last.start("label")) <= 1
        known: frozenset[str] | None = note.memory.get("numbered blocks")
        if known is None:
            known = note.memory["numbered blocks"] = frozenset(
                match["n"] for match in re.finditer(r"\bblocks?\s(?P<n>[1-9])[a-l]\d?\b", note.plain)
            )
        return note.plain[place] in known and self._at_line(place)

    def _references(self) -> list[Reference]:
        note = self.note
        found: list[Reference] = []
        opened = {place for one in self.known.values() for place in one.places}
        for match in _AGAIN.finditer(note.text):
            keys: list[str] = []
            blocks: list[str] = []
            defines = match.start() in opened or match.start("labels") in opened
            for one in _ONE.finditer(match["labels"]):
                key, block = self._resolve(one[0])
                if key is None:
                    continue
                keys.append(key)
                blocks += [block] if block else []
            if not keys or not (match["word"] or defines or self._named_bare(match)):
                continue
            found.append(Reference(match.start(), match.end(), tuple(dict.fromkeys(keys)), tuple(blocks), defines))
        return found

    def _resolve(self, written: str) -> tuple[str | None, str | None]:
        key, block = _key(written)
        if block is not None and block in self.blocks:
            return self.blocks[block], block
        if block is not None and block in self.known:
            return block, block
        return (key, block) if key in self.known else (None, block)

    def _named_bare(self, match: re.Match[str]) -> bool:
        """True for a letter, a number or a block that stands without the word for it: "A3: 2+", "0 in A and C"."""
        written = _ONE.match(match["labels"])
        if written is None:
            return False
        text, note = written[0], self.note
        low = text.lower()
        if _SHORT.fullmatch(low):
            return True
        if text.isdigit():
            return bool(_BRACKETED.match(note.text, match.end()) and _TO.search(note.plain, 0, match.start()))
        if not text.isupper() and not text[0].isdigit():
            return False
        if _BLOCK.fullmatch(low):
            return True
        if _ROMAN.fullmatch(low) and low not in "abcdefghijkl"[:8]:
            return _SCORED.match(note.plain, match.end()) is not None
        before = note.plain[max(0, match.start() - 10) : match.start()]
        return bool(_LED.search(before) and _FOLLOWED.match(note.plain, match.end()))

    def everyone(self, start: int, end: int) -> list[Reference]:
        """Return what "both" and "all samples" of a stretch mean: all that may hold cancer."""
        for match in _ALL.finditer(self.note.plain, start, end):
            live = [one.key for one in self.live()]
            if match["all"] or len(live) == _SEVERAL:
                return [Reference(*match.span(), tuple(live), (), defines=False)]
        return []

    def _free_by_organ(self) -> None:
        """Take the specimens whose organ a sentence calls free of cancer out of those that may hold it."""
        note = self.note
        for match in _FREE.finditer(note.plain):
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


_SEVERAL = 2
_SHORTEST = 3
_SAID = 90


def _described(note: Note, start: int, end: int) -> Anchor:
    """Return what the words of an entry say of the specimen; an operation that names its organ is of that one."""
    anchor = label(note, start, end, start)
    organs = organs_in(note, start, end)
    for one, other in itertools.pairwise(organs):
        if other[0].start == one[0].end + 1 and anchor.organ == one[1]:
            anchor.organ = other[1]  # "pelvic bone"
            (anchor.spans or {})["organ"] = (other[0].start, other[0].end)
    if anchor.organ is None and anchor.part is not None and anchor.part.endswith("o'clock"):
        anchor.organ = "breast"
    block = _CELL_BLOCK.search(note.plain, start, end) if anchor.kind == "cytology" else None
    if block is not None:
        anchor.kind = "cytology_block"  # "pleural fluid cell block"
    if anchor.kind is None:
        # Organs that are sent whole, and sentinel nodes, were removed.
        whole = len({one for _, one in organs_in(note, start, end)}) > 1
        sentinel = _SENTINEL.search(note.plain, start, end)
        if whole or sentinel:
            anchor.kind = "resection"
            (anchor.spans or {})["kind"] = sentinel.span() if sentinel else (start, end)
        return anchor
    kind, organ = ((anchor.spans or {}).get(name) for name in ("kind", "organ"))
    if kind is not None and organ is not None and organ[0] > kind[0]:
        anchor.organ = removed_by(note, *kind) or anchor.organ
    return anchor


def _told(anchor: Anchor) -> bool:
    """True for an entry that says what was sampled: its kind, organ or side, or its place on the clock."""
    by_place = anchor.part is not None and (anchor.part.endswith("o'clock") or anchor.part.endswith("q"))
    return bool(anchor.kind or anchor.organ or anchor.lesion or anchor.side) or by_place


def _by_block(found: list[_Entry]) -> list[_Entry]:
    """Tell entries apart by their block where one letter has blocks of two organs: "block A2 (breast)", "block A5 (node)"."""
    organs: dict[str, set[str]] = {}
    for one in found:
        if one.anchor is not None and one.anchor.organ and one.blocks:
            organs.setdefault(one.key, set()).add(one.anchor.organ)
    apart = {key for key, several in organs.items() if len(several) > 1}
    return [one._replace(key=one.blocks[-1]) if one.key in apart and one.blocks else one for one in found]


def _key(written: str) -> tuple[str, str | None]:
    """Return the specimen of a label, and the block: A7 is a block of A, 1F one of 1."""
    low = written.lower().replace("-", "")
    match = _BLOCK.fullmatch(low)
    if match is None or _SHORT.fullmatch(low):
        return low, None
    return match["p"] or match["n"], low


def _fill(known: Anchor, more: Anchor) -> None:
    """Take what a further entry adds to the first one."""
    spans = {**(more.spans or {}), **(known.spans or {})}
    for name in ("kind", "organ", "lesion", "date", "side", "word"):
        if getattr(known, name) is None:
            setattr(known, name, getattr(more, name))
    known.recurrent = known.recurrent or more.recurrent
    known.spans = spans


def _line_end(note: Note, place: int) -> int:
    stop = note.text.find("\n", place)
    return stop if stop >= 0 else len(note.text)


def specimen_list(note: Note) -> SpecimenList:
    """Return the list of specimens of a note."""
    known: SpecimenList | None = note.memory.get("specimen list")
    if known is None:
        known = note.memory["specimen list"] = SpecimenList(note)
    return known
