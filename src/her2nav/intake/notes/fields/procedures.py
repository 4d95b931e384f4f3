"""Operations and radiotherapy with their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family
from her2nav.intake.notes.fields.procedure_named import not_done
from her2nav.intake.notes.found import Entry, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit
from her2nav.model.dates import PartialDate

_RADIO = Gated(
    r"(?<![\w-])(?:(?P<tech>srs|sbrt|sabr|wbrt|whole[- ]brain (?:radiotherapy|rt|radiation|xrt)|stereotactic (?:radiosurgery|body radiotherapy|radiotherapy)|gamma knife|cyberknife|xrt|imrt|vmat|brachytherapy|radiotherapy|radiation(?: therapy)?|chemoradi\w+|radioterapia|pmrt|irradiation|rt)|(?P<gy>(?<![\d,])\d{1,3}(?:[.,]\d{1,2})?)\s?gy)(?![\w-])"
)
_GY = Gated(r"(?<![\d.,])(?:(?P<k>\d{1,2})\s?x\s?)?(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s?gy\b(?:\s?x\s?(?P<x>\d{1,2}))?")
_RANGE = re.compile(r"\s?(?:-|–|to)\s?")
_WHERE = re.compile(r"\b(?:t|l|c)\d{1,2}\b(?!n)|\bwhole breast\b|\bchest wall\b|\bspine\b|\bpelvis\b|\bpelvic\b")
SURGERY = Gated(
    r"(?<![\w-])(?P<op>lump (?:was |had been |has been )?(?:taken out|removed|cut out)|(?:the|my|his|her) operation(?= (?:was )?(?:on|in) )|(?<!the )(?<!my )(?<!her )(?<!his )(?<!before )(?<!after )(?<!since )(?<!until )(?<!for )(?<!no )(?:(?:interval|main|second|first|primary|cytoreductive) )?operation(?=:? (?:on )?\d{1,2}[ ./]|(?:,? \(|, )(?![a-z -]{0,24}(?:ectomy|resection|excision|conserv)))|(?:sigmoid|rectal|rectum|colon|bowel|ileocaecal|gastric|lung|pancreatic|bladder) resection|parotidectomy|laryngectomy|neck dissection|tme|total mesorectal excision|wide local excision|wle|mrm|turbt|(?:cerebellar|frontal|parietal|occipital|temporal|brain|brain metastasis) resection|bcs|quadrantectomy|(?:therapeutic |reduction )?mammoplasty|t[al]h(?:[/+ -]{1,3}bso)?|lumpectomy|c(?:a)?esarean(?: section)?|(?:(?:de-?functioning|diverting|loop|end|temporary|protective)\s){1,2}(?:colostomy|ileostomy)|(?:colostomy|ileostomy) (?:formation|fashioned|created)|(?:[a-z]+ )?mastectomy|breast[- ]conserving surgery|partial mastectomy|slnb|alnd|sentinel (?:lymph )?node biopsy|axillary (?:dissection|clearance)|gastrectomy|(?:hemi)?colectomy|sigmoidectomy|oesophagectomy|esophagectomy|thyroidectomy|(?:partial )?hepatectomy|liver resection|lobectomy|pneumonectomy|craniotomy|metastasectomy|hysterectomy|oophorectomy|bso|hemihepatectomy|cystoprostatectomy|prostatectomy|nephroureterectomy|pancreatectomy|pancreaticoduodenectomy|abdominoperineal resection|hartmann'?s(?: procedure| operation)?|low anterior resection|wedge resection|vats (?:lobectomy|resection)|cholecystectomy|appendicectomy|appendectomy|nephrectomy|cystectomy|whipple|anterior resection|mastectomia|cuadrantectomia|resection of \w+(?: \w+)?|debulking)(?![\w-])"
)
_WAS_DONE = re.compile(
    r"\s(?:was|were|has been|had been)\s(?:then\s|subsequently\s)?(?:done|performed|carried out|undertaken)\b"
)
_HAD = Gated(
    r"\b(?:underwent|s/p|status post|(?:she|he|patient) (?:has )?had)\s(?:an?\s)?(?:(?:left|right|bilateral|l|r)\s)?$"
)
_SITE_OF = {"lump": "breast", "mastectomy": "breast", "sigmoid": "colorectum", "rectal": "rectum", "colon": "colorectum", "gastric": "stomach", "lung": "lung", "pancreatic": "pancreas", "bladder": "bladder", "parotidectomy": "salivary_gland", "cystectomy": "bladder", "turbt": "bladder", "hemihepatectomy": "liver", "cystoprostatectomy": "bladder", "prostatectomy": "prostate", "pancreatectomy": "pancreas", "pancreaticoduodenectomy": "pancreas", "hartmann's": "colorectum", "hartmanns": "colorectum", "hartmann": "colorectum", "vats": "lung", "cerebellar": "brain", "frontal": "brain", "parietal": "brain", "occipital": "brain", "temporal": "brain", "brain": "brain", "mrm": "breast", "bcs": "breast", "quadrantectomy": "breast", "mammoplasty": "breast", "tah": "uterus", "tah/bso": "uterus", "tlh": "uterus", "tlh/bso": "uterus", "cholecystectomy": "gallbladder", "tme": "rectum", "mesorectal": "rectum", "wide": "breast", "wle": "breast", "lumpectomy": "breast", "breast": "breast", "gastrectomy": "stomach", "thyroidectomy": "thyroid", "hepatectomy": "liver", "liver": "liver", "lobectomy": "lung", "pneumonectomy": "lung", "craniotomy": "brain", "colectomy": "colorectum", "hemicolectomy": "colorectum", "sigmoidectomy": "colorectum", "anterior": "colorectum", "esophagectomy": "oesophagus", "oesophagectomy": "oesophagus", "hysterectomy": "uterus", "oophorectomy": "ovary", "nephrectomy": "kidney", "mastectomia": "breast", "cuadrantectomia": "breast", "slnb": "lymph_node", "alnd": "lymph_node", "axillary": "lymph_node", "sentinel": "lymph_node"}  # fmt: skip


def read_procedures(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read operations and radiotherapy that were done."""
    if sentence.section in ("plan", "trial", "method"):
        return
    yield from _radiotherapy(note, sentence)
    yield from _transfusions(note, sentence)
    yield from _stents(note, sentence)
    done: list[Span] = []
    for match in SURGERY.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if not said.stated or (said.planned and not said.resolved) or of_family(note, sentence, match.start()):
            continue
        if not_done(note, sentence, *match.span()):
            continue
        words = match["op"].split()
        site = next((_SITE_OF[word] for word in (*words, words[-1]) if word in _SITE_OF), None)
        if done and match.start() - done[-1][1] < _SAME_OPERATION and site in (None, "lymph_node"):
            continue
        mention = _day_near(note, sentence, match.span())
        if mention is None and not _done(note, sentence, match.span()):
            continue
        if _OF_TISSUE.match(note.plain, match.end(), sentence.end) or (mention is not None and _to_come(note, mention)):
            continue
        entry = Entry("procedures")
        entry.put("kind", "surgery", match.span())
        entry.put("site", site, match.span())
        technique = note.words.knowledge.techniques.find(match["op"])
        entry.put(
            "technique",
            note.words.knowledge.techniques.techniques[technique].name.lower() if technique else None,
            match.span(),
        )
        if mention is not None:
            entry.put("date", str(mention[0]), mention[1])
        done.append(match.span())
        yield entry


