"""Medicines taken now, beside the treatment of the cancer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context
from her2nav.intake.notes.found import Entry, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_STOPPED_MED = re.compile(
    r"\b(?:stop|stopped|off|discontinued|completed|previously on|weaned off|premed\w*|with each cycle|given with|held|prn antibiotics|course of|suspended|no longer on|ceased)\b|\bfor (?:\w+) days\b"
)

MEASURED = re.compile(
    r"\s?[:=]?\s?(?!(?:19|20)\d\d\b)\d{1,4}(?:[.,]\d+)?\s?(?:i?u/l|[µu]kat/l|[µu]mol/l|mmol/l|mg/dl|g/l|ng/ml)"
)
_RESULT_BEHIND = re.compile(r"\s?(?:receptor|[:(]?\s?\d{1,3}\s?%|positive|negative|[+](?!\s?[a-z]))")
_TEST_BEHIND = re.compile(r"\s?(?:level|deficien|channel)")
_ENDED = re.compile(
    r"(?:[^,;.]|\.\d){0,24}\b(?:stopped|discontinued|paused|suspended|withheld|on hold|allergy|held|completed|finished|now off|(?:was|were) (?:given|last|in|on)|d/c(?:'?d)?|dc'?d|(?:to|sent to|script to) (?:the )?(?:local )?pharmacy)\b"
)
_TAPERED = re.compile(
    r"(?:[^;.,]|\.\d){0,40}?,?\s(?:weaned(?: off)?|tailed off|tapered (?:off|to (?:zero|nil|0))|(?:then )?(?:a )?taper\w*[\s,]+(?:done|finished|completed?|ended|over|off|until))\b"
)
"""A medicine that was taken less and less: "prednisone 1 mg/kg then taper, done in August"."""
_NOT_TAKEN = re.compile(
    r"used to (?:take|be on|have)|(?:cannot|can't|could not|couldn't|must not|not allowed to|unable to) (?:take|have|tolerate)|allerg\w+|reaction|intoleran\w+|rash (?:to|with)|responded to|tolerated|(?:resolved|settled|improved|cleared|stopped) (?:with|on|after)|received|given|course"
)
_ADVICE = re.compile(
    r"\b(?:avoid\w*|(?:never|not|do not|don't) (?:take|use)|instead of|interactions? (?:with|of)|with \w+ take)\b[^.;]{0,90}$"
)
"""What is said of taking it, and not that it is taken: "avoid omeprazole, grapefruit and clarithromycin"."""
_IN_GENERAL = re.compile(
    r"\s(?:interacts?|can interact|may interact|must not|should not|cannot be) (?:with|be)?\b|\s(?:is|are) (?:forbidden|prohibited|not allowed)\b"
)
"""What is said of a medicine whoever takes it: "warfarin interacts with capecitabine"."""
_UNTIL_STOPPED = re.compile(
    r"[^.;]{0,30}\bafter (?:stopping|it was stopped|its? (?:stop|end|withdrawal)|withdrawal of it)\b"
)
"""What was measured with and without a medicine: "QTc 478 on ondansetron, 452 after stopping it"."""
_ALLERGIC_TO = re.compile(r"\b(?:allergic|intolerant) (?:to|of) [^.;:]{0,40}$")
_TO_ADD = re.compile(
    r"\b(?:add|adding|to start|start|consider|commence|(?:convert|switch|change|step down) to)\s(?:oral\s|iv\s|po\s)?(?:[a-z]+\s(?:\d[\d.]*\s?m?c?g\s)?(?:and|,|\+|plus)\s)?$"
)
_TREATED_WITH = re.compile(r"treated with\s$")
_WAS_TREATED = re.compile(r"\b(?:was|were|pneumonitis|resolved|reaction|infection)\b")
_TAKEN = re.compile(
    r"\b(?:on|takes?|taking|prescribed|prescribe|meds?|medications?|only|with|con|uses?|continues?|ongoing|q\d ?mo|q\d{1,2} ?w\w*|monthly|weekly|every|prn|daily|bd|od|mg|toma|inhaler|since|throughout|at need|also|twice|once)\b|[,:]"
)
_SINCE = re.compile(r"(?:[^,;.(]{0,40}|\s?\(\s?)\bsince\s(?:the\s)?")


_CBD_TAKEN = re.compile(r"\s(?:oil|drops?|gumm\w+|tincture|capsules?|\d{1,3}\s?mg)\b")
_INACTIVE = re.compile(
    r"[\s*#-]*(?:home |current |outpatient )?med\w*\s?[(:–-]{1,2}\s?(?:inactive|discontinued|stopped|past|previous|former)\b|[\s*#-]*(?:inactive|discontinued|stopped|past|previous|former) (?:home )?med\w*"
)
"""The heading of medicines that are no longer taken."""
_LIST_SIGN = re.compile(r"\s?(?:,|and|\+|&|/)\s?")


def _in_list(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True for the name of a mineral among medicines, without a value: "denosumab, calcium, vitamin D"."""
    if note.plain[hit.end : hit.end + 3].strip(" :=")[:1].isdigit():
        return False
    around = [one for one in note.hits_in(sentence.start, sentence.end, "drug") if one is not hit and not one.id("lab")]
    return any(
        _LIST_SIGN.fullmatch(note.plain, min(one.end, hit.end), max(one.start, hit.start)) is not None for one in around
    )


