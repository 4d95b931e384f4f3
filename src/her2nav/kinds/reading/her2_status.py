"""HER2 status: words, scores, in situ hybridisation and amplification, and how they are put together.

A stretch of HER2 words is cut into atoms (a score, an ISH result, a status word, amplification) and the connectors
between them; alternatives are parted by "or" and commas, and what stands together belongs to one definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.her2_tokens import OPENERS, SCORES, Atom, Grammar, atom, grammar
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

_LOOSE_END = re.compile(r"(?:\b(?:or|and|with|in|the|an?|of|as|by|on|to|from|is|was|at|per|using|via|any|according|based|upon)\b|[ ,/-])*$")  # fmt: skip
_TREATMENT = re.compile(
    r"[ -]*(?:(?:gene|receptor|positive|protein)[ -]*)?(?:target\w*|direct\w*|inhibit\w*|block\w*|therap\w*|treatment|antibod\w*|adc|agent|drug|vaccin\w*|"
    r"tki|based|primed|containing|medic\w*|kinase|regimen|ligand|peptide|car\b|conjugate|sensitiz\w*|antagonist)"
)
"""Behind the gene: it names a treatment, not a status."""
_HOW = re.compile(
    r"[ -]*(?:status )?(?:must|should|has to|is to|will|needs to)(?: also)? be (?:document|determin|confirm|assess|defin|establish|evaluat|prov|test|shown)"
)
_DEMAND = re.compile(
    r"\b(?:demonstrat\w+|with|ha(?:s|ve)|show\w*|confirm\w*|documented|evidence of|positive|determined|detect\w+|known)(?: (?:for|of|the|a|an|any|tumou?r|known|documented))* $"
)
_UNSURE = re.compile(r"\bcentral(?:ly)?\b")


_NOT_ASKED = re.compile(r"[ \w]{0,20}\bnot (?:a )?(?:required|necessary|mandatory|requirement|needed)\b")


@dataclass(slots=True)
class _Run:
    """A stretch of HER2 words."""

    atoms: list[Atom] = field(default_factory=list)
    joints: list[set[str]] = field(default_factory=list)
    start: int = 0
    end: int = 0
    named: bool = False
    """HER2 is named in it."""


_CONFIRMED = re.compile(
    r"\b(?:(?:histo|cyto|patho|histopatho)\w*(?:[ ,/]|\band/or\b|\bor\b|\band\b)*){1,3}(?:(?:ly|confirmed|confirmation|documented|proven|diagnosed|diagnosis|evidence|of|a|an|the)[ -]+)+$"
)


def confirmed_from(text: str, start: int) -> int:
    """Return where "histologically or cytologically confirmed" begins before a status, or the start itself."""
    begin = max(0, start - 120)
    found = _CONFIRMED.search(text[begin:start])
    return begin + found.start() if found else start


_GENE = re.compile(r"\b(?:either )?(?:gene|protein)[ -]+\Z")


def _from_gene(text: str, start: int) -> int:
    """Return where "gene amplification" begins before its second word."""
    found = _GENE.search(text, max(0, start - 20), start)
    return found.start() if found else start


def her2_stretches(sentence: Sentence) -> Iterator[Stretched]:
    """Yield every HER2 status of a sentence, in order."""
    words = grammar(sentence.knowledge)
    text = sentence.masked
    at = 0
    while at < len(text):
        run = _run(words, text, at)
        if run is None:
            return
        end = run.end
        _without_method_before(run, text)
        node = _definitions(run, sentence) if run.named or _about_her2(run, sentence) else None
        if node is not None and _DENIED.search(text, 0, run.start) and _both_signs(node):
            # "Not HER2 3+ or FISH negative": the "not" reaches over the first alone.
            node = None
        if node is not None and not _NOT_ASKED.match(text, run.end) and not _only_how(run, text):
            end = _with_tail(words, text, run.start, run.end)
            start = confirmed_from(sentence.text, _from_gene(sentence.text, run.start))
            yield Stretched(start, end, _placed(node, sentence.text[run.start : end]))
            yield from _behind(words, sentence, end, node)
        at = max(end, at + 1)


_DENIED = re.compile(r"\b(?:not|non|no|without|neither)[ -]*\Z")


def _both_signs(node: Node) -> bool:
    """Whether a definition holds a positive result and a negative one."""
    entries = [entry for item in leaves(node) if item.kind == "her2_status" for entry in item.params.any_of]
    over = any(
        entry.status == "positive" or entry.amplified or entry.ish == "positive" or "3+" in entry.ihc
        for entry in entries
    )
    return over and any(entry.status == "negative" or entry.ish == "negative" for entry in entries)


_OPENS_HOW = re.compile(
    r"\b(?:determined|confirmed|assessed|documented|evaluated|tested|measured|verified|defined by|by|per|according to|based on)\b"
)
_HOW_WORDS = re.compile(r"\bcentral|\blocal|\blaborator|\basco\b|\bguideline|\bbiops|\bpatholog")
_BETWEEN = frozenset({"tumour", "histology", "tumour_site", "site", "spread", "condition", "toxicity"})
_NEAR = 90


def _behind(words: Grammar, sentence: Sentence, end: int, node: Node) -> Iterator[Stretched]:
    """How the status was found, behind the name of the cancer: "HER2-positive breast cancer confirmed centrally"."""
    text = sentence.masked
    opening = _OPENS_HOW.search(text, end, end + _NEAR)
    if opening is None or re.search(r"[.;:()]|\b(?:or|and|with|who|if)\b", text[end : opening.start()]):
        return
    if any({term.category for term in hit.terms} - _BETWEEN for hit in sentence.between(end, opening.start())):
        return
    tail = words.tail.match(text, opening.start())
    if tail is None:
        return
    stop = opening.start() + len(_LOOSE_END.sub("", text[opening.start() : tail.end()]))
    written = sentence.text[opening.start() : stop]
    if _HOW_WORDS.search(written):
        yield Stretched(opening.start(), stop, _placed(node, written))


def _without_method_before(run: _Run, text: str) -> None:
    """Leave off a method that says how what stands before it was found: "… cancer by IHC, or amplified by FISH"."""
    if (
        len(run.atoms) > 1
        and run.atoms[0].kind == "method"
        and run.atoms[1].kind != "method"
        and run.joints[1] & {"or", "comma"}
        and re.search(r"\b(?:by|via|using|per|on) (?:an? |the )?$", text[: run.start])
    ):
        del run.atoms[0], run.joints[0]
        run.joints[0] = set()
        run.start = run.atoms[0].start


def _only_how(run: _Run, text: str) -> bool:
    """Read "HER2 positivity must be documented by FISH" says how, not that it is."""
    found = re.compile(r"\bpositivity\b").search(text, run.start, run.end)
    return found is not None and _HOW.match(text, found.end()) is not None


def _with_tail(words: Grammar, text: str, start: int, end: int) -> int:
    """Take in how and where the status was found; brackets only where they hold nothing else."""
    tail = words.tail.match(text, end)
    if tail:
        end = tail.end()
    end -= len(_LOOSE_END.search(text[start:end])[0])  # type: ignore[index]
    bracket = re.match(r" ?\(", text[end:])
    if bracket:
        inside = words.tail.match(text, end + bracket.end())
        if inside and text[inside.end() : inside.end() + 1] == ")":
            return inside.end() + 1
    return end


def _about_her2(run: _Run, sentence: Sentence) -> bool:
    """Whether scores without the gene's name are HER2's: the last gene or marker named before is HER2, or none is.

    Where none is named only a score beside an ISH result, or a score by IHC that no percentage follows, is taken.
    """
    if re.search(r"\b(?:er|pr|pgr|estrogen|progesterone|hormone|pd-?l1|cps|tps|h-score)\b", sentence.text[: run.start]):
        last = max((hit.start for hit in sentence.hits if hit.id("her2") and hit.end <= run.start), default=-1)
        if last < 0 or re.search(r"\b(?:er|pr|pgr|pd-?l1|cps|tps)\b", sentence.text[last : run.start]):
            return False
    if run.atoms and run.atoms[0].kind == "amp":
        last = max((hit.end for hit in sentence.hits if hit.id("her2") and hit.end <= run.start), default=-1)
        if last < 0 or not re.search(r"\bdefin|\bi\.e|:|\bor (?:gene )?$", sentence.text[last : run.start]):
            return False
    named = [hit for hit in sentence.hits if hit.end <= run.start and (hit.id("gene") or hit.id("marker") or hit.id("her2"))]  # fmt: skip
    if named:
        return named[-1].id("her2") is not None
    if any(hit.id("gene") or hit.id("marker") for hit in sentence.hits if not hit.id("her2")):
        return False
    if any(hit.id("her2") for hit in sentence.hits):
        return True
    kinds = {item.kind for item in run.atoms}
    if "ihc" not in kinds:
        return "ish" in kinds and (run.end - run.start) * 10 >= len(sentence.text) * 6
    by_ihc = any(item.kind == "method" and item.value == ("ihc",) for item in run.atoms)
    return ("ish" in kinds or by_ihc) and "%" not in sentence.text[run.end : run.end + 30]


def _run(words: Grammar, text: str, at: int) -> _Run | None:
    """Return the next stretch: its atoms and the connectors before each."""
    first = next((m for m in words.token.finditer(text, at) if m.lastgroup in OPENERS), None)
    if first is None:
        return None
    run = _Run(start=first.start(), end=first.end())
    pending: set[str] = set()
    place, depth, near = first.start(), 0, False
    while (found := words.token.match(text, place)) is not None:
        name = found.lastgroup or ""
        place = found.end()
        if name == "closes":
            depth -= 1
            if depth < 0:
                break
            run.end = place if run.atoms else run.end
            continue
        if name in ("opens", "or", "and"):
            depth += name == "opens" and found[0] in "(["
            pending.add("comma" if found[0] in ",;" else "slash" if found[0] == "/" else name)
            continue
        if name == "frame" and run.atoms and ". " in found[0]:
            # The next sentence is another definition.
            break
        if name in ("which", "given"):
            pending.add(name)
        if name in ("frame", "pct", "ratioword", "which", "given"):
            continue
        if name == "her2" and _TREATMENT.match(text, place):
            break
        if name.startswith("her2") and not run.named and run.atoms and run.atoms[0].kind == "amp":
            break
        if name.startswith("her2") or name == "before":
            run.named = True
        made = atom(name, found)
        if made is None:
            near = near or name == "her2"
            run.end = place if run.atoms or name == "her2" else run.end
            continue
        if made.kind == "word" and not (near or _beside(run, pending) or _by_method(words, text, place)):
            break
        near = False
        run.end = place
        run.atoms.append(made)
        run.joints.append(pending)
        pending = pending & {"given"} if made.kind in ("method", "status") else set()
        if name == "before":
            near = False
    return run


def _beside(run: _Run, pending: set[str]) -> bool:
    """Whether a bare "positive" continues results: "IHC positive", "positive or negative"."""
    if not run.atoms:
        return False
    return run.atoms[-1].kind in ("method", "status", "word", "any") or (
        run.atoms[-1].kind in ("ihc", "ish") and bool(pending & {"or", "and", "opens", "comma", "slash"})
    )


def _by_method(words: Grammar, text: str, place: int) -> bool:
    """Whether "by FISH" follows."""
    frame = re.compile(r"(?:[ (]|\b(?:by|on|per|for|via|using|in)\b)*").match(text, place)
    found = words.token.match(text, frame.end()) if frame else None
    return found is not None and (found.lastgroup or "") in ("ihc", "ish", "ishres")


def _definitions(run: _Run, sentence: Sentence) -> Node | None:
    """Put atoms together as alternatives; None where they do not add up to a status."""
    if not run.atoms:
        return _expression(run, sentence)
    if any(item.kind == "any" for item in run.atoms):
        return leaf("her2_status", any_of=[{"status": "positive"}, {"status": "negative"}])
    opened = [item for item, after in zip(run.atoms, run.joints[1:], strict=False) if "opens" in after]
    groups = _groups(run.atoms, run.joints)
    entries = [(group, _definition(group)) for group in groups]
    raw = [entry for _, entry in entries if entry and entry.keys() & {"ihc", "ish", "amplified"}]
    found: list[dict[str, Any]] = []
    for group, entry in entries:
        if entry is None or entry in found:
            continue
        defined = bool(opened) and any(item.start <= opened[-1].start for item in group)
        word = entry.get("status")
        if defined and word not in (None, "ultralow") and any(_stands_for(str(word), item) for item in raw):
            continue
        if defined and entry.keys() == {"amplified"} and any(item != entry for item in raw):
            continue
        found.append(entry)
    if (sign := _sign_of(run.atoms)) and any("ihc" in entry for entry in found):
        # "Positive by IHC 3+ or FISH": the second method has the same result.
        alone = [group for group, entry in entries if entry is None and any(item.value == ("ish",) for item in group)]
        if alone and {"ish": sign} not in found:
            found.append({"ish": sign})
    merged = _merged(found)
    if any("limits" in entry for entry in merged) and all(item.value != ("ngs",) for item in run.atoms):
        # "HER2 amplification, that is a ratio above 2.2": the number says what amplification is.
        merged = [entry for entry in merged if entry != {"amplified": True}]
    return _alternatives(merged)


def _alternatives(entries: list[dict[str, Any]]) -> Node | None:
    """Definitions as one leaf; those with limits of their own on ISH beside it."""
    plain = [entry for entry in entries if "limits" not in entry]
    nodes: list[Node] = [leaf("her2_status", any_of=plain)] if plain else []
    for entry in entries:
        if "limits" in entry:
            rest = {name: value for name, value in entry.items() if name not in ("limits", "ish")}
            limit: Node = leaf("her2_amplification", methods=["ish"], **entry["limits"])
            limit = Not(limit) if entry["ish"] == "negative" else limit
            nodes.append(AllOf((leaf("her2_status", any_of=[rest]), limit)) if rest else limit)
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes)) if nodes else None


def _sign_of(atoms: list[Atom]) -> str | None:
    """Positive or negative, where the words or the scores say one of them only."""
    words = {item.value[0] for item in atoms if item.kind in ("status", "word")} & {"positive", "negative"}
    scores = {score for item in atoms if item.kind == "ihc" for score in item.value}
    if len(words) == 1:
        return words.pop()
    return "positive" if not words and scores == {"3+"} else None


def _expression(run: _Run, sentence: Sentence) -> Leaf | None:
    """Read "Documented HER2 expression" without a score."""
    match = re.compile(r"[ -]*(?:protein )?expression\b(?! (?:status|level|testing|test|analysis|will|and))").match(
        sentence.text, run.end
    )
    if match is None or not _DEMAND.search(sentence.text[: run.start]):
        return None
    run.end = match.end()
    return leaf("her2_status", any_of=[{"status": "expressing"}])


def _placed(node: Node, written: str) -> Node:
    """Add the laboratory and which specimen counts."""
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(_placed(part, written) for part in node.parts), node.span)
    if not isinstance(node, Leaf) or node.kind != "her2_status":
        return node
    extra: dict[str, Any] = {}
    if _UNSURE.search(written) and not re.search(r"\blocal(?:ly)?\b", written):
        extra["laboratory"] = "central"
    if re.search(r"\bmost recent(?:ly)? (?:\w+ )?(?:biops|tumou?r|sample|specimen|tissue)|\blatest (?:biops|tumou?r|sample|tissue)", written):  # fmt: skip
        extra["specimens"] = "current"
    if not extra:
        return node
    return leaf("her2_status", **{**node.params.model_dump(mode="json", exclude_defaults=True), **extra})


def _groups(atoms: list[Atom], joints: list[set[str]]) -> list[list[Atom]]:
    """Cut where "or" or a comma stands; a method binds to what it stands beside, an ISH result to the score before."""
    groups: list[list[Atom]] = []
    for item, joint in zip(atoms, joints, strict=True):
        if "which" in joint and item.kind == "ish" and groups:
            alone = [group for group in groups if all(other.kind in ("ihc", "method") for other in group)]
            groups = [
                *(group for group in groups if group not in alone),
                [*(other for group in alone for other in group), item],
            ]
        elif groups and not _begins(item, joint, groups[-1]):
            groups[-1].append(item)
        else:
            groups.append([item])
    merged: list[list[Atom]] = []
    for group in groups:
        bare = all(item.kind == "method" for item in group)
        if bare and merged and not any(item.kind == "ihc" for item in merged[-1]):
            merged[-1].extend(group)
        else:
            merged.append(group)
    return merged


def _begins(item: Atom, joint: set[str], group: list[Atom]) -> bool:
    """Whether an atom begins an alternative of its own."""
    kinds = [other.kind for other in group]
    if item.kind == "untested":
        return False
    if "given" in joint:
        return set(kinds) - {"method", "status"} != set() and not ("ish" in kinds and "ihc" not in kinds)
    if "or" in joint:
        return True
    if "comma" in joint:
        last = [other for other in group if other.kind == "ihc"]
        follows = bool(last) and "2+" in last[-1].value and "ish" not in kinds and item.kind in _ISH_SORTS
        if not follows and ("and" not in joint or item.kind == "ihc"):
            return True
    if item.kind == "ihc":
        again = "ihc" in kinds and ("given" in joint or ("slash" not in joint and bool(joint)))
        return again or "ish" in kinds or "amp" in kinds or ("status" in kinds and "opens" in joint)
    if item.kind == "method" and item.value != ("ish",) and "ihc" in kinds and "ish" in kinds:
        return "opens" not in joint
    if item.kind in ("status", "word") and ("status" in kinds or "ish" in kinds) and "opens" not in joint:
        return "method" not in kinds[-1:]
    return item.kind in ("ish", "amp") and "status" in kinds and "opens" in joint


def _definition(group: list[Atom]) -> dict[str, Any] | None:
    """What stands together, as one definition."""
    out: dict[str, Any] = {}
    method = ""
    methods = {item.value[0] for item in group if item.kind == "method"}
    for item in group:
        match item.kind:
            case "method":
                method = item.value[0]
            case "ihc":
                before = out.get("ihc", [])
                out["ihc"] = [score for score in SCORES if score in {*before, *item.value}]
                method = ""
            case "ish":
                out["ish"] = item.value[0]
                if len(item.value) > 1:
                    out.setdefault("limits", {})[_LIMITS[item.value[1]]] = item.value[2]
            case "untested":
                out.pop("ish", None)
            case "amp" if method == "ish" or "ihc" in out:
                out["ish"] = item.value[0]
            case "amp" if item.value[0] == "positive":
                out["amplified"] = True
            case "amp":
                out["amp_negative"] = True
            case "word" if method == "ish" or "ihc" in out:
                out["ish"] = item.value[0]
            case "status" | "word":
                out.setdefault("status", item.value[0])
    return _settled(out, methods)


_LIMITS = {"ratio": "min_ratio", "copies": "min_copy_number"}


def _settled(out: dict[str, Any], methods: set[str]) -> dict[str, Any] | None:
    if "ish" in methods and "ngs" not in methods and out.pop("amplified", None):
        out["ish"] = "positive"
    if "ngs" in methods and out.get("amplified"):
        out.pop("ish", None)
    if out.pop("amp_negative", None):
        out |= {"ish": "negative"} if "ish" in methods else {"status": "negative"}
    if out.get("status") in ("positive", "negative") and methods == {"ish"} and "ihc" not in out:
        out["ish"] = out.pop("status")
    if out.get("status") == "ultralow" and out.get("ihc") == ["0"]:
        return {"status": "ultralow"}
    if "status" in out and len(out) > 1:
        out.pop("status")
    return out or None


_NEGATIVE = {"0", "1+"}
_ISH_SORTS = frozenset({"ish", "method", "amp", "word"})


def _stands_for(status: str, entry: dict[str, Any]) -> bool:
    """Whether a definition can be what a word before it means."""
    scores = set(entry.get("ihc", ()))
    match status:
        case "positive":
            return bool(scores & {"2+", "3+"}) or entry.get("ish") == "positive" or "amplified" in entry
        case "negative" | "zero" | "ultralow":
            return bool(scores & {*_NEGATIVE, "2+"}) or entry.get("ish") == "negative"
        case "low" | "expressing":
            return bool(scores & {"1+", "2+"})
    return False


def _merged(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Over-expression or amplification, however shown, is the positive status; bare scores join into one entry."""
    statuses = [item["status"] for item in found if "status" in item]
    if "positive" in statuses:
        found = [item for item in found if item.keys() != {"amplified"}]
    if "ultralow" in statuses:
        found = [item for item in found if item != {"ihc": ["0"]}]
    if "negative" in statuses and any("0" in item.get("ihc", ()) for item in found):
        found = [item for item in found if item != {"status": "negative"}]
    scores = [item for item in found if item.keys() == {"ihc"}]
    rest = [item for item in found if item.keys() != {"ihc"}]
    if scores:
        values = {value for item in scores for value in item["ihc"]}
        rest.insert(0, {"ihc": [value for value in SCORES if value in values]})
    return rest


