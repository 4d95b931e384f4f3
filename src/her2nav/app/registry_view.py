"""The registry's answers as plain data, in the shapes of the commands' JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import her2nav
from her2nav.app.ports import ReadsTrials
from her2nav.app.registry import Imported
from her2nav.app.registry_search import SearchAnswer, hit_json, site_json
from her2nav.app.session import READER_VERSION, system_today
from her2nav.app.sync_result import Synced
from her2nav.app.sync_state import PREFIX, Phase, SyncState
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError
from her2nav.model.kept_record import Presence, StoreState
from her2nav.model.registry_trial import NCT_ID, RegistryTrial
from her2nav.registry.places import Gazetteer, NearestSite, nearest_site
from her2nav.registry.tags import tagger_of

_COLUMNS = (
    "nct_id",
    "title",
    "status",
    "status_date",
    "phase",
    "study_type",
    "sponsor",
    "conditions",
    "interventions",
    "countries",
    "first_posted",
    "last_update",
    "has_results",
    "sites",
    "url",
)
_SITE_COLUMNS = ("nearest_site", "distance_km", "nearest_site_reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A trial with what is known around it.

    Attributes:
        today: The day its status is looked at.
        limit_days: Past this age a status counts as unknown.
        drugs: Ids of the drugs recognised among the interventions.
        tumours: Ids of the tumour types recognised in the conditions.
        mentions: HER2 words found in the record.
        asked_near: True when a place was given.
        gone: When and why the registry no longer has it.
    """

    trial: RegistryTrial
    snapshot: str | None
    today: date
    limit_days: int
    drugs: tuple[str, ...]
    tumours: tuple[str, ...]
    mentions: tuple[str, ...]
    versions_kept: int
    asked_near: bool = False
    nearest: NearestSite | None = None
    nearest_reason: str | None = None
    gone: Presence | None = None

    @property
    def status_age_days(self) -> int | None:
        """Days since the status was known to be so; None when the record does not say when."""
        day = self.trial.status_date
        return (self.today - day).days if day is not None else None

    @property
    def recruiting(self) -> bool | None:
        """Whether the trial recruits; None when the record does not know, or its status is too old to say."""
        if self.gone is not None:
            return False
        age = self.status_age_days
        if self.trial.status is None or age is None or age > self.limit_days:
            return None
        return self.trial.status.value == "RECRUITING" if self.trial.status.may_recruit is not None else None


def find_trial(
    store: ReadsTrials,
    knowledge: Knowledge,
    identifier: str,
    *,
    near: str | None = None,
    today: Callable[[], date] = system_today,
) -> ShownTrial:
    """Return a trial by its NCT number or another register's number.

    Raises:
        InputError: No trial, or several, have the identifier; or the place is unknown or ambiguous.
    """
    wanted = identifier.strip().upper()
    if NCT_ID.fullmatch(wanted) is None:
        found = store.find_id(identifier.strip())
        if not found:
            raise InputError(
                f"no trial of the store has the identifier '{identifier}'",
                allowed="NCT and eight digits, or another register's number as the record has it",
                code="unknown_trial",
            )
        if len(found) > 1:
            raise InputError(
                f"{len(found)} trials have the identifier '{identifier}'", allowed=", ".join(found), code="ambiguous_id"
            )
        wanted = found[0]
    trial = store.trial(wanted)
    tagger = tagger_of(knowledge)
    nearest, reason = None, None
    if near is not None:
        gazetteer = Gazetteer(knowledge, store.places())
        nearest, reason = nearest_site(trial, gazetteer.find(near), gazetteer)
    return ShownTrial(
        trial=trial,
        snapshot=store.state().snapshot,
        today=today(),
        limit_days=knowledge.words.status_age_limit_days,
        drugs=tagger.drugs_of(trial),
        tumours=tagger.tumours_of(trial),
        mentions=tagger.mentions_of(trial),
        versions_kept=len(store.versions(wanted)),
        asked_near=near is not None,
        nearest=nearest,
        nearest_reason=reason,
        gone=store.gone(wanted),
    )


