"""Diseases that are named and that the patient does not have: possible effects, answers, wards, relatives, doubts."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BEFORE = Gated(
    r"\b(?:can|could|may|might) (?:also |rarely |sometimes |in rare cases )?(?:cause|lead to|bring on|trigger|worsen)\b[^.;]{0,60}$"
    r"|\breport (?:any |all )?(?:symptoms?|signs?) of\s[^.;]{0,30}$|\b(?:not known to have|is not known (?:for|with)|worr(?:y|ies|ied) about|afraid of|fear of|feared|risk factors? for|(?:the )?question of|exposed to|contact with|asks? about|suspicion of|information (?:on|about)|gives? (?:you|people|patients|some)|to (?:rule out|exclude)|rather than|instead of|mimics?|looked like)\s(?:a |an |the )?$"
)
"""Words right before a disease that is only spoken of."""
_BEHIND = re.compile(
    r"\s?[:=]?\s0(?=\s*(?:[,.;)\n]|$))|[\s:]{1,20}(?:\[x\]\s?)?(?:no|none|nil|absent|denied)(?=\s*(?:[,.;)\n]|$))"
    r"|[^.;,]{0,24}\b(?:(?:is |was |seems? |very |most )?unlikely|(?:was |has been |is )?(?:never|not) (?:been )?(?:confirmed|proven|found|diagnosed|present)|runs in (?:the|her|his) family)\b"
    r"|[^.;]{0,40}\bbut (?:was )?(?:never|not) (?:been )?(?:confirmed|proven|found|diagnosed)\b"
    r"|\s(?:has|have|is|needs?) to be (?:watched|monitored|expected|avoided|ruled out|excluded)\b|[^.;]{0,40}\b(?:is|was) (?:wrong|incorrect|not correct|an? (?:error|mistake)|entered by mistake)\b|\sof the white coat\b|\s(?:association|society|ward|unit|clinic|nurse|charity|foundation|prophylaxis|screening|vaccin\w+|vaccine|awareness|group|registry|study)\b|,? (?:excluded|ruled out)\b"
)
"""Words right behind one that say that it is not there, or that make a ward, a society or a measure of it."""
_DOUBTED = re.compile(r"\bwhite[- ]coat (?:\w+ )?$|(?:^|[\s(])\?\s?$")
_REACH = 90


def only_named(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True for the name of a disease that nobody says the patient has.

    Args:
        note: The note.
        sentence: The sentence of the name.
        start: Where the name begins.
        end: Where it ends.
    """
    low = max(sentence.start, start - _REACH)
    if _BEFORE.search(note.plain, low, start) or _DOUBTED.search(note.plain, max(0, start - _REACH), start):
        return True
    return _BEHIND.match(note.plain, end, max(end, sentence.end)) is not None
