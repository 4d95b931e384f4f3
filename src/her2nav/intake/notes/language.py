"""The language of a note: only English, and Spanish in part, is read; of others only what is spelt alike everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from her2nav.intake.notes.fields.her2_marks import NO_AMPLIFICATION
from her2nav.intake.notes.found import Asked, Clash, Entry, Found, Item
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.vocabulary import LanguageRow
from her2nav.language.view import plain

_UNIVERSAL = re.compile(
    r"ihc\.(?:score|percent_cells|zero_subtype)|ish\.(?:result|her2_cep17_ratio|her2_copy_number|cep17_copy_number|method)"
    r"|ngs\.(?:variants|assay)|collected"
)
"""Keys of a sample that mean the same in every language."""
_OF_SAMPLE = re.compile(r"kind|organ|ngs\.matrix")
"""What a sample is and where it is from: of languages in Latin letters the commonest words are known."""
_TNM = ("cancer.tnm.t", "cancer.tnm.n", "cancer.tnm.m")
_RECEPTORS = ("biomarkers.er", "biomarkers.pr")
_NAMED = ("cancer.tumour_type", "cancer.diagnosed", "biomarkers.ki67_percent")
"""What is written alike: names of tumours that the vocabulary knows, the day behind the word for diagnosis, a share."""
_COURSE = frozenset({"drugs", "setting", "start", "end", "cycles", "ongoing"})
_READ_IN_PART = ("es",)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A language other than English, with the words by which it denies."""

    id: str
    name: str
    negation: re.Pattern[str]
    latin: bool

    def denies(self, words: str) -> bool:
        """True when some words hold a denial, a doubt or a plan."""
        return self.negation.search(words) is not None


_WHOLE = r"(?<!\w)(?:{})(?!\w)"
_BORDERS = {
    "latin": _WHOLE,
    "cyrillic": _WHOLE,
    "greek": _WHOLE,
    # "And", "that" and "so" are written in one word with what follows.
    "hebrew": r"(?<!\w)[ושה]?(?:{})(?!\w)",
    "arabic": r"(?<!\w)[وف]?(?:{})(?!\w)",
}
"""How the words of a script are told apart; scripts without spaces have no borders."""


def foreign(row: LanguageRow) -> Foreign:
    """Return a language with its denials as one pattern; scripts without spaces have no word borders."""
    border = _BORDERS.get(row.script, "{}")
    # Latin letters are compared without their accents, as in `Note.plain`.
    latin = row.script == "latin"
    known = {plain(word) if latin else word for word in row.negations}
    words = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    return Foreign(row.id, row.name, re.compile(border.format(words), re.IGNORECASE), latin)


def warning(note: Note) -> str | None:
    """Return the line that says a note is not in English."""
    if note.language is None:
        names = sorted({row.name for _, _, row in note.foreign_parts})
        if not names:
            return None
        return f"parts of the note are in {', '.join(names)}: of them only what is spelt alike everywhere was read"
    if note.language.id in _READ_IN_PART:
        return f"the note is in {note.language.name}: only some of its words are known; check every value"
    return (
        f"the note is in {note.language.name}: only HER2 scores, ratios, variants and TNM in international spelling "
        "were read, none where a denial stands; have it translated"
    )


def readable(note: Note, items: Iterable[Item]) -> Iterator[Item]:
    """Yield what may be believed of a note in its language; all of it in English."""
    if note.language is None:
        yield from (_english(note, items) if note.foreign_parts else items)
        return
    language = foreign(note.language)
    part = note.language.id in _READ_IN_PART
    for item in items:
        if isinstance(item, Clash):
            choices = tuple((value, span) for value, span in item.choices if not _denied(note, language, span[0]))
            if len({str(value) for value, _ in choices}) > 1:
                yield Clash(item.path, item.message, choices)
        elif isinstance(item, Asked) or (part and not (isinstance(item, Entry) and item.section == "specimens")):
            yield item
        elif isinstance(item, Found):
            if _alike(item, language) and not _denied(note, language, item.span[0]):
                yield item
        elif item.section == "therapies":
            yield from _course(note, language, item)
        elif item.section == "specimens" and (kept := _sample(note, language, item, whole=part)) is not None:
            yield kept


