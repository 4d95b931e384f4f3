"""Lesions that imaging measured: where, how long, on which day; the newest size of each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family, own_sentences
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.tumour_size import SIZE
from her2nav.intake.notes.found import Entry, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_SCAN = Gated(
    r"\b(?:(?:ce|hr)?ct|cect|mri|mr|pet(?:[ /-]?(?:ct|mri))?|scans?|imaging|tap|cap|(?:re)?staging|recist|target lesions?|measurable)\b"
)
"""What measures a lesion for RECIST; ultrasound, mammography and the hand do not."""
_OTHER_IMAGING = re.compile(
    r"\b(?:ultraso\w+|uss|us|mammo\w*|endoscop\w+|gastroscop\w+|ogd|egd|colonoscop\w+|patholog\w+|histolog\w+|macroscop\w+|specimen|biops\w+|core|palpa\w+|lump|on exam\w*|o/e|examin\w+|clinical(?:ly)? (?:exam\w*|measur\w+)|on examination|resect\w+|excis\w+|\w*ectomy)\b"
)
_THING = re.compile(
    r"\b(?:lesions?|metasta(?:sis|ses|tic)|mets?|nodules?|deposits?|mass(?:es)?|nodes?|lymphadenopathy|targets?|implants?|tumou?r|recurrence|seg(?:ment)?\.?\s?(?:[ivx]+|\d)[ab]?|lobe)\b"
)
_LISTED = Gated(r"\b(?:target lesions?|recist targets?|index lesions?|measurable (?:disease|by|lesions?))\b")
"""A list of lesions, in which each organ with a length is one."""
_BENIGN = re.compile(
    r"\b(?:cysts?|cystic|ha?emangioma\w*|fibroids?|adenoma|lipoma|benign|indeterminate|granuloma\w*|thyroid|calcul\w+|stones?|diverticul\w*|effusion|fluid|thromb\w+|aneurysm|hernia|abscess|spleen|splenomegaly|hepatomegaly|thick\w*|margin|distance|distant from|from the|slice|depth|length|duct|vessel|aort\w+ (?:diameter|calib)|cbd|catheter|stent|not suspicious|unlikely|stable since 20\d\d|hydronephro\w*|shift|scar|cavity|expander)\b"
)
_DOUBTED = re.compile(
    r"(?:\s?[x×]\s?[\d.,]+\s?(?:mm|cm)?)?[\s,(:-]{1,3}(?:\w+\s){0,2}?(?:indeterminate|benign|cyst\w*|ha?emangioma\w*|not suspicious|nonspecific|non-specific|too small to)\b"
)
_BEFORE_IT = re.compile(
    r"(?:\b(?:was|were|had been|from|previously|prev\.?|prior|earlier|before|formerly|versus|vs\.?|against|compared (?:with|to)|cf\.?|baseline|initially|originally)\s(?:at |of |about )?|[(]\s?(?:was|from|prev\w*|earlier|prior|before)\s?:?\s?)$"
)
"""What makes a length the size of before: "34 mm (was 18)", "from 29 to 44 mm"."""
_OLD_BRACKET = re.compile(r"\(\s?$")
_GROWN_TO = re.compile(r"\s?(?:->|→|>|to)\s?(?:\d|now\b)")
"""An arrow to the size of now: "31 mm -> 42 mm"."""
_OLD_BEHIND = re.compile(
    r"(?:\s?(?:in|on|at)\s(?:\w+\s)?(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|\d|baseline|start))|\s(?:before|previously|earlier|at baseline)"
)
_SHORT_AXIS = re.compile(r"\bshort[- ]?(?:axis|diameter)\b|\bsad\b")
_BRAIN = re.compile(
    r"\b(?:brain|cerebr\w+|cerebell\w+|intracranial|frontal|parietal|occipital|temporal|pontine|thalam\w+|meninge\w*|dura\w*)\b"
)
_CLAUSE = re.compile(
    r"[.;](?=\s|$)|\||,\s(?!(?:right|left|lower|upper|middle|segment|seg|station|now|measuring|largest|the largest|biggest|up to|\d))|\band\b(?=\s(?:a|an|two|three|new|the|in)\b)|\bbut\b|\n"
)
_NODE_STATION = re.compile(r"\b(?:nodes?|nodal|lymph\w*|ln|station)\b")
_BONE = ("bone", "bone_marrow", "leptomeninges", "brain", "skin")
_ADVANCED = re.compile(
    r"\b(?:metasta\w+|mets|stage iv|recurr\w+|relaps\w+|advanced|m1[abc]?|progress\w*|unresectable|inoperable|palliat\w+)\b"
)
_REACH = 110


def read_imaged_lesions(note: Note) -> Iterator[Item]:
    """Yield the lesions that the newest scan with sizes measured, one entry each, in advanced disease only."""
    if not _SCAN.search(note.plain) or not _ADVANCED.search(note.plain):
        return
    found: list[tuple[Entry, Mention | None]] = []
    scan_day: Mention | None = None
    paragraph = -1
    for sentence in own_sentences(note):
        if sentence.section in ("plan", "pathology", "family", "trial", "method", "exam", "history"):
            continue
        if sentence.paragraph != paragraph:
            scan_day, paragraph, scanned = None, sentence.paragraph, False
        own = _scan(note, sentence)
        if own is not None:
            scanned, scan_day = True, _day(note, sentence, own) or scan_day
        elif sentence.section == "imaging":
            scanned = True
        if not scanned or not SIZE.search(note.plain, sentence.start, sentence.end):
            continue
        if _OTHER_IMAGING.search(note.plain, sentence.start, sentence.end):
            continue
        found += [(entry, day or scan_day) for entry, day in _sentence(note, sentence)]
    days = [day.value for _, day in found if day is not None and day.value is not None]
    newest = max(days, key=lambda one: one.low, default=None)
    if newest is None or note.day is None or (note.day.low - newest.high).days > _FRESH:
        return  # the size of long ago is not that of today
    for entry, day in found:
        if day is not None and day.value is not None and day.value.high >= newest.low:
            entry.put("date", str(day.value), (day.start, day.end))
            yield entry


_FRESH = 120
"""Days after which a scan no longer says how large a lesion is."""


def _scan(note: Note, sentence: Sentence) -> re.Match[str] | None:
    """Return the word for a scan of a sentence, that of the brain apart."""
    for match in _SCAN.finditer(note.plain, sentence.start, sentence.end):
        around = note.plain[max(sentence.start, match.start() - _BESIDE) : min(sentence.end, match.end() + _BESIDE)]
        magnet = match[0].startswith("mr") and _BRAIN_LINE.search(note.plain, sentence.start, sentence.end)
        if not (magnet or _OF_HEAD.search(around)):
            return match
    return None


_BESIDE = 14
_BRAIN_LINE = re.compile(
    r"\b(?:brain|mening\w+|leptomening\w*|cerebr\w+|cerebell\w+|dexamethasone|radiosurgery|srs|cns)\b"
)
_OF_HEAD = re.compile(r"\b(?:brain|head|skull|crani\w+|cerebral|breast|mamma)\b")


def _day(note: Note, sentence: Sentence, scan: re.Match[str]) -> Mention | None:
    """Return the day of a scan: the one beside its name, else that of its row."""
    days = [
        one
        for one in note.dates.within(sentence.start, sentence.end)
        if one.value is not None and one.exact_order and (note.day is None or one.value.low <= note.day.high)
    ]
    behind = [one for one in days if 0 <= one.start - scan.end() < _NEAR]
    if behind:
        return behind[0]
    before = [one for one in days if 0 <= scan.start() - one.end < _NEAR]
    if before:
        return before[-1]
    row = note.row_date(scan.start())
    usable = row is not None and row.value is not None and row.exact_order and row != note.day_mention
    return row if usable else None


_NEAR = 40


def _sentence(note: Note, sentence: Sentence) -> Iterator[tuple[Entry, Mention | None]]:
    """Yield the lesions of one sentence, each with a day of its own where it has one."""
    listed = _LISTED.search(note.plain, sentence.start, sentence.end) is not None
    for match in SIZE.finditer(note.plain, sentence.start, sentence.end):
        low, high = _around(note, sentence, match)
        words = note.plain[low:high]
        if not (listed or _THING.search(words)) or _BENIGN.search(words) or _BRAIN.search(words):
            continue
        if _DOUBTED.match(note.plain, match.end(), sentence.end):
            continue
        if _is_old(note, match, low):
            continue
        said = context(note, *match.span())
        if said.negated or said.unsure or said.planned or said.hypothetical or of_family(note, sentence, match.start()):
            continue
        organ = _organ(note, low, high, match)
        if organ is None or organ[0] in _BONE:
            continue
        number = float(match["n"].replace(",", ".")) * (10 if match["u"] == "cm" else 1)
        if not _SMALLEST <= number <= _LARGEST:
            continue
        node = organ[0] == "lymph_node" or _NODE_STATION.search(words) is not None
        short = _SHORT_AXIS.search(note.plain, match.end(), min(high, match.end() + 24)) or _SHORT_AXIS.search(
            note.plain, max(low, match.start() - 24), match.start()
        )
        if node and not short:
            continue  # of a node the short axis counts, and which this was is not told
        entry = Entry("lesions")
        entry.put("site", "lymph_node" if node else organ[0], organ[1])
        entry.put("short_axis_mm" if node else "longest_diameter_mm", f"{number:g}", match.span())
        yield entry, None


_SMALLEST, _LARGEST = 3, 250


def _around(note: Note, sentence: Sentence, match: re.Match[str]) -> tuple[int, int]:
    """Return the stretch that speaks of a length: its clause, brackets and all."""
    low, high = max(sentence.start, match.start() - _REACH), min(sentence.end, match.end() + _REACH)
    before = [one.end() for one in _CLAUSE.finditer(note.plain, low, match.end()) if one.end() <= match.start()]
    behind = _CLAUSE.search(note.plain, match.end(), high)
    return (before[-1] if before else low), (behind.start() if behind else high)


def _is_old(note: Note, match: re.Match[str], low: int) -> bool:
    """True for the size of an earlier scan: "34 mm (was 18 mm)", "(41 mm in June)", "from 29 to 44 mm"."""
    if _BEFORE_IT.search(note.plain, low, match.start()) or _GROWN_TO.match(note.plain, match.end()):
        return True
    in_bracket = _OLD_BRACKET.search(note.plain, low, match.start())
    return in_bracket is not None and _OLD_BEHIND.match(note.plain, match.end()) is not None


_SURFACE = re.compile(r"(?:'s)?\s(?:capsule|capsular|surface|serosa)\b")
_RIGHT_BEHIND = re.compile(
    r"(?:\s?[x×]\s?[\d.,]+\s?(?:mm|cm)?)?\s(?:(?:left|right|new|solid|upper|middle|lower)\s){0,2}"
)
_ITS_THING = re.compile(r"\s(?:\w+\s)?(?:lesions?|metasta\w+|mets?|nodules?|deposits?|mass(?:es)?|implants?|disease)\b")
_LOBE = re.compile(r"\b(?:(?:left|right|[rl]) (?:upper|middle|lower) lobe|[rl][uml]l)\b")
_SEGMENT = re.compile(r"\bseg(?:ment)?\.?\s?(?:iv[ab]|i{1,3}|iv|vi{0,3}|[1-8][ab]?)\b")
"""Numbered segments are those of the liver; of the lung they are named."""


def _organ(note: Note, low: int, high: int, match: re.Match[str]) -> tuple[str, tuple[int, int]] | None:
    """Return the organ that the clause names nearest to a length: in front of it first."""
    sites = note.words.knowledge.sites
    named = [(hit, organ) for hit, organ in organs_in(note, low, high) if organ in sites.items().values()]
    named = [one for one in named if not _SURFACE.match(note.plain, one[0].end)]
    before = [one for one in named if one[0].end <= match.start()]
    behind = next((one for one in named if one[0].start >= match.end()), None)
    if behind is not None and _RIGHT_BEHIND.fullmatch(note.plain, match.end(), behind[0].start):
        chosen: tuple[Hit, str] | None = behind
    else:
        of_thing = [one for one in before if _ITS_THING.match(note.plain, one[0].end)]
        chosen = of_thing[-1] if of_thing else before[-1] if before else None
    if chosen is None:
        for organ, words in (("lung", _LOBE), ("liver", _SEGMENT)):
            part = words.search(note.plain, low, high)
            if part is not None:
                return organ, part.span()
        chosen = behind
    if chosen is None:
        return None
    return chosen[1], (chosen[0].start, chosen[0].end)
