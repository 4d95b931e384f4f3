"""Courses of systemic therapy: given, only planned, or not given at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family, own_sentences, set_aside
from her2nav.intake.notes.fields.courses import PD, START, Course, Group, dated_in, read_events
from her2nav.intake.notes.fields.drug_groups import drugs_named
from her2nav.intake.notes.fields.talked import ARRANGED, HOPED, STOPPING, TALKS, WAITS, WAS_GIVEN, ahead, only_talked
from her2nav.intake.notes.found import Entry, Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BOUNDARY = re.compile(
    r"[,;]|→|->|>|:\s|\b(?:then|followed by|thereafter|switched to|changed to|and (?=started|switched|commenced|then|subsequently)|subsequently|before|despues|seguido de|next)\b"
)
_SWITCH = Gated(r"\b(?:as planned|planned(?! (?:for|to start))|maintenance|maint\b|dropped|de-?escalat\w+)\b")
_SETTING = re.compile(
    r"\b(?:(?P<neoadjuvant>neo-?\s?adj(?:uvant|\.)?|neoadyuvante|nact|preoperative|pre-op|peri-?operative)\b|(?P<adjuvant>adj(?:uvant|\.)?|adyuvante|post-?operative|post-?op|postneoadjuvant)\b|(?P<maintenance>maintenance|maint\.?|mantenimiento)\b|(?P<metastatic>(?:[1-9](?:st|nd|rd|th)?|first|second|third|fourth|fifth)[\s-]?(?:l\b|line\b|linea)|[1-9]l\b|palliative|for metastatic|metastatic (?:setting|disease)|linea \d|line \d|[1-4](?:ª|a) linea|primera linea|segunda linea|tercera linea))"
)
_GIVEN = re.compile(
    r"\b(?:received|receives|treated with|given|started|commenced|completed|had|s/p|status post|progressed|progression on|on|underwent|tolerated|cycles?|ciclos|last dose|stopped|discontinued|administered|previously|prior|after|began|begun|initiated|switched|maintenance|recibio|inicio|continues|remains|adjuvant|neoadjuvant|line|then|followed by)\b|\b\d[a-z]{0,2}l\b"
)
_OFFERED = re.compile(
    r"\b(?:(?:to|will|would|can|be) (?:now )?(?:offer|recommend|propose)\w*|(?:now|next) for)\s[^.;:]{0,32}$"
)
"""A treatment that is only offered, however many cycles it is to have: "the consensus was to offer adjuvant T-DM1, 14 cycles"."""
_IF_LATER = re.compile(
    r"\b(?:if|when|once|should|upon|in case of|at)\b[^.;]{0,40}\b(?:progress\w*|pd)\b"
    r"|\b(?:consider\w*|discuss\w*|options?|could|might|would)\b[^.;,]{0,24}$"
)
"""A drug for later: "if she progresses consider ..."."""
_CYCLES_BEFORE = re.compile(r"\bx\s?\d{1,2}\b|\b\d{1,2}\s?(?:x\b|cycles?\b)")
_OTHER_TREATMENT = Gated(
    r"[,;]\s(?:then\s|and\s)?(?:[a-z-]+\s){0,2}?(?:radiation|radiotherapy|xrt|rt|surgery|operated|wle|resection|\w+ectomy)\b(?!\s(?:with|plus|\+|and) concurrent)"
)
"""Where another treatment begins, the dates behind are its own."""
_LOST_AFTER = re.compile(
    r"\b(?:her-?2|erbb2|expression|amplification|target)\s(?:loss|lost)\s(?:after|on|under|following|with)\s$"
)
"""The loss of a target after a drug tells of the target."""
_ELSEWHERE = ("family", "medications", "allergies", "social")
_TO_START = re.compile(
    r"\b(?:to start|first dose|booked|start(?:s|ing)?|due|begin|commence|from|on|for)\b[^.;,]{0,18}$"
)
_SCREEN = re.compile(
    r"\b(?:trial|study|companion|antibody|clone|eligible|eligibility|options?|such as|sensitivity|sensitive to|resistant|resistance to|predict\w*|approved|licen[cs]ed|reimbursed|label|indicated|benefit from)\b"
)
_UNTREATED = Gated(
    r"\b(?:tx|rx|treatment|therapy|cancer treatment|systemic therapy|prior therapy|previous treatment)\s?:\s?(?:none|nil)(?: to date| so far| yet)?(?=[\s]*[,.;]|\s*$)"
    r"|\bno (?:cancer |anticancer |anti-cancer |systemic )?(?:treatment|therapy) (?:to date|so far|as yet)\b|\bhas (?:not yet had|had no|not had) any (?:cancer |anticancer )?treatment\b"
)
_ENDED = re.compile(r"\b(?:stopped|completed|discontinued|finished|progress(?:ed|ion)|last dose|received)\b")
"""A course that has ended was given, whatever day the note bears."""
_NOT_DRUG_CONTEXT = re.compile(
    r"\b(?:allerg\w+|reaction to|intoleran\w+ (?:of|to)|hypersensitiv\w+|anaphyl\w+)\b"
    r"|\b(?:neuropathy|neurotoxicity|ototoxicity|hearing loss|tinnitus|numbness|cardiomyopathy|alopecia)\b[^.;,]{0,24}\b(?:from|due to|caused by|secondary to|related to)\s(?:the\s|prior\s|previous\s|her\s|his\s)?$"
)


def read_therapies(note: Note) -> Iterator[Item]:
    """Yield courses given, and intended ones apart."""
    courses: list[Course] = []
    current: Course | None = None
    last_paragraph = -9
    drugs, regimens = note.naming("drug"), note.naming("regimen")
    for sentence in own_sentences(note):
        if sentence.section in _ELSEWHERE:
            continue
        named = sentence.start in drugs or sentence.start in regimens
        groups = drugs_named(note, sentence) if named else []
        if groups and of_family(note, sentence, groups[-1].end):
            continue
        if sentence.paragraph - last_paragraph > 1:
            current = None
        if not groups:
            if current is not None and sentence.section not in ("labs", "plan", "history", "exam"):
                read_events(note, current, sentence.start, sentence.end, follow=True)
                last_paragraph = max(
                    last_paragraph,
                    sentence.paragraph if dated_in(note, sentence.start, sentence.end) else last_paragraph,
                )
            continue
        last_paragraph = sentence.paragraph
        current = _sentence(note, sentence, groups, courses, current)
    yield from _results(note, courses)
    if not any(not course.planned for course in courses):
        yield from _untreated(note)


def _untreated(note: Note) -> Iterator[Item]:
    """Read the plain statement that no treatment was given at all; "no prior line for metastatic disease" is less."""
    for match in _UNTREATED.finditer(note.plain):
        sentence = note.sentence(match.start())
        if set_aside(note, sentence) or of_family(note, sentence, match.start()) or sentence.section == "plan":
            continue
        said = context(note, match.end() - 1, match.end())
        if not (said.unsure or said.hypothetical):
            yield Found("complete.therapies", True, match.span())
            return


def _sentence(
    note: Note, sentence: Sentence, groups: list[Group], courses: list[Course], current: Course | None
) -> Course | None:
    """Divide a sentence among its groups of drugs, and read what belongs to each."""
    groups = [one for i, one in enumerate(groups) if not i or not _goes_on(note, groups[i - 1], one)]
    starts: list[int] = []
    for i, group in enumerate(groups):
        low = groups[i - 1].end if i else sentence.start
        boundaries = [
            match
            for match in _BOUNDARY.finditer(note.plain, low, group.start)
            if _outside_brackets(note.plain[low : match.start()])
        ]
        if not i and boundaries and _CYCLES_BEFORE.search(note.plain, low, boundaries[-1].start()):
            # "TC x4, then letrozole": the cycles are of a regimen that was not understood.
            low = boundaries[-1].start()
        starts.append(boundaries[-1].start() if boundaries and i else _bracket(note, low, group.start) if i else low)
    for i, group in enumerate(groups):
        low, high = starts[i], starts[i + 1] if i + 1 < len(groups) else sentence.end
        if i == 0 and current is not None and group.start - sentence.start > 3:
            low = max(low, _left_over(note, sentence, group, current))
        kind = _kind(note, sentence, group, low, high, groups)
        if kind == "none":
            continue
        other = _OTHER_TREATMENT.search(note.plain, group.end, high)
        high = other.start() if other else high
        if kind == "stops" and current is not None:
            _stop(note, current, group, low, high)
            continue
        known = _same_course(courses, group, note, low, high) if kind == "given" else None
        if known is not None and _other_setting(known, _setting(note, sentence, group, low, high)[0]):
            known = None
        if known is not None:
            read_events(note, known, low, high)
            current = known
            continue
        course = Course(
            list(group.drugs),
            (group.start, group.end),
            Entry("planned" if kind == "planned" else "therapies"),
            list(group.classes),
            planned=kind == "planned",
        )
        course.entry.put("setting", *_setting(note, sentence, group, low, high))
        if kind == "planned":
            for mention in note.dates.within(group.end, high)[:1]:
                if mention.value and _TO_START.search(note.plain[group.end : mention.start]):
                    course.entry.put("start", str(mention.value), (mention.start, mention.end))
            courses.append(course)
            continue
        if (
            current is not None
            and not current.planned
            and "reason_stopped" not in current.entry.values
            and _SWITCH.search(note.plain, low, group.start)
        ):
            word = _SWITCH.search(note.plain, low, group.start)
            if word and word[0] in ("maintenance", "maint") and set(course.drugs) < set(current.drugs):
                current.entry.put("reason_stopped", "planned_switch", word.span())
        if (
            i
            and "setting" not in course.entry.values
            and courses
            and re.match(r"followed by|,? ?then", note.plain[low : group.start].strip(" ,"))
            and courses[-1].span[0] >= sentence.start
        ):
            before = courses[-1].entry
            if before.values.get("setting") in ("neoadjuvant", "adjuvant"):
                course.entry.put("setting", before.values["setting"], before.spans["setting"])
            ended = before.spans.get("end")
            if ended is not None and ended[1] <= groups[i - 1].start and "start" in before.values:
                # "03/2021 - 08/2021 EC x4 followed by paclitaxel": the days are those of the whole sequence.
                course.entry.put("end", before.values.pop("end"), before.spans.pop("end"))
        courses.append(course)
        read_events(note, course, low, high, group=group)
        current = course
    return current


_ALONE = re.compile(r"\s(?:alone|only|monotherapy|single agent)\b")


def _goes_on(note: Note, whole: Group, part: Group) -> bool:
    """True for the drugs with which a regimen goes on inside the bracket about it: "(8 cycles, then durvalumab alone)"."""
    inside = not _outside_brackets(note.plain[whole.end : part.start])
    return inside and set(part.drugs) < set(whole.drugs) and _ALONE.match(note.plain, part.end) is not None


def _bracket(note: Note, low: int, start: int) -> int:
    """Return where the bracket opens that the next drugs stand in, else where these begin: "FOLFOX (T-DXd refused)"."""
    words = note.plain[low:start]
    return start if _outside_brackets(words) else low + words.rfind("(")


def _outside_brackets(words: str) -> bool:
    return words.count("(") <= words.count(")")


def _left_over(note: Note, sentence: Sentence, group: Group, current: Course) -> int:
    """Give words of progression before the first drug to the course before; "progressed on X" is X's own."""
    words = note.plain[sentence.start : group.start]
    match = PD.pattern.search(words)
    if match is None or re.match(
        r"\s(?:on|under|after|through|despite|during|with|tras|a)\b", words[match.end() : match.end() + 9]
    ):
        return sentence.start
    boundary = [one.end() for one in _BOUNDARY.finditer(words) if one.start() > match.end()] or [
        one.start() for one in re.finditer(r"\band\b", words) if one.start() > match.end()
    ]
    stop = sentence.start + (boundary[0] if boundary else len(words))
    read_events(note, current, sentence.start, stop, follow=True)
    return stop


