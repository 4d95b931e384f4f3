"""Drugs that are named for what is done because of them, and of which no dose is told: requests, baselines, consent."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_FILL = r"(?:(?:the|a|her|his|their|start|starting|beginning|use|initiation|of|adjuvant|neoadjuvant|maintenance|further|first|upcoming|future|possible|this|weekly|oral|iv)\s){0,4}"
_PURPOSE = Gated(
    r"\b(?:requests?|requested|appli(?:ed|cations?)|appeals?|approv(?:al|ed)|authori[sz]ation|funding|cover(?:age)?|prescriptions?|orders?|referr(?:al|ed)|consent(?:ed)?|education|teaching|leaflets?|information|booklet|counsel+(?:l?ing|ed)|candidate|candidacy|eligib(?:le|ility)|suitab(?:le|ility)|baseline|readiness|preparation|prepar(?:e|ed|ing)|work-?up|assessment|assessed|visit|appointment|screen(?:ed|ing)|scan|ct|hrct|echo|echocardiogram|bloods|tests?|slot|questions?|option|indication|target|evidence|enquir(?:y|ed)|wait(?:s|ing)?|awaits?|delivery|list(?:ed)?|booked|scheduled|clear(?:ed|ance)|fit(?:ness)?|rationale|case|reason|down|due|in line|lined up|earmarked|meant|intended)"
    rf"\s(?:[\w/-]+\s){{0,2}}?(?:for|of|on|re|about|regarding|concerning|to)\s{_FILL}$"
)
"""What is done for the sake of a treatment that may follow, right before its name."""
_BEFORE_IT = Gated(
    rf"\b(?:before|prior to|ahead of|in advance of|pre-?treatment (?:visit|check|bloods|assessment)? ?(?:for|of|to)?)\s{_FILL}$"
)
"""What was before it: "Echo before trastuzumab"."""
_DOSES = re.compile(
    r"\b(?:c\d{1,2}|cycles?|doses?|infusions?|received|since|until|progress\w*|toler\w+|respon\w+|stopped|completed|ongoing|continues?)\b|\bx\s?\d"
)
"""Words that a course which is given has behind its name."""
_NOT_BEGUN = re.compile(
    r"\s(?:(?:has|have|had|was|were|is)\s)?(?:not|never|n't) (?:yet |so far |actually )?(?:been )?(?:started|begun|given|commenced|initiated|administered|ordered|approved|funded)\b"
    r"|[^.;]{0,40}\b(?:on hold|put off|postponed|deferred|delayed) (?:before|prior to|until after) (?:the )?(?:first|1st|c1)\b"
    r"|\s?[:–-]?\s(?:(?:was|is|has been|got)\s)?(?:cancell?ed|called off)\b|[- ]na(?:i|ï)ve\b|\s(?:remains?|stays?|is kept|is held)\s(?:in (?:reserve|our|hand)|as |an |a |up our|for )"
    r"|\s(?:on|at|upon|after|in case of|for) (?:further |disease |the next )?(?:progression|relapse|recurrence)\b(?!,? (?:in |on )?(?:\d|[a-z]{3,9} (?:19|20)\d\d))"
    r"|\s?\((?:approved|licen[cs]ed|funded|reimbursed|available)\b|[^.;(]{0,30}\b(?:is|are|was) (?:not |the |a |now |currently )*(?:funded|available|reimbursed|licen[cs]ed|approved|standard(?! dose)|gold standard)\b"
    r"|\s?[:–-]?\s(?:is |still )?to be (?:decided|discussed|considered|confirmed|reviewed|agreed)\b"
    r"|\s?[:–-]?\s(?:funding|approval|cover|request|application) (?:was |has been )?(?:refused|denied|declined|rejected|pending|awaited)\b"
)
_GENERAL = Gated(
    r"\b(?:(?:benefit|efficacy|activity|superiority|effect|safety|toxicity|results?|approval|licen[cs]e|label) (?:of|with|from|for)|showed|according to (?:the )?[\w -]{3,40}|guidelines?[^.;]{0,40}|(?:in|ex)clusion(?: criterion| criteria)?(?: \d{1,2})?\s?[:–-]\s?(?:prior |previous |received |progress\w+ on )?)\s?"
    rf"(?:19|20)?\d{{0,2}}\s?{_FILL}$"
)
"""What is known of a drug, or asked for by a trial."""
_ANOTHER = Gated(
    r"\b(?:pharmacy|friend|neighbou?r|colleague|acquaintance|someone (?:else|she knows|he knows)|another patient|other patients?|(?:patient|lady|man|woman) in the (?:next|other) bed|the next bed)\b[^.;]{0,60}$"
)
"""Somebody else, who is no relative."""
_BOARD_FOR = Gated(
    r"\b(?:mdt|board|conference|outcome|decision|plan|agreed)\s?[:–-]\s?(?:for|to start|to have|to receive)\s(?:\w+\s){0,2}$"
)
_FIRST_TO_COME = re.compile(
    r"[^.;]{0,40}?\b(?P<first>(?:first|1st) (?:dose|cycle|infusion|tablet|treatment)s? (?:is |to be |will be |planned |due |set )?(?:next|tomorrow|on|in|after|once|planned|due|booked|set|scheduled))\b"
)


def named_for(note: Note, sentence: Sentence, group: Group, high: int) -> str | None:
    """Return what such a mention makes of the drugs: planned, nothing; None where it is no such mention.

    Args:
        note: The note.
        sentence: The sentence of the drugs.
        group: The drugs.
        high: Where the words that belong to them end.
    """
    behind = (group.end, high)
    before = (sentence.start, group.start)
    if _NOT_BEGUN.match(note.plain, *behind) or note.plain[sentence.end - 1 : sentence.end] == "?":
        return "none"
    if any(one.search(note.plain, *before) is not None for one in (_GENERAL, _ANOTHER)):
        return "none"
    if _BOARD_FOR.search(note.plain, *before):
        return None if _later(note, behind) else "planned"
    first = _FIRST_TO_COME.match(note.plain, *behind)
    if first is not None and not _later(note, (group.end, first.start("first"))):
        return "planned"
    led = _PURPOSE.search(note.plain, sentence.start, group.start) or _BEFORE_IT.search(
        note.plain, sentence.start, group.start
    )
    asked = led is not None and led[0].startswith("question")
    if led is not None and (asked or not (_DOSES.search(note.plain, led.start(), group.start) or _later(note, behind))):
        return "none"
    return None


def _later(note: Note, behind: tuple[int, int]) -> bool:
    return _DOSES.search(note.plain, *behind) is not None
