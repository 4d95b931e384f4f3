"""Rulings of persons on single criteria (`reviews.jsonl`): applied while criterion and facts are those ruled on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from her2nav.cohort.pair import Ruled
from her2nav.files.jsonfile import parse_json
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.kinds.forms import write
from her2nav.matching import single
from her2nav.matching.compiled import JudgedTrial
from her2nav.matching.evaluate import Verdict
from her2nav.matching.reasons import Reasons
from her2nav.matching.results import Judged, Match
from her2nav.model.base import Frozen
from her2nav.model.errors import FileError, ValueProblem
from her2nav.model.finding import Change, Evidence, Finding
from her2nav.model.trial import Criterion
from her2nav.model.truth import Truth

MAX_BYTES = 64 * 1024 * 1024
_Text = Annotated[str, Field(min_length=1, max_length=2000)]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_CODES = {"met": single.MET, "not_met": single.NOT_MET}
_TRUTHS = {"met": Truth.MET, "not_met": Truth.NOT_MET}


class Review(Frozen):
    """One line of `reviews.jsonl`.

    A file of reviews names patients by the ids of their records: it is as private as they are.
    """

    patient: _Text
    trial: _Text
    criterion: _Text
    """Id of the criterion in the trial."""
    criterion_sha256: _Digest
    """Of its words and its rule on the day of the ruling."""
    fact_sha256: _Digest
    """Of what the program had found, and on what it rested."""
    ruling: Literal["met", "not_met"]
    person: _Text
    date: date
    reason: _Text


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of the rulings on one pair."""

    ruled: tuple[Ruled, ...]
    void: tuple[str, ...]


def read_reviews(path: Path) -> dict[str, list[Review]]:
    """Return the rulings of a file by patient; of several on one criterion the last counts.

    Raises:
        FileError: The file cannot be read.
        SyntaxProblem, ValueProblem: A line is no ruling, with its number.
    """
    text, name = read_text(path, limit=MAX_BYTES)
    found: dict[tuple[str, str, str], Review] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            review = build(Review, parse_json(line, f"{name}, line {number}"))
            found[review.patient, review.trial, review.criterion] = review
    by_patient: dict[str, list[Review]] = {}
    for review in found.values():
        by_patient.setdefault(review.patient, []).append(review)
    return by_patient


def append_review(path: Path, review: Review) -> None:
    """Add a ruling to a file, which is made for its owner alone where there is none.

    Raises:
        FileError: The place cannot be written to.
    """
    line = json.dumps(review.model_dump(mode="json"), ensure_ascii=False) + "\n"
    try:
        if not path.exists():
            path.touch(mode=0o600)
        with path.open("r+b") as stream:
            stream.seek(0, 2)
            if stream.tell():
                stream.seek(-1, 2)
                line = line if stream.read(1) == b"\n" else "\n" + line
            stream.write(line.encode())
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", file=str(path), code="unwritable") from None


