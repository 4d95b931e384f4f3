"""Where the entries of a report's specimens begin: which letters, numbers and blocks are those of specimens."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container

from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.fields.specimen_labels import (
    BARE_SIGN,
    BLOCK,
    BLOCK_INSIDE,
    DASHES,
    FIRST,
    GAPPED,
    HEADS_SPECIMENS,
    HER2,
    NO_FINDINGS,
    OPENING,
    RESULT,
    ROMAN,
    SHORT,
    STOP,
)
from her2nav.intake.notes.note import Note

_HEAD_REACH = 60
_APART = 2
_ROMANS = ("I", "II", "III", "IV")
_SECTIONS = (None, "pathology", "summary")


def openings(note: Note) -> list[re.Match[str]]:
    """Return the openings of entries, in order."""
    return _Openings(note).all()


def key_of(written: str) -> tuple[str, str | None]:
    """Return the specimen of a label, and the block: A7 is a block of A, 1F one of 1."""
    low = written.lower().replace("-", "")
    match = BLOCK.fullmatch(low)
    if match is None or SHORT.fullmatch(low):
        return low, None
    return match["p"] or match["n"], low


def in_roman(key: str, known: Container[str]) -> str:
    """Return the Roman number of a list for the number of a block: "Block 1C" under "I  Lumpectomy"."""
    roman = _ROMAN.get(key)
    return roman if roman is not None and key not in known and roman in known else key


_ROMAN = dict(zip("12345678", ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"), strict=True))


def line_end(note: Note, place: int) -> int:
    """Return where the line of a place ends."""
    stop = note.text.find("\n", place)
    return stop if stop >= 0 else len(note.text)


_OF_PAPER = re.compile(
    r"\b(?:report|supplement\w*|addendum|amendment|case|lab|accession|request|order|file|page|version|patient|hosp\w*)\s(?:no|nr|number)\.?\s{1,2}$"
)
"""What else is numbered in the head of a report: "Supplementary no. 1"."""
_BEFORE = 26
_LONGEST_HEAD = 90


class _Openings:
    def __init__(self, note: Note) -> None:
        self.note = note

    def all(self) -> list[re.Match[str]]:
        note = self.note
        first = FIRST.match(note.text)
        starts: list[re.Match[str]] = []
        found = [*OPENING.finditer(note.text), *self._gapped()]
        for one in itertools.chain(
            [first] if first is not None else [], sorted(found, key=lambda one: one.start("label"))
        ):
            place = one.start("label")
            if _OF_PAPER.search(note.plain, max(0, place - _BEFORE), place):
                continue
            if self._opens(one) or self._runs_on(one, starts[-1] if starts else None):
                starts.append(one)
        counted = {key_of(one["label"])[0] for one in starts if one["word"]}
        runs = self._runs(starts)
        whole: list[re.Match[str]] = []
        for one in starts:
            key, block = key_of(one["label"])
            bare = key.isdigit() and block is None and key not in counted and one.start("label") not in runs
            if bare and not (self._numbered(one, whole) or self._again(one, whole)):
                continue
            if whole and (one["word"] or "").lower().startswith("bl") and self._inside(whole[-1], one):
                continue  # "Sample 1: block A3, right hemicolectomy"
            whole.append(one)
        return whole

    def _gapped(self) -> list[re.Match[str]]:
        """Return the openings behind a wide gap within a line: "1. Right breast WLE  2. Sentinel node"."""
        note = self.note
        return [one for one in GAPPED.finditer(note.text) if note.place(one.start() + 1) - note.place(one.start()) > 1]

    def _inside(self, entry: re.Match[str], block: re.Match[str]) -> bool:
        """True for a block that is named within the entry of another kind: on its line, before a stop."""
        if (entry["word"] or "").lower().startswith("bl"):
            return False
        between = self.note.text[entry.end() : block.start("label")]
        if "\n" in between:
            return False
        return between.count("(") > between.count(")") or not STOP.search(between)

    def _opens(self, match: re.Match[str]) -> bool:
        """True for an opening whose label is that of a specimen: by its word, or by the sign behind an upper-case letter."""
        written, sign = match["label"], match["sign"]
        low = written.lower()
        if match["word"] and _OF_PAPER.search(
            self.note.plain, max(0, match.start("word") - _BEFORE), match.start("word")
        ):
            return False
        if match["word"] or SHORT.fullmatch(low):
            return True
        if not written.isdigit() and not written.isupper():
            return self._bracketed(match)
        bracket = sign == " " and self.note.text[match.end()] == "("
        if not bracket and not BARE_SIGN.fullmatch(sign):
            lettered = low in "abcdefgh" or ROMAN.fullmatch(low) is not None
            return lettered and self._at_line(match.start("label")) and (sign.strip() in DASHES or self._wide(match))
        if bracket:
            return not written.isdigit() and self._at_cell(match.start("label")) and low[0] in "abcdefgh"
        if written.isdigit() or ROMAN.fullmatch(low):
            first = len(low) > 1 or self._at_line(match.start("label")) or self._headed(match.start("label"))
            return sign.strip() in (".", ")", "", ":") and (written.isdigit() or first)
        return low[0] in "abcdefgh" or self._at_line(match.start("label"))

    def _bracketed(self, match: re.Match[str]) -> bool:
        """True for the small letter in brackets that heads a line on a sample: "(a) Ascitic fluid, cell block"."""
        place, sign = match.start("label"), match["sign"].strip()
        if (
            len(match["label"]) > 1
            or self.note.text[place - 1 : place] != "("
            or sign != ")"
            or not self._at_line(place)
        ):
            return False
        head = place, min(line_end(self.note, place), place + _LONGEST_HEAD)
        dated = bool(self.note.dates.within(*head)) and bool(organs_in(self.note, *head))
        return dated or SAMPLE.search(self.note.plain, place, line_end(self.note, place)) is not None

    def _wide(self, match: re.Match[str]) -> bool:
        """True for a letter that a wide gap parts from its words: "A  Parotid"."""
        note, at = self.note, match.end("label")
        return not match["sign"].strip() and note.place(at + 1) - note.place(at) > 1

    def _runs_on(self, match: re.Match[str], before: re.Match[str] | None) -> bool:
        """True for the letters of "Specimens: A gastric body biopsy; B gastric antrum biopsy", which have no sign."""
        label, place = match["label"], match.start("label")
        if match["sign"].strip():
            return False
        if label in _ROMANS:
            first = label == _ROMANS[0]
            return (
                self._headed(place)
                if first
                else before is not None and before["label"] == _ROMANS[_ROMANS.index(label) - 1]
            )
        if len(label) > 1 or not label.isupper():
            return False
        if label == "A":
            return self._headed(place)
        if before is None or before["sign"].strip() or len(before["label"]) > 1:
            return False
        same = self.note.line(place) == self.note.line(before.start("label"))
        return same and ord(label) == ord(before["label"]) + 1

    def _headed(self, place: int) -> bool:
        return HEADS_SPECIMENS.search(self.note.plain, max(0, place - _HEAD_REACH), place) is not None

    def _at_cell(self, place: int) -> bool:
        return self._at_line(place) or self.note.text[place - 1 : place] == "\t"

    def _at_line(self, place: int) -> bool:
        line = self.note.line_starts[self.note.line(place) - 1]
        return not self.note.text[line:place].strip(" \t>*•|-([")

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

    def _runs(self, starts: list[re.Match[str]]) -> frozenset[int]:
        """Return where the numbers of entries that follow each other stand, each of which says what was sampled."""
        note = self.note
        numbers = [one for one in starts if one["label"].isdigit()]
        found: set[int] = set()
        for i, (one, two) in enumerate(itertools.pairwise(numbers)):
            places = one.start("label"), two.start("label")
            if int(two["label"]) != int(one["label"]) + 1 or note.line(places[1]) - note.line(places[0]) > _APART:
                continue
            behind = numbers[i + 2].start() if i + 2 < len(numbers) else len(note.text)
            stops = min(two.start(), line_end(note, places[0])), min(behind, line_end(note, places[1]))
            inline = not all(self._at_line(at) for at in places)
            told = all(self._sampled(at, stop, inline=inline) for at, stop in zip(places, stops, strict=True))
            if told and all(note.sentence(at).section in _SECTIONS for at in places):
                found.update(places)
        return frozenset(found | self._told_with_results(numbers))

    def _told_with_results(self, numbers: list[re.Match[str]]) -> set[int]:
        """Return where numbered lines stand that each name a sample with its day or block, over results of HER2.

        "1. Endometrial biopsy 05/12/2026. IHC 2+. 2. Left ovary 06/25/2026, block C2. IHC 3+."
        """
        note, found, run = self.note, set[int](), list[int]()
        lines = [one.start("label") for one in numbers if self._at_line(one.start("label"))]
        for place, stop in itertools.pairwise([*lines, len(note.text)]):
            number = int(note.text[place])
            if number == 1 or number != len(run) + 1 or not self._names_sample(place, stop):
                found |= set(run) if len(run) > 1 else set()
                run = []
            if number == len(run) + 1 and self._names_sample(place, stop):
                run.append(place)
        return found | (set(run) if len(run) > 1 else set())

    def _names_sample(self, place: int, stop: int) -> bool:
        """True for an entry that opens with a sample and its day or block, and goes on with its HER2."""
        note, line = self.note, line_end(self.note, place)
        result = RESULT.search(note.plain, place, line)
        head = place, min(result.start() if result is not None else line, place + _LONGEST_HEAD)
        blank = note.text.find("\n\n", place)
        stop = min(stop, blank if blank >= 0 else len(note.text))
        sampled = SAMPLE.search(note.plain, *head) is not None or bool(organs_in(note, *head))
        dated, block = bool(note.dates.within(*head)), BLOCK_INSIDE.search(note.plain, *head) is not None
        return (sampled + dated + block) > 1 and HER2.search(note.plain, place, stop) is not None

    def _sampled(self, place: int, end: int, *, inline: bool) -> bool:
        """True for an entry that names what was sampled, from where, and no result; within a line also when."""
        note = self.note
        result = RESULT.search(note.plain, place, end)
        if result is not None and result[0] != "\n":
            return False
        if note.hits_in(place, end, "drug", "regimen") or (inline and not note.dates.within(place, end)):
            return False
        return SAMPLE.search(note.plain, place, end) is not None and bool(organs_in(note, place, end))

    def _again(self, match: re.Match[str], before: list[re.Match[str]]) -> bool:
        """True for the number of a known specimen at the head of a line of findings: "FINDINGS / 1. ... / 2. ..."."""
        place, number = match.start("label"), int(match["label"])
        known = [int(one["label"]) for one in before if one["label"].isdigit()]
        if number not in known or not self._at_line(place):
            return False
        first = number == min(known)
        follows = not first and known[-1] < number and known.count(number - 1) > known.count(number)
        if not (follows or (first and known[-1] >= number)):
            return False
        return NO_FINDINGS.search(self.note.plain, *self._line_above(place)) is None or not first

    def _line_above(self, place: int) -> tuple[int, int]:
        """Return the last line with words above a place."""
        text, end = self.note.text, self.note.line_starts[self.note.line(place) - 1]
        while end > 0:
            start = text.rfind("\n", 0, end - 1) + 1
            if text[start : end - 1].strip():
                return start, end
            end = start
        return 0, 0