_STOP_NOW = re.compile(
    r"(?:^|[.:;,]\s|\b(?:to|will|and|please)\s)(?:now )?(?:stop|discontinue|cease)\s(?:the |her |his )?$"
)
"""A treatment that is to end is none that is to come: "Plan: stop capecitabine"."""
_PAST = re.compile(
    r"\b(?:declin\w+|refus\w+|never|not|was|were|had|started|completed|received|progress\w*|tolerat\w+|since|instead|but|if|unless|(?:19|20)\d\d)\b"
)
"""Words behind an offer that say what became of it."""
_NO_TREATMENT = re.compile(
    r"\s?(?:allergy|reaction|hypersensitivity|induced|related|associated|-induced|-related|neuropathy|rash|pneumonitis|antibody"
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
    r"^\s?(?:was |were |had been |then )?(?:stopped|dropped|discontinued|omitted|held|ceased|withdrawn|completed)\b"
)
_STOPPED_BEFORE = re.compile(
    r"\b(?:stopped|dropped|omitted|discontinued|(?:^|[.:;]\s)\W*(?:stop|discontinue|cease))\s$"
)


def _kind(note: Note, sentence: Sentence, group: Group, low: int, high: int, groups: list[Group]) -> str:
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
    if _STOP_NOW.search(before):
        return "stops"
    if _OFFERED.search(before) and not _PAST.search(after):
        return "planned"
    cues = note.cues_in(sentence.start, sentence.end, "never_given")
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
    if not ranged and only_talked(note, sentence, group, low, high):
        hoped = HOPED.search(note.plain, group.end, high) is not None
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
        return "none" if WAITS.search(note.plain, group.end, sentence.end) else "planned"
    if (
        sentence.section == "plan"
        and not ranged
        and not (_STILL_GIVEN.search(whole) and not ahead(note, group.end, high))
    ):
        return "planned" if _BEGINS.search(whole) or ahead(note, group.end, high) else "none"
    if _SCREEN.search(note.said(low, high)) and not dated and not ranged:
        return "none"
    row = note.row_date(group.start)
    if (
        not (row is not None and row.end <= group.start and group is groups[0])
        and _STOPPED_BEHIND.search(
            after,
        )
    ) or _STOPPED_BEFORE.search(before):
        return "stops"
    if ahead(note, low, high) and not _ENDED.search(note.plain, low, high):
        return "planned"
    if dated or ranged or sentence.section == "therapy" or _GIVEN.search(before) or _GIVEN.search(after[:60]):
        return "given"
    return "none"


