"""What lies after the patient's own day counts for nothing, and is listed: a value, or an entry that began later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from her2nav.model.dates import PartialDate

if TYPE_CHECKING:
    from her2nav.intake.tables.sheet import Sheet, Value

Entry = dict[tuple[str, ...], "Value"]
BEGINS = ("collected", "start", "date", "since")
"""The fields that say when an entry of a list began."""
_MAY_BE_LATER = ("planned", "as_of")
_BY_ANY_ROW = ("demographics", "do_not_contact")
"""Who may not be contacted is not contacted, whatever the day of the row."""


def set_aside(sheet: Sheet, today: date) -> None:
    """Take what lies after the patient's day out of a sheet.

    Args:
        sheet: All rows of one patient.
        today: The clock's day, where no column names the patient's own.
    """
    named = sheet.single.get(("as_of",))
    _Aside(sheet, PartialDate.parse(named[0].value).low if named else today, own=named is not None).run()


class _Aside:
    """The patient's day, and what lies after it.

    A day after the clock's cannot be, so it is asked about; after the patient's own day it is listed, a death is
    asked about in any case.
    """

    def __init__(self, sheet: Sheet, day: date, *, own: bool) -> None:
        self.sheet, self.day, self.own = sheet, day, own

    def run(self) -> None:
        """Go through the single values and the entries of all lists."""
        for path, found in list(self.sheet.single.items()):
            if path[0] in _MAY_BE_LATER or path == _BY_ANY_ROW:
                continue
            late = [one for one in found if self._is_late(one)]
            if late:
                self._tell(".".join(path), late, ask=path[-1] == "vital_status")
                kept = [one for one in found if one not in late]
                if kept:
                    self.sheet.single[path] = kept
                else:
                    del self.sheet.single[path]
        for section, entries in self.sheet.lists.items():
            if section not in _MAY_BE_LATER:
                entries[:] = [left for entry in entries if (left := self._entry(section, entry))]

    def _is_late(self, one: Value) -> bool:
        days = (one.day, one.value if one.is_date else None)
        return any(day is not None and PartialDate.parse(day).low > self.day for day in days)

    def _entry(self, section: str, entry: Entry) -> Entry:
        """Return an entry without what is later; empty where it began later."""
        late = {path: one for path, one in entry.items() if self._is_late(one)}
        if not late:
            return entry
        began = next((one for path, one in late.items() if path[-1] in BEGINS and len(path) == 1), None)
        if began is not None:
            self._tell(section, [began], section=section)
            return {}
        gone = set(late) | {path for path in entry for other in late if _of_its_group(path, other)}
        self._tell(section, [late[path] for path in sorted(late)], section=section)
        return {path: one for path, one in entry.items() if path not in gone}

    def _tell(self, name: str, late: list[Value], *, section: str = "", ask: bool = False) -> None:
        if section and not self.own:
            self.sheet.left_out.add(section.split(".")[0])
        for day, one in _by_place(late):
            if not self.own or ask:
                told = f"lies after the patient's day {self.day}" if self.own else "lies in the future"
                self.sheet.ask("future", f"{name}: {day} {told}; left out", one.origin)
            else:
                self.sheet.skip(one.origin, "after the patient's day")


def _of_its_group(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether a value stands in the group whose day is later: `ish.result` beside `ish.date`."""
    return len(other) > 1 and other[-1] == "date" and path[:-1] == other[:-1]


def _by_place(late: list[Value]) -> Iterator[tuple[str, Value]]:
    """Yield one value of each place, with its day."""
    seen = set()
    for one in late:
        if one.origin not in seen:
            seen.add(one.origin)
            yield str(one.value if one.is_date else one.day), one
