"""Genomic findings: HER2 variants and copies of a sample, and the results of other genes."""

from __future__ import annotations

import re
from typing import Any

from her2nav.intake.fhir.codes import Test
from her2nav.intake.fhir.element import codings, items, plain, texts
from her2nav.intake.fhir.markers import DATED, sample_of
from her2nav.intake.fhir.resource import Answer, Resource, answer_of

_NOTATION = re.compile(r"\b(?:NP_[\d.]+:|NM_[\d.]+:)?([pc]\.\(?[A-Za-z0-9_>*=+\-\[\];]+\)?)")
_HER2 = "ERBB2"
_PERCENT = ("%", "percent", "pct")
_UNSURE = re.compile(r"\b(?:uncertain|unknown) significance\b|\bvus\b", re.IGNORECASE)
"""A variant of which nobody knows whether it matters is no mutation of the gene to a trial."""


def gene_of(concept: Any, one: Resource) -> str | None:
    """Return the symbol of a gene by HGNC id or name; None: not known, or a group."""
    known = one.codes.concept("gene", concept)
    if known:
        return known
    genes = one.codes.knowledge.genes
    names = (*(coding.code for coding in codings(concept)), *texts(concept))
    for name in names:
        found = genes.find(name)
        if found and not genes.genes[found].members:
            return found
    return None


def read_variant(one: Resource) -> None:
    """Read one variant with its components: gene, notation, frequency, origin, copies."""
    parts: dict[str, tuple[Answer, dict[str, Any], int]] = {}
    for index, part in enumerate(items(one.data.get("component"))):
        test = one.codes.test(part.get("code"))
        answer = answer_of(part, one.codes)
        if test is not None and test.target == "component" and answer is not None:
            parts.setdefault(test.detail, (answer, part, index))
    whole = answer_of(one.data, one.codes)
    if "gene" not in parts:
        one.skip(f"no gene is named: {one.named()}")
        return
    gene = gene_of(parts["gene"][1].get("valueCodeableConcept"), one) or _text_gene(parts["gene"][0], one)
    if gene is None:
        one.skip("the gene is not known: " + ("; ".join(parts["gene"][0].codes) or "no code"))
        return
    word = whole.word if whole else None
    if "significance" in parts and parts["significance"][0].word == "benign":
        one.skip(f"{gene}: a benign variant")
        return
    notation = _notation(parts)
    unsure = parts["significance"][0].texts if "significance" in parts else ()
    if gene != _HER2 and any(map(_UNSURE.search, unsure)):
        one.skip(f"{gene}: a variant of uncertain significance")
        return
    if gene == _HER2:
        _her2(one, parts, word, notation)
    elif word == "negative":
        if notation:
            one.skip(f"{gene} {notation}: one absent variant does not make the gene wild type")
        else:
            one.chart.put(_path(gene), "wild_type", _at(one, parts, "gene"), one.when(*DATED))
    elif word == "positive" or (word is None and (notation or "variant" in parts)):
        one.chart.put(_path(gene), [notation] if notation else "mutated", _at(one, parts, "gene"), one.when(*DATED))
    else:
        one.skip(f"{gene}: no result that is known")


def _path(gene: str) -> str:
    return f"biomarkers.{gene.lower()}"


def _at(one: Resource, parts: dict[str, tuple[Answer, dict[str, Any], int]], name: str) -> Any:
    return one.origin(f"component[{parts[name][2]}]")


def _text_gene(answer: Answer, one: Resource) -> str | None:
    genes = one.codes.knowledge.genes
    return next((g for text in answer.texts if (g := genes.find(text)) and not genes.genes[g].members), None)


def _notation(parts: dict[str, tuple[Answer, dict[str, Any], int]]) -> str | None:
    for name in ("p_hgvs", "variant", "c_hgvs"):
        if name not in parts:
            continue
        answer = parts[name][0]
        for text in (*answer.texts, *answer.codes):
            if match := _NOTATION.search(text):
                return match[1]
    return None


def _her2(
    one: Resource, parts: dict[str, tuple[Answer, dict[str, Any], int]], word: str | None, notation: str | None
) -> None:
    used = False
    if "copy_number" in parts:
        answer = parts["copy_number"][0]
        if answer.exact and answer.number is not None and 0 <= answer.number <= 1000:
            sample_of(one).put("ngs.erbb2_copy_number", plain(answer.number), _at(one, parts, "copy_number"))
            used = True
    if "change" in parts and parts["change"][0].word == "amplification" and word in ("positive", "negative", None):
        call = "not_amplified" if word == "negative" else "amplified"
        sample_of(one).put("ngs.amplification_call", call, _at(one, parts, "change"))
        used = True
    if notation and word in ("positive", None):
        variant: dict[str, Any] = {"gene": _HER2, "hgvs": notation}
        share = parts["vaf"][0] if "vaf" in parts else None
        if share is not None and share.exact and share.number is not None and 0 <= share.number <= 100:
            fraction = share.unit not in _PERCENT and share.number <= 1
            variant["vaf_percent"] = plain((share.number * 100 if fraction else share.number).normalize())
        if "origin" in parts and parts["origin"][0].word in ("germline", "somatic"):
            variant["origin"] = parts["origin"][0].word
        entry = sample_of(one)
        known = entry.values.get("ngs.variants")
        if known:
            known[0].value.append(variant)
        else:
            entry.put("ngs.variants", [variant], one.origin("component"))
        used = True
    if not used:
        reason = "an absent variant" if word == "negative" else "an alteration without its notation"
        one.skip(f"{_HER2}: {reason}")
        if word == "positive":
            one.chart.ask("variant", "an ERBB2 alteration is recorded without saying which", one.origin("component"))


_DENIED = re.compile(r"\b(?:not?|none|negative|absent|without|wild[- ]?type|undetected)\b", re.IGNORECASE)


def read_gene(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a test for mutations of one gene: none found, or those found."""
    found = [match[1] for text in answer.texts for match in _NOTATION.finditer(text)]
    value: Any = sorted(set(found)) or {"negative": "wild_type", "positive": "mutated"}.get(answer.word or "")
    denied = answer.word == "negative" or any(_DENIED.search(text) for text in answer.texts)
    if not value or (found and denied):
        # "p.G12D not detected", "none found (tested: p.G12C)": a name beside a denial is what was looked for.
        return "no result that is known"
    one.chart.put(_path(test.detail), value, one.origin(place), one.when(*DATED))
    return None
