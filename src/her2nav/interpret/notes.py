"""Collects flags and next steps while a specimen is read, and gives them their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from her2nav.interpret.results import Flag, NextTest
from her2nav.interpret.runner import Reading
from her2nav.interpret.tables import Phrase
from her2nav.interpret.wording import EFFORT, FLAGS, NEXT
from her2nav.model.finding import Effort


class Notes:
    """Flag and next-step codes in the order they came up, each with the rules that raised it.

    Args:
        wording: The words of the guideline's own codes; the engine's codes have theirs in `wording.py`.
    """

    def __init__(self, wording: Mapping[str, Phrase]) -> None:
        self._wording = wording
        self._flags: dict[str, tuple[list[str], dict[str, str]]] = {}
        self._next: dict[str, list[str]] = {}

    def flag(self, code: str, *rules: str, **values: str) -> None:
        """Raise a flag; `values` fill the gaps of its sentence and replace those of an earlier raise."""
        known, filled = self._flags.setdefault(code, ([], values))
        filled.update(values)
        known.extend(rule for rule in rules if rule not in known)

    def ask(self, code: str, *rules: str) -> None:
        """Ask for a next step."""
        known = self._next.setdefault(code, [])
        known.extend(rule for rule in rules if rule not in known)

    def drop(self, code: str) -> None:
        """Take a flag back, where a more telling one was raised."""
        self._flags.pop(code, None)

    def take(self, reading: Reading, *, steps: bool = True) -> None:
        """Take over the codes of a reading: flags that every possible row carries, next steps of any row."""
        for code in reading.flags:
            self.flag(code, *reading.ids(code))
        for code in reading.next if steps else ():
            self.ask(code, *reading.ids(code))

    def asked(self, codes: Iterable[str]) -> bool:
        """True when one of the steps was asked for."""
        return not set(codes).isdisjoint(self._next)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the flags."""
        return tuple(self._flags)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags with their words."""
        result = []
        for code, (rules, values) in self._flags.items():
            phrase = self._wording.get(code) or FLAGS[code]
            result.append(Flag(code, _filled(phrase.clinical, values), _filled(phrase.plain, values), tuple(rules)))
        return tuple(result)

    def steps(self, *paths: str) -> tuple[NextTest, ...]:
        """Return the next steps with their words, for the specimens at these pointers."""
        result = []
        for code, rules in self._next.items():
            phrase = self._wording.get(code) or NEXT[code]
            effort = EFFORT.get(code, Effort.ORDINARY)
            result.append(NextTest(code, phrase.clinical, phrase.plain, effort, tuple(rules), paths or ("/specimens",)))
        return tuple(result)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
