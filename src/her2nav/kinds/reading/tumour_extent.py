"""Stage and setting as one proposition from the words that name them."""

from __future__ import annotations

import re

from her2nav.kinds.reading import tumour_words as words
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.tumour_categories import categories
from her2nav.model.tree import AllOf, AnyOf, Node

_LA = ("locally_advanced_resectable", "locally_advanced_unresectable")
_ORDER = ("early", *_LA, "metastatic", "recurrent")
_TREATED = re.compile(r"neo-?adjuvant|pre-?operative|chemotherapy|systemic|therapy|surgery|treatment|invasive")

_EITHER_SITE = re.compile(
    r"\bprimary(?: (?:\w+ )?(?:tumou?rs?|lesions?|cancers?|site|disease))?,? ?(?:and/or|or|/) ?(?:the |an? )?(?:\w+ )?metasta(?:tic|s[ie]s)\b|\bmetasta(?:tic|s[ie]s)(?: (?:tumou?rs?|lesions?|sites?|disease))?,? ?(?:and/or|or|/) ?(?:the |an? )?primary\b"
)

_FIRST_OR_AGAIN = re.compile(
    r"\b(?:primary|newly diagnosed|de novo|initial)(?:,? (?:and/or|or) |/)(?:recurrent|relapsed)\b|\b(?:recurrent|relapsed)(?:,? (?:and/or|or) |/)(?:primary|newly diagnosed|de novo)\b"
)

_ADVANCED_TOO = re.compile(r"(?<!locally )(?<!locally-)(?<!regionally )\badvanced\b(?! (?:or|and|and/or)? ?local)")
"""Beside "locally advanced" another one that is advanced: "locally advanced gastric or advanced pancreatic cancer"."""

_OR_NODES = re.compile(r"[^n]*?\bor (?:any )?[cpy]{0,2}n[0-3]")
"""The first node category stands behind an "or"."""

PERSISTENT = "whether the disease persisted, progressed or was refractory"

Said = tuple[str, str, frozenset[str]]
"""Sort of word, what it says, how it is joined to what stands before."""


def extent_node(said: list[Said], names: list[str], written: str) -> Node | None:
    """Return the proposition on stage and setting; None where nothing is said, or nothing that can be understood.

    Args:
        said: Words on the extent, in order.
        names: Names of cancers, which may say it too ("metastatic breast cancer").
        written: The whole stretch.
    """
    found = {value for kind, value, _ in said if kind == "setting"}
    for name in names:
        for match in words.INSIDE.finditer(name):
            found.add(match.lastgroup or "")
    if _EITHER_SITE.search(written):
        # "Primary or metastatic tumour": every extent, or where a sample was taken.
        found.discard("metastatic")
    if _FIRST_OR_AGAIN.search(written):
        # "Primary or relapsed": any of the two.
        found.discard("recurrent")
    settings = _settings(found, written)
    stages: list[str] = []
    parts: list[Node] = []
    classes: list[Node] = []
    either = False
    for kind, value, joint in said:
        if kind == "stage":
            read = words.stages_of(value)
            if read is None:
                # "Stage IC": what the vocabulary of stages does not hold is left to a person, never dropped.
                return leaf("unread", note=f"stage {value}")
            stages += read
            either = either or "or" in joint
        elif kind == "tnm":
            classes += _classes(value)
        elif kind == "residual" and _TREATED.search(written):
            parts.append(leaf("disease_setting", residual="residual"))
        elif kind == "setting" and stages and "or" in joint:
            either = True
    if classes:
        # No tumour has two categories at once: "T2N0, T1N1" are alternatives.
        parts.append(classes[0] if len(classes) == 1 else AnyOf(tuple(classes)))
    outside = written
    for kind, value, _ in said:
        # The "or" within "stage III or IV" joins nothing else.
        outside = outside.replace(value, " ") if kind == "stage" and value else outside
    either = either or ("IV" in stages and bool(settings) and re.search(r"\bor\b", outside) is not None)
    # Stage III that is metastatic is no one's: the two are alternatives.
    either = either or (bool(stages) and "metastatic" in settings and "IV" not in stages)
    open_word = "persistent" in found
    inflamed = "inflammatory" in found
    named = [*_staged(settings, list(dict.fromkeys(stages)), either=either)]
    tnm = next((i for i, (kind, _, _) in enumerate(said) if kind == "tnm"), None)
    if (
        tnm is not None
        and parts
        and named
        and any("or" in joint for kind, _, joint in said[max(tnm, 1) : tnm + 2] if kind in ("tnm", "setting"))
    ):
        # "Any T4 or M1 tumour": each of the two.
        parts = [AnyOf((*parts, *named))]
    else:
        parts = [*named, *parts]
    if inflamed:
        # "Advanced, inflammatory or early": alternatives; "T4d" alone is the same cancer.
        own = leaf("disease_setting", inflammatory=True)
        parts = [AnyOf((own, *parts))] if parts else [own]
    if open_word and len(parts) == 1:
        # The record has no word for disease that persisted.
        return AnyOf((parts[0], leaf("judgement", topic=PERSISTENT)))
    if open_word:
        parts.append(leaf("judgement", topic=PERSISTENT))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _classes(value: str) -> list[Node]:
    """What categories of tumour and nodes ask; where they are not understood, that something was not read."""
    found = categories(value)
    if found is None:
        return [] if "m1" in value else [leaf("unread", note="tumour and node categories that were not read")]
    free = {"settings": ["early", *_LA]} if re.search(r"(?<![a-bd-oq-z])m0\b", value) else {}
    if _OR_NODES.match(value) and len(found) > 1 and not free:
        # "T4 or N2": each of the two.
        return [AnyOf(tuple(one.node() for one in found.values()))]
    if any(one.parts for one in found.values()):
        bound = [leaf("disease_setting", **free)] if free else []
        nodes = (*(one.node() for one in found.values()), *bound)
        return [nodes[0] if len(nodes) == 1 else AllOf(nodes)]
    whole = {axis.lower(): one.whole for axis, one in found.items()}
    return [leaf("disease_setting", **whole, **free)]


def _staged(settings: list[str], stages: list[str], *, either: bool) -> list[Node]:
    if settings and stages and either:
        return [AnyOf((leaf("disease_setting", settings=settings), leaf("disease_setting", stages=stages)))]
    if settings and stages and settings[0] == "early":
        settings = []
    if not settings and not stages:
        return []
    return [leaf("disease_setting", settings=settings, stages=stages)]


def _settings(found: set[str], written: str) -> list[str]:
    """Settings of the vocabulary: "locally advanced" alone may be resectable, "advanced" alone is not."""
    out: set[str] = set()
    local, unresectable = "locally_advanced" in found, "unresectable" in found
    if "metastatic" in found:
        out.add("metastatic")
    if local:
        out.update(_LA[1:] if unresectable else _LA)
    elif unresectable and not re.search(r"unresectable,? metastatic", written):
        out.update((_LA[1], "metastatic"))
    if "advanced" in found and (not local or _ADVANCED_TOO.search(written)):
        out.update((_LA[1], "metastatic"))
    if "recurrent" in found:
        out.add("recurrent")
    if "early" in found:
        out.update(("early", _LA[0]))
    if "non_metastatic" in found and not out:
        out.update(("early", *_LA))
    return [item for item in _ORDER if item in out]