def criterion_digest(criterion: Criterion) -> str:
    """Return the digest of what a criterion asks: words, rule, role and whom it binds."""
    parts = [criterion.text, write(criterion.node), criterion.role.value, criterion.section, list(criterion.scope)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def fact_digest(finding: Finding) -> str:
    """Return the digest of what was found and on what it rests; reasons may be worded anew."""
    evidence = sorted([item.path, item.value, item.date or ""] for item in finding.evidence)
    parts = [finding.truth.value, finding.code, evidence]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class RuledMatch(Match):
    """A trial of which some criteria were ruled on."""

    def __init__(
        self,
        compiled: JudgedTrial,
        codes: bytes,
        judged: Judged,
        rulings: Mapping[int, tuple[str, Finding]],
    ) -> None:
        """Take what a match takes, and by the position of a criterion its id and the finding of a person."""
        changed = bytearray(codes)
        for position, (_, finding) in rulings.items():
            changed[position] = single.BY_CODE.index(finding.truth)
        findings = dict(rulings.values())
        super().__init__(compiled, bytes(changed), Judged(judged.codes, _RuledReasons(judged.reasons, findings)))
        self.verdict = max(self._by_arm().values())

    @property
    def _verdicts(self) -> dict[str, Verdict]:
        return {arm: verdict for arm, verdict in self._by_arm().items() if arm is not None}

    def _by_arm(self) -> dict[str | None, Verdict]:
        """Any criterion not met closes an arm, else any that is open leaves it open."""
        found: dict[str | None, Verdict] = {}
        for arm, positions in self._compiled.binding.items():
            codes = {self._codes[i] for i in positions}
            closed = single.NOT_MET in codes
            found[arm] = (
                Verdict.INELIGIBLE if closed else Verdict.POSSIBLE if single.UNKNOWN in codes else Verdict.ELIGIBLE
            )
        return found


class _RuledReasons(Reasons):
    """Reasons of which some are those of a person."""

    def __init__(self, reasons: Reasons, findings: Mapping[str, Finding]) -> None:
        self._reasons = reasons
        self._ruled = findings

    def of(self, criterion: Criterion, form: int, truth: Truth) -> Finding:
        """Return the finding of a criterion, the ruling where there is one."""
        ruled = self._ruled.get(criterion.id)
        return ruled if ruled is not None else self._reasons.of(criterion, form, truth)

    def change(self, criterion: Criterion, form: int, truth: Truth) -> Change | None:
        """Return what would change a criterion."""
        ruled = self._ruled.get(criterion.id)
        return ruled.change if ruled is not None else self._reasons.change(criterion, form, truth)


def ruled_match(trial: JudgedTrial, codes: bytes, judged: Judged, reviews: Iterable[Review]) -> tuple[Match, Applied]:
    """Return a trial with the rulings that still count, and a notice for each that does not."""
    position = {item.criterion.id: i for i, item in enumerate(trial.criteria)}
    rulings: dict[int, tuple[str, Finding]] = {}
    ruled: list[Ruled] = []
    void: list[str] = []
    for review in reviews:
        at = position.get(review.criterion)
        item = trial.criteria[at] if at is not None else None
        if at is None or item is None or criterion_digest(item.criterion) != review.criterion_sha256:
            void.append(_void(review, "the criterion is gone" if item is None else "the criterion was amended"))
            continue
        found = judged.reasons.of(item.criterion, item.form, single.BY_CODE[codes[at]])
        if fact_digest(found) != review.fact_sha256:
            void.append(_void(review, "what is known of the patient changed"))
            continue
        rulings[at] = (review.criterion, _finding(review, found))
        ruled.append(Ruled(review.criterion, review.ruling, review.person, review.date.isoformat(), review.reason))
    if not rulings:
        return Match(trial, codes, judged), Applied((), tuple(void))
    return RuledMatch(trial, codes, judged, rulings), Applied(tuple(ruled), tuple(void))


def _void(review: Review, why: str) -> str:
    return f"the ruling of {review.person} of {review.date} on {review.criterion} no longer counts: {why}"


def _finding(review: Review, found: Finding) -> Finding:
    word = review.ruling.replace("_", " ")
    return Finding(
        _TRUTHS[review.ruling],
        "ruled_by",
        f"Ruled {word} by {review.person} on {review.date}: {review.reason} (the program: {found.reason})",
        "A person of your team has checked this one.",
        evidence=(Evidence(f"review:{review.criterion}", review.ruling, review.date.isoformat()), *found.evidence),
    )


def review_of(
    patient: str, match: Match, criterion_id: str, *, ruling: str, person: str, day: date, reason: str
) -> Review:
    """Return a new ruling on a criterion of a match that no ruling changed.

    Raises:
        ValueProblem: There is no such criterion, or the ruling is none.
    """
    known: Sequence[str] = [item.criterion.id for item in match.criteria]
    if criterion_id not in known:
        raise ValueProblem(
            f"no criterion '{criterion_id}' in {match.trial.record.nct_id}",
            allowed=", ".join(known),
            code="no_criterion",
        )
    if ruling not in _CODES:
        raise ValueProblem(f"'{ruling}' is no ruling", allowed=", ".join(_CODES))
    if not person.strip() or not reason.strip():
        raise ValueProblem("a ruling names the person and the reason", allowed="--by NAME --reason TEXT")
    item = match.criteria[known.index(criterion_id)]
    return Review(
        patient=patient,
        trial=match.trial.record.nct_id,
        criterion=criterion_id,
        criterion_sha256=criterion_digest(item.criterion),
        fact_sha256=fact_digest(item.finding),
        ruling="met" if ruling == "met" else "not_met",
        person=person.strip(),
        date=day,
        reason=reason.strip(),
    )
