"""Whether a cancer that a text names is said to be the patient's own and now."""

from __future__ import annotations

import re

from her2nav.kinds.reading import tumour_words as words
from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.tumour_names import Atom, Run
from her2nav.language.sought import Sought

_LOOKED_FOR = re.compile(
    r"\bfail(?:s|ed)? to (?:demonstrate|disclose|show|reveal|detect)(?: (?:any|the|other|evidence of))*\s*$|\b(?:exclude|excluding|rule out|ruling out|screen for|assess for|evaluate for|look for|detect)(?: (?:any|the|other|possible|distant))*\s*$|\b(?:prior|previous|past|family|personal|medical) (?:\w+ )?history of(?: \w+){0,2}\s*$"
)
"""What a test looks for is not what the patient has."""

_SIZED = re.compile(r"[<>≤≥] ?\d+(?:\.\d+)? ?(?:cm|mm)\s*\Z")
_IN_SITU = re.compile(r"\bdcis\b|\bin[ -]situ\b")
_ELIGIBLE = re.compile(
    r"(?: (?:tumou?rs?|disease|cancers?|patients?))* (?:are|is) (?:also )?(?:eligible|allowed|permitted|acceptable)\b[^.;]*\b(?:not (?:be )?(?:eligible|allowed|permitted)|excluded|ineligible)\b"
)
_OF_ILLNESS = re.compile(
    r"\b(?:bleeding|ha?emorrhag\w*|infections?|fistulas?|perforations?|ulcers?)(?: (?:sites?|events?|sources?))?,? ?\((?:e\.g\.?|such as|including|i\.e\.?)[^()]*\Z"
)
"""Organs in brackets that say where an illness is."""
_FREE = re.compile(r"\bfree (?:of|from)(?: (?:any|the|all|recurrent|metastatic))*\s*\Z")
"""What somebody is free of is a matter of today, and joined to other cancers by "and"."""
_EARLIER = re.compile(
    r"\b(?:prior|previous|past|earlier|remote|family|medical) history of(?: (?:an?|any|another|invasive|primary|unilateral|bilateral|early|stage \w+))* *\Z"
)
"""A cancer of earlier times or of the family."""
_OTHER_THING = re.compile(
    r"\bmargins?\b[^.;]{0,90}\Z|\b(?:free|total|serum|thyroxine|thyroid|tsh|t3)[ ,(/]*(?:and |or |/)?(?:free )?\Z"
)
"""Margins that are free of it, and hormones of the thyroid whose names look like a T category."""
_NAME_OF_SCALE = re.compile(
    r"\b(?:evaluation|assessment|response)(?: criteri\w+)?\)?(?: criteri\w+\)?)? (?:in|for|of) *\Z"
)
"""The rest of the name of a scale: "Response Evaluation (RECIST) in Solid Tumors"."""

_REMARK = re.compile(r"\([^()]*\)")

_SHARE = re.compile(r"(?:[<≤]|less than|below|up to) ?\d{1,3} ?%(?: of)?\s*$")
"""A share of cells that is small: "(< 50 % squamous cells)"."""

LEFT_OUT = Sought(r"\([^()]*\b(?:excluded|not (?:be )?(?:eligible|allowed|permitted|included)|ineligible)\b[^()]*\)")
"""A remark in brackets that takes cancers out."""

_LOOSER_LIMIT = re.compile(
    r"(?:\buln|\bnormal|\d ?\*)[^.;]{0,30}\b(?:for|in|if|with|when)\b[^.;]{0,40}\bmetasta\w+ (?:disease|cancer|lesions?) (?:in|to|of) (?:the )?liver\Z"
)
"""Whom a looser limit of a value is for."""

_SIZE_IN_FRONT = re.compile(r"\d ?(?:cm|mm)\b[^.;()]{0,60}\( *\Z")
_SIZE_BEHIND = re.compile(r" *\([^()]{0,40}\b(?:cm|mm)\b[^()]{0,20}\)")
_SIZE_BETWEEN = re.compile(r"\bt[0-4][a-d]? *\([^()]{0,40}\b(?:cm|mm)\b[^()]{0,20}\)[ ,]*(?:or )?\Z")
_DEFINED = re.compile(r"\b(?:defin\w+|considered|is|are)\b[^.;]{0,160}\Z")
_STAGES_EXPLAINED = re.compile(
    r"\b(?:i{1,3}|iv)[abc]? ?\([^()]*\b[cp]?t[0-4][^()]*\)[ ,]*(?:and/or|or|and)? ?(?:stage )?(?:i{1,3}|iv)[abc]? ?\("
)
"""Stages each with its categories in brackets: which of them goes with which cancer is not read."""


