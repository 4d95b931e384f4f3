"""Tumour types, histologies, stage and setting: one stretch of words names them together.

"Histologically confirmed, unresectable or metastatic adenocarcinoma of the stomach" is a tumour type with a histology and
a setting. A cancer that is only the reason of a treatment or lies in the past is no statement on the patient's cancer now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading import tumour_words as words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.tumour_claims import LEFT_OUT, claimed
from her2nav.kinds.reading.tumour_extent import extent_node
from her2nav.kinds.reading.tumour_names import Atom, Run, is_organ, tumour_of
from her2nav.kinds.reading.tumour_parted import ITSELF, OF_MEN, or_inflammatory, parted, staged_alone
from her2nav.language.beginnings import SIGNS, starting
from her2nav.language.dictionary import Hit
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not

_CANCER = re.compile(r"\b(?:adeno-?)?(?:cancers?|carcinomas?|tumou?rs?|neoplasms?|malignanc(?:y|ies)|histolog\w+)\b")
_ORGAN = re.compile(
    r"(?:gastrointestinal|hepatobiliary|genitourinary|gyna?ecologic\w*|cervical|urothelial|cutaneous|thoracic|endometrial|colorectal|pancreatic|ha?ematologic(?:al)?|lower gi|upper gi)(?: \([a-z]+\)?)?"
)
_TAIL = re.compile(
    r"[ -]*(?:cancers?|carcinomas?|tumou?rs?|neoplasms?|malignanc(?:y|ies)|disease|histolog(?:y|ies)|subtypes?|types?|origin|patients?|ductal|lobular|features|\"|\')"
)
_ABBREVIATION = re.compile(r"\([a-z0-9/+-]{1,10}\)")
_SAID_OF = re.compile(
    r"\b(?:disease|cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?|nsclc|adenocarcinoma)(?: ?\([^()]*\))?(?: of the \w+)?,? (?:(?:that|which|must|has|have|is|are|be|was|either|been|and) ?)+$"
)
_AHEAD = re.compile(
    r"[^.,;()]{0,60}\b(?:cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?|nsclc|adenocarcinoma)\b"
)
_IN_GENERAL = re.compile(
    r"\b(?:disease|cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?)\b|metasta(?:sis|ses)|\bm[01]\b"
)
_NON = re.compile(r"non[ -]+")
_LEFT = re.compile(
    r"(?:\b(?:histo\w+|cyto\w+|patholog\w+|confirmed|proven|documented|diagnos\w+|verified|newly|biopsy|evidence|invasive|infiltrating|primary|or|and|of|a|an|the|clinically|radiologically|"
    r"radiographically|confirmation|either|histology|cytology|malignant|unilateral|has|have|must|been|established)\b|and/or|[ ,/():-])+$"
)
_EXCLUDING = re.compile(
    r"[ ,(]*\b(?:excluding|except(?:ing)?(?: for)?|other than|not including|with the exceptions? of|exclusive of|but not)\b(?: (?:any|a|the|primary|patients with|those with|tumou?rs of))*[ ]*"
)
_IS_OUT = re.compile(
    r",? (?:histology |histologies |tumou?rs? |cancers? |subtypes? |patients? |which |that |who |will |should )*(?:are|is|be) (?:also )?(?:excluded|not (?:be )?(?:eligible|allowed|permitted|included)|ineligible)(?: from (?:the|this) (?:trial|study))?"
    r"(?! (?:or|and|with)\b)(?! (?:for|to) (?!th(?:is|e) (?:study|trial)|enrol|inclu|participat|entry|enter))"
)
_RECEPTORS = re.compile(r"triple|tnbc")
_RESULT = re.compile(r"[a-z0-9][+-][/)]|positive|negative")
"""A result behind the name of a marker."""
_BIOMARKERS = frozenset({"her2", "gene", "ihc", "ish", "ngs", "guideline", "variable"})
_ANY_WORD = re.compile(r"[\w\ue000-\uf8ff]+|.", re.DOTALL)
_NAMES = frozenset({"tumour", "histology", "tumour_site"})


_AND_OTHERS = re.compile(
    r"(?:[ ,;/]|\band/or\b|\band\b|\bor\b)+(?:all |any )?other (?:tumou?r|cancer)(?: types?|s\b|s? histolog(?:y|ies))(?=\s*(?:[:.,;)]|\Z))"
)
"""An entry that opens a list of cancers to others."""


_EARLIER_TOO = re.compile(
    r"\b(?:current|present|active|existing|new)(?:ly)? (?:or|and/or) (?:prior|previous|past|former|earlier)\b|\b(?:prior|previous|past) (?:or|and/or) (?:current|present|active)\b"
)
_NEAR = 40
"""Signs in front of the name of a cancer."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for run in runs(sentence):
        for read in _read(sentence, run):
            yield _opened(sentence, read) if sentence.section == "inclusion" and _names_types(read.node) else read


