"""The day on which a note was written: a labelled date of its head, the date of its first lines, or that of an addendum."""

from __future__ import annotations

import itertools
import re

from her2nav.intake.notes.dates import Mention, Order, find_dates
from her2nav.intake.notes.letter_day import ends_stay, heads_letter, of_report_line, signs_letter
from her2nav.model.dates import PartialDate

_LABEL = re.compile(
    r"\b(?:date(?: of (?:visit|service|clinic|report|letter|note|dictation|consultation))?|seen(?: on)?|clinic(?: date)?|dictated|reported|visit|report date|"
    r"letter|note date|dos|(?:do[as][ .:]{1,3}[\d./-]{6,10}[\s,;|]{1,6})dod|fecha|date typed|final|report(?:ed)? on|report issued|signed out|sign-?out(?: date)?|(?:befund|berichts)?datum|verslagdatum|date (?:reported|authorised|authorized|issued)|authori[sz]ed|finali[sz]ed|d\.o\.d|date of discharge|discharge date|disch|discharge|discharged(?: on)?|today)\b\.?[ \t:-]{0,6}$"
)
_ADDED = re.compile(
    r"\b(?:addendum|amended|amendment|supplementary|revised|corrected|biomarkers? final(?:i[sz]ed)?|this summary|results? incorporated)\b(?:[^\n.;]|\bdt\.){0,32}$"
)
_TITLE_OF_NOTE = re.compile(
    r"[\W_]*(?:[a-z'&/ -]{0,50}\b)?(?:note|clinic|board|comment|visit|consult(?:ation)?|mdt|meeting|encounter)\b[a-z'&/ ,:(-]{0,16}"
)
_SIGNS = re.compile(r"[\s=)\]*#_-]*")
"""A line that opens another note under a report, with its day: "=== CLINIC NOTE, 27 October 2026 ==="."""
_ADDING = (
    "addendum",
    "amend",
    "supplementary",
    "revised",
    "corrected",
    "finalized",
    "finalised",
    "incorporated",
    "biomarkers final",
    "biomarker final",
    "this summary",
)
"""The day of an addendum is that of the newest words of a report."""
BORN = (
    r"\bdob\b|d\.o\.b\.?|date of birth|birth ?date|\bborn(?: on)?|\bgeb(?:oren|urtsdatum|\.)?(?: am)?|\bne(?:e|\(e\))? le|"
    r"date de naissance|\bddn|fecha de nacimiento|\bf\. ?nac\.?|data di nascita|\bnat[oa] il|\bnacid[oa](?: el)?|data de nascimento|\bnascid[oa](?: em)?|"
    r"geboortedatum|geboren(?: op)?|data urodzenia|\bur\.|dogum tarihi"
)
"""Words in front of a day of birth, in the languages of `intake/languages.csv` with Latin letters, without accents."""
_OTHER_DAY = re.compile(
    r"(?:"
    + BORN
    + r"|birth|nacimiento|dx|dx'd|diagnosed|collected|coll|recd|rec'd|rcvd|collection|draw date|draw|drawn|surgery date|\w+ectomy|received|operation|date of procedure|date taken|procedure|(?:procedure|surgery|operation|specimen|sample|biopsy|collection|dx|diagnosis|treatment|start|onset|admission|relapse) date|date of (?:first |initial )?(?:diagnosis|dx|surgery|operation|biopsy|admission|relapse|onset)|bx|biopsy|since|from|started|core|admitted|adm|admission|taken|next visit|at visit|next clinic|next appointment|follow-?up visit|at the visit|seen again|surgery|obtained|toma|eingang|entnahme(?:datum)?|prelevement(?: du)?|prelievo(?: del)?|afname(?:datum)?)[ \t:.,)(on]{0,8}$"
)


def find_note_day(written: list[re.Match[str]], plain: str, text: str, order: Order | None) -> Mention | None:
    """Return the day the note was written: a labelled date of its head, else the first full date of its first lines."""
    day = _first_day(written, plain, text, order)
    if day is None or day.value is None:
        return day
    newest = day
    said = any(word in plain for word in _ADDING)
    added = [
        one
        for one in written
        if one.start() > day.start
        and ((said and _ADDED.search(plain, max(0, one.start() - 48), one.start())) or _opens_note(plain, text, one))
    ]
    for mention in find_dates(added, plain, order, None):
        value = mention.value
        if value is None or not (value.exact and mention.exact_order):
            continue
        if newest.value is not None and value.low > newest.value.low:
            newest = mention
    return newest


_STAGED = re.compile(r"\bstag(?:e|ing)\b")
"""The day on which a stage was signed is not that of the note."""
_LIFE = 15
"""Years between the first date of a note and a year it names, from which on the first is rather somebody's birth."""
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d%]|[.,]\d)")
_HEAD_REACH = 110
"""A date further inside a line of the head stands in a story, and is not the day of the note."""


def _of_birth(day: PartialDate, plain: str) -> bool:
    """Whether the note names years so long after a day that it cannot have been written on it."""
    return any(int(year[0]) - day.low.year > _LIFE for year in _YEAR.finditer(plain))


