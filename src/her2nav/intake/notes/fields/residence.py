"""Where a person lives: town and country behind "lives in", or in the line that says who the patient is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.home import NOT_FROM
from her2nav.intake.notes.found import Found
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

LIVES = Gated(
    r"\b(?:lives? in|living in|resid(?:es|ing|ent) (?:in|of)|residence\b|place of residence\b|from|vive en|comes from|domiciled in)[\s:.]{1,12}"
)
_PERSON = Gated(r"\b(?:born|d\.?o\.?b\.?|date of birth|years?(?: old)?|y/?o|patient|fe?male|mrs?|ms|residen\w+)\b")
_RELATIVE = re.compile(
    r"\b(?:son|daughter|brother|sister|cousin|niece|nephew|uncle|aunt|friend|child|children|grandson|granddaughter)s?,?\s(?:who\s|now\s|both\s){0,2}$"
)
"""Who lives elsewhere: "her son lives in Canada"."""
_NEAR = 30
_NAME = r"[A-Z][A-Za-zÀ-ÿ'’-]+(?: (?:(?:de|do|da|del|am|an der|upon|la|le) )?[A-Z][A-Za-zÀ-ÿ'’-]+){0,2}"
_TOWN = re.compile(rf"(?P<city>{_NAME})(?=\s?(?:[.,;)\n]|$|\s(?:with|and|where|since|for)\b))")
_TOWN_COUNTRY = re.compile(rf"(?P<city>{_NAME})(?:, ?[A-Z]{{2}})?(?:,| ?\(|,? -) ?(?:[Tt]he )?(?P<country>{_NAME})")
_COUNTRY = re.compile(rf"(?:[Tt]he )?(?P<country>{_NAME})")
_INSTITUTION = re.compile(
    r"\b(?:hospital|clinic|university|department|dept|institut\w*|centre|center|laborator\w+|patholog\w+|unit|office|foundation|trust|ministry|school)\b"
)
"""A line that names one of these says where the writer is."""
_HEAD_LINES = 12
_REACH = 60


def read_residence(note: Note) -> Iterator[Found]:
    """Yield town and country of the patient: behind "lives in", else in a line of the head on the patient."""
    for match in LIVES.finditer(note.plain):
        if _RELATIVE.search(note.plain, max(0, match.start() - _NEAR), match.start()):
            continue
        bare = match[0].startswith("from")
        found = _at(note, match.end(), match.end() + _REACH, opens=True, country_alone=not bare)
        if found is not None and not (bare and not _of_person(note, match.start())):
            yield found
            return
    for number in range(min(_HEAD_LINES, len(note.line_starts))):
        start = note.line_starts[number]
        end = note.line_starts[number + 1] - 1 if number + 1 < len(note.line_starts) else len(note.plain)
        if _PERSON.search(note.plain, start, end) and not _INSTITUTION.search(note.plain, start, end):
            found = _at(note, start, end, opens=False, country_alone=False)
            if found is not None:
                yield found
                return


def _of_person(note: Note, place: int) -> bool:
    """Whether a sentence speaks of the patient: "62-year-old woman from Pune, India"."""
    sentence = note.sentence(place)
    return bool(
        _PERSON.search(note.plain, sentence.start, place)
        and not NOT_FROM.search(note.plain, sentence.start, place)
        and not _INSTITUTION.search(note.plain, sentence.start, sentence.end)
    )


def _at(note: Note, start: int, end: int, *, opens: bool, country_alone: bool) -> Found | None:
    """Return the town and the country that stand in a stretch; `opens`: right at its beginning."""
    countries = note.words.knowledge.countries
    matches = (
        [_TOWN_COUNTRY.match(note.shown, start, end)] if opens else list(_TOWN_COUNTRY.finditer(note.shown, start, end))
    )
    for match in matches:
        code = _country(note, match["country"]) if match is not None else None
        if match is not None and code is not None:
            # Away from "lives in" only a town that is known is taken: another word may be a name of a person.
            city = match["city"] if opens else note.words.town(match["city"], code)
            value = {"city": city, "country": code} if city else {"country": code}
            return Found("demographics.location", value, match.span() if city else match.span("country"))
    alone = _COUNTRY.match(note.shown, start, end) if country_alone else None
    code = countries.find(alone["country"]) if alone is not None and len(alone["country"]) > _CODE else None
    if alone is not None and code is not None:
        return Found("demographics.location", {"country": code}, alone.span())
    town = _TOWN.match(note.shown, start, end) if opens else None
    home = note.words.country_of(town["city"]) if town is not None else None
    return (
        Found("demographics.location", {"city": town["city"], "country": home}, town.span()) if town and home else None
    )


_CODE = 3
"""Names of countries as short as this are codes of something else."""


def _country(note: Note, written: str) -> str | None:
    """Return the code of a country at the beginning of some words."""
    words = written.split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        code = note.words.knowledge.countries.find(name) if len(name) > _CODE or name in ("USA", "UK", "UAE") else None
        if code is not None:
            return code
    return None
