"""Parts of a sentence that only a physician can answer: contraindications, fitness for a treatment, need of one.

Each form is a fixed head ("contraindication to", "candidate for", "need for") and what it is about. What it is about
may only be a treatment or a thing of medicine named by a vocabulary or by common words: another word ends the stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import Node, Not

_OBJECT = (
    r"the|any|all|an?|of|to|for|with|by|use|administration|treatment|therapy|therapies|therapeutic|study|protocol|standard|care|full|dose|drugs?|agents?|components?|medications?|this|these|its|either|both|"
    r"systemic|local|loco-?regional|regional|curative|definitive|radical|palliative|cytotoxic|adjuvant|neo-?adjuvant|first|second|line|intent|intended|potentially|complete|surger(?:y|ies)|surgical|resection|"
    r"intervention|excision|removal|mastectomy|lumpectomy|chemotherap(?:y|ies)|chemoradiotherapy|chemoradiation|radiotherapy|radiation|irradiation|immunotherapy|anti-?cancer|based|containing|hormonal|endocrine|"
    r"biologic|targeted|combination|infusions?|blood|products?|transfusions?|corticosteroids?|steroids?|anti-?coagulation|anti-?coagulants?|imaging|contrast|mri|magnetic resonance|ct|scans?|biops(?:y|ies)|"
    r"anthracyclines?|taxanes?|platinum|conserving|breast|axillary|lymph|node|dissection|procedures?|hospitali[sz]ation|stem cell|bone marrow|organ|transplant(?:ation)?|per|according|institutional|label|local|guidelines|"
    r"chronic|continuous|continued|concurrent|concomitant|long-?term|daily|regular|immunosuppressive|supplemental|oxygen|dialysis|anti-?coagulant|antibiotics?|pain|control|enhanced|gadolinium|examination|receiving|based|emergency|emergent|single|agent|monotherapy|trial|medicinal|investigational|invasive|major|minor|elective|minimally|immediate|urgent|additional|further|alternative|more|intensive|regimen|followed|as|selected|chosen|assigned|doublets?|triplets?"
)
_HEADS = (
    r"(?:(?:\b(?:any|known|definite|medical|absolute|relative|other|clinical|specific|a|an|have|has|with|history of)\b ?)*\bcontra[- ]?indicat(?P<contra>ions?|ed)\b(?: \(s\))?(?: (?:to|for|against|of))?)"
    r"|(?:(?:\b(?:a|an|be|considered|deemed|good|suitable|appropriate|acceptable|potential|is|are|who) ?)*\b(?P<fit>candidates? for|suitable for|amenable (?:to|for)|fit for|appropriate for|appropriate candidates? for|medically fit for|fit enough for|able to tolerate(?:,? and willing to (?:receive|undergo))?|medically suitable for|indicated for|indication for|candidates? to (?:receive|undergo|be treated with)|(?:(?:medically|physically|surgically|and|or) )*(?:fit|suitable|able|appropriate) to (?:receive|undergo)|well enough for|eligible (?:to (?:receive|undergo|be treated with)|for)(?! (?:the |this |an? |any |our )?(?:\w+ )?(?:stud(?:y|ies)|trials?|protocol|enrol\w*|inclusion|participation|entry|randomi[sz]ation|registration|phase|part|cohorts?|arms?)\b)))\b"
    r"|(?:\b(?P<unfit>unsuitable for|unfit for|ineligible for|inappropriate for|unable to tolerate|not amenable to|unlikely to tolerate|(?:medically )?(?:unfit|unsuitable|ineligible) to (?:receive|undergo)))\b"
    r"|(?:\b(?:(?:an?|the|any|with|has|have|clinical|anticipated|anticipation of|impending|urgent|immediate|likely|probable|expected|known|medical|current|continued|ongoing|chronic|concurrent|patients?|who)[ ,]+)*(?P<need>need(?:s|ing)? (?:for|of)|necessity (?:for|of)|(?:who |that )?needs?(?= (?:an? )?(?:immediate|urgent|local|surg|radio|blood|transf|systemic|chemo))|requirements? (?:for|of)|(?<=patients )requiring|(?<=subjects )requiring|(?<=participants )requiring|requiring(?= (?:immediate|urgent|chronic|concurrent|concomitant|continuous|long-?term|emergen))))\b"
)
_SUITS = r"(?:[ ,]*(?:is|are|was|were|would be|be|has been|have been))(?: (?:clinically|medically|currently|considered|deemed|judged|thought|felt|believed|to be|by the investigator|by their physician))*(?: (?P<denied>not|no longer))?(?: (?:clinically|medically|considered|deemed|judged|thought|felt|to be|an?|the))* (?:(?P<suits>(?:reasonable|appropriate|acceptable|suitable|standard|preferred|valid|adequate|possible|feasible) (?:treatment |therapeutic |therapy )?(?:option|choice)s?|indicated|appropriate|suitable|recommended|advised|advisable)|(?P<plan>planned|intended|scheduled))\b"
"""Behind a treatment: whether it suits, or that it is planned."""
_UNTIL = (
    r"(?: (?:during|in) the (?:course of (?:the )?)?(?:study|trial|protocol)(?: (?:treatment|participation|period))?| during (?:study|trial|protocol)(?: (?:treatment|participation|therapy))?| on study"
    r"|,? \(?(?:as )?(?:determined |judged |assessed |deemed |decided |evaluated )?(?:by|per) (?:the |their |an? )?(?:(?:local|treating|study|medical|responsible|principal)[ -])*(?:investigator|physician|oncologist|surgeon|clinician|provider)s?(?:'s? (?:discretion|judge?ment|opinion|assessment|decision)| (?:discretion|judge?ment|opinion|assessment|decision))?\)?"
    r"|,? (?:in|according to|per|following) (?:the )?(?:judge?ment|opinion|view|discretion) of (?:the |an? )?(?:(?:local|treating|study|medical|responsible|principal) )*(?:investigator|physician|oncologist|surgeon|clinician)s?"
    r"|,? per (?:[a-z]+ ?/? ?){1,3}guidelines?"
    r"|,? (?:in|for) the (?:\(?neo\)?-?)?adjuvant(?: or (?:metastatic|(?:neo-?)?adjuvant))? setting|,? \(?(?:in|for) (?:the )?(?:first[- ]line|second[- ]line|metastatic|advanced|palliative)(?:(?: or |/| and/or | )(?:metastatic|advanced|recurrent))*(?: disease)? setting\)?|,? (?:according to|per|as per) (?:the )?(?:clinical|local|institutional|standard|routine|current|national|international)(?: (?:clinical|standard))? (?:practices?|guidelines?|standards?)|,? at (?:the )?time of (?:study )?(?:entry|enrol+ment|inclusion|randomi[sz]ation)(?: (?:in|into|to) (?:the|this) (?:study|trial))?)*"
)


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    topic: str
    denied: bool = False


_FORMS = (
    _Form("contra", "contraindication to {}"),
    _Form("fit", "suitable for {}"),
    _Form("unfit", "suitable for {}", denied=True),
    _Form("need", "need of {}"),
)
_SMALL = re.compile(r"(?:^|\s+)(?:the|an?|any|of|to|for|with|by|all|use of|per|as|according to|or|and|and/or)$")
_LEAD = re.compile(r"^(?:the|an?|any|all|use of|administration of)\s+")
_LAST = re.compile(
    r"\s*(?:$|[.;)]|in the next|within the next|during|,? (?:as )?(?:determined|judged|assessed|deemed) by)"
)
_ADJECTIVE = re.compile(
    r"(?:^|\s)(?:systemic|immediate|urgent|local|regional|palliative|major|minor|elective|invasive|standard|definitive|additional|further|alternative|intensive|investigational|potentially)$"
)
_TO_TAKE_PART = re.compile(r"(?:dose|drugs?|(?:trial|study|protocol)? ?(?:therapy|treatment|intervention|medication))")
"""Behind "eligible for": the trial itself."""
_LONGEST = 140
_OPEN = re.compile(
    r"(?:[ /-](?!(?:or|and|and/or|which|that|who|within|in|if|unless|including|such|e\.g|i\.e|is|are|was|were|as|at|on|during|with|by|per|for the|will|may|must|should|would)\b)[\w'+\[\]-]+){1,5}(?=\s*(?:$|[.;,)(]|\b(?:or|and|and/or|as|in|including|such|within|at|during|per|by|is|are)\b))"
)


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    marks = "".join(
        sorted(
            {mark for name in ("drug", "regimen", "technique", "medication", "substance") for mark in words.marks(name)}
        )
    )
    what = rf"(?:[ ,/-]+(?:(?:and/or|or|and) )?(?:(?:{_OBJECT})\b|[{marks}]++|\([{marks}]++\)))*"
    return re.compile(rf"(?:{_HEADS})(?P<what>{what})")


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for found in _grammar(sentence.knowledge).finditer(sentence.masked):
        form = next(form for form in _FORMS if found[form.name])
        start, end = found.span("what")
        said = text[start:end]
        said = said[: len(said.rstrip(" ,/"))]
        while (small := _SMALL.search(said)) is not None and said.strip():
            said = said[: small.start()].rstrip(" ,")
        if said.count("(") != said.count(")"):
            said = said.split("(")[0].rstrip() if "(" in said else said.rstrip(")")
        if "," in said and _LAST.match(text, start + len(said)) is None:
            # "Contraindication to A, B within four weeks": the list is another one.
            said = said.split(",")[0]
        about = _LEAD.sub("", " ".join(said.split()))
        if _ADJECTIVE.search(about):
            # "Need for systemic" and a word that is not known: what is needed is not said.
            continue
        if len(about) > _LONGEST or (not about and form.name != "contra"):
            continue
        if (found["fit"] or "").startswith(("suitable", "amenable")) and "biops" in about:
            continue  # a lesion is, and no person
        if (found["fit"] or "").startswith("eligible") and _TO_TAKE_PART.fullmatch(about):
            continue
        open_ = _OPEN.match(text, end) if form.name == "contra" else None
        if (
            form.name == "contra"
            and not about
            and not open_
            and not re.match(r"\W*(?:$|[,.;)]|\b(?:or|and)\b)", text[end:])
        ):
            continue
        end = start + len(said)
        node: Node = leaf("judgement", topic=form.topic.format(about) if about else "contraindication to the treatment")
        if form.name == "contra" and found["contra"] == "ed":
            node = leaf(
                "judgement", topic=f"contraindication to {about}" if about else "contraindication to the treatment"
            )
        if form.name == "contra" and (more := _OPEN.match(text, end)) and (about or found["contra"] != "ed"):
            # What it is a contraindication to may be any name: the question repeats it.
            about, end = _LEAD.sub("", " ".join(f"{about}{more[0]}".split()).lstrip(" /")), more.end()
            node = leaf("judgement", topic=f"contraindication to {about}"[:_LONGEST])
        tail = re.compile(_UNTIL).match(text, end)
        node = Not(node) if form.denied else node
        if tail is not None and tail.end() > end:
            yield Stretched(found.start(), tail.end(), node)
        yield Stretched(found.start(), end, node)


_TREATS = re.compile(r"[\ue000-\uf8ff]|therap|treatment|surg|resection|radi")


@lru_cache(maxsize=2)
def _reversed(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    marks = "".join(sorted({mark for name in ("drug", "regimen", "technique") for mark in words.marks(name)}))
    one = rf"(?:(?:{_OBJECT}|or|and|and/or|plus|therapeutic)\b|\(neo\)(?:-?adjuvant)?|[{marks}]++|\((?:e\.g\.,? |i\.e\.,? |such as )?[{marks}]++\)|weekly|initial|primary|treating|monotherapy)"
    return re.compile(
        rf"(?:\b(?:for|in) (?:whom|which) |\A[\s*.•-]*|,? (?:and|but) )(?P<what>{one}(?:[ ,/-]+{one}){{0,9}}?){_SUITS}"
    )


def _for_whom(sentence: Sentence) -> Iterator[Stretched]:
    """Read 'for whom endocrine therapy is recommended': whether a treatment suits, by a physician's word."""
    for found in _reversed(sentence.knowledge).finditer(sentence.masked):
        what = " ".join(sentence.text[slice(*found.span("what"))].split())
        if len(what) > _LONGEST:
            continue
        topic = f"planned: {what}" if found["plan"] else f"suitable for {what}"
        if _TREATS.search(sentence.masked[slice(*found.span("what"))]) is None:
            continue
        tail = re.compile(_UNTIL).match(sentence.text, found.end())
        start = found.start("what") if found[0].lstrip(" ,").startswith(("and", "but")) else found.start()
        node: Node = leaf("judgement", topic=topic)
        yield Stretched(start, tail.end() if tail else found.end(), Not(node) if found["denied"] else node)