def _since(note: Note, group: Group, low: int, high: int) -> bool:
    """True for drugs with the day of their start right behind them, and no doubt in their own part of the sentence."""
    first = next((one for one in note.dates.within(group.end, high) if one.value), None)
    return (
        first is not None
        and START.search(note.plain, group.end, first.start) is not None
        and not note.cues_in(low, high, "hypothetical", "unsure")
    )


def _stop(note: Note, current: Course, group: Group, low: int, high: int) -> None:
    """A part of the current regimen ends: where it is followed by maintenance, the course ends there."""
    if not set(group.drugs) <= set(current.drugs) and current.classes:
        wanted = [
            one for one in group.drugs if any(one in note.words.knowledge.drugs.members(cls) for cls in current.classes)
        ]
        if wanted:
            current.classes = [
                cls
                for cls in current.classes
                if not any(one in note.words.knowledge.drugs.members(cls) for one in wanted)
            ]
            current.drugs = wanted + current.drugs
    if set(group.drugs) <= set(current.drugs):
        told = set(current.entry.values)
        read_events(note, current, group.end, high, stopping=True)
        added = set(current.entry.values) - told
        dropped = set(group.drugs) < set(current.drugs) and "reason_stopped" in added and "end" not in added
        if dropped and current.entry.values["reason_stopped"] == "toxicity":
            # Why one drug of several was dropped is not why the course ended.
            del current.entry.values["reason_stopped"], current.entry.spans["reason_stopped"]
        if set(group.drugs) == set(current.drugs) and current.entry.values.get("ongoing"):
            current.entry.values.pop("ongoing")
            current.entry.put("ongoing", False, (group.start, group.end))
        match = _SWITCH.search(note.plain, group.end, high)
        if match and ("end" not in current.entry.values or match[0] != "dropped"):
            current.entry.put("reason_stopped", "planned_switch", match.span())


