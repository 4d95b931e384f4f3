"""What is done for the brain: local treatment with its day, steroids, medicines against seizures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.found import Found, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_PLACES = r"cerebellar|frontal|parietal|occipital|temporal|brain|cerebral|intracranial"
_LOCAL = Gated(
    rf"\b(?:srs|wbrt|radiosurgery|gamma knife|cyberknife|whole[- ]brain (?:radiotherapy|rt|radiation|irradiation)|craniotomy|(?:{_PLACES}) (?:metastasis )?resection|cavity (?:srt|stereotactic \w+)|(?:radiotherapy|irradiation|rt|srs|srt) (?:of|to) (?:the )?(?:resection )?cavity"
    rf"|(?:{_PLACES}) (?:met|metastas[ie]s|lesions?|deposit)\s(?:was |were )?(?:resected|excised|removed|irradiated)"
    rf"|(?:resection|excision|removal) of (?:the |a |her |his )?(?:(?:l|r|left|right|solitary|single) )?(?:{_PLACES}) (?:met|metastas[ie]s|lesions?|deposit))\b"
)
_NEAR = 40
_ROW_REACH = 30
_RIGHT_BEFORE = re.compile(r"[\s:–-]{1,3}")
STEROIDS = Gated(
    r"\b(?P<off>(?:finished|stopped|completed|came off|weaned off|discontinued) (?:her |his |the |all )?(?:dex\w*|steroids?|prednis\w+)"
    r"|(?:dexamethasone|steroids?) (?:was |were |have been |has been )?(?:(?:tapered|weaned) (?:down )?and )?(?:stopped|finished|discontinued|weaned(?: off)?|ended)"
    r"|dex\w* (?:taper|wean)\w*,? (?:now )?off|(?:does|do) not (?:use|take|need|require) (?:any )?(?:dex\w*|steroids?|prednis\w+)"
    r"|(?:off|no|not on|without) (?:dex\w*|steroids?|prednis\w+|cortisone)\b(?!\s(?:until|unless|before|pending|yet|for now|at present))|steroids? (?:stopped|weaned off|discontinued))"
    r"|\b(?P<on>(?:remains |still |is |now |currently )?(?:on|taking)\s(?:(?:tab\.?|tablets?|oral|iv|inj\.?|po) )?dex(?:amethasone)?\b|dex(?:amethasone)?\b[^.;]{0,30}\b(?:q6h|q8h|qid|6-?hourly)\b|(?:started|commenced|put)(?: her| him)? (?:on )?(?:(?:inj\.?|tab\.?|iv|oral) )?dexamethasone\b)"
)
_OF_LUNG = re.compile(
    r"\b(?:pneumonitis|ild|interstitial|colitis|asthma|copd|lung|rash|premed\w*|anti-?emetic\w*|nausea|vomiting)\b"
)
"""Steroids for another reason say nothing of those for the brain."""
_SINCE = re.compile(r",?\s(?:(?:since|from|on|in)\s)?")
_EPILEPSY = Gated(r"\bno (?:aeds?|anticonvulsants?|antiepileptics?|anti-?epileptic\w*)\b")
CARE = (STEROIDS, _EPILEPSY, _LOCAL)


_SURGERY = re.compile(r"craniotomy|resect|excis|remov")


def local_therapy(note: Note, surgery: bool = False) -> tuple[PartialDate, Span] | None:
    """Return the last day of local treatment of the brain that was given; on request, of surgery alone."""
    newest: tuple[PartialDate, Span] | None = None
    for match in _LOCAL.finditer(note.plain):
        if surgery and not _SURGERY.search(match[0]):
            continue
        sentence = note.sentence(match.start())
        said = context(note, *match.span())
        if said.negated or said.family or said.planned or said.hypothetical or said.template:
            continue
        for mention in _days(note, sentence, match.span()):
            if mention.value is None or (note.day is not None and mention.value.low > note.day.high):
                continue  # what is to be done is not done
            if newest is None or mention.value.low > newest[0].low:
                newest = (mention.value, (mention.start, mention.end))
    return newest


def _days(note: Note, sentence: Sentence, span: Span) -> list[Mention]:
    """Return the day right before a treatment, that of its row, or the one behind it."""
    before = note.dates.within(sentence.start, span[0])[-1:]
    if before and _RIGHT_BEFORE.fullmatch(note.plain, before[0].end, span[0]):
        return before
    row = note.row_date(span[0])
    if row is not None and row.end <= span[0] and span[0] - row.end < _ROW_REACH:
        return [row]
    return note.dates.within(span[1], min(sentence.end, span[1] + _NEAR))[:1]


def steroids(note: Note, sentence: Sentence) -> Iterator[Found]:
    """Yield whether steroids are taken, and since when not; those for another illness are left out."""
    if _OF_LUNG.search(note.plain, sentence.start, sentence.end):
        return
    for match in STEROIDS.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if said.unsure or said.planned or said.family:
            continue
        if match["on"]:
            if said.stated:
                yield Found("cancer.cns.on_steroids", True, match.span())
            continue
        yield Found("cancer.cns.on_steroids", False, match.span())
        since = _SINCE.match(note.plain, match.end(), sentence.end)
        for one in note.dates.within(since.end(), since.end() + 16)[:1] if since else ():
            if one.value and one.start == (since.end() if since else -1):
                yield Found("cancer.cns.steroid_free_since", str(one.value), (one.start, one.end))


def no_anticonvulsants(note: Note, sentence: Sentence) -> Found | None:
    """Return that no medicine against seizures is taken."""
    match = _EPILEPSY.search(note.plain, sentence.start, sentence.end)
    return Found("cancer.cns.anticonvulsants", False, match.span()) if match is not None else None
