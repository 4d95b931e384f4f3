"""Which cancer: type and histology, of the patient and not of a relative or the past."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family
from her2nav.intake.notes.found import Clash, Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.language.dictionary import Hit

_CANCER = (
    r"(?:adeno-?\s?ca(?:rcinoma)?|carcinoma|carcinosarcoma|cancer|ca\b|tumou?r|primary|malignancy|neoplasm|adk|mass)"
)
_ORGAN_THEN = re.compile(
    rf"^[\s,:-]{{0,3}}(?:(?:invasive|poorly|moderately|well|differentiated|diff|ductal|lobular|serous|mucinous|high[- ]grade)\s){{0,4}}{_CANCER}"
)
_THEN_ORGAN = re.compile(
    rf"{_CANCER}(?: \w+)? (?:of|de|in) (?:the |la |el )?(?:left |right |l |r |upper |lower |distal |proximal )?$|\b(?:idc|ilc|dcis)(?: of (?:the )?(?:left|right|l|r)?)?\s?$|(?:adeno-?ca(?:rcinoma)?|carcinoma),? (?:(?:ascending|descending|sigmoid|transverse|distal|proximal|antral|mid|upper|lower|left|right)\s)?$|{_CANCER},? (?:l|r|left|right) $"
)
_PRIOR = Gated(r"\b(?:history of|h/o|hx of|previous|prior|past|ned|in remission|cured|remote)\b")
STAGE = Gated(
    r"\b(?:stage|estadio|stadium|figo(?: stage)?(?: \(?(?:19|20)\d\d\)?)?)[\s:=]{0,3}(?:group[\s:=]{0,3}|is |was )?(?P<s>iv ?[abc]?|iii ?[abc]?[12]?|ii ?[abc]?[12]?|i ?[abc]?[123]?|[0-4] ?[abc]?)\b(?!\s?/|\s?(?:or|to|-)\s?(?:stage )?[iv1-4])"
)
METASTATIC = Gated(
    r"\bmetastatic\b(?!\s(?:work-?\s?up|screen(?:ing)?|staging|survey|evaluation|assessment|potential|risk)\b)|\bm(?:bc|crc|gc)\b|\bmets\b|\bmet\b(?= to)|\bmetast[aá]s[ie]s\b(?!(?:\s\([^()\n]{0,30}\))?[\s.:…_|]{1,30}(?:not applicable|n/?a\b|none\b|not identified|unknown|absent|pmx|not submitted))|\bmetast[aá]sic[oa]\b|\bmetastatico\b|\boligometa\w+|\bde novo stage iv\b|\bm1[a-d]?\b(?<!\bp[1-3][\s,]m1)(?<!\bp[1-3],\sm1)|\bmetastases\b|\bmetastasised\b|\bmetastasized\b"
)
DIAGNOSED = Gated(
    r"(?<![\w-])(?:(?<!oncotype )dx(?! (?:mammo|us\b|imaging|ultrasound|mri|ct\b|lap))(?:'?d)?|diagnosed|diagnosis(?: date)?|initial(?:ly)? diagnosed|date of diagnosis|original(?: diagnosis)?(?!\s(?:diagnosis|report|slides?|blocks?|biops\w+|specimen|sample|patholog\w+|result)|\s*\n)|diagnosticad[oa]|diagnostico|first diagnosed|first diagnosis|(?<!file )(?<!case )(?<!dossier )presented(?!:|\sby\b|\s(?:in|at|to)\s(?:the\s|our\s)?(?:rcp|mdt|mdm|board|tumou?r board|meeting|conference|multidisc))|(?<=, )found(?= (?:in )?(?:\d{1,2}[/.](?:19|20)\d\d|[a-z]{3,9}\.? (?:19|20)\d\d))|from the (?:start|beginning|outset)(?= \()|newly dx'?d|i was told(?= (?:in|on))|(?:cancer|carcinoma|tumou?r|lump|it|this)(?: was| were)? (?:first )?(?:found|picked up|discovered|detected)(?= (?:in|on) )|first found(?= in )|(?<=[.;:] )(?:found|picked up|discovered)(?= in [a-z]{3,9}\.? (?:19|20)\d\d)|ed(?=:? \d{1,2}[/.](?:19|20)\d\d)|erstdiagnose)\b"
)
_SIDE = Gated(
    r"\b(?P<right>r(?:t|ight)? colon|ascending colon|caecum|cecum|caecal|cecal|right[- ](?:sided )?colon|hepatic flexure|right-sided)|\b(?P<left>sigmoid|descending colon|left[- ](?:sided )?colon|splenic flexure|left-sided|rectosigmoid)|\b(?P<rectum>rectal|rectum)"
)


def stated(note: Note, span: Span) -> bool:
    """True when a place states a fact of the patient."""
    return context(note, *span).stated


_OF_NODE = re.compile(r"node|her")
_RULES_OF = Gated(
    r"\b(?:criteria|guidelines?|recommendations?|cut-?offs?|algorithms?|scoring(?: systems?| criteria)?|thresholds?|definitions?|rules|experience|literature|studies|label(?:l?ed)?|licen[cs]ed|approv(?:ed|al)|indication)\s(?:that (?:was|were)\s)?(?:(?:developed|validated|used|established|proposed|published|written|meant|issued|adapted|borrowed|data)\s)?(?:for|in|from|of)\s(?:the\s)?(?:treatment of\s)?(?:[\w-]+\s){0,2}$"
    r"|\b(?:scor(?:ed|ing)|read|assessed|graded|interpreted|reported)\s(?:as|like)\s(?:in|for)\s(?:a\s|the\s)?$|\b(?:in )?analogy (?:to|with)\s(?:the\s)?$"
)
"""What is said of a disease in general: "using the criteria developed for uterine serous carcinoma"."""


def tumour_mentions(note: Note) -> list[tuple[str, Span, bool]]:
    """Return every tumour type of the patient with its place; True where it is the present disease."""
    found: list[tuple[str, Span, bool]] = []
    for hit in note.named("tumour", "organ"):
        identifier = hit.id("tumour")
        span = (hit.start, hit.end)
        if identifier is None:
            identifier, span = _by_organ(note, hit)
        if identifier in (None, "solid_tumour") or identifier is None:
            continue
        if note.said(*span).strip() in ("breast", "lung", "colon"):
            continue
        sentence = note.sentence(hit.start)
        if _RULES_OF.search(note.plain, max(sentence.start, span[0] - 80), span[0]):
            continue
        said = context(note, *span)
        if said.family or said.template or said.unsure or (said.negated and not _OF_NODE.search(note.said(*span))):
            continue
        if sentence.section in ("plan", "trial") and said.hypothetical:
            continue
        first, last = clause(note, sentence, *span)
        prior = sentence.section in ("history", "family", "social") or (
            _PRIOR.search(note.plain, max(first, span[0] - 30), min(last, span[1] + 40)) is not None
            and not METASTATIC.search(note.plain, first, last)
        )
        found.append((identifier, span, not prior))
    found += _by_label(note)
    return found or _by_line(note) or _by_histology(note)


_LABEL = re.compile(
    r"[ \t>*•-]*(?:primary(?: (?:site|tumou?r(?: site)?|cancer|organ|location))?|(?:site|location) of (?:the )?primary(?: tumou?r)?|(?:tumou?r|cancer) (?:site|origin))[ ]?(?:[:\t|])[^\n]*",
    re.IGNORECASE,
)
_OPEN_LABEL = re.compile(r"\b(?:unknown|unclear|uncertain|or|vs|versus|not (?:known|found|identified))\b|\?")
_LABEL_REACH = 50


def _by_label(note: Note) -> list[tuple[str, Span, bool]]:
    """Return the tumour of a form's row on the primary: "PRIMARY: mid rectum, 8 cm from the anal verge"."""
    organs = [hit for hit in note.named("organ") if str(hit.id("organ")) in note.words.knowledge.tumours.types]
    found: list[tuple[str, Span, bool]] = []
    for hit in organs:
        line = note.line_starts[note.line(hit.start) - 1]
        label = _LABEL.match(note.text, line)
        if label is None or hit.start - line > _LABEL_REACH or _OPEN_LABEL.search(note.plain, line, hit.end + 20):
            continue
        if stated(note, (hit.start, hit.end)) and not any(line <= span[0] for _, span, _ in found):
            found.append((str(hit.id("organ")), (hit.start, hit.end), True))
    return found


