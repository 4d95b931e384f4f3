"""Treatments that those who treat mean to give: the words right before their names say so."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.talked import WAITS
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_BEGIN = r"(?:start(?:ing)?|begin(?:ning)?|commenc(?:e|ing)|giv(?:e|ing)|treat(?:ing)? (?:her |him |them )?with|switch(?:ing)? (?:her |him |them )?to|chang(?:e|ing) (?:her |him |them )?to|us(?:e|ing)|pursu(?:e|ing)|go(?:ing)? (?:on )?to)"
_FILL = r"(?:(?:a|the|some|oral|weekly|three-weekly|neoadjuvant|adjuvant|palliative|systemic|combination|of|with|single|agent|new|her2|directed|therapy|treatment|chemotherapy)\s){0,4}"
_TO_COME = Gated(
    rf"\b(?:we|i|they|she|he|team|board|(?:dr|prof)\w*\.?(?:\s[\w-]+)?)\s(?:now |then |therefore |have |has |had |all |both |will ){{0,2}}(?:plan(?:s|ned)?|are planning|am planning|is planning|intends?|aims?|agreed|decided|propose[sd]?|settled)\s(?:to {_BEGIN}|on (?:{_BEGIN} )?)\s?{_FILL}$"
    rf"|\b(?:intends|proposes|plans|advises?|recommends?)\s{_FILL}$"
    rf"|\b(?:ought to|should)\s(?:now |first |then |next ){{0,2}}(?:have|receive|get|be (?:given|treated with|offered|started on)|start(?: on)?|go on(?: to)?)\s{_FILL}$"
    rf"|\b(?:i|we) (?:would |will |shall )?(?:now )?(?:advise|recommend|propose|favou?r)\s{_FILL}$"
)
"""Words that end right before the first drug of a treatment to come."""
_REACH = 110
_PUT_OFF = re.compile(
    r"\?|\b(?:or|vs|versus)\s(?:else\s)?[a-z]|\b(?:unless|whether|instead of|undecided|declin\w+|refus\w+|not keen|prefers? to wait|would rather|wants? to (?:think|wait))\b"
    r"|\b(?:if|when|once|after|upon|at|in case of)\s(?:there is |of |the |she |he |further |disease |next |it ){0,2}(?:progress\w*|pd\b|relaps\w+|recurr\w+)"
)
"""What leaves such a plan open: another choice, a refusal, or that it is for later."""


def to_come(note: Note, group: Group, low: int) -> bool:
    """True for drugs right behind words of a plan: "we plan to start X", "she ought to have X", "Dr Y intends X"."""
    return _TO_COME.search(note.plain, max(low, group.start - _REACH), group.start) is not None


def put_off(note: Note, group: Group, end: int) -> bool:
    """True where the rest of the sentence leaves the plan open."""
    return any(words.search(note.plain, group.end, end) is not None for words in (_PUT_OFF, WAITS))
