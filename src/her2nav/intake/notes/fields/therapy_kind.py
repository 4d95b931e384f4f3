"""What a note makes of drugs that it names: given, planned, stopped as part of a course, or nothing."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.courses import START
from her2nav.intake.notes.fields.dated_course import linked, quiet
from her2nav.intake.notes.fields.intended import put_off, to_come
from her2nav.intake.notes.fields.named_for import named_for
from her2nav.intake.notes.fields.talked import (
    ARRANGED,
    CONSENTED,
    HOPED,
    STOPPING,
    TALKS,
    WAITS,
    WAS_GIVEN,
    ahead,
    decided,
    first_dose_set,
    left_open,
    only_talked,
)
from her2nav.intake.notes.note import Note, Sentence

_IF_LATER = re.compile(
    r"\b(?:if|when|once|should|upon|in case of|at)\b[^.;]{0,40}\b(?:progress\w*|pd)\b"
    r"|\b(?:consider\w*|discuss\w*|options?|could|might|would)\b[^.;,]{0,24}$"
)
"""A drug for later: "if she progresses consider ..."."""
_OFFERED = re.compile(
    r"\b(?:(?:to|will|would|can|be) (?:now )?(?:offer|recommend|propose)\w*|(?:now|next) for)\s[^.;:]{0,32}$|\bproposal (?:of|for|is)\s(?:the\s)?$"
)
"""A treatment that is only offered, however many cycles it is to have: "the consensus was to offer adjuvant T-DM1, 14 cycles"."""
_GIVEN = re.compile(
    r"\b(?:received|receives|taking|takes|took|treated with|given|started|commenced|completed|had|s/p|status post|progressed|progression on|on|underwent|tolerated|cycles?|ciclos|last dose|stopped|discontinued|administered|previously|prior|after|began|begun|initiated|switched|maintenance|recibio|inicio|continues|remains|adjuvant|neoadjuvant|adj|neoadj|nact|line|then|followed by)\b|\b\d[a-z]{0,2}l\b|\b\d{1,2}\s?(?:/|of)\s?\d{1,2}\s(?:done|given|completed|received|doses|infusions)\b|\b\d{1,2}(?:st|nd|rd|th) (?:injection|dose|infusion|cycle)\b(?! (?:is )?(?:due|planned|to be))|\btimes (?:two|three|four|five|six|eight|ten|twelve)\b|\bx\s?\d{1,2}\b|\b\d{1,2}\s?[x×](?=\s)|\bc\d{1,2}(?:\s?d\d{1,2})?\s$|(?:^|[,;:(+]\s?|\.\s)\s?\d\s$"
)
_GOT = re.compile(
    r"\b(?:got|was put on|were put on|went on|was getting|is having|was having|gets)\s(?:the |some |her |his |my )?$"
)
"""How patients and relatives say it."""
_LOST_AFTER = re.compile(
    r"\b(?:her-?2|erbb2|expression|amplification|target)\s(?:loss|lost)\s(?:after|on|under|following|with)\s$"
)
"""The loss of a target after a drug tells of the target."""
_SCREEN = re.compile(
    r"\b(?:trial|study|companion|antibody|clone|eligible|eligibility|options?|such as|sensitivity|sensitive to|resistant|resistance to|predict\w*|approved|licen[cs]ed|reimbursed|label|indicated|benefit from)\b"
)
_WITHIN_TRIAL = re.compile(
    r"\s(?:in|within|on|as part of) an? (?:[\w-]+ ){0,2}(?:trial|study)\b[^.;]{0,24}?,\s(?:stopped|discontinued|ended|progress\w+|(?:for )?(?:\d{1,2}|two|three|four|six|eight|ten|twelve) (?:cycles|weeks|months|doses)|until|best response|with (?:pr|sd|pd)\b)"
)
"""A drug of a trial that was given: "poziotinib in a trial (2021), stopped after three weeks"."""
_ENDED = re.compile(r"\b(?:stopped|completed|discontinued|finished|progress(?:ed|ion)|last dose|received)\b")
"""A course that has ended was given, whatever day the note bears."""
_NOT_DRUG_CONTEXT = re.compile(
    r"\b(?:allerg\w+|reaction to|intoleran\w+ (?:of|to)|hypersensitiv\w+|anaphyl\w+)\b"
    r"|\b(?:neuropathy|neurotoxicity|ototoxicity|hearing loss|tinnitus|numbness|cardiomyopathy|alopecia)\b[^.;,]{0,24}\b(?:from|due to|caused by|secondary to|related to)\s(?:the\s|prior\s|previous\s|her\s|his\s)?$"
)
_VALUE_BEFORE = re.compile(
    r"(?:\b(?:was|were|had been)\s\d{2}\s?%?|\d{2}\s?%)[\s,;(]{1,3}(?:before|prior to)\s(?:the |any |starting )?$"
)
"""A measured value of the time before a drug: "it was 64 before trastuzumab in 2024"."""
_RUNS = re.compile(r"\b(?:ongoing|continues|continuing|current(?:ly)?|so far|to date)\b")
_STOP_NOW = re.compile(
    r"(?:^|[.:;,]\s|\b(?:to|will|and|please)\s)(?:now )?(?:stop|discontinue|cease)\s(?:the |her |his )?$"
)
"""A treatment that is to end is none that is to come: "Plan: stop capecitabine"."""
_HAVE_STOPPED = re.compile(
    r"\b(?:we|i|they|have|has|was|were|been)\s(?:now |since |therefore |both )?(?:stopped|discontinued|taken (?:her|him|them) off)\s(?:the |her |his |both )?$"
)
"""What was stopped is neither given on nor to come, whatever the rest tells of the time ahead."""
_MEANT = re.compile(
    r"\b(?:(?:doctors?|oncologists?|consultant|team|we|they|hospital|prof\w*|dr)\b(?:\s[a-z]+){0,2}?\s(?:wants?|would like|means?|intends?|is going|are going)\sto\s(?:give|start|begin|commence|switch|put|treat)"
    r"|i\s(?:would like|want|intend)\sto\s(?:start|treat|put|switch)\s(?:her|him|this patient))\b[^.;,?]{0,24}$"
)
"""A treatment that those who treat mean to give."""
_NEXT_IS = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s)?next(?:\s(?:systemic|line|treatment|therapy|regimen|course|up|step|tumour treatment|of treatment))*(?: (?:is|will be|to be))?\s?[:=–-]\s?$"
)
"""A label of what comes: "Next systemic: tucatinib ..."."""
_OPEN_END = re.compile(r"\?|\b(?:if|unless|or|but|whether|instead|not sure|undecided|declin\w+|refus\w+)\b")
_TO_STOP = re.compile(
    r"\s(?:(?:will|is to|are to|has to|must|should|can|to)\s(?:now |then |therefore |be ){0,2}(?:stop(?:ped)?|discontinued?|ceased?|come off|finish|end(?:ed)?)\b|(?:stops|ends|finishes)\b)"
)
"""A treatment that is to end: "capecitabine will be stopped"."""
_NOT_AGAIN = re.compile(
    r"\s(?:will|shall|is|are|was|should|can|could|must)(?:\s\w+){0,2}?\snot\s(?:now |to |therefore )?(?:be )?(?:re-?start|restarted|continu\w+|resum\w+|giv\w+|re-?challeng\w+|reintroduc\w+|repeat\w*|us\w+|start\w*|tak\w+|combin\w+|mix\w+)\w*"
)
_PAST = re.compile(
    r"\b(?:declin\w+|refus\w+|never|not|was|were|had|started|completed|received|progress\w*|tolerat\w+|since|instead|but|if|unless|(?:19|20)\d\d)\b"
)
"""Words behind an offer that say what became of it."""
_NO_TREATMENT = re.compile(
    r"-containing\b|\s?(?:allergy|reaction|hypersensitivity|induced|related|associated|-induced|-related|neuropathy|rash|pneumonitis|antibody"
    r"|(?:trial |study )?(?:cut-?off|criteria|threshold|rules?|definition))"
)
_EVENTS = re.compile(
    r"\b(?:received|cycles|completed|last dose|best(?! supportive)|pd\b(?!\s?-?\s?l-?[12]\b)|progress(?:ed|ing|ive))"
)
_BOOKED = re.compile(r"\b(?:booked|to start|scheduled|will start)\b")
_CANCELLED = re.compile(r"cancel|never|swapped|moved before")
_NO_LONGER = re.compile(r"\b(?:no longer|not tolerat|n't tolerat)")
_INSTEAD = re.compile(r"\b(?:previously|instead of|rather than|not on)\b[^,;]{0,10}$")
_HAD = re.compile(r"\b(?:progress\w*|pd|completed|received|s/p)\b")
_WENT_ON = re.compile(r"\b(?:as planned|completed|received|progressed|switched|cont|cont'd|continues?|continuing)\b")
_STILL_GIVEN = re.compile(r"\b(?:continue|cont\b|cont'd|ongoing|on|s/p|progress\w+|after|received|completed|cycle)\b")
_BEGINS = re.compile(r"\b(?:start|begin|proceed|will|commence|initiate|switch to)\b")
_STOPPED_BEHIND = re.compile(
    r"^\s?(?:was |were |had been |has been |is |then |also |therefore |now |permanently |definitively |finally ){0,4}(?:stopped|dropped|discontinued|omitted|held|ceased|withdrawn|completed|suspended|interrupted|withheld|removed|left out|abandoned|(?<=is )(?:finished|over)|(?<=was )(?:finished|given up|ended))\b"
)
_FOR_GOOD = re.compile(
    r"\s?(?:(?:was|is|has been|had been|now|then|therefore|finally)\s){0,3}(?:(?:permanently|definitively|definitely) (?:stopped|discontinued|ended|finished|withdrawn|ceased)|(?:stopped|discontinued|finished|over|ended|withdrawn|(?:with)?held) (?:for good|permanently|definitively|for ever)"
    r"|(?:stopped|dropped|left out|omitted|removed) (?:by|per|as per|according to) (?:plan|protocol|schedule))\b"
)
"""Ended without a way back, or as it was meant: said of what was given, also among words of a plan."""
_HOLD = re.compile(r"\b(?:with)?h(?:old|eld|olding)\s(?:the |her |his )?$")
_HELD_FOR_GOOD = re.compile(r"\s(?:for good|permanently|indefinitely|for ever)\b")
_HELD = re.compile(r"\s(?:was |is |then )?(?:held|with?held|paused|interrupted|put on hold|on hold)\b")
"""A pause, on the day of its row: neither the first day of a treatment nor its last."""
_STOPPED_BEFORE = re.compile(
    r"\b(?:stopped|dropped|omitted|discontinued|suspended|withheld|(?:^|[.:;]\s)\W*(?:stop|discontinue|cease))\s$"
)


def kind_of(note: Note, sentence: Sentence, group: Group, low: int, high: int, groups: list[Group]) -> str:
    """Say what the words make of a group: given, planned, stopped part of a course, or nothing."""
    span = (group.start, group.end)
    said = context(note, *span)
    before, after = note.plain[low : group.start], note.plain[group.end : high]
    whole = note.said(sentence.start, sentence.end)
    if (
        said.family
        or _NOT_DRUG_CONTEXT.search(before)
        or _NO_TREATMENT.match(
            after,
        )
        or _LOST_AFTER.search(before)
    ):
        return "none"
    if _VALUE_BEFORE.search(note.plain, sentence.start, group.start):
        return "none"
    if _STOP_NOW.search(before) or _TO_STOP.match(after) or (_FOR_GOOD.match(after) and not said.negated):
        return "stops"
    if _HOLD.search(before) and _HELD_FOR_GOOD.match(after) and not said.negated:
        return "stops"
    if _HAVE_STOPPED.search(before) and not said.negated:
        return "stops"
    if _NOT_AGAIN.match(after):
        return "none"
    if _MEANT.search(before) and not _OPEN_END.search(note.plain, group.end, sentence.end):
        return "planned"
    if (only_named := named_for(note, sentence, group, high)) is not None:
        return only_named
    if to_come(note, group, sentence.start) and not _PAST.search(after):
        return "none" if put_off(note, group, sentence.end) else "planned"
    if _NEXT_IS.search(before) and not _OPEN_END.match(note.plain, group.end, sentence.end) and not _PAST.search(after):
        return "planned"
    if _OFFERED.search(before) and not _PAST.search(after):
        return "planned"
    if (
        _AGAINST.search(note.plain, sentence.start, group.start)
        or _TALK_OF.search(before)
        or _SAMPLED_FOR.search(before)
        or _ANSWERED.match(after)
        or _causes(note, group, low)
    ):
        return "none"
    if _NOT_HAD.match(note.plain, group.end, sentence.end) and not note.dates.within(group.end, high):
        return "none"
    if _SCAN_UNDER.search(before) and (ahead(note, low, high) or note.cues_in(low, high, "planned")):
        return "none"
    advised = _ADVISED.match(after)
    if advised:
        taken_up = _PAST_ADVICE.match(note.plain, group.end + advised.end(), sentence.end) is None
        taken_up = taken_up and _DENIED.search(advised[0]) is None
        return "planned" if taken_up and not WAITS.search(note.plain, group.end, sentence.end) else "none"
    if _NOT_PLANNED.match(after) or _UNDECIDED.search(note.plain, group.end, sentence.end):
        return "none"
    if _SET_DOWN.match(after) or decided(note, sentence, group, groups):
        return "planned"
    cues = note.cues_in(sentence.start, sentence.end, "never_given")
    if not cues and not said.negated and _STARTED.search(before) and _begun(note, low, group.start):
        return "given"  # "14 April 2026 started T-DM1, plan 14"
    if _SO_MANY_PLANNED.search(note.plain, group.end, high) and _since(note, group, low, high):
        return "planned" if ahead(note, low, high) else "given"  # "T-DM1 from 24/3/26, planned 14"
    planned = note.cues_in(low, high, "planned") or (note.cues_in(sentence.start, group.start, "planned") and cues)
    dated = bool([one for one in note.dates.within(low, high) if one.value])
    events = _EVENTS.search(after)
    if (
        events is not None
        and events[0] == "cycles"
        and note.cues_in(low, group.start, "planned")
        and not _PAST.search(after)
    ):
        events = None  # "proposed: paclitaxel and trastuzumab for four cycles": how many are to come
    ranged = len([one for one in note.dates.within(group.end, high) if one.value]) >= 2 or events is not None
    if cues:
        nearest = cues[0]
        own = any(low <= cue.start < high for cue in cues)
        if own and "declined" not in note.said(nearest.start, nearest.end):
            return "planned" if _BOOKED.search(whole) and not _CANCELLED.search(whole) else "none"
        if own and "declined further" not in whole:
            return "none"
        if not ranged and planned:
            return "none"
    if not ranged and CONSENTED.search(note.plain, group.end, sentence.end) and not _PAST.search(after):
        return "planned"
    if not ranged and only_talked(note, sentence, group, low, high):
        hoped = HOPED.search(note.plain, group.end, high) is not None or first_dose_set(note, sentence)
        return "planned" if hoped or (ahead(note, low, high) and ARRANGED.search(note.plain, low, high)) else "none"
    if (
        sentence.heading in TALKS
        and not (dated and not ahead(note, low, high))
        and not WAS_GIVEN.search(note.plain, low, high)
    ) or STOPPING.search(before):
        return "none"
    if said.negated and not _NO_LONGER.search(before):
        return "none"
    if _INSTEAD.search(before) and not dated:
        return "none"
    if (
        (said.unsure or said.hypothetical)
        and not ranged
        and not (dated and _since(note, group, low, high))
        and (_IF_LATER.search(before) or not _HAD.search(before))
    ):
        return "none"
    if (
        note.cues_in(low, high, "planned")
        and not ranged
        and not _WENT_ON.search(
            note.said(low, high),
        )
    ):
        waits = WAITS.search(note.plain, group.end, sentence.end) or left_open(note, sentence, group)
        return "none" if waits else "planned"
    if (
        sentence.section == "plan"
        and not ranged
        and not (_STILL_GIVEN.search(whole) and not ahead(note, group.end, high))
    ):
        return "planned" if _BEGINS.search(whole) or ahead(note, group.end, high) else "none"
    if _WITHIN_TRIAL.match(note.plain, group.end, high):
        return "given"
    if _SCREEN.search(note.said(low, high)) and not dated and not ranged:
        return "none"
    row = note.row_date(group.start)
    if row is not None and _HELD.match(note.plain, group.end):
        return "none"
    if (
        not (row is not None and row.end <= group.start and group is groups[0])
        and _STOPPED_BEHIND.search(
            after,
        )
    ) or _STOPPED_BEFORE.search(before):
        return "stops"
    if (
        ahead(note, low, high)
        and not _ENDED.search(note.plain, low, high)
        and not _RUNS.search(note.plain, group.end, high)
    ):
        return "planned"
    if ranged or sentence.section == "therapy":
        return "given"
    if dated and linked(note, group, low, high):
        return "given"
    if sentence.section == "plan" and ahead(note, sentence.start, sentence.end) and not _STILL_GIVEN.search(before):
        return "planned"  # what follows a treatment that has its first day to come
    near = any(quiet(note, low + one.end(), group.start) for one in _GIVEN.finditer(before)) or any(
        quiet(note, group.end, group.end + one.start()) for one in _GIVEN.finditer(after[:60])
    )
    if near or _GOT.search(before) or note.plain.startswith(_SCHEDULES, group.start):
        return "given"
    return "none"


_SCHEDULES = ("dose-dense ", "dose dense ", "dd ", "dd-")
"""How a regimen is given, within its name: nobody says so of one that is only spoken of."""
_SAMPLED_FOR = re.compile(
    r"\b(?:re-?)?(?:biops\w+|test\w*|sampl\w+|stain\w*|punctur\w+|sequenc\w+)\b[^.;]{0,60}\b(?:hoping|in (?:the )?hopes?|with a view|in order|so as|to (?:see|find out|know|learn)|to qualify|to be able)\b[^.;]{0,40}$"
)
"""A sample taken for the sake of a treatment that may follow."""
_ANSWERED = re.compile(r"\s?[-:–]?\s?(?:yes|no)(?=\s*(?:[,.;(]|$))")
"""A treatment of which only yes or no is said: "for T-DXd yes", "erdafitinib no (no FGFR3)"."""
_NOT_HAD = re.compile(
    r"[^.;]{0,60}\b(?:(?:not|never|n't) (?:yet )?(?:had|have|been given|received|taken|got)\s(?:either|any|it|them|these|this|one)\b|neither (?:of (?:them|these|the two) )?(?:was|were|has been|have been) (?:given|used|started))"
)
_AGAINST = re.compile(
    r"\b(?:(?:counts?|argues?|speaks?|spoke|advised?|decided|warns?|cautions?|weighs?|is|was) against|contra-?indicat\w+ (?:to|for|against)|exclud(?:es?|ed|ing)|(?:does|do|did|would|will) not (?:allow|permit)|prevent(?:s|ed)?|prohibit\w*|forbids?|rul(?:es?|ed|ing) out|preclud\w+|no (?:place|role|indication|case|reason) for|reservations about|nothing (?:in favour of|for))\s(?:the |further |any |a |using |giving |more )?$"
)
"""What speaks against a drug tells of none that was given."""
_SCAN_UNDER = re.compile(
    r"\b(?:ct|mri|pet(?:[- ]ct)?|scan|echo|imaging|(?:re)?staging|control|bloods?|visit|review|appointment)\s(?:on|under|during|while on|with)\s(?:the |her |his )?$"
)
"""A scan to come while a drug is given: its day is no first day."""
_CAUSES = re.compile(
    r"[(\[]$|\b(?:from|due to|caused by|because of|secondary to|related to|attributed to|blamed on|put down to|ascribed to)\s(?:the\s|prior\s|previous\s|her\s|his\s)?$"
)
_CAUSED_NEAR = 44
_NAMED_ONLY = re.compile(r"[)\]]|,\s(?![^()\n]{0,60}\b(?:cycles?|doses?|until|till|to|x\s?\d|mg)\b)[^()\n]{0,60}[)\]]")
"""A bracket with the drug that did it, and when: "hypothyroidism (pembrolizumab, September 2026, on thyroxine)"."""
_TALK_OF = re.compile(
    r"\b(?:spoke|spoken|speaks?|talked|talks?|talking|mentioned|thought|thinking|heard|read|asks?|asked|dream\w*)\s(?:of|about)\s[^.;]{0,40}$|\b(?:discussions?|discuss|decision|consideration|opinion|advice|questions?) (?:regarding|about|concerning|re|on)\s[^.;]{0,24}$"
)
_ADVISED = re.compile(
    r"\s(?:[\w-]+ ){0,3}?(?:was |were |is |has been |have been )?(?:advised|recommended|offered|suggested|proposed)\b"
    r"|\s(?:is|remains|would be) (?:my|our|the) (?:first |strong |own )?(?:recommendation|suggestion|proposal|preference|advice|choice)\b"
)
_DENIED = re.compile(r"\b(?:not|never|no longer)\b")
_PAST_ADVICE = re.compile(
    r"[^.;]{0,60}\b(?:but|however|not|declin\w+|refus\w+|start(?:ed)|received|given|completed|cycles?)\b"
)
_NOT_PLANNED = re.compile(
    r"(?: then [\w-]+)?\)?\s(?:is |are |was |were |would be )?(?:not|never) (?:planned|intended|proposed|considered|advised|recommended|suitable|appropriate|an option|funded|reimbursed|available|indicated|favou?red)\b"
)
_UNDECIDED = re.compile(
    r"\b(?:is|are|remains?) (?:for|up to) (?:you|him|her|them|the \w+) to decide\b|\bno decision\b|\bundecided\b|\bnot (?:yet )?decided\b|\bdecision (?:is )?(?:pending|later|deferred|open|to follow)\b|\b(?:will|to be|to) (?:be )?(?:revisit|rediscuss|re-discuss|reconsider)\w*"
)
"""A treatment about which nothing is decided: "neratinib after T-DM1: will revisit"."""
_SO_MANY_PLANNED = re.compile(
    r"\bplan(?:ned)?:? (?:for |of |total )?\d{1,2}\b(?! ?(?:[/.-]\s?\d|[a-z]{3,}y?\b(?<!cycles)(?<!doses)))"
)
_STARTED = re.compile(r"(?<!be )(?<!not )\b(?:started|commenced|began|begun|initiated)(?:\son)?\s$")
_SET_DOWN = re.compile(r"\s(?:is|are) (?:now )?planned\b")


def _begun(note: Note, low: int, high: int) -> bool:
    """Whether the days of a stretch lie before the day of the note."""
    return bool([one for one in note.dates.within(low, high) if one.value]) and not ahead(note, low, high)


def _causes(note: Note, group: Group, low: int) -> bool:
    """True for a drug that is only named as the cause of a side effect: "diarrhoea G3 from pertuzumab"."""
    led = _CAUSES.search(note.plain, low, group.start)
    if led is None:
        return False
    told = note.hits_in(max(low, led.start() - _CAUSED_NEAR), led.start(), "toxicity", "condition")
    if led[0][0] in "([" and not _NAMED_ONLY.match(note.plain, group.end):
        return False
    return bool(told) and not _PARTED.search(note.plain, told[-1].end, led.start())


_PARTED = re.compile(r"[;.,]\s(?!(?:ctcae )?(?:grade|gr|g)\s?\d)")


def _since(note: Note, group: Group, low: int, high: int) -> bool:
    """True for drugs with the day of their start right behind them, and no doubt in their own part of the sentence."""
    first = next((one for one in note.dates.within(group.end, high) if one.value), None)
    return (
        first is not None
        and START.search(note.plain, group.end, first.start) is not None
        and not note.cues_in(low, first.end, "hypothetical", "unsure")
    )