_SAME_OPERATION = 20
"""So many signs may lie between the parts of one operation: "quadrantectomy right breast + ALND"."""
_OF_TISSUE = re.compile(
    r"\s(?:as (?:above|before|noted|described|per)|see above)\b|\s(?:tissue |tumou?r )?(?:block|specimen|slides?|sample|material|tissue)s?\b"
)
"""What was taken out, of which a later test is told, or that was told before: "IHC on the colectomy block"."""


def _to_come(note: Note, mention: tuple[PartialDate, Span]) -> bool:
    """True for a day behind that of the note: what is listed for it has not been done."""
    return note.day is not None and mention[0].low > note.day.high


_TRANSFUSED = Gated(
    r"\b(?:\d|one|two|three|four) units? (?:of )?(?:packed )?(?:red (?:blood )?cells|prbcs?|rbcs?|platelets|blood)\b|\b(?:\d|one|two|three|four) (?:(?:red (?:blood )?cell|erythrocyte|platelet) concentrates?|bags? of blood)\b|\btransfus(?:ion|ed)(?: of| with)? (?:\d|one|two|three|four) units?\b"
)


_STENT = Gated(r"\bstent(?:ed|ing|s)?\b")
_PLACED = re.compile(
    r"\b(?:inserted|insertion|placed|placement|exchanged?|changed|sited|deployed|ercp|ptc|stented|stenting|replaced)\b"
)
_BILIARY = re.compile(r"\b(?:biliary|bile|cbd|chd|ercp|ptc|hilar|hepatic duct|jaundice|bilirubin)\b")

