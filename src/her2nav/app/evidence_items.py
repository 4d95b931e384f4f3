"""Records of studies, figures and conflicts as items of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from her2nav.app import evidence_answers as answers
from her2nav.evidence.intervals import Bounds, Check
from her2nav.evidence.pooling import CAVEAT, METHOD, Group, Pooled
from her2nav.evidence.rows import Row
from her2nav.knowledge.citations import cited
from her2nav.knowledge.studies import GATES, MEASURES, SETTINGS, Amount, DrugRow, Figure, Result, Review, Study
from her2nav.testing.schema import Assay


def _text(value: Amount | Decimal | None) -> str | None:
    return None if value is None else str(value)


def result(row: Row, one: Result) -> answers.ResultItem:
    """Return a result with its months and its source."""
    confidence = row.confidence(one)
    return answers.ResultItem(
        measure=one.measure,
        label=MEASURES[one.measure].label,
        value=_text(one.value),
        sign=one.sign,
        unit=one.shown_unit,
        low=_text(one.low),
        high=_text(one.high),
        level=_text(one.level),
        months=_text(one.months(one.value)),
        months_low=_text(one.months(one.low)),
        months_high=_text(one.months(one.high)),
        events=one.events,
        of=row.patients(one) if MEASURES[one.measure].shape == "proportion" else None,
        at_months=_text(one.at),
        event=one.event,
        grade=one.grade,
        cut=one.cut or row.arm.cut,
        note=one.note,
        source=row.source(one),
        confidence=confidence.value,
        unverified=confidence.unverified,
    )


def arm(row: Row) -> answers.ArmItem:
    """Return an arm with what it inherits."""
    return answers.ArmItem(
        arm=row.arm.id,
        name=row.arm.name,
        n=row.arm.n,
        within=row.arm.within,
        regimen=row.regimen,
        drugs=list(row.drugs),
        dose=row.dose,
        gate=row.gate,
        molecular=row.molecular,
        setting=row.setting,
        cut=row.arm.cut,
        results=[result(row, one) for one in row.arm.results],
    )


def study(one: Study, shown: Sequence[Row], conflicts: list[str], today: date) -> answers.StudyItem:
    """Return a study with the arms that are shown; a status never stands without its day and age."""
    return answers.StudyItem(
        study=one.id,
        name=one.name,
        kind=one.kind,
        registry=list(one.registry),
        phase=one.phase,
        tumours=list(one.tumours),
        regimen=one.regimen,
        drugs=list(one.drugs),
        gate=one.gate,
        criteria=one.criteria,
        molecular=one.molecular,
        setting=one.setting,
        line=one.line,
        n=one.n,
        population=one.population,
        design=one.design,
        endpoints=list(one.endpoints),
        brain=one.cns,
        side_effects_named=list(one.adverse),
        status=one.status,
        status_on=one.status_on.isoformat() if one.status_on else None,
        status_age_days=(today - one.status_on).days if one.status_on else None,
        doi=one.publication.doi if one.publication else None,
        note=one.note,
        arms=[arm(row) for row in shown],
        source=cited(one.cite),
        confidence=one.confidence.value,
        unverified=one.confidence.unverified,
        conflicts=conflicts,
    )


def figure(one: Figure, conflicts: list[str]) -> answers.FigureItem:
    """Return a figure."""
    return answers.FigureItem(
        figure=one.id,
        topic=one.topic,
        tumours=list(one.tumours),
        population=one.population,
        what=one.what,
        value=_text(one.value),
        low=_text(one.low),
        high=_text(one.high),
        unit=one.unit,
        sign=one.sign,
        events=one.events,
        n=one.n,
        says=one.says,
        source=cited(one.cite),
        confidence=one.confidence.value,
        unverified=one.confidence.unverified,
        conflicts=conflicts,
    )


def assay(one: Assay) -> answers.AssayItem:
    """Return a kind of test."""
    return answers.AssayItem(
        assay=one.id,
        name=one.name,
        detects=list(one.detects),
        sample=one.sample,
        for_it=one.for_it,
        against_it=one.against_it,
        use=one.use,
        source="; ".join(f"{line.source}, {line.locator}" for line in one.provenance),
    )


def review(one: Review, title: str) -> answers.ReviewItem:
    """Return how a source document was made."""
    return answers.ReviewItem(
        source=one.source,
        title=title,
        says=one.says,
        databases=list(one.databases),
        searched_from=one.searched_from,
        searched_to=one.searched_to,
        keywords=list(one.keywords),
        included=list(one.included),
        excluded=list(one.excluded),
        extracted=list(one.extracted),
        trial_status_on=one.trial_status_on.isoformat() if one.trial_status_on else None,
        guideline_edition=one.guideline_edition,
        missing=list(one.missing),
        place=cited(one.cite),
    )


def drug_row(one: DrugRow, conflicts: list[str]) -> answers.DrugRowItem:
    """Return a row of a drug table."""
    return answers.DrugRowItem(
        drug=one.drug,
        mechanism=one.mechanism,
        side_effects=list(one.side_effects),
        approval_as_printed=one.approval,
        reference=one.reference,
        source=cited(one.cite),
        confidence=one.confidence.value,
        conflicts=conflicts,
    )


def interval(one: Check) -> answers.IntervalItem:
    """Return a recomputed interval."""
    return answers.IntervalItem(
        study=one.row.study.id,
        arm=one.row.arm.id,
        measure=one.result.measure,
        event=one.result.event,
        n=one.n,
        events=one.events,
        value=str(one.result.value),
        printed_low=_text(one.result.low),
        printed_high=_text(one.result.high),
        level=str(one.level),
        clopper_pearson=_ends(one.exact),
        wilson=_ends(one.wilson),
        verdict=one.verdict,
    )


def _ends(bounds: Bounds | None) -> list[float] | None:
    return None if bounds is None else [round(float(bounds.low), 6), round(float(bounds.high), 6)]


def pooled(group: Group, one: Pooled) -> answers.PooledItem:
    """Return a pooled response rate."""
    alike = group.alike
    assert alike.dose is not None
    return answers.PooledItem(
        tumours=list(alike.tumours),
        gate=GATES[group.entries[0].row.gate],
        molecular=alike.molecular,
        setting=SETTINGS[group.entries[0].row.setting],
        drugs=list(alike.drugs),
        dose=alike.dose,
        arms=[f"{entry.row.study.name} ({entry.row.arm.name}): {entry.events} of {entry.n}" for entry in group.entries],
        share=round(one.share, 1),
        low=round(one.low, 1),
        high=round(one.high, 1),
        tau2=round(one.tau2, 4),
        q=round(one.q, 2),
        df=one.df,
        p=round(one.p, 3),
        i2=round(one.i2, 1),
        method=METHOD,
        caveat=CAVEAT,
    )
