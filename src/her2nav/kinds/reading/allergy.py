"""Allergies to the study drug, to drugs and to what they contain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.disease_words import GRADE, TURNED, grade
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node

_HEAD = Sought(
    r"(?:\b(?:history|of|known|prior|previous|documented|suspected|a|an|any|severe|serious|life-?threatening|immediate|delayed|significant|clinically|has|have|had|or|and|to|patients?|subjects?|participants?|with|allergic|hypersensitivity|"
    r"contraindications?|intolerance|anaphylactic|anaphylaxis|infusion|related|current|evidence|uncontrollable|other)\b[\s,/()-]*|\((?:[^()]{0,60}\b)?grades? [≥>]? ?\d[^()]{0,30}\)\s*|≥\s*|>\s*|grade \d[\s,-]*(?:or (?:higher|greater|above|\d)[\s,-]*)?)*"
    r"\b(?:allerg(?:y|ies|ic)|hypersensitiv(?:ity|ities)|(?<!tumor )(?<!tumour )(?<!disease )(?<!chemo)(?<!radio)(?<!light )(?<!drug )sensitivity(?= to | of | or (?:allerg|hypers))|idiosyncrasy|idiosyncratic reactions?|anaphyla(?:xis|ctic)|anaphylactoid|intolerance)\b(?:[\s,/()-]|\b(?:reactions?|hypersensitivity|or|and|responses?|allerg(?:y|ic)|anaphylaxis|anaphylactic|intolerance|shock|infusion|disorders?|severe|history|known|contraindications?|idiosyncrasy|idiosyncratic|sensitivity|sensitivities|other|adverse|untoward|drug)\b(?! allerg))*"
)
_TO = re.compile(
    r"[\s,(]*(?:[≥>]?\s*grade \d(?: or (?:higher|greater))?[\s,)]*)?\b(?:to|attributed to|against|of|from|with|following|caused by|associated with|due to)\b"
)
_OWN = re.compile(
    r"\b(?:study|trial|investigational|protocol|assigned|planned|test)[\s-]*(?:\w+ ){0,2}?(?:drugs?|treatments?|medications?|agents?|interventions?|products?|therap(?:y|ies)|compounds?|components?)|\b(?:excipients?|components?|ingredients?|constituents?|formulations?|inactive)\b|\b(?:similar|related) (?:\w+ ){0,3}(?:composition|compounds?|agents|class|drugs)|\b(?:agents|drugs|medications?|medicines) used in (?:the |this )?(?:study|trial|protocol)\b|\bstudy[ -]specified\b|\bprotocol-specified\b"
)
_REST = re.compile(
    r"(?:[\s,;/()&:'.-]|\b(?:to|any|of|the|a|an|or|and|its|their|other|components?|ingredients?|excipients?|constituents?|formulations?|inactive|active|study|trial|drugs?|treatments?|medications?|agents?|products?|interventions?|compounds?|used|in|this|"
    r"investigational|similar|chemical|biologic|biological|composition|structure|structurally|related|attributed|class|classes|either|both|such|as|including|e\.?g\.?|i\.?e\.?|planned|be|contained|for|which|that|are|is|administered|protocol|known|"
    r"proteins?|humanized|humanised|chimeric|murine|recombinant|human|monoclonal|antibod(?:y|ies)|fusion|mouse|chinese|hamster|ovary|cells?|cho|polysorbate|tween|80|20|cremophor|el|derived|based|containing|same|with|investigated|therap(?:y|ies)|"
    r"analogs?|analogues?|derivatives?|metabolites?|contents?|materials?|another|mab|mabs|therapeutic|from|hypersensitivity|allerg(?:y|ic)|reactions?|solvents?|vehicle|listed|substances?|diluents?|chemically|formulated|solubili[sz]ed|prepared|protocol-specified|study-specified|specified|involved|various|given|conventional|course|parts?|either|assigned|hcl|hydrochloride|maleate|tosylate|mesylate|malate|citrate|sodium|monotherapy|combination|not|limited|but|quinazolines|vaccine|lipid nanoparticles?|lnp|investigated|one|more|several|all|applied|approved|marketed|licensed|experimental|medicines|medicinal|immune|globulins?)\b|[\ue000-\uf8ff]+)*"
)


_WIDE = frozenset({"chemotherapy", "targeted_therapy", "immunotherapy", "endocrine", "any_systemic"})
_BARE = re.compile(r"[\s\w,/()-]*\bintolerance\W*")
"""Intolerance to a sort of treatment is no allergy: it was given and not borne."""
_SEVERELY = re.compile(r"\bsevere|\bserious|\blife-?threatening|\banaphyla")


_NAME = re.compile(
    r"(?P<name>(?!(?:the|any|a|an|to|of|no|not|other|these|this|that|those|such|its|which|who|prior|previous|history|known|use|treatment|approved|marketed|licensed|investigational|experimental|within|grade|in|on|for|with|from|one|more|either|both|each|all|some|drugs?|agents?|medications?|compounds?|classes|class|study|"
    r"components?|ingredients?|excipients?|current|currently|active|uncontrolled|severe|patients?|participants?|subjects?|pregnan\w*|inability|unable|contraindications?|chemotherapy|radiotherapy|immunotherapy|hormon\w*|endocrine|therapy|therapies)\b)"
    r"[\[a-z0-9][\w'.\[\]/+-]*(?:[ -](?!(?:or|and|and/or|which|that|who|with|within|in|at|on|for|requiring|to|if|unless|including|such|e\.g|i\.e|is|are|was|were|used|should|must|may|will|by|from|except|excluding|history|known|prior|has|have|not|as|when|any)\b)[\w'.\[\]/+-]+){0,3})"
    r"(?=\s*(?:$|[.;,)(]|\b(?:or|and|and/or|which|that|used|is|are|if|including|such as|e\.g|i\.e|within|at|in the past)\b))"
)
"""A substance that no vocabulary holds, by the words of the text."""
_NEXT = re.compile(
    r"(?:\s*\([^()]{0,60}\))?\s*(?:,\s*(?:and/or |or |and )?|\b(?:and/or|or|and)\b\s*|/\s*)(?:(?:to|any|of|the|other|a|an|its|their)\s+)*"
)


def _named(sentence: Sentence, place: int, *, first: bool) -> tuple[list[str], int]:
    """Return the substances of a list that stand at a place in words which no vocabulary holds, and where they end."""
    text, end = sentence.text, place
    found: list[str] = []
    while True:
        more = (
            re.compile(r"\s*(?:(?:any|the|other|a|an|either|of)\s+)*").match(text, end)
            if first
            else _NEXT.match(text, end)
        )
        first = False
        name = _NAME.match(sentence.masked, more.end()) if more else None
        if name is None or _OTHER_MATTER.search(name[0]):
            return found, end
        found.append(name["name"].strip(" .'"))
        end = name.end()


_TREATED = r"\b(?:any )?(?:prior|previous|earlier|past) (?:therapy|treatment|exposure|use|administration)\b"
_TREATED_OR = re.compile(
    rf"{_TREATED}(?: (?:with|to|of))?,? (?:and/or|or)\W+(?:(?:an?|any|known|documented|history|of|prior|previous|severe|suspected|has|have|had|who|patients?)\W+)*\Z"
)
"""In front of an allergy: to have had the drug shuts out as well."""
_OR_TREATED = re.compile(rf"(?: ?(?:and/or|or))? ?{_TREATED}(?= (?:to|with|of)\b)")
_WORD = re.compile(r"allerg|hypersens|sensitiv|idiosyn|anaphyl|intoleranc")


def _had_too(sentence: Sentence, head: re.Match[str]) -> tuple[int, int] | None:
    """Return where words begin and end by which earlier treatment is named beside an allergy to the same drug."""
    word = _WORD.search(sentence.text, head.start(), head.end())
    before = _TREATED_OR.search(sentence.text, 0, word.start()) if word is not None else None
    if before is not None:
        return before.start(), head.end()
    end = head.start() + len(head[0].rstrip(" ,(/"))
    behind = _OR_TREATED.match(sentence.text, end) or _OR_TREATED.match(sentence.text, end + 1)
    return (head.start(), behind.end()) if behind is not None else None


def _had(sentence: Sentence, start: int, end: int) -> Node | None:
    """Earlier treatment with the drugs that a stretch names; None where it names none, or more than drugs."""
    drugs = [item for hit in sentence.between(start, end) if (item := hit.id("drug"))]
    return leaf("prior_therapy", drugs=list(dict.fromkeys(drugs))) if drugs else None


_OTHER_MATTER = re.compile(
    r"\b(?:disease|disorder|illness|infection|syndrome|asthma|surgery|transplant\w*|pregnant|lactating|breastfeeding|nursing|failure|hypertension|diabetes|seizures?|malignancy|cancer|neuropathy|toxicit\w+|reactions?|condition|hypersensitivity|allerg\w+|intolerance|sensitivity|inability|vomiting|participation|consent|ilness)\b"
)
"""Behind "allergy to A or" another criterion may begin."""


_AGAIN = re.compile(r"\b(?:in|of|to|against)$")
_EDGE = re.compile(
    r"(?:[\s,;/()&:'.-]|\b(?:or|and|to|any|of|the|a|an|other|known|with|in|for|as|such|is|are|be|from|including|that|which)\b)+$"
)


def _plain(sentence: Sentence, first: int, place: int) -> int:
    """Return where the words end that name the study drug or a known substance, joining words at the end left out."""
    rest = _REST.match(sentence.masked, place)
    said = sentence.text[first : rest.end() if rest else place]
    edge = _EDGE.search(said)
    if edge is not None and edge[0].rstrip().endswith((" in", " of", " to")) and edge.start():
        return first + len(said.rstrip())
    return first + (edge.start() if edge else len(said))


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    asked = sentence.section == "inclusion" and not sentence.permits
    for head in _HEAD.finditer(text):
        too = _had_too(sentence, head)
        to = _TO.match(text, too[1] if too and too[1] > head.end() else head.start() + len(head[0].rstrip(" ,(")))
        if to is None or (asked and not TURNED.search(text, 0, to.start())):
            continue
        named: list[str] = []
        end = to.end()
        for _ in range(6):
            end = _plain(sentence, to.end(), end)
            more, stop = _named(sentence, end, first=end == to.end() or _AGAIN.search(text, 0, end) is not None)
            if not more or _BARE.fullmatch(head[0]):
                break
            named, end = named + more, stop
        end += text[end : end + 1] == ")" and text.count("(", to.end(), end) > text.count(")", to.end(), end)
        stretch = text[to.end() : end]
        substances = [
            item
            for hit in sentence.between(to.end(), end)
            for item in (hit.id("drug") or hit.id("substance"),)
            if item and not (item in _WIDE and _BARE.fullmatch(head[0]))
        ]
        if not substances:
            # "Allergy to sulfonamides" is the name of a disease too, which hides that of the substance.
            within = dictionary(sentence.knowledge).find(stretch)[0]
            substances = [item for hit in within if (item := hit.id("substance"))]
        if _OWN.search(stretch):
            substances.append("study_drug_components")
        substances += named
        if not substances:
            continue
        start = head.start() + len(head[0]) - len(head[0].lstrip(" ,-/()"))
        severe = sentence.knowledge.conditions.rules.grades.severe_from
        graded = grade(text, GRADE.search(text, head.start(), to.end()))
        node: Node = leaf(
            "allergy",
            substances=list(dict.fromkeys(substances)),
            min_grade=min(graded.at_least, 5) if graded else severe if _SEVERELY.search(head[0]) else None,
        )
        if graded is None and re.search(r"\bsignificant", head[0]):
            node = AllOf((node, leaf("judgement", topic="whether the reaction was severe")))
        if too is not None:
            had = _had(sentence, to.end(), end)
            if had is None:
                continue
            start, node = min(start, too[0]), AnyOf((had, node))
        yield Stretched(start, end, node)


SCANNERS = (
    Scanner(
        "allergy.to",
        (
            "allergy",
            "allergies",
            "allergic",
            "hypersensitivity",
            "hypersensitivities",
            "sensitivity",
            "anaphylaxis",
            "anaphylactic",
            "intolerance",
            "idiosyncrasy",
            "condition",
            "toxicity",
        ),
        _scan,
        priority=3,
        sought=(_HEAD,),
        texts=(
            ("No severe hypersensitivity to trastuzumab", {"allergy": {"substances": ["trastuzumab"], "min_grade": 3}}),
            ("No known allergy to zorbleberries", {"allergy": {"substances": ["zorbleberries"]}}),
            (
                "No hypersensitivity to trastuzumab or zorblin b",
                {"allergy": {"substances": ["trastuzumab", "zorblin b"]}},
            ),
            (
                "No allergy to any study drug or uncontrolled asthma",
                {"allergy": {"substances": ["study_drug_components"]}},
            ),
            ("No known sensitivity to docetaxel", {"allergy": {"substances": ["docetaxel"]}}),
            (
                "No prior treatment with or known hypersensitivity to any CDK4/6 inhibitor",
                {
                    "any_of": [
                        {"prior_therapy": {"drugs": ["cdk4_6_inhibitor"]}},
                        {"allergy": {"substances": ["cdk4_6_inhibitor"]}},
                    ]
                },
            ),
            (
                "No known hypersensitivity or previous exposure to lapatinib",
                {
                    "any_of": [
                        {"prior_therapy": {"drugs": ["lapatinib"]}},
                        {"allergy": {"substances": ["lapatinib"]}},
                    ]
                },
            ),
            ("No known hypersensitivity to trastuzumab", {"allergy": {"substances": ["trastuzumab"]}}),
            (
                "No history of allergic reactions attributed to compounds of similar chemical or biologic composition to the study drug",
                {"allergy": {"substances": ["study_drug_components"]}},
            ),
        ),
    ),
)