DONE = Gate(_RADIO, SURGERY, _TRANSFUSED, _STENT)


def _stents(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read a stent that was put in, of which the day is told."""
    match = _STENT.search(note.plain, sentence.start, sentence.end)
    if match is None or not _PLACED.search(note.plain, sentence.start, sentence.end):
        return
    said = context(note, *match.span())
    day = _day_near(note, sentence, match.span())
    if not said.stated or said.planned or day is None or _to_come(note, day):
        return
    entry = Entry("procedures")
    entry.put("kind", "other", match.span())
    entry.put("name", "stent", match.span())
    if _BILIARY.search(note.plain, sentence.start, sentence.end):
        entry.put("site", "biliary", match.span())
    entry.put("date", str(day[0]), day[1])
    yield entry


def _transfusions(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read transfusions of which the day is told."""
    for match in _TRANSFUSED.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        day = _day_near(note, sentence, match.span())
        if said.negated or said.planned or said.unsure or said.family or day is None or _to_come(note, day):
            continue
        entry = Entry("procedures")
        entry.put("kind", "transfusion", match.span())
        entry.put("date", str(day[0]), day[1])
        yield entry
        return


def _done(note: Note, sentence: Sentence, span: Span) -> bool:
    """True for an operation without a date that the words say was done."""
    said = context(note, *span)
    if said.planned or said.unsure or sentence.section in ("history", "family", "social"):
        return False
    behind = _WAS_DONE.match(note.plain, span[1], sentence.end)
    return behind is not None or _HAD.search(note.plain, sentence.start, span[0]) is not None


def _brain_near(note: Note, sentence: Sentence) -> bool:
    """True when a line speaks of the brain, in this sentence or before it."""
    line = note.line_starts[note.line(sentence.start) - 1]
    return _BRAIN.search(note.plain, line, sentence.end) is not None


_BRAIN = Gated(r"\b(?:brain|cerebral|cerebell\w+|intracranial|frontal|parietal|occipital)\b")
_BRAIN_DISEASE = Gated(
    r"\b(?:brain|cerebral|cerebellar|intracranial|cns)\s(?:and \w+ |, \w+ and \w+ )?(?:mets?|metasta\w+|lesions?|disease)\b"
)
_TO_BRAIN = ("srs", "gamma knife", "cyberknife", "stereotactic radiosurgery")
_OTHER_DAY = re.compile(r"[;.]|\bct\b|\bpd\b|progress|her2|report|received|authori")
_ANOTHER_EVENT = re.compile(
    r"[;.,]\s*\w+\s\w+\s|until|to\s*$|[,;]\s(?:and\s)?(?:then|afterwards|thereafter|followed by|after that)\b|\sand (?:she|he|i|they|then)\b"
)


_OWN_DAYS = 40


def _day_near(note: Note, sentence: Sentence, span: Span) -> tuple[PartialDate, Span] | None:
    for mention in note.dates.within(span[1], min(sentence.end, span[1] + 50))[:1]:
        if (
            mention.value
            and not _OTHER_DAY.search(note.plain[span[1] : mention.start])
            and not note.hits_in(span[1], mention.start, "drug", "regimen")
        ):
            return mention.value, (mention.start, mention.end)
    before = note.dates.within(max(sentence.start, span[0] - 34), span[0])
    row = note.row_date(span[0])
    if row is not None and row.value and before and _RANGE.fullmatch(note.plain[row.end : before[-1].start]):
        return row.value, (row.start, row.end)
    drugs = note.hits_in(before[-1].end, span[0], "drug", "regimen") if before else []
    if before and "," in note.plain[before[-1].end : span[0]]:
        # "pembrolizumab 11/2024 - 5/2025, PMRT": the days are those of the drug before them.
        drugs = drugs or note.hits_in(
            max(sentence.start, before[0].start - _OWN_DAYS), before[-1].start, "drug", "regimen"
        )
    if before and before[-1].value and not drugs and not _ANOTHER_EVENT.search(note.plain[before[-1].end : span[0]]):
        return before[-1].value, (before[-1].start, before[-1].end)
    opens = _opening_day(note, sentence, span)
    if opens is not None:
        return opens
    if row is not None and row == note.day_mention:
        return None  # the day of the note is not that of what it tells
    if row is not None and row.value and row.end <= span[0] and len(note.dates.within(row.end, span[0])) <= 1:
        return row.value, (row.start, row.end)
    return None


_ON_DAY = re.compile(r"\s*(?:on|in)\s(?:the\s)?")
_DID = re.compile(
    r"[,\s][^;:]{0,60}\b(?:performed|underwent|had|did|carried out|was taken for|proceeded to)\s(?:an?\s|the\s|her\s|his\s)?(?:[\w-]+,?\s){0,4}$"
)


def _opening_day(note: Note, sentence: Sentence, span: Span) -> tuple[PartialDate, Span] | None:
    """Return the day that opens the sentence of an operation: "On 12 February Dr Hall performed a total hysterectomy"."""
    leads = _ON_DAY.match(note.plain, sentence.start, span[0])
    days = note.dates.within(leads.end(), span[0]) if leads is not None else []
    if leads is None or len(days) != 1 or days[0].start != leads.end() or days[0].value is None:
        return None
    told = _DID.match(note.plain, days[0].end, span[0])
    return (days[0].value, (days[0].start, days[0].end)) if told is not None and told.end() == span[0] else None


_NOT_GIVEN = re.compile(r"\s?[:=-]?\s?(?:n/?a|none|nil|not (?:done|given|required|indicated)|no)\b")
_ENDED = re.compile(r"\b(?:complet\w+|finish\w+|ended|until|till)\b[^.;]{0,20}$")
_ENDED_BEFORE = re.compile(r"[\s:,-]{0,3}(?:complet\w+|finish\w+)\b[^.;]{0,24}$")
"""The last day before the word: "20 December 2021: finished left breast radiation"."""


_AIMED = re.compile(
    r"(?:radiotherapy|radiation(?: therapy)?|irradiation|xrt|rt)\b(?: to)?(?: the)?(?: left| right| residual)? "
)


def _aimed_at(note: Note, sentence: Sentence, match: re.Match[str]) -> Hit | None:
    """Return what stands first behind the word: "radiotherapy to the chest wall and supraclavicular fossa, 40 Gy"."""
    for word in _AIMED.finditer(note.plain, sentence.start, match.end() + 12):
        first = note.hits_in(word.end(), min(sentence.end, word.end() + 20), "site", "organ")[:1]
        if first and first[0].start <= word.end() + 6:
            return first[0]
    return None


_DEPARTMENT = re.compile(r"\s(?:oncolog\w*|department|dept|unit|service|safety|physics|centre|center|clinic)\b")
"""Who gives it, in the head of a letter."""


_ITS_EFFECT = re.compile(
    r"[\s-](?:pneumonitis|dermatitis|o?esophagitis|necrosis|proctitis|cystitis|enteritis|fibrosis|recall|induced|related|osteitis|plexopathy|exposure|protection)\b"
)
"""What it did, on a day of its own: "radiation pneumonitis in 2019"."""


def _radiotherapy(note: Note, sentence: Sentence) -> Iterator[Item]:
    seen_to = sentence.start
    told: set[str] = set()
    for match in _RADIO.finditer(note.plain, sentence.start, sentence.end):
        if match.start() < seen_to:
            continue
        if _NOT_GIVEN.match(note.plain, match.end(), sentence.end):
            continue
        if match["tech"] == "rt" and note.text[match.start() : match.end()] != "RT":
            continue
        if _DEPARTMENT.match(note.plain, match.end()) or _ITS_EFFECT.match(note.plain, match.end()):
            continue
        said = context(note, *match.span())
        if not said.stated or (said.planned and not said.resolved) or not_done(note, sentence, *match.span()):
            continue
        day = _day_near(note, sentence, match.span())
        if day is None and not (match["tech"] and _told_as_given(note, sentence, match.span())):
            continue
        if day is not None and (_to_come(note, day) or (match["gy"] and str(day[0]) in told)):
            continue
        told.add(str(day[0]) if day else "")
        stop = min(sentence.end, match.end() + 60)
        parted = note.plain.find(";", match.end(), stop)
        stop = parted if parted >= 0 else stop
        entry = Entry("procedures")
        entry.put("kind", "radiotherapy", match.span())
        around = note.hits_in(max(sentence.start, match.start() - 30), stop, "site", "organ")
        spine = _WHERE.search(note.plain, max(sentence.start, match.start() - 24), stop)
        if match["tech"] in ("wbrt",) or (match["tech"] or "").startswith("whole"):
            entry.put("site", "brain", match.span())
        elif spine and re.match(r"[tlc]\d|spine", spine[0]):
            entry.put("site", "bone", spine.span())
        elif match["tech"] in _TO_BRAIN and (
            _brain_near(note, sentence) or (not around and _BRAIN_DISEASE.search(note.plain))
        ):
            entry.put("site", "brain", match.span())
        elif around:
            nearest = min(around, key=lambda one: min(abs(one.start - match.end()), abs(match.start() - one.end)))
            aimed = _aimed_at(note, sentence, match) if nearest.id("site") == "lymph_node" else None
            nearest = aimed or nearest
            named = nearest.id("site") or nearest.id("organ")
            entry.put(
                "site",
                named if named in note.words.knowledge.sites.items().values() else None,
                (nearest.start, nearest.end),
            )
        technique = note.words.knowledge.techniques.find(match["tech"]) if match["tech"] else None
        if technique:
            entry.put("technique", note.words.knowledge.techniques.techniques[technique].name, match.span())
        dose = _GY.search(note.plain, max(sentence.start, match.start() - 24), stop)
        if dose:
            total = float(dose["n"].replace(",", ".")) * int(dose["x"] or dose["k"] or 1)
            entry.put("dose_gy", f"{total:g}", dose.span())
        seen_to = max(match.end(), day[1][1] if day else 0, dose.end() if dose else 0)
        if day is not None:
            _put_days(note, sentence, entry, match.span(), day)
        yield entry


def _put_days(note: Note, sentence: Sentence, entry: Entry, span: Span, day: tuple[PartialDate, Span]) -> None:
    """Give radiotherapy its day, or its first and last one."""
    first, last = _both_days(note, sentence, day)
    if last is not None:
        entry.put("date", str(first[0]), first[1])
        entry.put("end", str(last[0]), last[1])
        return
    if _ENDED.search(note.plain, span[0], day[1][0]) or _ENDED_BEFORE.match(note.plain, day[1][1], span[0]):
        entry.put("end", str(day[0]), day[1])
    entry.put("date", str(day[0]), day[1])


_BETWEEN_DAYS = re.compile(r"\s?(?:-|–|to|until|till|bis|through|\|)\s*")


def _both_days(
    note: Note, sentence: Sentence, day: tuple[PartialDate, Span]
) -> tuple[tuple[PartialDate, Span], tuple[PartialDate, Span] | None]:
    """Return the first and the last day of a stretch of which one is known."""
    for other in note.dates.within(sentence.start, sentence.end):
        if other.value is None:
            continue
        place = (other.start, other.end)
        if other.start > day[1][1] and _BETWEEN_DAYS.fullmatch(note.plain, day[1][1], other.start):
            return day, (other.value, place)
        if other.end < day[1][0] and _BETWEEN_DAYS.fullmatch(note.plain, other.end, day[1][0]):
            return (other.value, place), day
    return day, None


_GIVEN_BEFORE = re.compile(
    r"\b(?:adj(?:uvant)?|post-?op(?:erative)?|whole|breast|chest wall|underwent|received|completed|had|s/p|status post|palliative)\s(?:(?:and|breast|chest wall|left|right|whole|pelvic|regional|nodal|short-course|long-course|adjuvant|hypofractionated|external beam)\s){0,3}$"
)
_NOT_DONE = re.compile(
    r"\b(?:plan\w*|consider\w*|recommend\w*|refer\w*|discuss\w*|offer\w*|declin\w*|need\w*|indicat\w*|will|would|should|for|awaiting|due|option|to have|not)\b"
)


def _told_as_given(note: Note, sentence: Sentence, span: Span) -> bool:
    """True for radiotherapy without a day that stands among treatments that were given: "anthracyclines, breast RT"."""
    if sentence.section in ("history", "family", "social", "plan", "imaging", "pathology"):
        return False
    if _NOT_DONE.search(note.plain, sentence.start, sentence.end) or note.plain[span[1] : span[1] + 1] == "-":
        return False
    return _GIVEN_BEFORE.search(note.plain, max(sentence.start, span[0] - 44), span[0]) is not None
