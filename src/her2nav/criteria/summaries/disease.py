"""Tumour types, setting and the brain."""

from __future__ import annotations

import re
from collections.abc import Iterable

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.criteria.summaries.history import of_kind
from her2nav.knowledge.load import load_knowledge

_AS = {
    "breast": ("breast",),
    "gastric": ("gastric",),
    "gej": ("gej",),
    "gastro_oesophageal": ("gastric", "gej"),
    "oesophageal": ("oesophageal",),
    "colorectal": ("colorectal",),
    "nsclc": ("nsclc",),
    "sclc": ("other",),
    "lung": ("nsclc",),
    "biliary": ("biliary",),
    "hepatobiliary": ("biliary",),
    "uterine_sarcoma": ("other",),
    "uterine": ("endometrial",),
    "ovarian": ("ovarian",),
    "urothelial": ("urothelial",),
    "bladder": ("urothelial",),
    "urinary_tract": ("urothelial",),
    "salivary": ("salivary",),
    "pancreatic": ("pancreatic",),
    "cervical": ("cervical",),
    "head_neck": ("head_neck",),
    "solid_tumour": ("solid_tumour_any",),
}
"""Types of the attribute view by the types of the vocabulary; a narrower one counts as its wider one."""
_SETTINGS = {
    "metastatic": "metastatic",
    "locally_advanced_resectable": "locally_advanced",
    "locally_advanced_unresectable": "locally_advanced",
    "recurrent": "recurrent",
}
_PERIOPERATIVE = (
    ("post_neoadjuvant", re.compile(r"residual (?:invasive )?(?:breast )?(?:disease|cancer|tumou?r|carcinoma)|non-?pcr|post-?neo-?adjuvant", re.I)),
    ("neoadjuvant", re.compile(r"neo-?adjuvant|pre-?operative|pre-?surgical|prior to surgery|before surgery|core needle|palpable|primary systemic", re.I)),
    ("adjuvant", re.compile(r"\badjuvant|definitive (?:breast )?surg|(?:after|following|since) (?:\w+ ){0,3}surgery|margins|mastectomy|lumpectomy|undergone|axillary (?:lymph node )?dissection|resected", re.I)),
)  # fmt: skip
"""What tells the setting of a disease that can be cured; the first that fits best."""
_BRAIN = "cns_tumour"
_ACTIVE, _NONE = "active_or_progressing", "none"


def _view(types: Iterable[str]) -> list[str]:
    ontology = load_knowledge().tumours
    out: list[str] = []
    for item in types:
        if item in _AS:
            out += _AS[item]
            continue
        wider = [name for name in _AS if name != "solid_tumour" and name in ontology.wider(item)]
        nearest = next(
            (name for name in wider if not any(name in ontology.wider(other) for other in wider if other != name)), None
        )
        out += _AS[nearest] if nearest else ("other",)
    return list(dict.fromkeys(out))


@summary("tumour_types")
def tumour_types(leaves: list[Seen], out: Attributes) -> None:
    """Every type that the text takes; the record's conditions where the text names none."""
    rows = of_kind(leaves, "tumour_type")
    wanted = [
        name for item in rows if item.wanted and not (item.guarded and item.alternative) for name in item.params.types
    ]
    if not wanted:
        find = load_knowledge().tumours.find
        wanted += [name for condition in out.get("conditions", ()) if (name := find(condition))]
        if any(item.leaf.kind == "cns_metastases" and item.wanted for item in leaves) and set(wanted) != {_BRAIN}:
            # "Brain Neoplasms" beside breast cancer are its metastases.
            wanted = [name for name in wanted if name != _BRAIN]
    if wanted:
        out["tumour_types"] = _view(wanted)
    excluded = [name for item in rows if not item.wanted for name in item.params.types]
    excluded += [name for item in rows if item.wanted for name in item.params.except_types]
    if excluded:
        out["tumour_types_excluded"] = _view(excluded)


_LOCALLY = frozenset({"locally_advanced_resectable", "locally_advanced_unresectable"})


