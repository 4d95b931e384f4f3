"""Memory of a process that runs for days."""

from __future__ import annotations

import gc

THRESHOLDS = (20_000, 5, 5)
"""New objects before a collection, and collections before one that looks further; Python looks 30 times as often."""


def tend_memory() -> None:
    """Collect as often as a process must that serves many patients, and never what it holds anyway.

    The command line collects next to never, for it ends soon: a server that kept to that would keep the answers of
    every patient. To be called when what all patients share has been read.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
