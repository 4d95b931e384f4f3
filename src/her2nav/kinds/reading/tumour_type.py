"""Tumour types, histologies, stage and setting: one stretch of words names them together.

"Histologically confirmed, unresectable or metastatic adenocarcinoma of the stomach" is a tumour type with a histology and
a setting. A cancer that is only the reason of a treatment or lies in the past is no statement on the patient's cancer now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from her2nav.kinds.reading import tumour_words as words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.tumour_extent import extent_node
from her2nav.kinds.reading.tumour_names import Atom, is_organ, tumour_of
from her2nav.language.dictionary import Hit
from her2nav.language.pieces import starting
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Node, Not

_CANCER = re.compile(r"\b(?:adeno-?)?(?:cancers?|carcinomas?|tumou?rs?|neoplasms?|malignanc(?:y|ies)|histolog\w+)\b")
_ORGAN = re.compile(
    r"(?:gastrointestinal|hepatobiliary|genitourinary|gyna?ecologic\w*|cervical|urothelial|cutaneous|thoracic|endometrial|colorectal|pancreatic|ha?ematologic(?:al)?|lower gi|upper gi)(?: \([a-z]+\)?)?"
)
_TAIL = re.compile(
    r"[ -]*(?:cancers?|carcinomas?|tumou?rs?|neoplasms?|malignanc(?:y|ies)|disease|histolog(?:y|ies)|subtypes?|types?|origin|patients?|ductal|lobular|features|\"|\')"
)
_ABBREVIATION = re.compile(r"\([a-z0-9/+-]{1,10}\)")
_SAID_OF = re.compile(
    r"\b(?:disease|cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?|nsclc|adenocarcinoma)(?: ?\([^()]*\))?,? (?:(?:that|which|must|has|have|is|are|be|was|either|been|and) ?)+$"
)
_AHEAD = re.compile(
    r"[^.,;()]{0,60}\b(?:cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?|nsclc|adenocarcinoma)\b"
)
_NON = re.compile(r"non[ -]+")
_LEFT = re.compile(
    r"(?:\b(?:histo\w+|cyto\w+|patholog\w+|confirmed|proven|documented|diagnos\w+|verified|newly|biopsy|evidence|invasive|infiltrating|primary|or|and|of|a|an|the|clinically|radiologically|"
    r"radiographically|confirmation|either|histology|cytology|malignant|unilateral|has|have|must|been|established|measurable (?=metastatic))\b|and/or|[ ,/():-])+$"
)
_PROVEN = re.compile(r"histo|cyto|patholog|diagnos|confirmed|proven|documented")
_EXCLUDING = re.compile(
    r"[ ,(]*\b(?:excluding|except(?:ing)?(?: for)?|other than|not including|with the exceptions? of|exclusive of|but not)\b(?: (?:any|a|the|primary|patients with|those with|tumou?rs of))*[ ]*"
)
_LOOKED_FOR = re.compile(
    r"\b(?:exclude|excluding|rule out|ruling out|screen for|assess for|evaluate for|look for|detect)(?: (?:any|the|other|possible|distant))*\s*$|\b(?:prior|previous|past|family|personal|medical) (?:\w+ )?history of(?: \w+){0,2}\s*$"
)
"""What a test looks for is not what the patient has."""
_REMARK = re.compile(r"\([^()]*\)")
_SHARE = re.compile(r"(?:[<≤]|less than|below|up to) ?\d{1,3} ?%(?: of)?\s*$")
"""A share of cells that is small: "(< 50 % squamous cells)"."""
_LEFT_OUT = Sought(r"\([^()]*\b(?:excluded|not (?:be )?(?:eligible|allowed|permitted|included)|ineligible)\b[^()]*\)")
"""A remark in brackets that takes cancers out."""
_IS_OUT = re.compile(
    r",? (?:histology |histologies |tumou?rs? |cancers? |subtypes? |patients? |which |that |who |will |should )*(?:are|is|be) (?:also )?(?:excluded|not (?:be )?(?:eligible|allowed|permitted|included)|ineligible)(?: from (?:the|this) (?:trial|study))?"
    r"(?! (?:or|and|with)\b)(?! (?:for|to) (?!th(?:is|e) (?:study|trial)|enrol|inclu|participat|entry|enter))"
)
_RECEPTORS = re.compile(r"triple|tnbc")
_BIOMARKERS = frozenset({"her2", "gene", "ihc", "ish", "ngs", "guideline", "variable"})
_ANY_WORD = re.compile(r"[\w\ue000-\uf8ff]+|.", re.DOTALL)
_NAMES = ("tumour", "histology", "tumour_site")


@dataclass(frozen=True, slots=True)
class _Run:
    atoms: tuple[Atom, ...]
    start: int
    end: int


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for run in _runs(sentence):
        yield from _read(sentence, run)


def _runs(sentence: Sentence) -> Iterator[_Run]:
    """Cut the sentence into stretches of disease words."""
    text = sentence.text
    hits = {hit.start: hit for hit in sentence.hits}
    atoms: list[Atom] = []
    joint: set[str] = set()
    edges = {place for found in _LEFT_OUT.finditer(text) for place in (found.start(), found.end() - 1)}
    depth = at = end = 0
    near = False
    while at <= len(text):
        found = _token(text, at, hits) if at < len(text) and at not in edges else None
        if found is None and depth > 0 and text[at : at + 1] == ":":
            found = "comma", at + 1, None, ""
        if found is None:
            if atoms:
                yield _Run(tuple(atoms), atoms[0].start, max(end, atoms[-1].end))
            atoms, joint, depth = [], set(), 0
            behind = _NON.match(text, at)
            hit = hits.get(behind.end() if behind else at)
            at = hit.end if hit else _word_end(text, at)
            continue
        kind, stop, hit, value = found
        if kind in ("name", "not_name", "setting", "stage", "tnm", "residual", "bio"):
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


def _word_end(text: str, at: int) -> int:
    found = _ANY_WORD.match(text, at)
    return found.end() if found else at + 1


def _token(text: str, at: int, hits: dict[int, Hit]) -> tuple[str, int, Hit | None, str] | None:
    hit = hits.get(at)
    if hit is not None and any(hit.ids(name) for name in _NAMES):
        # "Triple-negative breast cancer" names receptors too: the rule for these reads the whole of it.
        if _RECEPTORS.search(text, at, hit.end):
            return "bio", hit.end, None, "cancer"
        return "name", hit.end, hit, "organ" if _ORGAN.fullmatch(text, at, hit.end) else ""
    sign = text[at]
    if sign.isspace():
        return "space", at + 1, None, ""
    can = _CAN_START(sign)
    behind = _NON.match(text, at) if "non" in can else None
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
    if sign == "(" and (found := _ABBREVIATION.match(text, at)) is not None and not _holds_histology(text, found, hits):
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
    non=_NON,
    setting=words.SETTING,
    examples=words.EXAMPLES,
    join=words.JOIN,
    of=words.OF,
    biomarker=words.BIOMARKER,
    frame=words.FRAME,
)


def _holds_histology(text: str, found: re.Match[str], hits: dict[int, Hit]) -> bool:
    hit = hits.get(found.start() + 1)
    return hit is not None and bool(hit.ids("histology")) and not hit.ids("tumour")


def _read(sentence: Sentence, run: _Run) -> Iterator[Stretched]:
    """Yield what a run says, if it is said of the patient's cancer now."""
    text = sentence.text
    real = [atom for atom in run.atoms if atom.kind != "bio"]
    if not real:
        return
    left = _LEFT.search(text, 0, real[0].start)
    start = left.start() if left else real[0].start
    while (
        start < real[0].start
        and text[start] in " (["
        and text.count(")", start, run.end) < text.count("(", start, run.end)
    ):
        # A bracket that closes behind the run is no part of it.
        start += 1
    whole = text[start : run.end]
    if not _claimed(sentence, start, run, text[start : real[0].start]):
        return
    if (
        not any(
            atom.kind in ("name", "not_name", "stage", "tnm", "residual") or atom.value == "cancer"
            for atom in run.atoms
        )
        and not re.search(
            r"\b(?:disease|cancers?|tumou?rs?|malignanc(?:y|ies)|carcinomas?|neoplasms?)\b|metasta(?:sis|ses)|\bm[01]\b",
            whole,
        )
        and not _SAID_OF.search(text, 0, start)
        and not _AHEAD.match(text, run.end)
    ):
        return
    named = _named_atoms(real, whole)
    segments: list[list[Atom]] = [[]]
    for atom in run.atoms:
        if atom.kind == "bio":
            segments.append([])
        elif atom.hit is None or atom in named:
            segments[-1].append(atom)
    segments = [segment for segment in segments if segment]
    for i, segment in enumerate(segments):
        first = start if i == 0 else segment[0].start
        last = run.end if i == len(segments) - 1 and run.atoms[-1].kind != "bio" else segment[-1].end
        node, last = _segment(sentence, segment, last)
        if node is None:
            continue
        out = _IS_OUT.match(text, last)
        if out and sentence.section == "inclusion":
            yield _trimmed(text, first, out.end(), Not(node))
        else:
            yield _trimmed(text, first, last, node)


