"""Courses of systemic therapy: given, only planned, or not given at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family, own_sentences, set_aside
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.course_again import AGAIN, STOPPED_IT, parted, past, resumed
from her2nav.intake.notes.fields.course_follow import told_next, told_today
from her2nav.intake.notes.fields.course_group import Group, dated_in
from her2nav.intake.notes.fields.course_part import ALONE, SWITCH, goes_on_in_part, rest_of
from her2nav.intake.notes.fields.course_results import results
from her2nav.intake.notes.fields.course_sequence import share_sequence
from her2nav.intake.notes.fields.course_setting import BOUNDARY, goes_with_adjuvant, other_setting, setting_of
from her2nav.intake.notes.fields.course_today import goes_on_next, goes_on_today
from her2nav.intake.notes.fields.courses import PD, START, Course, read_events
from her2nav.intake.notes.fields.drug_groups import drugs_named
from her2nav.intake.notes.fields.named_again import dose_of, only_mentioned, part_counted
from her2nav.intake.notes.fields.therapy_kind import kind_of
from her2nav.intake.notes.fields.therapy_table import treatment_tables
from her2nav.intake.notes.found import Entry, Found, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_CYCLES_BEFORE = re.compile(r"\bx\s?\d{1,2}\b|\b\d{1,2}\s?(?:x\b|cycles?\b)")
_OTHER_TREATMENT = Gated(
    r"[,;]\s(?:then\s|and\s)?(?:[a-z-]+\s){0,2}?(?:radiation|radiotherapy|xrt|rt|surgery|operated|wle|resection|\w+ectomy)\b(?!\s(?:with|plus|\+|and) concurrent)"
    r"|\sand (?:she|he|then|i|they) (?:then )?(?:had|received|got|underwent) (?:\w+ )?(?:radiation|radiotherapy|surgery|an operation)\b"
)
"""Where another treatment begins, the dates behind are its own."""
_ELSEWHERE = ("family", "medications", "allergies", "social")
_TO_START = re.compile(
    r"\b(?:to start|first (?:dose|cycle)|c1(?:d1)?|cycle 1|booked|start(?:s|ing)?|due|begin|commence|from|on|for|w/c|week of)\b[^.;,]{0,18}$"
)
_UNTREATED = Gated(
    r"\b(?:tx|rx|treatment|therapy|cancer treatment|systemic therapy|prior therapy|previous treatment)\s?:\s?(?:none|nil)(?: to date| so far| yet)?(?=[\s]*[,.;]|\s*$)"
    r"|\bno (?:cancer |anticancer |anti-cancer |systemic )?(?:treatment|therapy) (?:to date|so far|as yet)\b|\bhas (?:not yet had|had no|not had) any (?:cancer |anticancer )?treatment\b"
)


def read_therapies(note: Note) -> Iterator[Item]:
    """Yield courses given, and intended ones apart."""
    table = treatment_tables(note)
    courses: list[Course] = list(table.courses)
    current: Course | None = None
    last_paragraph = -9
    drugs, regimens = note.naming("drug"), note.naming("regimen")
    for sentence in own_sentences(note):
        if sentence.section in _ELSEWHERE or (table.lines and note.line(sentence.start) in table.lines):
            continue
        named = sentence.start in drugs or sentence.start in regimens
        groups = drugs_named(note, sentence) if named else []
        if groups and of_family(note, sentence, groups[-1].end):
            continue
        if sentence.paragraph - last_paragraph > 1:
            current = None
        if not groups:
            _starts_planned(note, sentence, courses)
            other = named and _of_other_drug(note, sentence)
            if current is not None and not other and sentence.section not in ("labs", "plan", "history", "exam"):
                read_events(note, current, sentence.start, sentence.end, follow=True)
                told_next(note, sentence, current)
                last_paragraph = max(
                    last_paragraph,
                    sentence.paragraph if dated_in(note, sentence.start, sentence.end) else last_paragraph,
                )
            continue
        last_paragraph = sentence.paragraph
        current = _sentence(note, sentence, groups, courses, current)
    share_sequence(note, courses)
    goes_on_today(note, courses)
    goes_on_next(note, courses)
    yield from results(note, courses)
    if not any(not course.planned for course in courses):
        yield from _untreated(note)


_OPENS = 28
"""So far into a sentence the drug may stand that the sentence is about."""


def _of_other_drug(note: Note, sentence: Sentence) -> bool:
    """True for a sentence about a medicine that belongs to no course: "Dexamethasone tapered and stopped on 20 April"."""
    return any(note.hits_in(sentence.start, min(sentence.end, sentence.start + _OPENS), "drug"))


_OTHER_DAY = re.compile(r";|\.(?!\d)|\b(?:until|scan|ct|pet|mri|echo|review|clinic|if|seen|due to)\b")
_SHORT_WAY = 40


def _comes(note: Note, mention: Mention, between: str) -> bool:
    """True for a day to come that stands close behind a treatment that is to be given: "start T-DXd q3w 21 October"."""
    ahead_of_note = note.day is not None and mention.value is not None and mention.value.low > note.day.high
    return ahead_of_note and len(between) <= _SHORT_WAY and _OTHER_DAY.search(between) is None


_FIRST_DOSE = re.compile(
    r"\b(?:first (?:cycle|dose|infusion|treatment)|cycle (?:1|one)|c1(?:d1)?|start(?:ing|s)?(?: date)?|to (?:start|begin|commence)|begin|commence)\b[^.;]{0,40}$"
)


def _starts_planned(note: Note, sentence: Sentence, courses: list[Course]) -> None:
    """Give the treatment that was named last, and is only planned, the day of its first dose from the next sentence."""
    if not courses or not courses[-1].planned or "start" in courses[-1].entry.values:
        return
    named = note.sentence(courses[-1].span[0])
    if named.paragraph != sentence.paragraph:
        return
    for mention in note.dates.within(sentence.start, sentence.end)[:1]:
        later = note.day is not None and mention.value is not None and mention.value.low > note.day.high
        if later and _FIRST_DOSE.search(note.plain, max(sentence.start, mention.start - 60), mention.start):
            courses[-1].entry.put("start", str(mention.value), (mention.start, mention.end))


_FROM_ON = re.compile(r"\b(?:from|as of|starting|beginning|on)\s(?:\w+day,?\s(?:the\s)?)?$")


def _from_day_before(note: Note, course: Course, low: int, high: int) -> None:
    """Give a treatment that is to come the day in front of it: "From 23 November she will have capecitabine"."""
    if "start" in course.entry.values or note.day is None:
        return
    for mention in note.dates.within(low, high)[-1:]:
        to_come = mention.value is not None and mention.value.low > note.day.high
        led = _FROM_ON.search(note.plain, max(low, mention.start - 24), mention.start)
        if to_come and led and _OTHER_DAY.search(note.plain, mention.end, high) is None:
            course.entry.put("start", str(mention.value), (mention.start, mention.end))


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


_AFTER_IT = re.compile(r"\b(?:after|following|post)\s(?:\w+\s)?$")
"""What was given before the course that was named first."""
_LED_IN_BRACKET = re.compile(r"\([^()\n]{3,120}?\b(?P<led>(?:after|following|post|completed after)\s(?:\w+\s)?)$")


_TAKEN_AFTER = Gated(
    r"\b(?:after|following|post|since|off|under|during)[\s-](?:the\s|her\s|his\s|\d{1,2}\s(?:cycles\s|months\s)(?:of\s)?){0,2}$"
)
_LOST = re.compile(r"\b(?:lost|loss)\b")
_TAKEN = re.compile(
    r"\b(?:re-?)?(?:biops\w+|bx|core|resection|excision|mastectomy|lumpectomy|gastrectomy|hepatectomy|metastasectomy|wedge|punch|aspirat\w+|fna|cytology|specimen|sample|plasma|liquid|ct-?dna|guardant360|ngs|her-?2)\b"
)


def _taken_after(note: Note, low: int, start: int) -> int:
    """Return from where words before the first drug are its own: the day of "liver biopsy 3 March after T-DXd" is the sample's."""
    after = _TAKEN_AFTER.search(note.plain, low, start)
    if after is None or not _TAKEN.search(note.plain, low, after.start()):
        return low
    if PD.search(note.plain, low, after.start()) or _LOST.search(note.plain, low, after.start()):
        return low
    return after.start()


