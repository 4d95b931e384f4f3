"""Diseases that no vocabulary names: what they are is told by the noun ("disorder", "deficiency") and what stands before it.

Only the kind is known, and the words: whether a patient has it is asked in these words. The cancer itself, its spread
and its state ("measurable disease", "residual disease") are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.disease_words import QUALIFIES
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.sought import Sought

_WITH_MORE = (
    "disease", "diseases", "disorder", "disorders", "syndrome", "syndromes", "deficiency", "deficiencies", "insufficiency", "dysfunction", "dysfunctions", "impairment", "impairments",
    "abnormality", "abnormalities", "failure", "complications", "dystrophy", "stenosis", "stricture", "strictures", "inflammation", "oedema", "edema", "hypertrophy", "atrophy", "palsy", "paralysis",
    "effusion", "effusions", "embolism", "infarction", "ischaemia", "ischemia", "haemorrhage", "hemorrhage", "bleeding", "thrombosis", "anomaly", "anomalies", "malformation", "malformations", "telangiectasia",
)  # fmt: skip
"""Nouns that name a disease together with what stands before them."""
_ALONE = (
    "lymphangitis", "mastitis", "bursitis", "cellulitis", "tendinitis", "tendonitis", "phlebitis", "cystitis", "urethritis", "prostatitis", "nephritis", "cholangitis", "cholecystitis", "oesophagitis", "esophagitis",
    "enteritis", "enterocolitis", "gastroenteropathy", "encephalopathy", "encephalitis", "myelopathy", "myopathy", "nephropathy", "coagulopathy", "enteropathy", "arthropathy", "lymphadenopathy", "hepatopathy",
    "cryoglobulinaemia", "cryoglobulinemia", "hypertriglyceridaemia", "hypertriglyceridemia", "hypercholesterolaemia", "hypercholesterolemia", "hyperkalaemia", "hyperkalemia", "hypokalaemia", "hypokalemia",
    "hypomagnesaemia", "hypomagnesemia", "hyponatraemia", "hyponatremia", "hyperuricaemia", "hyperuricemia", "hyperammonaemia", "hyperammonemia", "hyperbilirubinaemia", "hyperbilirubinemia", "hypoxaemia", "hypoxemia",
    "hyperphosphataemia", "hyperphosphatemia", "hypophosphataemia", "hypophosphatemia", "methaemoglobinaemia", "methemoglobinemia", "haemochromatosis", "splenomegaly", "hepatomegaly", "cardiomegaly", "aspergillosis",
    "endometriosis", "endometrial hyperplasia", "scoliosis", "spondylosis", "osteomalacia", "osteopenia", "acromegaly", "ataxia", "aphasia", "dysarthria", "dysphonia", "stridor", "tetany", "lipodystrophy", "albuminuria",
    "xerostomia", "stomatitis", "gingivitis", "periodontitis", "paresthesia", "paraesthesia", "paresthesias", "dysesthesia", "hiccups", "incontinence", "hydronephrosis", "cholestasis", "cholelithiasis", "pancytopenia",
    "leukopenia", "leucopenia", "lymphopenia", "granulocytopenia", "agranulocytosis", "thrombocytosis", "hypersplenism", "hyperviscosity", "mastocytosis", "scleritis", "blepharitis", "keratoconus", "photosensitivity",
)  # fmt: skip
"""Nouns that say enough alone."""
HEADS = (*_WITH_MORE, *_ALONE)
_ORGANS = (
    r"pleural|pericardial|peritoneal|bone|bowel|liver|kidney|heart|lung|skin|muscle|muscular|nerve|blood|vessel|valve|eye|ear|joint|gland|brain|bladder|spleen|spinal|cord|collagen|connective|tissue|lipid|iron|copper|enzyme|dehydrogenase|metabolism|storage|"
    r"coagulation|clotting|platelet|repolari[sz]ation|conduction|rhythm|motility|movement|sleep|mood|swallowing|immune|immunity|cell-mediated|t-cell|b-cell|complement|factor|lysosomal|mitochondrial|peroxisomal|catalase|transporter|esterase|urea|cycle|"
    r"bile|acid|duct|organ|end-organ|multi-organ|body|mental|eating|balance|speech|voice|wound|healing|stress|panic|growth|hormone|vitamin|folate|b12|thiamine|protein|"
    r"[a-z]*(?:genic|otic|itic|aemic|emic|pathic|trophic|plastic|cardial|vascular|pulmonary|ological|ologic|ocular|retinal|corneal|optic|optical|enteric|hepatic|renal|neural|cranial|nasal|oral|dental|dermal|dermic|muscular|skeletal|"
    r"arterial|venous|valvular|cardiac|gastric|intestinal|oesophageal|esophageal|rectal|anal|biliary|pancreatic|splenic|thyroidal|adrenal|pituitary|endocrine|metabolic|nutritional|psychiatric|neurologic|neurotic|psychotic|cognitive|"
    r"haematologic|hematologic|haematological|hematological|rheumatic|rheumatologic|rheumatoid|autoimmune|allergic|respiratory|bronchial|tracheal|laryngeal|pharyngeal|urinary|ureteral|urological|genital|uterine|ovarian|menstrual|vaginal|testicular|"
    r"spinal|cerebral|cerebellar|cerebrovascular|cardiovascular|cardiopulmonary|neuromuscular|musculoskeletal|dermatologic|dermatological|ophthalmic|ophthalmologic|ophthalmological|otologic|vestibular|auditory|visual|hereditary|congenital|genetic|"
    r"inherited|chromosomal|degenerative|demyelinating|thrombotic|thromboembolic|haemorrhagic|hemorrhagic|embolic|ischaemic|ischemic|atherosclerotic|hypertensive|diabetic|osseous|lymphatic|ulcerative|fibrotic|granulomatous|bullous|"
    r"myeloproliferative|lymphoproliferative|haemolytic|hemolytic|reproductive|gynaecological|gynecologic|gynecological|epileptic|convulsive|seizure|depressive|bipolar|affective|anxiety|personality|psychological|emotional|behavioural|behavioral)"
)
_ORGAN = re.compile(rf"(?:{_ORGANS})")
_QUALIFIERS = frozenset(
    [
        "left",
        "right",
        "upper",
        "lower",
        "peripheral",
        "central",
        "inflammatory",
        "infiltrative",
        "obstructive",
        "restrictive",
        "interstitial",
        "structural",
        "functional",
        "partial",
        "surface",
        "tract",
        "system",
        "systems",
        "enzyme",
        "occlusive",
        "tubular",
        "ventricular",
        "atrial",
        "septal",
        "diastolic",
        "systolic",
        "digestive",
        "mixed",
        "post-traumatic",
        "obsessive-compulsive",
    ]
)
"""Words that may stand between, and do not say enough alone."""
_OF_THE_CANCER = re.compile(
    r"\b(?:metasta\w+|measurable|evaluable|residual|malignan\w+|neoplas\w+|cancer\w*|tumou?rs?|bulky|nodal|progressive|progressing|stable|oligo\w*|visceral|extracranial|intracranial|leptomeningeal|cns|resect\w*|operable|invasive|carcinoma\w*|"
    r"bone disease|bone diseases|respiratory syndrome|bony|breast|response|treatment|therapy|drug|study|laboratory|lab|ecg|ekg|electrocardiogra\w*|imaging|gene|genetic|genomic|molecular|mammographic|radiographic|screen|marrow|organ|organs|ha?ematologic|ha?ematological|serious|intercurrent|systemic)\b"
)
"""Words that make of it a state of the cancer, an effect of treatment, or a finding of a test."""
_GERMLINE = frozenset({"mmr", "repair", "recombination", "mismatch", "hrd", "brca"})


_SHARED = re.compile(rf"(?:\b(?:{_ORGANS})(?: ?[,/] ?| (?:and/or|or|and) )+)+$")
_WORD = re.compile(_ORGANS)


_HEAD = re.compile(r"(?:disease|disorder|impairment|dysfunction|insufficiency|abnormalit|failure|illness|effusion)\w*$")


def sharing(text: str, start: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Return the diseases that share the noun of the one at a stretch ("renal or hepatic disease"), and where they begin."""
    if not text[max(0, start - 8) : start].rstrip(" ").endswith((",", "/", "or", "and")):
        return start, ()
    head = _HEAD.search(text[start:end])
    found = _SHARED.search(text, 0, start) if head else None
    if head is None or found is None:
        return start, ()
    return found.start(), tuple(f"{word[0]} {head[0]}" for word in _WORD.finditer(found[0]))


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> Sought:
    words = dictionary(knowledge)
    marks = "".join(sorted({*words.marks("site"), *words.marks("tumour_site")}))
    heads = "|".join(sorted((re.escape(head) for head in HEADS), key=len, reverse=True))
    return Sought(
        rf"(?P<before>(?:(?>(?<![a-z])[a-z][a-z'’-]*[a-z]|[{marks}]+)[ /]++){{0,5}})\b(?P<head>{heads})\b(?! (?:free|progression|progressed|control|stage|status|activity|assessment|recurrence|burden|setting|site))"
    )


