"""Operations and radiotherapy that were declined, advised against, prepared or only asked about on the day that is told."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BEFORE = Gated(
    r"\b(?:declin\w+|refus\w+|reject\w+|did(?: not|n't) want|does(?: not|n't) want|referr(?:ed|al) (?:her |him |them |back )?(?:for|to|regarding)|consent(?:ed)?(?: form)? (?:for|to)|planning(?: ct| scan| session| visit)?(?: for| of)|(?:ct|mri|pet)[- ]planning for|simulation for|candidate for|suitab\w+ for|fit(?:ness)? for|eligible for|assess\w+ for|evaluat\w+ for|consult\w* (?:for|about|regarding|on)|opinion (?:on|about)|asked (?:about|for)|(?:saw|seen|see|spoke|talked|discuss\w*|counsel\w+) [^.;]{0,40}\b(?:about|for|regarding)|instead of|rather than|alternative to|against|cancell?ed|postponed|waiting for|awaiting|wait(?:ing)? list for|listed for|indication for|role (?:of|for)|option of|possibility of|question of)\s(?:an? |the |her |his |further |possible |more )?$"
)
_BEHIND = Gated(
    r"\s(?:was |were |is |has been |had been )?(?:then |later |again )?(?:advised against|declined|refused|rejected|cancell?ed|postponed|deferred|considered|discussed|debated|not (?:done|performed|given|possible|advised|indicated|recommended|feasible|wanted)|decided against|turned down|ruled out|offered|suggested|proposed)\b"
    r"|\s(?:planning|consult\w*|consent|referral|appointment|opinion|booking|simulation|assessment|discussion)\b"
)
_DONE_AFTER_ALL = re.compile(
    r"\b(?:but|and) (?:was |were |then |later |eventually |finally )*(?:done|given|performed|carried out|went ahead)\b"
)
_REACH = 110


def not_done(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True for the name of a procedure that the words around it say was not done, or not then.

    Args:
        note: The note.
        sentence: The sentence of the name.
        start: Where the name begins.
        end: Where it ends.
    """
    if _DONE_AFTER_ALL.search(note.plain, end, sentence.end):
        return False
    low, last = max(sentence.start, start - _REACH), note.plain.rfind(" ", start, end) + 1
    if any(_BEFORE.search(note.plain, low, place) is not None for place in {start, last or start}):
        return True  # the word in front may have been taken for a part of the name: "declined mastectomy"
    return _BEHIND.match(note.plain, end, sentence.end) is not None
