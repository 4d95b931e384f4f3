"""Clauses that narrow what stands before them and that only a physician can answer.

"Heart disease that would preclude the use of anthracyclines" asks for a heart disease, and whether it would do so; the
drugs in the clause are not asked for. "Dyspnoea due to complications of the cancer" asks what it is due to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.comorbidity import TOPIC
from her2nav.kinds.reading.conditions import diseases_in
from her2nav.kinds.reading.disease_nodes import any_of
from her2nav.kinds.reading.disease_words import NYHA, TURNED, nyha_class
from her2nav.language.dictionary import Hit
from her2nav.language.sought import Sought

_MAY = r"(?:would|could|might|may|can|will|is likely to|are likely to|is expected to|are expected to|is known to|are known to|is considered to|are considered to|(?<=that )(?=increase|affect|interfere|make|limit|preclud|contraindicat)|(?<=which )(?=increase|affect|interfere|make|limit|preclud|contraindicat))"
_HARM = (
    r"(?:preclude|interfere|affect|increase|compromise|limit|impair|jeopardi[sz]e|contraindicate|make|put|place|confound|alter|influence|prevent|pose|complicate|complicated by|hamper|hinder|prohibit|either|threaten|worsen|exacerbate|render|impede|predispose|"
    r"endanger|obscure|constitute|represent|cause (?:undue|unacceptable|additional|a risk)|disrupt|impact|adversely|significantly|substantially|unacceptably|unduly|potentially|mask|diminish)(?:e?s)?"
)
_CONSEQUENCE = Sought(
    rf"\b(?:that|which)\b(?:,? (?:in the (?:opinion|judge?ment|view) of the (?:treating |study |principal |site )?(?:investigators?|physicians?)|in the investigator'?s? (?:opinion|judge?ment)|if (?:present|active|severe)),?)? {_MAY} ?(?:be )?(?:also |seriously |further |negatively |adversely |significantly )*{_HARM}\b"
    rf"|\b(?:would|could|might|may) (?:preclude|prohibit|contraindicate)\b"
)
_STOP = re.compile(
    r"[.;:()\[\]]|,? (?:including|such as|e\.g|unless|except|within|despite|with the exception)\b|,? (?:or|and) (?=(?:any|other|a|an|history|known|uncontrolled|active|severe|current|recent|patients?|participants?|has|have|had|is|are|no|not|clinically|prior|previous|significant|unstable|symptomatic|require|requires|requiring)\b)|, (?=(?:active|uncontrolled|history|known|severe|unstable|symptomatic|significant|recent|current|any|prior)\b)"
)
_LONGEST = 170
_LONGEST_OF_ANYTHING = 280
"""Characters of a clause behind a named disease, and behind words for any illness."""
_ON_STUDY = re.compile(
    r"\b(?:study|trial|protocol|participa\w+|complian\w+|follow-?up|consent|safety|results?|evaluation|interpret\w+|risk|treatment|therapy|surgery|administration|use|drugs?|medications?|anaesthe\w+|anesthe\w+|patient|subject|toxicit\w+|tolerat\w+|assessment|efficacy|life|survival|receiving|ability)\b"
)
"""What such a clause speaks of: else it says something of the disease that a record may answer."""


_WIDE = (
    r"(?:(?:serious|severe|significant|clinically|uncontrolled|unstable|major|active|acute|chronic|concurrent|concomitant|co-?existing|coexistent|co-?morbid|comorbid|intercurrent|underlying|pre-?existing|medical|psychiatric|psychological|psychosocial|cognitive|social|"
    r"physical|mental|health|laboratory|clinical|non-?malignant|systemic|surgical|therapy|treatment|other|another|emotional|addictive|familial|geographic(?:al)?|sociological|neurologic(?:al)?|general|life-?threatening|any|known|current|history of|or|and|and/or|metabolic|organ|system|condition|illness|disease|finding|test|result)[\s,/]+)*"
    r"(?:illness(?:es)?|conditions?|diseases?|disorders?|co-?morbidit(?:y|ies)|circumstances?|situations?|problems?|abnormalit(?:y|ies)|findings?|issues?|factors?|reasons?|impairments?|dysfunctions?|infirmit(?:y|ies)|limitations?|difficult(?:y|ies)|states?)(?:\(s\))?"
)
_WIDE_BEFORE = re.compile(
    rf"(?<![\w-]){_WIDE}(?:[\s,/]+(?:(?:or|and|and/or)[\s,/]+)?{_WIDE})*[\s,]*(?:\([^()]{{0,80}}\)[\s,]*)?$"
)
"""Words for whatever may be wrong, directly before a clause: a physician judges both together."""


def _whatever(sentence: Sentence) -> Iterator[Stretched]:
    """Any illness at all, as far as it would interfere."""
    for stretch in _consequence(sentence, wide=True):
        yield Stretched(stretch.start, stretch.end, leaf("judgement", topic=TOPIC))


def _near(sentence: Sentence) -> Iterator[Stretched]:
    yield from _consequence(sentence, wide=False)


def _far(sentence: Sentence) -> Iterator[Stretched]:
    yield from _consequence(sentence, wide=None)


_OTHERWISE = re.compile(r"\d|[<>≥≤]|absor|swallow|\bqt|consent|\bunderstand|\bcompl(?:y|ian)|\bcooperat")
"""Clauses that other rules read with what stands before: limits, absorption, consent and compliance."""


def _of_a_cancer(sentence: Sentence, hit: Hit) -> bool:
    """Whether a name is that of a cancer: what is said of it is read with it."""
    known = sentence.knowledge.conditions.conditions.get(hit.id("condition") or "")
    return known is not None and known.group in ("malignancy", "cancer_state")


def _consequence(sentence: Sentence, *, wide: bool | None) -> Iterator[Stretched]:
    """Yield clauses behind the name of a disease, behind words for any illness (with these), or behind anything."""
    text = sentence.text
    end = -1
    for found in _CONSEQUENCE.finditer(text):
        if found.start() < end:
            continue
        before = _WIDE_BEFORE.search(text, 0, found.start())
        if before is not None and any(
            hit.start < before.start() < hit.end and hit.id("condition") for hit in sentence.hits
        ):
            before = None
        named = [hit for hit in sentence.hits if found.start() - 45 < hit.end <= found.start() and hit.id("condition")]
        specific = before is None and bool(named) and not any(_of_a_cancer(sentence, hit) for hit in named)
        if (wide is not None and wide is not (before is not None)) or (wide is False and not specific):
            continue
        stop = _STOP.search(text, found.end())
        end = min(stop.start() if stop else len(text.rstrip(" .;")), len(text))
        said = text[found.start() : end]
        if (
            end - found.start() > (_LONGEST_OF_ANYTHING if wide else _LONGEST)
            or not _ON_STUDY.search(said)
            or _OTHERWISE.search(said)
        ):
            continue
        start = before.start() if before is not None and wide else found.start()
        start += len(text[start : found.start()]) - len(text[start : found.start()].lstrip(" ,/"))
        yield Stretched(
            start, end, leaf("judgement", topic="whether it would interfere with the treatment or the study")
        )


_CAUSE = Sought(
    r"\b(?:(?:that|which) (?:is|are|was|were) )?(?:(?:not |un)?related to|due to|secondary to|resulting from|arising from|caused by|attributable to|attributed to|associated with|as a (?:result|consequence) of)\b"
)
_CAUSE_WORDS = re.compile(
    r"(?:[ -]*(?:\b(?:the|a|an|any|other|their|underlying|primary|study|prior|previous|known|existing|current|advanced|active|intercurrent|concurrent|significant|clinically|pulmonary|chronic|acute|or|and|of|to|from|complications?|malignan(?:cy|cies|t)|cancers?|tumou?rs?|disease|diseases|disorders?|"
    r"illness(?:es)?|conditions?|metastas[ei]s|metastatic|involvement|lesions?|treatments?|therap(?:y|ies)|chemotherapy|radiotherapy|radiation|surgery|medications?|drugs?|infections?|diabetes|steroids?|corticosteroids?|administration|progression|causes?|process(?:es)?|breast|lung|liver|brain|increased|"
    r"capillary|filtration|trauma|alcohol|age|ageing|aging|hypertension|valve|immune|inflammatory)\b|[\ue000-\uf8ff]+))+"
)


_LOOSE_END = re.compile(r"(?: (?:or|and|the|of|to|any|from|a|an))*$")


def _cause(sentence: Sentence) -> Iterator[Stretched]:
    """What a disease is due to: a clause directly behind the name of one."""
    for found in _CAUSE.finditer(sentence.text):
        before = [hit for hit in sentence.hits if hit.end <= found.start() and hit.id("condition")]
        if not before or found.start() - before[-1].end > 25:
            continue
        what = _CAUSE_WORDS.match(sentence.masked, found.end())
        if what is None:
            continue
        end = found.start() + len(sentence.text[found.start() : what.end()].rstrip(" -"))
        end = found.start() + len(_LOOSE_END.sub("", sentence.text[found.start() : end]))
        if end <= found.end():
            continue
        yield Stretched(found.start(), end, leaf("judgement", topic="what it is due to"))


_CLASS = re.compile(
    r"(?:\b(?:with|a|an|of|heart|has|have|having|known|current)\s+)*(?:class(?:es)? (?:≥|>)? ?(?:iv|iii|ii|i|[1-4])(?:\s*(?:-|to|/|or|and|,)\s*(?:iv|iii|ii|[1-4]))* )?"
)


_SAYS_CLASS = re.compile(r"class|grade|stage|[≥>-]|\b(?:iii|iv|[34])\b")


def _nyha(sentence: Sentence) -> Iterator[Stretched]:
    """A class of heart failure without the name of the disease."""
    text = sentence.text
    if sentence.section == "inclusion" and not sentence.permits and not TURNED.search(text):
        return
    for hit in sentence.hits:
        if hit.id("nyha") is None:
            continue
        near = sentence.between(max(0, hit.start - 70), min(len(text), hit.end + 70))
        if any(item.id("condition") for item in near if item.id("condition")):
            continue
        found = NYHA.match(text, hit.start)
        name = nyha_class(found) if found else None
        if found is None or name is None or _SAYS_CLASS.search(found[0]) is None:
            # "… by the New York Heart Association ii) …" is the number of the next entry.
            continue
        end = found.start() + len(found[0].rstrip(" ,("))
        yield Stretched(found.start(), end, leaf("cardiac_history", any_of=["heart_failure"], nyha_min=name))


_LIST = re.compile(r"[\s,(]*(?:such as|including|e\.g\.?|for example)[\s,:]*")
_HEART_RISK = Sought(
    r"\b(?:any |has |have |patients with )*(?:additional )?(?:risk )?factors? (?:that (?:may |could )?increase|for increased|increasing|for)(?: the)?(?: risk (?:of|for))? (?:for )?(?:corrected )?(?:qt|torsade|arrhythm)[\w() -]{0,40}?(?:prolongation|pointes|interval|arrhythmias?)(?: (?:\(tdp\)|prolongation))?(?: or (?:risk of |of )?arrhythmi[ac]s?(?: events?)?)?"
)


def _heart_risk(sentence: Sentence) -> Iterator[Stretched]:
    for found in _HEART_RISK.finditer(sentence.text):
        head = leaf("judgement", topic="risk of a disturbed heart rhythm")
        listed = _LIST.match(sentence.text, found.end())
        stop = len(sentence.text.rstrip(" .;"))
        if listed is None:
            yield Stretched(*found.span(), head)
            continue
        yield Stretched(
            found.start(), stop, any_of([head, *diseases_in(sentence, max(found.start(), listed.start() - 20), stop)])
        )


SCANNERS = (
    Scanner(
        "judgement.consequence",
        ("would", "could", "might", "may", "that", "which"),
        _near,
        priority=5,
        sought=(_CONSEQUENCE,),
        texts=(
            (
                "No asthma that would preclude the use of paclitaxel",
                {"judgement": {"topic": "whether it would interfere with the treatment or the study"}},
            ),
        ),
    ),
    Scanner(
        "judgement.interfering",
        ("would", "could", "might", "may", "that", "which"),
        _far,
        priority=-2,
        sought=(_CONSEQUENCE,),
        texts=(("Concurrent corticosteroids that would interfere with the study", {"judgement": {"topic": "whether it would interfere with the treatment or the study"}}),),
    ),
    Scanner(
        "judgement.whatever",
        ("would", "could", "might", "may", "that", "which"),
        _whatever,
        priority=4,
        sought=(_CONSEQUENCE,),
        texts=(
            ("No other medical or psychiatric condition that could compromise the safety of the patient", {"judgement": {"topic": TOPIC}}),
            ("No asthma that would preclude the use of paclitaxel", None),
        ),
    ),
    Scanner(
        "judgement.cause",
        ("due", "related", "unrelated", "secondary", "resulting", "arising", "caused", "attributable", "attributed", "associated", "result", "consequence"),
        _cause,
        priority=-2,
        sought=(_CAUSE,),
        texts=(
            ("No ascites due to liver metastases", {"judgement": {"topic": "what it is due to"}}),
            ("Toxicity due to earlier chemotherapy", None),
        ),
    ),
    Scanner(
        "cardiac_history.nyha",
        ("nyha",),
        _nyha,
        priority=-1,
        texts=(("Not NYHA class III or IV", {"cardiac_history": {"any_of": ["heart_failure"], "nyha_min": "III"}}),),
    ),
    Scanner(
        "judgement.heart_risk",
        ("factors", "factor"),
        _heart_risk,
        priority=2,
        texts=(("No factors that increase the risk of QTc prolongation", {"judgement": {"topic": "risk of a disturbed heart rhythm"}}),),
    ),
)  # fmt: skip
