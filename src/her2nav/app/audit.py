"""`interpret --audit`: a laboratory's export as a whole, beside what is published; never a pass mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from her2nav.app.batch import BatchRow, Judged
from her2nav.app.required import RequiredItem
from her2nav.evidence.intervals import interval
from her2nav.interpret.guidelines import guideline_for
from her2nav.interpret.results import SpecimenHer2
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence

_SCORES = ("0", "1+", "2+", "3+")
_STATUS = ("positive", "negative", "equivocal", "indeterminate", "unknown")
_EXPRESSION = ("positive", "low", "ultralow", "zero", "zero_unspecified", "unknown")
_WORDS_DIFFER = ("word_against_numbers", "reported_word_not_used", "reported_call_differs")
SHARES: dict[str, str] = {
    "not_final": "result not final",
    "unverified": "result rests on an unverified rule",
    "ihc2_without_ish": "IHC 2+ without ISH",
    "ihc2_ish_positive": "IHC 2+ with ISH: positive",
    "zero_without_subscore": "IHC 0 without saying whether faint staining is present",
    "ihc_ish_concordant": "IHC 0, 1+ or 3+ with a definite ISH: the two agree",
    "ihc01_ish_positive": "IHC 0 or 1+ with a definite ISH: ISH positive",
    "ihc3_ish_negative": "IHC 3+ with a definite ISH: ISH negative",
    "near_cutoff": "ISH numbers within reporting precision of a cut-off",
    "amplified": "amplified, of those tested by ISH or tissue sequencing",
    "mutated": "ERBB2 variant reported, of those sequenced",
    "scored_by_other_rules": "IHC scored by the rules of another tumour",
    "word_differs": "the report's word differs from the computed result",
}
"""Shares of an audit by id, in the order they are shown."""


class Expectation(Frozen):
    """A published share that stands beside the laboratory's own."""

    id: str
    folders: tuple[str, ...]
    measure: str
    low: Decimal
    high: Decimal
    says: str
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class Remark(Frozen):
    """What is known of a measure, in words."""

    measure: str
    folders: tuple[str, ...]
    says: str
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class ExpectationFile(Frozen):
    """`audit/expectations.yaml`."""

    expectations: tuple[Expectation, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a total with its 95 % interval by Wilson, percent; None where nothing was counted."""

    id: str
    says: str
    count: int
    total: int

    @property
    def percent(self) -> float | None:
        """The share."""
        return 100 * self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval."""
        return wilson(self.count, self.total) if self.total else None


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, percent.

    >>> [round(end, 1) for end in wilson(15, 100)]
    [9.3, 23.3]
    """
    found = interval(count, total, method="wilson")
    return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row whose word and numbers, or whose IHC and ISH, do not agree."""

    line: int
    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """A required item and how many of the reports that should have it lack it."""

    item: RequiredItem
    share: Share


@dataclass
class TumourAudit:
    """The rows of one tumour type, counted."""

    tumour: str
    folder: str | None
    ultralow: bool
    rows: int = 0
    scores: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    expression: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    lacks: Counter[str] = field(default_factory=Counter)
    items: dict[str, RequiredItem] = field(default_factory=dict)
    words: list[Disagreement] = field(default_factory=list)
    discordant: list[Disagreement] = field(default_factory=list)

    def add(self, row: BatchRow, judged: Judged, result: SpecimenHer2) -> None:
        """Count a row."""
        self.rows += 1
        specimen, flags = judged.specimen, {flag.code for flag in result.flags}
        score = specimen.ihc.score[0] if specimen.ihc and len(specimen.ihc.score) == 1 else None
        written = score or ("range" if specimen.ihc and specimen.ihc.score else "not scored")
        self.scores[written] += 1
        self.status[result.status.value] += 1
        self.expression[result.expression.value] += 1
        ish = {"amplified": "positive", "not_amplified": "negative"}.get(result.extra["ish"].value)
        done = specimen.ish is not None and bool(specimen.ish.model_fields_set) and specimen.ish.result != "failed"
        self._count("not_final", not result.status.final)
        self._count("unverified", any(ref.confidence.unverified for ref in result.status.rules))
        if score == "2+":
            self._count("ihc2_without_ish", not done)
            if ish is not None:
                self._count("ihc2_ish_positive", ish == "positive")
        if score == "0" and self.ultralow:
            self._count("zero_without_subscore", result.ihc >= {"0_no_staining", "0_faint_le10"})
        if score is not None and score != "2+" and ish is not None:
            self._concordance(row, score, ish)
        if specimen.ish is not None and specimen.ish.her2_copy_number is not None:
            self._count("near_cutoff", "near_cutoff" in flags)
        if result.amplification.value in ("amplified", "not_amplified"):
            self._count("amplified", result.amplification.value == "amplified")
        if result.extra["mutation"].value in ("found", "not_found"):
            self._count("mutated", result.extra["mutation"].value == "found")
        if score is not None:
            self._count("scored_by_other_rules", "scored_by_other_rules" in flags)
        self._word(row, specimen.her2_reported, specimen.ish.result if specimen.ish else None, result)
        for item in judged.asked:
            self.items[item.id] = item
            self.asked[item.id] += 1
        self.lacks.update(item.id for item in judged.missing)

    def _count(self, name: str, hit: bool) -> None:
        self.totals[name] += 1
        self.hits[name] += hit

    def _concordance(self, row: BatchRow, score: str, ish: str) -> None:
        agree = (score == "3+") == (ish == "positive")
        self._count("ihc_ish_concordant", agree)
        self._count("ihc3_ish_negative" if score == "3+" else "ihc01_ish_positive", not agree)
        if not agree:
            self.discordant.append(Disagreement(row.line, row.id, f"IHC {score}, ISH {ish}"))

    def _word(self, row: BatchRow, status: str | None, call: str | None, result: SpecimenHer2) -> None:
        if status is None and call is None:
            return
        told = [flag.clinical for flag in result.flags if flag.code in _WORDS_DIFFER]
        self._count("word_differs", bool(told))
        if told:
            computed = f"{result.status.value}{'' if result.status.final else ', not final'}"
            self.words.append(Disagreement(row.line, row.id, f"computed {computed}: {' '.join(told)}"))

    def mix(self, name: str) -> list[Share]:
        """Return the distribution of `ihc` (of rows with a single score), `status` or `expression`."""
        if name == "ihc":
            total = sum(self.scores[score] for score in _SCORES)
            return [Share(f"ihc_{score}", f"IHC {score}", self.scores[score], total) for score in _SCORES]
        counts, order = (self.status, _STATUS) if name == "status" else (self.expression, _EXPRESSION)
        words = [word for word in order if word in ("positive", "negative") or counts[word]]
        return [Share(f"{name}_{word}", word.replace("_", " "), counts[word], self.rows) for word in words]

    def shares(self) -> list[Share]:
        """Return the shares that were counted at least once."""
        return [
            Share(name, says, self.hits[name], self.totals[name]) for name, says in SHARES.items() if self.totals[name]
        ]

    def lacking(self) -> list[Lacking]:
        """Return what reports lack, of those that should have it, the commonest first."""
        found = [
            Lacking(item, Share(name, item.says, self.lacks[name], self.asked[name]))
            for name, item in self.items.items()
            if self.lacks[name]
        ]
        return sorted(found, key=lambda one: (-(one.share.percent or 0), one.item.id))

    def own(self, measure: str) -> Share | None:
        """Return the laboratory's own share for a published measure."""
        every = [*self.mix("ihc"), *self.mix("status"), *self.mix("expression"), *self.shares()]
        return next((share for share in every if share.id == measure and share.total), None)


@dataclass(frozen=True, slots=True)
class Audit:
    """An export as a whole.

    Attributes:
        rows: Rows of the table.
        errors: Rows that could not be read, with the reason.
        tumours: The others, by tumour type, the commonest first.
        published: The numbers that stand beside.
    """

    rows: int
    errors: tuple[Disagreement, ...]
    tumours: tuple[TumourAudit, ...]
    published: ExpectationFile

    def beside(self, tumour: TumourAudit) -> list[tuple[Expectation, Share | None]]:
        """Return the published shares of a tumour type with the laboratory's own."""
        found = [one for one in self.published.expectations if tumour.folder in one.folders]
        return [(one, tumour.own(one.measure)) for one in found]

    def remarks(self, tumour: TumourAudit) -> list[Remark]:
        """Return what is known of a tumour type's measures."""
        return [one for one in self.published.remarks if tumour.folder in one.folders]


def audit(rows: Iterable[BatchRow], knowledge: Knowledge, as_of: date) -> Audit:
    """Count the rows of an export."""
    found: dict[str, TumourAudit] = {}
    errors: list[Disagreement] = []
    total = 0
    for row in rows:
        total += 1
        result = row.judged.result if row.judged is not None else None
        if row.judged is None or result is None:
            reason = row.error or f"no rule is known for the tumour type '{row.written}'"
            errors.append(Disagreement(row.line, row.id, reason))
            continue
        one = found.get(row.judged.tumour)
        if one is None:
            rules = guideline_for(row.judged.tumour, knowledge, as_of)
            one = TumourAudit(row.judged.tumour, row.judged.folder, rules is not None and rules.ultralow)
            found[row.judged.tumour] = one
        one.add(row, row.judged, result)
    tumours = tuple(sorted(found.values(), key=lambda one: (-one.rows, one.tumour)))
    return Audit(total, tuple(errors), tumours, knowledge.record("audit/expectations.yaml", ExpectationFile))


def audit_json(result: Audit) -> dict[str, Any]:
    """Return the audit as plain data; percent, with one row of the table each for what a person should look at."""
    return {
        "rows": result.rows,
        "read": result.rows - len(result.errors),
        "errors": [_row_json(one) for one in result.errors],
        "tumours": [_tumour_json(result, one) for one in result.tumours],
        "note": "published numbers come from other populations, assays and years; they are no pass mark",
    }


def _tumour_json(result: Audit, one: TumourAudit) -> dict[str, Any]:
    mixes: Mapping[str, list[Share]] = {name: one.mix(name) for name in ("ihc", "status", "expression")}
    return {
        "tumour": one.tumour,
        "rows": one.rows,
        "not_scored": one.scores["not scored"],
        "score_ranges": one.scores["range"],
        **{f"{name}_mix": [_share_json(share) for share in shares] for name, shares in mixes.items()},
        "shares": [_share_json(share) for share in one.shares()],
        "lacking": [
            {
                **_share_json(item.share),
                "source": item.item.source,
                "locator": item.item.locator,
                "confidence": item.item.confidence.value,
                "unverified": item.item.confidence.unverified,
            }
            for item in one.lacking()
        ],
        "word_differs": [_row_json(item) for item in one.words],
        "discordant": [_row_json(item) for item in one.discordant],
        "published": [
            {
                "id": item.id,
                "measure": item.measure,
                "says": item.says,
                "low": float(item.low),
                "high": float(item.high),
                "own": _share_json(own) if own else None,
                "source": item.source,
                "locator": item.locator,
                "confidence": item.confidence.value,
                "unverified": item.confidence.unverified,
            }
            for item, own in result.beside(one)
        ],
        "remarks": [
            {"says": item.says, "source": item.source, "locator": item.locator, "confidence": item.confidence.value}
            for item in result.remarks(one)
        ],
    }


def _share_json(share: Share) -> dict[str, Any]:
    interval = share.interval
    return {
        "id": share.id,
        "says": share.says,
        "count": share.count,
        "total": share.total,
        "percent": None if share.percent is None else round(share.percent, 1),
        "low": None if interval is None else round(interval[0], 1),
        "high": None if interval is None else round(interval[1], 1),
    }


def _row_json(one: Disagreement) -> dict[str, Any]:
    return {"line": one.line, "id": one.id, "what": one.what}
