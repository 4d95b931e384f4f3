"""The times and settings of the treatments of a stretch: which treatments each of them binds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from her2nav.kinds.reading.base import days_of
from her2nav.kinds.reading.treatment_gathering import Gathered
from her2nav.kinds.reading.treatment_times import Window
from her2nav.kinds.reading.treatment_words import Token

_COMPLETED = re.compile(r"\b(?:completed|finished|ended|received|given|administered) $")
"""In front of a time: it is that of the treatment, not of the relapse."""
_LASTED = re.compile(r"\b(?:for|in|during|over)(?: an?| the)? ?$")


@dataclass
class Dated(Gathered):
    """Groups of treatments, each with its time and setting.

    Attributes:
        lead: A time in front of all treatments.
        resumed: The time to go on with behind a bracket that gives another one.
        outcome: How the treatment ended, empty where it is not said.
        noun: Therapy in general is named.
    """

    outcome: str = ""
    lead: Window | None = None
    noun: bool = False
    resumed: Window | None = None

    def _parted(self) -> bool:
        """Whether an "or" or comma parts what follows from a group that no time binds."""
        timed = self.now.preset or self.now.window is not None or self.lead is not None
        return self.joint in ("or", "comma") and not timed and not self.inner and self.depth == 0

    def _begin_another(self) -> None:
        self._close()
        self.now.joint, self.joint = self.joint, ""

    def _on_setting(self, token: Token, following: Sequence[Token]) -> bool:
        if self.inner and self.now.items and all(one.procedure for one in self.now.items):
            return True  # "radiotherapy including palliative radiotherapy"
        if self.waiting and self.now.items:
            # "In the localised or metastatic setting": the word before it widens.
            return False
        procedures = bool(self.now.items) and all(one.procedure for one in self.now.items)
        if procedures and self._parted() and next((one.kind for one in following if one.kind != "frame"), "") == "item":
            # "Radiotherapy or adjuvant chemotherapy": the setting is that of the second.
            self._begin_another()
        if not self.now.items or self.now.settings:
            self.now.settings = tuple(dict.fromkeys((*self.now.settings, *token.value)))
        else:
            self.now.settings = token.value
        self.inner = self.inner and self.depth > 0
        return True

    def _on_window(self, token: Token, following: Sequence[Token]) -> bool:
        if self.denied and token.value.elapsed and _LASTED.search(self.sentence.text, 0, token.start):
            # "No chemotherapy for at least 3 weeks before": none within them.
            token = token._replace(value=replace(token.value, elapsed=False))
        if self.outcome and _COMPLETED.search(self.sentence.text, 0, token.start):
            return False
        self.inner = self.inner and self.depth > 0
        if self.lead is not None and self.now.items and self.now.window is None and self._begins_another(following):
            # "More than 4 weeks from A, more than 2 weeks from B".
            self.now.window, self.lead = self.lead, None
            self._begin_timed(token.value)
            return True
        if self.now.items and self.now.preset and self.now.window is not None and self._begins_another(following):
            self._begin_timed(token.value)
            return True
        named_behind = next((one.kind for one in following if one.kind not in ("frame", "comma")), "") == "item"
        if self.joint == "comma" and self.noun and named_behind and not (self.now.items or self.groups or self.lead):
            # "Prior treatment, within 5 weeks of entry, with A".
            self.lead, self.joint, self.noun = token.value, "", False
            return True
        if self.now.items or self.noun:
            if self.now.window is not None and not self.now.borrowed:
                return False
            self.now.window, self.now.borrowed, self.now.preset = token.value, False, False
        elif self.lead is None and not self.groups:
            self.lead = token.value
        else:
            return False
        return True

    def _begin_timed(self, window: Window) -> None:
        """Begin a group with the time in front of it."""
        self._begin_another()
        self.now.window, self.now.preset = window, True

    def _begins_another(self, following: Sequence[Token]) -> bool:
        """Whether a time behind a comma or "and" is that of the treatment behind it."""
        first = next(
            (one.kind for one in following if one.kind not in ("frame", "prior", "given")),
            "",
        )
        return self.depth == 0 and self.joint in ("comma", "and", "or") and first in ("item", "narrow")

    def _has_own_time(self, following: Sequence[Token]) -> bool:
        """Read 'Major surgery within 28 days (minor surgery within 7 days)': the bracket has a time of its own."""
        if self.now.window is None or self.now.preset or self.depth > 1:
            return False
        inside = list(takewhile(lambda token: token.kind != "close", following))
        kinds = [token.kind for token in inside if token.kind != "frame"]
        if "window" not in kinds or "item" not in kinds or kinds[0] not in ("item", "window", "prior", "narrow"):
            return False
        if kinds[0] == "window" and kinds.count("window") > 1:
            return False
        self._let_out([token for token in inside if token.kind == "item"])
        return True

    def _let_out(self, named: Sequence[Token], sort: str = "") -> None:
        """Take from the treatments of the group those that have a time of their own.

        Args:
            named: Their names.
            sort: The word that narrows the name: "3 weeks since chemotherapy (1 week if weekly chemotherapy)".
        """
        items = [token.value for token in named]
        wide = self.now
        if sort:
            drugs = {drug for item in items for drug in item.drugs}
            wide.items = [
                one.model_copy(update={"narrow": (*one.narrow, f"other than {sort}")}) if drugs & {*one.drugs} else one
                for one in wide.items
            ]
        wide.except_drugs = tuple(
            dict.fromkeys(
                (
                    *wide.except_drugs,
                    *(
                        drug
                        for item in items
                        if not item.procedure
                        for drug in item.drugs
                        if not any(drug in one.drugs for one in wide.items)
                    ),
                )
            )
        )
        kinds = {item.procedure for item in items if item.procedure}
        if kinds:
            written = ", ".join(self.sentence.text[token.start : token.end] for token in named if token.value.procedure)
            wide.items = [
                one.model_copy(update={"narrow": (*one.narrow, f"other than {written}")})
                if one.procedure in kinds and not one.params
                else one
                for one in wide.items
            ]

    def _on_case(self, token: Token, following: Sequence[Token]) -> bool:
        """Read '≥ 3 weeks; in case of palliative radiotherapy ≥ 2 weeks': another time for some of the treatments."""
        named = list(takewhile(lambda one: one.kind not in ("window", "close", "case"), following))
        items = [one for one in named if one.kind == "item"]
        if self.now.window is None or not items or not any(one.kind == "window" for one in following[len(named) :][:1]):
            return False
        self._let_out(items)
        self._close()
        self.inner = False
        return True

    def _on_instead(self, token: Token, following: Sequence[Token]) -> bool:
        """Read '(6 weeks for nitrosoureas)': another time for some of the drugs."""
        wide, days = self.now, days_of(token.value["othertime"])
        if wide.window is None and self.lead is not None and not self.groups:
            wide.window, self.lead = self.lead, None
        if self.resumed is not None and wide.preset and wide.items and self.groups and days is not None:
            return self._another_instead(days, following)
        if wide.window is None or wide.preset or days is None:
            return False
        inside = list(takewhile(lambda item: item.kind not in ("close", "window"), following))
        names = [item.value for item in inside if item.kind == "item"]
        if not names:
            return False
        self._close()
        self.resumed = wide.window
        self.now.window, self.now.preset, self.inner = (
            replace(wide.window, days=days, half_lives=None, whichever=None),
            True,
            False,
        )
        self.groups[-1], self.now = self.now, self.groups[-1]
        sort = next((self.sentence.text[item.start : item.end] for item in inside if item.kind == "narrow"), "")
        self._let_out([item for item in inside if item.kind == "item"], sort)
        self.groups[-1], self.now = self.now, self.groups[-1]
        return True

    def _another_instead(self, days: int, following: Sequence[Token]) -> bool:
        """Read on in '(6 weeks for nitrosoureas; 1 week for capecitabine)'."""
        inside = list(takewhile(lambda item: item.kind not in ("close", "window", "instead"), following))
        named = [item for item in inside if item.kind == "item"]
        window = self.now.window
        if not named or window is None:
            return False
        self._close()
        first = next((i for i, group in enumerate(self.groups) if not group.preset), 0)
        self.now, self.groups[first] = self.groups[first], self.now
        self._let_out(named)
        self.now, self.groups[first] = self.groups[first], self.now
        self.now.window, self.now.preset = replace(window, days=days), True
        return True
