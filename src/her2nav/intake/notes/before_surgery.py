"""Treatment that is to be followed by an operation: "neoadjuvant intent", "four cycles planned, then mastectomy"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from her2nav.intake.notes.context import context
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Sourced

if TYPE_CHECKING:
    from her2nav.intake.notes.assemble import Draft

_SURGERY = r"(?:mrm|mastectomy|lumpectomy|wle|wide local excision|breast surgery|surgery|operation|gastrectomy|oesophagectomy|esophagectomy|colectomy|resection|cystectomy)"
_INTENT = Gated(
    r"\bneo-?adj(?:uvant)?\.? (?:intent|intention|setting|approach)\b"
    rf"|\bplan(?:ned|s)?(?: for| of)? \d{{1,2}}(?: cycles| courses)?,? (?:and )?(?:then|followed by) (?:the )?{_SURGERY}\b"
    rf"|\b\d{{1,2}}(?: cycles| courses)? (?:are |were )?planned,? (?:and )?(?:then|followed by) (?:the )?{_SURGERY}\b"
)
_M1 = re.compile(r"[cp]*M1")


def settle_before_surgery(draft: Draft, notes: list[Note]) -> None:
    """Call courses neoadjuvant that an operation is to follow, where nothing has spread and nothing was operated on yet."""
    cancer: dict[str, Any] = draft.patient.get("cancer", {})
    courses = draft.patient.get("therapies", [])
    if cancer.get("setting") in ("metastatic", "recurrent") or cancer.get("metastatic_sites"):
        return
    if _M1.match(str(cancer.get("tnm", {}).get("m"))) or str(cancer.get("stage", "")).startswith("IV"):
        return
    if any(one.get("kind") == "surgery" for one in draft.patient.get("procedures", [])):
        return
    if any(one.get("setting") not in (None, "neoadjuvant") for one in courses):
        return
    found = ((note, match) for note in notes for match in _INTENT.finditer(note.plain))
    told = next((match for note, match in found if not context(note, *match.span()).negated), None)
    for i, one in enumerate(courses):
        place = next((each.origin for each in draft.provenance if each.path == f"/therapies/{i}/drugs"), None)
        if told is not None and place is not None and "setting" not in one:
            one["setting"] = "neoadjuvant"
            draft.provenance.append(Sourced(f"/therapies/{i}/setting", "neoadjuvant", place))
