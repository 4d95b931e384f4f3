"""HER2 mutations: any, activating, by exon or kinase domain, or by name."""

from __future__ import annotations

import re
from typing import Any

from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.gene_words import Said, exons_in, variants_in
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AnyOf, Node, Not

_EXONS = {8, 17, 18, 19, 20, 21}
_KINASE = re.compile(r"\b(?:tyrosine[ -])?kinase domain\b|\btkd\b")
_ACTIVATING = re.compile(r"\b(?:activating|activated|oncogenic|driver|sensiti[sz]ing|pathogenic|actionable|eligible)\b")


_EXAMPLES = re.compile(r"[(,]? ?\b(?:e\. ?g\.|eg\b|such as|including|includes?|for example|but not limited to)[^();]*")
"""Classes named as examples do not narrow what is asked for."""


def her2_alteration(item: Said, knowledge: Knowledge, around: str = "") -> Node | None:
    """The proposition about HER2 in a list of genes; None where the parameters cannot hold it.

    Args:
        item: What is said.
        knowledge: Names of variants.
        around: The sentence after the alteration, for the domain and the method.
    """
    what = item.what
    if what.startswith(("amplif", "positive", "negative")):
        return _amplified(what)
    if re.match(r"(?:wild|wt|non-?mut|unmut)", what):
        return Not(leaf("her2_mutation", any_of=["any"]))
    if what.startswith(("alter", "aberr", "abnorm")):
        return AnyOf((leaf("her2_mutation", any_of=["any"]), leaf("her2_amplification")))
    if not what.startswith(("mutation", "mutant", "mutated", "variant", "mutational", "insertion", "deletion", "activation")) and "insertion" not in item.words and "exon" not in what:  # fmt: skip
        return None
    classes, names = mutation_classes(f"{item.words} {what} {around}", knowledge)
    params: dict[str, Any] = {"any_of": classes} if classes else {}
    if names:
        params["names"] = names
    if not params:
        params["any_of"] = ["any"]
    if what.startswith("deletion"):
        return None
    return leaf("her2_mutation", **params, **method(around))


def mutation_classes(written: str, knowledge: Knowledge) -> tuple[list[str], list[str]]:
    """Return classes and HGVS names that the words of a mutation name."""
    from her2nav.variants.knowledge import load_variants
    from her2nav.variants.read import canonical_name

    written = _EXAMPLES.sub(" ", written)
    variants = [
        name
        for written_name in variants_in(written)
        if (name := canonical_name(written_name, load_variants(knowledge)))
    ]
    classes: list[str] = []
    exons = exons_in(written)
    for number, kind in exons:
        if number == 20 and (
            kind == "insertion"
            or re.search(r"\bex(?:on)? ?20 ?-?(?:ins|insertion)|\binsertions? (?:in|of) exon 20", written)
        ):
            classes.append("exon20_insertion")
        elif number in _EXONS and not kind:
            classes.append(f"exon_{number}")
    for more in re.finditer(
        r"\bexons? (\d{1,2})(?:[ ,]*(?:and|or|,|/|to|-|&)?[ ]*(\d{1,2}))(?:[ ,]*(?:and|or|,|/|&)?[ ]*(\d{1,2}))?(?:[ ,]*(?:and|or|,|/|&)?[ ]*(\d{1,2}))?",
        written,
    ):
        classes += [f"exon_{int(n)}" for n in more.groups() if n and int(n) in _EXONS]
    if not classes and not variants:
        if _KINASE.search(written):
            classes.append("tkd_activating")
        elif _ACTIVATING.search(written):
            classes.append("activating")
    return list(dict.fromkeys(classes)), list(dict.fromkeys(variants))


def method(around: str) -> dict[str, str]:
    """Return the method where the text names one."""
    plasma = re.search(r"\b(?:plasma|blood|ctdna|liquid biopsy|cell-free)\b", around)
    tissue = re.search(r"\btissue\b", around)
    if plasma and tissue:
        return {"method": "tissue_or_plasma"}
    return {"method": "tissue"} if tissue and not plasma else {}


def _amplified(what: str) -> Node | None:
    return leaf("her2_amplification") if what.startswith("amplif") else None
