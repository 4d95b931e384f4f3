"""What the words of an entry say of a listed specimen."""

from __future__ import annotations

import itertools
import re

from her2nav.intake.notes.fields.her2_split import label
from her2nav.intake.notes.fields.organs import organs_in, removed_by
from her2nav.intake.notes.fields.specimen_labels import CELL_BLOCK, SCOPED, SENTINEL
from her2nav.intake.notes.fields.specimens import Anchor, place_of_cells
from her2nav.intake.notes.note import Note

_REMOVED = re.compile(
    r"\b(?:lymphadenectomy|(?:node|axillary|neck|nodal|level \w+) (?:dissection|clearance)|anc|alnd|excised|removed)\b"
)
_SENT = re.compile(r"\b(?:sent|submitted|forwarded|released|returned|requested)\b(?: (?:on|for|to)\b[^.;\n]{0,30})?\s$")
_DISEASE = re.compile(r"\s(?:cancer|carcinoma|primary|metast\w+)")


def described(note: Note, start: int, end: int) -> Anchor:
    """Return what the words of an entry say of the specimen; an operation that names its organ is of that one."""
    anchor = label(note, start, end, start)
    day = (anchor.spans or {}).get("collected")
    if day is not None and _SENT.search(note.plain, start, day[0]):
        anchor.date = None  # "block C4 sent 24 July" for another test
        del (anchor.spans or {})["collected"]
    if anchor.kind == "biopsy" and anchor.organ is None and SCOPED.search(note.plain, start, end):
        anchor.lesion = anchor.lesion or "primary"  # what an endoscope reaches is where the tumour is
        (anchor.spans or {}).setdefault("lesion", (start, end))
    organs = organs_in(note, start, end)
    if (
        len({one for _, one in organs}) > 1
        and organs[0][1] == "breast"
        and not _DISEASE.match(note.plain, organs[0][0].end)
    ):
        anchor.organ = "breast"  # "Breast and axillary nodes, mastectomy": what is named first was sent
        (anchor.spans or {})["organ"] = (organs[0][0].start, organs[0][0].end)
    for one, other in itertools.pairwise(organs):
        if other[0].start == one[0].end + 1 and anchor.organ == one[1]:
            anchor.organ = other[1]  # "pelvic bone"
            (anchor.spans or {})["organ"] = (other[0].start, other[0].end)
    if anchor.organ is None and anchor.part is not None and anchor.part.endswith("o'clock"):
        anchor.organ = "breast"
    block = CELL_BLOCK.search(note.plain, start, end) if anchor.kind == "cytology" else None
    if block is not None:
        anchor.kind = "cytology_block"  # "pleural fluid cell block"
    if anchor.organ is None and anchor.kind in ("cytology", "cytology_block"):
        place_of_cells(note, start, end, anchor)
    if anchor.kind is None:
        # Organs that are sent whole, and sentinel nodes, were removed.
        whole = len({one for _, one in organs_in(note, start, end)}) > 1
        sentinel = SENTINEL.search(note.plain, start, end) or _REMOVED.search(note.plain, start, end)
        if whole or sentinel:
            anchor.kind = "resection"
            (anchor.spans or {})["kind"] = sentinel.span() if sentinel else (start, end)
        return anchor
    kind, organ = ((anchor.spans or {}).get(name) for name in ("kind", "organ"))
    if kind is not None and organ is not None and organ[0] > kind[0]:
        anchor.organ = removed_by(note, *kind) or anchor.organ
    return anchor


def told_of(anchor: Anchor) -> bool:
    """True for an entry that says what was sampled: its kind, organ or side, or its place on the clock."""
    by_place = anchor.part is not None and (anchor.part.endswith("o'clock") or anchor.part.endswith("q"))
    return bool(anchor.kind or anchor.organ or anchor.lesion or anchor.side) or by_place
