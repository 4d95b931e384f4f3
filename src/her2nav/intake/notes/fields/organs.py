"""The organs and sites that words name: by themselves, within the name of a sample, or by the operation that removed them."""

from __future__ import annotations

import re

from her2nav.intake.notes.note import Note
from her2nav.language.dictionary import Hit

OPERATION = re.compile(
    r"(?:radical |total |partial |simple |modified |robotic |laparoscopic )*(?:(?P<uterine>hyst|tah|pipelle|curett|d ?& ?c|dilat\w+ and curett)|(?P<bladder>cystectomy|cystoprostatectomy|turb|tur-b)|(?P<gallbladder>cholecystectomy)"
    r"|(?P<breast>mrm|partial mastectomy|mastectomy|quadrantectomy)|(?P<ovarian>oophorectomy)|(?P<lung>tb(?:lb|nb|cb|lc))|(?P<pancreatic>pancreatectomy)|(?P<colon>(?:hemi)?colectomy|sigmoidectomy)|(?P<salivary>parotidectomy))"
)
"""Operations that name the organ they remove, or where the organ is not said."""
COMPOUND = re.compile(
    r"(?:(?P<liver>leber)|(?P<bone>knochen)|(?P<brain>hirn)|(?P<lung>lungen)|(?P<skin>haut)|(?P<lymph_node>lymphknoten)|(?P<breast>mamma)|(?P<pleura>pleura)|(?P<gastric>magen))-?(?=biops)"
)
"""German words for a biopsy that begin with the organ."""
_OPERATED = {"mastectomy": "breast", "breast_conserving": "breast", "gastrectomy": "gastric", "colectomy": "colon", "lung_resection": "lung", "oesophagectomy": "oesophageal", "hepatectomy": "liver", "hysterectomy": "uterine", "craniotomy": "brain"}  # fmt: skip


def removed_by(note: Note, start: int, end: int) -> str | None:
    """Return the organ that the name of an operation says: "colectomy"; of the breast there is none but its own."""
    by_name = OPERATION.match(note.plain, start, end)
    named = [by_name.lastgroup] if by_name else []
    named += [organ for _, organ in named_by_operation(note.hits_in(start, end, "technique"))]
    return next((organ for organ in named if organ not in (None, "breast")), None)


def named_by_operation(hits: list[Hit]) -> list[tuple[Hit, str]]:
    """Return the organs that the names of operations say, each with its place."""
    return [(hit, _OPERATED[found]) for hit in hits if (found := hit.id("technique")) in _OPERATED]


_COLLAR = 7


_NO_PLACE = re.compile(
    r"elsewhere\b|local(?:ly)?\s?(?::|(?:lab\w*|her-?2|ihc|d?-?d?(?:fish|cish|sish|ish)|reports?|results?|tests?|testing|review|scores?|path\w*|hospital)\b)"
)
"""Words of place that say who tested, not what was taken."""
_RULES = re.compile(
    r"[\w-]+(?:\s?/\s?\w+)?(?:[ -](?:cancer|carcinoma|type|style))?\s(?:\([^()\n]{1,20}\)\s)?(?:scor(?:ing|es?\b(?=\s(?:system|rules|criteria)))|criteria|guidelines?|rules|scheme|system|scale|algorithm|cut-?offs?|thresholds?|definitions?|protocol)\b"
)
_RULES_OF = re.compile(
    r"(?:\b(?:scored|scoring|read|reported|interpreted|assessed|graded) (?:as|like|by|per|with|using|according to)(?: (?:for|in|the|those|of)){0,3}|\bas (?:for|in)|\b(?:criteria|guidelines?|rules|scoring|system) (?:of|for|in)(?: the)?|\basco/cap(?: \d{4})?,?)\s$"
)
"""Whose rules a test was scored by: "gastric criteria", "scored as for breast"."""
_BEFORE_RULES = 45


def organs_in(note: Note, start: int, end: int) -> list[tuple[Hit, str]]:
    """Return the organs and sites named in a stretch, each with its id."""
    found: list[tuple[Hit, str]] = []
    for hit in note.hits_in(start, end, "organ", "site"):
        organ = hit.id("organ") or hit.id("site")
        if organ == "bone" and note.plain[max(0, hit.start - _COLLAR) : hit.start].endswith(("collar ", "collar-")):
            continue  # "a lump above the collar bone" is none of the bone
        node = hit.id("site") == "lymph_node"
        if node and found and found[-1][0].end + 1 == hit.start:
            found.pop()  # "iliac node" is no bone
        if organ and not _NO_PLACE.match(note.plain, hit.start) and not _names_rules(note, hit):
            found.append((hit, "lymph_node" if node else organ))
    return found


def _names_rules(note: Note, hit: Hit) -> bool:
    """Whether the word of an organ says by whose rules a test was scored."""
    if _RULES.match(note.plain, hit.start):
        return True
    return _RULES_OF.search(note.plain[max(0, hit.start - _BEFORE_RULES) : hit.start]) is not None


def organ_within(note: Note, low: int, start: int, end: int) -> list[tuple[Hit, str]]:
    """Return the organ in the first words of a name of the vocabulary that goes on with the word for a sample: "liver biopsy"."""
    found: list[tuple[Hit, str]] = []
    for hit in note.hits_in(low, end, "technique"):
        if hit.start < start < hit.end:
            inside = note.words.find(note.plain[hit.start : start], note.text[hit.start : start])
            named = [one.id("organ") or one.id("site") for one in inside]
            found = [(hit, organ) for organ in named if organ][-1:] or found
    return found
