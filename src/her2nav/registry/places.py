"""Where people and sites are: places by name, postal code or coordinates, and distances on the globe."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError, UnknownName, ValueProblem
from her2nav.model.registry_trial import RegistryTrial, Site
from her2nav.model.trial import Recruitment

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""

SAME_PLACE_KM = 40.0
"""Places of one name closer than this are not worth asking about."""

_COORDINATES = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")
_US_ZIP = re.compile(r"(\d{5})(?:-\d{4})?")
_SHOWN = 8


class PlaceRow(Frozen):
    """A row of `vocabularies/places.csv`: a city with its coordinates."""

    city: str
    state: str | None = None
    country: str
    latitude: float
    longitude: float


class StateRow(Frozen):
    """A row of `vocabularies/us_states.csv`."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A point with a name.

    Attributes:
        latitude: Degrees north.
        longitude: Degrees east.
        country: Two-letter code where known, else the name as the registry has it.
    """

    latitude: float
    longitude: float
    city: str | None = None
    state: str | None = None
    country: str | None = None

    @property
    def label(self) -> str:
        """City, state and country; the coordinates where it has no name."""
        named = ", ".join(part for part in (self.city, self.state, self.country) if part)
        return named or f"{self.latitude:.3f}, {self.longitude:.3f}"


@dataclass(frozen=True, slots=True)
class NearestSite:
    """The nearest recruiting site of a trial.

    Attributes:
        kilometres: Great-circle distance; not the way by road.
        located_by: `registry`, or `city` where the record gives no coordinates and those of the city stand in.
    """

    site: Site
    kilometres: float
    located_by: str
    status_date: date | None = None
    """Day on which the site's status was known to be so."""


def distance_km(a_latitude: float, a_longitude: float, b_latitude: float, b_longitude: float) -> float:
    """Return the great-circle distance in kilometres (haversine).

    >>> round(distance_km(48.8566, 2.3522, 51.5074, -0.1278))  # Paris to London
    344
    """
    a, b = math.radians(a_latitude), math.radians(b_latitude)
    across = math.radians(b_longitude - a_longitude)
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


@dataclass(frozen=True, slots=True)
class _Shipped:
    """The shipped places, read once.

    Attributes:
        by_city: Folded name of a city to its places.
        written: City and state as written, with the code of the country.
        folded: The same with city and state folded.
    """

    by_city: Mapping[str, Sequence[Place]]
    written: frozenset[tuple[str, str, str]]
    folded: frozenset[tuple[str, str, str]]


@lru_cache(maxsize=2)
def _shipped(knowledge: Knowledge) -> _Shipped:
    rows = knowledge.table("vocabularies/places.csv", PlaceRow)
    by_city: dict[str, list[Place]] = {}
    folded: set[tuple[str, str, str]] = set()
    for row in rows:
        code = knowledge.countries.find(row.country) or row.country
        same = (key(row.city), key(row.state or ""), code)
        if same not in folded and same[0]:
            folded.add(same)
            place = Place(row.latitude, row.longitude, row.city, row.state or None, code)
            by_city.setdefault(same[0], []).append(place)
    written = frozenset(
        (place.city or "", place.state or "", place.country or "") for place in chain(*by_city.values())
    )
    return _Shipped(by_city, written, frozenset(folded))


