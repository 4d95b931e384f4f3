"""Where a patient could go: the nearest recruiting site of a matched trial, and whom to ask, from the newest record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.matching.results import Match
from her2nav.model.disease import Location
from her2nav.model.errors import Her2NavError

if TYPE_CHECKING:
    from her2nav.model.registry_trial import RegistryTrial
    from her2nav.registry.places import Gazetteer, NearestSite, Place
    from her2nav.store.reading import StoreReader


@dataclass(frozen=True, slots=True)
class Near:
    """What is known of a trial's places.

    Attributes:
        reason: Why there is no nearest site; None where there is one.
        record: Gives the newest record; None where none is kept.
    """

    nearest: NearestSite | None
    reason: str | None
    record: Callable[[], RegistryTrial] | None = None

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """The trial's own contacts; not every list shows them, and a record takes time to read."""
        if self.record is None:
            return []
        return [
            {"name": item.name, "role": item.role, "phone": item.phone, "email": item.email}
            for item in self.record().contacts
        ]


NOT_LOOKED_UP = Near(None, "not looked up for a trial that does not fit; --full does")


class Sites:
    """Looks up sites and contacts; the store is opened when it is first asked."""

    def __init__(self, session: Session, case: Case, kept: Collection[str]) -> None:
        self._session, self._case, self._kept = session, case, kept

    def of(self, match: Match) -> Near:
        """Return the nearest recruiting site of a trial and its contacts."""
        nct_id = match.trial.record.nct_id
        if nct_id not in self._kept:
            return Near(None, "the shipped catalogue holds no sites")
        here, reason = self._here
        if here is None:
            return Near(None, reason, lambda: self._store.trial(nct_id))
        from her2nav.registry.places import nearest_site

        trial = self._store.trial(nct_id)
        return Near(*nearest_site(trial, here, self._gazetteer), lambda: trial)

    @cached_property
    def _store(self) -> StoreReader:
        from her2nav.store.reading import StoreReader

        return StoreReader(self._session.folder)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        from her2nav.registry.places import Gazetteer

        return Gazetteer(self._session.knowledge, self._store.places())

    @cached_property
    def _here(self) -> tuple[Place | None, str | None]:
        where = self._case.patient.demographics.location
        if where is None:
            return None, "the patient file gives no place"
        from her2nav.registry.places import Place

        if where.latitude is not None and where.longitude is not None:
            return Place(float(where.latitude), float(where.longitude), where.city, where.state, where.country), None
        written = _written(where)
        if written is None:
            return None, "the patient's place names no city, postal code or coordinates"
        try:
            return self._gazetteer.find(written), None
        except Her2NavError as error:
            return None, f"the patient's place is not clear: {error.message}"


def _written(where: Location) -> str | None:
    if where.city:
        return ", ".join(part for part in (where.city, where.state, where.country) if part)
    return where.postal_code
