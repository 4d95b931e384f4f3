"""Searching the store: filters in people's words, names in every spelling, the nearest site beside each trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from her2nav.app.ports import ReadsTrials
from her2nav.app.session import system_today
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.errors import UnknownName, ValueProblem
from her2nav.model.kept_record import Found, Hit, Query
from her2nav.model.registry_trial import NCT_ID
from her2nav.model.trial import Recruitment
from her2nav.registry.places import Gazetteer, NearestSite, Place, nearest_site
from her2nav.registry.tags import MentionRow, tagger_of
from her2nav.registry.words import read_words

_RECOGNISED = frozenset({"drug", "class", "tumour", "country", "mentions", "setting"})
"""Filters on what our vocabularies recognise in a record."""

PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a search found.

    Attributes:
        near: The place distances are from.
        nearest: Registry id to nearest recruiting site, or the reason why there is none.
        warnings: What was done otherwise than asked, and why.
    """

    found: Found
    read_as: tuple[str, ...] = ()
    near: Place | None = None
    nearest: Mapping[str, tuple[NearestSite | None, str | None]] | None = None
    warnings: tuple[str, ...] = ()
    today: date | None = None
    limit_days: int = 0

    def status_age_days(self, hit: Hit) -> int | None:
        """Days since a trial's status was known to be so; None when the record does not say when."""
        if hit.status_date is None or self.today is None:
            return None
        return (self.today - date.fromisoformat(hit.status_date)).days

    def recruiting(self, hit: Hit) -> bool | None:
        """Whether a trial recruits; None when the record does not know, or its status is too old to say."""
        if hit.gone:
            return False
        age = self.status_age_days(hit)
        known = hit.status in Recruitment.__members__ and hit.status != Recruitment.UNKNOWN.value
        if not known or age is None or age > self.limit_days:
            return None
        return hit.status == Recruitment.RECRUITING.value


def search(
    store: ReadsTrials,
    knowledge: Knowledge,
    text: str = "",
    filters: Mapping[str, tuple[str, ...]] | None = None,
    *,
    limit: int = 20,
    near: str | None = None,
    today: Callable[[], date] = system_today,
) -> SearchAnswer:
    """Find trials by words and filters.

    Args:
        store: Where to look.
        knowledge: Names of drugs, genes, tumours and countries.
        text: Words; an identifier alone finds its trial.
        filters: Key of a filter to values as people write them.
        limit: How many trials at most.
        near: A place; the nearest recruiting site of each trial is looked up.
        today: The clock.

    Raises:
        InputError: A name no vocabulary holds, or a place that is unknown or ambiguous.
    """
    meant = read_filters(knowledge, filters or {})
    here = None
    gazetteer = None
    if near is not None:
        gazetteer = Gazetteer(knowledge, store.places())
        here = gazetteer.find(near)
    warnings: list[str] = []
    words = read_words(text, knowledge, tagger_of(knowledge)) if text.strip() else None
    identifier = text.strip().upper()
    if NCT_ID.fullmatch(identifier):
        found = store.search(Query(f'ids : "{identifier}"', meant, limit))
    else:
        found = store.search(Query(words.every if words else None, meant, limit))
        if words is not None and not found.hits and words.some != words.every:
            found = store.search(Query(words.some, meant, limit))
            if found.hits:
                warnings.append("no trial holds all the words; these hold at least one")
    if text.strip() and words is None:
        warnings.append("the query holds no word to look for; the filters alone count")
    if _RECOGNISED.intersection(meant) and store.knowledge() not in (None, knowledge.version):
        warnings.append(
            "the filters by drug, class, tumour, country and words rest on an older version of the knowledge;"
            " her2nav registry reindex brings them up to date"
        )
    nearest: dict[str, tuple[NearestSite | None, str | None]] | None = None
    if here is not None and gazetteer is not None:
        trials = store.trials([hit.nct_id for hit in found.hits])
        nearest = {trial.nct_id: nearest_site(trial, here, gazetteer) for trial in trials}
    return SearchAnswer(
        found,
        words.read_as if words else (),
        here,
        nearest,
        tuple(warnings),
        today(),
        knowledge.words.status_age_limit_days,
    )


