"""Brain and leptomeninges: put together from what is said of disease, imaging and local treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family, own_sentences
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_CNS_NONE = Gated(
    r"\bbrain neg(?:ative)?\b|\bno (?:known |evidence of )?(?:brain|cns|intracranial|cerebral)(?: or \w+)? (?:mets?|metasta\w+|disease|involvement|lesions?)\b|\bno (?:mets|metasta\w+) (?:in|to) the brain|(?:mri|ct)(?: of)?(?: the)? (?:brain|head)(?:[^.;]|\.(?=[\d:])){0,44}?\b(?:clear|normal|nad|negative|no (?:mets|metasta\w+|evidence|intracranial))|\bbrain mri[^.;]{0,24}?\b(?:clear|normal|nad|negative|no (?:mets|metasta\w+|evidence|intracranial))"
    r"|\b(?:head|brain) scan\b[^.;]{0,60}?\b(?:was|is|were|came back)\s(?:all |completely |quite |also )?(?:clear|normal|fine|negative)\b"
)
_CNS = Gated(
    r"\b(?:brain|cerebral|cerebellar|intracranial|cns)\s(?:mets?|metasta\w+|lesions?|disease|deposits?)\b|\bmets? (?:in|to) (?:the )?brain\b|\bmetastas[ie]s cerebral\w*|\bbrain\s?:\s?(?:\d |one |two |three |four |multiple |several |small )*(?:mets?|metasta\w+|lesions?)\b"
)
_CNS_IMAGE = Gated(
    r"\b(?:mri|mr|ct|rm)(?: of)?(?: the)? (?:brain|head|cerebral)\b|\bbrain (?:mri|imaging|ct)\b|\bhead (?:mri|ct)\b|\b(?:head|brain) scan\b|\bscan of (?:the |my |her |his )(?:head|brain)\b|\bbrain neg\w* (?:on )?mri\b|\b(?:cns|intracranial|brain|cerebral) (?:disease|mets?|metasta\w+|lesions?) on (?:mri|ct)\b"
)
_DISEASE_ON = re.compile(r" on (?:mri|ct)$")
"""The denial of "no brain metastases on MRI" is of the disease, not of the imaging."""
_SEEN = Gated(
    r"\b(?:brain mri|mri brain|mri (?:of )?(?:the )?(?:brain|head))\b(?:[^.;]|\.(?=\d)){0,44}?(?:\b(?P<n>\d{1,2}|single|solitary|one|two|three|four|five)\s(?:new\s)?)?"
    r"(?:(?P<mm>\d{1,2}(?:\.\d)?)\s?(?P<u>mm|cm)\s)?(?:(?:left|right|new|small|frontal|parietal|occipital|temporal|cerebellar|enhancing)\s){0,4}(?P<w>metastas[ie]s|mets)\b"
)
_LARGEST = Gated(
    r"\blargest (?:(?:left|right|l|r) )?(?:(?:frontal|parietal|occipital|temporal|cerebellar) )?(?:measuring |of |is |at |being )?(?P<mm>\d{1,2}(?:\.\d)?)\s?(?P<u>mm|cm)\b"
)
_COUNTS = {"single": 1, "solitary": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_STABLE = re.compile(
    r"\bstable\b|\bno (?:new|progress\w+)|\bnothing new\b|\bno change\b|\bunchanged\b|\bresponse\b|\bsmaller\b|\bcomplete response\b|\bestables?\b"
)
_WORSE = re.compile(
    r"\bprogress\w*|\bnew (?:brain|lesions?|mets?|metasta\w+)|\benlarg\w+|\bgrowing\b|\bincreas\w+|\bworse"
)
_LMD = Gated(
    r"\b(?:lmd|leptomeningeal (?:disease|dz|carcinomatosis|involvement|mets?|metasta\w+|enhancement)|meningeal carcinomatosis)\b"
)
_STEROIDS = Gated(
    r"\b(?P<off>(?:finished|stopped|completed|came off|weaned off|discontinued) (?:her |his |the |all )?(?:dex\w*|steroids?|prednis\w+)|dexamethasone (?:was )?(?:stopped|finished|discontinued|weaned off)|(?:off|no|not on|without) (?:dex\w*|steroids?|prednis\w+|cortisone)\b(?!\s(?:until|unless|before|pending|yet|for now|at present))|steroids? (?:stopped|weaned off|discontinued))|\b(?P<on>(?:on|taking|remains on|currently on) (?:dex\w*|prednis\w+|steroids?)|dexamethasone \d+ ?mg)"
)
_OF_LUNG = re.compile(r"\b(?:pneumonitis|ild|interstitial|colitis|asthma|copd)\b")
"""Steroids for another reason say nothing of those for the brain."""
_EPILEPSY = Gated(r"\bno (?:aeds?|anticonvulsants?|antiepileptics?|anti-?epileptic\w*)\b")


_NO_SYMPTOMS = Gated(
    r"\bneurologically (?:intact|asymptomatic|well)\b|\bno (?:new )?neuro(?:logical|logic)? (?:symptoms?|deficits?|complaints?|signs)\b"
    r"|\bno (?:new )?headaches?(?:,| or| and) (?:no )?(?:seizures?|fits|visual \w+|weakness)\b|\bno seizures?(?:,| or| and) (?:no )?headaches?\b|\bnotice[sd]? nothing of (?:them|it|this)\b|\b(?:had |has |have |i |she |he )felt nothing\b|\bno (?:symptoms|complaints|trouble) from (?:them|it|the (?:brain|head))\b|\basymptomatic (?:brain|cns|cerebral) (?:mets?|metasta\w+|lesions?|disease)\b"
)
"""That disease of the brain gives no trouble."""


_SINCE = re.compile(r"\s(?:(?:since|from|on|in)\s)?")
_COUNTED = Gated(
    r"\bbrain (?:mets |metastases )?(?:[^.;()]{0,60})\((?P<n>\d|one|two|three|four|five) (?:lesions|mets|metastases)|\bbrain\s?:\s?(?P<k>\d|one|two|three|four|five) (?:mets|metastases|lesions)|\b(?:mri brain|brain mri)(?:[^.;]|\.(?=\d)){0,24}?[\s:](?P<m>\d|two|three|four|five) lesions\b"
)
_ANY = Gate(_COUNTED, _NO_SYMPTOMS, _CNS_NONE, _CNS, _SEEN, _CNS_IMAGE, _LMD, _STEROIDS, _EPILEPSY)


def read_brain(note: Note) -> Iterator[Item]:
    """Put together what is said of the brain: none, stable after local treatment, or progressing; else only its parts."""
    present: list[Span] = []
    imaging: list[tuple[PartialDate, Span, Sentence]] = []
    none: Span | None = None
    calm: Span | None = None
    untreated: Span | None = None
    free: Found | None = None
    lesions: Found | None = None
    scans: list[Found] = []
    cued = note.cued(_ANY)
    for sentence in own_sentences(note):
        if sentence.start not in cued:
            continue
        for match in _CNS_NONE.finditer(note.plain, sentence.start, sentence.end):
            if not context(note, *match.span()).unsure and "report" not in note.said(sentence.start, sentence.end):
                none = none or match.span()
        present += [
            match.span()
            for match in _CNS.finditer(note.plain, sentence.start, sentence.end)
            if stated(note, match.span())
        ]
        for match in _SEEN.finditer(note.plain, sentence.start, sentence.end):
            if not stated(note, match.span("w")) or re.search(r"\bno\b|\bwithout\b", match[0]):
                continue
            present.append(match.span("w"))
            rest = note.said(match.end(), sentence.end)
            if "asymptomatic" in rest and "untreated" in rest:
                untreated = (match.start("w"), sentence.end)
            yield from _measures(note, sentence, match)
        for match in _CNS_IMAGE.finditer(note.plain, sentence.start, sentence.end):
            said = context(note, *match.span())
            if said.planned or (said.negated and not _DISEASE_ON.search(match[0])):
                continue
            dates = [
                one
                for one in note.dates.within(
                    match.start() - 20 if match.start() - 20 > sentence.start else sentence.start,
                    min(sentence.end, match.end() + 24),
                )
                if one.value
            ]
            dates = dates or _same_day(note, sentence, match.end())
            if dates:
                day = min(dates, key=lambda one: abs(one.start - match.end()))
                if day.value:
                    imaging.append((day.value, (day.start, day.end), sentence))
                    shown = list(_scan(note, sentence, match))
                    scans += shown
                    present += [one.span for one in shown if one.field == "cancer.cns.lesions"]
                    yield from _size(note, sentence, match, day)
                    words = note.plain[match.end() : sentence.end]
                    if _UNTREATED.search(words) and "asymptomatic" in words:
                        untreated = (match.start(), sentence.end)
        lmd = _LMD.search(note.plain, sentence.start, sentence.end)
        if lmd:
            said = context(note, *lmd.span())
            if not (said.unsure or said.template or said.family):
                yield Found("cancer.cns.leptomeningeal", not said.negated, lmd.span())
        for match in _STEROIDS.finditer(note.plain, sentence.start, sentence.end):
            if (
                match["off"]
                and not context(note, *match.span()).unsure
                and not _OF_LUNG.search(note.plain, sentence.start, sentence.end)
            ):
                yield Found("cancer.cns.on_steroids", False, match.span())
                since = _SINCE.match(note.plain, match.end(), sentence.end)
                for one in note.dates.within(since.end(), since.end() + 16)[:1] if since else ():
                    if one.value and one.start == (since.end() if since else -1):
                        free = Found("cancer.cns.steroid_free_since", str(one.value), (one.start, one.end))
        counted = _COUNTED.search(note.plain, sentence.start, sentence.end)
        if counted and stated(note, counted.span()):
            present.append(counted.span())
            number = counted["n"] or counted["m"] or counted["k"]
            lesions = Found("cancer.cns.lesions", _COUNTS[number] if number in _COUNTS else int(number), counted.span())
        quiet = _NO_SYMPTOMS.search(note.plain, sentence.start, sentence.end)
        if quiet and not of_family(note, sentence, quiet.start()):
            calm = calm or quiet.span()
        epilepsy = _EPILEPSY.search(note.plain, sentence.start, sentence.end)
        if epilepsy and present:
            yield Found("cancer.cns.anticonvulsants", False, epilepsy.span())
    if present and free is not None:
        yield free
    if lesions is not None:
        yield lesions
    if present or _brain_is_site(note):
        yield from (one for one in scans if lesions is None or one.field != "cancer.cns.lesions")
    if imaging:
        imaging.sort(key=lambda one: one[0].low)
        newest, span, _ = imaging[-1]
        yield Found("cancer.cns.last_imaging", str(newest), span)
    if calm and present:
        yield Found("cancer.cns.symptomatic", False, calm)
    if none and not present:
        yield Found("cancer.cns.status", "none", none)
    local = _local_therapy(note)
    if untreated is not None and local is None:
        yield Found("cancer.cns.status", "untreated_asymptomatic", untreated)
    if present and local:
        yield Found("cancer.cns.last_local_therapy", str(local[0]), local[1])
        if imaging and imaging[-1][0].high >= local[0].low:
            words = note.said(imaging[-1][2].start, imaging[-1][2].end)
            if _STABLE.search(words) and not _WORSE.search(re.sub(r"\bno (?:new|progress\w+)|nothing new", "", words)):
                yield Found("cancer.cns.status", "treated_stable", imaging[-1][1])
            elif _WORSE.search(re.sub(r"\bno (?:new|progress\w+)|nothing new", "", words)):
                yield Found("cancer.cns.status", "active_or_progressing", imaging[-1][1])


_SAME_DAY = re.compile(r"\s(?:on )?(?:the )?same (?:day|date|time|scan)\b")


def _same_day(note: Note, sentence: Sentence, end: int) -> list[Mention]:
    """Return the day of the scan told before: "CT 22/09 ... MR head same day: ..."."""
    if _SAME_DAY.match(note.plain, end, sentence.end) is None:
        return []
    line = note.line_starts[note.line(end) - 1]
    return [one for one in note.dates.within(line, end) if one.value and one.exact_order][-1:]


_BRAIN_LISTED = Gated(
    r"\b(?:metasta\w+|mets?|disease|stage iv[ab]?|mbc)\b[^.;\n]{0,60}[,(+ ]brain\b(?! (?:mri|imaging|ct|never))"
)


def _brain_is_site(note: Note) -> bool:
    """True where the brain stands in a list of the places of the disease."""
    return any(stated(note, one.span()) for one in _BRAIN_LISTED.finditer(note.plain))


def _size(note: Note, sentence: Sentence, match: re.Match[str], day: Mention) -> Iterator[Item]:
    """Yield the size of the largest lesion that a dated scan of the brain names."""
    line = note.text.find("\n", match.end())
    last = max(sentence.end, min(line if line >= 0 else len(note.text), match.end() + _SCAN_REACH))
    size = _LARGEST.search(note.plain, match.end(), last) or _ONE_OF.search(note.plain, match.end(), last)
    if size and stated(note, size.span()) and not _ELSEWHERE.search(note.plain, match.end(), size.start()):
        millimetres = float(size["mm"]) * (10 if size["u"] == "cm" else 1)
        yield Found("cancer.cns.largest_mm", f"{millimetres:g}", size.span("mm"), day.value, (day.start, day.end))


_ONE_OF = Gated(
    r"\b(?:one|single|solitary)\s(?:\w+\s)?(?:spot|lesion|metastasis),?\s(?:of |measuring |about )?(?P<mm>\d{1,2}(?:\.\d)?)\s?(?P<u>mm|cm)\b"
)
_HOW_MANY = Gated(
    r"(?<![\d./])(?P<n>\d{1,2}|single|solitary|one|two|three|four|five)\s(?:(?:treated|small|enhancing|known|new|old|stable|brain|cerebral)\s){0,2}(?:lesions|metastases|mets)\b|\((?P<k>\d{1,2}) lesions|\b(?P<o>one|single|solitary)\s(?:\w+\s)?(?:spot|lesion|metastasis)\b"
)
_MORE_NEW = re.compile(
    r"(?<![\d./])(?:\d{1,2}|one|two|three|four|five)\s(?:others?\s|are\s)?new\b(?!\s(?:brain|cerebral))"
)
_MASS = Gated(r"\b(?:mass effect|midline shift)\b")
_SCAN_REACH = 260
_UNTREATED = re.compile(r"\b(?:untreated|not (?:yet )?treated|not irradiated|no (?:local )?treatment)\b")
_SCAN_OVER = re.compile(r"[;]|\bct (?:chest|cap|tap|thorax|abdomen)\b|\bbone scan\b|\bpet\b|\bsystemic\b")


def _scan(note: Note, sentence: Sentence, match: re.Match[str]) -> Iterator[Found]:
    """Yield number of lesions and mass effect that a scan of the brain showed, where it showed disease."""
    line = note.text.find("\n", match.end())
    last = max(sentence.end, min(line if line >= 0 else len(note.text), match.end() + _SCAN_REACH))
    over = _SCAN_OVER.search(note.plain, match.end(), last)
    stop = over.start() if over else last
    several = [
        one for one in _HOW_MANY.finditer(note.plain, match.end(), stop) if not context(note, *one.span()).negated
    ]
    numbers = {one["n"] or one["k"] or one["o"] for one in several}
    if len(numbers) == 1 and not _MORE_NEW.search(note.plain, several[0].end(), stop):
        number = numbers.pop()
        count = _COUNTS[number] if number in _COUNTS else int(number)
        yield Found("cancer.cns.lesions", count, several[0].span())
    mass = _MASS.search(note.plain, match.end(), stop)
    if mass is not None and not context(note, *mass.span()).unsure:
        yield Found("cancer.cns.mass_effect", not context(note, *mass.span()).negated, mass.span())


_ELSEWHERE = re.compile(r"\b(?:ct|liver|hepatic|lung|pulmonary|nod\w+|bone|breast)\b")


def _measures(note: Note, sentence: Sentence, match: re.Match[str]) -> Iterator[Item]:
    """Yield number and size of metastases that a scan of the brain showed, and the brain as a site."""
    number = match["n"]
    yield Found("cancer.metastatic_sites", "brain", match.span("w"))
    yield Found("cancer.setting", "metastatic", match.span("w"), weight=3)
    if number:
        yield Found("cancer.cns.lesions", _COUNTS[number] if number in _COUNTS else int(number), match.span("n"))
    size = match if match["mm"] else _LARGEST.search(note.plain, match.end(), min(sentence.end, match.end() + 40))
    if size:
        yield Found(
            "cancer.cns.largest_mm", f"{float(size['mm']) * (10 if size['u'] == 'cm' else 1):g}", size.span("mm")
        )


_LOCAL = Gated(
    r"\b(?:srs|wbrt|radiosurgery|gamma knife|cyberknife|whole[- ]brain (?:radiotherapy|rt|radiation)|craniotomy|(?:cerebellar|frontal|parietal|occipital|temporal|brain) (?:metastasis )?resection)\b"
)


_ROW_REACH = 30


def _local_therapy(note: Note) -> tuple[PartialDate, Span] | None:
    newest: tuple[PartialDate, Span] | None = None
    for match in _LOCAL.finditer(note.plain):
        sentence = note.sentence(match.start())
        said = context(note, *match.span())
        if said.negated or said.family or said.planned or said.hypothetical or said.template:
            continue
        behind = note.dates.within(match.end(), min(sentence.end, match.end() + 40))[:1]
        row = note.row_date(match.start())
        if row is not None and row.end <= match.start() and match.start() - row.end < _ROW_REACH:
            behind = [row]
        for mention in behind:
            if mention.value is None or (note.day is not None and mention.value.low > note.day.high):
                continue  # what is to be done is not done
            if newest is None or mention.value.low > newest[0].low:
                newest = (mention.value, (mention.start, mention.end))
    return newest