SCANNERS = (
    Scanner(
        "judgement.for_whom",
        ("whom", "which", "indicated", "appropriate", "suitable", "recommended", "option", "planned"),
        _for_whom,
        priority=2,
        texts=(
            ("for whom endocrine therapy is recommended", {"judgement": {"topic": "suitable for endocrine therapy"}}),
            ("for whom surgery is not indicated", {"not": {"judgement": {"topic": "suitable for surgery"}}}),
            ("for whom neoadjuvant chemotherapy is planned", {"judgement": {"topic": "planned: neoadjuvant chemotherapy"}}),
            ("for whom age is a reason", None),
        ),
    ),
    Scanner(
        "judgement.physician",
        ("contraindication", "contraindications", "contraindicated", "contra", "candidate", "candidates", "suitable", "amenable", "fit", "appropriate", "unsuitable", "unfit", "ineligible", "inappropriate",
         "eligible", "able", "unable", "tolerate", "need", "needs", "needing", "necessity", "requirement", "indicated", "indication"),
        _scan,
        priority=-1,
        texts=(
            ("Contraindication to corticosteroids", {"judgement": {"topic": "contraindication to corticosteroids"}}),
            ("Not a candidate for curative surgery", {"judgement": {"topic": "suitable for curative surgery"}}),
            ("Urgent need for radiotherapy", {"judgement": {"topic": "need of radiotherapy"}}),
            ("need for a walking stick", None),
        ),
    ),
)  # fmt: skip
