"""Brain and leptomeninges: put together from what is said of disease, imaging and local treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from her2nav.intake.notes.context import context, of_family, own_sentences
from her2nav.intake.notes.fields.brain_care import CARE, local_therapy, no_anticonvulsants, steroids
from her2nav.intake.notes.fields.brain_scan import COUNTS, IMAGE, OF_BRAIN, Scan, scans
from her2nav.intake.notes.fields.spread import ANSWERED_NO
from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_CNS_NONE = Gated(
    r"\bbrain neg(?:ative)?\b|\bno (?:known |evidence of )?(?:brain|cns|intracranial|cerebral)(?: or \w+)? (?:mets?|metasta\w+|disease|involvement|lesions?)\b|\bno (?:mets|metasta\w+) (?:in|to) the brain|(?:mri|ct)(?: of)?(?: the)? (?:brain|head)(?:[^.;]|\.(?=[\d:])){0,44}?\b(?:clear|normal|nad|negative|neg|no (?:mets|metasta\w+|evidence|intracranial))\b|\bbrain (?:mri|ct)\b(?:[^.;]|\.(?=[\d:])){0,44}?\b(?:clear|normal|nad|negative|neg|no (?:mets|metasta\w+|evidence|intracranial))\b"
    r"|\b(?:my|her|his|the) head with an? (?:mri|ct)[^.;]{0,40}?\b(?:was|were) (?:all )?clear\b|\b(?:head|brain) scan\b[^.;]{0,60}?\b(?:was|is|were|came back)\s(?:all |completely |quite |also )?(?:clear|normal|fine|negative)\b"
)
_CNS = Gated(
    r"\b(?:brain|cerebral|cerebellar|intracranial|cns)\s(?:mets?|metasta\w+|lesions?|disease|deposits?)\b|\b(?:mets?|metastases|spots|lesions|tumou?rs|secondaries) (?:in|to) (?:the |my |her |his )?brain\b|\bmetastas[ie]s cerebral\w*|\bbrain\s?:\s?(?:\d |one |two |three |four |multiple |several |small )*(?:mets?|metasta\w+|lesions?)\b"
)
_SEEN = Gated(
    r"\b(?:brain mri|mri brain|mri (?:of )?(?:the )?(?:brain|head))\b(?:[^.;]|\.(?=\d)){0,44}?(?:\b(?P<n>\d{1,2}|single|solitary|one|two|three|four|five)\s(?:new\s)?)?"
    r"(?:(?P<mm>\d{1,2}(?:\.\d)?)\s?(?P<u>mm|cm)\s)?(?:(?:left|right|new|small|frontal|parietal|occipital|temporal|cerebellar|enhancing)\s){0,4}(?P<w>metastas[ie]s|mets)\b"
)
_LMD = Gated(
    r"\b(?:lmd|leptomeningeal (?:disease|dis|dz|carcinomatosis|involvement|mets?|metasta\w+|enhancement)|meningeal carcinomatosis)\b"
)
_UNTREATED = re.compile(
    r"(?<!not )\b(?:untreated|not (?:yet )?(?:been )?(?:treated|irradiated)|no (?:local )?(?:treatment|therapy)(?: so far| yet| to date)?)\b"
)
_NO_TROUBLE = re.compile(
    r"(?<!not )\basymptomatic\b|\b(?:no|without(?: any)?|free of) (?:neurolog\w+ )?symptoms?\b|\bsymptom-?free\b|\bgiv(?:e|es|ing) (?:her |him )?no (?:symptoms|trouble)\b"
)


_NO_SYMPTOMS = Gated(
    r"\bneurologically (?:intact|asymptomatic|well)\b|\bno (?:new )?neuro(?:logical|logic)? (?:symptoms?|sx|deficits?|complaints?|signs)\b"
    r"|\bno (?:new )?headaches?(?:,| or| and) (?:no )?(?:seizures?|fits|visual \w+|weakness)\b|\bno seizures?(?:,| or| and) (?:no )?headaches?\b|\bnotice[sd]? nothing of (?:them|it|this)\b|\b(?:had |has |have |i |she |he )felt nothing\b|\bno (?:symptoms|complaints|trouble) from (?:them|it|the (?:brain|head))\b|\basymptomatic (?:brain|cns|cerebral) (?:mets?|metasta\w+|lesions?|disease)\b"
)
"""That disease of the brain gives no trouble."""
_TROUBLE = Gated(
    r"(?<!not )\bsymptomatic (?:brain|cns|cerebral|intracranial) (?:mets?|metasta\w+|lesions?|disease|progress\w+)\b"
    r"|\b(?:sei[sz]ures?|sz|fits?) (?:due to|d/t|from|caused by|2/2|secondary to) (?:the |her |his |a )?(?:progressing |progressive |new |known )?(?:brain|cerebral) (?:mets?|metasta\w+|lesions?|disease)\b"
)
"""That disease of the brain gives trouble."""
_GROWING = Gated(
    r"\b(?:progressing|progressive|enlarging|growing|worsening|uncontrolled) (?:brain|cns|cerebral|intracranial) (?:mets?|metasta\w+|lesions?|disease)\b"
)
"""That disease of the brain grows now, which no calm word of a scan undoes."""
_NUMBER = "|".join(["\\d{1,2}", *COUNTS])
_COUNTED = Gated(
    r"\bbrain (?:mets |metastases )?(?:[^.;()]{0,60})\((?P<n>\d|one|two|three|four|five) (?:lesions|mets|metastases)|\bbrain\s?:\s?(?P<k>\d|one|two|three|four|five) (?:mets|metastases|lesions)|\b(?:mri brain|brain mri)(?:[^.;]|\.(?=\d)){0,24}?[\s:](?P<m>\d|two|three|four|five) lesions\b"
)
_BY_SIGNS = re.compile(
    r"\s(?:clinically|by history|by symptoms|on clinical grounds)\b|,? (?:but )?(?:no|never) imag\w+"
)
_LARGEST_OF = re.compile(r"\s?[(,]\s?(?:the )?(?:largest|biggest)(?: of)?\s(?P<mm>\d{1,2}(?:\.\d)?)\s?(?P<u>mm|cm)\b")
_COUNTED_BEFORE = Gated(
    rf"(?<![\d./-])(?P<n>{_NUMBER})\s(?:(?!new\b|more\b|other\b|further\b)[\w-]+\s){{0,2}}(?:brain|cerebral|intracranial)\s(?:mets|metastas[ei]s|met|lesions?|deposits?)\b"
    rf"|(?<![\d./-])(?P<k>{_NUMBER})\s(?:spots|metastases|mets|lesions|tumou?rs)\sin (?:the |my |her |his )?(?:brain|head)\b"
)
"""So many metastases of the brain: right only where all such numbers of a note are the same."""
_ANY = Gate(_COUNTED, _COUNTED_BEFORE, _NO_SYMPTOMS, _TROUBLE, _CNS_NONE, _CNS, _SEEN, IMAGE, _LMD, *CARE)
_AGAIN = re.compile(r"\b(?:last|latest|repeat|follow-?up|control|surveillance|recent|post-?op\w*)\b[^.;]{0,12}\bmri\b")


def read_brain(note: Note) -> Iterator[Item]:
    """Put together what is said of the brain: none, stable after local treatment, or progressing; else only its parts."""
    told = _Told()
    cued = note.cued(_ANY)
    before = False
    for sentence in own_sentences(note):
        # "Repeat MRI 20 August: stable" behind words of the brain is of it too.
        if sentence.start in cued or (before and _AGAIN.search(note.plain, sentence.start, sentence.end)):
            yield from _sentence(note, sentence, told, before)
        before = OF_BRAIN.search(note.plain, sentence.start, sentence.end) is not None
    yield from _numbers(note, told)
    told.scans.sort(key=lambda one: one.day.low)
    if told.scans:
        newest = told.scans[-1]
        yield Found("cancer.cns.last_imaging", str(newest.day), newest.day_span)
    if told.calm and told.present and not told.trouble:
        yield Found("cancer.cns.symptomatic", False, told.calm)
    local = local_therapy(note)
    relieved = local is not None and not (told.scans and told.scans[-1].worse and told.scans[-1].day.low > local[0].low)
    if told.trouble and not relieved:
        yield Found("cancer.cns.symptomatic", True, told.trouble)
    if told.none and not told.present:
        yield Found("cancer.cns.status", "none", told.none)
    yield from _status(note, told)


@dataclass(slots=True)
class _Told:
    """What the sentences of a note say of the brain."""

    present: list[Span] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    counted: list[Found] = field(default_factory=list)
    """The numbers that stand beside a scan or in a list of sites."""
    numbered: list[Found] = field(default_factory=list)
    """The numbers that stand before "brain metastases"."""
    steroids: list[Found] = field(default_factory=list)
    changed: bool = False
    """Whether new lesions are told, after which an older number may no longer hold."""
    sized: Found | None = None
    """The largest of so many metastases, in the bracket behind them."""
    none: Span | None = None
    calm: Span | None = None
    trouble: Span | None = None
    untreated: Span | None = None


def _sentence(note: Note, sentence: Sentence, told: _Told, before: bool) -> Iterator[Item]:
    """Yield what one sentence says by itself, and keep what has to be seen together."""
    for match in _CNS_NONE.finditer(note.plain, sentence.start, sentence.end):
        if _BY_SIGNS.match(note.plain, match.end(), sentence.end):
            continue  # nobody looked
        if not context(note, *match.span()).unsure and "report" not in note.said(sentence.start, sentence.end):
            told.none = told.none or match.span()
    named = [
        match.span()
        for match in _CNS.finditer(note.plain, sentence.start, sentence.end)
        if stated(note, match.span()) and not ANSWERED_NO.match(note.plain, match.end())
    ]
    told.present += named
    if named and not of_family(note, sentence, named[0][0]):
        words = note.said(sentence.start, sentence.end)
        if _UNTREATED.search(words) and (_NO_TROUBLE.search(words) or _NO_SYMPTOMS.search(words)):
            told.untreated = (sentence.start, sentence.end)
    if OF_BRAIN.search(note.plain, sentence.start, sentence.end):
        words = _NO_NEW.sub("", note.said(sentence.start, sentence.end))
        told.changed = told.changed or _NEW_SINCE.search(words) is not None
    for match in _SEEN.finditer(note.plain, sentence.start, sentence.end):
        if not stated(note, match.span("w")) or re.search(r"\bno\b|\bwithout\b", match[0]):
            continue
        told.present.append(match.span("w"))
        rest = note.said(match.end(), sentence.end)
        if _NO_TROUBLE.search(rest) and _UNTREATED.search(rest):
            told.untreated = (match.start("w"), sentence.end)
        yield from _seen(match)
    for scan in scans(note, sentence, before):
        told.scans.append(scan)
        shown = scan.shown or scan.largest
        if shown is not None:
            told.present.append(shown[1])
        told.changed = told.changed or scan.worse
        words = note.plain[scan.day_span[1] : sentence.end]
        if _UNTREATED.search(words) and _NO_TROUBLE.search(words):
            told.untreated = (scan.day_span[0], sentence.end)
    lmd = _LMD.search(note.plain, sentence.start, sentence.end)
    if lmd:
        said = context(note, *lmd.span())
        if not (said.unsure or said.template or said.family):
            yield Found("cancer.cns.leptomeningeal", not said.negated, lmd.span())
    told.steroids += steroids(note, sentence)
    counted = _COUNTED.search(note.plain, sentence.start, sentence.end)
    if counted and stated(note, counted.span()):
        told.present.append(counted.span())
        told.counted.append(
            Found("cancer.cns.lesions", _count(counted["n"] or counted["m"] or counted["k"]), counted.span())
        )
    for match in _COUNTED_BEFORE.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, match.span()):
            told.numbered.append(Found("cancer.cns.lesions", _count(match["n"] or match["k"]), match.span()))
            size = _LARGEST_OF.match(note.plain, match.end(), sentence.end)
            if size is not None:
                length = float(size["mm"]) * (10 if size["u"] == "cm" else 1)
                told.sized = Found("cancer.cns.largest_mm", f"{length:g}", size.span("mm"))
    quiet = _NO_SYMPTOMS.search(note.plain, sentence.start, sentence.end)
    if quiet and not of_family(note, sentence, quiet.start()):
        told.calm = told.calm or quiet.span()
    loud = _TROUBLE.search(note.plain, sentence.start, sentence.end)
    if loud and stated(note, loud.span()):
        told.trouble = loud.span()
    epilepsy = no_anticonvulsants(note, sentence)
    if epilepsy is not None and told.present:
        yield epilepsy


def _numbers(note: Note, told: _Told) -> Iterator[Item]:
    """Yield the number and size of lesions of the newest scan that tells them, and what is said of steroids."""
    present = told.present or _brain_is_site(note)
    yield from _steroids(told)
    shown = sorted(told.scans, key=lambda one: one.day.low, reverse=True)
    surgery = local_therapy(note, surgery=True)
    if surgery is not None:
        shown = [one for one in shown if one.day.high >= surgery[0].low]  # what was cut out is no longer there
    number = next((one.lesions for one in _until_worse(shown) if one.lesions is not None), None)
    first = shown[-1] if shown else None
    if number is None and len(shown) == 1 and first is not None and not (told.counted or told.numbered):
        number = first.new_lesions if local_therapy(note) is None else None
    changed = surgery is not None or told.changed
    if number is not None and present:
        yield Found("cancer.cns.lesions", *number)
    elif told.counted and not changed:
        yield told.counted[-1]
    elif present and not changed and len({one.value for one in told.numbered}) == 1:
        yield told.numbered[0]
    if told.sized is not None and present and not changed and all(one.largest is None for one in shown):
        yield told.sized
    for one in shown:
        if one.largest is not None and present:
            size, span = one.largest
            yield Found("cancer.cns.largest_mm", size, span, one.day, one.day_span)
    mass = next((one.mass for one in shown if one.mass is not None), None)
    if mass is not None and present:
        yield Found("cancer.cns.mass_effect", *mass)


_NO_NEW = re.compile(r"\bno (?:evidence of )?new\b")
_NEW_SINCE = re.compile(
    r"\bnew (?:enhancing |small |brain |cerebral |cerebellar )*(?:lesions?|mets?|metasta\w+|foci)\b|\b\d new\b|\bnew (?:l|r|left|right)\b[^.;]{0,24}\b(?:\d|enhanc)|\bprogression (?:in|of) (?:the )?brain\b"
)
"""More of them than before."""


def _until_worse(shown: list[Scan]) -> Iterator[Scan]:
    """Yield scans from the newest on; what one counted no longer holds where a later one was worse."""
    for one in shown:
        yield one
        if one.worse:
            return


def _steroids(told: _Told) -> Iterator[Item]:
    """Yield whether steroids are taken now: the last word counts, and nothing where they began after they had ended."""
    taken = [one for one in told.steroids if one.field == "cancer.cns.on_steroids"]
    if not taken:
        return
    if not taken[-1].value:
        yield taken[-1]
        since = [one for one in told.steroids if one.field == "cancer.cns.steroid_free_since"]
        if since and told.present:
            yield since[-1]
    elif told.present and all(one.value for one in taken):
        yield taken[-1]


def _status(note: Note, told: _Told) -> Iterator[Item]:
    """Yield the state of the brain where local treatment, scans and symptoms tell it together."""
    local, newest = local_therapy(note), told.scans[-1] if told.scans else None
    if told.present and local is not None:
        yield Found("cancer.cns.last_local_therapy", str(local[0]), local[1])
        if newest is not None and newest.day.high >= local[0].low:
            grows = [one for one in _GROWING.finditer(note.plain) if stated(note, one.span())]
            if grows:
                yield Found("cancer.cns.status", "active_or_progressing", grows[-1].span())
            elif newest.calm and not newest.worse:
                yield Found("cancer.cns.status", "treated_stable", newest.day_span)
            elif newest.worse:
                yield Found("cancer.cns.status", "active_or_progressing", newest.day_span)
        return
    if local is not None:
        return
    if told.untreated is not None and told.trouble is None:
        yield Found("cancer.cns.status", "untreated_asymptomatic", told.untreated)
    elif told.present and newest is not None and newest.shown is not None:
        # Disease that a scan showed, and nothing was done yet: it is what the symptoms say.
        if told.trouble is not None:
            yield Found("cancer.cns.status", "active_or_progressing", newest.day_span)
        elif told.calm is not None and not _DONE_ONCE.search(note.plain):
            yield Found("cancer.cns.status", "untreated_asymptomatic", newest.day_span)


_DONE_ONCE = Gated(
    r"\b(?:treated (?:brain )?(?:lesions?|mets|metastases)|(?:brain|cerebral) (?:mets|metastases|lesions) \((?:treated|irradiated)|radiotherapy to (?:the )?(?:brain|head)|brain (?:radiotherapy|irradiation|surgery))\b"
)
"""Words of a local treatment whose day is not told."""
_BRAIN_LISTED = Gated(
    r"\b(?:metasta\w+|mets?|disease|stage iv[ab]?|mbc)\b[^.;\n]{0,60}[,(+ ]brain\b(?! (?:mri|imaging|ct|never))"
)


def _brain_is_site(note: Note) -> bool:
    """True where the brain stands in a list of the places of the disease."""
    return any(stated(note, one.span()) for one in _BRAIN_LISTED.finditer(note.plain))


def _count(words: str) -> int:
    return COUNTS[words] if words in COUNTS else int(words)


def _seen(match: re.Match[str]) -> Iterator[Item]:
    """Yield number and size of metastases that a scan of the brain showed, and the brain as a site."""
    yield Found("cancer.metastatic_sites", "brain", match.span("w"))
    yield Found("cancer.setting", "metastatic", match.span("w"), weight=3)
    if match["n"]:
        yield Found("cancer.cns.lesions", _count(match["n"]), match.span("n"))
    if match["mm"]:
        yield Found(
            "cancer.cns.largest_mm", f"{float(match['mm']) * (10 if match['u'] == 'cm' else 1):g}", match.span("mm")
        )