def open_diseases(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield stretches that name a disease which no vocabulary holds."""
    for found in _grammar(sentence.knowledge).finditer(sentence.masked):
        start = _first(sentence, found)
        if start is None:
            continue
        said = sentence.text[start : found.end()]
        if _OF_THE_CANCER.search(said) or _GERMLINE & {*said.split()}:
            continue
        yield start, found.end()


_BEFORE = re.compile(r"[^ /]+")


def _first(sentence: Sentence, found: re.Match[str]) -> int | None:
    """Where the name begins: at the first of the words before the noun that belong to it; None where none says enough."""
    start, content = found.start("head"), found["head"] in _ALONE
    named = found["head"] in ("syndrome", "deficiency")
    for word in reversed(list(_BEFORE.finditer(found["before"]))):
        plain = sentence.text[found.start() + word.start() : found.start() + word.end()]
        organ = _ORGAN.fullmatch(plain) is not None or not plain.isascii() or word[0][0] >= "\ue000"
        own = named and _NAME.fullmatch(plain) is not None and QUALIFIES.fullmatch(plain) is None
        if not organ and plain not in _QUALIFIERS and not own:
            break
        content = content or organ or (own and plain not in _QUALIFIERS)
        start = found.start() + word.start()
    return start if content else None


_NAME = re.compile(
    r"(?!(?:the|this|that|any|other|such|these|those|with|without|from|immune|cytokine|release|related|associated|estrogen|hormone|clinical|requiring|including|repair)\b)[a-z][a-z'’-]{3,}"
)
"""A name of its own: "Zollinger-Ellison syndrome"."""
