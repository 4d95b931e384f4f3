"""Days without their year that may be of last year or just to come: the words around them, or the section, decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from her2nav.intake.notes.dates import Mention
    from her2nav.intake.notes.note import Note

_PAST = (
    r"(?P<past>since|started|began|begun|commenced|was|were|had|has|have|received|given|completed|stopped|finished|discontinued|ended|last|until|till"
    r"|progress\w*|show(?:s|ed|ing)?|previous(?:ly)?|prior|relapse[ds]?|recurr\w+|diagnosed|underwent|operated|admitted|discharged|resolved|seen|came|found|born|\w+ed on)"
)
_COMING = (
    r"(?P<coming>will|plan(?:s|ned)?|to (?:start|begin|commence|have|be|come|receive)|booked|due|scheduled|first (?:dose|cycle|infusion)|next|arranged?|propose[ds]?"
    r"|offer(?:ed)?|aim|hope|hoping|appointment|coming|w/c|week (?:commencing|of)|starts|begins|pencilled in|await\w*|prescribed|referred|repeat on)"
)
_CUE = re.compile(rf"\b(?:{_COMING}|{_PAST})\b")
_ENDS = re.compile(r"[;\n]|[.!?]\s")


def settled(note: Note, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with one day each: where nothing tells which of two is meant, it has none."""
    return [one if one.ahead is None else _settled(note, one) for one in mentions]


def _settled(note: Note, one: Mention) -> Mention:
    sentence = note.sentence(one.start)
    low, high = sentence.start, sentence.end
    for end in _ENDS.finditer(note.plain, low, one.start):
        low = end.end()
    behind = _ENDS.search(note.plain, one.end, high)
    high = behind.start() if behind else high
    before = list(_CUE.finditer(note.plain, low, one.start))
    cue = before[-1] if before else _CUE.search(note.plain, one.end, high)
    if cue is not None:
        return one._replace(value=one.ahead) if cue["coming"] else one
    return one._replace(value=one.ahead if sentence.section == "plan" else None)