def _sentence(
    note: Note, sentence: Sentence, groups: list[Group], courses: list[Course], current: Course | None
) -> Course | None:
    """Divide a sentence among its groups of drugs, and read what belongs to each."""
    groups = [one for i, one in enumerate(groups) if not i or not _goes_on(note, groups[i - 1], one)]
    groups = [one for i, one in enumerate(groups) if not i or not dose_of(note, groups[i - 1], one)]
    starts: list[int] = []
    for i, group in enumerate(groups):
        low = groups[i - 1].end if i else sentence.start
        boundaries = [
            match
            for match in BOUNDARY.finditer(note.plain, low, group.start)
            if _outside_brackets(note.plain[low : match.start()])
        ]
        if not i and boundaries and _CYCLES_BEFORE.search(note.plain, low, boundaries[-1].start()):
            # "TC x4, then letrozole": the cycles are of a regimen that was not understood.
            low = boundaries[-1].start()
        if not i:
            low = _taken_after(note, low, group.start)
        led = _LED_IN_BRACKET.search(note.plain, low, group.start) if i else None
        if led is not None:
            # "A (started 1 October, extended adjuvant after B x14)": what stands before "after" is of A.
            starts.append(led.start("led"))
            continue
        starts.append(parted(boundaries[-1]) if boundaries and i else _bracket(note, low, group.start) if i else low)
    for i, group in enumerate(groups):
        low, high = starts[i], starts[i + 1] if i + 1 < len(groups) else sentence.end
        if i == 0 and current is not None and group.start - sentence.start > 3:
            low = max(low, _left_over(note, sentence, group, current))
        kind = kind_of(note, sentence, group, low, high, groups)
        if kind == "none":
            continue
        other = _OTHER_TREATMENT.search(note.plain, group.end, high)
        high = other.start() if other else high
        own_end = kind == "stops" and not (current is not None and {*group.drugs} & {*current.drugs})
        if own_end and STOPPED_IT.search(note.plain, low, group.start) and past(note, group.end, high):
            kind = "given"  # "he stopped enfortumab in February": a course of which only the end is told
        stopped = current if kind == "stops" else None
        if kind == "stops" and not (current is not None and {*group.drugs} & {*current.drugs}):
            stopped = _named_before(courses, group) or current or _holds(courses, group)
        if stopped is not None:
            _stop(note, stopped, group, low, high)
            continue
        if kind == "given" and (only_mentioned(note, group, courses) or part_counted(note, sentence, group, current)):
            continue
        known = _same_course(courses, group, note, low, high) if kind == "given" else None
        if kind == "given" and known is None and current is not None:
            known = current if rest_of(note, sentence, current, group.drugs, (group.start, group.end)) else None
        if known is not None and other_setting(known, setting_of(note, sentence, group, low, high)[0]):
            known = None
        if known is not None:
            read_events(note, known, low, high, group=group)
            current = known
            continue
        course = Course(
            list(group.drugs),
            (group.start, group.end),
            Entry("planned" if kind == "planned" else "therapies"),
            list(group.classes),
            planned=kind == "planned",
        )
        course.entry.put("setting", *setting_of(note, sentence, group, low, high))
        if "setting" not in course.entry.values and resumed(note, courses, group):
            course.entry.put("setting", "adjuvant", (group.start, group.end))
        if kind == "planned":
            for mention in note.dates.within(group.end, high)[:1]:
                between = note.plain[group.end : mention.start]
                if mention.value and (_TO_START.search(between) or _comes(note, mention, between)):
                    course.entry.put("start", str(mention.value), (mention.start, mention.end))
            _from_day_before(note, course, low, group.start)
            courses.append(course)
            continue
        if current is not None and not current.planned:
            goes_on_in_part(note, current, course, low)
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
        if (
            "setting" not in course.entry.values
            and courses
            and not _AFTER_IT.search(note.plain, low, group.start)
            and goes_with_adjuvant(note, courses[-1], group)
        ):
            before = courses[-1].entry
            course.entry.put("setting", "adjuvant", before.spans["setting"])
        courses.append(course)
        read_events(note, course, low, high, group=group, stopping=own_end)
        told_today(note, sentence, course)
        current = course
    return current


