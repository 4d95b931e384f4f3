"""What happens to one course of therapy: dates, cycles, response, progression, why it ended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.intake.notes.context import context
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.course_cycles import CYCLE_DAY, CYCLE_NAMED, LATER_CYCLE, read_cycles
from her2nav.intake.notes.fields.course_ends import DONE_AS_PLANNED, OTHER_DONE, TO_COME, came_back
from her2nav.intake.notes.fields.course_group import Group, dated_in
from her2nav.intake.notes.found import Entry, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note

START = re.compile(
    r"\b(?:from|since|started?(?: on)?|starting|commenced|began|begun|initiated|c1d1|c1|cycle 1|(?:first|1st) (?:cycle|dose|infusion)(?: was| given){0,2}|beginning|desde|inicio|inicia|iniciado|start(?: date)?)\b(?:\s(?:was |were )?(?:given|administered|received))?[\s:(on]{0,6}$"
)
_END = re.compile(
    r"\b(?:between\s[a-z]{3,9}\s(?:(?:19|20)\d\d\s)?and|(?:until|till|til|to)\s(?:(?:liver |bone |brain |her |his |the )?(?:mets?|metast\w+|progression|relapse|recurrence|disease)\s?)(?:was |were )?(?:found|seen|diagnosed|detected)?|to|until|till|til|through|thru|ended|ending|finishing|concluding|end(?: date)?|stopped|completed(?: (?:all|the|her|his)){0,2}(?: (?:\d{1,2}|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|seventeen|eighteen))?(?: (?:doses|cycles|courses|infusions))?|discontinued|finished|last (?:dose|cycle|cure|given|infusion|tablets?|pills?|capsules?|injections?|treatment|course)|last|hasta|fin|completing|(?<=\d\s)done|dc'?d|ceased|held|d/c|off|completado)\b(?:\s(?:in|on|after|early|dose|cycle|cure|given|was|were|taken|it|this|them|treatment|:)|\s(?:\d{1,2}|two|three|four|five|ten)\s(?:full\s)?(?:years|months))*[\s:(]{0,4}$"
)
_RANGE_GAP = re.compile(r"^\s*(?:\||->|→|-|–|—|to|until|till|through|thru|a|al|hasta|and|>|)\s*$")
PD = Gated(
    r"\b(?:pd(?!\s?-?\s?l-?[12]\b)|progress(?:ed|ion|ing|ive (?:(?:liver|hepatic|lung|pulmonary|nodal|bone|brain|peritoneal|visceral|metastatic|systemic) )?disease)|(?<!and )progress(?! notes?\b)|relaps(?:ed?|ing)|recurr(?:ed|ence)|progresion|progreso|poд|stopped for (?:a |the )?new (?:[a-z]+ ){0,3}metast(?:asis|ases)|(?:stopped|discontinued|ended|changed|switched|off)\b[^.;:]{0,30}?\b(?:because of|because|due to|owing to|as|for)\s(?:of |a |the |there were |scans? showed )?(?:new|growing|more|further)\s(?:[a-z]+\s){0,3}(?:metast(?:asis|ases)|mets|lesions?|spots?|nodules?|deposits?|growth|tumou?rs?)|(?:cancer|tumou?rs?|disease|it|they|mets|metastases|lesions?|spots?|liver|lungs?|nodes|nodules?|deposits?|ones)\s(?:(?:had|has|have|was|were|is|are|all|then|again|now|been)\s){0,3}(?:grown|growing|grew|bigger)|(?:ct|scans?|pet(?:[ -]ct)?|mri)\b[^.;,]{0,24}\b(?:shows?|showed|demonstrates?|demonstrated|revealed)\s(?:growth of|(?:some |several |multiple )?new (?:(?:liver|lung|bone|peritoneal|hepatic|pulmonary) )?(?:deposits|metastases|mets|lesions))|(?:cancer|tumou?rs?|disease)\s(?:(?:had|has|have|then|again)\s){0,2}(?:came back|come back|returned)|it (?:(?:had|has|then) ){0,2}(?:came back|come back|returned)(?= (?:in|again|to) (?!today|this))|new (?:spots?|lesions?|metast(?:asis|ases)|mets|nodules?|deposits?|growths?)\b[^.;]{0,40}?\b(?:so|therefore|hence|and)\s(?:[a-z]+\s){0,2}?(?:stopped|changed|switched|came off))\b(?!\s?-?free)|\bpod\b"
)
_PD_DATE_BEFORE = re.compile(r"(?:ct|scan|pet|imaging|mri|on|tac|pet-ct)[^,;.]{0,16}$")
_RESPONSE = Gated(
    r"\b(?:best(?: overall)? (?:response|resp\.?)?[\s:=-]{0,3}(?:of |was )?)?(?P<w>(?:(?<=best response: )|(?<=better response: )|(?<=best response was ))(?:partial|complete)(?=[.,;)]|\s?$)|(?<=disease was )stable(?= at best)|cr|pr|sd|complete response|partial response|stable disease|respuesta parcial|respuesta completa|enfermedad estable|complete remission|partial remission|partial metabolic response|complete metabolic response)\b(?!\s?(?:status|\d|\+|-(?!>)|negative|positive|(?:neg|pos)\b|[<>≤≥=]|(?:(?:is|was|has|remains?|remained|stays|now|become|gone)\s){1,3}(?:[<>≤≥]?\s?\d|neg|pos|low|absent|lost|weak|strong)|,?\s?er\b))"
)
_NEARLY = re.compile(r"\b(?:near|nearly|almost|sub|not a|minor)[\s-]$")
_BEST_PD = Gated(
    r"best(?: overall)? (?:response|resp\.?)?[\s:=-]{0,3}(?:of |was )?(?:pd|progressive disease)|primary progress"
)
_RESPONSES = {
    "cr": "CR",
    "pr": "PR",
    "sd": "SD",
    "com": "CR",
    "par": "PR",
    "sta": "SD",
    "respuesta p": "PR",
    "respuesta c": "CR",
    "enf": "SD",
}
_TOXIC = Gated(
    r"\b(?:stopped|discontinued|ceased|dc'?d|held|dropped|stop|withdrawn|suspendid\w|d/c|(?:finished|over|ended) for good|given up|gave (?:it )?up(?: on (?:it|them|this|that))?|abandoned|came off|come off|taken off|ended early|broken off|cut short)\b[^.;]{0,40}?\b(?:for|due to|because of|owing to|after|secondary to|por)\b[^.;]{0,40}?(?:toxicity|toxicidad|intoleran\w+|neuropathy|pneumonitis|ild|cardio\w*|lvef|diarrh\w+|rash|reaction|neutropen\w+|neuropatia|colitis|hepat\w+|fatigue|side effects|mucositis|neumonitis)|\b(?:stop|stopped|discontinued|ceased)(?:\s(?:today|now|early))?\s?[-–:(]\s?(?:for )?(?:(?:grade|gr|g)\s?\d\s)?(?:pneumonitis|ild|cardiotoxicity|neuropathy|colitis|hepatitis|lvef|rash|toxicity)|\bintolera\w+\b|\bstopped early for (?:toxicity|neuropathy)"
)
_AS_PLANNED = Gated(r"\bas planned\b")
_ALL_GIVEN = re.compile(r"\b(?:all|given|received|completed|finished)\s(?:\w+\s){0,2}$")
_ALTERED = re.compile(r"\b(?:dropp\w+|stopp\w+|switch\w*|chang\w+|omit\w*|de-?escalat\w*|maintenance|alone)\b")
_COMPLETED = Gated(
    r"\b(?:completed(?! before)|completing|finishing|finished(?! for good| before)|completion of|completo|completado|(?:a|the|one|her|his|my) (?:full|whole) year\b|full (?:one|two|five|ten|1|2|5|10) years?|(?<!not )all (?:(?:the )?(?:planned )?(?:\d{1,2}|four|five|six|seven|eight|nine|ten|twelve|fourteen) (?:cycles|doses|courses|infusions)|(?:of them )?given\b)|the (?:planned )?(?:year|course|five years) (?:was|were|is) (?:full|complete|over|up))\b"
)
_CHOICE = Gated(
    r"\b(?:patient(?:'s)? (?:choice|preference|request|wish)|declined further|chose to stop|at (?:her|his) own (?:wish|request)|personal (?:choice|reasons))\b"
)
_ONGOING = Gated(
    r"\b(?:ongoing|currently (?:on|receiving)|continues?(?: on)?|continuing|remains on|still on|to date|present|now on|is on|takes|is taking|current(?:ly)?|en curso|actualmente|on treatment|to present)\b"
)


@dataclass(slots=True)
class Course:
    """One course while it is read."""

    drugs: list[str]
    span: Span
    entry: Entry
    classes: list[str]
    end_known: bool = False
    planned: bool = False
    last_given: tuple[str, Span] | None = None
    """The day of the newest cycle, which is the last day only of a course that has ended."""


_STOPPED_FOR = Gated(
    r"\b(?:stopped|discontinued|ceased|withdrawn|(?:finished|over|ended) for good|permanently discontinued|given up|gave (?:it )?up(?: on (?:it|them|this|that))?|abandoned|came off (?:it|them)|taken off (?:it|them))\s(?:[a-z]+\s){0,3}?(?:for|because of|due to|owing to|on account of|by reason of)\s"
)
_EVENTS = Gate(_RESPONSE, _BEST_PD, _TOXIC, _STOPPED_FOR, _AS_PLANNED, _COMPLETED, _CHOICE, _ONGOING)
"""What may be told of a course beside its dates and cycles."""
_BEGAN = Gated(r"\b(?:started|began|begun|commenced|initiated|from|since)\b[^;.]{0,48}$")


_LAST_DAY = re.compile(
    r"\b(?:last (?:dose|cycle|infusion|tablets?|pills?|capsules?|injections?|treatment)|the last(?: one| of (?:these|them))?(?: was)?(?: given)?(?= on)|stopped|discontinued)\b[\s:(a-z]{0,8}$"
)
LAST_GIVEN = Gated(
    r"\b(?:the )?(?:last|latest|most recent)(?:\s(?:one|of these|of them|dose|cycle|course|infusion|infusions|treatment|administration))?(?:\s(?:was|being|is|has been))?(?:\s(?:given|number|no\.?))?(?:\s?(?:c|cycle |#)\d{1,2})?[\s:,(]{1,2}(?:on |of |in |dated |from )?$"
)
_RECEPTOR_BEFORE = re.compile(r"\b(?:er|hr)\b[^,;]{0,14}$")
_PATHOLOGIC = re.compile(r"patholog\w*\s$")


def read_events(
    note: Note,
    course: Course,
    low: int,
    high: int,
    *,
    group: Group | None = None,
    follow: bool = False,
    stopping: bool = False,
) -> None:
    """Read dates, response, cycles and the reason of the end inside a stretch that belongs to one course."""
    if course.planned:
        return
    entry = course.entry
    progressed = _progress(note, course, low, high)
    dates = [
        one for one in dated_in(note, low, high) if not any(one.start >= a and one.end <= b for a, b in progressed)
    ]
    dates = [one for i, one in enumerate(dates) if not _named_twice(note, one, dates[i + 1 :])]
    newest = [one for one in dates if LAST_GIVEN.search(note.plain, max(low, one.start - 44), one.start)]
    if newest:
        course.last_given = str(newest[-1].value), (newest[-1].start, newest[-1].end)
    if follow:
        for one in dates:
            if _LAST_DAY.search(
                note.plain[max(low, one.start - 26) : one.start],
            ):
                entry.put("end", str(one.value), (one.start, one.end))
    else:
        _assign(note, course, dates, low, high, group, stopping=stopping)
    came_back(note, entry, high)
    told = _EVENTS.near(note.plain, low, high)
    done = DONE_AS_PLANNED.search(note.plain, low, high) if told else None
    if done:
        entry.put("reason_stopped", "completed", done.span())
    for match in _RESPONSE.finditer(note.plain, low, high) if told else ():
        written = match["w"]
        if note.text[match.start("w") : match.end("w")].islower() and len(written) <= 2:
            continue
        if _RECEPTOR_BEFORE.search(note.plain[max(low, match.start() - 14) : match.start()]) or (
            follow and not match[0].startswith("best") and progressed and match.start() > progressed[0][0]
        ):
            continue
        value = next((said for start, said in _RESPONSES.items() if written.startswith(start)), None)
        patholog = _PATHOLOGIC.search(note.plain[max(low, match.start() - 14) : match.start()])
        if _NEARLY.search(note.plain, max(low, match.start() - 12), match.start()):
            break  # "near-complete response" is none of the terms
        other = _RESPONSE.search(note.plain, match.end(), min(high, match.end() + 24))
        if other and other["w"] != written:
            break  # "CR in nodes, PR in lung": no response of the whole
        if value and not patholog and not context(note, *match.span()).negated:
            entry.put("best_response", value, match.span())
            break
    best_pd = _BEST_PD.search(note.plain, low, high) if told else None
    if best_pd:
        entry.put("best_response", "PD", best_pd.span())
    read_cycles(note, entry, low, high, group=group, follow=follow, stopping=stopping)
    if not told:
        return
    toxic = _TOXIC.search(note.plain, low, high)
    toxic = toxic or _stopped_for_effect(note, low, high)
    if toxic and not context(note, *toxic.span()).unsure and not _of_a_part(note, course, toxic.start()):
        if entry.values.get("reason_stopped") == "progression" and _NOT_FOR_PD.search(note.plain, low, high):
            del entry.values["reason_stopped"]  # "PD after T-DXd (stopped for ILD, not for PD)"
        entry.put("reason_stopped", "toxicity", toxic.span())
    for spread in _STOPPED_FOR.finditer(note.plain, low, high):
        if "reason_stopped" not in entry.values and _FOR_SPREAD.match(note.plain, spread.end(), high):
            entry.put("reason_stopped", "progression", spread.span())  # "stopped because of metastases"
    for value, pattern in (("completed", _COMPLETED), ("patient_choice", _CHOICE)):
        match_reason = None if follow and value == "completed" else pattern.search(note.plain, low, high)
        if match_reason and value == "completed" and OTHER_DONE.search(note.plain, low, match_reason.start()):
            continue
        if match_reason and not context(note, *match_reason.span()).negated:
            entry.put("reason_stopped", value, match_reason.span())
    planned = _AS_PLANNED.search(note.plain, low, high)
    if planned:
        whole = _ALL_GIVEN.search(note.plain, low, planned.start()) and not _ALTERED.search(
            note.plain, low, planned.end()
        )
        entry.put("reason_stopped", "completed" if whole else "planned_switch", planned.span())
    ongoing = None if follow else _ONGOING.search(note.plain, low, high)
    if (
        ongoing
        and "end" not in entry.values
        and "reason_stopped" not in entry.values
        and not context(note, *ongoing.span()).negated
    ):
        entry.put("ongoing", True, ongoing.span())


_NOT_FOR_PD = re.compile(
    r"\bnot (?:for|because of|due to|on account of) (?:the |any |a )?(?:pd|progress\w*|relapse|growth|disease)\b"
)
_EFFECT_REACH = 48


def _stopped_for_effect(note: Note, low: int, high: int) -> re.Match[str] | None:
    """Return the words of an end for a side effect of any name: "we gave up on it for hypertension"."""
    for match in _STOPPED_FOR.finditer(note.plain, low, high):
        for hit in note.hits_in(match.end(), min(high, match.end() + _EFFECT_REACH), "toxicity", "condition"):
            if hit.id("condition") in _SPREAD_WORDS and not hit.id("toxicity"):
                continue
            if not _PARTED_EFFECT.search(note.plain, match.end(), hit.start) and not PD.search(
                note.plain, match.end(), hit.start
            ):
                return match
    return None


_SPREAD_WORDS = frozenset({"metastasis", "malignancy", "visceral_crisis"})
_FOR_SPREAD = re.compile(
    r"(?:new |the |her |his |bone |liver |lung |brain |visceral |distant |these |those |development of |appearance of ){0,4}(?:metasta(?:ses|sis|tic)|mets\b|visceral crisis)"
)
_PARTED_EFFECT = re.compile(r"[;.:]\s")


def _of_a_part(note: Note, course: Course, place: int) -> bool:
    """True when the words are of one drug of a regimen, in brackets: "(oxaliplatin dropped for neuropathy)"."""
    named = [hit for hit in note.hits_in(max(0, place - 30), place, "drug") if hit.end >= place - 6]
    if not named or len(course.drugs) < 2 or named[-1].id("drug") not in course.drugs:
        return False
    between = note.plain[course.span[1] : named[-1].start]
    return between.count("(") > between.count(")")


def _named_twice(note: Note, one: Mention, later: list[Mention]) -> bool:
    """True for the word of a day that stands right behind it: "today 9/14/2026"."""
    return (
        bool(later)
        and note.plain[one.start].isalpha()
        and not note.plain[one.end : later[0].start].strip(" ,(")
        and note.plain[one.start : one.end] in ("today", "yesterday")
    )


_BEST_BEFORE = re.compile(r"best[^,;]{0,14}$")
_NEXT_COURSE = re.compile(r"[;.]|\b(?:started|switched|from|then|start)\b")
_TO_DAY = re.compile(
    r"[\s:,(]*(?:(?:in|of) (?:the )?(?:liver|lungs?|bones?|brain|nodes?|peritoneum|pleura|skin|adrenals?)(?: and (?:liver|lungs?|bones?|brain|nodes?))? |on|in|by|at|ct|of|scan|pet|mri|it|imaging|restaging|dated|en|el|tac|the|disease|-|:|\(|\s)*"
)
_TO_SCAN = re.compile(
    r"[^.;]{0,40}\b(?:ct|cect|pet(?:[ -]ct)?|mri|scan|imaging|tac)\b(?: cap| scan)?\s?(?:of|on|from|dated|in|\()?\s?"
)
"""Where a disease went on, and the scan that showed it: "PD in lung and liver on CT 24 February"."""
_FAR_SCAN = 60
_PLACES = re.compile(r"[\w\s,&+/()-]{0,60}")
_NOT_OF_IT = re.compile(
    r"\b(?:until|till|to|since|before|after|bx|biops\w+|rebiops\w+|surgery|srs|rt|radio\w+|rx|c\d|cycle|for|was|were|had|has)\b"
)


def _where_it_grew(note: Note, start: int, stop: int) -> bool:
    """True where only the places of the growth and its scan stand before a day: "PD liver and new lung nodules 20 October"."""
    words = note.plain[start:stop]
    if _PLACES.fullmatch(words) is None or _NOT_OF_IT.search(words):
        return False
    return bool(note.hits_in(start, stop, "site", "organ")) and not note.hits_in(start, stop, "drug", "regimen")


_FROM_DAY = re.compile(
    r"[\s:,(-]*(?:(?:showed|shows|with|confirmed|ct|pet(?:[ -]ct)?|mri|scan|cap|tap|restaging|chest|abdomen|pelvis|demonstrated|revealed|:|/|-)[\s:]*){0,4}"
)


def _progress(note: Note, course: Course, low: int, high: int) -> list[Span]:
    """Read progression with its date; return the places of the dates that are its own."""
    taken: list[Span] = []
    for match in PD.finditer(note.plain, low, high):
        # Of "it was growing again" the last word counts: "until it did not, it was growing" denies nothing of it.
        said = context(note, max(match.start(), note.plain.rfind(" ", low, match.end()) + 1), match.end())
        if (
            said.negated
            or said.unsure
            or said.hypothetical
            or said.family
            or TO_COME.search(note.plain, low, match.start())
            or _BEST_BEFORE.search(note.plain[max(low, match.start() - 16) : match.start()])
        ):
            continue
        if (
            _AGAIN.match(match[0])
            and not _until(note, low, match)
            and (
                "end" in course.entry.values
                or course.entry.values.get("reason_stopped") == "completed"
                or not _while_on(note, course, match)
            )
        ):
            continue
        if "reason_stopped" not in course.entry.values or course.entry.values["reason_stopped"] == "planned_switch":
            if course.entry.values.get("reason_stopped") == "planned_switch" and "maintenance" not in str(
                course.entry.values.get("setting")
            ):
                continue
            course.entry.values.pop("reason_stopped", None)
            if not course.entry.values.get("ongoing"):
                course.entry.put("reason_stopped", "progression", match.span())
        behind = [
            one
            for one in dated_in(note, match.end(), min(high, match.end() + _FAR_SCAN))
            if not _NEXT_COURSE.search(note.plain[match.end() : one.start])
        ]
        before = dated_in(note, max(low, match.start() - 30), match.start())
        day = None
        if behind and (
            _TO_DAY.fullmatch(note.plain, match.end(), behind[0].start)
            or _TO_SCAN.fullmatch(note.plain, match.end(), behind[0].start)
            or _where_it_grew(note, match.end(), behind[0].start)
        ):
            day = behind[0]
        elif (
            before
            and (
                _PD_DATE_BEFORE.search(note.plain[max(low, before[-1].start - 20) : before[-1].start])
                or _FROM_DAY.fullmatch(
                    note.plain[before[-1].end : match.start()],
                )
            )
            and not _END.search(note.plain[max(low, before[-1].start - 24) : before[-1].start])
            and (
                _PD_DATE_BEFORE.search(note.plain[max(low, before[-1].start - 20) : before[-1].start])
                or not _BEGAN.search(note.plain, max(low, before[-1].start - 60), before[-1].start)
                or dated_in(note, low, before[-1].start)
            )
            and not _range_end(note, before[-1], low)
        ):
            day = before[-1]
        if day is not None and day.value:
            taken.append((day.start, day.end))
            if _until(note, low, match):
                course.entry.put("end", str(day.value), (day.start, day.end))
            course.entry.put("progression_date", str(day.value), (day.start, day.end))
        break
    return taken


_ON_IT = re.compile(r"\s(?:on|under|during|while|whilst|despite)\b")


def _while_on(note: Note, course: Course, match: re.Match[str]) -> bool:
    """True for a relapse that is told in the sentence of the course, or as one under treatment."""
    own = note.sentence(match.start()) is note.sentence(course.span[0])
    return own or _ON_IT.match(note.plain, match.end()) is not None


_AGAIN = re.compile(r"relaps|recurr|.*(?:came back|come back|returned)$")
"""A disease that comes back after treatment has ended is not why it ended."""


def _until(note: Note, low: int, match: re.Match[str]) -> bool:
    """True for a treatment that was given until it failed, and not for the quiet time behind it."""
    led = _UNTIL.search(note.plain, max(low, match.start() - 24), match.start())
    return led is not None and _WELL_UNTIL.search(note.plain, low, match.start()) is None


_WELL_UNTIL = re.compile(
    r"\b(?:quiet|well|clear|free of|disease[- ]free|in remission|no (?:sign|evidence|recurrence|relapse)|follow-?up|surveillance|without)\b[^.;]{0,30}\b(?:until|till|til)\b"
)
"""How somebody was after a treatment: "all was quiet until she relapsed"."""
_UNTIL = re.compile(r"\b(?:until|till|til)\s(?:[a-z]+\s){0,3}$")


def _range_end(note: Note, mention: Mention, low: int) -> bool:
    earlier = dated_in(note, low, mention.start)
    return bool(earlier) and _RANGE_GAP.match(note.plain[earlier[-1].end : mention.start]) is not None


_OTHER_EVENT = re.compile(
    r"(?:dob|born|\badm(?:itted|ission)?|\bseen|reviewed|discharged|\w+ectomy|debulking|resected|operated|dx|diagnosed|\bct|mri|scan|echo|tte|muga|bx|biopsy|surgery|mastectomy|lvef|relapsed?[^,;]{0,10})\s?(?:on|in|:|\()?\s?$"
)
_AFTER_EVENT = re.compile(r"\bafter\s[^,;.]{3,40}$")
_PARTED = re.compile(r"[;.]")
_MEANWHILE = re.compile(r"\b(?:when|while|as) (?:she|he|they|her|his|the|it|new|a)\b")
"""What happened while the drug was given: "still taking letrozole when she developed back pain in January"."""
_CYCLES_IN = re.compile(r"cycles?\s*(?:in|from)\b")
_BEGINS = re.compile(r"^\s*$|[(,:–-]\s*$|\b(?:in|on|dated|en)\s*$|^[\s,:-]*(?:she|he|was|started|received|with|\w+)?")


def _own_range(note: Note, group: Group, dates: list[Mention]) -> bool:
    """True when two days right behind the drugs say from when to when they were given."""
    own = [one for one in dates if one.start >= group.end]
    return (
        len(own) > 1
        and own[0].start - group.end < _BESIDE
        and _RANGE_GAP.match(note.plain[own[0].end : own[1].start]) is not None
    )


_BESIDE = 12
_END_OF = re.compile(r"\b(?:end|completion) of (?:the |her |his )?(?:(?:neo)?adjuvant |maintenance )?$")
_LAST_OF = re.compile(r"\b(?:last|latest|final|most recent)\s(?:dose of |cycle of |infusion of )?$")


def _assign(
    note: Note, course: Course, dates: list[Mention], low: int, high: int, group: Group | None, *, stopping: bool
) -> None:
    """Give the dates of a stretch their parts: start, end."""
    entry = course.entry
    for i, mention in enumerate(dates):
        span, value = (mention.start, mention.end), str(mention.value)
        before = note.plain[max(low, mention.start - 40) : mention.start]
        following = note.plain[mention.end : dates[i + 1].start] if i + 1 < len(dates) else ""
        if _OTHER_EVENT.search(
            before,
        ) or (CYCLE_DAY.match(note.plain, mention.end) or LATER_CYCLE.search(before)):
            continue
        if (
            group is not None
            and note.plain.startswith(("today", "this "), mention.start)
            and CYCLE_NAMED.match(note.plain, group.end)
        ):
            continue  # "For today: T-DXd c5": the day of a later cycle
        if group is not None and mention.end <= group.start and note.plain[mention.end : mention.end + 1] == ")":
            continue  # "adenocarcinoma (2024), now on FOLFIRI": the bracket is of what stands before it
        if group is not None and mention.end <= group.start and _AFTER_EVENT.search(note.plain, low, mention.start):
            continue  # "After debulking on 4 October she received ..."
        if group is not None and mention.end <= group.start and _own_range(note, group, dates[i + 1 :]):
            continue  # "metastases found Dec 2024 --> letrozole Jan 2025 to July 2026"
        if (
            group is not None
            and mention.end <= group.start
            and not START.search(before)
            and any(
                one.start >= group.end and START.search(note.plain[max(group.end, one.start - 26) : one.start])
                for one in dates[i + 1 :]
            )
        ):
            continue  # "bone metastases in September, letrozole since October"
        if i + 1 < len(dates) and _RANGE_GAP.match(following):
            if "start" not in entry.values:
                entry.put("start", value, span)
            continue
        if i and _RANGE_GAP.match(note.plain[dates[i - 1].end : mention.start]):
            if entry.values.get("end") == entry.values.get("progression_date"):
                entry.values.pop("end", None)  # "20 October to 16 February, until progression (16 March)"
            entry.put("end", value, span)
            continue
        if _END.search(before) or stopping:
            entry.put("end", value, span)
        elif START.search(before):
            entry.put("start", value, span)
        elif group is not None and i == 0 and _END_OF.search(note.plain, max(low, group.start - 40), group.start):
            entry.put("end", value, span)  # "at the end of adjuvant trastuzumab, July 2022"
        elif group is not None and i == 0 and _LAST_OF.search(note.plain, max(low, group.start - 40), group.start):
            course.last_given = value, span  # "Last trastuzumab 13 July"
        elif group is not None and i == 0 and "start" not in entry.values:
            close = (
                note.plain[group.end : mention.start]
                if mention.start >= group.end
                else note.plain[mention.end : group.start]
            )
            word = note.plain.startswith(("today", "this "), mention.start)
            if word and mention.end <= group.start and "," in close:
                continue  # "Today: ECOG 2, on capecitabine": how it is now
            apart = _PARTED.search(close) or PD.pattern.search(close) or _MEANWHILE.search(close)
            if len(close) <= 44 and not apart:
                done = _COMPLETED.search(note.plain, low, high)
                if (
                    done
                    and done.end() <= mention.start
                    and done.end() >= low
                    and mention.start - done.end() < 60
                    and not _CYCLES_IN.search(close)
                ):
                    entry.put("end", value, span)
                elif _BEGINS.search(
                    close,
                ):
                    entry.put("start", value, span)