SCANNERS = (
    Scanner(
        "her2_status.definition",
        ("her2", "ihc", "ish"),
        her2_stretches,
        priority=3,
        texts=(
            ("HER2-positive, that is IHC 3+ or IHC 2+ with ISH positive", {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ihc": ["2+"], "ish": "positive"}]}}),
            ("HER2 negative (IHC 0, 1+ or 2+/ISH-)", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("HER2-low tumour (IHC 1+, or IHC 2+ and ISH not amplified)", {"her2_status": {"any_of": [{"ihc": ["1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("her-2/neu overexpression or amplification", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("HER2 IHC 2+ or 3+ by central testing", {"her2_status": {"any_of": [{"ihc": ["2+", "3+"]}], "laboratory": "central"}}),
            ("3+ by IHC or FISH-amplified for HER2", {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ish": "positive"}]}}),
            ("disease that does not overexpress HER2", {"her2_status": {"any_of": [{"status": "negative"}]}}),
            ("HER2-low or HER2-ultralow disease", {"her2_status": {"any_of": [{"status": "low"}, {"status": "ultralow"}]}}),
            ("HER2 negative with IHC < 2+ or a FISH ratio < 2.0", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ish": "negative"}]}}),
            ("regardless of HER2 status", {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}),
            ("HER2 +/- disease", {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}),
            ("HER2 amplification by NGS or FISH", {"her2_status": {"any_of": [{"amplified": True}]}}),
            ("HER2 positivity by FISH", {"her2_status": {"any_of": [{"ish": "positive"}]}}),
            ("documented HER2 expression", {"her2_status": {"any_of": [{"status": "expressing"}]}}),
            ("prior HER2-directed therapy", None),
            ("HER2 status must be known", None),
            ("PD-L1 by IHC 3+", None),
        ),
    ),
)  # fmt: skip
