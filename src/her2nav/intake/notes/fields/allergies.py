"""Allergies: the substances under their heading, or beside the word; that there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family
from her2nav.intake.notes.fields.side_effects import GRADE, grade_of
from her2nav.intake.notes.found import Entry, Found, Item
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_BEFORE_ALLERGY = re.compile(r"^[\s-](?:allerg(?:y|ic)|anaphylaxis|hypersensitivity)\b")
ALLERGY = Gated(
    r"\b(?:allerg(?:y|ies|ic)(?: to)?|alergi(?:a|as|co|ca)(?: a)?|hypersensitivity(?: reaction)? to|anaphyla\w+ (?:to|with|after)|intoleran(?:t|ce) (?:of|to))\b[\s:]*"
)
_NO_ALLERGY = Gated(
    r"\b(?:nkda|nka|no known (?:drug )?allerg\w+|no (?:drug )?allerg\w+|no allergies|sin alergias|allerg\w+[\s:]+(?:none|nil|nkda|no known|no conocidas))\b"
)
REACTS = Gated(
    r"\b(?:gives?|gave|brings?|brought|makes?|made|sets?) (?:me|her|him|the patient)(?: (?:out|up))?(?: (?:a|an|in|come|came|to|with|out|bad|nasty|an itchy|itchy)){0,4} (?:rash|hives|nettle ?rash|swelling|lumps|spots|wheez\w+|itch\w*|anaphyla\w+|swell\w*)\b"
    r"|\b(?:i|she|he) (?:react(?:s|ed)?|came out in (?:a rash|hives)|had a (?:bad |severe )?reaction) (?:badly )?(?:to|with|after|on)\b"
    r"|\b(?:gets?|got|developed|had|comes? (?:up|out) in) (?:(?:a|an|bad|nasty|severe|the|itchy) ){0,2}(?:rash|hives|urticaria|anaphyla\w+) (?:from|with|to|after|on) (?:the |a |an |any )?(?=\w)"
)
"""An allergy in plain words: "penicillin gives me a rash", "I react to latex"."""
ALLERGIC = Gate(ALLERGY, _NO_ALLERGY, REACTS)
_HEADED = re.compile(r"\s*allerg\w+(?: as of)?[^.;:]{0,24}(?:[:-]|/)")
_SUBSTANCE_FIRST = re.compile(r"\w (?:drug )?allerg(?:y|ies)\s*$|\w-allergic[\s:]*$|\w allergic\s*$")


_GRADE_BEHIND = re.compile(rf"\s\w+(?: reaction)?[\s,(]{{1,3}}{GRADE}")


def _named_before(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read "penicillin allergy": the substance before the word."""
    ontology = note.words.knowledge
    for hit in note.hits_in(sentence.start, sentence.end, "substance", "drug"):
        if not _BEFORE_ALLERGY.match(note.plain[hit.end : hit.end + 20]) or context(note, hit.start, hit.end).negated:
            continue
        substance, drug = hit.id("substance"), hit.id("drug")
        entry = Entry("allergies")
        if substance in ontology.substances.substances:
            exact = ontology.drugs.drugs[drug].name if drug in ontology.drugs.drugs else None
            entry.put("substance", exact or ontology.substances.substances[substance].name, (hit.start, hit.end))
        elif drug in ontology.drugs.drugs:
            entry.put("substance", ontology.drugs.drugs[drug].name, (hit.start, hit.end))
        grade = _GRADE_BEHIND.match(note.plain, hit.end, sentence.end)
        if grade and entry.values:
            entry.put("grade", grade_of(grade["g"]), grade.span("g"))
        if entry.values:
            yield entry
    for hit in note.hits_in(sentence.start, sentence.end, "condition"):
        # "Penicillin allergy" is the name of a disease as well.
        named = _NAME_OF_DISEASE.fullmatch(note.plain, hit.start, hit.end)
        known = ontology.substances.find(named["s"]) if named is not None else None
        if (
            named is not None
            and known is not None
            and not hit.id("substance")
            and not context(note, hit.start, hit.end).negated
        ):
            entry = Entry("allergies")
            plain_name = named["s"] in ("penicillin", "latex", "codeine", "aspirin")
            entry.put("substance", named["s"] if plain_name else known.name, named.span("s"))
            yield entry


_NAME_OF_DISEASE = re.compile(r"(?P<s>[a-z]+(?: [a-z]+)?) allergy")


_TO_WHAT = re.compile(r"allerg(?:y|ic) to (?P<s>.+)")


