"""Cancers of ovary and womb spread within the pelvis and the abdomen without being metastatic: FIGO III, or a relapse there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Sourced

if TYPE_CHECKING:
    from her2nav.intake.notes.assemble import Draft

_GYNAECOLOGICAL = "gynaecological"
_NEAR = frozenset({"peritoneum", "ovary", "uterus", "pelvis", "vagina", "lymph_node", "retroperitoneum", "local"})
"""Places that a stage below IV reaches."""
_SAID = re.compile(
    r"(?<!non-)\bmetastatic\b|\bstage (?:iv|4)|\bfigo\s?(?:stage\s)?(?:20\d\d:?\s)?iv|\bdistant (?:mets|metast\w+|disease)"
)
_CAME_BACK = re.compile(
    r"\b(?:recurr(?:en(?:t|ce)|ed|ing)|relaps(?:e|ed|ing)|(?:came|come|has come) back)\b(?![ -]?free)"
)
_NOT_YET = re.compile(r"\b(?:no|without|risk of|free of|never)\s(?:\w+\s){0,2}$")


def settle_within_pelvis(draft: Draft, notes: list[Note]) -> None:
    """Call such a disease recurrent where it came back, and leave its setting open where it did not.

    Only where nothing else makes it metastatic: a stage IV, M1, a distant organ, or the word itself.
    """
    cancer = draft.patient.get("cancer", {})
    if cancer.get("setting") != "metastatic" or not notes:
        return
    tumour = cancer.get("tumour_type")
    if tumour is None or _GYNAECOLOGICAL not in notes[0].words.knowledge.tumours.wider(str(tumour)):
        return
    distant = set(cancer.get("metastatic_sites") or ()) - _NEAR
    staged = str(cancer.get("stage") or "").startswith("IV") or "M1" in str((cancer.get("tnm") or {}).get("m") or "")
    if distant or staged or any(_SAID.search(note.plain) for note in notes):
        return
    place = next((one for one in draft.provenance if one.path == "/cancer/setting"), None)
    if place is None:
        return
    draft.provenance.remove(place)
    if any(_came_back(note) for note in notes) or "relapse_date" in cancer:
        cancer["setting"] = "recurrent"
        draft.provenance.append(Sourced("/cancer/setting", "recurrent", place.origin))
    else:
        del cancer["setting"]


def _came_back(note: Note) -> bool:
    return any(
        _NOT_YET.search(note.plain, max(0, one.start() - 24), one.start()) is None
        for one in _CAME_BACK.finditer(note.plain)
    )