def _same_course(courses: list[Course], group: Group, note: Note, low: int, high: int) -> Course | None:
    """Return the course that is named again; dates that lie apart make a new one."""
    for course in reversed(courses):
        if course.planned or set(course.drugs) != set(group.drugs) or set(course.classes) != set(group.classes):
            continue
        dates = [one.value for one in note.dates.within(group.end, min(high, group.end + 30)) if one.value]
        start = course.entry.values.get("start")
        if (
            dates
            and start
            and dates[0].text != start
            and START.search(note.plain[group.end : note.dates.within(group.end, high)[0].start])
        ):
            return None
        if len(dates) >= 2 and start and dates[0].text != start:
            return None
        return course
    return None


def _other_setting(course: Course, setting: str | None) -> bool:
    """True for the same drugs before and after an operation: two courses."""
    before = course.entry.values.get("setting")
    return {before, setting} == {"neoadjuvant", "adjuvant"}


_TWO_FIGURES = re.compile(r"\d{2}")


def _setting(note: Note, sentence: Sentence, group: Group, low: int, high: int) -> tuple[str | None, Span]:
    before = list(_SETTING.finditer(note.plain, low, group.end))
    after = list(_SETTING.finditer(note.plain, group.end, min(high, group.end + 40)))
    for match in [*reversed(before), *after]:
        if (
            match.lastgroup == "metastatic"
            and match[0][0].isdigit()
            and _TWO_FIGURES.match(note.plain[match.start() : match.start() + 2])
        ):
            continue
        return match.lastgroup, match.span()
    return None, (0, 0)


