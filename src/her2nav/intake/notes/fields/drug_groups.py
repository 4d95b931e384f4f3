"""Drugs that a sentence names together."""

from __future__ import annotations

import re
from collections.abc import Callable

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_JOIN = re.compile(
    r"^\s*(?:[+/&,]|for the first \w+ (?:weeks|months|cycles) with\b|\band\b|\bplus\b|\bwith\b|-|y|con|\(|\)|\s|iv|sc|maint(?:enance)?|injections?|inj\b\.?|tab\b\.?|cap\b\.?|biosimilar|x\s?\d{1,2}(?: with)?|weekly|q3w|q2w|ovarian (?:function )?suppression|ofs\b|and\b"
    r"|(?<![\d.])\d[\d.,]*\s?(?:mg|g|mcg|ug|µg)(?:\s?/\s?(?:m2|m²|kg|m\^2))?(?![a-z])|auc\s?\d(?:\.\d)?|\b(?:po|bid|tid|qd|od|bd|daily|twice daily|once daily|loading|orally|d1|q\s?\d\s?(?:w|weeks)|every \d weeks)\b)*\s*$"
)
_REACH = 52
"""So many signs may lie between two drugs of one regimen: "tucatinib 300 mg twice daily + trastuzumab"."""
_SHORT_FOR_PEMETREXED = re.compile(r"\b(?:carbo|cis|platin|pembro|alimta|bev)|\bplat\b")


_VENTRICLE = re.compile(
    r"[\s-](?:impairment|function|dysfunction|ef\b|ejection|systol\w+|diastol\w+|size|hypertrophy|failure|wall|mass|dilat\w+|cavity)"
)
_VENTRICLE_BEFORE = Gated(
    r"\b(?:mild|moderate|severe|reduced|normal|good|impaired|preserved|dilated)(?:ly)?\s(?:impaired\s|reduced\s|dilated\s)?$"
)
"""The left ventricle, not leucovorin."""


_COUNTED = re.compile(r"\s?[x×]\s?\d{1,2}\s?(?:[,+&]|and\b)")
_OWN_COURSE = re.compile(r"\s?(?:[x×]\s?\d{1,2}\b|(?:from|since)\s)")
"""Drugs with cycles of their own, or a day: "AC x4 and weekly paclitaxel x12, letrozole from 2018" are three courses."""


_THE_SAME = re.compile(r"\bthe same(?: (?:drugs|regimen|combination|treatment))?\s(?:with|plus|and|together with)\s$")
"""Drugs added to those named before: "following six cycles of the same with cisplatin"."""
_TOTAL = re.compile(r"\s(?:total|cumulative|cumulatively|lifetime|in all)\b[^.;]{0,16}\d{2,3}\s?mg")
_TOTAL_OF = re.compile(r"\b(?:cumulative|total|lifetime)\s(?:dose (?:of )?|exposure (?:to )?)?$")
"""The sum of the doses of a drug is no course."""
_LEFT_OUT = re.compile(
    r"\s(?:was |were |had been |had to be |could )?(?:not (?:be )?(?:given|added|used|funded|approved)|left out|omitted|refused|declined|withheld|contraindicated|skipped|never (?:given|added))\b"
)
"""A drug in brackets that was not part of the regimen: "enfortumab vedotin (pembrolizumab left out)"."""


def drugs_named(note: Note, sentence: Sentence) -> list[Group]:
    """Return the drugs of a sentence, those joined by signs or "and" as one group."""
    groups: list[Group] = []
    for hit in note.hits_in(sentence.start, sentence.end, "drug", "regimen"):
        named = _named(note, hit)
        if (
            named is None
            or _TOTAL.match(note.plain, hit.end)
            or _TOTAL_OF.search(note.plain, max(0, hit.start - 24), hit.start)
        ):
            continue
        drugs, classes = named
        before = groups[-1] if groups else None
        between = note.plain[before.end : hit.start] if before else ""
        again = "(" in between and set(drugs) <= set(before.drugs if before else ())
        if (
            before is not None
            and _JOIN.match(between)
            and len(between) < _REACH
            and not _new_course(between)
            and not (_COUNTED.match(between) and _OWN_COURSE.match(note.plain, hit.end, sentence.end))
            and not again
            and not ("(" in between and _LEFT_OUT.match(note.plain, hit.end))
        ):
            before.drugs += [drug for drug in drugs if drug not in before.drugs]
            before.classes += [one for one in classes if one not in before.classes]
            before.end = hit.end
            if between.count("(") > between.count(")") and note.plain[hit.end : hit.end + 1] == ")":
                before.end += 1
        else:
            same = _THE_SAME.search(note.plain, before.end, hit.start) if before is not None else None
            more = list(before.drugs) if same and before is not None else []
            groups.append(Group([*more, *(one for one in drugs if one not in more)], hit.start, hit.end, list(classes)))
    return groups