_LINE_OF = re.compile(
    r"(?:[,\s][^.:;\n]{0,70})?:\s(?:[\w-]+,?\s){0,4}?(?P<h>(?:adeno|squamous cell |urothelial |serous )?carcinoma|carcinosarcoma)\b"
)
_NOT_HERE = re.compile(r"metasta|consistent with|compatible|secondary|\bno\b|negative|suspicio|\?")
_ORIGINS = frozenset(
    ["gastric", "gej", "oesophageal", "colon", "rectal", "colorectal", "gallbladder", "pancreatic", "biliary",
     "endometrial", "uterine", "bladder", "breast", "cervical"]
)  # fmt: skip
"""Organs of which a carcinoma in a biopsy is one of their own, where nothing calls it a metastasis."""


def _by_line(note: Note) -> list[tuple[str, Span, bool]]:
    """Return the tumour of a line of diagnosis: "Stomach, antrum, biopsies: adenocarcinoma"."""
    for hit in note.named("organ"):
        organ = str(hit.id("organ"))
        line = note.line_starts[note.line(hit.start) - 1]
        stop = note.text.find("\n", hit.end)
        stop = stop if stop >= 0 else len(note.text)
        if organ not in _ORIGINS or note.plain[line : hit.start].strip(" -*•a.1)"):
            continue
        match = _LINE_OF.match(note.plain, hit.end, stop)
        own = match is not None and _NOT_HERE.search(note.plain, line, stop) is None
        if match is not None and own and stated(note, (hit.start, match.end())):
            narrower = note.words.knowledge.tumours.find(f"{organ} {match['h']}")
            return [(narrower or organ, (hit.start, match.end()), True)]
    return []


