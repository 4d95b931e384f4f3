"""Answers of the last records, in memory for half an hour at most: the next page of the same patient is fast.

Nothing needs them: a page whose answers are gone works them out again. They are found by a keyed digest of the record,
so that nobody who does not send the record can reach them, and they are never written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from itertools import islice
from typing import Any

from her2nav.app.session import Session
from her2nav.matching.results import forget_reasons
from her2nav.web.pages.pieces import Seen
from her2nav.web.pages.state import State
from her2nav.web.settings import Settings

KEPT = 64
WHOLE = 12
"""Of so many, those that were asked for last, the reasons are kept too."""
_OF_A_THREAD = ("sites",)
"""Holds a connection to the store, which belongs to the thread that opened it."""


class Memory:
    """The answers that a worker keeps; safe between threads."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.secret
        self._seconds = settings.form_minutes * 60
        self._kept: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def derived(self, session: Session, state: State, now: float | None = None) -> Seen:
        """Return the patient with the answers that are known already."""
        found = Seen(session, state.read)
        at = now if now is not None else time.monotonic()
        with self._lock:
            self._forget(at)
            kept = self._kept.get(self._key(state))
            if kept is not None:
                found.__dict__.update(kept[1])
        return found

    def keep(self, state: State, derived: Seen, now: float | None = None) -> None:
        """Keep what was worked out; the time to live runs from the first time."""
        at = now if now is not None else time.monotonic()
        answers = {name: value for name, value in derived.__dict__.items() if name not in _OF_A_THREAD}
        with self._lock:
            key = self._key(state)
            first = self._kept.pop(key, (at, {}))[0]
            self._kept[key] = (first, answers)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            older = list(islice(reversed(self._kept.values()), WHOLE, WHOLE + 1))
        for _, known in older:
            if "case" in known:
                forget_reasons(known["case"])

    def __len__(self) -> int:
        return len(self._kept)

    def _forget(self, now: float) -> None:
        for key in [key for key, (at, _) in self._kept.items() if now - at > self._seconds]:
            del self._kept[key]

    def _key(self, state: State) -> str:
        return hmac.new(self._secret, state.record.encode(), hashlib.sha256).hexdigest()