def _new_course(between: str) -> bool:
    return between.count("(") > 1


def _named(note: Note, hit: Hit) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the anticancer drugs of a name; None for other medicines."""
    ontology = note.words.knowledge.drugs
    written = note.text[hit.start : hit.end]
    if written == "LV" and (
        _VENTRICLE.match(note.plain, hit.end) or _VENTRICLE_BEFORE.search(note.plain, max(0, hit.start - 24), hit.start)
    ):
        return None
    drug = hit.id("drug")
    if drug == "pemetrexed" and written.lower() == "pem":
        around = note.plain[max(0, hit.start - 16) : hit.start] + "|" + note.plain[hit.end : hit.end + 16]
        if not _SHORT_FOR_PEMETREXED.search(around):
            return None
    if drug is not None:
        if drug not in ontology.drugs:
            return None
        terms = ontology.possible_terms_of(drug)
        return ((drug,), ()) if "systemic_therapy" in terms or drug in note.words.companions else None
    regimen = hit.id("regimen")
    if regimen is None or regimen not in ontology.regimens:
        return None
    if written in note.words.states and _TOWN.search(note.text, max(0, hit.start - 40), hit.start):
        return None  # "El Paso TX"
    if len(written) <= 3 and written.isalpha() and not _therapy_around(note, hit):
        return None
    other = _OTHER_MEANING.get(written)
    if other is not None and other(note, hit):
        return None
    row = ontology.regimens[regimen]
    if row.either:
        meant = {
            note.words.regimens_of.get((regimen, one))
            for tumour in note.present_tumours
            for one in _wider(note, tumour)
        }
        meant.discard(None)
        if len(meant) != 1:
            return None
        row = ontology.regimens[str(meant.pop())]
    return tuple(one for one in row.drugs if one in ontology.drugs), tuple(
        one for one in row.drugs if one in ontology.classes
    )


def _wider(note: Note, tumour: str) -> set[str]:
    return {tumour, *note.words.knowledge.tumours.wider(tumour)}


_DOCTOR = Gated(r"\b(?:the|her|his|their|your|my|our|local|referring|registered|own|to|by|from|dear|with)\s$")
"""A general practitioner, no regimen."""
_AS_REGIMEN = re.compile(r"\s?(?:[x×]\s?\d|\d|#|regimen|chemo\w*|cycles?|\+|/)")
"""What is said of a regimen, and not of the family doctor."""
_IN_BRACKET = 24
_TOWN = re.compile(r"(?:[A-Z][a-z]+, ?|(?:[A-Z][a-z]+ ){2})$")
"""A name before the code of its state."""


def _is_doctor(note: Note, hit: Hit) -> bool:
    """True for "GP" where neither words of a regimen nor a bracket with its drugs stand behind it."""
    if _DOCTOR.search(note.plain, max(0, hit.start - 24), hit.start):
        return True
    drugs = note.plain.startswith((" (", "("), hit.end) and note.hits_in(hit.end, hit.end + _IN_BRACKET, "drug")
    return not (drugs or _AS_REGIMEN.match(note.plain, hit.end))


_AS_COURSE = re.compile(r"\s?(?:[x×]\s?\d|regimen|chemo\w*|cycles?|from|since|until)\b")


def _is_history(note: Note, hit: Hit) -> bool:
    """True for "HX", the history, where nothing behind it tells of a regimen."""
    return _AS_COURSE.match(note.plain, hit.end) is None


_OTHER_MEANING: dict[str, Callable[[Note, Hit], bool]] = {"GP": _is_doctor, "HX": _is_history}
"""Abbreviations of regimens that notes mostly write for something else, and what tells that."""


_TREATED = re.compile(
    r"\bthen\b|cycles?|maint|adj|\b\dl\b|line|started|chemo|from|until|x\s?\d|completed|received|followed by|ciclos|dd|to \d"
)


def _therapy_around(note: Note, hit: Hit) -> bool:
    """A short abbreviation is a regimen only among words of treatment."""
    if not note.text[hit.start : hit.end].isupper():
        return False
    sentence = note.sentence(hit.start)
    around = note.plain[max(sentence.start, hit.start - 50) : min(sentence.end, hit.end + 50)]
    return sentence.section == "therapy" or bool(
        _TREATED.search(
            around,
        )
    )
