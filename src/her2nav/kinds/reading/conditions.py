"""Lists of diseases: which names stand together, and what is said of one and holds for others."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from her2nav.kinds.reading import disease_words as words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of
from her2nav.kinds.reading.disease_nodes import any_of, node_of, states_itself
from her2nav.kinds.reading.named_diseases import ANY_GERM, NamedDisease, named_diseases
from her2nav.kinds.reading.open_names import HEADS
from her2nav.knowledge.conditions import ConditionOntology
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, Node, Not

_UNCONTROLLED = "uncontrolled"
_OF_AN_ORGAN = frozenset(
    {
        "liver_disease",
        "renal_disease",
        "lung_disease",
        "heart_disease",
        "cardiovascular_disease",
        "coronary_artery_disease",
    }
)
_NARROWED = re.compile(
    r"\b(?:nyha|class|grade|significant|severe|serious|unstable|symptomatic|decompensated|end[- ]stage)\b"
)
"""Ids of all illnesses of an organ, most of which can be under control."""
_PARTS = re.compile(r"[,/;]|\b(?:or|and)\b")
_OR = re.compile(r"[\s,]*(?:or|and|and/or)\s*")
_CIRCULATION = frozenset({"heart", "vessels"})
_PAIR = 2
"""Two names of one disease ("stroke or cerebrovascular accident within six months"): what bounds one bounds both."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    groups: list[list[NamedDisease]] = []
    for item in named_diseases(sentence):
        if groups and _joined(sentence, groups[-1][-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    demanded = sentence.section == "inclusion" and not sentence.permits
    for group in groups:
        if demanded and (since := words.LONG_AGO.search(sentence.text, 0, group[0].start)) is not None:
            # "At least 6 months since a myocardial infarction": there was none within that time.
            for item in group:
                item.days = item.days or days_of(since["time"])
            yield Stretched(since.start(), group[-1].end, Not(any_of([node_of(sentence, item) for item in group])))
            continue
        if demanded:
            _without_people(sentence, group[0])
        if demanded and not words.TURNED.search(sentence.text, 0, group[0].start):
            # Nobody asks for a disease: a header that turned it round was not seen.
            continue
        _ahead(sentence, group)
        _fronted(sentence, group)
        _exemplified(sentence, group)
        _timed_behind(sentence, group)
        yield _stretch(sentence, group)
        if len(group) > 1:
            # Where another rule reads words within the list, its other entries are read one by one.
            yield from (Stretched(item.start, item.end, node_of(sentence, item)) for item in group)


_WHOM = re.compile(r"(?<=in )(?:patients|participants|subjects|those|individuals) (?:with|who have) ")


def _without_people(sentence: Sentence, item: NamedDisease) -> None:
    """Leave "in patients with" in front of Gilbert syndrome to composing: it says whom a limit is for."""
    found = _WHOM.match(sentence.text, item.start, item.end) if item.id == "gilbert_syndrome" else None
    item.start = found.end() if found is not None else item.start


def _staged(sentence: Sentence) -> Iterator[Stretched]:
    """Diseases with a stage of their own, which is none of the cancer: "stage 4 or 5 chronic kidney disease"."""
    if sentence.section == "inclusion" and not sentence.permits and not words.TURNED.search(sentence.text):
        return
    for item in named_diseases(sentence):
        if item.staged:
            yield Stretched(item.start, item.end, node_of(sentence, item))


def _ahead(sentence: Sentence, group: list[NamedDisease]) -> None:
    """A time before the list holds for all of it: "within 6 months before randomisation: …"."""
    found = words.AHEAD.match(sentence.masked, 0, group[0].start)
    if found is None or sentence.text[found.end() : group[0].start].strip():
        return
    days = days_of(found["time"])
    for item in group:
        item.days = item.days or days
    group[0].start = 0


def _fronted(sentence: Sentence, group: list[NamedDisease]) -> None:
    """A time in front of the first disease may be that of those behind it: "recent (within 3 months) A or B"."""
    days: int | None = None
    for item in group:
        if item.fronted:
            days = item.days
        elif days is not None and item.days is None:
            item.extra.append((node_of(sentence, item), "it whenever it was, too"))
            item.days = days


_EVENTS_WITHIN = re.compile(
    rf"\b(?:events?|diseases?|conditions?|illness(?:es)?|disorders?|problems?|complications?|accidents?|episodes?|morbidit(?:y|ies))\b[^.;:]{{0,60}}?"
    rf"[\s,(]*\b(?:with)?in (?:the |a )?(?:last |past |previous |prior |preceding |period of )*(?P<time>{MACROS['time']})(?: (?:of|before|prior to|preceding) (?:(?!\b(?:and|or|with|but)\b)[^.;:,()]){{3,70}}?)?"
    r"[\s,:()]*(?:\b(?:including|includes?|such as|for example|namely|defined as|like)\b|\be\.?g\b\.?|\bi\.?e\b\.?)[\s,:(]*(?:but (?:is |are )?not (?:limited|restricted|confined) to|without limitation|any of(?: the following)?|the following|history of|a|an)?[\s,:(]*\Z"
)
"""In front of examples: the events of which they are, and when these were."""
_RECENT_EVENTS = re.compile(
    rf"\brecent \((?:with)?in (?:the )?(?:last |past |previous |prior )*(?P<time>{MACROS['time']})[^()]{{0,60}}\) [^.;:]{{3,60}}?\b(?:events?|accidents?|episodes?|complications?)\b"
    r"[\s,:()]*(?:\b(?:including|such as|for example)\b|\be\.?g\b\.?|\bi\.?e\b\.?)[\s,:(]*\Z"
)


_BEHIND_A_BRACKET = re.compile(
    rf"[^().;:]{{0,40}}\)[ ,]*(?:with)?in (?:the )?(?:last |past |previous |prior |preceding )*(?P<time>{MACROS['time']})"
)
_BEHIND_EXAMPLES = re.compile(
    r"(?:\(s\))?[ ,(]+(?:\b(?:including|such as|for example)\b|\be\.?g\b\.?|\bi\.?e\b\.?)(?:(?!\b(?:or|and) (?:ha[sd]|a history|any history|other)\b)[^.;:]){3,170}?[,)] ?"
    rf"(?:with)?in (?:the )?(?:last |past |previous |prior |preceding )*(?P<time>{MACROS['time']})"
)


def _timed_behind(sentence: Sentence, group: list[NamedDisease]) -> None:
    """A time behind the bracket of examples is theirs: "events (A, B) within 6 months"; behind examples it may be the head's."""
    text, last = sentence.text, group[-1]
    opened = text.rfind("(", 0, last.end) > text.rfind(")", 0, last.end)
    found = _BEHIND_A_BRACKET.match(text, last.end) if opened else None
    if found is not None:
        for item in group:
            if item.days is None and _is_event(sentence, item.id):
                item.days = days_of(found["time"])
    alone = len(group) == 1 and last.days is None and not last.extra
    head = _BEHIND_EXAMPLES.match(text, last.end) if alone else None
    if head is not None and _is_event(sentence, last.id):
        last.extra.append((node_of(sentence, last), "it whenever it was, too"))
        last.days = days_of(head["time"])


def _exemplified(sentence: Sentence, group: list[NamedDisease]) -> None:
    """Events that are examples share the time of what they are examples of: "disease within 6 months, such as A or B"."""
    start = group[0].start
    found = next(
        (
            match
            for expression in (_EVENTS_WITHIN, _RECENT_EVENTS)
            if (match := expression.search(sentence.text, max(0, start - _FAR), start)) is not None
        ),
        None,
    )
    if found is None:
        return
    days = days_of(found["time"])
    for item in group:
        if item.days is None and _is_event(sentence, item.id):
            item.days = days


_FAR = 300
"""Characters in front of examples in which the time of their events may stand."""


def diseases_in(sentence: Sentence, start: int, end: int, *, uncontrolled: bool = False) -> list[Node]:
    """Return the diseases that a list of examples names, each as it stands there.

    Args:
        sentence: The sentence.
        start: Where the list begins.
        end: Where it ends.
        uncontrolled: They are examples of uncontrolled illness: one that may be under control counts for certain only
            where it is not.
    """
    found = [item for item in named_diseases(sentence) if item.start >= start and item.end <= end]
    _dated(sentence, found)
    if uncontrolled:
        ontology = sentence.knowledge.conditions
        for item in found:
            own = f"{item.before} {item.name} {item.after}"
            known = ontology.conditions.get(item.id)
            groups = ontology.rules.groups_under_control
            mild = known is not None and known.course == "chronic" and known.group in groups
            sort = item.id in _OF_AN_ORGAN and not _NARROWED.search(own)
            if (mild or sort or ontology.uncontrolled(item.id) != item.id) and not words.UNCONTROLLED.search(own):
                item.shared = item.shared or _UNCONTROLLED
    return [node_of(sentence, item) for item in found]


def _together(sentence: Sentence, group: list[NamedDisease]) -> list[Node]:
    """Return what each entry asks; "dyspnoea and dry cough" are one complaint of two symptoms."""
    ontology = sentence.knowledge.conditions
    nodes: list[Node] = []
    for before, item in zip((None, *group), group, strict=False):
        node = node_of(sentence, item)
        symptoms = before is group[0] and all(
            (known := ontology.conditions.get(one.id)) and known.course == "symptom" for one in (before, item)
        )
        if before is not None and symptoms and sentence.text[before.end : item.start].split()[:1] == ["and"]:
            node = AllOf((nodes.pop(), node))
        nodes.append(node)
    return nodes


def _dated(sentence: Sentence, items: list[NamedDisease]) -> None:
    """Two events that only "or" parts share the time behind the second: "infarction or stroke within 6 months"."""
    ontology = sentence.knowledge.conditions
    for item, following in itertools.pairwise(items):
        events = all(
            (known := ontology.conditions.get(one.id)) and known.course == "event" for one in (item, following)
        )
        if item.days is None and following.days is not None and events and "any" not in following.before.split():
            between = sentence.text[item.end : following.start]
            if _OR.fullmatch(between):
                item.days = following.days


def _joined(sentence: Sentence, one: NamedDisease, other: NamedDisease) -> bool:
    if one.start == other.start:
        return True
    between = sentence.text[one.end : other.start]
    return (
        len(between) < 30
        and words.BETWEEN.fullmatch(between) is not None
        and between.count("(") == between.count(")")
        and _PARTS.search(between) is not None
        and "includ" not in between
        and "e.g" not in between
        and not words.HARD.search(between)
    )


def _stretch(sentence: Sentence, group: list[NamedDisease]) -> Stretched:
    _share(sentence, group)
    germs = [item for item in group if item.id in ANY_GERM]
    if len({item.id for item in germs}) > 1 and len(germs) == len(group):
        joined = group[-1]
        joined.before = " ".join(item.before for item in group)
        joined.id = "infection"
        node = node_of(sentence, joined)
        return Stretched(group[0].start, joined.end, node)
    return Stretched(group[0].start, group[-1].end, any_of(_together(sentence, group)))


def _share(sentence: Sentence, group: list[NamedDisease]) -> None:
    """A "history of" holds for the whole list; a word that narrows the first may narrow those that follow."""
    for named, other in itertools.pairwise(group):
        if named.id == other.id and named.grade is None and other.grade is not None:
            # "Hearing impairment/tinnitus of grade 2": two names of one thing.
            named.grade = other.grade
    _dated(sentence, group)
    history, narrow = "", ""
    for item in group:
        own = f"{item.before} {item.name} {item.after}"
        stated = states_itself(sentence, item.id)
        past = words.HISTORY.search(own) and not words.HAD_ACTIVE.search(own)
        history = history or ("history" if past else "")
        item.before = f"{item.before} {history}"
        if (
            stated
            or words.UNCONTROLLED.search(own)
            or words.HARD.search(own)
            or words.SEVERE.search(own)
            or words.SYMPTOMATIC.search(own)
        ):
            # "Uncontrolled hypertension" is a name of its own; its first word may narrow what follows all the same.
            word = words.UNCONTROLLED.search(item.name) if stated else None
            narrow = word[0] if word else "" if stated else f"{item.before} {item.after}"
        elif narrow and item is not group[0] and words.HISTORY.search(own):
            # "Uncontrolled hypertension, history of heart failure": the second has its own words.
            narrow = ""
        elif narrow and not (_is_event(sentence, item.id) and words.SYMPTOMATIC.search(narrow)):
            item.shared = narrow
    ontology = sentence.knowledge.conditions
    first = f"{group[0].before} {group[0].name} {group[0].after}"
    one = words.HISTORY.search(first) is not None or all(
        (known := ontology.conditions.get(item.id)) is not None and known.course == "event" for item in group
    )
    _tightened(sentence, group)
    days: int | None = None
    bound: NamedDisease | None = None
    for item in reversed(group):
        if bound is not None and ";" in sentence.text[item.end : bound.start]:
            # What stands behind a semicolon is an entry of its own.
            days, bound = None, None
        if item.days is not None:
            days, bound = item.days, item
        elif days is not None and bound is not None:
            if "any" in bound.before.split() and item.grade is not None:
                # "Bleeding of grade 3, or any bleeding within a month": the time is of the second.
                continue
            twice = item.id == bound.id and item.grade == bound.grade and len(group) == _PAIR
            ends = bound is group[-1] or group[-1].days is not None or _closed(sentence, group, bound)
            # "History of A, as well as B, C, or D within six months": a list of its own may begin there.
            ends = ends and "as well as" not in sentence.text[item.end : bound.start]
            if (twice or (one and ends and item.id != bound.id)) and "any" not in bound.before.split():
                # "History of A or B within six months": the time is that of the history; not so where C follows it.
                item.days = days
            else:
                item.extra.append((node_of(sentence, replace(item, days=days)), "it whenever it was, too"))


_LAST_OF_THEM = re.compile(r",\s*(?:and/)?or\b")
_OR_THIS = re.compile(r"\bor\b")


def _closed(sentence: Sentence, group: list[NamedDisease], bound: NamedDisease) -> bool:
    """Whether the disease with the time ends a list of its own: "A, B, or C within 6 months, and D"."""
    at = next(i for i, item in enumerate(group) if item is bound)
    between = sentence.text[group[at - 1].end : bound.start + len(bound.before)] if at else ""
    return (_LAST_OF_THEM if at > 1 else _OR_THIS).search(between) is not None


def _is_event(sentence: Sentence, identifier: str) -> bool:
    known = sentence.knowledge.conditions.conditions.get(identifier)
    return known is not None and known.course == "event"


def _tightened(sentence: Sentence, group: list[NamedDisease]) -> None:
    """A grade, or what is needed against it, behind the last disease may be meant of those of its sort before it."""
    ontology = sentence.knowledge.conditions
    last = group[-1]
    grade = None if words.GRADE.match(sentence.text, last.start) else last.grade
    if grade is None and not last.requiring and not last.after:
        return
    for item in reversed(group[:-1]):
        if (
            item.grade is not None
            or item.requiring
            or item.after
            or ";" in sentence.text[item.end : last.start]
            or not _alike(ontology, item.id, last.id)
        ):
            return
        tighter = replace(item, grade=grade, extra=[])
        if not states_itself(sentence, item.id) and ontology.conditions[item.id].course != "event":
            tighter.requiring, tighter.after = last.requiring, last.after
        if (node := node_of(sentence, tighter)) != node_of(sentence, replace(item, extra=[])):
            item.extra.append((node, "it whatever its grade and treatment, too"))


def _alike(ontology: ConditionOntology, one: str, other: str) -> bool:
    """Whether two diseases are of one sort, so that what is said of the second may be said of the first."""
    first, second = (ontology.conditions.get(name) for name in (one, other))
    if first is None or second is None or one == other:
        return False
    sorts = [_CIRCULATION if row.group in _CIRCULATION else {row.group} for row in (first, second)]
    return sorts[0] == sorts[1] or {first.course, second.course} <= {"symptom", "episode"}


SCANNERS = (
    Scanner(
        "comorbidity.staged",
        ("stage", "stages"),
        _staged,
        priority=9,
        texts=(
            ("No stage 4 or 5 chronic kidney disease", {"comorbidity": {"any_of": ["chronic_renal_failure"]}}),
            ("Stage IV breast cancer", None),
        ),
    ),
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
                "At least 3 months since prior stroke or myocardial infarction",
                {"not": {"cardiac_history": {"any_of": ["stroke", "myocardial_infarction"], "within_days": 90}}},
            ),
            (
                "No recent (within 3 months) stroke",
                {"cardiac_history": {"any_of": ["stroke"], "within_days": 90}},
            ),
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
