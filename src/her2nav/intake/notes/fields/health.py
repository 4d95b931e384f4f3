"""Beside the cancer: other diseases, medicines, allergies; and what else is told of one sentence after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family, told_sentences
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.allergies import ALLERGIC, ALLERGY, REACTS, read_allergies
from her2nav.intake.notes.fields.disease_named import only_named
from her2nav.intake.notes.fields.graded_events import read_graded_events, read_graded_tests
from her2nav.intake.notes.fields.graded_rows import ASKS
from her2nav.intake.notes.fields.graded_values import read_graded_values
from her2nav.intake.notes.fields.lung import ILD, LUNGS, read_lung
from her2nav.intake.notes.fields.medications import MEASURED, read_medications
from her2nav.intake.notes.fields.procedures import DONE, SURGERY, read_procedures
from her2nav.intake.notes.fields.serology import listed_marker
from her2nav.intake.notes.fields.side_effects import OVER, read_toxicities
from her2nav.intake.notes.fields.told_effects import EFFECTS
from her2nav.intake.notes.found import Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_PAST = re.compile(
    r"\b(?:h/o|history of|hx of|previous|prior|former|past|childhood|s/p|status post|resolved|remote)\s(?:\w+\s)?$"
)
_HISTORY = re.compile(r"\b(?:h/o|history(?: of|:)?|hx(?: of|:)?)\s(?:(?!treated|cured|resolved|eradicated)\w+\s)?$")
_SHARE = re.compile(r"\s?[:=]?\s?\d{1,2}(?:\.\d{1,2})?\s?%")
"""An abbreviation with a percentage is a measure: AF is then the allele frequency."""
_NOT_REACTIVE = re.compile(
    r"(?:\s?(?:1/2|i/ii|ab|antibod\w+|serology|test|status))?[\s:=-]{0,3}(?:nr\b|non-?\s?reactive|neg\b|negative|\([-−]\))"
)
_ANTIBODY = Gated(r"\banti[ -]?$")
"""An antibody against a virus tells of a contact: no disease is read from it."""
_OF_TEST = re.compile(
    r"\s(?:surface|core|s-?\s?ag|ab\b|antigen|antibod\w+|serolog\w+|status|screen\w*|test\w*|contact|vaccin\w+|immunis\w+|immuniz\w+|dna|rna)\b"
)
"""A test for a disease, a vaccine against it: the result stands under the viral markers."""
_OF_MARKERS = re.compile(
    r"\s?(?:\((?![^()\n]*(?:chronic|active))[^()\n]{0,20}\)\s?)?[:=–-]\s?(?:(?:hb)?s-?\s?ag|(?:anti-?\s?)?(?:hb)?[cs]-?\s?ab|anti-?\s?(?:hb[cs]|hcv|hiv)|hbsag|hb[cs]ab|ab\b|antibod\w+|serolog\w+|dna|rna|core|surface)\b"
)
"""The label of a row of viral markers: "HBV: sAg neg, cAb pos, DNA not detected"."""
_PROTECTED = Gated(r"\b(?:vaccinated|immunised|immunized|protected|immune|vaccine)\s(?:against|to|for)\s$")
_OF_VARIANTS = Gated(
    r"\b(?:gene|exon|cdna|protein|allele|variant|transcript)\b(?=.*\b(?:gene|exon|cdna|protein|allele|variant|transcript|class|tier)\b)"
)
_BLIND = Gated(r"\b(?:is|was|registered|legally|partially|severely|gone|went|totally|completely|colou?r)\s$")
"""Who is blind; what is read blind is a method."""
_GROUPS_LEFT_OUT = frozenset({"cancer_state", "injury", "reproductive", "allergy"})
_LISTS = ("history", "problems")
"""Sections that list other diseases."""
_PASSING = ("event", "episode")
"""Courses of diseases that come and go: told with a day, or as past."""
_GONE = re.compile(
    r"\b(?:as a (?:child|teenager|baby)|in childhood|in (?:her|his) (?:teens|twenties|youth)|none (?:now|since)|no recurrence|outgrown|fully treated|full(?:y)? recover\w+|complete(?:ly)? recover\w+|treatment completed|att completed|eradicated|cured|svr|sustained virological response|ablated|in (?:full )?remission)\b"
)
"""What is said of a disease that is over."""
_TREATED = re.compile(
    r"[\s,(-]{1,3}(?:successfully |was |fully )?(?:treated|tx'?d)\s(?:\(|in |with \w+ (?:in )?)?(?:19|20)\d\d\b"
)
"""An infection that was treated in a year: "hep C treated 2019"."""
_UNDER_MICROSCOPE = Gated(
    r"\b(?:mucosa|metaplasia|parenchyma|giemsa|h\.? ?pylori|helicobacter|non-?neoplastic|uninvolved|background (?:liver|lung|breast|stomach|mucosa|parenchyma)|(?:macro|micro)vesicular|trichrome|portal tracts?|fragments?)\b"
)
"""What a microscope shows beside the tumour: a finding of the sample, no disease that somebody diagnosed."""
_SPOKEN_OF = re.compile(
    r"\b(?:leaflets?|information|booklet|advice|advised|education|explained|warned|counsel\w+|screen(?:ed|ing)|tested|watch|monitor\w*|vaccin\w+|prophylaxis) (?:on|about|of|for|regarding|against)\s[^.;]{0,24}$"
)
_BEYOND_TREATMENT = ("vessels", "endocrine", "thrombosis", "heart")
"""Groups of diseases that count as such although treatment may bring them on too."""
_STOMA = re.compile(r"(?:colo|ileo)stomy\b")
"""A stoma may be made without taking anything out; it is read as the operation that it is."""
_OVER_LIST = re.compile(r"(?:resolved|inactive)\b|(?:past|previous) problems")
"""A heading over diseases that are over."""
_NOT_ALONE = frozenset({"illness", "malignancy", "metastasis", "family_history", "social_finding", "tobacco_use", "infection", "surgical_sterility", "menopause", "pregnancy", "breastfeeding", "pleural_effusion", "ascites", "lymphoedema", "lung_nodule", "blood_brain_lesion", "post_surgical_state"})  # fmt: skip


def read_health(note: Note) -> Iterator[Item]:
    """Yield what a note says of everything beside the cancer."""
    allergic, lungs, done = note.cued(ALLERGIC), note.cued(LUNGS), note.cued(DONE)
    told = note.cued(EFFECTS)
    asked, tests = ASKS.search(note.plain) is not None, note.naming("lab")
    toxicities, conditions, drugs = note.naming("toxicity"), note.naming("condition"), note.naming("drug")
    for sentence in told_sentences(note):
        start, section = sentence.start, sentence.section
        if start in allergic or section == "allergies":
            yield from read_allergies(note, sentence)
        if section == "family":
            continue
        toxic = list(read_toxicities(note, sentence)) if start in toxicities or start in told else []
        toxic += read_graded_events(note, sentence) if start in conditions else ()
        toxic += read_graded_tests(note, sentence) if asked and start in tests else ()
        toxic += read_graded_values(note, sentence) if start in tests else ()
        yield from toxic
        if start in conditions or section in _LISTS:
            taken = [entry.spans["name"] for entry in toxic if isinstance(entry, Entry) and not _of_gland(entry)]
            yield from _conditions(note, sentence, taken)
        if start in drugs:
            yield from read_medications(note, sentence)
        if start in lungs:
            yield from read_lung(note, sentence)
        if start in done:
            yield from read_procedures(note, sentence)


def _of_gland(entry: Entry) -> bool:
    """True for a gland that a drug has put out of work for good: a side effect, and a disease to live with."""
    return entry.values.get("name") in _GLANDS and "grade" not in entry.values


_GLANDS = ("hypothyroidism", "adrenal insufficiency", "diabetes mellitus", "hypophysitis")


def _conditions(note: Note, sentence: Sentence, taken: list[Span]) -> Iterator[Item]:
    """Read diagnoses: all of them under a heading of other diseases, elsewhere only lasting ones."""
    ontology = note.words.knowledge.conditions
    listed = sentence.section in _LISTS or _problem_list(note, sentence)
    if listed:
        for tumour, span, _ in note.tumours:
            if (
                sentence.start <= span[0] < sentence.end
                and (item := _other_cancer(note, sentence, tumour, span)) is not None
            ):
                yield item
    for hit in note.hits_in(sentence.start, sentence.end, "condition"):
        span = (hit.start, hit.end)
        if any(start < hit.end and hit.start < end for start, end in taken):
            continue
        identifier = hit.id("condition")
        said = context(note, *span)
        if said.family or said.negated or said.unsure or said.template or of_family(note, sentence, hit.start):
            continue
        if only_named(note, sentence, *span) or listed_marker(note, sentence, *span):
            continue
        if any(one.match(note.plain, hit.end) for one in (_NOT_REACTIVE, _SHARE, _OF_MARKERS)) or (
            _OF_TEST.match(note.plain, hit.end) and "carrier" not in note.said(*span)
        ):
            continue
        if any(
            one.search(note.plain, max(sentence.start, hit.start - 24), hit.start) for one in (_PROTECTED, _ANTIBODY)
        ):
            continue
        if ALLERGY.search(note.plain, max(sentence.start, hit.start - 48), hit.start) and hit.id("toxicity"):
            continue  # "allergy codeine (vomiting)"
        if hit.end - hit.start < _SHORT and _OF_VARIANTS.search(note.plain, sentence.start, sentence.end):
            continue  # the heading of a table of variants: AF is the allele frequency
        if note.plain[hit.start : hit.end] == "blind" and not _BLIND.search(
            note.plain, max(sentence.start, hit.start - 16), hit.start
        ):
            continue
        if identifier is None or hit.id("tumour") or SURGERY.search(note.plain, *span):
            continue
        if identifier == "gi_resection" and _STOMA.match(note.plain, hit.start):
            continue
        row = ontology.conditions[identifier]
        if row.group in _GROUPS_LEFT_OUT or identifier in _NOT_ALONE or row.course == "umbrella":
            continue
        if MEASURED.match(note.plain, hit.end) and hit.end - hit.start < _SHORT:
            continue  # "AF 182 U/L" is an enzyme
        if not _written_so(note, hit) or hit.id("technique") or (hit.id("gene") and not listed):
            continue
        if row.group == "malignancy":
            continue
        if _SPOKEN_OF.search(note.plain, sentence.start, hit.start):
            continue
        if not listed and _UNDER_MICROSCOPE.search(note.plain, sentence.start, sentence.end):
            continue
        if hit.id("toxicity") and REACTS.search(note.plain, sentence.start, sentence.end):
            continue
        day = _own_day(note, hit, sentence)
        past = _PAST.search(note.plain, max(sentence.start, hit.start - 24), hit.start) is not None
        if row.course == "chronic" and _HISTORY.search(note.plain, max(sentence.start, hit.start - 24), hit.start):
            past = False  # "past history of hypertension" tells since when, not that it is over
        passing = row.course in _PASSING
        if not listed and (
            not (row.course in ("chronic", "lasting") or (passing and (past or day is not None)))
            or sentence.section in ("plan", "toxicity", "imaging", "pathology", "family", "allergies", "trial", "labs")
            or said.hypothetical
            or said.planned
        ):
            continue
        if not listed and (
            (hit.id("toxicity") and row.group not in _BEYOND_TREATMENT and identifier != "migraine")
            or row.group == "skin"
            or (row.group == "general" and identifier != "obesity")
        ):
            continue
        if _only_cause(note, sentence, hit):
            continue
        if ILD.search(note.plain, *span) or (hit.id("lab") and re.match(r"\s?\d", note.plain[hit.end : hit.end + 2])):
            continue
        entry = Entry("conditions")
        entry.put("name", row.name, span)
        _, last = clause(note, sentence, *span)
        stop = _next_name(note, hit, last)
        over = (
            past
            or OVER.search(note.plain, hit.end, stop)
            or _GONE.search(note.plain, hit.end, stop)
            or (row.group == "infection" and _TREATED.match(note.plain, hit.end, stop))
            or (sentence.heading is not None and _OVER_LIST.match(sentence.heading))
        )
        status = "resolved" if over else "active" if listed or not passing else None
        if "carrier" in note.said(*span) or re.match(
            r",?\s(?:virus |inactive )?carrier", note.plain[hit.end : hit.end + 20]
        ):
            status = "carrier"
        entry.put("status", status, span)
        if day is not None:
            entry.put("date", str(day.value), (day.start, day.end))
        yield entry


_SHORT = 4
_CODED = "(hcc)"


def _problem_list(note: Note, sentence: Sentence) -> bool:
    """True for a list under "Diagnosis" whose entries carry the mark of a coded problem: no diagnosis of tissue."""
    return sentence.section == "pathology" and sentence.heading == "diagnosis" and _CODED in note.plain


_LEADS_TO_DAY = re.compile(
    r"[^,;.(]{0,24}?[\s(]{0,2}(?:,\s)?(?:\(?(?:dx'?d?|diagnosed|since|in|on|from|of|resolved|treated|approx\.?|about)\s){0,2}"
)


def _own_day(note: Note, hit: Hit, sentence: Sentence) -> Mention | None:
    """Return the day behind a disease, in its own part of a list."""
    for one in note.dates.within(hit.end, min(sentence.end, hit.end + 34))[:1]:
        other = note.hits_in(hit.end, one.start, "condition")
        if one.value and not other and _LEADS_TO_DAY.fullmatch(note.plain, hit.end, one.start):
            return one
    return None


def _next_name(note: Note, hit: Hit, last: int) -> int:
    later = note.hits_in(hit.end, last, "condition", "drug")
    return next((one.start for one in later if not _CAUSE.search(note.plain[hit.end : one.start])), last)


_CAUSE = re.compile(
    r"^[^.;,()]{0,24}\b(?:after|following|secondary to|due to)\s(?:an?\s|the\s|her\s|his\s)?(?:\w+\s)?$"
)
"""What another disease came from: "DVT 2011 after a fracture"."""


def _only_cause(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True for what is only named as the cause of the disease before it."""
    before = [one for one in note.hits_in(sentence.start, hit.start, "condition") if one.end <= hit.start]
    return bool(before) and _CAUSE.search(note.plain[before[-1].end : hit.start]) is not None


