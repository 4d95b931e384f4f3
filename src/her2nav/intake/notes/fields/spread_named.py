"""Metastases that are feared, looked for, or what a trial or a drug is for: words of spread that tell of none."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BEFORE = Gated(
    r"\b(?:fears?|feared|fearing|afraid|worr(?:y|ies|ied)|anxious|anxiety|concern(?:s|ed)? about|asks? (?:whether|if|about)|wonder\w*|imagin\w+|thought of|thinks of|correlation regarding)\b[^.;]{0,60}$"
    r"|\b(?:look(?:s|ed|ing)? for|search(?:es|ed|ing)? for|screen(?:ed|ing)? for|in search of|exclu(?:de|ding)|rule out|ruling out|monitor(?:ing)? for|watch(?:ing)? for|prevent\w*|protect\w* from|risk of|chance of|probability of|question of|suspicion of|instead of|rather than)\s[^.;,]{0,40}$"
    r"|\b(?:licen[cs]ed|approved|indicated|reimbursed|funded|registered|used|given|meant|reserved)\s(?:only )?(?:for|in)\s[^.;,]{0,40}$"
    r"|\b(?:trials?|stud(?:y|ies)|clinics?|protocols?|programmes?|programs?|labels?|guidelines?|registr(?:y|ies)|consultants?|nurses?|information|leaflets?|books?)\s(?:(?:is|are|was|were|only|open|available)\s){0,2}(?:for|in|on|of|about)\s(?:the |patients with |people with |women with )?[^.;,]{0,24}$"
    r"|\b(?:indeterminate|suspicious|equivocal|unclear|non-?specific|uncharacteri[sz]ed|undetermined|benign)\s(?:[\w.]+\s){0,3}$"
)
_BEHIND = re.compile(
    r"[^.;]{0,30}\b(?:is|are|was|were|seems?|appears?|proved|turned out)\s(?:to be |very |most |rather |likely |an? ){0,3}(?:unlikely|excluded|ruled out|not (?:seen|found|confirmed|likely|a metasta\w+)|haemangiomas?|hemangiomas?|cysts?|cystic|benign|granulomas?|adenomas?|scars?|absces\w+|lipomas?|artefacts?|degenerative|haematomas?|hamartomas?)\b"
    r"|\s?(?:disease|cancer|spread)?\s?\?|\s(?:disease |cancer |setting )?only\b(?= ?[.;]|\s?$)|\s(?:patients|people|women)\b|\s(?:work-?up|screen(?:ing)?|survey|clinic|nurse|team|service|trials?|stud(?:y|ies))\b|\ssetting (?:are|is) not\b"
)
_REACH = 100


def only_spoken_of(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True where a word of spread, or a site beside one, is not said of the patient's disease.

    Args:
        note: The note.
        sentence: The sentence of the word.
        start: Where the word, or the site beside it, begins.
        end: Where it ends.
    """
    if _BEFORE.search(note.plain, max(sentence.start, start - _REACH), start) is not None:
        return True
    return _BEHIND.match(note.plain, end, sentence.end) is not None
