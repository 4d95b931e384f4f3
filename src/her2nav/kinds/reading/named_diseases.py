"""Diseases that a sentence names, each with the words around it that say how severe, how long ago, or of what class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from her2nav.kinds.reading import disease_words as words
from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.kinds.reading.open_names import open_diseases, sharing
from her2nav.language.sought import Sought
from her2nav.model.tree import Node

_OTHERS = frozenset({"malignancy", "cancer_state", "reproductive", "allergy"})
"""Groups that rules of their own read."""
_NOT_READ = frozenset(
    {"illness", "uncontrolled_illness", "post_surgical_state", "social_finding", "surgical_sterility", "peripheral_neuropathy", "family_history",
     "pain", "fatigue", "motion_sickness", "organ_dysfunction", "immune_related_adverse_event", "alcohol_use", "tobacco_use"}
)  # fmt: skip
"""Names too wide to say anything, and those that other rules read."""
ANY_GERM = frozenset({"infection", "bacterial_infection", "viral_disease", "fungal_infection", "parasitic_infection"})


@dataclass(slots=True)
class NamedDisease:
    """A disease of a list with what is said of it."""

    id: str
    start: int
    end: int
    name: str = ""
    before: str = ""
    after: str = ""
    days: int | None = None
    fronted: bool = False
    """The time stands in front of it."""
    nyha: words.Class | None = None
    grade: int | None = None
    requiring: str = ""
    shared: str = ""
    """What narrows the disease before it in the list and may narrow this one."""
    stage: str = ""
    staged: bool = False
    hinders: bool = False
    """Only one that hinders the patient from taking part counts."""
    extra: list[tuple[Node, str]] = field(default_factory=list)


_OF_OTHERS = Sought(
    r"\bhouseholds?\b|\bclose contacts?\b|\bcontact with (?:persons|people|others|anyone|individuals)\b"
)
"""What others have is no illness of the patient."""
_DENIED = re.compile(r"\b(?:no|not|nor|none|without|absence|free|never|neither|lack)\b")
_SAYS_MORE = re.compile(
    r"\b(?:severe|symptomatic|uncontrolled|(?:de|un)compensated|clinically significant|significant|serious|unstable|refractory|recurrent|major|advanced|untreated|persistent|requiring treatment)\b"
)
"""Words that narrow a disease, also where a name of it holds them."""
_WHOLE_NAMES = frozenset(
    {"depression", "thalassaemia", "organ_transplant", "non_healing_wound", "herpes_simplex", "traumatic_injury"}
)
"""Diseases of whose names these words are a part."""
_SHORT = 4
_JOINED = re.compile(r"[a-z\d]-\Z")
_SCORED = re.compile(
    r"(?:\s+(?:and|or)\s+\w+|\s*/\s*\w+)?\s+(?:(?:mood|rating|symptom|self-report|screening|assessment|severity)\s+)*(?:questionnaires?|scales?|scores?|inventor(?:y|ies)|index)\b"
)
"""A test that is named after what it looks for."""
_OF_THE_LIST = re.compile(
    r"(?:,| or| and|/)(?:(?!\b(?:with|requir\w+|need\w+|on|treated|history)\b)[^.;:()]){3,120}?"
    r"\b(?:(?:not|never) (?:requiring|needing|in need of)|(?:does|do|did|has|have) not require\w*|(?:managed |treated |controlled )?without)"
    r" (?:any |the use of )*(?:systemic|immuno-?suppressive|oral)\b"
)
"""What the last of a list of skin diseases must do without, the first of them must, too."""
_INFECTED = re.compile(r"\binfections?\b|\bactive\b|\binfected\b|\bsepsis\b|\buncontrolled\b")


def named_diseases(sentence: Sentence) -> Iterator[NamedDisease]:
    """Yield the diseases of a sentence in their order, none where it speaks of other people."""
    last = 0
    if _OF_OTHERS.search(sentence.text):
        return
    for start, end, identifier in sorted((*_known(sentence), *_open_names(sentence))):
        if start < last:
            continue
        first, others = sharing(sentence.text, start, end)
        shared = bool(others) and first >= last
        item = _item(sentence, first if shared else start, end, identifier, last)
        last = item.end
        if shared:
            # "Severe renal or hepatic disease": both share the noun and what is said of it.
            yield from (replace(item, id=sentence.knowledge.conditions.find(name) or name) for name in others)
        yield item


def _open_names(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    demanded = sentence.section == "inclusion" and not sentence.permits
    for start, end in open_diseases(sentence):
        if demanded and not _DENIED.search(sentence.text, 0, start):
            continue
        yield start, end, " ".join(sentence.text[start:end].split())


def _known(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """Yield the diseases that the vocabulary names."""
    ontology = sentence.knowledge.conditions
    vaccine = "vaccin" in sentence.text
    for hit in sentence.hits:
        identifier = hit.id("condition")
        if identifier is None or identifier in _NOT_READ:
            continue
        group = ontology.conditions[identifier].group
        if (
            vaccine
            and group == "infection"
            and not _INFECTED.search(sentence.text, max(0, hit.start - 60), hit.end + 15)
        ):
            # A vaccine is named after what it prevents.
            continue
        categories = {term.category for term in hit.terms}
        if group in _OTHERS or categories & {
            "virus",
            "ild",
            "pregnant",
            "breastfeeding",
            "brain_metastases",
            "leptomeningeal",
            "other_cancer",
            "lvef",
        }:
            continue
        if hit.end - hit.start <= _SHORT and _JOINED.search(sentence.text, 0, hit.start):
            # The short name of a conjugate may hold that of a disease.
            continue
        if _SCORED.match(sentence.text, hit.end):
            continue
        if "osteonecrosis" in sentence.text[hit.start : hit.end]:
            continue
        if words.NOT_ITSELF.search(sentence.text, max(0, hit.start - 40), hit.start):
            continue
        if identifier == "psoriasis" and _OF_THE_LIST.match(sentence.text, hit.end):
            identifier = "psoriasis_without_systemic_treatment"
        yield hit.start, hit.end, identifier


def _item(sentence: Sentence, first: int, end: int, identifier: str, floor: int) -> NamedDisease:
    text = sentence.text
    before = words.BEFORE.search(text, floor, first)
    start = before.start() if before else first
    if before and (leading := words.LEADING.match(text, start, first)):
        start = leading.end()
    item = NamedDisease(identifier, start, end, before=text[start:first])
    name = text[first:end]
    item.name = name
    if identifier in ANY_GERM and words.GERMS.search(item.before):
        item.id = "infection"
    known = sentence.knowledge.conditions.conditions.get(identifier)
    if known is not None and known.course == "umbrella":
        item.before += f" {name}"
    elif known is not None and known.state is None and identifier not in _WHOLE_NAMES:
        # "Symptomatic heart failure" is a name of heart failure and says more than the name.
        own = known.name.lower()
        item.before += "".join(f" {found[0]}" for found in _SAYS_MORE.finditer(name) if found[0] not in own)
    graded = [found for found in words.GRADE.finditer(text, floor, start) if not text[found.end() : start].strip(" ,-")]
    if graded and (at_least := words.grade(text, graded[-1])):
        led = graded[-1][0]
        # The comma in front parts it from the disease before.
        item.grade, item.start = min(at_least.at_least, 5), graded[-1].end() - len(led.lstrip(" ,"))
    _staged(sentence, item, floor)
    if fronted := words.RECENT_WINDOW.search(text, floor, item.start):
        item.days, item.start, item.fronted = days_of(fronted["time"]), fronted.start(), True
    if nyha := _nyha_before(sentence, start, floor):
        item.start, item.nyha = nyha
        item.grade = None  # "NYHA grade II" is a class
    _read_on(sentence, item)
    item.hinders = _HINDERS.match(text, item.end) is not None
    return item


def _staged(sentence: Sentence, item: NamedDisease, floor: int) -> None:
    """A stage in front of a disease or behind it: that of the kidneys is a disease of its own, another stays open."""
    text = sentence.text
    if "stage" not in text:
        return
    named = text[item.start : item.end].rstrip()
    front = [found for found in words.STAGED.finditer(text, floor, item.end) if not _words_between(text, found, item)]
    behind = words.STAGED.match(text, item.end + len(text[item.end :]) - len(text[item.end :].lstrip(" ,(")))
    further = words.FURTHER_STAGES.match(text, item.end) if re.search(r"stage \w{1,2}\Z", named) else None
    found = front[-1] if front else behind or further
    if found is None or (
        front and "hear" in text[max(floor, found.start() - 30) : found.start()].replace("nyha", "hear")
    ):
        # "NYHA stage 3 or 4" is a class of the heart failure.
        return
    item.staged = True
    said = text[found.start() : found.end()] if further is None else f"{named[named.rindex('stage') :]}{further[0]}"
    item.start, item.end = min(item.start, found.start()), max(item.end, found.end())
    lowest = words.numeral(found["n"]) if further is None else words.numeral(named.rsplit(None, 1)[-1].rstrip("ab"))
    late = sentence.knowledge.conditions.rules.late_stages
    later = next((one.named for one in late if one.disease == item.id and lowest >= one.from_stage), None)
    if later is not None:
        item.id = later
    else:
        item.stage = " ".join(said.removesuffix(" of").split())


def _words_between(text: str, found: re.Match[str], item: NamedDisease) -> bool:
    """Whether more stands between a stage and the disease behind it than words that say something of the disease."""
    between = text[found.end() : item.start] if found.end() <= item.start else ""
    return (
        found.start() >= item.end or bool(between.strip()) or (found.end() > item.start and found.start() > item.start)
    )


def _nyha_before(sentence: Sentence, start: int, floor: int) -> tuple[int, words.Class] | None:
    """NYHA class III or IV heart failure."""
    text = sentence.text
    for place in (text.rfind(name, 0, start) for name in ("new york heart", "ny heart", "nyha")):
        if place < floor or start - place > 70:
            continue
        for begin in range(max(floor, place - 12), place + 1):
            found = words.NYHA.match(text, begin, start + 1)
            if found and not text[found.end() : start].strip(" ()[]-,") and (name := words.nyha_class(found)):
                return found.start() + len(found[0]) - len(found[0].lstrip(" ,([")), name
    return None


def _read_on(sentence: Sentence, item: NamedDisease) -> None:
    """Take in what stands behind the name, piece by piece."""
    text = sentence.text
    more = words.AFTER.match(text, item.end)
    item.end = more.end() if more else item.end
    for _ in range(5):
        at = item.end
        if item.days is None and (found := words.window(sentence, at)):
            item.days, item.end = found
        elif (
            item.nyha is None
            and "hear" in item.id
            and (nyha := words.NYHA.match(text, at))
            and (name := words.nyha_class(nyha))
        ):
            item.nyha, item.end = name, nyha.end()
        elif (
            item.nyha is None
            and item.id == "heart_failure"
            and (alone := words.CLASS_ALONE.match(text, at))
            and (name := words.class_alone(alone))
        ):
            item.nyha, item.end = name, alone.end()
        elif (
            item.grade is None
            and (graded := words.grade(text, _behind(words.GRADE, text, at)))
            and not _of_the_next(sentence, at, graded.end)
        ):
            tail = words.GRADE_TAIL.match(text, graded.end)
            item.grade = graded.at_least
            item.end = at + len(_JOINT_WORDS.sub("", text[at : tail.end() if tail else graded.end]))
        elif not item.requiring and (need := words.REQUIRING.match(sentence.masked, at)) and not need["no"]:
            stop = _before_next(sentence, need.start("what"), need.end())
            item.requiring = text[need.start("what") : min(stop, need.end("what"))]
            item.end = stop
        elif (
            not item.after
            and (state := words.STATE_AFTER.match(sentence.masked, at))
            and not _of_the_next(sentence, at, state.end("state"))
        ):
            item.after, item.end = text[at : state.end()], state.end()
        else:
            break
    if text[item.end : item.end + 1] == ")" and text.count("(", item.start, item.end) > text.count(
        ")", item.start, item.end
    ):
        item.end += 1


_JOINT_WORDS = re.compile(r"(?:[\s,.(-]|\b(?:in|of|the|for|as|by|on|to)\b)+\Z")
_HINDERS = re.compile(
    r"[\s/,]*(?:\(e\.?g[^()]*\)\s*)?(?:(?:or|and)\s+)?(?:social (?:situations?|circumstances|conditions?)|(?:any|other) (?:issues?|conditions?))?[\s,]*\b(?:that|which)\s+(?:would|could|might|may)\b"
    r"(?: have| be| potentially| significantly| likely| to)*\s*(?:limit|interfere|compromis|affect|impair|preclude|jeopardi|hamper|prevent|make)"
)
"""Words behind a disease: "that would limit compliance with the study"."""
_JOINT_LAST = re.compile(
    r"(?:\s*[,/;]\s*(?:\b(?:and/or|and|or)\b\s*)?|\s+(?:and/or|and|or)\s+|\s+for\s+(?:[a-z]+-?\s*){0,2})\Z"
)


def _of_the_next(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a word behind a comma says something of the next disease: "heart failure, symptomatic valve disease"."""
    if "," not in sentence.text[start:end]:
        return False
    place = end + len(sentence.text[end:]) - len(sentence.text[end:].lstrip())
    return any(hit.start <= place < hit.end and hit.id("condition") for hit in sentence.hits)


def _before_next(sentence: Sentence, start: int, end: int) -> int:
    """Cut what a disease requires before the next disease of the list: "requiring antibiotics, heart failure"."""
    following = (hit.start for hit in sentence.between(start, end) if hit.id("condition") and not hit.ids("drug"))
    for place in following:
        if (joint := _JOINT_LAST.search(sentence.masked, start, place)) is not None:
            return joint.start()
    return end


def _behind(pattern: Any, text: str, at: int) -> Any:
    return pattern.match(text, at + len(text[at:]) - len(text[at:].lstrip(" ,([")))
