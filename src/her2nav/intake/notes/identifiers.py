"""Names, record numbers, telephone numbers and addresses: found, and taken out before anything is read."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated, Group

_TEXT, _LOWER = Group(), Group()
"""Patterns that are looked for in the text, and in the text in lower case."""
_NAME = (
    r"(?![MF][ \t]*,?[ \t]*(?:born|dob|DOB|D\.O\.B|\d))(?!(?:D\.?O\.?B|MRN|NHS|Age|AGE|Sex|SEX|Gender|GENDER|Date|DATE|Male|Female|MALE|FEMALE)\b)"
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)[ \t]+\d)[A-ZÀ-Þ][\w'’.-]{0,30}"
)
_LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:(?:patient(?:'?s)?|full|family|last|first|given|sur|mother'?s|contact)[ \t]*)?"
    r"(?:name|surname|forename|nombre|apellidos?|paciente|nachname|vorname|nom|pr[eé]nom|cognome)[ \t]*[:#][ \t]*(?P<v>[^\n|\t]{1,80}?)"
    r"(?=[ \t]{2,}|[|;\t\n]|[,(][ \t]*(?:dob|d\.o\.b|age|\d|sex|m\b|f\b|mrn|nhs|fecha)|[ \t]+(?:dob|d\.o\.b|mrn|nhs|sex|age|hosp)|$)"
)
_PATIENT = Gated(
    rf"(?m)(?:^|(?<=[ \t|,;.])(?=P))[ \t]*(?:Patient(?:in)?|PATIENT|Re|RE|Pt|PT|Paciente|Paziente|Nom|Dhr|Mevr)[ \t]*[:\-][ \t]*(?:(?:Mr|Mrs|Ms|Miss|Dr|Sr|Sra)\.?[ \t]+)?"
    rf"(?P<v>{_NAME}(?:(?:,[ \t]*|[ \t]+){_NAME}){{1,3}})",
    _TEXT,
)
# A pattern that begins with one of a few letters or digits is looked for far faster than one that begins with a border:
# the border is asked for behind the first sign.
_TITLED = Gated(
    r"[MDPSCN](?<!\w.)(?:(?<=M)(?:r|rs|s|iss|x)|(?<=D)(?:r|ra)|(?<=P)(?:rof|rofessor|athologist)"
    r"|(?<=S)(?:r(?!\.?[ \t]+(?i:bili|albu|creat|calci|sodi|potas|urea|uric|ferri|magnes|phos|alk|prot|gluc|lact|amyl|lip))|ra|urgeon|ister(?=[ \t]+[A-Z]))|(?<=C)onsultant|(?<=N)urse)\.?[ \t]+"
    rf"(?P<v>{_NAME}(?:(?<!\w\w\w\.)[ \t]+{_NAME}){{0,3}}(?<!\w\w\w\.))",  # "Dr Vale. Repeat CT": a new sentence, no further name
    _TEXT,
)
_SIGNED = Gated(
    rf"(?m)(?:Signed|signed|Electronically signed by|electronically signed by|Dictated by|dictated by|Reported by|reported by|"
    rf"Verified by|verified by|Authori[sz]ed by|authori[sz]ed by|Cc|cc|Referring (?:physician|doctor)|referring (?:physician|doctor)|"
    rf"Requesting (?:physician|clinician)|requesting (?:physician|clinician)|Pathologist|Physician|GP|Clinician|Provider)"
    rf"[ \t]*[:,]?[ \t]+(?P<v>{_NAME}(?:[ \t]+{_NAME}){{1,3}})",
    _TEXT,
)
_LABELS = (
    r"mrn", r"nhs(?:[ \t]*(?:no|number))?", r"hosp(?:ital)?[ \t]*(?:no|number|id)", r"record[ \t]*(?:no|number)",
    r"patient[ \t]*(?:id|no|number)", r"accession(?:[ \t]*(?:no|number|#))?", r"case[ \t]*(?:no|number|id)",
    r"specimen[ \t]*(?:no|number|id)", r"lab[ \t]*(?:no|ref)", r"ssn", r"nhc", r"nif", r"dni", r"id(?!h[123]\b)[ \t]*(?:no|number)?",
    r"unit[ \t]*no", r"chi", r"medical[ \t]*record[ \t]*(?:no|number)", r"account", r"policy",
    r"(?!ref(?:erence)?: ?\d[\d.,]{0,5} ?[-–] ?\d[\d.,]{0,5} ?[)\]])ref(?:erence)?[ \t]*(?:no|number|:)", r"our ref", r"your ref", r"episode", r"urn", r"report[ \t]*(?:no|number|id)",
    r"order[ \t]*(?:no|number)", r"uhid", r"hkid", r"ac(?:c|ct)[ \t]*(?:no|number|#)?", r"fallnr", r"nric", r"crn",
)  # fmt: skip
_NUMBER = Gated(
    rf"\b(?:{'|'.join(_LABELS)})" + r"\.?[ \t]*[:#.]?[ \t]*(?P<v>[a-z]{0,4}[-/]?\d(?:(?![ \t]{2})[\da-z/ .-]){2,24}\d)",
    _LOWER,
)
_LIKE_NUMBER = re.compile(r"\d(?:\d-\d{4}| \d{3} \d{4}|-\d\d-\d{4}|\)[ .-]?\d{3}|[.-]\d{3}[.-]\d{4}|[ -]\d{3})")
"""What stands in every text that one of the next two matches."""
_SSN = re.compile(
    r"(?P<v>\d(?<![\d-].)\d\d(?:-\d{2}-|[ ]\d{3}[ ])\d{4})(?![\d-])|(?P<w>[A-Z](?<![\w-].)[A-Z]{0,2}\d{2}-\d{4,8})(?![\d-])"
)
_PHONE = re.compile(
    r"(?P<v>(?<![\w.])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,5}\)[ .-]?\d{3,4}[ .-]?\d{3,4}|\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4})(?![\w]))"
)
_PHONE_NAMED = Gated(
    r"\b(?:tel(?:ephone|efono)?|ph(?:one)?|mobile|cell(?<!per cell)(?<!/cell)|contact|fax|bleep|ext)\b"
    r"\.?[ \t]*(?:no\.?|number)?[ \t]*[:.]?[ \t]*(?![ \t]*(?:\d{1,2}\.\d{1,2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d(?!\d)))(?P<w>\+?(?=(?:[() .-]*\d){6})[\d() .-]{6,20}\d)",
    _LOWER,
)
_MAIL = re.compile(r"(?P<v>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|https?://[^\s]{1,200})")
_STREET = Gated(
    r"(?P<v>\d(?<!\w.)\d{0,4}[a-zA-Z]?,?[ \t]+(?:[NSEW]\.?[ \t]+)?(?:[A-Z][\w'.-]{1,20}[ \t]+){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent|Court|Boulevard|Blvd|Way|Place|Square|Terrace|Parkway|Pkwy|Gardens|Grove)\b"
    r"\.?(?:,[ \t]*(?:[Aa]pt|[Uu]nit|[Ff]lat|[Ss]uite|#)\.?[ \t]*\w{1,6})?)",
    _TEXT,
)
_LABELLED_ADDRESS = re.compile(
    r"(?im)\b(?:home[ \t]+)?(?:address|direccion|domicilio)[ \t]*[:][ \t]*(?P<v>[^\n]{1,160})"
)
_POSTCODE = re.compile(
    r"(?P<v>[A-Z](?<!\w.)(?:[A-Z]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b|[A-Z][ ](?P<w>\d{5}(?:-\d{4})?)\b))"
)
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...] | None], ...] = (
    (_LABELLED, ("name", "nom", "apellido", "paciente")),
    (_SSN, None),
    (_PHONE, None),
    (_MAIL, ("@", "http")),
    (_LABELLED_ADDRESS, ("address", "direccion", "domicilio")),
    (_POSTCODE, ()),
)
"""Patterns, each with words of which one must stand in the text; None: `_LIKE_NUMBER` must. Looking first saves time."""
GROUPS = (_TEXT, _LOWER)
_GATED = ((_TEXT, (_PATIENT, _TITLED, _SIGNED, _STREET)), (_LOWER, (_NUMBER, _PHONE_NAMED)))
_NAMING = (_LABELLED, _PATIENT.pattern, _TITLED.pattern)
"""Patterns of persons' names: what they find is painted over wherever it stands."""
MASK = "\u2588"


