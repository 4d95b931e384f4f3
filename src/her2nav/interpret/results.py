"""What interpretation returns: answers with their rules, specimens, the whole patient; no reading happens here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from her2nav.model.dates import PartialDate
from her2nav.model.finding import Effort
from her2nav.model.provenance import Confidence
from her2nav.model.truth import Truth

SUBSCORES: tuple[str, ...] = ("0_no_staining", "0_faint_le10", "1+", "2+", "3+")
"""Every IHC result there is, lowest first."""
ALL_SUBSCORES = frozenset(SUBSCORES)
ZEROS = frozenset(SUBSCORES[:2])
ISH_CALLS = frozenset({"positive", "negative"})


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The row an answer rests on.

    Attributes:
        id: Id of the row.
        table: `<guideline>/<table>`.
        source: Id of the source document.
        locator: Place in it.
        confidence: How the row was checked; K? and UNV rows never give a final answer.
    """

    id: str
    table: str
    source: str
    locator: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Answer:
    """One derived value.

    Attributes:
        value: The word: positive, negative, equivocal, indeterminate, unknown, low and so on.
        possible: Definite truths still possible once everything is known; sound, so that a criterion may be judged on
            it alone. One when the value is settled.
        final: True when exactly one definite truth is left and no step is pending (recount, adjudication, numbers of an
            ISH word older than the rules, a pattern outside the definitions, an unverified rule).
        rules: The rows it rests on, never empty when the value is definite.
        outcome: The table's own value, `negative_if_recount_confirms` where `value` says negative; joined by `|` where
            several rows can still fire.
        reason: Code of why it is unknown, where that is not one of the rows.
        any_zero: Expression zero by rules that do not ask for faint staining, and it is not known that there is none.
    """

    value: str
    possible: frozenset[str]
    final: bool
    rules: tuple[RuleRef, ...] = ()
    outcome: str = ""
    reason: str | None = None
    any_zero: bool = False

    @property
    def word(self) -> str:
        """The key of the words people read: that of `shown`, and `zero_any` where faint staining may be there."""
        return "zero_any" if self.any_zero and self.shown == "zero" else self.shown

    @property
    def shown(self) -> str:
        """The word that may stand alone: a definite word that is not final reads `indeterminate` or `unknown`."""
        if self.final or self.value not in self.possible:
            return self.value
        return "indeterminate" if self.possible <= {"positive", "negative"} else "unknown"

    def truth_of(self, *values: str) -> Truth:
        """Say whether the truth is one of the values; UNKNOWN as long as both are possible."""
        if self.possible and self.possible <= set(values):
            return Truth.MET
        return Truth.NOT_MET if self.possible.isdisjoint(values) and self.possible else Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to point out.

    Attributes:
        code: Stable code.
        clinical: Sentence for clinicians.
        plain: Sentence for patients.
        rules: Ids of the rows it comes from; a rule of section 0 or 9 where the engine raises it.
    """

    code: str
    clinical: str
    plain: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextTest:
    """What to do next.

    Attributes:
        code: Stable code.
        clinical: What, for clinicians.
        plain: The same for patients.
        effort: How hard it is.
        rules: Ids of the rows that ask for it.
        specimens: JSON pointers of the specimens it concerns.
    """

    code: str
    clinical: str
    plain: str
    effort: Effort
    rules: tuple[str, ...] = ()
    specimens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement in both registers, with the rows it rests on."""

    clinical: str
    plain: str
    rules: tuple[str, ...]


