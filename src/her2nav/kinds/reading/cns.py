"""Brain metastases: which states a sentence lets in, with its "unless" or "if" part, as one leaf.

P of the kind is "the state is one of those accepted". A sentence that excludes states is therefore read as the negation
of what it leaves in, so that the reader's outer "not" of an exclusion gives the states back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, doubt_on, leaf
from her2nav.kinds.reading.cns_words import (
    ASKED,
    BESIDE,
    CAPTURED,
    EXCEPT,
    KNOWN,
    LEFT,
    LET_IN,
    LIST_AHEAD,
    MENTION,
    NEGATED,
    NOT_SPREAD,
    ONLY_WBRT,
    OR_NEEDS,
    RIGHT,
    STEROID,
    SUBJECT,
    TOLD,
    conditions,
    narrowing_words,
)
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

_STATES = ("none", "untreated_asymptomatic", "treated_stable", "active_or_progressing")
_PRESENT = frozenset(_STATES[1:])
_NONE, _UNTREATED, _TREATED, _ACTIVE = _STATES

_SYMPTOMS = re.compile(r"(?<!a)\bsymptom(?:atic|s)\b|\bneurologic\w* (?:symptom|deficit)")
_ACTIVITY = re.compile(
    r"(?<!not )\b(?:clinically )?active(?:ly)?\b|(?<!without )(?<!no )(?<!not )(?<!non)(?<!non-)(?<!non )\bprogress(?:ive|ing)\b|\bgrowing\b|\bnew\b|\buncontrolled\b|\bunstable\b|"
    r"\bnot (?:(?:well|adequately|sufficiently|yet|been|clinically|being|fully) )*(?:controlled|treated)\b|\b(?:poorly|inadequately|insufficiently) (?:controlled|treated)\b|\bincreasing\b|\benlarging\b|\bclinically significant\b|\bnot (?:yet )?(?:been |remained )?stable\b"
)
_EARLIER = re.compile(r"\b(?:prior|previous(?:ly)?)\b(?! (?:\w+ )?(?:treat|irradi|resect|radio|radia|surg|therap))")
"""That there were metastases before says nothing of a treatment."""
_GREW = re.compile(
    r"(?<!not )(?<!no )(?<!without )(?<!without evidence of )(?<!no evidence of )(?<!non-)(?<!non )\b(?:progressed|progression|recurred|recurren(?:t|ce)|relaps\w+)\b"
)
_NEEDS = re.compile(r"(?<!not )\b(?:requir(?:e|es|ing)|needing|in need of)\b")
_UNTREATED_WORD = re.compile(
    r"\buntreated\b(?! with (?:cortico)?steroids)|\bnot (?:been )?(?:previously )?treated\b|\bwithout (?:prior )?(?:local )?treatment\b"
)
_TREATED_WORD = re.compile(
    r"\btreated\b|\bprior(?:ly)?\b(?! to\b)|\bpreviously\b|\bdefinitive\b|\bradio(?:therapy|surgery)\b|\bradiation\b|\birradiat\w+|\bsurger(?:y|ies)\b|\bresect\w+|"
    r"\bdirected (?:therapy|treatment)|\blocal (?:therapy|treatment)|\bwbrt\b|\bsrs\b|\bcompleted\b|\bafter (?:treatment|therapy)|(?<!trial )(?<!study )(?<!protocol )(?<!investigational )\btreatment\b(?! (?:start|initiation|with study|in (?:the|this) (?:trial|study)))"
)
_STABLE = re.compile(
    r"\bstable\b|\bno changes?\b|\bcontrolled\b|\binactive\b|\bstability\b|\bno (?:evidence of )?progress|\bnot (?:\w+ )?progress|\bnon-?\s?progress|\bwithout (?:evidence of )?progress|\bstabili[sz]ed\b"
)
_ASYMPTOMATIC = re.compile(
    r"\basymptomatic\b|\bsymptoms? (?:are|is|being) (?:absent|resolved|controlled|gone)\b|\b(?:absence|resolution) of (?:\w+ ){0,2}symptom|\bclinically insignificant\b|\b(?:no|without|free of|not) (?:\w+ ){0,2}symptom|\bno longer symptomatic\b"
)
_FELT = re.compile(r"\bsymptomatic\b")
_OR_QUIET = re.compile(
    r"\btreated (?:or|and/or) (?:\w+ )?asymptomatic\b|\basymptomatic (?:or|and/or) (?:\w+[- ])?treated\b"
)
"""Metastases that may be quiet or treated."""
_BOTH = re.compile(
    r"\b(?:treated (?:or|and/or|and) untreated|untreated (?:or|and/or|and) (?:previously )?treated|symptomatic (?:or|and/or|and) asymptomatic|asymptomatic (?:or|and/or|and) symptomatic)\b|regardless"
)
_TOGETHER = re.compile(
    r"\buntreated and (?:\w+ )?symptomatic\b|\bsymptomatic (?:and )?untreated\b|\buntreated symptomatic\b"
)
_JOINING = re.compile(r"(?:[ ,;.:)/-]|\b(?:or|and|and/or)\b)*")
"""Words in front that join the metastases to something else."""
_MORE_DENIED = re.compile(r"[ ]*(?:\([^()]{0,30}\) ?)?,? ?(?:or|and ?/ ?or|nor)\b")
_DEFINED = re.compile(r" (?:are|is) (?:defined|considered|regarded)")
_DEFINES = re.compile(r"\b(?:defined as follows|(?:is|are) defined as|definition of)\b[^.;]*\Z")
"""What stands behind it says what a word means."""
_LINING = re.compile(r"mening|\blmd\b")


@dataclass(frozen=True, slots=True)
class _States:
    """States that are let in for certain, and those of which the text leaves it open."""

    sure: frozenset[str]
    maybe: frozenset[str] = frozenset()


_NO_SPREAD_BEFORE = re.compile(
    r"\b(?:significant|organic|primary|serious|major|chronic|degenerative)(?: (?:neurologic(?:al)?|medical))?[ -]*$"
)
"""Disease of the brain of its own: no spread is named."""


def _after_exclusion(words: str) -> _States:
    """What is left in where metastases that these words narrow are excluded."""
    words = _BOTH.sub(" ", words)
    symptoms, active, needs = _SYMPTOMS.search(words), _ACTIVITY.search(words), _NEEDS.search(words)
    untreated = _UNTREATED_WORD.search(words)
    if _TOGETHER.search(words):
        return _States(frozenset({_NONE, _UNTREATED, _TREATED}))
    if untreated:
        left_in = frozenset({_NONE, _TREATED})
        return _States(left_in) if symptoms or active or needs else _States(left_in, frozenset({_ACTIVE}))
    if symptoms and not active:
        # Progress without symptoms is a state of its own in life, not in the record.
        return _States(frozenset({_NONE, _UNTREATED, _TREATED}), frozenset({_ACTIVE}))
    if active or needs or symptoms:
        return _States(frozenset({_NONE, _TREATED}), frozenset({_UNTREATED}))
    return _States(frozenset({_NONE}))


_NEEDLESS = re.compile(
    r"\b(?:(?:not|no longer|no|without|never)\b (?:\w+ ){0,2}?(?:requir\w+|need\w*|in need of|(?:an? )?indications? for|indicated for|candidates? for)|(?:requir(?:es?|ing)|needs?|needing) no)\b"
    r"(?! (?:for )?(?:[\w/-]+ ){0,3}?(?:steroids?|corticosteroids?|glucocorticoids?|dexamethasone|prednis\w+|anti-?convulsants?|anti-?epileptics?|anti-?seizure|medications?)\b)"
    r"[^.;:()]{0,60}?\b(?:treatments?|therap(?:y|ies)|radiotherapy|radiation|surger(?:y|ies)|resection|interventions?|irradiation|radiosurgery|wbrt|srs)\b"
    r"(?:(?:,? (?:and|or|and/or) |/|, )(?:\w+[ -]){0,2}(?:treatments?|therap(?:y|ies)|radiotherapy|radiation|surger(?:y|ies)|resection|interventions?|irradiation|radiosurgery|wbrt|srs)\b)*"
)
"""A treatment that is not needed was not given for all that."""
_OF_STEROIDS = re.compile(
    r" (?:treatment|therapy) with (?:(?:systemic|oral|daily|chronic|high-dose) )*(?=(?:cortico)?steroids?\b|glucocorticoids?\b|dexamethasone\b|anti-?convulsants?\b|anti-?epileptics?\b)"
)
"""Treatment of the symptoms is none of the metastases."""


def _let_in(words: str, *, default: bool) -> _States | None:
    """The states that a permission, a demand on patients with metastases or an exception lets in; None: not clear."""
    words, needless = _NEEDLESS.subn(" ", _OF_STEROIDS.sub(" ", words))
    found: set[str] = set()
    maybe: set[str] = set()
    felt = _SYMPTOMS.search(words) and not _ASYMPTOMATIC.search(words)
    active = _ACTIVITY.search(words) or (felt and _FELT.search(words))
    if felt:
        # "Except for residual symptoms": whether those who have some are let in, is not said for certain.
        maybe.add(_ACTIVE)
    untreated = _UNTREATED_WORD.search(words)
    treated = _TREATED_WORD.search(_UNTREATED_WORD.sub(" ", words))
    if active and not re.search(
        r"\b(?:no|not|without|absence of)\b[^.;]{0,50}\b(?:active|progress|new|enlarging|growing|symptom)", words
    ):
        found |= {_ACTIVE, _UNTREATED, _TREATED}
    if untreated:
        found.add(_UNTREATED)
    if treated:
        found.add(_TREATED)
    if treated and _OR_QUIET.search(words):
        found.add(_UNTREATED)
    if not treated and not untreated:
        if _ASYMPTOMATIC.search(words) or (needless and not _STABLE.search(words)):
            found |= {_UNTREATED, _TREATED}
        elif _STABLE.search(words) or STEROID.search(words):
            found.add(_TREATED)
            maybe.add(_UNTREATED)
    if not found:
        return _States(frozenset(_PRESENT)) if default else None
    return _States(frozenset(found), frozenset(maybe - found))


def accepted(states: _States, **limits: object) -> Node:
    """Return the leaf of the states let in, or with the states beside it that the text leaves open."""
    sure = [state for state in _STATES if state in states.sure]
    one = leaf("cns_metastases", accepted=sure, **limits)
    if not states.maybe:
        return one
    wide = [state for state in _STATES if state in states.sure | states.maybe]
    return AnyOf((one, AllOf((leaf("cns_metastases", accepted=wide, **limits), doubt_on("these metastases too")))))


def merged(demand: Node, permitted: Node) -> Node | None:
    """Return one demand for an exclusion and the permission that follows it; None where one is of another kind."""
    if not _about_brain(permitted):
        return None
    match demand:
        case Not(part=AnyOf(parts=parts)):
            inner = [part.part if isinstance(part, Not) else Not(part) for part in parts]
        case AllOf(parts=parts):
            inner = list(parts)
        case _:
            return _merged(demand, permitted) if _about_brain(demand) else None
    if _about_brain(demand) and isinstance(demand, AllOf):
        return _merged(demand, permitted)
    brain = [part for part in inner if _about_brain(part)]
    if len(brain) != 1 or isinstance(brain[0], Not):
        return None
    return AllOf(tuple(_merged(part, permitted) if part is brain[0] else part for part in inner))


def _about_brain(node: Node) -> bool:
    kinds = {item.kind for item in leaves(node)}
    further = any(item.params == FURTHER.params for item in leaves(node) if item.kind == "judgement")
    about = {"cns_metastases", "unread", *(("judgement",) if further else ())}
    return "cns_metastases" in kinds and kinds <= about and not isinstance(node, Not)


def _merged(demand: Node, permitted: Node) -> Node:
    parts = [[item for item in leaves(node) if item.kind == "cns_metastases"] for node in (demand, permitted)]
    sets = [sorted((frozenset(item.params.accepted) for item in found), key=len) for found in parts]
    # Where metastases are asked for, a word on some of them does not let in those without any.
    always = frozenset() if _NONE in sets[0][-1] else frozenset({_NONE})
    sure = sets[0][0] | (sets[1][0] - always)
    wide = sets[0][-1] | (sets[1][-1] - always)
    limits: dict[str, object] = {}
    for found in parts:
        limits |= found[0].params.model_dump(exclude_none=True, exclude={"accepted"})
    node = accepted(_States(sure, wide - sure), **limits)
    spans = [item.span for found in parts for item in found if item.span]
    span = (min(at for at, _ in spans), max(end for _, end in spans)) if spans else None
    node = _placed(node, span, parts[0][0].rule)
    notes = [
        item
        for part in (demand, permitted)
        for item in leaves(part)
        if (item.kind == "unread" and not (isinstance(part, AnyOf) and item.params.note)) or item.kind == "judgement"
    ]
    return _beside(node, notes, sure)


def _placed(node: Node, span: tuple[int, int] | None, rule: str | None) -> Node:
    match node:
        case Leaf(kind="unread"):
            return node
        case Leaf():
            return Leaf(node.kind, node.params, span, node.text, rule)
        case AllOf(parts=parts):
            return AllOf(tuple(_placed(part, span, rule) for part in parts), span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(_placed(part, span, rule) for part in parts), span)
    return node


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    at = 0
    while (mention := MENTION.search(text, at)) is not None:
        made = _one(sentence, mention)
        if made is not None:
            yield made
        at = max(mention.end(), made.end if made is not None else 0)


_TWO_NAMES = re.compile(r"\b(?:brain|cerebral|cns|central nervous system)(?: (?:\(cns\) )?(?:and/or|or|and) |/)$")
"""The first of two names of one place: "active brain or central nervous system metastases"."""


_ANY_BRAIN = _States(frozenset({_NONE}))
_HAD = re.compile(r"\b(?:who|that|which) (?:have|has|had) (?:received|undergone|had)\b")
"""A treatment that narrows which metastases are meant."""


def _one(sentence: Sentence, mention: re.Match[str]) -> Stretched | None:
    """Read the sentence around one mention."""
    text = sentence.text
    named = _TWO_NAMES.search(text, 0, mention.start())
    first = named.start() if named else mention.start()
    left = LEFT.search(text, 0, first)
    start = left.start() if left else first
    if (
        BESIDE.search(text, max(0, start - 60), mention.start())
        or NOT_SPREAD.match(text, mention.start())
        or ("metasta" not in mention[0] and _NO_SPREAD_BEFORE.search(text, max(0, start - 40), mention.start()))
    ):
        return None
    if _DEFINED.match(text, mention.end()) or _DEFINES.search(text, max(0, start - 90), mention.start()):
        return None
    if CAPTURED.match(text, mention.end()):
        return None
    before = text[start : mention.start()]
    subject = SUBJECT.search(text, 0, start + len(before))
    narrowing = RIGHT.match(text, mention.end())
    end = narrowing.end() if narrowing else mention.end()
    let_in = LET_IN.search(text, mention.end(), end)
    if let_in is not None:
        # "Brain metastases (those with treated ones are eligible)": the bracket is an exception, no part of the name.
        end = let_in.start()
    words = narrowing_words(before, text[mention.end() : end])
    exception = EXCEPT.match(text, end)
    if exception is not None and (made := _excepted(sentence, start, end, words, exception)) is not None:
        return made
    excluding = sentence.section == "exclusion" and not sentence.permits
    if NEGATED.search(before) and (subject is not None or sentence.permits) and not excluding:
        return None
    if subject is not None and not excluding:
        return _demanded(sentence, min(start, subject.start()), mention)
    if sentence.permits:
        return _demanded(sentence, start, mention)
    if excluding:
        if denial := NEGATED.search(before):
            # "No brain metastases" among exclusions is a slip: what it shuts out is not said for certain.
            slip = leaf("unread", note="brain metastases denied among exclusions")
            return _trimmed(text, start + denial.end(), end, slip)
        states = _after_exclusion(words)
        ahead = LIST_AHEAD.search(text, 0, mention.start())
        if ahead is not None:
            # "Untreated tumours of the brain, or brain metastases": the first word may narrow the last entry too.
            wider = _after_exclusion(f"{ahead['how']} {words}")
            states = _States(states.sure, states.maybe | (wider.sure - states.sure) | (wider.maybe - states.sure))
        needs = OR_NEEDS.search(words) is not None
        limits = conditions(words)[0] if needs else {}
        kept = {name: value for name, value in limits.items() if name == "anticonvulsants"}
        if needs and STEROID.search(words):
            kept["min_days_off_steroids"] = 0
        node: Node = Not(accepted(states, **kept))
        if states == _ANY_BRAIN and _HAD.search(text, mention.end(), end):
            # "Brain metastases in those who have received chemotherapy for them": not all are meant.
            node = AllOf((node, leaf("judgement", topic="the treatment of the brain metastases that the text names")))
        return _trimmed(text, start, end, _with_lining(node, text[mention.start() : end]))
    if denial := NEGATED.search(before):
        node_in = accepted(_after_exclusion(words))
        if _MORE_DENIED.match(text, end):
            # "No brain metastases or seizures": the "no" reaches over what follows too, so composing applies it.
            present = _with_lining(Not(node_in), text[mention.start() : end])
            return _trimmed(text, start + denial.end(), end, present)
        lining = _LINING.search(text[mention.start() : end])
        return _trimmed(text, start, end, AllOf((node_in, Not(leaf("leptomeningeal_disease")))) if lining else node_in)
    clause = text.rfind(":", 0, start) + 1
    asked = ASKED.search(text, 0, mention.start()) or NEGATED.search(text, clause, start)
    return _present(text, start, end, words) if asked else None


def _present(text: str, start: int, end: int, words: str) -> Stretched | None:
    """Metastases that a sentence of the inclusion criteria names: asked for, or denied by words further left."""
    if (wanted := _wanted(words)) is not None:
        return _trimmed(text, start, end, _with_lining(accepted(wanted), text[start:end]))
    left_in = _after_exclusion(words)
    states = [state for state in _STATES if state in _PRESENT - left_in.sure - left_in.maybe]
    if states and (not left_in.maybe or set(states) == {_ACTIVE}):
        return _trimmed(text, start, end, leaf("cns_metastases", accepted=states))
    return None


def _wanted(words: str) -> _States | None:
    """The states that a demand for metastases of some states names ("that are non-progressing"); None: names none."""
    if _GREW.search(words):
        return _States(frozenset({_ACTIVE}), frozenset({_TREATED}))
    words = _EARLIER.sub(" ", words)
    if _ACTIVITY.search(words):
        return None
    quiet = _STABLE.search(words) or _ASYMPTOMATIC.search(words)
    if not (quiet or _UNTREATED_WORD.search(words) or _TREATED_WORD.search(words)):
        return None
    states = _let_in(words, default=False)
    if states is None or quiet:
        return states
    # Metastases once treated, or never, may have grown since.
    return _States(states.sure, (states.maybe | {_ACTIVE}) - states.sure)


def _with_lining(node: Node, written: str) -> Node:
    return AnyOf((node, leaf("leptomeningeal_disease"))) if _LINING.search(written) else node


def _excepted(sentence: Sentence, start: int, end: int, words: str, exception: re.Match[str]) -> Stretched | None:
    """Read "…, unless treated and stable for 4 weeks": what the exclusion leaves in and what the exception adds."""
    stop = re.compile(r"[;](?=\s|$)").search(sentence.text, exception.end())
    last = stop.start() if stop else len(sentence.text)
    inside = sentence.text[exception.end() : last]
    base, added = _after_exclusion(words), _let_in(inside, default=False)
    if added is None:
        return None
    states = _States(base.sure | added.sure, (base.maybe | added.maybe) - base.sure - added.sure)
    node = _with_rest(states, inside)
    if _LINING.search(sentence.text, start, end):
        # "Brain or leptomeningeal disease, unless irradiated": whether that lets in the second is not said.
        lining = AnyOf((Not(leaf("leptomeningeal_disease")), doubt_on("disease of the meninges by its exception, too")))
        node = AllOf((node, lining))
    negated = sentence.section == "inclusion" and NEGATED.search(sentence.text[start:end]) is None
    if sentence.section == "inclusion" and negated and not sentence.permits:
        return None
    return _trimmed(
        sentence.text, start, last, node if sentence.section == "inclusion" or sentence.permits else Not(node)
    )


def _demanded(sentence: Sentence, start: int, mention: re.Match[str]) -> Stretched | None:
    """Read "Patients with brain metastases are eligible if …", "… must be stable": the whole sentence says who comes in."""
    inside = sentence.text[start : mention.start()] + " " + sentence.text[mention.end() :]
    states = _let_in(inside, default=sentence.permits)
    if states is None:
        return None
    states = _States(states.sure | {_NONE}, states.maybe)
    return _trimmed(sentence.text, start, len(sentence.text), _with_rest(states, inside))


_NO_NEED = re.compile(
    r"(?:if|provided|when|where|and)(?: that)? (?:the |in the opinion of the )?(?:treating |study |site )?(?:physicians?|investigators?|oncologists?)(?:/\w+)? (?:determines?|confirms?|believes?|judges?|feels?|documents?)(?: that)?"
    r" (?:immediate )?(?:central nervous system |cns |brain )?(?:\(cns\) )?(?:-?specific |-?directed |local )?(?:treatment|therapy|intervention) (?:is|are) (?:not (?:required|needed|indicated)|unnecessary)"
    r"(?:,? and (?:is )?(?:unlikely|not likely|not expected) to be (?:required|needed|indicated)(?: (?:during|in|within|for|at least)(?: [\w()-]+){1,8}?(?= \(|[.;,]|$))?)?(?: \(or [^()]{3,80}\))?"
    r"(?:,? and (?:that )?an? risk[/-]benefit (?:analysis|assessment)[^.;]{0,120}?(?:favou?rs?|supports?) [^.;]{0,60}?(?:trial|study|participation))?"
)
"""Metastases that need no treatment of their own, as a physician sees it."""
NEEDS_NO_TREATMENT = "whether the brain metastases need no treatment of their own now"


def _with_rest(states: _States, inside: str) -> Node:
    """The leaf with the limits on treated disease; words that say more stay unread beside it."""
    unneeded = _NO_NEED.search(inside)
    if unneeded is not None and _NONE in states.sure:
        # "… are eligible if the physician finds that no treatment is needed": that binds those with metastases alone.
        rest = inside[: unneeded.start()] + inside[unneeded.end() :]
        judged = AllOf((_with_rest(states, rest), leaf("judgement", topic=NEEDS_NO_TREATMENT)))
        return AnyOf((leaf("cns_metastases", accepted=[_NONE]), judged))
    limits, clear = conditions(inside)
    node = accepted(states, **limits)
    if ONLY_WBRT.search(inside) and _NONE in states.sure and len(states.sure) > 1:
        # "Treated with whole brain radiotherapy": those with metastases must have had it.
        had = leaf("procedure", kinds="radiotherapy", techniques=["wbrt"])
        treated = accepted(_States(states.sure - {_NONE}, states.maybe), **limits)
        node = AnyOf((leaf("cns_metastases", accepted=[_NONE]), AllOf((treated, had))))
    if clear and KNOWN.fullmatch(inside):
        return node
    return AllOf((node, FURTHER if TOLD.fullmatch(inside) else leaf("unread", note="more is said on brain metastases")))


FURTHER = leaf("judgement", topic="what else the trial asks of brain metastases")


def _beside(node: Node, notes: Sequence[Node], states: frozenset[str]) -> Node:
    """Return what is accepted with what must hold beside it, which asks nothing of those without metastases."""
    if not notes:
        return node
    bound = AllOf((node, *dict.fromkeys(notes)))
    none = _NONE in states and all(item == FURTHER for item in notes)
    return AnyOf((leaf("cns_metastases", accepted=[_NONE]), bound)) if none else bound


def _trimmed(text: str, start: int, end: int, node: Node) -> Stretched:
    while end > start and text[end - 1] in " ,;.:(":
        end -= 1
    lead = _JOINING.match(text, start, end)
    start = lead.end() if lead else start
    return Stretched(start, end, node)


_WORDS = ("brain_metastases", "site", "metastatic", "brain", "cns", "cerebral", "intracranial")

SCANNERS = (
    Scanner(
        "cns_metastases.accepted",
        _WORDS,
        _scan,
        priority=5,
        section="inclusion",
        texts=(
            ("No known brain metastases", {"cns_metastases": {"accepted": ["none"]}}),
            ("No brain metastases or seizures", {"not": {"cns_metastases": {"accepted": ["none"]}}}),
            (
                "No untreated or symptomatic CNS metastases",
                {"cns_metastases": {"accepted": ["none", "treated_stable"]}},
            ),
            (
                "Patients with brain metastases must have been treated and be stable for at least 4 weeks",
                {"cns_metastases": {"accepted": ["none", "treated_stable"], "min_days_since_local_therapy": 28}},
            ),
        ),
    ),
    Scanner(
        "cns_metastases.excluded",
        _WORDS,
        _scan,
        priority=5,
        section="exclusion",
        texts=(
            ("Brain metastases", {"not": {"cns_metastases": {"accepted": ["none"]}}}),
            (
                "Untreated or symptomatic central nervous system (CNS) metastases",
                {"not": {"cns_metastases": {"accepted": ["none", "treated_stable"]}}},
            ),
            (
                "Brain metastases, unless treated and stable for 4 weeks",
                {
                    "not": {
                        "cns_metastases": {"accepted": ["none", "treated_stable"], "min_days_since_local_therapy": 28}
                    }
                },
            ),
        ),
    ),
)
