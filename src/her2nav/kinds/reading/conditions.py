"""Diseases by name: each goes to the kind that judges its group, with what narrows it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from her2nav.kinds.reading import disease_words as words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, days_of, leaf
from her2nav.kinds.reading.open_names import HEADS, open_diseases, sharing
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node

_KIND = {
    "heart": "cardiac_history",
    "vessels": "cardiac_history",
    "lung": "lung_disease",
    "eye": "eye_disease",
    "infection": "infection",
}
_EVENTS = {
    "venous_thromboembolism": ("venous_thromboembolism",),
    "pulmonary_embolism": ("pulmonary_embolism",),
    "arterial_thromboembolism": ("arterial_thromboembolism",),
    "thromboembolism": ("venous_thromboembolism", "pulmonary_embolism", "arterial_thromboembolism"),
    "bleeding": ("bleeding",),
    "bleeding_disorder": ("bleeding_disorder",),
}
_GUT = {
    "cannot_swallow": "cannot_swallow", "malabsorption": "malabsorption", "uncontrolled_diarrhoea": "uncontrolled_diarrhoea",
    "bowel_obstruction": "obstruction", "inflammatory_bowel_disease": "inflammatory_bowel_disease", "gi_resection": "resection",
    "peptic_ulcer": "ulcer", "gi_bleeding": "bleeding", "gi_perforation": "perforation", "gastroparesis": "gastroparesis",
}  # fmt: skip
_IMMUNE = {
    "autoimmune_disease": ("autoimmune_disease",),
    "immunodeficiency": ("immunodeficiency",),
    "organ_transplant": ("organ_transplant",),
    "stem_cell_transplant": ("stem_cell_transplant",),
    "transplant": ("organ_transplant", "stem_cell_transplant"),
}
_OTHERS = frozenset({"malignancy", "cancer_state", "reproductive", "allergy"})
"""Groups that rules of their own read."""
_NOT_READ = frozenset(
    {"illness", "uncontrolled_illness", "post_surgical_state", "social_finding", "surgical_sterility", "peripheral_neuropathy", "family_history",
     "pain", "fatigue", "motion_sickness", "organ_dysfunction", "immune_related_adverse_event", "alcohol_use", "tobacco_use"}
)  # fmt: skip
"""Names too wide to say anything, and those that other rules read."""
_ANY_GERM = frozenset({"infection", "bacterial_infection", "viral_disease", "fungal_infection", "parasitic_infection"})
_PAIR = 2
"""Two names of one disease ("stroke or cerebrovascular accident within six months"): what bounds one bounds both."""
_WINDOWED = frozenset(
    {"cardiac_history", "lung_disease", "infection", "bleeding_thrombosis", "gastrointestinal", "comorbidity", "immune"}
)


@dataclass(slots=True)
class _Item:
    """A disease of a list with what is said of it."""

    id: str
    start: int
    end: int
    name: str = ""
    before: str = ""
    after: str = ""
    days: int | None = None
    nyha: words.Class | None = None
    grade: int | None = None
    requiring: str = ""
    shared: str = ""
    """What narrows the disease before it in the list and may narrow this one."""
    extra: list[Node] = field(default_factory=list)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    groups: list[list[_Item]] = []
    for item in _items(sentence):
        if groups and _joined(sentence, groups[-1][-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    demanded = sentence.section == "inclusion" and not sentence.permits
    for group in groups:
        if demanded and not words.TURNED.search(sentence.text, 0, group[0].start):
            # Nobody asks for a disease: a header that turned it round was not seen.
            continue
        _ahead(sentence, group)
        yield _stretch(sentence, group)


def _ahead(sentence: Sentence, group: list[_Item]) -> None:
    """A time before the list holds for all of it: "within 6 months before randomisation: …"."""
    found = words.AHEAD.match(sentence.masked, 0, group[0].start)
    if found is None or sentence.text[found.end() : group[0].start].strip():
        return
    days = days_of(found["time"])
    for item in group:
        item.days = item.days or days
    group[0].start = 0


def diseases_in(sentence: Sentence, start: int, end: int) -> list[Node]:
    """Return the diseases that a list of examples names, each as it stands there."""
    found = [item for item in _items(sentence) if item.start >= start and item.end <= end]
    return [_node(sentence, item) for item in found]


_OF_OTHERS = Sought(
    r"\bhouseholds?\b|\bclose contacts?\b|\bcontact with (?:persons|people|others|anyone|individuals)\b"
)
"""What others have is no illness of the patient."""
_DENIED = re.compile(r"\b(?:no|not|nor|none|without|absence|free|never|neither|lack)\b")
_INFECTED = re.compile(r"\binfections?\b|\bactive\b|\binfected\b|\bsepsis\b|\buncontrolled\b")


def _items(sentence: Sentence) -> Iterator[_Item]:
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
        if "osteonecrosis" in sentence.text[hit.start : hit.end]:
            continue
        if words.NOT_ITSELF.search(sentence.text, max(0, hit.start - 40), hit.start):
            continue
        yield hit.start, hit.end, identifier


def _item(sentence: Sentence, first: int, end: int, identifier: str, floor: int) -> _Item:
    text = sentence.text
    before = words.BEFORE.search(text, floor, first)
    start = before.start() if before else first
    if before and (leading := words.LEADING.match(text, start, first)):
        start = leading.end()
    item = _Item(identifier, start, end, before=text[start:first])
    name = text[first:end]
    item.name = name
    if identifier in _ANY_GERM and words.GERMS.search(item.before):
        item.id = "infection"
    known = sentence.knowledge.conditions.conditions.get(identifier)
    if known is not None and known.course == "umbrella":
        item.before += f" {name}"
    graded = [found for found in words.GRADE.finditer(text, floor, start) if not text[found.end() : start].strip(" ,-")]
    if graded and (at_least := words.grade(text, graded[-1])):
        item.grade, item.start = min(at_least.at_least, 5), graded[-1].start()
    if nyha := _nyha_before(sentence, start, floor):
        item.start, item.nyha = nyha
    _read_on(sentence, item)
    return item


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


def _read_on(sentence: Sentence, item: _Item) -> None:
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
        elif item.grade is None and (graded := words.grade(text, _behind(words.GRADE, text, at))):
            tail = words.GRADE_TAIL.match(text, graded.end)
            item.grade = graded.at_least
            item.end = at + len(text[at : tail.end() if tail else graded.end].rstrip(" ,.(-"))
        elif not item.requiring and (need := words.REQUIRING.match(sentence.masked, at)) and not need["no"]:
            item.requiring = text[need.start("what") : need.end("what")]
            item.end = need.end()
        elif not item.after and (state := words.STATE_AFTER.match(sentence.masked, at)):
            item.after, item.end = text[at : state.end()], state.end()
        else:
            break
    if text[item.end : item.end + 1] == ")" and text.count("(", item.start, item.end) > text.count(
        ")", item.start, item.end
    ):
        item.end += 1


def _behind(pattern: Any, text: str, at: int) -> Any:
    return pattern.match(text, at + len(text[at:]) - len(text[at:].lstrip(" ,([")))


def _joined(sentence: Sentence, one: _Item, other: _Item) -> bool:
    if one.start == other.start:
        return True
    between = sentence.text[one.end : other.start]
    return (
        len(between) < 30
        and words.BETWEEN.fullmatch(between) is not None
        and between.count("(") == between.count(")")
        and any(sign in between for sign in (",", "/", "or", "and", ";"))
        and "includ" not in between
        and "e.g" not in between
        and not words.HARD.search(between)
    )


def _stretch(sentence: Sentence, group: list[_Item]) -> Stretched:
    _share(sentence, group)
    germs = [item for item in group if item.id in _ANY_GERM]
    if len({item.id for item in germs}) > 1 and len(germs) == len(group):
        joined = group[-1]
        joined.before = " ".join(item.before for item in group)
        joined.id = "infection"
        node = _node(sentence, joined)
        return Stretched(group[0].start, joined.end, node)
    return Stretched(group[0].start, group[-1].end, any_of([_node(sentence, item) for item in group]))


def any_of(nodes: list[Node]) -> Node:
    """Return the alternatives, leaves that differ only in what they look for made one."""
    merged: dict[str, tuple[Leaf, list[str]]] = {}
    rest: list[Node] = []
    for node in nodes:
        if isinstance(node, Leaf) and "any_of" in (params := node.params.model_dump(exclude_defaults=True)):
            wanted = params.pop("any_of")
            merged.setdefault(f"{node.kind} {params}", (node, []))[1].extend(wanted)
        elif node not in rest:
            rest.append(node)
    joined: list[Node] = [
        leaf(node.kind, **(node.params.model_dump(exclude_defaults=True) | {"any_of": list(dict.fromkeys(wanted))}))
        for node, wanted in merged.values()
    ]
    found = joined + rest
    return found[0] if len(found) == 1 else AnyOf(tuple(found))


def _share(sentence: Sentence, group: list[_Item]) -> None:
    """A "history of" holds for the whole list; a word that narrows the first may narrow those that follow."""
    for named, other in itertools.pairwise(group):
        if named.id == other.id and named.grade is None and other.grade is not None:
            # "Hearing impairment/tinnitus of grade 2": two names of one thing.
            named.grade = other.grade
    history, narrow = "", ""
    for item in group:
        own = f"{item.before} {item.name} {item.after}"
        stated = _stated(sentence, item.id)
        history = history or ("history" if words.HISTORY.search(own) else "")
        item.before = f"{item.before} {history}"
        if (
            stated
            or words.UNCONTROLLED.search(own)
            or words.HARD.search(own)
            or words.SEVERE.search(own)
            or words.SYMPTOMATIC.search(own)
        ):
            narrow = "" if stated else f"{item.before} {item.after}"
        elif narrow:
            item.shared = narrow
    ontology = sentence.knowledge.conditions
    first = f"{group[0].before} {group[0].name} {group[0].after}"
    one = words.HISTORY.search(first) is not None or all(
        (known := ontology.conditions.get(item.id)) is not None and known.course == "event" for item in group
    )
    days: int | None = None
    bound: _Item | None = None
    for item in reversed(group):
        if item.days is not None:
            days, bound = item.days, item
        elif days is not None and bound is not None:
            twice = item.id == bound.id and item.grade == bound.grade and len(group) == _PAIR
            if (twice or (one and item.id != bound.id)) and "any" not in bound.before.split():
                # "History of A or B within six months": the time is that of the history.
                item.days = days
            else:
                item.extra.append(_node(sentence, replace(item, days=days)))


def _node(sentence: Sentence, item: _Item) -> Node:
    node = _narrowed(sentence, item, f"{item.before} {item.after}")
    if item.shared:
        node = both_ways(node, _narrowed(sentence, item, f"{item.before} {item.after} {item.shared}"))
    for other in item.extra:
        node = both_ways(node, other)
    return node


def _narrowed(sentence: Sentence, item: _Item, said: str) -> Node:
    ontology = sentence.knowledge.conditions
    identifier = item.id
    ever = words.HISTORY.search(said) is not None
    uncontrolled = words.UNCONTROLLED.search(said) is not None
    open_words = [found[0] for found in words.HARD.finditer(said)]
    known = ontology.conditions.get(identifier)
    if uncontrolled and known and (narrower := ontology.uncontrolled(identifier)) != identifier:
        identifier, uncontrolled = narrower, False
        known = ontology.conditions.get(identifier)
    kind, ids = _kind(known.group if known else "", identifier, ever=ever and not uncontrolled)
    params: dict[str, Any] = {"any_of": ids}
    stated = _stated(sentence, identifier)
    symptomatic = not stated and bool(words.SYMPTOMATIC.search(said) or item.requiring)
    severe = words.SEVERE.search(said) is not None
    if kind == "infection":
        node, open_words = _infection(item, ids, said, open_words)
        return _open(node, open_words)
    if kind in ("comorbidity", "lung_disease"):
        params["ever"] = ever
    if kind == "comorbidity" and words.ACTIVE.search(said) and not ever:
        params["active_only"] = True
    if (kind == "comorbidity" and item.grade) or (kind == "bleeding_thrombosis" and item.grade):
        params["min_grade"] = item.grade
    elif item.grade:
        open_words.append(f"grade {item.grade}")
    if kind == "lung_disease" and severe:
        params["severe_only"] = True
    elif severe:
        open_words.append("severe")
    if kind == "cardiac_history":
        params["nyha_min"] = item.nyha
        params["needs_treatment"] = uncontrolled or symptomatic
    elif uncontrolled or symptomatic:
        open_words.append("uncontrolled, symptomatic or treated")
    if kind == "eye_disease" and words.ACTIVE.search(said):
        open_words.append("active")
    if item.days is not None:
        if kind in _WINDOWED:
            params["within_days"] = item.days
        else:
            open_words.append("within a time")
    return _open(leaf(kind, **params), open_words)


def _stated(sentence: Sentence, identifier: str) -> bool:
    """Whether the name of a disease says what state it is in."""
    known = sentence.knowledge.conditions.conditions.get(identifier)
    return known is not None and known.state is not None


def _infection(item: _Item, ids: list[str], said: str, open_words: list[str]) -> tuple[Node, list[str]]:
    """An infection is as active as the words ask; "systemic" and "chronic" say nothing more of it."""
    need = f"{item.requiring} "
    severity = "any_active"
    if words.UNCONTROLLED.search(said):
        severity = "uncontrolled"
    elif any(word in need for word in ("intravenous", "iv ", "parenteral", "hospital")) or (item.grade or 0) >= 3:
        severity = "needs_iv_treatment"
    elif item.requiring or item.grade == 2:
        severity = "needs_systemic_treatment"
    if " or " in need and severity == "needs_iv_treatment" and "oral" in need:
        severity = "needs_systemic_treatment"
    rest = [word for word in open_words if word not in ("systemic", "chronic", "disseminated", "acquired")]
    agents = [item for item in ids if item != "infection"]
    return leaf("infection", severity=severity, agents=agents, within_days=item.days), rest


def _kind(group: str, identifier: str, *, ever: bool) -> tuple[str, list[str]]:
    if identifier in _EVENTS:
        return "bleeding_thrombosis", list(_EVENTS[identifier])
    if identifier in _GUT and not (
        ever and identifier in ("inflammatory_bowel_disease", "peptic_ulcer", "uncontrolled_diarrhoea")
    ):
        return "gastrointestinal", [_GUT[identifier]]
    if identifier in _IMMUNE:
        return "immune", list(_IMMUNE[identifier])
    if group == "infection" and ever:
        return "comorbidity", [identifier]
    return _KIND.get(group, "comorbidity"), [identifier]


def _open(node: Node, open_words: list[str]) -> Node:
    """The disease, and what must be seen beside it that no parameter holds: a physician says whether it is so."""
    if not open_words:
        return node
    return AllOf((node, leaf("judgement", topic="whether it is " + ", ".join(dict.fromkeys(open_words)))))


SCANNERS = (
    Scanner(
        "comorbidity.named",
        ("condition", *HEADS),
        _scan,
        texts=(
            ("No known catalase deficiency", {"comorbidity": {"any_of": ["catalase deficiency"]}}),
            (
                "No liver cirrhosis or mitochondrial disorder",
                {"comorbidity": {"any_of": ["cirrhosis", "mitochondrial disorder"]}},
            ),
            ("No measurable disease", None),
            (
                "No history of myocardial infarction within 6 months",
                {"cardiac_history": {"any_of": ["myocardial_infarction"], "within_days": 180}},
            ),
            ("No liver cirrhosis", {"comorbidity": {"any_of": ["cirrhosis"]}}),
            ("no history of seizures", {"comorbidity": {"any_of": ["seizures"], "ever": True}}),
            ("No active infection requiring systemic therapy", {"infection": {"severity": "needs_systemic_treatment"}}),
            ("No uncontrolled hypertension", {"cardiac_history": {"any_of": ["uncontrolled_hypertension"]}}),
            (
                "Free of NYHA class III or IV congestive heart failure",
                {"cardiac_history": {"any_of": ["heart_failure"], "nyha_min": "III"}},
            ),
            ("Without severe COPD", {"lung_disease": {"any_of": ["copd"], "severe_only": True}}),
        ),
    ),
)
