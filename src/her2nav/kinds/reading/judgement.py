"""Sentences of which nothing can be judged from a record: consent, compliance, contraception, opinions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.comorbidity import TOPIC
from her2nav.language.sought import Family, Sought
from her2nav.model.tree import Node, Not

_BLOCKING = frozenset(
    {"drug", "regimen", "variable", "tumour", "histology", "virus", "her2", "ihc", "ish", "ngs", "ecog", "karnofsky", "recist", "lvef", "qtc", "ild", "gene", "toxicity", "brain_metastases", "leptomeningeal",
     "medication", "pregnant", "breastfeeding", "substance", "other_cancer", "cured_cancer", "nyha", "technique", "site"}
)  # fmt: skip
"""Names that make a sentence say more than what a person confirms."""
_MILD_GROUPS = frozenset({"psychiatric", "general", "reproductive"})
_OF_THE_STUDY = frozenset({("toxicity", "laboratory"), ("drug", "investigational_agent")})
"""Names in sentences on what speaks against taking part: laboratory findings at large, the drug of the study."""
_MILD = frozenset({"dementia", "cognitive_impairment", "neurological_disease"})
_ABLE = r"(?:able|ability|willing\w*|agree\w*|capab\w+|competen\w+|understand\w*|availab\w+|accept\w*|likely|motivated|commit\w*|can|intent\w*|consent\w*|must|should|will|cooperat\w+|complian\w+)"
_UNABLE = r"(?:unable|unwilling\w*|inabilit\w+|not willing|not able|refus\w+|unlikely|cannot|can not|not (?:likely|agree\w*)|lack|non-?complian\w+|unreliab\w+|poor|limitation|impossib\w+|difficult\w*|not be able|incapab\w+|fail\w+)"
_NOT_ELSEWHERE = r"(?!,? (?:also |already |first |have )?be(?:en)? (?:enrol+ed|registered|randomi[sz]ed|entered) (?:on|in|to|onto|into)\b)"
"""To be enrolled on a protocol, by its number, is a demand and no promise."""
_DOING = r"(?:comply|adhere\w*|complian\w+|cooperat\w+|complete|participat\w+|follow\w*|undergo|attend|return|visits?|procedures?|protocol|instructions|schedule\w*|requirements?|monitoring|surveillance|take part)"


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of sentence.

    Attributes:
        sign: What shows it.
        node: What it says.
        mild: Conditions may be named too: the sentence is about what they do to taking part.
        wide: Everything may be named: such sentences explain, and decide nothing.
        whole: It stands before all that other rules read in the sentence; else it is taken where they read nothing.
    """

    sign: Sought
    node: Callable[[str], Node]
    mild: bool = False
    wide: bool = False
    whole: bool = False


def _part(what: str) -> Callable[[str], Node]:
    return lambda _: leaf("participation", what=what)


_NONE = re.compile(r"\W*(?:(?:there is|there are|have|has|with) )?(?:no|without|absence of|free of)\b(?! longer)")


def _opinion(text: str) -> Node:
    node = leaf("judgement", topic=TOPIC)
    return Not(node) if _NONE.match(text) else node


_WITHOUT = re.compile(
    r"\b(?:do(?:es)? not|not willing|unwilling|unable|not able|refus\w+|will not)\b[^.;,]{0,50}\b(?:agree|use|employ|practi[cs]e|utili[sz]e|adhere|abstain)\b|\b(?:not (?:currently )?(?:using|employing|practi[cs]ing|utili[sz]ing|taking|on)|without|no|lack(?:ing)?(?: of)?)\b[^.;,]{0,40}\b(?:contracep|birth control)"
    r"|(?<!not )\b(?:plan\w*|wish\w*|intend\w*|desir\w+) (?:to |on )?father"
)
"""Said of those who do not prevent a pregnancy."""


def _contraception(text: str) -> Node:
    female = re.search(r"\bfemales?\b|\bwom[ae]n\b|\bwocbp\b|\bwcbp\b|\bchild-?\s?bearing", text) is not None
    male = re.search(r"\bmales?\b|\bm[ae]n\b|\bfather|\bsperm\b|\bcondom\b", text) is not None
    found = re.search(
        r"\b(?:for|until|least|and|up to)\b[^.;]{0,30}?\b(\d{1,2}(?:\.\d)?) months?\b[^.;]{0,40}\b(?:after|following|post|past)",
        text,
    )
    params: dict[str, object] = {"who": "all" if female == male else "female" if female else "male"}
    if found:
        params["months_after"] = found[1]
    node = leaf("contraception", **params)
    return Not(node) if _WITHOUT.search(text) else node