_TITLE_BEHIND = re.compile(r"\s(?:Dr|Prof|PD|Priv)\b")
"""What makes two capitals the rank of a doctor: "OA Dr. X"."""
_CAPITALS_ONLY = frozenset({"aids"})
"""Longer names that are also common words in small letters: "hearing aids"."""


def _written_so(note: Note, hit: Hit) -> bool:
    """Refuse a two-letter abbreviation that is not in capitals."""
    written = note.text[hit.start : hit.end]
    if written.isupper():
        return _TITLE_BEHIND.match(note.text, hit.end) is None
    return len(written) > 3 and written.lower() not in _CAPITALS_ONLY


def _other_cancer(note: Note, sentence: Sentence, identifier: str, span: Span) -> Entry | None:
    """Return a cancer of the past beside the present one."""
    words = note.plain[span[1] : min(sentence.end, span[1] + 70)]
    present = note.present_tumours
    tumours = note.words.knowledge.tumours
    if any(identifier in tumours.wider(one) or one in tumours.wider(identifier) for one in present):
        return None
    entry = Entry("conditions")
    entry.put("name", tumours.types[identifier].name.lower(), span)
    if re.search(r"\bned\b|remission|cured|resected|excised|s/p|treated|ectomy|no evidence", words):
        entry.put("status", "resolved", span)
    for mention in note.dates.within(span[1], min(sentence.end, span[1] + 24))[:1]:
        if mention.value:
            entry.put("date", str(mention.value), (mention.start, mention.end))
    return entry