@summary("setting")
def setting(leaves: list[Seen], out: Attributes) -> None:
    """Advanced settings as named; of a disease that can be cured, the place of the treatment from the text's words."""
    rows = [item for item in of_kind(leaves, "disease_setting") if not item.guarded]
    found: list[str] = []
    early = False
    for item in rows:
        params = item.params
        if not item.wanted:
            early = early or ("metastatic" in params.settings and not params.stages) or params.stages == ("IV",)
            continue
        found += [_SETTINGS[name] for name in params.settings if name in _SETTINGS and not _curable(params)]
        early = early or _curable(params)
        if (
            params.stages
            and set(params.settings) <= {"recurrent"}
            and any(stage.startswith("IV") for stage in params.stages)
        ):
            found.append("metastatic")
            if any(stage.startswith("III") for stage in params.stages):
                found.append("locally_advanced")
    if not found:
        found = _advanced_elsewhere(leaves, out) if not early else _perioperative(leaves, out)
    if not found and any(_LOCALLY & {*item.params.settings} for item in rows if item.wanted):
        found = ["locally_advanced"]
    order = ("neoadjuvant", "adjuvant", "post_neoadjuvant", "locally_advanced", "metastatic", "recurrent", "any")
    if found:
        out["setting"] = [name for name in order if name in found]


def _curable(params: object) -> bool:
    settings, stages = params.settings, params.stages  # type: ignore[attr-defined]
    if params.residual or params.t or params.n:  # type: ignore[attr-defined]
        return True
    return "early" in settings or (bool(stages) and not any(stage.startswith("IV") for stage in stages))


def _advanced_elsewhere(leaves: list[Seen], out: Attributes) -> list[str]:
    """Where the text names no stage: treatment for metastatic disease that it speaks of, or the record's conditions."""
    words = " ".join([*out.get("conditions", ()), out.get("title") or ""])
    found = []
    if re.search(r"metasta(?:tic|sis|ses)|stage iv\b|advanced", words, re.I):
        found.append("metastatic")
    if re.search(r"locally advanced|unresectable|\badvanced\b", words, re.I):
        found.append("locally_advanced")
    if found:
        return found
    for item in leaves:
        if item.leaf.kind == "lines_of_therapy" and item.params.setting == "metastatic" and item.wanted:
            return ["metastatic"]
    return _perioperative(leaves, out) if _PERIOPERATIVE[1][1].search(words) else []


def _perioperative(leaves: list[Seen], out: Attributes) -> list[str]:
    """Neoadjuvant, adjuvant or after it, by the words of title and criteria; nothing where none of them tells."""
    if any(item.params.residual == "residual" for item in of_kind(leaves, "disease_setting") if item.wanted):
        return ["post_neoadjuvant"]
    title = out.get("title") or ""
    for name, pattern in _PERIOPERATIVE:
        if pattern.search(title):
            return [name]
    texts = {item.criterion.id: item.criterion.text for item in leaves if item.criterion.section == "inclusion"}
    written = " ".join(texts.values())
    counts = {name: len(pattern.findall(written)) for name, pattern in _PERIOPERATIVE}
    if not any(counts.values()):
        return []
    return ["adjuvant" if counts["adjuvant"] > counts["neoadjuvant"] else "neoadjuvant"]


@summary("cns")
def cns(leaves: list[Seen], out: Attributes) -> None:
    """What every demand on the brain leaves in, with what the text allows beside."""
    rows = [item for item in leaves if item.leaf.kind == "cns_metastases" and not item.condition]
    if not rows:
        return
    per: dict[str, set[str]] = {}
    for item in rows:
        states = set(item.params.accepted)
        if not item.wanted:
            states = {_NONE, "untreated_asymptomatic", "treated_stable", _ACTIVE} - states
        if not item.permitted:
            # The narrowest reading of each criterion; what has nothing in common are alternatives.
            known = per.setdefault(item.criterion.id, states)
            narrow = states if len(states) < len(known) else known
            per[item.criterion.id] = narrow if states & known else states | known
    left_in = set.intersection(*per.values()) if per else {_NONE}
    for item in rows:
        left_in |= set(item.params.accepted) if item.permitted else set()
    if per and _NONE not in left_in:
        out["cns"] = "required"
    elif _ACTIVE in left_in:
        out["cns"] = "active_allowed"
    elif left_in <= {_NONE}:
        out["cns"] = "excluded"
    else:
        out["cns"] = "treated_stable_allowed"


@summary("leptomeningeal_excluded")
def leptomeningeal(leaves: list[Seen], out: Attributes) -> None:
    """Leptomeningeal disease excluded; False where it is expressly allowed."""
    rows = [item for item in leaves if item.leaf.kind == "leptomeningeal_disease"]
    if any(not item.wanted and not item.permitted for item in rows):
        out["leptomeningeal_excluded"] = True
    elif any(item.permitted for item in rows):
        out["leptomeningeal_excluded"] = False