def _only_explains(text: str, run: Run) -> bool:
    """Whether categories explain a size, a stage or a word, and stand for no demand of their own."""
    if not any(atom.kind == "tnm" for atom in run.atoms):
        return False
    if _STAGES_EXPLAINED.search(text):
        return True
    first = run.atoms[0].start
    if any(atom.kind != "tnm" for atom in run.atoms):
        return False
    return (
        _SIZE_IN_FRONT.search(text, 0, first) is not None
        or _SIZE_BEHIND.match(text, run.atoms[-1].end) is not None
        or _SIZE_BETWEEN.search(text, 0, first) is not None
        or (text[:first].endswith("(") and _DEFINED.search(text, 0, first) is not None)
    )


_REPORTED = re.compile(r"\breports?\b[^.;]{0,60}\b(?:indicating|showing|stating)\b[^.;]{0,50}\Z")
"""What a report must say is no demand of its own."""


_PROVEN = re.compile(r"histo|cyto|patholog|diagnos|confirmed|proven|documented")

_STUDY_STAGE = re.compile(
    r"(?<![^.;:\n] )(?<![^.;:\s])stages? [1-4](?:(?: and | or |, ?|-| ?& ?)(?:stages? )?[1-4])* ?(?::|only\b)|\bstages? [1-4](?:(?: and | or |, ?)[1-4])? of (?:the|this) (?:study|trial)\b"
)
"""A stage of the study: "Stages 1 and 2: measurable disease"."""


_OTHER_STAGE = re.compile(
    r"\b(?:gold|ckd|kidney|renal|nephropathy|hypertension|hypertensive|heart|cardiac|copd|pulmonary|fibrosis|cirrhosis|tanner|ulcers?|glaucoma|parkinson\w*|dementia|hiv|aids|lymphedema|sarcoidosis)(?: (?:disease|failure|insufficiency|of|at|in|criteria))*[ ,(]*\Z"
)
"""Whose stage it is, where it is none of a cancer: "GOLD stage II", "kidney disease stage 3"."""


_LET_IN = re.compile(
    r"[^.;,]{0,50}\b(?:is|are|will be) (?:not|no) (?:an? )?(?:contraindications?|exclusion|reasons?|grounds?|bar|barrier|exclusionary)\b|[^.;,]{0,40}\b(?:(?:does|do|will|would|shall) not|cannot|not) (?:render|make|exclude|preclude|disqualify|count|affect)\b"
)
"""Its presence shuts nobody out, and nobody is asked for it."""


_NO_CATEGORY = re.compile(
    r"\bthyro|\btsh\b|\bfree t[34]\b|\bt[0-4](?:[ -]?(?:weighted|signal|flair|mri|sequences?|images?|cells?|lymph|relax|vertebra|level|time|visit)|\*)|\bvertebra"
)
"""Hormones of the thyroid, images and vertebrae, whose names look like a T category."""
_NODES = re.compile(r"n(?:[0-3x]|\+)")
_OF_A_TUMOUR = re.compile(
    r"\b(?:cancers?|carcinomas?|tumou?rs?|stage[ds]?|disease|breast|primary|nod(?:es?|al)|resectable|operable|melanoma|lesions?)\b"
)


def atom_text(text: str, atom: Atom) -> str:
    """Return the words of an atom."""
    return text[atom.start : atom.end]