def _named_atoms(atoms: list[Atom], whole: str) -> list[Atom]:
    """Names that mean a cancer: an organ counts only beside a word or a name that says cancer."""
    names = [atom for atom in atoms if atom.hit is not None]
    sure = [atom for atom in names if not is_organ(atom)]
    if sure or _CANCER.search(whole):
        return names
    return []


def _claimed(sentence: Sentence, start: int, run: _Run, framing: str) -> bool:
    text = sentence.text
    first = start + len(framing)
    # What stands in brackets that were closed is a remark, and no part of the clause.
    ahead = _REMARK.sub(lambda found: " " * len(found[0]), text[:first])
    clause = max(ahead.rfind(sign) for sign in ".;:") + 1
    before = ahead[max(clause, ahead.rfind("(") + 1) : max(start, clause)]
    if _LOOKED_FOR.search(before[-40:]) or _SHARE.search(before[-20:]):
        return False
    if words.DENIED_BEFORE.search(before[-90:]) or words.DENIED_AFTER.match(text, run.end):
        return False
    excluding = sentence.section == "exclusion"
    if excluding and any(_too_wide(text, atom) for atom in run.atoms):
        return False
    if excluding or words.NEGATIVE.search(before):
        zone = any(found.start() <= first < found.end() for found in _LEFT_OUT.finditer(text))
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


