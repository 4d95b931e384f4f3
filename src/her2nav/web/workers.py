"""Several processes that serve: each begins as a copy of one that has loaded everything."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from her2nav.model.errors import Her2NavError

_SOON = 5.0
"""Seconds: a process that ends sooner could not serve at all, and another would not fare better."""


def can_copy() -> bool:
    """Return whether a process can be copied with all it holds; elsewhere each worker loads for itself."""
    return sys.platform == "linux"


def run_copies(serve: Callable[[], None], count: int) -> None:
    """Serve in so many copies of this process until interrupted; one that ends by itself is replaced.

    What was loaded before is shared between the copies, as long as nobody writes to it.

    Raises:
        Her2NavError: A copy ended as soon as it had begun.
    """
    begun: dict[int, float] = {}
    ending = False

    def end(_: int, __: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for process in begun:
            os.kill(process, signal.SIGTERM)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    failed = False
    try:
        while begun or not ending:
            while not ending and len(begun) < count:
                begun[_copy(serve)] = time.monotonic()
            process, status = os.wait()
            lasted = time.monotonic() - begun.pop(process, 0.0)
            if not ending and lasted < _SOON:
                failed = True
                end(status, None)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if failed:
        raise Her2NavError("a worker of the server ended as soon as it had begun", code="worker")


def _copy(serve: Callable[[], None]) -> int:
    """Begin a copy of this process that serves and ends; return its number."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        serve()
        status = 0
    finally:
        # Whatever happened: a copy must not go on as if it were the process that it was copied from.
        os._exit(status)
