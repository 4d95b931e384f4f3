"""Town and state of the patient's home behind words for it: "Home: Round Rock, TX", "lives in Macon Georgia", "Resides: Yorkton SK"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import of_family
from her2nav.intake.notes.found import Found
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.note_day import BORN
from her2nav.intake.notes.regions import CODES, NAMES, country_of_region

_HOME = Gated(
    r"\b(?:(?P<told>liv(?:es?|ing) (?:alone |independently |now |currently )?(?:in|at)|lives with (?:her |his )?(?:husband|wife|partner|family|daughter|son)(?: in|,)|resid(?:es?|ing|ent) (?:in|of)|(?:has|have) (?:now |recently )?moved to|domiciled in|comes from)"
    r"|(?P<label>(?:home(?: address| town)?|residence|place of residence|resides|lives in|address|domicile|wohnort|domicilio|adresse))"
    r"|(?P<bare>from))(?=[\s:|])[\s:|.]{1,24}"
)
_LABEL_OPENS = re.compile(r"(?:^|\n|\||\t| {3}|[.;]\s)[ \t*•-]*$")
_LABEL_ENDS = re.compile(r"[ \t]*[:|\t]|\s{2}")
_PERSON = Gated(
    r"\b(?:year[ -]olds?|years? old|y/?o|patient|pt|fe?male|mrs|ms|mr|m(?:an|other)|woman|lady|gentleman|retired|teacher|secretary|farmer|who is)\b"
)
_ELSE = re.compile(
    r"\b(?:son|daughter|brother|sister|cousin|niece|nephew|uncle|aunt|friend|child|children|grand\w+|mother|father|parents|husband|wife)s?,?\s(?:who\s|now\s|both\s|also\s|all\s|currently\s){0,2}$"
)
"""Who lives elsewhere: "her son lives in Canada"."""
NOT_FROM = re.compile(
    r"\b(?:biops\w+|block|blocks|slides?|report|reports|letter|records?|referr\w+|review|opinion|sample|specimen|results?|transfer\w*|back|returned|call|fax|sent|doctor|dr|oncologist|surgeon|colleague|team|scans?|images|imaging|email|moved|away|came)\b[^.;]{0,28}$"
)
"""What comes from a town, and is no patient."""
_INSTITUTION = re.compile(
    r"\b(?:hospital|clinic|university|department|dept|institut\w*|laborator\w+|patholog\w+|foundation|trust|ministry|medical cent\w+|cancer cent\w+|surgery,|practice)\b"
)
_WORD = r"[A-Z][A-Za-zÀ-ÿ'’-]+"
_NAME = rf"(?:St\.? |Mt\.? |Ft\.? )?{_WORD}(?: (?:(?:de|do|da|del|am|an der|upon|la|le|of) )?{_WORD}){{0,2}}?"
_REGION = "|".join(sorted(map(re.escape, (*NAMES, *CODES)), key=len, reverse=True))
_TOWN_REGION = re.compile(
    rf"(?P<city>{_NAME}),? ?[ (]?(?<=[ (])(?P<region>{_REGION})(?P<zip> +\d{{5}}(?:-\d{{4}})?)?(?![A-Za-z])(?=\s*(?:$|[.,;()|\n\t-]|\d|[a-z]|\s{{2}}))"
)
_DIRECTION = re.compile(
    r"(?:north|south|east|west|northern|southern|eastern|western|central|upper|lower|rural|greater|new|mid|upstate|inland|the|in|at|mrs?|ms|dr)\b\.?$|(?:dr|mrs?|ms)\b"
)
"""Words in front of a state that name no town: "lives in West Virginia", "rural Alberta"."""
_HEAD = 12
_BIRTH = re.compile(rf"(?:{BORN})[\s:.]{{0,4}}$")
_CREDENTIALS = frozenset(["MD", "PA", "MA", "DO", "NP", "RN", "MS", "SA", "BE", "DE", "LA", "SO", "ME", "OR", "IN"])
"""Codes that are also what stands behind the name of a doctor, or a word."""
_AFTER_STREET = re.compile(rf",\s*(?P<city>{_NAME})(?=\s*(?:$|[,\n]))")
_STREET = re.compile(r"\d{1,4}[A-Za-z]?[ ,]+[A-Z]")
_ADDRESS_TOWN = re.compile(rf"(?P<city>{_NAME})(?=, ?(?:Co\.?|County) [A-Z])")


def read_home(note: Note) -> Iterator[Found]:
    """Yield town and state of the patient where words say that they are those of the home, or they stand in the line of the birth."""
    for match in _HOME.finditer(note.plain):
        kind = str(match.lastgroup)
        if not _of_patient(note, match, kind):
            continue
        found = _town(note, match.end())
        if found is None and kind == "label" and not match[0].startswith("home"):
            county = _ADDRESS_TOWN.match(note.shown, match.end())
            found = _found(county["city"], None, county.span()) if county else None
        if found is not None:
            yield found
            return
    yield from _beside_birth(note)


def _of_patient(note: Note, match: re.Match[str], kind: str) -> bool:
    start = match.start()
    if kind == "label":
        low = note.line_starts[max(0, note.line(start) - 4)]
        named = match[0].startswith(("home", "resid", "place of", "lives", "wohn", "domi"))
        led = _LABEL_OPENS.search(note.shown, max(0, start - 12), start) and _LABEL_ENDS.match(
            note.shown, match.end("label"), match.end()
        )
        return led is not None and (named or re.search(rf"\bpatient\b|{BORN}", note.plain[low:start]) is not None)
    sentence = note.sentence(start)
    if of_family(note, sentence, start) or _ELSE.search(note.plain, max(0, start - 40), start):
        return False
    if kind == "told":
        return not _INSTITUTION.search(note.plain, match.end(), min(sentence.end, match.end() + 40))
    return bool(
        _PERSON.search(note.plain, sentence.start, start)
        and not NOT_FROM.search(note.plain, sentence.start, start)
        and not _INSTITUTION.search(note.plain, max(sentence.start, start - 40), min(sentence.end, match.end() + 40))
    )


def _town(note: Note, start: int) -> Found | None:
    """Return town and region right at a place."""
    match = _TOWN_REGION.match(note.shown, start)
    if match is None or _DIRECTION.search(match["city"].lower()):
        return None
    return _found(match["city"], match["region"], match.span(), note)


def _found(city: str, region: str | None, span: tuple[int, int], note: Note | None = None) -> Found:
    value = {"city": city}
    if region is not None:
        value["state"] = note.words.state_codes.get(region, region) if note is not None else region
        known = note is not None and note.words.city(city, region) is not None
        country = country_of_region(region) or ("US" if known else None)
        if country is not None:
            value["country"] = country
    return Found("demographics.location", value, span)


def _beside_birth(note: Note) -> Iterator[Found]:
    """Yield the town in the line of the head that tells the patient's birth: "geb. 05.12.1959, Baden AG", or behind a street there."""
    for number in range(min(_HEAD, len(note.line_starts))):
        low = note.line_starts[number]
        high = note.line_starts[number + 1] - 1 if number + 1 < len(note.line_starts) else len(note.plain)
        births = [one for one in note.dates.within(low, high) if _BIRTH.search(note.plain, low, one.start)]
        if not births or _INSTITUTION.search(note.plain, low, high):
            continue
        after = births[0].end
        for cell in re.finditer(r"[^,\t|;]+(?:, ?[A-Z]{2,3}\b)?", note.shown[after:high]):
            start = after + cell.start() + len(cell[0]) - len(cell[0].lstrip())
            match = _TOWN_REGION.match(note.shown, start, high)
            sure = match is not None and (
                match["region"] not in _CREDENTIALS or note.words.city(match["city"], match["region"])
            )
            if (
                match is not None
                and sure
                and match["region"] in CODES
                and not _DIRECTION.search(match["city"].lower())
                and not note.shown[match.end() : high].strip(" .,;)")
            ):
                yield _found(match["city"], match["region"], match.span(), note)
                return
        for town in _AFTER_STREET.finditer(note.shown, after, high):
            hidden = note.text[note.shown.rfind(",", low, town.start()) + 1 : town.start()].strip()
            if _STREET.match(hidden) and not note.shown[town.start() - 3 : town.start()].strip():
                yield _found(town["city"], None, town.span("city"))
                return