def _goes_on(note: Note, whole: Group, part: Group) -> bool:
    """True for the drugs with which a regimen goes on inside the bracket about it: "(8 cycles, then durvalumab alone)"."""
    inside = not _outside_brackets(note.plain[whole.end : part.start])
    return inside and set(part.drugs) < set(whole.drugs) and ALONE.match(note.plain, part.end) is not None


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
        r"\s(?:on(?!\s(?:the\s)?(?:ct|mri|pet|scan|imaging|restaging|tac)\b)|under|after|through|despite|during|with|tras|a)\b",
        words[match.end() : match.end() + 20],
    ):
        return sentence.start
    boundary = [one.end() for one in BOUNDARY.finditer(words) if one.start() > match.end()] or [
        one.start() for one in re.finditer(r"\band\b", words) if one.start() > match.end()
    ]
    stop = sentence.start + (boundary[0] if boundary else len(words))
    read_events(note, current, sentence.start, stop, follow=True)
    return stop


def _named_before(courses: list[Course], group: Group) -> Course | None:
    """Return the newest course given of just these drugs."""
    mine = {*group.drugs, *group.classes}
    return next((one for one in reversed(courses) if not one.planned and {*one.drugs, *one.classes} == mine), None)


def _holds(courses: list[Course], group: Group) -> Course | None:
    """Return the newest course given that holds these drugs among others."""
    mine = {*group.drugs, *group.classes}
    return next((one for one in reversed(courses) if not one.planned and {*one.drugs, *one.classes} > mine), None)