def _english(note: Note, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items of an English note; from its paragraphs in another language what holds in every language."""
    for item in items:
        if isinstance(item, Entry):
            places = [span[0] for span in item.spans.values()]
            row = next((row for place in places if (row := note.foreign(place)) is not None), None)
            if row is None:
                yield item
            elif item.section == "therapies":
                yield from _course(note, foreign(row), item)
            elif item.section == "specimens" and (kept := _sample(note, foreign(row), item, whole=False)) is not None:
                yield kept
        elif isinstance(item, Found):
            row = note.foreign(item.span[0])
            if row is None or (_alike(item, foreign(row)) and not _denied(note, foreign(row), item.span[0])):
                yield item
        else:
            yield item


def _alike(item: Found, language: Foreign) -> bool:
    """True for a value whose words mean the same in every language, or in those of Latin letters."""
    if item.field in _TNM:
        return True
    if item.field in _RECEPTORS:
        return language.latin and "percent" in item.value
    return language.latin and (item.field in _NAMED or item.field.startswith("biomarkers.pd_l1."))


def _course(note: Note, language: Foreign, entry: Entry) -> Iterator[Entry]:
    """Yield a course with its first and last day, which nothing denies or plans: names of drugs are alike everywhere."""
    drugs, end = entry.spans["drugs"], entry.spans.get("end")
    if not language.latin or "start" not in entry.values or end is None:
        return
    if _denied(note, language, drugs[0]) or _denied(note, language, end[0]):
        return
    kept = Entry(entry.section)
    for key, value in entry.values.items():
        if key in _COURSE:
            kept.put(key, value, entry.spans[key])
    yield kept


def _sample(note: Note, language: Foreign, entry: Entry, *, whole: bool) -> Entry | None:
    """Return a sample with the results that hold in every language, none from a line that denies."""
    kept = Entry(entry.section)
    for key, value in entry.values.items():
        if note.language is None and note.foreign(entry.spans[key][0]) is None:
            kept.put(key, value, entry.spans[key])
            continue
        known = whole or _UNIVERSAL.fullmatch(key) is not None
        if not known and language.latin and _OF_SAMPLE.fullmatch(key):
            known = not _denied(note, language, entry.spans[key][0])
        if known and not (
            key[:3] in ("ihc", "ish", "ngs")
            and not whole
            and _denied(note, language, entry.spans[key][0], (key, str(value)))
        ):
            kept.put(key, value, entry.spans[key])
    return kept if any("." in key for key in kept.values) or "her2_reported" in kept.values else None


def _denied(note: Note, language: Foreign, at: int, result: tuple[str, str] = ("", "")) -> bool:
    """True when the words between the signs around a place hold a denial that is not the wording of the result itself."""
    starts = [match.end() for match in _SIGNS.finditer(note.text, max(0, at - 200), at)]
    behind = _SIGNS.search(note.text, at)
    start = starts[-1] if starts else max(0, at - 200)
    stop = behind.start() if behind else len(note.text)
    if not language.latin:
        return language.denies(note.text[start:stop])
    words = note.plain[start:stop]
    for stands_for, pattern in _OWN_WORDING:
        if stands_for is None or result in stands_for:
            words = pattern.sub(" ", words)
    return language.denies(words)


_OWN_WORDING: tuple[tuple[frozenset[tuple[str, str]] | None, re.Pattern[str]], ...] = (
    (None, re.compile(NO_AMPLIFICATION)),
    (
        frozenset({("ihc.score", "0"), ("ihc.zero_subtype", "no_staining")}),
        re.compile(
            r"\b(?:keine?|aucune?|pas de|absence de|nessuna|assenza di|sin|ausencia de|geen) (?:her-?2-?)?(?:membran-?|membraan)?(?:farbung|marquage|colorazione|tinci[oó]n|(?:aan)?kleuring)\w*"
        ),
    ),
    (
        frozenset(
            {("ihc.score", "0"), ("ihc.score", "1+"), ("ish.result", "negative"), ("ihc.zero_subtype", "no_staining")}
        ),
        re.compile(
            r"\bnegati[vf]\w*|\b(?:keine?|pas de|absence de|senza|nessuna|sin|geen) (?:her-?2-?)?(?:uberexpression|surexpression|sovraespressione|sobreexpresi[oó]n|overexpressie)"
        ),
    ),
    (
        frozenset({("ihc.score", "2+")}),
        re.compile(r"\b(?:fraglich(?: positiv)?|equivo\w+|dou?teux|dubbio|dudoso|grenzwertig|borderline)\b"),
    ),
)
"""Words by which a result says itself that something is not there: no denial of the result."""


_SIGNS = re.compile(r"[\n;,，；。、]|\.(?=\s)")
