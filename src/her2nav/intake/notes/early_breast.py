"""Early breast cancer that is told by its categories: T1-3 N0-1 without metastases, or treated around its operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from her2nav.intake.notes.context import context, of_family
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Sourced

if TYPE_CHECKING:
    from her2nav.intake.notes.assemble import Draft

_T_EARLY = re.compile(r"[cpyr]*T(?:is|[0-3])", re.IGNORECASE)
_N_EARLY = re.compile(r"[cpyr]*N[01x]", re.IGNORECASE)
_M_NONE = re.compile(r"[cp]*M0", re.IGNORECASE)
_STAGE_EARLY = re.compile(r"(?:I|IA|IB|II|IIA|IIB|IIIA)$")
_AROUND = ("neoadjuvant", "adjuvant")
_LATER = Gated(
    r"\b(?:metasta(?:ses|sis|tic|sised|sized)|mets|recurr\w+|relaps\w+|progress(?:ion|ed|ing|ive)|stage iv|palliat\w+|incurable|secondar(?:y|ies)|disseminated|advanced|progress\b|metastas\w+|rezidiv\w*|recidiva\w*|m[ée]tastas\w+|came back|come back|returned)\b"
)
"""Words of a disease that spread or came back; said as a fact anywhere, they leave the setting open."""
_OF_NODE = re.compile(
    r"[^.;\n]{0,40}\b(?:axill\w+|sentinel|nodes?|nodal|ln|lns)\b|(?:\s?\()?(?:\d+|one|two|three|four) (?:of|/)\s?\d+"
)
_NODE_BEFORE = re.compile(r"\b(?:axill\w+|sentinel|nodes?|nodal|ln|lns|regional)\b[^.;\n]{0,40}$")
_BEFORE = 44


def settle_early_breast(draft: Draft, notes: list[Note]) -> None:
    """Call a breast cancer early that the note stages so, and of which nothing later is told.

    Wanted are T0-3 N0-1 or a stage up to IIIA, and that it is so now: M0, no metastases, residual disease after
    treatment, or treatment around the operation. T4, N2 and more are locally advanced and stay open.
    """
    cancer: dict[str, Any] = draft.patient.get("cancer", {})
    if cancer.get("tumour_type") != "breast" or {"setting", "relapse_date"} & set(cancer):
        return
    if cancer.get("metastatic_sites") or any(one.get("site") == "metastasis" for one in _samples(draft)):
        return
    tnm, stage = cancer.get("tnm", {}), cancer.get("stage")
    if stage is not None:
        staged, path = _STAGE_EARLY.match(str(stage)) is not None, "/cancer/stage"
    else:
        staged = bool(_T_EARLY.match(str(tnm.get("t"))) and _N_EARLY.match(str(tnm.get("n"))))
        path = "/cancer/tnm/t"
    if not staged or not _now(draft, cancer) or any(_told_later(note) for note in notes):
        return
    place = next((one.origin for one in draft.provenance if one.path == path), None)
    if place is not None:
        cancer["setting"] = "early"
        draft.provenance.append(Sourced("/cancer/setting", "early", place))


def _samples(draft: Draft) -> list[dict[str, Any]]:
    return list(draft.patient.get("specimens", []))


def _now(draft: Draft, cancer: dict[str, Any]) -> bool:
    """Whether the note says that there are no metastases, or that the cancer is being treated around its operation."""
    given, planned = draft.patient.get("therapies", []), draft.patient.get("planned", [])
    if any(one.get("setting") not in _AROUND or one.get("reason_stopped") == "progression" for one in given):
        return False
    return bool(
        _M_NONE.match(str(cancer.get("tnm", {}).get("m")))
        or cancer.get("metastatic_sites") == []
        or cancer.get("residual")
        or any(one.get("setting") in _AROUND for one in [*given, *planned])
    ) and not any(one.get("setting") in ("metastatic", "maintenance") for one in planned)


def _told_later(note: Note) -> bool:
    """Whether the note tells, as a fact, of metastases, a relapse or progression; one in another language may."""
    if note.language is not None:
        return True
    for match in _LATER.finditer(note.plain):
        said = context(note, *match.span())
        if not said.stated or of_family(note, note.sentence(match.start()), match.start()):
            continue
        node = match[0].startswith("metasta") and (
            _OF_NODE.match(note.plain, match.end())
            or _NODE_BEFORE.search(note.plain, max(0, match.start() - _BEFORE), match.start())
        )
        if not node:
            return True
    return False
