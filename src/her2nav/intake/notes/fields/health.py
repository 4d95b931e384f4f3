"""Beside the cancer: other diseases, medicines, allergies, lung inflammation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family, told_sentences
from her2nav.intake.notes.fields.procedures import DONE, SURGERY, read_procedures
from her2nav.intake.notes.fields.side_effects import GRADE, OVER, grade_of, read_toxicities
from her2nav.intake.notes.found import Entry, Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_PAST = re.compile(
    r"\b(?:h/o|history of|hx of|previous|prior|former|past|childhood|s/p|status post|resolved|remote)\s(?:\w+\s)?$"
)
_BEFORE_ALLERGY = re.compile(r"^\s(?:allerg(?:y|ic)|anaphylaxis|hypersensitivity)\b")
_STOPPED_MED = re.compile(
    r"\b(?:stop|stopped|off|discontinued|completed|previously on|weaned off|premed\w*|with each cycle|given with|held|prn antibiotics|course of|suspended|no longer on|ceased)\b|\bfor (?:\w+) days\b"
)
_ILD_REASON = Gated(r"\b(?:given|due to|because of|owing to|despite|after|in view of)\b[^.;]{0,30}$")
"""ILD as a reason: "rechallenge not favoured given ILD" denies no ILD."""
_ILD = Gated(
    r"\b(?:ild|interstitial lung disease|lung inflammation|pneumonitis|neumonitis|pulmonary fibrosis)\b(?:\s?/\s?(?:ild|pneumonitis))?"
)
_ILD_ABSENT = Gated(
    r"\bno (?:history of |h/o |hx of |hx |evidence of |prior |known |current |signs of )?(?:\w+ or )?(?:ild|interstitial lung disease|lung inflammation|pneumonitis)\b|\bno (?:history of |known |previous |prior )?(?:cardiac or lung|lung or cardiac|lung|pulmonary|respiratory) (?:disease|history|hx|problems)\b(?! on| in)|\bnever had (?:ild|pneumonitis)|\b(?:ild|pneumonitis)[\s/:a-z]{0,16}: ?(?:no|none|nil|absent)\b|\bsin (?:neumonitis|ild)\b|\bdenies (?:ild|pneumonitis)"
)
_STEROID = re.compile(r"\bsteroids?\b|prednis\w+|methylpred\w*|dexameth\w+|corticoid\w+")
_ACTIVE_ILD = re.compile(r"\b(?:current|active|ongoing|on prednis\w+|new|now has)\b")
_ALLERGY = Gated(
    r"\b(?:allerg(?:y|ies|ic)(?: to)?|alergi(?:a|as|co|ca)(?: a)?|hypersensitivity(?: reaction)? to|anaphyla\w+ (?:to|with|after)|intoleran(?:t|ce) (?:of|to))\b[\s:]*"
)
_NO_ALLERGY = Gated(
    r"\b(?:nkda|nka|no known (?:drug )?allerg\w+|no (?:drug )?allerg\w+|no allergies|sin alergias|allerg\w+[\s:]+(?:none|nil|nkda|no known|no conocidas))\b"
)
_SHARE = re.compile(r"\s?[:=]?\s?\d{1,2}(?:\.\d{1,2})?\s?%")
"""An abbreviation with a percentage is a measure: AF is then the allele frequency."""
_NOT_REACTIVE = re.compile(
    r"(?:\s?(?:1/2|i/ii|ab|antibod\w+|serology|test|status))?[\s:=-]{0,3}(?:nr\b|non-?\s?reactive|neg\b|negative)"
)
_OF_TEST = re.compile(
    r"\s(?:surface|core|s-?\s?ag|ab\b|antigen|antibod\w+|serolog\w+|status|screen\w*|test\w*|vaccin\w+|immunis\w+|immuniz\w+|dna|rna)\b"
)
"""A test for a disease, a vaccine against it: the result stands under the viral markers."""
_PROTECTED = Gated(r"\b(?:vaccinated|immunised|immunized|protected|immune|vaccine)\s(?:against|to|for)\s$")
_OF_VARIANTS = Gated(
    r"\b(?:gene|exon|cdna|protein|allele|variant|transcript)\b(?=.*\b(?:gene|exon|cdna|protein|allele|variant|transcript|class|tier)\b)"
)
_BLIND = Gated(r"\b(?:is|was|registered|legally|partially|severely|gone|went|totally|completely|colou?r)\s$")
"""Who is blind; what is read blind is a method."""
_GROUPS_LEFT_OUT = frozenset({"cancer_state", "injury", "reproductive", "allergy"})
_NOT_ALONE = frozenset({"illness", "malignancy", "metastasis", "family_history", "social_finding", "tobacco_use", "infection", "surgical_sterility", "menopause", "pregnancy", "breastfeeding", "pleural_effusion", "ascites", "lymphoedema", "lung_nodule", "blood_brain_lesion"})  # fmt: skip


def read_health(note: Note) -> Iterator[Item]:
    """Yield what a note says of everything beside the cancer."""
    allergic, lungs, done = note.cued(_ALLERGIC), note.cued(_LUNGS), note.cued(DONE)
    toxicities, conditions, drugs = note.naming("toxicity"), note.naming("condition"), note.naming("drug")
    for sentence in told_sentences(note):
        start, section = sentence.start, sentence.section
        if start in allergic or section == "allergies":
            yield from _allergies(note, sentence)
        if section == "family":
            continue
        toxic = list(read_toxicities(note, sentence)) if start in toxicities else []
        yield from toxic
        if start in conditions or section == "history":
            taken = [entry.spans["name"] for entry in toxic if isinstance(entry, Entry)]
            yield from _conditions(note, sentence, taken)
        if start in drugs:
            yield from _medications(note, sentence)
        if start in lungs:
            yield from _lung(note, sentence)
        if start in done:
            yield from read_procedures(note, sentence)


def _conditions(note: Note, sentence: Sentence, taken: list[Span]) -> Iterator[Item]:
    """Read diagnoses: all of them under a heading of other diseases, elsewhere only lasting ones."""
    ontology = note.words.knowledge.conditions
    listed = sentence.section == "history"
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
        if any(one.match(note.plain, hit.end) for one in (_NOT_REACTIVE, _SHARE)) or (
            _OF_TEST.match(note.plain, hit.end) and "carrier" not in note.said(*span)
        ):
            continue
        if _PROTECTED.search(note.plain, max(sentence.start, hit.start - 24), hit.start):
            continue
        if _ALLERGY.search(note.plain, max(sentence.start, hit.start - 48), hit.start) and hit.id("toxicity"):
            continue  # "allergy codeine (vomiting)"
        if hit.end - hit.start < _SHORT and _OF_VARIANTS.search(note.plain, sentence.start, sentence.end):
            continue  # the heading of a table of variants: AF is the allele frequency
        if note.plain[hit.start : hit.end] == "blind" and not _BLIND.search(
            note.plain, max(sentence.start, hit.start - 16), hit.start
        ):
            continue
        if identifier is None or hit.id("tumour") or SURGERY.search(note.plain, *span):
            continue
        row = ontology.conditions[identifier]
        if row.group in _GROUPS_LEFT_OUT or identifier in _NOT_ALONE or row.course == "umbrella":
            continue
        if _MEASURED.match(note.plain, hit.end) and hit.end - hit.start < _SHORT:
            continue  # "AF 182 U/L" is an enzyme
        if not _written_so(note, hit) or hit.id("technique") or (hit.id("gene") and not listed):
            continue
        if row.group == "malignancy":
            continue
        if not listed and (
            row.course not in ("chronic", "lasting")
            or sentence.section in ("plan", "toxicity", "imaging", "pathology", "family", "allergies", "trial", "labs")
            or said.hypothetical
            or said.planned
        ):
            continue
        if not listed and (
            (hit.id("toxicity") and row.group not in ("vessels", "endocrine")) or row.group in ("general", "skin")
        ):
            continue
        if _ILD.search(note.plain, *span) or (hit.id("lab") and re.match(r"\s?\d", note.plain[hit.end : hit.end + 2])):
            continue
        entry = Entry("conditions")
        entry.put("name", row.name, span)
        _, last = clause(note, sentence, *span)
        stop = _next_name(note, hit, last)
        status = (
            "resolved"
            if _PAST.search(note.plain[max(sentence.start, hit.start - 24) : hit.start])
            or OVER.search(note.plain, hit.end, stop)
            else "active"
        )
        if "carrier" in note.said(*span) or re.match(
            r",?\s(?:virus |inactive )?carrier", note.plain[hit.end : hit.end + 20]
        ):
            status = "carrier"
        entry.put("status", status, span)
        for mention in note.dates.within(hit.end, min(stop, hit.end + 34))[:1]:
            if mention.value and not re.search(r"[;.]", note.plain[hit.end : mention.start]):
                entry.put("date", str(mention.value), (mention.start, mention.end))
        yield entry


_MEASURED = re.compile(
    r"\s?[:=]?\s?(?!(?:19|20)\d\d\b)\d{1,4}(?:[.,]\d+)?\s?(?:i?u/l|[µu]kat/l|[µu]mol/l|mmol/l|mg/dl|g/l|ng/ml)"
)
_SHORT = 4


def _next_name(note: Note, hit: Hit, last: int) -> int:
    later = note.hits_in(hit.end, last, "condition", "drug")
    return later[0].start if later else last


def _written_so(note: Note, hit: Hit) -> bool:
    """Refuse a two-letter abbreviation that is not in capitals."""
    written = note.text[hit.start : hit.end]
    return len(written) > 3 or written.isupper()


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


_MEASURED = re.compile(
    r"\s?[:=]?\s?(?!(?:19|20)\d\d\b)\d{1,4}(?:[.,]\d+)?\s?(?:i?u/l|[µu]kat/l|[µu]mol/l|mmol/l|mg/dl|g/l|ng/ml)"
)
_RESULT_BEHIND = re.compile(r"\s?(?:receptor|[:(]?\s?\d{1,3}\s?%|positive|negative|[+])")
_TEST_BEHIND = re.compile(r"\s?(?:level|deficien|channel)")
_ENDED = re.compile(
    r"[^,;.]{0,24}\b(?:stopped|discontinued|allergy|held|completed|finished|now off|d/c(?:'?d)?|dc'?d)\b"
)
_NOT_TAKEN = re.compile(
    r"allerg\w+|reaction|intoleran\w+|rash (?:to|with)|responded to|resolved (?:with|on)|received|given|course"
)
_ALLERGIC_TO = re.compile(r"\b(?:allergic|intolerant) (?:to|of) [^.;:]{0,40}$")
_TO_ADD = re.compile(r"\b(?:add|adding|to start|start|consider|commence)\s$")
_TREATED_WITH = re.compile(r"treated with\s$")
_WAS_TREATED = re.compile(r"\b(?:was|were|pneumonitis|resolved|reaction|infection)\b")
_TAKEN = re.compile(
    r"\b(?:on|takes?|taking|meds?|medications?|only|with|con|uses?|continues?|ongoing|q\d ?mo|q\d{1,2} ?w\w*|monthly|weekly|every|prn|daily|bd|od|mg|toma|inhaler)\b|[,:]"
)
_SINCE = re.compile(r"[^,;.]{0,24}\bsince\s")


def _medications(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read medicines taken now; those of cancer treatment stand under therapies."""
    ontology = note.words.knowledge.drugs
    if sentence.section in ("allergies", "plan", "trial", "family"):
        return
    listed = sentence.section == "medications"
    for hit in note.hits_in(sentence.start, sentence.end, "drug"):
        drug = str(hit.id("drug"))
        if drug not in ontology.drugs or hit.id("site") or hit.id("organ"):
            continue
        cancer = "systemic_therapy" in ontology.possible_terms_of(drug) or drug in note.words.companions
        if cancer and (not listed or "systemic_therapy" in ontology.possible_terms_of(drug)):
            continue  # under the heading of medicines too it is part of a course
        written = note.text[hit.start : hit.end]
        lab = _MEASURED.match(
            note.plain[hit.end : hit.end + 24],
        )
        if _RESULT_BEHIND.match(note.plain[hit.end : hit.end + 12]):
            continue
        if (
            len(written) < 3
            or hit.id("lab")
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
        before = note.plain[max(first, hit.start - 40) : hit.start]
        if _TO_ADD.search(before):
            continue
        if _STOPPED_MED.search(before) or _ENDED.match(
            note.plain[hit.end : last],
        ):
            continue
        if _ALLERGIC_TO.search(note.plain, first, hit.start):
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
        if not listed and not _TAKEN.search(
            note.plain[max(sentence.start, hit.start - 50) : min(sentence.end, hit.end + 24)],
        ):
            continue
        entry = Entry("medications")
        entry.put("name", ontology.drugs[drug].name, (hit.start, hit.end))
        since = _SINCE.match(note.plain[hit.end : hit.end + 30])
        if since:
            for mention in note.dates.within(hit.end, hit.end + 44)[:1]:
                if mention.value:
                    entry.put("since", str(mention.value), (mention.start, mention.end))
        yield entry


def _allergies(note: Note, sentence: Sentence) -> Iterator[Item]:
    none = _NO_ALLERGY.search(note.plain, sentence.start, sentence.end)
    if none:
        yield Found("allergies", None, none.span())
        return
    start = sentence.start if sentence.section == "allergies" else None
    match = _ALLERGY.search(note.plain, sentence.start, sentence.end)
    if match and start is None and not _SUBSTANCE_FIRST.search(note.plain[sentence.start : match.end()]):
        said = context(note, *match.span())
        if said.negated or said.family or said.unsure or said.hypothetical or said.template:
            return
        start = match.end()
    if start is None and sentence.start in note.cued(_ALLERGIC) and not of_family(note, sentence, sentence.start):
        yield from _named_before(note, sentence)
    if start is None or of_family(note, sentence, start):
        return
    ontology = note.words.knowledge
    gap = re.compile(r"[;.]").search(note.plain, start, sentence.end)
    stop = gap.start() if gap and sentence.section != "allergies" else sentence.end
    for hit in note.hits_in(start, stop, "substance", "drug", "drug_class"):
        if context(note, hit.start, hit.end).negated:
            continue
        substance, drug, group = hit.id("substance"), hit.id("drug"), hit.id("drug_class")
        named = ontology.substances.substances[substance].name if substance in ontology.substances.substances else None
        name = (
            note.said(hit.start, hit.end) if named is not None and named.startswith("another ")
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


_ALLERGIC = Gate(_ALLERGY, _NO_ALLERGY)
_LUNGS = Gate(_ILD, _ILD_ABSENT)
_SUBSTANCE_FIRST = re.compile(r"\w (?:drug )?allerg(?:y|ies)\s*$")


def _named_before(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read "penicillin allergy": the substance before the word."""
    ontology = note.words.knowledge
    for hit in note.hits_in(sentence.start, sentence.end, "substance", "drug"):
        if not _BEFORE_ALLERGY.match(note.plain[hit.end : hit.end + 20]) or context(note, hit.start, hit.end).negated:
            continue
        substance, drug = hit.id("substance"), hit.id("drug")
        entry = Entry("allergies")
        if substance in ontology.substances.substances:
            entry.put("substance", ontology.substances.substances[substance].name, (hit.start, hit.end))
        elif drug in ontology.drugs.drugs:
            entry.put("substance", ontology.drugs.drugs[drug].name, (hit.start, hit.end))
        if entry.values:
            yield entry


def _lung(note: Note, sentence: Sentence) -> Iterator[Item]:
    absent = _ILD_ABSENT.search(note.plain, sentence.start, sentence.end)
    if absent:
        said = context(note, absent.end(), absent.end())
        inner = context(note, absent.end() - 1, absent.end())
        organ = "lung disease" in absent[0] and "cardiac" not in absent[0] and sentence.section != "history"
        if not (said.family or inner.unsure or organ):
            yield Found("lung.ild_history", "none", absent.span())
        return
    match = _ILD.search(note.plain, sentence.start, sentence.end)
    if match is None:
        return
    said = context(note, *match.span())
    if (
        said.negated
        or said.unsure
        or said.family
        or said.hypothetical
        or said.template
        or said.planned
        or sentence.section == "plan"
    ):
        if said.negated and not (
            said.unsure or said.family or _ILD_REASON.search(note.plain, sentence.start, match.start())
        ):
            yield Found("lung.ild_history", "none", match.span())
        return
    words = note.said(sentence.start, sentence.end)
    if re.search(r"\brisk\b|\bmonitor|\bcounsel|\bwarn|\bwatch\b|\bradiation pneumonitis\b", words):
        return
    grade = re.search(rf"\b{GRADE}[\s-]*(?:\w+\s)?(?:ild|pneumonitis|interstitial)", words) or re.search(
        rf"(?:ild|pneumonitis|disease)[\s,:(]*{GRADE}", words
    )
    if _ACTIVE_ILD.search(words) and not re.search(r"resolved|history", words):
        value = "current"
    elif _STEROID.search(words) and not re.search(
        r"\b(?:no|without|not) (?:need(?:ing)? |requir\w+ )?(?:steroids|corticosteroids)", words
    ):
        value = "history_with_steroids"
    elif re.search(r"\b(?:no|without) (?:need(?:ing)? |requir\w+ )?(?:steroids|corticosteroids)", words):
        value = "history_no_steroids"
    else:
        value = None
    if value:
        yield Found("lung.ild_history", value, match.span())
    if grade:
        yield Found("lung.grade", grade_of(grade["g"]), match.span())
