"""Tables of treatment with a heading: regimen, start, stop, cycles, best response, reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.fields.drug_groups import drugs_named
from her2nav.intake.notes.fields.table_places import row_cells, row_end
from her2nav.intake.notes.found import Entry, Span
from her2nav.intake.notes.note import Note

_HEADINGS = (
    ("drugs", re.compile(r"(?:regimen|protocol|treatment|therapy|drugs?|substances?|medication|systemic (?:therapy|treatment)|sact|agent)s?(?: given| received| name)?")),
    ("start", re.compile(r"(?:start(?:ed)?|from|begin|begun|commenced|first(?: (?:dose|given|day|cycle))?|c1(?:d1)?)(?: date)?|date (?:of )?(?:start(?:ed)?|first (?:dose|cycle))")),
    ("end", re.compile(r"(?:stop(?:ped)?|end(?:ed)?|to|until|finish(?:ed)?|last(?: (?:dose|given|day|cycle))?|completed)(?: date)?|date (?:of )?(?:stop(?:ped)?|end|last (?:dose|cycle))")),
    ("dates", re.compile(r"dates?|period|when|given|from ?[-–/] ?to|start ?[-–/] ?(?:end|stop)|duration")),
    ("cycles", re.compile(r"(?:no\.? of |nr\.? of |number of |#\s?)?(?:cycles?|cyc\.?|doses|courses)(?: given| received)?|n|no\.? cycles")),
    ("response", re.compile(r"(?:best )?(?:overall )?(?:response|resp\.?|bor)|best")),
    ("reason", re.compile(r"reason(?: (?:for )?(?:stop(?:ping|ped)?|discontinuation|end(?:ed)?))?|why (?:stopped|ended)|outcome|stopped (?:for|because)|(?:end(?:ed)?|stop(?:ped)?) because(?: of)?|off because|off for|why off")),
    ("number", re.compile(r"no\.?|nr\.?|#")),
    ("setting", re.compile(r"setting|intent(?:ion)?|aim|lines?(?: of therapy)?|ln\.?|lot")),
)  # fmt: skip
_RESPONSES = (
    ("CR", re.compile(r"cr\b|complete")),
    ("PR", re.compile(r"pr\b|partial")),
    ("SD", re.compile(r"sd\b|stable")),
    ("PD", re.compile(r"pd\b|progress")),
)
_REASONS = (
    ("progression", re.compile(r"pd\b|progress|relapse|recurrence")),
    ("planned_switch", re.compile(r"(?:planned |elective )?(?:switch|change)(?:ed)?\b(?: to maint\w*)?$|to maint\w*|as planned,? (?:then )?maint\w*|de-?escalat")),
    ("completed", re.compile(r"complete|finished|planned end|as planned")),
    ("toxicity", re.compile(r"(?:\w+ )?(?:toxicity|side effects?|intoleran|neuropathy|ild\b|pneumonitis|diarrh|cardi|lvef|rash|colitis|hepatitis|reaction|allergy|hypersensitiv|anaphyla|cytopeni|neutropeni|thrombocytop)")),
    ("patient_choice", re.compile(r"patient|choice|wish")),
)  # fmt: skip
_SETTINGS = (
    ("neoadjuvant", re.compile(r"neo-?adj|pre-?operative|periop")),
    ("adjuvant", re.compile(r"adj|post-?operative")),
    ("maintenance", re.compile(r"maint|\d\s?m\b")),
    ("metastatic", re.compile(r"metast|palliat|\d(?:st|nd|rd|th)? ?l\b|(?:\d(?:st|nd|rd|th)|first|second|third|fourth) line|\d$")),
)  # fmt: skip
_LASTS = re.compile(r"\b(?:ongoing|current|continu\w+|present|to date)\b")
_FEWEST = 3
_BESIDE = re.compile(r"\((?P<s>[^()]{3,24})\)")
_COUNT = re.compile(r"\s*(?P<n>\d{1,2})(?:\s?\+)?\s*(?:cycles?|doses)?\s*")


@dataclass(slots=True)
class Table:
    """The courses of the tables of a note, and the lines that they take."""

    courses: list[Course]
    lines: set[int]


def treatment_tables(note: Note) -> Table:
    """Return the courses of tables whose heading names what each column holds."""
    table = Table([], set())
    if not note.tabbed and "|" not in note.text:
        return table
    heading: dict[int, str] = {}
    width = 0
    for row in range(len(note.line_starts)):
        cells = _cells(note, row)
        found = _heading(note, cells)
        if found:
            heading, width = found, max(len(cells), max(found) + 1)
            table.lines.add(row + 1)
        elif heading:
            if _rules_off(note, cells):
                continue
            if _not_given(note, cells, heading):
                table.lines.add(row + 1)
                continue
            course = _course(note, _aligned(note, cells, heading, width), heading) if len(cells) > 1 else None
            if course is not None:
                table.courses.append(course)
                table.lines.add(row + 1)
            elif not _other_row(note, cells):
                heading = {}
    return table


def _rules_off(note: Note, cells: list[Span]) -> bool:
    """True for the line under a heading: "|---|---|"."""
    return bool(cells) and not note.text[cells[0][0] : cells[-1][1]].strip("-=+:|_ \t")


_NOT_GIVEN = re.compile(
    r"\b(?:(?:not|never) (?:yet )?(?:given|started|signed|begun|received|approved|funded|collected)|cancel?led|declined|refused|withdrawn before)\b"
)
_NO_DAYS = re.compile(r"[\s–-]*(?:n/?a|none|nil|not given|never)?[\s–-]*")


def _not_given(note: Note, cells: list[Span], heading: dict[int, str]) -> bool:
    """True for a treatment that has no first day in its row, and of which the row says that it was not given."""
    days = [cells[index] for index, name in heading.items() if name in ("start", "dates") and index < len(cells)]
    words = note.plain[cells[0][0] : cells[-1][1]] if cells else ""
    undated = bool(days) and _NO_DAYS.fullmatch(note.plain[slice(*days[0])]) is not None
    return undated and _NOT_GIVEN.search(words) is not None


def _other_row(note: Note, cells: list[Span]) -> bool:
    """True for a row of another treatment, an operation or radiotherapy: the rows behind it belong to the same table."""
    return len(cells) > 1 and not note.hits_in(cells[0][0], cells[-1][1], "drug", "regimen")


def _cells(note: Note, row: int) -> list[Span]:
    """Return the cells of a row; between strokes an empty one counts too."""
    first, end = note.line_starts[row], row_end(note, row)
    if note.text.count("|", first, end) < _STROKES:
        return row_cells(note, row)
    places = [place for place in range(first, end) if note.text[place] == "|"]
    cells = list(zip([first, *(place + 1 for place in places)], [*places, end], strict=True))
    if not note.text[first : places[0]].strip():
        del cells[0]
        if not note.text[places[-1] + 1 : end].strip():
            del cells[-1]
    return cells


_STROKES = 2
"""So many strokes at least part the cells of a row; one may part two remarks."""


def _heading(note: Note, cells: list[Span]) -> dict[int, str]:
    """Return what the columns of a heading hold, by their number; nothing for another row."""
    found: dict[int, str] = {}
    index = 0
    for start, end in cells:
        for name in _names(note.plain[start:end].strip(" \t:*.")):
            if name == "end" and name in found.values():
                found[index] = "reason"  # "First | Last | Cycles | End": how it ended
            elif name and name not in found.values():
                found[index] = name
            index += 1
    told = set(found.values())
    return found if len(found) >= _FEWEST and "drugs" in told and told & {"start", "dates"} else {}


def _aligned(note: Note, cells: list[Span], heading: dict[int, str], width: int) -> list[Span]:
    """Return the cells of a row under their headings: a day too close to its name apart, an empty first cell kept."""
    split: list[Span] = []
    for start, end in cells:
        days = note.dates.within(start, end)
        words = note.plain[start : days[0].start].strip() if len(days) == 1 else ""
        apart = words and days[0].end >= end - 1 and len(cells) < width
        split += [(start, days[0].start), (days[0].start, end)] if apart else [(start, end)]
    column = next(index for index, name in heading.items() if name == "drugs")
    if column == 1 and len(split) == width - 1 and note.hits_in(*split[0], "drug", "regimen"):
        split.insert(0, (split[0][0], split[0][0]))
    return split


def _names(words: str) -> list[str]:
    """Return what a cell of a heading names; several where small gaps part them: "Cycles  Best resp  Reason"."""
    if not words:
        return [""]
    whole = next((name for name, pattern in _HEADINGS if pattern.fullmatch(words)), None)
    if whole is not None:
        return [whole]
    found: list[str] = []
    parts = words.split()
    while parts:
        for size in range(min(len(parts), _LONGEST_HEADING), 0, -1):
            some = " ".join(parts[:size])
            name = next((name for name, pattern in _HEADINGS if pattern.fullmatch(some.strip(".:*"))), None)
            if name is not None:
                found.append(name)
                parts = parts[size:]
                break
        else:
            return [""]
    return found


_LONGEST_HEADING = 4


def _course(note: Note, cells: list[Span], heading: dict[int, str]) -> Course | None:
    """Return the course of a row; None for a row without drugs, or one that does not fit its heading."""
    places = {name: cells[index] for index, name in heading.items() if index < len(cells)}
    if "drugs" not in places or len(cells) > max(heading) + 2:
        return None
    sentence = note.sentence(places["drugs"][0])
    low, high = places["drugs"]
    groups = [one for one in drugs_named(note, sentence) if low <= one.start < high]
    if len(groups) != 1:
        return None
    group = groups[0]
    if not _fits(note, places):
        return None
    course = Course(list(group.drugs), (group.start, group.end), Entry("therapies"), list(group.classes))
    _dates(note, course.entry, places)
    for key, column, meanings in (("best_response", "response", _RESPONSES), ("reason_stopped", "reason", _REASONS)):
        if column in places:
            course.entry.put(key, *_meant(note, places[column], meanings))
    beside = _BESIDE.search(note.plain, low, high)
    setting = _meant(note, beside.span("s"), _SETTINGS) if beside is not None else (None, places["drugs"])
    if setting[0] is None and "setting" in places:
        setting = _meant(note, places["setting"], _SETTINGS)
    course.entry.put("setting", *setting)
    if course.entry.values.get("reason_stopped") == "progression" and "reason" in places:
        for one in [one for one in note.dates.within(*places["reason"]) if one.value][:1]:
            course.entry.put("progression_date", str(one.value), (one.start, one.end))
    if course.entry.values.get("best_response") == "PD" and "end" in course.entry.values:
        course.entry.put("reason_stopped", "progression", course.entry.spans["best_response"])
    count = _COUNT.fullmatch(note.plain, *places["cycles"]) if "cycles" in places else None
    if count is not None:
        course.entry.put("cycles", int(count["n"]), count.span("n"))
    return course


def _fits(note: Note, places: dict[str, Span]) -> bool:
    """True for a row whose cells hold what the heading says: a day, or that it goes on, under start and stop."""
    for column in ("start", "end"):
        if column in places:
            days = note.dates.within(*places[column])
            words = note.plain[slice(*places[column])].strip(" -")
            if len(days) != 1 and words and not _LASTS.search(words) and not _NO_DAY.fullmatch(words):
                return False
    count = places.get("cycles")
    return count is None or not note.dates.within(*count)


_NO_DAY = re.compile(r"n/?a|unknown|\?|not known|pending")


def _dates(note: Note, entry: Entry, places: dict[str, Span]) -> None:
    for key, column in (("start", "start"), ("end", "end")):
        if column in places:
            for one in [one for one in note.dates.within(*places[column]) if one.value][:1]:
                entry.put(key, str(one.value), (one.start, one.end))
    if "dates" in places:
        both = [one for one in note.dates.within(*places["dates"]) if one.value]
        for key, one in zip(("start", "end"), both, strict=False):
            entry.put(key, str(one.value), (one.start, one.end))
    last = places.get("end") or places.get("dates")
    told = places.get("reason")
    if told is not None and _LASTS.match(note.plain, *_within(note, told)):
        entry.values.pop("end", None)  # the last dose so far
        last = told
    blank = "end" in places and "start" in entry.values and not note.plain[slice(*places["end"])].strip(" -")
    if last is not None and "end" not in entry.values and (blank or _LASTS.search(note.plain, *last)):
        entry.put("ongoing", True, last)


def _within(note: Note, place: Span) -> Span:
    """Return a cell without the blanks before its words."""
    words = note.plain[slice(*place)]
    return place[0] + len(words) - len(words.lstrip()), place[1]


def _meant(note: Note, place: Span, meanings: tuple[tuple[str, re.Pattern[str]], ...]) -> tuple[str | None, Span]:
    """Return the first meaning that the words of a cell open with."""
    words = note.plain[slice(*place)].strip()
    for meaning, pattern in meanings:
        if pattern.match(words):
            return meaning, place
    return None, place
