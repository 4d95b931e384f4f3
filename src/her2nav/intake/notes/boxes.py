"""Boxes of forms: what stands beside one that is not ticked was not said."""

from __future__ import annotations

import re

_CHECKED = re.compile(r"[\[(][ \t]*(?P<x>[xX✓✔*])[ \t]*[\])]|[☒☑✔✓■]")
_UNCHECKED = re.compile(r"[\[(☐□○](?:(?<=\[)[ \t_]{0,3}\]|(?<=\()[ \t]{1,3}\)|(?<=[☐□○]))")
_Box = tuple[int, int, bool]
"""First and last place of a box, and whether it is ticked."""


def without_unticked(text: str, written: str) -> str:
    """Paint over the text of boxes that are not ticked; lines without any box stay.

    `written` is the text with its blanks as they were: which side of a box its words stand on, they tell.
    """
    if not (_UNCHECKED.search(text)):
        return text
    lines, spaced = text.split("\n"), written.split("\n")
    for number, line in enumerate(lines):
        if not _UNCHECKED.search(line):
            continue
        boxes = _boxes(line)
        wide = spaced[number] if len(spaced) == len(lines) else line
        if _labelled_before(wide):
            lines[number] = _painted_before(line, boxes, _first_option(wide))
            continue
        parts = [line[: boxes[0][0]]]
        for i, (start, end, ticked) in enumerate(boxes):
            stop = boxes[i + 1][0] if i + 1 < len(boxes) else _end_of_sex(line, end)
            parts.append(" " * (end - start) + line[end:stop] if ticked else " " * (stop - start))
        lines[number] = "".join((*parts, line[stop:]))
    return "\n".join(lines)


_SEX = re.compile(r"\s?(?:[MFmf]|[Ff]emale|[Mm]ale)(?=\s*\t|\s{3})")


def _end_of_sex(line: str, end: int) -> int:
    """Return where the words of the last box end: a sex ends with its cell, "Sex: [x] M  [ ] F    Lives in ..."."""
    sex = _SEX.match(line, end)
    return sex.end() if sex is not None else len(line)


def _boxes(line: str) -> list[_Box]:
    boxes = [(match.start(), match.end(), False) for match in _UNCHECKED.finditer(line)]
    boxes += [(match.start(), match.end(), True) for match in _CHECKED.finditer(line)]
    return sorted(boxes)


def _painted_before(line: str, boxes: list[_Box], option: str) -> str:
    """Paint over the words before boxes that are not ticked; the question before the first option stays."""
    done = max(0, line.rfind(option, 0, boxes[0][0])) if len(boxes) > 1 else 0
    for start, end, ticked in boxes:
        line = line[: start if ticked else done] + " " * (end - (start if ticked else done)) + line[end:]
        done = end
    return line


def _labelled_before(line: str) -> bool:
    """True for a line whose boxes stand behind what they tick: "Offer chemotherapy   [ ]", "0 [ ]   1 [x]   2 [ ]"."""
    boxes = _boxes(line)
    if not boxes or not line[: boxes[0][0]].strip(" -*•"):
        return False
    if not line[boxes[-1][1] :].strip():
        return True
    before = [_blanks(line[:start][::-1]) for start, _, _ in boxes]
    behind = [_blanks(line[end:]) for _, end, _ in boxes]
    return len(boxes) > 1 and max(before) < min(behind)


def _blanks(words: str) -> int:
    """Return with how many blanks a stretch begins."""
    return len(words) - len(words.lstrip())


_QUESTION = re.compile(r"\s{2,}|[:?\t]\s*|(?<=[A-Za-z)])\s(?=[0-5]$)")


def _first_option(line: str) -> str:
    """Return the words of the first of several options, behind the question: "ECOG   0 [ ]   1 [x]"."""
    return _QUESTION.split(line[: _boxes(line)[0][0]].rstrip())[-1]