class Gazetteer:
    """Places by name: the shipped ones and those learned from the records of a store."""

    def __init__(self, knowledge: Knowledge, learned: Iterable[tuple[str, str, str, float, float]] = ()) -> None:
        self._countries = knowledge.countries
        states = knowledge.table("vocabularies/us_states.csv", StateRow)
        self._states = {key(name): row.name for row in states for name in (row.code, row.name)}
        self._shipped = _shipped(knowledge)
        self._learned: dict[str, list[Place]] = {}
        seen: set[tuple[str, str, str]] = set()
        codes: dict[str, str] = {}
        # The shipped ones count: a store's own come from single records.
        for city, state, country, latitude, longitude in learned:
            code = codes.get(country) or codes.setdefault(country, self.country(country))
            if (city, state, code) in self._shipped.written:
                continue
            same = (key(city), key(state), code)
            if same[0] and same not in seen and same not in self._shipped.folded:
                seen.add(same)
                self._learned.setdefault(same[0], []).append(Place(latitude, longitude, city, state or None, code))

    def _named(self, city: str) -> list[Place]:
        name = key(city)
        return [*self._shipped.by_city.get(name, ()), *self._learned.get(name, ())]

    def country(self, name: str) -> str:
        """Return the two-letter code of a country; the name itself where it is not known."""
        return self._countries.find(name) or name

    def find(self, written: str) -> Place:
        """Return the place of a city (`Boston`, `Boston, MA`, `Lyon, France`), US postal code or pair of coordinates.

        Raises:
            ValueProblem: Coordinates out of range, or nothing given.
            UnknownName: No such place is known.
            InputError: Several places have the name; `allowed` lists them.
        """
        pair = _COORDINATES.fullmatch(written)
        if pair is not None:
            latitude, longitude = float(pair[1]), float(pair[2])
            if abs(latitude) > 90 or abs(longitude) > 180:
                raise ValueProblem(
                    f"'{written}' lies outside the globe", allowed="latitude -90 to 90, longitude -180 to 180"
                )
            return Place(latitude, longitude)
        code = _US_ZIP.fullmatch(written.strip())
        if code is not None:
            return _us_zip(code[1])
        parts = [part.strip() for part in written.split(",") if part.strip()]
        if not parts:
            raise ValueProblem("no place is given", allowed="a city, a US postal code, or latitude,longitude")
        found = self._named(parts[0])
        for part in parts[1:]:
            found = [place for place in found if self._within(place, part)]
        if not found:
            found = [place for place in _us_cities(parts[0]) if all(self._within(place, part) for part in parts[1:])]
        return self._only(written, parts[0], found)

    def of_site(self, site: Site) -> Place | None:
        """Return where a site's city is; None when it is not known."""
        country = self.country(site.country) if site.country else None
        if country == "US" and site.zip and (by_code := _us_code(site.zip)) is not None:
            return by_code
        if not site.city:
            return None
        places = [place for place in self._named(site.city) if country in (None, place.country)]
        if site.state:
            places = [place for place in places if key(place.state or "") == key(site.state)] or places
        return places[0] if places and _apart_km(places) <= SAME_PLACE_KM else None

    def _within(self, place: Place, part: str) -> bool:
        named = key(place.state or "")
        if place.country == "US":
            named = key(self._states.get(named, ""))
            part = self._states.get(key(part), part)
        return named == key(part) or place.country == self.country(part) or key(place.country or "") == key(part)

    def _only(self, written: str, city: str, found: list[Place]) -> Place:
        if not found:
            import difflib

            close = difflib.get_close_matches(key(city), [*self._shipped.by_city, *self._learned], n=5, cutoff=0.75)
            near = [self._named(name)[0].label for name in dict.fromkeys(close)]
            raise UnknownName(
                f"the place '{written}' is not known",
                allowed="; ".join(near) or "a city with a trial site, a US postal code, or latitude,longitude",
            )
        if _apart_km(found) > SAME_PLACE_KM:
            shown = "; ".join(place.label for place in found[:_SHOWN])
            more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            raise InputError(
                f"there are {len(found)} places named '{written}'", allowed=shown + more, code="ambiguous_place"
            )
        return found[0]


def _apart_km(places: list[Place]) -> float:
    first = places[0]
    return max(distance_km(first.latitude, first.longitude, other.latitude, other.longitude) for other in places)


def _us_zip(code: str) -> Place:
    if _zipcodes() is None:
        raise InputError(
            "postal codes need the library zipcodes",
            allowed='pip install "her2nav[registry]", or name the city',
            code="needs_extra",
        )
    found = _us_code(code)
    if found is None:
        raise UnknownName(f"'{code}' is not a US postal code", allowed="five digits, a city, or latitude,longitude")
    return found


@lru_cache(maxsize=4096)
def _us_code(code: str) -> Place | None:
    table = _zipcodes()
    digits = _US_ZIP.fullmatch(code.strip())
    rows = table.matching(digits[1]) if table is not None and digits is not None else []
    return _us_place(rows[0]) if rows else None


@lru_cache(maxsize=4096)
def _us_cities(city: str) -> list[Place]:
    """US cities by name, one for each state: the postal table knows more than the registry's sites."""
    table = _zipcodes()
    rows = table.filter_by(city=city.title()) if table is not None else []
    return list({row["state"]: _us_place(row) for row in reversed(rows)}.values())


def _us_place(row: Any) -> Place:
    return Place(float(row["lat"]), float(row["long"]), str(row["city"]), str(row["state"]), "US")


@cache
def _zipcodes() -> Any:
    """The library of US postal codes; None where the extra is not installed."""
    try:
        import zipcodes
    except ImportError:
        return None
    return zipcodes


def nearest_site(trial: RegistryTrial, here: Place, gazetteer: Gazetteer) -> tuple[NearestSite | None, str | None]:
    """Return the nearest site that by its own status recruits, or None and the reason."""
    if not trial.sites:
        return None, "the record has no sites"
    stated = [site for site in trial.sites if site.status is not None]
    if not stated:
        return None, "the record gives no status for its sites"
    open_sites = [site for site in stated if site.status is Recruitment.RECRUITING]
    if not open_sites:
        return None, f"none of the {len(trial.sites)} sites is recruiting by its own status"
    located = [found for site in open_sites if (found := _located(site, here, gazetteer)) is not None]
    if not located:
        return None, f"no coordinates are known for the {len(open_sites)} recruiting sites"
    nearest = min(located, key=lambda found: found.kilometres)
    return replace(nearest, status_date=trial.site_status_date), None


def _located(site: Site, here: Place, gazetteer: Gazetteer) -> NearestSite | None:
    if site.latitude is not None and site.longitude is not None:
        return NearestSite(site, distance_km(here.latitude, here.longitude, site.latitude, site.longitude), "registry")
    city = gazetteer.of_site(site)
    if city is None:
        return None
    return NearestSite(site, distance_km(here.latitude, here.longitude, city.latitude, city.longitude), "city")
