"""Short phrases that narrow a disease or name a risk: a physician answers whether they hold."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Rule, Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.comorbidity import TOPIC
from her2nav.kinds.reading.conditions import diseases_in
from her2nav.kinds.reading.disease_nodes import any_of
from her2nav.language.sought import Sought

_WOULD = "(that|which) (would|could|may|might|will|limit|limits)"
_STUDY = "[(with|to) [the] [(study|trial|protocol)] [(requirements|requirement|procedures|protocol|treatment|schedule|study)]]"

RULES = (
    Rule(
        "judgement.social",
        (
            f"social (situation|situations|circumstance|circumstances|conditions|issues) {_WOULD} [(limit|limits|compromise|compromises|preclude|interfere with|affect|hinder|jeopardize)] [(their|the|patient)] (compliance|adherence|ability to comply) {_STUDY}",
        ),
        lambda _: leaf("judgement", topic=TOPIC),
        priority=-3,
        texts=(
            (
                "No social situation that would limit compliance with the study requirements",
                {"judgement": {"topic": TOPIC}},
            ),
        ),
    ),
    Rule(
        "judgement.origin",
        (
            "of [(a|known|suspected)] (cardiovascular|cardiac|neurologic|neurological|pathologic|pathological) (etiology|aetiology|origin|cause)",
        ),
        lambda _: leaf("judgement", topic="what it is due to"),
        priority=-3,
        texts=(("A syncope of cardiovascular aetiology", {"judgement": {"topic": "what it is due to"}}),),
    ),
    Rule(
        "judgement.heart_risk_high",
        (
            "(high|increased|elevated) (cardiac|cardiovascular) risk [(profile|factors)]",
            "(high|increased|elevated) risk (of|for) (cardiac|cardiovascular) (disease|events|event|complications)",
        ),
        lambda _: leaf("judgement", topic="high risk of heart disease"),
        priority=-3,
        texts=(("High cardiovascular risk", {"judgement": {"topic": "high risk of heart disease"}}),),
    ),
    Rule(
        "judgement.medical_risk",
        (
            "(poor|unacceptable|high) (medical|anaesthetic|anesthetic|surgical|operative) risk [(because of|due to) [non] malignant [systemic] (disease|illness)]",
        ),
        lambda _: leaf("judgement", topic=TOPIC),
        priority=-3,
        texts=(("Poor medical risk", {"judgement": {"topic": TOPIC}}),),
    ),
    Rule(
        "judgement.absorption",
        (
            f"{_WOULD} [(significantly|likely|potentially|be likely to)] (preclude|impair|interfere with|affect|alter|limit|compromise|prevent|hinder) [the] [(adequate|sufficient|proper|normal)] [(oral|enteral|enteric|intestinal|gastrointestinal|drug)] absorption [of [the] [(oral|study|trial|investigational)] [(drug|drugs|medication|medications|treatment|agent|agents|product|therapy|{{drug}})]]",
        ),
        lambda _: leaf("judgement", topic="whether it would hinder the absorption of the study drug"),
        priority=-3,
        texts=(
            (
                "No vagotomy that would preclude adequate absorption of the study drug",
                {"judgement": {"topic": "whether it would hinder the absorption of the study drug"}},
            ),
        ),
    ),
)


_ECG = r"(?:ecgs?|ekgs?|electrocardiograms?)(?: (?:\\(ecg\\)|\\(ekg\\)))?"
_RESTING = Sought(
    rf"(?:\bany )?\b(?:clinically )?(?:important|significant|relevant|meaningful) abnormalit(?:y|ies) (?:in|of) (?:the )?(?:cardiac )?rhythm,? (?:or )?conduction,? (?:or|and) morphology of (?:an?y? |the )?(?:screening )?(?:resting )?(?:12[ -]lead )?{_ECG}"
    rf"|\b(?:clinically )?(?:important|significant|relevant) {_ECG} changes\b"
)
_EXAMPLES = Sought(r"[\s,(]*(?:e\.?g\.?|such as|for example|including)[\s,:]*(?P<what>[^.;()]{3,200})\)?")


def _resting(sentence: Sentence) -> Iterator[Stretched]:
    """Findings in an ECG: those named as examples count by themselves."""
    for found in _RESTING.finditer(sentence.text):
        node = leaf("judgement", topic="important findings in the resting ECG")
        listed = _EXAMPLES.expression.match(sentence.text, found.end())
        if listed is None:
            yield Stretched(*found.span(), node)
            continue
        yield Stretched(found.start(), listed.end(), any_of([node, *diseases_in(sentence, *listed.span("what"))]))


SCANNERS = (
    Scanner(
        "judgement.resting_ecg",
        ("abnormalities", "abnormality", "changes", "findings", "ecg", "electrocardiogram"),
        _resting,
        priority=2,
        texts=(
            (
                "Clinically important abnormalities in rhythm, conduction or morphology of the resting ECG",
                {"judgement": {"topic": "important findings in the resting ECG"}},
            ),
        ),
    ),
)