# Not frozen, though nothing changes one: setting that many fields of a frozen class took a quarter of the time that a
# specimen costs.
@dataclass(slots=True)
class SpecimenHer2:
    """HER2 of one specimen under the rules of its tumour.

    Attributes:
        index: Position in the patient's list.
        id: The user's own id.
        path: JSON pointer, `/specimens/0`.
        collected: As recorded.
        kind: biopsy, resection, cytology, cytology_block or blood.
        site: primary, metastasis, lymph_node, local_recurrence.
        organ: As recorded.
        scoring: Scoring system of the tumour; `none` where no scoring is validated.
        laboratory: Laboratory of the IHC, else of the ISH.
        usable: False when the sample cannot give a HER2 status (blood, inadequate cytology, acid decalcification).
        ihc: Possible results; all five when unknown. Sound: a value that could be true is never left out.
        ihc_called: The scores as called, lowest first, where `ihc` must also hold what more tissue could show.
        ihc_reported: True when an IHC result of this tumour's scoring was reported or described.
        ihc_by_scoring: The same for every scoring system a score was given or could be derived in.
        ish: Possible calls by the tumour's rules; both when unknown, indeterminate or not final.
        ish_group: Dual-probe group 1 to 5, when settled.
        amplification: amplified, not_amplified or unknown, by ISH or tissue sequencing, the assay's own call.
        status: HER2 status.
        expression: positive, low, ultralow, zero, zero_unspecified or unknown.
        extra: Further answers, each reported by itself (definitions of the tumour, methods of amplification).
        flags: What to point out.
        next: What would settle open points.
        informative: True when a protein, ISH or reported status result exists.
        reported_only: True when the status is the report's word without any assay result.
        explain: Puts the explanation into words.
    """

    index: int
    id: str | None
    path: str
    collected: PartialDate | None
    kind: str | None
    site: str | None
    organ: str | None
    scoring: str
    laboratory: str | None
    usable: bool
    ihc: frozenset[str]
    ihc_called: tuple[str, ...]
    ihc_reported: bool
    ihc_by_scoring: Mapping[str, frozenset[str]]
    ish: frozenset[str]
    ish_group: int | None
    amplification: Answer
    status: Answer
    expression: Answer
    extra: Mapping[str, Answer] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    next: tuple[NextTest, ...] = ()
    informative: bool = True
    reported_only: bool = False
    explain: Callable[[], tuple[Sentence, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The explanation, put into words when it is asked for."""
        return self.explain()

    @property
    def name(self) -> str:
        """The user's own id, else its number in the record."""
        return self.id or f"specimen {self.index + 1}"

    @property
    def tissue(self) -> bool:
        """True unless the specimen is blood."""
        return self.kind != "blood"

    def has_flag(self, code: str) -> bool:
        """True when a flag with this code was raised."""
        return any(flag.code == code for flag in self.flags)


@dataclass(frozen=True, slots=True)
class VariantFound:
    """An ERBB2 variant as reported.

    Attributes:
        text: As written.
        path: JSON pointer to it.
        matrix: tissue or plasma, where known.
        vaf_percent: As reported, in text.
        origin: somatic, germline or unknown.
        classification: What the variants layer made of it; None when it was not asked.
    """

    text: str
    path: str
    matrix: str | None
    vaf_percent: str | None
    origin: str | None
    classification: str | None = None


@dataclass(frozen=True, slots=True)
class MutationSummary:
    """ERBB2 variants of the whole record; amplification and expression are other biomarkers.

    Attributes:
        value: `found`; `not_found` only where a tissue panel covered the gene; else `unknown`.
        variants: What was found, in the order of the record.
        panels: JSON pointers of the tissue panels that covered the gene and reported no ERBB2 variant.
        reason: One sentence.
        plain: The same for a patient.
    """

    value: str
    variants: tuple[VariantFound, ...]
    panels: tuple[str, ...]
    reason: str
    plain: str


@dataclass(frozen=True, slots=True)
class PlasmaSummary:
    """ERBB2 amplification in plasma over all samples; it is never the status.

    Attributes:
        value: `amplified` where an assay called it so; else `unknown`, for plasma rules nothing out.
        specimens: JSON pointers of the samples that show it.
        clinical: One phrase; empty when nothing was found.
        plain: One sentence for a patient.
        meaning: What it means under the tumour's rules; the same flags stand among those of the patient.
    """

    value: str
    specimens: tuple[str, ...]
    clinical: str
    plain: str
    meaning: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Overall:
    """The patient's current HER2 status.

    Attributes:
        status: The governing specimen's status, or what holds for all rivals; never an average of several.
        expression: The governing specimen's expression.
        specimen: JSON pointer of the governing specimen; None when there is none.
        told: Puts how it was chosen into words.
        rivals: JSON pointers of the specimens that disagree where none governs.
        settled_by: Code of the next step that tells which rival counts.
    """

    status: Answer
    expression: Answer
    specimen: str | None
    told: Callable[[], tuple[str, str]] = field(compare=False, repr=False)
    rivals: tuple[str, ...] = ()
    settled_by: str = ""

    @property
    def policy(self) -> str:
        """One sentence saying how it was chosen."""
        return self.told()[0]

    @property
    def plain(self) -> str:
        """The same for a patient."""
        return self.told()[1]

    @property
    def standing(self) -> tuple[str, ...]:
        """The specimens whose results may be the current ones: the governing one, or all rivals."""
        return self.rivals if self.specimen is None else (self.specimen,)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record dated after `as_of`: listed, not used."""

    path: str
    date: str
    reason: str


@dataclass(frozen=True, slots=True)
class PatientHer2:
    """HER2 of a patient over all specimens.

    Attributes:
        specimens: In the order of the record, those set aside left out.
        overall: The current status and how it was chosen.
        ever_positive: MET when any specimen is finally positive; NOT_MET only when the list of specimens is complete.
        ever_low: The same for HER2-low.
        mutation: ERBB2 variants.
        plasma: Amplification in plasma.
        next_tests: What would settle open points, the governing specimen first.
        flags: Conversions and disagreements between specimens.
        set_aside: Specimens and plasma results dated after the day asked about.
        scoring: Scoring system used.
        guideline: Id of the guideline edition used.
    """

    specimens: tuple[SpecimenHer2, ...]
    overall: Overall
    ever_positive: Truth
    ever_low: Truth
    mutation: MutationSummary
    plasma: PlasmaSummary
    next_tests: tuple[NextTest, ...]
    flags: tuple[Flag, ...]
    set_aside: tuple[SetAside, ...]
    scoring: str
    guideline: str
