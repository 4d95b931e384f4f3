"""`registry page`: the landing page of a tumour, made from store and knowledge; nothing of a patient is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from her2nav.app.ports import ReadsTrials
from her2nav.app.registry_search import read_filters
from her2nav.app.registry_view import versions
from her2nav.app.session import system_today
from her2nav.interpret.guidelines import guideline_for
from her2nav.knowledge.approvals import Approval, Period
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import OptionWords
from her2nav.model.errors import InputError
from her2nav.model.kept_record import Query
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.trial import Recruitment
from her2nav.registry.page_settings import PageSettings, page_settings
from her2nav.registry.tags import Tagger, tagger_of
from her2nav.report.landing import landing_page
from her2nav.therapy.book import TherapyBook, therapy_book

_OPEN = (Recruitment.RECRUITING.value, Recruitment.NOT_YET_RECRUITING.value)
_MOST = 100_000
_PER_GROUP = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """A trial of the page."""

    trial: RegistryTrial
    drugs: tuple[str, ...]
    age_days: int | None
    current: bool
    sites_open: int


def page(
    store: ReadsTrials,
    knowledge: Knowledge,
    tumour: str,
    *,
    country: str | None = None,
    today: Callable[[], date] = system_today,
) -> str:
    """Return the page of a tumour type as HTML.

    Args:
        store: Where the trials are.
        knowledge: Everything else.
        tumour: The tumour type by any of its names.
        country: Only trials with a site there; its labels come first.
        today: The clock.

    Raises:
        UnknownName: The tumour type or country is in no vocabulary.
        InputError: The store holds no snapshot.
    """
    day = today()
    wanted = {"tumour": (tumour,), "status": _OPEN, **({"country": (country,)} if country else {})}
    filters = read_filters(knowledge, {name: values for name, values in wanted.items() if name != "status"})
    (identifier,) = filters["tumour"]
    settings = page_settings(knowledge)
    with_status = {**filters, "status": _OPEN, "mentions": ("her2",), "study_type": ("INTERVENTIONAL",)}
    found = store.search(Query(None, with_status, _MOST))
    if found.snapshot is None:
        raise InputError(
            "the store holds no snapshot yet", allowed="her2nav registry sync, or import", code="no_snapshot"
        )
    tagger = tagger_of(knowledge)
    limit = knowledge.words.status_age_limit_days
    groups, aside = _grouped(store.trials([hit.nct_id for hit in found.hits]), tagger, settings, day, limit)
    book = therapy_book(knowledge)
    home = filters.get("country", (None,))[0]
    kind = knowledge.tumours.types[identifier]
    guideline = guideline_for(identifier, knowledge, day)
    return landing_page(
        tumour=kind.name,
        plain_tumour=kind.plain_name,
        today=day,
        limit_days=limit,
        country=home,
        groups=groups,
        aside=aside,
        per_group=_PER_GROUP,
        testing=[item for item in settings.testing if _about(item.tumours, identifier, knowledge)],
        guideline=(guideline.title, guideline.effective_from) if guideline else None,
        care=_care(book, knowledge, identifier, day, home),
        questions=[item.text for item in settings.questions if _about(item.tumours, identifier, knowledge)],
        words=knowledge.words,
        option_words=knowledge.record("approvals/words.yaml", OptionWords),
        sources=knowledge.sources,
        drug_name=knowledge.drugs.name,
        lung=_lung(groups, knowledge),
        versions=versions(knowledge, found.snapshot),
    )


def _about(tumours: Sequence[str], identifier: str, knowledge: Knowledge) -> bool:
    return not tumours or bool(knowledge.tumours.wider(identifier).intersection(tumours))


def _grouped(
    trials: Iterator[RegistryTrial], tagger: Tagger, settings: PageSettings, day: date, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Return the groups with their trials, the freshest first, and how many mention HER2 in passing only."""
    taken: dict[str, list[Listed]] = {group.id: [] for group in settings.groups}
    aside = 0
    for trial in trials:
        if not tagger.selects_her2(trial):
            aside += 1
            continue
        mentions = frozenset((*tagger.head_mentions(trial), *tagger.settings_of(trial)))
        group = next((group for group in settings.groups if group.takes(mentions)), settings.groups[-1])
        age = (day - trial.status_date).days if trial.status_date else None
        current = trial.status is Recruitment.RECRUITING and age is not None and age <= limit
        open_sites = sum(site.status is Recruitment.RECRUITING for site in trial.sites)
        taken[group.id].append(Listed(trial, tagger.drugs_of(trial), age, current, open_sites))
    rows = []
    for group in settings.groups:
        items = taken[group.id]
        items.sort(key=lambda item: (not item.current, -(item.trial.last_update or date.min).toordinal()))
        rows.append({"id": group.id, "title": group.title, "says": group.says, "trials": items})
    return rows, aside


