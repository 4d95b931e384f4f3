"""The trials that ship with the program."""

from __future__ import annotations

from her2nav.catalogue.trialfile import read_trial
from her2nav.knowledge.bundle import Bundle
from her2nav.model.errors import DataError
from her2nav.model.trial import Trial


def load_catalogue(bundle: Bundle) -> list[Trial]:
    """Return every curated trial, by registry id.

    Raises:
        DataError: A trial file is wrong, with its place.
    """
    return [read_trial(bundle.document(name), DataError) for name in bundle.folder("trials/")]