_OF_REPORT = re.compile(
    r"\b(?:reported|report(?: date)?|date (?:of report|reported|authori[sz]ed|issued)|signed[ -]?out(?: date)?|authori[sz]ed|final(?:i[sz]ed)?|addended|issued|supplementary report(?: \d)?|addendum(?: \d)?|amended|biomarkers? final)[ \t:(-]{0,6}$"
)


def of_report(mention: Mention, plain: str) -> bool:
    """True for the day on which a report was signed: what happened "today" in its words was when the sample was taken."""
    return _OF_REPORT.search(plain, max(0, mention.start - 40), mention.start) is not None


def _first_day(written: list[re.Match[str]], plain: str, text: str, order: Order | None) -> Mention | None:
    head_end, first_end = _nth_line(text, 12), _nth_line(text, 4)
    first: Mention | None = None
    waits = False
    ranged = _of_ranges(written, plain, text, head_end)
    for mention in find_dates([one for one in written if one.end() <= head_end], plain, order, None):
        if mention.value is None or not (mention.value.exact or not mention.exact_order):
            continue
        before = plain[max(0, mention.start - 30) : mention.start]
        if ends_stay(text, mention):
            return mention
        if (
            _OTHER_DAY.search(before)
            or _REPLACED.search(before)
            or mention.start in ranged
            or _of_operation(mention, plain)
        ):
            continue
        if not mention.exact_order:
            # The day of the note is here, and not known: another day further on is not it.
            waits |= first is None and _heads(mention, plain, text, first_end)
            continue
        if _LABEL.search(before) or of_report_line(text, mention):
            return first if first is not None and _alone(plain, text, first) else mention
        if first is None and not waits and (_heads(mention, plain, text, first_end) or heads_letter(text, mention)):
            first = mention
    if first is None:
        # A report often carries its date at the foot.
        tail = max(0, len(plain) - 600)
        for mention in find_dates([one for one in written if one.start() >= tail], plain, order, None):
            before = plain[max(0, mention.start - 30) : mention.start]
            labelled = (
                (mention.start >= head_end and _LABEL.search(before))
                or _SIGNED.search(before)
                or _AUTHORISED.search(plain, max(0, mention.start - 70), mention.start)
                or signs_letter(text, mention)
            )
            if mention.value and mention.value.exact and mention.exact_order and labelled:
                return mention
    return first


_TO = re.compile(r"\s?(?:-|–|to|until|till|through)\s?")
_STAY = re.compile(r"\b(?:admi\w+|hospital\w*|in-?patient|stay|discharg\w+|ward|treatment from)\b")


def _of_ranges(written: list[re.Match[str]], plain: str, text: str, stop: int) -> set[int]:
    """Return where days stand that are the first and the last one of something else than a stay in hospital."""
    found: set[int] = set()
    near = [one for one in written if one.start() <= stop]
    for one, following in itertools.pairwise(near):
        if _TO.fullmatch(plain, one.end(), following.start()):
            line = plain[text.rfind("\n", 0, one.start()) + 1 : following.end()]
            if _STAY.search(line) is None:
                found |= {one.start(), following.start()}
    return found


_SURGERY_OF_STAY = re.compile(r"\bdoa\b[^\n]{0,40}\bdos[ .:-]{1,3}$")
"""Between the days of admission and discharge it is the day of surgery, not of service."""


def _of_operation(mention: Mention, plain: str) -> bool:
    return _SURGERY_OF_STAY.search(plain, max(0, mention.start - 60), mention.start) is not None


def _heads(mention: Mention, plain: str, text: str, first_end: int) -> bool:
    """Whether a date stands where the day of the note does: in the first lines, outside a story."""
    start = text.rfind("\n", 0, mention.start) + 1
    return (
        mention.start <= first_end
        and mention.start - start < _HEAD_REACH
        and not _STAGED.search(plain, start, mention.start)
        and not (mention.value is not None and _of_birth(mention.value, plain))
    )


_REPLACED = re.compile(r"\b(?:replac(?:es|ing)|supersed(?:es|ing)|in place of)\b[^\n.;]{0,24}$")
"""The day of the report that this one takes the place of: "replaces the report issued 2 October"."""
_AUTHORISED = re.compile(
    r"\b(?:authori[sz]ed|verified|validated|signed(?: out)?|electronically signed)(?: by)?[\s:]{1,4}(?:dr|prof|mr|mrs|ms|assoc)\b[^\n\d]{1,60}$"
)
"""The line that signs a report, with a name before the day: "Authorised Dr Marsh 9 October"."""
_SIGNED = re.compile(r"\b(?:sincerely|faithfully|regards)\W{1,4}$")


def _beside(plain: str, text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind a place on its line."""
    first = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    return plain[first:start], plain[end : stop if stop >= 0 else len(plain)]


def _opens_note(plain: str, text: str, one: re.Match[str]) -> bool:
    before, behind = _beside(plain, text, one.start(), one.end())
    return _TITLE_OF_NOTE.fullmatch(before) is not None and _SIGNS.fullmatch(behind) is not None


def _alone(plain: str, text: str, mention: Mention) -> bool:
    """True for a date that is a line of its own."""
    return not "".join(_beside(plain, text, mention.start, mention.end)).strip()


def _nth_line(text: str, n: int) -> int:
    place = -1
    for _ in range(n):
        place = text.find("\n", place + 1)
        if place < 0:
            return len(text)
    return place
