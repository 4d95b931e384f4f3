"""A dated scan of the brain and the passage that tells what it showed: how many, how large, what became of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.intake.notes.context import context
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

COUNTS = {
    "single": 1, "solitary": 1, "one": 1, "both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_NUMBER = r"\d{1,2}|" + "|".join(COUNTS)
_ADJECTIVES = r"treated|small|tiny|enhancing|known|old|stable|brain|cerebral|ring-?enhancing|previously|irradiated"
_THINGS = r"lesions|metastases|mets|foci|deposits|spots|areas"
IMAGE = Gated(
    r"\b(?:mri|mr|ct|rm)(?: of)?(?: the)? (?:brain|head|cerebral)\b|\bbrain (?:mri|imaging|ct)\b|\bhead (?:mri|ct)\b|\b(?:head|brain) scan\b|\bscan of (?:the |my |her |his )(?:head|brain)\b|\bbrain neg\w* (?:on )?mri\b|\b(?:cns|intracranial|brain|cerebral) (?:disease|mets?|metasta\w+|lesions?) on (?:mri|ct)\b"
)
_DISEASE_ON = re.compile(r" on (?:mri|ct)$")
"""The denial of "no brain metastases on MRI" is of the disease, not of the imaging."""
OF_BRAIN = Gated(r"\b(?:brain|cerebral|cerebellar|srs|radiosurgery|gamma knife|cyberknife|craniotomy)\b")
_LAST = re.compile(
    r"\b(?:(?:the|her|his|a) )?(?:last|latest|repeat|follow-?up|control|surveillance|most recent|post-?op\w*) mri\b(?! (?:of )?(?:the )?(?:breast|spine|liver|pelvi\w+|rect\w+|abd\w+|whole))"
)
"""A further scan that does not name the brain again, behind words of the brain."""
_FORWARD, _BACK = 40, 20
_REACH = 420
_SENTENCES = 5
_OVER = re.compile(
    r"\b(?:ct|pet|echo\w*|lvef|muga|bone scan|systemic|extracranial|chest|thorax|abdomen|liver|hepatic|lungs?|pulmonary|nod\w+|bones?|breast|skeletal|labs|bloods|plan|impression|overall|srs(?![- ]treated)|wbrt|radiosurgery|gamma knife|planned|recommend\w*|discussed)\b|\bdr\b"
)
"""Where the passage on the brain ends: another organ, another test, what is to be done."""
_HOW_MANY = re.compile(
    rf"(?<![\d./-])(?P<n>{_NUMBER})\s(?:(?:{_ADJECTIVES})\s){{0,3}}(?:{_THINGS})\b|\((?P<k>\d{{1,2}}) lesions|\b(?P<o>one|single|solitary)\s(?:\w+\s)?(?:spot|lesion|metastasis|focus|deposit)\b"
)
_NEW_ONES = re.compile(
    rf"(?<![\d./-])(?P<n>{_NUMBER})\snew\s(?:(?:{_ADJECTIVES}|left|right|l|r|cerebellar|frontal|parietal|temporal|occipital)\s){{0,3}}(?:{_THINGS})\b"
)
_IN_ALL = re.compile(
    r"\b(?P<n>\d{1,2}|"
    + "|".join(COUNTS)
    + r")\s(?:(?:lesions|metastases|mets)\s)?(?:in (?:all|total)|total|altogether)\b(?! (?:dose|gy|fraction))"
)
_MORE_NEW = re.compile(
    r"(?<![\d./])(?:\d{1,2}|one|two|three|four|five)\s(?:others?\s|are\s)?new\b(?!\s(?:brain|cerebral))"
)
_MASS = re.compile(r"\b(?:mass effect|midline shift)\b")
_MILLIMETRES = r"(?P<mm>\d{1,2}(?:\.\d)?)(?:\s?[x×]\s?\d{1,2}(?:\.\d)?)?\s?(?P<u>mm|cm)\b"
_LARGEST = re.compile(
    rf"\b(?:largest|biggest|larger|max(?:imum|imal)?\.?|up to)\b[\s:]{{1,2}}(?:(?:one|lesion|size|diameter|being|measuring|of|is|at|was|in|the|left|right|l|r|now|cerebell\w+|frontal|parietal|occipital|temporal|lobe|cortex)\s)*{_MILLIMETRES}"
)
_SIZE = re.compile(
    rf"(?<![\d.,/])(?:(?P<first>\d{{1,2}})(?:,\s|\s?/\s?|\sand\s))?{_MILLIMETRES}(?!\s(?:midline|shift|margin|slice|apart))"
)
_ONE_THING = re.compile(
    r"\b(?:lesion|metastasis|met|focus|deposit)\b(?!(?:.|\n)*\b(?:lesions|metastases|mets|foci|deposits)\b)"
)
_NOT_THE_SIZE = re.compile(r"\b(?:was|were|from|previously|prev\.?|before|formerly|shift(?: of)?|slice\w*)\s$")
_STABLE = re.compile(
    r"\bstable\b|\bno (?:new|progress\w+|active)|\bnothing new\b|\bno change\b|\bunchanged\b|\bresponse\b|\bsmaller\b|\breduced\b|\bas before\b|\bshrunk\b|\bpost-?operative changes? only\b|\bestables?\b"
)
_WORSE = re.compile(
    r"\bnew (?:l|r|left|right|frontal|parietal|occipital|temporal|cerebell\w+)\b|\bprogress\w*|\bnew (?:enhancing |small )?(?:brain|lesions?|mets?|metasta\w+|foci|deposits?)|\benlarg\w+|\bgrowing\b|\bgrown\b|\bincreas\w+|\bworse|\blarger\b(?! one)"
)
_NOT_WORSE = re.compile(r"\bno (?:new|progress\w+|active|evidence of progress\w+|larger|increas\w+)|nothing new")


@dataclass(frozen=True, slots=True)
class Scan:
    """A dated scan of the brain, with the passage behind it."""

    day: PartialDate
    day_span: Span
    sentence: Sentence
    stop: int
    """Where the passage on it ends."""
    lesions: tuple[int, Span] | None = None
    new_lesions: tuple[int, Span] | None = None
    """Of those that are called new; all of them where there were none before."""
    largest: tuple[str, Span] | None = None
    mass: tuple[bool, Span] | None = None
    calm: bool = False
    worse: bool = False

    @property
    def shown(self) -> tuple[int, Span] | None:
        """How many lesions it showed, where it tells."""
        return self.lesions or self.new_lesions


def scans(note: Note, sentence: Sentence, earlier: bool) -> list[Scan]:
    """Return the dated scans of the brain that a sentence names.

    Args:
        note: The note.
        sentence: The sentence.
        earlier: Whether the sentence before was of the brain, so that "repeat MRI" is of it too.
    """
    found: list[Scan] = []
    for match in _named(note, sentence, earlier):
        said = context(note, *match.span())
        if said.planned or (said.negated and _not_done(note, sentence, match)):
            continue
        low = max(match.start() - _BACK, sentence.start)
        days = [one for one in note.dates.within(low, min(sentence.end, match.end() + _FORWARD)) if one.value]
        days = days or _same_day(note, sentence, match.end()) or _row_day(note, match.start())
        if not days:
            continue
        day = min(days, key=lambda one: abs(one.start - match.end()))
        if day.value is not None:
            found.append(_read(note, sentence, match.end(), day, day.value))
    return found


def _row_day(note: Note, place: int) -> list[Mention]:
    """Return the day that opens the row of a time line: "02/03/2026: Headache. MRI brain: 6 lesions"."""
    row = note.row_date(place)
    return [row] if row is not None and row.value is not None and row != note.day_mention else []


def _not_done(note: Note, sentence: Sentence, match: re.Match[str]) -> bool:
    """True where the imaging is denied, and not the disease or what the scan showed: "MRI brain: negative"."""
    if _DISEASE_ON.search(match[0]):
        return False
    return (
        _NO_SCAN.search(note.plain, max(sentence.start, match.start() - 24), match.start()) is not None
        or _NEVER_DONE.search(note.plain, match.end(), sentence.end) is not None
    )


_NO_SCAN = re.compile(r"\b(?:no|without|not had|not have|never had)\b[^.;:]{0,14}$")
_NEVER_DONE = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:done|performed|obtained|repeated|available|made|carried out)|declined|refused|cancelled)\b"
)


def _named(note: Note, sentence: Sentence, earlier: bool) -> list[re.Match[str]]:
    named = list(IMAGE.finditer(note.plain, sentence.start, sentence.end))
    if not named and (earlier or OF_BRAIN.search(note.plain, sentence.start, sentence.end)):
        last = _LAST.search(note.plain, sentence.start, sentence.end)
        return [last] if last is not None else []
    return named


_SAME_DAY = re.compile(r"\s(?:on )?(?:the )?same (?:day|date|time|scan)\b")


def _same_day(note: Note, sentence: Sentence, end: int) -> list[Mention]:
    """Return the day of the scan told before: "CT 22/09 ... MR head same day: ..."."""
    if _SAME_DAY.match(note.plain, end, sentence.end) is None:
        return []
    line = note.line_starts[note.line(end) - 1]
    return [one for one in note.dates.within(line, end) if one.value and one.exact_order][-1:]


def _stop(note: Note, sentence: Sentence, start: int) -> int:
    """Return where the passage on a scan ends: at another organ, another test, or the end of the paragraph."""
    last, count = sentence.end, 0
    for one in note.sentences_from(sentence):
        if one.paragraph != sentence.paragraph or one.section != sentence.section or count >= _SENTENCES:
            break
        last, count = one.end, count + 1
    last = min(last, start + _REACH)
    over = _OVER.search(note.plain, start, last)
    return over.start() if over is not None else last


def _read(note: Note, sentence: Sentence, start: int, day: Mention, value: PartialDate) -> Scan:
    stop = _stop(note, sentence, max(start, day.end if day.start >= start else start))
    lesions, new = _lesions(note, start, stop)
    words = note.said(sentence.start, stop)
    settled = _NOT_WORSE.sub("", words)
    mass = _MASS.search(note.plain, start, stop)
    unsure = mass is None or context(note, *mass.span()).unsure
    return Scan(
        value,
        (day.start, day.end),
        sentence,
        stop,
        lesions,
        new,
        _largest(note, start, stop, lesions or new),
        None if mass is None or unsure else (not context(note, *mass.span()).negated, mass.span()),
        bool(_STABLE.search(words)),
        bool(_WORSE.search(settled)),
    )


def _lesions(note: Note, start: int, stop: int) -> tuple[tuple[int, Span] | None, tuple[int, Span] | None]:
    """Return how many lesions a scan showed, and how many that are called new."""
    total = _IN_ALL.search(note.plain, start, stop)
    if total is not None:
        return (_number(total["n"]), total.span()), None
    several = [one for one in _HOW_MANY.finditer(note.plain, start, stop) if not context(note, *one.span()).negated]
    numbers = {one["n"] or one["k"] or one["o"] for one in several}
    if len(numbers) == 1:
        if _MORE_NEW.search(note.plain, several[0].end(), stop):
            return None, None
        return (_number(numbers.pop()), several[0].span()), None
    new = [one for one in _NEW_ONES.finditer(note.plain, start, stop) if stated(note, one.span())]
    if not several and len(new) == 1:
        return None, (_number(new[0]["n"]), new[0].span())
    return None, None


def _number(words: str) -> int:
    return COUNTS[words] if words in COUNTS else int(words)


def _largest(note: Note, start: int, stop: int, lesions: tuple[int, Span] | None) -> tuple[str, Span] | None:
    """Return the size of the largest lesion: told as such, or the largest of those that are all measured."""
    told = _LARGEST.search(note.plain, start, stop)
    if told is not None:
        return f"{_scaled(told['mm'], told['u']):g}", told.span("mm")
    sizes: list[tuple[float, Span]] = []
    for one in _SIZE.finditer(note.plain, start, stop):
        if _NOT_THE_SIZE.search(note.plain, max(start, one.start() - 14), one.start()):
            continue
        sizes.append((_scaled(one["mm"], one["u"]), one.span("mm")))
        if one["first"]:
            sizes.append((_scaled(one["first"], one["u"]), one.span("first")))
    if len(sizes) == 1 and lesions is None and _ONE_THING.search(note.plain, start, stop):
        return f"{sizes[0][0]:g}", sizes[0][1]
    if not sizes or lesions is None:
        return None
    if len(sizes) < lesions[0] and sizes[0][0] < max(size for size, _ in sizes):
        return None  # not all are measured, and the list does not begin with the largest
    if len(sizes) < min(lesions[0], 2):
        return None  # of several, one alone may be any of them
    size, span = max(sizes)
    return f"{size:g}", span


def _scaled(number: str, unit: str) -> float:
    return float(number) * (10 if unit == "cm" else 1)
