"""`evidence`: published studies, figures around them, and where the sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from her2nav.app import evidence_answers as answers
from her2nav.app import evidence_items as items
from her2nav.app.answers import Versions
from her2nav.app.conflict_item import conflict
from her2nav.app.session import Session
from her2nav.evidence import intervals, pooling
from her2nav.evidence.cautions import cautions
from her2nav.evidence.library import Library, library
from her2nav.evidence.rows import Row, about, in_the_brain, rows, select
from her2nav.evidence.tables import Table
from her2nav.knowledge.conflicts import Conflict, by_severity, concerns, conflict_file, conflicts_for
from her2nav.knowledge.studies import Setting, Study
from her2nav.model.errors import InputError, UnknownName, ValueProblem
from her2nav.testing.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked.

    Attributes:
        table: Which table.
        tumour: Id of a tumour type.
        terms: Ids of drugs or classes.
        setting: When in the course of the disease.
        study: One study, by id, name or registry number.
        every: Also studies without results.
        recompute: Recompute the intervals of shares.
        pool: Pool response rates where that is allowed.
    """

    table: Table = Table.RESULTS
    tumour: str | None = None
    terms: tuple[str, ...] = ()
    setting: Setting | None = None
    study: str | None = None
    every: bool = False
    recompute: bool = False
    pool: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds, before it is made into an answer.

    Attributes:
        studies: Studies to show.
        hidden: Studies left out because they hold no results.
        rows: The arms that are shown.
        groups: Arms that may be pooled.
        pooled: Their pooled rates, in the same order; empty where pooling was not asked for.
    """

    studies: tuple[Study, ...]
    hidden: tuple[Study, ...]
    rows: tuple[Row, ...]
    groups: tuple[pooling.Group, ...] = ()
    pooled: tuple[pooling.Pooled, ...] = ()


def read_tumour(session: Session, written: str | None) -> str | None:
    """Return the id of a tumour type.

    Raises:
        UnknownName: Nobody knows the name.
    """
    if written is None:
        return None
    tumours = session.knowledge.tumours
    found = tumours.find(written)
    if found is None:
        near = ", ".join(tumours.nearest(written)) or "a tumour type such as colorectal"
        raise UnknownName(f"no tumour type is called '{written}'", place="--tumour", allowed=near)
    return found


def read_terms(session: Session, written: str | None) -> tuple[str, ...]:
    """Return the ids of a drug, a class of drugs or a regimen.

    Raises:
        UnknownName: Nobody knows the name.
    """
    if written is None:
        return ()
    found = session.knowledge.drugs.resolve(written)
    if not found.known:
        near = ", ".join(found.nearest) or "a drug or class such as anti_her2_adc"
        raise UnknownName(f"no drug or class is called '{written}'", place="--drug-class", allowed=near)
    return (*found.drugs, *found.classes)


def read_setting(written: str | None) -> Setting | None:
    """Return a setting; blanks and hyphens count as underscores.

    Raises:
        ValueProblem: No setting is called so.
    """
    if written is None:
        return None
    wanted = written.strip().lower().replace("-", "_").replace(" ", "_")
    found: Setting | None = next((one for one in get_args(Setting) if one == wanted), None)
    if found is None:
        raise ValueProblem(f"no setting is called '{written}'", place="--setting", allowed=", ".join(get_args(Setting)))
    return found


def find(session: Session, query: Query) -> Found:
    """Return the studies and arms of a query.

    Raises:
        UnknownName: The study that was named is not known.
        InputError: Pooling was asked for and the extra is not installed.
    """
    stock = library(session.knowledge)
    if query.study is not None:
        one = stock.find(query.study)
        if one is None:
            raise UnknownName(
                f"no study is called '{query.study}'", place="--study", allowed="an id, a name or a registry number"
            )
        return _with_pools(session, query, Found((one,), (), tuple(rows([one]))))
    chosen = select(session.knowledge, stock.studies.values(), query.tumour, query.terms or None, query.setting)
    if query.table is Table.INTRACRANIAL:
        brain = in_the_brain(rows(chosen))
        return Found(tuple({row.study.id: row.study for row in brain}.values()), (), tuple(brain))
    shown = [study for study in chosen if query.every or study.has_results]
    arms = [row for row in rows(shown) if query.setting is None or query.setting in (row.setting, "any_line")]
    hidden = tuple(study for study in chosen if study not in shown)
    return _with_pools(session, query, Found(tuple(shown), hidden, tuple(arms)))


def _with_pools(session: Session, query: Query, found: Found) -> Found:
    if not query.pool:
        return found
    groups = tuple(pooling.groups(found.rows))
    pooled = tuple(pooling.pool([(entry.events, entry.n) for entry in group.entries]) for group in groups)
    return Found(found.studies, found.hidden, found.rows, groups, pooled)


def evidence(session: Session, query: Query) -> answers.EvidenceAnswer:
    """Return the answer to a query.

    Raises:
        UnknownName: A name leads nowhere.
        InputError: Something was asked for that needs the extra, which is not installed.
    """
    knowledge, stock = session.knowledge, library(session.knowledge)
    studied = query.table in (Table.RESULTS, Table.INTRACRANIAL)
    found = find(session, query) if studied else Found((), (), ())
    shown_conflicts = _conflicts(session, query, found, stock)
    today = session.today()
    return answers.EvidenceAnswer(
        tumour=query.tumour,
        drugs=list(query.terms),
        setting=query.setting,
        studies=[_study(session, study, found, today) for study in found.studies],
        without_results=[study.name for study in found.hidden],
        figures=[
            items.figure(one, _ids(conflicts_for(knowledge, [f"figure:{one.id}"])))
            for one in stock.figures
            if query.table is Table.FIGURES and (query.tumour is None or about(knowledge, one.tumours, query.tumour))
        ],
        assays=[items.assay(one) for one in rulebook(knowledge).assays if query.table is Table.ASSAYS],
        reviews=[
            items.review(one, knowledge.sources[one.source].title)
            for one in stock.reviews
            if query.table is Table.REVIEWS
        ],
        drug_table=[
            items.drug_row(one, _ids(conflicts_for(knowledge, [f"drug:{one.drug}", f"approval:{one.drug}"])))
            for one in stock.drug_rows
            if query.table is Table.DRUGS and (not query.terms or _is(session, one.drug, query.terms))
        ],
        intervals=_intervals(found.rows) if query.recompute else [],
        pooled=[items.pooled(group, one) for group, one in zip(found.groups, found.pooled, strict=True)],
        not_pooled=_not_pooled(found) if query.pool else [],
        cautions=[answers.CautionItem(code=one.code, says=one.says) for one in cautions(found.rows)],
        conflicts=[conflict(one) for one in shown_conflicts],
        versions=_versions(session),
    )


def _versions(session: Session) -> Versions:
    return Versions.model_validate(session.versions(trials=False))


def _is(session: Session, drug: str, terms: Iterable[str]) -> bool:
    return not session.knowledge.drugs.terms_of(drug).isdisjoint(terms)


def _ids(conflicts: Iterable[Conflict]) -> list[str]:
    return [one.id for one in conflicts]


def _study(session: Session, study: Study, found: Found, today: date) -> answers.StudyItem:
    touching = _ids(conflicts_for(session.knowledge, study_facts(study)))
    return items.study(study, [row for row in found.rows if row.study.id == study.id], touching, today)


def study_facts(study: Study) -> list[str]:
    """Return the keys under which conflicts name a study."""
    return [f"study:{study.id}", *(f"trial:{number}" for number in study.registry)]


def _conflicts(session: Session, query: Query, found: Found, stock: Library) -> Sequence[Conflict]:
    facts = [fact for study in found.studies for fact in study_facts(study)]
    if query.table is Table.FIGURES:
        facts = [
            f"figure:{one.id}"
            for one in stock.figures
            if query.tumour is None or about(session.knowledge, one.tumours, query.tumour)
        ]
    if query.table is Table.ASSAYS:
        facts = [f"assay:{one.id}" for one in rulebook(session.knowledge).assays]
    if query.table is Table.DRUGS:
        facts = [f"{kind}:{one.drug}" for one in stock.drug_rows for kind in ("drug", "approval")]
    if query.table is Table.REVIEWS:
        facts = ["document:dates", *(f"document:{one.source}" for one in stock.reviews)]
    return by_severity(conflicts_for(session.knowledge, facts))


def _intervals(shown: Iterable[Row]) -> list[answers.IntervalItem]:
    checks = (intervals.check(row, result) for row in shown for result in row.arm.results)
    return [items.interval(one) for one in checks if one is not None]


def _not_pooled(found: Found) -> list[answers.NotPooledItem]:
    missed = pooling.near_misses(found.rows)
    return [answers.NotPooledItem(trials=list(names), differ_in=list(why)) for names, why in missed]


def conflicts_answer(session: Session, tumour: str | None = None, study: str | None = None) -> answers.EvidenceAnswer:
    """Return the contradictions alone, the gravest first, in the shape of the answer of `evidence`.

    Args:
        session: Knowledge and clock.
        tumour: Leave out those that concern other tumours only.
        study: Leave out those that are not about this study.

    Raises:
        UnknownName: The study that was named is not known.
    """
    knowledge = session.knowledge
    known: Iterable[Conflict] = conflict_file(knowledge).conflicts
    if study is not None:
        (one,) = find(session, Query(study=study)).studies
        known = conflicts_for(knowledge, study_facts(one))
    shown = [one for one in by_severity(known) if tumour is None or concerns(knowledge, one, tumour)]
    return answers.EvidenceAnswer(
        tumour=tumour, conflicts=[conflict(one) for one in shown], versions=_versions(session)
    )


def plot(session: Session, query: Query, path: Path) -> int:
    """Draw a forest plot of the response rates found and return how many arms it shows.

    Raises:
        InputError: The file is no SVG, there is nothing to draw, or pooling was asked for without the extra.
    """
    if path.suffix.lower() != ".svg":
        raise ValueProblem(
            f"'{path.name}' is no picture this can draw", place="--plot", allowed="a name that ends in .svg"
        )
    svg, drawn = picture(session, query)
    if not drawn:
        raise InputError("no response rate with a number of patients is found, so there is nothing to draw")
    try:
        path.write_text(svg, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"cannot be written: {problem.strerror}", file=str(path)) from None
    return drawn


def picture(session: Session, query: Query) -> tuple[str, int]:
    """Return a forest plot of the response rates found and how many arms it shows; empty where there are none.

    Raises:
        InputError: Pooling was asked for and the extra is not installed.
    """
    from her2nav.report.forest import forest

    found = find(session, query)
    drawn = [row for row in found.rows if _countable(row)]
    if not drawn:
        return "", 0
    return forest(drawn, list(zip(found.groups, found.pooled, strict=True)), cautions(drawn)), len(drawn)


def drawable(session: Session, query: Query) -> int:
    """Return how many arms a forest plot of what is found would show."""
    return sum(_countable(row) for row in find(session, query).rows)


def _countable(row: Row) -> bool:
    result = row.one("orr")
    return result is not None and row.patients(result) is not None and len(intervals.events_of(row, result)) == 1