def read_filters(knowledge: Knowledge, filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return filters with ids for the names people write.

    Raises:
        UnknownName: A name no vocabulary holds, with those that look alike.
        ValueProblem: A date that is none.
    """
    readers: dict[str, Callable[[Knowledge, str], str]] = {
        "drug": _drug,
        "class": _drug_class,
        "tumour": _tumour,
        "phase": _phase,
        "status": _status,
        "country": _country,
        "mentions": _mention,
        "setting": _mention,
        "posted_since": _day,
        "updated_since": _day,
    }
    result: dict[str, tuple[str, ...]] = {}
    for name, values in filters.items():
        reader = readers.get(name)
        found = tuple(reader(knowledge, value) if reader else value for value in values if value)
        if found:
            result[name] = found
    return result


def hit_json(hit: Hit, answer: SearchAnswer) -> dict[str, Any]:
    """Return one trial found as plain data."""
    data: dict[str, Any] = {
        "nct_id": hit.nct_id,
        "title": hit.title,
        "status": hit.status,
        "status_date": hit.status_date,
        "status_age_days": answer.status_age_days(hit),
        "recruiting": answer.recruiting(hit),
        "gone": hit.gone,
        "phase": list(hit.phases),
        "study_type": hit.study_type,
        "sponsor": hit.sponsor,
        "conditions": list(hit.conditions),
        "interventions": list(hit.interventions),
        "countries": list(hit.countries),
        "first_posted": hit.first_posted,
        "last_update": hit.last_update,
        "has_results": hit.has_results,
        "sites": hit.sites,
        "url": f"https://clinicaltrials.gov/study/{hit.nct_id}",
    }
    if answer.nearest is not None:
        site, reason = answer.nearest.get(hit.nct_id, (None, "the record has no sites"))
        data["nearest_site"] = site_json(site)
        data["nearest_site_reason"] = reason
    return data


def site_json(found: NearestSite | None) -> dict[str, Any] | None:
    """Return a nearest site as plain data."""
    if found is None:
        return None
    site = found.site
    return {
        "facility": site.facility,
        "city": site.city,
        "state": site.state,
        "country": site.country,
        "status": site.status.value if site.status else None,
        "status_date": found.status_date.isoformat() if found.status_date else None,
        "distance_km": round(found.kilometres, 1),
        "located_by": found.located_by,
        "contacts": [
            {"name": item.name, "role": item.role, "phone": item.phone, "email": item.email} for item in site.contacts
        ],
    }


def _drug(knowledge: Knowledge, written: str) -> str:
    names = knowledge.drugs.resolve(written)
    if len(names.drugs) == 1 and not names.classes:
        return names.drugs[0]
    if names.drugs or names.classes:
        given = ", ".join((*names.drugs, *names.classes))
        raise UnknownName(
            f"'{written}' is not one drug", place="--drug", allowed=f"one of {given}; classes with --class"
        )
    raise UnknownName(f"the drug '{written}' is not known", place="--drug", allowed=", ".join(names.nearest) or None)


def _drug_class(knowledge: Knowledge, written: str) -> str:
    names = knowledge.drugs.resolve(written)
    if len(names.classes) == 1:
        return names.classes[0]
    raise UnknownName(
        f"the class '{written}' is not known", place="--class", allowed=", ".join(sorted(knowledge.drugs.classes))
    )


def _tumour(knowledge: Knowledge, written: str) -> str:
    found = knowledge.tumours.find(written)
    if found is None:
        near = ", ".join(knowledge.tumours.nearest(written))
        raise UnknownName(f"the tumour type '{written}' is not known", place="--tumour", allowed=near or None)
    return found


def _phase(_: Knowledge, written: str) -> str:
    text = written.strip().upper().replace(" ", "").replace("_", "")
    wanted = {phase.replace("_", ""): phase for phase in PHASES}
    found = wanted.get(text) or wanted.get(f"PHASE{text}")
    if found is None:
        raise UnknownName(
            f"the phase '{written}' is not known", place="--phase", allowed="early_phase1, 1, 2, 3, 4, na"
        )
    return found


def _status(_: Knowledge, written: str) -> str:
    name = "_".join(written.replace(",", " ").replace("-", " ").upper().split()).strip("_")
    if name not in Recruitment.__members__:
        allowed = ", ".join(item.value.lower() for item in Recruitment)
        raise UnknownName(f"the status '{written}' is not known", place="--status", allowed=allowed)
    return name


def _country(knowledge: Knowledge, written: str) -> str:
    found = knowledge.countries.find(written)
    if found is None:
        near = ", ".join(knowledge.countries.nearest(written))
        raise UnknownName(f"the country '{written}' is not known", place="--country", allowed=near or None)
    return found


def _mention(knowledge: Knowledge, written: str) -> str:
    rows = knowledge.table("vocabularies/record_mentions.csv", MentionRow)
    name = "_".join(written.replace("-", " ").replace("_", " ").lower().split())
    names = [row.id for row in rows]
    for candidate in (name, f"her2_{name}"):
        if candidate in names:
            return candidate
    raise UnknownName(f"'{written}' is not one of the words looked for", allowed=", ".join(names))


def _day(_: Knowledge, written: str) -> str:
    try:
        return PartialDate.parse(written).low.isoformat()
    except ValueError as error:
        raise ValueProblem(str(error), allowed="a day such as 2026-11-20, or a month") from None