_WHILE_ON = re.compile(r"\b(?:on|during|with|after)\s(?:c\d{1,2}\s|cycle \d{1,2}\s(?:of\s)?)?$")


def _only_part(note: Note, course: Course, courses: list[Course]) -> bool:
    """True for drugs of a regimen that are named again without anything of their own: "sepsis on docetaxel"."""
    if (
        course.planned
        or course.entry.values
        or not _WHILE_ON.search(note.plain, max(0, course.span[0] - 20), course.span[0])
    ):
        return False
    mine = {*course.drugs, *course.classes}
    return any(mine < {*one.drugs, *one.classes} for one in courses if not one.planned and one is not course)


def _results(note: Note, courses: list[Course]) -> Iterator[Item]:
    ontology = note.words.knowledge.drugs
    for course in courses:
        entry = course.entry
        names = [ontology.classes[one].name.lower() for one in course.classes] + [
            ontology.drugs[one].name for one in course.drugs
        ]
        if not names or _only_part(note, course, courses):
            continue
        entry.put("drugs", names, course.span)
        start, end = entry.values.get("start"), entry.values.get("end")
        if start and end and str(end)[: len(str(start))] < str(start)[: len(str(end))]:
            entry.values.pop("end")
        if "end" in entry.values or "reason_stopped" in entry.values:
            entry.values.pop("ongoing", None)
            if not course.planned:
                source = entry.spans.get("end") or entry.spans.get("reason_stopped") or course.span
                entry.put("ongoing", False, source)
        yield entry
