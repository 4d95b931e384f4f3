"""What a plan of testing is made of: what is done, what is due, what may become due, and why."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.interpret.tables import Phrase
from her2nav.model.finding import Effort
from her2nav.model.provenance import Confidence
from her2nav.testing.schema import Strength


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a reason stands; `unverified` facts are shown as such and are never the only reason."""

    source: str
    locator: str
    confidence: Confidence

    @property
    def unverified(self) -> bool:
        """True for K? and UNV."""
        return self.confidence.unverified


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked for.

    Attributes:
        rules: Ids of the testing rule, or of the rows of the interpretation.
        clinical: Sentence for clinicians.
        plain: Sentence for patients.
        sources: Where it stands.
        depends_on: What is open; empty when the rule applies for certain.
    """

    rules: tuple[str, ...]
    clinical: str
    plain: str
    sources: tuple[SourceLine, ...]
    depends_on: tuple[Phrase, ...] = ()

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.unverified for line in self.sources)


@dataclass(frozen=True, slots=True)
class Target:
    """What a test is made on.

    Attributes:
        path: JSON pointer of the specimen; None where none on record will do.
        clinical: For clinicians.
        plain: For patients.
        cautions: What speaks against it or must be asked first.
    """

    path: str | None
    clinical: str
    plain: str
    cautions: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One test with all its reasons.

    Attributes:
        test: Id of the test.
        group: her2 or co_biomarker.
        clinical: Name for clinicians.
        plain: Name for patients.
        burden: What it means for the patient: a blood test, a new biopsy, nothing.
        effort: How hard it is.
        strength: The strongest of its reasons that apply for certain, else of all.
        targets: What it is made on; more than one where several specimens are asked about.
        reasons: The strongest first.
        open: Parts of a panel that are not known yet; empty when all of it is open.
        trigger: What makes it due; None: due now.
    """

    test: str
    group: str
    clinical: str
    plain: str
    burden: str
    effort: Effort
    strength: Strength
    targets: tuple[Target, ...]
    reasons: tuple[Reason, ...]
    open: tuple[str, ...] = ()
    trigger: Phrase | None = None

    @property
    def certain(self) -> bool:
        """True when a verified reason applies whatever is still open."""
        return any(not reason.depends_on and not reason.unverified for reason in self.reasons)

    @property
    def depends_on(self) -> tuple[Phrase, ...]:
        """What the test depends on; empty when it is due for certain."""
        if self.certain:
            return ()
        return tuple(dict.fromkeys(phrase for reason in self.reasons for phrase in reason.depends_on))


@dataclass(frozen=True, slots=True)
class Done:
    """A result on record; `date` is None where the record has none."""

    clinical: str
    plain: str
    path: str
    date: str | None
    group: str


@dataclass(frozen=True, slots=True)
class TissueOrder:
    """In which order the tests share little tissue.

    Attributes:
        little: True when the tissue on record is known to be little; None when that is not known.
        tests: Ids, first to last; only tests that are due.
        reason: Why this order.
    """

    little: bool | None
    tests: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: done, now (in order; what depends on something comes last), later, and what else is worth knowing."""

    done: tuple[Done, ...]
    now: tuple[Item, ...]
    later: tuple[Item, ...]
    notes: tuple[Reason, ...]
    tissue_order: TissueOrder | None = None