_UNWILLING = re.compile(
    rf"\A\W*(?:(?:patients?|participants?|subjects?|individuals?|who|is|are|was|with|has|have|a|an|history|of|known|the|considered|judged|to|be|those|any|significant)\s+)*{_UNABLE}\b"
)
"""A sentence on those who cannot or will not do what the study asks."""


def _doing(what: str) -> Callable[[str], Node]:
    """What taking part asks of the patient, or that the patient cannot do it."""
    node = leaf("participation", what=what)
    return lambda text: Not(node) if _UNWILLING.match(text) else node


_SORTS = (
    _Sort(
        Sought(
            r"contracept|birth control|\bcondoms?\b(?! catheter)|\babstinen|\babstain\w* from (?:hetero|sex|inter)|\bspermicid|\bdiaphragm\b|\bvasectomi|barrier method|\bintra-?uterine (?:device|system|contracep)|\bvasectomy\b|\bimplants? of levonorgestrel|\binjectable (?:progestogen|levonorgestrel)|\A\W*(?:bilateral )?tubal (?:occlusion|ligation)\W*\Z|\A\W*(?:male/female |female |male )?sterili[sz]ation\W*\Z|\bfather(?:ing)? (?:a )?child|\bsexual (?:partner|inter|activ)"
            r"|\b(?:wom[ae]n|females?|participants?|patients?|individuals?) (?:who are )?(?:not )?of (?:non-?\s?)?(?:child-?\s?bearing|reproductive) potential (?:is|are|will be|\(|defined|means|include)|\bnon-?\s?child-?\s?bearing potential\W+(?:i\.?e|defined|\()|\bchild-?\s?bearing potential \(i\.?e\b|(?:considered|defined as)[^.]{0,60}child-?\s?bearing potential|\bpregnancy prevention|\b(?:methods?|measures|precautions|activities|care must be taken)\b[^.;]{0,40}\b(?:avoid|prevent|result in)\w* (?:a )?pregnan|\boral contraceptives|\bsole sexual partner"
        ),
        _contraception,
        wide=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"\bdonat(?:e|ion|ing)\b[^.;]{0,40}\b(?:blood|sperm|ova|oocytes?|eggs?|gametes?|semen)\b|\bfreeze (?:sperm|eggs)"
        ),
        _part("donation"),
        wide=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"\b(?:should|if) (?:a |any )?(?:wom[ae]n|female|patient|participant|she)\b[^.;]{0,40}\bbecomes? pregnant|\binform (?:her|the|his|their) (?:treating|study|physician|investigator)"
        ),
        _part("compliance"),
        wide=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"\b(?:effects? of|risks? of)\b[^.;]{0,120}\b(?:fetus|foetus|unborn|embryo)|\b(?:harmful|hazardous|toxic|dangerous|damag\w+)\b[^.;]{0,30}\b(?:fetus|foetus|unborn|embryo)|\bknown to be teratogenic|\bteratogenic (?:effects|potential|risk)"
        ),
        _contraception,
        wide=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"(?<!precluding )(?<!preclude )(?<!prevent )(?<!preventing )\binformed consent|\bconsent (?:form|document|process|prior|must|to (?:participat|take|the study|study))|\b(?:written|signed|provide|give|giving|providing|sign|obtain(?:ed)?|assent and|voluntary|personally)\b[\w ,/()]{0,40}\b(?:consent|assent)\b|\bassent\b|\bhipaa\b|\blegally authorized"
            r"|\b(?:understand|comprehend)\w*\b[^.;]{0,60}\b(?:study|trial|nature|purpose|consent|risks|protocol)"
        ),
        _part("consent"),
        mild=True,
    ),
    _Sort(
        Sought(
            r"\b(?:another|other|different) (?:(?:anti-?cancer|treatment|investigational|therapeutic|clinical|research|drug|interventional|experimental) ){0,3}(?:study|trial|protocol)s?\b(?![ -](?:procedures?|assessments?|requirements?|medications?|drugs?|treatments?|visits?|personnel|staff|sites?|related|tests?|evaluations?|specific))(?![^.;]*\b(?:within|≤|weeks?|days|months?|prior|previous)\b)|\b(?:another|other|any|different|concurrent(?:ly)?|simultaneous(?:ly)?)\b[^.;]{0,50}\b(?:clinical|interventional|therapeutic|investigational|research)\b[^.;]{0,25}\b(?:trials?|stud(?:y|ies))\b"
            r"(?![^.;]*\b(?:within|≤|weeks?|days|months?|prior|previous)\b)"
        ),
        _part("other_trial"),
    ),
    _Sort(Sought(rf"\b{_ABLE}\b[^.;]{{0,60}}\b(?:biopsy|biopsies)\b"), _part("biopsy_on_study")),
    _Sort(
        Sought(
            r"\b(?:questionnaires?|diar(?:y|ies)|patient-?reported outcomes?|quality of life (?:assessments?|forms?|surveys?))\b"
        ),
        _part("questionnaires"),
    ),
    _Sort(
        Sought(
            r"\b(?:english|french|german|spanish|chinese|mandarin|japanese|korean|italian|dutch|danish)[ -]speak\w*|\b(?:speak|read|fluent|literate|fluency|proficien\w+|understand)\b[^.;]{0,60}\b(?:english|french|german|spanish|chinese|languages?|mandarin|japanese|korean|italian|dutch|danish)\b"
        ),
        _part("language"),
    ),
    _Sort(
        Sought(
            r"\bsocial (?:security|protection|insurance)|\b(?:health|medical) insurance|\bhealth ?care system|\bdepriv\w+ of (?:liberty|freedom)|\b(?:under )?(?:guardianship|tutelage|curatorship|legal protection|judicial protection|protective custody)\b|\bprisoners?\b|\bincarcerat|\bimprison|\binstitutionali[sz]ed"
        ),
        _part("insurance"),
        mild=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"\breasonable suspicion\b|\bphysical examination findings?\b[^.;]{0,60}\blaboratory\b[^.;]{0,40}\bcontraindicat\w+ the use of|\b(?:medical|psychiatric)\b[^.;]{0,120}\b(?:may|might|could|would) increase the risks? (?:associated|involved) with (?:the )?(?:study|trial)"
        ),
        _opinion,
        mild=True,
        whole=True,
    ),
    _Sort(
        Sought(
            r"\b(?:medical|psychological|psychiatric|psychosocial|mental|cognitive|social|familial|family|sociological|geographic(?:al)?|addictive|substance|behaviou?ral|personal|other)\b[^.;]{0,140}\b(?:limit|interfere\w*|comply|compliance|adherence|hamper\w*|hinder\w*|prevent\w*|preclud\w+|affect\w*|impair\w*|compromis\w+|jeopardi[sz]e\w*|cooperat\w+|permit)\b"
            r"[^.;]{0,90}\b(?:study|trial|protocol|complian\w+|follow-?\s?up|consent|cooperat\w+|participa\w+|requirements?|treatment plan|therapy|safety|evaluation|results|schedule)\b"
        ),
        _opinion,
        mild=True,
        whole=True,
    ),
    _Sort(
        Sought(
            rf"\b(?:{_ABLE}|{_UNABLE})\b[^.;]{{0,80}}\b{_DOING}\b[^.;]{{0,60}}\b(?:follow-?\s?up|visits?)\b|\bfollow-?\s?up\b[^.;]{{0,60}}\b(?:availab|feasib|possib|impossib|guarantee|assured|difficult)"
        ),
        _doing("follow_up"),
        mild=True,
    ),
    _Sort(
        Sought(
            rf"\b(?:{_ABLE}|{_UNABLE})\b{_NOT_ELSEWHERE}[^.;]{{0,80}}\b{_DOING}\b[^.;]{{0,80}}\b(?:study|trial|protocol|procedures?|visits?|requirements?|schedule\w*|treatment|therapy|tests?|evaluations?|assessments?|instructions|regimen|follow-?\s?up|medical(?! (?:cent|school|college)))\b"
            r"|\bcomplian\w+ (?:to|with) (?:the |all )?(?:study|trial|protocol|medical|treatment)|\bnon-?complian\w+\b|\bcommunicat\w+ (?:reliably|effectively|with the (?:investigator|study))|\b(?:poor|lack of|history of|non)[ -]?(?:medical )?(?:non-?)?(?:complian\w+|adheren\w+)"
        ),
        _doing("compliance"),
        mild=True,
    ),
    _Sort(
        Sought(
            r"\b(?:opinion|judge?ment|discretion|view|judged|assessment|deemed|considered|felt|believed|decision)\b[^.;]{0,12}\b(?:of|by|from|to)\b[^.;]{0,40}\b(?:investigators?|physicians?|doctor|sponsor|oncologist|clinician|pi|team|provider)\b"
            r"|\b(?:investigators?|physicians?|sponsor|clinician|oncologist)(?:\s?'\s?s?)?\s(?:'s |s )?(?:opinion|judge?ment|discretion|view|assessment|believes?|considers?|feels?|determines?|deems?|judges?|thinks?)"
            r"|\bany (?:other )?(?:condition|reason|circumstance|situation|factor|issue|finding)s?\b[^.;]{0,120}\b(?:interfere|jeopardi[sz]e|compromise|confound|preclude|affect|impair|contraindicat\w+|unsuitable|inappropriate|risk|unsafe|difficult|limit)\w*"
            r"|\b(?:not (?:be )?(?:suitable|appropriate)|inappropriate|unsuitable|not a (?:good|suitable) candidate|poor candidate)\b[^.;]{0,40}\b(?:study|trial|participat\w+|enrol\w+|candidate)?"
        ),
        _opinion,
    ),
)
_SIGNS = tuple(sort.sign for sort in _SORTS)
_ALL_SIGNS = Family(_SIGNS)
_LONG = 700
"""A longer "sentence" is several that nothing parts: only the words themselves are read."""
_NUMBER = Sought(r"(?:≥|≤|<|>|=)\s?\d|\b\d+(?:\.\d+)? ?(?:%|years? (?:of age|or older|old)|mg|mm|g/|iu)")