def claimed(sentence: Sentence, start: int, run: Run, framing: str) -> bool:
    """Whether a stretch is said of the patient's cancer now.

    Args:
        sentence: Where it stands.
        start: Where its framing words begin.
        run: The stretch.
        framing: "Histologically confirmed" and the like in front of it.
    """
    text = sentence.text
    first = start + len(framing)
    # What stands in brackets that were closed is a remark, and no part of the clause.
    ahead = _REMARK.sub(lambda found: " " * len(found[0]), text[:first])
    clause = max(ahead.rfind(sign) for sign in ".;:") + 1
    before = ahead[max(clause, ahead.rfind("(") + 1) : max(start, clause)]
    if sentence.section == "inclusion" and _LET_IN.match(text, run.end):
        return False
    if (
        sentence.section == "inclusion"
        and not sentence.permits
        and _ELIGIBLE.match(text, run.end)
        and "only" not in text[:first]
    ):
        # "T1N1 tumours are eligible, T1N0 are not": who is let in is no demand.
        return False
    if any(atom.kind == "stage" and _OTHER_STAGE.search(text, 0, atom.start) for atom in run.atoms):
        return False
    if all(atom.kind in ("tnm", "bio") for atom in run.atoms) and (
        _NO_CATEGORY.search(text)
        or (not any(_NODES.search(atom_text(text, atom)) for atom in run.atoms) and not _OF_A_TUMOUR.search(text))
    ):
        return False
    if _only_explains(text, run) or _REPORTED.search(text, 0, first):
        return False
    if _STUDY_STAGE.match(text, start) or _LOOSER_LIMIT.search(text[: run.end]):
        return False
    if _NAME_OF_SCALE.search(text[max(0, first - 60) : first]):
        return False
    if _EARLIER.search(text, max(0, first - 50), first) or _OTHER_THING.search(text, max(0, first - 110), first):
        return False
    if _SIZED.search(text[max(0, first - 16) : first]) and _IN_SITU.search(text, first, run.end):
        # "Below 2 cm of carcinoma and below 2.5 cm of DCIS": the limits of each, and not both are asked for.
        return False
    if _OF_ILLNESS.search(text[max(0, first - 80) : first]):
        return False
    if _FREE.search(text[max(0, first - 40) : first]) and re.match(r"[\w ()-]{0,20}\b(?:and|or)\b", text[run.end :]):
        return False
    if _LOOKED_FOR.search(before[-40:]) or _SHARE.search(before[-20:]):
        return False
    if words.DENIED_BEFORE.search(before[-90:]) or words.DENIED_AFTER.match(text, run.end):
        return False
    excluding = sentence.section == "exclusion"
    if excluding and any(_too_wide(text, atom) for atom in run.atoms):
        return False
    if excluding or words.NEGATIVE.search(before):
        zone = any(found.start() <= first < found.end() for found in LEFT_OUT.finditer(text))
        if words.STRICT_BEFORE.search(
            (before if zone else ahead[min(clause, start) : start]) + framing
        ) or words.STRICT_AFTER.match(text, run.end):
            return False
        if not _related(sentence, run):
            return False
    if sentence.section == "exclusion" and any(atom.hit and atom.hit.ids("cured_cancer") for atom in run.atoms):
        return False
    guard = words.GUARD.search(text[: start + len(framing)])
    if not guard or sentence.permits or excluding or _PROVEN.search(framing):
        return True
    return words.GUARDED.search(text, run.end) is None or _same(sentence, run)


def _too_wide(text: str, atom: Atom) -> bool:
    """Whether the vocabulary knows only a wider type, so that to exclude it would exclude others too."""
    if atom.hit is None or "haematological" not in atom.hit.ids("tumour"):
        return False
    return re.search(r"ha?ematolog", text[atom.start : atom.end]) is None


def _types(run: Run) -> list[str]:
    return [item for atom in run.atoms if atom.hit for name in ("tumour", "tumour_site") for item in atom.hit.ids(name)]


def _related(sentence: Sentence, run: Run) -> bool:
    """Whether cancers that are excluded lie within those that the trial takes: others are a second cancer."""
    if not sentence.tumours:
        return True
    ontology = sentence.knowledge.tumours
    reach = {item for own in sentence.tumours for item in (*ontology.narrower(own), *ontology.wider(own), own)}
    return all(item in reach for item in _types(run))


def _same(sentence: Sentence, run: Run) -> bool:
    """Whether all that the trial takes is of the types named, so that "patients with it must" speaks of everybody."""
    ontology = sentence.knowledge.tumours
    types = _types(run)
    inside = {item for own in types for item in (*ontology.narrower(own), own)}
    return bool(sentence.tumours) and all(item in inside for item in sentence.tumours)