_BEHIND_DISEASE = re.compile(r"\s?(?:[-–:,(]|for which (?:i|she|he) takes?)\s?")


def _for_disease(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True for a medicine right behind the disease it is for: "high blood pressure - candesartan"."""
    before = note.hits_in(sentence.start, hit.start, "condition")
    return bool(before) and _BEHIND_DISEASE.fullmatch(note.plain, before[-1].end, hit.start) is not None


_ALLERGY_TOLD = re.compile(r"\b(?:allerg\w+|intoleran\w+|tolerat\w+)\b")
_BLAMED = re.compile(r"\s(?:with|from|on|to|after|by)\s(?:the\s)?")


def _blamed(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True for a medicine named for what it did: "no allergies except nausea with tramadol"."""
    if _ALLERGY_TOLD.search(note.plain, sentence.start, hit.start) is None:
        return False
    effects = note.hits_in(max(sentence.start, hit.start - 40), hit.start, "toxicity")
    return bool(effects) and _BLAMED.fullmatch(note.plain, effects[-1].end, hit.start) is not None


_NEXT_MED = re.compile(
    r"(?:\s?\d[\d.,]{0,5}\s?(?:mg|mcg|ug|g|iu|units?|ml)?)?(?:\s(?:od|bd|tds|qds|bid|tid|qd|qhs|daily|nocte|mane|prn|weekly|monthly|\d-\d-\d(?:-\d)?))?\s?(?:[,;+&/]|\band\b|\bplus\b)\s?(?:(?:and|a|an|oral|also|tab|cap|inj)\.?\s){0,2}"
)
"""What parts a medicine from the next one of its list."""


def _stopped(note: Note, low: int, hit: Hit) -> bool:
    """True behind a word of an end, unless it was said of the medicine before: "aspirin (held), metoprolol"."""
    for match in _STOPPED_MED.finditer(note.plain, low, hit.start):
        between = note.plain[match.end() : hit.start]
        if ")" in between and "(" not in between:
            continue
        opens = max(note.plain.rfind(sign, low, match.start()) for sign in ",;")
        own = note.hits_in(max(low, opens), match.start(), "drug")
        if "," in between and own and not note.plain[own[-1].end : match.start()].strip(" (-"):
            continue
        return True
    return False


_FROM_TODAY = Gated(
    r"\b(?:from|start(?:ed|ing|s)?|commenced|begun)\s(?:today|now|this (?:morning|afternoon|evening))\b|\b(?:started|commenced|given) (?:at )?\d{1,2}[:h]\d{2}\b"
)
"""What is taken from the day of the note on, though it stands among the plans: "prednisone 30 mg from today"."""
_ANSWERED_NO = re.compile(r"[^,;:.\n]{0,30}?(?:\s{2,}|\s?:\s|\?\s?)(?:no|none|nil)\s*(?:$|\n)")
"""A question of a form that is answered with no: "Steroids > 10 mg prednisone   [ ] yes  [x] no"."""


def read_medications(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read medicines taken now; those of cancer treatment stand under therapies."""
    ontology = note.words.knowledge.drugs
    begun = _FROM_TODAY.search(note.plain, sentence.start, sentence.end) if sentence.section == "plan" else None
    if sentence.section in ("allergies", "trial", "family") or (sentence.section == "plan" and begun is None):
        return
    listed = sentence.section == "medications" or begun is not None
    if _INACTIVE.match(note.plain, sentence.start, sentence.end):
        return
    taken: int | None = None
    for hit in note.hits_in(sentence.start, sentence.end, "drug"):
        drug = str(hit.id("drug"))
        if drug not in ontology.drugs or hit.id("site") or hit.id("organ"):
            continue
        cancer = "systemic_therapy" in ontology.possible_terms_of(drug) or drug in note.words.companions
        if cancer and (not listed or "systemic_therapy" in ontology.possible_terms_of(drug)):
            continue  # under the heading of medicines too it is part of a course
        written = note.text[hit.start : hit.end]
        lab = MEASURED.match(
            note.plain[hit.end : hit.end + 24],
        )
        if _RESULT_BEHIND.match(note.plain[hit.end : hit.end + 12]):
            continue
        if written.lower() == "cbd" and not _CBD_TAKEN.match(note.plain, hit.end):
            continue  # the common bile duct
        if (
            len(written) < 3
            or (
                hit.id("lab")
                and not _in_list(note, sentence, hit)
                and not (listed and note.text[hit.end : hit.end + 2].strip()[:1] in ("", ",", ".", ";"))
            )
            or (lab and not listed)
            or _TEST_BEHIND.match(note.plain[hit.end : hit.end + 10])
        ):
            continue
        said = context(note, *(hit.start, hit.end))
        first, last = clause(note, sentence, hit.start, hit.end)
        if (
            said.family
            or said.negated
            or said.template
            or said.unsure
            or ((said.planned or said.hypothetical) and not listed)
        ):
            continue
        low = max(first, hit.start - 40)
        before = note.plain[low : hit.start]
        if _TO_ADD.search(before):
            continue
        if _IN_GENERAL.match(note.plain, hit.end, sentence.end):
            continue
        if _TAPERED.match(note.plain, hit.end, sentence.end):
            continue
        if _ANSWERED_NO.match(note.plain, hit.end, sentence.end):
            continue
        if _stopped(note, low, hit) or _ENDED.match(
            note.plain[hit.end : last],
        ):
            continue
        if _UNTIL_STOPPED.match(note.plain, hit.end, sentence.end):
            continue
        if _ALLERGIC_TO.search(note.plain, first, hit.start) or _blamed(note, sentence, hit):
            continue
        if _ADVICE.search(note.plain, sentence.start, hit.start) and not listed:
            continue
        if (
            _NOT_TAKEN.search(
                note.plain[first : hit.start],
            )
            and not listed
        ):
            continue
        if _TREATED_WITH.search(before) and _WAS_TREATED.search(note.plain[first : hit.start]):
            continue
        if (
            not listed
            and not _for_disease(note, sentence, hit)
            and not (taken is not None and _NEXT_MED.fullmatch(note.plain, taken, hit.start))
            and not _TAKEN.search(
                note.plain[max(sentence.start, hit.start - 50) : min(sentence.end, hit.end + 24)],
            )
        ):
            continue
        taken = hit.end
        entry = Entry("medications")
        entry.put("name", ontology.drugs[drug].name, (hit.start, hit.end))
        today = note.dates.within(*begun.span()) if begun is not None else []
        if today and today[0].value:
            entry.put("since", str(today[0].value), (today[0].start, today[0].end))
        since = _SINCE.match(note.plain, hit.end, last)
        if since:
            for mention in note.dates.within(since.end(), since.end() + 14)[:1]:
                if mention.value and mention.start == since.end():
                    entry.put("since", str(mention.value), (mention.start, mention.end))
        yield entry
