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

_LEFT = "[(residual|late|long-term|lasting|persistent|permanent)] (sequela|sequelae|aftereffects|consequences|damage)"
_JUDGE = "[the] [(study|treating|principal)] (investigator|physician|doctor)"
LEFT_OVER = "whether the investigator finds what it left significant"
"""Of what a treatment left behind: the opinion is all that is asked."""

RULES = (
    Rule(
        "judgement.left_over",
        (
            f"{_LEFT} [(that|which) (is|are)] (considered|judged|deemed|felt|found) [to be] [clinically] (significant|relevant|important) (by|per) {_JUDGE} [(assessment|judgement|judgment|opinion)]",
            f"{_LEFT} [(that|which)] {_JUDGE} (considers|judges|deems|finds|regards as) [to be] [clinically] (significant|relevant|important)",
        ),
        lambda _: leaf("judgement", topic=LEFT_OVER),
        priority=5,
        section="exclusion",
        texts=(
            (
                "Chest irradiation with late sequelae judged to be significant by the investigator",
                {"judgement": {"topic": LEFT_OVER}},
            ),
            ("Residual sequelae of a stroke", None),
        ),
    ),
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
            f"{_WOULD} [(significantly|likely|potentially|be likely to)] (preclude|impair|interfere with|affect|alter|limit|compromise|prevent|hinder) [the] [(adequate|sufficient|proper|normal)] [(oral|enteral|enteric|intestinal|gastrointestinal|drug)] absorption [of [the] [(oral|study|trial|investigational)] [(study|trial)] [(drug|drugs|medication|medications|treatment|treatments|agent|agents|product|therapy|{{drug}})]]",
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


_ORIGIN = Sought(
    r"(?<=unknown primary)[ ,(]+(?:that is |which is )?(?:likely|presumed|presumably|probable|probably|suspected)(?: to be)?(?: of)? (?:an? )?(?:gi|gastrointestinal|gynecologic(?:al)?|gynaecologic(?:al)?|[a-z]{4,16})\b(?: (?:tract|cancer|origin|primary|tumou?r))*"
)
ORIGIN = "likely origin of a cancer of unknown primary"


def _origin(sentence: Sentence) -> Iterator[Stretched]:
    """Where a cancer of unknown primary probably comes from: a person of the study judges it."""
    for found in _ORIGIN.finditer(sentence.text):
        yield Stretched(*found.span(), leaf("judgement", topic=ORIGIN))


_CARE = r"(?:medical|supportive|standard|symptomatic|best|optimal|optimised|optimized|maximal|maximum|adequate|appropriate|intensive|anti-?diarrh?o?eal|conservative|and|or|,)"
_DESPITE = Sought(
    rf"(?:\b(?:unresolved|persisting|persistent|not (?:resolved|controlled)|uncontrolled|ongoing) )?\bdespite (?:{_CARE}[ ,]+)+(?:care|management|treatment|therapy|measures|medication)(?: (?:in|within|for|over|during) (?:the )?(?:last |past )?(?:\d+|two|three|four|one) (?:days?|weeks?|months?)(?: (?:preceding|before|prior to) (?:the )?(?:study |trial )?(?:therapy|treatment|enrol\w+|screening|randomi[sz]ation|registration))?)?"
)
_OF_THE_GUT = Sought(r"\bdiarrh?oea|\bdiarrhea|\bvomiting|\bnausea")
_STOOLS = Sought(
    r"\(?(?:[<>≥≤]|more than|at least) ?\d+ (?:loose |liquid |watery )?(?:bowel movements?|stools?|episodes)(?: ?/ ?| per | a | each )day\)?"
)


def _persisting(sentence: Sentence) -> Iterator[Stretched]:
    """An illness that lasts in spite of care, and how often it shows: both are asked of a person."""
    for found in _DESPITE.finditer(sentence.text) if _OF_THE_GUT.search(sentence.text) else ():
        yield Stretched(*found.span(), leaf("judgement", topic="whether it persists in spite of care"))
    for found in _STOOLS.finditer(sentence.text):
        start, end = found.span()
        if found[0].startswith("(") != found[0].endswith(")"):
            start, end = start + found[0].startswith("("), end - found[0].endswith(")")
        yield Stretched(start, end, leaf("judgement", topic="how many stools a day there are"))


SCANNERS = (
    Scanner(
        "judgement.persisting",
        ("despite", "stools", "stool", "bowel", "episodes"),
        _persisting,
        priority=5,
        section="exclusion",
        sought=(_DESPITE, _STOOLS),
        texts=(
            (
                "Diarrhoea of more than 6 stools a day despite optimal medical treatment",
                {"judgement": {"topic": "whether it persists in spite of care"}},
            ),
        ),
    ),
    Scanner(
        "judgement.origin_of_unknown",
        ("tumour",),
        _origin,
        priority=2,
        section="inclusion",
        sought=(_ORIGIN,),
        texts=(
            (
                "Cancer of the pancreas or of unknown primary, probably of biliary origin",
                {"judgement": {"topic": ORIGIN}},
            ),
        ),
    ),
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
