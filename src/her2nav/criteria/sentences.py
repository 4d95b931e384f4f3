"""Items cut into sentences, and sentences read by the rules."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from her2nav.criteria.alternatives import apart, types_of
from her2nav.criteria.compose import compose
from her2nav.criteria.framing import framed, says_nothing
from her2nav.criteria.links import links
from her2nav.criteria.points import without_points
from her2nav.criteria.readings import Reading, choose
from her2nav.criteria.reasons import without_corrections, without_reasons
from her2nav.criteria.subjects import of_things
from her2nav.kinds.reading.base import Section, Sentence
from her2nav.kinds.reading.rules import RuleSet
from her2nav.knowledge.load import Knowledge
from her2nav.language.sought import Sought
from her2nav.language.view import View
from her2nav.model.tree import Node

_STOP = (
    r"[.;](?:(?<=[a-z0-9)\]%][.;])\s+(?=[a-z0-9(*])"
    r"|(?<=[a-z)]{4}\.)(?=(?:adequately|participants?|patients?|subjects?|however|note|women|any|the|this|these|prior|previous|for (?:the )?[a-z]+ only)\b)"
    r"|(?<=[a-z]{3}\.)\d{1,2}\s+(?=(?:patients|participants|subjects|women|men)\b))"
)
"""A sign ends the sentence."""
_END = re.compile(_STOP)
_END_OR_WORD = re.compile(
    rf"{_STOP}|(?<=[a-z0-9)\]%])\s+(?=note ?: )|(?<=[a-z0-9)\]%])(?<!be)(?<!is)(?<!are)(?<!and)(?<!or)(?<!must)(?<!known)(?<!who)(?<!test)(?<!tested)(?<!with)(?<!not)(?<!no)(?<!of)(?<!patients)(?<!participants)(?<!subjects)(?<!documented)(?<!confirmed)(?<!currently)(?<!for)(?<!if)(?<!either)(?<!have)\s+(?=hiv[ -]negative\W*\Z)"
    r"|(?:(?<=\dg/dl)|(?<= g/dl)|(?<=mg/dl)|(?<=0/l)|(?<=9/l)|(?<=mm3)|(?<=/ul)|(?<= uln)|(?<=/min))\s+(?=(?:patients|participants|subjects) may )"
    r"|(?<=[a-z0-9)])(?<!prior)(?<!previous)(?<!concurrent)(?<!concomitant)(?<!adjuvant)(?<!systemic)(?<!current)(?<!and)(?<!or)(?<!for)(?<!of)(?<!any)(?<!with)\s+(?=(?:biologic therapy|chemotherapy|endocrine therapy|radiotherapy): )"
)
"""Words may begin another sentence as well."""
_BEGINNERS = ("note", "hiv", "therapy: ", " may ")
"""Of which one stands in every match of such words."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|no|dr|st|incl|resp|et al|etc|ca|max|min|wk|yr|mo|hr)\.|(?<!\bor )(?<!\band )(?<!/)(?<!hepatitis )(?<!class )\b[a-z]\.)$"
)


_GOES_ON = re.compile(
    r"\(?(?:in|for|if) (?:case of )?(?:the )?(?:(?:patients?|participants?|subjects?|those) (?:with|who have) )?(?:known |documented )*(?:liver|hepatic|bone(?=[ -]*(?:or |and/or |and )?(?:metasta|involve|liver|hepatic))|gilbert)"
    r"|or (?:≤|<|up to) ?\d[^;]{0,80}\b(?:gilbert|liver|hepatic)"
    r"|(?:patients?|participants?|subjects?|those) (?:with|who have) (?:(?:an?|known|documented|history|evidence|of) )*(?:liver|hepatic|gilbert)[^.;]{0,60}\b(?:must|should|may|can) (?:have|be)\b[^.;]{0,60}(?:≤|<|up to|no (?:more|greater|higher) than) ?\d"
    r"|(?:patients?|participants?|subjects?|those) (?:with|who have) (?:(?:an?|known|documented|history|evidence|of) )*(?:liver|hepatic|gilbert)[^.;:]{0,40}: ?(?:≤|<|up to) ?\d"
)
"""A sentence that relaxes the limit of the one before for some patients belongs to it."""


_EXCEPTIONS_ARE = re.compile(
    r"(?:the (?:only )?)?exceptions?(?: (?:are|is|include|includes|to this (?:are|include)))?\s*:?\s*(?=[a-z≤<])"
)
_RECOVERY = re.compile(
    r"\b(?:recover|resol|toxicit|adverse (?:events?|effects?|reactions?)|side[- ]effects?)[^;]{0,260}\bgrades?\b"
)
"""Which side effects are let in may be told in a sentence of its own, behind the grade to which all must come down."""
_EXCEPTS = re.compile(r"(?:unless|except(?:ing)?|with the exception of|provided that|however,? if) ")
"""Behind a semicolon: an exception to what stands before it."""
_FIRST_EXCEPTION = re.compile(r"\b(?:unless|except(?: (?:if|when|where))?)\W+(?:a|1|i)\)")
_COUNTED = re.compile(r"(?:(?:and|or) )?\(?(?:[b-e]|[2-5]|ii|iii)\)")
"""The next of several numbered exceptions: "unless (a) it was not indicated; and (b) …"."""
_EXAMPLES_ARE = re.compile(r"\W*examples? (?:are|is|include|includes)\b")
"""Examples of what a demand says ask nothing more."""


