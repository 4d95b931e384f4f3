"""Part in another study within a time: what is tried there was taken then.

"Has taken part in a study of a new drug, or used such a device, within 4 weeks": the time behind binds all of it. Who had
a drug under trial then is meant; whether somebody took part in a study that names no drug, the study team asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.treatment_asides import TRIAL
from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_proposition import proposition
from her2nav.kinds.reading.treatment_times import WINDOWS, window_token
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_TRIED = Treatment(drugs=("investigational_agent",))
_SORTS = (
    r"(?:\b(?:an?|any|the same|another|other|different|separate|similar|previous|prior|past|or|and|interventional|clinical|investigational|experimental|therapeutic|research|drugs?|devices?|"
    r"medical|medicinal|products?|agents?|biologics?|biological|treatments?|interventions?|anti-?cancer|oncology|therapy|vaccine|chemoprevention|phase (?:[1-4]|i{1,3}|iv))\b[ ,/]*)"
)
_STUDY = rf"{_SORTS}{{0,10}}\b(?:trials?|stud(?:y|ies)|investigations?|research)\b(?:\(s\))?"
_OF = (
    r"(?: (?:of|with|using|involving|evaluating|for|testing|that (?:involved?|used?|tested|uses|tests))\b(?: ?\b(?:an?|any|the|other|another|unapproved|non-?approved|non-?marketed|marketed|or|and|new|use|of|investigational|experimental|"
    r"therapeutic|drugs?|agents?|products?|compounds?|devices?|therapy|therapies|treatments?|interventions?|medications?|medical|medicinal|biologics?|imps?)\b(?:\(s\))?[,/]?){1,14})?"
)
_GIVEN = r"(?: in which (?:(?:an?|any|the|receipt|use|administration|of|investigational|experimental|study|trial|research|drugs?|devices?|products?|agents?|treatments?|or|and)\b[ ,/]*){1,10}(?:occurred|(?:was|were) (?:given|administered|received|used|taken))|,? and (?:has |have |had )?(?:received|receiving|taken|took) (?:an? |any |the |that )?(?:(?:study|investigational|research|trial|experimental) ?)?(?:therapy|treatments?|drugs?|medications?|imp|products?|agents?|interventions?))?"
_DEVICE = (
    r"(?:,? (?:or|and/or|and) (?:(?:has|have|had|is|are|been) )*(?:used|using|received|receiving|use of|treated with|utili[sz]ed) (?:an? |any |other )*(?:investigational|investigation|research|experimental)"
    r"(?: ?\b(?:medical|medicinal|drugs?|agents?|products?|therapy|therapies|treatments?|medications?|instruments?|devices?|or|and)\b[,/]?){1,6})?"
)
_NOW = r"(?P<now>\b(?:currently|concurrently|presently|actively|already)? ?(?:participating|enrolled|participates)(?: in)?(?:,? and receiving (?:study|trial|investigational) (?:therapy|treatment|drugs?|medication))?,? or (?:(?:has|have|had|having|recently|previously|been) )*)?"
_PART = Sought(
    rf"{_NOW}\b(?:participat(?:ed|ion)|enrol(?:led|ment|lment)|taken part) (?:in|to|on|into) {_STUDY}{_OF}{_GIVEN}{_DEVICE}[ ,]*(?=\(?(?:within|in|during|over|less|with in|≤|<|for the))\(?"
)
_JOINED = re.compile(r"(?:\bor|\band|,|/) $")
_LEFT = Sought(
    r"\b(?P<now>(?:currently |presently )?(?:enrolled|participating) in,? or )(?:(?:has|have|had|been) )*(?:discontinued|withdrawn|completed)(?: study (?:drug|treatment|therapy))? ?(?=within|in the|during|≤|<)"
)
_SINCE = Sought(
    r"(?P<now>\b(?:currently |presently )?(?:enrolled|participating) in,? or )?\b(?:participat(?:ed|ion)|enrol(?:led|ment|lment)) (?=within|in the (?:last|past|previous)|during the (?:last|past|previous)|[≤<])"
)
"""The time stands in front of the study: "participation within 30 days in a study of a new drug"."""
_FROM = re.compile(rf"[ ,]*(?:from,? |of |in )?(?={_SORTS}){_STUDY}{_OF}")
_WAITED = Sought(
    rf"\b(?P<op>at least|more than|greater than|a minimum of|(?<!\w)[≥>]) ?(?P<time>{MACROS['time']}) (?:(?:must have|should have|have|has) elapsed )?(?:since|from|after) (?:the )?"
    rf"(?:(?:last|prior|previous|any|their|completion of|end of)\s)*(?P<now>and no (?:other )?(?:concurrent|concomitant) )?(?:participation|enrol(?:lment|ment)) in {_STUDY}{_OF}"
)
"""A wait since another study, among demands."""
_DRUG = re.compile(
    r"\b(?:drugs?|agents?|medicin\w+|products?|imps?|compounds?|biologic\w*|medications?|investigational|experimental|unapproved|therap\w+|treatments?)\b"
)
"""What tells that the study tried a drug."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    if sentence.section == "inclusion":
        yield from _waited(sentence)
    for sought in (_PART, _LEFT, _SINCE):
        for found in sought.finditer(sentence.text):
            window = _time(sentence, found.end())
            if window is None or (found["now"] is None and _in_a_list(sentence.text, found.start())):
                continue
            end, written = window.end, found[0]
            if sought is not _PART:
                study = _FROM.match(sentence.text, end)
                if study is None:
                    continue
                end, written = study.end(), study[0]
            node = _node(sentence, window, written, now=found["now"] is not None)
            if node is not None:
                yield Stretched(found.start(), end, node)