def _types(run: _Run) -> list[str]:
    return [item for atom in run.atoms if atom.hit for name in ("tumour", "tumour_site") for item in atom.hit.ids(name)]


def _related(sentence: Sentence, run: _Run) -> bool:
    """Whether cancers that are excluded lie within those that the trial takes: others are a second cancer."""
    if not sentence.tumours:
        return True
    ontology = sentence.knowledge.tumours
    reach = {item for own in sentence.tumours for item in (*ontology.narrower(own), *ontology.wider(own), own)}
    return all(item in reach for item in _types(run))


def _same(sentence: Sentence, run: _Run) -> bool:
    """Whether all that the trial takes is of the types named, so that "patients with it must" speaks of everybody."""
    ontology = sentence.knowledge.tumours
    types = _types(run)
    inside = {item for own in types for item in (*ontology.narrower(own), own)}
    return bool(sentence.tumours) and all(item in inside for item in sentence.tumours)


def _segment(sentence: Sentence, segment: list[Atom], last: int) -> tuple[Node | None, int]:
    names = [atom for atom in segment if atom.hit is not None]
    tumour = tumour_of(sentence, names)
    parts: list[Node] = [] if tumour is None else [tumour]
    if names:
        parts, last = _without(sentence, parts, last)
    extent = extent_node(
        [(atom.kind, atom.value, atom.joint) for atom in segment if atom.hit is None],
        [sentence.text[atom.start : atom.end] for atom in names],
        sentence.text[segment[0].start : last],
    )
    if extent is not None:
        parts.append(extent)
    if not parts:
        return None, last
    return (parts[0] if len(parts) == 1 else AllOf(tuple(parts))), last


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
    return [AllOf((node, leaf("unread", note="the cancers left out were not read")))], end


def _trimmed(text: str, start: int, end: int, node: Node) -> Stretched:
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


SCANNERS = (
    Scanner(
        "tumour_type.named",
        (
            *_NAMES, "spread", "stage", "stages", "metastatic", "metastases", "metastasis", "advanced", "unresectable", "inoperable", "recurrent",
            "residual", "operable", "resectable", "m1", "relapsed", "nonmetastatic", "localized", "early",
        ),
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
            ("At least one prior line of therapy for metastatic breast cancer", None),
        ),
    ),
)  # fmt: skip
