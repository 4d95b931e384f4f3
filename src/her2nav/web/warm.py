"""What all patients share, worked out before the first of them comes: a made-up patient is answered at the start."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace

from fastapi import Request

from her2nav.app.patient_source import Given, given
from her2nav.app.session import Session
from her2nav.model.errors import Her2NavError
from her2nav.report.phrases import Register
from her2nav.web.memory import Memory
from her2nav.web.pages.pieces import Seen
from her2nav.web.pages.result import memory_of, show_result
from her2nav.web.pages.start import show_confirm, show_start
from her2nav.web.pages.state import Filters, State
from her2nav.web.settings import Settings

_NOTES = (
    """Gastric adenocarcinoma, biopsy of the primary. Stage IV. HER2 IHC: 2+. ECOG 1. 60 year old man.
Treatment: FOLFOX from 2025-07 to 2026-01, stopped for progression.
""",
    """Invasive breast carcinoma, biopsy of a liver metastasis. HER2 IHC: 3+. ER positive. 60 year old woman.
Treatment: trastuzumab, pertuzumab and docetaxel from 2024-03 to 2025-01, stopped for progression.
""",
)
"""Of nobody; the tumours that are asked about most."""
_SCOPE = {
    "type": "http",
    "method": "GET",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "path": "/",
    "query_string": b"",
    "headers": [],
}
_REGISTERS: tuple[Register, ...] = ("plain", "clinical")


class _NotRead(Exception):
    """Criteria have to be read first, which may take long."""


def warm(session: Session, settings: Settings) -> None:
    """Answer made-up patients, and forget them; what goes wrong is told to whoever asks for it later."""
    for note in _NOTES:
        # A server of its own: what real ones keep is not touched.
        state = SimpleNamespace(session=session, settings=settings, memory=Memory(settings))
        request = Request({**_SCOPE, "app": SimpleNamespace(state=state)})
        with suppress(Her2NavError, _NotRead):
            show_start(request, session)
            _answer(request, session, given(session, note.encode(), "note"))


def _answer(request: Request, session: Session, found: Given) -> None:
    show_confirm(request, session, found)
    derived = Seen(session, found.read, progress=_stop)
    _ = derived.case, derived.matched
    states = [State(found.read, register, Filters(), {}) for register in _REGISTERS]
    memory_of(request).keep(states[0], derived)
    for state in states:
        show_result(request, session, state)


def _stop(_: int, __: int) -> None:
    raise _NotRead