def versions(knowledge: Knowledge, snapshot: str | None) -> dict[str, Any]:
    """Return what every answer quotes."""
    return {
        "her2nav": her2nav.__version__,
        "knowledge": knowledge.version,
        "reader": READER_VERSION,
        "snapshot": snapshot,
    }


def imported_json(done: Imported, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry import`."""
    return {**done.as_dict(), "versions": versions(knowledge, done.snapshot.name if done.snapshot else None)}


def synced_json(done: Synced, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry sync`."""
    return {**done.as_dict(), "versions": versions(knowledge, done.snapshot.name if done.snapshot else None)}


def queries_json(store: ReadsTrials) -> list[dict[str, Any]]:
    """Return the questions that syncs keep up to date, with the day of the registry they are in step with."""
    states = {key.removeprefix(PREFIX): SyncState.from_json(text) for key, text in store.meta(PREFIX).items()}
    return [
        {
            "id": name,
            "complete_day": state.complete_day.isoformat() if state.complete_day else None,
            "finished": state.phase is Phase.DONE,
        }
        for name, state in sorted(states.items())
    ]


def state_json(state: StoreState, knowledge: Knowledge, queries: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the JSON of `registry status`."""
    return {
        "trials": state.trials,
        "snapshot": state.snapshot,
        "newest": state.newest,
        "by_status": dict(state.by_status),
        "made_at": state.made_at,
        "records": state.records,
        "path": state.path,
        "bytes": state.bytes,
        "queries": list(queries),
        "versions": versions(knowledge, state.snapshot),
    }


def search_json(answer: SearchAnswer, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry search`."""
    return {
        "total": answer.found.total,
        "trials": [hit_json(hit, answer) for hit in answer.found.hits],
        "read_as": list(answer.read_as),
        "near": answer.near.label if answer.near else None,
        "warnings": list(answer.warnings),
        "versions": versions(knowledge, answer.found.snapshot),
    }


def search_csv(answer: SearchAnswer) -> str:
    """Return the CSV of `registry search`: one trial a line, lists separated by `|`."""
    columns = _COLUMNS + (_SITE_COLUMNS if answer.nearest is not None else ())
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    for hit in answer.found.hits:
        data = hit_json(hit, answer)
        site = data.get("nearest_site")
        if site:
            data["distance_km"] = site["distance_km"]
            data["nearest_site"] = ", ".join(part for part in (site["facility"], site["city"], site["country"]) if part)
        table.writerow([_cell(data.get(column)) for column in columns])
    return text.getvalue()


def trial_json(shown: ShownTrial, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry show`."""
    trial = shown.trial
    data = asdict(trial)
    data["dates"] = {name: str(value) if value is not None else None for name, value in data["dates"].items()}
    for name in ("current_on", "sites_on"):
        data[name] = data[name].isoformat() if data[name] else None
    data["status_date"] = trial.status_date.isoformat() if trial.status_date else None
    data["status_age_days"] = shown.status_age_days
    data["recruiting"] = shown.recruiting
    data["url"] = trial.url
    data["recognised"] = {
        "drugs": list(shown.drugs),
        "tumours": list(shown.tumours),
        "mentions": list(shown.mentions),
    }
    data["records_kept"] = shown.versions_kept
    data["gone"] = {"day": shown.gone.day, "note": shown.gone.note} if shown.gone else None
    if shown.asked_near:
        data["nearest_site"] = site_json(shown.nearest)
        data["nearest_site_reason"] = shown.nearest_reason
    data["versions"] = versions(knowledge, shown.snapshot)
    return data


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "|".join(str(item) for item in value) if isinstance(value, list) else str(value)
    # A spreadsheet must not take a title for a formula.
    return "'" + text if text.startswith(_FORMULA) else text
