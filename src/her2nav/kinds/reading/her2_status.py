"""HER2 status: words, scores, in situ hybridisation and amplification, and how they are put together.

A stretch of HER2 words is cut into atoms (a score, an ISH result, a status word, amplification) and the connectors
between them; alternatives are parted by "or" and commas, and what stands together belongs to one definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import Leaf

_SCORES = ("0", "1+", "2+", "3+")
_FRAME = (
    r"status|tumou?rs?|tumou?r'?s|disease|testing|tested|tests?|assays?|results?|guidelines?|recommendations?|criteria|score[ds]?|scoring|staining|"
    r"intensity|expression|level|protein|gene|the|an?|is|are|be|being|was|must|have|has|of|by|on|per|as|in|for|to|using|via|with|from|at|"
    r"according|based|upon|defined(?! as| by)|determined|assessed|confirmed|evaluated|measured|demonstrated|documented|considered|either|any|most|recent|"
    r"current|latest|available|tissue|sample|specimen|biopsy|archival|fresh|primary|metastatic|metastasis|lesion|locally|local|central|centrally|laboratory|lab|"
    r"institutional|approved|validated|fda|standard|prevailing|breast|gastric|carcinoma|cancer|cells?|invasive|histologically|pathologically|"
    r"cytologically|known|prior|previous|previously|history|that(?! is)|which|if|when|patients?|subjects?|participants?|\d{4}|"
    r"result|report|dual|single|probe|cep ?17|copy|number|copies|category|including|"
    r"will|eligible|not|requiring|required|requires?|immunohistochemical|method|analysis|technology|platform"
)


_TAIL = re.compile(
    r"(?:[ ,]|\b(?:status|by|on|per|as|using|via|with|in|at|the|an?|is|of|central|centrally|local|locally|or|and|laborator(?:y|ies)|testing|tests?|tested|"
    r"assays?|confirmed|confirmation|determined|assessed|documented|evaluated|guidelines?|recommendations?|criteria|results?|standard|"
    r"institutional|approved|validated|fda|current|most recent|tissue|sample|biopsy|tumou?r|expression|disease)\b)+"
)
"""How and where the status was found, behind it."""


@dataclass(frozen=True, slots=True)
class _Atom:
    kind: str
    value: tuple[str, ...]
    start: int
    end: int


@lru_cache(maxsize=2)
def _token(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    h, i, s, n, g = (f"[{words.marks(name)}]++" for name in ("her2", "ihc", "ish", "ngs", "guideline"))
    return re.compile(
        "|".join(
            (
                r"(?P<triple>\b(?:not )?triple[ -]negative\b(?: breast cancer)?|\btnbc\b)",
                rf"(?P<her2pos>{h}(?: ?\+(?![/\w])|[ -]pos\b))",
                rf"(?P<her2neg>{h}(?: ?-(?=[\s,.;)/]|$)|[ -]neg\b))",
                rf"(?P<her2>{h})",
                r"(?P<range>(?:≥|>|at least)? ?(?P<low>\b[0-3])\+? ?(?:-|to) ?(?P<high>[1-3]) ?\+)",
                r"(?P<score>(?P<op>≥|≤|>|<|at least)? ?(?:(?P<n>\b[0-3]) ?\+(?!\d)|(?P<pluses>\+{2,3})))",
                r"(?P<zero>(?<=\W)0(?![\d.%+]))",
                rf"(?P<ihc>{i})",
                rf"(?P<ishres>{s}[ -]*(?:(?:is |result |gene )*)(?P<ishsign>\+|-(?![a-z0-9])|pos(?:itiv\w*)?\b|neg(?:ativ\w*)?\b|non-? ?amplif\w+|not amplif\w+|unamplified|amplif\w+))",
                rf"(?P<ish>{s})",
                rf"(?P<ngs>{n})",
                rf"(?P<guide>{g})",
                r"(?P<ultralow>\bultra[ -]?low\b)",
                r"(?P<low_word>\blow(?:[ -]express\w+)?\b)",
                r"(?P<null>\bnull\b|\bzero\b)",
                r"(?P<nonamp>\b(?:non-? ?amplified|not (?:be )?amplified|un-?amplified|no(?:n)?-? ?(?:gene )?amplification|without amplification|lack of amplification))",
                r"(?P<amp>\bamplif\w+\b)",
                r"(?P<nonover>\b(?:non-? ?over-? ?express\w*|not over-? ?express\w*|non-? ?express\w*))",
                r"(?P<over>\bover-? ?express\w*\b)",
                r"(?P<expressing>\bexpress(?:ing|es|ed)\b)",
                r"(?P<pos>\bpositiv\w*\b)",
                r"(?P<neg>\bnegativ\w*\b)",
                r"(?P<equivocal>\bequivocal\b|\bborderline\b)",
                r"(?P<ratio>(?:\bratio\b[^.;,()]{0,30}?)?(?P<ratio_op>≥|>|<|≤|at least|greater than or equal to|less than|greater than)[ ]*(?P<ratio_n>[12]\.\d)\b)",
                r"(?P<or>\band ?/ ?or\b|\bor\b|,|;)",
                r"(?P<and>\band\b|/|\+|&|\bwith\b|\bplus\b)",
                r"(?P<opens>[(\[:]|\bdefined (?:as|by)\b|\bi\.e\.?|\bthat is\b|\bmeaning\b)",
                r"(?P<closes>[)\]])",
                rf"(?P<frame>(?:\b(?:{_FRAME})\b|[ .'\"=-])+)",
            )
        )
    )  # fmt: skip


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    token = _token(sentence.knowledge)
    at = 0
    text = sentence.masked
    while at < len(text):
        run = _run(token, text, at)
        if run is None:
            return
        atoms, joints, start, end = run
        tail = _TAIL.match(text, end)
        end = end + len(text[end : tail.end()].rstrip(" ,")) if tail else end
        end -= len(re.search(r"(?:\b(?:or|and|with|in|the|an?|of|as)\b| )*$", text[start:end])[0])  # type: ignore[index]
        at = max(end, at + 1)
        node = _definitions(atoms, joints, sentence.text[start:end], sentence)
        if node is not None:
            yield Stretched(start, end, node)


def _run(token: re.Pattern[str], text: str, at: int) -> tuple[list[_Atom], list[set[str]], int, int] | None:
    """The next stretch of HER2 words: its atoms, the connectors before each, and where it lies."""
    first = next((m for m in token.finditer(text, at) if m.lastgroup in _OPENERS), None)
    if first is None:
        return None
    atoms: list[_Atom] = []
    joints: list[set[str]] = []
    pending: set[str] = set()
    place, end, depth, _closes = first.start(), first.start(), 0, first.start()
    seen_her2 = False
    while (found := token.match(text, place)) is not None:
        name = found.lastgroup or ""
        place = found.end()
        if name == "closes":
            depth -= 1
            if depth < 0:
                break
            end = place if atoms else end
            continue
        if name in ("opens", "or", "and"):
            depth += name == "opens" and found[0] in "(["
            pending.add(name)
            continue
        if name == "frame":
            continue
        if (
            name == "her2"
            and atoms
            and "opens" not in pending
            and seen_her2
            and atoms[-1].kind != "status"
            and not pending
        ):
            break
        seen_her2 = seen_her2 or name.startswith("her2")
        atom = _atom(name, found)
        end = place
        if atom is not None:
            atoms.append(atom)
            joints.append(pending)
            pending = set()
        elif name not in ("guide", "her2", "ihc", "ish", "ngs"):
            pass
    return atoms, joints, first.start(), max(end, first.end())


_OPENERS = frozenset({"triple", "her2pos", "her2neg", "her2", "ihc", "ishres", "ish"})


def _atom(name: str, found: re.Match[str]) -> _Atom | None:
    def make(kind: str, *value: str) -> _Atom:
        return _Atom(kind, value, found.start(), found.end())

    match name:
        case "triple":
            return make("triple", "negative")
        case "her2pos" | "pos" | "over":
            return make("word" if name == "pos" else "status", "positive")
        case "her2neg" | "neg" | "nonover":
            return make("word" if name == "neg" else "status", "negative")
        case "ultralow":
            return make("status", "ultralow")
        case "low_word":
            return make("status", "low")
        case "null":
            return make("status", "zero")
        case "expressing":
            return make("status", "expressing")
        case "equivocal":
            return make("status", "equivocal")
        case "score":
            return _score(found)
        case "range":
            return make("ihc", *_SCORES[int(found["low"]) : int(found["high"]) + 1])
        case "zero":
            return make("ihc", "0")
        case "ihc":
            return make("method", "ihc")
        case "ish":
            return make("method", "ish")
        case "ngs":
            return make("method", "ngs")
        case "ishres":
            return make("ish", "negative" if found["ishsign"][0] in "-nu" else "positive")
        case "amp":
            return make("amp", "positive")
        case "nonamp":
            return make("amp", "negative")
        case "ratio":
            return make("ish", "positive" if found["ratio_op"][0] in "≥>ag" else "negative")
    return None


def _score(found: re.Match[str]) -> _Atom:
    score = int(found["n"]) if found["n"] else len(found["pluses"])
    sign = found["op"] or ""
    values = _SCORES[score : score + 1]
    if sign in ("≥", "at least"):
        values = _SCORES[score:]
    elif sign == ">":
        values = _SCORES[score + 1 :]
    elif sign == "≤":
        values = _SCORES[: score + 1]
    elif sign == "<":
        values = _SCORES[:score]
    return _Atom("ihc", values, found.start(), found.end())


def _definitions(atoms: list[_Atom], joints: list[set[str]], written: str, sentence: Sentence) -> Leaf | None:
    """Put atoms together as alternatives; None where they do not add up to a status."""
    groups = _groups(atoms, joints)
    found: list[dict[str, object]] = []
    raw = [group for group in groups if any(atom.kind in ("ihc", "ish", "amp") for atom in group)]
    defined = bool(raw) and any("opens" in joint for joint in joints)
    for group in groups:
        only_word = all(atom.kind in ("status", "word", "method", "triple") for atom in group)
        if defined and only_word:
            continue
        definition = _definition(group, defined)
        if definition is not None and definition not in found:
            found.append(definition)
    merged = _merged(found)
    if not merged:
        return None
    central = re.search(r"\bcentral(?:ly)?\b", written) and not re.search(r"\blocal(?:ly)?\b", written)
    current = re.search(r"\bmost recent\b|\blatest\b|\bcurrent\b", written)
    return leaf(
        "her2_status",
        any_of=merged,
        laboratory="central" if central else None,
        specimens="current" if current else "unspecified",
    )


def _groups(atoms: list[_Atom], joints: list[set[str]]) -> list[list[_Atom]]:
    """Cut where "or" or a comma stands; a method binds to what follows it."""
    groups: list[list[_Atom]] = []
    for atom, joint in zip(atoms, joints, strict=True):
        if (
            not groups
            or "or" in joint
            or (atom.kind == "ihc" and any(other.kind == "ish" for other in groups[-1]) and "and" in joint)
            or (
                atom.kind in ("ihc", "method")
                and atom.value != ("ish",)
                and any(other.kind == "ihc" for other in groups[-1])
                and "and" not in joint
                and "opens" not in joint
            )
        ):
            groups.append([atom])
        else:
            groups[-1].append(atom)
    return groups


def _definition(group: list[_Atom], defined: bool) -> dict[str, object] | None:
    out: dict[str, object] = {}
    method = ""
    for atom in group:
        match atom.kind:
            case "method":
                method = atom.value[0]
            case "ihc":
                out["ihc"] = list(atom.value)
            case "ish":
                out["ish"] = atom.value[0]
            case "amp" if method == "ish" or "ihc" in out:
                out["ish"] = atom.value[0]
            case "amp" if atom.value[0] == "positive":
                out["amplified"] = True
            case "amp":
                out["status"] = "negative"
            case "word" if method == "ish":
                out["ish"] = atom.value[0]
            case "status" | "word":
                if not defined and "ihc" not in out and "ish" not in out:
                    out["status"] = atom.value[0]
    methods = {atom.value[0] for atom in group if atom.kind == "method"}
    if "ish" in methods and out.get("amplified"):
        out = {key: value for key, value in out.items() if key != "amplified"} | {"ish": "positive"}
    if "status" in out and len(out) > 1:
        out.pop("status")
    return out or None


def _merged(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Over-expression or amplification, however shown, is the positive status; bare scores join into one entry."""
    statuses = [item["status"] for item in found if "status" in item]
    if "positive" in statuses:
        found = [item for item in found if item.keys() != {"amplified"}]
    scores = [item for item in found if item.keys() == {"ihc"}]
    rest = [item for item in found if item.keys() != {"ihc"}]
    if scores:
        values = {value for item in scores for value in item["ihc"]}  # type: ignore[attr-defined]
        rest.insert(0, {"ihc": [value for value in _SCORES if value in values]})
    return rest


SCANNERS = (
    Scanner(
        "her2_status.definition",
        ("her2", "ihc", "ish", "triple", "tnbc"),
        _scan,
        priority=3,
        texts=(
            ("HER2-positive, that is IHC 3+ or IHC 2+ with ISH positive", {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ihc": ["2+"], "ish": "positive"}]}}),
            ("HER2 negative (IHC 0, 1+ or 2+/ISH-)", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("HER2-low tumour (IHC 1+, or IHC 2+ and ISH not amplified)", {"her2_status": {"any_of": [{"ihc": ["1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("her-2/neu overexpression or amplification", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("HER2 IHC 2+ or 3+ by central testing", {"her2_status": {"any_of": [{"ihc": ["2+", "3+"]}], "laboratory": "central"}}),
        ),
    ),
)  # fmt: skip