def _waited(sentence: Sentence) -> Iterator[Stretched]:
    """Read 'More than 28 days since part in another study of a new drug'."""
    for found in _WAITED.finditer(sentence.text):
        days = days_of(found["time"])
        if days is None:
            continue
        strict = found["op"] in ("more than", "greater than", ">")
        parts: list[Node] = [leaf("washout", drugs="investigational_agent", days=days + strict)]
        if found["now"] is not None:
            parts.append(Not(leaf("concomitant_medication", any_of="investigational_agent")))
        if _DRUG.search(found[0]) is None:
            parts.append(leaf("participation", what="other_trial"))
        yield Stretched(*found.span(), parts[0] if len(parts) == 1 else AllOf(tuple(parts)))


def _in_a_list(text: str, at: int) -> bool:
    """Whether treatments stand in front that the same time binds: "chemotherapy or part in a study of a new drug within …"."""
    return _JOINED.search(text, max(0, at - 8), at) is not None and TRIAL.expression.match(text, at) is not None


def _time(sentence: Sentence, at: int) -> Token | None:
    """Return the time within which it was, where one stands here."""
    for elapsed, sought in WINDOWS[:2]:
        found = None if elapsed else sought.expression.match(sentence.text, at)
        token = window_token(found, elapsed, sentence) if found is not None else None
        if token is not None:
            return token
    return None


def _node(sentence: Sentence, window: Token, written: str, *, now: bool) -> Node | None:
    at = window.start
    run = [Token("expose", at, at), Token("item", at, at, _TRIED), window]
    taken = proposition(sentence, run, denied=True)
    if taken is None:
        return None
    parts: list[Node] = [leaf("concomitant_medication", any_of="investigational_agent")] if now else []
    parts.append(taken)
    if _DRUG.search(written) is None:
        parts.append(leaf("participation", what="other_trial"))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


SCANNERS = (
    Scanner(
        "washout.other_study",
        ("participated", "participation", "participating", "participates", "enrolled", "enrolment", "enrollment", "part"),
        _scan,
        priority=4,
        sought=(_PART, _LEFT, _SINCE, _WAITED),
        texts=(
            (
                "Currently participating in or has participated in a study of an experimental agent, or used an experimental device, within 30 days",
                {
                    "any_of": [
                        {"concomitant_medication": {"any_of": ["investigational_agent"]}},
                        {"not": {"washout": {"drugs": ["investigational_agent"], "days": 30}}},
                    ]
                },
            ),
            (
                "Participated in another interventional study within 30 days",
                {
                    "any_of": [
                        {"not": {"washout": {"drugs": ["investigational_agent"], "days": 30}}},
                        {"participation": {"what": "other_trial"}},
                    ]
                },
            ),
            ("Participated in another study", None),
            ("At least 28 days since prior participation in another study of a new drug", {"washout": {"drugs": ["investigational_agent"], "days": 28}}),
            ("Participation within the last 4 weeks in a trial of an experimental drug", {"not": {"washout": {"drugs": ["investigational_agent"], "days": 28}}}),
            ("Took part in a study, or enrolled in one in which receipt of a trial drug or device occurred within 2 weeks", None),
            ("Enrolled in a study in which use of a trial drug or device occurred within 2 weeks", {"not": {"washout": {"drugs": ["investigational_agent"], "days": 14}}}),
        ),
    ),
)  # fmt: skip