_NO_FINDING = r"(?!\b(?:history|positive|known|active|prior|evidence|uncontrolled|has|have|had|must|infected|infections?(?! test))\b)"
_ASIDE = Sought(
    rf"^\W*(?:note\W*)?(?:no (?:{_NO_FINDING}[\w ,/-]){{0,90}}\btest(?:ing|s)?\b[\w ,]{{0,30}}|(?:{_NO_FINDING}[\w ,/-]){{0,160}}\btest(?:ing|s)? (?:(?:is|are) (?:not|no longer)|will (?:not|no longer) be) )(?:required|mandatory|necessary|needed)\b[^.;]{{0,120}}$"
)
"""That a test need not be done says nothing about the patient."""


@dataclass(frozen=True)
class Stretch:
    """A sentence of an item with the way back to the registry's text."""

    view: View
    own: int = 0
    """Where its own words begin, behind those it takes over from a header."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span; of one that begins in the header and ends in its own words, the own part."""
        if start < self.own < end:
            start = self.own
        return self.view.span(start, end)


_EXCEPTED_LIST = re.compile(
    r"\b(?:other than|except(?:ing|ions?)?(?: (?:for|of|are|is|include))?|excluding|with the exclusion of|apart from|aside from)\s?:[^.;:()]{2,110}(?:;[^.;:()]{2,110})+(?=[.\s)]*\Z)"
)
"""What is let in, behind a colon: its semicolons part the entries, not sentences."""


def sentences(view: View) -> list[View]:
    """Cut at full stops and semicolons that end a sentence."""
    if ";" in view.text and (listed := _EXCEPTED_LIST.search(view.text)):
        first, last = listed.span()
        joined = view.text[first:last].replace(";", ",")
        view = replace(view, text=view.text[:first] + joined + view.text[last:])
    cuts = [0]
    ends = _END_OR_WORD if any([word in view.text for word in _BEGINNERS]) else _END  # noqa: C419 - a list is made faster
    for found in ends.finditer(view.text):
        before = view.text[: found.start() + 1]
        if before.endswith(".") and _ABBREVIATION.search(before[-12:]):
            continue
        if _GOES_ON.match(view.text, found.end()):
            continue
        if _EXCEPTIONS_ARE.match(view.text, found.end()) and _RECOVERY.search(before[cuts[-1] :]):
            continue
        if view.text[found.start()] == ";" and (
            _EXCEPTS.match(view.text, found.end())
            or (_COUNTED.match(view.text, found.end()) and _FIRST_EXCEPTION.search(before[cuts[-1] :]))
        ):
            continue
        if before.count("(") > before.count(")") and _closes(view.text, found.end()):
            continue
        cuts.append(found.end())
    cuts.append(len(view.text))
    return [part(view, a, b) for a, b in itertools.pairwise(cuts) if view.text[a:b].strip()]


def _closes(text: str, at: int) -> bool:
    """Whether a bracket that is open at a place closes behind it."""
    depth = 0
    for sign in _BRACKET.finditer(text, at):
        depth += 1 if sign[0] == "(" else -1
        if depth < 0:
            return True
    return False


def part(view: View, start: int, end: int) -> View:
    """Return a stretch of a view as a view."""
    pieces = []
    for at, origin, size in view.pieces:
        first, last = max(at, start), min(at + size, end)
        if first < last:
            pieces.append((first - start, origin + first - at, last - first))
    return View(view.text[start:end], tuple(pieces) or ((0, view.original(start), end - start),))


_BRACKET = re.compile(r"[()]")
_EXCEPTED = re.compile(r"\b(?:except(?:ing|ions?)?|other than|excluding|apart from)\b")
"""Behind it stands what is not meant, which says nothing of the rest of the sentence."""
_NAME = re.compile(r"[\ue000-\uf8ff]")
"""Part of a name that the dictionary found."""
_CONTENT = frozenset({"ecog", "karnofsky", "variable", "lvef", "qtc", "tumour", "her2", "regimen"})
"""Names that a sentence on consent alone does not hold."""


def _says_more(sentence: Sentence) -> bool:
    return any(term.category in _CONTENT for hit in sentence.hits for term in hit.terms)