def _within_name(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the substance inside the name of a disease: "allergy to iodinated contrast"."""
    for hit in note.hits_in(sentence.start, sentence.end, "condition"):
        led = _TO_WHAT.fullmatch(note.plain, hit.start, hit.end)
        substances = note.words.knowledge.substances
        known = substances.find(led["s"]) if led is not None else None
        if led is None or known is None or not context(note, hit.start, hit.end).stated:
            continue
        if not of_family(note, sentence, hit.start):
            entry = Entry("allergies")
            entry.put("substance", known.name, led.span("s"))
            yield entry


_LEADS = re.compile(r"(?:i|she|he|gets?|got|developed|had|comes?)\s")
"""How a reaction begins behind which the substance stands."""


def _plainly(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the substance right before, or right behind, a reaction that is told in plain words."""
    match = REACTS.search(note.plain, sentence.start, sentence.end) if sentence.section != "allergies" else None
    if match is None or not context(note, *match.span()).stated or of_family(note, sentence, match.start()):
        return
    ontology = note.words.knowledge
    leads = _LEADS.match(match[0]) is not None
    low, high = (match.end(), match.end() + 30) if leads else (max(sentence.start, match.start() - 30), match.start())
    hits = note.hits_in(low, min(high, sentence.end), "substance", "drug")
    for hit in hits[:1] if leads else hits[-1:]:
        substance, drug = hit.id("substance"), hit.id("drug")
        entry = Entry("allergies")
        if drug in ontology.drugs.drugs:
            entry.put("substance", ontology.drugs.drugs[drug].name, (hit.start, hit.end))
        elif substance in ontology.substances.substances:
            entry.put("substance", ontology.substances.substances[substance].name, (hit.start, hit.end))
        if entry.values:
            yield entry


_PARTED = re.compile(r"[;,]\s?(?:but )?$")


def _other_named(note: Note, sentence: Sentence, stop: int) -> bool:
    """True where a substance is named before it is said that there are no others: "plasters; no drug allergy"."""
    hits = note.hits_in(sentence.start, stop, "substance", "drug")
    return bool(hits) and _PARTED.search(note.plain, hits[-1].end, stop) is not None


_STOOD = re.compile(r"\b(?:has had|have had|tolerat(?:es|ed)|takes|took|was given)\s(?:oral |iv )?$")
"""What was taken without harm: "denies it, has had amoxicillin since"."""
_TAKEN_BACK = re.compile(
    r"\s?\?|[^.;\n]{0,40}?[\s-](?:pt|patient|she|he) (?:now )?(?:denies|disputes)\b|[\s,(:-]{1,4}(?:(?:pt|patient|she|he)\s)?(?:tolerated|well tolerated|no (?:reaction|problems?)|denies|unsure|not sure|de-?labelled|removed|tolerated since|ruled out|excluded|not allergic|no longer|not confirmed|disproved)\b"
)
"""An allergy that is doubted, or was taken off the list."""


def read_allergies(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the allergies of one sentence."""
    none = _NO_ALLERGY.search(note.plain, sentence.start, sentence.end)
    if none and not _other_named(note, sentence, none.start()):
        yield Found("allergies", None, none.span())
        return
    yield from _plainly(note, sentence)
    yield from _within_name(note, sentence)
    start = sentence.start if sentence.section == "allergies" else None
    match = ALLERGY.search(note.plain, sentence.start, sentence.end)
    if match and start is None and not _SUBSTANCE_FIRST.search(note.plain[sentence.start : match.end()]):
        said = context(note, *match.span())
        if not said.stated:
            return
        start = match.end()
    if start is None and sentence.start in note.cued(ALLERGIC) and not of_family(note, sentence, sentence.start):
        yield from _named_before(note, sentence)
    if start is None or of_family(note, sentence, start):
        return
    ontology = note.words.knowledge
    gap = re.compile(r"[;.]").search(note.plain, start, sentence.end)
    listed = sentence.section == "allergies" or _HEADED.match(note.plain, sentence.start) is not None
    stop = gap.start() if gap and not listed else sentence.end
    for hit in note.hits_in(start, stop, "substance", "drug", "drug_class"):
        if context(note, hit.start, hit.end).negated or _TAKEN_BACK.match(note.plain, hit.end, stop):
            continue
        if _STOOD.search(note.plain, start, hit.start):
            continue
        substance, drug, group = hit.id("substance"), hit.id("drug"), hit.id("drug_class")
        named = ontology.substances.substances[substance].name if substance in ontology.substances.substances else None
        name = (
            ontology.drugs.drugs[drug].name if named is not None and drug in ontology.drugs.drugs
            else note.said(hit.start, hit.end) if named is not None and named.startswith("another ")
            else named if named is not None
            else ontology.drugs.drugs[drug].name if drug in ontology.drugs.drugs
            else ontology.drugs.classes[str(group)].name.lower() if group else None
        )  # fmt: skip
        if name is None:
            continue
        entry = Entry("allergies")
        entry.put("substance", name, (hit.start, hit.end))
        grade = re.search(GRADE, note.plain[hit.end : min(stop, hit.end + 40)])
        if grade:
            entry.put("grade", grade_of(grade["g"]), (hit.end + grade.start(), hit.end + grade.end()))
        yield entry