_CONTENT = Sought(
    r"\bmeasurable|\blife expectancy|\bsurviv|\btumou?rs?\b|\bcancers?\b|\bmetasta|\blesions?\b|\bresect|\bsurg|\bchemotherap|\bradiation|\bradiotherap|\bprogress|\borgan function|\btissue|\btoxic|\bperformance"
    r"|\bhistolog|\bbrain\b|\bcardiac|\bheart\b|\blung\b|\bliver\b|\brenal\b|\binfection|\ballerg|\bswallow|\bmedications?\b|\bcontrolled\b|\bsteroid|\bvaccin|\bwashout|\brecover|\bstandard (?:of care|therap|treat)|\bcurative"
)
"""What decides even where no rule has read it: an opinion beside it does not make it a matter of opinion."""


def _first(sentence: Sentence, *, whole: bool) -> Iterator[Stretched]:
    text = sentence.text
    stop = len(text.rstrip(" .;"))
    begin = len(text) - len(text.lstrip(" .*-"))
    for place in _ALL_SIGNS.possible(text):
        sort = _SORTS[place]
        found = sort.sign.expression.search(text)
        if found is None:
            continue
        if sort.node is _contraception and OTHER_MATTER.search(text):
            continue
        node = sort.node(text)
        if sort.wide:
            if whole:
                if stop - begin > _LONG:
                    yield Stretched(found.start(), found.end(), node)
                    return
                own = _beside_pregnancy(sentence, found.start(), begin, stop)
                yield Stretched(*(own if sort.node is _contraception else (begin, stop)), node)
            return
        if _says_more(sentence, mild=sort.mild) or (not sort.whole and _CONTENT.search(text)):
            continue
        if sort.whole == whole:
            yield Stretched(begin, stop, node)
        return


