"""What pieces of a HER2 definition add up to: alternatives of scores, ISH results and status words."""

from __future__ import annotations

from typing import Any

from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.her2_tokens import SCORES, Atom
from her2nav.model.tree import AllOf, AnyOf, Node, Not


def definitions(atoms: list[Atom], joints: list[set[str]]) -> Node | None:
    """Put atoms together as alternatives; None where they do not add up to a status.

    Args:
        atoms: The pieces, in order.
        joints: What stands before each: or, and, comma, slash, opens, given, which.
    """
    if any(item.kind == "any" for item in atoms):
        return leaf("her2_status", any_of=[{"status": "positive"}, {"status": "negative"}])
    opened = [item for item, after in zip(atoms, joints[1:], strict=False) if "opens" in after]
    groups = _groups(atoms, joints)
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
    if (sign := _sign_of(atoms)) and any("ihc" in entry for entry in found):
        # "Positive by IHC 3+ or FISH": the second method has the same result.
        alone = [group for group, entry in entries if entry is None and any(item.value == ("ish",) for item in group)]
        if alone and {"ish": sign} not in found:
            found.append({"ish": sign})
    merged = _merged(found)
    if any("limits" in entry for entry in merged) and all(item.value != ("ngs",) for item in atoms):
        # "HER2 amplification, that is a ratio above 2.2": the number says what amplification is.
        merged = [entry for entry in merged if entry != {"amplified": True}]
    return _alternatives(merged)


def _alternatives(entries: list[dict[str, Any]]) -> Node | None:
    """Definitions as one leaf; those with limits of their own on ISH beside it."""
    plain = [entry for entry in entries if "limits" not in entry]
    nodes: list[Node] = [leaf("her2_status", any_of=plain)] if plain else []
    for entry in entries:
        if "limits" in entry:
            out = ("limits", "ish") if "ish" in entry else ("limits", "amplified")
            rest = {name: value for name, value in entry.items() if name not in out}
            # Without a result of its own the limit is one of sequencing.
            methods = ["ish"] if "ish" in entry else []
            limit: Node = leaf("her2_amplification", methods=methods, **entry["limits"])
            limit = Not(limit) if entry.get("ish") == "negative" else limit
            nodes.append(AllOf((leaf("her2_status", any_of=[rest]), limit)) if rest else limit)
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes)) if nodes else None


def _sign_of(atoms: list[Atom]) -> str | None:
    """Positive or negative, where the words or the scores say one of them only."""
    words = {item.value[0] for item in atoms if item.kind in ("status", "word")} & {"positive", "negative"}
    scores = {score for item in atoms if item.kind == "ihc" for score in item.value}
    if len(words) == 1:
        return words.pop()
    return "positive" if not words and scores == {"3+"} else None


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
        elif merged and _bare_two(merged[-1]) and _strong_with_result(group):
            # "IHC 2+ or 3+ and ISH-positive": of 2+ alone nobody asks for less than of 3+.
            merged[-1].extend(group)
        else:
            merged.append(group)
    return merged


def _bare_two(group: list[Atom]) -> bool:
    scores = [item.value for item in group if item.kind == "ihc"]
    return scores == [("2+",)] and not any(item.kind in ("ish", "amp") for item in group)


def _strong_with_result(group: list[Atom]) -> bool:
    scores = [item.value for item in group if item.kind == "ihc"]
    return scores == [("3+",)] and any(item.kind == "ish" for item in group)


_ISH_SORTS = frozenset({"ish", "method", "amp", "word"})


def _begins(item: Atom, joint: set[str], group: list[Atom]) -> bool:
    """Whether an atom begins an alternative of its own."""
    kinds = [other.kind for other in group]
    if item.kind == "untested":
        return False
    if "given" in joint and item.kind == "ish" and group[-1].kind == "ihc" and group[-1].value == ("2+",):
        # "IHC 2+ (if FISH-positive)": the result is asked of that score.
        return False
    if "given" in joint:
        return set(kinds) - {"method", "status"} != set() and not ("ish" in kinds and "ihc" not in kinds)
    if "or" in joint:
        return True
    if "comma" in joint and item.kind == "ish" and len(item.value) > 1 and "amp" in kinds:
        # "Amplification by sequencing, copy number of at least 6".
        return False
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


_LIMITS = {"ratio": "min_ratio", "copies": "min_copy_number"}


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