_FROM_CYCLE = re.compile(r"\b(?:from|at|since|with|in|on|before)\s(?:the\s)?(?:cycle|c|#)\s?\d")


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
        if (
            "cycles" in added
            and set(group.drugs) < set(current.drugs)
            and _FROM_CYCLE.search(note.plain, group.end, high)
        ):
            # "oxaliplatin omitted from cycle 7 on" counts no cycles of the course.
            del current.entry.values["cycles"], current.entry.spans["cycles"]
        if set(group.drugs) == set(current.drugs):
            current.entry.values.pop("ongoing", None)
            current.entry.put("ongoing", False, (group.start, group.end))
        match = SWITCH.search(note.plain, group.end, high)
        if match and ("end" not in current.entry.values or match[0] != "dropped"):
            current.entry.put("reason_stopped", "planned_switch", match.span())


def _same_course(courses: list[Course], group: Group, note: Note, low: int, high: int) -> Course | None:
    """Return the course that is named again; dates that lie apart make a new one."""
    if AGAIN.match(note.plain, group.end):
        return None  # "After the operation FLOT again": a course of its own
    for course in reversed(courses):
        if course.planned or set(course.drugs) != set(group.drugs) or set(course.classes) != set(group.classes):
            continue
        dates = [one.value for one in note.dates.within(group.end, min(high, group.end + 30)) if one.value]
        start, ended = course.entry.values.get("start"), course.entry.values.get("end")
        if dates and ended and dates[0].low > PartialDate.parse(str(ended)).high:
            return None
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