OTHER_MATTER = Sought(
    r"\b(?:except(?:ing|ions?)?|other than|excluding|apart from|exclusive of)\b[^.;:]{0,50}\b(?:contracep|birth control)"
)
"""A sentence on something else that lets contraceptives be: "no hormones except contraceptives"."""


def _dominant(sentence: Sentence) -> Iterator[Stretched]:
    yield from _first(sentence, whole=True)


def _otherwise(sentence: Sentence) -> Iterator[Stretched]:
    yield from _first(sentence, whole=False)


def _says_more(sentence: Sentence, *, mild: bool) -> bool:
    """Whether a sentence names something that decides."""
    if _NUMBER.search(sentence.text) and not re.search(r"≥ ?18|21 cfr", sentence.text):
        return True
    if re.search(r"\bage[ds]?\b|\byears old\b", sentence.text):
        return True
    ontology = sentence.knowledge.conditions.conditions
    for hit in sentence.hits:
        for term in hit.terms:
            if mild and (term.category, term.id) in _OF_THE_STUDY:
                continue
            if term.category in _BLOCKING:
                return True
            if term.category == "condition":
                harmless = mild and (ontology[term.id].group in _MILD_GROUPS or term.id in _MILD)
                if not harmless and term.id not in ("illness", "social_finding"):
                    return True
    return False


