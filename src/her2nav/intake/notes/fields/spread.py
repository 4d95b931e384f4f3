"""Where the cancer has spread to: sites beside words of spread, or the statement that there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import of_family, own_sentences, set_aside
from her2nav.intake.notes.fields.spread_named import only_spoken_of
from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_SPREAD = Gated(
    r"\bmets\b|\bmbc\b|\bmcrc\b|\bstage iv[abc]?\b|\b(?:metastatic )?sites\s?:\s|\bmet\b(?= to)|\bmetasta\w+|\bmetástasis\b|\bpd\b|\bprogress\w*|\brelaps\w+|\brecurr\w+|\bspread\b|\bgone to\b|\bspots? (?:on|in)\b|\bdeposits?\b|\bdisease in\b|\binvolv\w+|\bsecondar(?:y|ies)\b|\blesions?\b|\bdisseminat\w+|\b(?:bone|nodal)[- ]only\b|\b(?:bone|nodal|peritoneal|pleural) disease\b|\bdisease sites?\b|\bsites? of disease\b|\bliver disease\b|\bafectacion\b"
    r"|\b(?:came|come) back\b|\breturned (?:in|to)\b|\bcarcinomatosis\b|\bmalignant (?=pleural|ascit|pericard)|\bnew (?:[a-z]+ ){0,2}?nodules\b"
)
_NO_SPREAD = Gated(
    r"\bno (?:evidence of )?(?:distant|metastatic) (?:disease|mets|metasta\w+|spread)|\bno distant (?:mets|metasta\w+)|\bno evidence of (?:distant )?metasta\w+|(?<![a-z0-9])c?m0\b"
)
_BENIGN = re.compile(
    r"\b(?:haemangioma|hemangioma|cyst|benign|fracture|scan|function|density|profile|enzymes|tests?|pain|marrow|failure|transplant|protect\w*|biopsy|bx|core|health)\b"
)


_NEIGHBOURS = {
    "breast": {"skin", "chest_wall", "muscle"},
    "stomach": {"pancreas", "spleen", "colorectum", "oesophagus", "small_bowel", "gej"},
    "gej": {"stomach", "oesophagus", "mediastinum"},
    "oesophagus": {"stomach", "gej", "mediastinum"},
    "colorectum": {"bladder", "vagina", "prostate", "uterus", "small_bowel", "skin"},
    "lung": {"chest_wall", "mediastinum", "pericardium"},
    "uterus": {"vagina", "cervix", "bladder", "ovary", "colorectum"},
    "cervix": {"vagina", "uterus", "bladder", "colorectum"},
    "bladder": {"prostate", "vagina", "uterus"},
    "gallbladder": {"liver", "bile_duct", "small_bowel"},
    "bile_duct": {"liver", "gallbladder", "pancreas", "small_bowel"},
    "pancreas": {"small_bowel", "bile_duct", "stomach"},
    "ovary": {"uterus"},
}
"""What a cancer grows into from its organ: "mass of the breast with skin involvement" is no spread to the skin."""
_OWN_SPREAD = re.compile(r"\bmets?\b(?: in| to|.*\|)?|metasta(?:ses|sis)|secondar|contralateral")


def read_sites(note: Note) -> Iterator[Item]:
    """Yield every site of spread, each with its place, and the statement that there is none."""
    primary = {organ for identifier, _, present in note.tumours if present for organ in organ_names(note, identifier)}
    beside = {neighbour for organ in primary for neighbour in _NEIGHBOURS.get(organ, ())}
    nodes: list[Found] = []
    others = 0
    listed = _in_brackets(note)
    cued, sites = note.cued(_SPREAD), note.naming("site")
    for sentence in own_sentences(note):
        if sentence.start not in cued or sentence.start not in sites:
            continue
        if sentence.section in ("history", "social", "medications", "allergies", "plan", "labs"):
            continue
        spread = list(_SPREAD.finditer(note.plain, sentence.start, sentence.end))
        if not spread:
            continue
        for hit in note.hits_in(sentence.start, sentence.end, "site"):
            site = str(hit.id("site"))
            span = (hit.start, hit.end)
            inside = any(start <= hit.start < end for start, end in listed)
            of = _of_spread(note, sentence, hit, spread)
            if (
                not (inside or of)
                or (of is not None and not inside and site in beside and _grown_into(note, hit, of))
                or site in ("other", "local", "pelvis")
                or not stated(note, span)
            ):
                continue
            words = note.said(*span)
            if _SURFACE.match(note.plain, hit.end) or ANSWERED_NO.match(
                note.plain, max(hit.end, of.end() if of else 0)
            ):
                continue
            low, high = min(hit.start, of.start() if of else hit.start), max(hit.end, of.end() if of else hit.end)
            if only_spoken_of(note, sentence, low, high) or _lone_lesion(note, sentence, of, inside):
                continue
            if any(start <= hit.start < end for _, (start, end), _ in note.tumours):
                continue
            around = (
                note.plain[max(0, hit.start - 22) : hit.start] + "|" + words + " " + note.plain[hit.end : hit.end + 12]
            )
            own = _OWN_SPREAD.search(around) is not None
            if site in ("retroperitoneum", "mediastinum") and any(
                one.id("site") == "lymph_node" for one in note.hits_in(hit.end, hit.end + 20, "site")
            ):
                continue
            if site in primary and not own and words not in ("brain",):
                continue
            found = Found("cancer.metastatic_sites", site, span)
            if site == "lymph_node" and _COUNTED.search(note.plain, max(0, hit.start - 30), hit.start):
                continue
            if site == "lymph_node":
                nodes.append(found)
            else:
                others += 1
                yield found
                yield Found("cancer.setting", "metastatic", span, weight=3)
    if others or any(
        re.search(
            r"retroperit|mediast|distant|para-?aort|supraclav|cervical|non-?regional",
            note.said(one.span[0] - 16, one.span[1]),
        )
        for one in nodes
    ):
        yield from nodes
    elif not others:
        none = next((one for one in _NO_SPREAD.finditer(note.plain) if not _of_one_organ(note, one.start())), None)
        if (
            none
            and not set_aside(note, note.sentence(none.start()))
            and not of_family(note, note.sentence(none.start()), none.start())
        ):
            yield Found("cancer.metastatic_sites", None, none.span())


ANSWERED_NO = re.compile(r"\s?[:=?–-]?\s?(?:no|none|nil|absent|nein|non)\b(?=\s*(?:[;,.|)\n]|$))")
"""The answer behind the question of a list: "brain mets no"."""
_SURFACE = re.compile(r"(?:'s)?\s(?:capsule|capsular|surface|serosa)\b")
"""What lies on an organ is disease of the peritoneum or the pleura: "nodules on the liver capsule"."""
_NOT_LONE = re.compile(
    r"\b(?:new|grow\w*|grew|grown|larg\w+|bigger|increas\w+|progress\w*|metasta\w*|mets?|target|measurable|malignan\w+|multiple|several|smaller|shr\w+|decreas\w+|respon\w+|pd|pr|sd|biops\w+|bx|core|fna|punctur\w+|carcinoma|cancer|tumou?r|treated|ablat\w+|resect\w+|srs|sbrt|irradiat\w+|lytic|sclerotic|stage|relaps\w+|recurr\w+|disease|suv\w*|fdg|avid|enhanc\w+)\b"
)


def _lone_lesion(note: Note, sentence: Sentence, of: re.Match[str] | None, inside: bool) -> bool:
    """True for one lesion of which nothing says that it is of the cancer: "8 mm liver lesion, stable since 2019"."""
    if inside or of is None or of[0] != "lesion":
        return False
    return _NOT_LONE.search(note.plain, sentence.start, sentence.end) is None


def _grown_into(note: Note, hit: Hit, word: re.Match[str]) -> bool:
    """Whether a site is one the tumour itself reaches: "mass with skin involvement", "mass involving the skin"."""
    if not word[0].startswith("involv"):
        return False
    return word.start() >= hit.end or _MASS.search(note.plain, max(0, word.start() - 40), word.start()) is not None


_COUNTED = re.compile(
    r"\b\d{1,2}\s?(?:of|out of|/)\s?(?:the\s)?\d{1,2}\s(?:axillary\s|regional\s|sentinel\s|left\s|right\s)?$"
)
"""Nodes that an operation took out: "5 of 18 nodes involved"."""
_MASS = re.compile(r"\b(?:mass|tumou?r|lump|growth|thickening|ulcer)\b[^.;,\n]{0,30}$")
_BRACKETED = Gated(
    r"\b(?:metastatic|mbc|mcrc|mgc|stage iv[abc]?|stage 4|m1)\b(?! to)[^.;()\n]{0,60}?(?:\((?P<in>[^()\n]{3,90})\)|\s[-–]\s(?P<list>[a-z ,/&+]{3,80})(?=[(.;\n]|$))"
)
_NO_LIST = re.compile(r"\d|\b(?:bx|biops\w+|core|ihc|her-?2|er|pr|fish|ngs|primary|no|not|without|\?)\b")
_MEASURED = re.compile(
    r"\bsegments? [\d/, &and]*\d|\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)\b|\b\d+(?:\.\d+)? ?(?:mm|cm)\b"
    r"|\b\d+ (?=mets|metasta|lesions?|nodules?|deposits?)"
)
"""Days, sizes, segments and counts in such a list: "M1 (liver segment 6, deposits on laparoscopy 12.10.2026)"."""


def _in_brackets(note: Note) -> list[Span]:
    """Return the brackets behind the words for metastatic disease that list where it is: "stage IV (nodes, liver)"."""
    return [
        match.span("in" if match["in"] else "list")
        for match in _BRACKETED.finditer(note.plain)
        if _NO_LIST.search(_MEASURED.sub(" ", match["in"] or match["list"])) is None
        and "\n" not in note.text[slice(*match.span())]
    ]


_ONE_ORGAN = re.compile(r"\b(?:brain|head|cns|intracranial|cerebral|bone scan|liver mri|spine)\b")
_WHOLE_BODY = re.compile(r"\b(?:chest|thorax|abdomen|cap|pet|staging|distant)\b")


def _of_one_organ(note: Note, place: int) -> bool:
    """True for a scan of one organ: "MRI of the brain showed no evidence of metastatic disease" says nothing of the rest."""
    sentence = note.sentence(place)
    words = note.plain[sentence.start : sentence.end]
    return _ONE_ORGAN.search(words) is not None and _WHOLE_BODY.search(words) is None


def organ_names(note: Note, identifier: str) -> set[str]:
    """Return the body sites where a tumour type begins."""
    tumours = note.words.knowledge.tumours
    table = {"breast": "breast", "lung": "lung", "colorectal": "colorectum", "gastric": "stomach", "gej": "gej", "oesophageal": "oesophagus", "ovarian": "ovary", "pancreatic": "pancreas", "biliary": "bile_duct", "gallbladder": "gallbladder", "uterine": "uterus", "endometrial": "uterus", "cervical": "cervix", "bladder": "bladder", "prostate": "prostate", "thyroid": "thyroid", "salivary": "salivary_gland", "renal": "kidney", "liver": "liver"}  # fmt: skip
    named = {table[wider] for wider in tumours.wider(identifier) if wider in table}
    return named | {"vagina"} if "gynaecological" in tumours.wider(identifier) else named


_APART = re.compile(r"[.;]|\bno\b|\bnot\b|\bwithout\b|\bmri\b|\bstable\b|\bclear\b|\bon\s(?!ct|it)\w+-?dxd")
_NO_LETTER = re.compile(r"[^a-z ]")
_WHOLE_BRACKET = re.compile(r"\([^()]*\)")


def _of_spread(note: Note, sentence: Sentence, hit: Hit, spread: list[re.Match[str]]) -> re.Match[str] | None:
    """Return the word of spread that a site belongs to: beside it, or through a list of sites."""
    words = note.said(hit.start, hit.end)
    for match in spread:
        if hit.start <= match.start() < hit.end:
            return match
    if _BENIGN.match(note.plain[hit.end : hit.end + 16].strip()):
        return None
    for match in spread:
        low, high = (match.end(), hit.start) if match.end() <= hit.start else (hit.end, match.start())
        if low > high or high - low > 160:
            continue
        # "brain (3 lesions, SRS 6/2024), pleura": what a bracket tells of one site does not end the list.
        between = _WHOLE_BRACKET.sub(" ", note.plain[low:high])
        if len(between) > 70:
            continue
        if _APART.search(between):
            continue
        plain_words = _NO_LETTER.sub(" ", between).split()
        filler = {
            "in",
            "the",
            "and",
            "with",
            "to",
            "of",
            "at",
            "dx",
            "new",
            "two",
            "three",
            "multiple",
            "several",
            "on",
            "ct",
            "it",
            "her",
            "his",
            "small",
            "bilobar",
            "contralateral",
            "synchronous",
            "diagnosis",
            "involving",
            "including",
            "both",
            "lobe",
            "left",
            "right",
            "plus",
            "mediastinal",
            "retroperitoneal",
            "known",
            "distant",
            "disease",
            "y",
            "en",
            "de",
            "restaging",
            "scan",
            "pet",
            "showed",
            "shows",
            "widespread",
            "bilateral",
            "a",
            "metastatic",
            "measurable",
            "after",
            "months",
            "date",
            "later",
            "solitary",
            "para",
            "aortic",
            "hilar",
            "axillary",
            "supraclavicular",
            "cervical",
            "coeliac",
            "celiac",
            "portal",
            "pelvic",
            "inguinal",
            "internal",
            "mammary",
            "implants",
            "only",
            "deposits",
            "nodules",
            "lymph",
            "cancer",
            "carcinoma",
            "sites",
            "site",
            "imaging",
            "my",
            "found",
            "seen",
            "noted",
            "developed",
            "lesions",
            "larger",
            "bigger",
            "growing",
            "increasing",
            "progressing",
            "now",
            "also",
            "again",
            "for",
            "first",
            "time",
            "spot",
            "spots",
            "one",
            "portocaval",
            "subcarinal",
            "paratracheal",
            "liver",
            "omental",
            "effusion",
            "effusions",
        }
        known = {
            word
            for one in note.hits_in(low - 1 if low > sentence.start else low, high + 16, "site")
            if one.start < high
            for word in _NO_LETTER.sub(" ", note.said(one.start, one.end)).split()
        }
        months = {
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        }
        if all(word in filler or word in known or word in months or len(word) == 1 for word in plain_words):
            if (
                match.start() > hit.end
                and match[0] in ("lesions", "lesion")
                and words
                not in ("liver", "hepatic", "lung", "pulmonary", "bone", "osseous", "brain", "cerebral", "bony")
            ):
                continue
            return match
    return None