def _opened(sentence: Sentence, read: Stretched) -> Stretched:
    """Return named cancers, open where others, or those that somebody had before, are taken as well."""
    more = _AND_OTHERS.match(sentence.text, read.end)
    if more is not None:
        open_ = leaf("unread", note="which other cancers are meant is not said")
        return read._replace(end=more.end(), node=AnyOf((read.node, open_)))
    if _EARLIER_TOO.search(sentence.text, max(0, read.start - _NEAR), read.end) is not None:
        return read._replace(node=AnyOf((read.node, leaf("unread", note="whether one of these cancers came before"))))
    return read


def _names_types(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "tumour_type" and bool(node.params.types)


def runs(sentence: Sentence) -> Iterator[Run]:
    """Cut the sentence into stretches of disease words."""
    text = sentence.text
    hits = {hit.start: hit for hit in sentence.hits}
    atoms: list[Atom] = []
    joint: set[str] = set()
    edges = {place for found in LEFT_OUT.finditer(text) for place in (found.start(), found.end() - 1)}
    depth = at = end = 0
    near = False
    while at <= len(text):
        found = _token(text, at, hits) if at < len(text) and at not in edges else None
        if found is None and depth > 0 and text[at : at + 1] == ":":
            found = "comma", at + 1, None, ""
        if found is not None and found[0] == "close" and depth <= 0 and atoms:
            # The bracket was opened in front of these words: what stands behind it is no part of them.
            found = None
        if found is None:
            if atoms:
                yield Run(tuple(atoms), atoms[0].start, max(end, atoms[-1].end))
            atoms, joint, depth = [], set(), 0
            behind = _NON.match(text, at) if text.startswith("non", at) else None
            hit = hits.get(behind.end() if behind else at)
            at = hit.end if hit else _word_end(text, at)
            continue
        kind, stop, hit, value = found
        if kind in ("name", "not_name", "setting", "stage", "tnm", "residual", "bio"):
            if kind == "setting" and (within := _begun_within(sentence, at, stop)) is not None:
                hits[stop + len(text[stop:]) - len(text[stop:].lstrip(" -"))] = within
            atoms.append(Atom(kind, at, stop, frozenset(joint), depth, hit, value))
            joint, end, near = set(), stop, True
        elif kind == "frame":
            # "… cancer with disease progression": only words right behind belong to the name.
            near = near and _TAIL.fullmatch(text, at, stop) is not None
            end = stop if near and atoms else end
        elif kind != "space":
            near = kind in ("close", "abbreviation") and near
            end = stop if kind == "abbreviation" and atoms else end
            joint.add(kind)
            depth += (kind == "open") - (kind == "close")
            end = stop if kind == "close" and depth >= 0 and atoms else end
        at = stop


def _begun_within(sentence: Sentence, start: int, end: int) -> Hit | None:
    """Return the name that begins within words on the setting: "locally [advanced breast cancer]"."""
    cut = (hit for hit in sentence.hits if start < hit.start < end < hit.end)
    return next((hit for hit in cut if any(term.category in _NAMES for term in hit.terms)), None)


def _word_end(text: str, at: int) -> int:
    found = _ANY_WORD.match(text, at)
    return found.end() if found else at + 1


def _token(text: str, at: int, hits: dict[int, Hit]) -> tuple[str, int, Hit | None, str] | None:
    hit = hits.get(at)
    if hit is not None and any(term.category in _NAMES for term in hit.terms):
        # "Triple-negative breast cancer" names receptors too: the rule for these reads the whole of it.
        if _RECEPTORS.search(text, at, hit.end):
            return "bio", hit.end, None, "cancer"
        return "name", hit.end, hit, "organ" if _ORGAN.fullmatch(text, at, hit.end) else ""
    sign = text[at]
    if sign.isspace():
        return "space", at + 1, None, ""
    can = _CAN_START(text[at : at + SIGNS])
    behind = _NON.match(text, at) if "non" in can and text.startswith("non", at) else None
    if behind and (denied := hits.get(behind.end())) is not None:
        return ("not_name", denied.end, denied, "") if denied.ids("histology") else None
    found = words.SETTING.match(text, at) if "setting" in can else None
    if found is not None and found.end() > at:
        name = found.lastgroup or ""
        name = "stage" if name == "stages" else name
        value = found["stages"] if name == "stage" else found[0] if name == "tnm" else name
        kind = name if name in ("stage", "tnm", "residual") else "setting"
        return kind, found.end(), None, value
    if "examples" in can and (found := words.EXAMPLES.match(text, at)) is not None:
        return "examples", found.end(), None, ""
    if (
        sign == "("
        and (found := _ABBREVIATION.match(text, at)) is not None
        and not _holds_histology(text, found, hits)
        and not _is_marker(found, hits)
        and not _is_category(text, at + 1, found.end() - 1)
    ):
        return "abbreviation", found.end(), None, ""
    if "join" in can and (found := words.JOIN.match(text, at)) is not None:
        return found.lastgroup or "", found.end(), None, ""
    if "of" in can and (found := words.OF.match(text, at)) is not None:
        return "of", found.end(), None, ""
    if hit is not None and any(term.category in _BIOMARKERS for term in hit.terms):
        return "bio", hit.end, None, ""
    if "biomarker" in can and (found := words.BIOMARKER.match(text, at)) is not None and found.end() > at:
        return "bio", found.end(), None, ""
    if "frame" in can and (found := words.FRAME.match(text, at)) is not None and found.end() > at:
        return "frame", found.end(), None, ""
    return None


_CAN_START = starting(
    non=_NON.pattern,
    setting=words.SETTING.pattern,
    examples=words.EXAMPLES.pattern,
    join=words.JOIN.pattern,
    of=words.OF.pattern,
    biomarker=words.BIOMARKER.pattern,
    frame=words.FRAME.pattern,
)


def _is_category(text: str, start: int, end: int) -> bool:
    """Whether words in brackets are a category and no short name: "a breast tumour (T2)"."""
    found = words.SETTING.match(text, start)
    return found is not None and found.lastgroup == "tnm" and found.end() == end


def _is_marker(found: re.Match[str], hits: dict[int, Hit]) -> bool:
    """Whether words in brackets are a marker and no short name: "gastric cancer (HER2+)"."""
    hit = hits.get(found.start() + 1)
    return hit is not None and hit.end > found.start() + 1 and not hit.ids("tumour") and bool(_RESULT.search(found[0]))


def _holds_histology(text: str, found: re.Match[str], hits: dict[int, Hit]) -> bool:
    hit = hits.get(found.start() + 1)
    return hit is not None and bool(hit.ids("histology")) and not hit.ids("tumour")


def beginning(text: str, run: Run) -> int:
    """Return where the words that frame a run begin: "Histologically confirmed" and the like."""
    first = run.atoms[0].start
    left = _LEFT.search(text, 0, first)
    start = left.start() if left else first
    while start < first and text[start] in " ([" and text.count(")", start, run.end) < text.count("(", start, run.end):
        # A bracket that closes behind the run is no part of it.
        start += 1
    return start


def _read(sentence: Sentence, run: Run) -> Iterator[Stretched]:
    """Yield what a run says, if it is said of the patient's cancer now."""
    text = sentence.text
    real = [atom for atom in run.atoms if atom.kind != "bio"]
    if not real:
        return
    start = beginning(text, Run(tuple(real), real[0].start, run.end))
    whole = text[start : run.end]
    if not claimed(sentence, start, run, text[start : real[0].start]):
        return
    if (
        not any(
            atom.kind in ("name", "not_name", "stage", "tnm", "residual") or atom.value == "cancer"
            for atom in run.atoms
        )
        and not _IN_GENERAL.search(whole)
        and not _SAID_OF.search(text, 0, start)
        and not _AHEAD.match(text, run.end)
    ):
        return
    named = _named_atoms(real, whole)
    segments: list[list[Atom]] = [[]]
    for atom in run.atoms:
        if atom.kind == "bio":
            segments += [_loose(segments[-1]), []]
        elif atom.hit is None or atom in named:
            segments[-1].append(atom)
    segments = [part for segment in segments if segment for part in parted(sentence, run, segment)]
    for i, segment in enumerate(segments):
        first = start if i == 0 else segment[0].start
        last = run.end if i == len(segments) - 1 and run.atoms[-1].kind != "bio" else segment[-1].end
        itself = ITSELF.match(text, last) if i < len(segments) - 1 and segment[-1].kind == "setting" else None
        node, last = _segment(sentence, segment, first, itself.end() if itself else last)
        if node is None:
            continue
        out = _IS_OUT.match(text, last)
        if out and sentence.section == "inclusion":
            yield trimmed(text, first, out.end(), Not(node))
        else:
            yield trimmed(text, first, last, node)


def _loose(segment: list[Atom]) -> list[Atom]:
    """Take off what belongs to the cancer behind a marker: "melanoma or advanced HER2-negative breast cancer"."""
    last = max((i for i, atom in enumerate(segment) if atom.hit is not None), default=-1)
    loose = segment[last + 1 :]
    if last < 0 or not loose or not loose[0].joint & {"comma", "or", "and"}:
        return []
    del segment[last + 1 :]
    return loose


def _named_atoms(atoms: list[Atom], whole: str) -> list[Atom]:
    """Names that mean a cancer: an organ counts only beside a word or a name that says cancer."""
    names = [atom for atom in atoms if atom.hit is not None]
    sure = [atom for atom in names if not is_organ(atom)]
    if sure or _CANCER.search(whole):
        return names
    return []


def _segment(sentence: Sentence, segment: list[Atom], first: int, last: int) -> tuple[Node | None, int]:
    names = [atom for atom in segment if atom.hit is not None]
    if names and _of_another_list(sentence, names, first):
        return None, last
    tumour = tumour_of(sentence, names)
    if tumour is not None and (ways := staged_alone(sentence, segment, names, first, last)) is not None:
        return ways, last
    parts: list[Node] = [] if tumour is None else [tumour]
    if names:
        parts, last = _without(sentence, parts, last)
    extent = extent_node(
        [(atom.kind, atom.value, atom.joint) for atom in segment if atom.hit is None],
        [sentence.text[atom.start : atom.end] for atom in names],
        sentence.text[first:last],
    )
    if extent is not None:
        inflamed = or_inflammatory(sentence, segment, names)
        if inflamed is not None:
            return AnyOf((AllOf((leaf("tumour_type", types=["breast"]), extent)), inflamed)), last
        parts.append(extent)
    if names and sentence.section == "exclusion" and OF_MEN.search(sentence.text, names[0].start, names[0].end):
        parts.append(leaf("sex", any_of=["male"]))
    if not parts:
        return None, last
    return (parts[0] if len(parts) == 1 else AllOf(tuple(parts))), last


_EXAMPLES_OPEN = re.compile(r"\b(?:including|such as|e\.g\.)[^.;:()]*\Z")
_NO_LIST = re.compile(r"\b(?:no|without|free of)\b[^.;:()]*,[^.;:()]*\Z")
_ANY_CARCINOMA = frozenset({"carcinoma", "adenocarcinoma"})


def _of_another_list(sentence: Sentence, names: list[Atom], first: int) -> bool:
    """Whether bare histologies end a list whose other words were not understood.

    "Lung cancer, including A, zorbl cell and large cell carcinoma" gives examples, "no endometrial atypia or carcinoma"
    speaks of the endometrium: alone such words ask for nothing.
    """
    if any(atom.hit is not None and (atom.hit.ids("tumour") or atom.hit.ids("tumour_site")) for atom in names):
        return False
    before = sentence.text[:first]
    found = {item for atom in names if atom.hit is not None for item in atom.hit.ids("histology")}
    if found <= _ANY_CARCINOMA and _NO_LIST.search(before):
        return True
    return sentence.section == "inclusion" and _EXAMPLES_OPEN.search(before) is not None


def _without(sentence: Sentence, parts: list[Node], last: int) -> tuple[list[Node], int]:
    """Read "…, excluding primary tumours of the brain": types that are left out; what is not understood stays unread."""
    found = _EXCLUDING.match(sentence.text, last)
    if found is None or not parts:
        return parts, last
    stop = re.compile(r"[.;:)]|\b(?:who|that|which|with|and (?:have|has|must))\b").search(sentence.text, found.end())
    end = stop.start() if stop else len(sentence.text)
    hits = sentence.between(found.end(), end)
    types = [item for hit in hits for name in ("tumour", "tumour_site") for item in hit.ids(name)[:1]]
    rest = sentence.text[found.end() : end]
    for hit in hits:
        rest = rest.replace(sentence.text[hit.start : hit.end], " ")
    known = re.fullmatch(
        r"(?:[\s,/()-]|\b(?:and|or|primary|tumou?rs?|cancers?|carcinomas?|malignanc(?:y|ies)|neoplasms?|the|of|any|with|histology)\b)*",
        rest,
    )
    node = parts[0]
    if known and types and node.__class__.__name__ == "Leaf":
        params = node.params.model_dump(exclude_defaults=True)  # type: ignore[union-attr]
        return [leaf("tumour_type", **(params | {"except_types": list(dict.fromkeys(types))}))], end
    left_out = words.SETTING.match(rest.strip(), 0) if not types else None
    if left_out is not None and left_out.lastgroup == "tnm" and left_out.end() == len(rest.strip()):
        # "Stage II (except T2N0)".
        extent = extent_node([("tnm", left_out[0], frozenset())], [], rest)
        if extent is not None:
            return [AllOf((node, Not(extent)))], end
    return [AllOf((node, leaf("unread", note="the cancers left out were not read")))], end


def trimmed(text: str, start: int, end: int, node: Node) -> Stretched:
    """Return a stretch without joining words at its edges."""
    while start < end and (
        found := re.compile(r"[ ,;:.)]+|(?:\b(?:or|and|of|has|have|must|a|an|the)\b|and/or) ").match(text, start)
    ):
        start = found.end()
    shown = text[start:end].rstrip(" ,;:.-")
    end = start + len(shown)
    if shown.count("(") > shown.count(")") and text[end : end + 1] == ")":
        end += 1
    elif shown.endswith("("):
        end -= 1
    return Stretched(start, end, node)


CUES = (
    *_NAMES,
    "spread",
    "stage",
    "stages",
    "metastatic",
    "metastases",
    "metastasis",
    "advanced",
    "unresectable",
    "inoperable",
    "recurrent",
    "residual",
    "operable",
    "resectable",
    "m1",
    "relapsed",
    "nonmetastatic",
    "localized",
    "early",
    "m0",
    *(f"{letter}{n}" for letter in "tn" for n in range(4)),
    "t4",
)
"""Words and vocabularies without which no cancer or extent is named."""

SCANNERS = (
    Scanner(
        "tumour_type.named",
        CUES,
        _scan,
        priority=4,
        texts=(
            ("Histologically or cytologically confirmed adenocarcinoma of the stomach or gastro-oesophageal junction", {"tumour_type": {"types": ["gastric", "gej"]}}),
            ("Stage I-III invasive breast cancer", {"all_of": [{"tumour_type": {"types": ["breast"]}}, {"disease_setting": {"stages": ["I", "II", "III"]}}]}),
            (
                "Pathologically confirmed, unresectable locally advanced or metastatic biliary tract cancer",
                {"all_of": [{"tumour_type": {"types": ["biliary"]}}, {"disease_setting": {"settings": ["locally_advanced_unresectable", "metastatic"]}}]},
            ),
            ("Advanced solid tumours, excluding primary CNS tumours", {"all_of": [{"tumour_type": {"types": ["solid_tumour"], "except_types": ["cns_tumour"]}}, {"disease_setting": {"settings": ["locally_advanced_unresectable", "metastatic"]}}]}),
            (
                "Gastric, cutaneous squamous, small cell lung and hepatocellular cancer",
                {
                    "any_of": [
                        {"tumour_type": {"types": ["gastric"]}},
                        {"tumour_type": {"types": ["cutaneous_squamous"]}},
                        {"tumour_type": {"types": ["lung"], "histologies": ["small_cell"]}},
                        {"tumour_type": {"types": ["hepatocellular"]}},
                    ]
                },
            ),
            ("Primary or metastatic breast cancer", {"tumour_type": {"types": ["breast"]}}),
            ("tissue of the primary or metastatic tumour", None),
            ("At least one prior line of therapy for metastatic breast cancer", None),
        ),
    ),
)  # fmt: skip