_STATE = re.compile(r"\bpregnan|\bbreast-?\s?f|\blactat|\bnursing|\bpost-?\s?menopaus|\bsterili|\bhysterectom")
_CLAUSE = re.compile(r"(?:[,;:(]|\band\b|\bor\b|\bbut\b)\s*(?=[^,;:(]*$)")
_EXPLAINS = Sought(
    r"\b(?:avoid\w*|prevent\w*|risk of|become|becoming|not to become|after|possible|possibility of|capable of|planning|plan) (?:a |any )?(?:becoming )?pregnan"
)
_DECIDES = re.compile(
    r"\bnegative\b[^.;]{0,40}\btest|\bnot be pregnant|\bpregnant or|\bbreast-?\s?feeding\b|\blactating\b|\bnursing\b|\b(?:is|are|be) (?:not )?pregnant"
)


def _beside_pregnancy(sentence: Sentence, sign: int, begin: int, stop: int) -> tuple[int, int]:
    """Return the stretch about contraception: not the words about being pregnant now, nor a test for it."""
    text = _EXPLAINS.sub(lambda m: "-" * len(m[0]), sentence.text)
    states = [item.start() for item in _STATE.finditer(text)]
    before = [place for place in states if place < sign]
    after = [place for place in states if place > sign]
    if not _DECIDES.search(text):
        return begin, stop
    if before:
        clause = list(_CLAUSE.finditer(text[before[-1] : sign]))
        cut = list(re.finditer(r"[,;:(]|\band\b|\bor\b|\bbut\b", text[before[-1] : sign]))
        begin = before[-1] + cut[-1].end() if cut else (before[-1] + clause[-1].end() if clause else sign)
    if after:
        negative = text.find("negative", sign, after[0])
        until = negative if negative >= 0 else after[0]
        cut = list(re.finditer(r"[,;:(]|\band\b|\bor\b|\bbut\b", text[sign:until]))
        stop = sign + cut[-1].start() if cut else stop
    return min(begin, sign), max(stop, sign + 1)


_CUES = (
    "consent", "assent", "comply", "compliance", "adhere", "adherence", "opinion", "judgment", "judgement", "discretion", "investigator", "investigators", "physician", "interfere", "compromise",
    "contraception", "contraceptive", "contraceptives", "birth", "condom", "abstinence", "childbearing", "bearing", "reproductive", "donate", "donation", "willing", "able", "unable",
    "unwilling", "ability", "inability", "follow", "insurance", "security", "guardianship", "prisoners", "liberty", "freedom", "trial", "study", "questionnaires", "english", "language", "fetus",
    "teratogenic", "pregnant", "social", "psychological", "psychiatric", "biopsy", "biopsies", "condition", "jeopardize", "preclude", "confound", "hipaa", "authorized", "incarcerated", "sexual",
    "diaphragm", "vasectomized", "noncompliance", "noncompliant", "communicate", "signed", "sign", "provision", "speaking", "protocol", "suspicion", "risk", "intrauterine", "iud", "vasectomy",
    "spermicidal", "spermicide", "tubal", "progestogen", "levonorgestrel", "sterilization", "pregnancy", "precautions",
)  # fmt: skip
SCANNERS = (
    Scanner(
        "judgement.sentence",
        _CUES,
        _dominant,
        priority=6,
        sought=_SIGNS,
        texts=(
            (
                "Psychiatric illness or social situation that would limit compliance with the study",
                {"judgement": {"topic": TOPIC}},
            ),
            (
                "Women agree to use effective contraception during treatment and for at least 7 months after the last dose",
                {"contraception": {"who": "female", "months_after": "7"}},
            ),
        ),
    ),
    Scanner(
        "participation.sentence",
        _CUES,
        _otherwise,
        priority=1,
        sought=_SIGNS,
        texts=(
            (
                "Patients must be willing and able to comply with all study visits",
                {"participation": {"what": "follow_up"}},
            ),
            ("Written informed consent before any procedure", {"participation": {"what": "consent"}}),
            ("Age ≥ 18 years and able to give informed consent", None),
            ("Measurable disease in the opinion of the investigator", None),
            (
                "Any condition that in the opinion of the investigator makes it unsafe to take part",
                {"judgement": {"topic": TOPIC}},
            ),
        ),
    ),
)