def _lung(groups: list[dict[str, Any]], knowledge: Knowledge) -> bool:
    terms = frozenset(knowledge.lung_warning.terms)
    drugs = {drug for group in groups for item in group["trials"] for drug in item.drugs}
    return any(terms & knowledge.drugs.possible_terms_of(drug) for drug in drugs if drug in knowledge.drugs.drugs)


# --- standard of care -------------------------------------------------------------------------------------------------


def _care(book: TherapyBook, knowledge: Knowledge, tumour: str, day: date, country: str | None) -> list[dict[str, Any]]:
    """Return labels and recommendations for a tumour, by authority; those of the reader's country first."""
    home = book.jurisdiction_of(country) if country else book.home
    rows: dict[str, list[dict[str, Any]]] = {}
    for approval in book.approvals:
        if not _for_tumour(approval, book, knowledge, tumour):
            continue
        period = _period(approval, day)
        if approval.standing == "approved" and period is None:
            continue
        rows.setdefault(approval.jurisdiction, []).append(_row(approval, period, book))
    order = sorted(rows, key=lambda name: (name != home, name not in book.authorities, name))
    return [
        {
            "name": book.authorities[name].name if name in book.authorities else "Guidelines, any country (off label)",
            "rows": [row for row in _sorted(rows[name]) if row["standing"] != "filed"],
            "filed": [row for row in _sorted(rows[name]) if row["standing"] == "filed"],
        }
        for name in order
    ]


def _period(approval: Approval, day: date) -> Period | None:
    """Return the status that holds on a day; None before the first and after a withdrawal."""
    holding = [item for item in approval.periods if item.valid_from.earliest <= day]
    if not holding or holding[-1].status == "withdrawn":
        return None
    last = holding[-1]
    return None if last.valid_to is not None and last.valid_to.latest <= day else last


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["agnostic"], row["since"] or "9999"))


def _row(approval: Approval, period: Period | None, book: TherapyBook) -> dict[str, Any]:
    first = approval.periods[0] if approval.periods else None
    since = period.valid_from.shown if period else approval.since.shown if approval.since else None
    gates = [book.gates[use.gate] for use in approval.gates]
    return {
        "regimen": approval.regimen,
        "plain": approval.plain,
        "standing": approval.standing,
        "status": period.status if period else approval.standing,
        "since": since,
        "first": first.valid_from.shown if first is not None and first is not period else None,
        "asks": [gate.clinical for gate in gates if gate.about not in ("tumour", "age")],
        "agnostic": approval.scope == "agnostic",
        "unverified": approval.unverified
        or approval.wording == "unverified"
        or bool(period and period.status == "status_unverified"),
        "provenance": approval.provenance,
    }


def _for_tumour(approval: Approval, book: TherapyBook, knowledge: Knowledge, tumour: str) -> bool:
    """True when every tumour gate of a label names the tumour type, one that contains it, or one inside it."""
    near = knowledge.tumours.wider(tumour) | knowledge.tumours.narrower(tumour)
    gates = [book.gates[use.gate] for use in approval.gates if book.gates[use.gate].about == "tumour"]
    return all(near.intersection(_types(gate.rule)) for gate in gates)


def _types(rule: Any) -> set[str]:
    """Return the tumour types that a condition names, without those it excepts."""
    if isinstance(rule, list):
        return {item for part in rule for item in _types(part)}
    if not isinstance(rule, dict):
        return set()
    named = rule.get("types", [])
    found = set(named if isinstance(named, list) else [named])
    for key, part in rule.items():
        if key not in ("not", "types") and not key.startswith("except"):
            found |= _types(part)
    return found
