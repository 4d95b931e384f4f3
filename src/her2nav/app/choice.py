"""Which trials a patient is matched with, and whose trees: the catalogue's, curated by a person, or the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TrialSet(StrEnum):
    """Where the trials come from."""

    BOTH = "both"
    CATALOGUE = "catalogue"
    STORE = "store"


class TreeChoice(StrEnum):
    """Whose trees judge."""

    AUTO = "auto"
    """The curated tree while the registry's text is the one that was curated; else the tree that was read."""
    CURATED = "curated"
    READ = "read"


class About(StrEnum):
    """Which trials of the store are looked at."""

    ONCOLOGY = "oncology"
    HER2 = "her2"


@dataclass(frozen=True, slots=True)
class Choice:
    """What `match` was asked to judge.

    Attributes:
        trials: None: both where there is a store, else the catalogue.
    """

    trials: TrialSet | None = None
    criteria: TreeChoice = TreeChoice.AUTO
    about: About = About.ONCOLOGY


@dataclass(frozen=True, slots=True)
class Aside:
    """Trials that were not judged, and why, in both registers."""

    count: int
    reason: str
    plain: str


@dataclass(frozen=True, slots=True)
class TreeNote:
    """Something to know of the tree that judged a trial."""

    clinical: str
    plain: str


OTHER_TUMOUR = ("about other tumour types", "for other cancers")
NO_CANCER = (
    "no tumour type is recognised and HER2 is not mentioned",
    "not about a cancer that the program knows",
)
NO_HER2 = ("HER2 is not mentioned", "not about HER2")
GONE = ("no longer in the registry", "no longer listed")
NOT_CURATED = ("no curated tree", "not yet prepared by a person")
NOT_IN_STORE = ("not in the store, so there is no registry text to read", "not in the list on this computer")

TEXT_CHANGED = TreeNote(
    "the registry's text changed since a person curated it: read by the program",
    "the study's rules changed since a person last read them: read by the program now",
)
TEXT_NOT_CURATED = TreeNote(
    "a person curated this trial without the registry's text: read by the program",
    "no person has read the full rules of this study yet: read by the program",
)
TEXT_DIFFERS = TreeNote(
    "the registry's text changed since a person curated it: check",
    "the study's rules changed since a person last read them: check with your team",
)
LEFT_REGISTRY = TreeNote("no longer in the registry", "the study is no longer listed")
