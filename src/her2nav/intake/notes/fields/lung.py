"""Inflammation of the lung (ILD, pneumonitis): never, once with or without steroids, or now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.side_effects import GRADE, grade_of
from her2nav.intake.notes.found import Found
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_ILD_REASON = Gated(r"\b(?:given|due to|because of|owing to|despite|after|in view of)\b[^.;]{0,30}$")
"""ILD as a reason: "rechallenge not favoured given ILD" denies no ILD."""
ILD = Gated(
    r"\b(?:ild|interstitial lung disease|interstitial pneumoni(?:a|tis)|lung inflammation|pneumonitis|neumonitis|interstitial pneumopathy|pulmonary fibrosis)\b(?:\s?/\s?(?:ild|pneumonitis))?"
)
_ILD_ABSENT = Gated(
    r"\bno (?:pneumonitis|ild)\b[^.;]{0,40}\band (?:she |he |i )?(?:has |had |have )?(?:not|never) (?:had |seen )?(?:it|any|this) (?:before|in the past|earlier|previously)\b|\bno (?:history of |antecedents? of |h/o |hx of |hx |evidence of |prior |known |current |signs of )?(?:\w+ or )?(?:ild|interstitial lung disease|interstitial pneumon(?:ia|itis|opathy)|lung inflammation|pneumonitis)\b|\bno (?:history of |known |previous |prior )?(?:cardiac or lung|lung or cardiac|lung|pulmonary|respiratory) (?:disease|history|hx|problems)\b(?! on| in)|\bnever (?:had )?any (?:lung|pulmonary) (?:disease|problems|trouble)\b|\bnever (?:had )?(?:any )?(?:ild|pneumonitis)\b|\b(?:ild|pneumonitis|interstitial pneumonia)[\s/:,a-z]{0,20}: ?(?:no|none|nil|absent|never)\b|\blungs?\b[^.;]{0,70}\bnever (?:been |had |seen |shown |found |any )+(?:lung )?inflammation\b|\bnever (?:had |been told of )?(?:any )?inflammation (?:of|in) (?:the |my |her |his )?lungs?\b|\bild no\b(?=[.,;]|\s?$)|\b(?:ild|pneumonitis|interstitial (?:lung disease|pneumon(?:ia|itis)))(?:[\s/,(]{1,3}(?:or|and|pneumonitis|ild|ever|past|present|history|of|interstitial lung disease)\b\)?){0,4}\s*[:|-]?\s*(?:no|none|nil|never|absent)(?: known)?(?: history)?(?=\s*(?:[.;\n]|$))|\bsin (?:neumonitis|ild)\b|\bdenies (?:ild|pneumonitis)"
)
_ILD_DAY = re.compile(r"\b(?:in|on|since|from|of|dated)\s(?:early |late |mid )?$")
_ROW_OF_IT = re.compile(
    r"[\s:–-]{1,4}(?:ct(?: of the chest| chest)?[\s:]{1,2})?(?:(?:new|asymptomatic|symptomatic|drug-induced)\s){0,2}(?:(?:ctcae\s)?(?:grade|gr?\.?)[\s-]?\d,?\s)?"
)
"""Between the day of a line and the inflammation it tells: "10/02/2026: Grade 1 pneumonitis"."""
_STEROID = re.compile(r"\bsteroids?\b|prednis\w+|\bpred\b|methylpred\w*|dexameth\w+|corticoid\w+")
_ACTIVE = re.compile(
    r"\b(?:current|active|ongoing|on prednis\w+|new|now has|(?<!was )(?<!were )improving|still on (?:\w+ )?(?:steroids?|prednis\w+|dexameth\w+)|on a (?:steroid|prednis\w+) taper)\b"
)
_ON_WARD = Gated(
    r"\b(?:ward round|consultant round|hospital day|day \d{1,2} (?:of )?(?:admission|stay)|this admission|inpatient|in-patient)\b"
)

LUNGS = Gate(ILD, _ILD_ABSENT)


def read_lung(note: Note, sentence: Sentence) -> Iterator[Found]:
    """Yield what a sentence, with the next one for its treatment, says of inflammation of the lung."""
    absent = _ILD_ABSENT.search(note.plain, sentence.start, sentence.end)
    told = next(
        (
            one
            for one in ILD.finditer(note.plain, sentence.start, sentence.end)
            if absent is None or one.end() <= absent.start() or one.start() >= absent.end()
        ),
        None,
    )
    if absent is not None and (told is None or not context(note, *told.span()).stated):
        yield from _absent(note, sentence, absent)
    elif told is not None and _ASKED.match(note.plain, told.end(), sentence.end):
        yield from _answered(note, sentence, told)
    elif told is not None:
        yield from _told(note, sentence, told)


_ASKED = re.compile(r"[\w\s/]{0,24}\?")
_NO = re.compile(r"\s*(?:\[x\]\s?)?(?:no?|none|nil|never)\b")


def _answered(note: Note, sentence: Sentence, told: re.Match[str]) -> Iterator[Found]:
    """Yield the denial behind a question: "ILD ever? [ ] Y [x] N"; a yes tells nothing of steroids."""
    behind = next(iter(list(note.sentences_from(sentence))[1:2]), None)
    asked = note.plain.find("?", told.end(), sentence.end) + 1
    rest = (asked, sentence.end) if note.plain[asked : sentence.end].strip() or behind is None else behind[:2]
    match = _NO.match(note.plain, *rest)
    if match is not None:
        yield Found("lung.ild_history", "none", (told.start(), match.end()))


def _absent(note: Note, sentence: Sentence, absent: re.Match[str]) -> Iterator[Found]:
    said = context(note, absent.end(), absent.end())
    inner = context(note, absent.end() - 1, absent.end())
    organ = (
        "lung disease" in absent[0]
        and not absent[0].startswith("never")
        and "interstitial" not in absent[0]
        and "cardiac" not in absent[0]
        and sentence.section != "history"
    )
    now_only = _of_scan(note, sentence, absent) and _told_elsewhere(note, absent)
    if not (said.family or inner.unsure or organ or now_only):
        yield Found("lung.ild_history", "none", absent.span())


def _of_scan(note: Note, sentence: Sentence, absent: re.Match[str]) -> bool:
    """True for what a scan does not show now: "CT: no ILD" does not undo what is told of earlier."""
    if _EVER.search(absent[0]):
        return False
    return sentence.section == "imaging" or _SCAN.search(note.plain, sentence.start, sentence.end) is not None


def _told_elsewhere(note: Note, absent: re.Match[str]) -> bool:
    """True where inflammation of the lung is told at another place of the note."""
    return any(
        context(note, *one.span()).stated
        for one in ILD.finditer(note.plain)
        if one.end() <= absent.start() or one.start() >= absent.end()
    )


_EVER = re.compile(
    r"\b(?:history|h/o|hx|prior|previous|known|never|denies|ever|before|in the past|earlier|previously|antecedents?|past)\b"
)
_SCAN = re.compile(r"\b(?:hr)?ct\b|\bpet(?:[ -]ct)?\b|\bx-?rays?\b|\bimaging\b|\bscans?\b|\bscanner\b")
_ONLY_SPOKEN = re.compile(
    r"\brisk\b|\b(?:think|suspect|consider|remember|beware)\b|\bany new\b|\bmonitor|\bcounsel|\bwarn|\bwatch\b|\bradiation pneumonitis\b"
)
_NO_STEROID = re.compile(
    r"\b(?:no|without|not) (?:need(?:ing)? |requir\w+ )?(?:steroids?|corticosteroids?)\b|\bsteroids? (?:was|were) not (?:given|needed|required)\b"
)
_OVER = re.compile(r"resolved|history")
_ONCE = re.compile(r"resolved|history|previous|prior|former|after")
_GRADED = re.compile(rf"\b{GRADE}[\s-]*(?:\w+\s)?(?:ild|pneumonitis|interstitial)")
_GRADED_BEHIND = re.compile(
    rf"(?:ild|pneumonitis|pneumonia|disease)(?: (?:from|due to|on|under|after|caused by) (?:the )?[a-z0-9/-]+)?[\s,:(|]*(?:yes\b[\s,:]*)?{GRADE}"
)


def _told(note: Note, sentence: Sentence, match: re.Match[str]) -> Iterator[Found]:
    said = context(note, *match.span())
    now = _told_now(note, sentence, match)
    if not said.stated or said.planned or (sentence.section == "plan" and not now):
        if said.negated and not (
            said.unsure
            or said.family
            or (_SCAN.search(note.plain, sentence.start, sentence.end) and _told_elsewhere(note, match))
            or _ILD_REASON.search(note.plain, sentence.start, match.start())
        ):
            yield Found("lung.ild_history", "none", match.span())
        return
    words = note.said(sentence.start, sentence.end)
    if _ONLY_SPOKEN.search(words):
        return
    grade = _GRADED.search(words) or _GRADED_BEHIND.search(words)
    value = "current" if now else None
    value = value or _value(note, words, graded=grade is not None) or _value(note, _next(note, sentence), graded=False)
    if value:
        yield Found("lung.ild_history", value, match.span())
        days = [one for one in note.dates.within(sentence.start, sentence.end) if one.value and one.exact_order]
        row = note.row_date(match.start())
        if row is not None and row in days and _ROW_OF_IT.fullmatch(note.plain, row.end, match.start()):
            yield Found("lung.date", str(row.value), (row.start, row.end))
        elif len(days) == 1 and _ILD_DAY.search(note.plain, sentence.start, days[0].start):
            yield Found("lung.date", str(days[0].value), (days[0].start, days[0].end))
    if grade:
        yield Found("lung.grade", grade_of(grade["g"]), match.span())


_GIVEN = re.compile(
    r"\b(?:started|given|gave|received|needed|required|treated|course|weaned|tapered|taken|x \d|weeks?|months?|off)\b"
)


_CALLED = Gated(
    r"\b(?:calling (?:this|it)|this is|diagnosis is|now diagnosed with|we (?:now )?have)\s(?:a |an |grade \d )?$"
)
_BLAMED = re.compile(
    r"\b(?:attributed|due|related|secondary) to\b|\bwithout symptoms\b|\basymptomatic\b|\bon (?:the )?(?:hr)?ct\b|\bfrom (?:t-?dxd|enhertu|trastuzumab)"
)
_SUSPENDED = re.compile(
    r"\b(?:treatment|t-?dxd|trastuzumab deruxtecan|enhertu|drug|therapy|infusions?) (?:is |was |has been |now |to be |therefore ){0,3}(?:suspended|held|withheld|on hold|interrupted|stopped|not given|discontinued)\b|\b(?:pred\w*|steroids?)\b[^.;]{0,50}\b(?:from|started|starting|start) today\b"
)
_AHEAD = 260


def _told_now(note: Note, sentence: Sentence, match: re.Match[str]) -> bool:
    """True for an inflammation that the note itself finds, and treatment is held for: "ILD grade 1, T-DXd suspended"."""
    if _CALLED.search(note.plain, sentence.start, match.start()):
        return True
    words = note.said(sentence.start, sentence.end)
    if not (_GRADED.search(words) or _GRADED_BEHIND.search(words)) or not _BLAMED.search(words):
        return False
    stop = min(len(note.plain), sentence.end + _AHEAD)
    held = _SUSPENDED.search(note.plain, sentence.start, stop)
    if held is None:
        return False
    last = max(sentence.end, held.end())
    if _OVER.search(note.plain, sentence.start, last):
        return False
    days = [one for one in note.dates.within(sentence.start, last) if one.value is not None]
    return note.day is not None and all(one.value is not None and one.value.high >= note.day.low for one in days)


def _next(note: Note, sentence: Sentence) -> str:
    """Return the next sentence of the paragraph where it speaks of steroids: "No steroid was given"."""
    for one in list(note.sentences_from(sentence))[1:2]:
        words = note.said(one.start, one.end)
        given = _STEROID.search(words) and _GIVEN.search(words)
        if one.paragraph == sentence.paragraph and given and not ILD.search(words):
            return words
    return ""


def _value(note: Note, words: str, *, graded: bool) -> str | None:
    """Return the state that words tell, None where they do not tell whether steroids were needed."""
    if _ACTIVE.search(words) and not _OVER.search(words):
        return "current"
    if _NO_STEROID.search(words):
        return "history_no_steroids"
    if _STEROID.search(words):
        return "history_with_steroids"
    if graded and _ON_WARD.search(note.plain) and not _ONCE.search(words):
        return "current"  # graded on the round of a ward
    return None
