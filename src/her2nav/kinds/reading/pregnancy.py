"""Pregnancy, breastfeeding and menopause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.disease_words import WINDOW
from her2nav.model.tree import Node, Not

_NOT_NOW = re.compile(
    r"\b(?:avoid|avoiding|prevent|preventing|prevention of|result in|results? in|lead to|risk of|plan(?:s|ning)?(?: to)?|intend(?:s|ing)?(?: to)?|wish(?:es|ing)? to|ability to|able to|capable of|become|becomes|becoming|get|during|until|throughout|"
    r"refrain from|discontinue|stop|stopping|expect(?:s|ing)?(?: to)?|trying|possibility of|against|history of|prior|previous|time of|not of|event of|case of|to be)\b(?: (?:a|an|the|any|becoming|become|get|getting|be|of))*\s*$"
)
"""Words that make of a pregnancy one that may come, or that is over."""
_DENIED = re.compile(r"\bno(?:t|n|r)?\b|\bnever\b|\bwithout\b|\bneither\b|\bexclu|\bnegative\b")


_AT_DIAGNOSIS = re.compile(
    r"[ ,]*(?:at|before|prior to) (?:the )?(?:time of |date of )?(?:the |their |her )?(?:initial |original |first |primary |breast cancer )?diagnosis\b"
)


def _state(found: Found) -> Node | None:
    words = found.text()
    text = found.sentence.text
    start, end = found.match.span()
    if re.match(r"\s*(?:\w+ )?partners?\b", text[end:]) or re.search(
        r"\bbecom(?:e|es|ing) $|\bpartners? (?:is|are|who is|becomes) $", text[:start]
    ):
        return None
    if _NOT_NOW.search(text, max(0, start - 40), start) or re.match(
        r"\s*(?:tests?\b|category|prevention|outcome|potential)", text[end:]
    ):
        return None
    clause = re.split(r"[.;:]|\bif\b|\bunless\b", text[max(0, start - 70) : start])[-1]
    if found.sentence.section == "inclusion" and not found.sentence.permits and not _DENIED.search(clause):
        # Nobody asks for a pregnancy.
        return None
    states = []
    if "pregnan" in words:
        states.append("pregnant")
    if any(stem in words for stem in ("breast", "lactat", "nursing")):
        states.append("breastfeeding")
    return leaf("pregnancy", any_of=states)


def _menopause(found: Found) -> Node | None:
    """The status asked for; a sentence that says what the word means asks for nothing."""
    if re.match(
        r"\s*(?:status\s*)?(?:,\s*)?(?:is|are|will be|was)?\s*(?:defined|considered|definition|means|range|levels?|not (?:specified|reported|applicable|required|mandatory))\b",
        found.sentence.text[found.match.end() :],
    ):
        return None
    if found.text().startswith("menopausal status"):
        return None
    if _AT_DIAGNOSIS.match(found.sentence.text, found.match.end()):
        # What she was then says nothing of today.
        return None
    states = (("postmenopausal", "post"), ("premenopausal", "pre"), ("perimenopausal", "peri"))
    wanted = [name for name, key in states if found.has(key)]
    if "postmenopausal" not in wanted and _OF_FERTILE.search(found.sentence.text) and not _listed(found):
        # "Pregnancy test for premenopausal women": who must have the test, not who may take part.
        return None
    return leaf("menopausal_status", any_of=wanted)


_WITH_PREGNANT = re.compile(
    r"\s*(?:wom[ae]n)?\s*(?:[,/]|\bor\b|\band/or\b)[\s,/]*(?:(?:or|and/or|are|currently)\s+)*(?:pregnan|lactat|breast|nursing)"
)


def _listed(found: Found) -> bool:
    """Whether an exclusion names the status beside a pregnancy: "premenopausal, pregnant or lactating"."""
    text, (start, end) = found.sentence.text, found.match.span()
    opens = re.fullmatch(r"\W*(?:(?:patients|subjects|participants|women)\W+(?:who are )?)?", text[:start]) is not None
    return found.sentence.section == "exclusion" and opens and _WITH_PREGNANT.match(text, end) is not None


_OF_FERTILE = re.compile(r"pregnan|child-? ?bearing|contracep|birth control|fertil|reproductive")
_DEFINES = re.compile(
    r"\bwocbp\b|potential\b|contracep|abstin|\bdefin|\bconsidered\b|\bmeans?\b|\beven if\b|\bagree|\bpregnancy test|\bnot (?:post-? ?menopaus|surgical)|\bunless\b|\bno previous\b|\bchild"
)
"""Where sterility says who must prevent a pregnancy, or what a word means: nobody is asked for it."""
_PREGNANT = "{pregnant}"
_FEEDING = "{breastfeeding}"
_BETWEEN = "[,] [(or|and|and/or|/|who are|are|currently|either|women|females|is|woman|female)] [(who are|are|women|females|currently)]"

RULES = (
    Rule(
        "pregnancy.state",
        (
            f"[(women|females|female|woman|subjects|patients)] [(who|that)] [(are|is)] [currently|known to be|either] {_PREGNANT} {_BETWEEN} [{_FEEDING}] {_BETWEEN} [{_FEEDING}] [\\(lactating\\)] [women|females|woman|female|mothers|mother|patients|subjects|participants] [(at the time of|at) (screening|enrollment|enrolment|study entry)] [(during|throughout) the study [period]]",
            f"{_FEEDING} {_BETWEEN} [{_PREGNANT}] [women|females|woman|female|mothers|patients]",
        ),
        _state,
        priority=1,
        texts=(
            ("No pregnant or breastfeeding women", {"pregnancy": {"any_of": ["pregnant", "breastfeeding"]}}),
            ("No lactating mothers", {"pregnancy": {"any_of": ["breastfeeding"]}}),
        ),
    ),
    Rule(
        "pregnancy.none",
        ("(nonpregnant|nongravid)",),
        lambda _: Not(leaf("pregnancy", any_of=["pregnant"])),
        texts=(("Patients must be nonpregnant", {"not": {"pregnancy": {"any_of": ["pregnant"]}}}),),
    ),
    Rule(
        "pregnancy.not_feeding",
        ("(nonlactating|nonbreastfeeding|nonnursing)",),
        lambda _: Not(leaf("pregnancy", any_of=["breastfeeding"])),
        texts=(("Patients must be nonlactating", {"not": {"pregnancy": {"any_of": ["breastfeeding"]}}}),),
    ),
    Rule(
        "pregnancy.stopped",
        (
            "{breastfeeding} (should|must|has to|have to) (be (discontinued|stopped)|stop) [if the mother is treated] [(prior to|before|during) [the] [(study|start of|entry onto|entering|treatment|randomization|enrollment)] [{anchor}]] [to be enrolled [in the study]]",
        ),
        lambda found: (
            Not(leaf("pregnancy", any_of=["breastfeeding"]))
            if found.sentence.section == "inclusion"
            else leaf("pregnancy", any_of=["breastfeeding"])
        ),
        priority=2,
        texts=(("Breastfeeding must be discontinued", {"not": {"pregnancy": {"any_of": ["breastfeeding"]}}}),),
    ),
    Rule(
        "pregnancy.positive",
        (
            "(positive|reactive) [serum|urine|blood] [(or|/|and/or) (urine|serum)] [hcg|beta hcg|b hcg|β hcg|bhcg] [or] {pregnant} (test|tests|result) [at (screening|baseline)]",
        ),
        lambda _: leaf("pregnancy", any_of=["pregnant"]),
        priority=2,
        section="exclusion",
        texts=(("Women with a positive pregnancy test at screening", {"pregnancy": {"any_of": ["pregnant"]}}),),
    ),
    Rule(
        "pregnancy.test",
        (
            "(women|females|female|woman|patients|participants|subjects|wocbp) [\\(wocbp\\)] [(of|with)] [(child bearing|childbearing|reproductive)] [(potential|age)] [\\(wocbp\\)] [only] (must have|should have|must|have|require|with|need|requires) [a] [documented|confirmed|have a|have] negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) [(within|≤|at|during) .. ({anchor}|screening|dose|treatment|baseline|drug|therapy)]",
            "negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) .. (childbearing|child bearing) potential",
            "[(must)] [(test|tested|testing)] negative for {pregnant}",
            "negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) [(within|≤|at|during) .. ({anchor}|screening|dose|treatment|baseline)]",
        ),
        lambda _: Not(leaf("pregnancy", any_of=["pregnant"])),
        priority=2,
        texts=(
            (
                "Negative serum pregnancy test within 7 days before enrollment",
                {"not": {"pregnancy": {"any_of": ["pregnant"]}}},
            ),
        ),
    ),
    Rule(
        "judgement.breastfeeding_planned",
        (
            "(planning|plans|plan|intending|intends|intend|wishing|wishes|wish|expecting) to (breastfeed|breast feed|nurse) [(during|within|in|throughout|while) [the] [(course|duration|period|participating|on|enrolled)] [of] [in] [the] [(study|trial|treatment|this study|this trial)] [treatment] [period]]",
        ),
        lambda _: leaf("judgement", topic="plans to breastfeed"),
        priority=7,
        texts=(("Plans to breastfeed during the trial", {"judgement": {"topic": "plans to breastfeed"}}),),
    ),
    Rule(
        "judgement.pregnancy_planned",
        (
            "(planning|plans|plan|intending|intends|intend|intention|wishing|wishes|wish|expecting|expects|expect|desiring|desire|desires|trying|wanting|wants) (to|on) (become|becoming|be|get|getting) {pregnant} [or (breastfeed|breast feed|lactate|father children|father a child)] [(during|within|in|throughout|while) [the] [(projected duration|course|duration|period|participating|on|enrolled)] [of] [in] [the] [(study|trial|treatment|this study|this trial)] [treatment] [period]]",
            "intention of (becoming|getting) {pregnant} [(during|within|in|throughout|while) [the] [(course|duration|period)] [of] [the] [(study|trial|treatment)]]",
            "(planning|plan|plans|intending|intends|intend|wishing|wish|expecting) [(to|a|on)] [(conceive|conceiving)] {pregnant} [during the (study|trial)]",
            "(planning|plan|plans|intending|intends|intend|wishing|wish|expecting|expects|expect|trying) to (conceive|have children) [a child] [or father (children|a child)] [(during|within|in|throughout|while) [the] [(projected duration|course|duration|period|participating|on|enrolled)] [of] [in] [the] [(study|trial|treatment|this study|this trial)] [treatment] [period]]",
        ),
        lambda _: leaf("judgement", topic="plans to become pregnant"),
        priority=7,
        texts=(
            ("Intending to become pregnant during the study", {"judgement": {"topic": "plans to become pregnant"}}),
        ),
    ),
    Rule(
        "comorbidity.sterile",
        ("[(are|is|be|been|permanently)] {condition}",),
        lambda found: (
            leaf("comorbidity", any_of=["surgical_sterility"])
            if found.ids("condition") == ("surgical_sterility",)
            and "surgical" in found.text()
            and _DEFINES.search(found.sentence.text) is None
            else None
        ),
        texts=(("Women who are surgically sterile", {"comorbidity": {"any_of": ["surgical_sterility"]}}),),
    ),
    Rule(
        "menopausal_status.all",
        (
            "pre [,|/] [(peri|perimenopausal) [,|/]] [(and|or|and/or|/)] {postmenopausal} [status|women|woman|females]",
            "{premenopausal} [women] [,|/] [{perimenopausal} [,|/]] (and|or|and/or|/|as well as) {postmenopausal} [status|women|woman|females]",
            "{postmenopausal} [women] [,|/] (and|or|and/or|/|as well as) {premenopausal} [status|women|woman|females]",
            "{postmenopausal} [women] [,|/] (and|or|and/or|/|as well as) pre [(or|and|/) peri] {postmenopausal} [status|women|woman|females]",
        ),
        lambda _: leaf("menopausal_status", any_of=["premenopausal", "perimenopausal", "postmenopausal"]),
        priority=1,
        texts=(
            (
                "Pre- or postmenopausal women",
                {"menopausal_status": {"any_of": ["premenopausal", "perimenopausal", "postmenopausal"]}},
            ),
            (
                "Premenopausal and postmenopausal women",
                {"menopausal_status": {"any_of": ["premenopausal", "perimenopausal", "postmenopausal"]}},
            ),
        ),
    ),
    Rule(
        "menopausal_status.state",
        (
            "{postmenopausal:post} [status|women|woman|females] [[for] [(at least|≥|>|greater than|more than|a minimum of)] (1 year|one year|12 months|12 consecutive months|twelve months)]",
            "{premenopausal:pre} [(or|/|and|and/or) {perimenopausal:peri}] [status|women|woman|females]",
        ),
        _menopause,
        texts=(
            ("Postmenopausal women", {"menopausal_status": {"any_of": ["postmenopausal"]}}),
            ("Postmenopausal status is defined by age ≥ 60 years", None),
            ("Postmenopausal status not specified", None),
        ),
    ),
)

_WHO = (
    r"(?:\b(?:for|all|premenopausal|fertile|female|sexually|active|women|woman|females|females?|patients?|participants?|subjects?|individuals?|wocbp|wcbp|those|of|with|who|are|is|child-?|bearing|childbearing|reproductive|potential|age|"
    r"capable|must|should|have|has|had|need|needs|require|requires|required|a|an|the|to|confirmed|documented|only|be|if|applicable|undergo|and|both|will|do|person|people|can|become|pregnant)\b[\s,():]*)*"
)
_TEST = re.compile(
    rf"{_WHO}\bnegative\b(?:[\s,()/]|\b(?:serum|urine|urinary|blood|plasma|or|and|highly|sensitive|beta|human|chorionic|gonadotropin|gonadotrophin|hcg|ss|b|β|a|for|and/or|β-hcg)\b|-|β)*\bpregnancy(?: tests?\b|(?<=serum pregnancy)(?= (?:within|prior to|before|at)\b)|(?<=urine pregnancy)(?= (?:within|prior to|before|at)\b))"
    rf"(?: results?)?(?:\s*\([^()]{{0,60}}\))?(?:\s*\b(?:at|during|upon|prior to|before|on)\b(?:[\s,]|\b(?:the|screening|baseline|study|visit|enrollment|entry|registration|randomization|day|1|cycle|period|first|dose|of|treatment|drug|time|starting|start|therapy|beginning|initiation|prior|to|each)\b)*)*(?:[\s,]*(?:\b(?:is|are|will be|must be)\b\s*)?(?:required|mandatory|needed|documented|obtained|done|performed)\b(?=\s*(?:[.,;)]|for\b|in\b|if\b|$)))?"
    rf"(?:[\s,(]*\b(?:for|if|in|among|when)\b {_WHO}\bpotential\b(?: only)?\)?)?"
)
_NEEDED = re.compile(rf"[\s,(]*\b(?:for|if|in|among|when)\b {_WHO}")
_BECAUSE = re.compile(r"\b(?:because|since|as there is|due to|given)\b")
_STOP = re.compile(r"\bbreast-?\s?feeding\b[^.;]{0,60}\b(?:discontinued|stopped|avoided|not permitted|not allowed)")


def _tests(sentence: Sentence) -> Iterator[Stretched]:
    """A test that must be negative, with who needs it and when."""
    for found in _TEST.finditer(sentence.text):
        end = found.start() + len(found[0].rstrip(" ,("))
        when = WINDOW.match(sentence.text, end)
        end = when.end() if when else end
        end = needed.end() if (needed := _NEEDED.match(sentence.text, end)) else end
        end = found.start() + len(sentence.text[found.start() : end].rstrip(" ,("))
        yield Stretched(found.start(), end, Not(leaf("pregnancy", any_of=["pregnant"])))


def _explained(sentence: Sentence) -> Iterator[Stretched]:
    """Pregnancy or breastfeeding excluded, with the reason: what the drug may do to the child."""
    text = sentence.text
    reason = _BECAUSE.search(text)
    stop = _STOP.search(text)
    if reason is None or not re.search(
        r"teratogen|abortifac|infant|fetus|foetus|unknown|congenital|fetal|harm", text[reason.start() :]
    ):
        return
    said = text[: reason.start()]
    states = ["pregnant"] if "pregnan" in said else []
    if stop or re.search(r"breast|lactat|nursing", said):
        states.append("breastfeeding")
    if not states or re.search(r"contracep|condom|negative", text):
        return
    node: Node = leaf("pregnancy", any_of=states)
    asked = sentence.section == "inclusion" and not re.search(
        r"\bexcluded?\b|\bineligible\b|\bnot eligible\b|\bno(?:t)?\b", said
    )
    yield Stretched(0, len(text.rstrip(" .;")), Not(node) if asked and stop else node)


SCANNERS = (
    Scanner(
        "pregnancy.tested",
        ("pregnancy", "pregnant"),
        _tests,
        priority=3,
        texts=(
            (
                "Women of childbearing potential must have a negative serum pregnancy test within 7 days of the first dose",
                {"not": {"pregnancy": {"any_of": ["pregnant"]}}},
            ),
        ),
    ),
    Scanner(
        "pregnancy.explained",
        ("pregnant", "breastfeeding", "lactating", "nursing"),
        _explained,
        priority=5,
        texts=(
            (
                "Pregnant women are excluded because the drug has the potential for teratogenic effects",
                {"pregnancy": {"any_of": ["pregnant"]}},
            ),
        ),
    ),
)