def _by_histology(note: Note) -> list[tuple[str, Span, bool]]:
    """Return breast cancer where no type is named, the breast is, and the carcinoma is a ductal or lobular one."""
    breast = any(hit.id("organ") == "breast" for hit in note.named("organ"))
    for hit in note.named("histology") if breast else ():
        span = (hit.start, hit.end)
        sentence = note.sentence(hit.start)
        own = sentence.section not in ("history", "family", "social") and stated(note, span)
        if own and hit.id("histology") in ("invasive_ductal", "invasive_lobular"):
            return [("breast", span, True)]
    return []


_MASS = re.compile(r"mass|tumou?r\b")


def _by_organ(note: Note, hit: Hit) -> tuple[str | None, Span]:
    organ = hit.id("organ")
    if organ is None:
        return None, (hit.start, hit.end)
    behind = _ORGAN_THEN.match(note.plain[hit.end : hit.end + 60])
    if behind and not _MASS.search(behind[0]):
        return organ, (hit.start, hit.end + behind.end())
    before = _THEN_ORGAN.search(note.plain[max(0, hit.start - 40) : hit.start])
    if before and not _MASS.search(before[0]):
        return organ, (hit.start - len(before[0]), hit.end)
    return None, (hit.start, hit.end)


def read_types(note: Note) -> Iterator[Item]:
    """Choose the type that the mentions support, the narrowest of one family; two families are a contradiction."""
    tumours = note.words.knowledge.tumours
    mentions = [one for one in note.tumours if one[2]]
    if mentions:
        support: Counter[str] = Counter()
        for identifier, span, _ in mentions:
            weight = (
                3
                if STAGE.search(note.plain, max(0, span[0] - 40), span[1] + 20)
                or METASTATIC.search(note.plain, max(0, span[0] - 24), span[1])
                or DIAGNOSED.search(note.plain, max(0, span[0] - 40), span[1] + 20)
                else 1
            )
            weight += note.sentence(span[0]).section in ("pathology", "summary", "plan")
            for wider in tumours.wider(identifier):
                support[wider] += weight
        named = {identifier for identifier, _, _ in mentions}
        totals = {identifier: support[identifier] for identifier in named}
        roots = [one for one in named if not any(other != one and other in tumours.wider(one) for other in named)]
        roots.sort(key=lambda one: (-totals[one], one))
        best = roots[0]
        rivals = [one for one in roots[1:] if totals[one] * 2 > totals[best] and not _akin(note, one, best)]
        spans = {identifier: span for identifier, span, _ in reversed(mentions)}
        if rivals:
            yield Clash(
                "cancer.tumour_type",
                "two tumour types are named",
                tuple((tumours.types[one].name, spans[one]) for one in [best, *rivals]),
            )
        else:
            narrow = sorted(
                (one for one in named if best in tumours.wider(one)),
                key=lambda one: (-len(tumours.wider(one)), -support[one]),
            )
            leaf = [one for one in narrow if not any(other != one and one in tumours.wider(other) for other in narrow)]
            chosen = leaf[0] if len(leaf) == 1 else best
            yield Found("cancer.tumour_type", chosen, spans[chosen])
    yield from _histology(note)
    if any(identifier in ("colon", "colorectal", "rectal") for identifier, _, _ in mentions):
        for match in _SIDE.finditer(note.plain):
            if stated(note, match.span()) and not of_family(note, note.sentence(match.start()), match.start()):
                yield Found("cancer.primary_side", match.lastgroup, match.span())
                break


