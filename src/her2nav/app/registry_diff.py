"""`registry diff`: what changed between two snapshots, in terms that people care about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from her2nav.app.ports import ReadsTrials
from her2nav.app.registry_search import read_filters
from her2nav.app.registry_view import versions
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError, UnknownName, ValueProblem
from her2nav.model.kept_record import Query
from her2nav.model.registry_trial import RegistryTrial, Site
from her2nav.model.snapshot import Snapshot
from her2nav.model.trial import Recruitment
from her2nav.registry.criteria_diff import SentenceChange, changed_sentences

KINDS = ("new", "gone", "back", "status", "sites", "criteria", "results", "design")
"""What can change, in the order of how much it matters to a person who looks for a trial."""

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A site that opened, closed, came or went.

    Attributes:
        what: `opened` (recruits now and did not), `closed` (recruited and does not), `added`, `removed`, `status`.
    """

    what: str
    site: Site
    before: Recruitment | None = None


@dataclass(frozen=True, slots=True)
class TrialChange:
    """What changed in one trial.

    Attributes:
        kinds: Which of `KINDS`.
        before: Status in the older snapshot; None for a new trial.
        note: Why a trial is gone.
        design: Name of a field to its value before and after, for people.
    """

    nct_id: str
    title: str | None
    kinds: tuple[str, ...]
    status: str | None
    status_date: date | None
    before: str | None = None
    sites: tuple[SiteChange, ...] = ()
    criteria: tuple[SentenceChange, ...] = ()
    design: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "nct_id": self.nct_id,
            "title": self.title,
            "changes": list(self.kinds),
            "status": self.status,
            "status_date": self.status_date.isoformat() if self.status_date else None,
            "status_before": self.before,
            "sites": [
                {
                    "change": item.what,
                    "facility": item.site.facility,
                    "city": item.site.city,
                    "country": item.site.country,
                    "status": item.site.status.value if item.site.status else None,
                    "status_before": item.before.value if item.before else None,
                }
                for item in self.sites
            ],
            "criteria": [
                {"change": item.kind, "section": item.section, "before": item.before, "after": item.after}
                for item in self.criteria
            ],
            "other": {name: {"before": old, "after": new} for name, (old, new) in self.design.items()},
            "note": self.note or None,
            "url": f"https://clinicaltrials.gov/study/{self.nct_id}",
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed after one snapshot and by another.

    Attributes:
        since: The older snapshot; None: from the empty store on.
        unchanged: Trials that got a new record which says nothing that people care about.
    """

    since: Snapshot | None
    until: Snapshot
    changes: tuple[TrialChange, ...]
    unchanged: int = 0

    def count(self, kind: str) -> int:
        """Return how many trials changed in one way."""
        return sum(kind in item.kinds for item in self.changes)


def diff(
    store: ReadsTrials,
    knowledge: Knowledge,
    *,
    since: str | None = None,
    until: str | None = None,
    filters: Mapping[str, tuple[str, ...]] | None = None,
) -> Diff:
    """Compare two snapshots.

    Args:
        store: Where to look.
        knowledge: Names of filters.
        since: Name of a snapshot, or a day: what changed since its morning; None: the last but one snapshot.
        until: Name of a snapshot; None: the newest.
        filters: Only trials that these find today.

    Raises:
        InputError: The store is empty, or has no such snapshot.
    """
    known = store.snapshots()
    if not known:
        raise InputError(
            "the store holds no snapshot yet", allowed="her2nav registry sync, or import", code="no_snapshot"
        )
    last = _named(known, until) if until else known[-1]
    first = _since(known, since, last)
    if first is not None and first.id > last.id:
        raise ValueProblem(f"snapshot {first.name} is later than {last.name}", place="--since")
    only: set[str] | None = None
    meant = read_filters(knowledge, filters or {})
    if meant:
        only = {hit.nct_id for hit in store.search(Query(None, meant, _ALL)).hits}
    after = first.id if first else 0
    found: dict[str, TrialChange] = {}
    unchanged = 0
    for nct_id, _ in store.changed_between(after, last.id):
        if only is not None and nct_id not in only:
            continue
        new = store.trial_at(nct_id, last.id)
        old = store.trial_at(nct_id, after) if after else None
        if new is None:
            continue
        change = compare(old, new)
        if change is None:
            unchanged += 1
        else:
            found[nct_id] = change
    for item in store.presence_between(after, last.id):
        if only is None or item.nct_id in only:
            _presence(store, found, item.nct_id, "gone" if item.event == "left" else "back", item.note, last.id)
    order = {kind: number for number, kind in enumerate(KINDS)}
    changes = sorted(found.values(), key=lambda item: (min(order[kind] for kind in item.kinds), item.nct_id))
    return Diff(first, last, tuple(changes), unchanged)


def _presence(store: ReadsTrials, found: dict[str, TrialChange], nct_id: str, kind: str, note: str, until: int) -> None:
    trial = store.trial_at(nct_id, until)
    if trial is None:
        return
    known = found.get(nct_id)
    kinds = tuple(item for item in (known.kinds if known else ()) if item not in ("gone", "back"))
    found[nct_id] = TrialChange(
        nct_id,
        trial.title,
        (kind, *kinds),
        known.status if known else _status(trial),
        known.status_date if known else trial.status_date,
        known.before if known else None,
        known.sites if known else (),
        known.criteria if known else (),
        known.design if known else {},
        note,
    )


def compare(old: RegistryTrial | None, new: RegistryTrial) -> TrialChange | None:
    """Return what changed in a trial; None when nothing did that people care about."""
    if old is None:
        return TrialChange(new.nct_id, new.title, ("new",), _status(new), new.status_date)
    # A trimmed or older record may have had no sites or text: that it has them now is no change of the trial.
    sites = tuple(_sites(old.sites, new.sites)) if old.sites and new.sites else ()
    texts = old.eligibility.text, new.eligibility.text
    criteria = tuple(changed_sentences(*texts)) if all(texts) else ()
    design = dict(_design(old, new))
    kinds = tuple(
        kind
        for kind, is_so in (
            ("status", _status(old) != _status(new)),
            ("sites", bool(sites)),
            ("criteria", bool(criteria)),
            ("results", bool(new.has_results) and old.has_results is False),
            ("design", bool(design)),
        )
        if is_so
    )
    if not kinds:
        return None
    return TrialChange(
        new.nct_id, new.title, kinds, _status(new), new.status_date, _status(old), sites, criteria, design
    )


def _sites(old: tuple[Site, ...], new: tuple[Site, ...]) -> Iterable[SiteChange]:
    before, after = _by_place(old), _by_place(new)
    for place, site in after.items():
        earlier = before.get(place)
        now_open = site.status is Recruitment.RECRUITING
        if earlier is None:
            yield SiteChange("opened" if now_open else "added", site)
        elif earlier.status is not site.status:
            was_open = earlier.status is Recruitment.RECRUITING
            what = "opened" if now_open else "closed" if was_open and site.status is not None else "status"
            yield SiteChange(what, site, earlier.status)
    for place, site in before.items():
        if place not in after:
            yield SiteChange("removed", site, site.status)


def _by_place(sites: tuple[Site, ...]) -> dict[tuple[str, ...], Site]:
    return {tuple((part or "").casefold() for part in (s.facility, s.city, s.state, s.country)): s for s in sites}


def _design(old: RegistryTrial, new: RegistryTrial) -> Iterable[tuple[str, tuple[str, str]]]:
    """Fields that a person who knows the trial would want to hear of, where both records state them."""
    pairs = {
        "phase": ("/".join(old.phases), "/".join(new.phases)),
        "planned number of participants": (str(old.enrolment or ""), str(new.enrolment or "")),
        "minimum age": (old.eligibility.minimum_age or "none", new.eligibility.minimum_age or "none"),
        "maximum age": (old.eligibility.maximum_age or "none", new.eligibility.maximum_age or "none"),
        "sex": (old.eligibility.sex or "", new.eligibility.sex or ""),
        "why stopped": (old.why_stopped or "", new.why_stopped or ""),
        "primary completion": (str(old.dates.primary_completion or ""), str(new.dates.primary_completion or "")),
    }
    if not (old.eligibility.text and new.eligibility.text):
        del pairs["minimum age"], pairs["maximum age"]
    for name, (before, after) in pairs.items():
        if before != after and after and (before or name == "why stopped"):
            yield name, (before, after)


def _status(trial: RegistryTrial) -> str | None:
    return trial.status.value if trial.status else trial.status_text


def _named(known: list[Snapshot], name: str) -> Snapshot:
    for item in known:
        if item.name == name:
            return item
    raise UnknownName(
        f"there is no snapshot '{name}'", allowed=", ".join(item.name for item in known[-8:]), code="unknown_snapshot"
    )


def _since(known: list[Snapshot], written: str | None, until: Snapshot) -> Snapshot | None:
    if written is None:
        earlier = [item for item in known if item.id < until.id]
        return earlier[-1] if earlier else None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return _named(known, written)
    earlier = [item for item in known if item.made_at[:10] < day.isoformat()]
    return earlier[-1] if earlier else None


def diff_json(found: Diff, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry diff`."""
    return {
        "since": found.since.name if found.since else None,
        "until": found.until.name,
        "counts": {kind: found.count(kind) for kind in KINDS},
        "unchanged": found.unchanged,
        "changes": [item.as_dict() for item in found.changes],
        "versions": versions(knowledge, found.until.name),
    }
