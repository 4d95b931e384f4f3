"""A sample and the HER2 results that were put to it while the note is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from her2nav.intake.notes.fields.genes import Alteration
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span


@dataclass
class Sample:
    """A sample with its results while the note is read."""

    anchor: Anchor
    results: list[Token] = field(default_factory=list)
    variants: list[Alteration] = field(default_factory=list)
    covered: dict[str, Span] = field(default_factory=dict)
    labs: dict[str, tuple[str, Span]] = field(default_factory=dict)
    """Whose each test is: local or central, where the note says so."""
    measured_by: dict[str, str] = field(default_factory=dict)
    """The laboratory of the first result of each test, by its own words or the heading over it."""
    named_at: list[int] = field(default_factory=list)
    """The places that name the sample with its kind and day."""
    withdrawn: list[Token] = field(default_factory=list)
    """Results that the note itself calls an error."""
    rival: Sample | None = None
    """The sample with the local results, of results of a central laboratory on the same tissue."""
    blocks: set[str] = field(default_factory=set)
    """The blocks of a listed specimen that its results were measured on."""
