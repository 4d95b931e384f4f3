"""Treatments that were talked of, offered, asked for or awaited, and of which nothing says that they were given."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import clause
from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

TALKS = ("discussion", "options", "treatment options", "options discussed", "questions", "question")
"""Headings under which treatments are weighed."""
STOPPING = Gated(r"\b(?:(?:re|about|regarding|consider|discuss|\?)\s?stopping|whether to (?:stop|continue))\s$")
WAITS = Gated(
    r"\b(?:wish(?:es|ed)? to (?:wait|think|discuss)|(?:wants?|would like) to (?:wait|think)|prefers? to wait|undecided|not keen|thinking (?:it|about)|hesitan\w+|reluctan\w+|declin\w+|refus\w+|turned (?:it |this )?down)\b"
)
WAS_GIVEN = Gated(
    r"\b(?:received|receives|receiving|start(?:ed|s)|began|begun|commenced|initiated|continu\w+|remain(?:s|ed)|progressed|progression on|completed"
    r"|tolerat\w+|cycles?|last dose|s/p|currently|since|responded|switched|treated with|maintenance|stopped|discontinued)\b"
)
ARRANGED = Gated(r"\b(?:consent(?:ed|s)?|ordered|booked|approv(?:ed|al)|first dose|start date|to start|start)\b")
"""Words of a treatment that is arranged, though not begun."""
CONSENTED = Gated(
    r"\b(?:she|he|patient) (?:has )?(?:now )?(?:signed (?:the |a |her |his )?(?:informed )?consent|consented)\b|\bconsent (?:was |has been )?signed\b"
)
"""Who has signed for a treatment means to have it."""
HOPED = Gated(r"\b(?:hop(?:e|es|ed|ing)|aim(?:s|ing)?|expect(?:s|ed|ing)?)\sto\s(?:start|begin|commence|give|treat)\b")


def only_talked(note: Note, sentence: Sentence, group: Group, low: int, high: int) -> bool:
    """True for a treatment that was talked of, asked for or awaited, and of which nothing says that it was given."""
    first, last = clause(note, sentence, group.start, group.end)
    for cue in note.cues_in(first, min(last, high), "talked"):
        # "FOLFOX 2025 (insurance refused bevacizumab)": what stands behind a date or in brackets is of another drug.
        between = note.plain[group.end : cue.start]
        if cue.start < group.end or not ("(" in between or note.dates.within(group.end, cue.start)):
            return WAS_GIVEN.search(note.plain, max(low, first), min(high, last)) is None
    return False


_DOSE_SET = re.compile(
    r"\s*(?:the )?(?:first|1st) (?:treatment|dose|infusion|cycle|administration|course) (?:is |has been |was )?(?:now )?(?:set|booked|planned|scheduled|arranged|due|fixed|expected|foreseen|to be given)\b[^.;]{0,12}$"
)
_NEXT_REACH = 90


def first_dose_set(note: Note, sentence: Sentence) -> bool:
    """True where the next sentence gives the day to come of a first dose: "First treatment is set for 24 September"."""
    for one in note.dates.within(sentence.end, sentence.end + _NEXT_REACH)[:1]:
        later = note.day is not None and one.value is not None and one.value.low > note.day.high
        return later and _DOSE_SET.match(note.plain, sentence.end, one.start) is not None
    return False


_FILLER = re.compile(
    r"(?:[\s:,.•*#)>+-]|\d\b[.)]?|\b(?:start|begin|commence|proceed|initiate|offer|recommend(?:ed|s)?|recommendation|give|apply|application|suggest|propose[ds]?|switch|change|treat|for|to|with|as|the|is|a|we|will|should|be"
    r"|neo-?adjuvant|adjuvant|neoadj|adj|peri-?operative|palliative|first|second|third|fourth|1st|2nd|3rd|4th|1l|2l|3l|line|weekly|chemotherapy|chemo|systemic|therapy|treatment|her2-directed|her2|directed|next|then|consensus|outcome|decision|plan|her2[ -]low|her2[ -]positive|single|agent|inj|tab|post|op|empfehlung|a/p|p)\b\.?)*"
)
_OPEN = re.compile(
    r"\s?(?:\([^()]{0,30}\)\s?)?(?:or\b|vs\b|versus\b|/\s?or\b|\?|declin|refus|not\b|was\b|were\b|stopped|contraindicated|if (?!affordable|funded|funding|approved|available|covered))"
)
_LEFT_OPEN = Gated(
    r"\b(?:alternatively|alternatives?|would be|could be|may be|might be|as (?:a |an )?(?:back-?up|reserve|alternative|later|next|subsequent|further|second choice)|reserved?|kept for|thereafter|afterwards|next option|think (?:about|it)|declined|to continue|continues|if (?!affordable|funded|funding|approved|available|covered))"
)
"""Words behind a treatment that leave open whether it is to be given now."""
_LINKED = re.compile(r"[^.;]{0,24}\b(?:followed by|then)\s(?:weekly\s|by\s)?")


def decided(note: Note, sentence: Sentence, group: Group, groups: list[Group]) -> bool:
    """True for the treatment with which a plan or a board's recommendation opens, and for what follows it: "EC then docetaxel"."""
    if sentence.section != "plan" or sentence.heading in TALKS:
        return False
    if _OPEN.match(note.plain, group.end) or _LEFT_OPEN.search(note.plain, group.end, sentence.end):
        return False
    place = groups.index(group) if group in groups else 0
    if place and _LINKED.fullmatch(note.plain, groups[place - 1].end, group.start):
        return decided(note, sentence, groups[place - 1], groups)
    return not place and _FILLER.fullmatch(note.plain, _after_heading(note, sentence), group.start) is not None


_IF_BEFORE = re.compile(r"\b(?:if|when|once|at|on)\b[^.;]{0,30}$")
_ARROW = re.compile(r"(?:->|→|=>)(?!.*(?:->|→|=>))")


_ON_PROGRESS = re.compile(r"\b(?:if|on|at|upon|when)\s(?:pd|progress\w*|relapse)\b[^.;]{0,20}$")


def left_open(note: Note, sentence: Sentence, group: Group) -> bool:
    """True for a treatment that is kept for later, or named beside another one: "as backup", "if progression -> X"."""
    stop = note.plain.find(";", group.end, sentence.end)
    behind = _LEFT_OPEN.search(note.plain, group.end, stop if stop >= 0 else sentence.end)
    return behind is not None or _ON_PROGRESS.search(note.plain, sentence.start, group.start) is not None


def _after_heading(note: Note, sentence: Sentence) -> int:
    """Return where the words behind the heading of a sentence begin."""
    arrow = _ARROW.search(note.plain, sentence.start, sentence.end)
    if arrow and not _IF_BEFORE.search(note.plain, sentence.start, arrow.start()):
        return arrow.end()
    colon = note.plain.find(":", sentence.start, sentence.end)
    named = sentence.heading is not None and note.plain.startswith(sentence.heading, sentence.start)
    return colon + 1 if named and colon >= 0 else sentence.start


def ahead(note: Note, low: int, high: int) -> bool:
    """True when all dates of a stretch lie behind the day of the note."""
    day = note.day
    days = [one.value for one in note.dates.within(low, high) if one.value]
    own = [one for one in days if day is None or one != day]
    return day is not None and bool(own) and all(one.low > day.high for one in own)