def _akin(note: Note, one: str, other: str) -> bool:
    """True for types that share a near parent: gastric and junction."""
    tumours = note.words.knowledge.tumours
    return bool(
        (tumours.wider(one) & tumours.wider(other))
        - {"solid_tumour", "gastrointestinal", "gynaecological", "genitourinary"}
    )


_PART_OF_IT = re.compile(r"\s(?:areas?|features?|patterns?|components?|foci|elements?|differentiation)\b")
"""Part of a tumour: "urothelial carcinoma, micropapillary areas"."""
_IN_SITU = re.compile(r"\b(?:dcis|ductal carcinoma in situ|in situ component)\b[^.;]*$")
"""The pattern of what is in situ: "DCIS, solid and cribriform"."""


_SECOND_CANCER = re.compile(
    r"\b(?:second|other|another|previous|earlier|synchronous) (?:primary|cancer|malignanc\w+|tumou?r)s?\b[^.;]{0,40}$"
)


def _histology(note: Note) -> Iterator[Item]:
    ontology = note.words.knowledge.histologies
    found: dict[str, Span] = {}
    for hit in note.named("histology", "tumour"):
        identifier = hit.id("histology")
        if identifier is None and hit.id("tumour"):
            named = note.said(hit.start, hit.end).split()
            identifier = note.words.knowledge.tumours.types[str(hit.id("tumour"))].histology
            identifier = identifier or ontology.find(named[-1]) or ontology.find(named[0])
        words = note.said(hit.start, hit.end)
        if identifier is None or words in (
            "diffuse",
            "papillary",
            "intestinal",
            "tubular",
            "medullary",
            "squamous",
            "mixed",
            "large cell",
            "clear cell",
            "serous",
            "ductal",
            "secretory",
            "sarcoma",
            "glioma",
            "acinar",
            "lymphoma",
            "melanoma",
        ):
            continue
        sentence = note.sentence(hit.start)
        in_situ = " " not in words and _IN_SITU.search(note.plain, sentence.start, hit.start)
        if in_situ or _PART_OF_IT.match(note.plain, hit.end):
            continue
        if sentence.section in ("history", "family") or not stated(note, (hit.start, hit.end)):
            continue
        if identifier == "basal_cell" or _SECOND_CANCER.search(note.plain, sentence.start, hit.start):
            continue  # cancer of the skin, told beside the present disease
        if _PRIOR.search(note.plain, max(sentence.start, hit.start - 24), min(sentence.end, hit.end + 30)):
            continue
        found.setdefault(identifier, (hit.start, hit.end))
    invasive = {one: span for one, span in found.items() if "in_situ" not in ontology.wider(one)} or found
    narrow = [one for one in invasive if not any(other != one and one in ontology.wider(other) for other in invasive)]
    if len(narrow) == 1:
        yield Found(
            "cancer.histology",
            ontology.histologies[narrow[0]].name.lower()
            if narrow[0] != "invasive_ductal"
            else "invasive ductal carcinoma",
            found[narrow[0]],
        )
    elif len(narrow) > 1:
        near = [one for one in narrow if one not in ("carcinoma", "in_situ", "ductal_in_situ")]
        if len(near) == 1:
            yield Found("cancer.histology", ontology.histologies[near[0]].name.lower(), found[near[0]])
        elif near:
            yield Clash(
                "cancer.histology",
                "more than one histology is named",
                tuple((ontology.histologies[one].name, found[one]) for one in near),
            )
