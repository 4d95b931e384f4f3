"""Genes by name: wild type, mutated, amplified or rearranged; lists of genes that hold HER2 too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched
from her2nav.kinds.reading.gene_words import DENIED, Said, joined, other_genes, said
from her2nav.kinds.reading.her2_mutation import her2_alteration
from her2nav.model.tree import Node, Not

_DOMAIN = re.compile(
    r"(?:(?: (?:in|of|within))? (?:the )?(?:(?:tyrosine )?kinase domain(?: \(tkd\))?|tkd|exons? \d{1,2}(?:[ ,]*(?:and|or|,|/|to|-|&)? ?\d{1,2})*)(?: (?:in|of) (?:exons? \d{1,2}(?:[ ,]*(?:and|or|,|/|to|-|&)? ?\d{1,2})*))?)?"
    r"(?: ?\([^()]{0,60}\))?(?: ?[:(-] ?(?:(?:p\.)?[a-z]\d{2,4}[a-z]?\b\)?(?:[ ,/]|\bor\b|\band\b)*)+)?"
    r"(?:[ ,]|\b(?:as|assessed|determined|confirmed|detected|identified|documented|found|by|of|on|in|from|via|with|using|a|an|or|and|and/or|tissue|tumou?r|plasma|blood|ctdna|local|locally|central|centrally|test(?:ing|s)?|assays?|molecular|"
    r"status|validated|sequencing|clia|certified|laborator(?:y|ies)|lab|analysis|based|sample|samples|biopsy|liquid)\b|[\ue000-\uf8ff]+)*"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for item in said(sentence):
        end = item.end
        around = ""
        if item.her2:
            behind = _DOMAIN.match(sentence.masked, end)
            around = sentence.text[end : behind.end()] if behind else ""
        node = _node(item, sentence, around)
        if node is None:
            continue
        if around:
            end += len(around.rstrip(" ,"))
            end -= len(re.search(r"(?:\b(?:or|and|with|in|an?|as|by|on|from)\b| )*$", sentence.text[item.end : end])[0])  # type: ignore[index]
        yield Stretched(item.start, end, node)


def _node(item: Said, sentence: Sentence, around: str) -> Node | None:
    if item.what.startswith(DENIED):
        node = _node(replace(item, what=item.what.removeprefix(DENIED)), sentence, around)
        return Not(node) if node is not None else None
    nodes: list[Node] = []
    if item.her2:
        node = her2_alteration(item, sentence.knowledge, around)
        if node is None or (item.what.startswith("amplif") and not item.genes):
            return None
        nodes.append(node)
    if item.genes:
        other = other_genes(item, sentence.knowledge)
        if other is None:
            return None
        nodes.append(other)
    return joined(nodes) if nodes else None


_KRAS = {"gene_status": {"genes": "kras", "status": "mutated"}}

SCANNERS = (
    Scanner(
        "gene_status.list",
        ("gene", "her2"),
        _scan,
        priority=4,
        texts=(
            ("KRAS mutation", _KRAS),
            ("RAS wild-type", {"gene_status": {"genes": "ras", "status": "wild_type"}}),
            ("BRAF V600E mutation", {"gene_status": {"genes": "braf", "status": "mutated", "variants": "V600E"}}),
            ("EGFR exon 19 deletion", {"gene_status": {"genes": "egfr", "status": "mutated", "variants": "exon 19 deletion"}}),
            ("sensitising mutations in EGFR", {"other_driver": {"genes": "egfr"}}),
            ("ALK or ROS1 rearrangement", {"gene_status": {"genes": ["alk", "ros1"], "status": "rearranged"}}),
            ("ALK-positive", {"gene_status": {"genes": "alk", "status": "rearranged"}}),
            ("germline BRCA1/2 mutation", {"gene_status": {"genes": "brca", "status": "mutated", "origin": "germline"}}),
            ("activating HER2 mutation in the kinase domain", {"her2_mutation": {"any_of": "tkd_activating"}}),
            ("HER2 exon 20 insertion", {"her2_mutation": {"any_of": "exon20_insertion"}}),
            ("ERBB2 mutations", {"her2_mutation": {"any_of": "any"}}),
            ("HER2 mutations in exon 19 or 20", {"her2_mutation": {"any_of": ["exon_19", "exon_20"]}}),
            ("HER2 S310F mutation", {"her2_mutation": {"names": "S310F"}}),
            ("ROS1 fusion negative", {"not": {"gene_status": {"genes": "ros1", "status": "rearranged"}}}),
            ("EGFR inhibitor", None),
            ("eGFR ≥ 60 mL/min", None),
        ),
    ),
)  # fmt: skip