class SentenceReader:
    """Reads one sentence after another for one trial."""

    def __init__(self, rules: RuleSet, knowledge: Knowledge, tumours: tuple[str, ...] = ()) -> None:
        self._rules = rules
        self._knowledge = knowledge
        self.tumours = tumours
        self._links = links(knowledge)
        self._done: dict[tuple[Stretch, Section, bool], tuple[Node | None, list[Reading]]] = {}

    def read(self, stretch: Stretch, section: Section, *, permits: bool = False) -> tuple[Node | None, list[Reading]]:
        """Return the positive proposition of a sentence and what it rests on; None where it states nothing."""
        key = stretch, section, permits
        done = self._done.get(key)
        if done is None:
            # Lists are looked at more than once, to see what belongs together.
            done = self._done[key] = self._read(stretch, section, permits)
        return done

    def _read(self, stretch: Stretch, section: Section, permits: bool) -> tuple[Node | None, list[Reading]]:
        text = stretch.view.text
        # What a text may hold is known for the whole of it: without its full stop it would be looked for anew.
        if (_ASIDE.possible(text) and _ASIDE.expression.match(text.rstrip(" ."))) or says_nothing(text):
            return None, []
        if section == "inclusion" and _EXAMPLES_ARE.match(stretch.view.text):
            return None, []
        sentence = self._sentence(stretch, section, permits=permits)
        masked = sentence.masked
        readings = choose(self._made(sentence))
        whole = next((reading for reading in readings if reading.whole), None)
        if (
            whole is not None
            and all(reading.whole for reading in readings)
            and not _says_more(sentence)
            and _EXCEPTED.search(masked, 0, whole.start) is None
        ):
            readings = [Reading(0, len(masked), whole.node, whole.rule)]
        readings = without_corrections(sentence.text, without_reasons(sentence.text, readings))
        words = without_points(framed(sentence, readings))
        if section == "inclusion" and not permits:
            readings = of_things(words, readings, stretch.span)
        node = compose(words, readings, section, stretch.span, links=self._links)
        return node, readings

    def takes_only(self, types: Sequence[str]) -> bool:
        """Return whether all that the trial takes, as its record says, lies within tumour types."""
        ontology = self._knowledge.tumours
        inside = {item for own in types for item in (*ontology.narrower(own), own)}
        return bool(self.tumours) and all(item in inside for item in self.tumours)

    def exclusive(self, nodes: Sequence[Node]) -> bool:
        """Return whether propositions name cancers of which some exclude each other."""
        types = [found for node in nodes if (found := types_of(node))]
        return any(apart(one, other, self._knowledge) for one, other in itertools.combinations(types, 2))

    def readings(self, stretch: Stretch, section: Section) -> list[Reading]:
        """Return everything that a rule sees in a sentence; stretches may overlap."""
        return self._made(self._sentence(stretch, section))

    def _sentence(self, stretch: Stretch, section: Section, *, permits: bool = False) -> Sentence:
        hits, masked = self._rules.dictionary.find(stretch.view.text)
        return Sentence(stretch.view.text, masked, tuple(hits), section, self._knowledge, self.tumours, permits)

    def _made(self, sentence: Sentence) -> list[Reading]:
        made = self._rules.read(sentence)
        return [
            Reading(
                *_own(sentence.text, *_outside(sentence.masked, m.start, m.end)),
                m.node,
                m.rule.id,
                m.rule.priority,
                m.rule.whole,
            )
            for m in made
        ]


def _outside(masked: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without words in front that stand in a bracket which closes within it, where they name nothing."""
    if masked.find(")", start, end) < 0:
        # A bracket that closes behind it opens in front of it.
        return (start + 1 if masked.startswith("(", start) and end - start > 1 else start), end
    depth = 0
    for bracket in _BRACKET.finditer(masked, start, end):
        depth += 1 if bracket[0] == "(" else -1
        if depth < 0:
            at = bracket.start()
            if _NAME.search(masked, start, at) is None and _NAME.search(masked, at, end) is not None:
                rest = masked[at + 1 : end]
                return at + 1 + len(rest) - len(rest.lstrip(" ,;")), end
            break
    return start, end


_JOINT_LAST = re.compile(
    r"[ ,]+(?:and/or|or|and)(?: (?:any|women|men|females|males|patients|subjects|participants|individuals|those))?(?: (?:are|is|be|been|have|has|had|who|that|with|to|currently|previously|prior|earlier))*[ ,]*\Z"
)


_JOINING = (
    "women",
    "men",
    "males",
    "patients",
    "subjects",
    "participants",
    "individuals",
    "those",
    "or",
    "and",
    "are",
    "is",
    "be",
    "been",
    "have",
    "has",
    "had",
    "who",
    "that",
    "with",
    "to",
    "currently",
    "previously",
    "prior",
    "earlier",
)


def _own(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without an "or" or "and" at its edges: these join it to what stands beside it."""
    ends = text[start:end].rstrip(" ,").endswith(_JOINING)
    if ends and (joint := _JOINT_LAST.search(text, start, end)) is not None:
        end = joint.start()
    if text.startswith((" or ", "or "), start, end):
        start = text.index("or ", start) + 3
    # A comma behind it parts it from what follows.
    return start, max(start + 1, start + len(text[start:end].rstrip(" ,")))
