"""Short phrases that narrow a disease or name a risk: a physician answers whether they hold."""

from __future__ import annotations

from her2nav.kinds.reading.base import Rule, leaf
from her2nav.kinds.reading.comorbidity import TOPIC

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
        texts=(("No syncope of cardiac origin", {"judgement": {"topic": "what it is due to"}}),),
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
        "judgement.resting_ecg",
        (
            "[any] [clinically] (important|significant|relevant|meaningful) abnormalities (in|of) [the] [cardiac] rhythm [,] [or] conduction [,] (or|and) morphology of [a|the|any] [screening] [resting] [12 lead] (ecg|ekg|electrocardiogram|electrocardiograms|ecgs)",
            "[clinically] (important|significant|relevant) (ecg|ekg|electrocardiogram) (changes|abnormalities|findings)",
        ),
        lambda _: leaf("judgement", topic="important findings in the resting ECG"),
        priority=2,
        texts=(
            (
                "Clinically important abnormalities in rhythm, conduction or morphology of the resting ECG",
                {"judgement": {"topic": "important findings in the resting ECG"}},
            ),
        ),
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
