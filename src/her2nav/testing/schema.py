"""The form of `data/testing/`: tests, conditions, rules, steps of the interpretation, tissue orders, assays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from her2nav.interpret.tables import Phrase
from her2nav.model.base import Frozen
from her2nav.model.finding import Effort
from her2nav.model.provenance import Provenance
from her2nav.model.values import OneOrMany

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
RuleId = Annotated[str, Field(pattern=r"^T-[A-Z]+-[a-z0-9-]+$")]
Strength = Literal["needed", "advised", "consider"]
"""needed: a treatment decision waits for it; advised: recommended; consider: worth asking about."""
STRENGTHS: tuple[Strength, ...] = ("needed", "advised", "consider")
Gives = Literal["now", "later", "note"]
Policy = Literal[
    "newest_tissue", "governing", "asked", "new_biopsy", "metastasis", "excision", "residual", "blood", "record"
]
"""Which specimen. `asked`: the ones the interpretation names; `excision`, `residual`: the tumour taken out, before or
after drug treatment; `record`: no specimen, a report is asked for."""
Needs = Literal["record", "slide", "tissue", "new_tissue", "blood"]
RecordFact = Literal[
    "her2_result",
    "ihc_result",
    "her2_word_only",
    "tissue_panel",
    "plasma_result",
    "plasma_clear",
    "advanced",
    "amplified",
    "metastatic",
    "tissue_used_up",
    "little_tissue",
    "core_only",
    "side_recorded",
    "her2_asked",
    "neoadjuvant_recorded",
    "tested_since_progression",
]


class Orderable(Frozen):
    """Something that can be ordered or asked for."""

    id: Id
    group: Literal["her2", "co_biomarker"]
    clinical: str
    plain: str
    effort: Effort
    needs: Needs
    """What it is made on; `slide`: a slide that exists is read again."""
    sequence: int
    """Place among tests of equal strength, lowest first."""
    on: Policy


class Condition(Frozen):
    """Something about the case that is met, not met or unknown; `clinical` and `plain` say what is open then."""

    id: Id
    tree: Any = Field(default=None, alias="if")
    """A criterion tree (docs/criteria.md)."""
    record: RecordFact | None = None
    """A fact about what the record holds, which no criterion asks for."""
    limits: dict[str, Decimal] = Field(default_factory=dict)
    """Thresholds of a record fact."""
    clinical: str
    plain: str

    @model_validator(mode="after")
    def _one_head(self) -> Condition:
        if (self.tree is None) == (self.record is None):
            raise ValueError(f"the condition '{self.id}' has one of: if, record")
        return self


class Negated(Frozen):
    """The condition does not hold."""

    condition: Id = Field(alias="not")


class Either(Frozen):
    """One of the conditions holds."""

    any_of: Annotated[tuple[Id | Negated, ...], Field(min_length=2)]


When = Annotated[tuple[Id | Negated | Either, ...], Field(min_length=1)]


class Settled(Frozen):
    """When a rule has nothing left to ask: all that is `known` and all `genes` have answers, or one `or_met` holds."""

    known: OneOrMany[Id] = ()
    genes: OneOrMany[str] = ()
    """Gene symbols that a report must speak of; a clear plasma result does not count."""
    or_met: OneOrMany[Id] = ()


class Statement(Phrase):
    """A sentence in both registers with its sources."""

    provenance: Annotated[tuple[Provenance, ...], Field(min_length=1)]

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)


class Rule(Statement):
    """Where the conditions hold and nothing is settled, a test is due (now), becomes due (later), or a word is said."""

    id: RuleId
    gives: Gives
    when: When
    settled: Settled | None = None
    test: Id | None = None
    strength: Strength = "advised"
    on: Policy | None = None
    """The specimen, where it differs from that of the test."""
    trigger: Phrase | None = None
    """What makes a later test due."""
    also: tuple[Statement, ...] = ()
    """Further reasons, each with its own sources; the only place for unverified facts."""
    unless_now: OneOrMany[RuleId] = ()
    """Rules that, while they apply, make this one superfluous."""
    valid_from: date | None = None
    """First day it holds, where it rests on an approval."""

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if (self.test is None) != (self.gives == "note"):
            raise ValueError(f"rule {self.id}: now and later name a test, a note does not")
        if (self.trigger is None) == (self.gives == "later"):
            raise ValueError(f"rule {self.id}: later, and nothing else, has a trigger")
        if self.unverified:
            raise ValueError(f"rule {self.id}: an unverified fact is never the only reason; move it to `also`")
        return self


class Wait(Frozen):
    """While the conditions hold, a step is not due before its trigger."""

    when: When
    trigger: Phrase


class Step(Frozen):
    """What a next step of the interpretation means here."""

    codes: Annotated[OneOrMany[str], Field(min_length=1)]
    test: Id
    strength: Strength = "needed"
    on: Policy = "asked"
    because: Phrase | None = None
    """The reason; absent: the step's own words."""
    waits: tuple[Wait, ...] = ()
    """The first whose conditions hold decides; where that is unknown the step is due and says what it depends on."""
    trigger: Phrase | None = None
    """What makes it due, where it always waits."""
    gives: Gives = "now"

    @model_validator(mode="after")
    def _triggered(self) -> Step:
        if (self.trigger is None) == (self.gives == "later"):
            raise ValueError(f"step {self.codes[0]}: later, and nothing else, has a trigger")
        return self


class LittleTissue(Statement):
    """In which order tests share little tissue."""

    id: RuleId
    when: When
    order: Annotated[tuple[Id, ...], Field(min_length=2)]


class Assay(Frozen):
    """A method, for the table of assays."""

    id: Id
    name: str
    plain: str
    """What it is, for a patient."""
    detects: OneOrMany[Literal["mutation", "amplification", "over-expression"]]
    sample: str
    for_it: str
    against_it: str
    use: Literal["routine", "special", "research"]
    provenance: Annotated[tuple[Provenance, ...], Field(min_length=1)]


class OrderableFile(Frozen):
    """`tests.yaml`."""

    tests: tuple[Orderable, ...]


class ConditionFile(Frozen):
    """`conditions.yaml`."""

    conditions: tuple[Condition, ...]


class RuleFile(Frozen):
    """`rules/*.yaml`."""

    rules: tuple[Rule, ...]


class StepFile(Frozen):
    """`steps.yaml`."""

    older_sample: Phrase
    """What makes a step due that only an older specimen asks for."""
    steps: tuple[Step, ...]


class LittleTissueFile(Frozen):
    """`little_tissue.yaml`."""

    orders: tuple[LittleTissue, ...]


class AssayFile(Frozen):
    """`assays.yaml`."""

    assays: tuple[Assay, ...]