_WORDS = re.compile(r"[^\W\d_]{3,}")


def identifiers(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text that name or locate a person, sorted and without overlaps."""
    spans: list[tuple[int, int]] = []
    names: set[str] = set()
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
    numbers = _LIKE_NUMBER.search(text) is not None
    matches = [
        match
        for pattern, words in _PATTERNS
        if (numbers if words is None else not words or any(word in lower for word in words))
        for match in pattern.finditer(text)
    ]
    for group, patterns in _GATED:
        shown = text if group is _TEXT else lower
        group.scan(shown)
        matches += [match for one in patterns for match in one.finditer(shown)]
        group.forget()
    for match in matches:
        spans.append(match.span("w" if "w" in match.re.groupindex and match["w"] else "v"))
        if match.re in _NAMING:
            names |= {part for part in _WORDS.findall(match["v"]) if part[0].isupper()}
    for name in sorted(names - _COMMON):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not (
                text[at - 1 : at].isalnum() or text[end : end + 1].isalnum() or "_" in text[max(0, at - 1) : end + 1]
            ):
                spans.append((at, end))
            at = text.find(name, end)
    spans.sort()
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


_COMMON = frozenset(
    ["Medical", "Oncology", "Breast", "Clinic", "Hospital", "Cancer", "Centre", "Center", "Department", "Pathology", "The", "This", "Left", "Right", "Liver", "Bone", "Lung", "Brain", "HER", "Her", "Metastatic", "Stage", "Dear", "Mrs", "Miss", "Male", "Female", "Patient", "Doctor", "Unknown"]
)  # fmt: skip


def masked(text: str, spans: list[tuple[int, int]], sign: str = " ") -> str:
    """Return the text with every span painted over, as long as it was.

    >>> masked("Mr Ng, 60", [(3, 5)])
    'Mr   , 60'
    """
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (text[done:start], sign * (end - start))
        done = end
    parts.append(text[done:])
    return "".join(parts)
