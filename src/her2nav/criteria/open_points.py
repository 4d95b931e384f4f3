"""Words that no rule has read, as points that are named: another treatment, a finding, a part of the trial.

A stretch that is the name of one thing stands at its place in the tree, so that what is asked is known: whether it holds. A
person answers it, with its words. Nothing is decided that was open. A stretch whose sign or place in the sentence is not sure
stays unread, and so does one that is a sentence of its own. Where one stretch of a criterion cannot be named, none is: the
words were then cut at the wrong place. A criterion of which nothing was read stays unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from her2nav.criteria.let_through import LET_THROUGH
from her2nav.criteria.logic import WORDS, with_leaves
from her2nav.kinds.reading.base import TWO_WAYS, doubt_on, is_doubt, leaf
from her2nav.kinds.reading.open_points import FINDING, Matter, is_half, named_matter
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

_DENIES = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|unable|inability|absence|lack|free|unless|except\w*|exclud\w+|exclusion|other than|apart from|negative for|ineligible|non)\b"
)
_ENDS = re.compile(r"[.;:](?=\s)|\s{2,}(?:[-*•]|\d{1,2}[.)])\s")
_OR = re.compile(
    r"(?P<word>[\w-]+\)?)(?P<comma>,?)(?: ?/ ?| (?:and/or|or) )(?:(?:any|other|an?|the|prior|another|with|to|of) )*\Z"
)
"""In front of a stretch: what it may share its noun with ("hepatic or | renal function")."""
_ARTICLE = re.compile(r" (?:an?|any) \Z")
"""Behind "or": what begins with an article shares no noun and is a reason of its own."""
_ANCHOR = re.compile(
    r"\b(?:dose|start|initiation|completion|administration|receipt|beginning)s? (?:of|with) [^,;.]{0,60}\b(?:and|or|plus)\s*\Z|[/+]\s*\Z"
)
"""In front of what a time is counted from: it asks nobody for the drug."""
_BEHIND = re.compile(
    r"[ )\]]*(?:\w+ ?){0,2}: | - (?! )| ?[(\[] ?(?:except|other than|excluding|unless|not)\b|[^.;]{0,80}\b(?:from (?:this|the) (?:requirement|criterion|rule)|exempt)"
)
"""Behind the words of a heading; behind what a rule does not hold for."""
_DEFINES = re.compile(r"\b(?:defined (?:as|by)|meaning|namely|that is)(?: an?| the| any)?\s*\Z")
_KINDS: dict[str, frozenset[str]] = {
    "treatment": frozenset({"prior_therapy", "concomitant_medication", "washout", "planned_therapy", "lines_of_therapy", "allergy", "procedure", "immune"}),
    "procedure": frozenset({"procedure", "prior_therapy", "immune", "gastrointestinal", "cardiac_history", "washout"}),
    FINDING: frozenset({"comorbidity", "cardiac_history", "infection", "bleeding_thrombosis", "lung_disease", "ild", "gastrointestinal", "peripheral_neuropathy", "immune", "eye_disease", "viral_infection", "allergy", "toxicity_recovery", "pregnancy", "cns_metastases", "leptomeningeal_disease"}),
    "cancer": frozenset({"tumour_type", "cns_metastases", "leptomeningeal_disease", "metastatic_site", "disease_setting", "second_malignancy", "measurable_disease", "visceral_crisis", "disease_progression", "prior_therapy"}),
    "marker": frozenset({"gene_status", "her2_status", "her2_mutation", "her2_amplification", "other_biomarker", "other_driver", "hormone_receptor", "msi_mmr", "pd_l1"}),
    "test": frozenset({"lab_value", "tissue_available", "lvef", "qtc", "measurable_disease", "her2_status"}),
    "exposure": frozenset({"concomitant_medication"}),
}  # fmt: skip
"""Matters that can be an alternative by themselves, and the kinds beside which they stand as one: a list is of like things."""
_ALLOWS = re.compile(
    r"\b(?:allowed|permitted|(?:is|are|be) (?:acceptable|allowable)|permissible|may (?:also )?(?:be (?:used|given|continued|enrolled|included)|continue|receive|have|participate|enrol+)|(?<!be )(?<!not )eligible|not (?:be )?excluded|(?:is|are) not (?:an? |considered )*(?:exclusions?|exclusionary|exclusion criteri(?:on|a)|(?:reasons?|grounds) for (?:trial |study )?exclusion))\b"
)
_FORBIDS = re.compile(
    r"\b(?:(?:not|no|never|neither|nor) (?:\w+ ){0,3}(?:allowed|permitted|acceptable|allowable|permissible|eligible|receive|have)|ineligible|(?<!not )(?<!not be )excluded|prohibited|must not|should not|no longer|only (?:if|when|in))\b"
)
_BEGINS = re.compile(_ENDS.pattern + r"|,? \b(?:however|although|but|note)\b[:,]?(?=\s)|\(")
_LIMITS = re.compile(
    r"\A\W*no\b|\b(?:no|not) (?:more|fewer|less|greater) than\b|\bat most\b|\bmaximum\b|(?<!but )(?<!and )(?<!they )(?<!that )(?<!which )\b(?:must|shall|should|has to|have to)\b"
)
"""Words by which a sentence that allows something demands something of everybody."""
_CLAUSE_END = re.compile(r"\s*(?:[.;)\]]|\Z|\n|[(\[](?:e\.?g|i\.?e|such as|including))")
_OWN_DENIAL = re.compile(
    r"\W*(?:(?:however|and|the|any|patients?|participants?|subjects?|women|individuals?)\b[\s,]*)*(?:(?:may|must|should|can) not\b|no (?:prior|previous|concurrent|ongoing|known|active|current|evidence|history|other)\b)"
)
_CLAUSE_FRONT = re.compile(r"(?<=\w)[ )\]]+(?:that|which|whose) \Z")
ABSENT = "whether what must be absent is absent"
_SAYS_WHICH = re.compile(
    r"(?:(?:consist|compris|contain|target|inhibit|block|carr|bind|act|requir|involv|affect)(?:e|es|s|y|ies|ed)?|mechanism of action is)\b"
)
WHICH = "which of them the trial means"
_SENTENCE_FRONT = re.compile(
    r"(?:\A|[.;:(\[]|\s[-*•])\s*(?:(?:however|note|notes|but|although|and|a|an|the|any|patients?|participants?|subjects?|women|those|with|who|have|has|had|use of|prior|previous|concurrent|only|in addition)\b[\s,:]*)*\Z"
)
_OF_PERMISSION = 320
"""Characters of a sentence that allows something."""
ALLOWED = "what the trial allows"
MEANT = "what the trial means by its words"
_MEANS = re.compile(
    r"\A(?:\W|note\b)*(?:(?:an?|the|prior|adjuvant|chemotherapy|hormone|endocrine) )*[\w -]{3,50}? (?:is|are|was|were|will be) (?:defined|considered|regarded|understood|interpreted|counted)\b"
)
_DEMANDS = re.compile(
    r"\b(?:must|should|shall|required?|eligible|ineligible|exclu\w+|allowed|permitted|acceptable|unless|except\w*|however|only|may|agree\w*)\b"
)
_SENTENCE_END = re.compile(r"[)\]]?\s*(?:[.;]|\Z|\s{2,}|\n)")
GIVEN_FOR = "whether a treatment was given for what else the trial names"
_GIVEN_FOR = re.compile(r"\bfor (?:the )?(?:[\w/-]+ ){0,3}(?:or|and/or) (?:an? |the )?\Z")
_JUDGED = re.compile(r"\b(?:judged|deemed|considered|thought|felt)\b[^.;:]{0,60}\bto be \Z")
EXCEPTED = "whether what the trial excepts applies"
_EXCEPTING = re.compile(
    r"\b(?:unless|(?:with the )?exceptions? (?:of|for)|except(?:ing)?(?: for)?|excluding|other than|apart from|besides)\b"
)
_TURNS = re.compile(r"[.;] |\b(?:unless|except\w*|excluding|however|but|not (?:be )?(?:allowed|permitted|eligible))\b")
"""Words by which an exception says more than whom it lets in."""
_IF = re.compile(r"\b(?:if|in case)\b")
_OF_EXCEPTION = 90
_MOST = 3
"""Stretches of one criterion: where there are more, the reader has not seen how the words hang together."""
_ILL = re.compile(r"\b(?:symptomatic|uncontrolled|unstable)\b")
_OF_SOME = re.compile(
    r"\b(?:patients?|participants?|subjects?|women|men|those|individuals?) (?:with|who|on|in|receiving)\b[^.;:]*\Z"
)
_MUST = re.compile(r"[^.;:]{0,60}\b(?:must|should|need|are required|has to|have to|will)\b")
_NARROWS = frozenset({"place", "state"})
"""Matters that say more of the last entry of a list, or of each: which one, is not sure."""


def named(criterion: Criterion, plain: str, knowledge: Knowledge) -> Criterion:
    """Return a criterion in which each unread stretch that names one thing is a point for a person.

    Args:
        criterion: As it was read.
        plain: The plain text.
        knowledge: The vocabularies.
    """
    if criterion.span is None:
        return criterion
    inner = list(leaves(criterion.node))
    if not any(item.kind == "unread" and item.span for item in inner):
        return criterion
    if all(item.kind == "unread" for item in inner):
        return _alone(criterion, plain, knowledge) if len(inner) == 1 else criterion
    namer = _Namer(plain, criterion, knowledge)
    namer.look(criterion.node, 0, ())
    if namer.unnamed:
        return criterion
    return replace(criterion, node=namer.with_topics(criterion.node))


def _alone(criterion: Criterion, plain: str, knowledge: Knowledge) -> Criterion:
    """Return a criterion that is one name and nothing else as a point: a reason to exclude, or what must be absent.

    What an inclusion asks for is left: headings and entries of lists look like it.
    """
    item = next(leaves(criterion.node))
    if criterion.span is None or item.span is None or criterion.role is not Role.DECIDES or item.rule != WORDS:
        return criterion
    whole = plain[slice(*criterion.span)]
    front = _FRONT.match(whole)
    if front is None or whole.rstrip().endswith(":"):
        return criterion
    rest = next((found for found in _REST.finditer(whole, front.end()) if found.end() == len(whole)), None)
    shuts_out = criterion.section == "exclusion"
    if bool(front["denial"]) is shuts_out or shuts_out is not isinstance(criterion.node, Not):
        return criterion
    words = whole[front.end() : rest.start() if rest is not None else len(whole)]
    name = _EXAMPLES_BEHIND.sub("", words)
    found = named_matter(name, knowledge)
    if len(name.split()) < 2 and _NAMED_AS.search(front[0]) is None:
        return criterion
    if found is None or found.id not in _KINDS or _LET_IN.search(words) is not None:
        return criterion
    if found.id != FINDING and any(hit.ids("drug") for hit in dictionary(knowledge).find(name)[0]):
        return criterion  # of drugs that the vocabulary holds more is known
    point = Leaf("judgement", leaf("judgement", topic=found.topic).params, item.span, item.text, item.rule)
    return replace(criterion, node=Not(point))


_FRONT = re.compile(
    r"[\s*•.,:()\d-]*(?:(?:(?P<denial>no|without|absence of|do not have|must not have|should not have|have not had|has not had)|"
    r"the|any|all|an?|patients?|participants?|subjects?|individuals?|women|who|with|has|have|had|having|is|are|received|receiving|prior|previous|previously|history|of|known|evidence|presence|diagnosis|current|currently|concurrent|concomitant|ongoing|other|recent|on|use of|treatment with|that|taking|experienced|undergone|underwent)[\s,/]+)*"
)
"""Words in front of a name that ask nothing more."""
_REST = re.compile(
    r"[\s.;,)]*(?:(?:prior to|before|at|within|of) (?:the )?(?:(?:start|initiation|beginning|first dose|day of the first dose) of )?(?:the )?(?:study(?: (?:entry|enrol+ment|registration|treatment|therapy|drugs?|medication|intervention))?|protocol (?:treatment|therapy)|trial|entry|enrol+ment|registration|randomi[sz]ation|screening|inclusion|baseline)[\s.;,]*)?"
)
_NAMED_AS = re.compile(r"\b(?:diagnosis|history) of\b")
"""In front of what is a name though it is one word."""
_EXAMPLES_BEHIND = re.compile(r" ?[(\[](?:e\.?g|i\.?e|such as|for example|including)\b[^()\[\]]*(?:[)\]]|\Z)")
"""Examples in brackets: they say no more than the name in front of them."""
_LET_IN = re.compile(
    r"\b(?:in[- ]situ|skin|basal|curative\w*|cervi\w+|superficial|dcis|lcis|adequate\w*|normal|at least|resected)\b|(?<!grade )[≥≤<>]"
)
"""What is let in more often than shut out: the entry of a list of exceptions that lost its heading."""


def only_allows(sentence: str) -> bool:
    """Whether a plain sentence allows something and neither forbids nor limits anything.

    >>> only_allows("prior endocrine therapy is allowed"), only_allows("no prior endocrine therapy is allowed")
    (True, False)
    """
    return (
        _ALLOWS.search(sentence) is not None
        and _FORBIDS.search(sentence) is None
        and _LIMITS.search(sentence) is None
        and _BUT.search(sentence) is None
    )


_BUT = re.compile(r"\b(?:only|provided|providing|while|as long as|if|when|unless|no more|not more|up to|less than|fewer than|one (?:prior |previous )?(?:line|chemo\w*|regimen)|not required|optional)\b|[<>≥≤]")  # fmt: skip
"""Words of a permission that make a condition, or that may limit everybody."""


@dataclass
class _Namer:
    """Names the unread stretches of one criterion.

    Attributes:
        unnamed: A stretch names nothing, or there are too many: what the others name is not asked any more.
    """

    plain: str
    criterion: Criterion
    knowledge: Knowledge
    unnamed: bool = False
    topics: dict[tuple[int, int], str] = field(default_factory=dict)
    freed: dict[int, str] = field(default_factory=dict)

    def look(
        self, node: Node, denied: int, beside: tuple[Node, ...], *, either: bool = False, lets_in: bool = False
    ) -> None:
        """Find what each unread stretch names.

        Args:
            node: A part of the tree.
            denied: How many denials stand above it.
            beside: The other parts of what it is a part of.
            either: Of these one suffices.
            lets_in: Where it holds, or does not, somebody is let in whom its neighbours shut out.
        """
        if self.unnamed:
            return
        match node:
            case Leaf(kind="unread", span=(start, end)) if not is_doubt(node):
                topic = None
                if node.params.note is None:
                    excepted = self._excepted(node, beside, either=either) if lets_in else None
                    topic = excepted or self._topic(node, denied, beside, either=either)
                if topic is not None:
                    self.topics[start, end] = topic
                self.unnamed = topic is None or len(self.topics) > _MOST
            case Not(part=part):
                self.look(part, denied + 1, beside, either=either, lets_in=lets_in) if lets_in else self.look(
                    part, denied + 1, ()
                )
            case When(when=when, then=then):
                self.look(when, denied, ())
                self.look(then, denied, ())
            case AllOf(parts=parts) | AtLeast(parts=parts) | AnyOf(parts=parts):
                for part in parts:
                    if isinstance(node, AnyOf) and denied % 2 == 0 and self._is_permission(part):
                        continue
                    others = tuple(one for one in parts if one is not part)
                    either = isinstance(node, AnyOf)
                    lets_in = bool(others) and either is not bool(denied % 2)
                    self.look(part, denied, others, either=either, lets_in=lets_in)

    def with_topics(self, node: Node) -> Node:
        """Return the tree with each stretch as a point."""
        if id(node) in self.freed:
            said = Leaf("judgement", leaf("judgement", topic=self.freed[id(node)]).params, node.span)
            whom = Leaf("judgement", leaf("judgement", topic=str(doubt_on(LET_THROUGH).params.note)).params)
            return with_leaves(
                node, lambda one, _: one if one.kind != "unread" else whom if _is_two_ways(one) else said
            )
        match node:
            case Leaf(kind="unread", span=(start, end)) if not is_doubt(node):
                topic = self.topics[start, end]
                return Leaf("judgement", leaf("judgement", topic=topic).params, node.span, node.text, node.rule)
            case Not(part=part):
                return replace(node, part=self.with_topics(part))
            case When(when=when, then=then):
                return replace(node, when=self.with_topics(when), then=self.with_topics(then))
            case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
                return replace(node, parts=tuple(map(self.with_topics, parts)))
        return node

    def _topic(self, item: Leaf, denied: int, beside: tuple[Node, ...], *, either: bool) -> str | None:
        assert self.criterion.span is not None
        assert item.span is not None
        start, end = item.span
        before = self.plain[self.criterion.span[0] : start]
        if (allowed := self._allowed(before, start, end)) is not None:
            return f"{ALLOWED} ({allowed})"
        if (meant := self._meant(before, start, end)) is not None:
            return f"{MEANT} ({meant})"
        if item.rule != WORDS:
            return None
        if self._shares_bracket(before, end):
            return None
        cuts = list(_ENDS.finditer(before))
        before = before[cuts[-1].end() :] if cuts else before
        absent = bool(self._base) and not denied and _OWN_DENIAL.match(before) is not None
        if not (absent or self._has_sign(before, denied)) or self.plain[end - 1] == ":":
            return None
        if either and _DEFINES.search(before) is not None:
            return None  # what a word means is no alternative to it
        if _ANCHOR.search(before) is not None or _BEHIND.match(self.plain, end) is not None:
            return None
        if not either and beside and self._base and denied and (sort := self._clause(before, start, end)) is not None:
            return f"{WHICH} ({sort})"
        found = named_matter(self.plain[start:end], self.knowledge)
        if found is None:
            return None
        joined = _OR.search(before)
        if absent:
            words = " ".join(self.plain[start:end].split())
            sure = joined is None and len(_DENIES.findall(before)) == 1 and found.id in _KINDS
            return f"{ABSENT} ({words})" if sure else None
        if either and joined is not None and found.id == "cancer" and _GIVEN_FOR.search(before) is not None:
            given = any(one.kind == "prior_therapy" for node in beside for one in leaves(node))
            return f"{GIVEN_FOR} ({' '.join(self.plain[start:end].split())})" if given else None
        if either:
            half = joined is not None and not joined["comma"] and is_half(joined["word"], self.knowledge)
            own = joined is not None and _ARTICLE.search(joined[0]) is not None and found.id in _KINDS
            fits = not half and (_is_like(found.id, beside) or (own and bool(self._base)))
        else:
            listed = (
                found.id in _NARROWS and any(isinstance(one, AnyOf) for one in beside) and not _JUDGED.search(before)
            )
            fits = joined is None and not listed and not self._is_wished(found, before, end, denied)
        return found.topic if fits else None

    def _allowed(self, before: str, start: int, end: int) -> str | None:
        """Return the words of a stretch that only allows something: a sentence or a bracket of its own.

        Whom it lets in a person sees; it makes no demand on anybody else.
        """
        said = " ".join(self.plain[start:end].split()).strip(" .,;()[]*-")
        behind = re.split(r"[.;)\]]", self.plain[end : end + 60])[0]
        if (
            self.criterion.role is Role.PERMITS
            or not said
            or len(said) > _OF_PERMISSION
            or self.plain[end - 1] == ":"
            or behind.strip().startswith(":")
        ):
            return None
        if _FORBIDS.search(f"{said} {behind}") is not None or _LIMITS.search(said) is not None:
            return None
        at = _ALLOWS.search(f"{said} {behind}")
        if at is None or at.start() > len(said) + 20 or _SENTENCE_FRONT.search(before) is None:
            return None
        return said if at.start() < len(said) else f"{said} {' '.join(behind[: at.end() - len(said)].split())}"

    def _is_permission(self, node: Node) -> bool:
        """Whether an alternative is a sentence that only allows something and was read in part: remember its words.

        Its truth stays: what is asked of those whom it names is a point, as is whether it names those who are shut out.
        """
        if not isinstance(node, AllOf) or not any(_is_two_ways(part) for part in node.parts):
            return False
        spans = [one.span for one in leaves(node) if one.span is not None]
        if not spans or self.criterion.span is None:
            return False
        (first, last), begin = self.criterion.span, min(one[0] for one in spans)
        close = _end_of_clause(self.plain, begin, last)
        cuts = [cut.end() for cut in _BEGINS.finditer(self.plain, first, begin)]
        begin = cuts[-1] if cuts else first
        said = " ".join(self.plain[begin:close].split()).strip(" .,;*-")
        if max(one[1] for one in spans) > close or len(said) > _OF_PERMISSION:
            return False
        if _ALLOWS.search(said) is None or _FORBIDS.search(said) or _LIMITS.search(said):
            return False
        self.freed[id(node)] = f"{ALLOWED} ({said})"
        return True

    def _clause(self, before: str, start: int, end: int) -> str | None:
        """Return a clause that narrows what is shut out, to the end of its sentence: "… that consists of a zorble"."""
        front = _CLAUSE_FRONT.search(before)
        says = front is not None and _SAYS_WHICH.match(self.plain, start) is not None
        if front is None or not says or _CLAUSE_END.match(self.plain, end) is None:
            return None
        said = " ".join(f"{front[0].strip(' )]')} {self.plain[start:end]}".split()).strip(" .,;*-")
        return said if len(said) <= _OF_EXCEPTION and _TURNS.search(said) is None else None

    def _meant(self, before: str, start: int, end: int) -> str | None:
        """Return the words of a sentence that says what a word means, and demands nothing."""
        said = " ".join(self.plain[start:end].split()).strip(" .,;*-")
        front = before.rstrip()[-1:]
        whole = front in ("", ".", ";", "(", "*", ":") and (
            end >= len(self.plain) or _SENTENCE_END.match(self.plain, end) is not None
        )
        defines = whole and len(said) <= _OF_PERMISSION and _MEANS.search(said) is not None
        return said if defines and _DEMANDS.search(said) is None else None

    def _excepted(self, item: Leaf, beside: tuple[Node, ...], *, either: bool) -> str | None:
        """Return what is asked of a stretch that is a whole exception: it lets somebody in, and shuts out nobody."""
        assert self.criterion.span is not None
        assert item.span is not None
        (first, last), (start, end) = self.criterion.span, item.span
        words = list(_EXCEPTING.finditer(self.plain, max(first, start - _OF_EXCEPTION), start))
        if not words or (either and (len(beside) > 1 or not (isinstance(beside[0], Not) or words[-1][0] == "unless"))):
            return None
        begin, close = words[-1].end(), _end_of_clause(self.plain, words[-1].end(), last)
        inside = [one.span for one in leaves(self.criterion.node) if one.span and one.span != item.span]
        if end > close or any(one[0] < close and one[1] > words[-1].start() for one in inside):
            return None  # a part of it was read
        sentence = [cut.end() for cut in _ENDS.finditer(self.plain, first, start)]
        if _IF.search(self.plain, sentence[-1] if sentence else first, words[-1].start()) is not None:
            return None  # what it is an exception from is asked of some alone
        said = " ".join(self.plain[begin:close].split()).strip(" .,;*-")
        return None if len(said) > _OF_PERMISSION or _TURNS.search(said) else f"{EXCEPTED} ({said})"

    def _is_wished(self, found: Matter, before: str, end: int, denied: int) -> bool:
        """Whether an illness would be demanded, or who is spoken of: "patients with X must have Y" asks nobody for X."""
        if self._base or denied or self.criterion.role is not Role.DECIDES:
            return False
        of_some = _OF_SOME.search(before) is not None and _MUST.match(self.plain, end) is not None
        return of_some or found.id == FINDING or _ILL.search(found.topic) is not None

    @property
    def _base(self) -> int:
        """How many denials the section makes."""
        return 1 if self.criterion.section == "exclusion" and self.criterion.role is Role.DECIDES else 0

    def _has_sign(self, before: str, denied: int) -> bool:
        """Whether a stretch is denied in the tree as often as in the text."""
        said = len(_DENIES.findall(before))
        if self._base and said and _OWN_DENIAL.match(before) is not None:
            return denied == said  # "must not have …" among reasons to exclude says itself what must be absent
        return denied - self._base in (min(said, 1), said)

    def _shares_bracket(self, before: str, end: int) -> bool:
        """Whether a stretch stands in a bracket with other words."""
        opened = before.rfind("(")
        if opened < 0 or before.count("(") <= before.count(")"):
            return False
        closed = self.plain.find(")", end)
        rest = before[opened + 1 :].strip() + self.plain[end : closed if closed >= 0 else len(self.plain)].strip()
        return _EXAMPLES.match(before, opened) is None and re.search(r"\w", rest) is not None


def _is_two_ways(node: Node) -> bool:
    return isinstance(node, Leaf) and is_doubt(node) and node.params.note == TWO_WAYS


def _end_of_clause(plain: str, start: int, last: int) -> int:
    """Return where a clause ends: at the end of its sentence or of the bracket in which it began."""
    depth = 0
    for at in range(start, last):
        depth += (plain[at] in "([") - (plain[at] in ")]")
        if depth < 0 or (depth == 0 and _ENDS.match(plain, at) is not None):
            return at
    return last


_EXAMPLES = re.compile(r"\((?:e\.?g\.?|i\.?e\.?|including|such as|for example|includes?)\b")


def _is_like(matter: str, beside: tuple[Node, ...]) -> bool:
    """Whether a matter is of the kind of what it is an alternative to."""
    like = _KINDS.get(matter, frozenset())
    kinds = {item.kind for node in beside for item in leaves(node)} - {"judgement", "unread"}
    return bool(like) and (bool(kinds & like) or (not kinds and bool(beside)))
